// Writes one step of a vector loop: `lanes` iterations of the body at once, each value as vectors of its lanes.
//
//   %a = f64.load [%x + %i << 3]          →  %a0 = v128.load [%x + %i << 3]; %a1 = v128.load [%x + %i << 3] + 16; …
//   %b = f64.mul %a 0.5                   →  %b0 = f64x2.mul %a0 %half; %b1 = …                    %half = f64x2.splat 0.5, before the loop
//   %c = f64.select (f64.lt %b 1.0) %b %a →  %c0 = v128.bitselect %b0 %a0 (f64x2.lt %b0 %one); …
//
// A value of width w has lanes·w/16 registers, register r holding lanes r·16/w on. Asked for at another width it is extended or narrowed.
// Steps are written in their order for one group of lanes after another: as many at a time as leave registers for all that is alive.
// What does not change goes before the loop. Requires: `supported` for every needed step. Lanes keep the order of operations: same bits.

import { constantOf } from "../../ir/build.ts";
import { type LaneShape, type MachineOp } from "../../ir/ops.ts";
import type { Region, Value } from "../../ir/types.ts";
import { extractLane, joinLanes, LaneTools, shapeOf } from "../lanes.ts";
import { interleaved } from "./accesses.ts";
import { extremeInLanes, extremeOfChoice } from "./extremes.ts";
import type { Choice, Load, Mask, Operation } from "./flat.ts";
import { LaneMemory, type MemoryParts, type ValuesInLanes } from "./memory.ts";
import { addsUp, conversions, hasLanes, isBelow, saturates, truncations } from "./operations.ts";
import { laneForms, roundSmall } from "./table.ts";
import { integerShapes, lanesOf, naturalWidth, registerOf, type Width } from "./widths.ts";

export interface WriterParts extends MemoryParts {
  readonly needed: ReadonlySet<Value>;
  /** lanes written at a time */
  readonly group: number;
  /** a counter's first lane in this step, and what it grows by from lane to lane; null for other values */
  readonly counter: (old: Value) => { readonly now: Value; readonly step: number } | null;
  /** the accumulator of a reduction, register by register */
  readonly accumulator: (old: Value, register: number) => Value | null;
  /** the region before the loop */
  readonly before: Region;
}

const splats: ReadonlySet<string> = new Set(["f64x2.splat", "f32x4.splat", "i32x4.splat", "i16x8.splat", "i8x16.splat"]);

export class VectorWriter implements ValuesInLanes {
  private readonly p: WriterParts;
  private readonly made = new Map<Value, Map<number, Value>>();
  private readonly splats = new Map<Value, Map<string, Value>>();

  private readonly t: LaneTools;
  private readonly memory: LaneMemory;

  /** stores written so far, and how many there were when a load's turn was */
  private stores = 0;
  private readonly loaded = new Map<Load, number>();

  constructor(parts: WriterParts) {
    this.p = parts;
    this.t = new LaneTools(parts.e);
    this.memory = new LaneMemory(parts, this.t, this);
  }

  /** Writes all steps. */
  write(): void {
    const { flat, lanes, group, needed } = this.p;
    for (let from = 0; from < lanes; from += group) {
      for (const step of flat.steps) {
        if (step.kind === "store") { this.memory.store(step, from, from + group); this.stores++; continue; }
        if (step.kind === "load") this.loaded.set(step, this.stores);
        if (needed.has(step.result) && !this.p.uniform(step.result) && !(step.kind === "load" && this.isDouble(step))) {
          const w = this.p.widths.of(step.result);
          for (let r = registerOf(from, w); r <= registerOf(from + group - 1, w); r++) this.at(step.result, w, r);
        }
      }
    }
  }

  /** Loads whose doubles are read, not they themselves. */
  private isDouble(step: Load): boolean { return this.p.accesses.get(step.instr)?.promoted === true || this.p.doubled.has(step.instr); }

  // ───────────────────────────────── values ─────────────────────────────────

