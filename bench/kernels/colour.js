// A colour matrix after a tone curve, over RGBA bytes.

export function grade(from, to, curve, matrix) {
  for (let i = 0; i < from.length; i += 4) {
    const r = curve[from[i]];
    const g = curve[from[i + 1]];
    const b = curve[from[i + 2]];
    for (let row = 0; row < 3; row++) {
      const m = matrix[row];
      to[i + row] = m[0] * r + m[1] * g + m[2] * b + m[3];
    }
    to[i + 3] = from[i + 3];
  }
}

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
