// The caller's objects that lead to others of their own form: trees, linked lists, rings.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { laidFor, layOut, type Laid } from "../../src/runtime/laid.ts";
import { push, sharedMemory } from "../../src/runtime/memory.ts";
import { useWorkshop } from "../../src/runtime/workshop.ts";
import { portrait } from "./subjects.ts";
import { testWorkshop } from "./thread.ts";

beforeAll(async () => { await ready(); });

interface Served { readonly wasm: number; readonly versions: number }
/** Every call on two equal states, of which one is the specialised function's: what each gives and leaves behind. */
function runs<S>(make: () => readonly S[], f: (...args: never[]) => unknown, call: (f: (self: unknown, ...args: unknown[]) => unknown, state: S) => unknown): Served {
  const fast = specialize(f as (...args: unknown[]) => unknown, { tier: "wasm", compile: "sync" }), [plain, other] = [make(), make()];
  plain.forEach((state, i) => {
    const mine = call((self, ...args) => (f as (...all: unknown[]) => unknown).apply(self, args), state), yours = call((self, ...args) => fast.apply(self, args), other[i]!);
    expect(portrait([yours, other[i]])).toBe(portrait([mine, state]));
  });
  return { wasm: fast.stats().calls.wasm, versions: fast.versions().length };
}

class Leaf { key: number; left: Leaf | null = null; right: Leaf | null = null; constructor(key: number) { this.key = key; } depth(): number { return 1 + Math.max(this.left ? this.left.depth() : 0, this.right ? this.right.depth() : 0); } }
class Tree {
  root: Leaf | null = null;
  size = 0;
  insert(this: Tree, key: number): Leaf {
    const made = new Leaf(key);
    this.size++;
    let n = this.root;
    if (n === null) return (this.root = made);
    for (;;) {
      const next: Leaf | null = key < n.key ? n.left : n.right;
      if (next === null) { if (key < n.key) n.left = made; else n.right = made; return made; }
      n = next;
    }
  }
}
const tree = (...keys: number[]): Tree => { const made = new Tree(); for (const key of keys) made.insert(key); return made; };
const shapes = (): Tree[] => [tree(5, 3, 8), tree(1, 2), tree(7, 6, 5, 4, 3, 2, 1), tree(4, 2, 6, 1, 3, 5, 7, 0, 9)];

class Link { v: number; prev: Link | null = null; next: Link | null = null; constructor(v: number) { this.v = v; } }
interface List { head: Link | null; tail: Link | null }
const list = (...values: number[]): List => {
  const links = values.map((v) => new Link(v));
  links.forEach((link, i) => { link.prev = links[i - 1] ?? null; link.next = links[i + 1] ?? null; });
  return { head: links[0] ?? null, tail: links.at(-1) ?? null };
};
const lists = (): List[] => [list(1, 2, 3), list(5, 6), list(9, -0, 2.5, 4)];

