// What the objects of an array hold in a field that is no number, boolean, null, undefined or one of them: a string, a function, an object of whatever form.
//
//   points.map((p) => ({ ...p, x: p.x * k }))      p.name is handed on: the runtime takes the very value from the object when the program has ended
//   if (p.x > most) { most = p.x; best = p.name; }
//
// Such a value is the object's index and the field's name (items.ts); that it is none of those entry tests, so comparing it with null, undefined, a number or a
// boolean is known. Whatever else looks at it (its type, its length, a call, a comparison with a string) is learned, and the walk begins again: from then on
// reading that field is refused, as what can't be done with such objects.
// Guarantees: the field is not written while it is handed on.

import type { Instr } from "../../ir/types.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import type { Abs, Alt, Mem, Records } from "./values.ts";
import { Restart } from "./walk.ts";

export const isPassed = (a: Abs | Alt): boolean => a.k === "mem" && a.of.records?.passed === true;

const keyOf = ({ path, within }: Records, field?: string): string => [pathKey(path), ...within.map((holder) => holder.field), ...(field === undefined ? [] : [field])].join(" ");
/** Whether the kernel looks at what the objects hold in the field. */
export const isLookedAt = (ev: Evaluator, records: Records, field: string): boolean => ev.lessons.lookedAt.has(keyOf(records, field));

/** More is asked of a value than to be handed on. Begins again where it may be such a one. */
export function look(ev: Evaluator, a: Abs | Alt | undefined): void {
  if (!a || (a.k !== "mem" && a.k !== "sum")) return;
  const passed = a.k === "sum" ? a.alts.find(isPassed) : isPassed(a) ? a : undefined;
  if (!passed) return;
  ev.lessons.lookedAt.add(keyOf((passed as Mem).of.records!));
  throw new Restart();
}
export function lookAll(ev: Evaluator, list: readonly (Abs | undefined)[]): void { for (const a of list) look(ev, a); }

/** Which operands of an instruction are handed on, not looked at. */
export function isHandedOn(instr: Instr, i: number): boolean {
  switch (instr.op) {
    case "js.call": case "js.apply": case "js.new": case "js.construct": return i > 0; // built-in functions look for themselves
    case "js.set": case "js.define": case "js.private.set": case "js.private.add": case "js.super.set": return i === 2;
    case "js.free.set": case "js.cell": case "js.yield": return true;
    case "js.cell.set": return i === 1;
    case "js.object": return instr.keys[i] !== null;
    case "js.array": return instr.shape.filter((shape) => shape !== "hole")[i] === "item";
    case "js.seq": case "js.sne": case "js.eq": case "js.ne": case "js.nullish": return true; // the answer may be known
    default: return false;
  }
}

/** Built-in functions that hand on what they are given. */
const moving = new Set(["Array.prototype.push", "Array.of", "Function.prototype.call", "Function.prototype.bind", "Map.prototype.set"]);
/** Which of the arguments of a built-in function are not looked at. */
export const isMoved = (name: string, i: number): boolean => moving.has(name) && (i > 0 || name !== "Map.prototype.set");
