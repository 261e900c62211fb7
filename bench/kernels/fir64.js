// A finite impulse response filter of 64 taps over doubles.

export function fir(x, y, taps) {
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < taps.length; k++) acc += taps[k] * x[i + k];
    y[i] = acc;
  }
}

const samples = 4096;

export default {
  name: "FIR 64 taps f64",
  unit: "sample",
  units: samples,
  kernel: fir,
  slow: ["taps"],
  args: (random, arrays) => [
    random.fill(arrays.float64(samples + 63), -1, 1),
    arrays.float64(samples),
    random.fill(new Float64Array(64), -1, 1),
  ],
  flat: (x, y, taps) => [x, y, taps],
};