describe("objects that lead to others of their own form", () => {
  it("trees of all shapes: one version", () => {
    expect(runs(shapes, (root: Leaf, key: number) => { let n: Leaf | null = root; while (n && n.key !== key) n = key < n.key ? n.left : n.right; return n; }, (f, t) => [f(null, t.root, 3) === t.root, f(null, t.root, 3)])).toEqual({ wasm: 8, versions: 1 });
  });
  it("counted by recursion, and by a method of theirs", () => {
    expect(runs(shapes, (root: Leaf) => { const sum = (n: Leaf | null): number => (n ? n.key + sum(n.left) + sum(n.right) : 0); return sum(root) + root.depth() * 100; }, (f, t) => f(null, t.root))).toEqual({ wasm: 4, versions: 1 });
  });
  it("nodes that the kernel makes are put in: an empty tree, one node and all others are a version each", () => {
    expect(runs(() => [new Tree()], Tree.prototype.insert, (f, t) => [8, 3, 5, 9, 1, 4, 3].map((key) => f(t, key)))).toEqual({ wasm: 7, versions: 3 });
  });
  it("the objects stay themselves, new ones are of their class", () => {
    const fast = specialize(Tree.prototype.insert, { tier: "wasm", compile: "sync" }), t = tree(4, 2), { root } = t, left = root!.left, made = fast.call(t, 3);
    expect([t.root === root, root!.left === left, left!.right === made, made instanceof Leaf, Object.keys(made), fast.stats().calls.wasm]).toEqual([true, true, true, true, ["key", "left", "right"], 1]);
  });
  it("a list with two ends, of which one leads to the other: taken from, turned over", () => {
    expect(runs(lists, function (this: List): number { const h = this.head!; this.head = h.next; if (this.head) this.head.prev = null; else this.tail = null; return h.v; }, (f, l) => f(l)).wasm).toBe(3);
    expect(runs(lists, (l: List) => { let n = l.head; l.head = l.tail; l.tail = n; while (n) { const next = n.next; n.next = n.prev; n.prev = next; n = next; } return l; }, (f, l) => f(null, l)).wasm).toBe(3);
  });
  it("a node that is an argument beside the list, of it or of none", () => {
    expect(runs(lists, (l: List, at: Link) => { let i = 0; for (let n = l.head; n; n = n.next, i++) if (n === at) { at.v = -i; return i; } return -1; }, (f, l) => [f(null, l, l.tail), f(null, l, list(1, 2).head)])).toEqual({ wasm: 6, versions: 1 });
  });
  it("a ring, and nodes that are moved from one list to another", () => {
    expect(runs(lists, (first: Link) => { let s = 0, n = first; do { s = s * 2 + n.v; n = n.next!; } while (n !== first); return s; }, (f, l) => { l.tail!.next = l.head; l.head!.prev = l.tail; return f(null, l.head); })).toEqual({ wasm: 3, versions: 1 });
    expect(runs(lists, (a: List, b: List) => { const x = a.head!; a.head = x.next; x.next = b.head; b.head = x; return x; }, (f, l) => f(null, l, list(7, 8))).wasm).toBe(3);
  });
  it("merged and copied by recursion", () => {
    type Cons = { v: number; next: Cons | null };
    const cons = (...v: number[]): Cons | null => v.reduceRight<Cons | null>((next, one) => ({ v: one, next }), null);
    const merge = (a: Cons | null, b: Cons | null): Cons | null => { if (!a) return b; if (!b) return a; if (a.v < b.v) { a.next = merge(a.next, b); return a; } b.next = merge(a, b.next); return b; };
    expect(runs(() => [[cons(1, 4, 9), cons(2, 3)], [cons(5, 6), cons(1, 2, 3, 7)]], merge, (f, [a, b]) => f(null, a, b))).toEqual({ wasm: 2, versions: 1 });
    const copy = (n: Cons | null): Cons | null => (n === null ? null : { v: n.v * 2, next: copy(n.next) });
    expect(runs(() => [cons(1, 2), cons(3, 4, 5)], copy, (f, n) => f(null, n))).toEqual({ wasm: 2, versions: 1 });
  });
  it("arrays of children, and a way up", () => {
    interface Kid { v: number; up: Kid | null; kids: Kid[] }
    const kid = (v: number, ...kids: Kid[]): Kid => { const made: Kid = { v, up: null, kids }; for (const one of kids) one.up = made; return made; };
    const total = (n: Kid): number => { let s = n.v; for (const one of n.kids) s += total(one); return (n.v = s); };
    expect(runs(() => [kid(1, kid(2), kid(3, kid(4))), kid(5, kid(6, kid(7), kid(8)))], total, (f, n) => f(null, n))).toEqual({ wasm: 2, versions: 1 });
  });
  it("fields that some have, and that they get", () => {
    interface Item { v: number; next: Item | null; w?: number }
    const items = (...v: number[]): Item => v.reduceRight<Item | null>((next, one) => (one > 2 ? { v: one, next, w: 1 } : { v: one, next }), null)!;
    expect(runs(() => [items(1, 2, 3, 4), items(1, 3, 2)], (first: Item) => { let s = 0; for (let n: Item | null = first; n; n = n.next) { s += n.w ?? n.v; if (n.v === 1) n.w = s; } return s; }, (f, n) => f(null, n)).wasm).toBe(2);
  });

  const bump = (first: Link): number => { let s = 0; for (let n: Link | null = first; n; n = n.next) { s += n.v; n.v = s; } return s; };
  it("a node behind an accessor, with a Proxy or of another class: as it was", () => {
    for (const change of [
      (l: List) => { Object.defineProperty(l.tail, "v", { get: () => 9, set() { } }); }, (l: List) => { l.tail!.prev!.next = new Proxy(l.tail!, {}); }, (l: List) => { l.tail!.next = Object.assign(new Link(1), { z: 1 }); },
    ]) runs(() => [list(1, 2, 3), ...lists().map((l) => { change(l); return l; })], bump, (f, l) => f(null, l.head));
  });
  it("a frozen node throws, and what was written before it is written", () => {
    const fast = specialize(bump, { tier: "wasm", compile: "sync" }), l = list(1, 2, 3);
    expect(fast(list(1, 2).head!)).toBe(3);
    Object.freeze(l.tail);
    expect(() => fast(l.head!)).toThrow(TypeError);
    expect([l.head!.v, l.tail!.prev!.v, l.tail!.v, fast.stats().calls.wasm]).toEqual([1, 3, 3, 1]);
  });
  interface Stop { v: number; next: Stop | null; at: number[]; w?: number }
  const stops = (...v: number[]): Stop => v.reduceRight<Stop | null>((next, one) => ({ v: one, next, at: [one, -one], ...(one > 3 ? { w: 1 } : {}) }), null)!;
  const edits: Readonly<Record<string, (first: Stop) => void>> = {
    "nothing": () => {}, "numbers": (n) => { n.v = -0; n.next!.v = NaN; n.next!.at[1] = 0.5; }, "a link": (n) => { n.next = n.next!.next; }, "a node more": (n) => { n.next!.next = { ...stops(8), next: n.next!.next }; },
    "a field that it may get": (n) => { n.w = 4; }, "a field less": (n) => { delete n.next!.next!.next!.w; }, "a field of no class": (n) => { Object.assign(n.next!, { z: 1 }); }, "a symbol": (n) => { Object.assign(n.next!, { [Symbol("z")]: 1 }); },
    "fields in another order": (n) => { const { v } = n; delete (n as Partial<Stop>).v; n.v = v; }, "a frozen node": (n) => { Object.freeze(n.next); }, "a frozen array": (n) => { Object.freeze(n.next!.at); }, "another prototype": (n) => { Object.setPrototypeOf(n.next!, { v: 3 }); },
    "an element more": (n) => { n.next!.at.push(2); }, "an element less": (n) => { n.at.length = 1; }, "a hole": (n) => { delete n.at[0]; }, "undefined in its place": (n) => { n.at[0] = undefined!; }, "a name beside elements": (n) => { Object.assign(n.at, { z: 1 }); },
    "a string": (n) => { n.next!.v = "x" as never; }, "null": (n) => { n.v = null!; }, "a ring": (n) => { n.next!.next!.next!.next = n.next; },
  };
  const count = (first: Stop, most: number): number => { let s = 0, i = 0; for (let n: Stop | null = first; n && i < most; n = n.next, i++) { s = s * 3 + n.v + (n.w ?? 0.5); for (const one of n.at) s += one; } return s; };
  const change = (first: Stop, most: number): Stop => { let s = 0, i = 0, n: Stop | null = first; for (; n && i < most; n = n.next, i++) { s += n.v; n.v = s; if (n.at.length < 3) n.at.push(s); if (i === 1) n.w = s; } return first; };
  it.each([count, change])("met again after an edit: %o", (kernel) => {
    const fast = specialize(kernel as typeof count, { tier: "wasm", compile: "sync" });
    const outcome = (f: (...args: never[]) => unknown, first: Stop): unknown => { try { return f(...[first, 6] as never[]); } catch (error) { return String(error); } };
    for (const [what, edit] of Object.entries(edits)) {
      const [mine, yours] = [stops(1, 2, 3, 4), stops(1, 2, 3, 4)];
      for (let call = 0; call < 4; call++) {
        if (call === 2) { edit(mine); edit(yours); }
        const expected = outcome(kernel, mine), actual = outcome(fast, yours);
        expect(portrait([actual, yours]), what).toBe(portrait([expected, mine]));
        if (kernel === change && typeof expected === "object") expect(actual, what).toBe(yours);
      }
    }
    expect(fast.stats().calls.wasm).toBeGreaterThan(2 * Object.keys(edits).length);
  });
  it("met again: what lay in memory is put there again, with the numbers of now", () => {
    const memory = sharedMemory()!, of = { is: "class", of: 0 } as const, elements = [[of]] as const, stack = memory.stack;
    const classes = [{ cls: { form: "record", prototype: -1, fields: [["v", [{ is: "number" }]], ["next", [of, { is: "const", value: null }]]], added: [] }, prototype: Object.prototype }] as const;
    const lay = (first: object): Laid | undefined => { const list = [first], block = push(memory, 16), fits = layOut(memory, list, elements, classes, block); memory.stack = stack; return fits ? laidFor(list) : undefined; };
    const last: { v: number; next: unknown } = { v: 2, next: null }, first = { v: 1, next: last }, laid = lay(first)!, numbers = (): number[] => [...laid.places.values()].map(({ address }) => memory.f64[address >> 3]!);
    expect([laid.places.size, numbers()]).toEqual([2, [1, 2]]);
    last.v = 5;
    memory.f64.fill(0, laid.start >> 3, (laid.start >> 3) + 8);
    expect([lay(first) === laid, numbers()]).toEqual([true, [1, 5]]);
    last.next = first;
    expect([lay(first) === laid, lay(first)!.places.size]).toEqual([false, 2]);
  });
  it("made by a worker: in the background", async () => {
    useWorkshop(testWorkshop().shop);
    const fast = specialize((first: Link) => { let s = 0; for (let n: Link | null = first; n; n = n.next) { s += n.v; n.v = s; } return s; }, { tier: "wasm" });
    await fast.prepare(list(1, 2, 3).head!);
    const l = list(4, 5, 6, 7);
    expect([fast(l.head!), l.tail!.v, fast.stats().calls.wasm]).toEqual([22, 22, 1]);
    useWorkshop(null);
  });
  it("what holds functions is known field by field, as ever", () => {
    const made = (v: number): object => ({ v, run: () => v, next: { v: 2, run: () => 3, next: null } });
    expect(runs(() => [made(1), made(4)], (n: { v: number; run(): number; next: { v: number } }) => n.v + n.next.v, (f, n) => f(null, n)).wasm).toBe(2);
  });
  interface Named { name: string; kind: string; value: number; total?: number; children: Named[] }
  const named = (name: string, levels: number, value = 1): Named => ({ name: name + String(value), kind: levels > 0 ? "node" : "leaf", value, children: levels > 0 ? [named(name, levels - 1, 2 * value), named(name, levels - 1, 2 * value + 1)] : [] });
  const hierarchies = (): Named[] => [named("a", 3), named("é😀", 2), named("", 1), named("a long name ".repeat(20), 2, 5)];
  const walk = (visit: string): ((...args: never[]) => unknown) => new Function("root", "text", `const kept = [], stack = [root]; let s = 0, best = root; while (stack.length > 0) { const n = stack.pop(); ${visit} for (const c of n.children) stack.push(c); } return [s, best.name, kept];`) as () => unknown;
  it.each([
    ["handed on", "kept.push(n.name);"],
    ["compared with the call's, and with what is known", 'if (n.name === text) s += n.value; else if (n.name === "é😀2") s -= 1; if (n.kind === "leaf") s += 0.5;'],
    ["looked into", "s += n.name.length; if (n.name.length > 0) s += n.name.charCodeAt(0);"],
    ["put in others' place, made longer", 'n.name = n.value > 4 ? best.name : n.value > 2 ? "small" : n.name + "!";'],
    ["not asked for", "if (n.value > best.value) best = n; n.value += 1;"],
  ])("their names are any strings, in one version: %s", (_, visit) => {
    expect(runs(hierarchies, walk(visit), (f, root) => [f(null, root, "a5"), f(null, root, "é😀3")])).toEqual({ wasm: 8, versions: 1 });
  });
  it("names are known ones where the kernel asks more of them than that: few, or each call's own objects", () => {
    expect(runs(() => [named("a", 1), named("a", 1)], walk("kept.push({ [n.name]: n.value });"), (f, root) => f(null, root, "")).wasm).toBe(2);
  });
  it("what is asked for last has a class that objects of the kernel's own are of", () => {
    interface Knot { v: number; a: Knot | null; n: string }
    const knots = (): { o: { h: Knot | null }; q: Knot }[] => [1, 2].map(() => { const q = { v: 3, a: null, n: "z" }; return { o: { h: { v: 1, a: q, n: "y" } }, q }; });
    expect(runs(knots, (o: { h: Knot | null }, q: Knot) => { q.a = { v: 5, a: null, n: "made" }; o.h = null; }, (f, { o, q }) => f(null, o, q))).toEqual({ wasm: 2, versions: 1 });
  });
});
