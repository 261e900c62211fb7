// The text form: what it looks like, and parse(print(x)) = x on functions that hold every kind of instruction.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Builder } from "../../src/ir/build.ts";
import { check, checkProgram, checkUnit } from "../../src/ir/check.ts";
import { equalFunc, equalProgram, equalUnit } from "../../src/ir/equal.ts";
import { parse, ParseError, parseProgram, parseUnit } from "../../src/ir/parse.ts";
import { print, printInstr, printProgram, printUnit } from "../../src/ir/print.ts";
import { isJsOp, jsOps, laneOps, memoryOps, ops } from "../../src/ir/ops.ts";
import type { Func, Primitive, Program, Type, Unit } from "../../src/ir/types.ts";

/** The text as print writes it: reading and printing changes nothing. */
function canonical(text: string): Func {
  const func = parse(text);
  expect(print(func).trim()).toBe(text.trim());
  expect(equalFunc(parse(print(func)), func)).toBe(true);
  return func;
}

const kernel = `
func @fir(%x.0: i32, %y.1: i32, %n.2: i32) -> f64 {
  %last.3: f64 = block out {
    %4: f64 = loop samples (%i.5: i32 = 0, %sum.6: f64 = -0.0) {
      %7 = i32.lt_s %i.5, %n.2
      if %7 {
        yield
      } else {
        br out, %sum.6
      }
      %8 = f64.load [%x.0 + %i.5 << 3 + 8] space 0
      %9 = f64.mul %8, 2.5
      f64.store [%y.1 + %i.5 << 3] space 1, %9
      %10 = i32.add %i.5, 1
      %11 = f64.add %sum.6, %9
      br samples, %10, %11
    }
    trap exit -1
  }
  return %last.3
}`;

