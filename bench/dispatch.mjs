// What a guarded call costs beside a direct one: with 1 and with 50 live kernels, before and after 1,000 swaps between versions, for both
// forms of guards (generated code; prebuilt closures, as where a content-security policy forbids `new Function`).
//
//   node bench/dispatch.mjs [path of the built package, default dist]
//   node --disallow-code-generation-from-strings bench/dispatch.mjs …      the closures
//
// Each line is three processes of its own, of which the one in the middle is told, and the least and the most that the other two took over. In each the
// direct call of the same WebAssembly function and the subject take turns; with 50 live kernels 49 others have run in it before. Told is the median
// over repetitions of the time of one call, in nanoseconds; `over` is what it takes more than the direct call. "swapped" kernels went through 1,000
// swaps between eight versions first, and are served by one that came later than the first. Nothing is timed before the engine's other threads
// had the time to optimize: on a busy machine that takes tenths of a second, and until then a call costs 10 to 100 ns. With `--together` all subjects are in
// one process: one more thing that makes closures slow, since the engine learns of all of them together.

import { execFileSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [only, folder = "dist"] = process.argv[2]?.startsWith("--only=") ? [process.argv[2].slice(7), process.argv[3]] : [null, process.argv[2] === "--together" ? process.argv[3] : process.argv[2]];
const together = process.argv[2] === "--together";
const repetitions = Number(process.env.REPETITIONS ?? 15), processes = 3, calls = 200_000;

let forms = "generated";
try { new Function("return 1")(); } catch { forms = "closures"; }

/** A loop of its own for each subject, in its own text: what the engine learns of one is nothing to another. All values are parameters: it takes none for constant. */
const loops = {
  direct1: (subject, count) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5); return sum; },
  handle1: (subject, count) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5); return sum; },
  guard1: (subject, count, a) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5, a); return sum; },
  swapped1: (subject, count, a) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5, a); return sum; },
  direct4: (subject, count) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5); return sum; },
  guard4: (subject, count, a, b, c, d) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5, a, b, c, d); return sum; },
  swapped4: (subject, count, a, b, c, d) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5, a, b, c, d); return sum; },
  directField: (subject, count, k) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5, k); return sum; },
  field: (subject, count, o) => { let sum = 0; for (let i = 0; i < count; i++) sum += subject(i + 0.5, o); return sum; },
};

const loopOf = (name, subject, ...slow) => (count) => loops[name](subject, count, ...slow);

const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
async function measure(subjects) {
  const times = new Map(subjects.map(({ name }) => [name, []]));
  // what is optimized meanwhile is taken over between two tasks; warm is what has not become faster for a while
  const best = subjects.map(() => Infinity);
  for (let round = 0, since = 0; since < 30 && round < 300; round++, since++) {
    subjects.forEach(({ loop }, i) => {
      const started = performance.now();
      loop(calls);
      const took = performance.now() - started;
      if (took < 0.95 * best[i]) since = 0;
      best[i] = Math.min(best[i], took);
    });
    await new Promise((done) => setTimeout(done, 3));
  }
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
const field = (x, o) => x * o.k;
const lackingIn = (x, o) => ("gain" in o ? x * o.gain : x * o.k);
const lackingOwn = (x, o) => (Object.hasOwn(o, "gain") ? x * o.gain : x * o.k);
function kernel(fn, slow, values) {
  const fast = specialize(fn, { slow, tier: "wasm", compile: "sync" });
  if (!Object.is(fast(1.5, ...values), fn(1.5, ...values))) throw new Error("a wrong result");
  if (fast.stats().calls.wasm !== 1) throw new Error(`not served by WebAssembly: ${fast.explain()}`);
  return fast;
}
/** 1,000 swaps between eight versions, ending at the second. */
function swap(fast, fn, slow, values) {
  for (let i = 0; i <= 1001; i++) {
    const now = values.map((v, at) => (at === 0 ? v + (i % 8) : v));
    for (let j = 0; j < 20; j++) if (!Object.is(fast(j + 0.5, ...now), fn(j + 0.5, ...now))) throw new Error("a wrong result after a swap");
  }
  return fast;
}

/** The function that a version would call: the same module, without anything before it. */
function directOf(fn, slow, values) {
  const { bytes } = kernel(fn, slow, values).inspect(1.5, ...values);
  const memory = new WebAssembly.Memory({ initial: 1024 });
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory }, Math }).exports;
  return run;
}

