// Indices as affine forms: (m·counter + Σ base·times + c) / part, of which c is within known bounds. For split.ts, which limits a loop by them.
//
//   4*i + j + x[k], j in [0, 3], x[k] a byte     m = 4, c in [0, 258], made of the element x[k]

import type { Value } from "../ir/types.ts";
import { scaled, type Looked } from "./ahead.ts";

/** (m·i + Σ base·times + [lo, hi]) / part; `by`: what is in [lo, hi] is made of an element */
export interface Affine { m: number; readonly base: Map<Value, number>; lo: number; hi: number; readonly part: number; readonly by: Looked | null | undefined }
/** They differ by constants alone. */
export const isBeside = (a: Affine, b: Affine): boolean => a.m === b.m && a.part === b.part && a.base.size === b.base.size && [...a.base].every(([v, n]) => b.base.get(v) === n);
export const fixed = (lo: number, hi: number, base: Iterable<[Value, number]> = []): Affine => ({ m: 0, base: new Map(base), lo, hi, part: 1, by: undefined });
export const times = (a: Affine, by: number): Affine => (
  { by: a.by && (by > 0 ? scaled(a.by, by, 0) : null), m: a.m * by, base: new Map([...a.base].map(([v, n]) => [v, n * by])), lo: by > 0 ? a.lo * by : a.hi * by, hi: by > 0 ? a.hi * by : a.lo * by, part: a.part });
export function sum(a: Affine, b: Affine, part: number): Affine {
  const base = new Map(a.base);
  for (const [v, n] of b.base) base.set(v, (base.get(v) ?? 0) + n);
  const by = a.by === undefined ? b.by && scaled(b.by, 1, a.hi) : b.by === undefined ? a.by && scaled(a.by, 1, b.hi) : null;
  return { m: a.m + b.m, base, lo: a.lo + b.lo, hi: a.hi + b.hi, part, by };
}
