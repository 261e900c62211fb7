// Slow objects of one shape that a dynamic index or path chooses from (the nodes of trees, a list of stages): their fields become constant
// tables, an object becomes its number.
//
//   node = x[node.feature] < node.threshold ? node.left : node.right   →   n = x[feature[n]] < threshold[n] ? left[n] : right[n]
//
// A field that is a number in some objects and an object in others has a table that says which (the tag of a sum). Objects that the fields
// lead to are of the same tables where they have the same shape.

import { constantTable, loadElement } from "./arrays.ts";
import type { Evaluator } from "./evaluator.ts";
import { memory, snapValue } from "./inputs.ts";
import { NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import { num, prim, sameAlt, type Abs, type Alt, type Mem, type Memory, type Prim, type Records } from "./values.ts";

/** fewer are told apart by tests, which constants can fold */
const fewest = 9;
const mostObjects = 1 << 16;
const mostAlternatives = 16;

/** What the objects of a list become when they are chosen by a dynamic index: the memory of their numbers; undefined where that does not fit. */
export function tabulate(ev: Evaluator, items: readonly SnapValue[]): { of: Memory; numbers: number[] } | undefined {
  if (items.length < fewest || !items.every((item): item is NodeRef => item instanceof NodeRef)) return undefined;
  const shape = shapeOf(ev, items[0]!);
  if (shape === undefined || items.some((item) => shapeOf(ev, item) !== shape)) return undefined;
  const known = ev.tabulated.get(items[0]!.node);
  if (known && items.every((item) => known.records!.nodes!.index.has(item.node))) return { of: known, numbers: items.map((item) => known.records!.nodes!.index.get(item.node)!) };
  const index = new Map<number, number>(), list: NodeRef[] = [];
  const add = (ref: NodeRef): void => { if (!index.has(ref.node)) { index.set(ref.node, list.length); list.push(ref); } };
  items.forEach(add);
  const keys = ev.snapshot.keys(items[0]!);
  for (let i = 0; i < list.length; i++) { // grows while it is walked
    for (const key of keys) {
      const property = ev.snapshot.property(list[i]!, key);
      if (property.kind === "data" && property.value instanceof NodeRef && shapeOf(ev, property.value) === shape) add(property.value);
    }
    if (list.length > mostObjects) return undefined;
  }
  const node = ev.snapshot.node(items[0]!);
  const records: Records = { path: { root: { node: items[0]!.node }, keys: [] }, kind: { kind: "object", fields: new Map(), prototype: node.kind === "object" && node.prototype ? node.prototype.node : -1 }, columns: new Map(), element: null, nodes: { list, index } };
  const of = memory({ array: "Array", space: -1, name: "item", path: null, row: true, constant: true, records });
  records.element = of;
  for (const ref of list) ev.tabulated.set(ref.node, of);
  return { of, numbers: items.map((item) => index.get(item.node)!) };
}

/** Keys and prototype of a plain object of the snapshot; undefined for anything else, and for getters. */
function shapeOf(ev: Evaluator, ref: NodeRef): string | undefined {
  const known = ev.shapes.get(ref.node);
  if (known !== undefined) return known ?? undefined;
  const node = ev.snapshot.node(ref);
  const shape = node.kind === "object" ? `${node.prototype?.node ?? -1}:${ev.snapshot.keys(ref).join()}` : null;
  ev.shapes.set(ref.node, shape);
  return shape ?? undefined;
}

/** A field of one of the tabulated objects. */
export function readField(ev: Evaluator, mem: Mem, name: string): Abs {
  const records = mem.of.records!, { list, index } = records.nodes!;
  const values = list.map((ref): SnapValue => {
    const property = ev.snapshot.property(ref, name);
    if (property.kind === "data") return property.value;
    if (property.kind === "absent") return undefined;
    throw ev.refuse("Todo", `the field ${name} of slow objects that are chosen at run time is no plain data`, "use plain data fields");
  });
  const element: Alt = { k: "mem", of: mem.of, ptr: mem.ptr, len: mem.len };
  const altOf = (value: SnapValue): Alt => {
    if (typeof value === "number") return { k: "num" };
    if (!(value instanceof NodeRef)) return prim(value);
    return index.has(value.node) ? element : (snapValue(ev, value) as Alt);
  };
  const alts: Alt[] = [];
  const tags = values.map((value) => {
    const alt = altOf(value);
    const at = alts.findIndex((a) => sameAlt(a, alt));
    return at >= 0 ? at : alts.push(alt) - 1;
  });
  if (alts.length > mostAlternatives) throw ev.refuse("Todo", `the field ${name} of slow objects that are chosen at run time has more than ${mostAlternatives} different values that are no numbers`, "use numbers");
  const table = (what: string, numbers: readonly number[]): Abs => num(loadElement(ev, constantTable(ev, `fields ${records.path.root === "this" ? 0 : JSON.stringify(records.path.root)} ${name} ${what}`, `${name}${what === "" ? "" : `_${what}`}`, numbers, "Array"), mem.ptr));
  const numbers = (): Abs => table("", values.map((v) => (typeof v === "number" ? v : NaN)));
  const move = (alt: Alt): Alt => (alt === element || (alt.k === "mem" && alt.of === mem.of)
    ? { k: "mem", of: mem.of, ptr: ev.toI32(table("number", values.map((v) => (v instanceof NodeRef ? (index.get(v.node) ?? 0) : 0)))), len: ev.b.i32(0) } : alt);
  if (alts.length === 1) return alts[0]!.k === "num" ? numbers() : (move(alts[0]!) as Prim | Mem);
  const tag = ev.toI32(table("kind", tags));
  return { k: "sum", tag, payload: alts.some((a) => a.k === "num") ? (numbers() as { v: Mem["ptr"] }).v : null, alts: alts.map(move) };
}

/** One of the objects of a list, by an index within it. */
export function chosen(ev: Evaluator, key: string, { of, numbers }: { of: Memory; numbers: readonly number[] }, at: Mem["ptr"]): Mem {
  const ordered = numbers.every((n, i) => n === i);
  const ptr = ordered ? at : ev.toI32(num(loadElement(ev, constantTable(ev, `${key} numbers`, "number", numbers, "Array"), at)));
  return { k: "mem", of, ptr, len: ev.b.i32(0) };
}
