// Lists whose length is known at run time only, where JavaScript takes them as a whole: spread, applied, joined, cut out of typed arrays.
// What loops is JavaScript of our own (prelude.ts, under "internal."), walked like the user's.

import { constantOf } from "../../ir/build.ts";
import type { TypedArrayName } from "../../ir/interface.ts";
import { typedArrayNames } from "../../ir/interface.ts";
import type { Value } from "../../ir/types.ts";
import { elementKind, spill } from "./arrays.ts";
import { constantTable } from "./constants.ts";
import { callPrelude } from "./builtins.ts";
import { constructBuiltin } from "./constructed.ts";
import { box, isArrayBox } from "./boxes.ts";
import { onlyIterable, onlyObject } from "./choices.ts";
import { callFunction, type Call } from "./calls.ts";
import { itemsLeft, listOf } from "./collections.ts";
import type { Evaluator } from "./evaluator.ts";
import { drained, generatorOf } from "./generators.ts";
import { isArguments, type HeapObject } from "./heap.ts";
import { bytesOf, elementOf, memory } from "./inputs.ts";
import { expectIteration, isListOfEngine, methodAsked, ownIterator } from "./iterators.ts";
import { expectNoNames, expectUnnamed, hasProperty, isPlainList, mayHaveHoles, refuseOpaque } from "./keys.ts";
import { asOneStr } from "./joined.ts";
import { keyedOf, listEntries, listPairs } from "./keyed.ts";
import { expectInherited, getProperty, split } from "./objects.ts";
import { isChosenText, partOf } from "./operators.ts";
import { lettersOf } from "./strings.ts";
import { newPart, withHead } from "./subarrays.ts";
import { Restart } from "./walk.ts";
import { hidden, prim, undefinedValue, type Abs, type Mem, type Memory, type Obj, type Sum } from "./values.ts";

/** Whether the list's length is not static. */
export function isLong(ev: Evaluator, a: Abs): boolean {
  if (keyedOf(ev, a)) return true;
  if (a.k === "mem") return isArrayBox(a) || (!a.of.box && constantOf(a.len) === undefined);
  if (a.k !== "obj") return false;
  const object = ev.object(a.id);
  if (object.t === "numerals") return true;
  return object.t === "vector" || ((object.t === "spilled" || object.t === "boxed") && isLong(ev, object.mem));
}

export const internal = (ev: Evaluator, name: string, self: Abs, args: readonly Abs[], call?: Call): Abs =>
  callPrelude(ev, ev.request.prelude(`internal.${name}`)!, self, args, call);

/** What is spread: a list that the engine iterates, which entry checks, or the list of what a generator or the user's own iterator gives, which is asked for once. */
export function spreadable(ev: Evaluator, of: Abs, call?: Call): Abs {
  const given = isJoined(of) ? (asOneStr(ev, of) ?? of) : onlyIterable(ev, of);
  if (given.k === "str") return lettersOf(ev, given, call);
  const entries = listOfMany(ev, given, call);
  if (entries) return entries;
  const own = ownIterator(ev, given);
  if (own) return givenBy(ev, own, call);
  if (keyedOf(ev, given)?.form === "record") return ev.bail("an object that is no list is spread");
  expectIteration(ev, given);
  return generatorOf(ev, given) ? drained(ev, given as Obj, call) : given;
}
/** What an iterator or a generator gives from now on, as a new list. No iterator is asked for its own. */
export function givenBy(ev: Evaluator, iterator: Abs, call?: Call): Abs {
  if (iterator.k === "sum") return split(ev, iterator, (one) => givenBy(ev, one, call));
  if (generatorOf(ev, iterator)) return drained(ev, iterator as Obj, call);
  return (remainder(ev, iterator) && listOfMany(ev, iterator, call)) ?? ev.allocate({ t: "array", items: itemsLeft(ev, iterator) });
}

