// The length that a loop carries of an array that grows in it is the loop's counter, or is always the same: assumed, simplified, verified.
//
//   before  loop (%j = 1, %length = 1) { …; %in = i32.lt_u %j %length; %more = if %in {…; yield %length} else {…; yield (i32.add %length 1)}; br (%j + 1) %more }
//   after   loop (%j = 1) { …the arm of the element behind the end alone…; br (%j + 1) }
//
// An assumption for each such value at once: it is the counter and a constant, or what it began with. The function is written with them, and without what then
// is known; where a `br` still passes something else, that assumption is dropped and all begins again. What is left holds by induction over the
// iterations: as long as all hold, both functions do the same, and so the next iteration begins with what was assumed.
//
// Requires: machine form, narrowed. Guarantees: machine form, same bits. (Optimistic value numbering: Click, Cooper, "Combining analyses, combining optimizations", 1995.)

import { constantOf } from "../ir/build.ts";
import type { Br, Func, Instr, Label, Loop, Program, Value } from "../ir/types.ts";
import { isMachineOp, isMemoryOp } from "../ir/ops.ts";
import { rangesOf } from "./analyses.ts";
import { Remover } from "./checks.ts";
import { removeDeadCode } from "./dce.ts";
import { visit } from "./flow.ts";
import { choices, growthOf } from "./growth.ts";
import { notes } from "./notes.ts";
import { Rewriter } from "./rewrite.ts";
import { simplify } from "./simplify.ts";

/** A carried value is `of` + `plus`: a counter of its loop, or what it began with. */
interface Assumption { readonly of: Value; readonly plus: number; readonly counter: boolean }
type Assumptions = ReadonlyMap<Value, Assumption>;

/** attempts: each drops what did not hold */
const most = 4;

/** The function without the carried lengths that are known; itself where there is none. */
export function knowLengths(func: Func, program: Program): Func {
  let assumed = assumptionsOf(func, program);
  for (let attempt = 0; attempt < most && assumed.size > 0; attempt++) {
    const first = new Assumer(func, program, assumed), written = first.written();
    const second = new Prover(written, withFunction(program, func, written), first.now), proved = second.written();
    const failed = wrong(proved, assumed, second.now);
    if (failed.size === 0) return removeDeadCode(simplify(proved, program), program);
    assumed = without(failed, assumed, func);
  }
  return func;
}

/** The program with the function in another one's place: of the entry's parameters more is known than of others'. */
export const withFunction = (program: Program, old: Func, now: Func): Program => ({ ...program, functions: program.functions.map((f) => (f === old ? now : f)) });

/** The places of a function where values are carried. */
interface Carried { readonly loop: Loop; readonly index: number }
function carriedOf(func: Func): { readonly params: ReadonlyMap<Value, Carried>; readonly brs: ReadonlyMap<Label, readonly Br[]> } {
  const params = new Map<Value, Carried>(), brs = new Map<Label, Br[]>();
  visit(func.body, (instr) => {
    if (instr.op === "loop") instr.regions[0].params.forEach((p, index) => params.set(p, { loop: instr, index }));
    if (instr.op === "br") brs.set(instr.label, [...(brs.get(instr.label) ?? []), instr]);
  });
  return { params, brs };
}

function assumptionsOf(func: Func, program: Program): Assumptions {
  const { params, brs } = carriedOf(func), found = new Map<Value, Assumption>(), seen = new Set<Value>(), wanted: Value[] = [];
  visit(func.body, (instr) => { const growth = growthOf(instr, program); if (growth) wanted.push(growth.length); });
  for (let v = wanted.pop(); v; v = wanted.pop()) {
    if (seen.has(v)) continue;
    seen.add(v);
    const place = params.get(v);
    if (place) {
      wanted.push(place.loop.args[place.index]!, ...brs.get(place.loop.label)!.map((br) => br.args[place.index]!));
      const assumption = assumptionOf(v, place, brs.get(place.loop.label)!);
      if (assumption) found.set(v, assumption);
    } else wanted.push(...sourcesOf(v));
  }
  return new Map([...found].filter(([param, assumption]) => { const place = params.get(param)!; return !isRefuted(assumption, param, place, brs.get(place.loop.label)!, seen); }));
}

