// What a condition tells of values where it holds, and where it does not: intervals, and bounds of one value by another (relations.ts).
//
//   if i32.lt_s %i, %n { … }     inside: %i is at most what %n is at most, less 1; %i ≤ %n − 1; so is the double that was made of %i
//
// Requires: machine form. What is learned goes on to what the values were made of, and is undone at the end of the region in which it holds: the
// trail keeps what was known before. For ranges.ts, which walks the regions.

import { constantOf } from "../ir/build.ts";
import type { Instr, Value } from "../ir/types.ts";
import { ints, isNothing, meet, ofNumber, range, sameRange, type Range } from "./intervals.ts";
import { anyOf } from "./loaded.ts";
import { Relations, type Fact } from "./relations.ts";

export function ofConstant({ def, type }: Value): Range | null {
  if (def === null || def.op !== "const") return null;
  return typeof def.value === "number" ? (type === "i32" ? ints(def.value, def.value) : ofNumber(def.value)) : anyOf(type);
}

export abstract class Conditions {
  protected readonly known: (Range | undefined)[];
  /** integer operations that do not wrap */
  protected readonly exact: Uint8Array;
  protected readonly relations: Relations;
  /** what a region's end undoes: id, and its range or fact before */
  protected readonly trail: ({ id: number; range: Range | undefined } | { id: number; fact: Fact | null })[] = [];

  /** `values`: one more than the greatest id. */
  constructor(values: number) {
    this.known = new Array<Range | undefined>(values).fill(undefined);
    this.exact = new Uint8Array(values);
    this.relations = new Relations(values, this);
  }

  of(v: Value): Range { return ofConstant(v) ?? this.known[v.id] ?? anyOf(v.type); }
  isExact(v: Value): boolean { return this.exact[v.id] === 1; }

  /** Takes a condition for true or false from here to the end of the region; false if it can't be. */
  protected assume(cond: Value, truth: boolean): boolean {
    const r = this.of(cond);
    if (truth ? r.lo === 0 && r.hi === 0 : r.lo > 0 || r.hi < 0) return false;
    if (truth ? r.lo === 0 : true) this.set(cond, truth ? ints(1, r.hi) : ints(0, 0));
    const def = cond.def;
    if (def === null) return true;
    const [a, b] = def.args as [Value, Value];
    switch (def.op) {
      case "i32.eqz": return this.assume(a, !truth);
      case "i32.and": return truth ? this.assume(a, true) && this.assume(b, true) : true;
      case "i32.or": return truth ? true : this.assume(a, false) && this.assume(b, false);
      case "i32.select": { // a && b, a || b
        const c = def.args[2]!;
        const [isAnd, isOr] = [c === a || constantOf(c) === 0, b === a || constantOf(b) === 1];
        if (truth) return !isAnd || this.assume(a, true) && this.assume(b, true);
        return !isOr || this.assume(a, false) && this.assume(c, false);
      }
      case "if": { // a && b where b is more than a comparison: only a can be spoken of here
        const [then, otherwise] = def.regions.map((arm) => arm.body.at(-1)!);
        const at = def.results.indexOf(cond);
        const given = (end: Instr | undefined): Value | null => (end?.op === "yield" ? end.args[at]! : null);
        const [x, y] = [given(then), given(otherwise)];
        if (truth) return x === null || y === null || !(y === a || constantOf(y) === 0) || this.assume(a, true);
        return x === null || y === null || !(x === a || constantOf(x) === 1) || this.assume(a, false);
      }
      case "i32.eq": return truth ? this.equal(a, b) : this.unequal(a, b);
      case "i32.ne": return truth ? this.unequal(a, b) : this.equal(a, b);
      case "i32.lt_s": return truth ? this.less(a, b, 1) : this.less(b, a, 0);
      case "i32.le_s": return truth ? this.less(a, b, 0) : this.less(b, a, 1);
      case "i32.gt_s": return truth ? this.less(b, a, 1) : this.less(a, b, 0);
      case "i32.ge_s": return truth ? this.less(b, a, 0) : this.less(a, b, 1);
      case "i32.lt_u": return truth ? this.lessUnsigned(a, b, 1) : this.lessUnsigned(b, a, 0);
      case "i32.le_u": return truth ? this.lessUnsigned(a, b, 0) : this.lessUnsigned(b, a, 1);
      case "i32.gt_u": return truth ? this.lessUnsigned(b, a, 1) : this.lessUnsigned(a, b, 0);
      case "i32.ge_u": return truth ? this.lessUnsigned(b, a, 0) : this.lessUnsigned(a, b, 1);
      case "f64.lt": return this.ordered(a, b, true, truth);
      case "f64.le": return this.ordered(a, b, false, truth);
      case "f64.gt": return this.ordered(b, a, true, truth);
      case "f64.ge": return this.ordered(b, a, false, truth);
      case "f64.eq": return truth ? this.equalFloats(a, b) : this.unequalFloats(a, b);
      case "f64.ne": return truth ? this.unequalFloats(a, b) : this.equalFloats(a, b);
      default: return true;
    }
  }

