// Bound functions: what `f.bind(self, a)` made is a closure like any other, wherever it comes from; so is what `new Function` makes of a text.

import { createRequire } from "node:module";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

type Numeric = (...args: never[]) => unknown;
/** Every call is served by WebAssembly, with the original's result. */
function served(kernel: Numeric, slow: (string | number)[], ...calls: unknown[][]): void {
  const fast = specialize(kernel, { slow, tier: "wasm", compile: "sync" }) as Numeric & { stats(): { calls: object }; explain(): string };
  for (const args of calls) expect(fast(...args as never[])).toEqual(kernel(...args as never[]));
  expect(fast.stats().calls, fast.explain()).toEqual({ original: 0, js: 0, wasm: calls.length });
}

function falloff(...args: number[]): number { const t = args[0]! - args.slice(1).reduce((sum, v) => sum + v * v, 0); return t * t * args.length; }
const cut = falloff.bind(null, 0.5), cutTwice = cut.bind(null, 0.25, 2);
const scale = { k: 3, by(x: number) { return this.k * x; } }, scaled = scale.by.bind(scale);
const has = Function.prototype.call.bind(Object.prototype.hasOwnProperty) as unknown as (o: object, key: string) => boolean;
const tail = Function.prototype.call.bind(Array.prototype.slice) as unknown as (list: number[], from: number) => number[];
class Pair { x: number; y: number; constructor(x: number, y: number) { this.x = x; this.y = y; } }
const FivePair = Pair.bind(null, 5);

describe("captured", () => {
  it("with arguments", () => { served((a: number, b: number) => cut(a, b) - cut(), [], [1, 2], [3, 4]); });
  it("with a `this`, which nothing else takes the place of", () => { served((x: number) => scaled(x) + { k: 9, scaled }.scaled(x), [], [1], [2]); });
  it("bound again", () => { served((x: number) => cutTwice(x), [], [1], [2]); });
  it("over functions of the engine", () => {
    served((o: object) => (has(o, "x") ? 1 : 0) + (has(o, "y") ? 2 : 0), [], [{ x: 1 }], [{ y: 1, z: 2 }]);
    served((list: number[]) => tail(list, 1), [], [[1, 2, 3]], [[4]]);
  });
  it("with its own name and number of parameters", () => { served((x: number) => x * cut.length + cut.name.length, [], [1], [2]); });
  it("whose `this` it changes", () => {
    const state = { n: 0 }, count = function (this: { n: number }, by: number) { this.n += by; return this.n; }.bind(state);
    const fast = specialize((by: number) => count(by) * 2, { tier: "wasm", compile: "sync" });
    expect([fast(1), fast(2), state.n, fast.stats().calls.wasm]).toEqual([2, 6, 3, 2]);
  });
  it("is constructed by the original alone", () => {
    const fast = specialize((y: number) => { const p = new FivePair(y); return p.x * 10 + p.y; }, { tier: "wasm", compile: "sync" });
    expect([fast(1), fast(2)]).toEqual([51, 52]);
  });
  it("is what instances of its target are instances of: by the original alone", () => {
    const fast = specialize((y: number) => (new Pair(1, y) instanceof FivePair ? y : -y), { tier: "wasm", compile: "sync" });
    expect([fast(1), fast(2)]).toEqual([1, 2]);
  });
});

describe("handed over", () => {
  it("as the kernel, with any number of arguments", () => {
    served(cut, [], [0.1, 0.2], [0.3, 0.4]);
    served(cut, [], [0.3, 0.4, 0.5], [1, 2, 3]);
  });
  it("as a slow parameter", () => {
    const once = (f: (x: number) => number, x: number): number => f(x) + 1;
    served(once, ["f"], [cut, 1], [cut, 2], [cutTwice, 3], [cutTwice, 1]);
  });
});

it("has a length and a name of its own", () => {
  const kernel = (x: number): unknown => { function add(a: number, b: number): number { return a + b + x; } const f = add.bind(null, 1); return [f.length, f.name, f(2)]; };
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  expect([fast(1), fast(2)]).toEqual([kernel(1), kernel(2)]);
});

