// Configuration as people write it: everything that depends on it only is gone from the residual, whatever its shape.

import { describe, expect, it } from "vitest";
import { edges, facts } from "./facts.ts";

const each = (config: unknown): unknown[][] => edges.map((x) => [x, config]);

describe("configuration", () => {
  it("nested objects, a list of stages, a switch on their types, an optional field", () => {
    type Stage = { type: "scale" | "offset"; by: number } | { type: "clip"; lo: number; hi: number };
    function kernel(x: number, config: { gain?: { on: boolean; value: number }; stages: Stage[] }): number {
      let v = x;
      if (config.gain?.on) v *= config.gain.value;
      for (const stage of config.stages) {
        switch (stage.type) {
          case "scale": v *= stage.by; break;
          case "offset": v += stage.by; break;
          case "clip": v = v < stage.lo ? stage.lo : v > stage.hi ? stage.hi : v; break;
          default: throw new Error("unknown stage");
        }
      }
      return v;
    }
    const full = facts(kernel, ["config"], each({ gain: { on: true, value: 2 }, stages: [{ type: "scale", by: 3 }, { type: "offset", by: 1 }, { type: "clip", lo: -5, hi: 5 }] }));
    expect(full).toMatchObject({ loops: 0, tables: 0, versions: 2 }); // one for doubles, one for integers
    expect(Math.max(...full.executed)).toBeLessThanOrEqual(8); // three operations, two comparisons, two choices, int32 to double
    const empty = facts(kernel, ["config"], each({ stages: [] }));
    expect(Math.max(...empty.executed)).toBeLessThanOrEqual(1);
  });

  it("Maps and Sets: iterated, asked, their sizes", () => {
    function kernel(x: number, config: { weights: Map<string, number>; on: Set<string> }): number {
      let t = 0;
      for (const [key, weight] of config.weights) if (config.on.has(key)) t += weight * x;
      config.weights.forEach((weight) => { t += weight; });
      return t + config.weights.size + (config.weights.get("none") ?? 100) + config.on.size;
    }
    const { executed, loops } = facts(kernel, ["config"], each({ weights: new Map([["a", 1], ["b", 2], ["c", 3.5]]), on: new Set(["a", "c"]) }));
    expect(loops).toBe(0);
    expect(Math.max(...executed)).toBeLessThanOrEqual(12);
  });

  it("class instances: methods, getters, static members, inheritance by prototype", () => {
    class Gain {
      readonly k: number;
      constructor(k: number) { this.k = k; }
      get twice(): number { return this.k * 2; }
      apply(v: number): number { return v * this.k; }
      static unit(): Gain { return new Gain(1); }
    }
    class Bias extends Gain { override apply(v: number): number { return v + this.k; } }
    function kernel(x: number, stages: Gain[]): number {
      let v = x;
      for (const stage of stages) if (stage instanceof Gain) v = stage.apply(v) + stage.twice;
      return v + Gain.unit().k;
    }
    const { executed, loops } = facts(kernel, ["stages"], each([new Gain(2), new Bias(3)]));
    expect(loops).toBe(0);
    expect(Math.max(...executed)).toBeLessThanOrEqual(6);
  });

  it("string enums captured from outside", () => {
    const Mode = Object.freeze({ Add: "add", Mul: "mul" });
    function kernel(x: number, mode: string): number { return mode === Mode.Add ? x + 1 : mode === Mode.Mul ? x * 3 : -1; }
    expect(facts(kernel, ["mode"], each("mul")).executed.at(-1)).toBe(1);
    expect(facts(kernel, ["mode"], each("else")).executed.at(-1)).toBe(0);
  });

  it("functions in the configuration, with their own captured values, called and iterated with forEach, reduce and map", () => {
    const limiter = (most: number) => (v: number) => (Math.abs(v) > most ? most * Math.sign(v) : v);
    function kernel(x: number, config: { pre?: (v: number) => number; stages: ((v: number, i: number) => number)[] }): number {
      let v = x;
      if (config.pre) v = config.pre(v);
      config.stages.forEach((stage, i) => { v = stage(v, i); });
      return config.stages.reduce((a, stage) => a + stage(v, 1), v) + config.stages.map((stage) => stage(1, 2)).length;
    }
    const { loops, tables } = facts(kernel, ["config"], each({ pre: limiter(2), stages: [limiter(1), (v: number, i: number) => v + i, Math.abs] }));
    expect({ loops, tables }).toEqual({ loops: 0, tables: 0 });
  });

  it("partially slow: config.filters is static while config.state varies", () => {
    function kernel(config: { filters: { a: number; b: number }[]; state: { acc: number } }, n: number): number {
      let s = config.state.acc;
      for (let i = 0; i < n; i++) for (const filter of config.filters) s = s * filter.a + filter.b;
      config.state.acc = s;
      return s;
    }
    const calls = [0, 1, 4, 100].flatMap((n) => [0.25, -0, NaN].map((acc) => [{ filters: [{ a: 1, b: 2 }, { a: 0.5, b: 1 }], state: { acc } }, n]));
    const { loops, loads } = facts(kernel, ["config.filters"], calls);
    expect({ loops, loads }).toEqual({ loops: 1, loads: 0 });
  });

  it("paths of this: a version for each instance's values", () => {
    class Filter {
      readonly taps: number[];
      state = 0;
      constructor(taps: number[]) { this.taps = taps; }
      step(x: number): number { for (const tap of this.taps) this.state = this.state * 0.5 + tap * x; return this.state; }
    }
    const step = Filter.prototype.step;
    const a = facts(step, ["this.taps"], [[1.5], [NaN], [-0]], { self: new Filter([1, 2]) });
    expect(a.loops).toBe(0);
    expect(a.executed[0]).toBeLessThanOrEqual(7); // the field's new value leaves by a slot
    expect(facts(step, ["this.taps"], [[1.5]], { self: new Filter([]) }).executed).toEqual([1]); // an int32 as a double
  });

  it("destructuring with defaults, rest, entries, keys, `in`, string work", () => {
    function kernel(x: number, { a = 1, list = [], ...others }: { a?: number; list?: string[]; [key: string]: unknown }): number {
      let s = a * x;
      for (const text of list) s += text.trim().startsWith("+") ? Number(text.trim().slice(1)) * x : parseFloat(text);
      for (const [key, value] of Object.entries(others)) if (key.startsWith("w")) s += (value as number) * x;
      for (const key in others) if (key in others) s += key.length;
      return s;
    }
    const { loops, executed } = facts(kernel, ["1"].map(Number) as never, each({ list: ["+2 ", " 2.5"], w1: 1, q: 7 }));
    expect(loops).toBe(0);
    expect(Math.max(...executed)).toBeLessThanOrEqual(8);
  });

  it("text taken apart: split, join, includes", () => {
    function kernel(x: number, text: string): number {
      let s = 0;
      for (const part of text.split(",")) s += part.includes("x") ? x : Number(part);
      return s;
    }
    const { loops, executed } = facts(kernel, ["text"], each("1,x,2,x"));
    expect(loops).toBe(0);
    expect(Math.max(...executed)).toBeLessThanOrEqual(5);
  });

  it("labelled loops over static lists", () => {
    function kernel(x: number, groups: (number | string)[][]): number {
      let v = x;
      outer: for (const group of groups) {
        for (const item of group) {
          if (item === "stop") break outer;
          if (item === "next") continue outer;
          v += item as number;
        }
        v *= 2;
      }
      return v;
    }
    expect(Math.max(...facts(kernel, ["groups"], each([[1, 2], [3, "next", 9], [4], ["stop", 1], [7]])).executed)).toBeLessThanOrEqual(7);
  });
});

