// Maps, Sets and objects whose keys are numbers of run time.

import { describe, test } from "vitest";
import { served } from "./served.ts";

const lists = [[], [1], [1, 2, 2, 3, 3, 3], [5, -0, 0, NaN, NaN, 1.5, -7, 1e10, 4294967295, 4294967294, 1.5], Array.from({ length: 300 }, (_, i) => (i * 7919) % 97), Array.from({ length: 200 }, (_, i) => Math.sin(i * 3) * 10)];
const one = lists.map((list) => [Float64Array.from(list)]), ordinary = lists.map((list) => [list]);
type Numbers = ArrayLike<number> & Iterable<number>;

describe("statistics", () => {
  test("mode", () => served((x: Numbers) => {
    const counts = new Map<number, number>();
    let best = NaN, most = 0;
    for (let i = 0; i < x.length; i++) { const c = (counts.get(x[i]!) || 0) + 1; counts.set(x[i]!, c); if (c > most) { most = c; best = x[i]!; } }
    return [best, most, counts.size];
  }, one));
  test("a histogram in an object", () => served((x: Numbers) => { const h: Record<number, number> = {}; for (const v of x) h[v] = (h[v] || 0) + 1; let out = 0; for (const k in h) out = out * 1.01 + Number(k) * h[k]!; return out; }, one));
  test("a Set of an array", () => served((x: Numbers) => new Set(x).size, [...one, ...ordinary]));
  test("what is unique, sorted", () => served((x: number[]) => [...new Set(x)].sort((a, b) => a - b), ordinary));
  test("values grouped in arrays", () => served((x: Numbers) => {
    const groups = new Map<number, number[]>();
    for (const v of x) { const k = Math.floor(v / 10); if (!groups.has(k)) groups.set(k, []); groups.get(k)!.push(v); }
    let s = 0;
    for (const [k, list] of groups) s += k * list.length + list[0]!;
    return s;
  }, one));
});

describe("memory of what was seen", () => {
  test("two that add up", () => served((x: Numbers, sum: number) => { const at = new Map<number, number>(); for (let i = 0; i < x.length; i++) { const j = at.get(sum - x[i]!); if (j !== undefined) return [j, i]; at.set(x[i]!, i); } return null; }, lists.map((list) => [Float64Array.from(list), 5])));
  test("a memo of a recursive function", () => served((n: number) => {
    const memo = new Map<number, number>();
    const fib = (k: number): number => { if (k < 2) return k; if (memo.has(k)) return memo.get(k)!; const r = fib(k - 1) + fib(k - 2); memo.set(k, r); return r; };
    return fib(n);
  }, [[1], [10], [50]]));
  test("a memo in an object", () => served((n: number) => {
    const memo: Record<number, number> = {};
    const f = (k: number): number => (k <= 1 ? 1 : memo[k] !== undefined ? memo[k] : (memo[k] = f(k - 1) * 2 + f(k - 2)));
    return f(n);
  }, [[1], [10], [50]]));
  test("a Map that begins with entries", () => served((n: number) => {
    const lengths = new Map([[1, 1]]);
    let best = 0;
    for (let i = 1; i < n; i++) { let x = i, length = 0; while (!lengths.has(x)) { x = x % 2 === 0 ? x / 2 : 3 * x + 1; length++; } length += lengths.get(x)!; lengths.set(i, length); best = Math.max(best, length); }
    return best;
  }, [[5], [300]]));
});

