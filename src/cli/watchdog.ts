// A thread that notices when this one no longer gets on: a loop that never ends, in the compiler or in what it made, can't be ended from
// within. It says what was being done, and ends the process.

import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** What the main thread last said of itself: how often it did, and a number (a kernel's seed) that names what it does now. */
const counted = 0, doing = 1;

// Whole seconds are counted, not the clock: a process that was stopped for an hour, or a machine that slept, has not hung.
const watch = `
const { workerData: { cells, seconds, what } } = require("node:worker_threads");
let last = Atomics.load(cells, ${counted}), idle = 0;
for (;;) {
  Atomics.wait(cells, 2, 0, 1000);
  const now = Atomics.load(cells, ${counted});
  idle = now === last ? idle + 1 : 0;
  last = now;
  if (idle < seconds) continue;
  require("node:fs").writeSync(2, what.replace("#", String(Atomics.load(cells, ${doing}))) + " did not end within " + seconds + " seconds\\n");
  process.kill(process.pid, "SIGKILL");
}
`;

export interface Watchdog {
  /** the number stands for what begins now */
  begin(number: number): void;
  end(): Promise<void>;
}

/**
 * From now on `begin` has to be called every `seconds` seconds. Otherwise the process writes `what`, its `#` replaced by the number that
 * `begin` was last given (an int32), to standard error, and kills itself.
 */
export async function watchdog(seconds: number, what: string): Promise<Watchdog> {
  const cells = new Int32Array(new SharedArrayBuffer(12));
  const worker = new Worker(watch, { eval: true, execArgv: [], workerData: { cells, seconds, what } });
  await once(worker, "online"); // a thread can't start while this one hangs
  worker.unref();
  return {
    begin: (number) => { Atomics.store(cells, doing, number); Atomics.add(cells, counted, 1); },
    end: async () => { await worker.terminate(); },
  };
}
