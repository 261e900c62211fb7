// Classes: inside kernels, and of the surroundings; derived ones, super, private names, accessors, static members.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

const numbers = [[1, 2], [-0, 3], [NaN, 1], [2.5, -7]];

describe("objects made by their prototype", () => {
  class Point { x = 0; y = 0; get size(): number { return Math.hypot(this.x, this.y); } }
  test("Object.create", () => served((x: number, y: number) => { const p = Object.create(Point.prototype) as Point; p.x = x; p.y = y; return [p, p.size]; }, [[3, 4], [-0, NaN]]));
});

describe("classes inside a kernel", () => {
  test("fields, methods, accessors, static members", () => served((a: number, b: number) => {
    class V {
      static count = 0;
      static of(x: number, y: number): V { V.count += 1; return new V(x, y); }
      x: number;
      y = 1;
      constructor(x: number, y: number) { this.x = x; this.y *= y; }
      get length(): number { return Math.sqrt(this.x * this.x + this.y * this.y); }
      set length(l: number) { const k = l / this.length; this.x *= k; this.y *= k; }
      add(o: V): V { return V.of(this.x + o.x, this.y + o.y); }
    }
    const v = V.of(a, b).add(new V(b, a));
    v.length = 2;
    return [v.x, v.y, v.length, V.count];
  }, numbers));

  test("derived ones: super() with defaults and fields, super.method(), instanceof", () => served((a: number, b: number) => {
    class Shape { k = 2; constructor(readonly w: number) {} area(): number { return this.w * this.k; } static unit(): number { return 1; } get name2(): number { return this.area() + 1; } }
    class Square extends Shape { h = this.w; override area(): number { return super.area() * this.h; } static override unit(): number { return super.unit() + 1; } override get name2(): number { return super.name2 * 3; } }
    class Cube extends Square { constructor(w: number, readonly d = 3) { super(w + 1); this.h += d; } override area(): number { const inner = () => super.area(); return inner() * this.d; } }
    const s: Shape = a > 1 ? new Cube(a) : new Cube(b, 1);
    return s.area() + s.name2 + Cube.unit() + (s instanceof Square ? 100 : 0) + (new Shape(1) instanceof Square ? 1000 : 0);
  }, numbers));

  test("one that counts its objects, outside", async () => {
    await ready();
    let made = 0;
    class Item { id: number; constructor(public x: number) { this.id = ++made; } }
    const fast = specialize((x: number) => new Item(x).id * 10 + new Item(x + 1).id, { tier: "wasm", compile: "sync" });
    expect([fast(1), made, fast(2), made, new Item(0).id, fast(3)]).toEqual([12, 2, 34, 4, 5, 67]);
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 3 });
  });
  test("private names", () => served((a: number, b: number) => {
    class Counter {
      #n = a;
      static #made = 0;
      #step(by: number): number { return (this.#n += by); }
      get #twice(): number { return this.#n * 2; }
      static is(o: object): boolean { return #n in o; }
      constructor() { Counter.#made++; }
      run(by: number): number { this.#step(by); this.#step(1); return this.#twice + Counter.#made; }
    }
    const other = { n: 1 };
    return new Counter().run(b) + (Counter.is(new Counter()) ? 10 : 0) + (Counter.is(other) ? 100 : 0);
  }, numbers));

  test("a private name is looked for in what may be no object: it throws", () => {
    served((x: readonly number[]) => { class T { #n = 1; n(): number { return this.#n; } static is(o: unknown): boolean { return #n in (o as object); } } return T.is(x.length > 1 ? x[1] : new T()) ? 1 : 2; }, [[[]], [[1, 2]]], { original: 1 });
    served((x: readonly number[]) => { class T { static #s(v: number): number { return v; } static twice(v: number): number { return T.#s(v) * 2; } static is(o: unknown): boolean { return #s in (o as object); } } let s = T.twice(1); for (let i = 0; i < x.length; i++) s += T.is(x[i]) ? 1 : 2; return s; }, [[[]], [[1]]], { original: 1 });
  });

  test("private fields of a parent and a child of one name are two", () => served((a: number, b: number) => {
    class P { #v = a; p(): number { return this.#v; } }
    class Q extends P { #v = b; q(): number { return this.#v * 10 + this.p(); } }
    return new Q().q();
  }, numbers));

  test("made in loops and branches, kept in arrays", () => served((x: Float64Array, k: number) => {
    class Item { constructor(public v: number, public w: number) {} get sum(): number { return this.v + this.w; } }
    let best = 0;
    for (let i = 0; i < x.length; i++) { const item = new Item(x[i]!, k); if (item.sum > best) best = item.sum; }
    return best + [new Item(1, k), new Item(2, k)].map((i) => i.sum).reduce((s, v) => s + v, 0);
  }, [[Float64Array.of(1, 5, 3), 2], [new Float64Array(), 1], [Float64Array.of(NaN, -1), -3]]));

  test("functions as classes: their prototypes are their own", () => served((a: number, b: number) => {
    function Point(this: { x: number; y: number }, x: number, y: number): void { this.x = x; this.y = y; }
    Point.prototype.dot = function (this: { x: number; y: number }, o: { x: number; y: number }): number { return this.x * o.x + this.y * o.y; };
    const make = Point as unknown as new (x: number, y: number) => { x: number; y: number; dot(o: unknown): number };
    let keys = "";
    for (const key in new make(1, 2)) keys += key;
    return new make(a, b).dot(new make(b, 2)) + keys.length;
  }, numbers));
});

class Grid {
  cells: number[] = [];
  #fill(n: number): void { for (let i = 0; i < n; i++) this.cells.push(i); }
  static is(o: object): boolean { return #fill in o; }
  constructor(readonly rows: number) { this.#fill(rows); }
}
class Purse {
  #coins: number;
  #spent = [0];
  readonly owner: number;
  constructor(owner: number, coins: number) { this.owner = owner; this.#coins = coins; }
  get #left(): number { return this.#coins - this.#spent[0]!; }
  set #left(v: number) { this.#coins = v; this.#spent = [0]; }
  pay(v: number): number { this.#spent[0]! += v; if (this.#left < 0) this.#left = 1; return this.#left; }
  richer(o: Purse): boolean { return this.#left > o.#left; }
  static is(o: object): boolean { return #coins in o; }
}
class Bag extends Purse { #coins = 7; all(): number { return this.#coins++ + this.pay(1); } static bags(o: object): boolean { return #coins in o; } }
class Early { constructor(all: Early[]) { all.push(this); } }
class Late extends Early { #v = 3; get v(): number { return this.#v; } }

describe("private names of objects that lie in memory", () => {
  test("one with an array of its own that a loop replaces", () => served((n: number) => { let m = new Grid(n); for (let k = 0; k < 2; k++) m = new Grid(m.rows - 1); return m.rows + m.cells.length; }, [[4], [2], [0]]));
  test("in a list: fields, methods, accessors, of others of the class", () => served((x: readonly number[]) => {
    const all: Purse[] = [];
    for (const v of x) all.push(new Purse(v, v * 2));
    let s = 0;
    for (let k = 0; k < 3; k++) for (const p of all) s = s * 0.5 + p.pay(k + 0.5) + (p.richer(all[0]!) ? 100 : 0);
    return s;
  }, [[[]], [[1]], [[1, -0, NaN, 5]]]));
  test("of a parent and a child of one name", () => served((x: readonly number[]) => { const all: Bag[] = []; for (const v of x) all.push(new Bag(v, 4)); let s = 0; for (const b of all) s += b.all() * 10 + b.all(); return s; }, [[[]], [[1, 2]]]));
  test("asked for with `in`, of lists of several classes", () => served((x: readonly number[]) => {
    const all: (Purse | Grid)[] = [];
    for (const v of x) { if (v > 1) all.push(new Bag(v, 1)); else if (v > 0) all.push(new Purse(v, 1)); else all.push(new Grid(1)); }
    let s = 0;
    for (const o of all) s = s * 8 + (Purse.is(o) ? 1 : 0) + (Bag.bags(o) ? 2 : 0) + (Grid.is(o) ? 4 : 0);
    return s;
  }, [[[]], [[2, 1, 0, 3]]]));
  test("no key lists them", () => served((x: readonly number[]) => { const all: Purse[] = []; for (const v of x) all.push(new Purse(v, 1)); let s = ""; for (const p of all) { s += Object.keys(p).join(); for (const k in p) s += k; s += Object.keys({ ...p }).length; } return s; }, [[[1, 2]]]));
  test("one that leaves, and one that gets a field when it lies there already, are the original's", async () => {
    await served((x: readonly number[]) => { const all: Purse[] = []; for (const v of x) all.push(new Purse(v, 1)); return all; }, [[[1, 2]]], { original: 1 });
    await served((x: readonly number[]) => { const all: Early[] = []; let s = 0; for (const v of x) s += new Late(all).v + v; return s + all.length; }, [[[1, 2]]], { original: 1 });
  });
});

class Base {
  scale = 2;
  readonly w: number;
  constructor(w: number) { this.w = w; }
  value(): number { return this.w * this.scale; }
  static zero(): number { return 0.5; }
  set half(v: number) { this.scale = v / 2; }
}
class Derived extends Base {
  extra: number;
  constructor(w: number, extra = 3) { super(w + 1); this.extra = extra; }
  override value(): number { return super.value() + this.extra; }
  static override zero(): number { return super.zero() + 1; }
}
class Last extends Derived { override value(): number { return [1, 2].reduce((s, k) => s + k * super.value(), 0); } }

describe("classes of the surroundings", () => {
  test("derived ones are made, setters of their prototypes called", () => served((a: number, b: number) => {
    const d = new Derived(a), l = new Last(b, a);
    d.half = b;
    return d.value() + l.value() + Derived.zero() + (d instanceof Base ? 1 : 0) + (d instanceof Last ? 100 : 0);
  }, numbers));
  test("and come back as what they are", () => served((a: number) => new Last(a, 1), [[1], [NaN]]));
  class Angle { turns = 0; get degrees(): number { return this.turns * 360; } set degrees(v: number) { this.turns = v / 360; } get only(): number { return 7; } }
  class Sharp extends Angle { override get degrees(): number { return super.degrees; } override set degrees(v: number) { super.degrees = v < 0 ? 0 : v; } }
  test("setters of the caller's objects, and their parents'", async () => {
    const turn = (o: Angle, v: number): number => { o.degrees = v; if (v > 1) o.degrees += 90; return o.degrees + o.turns; };
    await served(turn, [[new Angle(), 2], [new Angle(), -0], [new Angle(), NaN]]);
    await served(turn, [[new Sharp(), 2], [new Sharp(), -5]]);
  });
  test("what has no setter, and a field in a setter's place, are the original's", async () => {
    await served((o: { only: number }, v: number) => { o.only = v; return o.only; }, [[new Angle(), 2]], { original: 1 });
    const set = (o: Angle, v: number): number => { o.degrees = v; return o.turns; };
    await served(set, [[new Angle(), 2], [Object.defineProperty(new Angle(), "degrees", { value: 1, writable: true, enumerable: true, configurable: true }), 3]]);
  });
  test("methods of the caller's objects", async () => {
    await served((o: Base, k: number) => o.value() * k, [[new Last(3), 2], [new Last(-0), 1]]);
    await served((o: Base, k: number) => o.value() * k, [[new Derived(3), 2], [new Derived(-0), 1]], { slow: ["o"] });
  });
});

describe("super in a literal's methods goes on behind the literal", () => {
  test("also inside of a class's method", () => served((x: number) => { class B { m(): number { return 1; } } class C extends B { override m(): number { const o = { __proto__: { m: () => x }, m(): number { return (super.m as () => number)(); } }; return o.m(); } } return new C().m(); }, [[3]]));
  test("in arrow functions, behind spreads and computed keys, of objects that inherit from the literal", () => served((x: number, rest: object) => {
    const base = { k(this: { v: number }): number { return this.v; } };
    const o = { ...rest, m(): number { const f = (): number => (super.k as () => number)(); return f(); }, [`z${1}`]: x, n(): number { return (super.k as () => number)() + 1; }, v: x, __proto__: base };
    const p = Object.create(o) as typeof o;
    p.v = 7;
    return [o.m(), o.n(), p.m()];
  }, [[3, { q: 1 }], [-0, {}]]));
  test("and its setters", () => served((x: number) => { const o = { w: 0, m(): number { super.v = x; return this.w; }, __proto__: { set v(t: number) { (this as unknown as { w: number }).w = t * 2; } } }; return o.m(); }, [[3]]));
});

describe("classes over typed arrays", () => {
  const types = `class V3 extends Float64Array {
    constructor(x = 0, y = 0, z = 0) { super(3); this[0] = x; this[1] = y; this[2] = z; }
    get x() { return this[0]; } set x(v) { this[0] = v; }
    dot(o) { return this[0] * o[0] + this[1] * o[1] + this[2] * o[2]; } add(o) { return new V3(this[0] + o[0], this[1] + o[1], this[2] + o[2]); } scale(k) { for (let i = 0; i < 3; i++) this[i] *= k; return this; }
  }
  class Tagged extends Float64Array { get [Symbol.toStringTag]() { return "mine"; } *[Symbol.iterator]() { yield 9; } toString() { return "T"; } }
  class Ints extends Int32Array { static copy(a) { const o = new Ints(a.length); o.set(a); return o; } sum() { return this.reduce((a, b) => a + b, 0); } }`;
  test.each<[string, string]>([
    ["made by methods", "return new V3(n, 2, 1).add(new V3(1, 2, 3)).dot(new V3(2, n, 2));"],
    ["given back", "return new V3(n, 2, 1).add(new V3(1, 2, 3));"],
    ["in an object, twice", "const v = new V3(n, 2, 3); return { v, w: [v, v] };"],
    ["made in a loop", "let s = new V3(); for (let i = 0; i < n; i++) s = s.add(new V3(i, 1, 2)).scale(0.5); s.x += 1; return [s.x, s.length, s instanceof V3, s instanceof Float64Array, Object.getPrototypeOf(s) === V3.prototype, s.constructor === V3];"],
    ["of a length of run time", "const o = Ints.copy(Array.from({ length: n }, (_, i) => i * 1.5)); return [o.sum(), o];"],
    ["or an ordinary one", "const a = n > 2 ? new V3(n, 2, 3) : new Float64Array([1, 2, n]); return [a, a instanceof V3 ? a.x : a[1]];"],
    ["whose tag, iterator and toString are their own", "const t = new Tagged(n); return [Object.prototype.toString.call(t), [...t], t.toString(), Object.prototype.toString.call(new V3())];"],
    ["seen as bytes", "const v = new V3(n, 2, 3), w = new Uint8Array(v.buffer); return [w[7], v.byteLength, v.BYTES_PER_ELEMENT];"],
    ["Buffers", "const b = Buffer.alloc(n + 8); b.writeUInt32BE(n * 77777, 0); b.writeInt16LE(-n, 4); b[7] = n; return [b, b.readUInt16LE(1), b.readInt8(4), b.readDoubleLE(0)];"],
    ["Buffers that are copied, filled and cut", "const a = Buffer.alloc(8), b = Buffer.alloc(12, n); a.writeUInt16BE(n * 999); a.copy(b, 1, 0, 3); const c = b.subarray(2, 6); c[1] = 7; return [b, c.length, c[0]];"],
    ["what the engine's getters say of them", "const v = new V3(n); return [length.call(v), byteLength.call(v), tag.call(new Tagged(n))];"],
  ])("%s", (_, body) => served(new Function("Buffer", `${types} const [length, byteLength, tag] = ["length", "byteLength", Symbol.toStringTag].map((key) => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int8Array.prototype), key).get); return (n) => { ${body} };`)(Buffer) as () => unknown, [[0], [3], [6]]));
  test.each<[string, string]>([
    ["as numbers and texts", "class T extends Float64Array { valueOf() { return 42; } toString() { return 'T'; } } return (n) => [new T(n) * 2, `${new T(n)}`, new T(n) > 3];"],
    ["in lists", `${types} return (n) => { const l = []; for (let i = 0; i < n; i++) l.push(new V3(i, 1, 2)); return l; };`],
    ["whose length is their own", "class L extends Uint8Array { get length() { return 7; } } return (n) => new L(3).length + n;"],
    ["of which methods make more", `${types} return (n) => { const v = new V3(n, 2, 3); return [v.map((x) => x + 1), v.subarray(1)]; };`],
  ])("are left to the original: %s", (_, text) => served(new Function(text)() as () => unknown, [[0], [3]], { original: 2 }));
  test("the tag of the caller's", async () => {
    await ready();
    class Tagged extends Float64Array { override get [Symbol.toStringTag](): never { return "mine" as never; } }
    const fast = specialize((v: Float64Array) => Object.prototype.toString.call(v), { tier: "wasm", compile: "sync" });
    for (const v of [new Tagged(2), new Tagged(3)]) expect(fast(v)).toBe("[object mine]");
  });
});

describe("the prototype that Object.getPrototypeOf gives", () => {
  class Twig { v: number; next: unknown = null; constructor(v: number) { this.v = v; } }
  class Leaf extends Twig {}
  class Row extends Array<number> {}
  const of = (o: unknown): unknown => Object.getPrototypeOf(o);
  test.each<[string, (...args: never[]) => unknown, unknown[][]]>([
    ["of objects in a list", (xs: number[]) => { const l: Twig[] = []; for (const x of xs) l.push(x > 2 ? new Leaf(x) : new Twig(x)); let s = 0; for (const n of l) s = s * 10 + (of(n) === Leaf.prototype ? 1 : 2); return s; }, [[[1, 2, 3, 4]], [[]], [[3]]]],
    ["of what is an array or an object", (xs: number[]) => { const l: unknown[] = []; for (const x of xs) l.push(x > 2 ? { x } : [x]); let s = 0; for (const n of l) s = s * 10 + (of(n) === Array.prototype ? 1 : of(n) === Object.prototype ? 2 : 3); return s; }, [[[1, 2, 3, 4]], [[]], [[3]]]],
    ["of typed arrays and Maps", (xs: number[]) => { const l: unknown[] = []; for (const x of xs) l.push(x > 2 ? new Float64Array(2) : new Map([[x, 1]])); let s = 0; for (const n of l) s = s * 10 + (of(n) === Map.prototype ? 1 : of(n) === Float64Array.prototype ? 2 : 3); return s; }, [[[1, 2, 3, 4]], [[]]]],
    ["of the caller's", (xs: object[], rows: number[][]) => [xs.map((p) => of(p) === Object.prototype), rows.map((r) => of(r) === Array.prototype), of(xs) === Array.prototype], [[[{ x: 1 }, { x: 2 }], [[1], [2, 3]]], [[{ x: 3 }], [[4]]]]],
    ["of tables", (n: number) => { const m = new Map<number, number>(), t = new Set<number>(), o: Record<number, number> = {}; for (let i = 0; i < n; i++) { m.set(i * 2, 1); t.add(i); o[i * 3] = 1; } return [of(m) === Map.prototype, of(t) === Set.prototype, of(o) === Object.prototype, of(new Set()) === of(t)]; }, [[3], [0]]],
    ["of tables without any", (n: number, names: string[]) => { const o = Object.create(null) as Record<number, number>, t = { __proto__: null } as unknown as Record<string, number>; for (let i = 0; i < n; i++) o[i * 3] = i; for (const name of names) t[name] = n; return [of(o), of(t), o instanceof Object, t instanceof Object, "toString" in o]; }, [[3, ["a", "b"]], [0, []]]],
    ["of a class over Array", (n: number) => { const l = [new Row()]; for (let i = 0; i < n; i++) { l[0]!.push(i); l.push(new Row()); } return l.map((x) => of(x) === Row.prototype); }, [[3], [0]]],
    ["of classes of the kernel's own", (n: number) => { class A { n = n; } class B extends A {} const l: A[] = []; for (let i = 0; i < n; i++) l.push(i % 2 ? new A() : new B()); let s = 0; for (const o of l) s = s * 3 + (of(o) === B.prototype ? 1 : of(o) === A.prototype ? 2 : 0) + (of(of(o)) === A.prototype ? 5 : 0); return s; }, [[3], [0]]],
    ["of one of several", (n: number, xs: number[]) => { const x = n > 2 ? xs : { a: 1 }; return [of(x) === Array.prototype, of(x) === Object.prototype]; }, [[3, [1]], [0, [2]]]],
  ])("%s", (_, kernel, calls) => served(kernel, calls));
});

describe("mixins: classes that one text makes, one above the other", () => {
  test("constructors, methods, accessors and static methods go up", () => served((n: number) => {
    const counting = (Base: typeof Root): typeof Root => class extends Base {
      own = n;
      override value(): number { return super.value() + this.own; }
      override get twice(): number { return super.twice + n; }
      static override of(k: number): Root { return super.of(k + 1); }
    };
    class Root {
      k: number;
      constructor(k: number) { this.k = k; }
      value(): number { return this.k; }
      get twice(): number { return this.k * 2; }
      static of(k: number): Root { return new this(k); }
    }
    const Top = counting(counting(counting(Root))), one = new Top(2);
    return one.value() * 1000 + one.twice + Top.of(n).value() + (one instanceof Root ? 0.5 : 0);
  }, [[1], [-3.5]]));
  test("literals", () => served((n: number) => {
    const above = (proto: { m(): number }): { m(): number } => ({ __proto__: proto, m() { return super.m() * 2 + n; } }) as unknown as { m(): number };
    return above(above(above({ m: () => n }))).m();
  }, [[1], [-3.5]]));
});