describe("what the language says of them", () => {
  test("−0 is 0, NaN is NaN", () => served((a: number) => { const s = new Set<number>(); s.add(a); s.add(-a); for (const v of s) return [s.size, v, s.has(0), s.has(NaN)]; return null; }, [[0], [-0], [NaN], [1]]));
  test("what is deleted is gone, and comes last when it comes again", () => served((x: Numbers) => { const s = new Set<number>(); for (const v of x) if (!s.delete(v)) s.add(v); let t = 0; for (const v of s) t = t * 0.5 + v; return t * 100 + s.size; }, one));
  test("what is put in while it is iterated is visited", () => served((n: number) => { const m = new Map<number, number>(); m.set(n, 1); let c = 0; for (const [k] of m) { c++; if (c < 20) m.set(k + 1, 1); if (c === 5) m.delete(k + 1); } return c; }, [[1], [7.5]]));
  test("clear", () => served((x: Numbers) => { const m = new Map<number, number>(); let n = 0; for (const v of x) { m.set(v, n++); if (m.size > 20) m.clear(); } return m; }, one));
  test("an object lists whole keys in ascending order", () => served((x: Numbers) => { const o: Record<number, number> = {}; let n = 0; for (const v of x) o[v] = n++; return [Object.keys(o).length, ...Object.keys(o).map(Number), ...Object.values(o)]; }, one));
  test("in, hasOwnProperty, delete", () => served((x: Numbers) => { const o: Record<number, number> = {}; let n = 0; for (const v of x) { if (v in o) n++; o[v] = v; if (Object.hasOwn(o, v + 1)) n += 10; delete o[v - 2]; } return n; }, one));
  test("undefined is no index of an array, but may be its name", () => served((a: number[], x: number[]) => { let s = 0; for (let i = 0; i < 3; i++) if ((x[i]!) in a) s += 1 + i; return s; }, [[[5, 6], [0, 2]], [[5, , 6] as number[], [1, 2, 0]], [Object.assign([1], { undefined: 3 }), [0, 2]]], { original: 1 }));
  test("are asked for elements of a list by index, which may be past its end", () => served((x: number[]) => {
    const c: Record<number, number> = {}, seen: number[] = [];
    let most = 0, d;
    for (let i = 0; i < x.length; i++) { const n = c.hasOwnProperty(d = x[i]!) ? ++c[d]! : c[d] = 1; if (n > most) most = n; if ((x[i]!) in c && !seen.hasOwnProperty(x[i]!)) seen[x[i]!] = i; }
    return [most, c, seen];
  }, [[[1, 2, 2, 0]], [[]], [[5, 5, 7]]]));
  test("a key that was not put in counts as NaN", () => served((x: Numbers) => { const o: Record<number, number> = {}; for (const v of x) o[v]!++; return o; }, one));
  test("an object without a prototype", () => served((x: Numbers) => { const o = Object.create(null) as Record<number, number>; for (const v of x) o[v] = (o[v]! | 0) + 1; return o; }, one));
  test("forEach, keys, values, spread", () => served((x: Numbers) => { const m = new Map<number, number>(); for (const v of x) m.set(v, v * 2); let s = 0; m.forEach((v, k) => { s += v - k; }); for (const k of m.keys()) s += k; return [s, Math.max(...m.values()), ...Array.from(m.keys())]; }, one));
});

describe("tables that leave", () => {
  test("a Map", () => served((x: Numbers) => { const m = new Map<number, number>(); for (const v of x) m.set(v, (m.get(v) ?? 0) + 1); return m; }, one));
  test("a Set of known items", () => served((n: number) => ({ set: new Set([1, n, NaN]), map: new Map([["a", n]]) }), [[1], [2], [NaN]]));
  test("one twice", () => served((x: Numbers) => { const s = new Set(x); return [s, s, Array.from(s)]; }, ordinary));
});

