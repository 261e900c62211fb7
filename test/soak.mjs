// A soak: kernels used as in production, for as long as one likes, with faults put in; every result is checked against the original's.
//
//   node test/soak.mjs [--built <folder>] [--seconds 60] [--seed 1] [--swaps 1000000]
//
// Random swaps of slow values, edits in place, kinds and lengths that change, arena and ordinary arrays, aliases; the worker is killed, the cache
// on disk is damaged, the memory is filled, kernels are disposed, reset and forgotten in mid-flight. Zero wrong results and flat memory are the
// claim: the last line tells both, and the exit code is 1 where one fails. With --swaps only versions are swapped, as often as told.

import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({ options: { built: { type: "string" }, seconds: { type: "string" }, seed: { type: "string" }, swaps: { type: "string" } } });
const home = (file) => pathToFileURL(resolve(options.built ?? "dist", file)).href;
const { specialize, configure, arena, ready } = await import(home("index.js"));
const { workshop } = await import(home("runtime/workshop.js"));
const { sharedMemory } = await import(home("runtime/memory.js"));
const { population } = await import(home("runtime/census.js"));

let state = Number(options.seed ?? 1) >>> 0;
const random = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const edge = () => pick([0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 1e-310, 3.25, below(100), random() * 10 - 5]);

const offsets = [0.25, -0, 3];
const kernels = [
  { fn(x, y, taps) { for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < taps.length; k++) acc += taps[k] * x[i + k]; y[i] = acc; } return taps.length; }, slow: ["taps"], args: () => [array(), array(), list(1 + below(6))] },
  { fn(x, c) { return c.on ? x * c.k + offsets[c.at] : x - c.k; }, slow: ["c"], args: () => [edge(), { on: random() < 0.5, k: edge(), at: below(3) }] },
  { fn(x, m) { let s = 0; for (const row of m) for (const v of row) s += v * x; return s; }, slow: ["m"], args: () => [edge(), Array.from({ length: 1 + below(3) }, () => list(1 + below(3)))] },
  { fn(x, k) { for (let i = 0; i < x.length; i++) x[i] = Math.min(x[i] * k, 1e6); return x; }, slow: ["k"], args: () => [array(), edge()] },
  { fn(x, op, k) { switch (op) { case "add": return x + k; case "mul": return x * k; case "or": return x | k; default: throw new RangeError(`no ${op}`); } }, slow: ["op", "k"], args: () => [edge(), pick(["add", "mul", "or", "none"]), edge()] },
];
const kinds = [Float64Array, Float32Array, Int16Array, Uint8Array, Int32Array, Uint8ClampedArray];
kernels.push({ fn(x, k) { let s = 0; for (let i = 0; i < x.length; i++) s += x[i] * k; return s; }, slow: ["k"], args: () => [pick(kinds).from(list(below(9))), pick([1, 0.5])] });
const list = (n) => Array.from({ length: n }, edge);
const inArena = Array.from({ length: 6 }, (_, i) => arena.float64(8 + i * 7));
function array() {
  const made = random() < 0.4 ? pick(inArena) : random() < 0.2 ? new Float64Array(below(40)).subarray(below(3)) : new Float64Array(below(40));
  for (let i = 0; i < made.length; i++) made[i] = edge();
  return made;
}

const copy = (value) => (ArrayBuffer.isView(value) ? value.slice() : value);
const same = (a, b) => {
  if (ArrayBuffer.isView(a)) return ArrayBuffer.isView(b) && a.length === b.length && a.every((v, i) => Object.is(v, b[i]));
  return Object.is(a, b);
};
let calls = 0, wrong = 0;
const counts = {};
function check({ fn, fast }, args) {
  calls++;
  // the original works on copies, aliases among the arguments kept
  const copies = new Map();
  const own = args.map((arg) => { if (!ArrayBuffer.isView(arg)) return arg; if (!copies.has(arg)) copies.set(arg, copy(arg)); return copies.get(arg); });
  const run = (call, given) => { try { return { value: call(...given) }; } catch (error) { return { error: `${error.constructor.name}: ${error.message}` }; } };
  const want = run(fn, own), got = run(fast, args);
  const equal = want.error === got.error && same(want.value, got.value) && args.every((arg, i) => same(arg, own[i]));
  if (!equal && ++wrong <= 5) console.error("wrong", String(fn), args, "expected", want, own, "got", got);
}

const directory = mkdtempSync(join(tmpdir(), "wasmorph-soak-"));
const make = ({ fn, slow, args }) => ({
  fn, args, last: null,
  fast: specialize(fn, {
    slow, tier: pick(["auto", "wasm", "js"]), compile: pick(["background", "background", "sync"]), limits: { versions: 2 + below(6) },
    ...(random() < 0.2 ? { verify: pick(["first", { every: 5 }]) } : {}),
    onEvent: ({ type, message }) => {
      counts[type] = (counts[type] ?? 0) + 1;
      if (type === "worker lost" || type === "invariant") console.log(`${type}: ${message}`);
    },
  }),
});

