// Chooses int32 for doubles that are integers within int32, loop counters above all.
//
//   before  loop l (%i = 0.0) { %t = i32.trunc_sat_f64_s %i; … f64.add %i 1.0 … }
//   after   loop l (%i: i32 = 0) { … i32.add %i 1 … }
//
// A double is narrowed if its range is within int32, it is never NaN or a fraction, it is never −0 or nobody sees the sign of its zero
// (zeros.ts), and its definition can be computed of other narrowed values, int32 conversions and integer constants. Then the int32
// operation cannot wrap. Where a double is still wanted, it is converted back. Values that neither come from integers nor are wanted as
// such stay doubles.
// A value of which nobody asks more than ToInt32 may be an int32 modulo 2^32 even where its integers are greater: a uint32 hash in a loop; one that is
// given nothing but uint32 values also where more is asked of it.
// Beside that, ToInt32 of what is an exact integer in double arithmetic is computed modulo 2^32; divisions by constants that are
// truncated or floored become integer divisions and shifts.
//
// Requires: machine form, simplified. Guarantees: machine form, same bits. Leaves conversions behind that dce.ts removes.

import { constantOf } from "../ir/build.ts";
import type { Func, If, Instr, Machine, Program, Value } from "../ir/types.ts";
import { rangesOf } from "./analyses.ts";
import { sourcesOf, visit } from "./flow.ts";
import type { Range } from "./intervals.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";
import { observedZeros } from "./zeros.ts";

export const narrow = (func: Func, program: Program, note: Note = () => {}): Func => {
  const ranges = rangesOf(func, program);
  const sources = sourcesOf(func, (instr) => ranges.taken(instr));
  const chosen = choose(func, ranges, sources);
  const wrapped = chooseWrapped(func, ranges, sources, chosen);
  let work = chosen.includes(1) || wrapped.includes(1);
  visit(func.body, (instr) => {
    work ||= rewritten.has(instr.op);
    if (instr.op === "loop") for (const p of instr.regions[0].params) {
      if (chosen[p.id]) note(instr.place, `${p.name ?? "a carried value"}: f64`, "i32", `an integer in [${ranges.of(p).lo}, ${ranges.of(p).hi}]`);
      else if (wrapped[p.id]) note(instr.place, `${p.name ?? "a carried value"}: f64`, "i32", "only ToInt32 is asked of it");
    }
  });
  return work ? new Narrower(func, program, ranges, chosen, wrapped).run() : func;
};

/** Operations that may become others although nothing is narrowed. */
const rewritten: ReadonlySet<string> = new Set(["i32.from_f64", "f64.rem", "i32.trunc_sat_f64_u", "f64.convert_i32_u"]);

type Sources = readonly (readonly Value[] | undefined)[];
const isInt32 = (c: unknown): c is number => typeof c === "number" && Object.is(c | 0, c);
const num = (v: Value): number | null => { const c = constantOf(v); return typeof c === "number" ? c : null; };

// ───────────────────────────────── the choice ─────────────────────────────────

