// The evaluator: results, memory, outcomes and counts. What single operations do is ops.test.ts's subject.

import binaryen from "binaryen";
import { describe, expect, test } from "vitest";
import { checkProgram } from "../../src/ir/check.ts";
import { evaluate, type Evaluation, type EvaluateOptions } from "../../src/ir/evaluate.ts";
import { Invariant } from "../../src/ir/invariant.ts";
import { layOut, writeData, type Layout } from "../../src/ir/layout.ts";
import { parseProgram } from "../../src/ir/parse.ts";
import { memoryOps, type MemoryOp } from "../../src/ir/ops.ts";

const head = `program
frame 32
space "x" input f64 written
space "t" data f64
data "t" f64 [10, 20, 30]
exit {kind: "return", value: {make: "result", as: "number"}, writes: []}
`;

interface Run extends Evaluation { readonly memory: ArrayBuffer; readonly layout: Layout }
function run(functions: string, args: (number | bigint)[] = [], options: EvaluateOptions & { exits?: string; setUp?: (memory: ArrayBuffer) => void } = {}): Run {
  const program = parseProgram(head + (options.exits ?? "") + functions);
  checkProgram(program);
  const memory = new ArrayBuffer(65536);
  const { layout } = layOut(program, 1024);
  writeData(program, memory, layout);
  options.setUp?.(memory);
  return { ...evaluate(program, args, memory, layout, options), memory, layout };
}

const status = (r: Run): number => new DataView(r.memory).getInt32(r.layout.status, true);

describe("control", () => {
  const factorial = `func @f(%n: i32) -> f64 {
    %r: f64 = loop l (%i: i32 = 1, %p: f64 = 1.0) {
      %c = i32.le_s %i, %n
      if %c { yield } else { return %p }
      %f = f64.convert_i32_s %i
      %q = f64.mul %p, %f
      %j = i32.add %i, 1
      br l, %j, %q
    }
    trap exit -1
  }`;
  test("a loop, its count and its operations", () => {
    const r = run(factorial, [5]);
    expect(r.result).toBe(120);
    expect(r.exit).toBe(0);
    expect(r.loops).toMatchObject([{ func: "f", entered: 1, iterations: 6 }]);
    expect(Object.fromEntries(r.counts)).toEqual({ "i32.le_s": 6, if: 6, yield: 5, return: 1, "f64.convert_i32_s": 5, "f64.mul": 5, "i32.add": 5, br: 5, loop: 1 });
    expect(r.executed).toBe(6 + 5 + 5 + 5);
  });
  test("carried values are passed at once, not one after the other", () => {
    const fibonacci = `func @f(%n: i32) -> f64 {
      %r: f64 = loop l (%i: i32 = 0, %a: f64 = 0.0, %b: f64 = 1.0, %w: i64 = 0n, %u: i64 = 1n) {
        %c = i32.eq %i, %n
        if %c {
          %x = f64.convert_i64_s %w
          %d = f64.sub %x, %a
          slot.set 0, %d
          return %a
        }
        %s = f64.add %a, %b
        %v = i64.add %w, %u
        %j = i32.add %i, 1
        br l, %j, %b, %s, %u, %v
      }
      trap exit -1
    }`;
    const r = run(fibonacci, [30]);
    expect(r.result).toBe(832040);
    expect(new DataView(r.memory).getFloat64(r.layout.slots, true)).toBe(0);
  });
  test("branches leave several regions at once, with values", () => {
    const text = `func @f(%i: i32) -> i32 {
      %r: i32 = block out {
        block mid {
          %c = i32.eq %i, 1
          if %c { br mid }
          %d = i32.eq %i, 2
          %k: i32 = if %d { br out, 22 } else { yield 7 }
          %m = i32.mul %k, %i
          yield
        }
        yield 11
      }
      return %r
    }`;
    expect([1, 2, 3].map((i) => run(text, [i]).result)).toEqual([11, 22, 11]);
  });
  test("calls, with recursion and several results", () => {
    const r = run(`func @f(%n: i32) -> f64 {
      %q: i32, %s: f64 = call @sum, %n, 0.0
      %x = f64.convert_i32_s %q
      %y = f64.add %x, %s
      return %y
    }
    func @sum(%n: i32, %s: f64) -> i32, f64 {
      %z = i32.eqz %n
      if %z { return 1000, %s }
      %m = i32.sub %n, 1
      %x = f64.convert_i32_s %n
      %t = f64.add %s, %x
      %a: i32, %b: f64 = call @sum, %m, %t
      %c = f64.convert_i32_s %n
      %d = f64.sub %c, %x
      %e = f64.add %b, %d
      return %a, %e
    }`, [10]);
    expect(r.result).toBe(1055);
    expect(r.counts.get("call")).toBe(11);
  });
  test("an i32 argument is signed, an f32 argument rounded", () => {
    expect(run("func @f(%a: i32) -> i32 { return %a }", [4294967295]).result).toBe(-1);
    expect(run("func @f(%a: f32) -> f32 { return %a }", [0.1]).result).toBe(Math.fround(0.1));
    expect(run("func @f(%a: i64) -> i64 { return %a }", [5n]).result).toBe(5n);
  });
});

