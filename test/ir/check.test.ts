// The checker: what it accepts, and for everything it refuses the guilty instruction by name.

import { describe, expect, test } from "vitest";
import { Builder } from "../../src/ir/build.ts";
import { check, CheckError, checkProgram, checkUnit, type Form } from "../../src/ir/check.ts";
import { parse, parseProgram, parseUnit } from "../../src/ir/parse.ts";
import type { Func, Instr, Value } from "../../src/ir/types.ts";

function errorOf(run: () => void): CheckError {
  try { run(); } catch (e) {
    expect(e).toBeInstanceOf(CheckError);
    return e as CheckError;
  }
  throw new Error("nothing was refused");
}

/** `guilty` is the first word or two of the instruction at fault, as printed */
function refuses(text: string, guilty: string, reason: string, form: Form = "machine"): void {
  const error = errorOf(() => check(parse(text), null, form));
  expect(error.diagnostic.kind).toBe("Invariant");
  expect(error.diagnostic.frame.replace(/^.* = /, "").startsWith(guilty) || error.diagnostic.frame.startsWith(guilty), error.diagnostic.frame).toBe(true);
  expect(error.message).toContain(reason);
}
const body = (lines: string, results = ""): string => `func @f(%i: i32, %x: f64, %w: i64)${results} {\n${lines}\n}`;

describe("accepts", () => {
  test("a kernel with every kind of control", () => {
    check(parse(`func @f(%n: i32) -> f64 {
      %r: f64 = block out {
        %a: f64 = loop l (%i: i32 = 0, %s: f64 = 0.0) {
          %c = i32.lt_s %i, %n
          %t: f64 = if %c {
            %d = f64.sqrt %s
            %big = f64.gt %d, 10.0
            if %big { br out, %d }
            yield %d
          } else { br out, %s }
          %j = i32.add %i, 1
          br l, %j, %t
        }
        trap exit -1
      }
      return %r
    }`));
  });
  test("a function that never ends, and one that always traps", () => {
    check(parse("func @f() {\n loop l () {\n br l\n }\n trap exit -1\n}"));
    check(parse("func @f() {\n trap exit 3\n}"));
  });
});

