// Are lists of numbers what they were? Arrays and typed arrays against their copies, all of one kind by one loop.
//
// Before: lists, and copies of them that were found equal. After: a function for each kind of list that answers whether they still are. The loop is
// code of its own where the host allows that: the engine then knows how such a list lies in memory, and compares a number in half a nanosecond, where
// a loop that has seen every kind takes ten.
// Guarantees: −0 is not 0, a hole is no number. False where one can't tell, as for NaN.

import { typedArrayTag } from "./host.ts";

type List = ArrayLike<number> & { readonly [Symbol.iterator]?: unknown };
type Holds = () => boolean;
interface Group { readonly iterate: unknown; readonly lists: List[]; readonly copies: List[]; /** where zeros are: list, place, list, place … */ readonly zeros: number[] }

/** Elements from which on comparing bytes is quicker. */
const mostNumbers = 512;
const typedPrototype = Object.getPrototypeOf(Int8Array.prototype) as List;

export class NumberLists {
  readonly #groups = new Map<string, Group>();

  /** Takes a list that equals the copy. False: it has to be compared in another way. */
  take(live: object, copy: List): boolean {
    const list = live as List;
    const plain = Array.isArray(live);
    const iterate: unknown = (plain ? (Array.prototype as unknown as List) : typedPrototype)[Symbol.iterator];
    if (list[Symbol.iterator] !== iterate || (!plain && copy.length > mostNumbers)) return false;
    const zeros: number[] = [];
    for (let i = 0; i < copy.length; i++) {
      const number = copy[i]!;
      if (number !== number) return false;
      if (number === 0) zeros.push(i);
    }
    const kind = typedArrayTag(live) ?? "Array";
    let group = this.#groups.get(kind);
    if (group === undefined) this.#groups.set(kind, (group = { iterate, lists: [], copies: [], zeros: [] }));
    // of whole numbers there is one zero
    if (plain || kind.startsWith("Float")) for (const at of zeros) group.zeros.push(group.lists.length, at);
    group.lists.push(list);
    group.copies.push(copy);
    return true;
  }

  tests(): Holds[] { return [...this.#groups.values()].map(testOf); }
}

let serial = 0;

function testOf({ iterate, lists, copies, zeros }: Group): Holds {
  const places = Int32Array.from(zeros);
  let end = 0;
  const ends = Int32Array.from(copies, (copy) => (end += copy.length));
  const all = Float64Array.from(copies.flatMap((copy) => Array.from(copy)));
  try {
    const text = `"use strict"; // numbers ${++serial}: its own text, so that the engine keeps its own feedback
return () => {
  let at = 0;
  for (let k = 0; k < lists.length; k++) {
    const list = lists[k], end = ends[k];
    if (list.length !== end - at || list[iterator] !== iterate) return false;
    for (let i = 0; at < end; i++, at++) if (list[i] !== all[at]) return false;
  }
  for (let z = 0; z < places.length; z += 2) if (1 / lists[places[z]][places[z + 1]] !== 1 / copies[places[z]][places[z + 1]]) return false;
  return true;
};`;
    return (new Function("lists", "copies", "ends", "all", "places", "iterator", "iterate", text) as (...given: unknown[]) => Holds)(lists, copies, ends, all, places, Symbol.iterator, iterate);
  } catch { // a content-security policy
    return () => lists.every((list, k) => list.length === copies[k]!.length && list[Symbol.iterator] === iterate && Array.prototype.every.call(copies[k]!, (number, i) => Object.is(list[i], number)));
  }
}
