// How wide a lane each value of a loop's body needs: 8 bytes for doubles, 4 for singles, and for int32 values 4, 2 or 1, by their range and by
// how many of their bits anybody looks at.
//
//   %s = i32.add %a %b     in [−3000, 3000]          → 16 bits: a sum's low bits come from its operands' low bits, whatever wraps on the way
//   %t = i32.mul %s 77; i32.store8 %t                → 16 bits as well: only the low 8 are stored (bytes are not multiplied)
//   %u = i32.shr_s %t 3                              needs all of %t: 16 bits if its range says so, else 32
//
// A value `fits` 16 bits if it is what its low 16 bits are, extended with or without sign. Comparisons are masks: all ones or zeros in lanes as
// wide as what they compare.

import { constantOf } from "../../ir/build.ts";
import type { Value } from "../../ir/types.ts";
import { memoryOps, type LaneShape } from "../../ir/ops.ts";
import type { Ranges } from "../ranges.ts";
import { operandsOf, type Flat, type Step } from "./flat.ts";

export type Width = 1 | 2 | 4 | 8;

/** The shape of integers of a width. */
export const integerShapes = { 1: "i8x16", 2: "i16x8", 4: "i32x4", 8: "i64x2" } as const satisfies Record<Width, LaneShape>;
/** The width of a value as scalar code has it. */
export const naturalWidth = (v: Value): Width => (v.type === "f64" ? 8 : 4);
/** The register that holds a lane. */
export const registerOf = (lane: number, w: Width): number => Math.floor((lane * w) / 16);
/** A register's lanes, of a value in its natural width. */
export const lanesOf = (v: Value, register: number): number[] => {
  const count = 16 / naturalWidth(v);
  return Array.from({ length: count }, (_, i) => register * count + i);
};

const comparison = /^(?:i32|f32|f64)\.(?:eq|ne|lt|gt|le|ge)/;
/** operations whose low result bits need but the operands' low bits */
const modular = new Set(["i32.add", "i32.sub", "i32.mul", "i32.and", "i32.or", "i32.xor", "i32.shl"]);
const bytewise = new Set(["i32.add", "i32.sub", "i32.and", "i32.or", "i32.xor"]);

export class Widths {
  private readonly width = new Map<Value, Width>();
  private readonly demand = new Map<Value, Width>();
  private readonly masks = new Map<Value, boolean>();
  private readonly flat: Flat;
  private readonly ranges: Ranges;
  private readonly lookups: ReadonlyMap<Value, Value | null>;
  private readonly beyond: ReadonlySet<Value>;

  /** `beyond`: values whose lanes may hold numbers outside of their range, which no narrower lane would keep. */
  constructor(flat: Flat, needed: ReadonlySet<Value>, roots: readonly Value[], lookups: ReadonlyMap<Value, Value | null>, ranges: Ranges, beyond: ReadonlySet<Value> = new Set()) {
    this.flat = flat;
    this.lookups = lookups;
    this.beyond = beyond;
    this.ranges = ranges;
    for (const root of roots) this.ask(root, 4);
    for (let i = flat.steps.length - 1; i >= 0; i--) {
      const step = flat.steps[i]!;
      if (step.kind === "store" || needed.has(step.result)) this.step(step);
    }
  }

  /** Bytes of a lane of the value, as it is computed. */
  of(v: Value): Width { return this.width.get(v) ?? natural(v); }

  /** Whether the value is kept as a mask. */
  isMask(v: Value): boolean {
    let known = this.masks.get(v);
    if (known === undefined) { this.masks.set(v, known = this.findMask(v)); }
    return known;
  }
  private findMask(v: Value): boolean {
    const step = this.flat.by.get(v);
    if (!step || v.type !== "i32") return false;
    if (step.kind === "choice") return this.isBoolean(step.then) && this.isBoolean(step.otherwise);
    if (step.kind === "load") return false;
    const { op, args } = step.instr;
    if (comparison.test(op) || op === "i32.eqz") return true;
    if (op === "i32.and" || op === "i32.or" || op === "i32.xor") return args.every((a) => this.isBoolean(a));
    return op === "i32.select" && this.isBoolean(args[1]!) && this.isBoolean(args[2]!);
  }
  private isBoolean(v: Value): boolean {
    const c = constantOf(v);
    return c === 0 || c === 1 || this.isMask(v);
  }

  /** What the value's low 16 bits have to be extended with: nothing says the value does not fit. */
  fits16(v: Value): "signed" | "unsigned" | null {
    const { lo, hi } = this.ranges.of(v);
    return lo >= -32768 && hi <= 32767 ? "signed" : lo >= 0 && hi <= 65535 ? "unsigned" : null;
  }
  nonNegative(v: Value): boolean { return this.ranges.of(v).lo >= 0; }
  private fit(v: Value): Width { return v.type === "f64" ? 8 : v.type === "f32" || this.beyond.has(v) ? 4 : this.fits16(v) ? 2 : 4; }

  private ask(v: Value, width: Width): void {
    const known = this.demand.get(v);
    if (known === undefined || known < width) this.demand.set(v, width);
  }

