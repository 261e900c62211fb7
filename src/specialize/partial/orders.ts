// The caller's arrays of objects or of rows that change their length or their order.
//
//   points.sort((p, q) => p.x - q.x)      before: the array is an input whose objects stay where they are: the call is the original's
//                                         after:  a list (lists.ts), of the places that its objects have in the caller's array
//
// The walk begins again when it meets the first such change. The copy is made at the entry; what it holds at a return, objects of the
// kernel's own beside the caller's, is what the caller's array then holds.
// Guarantees: the array keeps its identity, its objects theirs; each two arrays of the caller's are tested to be two.

import type { Path } from "../../ir/interface.ts";
import type { Value } from "../../ir/types.ts";
import { elementCell, setHead, writeCell, writeHole, type Cell } from "./boxes.ts";
import { admit, boxMemory, Class, contentOf, slotOf } from "./contents.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { newVector } from "./vectors.ts";
import { undefinedValue, type Abs, type Mem } from "./values.ts";
import { Restart } from "./walk.ts";

/** Changes of such an array are those of a list from now on: begins again. Comes back where it is none. */
export function becomeOrder(ev: Evaluator, { of }: Mem): void {
  if (of.path !== null && !of.row && (of.rows || (of.records && !of.records.nodes))) keepInOrder(ev, of.path);
}
/** The same of what is known to be such an array; comes back where it is a list already. */
export function keepInOrder(ev: Evaluator, path: Path): void {
  if (ev.lessons.lists.has(pathKey(path))) return;
  ev.lessons.lists.set(pathKey(path), new Class({ form: "array" }));
  throw new Restart();
}

/** The list, made at the entry; the array itself where it is none. */
export function orderAt(ev: Evaluator, path: Path, from: Mem): Mem {
  const cls = ev.lessons.lists.get(pathKey(path)), { records, rows } = from.of;
  const of = records ? records.element! : rows;
  if (!cls || !of) return from;
  ev.ordered.set(pathKey(path), from);
  const word = (at: Value, offset: number): Value => ev.b.load("i32.load", from.ptr, at, 3, offset, from.of.space);
  const content = contentOf(ev, { k: "mem", of, ptr: from.ptr, len: from.len });
  if (!content) throw ev.invariant("what the caller's array holds has no content");
  for (const one of from.of.gaps ? [content, { is: "hole" } as const, contentOf(ev, undefinedValue)!] : [content]) admit(ev, cls, 0, one);
  const state = ev.state;
  ev.state = state.clone(); // nothing of the walk's changes: whether there is room is a matter of memory alone
  const ptr = ev.inPrologue(() => {
    const made = newVector(ev, cls, from.len), label = ev.b.label("order");
    ev.b.loop(label, [ev.b.i32(0)], [], ([i]) => {
      ev.b.if(ev.b.op("i32.lt_s", i!, from.len), [], () => {
        const cell = (): Cell => elementCell(ev, made, i!), item: Mem = records ? { k: "mem", of, ptr: i!, len: ev.b.i32(0) } : { k: "mem", of, ptr: word(i!, 0), len: word(i!, 4) };
        const write = (value: Abs) => (): Value[] => { writeCell(ev, cls, 0, cell, value); return []; };
        if (from.of.gaps) ev.b.if(item.ptr, [], write(item), () => ev.b.if(item.len, [], write(undefinedValue), () => { writeHole(ev, slotOf(ev, cls, 0), cell()); return []; }));
        else write(item)();
        ev.b.br(label, [ev.b.op("i32.add", i!, ev.b.i32(1))]);
        return null;
      }, () => []);
      return [];
    });
    return setHead(ev, ev.b.op("i32.sub", made.ptr, ev.b.i32(8)), made, boxMemory(ev, cls).space);
  });
  ev.state = state;
  const mem: Mem = { k: "mem", of: boxMemory(ev, cls), ptr, len: ev.b.i32(0) };
  ev.lists.push({ path, mem });
  return mem;
}

/** Each two arrays are two: what is done to the one is not seen in the other. That none is a row of another is tested with what is slow (runtime/meets.ts). */
export function keepOrdersApart(ev: Evaluator): void {
  if (ev.ordered.size === 0) return;
  const others = new Map(ev.inputs.flatMap(({ input }) => ("space" in input && input.as !== "typed" ? [[pathKey(input.path), input] as const] : [])));
  for (const { path } of ev.lists) {
    if (!ev.ordered.has(pathKey(path))) continue;
    ev.expect({ expect: "resizable", path });
    for (const [key, input] of others) {
      if (key === pathKey(path)) continue;
      ev.expect({ expect: "different", path, other: input.path });
    }
  }
}
