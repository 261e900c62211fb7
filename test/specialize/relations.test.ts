// Bounds of one value by another: as small as they should be, and never smaller than what comes out.

import { expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { evaluate } from "../../src/ir/evaluate.ts";
import type { Value } from "../../src/ir/types.ts";
import { Ranges } from "../../src/specialize/ranges.ts";
import { Relations } from "../../src/specialize/relations.ts";
import { ir, programOf } from "./harness.ts";

const numbers = [0, 1, 2, 3, 7, 8, 15, 100, 255, -1, -5];
/** The least c found such that x ≤ y + c, of %a in [0, 15], %b in [1, 16] and any int32 %i; compared with what comes out. */
function bound(body: string, x: string, y: string): number {
  const func = ir(`func @f(%p: i32, %q: i32, %i: i32) -> i32 { %a = i32.and %p, 15  %n = i32.and %q, 15  %b = i32.add %n, 1  ${body}  %r = i32.sub ${x}, ${y}  return %r }`), program = programOf(func);
  const last = [...instructions(func.body)].find((instr) => instr.results[0]?.name === "r")!;
  const [vx, vy] = last.args as [Value, Value];
  const found = new Relations(func.nextId, new Ranges(func, program)).bound(vx, vy);
  const out = numbers.flatMap((p) => numbers.flatMap((q) => numbers.map((i) => evaluate(program, [p, q, i], new ArrayBuffer(4096), { data: [1024], frame: 2048, slots: 512, status: 256 }, {}).result as number)));
  expect(Math.max(...out), body).toBeLessThanOrEqual(found);
  return found;
}

test.each([
  ["a sum with a constant", "%x = i32.add %a, 3", "%x", "%a", 3],
  ["a sum with another, by the one", "%x = i32.add %a, %b", "%x", "%a", 16],
  ["a sum with another, by the other", "%x = i32.add %a, %b", "%x", "%b", 15],
  ["a number by a sum with it", "%y = i32.add %a, %b", "%a", "%y", -1],
  ["a difference", "%x = i32.sub %a, %b", "%x", "%a", -1],
  ["a number by a difference", "%y = i32.sub %a, 2", "%a", "%y", 2],
  ["what is shifted right", "%x = i32.shr_u %a, 1", "%x", "%a", 0],
  ["a quotient", "%x = i32.div_u %a, 3", "%x", "%a", 0],
  ["a mask of a number", "%x = i32.and %a, %i", "%x", "%a", 0],
  ["a number's mask", "%x = i32.and %i, %a", "%x", "%a", 0],
  ["a remainder", "%x = i32.rem_s %a, %b", "%x", "%b", -1],
  ["an unsigned remainder of anything", "%x = i32.rem_u %i, %b", "%x", "%b", -1],
  ["the smaller of two", "%c = i32.lt_s %a, %b  %x = i32.select %c, %a, %b", "%x", "%a", 0],
  ["either of two", "%c = i32.lt_s %i, 3  %u = i32.add %a, 1  %v = i32.add %a, 4  %x = i32.select %c, %u, %v", "%x", "%a", 4],
  ["several in a row", "%u = i32.add %a, 1  %v = i32.shr_s %u, 1  %x = i32.sub %v, 1", "%x", "%a", 0],
] as const)("%s", (_, body, x, y, c) => { expect(bound(body, x, y)).toBe(c); });

test("sums that may wrap around tell nothing", () => { expect(bound("%x = i32.add %i, 1", "%x", "%i")).toBeGreaterThan(1000); });
test("nor masks of negative numbers", () => { expect(bound("%m = i32.sub %a, 8  %x = i32.and %m, %i", "%x", "%m")).toBeGreaterThan(1000); });
