import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, runProgram, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 23, 31, 32, 33, 40];

/** The kernel compiled once, run on arrays of all lengths; gives what it became. */
function story(kernel: Kernel, make: (n: number) => unknown[], slow: readonly number[] = [], counts: readonly number[] = lengths): Compiled {
  const compiled = compileKernel(kernel, make(24), slow);
  expectSame(kernel, compiled, counts.map(make));
  return compiled;
}
const why = (compiled: Compiled): string => compiled.loops.map((l) => l.why ?? "").join("; ");

describe("doubles", () => {
  test("elementwise arithmetic, with a different length of what is written", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < x.length; i++) y[i] = Math.abs(x[i]! * 1.5 - 2) / 3; };
    const compiled = story(kernel, (n) => [doubles(n), new Float64Array(n)]);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(4);
    expectSame(kernel, compiled, lengths.flatMap((n) => [[doubles(n), new Float64Array(n + 3)], [doubles(n), new Float64Array(Math.max(0, n - 3))]]));
  });

  test("a filter: neighbours, and what lies beyond the end", () => {
    const kernel = (x: Float64Array, y: Float64Array, taps: number[]): void => {
      for (let i = 0; i < y.length; i++) {
        let sum = 0;
        for (let k = 0; k < taps.length; k++) sum += taps[k]! * x[i + k]!;
        y[i] = sum;
      }
    };
    const taps = [0.5, -1, 0.25, 3, -0.125];
    const compiled = story(kernel, (n) => [doubles(n + 4), new Float64Array(n), taps], [2]);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(4);
    expectSame(kernel, compiled, lengths.map((n) => [doubles(n), new Float64Array(n), taps])); // the last ones are NaN
  });

  test.each(["exp", "expm1", "log", "log10", "tanh"] as const)("Math.%s", (name) => {
    const kernel = (0, eval)(`(x, y) => { for (let i = 0; i < x.length; i++) y[i] = 1 / (1 + Math.${name}(-x[i])); }`) as Kernel;
    expect(lanesOf(story(kernel, (n) => [doubles(n), new Float64Array(n)]))).toBeGreaterThanOrEqual(4);
  });
  test("Math.pow and Math.hypot", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < x.length; i++) y[i] = Math.hypot(x[i]!, y[i]!) + Math.pow(y[i]!, 2.2); };
    expect(lanesOf(story(kernel, (n) => [doubles(n), doubles(n)]))).toBeGreaterThanOrEqual(4);
  });

  test("fewer operations are executed", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < x.length; i++) y[i] = (x[i]! + 1) * (x[i]! - 1); };
    const args = [doubles(400), new Float64Array(400)];
    const { residual } = compileKernel(kernel, args);
    expect(runProgram(residual.optimized, args).executed).toBeLessThan(runProgram(residual.program, args).executed * 0.6);
  });

  test("rounding, signs, roots, least and greatest", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => {
      for (let i = 0; i < x.length; i++) {
        const v = x[i]!;
        y[i] = Math.round(v) + Math.floor(v) * Math.ceil(v) - Math.trunc(v) / Math.sqrt(Math.abs(v)) + Math.max(v, 1) - Math.min(v, -0) + Math.sign(v);
      }
    };
    expect(lanesOf(story(kernel, (n) => [doubles(n, 3), new Float64Array(n)]))).toBeGreaterThanOrEqual(2);
  });
  test("rounding alone: halves and zeros", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < x.length; i++) y[i] = Math.round(x[i]!); };
    const edges = [0.5, -0.5, 1.5, -1.5, 0.49999999999999994, -0.49999999999999994, 0, -0, 4503599627370495.5, -4503599627370495.5, 9007199254740991, NaN, Infinity, -Infinity, 2.5, -2.5];
    const compiled = compileKernel(kernel, [Float64Array.from(edges), new Float64Array(16)]);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(2);
    expectSame(kernel, compiled, [[Float64Array.from(edges), new Float64Array(16)]]);
  });

  test("branches become choices", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => {
      for (let i = 0; i < x.length; i++) {
        const v = x[i]!;
        let r;
        if (v > 2) r = v * 2; else if (v < -1) r = -v; else r = 7;
        y[i] = v === v ? r : 1;
      }
    };
    expect(lanesOf(story(kernel, (n) => [doubles(n), new Float64Array(n)]))).toBeGreaterThanOrEqual(2);
  });

  test("stores under a condition leave the others as they are", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < x.length; i++) if (x[i]! > 0) y[i] = x[i]! * 3; };
    expect(lanesOf(story(kernel, (n) => [doubles(n), doubles(n, 5)]))).toBeGreaterThanOrEqual(2);
  });

  test("the counter as a number", () => {
    const kernel = (y: Float64Array, a: number): void => { for (let i = 0; i < y.length; i++) y[i] = i * a + 1; };
    expect(lanesOf(story(kernel, (n) => [new Float64Array(n), 0.25]))).toBeGreaterThanOrEqual(2);
  });

  test("sums of doubles depend on their order: not vectorized", () => {
    const kernel = (x: Float64Array): number => { let s = 0; for (let i = 0; i < x.length; i++) s += x[i]!; return s; };
    const compiled = story(kernel, (n) => [doubles(n)]);
    expect(lanesOf(compiled)).toBe(1);
    expect(why(compiled)).toMatch(/order of its roundings/);
  });
  test("the greatest does not", () => {
    const kernel = (x: Float64Array): number => { let s = -Infinity; for (let i = 0; i < x.length; i++) s = Math.max(s, x[i]!); return s; };
    const compiled = story(kernel, (n) => [doubles(n)]);
    expectSame(kernel, compiled, lengths.map((n) => [new Float64Array(n).fill(-0)]));
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(2);
  });
});

