// A cascade of eight second-order filter sections, transposed direct form II.

import { filter } from "../../examples/demo/kernels.js";

const samples = 4096;

export default {
  name: "8 biquads f64",
  unit: "sample",
  units: samples,
  kernel: filter,
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