/** The entries of a Map or Set that are not static, or what an iterator still gives where that is of unknown length, as a new list; undefined for others. */
export function listOfMany(ev: Evaluator, given: Abs, call?: Call): Abs | undefined {
  if (isTable(given)) {
    const table = keyedOf(ev, given);
    if (table && table.form !== "record") return entriesOf(ev, given, table.form === "set" ? "keys" : "entries", call);
  }
  const left = remainder(ev, given);
  if (!left) return undefined;
  const { over, index, what } = left, table = keyedOf(ev, over);
  if (table && (table.form === "record" || !isTable(over) || index.k !== "prim" || index.value !== 0)) return undefined;
  const list = table && isTable(over) ? entriesOf(ev, over, table.form === "set" && what === "values" ? "keys" : what, call) : internal(ev, restOf[what], over, [index], call);
  ev.update((given as Obj).id, { ...left, over: ev.allocate({ t: "array", items: [] }), index: prim(0) }); // it has given all
  return list;
}
const isTable = (a: Abs): a is Obj | Mem => a.k === "obj" || a.k === "mem";
const entriesOf = (ev: Evaluator, table: Obj | Mem, what: "keys" | "values" | "entries", call?: Call): Abs => (what === "entries" ? listPairs(ev, table, call) : listEntries(ev, table, what, call));
const restOf = { values: "valuesFrom", keys: "keysFrom", entries: "pairsFrom" } as const;

/** Whether it is an array whose length is not static, and which has nothing beside its elements: it is listed by a loop. */
function isListedByLoop(ev: Evaluator, a: Abs): boolean {
  const over = a.k === "obj" && ["spilled", "vector", "boxed"].includes(ev.object(a.id).t) ? (ev.object(a.id) as { readonly mem: Mem }).mem : a;
  if (over.k !== "mem" || !isLong(ev, over) || !isPlainList(over)) return false;
  expectNoNames(ev, over);
  expectUnnamed(ev, over);
  return true;
}
/** The keys of such an array, as its own list: texts of the indices at which it has elements. Undefined for all else. */
export const keysOfLong = (ev: Evaluator, a: Abs, call?: Call): Abs | undefined => (isListedByLoop(ev, a) ? ev.allocate({ t: "numerals", list: internal(ev, "indices", a, [], call) }) : undefined);
/** What Object.keys gives: once a list of texts of numbers was written, left or met another array, an array of strings. */
export function keysLaid(ev: Evaluator, keys: Abs, call?: Call): Abs {
  if (!isNumerals(ev, keys)) return keys;
  if (ev.lessons.laidNumerals) layNumerals(ev, keys, call);
  else ev.lessons.usesNumerals = true;
  return keys;
}
/** Such a list is written. */
export function layNumerals(ev: Evaluator, list: Obj, call?: Call): void {
  if (!ev.lessons.laidNumerals) { ev.lessons.laidNumerals = true; throw new Restart(); }
  ev.update(list.id, ev.object((internal(ev, "valuesFrom", list, [prim(0)], call) as Obj).id));
}
export const isNumerals = (ev: Evaluator, a: Abs): a is Obj => a.k === "obj" && ev.object(a.id).t === "numerals";
/** What it has at these, and both. */
export const listLong = (ev: Evaluator, a: Abs, what: "values" | "entries", call?: Call): Abs | undefined => (isListedByLoop(ev, a) ? internal(ev, what, a, [], call) : undefined);

/** An iterator over a list whose length is not static, or over a table. */
function remainder(ev: Evaluator, a: Abs): Extract<HeapObject, { t: "iterator" }> | undefined {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  return object?.t === "iterator" && isLong(ev, object.over) ? object : undefined;
}
/** Whether how much is spread is not static. */
export const spreadsLong = (ev: Evaluator, a: Abs): boolean => a.k === "str" || isJoined(a) || isLong(ev, a) || remainder(ev, a) !== undefined || isChoice(a);
/** A string of several parts, or one of several strings: its characters are those of one in memory. */
const isJoined = (a: Abs): boolean => a.k === "text" || (isChosenText(a) && a.alts.some((alt) => alt.k === "str"));
/** One of several lists: `...(on ? [x] : [])`. */
const isChoice = (a: Abs): a is Sum => a.k === "sum" && a.alts.every((alt) => alt.k === "obj" || alt.k === "mem");

