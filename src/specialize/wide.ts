// Chooses int64 for doubles that are integers below 2^53, made of int32 and asked for as such: sums that may leave int32, their least and greatest.
//
//   before  %a = f64.add (f64.convert_i32_s %x) 1.0;  %m = f64.min %a (f64.convert_i32_s %y);  %r = i32.from_f64 %m
//   after   %a = i64.add (i64.extend_i32_s %x) 1;     %m = i64.select (i64.lt_s %a %y64) %a %y64;  %r = i32.wrap_i64 %m
//
// A remainder by a constant asks whether the quotient is 0 or 1, as that of a sum of two remainders is: it is x or x − c there.
//
// An integer operation takes one step where a double's takes four, engines write a dozen instructions for f64.min, and each way between the two
// kinds of register takes four more: what a loop of dynamic programming waits for.
// A web of values (all that are computed of one another) is widened if everything in it is an integer below 2^53, never NaN, never −0 to anyone
// who would see it (zeros.ts), and nobody wants a double of it, but for the greatest or least of all that a loop has seen. What a loop begins with and ends with belongs to no web: it is converted, once.
//
// Requires: machine form, narrowed (narrow.ts takes what is within int32); after vectorization, whose lanes have no int64.
// Guarantees: machine form, same bits: below 2^53 doubles and int64 agree.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, type MachineOp } from "../ir/ops.ts";
import type { Func, Instr, Machine, Program, Value } from "../ir/types.ts";
import { contentsOf, holdsAny, rangesOf } from "./analyses.ts";
import { holdsOne, sourcesOf, usesOf, visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";
import { observedZeros } from "./zeros.ts";

export const widen = (func: Func, program: Program, note: Note = () => {}): Func => {
  if (contentsOf(func).loops.length === 0 || !holdsAny(func, gainful) || !couldGain(func)) return func;
  const ranges = rangesOf(func, program);
  const chosen = choose(func, ranges);
  if (!chosen.includes(1)) return func;
  visit(func.body, (instr) => {
    const [result] = instr.results;
    if (result && chosen[result.id] && extremes.has(instr.op)) note(instr.place, instr.op, "int64", "an integer below 2^53, made of int32");
  });
  return new Widener(func, program, chosen).run();
};

const extremes: ReadonlySet<string> = new Set(["f64.min", "f64.max"]);
const comparisons: Partial<Record<string, MachineOp>> = {
  "f64.eq": "i64.eq", "f64.ne": "i64.ne", "f64.lt": "i64.lt_s", "f64.gt": "i64.gt_s", "f64.le": "i64.le_s", "f64.ge": "i64.ge_s",
};
/** What costs so much less in integers that widening pays. */
const gainful: ReadonlySet<string> = new Set([...extremes, "i32.from_f64", "f64.rem", "f64.select", ...Object.keys(comparisons)]);

const most = 2 ** 53;
const isInteger = (c: unknown): boolean => typeof c === "number" && Number.isSafeInteger(c) && !Object.is(c, -0);

/** The doubles of which the operation is computed, where it can be done in int64. */
function operandsOf(def: Machine): readonly Value[] | null {
  switch (def.op) {
    case "f64.convert_i32_s": case "f64.convert_i32_u": return [];
    case "f64.add": case "f64.sub": case "f64.mul": case "f64.neg": case "f64.abs": case "f64.min": case "f64.max": return def.args;
    case "f64.select": return [def.args[1]!, def.args[2]!];
    case "f64.rem": { const by = constantOf(def.args[1]!); return isInteger(by) && Number(by) > 0 ? [def.args[0]!] : null; }
    default: return null;
  }
}

/** Whether there is something gainful of what could be a web, as far as operations tell: ranges cost much more. */
function couldGain(func: Func): boolean {
  const couldBe = ({ def }: Value, depth: number): boolean => {
    if (def === null || depth === 0 || "regions" in def) return true;
    if (def.op === "const") return isInteger(def.value);
    return isMachineOp(def.op) && (operandsOf(def as Machine)?.every((v) => couldBe(v, depth - 1)) ?? false);
  };
  return holdsOne(func.body, ({ op, args, results }) => {
    if (!gainful.has(op)) return false;
    const doubles = [...results, ...args].filter((v) => v.type === "f64"); // one that stays a double spoils the others
    return doubles.every((v) => couldBe(v, deepest)) && doubles.some(({ def }) => def?.op !== "const" && !def?.op.startsWith("f64.convert_i32"));
  });
}
const deepest = 6;

/** What is given inside of loops: not what they begin with, the first source of a parameter, nor what they end with. */
function withoutBoundaries(func: Func, sources: readonly (readonly Value[] | undefined)[]): readonly (readonly Value[] | undefined)[] {
  const inside = [...sources];
  visit(func.body, (instr) => {
    if (instr.op !== "loop") return;
    for (const p of instr.regions[0].params) inside[p.id] = sources[p.id]!.slice(1);
    for (const r of instr.results) inside[r.id] = [];
  });
  return inside;
}

/** one mark by id for each f64 that becomes an i64 */
function choose(func: Func, ranges: Ranges): Uint8Array {
  const all = sourcesOf(func);
  const observed = observedZeros(func, ranges, all);
  const sources = withoutBoundaries(func, all);
  const chosen = new Uint8Array(func.nextId);
  const inputs = new Array<readonly Value[] | undefined>(func.nextId);
  const candidates: Value[] = [];
  const consider = (v: Value): void => {
    if (v.type !== "f64") return;
    const r = ranges.of(v);
    if (!r.int || r.nan || !(r.lo > -most && r.hi < most && r.lo <= r.hi) || r.negzero && observed[v.id] === 1) return;
    const operands = sources[v.id] ?? (v.def && isMachineOp(v.def.op) ? operandsOf(v.def as Machine) : null);
    if (!operands) return;
    chosen[v.id] = 1;
    inputs[v.id] = operands;
    candidates.push(v);
  };
  visit(func.body, (instr) => {
    instr.results.forEach(consider);
    if (instr.op === "loop") instr.regions[0].params.forEach(consider);
  });

  // webs: a value and all that it is computed of; one that is no integer, or that somebody wants as a double, spoils its web
  const leader = Int32Array.from({ length: func.nextId }, (_, i) => i);
  const find = (id: number): number => { while (leader[id] !== id) id = leader[id] = leader[leader[id]!]!; return id; };
  const spoilt = new Uint8Array(func.nextId), gained = new Uint8Array(func.nextId);
  const spoiling: Value[] = [];
  for (const v of candidates) for (const input of inputs[v.id]!) {
    if (input.def?.op === "const" ? !isInteger(input.def.value) : !chosen[input.id]) spoiling.push(v);
    else if (input.def?.op !== "const") leader[find(input.id)] = find(v.id);
  }
  const uses = usesOf(func);
  /** The greatest or least of all that a loop has seen is a double where one of them may be none: nothing waits for that conversion. */
  const isGathered = ({ op, args, results: [result] }: Instr): boolean => extremes.has(op) && uses[result!.id] === 1 && !chosen[result!.id]
    && args.some((p) => p.def === null && (all[p.id] ?? []).length === 2 && all[p.id]![1] === result);
  const known = (v: Value): boolean => v.def?.op === "const" ? isInteger(v.def.value) : chosen[v.id] === 1;
  visit(func.body, (instr) => {
    const [result] = instr.results;
    if (instr.op === "yield" || instr.op === "br" || instr.op === "loop" || result && inputs[result.id] && isMachineOp(instr.op)) return;
    const fits = instr.op === "i32.from_f64" || isGathered(instr)
      || instr.op === "i32.trunc_sat_f64_s" && ranges.of(instr.args[0]!).lo >= -(2 ** 31) && ranges.of(instr.args[0]!).hi < 2 ** 31
      || comparisons[instr.op] !== undefined && instr.args.every(known);
    for (const arg of instr.args) if (chosen[arg.id] && !fits) spoiling.push(arg);
    const [a, b] = instr.args;
    if (fits && chosen[a!.id] && b && chosen[b.id]) leader[find(a!.id)] = find(b.id); // both sides of a comparison, or none
  });
  // given to a result or parameter that stays a double
  for (let id = 0; id < sources.length; id++) if (!chosen[id]) for (const v of sources[id] ?? []) if (chosen[v.id]) spoiling.push(v);
  for (const v of spoiling) spoilt[find(v.id)] = 1;
  visit(func.body, (instr) => {
    if (!gainful.has(instr.op)) return;
    for (const v of [...instr.results, ...instr.args]) if (chosen[v.id] && v.def?.op !== "f64.convert_i32_s" && v.def?.op !== "f64.convert_i32_u") gained[find(v.id)] = 1;
  });
  for (const v of candidates) if (spoilt[find(v.id)] || !gained[find(v.id)]) chosen[v.id] = 0;
  return chosen;
}

class Widener extends Rewriter {
  private readonly chosen: Uint8Array;
  constructor(func: Func, program: Program, chosen: Uint8Array) { super(func, program); this.chosen = chosen; }

  private isWide(old: Value): boolean { return this.chosen[old.id] === 1 && old.def?.op !== "const"; }
  private long(old: Value): Value {
    const c = constantOf(old);
    if (typeof c === "number") return this.e.const("i64", BigInt(c));
    return this.isWide(old) ? this.map[old.id]! : this.e.op("i64.trunc_sat_f64_s", this.value(old)); // what a loop begins or ends with
  }
  override value(old: Value): Value { return this.isWide(old) ? this.e.op("f64.convert_i64_s", this.map[old.id]!) : super.value(old); }
  protected override passed(to: Value, old: Value): Value { return this.isWide(to) ? this.long(old) : super.passed(to, old); }
  protected override fresh(old: Value): Value { return this.isWide(old) ? this.e.value("i64", old.name) : super.fresh(old); }

  protected override operation(instr: Machine): Value {
    const { e } = this;
    const [a, b, c] = instr.args as [Value, Value, Value];
    if (this.isWide(instr.results[0]!)) {
      switch (instr.op) {
        case "f64.convert_i32_s": return e.op("i64.extend_i32_s", this.value(a));
        case "f64.convert_i32_u": return e.op("i64.extend_i32_u", this.value(a));
        case "f64.add": return e.op("i64.add", this.long(a), this.long(b));
        case "f64.sub": return e.op("i64.sub", this.long(a), this.long(b));
        case "f64.mul": return e.op("i64.mul", this.long(a), this.long(b));
        case "f64.neg": return e.op("i64.sub", e.const("i64", 0n), this.long(a));
        case "f64.abs": { const x = this.long(a), zero = e.const("i64", 0n); return e.op("i64.select", e.op("i64.lt_s", x, zero), e.op("i64.sub", zero, x), x); }
        case "f64.min": { const [x, y] = [this.long(a), this.long(b)]; return e.op("i64.select", e.op("i64.lt_s", x, y), x, y); }
        case "f64.max": { const [x, y] = [this.long(a), this.long(b)]; return e.op("i64.select", e.op("i64.gt_s", x, y), x, y); }
        case "f64.rem": {
          const x = this.long(a), by = Number(constantOf(b)), of = (n: number): Value => e.const("i64", BigInt(n));
          const short = (): Value[] => [e.op("i64.select", e.op("i64.ge_s", x, of(by)), e.op("i64.sub", x, of(by)), x)];
          return 2 * by < most ? this.choose(e.op("i64.lt_u", x, of(2 * by)), instr, short, () => [e.op("i64.rem_s", x, of(by))])![0]! : e.op("i64.rem_s", x, of(by));
        }
        case "f64.select": return e.op("i64.select", this.value(a), this.long(b), this.long(c));
        default: throw new Error(`${instr.op} has no form in int64`);
      }
    }
    if (!instr.args.some((arg) => this.isWide(arg)) || extremes.has(instr.op)) return super.operation(instr); // of what is gathered
    const compared = comparisons[instr.op];
    return compared ? e.op(compared, this.long(a), this.long(b)) : e.op("i32.wrap_i64", this.long(a));
  }
}