  /** Register r of a value in lanes of w bytes (of a mask: all ones or zeros). */
  at(v: Value, w: Width, r: number): Value {
    const { widths } = this.p;
    if (this.p.uniform(v)) return this.splat(v, w);
    const key = r * 16 + w;
    let registers = this.made.get(v);
    if (!registers) this.made.set(v, registers = new Map());
    const known = registers.get(key);
    if (known) return known;
    const own = this.p.counter(v) ? 4 : widths.of(v);
    const result = own === w ? this.compute(v, r) : own < w ? this.field(v, w, r) ?? this.extend(v, w, r) : this.narrow(v, w, r);
    registers.set(key, result);
    return result;
  }
  private splat(old: Value, w: Width, shape: LaneShape = old.type === "i32" ? integerShapes[w] : shapeOf(old.type)): Value {
    const constant = constantOf(old);
    if (typeof constant === "number") return this.t.every(shape, constant);
    return this.once(old, shape, () => {
      const now = this.p.uniform(old)!;
      if (shape === "i64x2") return this.t.op("i64x2.splat", this.t.op("i64.extend_i32_s", now));
      return this.t.op(`${shape}.splat` as MachineOp, now);
    });
  }
  /** Something before the loop, once. */
  private once(old: Value, what: string, write: () => Value): Value {
    let known = this.splats.get(old);
    if (!known) this.splats.set(old, known = new Map());
    let value = known.get(what);
    if (!value) known.set(what, value = this.before(write));
    return value;
  }
  private before<T>(write: () => T): T {
    const { e } = this.p;
    const inner = e.region;
    e.region = this.p.before;
    try { return write(); } finally { e.region = inner; }
  }
  /** the high half of a register, low; of a number in every lane either half will do */
  private highHalf(v: Value): Value { return v.def !== null && splats.has(v.def.op) ? v : this.t.shuffle(v, v, [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]); }
  /** the low halves of two registers; of one that stands for both (the same in all lanes) twice its low half: its high one may be zeros */
  private lowHalves(a: Value, b: Value): Value { return this.t.shuffle(a, b, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]); }

  private registers(w: Width): number { return Math.max(1, (this.p.lanes * w) / 16); }

  // ───────────────────────────────── widths ─────────────────────────────────

  /** A part of neighbouring elements that fill an int32 together: bytes of pixels, say. */
  private field(v: Value, w: Width, r: number): Value | null {
    const step = this.p.flat.by.get(v);
    const access = step?.kind === "load" ? this.p.accesses.get(step.instr) : undefined;
    const group = access ? interleaved(access) : null;
    if (w !== 4 || step?.kind !== "load" || !access || !group || access.stream.stride !== 4) return null;
    const all = this.memory.read(step, 16 * r + group.start - access.at, 16);
    const [bits, below] = [8 * access.bytes, 8 * access.bytes * group.which];
    const shift = (op: MachineOp, x: Value, by: number): Value => (by === 0 ? x : this.t.op(op, x, this.p.e.i32(by)));
    if (step.instr.op.endsWith("_s")) return shift("i32x4.shr_s", shift("i32x4.shl", all, 32 - bits - below), 32 - bits);
    const low = shift("i32x4.shr_u", all, below);
    return below + bits === 32 ? low : this.t.op("v128.and", low, this.t.every("i32x4", 2 ** bits - 1));
  }

  private extend(v: Value, w: Width, r: number): Value {
    const from = (w / 2) as Width;
    const source = this.at(v, from, r >> 1);
    const half = (r & 1) === 1 ? "high" : "low";
    const sign = this.p.widths.isMask(v) || !this.p.widths.nonNegative(v) ? "s" : "u";
    const shape = integerShapes[w];
    return this.t.op(`${shape}.extend_${half}_${integerShapes[from]}_${sign}` as MachineOp, source);
  }

  private narrow(v: Value, w: Width, r: number): Value {
    const from = (w * 2) as Width;
    const free = w === 1 ? this.unclamped(v) : null;
    const of = free ?? v;
    const a = this.at(of, from, 2 * r);
    const b = 2 * r + 1 < this.registers(from) ? this.at(of, from, 2 * r + 1) : a;
    if (free) return this.t.op("i8x16.narrow_i16x8_u", a, b);
    if (from === 8) return this.t.shuffle(a, b, [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]); // masks
    const { lo, hi } = this.p.ranges.of(v);
    const bits = 8 * w;
    const name = `${integerShapes[w]}.narrow_${integerShapes[from]}`;
    if (this.p.widths.isMask(v) || (lo >= -(2 ** (bits - 1)) && hi < 2 ** (bits - 1))) return this.t.op(`${name}_s` as MachineOp, a, b);
    if (lo >= 0 && hi < 2 ** bits && (from === 4 || hi <= 32767)) return this.t.op(`${name}_u` as MachineOp, a, b);
    const low = w === 1 ? [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30] : [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29];
    return this.t.shuffle(a, b, low);
  }

  /** What is clamped to 0 ‥ 255 here, if it is a signed 16-bit number: narrowing with saturation clamps by itself. */
  private unclamped(v: Value): Value | null {
    const { widths } = this.p;
    const free = this.clamped(v);
    return free && !widths.isMask(free) && widths.fits16(free) === "signed" && widths.of(free) <= 2 ? free : null;
  }
  /** What is clamped to 0 ‥ 255 here. */
  clamped(v: Value): Value | null {
    const { widths, flat } = this.p;
    const limitOf = (of: Value): { readonly op: "min" | "max"; readonly by: number; readonly free: Value } | null => {
      const step = flat.by.get(of);
      const limit = step ? widths.minMax(step) : null;
      if (limit?.unsigned) return null;
      const by = limit ? constantOf(limit.b) ?? constantOf(limit.a) : undefined;
      return limit && typeof by === "number" ? { op: limit.op, by, free: constantOf(limit.b) === undefined ? limit.b : limit.a } : null;
    };
    const outer = limitOf(v);
    if (!outer || this.p.uniform(outer.free)) return null;
    const inner = limitOf(outer.free);
    const both = (a: typeof outer, b: typeof outer): boolean => a.op === "min" && a.by === 255 && b.op === "max" && b.by === 0;
    if (inner && (both(outer, inner) || both(inner, outer))) return this.p.uniform(inner.free) ? null : inner.free;
    const { lo, hi } = this.p.ranges.of(outer.free); // on one side there may be nothing to clamp
    return (outer.op === "min" ? outer.by === 255 && lo >= 0 : outer.by === 0 && hi <= 255) ? outer.free : null;
  }

  // ───────────────────────────────── masks ─────────────────────────────────

  /** Where the value is not 0, in lanes of w bytes. */
  mask(cond: Value, w: Width, r: number): Value {
    const { widths } = this.p;
    const uniform = this.p.uniform(cond);
    if (uniform) return this.once(cond, "mask", () => this.t.op("i32x4.splat", this.t.op("i32.sub", this.p.e.i32(0), this.t.op("i32.ne", uniform, this.p.e.i32(0)))));
    if (widths.isMask(cond)) return this.at(cond, w, r);
    const own = widths.of(cond);
    // compared at its own width, then taken to the other
    const compared = (register: number): Value => this.t.op(`${integerShapes[own]}.ne` as MachineOp, this.at(cond, own, register), this.t.every(integerShapes[own], 0));
    return this.resize(compared, own, w, r);
  }
  private resize(at: (register: number) => Value, own: Width, w: Width, r: number): Value {
    if (own === w) return at(r);
    if (own < w) {
      const half = (w / 2) as Width;
      return this.t.op(`${integerShapes[w]}.extend_${(r & 1) === 1 ? "high" : "low"}_${integerShapes[half]}_s` as MachineOp, this.resize(at, own, half, r >> 1));
    }
    const twice = (w * 2) as Width;
    const a = this.resize(at, own, twice, 2 * r);
    const b = 2 * r + 1 < this.registers(twice) ? this.resize(at, own, twice, 2 * r + 1) : a;
    return twice === 8 ? this.t.shuffle(a, b, [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]) : this.t.op(`${integerShapes[w]}.narrow_${integerShapes[twice]}_s` as MachineOp, a, b);
  }

  /** A boolean of the source as a mask: constants too. */
  private boolean(v: Value, w: Width, r: number): Value {
    const c = constantOf(v);
    return c === undefined ? this.mask(v, w, r) : this.t.every("i32x4", c === 0 ? 0 : -1);
  }
  /** Where a step takes place. */
  where(mask: Mask, w: Width, r: number): Value {
    const own = this.mask(mask.cond, w, r);
    if (!mask.outer) return mask.truth ? own : this.t.op("v128.not", own);
    const outer = this.where(mask.outer, w, r);
    return mask.truth ? this.t.op("v128.and", outer, own) : this.t.op("v128.andnot", outer, own);
  }

  // ───────────────────────────────── steps ─────────────────────────────────

  private compute(v: Value, r: number): Value {
    const counter = this.p.counter(v);
    if (counter) return this.count(v, counter, r);
    const accumulator = this.p.accumulator(v, r);
    if (accumulator) return accumulator;
    const step = this.p.flat.by.get(v)!;
    this.p.e.place = step.kind === "choice" ? undefined : step.instr.place;
    switch (step.kind) {
      case "load": return this.memory.load(step, r);
      case "choice": return this.choose(step, step.cond, step.then, step.otherwise, r);
      case "operation": return this.operation(step, r);
    }
  }

  /** A counter in each lane. */
  private count(v: Value, { now, step }: { readonly now: Value; readonly step: number }, r: number): Value {
    const { e } = this.p;
    const lanes = this.once(v, `count${r}`, () => e.const("v128", new Uint8Array(Int32Array.from({ length: 4 }, (_, i) => (4 * r + i) * step).buffer)));
    return this.t.op("i32x4.add", this.t.op("i32x4.splat", now), lanes);
  }

  private choose(step: Choice | Operation, cond: Value, then: Value, otherwise: Value, r: number): Value {
    const { widths } = this.p;
    const w = widths.of(step.result);
    if (widths.isMask(step.result)) {
      const mask = this.mask(cond, w, r);
      const [a, b] = [constantOf(then), constantOf(otherwise)];
      if (b === 0) return a === undefined ? this.t.op("v128.and", mask, this.mask(then, w, r)) : mask;
      if (otherwise === cond) return this.t.op("v128.and", mask, this.boolean(then, w, r));
      if (then === cond) return this.t.op("v128.or", mask, this.boolean(otherwise, w, r));
      if (a === 0) return this.t.op("v128.andnot", this.boolean(otherwise, w, r), mask);
      if (a !== undefined) return this.t.op("v128.or", mask, this.boolean(otherwise, w, r));
      return this.t.op("v128.bitselect", this.boolean(then, w, r), this.boolean(otherwise, w, r), mask);
    }
    const limit = widths.minMax(step);
    if (limit) {
      const unsigned = limit.unsigned || w === 2 && widths.fits16(limit.a) !== "signed" || w === 2 && widths.fits16(limit.b) !== "signed";
      return this.t.op(`${integerShapes[w]}.${limit.op}_${unsigned ? "u" : "s"}` as MachineOp, this.integer(limit.a, w, r), this.integer(limit.b, w, r));
    }
    const test = this.p.flat.by.get(cond);
    const extreme = test?.kind === "operation" ? extremeOfChoice(test.instr, then, otherwise, (v) => this.p.ranges.of(v).nan) : null;
    if (extreme) return this.t.op(extreme.op, this.at(extreme.args[0], w, r), this.at(extreme.args[1], w, r));
    return this.t.op("v128.bitselect", this.integer(then, w, r), this.integer(otherwise, w, r), this.mask(cond, w, r));
  }

  /** A value of any type as a number. */
  number(v: Value, w: Width, r: number): Value { return v.type === "i32" ? this.integer(v, w, r) : this.at(v, w, r); }
  /** A value as a number, a boolean as 0 or 1. */
  private integer(v: Value, w: Width, r: number): Value {
    const { widths } = this.p;
    return !this.p.uniform(v) && widths.isMask(v) ? this.t.op("v128.and", this.at(v, w, r), this.t.every(integerShapes[w], 1)) : this.at(v, w, r);
  }

  private operation(step: Operation, r: number): Value {
    const { widths } = this.p;
    const { op, args } = step.instr;
    const w = widths.of(step.result);
    const [a, b, c] = args as [Value, Value, Value];
    if (op.endsWith(".select")) return this.choose(step, a, b, c, r);
    if (!hasLanes(step, (v) => this.p.uniform(v) !== null)) return this.apart(step, r);
    const name = op.slice(op.indexOf(".") + 1);
    if (name === "min" || name === "max") {
      const lanes = extremeInLanes(op, this.p.ranges.of(a), this.p.ranges.of(b));
      const [x, y] = [this.at(a, w, r), this.at(b, w, r)];
      return lanes.swap ? this.t.op(lanes.op, y, x) : this.t.op(lanes.op, x, y);
    }
    if (op === "math.round") {
      const { lo, hi, negzero } = this.p.ranges.of(a);
      if (lo >= 0 && hi <= 2 ** 50 && !negzero) return roundSmall(this.t, this.at(a, 8, r), false);
    }
    const form = laneForms[op];
    // of a comparison the result is a mask as wide as the operands
    if (form) return form(this.t, args.map((v) => this.number(v, v.type === "f64" ? 8 : 4, r)));
    if (conversions.has(op)) return this.conversion(step, r);
    if (truncations.has(op)) return this.truncated(op, a, r);
    if (op === "i32.eqz") return widths.isMask(a) ? this.t.op("v128.not", this.at(a, w, r)) : this.t.op(`${integerShapes[w]}.eq` as MachineOp, this.at(a, w, r), this.t.every(integerShapes[w], 0));
    if (widths.isMask(step.result)) {
      if (name === "and" || name === "or" || name === "xor") return this.t.op(`v128.${name}`, this.boolean(a, w, r), this.boolean(b, w, r));
      return this.compare(name, a, b, w, r);
    }
    switch (name) {
      case "and": case "or": case "xor": return this.t.op(`v128.${name}`, this.integer(a, w, r), this.integer(b, w, r));
      case "shl": case "shr_s": case "shr_u": {
        const by = constantOf(b);
        const shift = by === undefined ? this.p.uniform(b)! : this.p.e.i32((by as number) & 31);
        const sign = name === "shl" ? "" : name === "shr_s" && !(w === 2 && widths.fits16(a) === "unsigned") ? "_s" : "_u";
        if (typeof by === "number" && (by & 31) >= 8 * w) return name === "shl" || sign === "_u" ? this.t.every("i32x4", 0) : this.t.op(`${integerShapes[w]}.shr_s` as MachineOp, this.integer(a, w, r), this.p.e.i32(8 * w - 1));
        return this.t.op(`${integerShapes[w]}.${name.slice(0, 3)}${sign}` as MachineOp, this.integer(a, w, r), shift);
      }
      case "extend8_s": case "extend16_s": {
        const by = this.p.e.i32(name === "extend8_s" ? 24 : 16);
        return this.t.op("i32x4.shr_s", this.t.op("i32x4.shl", this.integer(a, 4, r), by), by);
      }
      default: return this.t.op(`${integerShapes[w]}.${name}` as MachineOp, this.integer(a, w, r), this.integer(b, w, r)); // add, sub, mul
    }
  }

  private compare(name: string, a: Value, b: Value, w: Width, r: number): Value {
    const { widths } = this.p;
    const relation = name.slice(0, 2);
    const signless = relation === "eq" || relation === "ne";
    const small = w === 2 && !(widths.fits16(a) === "signed" && widths.fits16(b) === "signed");
    const both = widths.nonNegative(a) && widths.nonNegative(b);
    const sign = signless ? "" : small || (name.endsWith("_u") && !both) ? "_u" : "_s";
    return this.t.op(`${integerShapes[w]}.${relation}${sign}` as MachineOp, this.integer(a, w, r), this.integer(b, w, r));
  }

  /** To f64 or f32 of something else. */
  private conversion(step: Operation, r: number): Value {
    const { op, args } = step.instr;
    const a = args[0]!;
    const looked = this.p.flat.by.get(a);
    if (looked?.kind === "load" && this.p.doubled.has(looked.instr)) return this.memory.lookUpDouble(looked, r);
    const half = (w: Width): Value => { const v = this.integer(a, w, r >> 1); return (r & 1) === 1 ? this.highHalf(v) : v; };
    switch (op) {
      case "f64.convert_i32_s": return this.t.op("f64x2.convert_low_i32x4_s", half(4));
      case "f64.convert_i32_u": return this.t.op("f64x2.convert_low_i32x4_u", half(4));
      case "f64.promote_f32": {
        const load = this.p.flat.by.get(a);
        const beside = load?.kind === "load" ? this.memory.promotedTogether(load, r) : null;
        if (beside) return beside;
        if (load?.kind === "load" && this.p.accesses.get(load.instr)?.promoted) return this.memory.read(load, 16 * r, 16);
        // half a register is read as such, unless something may have been written there since
        if (load?.kind === "load" && this.memory.contiguous(load) && this.loaded.get(load) === this.stores) return this.t.op("f64x2.promote_low_f32x4", this.memory.read(load, 8 * r, 8));
        return this.t.op("f64x2.promote_low_f32x4", half(4));
      }
      case "f32.convert_i32_s": return this.t.op("f32x4.convert_i32x4_s", this.integer(a, 4, r));
      case "f32.convert_i32_u": return this.t.op("f32x4.convert_i32x4_u", this.integer(a, 4, r));
      case "f32.demote_f64": return this.joined("f32x4.demote_f64x2_zero", a, r);
      default: throw new Error(`${op} has no lanes`);
    }
  }
  /** Four lanes of two pairs of doubles. */
  private joined(op: MachineOp, a: Value, r: number): Value {
    const low = this.t.op(op, this.at(a, 8, 2 * r));
    return 2 * r + 1 < this.registers(8) ? this.lowHalves(low, this.t.op(op, this.at(a, 8, 2 * r + 1))) : low;
  }
  /**
   * Doubles to int32. Of a number x below 2^51 the low 32 bits of x + 1.5·2^52 are x, rounded to the nearest integer, modulo 2^32: one addition,
   * where a conversion that saturates takes five instructions, and rounding before it one more. (Known from Lua, and from older C programs.)
   * Of a greater one ToInt32 asks the rest by 2^32 only: x − trunc(x / 2^32) · 2^32, exact, and NaN for infinities, whose low bits are 0.
   */
  private truncated(op: MachineOp, a: Value, r: number): Value {
    const { ranges, flat } = this.p;
    const range = ranges.of(a), below = addsUp(op, range);
    if (!below && (op !== "i32.from_f64" || saturates(range))) return this.joined(op === "i32.trunc_sat_f64_u" ? "i32x4.trunc_sat_f64x2_u_zero" : "i32x4.trunc_sat_f64x2_s_zero", a, r);
    const step = flat.by.get(a);
    const isRounded = step?.kind === "operation" && (step.instr.op === "f64.nearest" || step.instr.op === "math.round") && isBelow(ranges.of(step.instr.args[0]!), 2 ** 50);
    const rounded = isRounded ? step.instr.args[0]! : null;
    const rest = (x: Value): Value => this.t.op("f64x2.sub", x, this.t.op("f64x2.mul", this.t.op("f64x2.trunc", this.t.op("f64x2.mul", x, this.t.every("f64x2", 2 ** -32))), this.t.every("f64x2", 2 ** 32)));
    const bits = (register: number): Value => {
      const given = this.at(rounded ?? a, 8, register), x = below ? given : rest(given);
      const whole = (): Value => {
        if (rounded) return step?.kind === "operation" && step.instr.op === "math.round" ? roundSmall(this.t, x, ranges.of(rounded).lo < 0) : x;
        return range.int ? x : this.t.op("f64x2.trunc", x);
      };
      const sum = this.t.op("f64x2.add", whole(), this.t.every("f64x2", 1.5 * 2 ** 52));
      return range.nan ? this.t.op("v128.and", sum, this.t.op("f64x2.eq", given, given)) : sum; // a NaN may have any low bits
    };
    const low = bits(2 * r);
    return this.t.shuffle(low, 2 * r + 1 < this.registers(8) ? bits(2 * r + 1) : low, [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]);
  }

  // ───────────────────────────────── memory ─────────────────────────────────

  /** An operation without a vector form, done lane by lane. */
  private apart({ instr, result }: Operation, r: number): Value {
    return joinLanes(this.p.e, lanesOf(result, r).map((lane) => this.t.op(instr.op, ...instr.args.map((v) => this.scalar(v, lane)))));
  }

  /** One lane of a value: loaded alone where it comes from memory, and nothing was stored since. */
  scalar(v: Value, lane: number): Value {
    const { e } = this.p;
    const uniform = this.p.uniform(v);
    if (uniform) return uniform;
    if (v.type !== "i32") {
      const w = naturalWidth(v);
      return extractLane(e, this.at(v, w, registerOf(lane, w)), lane % (16 / w), v.type);
    }
    const step = this.p.flat.by.get(v), stale = step?.kind === "load" && this.loaded.get(step) !== this.stores;
    if (stale) return extractLane(e, this.integer(v, 4, lane >> 2), lane % 4, "i32");
    if (step?.kind === "load" && this.p.accesses.has(step.instr)) {
      const { stream, at } = this.p.accesses.get(step.instr)!;
      const { base, index, scale, offset } = this.p.address(stream);
      return e.load({ ...step.instr, args: [], results: [], scale, offset: offset + at + lane * stream.stride }, [base, index]);
    }
    if (step?.kind === "load") return this.memory.alone(step.instr, lane) ?? e.load(step.instr, [this.p.uniform(step.instr.args[0]!)!, this.scalar(step.instr.args[1]!, lane)]);
    return extractLane(e, this.integer(v, 4, lane >> 2), lane % 4, "i32");
  }
}