describe("an arrow function has no prototype", () => {
  it("so that `instanceof` throws, as in the original", () => {
    const arrow = (x: number): number => x, kernel = (x: number): number => (({ x }) instanceof (arrow as unknown as typeof Pair) ? x : -x);
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    expect(() => fast(1)).toThrow(TypeError);
  });
});

describe("methods that a constructor binds to its object", () => {
  class Generator {
    state: number;
    seen = 0;
    constructor(seed: number) { this.state = seed; this.next = this.next.bind(this); }
    next(): number { this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0; this.seen++; return (this.state >>> 0) / 4294967296; }
    sum(n: number): number { let s = 0; for (let i = 0; i < n; i++) s += this.next(); return s; }
  }
  class Twice extends Generator { override next(): number { return super.next() * 2; } }
  type Of = (g: Generator, other: Generator, n: number) => unknown;
  const kernels: Record<string, Of> = {
    "are called": (g, _, n) => g.sum(n),
    "of an argument": (g, other, n) => g.next() - other.next() * n,
    "are read and called": (g, other, n) => { const f = g.next; return f() + other.next() + n; },
    "are handed on": (g, _, n) => [n, 2, 3].map(g.next),
    "are called for another object": (g, other) => g.next.call(other),
    "are what they are": (g) => [typeof g.next, Object.keys(g)],
  };
  const outcome = (f: Of, i: number, odd?: (g: Generator, other: Generator) => void): unknown => {
    const g = new Generator(i), other = i % 3 === 1 ? g : new (i % 4 === 2 ? Twice : Generator)(i + 5);
    odd?.(g, other);
    try { return [f(g, other, i), g.state, g.seen, other.state, other.seen]; } catch (error) { return (error as Error).constructor.name; }
  };
  const odds: ((g: Generator, other: Generator) => void)[] = [
    (g, other) => { g.next = other.next; }, (g) => { g.next = Generator.prototype.next.bind({ state: 5, seen: 0 } as Generator); }, (g) => { g.next = () => g.state + 100; }, (g) => { Reflect.deleteProperty(g, "next"); },
    (g) => { Object.assign(g.next, { z: 1 }); }, (g) => { g.next = (Math.abs as (...args: unknown[]) => number).bind(g, -3); }, (g) => { g.next = new Proxy(g.next, {}); }, (g) => { Object.defineProperty(g, "next", { get: () => () => 7 }); },
  ];
  for (const [name, kernel] of Object.entries(kernels)) {
    it(name, () => {
      const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
      for (let i = 1; i < 9; i++) expect(outcome(fast, i), String(i)).toEqual(outcome(kernel, i));
      expect(fast.stats(), fast.explain()).toMatchObject({ calls: { original: 0, wasm: 8 } });
      expect(fast.stats().misses).toBeLessThanOrEqual(3);
      for (const odd of odds) expect(outcome(fast, 3, odd), String(odd)).toEqual(outcome(kernel, 3, odd));
    });
  }
  it("leave as they are", () => {
    const kernel = (g: Generator, other: { f: unknown; n: number }): unknown => { other.f = g.next; other.n = g.next(); return { next: g.next }; }, fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (let i = 1; i < 4; i++) {
      const g = new Generator(i), other = { f: null as unknown, n: 0 }, left = fast(g, other) as { next: unknown };
      expect([left.next === g.next, other.f === g.next, other.n]).toEqual([true, true, new Generator(i).next()]);
    }
    expect(fast.stats(), fast.explain()).toMatchObject({ misses: 1, calls: { original: 0 } });
  });
  it("of a slow `this`, whose state they write, in the background", async () => {
    const sum = Generator.prototype.sum, fast = specialize(sum, { slow: ["this"], tier: "wasm" }), a = new Generator(1), b = new Generator(1); // oxlint-disable-line typescript/unbound-method
    for (let i = 0; i < 4; i++) { await fast.prepare.call(a, 5); expect(fast.call(a, 5)).toBe(sum.call(b, 5)); }
    expect([a.state, a.seen]).toEqual([b.state, b.seen]);
  });
});

