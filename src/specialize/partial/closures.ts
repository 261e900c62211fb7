// Functions that the kernel makes, in lists and objects that lie in memory: handlers, rules, what is to be done later.
//
//   const steps = [];  for (…) steps.push((x) => x * i + k);  …  for (const step of steps) s = step(s);
//
// One lies there as a record of what its text captured: the addresses of its variables, and of an arrow `this` (defunctionalization, after Reynolds, 1972). Which text it
// is, is its class, whose prototype is a number that no object has as one: so whatever asks more of such a function than to be called is refused where that prototype is asked
// for, and it does not leave. A call reads what it captured and walks the text. Two are one where their addresses are.
//
// Requires: functions without fields of their own, that are no classes, generators or methods, nor ask for `super` or private names.

import { instructions } from "../../ir/build.ts";
import type { JsFunction, Unit } from "../../ir/types.ts";
import { readOwnField } from "./boxes.ts";
import { homeKey, literalKey } from "./classes.ts";
import type { Form } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject, Source } from "./heap.ts";
import { hidden, type Abs, type Mem } from "./values.ts";

type Closure = HeapObject & { readonly t: "closure" };
/** What a class of such functions stands for. */
export interface Text { readonly source: Source; readonly func: JsFunction }
/** Texts by their numbers, and numbers by text and the function of the snapshot around it: they last when the walk begins again. */
export interface Texts { readonly byNumber: Map<number, Text>; readonly numbers: Map<JsFunction, Map<number, number>> }
export const noTexts = (): Texts => ({ byNumber: new Map(), numbers: new Map() });

/** Names of what is captured: as private ones they are never listed. */
const nameOf = (i: number): string => hidden(`#captured ${i} @node `);

/** How it lies in memory; undefined where it can't. */
export function formOfClosure(ev: Evaluator, { source, func, cells, self, fields }: Closure): Form | undefined {
  if ((func.kind !== "function" && func.kind !== "arrow") || [...fields.keys()].some((key) => (key !== homeKey && key !== literalKey) || asksForHome(func, source.unit))) return undefined;
  const { byNumber, numbers } = ev.lessons.closures;
  let of = numbers.get(func);
  if (!of) numbers.set(func, (of = new Map()));
  let number = of.get(source.closure.node);
  if (number === undefined) of.set(source.closure.node, (number = ev.lessons.prototypes--));
  byNumber.set(number, { source, func });
  return { form: "record", prototype: number, names: Array.from({ length: cells.length + (self ? 1 : 0) }, (_, i) => nameOf(i)) };
}
const asking = new WeakMap<JsFunction, boolean>();
/** Whether the text, or a function in it, has to know the class or literal that it stands in. */
function asksForHome(func: JsFunction, unit: Unit): boolean {
  let known = asking.get(func);
  if (known === undefined) asking.set(func, (known = [...instructions(func.body)].some((instr) => instr.op.startsWith("js.super.") || instr.op.startsWith("js.private.") || (instr.op === "js.func" && asksForHome(unit.functions[instr.func]!, unit)))));
  return known;
}
/** What it captured, in the order of those names. */
export const capturedBy = ({ cells, self }: Closure): readonly Abs[] => (self ? [...cells, self] : cells);

/** The text of a function that lies in memory; undefined of other objects. */
export const textIn = (ev: Evaluator, { of: { box } }: Pick<Mem, "of">): Text | undefined => (box?.form.form === "record" ? textOf(ev, box.form.prototype) : undefined);
/** … of the class with that number as its prototype. */
export const textOf = (ev: Evaluator, number: number): Text | undefined => (number < -1 ? ev.lessons.closures.byNumber.get(number) : undefined);

/** What a function that lies in memory captured. */
export function readCaptured(ev: Evaluator, mem: Mem, { func }: Text): { readonly cells: readonly Abs[]; readonly self: Abs | null } {
  const form = mem.of.box!.form as Form & { form: "record" }, captured = form.names.map((name) => readOwnField(ev, mem, name)), count = func.captured.length;
  return { cells: captured.slice(0, count), self: captured[count] ?? null };
}
