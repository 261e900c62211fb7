// A soak: kernels used as in production, for as long as one likes, with faults put in; every result is checked against the original's.
//
//   node test/soak.mjs [--built <folder>] [--seconds 60] [--seed 1] [--swaps 1000000]
//
// Random swaps of slow values, edits in place, kinds and lengths that change, arena and ordinary arrays, aliases, slow values that are frozen, tracked or watched
// by the user's own functions, numbers that change alone (templates), Dates and private fields among them, arrays of objects; the worker is killed, the cache on disk is damaged, the memory is filled, the clock
// goes back, kernels are disposed, reset and forgotten in mid-flight. Zero wrong results and flat memory are the claim: the last line tells both, and
// the exit code is 1 where one fails. With --swaps only versions are swapped, as often as told; with --templates too, each for numbers never seen before.
// `node --disallow-code-generation-from-strings` makes guards prebuilt closures.

import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

const { values: options } = parseArgs({ options: { built: { type: "string" }, seconds: { type: "string" }, seed: { type: "string" }, swaps: { type: "string" }, templates: { type: "boolean" } } });
const home = (file) => pathToFileURL(resolve(options.built ?? "dist", file)).href;
const { specialize, configure, arena, ready, tracked } = await import(home("index.js"));
const { workshop } = await import(home("runtime/workshop.js"));
const { sharedMemory } = await import(home("runtime/memory.js"));
const { population } = await import(home("runtime/census.js"));

let state = Number(options.seed ?? 1) >>> 0;
const random = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const edge = () => pick([0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 2 ** 31, -(2 ** 31), 1e-310, 3.25, below(100), random() * 10 - 5]);