describe("outcomes", () => {
  const more = 'exit {kind: "bail", reason: "b", clean: true}\n';
  const second = 'exit {kind: "return", value: {make: "const", value: undefined}, writes: []}\n';

  test("with one return exit the status word stays as it was", () => {
    const r = run("func @f() { return }", [], { exits: more });
    expect([r.exit, status(r), r.result]).toEqual([0, 0, undefined]);
  });
  test("with several, a return tells which it was", () => {
    const r = run("func @f() { return exit 2 }", [], { exits: more + second });
    expect([r.exit, status(r)]).toEqual([2, 3]);
  });
  test("a return of a function that is not the entry tells nothing", () => {
    const r = run("func @f() {\n call @g\n return exit 2 }\nfunc @g() { return }", [], { exits: more + second });
    expect([r.exit, status(r)]).toEqual([2, 3]);
  });
  test("a trap leaves from any depth", () => {
    const r = run(`func @f() -> f64 {
      loop l () { call @g
      br l }
      trap exit -1
    }
    func @g() { block b { if 1 { trap exit 1 }
      yield }
      return }`, [], { exits: more });
    expect([r.exit, status(r), r.result]).toEqual([1, 2, undefined]);
  });
  test("slots are written", () => {
    const r = run("func @f(%x: f64) {\n slot.set 0, %x\n slot.set 2, -0.0\n return }", [7.5]);
    expect(Array.from(new Float64Array(r.memory, r.layout.slots, 3))).toEqual([7.5, 0, -0]);
  });
});

describe("memory", () => {
  test("constant tables, the frame and vectors", () => {
    const r = run(`func @f() -> f64 {
      %t = data.addr 0
      %f = frame.addr 16
      %v = v128.load [%t + 1 << 3] space 1
      %w = f64x2.add %v, %v
      v128.store [%f + 0 << 0] space 0, %w
      %x = f64.load [%f + 1 << 3 + -8] space 0
      %y = f64x2.extract_lane[1] %w
      %z = f64.add %x, %y
      return %z
    }`);
    expect(r.result).toBe(40 + 60);
    expect(Object.fromEntries(r.counts)).toMatchObject({ "f64x2.add": 1, "f64x2.extract_lane": 1, "data.addr": 1 });
    expect(r.executed).toBe(6);
  });
  test("addresses are taken modulo 2^32", () => {
    expect(run("func @f() -> i32 {\n i32.store [64 + 0 << 0] space 0, 9\n %a = i32.load [-64 + 16 << 3] space 0\n %b = i32.load [192 + -1 << 3 + -120] space 0\n %c = i32.add %a, %b\n return %c }").result).toBe(18);
    expect(run("func @f() -> i32 {\n i32.store [64 + 0 << 0] space 0, 9\n %a = i32.load [16 + 1073741830 << 3] space 0\n return %a }").result).toBe(9);
  });
  test("fill and copy, overlapping too", () => {
    const r = run("func @f() {\n memory.fill 8, 511, 4, space 0\n memory.copy 10, 9, 8, space 0 from 0\n return }", [], { setUp: (m) => { new Uint8Array(m)[12] = 5; } });
    expect(Array.from(new Uint8Array(r.memory, 7, 8))).toEqual([0, 255, 255, 255, 255, 255, 5, 0]);
  });

  const rows = Object.entries(memoryOps) as [MemoryOp, (typeof memoryOps)[MemoryOp]][];
  test.each(rows)("%s does what emitted WebAssembly does", (op, { type, store }) => {
    const pattern = Uint8Array.from({ length: 64 }, (_, i) => (i * 73 + 129) & 255);
    const source = type === "v128" ? "v128.load" : `${type}.load`;
    const target = type === "v128" ? "v128.store" : `${type}.store`;
    for (let at = 0; at < 40; at += 3) {
      const text = store
        ? `func @f(%p: i32) {\n %v = ${source} [%p + 0 << 0] space 0\n ${op} [%p + 20 << 1 + 3] space 0, %v\n return }`
        : `func @f(%p: i32) {\n %v = ${op} [%p + 0 << 0] space 0\n ${target} [%p + 20 << 1 + 3] space 0, %v\n return }`;
      const wat = store ? `(${op} offset=43 (local.get 0) (${source} (local.get 0)))` : `(${target} offset=43 (local.get 0) (${op} (local.get 0)))`;
      const module = binaryen.parseText(`(module (memory (export "m") 1) (func (export "f") (param i32) ${wat}))`);
      module.setFeatures(binaryen.Features.All);
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.emitBinary() as BufferSource));
      module.dispose();
      const judge = new Uint8Array((exports.m as WebAssembly.Memory).buffer);
      judge.set(pattern);
      (exports.f as (p: number) => void)(at);
      const r = run(text, [at], { setUp: (m) => { new Uint8Array(m).set(pattern); } });
      expect(new Uint8Array(r.memory, 0, 128)).toEqual(judge.slice(0, 128));
    }
  });
});

