// Four rows of a table as vectors: one step of the diagonals that diagonals.ts goes along.
//
// Before: a plan (tableau.ts), and four rows with the places of what they store. After: what the first step is given, the step behind the last one,
// and a step itself: lane r does row r, r steps behind row 0. Four int32 or singles are one register, doubles are in two: rows 0 and 1, rows 2 and 3.
// Guarantees: the bits of the rows done one by one, as long as what diagonals.ts asks first holds.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, type MachineOp } from "../ir/ops.ts";
import type { If, Machine, Memory, Type, Value } from "../ir/types.ts";
import type { Range } from "./intervals.ts";
import { extractLane, joinLanes, LaneTools, replaceLane, shapeOf, shuffle } from "./lanes.ts";
import { comparisons, registersOf, rows, small, type Group, type Tableau } from "./diagonalplan.ts";
import { extremeInLanes, extremeOfChoice } from "./vectorize/extremes.ts";
import type { Filler } from "./diagonals.ts";

export type Row = Map<Value, Value>;
export const each = <T>(make: (r: number) => T): T[] => Array.from({ length: rows }, (_, r) => make(r));
/** the lanes one on, the first is free; of two registers of doubles the second begins with the first one's last */
const onward = [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const onwardDoubles = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];
/** a mask of four int32 as two of doubles, and the other way round */
const wider = [[0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7], [8, 9, 10, 11, 8, 9, 10, 11, 12, 13, 14, 15, 12, 13, 14, 15]] as const;
const narrower = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];
/** the upper two int32 of four come first; the lower two of two registers each */
const upper = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];
const lowers = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
/** What shape a value of four rows has, a sum that was int64 too. */
const shapeOfRows = (type: Type): "f64x2" | "f32x4" | "i32x4" => { const shape = shapeOf(type); return shape === "i64x2" ? "i32x4" : shape; };

/** A value of four rows: a register, or two. */
type Lane = readonly Value[];
export const rowOf = (e: Filler["e"], lane: Lane, r: number, type: Type): Value => (type === "f64" ? extractLane(e, lane[r >> 1]!, r & 1, "f64") : extractLane(e, lane[0]!, r, type === "f32" ? "f32" : "i32"));
const joinRows = (e: Filler["e"], of: readonly Value[]): Lane => (of[0]!.type === "f64" ? [joinLanes(e, of.slice(0, 2)), joinLanes(e, of.slice(2))] : [joinLanes(e, of)]);

/** What the diagonals carry from step to step. */
export interface Front {
  readonly step: Value;
  /** what lane 0 loads of the row above the four, for this step; what it loads along a row */
  readonly heads: readonly Value[];
  readonly carried: readonly Lane[];
  /** by group, the numbers of the step before, of the one before that, … */
  readonly made: readonly (readonly Lane[])[];
  readonly along: readonly Lane[];
}
/** Four rows: their values, and where each group's rows lie. */
export class Strip {
  readonly places = new Map<Group, readonly Value[]>();
  readonly maps: readonly Row[];
  constructor(maps: readonly Row[]) { this.maps = maps; }
}

export const flatten = ({ step, heads, carried, made, along }: Front): Value[] => [step, ...heads, ...carried.flat(), ...made.flat(2), ...along.flat()];
export function unflatten(values: readonly Value[], like: Front): Front {
  let at = 1;
  const some = (list: readonly Value[]): Value[] => values.slice(at, at += list.length), lanes = (list: readonly Lane[]): Lane[] => list.map(some);
  return { step: values[0]!, heads: some(like.heads), carried: lanes(like.carried), made: like.made.map(lanes), along: lanes(like.along) };
}

/** A choice's condition, and what it is in either case. */
function choicesOf(choice: If, v: Value): readonly [Value, Value, Value] {
  const at = choice.results.indexOf(v), [a, b] = choice.regions.map(({ body }) => body.at(-1)!.args[at]!) as [Value, Value];
  return [choice.args[0]!, a, b];
}

/** Writes values of four rows as vectors. */
export class Lanes {
  private readonly e: Filler["e"];
  private readonly tools: LaneTools;
  private readonly carried: readonly Value[];
  /** loads of the row above, and of what is the same in all rows */
  private readonly above: readonly { readonly load: Memory; readonly group: Group; readonly age: number }[];
  private readonly along: readonly Memory[];
  private readonly ages: readonly number[];
  /** addresses of column 0 */
  private readonly stores: readonly (readonly Value[])[];
  private readonly firsts: readonly Value[];
  private readonly outside = new Map<Value, Lane>();
  private readonly filler: Filler;
  private readonly plan: Tableau;
  private readonly strip: Strip;

