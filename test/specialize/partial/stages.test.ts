// Loops over a few stages that differ are written out though all of it would be too large, and the loops inside are kept.

import { expect, it } from "vitest";
import { facts } from "./facts.ts";

interface Layer { readonly n: number; readonly m: number; readonly w: Float64Array }
const layers = (...sizes: number[]): Layer[] => sizes.slice(1).map((m, k) => ({ n: sizes[k]!, m, w: Float64Array.from({ length: m * sizes[k]! }, (_, i) => Math.sin(i + k)) }));
const loops = (kernel: (x: Float64Array, p: Float64Array, q: Float64Array, net: Layer[]) => unknown, net: Layer[]): number => {
  const x = Float64Array.from({ length: 20 }, (_, i) => i - 7.5);
  return facts(kernel as never, ["net"], [[x, new Float64Array(20), new Float64Array(20), net], [x, new Float64Array(20), new Float64Array(5), net]]).loops;
};
const buffers = (x: Float64Array, p: Float64Array, q: Float64Array, net: Layer[]): number => {
  let from = p, to = q;
  for (let i = 0; i < 4; i++) from[i] = x[i]!;
  for (const { n, m, w } of net) {
    for (let j = 0; j < m; j++) { let s = 0; for (let i = 0; i < n; i++) s += w[i * m + j]! * from[i]!; to[j] = Math.max(0, s); }
    [from, to] = [to, from];
  }
  return from[0]!;
};
const sizes = (x: Float64Array, p: Float64Array, q: Float64Array, net: Layer[]): number => {
  for (let i = 0; i < 4; i++) p[i] = x[i]!;
  for (const { n, m, w } of net) {
    for (let j = 0; j < m; j++) { let s = 0; for (let i = 0; i < n; i++) s += w[i * m + j]! * p[i]!; q[j] = Math.max(0, s); }
    for (let j = 0; j < m; j++) p[j] = q[j]!;
  }
  return p[0]!;
};

it("layers whose buffers take turns, as large as one another: two loops each", () => { expect(loops(buffers, layers(16, 16, 16, 16))).toBe(6); });
it("layers of other sizes", () => { expect(loops(sizes, layers(16, 20, 12, 18))).toBe(6); });
it("small ones hold no loops", () => { expect(loops(buffers, layers(4, 6, 2))).toBe(0); });
it("more than eight are one loop", () => { expect(loops(sizes, layers(16, 20, 12, 18, 16, 12, 20, 16, 18, 12, 14))).toBeLessThan(8); });
it("of many that begin with one of another kind, the loops inside are unrolled as ever", () => {
  const kernel = (x: Float64Array, p: Float64Array, q: Float64Array, net: Layer[]): number => {
    const { w } = net[0]!;
    for (let b = 0; b < w.length; b++) {
      if (b === 0) { for (let i = 0; i < 8; i++) p[i] = x[i]!; continue; }
      for (let r = 0; r < 4; r++) for (let c = 0; c < 5; c++) { let s = w[b]!; for (let k = 0; k < 5; k++) s += x[4 * r + k]! * p[5 * k + c]!; q[5 * r + c] = s; }
    }
    return q[0]!;
  };
  expect(loops(kernel, layers(1, 24))).toBe(1);
});
it("rows that become longer are no stages: a triangle is one loop over rows", () => {
  const kernel = (x: Float64Array, p: Float64Array, q: Float64Array, net: Layer[]): number => {
    const { n } = net[0]!;
    for (let i = 0; i < n; i++) { let s = x[i]!; for (let j = 0; j < i; j++) for (let k = j; k < i; k++) s -= p[j]! * q[k]!; p[i] = s; }
    return p[0]!;
  };
  expect(loops(kernel, layers(20, 1))).toBeLessThan(8);
});

const n = 1024, half = n / 2, twiddles = { n, cos: Float64Array.from({ length: half }, (_, i) => Math.cos((Math.PI * i) / half)), sin: Float64Array.from({ length: half }, (_, i) => -Math.sin((Math.PI * i) / half)) };
const signal = (k: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i * k + k));
const staged = (kernel: (re: Float64Array, im: Float64Array, plan: typeof twiddles) => unknown): number => facts(kernel as never, ["plan"], [[signal(1.3), signal(0.7), twiddles]]).loops;
it("a Fourier transform of ten stages: short loops inside the blocks are unrolled, others kept", () => {
  expect(staged((re, im, plan) => {
    const { n, cos, sin } = plan;
    for (let size = 2; size <= n; size *= 2) {
      const half = size / 2, step = n / size;
      for (let start = 0; start < n; start += size) {
        for (let k = 0; k < half; k++) {
          const p = start + k, q = p + half, c = cos[k * step]!, s = sin[k * step]!, r = re[q]! * c - im[q]! * s, t = re[q]! * s + im[q]! * c;
          re[q] = re[p]! - r; im[q] = im[p]! - t; re[p]! += r; im[p]! += t;
        }
      }
    }
  })).toBe(18);
});
it.each<[string, (x: Float64Array, t: Float64Array, plan: typeof twiddles) => unknown]>([
  ["strides that are halved", (x, _t, plan) => { const { n } = plan; for (let h = n >> 1; h >= 1; h >>= 1) for (let i = 0; i + h < n; i += 2 * h) x[i] = x[i]! + x[i + h]!; }],
  ["… shifted by a counter", (x, t, plan) => { const { n } = plan; for (let s = 0; 1 << s < n; s++) for (let i = 1 << s; i < n; i += 2 << s) x[i] = x[i - (1 << s)]! - t[i]!; }],
  ["… added to themselves", (x, _t, plan) => { const { n } = plan; for (let h = 1; h < n; h += h) for (let i = 0; i + h < n; i += h + h) x[i] = x[i]! * x[i + h]!; }],
])("%s: a loop for each of those stages that are long", (_, kernel) => { expect(staged(kernel)).toBeGreaterThan(3); });
