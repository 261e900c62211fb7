// Functions that are called from many places: in place where that is little, and called by the program where walking them in place writes too much.

import { describe, expect, it } from "vitest";
import { ready, specialize, type Specialized } from "../../../src/index.ts";

const series = (x: number): number => { let t = x; t = t * 0.5 + 1; t = t * x - 2; t = t * 0.25 + x; t = t * t + 3; t = t / (x + 4); return t > 0 ? Math.sqrt(t) : t * x; };
const twice = (x: number): number => series(series(x) + 1) - series(x - 1);
const many = (x: number, y: number): number => twice(x) + twice(y) * twice(x + y) - twice(x - y) + twice(x * y) - series(x) * series(y);
const calls: readonly (readonly [number, number])[] = [[2.5, -1], [-0, 3], [NaN, 1e300], [-7, 0.25]];

type Kernel = (...args: never[]) => unknown;
async function served(kernel: Kernel, operations: number, args: readonly (readonly unknown[])[]): Promise<Specialized<Kernel>> {
  await ready();
  const fast = specialize<Kernel>(kernel, { tier: "wasm", compile: "sync", limits: { operations, compileMs: 600_000 } });
  for (const a of args) expect(fast(...(a as never[]))).toEqual(kernel(...(a as never[])));
  return fast;
}
const functionsOf = (fast: Specialized<Kernel>): number => fast.inspect().ir[1]!.text.split(/^ *func @/m).length - 1;
const said = (fast: Specialized<Kernel>): string => fast.diagnostics().map((d) => d.message).join("; ");

describe("functions that are called from many places", () => {
  it("are walked where they are called, as long as that fits", async () => {
    const fast = await served(many, 50_000, calls);
    expect(functionsOf(fast)).toBe(1);
    expect(said(fast)).toBe("");
  });
  it("are called by the program where it does not, and the results are the same", async () => {
    const fast = await served(many, 160, calls);
    expect(fast.stats().calls).toMatchObject({ wasm: calls.length, original: 0 });
    expect(functionsOf(fast)).toBeGreaterThan(1);
    expect(said(fast)).toContain("functions that are called from many places are called by the program, too");
  });
  it("static arguments are compiled in, numbers that differ are handed over", async () => {
    const scaled = (x: number, k: number, name: string): number => { let t = name === "up" ? x * k : x / k; for (let i = 1; i < 12; i++) t = t / (i + k) + x; return t; };
    const kernel = (x: number): number => { let t = x; t += scaled(t, 2, "up"); t += scaled(t, 3, "up"); t += scaled(t, 4, "up"); t += scaled(t, 5, "down"); t += scaled(t, 6, "up"); t += scaled(t, 7, "down"); return t; };
    const fast = await served(kernel, 140, [[1.5], [-2]]);
    expect(fast.stats().calls).toMatchObject({ wasm: 2, original: 0 });
    expect(functionsOf(fast)).toBe(4); // the kernel, "up" by 2, "up" and "down" by any number
  });
  it("are handed a number that some paths have not set, with what it is besides", async () => {
    const scaled = (x: number | undefined, k: number | boolean): number => { let t = x === undefined ? -1 : x * 0.5; t = t * 0.25 + Number(k); t = t / (Number(k) + 4); t = t * t + 3; t = t - Math.abs(t) * 0.5; t = t * 0.75 + 1; t = t / (t * t + 2); t = t * 3 - 1; return typeof k === "boolean" ? t + 100 : t; };
    const kernel = (x: number, y: number): number => {
      let a: number | undefined, b: number | boolean = y > 0;
      if (x > 0) a = x * y;
      if (x < 2) b = x - y;
      return scaled(a, b) + scaled(a, b) * scaled(x, b) - scaled(a, y) * scaled(a, b) + scaled(x, y) * scaled(a, b) - scaled(a, b) * scaled(y, b) + scaled(a, b) / scaled(y, x) + scaled(a, b) * scaled(a, y);
    };
    const fast = await served(kernel, 250, [...calls, [-1, -1], [3, 0]]);
    expect(fast.stats().calls).toMatchObject({ wasm: 6, original: 0 });
    expect(functionsOf(fast)).toBe(5); // the kernel, and one for each of what it is handed
  });
  it("stay where they are in callbacks of their own: map within map is no recursion", async () => {
    const kernel = (x: number, y: number): number => {
      const rows = [[x, y], [y, x], [x + y, x - y]];
      let t = 0;
      for (let i = 0; i < 40; i++) t += rows.map((row) => row.map((v) => v * 0.5 + i).reduce((a, b) => a + b, 0)).reduce((a, b) => a + b, 0);
      return t;
    };
    const fast = await served(kernel, 300, calls);
    expect(fast.stats().calls).toMatchObject({ wasm: calls.length, original: 0 });
    expect(said(fast)).toContain("only small loops are unrolled and recursion is shared");
    expect(functionsOf(fast)).toBe(1);
  });
  it("stay where they are when they make objects, or change what was there before", async () => {
    const pair = (x: number): { a: number; b: number } => { const t = series(x); return { a: t * x + 1, b: t - x * 2 }; };
    const kernel = (x: number, y: number): number => { const p = pair(x), q = pair(y), r = pair(x + y), s = pair(x - y); return p.a * q.b - r.a * s.b + twice(x) * twice(y) - twice(x * y); };
    const fast = await served(kernel, 200, calls);
    expect(fast.stats().calls).toMatchObject({ wasm: calls.length, original: 0 });
    expect(functionsOf(fast)).toBeGreaterThan(1);
  });
  it("are the same function of the program while what they look at is the same, whatever else is written", async () => {
    const state = { gain: 1, count: 0 }, other = { calls: 0 };
    const gained = (n: number, x: number): number => (n <= 0 ? x * state.gain : gained(n - 1, x + state.gain) - 1);
    const plain = (n: number, x: number): number => (n <= 0 ? x : plain(n - 1, x * 0.5) + 1);
    const through = (n: number, x: number): number => (n <= 0 ? x : gained(n - 1, x) + through(n - 2, x));
    const kernel = (n: number, x: number): number => {
      state.gain = 1;
      let t = gained(n, x) + plain(n, x) + through(n, x);
      other.calls = n;
      state.gain = x;
      t += gained(n, x) * 2 + plain(n, x) * 3 + through(n, x) * 5;
      return t + other.calls;
    };
    const fast = await served(kernel, 50_000, [[3, 2.5], [5, -1], [0, 7], [4, 0.5]]);
    expect(fast.stats().calls).toMatchObject({ wasm: 4, original: 0 });
    expect(functionsOf(fast)).toBe(6); // the kernel, plain once, gained and through twice
  });
});
