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
import type { Memory, Region, Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import type { Ranges } from "../ranges.ts";
import { interleaved, type Access, type Stream } from "./accesses.ts";
import { extremeInLanes } from "./extremes.ts";
import type { Choice, Flat, Load, Mask, Operation, Store } from "./flat.ts";
import { addsUp, conversions, hasLanes, isBelow, saturates, truncations } from "./operations.ts";
import { laneForms, type LaneTools } from "./table.ts";
import type { Width, Widths } from "./widths.ts";

export interface WriterParts {
  readonly e: Emitter;
  readonly flat: Flat;
  readonly widths: Widths;
  readonly ranges: Ranges;
  readonly accesses: ReadonlyMap<Memory, Access>;
  readonly gathers: ReadonlySet<Memory>;
  /** look-ups that are done in a table of doubles instead: where it begins in the columns */
  readonly doubled: ReadonlyMap<Memory, number>;
  /** the address of the columns */
  readonly columns: () => Value;
  readonly needed: ReadonlySet<Value>;
  /** at least as many as fill a register of the narrowest values */
  readonly lanes: number;
  /** lanes written at a time */
  readonly group: number;
  /** what a value that is the same in every iteration is before the loop; null for others */
  readonly uniform: (old: Value) => Value | null;
  /** a counter's first lane in this step, and what it grows by from lane to lane; null for other values */
  readonly counter: (old: Value) => { readonly now: Value; readonly step: number } | null;
  /** the accumulator of a reduction, register by register */
  readonly accumulator: (old: Value, register: number) => Value | null;
  /** where a stream begins in this step: base and index operands */
  readonly address: (stream: Stream) => { readonly base: Value; readonly index: Value; readonly scale: number; readonly offset: number };
  /** where a lane's own load goes; null, or not given: where its index in lanes says */
  readonly place?: (instr: Memory, lane: number) => { readonly base: Value; readonly index: Value; readonly scale: number; readonly offset: number } | null;
  /** the region before the loop */
  readonly before: Region;
}

type Interleaved = NonNullable<ReturnType<typeof interleaved>>;

const shapes: Record<Width, LaneShape> = { 1: "i8x16", 2: "i16x8", 4: "i32x4", 8: "i64x2" };

const splats: ReadonlySet<string> = new Set(["f64x2.splat", "f32x4.splat", "i32x4.splat", "i16x8.splat", "i8x16.splat"]);

export class VectorWriter {
  private readonly p: WriterParts;
  private readonly made = new Map<Value, Map<number, Value>>();
  private readonly splats = new Map<Value, Map<string, Value>>();

  private readonly tools: LaneTools = { op: (o, ...v) => this.op(o, ...v), every: (s, x) => this.every(s, x) };

  /** stores written so far, and how many there were when a load's turn was */
  private stores = 0;
  private readonly loaded = new Map<Load, number>();

  constructor(parts: WriterParts) { this.p = parts; }

  /** Writes all steps. */
  write(): void {
    const { flat, lanes, group, needed } = this.p;
    for (let from = 0; from < lanes; from += group) {
      for (const step of flat.steps) {
        if (step.kind === "store") { this.store(step, from, from + group); this.stores++; continue; }
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
  private op(op: MachineOp, ...args: Value[]): Value { return this.p.e.op(op, ...args); }

  private splat(old: Value, w: Width, shape: LaneShape = old.type === "f64" ? "f64x2" : old.type === "f32" ? "f32x4" : shapes[w]): Value {
    const constant = constantOf(old);
    if (typeof constant === "number") return this.every(shape, constant);
    return this.once(old, shape, () => {
      const now = this.p.uniform(old)!;
      if (shape === "i64x2") return this.op("i64x2.splat", this.op("i64.extend_i32_s", now));
      return this.op(`${shape}.splat` as MachineOp, now);
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
  private readonly constants = new Map<string, Value>();
  /** A number in every lane. */
  private every(shape: LaneShape, value: number): Value {
    const key = `${shape}${Object.is(value, -0) ? "-0" : value}`;
    let known = this.constants.get(key);
    if (!known) {
      this.constants.set(key, known = this.p.e.const("v128", everyLane(shape, value)));
    }
    return known;
  }

  private shuffle(a: Value, b: Value, lanes: readonly number[]): Value {
    return this.p.e.lane({ op: "lane", name: "i8x16.shuffle", lanes, args: [], results: [] }, [a, b], "v128");
  }
  /** the high half of a register, low; of a number in every lane either half will do */
  private highHalf(v: Value): Value { return v.def !== null && splats.has(v.def.op) ? v : this.shuffle(v, v, [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15]); }
  /** the low halves of two registers; of one that stands for both (the same in all lanes) twice its low half: its high one may be zeros */
  private lowHalves(a: Value, b: Value): Value { return this.shuffle(a, b, [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]); }

  private registers(w: Width): number { return Math.max(1, (this.p.lanes * w) / 16); }

  // ───────────────────────────────── widths ─────────────────────────────────

  /** A part of neighbouring elements that fill an int32 together: bytes of pixels, say. */
  private field(v: Value, w: Width, r: number): Value | null {
    const step = this.p.flat.by.get(v);
    const access = step?.kind === "load" ? this.p.accesses.get(step.instr) : undefined;
    const group = access ? interleaved(access) : null;
    if (w !== 4 || step?.kind !== "load" || !access || !group || access.stream.stride !== 4) return null;
    const all = this.read(step, 16 * r + group.start - access.at, 16);
    const [bits, below] = [8 * access.bytes, 8 * access.bytes * group.which];
    const shift = (op: MachineOp, x: Value, by: number): Value => (by === 0 ? x : this.op(op, x, this.p.e.i32(by)));
    if (step.instr.op.endsWith("_s")) return shift("i32x4.shr_s", shift("i32x4.shl", all, 32 - bits - below), 32 - bits);
    const low = shift("i32x4.shr_u", all, below);
    return below + bits === 32 ? low : this.op("v128.and", low, this.every("i32x4", 2 ** bits - 1));
  }

  private extend(v: Value, w: Width, r: number): Value {
    const from = (w / 2) as Width;
    const source = this.at(v, from, r >> 1);
    const half = (r & 1) === 1 ? "high" : "low";
    const sign = this.p.widths.isMask(v) || !this.p.widths.nonNegative(v) ? "s" : "u";
    const shape = shapes[w];
    return this.op(`${shape}.extend_${half}_${shapes[from]}_${sign}` as MachineOp, source);
  }

  private narrow(v: Value, w: Width, r: number): Value {
    const from = (w * 2) as Width;
    const free = w === 1 ? this.unclamped(v) : null;
    const of = free ?? v;
    const a = this.at(of, from, 2 * r);
    const b = 2 * r + 1 < this.registers(from) ? this.at(of, from, 2 * r + 1) : a;
    if (free) return this.op("i8x16.narrow_i16x8_u", a, b);
    if (from === 8) return this.shuffle(a, b, [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]); // masks
    const { lo, hi } = this.p.ranges.of(v);
    const bits = 8 * w;
    const name = `${shapes[w]}.narrow_${shapes[from]}`;
    if (this.p.widths.isMask(v) || (lo >= -(2 ** (bits - 1)) && hi < 2 ** (bits - 1))) return this.op(`${name}_s` as MachineOp, a, b);
    if (lo >= 0 && hi < 2 ** bits && (from === 4 || hi <= 32767)) return this.op(`${name}_u` as MachineOp, a, b);
    const low = w === 1 ? [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30] : [0, 1, 4, 5, 8, 9, 12, 13, 16, 17, 20, 21, 24, 25, 28, 29];
    return this.shuffle(a, b, low);
  }

  /** What is clamped to 0 ‥ 255 here, if it is a signed 16-bit number: narrowing with saturation clamps by itself. */
  private unclamped(v: Value): Value | null {
    const { widths } = this.p;
    const free = this.clamped(v);
    return free && !widths.isMask(free) && widths.fits16(free) === "signed" && widths.of(free) <= 2 ? free : null;
  }
  /** What is clamped to 0 ‥ 255 here. */
  private clamped(v: Value): Value | null {
    const { widths, flat } = this.p;
    const limitOf = (of: Value): { readonly op: "min" | "max"; readonly by: number; readonly free: Value } | null => {
      const step = flat.by.get(of);
      const limit = step ? widths.minMax(step) : null;
      const by = limit ? constantOf(limit.b) ?? constantOf(limit.a) : undefined;
      return limit && typeof by === "number" ? { op: limit.op, by, free: constantOf(limit.b) === undefined ? limit.b : limit.a } : null;
    };
    const outer = limitOf(v);
    const inner = outer && limitOf(outer.free);
    if (!outer || !inner || outer.op === inner.op) return null;
    const clamps = outer.op === "min" ? outer.by === 255 && inner.by === 0 : outer.by === 0 && inner.by === 255;
    return clamps && !this.p.uniform(inner.free) ? inner.free : null;
  }

  // ───────────────────────────────── masks ─────────────────────────────────

  /** Where the value is not 0, in lanes of w bytes. */
  mask(cond: Value, w: Width, r: number): Value {
    const { widths } = this.p;
    const uniform = this.p.uniform(cond);
    if (uniform) return this.once(cond, "mask", () => this.op("i32x4.splat", this.op("i32.sub", this.p.e.i32(0), this.op("i32.ne", uniform, this.p.e.i32(0)))));
    if (widths.isMask(cond)) return this.at(cond, w, r);
    const own = widths.of(cond);
    // compared at its own width, then taken to the other
    const compared = (register: number): Value => this.op(`${shapes[own]}.ne` as MachineOp, this.at(cond, own, register), this.every(shapes[own], 0));
    return this.resize(compared, own, w, r);
  }
  private resize(at: (register: number) => Value, own: Width, w: Width, r: number): Value {
    if (own === w) return at(r);
    if (own < w) {
      const half = (w / 2) as Width;
      return this.op(`${shapes[w]}.extend_${(r & 1) === 1 ? "high" : "low"}_${shapes[half]}_s` as MachineOp, this.resize(at, own, half, r >> 1));
    }
    const twice = (w * 2) as Width;
    const a = this.resize(at, own, twice, 2 * r);
    const b = 2 * r + 1 < this.registers(twice) ? this.resize(at, own, twice, 2 * r + 1) : a;
    return twice === 8 ? this.shuffle(a, b, [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]) : this.op(`${shapes[w]}.narrow_${shapes[twice]}_s` as MachineOp, a, b);
  }

  /** A boolean of the source as a mask: constants too. */
  private boolean(v: Value, w: Width, r: number): Value {
    const c = constantOf(v);
    return c === undefined ? this.mask(v, w, r) : this.every("i32x4", c === 0 ? 0 : -1);
  }
  /** Where a step takes place. */
  where(mask: Mask, w: Width, r: number): Value {
    const own = this.mask(mask.cond, w, r);
    if (!mask.outer) return mask.truth ? own : this.op("v128.not", own);
    const outer = this.where(mask.outer, w, r);
    return mask.truth ? this.op("v128.and", outer, own) : this.op("v128.andnot", outer, own);
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
      case "load": return this.load(step, r);
      case "choice": return this.choose(step, step.cond, step.then, step.otherwise, r);
      case "operation": return this.operation(step, r);
    }
  }

  /** A counter in each lane. */
  private count(v: Value, { now, step }: { readonly now: Value; readonly step: number }, r: number): Value {
    const { e } = this.p;
    const lanes = this.once(v, `count${r}`, () => e.const("v128", new Uint8Array(Int32Array.from({ length: 4 }, (_, i) => (4 * r + i) * step).buffer)));
    return this.op("i32x4.add", this.op("i32x4.splat", now), lanes);
  }

  private choose(step: Choice | Operation, cond: Value, then: Value, otherwise: Value, r: number): Value {
    const { widths } = this.p;
    const w = widths.of(step.result);
    if (widths.isMask(step.result)) {
      const mask = this.mask(cond, w, r);
      const [a, b] = [constantOf(then), constantOf(otherwise)];
      if (b === 0) return a === undefined ? this.op("v128.and", mask, this.mask(then, w, r)) : mask;
      if (otherwise === cond) return this.op("v128.and", mask, this.boolean(then, w, r));
      if (then === cond) return this.op("v128.or", mask, this.boolean(otherwise, w, r));
      if (a === 0) return this.op("v128.andnot", this.boolean(otherwise, w, r), mask);
      if (a !== undefined) return this.op("v128.or", mask, this.boolean(otherwise, w, r));
      return this.op("v128.bitselect", this.boolean(then, w, r), this.boolean(otherwise, w, r), mask);
    }
    const limit = widths.minMax(step);
    if (limit) {
      const unsigned = w === 2 && widths.fits16(limit.a) !== "signed" || w === 2 && widths.fits16(limit.b) !== "signed";
      return this.op(`${shapes[w]}.${limit.op}_${unsigned ? "u" : "s"}` as MachineOp, this.integer(limit.a, w, r), this.integer(limit.b, w, r));
    }
    return this.op("v128.bitselect", this.integer(then, w, r), this.integer(otherwise, w, r), this.mask(cond, w, r));
  }

  /** A value of any type as a number. */
  number(v: Value, w: Width, r: number): Value { return v.type === "i32" ? this.integer(v, w, r) : this.at(v, w, r); }
  /** A value as a number, a boolean as 0 or 1. */
  private integer(v: Value, w: Width, r: number): Value {
    const { widths } = this.p;
    return !this.p.uniform(v) && widths.isMask(v) ? this.op("v128.and", this.at(v, w, r), this.every(shapes[w], 1)) : this.at(v, w, r);
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
      return lanes.swap ? this.op(lanes.op, y, x) : this.op(lanes.op, x, y);
    }
    const form = laneForms[op];
    // of a comparison the result is a mask as wide as the operands
    if (form) return form(this.tools, args.map((v) => this.number(v, v.type === "f64" ? 8 : 4, r)));
    if (conversions.has(op)) return this.conversion(step, r);
    if (truncations.has(op)) return this.truncated(op, a, r);
    if (op === "i32.eqz") return widths.isMask(a) ? this.op("v128.not", this.at(a, w, r)) : this.op(`${shapes[w]}.eq` as MachineOp, this.at(a, w, r), this.every(shapes[w], 0));
    if (widths.isMask(step.result)) {
      if (name === "and" || name === "or" || name === "xor") return this.op(`v128.${name}`, this.boolean(a, w, r), this.boolean(b, w, r));
      return this.compare(name, a, b, w, r);
    }
    switch (name) {
      case "and": case "or": case "xor": return this.op(`v128.${name}`, this.integer(a, w, r), this.integer(b, w, r));
      case "shl": case "shr_s": case "shr_u": {
        const by = constantOf(b);
        const shift = by === undefined ? this.p.uniform(b)! : this.p.e.i32((by as number) & 31);
        const sign = name === "shl" ? "" : name === "shr_s" && !(w === 2 && widths.fits16(a) === "unsigned") ? "_s" : "_u";
        if (typeof by === "number" && (by & 31) >= 8 * w) return name === "shl" || sign === "_u" ? this.every("i32x4", 0) : this.op(`${shapes[w]}.shr_s` as MachineOp, this.integer(a, w, r), this.p.e.i32(8 * w - 1));
        return this.op(`${shapes[w]}.${name.slice(0, 3)}${sign}` as MachineOp, this.integer(a, w, r), shift);
      }
      case "extend8_s": case "extend16_s": {
        const by = this.p.e.i32(name === "extend8_s" ? 24 : 16);
        return this.op("i32x4.shr_s", this.op("i32x4.shl", this.integer(a, 4, r), by), by);
      }
      default: return this.op(`${shapes[w]}.${name}` as MachineOp, this.integer(a, w, r), this.integer(b, w, r)); // add, sub, mul
    }
  }

  private compare(name: string, a: Value, b: Value, w: Width, r: number): Value {
    const { widths } = this.p;
    const relation = name.slice(0, 2);
    const signless = relation === "eq" || relation === "ne";
    const small = w === 2 && !(widths.fits16(a) === "signed" && widths.fits16(b) === "signed");
    const both = widths.nonNegative(a) && widths.nonNegative(b);
    const sign = signless ? "" : small || (name.endsWith("_u") && !both) ? "_u" : "_s";
    return this.op(`${shapes[w]}.${relation}${sign}` as MachineOp, this.integer(a, w, r), this.integer(b, w, r));
  }

  /** To f64 or f32 of something else. */
  private conversion(step: Operation, r: number): Value {
    const { op, args } = step.instr;
    const a = args[0]!;
    const looked = this.p.flat.by.get(a);
    if (looked?.kind === "load" && this.p.doubled.has(looked.instr)) return this.lookUpDouble(looked, r);
    const half = (w: Width): Value => { const v = this.integer(a, w, r >> 1); return (r & 1) === 1 ? this.highHalf(v) : v; };
    switch (op) {
      case "f64.convert_i32_s": return this.op("f64x2.convert_low_i32x4_s", half(4));
      case "f64.convert_i32_u": return this.op("f64x2.convert_low_i32x4_u", half(4));
      case "f64.promote_f32": {
        const load = this.p.flat.by.get(a);
        if (load?.kind === "load" && this.p.accesses.get(load.instr)?.promoted) return this.read(load, 16 * r, 16);
        // half a register is read as such, unless something may have been written there since
        if (load?.kind === "load" && this.contiguous(load) && this.loaded.get(load) === this.stores) return this.op("f64x2.promote_low_f32x4", this.read(load, 8 * r, 8));
        return this.op("f64x2.promote_low_f32x4", half(4));
      }
      case "f32.convert_i32_s": return this.op("f32x4.convert_i32x4_s", this.integer(a, 4, r));
      case "f32.convert_i32_u": return this.op("f32x4.convert_i32x4_u", this.integer(a, 4, r));
      case "f32.demote_f64": return this.joined("f32x4.demote_f64x2_zero", a, r);
      default: throw new Error(`${op} has no lanes`);
    }
  }
  /** Four lanes of two pairs of doubles. */
  private joined(op: MachineOp, a: Value, r: number): Value {
    const low = this.op(op, this.at(a, 8, 2 * r));
    return 2 * r + 1 < this.registers(8) ? this.lowHalves(low, this.op(op, this.at(a, 8, 2 * r + 1))) : low;
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
    const rounded = step?.kind === "operation" && step.instr.op === "f64.nearest" && isBelow(ranges.of(step.instr.args[0]!), 2 ** 50) ? step.instr.args[0]! : null;
    const rest = (x: Value): Value => this.op("f64x2.sub", x, this.op("f64x2.mul", this.op("f64x2.trunc", this.op("f64x2.mul", x, this.every("f64x2", 2 ** -32))), this.every("f64x2", 2 ** 32)));
    const bits = (register: number): Value => {
      const given = this.at(rounded ?? a, 8, register), x = below ? given : rest(given);
      const sum = this.op("f64x2.add", rounded || range.int ? x : this.op("f64x2.trunc", x), this.every("f64x2", 1.5 * 2 ** 52));
      return range.nan ? this.op("v128.and", sum, this.op("f64x2.eq", given, given)) : sum; // a NaN may have any low bits
    };
    const low = bits(2 * r);
    return this.shuffle(low, 2 * r + 1 < this.registers(8) ? bits(2 * r + 1) : low, [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]);
  }

  // ───────────────────────────────── memory ─────────────────────────────────

  private contiguous(step: Load | Store): boolean {
    const access = this.p.accesses.get(step.instr);
    return access !== undefined && access.stream.stride === access.bytes;
  }

  private load(step: Load, r: number): Value {
    if (this.p.gathers.has(step.instr)) return this.lookUp(step, r);
    const access = this.p.accesses.get(step.instr)!;
    const group = interleaved(access);
    if (group && access.stream.stride !== access.bytes) return this.pick(step, group, r);
    if (access.stream.stride === 0) return this.repeated(step);
    return access.stream.stride < 0 ? this.backwards(this.read(step, access.bytes - 16 * (r + 1), 16), access.bytes) : this.read(step, 16 * r, 16);
  }
  /** A register's lanes in the opposite order. */
  private backwards(register: Value, bytes: number): Value {
    return this.shuffle(register, register, Array.from({ length: 16 }, (_, b) => 16 - bytes - (b - (b % bytes)) + (b % bytes)));
  }
  /** Each lane looks up by itself. */
  private lookUp(step: Load, r: number): Value {
    const { e } = this.p;
    const { instr, result } = step;
    const base = this.p.uniform(instr.args[0]!)!;
    const shape = result.type === "f64" ? "f64x2" : result.type === "f32" ? "f32x4" : "i32x4";
    return this.collect(shape, r, (lane) => {
      const place = this.p.place?.(instr, lane);
      return place ? e.load({ ...instr, args: [], results: [], scale: place.scale, offset: place.offset }, [place.base, place.index]) : e.load(instr, [base, this.scalar(instr.args[1]!, lane)]);
    });
  }
  private lookUpDouble(step: Load, r: number): Value {
    const { e } = this.p;
    const like = { args: [], results: [], scale: 3, offset: this.p.doubled.get(step.instr)!, space: step.instr.space, place: step.instr.place };
    const [one, two] = [2 * r, 2 * r + 1].map((lane) => [this.p.columns(), this.scalar(step.instr.args[1]!, lane)]) as [Value[], Value[]];
    const low = e.load({ ...like, op: "v128.load64_zero" }, one);
    return e.lane({ op: "lane", name: "f64x2.replace_lane", lanes: [1], args: [], results: [] }, [low, e.load({ ...like, op: "f64.load" }, two)], "v128");
  }
  /** An operation without a vector form, done lane by lane. */
  private apart(step: Operation, r: number): Value {
    const { instr, result } = step;
    const shape = result.type === "f64" ? "f64x2" : result.type === "f32" ? "f32x4" : "i32x4";
    return this.collect(shape, r, (lane) => this.op(instr.op, ...instr.args.map((v) => this.scalar(v, lane))));
  }
  private collect(shape: "f64x2" | "f32x4" | "i32x4", r: number, one: (lane: number) => Value): Value {
    const count = shape === "f64x2" ? 2 : 4;
    let lanes = this.op(`${shape}.splat`, one(r * count));
    for (let i = 1; i < count; i++) lanes = this.p.e.lane({ op: "lane", name: `${shape}.replace_lane`, lanes: [i], args: [], results: [] }, [lanes, one(r * count + i)], "v128");
    return lanes;
  }

  /** One lane of a value: loaded alone where it comes from memory. */
  scalar(v: Value, lane: number): Value {
    const { e } = this.p;
    const uniform = this.p.uniform(v);
    if (uniform) return uniform;
    if (v.type !== "i32") {
      const w: Width = v.type === "f64" ? 8 : 4;
      const name = v.type === "f64" ? "f64x2.extract_lane" : "f32x4.extract_lane";
      return e.lane({ op: "lane", name, lanes: [lane % (16 / w)], args: [], results: [] }, [this.at(v, w, registerOf(lane, w))], v.type);
    }
    const step = this.p.flat.by.get(v);
    if (step?.kind === "load" && this.p.accesses.has(step.instr)) {
      const { stream, at } = this.p.accesses.get(step.instr)!;
      const { base, index, scale, offset } = this.p.address(stream);
      return e.load({ ...step.instr, args: [], results: [], scale, offset: offset + at + lane * stream.stride }, [base, index]);
    }
    if (step?.kind === "load") return e.load(step.instr, [this.p.uniform(step.instr.args[0]!)!, this.scalar(step.instr.args[1]!, lane)]);
    return e.lane({ op: "lane", name: "i32x4.extract_lane", lanes: [lane % 4], args: [], results: [] }, [this.integer(v, 4, lane >> 2)], "i32");
  }

  /** One of each iteration's neighbouring elements, out of the registers that hold them all. */
  private pick(step: Load, group: Interleaved, r: number): Value {
    const { count, which, start } = group;
    const { stream, at, bytes } = this.p.accesses.get(step.instr)!;
    let all: Value | null = null;
    for (let j = 0; j < count; j++) {
      const register = this.read(step, (r * count + j) * 16 + start - at, 16);
      const first = j;
      all = all === null ? register : this.shuffle(all, register, Array.from({ length: 16 }, (_, b) => {
        const from = Math.floor(b / bytes) * stream.stride + which * bytes + (b % bytes);
        if (Math.floor(from / 16) === first) return 16 + (from % 16);
        return first === 1 ? from % 16 : b; // of the first register as it came, or where the steps before have put it
      }));
    }
    return all!;
  }

  /** Neighbouring elements, which several stores give, put together; those that no store gives are written as they were. */
  private storeTogether(step: Store, group: Interleaved, from: number, to: number): void {
    const { e } = this.p;
    const { stream, at, bytes } = this.p.accesses.get(step.instr)!;
    const { count, start } = group;
    const parts: (Store | undefined)[] = Array.from({ length: count });
    let last: Store = step;
    for (const other of this.p.flat.steps) {
      if (other.kind !== "store") continue;
      const access = this.p.accesses.get(other.instr)!;
      const its = access.stream === stream ? interleaved(access) : null;
      if (its?.start === start) { parts[its.which] = other; last = other; }
    }
    if (last !== step) return;
    const w = bytes as Width;
    if (count === 4 && w === 1 && parts.every((part) => !part || this.isWide(part.value))) { this.storePixels(step, parts, from, to, start - at); return; }
    const { base, index, scale, offset } = this.p.address(stream);
    for (let r = registerOf(from, w); r < Math.ceil((to * w) / 16); r++) {
      if (((r + 1) * 16) / w > to) continue; // written with a later group
      for (let j = 0; j < count; j++) {
        const away = (r * count + j) * 16 + start - at;
        let all: Value | null = parts.includes(undefined) ? this.read(step, away, 16) : null;
        parts.forEach((part, which) => {
          if (!part) return;
          const value = this.number(part.value, w, r);
          const first = all === null;
          all = this.shuffle(all ?? value, value, Array.from({ length: 16 }, (_, b) => {
            const far = j * 16 + b;
            return Math.floor((far % stream.stride) / bytes) === which ? (first ? 0 : 16) + Math.floor(far / stream.stride) * bytes + (far % bytes) : b;
          }));
        });
        e.place = step.instr.place;
        e.store({ results: [], args: [], scale, offset: offset + at + away, space: stream.space, place: step.instr.place, op: "v128.store" }, [base, index, all!]);
      }
    }
  }

  /** Computed in int32 lanes, or at hand in them. */
  private isWide(v: Value): boolean {
    const of = this.clamped(v) ?? v;
    return this.p.uniform(of) !== null || this.p.widths.of(of) === 4 || this.p.flat.by.get(of)?.kind === "load";
  }
  /** Four bytes of each iteration, out of int32 lanes: narrowing with saturation clamps by itself what is clamped. */
  private storePixels(step: Store, parts: readonly (Store | undefined)[], from: number, to: number, away: number): void {
    const { e, ranges, widths } = this.p;
    const { stream, at } = this.p.accesses.get(step.instr)!;
    const { base, index, scale, offset } = this.p.address(stream);
    const isByte = (v: Value): boolean => {
      const { lo, hi } = ranges.of(v);
      return lo >= 0 && hi <= 255 || widths.isMask(v);
    };
    const saturates = parts.every((part) => !part || this.clamped(part.value) !== null || isByte(part.value));
    const values = parts.map((part) => (part ? (saturates ? this.clamped(part.value) : null) ?? part.value : null));
    for (let r = registerOf(from, 4); r < registerOf(to, 4); r++) {
      const register = (i: number): Value => (values[i] ? this.number(values[i]!, 4, r) : this.every("i32x4", 0));
      let all: Value;
      if (saturates) {
        const half = (i: number): Value => this.op("i16x8.narrow_i32x4_s", register(i), register(i + 1));
        const bytes = this.op("i8x16.narrow_i16x8_u", half(0), half(2));
        all = this.shuffle(bytes, bytes, Array.from({ length: 16 }, (_, b) => (b % 4) * 4 + (b >> 2)));
      } else {
        const pairs = (a: Value, b: Value): Value => this.shuffle(a, b, Array.from({ length: 16 }, (_, k) => (k & 1) * 16 + (k & 12)));
        all = this.shuffle(pairs(register(0), register(1)), pairs(register(2), register(3)), Array.from({ length: 16 }, (_, b) => (b & 2) * 8 + (b & 12) + (b & 1)));
      }
      if (parts.includes(undefined)) {
        const written = this.p.e.const("v128", Uint8Array.from({ length: 16 }, (_, b) => (parts[b % 4] ? 255 : 0)));
        all = this.op("v128.bitselect", all, this.read(step, 16 * r + away, 16), written);
      }
      e.place = step.instr.place;
      e.store({ results: [], args: [], scale, offset: offset + at + 16 * r + away, space: stream.space, place: step.instr.place, op: "v128.store" }, [base, index, all]);
    }
  }

  /** The same place in every iteration: nothing in the loop writes it. */
  private repeated(step: Load): Value {
    const { e } = this.p;
    const { base, index, scale, offset } = this.p.address(this.p.accesses.get(step.instr)!.stream);
    const { at, bytes } = this.p.accesses.get(step.instr)!;
    const scalar = e.load({ ...step.instr, scale, offset: offset + at }, [base, index]);
    const shape: LaneShape = scalar.type === "f64" ? "f64x2" : scalar.type === "f32" ? "f32x4" : shapes[bytes as Width];
    return this.op(`${shape}.splat` as MachineOp, scalar);
  }
  /** `bytes` bytes of the access's lanes, from byte `from` on, in the low part of a register. */
  private read(step: Load | Store, from: number, bytes: 8 | 16): Value {
    const { e } = this.p;
    const { stream, at } = this.p.accesses.get(step.instr)!;
    const { base, index, scale, offset } = this.p.address(stream);
    const like = { args: [], results: [], scale, offset: offset + at + from, space: stream.space, place: step.instr.place };
    return e.load({ ...like, op: bytes === 16 ? "v128.load" : "v128.load64_zero" }, [base, index]);
  }

  /** Each iteration writes the same place: the last one's value stays. */
  private storeLast(step: Store, place: { readonly base: Value; readonly index: Value; readonly scale: number; readonly offset: number }): void {
    const { e, lanes } = this.p;
    const { base, index, scale, offset } = place;
    const { value } = step;
    let last = this.p.uniform(value);
    if (!last) {
      const w: Width = value.type === "f64" ? 8 : 4;
      const name = value.type === "f64" ? "f64x2.extract_lane" : value.type === "f32" ? "f32x4.extract_lane" : "i32x4.extract_lane";
      const register = this.number(value, w, registerOf(lanes - 1, w));
      last = e.lane({ op: "lane", name, lanes: [(lanes - 1) % (16 / w)], args: [], results: [] }, [register], value.type);
    }
    e.store({ ...step.instr, args: [], results: [], scale, offset }, [base, index, last]);
  }

  private store(step: Store, from: number, to: number): void {
    const { e, lanes } = this.p;
    const { stream, at, bytes } = this.p.accesses.get(step.instr)!;
    const w = bytes as Width;
    const { base, index, scale, offset } = this.p.address(stream);
    if (stream.stride === 0) { if (to === lanes) this.storeLast(step, { base, index, scale, offset: offset + at }); return; }
    const group = stream.stride === bytes ? null : interleaved(this.p.accesses.get(step.instr)!);
    if (group) { this.storeTogether(step, group, from, to); return; }
    for (let r = registerOf(from, w); r < Math.ceil((to * w) / 16); r++) {
      const last = Math.min(lanes, ((r + 1) * 16) / w);
      if (last > to) continue; // written with a later group
      e.place = step.instr.place;
      let value = this.number(step.value, w, r);
      const away = stream.stride < 0 ? bytes - 16 * (r + 1) : 16 * r;
      if (stream.stride < 0) value = this.backwards(value, bytes);
      if (step.mask) {
        const where = this.where(step.mask, w, r);
        value = this.op("v128.bitselect", value, this.read(step, away, 16), stream.stride < 0 ? this.backwards(where, bytes) : where);
      }
      const like = { results: [], scale, offset: offset + at + away, space: stream.space, place: step.instr.place, args: [] };
      e.store({ ...like, op: "v128.store" }, [base, index, value]);
    }
  }
}

/** The bytes of a vector that has the number in every lane; integers wrap. */
function everyLane(shape: LaneShape, value: number): Uint8Array {
  const lanes = {
    f64x2: () => Float64Array.of(value, value), f32x4: () => new Float32Array(4).fill(value), i64x2: () => new BigInt64Array(2).fill(BigInt(value)),
    i32x4: () => new Int32Array(4).fill(value), i16x8: () => new Int16Array(8).fill(value), i8x16: () => new Int8Array(16).fill(value),
  };
  return new Uint8Array(lanes[shape]().buffer);
}

const registerOf = (lane: number, w: Width): number => Math.floor((lane * w) / 16);