  private step(step: Step): void {
    if (step.kind === "store") {
      this.ask(step.value, memoryOps[step.instr.op].bytes as Width);
      for (let m = step.mask; m; m = m.outer) this.ask(m.cond, 4);
      return;
    }
    const { result } = step;
    const demand = this.demand.get(result) ?? 4;
    const set = (w: Width): void => { this.width.set(result, w); };
    if (step.kind === "load") {
      const lookup = this.lookups.get(result);
      if (lookup) this.ask(lookup, 4);
      set(lookup !== undefined ? natural(result) : memoryOps[step.instr.op].bytes as Width);
      return;
    }
    if (result.type !== "i32") {
      set(result.type === "f64" ? 8 : 4);
      for (const v of operandsOf(step)) this.ask(v, 4);
      return;
    }
    if (this.isMask(result)) { set(this.maskWidth(step)); return; }
    const choice = step.kind === "choice" ? [step.then, step.otherwise] : step.instr.op === "i32.select" ? step.instr.args.slice(1) : null;
    const few = Math.min(demand, this.fit(result)) as Width;
    if (choice) {
      const limit = this.minMax(step);
      const w = limit ? this.common(limit.a, limit.b) : few;
      set(w);
      for (const v of limit ? [limit.a, limit.b] : choice) this.ask(v, limit ? 4 : w);
      if (!limit) this.ask(operandsOf(step)[0]!, 4);
      return;
    }
    const { op, args } = (step as Extract<Step, { kind: "operation" }>).instr;
    if (modular.has(op) && (op !== "i32.shl" || constantOf(args[1]!) !== undefined)) {
      const w = few === 1 && !bytewise.has(op) ? 2 : few;
      set(w);
      this.ask(args[0]!, w);
      if (op !== "i32.shl") this.ask(args[1]!, w);
      return;
    }
    for (const v of args) this.ask(v, 4);
    if ((op === "i32.shr_s" || op === "i32.shr_u") && constantOf(args[1]!) !== undefined) { set(op === "i32.shr_s" || this.nonNegative(args[0]!) ? this.fit(args[0]!) : 4); return; }
    set(4);
  }

  /** The width at which two values can be compared. */
  common(a: Value, b: Value): Width {
    if (a.type !== "i32") return natural(a);
    const fits = (v: Value, kind: "signed" | "unsigned"): boolean => {
      const { lo, hi } = this.ranges.of(v);
      return kind === "signed" ? lo >= -32768 && hi <= 32767 : lo >= 0 && hi <= 65535;
    };
    return (fits(a, "signed") && fits(b, "signed")) || (fits(a, "unsigned") && fits(b, "unsigned")) ? 2 : 4;
  }

  private maskWidth(step: Step): Width {
    const conds = step.kind === "choice" ? [step.cond, step.then, step.otherwise] : (step as Extract<Step, { kind: "operation" }>).instr.args;
    const op = step.kind === "operation" ? step.instr.op : "";
    if (op === "i32.eqz") {
      const of = conds[0]!;
      this.ask(of, 4);
      return this.isMask(of) ? this.maskWidthOf(of) : this.common(of, of);
    }
    if (comparison.test(op)) {
      conds.forEach((v) => { this.ask(v, 4); });
      return op.startsWith("i32") && op.endsWith("_u") && !conds.every((v) => this.nonNegative(v)) ? 4 : this.common(conds[0]!, conds[1]!);
    }
    conds.forEach((v) => { this.ask(v, 4); });
    return Math.max(...conds.filter((v) => constantOf(v) === undefined).map((v) => this.maskWidthOf(v))) as Width;
  }
  /** as `of` will have it: operands are visited after their uses */
  private maskWidthOf(v: Value): Width {
    const step = this.flat.by.get(v);
    if (!step) return 4;
    if (!this.isMask(v)) return this.common(v, v);
    let known = this.width.get(v);
    if (known === undefined) this.width.set(v, known = this.maskWidth(step));
    return known;
  }

  /** The choice as the lesser or greater of two values, if it is that. */
  minMax(step: Step): { readonly op: "min" | "max"; readonly a: Value; readonly b: Value; readonly unsigned: boolean } | null {
    if (step.kind === "load" || step.kind === "store" || step.result.type !== "i32") return null;
    const [cond, then, otherwise] = operandsOf(step) as [Value, Value, Value];
    if (step.kind === "operation" && step.instr.op !== "i32.select") return null;
    const test = this.flat.by.get(cond);
    const [, relation, sign] = (test?.kind === "operation" ? /^i32\.(lt|le|gt|ge)_([su])$/.exec(test.instr.op) : null) ?? [];
    if (!relation || test?.kind !== "operation") return null;
    const unsigned = sign === "u";
    const [a, b] = test.instr.args as [Value, Value];
    const same = (x: Value, y: Value): boolean => x === y || (constantOf(x) !== undefined && constantOf(x) === constantOf(y));
    const less = relation[0] === "l";
    if (same(a, then) && same(b, otherwise)) return { op: less ? "min" : "max", a, b, unsigned };
    if (same(b, then) && same(a, otherwise)) return { op: less ? "max" : "min", a, b, unsigned };
    return null;
  }
}

const natural = (v: Value): Width => (v.type === "f64" || v.type === "i64" ? 8 : 4);
