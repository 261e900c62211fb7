// Plain kernels of eight classes, 91 in all: the loops that image, audio, number and table code is made of, as people write them. `slow` are the
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
const rows = (n, m, from, to, seed = 5) => {
  const next = noise(seed);
  return Array.from({ length: n }, () => Array.from({ length: m }, () => from + next() * (to - from)));
};
const taps = (n) => Array.from({ length: n }, (_, i) => Math.sin(i + 1) / n);

/** Nodes of full binary trees of a depth: feature and threshold of inner ones, then values of leaves. */
function forest(count, depth) {
  const next = noise(7), inner = 2 ** depth - 1;
  return Array.from({ length: count }, () => ({
    feature: Array.from({ length: inner }, () => Math.floor(next() * 8)), threshold: Array.from({ length: inner }, next), leaf: Array.from({ length: inner + 1 }, next),
  }));
}
/** Trees of all sizes in arrays with pointers, as other libraries export them. */
function trees(count, depth, features) {
  const next = noise(21);
  const grow = (tree, below, used) => {
    const id = tree.feature.length;
    for (const list of Object.values(tree)) list.push(-1);
    tree.path[id] = used;
    if (below > 0 && (used < 2 || next() < 0.75)) {
      tree.feature[id] = Math.floor(next() * features);
      tree.threshold[id] = next();
      tree.left[id] = grow(tree, below - 1, used + 1);
      tree.right[id] = grow(tree, below - 1, used + 1);
    }
    return id;
  };
  return Array.from({ length: count }, () => { const tree = { feature: [], threshold: [], left: [], right: [], path: [] }; grow(tree, depth, 0); return tree; });
}
/** A decision tree of objects, of any shape. */
function nested(depth, features, next) {
  if (depth === 0 || (depth < 4 && next() < 0.2)) return { value: next() };
  return { feature: Math.floor(next() * features), threshold: next(), left: nested(depth - 1, features, next), right: nested(depth - 1, features, next) };
}
/** Boosted trees that know where values go that are missing. */
function gbdt(count, depth, features) {
  const next = noise(33);
  return Array.from({ length: count }, () => {
    const t = { feature: [], threshold: [], yes: [], no: [], missing: [], value: [] };
    const grow = (d) => {
      const id = t.feature.length;
      t.feature.push(-1); t.threshold.push(0); t.yes.push(0); t.no.push(0); t.missing.push(0); t.value.push(0);
      if (d === 0 || (d < depth - 1 && next() < 0.15)) { t.value[id] = next() - 0.5; return id; }
      t.feature[id] = Math.floor(next() * features); t.threshold[id] = next();
      const y = grow(d - 1), n = grow(d - 1);
      t.yes[id] = y; t.no[id] = n; t.missing[id] = next() < 0.5 ? y : n;
      return id;
    };
    grow(depth);
    return t;
  });
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
    "median of nine": { slow: ["w", "h"], args: (a) => [bytes(a.uint8(19200)), a.uint8(19200), 160, 120], kernel: function median3(src, dst, w, h) {
      const win = new Uint8Array(9);
      for (let y = 1; y < h - 1; y++) for (let x = 1; x < w - 1; x++) {
        let n = 0;
        for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) {
          const v = src[(y + dy) * w + x + dx];
          let k = n++;
          while (k > 0 && win[k - 1] > v) { win[k] = win[k - 1]; k--; }
          win[k] = v;
        }
        dst[y * w + x] = win[4];
      }
    } },
    halve: { slow: ["w"], args: (a) => [bytes(a.uint8(65536)), a.uint8(16384), 256, 256], kernel: function halve(src, dst, w, h) {
      const w2 = w >> 1, h2 = h >> 1;
      for (let y = 0; y < h2; y++) for (let x = 0; x < w2; x++) {
        const p = 2 * y * w + 2 * x;
        dst[y * w2 + x] = (src[p] + src[p + 1] + src[p + w] + src[p + w + 1] + 2) >> 2;
      }
    } },
    "mirrored convolution": { slow: ["w", "h", "kernel"], args: (a) => [bytes(a.uint8(65536)), a.uint8Clamped(65536), 256, 256, { size: 3, weights: [1, 2, 1, 2, 4, 2, 1, 2, 1], divisor: 16, offset: 0, edge: "mirror" }], kernel: function convEdge(src, dst, w, h, kernel) {
      const { size, weights, divisor, offset, edge } = kernel, r = size >> 1;
      for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
        let sum = 0;
        for (let ky = 0; ky < size; ky++) for (let kx = 0; kx < size; kx++) {
          const wt = weights[ky * size + kx];
          if (wt === 0) continue;
          let sx = x + kx - r, sy = y + ky - r;
          if (edge === "wrap") { sx = (sx + w) % w; sy = (sy + h) % h; }
          else if (edge === "mirror") { if (sx < 0) sx = -sx; else if (sx >= w) sx = 2 * w - 2 - sx; if (sy < 0) sy = -sy; else if (sy >= h) sy = 2 * h - 2 - sy; }
          else { sx = sx < 0 ? 0 : sx >= w ? w - 1 : sx; sy = sy < 0 ? 0 : sy >= h ? h - 1 : sy; }
          sum += src[sy * w + sx] * wt;
        }
        dst[y * w + x] = sum / divisor + offset;
      }
    } },
    "wrapped wave": { slow: ["w", "h", "c", "damp"], args: (a) => [fill(a.float32(65536), -1, 1), fill(a.float32(65536), -1, 1, 2), a.float32(65536), 256, 256, 0.2, 0.995], kernel: function wave(u, prev, next, w, h, c, damp) {
      for (let y = 0; y < h; y++) { const up = ((y + h - 1) % h) * w, down = ((y + 1) % h) * w, row = y * w;
        for (let x = 0; x < w; x++) { const l = (x + w - 1) % w, r = (x + 1) % w;
          next[row + x] = damp * (2 * u[row + x] - prev[row + x] + c * (u[row + l] + u[row + r] + u[up + x] + u[down + x] - 4 * u[row + x])); } }
    } },
    "box of columns": { slow: ["w", "h", "r"], args: (a) => [fill(a.float32(65536), -1, 1), a.float32(65536), 256, 256, 4], kernel: function boxV(src, dst, w, h, r) {
      const n = 1 / (2 * r + 1);
      for (let x = 0; x < w; x++) {
        let sum = src[x] * (r + 1);
        for (let k = 1; k <= r; k++) sum += src[k * w + x];
        for (let y = 0; y < h; y++) {
          dst[y * w + x] = sum * n;
          sum += src[Math.min(h - 1, y + r + 1) * w + x] - src[Math.max(0, y - r) * w + x];
        }
      }
    } },
    smooth: { slow: ["w", "h", "a"], args: (a) => [fill(a.float32(65536), -1, 1), 256, 256, 0.3], kernel: function iirBlur(d, w, h, a) {
      for (let y = 0; y < h; y++) {
        let s = d[y * w];
        for (let x = 0; x < w; x++) { s += a * (d[y * w + x] - s); d[y * w + x] = s; }
        for (let x = w - 1; x >= 0; x--) { s += a * (d[y * w + x] - s); d[y * w + x] = s; }
      }
      for (let x = 0; x < w; x++) {
        let s = d[x];
        for (let y = 0; y < h; y++) { s += a * (d[y * w + x] - s); d[y * w + x] = s; }
        for (let y = h - 1; y >= 0; y--) { s += a * (d[y * w + x] - s); d[y * w + x] = s; }
      }
    } },
    shrink: { slow: ["w", "h", "factor"], args: (a) => [bytes(a.uint8(65536)), a.uint8(4096), 256, 256, 4], kernel: function areaDown(src, dst, w, h, factor) {
      const dw = w / factor, dh = h / factor, n = factor * factor;
      for (let y = 0; y < dh; y++) for (let x = 0; x < dw; x++) { let s = 0; for (let j = 0; j < factor; j++) for (let i = 0; i < factor; i++) s += src[(y * factor + j) * w + x * factor + i]; dst[y * dw + x] = Math.round(s / n); }
    } },
    bilateral: { slow: ["w", "h", "spatial", "range"], args: (a) => [bytes(a.uint8(16384)), a.uint8(16384), 128, 128, Array.from({ length: 9 }, (_, i) => Math.exp(-((i % 3 - 1) ** 2 + (Math.floor(i / 3) - 1) ** 2) / 2)), Array.from({ length: 256 }, (_, d) => Math.exp(-d * d / 800))], kernel: function bilateral(src, dst, w, h, spatial, range) {
      for (let y = 1; y < h - 1; y++) for (let x = 1; x < w - 1; x++) {
        const c = src[y * w + x]; let s = 0, n = 0;
        for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) {
          const v = src[(y + dy) * w + x + dx], k = spatial[(dy + 1) * 3 + dx + 1] * range[Math.abs(v - c)];
          s += v * k; n += k;
        }
        dst[y * w + x] = s / n + 0.5;
      }
    } },
    "bilinear scale": { slow: ["sw", "sh", "dw", "dh"], args: (a) => [bytes(a.uint8Clamped(65536)), a.uint8Clamped(36864), 128, 128, 96, 96], kernel: function bilinRGBA(src, dst, sw, sh, dw, dh) {
      const sx = sw / dw, sy = sh / dh;
      for (let y = 0; y < dh; y++) {
        const fy = Math.max(0, (y + 0.5) * sy - 0.5), y0 = Math.floor(fy), y1 = Math.min(sh - 1, y0 + 1), wy = fy - y0;
        for (let x = 0; x < dw; x++) {
          const fx = Math.max(0, (x + 0.5) * sx - 0.5), x0 = Math.floor(fx), x1 = Math.min(sw - 1, x0 + 1), wx = fx - x0;
          for (let c = 0; c < 4; c++) {
            const a = src[(y0 * sw + x0) * 4 + c], b = src[(y0 * sw + x1) * 4 + c], d = src[(y1 * sw + x0) * 4 + c], e = src[(y1 * sw + x1) * 4 + c];
            dst[(y * dw + x) * 4 + c] = (a * (1 - wx) + b * wx) * (1 - wy) + (d * (1 - wx) + e * wx) * wy;
          }
        }
      }
    } },
    "blur of pixels": { slow: ["kernel", "w", "h"], args: (a) => [bytes(a.uint8Clamped(96 * 96 * 4)), a.uint8Clamped(96 * 96 * 4), 96, 96, [1, 4, 6, 4, 1, 4, 16, 24, 16, 4, 6, 24, 36, 24, 6, 4, 16, 24, 16, 4, 1, 4, 6, 4, 1]], kernel: function gauss5(src, dst, w, h, kernel) {
      for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) {
        let r = 0, g = 0, b = 0;
        for (let j = -2; j <= 2; j++) for (let i = -2; i <= 2; i++) {
          const yy = Math.min(h - 1, Math.max(0, y + j)), xx = Math.min(w - 1, Math.max(0, x + i));
          const k = kernel[(j + 2) * 5 + i + 2], p = (yy * w + xx) * 4;
          r += src[p] * k; g += src[p + 1] * k; b += src[p + 2] * k;
        }
        const o = (y * w + x) * 4;
        dst[o] = r / 256; dst[o + 1] = g / 256; dst[o + 2] = b / 256; dst[o + 3] = src[o + 3];
      }
    } },
    "reaction and diffusion": { slow: ["p"], args: (a) => [fill(a.float32(10000), 0, 1), fill(a.float32(10000), 0, 1, 2), a.float32(10000), a.float32(10000), { w: 100, h: 100, du: 0.16, dv: 0.08, feed: 0.035, kill: 0.065, dt: 1 }], kernel: function grayScott(u, v, u2, v2, p) {
      const { w, h } = p;
      for (let y = 0; y < h; y++) {
        const n = y === 0 ? h - 1 : y - 1, s = y === h - 1 ? 0 : y + 1;
        for (let x = 0; x < w; x++) {
          const e = x === w - 1 ? 0 : x + 1, o = x === 0 ? w - 1 : x - 1, i = y * w + x;
          const lu = u[n * w + x] + u[s * w + x] + u[y * w + e] + u[y * w + o] - 4 * u[i];
          const lv = v[n * w + x] + v[s * w + x] + v[y * w + e] + v[y * w + o] - 4 * v[i];
          const uvv = u[i] * v[i] * v[i];
          u2[i] = u[i] + p.dt * (p.du * lu - uvv + p.feed * (1 - u[i]));
          v2[i] = v[i] + p.dt * (p.dv * lv + uvv - (p.feed + p.kill) * v[i]);
        }
      }
    } },
    seam: { slow: ["w", "h"], args: (a) => [fill(a.float32(96 * 64), 0, 1), a.float32(96 * 64), 96, 64], kernel: function seam(e, m, w, h) {
      for (let x = 0; x < w; x++) m[x] = e[x];
      for (let y = 1; y < h; y++) for (let x = 0; x < w; x++) {
        let b = m[(y - 1) * w + x];
        if (x > 0) b = Math.min(b, m[(y - 1) * w + x - 1]);
        if (x < w - 1) b = Math.min(b, m[(y - 1) * w + x + 1]);
        m[y * w + x] = e[y * w + x] + b;
      }
    } },
    "non-maximum suppression": { slow: ["w", "h", "low", "high"], args: (a) => [fill(a.int16(160 * 120), -400, 400), fill(a.int16(160 * 120), -400, 400, 2), a.uint8(160 * 120), 160, 120, 100, 300], kernel: function suppress(gx, gy, out, w, h, low, high) {
      const mag = new Float32Array(w * h);
      for (let i = 0; i < w * h; i++) mag[i] = Math.sqrt(gx[i] * gx[i] + gy[i] * gy[i]);
      for (let y = 1; y < h - 1; y++) for (let x = 1; x < w - 1; x++) {
        const i = y * w + x, m = mag[i], ax = Math.abs(gx[i]), ay = Math.abs(gy[i]);
        let a, b;
        if (ay * 2.414 < ax) { a = mag[i - 1]; b = mag[i + 1]; }
        else if (ax * 2.414 < ay) { a = mag[i - w]; b = mag[i + w]; }
        else if ((gx[i] > 0) === (gy[i] > 0)) { a = mag[i - w - 1]; b = mag[i + w + 1]; }
        else { a = mag[i - w + 1]; b = mag[i + w - 1]; }
        out[i] = m > a && m >= b ? (m >= high ? 255 : m >= low ? 128 : 0) : 0;
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
    overlay: { slow: ["mode", "opacity"], args: (a) => [bytes(a.uint8Clamped(65536)), bytes(a.uint8Clamped(65536), 2), a.uint8Clamped(65536), "overlay", 0.8], kernel: function composite(base, top, out, mode, opacity) {
      for (let i = 0; i < out.length; i += 4) {
        const ta = top[i + 3] / 255 * opacity;
        for (let c = 0; c < 3; c++) {
          const b = base[i + c], t = top[i + c];
          let v;
          switch (mode) {
            case "multiply": v = b * t / 255; break;
            case "screen": v = 255 - (255 - b) * (255 - t) / 255; break;
            case "overlay": v = b < 128 ? 2 * b * t / 255 : 255 - 2 * (255 - b) * (255 - t) / 255; break;
            case "darken": v = Math.min(b, t); break;
            default: v = t;
          }
          out[i + c] = b + (v - b) * ta;
        }
        out[i + 3] = base[i + 3] + (255 - base[i + 3]) * ta;
      }
    } },
    hue: { slow: ["shift"], args: (a) => [bytes(a.uint8Clamped(65536)), a.uint8Clamped(65536), { hue: 30, saturation: 1.2, value: 0.95 }], kernel: function hsvShift(src, dst, shift) {
      for (let i = 0; i < src.length; i += 4) {
        const r = src[i] / 255, g = src[i + 1] / 255, b = src[i + 2] / 255;
        const mx = Math.max(r, g, b), mn = Math.min(r, g, b), d = mx - mn;
        let h = 0;
        if (d !== 0) { if (mx === r) h = ((g - b) / d) % 6; else if (mx === g) h = (b - r) / d + 2; else h = (r - g) / d + 4; }
        h = h * 60 + shift.hue; if (h < 0) h += 360; if (h >= 360) h -= 360;
        const s = Math.min(1, (mx === 0 ? 0 : d / mx) * shift.saturation), v = Math.min(1, mx * shift.value);
        const c = v * s, hp = h / 60, x = c * (1 - Math.abs(hp % 2 - 1)), m = v - c;
        let R = 0, G = 0, B = 0;
        if (hp < 1) { R = c; G = x; } else if (hp < 2) { R = x; G = c; } else if (hp < 3) { G = c; B = x; } else if (hp < 4) { G = x; B = c; } else if (hp < 5) { R = x; B = c; } else { R = c; B = x; }
        dst[i] = (R + m) * 255; dst[i + 1] = (G + m) * 255; dst[i + 2] = (B + m) * 255; dst[i + 3] = src[i + 3];
      }
    } },
    "tone map": { slow: ["opts"], args: (a) => [fill(a.float32(49152), 0, 4), a.uint8Clamped(65536), { exposure: 1.4, curve: "aces", gamma: 2.2 }], kernel: function tonemap(hdr, out, opts) {
      const { exposure, curve, gamma } = opts;
      for (let i = 0, o = 0; i < hdr.length; i += 3, o += 4) {
        for (let c = 0; c < 3; c++) {
          let v = hdr[i + c] * exposure;
          if (curve === "reinhard") v = v / (1 + v);
          else if (curve === "aces") v = (v * (2.51 * v + 0.03)) / (v * (2.43 * v + 0.59) + 0.14);
          out[o + c] = Math.pow(Math.min(1, Math.max(0, v)), 1 / gamma) * 255;
        }
        out[o + 3] = 255;
      }
    } },
    "LUT of three": { slow: ["size", "lut"], args: (a) => [bytes(a.uint8(49152)), a.uint8(49152), 9, Float32Array.from({ length: 2187 }, (_, i) => 255 * Math.sqrt(((i % 9) / 8) * 0.5 + (i % 5) / 10))], kernel: function lut3(src, dst, size, lut) {
      const scale = (size - 1) / 255;
      for (let i = 0; i < src.length; i += 3) {
        const r = src[i] * scale, g = src[i + 1] * scale, b = src[i + 2] * scale;
        const r0 = Math.floor(r), g0 = Math.floor(g), b0 = Math.floor(b);
        const r1 = Math.min(size - 1, r0 + 1), g1 = Math.min(size - 1, g0 + 1), b1 = Math.min(size - 1, b0 + 1);
        const fr = r - r0, fg = g - g0, fb = b - b0;
        for (let c = 0; c < 3; c++) {
          const at = (x, y, z) => lut[((z * size + y) * size + x) * 3 + c];
          const c00 = at(r0, g0, b0) * (1 - fr) + at(r1, g0, b0) * fr, c10 = at(r0, g1, b0) * (1 - fr) + at(r1, g1, b0) * fr;
          const c01 = at(r0, g0, b1) * (1 - fr) + at(r1, g0, b1) * fr, c11 = at(r0, g1, b1) * (1 - fr) + at(r1, g1, b1) * fr;
          const c0 = c00 * (1 - fg) + c10 * fg, c1 = c01 * (1 - fg) + c11 * fg;
          dst[i + c] = c0 * (1 - fb) + c1 * fb + 0.5;
        }
      }
    } },
    hsl: { slow: [], args: (a) => [bytes(a.uint8(12288)), a.float32(12288)], kernel: function rgb2hsl(px, out) {
      for (let i = 0; i < px.length; i += 3) {
        const r = px[i] / 255, g = px[i + 1] / 255, b = px[i + 2] / 255;
        const max = Math.max(r, g, b), min = Math.min(r, g, b), l = (max + min) / 2;
        let h = 0, s = 0;
        if (max !== min) {
          const d = max - min;
          s = l > 0.5 ? d / (2 - max - min) : d / (max + min);
          if (max === r) h = (g - b) / d + (g < b ? 6 : 0);
          else if (max === g) h = (b - r) / d + 2;
          else h = (r - g) / d + 4;
          h /= 6;
        }
        out[i] = h; out[i + 1] = s; out[i + 2] = l;
      }
    } },
    palette: { slow: ["palette"], args: (a) => [bytes(a.uint8Clamped(4096 * 4)), a.uint8(4096), rows(16, 3, 0, 255).map((r) => r.map(Math.floor))], kernel: function quantize(px, out, palette) {
      for (let i = 0; i < out.length; i++) {
        let best = 0, least = Infinity;
        for (let k = 0; k < palette.length; k++) {
          const dr = px[4 * i] - palette[k][0], dg = px[4 * i + 1] - palette[k][1], db = px[4 * i + 2] - palette[k][2];
          const d = dr * dr + dg * dg + db * db;
          if (d < least) { least = d; best = k; }
        }
        out[i] = best;
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
    polyphase: { slow: ["up", "down", "taps"], args: (a) => [fill(a.float32(6000), -1, 1), a.float32(4000), 2, 3, taps(48)], kernel: function upfirdn(x, y, up, down, taps) {
      const each = Math.ceil(taps.length / up);
      for (let n = 0; n < y.length; n++) {
        const t = n * down, phase = t % up, base = (t - phase) / up;
        let s = 0;
        for (let k = 0; k < each; k++) { const j = base - k; if (j >= 0 && j < x.length) s += x[j] * taps[phase + k * up]; }
        y[n] = s;
      }
    } },
    equalizer: { slow: ["bands"], args: (a) => [fill(a.float32(4096), -1, 1), a.float32(4096), a.float64(24), Array.from({ length: 6 }, (_, i) => ({ b0: 1 + i / 50, b1: -1.8 + i / 10, b2: 0.83, a1: -1.8 + i / 10, a2: 0.84 + i / 60 }))], kernel: function eq6(x, y, z, bands) {
      for (let i = 0; i < x.length; i++) {
        let v = x[i];
        for (let k = 0; k < bands.length; k++) { const { b0, b1, b2, a1, a2 } = bands[k]; const o = b0 * v + b1 * z[4 * k] + b2 * z[4 * k + 1] - a1 * z[4 * k + 2] - a2 * z[4 * k + 3]; z[4 * k + 1] = z[4 * k]; z[4 * k] = v; z[4 * k + 3] = z[4 * k + 2]; z[4 * k + 2] = o; v = o; }
        y[i] = v;
      }
    } },
    echo: { slow: ["time", "feedback", "mix"], args: (a) => [fill(a.float32(4096), -1, 1), a.float32(4096), a.float32(8192), a.int32(1), 3000, 0.5, 0.3], kernel: function delayFb(x, y, line, pos, time, feedback, mix) {
      let p = pos[0]; const n = line.length;
      for (let i = 0; i < x.length; i++) { const d = line[(p - time + n) % n]; line[p] = x[i] + d * feedback; y[i] = x[i] * (1 - mix) + d * mix; p = (p + 1) % n; }
      pos[0] = p;
    } },
    shape: { slow: ["curve"], args: (a) => [fill(a.float32(8192), -1.2, 1.2), a.float32(8192), Float32Array.from({ length: 257 }, (_, i) => Math.tanh((i - 128) / 40))], kernel: function shaper(x, y, curve) {
      const n = curve.length - 1;
      for (let i = 0; i < x.length; i++) { const v = (Math.max(-1, Math.min(1, x[i])) + 1) * 0.5 * n, k = Math.min(n - 1, Math.floor(v)), f = v - k; y[i] = curve[k] + (curve[k + 1] - curve[k]) * f; }
    } },
    "moving average": { slow: ["n"], args: (a) => [fill(a.float64(8192), 0, 100), a.float64(8192), 20], kernel: function movingAverage(x, y, n) {
      let sum = 0;
      for (let i = 0; i < x.length; i++) { sum += x[i]; if (i >= n) sum -= x[i - n]; y[i] = sum / Math.min(i + 1, n); }
    } },
    chorus: { slow: ["depth", "base", "rate"], args: (a) => [fill(a.float32(4096), -1, 1), a.float32(4096), a.float32(4096), 20, 200, 0.0005], kernel: function chorus(x, y, ring, depth, base, rate) {
      const mask = ring.length - 1; let w = 0, lfo = 0;
      for (let i = 0; i < x.length; i++) {
        ring[w] = x[i];
        const tri = lfo < 0.5 ? 4 * lfo - 1 : 3 - 4 * lfo, d = base + depth * tri, di = Math.floor(d), f = d - di;
        const a = ring[(w - di) & mask], b = ring[(w - di - 1) & mask];
        y[i] = 0.5 * (x[i] + a + (b - a) * f);
        w = (w + 1) & mask;
        lfo += rate; if (lfo >= 1) lfo -= 1;
      }
    } },
    wavetable: { slow: ["wave"], args: (a) => [a.float32(8192), { table: Float32Array.from({ length: 2048 }, (_, i) => Math.sin((2 * Math.PI * i) / 2048)), gain: 0.8 }, 440, 48000], kernel: function wavetable(out, wave, freq, rate) {
      const { table, gain } = wave, n = table.length, mask = n - 1;
      let phase = 0; const step = freq * n / rate;
      for (let i = 0; i < out.length; i++) {
        const k = phase | 0, f = phase - k, a = table[k & mask], b = table[(k + 1) & mask];
        out[i] = (a + (b - a) * f) * gain;
        phase += step; while (phase >= n) phase -= n;
      }
    } },
    oscillator: { slow: ["table"], args: (a) => [a.float32(8192), Float32Array.from({ length: 1024 }, (_, i) => Math.sin((2 * Math.PI * i) / 1024)), 3.7, 0.5], kernel: function osc(out, table, step, phase) {
      const n = table.length;
      for (let i = 0; i < out.length; i++) { const k = Math.floor(phase), f = phase - k; out[i] = table[k] * (1 - f) + table[(k + 1) % n] * f; phase += step; if (phase >= n) phase -= n; }
      return phase;
    } },
    "fir in a ring": { slow: ["taps"], args: (a) => [fill(a.float64(2048), -1, 1), a.float64(2048), a.float64(24), Array.from({ length: 24 }, (_, i) => Math.sin(i + 1) / 24)], kernel: function firRing(x, y, ring, taps) {
      const n = taps.length; let p = 0;
      for (let i = 0; i < x.length; i++) {
        ring[p] = x[i];
        let s = 0, q = p;
        for (let k = 0; k < n; k++) { s += taps[k] * ring[q]; q = q === 0 ? n - 1 : q - 1; }
        y[i] = s;
        p = p === n - 1 ? 0 : p + 1;
      }
    } },
    combs: { slow: ["delays", "feedback"], args: (a) => [fill(a.float32(2048), -1, 1), a.float32(2048), a.float32(4 * 2048), a.int32(4), [1116, 1188, 1277, 1356], 0.84], kernel: function combs(x, y, buf, pos, delays, feedback) {
      for (let i = 0; i < x.length; i++) {
        let s = 0;
        for (let k = 0; k < delays.length; k++) {
          const at = k * 2048 + pos[k], v = buf[at];
          s += v; buf[at] = x[i] + v * feedback;
          pos[k]++; if (pos[k] >= delays[k]) pos[k] = 0;
        }
        y[i] = s / 4;
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
    inverse: { slow: [], args: (a) => [fill(a.float64(4608), -1, 1), a.float64(4608), 512], kernel: function inverse(a, out, n) {
      for (let k = 0; k < n; k++) {
        const o = 9 * k;
        const a00 = a[o], a01 = a[o + 1], a02 = a[o + 2], a10 = a[o + 3], a11 = a[o + 4], a12 = a[o + 5], a20 = a[o + 6], a21 = a[o + 7], a22 = a[o + 8];
        const b01 = a22 * a11 - a12 * a21, b11 = -a22 * a10 + a12 * a20, b21 = a21 * a10 - a11 * a20;
        let det = a00 * b01 + a01 * b11 + a02 * b21;
        det = det === 0 ? 0 : 1 / det;
        out[o] = b01 * det; out[o + 1] = (-a22 * a01 + a02 * a21) * det; out[o + 2] = (a12 * a01 - a02 * a11) * det;
        out[o + 3] = b11 * det; out[o + 4] = (a22 * a00 - a02 * a20) * det; out[o + 5] = (-a12 * a00 + a02 * a10) * det;
        out[o + 6] = b21 * det; out[o + 7] = (-a21 * a00 + a01 * a20) * det; out[o + 8] = (a11 * a00 - a01 * a10) * det;
      }
    } },
    solve: { slow: ["lu", "n"], args: (a) => [rows(6, 6, -0.5, 0.5).map((row, i) => row.map((x, j) => (i === j ? x + 3 : x))), fill(a.float64(1536), -1, 1), a.float64(1536), 6], kernel: function solve(lu, b, x, n) {
      for (let v = 0; v < b.length; v += n) {
        for (let i = 0; i < n; i++) { let s = b[v + i]; for (let k = 0; k < i; k++) s -= lu[i][k] * x[v + k]; x[v + i] = s; }
        for (let i = n - 1; i >= 0; i--) { let s = x[v + i]; for (let k = i + 1; k < n; k++) s -= lu[i][k] * x[v + k]; x[v + i] = s / lu[i][i]; }
      }
    } },
    axpy: { slow: ["a"], args: (a) => [fill(a.float64(16384), -1, 1), fill(a.float64(16384), -1, 1, 2), 0.75], kernel: function axpy(x, y, a) {
      for (let i = 0; i < x.length; i++) y[i] += a * x[i];
    } },
    "sparse product": { slow: ["m"], args: (a) => { const n = 200, next = noise(3), ptr = [0], col = [], val = []; for (let i = 0; i < n; i++) { const c = 2 + Math.floor(next() * 8); for (let k = 0; k < c; k++) { col.push(Math.floor(next() * n)); val.push(next()); } ptr.push(col.length); } return [fill(a.float64(n), -1, 1), a.float64(n), { ptr, col, val }]; }, kernel: function spmv(x, y, m) {
      for (let i = 0; i < y.length; i++) { let s = 0; for (let k = m.ptr[i]; k < m.ptr[i + 1]; k++) s += m.val[k] * x[m.col[k]]; y[i] = s; }
    } },
    cholesky: { slow: ["n"], args: (a) => { const n = 12, g = a.float64(n * n); for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) g[i * n + j] = i === j ? n + 2 : 1 / (1 + Math.abs(i - j)); return [g, a.float64(n * n), n]; }, kernel: function cholesky(a, l, n) {
      for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) {
        let s = a[i * n + j];
        for (let k = 0; k < j; k++) s -= l[i * n + k] * l[j * n + k];
        l[i * n + j] = i === j ? Math.sqrt(s) : s / l[j * n + j];
      }
    } },
    "systems with pivots": { slow: ["n"], args: (a) => [fill(a.float64(25 * 300), -1, 1), fill(a.float64(5 * 300), -1, 1, 2), a.float64(5 * 300), 5], kernel: function gauss(A, b, x, n) {
      const m = new Float64Array(n * (n + 1)), w = n + 1, count = b.length / n;
      for (let t = 0; t < count; t++) {
        for (let i = 0; i < n; i++) { for (let j = 0; j < n; j++) m[i * w + j] = A[t * n * n + i * n + j]; m[i * w + n] = b[t * n + i]; }
        for (let c = 0; c < n; c++) {
          let p = c;
          for (let r = c + 1; r < n; r++) if (Math.abs(m[r * w + c]) > Math.abs(m[p * w + c])) p = r;
          if (p !== c) for (let j = c; j <= n; j++) { const s = m[c * w + j]; m[c * w + j] = m[p * w + j]; m[p * w + j] = s; }
          for (let r = c + 1; r < n; r++) {
            const f = m[r * w + c] / m[c * w + c];
            for (let j = c; j <= n; j++) m[r * w + j] -= f * m[c * w + j];
          }
        }
        for (let i = n - 1; i >= 0; i--) {
          let s = m[i * w + n];
          for (let j = i + 1; j < n; j++) s -= m[i * w + j] * x[t * n + j];
          x[t * n + i] = s / m[i * w + i];
        }
      }
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
    logistic: { slow: ["w", "b"], args: (a) => [fill(a.float32(6144), -1, 1), a.float32(512), taps(12), 0.3], kernel: function logistic(x, y, w, b) {
      for (let i = 0; i < y.length; i++) { let z = b; for (let j = 0; j < w.length; j++) z += w[j] * x[i * w.length + j]; y[i] = 1 / (1 + Math.exp(-z)); }
    } },
    softmax: { slow: ["weights", "bias"], args: (a) => [fill(a.float64(2048), -1, 1), a.float64(1280), rows(10, 16, -1, 1), taps(10)], kernel: function softmax(x, y, weights, bias) {
      const inputs = weights[0].length, outputs = weights.length, n = x.length / inputs;
      for (let r = 0; r < n; r++) {
        let max = -Infinity;
        for (let o = 0; o < outputs; o++) { let s = bias[o]; for (let i = 0; i < inputs; i++) s += weights[o][i] * x[r * inputs + i]; y[r * outputs + o] = s; if (s > max) max = s; }
        let sum = 0;
        for (let o = 0; o < outputs; o++) { const e = Math.exp(y[r * outputs + o] - max); y[r * outputs + o] = e; sum += e; }
        for (let o = 0; o < outputs; o++) y[r * outputs + o] /= sum;
      }
    } },
    nearest: { slow: [], args: (a) => [fill(a.float64(4096), -1, 1), fill(a.float64(16), -1, 1, 2), fill(a.float64(16), -1, 1, 3), a.int32(2048), 16], kernel: function nearest(px, cx, cy, at, k) {
      for (let i = 0; i < at.length; i++) {
        let best = Infinity, found = -1;
        for (let j = 0; j < k; j++) { const dx = px[2 * i] - cx[j], dy = px[2 * i + 1] - cy[j], d = dx * dx + dy * dy; if (d < best) { best = d; found = j; } }
        at[i] = found;
      }
    } },
    "trees of all sizes": { slow: ["forest"], args: (a) => [fill(a.float64(2000), 0, 1), a.float64(400), trees(16, 5, 5)], kernel: function isolation(x, score, forest) {
      for (let r = 0; r < score.length; r++) {
        let total = 0;
        for (const tree of forest) {
          let node = 0;
          while (tree.left[node] !== -1) node = x[r * 5 + tree.feature[node]] < tree.threshold[node] ? tree.left[node] : tree.right[node];
          total += tree.path[node];
        }
        score[r] = Math.pow(2, -total / forest.length / 4.2);
      }
    } },
    layers: { slow: ["sizes", "weights", "slope"], args: (a) => [fill(a.float32(1200), -1, 1), a.uint8(200), [6, 12, 12, 3], fill(new Float32Array(279), -1, 1, 9), 0.01], kernel: function mlpFlat(x, cls, sizes, weights, slope) {
      const cur = new Float64Array(16), nxt = new Float64Array(16), inN = sizes[0];
      for (let r = 0; r < cls.length; r++) {
        for (let i = 0; i < inN; i++) cur[i] = x[r * inN + i];
        let w = 0;
        for (let l = 1; l < sizes.length; l++) {
          for (let o = 0; o < sizes[l]; o++) {
            let s = weights[w++];
            for (let i = 0; i < sizes[l - 1]; i++) s += weights[w++] * cur[i];
            nxt[o] = l === sizes.length - 1 ? s : s > 0 ? s : s * slope;
          }
          for (let o = 0; o < sizes[l]; o++) cur[o] = nxt[o];
        }
        let best = 0;
        for (let o = 1; o < sizes[sizes.length - 1]; o++) if (cur[o] > cur[best]) best = o;
        cls[r] = best;
      }
    } },
    "recurrent step": { slow: ["cell"], args: (a) => [fill(a.float64(8), -1, 1), fill(a.float64(8), -1, 1, 2), a.float64(8), { Wz: rows(8, 8, -1, 1), Uz: rows(8, 8, -0.9, 1), Wr: rows(8, 8, -0.8, 1), Ur: rows(8, 8, -0.7, 1), Wh: rows(8, 8, -0.6, 1), Uh: rows(8, 8, -0.5, 1) }], kernel: function gruStep(x, h, out, cell) {
      const n = 8, rh = new Float64Array(n), z = new Float64Array(n);
      const sig = (v) => 1 / (1 + Math.exp(-v));
      for (let i = 0; i < n; i++) {
        let sz = 0, sr = 0;
        for (let j = 0; j < n; j++) { sz += cell.Wz[i][j] * x[j] + cell.Uz[i][j] * h[j]; sr += cell.Wr[i][j] * x[j] + cell.Ur[i][j] * h[j]; }
        z[i] = sig(sz); rh[i] = sig(sr) * h[i];
      }
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let j = 0; j < n; j++) s += cell.Wh[i][j] * x[j] + cell.Uh[i][j] * rh[j];
        out[i] = (1 - z[i]) * h[i] + z[i] * Math.tanh(s);
      }
    } },
    argmax: { slow: [], args: (a) => [fill(a.float64(16384), -1, 1)], kernel: function argmax(x) {
      let best = 0;
      for (let i = 1; i < x.length; i++) if (x[i] > x[best]) best = i;
      return best;
    } },
    "trees of objects": { slow: ["trees"], args: (a) => [fill(a.float64(1200), 0, 1), a.float64(200), (() => { const next = noise(9); return Array.from({ length: 12 }, () => nested(6, 6, next)); })()], kernel: function boosted(x, out, trees) {
      for (let r = 0; r < out.length; r++) {
        let s = 0;
        for (const tree of trees) { let node = tree; while (node.value === undefined) node = x[r * 6 + node.feature] <= node.threshold ? node.left : node.right; s += node.value; }
        out[r] = 1 / (1 + Math.exp(-s));
      }
    } },
    "long short-term memory": { slow: ["net"], args: (a) => [fill(a.float64(6), -1, 1), fill(a.float64(6), -1, 1, 2), fill(a.float64(6), -1, 1, 3), { W: rows(24, 6, -1, 1), U: rows(24, 6, -1, 1, 8), b: rows(1, 24, -1, 1)[0] }], kernel: function lstm(x, h, c, net) {
      const n = 6, gates = new Float64Array(24);
      for (let g = 0; g < 24; g++) { let s = net.b[g]; for (let j = 0; j < n; j++) s += net.W[g][j] * x[j]; for (let j = 0; j < n; j++) s += net.U[g][j] * h[j]; gates[g] = s; }
      for (let i = 0; i < n; i++) {
        const ig = 1 / (1 + Math.exp(-gates[i])), f = 1 / (1 + Math.exp(-gates[n + i])), o = 1 / (1 + Math.exp(-gates[2 * n + i])), u = Math.tanh(gates[3 * n + i]);
        c[i] = f * c[i] + ig * u; h[i] = o * Math.tanh(c[i]);
      }
    } },
    bayes: { slow: ["model"], args: (a) => [fill(a.float64(2000), -1, 1), a.int32(400), { mean: rows(4, 5, -1, 1), varr: rows(4, 5, 0.2, 1), prior: [0.1, 0.3, 0.4, 0.2] }], kernel: function bayes(x, out, model) {
      for (let r = 0; r < out.length; r++) {
        let best = -Infinity, cls = 0;
        for (let c = 0; c < model.prior.length; c++) {
          let s = Math.log(model.prior[c]);
          for (let j = 0; j < 5; j++) { const d = x[r * 5 + j] - model.mean[c][j]; s -= 0.5 * Math.log(2 * Math.PI * model.varr[c][j]) + d * d / (2 * model.varr[c][j]); }
          if (s > best) { best = s; cls = c; }
        }
        out[r] = cls;
      }
    } },
    "boosted, values missing": { slow: ["model"], args: (a) => [(() => { const x = fill(a.float64(500 * 10), 0, 1); for (let i = 0; i < x.length; i += 13) x[i] = NaN; return x; })(), a.float64(500), { trees: gbdt(20, 5, 10), features: 10, base: 0.1, rate: 0.3 }], kernel: function gbdtPredict(x, out, model) {
      const { trees, features, base, rate } = model;
      for (let r = 0; r < out.length; r++) {
        let sum = base;
        for (const t of trees) {
          let k = 0;
          while (t.feature[k] >= 0) {
            const v = x[r * features + t.feature[k]];
            k = Number.isNaN(v) ? t.missing[k] : v < t.threshold[k] ? t.yes[k] : t.no[k];
          }
          sum += rate * t.value[k];
        }
        out[r] = 1 / (1 + Math.exp(-sum));
      }
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
    polynomial: { slow: [], args: (a) => [bytes(a.uint8(16384))], kernel: function polynomial(b) { let h = 7; for (let i = 0; i < b.length; i++) h = (h * 31 + b[i]) | 0; return h; } },
    "fnv of all": { slow: [], args: (a) => [bytes(a.uint8(16384))], kernel: function fnvOne(b) { let h = 0x811c9dc5; for (let i = 0; i < b.length; i++) { h ^= b[i]; h = Math.imul(h, 16777619); } return h >>> 0; } },
    congruential: { slow: ["by", "plus"], args: (a) => [a.uint32(4096), 12345, 1664525, 1013904223], kernel: function congruential(out, seed, by, plus) {
      let s = seed;
      for (let i = 0; i < out.length; i++) { s = (Math.imul(s, by) + plus) >>> 0; out[i] = s; }
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
    adler: { slow: ["mod"], args: (a) => [bytes(a.uint8(8192)), 65521], kernel: function adler(b, mod) {
      let a = 1, c = 0;
      for (let i = 0; i < b.length; i++) { a = (a + b[i]) % mod; c = (c + a) % mod; }
      return (c << 16 | a) >>> 0;
    } },
    "one at a time": { slow: [], args: (a) => [bytes(a.uint8(4096))], kernel: function oneAtATime(b) {
      let h = 0;
      for (let i = 0; i < b.length; i++) { h += b[i]; h += h << 10; h ^= h >>> 6; }
      h += h << 3; h ^= h >>> 11; h += h << 15;
      return h >>> 0;
    } },
    "hash of words": { slow: ["seed", "words"], args: (a) => [fill(a.uint32(2000 * 8), 0, 4294967296), a.uint32(2000), 8, 0x9747b28c], kernel: function xxh32(data, out, words, seed) {
      const P1 = 2654435761, P2 = 2246822519, P3 = 3266489917, P4 = 668265263;
      const rotl = (v, n) => (v << n) | (v >>> (32 - n));
      for (let r = 0; r < out.length; r++) {
        let at = r * words;
        const end = at + words;
        let a = (seed + P1 + P2) | 0, b = (seed + P2) | 0, c = seed | 0, d = (seed - P1) | 0;
        for (; at + 4 <= end; at += 4) {
          a = Math.imul(rotl(a + Math.imul(data[at], P2), 13), P1);
          b = Math.imul(rotl(b + Math.imul(data[at + 1], P2), 13), P1);
          c = Math.imul(rotl(c + Math.imul(data[at + 2], P2), 13), P1);
          d = Math.imul(rotl(d + Math.imul(data[at + 3], P2), 13), P1);
        }
        let h = rotl(a, 1) + rotl(b, 7) + rotl(c, 12) + rotl(d, 18) + words * 4 | 0;
        for (; at < end; at++) h = Math.imul(rotl(h + Math.imul(data[at], P3), 17), P4);
        h = Math.imul(h ^ (h >>> 15), P2);
        h = Math.imul(h ^ (h >>> 13), P3);
        out[r] = (h ^ (h >>> 16)) >>> 0;
      }
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
    increasing: { slow: [], args: (a) => [fill(a.int32(256), 0, 1000), a.int32(256)], kernel: function increasing(x, length) {
      let best = 0;
      for (let i = 0; i < x.length; i++) { let m = 0; for (let j = 0; j < i; j++) if (x[j] < x[i] && length[j] > m) m = length[j]; length[i] = m + 1; if (length[i] > best) best = length[i]; }
      return best;
    } },
    chain: { slow: ["n"], args: (a) => [fill(a.int32(25), 5, 60), a.int32(576), 24], kernel: function chain(d, m, n) {
      for (let i = 0; i < n; i++) m[i * n + i] = 0;
      for (let size = 2; size <= n; size++) for (let i = 0; i + size <= n; i++) {
        const j = i + size - 1;
        let best = 0x7fffffff;
        for (let k = i; k < j; k++) { const c = m[i * n + k] + m[(k + 1) * n + j] + d[i] * d[k + 1] * d[j + 1]; if (c < best) best = c; }
        m[i * n + j] = best;
      }
      return m[n - 1];
    } },
    align: { slow: ["score", "gap"], args: (a) => [fill(a.uint8(128), 0, 4), fill(a.uint8(128), 0, 4, 2), a.int32(16641), [[5, -1, -2, -1], [-1, 5, -3, -2], [-2, -3, 5, -2], [-1, -2, -2, 5]], -4], kernel: function align(a, b, h, score, gap) {
      const w = b.length + 1;
      for (let j = 0; j <= b.length; j++) h[j] = j * gap;
      for (let i = 1; i <= a.length; i++) {
        h[i * w] = i * gap;
        for (let j = 1; j <= b.length; j++) {
          const d = h[(i - 1) * w + j - 1] + score[a[i - 1]][b[j - 1]], u = h[(i - 1) * w + j] + gap, l = h[i * w + j - 1] + gap;
          h[i * w + j] = Math.max(d, u, l);
        }
      }
      return h[a.length * w + b.length];
    } },
    "local align": { slow: ["cost"], args: (a) => [fill(a.uint8(160), 0, 4), fill(a.uint8(160), 0, 4, 2), a.int32(161), a.int32(161), { match: 2, mismatch: -1, open: -3, extend: -1 }], kernel: function gotoh(s, t, H, E, cost) {
      H.fill(0); E.fill(0);
      let best = 0;
      for (let i = 0; i < s.length; i++) {
        let f = 0, diag = 0;
        for (let j = 1; j <= t.length; j++) {
          E[j] = Math.max(E[j] + cost.extend, H[j] + cost.open);
          f = Math.max(f + cost.extend, H[j - 1] + cost.open);
          let h = Math.max(0, diag + (s[i] === t[j - 1] ? cost.match : cost.mismatch));
          if (E[j] > h) h = E[j];
          if (f > h) h = f;
          diag = H[j]; H[j] = h;
          if (h > best) best = h;
        }
      }
      return best;
    } },
    palindrome: { slow: [], args: (a) => [fill(a.uint8(120), 0, 5), a.int32(14400)], kernel: function palindrome(s, dp) {
      const n = s.length;
      for (let i = n - 1; i >= 0; i--) {
        dp[i * n + i] = 1;
        for (let j = i + 1; j < n; j++) {
          if (s[i] === s[j]) dp[i * n + j] = j === i + 1 ? 2 : dp[(i + 1) * n + j - 1] + 2;
          else dp[i * n + j] = Math.max(dp[(i + 1) * n + j], dp[i * n + j - 1]);
        }
      }
      return dp[n - 1];
    } },
    knapsack: { slow: ["w", "v"], args: (a) => [a.int32(2001), [12, 7, 55, 31, 9, 101, 43, 27, 66, 18], [24, 13, 61, 44, 11, 150, 60, 39, 77, 21], 2000], kernel: function knapsack(best, w, v, most) {
      best.fill(0);
      for (let i = 0; i < w.length; i++) for (let c = most; c >= w[i]; c--) best[c] = Math.max(best[c], best[c - w[i]] + v[i]);
      return best[most];
    } },
    coins: { slow: ["coins"], args: (a) => [a.int32(2001), [1, 5, 10, 25, 50]], kernel: function coins(best, coins) {
      best.fill(1e9); best[0] = 0;
      for (let v = 1; v < best.length; v++) for (const c of coins) if (v >= c && best[v - c] + 1 < best[v]) best[v] = best[v - c] + 1;
      return best[best.length - 1];
    } },
    rod: { slow: ["prices"], args: (a) => [a.int32(401), [1, 5, 8, 9, 10, 17, 17, 20, 24, 30]], kernel: function rod(best, prices) {
      best[0] = 0;
      for (let n = 1; n < best.length; n++) { let q = 0; for (let k = 1; k <= prices.length && k <= n; k++) q = Math.max(q, prices[k - 1] + best[n - k]); best[n] = q; }
      return best[best.length - 1];
    } },
    viterbi: { slow: ["hmm"], args: (a) => [fill(a.uint8(200), 0, 4), a.uint8(200), a.float64(200 * 6), a.uint8(200 * 6), { states: 6, start: rows(1, 6, -3, 0)[0], trans: rows(6, 6, -3, 0), emit: rows(6, 4, -3, 0) }], kernel: function viterbi(obs, path, v, back, hmm) {
      const n = hmm.states, T = obs.length;
      for (let s = 0; s < n; s++) v[s] = hmm.start[s] + hmm.emit[s][obs[0]];
      for (let t = 1; t < T; t++) for (let s = 0; s < n; s++) {
        let best = -Infinity, from = 0;
        for (let p = 0; p < n; p++) { const c = v[(t - 1) * n + p] + hmm.trans[p][s]; if (c > best) { best = c; from = p; } }
        v[t * n + s] = best + hmm.emit[s][obs[t]]; back[t * n + s] = from;
      }
      let last = 0; for (let s = 1; s < n; s++) if (v[(T - 1) * n + s] > v[(T - 1) * n + last]) last = s;
      for (let t = T - 1; t >= 0; t--) { path[t] = last; last = back[t * n + last]; }
    } },
    floyd: { slow: ["n"], args: (a) => { const n = 64, next = noise(4), d = a.float64(n * n); for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) d[i * n + j] = i === j ? 0 : next() < 0.15 ? 1 + next() * 9 : Infinity; return [d, n]; }, kernel: function floyd(dist, n) {
      for (let k = 0; k < n; k++) for (let i = 0; i < n; i++) {
        const ik = dist[i * n + k];
        if (ik === Infinity) continue;
        for (let j = 0; j < n; j++) {
          const through = ik + dist[k * n + j];
          if (through < dist[i * n + j]) dist[i * n + j] = through;
        }
      }
    } },
    ways: { slow: ["parts", "modulus"], args: (a) => [a.int32(4001), [1, 2, 5, 10, 20, 50, 100, 200], 1000000007], kernel: function ways(count, parts, modulus) {
      count.fill(0);
      count[0] = 1;
      for (const part of parts) for (let t = part; t < count.length; t++) count[t] = (count[t] + count[t - part]) % modulus;
      return count[count.length - 1];
    } },
  },
  queries: {
    "selected rows": { slow: ["where"], args: (a) => [fill(a.float64(10000), 0, 100), fill(a.int32(10000), 0, 50, 2), fill(a.uint8(10000), 0, 5, 3), a.int32(10000), { and: [{ column: "price", op: "between", low: 20, high: 80 }, { or: [{ column: "stock", op: "<", value: 10 }, { column: "kind", op: "in", values: [1, 3] }] }, { not: { column: "kind", op: "=", value: 2 } }] }], kernel: function select(price, stock, kind, picked, where) {
      const test = (node, i) => {
        if (node.and) { for (const part of node.and) if (!test(part, i)) return false; return true; }
        if (node.or) { for (const part of node.or) if (test(part, i)) return true; return false; }
        if (node.not) return !test(node.not, i);
        const v = node.column === "price" ? price[i] : node.column === "stock" ? stock[i] : kind[i];
        switch (node.op) {
          case "between": return v >= node.low && v <= node.high;
          case "<": return v < node.value;
          case "=": return v === node.value;
          case "in": return node.values.includes(v);
          default: throw new Error(node.op);
        }
      };
      let n = 0;
      for (let i = 0; i < price.length; i++) if (test(where, i)) picked[n++] = i;
      return n;
    } },
    "grouped sums": { slow: ["query"], args: (a) => [fill(a.uint8(10000), 0, 12), fill(a.float64(10000), 1, 500, 2), fill(a.float64(10000), 0, 0.3, 3), fill(a.int32(10000), 0, 365, 4), a.float64(12), a.float64(12), a.int32(12), { groups: 12, from: 90, to: 270, minimum: 50 }], kernel: function groupedSums(region, amount, discount, day, sum, top, count, query) {
      const { groups, from, to, minimum } = query;
      for (let g = 0; g < groups; g++) { sum[g] = 0; top[g] = -Infinity; count[g] = 0; }
      for (let i = 0; i < region.length; i++) {
        if (day[i] < from || day[i] >= to) continue;
        const net = amount[i] * (1 - discount[i]);
        if (net < minimum) continue;
        const g = region[i];
        sum[g] += net;
        if (net > top[g]) top[g] = net;
        count[g]++;
      }
      let best = 0;
      for (let g = 1; g < groups; g++) if (count[g] > 0 && sum[g] / count[g] > sum[best] / count[best]) best = g;
      return best;
    } },
  },
};
