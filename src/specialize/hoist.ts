// Moves work that is the same in every iteration out in front of the loop.
//
//   before  loop l (%i = 0) { … %w = f64.convert_i32_s %width; %v = if %ok {load} else {yield nan}; … }     %width, %ok from outside
//   after   %w = …; %v = if %ok {load} else {yield nan}; loop l (%i = 0) { … }
//
// Pure operations go as far out as their operands allow, out of `if`s too: done in vain they cost little. Costly ones (divisions, roots,
// calls in disguise) leave an `if` only if it is the loop's own test. An `if` that only loads and computes goes as a whole, its condition
// with it. A bare load goes only where the loop is sure to run it: a loop of zero trips must not load, since nobody has checked that
// there is something to load. It then stands behind the loop's own test, made for the first iteration. A check that leaves the program goes there too
// (%bad from outside), if nothing happens in an iteration before it: the first one decides.
//
//   before  loop l (%i = 0) { %go = i32.lt_s %i %n; if %go { if %bad {trap}; … } }
//   after   if (i32.lt_s 0 %n) { if %bad {trap} }; loop l (%i = 0) { %go = …; if %go { … } }
//
// Nothing else that may trap moves.
//
// Requires: machine form, after checks.ts (which makes bare loads). Guarantees: machine form; stores, calls and their order untouched.

import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, If, Instr, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import type { Note } from "./notes.ts";
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
    for (const instr of region.body) {
      const target = levels.length > 0 ? this.targetOf(instr, region, levels, depth) : 0;
      for (const r of instr.results) depth[r.id] = target;
      if (target < levels.length) {
        const { loop } = levels[target]!;
        const plan = this.plans.get(loop);
        if (plan) plan.push(instr);
        else this.plans.set(loop, [instr]);
        if (instr.op === "if") for (const arm of instr.regions) for (const inner of arm.body) for (const r of inner.results) depth[r.id] = target;
        continue;
      }
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
  private targetOf(instr: Instr, region: Region, levels: readonly Level[], depth: Int32Array): number {
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
      const target = this.unwritten(outermost(instr.args), levels, [instr as Memory]);
      // behind the test of its own loop, and of no other condition: one loop at a time
      return target < here && firstTest(levels[here - 1]!.loop)?.regions[0] === region ? here - 1 : here;
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
      return this.unwritten(outermost(outside.filter((v) => !inside.has(v))), levels, loads);
    }
    return here;
  }
  /** Whether the check stands behind the test of its own loop, and nothing that is done before it can be seen. */
  private isFirst(check: If, region: Region, levels: readonly Level[]): boolean {
    return firstTest(levels.at(-1)!.loop)?.regions[0] === region && region.body.slice(0, region.body.indexOf(check)).every((instr) => (
      isLeaving(instr) || (isMachineOp(instr.op) ? ops[instr.op].effect === "none" : isMemoryOp(instr.op) && !memoryOps[instr.op].store)
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
    const test = plan.some((moved) => isMemoryOp(moved.op) || isLeaving(moved)) ? this.testAtEntry(instr) : null;
    for (const moved of plan) {
      this.e.place = moved.place;
      this.note(moved.place, moved.op, "in front of the loop", "the same in every iteration");
      if (isLeaving(moved)) this.checkFirst(moved as If, test!);
      else if (moved.op === "if") this.if(moved);
      else if (isMemoryOp(moved.op)) this.guarded(moved as Memory, test!, instr);
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

/** An `if` that only leaves the program. */
export const isLeaving = (instr: Instr): boolean => instr.op === "if" && instr.results.length === 0 && instr.regions[0].body[0]!.op === "trap" && instr.regions[1].body[0]!.op === "yield";

/** The `if` that is the loop's own test, if what stands before it only computes. */
function firstTest(loop: Loop): If | null {
  for (const instr of loop.regions[0].body) {
    if (instr.op === "if") return endsIn(instr.regions[0], loop.label) ? instr : null;
    if (!isMachineOp(instr.op) || ops[instr.op].effect !== "none") return null;
  }
  return null;
}
