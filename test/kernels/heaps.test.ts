// Arrays of arrays and of objects whose length is known at run time only.

import { describe, test } from "vitest";
import { served } from "./served.ts";

type Pair = [number, number];
interface Item { v: number; next: Item | null }
class Point {
  readonly x: number;
  constructor(x: number) { this.x = x; }
  get twice(): number { return this.x * 2; }
  plus(o: Point): Point { return new Point(this.x + o.x); }
}

describe("arrays of arrays", () => {
  test("pairs are pushed and returned", () => served(
    (n: number) => { const out = []; for (let i = 0; i < n; i++) out.push([i, i * 2]); return out; }, [[5], [0], [40]]));
  test("a grid of computed lengths", () => served(
    (n: number, m: number) => { const out: number[][] = new Array(n); for (let i = 0; i < n; i++) { out[i] = new Array(m); for (let j = 0; j < m; j++) out[i]![j] = i * j + 0.5; } return out; },
    [[3, 4], [0, 3], [20, 20]]));
  test("a transposed matrix", () => served(
    (m: number[][]) => { const t = []; for (let j = 0; j < m[0]!.length; j++) { const r = []; for (let i = 0; i < m.length; i++) r.push(m[i]![j]); t.push(r); } return t; },
    [[[[1, 2, 3], [4, 5, 6]]], [[[1]]]]));
  test("buckets that are empty at first", () => served(
    (a: number[], k: number) => { const b: number[][] = []; for (let i = 0; i < k; i++) b.push([]); for (let i = 0; i < a.length; i++) b[((a[i]! % k) + k) % k]!.push(a[i]!); return b; },
    [[[1, 2, 3, 4, 5, 6, 7], 3], [[], 2]]));
  test("a stack of intervals", () => served(
    (a: number[]) => {
      const stack: Pair[] = [[0, a.length - 1]];
      let s = 0;
      while (stack.length) { const [lo, hi] = stack.pop()!; if (hi < lo) continue; const mid = (lo + hi) >> 1; s += a[mid]! * (hi - lo); stack.push([lo, mid - 1]); stack.push([mid + 1, hi]); }
      return s;
    }, [[[1, 2, 3, 4, 5.5]], [[]], [[7]]]));
  test("rows of the caller are the caller's", () => served(
    (points: Pair[]) => {
      const h: Pair[] = [];
      for (let i = 0; i < points.length; i++) {
        while (h.length >= 2) { const a = h[h.length - 2]!, b = h[h.length - 1]!, c = points[i]!; if ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) > 0) break; h.pop(); }
        h.push(points[i]!);
      }
      return { h, last: h[h.length - 1] === points[points.length - 1] ? 1 : 0 };
    }, [[[[0, 0], [1, 1], [2, 0], [3, 3], [4, 1]]], [[[1, 2]]]]));
  test("the array of the iteration before is the one in the list", () => served(
    (n: number) => { let prev = [0, 0]; const out = []; let d = 0; for (let i = 0; i < n; i++) { const p = [i, i * i]; out.push(p); d += p[1]! - prev[1]!; prev = p; } prev[0] = 99; return [out, d, prev]; },
    [[5], [0], [1]]));
  test("one array in every place", () => served((n: number) => { const r = [1, 2], o = []; for (let i = 0; i < n; i++) { o.push(r); r[0]! += i; } return o; }, [[3], [0]]));
  test("rows are swapped, and compared by identity", () => served(
    (n: number) => {
      const m: number[][] = [];
      for (let i = 0; i < n; i++) { const r = []; for (let j = 0; j < n; j++) r.push(i * n + j); m.push(r); }
      for (let i = 0; i < n - 1; i++) { const t = m[i]!; m[i] = m[i + 1]!; m[i + 1] = t; }
      m[0]![0] = -1;
      return [m, m.indexOf(m[n - 1]!), m[0] === m[n - 1]];
    }, [[3], [1]]));
  test("three levels", () => served(
    (n: number) => { const c = []; for (let i = 0; i < n; i++) { const p = []; for (let j = 0; j < 2; j++) { const r = []; for (let k = 0; k < n; k++) r.push(i + j + k); p.push(r); } c.push(p); } let s = 0; for (let i = 0; i < n; i++) s += c[i]![1]![0]!; return [c, s]; },
    [[3]]));
  test("a short array of arrays whose rows are replaced", () => served(
    (n: number) => { const m = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; m[n % 3] = [7, 8, 9]; m[(n + 1) % 3]![n % 2] = 5; return m; }, [[0], [4]]));
  test("rows that are typed arrays", () => served(
    (n: number, m: number) => { const o: Float64Array[] = []; for (let i = 0; i < n; i++) o.push(new Float64Array(m)); for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) o[i]![j] = i - j; return o; }, [[3, 4], [1, 0]]));
  test("typed arrays of static length, one in each iteration", () => served(
    (n: number) => { const o = []; for (let i = 0; i < n; i++) { const t = new Float64Array(3); t[i % 3] = i; o.push(t); } return o; }, [[3], [5]]));
  test("holes stay holes, undefined is no hole", () => served(
    (n: number) => { const o = new Array(n), u: unknown[] = []; for (let i = 0; i < n; i += 2) { o[i] = [i]; u.push(undefined); } return [o, u]; }, [[5]]));
  test("map, filter, map", () => served(
    (a: number[]) => a.map((v, i) => [v, i]).filter((p) => p[0]! > 1).map((p) => ({ a: p[0], b: p })), [[[1, 2, 3]], [[]]]));
});

