// Objects among the fast values: arrays of them, one of them returned, fields written.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

interface Point { x: number; y: number }
const points = (n: number): Point[] => Array.from({ length: n }, (_, i) => ({ x: i * 1.5, y: -i }));

describe("arrays of objects", () => {
  test("fields are read", () => served(
    (p: Point[]) => { let x = 0, y = 0; for (const q of p) { x += q.x; y += q.y; } return { x: x / p.length, y: y / p.length }; }, [[points(5)], [points(0)]]));
  test("two objects at a time", () => served(
    (p: Point[]) => { let s = 0; for (let i = 0, j = p.length - 1; i < p.length; j = i++) s += p[i]!.x * p[j]!.y - p[j]!.x * p[i]!.y; return s / 2; }, [[points(5)], [points(1)], [points(0)]]));
  test("fields are written", () => served(
    (p: Point[], dt: number) => { for (let i = 0; i < p.length; i++) { const q = p[i]!; q.x += q.y * dt; q.y *= 0.5; } }, [[points(5), 0.1], [points(0), 1]]));
  test("a field that a loop writes from its third iteration on, beside one that it changes in each", () => served(
    (o: { a: number; b: number }, x: number[]) => { let p: number | undefined, q: number | undefined; for (let i = 0; i < x.length; i++) { o.a += x[i]!; if (p !== undefined) o.b = x[i]! * p; p = q; q = x[i]!; } },
    [[{ a: 1, b: 2 }, [1, 2, -0, 4.5]], [{ a: 1, b: 2 }, [3, 2]], [{ a: -0, b: 2 }, []]]));
  test("one of them, or null, is returned", () => served(
    (p: Point[], x: number, y: number) => { let best = null, d = Infinity; for (let i = 0; i < p.length; i++) { const q = p[i]!; const e = (q.x - x) ** 2 + (q.y - y) ** 2; if (e < d) { d = e; best = q; } } return best; },
    [[points(5), 3, -2], [points(0), 1, 1]]));
  test("a list of some of them is returned", () => served(
    (p: Point[], tol: number) => {
      const out = [p[0]!]; let prev = p[0]!, q;
      for (let i = 1; i < p.length; i++) { q = p[i]!; const dx = q.x - prev.x, dy = q.y - prev.y; if (dx * dx + dy * dy > tol) { out.push(q); prev = q; } }
      if (prev !== q) out.push(q!);
      return out;
    }, [[points(9), 5]]));
  // an element that an index finds may be undefined, of which nothing is copied
  test("spread, assigned, taken apart, their keys and values listed, by index", () => served(
    (p: Point[], n: number) => {
      const out: unknown[] = [];
      let s = "";
      for (let i = 0; i < n; i++) {
        const { x, ...rest } = p[i]!;
        for (const key in p[i]) s += key;
        out.push({ ...p[i], z: x }, Object.assign({ z: i }, p[i]), rest, Math.max(...Object.values(p[i]!)), Object.keys(p[i]!).length, Object.entries(p[i]!)[1]![0]);
      }
      return [out, s];
    }, [[points(3), 3], [points(2), 1], [points(1), 0], [points(1), 2]], { original: 1 }));
  test("what their fields hold is copied, and listed, where all have the same keys", () => served(
    (p: { at: Point }[]) => { const out: unknown[] = []; let s = ""; for (let i = 0; i < p.length; i++) { out.push({ ...p[i]!.at, k: i }); for (const key in p[i]!.at) s += key; } return [out, s]; },
    [[[{ at: { x: 1, y: 2 } }, { at: { x: 3, y: -0 } }]], [[]], [[{ at: { x: 1, y: 2 } }, { at: { y: 3, x: 4 } }]], [[{ at: { x: 1, y: 2 } }, { at: { x: 3, y: 4, z: 5 } }]]], { original: 2 }));
  test("a spread copies symbols, and a rest keeps them: the original's", async () => {
    await ready();
    const made = (o: Point, p: Point[]): unknown => { const { x, ...rest } = o, all: unknown[] = [Object.assign({ k: x }, o), rest]; for (let i = 0; i < p.length; i++) all.push({ ...p[i] }); return all; };
    const fast = specialize(made, { tier: "wasm", compile: "sync" }), plain = { x: 1, y: 2 }, marked = { ...plain, [Symbol("mark")]: 3 };
    const keys = (all: unknown): number[] => (all as object[]).map((one) => Reflect.ownKeys(one).length);
    for (const [o, p, wasm] of [[plain, [plain], 1], [marked, [plain], 1], [plain, [marked], 1], [plain, [plain, plain], 2]] as const) {
      expect(keys(fast(o, [...p]))).toEqual(keys(made(o, [...p])));
      expect(fast.stats().calls.wasm).toBe(wasm);
    }
    for (const [slow, calls] of [[plain, 1], [marked, 0]] as const) {
      const copy = (o: object, k: number): object => ({ ...o, k }), served = specialize(copy, { slow: ["o"], tier: "wasm", compile: "sync" });
      expect(keys([served(slow, 1)])).toEqual(keys([copy(slow, 1)]));
      expect(served.stats().calls.wasm).toBe(calls);
    }
  });
  test("copies of the kernel's own, from a list that began with numbers", () => served(
    (p: Point[]) => { let row: (Point & { k: number })[] = []; for (let i = 0; i < p.length; i++) row = row.concat({ ...p[i]!, k: i }); const out = []; for (let i = 0; i < row.length; i++) out.push(Object.assign({}, row[i], { y: row[i]!.k })); return out; }, [[points(3)], [[]]]));
  test("their methods, getters and class", () => {
    class Vector {
      x: number; y: number;
      constructor(x: number, y: number) { this.x = x; this.y = y; }
      get size(): number { return Math.hypot(this.x, this.y); }
      scale(k: number): this { this.x *= k; this.y *= k; return this; }
      dot(o: Vector): number { return this.x * o.x + this.y * o.y; }
    }
    const list = (n: number): Vector[] => Array.from({ length: n }, (_, i) => new Vector(i - 1.5, 2 * i));
    return served((p: Vector[], k: number) => {
      let s = 0;
      for (let i = 0; i < p.length; i++) { const v = p[i]!.scale(k).scale(0.5); s += v.dot(p[0]!) / (1 + v.size) + (v instanceof Vector ? 1 : 0); }
      return s;
    }, [[list(4), 3], [list(1), -1], [[Object.assign(new Vector(1, 2), { scale() { return this; } }), new Vector(3, 4)], 2]]);
  });
  test("whether they have a field", () => served(
    (p: Point[]) => { let s = 0; for (const q of p) s += (Object.hasOwn(q, "z") ? 100 : Object.hasOwn(q, "x") ? q.x : 0) + ("toString" in q ? 1 : 0) + ((q as { w?: number }).w ?? 7); return s; }, [[points(3)], [points(2)]]));
  test("one object in two places stays one", () => {
    const one = { x: 1, y: 2 };
    return served((p: Point[]) => { p[0]!.x = 5; return p[1]!.x; }, [[[one, one]], [points(3)]]);
  });
  test("pairs of objects are updated", () => served(
    (b: { x: number; vx: number; m: number }[], dt: number) => {
      for (let i = 0; i < b.length; i++) { const a = b[i]!; for (let j = i + 1; j < b.length; j++) { const c = b[j]!; const dx = a.x - c.x; const f = dt / (dx * dx + 1); a.vx -= dx * c.m * f; c.vx += dx * a.m * f; } }
      for (const a of b) a.x += a.vx * dt;
    }, [[Array.from({ length: 4 }, (_, i) => ({ x: i, vx: 0, m: i + 1 })), 0.01]]));
});

