// What is put between an array or an object and what the language says of it, after a version was made: own iterators, classes over Array, fields and
// elements of the engine's prototypes. The original's results, always.

import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, type Options } from "../../src/index.ts";
import { useWorkshop } from "../../src/runtime/workshop.ts";
import { testWorkshop } from "./thread.ts";

beforeAll(async () => { await ready(); });

const undo: (() => void)[] = [];
afterEach(() => { while (undo.length > 0) undo.pop()!(); });
/** Until the test ends. */
function put(holder: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
  const before = Object.getOwnPropertyDescriptor(holder, key);
  undo.push(() => { if (before) Object.defineProperty(holder, key, before); else Reflect.deleteProperty(holder, key); });
  Object.defineProperty(holder, key, { ...descriptor, configurable: true });
}

type Numeric = (...args: never[]) => unknown;
/** A version that served these calls. */
function served<F extends Numeric>(kernel: F, slow: string[], ...calls: Parameters<F>[]): F {
  const fast = specialize(kernel, { slow, tier: "wasm", compile: "sync" } satisfies Options);
  for (const args of calls) expect((fast as Numeric)(...args as never[])).toEqual((kernel as Numeric)(...args as never[]));
  expect(fast.stats().calls, fast.explain()).toEqual({ original: 0, js: 0, wasm: calls.length });
  return fast;
}

const otherIterator = { value: function* (): Generator<number> { yield 10; } };
const withIterator = <T extends object>(list: T): T => Object.defineProperty(list, Symbol.iterator, otherIterator);

describe("iteration over an array of the call", () => {
  function sum(list: Iterable<number>, c: number): number { let s = 0; for (const v of list) s += v * c; return s; }
  for (const [name, make] of [["ordinary", () => [1, 2, 3]], ["typed", () => Float64Array.of(1, 2, 3)]] as const) {
    it(`asks an iterator of its own, on another array and on the same one later (${name})`, () => {
      const list = make(), fast = served(sum, ["c"], [list, 2], [list, 2]);
      expect(fast(withIterator(make()), 2)).toBe(20);
      withIterator(list);
      expect(fast(list, 2)).toBe(20);
      expect(fast(make(), 2)).toBe(12);
    });
  }
  it("asks a class over Array", () => {
    class Twenty extends Array<number> { override *[Symbol.iterator](): Generator<number, undefined> { yield 20; return undefined; } }
    const fast = served(sum, ["c"], [[1, 2, 3], 2], [[1, 2], 2]);
    expect(fast(Twenty.from([1, 2, 3]), 2)).toBe(40);
  });
  it("asks what Array.prototype and the typed arrays' have then", () => {
    const fast = served(sum, ["c"], [[1, 2, 3], 2]), typed = served(sum, ["c"], [Float64Array.of(1, 2), 2]);
    put(Array.prototype, Symbol.iterator, otherIterator);
    put(Object.getPrototypeOf(Float64Array.prototype) as object, Symbol.iterator, otherIterator);
    const results = [fast([1, 2, 3], 2), typed(Float64Array.of(1, 2), 2)];
    while (undo.length > 0) undo.pop()!();
    expect(results).toEqual([20, 20]);
    expect(fast([1, 2, 3], 2)).toBe(12);
  });
  it("in a field of an object, taken apart, spread", () => {
    const inField = served((o: { list: number[] }, c: number) => { let s = 0; for (const v of o.list) s += v * c; return s; }, ["c"], [{ list: [1, 2] }, 2]);
    expect(inField({ list: withIterator([1, 2]) }, 2)).toBe(20);
    const apart = served((list: number[], c: number) => { const [p] = list; return p! * c; }, ["c"], [[1, 2], 2]);
    expect(apart(withIterator([1, 2]), 2)).toBe(20);
    const spread = served((list: number[], c: number) => { const own = [...list]; return own.length * c + own[0]!; }, ["c"], [[1, 2], 2]);
    expect(spread(withIterator([1, 2]), 2)).toBe(12);
  });
  it("of rows", () => {
    const rows = served((table: number[][], c: number) => { let s = 0; for (const row of table) for (const v of row) s += v * c; return s; }, ["c"], [[[1, 2], [3, 4]], 2]);
    expect(rows([[1, 2], withIterator([3, 4])], 2)).toBe(26);
  });
});

