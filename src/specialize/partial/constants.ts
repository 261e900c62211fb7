// Constant tables: slow arrays that are read at a dynamic index.
//
//   taps[k]     of numbers: a data segment of the smallest element kind that holds them exactly; of few different stretches: selects
//   rows[y][x]  of lists of numbers: one table of all, with where each list lies and how long it is
//   ops[k]      of anything else: a choice, by the index
//
// Each read is checked as any other (arrays.ts).

import { constantOf } from "../../ir/build.ts";
import type { TypedArrayName } from "../../ir/interface.ts";
import { hiddenKeys, hole, NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import type { ElementKind, Value } from "../../ir/types.ts";
import { wordsOfAll } from "./bigints.ts";
import { isWritten } from "./captured.ts";
import { branch } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { becomeEntered } from "./entered.ts";
import { readIndexedNode } from "./indexed.ts";
import { bytesOf, elementOf, memory, newSpace, snapValue } from "./inputs.ts";
import { lookAtLength } from "./lengths.ts";
import { nestedItems } from "./nested.ts";
import { found } from "./objects.ts";
import { chosen, tabulate } from "./records.ts";
import { num, undefinedValue, type Abs, type Mem, type Memory } from "./values.ts";
import { PathEnds } from "./walk.ts";
import { checkIndex, elementKind, orUndefined, readBig, readElement } from "./arrays.ts";

/** Bytes of numbers in the smallest element kind that holds them all exactly. */
export function pack(values: ArrayLike<number>, kind?: ElementKind): { element: ElementKind; bytes: Uint8Array } {
  const element = kind ?? smallestKind(values);
  const array = new (element === "f64" ? Float64Array : element === "f32" ? Float32Array : element === "i8" ? Int8Array : element === "u8" || element === "u8c" ? Uint8Array : element === "i16" ? Int16Array : element === "u16" ? Uint16Array : element === "u32" ? Uint32Array : Int32Array)(values.length);
  for (let i = 0; i < values.length; i++) array[i] = values[i]!;
  return { element: element === "u8c" ? "u8" : element, bytes: new Uint8Array(array.buffer) };
}
function smallestKind(values: ArrayLike<number>): ElementKind {
  let lo = 0, hi = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isInteger(v) || Object.is(v, -0)) return "f64";
    if (v < lo) lo = v;
    if (v > hi) hi = v;
  }
  if (lo >= 0) return hi <= 255 ? "u8" : hi <= 32767 ? "i16" : hi <= 2147483647 ? "i32" : hi <= 4294967295 ? "u32" : "f64";
  return lo >= -32768 && hi <= 32767 ? "i16" : lo >= -2147483648 && hi <= 2147483647 ? "i32" : "f64";
}

/** Elements of the largest array that becomes part of a residual: it would only be copied about. */
const mostElements = 1 << 20;
function refuseTable(ev: Evaluator, key: string, length: number): never {
  const path = ev.staticPaths.get(Number(/^n(\d+)/.exec(key)?.[1]));
  const why = `a slow array of ${length} elements is too large to become part of the code`;
  throw path ? ev.demote(path, undefined, why) : ev.refuse("Unsupported", why, "make it a fast parameter");
}

/** The constant memory of a list of numbers. */
export function constantTable(ev: Evaluator, key: string, name: string, values: ArrayLike<number>, array: TypedArrayName | "Array", kind?: ElementKind): Mem {
  const known = ev.tables.get(key);
  if (known) return known as Mem;
  if (values.length > mostElements) refuseTable(ev, key, values.length);
  const { element, bytes } = pack(values, kind);
  const segment = ev.data.push({ name, element, bytes }) - 1;
  const space = newSpace(ev, name, "data", element);
  ev.constants.set(space, values);
  const ptr = ev.inPrologue(() => { const v = ev.b.value("i32", name); ev.b.append({ op: "data.addr", segment, args: [], results: [v] }); return v; });
  const mem: Mem = { k: "mem", of: memory({ array, space, name, path: null, constant: true }), ptr, len: ev.b.i32(values.length) };
  ev.tables.set(key, mem);
  return mem;
}

/** The numbers of a list of the snapshot's values; undefined where there are others. */
export function numbersOf(items: readonly (SnapValue | typeof hole)[]): number[] | undefined {
  const out: number[] = [];
  for (const item of items) { if (typeof item !== "number") return undefined; out.push(item); }
  return out;
}