describe("objects made in the kernel", () => {
  test("a new object in each iteration", () => served(
    (p: number, q: number[]) => { let s = { x: 0, y: 0 }; for (let i = 0; i < q.length; i++) { s = { x: s.x + q[i]! * p, y: s.y + p }; if (q[i]! > 5) s.x++; } return s; }, [[2.5, [1, 2, 9]], [-0, []]]));
});

describe("slow objects chosen at run time", () => {
  interface Tree { feature: number; threshold: number; left: Tree | number; right: Tree | number }
  const grow = (level: number, at: number): Tree | number =>
    level === 0 ? Math.sin(at) : { feature: at % 4, threshold: Math.cos(at), left: grow(level - 1, 2 * at), right: grow(level - 1, 2 * at + 1) };
  const trees = Array.from({ length: 12 }, (_, i) => grow(3, i + 1));

  test("a forest: nodes become tables, a leaf is told from a node by one of them", () => served(
    function (x: Float64Array, n: number, list: (Tree | number)[]) {
      let sum = 0;
      for (let i = 0; i < n; i++) { let node: Tree | number = list[i]!; while (typeof node !== "number") node = x[node.feature]! < node.threshold ? node.left : node.right; sum += node; }
      return sum;
    }, [[new Float64Array([0.1, -0.5, 0.7, -0.2]), 12, trees], [new Float64Array([1, NaN, -0, -2]), 7, trees], [new Float64Array(4), 0, trees]], { slow: ["list"] }));
  test("lists of them begin at places of a table with gaps", () => {
    interface Link { w: number; next?: Link }
    const link = (i: number): Link => { const last: Link = { w: i / 3 }; return { w: -i, next: { w: i * 2, next: last } }; };
    const table = Array.from({ length: 40 }, (_, i) => (i % 3 === 1 ? undefined : link(i)));
    return served(
      function (at: number, x: number, links: (Link | undefined)[]) { let s = 0; for (let c = links[at]; c !== undefined; c = c.next) { const d = 2 - c.w * x; if (d > 0) s += d * d; } return s; },
      [0, 1, 2, 39, 40, -1, 0.5].map((at) => [at, 0.25, table]), { slow: ["links"] });
  });
  test("a stage of many by its number", () => served(
    function (x: number, which: number, stages: { gain: number; bias: number; name: string }[]) { const s = stages[which]; return s === undefined ? -1 : x * s.gain + s.bias + (s.name === "b" ? 100 : 0); },
    [[2, 3, stagesOf(12)], [2, 11, stagesOf(12)], [2, 1.5, stagesOf(12)], [2, -1, stagesOf(12)]], { slow: ["stages"] }));
});
const stagesOf = (n: number): { gain: number; bias: number; name: string }[] => Array.from({ length: n }, (_, i) => ({ gain: i / 3, bias: -i, name: i % 2 === 0 ? "a" : "b" }));