describe("objects of the caller's by number", () => {
  interface Body { id: number; x: number; at: number[] }
  type Bodies = Record<number, Body>;
  const bodies = (n = 4): Bodies => Object.fromEntries(Array.from({ length: n }, (_, i) => [i, { id: i, x: i * 1.5 - 2, at: [i, -0] }]));
  const twice = (): Bodies => { const o = bodies(); o[2] = o[0]!; return o; };
  const frozen = (): Bodies => { const o = bodies(); Object.freeze(o[2]); return o; };
  test.each<readonly [string, (o: Bodies, ids: number[]) => unknown]>([
    ["read", (o, ids) => { let s = 0; for (const i of ids) s += o[i]!.x * o[i]!.at[0]!; return s; }],
    ["written, by an id in one of them", (o, ids) => { for (const i of ids) { const p = o[i]!; o[p.id]!.x += 2; p.at.push(i); } return ids.length; }],
    ["returned", (o, ids) => o[ids[1]!]],
    ["put in and taken out", (o, ids) => { o[ids[0]! + 7] = { id: 9, x: 1, at: [2] }; delete o[ids[1]!]; return Object.keys(o).length; }],
    ["listed and compared", (o, ids) => { let s = 0; for (const p of Object.values(o)) s += p === o[ids[0]!] ? 10 : p.x; for (const k in o) s += o[k]!.id; return s; }],
  ])("%s", (_, kernel) => served(kernel, [[bodies(), [0, 2, 3]], [twice(), [2, 0]], [bodies(6), [5, 0, 5]]]));
  test("with names, which are any strings", () => {
    const all = (...names: string[]): Record<number, { name: string; x: number; tags: string[] }> => Object.fromEntries(names.map((name, i) => [i, { name, x: i, tags: [] }]));
    return served((o: ReturnType<typeof all>, ids: number[], name: string) => { const kept: string[] = []; let s = 0; for (const i of ids) { const p = o[i]!; if (p.name === name) s += p.x; else if (p.name === "b") p.name = `${name}!`; kept.push(p.name); o[i + 9] = { name: "made", x: s, tags: [] }; } return [s, kept]; }, [[all("a", "b", "c"), [0, 1, 2], "c"], [all("ü", ""), [1, 0], "ü"], [all("b", "b", "b", "b"), [1, 3], "no"]]);
  });
  test("one that is frozen: the original's", () => served((o: Bodies, i: number) => { o[i]!.x = 3; return o[i]!.x; }, [[bodies(), 2], [frozen(), 2]], { original: 1 }));
  test("one that is an argument too: the original's", () => { const o = bodies(); return served((o: Bodies, i: number, p: Body) => { p.x = 100; return o[i]!.x; }, [[bodies(), 1, bodies()[1]], [o, 1, o[1]]], { original: 1 }); });
  test("rows of numbers", () => served((o: Record<number, number[]>, i: number) => { const row = o[i]!; row[0]! += 1; return row[0]! + row.length; }, [[{ 1: [1, 2], 5: [3] }, 5], [{ 5: [3, 4], 2: [1] }, 2]]));
});

