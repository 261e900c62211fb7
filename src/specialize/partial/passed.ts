// What the objects of an array hold in a field that is no number, boolean, null, undefined or one of them: a string, a function, an object of whatever form.
//
//   points.map((p) => ({ ...p, x: p.x * k }))      p.name is handed on: the runtime takes the very value from the object when the program has ended
//   if (p.x > most) { most = p.x; best = p.name; }
//   if (shape.type === "circle") …                 words that it is compared with are found at entry: a number says which of them it is, or that it is none
//   nodes.find((n) => n.id === link.source)        of those that are compared with one another entry makes numbers, equal for equal ones
//
// Such a value is the object's index and the field's name (items.ts); that it is none of those entry tests, so comparing it with null, undefined, a number or a
// boolean is known. Words that it is compared with, and the keys of a known object that it is to find, are learned: then it is one of these or none of them. Whatever else
// looks at it (its length, a call, arithmetic) is learned, and the walk begins again: from then on reading that field is refused, as what can't be done with such objects.
// Guarantees: what leaves is what the field held: it does not leave where the field is written.

import { instructions } from "../../ir/build.ts";
import type { Holder } from "../../ir/fields.ts";
import type { Path } from "../../ir/interface.ts";
import type { Instr, Value } from "../../ir/types.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { learnWords, numberOfPassed } from "./items.ts";
import { becomeNamedObject } from "./named.ts";
import { presentNames } from "./optional.ts";
import { textSpace } from "./strings.ts";
import type { Abs, Alt, Mem, Records } from "./values.ts";
import { Restart } from "./walk.ts";

export const isPassed = (a: Abs | Alt): boolean => a.k === "mem" && a.of.records?.passed !== undefined;

const keyOf = ({ path, within }: Pick<Records, "path" | "within">, field?: string): string => [pathKey(path), ...within.map((holder) => holder.field), ...(field === undefined ? [] : [field])].join(" ");
/** Whether the kernel looks at what the objects hold in the field. */
export const isLookedAt = (ev: Evaluator, records: Records, field: string): boolean => ev.lessons.lookedAt.has(keyOf(records, field));

/** The field gets something else: what it held is gone when the program has ended. */
export function noteRewritten(ev: Evaluator, records: Records, field: string): void {
  const key = keyOf(records, field);
  ev.rewritten.add(key);
  if (ev.interned.has(key)) lookAt(ev, key);
}
/** Where it leaves: the field has to hold it still. */
export function expectKept(ev: Evaluator, passed: Pick<Records, "path" | "within">): void {
  const key = keyOf(passed);
  if (!ev.rewritten.has(key)) return;
  lookAt(ev, key);
}
function lookAt(ev: Evaluator, key: string): never {
  ev.lessons.lookedAt.add(key);
  throw new Restart();
}

/** Whether two of them are the same: each is a number for this call, while its field is not written. */
export function areSame(ev: Evaluator, a: Mem, b: Mem | Path): Value {
  return ev.b.op("f64.eq", numberNow(ev, a), "k" in b ? numberNow(ev, b) : numberOfText(ev, b));
}
/** The number that it is. */
export function numberNow(ev: Evaluator, one: Mem): Value {
  const key = keyOf(one.of.records!);
  ev.interned.add(key);
  if (ev.rewritten.has(key)) lookAt(ev, key);
  return numberOfPassed(ev, one);
}
/** The same of one of the call's strings. */
export const numberOfText = (ev: Evaluator, path: Path): Value => numberOf(ev, `text ${pathKey(path)}`, path);
/** … of a word. */
export const numberOfWord = (ev: Evaluator, word: string): Value => numberOf(ev, `word ${word}`, ev.inputs.find(({ input }) => input.as === "column")!.input.path, word);
function numberOf(ev: Evaluator, key: string, path: Path, word?: string): Value {
  let number = ev.internedTexts.get(key);
  if (!number) {
    const own = ev.b.value("i32", "text_number"), length = ev.b.value("i32", "text_number_unused");
    for (const value of [own, length]) ev.inputValues.add(value);
    ev.inputs.push({ input: { as: "text", path, interned: true, ...(word === undefined ? {} : { word }), space: textSpace(ev), read: false, written: false }, params: [own, length] });
    ev.internedTexts.set(key, (number = ev.inPrologue(() => ev.b.op("f64.convert_i32_s", own))));
  }
  return number;
}
export const isCompared = (ev: Evaluator, { path, within, field }: { readonly path: Path; readonly within: readonly Holder[]; readonly field: string }): boolean => ev.interned.has(keyOf({ path, within }, field));