/** What is put into the list: itself, or its elements. `join`: the elements of an ordinary array, holes as they are, what else it is itself. */
export interface Piece { readonly list: Abs; readonly how: "item" | "spread" | "join" }

/** `[...a, b, ...c]`. */
export function spreadAll(ev: Evaluator, pieces: readonly Piece[], call?: Call): Abs {
  const [first] = pieces, whole = pieces.length === 1 && first!.how === "spread" ? listOfMany(ev, first!.list, call) : undefined;
  if (whole) return whole;
  const out = ev.allocate({ t: "array", items: [] });
  const add = (given: Abs, how: Piece["how"]): void => {
    if (how === "join" && given.k === "sum" && given.alts.some((alt) => alt.k === "obj" || alt.k === "mem")) { addEach(given, how); return; }
    if (how === "item" || (how === "join" && !isOrdinary(ev, given))) { addItems([given]); return; }
    const list = spreadable(ev, given, call), holes = how === "join" && mayHaveHoles(ev, list);
    if (isLong(ev, list)) { internal(ev, holes ? "appendFull" : "append", out, [list], call); return; }
    if (isChoice(list)) { addEach(list, how); return; }
    const items = listOf(ev, list), made = ev.object(out.id);
    if (!holes) addItems(items);
    else if (made.t === "array") ev.update(out.id, { ...made, items: [...made.items, ...items.map((item, i) => (hasProperty(ev, list, String(i), true) === false ? undefined : item))] });
    else throw ev.refuse("Todo", "an array that may have holes is joined to a long one", "fill it first");
  };
  const addEach = (choice: Sum, how: Piece["how"]): void => { split(ev, choice, (one) => { add(one, how); return undefinedValue; }); };
  const addItems = (items: readonly Abs[]): void => {
    const made = ev.object(out.id);
    if (made.t === "array") ev.update(out.id, { ...made, items: [...made.items, ...items] });
    else for (const item of items) callFunction(ev, getProperty(ev, out, prim("push")), out, [item], call);
  };
  for (const { list, how } of pieces) add(list, how);
  return out;
}

/** a.concat(b, 1, c). Numbers and what is nothing have no such method. */
export function concatenate(ev: Evaluator, self: Abs, args: readonly Abs[], call?: Call): Abs {
  const lists = [onlyIterable(ev, self), ...args.map((arg) => onlyObject(ev, arg))];
  for (const list of lists) for (const one of list.k === "sum" ? list.alts.map((alt) => partOf(list, alt, ev)) : [list]) expectJoined(ev, one);
  return spreadAll(ev, lists.map((list) => ({ list, how: "join" })), call);
}
/** An array is joined, and an object is not, if none says otherwise; an iterator of its own is not asked there. */
function expectJoined(ev: Evaluator, a: Abs): void {
  const object = a.k === "obj" ? ev.object(a.id) : undefined, isArray = isOrdinary(ev, a);
  if (!isArray && object?.t !== "object") return;
  if (a.k === "mem") expectInherited(ev, a, spreadableKey);
  if (getProperty(ev, a, prim(spreadableKey)) !== undefinedValue || (isArray && !isListOfEngine(ev, a))) throw ev.refuse("Todo", "what is joined to an array says how", "copy its elements with a loop");
}
const spreadableKey = hidden("@@isConcatSpreadable");

function isOrdinary(ev: Evaluator, a: Abs): boolean {
  if (a.k === "mem") return a.of.array === "Array" && (!a.of.box || isArrayBox(a));
  if (a.k !== "obj") return false;
  const o = ev.object(a.id);
  if (o.t === "opaque") return refuseOpaque(ev, o.why);
  if (isArguments(o)) return false;
  return o.t === "array" || (o.t === "snap" && ev.snapshot.node(o.node).kind === "array") || ((o.t === "spilled" || o.t === "vector" || o.t === "boxed") && isOrdinary(ev, o.mem));
}

