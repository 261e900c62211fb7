// Built-ins that take apart what they are given, where that says itself how: Array.from, new Set, new Map, typed arrays, Object.fromEntries.

import { test } from "vitest";
import { served } from "./served.ts";

class Odd extends Array<number> { override *[Symbol.iterator](): ArrayIterator<number> { yield 5; yield 6; } }
class Squares { readonly n: number; constructor(n: number) { this.n = n; } get length(): number { return 1; } *[Symbol.iterator](): Generator<number> { for (let i = 0; i < this.n; i++) yield i * i; } }
class Tagged extends Array<number> { get [Symbol.toStringTag](): string { return "mine"; } }
const odd = (...x: number[]): Odd => { const made = new Odd(); made.push(...x); return made; };

test("a new instance of a class over Array", () => served((n: number) => { const e = new Odd(); for (let i = 0; i < n; i++) e.push(i); return [Array.from(e, (x) => x + n), new Set(e).size, Float64Array.from(e), new Float64Array(e)]; }, [[1], [9]]));
test("what has a length, too", () => served((n: number) => { const e = new Squares(n); return [Array.from(e), Float64Array.from(e), new Float64Array(e), new Set(e).size, [...e]]; }, [[3], [0]]));
test("entries", () => served((x: number) => { const e = { *[Symbol.iterator](): Generator<[string, number]> { yield ["a", x]; yield ["b", 2]; } }; return [Object.fromEntries(e), new Map(e).get("a")]; }, [[3], [0]]));
for (const [name, kernel] of Object.entries({
  "Array.from": (e: number[]) => Array.from(e), "a Set": (e: number[]) => [...new Set(e)], "a typed array": (e: number[]) => new Float64Array(e), "its from": (e: number[]) => Float64Array.from(e, (x) => x + 1),
})) test(`the caller's: ${name}`, () => served(kernel, [[[1, 2]], [odd(1)], [[3]]]));
test("what Object.prototype.toString says of it", async () => {
  const tag = (e: number[]): string => Object.prototype.toString.call(e), made = new Tagged();
  await served((x: number) => { const e = new Tagged(); e.push(x); return Object.prototype.toString.call(e); }, [[1], [2]]);
  await served(tag, [[[1, 2]], [made], [[3]]]);
});

for (const [name, kernel, calls] of [
  ["places", (n: number) => [...Array(n).keys()], [[3], [0]]],
  ["pairs", (xs: number[]) => [...xs.entries()].sort((a, b) => b[1] - a[1]).map(([i]) => i), [[[3, 5, 4]], [[]]]],
  ["a list's places, in a Set", (xs: number[]) => new Set(xs.keys()).size, [[[3, 5, 4]], [[]]]],
  ["its pairs, in a Map", (xs: number[]) => new Map(xs.entries()).get(1) ?? -1, [[[3, 5, 4]], [[]]]],
  ["its pairs, as an object", (xs: number[]) => Object.fromEntries(xs.entries()), [[[3, 5, 4]], [[]]]],
  ["places as arguments", (xs: number[]) => Math.max(...xs.keys()), [[[3, 5, 4]], [[]]]],
  ["the first, and the others", (xs: number[]) => { const [first, ...others] = xs.keys(); return [first, others]; }, [[[3, 5, 4]], [[]]]],
  ["once", (xs: number[]) => { const it = xs.values(), first = [...it]; return [first, [...it]]; }, [[[3, 5, 4]], [[]]]],
  ["what is left", (xs: number[]) => { const it = xs.entries(); it.next(); return [[...it], [...it]]; }, [[[3, 5, 4]], [[]]]],
  ["none behind its end, though the list grows", (xs: number[]) => { const a: number[] = []; for (const x of xs) a.push(x); const it = a.values(); let s = 0; for (let r = it.next(); !r.done; r = it.next()) s = s * 3 + r.value; a.push(9); return [s, it.next().done, [...it]]; }, [[[3, 5, 4]], [[]]]],
  ["none behind its end, in a loop", (xs: number[]) => { const a: number[] = []; for (const x of xs) a.push(x); const it = a.entries(); let s = 0; for (const [i, x] of it) s += i * x; a.push(9); for (const [i, x] of it) s += 100 * i * x; return [s, it.next().done]; }, [[[3, 5, 4]], [[]]]],
  ["what a loop left, and none behind its end", (xs: number[], n: number) => { const it = xs.values(); let s = 0; for (let k = 0; k < n; k++) { for (const x of it) { if (x > 5) break; s = s * 3 + x; } xs.push(k); } return [s, ...it]; }, [[[1, 7, 2, 8, 3], 5], [[], 2], [[9, 9], 1]]],
  ["none behind its end, of a Set", (n: number) => { const m = new Set<number>(); for (let i = 0; i < n; i++) m.add(i); const it = m.values(); let s = 0; for (let k = 0; k < 3; k++) { for (const x of it) s = s * 3 + x; m.add(n + k); } return s; }, [[3], [0]]],
  ["none behind its end, spread", (n: number) => { const a = [1, n], it = a.values(), first = [...it]; a.push(7); return [first, [...it], Array.from(it), it.next().done]; }, [[3], [0]]],
  ["a pattern whose default makes the list longer", (l: number[], n: number) => { const [a, b = l.push(n, n), ...c] = l; return [a === undefined, b, c]; }, [[[], 3], [[1], 4], [[1, 2, 3], 5]]],
  ["a default that is an element", (l: number[], n: number) => { let a, b; [a, l[2] = n, b] = l; return [a === undefined, l.length, b === undefined ? -1 : b]; }, [[[], 3], [[1], 4], [[1, 2, 3], 5]]],
  ["once, of a Map", (xs: number[]) => { const m = new Map<number, number>(); for (const x of xs) m.set(x, 1); const it = m.keys(), first = [...it]; return [first, [...it].length]; }, [[[3, 5, 3]], [[]]]],
] as [string, (...x: never[]) => unknown, unknown[][]][]) test(`iterators of lists of unknown length: ${name}`, () => served(kernel as (...args: unknown[]) => unknown, calls));
