// How long a respecialization keeps the main thread: the longest time that anything else has to wait.
//
//   node bench/stall.mjs [path of the built package, default dist]
//
// While a kernel is called every few milliseconds, its slow value changes again and again; each time a new version is made in the worker and swapped in.
// Told for each size of residual: the longest that anything else had to wait for this thread, from the change of the value until the new version has
// served (median, 90th and 99th percentile over the respecializations): of all tasks, those that take messages apart included, without the time in
// which the system had given the processor to others (Linux tells it); once with and once without the engine's collections of garbage, of which the
// measurement itself makes some. Beside it the same of as long a time right after, in which the kernel is called as often and nothing is made: "idle" is what the
// machine and the measurement take by themselves. Then the latency until the new version serves, and its first call, which is warm if what the engine optimized in
// the worker carries over: "cold" is the first call of an equal module that was never warmed.

import { openSync, readSync } from "node:fs";
import { PerformanceObserver } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const home = pathToFileURL(resolve(process.argv[2] ?? "dist", "index.js"));
const { specialize } = await import(home.href);
const rounds = Number(process.env.ROUNDS ?? 30);

/** Milliseconds that this thread was ready to run and did not: the second number of schedstat. Read without making garbage. */
const schedstat = process.platform === "linux" ? openSync("/proc/thread-self/schedstat", "r") : null;
const digits = Buffer.alloc(128);
function waited() {
  if (schedstat === null) return 0;
  readSync(schedstat, digits, 0, 128, 0);
  let at = digits.indexOf(32) + 1, sum = 0;
  for (; digits[at] !== 32; at++) sum = sum * 10 + digits[at] - 48;
  return sum / 1e6;
}
/** What the original took, which is called to compare: no matter of the library's. */
let comparing = 0;
function check(kernel, x, c, y) {
  const started = performance.now();
  if (!Object.is(y, kernel(x, c))) throw new Error("a wrong result");
  comparing += performance.now() - started;
}
/** Pauses of this thread's loop of tasks. */
let pauses = [], collections = [], before = performance.now(), waitedBefore = waited();
new PerformanceObserver((list) => { for (const { startTime, duration } of list.getEntries()) collections.push([startTime, duration]); }).observe({ entryTypes: ["gc"] });
setImmediate(function watch() {
  const now = performance.now();
  if (now - before > 0.05) {
    const all = waited();
    pauses.push([before, Math.max(0, now - before - (all - waitedBefore) - comparing), now]);
    waitedBefore = all;
  }
  comparing = 0;
  before = performance.now();
  setImmediate(watch);
});
function longestPauses() {
  const collected = ([from, ms, to]) => ms - collections.reduce((sum, [at, took]) => (at < to && at + took > from ? sum + took : sum), 0);
  const longest = [Math.max(0, ...pauses.map(([, ms]) => ms)), Math.max(0, ...pauses.map(collected))];
  pauses = [];
  collections = [];
  return longest;
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
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

console.log("operations   longest pause, ms: median      p90      p99   without collections: median      p90      p99   idle: median      p90      p99   without: median      p90      p99   served after, ms   first call, µs   cold");
for (const operations of [50, 300, 1000, 5000]) {
  const { kernel, slow } = kernelOf(operations);
  const fast = specialize(kernel, { slow: ["c"], tier: "wasm", limits: { unroll: 20000 } });
  await fast.prepare(0.5, slow());
  const longest = [], own = [], idle = [], idleOwn = [], first = [], after = [];
  for (let round = 1; round <= rounds; round++) {
    const c = slow(), before = fast.stats().calls.wasm;
    await sleep(5);
    longestPauses();
    const asked = performance.now();
    for (let wait = 0; wait < 1000; wait++) {
      const x = 0.5 + wait / 1000, started = performance.now(), y = fast(x, c), took = performance.now() - started;
      check(kernel, x, c, y);
      if (fast.stats().calls.wasm > before) { first.push(took * 1000); after.push(started - asked); break; }
      await sleep(2);
    }
    await sleep(5); // the engine tells of collections later
    const [all, ours] = longestPauses();
    longest.push(all);
    own.push(ours);
    const until = performance.now() + after.at(-1);
    for (let wait = 0; performance.now() < until; wait++) {
      const x = 0.5 + wait / 1000;
      check(kernel, x, c, fast(x, c));
      await sleep(2);
    }
    await sleep(5);
    const [resting, restingOwn] = longestPauses();
    idle.push(resting);
    idleOwn.push(restingOwn);
  }
  const cold = [];
  const memory = new WebAssembly.Memory({ initial: 1024 });
  for (let i = 0; i < 7; i++) {
    const { bytes } = fast.inspect();
    // a section of its own, so that the engine does not know the module
    const own = Uint8Array.from([...bytes, 0, 5, 1, 110, i, round(i), 0]);
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(own), { env: { memory }, Math }).exports;
    const started = performance.now();
    run(0.5);
    cold.push((performance.now() - started) * 1000);
  }
  const at = (list, q, digits = 3) => quantile(list.toSorted((a, b) => a - b), q).toFixed(digits).padStart(8);
  console.log(`${String(fast.versions().at(-1).operations).padStart(10)} ${" ".repeat(18)} ${at(longest, 0.5)} ${at(longest, 0.9)} ${at(longest, 0.99)} ${" ".repeat(19)} ${at(own, 0.5)} ${at(own, 0.9)} ${at(own, 0.99)} ${" ".repeat(5)} ${at(idle, 0.5)} ${at(idle, 0.9)} ${at(idle, 0.99)} ${" ".repeat(8)} ${at(idleOwn, 0.5)} ${at(idleOwn, 0.9)} ${at(idleOwn, 0.99)} ${at(after, 0.5, 0).padStart(18)} ${at(first, 0.5, 1).padStart(16)} ${at(cold, 0.5, 1)}`);
  fast.dispose();
}
process.exit(0);
function round(i) { return (i * 37) & 127; }
