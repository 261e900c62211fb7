// Bound functions: what `f.bind(self, a)` made is a closure like any other, wherever it comes from.

import { beforeAll, describe, expect, it } from "vitest";
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

describe("an arrow function has no prototype", () => {
  it("so that `instanceof` throws, as in the original", () => {
    const arrow = (x: number): number => x, kernel = (x: number): number => (({ x }) instanceof (arrow as unknown as typeof Pair) ? x : -x);
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    expect(() => fast(1)).toThrow(TypeError);
  });
});