describe("arrays of objects and of mixed values", () => {
  test("records with a boolean and a string are updated by index", () => served(
    (n: number) => { const o = []; for (let i = 0; i < n; i++) o.push({ x: i, hit: false, tag: "a" }); for (let i = 0; i < n; i++) { const p = o[(i * 7) % n]!; p.x += 2; p.hit = !p.hit; if (i === 2) p.tag = "b"; } return o; }, [[5]]));
  test("instances keep their methods, getters and class", () => served(
    (n: number) => { const o = [new Point(1)]; for (let i = 0; i < n; i++) o.push(o[i]!.plus(o[0]!)); let s = 0; for (const p of o) s += p.twice; return [o, s, o[0] instanceof Point]; }, [[5]]));
  test("null, numbers and arrays in one list", () => served(
    (n: number) => { const o: (number | null | number[])[] = []; for (let i = 0; i < n; i++) o.push(i % 3 === 0 ? null : i % 3 === 1 ? i : [i]); let s = 0; for (let i = 0; i < n; i++) { const v = o[i]!; if (v === null) s += 1; else if (typeof v === "number") s += v * 10; else s += v[0]! * 100; } return { o, s }; },
    [[7], [0]]));
  test("truth values", () => served((n: number) => { const o = []; for (let i = 0; i < n; i++) o.push(i % 2 === 0); let c = 0; for (const b of o) if (b) c++; return [o, c]; }, [[7], [0]]));
  test("a linked list, walked and returned", () => served(
    (n: number) => { let head: Item | null = null; for (let i = 0; i < n; i++) head = { v: i, next: head }; let s = 0; for (let p: Item | null = head; p !== null; p = p.next) s = s * 3 + p.v; return [head, s]; }, [[4], [0]]));
  test("a choice among new objects that is returned beside them", () => served(
    (n: number) => { const a = [1], b = [2], c = n > 1 ? a : b; return [c, a, b, c === a]; }, [[1], [2]]));
});

