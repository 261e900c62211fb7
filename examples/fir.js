// The first example: a filter whose taps are slow.

import { specialize } from "wasmorph";

export function fir(x, y, taps) {
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < taps.length; k++) acc += taps[k] * x[i + k];
    y[i] = acc;
  }
}

if (process.argv[1] === import.meta.filename) {
  const fast = specialize(fir, { slow: ["taps"] });
  const taps = [0.25, 0.5, 0.25];
  const x = Float64Array.from({ length: 1026 }, (_, i) => Math.sin(i / 10));
  const y = new Float64Array(1024);

  await fast.prepare(x, y, taps);
  fast(x, y, taps);
  console.log("filtered:", y.slice(0, 4));
  console.log("the residual, in which the taps are constants:\n");
  console.log(fast.inspect().residual);
}