  constructor(filler: Filler, plan: Tableau, strip: Strip) {
    this.filler = filler;
    this.plan = plan;
    this.strip = strip;
    const e = this.e = filler.e;
    this.tools = new LaneTools(e);
    const { inner, groups, how } = plan, { maps, places } = strip;
    this.carried = inner.loop.regions[0].params.filter((p) => p !== plan.column.param);
    this.above = groups.flatMap((group) => [...group.above].map(([load, { age }]) => ({ load, group, age })));
    this.along = [...how].flatMap(([v, one]) => (one === "along" ? [v.def as Memory] : []));
    this.ages = groups.map((group) => Math.max(0, ...[...group.above.values()].map((a) => a.age), ...group.left.values()));
    const address = (base: Value, place: Value, plus: number, scale: number): Value => e.op("i32.add", base, e.op("i32.shl", e.op("i32.add", place, e.i32(plus)), e.i32(scale)));
    this.stores = groups.map((group) => maps.map((_, r) => address(filler.in(maps[group.apart ? 0 : r]!, group.base), places.get(group)![r]!, group.index.plus - r, group.store.scale)));
    this.firsts = this.above.map(({ load, group }) => { const { index } = group.above.get(load)!; return address(filler.in(maps[0]!, group.before), filler.at(index, maps[0]!), index.plus, group.store.scale); });
    for (const [v, one] of how) if (one === "row") this.outside.set(v, joinRows(e, maps.map((map) => e.load(v.def as Memory, v.def!.args.map((arg) => filler.in(map, arg))))));
    else if (one === "outside") this.outside.set(v, joinRows(e, maps.map((map) => this.narrow(filler.in(map, v)))));
  }

  /** What is carried into the first step. */
  start(from: Value, carried: readonly Value[]): Front {
    const { e, plan: { groups } } = this, { maps } = this.strip;
    const made = groups.map((_, g) => Array.from({ length: this.ages[g]! }, (_none, k) => {
      // of the last row no other row needs a number
      const lanes = each((r) => (r === rows - 1 && groups[g]!.left.size === 0 ? null : this.load(this.stores[g]![r]!, e.op("i32.sub", from, e.i32(k + 1)), groups[g]!)));
      return joinRows(e, lanes.map((v) => v ?? lanes[0]!));
    }));
    const along = this.along.map((load) => {
      const lanes = each((r) => (r === rows - 1 ? null : this.loadAlong(load, e.op("i32.sub", from, e.i32(r + 1)))));
      return joinRows(e, lanes.map((v) => v ?? lanes[0]!));
    });
    return { step: from, heads: this.heads(from), carried: carried.map((p) => joinRows(e, maps.map((map) => this.narrow(map.get(p)!)))), made, along };
  }
  private narrow(v: Value): Value { return v.type === "i64" ? this.e.op("i32.wrap_i64", v) : v; }
  private load(base: Value, index: Value, { load, store: { scale, space } }: Group): Value {
    return this.e.load({ op: load, args: [], results: [], offset: 0, scale, space }, [base, index]);
  }
  /** What is loaded of it again. */
  private kept([stored, ...more]: Lane, { load, store }: Group): Lane {
    const { e } = this, [, bits = "32", sign] = /^i32\.load(\d+)_([su])$/.exec(load) ?? [], { lo, hi } = this.filler.rangeOf(store.args[2]!);
    const most = 2 ** Number(bits), least = sign === "s" ? -most / 2 : 0;
    if (bits === "32" || lo >= least && hi < least + most) return [stored!, ...more];
    if (sign === "u") return [e.op("v128.and", stored!, this.tools.every("i32x4", most - 1))];
    return [this.extended(stored!, Number(bits))];
  }
  private extended(v: Value, bits: number): Value { const by = this.e.i32(32 - bits); return this.e.op("i32x4.shr_s", this.e.op("i32x4.shl", v, by), by); }
  /** What a row, the first one, loads in a column. */
  private loadAlong(load: Memory, column: Value, row = 0): Value {
    const map = new Map(this.strip.maps[row]);
    map.set(this.plan.column.param, column);
    const index = (v: Value): Value => (map.has(v) || constantOf(v) !== undefined || !this.plan.inner.inside(v) ? this.filler.in(map, v) : this.e.operation(v.def!.op as MachineOp, v.def!.args.map(index)));
    return this.e.load(load, [this.filler.in(map, load.args[0]!), index(load.args[1]!)]);
  }
  /** What the first row loads of the one above in a column; its own place, which is there, where it would load none. */
  private heads(step: Value): Value[] {
    const { e } = this;
    const map = new Map(this.strip.maps[0]).set(this.plan.column.param, step);
    const alone = (v: Value): Value => {
      if (map.has(v) || constantOf(v) !== undefined || !this.plan.inner.inside(v)) return this.filler.in(map, v);
      const def = v.def!, args = def.args.map(alone);
      return isMemoryOp(def.op) ? e.load(def as Memory, args) : e.operation(def.op as MachineOp, args);
    };
    return this.above.map(({ load, group }, k) => {
      const tests = group.above.get(load)!.guards.map(({ cond, truth }) => e.op(truth ? "i32.ne" : "i32.eq", alone(cond), e.i32(0)));
      const own = this.stores[this.plan.groups.indexOf(group)]![0]!;
      const address = tests.length === 0 ? this.firsts[k]! : e.op("i32.select", tests.reduce((a, b) => e.op("i32.and", a, b)), this.firsts[k]!, own);
      return this.load(address, step, group);
    });
  }

