// One process, one kernel, one subject: `node bench/subject.js fir64 wasm` prints {samples: [nanoseconds a unit…], equal, …} as JSON.
// The bits are compared with the original's before anything is timed.

import { expected, subjects } from "./subjects.js";

const [, , name, subjectName] = process.argv;
const { default: kernel } = await import(`./kernels/${name}.js`);

const warmMs = 250;
const rounds = 15;
const turnMs = 4;

/** Equal in every bit, all NaNs being equal. */
function sameBits(actual, wanted) {
  return wanted.every((array, i) => array.length === actual[i].length && array.every((value, k) => Object.is(value, actual[i][k])));
}

function timeRuns(run) {
  const end = performance.now() + warmMs;
  let calls = 0;
  while (performance.now() < end) {
    run();
    calls++;
  }
  const turn = Math.max(1, Math.ceil((calls * turnMs) / warmMs));
  return Array.from({ length: rounds }, () => {
    const start = performance.now();
    for (let i = 0; i < turn; i++) run();
    return ((performance.now() - start) * 1e6) / turn / kernel.units;
  });
}

const prepared = await subjects[subjectName].prepare(kernel, name);
if (prepared.refused) {
  console.log(JSON.stringify({ refused: prepared.refused }));
} else {
  prepared.run?.();
  const equal = sameBits(prepared.outputs(), expected(kernel));
  const samples = prepared.samples ? prepared.samples.map((ns) => ns / kernel.units) : equal ? timeRuns(prepared.run) : [];
  console.log(JSON.stringify({ equal, samples, ...prepared.facts?.() }));
}
