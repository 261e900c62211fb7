// Fields of an array's objects that are more than numbers: null or missing in some, booleans, other objects of the array, added on the way; and objects that hold
// numbers. What the kernel does to them is what the original does, the order of new fields included.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, type Options } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

interface Item { [key: string]: unknown; x: number; pos: { x: number; y: number }; link?: Item | null; n?: number | null | boolean; g?: number; f?: number }
const make = (n = 4, more: (item: Item, i: number, list: readonly Item[]) => void = () => {}): Item[] => {
  const list = Array.from({ length: n }, (_, i): Item => ({ x: i, pos: { x: i + 0.5, y: -i } }));
  list.forEach(more);
  return list;
};
type Kernel = (list: Item[], other: { x: number }[]) => unknown;
/** Both are called with lists made alike; what they do must be alike, and be served as often as told. */
function follow(kernel: Kernel, calls: readonly (() => [Item[], { x: number }[]?])[], options: Options): { wasm: number; js: number } {
  const fast = specialize(kernel, { ...options, compile: "sync" });
  const run = (fn: Kernel, [list, other = []]: [Item[], { x: number }[]?]): unknown => { try { return [fn(list, other), list, other]; } catch (error) { return [(error as Error).constructor.name, list, other]; } };
  for (const given of calls) {
    const want = run(kernel, given()), got = run(fast, given());
    expect(got).toEqual(want);
    const keys = (outcome: unknown): unknown => (outcome as [unknown, Item[]])[1].map((item) => [Object.keys(item), Object.keys(item.pos ?? {})]);
    expect(keys(got)).toEqual(keys(want));
  }
  return fast.stats().calls;
}

const nulls = (item: Item, i: number): void => { item.n = i % 2 ? null : i; };
const cases: readonly (readonly [string, Kernel, readonly (() => [Item[], { x: number }[]?])[]])[] = [
  ["objects that hold numbers are read", (list) => list.reduce((s, p) => s + p.pos.x * p.pos.y, 0), [() => [make()], () => [make(9)]]],
  ["… and written", (list) => { for (const p of list) { p.pos.x += p.x; p.pos.y *= 2; } }, [() => [make()], () => [make(1)]]],
  ["… handed to a function", (list) => { const length = (v: { x: number; y: number }): number => Math.hypot(v.x, v.y); return list.map((p) => length(p.pos)); }, [() => [make()]]],
  ["… returned, themselves", (list) => { let best = null; for (const p of list) if (p.pos.x > 1) best = p.pos; return best; }, [() => [make()], () => [make(1)]]],
  ["… put into a list, themselves", (list) => list.flatMap((p) => [p.pos, p]), [() => [make()]]],
  ["… sorted by", (list) => { list.sort((p, q) => q.pos.x - p.pos.x); return list[0]!.x; }, [() => [make()]]],
  ["null in some is read", (list) => { let s = 0; for (const p of list) s += p.n === null ? 100 : (p.n as number); return s; }, [() => [make(4, nulls)], () => [make(7, nulls)]]],
  ["null and true are written in the place of numbers", (list) => { for (const p of list) { if (p.x > 1) p.n = null; else if (p.x > 0) p.n = true; } }, [() => [make(4, (p) => { p.n = p.x; })], () => [make(2, (p) => { p.n = p.x; })]]],
  ["what some lack is read", (list) => { let s = 0; for (const p of list) s += p.g === undefined ? 3 : p.g; return s; }, [() => [make(4, (p, i) => { if (i % 2) p.g = i; })]]],
  ["undefined is not what is lacking", (list) => { for (const p of list) p.g = p.g === undefined ? 1 : 2; }, [() => [make(4, (p, i) => { if (i % 2) p.f = i; if (i > 1) (p as { g: unknown }).g = undefined; })]]],
  ["fields are added, on some paths, each object's in its own order", (list) => { for (const p of list) { if (p.x > 1) { p.g = 1; p.f = 2; } else { p.f = 3; p["h"] = true; p.g = 4; } p.f += 1; } }, [() => [make()], () => [make(3, (p, i) => { if (i === 1) p.g = 9; })]]],
  ["other objects of the array are held", (list) => { let last: Item | null = null, n = 0; for (const p of list) { p.link = last; if (p.x !== 1) last = p; } for (let p = last; p; p = p.link!) n += p.x; return n; }, [() => [make()], () => [make(9)]]],
  ["a field that holds the object itself", (list) => { let s = 0; for (const p of list) { if (p.link === p) s++; p.link = list[0]!; } return s; }, [() => [make(3, (p) => { p.link = p; })]]],
];

