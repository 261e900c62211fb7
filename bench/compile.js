// `npm run bench:compile`: how long versions take to make; prints tables and writes bench/COMPILE.md.
//   npm run bench:compile -- --kernels fir,hash --sizes 20,300,50000 --no-write
// With the kernels and sizes that are the defaults it takes less than 200 seconds.
// Each cell is a process of its own (bench/compile/subject.js).

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const here = fileURLToPath(new URL("./", import.meta.url));
const { values: options } = parseArgs({
  options: {
    kernels: { type: "string", default: "polynomial,rules,network" },
    sizes: { type: "string", default: "20,300,5000" },
    "no-write": { type: "boolean", default: false },
  },
});
const names = options.kernels.split(","), sizes = options.sizes.split(",").map(Number);

async function once(...args) {
  const { stdout } = await promisify(execFile)(process.execPath, [`${here}compile/subject.js`, ...args.map(String)], { timeout: 300_000 });
  return JSON.parse(stdout);
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
const figure = (ms) => (ms === undefined ? "–" : ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2));

function table(header, rows) {
  const widths = header.map((title, i) => Math.max(title.length, 3, ...rows.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(header), rule, ...rows.map(line)].join("\n");
}

const phases = ["capture", "parse", "evaluate", "passes", "emit", "instantiate"];
const data = [], warm = [], cold = [];
for (const name of names) {
  let before;
  for (const size of sizes) {
    const same = await once("warm", name, size, "wasm"), wasm = await once("shapes", name, size, "wasm");
    const js = size <= 300 ? await once("warm", name, size, "js") : undefined;
    const background = size <= 300 ? await once("prepare", name, size, "wasm") : undefined;
    const took = median(wasm.samples), told = phases.reduce((sum, phase) => sum + wasm.ms[phase], 0);
    const growth = before && (took / before.took) / (wasm.operations / before.operations);
    before = { took, operations: wasm.operations };
    const dataTook = median(same.samples), rest = dataTook - phases.reduce((sum, phase) => sum + same.ms[phase], 0);
    data.push([name, String(same.operations), figure(dataTook), figure(Math.min(...same.samples)), figure(same.ms.capture), figure(same.ms.instantiate), figure(Math.max(0, rest)), figure(same.finish)]);
    warm.push([
      name, String(wasm.operations), figure(took), figure(Math.min(...wasm.samples)), figure(Math.max(...wasm.samples)), figure(median(wasm.early)), ...phases.map((phase) => figure(wasm.ms[phase])), figure(Math.max(0, took - told)),
      growth === undefined ? "–" : `×${growth.toFixed(2)}`, figure(wasm.finish), figure(js && median(js.samples)), figure(background && median(background.samples)), figure(background?.longest),
    ]);
    console.log(`${name}, ${wasm.operations} operations: ${figure(dataTook)} ms for other numbers, ${figure(took)} ms for other shapes`);
  }
  await once("kept", name, 20, "js", "keep");
  const runs = [], kept = [];
  for (let i = 0; i < 5; i++) {
    runs.push(await once("cold", name, 20, "js"));
    kept.push(await once("kept", name, 20, "js"));
  }
  cold.push([name, String(runs[0].operations), ...[runs, kept].flatMap((list) => [figure(median(list.map((run) => run.imported))), figure(median(list.map((run) => run.total - run.imported)))])]);
}

const page = [
  "# How long versions take to make",
  `Written by \`npm run bench:compile\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model.trim()}, ${cpus().length} cores, ${process.platform} ${process.arch}, Node ${process.version}, ` +
    `load average at the end ${loadavg()[1].toFixed(1)}. Milliseconds. Kernels of \`bench/compile/kernels.js\`, results compared with the original's in every bit.`,
  "## Warm",
  "From the call with new values to the end of the first call that the new WebAssembly version serves (`compile: \"sync\"`, the kernel known and called with other values before, Binaryen loaded), " +
    "median and least; then the medians of its phases and the rest.",
  "### Values that differ in numbers which decide nothing",
  "The version comes of a template that is there ([decision 0014](../docs/decisions/0014-one-program-for-all-values-of-a-shape.md)), or, where the values are large, a generic version serves: nothing is evaluated or compiled. The rest is comparing what was read, " +
    "filling slots, the entry and the call. *full* is the fourth call, in which the full version is made.",
  table(["kernel", "operations", "median", "least", "capture", "instantiate", "rest", "full"], data),
  "### Values of another shape",
  "A generic version that is there by then serves the call ([decision 0018](../docs/decisions/0018-new-values-are-served-by-a-program-for-any.md)): nothing is captured, evaluated or compiled, and the rest is dispatch, the entry, copies and the call. " +
    "*early* is the median of the second to fourth version of the process, before it is there or in which it is made, the engine's code for the compiler cold; *full* is the fourth call, in which the values' own version is made. *Growth* is how the time for one operation compares with the size before. " +
    "*js* is the same call in tier `js`; *prepare* the time until `await prepare()` in the worker, *step* the longest that it kept this thread.",
  table(["kernel", "operations", "median", "least", "most", "early", ...phases, "rest", "growth", "full", "js", "prepare", "step"], warm),
  "## Cold",
  "A fresh process, tier `js`: importing the package, then from `specialize()` to the end of the first call, which a version serves; then the same with code that the engine made in a process before (`wasmorph/cached`). Designs compared in [decision 0013](../docs/decisions/0013-a-bundle-of-few-files.md).",
  table(["kernel", "operations", "import", "first result", "import, kept code", "first result"], cold),
  "What changed these figures, each change measured before and since, and designs that were weighed: [COMPILE-HISTORY.md](COMPILE-HISTORY.md).",
].join("\n\n");
console.log(`\n${page}`);
if (!options["no-write"]) writeFileSync(`${here}COMPILE.md`, `${page}\n`);