  /** The step behind the last one: rows end, or numbers might have grown too great; none where they are too great already. */
  limit(from: Value, start: Front): Value {
    const { e, plan } = this, { maps } = this.strip;
    const less = (a: Value, b: Value): Value => (a === b ? a : e.op("i32.select", e.op("i32.lt_s", a, b), a, b));
    let end = maps.map((map, r) => e.op("i32.add", this.filler.limitOf(plan, map), e.i32(r))).reduce(less);
    type Shape = ReturnType<typeof shapeOfRows>;
    const like = (lanes: readonly Lane[], types: readonly Type[], shape: Shape): Value[] => lanes.flatMap((lane, i) => (shapeOfRows(types[i]!) === shape ? lane : []));
    const begun = (shape: Shape): Value[] => [
      ...like(start.carried, this.carried.map(({ type }) => type), shape), ...start.made.flatMap((list, g) => like(list, list.map(() => plan.groups[g]!.store.args[2]!.type), shape)),
    ];
    const nowhere = (found: readonly Value[]): Value => (found.length > 0 ? e.op("i32.eqz", e.op("v128.any_true", found.reduce((a, b) => e.op("v128.or", a, b)))) : e.i32(1));
    const asked = plan.numbers.size > 0 ? nowhere((["f64x2", "f32x4"] as const).flatMap((shape) => begun(shape).map((v) => e.op(`${shape}.ne`, v, v)))) : null;
    if (!plan.bounded) return asked ? e.op("i32.select", asked, end, from) : end;
    if (plan.growth > 0) end = less(end, e.op("i32.add", from, e.i32(Math.floor(small.number / plan.growth))));
    const vectors = [...begun("i32x4"), ...plan.checked.flatMap((v) => this.outside.get(v)!)];
    let fits = nowhere(vectors.map((v) => e.op("i32x4.gt_u", e.op("i32x4.add", v, this.tools.every("i32x4", small.number)), this.tools.every("i32x4", 2 * small.number))));
    for (const one of [...this.carried, ...plan.checked]) if (one.type === "i64") for (const map of maps) {
      const v = this.filler.in(map, one);
      fits = e.op("i32.and", fits, e.op("i64.eq", e.op("i64.extend_i32_s", e.op("i32.wrap_i64", v)), v));
    }
    return e.op("i32.select", asked ? e.op("i32.and", fits, asked) : fits, end, from);
  }