describe("what loops gather", () => {
  test("counting under a condition, in int32 and in doubles", () => {
    const kernel = (x: Float64Array, hits: Uint8Array): number => {
      let count = 0;
      for (let i = 0; i < x.length; i++) { const hit = x[i]! > 0 && x[i]! < 5; hits[i] = hit ? 1 : 0; if (hit) count++; }
      return count;
    };
    expect(lanesOf(story(kernel, (n) => [doubles(n), new Uint8Array(n)]))).toBe(16);
  });
  test("a predicate over columns: elements that only some iterations read", () => {
    const kernel = (columns: Float64Array, hits: Uint8Array, conditions: readonly { at: number; below: number }[], rows: number): number => {
      let count = 0;
      for (let row = 0; row < rows; row++) {
        let keep = true;
        for (const { at, below } of conditions) { keep = columns[at * rows + row]! < below; if (!keep) break; }
        hits[row] = keep ? 1 : 0;
        if (keep) count++;
      }
      return count;
    };
    const conditions = [{ at: 0, below: 4 }, { at: 2, below: 1 }, { at: 1, below: 8 }];
    const compiled = story(kernel, (n) => [doubles(3 * n), new Uint8Array(n), conditions, n], [2]);
    expect(lanesOf(compiled)).toBe(16);
    expectSame(kernel, compiled, lengths.map((n) => [doubles(2 * n + 1), new Uint8Array(n), conditions, n]));
    expectSame(kernel, compiled, [2147483647, -1, 100000].map((n) => [doubles(60), new Uint8Array(20), conditions, Math.min(n, 3000)]));
  });
  test("sums of bytes are exact in doubles", () => {
    const kernel = (x: Uint8Array): number => { let s = 0; for (let i = 0; i < x.length; i++) s += x[i]!; return s; };
    story(kernel, (n) => [whole(new Uint8Array(n))]);
  });
});

