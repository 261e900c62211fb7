// Short loops beside slow tables are written out where the call's arrays are as long as the table.

import { describe, expect, it, test } from "vitest";
import { compileKernel, doubles, expectSame, runProgram, type Kernel } from "./vectorize.harness.ts";
import { ready, specialize } from "../../src/index.ts";
import { portrait } from "./../runtime/subjects.ts";

const changes = ({ residual: { stages } }: ReturnType<typeof compileKernel>): number => stages.find((s) => s.pass === "expected")?.changes?.length ?? 0;

describe("sums up to how long an array is", () => {
  const layer = (x: Float64Array, out: Float64Array, w: number[][]): void => { for (let i = 0; i < w.length; i++) { let s = 0.5; for (let j = 0; j < x.length; j++) s += w[i]![j]! * x[j]!; out[i] = s; } };
  const weights = Array.from({ length: 3 }, (_, i) => Array.from({ length: 6 }, (_, j) => i - j / 3));
  const args = (n: number, w = weights): unknown[] => [doubles(n), new Float64Array(3), w];
  test("straight code where it is as long as the rows, as before where not", () => {
    const compiled = compileKernel(layer as Kernel, args(6), [2]);
    expect(changes(compiled)).toBe(1);
    expectSame(layer as Kernel, compiled, [0, 1, 5, 6, 7, 12].map((n) => args(n)));
    expect(runProgram(compiled.residual.optimized, args(6)).executed).toBeLessThan(runProgram(compileKernel(layer as Kernel, args(6), [2], false, new Set(["expected"])).residual.optimized, args(6)).executed * 0.9);
  });
  test("loops over arrays that are then as long as they compare no more", () => {
    const kernel = (b: Float64Array, rows: number[][]): number => {
      const n = b.length, p = Array.from(b), q = new Array(n).fill(0);
      let all = 0;
      for (let i = 0; i < n; i++) { let s = 0; for (let j = 0; j < n; j++) s += rows[i]![j]! * p[j]!; q[i] = s; all += s * p[i]!; }
      for (let i = 0; i < n; i++) all += q[i];
      return all;
    };
    const rows = Array.from({ length: 6 }, (_, i) => [...doubles(6, i)]), make = (n: number): unknown[] => [doubles(n), rows], compiled = compileKernel(kernel as Kernel, make(6), [1]);
    expectSame(kernel as Kernel, compiled, [0, 1, 5, 6].map(make));
    const { stages } = compiled.residual, asked = (pass: string): number => stages.find((s) => s.pass === pass)!.text().split("i32.lt_u").length - 1;
    expect(asked("checks 5")).toBeLessThan(asked("expected"));
  });
  test("what is made of the table alone is made before", () => {
    const kernel = (x: Float64Array, v: number[]): number => { let s = 0; for (let j = 0; j < x.length; j++) s += x[j]! * Math.log(v[j]!) - x[j]! / (2 * v[j]!); return s; };
    const compiled = compileKernel(kernel as Kernel, [doubles(4), [1, 0.5, 3, 7]], [1]);
    expectSame(kernel as Kernel, compiled, [3, 4, 5].map((n) => [doubles(n), [1, 0.5, 3, 7]]));
    const { stages } = compiled.residual, logs = (pass: string): number => stages.find((s) => s.pass === pass)!.text().split("math.log").length - 1;
    expect(logs("expected")).toBe(1); // in the loop for other lengths
  });
  test("with iterations that go on at once, and ways out", () => {
    const kernel = (x: Float64Array, out: Float64Array, w: number[]): number => {
      let s = 0;
      for (let j = 0; j < x.length; j++) { if (w[j]! < 0) continue; s += w[j]! * x[j]!; if (s > 9) break; if (s < -9) return j; out[j & 1] = s; }
      return s * 2;
    };
    const compiled = compileKernel(kernel as Kernel, [doubles(5), new Float64Array(2), [1, -1, 0.5, 4, 2]], [2]);
    expectSame(kernel as Kernel, compiled, [[1, 2, 3, 4, 5], [9, 1, 1, 1, 1], [-9, 0, -2, 0, 0], [1, 2], [1, 1, 1, 1, 1, 1, 7], []].map((x) => [Float64Array.from(x), new Float64Array(2), [1, -1, 0.5, 4, 2]]));
  });
  test("which of a slow table's lengths an inner loop has, where the outer one is written out", () => {
    const kernel = (x: Float64Array, w: Float64Array, lengths: Int32Array, t: Float64Array): number => {
      let s = 0;
      for (let k = 0; k < x.length; k++) { const n = lengths[k & 3]!; let u = w[k]!; for (let j = 0; j < n; j++) u += (t[j] || 0) * x[k]!; s = s * 0.5 + u * n; }
      return s;
    };
    for (const lengths of [[4, 3, 9, 4], [3, 4, 9, 2], [4, 9, 4, 2]]) {
      const slow = [doubles(5), Int32Array.from(lengths), doubles(4)], compiled = compileKernel(kernel as Kernel, [doubles(5), ...slow], [1, 2, 3]);
      expectSame(kernel as Kernel, compiled, [5, 4, 0].map((n) => [doubles(n), ...slow]));
    }
  });
  test("tables that are long, and loops without one, stay", () => {
    expect(changes(compileKernel(layer as Kernel, [doubles(40), new Float64Array(3), weights.map(() => Array.from(doubles(40)))], [2]))).toBe(0);
    const plain = (x: Float64Array, _: number[]): number => { let s = 0; for (let j = 0; j < x.length; j++) s += x[j]!; return s; };
    expect(changes(compileKernel(plain as Kernel, [doubles(4), [1, 2]], [1]))).toBe(0);
  });
});

describe("rows of the call's own lengths", () => {
  const nearest = (centers: number[][], points: number[][], labels: number[]): number => {
    let all = 0;
    for (let i = 0; i < points.length; i++) {
      let best = -1, least = Infinity;
      for (let c = 0; c < centers.length; c++) { let d = 0; for (let k = 0; k < points[i]!.length; k++) { const t = points[i]![k]! - centers[c]![k]!; d += t * t; } if (d < least) { least = d; best = c; } }
      labels[i] = best;
      all += least;
    }
    return all;
  };
  const centers = [[0, 1, 2], [3, -1, 0.5], [2, 2, 2]];
  it("are asked for once a row", async () => {
    await ready();
    const fast = specialize(nearest, { slow: ["centers"], tier: "wasm", compile: "sync" });
    for (const points of [[[1, 2, 3], [0, 0, 0], [3, -1, 1]], [[1, 2], [0, 1, 2], [], [1, 2, 3, 4], [NaN, 0, 0], [2, 2, 2]], []]) {
      const [mine, theirs] = [points.map(() => 7), points.map(() => 7)];
      expect(portrait([fast(centers, points, mine), mine])).toBe(portrait([nearest(centers, points, theirs), theirs]));
    }
    expect(fast.stats().calls.wasm).toBe(3);
    expect(fast.inspect().log.join("\n")).toContain("3 iterations written out");
  });
});
