// `npm run bench:classes`: plain kernels of eight classes, JavaScript against our WebAssembly; prints a table and writes bench/CLASSES.md.
//   npm run bench:classes -- --only heat,crc --budget 40 --no-write
// Each kernel is a process of its own (bench/classes/subject.js); its results are compared bit for bit before anything is timed.

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { classes } from "./classes/kernels.js";

const here = fileURLToPath(new URL("./", import.meta.url));
const { values: options } = parseArgs({ options: { only: { type: "string" }, budget: { type: "string", default: "100" }, "no-write": { type: "boolean", default: false } } });
const only = options.only?.split(",");
const geomean = (list) => Math.exp(list.reduce((sum, x) => sum + Math.log(x), 0) / list.length);
const figure = (us) => (us >= 100 ? us.toFixed(0) : us.toFixed(1));

const lines = [], ratios = [], losers = [];
for (const [group, kernels] of Object.entries(classes)) {
  const own = [];
  for (const name of Object.keys(kernels)) {
    if (only && !only.includes(name)) continue;
    const { stdout } = await promisify(execFile)(process.execPath, [`${here}classes/subject.js`, group, name, options.budget], { timeout: 120_000 });
    const { equal, served, js, wasm, ratio } = JSON.parse(stdout);
    const flaw = !equal ? " WRONG" : !served ? " not served by WebAssembly" : "";
    lines.push(`| ${group} | ${name} | ${figure(js)} | ${figure(wasm)} | ${ratio.toFixed(2)}${flaw} |`);
    console.log(lines.at(-1));
    own.push(ratio);
    if (ratio < 1 || flaw) losers.push(`${name}${flaw}`);
  }
  ratios.push(...own);
  if (own.length > 0) console.log(`${group}: ${geomean(own).toFixed(2)}`);
}
const summary = `Geometric mean of ${ratios.length} kernels: ${geomean(ratios).toFixed(2)}. Slower than JavaScript: ${losers.length === 0 ? "none" : losers.join(", ")}.`;
console.log(summary);
if (!options["no-write"]) {
  writeFileSync(`${here}CLASSES.md`, `# Kernels of eight classes

Written by \`npm run bench:classes\`: plain kernels as people write them (bench/classes/kernels.js), every result compared bit for bit first. Microseconds a call, the least of eleven
turns; the ratio is the median of paired turns. Node ${process.versions.node}, ${cpus()[0].model}.

${summary}

| class | kernel | JavaScript | our WebAssembly | times as fast |
|---|---|---:|---:|---:|
${lines.join("\n")}
`);
}