describe("console.assert", () => {
  const host = createRequire(import.meta.url)("node:console") as Console, ensure = host.assert.bind(host);
  it("does nothing where what it is given holds, bound or not", () => {
    served((x: number) => { host.assert(x >= 0, "negative"); ensure(x < 9); return Math.sqrt(x); }, [], [2], [3]);
    served((x: Float64Array) => { let sum = 0; for (const v of x) { ensure(v >= 0); sum += v; } return sum; }, [], [Float64Array.of(1, 2)], [new Float64Array(0)]);
  });
  it("where it doesn't, the original writes what it writes", () => {
    const kernel = (x: number): number => { host.assert(x >= 0, "negative"); return x + 1; }, fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    const written = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    expect([fast(1), fast(-1), fast(2), fast.stats().calls.original]).toEqual([2, 0, 3, 1]);
    expect(written.mock.calls.map(([text]) => text)).toEqual(["Assertion failed: negative\n"]);
    written.mockRestore();
  });
  it("one of the user's is called", () => {
    let calls = 0;
    const own = { assert(ok: boolean): void { if (ok) calls++; } };
    const fast = specialize((x: number) => { own.assert(x > 0); return x; }, { tier: "wasm", compile: "sync" });
    expect([fast(1), fast(2), calls]).toEqual([1, 2, 2]);
  });
});

describe("functions that are made of texts", () => {
  const make = (n: number): string => `var s = 0; ${Array.from({ length: n }, (_, i) => `s += x[${i}] * ${i + 1};`).join(" ")} return s;`;
  it("with new and without, with parameters, and as what one gives back", () => {
    served((x: number[], n: number) => (new Function("x", make(n)) as (x: number[]) => number)(x), ["n"], [[1, 2, 3], 3], [[4, 5, 6], 2]); // eslint-disable-line
    served((x: number[], n: number) => (Function(`return function (x) { ${make(n)} }`)() as (x: number[]) => number)(x), ["n"], [[1, 2, 3], 3]); // eslint-disable-line
    served((a: number, b: number) => { const f = Function.apply(undefined, ["a, b", "c", "return a * b - c"]) as (...q: number[]) => number; return f(a, b, 3) + f.length + f.name.length; }, [], [1, 2], [3, 4]); // eslint-disable-line
  });
  it("they are sloppy code, but for what their own text says", () => {
    served((a: number) => [(new Function("return this === undefined") as () => boolean)(), (new Function("a", "'use strict'; arguments[0] = 7; return a") as (a: number) => number)(a)], [], [1], [2]); // eslint-disable-line
    served((a: number) => { const C = new Function("a", "this.a = a") as unknown as new (a: number) => { a: number }; return new C(a).a; }, [], [1], [2]); // eslint-disable-line
  });
  it("texts that say nothing, change from call to call or name what lies outside are the original's, and so is one that leaves", () => {
    const kernels: ((x: number) => unknown)[] = [
      (x) => { try { return new Function("return ]"); } catch { return x; } }, (x) => (new Function(`return ${x}`) as () => number)(), (x) => (new Function("x", "return Math.abs(x)") as (x: number) => number)(x), // eslint-disable-line
      (x) => (new Function("return typeof anonymous") as () => string)() + x, (x) => String(new Function("x", `return x * 2; // ${typeof x}`)), // eslint-disable-line
    ];
    for (const kernel of kernels) {
      const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
      expect([fast(1), fast(-2)]).toEqual([kernel(1), kernel(-2)]);
    }
    const made = specialize((k: number) => ({ k, f: new Function("x", "return x * 2") }), { tier: "wasm", compile: "sync" }) as unknown as (k: number) => { f: (x: number) => number }; // eslint-disable-line
    expect([made(1).f(3), made(2).f(4)]).toEqual([6, 8]);
  });
});