describe("iteration over a slow array", () => {
  it("asks an iterator of its own that came later", () => {
    const kernel = (x: number, list: Iterable<number>): number => { let s = 0; for (const v of list) s += v * x; return s; };
    for (const list of [[1, 2, 3], Float64Array.of(1, 2, 3), new Set([1, 2, 3])]) {
      const fast = served(kernel, ["list"], [1, list], [2, list]);
      withIterator(list);
      expect(fast(2, list)).toBe(20);
    }
  });
  it("asks a class over Array", () => {
    class Twenty extends Array<number> { override *[Symbol.iterator](): Generator<number, undefined> { yield 20; return undefined; } }
    const list = Twenty.from([1, 2, 3]) as Twenty, fast = specialize((x: number, c: Twenty) => { let s = 0; for (const v of c) s += v * x; return s + [...c].length; }, { slow: ["c"], tier: "wasm", compile: "sync" });
    expect(fast(2, list)).toBe(41);
  });
});

describe("a method of an array", () => {
  const kernel = (list: number[], c: number): number => list.reduce((s, v) => s + v * c, 0) + list.indexOf(2);
  it("of its own, or of a class over Array", () => {
    const fast = served(kernel, ["c"], [[1, 2, 3], 2]);
    expect(fast(Object.assign([1, 2, 3], { indexOf: () => 1000 }), 2)).toBe(1012);
    class Mine extends Array<number> { override indexOf(): number { return 2000; } }
    expect(fast(Mine.from([1, 2, 3]), 2)).toBe(2012);
  });
});

describe("a field that is set", () => {
  it("meets a setter that Object.prototype got later", () => {
    const kernel = (x: number, c: number): number | undefined => { const o: { foo?: number } = {}; o.foo = x * c; return o.foo === undefined ? -1 : o.foo; };
    const fast = served(kernel, ["c"], [1, 2], [2, 2]);
    let sets = 0;
    put(Object.prototype, "foo", { set() { sets++; }, get() { return undefined; } });
    expect([fast(3, 2), sets]).toEqual([-1, 1]);
  });
  it("meets one that a class's prototype got later", () => {
    class Point { declare x: number; constructor(x: number) { this.x = x; } }
    const kernel = (x: number, c: number): number => new Point(x).x * c;
    const fast = served(kernel, ["c"], [1, 2], [2, 2]);
    put(Point.prototype, "x", { set() {}, get() { return 7; } });
    expect(fast(3, 2)).toBe(14);
  });
});

describe("elements of Array.prototype", () => {
  it("are found where an array has a hole, or ends; not any more when they are gone", () => {
    const holes = served((x: number, c: number) => { const a: (number | undefined)[] = new Array(4); a[2] = x; let s = 0; for (let i = 0; i < 4; i++) s += a[i] === undefined ? c : a[i]!; return s; }, ["c"], [1, 2]);
    const ends = served((list: number[], i: number, c: number) => (list[i] === undefined ? c : list[i]), ["c"], [[1, 2], 1, 5], [[1, 2], 7, 5]);
    const table = served((i: number, list: number[]) => (list[i] === undefined ? -1 : list[i]), ["list"], [1, [4, 5, 7]], [9, [4, 5, 7]]);
    put(Array.prototype, 1, { value: 100, writable: true });
    put(Array.prototype, 7, { value: 200, writable: true });
    const results = [holes(3, 2), ends([1, 2], 7, 5), table(7, [4, 5, 7])];
    while (undo.length > 0) undo.pop()!();
    expect(results).toEqual([107, 200, 200]);
    expect(holes(3, 2)).toBe(9);
  });
  it("can be setters", () => {
    const fast = served((x: number, c: number) => { const a: number[] = []; a[0] = x * c; a[1] = x; let s = 0; for (let i = 0; i < a.length; i++) s += a[i]!; return s; }, ["c"], [1, 2]);
    put(Array.prototype, 0, { set() {}, get() { return 7; } });
    const result = fast(3, 2);
    while (undo.length > 0) undo.pop()!();
    expect(result).toBe(10);
  });
});

