// Loops that write at places of run time: which do their hashing first, in lanes, and that the writes keep their order.

import { describe, expect, test } from "vitest";
import { compileKernel, doubles, expectSame, lanesOf, whole, type Compiled, type Kernel } from "./vectorize.harness.ts";

const isSplit = ({ residual }: Compiled): boolean => residual.stages.find((s) => s.pass === "interchange")!.text().includes("across");
function story(kernel: Kernel, inputs: unknown[][], slow: readonly number[] = []): Compiled {
  const compiled = compileKernel(kernel, inputs[0]!, slow);
  expectSame(kernel, compiled, inputs);
  return compiled;
}
const keys = (n: number, seed = 1): Int32Array => whole(new Int32Array(n), seed);

const registers = (x: Int32Array, m: Uint8Array): void => {
  for (let i = 0; i < x.length; i++) {
    let h = Math.imul(x[i]!, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35); h ^= h >>> 16; h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f); h ^= h >>> 14;
    const rank = Math.clz32((h << 8) | 128) + 1, at = h >>> 24;
    if (rank > m[at]!) m[at] = rank;
  }
};
const hashed = (x: Int32Array, m: Int32Array): void => {
  for (let i = 0; i < x.length; i++) {
    let h = Math.imul(x[i]! ^ 99, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35); h ^= h >>> 16; h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f); h ^= h >>> 14; h = Math.imul(h, 5) ^ (h >>> 9);
    m[h & 63] = Math.imul(m[h & 63]!, 31) + i | 0;
  }
};

describe("what comes first", () => {
  test("hashes of registers, at lengths around a strip, and of registers that are too few", () => {
    const compiled = story(registers, [300, 0, 1, 63, 64, 65, 127, 128, 131].map((n) => [keys(n, n), new Uint8Array(256)]).concat([[keys(200), new Uint8Array(100)]]));
    expect([isSplit(compiled), lanesOf(compiled)]).toEqual([true, 16]);
  });
  test("writes that depend on their order", () => { expect(isSplit(story(hashed, [[keys(300), new Int32Array(64)], [new Int32Array(200).fill(7), new Int32Array(64)]]))).toBe(true); });
  test("not around loops that `break` leaves", () => {
    const nested = (n: number, t: Int32Array, y: Int32Array): void => {
      for (let i = 0; i < y.length; i++) {
        for (let k = 0; k < t.length; k++) if (k < 9 && n <= k) { if (0.925 < Math.log(n)) break; y[2]! += (k - i) % 1.278; }
        y[(1 | i) & 7] = y[n + 3]! * (i + Math.atan2(i, i));
      }
    };
    expect(isSplit(story(nested as Kernel, [[0, new Int32Array(3), keys(20)], [1, keys(12), keys(9)], [5, keys(12), keys(2)]]))).toBe(false);
  });
  test("two places of one hash: it is handed on once", () => {
    const compiled = story((x: Int32Array, m: Int32Array): void => {
      for (let i = 0; i < x.length; i++) {
        let h = Math.imul(x[i]!, 0x85ebca6b);
        h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35); h ^= h >>> 16; h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f); h ^= h >>> 14;
        m[h & 63]!++; m[h >>> 26]!++;
      }
    }, [[keys(300), new Int32Array(64)]]);
    const text = compiled.residual.stages.find((s) => s.pass === "interchange")!.text();
    expect(text.split("\n").filter((line) => /i32\.store .*space [3-9]/.test(line) || /i32\.store .*column/.test(line)).length).toBe(1);
  });
  test("sums at places of doubles, of which some are NaN", () => {
    story((x: Float64Array, y: Float64Array, m: Float64Array): void => {
      for (let i = 0; i < x.length; i++) {
        const u = x[i]! / Math.sqrt(1 + x[i]! * x[i]! + y[i]! * y[i]!), v = y[i]! / Math.sqrt(2 + x[i]! * x[i]!);
        const at = Math.floor((u + 1) * 8);
        if (at >= 0 && at < 16) m[at]! += u * v;
      }
    }, [[doubles(200), doubles(200, 2), new Float64Array(16)], [Float64Array.of(NaN, Infinity, -0, 1e300), doubles(200), new Float64Array(16)]]);
  });
});

describe("what stays", () => {
  test("keys that the writes may change", () => {
    const x = keys(300);
    expect(isSplit(story(hashed, [[x, x]]))).toBe(false);
  });
  test("an access that is its base alone has no place that moves", () => {
    story((m: Float64Array, w: Int32Array, n: number): void => { m[0] = 1; for (let i = 0; i < w.length; i++) for (let c = 0; c <= n; c++) m[c] = m[c]! + m[0]! * m[c - w[i]!]!; }, [[new Float64Array(40), Int32Array.of(3, 0, 5, -1), 39]]);
  });
  test("little work", () => { expect(isSplit(story((x: Int32Array, m: Int32Array): void => { for (let i = 0; i < x.length; i++) m[x[i]! & 63]!++; }, [[keys(300), new Int32Array(64)]]))).toBe(false); });
  test("places that the counter tells", () => {
    expect(isSplit(story((x: Int32Array, m: Int32Array): void => {
      for (let i = 0; i < x.length; i++) { let h = Math.imul(x[i]!, 0x85ebca6b); h ^= h >>> 13; h = Math.imul(h, 0xc2b2ae35); h ^= h >>> 16; h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f); m[i] = h ^ (h >>> 14); }
    }, [[keys(300), new Int32Array(300)]]))).toBe(false);
  });
});