describe("refuses, naming the instruction", () => {
  test.each([
    ["an operand of another type", "%a = f64.add %x, %i\nreturn", "f64.add", "operand 1 is of type i32, f64 expected"],
    ["too few operands", "%a = f64.add %x\nreturn", "f64.add", "operand: 1 given, 2 expected"],
    ["too many operands", "%a = f64.neg %x, %x\nreturn", "f64.neg", "operand: 2 given, 1 expected"],
    ["a result of another type", "%a: i32 = f64.neg %x\nreturn", "f64.neg", "result 0 is of type i32, f64 expected"],
    ["a missing result", "f64.neg %x\nreturn", "f64.neg", "result: 0 given, 1 expected"],
    ["a result of a store", "%a: i32 = f64.store [%i + 0 << 3] space 0, %x\nreturn", "f64.store", "result: 1 given, 0 expected"],
    ["a store of another type", "f64.store [%i + 0 << 3] space 0, %i\nreturn", "f64.store", "operand 2 is of type i32, f64 expected"],
    ["a scale out of range", "f64.store [%i + 0 << 32] space 0, %x\nreturn", "f64.store", "scale 32"],
    ["an offset out of range", "%a = f64.load [%i + 0 << 3 + 4294967296] space 0\nreturn", "f64.load", "offset 4294967296"],
    ["a lane out of range", "%v = f64x2.splat %x\n%a = f64x2.extract_lane[2] %v\nreturn", "f64x2.extract_lane", "lane 2 is out of range"],
    ["too few lanes", "%v = f64x2.splat %x\n%a = i8x16.shuffle[1 2] %v, %v\nreturn", "i8x16.shuffle", "lanes: 2 given, 16 expected"],
    ["a use outside its region", "if %i {\n%a = f64.neg %x\nyield\n}\n%b = f64.neg %a\nreturn", "f64.neg", "its region has ended"],
    ["a use in the other arm", "if %i {\n%a = f64.neg %x\nyield\n} else {\n%b = f64.neg %a\nyield\n}\nreturn", "f64.neg", "its region has ended"],
    ["a carried value used outside", "loop l (%k: i32 = 0) {\nyield\n}\n%b = i32.eqz %k\nreturn", "i32.eqz", "its region has ended"],
    ["a region without a terminator", "if %i {\n%a = f64.neg %x\n}\nreturn", "f64.neg", "does not end in a terminator"],
    ["an empty region", "block l {\n}\nreturn", "block l", "a terminator is missing"],
    ["a terminator in the middle", "if %i {\nyield\nyield\n}\nreturn", "yield", "in the middle"],
    ["a yield of a function's body", "yield", "yield", "nothing takes it"],
    ["yielding too little", "%a: f64 = if %i {\nyield\n} else {\nyield %x\n}\nreturn", "yield", "yield operand: 0 given, 1 expected"],
    ["yielding another type", "%a: f64 = if %i {\nyield %x\n} else {\nyield %i\n}\nreturn", "yield", "yield operand 0 is of type i32"],
    ["a branch that gives too much", "block l {\nbr l, %x\n}\nreturn", "br l", "br operand: 1 given, 0 expected"],
    ["a branch that carries another type", "loop l (%k: i32 = 0) {\nbr l, %x\n}\ntrap exit -1", "br l", "br operand 0 is of type f64, i32 expected"],
    ["a first value of another type", "loop l (%k: f64 = 0) {\nyield\n}\nreturn", "loop l", "first value 0 is of type i32"],
    ["a condition that is no i32", "if %x {\nyield\n}\nreturn", "if", "a condition is of type i32"],
    ["returning another type", "return %i", "return", "return operand: 1 given, 0 expected"],
    ["code after what never completes", "if %i {\nreturn\n} else {\nreturn\n}\n%a = f64.neg %x\nreturn", "if", "only `trap exit -1` may follow"],
    ["code after an endless loop", "loop l () {\nbr l\n}\nreturn", "loop", "only `trap exit -1` may follow"],
    ["a js operation", "%a = js.add js(1), js(2)\nreturn", "js.add", "type js in machine form"],
    ["a value of type js", "%a: js = block l {\nyield js(1)\n}\nreturn", "yield", "type js in machine form"],
    ["a constant in a region", "%a: i32 = const 3\nreturn", "const 3", "a constant stands in a region"],
    ["a key that is no carried value", "loop l (%k: i32 = 0) key [1] {\nyield\n}\nreturn", "loop", "key 1"],
  ])("%s", (_, lines, guilty, reason) => { refuses(body(lines), guilty, reason); });

  test.each([
    ["a machine operation", "%a: js = f64.neg %p\nreturn %p", "f64.neg", "a machine operation in js form"],
    ["a machine constant", "%a = js.neg 1.0\nreturn %p", "js.neg", "type f64 in js form"],
    ["a wrong count of operands", "%a = js.add %p\nreturn %p", "js.add", "operands: 1 given, 2 expected"],
    ["a wrong count of results", "%a = js.next %p\nreturn %p", "js.next", "results: 1 given, 2 expected"],
    ["a handler without its exception", "js.try catch {\nyield\n} then () {\nyield\n}\nreturn %p", "js.try", "region 1 of a try has 1 parameters"],
    ["code behind a finalizer that its body never reaches", "js.try finally {\njs.throw %p\n} then () {\nyield\n}\nreturn %p", "js.try", "only `trap exit -1` may follow"],
  ])("in js form: %s", (_, lines, guilty, reason) => { refuses(`func @f(%p) -> js {\n${lines}\n}`, guilty, reason, "js"); });
});

describe("refuses what text cannot say", () => {
  const build = (write: (b: Builder, x: Value) => void): { func: Func; instrs: Instr[] } => {
    const b = new Builder();
    const x = b.value("f64", "x");
    write(b, x);
    b.return([]);
    return { func: b.func("f", [x], [], b.region), instrs: b.region.body };
  };
  const guilty = ({ func, instrs }: { func: Func; instrs: Instr[] }, index: number, reason: string): void => {
    const error = errorOf(() => check(func));
    expect(error.message).toContain(reason);
    expect(error.instr).toBe(instrs[index]);
  };

  test("a value used above its definition", () => {
    const made = build((b, x) => { const y = b.op("f64.neg", x); b.op("f64.abs", y); });
    made.instrs.splice(0, 2, made.instrs[1]!, made.instrs[0]!);
    guilty(made, 0, "is used before it is defined");
  });
  test("a value defined twice", () => {
    guilty(build((b, x) => {
      const y = b.op("f64.neg", x);
      b.append({ op: "f64.neg", args: [x], results: [y] });
      b.region.body[0]!.results[0]!.def = b.region.body[0]!;
    }), 1, "is defined twice");
  });
  test("two values of one id", () => { guilty(build((b, x) => { b.append({ op: "f64.neg", args: [x], results: [{ id: x.id, type: "f64", def: null }] }); }), 0, "two values have the id 0"); });
  test("a constant with the id of another value", () => {
    guilty(build((b, x) => { const c = b.f64(1); (c as { id: number }).id = x.id; b.op("f64.add", x, c); }), 0, "two values have the id 0");
  });
  test("an id from nextId on", () => {
    const made = build((b, x) => { b.op("f64.neg", x); });
    made.func.nextId = 1;
    guilty(made, 0, "value id 1 is not below nextId (1)");
  });
  test("a def that is another instruction", () => {
    const made = build((b, x) => { b.op("f64.neg", x); });
    made.instrs[0]!.results[0]!.def = null;
    guilty(made, 0, "def is not the instruction that defines it");
  });
  test("a br to a label that is not around it", () => {
    const b = new Builder();
    const label = b.label();
    b.block(label, [], () => []);
    b.if(b.i32(1), [], () => { b.br(label, []); return null; }, () => []);
    b.return([]);
    const error = errorOf(() => check(b.func("f", [], [], b.region)));
    expect(error.message).toContain("no block or loop around has this label");
    expect(error.diagnostic.frame).toBe("br l0");
  });
  test("a label of two blocks", () => {
    guilty(build((b) => { const label = b.label(); b.block(label, [], () => []); b.block(label, [], () => []); }), 1, "share a label");
  });
  test.each([["i32", 1.5], ["i32", -0], ["i32", 4294967295], ["f32", 0.1], ["i64", 1], ["i64", 1n << 63n], ["f64", 1n], ["v128", new Uint8Array(8)]] as const)("a constant of type %s that is %s", (type, value) => {
    guilty(build((b) => { const c = b.const(type, value); b.loop(b.label(), [c], [], () => []); }), 0, `is no constant of type ${type}`);
  });
});