const single = [one, ["k"], [3]], several = [four, ["a", "b", "c", "d"], [3, 4, 5, 6]];
/** An object of each call's: its fields are guarded, and that it has no more of them where the kernel asks. */
const object = { k: 3 }, reading = (fn) => [fn, [], [object]];
/** How a program of theirs is called directly. */
const directly = (fn) => (fn === one ? ["direct1"] : fn === four ? ["direct4"] : ["directField", 3]);
const subjects = {
  "one: handle": [single, async () => loopOf("handle1", await kernel(...single).pin(1.5, 3))],
  "one: 1 scalar guard": [single, () => loopOf("guard1", kernel(...single), 3)],
  "one: the same, swapped 1,000 times": [single, () => loopOf("swapped1", swap(kernel(...single), ...single), 4)],
  "four: 4 scalar guards": [several, () => loopOf("guard4", kernel(...several), 3, 4, 5, 6)],
  "four: the same, swapped 1,000 times": [several, () => loopOf("swapped4", swap(kernel(...several), ...several), 4, 4, 5, 6)],
  "field: of an object of the call's": [reading(field), () => loopOf("field", kernel(...reading(field)), object)],
  "in: the same, and what is not in it": [reading(lackingIn), () => loopOf("field", kernel(...reading(lackingIn)), object)],
  "own: the same, by Object.hasOwn": [reading(lackingOwn), () => loopOf("field", kernel(...reading(lackingOwn)), object)],
};

/** Kernels that are live besides the subject, called often. */
function crowd(live) {
  return Array.from({ length: live - 1 }, (_, i) => {
    const fast = specialize((x, k) => x * k + 1, { slow: ["k"], tier: "wasm", compile: "sync" });
    for (let j = 0; j < 2000; j++) fast(j + 0.5, i + 2);
    return fast;
  });
}

async function load() {
  const home = (file) => pathToFileURL(resolve(folder, file)).href;
  const { configure, ready, specialize } = await import(home("index.js"));
  await ready();
  configure({ worker: false });
  return specialize;
}

const show = (name, ns, over, spread = "") => console.log(`  ${name.padEnd(40)} ${ns.toFixed(2).padStart(7)}   over ${over.toFixed(2).padStart(6)}${spread}`);
const heading = (live) => console.log(`${live} live kernel${live === 1 ? "" : "s"}`);
let specialize;
if (only !== null) {
  const [name, live] = only.split("@");
  specialize = await load();
  const others = crowd(Number(live));
  const [fn, make] = subjects[name];
  const subject = await make(), [loop, ...more] = directly(fn[0]), direct = loopOf(loop, directOf(...fn), ...more);
  const times = await measure([{ name: "direct", loop: direct }, { name, loop: subject }]);
  if (others.some((fast, i) => fast(2.5, i + 2) !== 2.5 * (i + 2) + 1)) throw new Error("a wrong result");
  console.log(JSON.stringify([...times.values()]));
} else {
  console.log(`guards as ${forms === "generated" ? "generated code" : "prebuilt closures"}; ns a call, median of ${repetitions}`);
  if (together) specialize = await load();
  for (const live of [1, 50]) {
    heading(live);
    if (together) {
      const others = crowd(live);
      const all = [single, several, ...[field, lackingIn, lackingOwn].map(reading)].map((fn, i) => {
        const [loop, ...more] = directly(fn[0]);
        return { name: `${["one", "four", "field", "in", "own"][i]}: direct`, loop: loopOf(loop, directOf(...fn), ...more) };
      });
      for (const [name, [, make]] of Object.entries(subjects)) all.push({ name, loop: await make() });
      const times = await measure(all);
      for (const [name, ns] of times) show(name, ns, ns - times.get(`${name.split(":")[0]}: direct`));
      if (others.some((fast, i) => fast(2.5, i + 2) !== 2.5 * (i + 2) + 1)) throw new Error("a wrong result");
      continue;
    }
    for (const name of Object.keys(subjects)) {
      const runs = Array.from({ length: processes }, () => {
        const answer = execFileSync(process.execPath, [...process.execArgv, import.meta.filename, `--only=${name}@${live}`, folder], { encoding: "utf8" });
        const [direct, ns] = JSON.parse(answer.trim().split("\n").at(-1));
        return { ns, over: ns - direct };
      }).sort((a, b) => a.over - b.over);
      const { ns, over } = runs[runs.length >> 1];
      show(name, ns, over, ` (${runs[0].over.toFixed(2)} to ${runs.at(-1).over.toFixed(2)})`);
    }
  }
}
process.exit(0);
