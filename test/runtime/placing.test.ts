// Arrays that are no arena's, call after call: what stands in them changes, they are replaced, and some are what the code that places them is not for.

import { beforeAll, describe, expect, it } from "vitest";
import { arena, ready, specialize } from "../../src/index.ts";
import { sharedMemory } from "../../src/runtime/memory.ts";
import { type ArraySpec, Placer } from "../../src/runtime/place.ts";

beforeAll(async () => { await ready(); });

type Args = unknown[];
type Run = (...args: never[]) => unknown;
/** What is done to the arguments before the next call; who serves it then, where that is not another version. */
type Edit = readonly [string, (args: Args) => Args | void, by?: "original" | "any"];
interface Case { readonly kernel: Run; readonly make: () => Args; readonly edits: readonly Edit[] }

const list = (n: number, by = 0.5): number[] => Array.from({ length: n }, (_, i) => i * by - 1);
const grid = (h: number, w: number): number[][] => Array.from({ length: h }, (_, y) => list(w, y + 0.25));
const numbers = (args: Args, k: number): number[] => args[k] as number[];
const rows = (args: Args, k: number): number[][] => args[k] as number[][];
const singles = (h: number, w: number): Float32Array[] => grid(h, w).map((row) => Float32Array.from(row));
const typed = (args: Args, k: number): Float32Array[] => args[k] as Float32Array[];

const mix = (x: number[], y: number[], a: number): number => { let s = 0; for (let i = 0; i < y.length; i++) { s += x[i]!; y[i] = a * x[i]! - y[i]!; } return s; };
const mixTyped = (x: Float64Array, y: Float32Array, n: Uint8Array): number => { let s = 0; for (let i = 0; i < y.length; i++) { s += x[i]!; y[i]! += x[i]! * n[i % n.length]!; n[i % n.length]! += 1; } return s; };
const heat = (a: number[][], b: number[][]): void => { for (let y = 1; y < a.length - 1; y++) for (let x = 1; x < a[y]!.length - 1; x++) b[y]![x] = a[y - 1]![x]! + a[y + 1]![x]! - a[y]![x]!; };
const matvec = (a: number[][], x: number[], y: number[]): void => { for (let i = 0; i < a.length; i++) { let s = 0; for (let j = 0; j < x.length; j++) s += a[i]![j]! * x[j]!; y[i] = s; } };
const mixRows = (a: Float32Array[], b: Float32Array[], x: Float32Array): void => { for (let y = 0; y < b.length; y++) { const row = b[y]!; if (y === 1) row.fill(2); for (let i = 0; i < row.length; i++) row[i]! += a[y]![i]! * x[i]!; x[y]! += 1; } };
const shift = (points: { x: number; y: number }[], by: number[]): number => { let s = 0; for (const p of points) { p.x += by[0]!; s += p.x * p.y; } by[1] = s; return s; };
const bins = (x: Float64Array, bin: Uint8Array, counts: Int32Array): void => { for (let i = 0; i < x.length; i++) if (x[i]! > 0) counts[bin[i]!]!++; };
const count = (text: string, table: number[]): number => { for (let i = 0; i < text.length; i++) table[text.charCodeAt(i) % 4]! += 1; return table[0]!; };

