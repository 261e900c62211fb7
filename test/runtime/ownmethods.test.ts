// Arrays of the caller's that have methods of their own: what describes, compares, places and gives them back calls none of these.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

type Kernel = (...args: never[]) => unknown;
const names = ["every", "some", "map", "flatMap", "forEach", "flat", "filter", "slice", "indexOf", "push", "concat", "at", "entries", "keys", "values", "includes", "find", "reduce", "join", "fill", "set", "subarray", "constructor", "toString", "valueOf"];
let ran = 0;
/** The array, with methods of its own that count their calls. */
function own<T extends object>(array: T): T {
  for (const name of names) Object.defineProperty(array, name, { value: () => { ran++; }, configurable: true, writable: true });
  return array;
}
interface X { x: number }
await ready();

for (const tier of ["wasm", "js"] as const) describe(tier, () => {
  it.each<[string, Kernel, () => unknown[], string[]?]>([
    ["numbers", (a: number[]) => { let s = 0; for (let i = 0; i < a.length; i++) { s += a[i]!; a[i] = s; } return s; }, () => [own([1, 2, 3])]],
    ["rows", (a: number[][]) => { let s = 0; for (let i = 0; i < a.length; i++) for (let j = 0; j < a[i]!.length; j++) s += a[i]![j]!; return s; }, () => [own([own([1, 2]), own([3, 4])])]],
    ["objects", (a: X[]) => { for (let i = 0; i < a.length; i++) a[i]!.x += 1; return a.length; }, () => [own([{ x: 1 }, { x: 2 }])]],
    ["rows of objects", (a: X[][]) => { let s = 0; for (let i = 0; i < a.length; i++) for (let j = 0; j < a[i]!.length; j++) s += a[i]![j]!.x; return s; }, () => [own([own([{ x: 1 }]), own([{ x: 2 }])])]],
    ["arrays in objects", (a: { p: X[]; w: number[] }[]) => { let s = 0; for (let i = 0; i < a.length; i++) s += a[i]!.p[0]!.x + a[i]!.w[1]!; return s; }, () => [own([{ p: own([{ x: 1 }]), w: own([1, 2]) }, { p: own([{ x: 2 }]), w: own([3, 4]) }])]],
    ["numbers and null", (a: (number | null)[]) => { let s = 0; for (let i = 0; i < a.length; i++) s += a[i] ?? 1; return s; }, () => [own([1, null, 2])]],
    ["typed rows", (a: Float32Array[]) => { let s = 0; for (let i = 0; i < a.length; i++) for (let j = 0; j < a[i]!.length; j++) s += a[i]![j]!; return s; }, () => [own([own(new Float32Array([1, 2])), own(new Float32Array([1, 2]))])]],
    ["slow rows", (a: number[], t: number[][]) => { let s = 0; for (let i = 0; i < a.length; i++) s += a[i]! * t[i % t.length]![0]!; return s; }, () => [own([1, 2, 3]), own([own([1, 2]), own([3, 4])])], ["t"]],
  ])("%s", (_, kernel, make, slow = []) => {
    const fast = specialize(kernel, { slow, tier, compile: "sync" });
    ran = 0;
    for (let i = 0; i < 3; i++) expect(fast(...make() as never[])).toEqual(kernel(...make() as never[]));
    expect([ran, fast.stats().calls[tier]]).toEqual([0, 3]);
  });
});