/** What a length is, or is more than: what is added to, what a loop ends with, the arms of a choice. */
function sourcesOf(v: Value): readonly Value[] {
  const { def } = v;
  if (def?.op === "i32.add") return [def.args[0]!];
  if (def?.op !== "loop") return choices(v) ?? [];
  const end = def.regions[0].body.at(-1)!;
  return end.op === "yield" ? [end.args[def.results.indexOf(v)]!] : [];
}

/** Whether an iteration passes something else, whatever the lengths are: most of what grows under a condition (`if (x > 0) list.push(x)`). Spares the attempts. */
function isRefuted({ of, counter }: Assumption, param: Value, { loop, index }: Carried, brs: readonly Br[], lengths: ReadonlySet<Value>): boolean {
  const at = loop.regions[0].params.indexOf(of);
  return brs.some(({ args }) => {
    const by = stepOf(args[index]!, param, lengths);
    return by === "either" || (by !== "any" && by !== (counter ? Number(constantOf(args[at]!.def!.args[1]!)) : 0));
  });
}
/** The others: without those that failed, and those to which one of these may be passed on, which are not what they began with either. */
function without(failed: ReadonlySet<Value>, assumed: Assumptions, func: Func): Assumptions {
  const { params, brs } = carriedOf(func);
  const reaches = (v: Value, seen: Set<Value>): boolean => {
    if (failed.has(v) || seen.has(v)) return failed.has(v);
    seen.add(v);
    return sourcesOf(v).some((from) => reaches(from, seen));
  };
  return new Map([...assumed].filter(([param, { counter }]) => {
    const { loop, index } = params.get(param)!;
    return !failed.has(param) && (counter || !brs.get(loop.label)!.some(({ args }) => reaches(args[index]!, new Set())));
  }));
}
type StepOf = number | "any" | "either";
/** By how much a value is more than the other one; `either`: by one or another number, and it is no length that tells. */
function stepOf(v: Value, from: Value, lengths: ReadonlySet<Value>, depth = 12): StepOf {
  if (v === from) return 0;
  const { def } = v;
  if (def === null || depth === 0) return "any";
  if (def.op === "i32.add") {
    const by = constantOf(def.args[1]!), base = stepOf(def.args[0]!, from, lengths, depth - 1);
    return typeof by !== "number" ? "any" : typeof base === "number" ? base + by : base;
  }
  const arms = choices(v)?.map((arm) => stepOf(arm, from, lengths, depth - 1));
  if (!arms || arms.includes("any")) return "any";
  const known = new Set(arms);
  return known.size === 1 ? arms[0]! : asksFor(def.args[0]!, lengths, 6) ? "any" : "either";
}
/** Whether lengths alone may tell what it is: of several conditions, each of them. */
function asksFor(v: Value, lengths: ReadonlySet<Value>, depth: number): boolean {
  const { def } = v, asks = (arg: Value): boolean => asksFor(arg, lengths, depth - 1);
  if (lengths.has(v) || depth === 0) return true;
  if (def === null || def.op === "const" || isMemoryOp(def.op)) return false;
  if (def.op === "i32.and") return def.args.every(asks);
  return isMachineOp(def.op) ? def.args.some(asks) : (choices(v)?.some(asks) ?? true);
}

