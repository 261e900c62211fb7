// Bounds of one int32 value by another, "x ≤ y + c": told by conditions, found on demand through additions, remainders, masks and choices.
//
//   if i32.lt_s %i %n { … i32.add %i -1 … }       inside: %i ≤ %n − 1, and so the sum ≤ %n − 2
//
// Sound where additions are exact (ranges.ts knows of each). The search is cut off by depth and by steps: then intervals tell what they can.
// Source: Bodík, Gupta, Sarkar, "ABCD: eliminating array bounds checks on demand" (2000).

import type { Value } from "../ir/types.ts";
import type { Range } from "./intervals.ts";

/** value ≤ other + c */
export interface Fact { readonly other: Value; readonly c: number; readonly next: Fact | null }

/** What the search asks of single values. */
interface Known { of(v: Value): Range; isExact(v: Value): boolean }

export class Relations {
  private readonly facts: (Fact | null)[];
  private readonly ranges: Known;
  private budget = 0;

  constructor(values: number, ranges: Known) {
    this.facts = new Array<Fact | null>(values).fill(null);
    this.ranges = ranges;
  }

  /** a ≤ b + c from now on; what was known of a before. */
  add(a: Value, b: Value, c: number): Fact | null {
    const next = this.facts[a.id]!;
    this.facts[a.id] = { other: b, c, next };
    return next;
  }
  restore(id: number, before: Fact | null): void { this.facts[id] = before; }

  /** The least c found such that x ≤ y + c, of i32 values. */
  bound(x: Value, y: Value): number { this.budget = 60; return this.search(x, y, 7); }
  private search(x: Value, y: Value, depth: number): number {
    if (x === y) return 0;
    let best = this.ranges.of(x).hi - this.ranges.of(y).lo;
    if (depth === 0 || --this.budget < 0) return best;
    const through = (v: Value, w: Value, c: number): void => { best = Math.min(best, this.search(v, w, depth - 1) + c); };
    for (let fact = this.facts[x.id] ?? null; fact; fact = fact.next) through(fact.other, y, fact.c);
    const from = x.def;
    const [a, b, c] = (from?.args ?? []) as [Value, Value, Value];
    switch (from?.op) {
      case "i32.add":
        if (!this.ranges.isExact(x)) break;
        through(a, y, this.ranges.of(b).hi);
        if (b.def?.op !== "const") through(b, y, this.ranges.of(a).hi);
        break;
      case "i32.sub": if (this.ranges.isExact(x)) through(a, y, -this.ranges.of(b).lo); break;
      case "i32.shr_s": case "i32.shr_u": case "i32.div_u": case "i32.and": // x is at most what it came from
        if (this.ranges.of(a).lo >= 0) through(a, y, 0);
        if (from.op === "i32.and" && b.def?.op !== "const" && this.ranges.of(b).lo >= 0) through(b, y, 0);
        break;
      case "i32.rem_u": case "i32.rem_s": if (this.ranges.of(b).lo > 0) through(b, y, -1); break;
      case "i32.select": {
        const [viaB, viaC] = [this.search(b, y, depth - 1), this.search(c, y, depth - 1)];
        const least = (a.def?.op === "i32.lt_s" || a.def?.op === "i32.le_s") && a.def.args[0] === b && a.def.args[1] === c; // the smaller of b and c
        best = Math.min(best, least ? Math.min(viaB, viaC) : Math.max(viaB, viaC));
        break;
      }
    }
    const to = y.def;
    if (to?.op === "i32.add" && this.ranges.isExact(y)) through(x, to.args[0]!, -this.ranges.of(to.args[1]!).lo);
    if (to?.op === "i32.sub" && this.ranges.isExact(y)) through(x, to.args[0]!, this.ranges.of(to.args[1]!).hi);
    return best;
  }
}