describe("slow rows of numbers in the kernel's own lists", () => {
  const rows = (n: number, lengthOf = (_: number): number => 2): number[][] => Array.from({ length: n }, (_, i) => Array.from({ length: lengthOf(i) }, (__, j) => Math.sin(3 * i + j) * 9));
  type Rows = readonly number[][];
  test("a ring that is closed by its first point", () => served((p: number[], ring: Rows) => {
    const closed = [...ring, ring[0]!];
    let s = 0;
    for (let i = 0, l = closed.length - 1; i < l; i++) s += closed[i]![0]! * p[0]! - closed[i + 1]![1]!;
    return s;
  }, [[[1.5, 2], rows(1001)], [[-0, NaN], rows(9)]], { slow: ["ring"] }));
  test.each<[string, (k: number, list: Rows) => unknown]>([
    ["one out of them, the caller's own", (k, list) => list.slice().reverse()[k]],
    ["the list, handed on", (k, list) => { const c = [...list, list[0]!]; for (let i = 0; i < c.length - 1; i += 2) { const t = c[i]!; c[i] = c[i + 1]!; c[i + 1] = t; } return [c, k]; }],
    ["sorted", (k, list) => { const c = list.slice().sort((a, b) => a[0]! - b[0]!); let s = 0; for (let i = 0; i < c.length; i++) s = s * 0.5 + c[i]![1]! + k; return s; }],
    ["beside one of its own and null", (k, list) => { const c: (readonly number[] | null)[] = [...list, [k, k + 1], null]; let s = 0; for (let i = 0; i < c.length; i++) s += c[i] ? c[i]![1]! * i : 1000; return s; }],
  ])("%s", (_, kernel) => served(kernel, [[7, rows(40)], [0, rows(40)]], { slow: ["list"] }));
  test.each<[string, (i: number) => number]>([["of several lengths", (i) => 1 + (i % 4)], ["some of them empty", (i) => i % 4]])("%s", (_, lengthOf) =>
    served((k: number, list: Rows) => { const c = list.slice(); c.push(list[3]!); const row = c[k]!; return row.length * 100 + (row[row.length - 1] ?? -1); }, [[5, rows(20, lengthOf)], [20, rows(20, lengthOf)], [0, rows(20, lengthOf)]], { slow: ["list"] }));
  test("of which one is written afterwards: told apart again", () => {
    const captured = rows(12);
    served((k: number, n: number) => {
      const c = captured.slice();
      for (let i = 0; i < n; i++) c.push(captured[i % 3]!);
      let s = 0;
      for (let i = 0; i < n; i++) s += c[i]![0]! * k;
      captured[3]![1] = k;
      for (const row of c) s += row[1]!;
      return s;
    }, [[0.25, 30], [0.5, 3]]);
  });
});

