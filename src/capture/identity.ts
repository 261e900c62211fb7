// The quick question before the thorough one: are these the very objects that the snapshot was made of, with the very same things in them?
//
// Before: a comparison (match.ts) that has just found a live value equal to the snapshot, every object of it being the snapshot's own.
// After: a function that answers whether that still holds, by `===` alone: objects of one layout stand in a list, what was read of them in
// columns beside it, and one loop compares them. No object is looked up, none is paired with another: if every
// reference leads where it led, sharing is what it was. Arrays of numbers are compared number for number, those of one kind by code of their own, and so are
// arrays of objects (lists.ts). A false answer decides nothing: the thorough comparison follows.
// Accessors are compared by their functions where they were found: those of a class once, on its prototype, not with every instance. Private fields
// are read by functions of their class (privates.ts); which ones an object has does not change once it has all of them.
// Guarantees: as match.ts, no getter and no Proxy trap runs that did not run in the comparison before. Where something can't be told by
// identity (Maps, keys of arrays and functions, internal slots) there is no such function.

import { isPrivateKey, privateClass, privateList } from "../ir/privates.ts";
import { hiddenKeys, hiddenNumbers, type Property, type SnapValue } from "../ir/snapshot.ts";
import { sameBytesLater } from "./bytes.ts";
import type { Codes } from "./codes.ts";
import { copyOf, isSpecial, type Contents } from "./contents.ts";
import { itemsOf, Lists } from "./lists.ts";
import { hasAllPrivate, privateField } from "./privates.ts";
import { keyBehind } from "./symbols.ts";
import { seenThrough } from "./host.ts";

type Holds = () => boolean;
/** how a property is compared: a number other than 0 and NaN, one of the zeros, NaN, by identity, by the functions behind it, as a private field, or not there */
type Column = "number" | "zero" | "NaN" | "same" | "accessor" | "private" | "absent";

interface Group { /** the own enumerable keys, where they were read */ readonly all: readonly string[] | null; readonly prototype: object | null; readonly checksPrototype: boolean; readonly keys: readonly string[]; readonly columns: readonly Column[]; readonly objects: object[]; readonly values: unknown[][] }

export interface ArrayChecks { items(numbers: Float64Array, live: readonly unknown[]): boolean; typed(contents: Contents, live: object): boolean }

/** The function for those objects, or null where identity does not tell all. */
export function identityOf(nodes: readonly (readonly [Contents, object])[], checks: ArrayChecks, codes: Codes): Holds | null {
  const groups = new Map<string, Group>();
  const prototypes = new Map<object | null, number>();
  const tests: Holds[] = [];
  const lists = new Lists();
  for (const [contents, live] of nodes) {
    const { node } = contents;
    if (node.kind === "map" || node.kind === "set" || node.kind === "opaque") return null;
    const checksPrototype = node.kind !== "builtin";
    const prototype = checksPrototype ? contents.prototypeLive : null;
    const taken = takeList(lists, contents, live, prototype);
    if (taken) {
      // compared with the others of its kind
    } else if (node.kind === "array" && contents.itemsRead) {
      const test = itemsTest(contents, live as readonly unknown[], checks);
      if (!test) return null;
      tests.push(() => !Object.hasOwn(live, Symbol.iterator) && test());
    } else if (node.kind === "typed" && (contents.itemsRead || contents.bufferRead)) tests.push(typedTest(contents, live, checks));
    const keys: string[] = [], columns: Column[] = [], values: unknown[] = [];
    for (const [i, key] of contents.readKeys.entries()) {
      if (node.kind === "typed" && contents.itemsRead && key === "length") continue; // compared with the elements
      if (key === privateClass || (key === privateList && hasAllPrivate(live))) continue; // for good
      const found = columnOf(contents, contents.readProperties[i]!, live, key);
      if (!found) return null;
      keys.push(key);
      columns.push(found.column);
      values.push(found.value);
    }
    if (!prototypes.has(prototype)) prototypes.set(prototype, prototypes.size);
    const all = contents.keysRead ? contents.keys : null;
    if (all && node.kind !== "object") return null;
    if (taken && keys.length === 0) continue;
    const id = JSON.stringify([node.kind, prototypes.get(prototype), keys, columns, all]);
    let group = groups.get(id);
    if (!group) groups.set(id, (group = { all, prototype, checksPrototype, keys, columns, objects: [], values: columns.map(() => []) }));
    group.objects.push(live);
    values.forEach((value, i) => group.values[i]!.push(value));
  }
  tests.push(...lists.tests(codes), ...[...groups.values()].map((group) => groupTest(group, codes)));
  return () => { for (const test of tests) if (!test()) return false; return true; };
}

