// Tables of tables that outlive the calls: what each call leaves there is what the original leaves, and what others put there is found.

import { expect, it, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { compare } from "../../src/verify/compare.ts";
import { served } from "./served.ts";

type Cell = Record<number, unknown>;
type Kernel = (a: number, b: number) => unknown;
type Made = readonly [state: unknown, kernel: Kernel, poke?: ((state: never) => void) | undefined];

/** `original`: how many calls the original has to take. */
interface Case { readonly make: () => Made; readonly calls?: readonly (readonly [number, number])[]; readonly original?: number }
const some = [[1, 2], [2, 3], [1, 2], [3, 1], [2, 3], [-0, NaN], [0, NaN], [1e10, 1e10], [2.5, -3]] as const;
const many = Array.from({ length: 60 }, (_, i) => [i % 5, (i * 7919) % 61] as const);

async function agrees({ make, calls = some, original = 0 }: Case): Promise<void> {
  await ready();
  const [mine, kernel, poke] = make(), [theirs, reference, pokeToo] = make(), fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  calls.forEach(([a, b], i) => {
    if (i === 3) { poke?.(mine as never); pokeToo?.(theirs as never); }
    expect(compare([reference(a, b), theirs], [fast(a, b), mine])).toEqual([]);
  });
  expect(fast.stats().calls, fast.diagnostics().map(({ message }) => message).join("; ")).toMatchObject({ original, wasm: calls.length - original });
}

const memo = (cache: Record<number, Cell>): Kernel => (n, k) => { if (!cache[n]) cache[n] = {}; if (cache[n][k] === undefined) cache[n][k] = Math.sin(n * k) + n; return cache[n][k]; };
const started = (poke?: (cache: Record<number, Cell>) => void): Case => ({ make: () => { const cache: Record<number, Cell> = {}; return [cache, memo(cache), poke]; } });
const cases: Readonly<Record<string, Case>> = {
  "objects of numbers": started(),
  "many of them": { ...started(), calls: many },
  "one that has entries": { make: () => { const cache: Record<number, Cell> = { 1: { 2: 7, 5: 8 }, 9: {} }; return [cache, memo(cache)]; } },
  "rows in objects": { make: () => { const cache: Record<number, Record<number, number[]>> = {}; return [cache, (k, n) => { const x = -2 * Math.PI * (k / n); cache[n] = cache[n] || {}; cache[n][k] = cache[n][k] || [Math.cos(x), Math.sin(x)]; return cache[n][k]; }]; } },
  "objects in objects": { make: () => { const cache: Record<number, Record<number, { n: number; used: boolean }>> = {}; return [cache, (n, k) => { cache[n] ??= {}; const at = (cache[n][k] ??= { n: n * k, used: false }); at.n++; at.used = k > 2; return at; }]; } },
  "Maps in a Map": { make: () => { const cache = new Map<number, Map<number, number>>(); return [cache, (n, k) => { let row = cache.get(n); if (!row) { row = new Map(); cache.set(n, row); } let v = row.get(k); if (v === undefined) { v = Math.sin(n * k); row.set(k, v); } return v + row.size; }]; } },
  "Sets in an object": { make: () => { const seen: Record<number, Set<number>> = {}; return [seen, (n, k) => { const set = (seen[n] ??= new Set()); if (set.has(k)) return -1; set.add(k); return set.size; }]; } },
  "three levels": { make: () => { const cache: Record<number, Record<number, Cell>> = {}; return [cache, (n, k) => { const row = ((cache[n] ??= {})[k] ??= {}), at = n > 1 ? 1 : 2; row[at * k] = ((row[at * k] as number | undefined) ?? 0) + 1; return row[at * k]; }]; } },
  "a recursive function's": { make: () => { const cache: Record<number, Cell> = {}; const ways = (n: number, k: number): number => { if (k <= 0 || k >= n) return 1; if (!cache[n]) cache[n] = {}; return (cache[n][k] as number | undefined) ?? ((cache[n][k] = ways(n - 1, k - 1) + ways(n - 1, k)) as number); }; return [cache, ways]; }, calls: [[5, 2], [7, 3], [9, 4], [5, 2], [12, 6]] },
  "whose entries are deleted": { make: () => { const cache: Record<number, Cell> = { 1: { 2: 3 } }; return [cache, (n, k) => { const row = (cache[n] ??= {}); if (k in row) delete row[k]; else row[k] = n; if (n > 2) delete cache[n]; return Object.keys(row).length; }]; } },
  "listed": { make: () => { const cache: Record<number, Cell> = { 1: { 2: 3 } }; return [cache, (n, k) => { const row = (cache[n] ??= {}); row[k] = n; let s = ""; for (const key in row) s += key; return [s.length, Object.values(row), Object.keys(cache).length, Object.hasOwn(row, 1)]; }]; } },
  "that others change between two calls": started((cache) => { cache[2]![9] = 4; cache[1] = { 2: 0.5 }; delete cache[3]; }),
};
it.each(Object.keys(cases))("%s", (name) => agrees(cases[name]!));

const parent = { 3: 77, 1: 5 }, five = (): number => 5;
const others: Readonly<Record<string, (cache: Record<number, Cell>) => void>> = {
  "is frozen": (cache) => { Object.freeze(cache[1]); },
  "has a name": (cache) => { Reflect.set(cache[1]!, "name", 1); },
  "has a getter": (cache) => { Object.defineProperty(cache[1], 4, { get: five, enumerable: true, configurable: true }); },
  "inherits": (cache) => { Object.setPrototypeOf(cache[2], parent); },
  "is another one's, too": (cache) => { cache[5] = cache[1]!; },
};
test.each(Object.keys(others))("one of them %s", async (name) => {
  await ready();
  const mine: Record<number, Cell> = {}, theirs: Record<number, Cell> = {}, fast = specialize(memo(mine), { tier: "wasm", compile: "sync" }), reference = memo(theirs);
  const both = (a: number, b: number): void => {
    const outcome = (f: Kernel): unknown => { try { return f(a, b); } catch (error) { return String(error); } };
    expect(compare([outcome(reference), theirs], [outcome(fast), mine])).toEqual([]);
  };
  for (const [a, b] of [[1, 2], [2, 3], [1, 2], [2, 2]] as const) both(a, b);
  others[name]!(mine);
  others[name]!(theirs);
  for (const [a, b] of [[1, 2], [2, 1], [5, 8], [1, 8], [1, 4], [2, 3]] as const) both(a, b);
});

test("tables in the kernel's own lists", () => served((n: number) => {
  const rows: Record<number, number>[] = [], of: Record<number, Record<number, number>> = {};
  for (let i = 0; i < n; i++) { const row: Record<number, number> = {}; for (let j = 0; j < i; j++) row[(j * n) % 3] = (row[(j * n) % 3] ?? 0) + 1; rows.push(row); of[i * n] = row; }
  let s = 0;
  for (const row of rows) for (const k in row) s += row[k]!;
  return [s, rows, of, rows.length > 1 ? 1 in rows[1]! : false];
}, [[0], [3], [5]]));
test("the caller's", () => served((of: Record<number, Cell>, n: number, k: number) => { of[n] ??= {}; of[n][k] = k * 2; return of[n]; }, [[{}, 1, 2], [{ 1: { 2: 3 }, 4: { 1: 1 } }, 1, 2], [{ 1: { 9: 3 } }, 7, 2.5]]));