describe("memory", () => {
  test("an array of its own elements: each is read before it is written", () => {
    const kernel = (x: Float64Array): void => { for (let i = 0; i < x.length; i++) x[i] = x[i]! + 1; };
    expect(lanesOf(story(kernel, (n) => [doubles(n)]))).toBeGreaterThanOrEqual(2);
  });
  test("what is loaded before a store to its place, and used behind it", () => {
    const rotate = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < x.length; i++) { const old = x[i]!; x[i] = y[i]! * 2; y[i] = old - 1; } };
    expect(lanesOf(story(rotate, (n) => [doubles(n), doubles(n, 3)]))).toBeGreaterThanOrEqual(2);
  });
  test("backwards: what later iterations write, masks, bytes", () => {
    const shift = (x: Float64Array, n: number): void => { for (let i = n - 1; i > 1; i--) x[i] = x[i - 2]! * 2; };
    expect(lanesOf(story(shift, (n) => [doubles(n + 2), n + 2]))).toBeGreaterThanOrEqual(2);
    const masked = (x: Int32Array, y: Uint8Array): void => { for (let i = x.length - 1; i >= 0; i--) if (x[i]! > 5) y[i] = x[i]! * 3; };
    expect(lanesOf(story(masked, (n) => [whole(new Int32Array(n)), whole(new Uint8Array(n), 4)]))).toBeGreaterThanOrEqual(4);
    const turned = (x: Float32Array, y: Float32Array): void => { const n = x.length; for (let i = 0; i < n; i++) y[i] = x[n - 1 - i]!; };
    expect(lanesOf(story(turned, (n) => [Float32Array.from(doubles(n)), new Float32Array(n)]))).toBeGreaterThanOrEqual(4);
  });
  test("a second counter that goes by less than the tested one", () => {
    const gray = (x: Uint8Array, y: Uint8Array): void => { for (let i = 0, j = 0; i < x.length; i += 4, j++) y[j] = (x[i]! * 77 + x[i + 1]! * 150 + x[i + 2]! * 29) >> 8; };
    expect(lanesOf(story(gray, (n) => [whole(new Uint8Array(4 * n)), new Uint8Array(n)]))).toBe(16);
    const apart = (x: Float64Array, y: Float64Array): void => { for (let i = 0, j = 0; i < x.length; i += 3, j += 2) y[j] = x[i]!; };
    expect(lanesOf(story(apart, (n) => [doubles(3 * n), new Float64Array(2 * n)]))).toBe(8);
  });
  test("reading what later iterations write", () => {
    const kernel = (x: Float64Array, n: number): void => { for (let i = 0; i < n; i++) x[i] = x[i + 1]! * 2; };
    expect(lanesOf(story(kernel, (n) => [doubles(n + 1), n]))).toBeGreaterThanOrEqual(2);
  });
  test("reading what earlier iterations wrote: not vectorized", () => {
    const kernel = (x: Float64Array, n: number): void => { for (let i = 0; i < n; i++) x[i + 1] = x[i]! * 2; };
    const compiled = story(kernel, (n) => [doubles(n + 1), n]);
    expect(lanesOf(compiled)).toBe(1);
    expect(why(compiled)).toMatch(/of the one before it/);
  });
  test("views over one buffer, at all distances", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = x[i]! * 2 + 1; };
    const views = (n: number, shift: number): Float64Array[] => {
      const { buffer } = doubles(n + 20);
      return [new Float64Array(buffer, 80, n), new Float64Array(buffer, 80 + 8 * shift, n)];
    };
    const compiled = compileKernel(kernel, views(24, 1), [], true);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(2);
    expectSame(kernel, compiled, [-10, -9, -8, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 7, 8, 9, 10].flatMap((shift) => [17, 32].map((n) => views(n, shift))));
  });
  test("places that all iterations share serve as variables: the last iteration's values stay", () => {
    const kernel = (x: Float64Array, y: Float64Array, stack: Float64Array): void => {
      for (let i = 0; i < x.length; i++) {
        stack[0] = x[i]!;
        stack[1] = stack[0] * 2;
        stack[0] += stack[1];
        y[i] = stack[0];
      }
    };
    const compiled = story(kernel, (n) => [doubles(n), new Float64Array(n), doubles(3)]);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(2);
    expectSame(kernel, compiled, [0, 1, 2].map((n) => [doubles(20), new Float64Array(20), doubles(n)]));
  });
  test("what is carried through memory is not vectorized", () => {
    const kernel = (x: Float64Array, y: Float64Array, state: Float64Array): void => {
      for (let i = 0; i < x.length; i++) { y[i] = x[i]! + state[0]!; state[0] = y[i]! * 0.5; }
    };
    expect(lanesOf(story(kernel, (n) => [doubles(n), new Float64Array(n), doubles(3)]))).toBe(1);
  });
  test("an index before the start is no element", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = x[i - 1]! + x[i + 1]!; };
    story(kernel, (n) => [doubles(n), new Float64Array(n)]);
  });
  test("rows of a picture, in doubles that might be anything", () => {
    const kernel = (from: Float64Array, to: Float64Array, width: number, height: number): void => {
      for (let y = 1; y < height - 1; y++) for (let x = 1; x < width - 1; x++) to[y * width + x] = from[(y - 1) * width + x]! - from[(y + 1) * width + x - 1]!;
    };
    const compiled = compileKernel(kernel, [doubles(200), new Float64Array(200), 20, 10]);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(2);
    const sizes = [[20, 10], [3, 3], [0, 5], [5, 0], [2147483647, 2], [2147483647, 2147483647], [-3, 4], [17, 12], [21, 10], [1, 200], [-2147483648, 3]];
    expectSame(kernel, compiled, sizes.filter(([w, h]) => Math.abs(w! * h!) < 1e5 || h! < 3).map(([w, h]) => [doubles(200), new Float64Array(200), w, h]));
  });
});

