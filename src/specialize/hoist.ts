// Moves work that is the same in every iteration out in front of the loop.
//
//   before  loop l (%i = 0) { … %w = f64.convert_i32_s %width; %v = if %ok {load} else {yield nan}; … }     %width, %ok from outside
//   after   %w = …; %v = if %ok {load} else {yield nan}; loop l (%i = 0) { … }
//
// Pure operations go as far out as their operands allow, out of `if`s too: done in vain they cost little. Costly ones (divisions, roots,
// calls in disguise) leave an `if` only if it is the loop's own test. An `if` that only loads and computes goes as a whole, its condition
// with it, if that or one more comparison (covered.ts) says that there is something to load. Any other load goes only where the loop is sure to run it:
// in front of the loop's test each iteration does it, so the first one does; elsewhere what tells that it may be done may stand around the loop, or be
// the loop's test, or a check before it that leaves the program. It then stands behind the loop's own test, made for the first iteration. A check that
// leaves the program goes there too (%bad from outside), if nothing happens in an iteration before it: the first one decides.
//
//   before  loop l (%i = 0) { %go = i32.lt_s %i %n; if %go { if %bad {trap}; … } }
//   after   if (i32.lt_s 0 %n) { if %bad {trap} }; loop l (%i = 0) { %go = …; if %go { … } }
//
// Nothing else that may trap moves.
//
// Requires: machine form, after checks.ts (which makes bare loads). Guarantees: machine form; stores, calls and their order untouched.

import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, If, Instr, Label, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import type { Note } from "./notes.ts";
import { coverOf, type Cover } from "./covered.ts";
import { endsIn, costly, mayTouch, plain, Rewriter } from "./rewrite.ts";

export function hoist(func: Func, program: Program, note: Note = () => {}): Func {
  const hoister = new Hoister(func, program, note);
  return hoister.moves ? hoister.run() : func;
}

/** The loops around the place that is looked at, outermost first, with the number of `if`s passed inside each. */
interface Level { readonly loop: Loop; ifs: number }

class Hoister extends Rewriter {
  /** what is written in front of each loop, in order */
  private readonly plans = new Map<Loop, Instr[]>();

