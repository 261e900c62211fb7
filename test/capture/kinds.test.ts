// Kinds of a call's values: a line a fact.

import { describe as group, expect, test } from "vitest";
import { describe, type Described, type SlowPaths } from "../../src/capture/kinds.ts";
import { Snapshot } from "../../src/capture/snapshot.ts";

const slow = (...paths: [number | "this", true | string[][]][]): SlowPaths => new Map(paths);
const described = (args: unknown[], paths: SlowPaths = slow(), self?: unknown): Described => describe(self, args, paths, new Snapshot());
const key = (args: unknown[], paths?: SlowPaths): string => described(args, paths).key.replace(/^undefined,/, "");

const row = [1, 2];
const view = new Float64Array(4);
const point = { x: 1, y: 2 };
class Vec { x = 0.5; #hidden = 1; get length(): number { return this.#hidden; } }
class Samples extends Float32Array {}

group("kinds", () => {
  const facts: [args: unknown[], key: string, slow?: SlowPaths][] = [
    [[1], "i32"],
    [[-0], "f64"],
    [[2 ** 31], "f64"],
    [[-(2 ** 31)], "i32"],
    [[1.5], "f64"],
    [[NaN], "f64"],
    [[true, undefined, null], "boolean,undefined,null"],
    [["s"], "string"],
    [[1n, -1n, 2n ** 63n, 2n ** 64n], "uint63,int64,uint64,static"],
    [[() => 1], "static"],
    [[new Map(), new Set(), new Date(), /x/], 'static,static,{"\\u0000time":f64}*,static'],
    [[new Float64Array(2), new Uint8ClampedArray(1)], "Float64Array,Uint8ClampedArray"],
    [[new Float32Array(new SharedArrayBuffer(8))], "Float32Array"],
    [[new BigInt64Array(1)], "BigInt64Array"],
    [[new Uint8Array(new (ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer)(4, { maxByteLength: 8 }))], "static"],
    [[[1, -0, NaN]], "number[]"],
    [[[]], "number[]"],
    [[[1, , 3]], "(absent|number)[]"], // eslint-disable-line no-sparse-arrays
    [[[true]], "boolean[]"],
    [[[undefined, 1, null, true]], "(undefined|null|boolean|number)[]"],
    [[[undefined, [undefined, 1], [undefined, 2]]], "(undefined|number)[][]?"],
    [[[[true], [false, 1]]], "(boolean|number)[][]"],
    [[["a"]], "static"],
    [[[true, [1]]], "static"],
    [[Object.freeze([1])], "static"],
    [[[[1, 2], [3]]], "number[][]"],
    [[[[[1, 2], []], []]], "number[][][]"],
    [[[[[[1]]]]], "number[][][][]"],
    [[[[[[[1]]]]]], "static"],
    [[[[[1]], [[[1]]]]], "static"],
    [[[[[1], 2]]], "static"],
    [[[row, row]], "[]~"],
    [[[point, point], point], '[]~,{"x":i32,"y":i32}~'],
    [[point, [point]], '{"x":i32,"y":i32}~,[]~'],
    [[{ a: row, b: [row] }], '{"a":[]~,"b":[]~}'],
    [[[row, [2, () => 1]], row], "static,number[]"],
    [[point], '{"x":i32,"y":i32}'],
    [[{ p: { q: [1] } }], '{"p":{"q":number[]}}'],
    [[{ name: "a", f: Math.sin }], '{"name":string,"f":static}'],
    [[new Vec()], '{"x":f64,"\\u0000private #hidden@0":i32}*'],
    [[{ get a() { throw new Error("run"); } }], '{"a":static}'],
    [[new Proxy(point, {})], "static"],
    [[new Proxy([1], {})], "static"],
    [[Object.create(null)], "{}!"],
    [[Object.assign(Object.create(null), { x: 0.5 })], '{"x":f64}!'],
    [[Object.create(Object.create(null))], "static"],
    [[Object.setPrototypeOf(new Error("no"), null)], "static"],
    [[new Error("e")], "static"],
    [[point, point], '{"x":i32,"y":i32},=0'],
    [[view, 1, view], "Float64Array,i32,=0"],
    [[{ v: view }, view], '{"v":Float64Array},=0.v'],
    [[{ a: { a: { a: { a: { a: 1 } } } } }], '{"a":{"a":{"a":{"a":static}~}~}~}~'],
    [[3, [1]], "static,number[]", slow([0, true])],
    [[{ filters: [1], state: [2] }], '{"filters":static,"state":number[]}', slow([0, [["filters"]]])],
    [[{ a: { b: 1, c: 2 } }], '{"a":{"b":static,"c":i32}}', slow([0, [["a", "b"]]])],
  ];
  for (const [i, [args, wanted, paths]] of facts.entries()) test(`${i}: ${wanted}`, () => expect(key(args, paths).replace(/#hidden@\d+/, "#hidden@0")).toBe(wanted)); // private names are counted in a process

  test("a subclass of a typed array names its prototype", () => {
    const [kind] = described([new Samples(1)]).args;
    expect(kind).toMatchObject({ kind: "typed", array: "Float32Array", prototype: expect.any(Number) as number });
  });
  test("Node's Buffer is bytes with a prototype of its own", () => expect(key([Buffer.from([1])])).toMatch(/^Uint8Array:\d+$/));
  test("this", () => expect(described([], slow(["this", [["taps"]]]), { taps: [1], n: 2 }).key).toBe('{"taps":static,"n":i32}'));
  test("static values in order", () => expect(described(["a", { b: "c" }, 1], slow([0, true], [1, [["b"]]])).statics).toEqual(["a", "c"]));
  test("a string that has to be known is static", () => {
    const { key: text, statics } = describe(undefined, ["a", { b: "c", d: "e" }], slow(), new Snapshot(), [{ root: 0, keys: [] }, { root: 1, keys: ["d"] }]);
    expect([text, statics]).toEqual(['undefined,static,{"b":string,"d":static}', ["a", "e"]]);
  });
  test("rows of one length, and of several", () => {
    expect(described([[[1, 2], [3, 4]]]).args[0]).toMatchObject({ length: 2, element: { length: 2 } });
    expect(described([[[1, 2], [3]]]).args[0]).toMatchObject({ length: 2, element: { length: -1 } });
  });
});

group("overlap", () => {
  const buffer = new ArrayBuffer(32);
  test.each<[string, unknown[], boolean]>([
    ["apart", [new Float64Array(2), new Float64Array(2)], false],
    ["the same object", [view, view], false],
    ["sharing bytes", [new Float64Array(buffer), new Uint32Array(buffer)], true],
    ["side by side", [new Float64Array(buffer, 0, 2), new Float64Array(buffer, 16, 2)], false],
    ["in a field", [{ a: new Float64Array(buffer) }, new Uint8Array(buffer, 31)], true],
    ["empty", [new Float64Array(buffer, 8, 0), new Uint8Array(buffer)], false],
  ])("%s", (_, args, wanted) => expect(described(args).overlap).toBe(wanted));
});
