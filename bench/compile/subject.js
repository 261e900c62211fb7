// One process: `node bench/compile/subject.js warm fir 300 wasm` prints {operations, samples, ms, …} as JSON; `cold js fir` what the first result costs.
//   warm    the kernel is known and the compiler loaded: from the call with new values to the end of the first call that a new version serves;
//           the values differ in numbers that decide nothing
//   shapes  the same, with values of other shapes: how many numbers there are decides what the program is
//   prepare the same values made in the background
//   cold    from the import of the package to the first result of a version
//   kept    the same of the package with code that the engine made before; `kept polynomial 20 js keep` keeps it (docs/runtime.md)

import { argsOf, kernels, shapeStep } from "./kernels.js";

const [, , how, name, size, tier = "wasm", keep] = process.argv;
const family = kernels[name];
const operations = Number(size);
const package_ = how === "cold" ? "wasmorph" : how === "kept" ? "wasmorph/cached" : "../../dist/index.js"; // what users import; else the modules
const budget = 1_200; // milliseconds of measured calls, at most

const sameBits = (a, b) => a.every((value, i) => Object.is(value, b[i]));

/** What the original makes of the same arguments. */
function expected([x, y, slow]) {
  const out = new Float64Array(y.length);
  family.kernel(x, out, slow);
  return out;
}

function served(fast, args, before) {
  const { calls } = fast.stats();
  if (calls[tier] !== before + 1) throw new Error(`${name} ${size}: the call was not served by ${tier}: ${fast.explain().slice(0, 600)}`);
  if (!sameBits(args[1], expected(args))) throw new Error(`${name} ${size}: WRONG`);
}

if (how === "cold" || how === "kept") {
  const args = argsOf(family, operations, 1), start = performance.now();
  const { specialize, keepCode } = await import(package_);
  const imported = performance.now();
  const fast = specialize(family.kernel, { slow: [2], tier, compile: "sync", limits: { unroll: 200_000, operations: 200_000 } });
  fast(...args);
  const end = performance.now();
  served(fast, args, 0);
  if (keep !== undefined && !keepCode()) throw new Error("the code could not be kept");
  console.log(JSON.stringify({ imported: imported - start, total: end - start, ms: fast.stats().ms, operations: fast.versions()[0].operations }));
} else {
  const { specialize, ready } = await import(package_);
  await ready();
  const options = { slow: [2], tier, limits: { unroll: 200_000, operations: 200_000, jsOperations: 200_000, compileMs: 100_000 } };
  const fast = specialize(family.kernel, { ...options, compile: how === "prepare" ? "background" : "sync" });
  const samples = [], phases = [], finishes = [], early = []; // early: the second to fourth version of the process
  let made = 0, longest = 0;
  const rounds = async (least, count, milliseconds, keep, finish = false) => {
    const begun = performance.now();
    for (let i = 0; i < count && (i < least || performance.now() - begun < milliseconds); i++) {
      const args = argsOf(family, how === "shapes" ? operations + shapeStep * (++made % 8) : operations, how === "shapes" ? made : ++made), before = fast.stats();
      const start = performance.now();
      if (how === "prepare") await fast.prepare(...args);
      else fast(...args);
      const took = performance.now() - start;
      if (how === "prepare") fast(...args);
      const after = fast.stats();
      served(fast, args, before.calls[tier]);
      if (!keep && i > 0 && i < 4) early.push(took);
      if (keep) {
        samples.push(took);
        longest = Math.max(longest, after.longestStepMs);
        phases.push(Object.fromEntries(Object.entries(after.ms).map(([phase, ms]) => [phase, ms - before.ms[phase]])));
      }
      for (let k = 0; k < 2; k++) fast(...args); // it pays, so making it is no churn; one more, and the passes that were left out run
      if (finish) {
        const paused = performance.now();
        fast(...args);
        finishes.push(performance.now() - paused);
      }
    }
  };
  const most = how === "prepare" ? 3 : Infinity;
  await rounds(Math.min(most, 8), 400, budget / 2, false); // the kernel is known: it has had versions
  await rounds(Math.min(most, 12), 25, budget, true);
  if (how !== "prepare") await rounds(3, 3, 0, false, true); // long passes last, since what they leave to the collector is another version's
  const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
  const ms = Object.fromEntries(Object.keys(phases[0]).map((phase) => [phase, median(phases.map((p) => p[phase]))]));
  const { templates, generic } = fast.stats();
  if (how === "warm" && tier === "wasm" && templates.served + generic.served < samples.length) throw new Error(`${name} ${size}: ${samples.length} calls, of which ${templates.served} were served by templates and ${generic.served} by generic versions`);
  console.log(JSON.stringify({ operations: fast.versions().at(-1).operations, samples, early, generic: generic.served, ms, longest, finish: finishes.length > 0 ? median(finishes) : 0 }));
  process.exit(0);
}
