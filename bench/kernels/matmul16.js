// Products of one constant 16×16 matrix with many others, row by row.

export function multiply(constant, matrices, products, size) {
  for (let start = 0; start < matrices.length; start += size * size) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += constant[row * size + k] * matrices[start + k * size + column];
        products[start + row * size + column] = sum;
      }
    }
  }
}

const size = 16;
const count = 32;

export default {
  name: "16×16 matmul, one constant",
  unit: "product",
  units: count,
  kernel: multiply,
  slow: ["constant", "size"],
  args: (random, arrays) => [
    random.fill(new Float64Array(size * size), -1, 1),
    random.fill(arrays.float64(count * size * size), -1, 1),
    arrays.float64(count * size * size),
    size,
  ],
  flat: (constant, matrices, products, n) => [constant, matrices, products, n],
};