for (const tier of ["js", "wasm"] as const) {
  describe(`fields of objects in arrays, served by ${tier}`, () => {
    it.each(cases.map((row) => [...row] as const))("%s", (_, kernel, calls) => {
      expect(follow(kernel, [...calls, ...calls], { tier })).toMatchObject({ original: 0, [tier]: calls.length * 2 });
    });
  });
}

describe("arrays of arrays of objects", () => {
  const grid = (...lengths: readonly number[]): Item[][] => lengths.map((n) => make(n, nulls));
  type OfGrid = (rows: Item[][], one: Item | null) => unknown;
  const kernels: readonly (readonly [string, OfGrid, boolean])[] = [
    ["cells are read", (rows) => { let s = 0; for (let y = 0; y < rows.length; y++) for (let x = 0; x < rows[y]!.length; x++) s += rows[y]![x]!.pos.x * y - x; return s; }, true],
    ["… and written, with new fields", (rows) => { for (const row of rows) for (const p of row) { p.f = p.x; p["seen"] = p.n === null; p.pos.y += 1; } }, true],
    ["… hold one another", (rows) => { let last: Item | null = null, n = 0; for (const row of rows) for (const p of row) { p.link = last; if (p.x < 2) last = p; } for (let p = last; p && n < 50; p = p.link!) n++; return n; }, true],
    ["… are returned, themselves, and what they hold", (rows) => { const found: unknown[] = []; rows.forEach((row) => { row.forEach((p) => { if (p.x > 0) found.push(p, p.pos); }); }); return found; }, true],
    ["… beyond the edge", (rows) => { let s = 0; for (let y = -1; y <= rows.length; y++) { const row = rows[y]; const p = row?.[y + 1]; s += p === undefined ? 1 : p.x; } return s; }, true],
    ["one is an argument as well", (rows, one) => { let s = 0; for (const row of rows) for (const p of row) { if (p === one) s += 10; p.pos.x += 1; } return one === null ? s : s + one.pos.x; }, true],
    ["a row is returned", (rows) => rows[0], false],
    ["rows are compared", (rows) => rows.filter((row) => row === rows[1]).length, false],
    ["a row changes", (rows) => { rows[0]!.reverse(); rows[1]!.push(rows[0]![0]!); }, false],
    ["rows change places", (rows) => { const [row] = rows; rows[0] = rows[1]!; rows[1] = row!; }, false],
  ];
  it.each(kernels.map((row) => [...row] as const))("%s", (_, kernel, served) => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    const calls: readonly (() => [Item[][], Item | null])[] = [
      () => [grid(3, 2), null], () => [grid(1, 0, 4), null], () => { const rows = grid(2, 2); return [rows, rows[1]![0]!]; }, () => { const rows = grid(2, 2); return [rows, rows[1]![1]!]; },
      () => { const rows = grid(2, 2); rows[1]![0] = rows[0]![0]!; return [rows, null]; }, () => { const rows = grid(2, 2); rows[1] = rows[0]!; return [rows, null]; }, () => [grid(3, 2), null],
    ];
    for (const given of calls) {
      const want = given(), got = given();
      expect([fast(...got), ...got]).toEqual([kernel(...want), ...want]);
      expect(got[0].map((row) => row.map((p) => Object.keys(p)))).toEqual(want[0].map((row) => row.map((p) => Object.keys(p))));
    }
    if (served) expect(fast.stats().calls.wasm).toBeGreaterThanOrEqual(5);
  });
});

it("what an object of a slow array holds is an argument as well", () => {
  const kernel = (list: Item[], one: unknown): number => { let s = 0; for (let i = 0; i < list.length; i++) if (list[i]!.pos === one) s += 3; return s; };
  const fast = specialize(kernel, { slow: ["list"], tier: "wasm", compile: "sync" });
  expect(fast(make(2), { x: 1, y: 2 })).toBe(0);
  for (let i = 0; i < 3; i++) { const list = make(2); expect(fast(list, list[0]!.pos)).toBe(3); }
});
it("a row that is an argument as well, and changes its order", () => {
  const kernel = (rows: Item[][], list: Item[]): unknown => { list.sort((p, q) => q.x - p.x); return rows[0]![0]!.x; };
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  const calls: readonly (() => [Item[][], Item[]])[] = [() => [[make(3), make(2)], make(4)], () => { const rows = [make(3), make(2)]; return [rows, rows[0]!]; }, () => [[make(3), make(2)], make(4)]];
  for (const given of calls) expect(fast(...given())).toBe(kernel(...given()));
});

