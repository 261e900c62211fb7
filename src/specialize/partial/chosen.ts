// Which of the slow objects or rows it is that something dynamic chose, as a number: so it leaves the function, and so arrays and objects in memory hold it.
//
//   return points[nearest]     →   the number of the row; the caller gets its own, out of the list of those that it may be
//
// An object of a table is its number already (records.ts). A row of numbers is an address in a table: its number follows from that, unless a row
// is empty, and begins where another one does.

import type { Value } from "../../ir/types.ts";
import { NodeRef } from "../../ir/snapshot.ts";
import { elementKind, loadElement } from "./arrays.ts";
import { constantTable, listsOfNumbers, rowTable } from "./constants.ts";
import type { Evaluator } from "./evaluator.ts";
import { bytesOf } from "./inputs.ts";
import { listOf } from "./nested.ts";
import { tabulate } from "./records.ts";
import { num, type Mem } from "./values.ts";

/** Which of them it is. */
export function numberOf(ev: Evaluator, mem: Mem): Value {
  const rows = ev.slowRows.get(mem.of);
  if (!rows) return mem.ptr;
  const { cells, lengths, key } = rows, size = cells ? bytesOf[elementKind(ev, mem.of)] : 1, offset = cells ? ev.b.op("i32.sub", mem.ptr, cells.ptr) : mem.ptr;
  if (lengths.every((length) => length === lengths[0])) return ev.b.op("i32.div_u", offset, ev.b.i32(lengths[0]! * size));
  const owners = constantTable(ev, `${key}owners`, "owners", lengths.flatMap((length, row) => Array<number>(length).fill(row)), "Array");
  // where it is none of them, nobody looks at what is loaded
  const element = ev.b.op("i32.shr_u", offset, ev.b.i32(Math.log2(size))), inside = ev.b.op("i32.lt_u", element, owners.len);
  return ev.toI32(num(loadElement(ev, owners, ev.b.op("i32.select", inside, element, ev.b.i32(0)))));
}

/** Whether two of them are the same one; undefined where that is not the question. */
export function areSameRow(ev: Evaluator, a: Mem, b: Mem): Value | undefined {
  const one = ev.slowRows.get(a.of), other = ev.slowRows.get(b.of);
  if (!one || !other) return undefined;
  // an array may be in a table more than once
  const first = new Map<number, number>();
  other.nodes.forEach(({ node }, at) => { if (!first.has(node)) first.set(node, at); });
  const [x, y] = ([[one, a], [other, b]] as const).map(([rows, mem]) => {
    const places = rows.nodes.map(({ node }) => first.get(node) ?? -1), number = numberOf(ev, mem);
    if (places.every((place, at) => place === at)) return number;
    const table = constantTable(ev, `${rows.key} among ${other.key}`, "place", places, "Array"), inside = ev.b.op("i32.lt_u", number, table.len);
    return ev.toI32(num(loadElement(ev, table, ev.b.op("i32.select", inside, number, ev.b.i32(0)))));
  });
  return ev.b.op("i32.eq", x!, y!);
}

/** The one of that number, as a walk that begins again finds it too. */
export function chosenAt(ev: Evaluator, nodes: readonly NodeRef[], at: Value): Mem {
  const first = nodes[0]!.node, found = [...ev.slowRows.values()].find((other) => other.nodes.length === nodes.length && other.nodes.every((ref, i) => ref.node === nodes[i]!.node));
  const rows = found ? undefined : listsOfNumbers(ev, nodes);
  const table = found ?? (rows && rowTable(ev, `n${first} of ${nodes.length} `, rows.lists, "Array", nodes));
  if (table) {
    const [ptr, len] = table.address(at);
    return { k: "mem", of: table.row, ptr, len };
  }
  const list = listOf(ev, `n${first} of ${nodes.length}`, nodes)?.(at);
  if (list) return list as Mem;
  const known = ev.families.get(first), family = known && nodes.every((ref) => known.has(ref.node)) ? known : tabulate(ev, nodes), places = family && nodes.map((ref) => family.get(ref.node));
  const of = places?.[0]?.of;
  if (!of || !places.every((place, i) => place?.of === of && place.at === i)) throw ev.refuse("Todo", "slow objects that are chosen at run time lie in memory, and are another table by now", "keep their index");
  return { k: "mem", of, ptr: at, len: ev.b.i32(0) };
}
/** Whether `chosenAt` reads memory, so that the number has to be one of them. */
export const isRowOfNumbers = (ev: Evaluator, [first]: readonly NodeRef[]): boolean => ev.snapshot.node(first!).kind !== "object";