/** Whether the list is compared with the others of its kind. */
function takeList(lists: Lists, contents: Contents, live: object, prototype: object | null): boolean {
  const { node } = contents;
  if (!contents.itemsRead || contents.bufferRead) return false;
  if (node.kind !== "array") return node.kind === "typed" && lists.takeNumbers(live, copyOf.typed(node), prototype);
  const numbers = copyOf.numbers(node);
  if (numbers !== null) return lists.takeNumbers(live, numbers, prototype);
  return copyOf.array(node).every((item, i) => typeof item === "object" && item !== null && columnFor((live as readonly unknown[])[i]) === "same") && lists.takeObjects(live as readonly unknown[], prototype);
}

function columnOf(contents: Contents, wanted: Property | null, live: object, key: string): { column: Column; value: unknown } | null {
  if (keyBehind(key) !== key || key === hiddenKeys || key === hiddenNumbers) return null;
  if (isPrivateKey(key)) return privateColumn(wanted, live, key);
  if (wanted === null) return { column: "absent", value: undefined };
  if (wanted.kind === "getter" || wanted.kind === "setter") return accessorColumn(live, key);
  if (wanted.kind !== "data" || isSpecial(contents, key)) return null;
  const value = (live as Record<string, unknown>)[key];
  const column = columnFor(value);
  return column && { column, value };
}
/** The functions as they are: seen through, they could not be told by identity. */
function accessorColumn(live: object, key: string): { column: Column; value: unknown } | null {
  const value = Object.getOwnPropertyDescriptor(live, key);
  return value !== undefined && columnFor(value.get) !== null && columnFor(value.set) !== null ? { column: "accessor", value } : null;
}
function privateColumn(wanted: Property | null, live: object, key: string): { column: Column; value: unknown } | null {
  const field = privateField(key);
  if (wanted === null || field === undefined || !field.has(live)) return null;
  const value = field.get(live);
  return columnFor(value) && { column: "private", value };
}
function sameAccessor(live: object, key: string, then: PropertyDescriptor): boolean {
  const now = Object.getOwnPropertyDescriptor(live, key);
  return now !== undefined && now.get === then.get && now.set === then.set;
}
function columnFor(value: unknown): Column | null {
  if (typeof value === "number") return value === 0 ? "zero" : value !== value ? "NaN" : "number";
  return ((typeof value === "object" && value !== null) || typeof value === "function") && seenThrough(value) !== value ? null : "same";
}

function itemsTest({ node }: Contents, live: readonly unknown[], checks: ArrayChecks): Holds | null {
  const numbers = copyOf.numbers(node);
  if (numbers) return () => live.length === numbers.length && checks.items(numbers, live);
  const copy: readonly (SnapValue | symbol)[] = copyOf.array(node);
  const items = itemsOf(live);
  for (let i = 0; i < copy.length; i++) {
    const column = columnFor(items[i]);
    if (!(i in live) || typeof copy[i] === "symbol" || items[i] === undefined || (column !== "number" && column !== "same")) return null;
  }
  return () => {
    if (live.length !== items.length) return false;
    for (let i = 0; i < items.length; i++) if (live[i] !== items[i]) return false;
    return true;
  };
}