/** one mark by id for each f64 that becomes an i32 */
function choose(func: Func, ranges: Ranges, sources: Sources): Uint8Array {
  const observed = observedZeros(func, ranges, sources);
  const fits = (v: Value): boolean => {
    const r = ranges.of(v);
    return r.int && !r.nan && r.lo >= -2147483648 && r.hi <= 2147483647 && r.lo <= r.hi && !(r.negzero && observed[v.id] === 1);
  };

  // 1. candidates, and what each is computed of
  const chosen = new Uint8Array(func.nextId);
  const operandsOf = new Array<readonly Value[] | undefined>(func.nextId);
  const users = new Array<Value[] | undefined>(func.nextId);
  const candidates: Value[] = [];
  const consider = (v: Value): void => {
    if (v.type !== "f64" || !fits(v)) return;
    const operands = sources[v.id] ?? (v.def ? operandsAsIntegers(v.def as Machine, ranges) : null);
    if (!operands) return;
    chosen[v.id] = 1;
    operandsOf[v.id] = operands;
    candidates.push(v);
    for (const operand of operands) (users[operand.id] ??= []).push(v);
  };
  visit(func.body, (instr) => {
    for (const r of instr.results) consider(r);
    if (instr.op === "loop") for (const p of instr.regions[0].params) consider(p);
  });
  if (candidates.length === 0) return chosen;

  // 2. out with those of which an operand is no integer, until none is left
  const available = (v: Value): boolean => (v.def?.op === "const" ? isInt32(v.def.value) : chosen[v.id] === 1);
  const work = candidates.filter((v) => !operandsOf[v.id]!.every(available));
  for (const v of work) chosen[v.id] = 0;
  for (let v = work.pop(); v; v = work.pop()) {
    for (const user of users[v.id] ?? []) if (chosen[user.id] === 1) { chosen[user.id] = 0; work.push(user); }
  }

  // 3. out with webs of values that have nothing to do with integers: no conversion feeds them, nobody wants an integer of them
  const leader = new Int32Array(func.nextId).map((_, i) => i);
  const find = (id: number): number => { while (leader[id] !== id) id = leader[id] = leader[leader[id]!]!; return id; };
  for (const v of candidates) if (chosen[v.id]) for (const operand of operandsOf[v.id]!) if (operand.def?.op !== "const") leader[find(operand.id)] = find(v.id);
  const wanted = new Uint8Array(func.nextId);
  for (const v of candidates) if (chosen[v.id] && (v.def?.op === "f64.convert_i32_s" || v.def?.op === "f64.convert_i32_u")) wanted[find(v.id)] = 1;
  visit(func.body, (instr) => {
    if (integerUses.has(instr.op) || (comparisons.has(instr.op) && instr.args.every((arg) => num(arg) !== null || chosen[arg.id] === 1))) {
      for (const arg of instr.args) if (chosen[arg.id]) wanted[find(arg.id)] = 1;
    }
  });
  for (const v of candidates) if (!wanted[find(v.id)]) chosen[v.id] = 0;
  return chosen;
}
/**
 * One mark by id for each f64 parameter of a loop or result, and each exact sum, that becomes an i32 although its integers may be greater:
 * only ToInt32 is ever asked of it (a hash, say, that is a uint32), and all it is made of can be computed modulo 2^32.
 */
function chooseWrapped(func: Func, ranges: Ranges, sources: Sources, chosen: Uint8Array): Uint8Array {
  const modular = new Uint8Array(func.nextId);
  const candidates: Value[] = [];
  const consider = (v: Value): void => { if (v.type === "f64" && sources[v.id] && !chosen[v.id]) candidates.push(v); };
  visit(func.body, (instr) => {
    for (const r of instr.results) consider(r);
    if (instr.op === "loop") for (const p of instr.regions[0].params) consider(p);
  });
  if (candidates.length === 0) return modular;
  const unsigned = unsignedOf(func, candidates, ranges, sources);

  // 1. backwards from those who see more of a value than ToInt32: through exact arithmetic, and to whatever is given
  const seen = new Uint8Array(func.nextId);
  const work: Value[] = [];
  const see = (v: Value): void => { if (v.type === "f64" && seen[v.id] === 0 && !unsigned.has(v)) { seen[v.id] = 1; work.push(v); } };
  const passesOn = ({ results }: Instr): boolean => results.length === 1 && isExact(results[0]!, ranges);
  visit(func.body, (instr) => {
    if (instr.op === "yield" || instr.op === "br" || instr.op === "i32.from_f64" || passesOn(instr)) return;
    for (const arg of instr.args) see(arg);
  });
  for (let v = work.pop(); v; v = work.pop()) {
    for (const source of sources[v.id] ?? v.def?.args ?? []) see(source);
  }

  // 2. of the rest, out with what is made of something else, and with what something else is made of, until nothing changes
  const inputsOf = (v: Value): readonly Value[] => sources[v.id] ?? v.def!.args;
  const users = new Array<Value[] | undefined>(func.nextId);
  const all: Value[] = [];
  const add = (v: Value): void => {
    if (seen[v.id]) return;
    modular[v.id] = 1;
    all.push(v);
    for (const input of inputsOf(v)) (users[input.id] ??= []).push(v);
  };
  candidates.forEach(add);
  visit(func.body, (instr) => { if (passesOn(instr) && !chosen[instr.results[0]!.id]) add(instr.results[0]!); });
  // NaN, infinities and fractions have a ToInt32 too; they never get into exact sums
  const isInput = (v: Value): boolean => v.type !== "f64" || v.def?.op === "const" || isModular(v, ranges, chosen, modular, 0);
  const out: Value[] = [];
  const remove = (v: Value): void => { if (modular[v.id]) { modular[v.id] = 0; out.push(v); } };
  for (const v of all) if (!inputsOf(v).every(isInput)) remove(v);
  for (let v = out.pop(); v; v = out.pop()) {
    users[v.id]?.forEach(remove);
    inputsOf(v).forEach(remove);
  }
  return modular;
}

