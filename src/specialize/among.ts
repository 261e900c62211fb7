// Numbers of a constant table whose place is chosen among a few constants are chosen themselves: the colour of a palette that is nearest.
//
//   %k = i32.select %c2 2 (i32.select %c1 1 0);  %t = i32.load8_u [%table + %k];  %x = f64.convert_i32_s %t
//     →  %x = f64.select %c2 219.0 (f64.select %c1 109.0 36.0)
//
// Scalar code no longer waits for the place, the load and the conversion (engines branch on choices of doubles, and go on with what they expect); lanes need not
// look up one by one. The conditions compare doubles, and so are as wide in lanes as what they choose.
//
// Requires: machine form. Guarantees: machine form, the same bits; the load is left to dead code elimination.

import { constantOf } from "../ir/build.ts";
import { memoryOps } from "../ir/ops.ts";
import type { Func, Instr, Machine, Memory, Program, Value } from "../ir/types.ts";
import { contentsOf, holdsAny } from "./analyses.ts";
import { visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import { Rewriter } from "./rewrite.ts";
import { readers } from "./tables.ts";

/** choices that are made in place of a look-up */
const most = 12;

export function chooseAmong(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0 || !holdsAny(func, selects)) return func;
  const found = new Map<Instr, Chosen>();
  visit(func.body, (instr) => {
    const chosen = chosenBy(instr, program);
    if (chosen) found.set(instr, chosen);
  });
  return found.size === 0 ? func : new Chooser(func, program, found, note).run();
}
const selects: ReadonlySet<string> = new Set(["i32.select"]);

/** The place that is chosen, and what the element at a place becomes. */
interface Chosen { readonly place: Value; readonly at: (index: number) => number | undefined }

/** A double or single that is loaded of a table, or made of what is. */
function chosenBy(instr: Instr, program: Program): Chosen | null {
  const load = instr.op === "f64.load" || instr.op === "f32.load" ? instr : conversions.has(instr.op) ? (instr as Machine).args[0]!.def : null;
  const read = load ? readers[load.op as Memory["op"]] : undefined;
  if (!read) return null;
  const { op, args: [base, place], scale, offset } = load as Memory;
  const segment = base!.def?.op === "data.addr" ? program.data[base!.def.segment]! : undefined;
  if (!segment || segment.varies || place!.def?.op !== "i32.select") return null;
  const { bytes } = segment, view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (index: number): number | undefined => {
    const from = index * 2 ** scale + offset;
    if (from < 0 || from + memoryOps[op].bytes > bytes.length) return undefined;
    return instr.op.endsWith("convert_i32_u") ? read(view, from) >>> 0 : read(view, from);
  };
  const choices = choicesOf(place!, at, most);
  return choices === null ? null : { place: place!, at };
}
const conversions: ReadonlySet<string> = new Set(["f64.convert_i32_s", "f64.convert_i32_u", "f64.promote_f32", "f32.convert_i32_s", "f32.convert_i32_u"]);
const comparison = /^f(?:64|32)\.(?:eq|ne|lt|gt|le|ge)$/;

/** How many choices lead to a place, at most so many; null where there are more, or others. */
function choicesOf(place: Value, at: Chosen["at"], left: number): number | null {
  const index = constantOf(place), { def } = place;
  if (typeof index === "number") return at(index) === undefined ? null : 0;
  if (!def || left <= 0) return null;
  if (comparison.test(def.op)) return at(0) === undefined || at(1) === undefined ? null : 1;
  if (def.op !== "i32.select" || !comparison.test(def.args[0]!.def?.op ?? "")) return null;
  const then = choicesOf(def.args[1]!, at, left - 1), otherwise = then === null ? null : choicesOf(def.args[2]!, at, left - 1 - then);
  return otherwise === null ? null : 1 + then! + otherwise;
}

class Chooser extends Rewriter {
  private readonly found: ReadonlyMap<Instr, Chosen>;
  private readonly note: Note;
  constructor(func: Func, program: Program, found: ReadonlyMap<Instr, Chosen>, note: Note) { super(func, program); this.found = found; this.note = note; }

  protected override operation(instr: Machine): Value {
    const chosen = this.found.get(instr);
    return chosen ? this.chosen(instr, chosen) : super.operation(instr);
  }
  protected override memory(instr: Memory): void {
    const chosen = this.found.get(instr);
    if (chosen) this.bind(instr.results[0]!, this.chosen(instr, chosen)); else super.memory(instr);
  }
  private chosen(instr: Instr, { place, at }: Chosen): Value {
    this.note(instr.place, "a number of a table", "chosen itself", "its place is chosen among constants");
    return this.among(instr.results[0]!.type as "f64" | "f32", place, at);
  }
  private among(type: "f64" | "f32", place: Value, at: Chosen["at"]): Value {
    const { e } = this, index = constantOf(place), { def } = place;
    const number = (k: number): Value => (type === "f64" ? e.f64(at(k)!) : e.f32(at(k)!));
    if (typeof index === "number") return number(index);
    if (def!.op !== "i32.select") return e.op(`${type}.select`, this.value(place), number(1), number(0));
    const [cond, then, otherwise] = def!.args as [Value, Value, Value];
    return e.op(`${type}.select`, this.value(cond), this.among(type, then, at), this.among(type, otherwise, at));
  }
}