/** Elements alone are compared with views that are kept. */
function typedTest(contents: Contents, live: object, checks: ArrayChecks): Holds {
  const same = contents.bufferRead ? null : sameBytesLater(copyOf.typed(contents.node), live as Float64Array);
  return same ? () => !Object.hasOwn(live, Symbol.iterator) && same() : () => checks.typed(contents, live);
}

const sameKeys = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((key, i) => key === b[i]);

/**
 * Code of the kernel's own for each layout: the engine then reads a property by its place. It reads fields first: they tell it an object's prototype, which it would
 * look up otherwise; and what is absent last, since it then knows of a key that is nowhere, on usual objects, that it is not there.
 */
function groupTest(group: Group, codes: Codes): Holds {
  const { all, objects, prototype, columns, keys, checksPrototype } = group;
  const values = group.values.map((list, i) => (columns[i] === "number" ? Float64Array.from(list as number[]) : columns[i] === "zero" ? Float64Array.from(list as number[], (zero) => 1 / zero) : list));
  const fields = keys.map((key, i) => (columns[i] === "private" ? privateField(key)! : null));
  const usual = checksPrototype && (prototype === Object.prototype || prototype === null); // no Proxy comes behind it, and nothing takes its prototype's place
  try {
    const present: string[] = [], absent: string[] = [];
    keys.forEach((key, i) => {
      const name = JSON.stringify(key), [now, then] = [`o[${name}]`, `c${i}[i]`];
      switch (columns[i]!) {
        case "number": case "same": present.push(`${now} !== ${then}`); break;
        case "zero": present.push(`(x = ${now}) !== 0 || 1 / x !== ${then}`); break;
        case "NaN": present.push(`(x = ${now}) === x`); break;
        case "accessor": present.push(`!sameAccessor(o, ${name}, ${then})`); break;
        case "private": present.push(`!is(fields[${i}].get(o), ${then})`); break;
        case "absent": absent.push(usual ? `${name} in o && hasOwn(o, ${name})` : `hasOwn(o, ${name})`); break;
      }
    });
    const tests = [...present, ...(checksPrototype ? ["getPrototypeOf(o) !== prototype"] : []), ...absent];
    if (tests.length === 0 && !all) return () => true;
    // no key of the prototype's can get between where that is the usual one; a loop over keys costs the engine less than a list of them
    const sameNames = all === null ? "" : prototype === Object.prototype ? `let k = 0; for (const key in o) if (key !== all[k++]) return false; if (k !== ${all.length}) return false;`
      : `if (!sameKeys(Object.keys(o), all)) return false;`;
    const lists = ["objects", "prototype", ...values.map((_, i) => `c${i}`)]; // in variables of the call's: the engine would ask the closure for each of them again and again
    const body = `return () => { const ${lists.map((one) => `${one} = _${one}`).join(", ")}; for (let i = 0; i < objects.length; i = i + 1 | 0) { const o = objects[i]; let x; ${tests.length > 0 ? `if (${tests.join(" || ")}) return false;` : ""} ${sameNames} } return true; };`;
    return codes.get(["_objects", "_prototype", "getPrototypeOf", "hasOwn", "is", "all", "sameKeys", "sameAccessor", "fields", ...values.map((_, i) => `_c${i}`)], body)(
      objects, prototype, Object.getPrototypeOf, Object.hasOwn, Object.is, all, sameKeys, sameAccessor, fields, ...values) as Holds;
  } catch { // a content-security policy
    return () => objects.every((o, at) => (!checksPrototype || Object.getPrototypeOf(o) === prototype) && (!all || sameKeys(Object.keys(o), all)) && keys.every((key, i) => (
      columns[i] === "absent" ? !Object.hasOwn(o, key)
        : columns[i] === "private" ? Object.is(fields[i]!.get(o), group.values[i]![at])
        : columns[i] === "accessor" ? sameAccessor(o, key, group.values[i]![at] as PropertyDescriptor) : Object.is((o as Record<string, unknown>)[key], group.values[i]![at])
    )));
  }
}
