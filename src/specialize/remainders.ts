// Remainders of division by a constant, without a division of the fractions' bits: phases and hues that wrap around.
//
//   f64.rem %x 8.0    →  %q = f64.trunc (%x · 0.125);  f64.copysign (%x − %q · 8) %x
//   f64.rem %x 360.0  →  %a = f64.abs %x;  %q = f64.trunc (%a / 360);  f64.copysign (%a − %q · 360) %x
//                        where %a is known to be so small that %q · 360 is exact
//
// Exact: of a power of two 2^k, k ≥ 0, the quotient is %x with another exponent (where that leaves the normal numbers it truncates to 0 all the
// same), and what truncating it leaves is %x's last bits. Else no quotient rounds up to an integer n: n times the divisor is a double and no power of
// two, so that %a is less by more than 2^-53 of it, where half of n's distance from the double below is at most 2^-53 of n; all differences are of
// numbers near to one another. An infinity gives NaN, as it should; the sign, of zeros too, is %x's.
//
// Where the next iteration waits for it (a hash modulo a prime), the quotient is a product with 1 / divisor, which takes a third of the time. Its error is below
// 2^-bits of 1, of as many bits as the divisor has, so that it is truncated to the quotient or, that near to a whole one, to the one beside it: what is left
// is then below 0, or not below the divisor, by less than that part of it, and all differences are exact again:
//
//   f64.rem %x 1000003.0  →  %r = %a − f64.trunc (%a · (1 / 1000003)) · 1000003;  %s = f64.select (%r < 0) (%r + 1000003) %r;  f64.select (%s ≥ 1000003) (%s − 1000003) %s
//
// Sums of int32 that a loop loads from where it stores, elsewhere in the same array (ways to pay a sum, modulo a prime), are left to wide.ts: they wait for one another.
//
// What is left, when all else is done, asks first whether the quotient is 0 or 1, as it is of a place in a ring or a phase that has just gone on:
//
//   f64.rem %x %y         →  if 0 ≤ %x < %y + %y {f64.select (%x ≥ %y) (%x − %y) %x} else {f64.rem %x %y}
//
// Engines branch to choose a double. Which one of a sum of two numbers that both change from iteration to iteration nobody can guess: %x − (%x ≥ %y ? %y : 0) is made in a lane.
// … and of a constant, where %x > 0 is as small as is asked for above, makes the product.
// That difference is exact, since neither is more than twice the other (Sterbenz, 1974); −0 is itself, and NaN is in neither order.
//
// Requires: machine form, after narrow.ts (remainders of integers are taken there). Guarantees: machine form, same bits; what is written for constants has lanes.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps } from "../ir/ops.ts";
import type { Func, Loop, Machine, Memory, Program, Value } from "../ir/types.ts";
import { holdsAny, rangesOf } from "./analyses.ts";
import type { Emitter } from "./emitter.ts";
import { holdsOne, visit } from "./flow.ts";
import { extractLane } from "./lanes.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

export function takeRemainders(func: Func, program: Program, note: Note = () => {}): Func {
  const found = holdsAny(func, ["f64.rem"]) && holdsOne(func.body, (instr) => instr.op === "f64.rem" && divisorOf(instr as Machine) !== null);
  return found ? new Remainders(func, program, note).run() : func;
}

interface Divisor { readonly by: number; /** what |x| may be at most; Infinity: anything */ readonly most: number }

/** The divisor, if it is a constant whose products with whole quotients are exact. */
function divisorOf({ args }: Machine): Divisor | null {
  const c = constantOf(args[1]!);
  const by = typeof c === "number" ? Math.abs(c) : NaN;
  if (!(by >= 2 ** -200 && by <= 2 ** 200)) return null;
  let odd = by, bits = 0;
  while (!Number.isInteger(odd)) odd *= 2;
  while (odd % 2 === 0) odd /= 2;
  while (odd >= 1) { odd /= 2; bits++; }
  if (bits === 1) return by >= 1 ? { by, most: Infinity } : { by, most: by * 2 ** 50 };
  return bits > 40 ? null : { by, most: by * 2 ** (52 - bits) };
}

