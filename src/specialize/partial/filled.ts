// Ordinary arrays of a length of run time that are filled as soon as they are made: `new Array(n).fill(0)`.
//
// Such an array never has a hole that somebody sees: its elements are of the class of the place that fills it, which knows of none, and are read without
// asking. Nor does it grow by a write, as one that began empty does (`sized` in contents.ts): one behind its end is a rare case (vectors.ts).
// Nothing may stand between the two; else the elements are filled one by one, as in any array.

import type { Instr } from "../../ir/types.ts";
import { elementCell, writeCell } from "./boxes.ts";
import { admit, beSized, classAt, classOf, elementsMemory } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import { arrayClassOf } from "./heap.ts";
import type { Abs, Mem } from "./values.ts";

/** The loop that writes the holes of a new array. */
const holesOf = new WeakMap<Instr, number>();
export function isAllHoles(ev: Evaluator, id: number): void {
  const last = ev.b.region.body.at(-1);
  if (last) holesOf.set(last, id);
}

/** Fills an array that is all holes with a number; undefined where it is none. */
export function fillNew(ev: Evaluator, self: Abs, value: Abs): Abs | undefined {
  const { body } = ev.b.region, last = body.at(-1), object = self.k === "obj" ? ev.object(self.id) : undefined;
  if (self.k !== "obj" || object?.t !== "vector" || !last || holesOf.get(last) !== self.id || !ev.activation || !ev.instr) return undefined;
  if (value.k !== "num" && !(value.k === "prim" && typeof value.value === "number")) return undefined;
  body.pop();
  ev.expect({ expect: "unindexed" });
  const site = { context: ev.activation.context, instr: ev.instr }, prototype = arrayClassOf(object), cls = classAt(site, { form: "array", ...(prototype === undefined ? {} : { prototype }) });
  admit(ev, cls, 0, { is: "number" });
  beSized(cls);
  const mem: Mem = { ...object.mem, of: elementsMemory(ev, cls) }, label = ev.b.label("filled");
  ev.b.loop(label, [ev.b.i32(0)], [], ([i]) => {
    ev.b.if(ev.b.op("i32.lt_s", i!, mem.len), [], () => {
      writeCell(ev, cls, 0, () => elementCell(ev, mem, i!), value);
      ev.b.br(label, [ev.b.op("i32.add", i!, ev.b.i32(1))]);
      return null;
    }, () => []);
    return [];
  });
  ev.update(self.id, { t: "vector", mem, site });
  return self;
}

/** A new array that is as long as what it was made of. */
export function madeWithLength(ev: Evaluator, made: Abs): void {
  const cls = made.k === "obj" ? classOf(ev, ev.object(made.id)) : undefined;
  if (cls?.form.form === "array") beSized(cls);
}
