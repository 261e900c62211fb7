// node examples/custom-pass/main.js: a resonant filter whose tail dies away into denormals, with and without the pass of flush.js.

import { configure, ready, specialize } from "wasmorph";
import { flush } from "./flush.js";

function ring(x, y, a, b) {
  let z = 0;
  // @flush
  for (let i = 0; i < y.length; i++) {
    z = x[i] * a + z * b;
    y[i] = z;
  }
}

configure({ passes: [flush] });
await ready();
const fast = specialize(ring, { slow: ["a", "b"], tier: "wasm", compile: "sync" });
const x = new Float64Array(4096), original = new Float64Array(4096), flushed = new Float64Array(4096);
x[0] = 1;
ring(x, original, 0.5, 0.7);
fast(x, flushed, 0.5, 0.7);

const denormals = (list) => list.filter((v) => v !== 0 && Math.abs(v) < 2 ** -1022).length;
console.log(`denormal numbers in the tail: ${denormals(original)} by the original, ${denormals(flushed)} with the pass`);
console.log(fast.inspect().log.filter((line) => line.includes("  flush  ")).join("\n"));
