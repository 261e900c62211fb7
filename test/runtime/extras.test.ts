// Arrays of the caller's that have properties beside their elements: a width, a box, a name.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { useWorkshop } from "../../src/runtime/workshop.ts";
import { testWorkshop } from "./thread.ts";

type Extra = number[] & Record<string, unknown>;
await ready();
const list = (extra: object, items: readonly unknown[] = [1, 2, 3]): Extra => Object.assign([...items], extra) as Extra;
const bytes = (extra: object): Extra => Object.assign(Uint8Array.of(1, 2, 3, 4), extra) as unknown as Extra;

for (const tier of ["wasm", "js"] as const) describe(tier, () => {
  /** Each call as the original makes it, by one version for all or by so many. */
  function reads(kernel: (a: Extra) => unknown, calls: readonly (() => Extra)[], versions = 1, originals = 0): void {
    const fast = specialize(kernel, { tier, compile: "sync" });
    for (const make of [...calls, ...calls]) {
      const ours = make(), theirs = make();
      expect([fast(ours), ours]).toEqual([kernel(theirs), theirs]);
    }
    expect([fast.versions().length, fast.stats().calls.original]).toEqual([versions, originals]);
  }
  const sum = (a: Extra): number => { let s = a.w as number; for (let i = 0; i < a.length; i++) s += a[i]!; return s; };

  it("numbers beside numbers", () => { reads(sum, [() => list({ w: 5.5 }), () => list({ w: -1.5 })]); });
  it("a size of a typed array", () => { reads(({ width, height }) => (width as number) * 10 + (height as number), [() => bytes({ width: 2, height: 2 }), () => bytes({ width: 4, height: 1 })]); });
  it("… of a Buffer", () => { reads(sum, [() => Object.assign(Buffer.of(1, 2), { w: 1 }) as unknown as Extra, () => Object.assign(Buffer.of(3), { w: 7 }) as unknown as Extra]); });
  it("an array as a property", () => { reads((a) => (a.box as number[])[1]! + a[0]!, [() => list({ box: [1, 2] }), () => list({ box: [3, 5] })]); });
  it("the array itself, or another", () => { reads((a) => (a.self === a ? a[0] : 9), [() => list({ self: [1] }), () => { const a = list({}); a.self = a; return a; }], 2); });
  it("some have it, others not", () => { reads((a) => (a.w === undefined ? a[0] : a.w), [() => list({ w: 4 }), () => list({})], 2); });
  it("`in`, hasOwn", () => {
    const calls = [() => list({ w: 4 }), () => list({}), () => list({ w: undefined })];
    reads((a) => ("w" in a ? a.w : 9), calls, 3);
    reads((a) => (Object.hasOwn(a, "w") ? 1 : 9), calls, 3);
    reads((a) => (Object.hasOwn(a, "length") && "map" in a && !("x" in a) ? 1 : 9), calls);
    reads((a) => ("w" in a ? a.w : a.length), [() => bytes({ w: 4 }), () => bytes({})], 2);
    reads((a) => { a.push(1); return "w" in a ? a.w : 9; }, calls, 3);
  });
  it("rows", () => { reads((a) => (a.n as number) + (a as unknown as number[][])[0]![1]!, [() => list({ n: 1 }, [[1, 2], [3]]), () => list({ n: 2 }, [[5, 6], [7]])]); });
  it("objects", () => { reads((a) => { let s = a.n as number; for (const p of a as unknown as { x: number }[]) s += p.x; return s; }, [() => list({ n: 1 }, [{ x: 1 }]), () => list({ n: 2 }, [{ x: 3 }, { x: 4 }])]); });
  it("an array that grows", () => { reads((a) => { a.push(a.w as number, 1); return a.length; }, [() => list({ w: 5 }), () => list({ w: 6 })]); });
  it("in a field", () => {
    const kernel = (o: { p: Extra }): unknown => (o.p.closed ? o.p[0] : o.p[1]), fast = specialize(kernel, { tier, compile: "sync" });
    for (const closed of [true, false, true]) expect(fast({ p: list({ closed }) })).toBe(kernel({ p: list({ closed }) }));
    expect(fast.stats().calls.original).toBe(0);
  });
  it("two arrays, or one twice", () => {
    const kernel = (a: Extra, b: Extra): number => (a.w as number) * 10 + (b.w as number), fast = specialize(kernel, { tier, compile: "sync" });
    for (let s = 0; s < 4; s++) { const a = list({ w: s }); expect(fast(a, s % 2 ? a : list({ w: 7 }))).toBe(s % 2 ? s * 11 : s * 10 + 7); }
  });
  it("a function, for the worker", async () => {
    useWorkshop(testWorkshop().shop);
    const twice = (x: number): number => x * 2, kernel = (a: Extra): number => (a.f as typeof twice)(a[0]!), fast = specialize(kernel, { tier });
    for (let s = 0; s < 3; s++) { await fast.prepare(list({ f: twice }, [s])); expect(fast(list({ f: twice }, [s]))).toBe(2 * s); }
    expect([fast.stats().calls.original, fast.versions().length]).toEqual([0, 1]);
    fast.dispose();
    useWorkshop(null);
  });
  it("a getter is the original's", () => { reads((a) => (a.w as number) + a[0]!, [() => Object.defineProperty(list({}), "w", { get: () => 5 })], 1, 2); });
});