describe("integers and bytes", () => {
  test("a convolution of bytes works in 16-bit lanes", () => {
    const kernel = (from: Uint8Array, to: Uint8ClampedArray, w: number[]): void => {
      for (let i = 0; i < to.length; i++) to[i] = (w[0]! * from[i]! + w[1]! * from[i + 1]! + w[2]! * from[i + 2]!) >> 3;
    };
    const compiled = story(kernel, (n) => [whole(new Uint8Array(n + 2)), new Uint8ClampedArray(n), [-3, 17, -5]], [2]);
    expect(lanesOf(compiled)).toBe(16);
    expect(compiled.residual.stages.at(-1)!.text()).toContain("i16x8.mul");
    expect(compiled.residual.stages.at(-1)!.text()).not.toContain("i32x4.mul");
  });
  test("sums beyond int16 work in 32-bit lanes", () => {
    const kernel = (from: Uint8Array, to: Uint8Array): void => { for (let i = 0; i < to.length; i++) to[i] = (from[i]! * 300 + from[i + 1]! * 77) >> 9; };
    const compiled = story(kernel, (n) => [whole(new Uint8Array(n + 2)), new Uint8Array(n)]);
    expect(lanesOf(compiled)).toBe(16);
    expect(compiled.residual.stages.at(-1)!.text()).toContain("i32x4.mul");
  });
  test("sums up to 65535 are unsigned 16-bit", () => {
    const kernel = (from: Uint8Array, to: Uint8Array): void => { for (let i = 0; i < to.length; i++) to[i] = (from[i]! * 200 + from[i + 1]! * 56) >> 8; };
    const compiled = story(kernel, (n) => [whole(new Uint8Array(n + 2)), new Uint8Array(n)]);
    expect(compiled.residual.stages.at(-1)!.text()).toContain("i16x8.shr_u");
  });
  test("bytes that wrap", () => {
    const kernel = (from: Uint8Array, to: Int8Array, k: number): void => { for (let i = 0; i < to.length; i++) to[i] = (from[i]! ^ 90) + 200 - (from[i]! & k); };
    expect(lanesOf(story(kernel, (n) => [whole(new Uint8Array(n + 2)), new Int8Array(n), 77]))).toBe(16);
  });
  test("int32 hashing", () => {
    const kernel = (from: Int32Array, to: Int32Array): void => {
      for (let i = 0; i < to.length; i++) { let h = Math.imul(from[i]!, 0x9e3779b1); h ^= h >>> 15; h = Math.imul(h, 0x85ebca6b) | 1; to[i] = (h << 3) - (h >> 7); }
    };
    expect(lanesOf(story(kernel, (n) => [whole(new Int32Array(n)), new Int32Array(n)]))).toBeGreaterThanOrEqual(4);
  });
  test("16-bit arrays, signed and unsigned, into doubles", () => {
    const kernel = (a: Int16Array, b: Uint16Array, to: Float64Array): void => { for (let i = 0; i < to.length; i++) to[i] = a[i]! * b[i]! + a[i]! / 3; };
    expect(lanesOf(story(kernel, (n) => [whole(new Int16Array(n)), whole(new Uint16Array(n)), new Float64Array(n)]))).toBeGreaterThanOrEqual(8);
  });
  test("unsigned 32-bit comparisons", () => {
    const kernel = (a: Uint32Array, b: Uint32Array, to: Uint8Array): void => { for (let i = 0; i < to.length; i++) to[i] = a[i]! < b[i]! ? 3 : 250; };
    story(kernel, (n) => [whole(new Uint32Array(n)), whole(new Uint32Array(n), 9), new Uint8Array(n)]);
  });
  test("bytes and doubles in one loop", () => {
    const kernel = (from: Uint8ClampedArray, to: Uint8ClampedArray, gain: number): void => { for (let i = 0; i < to.length; i++) to[i] = from[i]! * gain + 0.5; };
    const compiled = story(kernel, (n) => [whole(new Uint8ClampedArray(n)), new Uint8ClampedArray(n), 1.37]);
    expectSame(kernel, compiled, [NaN, Infinity, -0, -2, 1e300].map((g) => [whole(new Uint8ClampedArray(20)), new Uint8ClampedArray(20), g]));
  });
  test("int32 sums wrap, whatever their order", () => {
    const kernel = (x: Int32Array): number => { let s = 5; for (let i = 0; i < x.length; i++) s = (s + x[i]!) | 0; return s; };
    expect(lanesOf(story(kernel, (n) => [whole(new Int32Array(n))]))).toBeGreaterThanOrEqual(4);
  });
});

describe("singles", () => {
  test("loads are promoted, stores demoted", () => {
    const kernel = (x: Float32Array, y: Float32Array): void => { for (let i = 0; i < x.length; i++) y[i] = x[i]! * 0.1 + x[i]!; };
    expect(lanesOf(story(kernel, (n) => [Float32Array.from(doubles(n)), new Float32Array(n)]))).toBeGreaterThanOrEqual(4);
  });
  test("Math.fround makes four lanes of it", () => {
    const kernel = (x: Float32Array, y: Float32Array): void => { for (let i = 0; i < x.length; i++) y[i] = Math.fround(x[i]! * Math.fround(0.1)) + 1; };
    const compiled = story(kernel, (n) => [Float32Array.from(doubles(n)), new Float32Array(n)]);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(4);
  });
});

describe("neighbouring elements", () => {
  test("RGBA: each component its own arithmetic", () => {
    const kernel = (from: Uint8ClampedArray, to: Uint8ClampedArray): void => {
      for (let i = 0; i < from.length; i += 4) {
        to[i] = from[i]! * 1.5 - 20;
        to[i + 1] = (from[i + 1]! * 3 + from[i]!) >> 2;
        to[i + 2] = 255 - from[i + 2]!;
        to[i + 3] = from[i + 3]!;
      }
    };
    const compiled = story(kernel, (n) => [whole(new Uint8ClampedArray(4 * n)), new Uint8ClampedArray(4 * n)]);
    expect(lanesOf(compiled)).toBe(16);
    expectSame(kernel, compiled, [3, 5, 66, 67, 69, 70].map((n) => [whole(new Uint8ClampedArray(n)), new Uint8ClampedArray(n)]));
    expectSame(kernel, compiled, [3, 66, 68, 77].map((n) => [whole(new Uint8ClampedArray(n)), new Uint8ClampedArray(70)]));
  });
  test("components that are not written stay as they are", () => {
    const kernel = (data: Uint8ClampedArray, gain: number): void => {
      for (let i = 0; i < data.length; i += 4) { data[i] = data[i]! * gain; data[i + 2] = data[i + 2]! + 9; }
    };
    expect(lanesOf(story(kernel, (n) => [whole(new Uint8ClampedArray(4 * n)), 1.3]))).toBe(16);
  });
  test("grey of RGBA", () => {
    const kernel = (from: Uint8ClampedArray, to: Uint8Array): void => {
      for (let i = 0; i < to.length; i++) to[i] = (from[i * 4]! * 77 + from[i * 4 + 1]! * 150 + from[i * 4 + 2]! * 29) >> 8;
    };
    const compiled = story(kernel, (n) => [whole(new Uint8ClampedArray(4 * n)), new Uint8Array(n)]);
    expect(lanesOf(compiled)).toBe(16);
    expectSame(kernel, compiled, [1, 2, 3, 5, 60, 63, 65].map((n) => [whole(new Uint8ClampedArray(n)), new Uint8Array(17)]));
  });
  test("RGB in threes", () => {
    const kernel = (from: Uint8Array, to: Uint8Array): void => {
      for (let i = 0; i + 2 < from.length; i += 3) { to[i] = from[i + 2]!; to[i + 1] = from[i + 1]! ^ 255; to[i + 2] = from[i]!; }
    };
    story(kernel, (n) => [whole(new Uint8Array(3 * n)), new Uint8Array(3 * n)]);
  });
  test("complex numbers in doubles", () => {
    const kernel = (x: Float64Array, y: Float64Array, re: number, im: number): void => {
      for (let i = 0; i < x.length; i += 2) { y[i] = x[i]! * re - x[i + 1]! * im; y[i + 1] = x[i]! * im + x[i + 1]! * re; }
    };
    const compiled = story(kernel, (n) => [doubles(2 * n), new Float64Array(2 * n), 0.5, -2]);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(2);
    expectSame(kernel, compiled, [1, 7, 15, 17].map((n) => [doubles(n), new Float64Array(n + 1), 1.5, 3]));
  });
});