describe("Maps and Sets that lists, objects and other Maps hold", () => {
  type Links = (readonly [number, number])[];
  const links: Links[] = [[[0, 1], [1, 2], [2, 0], [2, 3], [5, -0], [NaN, 1], [0, 2]], [], [[1, 1]]], each = links.map((e) => [e]);
  test("neighbours, both ways", () => served((e: Links) => {
    const g = new Map<number, Set<number>>();
    for (const [a, b] of e) { if (!g.has(a)) g.set(a, new Set()); if (!g.has(b)) g.set(b, new Set()); g.get(a)!.add(b); g.get(b)!.add(a); }
    return g;
  }, each));
  test("a breadth-first search", () => served((e: Links) => {
    const g = new Map<number, Set<number>>(), seen = new Set([0]), queue = [0];
    for (const [a, b] of e) { if (!g.has(a)) g.set(a, new Set()); g.get(a)!.add(b); }
    for (let i = 0; i < queue.length; i++) for (const x of g.get(queue[i]!) ?? []) if (!seen.has(x)) { seen.add(x); queue.push(x); }
    return queue;
  }, each));
  test("a depth-first search", () => served((e: Links) => {
    const g = new Map<number, Set<number>>(), seen = new Set<number>(), order: number[] = [];
    for (const [a, b] of e) { if (!g.has(a)) g.set(a, new Set()); g.get(a)!.add(b); }
    const visit = (v: number): void => { if (seen.has(v)) return; seen.add(v); const to = g.get(v); if (to) for (const x of to) visit(x); order.push(v); };
    for (const k of g.keys()) visit(k);
    return order;
  }, each));
  test("counts of pairs, in what is there or a new one", () => served((e: Links) => { const g = new Map<number, Map<number, number>>(); for (const [a, b] of e) { const m = g.get(a) || new Map<number, number>(); m.set(b, (m.get(b) || 0) + 1); g.set(a, m); } return [g, g.size]; }, each));
  test("a list of a known length", () => served((e: Links) => { const g = Array.from({ length: 6 }, () => new Set<number>()); for (const [a, b] of e) if (a >= 0) g[a]!.add(b); return g; }, each));
  test("fields of objects in a list", () => served((e: Links) => {
    const nodes: { id: number; to: Set<number>; cost: Map<number, number> }[] = [];
    for (let i = 0; i < 6; i++) nodes.push({ id: i, to: new Set(), cost: new Map() });
    for (const [a, b] of e) if (a >= 0) { nodes[a]!.to.add(b); nodes[a]!.cost.set(b, a * b); }
    let s = 0;
    for (const n of nodes) { for (const x of n.to) s += n.cost.get(x)! * n.id; s += n.to.size; }
    return [s, nodes];
  }, each));
  test("one in two places", () => served((e: Links) => { const s = new Set<number>(), list = [s, s, new Set<number>()]; for (const [a, b] of e) { list[1]!.add(a); list[2]!.add(b); } return { list, same: list[0] === list[1], s, other: list[0] === list[2] }; }, each));
  test("entries are deleted, all of them too", () => served((e: Links) => {
    const g = [new Map<number, number>(), new Map<number, number>()];
    for (const [a, b] of e) g[a & 1]!.set(a, b);
    for (const [a, b] of e) if (b > 1) g[a & 1]!.delete(a);
    const had = g[0]!.delete(99);
    if (e.length > 3) g[1]!.clear();
    return [g, had, g[0]!.size];
  }, each));
  test("they are iterated in every way", () => served((e: Links) => {
    const g = [new Map<number, number[]>()], sets = [new Set<number>()];
    for (const [a, b] of e) { g[0]!.set(a, [a, b]); sets[0]!.add(b); }
    let s = 0;
    for (const [k, v] of g[0]!) s = s * 2 + k + v[1]!;
    for (const v of g[0]!.values()) s += v[0]!;
    g[0]!.forEach((v, k) => { s = s * 0.5 + v[1]! - k; });
    return [s, [...g[0]!.keys()], [...sets[0]!], Array.from(sets[0]!), new Set(sets[0]), Math.max(...sets[0]!)];
  }, each));
  test("what they are", () => served((e: Links) => { const g = [new Map<number, number>(), new Set<number>()]; for (const [a, b] of e) { (g[0] as Map<number, number>).set(a, b); (g[1] as Set<number>).add(b); } const x: unknown = g[e.length & 1]; return [x instanceof Map, x instanceof Set, x instanceof Object, typeof x, Array.isArray(x), (x as Set<number>).size, String(Object.prototype.toString.call(g[0]))]; }, each));
  test("they have no keys of their own", () => served((e: Links) => { const g: Map<number, number>[] = []; for (let i = 0; i <= e.length; i++) { g.push(new Map()); for (const [a, b] of e) g[i]!.set(a, b * i); } let n = 0; for (const k in g[0]!) n += k.length; return [n, Object.keys(g[0]!), Object.entries(g[0]!), { ...g[0]! }]; }, each));
  test("the next layer takes the place of this one", () => served((e: Links) => {
    let layer = new Set([0]), n = 0;
    while (layer.size > 0 && n < 5) { const next = new Set<number>(); for (const x of layer) for (const [a, b] of e) if (a === x) next.add(b); layer = next; n++; }
    return [n, layer];
  }, each));
  test("put into the caller's", () => served((e: Links, o: { seen?: Set<number>; list?: Map<number, number>[] }) => { o.seen = new Set(); o.list = [new Map()]; for (const [a, b] of e) { o.seen.add(a); o.list[0]!.set(a, b); } return o.seen.size; }, links.map((e) => [e, {}])));
});