describe("a variable of a loop that holds what an iteration before made, or nothing yet", () => {
  type List = number[] | undefined;
  const calls = [[2, 3, 1, 2, 3, 4, 7, 5], [1], [2], [4, 4, 4, 3]].map((x) => [Float64Array.from(x)]);
  test.each<[string, (x: Float64Array) => unknown]>([
    ["a list, kept when the next begins", (x) => { const out = []; let p: List; for (const v of x) { if (v % 3 === 1) { if (p) out.push(p); p = [v]; } else if (p) p.push(v); } if (p) out.push(p); return out; }],
    ["an object", (x) => { let p: { n: number } | null = null, s = 0; for (const v of x) { if (v % 3 === 1) { if (p !== null) s = s * 4 + p.n; p = { n: v }; } else if (p !== null) p.n++; } return [s, p]; }],
    ["and is compared with this one's", (x) => { let p: List, s = 0; for (const v of x) { const old = p; if (v % 3 === 1) p = [v]; if (old !== undefined && old !== p) s += old[0]!; if (old === p) s *= 2; } return s; }],
    ["two of them", (x) => { let p: List, q: List, s = 0; for (const v of x) { if (v % 3 === 1) { q = p; p = [v]; } else if (q) { q.push(v); if (q === p) s++; q = p; } } return [s, p, q, p === q]; }],
  ])("%s", (_, kernel) => served(kernel, calls));
});

describe("rows that are typed arrays of the caller's", () => {
  const rows = (n: number, m: number): Float64Array[] => Array.from({ length: n }, (_, i) => Float64Array.from({ length: m }, (__, j) => i * m + j + 0.5));
  test("are read and written", () => served((d: Float64Array[]) => { for (let i = 0; i < d.length; i++) for (let j = 0; j < d[i]!.length; j++) d[i]![j]! *= -2; return d; }, [[rows(3, 4)], [[new Float64Array(0)]]]));
  test("one of them is given back", () => served((d: Float32Array[]) => { const o = []; for (let i = d.length - 1; i >= 0; i--) o.push(d[i]!); o[0]![0] = 9; return [o, d[1]]; }, [[[new Float32Array([1, 2]), new Float32Array(3)]]]));
  test("are what typed arrays are made of", () => served((d: (Float64Array | undefined)[]) => { const made = d.map((row) => new Float32Array(row!)), one = new Float32Array(d[1]!); return [made.length, made[0]![0], one]; }, [[rows(3, 2)], [rows(1, 2)]]));
  test("share bytes: left to the original where something is written", () => {
    const bytes = new Float64Array(4);
    return served((d: Float64Array[]) => { d[0]![1] = 5; return d[1]![0]; }, [[rows(2, 2)], [[bytes.subarray(0, 2), bytes.subarray(2, 4)]], [[bytes.subarray(0, 2), bytes.subarray(1, 3)]]], { original: 1 });
  });
});

