// Guards and keys: a line a fact. `reads` plays partial evaluation: it looks at what the residual would depend on.

import streams from "node:stream";
import { describe, expect, test, vi } from "vitest";
import { Codes, codesOf } from "../../src/capture/codes.ts";
import { Snapshot } from "../../src/capture/snapshot.ts";
import { isNodeRef, type NodeRef, type SnapValue } from "../../src/ir/snapshot.ts";
import { load } from "./look.ts";

const { make } = await load("twins.mjs");

/** That what was made matches when it is asked again, that the edit is noticed, and that another one as it was matches still. */
function expectNoticed<T>(build: () => T, edit: (live: T) => void): void {
  const live = build(), snapshot = new Snapshot(), ref = snapshot.value(live) as NodeRef;
  readAll(snapshot, ref);
  for (let i = 0; i < 3; i++) expect(snapshot.matches(ref, live)).toBe(true);
  edit(live);
  for (let i = 0; i < 2; i++) expect(snapshot.matches(ref, live)).toBe(false);
  expect(snapshot.matches(ref, build())).toBe(true);
}
/** Looks at everything that can be reached without a call. */
function readAll(snapshot: Snapshot, root: SnapValue): void {
  const seen = new Set<number>(), queue: SnapValue[] = [root];
  for (const value of queue) { // grows while it is walked
    if (!isNodeRef(value) || seen.has(value.node)) continue;
    seen.add(value.node);
    const node = snapshot.node(value);
    switch (node.kind) {
      case "array": for (const item of node.items) if (typeof item !== "symbol") queue.push(item); break;
      case "typed": void node.values.length; break;
      case "map": for (const pair of node.entries) queue.push(...pair); break;
      case "set": for (const item of node.items) queue.push(item); break;
      case "object":
        for (const key of snapshot.keys(value)) {
          const p = snapshot.property(value, key);
          if (p.kind === "data") queue.push(p.value);
        }
        break;
      case "function": snapshot.captured(value, "k"); break;
      case "builtin":
      case "opaque":
    }
  }
}

const matches = (then: unknown, now: unknown): boolean => {
  const snapshot = new Snapshot();
  const value = snapshot.value(then);
  readAll(snapshot, value);
  expect(snapshot.matches(value, then)).toBe(true);
  return snapshot.matches(value, now);
};
const fingerprint = (live: unknown): string => {
  const snapshot = new Snapshot();
  return snapshot.fingerprint([snapshot.value(live)]);
};

const shared = [1];
const cyclic = (n: number): object => { const o: Record<string, unknown> = { n }; o["self"] = o; return o; };
class A { x = 1; }
class B { x = 1; }
const buffer = new ArrayBuffer(16);

