// Whose zero's sign matters: a number that nobody asks for it may be 0 in place of −0, and nothing comes out otherwise.

import { describe, expect, test } from "vitest";
import { sourcesOf } from "../../src/specialize/flow.ts";
import { Ranges } from "../../src/specialize/ranges.ts";
import { observedZeros } from "../../src/specialize/zeros.ts";
import { f64Edges, ir, observe, programOf } from "./harness.ts";

/** Whether the sign of %x's zero matters; if not, runs with 0 and −0 are compared. %i is any int32, %k a whole number from 1 to 8, %n one from 0 to 7, %v any double. */
function matters(body: string): boolean {
  const func = ir(`func @f(%x: f64, %v: f64, %i: i32) -> f64 { %m = i32.and %i, 7  %n = f64.convert_i32_s %m  %k = f64.add %n, 1.0  ${body}  return %r }`), program = programOf(func);
  const observed = observedZeros(func, new Ranges(func, program), sourcesOf(func))[func.params[0]!.id] === 1;
  const runs = f64Edges.flatMap((v) => [0, 1, 5, 7].map((i) => [v, i] as const));
  const differ = runs.filter(([v, i]) => observe(program, [0, v, i]) !== observe(program, [-0, v, i]));
  if (!observed) expect(differ, body).toEqual([]);
  return observed;
}

describe("it does", () => {
  for (const body of [
    "%r = f64.neg %x", "%r = f64.mul %x, %v", "%r = f64.div %v, %x", "%r = f64.div %x, %v", "%r = f64.rem %x, %v", "%r = f64.min %x, %v", "%r = f64.floor %x", "%r = f64.ceil %x", "%r = f64.trunc %x", "%r = f64.nearest %x",
    "%r = f64.sqrt %x", "%r = math.round %x", "%r = math.sign %x", "%r = math.atan2 %x, %v", "%r = f64.add %x, %v", "%r = f64.sub %v, %x", "%r = f64.sub %x, %n", "%c = f64.lt %v, 3.0  %r = f64.select %c, %x, %v",
    "%c = f64.lt %v, 3.0  %r: f64 = if %c { yield %x } else { yield %v }", "f64.store [65536 + 3 << 3] space 1, %x  %r = f64.add %n, 1.0", "%p = f64.mul %x, %k  %q = f64.div 1.0, %p  %r = f64.abs %q",
  ]) test(body, () => { expect(matters(body)).toBe(true); });
});

describe("it does not", () => {
  for (const body of [
    "%r = f64.abs %x", "%r = f64.add %x, %n", "%r = f64.add %k, %x", "%r = f64.sub %n, %x", "%r = f64.sub %x, %k", "%q = f64.div %x, %k  %r = f64.abs %q",
    "%c = f64.lt %x, 0.0  %r = f64.select %c, %v, %n", "%c = f64.eq %x, %v  %r = f64.select %c, %v, %n", "%t = i32.trunc_sat_f64_s %x  %r = f64.convert_i32_s %t", "%t = i32.from_f64 %x  %r = f64.convert_i32_s %t",
    "%p = f64.mul %x, %v  %r = f64.add %p, %n", "%p = f64.floor %x  %q = f64.neg %p  %r = f64.abs %q", "%c = f64.lt %v, 3.0  %p = f64.select %c, %x, %v  %r = f64.add %p, %k",
    "%c = f64.lt %v, 3.0  %p: f64 = if %c { yield %x } else { yield %v }  %r = f64.add %p, %k",
  ]) test(body, () => { expect(matters(body)).toBe(false); });
});