  step(front: Front, limit: Value): Front {
    const { e, plan, filler } = this;
    const { inner, groups, column } = plan;
    const maps = this.strip.maps.map((map, r) => new Map(map).set(column.param, e.op("i32.sub", front.step, e.i32(r))));
    for (const instr of plan.each) for (const map of maps) filler.writeIn(map, instr);
    const along = this.along.map((load, k) => this.follow(front.along[k]!, this.loadAlong(load, front.step)));
    const known = new Map<Value, Lane>();
    const lane = (v: Value): Lane => {
      let now = known.get(v);
      if (!now) known.set(v, now = make(v));
      return now;
    };
    const make = (v: Value): Lane => {
      switch (plan.how.get(v)!) {
        case "constant": return this.every(v.type, Number(constantOf(v)));
        case "outside": case "row": return this.outside.get(v)!;
        case "counter": return [e.op("i32x4.sub", e.op("i32x4.splat", front.step), e.const("v128", new Uint8Array(Int32Array.of(0, 1, 2, 3).buffer)))];
        case "carried": return front.carried[this.carried.indexOf(v)]!;
        case "across": { const all = e.op(`${shapeOfRows(v.type)}.splat`, this.loadAlong(v.def as Memory, front.step)); return Array.from({ length: registersOf(v.type) }, () => all); }
        case "own": return joinRows(e, maps.map((map, r) => this.loadAlong(v.def as Memory, map.get(column.param)!, r)));
        case "along": return along[this.along.indexOf(v.def as Memory)]!;
        case "above": {
          const at = this.above.findIndex((a) => a.load === v.def), { group, age } = this.above[at]!;
          return this.follow(front.made[groups.indexOf(group)]![age - 1]!, front.heads[at]!);
        }
        case "left": { const g = groups.findIndex((group) => group.left.has(v.def as Memory)); return front.made[g]![groups[g]!.left.get(v.def as Memory)! - 1]!; }
        case "choice": {
          const [test, a, b] = choicesOf(v.def as If, v);
          return this.choose(lane(a), lane(b), mask(test));
        }
        case "each": return joinRows(e, maps.map((map) => filler.in(map, v)));
        case "operation": return this.operation(v.def as Machine, lane, mask);
      }
    };
    // what is no 0, without a number on the way
    const mask = (v: Value): Lane => {
      const { def } = v, how = plan.how.get(v), given = how === "choice" ? choicesOf(def as If, v) : how === "operation" && def!.op === "i32.select" ? [def!.args[0]!, def!.args[1]!, def!.args[2]!] as const : null;
      if (given) {
        const [test, a, b] = given.map((one) => this.fitting(mask(one), 1)[0]!) as [Value, Value, Value];
        return [a === test ? e.op("v128.or", test, b) : b === test ? e.op("v128.and", test, a) : e.op("v128.bitselect", a, b, test)];
      }
      if (how === "operation" && def !== null) {
        const [a, b] = def.args as [Value, Value?];
        if (def.op === "i32.ne" && constantOf(b!) === 0) return mask(a);
        if (def.op === "i32.eqz" || def.op === "i32.eq" && constantOf(b!) === 0) return mask(a).map((one) => e.op("v128.not", one));
        if (comparisons.test(def.op)) return this.eachRegister(`${shapeOfRows(def.args[0]!.type)}.${def.op.slice(4)}` as MachineOp, lane(def.args[0]!), lane(def.args[1]!));
      }
      return this.eachRegister("i32x4.ne", lane(v), this.every("i32", 0));
    };
    const carried = this.carried.map((p) => lane(inner.br.args[inner.loop.regions[0].params.indexOf(p)]!));
    const stored = groups.map((group) => lane(group.store.args[2]!));
    groups.forEach(({ store }, g) => {
      for (let r = 0; r < rows; r++) e.store({ ...store, offset: 0 }, [this.stores[g]![r]!, front.step, rowOf(e, stored[g]!, r, store.args[2]!.type)]);
    });
    const next = e.op("i32.add", front.step, e.i32(1));
    const made = front.made.map((list, g) => list.map((_, k) => (k === 0 ? this.kept(stored[g]!, groups[g]!) : list[k - 1]!)));
    return { step: next, heads: this.heads(e.op("i32.select", e.op("i32.lt_s", next, limit), next, front.step)), carried, made, along };
  }