// ── typed arrays ──

/** The memory of a typed array, wherever it lies. */
export function memoryOf(ev: Evaluator, self: Abs): Mem {
  if (self.k === "mem" && self.of.bigints) throw ev.refuse("Todo", "a part of an array of BigInts is taken", "use indices");
  if (self.k === "mem" && self.of.array !== "Array" && !self.of.dataView) return self;
  if (self.k === "obj") {
    const object = ev.object(self.id);
    if (object.t === "typed") return spill(ev, self.id);
    if (object.t === "spilled" || object.t === "vector" || object.t === "boxed") return memoryOf(ev, object.mem);
    if (object.t === "snap") {
      const node = ev.snapshot.node(object.node);
      if (node.kind === "typed") return constantTable(ev, `n${object.node.node}`, "table", node.values, node.array, elementOf[node.array]);
    }
  }
  return ev.bail("a typed array's method is called on something else");
}

/** Whether it is an array of BigInts: it takes nothing else, and gives nothing to arrays of numbers, even where no element is there. */
export function holdsBigints(ev: Evaluator, a: Abs): boolean {
  const object = a.k === "obj" ? ev.object(a.id) : undefined, mem = a.k === "mem" ? a : object?.t === "spilled" ? object.mem : undefined;
  const node = object?.t === "snap" ? ev.snapshot.node(object.node) : undefined;
  return mem?.of.bigints !== undefined || (node?.kind === "object" && /^Big(Int|Uint)64Array$/.test(node.className));
}

/** t.subarray(start, end): a view of the same memory, which has no identity of its own. */
export function subarray(ev: Evaluator, args: readonly Abs[], self: Abs, call?: Call): Mem {
  // what others hold a part of lies where they do
  const object = ev.lessons.holdsParts && self.k === "obj" ? ev.object(self.id) : undefined;
  const isHeld = (object?.t === "typed" || (object?.t === "spilled" && object.mem.of.array !== "Array" && !object.mem.of.bigints)) && !ev.viewed.has((self as Obj).id);
  return withHead(ev, range(ev, args, isHeld ? box(ev, (self as Obj).id) : self, call));
}
function range(ev: Evaluator, args: readonly Abs[], self: Abs, call: Call | undefined): Mem {
  const mem = memoryOf(ev, self);
  const [from, count] = listOf(ev, internal(ev, "range", mem, args, call)).map((x) => ev.toI32(x)) as [Value, Value];
  const shift = Math.log2(bytesOf[elementKind(ev, mem.of)]);
  return { k: "mem", of: viewsOf(ev, mem.of), ptr: ev.b.op("i32.add", mem.ptr, ev.b.op("i32.shl", from, ev.b.i32(shift))), len: count, part: newPart(ev, mem) };
}
export function viewsOf(ev: Evaluator, of: Memory): Memory {
  if (of.row && !of.rowOf) return of;
  let views = ev.rowMemories.get(of);
  if (!views) ev.rowMemories.set(of, (views = memory({ ...of, path: null, row: true, rowOf: undefined })));
  return views;
}

/** t.slice(start, end): a copy. */
export function slice(ev: Evaluator, args: readonly Abs[], self: Abs, call?: Call): Abs {
  const from = range(ev, args, self, call);
  const made = constructBuiltin(ev, from.of.array, [ev.fromI32(from.len)], call);
  callPrelude(ev, ev.request.prelude("TypedArray.prototype.set")!, made, [from], call);
  return made;
}