describe("recursion over arrays and objects", () => {
  test("each call changes fields of the caller's object before it calls itself", () => served(
    (r: { data: number[]; at: number; word: number; bits: number }) => {
      const skip = (): number => { let n; for (n = 0; n < r.bits; ++n) if ((r.word & (0x80 >>> n)) !== 0) { r.word <<= n + 1; r.bits -= n + 1; return n; } r.word = r.data[r.at]!; r.bits = 8; r.at++; return n + skip(); };
      return [skip(), skip(), skip()];
    }, [[{ data: [0, 0, 0, 17, 200, 3], at: 0, word: 0, bits: 0 }], [{ data: [1, 0, 9, 17, 200, 3], at: 1, word: 3, bits: 5 }]]));
  interface Tree { v: number; left: Tree | null; right: Tree | null }
  test("a list from outside grows", () => served(
    (n: number) => { const out: number[][] = []; function split(lo: number, hi: number): void { if (hi - lo < 2) { out.push([lo, hi]); return; } const m = (lo + hi) >> 1; split(lo, m); split(m, hi); } split(0, n); return out; }, [[1], [9]]));
  test("a tree is built and summed", () => served(
    (n: number) => {
      function build(lo: number, hi: number): Tree | null { if (lo > hi) return null; const m = (lo + hi) >> 1; return { v: m, left: build(lo, m - 1), right: build(m + 1, hi) }; }
      function sum(t: Tree | null): number { return t === null ? 0 : t.v + sum(t.left) * 2 + sum(t.right) * 3; }
      const t = build(0, n);
      return [t, sum(t)];
    }, [[6], [-1], [0]]));
  test("an array is sorted in place", () => served(
    (a: number[]) => {
      function sort(x: number[], lo: number, hi: number): void { if (lo >= hi) return; const p = x[hi]!; let i = lo; for (let j = lo; j < hi; j++) if (x[j]! < p) { const t = x[i]!; x[i] = x[j]!; x[j] = t; i++; } x[hi] = x[i]!; x[i] = p; sort(x, lo, i - 1); sort(x, i + 1, hi); }
      sort(a, 0, a.length - 1);
      return a;
    }, [[[5, 2, 8, 1, 9]], [[3]], [[]]]));
  test("permutations", () => served(
    (n: number) => { const out: number[][] = [], now: number[] = [], used = new Uint8Array(n); function go(k: number): void { if (k === n) { out.push(now.slice()); return; } for (let i = 0; i < n; i++) if (!used[i]) { used[i] = 1; now.push(i); go(k + 1); now.pop(); used[i] = 0; } } go(0); return out; },
    [[3], [0], [4]]));
  test("a determinant by minors", () => served(
    (m: number[][]) => {
      function det(a: number[][]): number { const n = a.length; if (n === 1) return a[0]![0]!; let s = 0; for (let c = 0; c < n; c++) { const minor = []; for (let i = 1; i < n; i++) { const r = []; for (let j = 0; j < n; j++) if (j !== c) r.push(a[i]![j]!); minor.push(r); } s += (c % 2 ? -1 : 1) * a[0]![c]! * det(minor); } return s; }
      return det(m);
    }, [[[[2, 0, 1], [1, 3, 2], [1, 1, 4]]], [[[5]]]]));
});

describe("rows of the caller's change places", () => {
  test("sorted by their elements", () => served((p: Pair[]) => { p.sort((a, b) => a[0] - b[0] || a[1] - b[1]); return p[0]![1]; }, [[[[3, 1], [1, 2], [2, 0], [1, 1]]], [[[5, 6]]]]));
  test("elimination with pivots", () => served(
    (a: number[][]) => {
      const n = a.length;
      for (let k = 0; k < n; k++) {
        let m = k;
        for (let i = k + 1; i < n; i++) if (Math.abs(a[i]![k]!) > Math.abs(a[m]![k]!)) m = i;
        const t = a[m]!; a[m] = a[k]!; a[k] = t;
        for (let i = k + 1; i < n; i++) { const f = a[i]![k]! / a[k]![k]!; for (let j = k; j < n; j++) a[i]![j]! -= f * a[k]![j]!; }
      }
      return a;
    }, [[[[1, 2, 3], [4, 5, 6], [7, 8, 10]]], [[[2]]]]));
  test("reversed, and looked for", () => served((p: Pair[]) => { p.reverse(); return p.indexOf(p[p.length - 1]!); }, [[[[3, 1], [1, 2], [2, 0]]]]));
  test("one row twice is one row where identity counts", () => {
    const row = [1, 2], twice = [[3, 4], [5, 6]] as Pair[];
    return served((p: number[][]) => { let c = 0; for (const a of p) for (const b of p) if (a === b) c++; return c; }, [[twice], [[row, row]]]);
  });
  test("the least and the greatest of each", () => served((p: Pair[]) => { let s = 0; for (let i = 0; i < p.length; i++) s += Math.min.apply(Math, p[i]!) + Math.max(...p[i]!); return s; }, [[[[3, 1], [1, 2]]], [[[1, 2]]]]));
});

