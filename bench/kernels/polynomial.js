// A polynomial of degree 12 over doubles, by Horner's rule.

export function polynomial(x, y, coefficients) {
  for (let i = 0; i < x.length; i++) {
    let value = 0;
    for (let k = coefficients.length - 1; k >= 0; k--) value = value * x[i] + coefficients[k];
    y[i] = value;
  }
}

const count = 8192;

export default {
  name: "polynomial of degree 12 f64",
  unit: "element",
  units: count,
  kernel: polynomial,
  slow: ["coefficients"],
  args: (random, arrays) => [
    random.fill(arrays.float64(count), -1.5, 1.5),
    arrays.float64(count),
    Array.from({ length: 13 }, () => random.between(-1, 1)),
  ],
  flat: (x, y, coefficients) => [x, y, Float64Array.from(coefficients)],
};
