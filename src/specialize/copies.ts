// What the passes share that write an iteration several times over, in a loop in front of the one that is left for the rest.

import type { Func, Instr, Label, Loop, Program, Value } from "../ir/types.ts";
import { rangesOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

export abstract class CopyWriter extends Rewriter {
  protected readonly note: Note;
  /** the values of the copy that is being written */
  protected current: Map<Value, Value> | null = null;
  /** what a loop that is left for the rest begins with */
  protected readonly begun = new Map<Label, Value[]>();
  private found: Ranges | undefined;

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
  }

  protected get ranges(): Ranges { return this.found ??= rangesOf(this.old, this.program); }
  override value(old: Value): Value { return this.current?.get(old) ?? super.value(old); }
  protected override bind(old: Value, now: Value): Value {
    if (!this.current) return super.bind(old, now);
    this.current.set(old, now);
    return now;
  }
  /** Writes one instruction of a copy, which has no loops. */
  protected write(instr: Instr, map: Map<Value, Value>): void {
    this.current = map;
    this.e.place = instr.place;
    if (instr.op === "if") this.if(instr);
    else this.instruction(instr);
    this.current = null;
  }
  /** What an old value is in that copy. */
  protected within(map: Map<Value, Value>, old: Value): Value {
    this.current = map;
    const now = this.value(old);
    this.current = null;
    return now;
  }
  protected override inits(instr: Loop): Value[] { return this.begun.get(instr.label) ?? super.inits(instr); }
}