class Remainders extends Rewriter {
  private readonly ranges: Ranges;
  private readonly note: Note;
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.ranges = rangesOf(func, program); this.note = note; }

  /** what the innermost loop stores */
  private stores: readonly Memory[] = [];
  protected override loop(instr: Loop): boolean {
    const outer = this.stores, found: Memory[] = [];
    visit(instr.regions[0], (one) => { if (isMemoryOp(one.op) && memoryOps[one.op].store) found.push(one as Memory); });
    this.stores = found;
    const falls = super.loop(instr);
    this.stores = outer;
    return falls;
  }
  /** Whether it is of a sum of int32 one of which another iteration may have stored. */
  private waits({ args: [x, by] }: Machine): boolean {
    const { def } = x!;
    if (def?.op !== "f64.add" && def?.op !== "f64.sub" || !Number.isInteger(constantOf(by!)) || !def.args.every((arg) => arg.def?.op === "f64.convert_i32_s")) return false;
    return def.args.some(({ def: conversion }) => {
      const load = conversion!.args[0]!.def as Memory | null;
      return load !== null && isMemoryOp(load.op) && this.stores.some(({ space, args }) => space === load.space && args[1] !== load.args[1]);
    });
  }

  protected override operation(instr: Machine): Value {
    const divisor = instr.op === "f64.rem" && !this.waits(instr) ? divisorOf(instr) : null;
    if (!divisor) return super.operation(instr);
    const { by, most } = divisor;
    const { e } = this;
    const r = this.ranges.of(instr.args[0]!);
    if (most !== Infinity && !(r.lo >= -most && r.hi <= most)) return super.operation(instr);
    this.note(instr.place, "a remainder of doubles", "a difference", "the divisor is constant");
    const x = this.value(instr.args[0]!);
    const signed = (v: Value): Value => (r.lo >= 0 && !r.negzero ? v : e.op("f64.copysign", v, x));
    if (most === Infinity) return signed(e.op("f64.sub", x, e.op("f64.mul", e.op("f64.trunc", e.op("f64.mul", x, e.f64(1 / by))), e.f64(by))));
    const a = r.lo >= 0 ? x : e.op("f64.abs", x);
    return signed(isCarried(instr.args[0]!) ? byProduct(a, by, e) : less(a, e.op("f64.div", a, e.f64(by)), by, e));
  }
}

const less = (a: Value, quotient: Value, by: number, e: Emitter): Value => e.op("f64.sub", a, e.op("f64.mul", e.op("f64.trunc", quotient), e.f64(by)));
/** Of a number from 0 up to what its divisor allows. */
function byProduct(a: Value, by: number, e: Emitter): Value {
  const left = less(a, e.op("f64.mul", a, e.f64(1 / by)), by, e);
  const above = e.op("f64.select", e.op("f64.lt", left, e.f64(0)), e.op("f64.add", left, e.f64(by)), left);
  return e.op("f64.select", e.op("f64.ge", above, e.f64(by)), e.op("f64.sub", above, e.f64(by)), above);
}

/** Whether it is computed of a double that a loop carries. */
function isCarried({ def, type }: Value, depth = 6): boolean {
  return def === null ? type === "f64" : depth > 0 && isMachineOp(def.op) && def.args.some((arg) => isCarried(arg, depth - 1));
}

/** Remainders that are left, when no pass looks at what values may be any more. */
export const shortenRemainders = (func: Func, program: Program): Func => (holdsAny(func, ["f64.rem"]) ? new Shortener(func, program).run() : func);

class Shortener extends Rewriter {
  /** what the innermost loop defines */
  private inside: ReadonlySet<Value> = new Set();
  protected override loop(instr: Loop): boolean {
    const outer = this.inside, found = new Set<Value>(instr.regions[0].params);
    visit(instr.regions[0], (one) => { for (const r of one.results) found.add(r); });
    this.inside = found;
    const falls = super.loop(instr);
    this.inside = outer;
    return falls;
  }

  protected override operation(instr: Machine): Value {
    if (instr.op !== "f64.rem") return super.operation(instr);
    const { e } = this;
    const [x, y] = this.values(instr.args) as [Value, Value];
    const near = e.op("i32.and", e.op("f64.ge", x, e.f64(0)), e.op("f64.lt", x, e.op("f64.add", y, y)));
    const { def } = instr.args[0]!, anyWay = def?.op === "f64.add" && def.args.every((arg) => this.inside.has(arg));
    const inLane = (): Value => { const [a, b] = [x, y].map((v) => e.op("f64x2.splat", v)) as [Value, Value]; return extractLane(e, e.op("f64x2.sub", a, e.op("v128.and", e.op("f64x2.ge", a, b), b)), 0, "f64"); };
    const short = (): Value[] => [anyWay ? inLane() : e.op("f64.select", e.op("f64.ge", x, y), e.op("f64.sub", x, y), x)];
    const divisor = divisorOf(instr), whole = (): Value[] => [e.op("f64.rem", x, y)];
    const otherwise = (): Value[] => {
      if (divisor === null || divisor.most === Infinity) return whole();
      const small = e.op("i32.and", e.op("f64.gt", x, e.f64(0)), e.op("f64.le", x, e.f64(divisor.most)));
      return this.choose(small, instr, () => [byProduct(x, divisor.by, e)], whole)!;
    };
    return this.choose(near, instr, short, otherwise)![0]!;
  }
}