describe("the text form", () => {
  test("of the example in docs/ir.md", () => {
    const [, example] = /```\n(func [^]*?)```/.exec(readFileSync(new URL("../../docs/ir.md", import.meta.url), "utf8"))!;
    check(canonical(example!));
  });

  test("of a kernel", () => { check(canonical(kernel)); });

  test("of the other machine instructions", () => {
    check(canonical(`
func @every(%a.0: i32, %1: f64, %v.2: v128, %w.3: i64) -> v128 {
  %4 = data.addr 0
  %5 = frame.addr 16
  slot.set 3, %1
  memory.fill %4, 0, 64, space 1
  memory.copy %5, %4, 16, space 1 from 0
  %6 = v128.load [%4 + %a.0 << 0 + -16] space 0
  v128.store [%5 + 0 << 4] space 1, %6
  %7 = i8x16.shuffle[0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15] %6, v128:000102030405060708090a0b0c0d0eff
  %8 = f64x2.extract_lane[1] %7
  %9 = f64x2.replace_lane[0] %7, %8
  %10: f64, %11: i64 = call @helper, %8, %w.3
  call @"odd name: é"
  %12 = f64.select %a.0, %10, 1e+21
  %13: i64 = if %a.0 {
    yield %11
  } else {
    trap exit 1
  }
  if %a.0 {
    slot.set 0, %12
    yield
  }
  loop forever () unroll 4 key [] {
    if %a.0 {
      return %9
    }
    br forever
  }
  trap exit -1
}`));
  });

  test("of js form", () => {
    check(canonical(`
func @js(%a.0, %b.1) -> js {
  %2 = js.add %a.0, js("three \\"3\\"\\n")
  %3 = js.free "Math"
  js.free.set "count", %2
  %4 = js.free.typeof "window"
  %5 = js.cell js(undefined)
  %6 = js.func 1, %5
  %7 = js.rest 1
  %8 = js.captured 0
  %9 = js.object {"a b": %2, ...%3, "": js(null)}
  %10 = js.array [%2, hole, ...%7]
  %11 = js.regexp "a/\\\\d" "gi"
  %12 = js.call %6, %8, %9
  js.set %9, js("x"), js(-0)
  %13 = js.try catch {
    %14, %15 = js.next %10
    yield %15
  } then (%e.16) {
    yield %e.16
  }
  js.try finally {
    yield
  } then () {
    js.assume %13
    yield
  }
  %17 = if %13 {
    yield js(1)
  } else {
    js.throw js(7n)
  }
  return %17
}`), null, "js");
  });

  test("of literals", () => {
    const func = canonical(`
func @literals() {
  %0 = i32.add 3, -2147483648
  %1 = i64.add 3n, -9223372036854775808n
  %2 = f64.add 3.0, -0.0
  %3 = f64.add nan, inf
  %4 = f64.add -inf, 5e-324
  %5 = f64.add 0.1, 1.7976931348623157e+308
  %6 = f32.add 3.5f, -0.0f
  %7 = f32.add nanf, inff
  %8 = f32.add -inff, 1.401298464324817e-45f
  return
}`);
    check(func);
    expect(func.body.body[2]!.args.map((a) => (a.def as { value: number }).value)).toEqual([3, -0]);
  });

  test("keeps every primitive", () => {
    const values: Primitive[] = [0, -0, NaN, Infinity, -Infinity, 1.5, 1e21, -5e-324, 3n, -(2n ** 70n), "", "a\n\"\\ %x // no comment", "\u2028é", true, false, undefined, null];
    const b = new Builder();
    for (const v of values) b.append({ op: "js.assume", args: [b.jsConst(v)], results: [] });
    b.return([]);
    const back = parse(print(b.func("p", [], [], b.region)));
    expect(back.body.body.slice(0, -1).map((i) => (i.args[0]!.def as { value: Primitive }).value)).toEqual(values);
  });

  test("writes places where asked", () => {
    const b = new Builder();
    const x = b.value("f64", "x");
    b.place = { line: 3, column: 5, start: 20, end: 31 };
    const y = b.op("f64.neg", x);
    const [z] = b.if(b.op("f64.lt", y, x), ["f64"], () => [y], () => [x]);
    b.loop(b.label(), [], [], () => [], { place: { line: 1, column: 2, start: 3, end: 4 } });
    b.return([z!]);
    const func = b.func("f", [x], ["f64"], b.region);
    const text = print(func, { places: true });
    expect(text).toContain("%1 = f64.neg %x.0 @3:5:20-31\n");
    expect(equalFunc(parse(text), func, { places: true, names: true })).toBe(true);
    expect(equalFunc(parse(print(func)), func, { places: true })).toBe(false);
    expect(equalFunc(parse(print(func)), func)).toBe(true);
  });

  test("tells labels of one name apart, and names that are no words", () => {
    const b = new Builder();
    const [outer, inner] = [{ name: "l" }, { name: "l" }];
    const x = b.value("i32", "some-name");
    b.block(outer, [], () => {
      b.block(inner, [], () => { b.br(outer, []); return null; });
      b.append({ op: "trap", exit: -1, args: [], results: [] });
      return null;
    });
    b.return([x]);
    const func = b.func("f", [x], ["i32"], b.region);
    expect(print(func)).toBe("func @f(%some_name.0: i32) -> i32 {\n  block l {\n    block l_2 {\n      br l\n    }\n    trap exit -1\n  }\n  return %some_name.0\n}\n");
    expect(equalFunc(parse(print(func)), func)).toBe(true);
  });

  test("names values by their ids where asked", () => {
    const func = parse("func @f(%a: i32) -> i32 {\n %b = i32.mul %a, 7\n return %b\n}");
    expect(print(func, { ids: true })).toContain("%b.2 = i32.mul %a.0, 7");
    expect(printInstr(func.body.body[0]!)).toBe("%b.2 = i32.mul %a.0, 7");
  });

  test("takes names of the writer's choice, comments and spare lines", () => {
    const func = parse("// a comment\nfunc @f(%a: i32) -> i32 { // more\n\n  %twice = i32.add %a, %a\n  return %twice }");
    expect(print(func)).toBe("func @f(%a.0: i32) -> i32 {\n  %twice.1 = i32.add %a.0, %a.0\n  return %twice.1\n}\n");
  });
});

