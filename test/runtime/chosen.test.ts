// Slow objects and rows that something dynamic chose: they leave the function, and arrays and objects in memory hold them, as the caller's own.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

type Point = readonly number[];
interface Named { readonly x: number; readonly y: number; readonly name?: string }

const points = (n: number): number[][] => Array.from({ length: n }, (_, i) => [(i * 7) % 11, (i * 5) % 13]);
const uneven = (n: number): number[][] => Array.from({ length: n }, (_, i) => Array.from({ length: 1 + (i % 3) }, (__, k) => ((i * 7) % 11) + k));
const named = (n: number): Named[] => Array.from({ length: n }, (_, i) => ({ x: (i * 7) % 11, y: (i * 5) % 13, name: `p${i}` }));
const shapes = (n: number): Named[] => Array.from({ length: n }, (_, i) => (i % 2 ? { x: i, y: 2 } : { y: i % 5, x: i, name: "even" }));

function nearestRow(list: readonly Point[], x: number): Point { let best = 0; for (let i = 1; i < list.length; i++) if (Math.abs(list[i]![0]! - x) < Math.abs(list[best]![0]! - x)) best = i; return list[best]!; }
function nearestObject(list: readonly Named[], x: number): Named | null { let best: Named | null = null, least = 1e9; for (const p of list) { const d = Math.abs(p.x - x); if (d < least) { least = d; best = p; } } return best; }
function at<T>(list: readonly T[], i: number): T | undefined { return list[i | 0]; }
function near<T extends { readonly [key: number]: number } | Named>(list: readonly T[], x: number): unknown[] {
  const out: unknown[] = [];
  for (let i = 0; i < list.length; i++) { const p = list[i]!, v = "x" in p ? p.x : p[0]!; if (v < x) out.push(p); }
  return out;
}
/** two slow ones and a new one between them */
function between(list: readonly Point[], x: number): Point[] {
  const out: Point[] = [];
  for (let i = 1; i < list.length; i++) { if (list[i]![0]! < x) out.push(list[i]!); else out.push([list[i]![0]! / 2, x]); }
  return out;
}
/** a stack of them, read again */
function stack(list: readonly Point[], x: number): number {
  const todo: Point[] = [];
  for (let i = 0; i < list.length; i++) if (list[i]![0]! > x) todo.push(list[i]!);
  let s = 0;
  while (todo.length > 0) { const p = todo.pop()!; s = s * 3 + p[p.length - 1]! * p.length; }
  return s;
}
function objectStack(list: readonly Named[], x: number): number {
  const todo: { readonly of: Named; readonly d: number }[] = [];
  for (let i = 0; i < list.length; i++) if (list[i]!.x > x) todo.push({ of: list[i]!, d: i });
  let s = 0;
  while (todo.length > 0) { const { of, d } = todo.pop()!; s = s * 3 + of.x * d - of.y; }
  return s;
}
const holder = (list: readonly Point[], x: number): object => { let of = list[0]!; for (let i = 0; i < list.length; i++) if (list[i]![0]! <= x) of = list[i]!; return { of, x, list: [of, of] }; };
interface Tagged { readonly at: number; readonly rgb: Point }
const colour = (stops: readonly Tagged[], t: number): Point => { let best = 0; for (let i = 0; i < stops.length; i++) if (stops[i]!.at <= t) best = i; return stops[best]!.rgb; };
const stops = (n: number): Tagged[] => Array.from({ length: n }, (_, i) => ({ at: i, rgb: [i, 2 * i, 255 - i] }));

describe("what was chosen from a slow list is the caller's own", () => {
  type Kernel = (list: never, x: number) => unknown;
  const cases: readonly (readonly [string, Kernel, (n: number) => readonly unknown[]])[] = [
    ["the nearest row", nearestRow, points], ["the nearest of uneven rows", nearestRow, uneven], ["the nearest object", nearestObject, named], ["of objects of two shapes", nearestObject, shapes],
    ["a row at an index, or undefined", at, points], ["an uneven row at an index", at, uneven], ["an object at an index", at, named], ["one of two shapes at an index", at, shapes],
    ["several rows", near as Kernel, points], ["several uneven rows", near as Kernel, uneven], ["several objects", near as Kernel, named], ["several of two shapes", near as Kernel, shapes],
    ["rows among new ones", between as Kernel, points], ["uneven rows among new ones", between as Kernel, uneven], ["a stack of rows", stack as Kernel, points], ["a stack of uneven rows", stack as Kernel, uneven],
    ["a stack of objects that hold them", objectStack as Kernel, named], ["an object that holds one", holder as Kernel, points], ["a row that a chosen object holds", colour as Kernel, stops],
  ];
  /** which of the list's, or of what they hold, a result is, instead of what it is */
  const told = (value: unknown, list: readonly unknown[]): unknown => {
    const own = [...list, ...list.flatMap((item) => (item !== null && typeof item === "object" && "rgb" in item ? [item.rgb] : []))], place = own.indexOf(value);
    if (place >= 0) return `number ${place}`;
    if (Array.isArray(value)) return value.map((item) => told(item, list));
    return value !== null && typeof value === "object" ? Object.entries(value).map(([key, item]) => [key, told(item, list)]) : value;
  };
  for (const [title, kernel, make] of cases) {
    for (const n of title.includes("uneven") ? [4, 40] : [40]) { // fewer than nine objects are told apart by tests
      it(`${title}, of ${n}`, () => {
        const fast = specialize(kernel as (list: readonly unknown[], x: number) => unknown, { slow: [0], tier: "wasm", compile: "sync" });
        const list = make(n), equal = make(n), twice = [...make(n)];
        twice[n - 1] = twice[1];
        let calls = 0;
        // of another list of equal contents its own are given back; one that stands there twice is one
        for (const of of [list, equal, list, twice]) for (const x of [3.5, -1, 2, 0, 9, NaN, 100]) {
          expect(told(fast(of, x), of)).toEqual(told(kernel(of as never, x), of));
          calls++;
        }
        expect(fast.stats().calls).toMatchObject({ original: 0, wasm: calls });
        fast.dispose();
      });
    }
  }
  it("an edit in place is seen", () => {
    const list = points(40), fast = specialize(nearestRow, { slow: [0], tier: "wasm", compile: "sync" });
    expect(fast(list, 4)).toBe(nearestRow(list, 4));
    list[17]![0] = 4.25;
    expect(fast(list, 4.25)).toBe(list[17]);
    list[3] = [4.25, 1];
    expect(fast(list, 4.25)).toBe(list[3]);
    expect(fast.stats().calls.original).toBe(0);
    fast.dispose();
  });
  it("empty rows, which can't be told apart by where they begin, are the original's", () => {
    const list = [[1], [], [2], [], [3]], fast = specialize(at<number[]>, { slow: [0], tier: "wasm", compile: "sync" });
    for (let i = 0; i < 6; i++) expect(fast(list, i)).toBe(list[i]);
    fast.dispose();
  });
});