const cases: Readonly<Record<string, Case>> = {
  "lists, one of which is written": {
    kernel: mix, make: () => [list(9), list(9, 2), 0.5],
    edits: [
      ["other numbers", (args) => { numbers(args, 0)[8] = 77; numbers(args, 1)[0] = -3.5; }],
      ["−0 and NaN", (args) => { numbers(args, 0).fill(-0); numbers(args, 1)[3] = NaN; }],
      ["whole numbers", (args) => { args[0] = [1, 2, 3, 4, 5, 6]; args[1] = [6, 5, 4, 3, 2, 1]; args[2] = 2; }],
      ["new lists", (args) => { args[0] = list(5); args[1] = list(5, 3); }],
      ["none at all", (args) => { args[0] = []; args[1] = []; }],
      ["the same one twice", (args) => { args[1] = args[0]; }],
      ["a string", (args) => { (args[0] as unknown[])[4] = "4"; }, "any"],
      ["a hole", (args) => { delete numbers(args, 1)[7]; }, "any"],
      ["a Proxy", (args) => { args[0] = new Proxy(list(9), {}); }, "original"],
      ["frozen", (args) => { Object.freeze(args[1]); }, "original"],
      ["what is read is frozen", (args) => { Object.freeze(args[0]); }],
      ["an element can't be written", (args) => { Object.defineProperty(args[1], 6, { value: 1, writable: false }); }, "original"],
      ["a typed array", (args) => { args[0] = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9); }],
    ],
  },
  "the arena's, one of which the original may have to write instead": {
    kernel: bins, make: () => [arena.float64(90).fill(1), arena.uint8(90).fill(2), arena.int32(9)],
    edits: [
      ["other numbers", (args) => { (args[0] as Float64Array).set([-1, 2, 3]); (args[1] as Uint8Array).set([3, 4, 5, 200]); (args[2] as Int32Array)[4] = 7; }],
      ["the same once more", () => {}],
      ["a bin is missing after others were counted", (args) => { args[1] = arena.uint8(60).fill(1); }, "original"],
      ["more bins", (args) => { args[1] = arena.uint8(90).fill(250); args[2] = arena.int32(300).fill(5); }],
      ["bins among the counts", (args) => { const both = arena.int32(100); args[1] = new Uint8Array(both.buffer, both.byteOffset + 8, 90).fill(3); args[2] = both; }, "any"],
      ["counts that are no arena's", (args) => { args[1] = arena.uint8(90).fill(4); args[2] = new Int32Array(9); }],
      ["none that is the arena's", (args) => { args[0] = new Float64Array(40).fill(1); args[1] = new Uint8Array(40); }],
    ],
  },
  "typed arrays": {
    kernel: mixTyped, make: () => [Float64Array.from(list(7)), Float32Array.from(list(7, 3)), Uint8Array.of(1, 250, 3)],
    edits: [
      ["longer ones", (args) => { args[0] = Float64Array.from(list(40)); args[1] = Float32Array.from(list(40, 7)); }],
      ["long ones, then other long ones", (args) => { args[0] = Float64Array.from(list(41)); args[1] = Float32Array.from(list(41, 9)); }],
      ["parts of one buffer", (args) => { const both = new ArrayBuffer(112); args[0] = new Float64Array(both, 0, 7); args[1] = new Float32Array(both, 56, 7).fill(2); }],
      ["over one another", (args) => { const both = new ArrayBuffer(64); args[0] = new Float64Array(both, 0, 8); args[1] = new Float32Array(both, 16, 8).fill(0.75); }],
      ["of another kind", (args) => { args[0] = Float32Array.from(list(7)); }],
      ["NaN, and −0 for 0", (args) => { (args[1] as Float32Array).set([NaN, -0, 0]); (args[0] as Float64Array).set([NaN, -0, 0]); }],
      ["of a length of its own", (args) => { Object.defineProperty(args[0], "length", { value: 3 }); }, "original"],
      ["the arena's", (args) => { args[0] = arena.float64(7); args[1] = arena.float32(7).fill(3); }],
    ],
  },
  "tables, one of which is written": {
    kernel: heat, make: () => [grid(4, 6), grid(4, 6)],
    edits: [
      ["other numbers", (args) => { rows(args, 0)[1]![2] = 9; rows(args, 1)[2]![0] = -9; }],
      ["in each other's place", (args) => [args[1], args[0]]],
      ["another row", (args) => { rows(args, 0)[2] = list(6, 8); }],
      ["rows in another order", (args) => { rows(args, 1).reverse(); }],
      ["a row more", (args) => { rows(args, 0).push(list(6)); rows(args, 1).push(list(6)); }],
      ["a longer row", (args) => { rows(args, 0)[1]!.push(1, 2); rows(args, 1)[1]!.push(1, 2); }],
      ["a row of the other", (args) => { rows(args, 1)[1] = rows(args, 0)[2]!; }],
      ["a row that was of the other", (args) => { const row = rows(args, 0)[1]!; rows(args, 0)[1] = list(6); rows(args, 1)[2] = row; }],
      ["a row twice", (args) => { rows(args, 1)[2] = rows(args, 1)[1]!; }],
      ["a frozen row", (args) => { Object.freeze(rows(args, 1)[3]); }, "original"],
      ["a row that is a Proxy", (args) => { rows(args, 0)[1] = new Proxy(list(6), {}); }, "original"],
      ["no number in a row", (args) => { (rows(args, 0) as unknown[][])[2]![3] = "3"; }, "any"],
    ],
  },
  "a table with lists": {
    kernel: matvec, make: () => [grid(3, 5), list(5), list(3)],
    edits: [
      ["other lists", (args) => { args[1] = list(5, 9); args[2] = [0, 0, 0]; }],
      ["a list that is a row", (args) => { args[1] = rows(args, 0)[1]; }],
      ["a list that is a row, and written", (args) => { args[2] = rows(args, 0)[0]; }],
      ["a row that is the list", (args) => { rows(args, 0)[2] = numbers(args, 2); }],
      ["no number in a list", (args) => { (args[1] as unknown[])[0] = true; }, "any"],
    ],
  },
  "tables of typed rows with a typed array": {
    kernel: mixRows, make: () => [singles(3, 9), singles(3, 9), Float32Array.from(list(9))],
    edits: [
      ["other numbers", (args) => { typed(args, 0)[1]![2] = 9; typed(args, 1)[2]!.set([NaN, -0, 0]); }],
      ["in each other's place", (args) => [args[1], args[0], args[2]]],
      ["longer rows", (args) => { args[0] = singles(3, 90); args[1] = singles(3, 90); args[2] = Float32Array.from(list(90)); }],
      ["rows of several lengths", (args) => { args[1] = [Float32Array.from(list(4)), new Float32Array(0), Float32Array.from(list(60))]; }],
      ["another row", (args) => { typed(args, 1)[1] = Float32Array.from(list(7, 8)); }],
      ["a row more", (args) => { typed(args, 0).push(Float32Array.from(list(9))); typed(args, 1).push(Float32Array.from(list(9))); }],
      ["rows in another order", (args) => { typed(args, 1).reverse(); }],
      ["rows of the arena", (args) => { args[1] = typed(args, 1).map((row): Float32Array => { const own = arena.float32(row.length); own.set(row); return own; }); }],
      ["rows of one buffer", (args) => { const all = new Float32Array(27).fill(0.5); args[1] = [0, 9, 18].map((at) => all.subarray(at, at + 9)); }],
      ["rows over one another", (args) => { const all = new Float32Array(27).fill(0.5); args[1] = [0, 5, 18].map((at) => all.subarray(at, at + 9)); }, "original"],
      ["a row that is the array", (args) => { typed(args, 1)[2] = args[2] as Float32Array; }, "any"],
      ["a row of the other", (args) => { typed(args, 1)[1] = typed(args, 0)[2]!; }, "original"],
      ["another array, which is a row", (args) => { args[2] = typed(args, 0)[0]; }, "original"],
      ["a row of another kind", (args) => { (args[1] as unknown[])[1] = Float64Array.from(list(9)); }, "any"],
      ["an ordinary row", (args) => { (args[0] as unknown[])[1] = list(9); }, "any"],
      ["a row of another prototype", (args) => { Object.setPrototypeOf(typed(args, 1)[1], Float64Array.prototype); }, "original"],
      ["a row with a method of its own", (args) => { Object.defineProperty(typed(args, 1)[1], "fill", { value: () => undefined }); }, "original"],
      ["a row of a length of its own", (args) => { Object.defineProperty(typed(args, 0)[1], "length", { value: 3 }); }, "original"],
    ],
  },
  "objects with a list": {
    kernel: shift, make: () => [list(5).map((x) => ({ x, y: x + 2 })), [0.25, 0]],
    edits: [
      ["another object", (args) => { (args[0] as object[])[3] = { x: 3, y: 4 }; }],
      ["other fields", (args) => { (args[0] as { y: number }[])[1]!.y = -0.5; }],
      ["an object twice", (args) => { (args[0] as object[])[2] = (args[0] as object[])[4]!; }],
      ["another list", (args) => { args[1] = [4, 4]; }],
      ["a frozen one", (args) => { Object.freeze((args[0] as object[])[0]); }, "original"],
    ],
  },
  "a string with a list": {
    kernel: count, make: () => ["a string of letters", [0, 0, 0, 0]],
    edits: [["another string", (args) => { args[0] = "and others"; }], ["an empty one", (args) => { args[0] = ""; }]],
  },
};