describe("literals with keys of run time, and what is copied of tables", () => {
  type Counts = Record<string, number>;
  const lists = [[[1.5, 2, 1.1, 10]], [[]], [[3, -1, 0.5, 3]]];
  test("one key", () => served((k: number) => { const h: Counts = { [k]: 1 }; h[k + 1] = 5; return h; }, [[1], [-7], [0.5], [NaN]]));
  test("the same key twice: the last one holds", () => served((k: number) => ({ [k]: 1, [k + 1]: 2, ...(k > 3 ? { [k]: 9 } : {}) }), [[1], [5]]));
  test("a string", () => served((s: string, x: number) => { const o: Counts = { [s]: x }; return [o[s], o["a"] ?? -1]; }, [["a", 1], ["b", 2]]));
  test("behind accessors is the original's", () => served((k: number) => { const o = { get a() { return 5; }, [k]: 1 }; return o.a; }, [[1]], { original: 1 }));
  test("spread, over and over", () => served((xs: number[]) => { let h: Counts = {}; for (const x of xs) h = { ...h, [Math.floor(x)]: (h[Math.floor(x)] || 0) + 1 }; return h; }, lists));
  test("spread, and written: the other stays as it was", () => served((xs: number[], k: number) => { const h: Counts = {}; for (const x of xs) h[x] = 1; const g = { ...h, [k]: 2 }; return [g, h]; }, [[[2, 3], 1], [[], 7], [[7], 7]]));
  test("reduced", () => served((xs: string[]) => xs.reduce<Counts>((h, x) => ({ ...h, [x]: (h[x] || 0) + 1 }), {}), [[["a", "b", "a"]], [[]]]));
  test("taken away, and the rest kept", () => served((k: string, n: number) => { const { [k]: x, [n > 1 ? "b" : "c"]: y, ...rest } = { a: 1, b: 2, c: 3 } as Counts; return [x, y, rest]; }, [["a", 1], ["b", 2], ["d", 2]]));
  test("taken away of accessors", () => served((k: "a" | "b") => { let n = 0; const { [k]: x, ...rest } = { get a() { return ++n; }, b: 2 }; return [x, rest, n]; }, [["a"], ["b"]]));
  test("listed, of none or some", () => served((xs: number[]) => Object.entries(xs.reduce<Counts>((h, x) => ({ ...h, [Math.floor(x)]: (h[Math.floor(x)] || 0) + 1 }), {})).map(([k, v]) => `${k}=${v}`).join(";"), lists));
  test("assigned", () => served((xs: number[]) => { const h: Counts = {}; for (const x of xs) h[x] = x; return Object.assign({}, h); }, lists));
});

