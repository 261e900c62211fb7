// Whether a field is there, where that depends on the call: of the objects of an array, and of what got the field on some paths.

import { describe, expect, it, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

interface Node { x: number; z?: number | null | undefined; cost?: number }
class Place { x: number; z?: number; constructor(x: number) { this.x = x; } get w(): number { return 4; } }

const nodes = (): Node[] => [{ x: 1, z: 2 }, { x: 2 }, { x: 4, z: undefined }, { x: 5, z: null, cost: 1 }];
const places = (): Place[] => { const all = [new Place(1), new Place(2), new Place(3)]; all[1]!.z = 6; return all; };

describe("of the kernel's own objects that lie in memory", () => {
  test.each<[string, (x: number[], n: number) => unknown]>([
    ["of two forms", (x, n) => { const q: ({ id: number; d: number } | { left: number; d: number })[] = []; for (let i = 0; i < n; i++) q.push(x[i]! > 0 ? { id: i, d: x[i]! } : { left: x[i]!, d: 1 }); let s = 0, c; while ((c = q.pop()) && "d" in c) s += "id" in c ? c.id : "toString" in c ? c.left : NaN; return s; }],
    ["that have it on some paths", (x, n) => { const q: { d: number; id?: number }[] = []; for (let i = 0; i < n; i++) { const o: { d: number; id?: number } = { d: x[i]! }; if (x[i]! > 0) o.id = i; q.push(o); } let s = 0; for (const c of q) s += ("id" in c ? c.id! : -1) + (Object.hasOwn(c, "toString") ? 100 : 0); return s; }],
    ["that get it there", (x, n) => { const q: { d: number; id?: number }[] = []; for (let i = 0; i < n; i++) q.push({ d: x[i]! }); for (let i = 0; i < n; i++) if (x[i]! > 0) q[n - 1 - i]!.id = i; let s = 0; for (const c of q) s += ("id" in c ? c.id! : -1) + ("z" in c ? 3 : 0); return s; }],
    ["of a class", (x, n) => { const q: Place[] = []; for (let i = 0; i < n; i++) q.push(new Place(x[i]!)); let s = 0; for (const c of q) s += ("x" in c ? 1 : 0) + ("w" in c ? 10 : 0) + (Object.hasOwn(c, "w") ? 100 : 0) + ("v" in c ? 1000 : 0); return s; }],
  ])("%s", (_, kernel) => served(kernel, [[[1, -2, 3], 3], [[-1, -2, 3, 4], 4]]));
});

describe("of the objects of an array", () => {
  it("`in`", async () => { await served((a: Node[], n: number) => { let s = 0; for (const p of a) s += "z" in p ? n : p.x; return s; }, [[nodes(), 3], [nodes().reverse(), 4.5]]); });
  it("Object.hasOwn, hasOwnProperty and Reflect.has", async () => {
    await served((a: Node[], n: number) => { let s = 0; for (const p of a) s = s * 8 + (Object.hasOwn(p, "z") ? 1 : 0) + (Object.prototype.hasOwnProperty.call(p, "cost") ? 2 : 0) + (Reflect.has(p, "z") ? n : 0); return s; }, [[nodes(), 3], [nodes().reverse(), 4.5]]);
  });
  it("a field that is added where it is not there", async () => {
    await served((a: Node[], n: number) => { for (const p of a) if (!("cost" in p)) p.cost = n; else p.cost!++; return a.map((p) => ("cost" in p ? 1 : 0)); }, [[nodes(), 3], [nodes().reverse(), 4.5]]);
  });
  it("one that none of them has at first", async () => {
    await served((a: { x: number; w?: number }[], n: number) => { let s = 0; for (const p of a) { if (p.x > n) p.w = n; s += "w" in p ? 1 : p.x; } return s; }, [[[{ x: 1 }, { x: 4 }], 3], [[{ x: 5 }, { x: 4 }], 4.5]]);
  });
  it("what their class has is inherited", async () => {
    await served((a: Place[], n: number) => { let s = n; for (const p of a) { if ("z" in p) s += p.z!; if ("w" in p) s += n; if (Object.hasOwn(p, "w")) s += 100; } return s; }, [[places(), 3], [places().reverse(), 4.5]]);
  });
});

describe("of an object that gets it on some paths", () => {
  it("one of the kernel's own", async () => {
    await served((x: number, n: number) => { const o: { z?: number } = {}; if (n > 3) o.z = x; return ("z" in o ? 1 : 0) + (Object.hasOwn(o, "z") ? 2 : 0) + (Object.hasOwn(o, "x") ? 7 : 8); }, [[1, 3], [2, 4.5]]);
  });
  it("one of the caller's", async () => {
    await served((o: Node, n: number) => { if (n > 3) o.z = 1; if ("z" in o) o.x++; return [o, Object.hasOwn(o, "z")]; }, [[{ x: 1 }, 3], [{ x: 2 }, 4.5]]);
  });
});

describe("of a slow or captured object", () => {
  const kinds: Record<number, string> = { 1: "pcm", 3: "float", 17: "adpcm" }, costs: Record<string, number> = { 1: 10, "-2": 4, "5.5": 3, Infinity: 6, x: 7, 99999: 5 };
  const numbers = [[1], [2], [17], [-2], [5.5], [-0], [Infinity], [99999], [NaN]];
  it("whether it has a number of run time", () => served((x: number) => (Object.hasOwn(kinds, x) ? 1 : 2) + (Object.prototype.hasOwnProperty.call(costs, x) ? 4 : 8), numbers));
  it("`in`", () => served((x: number) => (x in kinds ? 1 : 2) + (x in costs ? 4 : 8), numbers));
  it("one that is slow", () => served((x: number, o: Record<number, number>) => Object.hasOwn(o, x), numbers.map(([x]) => [x, costs]), { slow: [1] }));
  it("NaN is a key as well", () => served((x: number, o: Record<string, number>) => Object.hasOwn(o, x), numbers.map(([x]) => [x, { NaN: 1, 2: 0 }]), { slow: [1] }));
  it("what it inherits has none", () => {
    const bare = Object.assign(Object.create(null) as Record<number, number>, { 2: 1 });
    return served((x: number) => x in bare, numbers);
  });
  it("Object.prototype gets a number", async () => {
    await ready();
    const f = (x: number): boolean => x in kinds, version = specialize(f, { tier: "wasm", compile: "sync" });
    expect([version(1), version(2)]).toEqual([true, false]);
    const everyObject = Object.prototype as unknown as Record<number, unknown>;
    let results: boolean[] = [];
    try {
      everyObject[2] = 0;
      results = [version(1), version(2), version(4)];
    } finally { delete everyObject[2]; }
    expect(results).toEqual([true, true, false]);
  });
});

// hidden: such keys are none of those that Object.keys lists
describe("of an object with a key that is not enumerable", () => {
  const hiding = (): Record<string, number> => Object.defineProperty({ a: 1, 4: 2 }, "bb", { value: 5 }) as unknown as Record<string, number>;
  const captured = hiding(), numbered = Object.defineProperty({ 1: 3 }, 2, { value: 5 }) as unknown as Record<number, number>;
  it.each<[string, (s: string) => unknown]>([
    ["hasOwnProperty", (s) => Object.hasOwn(captured, s)], ["`in`", (s) => s in captured], ["read", (s) => captured[s]],
    ["its name written out", (s) => Object.hasOwn(captured, "bb") && !Object.hasOwn(captured, "toString") && s !== ""],
  ])("%s", async (_, f) => {
    await ready();
    for (const tier of ["wasm", "js"] as const) {
      const version = specialize(f, { tier, compile: "sync" });
      for (const s of ["a", "bb", "c", "4", "toString"]) expect(version(s), s).toBe(f(s));
    }
  });
  it("numbers", async () => {
    await ready();
    const f = (x: number): unknown => [Object.hasOwn(numbered, x), x in numbered, numbered[x]], version = specialize(f, { tier: "wasm", compile: "sync" });
    for (const x of [1, 2, 3]) expect(version(x)).toEqual(f(x));
  });
  it("of slow objects that are chosen", async () => {
    await ready();
    const f = (i: number, all: Record<string, number>[]): boolean => Object.hasOwn(all[i]!, "bb"), version = specialize(f, { slow: [1], tier: "wasm", compile: "sync" });
    const all = [hiding(), hiding()], mixed = [hiding(), { a: 1, 4: 2 }];
    for (const list of [all, mixed]) for (const i of [0, 1]) expect(version(i, list as Record<string, number>[])).toBe(f(i, list as Record<string, number>[]));
  });
});

// what an object is asked or told of which the paths made several: the same as the original, whoever serves
describe("of an object of which fields are there on some paths", () => {
  it.each<[string, string]>([
    ["all its names are listed", "const o = { z: 1 }; if (x > 0) o.a = 1; return Object.getOwnPropertyNames(o).length;"],
    ["with an accessor", "const o = { get y() { return x; }, z: 2 }; if (x > 0) o.a = 1; return Object.getOwnPropertyNames(o).join();"],
    ["its descriptor is asked", "const o = { z: 1 }; if (x > 0) o.a = 1; return Object.getOwnPropertyDescriptor(o, 'a') === undefined ? 1 : 2;"],
    ["it is defined", "const o = { z: 1 }; if (x > 0) o.a = 1; Object.defineProperty(o, 'a', { value: 4 }); return Object.keys(o).length;"],
    ["the object is closed", "const o = { z: 1 }; if (x > 0) o.a = 1; Object.preventExtensions(o); o.a = 2; return o;"],
    ["the object is sealed", "const o = { z: 1 }; if (x > 0) o.a = 1; Object.seal(o); o.a = 2; return o.a === undefined ? 9 : o.a;"],
  ])("%s", async (_, body) => {
    await ready();
    const kernel = new Function("x", body) as (x: number) => unknown, fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const x of [1, -1, 2, -3]) expect(fast(x)).toEqual(kernel(x));
  });
  it("all names of one with a getter", async () => { await served((x: number) => { const o = { get y(): number { return x; }, z: 2 }; return Object.getOwnPropertyNames(o).length * 10 + o.y; }, [[1], [2.5]]); });
});