const faults = {
  "the worker is killed": () => workshop()?.close(),
  "a file of the cache is damaged": () => {
    const file = pick(readdirSync(directory));
    if (file) try { if (random() < 0.5) truncateSync(join(directory, file), 40); else writeFileSync(join(directory, file), "?"); } catch { /* it is full already */ }
  },
  "the memory is full": () => { try { const all = arena.float64(Math.floor((sharedMemory().stack - sharedMemory().allocator.top) / 8) - 64); setTimeout(() => arena.free(all), 5); } catch { /* another one was faster */ } },
  "a kernel is disposed": (live) => { live[below(live.length)].fast.dispose(); },
  "a kernel is reset": (live) => { pick(live).fast.reset(); },
  "all is off for a moment": () => { configure({ enabled: false }); setTimeout(() => configure({ enabled: true }), 3); },
  "a cache": () => configure({ cache: random() < 0.7 ? directory : false }),
};

const used = () => { globalThis.gc?.(); const { heapUsed, rss } = process.memoryUsage(); return { heap: heapUsed / 2 ** 20, rss: rss / 2 ** 20, arena: sharedMemory().allocator.used / 1024, versions: population() }; };
const show = (title) => { const now = used(); console.log(`${title.padEnd(14)} ${String(calls).padStart(9)} calls, ${wrong} wrong; heap ${now.heap.toFixed(1)} MiB, RSS ${now.rss.toFixed(0)} MiB, arena ${now.arena.toFixed(0)} KiB, versions ${now.versions}`); return now; };

let early, late;
if (options.swaps !== undefined) {
  await ready();
  const fn = (x, k, table) => x * k + table[x & 3];
  const fast = specialize(fn, { slow: ["k", "table"], tier: "wasm", compile: "sync", limits: { versions: 4 } });
  const tables = [Float64Array.of(1, 2, 3, 4), Float64Array.of(5, 6, 7, -0)];
  const total = Number(options.swaps);
  const call = (i) => check({ fn, fast }, [i & 7, (i >> 1) & 1, tables[i & 1]]);
  for (let i = 0; i < total; i++) {
    for (let stays = 0; stays < 18; stays++) call(i); // fewer calls each, and versions would be tried in turn
    if (i === Math.floor(total / 10)) early = show("early");
    if (i % 5000 === 0) await new Promise((done) => setImmediate(done));
  }
  const { swaps } = fast.stats();
  for (let i = 0; i < total; i++) call(i);
  console.log(`${swaps} swaps, then ${fast.stats().swaps - swaps} in ${total} calls that alternate; versions made: ${JSON.stringify(fast.stats().made)}`);
  if (swaps < total * 0.9 || fast.stats().swaps - swaps > 100) wrong++;
} else {
  const end = performance.now() + 1000 * Number(options.seconds ?? 60);
  const third = end - 1000 * Number(options.seconds ?? 60) * 2 / 3;
  let live = Array.from({ length: 8 }, () => make(pick(kernels)));
  for (let round = 0; performance.now() < end; round++) {
    for (const kernel of live) {
      if (kernel.last === null || random() < 0.05) kernel.last = kernel.args();
      const times = 1 + below(30);
      for (let i = 0; i < times; i++) {
        const fresh = kernel.args();
        // slow values stay, fast ones change; now and then a slow one is edited in place
        const args = kernel.last.map((value, at) => (typeof value === "object" && !ArrayBuffer.isView(value) ? value : random() < 0.9 && typeof value === "string" ? value : fresh[at]));
        if (random() < 0.02) { const slow = args.find((value) => Array.isArray(value)); if (slow?.length > 0 && !Array.isArray(slow[0])) slow[below(slow.length)] = edge(); }
        check(kernel, args);
      }
    }
    if (random() < 0.03) { const [name, fault] = pick(Object.entries(faults)); counts[name] = (counts[name] ?? 0) + 1; fault(live); }
    if (random() < 0.05) live[below(live.length)] = make(pick(kernels));
    if (round % 3 === 0) await new Promise((done) => setTimeout(done, below(4)));
    if (early === undefined && performance.now() > third) early = show("a third");
  }
  for (const { fast } of live) fast.dispose();
  live = null;
  configure({ enabled: true });
}
for (let i = 0; i < 5; i++) await new Promise((done) => setTimeout(done, 20));
late = show("the end");
console.log(counts);
const grown = late.heap - early.heap;
const flat = grown < 40 && late.arena < early.arena + 4096;
console.log(`${wrong} wrong results of ${calls}; the heap ${flat ? "is flat" : "grew"} (${grown.toFixed(1)} MiB)`);
rmSync(directory, { recursive: true, force: true, maxRetries: 20 });
process.exit(wrong === 0 && flat ? 0 : 1);
