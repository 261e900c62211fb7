// Looks at what a loop is going to look up by: the greatest of some bytes tells before the loop that all look-ups by them are in a table of any length.
//
//   for (i = 0; i < n; i++) … table[x[i] * 4 + 3] …                        x of bytes, a table of 64 elements
//     →  m = the greatest of x[0] … x[n − 1];  all checks of the table hold where m · 4 + 3 < 64
//
// Bytes, words of 16 bits and int32 are looked at, these as if they had no sign: a negative one is greater than any table is long. Indices may be such a number times a constant and another. It is done where the numbers' range does not
// tell as much, and goes in lanes itself (vectorize): it costs next to nothing beside the checks, and look-ups in lanes have none.
//
// Requires: loads that the loop makes, or could make, in all its iterations: of elements that are there, in memory that it does not write; a loop that
// goes on to its last iteration: one that may end at what it finds would look at all elements to read the first.

import { constantOf } from "../ir/build.ts";
import type { Memory, Value } from "../ir/types.ts";
import type { Emitter } from "./emitter.ts";

/** An index as an element that is loaded, times a constant, and another. */
export interface Looked { readonly load: Memory; readonly times: number; readonly plus: number }

/** Whether the element may be any int32: its greatest is told without a sign. */
export const isAny = ({ load }: Looked | { readonly load: Memory }): boolean => load.op === "i32.load";

/** operations that are followed, and the greatest constants */
const most = { depth: 10, constant: 2 ** 20 };

export function lookedUp(v: Value, depth: number = most.depth): Looked | null {
  const { def } = v;
  if (!def || depth === 0) return null;
  const of = (x: Value): Looked | null => lookedUp(x, depth - 1);
  const by = def.args.length === 2 ? constantOf(def.args[1]!) : undefined;
  const constant = typeof by === "number" && Number.isInteger(by) && Math.abs(by) <= most.constant ? by : null;
  switch (def.op) {
    case "i32.load8_u": case "i32.load16_u": case "i32.load": return { load: def as Memory, times: 1, plus: 0 };
    case "f64.convert_i32_s": case "f64.convert_i32_u": case "i32.trunc_sat_f64_s": case "i32.from_f64": return of(def.args[0]!);
    case "i32.add": case "f64.add": return constant === null ? null : scaled(of(def.args[0]!), 1, constant);
    case "i32.sub": case "f64.sub": return constant === null ? null : scaled(of(def.args[0]!), 1, -constant);
    case "i32.mul": case "f64.mul": return constant === null || constant <= 0 ? null : scaled(of(def.args[0]!), constant, 0);
    case "i32.shl": return constant === null || constant < 0 || constant > 20 ? null : scaled(of(def.args[0]!), 2 ** constant, 0);
    case "if": { // NaN for want of an element: then the check of that one does not hold
      const at = def.results.indexOf(v), ends = def.regions.map(({ body }) => body.at(-1)!);
      const [a, b] = ends.map((end) => (end.op === "yield" ? end.args[at]! : null));
      return !a || !b ? null : Number.isNaN(constantOf(b)) ? of(a) : Number.isNaN(constantOf(a)) ? of(b) : null;
    }
    default: return null;
  }
}
/** Small enough for int32. */
export function scaled(looked: Looked | null, by: number, plus: number): Looked | null {
  const made = looked && { load: looked.load, times: looked.times * by, plus: looked.plus * by + plus };
  return made && made.times <= most.constant && made.times * 65535 + Math.abs(made.plus) < 2 ** 31 ? made : null;
}

/** Writes the greatest of the elements from one place up to another one, in a loop, as an int32 without a sign; 0 where there are none. */
export function greatestOf(e: Emitter, load: Memory, base: Value, from: Value, to: Value): Value {
  const at = e.value("i32"), best = e.value("i32"), found = e.value("i32"), label = { name: "ahead" };
  const body = e.inRegion([at, best], () => {
    const then = e.inRegion([], () => {
      const given = e.load({ ...load, args: [], results: [] }, [base, at]), element = isAny({ load }) ? e.op("i32.xor", given, e.i32(-(2 ** 31))) : given; // ordered as those with a sign are
      const greater = e.op("i32.select", e.op("i32.gt_s", element, best), element, best);
      e.append({ op: "br", label, args: [e.op("i32.add", at, e.i32(1)), greater], results: [] });
    });
    e.append({ op: "if", args: [e.op("i32.lt_s", at, to)], results: [], regions: [then, { params: [], body: [{ op: "yield", args: [], results: [] }] }] });
    e.append({ op: "yield", args: [best], results: [] });
  });
  e.append({ op: "loop", label, args: [from, e.i32(isAny({ load }) ? -(2 ** 31) : 0)], results: [found], regions: [body] });
  return isAny({ load }) ? e.op("i32.xor", found, e.i32(-(2 ** 31))) : found;
}