describe("of an object that got its fields in different orders", () => {
  interface State { i?: number; a?: number; b?: number; p?: number; l?: number }
  it("they are read, written and asked for", async () => {
    await served((x: number) => { const o: State = {}; if (x > 0) { o.a = 1; o.b = x; } else if (x > -2) { o.b = x; o.a = 2; } else o.b = 3; o.b++; return ("a" in o ? 10 : 0) + (o.a ?? 5) + o.b; }, [[1], [-1], [-3], [2.5]]);
  });
  it("in a loop", async () => {
    await served((n: number) => {
      const s: State = { i: 2 };
      let k = 0;
      do {
        if (k % 3 === n % 3) { s.b = k; s.p = s.b * 8; k++; continue; }
        s.l = k; s.p = k; s.b = (s.b ?? 0) + 1; k++;
      } while (k < n);
      return s.b! * 100 + s.p! + (s.l ?? 0) + s.i!;
    }, [[1], [4], [9], [2]]);
  });
  // the order is what the original alone knows
  it.each<[string, string]>([
    ["listed", "let s = 0; for (const k in o) s = s * 3 + o[k]; return s;"],
    ["all of them", "return Object.getOwnPropertyNames(o)[0] === 'a' ? 1 : 0;"],
    ["in a text", "return JSON.stringify(o);"],
    ["copied", "return JSON.stringify({ ...o, c: 1 });"],
    ["returned", "return o;"],
    ["put into a list", "const l = [o]; for (let i = 0; i < x; i++) l.push({ a: i, b: 1 }); return l;"],
  ])("%s", async (_, rest) => {
    await ready();
    const kernel = new Function("x", `const o = {}; if (x > 0) { o.a = 1; o.b = x; } else { o.b = x; o.a = 2; } ${rest}`) as (x: number) => unknown;
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const x of [1, -1, 2, -3]) expect(JSON.stringify(fast(x))).toBe(JSON.stringify(kernel(x)));
  });
});

