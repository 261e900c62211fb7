// A loop that goes back from several places, counting alike in each, goes back from one: the form that all passes over counted loops look for.
//
//   before  loop l (%i = 0) { if %i < %n { …; if %c { br l (%i + 4) }; …; br l (%i + 4) } yield }         while (i < n) { …; if (c) { i += 4; continue; } …; i += 4; }
//   after   loop l (%i = 0) { if %i < %n { …; if %c {} else { … }; br l (%i + 4) } yield }
//
// What all of them pass on alike is computed once, before the loop goes back. Loops that count by other steps here and there stay as they are: what a
// counter is told by is each of its steps.
//
// Requires: machine form. Guarantees: machine form, same bits, no work that is done twice.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, ops } from "../ir/ops.ts";
import type { Br, Func, If, Label, Loop, Machine, Program, Region, Value } from "../ir/types.ts";
import { BrNode } from "../ir/nodes.ts";
import { contentsOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import { Rewriter, type Way } from "./rewrite.ts";

export function joinLatches(func: Func, program: Program, note: Note = () => {}): Func {
  const { loops } = contentsOf(func);
  if (loops.length === 0) return func;
  const joiner = new Joiner(func, program, note);
  return loops.some((loop) => joiner.goesBackAlike(loop)) ? joiner.run() : func;
}

/** places that a loop goes back from: an interpreter's are better left apart */
const most = 4;

class Joiner extends Rewriter {
  private readonly note: Note;
  private readonly joined = new Set<Label>();
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.note = note; }

  /** Whether it goes back from a few places, and counts in all of them alike. */
  goesBackAlike({ label, regions: [{ params }] }: Loop): boolean {
    const brs = this.brs.get(label) ?? [];
    if (brs.length < 2 || brs.length > most) return false;
    const steps = params.map((p, i) => stepsOf(p, brs, i)).filter((s) => s !== null);
    return steps.length > 0 && steps.every((s) => s.every((step) => step === s[0]));
  }

  protected override loop(instr: Loop): boolean {
    if (this.goesBackAlike(instr)) {
      this.joined.add(instr.label);
      this.note(instr.place, `${this.brs.get(instr.label)!.length} ways back to a loop's begin`, "one", "it counts alike on all of them");
    }
    return super.loop(instr);
  }

  /** The region that all ways back lie in ends with the one. */
  protected override walk(old: Region, way: Way, from = 0): Value[] | null {
    const last = old.body.at(-1)!;
    if (last.op !== "br" || !this.joined.has(last.label)) return super.walk(old, way, from);
    this.joined.delete(last.label);
    const target = this.targets.get(last.label)!;
    const values = super.walk(old, { to: [], tail: last.label, rest: null, trivial: true }, from);
    if (values) {
      target.brs++;
      this.e.append(new BrNode(target.label, values, last.place));
    }
    return null;
  }

  protected override join(cond: Value, like: Pick<If, "place">, thenRegion: Region, elseRegion: Region, a: Value[], b: Value[]): Value[] {
    const inner = new Set([thenRegion, elseRegion].flatMap((region) => region.body.flatMap((instr) => instr.results)));
    const alike = a.map((v, i) => v !== b[i] && isAlike(v, b[i]!, inner, deepest));
    const own = alike.flatMap((same, i) => (same ? [] : [i]));
    if (own.length === a.length) return super.join(cond, like, thenRegion, elseRegion, a, b);
    const values = super.join(cond, like, thenRegion, elseRegion, own.map((i) => a[i]!), own.map((i) => b[i]!));
    const behind = (v: Value): Value => (inner.has(v) ? this.e.operation((v.def as Machine).op, v.def!.args.map(behind)) : v);
    return a.map((v, i) => (alike[i] ? behind(v) : values[own.indexOf(i)]!));
  }
}
const deepest = 4;

/** What the parameter grows by on each way back, if on each by a constant. */
function stepsOf(p: Value, brs: readonly Br[], at: number): number[] | null {
  const steps = brs.map(({ args }) => {
    const { def } = args[at]!;
    const by = def !== null && /^(i32|f64)\.(add|sub)$/.test(def.op) && def.args[0] === p ? constantOf(def.args[1]!) : undefined;
    return typeof by === "number" ? (def!.op.endsWith("add") ? by : -by) : null;
  });
  return steps.every((s) => s !== null) ? steps : null;
}

/** Whether both are made alike by pure work on what is there before the arms. */
function isAlike(a: Value, b: Value, inner: ReadonlySet<Value>, depth: number): boolean {
  if (a === b) return !inner.has(a);
  if (constantOf(a) !== undefined) return a.type === b.type && Object.is(constantOf(a), constantOf(b));
  const [x, y] = [a.def, b.def];
  if (depth === 0 || x === null || y === null || x.op !== y.op || !isMachineOp(x.op) || ops[x.op].effect !== "none" || !inner.has(a) && !inner.has(b)) return false;
  return x.args.every((arg, i) => isAlike(arg, y.args[i]!, inner, depth - 1));
}