  /** a + gap ≤ b, signed */
  private less(a: Value, b: Value, gap: number): boolean {
    this.fact(a, b, -gap);
    return this.refine(a, ints(-2147483648, this.of(b).hi - gap)) && this.refine(b, ints(this.of(a).lo + gap, 2147483647));
  }
  private lessUnsigned(a: Value, b: Value, gap: number): boolean {
    if (this.of(b).lo < 0) return true; // b may be any number above 2^31
    return this.refine(a, ints(0, 2147483647)) && this.less(a, b, gap);
  }
  private equal(a: Value, b: Value): boolean { return this.less(a, b, 0) && this.less(b, a, 0); }
  private unequal(a: Value, b: Value): boolean {
    const [x, y] = [this.of(a), this.of(b)];
    if (y.lo !== y.hi) return true;
    if (x.lo === y.lo) return this.refine(a, ints(x.lo + 1, x.hi));
    return x.hi === y.lo ? this.refine(a, ints(x.lo, x.hi - 1)) : true;
  }

  /** a < b or a ≤ b of doubles, true or false. NaN makes it false: then it says what one that may be NaN is otherwise, and nothing of its operands. */
  private ordered(a: Value, b: Value, strict: boolean, truth: boolean): boolean {
    if (!truth) {
      const [x, y] = [this.of(a), this.of(b)];
      if (!x.nan && !y.nan) return this.ordered(b, a, !strict, true);
      if (!y.nan) this.set(a, meet(x, range(y.lo, Infinity, false, true, true)));
      if (!x.nan) this.set(b, meet(y, range(-Infinity, x.hi, false, true, true)));
      return true;
    }
    const [x, y] = [this.of(a), this.of(b)];
    const below = strict && x.int && y.hi <= 2 ** 53 ? Math.ceil(y.hi) - 1 : y.hi;
    const above = strict && y.int && x.lo >= -(2 ** 53) ? Math.floor(x.lo) + 1 : x.lo;
    return this.refine(a, range(-Infinity, below, false, false, true)) && this.refine(b, range(above, Infinity, false, false, true));
  }
  private equalFloats(a: Value, b: Value): boolean {
    const [x, y] = [this.of(a), this.of(b)];
    return this.refine(a, range(y.lo, y.hi, y.int, false, true)) && this.refine(b, range(x.lo, x.hi, x.int, false, true));
  }

  /** Of whole numbers one end may go. Both zeros do, since they are equal. */
  private unequalFloats(a: Value, b: Value): boolean {
    const [x, y] = [this.of(a), this.of(b)];
    if (!x.int || x.nan || y.lo !== y.hi || y.nan || Math.abs(y.lo) >= 2 ** 53) return true;
    if (x.lo === y.lo) return this.refine(a, range(x.lo + 1, x.hi, true, false, x.negzero));
    return x.hi === y.lo ? this.refine(a, range(x.lo, x.hi - 1, true, false, x.negzero)) : true;
  }

  /** The value is in that range as well, and so is what it was made of; false if that can't be. */
  private refine(v: Value, r: Range): boolean {
    const before = this.of(v);
    const after = meet(before, r);
    if (isNothing(after)) return false;
    if (sameRange(before, after) || v.def?.op === "const") return true;
    this.set(v, after);
    const def = v.def;
    if (def === null) return true;
    const a = def.args[0]!;
    switch (def.op) {
      case "f64.convert_i32_s": return this.refine(a, ints(Math.max(after.lo, -2147483648), Math.min(after.hi, 2147483647)));
      case "i32.add": {
        const c = this.of(def.args[1]!);
        return c.lo !== c.hi || !this.exact[v.id] || this.refine(a, ints(after.lo - c.lo, after.hi - c.lo));
      }
      case "f64.add": case "f64.sub": { // of integers that small nothing is rounded, and of greater ones the sum is no smaller
        const c = this.of(def.args[1]!);
        const by = def.op === "f64.add" ? c.lo : -c.lo;
        const x = this.of(a);
        if (c.lo !== c.hi || !c.int || c.nan || !x.int || Math.abs(by) >= 2 ** 52) return true;
        const end = (sum: number, otherwise: number): number => (Math.abs(sum - by) < 2 ** 52 ? sum - by : otherwise);
        return this.refine(a, range(end(after.lo, x.lo), end(after.hi, x.hi), true, x.nan, x.negzero));
      }
      default: return true;
    }
  }
  private set(v: Value, r: Range): void {
    if (v.def?.op === "const") return;
    this.trail.push({ id: v.id, range: this.known[v.id] });
    this.known[v.id] = r;
  }
  /** a ≤ b + c; of what a constant is added to, that much less */
  protected fact(a: Value, b: Value, c: number): void {
    if (a.def?.op === "const" || a === b) return; // intervals tell that of constants
    this.trail.push({ id: a.id, fact: this.relations.add(a, b, c) });
    const by = a.def?.op === "i32.add" && this.exact[a.id] ? constantOf(a.def.args[1]!) : undefined;
    if (typeof by === "number") this.fact(a.def!.args[0]!, b, c - by);
  }
  protected undo(mark: number): void {
    while (this.trail.length > mark) {
      const entry = this.trail.pop()!;
      if ("fact" in entry) this.relations.restore(entry.id, entry.fact);
      else this.known[entry.id] = entry.range;
    }
  }
}
