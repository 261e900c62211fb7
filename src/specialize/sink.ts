// Moves work into the arm of an `if` that alone needs it.
//
//   before  %v = if %ok {load} else {yield nan}; %w = f64.add %v 1.0; if %ok {store %w}       h[k]++, where the check could not be proved
//   after   if %ok { %v = if %ok {load} else {yield nan}; %w = f64.add %v 1.0; store %w }     now checks.ts sees the second check decided
//
// What moves: pure operations, loads, and `if`s that do nothing else; a load only past what does not write where it reads, and none that is the same in every
// iteration of the loop around it: hoist.ts takes it out of that. Nothing moves into a loop or a block.
//
// Requires: machine form; conditions that are equal are one value (simplify.ts). Guarantees: machine form; nothing runs more often.
// Algorithm: each region from its end backwards, with the place where each value is used so far.

import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, Instr, Loop, Memory, Program, Region, Value } from "../ir/types.ts";
import { holdsAny } from "./analyses.ts";
import { definedIn, FreeValues } from "./flow.ts";
import { mayTouch, Rewriter, writesOf } from "./rewrite.ts";

export function sink(func: Func, program: Program): Func {
  if (!holdsAny(func, ["if"])) return func;
  const sinker = new Sinker(func, program);
  return sinker.moved === 0 ? func : sinker.run();
}

/** Instructions that a load may move past: looking at them takes time. */
const farthest = 100;

/** Used in that arm of a later `if` only, or all over the place. */
type Use = { readonly at: number; readonly arm: Region } | "around";

/** The loop around what is planned: what it defines, and where it writes. */
class Around {
  private readonly inside: ReadonlySet<Value>;
  private readonly writes: ReadonlySet<number | "all">;
  private readonly program: Program;
  private readonly known = new Map<Instr, boolean>();
  constructor(loop: Loop, program: Program) {
    this.inside = definedIn(loop).inside;
    this.writes = writesOf(loop.regions[0]);
    this.program = program;
  }
  /** Whether a value is loaded from a place that the loop does not change, or computed of such. */
  stays(v: Value): boolean {
    const { def } = v;
    return !this.inside.has(v) || def?.op === "const" || (def !== null && this.isSame(def));
  }
  private isSame(instr: Instr): boolean {
    let same = this.known.get(instr);
    if (same === undefined) this.known.set(instr, (same = this.isQuiet(instr) && instr.args.every((arg) => this.stays(arg))));
    return same;
  }
  private isQuiet(instr: Instr): boolean {
    const { op } = instr;
    if (op === "if") return instr.regions.every(({ body }) => body.every((inner) => this.isSame(inner)));
    return isMemoryOp(op) ? instr.results.length > 0 && !mayTouch(this.program, this.writes, (instr as Memory).space) : op === "yield" || (isMachineOp(op) && ops[op].effect === "none");
  }
}

class Sinker extends Rewriter {
  moved = 0;
  /** what is written at the start of an arm, in order */
  private readonly into = new Map<Region, Instr[]>();

  private readonly where = new Map<Instr, Region>();
  /** where each value is used in the region at hand, if it is marked as used in that one */
  private readonly uses: (Use | undefined)[];
  private readonly usedIn: Int32Array;
  private round = 0;
  private readonly free: FreeValues;

  constructor(func: Func, program: Program) {
    super(func, program);
    this.uses = new Array<Use | undefined>(func.nextId);
    this.usedIn = new Int32Array(func.nextId);
    this.free = new FreeValues(func);
    this.plan(func.body.body, null);
  }

  protected override enter(region: Region): void {
    for (const instr of this.into.get(region) ?? []) {
      if (this.where.get(instr) !== region) continue; // it moved on, further in
      this.e.place = instr.place;
      if (instr.op === "if") this.if(instr);
      else this.instruction(instr);
    }
  }

  private useOf(v: Value): Use | undefined { return this.usedIn[v.id] === this.round ? this.uses[v.id] : undefined; }

  /** Plans a region whose instructions are `body`: what was moved to its start, and its own. */
  private plan(body: readonly Instr[], around: Around | null): void {
    const round = ++this.round;
    const use = (v: Value, where: Use): void => {
      if (v.def?.op === "const") return;
      const known = this.useOf(v);
      this.usedIn[v.id] = round;
      this.uses[v.id] = known === undefined || (known !== "around" && where !== "around" && known.arm === where.arm) ? where : "around";
    };
    const useIn = (region: Region, where: Use): void => { for (const v of this.free.of(region)) use(v, where); };
    const useAll = (instr: Instr, where: Use): void => {
      for (const arg of instr.args) use(arg, where);
      if ("regions" in instr) for (const inner of instr.regions) useIn(inner, where);
    };
    for (let i = body.length - 1; i >= 0; i--) {
      const instr = body[i]!;
      const target = around !== null && !isMachineOp(instr.op) && instr.results.length > 0 && around.stays(instr.results[0]!) ? null : this.targetOf(instr, i, body);
      if (target !== null) {
        this.moved++;
        this.done.add(instr);
        this.where.set(instr, target.arm);
        const list = this.into.get(target.arm);
        if (list) list.unshift(instr);
        else this.into.set(target.arm, [instr]);
        useAll(instr, target);
      } else if (instr.op === "if") {
        use(instr.args[0]!, "around");
        for (const arm of instr.regions) useIn(arm, { at: i, arm });
      } else useAll(instr, "around");
    }
    for (const instr of body) {
      if (!("regions" in instr) || this.done.has(instr)) continue;
      const own = instr.op === "loop" ? new Around(instr, this.program) : around;
      for (const inner of instr.regions) this.plan([...(this.into.get(inner) ?? []), ...inner.body], own);
    }
  }

  private targetOf(instr: Instr, at: number, body: readonly Instr[]): Exclude<Use, "around"> | null {
    if (instr.results.length === 0) return null;
    let target: Use | undefined;
    for (const r of instr.results) {
      const use = this.useOf(r);
      if (use === undefined) continue;
      if (use === "around" || (target !== undefined && (target as { arm: Region }).arm !== use.arm)) return null;
      target = use;
    }
    if (target === undefined || target === "around") return null;
    const loads: Memory[] = [];
    const movable = (inner: Instr): boolean => {
      if (isMemoryOp(inner.op)) { loads.push(inner as Memory); return !memoryOps[inner.op].store; }
      return isMachineOp(inner.op) && ops[inner.op].effect === "none";
    };
    if (instr.op === "if") {
      for (const arm of instr.regions) for (const inner of arm.body) if (inner.op !== "yield" && !movable(inner)) return null;
    } else if (!movable(instr)) return null;
    if (loads.length === 0) return target;
    if (target.at - at > farthest) return null;
    const writes = writesOf({ params: [], body: body.slice(at + 1, target.at) });
    return loads.some((load) => mayTouch(this.program, writes, load.space)) ? null : target;
  }
}