/**
 * Of the candidates those that are asked for ToInt32, themselves or in exact arithmetic, what these are given, and what is given nothing but these (a
 * loop's result), if all that is nothing but uint32 values and constants: who wants one as a double converts it back.
 */
function unsignedOf(func: Func, candidates: readonly Value[], ranges: Ranges, sources: Sources): ReadonlySet<Value> {
  const isUnsigned = (v: Value): boolean => { const r = ranges.of(v); return r.int && !r.nan && !r.negzero && r.lo >= 0 && r.hi <= 4294967295; };
  const possible = new Set(candidates.filter(isUnsigned)), found = new Set<Value>();
  if (possible.size === 0) return found;
  const asked = new Set<Value>(), work: Value[] = [];
  visit(func.body, (instr) => { if (instr.op === "i32.from_f64") work.push(instr.args[0]!); });
  for (let v = work.pop(); v; v = work.pop()) { // no recursion: unrolled sums are as deep as they are long
    if (asked.has(v)) continue;
    asked.add(v);
    if (possible.has(v)) {
      found.add(v);
      work.push(...sources[v.id]!);
    } else if (isExact(v, ranges)) work.push(...v.def!.args);
  }
  const given = (v: Value): boolean => found.has(v) || v.def?.op === "const" && isUnsigned(v) || v.def?.op === "f64.convert_i32_u";
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const v of found) if (!sources[v.id]!.every(given)) found.delete(v);
  }
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const v of possible) if (sources[v.id]!.some((source) => found.has(source)) && sources[v.id]!.every(given)) found.add(v);
  }
  return found;
}

const exactArithmetic: ReadonlySet<string> = new Set(["f64.add", "f64.sub", "f64.mul", "f64.neg", "f64.select"]);
/** Is it arithmetic that is done modulo 2^32 as well? */
const isExact = ({ def }: Value, ranges: Ranges): boolean => def !== null && exactArithmetic.has(def.op) && neverRounded(ranges.of(def.results[0]!));

/** Of a sum, difference or product of integers: 2^53 itself may be what 2^53 + 1 was rounded to. */
const neverRounded = (r: Range): boolean => r.int && !r.nan && r.lo > -(2 ** 53) && r.hi < 2 ** 53;

