// How long a respecialization keeps the main thread: the processor time of the longest task that anything else has to wait for.
//
//   node --min-semi-space-size=64 --max-semi-space-size=64 bench/stall.mjs [path of the built package, default dist]
//   ROUNDS=100 OPERATIONS=50,5000 …
//
// While a kernel is called every few milliseconds, its slow value changes again and again; each time a new version is made in the worker and swapped in.
// Each such window, from the change of the value until the new version has served, is followed by an idle one, as long, in which the kernel is called as
// often and nothing is made: what the machine and the measurement take by themselves. Told for each size of residual, as median, 90th and 99th percentile
// over the windows (nearest rank), in milliseconds of this thread's processor time (Linux tells it; elsewhere by the clock):
//
//   turn       the longest turn of the thread's loop of tasks: the library's tasks, calls of the kernel, taking messages apart, the engine's own work; what
//              the measurement compares is left out. Beside it the same without the turns in which garbage was collected
//   task       the longest of the library's own tasks, and of the calls of the kernel; idle: of the calls
//
// Then collections of garbage in all windows of a kind; the latency until the new version serves; its first call, in microseconds by the clock, which is
// warm if what the engine optimized in the worker carries over: "cold" is the first call of an equal module that was never warmed. The flags make room for
// the garbage of the measurement's own loop, a collection of which takes half a millisecond.

import { openSync, readSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const home = (file) => pathToFileURL(resolve(process.argv[2] ?? "dist", file)).href;
const { specialize } = await import(home("index.js"));
const { Kernel } = await import(home("runtime/kernel.js"));
const rounds = Number(process.env.ROUNDS ?? 60), sizes = (process.env.OPERATIONS ?? "50,300,1000,5000").split(",").map(Number);

/** Milliseconds of processor time of this thread. What the system writes there is a tick old, unless somebody has just asked for the process's. */
const schedstat = process.platform === "linux" ? openSync("/proc/thread-self/schedstat", "r") : null;
const digits = Buffer.alloc(128);
function spent() {
  if (schedstat === null) return performance.now();
  process.cpuUsage();
  readSync(schedstat, digits, 0, 128, 0);
  let ns = 0;
  for (let at = 0; digits[at] !== 32; at++) ns = ns * 10 + digits[at] - 48;
  return ns / 1e6;
}

/** What is seen of a window. Long turns are kept, to be looked at again when the engine has told of its collections. */
let turns = [], collections = [], longestTask = 0, comparing = 0;
const longTurn = 0.05;
function task(work) {
  const from = spent();
  try { return work(); } finally { longestTask = Math.max(longestTask, spent() - from); }
}
const { step } = Kernel.prototype;
Kernel.prototype.step = function (work) { return task(() => step.call(this, work)); };
function compare(kernel, x, c, y) {
  const from = spent();
  if (!Object.is(y, kernel(x, c))) throw new Error("a wrong result");
  comparing += spent() - from;
}
new PerformanceObserver((list) => { for (const { startTime, duration } of list.getEntries()) collections.push([startTime, startTime + duration]); }).observe({ entryTypes: ["gc"] });
let began = performance.now(), spentBefore = spent();
setImmediate(function watch() {
  const took = spent() - spentBefore - comparing;
  if (took > longTurn) turns.push([began, performance.now(), took]);
  comparing = 0;
  began = performance.now();
  spentBefore = spent();
  setImmediate(watch);
});
function windowEnds() {
  const collected = ([from, to]) => collections.some(([at, end]) => at < to && end > from), longest = (list) => Math.max(0, ...list.map(([, , took]) => took));
  const seen = { turn: longest(turns), uncollected: longest(turns.filter((turn) => !collected(turn))), task: longestTask, collections: collections.length };
  turns = [];
  collections = [];
  longestTask = 0;
  return seen;
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
/** An interpreter whose program is slow: its residual has about `operations` operations, in no order that a loop could repeat. */
function kernelOf(operations) {
  const n = Math.round(operations / 1.5);
  const kernel = new Function("x", "c", `let y = x;
    for (let i = 0; i < c.length; i += 2) switch (c[i]) {
      case 0: y = y + c[i + 1]; break;
      case 1: y = y * c[i + 1]; break;
      case 2: y = Math.min(y, c[i + 1]); break;
      case 3: y = (y - x) * c[i + 1]; break;
    }
    return y;`);
  let state = 1;
  const random = () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state / 2 ** 32; };
  const slow = () => Float64Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? Math.floor(random() * 4) : random()));
  return { kernel, slow };
}
/** Calls the kernel every two milliseconds until `enough` says so of what a call took. */
async function callWhile(fast, kernel, c, enough) {
  await sleep(5); // the engine tells of collections later
  windowEnds();
  for (let wait = 0; wait < 2000; wait++) {
    const x = 0.5 + wait / 1000, started = performance.now(), y = task(() => fast(x, c)), took = performance.now() - started;
    compare(kernel, x, c, y);
    if (enough(started, took)) break;
    await sleep(2);
  }
  await sleep(5);
  return windowEnds();
}

