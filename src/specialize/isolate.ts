// Loop tests in which the counter stands in a sum or a product, or whose limit is no whole number: the counter alone is compared, with a whole
// limit that is the same in every iteration.
//
//   before  loop l (%r = 0.0) { %m = f64.mul %r, 16.0; %t = f64.lt %m, %n; if %t {…}            r * 16 < x.length
//           loop l (%r = 0.0) { %q = f64.div %n, 16.0; %t = f64.lt %r, %q; if %t {…}            r < x.length / 16, r + w <= x.length / 16
//   after   loop l (%r = 0.0) { %q = f64.div %n, 16.0; %k = f64.ceil %q; %t = f64.lt %r, %k; if %t {…}     r < ⌈x.length / 16⌉
//
// Only then the passes behind see how far the counter goes; hoist.ts takes the limit out of the loop.
// Requires: machine form, simplified (constants on the right), counters in doubles still. Guarantees: machine form, same bits.
//
// It is the same test: the counter i is whole, what it is compared with too, and below 2^33; times and summands are small. Where |i| ≤ 2^42 all of
// a·i + d is exact; beyond that both tests are decided by i's sign. And ⌈m / a⌉ is exact: m / a is whole, or further from it than it is rounded.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, ops, type MachineOp } from "../ir/ops.ts";
import type { Func, Instr, Loop, Machine, Program, Value } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import { definedIn, visit } from "./flow.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

export function isolateCounters(func: Func, program: Program): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const isolator = new Isolator(func, program);
  return isolator.tests.size === 0 ? func : isolator.run();
}

const most = { times: 1024, limit: 2 ** 32, terms: 3 };

/** times·counter + Σ ±terms + plus */
interface Sum { readonly counter: Value; readonly times: number; readonly terms: readonly { readonly value: Value; readonly sign: 1 | -1 }[]; readonly plus: number }
interface Test { readonly sum: Sum; readonly limit: Value; /** the limit may be no whole number */ readonly fraction: boolean; readonly relation: "lt" | "le" | "gt" | "ge" }

const swapped = { lt: "gt", le: "ge", gt: "lt", ge: "le" } as const;
/** Of a limit that is no whole multiple: the next counter below it or above it. */
const roundings = { lt: "f64.ceil", ge: "f64.ceil", le: "f64.floor", gt: "f64.floor" } as const;

class Isolator extends Rewriter {
  readonly tests = new Map<Instr, Test>();
  private found: Ranges | undefined;
  private get ranges(): Ranges { return this.found ??= rangesOf(this.old, this.program); }

  constructor(func: Func, program: Program) {
    super(func, program);
    visit(func.body, (instr) => { if (instr.op === "loop") this.look(instr); });
  }

  private look(loop: Loop): void {
    const { body, params } = loop.regions[0];
    const test = body.find((instr) => instr.op === "if");
    const cond = test?.args[0]!.def;
    const relation = cond && /^f64\.(lt|le|gt|ge)$/.exec(cond.op)?.[1] as Test["relation"] | undefined;
    if (!relation || !body.includes(cond)) return;
    const { inside } = definedIn(loop);
    const sides = cond.args as [Value, Value];
    for (const side of [0, 1] as const) {
      const limit = sides[1 - side]!;
      const sum = this.sum(sides[side], params, inside);
      const fraction = sum !== null && this.isFraction(limit, inside);
      if (sum === null || !(fraction || (!isAlone(sum) && this.isWhole(limit, inside)))) continue;
      if (this.ranges.of(sum.counter).int) this.tests.set(cond, { sum, limit, fraction, relation: side === 0 ? relation : swapped[relation] });
      return;
    }
  }

