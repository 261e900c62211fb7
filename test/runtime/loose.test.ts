// What older code does: constructors called without `new`, parameters assigned beside `arguments`, objects compared with `==`, recursion by methods.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

const text = (name: string, source: string): ((...args: unknown[]) => unknown) => (0, eval)(`${source}; ${name}`) as (...args: unknown[]) => unknown; // sloppy code

const victor = text("normalize", `
  function V(x, y) { if (!(this instanceof V)) return new V(x, y); this.x = x || 0; this.y = y || 0; }
  V.prototype.divide = function (v) { this.x /= v.x; this.y /= v.y; return this; };
  function normalize(x, y) { const v = V(x, y), l = Math.hypot(x, y); if (l === 0) v.x = 1; else v.divide(V(l, l)); return [v.x, v.y]; }`);
const npv = text("npv", "function npv(rate) { var rate = rate / 100, v = arguments[1]; for (var i = 2; i < arguments.length; i++) v += arguments[i] / Math.pow(1 + rate, i - 1); return v + arguments[0]; }");
const loose = text("loose", "function loose(n, m) { const f = () => n, o = { n }, list = []; for (let i = 0; i < m; i++) list.push(i); return [f == n, o == n, f != 1, [] == n, [n] == n, [1, 2] == n, [null] == n, [true] == 1, list == n, list != true]; }");
const pair = text("pair", `
  function M(data, beside) {
    this.data = new Array(data.length);
    for (var i = 0; i < data.length; i++) { this.data[i] = new Array(data[0].length); for (var j = 0; j < data[0].length; j++) this.data[i][j] = data[i][j]; }
    if (beside) this.beside = new M(beside);
  }
  function pair(a, b) { const m = new M(a, b); let s = 0; for (let i = 0; i < m.data.length; i++) s += m.data[i][0] * m.beside.data[i][0]; return s; }`);
const tags = text("tags", `
  class A { constructor(n) { this.n = n; } }
  class B extends A { get [Symbol.toStringTag]() { return "Bee"; } }
  function tags(n, o) { const tag = (v) => Object.prototype.toString.call(v); return [new A(n), new B(n), o, [n], Object.create(null)].map((v) => tag(v) === "[object Object]"); }`);
const slowTags = text("slowTags", `
  class A { constructor(n) { this.n = n; } }
  class B extends A { get [Symbol.toStringTag]() { return "Bee"; } }
  const a = new A(1), b = new B(2), tagged = { [Symbol.toStringTag]: "T" }, plain = { n: 3 };
  function slowTags(n) { const tag = (v) => Object.prototype.toString.call(v); return [tag(a) + n, tag(plain), tag(tagged) === "[object T]", tag(b) === "[object Bee]"]; }`);
const argumentsTag = text("argumentsTag", "const args = (function () { return arguments; })(1, 2); function argumentsTag(n) { return Object.prototype.toString.call(args) + n; }");
const mixed = text("mixed", "function mixed(n, m) { const d = []; for (let i = 0; i < n; i++) d[i] = []; for (let i = 0; i < m; i++) d[i] = i; let c = 0; for (let i = 0; i < n; i++) { if (d[i] == 0) c++; if (d[i] != 1) c += 10; } return c; }");
const seeds = text("seeds", `function seeds(rows, start, k) {
  var centres = start == "random" ? rows.slice(0, k) : start, s = 0;
  for (var round = 0; round < 2; round++) {
    for (var j = 0; j < k; j++) s = s * 0.5 + centres[j][0];
    for (var j = 0; j < k; j++) { centres[j] = []; for (var i = 0; i < rows.length; i++) centres[j][0] = rows[i][0] * (j + 1) / k; }
    if (centres == "random" || [s, null] == "s") s = NaN;
  }
  return s;
}`);
const clones = text("clones", `
  function Copied(x) { this.x = x; }
  Copied.prototype.get = function () { return this.x * 2; };
  Copied.prototype.clone = function () { var o = Object.create(this.x > 2 ? Copied.prototype : ended); o.x = this.x + 1; return o; };
  var ended = Object.create(Copied.prototype, { get: { value: function () { return -this.x; } } });
  function clones(x, n) { var o = new Copied(x); for (var i = 0; i < n; i++) o = o.clone(); return [o.get(), Object.getPrototypeOf(o) === ended, o.x]; }`);

describe("older code", () => {
  const stories: Record<string, [(...args: unknown[]) => unknown, (k: number) => unknown[]]> = {
    "a list of rows, or the name of a way to make one": [seeds, (k) => [[[k], [k + 1], [2 * k]], [[1], [k]], 2]],
    "an object made with one of two prototypes": [clones, (k) => [k, k % 3]],
    "a constructor called without new": [victor, (k) => [k - 2, 2 * k - 4]],
    "parameters assigned beside arguments": [npv, (k) => [k, -500, 200 * k, 300]],
    "a constructor that makes another of its kind of less": [pair, (k) => [[[k, 1], [2, k]], [[3], [k]]]],
    "tags of captured instances of classes": [slowTags, (k) => [k]],
    "tags of instances of classes": [tags, (k) => [k, { n: k }]],
    "objects compared with == to numbers": [loose, (k) => [k - 2, k - 1]],
    "numbers and arrays in one array, compared with ==": [mixed, (k) => [k + 2, k]],
  };
  for (const [title, [kernel, args]] of Object.entries(stories)) {
    it(title, () => {
      const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
      for (let k = 1; k < 6; k++) expect(fast(...args(k))).toEqual(kernel(...args(k)));
      expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 5 });
      fast.dispose();
    });
  }

  it("the tag of a captured arguments object is the original's to know", () => {
    const fast = specialize(argumentsTag, { tier: "wasm", compile: "sync" });
    expect(fast(1)).toBe("[object Arguments]1");
    fast.dispose();
  });

  it("a tree of slow objects that have methods", () => {
    class Node {
      at: number; split: number; left: Node | null = null; right: Node | null = null;
      constructor(at: number, split: number, depth: number) {
        this.at = at;
        this.split = split;
        if (depth > 0) { this.left = new Node(1 - at, split / 2, depth - 1); this.right = new Node(1 - at, split * 2, depth - 1); }
      }
      classify(row: Float64Array): number { return this.left !== null && this.right !== null ? (row[this.at]! < this.split ? this.left : this.right).classify(row) : this.split; }
    }
    const fast = specialize(Node.prototype.classify, { slow: ["this"], tier: "wasm", compile: "sync" });
    const tree = new Node(0, 0.5, 5);
    for (let k = 0; k < 8; k++) { const row = Float64Array.of(Math.sin(k) * 3, Math.cos(k) * 3); expect(fast.call(tree, row)).toBe(tree.classify(row)); }
    expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 8 });
    fast.dispose();
  });
});
