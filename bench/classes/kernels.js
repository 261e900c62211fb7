// Plain kernels of seven classes, 32 in all: the loops that image, audio and number code is made of, as people write them. `slow` are the
// parameters that are compiled in. `args` makes a call's arguments out of `arrays`: ordinary typed arrays, or ones of the arena.

const noise = (seed) => {
  let s = seed >>> 0;
  return () => (s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 4294967296;
};
const fill = (array, from, to, seed = 1) => {
  const next = noise(seed);
  for (let i = 0; i < array.length; i++) array[i] = from + next() * (to - from);
  return array;
};
const bytes = (array, seed = 1) => fill(array, 0, 256, seed);
const taps = (n) => Array.from({ length: n }, (_, i) => Math.sin(i + 1) / n);

/** Nodes of full binary trees of a depth: feature and threshold of inner ones, then values of leaves. */
function forest(count, depth) {
  const next = noise(7), inner = 2 ** depth - 1;
  return Array.from({ length: count }, () => ({
    feature: Array.from({ length: inner }, () => Math.floor(next() * 8)), threshold: Array.from({ length: inner }, next), leaf: Array.from({ length: inner + 1 }, next),
  }));
}
const crcTable = () => Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

export const classes = {
  stencils: {
    heat: { slow: ["w", "h", "k"], args: (a) => [fill(a.float64(16384), -1, 1), a.float64(16384), 128, 128, 0.1], kernel: function heat(u, v, w, h, k) {
      for (let y = 1; y < h - 1; y++) for (let x = 1; x < w - 1; x++) {
        const i = y * w + x;
        v[i] = u[i] + k * (u[i - 1] + u[i + 1] + u[i - w] + u[i + w] - 4 * u[i]);
      }
    } },
    sobel: { slow: ["w", "h"], args: (a) => [bytes(a.uint8(65536)), a.uint8(65536), 256, 256], kernel: function sobel(src, dst, w, h) {
      for (let y = 1; y < h - 1; y++) for (let x = 1; x < w - 1; x++) {
        const p = y * w + x;
        const gx = src[p - w + 1] + 2 * src[p + 1] + src[p + w + 1] - src[p - w - 1] - 2 * src[p - 1] - src[p + w - 1];
        const gy = src[p + w - 1] + 2 * src[p + w] + src[p + w + 1] - src[p - w - 1] - 2 * src[p - w] - src[p - w + 1];
        dst[p] = Math.min(255, Math.abs(gx) + Math.abs(gy));
      }
    } },
    life: { slow: ["w", "h"], args: (a) => [fill(a.uint8(65536), 0, 2), a.uint8(65536), 256, 256], kernel: function life(a, b, w, h) {
      for (let y = 1; y < h - 1; y++) for (let x = 1; x < w - 1; x++) {
        const i = y * w + x;
        const n = a[i - w - 1] + a[i - w] + a[i - w + 1] + a[i - 1] + a[i + 1] + a[i + w - 1] + a[i + w] + a[i + w + 1];
        b[i] = n === 3 || (n === 2 && a[i] === 1) ? 1 : 0;
      }
    } },
    box: { slow: [], args: (a) => [fill(a.float32(65536), -1, 1), a.float32(65536), 256, 256, 4], kernel: function box(src, dst, w, h, r) {
      for (let y = 0; y < h; y++) for (let x = r; x < w - r; x++) {
        let s = 0;
        for (let k = -r; k <= r; k++) s += src[y * w + x + k];
        dst[y * w + x] = s / (2 * r + 1);
      }
    } },
    median: { slow: [], args: (a) => [bytes(a.uint8(65536)), a.uint8(65536)], kernel: function median(x, y) {
      for (let i = 1; i < x.length - 1; i++) {
        const a = x[i - 1], b = x[i], c = x[i + 1];
        y[i] = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
      }
    } },
    halve: { slow: ["w"], args: (a) => [bytes(a.uint8(65536)), a.uint8(16384), 256, 256], kernel: function halve(src, dst, w, h) {
      const w2 = w >> 1, h2 = h >> 1;
      for (let y = 0; y < h2; y++) for (let x = 0; x < w2; x++) {
        const p = 2 * y * w + 2 * x;
        dst[y * w2 + x] = (src[p] + src[p + 1] + src[p + w] + src[p + w + 1] + 2) >> 2;
      }
    } },
  },
  "colour transforms": {
    sepia: { slow: [], args: (a) => [bytes(a.uint8Clamped(65536)), a.uint8Clamped(65536)], kernel: function sepia(src, dst) {
      for (let i = 0; i < src.length; i += 4) {
        const r = src[i], g = src[i + 1], b = src[i + 2];
        dst[i] = r * 0.393 + g * 0.769 + b * 0.189;
        dst[i + 1] = r * 0.349 + g * 0.686 + b * 0.168;
        dst[i + 2] = r * 0.272 + g * 0.534 + b * 0.131;
        dst[i + 3] = src[i + 3];
      }
    } },
    gray: { slow: [], args: (a) => [bytes(a.uint8(65536)), a.uint8(16384)], kernel: function gray(src, dst) {
      for (let i = 0, j = 0; i < src.length; i += 4, j++) dst[j] = (src[i] * 77 + src[i + 1] * 150 + src[i + 2] * 29) >> 8;
    } },
    yuv: { slow: [], args: (a) => [bytes(a.uint8(16384)), bytes(a.uint8(16384), 2), bytes(a.uint8(16384), 3), a.uint8(65536)], kernel: function yuv(y, u, v, out) {
      for (let i = 0; i < y.length; i++) {
        const c = y[i] - 16, d = u[i] - 128, e = v[i] - 128;
        const r = (298 * c + 409 * e + 128) >> 8, g = (298 * c - 100 * d - 208 * e + 128) >> 8, b = (298 * c + 516 * d + 128) >> 8;
        out[4 * i] = r < 0 ? 0 : r > 255 ? 255 : r;
        out[4 * i + 1] = g < 0 ? 0 : g > 255 ? 255 : g;
        out[4 * i + 2] = b < 0 ? 0 : b > 255 ? 255 : b;
        out[4 * i + 3] = 255;
      }
    } },
    gamma: { slow: ["lut"], args: (a) => [bytes(a.uint8(65536)), a.uint8(65536), Array.from({ length: 256 }, (_, i) => Math.round(255 * (i / 255) ** 0.45))], kernel: function gamma(src, dst, lut) {
      for (let i = 0; i < src.length; i++) dst[i] = lut[src[i]];
    } },
    blend: { slow: [], args: (a) => [bytes(a.uint8Clamped(65536)), bytes(a.uint8Clamped(65536), 2), a.uint8Clamped(65536)], kernel: function blend(a, b, out) {
      for (let i = 0; i < a.length; i += 4) {
        const t = a[i + 3];
        for (let c = 0; c < 3; c++) out[i + c] = (a[i + c] * t + b[i + c] * (255 - t)) / 255;
        out[i + 3] = 255;
      }
    } },
  },
  filters: {
    fir: { slow: ["taps"], args: (a) => [fill(a.float32(4112), -1, 1), a.float32(4096), taps(16)], kernel: function fir(x, y, taps) {
      for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < taps.length; k++) s += taps[k] * x[i + k]; y[i] = s; }
    } },
    "fir, any taps": { slow: [], args: (a) => [fill(a.float64(4128), -1, 1), a.float64(4096), fill(a.float64(32), -1, 1, 3)], kernel: function fir(x, y, taps) {
      for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < taps.length; k++) s += taps[k] * x[i + k]; y[i] = s; }
    } },
    mix: { slow: ["gains"], args: (a) => [fill(a.float32(16384), -1, 1), fill(a.float32(16384), -1, 1, 2), a.float32(16384), [0.9, 0.8]], kernel: function mix(a, b, out, gains) {
      for (let i = 0; i < out.length; i++) {
        let v = a[i] * gains[0] + b[i] * gains[1];
        if (v > 1) v = 1; else if (v < -1) v = -1;
        out[i] = v;
      }
    } },
    pcm: { slow: [], args: (a) => [fill(a.float32(16384), -1.5, 1.5), a.int16(16384)], kernel: function pcm(x, out) {
      for (let i = 0; i < x.length; i++) { const s = Math.max(-1, Math.min(1, x[i])); out[i] = s < 0 ? s * 32768 : s * 32767; }
    } },
    resample: { slow: ["step"], args: (a) => [fill(a.float32(16384), -1, 1), a.float32(10000), 1.5], kernel: function resample(x, out, step) {
      for (let i = 0; i < out.length; i++) {
        const p = i * step, k = Math.floor(p), f = p - k;
        out[i] = x[k] + (x[k + 1] - x[k]) * f;
      }
    } },
  },
  "small linear algebra": {
    transform: { slow: ["m"], args: (a) => [fill(a.float32(30000), -1, 1), a.float32(30000), [0.1, 0.2, 0.3, -0.4, 0.5, 0.6, 0.7, -0.8, 0.9]], kernel: function transform(p, q, m) {
      for (let i = 0; i < p.length; i += 3) {
        const x = p[i], y = p[i + 1], z = p[i + 2];
        q[i] = m[0] * x + m[1] * y + m[2] * z;
        q[i + 1] = m[3] * x + m[4] * y + m[5] * z;
        q[i + 2] = m[6] * x + m[7] * y + m[8] * z;
      }
    } },
    matvec: { slow: [], args: (a) => [fill(a.float64(65536), -1, 1), fill(a.float64(256), -1, 1, 2), a.float64(256), 256, 256], kernel: function matvec(a, x, y, n, m) {
      for (let i = 0; i < n; i++) { let s = 0; for (let j = 0; j < m; j++) s += a[i * m + j] * x[j]; y[i] = s; }
    } },
    matmul: { slow: ["n"], args: (a) => [fill(a.float64(4096), -1, 1), fill(a.float64(4096), -1, 1, 2), a.float64(4096), 64], kernel: function matmul(a, b, c, n) {
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) { let s = 0; for (let k = 0; k < n; k++) s += a[i * n + k] * b[k * n + j]; c[i * n + j] = s; }
    } },
    axpy: { slow: ["a"], args: (a) => [fill(a.float64(16384), -1, 1), fill(a.float64(16384), -1, 1, 2), 0.75], kernel: function axpy(x, y, a) {
      for (let i = 0; i < x.length; i++) y[i] += a * x[i];
    } },
  },
  inference: {
    forest: { slow: ["trees"], args: (a) => [fill(a.float64(4096), 0, 1), a.float64(512), forest(20, 4)], kernel: function predict(rows, out, trees) {
      for (let r = 0; r < out.length; r++) {
        let sum = 0;
        for (const { feature, threshold, leaf } of trees) {
          let node = 0;
          while (node < feature.length) node = 2 * node + (rows[8 * r + feature[node]] < threshold[node] ? 1 : 2);
          sum += leaf[node - feature.length];
        }
        out[r] = sum;
      }
    } },
    dense: { slow: ["weights", "bias"], args: (a) => [fill(a.float64(2048), -1, 1), a.float64(1024), Array.from({ length: 8 }, (_, i) => taps(16).map((t) => t * (i + 1))), taps(8)], kernel: function dense(x, y, weights, bias) {
      for (let r = 0; r * 16 < x.length; r++) for (let o = 0; o < weights.length; o++) {
        let s = bias[o];
        for (let i = 0; i < 16; i++) s += weights[o][i] * x[16 * r + i];
        y[8 * r + o] = s > 0 ? s : 0;
      }
    } },
    nearest: { slow: [], args: (a) => [fill(a.float64(4096), -1, 1), fill(a.float64(16), -1, 1, 2), fill(a.float64(16), -1, 1, 3), a.int32(2048), 16], kernel: function nearest(px, cx, cy, at, k) {
      for (let i = 0; i < at.length; i++) {
        let best = Infinity, found = -1;
        for (let j = 0; j < k; j++) { const dx = px[2 * i] - cx[j], dy = px[2 * i + 1] - cy[j], d = dx * dx + dy * dy; if (d < best) { best = d; found = j; } }
        at[i] = found;
      }
    } },
    argmax: { slow: [], args: (a) => [fill(a.float64(16384), -1, 1)], kernel: function argmax(x) {
      let best = 0;
      for (let i = 1; i < x.length; i++) if (x[i] > x[best]) best = i;
      return best;
    } },
  },
  "integer hashing": {
    murmur: { slow: [], args: (a) => [fill(a.uint32(16384), 0, 4294967296), a.uint32(16384)], kernel: function murmur(x, out) {
      for (let i = 0; i < x.length; i++) {
        let h = x[i] | 0;
        h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
        h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
        out[i] = (h ^ (h >>> 16)) >>> 0;
      }
    } },
    fnv: { slow: ["length"], args: (a) => [bytes(a.uint8(65536)), a.uint32(4096), 16], kernel: function fnv(bytes, out, length) {
      for (let i = 0; i < out.length; i++) {
        let h = 0x811c9dc5;
        for (let k = 0; k < length; k++) h = Math.imul(h ^ bytes[i * length + k], 0x01000193);
        out[i] = h >>> 0;
      }
    } },
    crc: { slow: ["table"], args: (a) => [bytes(a.uint8(65536)), crcTable()], kernel: function crc(bytes, table) {
      let c = -1;
      for (let i = 0; i < bytes.length; i++) c = table[(c ^ bytes[i]) & 255] ^ (c >>> 8);
      return ~c >>> 0;
    } },
    find: { slow: [], args: (a) => { const x = fill(a.uint8(65536), 0, 200); x[65000] = 250; return [x, 250]; }, kernel: function find(x, v) {
      for (let i = 0; i < x.length; i++) if (x[i] === v) return i;
      return -1;
    } },
  },
  "dynamic programming": {
    edit: { slow: [], args: (a) => [fill(a.uint8(300), 0, 4), fill(a.uint8(300), 0, 4, 2), a.int32(301)], kernel: function edit(a, b, row) {
      for (let j = 0; j <= b.length; j++) row[j] = j;
      for (let i = 1; i <= a.length; i++) {
        let previous = row[0];
        row[0] = i;
        for (let j = 1; j <= b.length; j++) {
          const cost = a[i - 1] === b[j - 1] ? 0 : 1, above = row[j];
          row[j] = Math.min(above + 1, row[j - 1] + 1, previous + cost);
          previous = above;
        }
      }
      return row[b.length];
    } },
    lcs: { slow: [], args: (a) => [fill(a.uint8(300), 0, 4), fill(a.uint8(300), 0, 4, 2), a.int32(301), a.int32(301)], kernel: function lcs(a, b, above, row) {
      for (let i = 0; i < a.length; i++) {
        for (let j = 0; j < b.length; j++) row[j + 1] = a[i] === b[j] ? above[j] + 1 : Math.max(above[j + 1], row[j]);
        for (let j = 0; j <= b.length; j++) above[j] = row[j];
      }
      return above[b.length];
    } },
    knapsack: { slow: ["w", "v"], args: (a) => [a.int32(2001), [12, 7, 55, 31, 9, 101, 43, 27, 66, 18], [24, 13, 61, 44, 11, 150, 60, 39, 77, 21], 2000], kernel: function knapsack(best, w, v, most) {
      best.fill(0);
      for (let i = 0; i < w.length; i++) for (let c = most; c >= w[i]; c--) best[c] = Math.max(best[c], best[c - w[i]] + v[i]);
      return best[most];
    } },
  },
};