describe("look-ups", () => {
  test("a tone curve, then arithmetic", () => {
    const curve = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
    const kernel = (from: Uint8Array, to: Uint8ClampedArray, table: Uint8Array): void => {
      for (let i = 0; i < to.length; i++) { const v = table[from[i]!]!; to[i] = ((v * 3 + 5) * 7 - (v >> 1)) >> 4; }
    };
    expect(lanesOf(story(kernel, (n) => [whole(new Uint8Array(n)), new Uint8ClampedArray(n), curve], [2]))).toBe(16);
  });
  test("no question whether a computed index is NaN where it can't be", () => {
    const kernel = (from: Uint8Array, to: Float64Array, table: readonly number[]): void => {
      for (let i = 0; i < to.length; i++) { const x = from[i]! * (8 / 255), at = Math.floor(x), t = x - at; to[i] = table[at * 3]! * (1 - t) + table[Math.min(8, at + 1) * 3 + 1]! * t; }
    };
    const table = Array.from({ length: 27 }, (_, i) => Math.sqrt(i));
    const compiled = compileKernel(kernel as unknown as Kernel, [new Uint8Array(64), new Float64Array(64), table], [2]);
    expect(lanesOf(compiled)).toBeGreaterThan(1);
    expect(compiled.residual.stages.at(-1)!.text()).not.toContain("f64x2.eq");
    expectSame(kernel as unknown as Kernel, compiled, [64, 0, 1, 17].map((n) => [Uint8Array.from({ length: n }, (_, i) => i * 37), new Float64Array(n), table]));
  });
  test("nothing but a look-up is left alone", () => {
    const curve = Uint8Array.from({ length: 256 }, (_, i) => 255 - i);
    const kernel = (from: Uint8Array, to: Uint8Array, table: Uint8Array): void => { for (let i = 0; i < to.length; i++) to[i] = table[from[i]!]!; };
    const compiled = story(kernel, (n) => [whole(new Uint8Array(n)), new Uint8Array(n), curve], [2]);
    expect(lanesOf(compiled)).toBe(1);
    expect(why(compiled)).toMatch(/lane by lane/);
  });
  test("functions without lanes are called lane by lane, if the rest is worth it", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => {
      for (let i = 0; i < x.length; i++) { const v = x[i]!; y[i] = Math.sin(v) * 2 + ((v * v - 1) * v + 0.5) * (v - 3) / (v * v + 1) - v * v * v * (v + 1) * (v + 2) * (v + 3) + (v % 2.5); }
    };
    story(kernel, (n) => [doubles(n), new Float64Array(n)]);
  });
  test("what a condition only keeps from numbers that it is not for is done in lanes, two functions that take turns are not", () => {
    const lanes = (kernel: Kernel): number => lanesOf(story(kernel, (n) => [doubles(n), new Float64Array(n)]));
    expect(lanes((x: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) { const a = x[i]!; y[i] = a <= -1 ? Math.PI : a >= 1 ? 0 : Math.acos(a); } })).toBe(8);
    expect(lanes((x: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) { const a = x[i]!; if (a < 1e-9) continue; y[i] = Math.cos(a) + Math.cos(a + 1); } })).toBe(8);
    expect(lanes((x: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) { const a = x[i]!; y[i] = a < 0.3 ? Math.cos(a) : Math.sin(a); } })).toBe(1);
  });
  test("a tree of decisions is not done in both arms of everything", () => {
    const tree = (depth: number, at: number): unknown => (depth === 0 ? at * 0.5 : { at: at % 3, below: at / 2, left: tree(depth - 1, 2 * at), right: tree(depth - 1, 2 * at + 1) });
    const kernel = (x: Float64Array, y: Float64Array, root: unknown, n: number): void => {
      for (let i = 0; i < n; i++) {
        let node = root as { at: number; below: number; left: never; right: never } | number;
        while (typeof node !== "number") node = x[node.at * n + i]! < node.below ? node.left : node.right;
        y[i] = node;
      }
    };
    const compiled = story(kernel, (n) => [doubles(3 * n), new Float64Array(n), tree(6, 1), n], [2], [0, 1, 9, 20]);
    expect(lanesOf(compiled)).toBe(1);
  });
  test("by a computed index, into doubles", () => {
    const weights = Float64Array.from({ length: 16 }, (_, i) => i / 3);
    const kernel = (from: Int32Array, to: Float64Array, table: Float64Array): void => {
      for (let i = 0; i < to.length; i++) to[i] = (table[(from[i]! >> 3) & 15]! * 2 + i) * 0.5 - from[i]!;
    };
    story(kernel, (n) => [whole(new Int32Array(n)), new Float64Array(n), weights], [2]);
  });
});