  private every(type: Type, value: number): Lane {
    const one = this.tools.every(shapeOfRows(type), value);
    return Array.from({ length: registersOf(type) }, () => one);
  }
  private eachRegister(op: MachineOp, ...args: readonly Lane[]): Lane { return args[0]!.map((_, k) => this.e.operation(op, args.map((lane) => lane[k]!))); }
  /** The lanes one on, behind the one that comes in. */
  private follow(lanes: Lane, head: Value): Lane {
    const { e } = this, [a, b] = lanes;
    if (head.type !== "f64") return [replaceLane(e, shuffle(e, a!, a!, onward), 0, head)];
    return [joinLanes(e, [head, extractLane(e, a!, 0, "f64")]), shuffle(e, a!, b!, onwardDoubles)];
  }
  /** A mask, of so many registers. */
  private fitting(mask: Lane, registers: number): Lane {
    const [a, b] = mask as [Value, Value];
    return mask.length === registers ? mask : registers === 2 ? wider.map((bytes) => shuffle(this.e, a, a, bytes)) : [shuffle(this.e, a, b, narrower)];
  }
  private choose(a: Lane, b: Lane, mask: Lane): Lane { return this.eachRegister("v128.bitselect", a, b, this.fitting(mask, a.length)); }

  private operation(def: Machine, lane: (v: Value) => Lane, mask: (v: Value) => Lane): Lane {
    const [a, b, c] = def.args as [Value, Value, Value], { rangeOf } = this;
    if (comparisons.test(def.op)) return this.eachRegister("v128.and", this.fitting(mask(def.results[0]!), 1), this.every("i32", 1));
    switch (def.op) {
      case "i64.extend_i32_s": case "i32.wrap_i64": return lane(a);
      case "i32.select": case "i64.select": {
        const test = a.def, [x, y] = test?.args ?? [];
        if (x === b && y === c && /^i.*\.(gt|ge)_s$/.test(test!.op)) return this.eachRegister("i32x4.max_s", lane(b), lane(c));
        if (x === b && y === c && /^i.*\.(lt|le)_s$/.test(test!.op)) return this.eachRegister("i32x4.min_s", lane(b), lane(c));
        return this.choose(lane(b), lane(c), mask(a));
      }
      case "f32.select": case "f64.select": {
        const choice = a.def && isMachineOp(a.def.op) ? extremeOfChoice(a.def as Machine, b, c, (v) => rangeOf(v).nan) : null;
        return choice ? this.eachRegister(choice.op, ...choice.args.map(lane)) : this.choose(lane(b), lane(c), mask(a));
      }
      case "f32.min": case "f32.max": case "f64.min": case "f64.max": {
        const { op, swap } = extremeInLanes(def.op, rangeOf(a), rangeOf(b));
        return swap ? this.eachRegister(op, lane(b), lane(a)) : this.eachRegister(op, lane(a), lane(b));
      }
      case "f64.convert_i32_s": case "f64.convert_i64_s": { const [whole] = lane(a); return [whole!, shuffle(this.e, whole!, whole!, upper)].map((one) => this.e.op("f64x2.convert_low_i32x4_s", one)); }
      case "f64.promote_f32": { const [singles] = lane(a); return [singles!, shuffle(this.e, singles!, singles!, upper)].map((one) => this.e.op("f64x2.promote_low_f32x4", one)); }
      case "f32.demote_f64": { const [x, y] = lane(a).map((one) => this.e.op("f32x4.demote_f64x2_zero", one)); return [shuffle(this.e, x!, y!, lowers)]; }
      case "f32.convert_i32_s": return this.eachRegister("f32x4.convert_i32x4_s", lane(a));
      case "f32.neg": case "f32.abs": case "f64.neg": case "f64.abs": return this.eachRegister(`${shapeOfRows(a.type)}.${def.op.slice(4)}` as MachineOp, lane(a));
      case "f32.add": case "f32.sub": case "f32.mul": case "f64.add": case "f64.sub": case "f64.mul": return this.eachRegister(`${shapeOfRows(a.type)}.${def.op.slice(4)}` as MachineOp, lane(a), lane(b));
      case "i32.and": case "i32.or": case "i32.xor": return this.eachRegister(`v128.${def.op.slice(4)}` as MachineOp, lane(a), lane(b));
      case "i32.shl": case "i32.shr_s": case "i32.shr_u": return [this.e.op(`i32x4.${def.op.slice(4)}` as MachineOp, lane(a)[0]!, this.filler.value(b))];
      case "i32.extend8_s": return [this.extended(lane(a)[0]!, 8)];
      case "i32.extend16_s": return [this.extended(lane(a)[0]!, 16)];
      default: return this.eachRegister(`i32x4.${def.op.slice(4)}` as MachineOp, lane(a), lane(b));
    }
  }
  private readonly rangeOf = (v: Value): Range => (this.plan.numbers.has(v) ? { ...this.filler.rangeOf(v), nan: false } : this.filler.rangeOf(v));
}
