// One kernel of bench/classes, timed: the original on ordinary arrays, the version on the arena's. Prints a line of JSON.

import { arena, ready, specialize } from "../../dist/index.js";
import { classes } from "./kernels.js";

const [, , group, name, budget] = process.argv;
const { kernel, slow, args } = classes[group][name];
await ready();
const kinds = { float64: Float64Array, float32: Float32Array, int32: Int32Array, uint32: Uint32Array, int16: Int16Array, uint8: Uint8Array, uint8Clamped: Uint8ClampedArray };
const plain = Object.fromEntries(Object.entries(kinds).map(([kind, Kind]) => [kind, (n) => new Kind(n)]));

const [own, theirs] = [args(arena), args(plain)];
const fast = specialize(kernel, { slow, tier: "wasm", compile: "sync" });
const [got, wanted] = [fast(...own), kernel(...theirs)];
const equal = Object.is(got, wanted) && own.every((a, i) => !ArrayBuffer.isView(a) || a.every((x, k) => Object.is(x, theirs[i][k])));
const served = fast.stats().calls.wasm > 0;

/** Both in turn, so that whatever the machine does meanwhile concerns both; the least of many, and the median ratio. */
function time(a, b) {
  const warm = (run) => {
    const end = performance.now() + Number(budget);
    let n = 0;
    while (performance.now() < end) { run(); n++; }
    return Math.max(1, Math.ceil((n * 4) / budget));
  };
  const counts = [warm(a), warm(b)];
  const turn = (run, n) => { const start = performance.now(); for (let i = 0; i < n; i++) run(); return ((performance.now() - start) / n) * 1000; };
  const pairs = Array.from({ length: 11 }, () => [turn(a, counts[0]), turn(b, counts[1])]);
  const least = (k) => Math.min(...pairs.map((pair) => pair[k]));
  return { js: least(0), wasm: least(1), ratio: pairs.map(([x, y]) => x / y).toSorted((x, y) => x - y)[5] };
}
console.log(JSON.stringify({ equal, served, ...time(() => kernel(...theirs), () => fast(...own)) }));
