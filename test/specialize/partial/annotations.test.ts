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

  it("@fast takes a part out of a slow parameter: writing it, or changing it, makes no new version", () => {
    const kernel = fn("function kernel(cfg, x) {\n// @fast cfg.state\n let v = x; for (const g of cfg.gains) v *= g; cfg.state.z = cfg.state.z * cfg.decay + v; cfg.state.n++; return cfg.state.z; }");
    const config = () => ({ gains: [2, 3], decay: 0.5, state: { z: 0.5, n: 0.5 } });
    const fast = specialize(kernel as (cfg: unknown, x: number) => number, { slow: ["cfg"], tier: "js", compile: "sync" });
    const a = config(), b = config();
    for (const x of [1.5, -2.5, 0.25, NaN]) { expect(fast(a, x)).toBe((kernel as (...args: unknown[]) => unknown)(b, x)); expect(a).toEqual(b); }
    expect(fast.versions()).toHaveLength(1);
    expect(fast.stats().calls.original).toBe(0);
    expect(fast.inspect().ir.at(-1)!.text).not.toMatch(/\bloop\b|gains|decay/);
    a.gains = [7];
    b.gains = [7];
    expect(fast(a, 1.5)).toBe((kernel as (...args: unknown[]) => unknown)(b, 1.5));
    expect(fast.versions()).toHaveLength(2);
  });

  it("@fast of a whole slow parameter leaves it fast; of none is a TypeError that knows the names", () => {
    const kernel = fn("function kernel(x, n) {\n// @slow x n\n// @fast n\n return x * n; }");
    const fast = specialize(kernel as (x: number, n: number) => number, { tier: "js", compile: "sync" });
    expect([fast(2, 3.5), fast(2, 4.5), fast(2, 5.5)]).toEqual([7, 9, 11]);
    expect(fast.versions()).toHaveLength(1);
    expect(() => specialize(fn("function kernel(x, n) {\n// @fast m\n return x * n; }"), {})).toThrow(/@fast.*"m"/);
  });

  it("a path inside an object that varies; `this` in parts", () => {
    function kernel(cfg: { filters: number[]; state: { z: number }; gain: number }, x: number): number { let v = x * cfg.gain; for (const f of cfg.filters) v += f * cfg.state.z; return v; }
    const f = facts(kernel, ["cfg.filters"], [1.5, 2.5, -0].map((z) => [{ filters: [1, 2], state: { z }, gain: z + 0.25 }, 2.5]));
    expect(f).toMatchObject({ loops: 0, versions: 1 });
    class Filter {
      z = 0.125; taps: number[];
      constructor(taps: number[]) { this.taps = taps; }
      run(x: number): number { let v = this.z; for (const t of this.taps) v = v * t + x; this.z = v; return v; }
    }
    const fast = specialize(Filter.prototype.run, { slow: ["this.taps"], tier: "js", compile: "sync" });
    const objects = [new Filter([1.25, 2.25]), new Filter([3.25]), new Filter([1.25, 2.25])], plain = [new Filter([1.25, 2.25]), new Filter([3.25]), new Filter([1.25, 2.25])];
    for (const x of [1.5, -2.75, 0.5]) objects.forEach((o, i) => { expect(fast.call(o, x)).toBe(plain[i]!.run(x)); expect(o).toEqual(plain[i]); });
    expect(fast.versions(), "one for equal taps, whoever has them").toHaveLength(2);
    expect(fast.stats().calls.original).toBe(0);
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