describe("splice, Array.from", () => {
  test("elements are taken out and put in", () => served(
    (a: number[], s: number, c: number) => { const b = []; for (const v of a) b.push(v); const r = b.splice(s, c), q = b.splice(1, 0, 7, 8, 9); b.splice(2, 1, 5); return [b, r, q]; },
    [[[1, 2, 3, 4, 5], 1, 2], [[1, 2, 3], -2, 9], [[1], 0, 0], [[], 0, 1], [[1, 2, 3], 2, -1]]));
  test("a queue in order", () => served((a: number[]) => { const q: { p: number }[] = []; for (const v of a) { let i = 0; while (i < q.length && q[i]!.p < v) i++; q.splice(i, 0, { p: v }); } return q; }, [[[3, 1, 2]], [[]]]));
  test("a matrix of computed lengths", () => served((n: number, m: number) => Array.from({ length: n }, (_, i) => Array.from({ length: m }, (__, j) => i * j)), [[2, 3], [0, 1]]));
  test("what Object.prototype.toString says", () => served((a: number[], b: Float64Array) => [Object.prototype.toString.call(a), Object.prototype.toString.call(b).endsWith("Array]"), Object.prototype.toString.call(a.length)], [[[1, 2], new Float64Array(2)]]));
  test("a NaN of Math.acos is no hole", () => served((n: number) => { const l = new Array(n), m: unknown[] = []; for (let i = 0; i < n - 1; i++) l[i] = Math.acos(i + 2); for (let i = 0; i < n; i++) m.push(i % 2 ? [i] : Math.acosh(-i)); return [l, m, l[0] === undefined]; }, [[4]]));
});

test("a choice of lists of which the meeting itself puts one into memory", () => served((points: number[][]) => {
  let a: number[], part: number[][] = [];
  const result: number[][][] = [];
  for (let i = 1; i < points.length; i++) {
    a = points[i - 1]!;
    let b = points[i]!;
    for (;;) {
      if (b[0]! < 5) { part.push(a); if (b[1]! > 0) { result.push(part); part = []; } break; }
      else if (a[0]! > 5) break;
      else if (a[1]! > 0) a = [a[0]! + 1, 4];
      else b = [b[0]! - 3, b[1]!];
    }
  }
  if (part.length) result.push(part);
  return result;
}, [[[[1, 2], [9, -2], [3, 4], [6, 1], [2, -3]]], [[[7, 7], [8, 8]]], [[[1, 1], [2, -2], [3, -3]]]]));

describe("typed arrays that recursion changes", () => {
  test("made before it, and given back", () => served((n: number) => { const a = new Float64Array(8); const fill = (i: number, k: number): Float64Array => { if (k > 0) { a[i] += k; fill((i * 2 + 1) & 7, k - 1); fill((i * 2 + 2) & 7, k - 1); } return a; }; fill(0, n); return Array.from(a); }, [[3], [0], [5]]));
  test("handed on", () => served((n: number) => { const fill = (a: Int32Array, i: number): void => { if (i < a.length) { a[i] = i * n; fill(a, i + 1); fill(a, i + 3); } }, a = new Int32Array(6); fill(a, 0); return a; }, [[3], [0]]));
});
const walked = (root: unknown): number => { const stack = []; if (root) stack.push(root); let q, s = 0; while ((q = stack.pop() as never as (unknown[] & { v?: number }) | undefined)) { if (q.length) { if (q[0]) stack.push(q[0]); if (q[1]) stack.push(q[1]); } else s += q.v!; } return s; };
test("a tree that loops write in a chain of new arrays, and a stack that is emptied walks", () => served((ps: number[]) => {
  const t: { root: unknown } = { root: undefined };
  const add = (p: number): void => {
    const leaf = { v: p }, node = t.root;
    let parent: unknown[] | undefined, b = 1;
    if (!node) { t.root = leaf; return; }
    do { const made = new Array(2); if (parent) parent[p & 1] = made; else t.root = made; parent = made; b *= 2; } while (b < p * 8);
    parent[0] = node; parent[1] = leaf;
  };
  for (const p of ps) add(p);
  return walked(t.root);
}, [[[1, 2, 3]], [[1]], [[]], [[5, 9, 13, 1]]]));
