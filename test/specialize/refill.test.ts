// Points with loops of their own in lanes: which loops are taken, that every point gets its bits, and that fewer operations are done.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, runProgram, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 33, 70];

function story(kernel: Kernel, make: (n: number) => unknown[]): Compiled {
  const compiled = compileKernel(kernel, make(24));
  expectSame(kernel, compiled, lengths.map(make));
  return compiled;
}
/** Lanes of the loops that were taken by this pass. */
const lanes = ({ residual }: Compiled): number[] => residual.vectorized.filter((l) => l.lanes > 1).map((l) => l.lanes);

const escape = (re: Float64Array, im: Float64Array, counts: Int32Array, limit: number): void => {
  for (let i = 0; i < counts.length; i++) {
    const [cr, ci] = [re[i]!, im[i]!];
    let zr = 0, zi = 0, n = 0;
    while (n < limit && zr * zr + zi * zi <= 4) {
      const next = zr * zr - zi * zi + cr;
      zi = 2 * zr * zi + ci;
      zr = next;
      n++;
    }
    counts[i] = n;
  }
};
const plane = (n: number, seed: number): Float64Array => Float64Array.from({ length: n }, (_, i) => (Math.imul(i + seed, 0x9e3779b1) >>> 8) / 2 ** 23 - 1.5);

describe("loops that are taken", () => {
  test("escape times", () => { expect(lanes(story(escape, (n) => [plane(n, 1), plane(n, 9), new Int32Array(n), 50]))).toEqual([4]); });

  test("with fewer operations than one point at a time", () => {
    const args = [plane(300, 1), plane(300, 9), new Int32Array(300), 60];
    const { residual } = compileKernel(escape, args);
    expect(runProgram(residual.optimized, args).executed).toBeLessThan(runProgram(residual.program, args).executed * 0.6);
  });

  test("left by break, from the middle", () => {
    const kernel = (x: Float64Array, y: Float64Array, limit: number): void => {
      for (let i = 0; i < y.length; i++) {
        let z = x[i]!, n;
        for (n = 0; n < limit; n++) {
          if (z < 1) break;
          z = z * 0.75 - 0.25;
        }
        y[i] = n === limit ? -1 : z;
      }
    };
    expect(lanes(story(kernel, (n) => [doubles(n), new Float64Array(n), 20]))).toEqual([4]);
  });

  test("left for several reasons, with values of their own", () => {
    const kernel = (x: Float64Array, y: Float64Array, limit: number): void => {
      for (let i = 0; i < y.length; i++) {
        let z = x[i]!, why = 0, n = 0;
        for (; n < limit; n++) {
          if (z < 1) { why = 100; break; }
          z = z * 1.5 - 2;
          if (z > 50) { why = 200 + z; break; }
        }
        y[i] = why + n;
      }
    };
    expect(lanes(story(kernel, (n) => [doubles(n).map((v) => v * 3), new Float64Array(n), 9]))).toEqual([4]);
  });

  test("endless but for break", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => {
      for (let i = 0; i < y.length; i++) {
        let r = x[i]! > 1 ? x[i]! / 2 : 1, n = 0;
        for (;;) {
          const q = (r + x[i]! / r) * 0.5;
          if (Math.abs(q - r) < 1e-9 * q || ++n > 40) break;
          r = q;
        }
        y[i] = r;
      }
    };
    expect(lanes(story(kernel, (n) => [doubles(n), new Float64Array(n)]))).toEqual([4]);
  });

  test("int32 in eight lanes", () => {
    const kernel = (x: Int32Array, y: Int32Array): void => {
      for (let i = 0; i < y.length; i++) {
        let v = x[i]! & 1023, n = 0;
        while (v > 1 && n < 100) {
          v = v & 1 ? (Math.imul(v, 3) + 1) >>> 1 : v >>> 1;
          n++;
        }
        y[i] = n;
      }
    };
    expect(lanes(story(kernel, (n) => [whole(new Int32Array(n)), new Int32Array(n)]))).toEqual([8]);
  });

  test("the same element read before it is written, and neighbouring ones written", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => {
      for (let i = 0; i < x.length; i++) {
        let z = x[i]!, n = 0;
        while (z > 0.5 && n < 30) { z /= 2; n++; }
        x[i] = z;
        y[2 * i] = n;
        y[2 * i + 1] = z;
      }
    };
    expect(lanes(story(kernel, (n) => [doubles(n), new Float64Array(2 * n)]))).toEqual([4]);
  });

  test("backwards", () => {
    const kernel = (x: Float64Array, y: Float64Array): void => {
      for (let i = x.length - 1; i >= 0; i--) {
        let z = x[i]!, n = 0;
        while (z > 0.5 && n < 30) { z /= 2; n++; }
        y[i] = n;
      }
    };
    expect(lanes(story(kernel, (n) => [doubles(n), new Float64Array(n)]))).toEqual([4]);
  });
});

describe("loops that must be left alone", () => {
  const alone = (kernel: Kernel, make: (n: number) => unknown[]): void => { expect(lanes(story(kernel, make))).toEqual([]); };

  test("a point reads what the one before it wrote", () => {
    alone((x: Float64Array, y: Float64Array): void => {
      for (let i = 1; i < y.length; i++) {
        let z = x[i]! + y[i - 1]!, n = 0;
        while (z > 0.5 && n < 30) { z /= 2; n++; }
        y[i] = n;
      }
    }, (n) => [doubles(n), new Float64Array(n)]);
  });

  test("points write one place", () => {
    alone((x: Float64Array, y: Float64Array): void => {
      for (let i = 0; i < x.length; i++) {
        let z = x[i]!, n = 0;
        while (z > 0.5 && n < 30) { z /= 2; n++; }
        y[0] = n;
      }
    }, (n) => [doubles(n), new Float64Array(3)]);
  });

  test("a number goes from point to point", () => {
    alone((x: Float64Array, y: Float64Array): void => {
      let sum = 0.5;
      for (let i = 0; i < x.length; i++) {
        let z = x[i]!, n = 0;
        while (z > 0.5 && n < 30) { z /= 2; n++; }
        sum += z;
        y[i] = sum;
      }
    }, (n) => [doubles(n), new Float64Array(n)]);
  });
});

test("arrays that overlap: nothing is assumed", () => {
  const kernel = (x: Float64Array, y: Float64Array): void => {
    for (let i = 0; i < y.length; i++) {
      let z = x[i]!, n = 0;
      while (z > 0.5 && n < 30) { z /= 2; n++; }
      y[i] = n;
    }
  };
  const over = (): unknown[] => {
    const { buffer } = Float64Array.from(doubles(40));
    return [new Float64Array(buffer, 0, 30), new Float64Array(buffer, 16, 30)];
  };
  const compiled = compileKernel(kernel, over(), [], true);
  expectSame(kernel, compiled, [over()]);
});