/** then, now, equal? Keys must agree with guards where everything was read. */
const pairs: readonly (readonly [string, unknown, unknown, boolean])[] = [
  ["0 and −0", 0, -0, false],
  ["NaN and NaN", NaN, NaN, true],
  ["1 and true", 1, true, false],
  ["1 and '1'", 1, "1", false],
  ["undefined and null", undefined, null, false],
  ["bigints", 1n, 1n, true],
  ["equal objects", { a: 1, b: [2] }, { a: 1, b: [2] }, true],
  ["a changed leaf", { a: 1, b: [2] }, { a: 1, b: [3] }, false],
  ["the order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }, false],
  ["one key more", { a: 1 }, { a: 1, b: 2 }, false],
  ["a getter in place of a value", { a: 1 }, { get a() { return 1; } }, false],
  ["a Proxy in place of an object", { a: 1 }, new Proxy({ a: 1 }, {}), false],
  ["an array in place of an object", {}, [], false],
  ["null in place of an object", {}, null, false],
  ["instances of different classes", new A(), new B(), false],
  ["instances of one class", new A(), new A(), true],
  ["equal arrays", [1, 2], [1, 2], true],
  ["array length", [1, 2], [1, 2, 3], false],
  ["a hole and undefined", [, 1], [undefined, 1], false], // eslint-disable-line no-sparse-arrays
  ["undefined and a hole", [undefined, 1], [, 1], false], // eslint-disable-line no-sparse-arrays
  ["holes", [, 1], [, 1], true], // eslint-disable-line no-sparse-arrays
  ["−0 in an array", [0], [-0], false],
  ["NaN in an array", [NaN], [NaN], true],
  ["equal typed arrays", new Float64Array([1, NaN]), new Float64Array([1, NaN]), true],
  ["−0 in a typed array", new Float64Array([0]), new Float64Array([-0]), false],
  ["bits of NaN", new Float32Array(new Uint32Array([0x7fc00000]).buffer), new Float32Array(new Uint32Array([0xffc00001]).buffer), true],
  ["kinds of typed arrays", new Int8Array([1]), new Uint8Array([1]), false],
  ["a typed array and an array", new Float64Array([1]), [1], false],
  ["typed array length", new Int16Array(3), new Int16Array(4), false],
  ["an odd byte offset", new Uint8Array([1, 2, 3]), new Uint8Array(new Uint8Array([9, 1, 2, 3]).buffer, 1), true],
  ["the last odd byte", new Uint8Array([1, 2, 3]), new Uint8Array([1, 2, 4]), false],
  ["Maps", new Map([["a", { x: 1 }]]), new Map([["a", { x: 1 }]]), true],
  ["a Map's value", new Map([["a", 1]]), new Map([["a", 2]]), false],
  ["a Map's order", new Map([["a", 1], ["b", 2]]), new Map([["b", 2], ["a", 1]]), false],
  ["Sets", new Set([1, 2]), new Set([1, 2]), true],
  ["a Set and a Map", new Set(), new Map(), false],
  ["cycles", cyclic(1), cyclic(1), true],
  ["cycles with different leaves", cyclic(1), cyclic(2), false],
  ["a shared object and two equal ones", [shared, shared], [[1], [1]], false],
  ["two equal objects and a shared one", [[1], [1]], [shared, shared], false],
  ["sharing again", [shared, shared], (() => { const other = [1]; return [other, other]; })(), true],
  ["closures of one text and equal captures", make(2), make(2), true],
  ["closures of one text and other captures", make(2), make(3), false],
  ["functions of other text", make(2), () => 1, false],
  ["functions in a list", [make(2)], [make(2)], true],
  ["built-ins", Math.sin, Math.cos, false],
  ["views of one buffer, elsewhere", [new Int8Array(buffer, 0, 4), new Int8Array(buffer, 8, 4)], [new Int8Array(buffer, 4, 4), new Int8Array(buffer, 12, 4)], true],
];

describe("matches", () => test.each(pairs.map((row) => [...row]))("%s", (_, then, now, equal) => expect(matches(then, now)).toBe(equal)));
describe("fingerprint", () => {
  const same = pairs.filter(([name]) => !["a Proxy in place of an object"].includes(name));
  test.each(same.map((row) => [...row]))("%s", (_, then, now, equal) => expect(fingerprint(then) === fingerprint(now)).toBe(equal));
  test("views of one buffer and of two", () => expect(fingerprint([new Int8Array(buffer), new Int8Array(buffer)])).not.toBe(fingerprint([new Int8Array(16), new Int8Array(16)])));
  test("the number of values", () => {
    const snapshot = new Snapshot();
    expect(snapshot.fingerprint([])).not.toBe(snapshot.fingerprint([undefined]));
  });
  test("what Node's own modules lead to is not walked", () => {
    const held = { streams, at: 1 }, snapshot = new Snapshot(), key = snapshot.fingerprint([snapshot.value(held)]);
    expect((snapshot.value({}) as NodeRef).node).toBeLessThan(1500);
    expect(fingerprint({ streams, at: 1 })).toBe(key);
    expect(fingerprint({ streams, at: 2 })).not.toBe(key);
    expect(fingerprint({ streams: { ...streams, finished: Object }, at: 1 })).not.toBe(key);
  });
  test("does not touch", () => {
    const snapshot = new Snapshot();
    snapshot.fingerprint([snapshot.value({ a: [1] })]);
    expect(snapshot.touchedNodes().size).toBe(0);
  });
});

describe("nested deeper than the engine's stack", () => {
  const list = (last: number): object => { let at: object = { v: last }; for (let i = 0; i < 30_000; i++) at = i % 2 === 0 ? [at] : { at }; return at; };
  test("contents are compared to the ground", () => {
    expect(matches(list(1), list(1))).toBe(true);
    expect(matches(list(1), list(-1))).toBe(false);
  });
  test("fingerprints speak of the ground", () => {
    expect(fingerprint(list(1))).toBe(fingerprint(list(1)));
    expect(fingerprint(list(1))).not.toBe(fingerprint(list(-1)));
  });
});

describe("only what was read is compared", () => {
  const readsA = (live: object): { snapshot: Snapshot; ref: NodeRef } => {
    const snapshot = new Snapshot();
    const ref = snapshot.value(live) as NodeRef;
    snapshot.property(ref, "a");
    return { snapshot, ref };
  };
  test("another property may change", () => {
    const live: Record<string, unknown> = { a: 1, b: 2 };
    const { snapshot, ref } = readsA(live);
    live["b"] = 3;
    expect(snapshot.matches(ref, live)).toBe(true);
    live["a"] = 2;
    expect(snapshot.matches(ref, live)).toBe(false);
  });
  test("an edit in place is never missed", () => {
    const live = [1, 2, 3];
    const snapshot = new Snapshot();
    const ref = snapshot.value(live) as NodeRef;
    readAll(snapshot, ref);
    live[2] = 4;
    expect(snapshot.matches(ref, live)).toBe(false);
    live[2] = 3;
    expect(snapshot.matches(ref, live)).toBe(true);
  });
  test("a node that nobody looked into goes by identity", () => {
    const inner = { x: 1 };
    const { snapshot, ref } = readsA({ a: inner });
    expect(snapshot.matches(ref, { a: inner })).toBe(true);
    expect(snapshot.matches(ref, { a: { x: 1 } })).toBe(false);
  });
  test("an absent property that appears", () => {
    const { snapshot, ref } = readsA({ b: 1 });
    expect(snapshot.matches(ref, { b: 1 })).toBe(true);
    expect(snapshot.matches(ref, { b: 1, a: 1 })).toBe(false);
  });
  test("a method replaced on the prototype", () => {
    class C { a(): number { return 1; } }
    const { snapshot, ref } = readsA(new C());
    expect(snapshot.matches(ref, new C())).toBe(true);
    C.prototype.a = () => 2;
    expect(snapshot.matches(ref, new C())).toBe(false);
  });
  test("a typed array's length alone", () => {
    const snapshot = new Snapshot();
    const ref = snapshot.value(new Int8Array([1, 2])) as NodeRef;
    snapshot.property(ref, "length");
    expect(snapshot.matches(ref, new Int8Array([3, 4]))).toBe(true);
    expect(snapshot.matches(ref, new Int8Array(3))).toBe(false);
  });
  test("nothing was read: nothing is compared but identity", () => {
    const live = [1];
    const snapshot = new Snapshot();
    const ref = snapshot.value(live);
    live.push(2);
    expect(snapshot.matches(ref, live)).toBe(true);
    expect(snapshot.matches(ref, [1, 2])).toBe(false);
  });
  test("several values share objects as they did", () => {
    const snapshot = new Snapshot();
    const inner = [1];
    const values = [snapshot.value(inner), snapshot.value(inner)];
    for (const value of values) readAll(snapshot, value);
    const other = [1];
    expect(snapshot.matchesAll(values, [other, other])).toBe(true);
    expect(snapshot.matchesAll(values, [other, [1]])).toBe(false);
  });
});

describe("lists of numbers that matched are asked again number for number", () => {
  type Lists = { plain: number[][]; ids: number[]; doubles: Float64Array; whole: Int32Array };
  const build = (): Lists => ({ ids: Array.from({ length: 20 }, (_, i) => i), plain: [Array.from({ length: 20 }, (_, i) => i + 0.5), [0, 1, 2], [-0, 1.5]], doubles: Float64Array.of(1, 0, -0, 2.5), whole: Int32Array.of(3, 0, 4) });
  const edits: readonly (readonly [string, (live: Lists) => void])[] = [
    ["a number", ({ plain }) => { plain[0]![19] = 1; }],
    ["0 to −0", ({ plain }) => { plain[1]![0] = -0; }],
    ["−0 to 0", ({ plain }) => { plain[2]![0] = 0; }],
    ["a number to NaN", ({ plain }) => { plain[0]![3] = NaN; }],
    ["a number to its text", ({ plain }) => { (plain[1] as unknown[])[1] = "1"; }],
    ["a number to a hole", ({ plain }) => { delete plain[0]![4]; }],
    ["a list that is longer", ({ plain }) => { plain[1]!.push(3); }],
    ["a list that is shorter", ({ plain }) => { plain[2]!.pop(); }],
    ["a list with an iterator of its own", ({ plain }) => { plain[1]![Symbol.iterator] = Set.prototype.values as never; }],
    ["a list with another prototype", ({ plain }) => { Object.setPrototypeOf(plain[1], Object.create(Array.prototype) as object); }],
    ["a typed number", ({ doubles }) => { doubles[3] = 2; }],
    ["a typed 0 to −0", ({ doubles }) => { doubles[1] = -0; }],
    ["a typed number to NaN", ({ doubles }) => { doubles[0] = NaN; }],
    ["a whole number", ({ whole }) => { whole[1] = 1; }],
    ["a typed list by a longer one", (live) => { live.whole = Int32Array.of(3, 0, 4, 5); }],
    // at the ends of turns, and behind the last
    ...[0, 7, 8, 15, 16, 19].flatMap((at): (readonly [string, (live: Lists) => void])[] => [
      [`number ${at} of 20`, ({ plain }) => { plain[0]![at]! += 0.25; }],
      [`whole number ${at} of 20 to a fraction`, ({ ids }) => { ids[at]! += 0.5; }],
      [`whole number ${at} of 20 to one with the same low bits`, ({ ids }) => { ids[at]! += 2 ** 32; }],
      [`whole number ${at} of 20 to its text`, ({ ids }) => { (ids as unknown[])[at] = String(at); }],
      [`whole number ${at} of 20 to a hole`, ({ ids }) => { delete ids[at]; }],
    ]),
    ["a whole 0 to −0", ({ ids }) => { ids[0] = -0; }],
  ];
  test.each(edits.map((row) => [...row] as const))("%s", (_, edit) => { expectNoticed(build, edit); });
});

describe("versions of one kernel are compared by the same code", () => {
  const kernel = (): void => {};
  const values = [0, 1, 2].map((base) => ({ taps: Array.from({ length: 20 }, (_, i) => base + i), doubles: Float64Array.from({ length: 20 }, (_, i) => base - i), points: Array.from({ length: 9 }, (_, i) => ({ x: base + i, y: -0 })) }));
  const matched = values.map((live) => {
    const snapshot = new Snapshot({ kernel }), ref = snapshot.value(live) as NodeRef;
    readAll(snapshot, ref);
    for (let i = 0; i < 3; i++) snapshot.matches(ref, live);
    return { snapshot, ref };
  });

  test("each with what it was made of: in turn, none takes another's values", () => {
    for (let round = 0; round < 3; round++) matched.forEach(({ snapshot, ref }, i) => values.forEach((live, j) => { expect(snapshot.matches(ref, live)).toBe(i === j); }));
  });
  test("an edit is noticed by the one whose value it is", () => {
    values[1]!.doubles[7] = 99;
    expect(matched.map(({ snapshot, ref }, i) => snapshot.matches(ref, values[i]))).toEqual([true, false, true]);
    values[1]!.doubles[7] = -6;
    expect(matched.map(({ snapshot, ref }, i) => snapshot.matches(ref, values[i]))).toEqual([true, true, true]);
  });
  test("three versions, and as much code as one has", () => {
    const alone = (): void => {}, snapshot = new Snapshot({ kernel: alone }), ref = snapshot.value(values[0]) as NodeRef;
    readAll(snapshot, ref);
    snapshot.matches(ref, values[0]);
    expect(codesOf(kernel).size).toBe(codesOf(alone).size);
    expect(codesOf(alone).size).toBeGreaterThan(2);
  });
});

describe("code that compares values", () => {
  test("is made once for a text", () => {
    const codes = new Codes();
    expect(codes.get(["a"], "return a;")).toBe(codes.get(["a"], "return a;"));
  });
  test("of two kernels is not the same", () => { expect(new Codes().get([], "")).not.toBe(new Codes().get([], "")); });
  test("is kept up to a bound, what was used last longest", () => {
    const codes = new Codes(), first = codes.get([], "return 0;");
    for (let i = 1; i < 200; i++) { codes.get([], `return ${i};`); codes.get([], "return 0;"); }
    expect([codes.size, codes.get([], "return 0;") === first]).toEqual([64, true]);
  });
});

describe("rows of one length, and arrays of objects, that matched are asked again by code of their own", () => {
  type Rows = { rows: number[][]; layers: { bias: number }[] };
  const build = (): Rows => ({ rows: Array.from({ length: 6 }, (_, k) => Array.from({ length: 5 }, (_, i) => (i === k ? 0 : k + i / 8))), layers: [1, 2, 3].map((bias) => ({ bias })) });
  const edits: readonly (readonly [string, (live: Rows) => void])[] = [
    ["the first number", ({ rows }) => { rows[0]![1] = 9; }],
    ["the last number", ({ rows }) => { rows[5]![4] = 9; }],
    ["0 to −0", ({ rows }) => { rows[3]![3] = -0; }],
    ["a number to NaN", ({ rows }) => { rows[2]![1] = NaN; }],
    ["a number to an object", ({ rows }) => { (rows[2] as unknown[])[1] = {}; }],
    ["a row that is longer", ({ rows }) => { rows[4]!.push(1); }],
    ["a row that is shorter", ({ rows }) => { rows[4]!.pop(); }],
    ["a row's prototype", ({ rows }) => { Object.setPrototypeOf(rows[1], Object.create(Array.prototype) as object); }],
    ["a row with an iterator of its own", ({ rows }) => { rows[1]![Symbol.iterator] = Set.prototype.values as never; }],
    ["two rows that change places", ({ rows }) => { [rows[0], rows[1]] = [rows[1]!, rows[0]!]; }],
    ["a row more", ({ rows }) => { rows.push([1, 2, 3, 4, 5]); }],
    ["an object by one with another number", ({ layers }) => { layers[2] = { bias: 4 }; }],
    ["an object's number", ({ layers }) => { layers[0]!.bias = 4; }],
    ["an object by nothing", ({ layers }) => { delete layers[1]; }],
    ["an object less", ({ layers }) => { layers.pop(); }],
    ["the prototype of an array of objects", ({ layers }) => { Object.setPrototypeOf(layers, Object.create(Array.prototype) as object); }],
  ];
  test.each(edits.map((row) => [...row] as const))("%s", (_, edit) => { expectNoticed(build, edit); });
  test("a row replaced by an equal one still matches", () => {
    const live = build(), snapshot = new Snapshot(), ref = snapshot.value(live) as NodeRef;
    readAll(snapshot, ref);
    for (let i = 0; i < 3; i++) expect(snapshot.matches(ref, live)).toBe(true);
    live.rows[2] = live.rows[2]!.slice();
    live.layers[1] = { bias: 2 };
    for (let i = 0; i < 2; i++) expect(snapshot.matches(ref, live)).toBe(true);
  });
});

describe("fields of many objects that matched, and keys that they lack, are asked again one by one", () => {
  type Fields = Record<string, unknown>;
  const prototypes = { "plain ones": Object.prototype, "without a prototype": null, "of another prototype": { inherited: 1 } };
  const edits: readonly (readonly [string, (o: Fields) => void, same?: true])[] = [
    ["0 to −0", (o) => { o["zero"] = -0; }], ["−0 to 0", (o) => { o["minus"] = 0; }], ["0 to NaN", (o) => { o["zero"] = NaN; }], ["0 to false", (o) => { o["zero"] = false; }], ["0 to an empty text", (o) => { o["zero"] = ""; }],
    ["0 to 0n", (o) => { o["zero"] = 0n; }], ["−0 to null", (o) => { o["minus"] = null; }], ["NaN to undefined", (o) => { o["nan"] = undefined; }], ["NaN to 0", (o) => { o["nan"] = 0; }], ["a number to its text", (o) => { o["n"] = "1.5"; }],
    ["a text to another", (o) => { o["s"] = "y"; }], ["what was absent", (o) => { o["gone"] = 1; }], ["what was absent, undefined", (o) => { o["gone"] = undefined; }],
    ["what was absent, as a getter", (o) => { Object.defineProperty(o, "gone", { get: () => { throw new Error("read"); } }); }], ["what was absent, hidden", (o) => { Object.defineProperty(o, "gone", { value: 1 }); }],
    ["what nobody read", (o) => { o["other"] = 1; }, true],
  ];
  test.each(Object.entries(prototypes).flatMap(([kind, prototype]) => edits.map(([name, edit, same = false]) => [`${name}, ${kind}`, prototype, edit, same] as const)))("%s", (_, prototype, edit, same) => {
    const live = Array.from({ length: 12 }, () => Object.assign(Object.create(prototype) as Fields, { zero: 0, minus: -0, nan: NaN, n: 1.5, s: "x" })), snapshot = new Snapshot(), ref = snapshot.value(live) as NodeRef;
    for (const item of (snapshot.node(ref) as { items: readonly NodeRef[] }).items) for (const key of ["gone", "zero", "minus", "nan", "n", "s"]) snapshot.property(item, key);
    for (let i = 0; i < 3; i++) expect(snapshot.matches(ref, live)).toBe(true);
    edit(live[7]!);
    for (let i = 0; i < 2; i++) expect(snapshot.matches(ref, live)).toBe(same);
  });
});
describe("a large value that matched is asked again quickly, and as thoroughly", () => {
  type Part = { a: number; zero: number; next: Part | number; list: unknown[]; typed: Float64Array };
  const build = (depth: number): Part => ({ a: depth + 1, zero: 0, next: depth === 0 ? 7 : build(depth - 1), list: [1, -0, NaN], typed: new Float64Array([0, 1, NaN]) });
  const edits: readonly (readonly [string, (root: Part, last: Part) => void])[] = [
    ["a number", (_, last) => { last.a = 99; }],
    ["0 to −0", (_, last) => { last.zero = -0; }],
    ["0 to NaN", (_, last) => { last.zero = NaN; }],
    ["an item of an array", (_, last) => { last.list[1] = 0; }],
    ["an item of a typed array", (_, last) => { last.typed[1] = 2; }],
    ["a part by an equal one with other contents", (root) => { root.next = { ...(root.next as Part), a: -1 }; }],
    ["a number by an object", (_, last) => { last.next = build(0); }],
    ["a key added", (root) => { Object.assign(root.next, { more: 1 }); }],
    ["a key deleted", (root) => { delete (root.next as Partial<Part>).zero; }],
    ["a prototype", (root) => { Object.setPrototypeOf(root.next, { inherited: 1 }); }],
    ["an array's length", (_, last) => { last.list.length = 2; }],
  ];
  const read = (live: Part): { snapshot: Snapshot; ref: NodeRef } => {
    const snapshot = new Snapshot();
    const ref = snapshot.value(live) as NodeRef;
    readAll(snapshot, ref);
    for (let i = 0; i < 3; i++) expect(snapshot.matches(ref, live)).toBe(true);
    return { snapshot, ref };
  };
  const lastOf = (part: Part): Part => (typeof part.next === "number" ? part : lastOf(part.next));
  test.each(edits.map((row) => [...row] as const))("%s", (_, edit) => {
    const live = build(12), { snapshot, ref } = read(live);
    edit(live, lastOf(live));
    expect(snapshot.matches(ref, live)).toBe(false);
    expect(snapshot.matches(ref, live)).toBe(false);
  });
  test("a part replaced by an equal one still matches", () => {
    const live = build(12), { snapshot, ref } = read(live);
    live.next = build(11);
    expect(snapshot.matches(ref, live)).toBe(true);
  });
  test("a part that now stands in two places does not", () => {
    const live = build(12), { snapshot, ref } = read(live);
    const second = live.next as Part;
    second.list = live.list;
    expect(snapshot.matches(ref, live)).toBe(false);
  });
  test("what is read later is compared from then on", () => {
    const live = { parts: Array.from({ length: 12 }, (_, i) => ({ a: i, b: i })) };
    const snapshot = new Snapshot();
    const ref = snapshot.value(live) as NodeRef;
    const list = (snapshot.property(ref, "parts") as { value: NodeRef }).value;
    const items = (snapshot.node(list) as { items: readonly NodeRef[] }).items;
    for (const item of items) snapshot.property(item, "a");
    expect(snapshot.matches(ref, live)).toBe(true);
    live.parts[3]!.b = 100;
    expect(snapshot.matches(ref, live)).toBe(true);
    live.parts[3]!.b = 3;
    snapshot.property(items[3]!, "b");
    expect(snapshot.matches(ref, live)).toBe(true);
    live.parts[3]!.b = 100;
    expect(snapshot.matches(ref, live)).toBe(false);
  });
});

describe("a large value of instances whose class has accessors is asked again quickly", () => {
  let ran = 0;
  type Tree = { value: number; left: Tree | null; right: Tree | null; readonly isLeaf: boolean };
  const classOf = (): new (value: number, left: Tree | null, right: Tree | null) => Tree => class {
    value: number;
    left: Tree | null;
    right: Tree | null;
    constructor(value: number, left: Tree | null, right: Tree | null) { this.value = value; this.left = left; this.right = right; }
    get isLeaf(): boolean { ran++; return this.left === null; }
    set scale(value: number) { ran += value; }
  };
  const build = (Node = classOf(), depth = 4): Tree => (depth === 0 ? new Node(0, null, null) : new Node(depth, build(Node, depth - 1), build(Node, depth - 1)));
  const read = (live: Tree): { snapshot: Snapshot; ref: NodeRef } => {
    const snapshot = new Snapshot(), ref = snapshot.value(live) as NodeRef;
    const look = (at: NodeRef): void => {
      snapshot.keys(at);
      for (const key of ["isLeaf", "scale"]) {
        const property = snapshot.property(at, key);
        for (const fn of property.kind === "getter" ? [property.get] : property.kind === "setter" ? [property.set] : []) snapshot.node(fn);
      }
      for (const key of ["value", "left", "right"]) {
        const property = snapshot.property(at, key);
        if (property.kind === "data" && isNodeRef(property.value)) look(property.value);
      }
    };
    look(ref);
    for (let i = 0; i < 3; i++) expect(snapshot.matches(ref, live)).toBe(true);
    return { snapshot, ref };
  };
  const get = (): boolean => { ran++; return false; };
  const parent = (live: Tree): Tree => Object.getPrototypeOf(live) as Tree;
  const edits: readonly (readonly [string, (live: Tree, leaf: Tree) => void])[] = [
    ["a getter of another function on the prototype", (live) => { Object.defineProperty(parent(live), "isLeaf", { get }); }],
    ["a constant in place of the getter", (live) => { Object.defineProperty(parent(live), "isLeaf", { value: false }); }],
    ["no getter any more", (live) => { Reflect.deleteProperty(parent(live), "isLeaf"); }],
    ["a setter of another function", (live) => { Object.defineProperty(parent(live), "scale", { set: () => { ran++; } }); }],
    ["a getter beside the setter", (live) => { Object.defineProperty(parent(live), "scale", { get }); }],
    ["a property in front of the getter on one node", (_, leaf) => { Object.defineProperty(leaf, "isLeaf", { value: true, enumerable: true }); }],
    ["one that is not enumerable", (_, leaf) => { Object.defineProperty(leaf, "isLeaf", { value: true }); }],
    ["a getter in front of the getter on one node", (_, leaf) => { Object.defineProperty(leaf, "isLeaf", { get }); }],
    ["another prototype", (_, leaf) => { Object.setPrototypeOf(leaf, build().left); }],
    ["a field deleted", (_, leaf) => { delete (leaf as Partial<Tree>).right; }],
    ["a field deleted of which the prototype has an equal one", (live, leaf) => { delete (leaf as Partial<Tree>).right; Object.assign(parent(live), { right: null }); }],
    ["a field", (_, leaf) => { leaf.value = 1; }],
    ["0 to −0", (_, leaf) => { leaf.value = -0; }],
    ["a child", (live, leaf) => { live.right = leaf; }],
    ["a field added", (_, leaf) => { Object.assign(leaf, { more: 1 }); }],
  ];
  const leafOf = (at: Tree): Tree => (at.left === null ? at : leafOf(at.left));
  test.each(edits.map((row) => [...row] as const))("%s", (_, edit) => {
    const live = build(), { snapshot, ref } = read(live);
    edit(live, leafOf(live));
    ran = 0;
    for (let i = 0; i < 2; i++) expect(snapshot.matches(ref, live)).toBe(false);
    expect(ran).toBe(0);
  });
  test("an own getter that is replaced", () => {
    const live = build(), leaf = leafOf(live);
    Object.defineProperty(leaf, "isLeaf", { get, configurable: true, enumerable: true });
    const { snapshot, ref } = read(live);
    Object.defineProperty(leaf, "isLeaf", { get: () => get() });
    ran = 0;
    expect(snapshot.matches(ref, live)).toBe(false);
    expect(ran).toBe(0);
  });
  test("a class is asked for its accessors once, not with each of its instances", () => {
    const live = build(), { snapshot, ref } = read(live);
    const listed = vi.spyOn(Object, "getOwnPropertyNames"), asked = vi.spyOn(Object, "getOwnPropertyDescriptor");
    try {
      listed.mockClear(); // spying lists names itself
      ran = 0;
      expect(snapshot.matches(ref, live)).toBe(true);
      expect(asked.mock.calls.map(([, key]) => key)).toEqual(["isLeaf", "scale"]);
      expect(listed.mock.calls.length).toBe(0);
      expect(ran).toBe(0);
    } finally {
      asked.mockRestore();
      listed.mockRestore();
    }
  });
});

test("`length` of what is no array is not asked for", () => {
  let ran = 0;
  const counts = { get length() { ran++; return 1e6; }, x: 1 };
  expect(matches(counts, counts)).toBe(true);
  expect(ran).toBe(0);
  expect(matches([Object.getPrototypeOf(Int8Array.prototype)], [Object.getPrototypeOf(Int8Array.prototype)])).toBe(true);
});
