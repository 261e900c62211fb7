// Which of the slow objects or rows it is that something dynamic chose, as a number: so it leaves the function, and so arrays and objects in memory hold it.
//
//   return points[nearest]     →   the number of the row; the caller gets its own, out of the list of those that it may be
//
// An object of a table is its number already (records.ts). A row of numbers is an address in a table: its number follows from that, unless a row
// is empty, and begins where another one does.

import type { Value } from "../../ir/types.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import { constantTable, elementKind, listsOfNumbers, loadElement, rowTable } from "./arrays.ts";
import type { Evaluator } from "./evaluator.ts";
import { bytesOf } from "./inputs.ts";
import { tabulate } from "./records.ts";
import { num, type Mem } from "./values.ts";

/** Which of them it is. */
export function numberOf(ev: Evaluator, mem: Mem): Value {
  const rows = ev.slowRows.get(mem.of);
  if (!rows) return mem.ptr;
  const { cells, lengths, key } = rows, size = bytesOf[elementKind(ev, mem.of)], offset = ev.b.op("i32.sub", mem.ptr, cells.ptr);
  if (lengths.every((length) => length === lengths[0])) return ev.b.op("i32.div_u", offset, ev.b.i32(lengths[0]! * size));
  const owners = constantTable(ev, `${key}owners`, "owners", lengths.flatMap((length, row) => Array<number>(length).fill(row)), "Array");
  // where it is none of them, nobody looks at what is loaded
  const element = ev.b.op("i32.shr_u", offset, ev.b.i32(Math.log2(size))), inside = ev.b.op("i32.lt_u", element, owners.len);
  return ev.toI32(num(loadElement(ev, owners, ev.b.op("i32.select", inside, element, ev.b.i32(0)))));
}

/** The one of that number, as a walk that begins again finds it too. */
export function chosenAt(ev: Evaluator, nodes: readonly NodeRef[], at: Value): Mem {
  const first = nodes[0]!.node, rows = listsOfNumbers(ev, nodes);
  if (rows) {
    const known = [...ev.slowRows.values()].find((other) => other.nodes.length === nodes.length && other.nodes.every((ref, i) => ref.node === nodes[i]!.node));
    const { row, address } = known ?? rowTable(ev, `n${first} of ${nodes.length} `, rows.lists, "Array", nodes);
    const [ptr, len] = address(at);
    return { k: "mem", of: row, ptr, len };
  }
  const known = ev.families.get(first), family = known && nodes.every((ref) => known.has(ref.node)) ? known : tabulate(ev, nodes), places = family && nodes.map((ref) => family.get(ref.node));
  const of = places?.[0]?.of;
  if (!of || !places.every((place, i) => place?.of === of && place.at === i)) throw ev.refuse("Todo", "slow objects that are chosen at run time lie in memory, and are another table by now", "keep their index");
  return { k: "mem", of, ptr: at, len: ev.b.i32(0) };
}
/** Whether `chosenAt` reads memory, so that the number has to be one of them. */
export const isRowOfNumbers = (ev: Evaluator, [first]: readonly NodeRef[]): boolean => ev.snapshot.node(first!).kind !== "object";