/** More is asked of a value than to be handed on. Begins again where it may be such a one. */
export function look(ev: Evaluator, a: Abs | Alt | undefined): void {
  if (!a || (a.k !== "mem" && a.k !== "sum")) return;
  const passed = a.k === "sum" ? a.alts.find(isPassed) : isPassed(a) ? a : undefined;
  if (!passed) return;
  lookAt(ev, keyOf((passed as Mem).of.records!));
}
export function lookAll(ev: Evaluator, list: readonly (Abs | undefined)[]): void { for (const a of list) look(ev, a); }

/** Whether they are strings, all of them. */
export const areTexts = (a: Abs | Alt): boolean => (a as Mem).of.records!.passed!.texts;
/** The value is none of the words, which are alternatives of their own. Begins again where it may be. */
export function tellWords(ev: Evaluator, a: Abs | Alt, words: readonly string[], also: readonly string[] = []): void {
  if (!learnWords(ev, (a as Mem).of.records!, words, also)) look(ev, a);
}
/** The same of a word that the source compares it with, and of the others there. */
export function tellWord(ev: Evaluator, a: Abs | Alt, word: string): void {
  const words = new Set<string>(), { func } = ev.activation!;
  for (const instr of instructions(func.body)) {
    if (instr.op !== "js.seq" && instr.op !== "js.sne" && instr.op !== "js.eq" && instr.op !== "js.ne") continue;
    for (const { def } of instr.args) if (def?.op === "js.const" && typeof def.value === "string" && words.size < mostAround) words.add(def.value);
  }
  tellWords(ev, a, [word], [...words]);
}
const mostAround = 24;

/** A known object is asked for one of its keys; for anything else the original is. */
export function noneOfKeys(ev: Evaluator, base: Abs, key: Abs): never {
  const object = base.k === "obj" ? ev.object(base.id) : undefined;
  const names = object?.t === "object" && object.origin.from === "local" ? presentNames(object) : object?.t === "snap" && ev.snapshot.node(object.node).kind === "object" ? ev.snapshot.keys(object.node) : [];
  becomeNamedObject(ev, base, key);
  if (!names || names.length === 0 || !areTexts(key)) look(ev, key);
  tellWords(ev, key, names!);
  return ev.bail("an object is asked for a key that it has not");
}

/** Which operands of an instruction are handed on, not looked at. */
export function isHandedOn(instr: Instr, i: number): boolean {
  switch (instr.op) {
    case "js.call": case "js.apply": case "js.new": case "js.construct": return i > 0; // built-in functions look for themselves
    case "js.set": return i > 0;
    case "js.define": case "js.private.set": case "js.private.add": case "js.super.set": return i === 2;
    case "js.free.set": case "js.cell": case "js.yield": return true;
    case "js.cell.set": return i === 1;
    case "js.object": return instr.keys[i] !== null;
    case "js.array": return instr.shape.filter((shape) => shape !== "hole")[i] === "item";
    case "js.seq": case "js.sne": case "js.eq": case "js.ne": case "js.nullish": case "js.not": case "js.typeof": return true; // the answer may be known
    case "js.get": return i === 1;
    case "js.in": return i === 0;
    case "js.delete": return i === 1;
    default: return false;
  }
}

/** Built-in functions that hand on what they are given. */
const moving = new Set(["Array.prototype.push", "Array.of", "Function.prototype.call", "Function.prototype.bind"]);
/** … or look for themselves: such values may be keys */
const asKeys = new Set(["Map.prototype.set", "Map.prototype.get", "Map.prototype.has", "Map.prototype.delete", "Set.prototype.add", "Set.prototype.has", "Set.prototype.delete", "Object.hasOwn", "Object.prototype.hasOwnProperty"]);
/** Whether a built-in function's arguments are not looked at. */
export const isMoved = (name: string): boolean => moving.has(name) || asKeys.has(name);
