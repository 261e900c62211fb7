// Random kernels that are called again and again with the same objects, which are edited in between: what the runtime remembers of values that
// come again (rows that lie where they lay, columns, lists, tables) has to hold for what they are by then. The fuzzer proper hands over new copies in each call.
//
//   node test/edits.mjs [--built <folder>] [--seconds 60] [--seed 1] [--family general]
//
// Tiers wasm and js by turns. Each call's result and all that can be reached from its
// arguments are compared with the original's on copies that are edited alike. A kernel may loop for ever over what was edited: the seed is printed, and `--seed` goes on behind it.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({ options: { built: { type: "string" }, seconds: { type: "string" }, seed: { type: "string" }, family: { type: "string" } } });
const home = (file) => pathToFileURL(resolve(options.built ?? "dist", file)).href;
const [{ families, anyKernel, familyOf }, { ready, specialize }, { compileKernel }, { copyTogether }, { compareOutcomes }, { Random }, { surrounded }] = await Promise.all(
  ["verify/families.js", "index.js", "verify/random.js", "verify/copy.js", "verify/run.js", "verify/prng.js", "verify/arranged.js"].map((file) => import(home(file))),
);
await ready();

/** no number with which a loop would run long */
const numbers = [0, -0, 1, -1, 0.5, NaN, 2, 3, 7, -2.5, 0.1];
const isObject = (value) => typeof value === "object" && value !== null;
const deepest = 4, longest = 40;

/** The arrays and objects that lead to data, in one order for equal values. */
function reached(values) {
  const found = new Set();
  const walk = (value, depth) => {
    if (!isObject(value) || found.has(value) || depth > deepest || value instanceof Map || value instanceof Set || value instanceof Date) return;
    found.add(value);
    if (!ArrayBuffer.isView(value)) for (const key of Object.keys(value)) { const own = Object.getOwnPropertyDescriptor(value, key); if ("value" in own) walk(own.value, depth + 1); }
  };
  for (const value of values) walk(value, 0);
  return [...found];
}

const ofArrays = [
  (array, i, j, x) => { if (typeof array[i] === "number") array[i] = x; else if (array.length > 0) array[i] = array[j]; },
  (array, i, j, x) => { if (array.length < longest) array.push(array.length > 0 ? array[j] : x); },
  (array) => { array.pop(); },
  (array, i, j) => { if (array.length > 0) array[i] = array[j]; },
  (array, i, _j, _x, random) => { if (random.chance(0.3)) delete array[i]; },
  (array, i, _j, _x, random) => { if (array.length > 0 && random.chance(0.5)) array[i] = random.pick([null, undefined, true, "3", 0.25]); },
  (array) => { array.reverse(); },
  (array, i, j) => { if (array.length > 0) [array[i], array[j]] = [array[j], array[i]]; },
  (array, i) => { if (isObject(array[i])) [array[i]] = copyTogether([array[i]]); },
  (array, i, _j, _x, random) => { if (random.chance(0.3)) array.length = i; },
];
const set = (object, key, x) => { const now = object[key]; if (typeof now === "number") object[key] = x; else if (isObject(now)) [object[key]] = copyTogether([now]); else if (typeof now === "boolean") object[key] = !now; };
const ofObjects = [
  set, set, set,
  (object, key, _x, random) => { if (random.chance(0.3)) object[key] = random.pick([null, undefined, 1.5]); },
  (object, key, _x, random, others) => { const alike = others.filter((other) => other !== object && !Array.isArray(other) && !ArrayBuffer.isView(other) && typeof other[key] === typeof object[key]); if (alike.length > 0) object[key] = random.pick(alike)[key]; },
  (object, key, _x, random) => { if (random.chance(0.2)) delete object[key]; },
];

/** One edit somewhere in the values: the same for equal values and seeds. */
function edit(values, seed) {
  const random = new Random(seed), all = reached(values);
  if (all.length === 0) return;
  const one = random.pick(all), x = random.pick(numbers);
  try {
    if (ArrayBuffer.isView(one)) { if (typeof one[0] === "number") one[random.below(one.length)] = x; }
    else if (Array.isArray(one)) random.pick(ofArrays)(one, random.below(Math.max(1, one.length)), random.below(Math.max(1, one.length)), x, random);
    else { const keys = Object.keys(one); if (keys.length > 0) random.pick(ofObjects)(one, random.pick(keys), x, random, all); }
  } catch { /* it is frozen */ }
}

const outcomeOf = (call, args) => { try { return { ended: "returned", value: call(...args), self: undefined, args }; } catch (error) { return { ended: "threw", value: error, self: undefined, args }; } };
const rounds = 14, end = Date.now() + 1000 * Number(options.seconds ?? 60);
let kernels = 0, calls = 0, served = 0, wrong = 0, seed = Number(options.seed ?? 1);
for (; Date.now() < end; seed++) {
  const family = options.family ?? familyOf(seed);
  if (family === "interpreters") continue; // programs that are edited do not end
  process.stderr.write(`\rseed ${seed} `);
  const kernel = options.family ? families[family](seed) : anyKernel(seed), tier = seed % 2 === 0 ? "wasm" : "js", original = compileKernel(kernel.source);
  const fast = specialize(original, { slow: kernel.slow, tier, compile: "sync", optimize: { level: 0 } });
  const isSlow = kernel.params.map((param) => param.slow), its = kernel.inputs.map((input) => copyTogether(input)), mine = kernel.inputs.map((input) => copyTogether(input));
  for (let round = 0, at = 0; round < rounds; round++) {
    const random = new Random(seed * 7919 + round);
    if (round > 0 && random.chance(0.25)) at = random.below(its.length);
    // slow values change now and then: each has versions of its own
    if (round > 0 && random.chance(0.75)) for (let times = random.between(1, 2), all = random.chance(0.25); times > 0; times--) for (const values of [its, mine]) edit(values[at].filter((_, i) => all || !isSlow[i]), seed * 7919 + round * 131 + times);
    const { count, mismatches } = compareOutcomes(outcomeOf(surrounded(original, original), its[at]), outcomeOf(surrounded(original, fast), mine[at]));
    calls++;
    if (count === 0) continue;
    wrong++;
    console.log(`\nseed ${seed}, ${family}, ${tier}, call ${round}: ${JSON.stringify(mismatches.slice(0, 2))}\n${kernel.source}`);
    break;
  }
  const broken = fast.diagnostics().find(({ kind }) => kind === "Invariant");
  if (broken) { wrong++; console.log(`\nseed ${seed}, ${family}, ${tier}: ${broken.message}`); }
  served += fast.stats().calls[tier];
  kernels++;
  fast.dispose();
  await new Promise((turned) => { setImmediate(turned); });
}
console.log(`\n${kernels} kernels, ${calls} calls, ${served} served: ${wrong} wrong`);
process.exitCode = wrong > 0 ? 1 : 0;
