// Writes what a vector loop does in memory: the loads and stores of `lanes` iterations, register by register.
//
//   %a = f64.load [%x + %i << 3]           →  %a0 = v128.load [%x + %i << 3]; %a1 = v128.load [%x + %i << 3] + 16; …        neighbours
//   %r = i32.load8_u [%p + %i << 2]        →  one register of four pixels for each register of %r, its bytes shuffled        a few apart
//   %r = f64.load [%m + %k << 3], %k = 9·i →  a load for each lane, put together                                           far apart
//   %t = f64.load [%table + %k << 3]       →  a load for each lane, put together                                           look-ups
//   i32.store8 … +0; i32.store8 … +1; …    →  the parts of each iteration put together, one v128.store                      stores side by side
//   if %c { f64.store … }                  →  v128.store of v128.bitselect %new %old %mask                                  masked, side by side too
//
// Requires: an access or a look-up known for each step (accesses.ts); streams do not overlap in a way that the order of lanes would show.

import type { MachineOp } from "../../ir/ops.ts";
import type { Memory, Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import { extractLane, joinLanes, replaceLane, shapeOf, type LaneTools } from "../lanes.ts";
import type { Ranges } from "../ranges.ts";
import { interleaved, isScattered, type Access, type Stream } from "./accesses.ts";
import type { Flat, Load, Mask, Store } from "./flat.ts";
import { Neighbours, type Together } from "./neighbours.ts";
import { Pixels, written } from "./pixels.ts";
import { Points } from "./points.ts";
import { integerShapes, lanesOf, naturalWidth, registerOf, type Width, type Widths } from "./widths.ts";

/** An address as memory instructions take it: base + (index << scale) + offset. */
export interface Address { readonly base: Value; readonly index: Value; readonly scale: number; readonly offset: number }

export interface MemoryParts {
  readonly e: Emitter;
  readonly flat: Flat;
  readonly widths: Widths;
  readonly ranges: Ranges;
  readonly accesses: ReadonlyMap<Memory, Access>;
  readonly gathers: ReadonlySet<Memory>;
  /** look-ups of which lanes where their condition does not hold take the first element, or one a constant further: up to which there are some */
  readonly kept: ReadonlyMap<Memory, number>;
  /** look-ups that are done in a table of doubles instead: where it begins in the columns */
  readonly doubled: ReadonlyMap<Memory, number>;
  /** the address of the columns */
  readonly columns: () => Value;
  /** four at least; fewer than fill a register of the narrowest values where a step would be long: then parts of registers go to memory and back */
  readonly lanes: number;
  /** what a value that is the same in every iteration is before the loop; null for others */
  readonly uniform: (old: Value) => Value | null;
  /** where a stream begins in this step */
  readonly address: (stream: Stream) => Address;
  /** where a lane's own load goes; null, or not given: where its index in lanes says */
  readonly place?: (instr: Memory, lane: number) => Address | null;
}

/** The values that are stored, and by which is looked up. */
export interface ValuesInLanes {
  /** register r of a value of any type, as a number */
  number(v: Value, w: Width, r: number): Value;
  where(mask: Mask, w: Width, r: number): Value;
  /** one lane of a value */
  scalar(v: Value, lane: number): Value;
  /** what is clamped to 0 ‥ 255 here */
  clamped(v: Value): Value | null;
}

type Interleaved = NonNullable<ReturnType<typeof interleaved>>;

export class LaneMemory {
  private readonly p: MemoryParts;
  private readonly values: ValuesInLanes;
  private readonly t: LaneTools;
  private readonly pixels: Pixels;
  private readonly points: Points;
  private readonly neighbours: Neighbours;
  constructor(parts: MemoryParts, tools: LaneTools, values: ValuesInLanes) {
    this.p = parts;
    this.t = tools;
    this.pixels = new Pixels(tools);
    this.points = new Points(tools);
    this.neighbours = new Neighbours(parts);
    this.values = values;
  }

  // ───────────────────────────────── loads ─────────────────────────────────

  /** Whether the lanes lie side by side. */
  contiguous(step: Load | Store): boolean {
    const access = this.p.accesses.get(step.instr);
    return access !== undefined && access.stream.stride === access.bytes;
  }

  load(step: Load, r: number): Value {
    if (this.p.gathers.has(step.instr)) return this.lookUp(step, r);
    const access = this.p.accesses.get(step.instr)!;
    const group = interleaved(access);
    if (group && access.stream.stride !== access.bytes) return this.pick(step, group, r);
    if (access.stream.stride === 0) return this.repeated(step);
    if (isScattered(access)) return this.collect(step, r);
    const span = this.span(access.bytes);
    return access.stream.stride < 0 ? this.backwards(this.read(step, access.bytes - span * (r + 1), span), access.bytes) : this.read(step, 16 * r, span);
  }
  /** How many bytes of a register with lanes of that width mean something. */
  private span(bytes: number): number { return Math.min(16, this.p.lanes * bytes); }
  /** Where a lane of an access goes by itself, as the instruction has it. */
  private ownPlace({ instr }: Load | Store, lane: number): { readonly like: Memory; readonly address: Value[] } {
    const { stream, at } = this.p.accesses.get(instr)!;
    const { base, index, scale, offset } = this.p.address(stream);
    return { like: { ...instr, args: [], results: [], scale, offset: offset + at + lane * stream.stride }, address: [base, index] };
  }
  /** Each lane is loaded by itself. */
  private collect(step: Load, r: number): Value {
    const { e } = this.p;
    const [first, ...others] = lanesOf(step.result, r).map((lane) => this.ownPlace(step, lane)) as [ReturnType<LaneMemory["ownPlace"]>, ...ReturnType<LaneMemory["ownPlace"]>[]];
    const low = e.load({ ...first.like, op: naturalWidth(step.result) === 8 ? "v128.load64_zero" : "v128.load32_zero" }, first.address);
    return others.reduce((all, { like, address }, i) => replaceLane(e, all, i + 1, e.load(like, address)), low);
  }
  /** Each lane is stored by itself. */
  private scatter(step: Store, from: number, to: number): void {
    const { e } = this.p;
    const w = naturalWidth(step.value), per = 16 / w, uniform = this.p.uniform(step.value);
    for (let lane = from; lane < to; lane++) {
      const { like, address } = this.ownPlace(step, lane);
      e.place = step.instr.place;
      e.store(like, [...address, uniform ?? extractLane(e, this.values.number(step.value, w, registerOf(lane, w)), lane % per, step.value.type)]);
    }
  }
  /** A register's lanes in the opposite order. */
  private backwards(register: Value, bytes: number): Value {
    const span = this.span(bytes);
    return this.t.shuffle(register, register, Array.from({ length: 16 }, (_, b) => (b < span ? span - bytes - (b - (b % bytes)) + (b % bytes) : b)));
  }

  /** Each lane looks up by itself. */
  private lookUp(step: Load, r: number): Value {
    const { e } = this.p;
    const { instr, result } = step;
    const together = this.p.place?.(instr, lanesOf(result, r)[0]!) ? null : this.neighbours.together(step);
    if (together) return instr.op === "i32.load8_u" ? this.byteOf(step, together, r) : this.oneOf(step, together, naturalWidth(result) === 8 ? "long" : "short", r);
    const base = this.p.uniform(instr.args[0]!)!;
    const { from, plus } = this.neighbours.apart(instr);
    return joinLanes(e, lanesOf(result, r).map((lane) => {
      return this.alone(instr, lane) ?? e.load({ ...instr, args: [], results: [], offset: instr.offset + plus * 2 ** instr.scale }, [base, this.index(step, from, lane)]);
    }));
  }
  /** What a lane loads by itself; null where its index in lanes says what. */
  alone(instr: Memory, lane: number): Value | null {
    const place = this.p.place?.(instr, lane);
    return place ? this.p.e.load({ ...instr, args: [], results: [], scale: place.scale, offset: place.offset }, [place.base, place.index]) : null;
  }
  private readonly loadedTogether = new Map<string, readonly Value[]>();
  private togetherOnce({ instr }: Load, { from, start }: Together, kind: string, r: number, load: () => Value[]): readonly Value[] {
    const key = `${kind} ${instr.op} ${instr.args[0]!.id} ${instr.offset} ${from.id} ${start} ${r}`;
    let loaded = this.loadedTogether.get(key);
    if (!loaded) this.loadedTogether.set(key, loaded = load());
    return loaded;
  }
  /** One of the bytes that each lane loads together. */
  private byteOf(step: Load, together: Together, r: number): Value {
    const { e } = this.p, { instr } = step, { from, start, count, which } = together;
    const [word] = this.togetherOnce(step, together, "bytes", r, () => {
      const base = this.p.uniform(instr.args[0]!)!, op = count === 4 ? "i32.load" : "i32.load16_u";
      return [joinLanes(e, [0, 1, 2, 3].map((lane) => e.load({ ...instr, op, args: [], results: [], offset: instr.offset + start }, [base, this.lane(from, 4 * r + lane)])))];
    }) as [Value];
    const low = which === 0 ? word : this.t.op("i32x4.shr_u", word, e.i32(8 * which));
    return which === count - 1 ? low : this.t.op("v128.and", low, this.t.every("i32x4", 255));
  }
  /** One of two elements that each lane loads together, of eight bytes (`long`), of four, or of four that become eight (`promoted`). */
  private oneOf(step: Load, together: Together, kind: "long" | "short" | "promoted" | "doubled", r: number): Value {
    const { e } = this.p, { instr } = step, { from, start, which } = together;
    return this.togetherOnce(step, together, kind, r, () => {
      const base = kind === "doubled" ? this.p.columns() : this.p.uniform(instr.args[0]!)!;
      const place = kind === "doubled" ? { scale: 3, offset: this.p.doubled.get(instr)! + 8 * start } : { scale: instr.scale, offset: instr.offset + start * 2 ** instr.scale };
      const load = (lane: number, op: "v128.load" | "v128.load64_zero" | "f64.load"): Value => e.load({ ...place, op, args: [], results: [], space: instr.space, place: instr.place }, [base, this.lane(from, lane)]);
      if (kind === "short") {
        const [a, b] = [4 * r, 4 * r + 2].map((lane) => replaceLane(e, load(lane, "v128.load64_zero"), 1, load(lane + 1, "f64.load"))) as [Value, Value];
        return [0, 4].map((at) => this.t.shuffle(a, b, Array.from({ length: 16 }, (_, i) => at + 8 * (i >> 2) + (i & 3))));
      }
      const [a, b] = [2 * r, 2 * r + 1].map((lane) => (kind === "promoted" ? this.t.op("f64x2.promote_low_f32x4", load(lane, "v128.load64_zero")) : load(lane, "v128.load"))) as [Value, Value];
      return [this.t.zip(a, b, 8, "low"), this.t.zip(a, b, 8, "high")];
    })[which]!;
  }
  /** Singles that are looked up beside others, as doubles; null of others. */
  promotedTogether(step: Load, r: number): Value | null {
    const together = this.p.place?.(step.instr, 2 * r) || !this.p.gathers.has(step.instr) ? null : this.neighbours.together(step);
    return together && this.oneOf(step, together, "promoted", r);
  }
  /** One lane of the index that a step looks up by: 0 where its condition does not hold, if that alone keeps it in the table. */
  private index(step: Load, from: Value, lane: number): Value {
    if (!step.mask || !this.p.kept.has(step.instr)) return this.lane(from, lane);
    const r = lane >> 2;
    const kept = this.t.op("v128.and", this.values.number(from, 4, r), this.values.where(step.mask, 4, r));
    return this.once(kept, lane, () => extractLane(this.p.e, kept, lane % 4, "i32"));
  }
  private readonly taken = new Map<Value, Map<number, Value>>();
  /** One lane of an index, taken out once. */
  private lane(index: Value, lane: number): Value { return this.once(index, lane, () => this.values.scalar(index, lane)); }
  private once(of: Value, lane: number, take: () => Value): Value {
    let lanes = this.taken.get(of);
    if (!lanes) this.taken.set(of, lanes = new Map());
    let found = lanes.get(lane);
    if (!found) lanes.set(lane, found = take());
    return found;
  }
  /** Two lanes look up the doubles that their numbers become. */
  lookUpDouble(step: Load, r: number): Value {
    const { e } = this.p;
    const together = this.neighbours.together(step, 2);
    if (together) return this.oneOf(step, together, "doubled", r);
    const { from, plus } = this.neighbours.apart(step.instr);
    const like = { args: [], results: [], scale: 3, offset: this.p.doubled.get(step.instr)! + 8 * plus, space: step.instr.space, place: step.instr.place };
    const [one, two] = [2 * r, 2 * r + 1].map((lane) => [this.p.columns(), this.index(step, from, lane)]) as [Value[], Value[]];
    const low = e.load({ ...like, op: "v128.load64_zero" }, one);
    return replaceLane(e, low, 1, e.load({ ...like, op: "f64.load" }, two));
  }

  /** One of each iteration's neighbouring elements, out of the registers that hold them all. */
  private pick(step: Load, group: Interleaved, r: number): Value {
    const { count, which, start } = group;
    const { stream, at, bytes } = this.p.accesses.get(step.instr)!;
    const part = (j: number): Value => this.read(step, (r * count + j) * 16 + start - at, Math.min(16, this.span(bytes) * count - 16 * j));
    const parts = Math.ceil((this.span(bytes) * count) / 16);
    if (count === 4 && bytes === 1 && parts === 4) return this.pixels.channel([0, 1, 2, 3].map(part), which);
    if (parts === 1) return this.t.shuffle(part(0), part(0), Array.from({ length: 16 }, (_, b) => (Math.floor(b / bytes) * stream.stride + which * bytes + (b % bytes)) % 16));
    const registers = Array.from({ length: parts }, (_, j) => part(j));
    if (Points.serve(count, bytes)) return this.points.part(registers, which);
    return this.t.gather(registers, Array.from({ length: 16 }, (_, b) => Math.floor(b / bytes) * stream.stride + which * bytes + (b % bytes)));
  }

  /** The same place in every iteration: nothing in the loop writes it. */
  private repeated(step: Load): Value {
    const { e } = this.p;
    const { base, index, scale, offset } = this.p.address(this.p.accesses.get(step.instr)!.stream);
    const { at, bytes } = this.p.accesses.get(step.instr)!;
    const scalar = e.load({ ...step.instr, scale, offset: offset + at }, [base, index]);
    const shape = scalar.type === "i32" ? integerShapes[bytes as Width] : shapeOf(scalar.type);
    return this.t.op(`${shape}.splat` as MachineOp, scalar);
  }
  /** `bytes` bytes of the access's lanes, from byte `from` on, in the low part of a register. */
  read(step: Load | Store, from: number, bytes: number): Value {
    const { e } = this.p;
    const { stream, at } = this.p.accesses.get(step.instr)!;
    const { base, index, scale, offset } = this.p.address(stream);
    const like = { args: [], results: [], scale, offset: offset + at + from, space: stream.space, place: step.instr.place };
    if (bytes === 12) return replaceLane(e, this.read(step, from, 8), 2, e.load({ ...like, offset: like.offset + 8, op: "i32.load" }, [base, index]));
    return e.load({ ...like, op: bytes === 16 ? "v128.load" : bytes === 8 ? "v128.load64_zero" : "v128.load32_zero" }, [base, index]);
  }

  // ───────────────────────────────── stores ─────────────────────────────────

  /** The low `bytes` bytes of a register, 4, 8, 12 or 16, as the access's lanes from byte `from` on. */
  private write(step: Store, from: number, bytes: number, all: Value): void {
    const { e } = this.p;
    const { stream, at } = this.p.accesses.get(step.instr)!;
    const { base, index, scale, offset } = this.p.address(stream);
    const like = { results: [], args: [], scale, offset: offset + at + from, space: stream.space, place: step.instr.place };
    e.place = step.instr.place;
    if (bytes === 16) { e.store({ ...like, op: "v128.store" }, [base, index, all]); return; }
    if (bytes >= 8) e.store({ ...like, op: "i64.store" }, [base, index, extractLane(e, all, 0, "i64")]);
    if (bytes !== 8) e.store({ ...like, offset: like.offset + bytes - 4, op: "i32.store" }, [base, index, extractLane(e, all, bytes / 4 - 1, "i32")]);
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
    const span = this.span(w) * count;
    for (let r = registerOf(from, w); r < Math.ceil((to * w) / 16); r++) {
      if (Math.min(this.p.lanes, ((r + 1) * 16) / w) > to) continue; // written with a later group
      const values = parts.map((part) => part && this.values.number(part.value, w, r));
      const wheres = this.wheres(parts, w, r);
      const together = (channels: readonly (Value | undefined)[]): readonly Value[] | null => (count === 4 && w === 1 && span === 64 ? this.pixels.joined(channels) : null);
      const pixels = together(values), masks = wheres && together(wheres);
      for (let j = 0; 16 * j < span; j++) {
        const away = (r * count + j) * 16 + start - at, size = Math.min(16, span - 16 * j);
        const old = wheres || parts.includes(undefined) ? this.read(step, away, size) : null;
        const join = (channels: readonly (Value | undefined)[]): Value => this.joined(channels, channels.includes(undefined) ? old : null, j * 16, stream.stride, bytes);
        const all = pixels?.[j] ?? join(values), where = wheres ? masks?.[j] ?? join(wheres) : pixels && old ? written(e, parts) : null;
        this.write(step, away, size, where ? this.t.op("v128.bitselect", all, old!, where) : all);
      }
    }
  }
  /** The sixteen bytes from byte `from` on of neighbouring elements, of which each iteration has one of each; in place of those that are not given what `old` has. */
  private joined(channels: readonly (Value | undefined)[], old: Value | null, from: number, stride: number, bytes: number): Value {
    const registers = channels.map((c) => c ?? old!);
    if (Points.serve(channels.length, bytes)) {
      const all = this.points.together(registers, from / 16);
      return channels.includes(undefined) ? this.t.op("v128.bitselect", all, old!, written(this.p.e, channels, bytes, from)) : all;
    }
    return this.t.gather(registers, Array.from({ length: 16 }, (_, b) => {
      const far = from + b, which = Math.floor((far % stride) / bytes);
      return 16 * which + (channels[which] ? Math.floor(far / stride) * bytes + (far % bytes) : b);
    }));
  }
  /** Of stores side by side, if some take place under conditions, where each does; nowhere where there is none. */
  private wheres(parts: readonly (Store | undefined)[], w: Width, r: number): Value[] | null {
    const shape = integerShapes[w];
    return parts.some((part) => part?.mask) ? parts.map((part) => (part?.mask ? this.values.where(part.mask, w, r) : this.t.every(shape, part ? -1 : 0))) : null;
  }

  /** Computed in int32 lanes, or at hand in them. */
  private isWide(v: Value): boolean {
    const of = this.values.clamped(v) ?? v;
    return this.p.uniform(of) !== null || this.p.widths.of(of) === 4 || this.p.flat.by.get(of)?.kind === "load";
  }
  /** Four bytes of each iteration, out of int32 lanes: narrowing with saturation clamps by itself what is clamped. */
  private storePixels(step: Store, parts: readonly (Store | undefined)[], from: number, to: number, away: number): void {
    const { e, ranges, widths } = this.p;
    const isByte = (v: Value): boolean => {
      const { lo, hi } = ranges.of(v);
      return lo >= 0 && hi <= 255 || widths.isMask(v);
    };
    const saturates = parts.every((part) => !part || this.values.clamped(part.value) !== null || isByte(part.value));
    const values = parts.map((part) => (part ? (saturates ? this.values.clamped(part.value) : null) ?? part.value : null));
    for (let r = registerOf(from, 4); r < registerOf(to, 4); r++) {
      const register = (i: number): Value => (values[i] ? this.values.number(values[i]!, 4, r) : this.t.every("i32x4", 0));
      let all: Value;
      if (saturates) {
        const half = (i: number): Value => this.t.op("i16x8.narrow_i32x4_s", register(i), register(i + 1));
        all = this.byPixel(this.t.op("i8x16.narrow_i16x8_u", half(0), half(2)));
      } else {
        const pairs = (a: Value, b: Value): Value => this.t.shuffle(a, b, Array.from({ length: 16 }, (_, k) => (k & 1) * 16 + (k & 12)));
        all = this.t.shuffle(pairs(register(0), register(1)), pairs(register(2), register(3)), Array.from({ length: 16 }, (_, b) => (b & 2) * 8 + (b & 12) + (b & 1)));
      }
      const wheres = this.wheres(parts, 4, r);
      if (wheres) {
        const half = (i: number): Value => this.t.op("i16x8.narrow_i32x4_s", wheres[i]!, wheres[i + 1]!);
        const where = this.byPixel(this.t.op("i8x16.narrow_i16x8_s", half(0), half(2)));
        all = this.t.op("v128.bitselect", all, this.read(step, 16 * r + away, 16), where);
      } else if (parts.includes(undefined)) {
        all = this.t.op("v128.bitselect", all, this.read(step, 16 * r + away, 16), written(e, parts));
      }
      this.write(step, 16 * r + away, 16, all);
    }
  }

  /** Four bytes of each channel, as pixels. */
  private byPixel(channels: Value): Value { return this.t.shuffle(channels, channels, Array.from({ length: 16 }, (_, b) => (b % 4) * 4 + (b >> 2))); }

  /** Each iteration writes the same place: the last one's value stays. */
  private storeLast(step: Store, place: Address): void {
    const { e, lanes } = this.p;
    const { base, index, scale, offset } = place;
    const { value } = step;
    let last = this.p.uniform(value);
    if (!last) {
      const w = naturalWidth(value);
      last = extractLane(e, this.values.number(value, w, registerOf(lanes - 1, w)), (lanes - 1) % (16 / w), value.type);
    }
    e.store({ ...step.instr, args: [], results: [], scale, offset }, [base, index, last]);
  }

  store(step: Store, from: number, to: number): void {
    const { e, lanes } = this.p;
    const { stream, at, bytes } = this.p.accesses.get(step.instr)!;
    const w = bytes as Width;
    const { base, index, scale, offset } = this.p.address(stream);
    if (stream.stride === 0) { if (to === lanes) this.storeLast(step, { base, index, scale, offset: offset + at }); return; }
    if (isScattered(this.p.accesses.get(step.instr)!)) { this.scatter(step, from, to); return; }
    const group = stream.stride === bytes ? null : interleaved(this.p.accesses.get(step.instr)!);
    if (group) { this.storeTogether(step, group, from, to); return; }
    for (let r = registerOf(from, w); r < Math.ceil((to * w) / 16); r++) {
      const last = Math.min(lanes, ((r + 1) * 16) / w);
      if (last > to) continue; // written with a later group
      e.place = step.instr.place;
      let value = this.values.number(step.value, w, r);
      const span = this.span(w), away = stream.stride < 0 ? bytes - span * (r + 1) : 16 * r;
      if (stream.stride < 0) value = this.backwards(value, bytes);
      if (step.mask) {
        const where = this.values.where(step.mask, w, r);
        value = this.t.op("v128.bitselect", value, this.read(step, away, span), stream.stride < 0 ? this.backwards(where, bytes) : where);
      }
      this.write(step, away, span, value);
    }
  }
}
