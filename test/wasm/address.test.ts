import { expect, test } from "vitest";
import { Builder } from "../../src/ir/build.ts";
import type { Instr, Memory, Value } from "../../src/ir/types.ts";
import { planAddress } from "../../src/wasm/address.ts";
import { layout } from "./support.ts";

const b = new Builder();
const x = b.value("i32", "x"), i = b.value("i32", "i");
const appended = (instr: Instr): Value => { b.append(instr); return instr.results[0]!; };
const table = appended({ op: "data.addr", segment: 0, args: [], results: [b.value("i32")] });
const slot = appended({ op: "frame.addr", offset: 16, args: [], results: [b.value("i32")] });
const byte = b.load("i32.load8_u", x, i, 0, 0, 0);

const plan = (base: Value, index: Value, scale: number, offset: number): string => {
  b.load("f64.load", base, index, scale, offset, 0);
  const p = planAddress(b.region.body.at(-1) as Memory, layout);
  const terms = [p.base && "base", p.index && "index", p.plus === 0 && (p.base || p.index) ? null : p.plus].filter((t) => t !== null);
  return `[${terms.join(" + ")}] + ${p.immediate}`;
};

test("small offsets go into the immediate: the access is above 64 KiB", () => expect(plan(x, i, 3, 40)).toBe("[base + index] + 40"));
test("negative ones must not: the immediate is unsigned", () => expect(plan(x, i, 3, -8)).toBe("[base + index + -8] + 0"));
test("large ones must not where the index may be negative", () => expect(plan(x, i, 3, 65536)).toBe("[base + index + 65536] + 0"));
test("a fixed index is an offset from an exact base", () => expect(plan(x, b.i32(20000), 3, 8)).toBe("[base] + 160008"));
test("a fixed negative index is not", () => expect(plan(x, b.i32(-1), 3, 0)).toBe("[base + -8] + 0"));
test("a fixed index may undo a negative offset", () => expect(plan(x, b.i32(1), 3, -8)).toBe("[base] + 0"));
test("a table's address is the immediate: its elements lie behind it", () => expect(plan(table, i, 3, 0)).toBe("[index] + 70000"));
test("but not the offset, where the index may be negative", () => expect(plan(table, i, 3, 8)).toBe("[index + 8] + 70000"));
test("an index that was loaded as a byte can't be", () => expect(plan(table, byte, 3, 8)).toBe("[index] + 70008"));
const op = (name: "i32.add" | "i32.shl" | "f64.lt" | "i32.and" | "i32.or", a: Value, c: Value): Value => b.op(name, a, c);
const below = op("f64.lt", b.f64(1), b.f64(2));
test("nor can a number that is made of comparisons, bit by bit", () => expect(plan(table, op("i32.add", op("i32.shl", op("i32.add", op("i32.shl", op("i32.and", i, b.i32(15)), b.i32(1)), below), b.i32(1)), below), 3, 8)).toBe("[index] + 70008"));
test("one that is shifted so far that it wraps may be", () => expect(plan(table, op("i32.shl", byte, b.i32(24)), 3, 8)).toBe("[index + 8] + 70000"));
test("and what may be anything", () => expect(plan(table, op("i32.add", byte, i), 3, 8)).toBe("[index + 8] + 70000"));
test("a slot of the frame", () => expect(plan(slot, b.i32(2), 3, 0)).toBe("[72032] + 0"));
test("what is made of the same numbers over and over is not looked through on all ways: there are 2 ** 60", () => {
  let sum = byte;
  for (let k = 0; k < 60; k++) sum = op("i32.and", op("i32.add", sum, sum), b.i32(255));
  expect(plan(table, op("i32.add", sum, byte), 3, 8)).toBe("[index + 8] + 70000");
});