const offsets = [0.25, -0, 3];
const list = (n) => Array.from({ length: n }, edge);
const kinds = [Float64Array, Float32Array, Int16Array, Uint8Array, Int32Array, Uint8ClampedArray];
const row = (n) => (random() < 0.5 ? list(n) : pick(kinds).from(list(n)));
const weights = (n) => (n % 2 === 0 ? list(n) : Float64Array.from(list(n))); // of one kind for each length: the numbers alone differ
const kernels = [
  { fn(x, y, taps) { for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < taps.length; k++) acc += taps[k] * x[i + k]; y[i] = acc; } return taps.length; }, slow: ["taps"], args: () => [array(), array(), list(1 + below(6))] },
  { fn(x, c) { return c.on ? x * c.k + offsets[c.at] : x - c.k; }, slow: ["c"], args: () => [edge(), { on: random() < 0.5, k: edge(), at: below(3) }] },
  { fn(x, m) { let s = 0; for (const row of m) for (const v of row) s += v * x; return s; }, slow: ["m"], args: () => [edge(), Array.from({ length: 1 + below(3) }, () => list(1 + below(3)))] },
  { fn(x, k) { for (let i = 0; i < x.length; i++) x[i] = Math.min(x[i] * k, 1e6); return x; }, slow: ["k"], args: () => [array(), edge()] },
  { fn(x, op, k) { switch (op) { case "add": return x + k; case "mul": return x * k; case "or": return x | k; default: throw new RangeError(`no ${op}`); } }, slow: ["op", "k"], args: () => [edge(), pick(["add", "mul", "or", "none"]), edge()] },
  { fn(x, k) { let s = 0; for (let i = 0; i < x.length; i++) s += x[i] * k; return s; }, slow: ["k"], args: () => [pick(kinds).from(list(below(9))), pick([1, 0.5])] },
  { // a network: numbers that decide nothing, in arrays of objects
    fn(x, layers) { let now = [x, x * x]; for (const { weights, bias } of layers) { const next = []; for (let o = 0; o < bias.length; o++) { let sum = bias[o]; for (let i = 0; i < now.length; i++) sum += weights[o * now.length + i] * now[i]; next.push(sum > 0 ? sum : 0.5 * sum); } now = next; } let sum = 0; for (const v of now) sum += v; return sum; },
    slow: ["layers"], args() { const wide = 1 + below(3); return [edge(), [{ weights: weights(2 * wide), bias: weights(wide) }, { weights: weights(2 * wide), bias: weights(2) }]]; },
  },
  { // conditions over slow numbers, and one of the rows comes back
    fn(x, rules) { let best = rules[0]; for (const rule of rules) { if (rule.at > 2) continue; if (x * rule.weight > best.weight) best = rule; } return best; },
    slow: ["rules"], args: () => [edge(), Array.from({ length: 1 + below(3) }, () => ({ weight: edge(), at: below(5), least: [edge()] }))],
  },
  { // what there is decides
    fn(x, c) { const y = "gain" in c ? x * c.gain : x; return Object.hasOwn(c, "most") ? Math.min(y, c.most) : y + (c.off ?? 1); },
    slow: ["c"], args: () => [edge(), { ...(random() < 0.7 ? { gain: edge() } : {}), ...(random() < 0.5 ? { most: edge() } : {}), ...(random() < 0.3 ? { off: pick([null, edge()]) } : {}) }],
  },
  { // the curve and a part of it; arrays of integers among the slow
    fn(x, curve, at) { let i = 0; while (i < curve.x.length - 1 && curve.x[i + 1] < x) i++; const t = x - curve.x[i]; return at === i ? curve.c : curve.c[i] + t * curve.x[i]; },
    slow: ["curve"], args() { const n = 1 + below(3); return [edge(), { x: Float64Array.from(list(n)).sort(), c: row(n) }, below(3)]; },
  },
  { // on an object of the user's, and a captured array that is edited in place
    fn(x) { return x * this.k + offsets[0] + this.rows[this.rows.length - 1]; }, slow: ["this"], args: () => [edge()], self: () => ({ k: edge(), rows: list(1 + below(3)) }),
  },
  { // times, one of them no time at all
    fn(x, plan) { const t = plan.from.getTime(); return x < plan.until.getTime() - t ? t + x * plan.rate : plan.until.getUTCHours(); },
    slow: ["plan"], args: () => [edge(), { from: new Date(below(9)), until: new Date(random() < 0.1 ? NaN : 36e5 * below(99)), rate: edge() }],
  },
  { // what is private, behind a method
    fn(x, stage) { return stage.apply(x) + stage.offset; }, slow: ["stage"], args: () => [edge(), new Stage(edge(), list(1 + below(2)))],
  },
  { // objects of the caller's, which are written
    fn(bodies, dt) { let far = 0; for (const b of bodies) { b.x += b.v * dt; if (b.x > 10) { b.v = -b.v; far++; } } return far; }, slow: ["dt"], objects: 0, args: () => [crowd(), edge()],
  },
];
class Stage {
  #gain; #taps; offset;
  constructor(gain, taps) { this.#gain = gain; this.#taps = taps; this.offset = taps.length; }
  apply(x) { let sum = 0; for (const tap of this.#taps) sum += tap * x; return sum * this.#gain; }
  retune() { if (random() < 0.5) this.#gain = edge(); else this.#taps[0] = edge(); }
  twin() { return Object.assign(new Stage(this.#gain, [...this.#taps]), { offset: this.offset }); }
  toJSON() { return [this.#gain, this.#taps, this.offset]; }
}
const body = () => ({ x: edge(), v: edge() });
const strange = [() => ({ v: edge(), x: edge() }), () => ({ x: edge() }), () => ({ x: "2", v: 1 }), () => ({ get x() { return 3; }, set x(to) { this.was = to; }, v: edge() }), () => Object.freeze(body())];
const crowds = Array.from({ length: 4 }, () => Array.from({ length: below(6) }, body));
/** The same array, mostly: its objects edited, exchanged, put in twice. (A getter in the place of a field of an object that was seen is not noticed: docs/runtime.md.) */
function crowd() {
  const bodies = random() < 0.2 ? Array.from({ length: below(6) }, body) : pick(crowds), at = below(bodies.length + 1);
  for (const one of bodies) if (random() < 0.3 && !Object.isFrozen(one)) one.x = edge();
  if (random() < 0.1) bodies[at] = random() < 0.3 ? pick(bodies) ?? body() : body();
  else if (random() < 0.03) bodies[at] = pick(strange)();
  else if (bodies.length > 7 || random() < 0.03) bodies.splice(0, 3);
  return bodies;
}
const inArena = Array.from({ length: 6 }, (_, i) => arena.float64(8 + i * 7));
function array() {
  const made = random() < 0.4 ? pick(inArena) : random() < 0.2 ? new Float64Array(below(40)).subarray(below(3)) : new Float64Array(below(40));
  for (let i = 0; i < made.length; i++) made[i] = edge();
  return made;
}

const copy = (value) => (ArrayBuffer.isView(value) ? value.slice() : value);
/** The objects in an array once more, the same where they are the same. */
function copies(objects) {
  const made = new Map();
  for (const one of objects) {
    if (made.has(one)) continue;
    const twin = Object.create(Object.getPrototypeOf(one), Object.getOwnPropertyDescriptors(one));
    made.set(one, Object.isFrozen(one) ? Object.freeze(twin) : twin);
  }
  return objects.map((one) => made.get(one));
}
const sameObjects = (a, b) => a.length === b.length && a.every((one, i) => Reflect.ownKeys(one).length === Reflect.ownKeys(b[i]).length && Object.keys(one).every((key) => Object.is(one[key], b[i][key])));
const deepEqual = (a, b) => Object.is(a, b) || (typeof a === "object" && typeof b === "object" && a !== null && b !== null && Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => deepEqual(a[key], b[key])));
const same = (a, b) => {
  if (ArrayBuffer.isView(a)) return ArrayBuffer.isView(b) && a.length === b.length && a.every((v, i) => Object.is(v, b[i]));
  return Object.is(a, b);
};
let calls = 0, wrong = 0;
const counts = {};
/** `alike`: of slow values whose contents nobody compares, equal parts may come from an equal value */
function check({ fn, fast, objects, dress = {} }, args, self) {
  calls++;
  // the original works on copies, aliases among the arguments kept; slow values are never written
  const views = new Map();
  const own = args.map((arg, at) => { if (at === objects) return copies(arg); if (!ArrayBuffer.isView(arg)) return arg; if (!views.has(arg)) views.set(arg, copy(arg)); return views.get(arg); });
  const run = (call, given) => { try { return { value: Reflect.apply(call, self, given) }; } catch (error) { return { error: `${error.constructor.name}: ${error.message}` }; } };
  const want = run(fn, own), got = run(fast, args);
  const result = same(want.value, got.value) || (dress.alike === true && deepEqual(want.value, got.value));
  const equal = want.error === got.error && result && args.every((arg, i) => (i === objects ? sameObjects : same)(arg, own[i]));
  if (!equal && ++wrong <= 5) console.error("wrong", String(fn), args, self, dress, "expected", want, own, "got", got);
}
const directory = mkdtempSync(join(tmpdir(), "wasmorph-soak-"));
/** A number for the contents that tells 0 from −0: what a user's hash would be. */
const contents = (value) => JSON.stringify(value, (_, v) => (typeof v === "number" ? (Object.is(v, -0) ? "-0" : String(v)) : ArrayBuffer.isView(v) ? [v.constructor.name, ...[...v].map((n) => (Object.is(n, -0) ? "-0" : String(n)))] : v)) ?? String(value);
const freeze = (value) => { if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value)) { Object.values(value).forEach(freeze); Object.freeze(value); } return value; };
const isObject = (value) => typeof value === "object" && value !== null;
/** What slow values are to their kernel: how it looks at them, what was done to them, and what may be done to them. */
const dresses = [
  { wear: (value) => value, edits: true },
  { wear: (value) => value, edits: true },
  { wear: freeze },
  { wear: (value) => (isObject(value) ? tracked(value) : value), edits: true, alike: true, tells: true },
  { wear: (value) => value, edits: true, alike: true, watch: { hash: contents } },
  { wear: (value) => value, edits: true, alike: true, watch: { same: (now, before) => contents(now) === contents(before) } },
  { wear: (value) => value, watch: "identity" },
];
const make = (family, dress = pick(dresses)) => ({
  ...family, dress, last: null, restless: random() < 0.4,
  fast: specialize(family.fn, {
    slow: family.slow, tier: pick(["auto", "wasm", "wasm", "js"]), compile: pick(["background", "sync"]), limits: { versions: 2 + below(6) },
    ...(dress.watch === undefined ? {} : { watch: dress.watch }), ...(random() < 0.2 ? { verify: pick(["first", { every: 5 }]) } : {}),
    onEvent: ({ type, message }) => {
      counts[type] = (counts[type] ?? 0) + 1;
      if (type === "invariant" || type === "mismatch") console.log(`${type}: ${message}`);
    },
  }),
});
/** A call's values, of which the slow ones stay. */
function valuesFor({ slow, args, self, fn, dress }) {
  const names = /\(([^)]*)\)/.exec(String(fn))[1].split(", "), isSlow = (i) => slow.includes(names[i]);
  return { args: args().map((value, i) => (isSlow(i) ? dress.wear(value) : value)), self: self === undefined ? undefined : dress.wear(self()), isSlow };
}
/** Edits a number in an array or object, or in what it holds. `touched`: in one that no Proxy stands before. */
function edit(value) {
  if (value instanceof Date || (value instanceof Stage && random() < 0.7)) {
    if (value instanceof Date) value.setTime(36e5 * below(99)); else value.retune();
    touched = true;
    return;
  }
  const keys = Object.keys(value), key = keys[below(keys.length)];
  if (key === undefined) return;
  if (isObject(value[key])) edit(value[key]);
  else if (typeof value[key] === "number") {
    value[key] = edge();
    if (ArrayBuffer.isView(value) || value instanceof Stage) touched = true;
  }
}
let touched = false;
/** Another value with the same contents. */
const twin = (value, wear) => wear(value instanceof Stage ? value.twin() : structuredClone(value));
const templates = { made: 0, served: 0 };
function gone({ fast }) {
  const { templates: { made, served } } = fast.stats();
  templates.made += made;
  templates.served += served;
}

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
  "the clock goes back": () => {
    const now = performance.now, { now: date } = Date, back = 1e5 * random();
    performance.now = () => now.call(performance) - back;
    Date.now = () => date() - back;
    setTimeout(() => { delete performance.now; Date.now = date; }, 3);
  },
  "a cache": () => configure({ cache: random() < 0.7 ? directory : false }),
};

setFlagsFromString("--expose-gc"); // what nobody uses any more is no growth
const gc = runInNewContext("gc");
const used = () => { gc(); const { heapUsed, rss } = process.memoryUsage(); return { heap: heapUsed / 2 ** 20, rss: rss / 2 ** 20, arena: sharedMemory().allocator.used / 1024, versions: population() }; };
const show = (title) => { const now = used(); console.log(`${title.padEnd(14)} ${String(calls).padStart(9)} calls, ${wrong} wrong; heap ${now.heap.toFixed(1)} MiB, RSS ${now.rss.toFixed(0)} MiB, arena ${now.arena.toFixed(0)} KiB, versions ${now.versions}`); return now; };

let early, late;
if (options.swaps !== undefined && options.templates) {
  await ready();
  // numbers never seen before at every turn: slots of a template, versions made and evicted
  const fn = (x, c) => { let sum = c.base; for (const k of c.weights) sum = sum * x + k; return sum; };
  const fast = specialize(fn, { slow: ["c"], tier: "wasm", compile: "sync", limits: { versions: 4 } });
  const total = Number(options.swaps);
  for (let i = 0; i < total; i++) {
    const c = { base: i, weights: [i & 7, -0, i / 3] };
    for (let stays = 0; stays < 3; stays++) check({ fn, fast }, [stays, c]); // with four, the full program would be made
    if (i === Math.floor(total / 10)) early = show("early");
    if (i % 5000 === 0) await new Promise((done) => setImmediate(done));
  }
  const { swaps, made, templates } = fast.stats();
  console.log(`${swaps} swaps; versions made: ${JSON.stringify(made)}; of templates: ${JSON.stringify(templates)}`);
  if (swaps < total * 0.9 || templates.served < total * 0.9) wrong++;
} else if (options.swaps !== undefined) {
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
  const clock = performance.now.bind(performance), end = clock() + 1000 * Number(options.seconds ?? 60);
  const third = end - 1000 * Number(options.seconds ?? 60) * 2 / 3;
  let live = Array.from({ length: 8 }, () => make(pick(kernels)));
  for (let round = 0; clock() < end; round++) {
    for (const kernel of live) {
      const { dress } = kernel;
      if (kernel.last === null || random() < (kernel.restless ? 0.7 : 0.05)) kernel.last = valuesFor(kernel);
      const times = 1 + below(kernel.restless ? 6 : 30), { last } = kernel;
      for (let i = 0; i < times; i++) {
        const fresh = kernel.args();
        // slow values stay, fast ones change; now and then a slow one is edited in place, or an equal one takes its place
        for (const at of last.args.keys()) if (!last.isSlow(at)) last.args[at] = fresh[at];
        const slow = [...last.args.filter((value, at) => last.isSlow(at) && isObject(value)), ...(isObject(last.self) ? [last.self] : [])];
        if (dress.edits && random() < 0.03 && slow.length > 0) {
          const value = pick(slow);
          edit(value);
          if (touched && dress.tells) tracked.touch(value); // a typed array tells nobody
          touched = false;
        }
        if (random() < 0.02) offsets[below(3)] = edge();
        if (random() < 0.02) {
          last.args = last.args.map((value, at) => (last.isSlow(at) && isObject(value) && !dress.alike ? twin(value, dress.wear) : value));
        }
        check(kernel, last.args, last.self);
      }
    }
    if (random() < 0.03) { const [name, fault] = pick(Object.entries(faults)); counts[name] = (counts[name] ?? 0) + 1; fault(live); }
    if (random() < 0.05) { const at = below(live.length); gone(live[at]); live[at] = make(pick(kernels)); }
    if (round % 3 === 0) await new Promise((done) => setTimeout(done, below(4)));
    if (early === undefined && clock() > third) early = show("a third");
  }
  for (const kernel of live) { gone(kernel); kernel.fast.dispose(); }
  live = null;
  configure({ enabled: true });
}
for (let i = 0; i < 5; i++) await new Promise((done) => setTimeout(done, 20));
late = show("the end");
console.log(counts, { templates });
const grown = late.heap - early.heap;
const flat = grown < 40 && late.arena < early.arena + 4096;
console.log(`${wrong} wrong results of ${calls}; the heap ${flat ? "is flat" : "grew"} (${grown.toFixed(1)} MiB)`);
rmSync(directory, { recursive: true, force: true, maxRetries: 20 });
process.exit(wrong === 0 && flat ? 0 : 1);