  /** loads that the first iteration does whether or not it passes the loop's test */
  private readonly atOnce = new Set<Instr>();
  /** of an `if` that goes with its condition: what else to ask */
  private readonly covers = new Map<Instr, Cover>();
  private readonly note: Note;
  get moves(): boolean { return this.plans.size > 0; }

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    const depth = new Int32Array(func.nextId); // how many loops a value's definition stands in, once it has moved
    this.plan(func.body, [], depth);
  }

  // ───────────────────────────────── what goes where ─────────────────────────────────

  private plan(region: Region, levels: Level[], depth: Int32Array): void {
    let sure = levels.length > 0 && firstTest(levels.at(-1)!.loop)?.regions[0] === region; // each iteration that passes its loop's test comes here
    let first = levels.at(-1)?.loop.regions[0] === region; // each iteration comes here, before anything can be seen
    for (const instr of region.body) {
      first &&= isQuiet(instr);
      const target = levels.length > 0 ? this.targetOf(instr, region, levels, depth, sure, first) : 0;
      for (const r of instr.results) depth[r.id] = target;
      if (target < levels.length) {
        const { loop } = levels[target]!;
        const plan = this.plans.get(loop);
        if (plan) plan.push(instr);
        else this.plans.set(loop, [instr]);
        if (instr.op === "if") for (const arm of instr.regions) for (const inner of arm.body) for (const r of inner.results) depth[r.id] = target;
        continue;
      }
      sure &&= comesBack(instr);
      if (instr.op === "loop") {
        for (const p of instr.regions[0].params) depth[p.id] = levels.length + 1;
        levels.push({ loop: instr, ifs: 0 });
        this.plan(instr.regions[0], levels, depth);
        levels.pop();
      } else if (instr.op === "if" || instr.op === "block") {
        const level = levels.at(-1);
        if (level) level.ifs++;
        for (const inner of instr.regions) this.plan(inner, levels, depth);
        if (level) level.ifs--;
      }
    }
  }
  /** The number of loops that the instruction may stay in; as many as there are if it can't move. */
  private targetOf(instr: Instr, region: Region, levels: readonly Level[], depth: Int32Array, sure: boolean, first: boolean): number {
    const here = levels.length;
    const outermost = (values: readonly Value[]): number => values.reduce((d, v) => (v.def?.op === "const" ? d : Math.max(d, depth[v.id]!)), 0);
    if (isMachineOp(instr.op)) {
      if (ops[instr.op].effect !== "none") return here;
      let target = outermost(instr.args);
      if (costly.test(instr.op)) while (target < here && levels.slice(target).some((level) => level.ifs > 1)) target++;
      return target;
    }
    if (isMemoryOp(instr.op)) {
      if (memoryOps[instr.op].store) return here;
      if (!(sure || first) || this.unwritten(outermost(instr.args), levels, [instr as Memory]) === here) return here;
      if (first) this.atOnce.add(instr);
      return here - 1;
    }
    if (instr.op === "data.addr" || instr.op === "frame.addr") return 0;
    if (instr.op === "if") {
      if (isLeaving(instr)) return outermost(instr.args) < here && this.isFirst(instr, region, levels) ? here - 1 : here;
      const loads: Memory[] = [];
      let size = 0;
      const inside = new Set<Value>();
      const outside: Value[] = [instr.args[0]!];
      for (const arm of instr.regions) for (const inner of arm.body) {
        if (inner.op === "yield") { outside.push(...inner.args); continue; }
        if (isMemoryOp(inner.op) && !memoryOps[inner.op].store) loads.push(inner as Memory);
        else if (!isMachineOp(inner.op) || ops[inner.op].effect !== "none") return here;
        outside.push(...inner.args);
        for (const r of inner.results) inside.add(r);
        size++;
      }
      if (instr.results.length === 0 || size > 8) return here;
      const target = this.unwritten(outermost(outside.filter((v) => !inside.has(v))), levels, loads);
      const cover = target < here ? coverOf(instr, this.old, this.program) : null;
      if (cover === null || (cover.asks === null && !sure)) return here;
      this.covers.set(instr, cover);
      return cover.asks === null ? here - 1 : target; // one loop at a time
    }
    return here;
  }
  /** Whether the check stands behind the test of its own loop, and nothing that is done before it can be seen. */
  private isFirst(check: If, region: Region, levels: readonly Level[]): boolean {
    return firstTest(levels.at(-1)!.loop)?.regions[0] === region && region.body.slice(0, region.body.indexOf(check)).every((instr) => (
      isLeaving(instr) || isQuiet(instr)
    ));
  }
  /** further in, until no loop left behind writes what is loaded */
  private unwritten(target: number, levels: readonly Level[], loads: readonly Memory[]): number {
    while (target < levels.length && loads.some((load) => mayTouch(this.program, this.writesOf(levels[target]!.loop.regions[0]), load.space))) target++;
    return target;
  }

  // ───────────────────────────────── the rewriting ─────────────────────────────────

  protected override loop(instr: Loop): boolean {
    const plan = this.plans.get(instr) ?? [];
    const test = plan.some((moved) => (isMemoryOp(moved.op) && !this.atOnce.has(moved)) || (moved.op === "if" && !this.covers.get(moved)?.asks)) ? this.testAtEntry(instr) : null;
    for (const moved of plan) {
      this.e.place = moved.place;
      this.note(moved.place, moved.op, "in front of the loop", "the same in every iteration");
      if (isLeaving(moved)) this.checkFirst(moved as If, test!);
      else if (moved.op === "if") this.choice(moved, test);
      else if (isMemoryOp(moved.op) && !this.atOnce.has(moved)) this.guarded(moved as Memory, test!, instr);
      else this.instruction(moved);
      this.done.add(moved);
    }
    return super.loop(instr);
  }

  /** The loop's test as it is in the first iteration. */
  private testAtEntry(loop: Loop): Value {
    const { params, body } = loop.regions[0];
    const test = firstTest(loop)!;
    const before = body.slice(0, body.indexOf(test));
    params.forEach((p, i) => { this.map[p.id] = this.value(loop.args[i]!); });
    for (const instr of before) if (!this.done.has(instr)) this.bind(instr.results[0]!, this.operation(instr as Machine));
    const cond = this.condition(test);
    for (const p of params) this.map[p.id] = undefined; // the loop's own are to come
    for (const instr of before) if (!this.done.has(instr)) this.map[instr.results[0]!.id] = undefined;
    return cond;
  }

  /** A check behind that test. */
  private checkFirst(check: If, cond: Value): void {
    const { e } = this;
    const both = e.op("i32.and", e.op("i32.ne", cond, e.i32(0)), e.op("i32.ne", this.condition(check), e.i32(0)));
    if (both.def?.op !== "const" || both.def.value !== 0) this.choose(both, check, () => this.walk(check.regions[0], plain([])), () => []);
  }

  /** An `if` that loads and computes: where it asks one thing more and the answer is no, nobody reads what it gives. */
  private choice(moved: If, test: Value | null): void {
    const { e } = this;
    const { arm, asks } = this.covers.get(moved)!;
    const sure = asks ? asks.map(({ op, args }) => e.op(op, ...args.map((a) => (typeof a === "number" ? e.i32(a) : this.value(a))))) : [e.op("i32.ne", test!, e.i32(0))];
    if (sure.length === 0) { this.if(moved); return; }
    const own = this.condition(moved);
    const cond = sure.reduce((all, one) => e.op("i32.and", all, one), e.op(arm === 1 ? "i32.eq" : "i32.ne", own, e.i32(0)));
    const walk = (at: number) => (): Value[] | null => this.walk(moved.regions[at]!, plain(moved.results));
    const [loading, other] = [walk(arm), walk(1 - arm)];
    this.bindAll(moved.results, cond.def?.op === "const" ? (cond.def.value !== 0 ? loading : other)()! : this.choose(cond, moved, loading, other)!);
  }

  /** A load behind that test. Where it fails nobody reads the value: the loop is left at once. */
  private guarded(load: Memory, cond: Value, loop: Loop): void {
    const { e } = this;
    const result = load.results[0]!, before = e.loaded(load, this.values(load.args));
    if (before) { this.bind(result, before); return; } // it has been loaded whether or not the test holds
    const write = (): Value[] => [e.load(load, this.values(load.args))];
    const none = (): Value[] => [result.type === "v128" ? e.const("v128", new Uint8Array(16)) : result.type === "i64" ? e.const("i64", 0n) : e.const(result.type, 0)];
    const known = cond.def?.op === "const" ? cond.def.value !== 0 : undefined;
    const [value] = known !== undefined ? (known ? write : none)() : this.choose(cond, firstTest(loop)!, write, none)!;
    this.bind(result, value!);
  }
}