describe("straight code in pairs", () => {
  /** The first loop's body, where all indices are inside. */
  const inside = ({ residual }: Compiled): string => { const text = residual.stages.at(-1)!.text(), from = text.indexOf("loop loop"); return text.slice(from, text.indexOf("br loop", from)); };
  test("a small matrix times many", () => {
    const kernel = (constant: number[], from: Float64Array, to: Float64Array): void => {
      for (let at = 0; at < from.length; at += 4) {
        for (let r = 0; r < 2; r++) for (let c = 0; c < 2; c++) {
          let sum = 0;
          for (let k = 0; k < 2; k++) sum += constant[r * 2 + k]! * from[at + k * 2 + c]!;
          to[at + r * 2 + c] = sum;
        }
      }
    };
    const matrix = [1.5, -2, 0.25, 3];
    const compiled = story(kernel, (n) => [doubles(4 * n), new Float64Array(4 * n), matrix].sort((a) => (a === matrix ? -1 : 0)), [0]);
    expect(compiled.residual.stages.at(-1)!.text()).toContain("v128.store");
  });
  test("in place: loads do not move past stores that may touch them", () => {
    const kernel = (p: Float64Array, t: number): void => {
      for (let n = 0; n < 3; n++) {
        p[0] = p[0]! + p[2]! * t; p[1] = p[1]! + p[3]! * t;
        p[2] = p[2]! - p[1]! * t; p[3] = p[3]! - p[0]! * t;
      }
    };
    story(kernel, (n) => [doubles(n), 0.125], [], [0, 1, 2, 3, 4, 5, 6]);
  });
  test("x and y of points, not z and the next x; distances of two points at a time, whose differences are in lanes", () => {
    const kernel = (p: Float64Array, v: Float64Array, m: number[], steps: number): void => {
      for (let n = 0; n < steps; n++) {
        for (let i = 0; i < 3; i++) for (let j = i + 1; j < 3; j++) {
          const dx = p[3 * i]! - p[3 * j]!, dy = p[3 * i + 1]! - p[3 * j + 1]!, dz = p[3 * i + 2]! - p[3 * j + 2]!, d = dx * dx + dy * dy + dz * dz, f = 0.5 / (d * Math.sqrt(d));
          v[3 * i] -= dx * m[j]! * f; v[3 * i + 1] -= dy * m[j]! * f; v[3 * i + 2] -= dz * m[j]! * f;
          v[3 * j] += dx * m[i]! * f; v[3 * j + 1] += dy * m[i]! * f; v[3 * j + 2] += dz * m[i]! * f;
        }
        for (let i = 0; i < 9; i++) p[i] += v[i]! * 0.25;
      }
    };
    const finite = (): Float64Array => Float64Array.from({ length: 9 }, (_, i) => (i * i) % 7 + i / 3);
    story(kernel, (n) => [doubles(9), doubles(9), [1.5, 2, 0.25], n], [2], [0, 1, 3]);
    const text = inside(story(kernel, (n) => [finite(), finite(), [1.5, 2, 0.25], n], [2], [0, 1, 3]));
    expect(text.match(/f64x2\.sqrt|f64\.sqrt/g)).toEqual(["f64x2.sqrt", "f64.sqrt"]);
    expect(text.match(/v128\.store \[%v\S* \+ \d/g)!.map((store) => Number(store.at(-1)))).toEqual([0, 3, 6]);
    expect(text.match(/f64x2\.sub/g)).toHaveLength(3 + 3); // differences of x and y, once each; what v loses
  });
  test("a scalar that is wanted before the other one is made", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { for (let i = 0; i + 3 < y.length; i += 4) { const a = x[i]! * 3 + 1; y[i + 3] = a; const b = x[i + 1]! * 3 + y[i + 3]!; y[i] = a * 2; y[i + 1] = b * 2; y[i + 2] = a - b; } };
    story(kernel, (n) => [doubles(n), doubles(n)]);
    story(kernel, (n) => { const x = doubles(n); return [x, x]; });
  });
  test("loads with a store between them that may be to the first one's place", () => {
    const kernel = (x: Float64Array, i: number): void => { if (i >= 0 && i < 8) { const a = x[0]! * 3 + 1; x[i] = 9; const b = x[1]! * 3 + 1; x[4] = a * a; x[5] = b * b; } };
    const compiled = compileKernel(kernel, [doubles(8), 0]);
    expectSame(kernel, compiled, [0, 1, 2, 5].map((i) => [doubles(8), i]));
    expect(compiled.residual.stages.at(-1)!.text()).toContain("f64x2.mul");
  });
  test("arrays that may overlap", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => { y[0] = x[0]! * 2 + 1; y[1] = x[1]! * 2 + 1; };
    const { buffer } = doubles(8);
    const views = (shift: number): Float64Array[] => [new Float64Array(buffer, 16, 2), new Float64Array(buffer, 16 + 8 * shift, 2)];
    const compiled = compileKernel(kernel, views(1), [], true);
    expectSame(kernel, compiled, [-1, 0, 1, 2].map(views));
  });
});