describe("round trips", () => {
  test("of every operation of the tables", () => {
    const b = new Builder();
    const params = (["i32", "i64", "f32", "f64", "v128", "js"] as Type[]).map((t) => b.value(t));
    const of = (types: readonly Type[]) => types.map((t) => params.find((p) => p.type === t)!);
    for (const [op, row] of Object.entries(ops)) b.append({ op: op as keyof typeof ops, args: of(row.args), results: [b.value(row.result!)] });
    for (const [op, row] of Object.entries(memoryOps)) {
      const args = of(row.store ? ["i32", "i32", row.type] : ["i32", "i32"]);
      b.append({ op: op as keyof typeof memoryOps, args, results: row.store ? [] : [b.value(row.type)], scale: 2, offset: -4, space: 1 });
    }
    for (const [name, row] of Object.entries(laneOps)) b.append({ op: "lane", name, lanes: Array<number>(row.immediates).fill(1), args: of(row.args), results: [b.value(row.result)] });
    for (const op of Object.keys(jsOps)) {
      if (!isJsOp(op)) continue;
      const count: number = jsOps[op].args;
      b.append({ op, args: Array(Math.abs(count)).fill(params[5]!), results: op === "js.throw" ? [] : [b.value("js")] });
    }
    const func = b.func("all", params, [], b.region);
    expect(equalFunc(parse(print(func)), func)).toBe(true);
  });

  const program: Program = {
    functions: [parse(kernel), parse("func @helper(%a: f64) -> f64 {\n return %a\n}")],
    data: [
      { name: "slots", element: "f64", bytes: new Uint8Array(16), varies: true },
      { name: "taps", element: "f64", bytes: new Uint8Array(Float64Array.of(1, -0, NaN, 2.5).buffer) },
      { name: "NaN with a payload", element: "f32", bytes: Uint8Array.of(1, 0, 0xc0, 0x7f) },
      { name: "partial", element: "i32", bytes: Uint8Array.of(1, 2, 3) },
      { name: "clamped", element: "u8c", bytes: Uint8Array.of(1, 255) }, { name: "wide", element: "i64", bytes: new Uint8Array(BigInt64Array.of(-5n).buffer) },
      { name: "empty", element: "u16", bytes: new Uint8Array(0) },
    ],
    spaces: [
      { name: "x", origin: "input", element: "f64", mayOverlap: [1], written: false }, { name: "y", origin: "input", element: "f64", mayOverlap: [0], written: true },
      { name: "frame", origin: "frame", element: "u8", mayOverlap: [], written: true },
    ],
    inputs: [
      { as: "typed", path: { root: 0, keys: [] }, array: "Float64Array", space: 0, read: true, written: false },
      { as: "typed", path: { root: "this", keys: ["a b", 3] }, array: "Float64Array", space: 1, read: false, written: true }, { as: "i32", path: { root: { node: 4 }, keys: ["n"] } },
    ],
    exits: [
      { kind: "return", value: { make: "object", id: 0, prototype: -1, fields: [["x", { make: "const", value: -0 }], ["y", { make: "const", value: undefined }], ["z", { make: "slot", slot: 1, as: "number" }]] }, writes: [] },
      { kind: "return", value: { make: "array", id: 0, items: [{ make: "const", value: NaN }, null, { make: "const", value: 3n }, { make: "const", value: "s" }] }, writes: [] },
    ] as Program["exits"],
    frameBytes: 48,
  };
  test("of a program", () => {
    checkProgram(program);
    const text = printProgram(program);
    expect(text).toContain('space "y" input f64 written overlaps [0]\n');
    expect(text).toContain('data "taps" f64 [1, -0, NaN, 2.5]\n');
    expect(text).toContain('data "NaN with a payload" f32 hex "0100c07f"\n');
    const back = parseProgram(text);
    expect(equalProgram(back, program)).toBe(true);
    expect(back.exits).toEqual(program.exits);
    expect(printProgram(back)).toBe(text);
  });

  test("of a unit", () => {
    const place = { line: 1, column: 1, start: 0, end: 33 };
    const outer = parse("func @outer(%a) -> js {\n %c = js.cell %a\n %f = js.func 1, %c\n return %f\n}");
    const inner = parse("func @inner() -> js {\n %c = js.captured 0\n %v = js.cell.get %c\n return %v\n}");
    const unit: Unit = {
      source: "function outer(a) {\n\treturn () => a; }", free: ["Math", "x"],
      functions: [{ ...outer, place, captured: [], kind: "function", length: 1, strict: true }, { ...inner, place, captured: ["a"], kind: "arrow", length: 0, strict: false }],
    };
    checkUnit(unit);
    const back = parseUnit(printUnit(unit));
    expect(equalUnit(back, unit)).toBe(true);
    expect(back.functions[1]!.captured).toEqual(["a"]);
  });
});

