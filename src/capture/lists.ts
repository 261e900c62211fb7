// Are lists what they were? Arrays of numbers, arrays of objects and typed arrays against their copies, all of one kind by one loop.
//
// Before: lists, and copies of them that were found equal. After: functions that answer whether they still are, prototypes included. The loop is
// code of the kernel's own for each kind (codes.ts) where the host allows that: the engine then knows how such a list lies in memory, and compares a
// number in half a nanosecond, where a loop that has seen every kind takes ten; and that it has looked at a list tells it the list's prototype, which
// it would ask the runtime for otherwise. Engines keep arrays of whole numbers otherwise than those of doubles, and a loop over both would ask of each
// element which it is: they are two kinds. Lists of one small length are compared by straight code, longer ones eight elements a turn.
// Guarantees: −0 is not 0, a hole is no number. False where one can't tell, as for NaN.

import { isWorthKeeping } from "./bytes.ts";
import type { Codes } from "./codes.ts";
import { typedArrayTag } from "./host.ts";

type List = ArrayLike<unknown> & { readonly [Symbol.iterator]?: unknown };
type Holds = () => boolean;
/** what the numbers of a kind's copies lie in, one list behind the other; of objects: an ordinary array */
type Copies = Float64ArrayConstructor | Int32ArrayConstructor | null;
interface Kept { readonly list: List; readonly copy: List; /** where zeros are that might be −0 */ readonly zeros: readonly number[] }
interface Kind { readonly name: string; readonly iterate: unknown; readonly prototype: object | null; readonly copies: Copies; readonly kept: Kept[] }

/** Elements from which on comparing bytes is quicker. */
const mostNumbers = 512;
/** Straight code: elements of a list at most, and lists of that length at least. */
const straight = { length: 16, lists: 4 };
/** Elements that a turn of a loop over longer ones compares. */
const turn = 8;
const typedPrototype = Object.getPrototypeOf(Int8Array.prototype) as List;

/** A list's items; its methods may be the user's, or none. */
export const itemsOf = (live: readonly unknown[]): unknown[] => Array.from({ length: live.length }, (_, i) => live[i]);

export class Lists {
  readonly #kinds = new Map<string, Kind>();
  readonly #prototypes = new Map<object | null, number>();

  /** Takes a list that equals the copy and has that prototype. False: it has to be compared in another way. */
  takeNumbers(live: object, copy: ArrayLike<number>, prototype: object | null): boolean {
    const plain = Array.isArray(live);
    if (!plain && (copy.length > mostNumbers || isWorthKeeping(copy.length))) return false;
    const zeros: number[] = [];
    for (let i = 0; i < copy.length; i++) {
      const number = copy[i]!;
      if (number !== number) return false;
      if (number === 0) zeros.push(i);
    }
    const whole = plain && isWhole(copy);
    const kind = typedArrayTag(live) ?? (whole ? "whole Array" : "Array");
    // of whole numbers there is one zero
    return this.#take(kind, { list: live as List, copy, zeros: plain || kind.startsWith("Float") ? zeros : [] }, prototype, whole ? Int32Array : Float64Array);
  }

  /** Takes an array of nothing but objects, which are compared by identity. */
  takeObjects(live: readonly unknown[], prototype: object | null): boolean {
    const copy = itemsOf(live);
    return copy.every((item) => typeof item === "object" && item !== null) && this.#take("objects", { list: live, copy, zeros: [] }, prototype, null);
  }

  #take(name: string, kept: Kept, prototype: object | null, copies: Copies): boolean {
    const iterate: unknown = (Array.isArray(kept.list) ? (Array.prototype as unknown as List) : typedPrototype)[Symbol.iterator];
    if (kept.list[Symbol.iterator] !== iterate) return false;
    if (!this.#prototypes.has(prototype)) this.#prototypes.set(prototype, this.#prototypes.size);
    const key = `${name} ${this.#prototypes.get(prototype)!}`;
    let kind = this.#kinds.get(key);
    if (kind === undefined) this.#kinds.set(key, (kind = { name, iterate, prototype, copies, kept: [] }));
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

const isWhole = (numbers: ArrayLike<number>): boolean => Array.prototype.every.call(numbers, (x: number) => Object.is(x | 0, x));

/** What the code of a test is given. */
const given = ["lists", "copies", "ends", "all", "places", "iterator", "iterate", "getPrototypeOf", "prototype"];

/** `length`: of all of them, for straight code. */
function testOf({ name, iterate, prototype, copies: Copies }: Kind, kept: readonly Kept[], length: number | null, codes: Codes): Holds {
  const lists = kept.map(({ list }) => list), copies = kept.map(({ copy }) => copy);
  const places = Int32Array.from(kept.flatMap(({ zeros }, k) => zeros.flatMap((at) => [k, at])));
  const ends = new Int32Array(copies.length);
  let end = 0;
  copies.forEach((copy, k) => { ends[k] = end += copy.length; });
  const all = Copies ? new Copies(end) : copies.flatMap((copy) => Array.from(copy));
  if (!Array.isArray(all)) copies.forEach((copy, k) => all.set(copy as ArrayLike<number>, ends[k]! - copy.length));
  const others = (here: (i: number) => string, there: (i: number) => string, count: number): string => Array.from({ length: count }, (_, i) => `list[${here(i)}] !== all[${there(i)}]`).join(" || ");
  // that an index is an int32 is said, or the engine would test it
  const place = (of: string) => (i: number): string => (i === 0 ? of : `(${of} + ${i} | 0)`);
  const elements = length === null ? `const most = end - at | 0; let i = 0, j = at | 0;
    for (const last = most - ${turn - 1}; i < last; i = i + ${turn} | 0, j = j + ${turn} | 0) if (${others(place("i"), place("j"), turn)}) return false;
    for (; i < most; i = i + 1 | 0, j = j + 1 | 0) if (list[i] !== all[j]) return false;`
    : length === 0 ? "" : `if (${others(String, place("at"), length)}) return false;`;
  try {
    // in variables of the call's: the engine would ask the closure for each of them again and again
    return codes.get(given.map((one) => `_${one}`), `return () => { // ${name}
  const ${given.map((one) => `${one} = _${one}`).join(", ")};
  let at = 0;
  for (let k = 0; k < lists.length; k++) {
    const list = lists[k], end = ends[k];
    if (list.length !== end - at || list[iterator] !== iterate || getPrototypeOf(list) !== prototype) return false;
    ${elements}
    at = end;
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
