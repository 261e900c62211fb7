// Annotations: what they change, and that they never change a result.

import { describe, expect, it } from "vitest";
import { specialize } from "../../../src/index.ts";
import { edges, f64, facts } from "./facts.ts";

/** Functions whose comments must survive: text, not code that a bundler may strip. */
const fn = (text: string): ((...args: never[]) => unknown) => (0, eval)(`(${text})`) as (...args: never[]) => unknown;

describe("annotations", () => {
  it("@slow and @fast name parameters", () => {
    const kernel = fn("function kernel(x, taps) {\n// @slow taps\n let s = 0; for (let i = 0; i < taps.length; i++) s += taps[i] * x; return s; }");
    expect(facts(kernel, {}, edges.map((x) => [x, [1, 2, 3]]))).toMatchObject({ loops: 0, loads: 0 });
  });

  it("@drop leaves a statement out", () => {
    const kernel = fn("function kernel(x) {\n let s = x * 2;\n// @drop\n console.log(s);\n return s; }");
    const fast = specialize(kernel, { tier: "js", compile: "sync" });
    expect(fast(...([2.5] as never[]))).toBe(5);
    expect(fast.stats().calls.original).toBe(0);
  });

  it("@dropIf leaves it out where the condition holds: static or at run time", () => {
    const kernel = fn("function kernel(x, debug) {\n let s = x * 2;\n// @dropIf !debug\n s += 100;\n return s; }");
    for (const debug of [true, false]) {
      const fast = specialize(kernel, { slow: ["debug"], tier: "js", compile: "sync" });
      expect(fast(...([2.5, debug] as never[]))).toBe(debug ? 105 : 5);
    }
  });

  it("@unroll, @unroll n and @keep decide on a loop", () => {
    const loop = (note: string) => fn(`function kernel(x, n) {\n let s = 0;\n ${note}\n for (let i = 0; i < n; i++) s += x * i;\n return s; }`);
    expect(facts(loop("// @keep"), ["n"], [[2.5, 4], [-0, 4]])).toMatchObject({ loops: 1 });
    expect(facts(loop(""), ["n"], [[2.5, 4]])).toMatchObject({ loops: 0 });
    expect(facts(loop(""), { slow: ["n"], limits: { unroll: 100 } }, [[2.5, 400]])).toMatchObject({ loops: 1 });
    expect(facts(loop("// @unroll"), { slow: ["n"], limits: { unroll: 100 } }, [[2.5, 400]])).toMatchObject({ loops: 0 });
  });

  it("@key names what chooses the next step", () => {
    const dfa = fn("function dfa(table, accept, s) {\n let state = 0;\n// @key state\n for (let i = 0; i < s.length; i++) state = table[state][s[i] & 3];\n return accept[state]; }");
    const { loops } = facts(dfa, ["table", "accept"], [0, 1, 7].map((n) => [[[0, 1, 2, 0], [1, 1, 2, 0], [2, 0, 1, 1]], [5, 6, 7], Uint8Array.from({ length: n }, (_, i) => i * 7)]));
    expect(loops).toBeGreaterThan(0);
  });

  it("@assume: the original runs where it does not hold, what follows relies on it where it does", () => {
    const kernel = fn("function kernel(x, n) {\n// @assume n === 3\n let s = 0; for (let i = 0; i < n; i++) s += x * i; return s; }");
    const fast = specialize(kernel, { tier: "js", compile: "sync" });
    for (const n of [3, 2, 3, 0]) expect(fast(...([2.5, n] as never[]))).toBe((kernel as (...a: unknown[]) => unknown)(2.5, n));
    expect(fast.inspect().ir.at(-1)!.text).not.toMatch(/\bloop\b/);
    expect(fast.stats().calls).toMatchObject({ original: 2, js: 2 });
  });

  it("@assume about slow values is checked when the version is made", () => {
    const kernel = fn("function kernel(x, n) {\n// @assume n < 3\n return x * n; }");
    expect(facts(kernel, ["n"], [[2.5, 2]]).said).toEqual([]);
    expect(facts(kernel, ["n"], [[2.5, 4]], { original: "allowed" }).said.join()).toContain("an assumption does not hold");
  });

  it("@assume behind a write is refused", () => {
    const kernel = fn("function kernel(x, y) {\n y[0] = x;\n// @assume x > 0\n y[1] = Math.sqrt(x);\n }");
    expect(facts(kernel, {}, [[2.5, f64(0, 0)]], { original: "allowed" }).said.join()).toContain("behind a write");
  });

  it("sections nest, and the innermost wins", () => {
    const kernel = fn(`function kernel(x, n) {
      let s = 0;
      // @start outer
      // @keep
      for (let i = 0; i < n; i++) s += x * i;
      // @start inner
      // @unroll
      for (let i = 0; i < n; i++) s += x + i;
      // @end inner
      for (let i = 0; i < n; i++) s -= x / (i + 1);
      // @end outer
      return s;
    }`);
    expect(facts(kernel, ["n"], [[2.5, 5], [NaN, 5]])).toMatchObject({ loops: 2 });
  });

  it("a word that is not known is answered by the nearest that is", () => {
    const kernel = fn("function kernel(x, n) {\n let s = 0;\n// @unrol\n for (let i = 0; i < n; i++) s += x;\n return s; }");
    const fast = specialize(kernel, { slow: ["n"], tier: "js", compile: "sync" });
    expect(fast(...([2, 3] as never[]))).toBe(6);
    const [diagnostic] = fast.diagnostics();
    expect(diagnostic!.message).toContain("@unrol");
    expect(diagnostic!.hint).toContain("@unroll");
  });
});