/** A table of BigInts of 64 bits; undefined where it holds others. */
function bigTable(ev: Evaluator, ref: NodeRef, items: readonly (SnapValue | typeof hole)[]): Mem | undefined {
  const key = `n${ref.node} bigints`, known = ev.tables.get(key);
  if (known) return known as Mem;
  const made = items.length > 0 && items.every((x) => typeof x === "bigint") ? wordsOfAll(items as readonly bigint[]) : undefined;
  if (!made) return undefined;
  const table = constantTable(ev, `${key} words`, "table", made.words, "Uint32Array", "u32");
  const mem: Mem = { ...table, of: { ...table.of, bigints: made.array }, len: ev.b.i32(items.length) };
  ev.tables.set(key, mem);
  return mem;
}

/** A slow array read at a dynamic index: a constant table; of rows, a table of rows; of anything else, a choice. */
export function readStatic(ev: Evaluator, ref: NodeRef, index: Abs, valueAt: (i: number) => Abs): Abs {
  const node = ev.snapshot.node(ref), lifted = ev.polyvariant === 0 ? ev.lifting?.items(ev, ref) : undefined;
  if (lifted) return readElement(ev, lifted, index);
  if (node.kind === "typed") return readSmall(ev, node.values, index) ?? readElement(ev, constantTable(ev, `n${ref.node}`, "table", node.values, node.array, elementOf[node.array]), index);
  if (node.kind !== "array") return readByNumber(ev, ref, index);
  if (node.items.length > mostElements) refuseTable(ev, `n${ref.node}`, node.items.length);
  ev.expect({ expect: "unindexed" });
  const numbers = ev.tables.has(`n${ref.node}`) && !ev.trace ? [] : numbersOf(node.items); // asked for once a table
  if (numbers) return (numbers.length > 0 ? readSmall(ev, numbers, index) : undefined) ?? readElement(ev, constantTable(ev, `n${ref.node}`, "table", numbers, "Array"), index);
  const bigs = bigTable(ev, ref, node.items);
  if (bigs) return readBig(ev, bigs, index);
  let rows = ev.numberLists.get(node.items);
  if (rows === undefined) ev.numberLists.set(node.items, (rows = listsOfNumbers(ev, node.items) ?? null));
  if (rows) return readStaticRow(ev, ref, node.items, rows, index);
  const nested = nestedItems(ev, `n${ref.node}`, node.items);
  if (nested) {
    const { at, ok } = checkIndex(ev, index, ev.b.i32(node.items.length));
    return constantOf(ok) === 0 ? undefinedValue : orUndefined(ev, nested(constantOf(ok) === 1 ? at : ev.b.op("i32.select", ok, at, ev.b.i32(0))), ok);
  }
  if (index.k === "num") lookAtLength(ev, index.v);
  // places that hold nothing read as undefined, as those outside do
  const isNothing = (item: SnapValue | typeof hole): boolean => item === undefined || item === hole;
  const objects = node.items.filter((item) => !isNothing(item)), family = tabulate(ev, objects as readonly SnapValue[]);
  if (family) {
    const { at, ok: inside } = checkIndex(ev, index, ev.b.i32(node.items.length));
    if (constantOf(inside) === 0) return undefinedValue;
    const there = (): Value => {
      const full = constantTable(ev, `n${ref.node} there`, "there", node.items.map((item) => (isNothing(item) ? 0 : 1)), "Array", "u8");
      return ev.b.if(inside, ["i32"], () => [ev.b.load("i32.load8_u", full.ptr, at, 0, 0, full.of.space)], () => [ev.b.i32(0)])[0]!;
    };
    const ok = objects.length === node.items.length ? inside : there();
    // an index outside reads the first object, whom nobody looks at
    const item = chosen(ev, `n${ref.node}`, node.items.map((item) => (isNothing(item) ? objects[0] : item)) as readonly NodeRef[], family, constantOf(ok) === 1 ? at : ev.b.op("i32.select", ok, at, ev.b.i32(0)));
    return orUndefined(ev, item, ok);
  }
  if (node.items.length > 4096) throw ev.refuse("Todo", "a large slow array of objects is read at a dynamic index", "use parallel arrays of numbers");
  return choiceOf(ev, index, node.items.length, valueAt);
}

