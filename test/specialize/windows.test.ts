// Small arrays of the kernel's own that each iteration fills anew: what stands in them are values, and lanes take the loop.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, type Compiled, type Kernel, type Typed } from "./vectorize.harness.ts";

const lengths = [0, 1, 2, 5, 8, 17, 33];
function story(kernel: Kernel, x: (n: number) => Typed, y: (n: number) => Typed): Compiled {
  const make = (n: number): unknown[] => [x(n), y(n)];
  const compiled = compileKernel(kernel, make(40));
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
const changed = ({ residual }: Compiled): boolean => residual.stages.some(({ pass, changes }) => pass === "windows" && changes!.length > 0);
type Two = (x: Typed, y: Typed) => void;

const asTheyCome: Two = (x, y) => {
  const win = new Float64Array(5);
  for (let i = 0; i < y.length; i++) {
    for (let k = 0; k < 5; k++) { const v = x[i + k]!; let j = k; while (j > 0 && win[j - 1]! > v) { win[j] = win[j - 1]!; j--; } win[j] = v; }
    y[i] = win[2]!;
  }
};
const bytes: Two = (x, y) => {
  const win = new Uint8Array(4);
  for (let i = 0; i < y.length; i++) {
    for (let k = 0; k < 4; k++) { const v = x[i + k]!; let j = k; while (j > 0 && win[j - 1]! > v) { win[j] = win[j - 1]!; j--; } win[j] = v; }
    y[i] = win[1]! + win[2]!;
  }
};
const signed: Two = (x, y) => {
  const win = new Int8Array(3);
  for (let i = 0; i < y.length; i++) {
    for (let k = 0; k < 3; k++) { const v = x[i + k]! * 3; let j = k; while (j > 0 && win[j - 1]! < v) { win[j] = win[j - 1]!; j--; } win[j] = v; }
    y[i] = win[0]! - win[2]!;
  }
};
/** The last element keeps what the iteration before has left there. */
const keeps: Two = (x, y) => {
  const win = new Float64Array(3);
  for (let i = 0; i < y.length; i++) {
    for (let k = 0; k < 2; k++) { const v = x[i + k]!; let j = k; while (j > 0 && win[j - 1]! > v) { win[j] = win[j - 1]!; j--; } win[j] = v; }
    if (x[i]! > 3) win[2] = win[1]!;
    y[i] = win[2]! + win[0]!;
  }
};
/** Somebody looks behind the loop. */
const afterwards: Two = (x, y) => {
  const win = new Float64Array(3);
  for (let i = 0; i < x.length; i++) for (let k = 0; k < 3; k++) { const v = x[i + k]!; let j = k; while (j > 0 && win[j - 1]! > v) { win[j] = win[j - 1]!; j--; } win[j] = v; }
  for (let i = 0; i < y.length; i++) y[i] = win[1]!;
};

describe("elements in order", () => {
  test.each<[string, Two, (n: number) => Typed, (n: number) => Typed, boolean]>([
    ["doubles", asTheyCome, (n) => doubles(n + 2), (n) => new Float64Array(n), true],
    ["singles as doubles", asTheyCome, (n) => Float32Array.from(doubles(n + 5)), (n) => new Float32Array(n), true],
    ["bytes", bytes, (n) => Uint8Array.from({ length: n + 1 }, (_, i) => i * 77), (n) => new Uint8Array(n), true],
    ["bytes of words", bytes, (n) => Int16Array.from({ length: n + 4 }, (_, i) => i * 777), (n) => new Int32Array(n), true],
    ["signed bytes of more", signed, (n) => Int16Array.from({ length: n + 3 }, (_, i) => i * 37 - 90), (n) => new Int16Array(n), true],
    ["one that stays from before", keeps, (n) => doubles(n + 1), (n) => new Float64Array(n), false],
    ["one that is read behind the loop", afterwards, (n) => doubles(n + 1), (n) => new Float64Array(n), false],
  ])("%s", (_, kernel, x, y, becomes) => {
    const compiled = story(kernel as Kernel, x, y);
    expect(changed(compiled)).toBe(becomes);
    if (becomes) expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
});

describe("places that data leave open", () => {
  const gauss: Two = (x, y) => {
    const n = 4, w = 5, m = new Float64Array(n * w);
    for (let t = 0; n * t + 3 < y.length; t++) {
      for (let i = 0; i < n * w; i++) m[i] = x[t * n * w + i]!;
      for (let c = 0; c < n; c++) {
        let p = c;
        for (let r = c + 1; r < n; r++) if (Math.abs(m[r * w + c]!) > Math.abs(m[p * w + c]!)) p = r;
        if (p !== c) for (let j = c; j <= n; j++) { const s = m[c * w + j]!; m[c * w + j] = m[p * w + j]!; m[p * w + j] = s; }
        for (let r = c + 1; r < n; r++) { const f = m[r * w + c]! / m[c * w + c]!; for (let j = c; j <= n; j++) m[r * w + j]! -= f * m[c * w + j]!; }
      }
      for (let i = n - 1; i >= 0; i--) { let s = m[i * w + n]!; for (let j = i + 1; j < n; j++) s -= m[i * w + j]! * y[t * n + j]!; y[t * n + i] = s / m[i * w + i]!; }
    }
  };
  /** Of the last count, some is left from the iteration before. */
  const goesOn: Two = (x, y) => {
    const count = new Int32Array(4);
    for (let i = 0; i < y.length; i++) { count[0] = count[1] = count[2] = 0; for (let k = 0; k < 3; k++) count[x[i + k]! & 3]!++; y[i] = count[x[i]! & 3]!; }
  };
  test.each<[string, Two, (n: number) => Typed, (n: number) => Typed, boolean]>([
    ["the pivot's row of a small system", gauss, (n) => doubles(5 * n, 7), (n) => new Float64Array(n), true],
    ["counts that go on", goesOn, (n) => Int32Array.from({ length: n + 2 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 7), (n) => new Int32Array(n), false],
  ])("%s", (_, kernel, x, y, becomes) => {
    const compiled = story(kernel as Kernel, x, y);
    expect(changed(compiled)).toBe(becomes);
    if (becomes) expect(lanesOf(compiled)).toBeGreaterThan(1);
  });
});