const at = (list, q, decimals = 3) => { const sorted = Float64Array.from(list).sort(); return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)].toFixed(decimals).padStart(7); };
const row = (title, cells) => console.log(`  ${title.padEnd(26)}${cells.join("  ")}`);
const quantiles = (windows, key) => [0.5, 0.9, 0.99].map((q) => at(windows.map((seen) => seen[key]), q)).join(" ");
for (const operations of sizes) {
  const { kernel, slow } = kernelOf(operations);
  const fast = specialize(kernel, { slow: ["c"], tier: "wasm", limits: { unroll: 20000 } });
  await fast.prepare(0.5, slow());
  const busy = [], idle = [], first = [], after = [];
  for (let round = 0; round < rounds; round++) {
    const c = slow(), before = fast.stats().calls.wasm, asked = performance.now();
    busy.push(await callWhile(fast, kernel, c, (started, took) => {
      const from = spent(), serves = fast.stats().calls.wasm > before;
      comparing += spent() - from;
      if (serves) { first.push(took * 1000); after.push(started - asked); }
      return serves;
    }));
    const until = performance.now() + after.at(-1);
    idle.push(await callWhile(fast, kernel, c, () => performance.now() > until));
  }
  const cold = [];
  const memory = new WebAssembly.Memory({ initial: 1024 });
  for (let i = 0; i < 7; i++) {
    const { bytes } = fast.inspect();
    // a section of its own, so that the engine does not know the module
    const own = Uint8Array.from([...bytes, 0, 5, 1, 110, i, (i * 37) & 127, 0]);
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(own), { env: { memory }, Math }).exports;
    const started = performance.now();
    run(0.5);
    cold.push((performance.now() - started) * 1000);
  }
  const sum = (windows) => windows.reduce((all, { collections: of }) => all + of, 0);
  console.log(`${fast.versions().at(-1).operations} operations, ${rounds} windows of each kind; ${sum(busy)} collections, idle ${sum(idle)}; served after ${at(after, 0.5, 0).trim()} ms; first call ${at(first, 0.5, 1).trim()} µs, cold ${at(cold, 0.5, 1).trim()}`);
  row("", ["   median     p90     p99", "idle: median    p90     p99", "difference of the medians, p90, p99"]);
  for (const [title, key] of [["turn", "turn"], ["turn without collections", "uncollected"], ["task", "task"]]) {
    row(title, [` ${quantiles(busy, key)}`, `    ${quantiles(idle, key)}`, [0.5, 0.9, 0.99].map((q) => (at(busy.map((seen) => seen[key]), q) - at(idle.map((seen) => seen[key]), q)).toFixed(3).padStart(7)).join(" ")]);
  }
  fast.dispose();
}
process.exit(0);
