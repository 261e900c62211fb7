// Are lists what they were? Arrays of numbers, arrays of objects and typed arrays against their copies, all of one kind by one loop.
//
// Before: lists, and copies of them that were found equal. After: functions that answer whether they still are, prototypes included. The loop is
// code of the kernel's own for each kind (codes.ts) where the host allows that: the engine then knows how such a list lies in memory, and compares a
// number in half a nanosecond, where a loop that has seen every kind takes ten; and that it has looked at a list tells it the list's prototype, which
// it would ask the runtime for otherwise. Lists of one small length are compared by straight code.
// Guarantees: −0 is not 0, a hole is no number. False where one can't tell, as for NaN.

import type { Codes } from "./codes.ts";
import { typedArrayTag } from "./host.ts";

type List = ArrayLike<unknown> & { readonly [Symbol.iterator]?: unknown };
type Holds = () => boolean;
interface Kept { readonly list: List; readonly copy: List; /** where zeros are that might be −0 */ readonly zeros: readonly number[] }
interface Kind { readonly name: string; readonly iterate: unknown; readonly prototype: object | null; readonly numbers: boolean; readonly kept: Kept[] }

/** Elements from which on comparing bytes is quicker. */
const mostNumbers = 512;
/** Straight code: elements of a list at most, and lists of that length at least. */
const straight = { length: 16, lists: 4 };
const typedPrototype = Object.getPrototypeOf(Int8Array.prototype) as List;

export class Lists {
  readonly #kinds = new Map<string, Kind>();
  readonly #prototypes = new Map<object | null, number>();

  /** Takes a list that equals the copy and has that prototype. False: it has to be compared in another way. */
  takeNumbers(live: object, copy: ArrayLike<number>, prototype: object | null): boolean {
    const plain = Array.isArray(live);
    if (!plain && copy.length > mostNumbers) return false;
    const zeros: number[] = [];
    for (let i = 0; i < copy.length; i++) {
      const number = copy[i]!;
      if (number !== number) return false;
      if (number === 0) zeros.push(i);
    }
    const kind = typedArrayTag(live) ?? "Array";
    // of whole numbers there is one zero
    return this.#take(kind, { list: live as List, copy, zeros: plain || kind.startsWith("Float") ? zeros : [] }, prototype, true);
  }

  /** Takes an array of nothing but objects, which are compared by identity. */
  takeObjects(live: readonly unknown[], prototype: object | null): boolean {
    return live.every((item) => typeof item === "object" && item !== null) && this.#take("objects", { list: live, copy: live.slice(), zeros: [] }, prototype, false);
  }

  #take(name: string, kept: Kept, prototype: object | null, numbers: boolean): boolean {
    const iterate: unknown = (Array.isArray(kept.list) ? (Array.prototype as unknown as List) : typedPrototype)[Symbol.iterator];
    if (kept.list[Symbol.iterator] !== iterate) return false;
    if (!this.#prototypes.has(prototype)) this.#prototypes.set(prototype, this.#prototypes.size);
    const key = `${name} ${this.#prototypes.get(prototype)!}`;
    let kind = this.#kinds.get(key);
    if (kind === undefined) this.#kinds.set(key, (kind = { name, iterate, prototype, numbers, kept: [] }));
    kind.kept.push(kept);
    return true;
  }

  tests(codes: Codes): Holds[] { return [...this.#kinds.values()].flatMap((kind) => testsOf(kind, codes)); }
}

function testsOf(kind: Kind, codes: Codes): Holds[] {
  const byLength = new Map<number, Kept[]>();
  for (const kept of kind.kept) {
    const { length } = kept.copy;
    const those = byLength.get(length);
    if (those) those.push(kept); else byLength.set(length, [kept]);
  }
  const rest: Kept[] = [], tests: Holds[] = [];
  for (const [length, kept] of byLength) {
    if (length <= straight.length && kept.length >= straight.lists) tests.push(testOf(kind, kept, length, codes)); else rest.push(...kept);
  }
  if (rest.length > 0) tests.push(testOf(kind, rest, null, codes));
  return tests;
}

/** What the code of a test is given. */
const given = ["lists", "copies", "ends", "all", "places", "iterator", "iterate", "getPrototypeOf", "prototype"];

/** `length`: of all of them, for straight code. */
function testOf({ name, iterate, prototype, numbers }: Kind, kept: readonly Kept[], length: number | null, codes: Codes): Holds {
  const lists = kept.map(({ list }) => list), copies = kept.map(({ copy }) => copy);
  const places = Int32Array.from(kept.flatMap(({ zeros }, k) => zeros.flatMap((at) => [k, at])));
  const ends = new Int32Array(copies.length);
  let end = 0;
  copies.forEach((copy, k) => { ends[k] = end += copy.length; });
  const all = numbers ? new Float64Array(end) : copies.flatMap((copy) => Array.from(copy));
  if (all instanceof Float64Array) copies.forEach((copy, k) => all.set(copy as ArrayLike<number>, ends[k]! - copy.length));
  const elements = length === null ? `for (let i = 0; at < end; i++, at++) if (list[i] !== all[at]) return false;`
    : `${length === 0 ? "" : `if (${Array.from({ length }, (_, i) => `list[${i}] !== all[at + ${i}]`).join(" || ")}) return false;`} at = end;`;
  try {
    // in variables of the call's: the engine would ask the closure for each of them again and again
    return codes.get(given.map((one) => `_${one}`), `return () => { // ${name}
  const ${given.map((one) => `${one} = _${one}`).join(", ")};
  let at = 0;
  for (let k = 0; k < lists.length; k++) {
    const list = lists[k], end = ends[k];
    if (list.length !== end - at || list[iterator] !== iterate || getPrototypeOf(list) !== prototype) return false;
    ${elements}
  }
  for (let z = 0; z < places.length; z += 2) if (1 / lists[places[z]][places[z + 1]] !== 1 / copies[places[z]][places[z + 1]]) return false;
  return true;
};`)(lists, copies, ends, all, places, Symbol.iterator, iterate, Object.getPrototypeOf, prototype) as Holds;
  } catch { // a content-security policy
    return () => lists.every((list, k) => (
      list.length === copies[k]!.length && list[Symbol.iterator] === iterate && Object.getPrototypeOf(list) === prototype && Array.prototype.every.call(copies[k]!, (item, i) => Object.is(list[i], item))
    ));
  }
}
