// A loop that is left from one place, by a jump out of the block that it stands in, ends there: the form that all passes over loops look for.
//
//   before  %r = block b { loop l (%n) { …; if %c { …; br b %v }; …; br l %m } trap }          a function that calls itself last; while (true) { if (c) return v; … }
//   after   %r = loop l (%n) { …; if !%c { …; br l %m } …; yield %v }
//
// Requires: machine form. Guarantees: machine form, same bits, no work that is done twice.

import type { Block, Func, Instr, Label, Loop, Program, Region } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import { Rewriter } from "./rewrite.ts";

export function endLoops(func: Func, program: Program, note: Note = () => {}): Func {
  const { loops, ops } = contentsOf(func);
  return loops.length > 0 && ops.has("block") ? new Ender(func, program, note).run() : func;
}

class Ender extends Rewriter {
  private readonly note: Note;
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.note = note; }

  protected override block(instr: Block): boolean {
    const found = this.ending(instr);
    if (!found) return super.block(instr);
    this.note(found.place, "a loop in a block", "a loop with an end", "one jump leaves it");
    return this.loop(found);
  }

  /** The loop as it ends by itself, where the block holds nothing else and one jump leaves it. */
  private ending({ label, results, regions: [{ body: [loop, never, more] }] }: Block): Loop | null {
    if (loop?.op !== "loop" || never?.op !== "trap" || never.exit !== -1 || more || loop.results.length > 0 || this.brs.get(label)?.length !== 1) return null;
    const { params, body } = loop.regions[0], last = body.at(-1)!;
    const ended = (before: readonly Instr[], { args, place }: Instr): Loop => ({ ...loop, results, regions: [{ params, body: [...before, { op: "yield", args, results: [], place }] }] });
    if (last.op !== "br") return null;
    if (last.label === label) return ended(body.slice(0, -1), last);
    const at = body.findIndex((instr) => instr.op === "if" && instr.regions.some((arm) => leaves(arm, label))), left = body[at];
    if (last.label !== loop.label || left?.op !== "if") return null;
    const out = leaves(left.regions[0], label) ? 0 : 1, way = left.regions[out]!, other = left.regions[1 - out]!;
    if (left.results.length > 0 || other.body[0]!.op !== "yield") return null;
    const goesOn: Region = { params: [], body: body.slice(at + 1) };
    return ended([...body.slice(0, at), { ...left, regions: out === 0 ? [other, goesOn] : [goesOn, other] }, ...way.body.slice(0, -1)], way.body.at(-1)!);
  }
}

const leaves = ({ body }: Region, label: Label): boolean => { const end = body.at(-1)!; return end.op === "br" && end.label === label; };
