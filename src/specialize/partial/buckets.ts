// One of several of the kernel's own arrays grows, and run time says which: buckets, cells of a grid, lists of neighbours.
//
//   const cells = [[], [], …]; cells[k].push(x)     before: which of the arrays grows is asked array by array, each with a length of its own
//                                                   after:  the arrays lie in memory, `cells` is a list of where (boxes.ts), the push is one
//
// What is learned is the arrays' classes, and those of the objects that hold them (`nodes[k].list.push(x)`); the walk begins again, and an
// array of such is no choice where it is read at an index of run time (arrays.ts). Where a choice is none of an array's elements
// (`(x < 0 ? low : high).push(x)`), the arrays that it may be are put into memory, and their addresses chosen from.
// Guarantees: which array is meant, and each one's identity, are as they were: others that hold one see it grow.

import type { Value } from "../../ir/types.ts";
import { box, isArrayBox } from "./boxes.ts";
import { unifyBoxes } from "./aligned.ts";
import { boxMemory, classOf, type Class } from "./contents.ts";
import type { Evaluator } from "./evaluator.ts";
import { partsOf, type HeapObject } from "./heap.ts";
import type { Abs, Alt, Mem, Obj, Sum } from "./values.ts";
import { require } from "./vectors.ts";

/** It has no method of an array's: the original throws. */
const isNoArray = (alt: Alt): boolean => alt.k === "num" || alt.k === "bool" || (alt.k === "prim" && typeof alt.value !== "string");

/** An array of the kernel's own, of which it is known where it lies or which elements it has. */
function ownArray(ev: Evaluator, alt: Alt): boolean {
  if (alt.k === "mem") return isArrayBox(alt);
  const object = alt.k === "obj" ? ev.object(alt.id) : undefined;
  return object?.t === "boxed" ? isArrayBox(object.mem) : object !== undefined && classOf(ev, object)?.form.form === "array";
}

/** The array in memory that one of several is which grows; undefined where one of them is none of the kernel's own. */
export function growingOf(ev: Evaluator, choice: Sum): Mem | undefined {
  const arrays = choice.alts.filter((alt) => !isNoArray(alt));
  if (arrays.length === 0 || !arrays.every((alt) => ownArray(ev, alt))) return undefined;
  learnBuckets(ev, arrays);
  choice.alts.forEach((alt, i) => { if (isNoArray(alt)) require(ev, ev.b.op("i32.eqz", ev.tagIs(choice, i)), "undefined or null is used as an array or object"); });
  const boxes = arrays.map((alt) => (alt.k === "obj" ? box(ev, alt.id) : alt as Mem));
  unifyBoxes(ev, boxes);
  const tags = arrays.map((alt) => choice.alts.indexOf(alt));
  const ptr = boxes.slice(0, -1).reduceRight((rest: Value, { ptr }, i) => ev.b.op("i32.select", ev.tagIs(choice, tags[i]!), ptr, rest), boxes.at(-1)!.ptr);
  return { k: "mem", of: boxMemory(ev, boxes[0]!.of.box!), ptr, len: ev.b.i32(0) };
}

/** The classes of the arrays, and of what holds them. Where that was not known the walk is in vain: what it learns behind this need not be learned one array at a time. */
function learnBuckets(ev: Evaluator, arrays: readonly Alt[]): void {
  const known = arrays.every((alt) => alt.k !== "obj" || isBucket(ev, ev.object(alt.id)));
  if (known) return;
  const held = new Set(arrays.flatMap((alt) => (alt.k === "obj" ? [alt.id] : [])));
  for (let before = 0; before < held.size;) {
    before = held.size;
    for (const [id, object] of ev.state.objects) {
      if ((object.t === "array" || object.t === "object") && partsOf(object).some((part) => part?.k === "obj" && held.has(part.id))) held.add(id);
    }
  }
  for (const id of held) classIn(ev, ev.object(id))?.becomeBucket();
  ev.learned();
}
const classIn = (ev: Evaluator, object: HeapObject): Class | undefined => (object.t === "array" || object.t === "spilled" || object.t === "vector" || object.t === "object" || object.t === "boxed" ? classOf(ev, object) : undefined);
const isBucket = (ev: Evaluator, object: HeapObject): boolean => classIn(ev, object)?.isBucket !== false;

/** Whether one of the elements is known to be chosen by run time, and to grow or to hold what grows. */
export const holdsBuckets = (ev: Evaluator, items: readonly (Abs | undefined)[]): boolean =>
  items.some((item): item is Obj => item?.k === "obj" && classIn(ev, ev.object(item.id))?.isBucket === true);
