// Slow lists of lists, of any depth, that dynamic indices choose from: what they hold lies in one table, and a list of them is where it begins in
// it and how long it is.
//
//   table[hue][value][chroma]     →   rows + ((hue * 11 + value) * 26 + chroma) * 16
//
// The lowest level is rows of numbers, or objects that become tables themselves (records.ts). Told apart by tests, what follows would be written
// once for each of the lists above it: that is left to few, which constants can fold, and to lists that the kernel writes.
//
// Requires: plain arrays that nothing writes, none of them empty, alike in depth. Others are told apart.

import { hole, NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import type { Value } from "../../ir/types.ts";
import { constantTable, listsOfNumbers, rowTable } from "./constants.ts";
import { isWritten } from "./captured.ts";
import type { Evaluator } from "./evaluator.ts";
import { memory } from "./inputs.ts";
import { chosen, tabulate } from "./records.ts";
import type { Family, Mem, Memory, SlowRows, Sum } from "./values.ts";
import { Restart } from "./walk.ts";

/** What an element is, by its place among all of its level; requires: there is one. */
type At = (place: Value) => Mem | Sum;
type Items = readonly (SnapValue | typeof hole)[];
/** as many elements as a table may have */
const mostElements = 1 << 20;

const tables = new WeakMap<Evaluator, Map<string, At | null>>();
/** What the elements of a slow list of lists are; undefined where they are told apart. The key is the list's. */
export const nestedItems = (ev: Evaluator, key: string, items: Items): At | undefined => levelAt(ev, key, items, 0);
/** What lists are that lie in memory by their numbers. */
export const listOf = (ev: Evaluator, key: string, lists: readonly NodeRef[]): At | undefined => (listsIn(ev, lists) ? levelAt(ev, key, lists, ev.budget.tabled) : undefined);

function levelAt(ev: Evaluator, key: string, items: Items, above: number): At | undefined {
  const known = tables.get(ev) ?? new Map<string, At | null>();
  tables.set(ev, known);
  let at = known.get(key);
  if (at === undefined) known.set(key, (at = ev.lessons.toldApart ? null : (levelOf(ev, key, items, above) ?? null)));
  return at ?? undefined;
}

/** `above`: how many lists the levels above have, for each of which what follows would be written. */
function levelOf(ev: Evaluator, key: string, items: Items, above: number): At | undefined {
  const lists = listsIn(ev, items);
  if (!lists) return above >= ev.budget.tabled ? lowestOf(ev, key, items) : undefined;
  const inner = lists.flat();
  if (inner.length > mostElements) return undefined;
  const below = levelOf(ev, `${key} inner`, inner, Math.max(above, lists.length));
  return below && listTable(ev, key, items as readonly NodeRef[], lists.map((list) => list.length), below);
}

/** Rows of numbers, or objects. */
function lowestOf(ev: Evaluator, key: string, items: Items): At | undefined {
  const rows = listsOfNumbers(ev, items);
  if (rows) {
    return (place) => {
      const { row, address } = rowTable(ev, `${key} `, rows.lists, rows.array, items), [ptr, len] = address(place);
      return { k: "mem", of: row, ptr, len };
    };
  }
  if (!items.every((item): item is NodeRef => item instanceof NodeRef)) return undefined;
  const family: Family | undefined = tabulate(ev, items);
  return family?.size ? (place) => chosen(ev, key, items, family, place) : undefined;
}

/** The lists one behind the other. */
function listTable(ev: Evaluator, key: string, nodes: readonly NodeRef[], lengths: readonly number[], item: At): At {
  const of: Memory = memory({ array: "Array", space: -1, name: "list", path: null, row: true, constant: true, lists: { nodes, item } });
  const uniform = lengths.every((length) => length === lengths[0]), starts: number[] = [];
  lengths.reduce((start, length) => { starts.push(start); return start + length; }, 0);
  const look = (what: string, numbers: readonly number[], at: Value): Value => {
    const table = constantTable(ev, `${key} ${what}`, what, numbers, "Array", "i32");
    return ev.b.load("i32.load", table.ptr, at, 2, 0, table.of.space);
  };
  const address = (at: Value): [Value, Value] => uniform ? [ev.b.op("i32.mul", at, ev.b.i32(lengths[0]!)), ev.b.i32(lengths[0]!)] : [look("starts", starts, at), look("lengths", lengths, at)];
  ev.slowRows.set(of, { nodes, lengths, key, row: of, address, cells: null } satisfies SlowRows);
  return (place) => { const [ptr, len] = address(place); return { k: "mem", of, ptr, len }; };
}

/** The elements of lists; undefined where one is none, is empty or is written. */
function listsIn(ev: Evaluator, items: Items): (readonly NodeRef[])[] | undefined {
  const prototype = ev.snapshot.builtin("Array.prototype").node, lists: (readonly NodeRef[])[] = [];
  for (const item of items) {
    const node = item instanceof NodeRef && !isWritten(ev, item) ? ev.snapshot.node(item) : undefined;
    if (node?.kind !== "array" || node.items.length === 0 || !node.items.every((inner): inner is NodeRef => inner instanceof NodeRef) || ev.snapshot.prototype(item as NodeRef)?.node !== prototype) return undefined;
    lists.push(node.items);
  }
  return lists.length > 0 ? lists : undefined;
}

/** One of such lists is written: they are told apart from now on. */
export function tellApart(ev: Evaluator, mem: Mem): void {
  if (!mem.of.lists || ev.lessons.toldApart) return;
  ev.lessons.toldApart = true;
  throw new Restart();
}
