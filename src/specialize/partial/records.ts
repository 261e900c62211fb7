// Slow objects that a dynamic index or path chooses from (the nodes of trees, a list of stages): their fields become constant tables, an
// object becomes its number.
//
//   node = x[node.feature] < node.threshold ? node.left : node.right   →   n = x[feature[n]] < threshold[n] ? left[n] : right[n]
//
// Objects of one shape share tables: inner nodes and leaves are two kinds of objects, and a field that leads to either has a table that says
// which (the tag of a sum). So has a field that is a number in some objects and something else in others. A family is what is tabulated
// together: the objects that were asked for, and those that their fields lead to, where there are enough of a shape.
//
//   for (const child of node.children) todo.push(child)   →   for (let i = 0; i < length[n]; i++) todo.push(number[start[n] + i])
//
// Lists of objects of the family lie one behind the other: a field that holds one says where it begins and how long it is.

import { loadElement } from "./arrays.ts";
import { constantTable, listsOfNumbers, rowTable } from "./constants.ts";
import { callFunction } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { memory, snapValue } from "./inputs.ts";
import { listOf } from "./nested.ts";
import { NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import { num, prim, sameAlt, type Abs, type Alt, type Family, type Mem, type Memory, type Prim, type Records, type Sum } from "./values.ts";

const mostObjects = 1 << 16;
/** of numbers alone, where each iteration of a loop that is kept chooses one: fewer are told apart */
const fewest = 4;
/** of the objects that are asked for: what follows a choice is written once for each */
const mostShapes = 4;
const mostAlternatives = 16;

/** The family of the objects, those that something dynamic chooses from; undefined where tables do not fit or do not pay, as for fewer than `least`. */
export function tabulate(ev: Evaluator, items: readonly SnapValue[], least = ev.budget.tabled): Family | undefined {
  if (items.length < Math.min(fewest, least) || !items.every((item): item is NodeRef => item instanceof NodeRef)) return undefined;
  if (items.length < least && !(ev.polyvariant === 0 && isInKeptLoop(ev) && items.every((item) => holdsNumbers(ev, item)))) return undefined;
  const known = ev.families.get(items[0]!.node);
  if (known && items.every((item) => known.has(item.node))) return known;
  const shapes = new Set<string>();
  for (const item of items) {
    const shape = shapeOf(ev, item);
    if (shape === undefined || shapes.add(shape).size > mostShapes) return undefined;
  }
  const groups = new Map<string, NodeRef[]>(), seen = new Set<number>(), list: NodeRef[] = [];
  const add = (ref: NodeRef): void => {
    if (seen.has(ref.node)) return;
    const shape = shapeOf(ev, ref);
    seen.add(ref.node);
    if (shape === undefined) {
      const inside = ev.snapshot.node(ref).kind === "array" ? ev.snapshot.held(ref) : [];
      if (list.length + inside.length <= mostObjects) inside.forEach(add); // the objects of a list
      return;
    }
    let group = groups.get(shape);
    if (!group) groups.set(shape, (group = []));
    group.push(ref);
    list.push(ref);
  };
  items.forEach(add);
  for (let i = 0; i < list.length; i++) { // grows while it is walked
    if (list.length > mostObjects) return undefined;
    ev.snapshot.held(list[i]!).forEach(add);
  }
  const family = new Map<number, { readonly of: Memory; readonly at: number }>();
  for (const [shape, group] of groups) if (shapes.has(shape) || group.length >= ev.budget.tabled) tableOf(ev, group, family);
  for (const node of family.keys()) ev.families.set(node, family);
  ev.familiesMade++;
  return family;
}

function tableOf(ev: Evaluator, list: readonly NodeRef[], family: Map<number, { readonly of: Memory; readonly at: number }>): void {
  const node = ev.snapshot.node(list[0]!);
  const index = new Map(list.map((ref, at) => [ref.node, at]));
  const records: Records = {
    path: { root: { node: list[0]!.node }, keys: [] }, kind: { kind: "object", fields: new Map(), prototype: node.kind === "object" && node.prototype ? node.prototype.node : -1 },
    within: [], flat: false, inner: new Map(), columns: new Map(), element: null, nodes: { list, index, family, name: `objects ${ev.newId()}`, lists: new Map() },
  };
  const of = memory({ array: "Array", space: -1, name: "item", path: null, row: true, constant: true, records });
  records.element = of;
  for (const [ref, at] of index) family.set(ref, { of, at });
}

function isInKeptLoop(ev: Evaluator): boolean {
  for (let a = ev.activation; a; a = a.caller) if (a.loops.some((loop) => loop.kept)) return true;
  return false;
}
/** Numbers and lists of numbers alone. */
function holdsNumbers(ev: Evaluator, ref: NodeRef): boolean {
  const node = ev.snapshot.node(ref);
  return node.kind === "object" && ev.snapshot.layout(ref).every((key) => {
    const property = ev.snapshot.property(ref, key);
    if (property.kind !== "data") return false;
    return typeof property.value === "number" || property.value instanceof NodeRef && listsOfNumbers(ev, [property.value]) !== undefined;
  });
}

/** Keys and prototype of a plain object of the snapshot; undefined for anything else, and for what the kernel writes. */
function shapeOf(ev: Evaluator, ref: NodeRef): string | undefined {
  const known = ev.shapes.get(ref.node);
  if (known !== undefined) return known ?? undefined;
  const node = ev.snapshot.node(ref);
  const shape = node.kind === "object" && !ev.lessons.writtenNodes.has(ref.node) ? `${node.prototype?.node ?? -1}:${ev.snapshot.layout(ref).join()}` : null;
  ev.shapes.set(ref.node, shape);
  return shape ?? undefined;
}

/** A field of one of the tabulated objects. A getter that all of them have is called on the chosen one. */
export function readField(ev: Evaluator, mem: Mem, name: string): Abs {
  const nodes = mem.of.records!.nodes!, { list, family, name: table } = nodes;
  const properties = list.map((ref) => ev.snapshot.property(ref, name)), [first] = properties;
  if (first?.kind === "getter" && properties.every((p) => p.kind === "getter" && p.get.node === first.get.node)) return callFunction(ev, snapValue(ev, first.get), mem, []);
  const values = properties.map((property): SnapValue => {
    if (property.kind === "data") return property.value;
    if (property.kind === "absent") return undefined;
    throw ev.refuse("Todo", `the field ${name} of slow objects that are chosen at run time is no plain data`, "use plain data fields");
  });
  const column = (what: string, numbers: readonly number[]): Mem["ptr"] => loadElement(ev, constantTable(ev, `${table} ${name} ${what}`, `${name}${what === "" ? "" : `_${what}`}`, numbers, "Array"), mem.ptr);
  // lists of numbers, of each object its own: rows of one table
  const rows = new Set(values).size >= Math.min(ev.budget.tabled, list.length) ? listsOfNumbers(ev, values) : undefined;
  if (rows) {
    const { row, address } = rowTable(ev, `${table} ${name} `, rows.lists, rows.array, values);
    const [ptr, len] = address(mem.ptr);
    return { k: "mem", of: row, ptr, len };
  }
  // lists of such lists: where each begins, and how long it is
  const nested = values.every((value) => isListOfLists(ev, value)) ? listOf(ev, `${table} ${name}`, values as readonly NodeRef[])?.(mem.ptr) : undefined;
  if (nested) return nested;
  const lists = listsOfObjects(ev, nodes, name, values);
  const place = (value: SnapValue) => (value instanceof NodeRef ? (family.get(value.node) ?? lists?.places.get(value.node)) : undefined);
  // what is written lies somewhere of its own, or, where it has met others, in one memory with them: there the address is chosen
  let several = 0;
  const alts: (Alt | { readonly k: "mem"; readonly of: Memory })[] = [];
  const tags = values.map((value, i) => {
    const of = place(value)?.of;
    const alt = of ? { k: "mem" as const, of } : typeof value === "number" ? { k: "num" as const } : value instanceof NodeRef ? (snapValue(ev, value) as Prim | Mem) : prim(value);
    const at = alts.findIndex((a) => (a.k === "mem" || alt.k === "mem" ? a.k === alt.k && (a as Mem).of === (alt as Mem).of : sameAlt(a, alt)));
    if (at < 0) return alts.push(alt) - 1;
    const before = alts[at]!;
    if (before.k === "mem" && alt.k === "mem" && "ptr" in before && "ptr" in alt && before.ptr !== alt.ptr) {
      const is = ev.b.op("i32.eq", mem.ptr, ev.b.i32(i));
      alts[at] = { ...before, ptr: ev.b.op("i32.select", is, alt.ptr, before.ptr), len: ev.b.op("i32.select", is, alt.len, before.len) };
      if (++several > mostAlternatives || before.part?.id !== alt.part?.id) throw refuseMany(ev, name);
    }
    return at;
  });
  if (alts.length > mostAlternatives) throw refuseMany(ev, name);
  const ptr = alts.some((a) => a.k === "mem" && !("ptr" in a)) ? ev.toI32(num(column("number", values.map((v) => place(v)?.at ?? 0)))) : null;
  const length = lists ? ev.toI32(num(column("length", values.map((v) => (v instanceof NodeRef ? (lists.places.get(v.node)?.length ?? 0) : 0))))) : null;
  const whole = alts.map((a): Alt => (a.k === "mem" && !("ptr" in a) ? { k: "mem", of: a.of, ptr: ptr!, len: lists?.of === a.of ? length! : ev.b.i32(0) } : a));
  const payload = alts.some((a) => a.k === "num") ? column("", values.map((v) => (typeof v === "number" ? v : NaN))) : null;
  if (whole.length === 1) return payload ? num(payload) : (whole[0] as Prim | Mem);
  return { k: "sum", tag: ev.toI32(num(column("kind", tags))), payload, alts: whole };
}

const refuseMany = (ev: Evaluator, name: string): Error => ev.refuse("Todo", `the field ${name} of slow objects that are chosen at run time has more than ${mostAlternatives} different values that are no numbers`, "use numbers");

function isListOfLists(ev: Evaluator, value: SnapValue): boolean {
  const node = value instanceof NodeRef ? ev.snapshot.node(value) : undefined;
  return node?.kind === "array" && node.items.length > 0 && node.items.every((item) => item instanceof NodeRef && ev.snapshot.node(item).kind === "array");
}

interface ListsOfObjects { readonly of: Memory; readonly places: ReadonlyMap<number, { readonly of: Memory; readonly at: number; readonly length: number }> }
/** The lists of objects of the family that some of the field's values are, one behind the other; undefined where there are few, which are told apart by tests. */
function listsOfObjects(ev: Evaluator, { family, name: table, lists }: NonNullable<Records["nodes"]>, name: string, values: readonly SnapValue[]): ListsOfObjects | undefined {
  const refs = new Map<number, NodeRef>();
  for (const value of values) if (value instanceof NodeRef && !family.has(value.node)) refs.set(value.node, value);
  if (refs.size < ev.budget.tabled) return undefined;
  const prototype = ev.snapshot.builtin("Array.prototype").node, places = new Map<number, { of: Memory; at: number; length: number }>();
  const nodes: NodeRef[] = [], items: NodeRef[] = [], key = `${table} ${name} lists`;
  const known = lists.get(name), of = known ?? memory({ array: "Array", space: -1, name, path: null, row: true, constant: true, lists: { nodes, item: (place) => chosen(ev, key, items, family, place) } });
  for (const ref of refs.values()) {
    const node = ev.snapshot.node(ref);
    if (node.kind !== "array" || ev.lessons.writtenNodes.has(ref.node) || !node.items.every((item): item is NodeRef => item instanceof NodeRef && family.has(item.node))) continue;
    if (ev.snapshot.prototype(ref)?.node !== prototype) continue;
    places.set(ref.node, { of, at: items.length, length: node.items.length });
    nodes.push(ref);
    items.push(...node.items);
  }
  if (items.length === 0) return undefined;
  lists.set(name, of);
  return { of, places };
}

/** One of the objects of a list, by an index within it. */
export function chosen(ev: Evaluator, key: string, items: readonly NodeRef[], family: Family, at: Mem["ptr"]): Mem | Sum {
  const places = items.map((item) => family.get(item.node)!), memories = [...new Set(places.map((p) => p.of))];
  const table = `${key} in ${memories[0]!.records!.nodes!.name}`; // an object has another number in a later family
  const look = (what: string, numbers: readonly number[]): Mem["ptr"] => ev.toI32(num(loadElement(ev, constantTable(ev, `${table} ${what}`, what, numbers, "Array"), at)));
  const ptr = places.every((p, i) => p.at === i) ? at : look("number", places.map((p) => p.at));
  const alts = memories.map((of): Mem => ({ k: "mem", of, ptr, len: ev.b.i32(0) }));
  return alts.length === 1 ? alts[0]! : { k: "sum", tag: look("kind", places.map((p) => memories.indexOf(p.of))), payload: null, alts };
}

/** The slow objects among what a value can be. */
export const slowObjects = (ev: Evaluator, alts: readonly Alt[]): NodeRef[] => alts.flatMap((alt) => {
  const object = alt.k === "obj" ? ev.statics.get(alt.id) : undefined;
  return object?.t === "snap" ? [object.node] : [];
});

/** The value with those of its objects that are of the family as what the tables have of them. Writes where the evaluator is. */
export function numbered(ev: Evaluator, abs: Abs, family: Family): Abs {
  const place = (alt: Abs | Alt) => (alt.k === "obj" ? family.get(slowObjects(ev, [alt])[0]?.node ?? -1) : undefined);
  if (abs.k !== "sum") {
    const at = place(abs);
    return at ? { k: "mem", of: at.of, ptr: ev.b.i32(at.at), len: ev.b.i32(0) } : abs;
  }
  if (!abs.alts.some(place)) return abs;
  const alts: Alt[] = [];
  const map = abs.alts.map((alt, i) => {
    const known = place(alt), mem: Alt = known ? { k: "mem", of: known.of, ptr: ev.b.i32(known.at), len: ev.b.i32(0) } : alt;
    const at = mem.k === "mem" ? alts.findIndex((a) => a.k === "mem" && a.of === mem.of) : -1;
    if (at < 0) return alts.push(mem) - 1;
    const is = ev.tagIs(abs, i), other = alts[at] as Mem, own = mem as Mem;
    alts[at] = { ...other, ptr: ev.b.op("i32.select", is, own.ptr, other.ptr), len: ev.b.op("i32.select", is, own.len, other.len) };
    return at;
  });
  if (alts.length === 1) return alts[0] as Mem;
  let tag = ev.b.i32(map.at(-1)!);
  for (let i = map.length - 2; i >= 0; i--) tag = ev.b.op("i32.select", ev.tagIs(abs, i), ev.b.i32(map[i]!), tag);
  return { ...abs, tag, alts };
}