describe("calls that what was made does not fit", () => {
  it.each<[string, Kernel, ...(() => [Item[], { x: number }[]?])[]]>([
    ["one object is held by two, and written", (list) => { for (const p of list) p.pos.x += 1; }, () => [make()], () => { const list = make(); list[3]!.pos = list[0]!.pos; return [list]; }],
    ["… and compared", (list) => { let s = 0; for (const p of list) for (const q of list) if (p.pos === q.pos) s++; return s; }, () => [make()], () => { const list = make(); list[3]!.pos = list[0]!.pos; return [list]; }],
    ["one that is held stands in another array", (list, other) => { for (const p of list) p.pos.x += 1; let s = 0; for (const q of other) s += q.x; return s; }, () => [make(), [{ x: 1 }]], () => { const list = make(); return [list, [list[1]!.pos]]; }],
    ["objects of two arrays are compared, of which one is in both", (list, other) => { let s = 0; for (const p of list) for (const q of other) s += (p as unknown) === q ? 100 : p.x * q.x; return s; }, () => [make(), [{ x: 1 }]], () => { const list = make(); return [list, [list[1]!, { x: 2 }]]; }],
    ["a string where there was null", (list) => { let s = ""; for (const p of list) s += p.n === null ? "" : String(p.n); return s; }, () => [make(3, nulls)], () => [make(3, (p) => { (p as { n: unknown }).n = "a"; })]],
    ["an object of nobody's where one of the array's was", (list) => { let s = 0; for (const p of list) if (p.link) s += p.link.x; return s; }, () => [make(3, (p, i, all) => { p.link = i ? all[0]! : null; })], () => [make(3, (p) => { p.link = make(1)[0]!; })]],
    ["frozen, or closed", (list) => { for (const p of list) p["seen"] = true; }, () => [make()], () => { const list = make(); Object.freeze(list[1]); return [list]; }, () => { const list = make(); Object.preventExtensions(list[2]); return [list]; }],
    ["what is held is frozen", (list) => { for (const p of list) p.pos.x = 1; }, () => [make()], () => { const list = make(); Object.freeze(list[1]!.pos); return [list]; }],
    ["what is held has another prototype", (list) => list.map((p) => String(p.pos)), () => [make()], () => [make(4, (p) => { Object.setPrototypeOf(p.pos, { toString: () => "v" }); })]],
    ["a field is asked for that is there, as undefined", (list) => { let s = 0; for (const p of list) s += "n" in p ? 1 : 0; return s; }, () => [make(3, (p, i) => { (p as { n: unknown }).n = i ? 1 : undefined; })], () => [make(3, (p, i) => { if (i) p.n = 1; })]],
    ["a getter", (list) => { let s = 0; for (const p of list) s += p.pos.x; return s; }, () => [make()], () => { const list = make(); Object.defineProperty(list[0]!, "pos", { get: () => ({ x: 9 }), enumerable: true }); return [list]; }],
  ])("%s", (_, kernel, ...calls) => { follow(kernel, [...calls, ...calls], { tier: "wasm" }); });

  it("what the prototype has too", () => {
    const kernel: Kernel = (list) => { let s = 0; for (const p of list) { if (p.x > 1) p.g = 1; s += p.g ?? 0; } return s; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    expect(fast(make(), [])).toBe(kernel(make(), []));
    try {
      Reflect.defineProperty(Object.prototype, "g", { value: 7, writable: true, configurable: true });
      expect(fast(make(), [])).toBe(kernel(make(), []));
    } finally { delete (Object.prototype as { g?: number }).g; }
  });
  it("objects that were seen before, of which something changed", () => {
    const kernel: Kernel = (list) => { let s = 0; for (const p of list) { p.n = p.n === undefined ? null : p.n === null ? 3 : (p.n as number) + 1; s += p.pos.x; p.pos.y = s; } return s; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), got = make(), want = make();
    for (let i = 0; i < 6; i++) {
      for (const list of [got, want]) if (i === 3) list[1]!.pos = { x: 50, y: 0 };
      expect([fast(got, []), got]).toEqual([kernel(want, []), want]);
    }
    expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 6 });
  });
});