  private sum(v: Value, params: readonly Value[], inside: ReadonlySet<Value>): Sum | null {
    if (params.includes(v)) return v.type === "f64" ? { counter: v, times: 1, terms: [], plus: 0 } : null;
    const { def } = v;
    if (!def || !inside.has(v)) return null;
    const [a, b] = def.args as [Value, Value];
    if (def.op === "f64.mul") {
      const of = this.sum(a, params, inside), by = constantOf(b);
      const fits = of && typeof by === "number" && Number.isInteger(by) && by >= 1 && by * of.times <= most.times && of.terms.length === 0;
      return fits ? { ...of, times: of.times * by, plus: of.plus * by } : null;
    }
    if (def.op !== "f64.add" && def.op !== "f64.sub") return null;
    const sign = def.op === "f64.add" ? 1 : -1;
    const turned = sign === 1 && !this.hasCounter(a, params, inside);
    const of = this.sum(turned ? b : a, params, inside), other = turned ? a : b;
    if (of === null) return null;
    const by = constantOf(other);
    if (typeof by === "number") return Number.isInteger(by) && Math.abs(of.plus + sign * by) <= most.limit ? { ...of, plus: of.plus + sign * by } : null;
    return of.terms.length < most.terms && this.isWhole(other, inside) ? { ...of, terms: [...of.terms, { value: other, sign }] } : null;
  }
  private hasCounter(v: Value, params: readonly Value[], inside: ReadonlySet<Value>): boolean { return params.includes(v) || this.sum(v, params, inside) !== null; }

  /** A whole number below 2^32 that is the same in every iteration. */
  private isWhole(v: Value, inside: ReadonlySet<Value>): boolean {
    if (v.type !== "f64" || !isInvariant(v, inside)) return false;
    const { lo, hi, int, nan } = this.ranges.of(v);
    return int && !nan && lo >= -most.limit && hi <= most.limit;
  }

  /** A number within int32 that may be no whole one, the same in every iteration. */
  private isFraction(v: Value, inside: ReadonlySet<Value>): boolean {
    if (v.type !== "f64" || !mayBeFraction(v) || !isInvariant(v, inside)) return false;
    const { lo, hi, int, nan } = this.ranges.of(v);
    return !int && !nan && lo >= -(2 ** 31) && hi <= 2 ** 31 - 1;
  }

  private isInt32({ limit, sum: { times, terms, plus } }: Test): boolean {
    const r = this.ranges.of(limit);
    const [lo, hi] = terms.reduce(([least, greatest], { value, sign }) => {
      const t = this.ranges.of(value);
      return sign === 1 ? [least - t.hi, greatest - t.lo] : [least + t.lo, greatest + t.hi];
    }, [r.lo - plus, r.hi - plus]);
    return lo! / times >= -(2 ** 31) && hi! / times <= 2 ** 31 - 1;
  }

  protected override operation(instr: Machine): Value {
    const test = this.tests.get(instr);
    if (!test) return super.operation(instr);
    const { e } = this;
    const { counter, times, terms, plus } = test.sum, round = roundings[test.relation];
    let limit = this.value(test.limit);
    if (test.fraction) limit = e.op(round, limit);
    limit = e.op("f64.sub", limit, e.f64(plus));
    for (const { value, sign } of terms) limit = e.op(sign === 1 ? "f64.sub" : "f64.add", limit, this.value(value));
    if (times !== 1) limit = e.op("f64.div", limit, e.f64(times));
    if (times !== 1) limit = e.op(round, limit);
    if (this.isInt32(test)) limit = e.op("f64.convert_i32_s", e.op("i32.trunc_sat_f64_s", limit)); // narrow.ts compares in int32 then
    return e.op(`f64.${test.relation}`, this.value(counter), limit);
  }
}

/** Whether ranges may tell so: they do not of what is converted, which is whole, nor of what is loaded from no constant table, which may be NaN. */
const mayBeFraction = ({ def }: Value): boolean =>
  def === null || !(def.op.startsWith("f64.convert_i32") || isMemoryOp(def.op) && def.args[0]!.def?.op !== "data.addr" || def.op === "const" && Number.isInteger(def.value));

const isAlone = ({ times, terms, plus }: Sum): boolean => times === 1 && plus === 0 && terms.length === 0;

function isInvariant(v: Value, inside: ReadonlySet<Value>): boolean {
  const { def } = v;
  return !inside.has(v) || (def !== null && (def.op === "const" || (isMachineOp(def.op) && ops[def.op as MachineOp].effect === "none")) && def.args.every((a) => isInvariant(a, inside)));
}