/** The numbers among a plain slow object's keys; undefined where a number or undefined may find something else. */
export function numbersIn(ev: Evaluator, ref: NodeRef): number[] | undefined {
  const node = ev.snapshot.node(ref);
  if (node.kind !== "object" || (node.prototype && node.prototype.node !== ev.snapshot.builtin("Object.prototype").node)) return undefined;
  if (ev.snapshot.property(ref, hiddenKeys).kind !== "absent") return undefined;
  const keys = ev.snapshot.keys(ref);
  const numbers = keys.filter((k) => String(Number(k)) === k).map(Number);
  return keys.includes("undefined") || numbers.some((n) => Number.isNaN(n)) ? undefined : numbers;
}

const mostNumberKeys = 64;
/** A slow object whose keys are numbers, read by a number: `{ 65: …, 90: … }[code]`. It is compared with each of them. */
function readByNumber(ev: Evaluator, ref: NodeRef, key: Abs): Abs {
  const number = key.k === "num" ? key.v : key.k === "sum" && key.alts.every((a) => a.k === "num" || (a.k === "prim" && a.value === undefined)) ? key.payload : null; // undefined is NaN there
  const table = readIndexedNode(ev, ref, key);
  if (table) return table;
  const numbers = number && numbersIn(ev, ref), activation = ev.activation!;
  if (!numbers || numbers.length > mostNumberKeys) becomeEntered(ev, snapValue(ev, ref), key);
  if (!numbers || numbers.length > mostNumberKeys) throw ev.refuse("Unsupported", "an object is read by a computed key that is not static", "use an array");
  const from = (i: number): Abs => {
    const n = numbers[i];
    if (n === undefined) return undefinedValue;
    const values = branch(ev, ev.b.op("f64.eq", number, ev.b.f64(n)), activation, [() => ({ c: "yield", values: [found(ev, ref, String(n), null)] }), () => ({ c: "yield", values: [from(i + 1)] })]);
    if (!values) throw new PathEnds();
    return values[0]!;
  };
  return from(0);
}

/** What an access of a table costs (address, load), in operations; a comparison and a select cost two. */
const loadCost = 4;
/** A table of few different stretches, as selects: no memory, no branch. Undefined where a load is cheaper, or the value chooses a state. */
function readSmall(ev: Evaluator, values: ArrayLike<number>, index: Abs): Abs | undefined {
  const starts = [0];
  for (let i = 1; i < values.length && starts.length <= loadCost; i++) if (!Object.is(values[i], values[i - 1])) starts.push(i);
  const cost = 2 * (starts.length - 1);
  const table = values.length === 0 || cost > loadCost || ev.polyvariant > 0;
  ev.trace?.push({ // a table that was made when the walk came here before is told again
    e: "table", place: ev.b.place, source: ev.activation!.source, what: `the table of ${values.length} numbers`,
    how: table ? "a data segment" : cost === 0 ? "a constant" : `${starts.length - 1} select${starts.length > 2 ? "s" : ""}`,
    why: ev.polyvariant > 0 ? "what it holds chooses what happens next"
      : cost === 0 ? "all of its elements are the same" : `selects would cost ${cost > loadCost ? `${cost} or more` : cost}, a load ${loadCost}`,
  });
  if (table) return undefined;
  if (index.k === "sum") index = num(ev.toF64(index));
  const { at, ok } = checkIndex(ev, index, ev.b.i32(values.length));
  let value = ev.b.f64(values[starts.at(-1)!]!);
  for (let k = starts.length - 2; k >= 0; k--) value = ev.b.op("f64.select", ev.b.op("i32.lt_s", at, ev.b.i32(starts[k + 1]!)), ev.b.f64(values[starts[k]!]!), value);
  const known = constantOf(ok);
  if (known === 0) return undefinedValue;
  if (known === 1) return ev.fromF64(value);
  return { k: "sum", tag: ev.b.op("i32.eqz", ok), payload: ev.b.op("f64.select", ok, value, ev.b.f64(NaN)), alts: [{ k: "num" }, undefinedValue] };
}