describe("pure", () => {
  let calls = 0;
  const parse = (text: string): { by: number }[] => { calls++; return text.split(",").map((part) => ({ by: Number(part) })); };
  const hidden = Math.max.bind(null, 3); // no source

  it("is called while the kernel is specialised, where its arguments are static", () => {
    function kernel(x: number, text: string): number { let v = x; for (const { by } of parse(text)) v *= by; return v; }
    calls = 0;
    const fast = specialize(kernel, { slow: ["text"], pure: [parse], tier: "js", compile: "sync" });
    for (const x of edges.filter((e) => !Number.isInteger(e))) expect(fast(x, "2,3,0.5")).toBe(x * 2 * 3 * 0.5);
    expect(calls).toBe(1);
    expect(fast.stats().calls.original).toBe(0);
  });

  it("functions without source too; objects that the kernel makes are arguments", () => {
    const total = (list: number[], o: { k: number }): number => list.reduce((a, b) => a + b, o.k);
    function kernel(x: number, n: number): number { return x * hidden(n) + total([n, 2], { k: 1 }); }
    const { executed } = facts(kernel, { slow: ["n"], pure: [hidden, total] }, [[2.5, 7], [-0, 7]]);
    expect(executed[0]).toBe(2);
  });

  it("others are never called: a function with effects runs as often as in the original", () => {
    let count = 0;
    const impure = (n: number): number => { count++; return n; };
    function kernel(x: number, n: number): number { return x * impure(n); }
    const fast = specialize(kernel, { slow: ["n"], tier: "js", compile: "sync" });
    expect([fast(2.5, 3), fast(2.5, 3)]).toEqual([7.5, 7.5]);
    expect(count).toBe(2);
  });

  it("one that throws leaves the call to the original", () => {
    const bad = (): number => { throw new RangeError("no"); };
    function kernel(x: number): number { return x > 0 ? x : bad(); }
    const fast = specialize(kernel, { pure: [bad], tier: "js", compile: "sync" });
    expect(fast(2.5)).toBe(2.5);
    expect(() => fast(-2.5)).toThrow(RangeError);
  });
});