describe("an object read by a string of run time", () => {
  it("has what Object.prototype got later", () => {
    const table: Record<string, number> = { a: 1, bb: 2, c: 3, d: 4 };
    const kernel = (key: string, t: Record<string, number>): unknown => [t[key], key in t];
    const fast = served(kernel, ["t"], ["a", table], ["bb", table], ["absent", table]);
    put(Object.prototype, "absent", { value: 7, enumerable: false, writable: true });
    expect(fast("absent", table)).toEqual([7, true]);
    expect(fast("bb", table)).toEqual([2, true]);
  });
});

describe("an object read by a number", () => {
  const kernel = (i: number, table: Record<number, number>): number => (table[i & 3] === undefined ? 100 : table[i & 3]!);
  it("has keys that are not enumerable, from the beginning or later", () => {
    const table = { 0: 1, 2: 3 }, fast = served(kernel, ["table"], [0, table], [1, table]);
    Object.defineProperty(table, "1", { value: 50 });
    expect(fast(1, table)).toBe(50);
    const other = specialize(kernel, { slow: ["table"], tier: "wasm", compile: "sync" });
    expect([other(1, table), other(3, table)]).toEqual([50, 100]);
  });
  it("has what Object.prototype has", () => {
    const table = { 0: 1, 2: 3 }, fast = served(kernel, ["table"], [0, table], [1, table]);
    put(Object.prototype, 1, { value: 77, writable: true });
    expect(fast(1, table)).toBe(77);
  });
});

describe("an array of a class over Array", () => {
  class Vec extends Array<number> {
    get x(): number { return this[0]!; }
    set x(v: number) { this[0] = v; }
    dot(o: ArrayLike<number>): number { let s = 0; for (let i = 0; i < this.length; i++) s += this[i]! * o[i]!; return s; }
  }
  class Twice extends Vec { override dot(o: ArrayLike<number>): number { return super.dot(o) * 2; } }
  const vec = (...of: number[]): Vec => Vec.from(of) as Vec, twice = (...of: number[]): Twice => Twice.from(of) as Twice;

  it("has its class's methods, getters and setters, and its parents'", () => {
    served((v: Vec, k: number) => { v.x = k * 2; return v.x + v.dot([1, 2, 3]); }, ["k"], [vec(1, 2, -0), 2]);
    served((v: Vec, k: number) => v.dot([1, 2]) * k, ["k"], [twice(1, 2), 2]);
    served((v: Vec) => [v instanceof Twice, v instanceof Vec, Array.isArray(v), v[7] === undefined], [], [vec(1)]);
    const v = vec(1, 2);
    expect(specialize((w: Vec) => w, { tier: "wasm", compile: "sync" })(v)).toBe(v);
  });
  it("is a captured one that is written", () => {
    const scratch = vec(0, 0), fast = served((x: number, y: number) => { scratch.x = x; scratch[1] = y; return scratch.dot([x, 2]) + scratch.x; }, [], [3, 4]);
    expect([fast(1, -0), [...scratch]]).toEqual([2, [1, -0]]);
  });
  it("is no array of another class, or with members of its own", () => {
    const dot = (v: Vec, k: number): number => v.dot([1, 2]) * k, fast = served(dot, ["k"], [vec(1, 2), 3]);
    for (const other of [twice(1, 2), Object.assign(vec(1, 2), { dot: () => 100 })]) expect(fast(other, 3)).toBe(dot(other, 3));
    const read = (v: number[]): boolean => v[5] === undefined, reads = served(read, [], [vec(1)]);
    expect(reads(Object.setPrototypeOf([1], { 5: 1, __proto__: Vec.prototype }) as number[])).toBe(false);
  });
  it("is the original's where another array of its class is made, or its length changes", () => {
    for (const kernel of [(v: Vec) => v.map((x) => x + 1), (v: Vec) => { v.push(1); return v; }, (v: Vec) => v.slice(1)]) {
      const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), result = fast(vec(1, 2));
      expect(Object.getPrototypeOf(result)).toBe(Vec.prototype);
      expect([...result]).toEqual([...kernel(vec(1, 2))]);
    }
  });
});