/** t.set(list, offset): what may lie in the same bytes is copied first, as it may be written before it is read. */
export function setElements(ev: Evaluator, [source = undefinedValue, ...more]: readonly Abs[], self: Abs, call?: Call): Abs {
  const [to, from] = [heldBy(ev, self), heldBy(ev, source)], isTyped = from !== undefined || (source.k === "obj" && ev.object(source.id).t === "typed");
  if (holdsBigints(ev, source) ? !holdsBigints(ev, self) : holdsBigints(ev, self) && isTyped) return ev.bail("an array of BigInts meets one of numbers");
  const list = to && from && mayMeet(ev, to.of.space, from.of.space) ? slice(ev, [], source, call) : source;
  return callPrelude(ev, ev.request.prelude("TypedArray.prototype.set")!, self, [list, ...more], call);
}
/** The memory that a typed array lies in already. */
function heldBy(ev: Evaluator, a: Abs): Mem | undefined {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  const mem = a.k === "mem" ? a : object?.t === "spilled" || object?.t === "vector" || object?.t === "boxed" ? object.mem : undefined;
  return mem?.of.array === "Array" && !mem.of.bigints ? undefined : mem;
}
const mayMeet = (ev: Evaluator, a: number, b: number): boolean =>
  a === b || ev.shares(a, b) || ([a, b].every((space) => ev.spaces[space]!.origin === "input") && (ev.request.overlap || ev.wide.has(a) || ev.wide.has(b)));

/** The name of a typed array's constructor. */
export function typedConstructor(ev: Evaluator, constructor: Abs): string {
  const f = constructor.k === "obj" ? ev.object(constructor.id) : null;
  if (f?.t !== "builtin" || !typedArrayNames.includes(f.name as TypedArrayName)) throw ev.refuse("Todo", "from is called on something else than a typed array's constructor", "write a loop");
  return f.name;
}

const iterated: ReadonlySet<string> = new Set<HeapObject["t"]>(["set", "map", "keyed", "iterator", "generator"]);
/** What a user's own iterator gives, as a list: what can be iterated is, whatever length it says it has. */
export function takenApart(ev: Evaluator, a: Abs, call?: Call): Abs {
  const method = methodAsked(ev, a);
  if (method) return givenBy(ev, callFunction(ev, method, a, [], call), call);
  return (remainder(ev, a) && listOfMany(ev, a, call)) ?? a;
}
/** Float64Array.from(list, f, self) */
export function typedFrom(ev: Evaluator, args: readonly Abs[], constructor: Abs, call?: Call): Abs {
  const name = typedConstructor(ev, constructor);
  const source = args[0] ?? undefinedValue;
  const object = source.k === "obj" ? ev.object(source.id) : null;
  const given = takenApart(ev, source, call);
  const list = given === source && ((object && iterated.has(object.t)) || keyedOf(ev, source)) ? spreadAll(ev, [{ list: source, how: "spread" }], call) : given;
  const made = constructBuiltin(ev, name, [getProperty(ev, list, prim("length"))], call);
  // a callback may change the array, whose elements are all read before it is called
  const taken = args.length > 1 && list === source && object?.t !== "snap" && isOrdinary(ev, list) ? internal(ev, "copy", list, [], call) : list;
  internal(ev, "fillFrom", made, [taken, ...args.slice(1)], call);
  return made;
}

function kindOf(ev: Evaluator, self: Abs): string {
  const object = self.k === "obj" ? ev.object(self.id) : null;
  return object?.t === "typed" ? object.array : memoryOf(ev, self).of.array;
}

/** t.map(f, self): of t's kind. */
export function typedMap(ev: Evaluator, args: readonly Abs[], self: Abs, call?: Call): Abs {
  const made = constructBuiltin(ev, kindOf(ev, self), [getProperty(ev, self, prim("length"))], call);
  internal(ev, "mapInto", self, [made, ...args], call);
  return made;
}

/** t.filter(f, self): the elements are collected before the array is made. */
export function typedFilter(ev: Evaluator, args: readonly Abs[], self: Abs, call?: Call): Abs {
  const array = kindOf(ev, self);
  const kept = callPrelude(ev, ev.request.prelude("Array.prototype.filter")!, self, args, call);
  return constructBuiltin(ev, array, [kept], call);
}
