// How long a respecialization keeps the main thread: the longest time that anything else has to wait.
//
//   node bench/stall.mjs [path of the built package, default dist]
//
// A timer's place is taken by a message that the thread sends to itself again and again: the time between two of them is the time of whatever
// ran in between. While it runs, a kernel's slow value changes at every step and a new version is made in the worker and swapped in. The
// time between two messages of an idle thread (the machine's own noise) stands beside it. Also reported: whether code that was optimized
// in the worker is optimized on the main thread (first calls of a module that was warmed there, and of one that was not).

import { MessageChannel } from "node:worker_threads";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const home = pathToFileURL(resolve(process.argv[2] ?? "dist", "index.js"));
const { specialize } = await import(home.href);
const rounds = Number(process.env.ROUNDS ?? 60);

/** Gaps between turns of the event loop, in ms, until stopped. */
function watchLoop() {
  const { port1, port2 } = new MessageChannel();
  const gaps = [];
  let last = performance.now(), on = true;
  port1.on("message", () => {
    const now = performance.now();
    gaps.push(now - last);
    last = now;
    if (on) port2.postMessage(0);
    else port1.close();
  });
  port2.postMessage(0);
  return () => { on = false; return gaps; };
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))];
const line = (name, gaps) => {
  const sorted = gaps.toSorted((a, b) => a - b);
  const [p50, p99, p999, max] = [0.5, 0.99, 0.999, 1].map((q) => quantile(sorted, q).toFixed(3));
  console.log(`${name.padEnd(52)} ${String(gaps.length).padStart(8)} ${p50.padStart(8)} ${p99.padStart(8)} ${p999.padStart(8)} ${max.padStart(8)}`);
};
console.log(`${"time between two turns of the event loop, ms".padEnd(52)} ${"turns".padStart(8)} ${"p50".padStart(8)} ${"p99".padStart(8)} ${"p99.9".padStart(8)} ${"max".padStart(8)}`);

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
{
  const stop = watchLoop();
  await sleep(1500);
  line("idle", stop());
}

/** A polynomial kernel whose residual has about `operations` operations. */
function kernelOf(operations) {
  const n = Math.round(operations / 2);
  const kernel = new Function("x", "c", "let y = 0; for (let i = 0; i < c.length; i++) y = y * x + c[i]; return y;");
  const slow = (seed) => Float64Array.from({ length: n }, (_, i) => 1 + ((i * 7919 + seed * 104729) % 1000) / 1000);
  return { kernel, slow };
}

for (const operations of [50, 300, 1000, 5000]) {
  const { kernel, slow } = kernelOf(operations);
  const fast = specialize(kernel, { slow: ["c"], tier: "wasm", limits: { unroll: 20000 } });
  let c = slow(0);
  await fast.prepare(0.5, c);
  const stop = watchLoop();
  let swapped = 0, first = [];
  for (let round = 1; round <= rounds; round++) {
    c = slow(round);
    const before = fast.stats().calls.wasm;
    for (let wait = 0; wait < 400; wait++) {
      const x = 0.5 + wait / 1000;
      const started = performance.now();
      const y = fast(x, c);
      const took = performance.now() - started;
      if (!Object.is(y, kernel(x, c))) throw new Error("a wrong result");
      if (fast.stats().calls.wasm > before) { swapped++; first.push(took); break; }
      await sleep(2);
    }
  }
  const gaps = stop();
  line(`${fast.versions().at(-1)?.operations} operations, ${swapped} of ${rounds} swapped in`, gaps);
  const perRound = gaps.filter((gap) => gap > 0.3).length / rounds;
  console.log(`${"".padEnd(4)}turns over 0.3 ms for each respecialization: ${perRound.toFixed(2)}; first call of a new version: ${(quantile(first.toSorted((a, b) => a - b), 0.5) * 1000).toFixed(1)} µs (median)`);
  if (fast.diagnostics().length > 0) console.log(fast.diagnostics()[0].message);
  fast.dispose();
}
process.exit(0);
