// A cascade of eight second-order filter sections, transposed direct form II.

export function biquads(x, y, state, sections) {
  for (let i = 0; i < x.length; i++) {
    let value = x[i];
    for (let s = 0; s < sections.length; s++) {
      const { b0, b1, b2, a1, a2 } = sections[s];
      const out = b0 * value + state[2 * s];
      state[2 * s] = b1 * value - a1 * out + state[2 * s + 1];
      state[2 * s + 1] = b2 * value - a2 * out;
      value = out;
    }
    y[i] = value;
  }
}

const samples = 4096;

export default {
  name: "8 biquads f64",
  unit: "sample",
  units: samples,
  kernel: biquads,
  slow: ["sections"],
  args: (random, arrays) => [
    random.fill(arrays.float64(samples), -1, 1),
    arrays.float64(samples),
    arrays.float64(16),
    Array.from({ length: 8 }, () => {
      const radius = random.between(0.5, 0.95);
      const angle = random.between(0.1, 3);
      return {
        b0: random.between(0.2, 0.4),
        b1: random.between(-0.4, 0.4),
        b2: random.between(0.1, 0.3),
        a1: -2 * radius * Math.cos(angle),
        a2: radius * radius,
      };
    }),
  ],
  flat: (x, y, state, sections) => [x, y, state, Float64Array.from(sections.flatMap(({ b0, b1, b2, a1, a2 }) => [b0, b1, b2, a1, a2]))],
};
