// Data structures of a kernel's own: objects of its classes and constructor functions in lists, trees and heaps.

import { describe, test } from "vitest";
import { served } from "./served.ts";

const lists = [[[5, 3, 8, 3, -1, 7]], [[]], [[2.5]]];
type Any = any; // eslint-disable-line

describe("objects of a class that the kernel declares", () => {
  test("a linked list", () => served((x: number[]) => { class Node { constructor(readonly v: number, readonly next: Node | null) {} } let head: Node | null = null; for (const v of x) head = new Node(v, head); let s = 0, i = 1; for (let n = head; n; n = n.next) s += n.v * i++; return s; }, lists));
  test("a tree that inserts and walks by its own methods", () => served((x: number[]) => {
    class Node {
      l: Node | null = null; r: Node | null = null;
      constructor(readonly v: number) {}
      insert(v: number): void { if (v < this.v) { if (this.l) this.l.insert(v); else this.l = new Node(v); } else if (this.r) this.r.insert(v); else this.r = new Node(v); }
      walk(out: number[]): void { if (this.l) this.l.walk(out); out.push(this.v); if (this.r) this.r.walk(out); }
    }
    const root = new Node(4), out: number[] = [];
    for (const v of x) root.insert(v);
    root.walk(out);
    return out;
  }, lists));
  test("a heap of items that compare themselves", () => served((x: number[]) => {
    class Item { constructor(readonly k: number, readonly at: number) {} less(o: Item): boolean { return this.k < o.k || (this.k === o.k && this.at < o.at); } }
    class Heap {
      readonly items: Item[] = [];
      push(item: Item): void { const h = this.items; h.push(item); for (let i = h.length - 1; i > 0;) { const p = (i - 1) >> 1; if (!h[i]!.less(h[p]!)) break; [h[i], h[p]] = [h[p]!, h[i]!]; i = p; } }
      get top(): Item | undefined { return this.items[0]; }
    }
    const heap = new Heap();
    x.forEach((k, i) => { heap.push(new Item(k, i)); });
    return [heap.top ? heap.top.k : null, heap.items.map((item) => item.at)];
  }, lists));
  test("children that are pushed, counted by recursion", () => served((n: number) => { class T { children: T[] = []; add(k: number): this { for (let i = 0; i < k; i++) this.children.push(new T()); return this; } count(): number { let s = 1; for (const c of this.children) s += c.count(); return s; } } const t = new T().add(n); t.children.forEach((c, i) => c.add(i)); return t.count(); }, [[3], [0], [5]]));
  test("two classes of one list, the one over the other and that over one outside", () => {
    class Base { constructor(public k: number) {} get twice(): number { return this.k * 2; } set twice(v: number) { this.k = v / 2; } name(): number { return 1; } }
    return served((x: number[]) => {
      class A extends Base { override name(): number { return super.name() + 10; } }
      class B extends A { constructor(k: number, readonly z = k) { super(k + 1); } override name(): number { return super.name() + this.z; } }
      const list = x.map((v) => (v % 2 ? new A(v) : new B(v)));
      let s = 0;
      for (const o of list) { o.twice += 3; s = s * 0.5 + o.name() + o.k + (o instanceof B ? 100 : 0); }
      return s;
    }, lists);
  });
  test("private fields, methods and brands", () => served((x: number[]) => {
    class D { #n: number; constructor(v: number) { this.#n = v; } #more(): number { return this.#n++; } m(): number { return this.#more(); } static is(o: object): boolean { return #n in o; } }
    class E { constructor(readonly v: number) {} m(): number { return this.v; } }
    const list: (D | E)[] = [];
    for (const v of x) list.push(v > 3 ? new D(v) : new E(v));
    let s = 0;
    for (const o of list) { o.m(); s = s * 2 + o.m() + (D.is(o) ? 1 : 0); }
    return s;
  }, lists));
  test("what it is as a number and a text, and its own iterator", () => served((x: number[]) => { class M { constructor(readonly v: number) {} valueOf(): number { return this.v; } toString(): string { return `m${this.v}`; } *[Symbol.iterator](): Generator<number> { yield this.v; yield 1; } } const l = x.map((v) => new M(v)); let s = 0; for (const o of l) { s += +o; for (const y of o) s += y; } let best = l[0]; for (const o of l) if (o > best!) best = o; return [s, best ? best.v : null, l.map(String).join()]; }, lists));
  test("late fields, none of which its class has", () => served((x: number[]) => { class N { mark?: number; constructor(readonly v: number) {} } const l: Any[] = []; for (const v of x) l.push(new N(v)); l.forEach((o, i) => { if (i % 2) o.tag = i; }); return l.map((o) => (o.tag ?? -1) + Object.keys(o).length); }, lists, { original: 0 }));
  test("two classes of one text, each with what it captured", () => served((x: number[]) => { const make = (k: number) => class { constructor(readonly v: number) {} m(): number { return this.v * k; } }; const P = make(2), Q = make(3), l = x.map((v) => (v > 3 ? new P(v) : new Q(v))); return l.map((o) => o.m() + (o instanceof P ? 100 : 0) + (o instanceof Q ? 1000 : 0)); }, lists));
  test("those that a loop makes, one each time, are the original's", () => served((x: number[]) => { const l: { m(): number }[] = []; for (const v of x) { class C { m(): number { return v; } } l.push(new C()); } return l.reduce((s, c, i) => s + c.m() * i, 0); }, [[[1, 2, 3]]], { original: 1 }));
  test("those that leave are the original's", () => served((x: number[]) => { class C { constructor(readonly v: number) {} } return x.map((v) => new C(v).v + 1).concat(x.map((v) => new C(v)).length > 9 ? 1 : 2).length > 9 ? 1 : x.map((v) => new C(v)).map((c) => [c.v, c]).map((p) => p[0]); }, [[[1, 2, 3]]], { original: 1 }));
});

describe("objects of constructor functions", () => {
  test("with methods on the prototype, and a method that makes more", () => served((x: number[]) => {
    function Node(this: Any, v: number) { this.v = v; this.next = null; }
    Node.prototype.add = function (v: number) { if (this.next) this.next.add(v); else this.next = new (Node as Any)(v); return this; };
    const head = new (Node as Any)(0);
    for (const v of x) head.add(v);
    let s = 0, k = 1;
    for (let n = head; n; n = n.next) s += n.v * k++;
    return s;
  }, lists));
  test("a method that is another from some point on, asked by recursion", () => served((x: number[]) => {
    function N(this: Any, v: number, next: Any) { this.v = v; this.next = next; }
    N.prototype.m = function () { return this.v; };
    let head: Any = null;
    for (const v of x) head = new (N as Any)(v, head);
    const sum = (n: Any): number => (n === null ? 0 : n.m() + sum(n.next)), first = sum(head);
    N.prototype.m = function () { return -2 * this.v; };
    return first * 1000 + sum(head);
  }, lists));
  test("a prototype that another takes the place of: those from before keep theirs", () => served((x: number[]) => {
    const N: Any = function (this: Any, v: number) { this.v = v; };
    N.prototype.m = function (this: Any) { return this.v; };
    const l: Any[] = [];
    for (const v of x) l.push(new N(v));
    N.prototype = { m: () => 7 };
    for (const v of x) l.push(new N(v));
    let s = 0;
    for (const o of l) s = s * 0.5 + o.m() + (o instanceof N ? 5 : 0) + (o.constructor === Object ? 1 : 0);
    return s;
  }, lists));
  test("one over another, as compilers to ES5 write them; what for-in visits", () => served((x: number[]) => {
    function An(this: Any, n: number) { this.n = n; }
    An.prototype.f = function () { return this.n; };
    function Dog(this: Any, n: number) { An.call(this, n); this.d = 1; }
    Dog.prototype = Object.create(An.prototype);
    Dog.prototype.f = function () { return An.prototype.f.call(this) * 2; };
    const l: Any[] = [];
    for (const v of x) l.push(v > 3 ? new (Dog as Any)(v) : new (An as Any)(v));
    let s = "";
    for (const o of l) { for (const k in o) s += k; s += o.f() + (o instanceof An ? 1 : 0) + (o instanceof Dog ? 2 : 0); }
    return s;
  }, lists));
  test("a field that the prototype gets later on", () => served((x: number[]) => { function N(this: Any) { this.v = 1; } const l: Any[] = []; for (const v of x) { l.push(new (N as Any)()); if (v > 3) l[0].mark = v; } N.prototype.mark = 9; return l.map((o) => o.mark ?? -1); }, [[[1, 7, 2]]]));
  test("objects with a literal as their prototype", () => served((x: number[]) => { const P = { area(this: Any): number { return this.w * this.h; }, get square(): boolean { return (this as Any).w === (this as Any).h; } }; const l: Any[] = []; for (const v of x) { const o = Object.create(P); o.w = v; o.h = 3; l.push(o); } return l.reduce((s, o) => s + o.area() + (o.square ? 1 : 0), 0); }, lists));
  test("a prototype that each turn of a loop makes is the original's", () => served((x: number[]) => { let P: Any = { m: () => 1 }; const l: Any[] = []; for (const v of x) { l.push(Object.create(P)); P = { m: () => v }; } return l.reduce((s, o, i) => s + o.m() * (i + 1), 0); }, [[[4, 5, 6]]], { original: 1 }));
});
