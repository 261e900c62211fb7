// `npm run bench`: every kernel by every subject, each in a process of its own, in turns; writes bench/RESULTS.md and bench/results.html.
//   npm run bench -- --kernels fir64,colour --subjects original,wasm --repeats 5 --no-write

import { execFile } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { buildOthers } from "./build.js";
import { median } from "./numbers.js";
import { htmlPage } from "./page.js";
import { resultsPage, summary } from "./report.js";
import { subjects } from "./subjects.js";

const here = fileURLToPath(new URL("./", import.meta.url));
const all = readdirSync(`${here}kernels`).map((file) => file.replace(/\.js$/, ""));
const { values: options } = parseArgs({
  options: {
    kernels: { type: "string", default: all.join(",") },
    subjects: { type: "string", default: Object.keys(subjects).join(",") },
    repeats: { type: "string", default: "3" },
    "no-write": { type: "boolean", default: false },
  },
});
const kernels = options.kernels.split(",");
const repeats = Number(options.repeats);
const wrong = [...kernels.filter((name) => !all.includes(name)), ...options.subjects.split(",").filter((name) => !(name in subjects))];
if (wrong.length > 0) {
  console.error(`there is no ${wrong.join(", ")}. Kernels: ${all.join(", ")}. Subjects: ${Object.keys(subjects).join(", ")}.`);
  process.exit(2);
}

const others = buildOthers(kernels);
const chosen = options.subjects.split(",").filter((name) => !["assemblyscript", "gcc"].includes(name) || others.includes(name));

/** {samples, equal, …}, or {failed} where the process came to grief. */
async function once(kernel, subject) {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [`${here}subject.js`, kernel, subject], { timeout: 120_000 });
    return JSON.parse(stdout);
  } catch (error) {
    return { failed: (error.stderr || error.message).trim().split("\n").find((line) => /Error/.test(line)) ?? error.message };
  }
}

const results = [];
for (const name of kernels) {
  const { default: kernel } = await import(`./kernels/${name}.js`);
  const cells = Object.fromEntries(chosen.map((subject) => [subject, { ns: [], note: "" }]));
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let turn = 0; turn < chosen.length; turn++) {
      const subject = chosen[(turn + repeat) % chosen.length];
      const cell = cells[subject];
      const { samples, equal, refused, failed, ...facts } = await once(name, subject);
      if (failed !== undefined) cell.note = `failed: ${failed}`;
      else if (refused !== undefined) cell.note = `not served: ${refused}`;
      else if (!equal) cell.note = "WRONG";
      else cell.ns[repeat] = median(samples);
      cell.facts = facts;
    }
  }
  results.push({ name: kernel.name, unit: kernel.unit, cells });
  console.log(summary(results.at(-1), subjects));
}

const about = { repeats, command: `npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(" ")}` : ""}` };
const page = resultsPage(results, chosen, subjects, about);
console.log(`\n${page}`);
if (!options["no-write"]) {
  writeFileSync(`${here}RESULTS.md`, page);
  if (chosen.includes("original")) writeFileSync(`${here}results.html`, htmlPage(results, chosen, subjects, about));
}
process.exitCode = results.some(({ cells }) => Object.values(cells).some(({ note }) => note !== "")) ? 1 : 0;