/** Whether v modulo 2^32 can be computed of its operands modulo 2^32: no double operation on the way may have rounded. */
function isModular(v: Value, ranges: Ranges, chosen: Uint8Array, wrapped: Uint8Array, depth: number): boolean {
  const def = v.def;
  if (def?.op === "const") return typeof def.value === "number" && Number.isSafeInteger(def.value);
  if (chosen[v.id] || wrapped[v.id] || def?.op === "f64.convert_i32_s" || def?.op === "f64.convert_i32_u") return true;
  if (!def || depth === 0) return false;
  if (!neverRounded(ranges.of(v))) return false;
  const of = (i: number): boolean => isModular(def.args[i]!, ranges, chosen, wrapped, depth - 1);
  switch (def.op) {
    case "f64.add": case "f64.sub": case "f64.mul": return of(0) && of(1);
    case "f64.neg": return of(0);
    case "f64.select": return of(1) && of(2);
    default: return isTruncated(v, ranges);
  }
}

/** Whether it is a fraction made whole, within int32: an index that is calculated in doubles. */
function isTruncated(v: Value, ranges: Ranges): boolean {
  const r = ranges.of(v);
  return whole.has(v.def!.op) && r.int && !r.nan && r.lo >= -2147483648 && r.hi <= 2147483647;
}
const whole: ReadonlySet<string> = new Set(["f64.floor", "f64.ceil", "f64.trunc", "f64.nearest", "math.round"]);

const comparisons: ReadonlySet<string> = new Set(["f64.eq", "f64.ne", "f64.lt", "f64.gt", "f64.le", "f64.ge"]);
const integerUses: ReadonlySet<string> = new Set(["i32.from_f64", "i32.trunc_sat_f64_s", "i32.trunc_sat_f64_u"]);

/** The doubles of which the operation could be computed in int32, its result being within int32; null if it can't. */
function operandsAsIntegers(def: Machine, ranges: Ranges): readonly Value[] | null {
  switch (def.op) {
    case "f64.convert_i32_s": case "f64.convert_i32_u": return [];
    case "f64.add": case "f64.sub": case "f64.mul": case "f64.neg": case "f64.abs": case "f64.min": case "f64.max": return def.args;
    case "f64.select": return [def.args[1]!, def.args[2]!];
    case "f64.rem": { const b = ranges.of(def.args[1]!); return b.lo > 0 || b.hi < 0 ? def.args : null; }
    case "f64.floor": case "f64.trunc": case "f64.ceil": case "f64.nearest": case "math.round": {
      if (ranges.of(def.args[0]!).int) return def.args; // of an integer: itself
      const q = quotient(def.args[0]!, ranges);
      return q && (def.op === "f64.trunc" || (def.op === "f64.floor" && (q.shift !== null || q.positive))) ? [q.dividend] : null;
    }
    default: return null;
  }
}

/** x / c and x · 2^−k, of integers */
interface Quotient { readonly dividend: Value; readonly divisor: number; readonly shift: number | null; readonly positive: boolean }
function quotient(v: Value, ranges: Ranges): Quotient | null {
  const def = v.def;
  if (def?.op !== "f64.div" && def?.op !== "f64.mul") return null;
  const c = num(def.args[1]!);
  const dividend = def.args[0]!;
  const r = ranges.of(dividend);
  if (c === null || !r.int || r.nan || r.lo < -2147483648 || r.hi > 2147483647) return null;
  const divisor = def.op === "f64.div" ? c : 1 / c;
  if (!(isInt32(divisor) && divisor >= 2) || (def.op === "f64.mul" && (divisor & (divisor - 1)) !== 0)) return null;
  return { dividend, divisor, shift: (divisor & (divisor - 1)) === 0 ? Math.log2(divisor) : null, positive: r.lo >= 0 };
}

// ───────────────────────────────── the rewriting ─────────────────────────────────

class Narrower extends Rewriter {
  private readonly ranges: Ranges;
  private readonly chosen: Uint8Array;
  private readonly wrapped: Uint8Array;

  constructor(func: Func, program: Program, ranges: Ranges, chosen: Uint8Array, wrapped: Uint8Array) {
    super(func, program);
    this.ranges = ranges;
    this.chosen = chosen;
    this.wrapped = wrapped;
  }