describe("constant tables read in strides", () => {
  test("are laid out anew, singles as doubles", () => {
    const kernel = (x: Float32Array, y: Float32Array, weights: Float32Array, rows: number): void => {
      for (let n = 0; n < 2; n++) {
        for (let r = 0; r < rows; r++) {
          let sum = 0;
          for (let k = 0; k < 5; k++) sum += weights[r * 5 + k]! * x[k + n]!;
          y[n * rows + r] = sum < 0 ? 0 : sum;
        }
      }
    };
    const rows = 40;
    const weights = Float32Array.from({ length: 5 * rows }, (_, i) => Math.fround((i * 37 % 101) / 7 - 6));
    const make = (n: number): unknown[] => [Float32Array.from(doubles(n)), new Float32Array(n * 4), weights, rows];
    const compiled = compileKernel(kernel, make(20), [2, 3]);
    expect(lanesOf(compiled)).toBeGreaterThanOrEqual(4);
    expect(compiled.residual.optimized.data.some((d) => d.name === "columns")).toBe(true);
    expectSame(kernel, compiled, [0, 3, 5, 6, 7, 10, 20, 21].map(make));
  });
});

describe("parts of one array side by side", () => {
  const layer = (buffer: Float32Array, weights: Float32Array): void => {
    for (let o = 0; o < 32; o++) {
      let sum = 0;
      for (let i = 0; i < 32; i++) sum += weights[o * 32 + i]! * buffer[32 + i]!;
      buffer[o] = sum < 0 ? 0 : sum;
    }
  };
  const weights = Float32Array.from({ length: 1024 }, (_, i) => ((i * 7919) % 1000) / 500 - 1);
  const buffer = (n: number): Float32Array => Float32Array.from(doubles(n));
  const compiled = compileKernel(layer as Kernel, [buffer(64), weights], [1]);
  test("what is read may begin where what is written ends: the loop in lanes runs", () => {
    expectSame(layer as Kernel, compiled, [64, 65, 63, 40, 32, 5, 0].map((n) => [buffer(n), weights]));
    expect(runProgram(compiled.residual.optimized, [buffer(64), weights]).executed).toBeLessThan(32 * 32 * 3);
  });
  test("where they meet it does not", () => {
    const shifted = (b: Float32Array, w: Float32Array): void => { for (let o = 0; o < 32; o++) { let sum = 0; for (let i = 0; i < 32; i++) sum += w[o * 32 + i]! * b[31 + i]!; b[o] = sum; } };
    expectSame(shifted as Kernel, compileKernel(shifted as Kernel, [buffer(64), weights], [1]), [64, 40].map((n) => [buffer(n), weights]));
  });
});

test("checks of many fixed places are gone from a loop's main part by one limit", () => {
  const kernel = (x: Float64Array, state: Float64Array): void => {
    for (let i = 0; i < x.length; i++) for (let s = 0; s < 12; s++) state[s] = state[s]! * 0.5 + x[i]! - state[s + 1]!;
  };
  const compiled = compileKernel(kernel as Kernel, [doubles(64), doubles(13)]);
  expectSame(kernel as Kernel, compiled, [13, 20, 12, 5, 0].map((n) => [doubles(30), doubles(n)]));
  expect(runProgram(compiled.residual.optimized, [doubles(64), doubles(13)]).executed / 64).toBeLessThan(12 * 6);
});