describe("under a key that is a boolean", () => {
  it("of one of the kernel's own, and of a slow object", async () => {
    await served((x: number, n: number, slow: object) => { const o: Record<string, number> = { true: x }; return [(n > 3 as never) in o, Object.hasOwn(o, (x > 1) as never), (!x as never) in slow, Object.hasOwn(slow, !x as never)].map(Number); }, [[1, 3, { a: 1, false: 2 }], [0, 4.5, { a: 1, false: 2 }]], { slow: [2] });
  });
});

describe("a field that shadows what a prototype has", () => {
  const types = "function Dial(x) { this.x = x; } Dial.prototype.k = 3; Dial.prototype.f = function () { return this.k * this.x; };";
  test.each<[string, string]>([
    ["of a new object, on some paths", "const o = new Dial(2); if (n > 5) o.k = n; return [o.f(), 'k' in o, o.hasOwnProperty('k')];"],
    ["that a loop writes", "const o = new Dial(2); for (let i = 0; i < n; i++) o.k += i; return o.k;"],
    ["of objects in a list", "const l = []; for (let i = 0; i < n; i++) { const o = new Dial(i); if (i % 2) o.k = i; l.push(o); } return l.map((o) => [o.f(), o.k, 'k' in o, o.hasOwnProperty('k')]);"],
    ["that objects in a list get there", "const l = []; for (let i = 0; i < n; i++) l.push(new Dial(i)); for (const o of l) { o.k++; o.k += o.f(); } return l.map((o) => o.k);"],
    ["that they lose again", "const l = []; for (let i = 0; i < n; i++) l.push(new Dial(i)); for (const o of l) o.k = 7; if (n > 1) delete l[1].k; return l.map((o) => o.f());"],
    ["which leave", "const l = []; for (let i = 0; i < n; i++) { const o = new Dial(i); if (i % 2) o.k = i; l.push(o); } return l;"],
    ["of a linked list, whose default is null", "function Node(v) { this.v = v; } Node.prototype.next = null; Node.prototype.w = 1; let h = null; for (let i = 0; i < n; i++) { const t = new Node(i); if (h) { t.next = h; t.w = i; } h = t; } let s = 0; for (let p = h; p; p = p.next) s = s * 3 + p.v * p.w; return s;"],
    ["of a literal that others inherit from", "const base = { k: 3, g() { return this.k; } }, l = []; for (let i = 0; i < n; i++) { const o = Object.create(base); if (i & 1) o.k = i; l.push(o); } return l.map((o) => o.g());"],
    ["that the prototype gets later on", "class A {} const o = new A(); if (n > 5) o.k = 4; A.prototype.k = n; return [o.k, 'k' in o, Object.keys(new A()).length];"],
    ["… of objects in a list", "class A {} const l = []; for (let i = 0; i < n; i++) { const o = new A(); if (i % 2) o.k = i; l.push(o); } A.prototype.k = n; return l.map((o) => [o.k, 'k' in o]);"],
    ["of several kinds", "const l = []; for (let i = 0; i < n; i++) { const o = new Dial(i); if (i % 2) o.k = null; if (i % 5 === 0) o.k = 'ab'; l.push(o); } return l.map((o) => o.k);"],
    ["of what all objects have", "const l = []; for (let i = 0; i < n; i++) { const o = {}; if (i > 2) o.constructor = i; l.push(o); } let s = 0; for (const o of l) s += typeof o.constructor === 'number' ? o.constructor : 1; return s;"],
  ])("%s", (_, body) => served(new Function(`${types} return (n) => { ${body} };`)() as () => unknown, [[0], [6], [9]]));
  test.each<[string, string]>([
    ["a setter", "class A {} const o = new A(); if (n > 5) o.k = 1; Object.defineProperty(A.prototype, 'k', { set(v) { this.q = v; }, get() { return 5; } }); o.k = 3; return [o.k, o.q];"],
    ["frozen", "class A {} A.prototype.k = 2; const o = new A(); if (n > 5) o.k = 1; Object.freeze(A.prototype); o.k = 3; return o.k;"],
    ["a setter, of objects in a list", "class A {} A.prototype.k = 2; const l = []; for (let i = 0; i < n; i++) { const o = new A(); if (i & 1) o.k = 7; l.push(o); } Object.defineProperty(A.prototype, 'k', { set(v) { this.q = v; }, get() { return 5; } }); for (const o of l) o.k = 3; return l.map((o) => [o.k, o.q]);"],
  ])("is the original's business where the prototype becomes %s", (_, body) => served(new Function(`return (n) => { ${body} };`)() as () => unknown, [[6], [9]], { original: 2 }));
});

