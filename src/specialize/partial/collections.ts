// Lists, Maps and Sets: iterated, spread, asked for a key. Of static ones item by item, without walking the rest; of arrays in memory,
// or of static lists in a loop that is kept, by a dynamic index.

import { constantOf } from "../../ir/build.ts";
import { hole, NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import { loadElement, readElement } from "./arrays.ts";
import { isArrayBox, open } from "./boxes.ts";
import { onlyIterable } from "./choices.ts";
import { choose } from "./control.ts";
import { becomeComposite } from "./composite.ts";
import { becomeEntered } from "./entered.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { snapValue } from "./inputs.ts";
import { drained, generatorOf, refuseByHand } from "./generators.ts";
import { endIterator, expectIteration, isListOfEngine, ownIterator, stepOfOwn } from "./iterators.ts";
import { asOneStr } from "./joined.ts";
import { becomeKeyed, becomeTable, keyedOf, putKeyed, stepOfKeyed } from "./keyed.ts";
import { entryAtText } from "./lookups.ts";
import { getProperty, split } from "./objects.ts";
import { strictlyEqual } from "./equality.ts";
import { binary, isChosenText, truth } from "./operators.ts";
import { becomeNamed, canBeNamed, isName } from "./named.ts";
import { areTexts, look, tellWords } from "./passed.ts";
import { characterFrom, mayBeStr, refuseText } from "./strings.ts";
import { isNumeric, num, prim, undefinedValue, type Abs, type Mem, type Obj } from "./values.ts";
import { becomeOfObjects } from "./objectkeys.ts";
import { becomeWorded } from "./words.ts";

// ── items ──

/** A list whose items are known one by one. */
interface Items { readonly length: number; at(i: number, what: "keys" | "values" | "entries"): Abs }

const characters = new Map<string, readonly string[]>();
function charactersOf(text: string): readonly string[] {
  let list = characters.get(text);
  if (!list) {
    if (characters.size > 100) characters.clear();
    characters.set(text, (list = [...text]));
  }
  return list;
}

/** What iterating gives, undefined where that is not known item by item. */
function itemsOf(ev: Evaluator, a: Abs): Items | undefined {
  const pair = (k: Abs, v: Abs): Abs => ev.allocate({ t: "array", items: [k, v] });
  const list = (length: number, value: (i: number) => Abs): Items => ({ length, at: (i, what) => (what === "keys" ? prim(i) : what === "values" ? value(i) : pair(prim(i), value(i))) });
  const set = (length: number, value: (i: number) => Abs): Items => ({ length, at: (i, what) => (what === "entries" ? pair(value(i), value(i)) : value(i)) });
  const map = (length: number, key: (i: number) => Abs, value: (i: number) => Abs): Items => ({ length, at: (i, what) => (what === "keys" ? key(i) : what === "values" ? value(i) : pair(key(i), value(i))) });
  if (a.k === "prim" && typeof a.value === "string") { const text = charactersOf(a.value); return list(text.length, (i) => prim(text[i]!)); }
  if (a.k === "mem" && !a.of.box && a.len.def?.op === "const") return list(Number(a.len.def.value), (i) => getProperty(ev, a, prim(i)));
  if (a.k !== "obj") return undefined;
  const object = ev.object(a.id);
  switch (object.t) {
    case "array": case "typed": return list(object.items.length, (i) => object.items[i] ?? undefinedValue);
    case "spilled": return itemsOf(ev, object.mem);
    case "set": return set(object.items.length, (i) => object.items[i]!);
    case "map": return map(object.entries.length, (i) => object.entries[i]![0], (i) => object.entries[i]![1]);
    case "snap": {
      const node = ev.snapshot.node(object.node);
      const known = (value: SnapValue | typeof hole): Abs => (value === hole ? undefinedValue : snapValue(ev, value as SnapValue));
      switch (node.kind) {
        case "array": case "typed": {
          const lifted = ev.lifting?.items(ev, object.node);
          if (lifted) return list(Number(constantOf(lifted.len)), (i) => ev.lifting!.item(ev, object.node, i)!);
          if (node.kind === "typed") return list(node.values.length, (i) => prim(node.values[i]!));
          touchItems(ev, node.items);
          ev.lifting?.callItems(object.node, node.items);
          return list(node.items.length, (i) => known(node.items[i]!));
        }
        case "set": return set(node.items.length, (i) => known(node.items[i]!));
        case "map": return map(node.entries.length, (i) => known(node.entries[i]![0]), (i) => known(node.entries[i]![1]));
        default: return undefined;
      }
    }
    default: return undefined;
  }
}
/** Objects in a list that is walked are compared by contents, also those that the walk stops before: by identity, equal lists would differ. */
const touched = new WeakMap<object, WeakSet<object>>(); // by who is asked: a template's walk keeps its own questions
function touchItems(ev: Evaluator, items: readonly (SnapValue | typeof hole)[]): void {
  let lists = touched.get(ev.snapshot);
  if (lists === undefined) touched.set(ev.snapshot, (lists = new WeakSet()));
  if (lists.has(items)) return;
  lists.add(items);
  for (const item of items) if (item instanceof NodeRef) ev.snapshot.node(item);
}
const isMap = (ev: Evaluator, a: Abs): boolean => {
  if (keyedOf(ev, a)) return keyedOf(ev, a)!.form === "map";
  if (a.k !== "obj") return false;
  const object = ev.object(a.id);
  return object.t === "map" || (object.t === "snap" && ev.snapshot.node(object.node).kind === "map");
};

/** The items of an array, an iterable or arguments of static length. */
export function listOf(ev: Evaluator, a: Abs): Abs[] {
  look(ev, a);
  if (generatorOf(ev, a)) return listOf(ev, drained(ev, a as Obj));
  const items = itemsOf(ev, a);
  if (items) return Array.from({ length: items.length }, (_, i) => items.at(i, isMap(ev, a) ? "entries" : "values"));
  const iterator = a.k === "obj" && ev.object(a.id).t === "iterator" ? a : (ownIterator(ev, a) ?? (isOwnIterator(ev, a) ? a : undefined));
  return iterator ? itemsLeft(ev, iterator) : refuseUnknown(ev);
}
/** All that an iterator gives from now on, where its end is static. */
export function itemsLeft(ev: Evaluator, iterator: Abs): Abs[] {
  const out: Abs[] = [];
  while (out.length < 100_000) {
    const { goesOn, item } = iterate(ev, iterator), there = truth(ev, goesOn);
    if (there === false) { endIterator(ev, iterator); return out; }
    if (there !== true) break;
    out.push(item(true));
  }
  return refuseUnknown(ev);
}
const refuseUnknown = (ev: Evaluator): never => { throw ev.refuse("Todo", "a list of unknown length is spread", "pass the items one by one, or loop over them"); };

// ── iterators ──

/** An iterator of the user's that is taken where the language goes on with one: it has the method `next`. */
function isOwnIterator(ev: Evaluator, a: Abs): boolean {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  return object?.t === "object" && object.fields.has("next");
}

export function iteratorOf(ev: Evaluator, list: Abs, what?: "keys" | "values" | "entries"): Abs {
  const only = list.k === "text" ? list : onlyIterable(ev, list), over = only.k === "text" || isChosenText(only) ? (asOneStr(ev, only) ?? only) : only;
  if (over.k === "obj" && ev.object(over.id).t === "iterator" && !what) return over;
  if (generatorOf(ev, over) && !what) return over;
  const own = what ? undefined : ownIterator(ev, over);
  if (own) return own;
  expectIteration(ev, over, what !== undefined);
  return ev.allocate({ t: "iterator", over, index: prim(0), what: what ?? (isMap(ev, over) ? "entries" : "values"), ...(what ? { held: true } : {}) });
}

/** The element at an index; `below`: the length is greater. */
function nextElement(ev: Evaluator, mem: Mem, index: Abs, below: boolean): Abs {
  if (!below || mem.of.bigints || mem.of.rows || mem.of.lists || mem.of.records || mem.of.slot) return readElement(ev, mem, index);
  return num(loadElement(ev, mem, ev.b.op("i32.trunc_sat_f64_s", ev.toF64(index))));
}

/** One step of an iterator: whether there is an item, and the item (`there`: it is read where there is one). */
export function iterate(ev: Evaluator, ref: Abs): { readonly goesOn: Abs; item(there: boolean): Abs } {
  const iterator = ref.k === "obj" ? ev.object(ref.id) : undefined;
  if (generatorOf(ev, ref)) return refuseByHand(ev);
  if (ref.k !== "obj" || iterator?.t !== "iterator") return stepOfOwn(ev, ref);
  const { over, index, what } = iterator;
  const advance = () => ev.update(ref.id, { ...iterator, index: binary(ev, "js.add", index, prim(1)) });
  if (over.k === "num" || over.k === "bool" || (over.k === "prim" && typeof over.value !== "string")) return ev.bail("a value that is not iterable is iterated");
  const keyed = keyedOf(ev, over);
  if (keyed) {
    if (keyed.form === "record") return ev.bail("a value that is not iterable is iterated");
    const step = stepOfKeyed(ev, over as Obj | Mem, index);
    return {
      goesOn: step.there,
      item: () => {
        const ofKeys = what === "keys" || keyed.form === "set", key = ofKeys || what === "entries" ? step.key() : undefinedValue, value = ofKeys ? key : step.value();
        ev.update(ref.id, { ...iterator, index: binary(ev, "js.add", step.at, prim(1)) });
        return what === "entries" ? ev.allocate({ t: "array", items: [key, value] }) : what === "keys" ? key : value;
      },
    };
  }
  if (over.k === "str") {
    return {
      goesOn: binary(ev, "js.lt", index, ev.fromI32(over.len)),
      item: () => {
        const { character, next } = characterFrom(ev, over, index);
        ev.update(ref.id, { ...iterator, index: next });
        return what === "values" ? character : (() => { throw refuseText(ev, "the entries of a string that is not static are iterated", "count the characters"); })();
      },
    };
  }
  const object = over.k === "obj" ? ev.object(over.id) : undefined;
  if (object?.t === "numerals") {
    return {
      goesOn: binary(ev, "js.lt", index, getProperty(ev, object.list, prim("length"))),
      item: () => { const value = what === "keys" ? index : getProperty(ev, over, index); advance(); return what === "entries" ? ev.allocate({ t: "array", items: [index, value] }) : value; },
    };
  }
  const next = (value: () => Abs): Abs => { const of = what === "keys" ? index : value(); advance(); return what === "entries" ? ev.allocate({ t: "array", items: [index, of] }) : of; };
  if (over.k === "sum" && over.alts.every((alt) => alt.k !== "num" && alt.k !== "bool" && isListOfEngine(ev, alt))) {
    const step = (list: Abs): Step => stepOfList(ev, list, index);
    return {
      goesOn: split(ev, over, (list) => step(list).goesOn),
      item: (there) => next(() => split(ev, over, (list) => { const one = step(list); return one.none ? ev.bail("an empty list has an item") : one.value(there); })),
    };
  }
  const items = index.k === "prim" ? itemsOf(ev, over) : undefined;
  if (items && index.k === "prim") {
    const at = Number(index.value);
    return { goesOn: prim(at < items.length), item: () => { advance(); return items.at(at, what); } };
  }
  const { goesOn, value } = stepOfList(ev, over, index);
  return { goesOn, item: (there) => next(() => value(there)) };
}

/** One step over a list of known kind; `none`: it has no item at that index, whatever a test says. */
interface Step { readonly goesOn: Abs; readonly none?: boolean; value(there: boolean): Abs }
function stepOfList(ev: Evaluator, over: Abs, index: Abs): Step {
  const object = over.k === "obj" ? ev.object(over.id) : undefined;
  const held = over.k === "mem" ? over : object?.t === "spilled" || object?.t === "vector" || object?.t === "boxed" ? object.mem : undefined;
  const mem = held && isArrayBox(held) ? open(ev, held) : held;
  if (mem) return { goesOn: binary(ev, "js.lt", index, ev.fromI32(mem.len)), value: (there) => nextElement(ev, mem, index, there) };
  const items = itemsOf(ev, over);
  if (!items || object?.t === "map" || object?.t === "set" || (object?.t === "snap" && !["array", "typed"].includes(ev.snapshot.node(object.node).kind))) {
    becomeTable(ev, object);
    throw ev.refuse("Todo", "a value that is no list, or a Map or Set in a loop that is kept, is iterated", "loop over an array with an index");
  }
  return { goesOn: binary(ev, "js.lt", index, prim(items.length)), none: index.k === "prim" ? Number(index.value) >= items.length : items.length === 0, value: () => getProperty(ev, over, index) };
}

// ── Maps and Sets ──

/** entries of the snapshot's Maps and Sets by key: primitives by themselves, objects by their nodes */
const indices = new WeakMap<object, { readonly primitives: Map<unknown, SnapValue>; readonly nodes: Map<number, SnapValue> }>();
function indexOf(node: object, entries: Iterable<readonly [SnapValue, SnapValue]>) {
  let index = indices.get(node);
  if (!index) {
    index = { primitives: new Map(), nodes: new Map() };
    for (const [k, v] of entries) if (k instanceof NodeRef) index.nodes.set(k.node, v); else index.primitives.set(k, v);
    indices.set(node, index);
  }
  return index;
}
const mostAsked = 64;
function sameKey(ev: Evaluator, a: Abs, b: Abs): boolean {
  if (a.k === "prim" && b.k === "prim") return a.value === b.value || Object.is(a.value, b.value);
  return a.k === "obj" && b.k === "obj" && strictlyEqual(ev, a, b) === true;
}

/** What a Map or Set has at a key, `absent` where it has nothing. A dynamic key is compared with every key that there is. */
export function entryAt(ev: Evaluator, self: Abs, key: Abs, absent: Abs, present?: Abs): Abs {
  const object = self.k === "obj" ? ev.object(self.id) : undefined;
  if (isName(key)) { const found = entryOfName(ev, object, self, key, absent, present); if (found) return found; }
  look(ev, key);
  const several = mayBeStr(key);
  if (several) return split(ev, several, (one) => entryAt(ev, self, one, absent, present));
  const node = object?.t === "snap" ? ev.snapshot.node(object.node) : undefined;
  const entries: readonly (readonly [Abs, Abs])[] | undefined = object?.t === "map" ? object.entries : object?.t === "set" ? object.items.map((x) => [x, x] as const) : undefined;
  if (!entries && node?.kind !== "map" && node?.kind !== "set") return ev.bail("a method of Map or Set is called on something else");
  if (key.k === "prim" || key.k === "obj") {
    if (entries) { const found = entries.find(([k]) => sameKey(ev, k, key)); return found ? (present ?? found[1]) : absent; }
    const index = node!.kind === "map" ? indexOf(node!, node!.entries) : indexOf(node!, (node as { items: readonly SnapValue[] }).items.map((x) => [x, x] as const));
    const static_ = key.k === "obj" ? ev.statics.get(key.id) : undefined;
    const id = static_ && "node" in static_ ? static_.node?.node : undefined;
    if (key.k === "obj") { ev.identify(key); for (const node of index.nodes.keys()) ev.expect({ expect: "identity", node }); }
    const there = key.k === "prim" ? index.primitives.has(key.value) : id !== undefined && index.nodes.has(id);
    if (!there && key.k === "obj" && id === undefined) for (const other of index.nodes.keys()) strictlyEqual(ev, key, snapValue(ev, new NodeRef(other))); // which is tested, or refused
    if (!there) return absent;
    return present ?? snapValue(ev, (key.k === "prim" ? index.primitives.get(key.value) : index.nodes.get(id!)) as SnapValue);
  }
  const list = entries ?? listOf(ev, self).map((x) => { if (node!.kind === "set") return [x, x] as const; const [k, v] = listOf(ev, x); return [k!, v!] as const; });
  if (key.k === "str") {
    const found = entryAtText(ev, list, key, absent, present);
    if (!found) becomeWorded(object, key);
    if (!found) throw refuseText(ev, "a Map or Set is asked for a string that is not static", "use an object");
    return found;
  }
  if ((list.length > mostAsked || list.some(([k]) => k.k === "prim" && Number.isNaN(k.value))) && (object?.t === "map" || object?.t === "set")) becomeKeyed(ev, object);
  if (list.length > mostAsked) becomeEntered(ev, self, key);
  if (list.length > mostAsked) throw ev.refuse("Unsupported", `a Map or Set of ${list.length} entries is asked for a key that is not static`, "use an array");
  if (list.some(([k]) => k.k !== "prim" || Number.isNaN(k.value)) || !(isNumeric(key) || key.k === "bool" || key.k === "sum")) {
    becomeComposite(ev, object, key);
    becomeOfObjects(ev, object, key);
    becomeEntered(ev, self, key);
    throw ev.refuse("Unsupported", "a Map or Set is asked for a key that is not static", "use an array");
  }
  return list.reduceRight((rest: () => Abs, [k, v]) => () => choose(ev, binary(ev, "js.seq", key, k), () => present ?? v, rest), () => absent)();
}

/** The same of a string that one of the caller's objects holds: one of the keys, or none of them. */
function entryOfName(ev: Evaluator, object: HeapObject | undefined, self: Abs, key: Abs, absent: Abs, present?: Abs): Abs | undefined {
  if (key.k === "sum") return split(ev, key, (one) => entryAt(ev, self, one, absent, present));
  const node = object?.t === "snap" ? ev.snapshot.node(object.node) : undefined;
  const keys: readonly unknown[] | undefined = object?.t === "map" ? object.entries.map(([k]) => (k.k === "prim" ? k.value : undefined)) : object?.t === "set" ? object.items.map((k) => (k.k === "prim" ? k.value : undefined)) : node?.kind === "map" ? node.entries.map(([k]) => k) : node?.kind === "set" ? node.items : undefined;
  if (!keys || !areTexts(key) || !keys.every((k) => typeof k === "string")) return undefined;
  if (keys.length === 0 && canBeNamed(object)) becomeNamed(ev, object.site);
  tellWords(ev, key, keys as readonly string[]);
  return absent;
}

/** A Map or Set with an entry put in. */
export function putEntry(ev: Evaluator, self: Abs, key: Abs, value: Abs): Abs {
  if (keyedOf(ev, self)) { putKeyed(ev, self as Obj | Mem, key, value); return self; }
  const object = self.k === "obj" ? ev.object(self.id) : undefined;
  if (isName(key) && canBeNamed(object)) becomeNamed(ev, object.site);
  look(ev, key);
  becomeEntered(ev, self, key);
  if (self.k !== "obj" || (object?.t !== "map" && object?.t !== "set")) throw ev.refuse("Unsupported", "a slow Map or Set is written", "copy it first: new Map(m)");
  if (key.k === "str") { becomeWorded(object, key); throw refuseText(ev, "a Map or Set gets a string as a key that is not static", "use numbers"); }
  if (key.k !== "prim" && key.k !== "obj") becomeKeyed(ev, object, key);
  const stored = key.k === "prim" && Object.is(key.value, -0) ? prim(0) : key;
  if (object.t === "set") { if (!object.items.some((x) => sameKey(ev, x, stored))) ev.update(self.id, { ...object, items: [...object.items, stored] }); return self; }
  const at = object.entries.findIndex(([k]) => sameKey(ev, k, stored));
  ev.update(self.id, { ...object, entries: at < 0 ? [...object.entries, [stored, value]] : object.entries.map((e, i) => (i === at ? [e[0], value] : e)) });
  return self;
}