describe("equalFunc must not equate", () => {
  const base = "func @f(%a: i32, %b: i32) -> i32 {\n %c = i32.sub %a, %b\n return %c\n}";
  test.each([
    ["other operands", "func @f(%a: i32, %b: i32) -> i32 {\n %c = i32.sub %b, %a\n return %c\n}"],
    ["another operation", "func @f(%a: i32, %b: i32) -> i32 {\n %c = i32.add %a, %b\n return %c\n}"],
    ["a constant and a value", "func @f(%a: i32, %b: i32) -> i32 {\n %c = i32.sub %a, 1\n return %c\n}"],
    ["another type of parameter", "func @f(%a: i32, %b: f64) -> i32 {\n %c = i32.sub %a, %b\n return %c\n}"],
    ["another exit", "func @f(%a: i32, %b: i32) -> i32 {\n %c = i32.sub %a, %b\n return exit 1, %c\n}"],
    ["more instructions", "func @f(%a: i32, %b: i32) -> i32 {\n %c = i32.sub %a, %b\n %d = i32.sub %a, %b\n return %c\n}"],
  ])("%s", (_, other) => { expect(equalFunc(parse(base), parse(other))).toBe(false); });

  test.each([["0.0", "-0.0"], ["1", "2"], ["1.0f", "1.0"], ["3", "3n"], ["js(0)", "js(-0)"], ["js(1)", 'js("1")'], ["nan", "inf"]])("%s and %s", (a, b) => {
    const text = (x: string) => `func @f() {\n return ${x}\n}`;
    expect(equalFunc(parse(text(a)), parse(text(b)))).toBe(false);
    expect(equalFunc(parse(text(a)), parse(text(a)))).toBe(true);
  });

  test("branches to different labels", () => {
    const text = (to: string) => `func @f() {\n block a {\n block b {\n br ${to}\n }\n yield\n }\n return\n}`;
    expect(equalFunc(parse(text("a")), parse(text("b")))).toBe(false);
  });
});

describe("a parse error says where", () => {
  test.each([
    ["func @f() {\n  %a = i32.plus 1, 2\n}", 2, 8, "there is no such operation, found `i32.plus`"],
    ["func @f() {\n  %a = i32.add %b, 2\n}", 2, 16, "this value is not defined above, found `%b`"],
    ["func @f(%a: i32, %a: i32) {\n}", 1, 18, "this name is defined twice, found `%a`"],
    ["func @f() {\n  br out\n}", 2, 6, "no block or loop around has this label, found `out`"],
    ["func @f() {\n  return\n", 3, 1, "expected an operation, found the end of the text"],
    ["func @f(%a: i31) {}", 1, 13, "expected a type, found `i31`"],
    ["func @f() {\n\n   return 3000000000\n}", 3, 11, "an i32 is a signed number of 32 bits (write an f64 with a point), found `3000000000`"],
    ["func @f() {\n  return `\n}", 2, 10, "unexpected \"`\""],
    ["func @f() { return }\nfunc @g() { return }", 2, 1, "expected the end of the text, found `func`"],
    ["func @f() {\n  %a = f64.load [1 + 2 << 3]\n}", 3, 1, "expected `space`, found `}`"],
  ])("%j", (text, line, column, message) => {
    let error: unknown;
    try { parse(text); } catch (e) { error = e; }
    expect(error).toBeInstanceOf(ParseError);
    expect(error).toMatchObject({ line, column, message: `${line}:${column}: ${message}` });
  });
});