/** Pure work, and loads. */
const isQuiet = (instr: Instr): boolean => (isMachineOp(instr.op) ? ops[instr.op].effect === "none" : isMemoryOp(instr.op) && !memoryOps[instr.op].store);
/** An `if` that only leaves the program. */
export const isLeaving = (instr: Instr): boolean => instr.op === "if" && instr.results.length === 0 && instr.regions[0].body[0]!.op === "trap" && instr.regions[1].body[0]!.op === "yield";

/** Whether what stands behind it is done too, always: it leaves neither the program nor the region. */
function comesBack(instr: Instr, inside: readonly Label[] = []): boolean {
  switch (instr.op) {
    case "trap": case "return": case "call": return false;
    case "br": return inside.includes(instr.label);
    case "if": return instr.regions.every((region) => region.body.every((inner) => comesBack(inner, inside)));
    case "block": case "loop": return instr.regions[0].body.every((inner) => comesBack(inner, [...inside, instr.label]));
    default: return true;
  }
}

/** The `if` that is the loop's own test, if what stands before it only computes. */
function firstTest(loop: Loop): If | null {
  for (const instr of loop.regions[0].body) {
    if (instr.op === "if") return endsIn(instr.regions[0], loop.label) ? instr : null;
    if (!isMachineOp(instr.op) || ops[instr.op].effect !== "none") return null;
  }
  return null;
}
