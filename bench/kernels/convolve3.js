// A 3×3 convolution (sharpening) of a grey picture of bytes with whole-number weights; the border is left out.

export function convolve(from, to, width, height, kernel) {
  const { size, weights, shift } = kernel;
  const half = size >> 1;
  for (let y = half; y < height - half; y++) {
    for (let x = half; x < width - half; x++) {
      let sum = 0;
      for (let j = 0; j < size; j++) {
        const row = (y + j - half) * width + x - half;
        for (let i = 0; i < size; i++) sum += weights[j * size + i] * from[row + i];
      }
      to[y * width + x] = sum >> shift;
    }
  }
}

const width = 256;
const height = 256;

export default {
  name: "3×3 convolution u8",
  unit: "pixel",
  units: (width - 2) * (height - 2),
  kernel: convolve,
  slow: ["kernel"],
  args: (random, arrays) => [
    random.fill(arrays.uint8Clamped(width * height), 0, 256),
    arrays.uint8Clamped(width * height),
    width,
    height,
    { size: 3, weights: [-1, -2, -1, -2, 28, -2, -1, -2, -1], shift: 4 },
  ],
  flat: (from, to, w, h, { size, weights, shift }) => [from, to, w, h, size, Int32Array.from(weights), shift],
};
