// A colour matrix after a tone curve, over RGBA bytes.

import { grade } from "../../examples/demo/kernels.js";

const pixels = 16384;

export default {
  name: "colour matrix + LUT, RGBA u8",
  unit: "pixel",
  units: pixels,
  kernel: grade,
  slow: ["curve", "matrix"],
  args: (random, arrays) => [
    random.fill(arrays.uint8Clamped(pixels * 4), 0, 256),
    arrays.uint8Clamped(pixels * 4),
    Uint8Array.from({ length: 256 }, (_, level) => Math.round(255 * Math.sqrt(level / 255))),
    [
      [1.08, 0.04, -0.02, 6],
      [0.02, 1, 0, 0],
      [-0.04, 0.02, 0.86, -4],
    ],
  ],
  flat: (from, to, curve, matrix) => [from, to, curve, Float64Array.from(matrix.flat())],
};
