// Copies that a kernel can spoil: equal to what they were made of, and joined as it is joined.

import { describe, expect, it } from "vitest";
import { compare } from "../../src/verify/compare.ts";
import { copyOf, copyTogether, portraitsOf, remember, sharedBy, type PrivatesOf } from "../../src/verify/copy.ts";

describe("copies", () => {
  it("are equal and share nothing", () => {
    class Filter { taps = [1, -0, NaN]; }
    const value = { filter: new Filter(), list: [1, , { x: 2 }], map: new Map([["k", [1]]]), set: new Set([1]), date: new Date(5), typed: Float32Array.of(1.5), error: new RangeError("no") };
    const copy = copyOf(value);
    expect(compare(value, copy)).toEqual([]);
    copy.filter.taps[0] = 9;
    copy.map.get("k")![0] = 9;
    copy.typed[0] = 9;
    expect([value.filter.taps[0], value.map.get("k")![0], value.typed[0]]).toEqual([1, 1, 1.5]);
    expect(copy.filter).toBeInstanceOf(Filter);
    expect(1 in copy.list).toBe(false);
  });
  it("have what arrays hold beside their elements", () => {
    const symbol = Symbol("beside"), value = Object.assign([1, 2], { taps: [3], [symbol]: [4] }), empty = Object.assign([], { taps: [5] });
    Object.defineProperty(value, "hidden", { value: [6] });
    const [copy, none] = copyTogether([value, empty]), held = (one: object): number[][] => Reflect.ownKeys(one).filter((key) => key !== "length" && !/^\d+$/.test(String(key))).map((key) => Reflect.get(one, key) as number[]);
    expect(compare([value, empty], [copy, none])).toEqual([]);
    for (const list of [...held(copy), ...held(none)]) list.push(9);
    expect([...held(value), ...held(empty)]).toEqual([[3], [6], [4], [5]]);
    expect([...held(copy), ...held(none)]).toEqual([[3, 9], [6, 9], [4, 9], [5, 9]]);
  });
  it("keep aliases: the same array twice, an object in two places, cycles", () => {
    const x = new Float64Array(3);
    const loop: Record<string, unknown> = {};
    loop["self"] = loop;
    const [a, b, c, d] = copyTogether([x, x, { inner: x }, loop]);
    expect(a).toBe(b);
    expect(c.inner).toBe(a);
    expect(a).not.toBe(x);
    expect(d["self"]).toBe(d);
  });
  it("keep views that overlap overlapping, and their offsets", () => {
    const buffer = new ArrayBuffer(64);
    const [a, b] = copyTogether([new Float64Array(buffer, 0, 4), new Uint8Array(buffer, 8, 8)]);
    a[1] = 1;
    expect(b[7]).toBe(0x3f);
    expect([a.byteOffset, b.byteOffset]).toEqual([0, 8]);
    expect(new Float64Array(buffer)[1]).toBe(0);
  });
  it("take only what is viewed of a large buffer", () => {
    const memory = new ArrayBuffer(1 << 20);
    const [a, b, c] = copyTogether([new Float64Array(memory, 800, 4), new Float64Array(memory, 816, 4), new Uint8Array(memory, 99999, 5)]);
    a[2] = 7;
    expect(b[0]).toBe(7);
    expect(a.buffer.byteLength).toBeLessThan(100);
    expect(c.buffer).not.toBe(a.buffer);
    expect(c).toHaveLength(5);
  });
  it("keep frozen objects frozen, accessors, attributes, subclasses", () => {
    const frozen = copyOf(Object.freeze([1, { x: 1 }]));
    expect(Object.isFrozen(frozen)).toBe(true);
    const get = (): number => 1;
    expect(Object.getOwnPropertyDescriptor(copyOf(Object.defineProperty({}, "x", { get })), "x")).toMatchObject({ get, enumerable: false });
    expect(Buffer.isBuffer(copyOf(Buffer.from([1, 2])))).toBe(true);
    class Taps extends Array<number> {}
    expect(copyOf(Taps.of(1, 2))).toBeInstanceOf(Taps);
    const named = Object.assign([1, 2], { label: "l" });
    expect(copyOf(named)).toMatchObject({ label: "l" });
  });
  it("leave functions as they are", () => expect(copyOf({ f: Math.sin }).f).toBe(Math.sin));
});

describe("remember", () => {
  it("puts contents back into the same objects", () => {
    const state = { n: 1, list: [1, 2], typed: new Float64Array(2), map: new Map([[1, 1]]), set: new Set([1]) };
    const { list } = state;
    const restore = remember([state]);
    state.n = 5;
    state.list = [];
    list.push(3);
    list[0] = -0;
    state.typed[1] = 9;
    state.map.set(2, 2);
    state.set.clear();
    (state as Record<string, unknown>)["extra"] = 1;
    restore();
    expect(compare({ n: 1, list: [1, 2], typed: new Float64Array(2), map: new Map([[1, 1]]), set: new Set([1]) }, state)).toEqual([]);
    expect(state.list).toBe(list);
  });
});

describe("private fields", () => {
  class Cell {
    #held: unknown;
    constructor(held: unknown) { this.#held = held; }
    static readonly fields: PrivatesOf = (object) => (object instanceof Cell ? [{ key: "#held", get: (o) => (o as Cell).#held, set: (o, value) => { (o as Cell).#held = value; } }] : []);
    get held(): unknown { return this.#held; }
    set held(value: unknown) { this.#held = value; }
  }
  it("are shared by copies, with all that they hold", () => {
    const list = [1], cell = new Cell({ list }), apart = [2];
    expect(sharedBy([{ cell }, apart], Cell.fields)).toEqual([cell, { list }, list]);
    const [a, b, c] = copyTogether([{ cell }, list, apart], Cell.fields);
    expect([a.cell, b, c === apart]).toEqual([cell, list, false]);
    expect(a.cell).toBe(cell);
    expect(b).toBe(list);
  });
  it("are put back, and what they held", () => {
    const list = [1], cell = new Cell(list), putBack = remember([cell], Cell.fields);
    list[0] = 5;
    cell.held = null;
    putBack();
    expect(cell.held).toBe(list);
    expect(list).toEqual([1]);
  });
  it("are told apart in portraits, of frozen objects too", () => {
    const cell = Object.freeze(new Cell([1])) as Cell, [before] = portraitsOf([cell], Cell.fields);
    expect(compare(before, portraitsOf([cell], Cell.fields)[0])).toEqual([]);
    (cell.held as number[])[0] = -0;
    expect(compare(before, portraitsOf([cell], Cell.fields)[0])).toMatchObject([{ expected: 1, actual: -0 }]);
  });
});

it("a Date's time is put back", () => {
  const date = new Date(5), putBack = remember([{ date }]);
  date.setTime(7);
  putBack();
  expect(date.getTime()).toBe(5);
});
