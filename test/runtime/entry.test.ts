// A version's entry by itself, in both of its forms: what fits, what is copied, how an outcome is decoded. The program is a plain function
// over the shared memory here, so that each fact is about the entry and nothing else.

import { describe, expect, it } from "vitest";
import { Snapshot } from "../../src/capture/snapshot.ts";
import type { Residual } from "../../src/compile.ts";
import type { Exit, Expect, Input, Path, Shape } from "../../src/ir/interface.ts";
import { NodeRef } from "../../src/ir/snapshot.ts";
import type { Program, Space } from "../../src/ir/types.ts";
import { arena } from "../../src/runtime/arena.ts";
import { signal, wasMiss, type Enter, type Exchange } from "../../src/runtime/entry.ts";
import { sharedMemory } from "../../src/runtime/memory.ts";
import { surroundingsOf } from "../../src/runtime/surroundings.ts";
import type { BuiltTier } from "../../src/runtime/tiers.ts";
import { hasTwice, MISS } from "../../src/runtime/values.ts";
import { serve, type ServingTier } from "../../src/runtime/version.ts";

const memory = sharedMemory()!;
const root = (index: number | "this", ...keys: (string | number)[]): Path => ({ root: index, keys });
const result: Shape = { make: "result", as: "number" };
const returns = (value: Shape, writes: Extract<Exit, { kind: "return" }>["writes"] = []): Exit => ({ kind: "return", value, writes });
const f64 = (...at: Parameters<typeof root>): Input => ({ as: "f64", path: root(...at) });
const typed = (index: number, space: number, written = false): Input => ({ as: "typed", path: root(index), array: "Float64Array", space, read: true, written });
const space = (mayOverlap: readonly number[] = [], written = true): Space => ({ name: "s", origin: "input", element: "f64", mayOverlap, written });

interface Case {
  readonly inputs?: readonly Input[];
  readonly exits?: readonly Exit[];
  readonly expects?: readonly Expect[];
  readonly spaces?: readonly Space[];
  readonly run: (...params: never[]) => number | undefined;
  readonly direct?: boolean;
  readonly argc: number;
  readonly snapshot?: Snapshot;
}

const exchange: Exchange = { why: "", detail: undefined };

function make(form: "generated" | "closures", one: Case): ServingTier {
  const program: Program = { functions: [], data: [], spaces: one.spaces ?? [space(), space()], inputs: one.inputs ?? [], exits: one.exits ?? [returns(result)], frameBytes: 0 };
  const residual = { program, optimized: program, expects: one.expects ?? [] } as unknown as Residual;
  const built: BuiltTier = {
    tier: "js", run: one.run as BuiltTier["run"], direct: () => one.direct ?? false, bytes: 0, code: null, imports: [], wat: () => "", sourceMap: null,
    ms: { emit: 0, instantiate: 0 }, release() {},
  };
  const snapshot = one.snapshot ?? new Snapshot({});
  return serve(built, {
    program, residual, snapshot, memory, exchange, argc: one.argc, form,
    surroundings: surroundingsOf({ snapshot, self: undefined, args: Array<unknown>(one.argc).fill(undefined), watch: () => "value", pinned: null }),
  });
}

/** The reading and writing that residual code does. */
const at = (address: number, i: number): number => (address >> 3) + i;
const load = (address: number, i: number): number => memory.f64[at(address, i)]!;
const store = (address: number, i: number, value: number): void => { memory.f64[at(address, i)] = value; };
const leave = (exit: number): never => { memory.status[0] = exit + 1; throw new Error("trap"); };