for (const tier of ["wasm", "js"] as const) for (const [name, { kernel, make, edits }] of Object.entries(cases)) {
  describe(`${name} (${tier})`, () => {
    const fast = specialize(kernel as (...args: unknown[]) => unknown, { tier, compile: "sync" });
    it.each(edits.map((row) => [...row] as const))("%s", (_, edit, who) => {
      const by = who ?? tier;
      let got = make(), want = make();
      const end = (run: (...args: unknown[]) => unknown, args: Args): unknown => { try { return run(...args); } catch (error) { return (error as Error).constructor.name; } };
      const step = (): number => {
        const before = by === "any" ? 0 : fast.stats().calls[by];
        expect([end(fast, got), got]).toEqual([end(kernel as never, want), want]);
        return by === "any" ? 0 : fast.stats().calls[by] - before;
      };
      for (let i = 0; i < 3; i++) step();
      got = edit(got) ?? got;
      want = edit(want) ?? want;
      expect([step(), step()]).toEqual(by === "any" ? [0, 0] : [1, 1]);
    });
  });
}

it("lists of whole numbers stay such, and bytes are counted", () => {
  const fast = specialize(mix, { tier: "wasm", compile: "sync" }), x = [1, 2, 3, 4, 5], y = [5, 4, 3, 2, 1];
  for (let i = 0; i < 3; i++) fast(x, y, 2);
  const before = fast.stats().copiedBytes;
  fast(x, y, 2);
  expect(fast.stats().copiedBytes - before).toBe(5 * 8 * 3);
});