/** Lists of numbers as one table, one after the other: where the list of a number lies, and how long it is. Made once for a key, whose lists are always the same. */
export interface RowTable { readonly row: Memory; address(at: Value): [Value, Value] }
export function rowTable(ev: Evaluator, key: string, lists: readonly (readonly number[])[], array: TypedArrayName | "Array", values: readonly unknown[]): RowTable {
  const known = ev.rowTables.get(key);
  if (known) return known;
  const cells = constantTable(ev, `${key}rows`, "rows", lists.flat(), array, array === "Array" ? undefined : elementOf[array]);
  const row: Memory = ev.rowMemories.get(cells.of) ?? memory({ ...cells.of, row: true });
  ev.rowMemories.set(cells.of, row);
  const size = bytesOf[elementKind(ev, row)], lengths = lists.map((l) => l.length), length = lengths[0]!, uniform = lengths.every((l) => l === length);
  let start = 0;
  const starts = lengths.map((l) => { const s = start; start += l * size; return s; });
  const table: RowTable = {
    row,
    address: (at) => {
      if (uniform) return [ev.b.op("i32.add", cells.ptr, ev.b.op("i32.mul", at, ev.b.i32(length * size))), ev.b.i32(length)];
      const places = constantTable(ev, `${key}starts`, "starts", starts, "Array", "i32"), counts = constantTable(ev, `${key}lengths`, "lengths", lengths, "Array", "i32");
      return [ev.b.op("i32.add", cells.ptr, ev.b.load("i32.load", places.ptr, at, 2, 0, places.of.space)), ev.b.load("i32.load", counts.ptr, at, 2, 0, counts.of.space)];
    },
  };
  ev.rowTables.set(key, table);
  // a part of a typed one is no memory of its own (subarray)
  if (array === "Array" && lengths.every((l) => l > 0)) ev.slowRows.set(row, { ...table, nodes: values as readonly NodeRef[], cells, lengths, key });
  return table;
}
/** The numbers of slow arrays of one kind, and that kind; undefined where one is something else, or is written: no table has what it will hold. */
export interface NumberLists { readonly lists: readonly (readonly number[])[]; readonly array: TypedArrayName | "Array" }
export function listsOfNumbers(ev: Evaluator, values: readonly unknown[]): NumberLists | undefined {
  const nodes = values.map((value) => (value instanceof NodeRef && !isWritten(ev, value) ? ev.snapshot.node(value) : undefined));
  const lists = nodes.map((node) => (node?.kind === "array" ? numbersOf(node.items) : node?.kind === "typed" ? Array.from(node.values) : undefined));
  const kinds = new Set(nodes.map((node) => (node?.kind === "typed" ? node.array : node?.kind)));
  if (lists.length === 0 || kinds.size !== 1 || !lists.every((l) => l !== undefined)) return undefined;
  return { lists, array: nodes[0]!.kind === "typed" ? (nodes[0] as { array: TypedArrayName }).array : "Array" };
}
function readStaticRow(ev: Evaluator, ref: NodeRef, values: readonly unknown[], { lists, array }: NumberLists, index: Abs): Abs {
  const { row, address } = rowTable(ev, `n${ref.node}`, lists, array, values);
  const { at, ok } = checkIndex(ev, index, ev.b.i32(lists.length));
  const known = constantOf(ok);
  if (known === 0) return undefinedValue;
  if (known === 1) { const [ptr, len] = address(at); return { k: "mem", of: row, ptr, len }; }
  const [ptr, len] = ev.b.if(ok, ["i32", "i32"], () => address(at), () => [ev.b.i32(0), ev.b.i32(0)]);
  return { k: "sum", tag: ev.b.op("i32.eqz", ok), payload: null, alts: [{ k: "mem", of: row, ptr: ptr!, len: len! }, undefinedValue] };
}

/** One of `count` static values, by a dynamic index: the index is the tag. */
export function choiceOf(ev: Evaluator, index: Abs, count: number, valueAt: (i: number) => Abs, outside: Abs = undefinedValue): Abs {
  const { at, ok } = checkIndex(ev, index, ev.b.i32(count));
  const alts: Abs[] = [];
  for (let i = 0; i < count; i++) alts.push(valueAt(i));
  if (alts.every((a) => a.k === "prim" || a.k === "obj" || a.k === "mem")) {
    const tag = constantOf(ok) === 1 ? at : ev.b.op("i32.select", ok, at, ev.b.i32(count));
    return { k: "sum", tag, payload: null, alts: [...alts, outside] as never };
  }
  throw ev.refuse("Todo", "an array of mixed values is read at a dynamic index", "use an array of numbers");
}