describe("polyvariance", () => {
  it("recursion over a tree is unfolded", () => {
    type Node = { op: string; v?: number; l?: Node; r?: Node; c?: Node };
    function run(n: Node, x: number, y: number): number {
      switch (n.op) {
        case "x": return x;
        case "y": return y;
        case "k": return n.v!;
        case "add": return run(n.l!, x, y) + run(n.r!, x, y);
        case "mul": return run(n.l!, x, y) * run(n.r!, x, y);
        case "if": return run(n.c!, x, y) > 0 ? run(n.l!, x, y) : run(n.r!, x, y);
        case "neg": return -run(n.l!, x, y);
        default: throw new Error(n.op);
      }
    }
    const X = { op: "x" }, Y = { op: "y" };
    const tree: Node = { op: "if", c: { op: "add", l: X, r: { op: "neg", l: Y } }, l: { op: "mul", l: X, r: { op: "k", v: 3 } }, r: { op: "add", l: Y, r: { op: "k", v: -0 } } };
    const { loops, executed } = facts(run, ["n"], edges.flatMap((x) => [[tree, x, 0.5], [tree, 0.25, x]]));
    expect(loops).toBe(0);
    expect(Math.max(...executed)).toBeLessThanOrEqual(8);
  });

  it("mutual recursion over a list is unfolded", () => {
    type List = { n: number; next?: List };
    function even(list: List, x: number): number { return list.n === 0 ? x : odd(list.next!, x + list.n); }
    function odd(list: List, x: number): number { return list.n === 0 ? -x : even(list.next!, x * list.n); }
    expect(Math.max(...facts(even, ["list"], edges.map((x) => [{ n: 2, next: { n: 3, next: { n: 0 } } }, x])).executed)).toBeLessThanOrEqual(3);
  });

  it("an object chosen by a dynamic test: what follows is specialised for each", () => {
    type Side = { weights: number[]; bias: number };
    function kernel(x: number, config: { positive: Side; negative: Side }): number {
      const side = x > 0 ? config.positive : config.negative;
      let v = 0;
      for (const w of side.weights) v += w * x;
      return v + side.bias;
    }
    const { loops, tables, executed } = facts(kernel, ["config"], each({ positive: { weights: [1, 2, 3], bias: 1 }, negative: { weights: [4], bias: 2 } }));
    expect({ loops, tables }).toEqual({ loops: 0, tables: 0 });
    expect(Math.max(...executed)).toBeLessThanOrEqual(10);
  });

  it("a function chosen by a dynamic test", () => {
    function kernel(x: number, config: { f: (v: number) => number; g: (v: number) => number }): number {
      const chosen = x > 1 ? config.f : config.g;
      return chosen(x) + chosen(x + 1);
    }
    expect(Math.max(...facts(kernel, ["config"], each({ f: (v: number) => v * 2, g: (v: number) => v - 1 })).executed)).toBeLessThanOrEqual(7);
  });
});
