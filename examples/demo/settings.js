// From what a person writes in pipeline.json to what the kernels take: the tone curve as a table, the filters as coefficients.

/** A table of 256 values through the given points [input, output], by straight lines. */
function curveOf(points) {
  return Array.from({ length: 256 }, (_, level) => {
    const next = Math.max(1, points.findIndex(([x]) => x >= level));
    const [x0, y0] = points[next - 1];
    const [x1, y1] = points[next];
    return y0 + ((level - x0) * (y1 - y0)) / (x1 - x0);
  });
}

/** Numerators of the filter types of Robert Bristow-Johnson's Audio EQ Cookbook; the denominator is the same for all. */
const numerators = {
  lowpass: (cos) => [(1 - cos) / 2, 1 - cos, (1 - cos) / 2],
  highpass: (cos) => [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2],
  bandpass: (_cos, alpha) => [alpha, 0, -alpha],
  notch: (cos) => [1, -2 * cos, 1],
};

/** A filter section whose characteristic frequency has the given period, in samples. */
function sectionOf({ type, period, q }) {
  const angle = (2 * Math.PI) / period;
  const cos = Math.cos(angle);
  const alpha = Math.sin(angle) / (2 * q);
  const [b0, b1, b2] = numerators[type](cos, alpha);
  const a0 = 1 + alpha;
  return { b0: b0 / a0, b1: b1 / a0, b2: b2 / a0, a1: (-2 * cos) / a0, a2: (1 - alpha) / a0 };
}

export function settingsOf({ title, convolution, grade, filters }) {
  return { title, kernel: convolution, curve: curveOf(grade.curve), matrix: grade.matrix, sections: filters.map(sectionOf) };
}