describe("of one of the caller's that gets several", () => {
  type Got = Record<string, unknown>;
  const none = (...more: unknown[]): unknown[] => [{}, ...more], each = (...list: unknown[]): unknown[][] => list.map((c) => none(c));
  test.each<[string, (o: Got, c: never) => unknown, unknown[][], number?]>([
    ["in the order of each path", (o, c: number) => { if (c > 0) { o.a = c; o.b = 2; } else { o.b = 3; o.a = 4; } }, [...each(1, 0), [{ b: 1 }, 0], [{ a: 1 }, -1], [{ a: 1 }, 2]]],
    ["of which one is deleted, or given again", (o, c: number) => { if (c > 0) { o.a = c; o.b = 2; } else { o.b = 3; o.a = 4; } if (c > 2) delete o.b; o.c = 1; o.b = 3; }, each(1, 0, 3, -5)],
    ["in loops", (o, xs: number[]) => { for (let i = 0; i < xs.length; i++) if (xs[i]! > 2) { o.a = i; o.b = 1; } else { o.b = i; o.a = 7; } return o.a; }, each([1, 2, 3], [3, 2, 1], [])],
    ["one in an iteration, which a call tells", (o, xs: number[]) => { for (let i = 0; i < xs.length; i++) if (xs[i]! > 2) o.a = i; else if (xs[i]! > 1) o.b = i; else o.c = i; }, each([1, 2, 3], [3, 2, 1], [2, 3], [], [2, 1, 3, 2, 1])],
    ["of objects that it holds", (o, c: number) => { const s = o.s as Got; if (c > 0) { s.a = [c]; s.b = { u: 2 }; } else { s.b = { u: 3 }; s.a = null; } s.e = 3; return s.a; }, [[{ s: {} }, 1], [{ s: {} }, 0]]],
    ["by a function that is called again and again", (o, c: number) => { const put = (k: number): void => { if (k > 1) { o.x = k; o.y = 1; } else { o.y = 3; o.x = k; } }; for (let i = 0; i < c; i++) put(i % 3); return o; }, each(1, 0, 9)],
    ["before others, on the way out of a loop", (o, xs: number[]) => { let p = 0; for (const x of xs) { if (x < 0) { o.b = p; o.p = x; continue; } p += x; if (x > 50) break; } o.l = p; o.p = p; o.b = 1; if (p) { o.m = 9; o.d = p; } return p; }, each([1, 2, 3], [1, -2, 3], [], [-1], [60, -1])],
    ["of which it asks for one", (o, c: number) => { if (c > 0) { o.a = c; if (c > 2) o.b = 2; } else { o.b = 3; o.a = 4; } return ["b" in o, o.b ?? 7]; }, each(1, 0, 3)],
    ["and lists them, which is the original's", (o, c: number) => { if (c > 0) { o.a = c; o.b = 2; } else { o.b = 3; o.a = 4; } return Object.keys(o); }, each(1, 0), 2],
  ])("%s", (_, kernel, calls, original = 0) => served(kernel as never, calls, { original }));
});