  private isNarrow(old: Value): boolean { return this.chosen[old.id] === 1 && old.def?.op !== "const"; }
  /** The int32 of a narrowed double or integer constant. */
  private int(old: Value): Value {
    const c = constantOf(old);
    return typeof c === "number" ? this.e.i32(c) : this.map[old.id]!;
  }
  override value(old: Value): Value {
    const signed = this.isNarrow(old);
    return signed || this.wrapped[old.id] && old.def?.op !== "const" ? this.e.op(signed ? "f64.convert_i32_s" : "f64.convert_i32_u", this.map[old.id]!) : super.value(old);
  }
  protected override passed(to: Value, old: Value): Value {
    return this.isNarrow(to) ? this.int(old) : this.wrapped[to.id] ? this.modular(old) : this.value(old);
  }
  /** Of what is never taken, which is no source, nothing is written. */
  protected override condition(instr: If): Value { const taken = this.ranges.taken(instr); return taken === undefined ? super.condition(instr) : this.e.i32(taken ? 1 : 0); }
  protected override fresh(old: Value): Value { return this.e.value(this.isNarrow(old) || this.wrapped[old.id] ? "i32" : old.type, old.name); }

  protected override operation(instr: Machine): Value {
    const result = instr.results[0]!;
    if (this.isNarrow(result)) return this.narrowed(instr);
    if (this.wrapped[result.id]) return this.wrappedOperation(instr);
    const arg = instr.args[0]!;
    switch (instr.op) {
      case "i32.from_f64": {
        const q = quotient(arg, this.ranges);
        if (q && this.canBeInt(q.dividend)) return this.divide(q, true);
        if (arg.def?.op === "f64.floor") {
          const floored = quotient(arg.def.args[0]!, this.ranges);
          if (floored && (floored.shift !== null || floored.positive) && this.canBeInt(floored.dividend)) return this.divide(floored, false);
        }
        if (isModular(arg, this.ranges, this.chosen, this.wrapped, 64)) return this.modular(arg);
        break;
      }
      case "f64.rem": if (this.canBeInt(arg) && this.canBeInt(instr.args[1]!)) return this.remainder(arg, instr.args[1]!); break;
      case "i32.trunc_sat_f64_u": if (this.isNarrow(arg) && this.ranges.of(arg).lo >= 0) return this.int(arg); break;
      case "f64.convert_i32_u": if (this.ranges.of(arg).lo >= 0) return this.e.op("f64.convert_i32_s", this.value(arg)); break;
    }
    return super.operation(instr);
  }

  /** The operation on int32 values: exact, since its result is within int32. */
  private narrowed(instr: Machine): Value {
    const { e } = this;
    const [a, b, c] = instr.args as [Value, Value, Value];
    switch (instr.op) {
      case "f64.convert_i32_s": case "f64.convert_i32_u": return this.value(a);
      case "f64.add": return e.op("i32.add", this.int(a), this.int(b));
      case "f64.sub": return e.op("i32.sub", this.int(a), this.int(b));
      case "f64.mul": return e.op("i32.mul", this.int(a), this.int(b));
      case "f64.neg": return e.op("i32.sub", e.i32(0), this.int(a));
      case "f64.abs": { const x = this.int(a); return e.op("i32.select", e.op("i32.lt_s", x, e.i32(0)), e.op("i32.sub", e.i32(0), x), x); }
      case "f64.min": case "f64.max": return this.extreme(instr.op === "f64.min" ? "i32.lt_s" : "i32.gt_s", a, b);
      case "f64.select": return e.op("i32.select", this.value(a), this.int(b), this.int(c));
      case "f64.rem": {
        const unsigned = this.ranges.of(a).lo >= 0 && this.ranges.of(b).lo > 0; // then powers of two become masks
        return e.op(unsigned ? "i32.rem_u" : "i32.rem_s", this.int(a), this.int(b));
      }
      default: return this.ranges.of(a).int ? this.int(a) : this.divide(quotient(a, this.ranges)!, instr.op === "f64.trunc");
    }
  }