function assumptionOf(param: Value, { loop, index }: Carried, brs: readonly Br[]): Assumption | null {
  const { params } = loop.regions[0], init = loop.args[index]!, begins = constantOf(init);
  for (const [k, p] of params.entries()) {
    const from = constantOf(loop.args[k]!), plus = loop.args[k] === init ? 0 : typeof begins === "number" && typeof from === "number" ? begins - from : null;
    if (p.id < param.id && p.type === "i32" && plus !== null && isCounter(p, k, brs)) return { of: p, plus, counter: true };
  }
  return isCounter(param, index, brs) ? null : { of: init, plus: 0, counter: false };
}
const isCounter = (p: Value, at: number, brs: readonly Br[]): boolean =>
  brs.every(({ args }) => { const { def } = args[at]!; return def?.op === "i32.add" && def.args[0] === p && constantOf(def.args[1]!) !== undefined; });

/** Writes what is assumed in the place of the values that are carried. */
class Assumer extends Rewriter {
  /** the carried values of the function, in the one that is written */
  readonly now = new Map<Value, Value>();
  private readonly assumed: Assumptions;

  constructor(func: Func, program: Program, assumed: Assumptions) {
    super(func, program);
    this.assumed = assumed;
  }
  protected override fresh(old: Value): Value { const now = super.fresh(old); this.now.set(old, now); return now; }
  override value(old: Value): Value {
    const it = this.assumed.get(old);
    if (!it) return super.value(old);
    return it.plus === 0 ? this.value(it.of) : this.e.op("i32.add", this.value(it.of), this.e.i32(it.plus));
  }
  written(): Func {
    const made = this.run();
    if (made === this.old) for (const param of this.now.keys()) this.now.set(param, param);
    return made;
  }
}

/** Writes the function without what is known of it. */
class Prover extends Remover {
  readonly now = new Map<Value, Value>();
  private readonly made = new Map<Value, Value>();
  private readonly before: ReadonlyMap<Value, Value>;

  constructor(func: Func, program: Program, before: ReadonlyMap<Value, Value>) {
    super(func, program, notes("").note, rangesOf(func, program));
    this.before = before;
  }
  protected override fresh(old: Value): Value { const now = super.fresh(old); this.made.set(old, now); return now; }
  written(): Func {
    const made = this.run();
    for (const [param, value] of this.before) { const now = made === this.old ? value : this.made.get(value); if (now) this.now.set(param, now); }
    return made;
  }
}

/** The assumptions that do not hold for the next iteration if they do for this one. */
function wrong(func: Func, assumed: Assumptions, now: ReadonlyMap<Value, Value>): ReadonlySet<Value> {
  const { params, brs } = carriedOf(func), failed = new Set<Value>();
  for (const [param, { of, plus, counter }] of assumed) {
    const value = now.get(param), place = value && params.get(value);
    if (!place) { // nothing is carried any more: it never changes
      if (counter) failed.add(param);
      continue;
    }
    const { loop, index } = place, by = counter ? params.get(now.get(of)!)?.index : undefined;
    const holds = (br: Br): boolean => {
      const next = br.args[index]!;
      if (!counter) return next === loop.args[index];
      if (by === undefined) return false;
      const [a, b] = [linear(next), linear(br.args[by]!)];
      return a.base === b.base && (a.plus - b.plus | 0) === plus;
    };
    if (!(brs.get(loop.label) ?? []).every(holds)) failed.add(param);
  }
  return failed;
}

interface Linear { readonly base: Value | null; readonly plus: number }
/** base + plus; of a constant, no base. Of a choice what all its arms are. */
function linear(v: Value, depth = 8): Linear {
  const c = constantOf(v), def: Instr | null = v.def;
  if (typeof c === "number") return { base: null, plus: c };
  const [first, ...more] = depth > 0 ? (choices(v) ?? []).map((arm) => linear(arm, depth - 1)) : [];
  if (first && more.every(({ base, plus }) => base === first.base && plus === first.plus)) return first;
  const by = def?.op === "i32.add" ? constantOf(def.args[1]!) : undefined;
  if (typeof by !== "number") return { base: v, plus: 0 };
  const { base, plus } = linear(def!.args[0]!, depth);
  return { base, plus: plus + by | 0 };
}
