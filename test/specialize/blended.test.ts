// The range of two numbers mixed by a weight and what the weight leaves of a whole.

import { expect, test } from "vitest";
import type { Machine } from "../../src/ir/types.ts";
import { blended } from "../../src/specialize/blended.ts";
import { Ranges } from "../../src/specialize/ranges.ts";
import { ir, programOf } from "./harness.ts";

/** The range of %r as a blend, of bytes %a, %b and %t, a number %h of 9 bits and any int32 %i. */
function rangeOf(body: string): readonly [number, number] | null {
  const func = ir(`func @f(%p: i32, %q: i32, %s: i32, %i: i32) -> i32 { %a = i32.and %p, 255  %b = i32.and %q, 255  %t = i32.and %s, 255  %h = i32.and %s, 511  ${body}  return %r }`);
  const ranges = new Ranges(func, programOf(func)), found = blended(func.body.body.at(-1)!.args[0]!.def as Machine, (v) => ranges.of(v));
  return found && [found.lo, found.hi];
}
const mixed = (weight: string, whole: number, a = "%a", b = "%b"): string => `%x = i32.mul ${a}, ${weight}  %w = i32.sub ${whole}, ${weight}  %y = i32.mul ${b}, %w  %r = i32.add %x, %y`;

test("bytes by a byte", () => { expect(rangeOf(mixed("%t", 255))).toEqual([0, 65025]); });
test("bytes by a byte, of 256", () => { expect(rangeOf(mixed("%t", 256))).toEqual([0, 65280]); });
test("the weight first, or last", () => {
  expect(rangeOf("%x = i32.mul %t, %a  %w = i32.sub 255, %t  %y = i32.mul %w, %b  %r = i32.add %y, %x")).toEqual([0, 65025]);
});
test("differences", () => { expect(rangeOf(`%d = i32.sub %a, %b  %e = i32.sub %b, 10  ${mixed("%t", 255, "%d", "%e")}`)).toEqual([-65025, 65025]); });
test("no blend where the weight may be more than the whole", () => { expect(rangeOf(mixed("%h", 255))).toBe(null); });
test("nor where it may be less than nothing", () => { expect(rangeOf(`%n = i32.sub %t, 1  ${mixed("%n", 255)}`)).toBe(null); });
test("nor of another weight's rest", () => { expect(rangeOf("%x = i32.mul %a, %t  %w = i32.sub 255, %b  %y = i32.mul %b, %w  %r = i32.add %x, %y")).toBe(null); });
test("nor where products leave int32", () => { expect(rangeOf(mixed("%t", 2 ** 24, "%i", "%b"))).toBe(null); });