const mark = Symbol("mark");
type Marked = { a: number; b?: number; [mark]?: number };
const marked = (): Marked => ({ a: 1, b: 2, [mark]: 3 });
describe("symbols among the keys of what is copied", () => {
  const cases: readonly (readonly [what: string, kernel: (o: Marked, x: number) => object])[] = [
    ["one that the kernel makes", (o, x) => ({ ...{ a: x, [Symbol.toStringTag]: "made" }, b: o.a })], ["descriptors of all", (o, x) => [Object.getOwnPropertyDescriptors(o), x]],
  ];
  for (const [what, kernel] of cases) it(what, () => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const o of [{ a: 4, b: 5 }, marked(), { a: 4, b: 5 }, marked()]) expect(fast(o, 2)).toStrictEqual(kernel(o, 2));
  });
});

describe("an argument that is another one's prototype", () => {
  type Held = Record<number, number> & { t?: number; u?: number };
  const cases: readonly (readonly [what: string, kernel: (o: Held, p: Held, i: number) => unknown])[] = [
    ["a field that is written", (o, p, i) => { p.t = i + 7; return [o.t, o.u]; }], ["index keys that are written", (o, p, i) => { let s = 0; for (let k = 0; k < 3; k++) { p[i + k] = 7 + k; s += o[k] || 0; } return s; }],
  ];
  for (const [what, kernel] of cases) it(what, () => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    const call = (f: typeof kernel, apart: boolean, i: number): unknown[] => { const p: Held = { 0: 1, 1: 2, t: 1 }, o: Held = Object.assign(Object.create(apart ? Object.prototype : p) as Held, { 0: 5, t: 2, u: 3 }); if (what.startsWith("a")) delete o.t; return [f(o, p, i), { ...o }, { ...p }]; };
    for (const apart of [true, false, true, false]) for (const i of [0, 1]) expect(call(fast, apart, i)).toEqual(call(kernel, apart, i));
    expect(fast.stats().calls.wasm).toBeGreaterThan(0);
  });
});

describe("written objects of an array that stand behind others as their prototype", () => {
  interface Point { x: number; y: number; h?: number[]; next?: Point | null }
  type Kernel = (list: Point[], o: { x: number; z: number }, others: { x: number; z: number }[]) => number;
  const cases: readonly (readonly [what: string, kernel: Kernel])[] = [
    ["behind an argument", (list, o) => { for (const p of list) p.x += 10; return o.x + o.z; }],
    ["behind the objects of another array", (list, _, others) => { for (const p of list) p.x += 10; let s = 0; for (const q of others) s += q.x + q.z; return s; }],
    ["held in memory", (list, o) => { for (const p of list) { p.x += 10; p.h!.push(1); } return o.x + o.z; }],
    ["linked", ([first], o) => { for (let p: Point | null = first!; p; p = p.next!) p.x += 10; return o.x + o.z; }],
    ["an argument behind objects of an array", (_, o, others) => { o.x = 7; let s = 0; for (const q of others) s += q.x; return s; }],
  ];
  it.each(cases.map((row) => [...row] as const))("%s", (what, kernel) => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), far = { x: 9 };
    const call = (f: Kernel, apart: boolean): unknown => {
      const list = Array.from({ length: 3 }, (_, i): Point => ({ x: i, y: i, h: [i], next: null }));
      list.forEach((p, i) => { p.next = list[i + 1] ?? null; });
      const under = (base: object, z: number): { x: number; z: number } => Object.assign(Object.create(base) as { x: number; z: number }, { z });
      const o = what.startsWith("an argument") ? { x: 1, z: 2 } : under(apart ? far : list[1]!, 2);
      return f(list, o, [0, 1].map((z) => under(apart ? far : what.startsWith("an argument") ? o : list[1]!, z)));
    };
    for (const apart of [false, true, false]) expect(call(fast, apart)).toBe(call(kernel, apart));
  });
});