  /** The less or the greater of two; a bound that the other can't pass is none. */
  private extreme(relation: "i32.lt_s" | "i32.gt_s", a: Value, b: Value): Value {
    const { e } = this;
    const [x, y] = [this.int(a), this.int(b)], [p, q] = [this.ranges.of(a), this.ranges.of(b)];
    const [low, high] = relation === "i32.lt_s" ? [p, q] : [q, p];
    return low.hi <= high.lo ? x : high.hi <= low.lo ? y : e.op("i32.select", e.op(relation, x, y), x, y);
  }

  /** x % y of integers where y may be 0 (NaN) or the result −0 (of a negative x): cheaper than the remainder of doubles by far. */
  private remainder(x: Value, y: Value): Value {
    const { e } = this;
    const [a, b] = [this.asInt(x), this.asInt(y)];
    const [p, q] = [this.ranges.of(x), this.ranges.of(y)];
    const none = e.op("i32.eqz", b);
    const divisor = q.lo > 0 || q.hi < 0 ? b : e.op("i32.select", none, e.i32(1), b);
    const rest = e.op(p.lo >= 0 && q.lo >= 0 ? "i32.rem_u" : "i32.rem_s", a, divisor);
    let result = e.op("f64.convert_i32_s", rest);
    if (p.lo < 0) result = e.op("f64.select", e.op("i32.and", e.op("i32.eqz", rest), e.op("i32.lt_s", a, e.i32(0))), e.f64(-0), result);
    return divisor === b ? result : e.op("f64.select", none, e.f64(NaN), result);
  }

  /** x / c, truncated or floored: the rounded quotient of int32 values never reaches an integer that the exact one does not. */
  private divide(q: Quotient, truncate: boolean): Value {
    const x = this.asInt(q.dividend);
    if (q.shift !== null && (q.positive || !truncate)) return this.e.op("i32.shr_s", x, this.e.i32(q.shift));
    return this.e.op(q.positive ? "i32.div_u" : "i32.div_s", x, this.e.i32(q.divisor));
  }
  private canBeInt(old: Value): boolean { return this.isNarrow(old) || old.def?.op === "f64.convert_i32_s" || isInt32(constantOf(old)); }
  private asInt(old: Value): Value { return old.def?.op === "f64.convert_i32_s" && !this.isNarrow(old) ? this.value(old.def.args[0]!) : this.int(old); }

  // ───────────────────────────────── ToInt32 of exact integers ─────────────────────────────────

  /** v modulo 2^32, where isModular says that it can be computed. */
  private modular(old: Value): Value {
    const { e } = this;
    if (this.canBeInt(old)) return this.asInt(old);
    if (this.wrapped[old.id]) return this.map[old.id]!;
    const def = old.def!;
    if (def.op === "const") return e.i32(num(old)! | 0);
    return isTruncated(old, this.ranges) ? e.op("i32.trunc_sat_f64_s", this.value(old)) : this.wrappedOperation(def as Machine);
  }
  private wrappedOperation(instr: Machine): Value {
    const { e } = this;
    const [a, b, c] = instr.args as [Value, Value, Value];
    switch (instr.op) {
      case "f64.convert_i32_u": return this.value(a);
      case "f64.add": return e.op("i32.add", this.modular(a), this.modular(b));
      case "f64.sub": return e.op("i32.sub", this.modular(a), this.modular(b));
      case "f64.mul": return e.op("i32.mul", this.modular(a), this.modular(b));
      case "f64.neg": return e.op("i32.sub", e.i32(0), this.modular(a));
      case "f64.select": return e.op("i32.select", this.value(a), this.modular(b), this.modular(c));
      default: throw new Error(`${instr.op} has no form modulo 2^32`);
    }
  }
}