describe("trees of several shapes of nodes", () => {
  interface Inner { feature: number; threshold: number; left: Node; right: Node }
  interface Leaf { value: number; left?: undefined; right?: undefined }
  type Node = Inner | Leaf;
  const grow = (level: number, at: number): Node =>
    level === 0 || (level < 4 && at % 5 === 0) ? { value: Math.sin(at) } : { feature: at % 4, threshold: Math.cos(at), left: grow(level - 1, 2 * at), right: grow(level - 1, 2 * at + 1) };
  const rows = Float64Array.from({ length: 40 }, (_, i) => [NaN, 0.3, -0.2, -0, 0.9, -0.7, 0.1][i % 7]!);
  const isTaken = (kernel: (x: Float64Array, out: Float64Array, tree: never) => void, tree: unknown) =>
    served(kernel as (...args: never[]) => unknown, [[rows, new Float64Array(10), tree], [rows.subarray(1), new Float64Array(9), tree]], { slow: ["tree"] });

  test("a leaf has no left", () => isTaken((x, out, tree: Node) => {
    for (let r = 0; r < out.length; r++) { let n = tree; while (n.left) n = x[r * 4 + n.feature]! <= n.threshold ? n.left : n.right; out[r] = (n as Leaf).value; }
  }, grow(7, 1)));
  test("a list of trees", () => isTaken((x, out, tree: Node[]) => {
    for (let r = 0; r < out.length; r++) { let sum = 0; for (const t of tree) { let n = t; while (n.left) n = x[r * 4 + n.feature]! <= n.threshold ? n.left : n.right; sum += (n as Leaf).value; } out[r] = sum; }
  }, Array.from({ length: 30 }, (_, i) => grow(4, i))));
  test("a leaf is marked", () => {
    interface Marked { leaf: boolean; value: number; feature: number; threshold: number; low: Marked | null; high: Marked | null }
    const mark = (n: Node): Marked => (n.left ? { leaf: false, value: 0, feature: n.feature, threshold: n.threshold, low: mark(n.left), high: mark(n.right) } : { leaf: true, value: (n as Leaf).value, feature: -1, threshold: 0, low: null, high: null });
    return isTaken((x, out, tree: Marked) => {
      for (let r = 0; r < out.length; r++) { let n = tree; while (!n.leaf) n = x[r * 4 + n.feature]! < n.threshold ? n.low! : n.high!; out[r] = n.value; }
    }, mark(grow(7, 1)));
  });
  test("a leaf's children are null", () => {
    interface Nullable { f: number; t: number; l: Nullable | null; r: Nullable | null }
    const nullable = (n: Node): Nullable => (n.left ? { f: n.feature, t: n.threshold, l: nullable(n.left), r: nullable(n.right) } : { f: 0, t: (n as Leaf).value, l: null, r: null });
    return isTaken((x, out, tree: Nullable) => {
      for (let r = 0; r < out.length; r++) { let n = tree; while (n.l !== null) { if (x[r * 4 + n.f]! < n.t) n = n.l; else n = n.r!; } out[r] = n.t; }
    }, nullable(grow(7, 1)));
  });
  test("nodes of two classes", () => {
    class Split { f: number; t: number; a: Split | End; b: Split | End; constructor(f: number, t: number, a: Split | End, b: Split | End) { this.f = f; this.t = t; this.a = a; this.b = b; } }
    class End { v: number; constructor(v: number) { this.v = v; } }
    const classes = (n: Node): Split | End => (n.left ? new Split(n.feature, n.threshold, classes(n.left), classes(n.right)) : new End((n as Leaf).value));
    return isTaken((x, out, tree: Split | End) => {
      for (let r = 0; r < out.length; r++) { let n = tree; while ("f" in n) n = x[r * 4 + n.f]! < n.t ? n.a : n.b; out[r] = n.v; }
    }, classes(grow(7, 1)));
  });
  test("what decides is an object of the node's", () => {
    interface Nested { rule?: { at: number; below: number }; yes?: Nested; no?: Nested; value?: number }
    const nested = (n: Node): Nested => (n.left ? { rule: { at: n.feature, below: n.threshold }, yes: nested(n.left), no: nested(n.right) } : { value: (n as Leaf).value });
    return isTaken((x, out, tree: Nested) => {
      for (let r = 0; r < out.length; r++) { let n = tree; while (n.rule) n = x[r * 4 + n.rule.at]! < n.rule.below ? n.yes! : n.no!; out[r] = n.value!; }
    }, nested(grow(7, 1)));
  });
  test("by recursion", () => isTaken((x, out, tree: Node) => {
    const walk = (n: Node, r: number): number => (n.left ? (x[r * 4 + n.feature]! <= n.threshold ? walk(n.left, r) : walk(n.right, r)) : (n as Leaf).value);
    for (let r = 0; r < out.length; r++) out[r] = walk(tree, r);
  }, grow(9, 1)));
});