describe("whatever is done with an array, its copy is what is read, and what is written comes back where it may be", () => {
  const flags = [true, false].flatMap((written) => [true, false].flatMap((direct) => [true, false].map((protect) => ({ written, direct, protect }))));
  const made: readonly (readonly [string, ArraySpec["as"], (n: number) => unknown])[] = [
    ["a typed array", "typed", (n) => Float64Array.from(list(n))], ["the arena's", "typed", (n) => { const a = arena.float64(n); a.set(list(n)); return a; }], ["a list", "numbers", (n) => list(n)], ["a table", "rows", (n) => [list(n)]],
  ];
  it.each(made.flatMap(([name, as, make]) => [3, 11, 50].map((n) => [`${name} of ${n}`, as, make, n] as const)))("%s", (_, as, make, n) => {
    const memory = sharedMemory()!, values = list(n), stack = memory.stack;
    for (const { written, direct, protect } of flags) {
      const spec: ArraySpec = { as, array: as === "typed" ? "Float64Array" : null, space: 0, read: true, written, direct: direct && as !== "rows" }, placer = new Placer([spec], [{ name: "x", mayOverlap: [] } as never], memory, protect);
      for (let call = 0; call < 4; call++) {
        const array = make(n), placed = placer.place([array])!, at = placed.params[0]!;
        const copy = typeof at === "number" ? new Float64Array(memory.buffer, as === "rows" ? memory.i32[at >> 2]! : at, n) : (at as Float64Array);
        expect([...copy]).toEqual(values);
        if (written) copy[1] = 77;
        if (written && call === 2) {
          placed.finish(false);
          expect(copy === array || (as === "typed" && (array as Float64Array).buffer === memory.buffer && !protect) ? 77 : values[1]).toBe((as === "rows" ? (array as number[][])[0]! : (array as number[]))[1]);
        } else {
          placed.finish(true);
          expect(as === "rows" ? (array as number[][])[0] : [...(array as number[])]).toEqual(written ? values.map((x, i) => (i === 1 ? 77 : x)) : values);
        }
        expect(memory.stack).toBe(stack);
      }
    }
  });
});