describe("refuses as an Invariant what would trap in WebAssembly", () => {
  test.each([
    ["a load behind the end", "%a = f64.load [65536 + -1 << 2] space 0\nreturn", "address 65532 is out of bounds: %"],
    ["a store below zero", "f64.store [0 + -1 << 3] space 0, 1.0\nreturn", "address 4294967288 is out of bounds: f64.store"],
    ["a copy behind the end", "memory.copy 0, 65530, 8, space 0 from 0\nreturn", "address 65530 is out of bounds: memory.copy"],
    ["division by zero", "%a = i32.rem_u 5, %i\nreturn", "division of 5 by 0: %"],
    ["the quotient that does not fit", "%m = i32.sub %i, 1\n%a = i32.div_s -2147483648, %m\nreturn", "division of -2147483648 by -1: %"],
    ["the unreachable", "trap exit -1", "the unreachable was reached: trap exit -1"],
    ["a loop without an end, where a limit is set", "loop l () {\nbr l\n}\ntrap exit -1", "stopped after 1000 steps"],
  ])("%s", (_, lines, message) => {
    let error: unknown;
    try { run(`func @f(%i: i32) {\n${lines}\n}`, [0], { maxSteps: 1000 }); } catch (e) { error = e; }
    expect(error).toBeInstanceOf(Invariant);
    expect((error as Invariant).message).toContain(message);
  });
  test.each([
    ["a load behind an array of the caller's", "%a = f64.load [%x + %n << 3] space 0\nreturn", "byte 24 is outside of the array's 24"],
    ["a store in front of it", "f64.store [%x + -1 << 3] space 0, 1.0\nreturn", "byte -8 is outside of the array's 24"],
    ["a load half of which is behind a table", "%t = data.addr 0\n%a = f64.load [%t + 20] space 1\nreturn", "byte 20 is outside of the array's 24"],
  ])("%s, where arrays have ends", (_, lines, message) => {
    const input = 'input {as: "typed", path: {root: 0, keys: []}, array: "Float64Array", space: 0, read: true, written: true}\n';
    const stray = (options: EvaluateOptions): Run => run(`${input}func @f(%x: i32, %n: i32) {\n${lines}\n}`, [4096, 3], options);
    expect(() => stray({ within: true })).toThrow(message);
    expect(stray({}).exit).toBe(0);
  });
  test("js form", () => {
    const program = parseProgram(`${head}func @f(%a) -> js {\n return %a\n}`);
    const js = { ...program, functions: [parseProgram(`${head}func @f() {\n %a = js.add js(1), js(2)\n return\n}`).functions[0]!] };
    expect(() => evaluate(js, [], new ArrayBuffer(64), layOut(js, 0).layout)).toThrow("the evaluator runs machine form only");
  });
});

test("runs a few million steps, and counts them all", () => {
  const r = run(`func @f(%n: i32) -> f64 {
    %r: f64 = loop l (%i: i32 = 0, %s: f64 = 0.0) {
      %a = f64.convert_i32_s %i
      %b = f64.mul %a, %a
      %t = f64.add %s, %b
      %j = i32.add %i, 1
      %c = i32.lt_s %j, %n
      if %c { br l, %j, %t }
      yield %t
    }
    return %r
  }`, [400_000]);
  let expected = 0;
  for (let i = 0; i < 400_000; i++) expected += i * i;
  expect(r.result).toBe(expected);
  expect(r.executed).toBe(2_000_000);
});