test("each of the objects has lists of its own", () => {
  const trees = Array.from({ length: 20 }, (_, t) => ({ feature: Array.from({ length: 15 }, (__, i) => (i * 7 + t) % 8), threshold: Array.from({ length: 15 }, (__, i) => Math.sin(i * t)), leaf: Float64Array.from({ length: 16 }, (__, i) => i - t) }));
  const uneven = Array.from({ length: 12 }, (_, t) => ({ feature: Array.from({ length: t }, () => t % 8), threshold: Array.from({ length: t }, (__, i) => i / 9), leaf: new Float64Array(t + 1).fill(t / 7) }));
  return served((rows: Float64Array, out: Float64Array, list: typeof trees) => {
    for (let r = 0; r < out.length; r++) {
      let sum = 0;
      for (const { feature, threshold, leaf } of list) {
        let node = 0;
        while (node < feature.length) node = 2 * node + (rows[8 * r + feature[node]!]! < threshold[node]! ? 1 : 2);
        sum += leaf[node - feature.length]!;
      }
      out[r] = sum;
    }
  }, [trees, uneven].map((list) => [Float64Array.from({ length: 50 }, (_, i) => [NaN, 0.3, -0.2, -0, 0.9][i % 5]!), new Float64Array(6), list]), { slow: ["list"] });
});

describe("lists of lists in slow objects that run time chooses from", () => {
  interface Tree { readonly feature: Int8Array; readonly threshold: number[]; readonly next: Int16Array; readonly votes: number[][] }
  const shared = [[1, 2], [3, 4]];
  const trees: Tree[] = Array.from({ length: 12 }, (_, t) => ({
    feature: Int8Array.of(t % 3, -1, -1), threshold: [t / 12 - 0.4, 0, 0], next: Int16Array.of(1, 2), votes: t % 5 === 4 ? [[t], ...shared] : [[0, 0], [t, 1, 2], [-t, 0.5]],
  }));
  const rows = (n: number): Float64Array => Float64Array.from({ length: 3 * n }, (_, i) => Math.sin(i));
  test("votes of leaves", () => served((x: Float64Array, out: Float64Array, forest: Tree[]) => {
    for (let r = 0; r < out.length; r++) {
      let sum = 0;
      for (const tree of forest) {
        let node = 0;
        while (tree.feature[node]! >= 0) node = tree.next[x[3 * r + tree.feature[node]!]! <= tree.threshold[node]! ? 0 : 1]!;
        for (let c = 0; c < 2; c++) sum += tree.votes[node]![c]! * (c + 1);
      }
      out[r] = sum;
    }
  }, [[rows(4), new Float64Array(4), trees], [rows(1), new Float64Array(1), trees]], { slow: ["forest"] }));
  test("lengths, what is not there, and which list is which", () => served((a: number, b: number, forest: Tree[]) => {
    const x = forest[a]!.votes, y = forest[b]!.votes;
    return [x === y, x[1] === y[1], x[2] === y[2], x.length, x[0]!.length, x[3] === undefined, x[1]![2] ?? -1].join();
  }, [[0, 1, trees], [4, 9, trees], [4, 4, trees], [3, 4, trees]], { slow: ["forest"] }));
});
