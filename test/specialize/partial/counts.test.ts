// How much is left: generic code with a configuration, against the same written by hand for that configuration. Both are specialised by us;
// what the evaluator executes may differ by a tenth.

import { describe, expect, it } from "vitest";
import { facts } from "./facts.ts";

type Fn = (...args: never[]) => unknown;
type Calls = readonly (readonly unknown[])[];
const f64 = (...values: number[]): Float64Array => Float64Array.from(values);
const xs = f64(1.5, -2, 0.25, 7, -0.5);
const zero = Number("0"); // captured: static, like a literal
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

/** `slow` by name, as the first parameters; `calls` have the others. */
function compare(fn: Fn, slow: Record<string, unknown>, calls: Calls, hand: Fn, most = 1.1): void {
  const generic = facts(fn, Object.keys(slow), calls.map((args) => [...Object.values(slow), ...args]));
  const byHand = facts(hand, [], calls);
  expect(sum(byHand.executed)).toBeGreaterThan(0);
  expect(sum(generic.executed) / sum(byHand.executed), `${generic.executed.join()} operations, by hand ${byHand.executed.join()}`).toBeLessThanOrEqual(most);
  expect(generic.said).toEqual([]);
}

describe("as few operations as by hand", () => {
  it("nested objects with optional fields", () => {
    interface Config { gain?: { value: number }; offset?: { dc?: number }; clip?: { lo?: number; hi?: number }; curve?: { kind: string }; invert?: boolean }
    function kernel(cfg: Config, x: number): number {
      let v = x * (cfg.gain?.value ?? 1);
      if (cfg.offset) v += cfg.offset.dc ?? 0;
      if (cfg.clip) { const { lo = -1, hi = 1 } = cfg.clip; v = v < lo ? lo : v > hi ? hi : v; }
      if (cfg.curve?.kind === "square") v = v * v; else if (cfg.curve?.kind === "cube") v = v * v * v;
      return cfg.invert ? -v : v;
    }
    compare(kernel, { cfg: { gain: { value: 2 }, clip: { hi: 3 }, curve: { kind: "cube" } } }, [[1.5], [-2.5], [NaN]], (x: number) => { let v = x * 2; v = v < -1 ? -1 : v > 3 ? 3 : v; return v * v * v; });
    compare(kernel, { cfg: { offset: { dc: 1 }, invert: true } }, [[1.5], [-2.5]], (x: number) => -(x * 1 + 1));
  });

  it("a list of plugins, some switched off", () => {
    interface Plugin { enabled?: boolean; apply: (v: number) => number }
    const gain = (g: number): Plugin => ({ apply: (v) => v * g });
    const clamp = (lo: number, hi: number): Plugin => ({ apply: (v) => Math.min(Math.max(v, lo), hi) });
    function chain(plugins: Plugin[], x: Float64Array, y: Float64Array): void {
      for (let i = 0; i < x.length; i++) { let v = x[i]!; plugins.forEach((p) => { if (p.enabled !== false) v = p.apply(v); }); y[i] = v; }
    }
    compare(chain, { plugins: [gain(2), clamp(-1, 3), { enabled: false, apply: (v: number) => v + 9 }, gain(0.5)] }, [[xs, new Float64Array(5)]],
      (x: Float64Array, y: Float64Array) => { for (let i = 0; i < x.length; i++) y[i] = Math.min(Math.max(x[i]! * 2, -1), 3) * 0.5; });
  });

  it("class instances with methods, getters and instanceof", () => {
    class Shape { k: number; constructor(k: number) { this.k = k; } area(): number { return 0; } scale(v: number): number { return this.area() * v; } }
    class Square extends Shape { override area(): number { return this.k * this.k; } }
    class Circle extends Shape { override area(): number { return Math.PI * this.k * this.k; } get label(): string { return "c"; } }
    function total(shapes: Shape[], x: number): number { let t = 0; for (const s of shapes) { t += s.scale(x); if (s instanceof Circle && s.label === "c") t -= x; } return t; }
    compare(total, { shapes: [new Square(3), new Circle(2), new Square(1)] }, [[1.5], [-0]], (x: number) => { let t = 0; t += 9 * x; t += Math.PI * 2 * 2 * x; t -= x; t += 1 * x; return t; });
  });

  it("callbacks with captures", () => {
    const make = (a: number) => { const b = a * 2; return (v: number, i: number) => v * a + b * i; };
    function mapper(fs: ((v: number, i: number) => number)[], x: number): number { return fs.reduce((acc, f, i) => f(acc, i), x); }
    compare(mapper, { fs: [make(2), make(3), make(-1)] }, [[1.5], [-2.5]], (x: number) => ((x * 2 + 0) * 3 + 6) * -1 + -4);
  });

  it("a Map of functions, looked up by the names in a list of steps", () => {
    const table = new Map<string, (v: number, a: number) => number>([["scale", (v, a) => v * a], ["shift", (v, a) => v + a], ["abs", (v) => Math.abs(v)]]);
    function steps(prog: { op: string; arg: number }[], x: number): number {
      let v = x;
      for (const [i, { op, arg }] of prog.entries()) { const f = table.get(op); if (!f) throw new Error(`no ${op} at ${i}`); v = f(v, arg); }
      return v;
    }
    compare(steps, { prog: [{ op: "scale", arg: 2 }, { op: "abs", arg: 0 }, { op: "shift", arg: -1 }] }, [[1.5], [-3.5]], (x: number) => Math.abs(x * 2) + -1);
  });

  it("a walker over an expression", () => {
    type E = { op: "k"; v: number } | { op: "x"; i: number } | { op: "neg"; a: E } | { op: "+" | "*"; a: E; b: E } | { op: "max"; args: E[] };
    function walk(e: E, v: Float64Array): number {
      switch (e.op) {
        case "k": return e.v;
        case "x": return v[e.i]!;
        case "neg": return -walk(e.a, v);
        case "+": return walk(e.a, v) + walk(e.b, v);
        case "*": return walk(e.a, v) * walk(e.b, v);
        case "max": return Math.max(...e.args.map((a) => walk(a, v)));
      }
    }
    const e: E = { op: "max", args: [{ op: "+", a: { op: "*", a: { op: "x", i: 0 }, b: { op: "k", v: 2 } }, b: { op: "x", i: 1 } }, { op: "neg", a: { op: "x", i: 2 } }, { op: "k", v: 0 }] };
    compare(walk, { e }, [[f64(1, 2, 3)], [f64(-0, NaN, 1)]], (v: Float64Array) => Math.max(v[0]! * 2 + v[1]!, -v[2]!, 0));
  });

  it("recursion over static data: a tree of decisions, a power", () => {
    type Node = { leaf?: number; f?: number; t?: number; l?: Node; r?: Node };
    function tree(n: Node, row: Float64Array): number { return n.leaf !== undefined ? n.leaf : row[n.f!]! < n.t! ? tree(n.l!, row) : tree(n.r!, row); }
    const n: Node = { f: 0, t: 3, l: { f: 1, t: 1, l: { leaf: 1 }, r: { leaf: 2 } }, r: { f: 0, t: 10, l: { leaf: 3 }, r: { leaf: 4 } } };
    compare(tree, { n }, [[f64(1, 2)], [f64(5, 0)], [f64(NaN, 1)]], (r: Float64Array) => (r[0]! < 3 ? (r[1]! < 1 ? 1 : 2) : r[0]! < 10 ? 3 : 4));
    function power(n: number, x: number): number { if (n === 0) return 1; if (n % 2 === 1) return x * power(n - 1, x); const h = power(n / 2, x); return h * h; }
    compare(power, { n: 13 }, [[1.5], [-2.5]], (x: number) => { const x2 = x * x, x3 = x * x2, x6 = x3 * x3; return x * (x6 * x6); });
  });

  it("a matrix with zeros, a polynomial with zeros, a permutation, a network of comparisons", () => {
    function matvec(m: number[][], x: Float64Array, y: Float64Array): void { for (let i = 0; i < m.length; i++) { let s = 0; for (let j = 0; j < m[i]!.length; j++) if (m[i]![j] !== 0) s += m[i]![j]! * x[j]!; y[i] = s; } }
    compare(matvec, { m: [[1, 0, 0, 2], [0, 0, 0, 0], [0, 3, 0, 0]] }, [[f64(1, 2, 3, 4), new Float64Array(3)]], (x: Float64Array, y: Float64Array) => { y[0] = 0 + 1 * x[0]! + 2 * x[3]!; y[1] = 0; y[2] = 0 + 3 * x[1]!; });
    function horner(c: number[], x: number): number { let v = 0; for (let i = c.length - 1; i >= 0; i--) { v = v * x; if (c[i]) v += c[i]!; } return v; }
    compare(horner, { c: [1, 0, 0, 2, 0, 5] }, [[1.5], [-0], [NaN]], (x: number) => { let v = zero * x; v += 5; v = v * x; v = v * x; v += 2; v = v * x; v = v * x; v = v * x; v += 1; return v; });
    function permute(p: number[], x: Float64Array, o: Float64Array): void { for (let i = 0; i < p.length; i++) o[i] = x[p[i]!]!; }
    compare(permute, { p: [3, 0, 2, 1] }, [[f64(1, 2, 3, 4), new Float64Array(4)]], (x: Float64Array, o: Float64Array) => { o[0] = x[3]!; o[1] = x[0]!; o[2] = x[2]!; o[3] = x[1]!; });
    function network(net: number[][], v: Float64Array): void { for (const [a, b] of net) if (v[a!]! > v[b!]!) { const t = v[a!]!; v[a!] = v[b!]!; v[b!] = t; } }
    compare(network, { net: [[0, 1], [1, 2], [0, 1]] }, [[f64(4, 1, 3)]], (v: Float64Array) => {
      if (v[0]! > v[1]!) { const t = v[0]!; v[0] = v[1]!; v[1] = t; }
      if (v[1]! > v[2]!) { const t = v[1]!; v[1] = v[2]!; v[2] = t; }
      if (v[0]! > v[1]!) { const t = v[0]!; v[0] = v[1]!; v[1] = t; }
    });
  });

  it("a switch on string enums; objects that are walked by their entries", () => {
    const Mode = { Add: "add", Mul: "mul" };
    function combine(mode: string, a: Float64Array, b: Float64Array, o: Float64Array): void { for (let i = 0; i < a.length; i++) switch (mode) { case Mode.Add: o[i] = a[i]! + b[i]!; break; case Mode.Mul: o[i] = a[i]! * b[i]!; break; default: throw new Error("mode"); } }
    compare(combine, { mode: "mul" }, [[xs, f64(1, 2, 3, 4, 5), new Float64Array(5)]], (a: Float64Array, b: Float64Array, o: Float64Array) => { for (let i = 0; i < a.length; i++) o[i] = a[i]! * b[i]!; });
    function score(weights: Record<string, number>, row: Record<string, number>): number { let s = 0; for (const [name, w] of Object.entries(weights)) { if (w === 0) continue; s += w * row[name]!; } return s; }
    compare(score, { weights: { a: 0.5, b: 0, c: -2 } }, [[{ a: 1, b: 2, c: 3 }], [{ a: -0, b: NaN, c: 1 }]], (row: { a: number; c: number }) => { let s = 0; s += 0.5 * row.a; s += -2 * row.c; return s; });
  });

  it("filters in a chain, their state in an array; a colour matrix with rows of the identity", () => {
    interface Stage { type: string; b0?: number; b1?: number; b2?: number; a1?: number; a2?: number; g?: number }
    function cascade(f: { stages: Stage[] }, x: Float64Array, y: Float64Array, st: Float64Array): void {
      for (let i = 0; i < x.length; i++) {
        let v = x[i]!;
        for (let k = 0; k < f.stages.length; k++) {
          const s = f.stages[k]!;
          if (s.type === "gain") { v *= s.g!; continue; }
          const o = s.b0! * v + st[2 * k]!;
          st[2 * k] = s.b1! * v - (s.a1 ?? 0) * o + st[2 * k + 1]!;
          st[2 * k + 1] = s.b2! * v - (s.a2 ?? 0) * o;
          v = o;
        }
        y[i] = v;
      }
    }
    compare(cascade, { f: { stages: [{ type: "bq", b0: 0.5, b1: 0.1, b2: 0.2, a1: 0.3 }, { type: "gain", g: 2 }] } }, [[xs, new Float64Array(5), new Float64Array(4)]], (x: Float64Array, y: Float64Array, st: Float64Array) => {
      for (let i = 0; i < x.length; i++) { const v = x[i]!; const o = 0.5 * v + st[0]!; st[0] = 0.1 * v - 0.3 * o + st[1]!; st[1] = 0.2 * v - zero * o; y[i] = o * 2; }
    });
    function color(m: number[][], px: Uint8ClampedArray): void {
      for (let i = 0; i < px.length; i += 4) {
        const r = px[i]!, g = px[i + 1]!, b = px[i + 2]!;
        for (let c = 0; c < 3; c++) { let s = m[c]![3]!; if (m[c]![0]) s += m[c]![0]! * r; if (m[c]![1]) s += m[c]![1]! * g; if (m[c]![2]) s += m[c]![2]! * b; px[i + c] = s; }
      }
    }
    compare(color, { m: [[1, 0, 0, 0], [0, 0.5, 0.5, 10], [0, 0, 1, 0]] }, [[Uint8ClampedArray.of(1, 2, 3, 4, 50, 60, 70, 80)]], (px: Uint8ClampedArray) => {
      for (let i = 0; i < px.length; i += 4) { const r = px[i]!, g = px[i + 1]!, b = px[i + 2]!; px[i] = 0 + 1 * r; px[i + 1] = 10 + 0.5 * g + 0.5 * b; px[i + 2] = 0 + 1 * b; }
    });
  });

  it("statistics that a configuration chooses: what nobody asks for is not computed", () => {
    interface Wanted { mean?: boolean; range?: boolean; ignoreNegative?: boolean }
    function stats(opts: Wanted, x: Float64Array): number {
      const acc = { sum: 0, n: 0, lo: Infinity, hi: -Infinity };
      for (const v of x) { if (opts.ignoreNegative && v < 0) continue; acc.sum += v; acc.n++; if (opts.range) { acc.lo = Math.min(acc.lo, v); acc.hi = Math.max(acc.hi, v); } }
      return opts.range ? acc.hi - acc.lo : opts.mean ? acc.sum / acc.n : acc.sum;
    }
    compare(stats, { opts: { mean: true, ignoreNegative: true } }, [[xs]], (x: Float64Array) => { let s = 0, n = 0; for (let i = 0; i < x.length; i++) { const v = x[i]!; if (v < 0) continue; s += v; n++; } return s / n; });
    compare(stats, { opts: { range: true } }, [[xs]], (x: Float64Array) => { let lo = Infinity, hi = -Infinity; for (let i = 0; i < x.length; i++) { const v = x[i]!; lo = Math.min(lo, v); hi = Math.max(hi, v); } return hi - lo; });
  });

  it("Maps and Sets asked for what varies", () => {
    interface Rules { skip: Set<number>; weights: Map<number, number>; base: number }
    function weigh(rules: Rules, ids: Int32Array, vals: Float64Array): number { let t = 0; for (let i = 0; i < ids.length; i++) { const id = ids[i]!; if (rules.skip.has(id)) continue; t += vals[i]! * (rules.weights.get(id) ?? rules.base); } return t; }
    const rules: Rules = { skip: new Set([3, 5]), weights: new Map([[1, 2], [2, 0.5], [7, -1]]), base: 1 };
    compare(weigh, { rules }, [[Int32Array.of(1, 2, 3, 4, 5, 7), f64(1, 2, 3, 4, 5, 6)], [new Int32Array(0), f64()]], (ids: Int32Array, vals: Float64Array) => {
      let t = 0;
      for (let i = 0; i < ids.length; i++) { const id = ids[i]!; if (id === 3 || id === 5) continue; t += vals[i]! * (id === 1 ? 2 : id === 2 ? 0.5 : id === 7 ? -1 : 1); }
      return t;
    }, 1.15); // `get(id) ?? base` tells a number from nothing before it chooses
  });
});

it("a local array that is zero but for a few numbers is filled, not stored number by number", () => {
  const ways = (parts: readonly number[], total: number, n: number): number => {
    const count = new Int32Array(300);
    count[0] = 1;
    for (let i = 0; i < total; i++) for (const part of parts) if (i + part < 300) count[i + part]! += count[i]!;
    return count[n]!;
  };
  const { executed } = facts(ways as Fn, ["parts"], [[[1, 2, 5], 0, 3], [[1, 2, 5], 0, 0]]);
  expect(Math.max(...executed)).toBeLessThan(100);
});