describe("what is found nowhere, until the engine's prototypes get it", () => {
  type Zed = { a: number; zed?: number };
  const local = (x: number): number => { const o: Zed = { a: x }; return (o.zed ?? 0) + o.a; };
  const asked = (x: number): number => { const o: Zed = { a: x }; return ("zed" in o ? 1 : 0) + o.a; };
  const taken = (x: number): number => { const { a, zed = 7 }: Zed = { a: x }; return zed + a; };
  const ofClass = (x: number): number => { class A { a = x; zed?: number; constructor() { delete this.zed; } } const o = new A(); return (o.zed ?? 0) + o.a; };
  const ofArray = (x: number): number => { const list = [x] as number[] & { zed?: number }; return (list.zed ?? 0) + list[0]!; };
  const ofText = (x: number): number => ("abc" as unknown as Zed).zed ?? x;
  const ofNumber = (x: number): number => (x as unknown as Zed).zed ?? x;
  const ofFunction = (x: number): number => { const f = (() => 1) as unknown as Zed; return f.zed ?? x; };
  const ofItems = (list: readonly Zed[]): number => { let s = 0; for (const o of list) s += (o.zed ?? 0) + o.a; return s; };
  const inMemory = (n: number): number => { const list: Zed[] = []; for (let i = 0; i < n; i++) list.push({ a: i }); let s = 0; for (const o of list) s += (o.zed ?? 0) + o.a; return s; };
  const visited = (x: number): number => { let s = 0; for (const key in { a: 1, b: 2 }) s += key === "zed" ? 100 : x; return s; };
  const indices = (x: number): number => { let s = 0; for (const key in [1, 2]) s += key === "zed" ? 100 : x; return s; };
  it.each<[string, (x: never) => number, unknown]>([
    ["a field of a local object", local, 1], ["`in`", asked, 1], ["a default", taken, 1], ["a field of an instance", ofClass, 1], ["an array's", ofArray, 1], ["a string's", ofText, 1], ["a number's", ofNumber, 1],
    ["a function's", ofFunction, 1], ["a field of the call's objects", ofItems, [{ a: 1 }, { a: 2 }]], ["a field of objects in memory", inMemory, 40], ["for-in over an object", visited, 2], ["for-in over an array", indices, 2],
  ])("%s", (_, kernel, arg) => {
    const fast = served(kernel as Numeric, [], [arg as never], [arg as never]);
    put(Object.prototype, "zed", { value: 5, enumerable: true, writable: true });
    const got = fast(arg as never), want = (kernel as Numeric)(arg as never);
    while (undo.length > 0) undo.pop()!();
    expect([got, fast(arg as never)]).toEqual([want, (kernel as Numeric)(arg as never)]);
    expect(got).not.toBe(fast(arg as never));
  });
});