for (const form of ["generated", "closures"] as const) {
  const entry = (one: Case): Enter => make(form, one).enter;

  describe(`an entry of ${form === "generated" ? "generated code" : form}`, () => {
    it("tells the dispatcher of a miss by NaN and a signal, which a program's own NaN does not raise", () => {
      const quick = make(form, { argc: 1, inputs: [f64(0)], run: (x: number) => x }).activate();
      expect([quick(undefined, "no"), signal.missed]).toEqual([NaN, true]);
      expect([wasMiss(NaN), signal.missed, wasMiss(NaN)]).toEqual([true, false, false]);
      expect([quick(undefined, NaN), signal.missed]).toEqual([NaN, false]);
    });

    it("passes scalars as they are, and counts served calls only", () => {
      const tier = make(form, { argc: 2, inputs: [f64(0), { as: "i32", path: root(1) }], run: (a: number, b: number) => a + b });
      expect(tier.enter(undefined, 1.5, 2)).toBe(3.5);
      expect(Object.is(tier.enter(undefined, -0, 2), 2)).toBe(true);
      for (const wrong of [[1.5, 2.5], ["1", 2], [1.5, -0], [undefined, 2], [true, 2], [1.5]]) expect(tier.enter(undefined, ...wrong)).toBe(MISS);
      expect(tier.tally.calls).toBe(2);
    });

    it("passes booleans as 0 and 1, and gives booleans back", () => {
      const enter = entry({ argc: 1, inputs: [{ as: "boolean", path: root(0) }], exits: [returns({ make: "result", as: "boolean" })], run: (a: number) => 1 - a });
      expect([enter(undefined, true), enter(undefined, false), enter(undefined, 1)]).toEqual([false, true, MISS]);
    });

    it("reads fields without running getters", () => {
      const enter = entry({ argc: 1, inputs: [f64(0, "a", "b"), f64("this", "k")], run: (a: number, b: number) => a * b });
      expect(enter({ k: 2 }, { a: { b: 3 } })).toBe(6);
      expect(enter(Object.create({ k: 2 }), { a: { b: 3 } })).toBe(6);
      const never = (): never => { throw new Error("ran"); };
      for (const wrong of [{ get a() { return never(); } }, { a: { get b() { return never(); } } }, { a: null }, null, 3, {}, new Proxy({}, { get: never, getOwnPropertyDescriptor: never, getPrototypeOf: never })]) {
        expect(enter({ k: 2 }, wrong)).toBe(MISS);
      }
    });

    it("holds to what is expected: absent, own, prototype, same, different, length", () => {
      const run = (): number => 1;
      const yes = (expects: readonly Expect[], ...args: unknown[]): void => expect(entry({ argc: args.length, expects, run })(undefined, ...args)).toBe(1);
      const no = (expects: readonly Expect[], ...args: unknown[]): void => expect(entry({ argc: args.length, expects, run })(undefined, ...args)).toBe(MISS);
      const object = {};
      yes([{ expect: "absent", path: root(0, "a") }], { b: 1 });
      no([{ expect: "absent", path: root(0, "a") }], { a: undefined });
      no([{ expect: "absent", path: root(0, "toString") }], {});
      const plainly: Expect[] = [{ expect: "object", path: root(0), prototype: -1 }, { expect: "absent", path: root(0, "a") }];
      yes(plainly, { b: 1 });
      no(plainly, { a: undefined });
      no(plainly, { get a() { return 1; } });
      no(plainly, new Proxy({}, { has: () => { throw new Error("a trap ran"); } }));
      no(plainly, Object.create(new Proxy({}, { has: () => { throw new Error("a trap ran"); } })));
      yes([{ expect: "notOwn", path: root(0, "toString") }], {});
      no([{ expect: "notOwn", path: root(0, "toString") }], { toString: 1 });
      yes([{ expect: "object", path: root(0), prototype: -1 }], {});
      no([{ expect: "object", path: root(0), prototype: -1 }], []);
      no([{ expect: "object", path: root(0), prototype: -1 }], 3);
      yes([{ expect: "same", path: root(0), other: root(1) }], object, object);
      no([{ expect: "same", path: root(0), other: root(1) }], object, {});
      yes([{ expect: "different", path: root(0), other: root(1) }], object, {});
      no([{ expect: "different", path: root(0), other: root(1) }], object, object);
      yes([{ expect: "length", path: root(0), length: 2 }], [1, 2]);
      no([{ expect: "length", path: root(0), length: 2 }], [1, 2, 3]);
      yes([{ expect: "undefined", path: root(0) }, { expect: "null", path: root(1) }], undefined, null);
      no([{ expect: "undefined", path: root(0) }, { expect: "null", path: root(1) }], null, undefined);
    });

    it("notices a built-in that was replaced", () => {
      const enter = entry({ argc: 0, expects: [{ expect: "builtin", name: "Math.sin" }], run: () => 1 });
      expect(enter(undefined)).toBe(1);
      const { sin } = Math;
      try {
        Math.sin = () => 0;
        expect(enter(undefined)).toBe(MISS);
      } finally { Math.sin = sin; }
      expect(enter(undefined)).toBe(1);
    });

    it("compares slow values by content", () => {
      const snapshot = new Snapshot({});
      const slow = [1, 2];
      const ref = snapshot.value(slow) as NodeRef;
      const node = snapshot.node(ref);
      expect(node.kind === "array" && node.items).toEqual([1, 2]); // what was read is what is compared
      const enter = entry({ argc: 1, snapshot, expects: [{ expect: "static", path: root(0), value: ref }], exits: [returns({ make: "node", node: ref.node })], run: () => 0 });
      expect(enter(undefined, slow)).toBe(slow);
      const equal = [1, 2];
      expect(enter(undefined, equal)).toBe(equal); // this call's own object comes back
      expect(enter(undefined, [1, 3])).toBe(MISS);
      slow[0] = 7;
      expect(enter(undefined, slow)).toBe(MISS);
    });

    const increment = (x: number, n: number): undefined => { for (let i = 0; i < n; i++) store(x, i, load(x, i) + 1); };
    const nothing: Exit = returns({ make: "const", value: undefined });

    it("copies arrays in and out, and gives the memory back", () => {
      const tier = make(form, { argc: 1, inputs: [typed(0, 0, true)], exits: [nothing], run: increment });
      const before = memory.stack;
      const x = Float64Array.of(1, -0, NaN);
      expect(tier.enter(undefined, x)).toBe(undefined);
      expect(x).toEqual(Float64Array.of(2, 1, NaN));
      expect(memory.stack).toBe(before);
      expect([tier.tally.calls, tier.tally.copied]).toEqual([1, 48]);
      for (const wrong of [new Float32Array(3), [1, 2, 3], null, Object.create(Float64Array.prototype), new Proxy(x, {})]) expect(tier.enter(undefined, wrong)).toBe(MISS);
    });

    it("copies nothing in the arena, however often arrays change places", () => {
      arena.scope(() => {
        const [a, b] = [arena.float64(2), arena.float64(2)];
        const tier = make(form, { argc: 2, inputs: [typed(0, 0, true), typed(1, 1)], exits: [nothing], run: (x: number, n: number, y: number) => { for (let i = 0; i < n; i++) store(x, i, load(y, i) + 1); return undefined; } });
        for (let i = 0; i < 3; i++) { tier.enter(undefined, a, b); tier.enter(undefined, b, a); }
        expect([...a, ...b]).toEqual([5, 5, 6, 6]);
        expect(tier.tally.copied).toBe(0);
        expect(tier.enter(undefined, a, a)).toBe(MISS); // two spaces that share nothing
        tier.enter(undefined, a, Float64Array.of(0, 0));
        expect([...a]).toEqual([1, 1]);
      });
    });

    it("keeps aliasing where the program allows for it, and does not fit where not", () => {
      const run = (x: number, n: number, y: number): undefined => { for (let i = 0; i < n; i++) store(y, i, load(x, i) + load(y, i)); };
      const both = entry({ argc: 2, inputs: [typed(0, 0), typed(1, 1, true)], spaces: [space([1]), space([0])], exits: [nothing], run });
      const apart = entry({ argc: 2, inputs: [typed(0, 0), typed(1, 1, true)], exits: [nothing], run });
      const all = Float64Array.of(1, 2, 3, 4, 5, 6), want = all.slice();
      const [x, y] = [all.subarray(0, 4), all.subarray(2, 6)];
      expect(apart(undefined, x, y)).toBe(MISS);
      expect(apart(undefined, all, all)).toBe(MISS);
      both(undefined, x, y);
      for (let i = 0; i < 4; i++) want[i + 2] = want[i]! + want[i + 2]!;
      expect(all).toEqual(want);
      expect(apart(undefined, all.subarray(0, 3), all.subarray(3))).toBe(undefined);
    });

    it("writes ordinary arrays back, refuses frozen ones and those that are not all numbers", () => {
      const enter = entry({ argc: 1, inputs: [{ as: "numbers", path: root(0), space: 0, read: true, written: true }], exits: [nothing], run: increment });
      const x = [1, -0, 2.5];
      enter(undefined, x);
      expect(x).toEqual([2, 1, 3.5]);
      expect(enter(undefined, Object.freeze([1]))).toBe(MISS);
      exchange.why = "";
      // oxlint-disable-next-line no-sparse-arrays
      for (const wrong of [[1, "2"], [1, , 2], [undefined], new Proxy([1], {}), { length: 1, 0: 1 }]) expect(enter(undefined, wrong)).toBe(MISS);
    });

    it("copies rows by way of a table; a row that is there twice is one row", () => {
      const enter = entry({
        argc: 1, inputs: [{ as: "rows", path: root(0), table: 1, space: 0, read: true, written: true }], exits: [nothing],
        run: (table: number, n: number) => { for (let r = 0; r < n; r++) increment(memory.i32[(table >> 2) + 2 * r]!, memory.i32[(table >> 2) + 2 * r + 1]!); return undefined; },
      });
      const row = [1, 2];
      const rows = [row, [3], row];
      enter(undefined, rows);
      expect(rows).toEqual([[3, 4], [4], [3, 4]]);
    });

    describe("copies as before once a program has functions of its own for its arrays", () => {
      const calls = 12;
      it("of numbers, of which one may be frozen or no number", () => {
        const enter = entry({ argc: 1, inputs: [{ as: "numbers", path: root(0), space: 0, read: true, written: true }], exits: [nothing], run: increment });
        const x = [1, -0, 2.5];
        for (let i = 0; i < calls; i++) enter(undefined, x);
        expect(x).toEqual([13, 12, 14.5]);
        for (const wrong of [Object.freeze([1]), Object.defineProperty([1, 2], 1, { writable: false }), [1, "2"], [undefined]]) expect(enter(undefined, wrong)).toBe(MISS);
        exchange.why = "";
      });
      it("of rows, of which one may be there twice, frozen or no array of numbers", () => {
        const headers = new Set<string>(); // before each row: its place, its length
        const run = (table: number, n: number): undefined => { for (let r = 0; r < n; r++) { const [at, length] = memory.i32.subarray((table >> 2) + 2 * r); headers.add(memory.i32.subarray((at! >> 2) - 2, at! >> 2).join()); increment(at!, length!); } };
        const tier = make(form, { argc: 1, inputs: [{ as: "rows", path: root(0), table: 1, space: 0, read: true, written: true }], exits: [nothing], run });
        const rows = [[1, 2], [], [3]], row = [0], before = memory.stack;
        for (let i = 0; i < calls; i++) tier.enter(undefined, rows);
        expect(rows).toEqual([[13, 14], [], [15]]);
        expect([...headers]).toEqual(["0,2", "1,0", "2,1"]);
        expect(tier.tally.copied).toBe(calls * 2 * (3 + 3) * 8);
        for (const wrong of [[row, Object.freeze([1])], [row, Object.defineProperty([1, 2], 1, { writable: false })], [row, ["1"]], [row, null], [row, new Proxy([1], {})], Object.freeze([row])]) expect(tier.enter(undefined, wrong)).toBe(MISS);
        exchange.why = "";
        expect([...row, memory.stack]).toEqual([0, before]);
        const alike = [...Array(9).keys()].map(() => [1]);
        for (const twice of [[row, [7], row], [...alike, alike[0]!]]) {
          const want = twice.map((one) => one[0]! + twice.filter((other) => other === one).length);
          tier.enter(undefined, twice);
          expect(twice.map(([value]) => value)).toEqual(want);
        }
      });
      it.each([3, 40])("of %i elements, and leaves a NaN that was not written as it is", (length) => {
        const enter = entry({ argc: 1, inputs: [typed(0, 0, true)], exits: [nothing], run: (x: number) => { store(x, 0, load(x, 0) === 0 ? -0 : 0); return undefined; } });
        const x = new Float64Array(length), bits = new BigUint64Array(x.buffer), nan = 0x7ff4_dead_beef_0001n;
        for (let i = 0; i < calls; i++) {
          bits[1] = nan;
          enter(undefined, x);
          expect([Object.is(x[0], -0), bits[1]]).toEqual([true, nan]);
          x[0] = 0;
        }
      });
    });

    it("bails without a trace: written arrays are copies, those of the arena too", () => {
      arena.scope(() => {
        const bail: Exit = { kind: "bail", reason: "rare", clean: false };
        const tier = make(form, { argc: 1, inputs: [typed(0, 0, true)], exits: [nothing, bail], run: (x: number, n: number) => { increment(x, n); return load(x, 0) > 5 ? leave(1) : undefined; } });
        for (const x of [Float64Array.of(4, 1), arena.float64(2)]) {
          x[0] = 4;
          tier.enter(undefined, x);
          expect(x[0]).toBe(5);
          expect(tier.enter(undefined, x)).toBe(MISS);
          expect(x[0]).toBe(5);
          expect(exchange).toMatchObject({ why: "bail", detail: "rare" });
          exchange.why = "";
        }
        expect(tier.tally.calls).toBe(2);
        expect(memory.status[0]).toBe(0);
      });
    });

    it("takes an unexplained trap for our bug, and lets the engine's stack overflow through where arrays were written in place", () => {
      const broken = make(form, { argc: 0, run: () => { throw new Error("unreachable"); } });
      expect(broken.enter(undefined)).toBe(MISS);
      expect(exchange.why).toBe("invariant");
      exchange.why = "";
      const run = (): never => { throw new RangeError("Maximum call stack size exceeded"); };
      expect(entry({ argc: 0, run })(undefined)).toBe(MISS);
      expect(exchange).toMatchObject({ why: "bail", detail: "calls nest too deep" });
      exchange.why = "";
      expect(() => entry({ argc: 1, inputs: [typed(0, 0, true)], run })(undefined, Float64Array.of(4, 1))).toThrow(RangeError);
    });

    it("makes new objects of its outcome, one for each call", () => {
      const slot = (n: number): Shape => ({ make: "slot", slot: n, as: "number" });
      const point: Shape = { make: "object", id: 0, prototype: -1, fields: [["x", slot(0)], ["pair", { make: "array", id: 1, items: [slot(0), slot(1)] }]] };
      const enter = entry({ argc: 1, inputs: [f64(0)], exits: [returns(point)], run: (a: number) => { memory.slots[0] = a; memory.slots[1] = -a; return undefined; } });
      const first = enter(undefined, 2);
      expect(first).toEqual({ x: 2, pair: [2, -2] });
      expect(enter(undefined, 2)).not.toBe(first);
    });

    it("makes every other shape too", () => {
      class Point { x = 0; }
      const snapshot = new Snapshot({});
      const proto = (snapshot.value(Point.prototype) as NodeRef).node;
      const made = (value: Shape, inside = () => {}): unknown => entry({ argc: 1, snapshot, exits: [returns(value)], run: () => { inside(); return 7; } })(undefined, "in");
      expect(made({ make: "typed", id: 0, array: "Int16Array", items: [result, result] })).toEqual(Int16Array.of(7, 7));
      expect(made({ make: "choice", slot: 0, of: [{ make: "const", value: "a" }, { make: "const", value: -0 }] }, () => { memory.slots[0] = 1; })).toBe(-0);
      expect(made({ make: "object", id: 0, prototype: proto, fields: [["x", result]] })).toBeInstanceOf(Point);
      expect(made({ make: "string", parts: [{ make: "const", value: "n = " }, result] })).toBe("n = 7");
      expect(made({ make: "error", id: 0, class: "RangeError", message: { make: "const", value: "no" } })).toEqual(new RangeError("no"));
      expect(made({ make: "input", path: root(0) })).toBe("in");
      const shared = made({ make: "array", id: 0, items: [{ make: "object", id: 1, prototype: -1, fields: [["__proto__", result]] }, { make: "again", id: 1 }, null] }) as object[];
      expect(shared).toHaveLength(3);
      expect(shared[0]).toBe(shared[1]);
      expect(Object.getOwnPropertyDescriptor(shared[0], "__proto__")?.value).toBe(7);
      expect(2 in shared).toBe(false);
      const inMemory = (typedName: "Uint8Array" | null): Shape => ({ make: "memory", id: 0, typed: typedName, address: 0, length: 1 });
      arena.scope(() => {
        const bytes = arena.uint8(24);
        bytes.set(new Uint8Array(Float64Array.of(1.5, 2, -0).buffer));
        const point = (): void => { memory.slots[0] = bytes.byteOffset; memory.slots[1] = 3; };
        expect(made(inMemory(null), point)).toEqual([1.5, 2, -0]);
        const own = made(inMemory("Uint8Array"), point) as Uint8Array;
        expect(own).toEqual(Uint8Array.of(0, 0, 0));
        expect(own.buffer.byteLength).toBe(3);
      });
    });

    it("writes fields after everything was read; frozen and inherited setters do not fit", () => {
      const enter = entry({
        argc: 2, inputs: [f64(0, "a"), f64(0, "b")], run: (a: number, b: number) => a + b,
        exits: [returns({ make: "input", path: root(0, "a") }, [{ path: root(0, "a"), value: result }, { path: root(1, "old"), value: { make: "input", path: root(0, "a") } }])],
      });
      const [o, p] = [{ a: 1, b: 2 }, {}];
      expect(enter(undefined, o, p)).toBe(1);
      expect([o, p]).toEqual([{ a: 3, b: 2 }, { old: 1 }]);
      expect(enter(undefined, o, o)).toBe(MISS); // the program knows of two objects
      expect(enter(undefined, Object.freeze({ a: 1, b: 2 }), p)).toBe(MISS);
      expect(enter(undefined, { a: 1, b: 2 }, Object.preventExtensions({}))).toBe(MISS);
      expect(enter(undefined, { a: 1, b: 2 }, Object.create({ set old(_: number) { throw new Error("ran"); } }))).toBe(MISS);
    });

    it("takes one of several exits", () => {
      const enter = entry({
        argc: 1, inputs: [f64(0)], exits: [returns({ make: "const", value: "low" }), returns(result)],
        run: (a: number) => { memory.status[0] = (a < 0 ? 0 : 1) + 1; return a; },
      });
      expect([enter(undefined, -1.5), enter(undefined, 1.5)]).toEqual(["low", 1.5]);
      expect(memory.status[0]).toBe(0);
    });

    it("does not fit where a written array shares bytes with a slow one of this call", () => {
      const snapshot = new Snapshot({});
      const slow = { taps: Float64Array.of(1, 2) };
      const ref = snapshot.value(slow) as NodeRef;
      snapshot.node(ref);
      const taps = snapshot.property(ref, "taps");
      if (taps.kind === "data") snapshot.node(taps.value as NodeRef);
      const enter = entry({ argc: 2, snapshot, inputs: [typed(0, 0, true)], expects: [{ expect: "static", path: root(1), value: ref }], exits: [nothing], run: () => undefined });
      expect(enter(undefined, new Float64Array(2), slow)).toBe(undefined);
      expect(enter(undefined, slow.taps, slow)).toBe(MISS);
      const other = { taps: Float64Array.of(0, 1, 2, 0).subarray(1, 3) };
      expect(enter(undefined, new Float64Array(other.taps.buffer, 0, 1), other)).toBe(undefined);
      expect(enter(undefined, new Float64Array(other.taps.buffer, 0, 2), other)).toBe(MISS);
    });

    it("hands arrays over as they are to residual JavaScript that wants them", () => {
      const run = (x: Float64Array, n: number, y: Float64Array): undefined => { for (let i = 0; i < n; i++) y[i]! += x[i]!; };
      const tier = make(form, { argc: 2, direct: true, inputs: [typed(0, 0), typed(1, 1, true)], spaces: [space([1]), space([0])], exits: [nothing], run });
      const all = Float64Array.of(1, 2, 3);
      tier.enter(undefined, all, Float64Array.of(0, 0, 0));
      tier.enter(undefined, all.subarray(0, 2), all.subarray(1));
      expect(all).toEqual(Float64Array.of(1, 3, 6));
      expect([tier.tally.calls, tier.tally.copied]).toEqual([2, 0]);
    });
  });
}

it.each<[string, readonly unknown[], boolean]>([
  ["nothing", [], false], ["one", [1], false], ["two", [1, 2, 1], true], ["holes", new Array<unknown>(3), false],
  ["many", [1, 2, 3, 4, 5, 6, 7, 8, 9], false], ["two of many", [1, 2, 3, 4, 5, 6, 7, 8, 1], true],
])("the same twice: %s", (_, items, twice) => { expect(hasTwice(items)).toBe(twice); });