describe("within a program", () => {
  const program = (lines: string, more = ""): string => `program
frame 16
space "x" input f64
space "y" input f64 written
data "t" f64 [1]
exit {kind: "return", value: {make: "result", as: "number"}, writes: []}
exit {kind: "bail", reason: "r", clean: true}
func @entry(%i: i32, %x: f64) {
${lines}
}
func @g(%a: f64) -> i32 { return 1 }
${more}`;
  test("accepts what fits", () => {
    checkProgram(parseProgram(program("%a: i32 = call @g, %x\n%d = data.addr 0\n%f = frame.addr 8\nf64.store [%f + %i << 3] space 1, %x\nmemory.copy %f, %d, 8, space 1 from 0\nif %a { trap exit 1 }\nreturn")));
  });
  test.each([
    ["a space that does not exist", "%a = f64.load [%i + 0 << 3] space 2\nreturn", "f64.load", "space 2 is out of range (there are 2)"],
    ["a store to a space that is never written", "f64.store [%i + 0 << 3] space 0, %x\nreturn", "f64.store", "never written"],
    ["a segment that does not exist", "%a = data.addr 1\nreturn", "data.addr", "segment 1"],
    ["an address behind the frame", "%a = frame.addr 16\nreturn", "frame.addr", "frame offset 16"],
    ["an exit that does not exist", "trap exit 2", "trap", "exit 2"],
    ["a return by an exit that is none", "return exit 1", "return", "exit 1 is no return"],
    ["a call of nothing", "call @h\nreturn", "call", "there is no function @h"],
    ["an argument of another type", "%a: i32 = call @g, %i\nreturn", "call", "argument 0 is of type i32"],
    ["a result that the callee does not give", "%a: f64 = call @g, %x\nreturn", "call", "result 0 is of type f64, i32 expected"],
  ])("%s", (_, lines, guilty, reason) => {
    const error = errorOf(() => checkProgram(parseProgram(program(lines))));
    expect(error.diagnostic.frame.replace(/^.* = /, "").startsWith(guilty)).toBe(true);
    expect(error.message).toContain(reason);
  });
  test("two functions of one name", () => {
    expect(errorOf(() => checkProgram(parseProgram(program("return", "func @g() { return }")))).message).toContain("two functions have this name");
  });
  test("an overlap told of one side only", () => {
    const text = program("return").replace('space "y" input f64 written', 'space "y" input f64 written overlaps [0]');
    expect(errorOf(() => checkProgram(parseProgram(text))).message).toContain("not the other way round");
  });
});

test("within a unit: a closure has as many cells as its function captures", () => {
  const facts = (captured: string): string => `with {kind: "arrow", length: 0, strict: true, captured: ${captured}, place: {line: 1, column: 1, start: 0, end: 1}}`;
  const unit = parseUnit(`unit\nfree []\nsource ""\nfunc @a() -> js ${facts("[]")} {\n%f = js.func 1\nreturn %f\n}\nfunc @b() -> js ${facts('["x"]')} {\nreturn js(1)\n}`);
  expect(errorOf(() => checkUnit(unit)).message).toContain("operands: 0 given, 1 expected");
});

test("is linear: a function of 50,000 instructions, 200 regions deep", () => {
  const b = new Builder();
  const x = b.value("f64", "x");
  let at = x;
  const nest = (depth: number): void => {
    for (let i = 0; i < 250; i++) at = b.op("f64.add", at, x);
    const outer = at;
    if (depth > 0) b.block(b.label(), [], () => { nest(depth - 1); return []; });
    at = outer;
  };
  nest(200);
  b.return([]);
  check(b.func("deep", [x], [], b.region));
  expect(b.written).toBeGreaterThan(50_000);
});