test("a curve with numbers between, clamped at both ends: a NaN looks up nothing", () => {
  const curve = Array.from({ length: 9 }, (_, k) => Math.sin(k) * 3);
  const kernel = (x: Float32Array, y: Float32Array, table: readonly number[]): void => {
    for (let i = 0; i < x.length; i++) {
      const v = (Math.max(-1, Math.min(1, x[i]!)) + 1) * 4, k = Math.min(7, Math.floor(v));
      y[i] = table[k]! + (table[k + 1]! - table[k]!) * (v - k);
    }
  };
  const of = (n: number): unknown[] => [Float32Array.from({ length: n }, (_, i) => (i % 5 === 3 ? NaN : i % 7 === 2 ? 1e30 * (i % 2 - 0.5) : Math.sin(i * 1.7) * 1.2)), new Float32Array(n), curve];
  const compiled = compileKernel(kernel, of(40), [2]);
  expectSame(kernel, compiled, [0, 1, 3, 4, 5, 17, 40].map(of));
  expect(lanesOf(compiled)).toBe(8);
});
test("a field that is read where the call's own numbers lead, clamped to it: a NaN reads nothing, and a shorter array is asked once", () => {
  const kernel = (from: Float32Array, to: Float32Array, u: Float32Array, w: number): void => {
    for (let i = 0; i < to.length; i++) {
      let p = i - u[i]!;
      if (p < 0) p = 0;
      if (p > w - 1.5) p = w - 1.5;
      const k = Math.floor(p), f = p - k;
      to[i] = (1 - f) * from[k]! + f * from[k + 1]!;
    }
  };
  const of = (n: number, m = 24): unknown[] => [Float32Array.from({ length: m }, (_, i) => Math.sin(i)), new Float32Array(n), Float32Array.from({ length: n }, (_, i) => (i % 7 === 3 ? NaN : Math.sin(i * 1.7) * 30)), 24];
  const compiled = compileKernel(kernel as Kernel, of(40), [3]);
  expectSame(kernel as Kernel, compiled, [of(0), of(1), of(9), of(40), of(40, 23), of(40, 5), of(40, 0)]);
  expect(lanesOf(compiled)).toBeGreaterThan(1);
});
test("rows of a constant table that each iteration chooses anew", () => {
  const rows = [[0, 4, 1, 5], [6, 2, 7, 3], [1, 5, 0, 4], [7, 3, 6, 2]];
  const kernel = (x: Uint8Array, y: Uint8Array, t: readonly (readonly number[])[]): void => { for (let i = 0; i < x.length; i++) y[i] = Math.min(255, x[i]! + t[(i >> 3) & 3]![i & 3]!) >> 3; };
  const of = (n: number): unknown[] => [Uint8Array.from({ length: n }, (_, i) => i * 53), new Uint8Array(n), rows];
  const compiled = compileKernel(kernel as Kernel, of(40), [2]);
  expectSame(kernel as Kernel, compiled, [0, 1, 9, 40, 83].map(of));
  expect(lanesOf(compiled)).toBe(16);
});
test("the greatest of whole numbers takes one instruction in lanes, whatever it began with", () => {
  const kernel = (x: Int32Array, y: Int32Array, from: number): number => { let m = from; for (let i = 0; i < x.length; i++) m = Math.max(m, x[i]! * 3 + y[i]!); return m; };
  const of = (n: number, from: number): unknown[] => [Int32Array.from({ length: n }, (_, i) => (i * 715827883) | 0), Int32Array.from({ length: n }, (_, i) => (i * 1431655765) | 0), from];
  const compiled = compileKernel(kernel as Kernel, of(40, -3.5));
  expectSame(kernel as Kernel, compiled, [[40, NaN], [40, -0], [16, -Infinity], [16, 5e9], [40, -5e9], [3, 0], [0, NaN]].map(([n, from]) => of(n!, from!)));
  const least = (x: Int32Array, from: number): number => { let m = from; for (let i = 0; i < x.length; i++) m = Math.min(m, x[i]! * 2); return m; };
  const zeros = (from: number): unknown[] => [new Int32Array(24), from];
  for (const one of [kernel, least]) expectSame(one as Kernel, compileKernel(one as Kernel, one === least ? zeros(1.5) : of(40, 1.5)), one === least ? [zeros(-0), zeros(0), zeros(NaN), zeros(7)] : [of(24, -0)]);
  expect(compiled.residual.stages.find((s) => s.pass === "vectorize")!.text()).toContain("f64x2.pmax");
});
test("bytes of a bucket that are asked for until one fits are words, where the place is in the table in any case", () => {
  const words = (mask: number): boolean => {
    const kernel = new Function(`return (keys, found, slots) => { for (let i = 0; i < keys.length; i++) {
      const k = keys[i], print = k >>> 24, one = k & 15, other = (one ^ print) & ${mask};
      let hit = 0;
      for (let s = 0; s < 4; s++) if (slots[one * 4 + s] === print || slots[other * 4 + s] === print) hit = 1;
      found[i] = hit;
    } }`)() as Kernel;
    const of = (n: number): unknown[] => [Uint32Array.from({ length: n }, (_, i) => Math.imul(i + 3, 715827883) >>> 0), new Uint8Array(n), Uint8Array.from({ length: 64 }, (_, i) => (i * 37) & 255)];
    const compiled = compileKernel(kernel, of(64), [2]);
    expectSame(kernel, compiled, [0, 1, 17, 64, 300].map(of));
    const text = compiled.residual.stages.find((s) => s.pass === "vectorize")!.text();
    return lanesOf(compiled) !== undefined && !/i32\.load8_u|f64\.load/.test(/loop \w+v \([^]*?br /.exec(text)![0]);
  };
  expect(words(15)).toBe(true);
  expect(words(31)).toBe(false);
});
test("a look-up that only its condition keeps in the table reads the first element where that fails", () => {
  const table = [1, 5, 2, 8, 3, 7, 4, 9, 6];
  const kernel = (x: Int32Array, y: Float64Array, t: readonly number[]): void => { for (let i = 0; i < x.length; i++) { const k = x[i]!; if (k >= 0 && k < 8) { const j = k + 1; y[i] = Math.sqrt(t[j]!) + i; } } };
  const of = (n: number): unknown[] => [Int32Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 2 ** 30 * (i % 5) - i : i % 12)), new Float64Array(n), table];
  const compiled = compileKernel(kernel, of(40), [2]);
  expectSame(kernel, compiled, [0, 1, 9, 40].map(of));
  expect(lanesOf(compiled)).toBe(8);
});