describe("keys that are objects", () => {
  interface P { x: number }
  const points: unknown[][] = [[[{ x: 1 }, { x: 2 }, { x: 7 }]], [[{ x: 3 }]]], numbers: unknown[][] = [[[3, 1, 2]], [[]], [[2]]], same = { x: 5 };
  test("of the caller's array", () => served((ps: P[]) => { const m = new Map<P, number>(); for (const p of ps) m.set(p, p.x * 2); m.delete(ps[0]!); const out = []; for (const [p, v] of m) out.push(p.x + v); return [out, [...m.keys()].length, [...m.values()], m.size]; }, points));
  test("that are rows of the caller's", () => served((rs: number[][]) => { const m = new Map<number[], number>(); for (const r of rs) m.set(r, r[0]! * 2 + r.length); const out = []; for (const [r, v] of m) out.push(r[0]! + v + r.length); return [out, m.size, rs.map((r) => m.get(r))]; }, [[[[1, 2], [0, 1, 5]]], [[]], [[[], []]]]));
  test("of which one stands there twice", () => served((ps: P[]) => { const s = new Set<P>(); let c = 0; for (const p of ps) { if (s.has(p)) c += 100; s.add(p); } return [c, s.size]; }, [[[{ x: 1 }, { x: 2 }]], [[same, same]], [[{ x: 1 }]], [[same, { x: 1 }, same]]]));
  test("after they were sorted", () => served((ps: P[]) => { const m = new Map<P, number>(); for (const p of ps) m.set(p, m.size); ps.sort((a, b) => a.x - b.x); return ps.map((p) => m.get(p)); }, points));
  test("of a list of the kernel's own", () => served((xs: number[]) => { const l = xs.map((x) => ({ x })), s = new Set(l); for (const o of l) if (o.x & 1) s.delete(o); let t = 0; for (const o of s) t += o.x; s.clear(); return [t, s.size]; }, numbers));
  test("without any fields, which are told apart all the same", () => served((xs: number[]) => { const l = xs.map(() => ({})), s = new Map<object, number>(); for (const o of l) s.set(o, s.size); return l.map((o) => s.get(o)); }, numbers));
  test("that are arrays, and grow", () => served((xs: number[]) => { const l: number[][] = []; for (const x of xs) l.push([x]); const s = new Map<number[], number>(); for (const r of l) s.set(r, r[0]!); for (const r of l) for (let i = 0; i < 40; i++) r.push(i); return l.map((r) => s.get(r)); }, numbers));
  test("of a class", () => served((xs: number[]) => { class N { v: number; constructor(v: number) { this.v = v; } } const l = xs.map((x) => new N(x)), g = new Map<N, N[]>(); for (const n of l) g.set(n, []); for (const n of l) for (const m of l) if (m.v < n.v) g.get(n)!.push(m); return l.map((n) => g.get(n)!.length); }, numbers));
  test("linked, of which none is null", () => served((xs: number[]) => {
    interface N { v: number; next: N | null }
    const l: N[] = xs.map((v) => ({ v, next: null }));
    for (let i = 0; i + 1 < l.length; i++) l[i]!.next = l[(i * 7 + 1) % l.length]!;
    const seen = new Set<N | null>();
    let n: N | null = l[0] ?? null, c = 0;
    while (n !== null && !seen.has(n)) { seen.add(n); c += n.v; n = n.next; }
    return [c, seen.has(n), seen.has(null)];
  }, [[[1, 2, 3, 4]], [[]], [[9]]]));
  test("remembered by recursion", () => served((n: number) => {
    interface T { d: number; kids: T[] }
    const grow = (d: number): T => ({ d, kids: d > 0 ? [grow(d - 1), grow(d - 2)] : [] }), memo = new Map<T, number>();
    const walk = (t: T): number => { const known = memo.get(t); if (known !== undefined) return known; let s = 1; for (const k of t.kids) s += walk(k); memo.set(t, s); return s; };
    const t = grow(n);
    return [walk(t), walk(t), memo.size];
  }, [[3], [0], [5]]));
  test("of a graph that is searched in breadth", () => served((edges: number[][], n: number) => {
    interface N { out: N[] }
    const nodes: N[] = Array.from({ length: n }, () => ({ out: [] }));
    for (const [a, b] of edges) nodes[a!]!.out.push(nodes[b!]!);
    const distance = new Map([[nodes[0]!, 0]]), queue = [nodes[0]!];
    while (queue.length > 0) { const u = queue.shift()!; for (const v of u.out) if (!distance.has(v)) { distance.set(v, distance.get(u)! + 1); queue.push(v); } }
    return nodes.map((v) => distance.get(v) ?? -1);
  }, [[[[0, 1], [1, 2], [0, 2]], 4], [[], 1], [[[0, 1], [1, 0]], 2]]));
  type Row = { x: number };
  test.each<[string, (...args: never[]) => unknown, unknown[][], number?]>([
    ["in a WeakMap", (n: number) => { const l: Row[] = []; for (let i = 0; i < n; i++) l.push({ x: i }); const d = new WeakMap<Row, number>(); for (const o of l) if (o.x !== 1) d.set(o, o.x * 2); let s = 0; for (const o of l) s = s * 3 + (d.get(o) ?? 1) + (d.delete(o) ? 1 : 2) + (d.has(o) ? 9 : 0); return s; }, [[4], [0]]],
    ["in a WeakSet, of a tree", (t: { v: number; l: unknown; r: unknown }) => { const seen = new WeakSet(); let s = 0; const go = (n: typeof t | null): void => { if (!n || seen.has(n)) return; seen.add(n); s = s * 3 + n.v; go(n.l as never); go(n.r as never); }; go(t); return s; }, [[{ v: 1, l: { v: 2, l: null, r: null }, r: null }], [{ v: 5, l: null, r: { v: 1, l: null, r: null } }]]],
    ["of objects of several forms, known one by one", (n: number) => { const a = { x: n }, b = [n], m = new WeakMap<object, number>([[a, 3]]); m.set(b, n); return [m.get(a), m.get(b), m.get({}), m.has(n as never), m.delete(undefined as never)]; }, [[3], [0]]],
    ["what a WeakMap is", (n: number) => { const d = new WeakMap(); return ["size" in d, d instanceof WeakMap, (d as object) instanceof Map, typeof d, Object.keys(d).length, JSON.stringify(d), "forEach" in d, Object.prototype.toString.call(d), n]; }, [[3], [0]]],
    ["a number in a WeakSet is a TypeError", (n: number) => { try { new WeakSet().add(n as never); } catch (e) { return e instanceof TypeError; } return 3; }, [[3], [0]]],
    ["a WeakMap in an object", (n: number) => { class Notes { #of = new WeakMap<object, number>(); put(o: object, k: number): this { this.#of.set(o, k); return this; } get(o: object): number { return this.#of.get(o) ?? -1; } } const a = {}, b = [n], t = new Notes().put(a, n).put(b, 4); return [t.get(a), t.get(b), t.get({})]; }, [[3], [0]]],
    ["what is spread though it is no list, which is the original's", (n: number) => [...(new WeakSet() as never as number[]), n], [[3], [0]], 2],
    ["one that is cloned, which is the original's", (n: number) => structuredClone({ a: new WeakMap(), n }).n, [[3], [0]], 2],
  ])("%s", (_, kernel, calls, original = 0) => served(kernel, calls, { original }));
  const rows = [[[[1, 2], [3], [1]], 2], [[[5]], 0]];
  test.each<[string, (...args: never[]) => unknown, unknown[][], number?]>([
    ["rows, behind whose end undefined stands", (r: number[][], n: number) => { const s = new Set([r[0], r[n], r[n + 1], r[0]]); let c = 0; for (const q of s) c = c * 3 + (q ? q[0]! : 7); return [s.size, c, [...s].map((q) => q?.length)]; }, rows],
    ["undefined is asked for, and put in", (r: number[][], n: number) => { const s = new Set(); for (let i = 0; i < n + 2; i++) s.add(r[i]); return [s.size, s.has(r[9]), s.has(r[0]), s.has(undefined), s.has(null)]; }, rows],
    ["undefined is asked for, and not there", (r: number[][]) => { const s = new Set(); for (let i = 0; i < r.length; i++) s.add(r[i]); return [s.size, s.has(r[9]), s.has(r[0]), s.has(null)]; }, rows],
    ["null and undefined", (r: number[][], n: number) => { const s = new Set<number[] | null | undefined>(), l: number[] = []; for (let i = 0; i < n + 2; i++) s.add(i === 1 ? null : r[i]); for (const q of s) l.push(q === null ? -1 : q === undefined ? -2 : q[0]!); s.delete(undefined); return [s.size, l, s.has(undefined), s.has(null)]; }, rows],
    ["keys of a Map", (o: Row[], n: number) => { const m = new Map<Row | null | undefined, number>(); for (let i = 0; i < n + 2; i++) m.set(o[i], i); let c = 0; for (const [k, v] of m) c = c * 5 + v + (k ? k.x : 9); return [m.size, c, m.get(undefined), m.get(null), m.get(o[1])]; }, [[[{ x: 1 }, { x: 2 }, { x: 3 }], 2], [[{ x: 4 }], 0]]],
    ["undefined first of all", (o: Row[], n: number) => { const m = new Set([undefined, null] as (Row | null | undefined)[]); m.add(o[n]); m.add(o[0]); return [m.size, m.has(undefined), m.has(null), m.has(o[n])]; }, [[[{ x: 1 }, { x: 2 }], 1], [[{ x: 4 }], 0]]],
    ["a list's end", (n: number) => { interface N { next: N | null; v: number } let head: N | null = null; for (let i = 0; i < n; i++) head = { next: head, v: i }; const seen = new Set<N | null>(); let c = 0; for (let p = head; !seen.has(p); p = p && p.next) { seen.add(p); c += p === null ? 100 : p.v; } return [c, seen.size]; }, [[3], [1], [0]]],
    ["but a number among them is the original's", (r: number[][], n: number) => { const s = new Set<unknown>(); s.add(r[0]); s.add(n > 1 ? undefined : 4); return s.size; }, rows, 1],
  ])("with what is no object: %s", (_, kernel, calls, original = 0) => served(kernel, calls, { original }));
});
