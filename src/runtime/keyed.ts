// A call's Maps, Sets and plain objects that its program takes as tables (ir/keyed.ts): their entries as two lists, and what goes back into them.
//
// Guarantees: nothing of the user's code runs; only what changed is written, in the order in which the program put it in. What has keys that are no
// numbers, or more than such entries, gives no lists: the call does not fit. Of an object that was seen before, properties that became accessors
// since are not noticed, as of any field (plan.ts).

import { isMap, isSet } from "../capture/host.ts";
import type { Entries, KeyedForm } from "../ir/keyed.ts";

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, isExtensible, keys: keysOf } = Object;
const { ownKeys } = Reflect;
const map = { ...methods(Map.prototype, "forEach", "set", "delete") }, set = { ...methods(Set.prototype, "forEach", "add", "delete") };
/** Methods as the package found them. */
function methods<T extends object, K extends keyof T & string>(prototype: T, ...names: readonly K[]): { readonly [N in K]: (self: object, ...args: unknown[]) => unknown } {
  return Object.fromEntries(names.map((name) => [name, (self: object, ...args: unknown[]): unknown => Reflect.apply(prototype[name] as () => unknown, self, args)])) as never;
}

/** An object with plain data alone that was seen so. */
const seen = new WeakSet<object>();

/** How the entries are read of what is solid; undefined where it is nothing of that form. */
export function entriesReader(form: KeyedForm): (holder: object) => Entries | undefined {
  switch (form) {
    case "map": return (holder) => (isMap(holder) && isPlain(holder, Map.prototype) ? collect(map.forEach, holder) : undefined);
    case "set": return (holder) => (isSet(holder) && isPlain(holder, Set.prototype) ? collect(set.forEach, holder) : undefined);
    case "record": case "bare": return entriesOfObject;
  }
}
/** Its methods are its prototype's, nothing of its own hides them. */
const isPlain = (holder: object, prototype: object): boolean => getPrototypeOf(holder) === prototype && ownKeys(holder).length === 0;

function collect(forEach: (self: object, visit: unknown) => unknown, holder: object): Entries | undefined {
  const keys: number[] = [], values: unknown[] = [];
  let numbers = true;
  forEach(holder, (value: unknown, key: unknown) => {
    if (typeof key !== "number") numbers = false;
    keys.push(key as number);
    values.push(value);
  });
  return numbers ? { keys, values } : undefined;
}

function entriesOfObject(holder: object): Entries | undefined {
  const names = keysOf(holder), keys: number[] = [], values: unknown[] = [];
  if (!isExtensible(holder) || ownKeys(holder).length !== names.length) return undefined;
  const known = seen.has(holder);
  for (const name of names) {
    const key = Number(name);
    if (String(key) !== name) return undefined;
    if (!known) { const own = getOwnPropertyDescriptor(holder, name)!; if (own.writable !== true || own.configurable !== true) return undefined; }
    keys.push(key);
    values.push((holder as Record<string, unknown>)[name]);
  }
  if (!known) seen.add(holder);
  return { keys, values };
}

/** What a table holds in the end: as many keys as it ever had, those that it began with first; −2 in `next` of what was taken out. */
export interface Ended { readonly keys: readonly number[]; readonly values: readonly unknown[] | null; readonly next: readonly number[]; /** writes what changed in the objects that stood there */ readonly refill: () => void }

export function endTable(form: KeyedForm, holder: object, before: Entries, { keys, values, next, refill }: Ended): void {
  refill();
  const write = writers[form], had = before.keys.length;
  for (let i = 0; i < had; i++) if (next[i] === -2) write.remove(holder, keys[i]!);
  for (let i = 0; i < keys.length; i++) {
    if (next[i] === -2) continue;
    if (i >= had) write.add(holder, keys[i]!, values?.[i]);
    else if (values !== null && !Object.is(values[i], before.values[i])) write.change(holder, keys[i]!, values[i]);
  }
}

interface Writer { add(holder: object, key: number, value: unknown): void; change(holder: object, key: number, value: unknown): void; remove(holder: object, key: number): void }
const ofObject: Writer = {
  add: (holder, key, value) => { defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true }); },
  change: (holder, key, value) => { (holder as Record<number, unknown>)[key] = value; },
  remove: (holder, key) => { delete (holder as Record<number, unknown>)[key]; },
};
const ofMap: Writer = { add: (holder, key, value) => { map.set(holder, key, value); }, change: (holder, key, value) => { map.set(holder, key, value); }, remove: (holder, key) => { map.delete(holder, key); } };
const ofSet: Writer = { add: (holder, key) => { set.add(holder, key); }, change: () => undefined, remove: (holder, key) => { set.delete(holder, key); } };
const writers: Readonly<Record<KeyedForm, Writer>> = { map: ofMap, set: ofSet, record: ofObject, bare: ofObject };
