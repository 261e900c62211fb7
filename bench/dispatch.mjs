// What a guarded call costs beside a direct one: with 1 and with 50 live kernels, before and after 1,000 swaps between versions, for both
// forms of guards (generated code; prebuilt closures, as where a content-security policy forbids `new Function`).
//
//   node bench/dispatch.mjs [path of the built package, default dist]
//   node --disallow-code-generation-from-strings bench/dispatch.mjs …      the closures
//
// Each line is the median over repetitions, the subjects taking turns, of the time of one call in a loop of its own, in nanoseconds; `over` is what
// it takes more than the direct call of the same WebAssembly function in the same run. "swapped" kernels went through 1,000 swaps between eight versions first.

import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const home = (file) => pathToFileURL(resolve(process.argv[2] ?? "dist", file)).href;
const { specialize, ready, configure } = await import(home("index.js"));
await ready();
configure({ worker: false });
const repetitions = Number(process.env.REPETITIONS ?? 25), calls = 200_000;

let forms = "generated";
try { new Function("return 1")(); } catch { forms = "closures"; }

/** A loop of its own for each subject: what the engine learns of one is nothing to another. Where code may not be made, a fresh closure. */
const loops = [];
function loopOf(subject, slow) {
  const fresh = (text) => new Function("subject", "calls", ...slow.map((_, i) => `k${i}`), text);
  const args = slow.map((_, i) => `, k${i}`).join("");
  if (forms === "generated") {
    const loop = fresh(`/* ${loops.length} */ let sum = 0; for (let i = 0; i < calls; i++) sum += subject(i + 0.5${args}); return sum;`);
    loops.push(loop);
    return (count) => loop(subject, count, ...slow);
  }
  const [a, b, c, d] = slow;
  switch (slow.length) {
    case 0: return (count) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5); return sum; };
    case 1: return (count) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5, a); return sum; };
    default: return (count) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5, a, b, c, d); return sum; };
  }
}

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
function measure(subjects) {
  const times = new Map(subjects.map(({ name }) => [name, []]));
  for (const { loop } of subjects) for (let i = 0; i < 5; i++) loop(calls);
  for (let r = 0; r < repetitions; r++) {
    for (const { name, loop } of subjects) {
      const started = performance.now();
      loop(calls);
      times.get(name).push((performance.now() - started) / calls * 1e6);
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
}

const one = (x, k) => x * k + 1;
const four = (x, a, b, c, d) => x * a + b * c - d;
function kernel(fn, slow, values) {
  const fast = specialize(fn, { slow, tier: "wasm", compile: "sync" });
  if (!Object.is(fast(1.5, ...values), fn(1.5, ...values))) throw new Error("a wrong result");
  if (fast.stats().calls.wasm !== 1) throw new Error(`not served by WebAssembly: ${fast.explain()}`);
  return fast;
}
/** 1,000 swaps between eight versions, ending at the first. */
function swap(fast, fn, slow, values) {
  for (let i = 0; i <= 1000; i++) {
    const now = values.map((v, at) => (at === 0 ? v + (i % 8) : v));
    for (let j = 0; j < 20; j++) if (!Object.is(fast(j + 0.5, ...now), fn(j + 0.5, ...now))) throw new Error("a wrong result after a swap");
  }
  return fast;
}

/** The function that a version would call: the same module, without anything before it. */
function direct(fn, slow, values) {
  const { bytes } = kernel(fn, slow, values).inspect(1.5, ...values);
  const memory = new WebAssembly.Memory({ initial: 1024 });
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory }, Math }).exports;
  return run;
}

console.log(`guards as ${forms === "generated" ? "generated code" : "prebuilt closures"}; ns a call, median of ${repetitions}`);
for (const live of [1, 50]) {
  const others = Array.from({ length: live - 1 }, (_, i) => {
    const fast = specialize((x, k) => x * k + 1, { slow: ["k"], tier: "wasm", compile: "sync" });
    for (let j = 0; j < 2000; j++) fast(j + 0.5, i + 2);
    return fast;
  });
  const single = [one, ["k"], [3]], several = [four, ["a", "b", "c", "d"], [3, 4, 5, 6]];
  const subjects = [
    { name: "one: direct", loop: loopOf(direct(...single), []) },
    { name: "one: handle", loop: loopOf(await kernel(...single).pin(1.5, 3), []) },
    { name: "one: 1 scalar guard", loop: loopOf(kernel(...single), [3]) },
    { name: "one: the same, swapped 1,000 times", loop: loopOf(swap(kernel(...single), ...single), [3]) },
    { name: "four: direct", loop: loopOf(direct(...several), []) },
    { name: "four: 4 scalar guards", loop: loopOf(kernel(...several), [3, 4, 5, 6]) },
    { name: "four: the same, swapped 1,000 times", loop: loopOf(swap(kernel(...several), ...several), [3, 4, 5, 6]) },
  ];
  const times = measure(subjects);
  console.log(`${live} live kernel${live === 1 ? "" : "s"}`);
  for (const [name, ns] of times) console.log(`  ${name.padEnd(40)} ${ns.toFixed(2).padStart(7)}   over ${(ns - times.get(`${name.split(":")[0]}: direct`)).toFixed(2).padStart(6)}`);
  if (others.some((fast, i) => fast(2.5, i + 2) !== 2.5 * (i + 2) + 1)) throw new Error("a wrong result");
}
process.exit(0);
