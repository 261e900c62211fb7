// How soon points of the plane escape, at most `limit` steps each.

export function escape(re, im, counts, limit) {
  for (let i = 0; i < counts.length; i++) {
    const cr = re[i];
    const ci = im[i];
    let zr = 0;
    let zi = 0;
    let n = 0;
    while (n < limit && zr * zr + zi * zi <= 4) {
      const next = zr * zr - zi * zi + cr;
      zi = 2 * zr * zi + ci;
      zr = next;
      n++;
    }
    counts[i] = n;
  }
}

const points = 16384;

export default {
  name: "mandelbrot f64",
  unit: "point",
  units: points,
  kernel: escape,
  slow: ["limit"],
  args: (random, arrays) => [
    random.fill(arrays.float64(points), -2, 0.5),
    random.fill(arrays.float64(points), -1.25, 1.25),
    arrays.int32(points),
    128,
  ],
  flat: (re, im, counts, limit) => [re, im, counts, limit],
};