describe("what somebody put on the engine's prototypes, until it is another", () => {
  type Extended = { last(): number; half: number; zed: number; twice(): number; a: number; yy?: number; "a.b": number };
  const as = (value: unknown): Extended => value as Extended;
  const every: readonly (readonly [what: string, kernel: (arg: never) => unknown, arg: () => unknown])[] = [
    ["a method of a local array", (x: number) => as([1, x]).last(), () => 3],
    ["… of an array of the call's", (list: number[]) => as(list).last(), () => [1, 2]],
    ["… of a typed array", (list: Float64Array) => as(list).last(), () => Float64Array.of(1, 2)],
    ["… of a number", (x: number) => as(x).twice(), () => 3],
    ["a number of a local object", (x: number) => as({ a: x }).zed * x, () => 3],
    ["… of an object of the call's", (o: { a: number }) => as(o).zed + o.a, () => ({ a: 1 })],
    ["… of a string", (x: number) => as("abc").zed + x, () => 3],
    ["… of a function", (x: number) => as(() => x).zed + x, () => 3],
    ["… under a key with a dot", (x: number) => as([1])["a.b"] + x, () => 3],
    ["a getter, which is the array's", (x: number) => as([1, x]).half, () => 3],
    ["… of an array of the call's", (list: number[]) => as(list).half, () => [1, 2]],
    ["a setter of a local array", (x: number) => { const list = [x, 1]; as(list).half = 8; return list[0]; }, () => 3],
    ["… of a function", (x: number) => { const f = (): number => x; as(f).yy = 2; return as(f).yy; }, () => 3],
    ["… of an object of the call's", (o: Extended) => { o.yy = 3; return o.a; }, () => ({ a: 1 })],
  ];
  const extend = (k: number): void => {
    for (const holder of [Array.prototype, Float64Array.prototype]) put(holder, "last", { value(this: number[]) { return this[this.length - 1]! * k; }, writable: true });
    put(Number.prototype, "twice", { value: function (this: number) { return Number(this) * k; }, writable: true }); // a method may be sloppy, where `this` is an object
    put(Object.prototype, "zed", { value: k, writable: true });
    put(Array.prototype, "a.b", { value: k, writable: true });
    put(Array.prototype, "half", { get(this: number[]) { return this[1]! / k; }, set(this: number[], v: number) { this[0] = v / k; } });
    put(Object.prototype, "yy", { get() { return k; }, set(this: Extended, v: number) { this.a = v * k; } });
  };
  const restore = (): void => { while (undo.length > 0) undo.pop()!(); };
  it.each(every.map((row) => [...row] as const))("%s", (_, kernel, arg) => {
    extend(2);
    const fast = specialize(kernel as Numeric, { tier: "wasm", compile: "sync" });
    const call = (f: Numeric): unknown => f(arg() as never);
    const first = [call(fast), call(fast), call(kernel as Numeric)];
    extend(4);
    const then = [call(fast), call(kernel as Numeric)];
    restore();
    expect([first[0], first[1], then[0]]).toEqual([first[2], first[2], then[1]]);
    expect(then[0]).not.toEqual(first[0]);
  });
  it.each(every.map((row) => [...row] as const))("%s, compiled where nobody put anything", async (_, kernel, arg) => {
    extend(2);
    const { shop } = testWorkshop({ order: () => { restore(); return "pass"; }, answer: () => { extend(2); return "pass"; } });
    useWorkshop(shop);
    const fast = specialize(kernel as Numeric, { tier: "wasm" }), call = (f: Numeric): unknown => f(arg() as never);
    await fast.prepare(arg() as never);
    expect(fast.versions().map(({ state }) => state)).toEqual(["ready"]);
    restore();
    extend(4);
    const then = [call(fast), call(kernel as Numeric)];
    restore();
    fast.dispose();
    useWorkshop(null);
    expect(then[0]).toEqual(then[1]);
  });
});

describe("a field that the prototype has by then is not the object's own", () => {
  class Own { a?: number; declare b: number; constructor(a?: number) { if (a === undefined) delete this.a; else this.a = a; this.b = 1; } }
  const kernel = (o: { a?: number; b: number }, x: number): number => { if (x > 0) o.a = x; return o.b; };
  for (const [name, make, holder] of [["a class's", (a?: number) => new Own(a), Own.prototype], ["Object's", (a?: number) => (a === undefined ? { b: 1 } : { a, b: 1 }), Object.prototype]] as const) {
    it(name, () => {
      const fast = served(kernel, [], [make(5), 1], [make(5), -1]);
      put(holder, "a", { value: 7, writable: true });
      const [ours, theirs] = [make(), make()];
      fast(ours, -1);
      kernel(theirs, -1);
      expect(Object.keys(ours)).toEqual(Object.keys(theirs));
    });
  }
});

describe("for-in comes to the names that an array's prototype has by then", () => {
  const keys = (l: ArrayLike<number>): string => { let text = ""; for (const k in l) text += k; return text; };
  for (const make of [() => [5, 6], () => Float64Array.of(5, 6)]) {
    it(`another prototype, ${make().constructor.name}`, () => {
      const fast = served(keys, [], [make()], [make()]), other = make();
      Object.setPrototypeOf(other, Object.assign(Object.create(Object.getPrototypeOf(other) as object) as object, { w: 8 }));
      expect(fast(other)).toBe("01w");
    });
    it(`the engine's own, ${make().constructor.name}`, () => {
      const fast = served(keys, [], [make()], [make()]);
      put(Object.getPrototypeOf(make()) as object, "w", { value: 8, enumerable: true });
      expect(fast(make())).toBe("01w");
    });
  }
});
