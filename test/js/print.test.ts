// Residual JavaScript, read and run: each program's text, and the same outcome as the evaluator's.

import { describe, expect, it } from "vitest";
import { canCompile } from "../../src/js/instantiate.ts";
import { emitJs } from "../../src/js/print.ts";
import { printed, program, runEvaluator, runJs, type Argument } from "./programs.ts";

const ret = "exit {kind: \"return\", value: {make: \"result\", as: \"number\"}, writes: []}";
const nothing = "exit {kind: \"return\", value: {make: \"const\", value: undefined}, writes: []}";
const bail = "exit {kind: \"bail\", reason: \"no\", clean: true}";
const typed = (name: string, root: number, array: string, space: number) => `input {as: "typed", path: {root: ${root}, keys: []}, array: "${array}", space: ${space}, read: true, written: true}`;
const number = (root: number, as = "f64") => `input {as: "${as}", path: {root: ${root}, keys: []}}`;

const edges = [0, -0, 1, -1, 0.5, -1.5, 2.5, NaN, Infinity, -Infinity, 2147483647, -2147483648, 4294967295, 1e300, 5e-324];

/** Same outcome both ways. */
function agrees(text: string, ...runs: Argument[][]): void {
  const p = program(text);
  for (const args of runs) expect(runJs(p, args)).toEqual(runEvaluator(p, args));
}
const pairs = (values: readonly number[]): number[][] => values.flatMap((a) => values.map((b) => [a, b]));

const fir = `
${nothing}
space "x" input f64
space "y" input f64 written
space "taps" data f64
data "taps" f64 [0.5, -0, 3]
${typed("x", 0, "Float64Array", 0)}
${typed("y", 1, "Float64Array", 1)}
func @fir(%x: i32, %x_length: i32, %y: i32, %y_length: i32) {
  %taps = data.addr 0
  loop outer (%i = 0) {
    %more = i32.lt_s %i, %y_length
    if %more {
      %sum: f64 = loop inner (%k = 0, %acc: f64 = 0.0) {
        %c = i32.lt_s %k, 3
        if %c {
          %t = f64.load [%taps + %k << 3] space 2
          %at = i32.add %i, %k
          %ok = i32.lt_u %at, %x_length
          %v: f64 = if %ok {
            %u = f64.load [%x + %at << 3] space 0
            yield %u
          } else {
            yield nan
          }
          %p = f64.mul %t, %v
          %acc.1 = f64.add %acc, %p
          %k.1 = i32.add %k, 1
          br inner, %k.1, %acc.1
        }
        yield %acc
      }
      f64.store [%y + %i << 3] space 1, %sum
      %i.1 = i32.add %i, 1
      br outer, %i.1
    }
    yield
  }
  return
}`;

describe("a loop over arrays", () => {
  it("reads like the source", () => {
    expect(printed(program(fir))).toMatchInlineSnapshot(`
      "const taps = new Float64Array([0.5, -0, 3]);
      function fir(x, x_length, y, y_length) {
        for (let i = 0; i < y_length; i++) {
          let acc = 0;
          for (let k = 0; k < 3; k++) {
            acc += taps[k] * +x[(i + k) | 0];
          }
          y[i] = acc;
        }
      }
      return fir;
      "
    `);
  });
  it("gives the same bits", () => agrees(fir, [new Float64Array([1, 2, NaN, -0, 5]), new Float64Array(5)], [new Float64Array(0), new Float64Array(2)]));
});

/** The body of the one function of a program of two numbers, without its braces. */
const body = (lines: string, types = ["f64", "f64"], result = "f64"): string => {
  const text = printed(program(`${ret}\n${number(0, types[0])}\n${number(1, types[1])}\nfunc @f(%a: ${types[0]}, %b: ${types[1]}) -> ${result} {\n${lines}\n}`));
  return /function f\(a, b\) \{\n([^]*?)\n\}\n/.exec(text)![1]!.replace(/^ {2}/gm, "");
};
const says = (lines: string, js: string, types?: string[], result?: string): void => expect(body(lines, types, result)).toBe(js);
const runs = (lines: string, types = ["f64", "f64"], result = "f64"): void =>
  agrees(`${ret}\n${number(0, types[0])}\n${number(1, types[1])}\nfunc @f(%a: ${types[0]}, %b: ${types[1]}) -> ${result} {\n${lines}\n}`,
    ...pairs(types[0] === "i32" ? edges.map((x) => x | 0) : edges));
const ints = ["i32", "i32"];

describe("expressions", () => {
  it("are nested with the parentheses that they need", () => {
    says("%x = f64.add %a, %b\n%y = f64.mul %x, %a\n%z = f64.neg %y\nreturn %z", "return -((a + b) * a);");
    says("%x = f64.sub %a, %b\n%y = f64.sub %a, %x\nreturn %y", "return a - (a - b);");
    says("%x = f64.neg %a\n%y = f64.neg %x\nreturn %y", "return -(-a);");
    says("%x = math.pow -2.0, %a\nreturn %x", "return (-2) ** a;");
    says("%x = math.pow %a, -2.0\n%y = math.pow %x, %b\nreturn %y", "return (a ** -2) ** b;");
  });
  it("wrap int32 sums once", () => {
    says("%x = i32.add %a, %b\n%y = i32.add %x, %a\nreturn %y", "return (a + b + a) | 0;", ints, "i32");
    says("%x = i32.mul %a, %b\n%y = i32.add %x, %a\nreturn %y", "return (Math.imul(a, b) + a) | 0;", ints, "i32");
    says("%x = i32.add %a, %b\n%y = i32.lt_s %x, %a\nreturn %y", "return +(((a + b) | 0) < a);", ints, "i32");
    runs("%x = i32.add %a, %b\n%y = i32.add %x, %a\n%z = i32.sub %y, %x\nreturn %z", ints, "i32");
  });
  it("keep the | 0 that a double would miss", () => {
    says("%x = i32.add %a, %b\n%y = f64.convert_i32_s %x\n%z = f64.add %y, 0.5\nreturn %z", "return ((a + b) | 0) + 0.5;", ints);
    says("%x = i32.add %a, %b\n%y = f64.convert_i32_u %x\nreturn %y", "return (a + b) >>> 0;", ints);
    runs("%x = i32.add %a, %b\n%y = f64.convert_i32_u %x\n%z = f64.convert_i32_s %x\n%s = f64.sub %y, %z\nreturn %s", ints);
  });
  it("long sums of int32 stay exact", () => {
    const sum = Array.from({ length: 60 }, (_, k) => `%s${k + 1}x = i32.add %s${k}x, %s${k}x`).join("\n");
    runs(`%s0x = i32.add %a, %b\n${sum}\nreturn %s60x`, ints, "i32");
  });
  it("take comparisons as conditions", () => {
    says("%c = f64.lt %a, %b\n%d = i32.eqz %c\n%r = f64.select %d, %a, %b\nreturn %r", "return !(a < b) ? a : b;");
    says("%c = i32.lt_s %a, %b\n%d = i32.eqz %c\n%r = i32.select %d, %a, %b\nreturn %r", "return a >= b ? a : b;", ints, "i32");
    says("%c = f64.lt %a, %b\n%d = f64.lt %b, 3.0\n%e = i32.and %c, %d\n%r = f64.select %e, %a, %b\nreturn %r", "return a < b && b < 3 ? a : b;");
    runs("%c = f64.lt %a, %b\n%d = f64.ne %b, 3.0\n%e = i32.and %c, %d\n%g = i32.eqz %e\n%h = i32.or %g, %c\n%r = f64.select %h, %a, %b\nreturn %r");
  });
  it("write constants as literals", () => {
    says("return -0.0", "return -0;");
    says("return nan", "return NaN;");
    says("return -inf", "return -Infinity;");
    says("%x = f64.sub %a, -0.0\nreturn %x", "return a - -0;");
  });
  it("call helpers, declared once", () => {
    const text = printed(program(`${ret}\n${number(0)}\nfunc @f(%a: f64) -> f64 {\n%x = f64.nearest %a\n%y = f64.nearest %x\nreturn %y\n}`));
    expect(text.match(/const \$nearest/g)).toHaveLength(1);
    runs("%x = f64.nearest %a\n%y = i32.trunc_sat_f64_s %x\n%z = f64.convert_i32_s %y\n%w = f64.copysign %z, %b\nreturn %w");
  });
  it("with an operand twice, name it", () => {
    says("%x = i32.add %a, %b\n%y = i32.ctz %x\nreturn %y", "const x = (a + b) | 0;\nreturn x === 0 ? 32 : 31 - Math.clz32(x & -x);", ints, "i32");
    runs("%x = i32.add %a, %b\n%y = i32.ctz %x\n%z = i32.rotl %y, %x\nreturn %z", ints, "i32");
  });
});

describe("names", () => {
  const named = (name: string): string => printed(program(`${ret}\n${number(0)}\nfunc @"${name}"(%a: f64) -> f64 {\nreturn %a\n}`));
  it("are made identifiers", () => {
    expect(named("cfg.filters[2]")).toContain("function cfg_filters_2(a)");
    expect(named("2nd")).toContain("function _2nd(a)");
    expect(named("a\\n); evil(")).toContain("function a_evil(a)");
  });
  it("hide nothing that is called, and no keyword", () => {
    expect(named("Math")).toContain("function Math_1(a)");
    expect(named("while")).toContain("function while_1(a)");
    expect(named("$env")).toContain("function env(a)");
  });
});

describe("control", () => {
  it("a value from two pure arms is a conditional", () => {
    says("%c = f64.lt %a, %b\n%r: f64 = if %c {\n%x = f64.add %a, 1.0\nyield %x\n} else {\nyield %b\n}\nreturn %r", "return a < b ? a + 1 : b;");
  });
  it("an arm that leaves needs no else", () => {
    says("%c = f64.lt %a, %b\nif %c {\nreturn %a\n} else {\nyield\n}\n%x = f64.mul %a, %b\nreturn %x", "if (a < b) {\n  return a;\n}\nreturn a * b;");
    says("%c = f64.lt %a, %b\nif %c {\nreturn %a\n} else {\nreturn %b\n}\ntrap exit -1", "if (a < b) {\n  return a;\n}\nreturn b;");
  });
  it("carried values that change places do so at once", () => {
    const swap = `%r: f64, %s: f64 = loop again (%i: i32 = 0, %x: f64 = %a, %y: f64 = %b) {
      %c = i32.lt_s %i, 3
      if %c {
        %j = i32.add %i, 1
        br again, %j, %y, %x
      }
      yield %x, %y
    }
    %q = f64.div %r, %s
    return %q`;
    expect(body(swap)).toContain("const next_x = y;\n  y = x;\n  x = next_x;");
    runs(swap);
  });
  it("a loop with the test at the end", () => runs(`%r: f64 = loop again (%i: i32 = 0, %x: f64 = %a) {
      %y = f64.mul %x, %b
      %j = i32.add %i, 1
      %c = i32.lt_s %j, 5
      if %c {
        br again, %j, %y
      }
      yield %y
    }
    return %r`));
  it("blocks that are left from inside a loop", () => {
    const search = `%r: f64 = block found {
      loop again (%i: f64 = 0.0) {
        %c = f64.lt %i, 4.0
        if %c {
          %d = f64.gt %i, %a
          if %d {
            br found, %i
          }
          %j = f64.add %i, 1.0
          br again, %j
        }
        yield
      }
      yield -1.0
    }
    return %r`;
    says(search, "let r;\nfound: {\n  for (let i = 0; i < 4; i++) {\n    if (i > a) {\n      r = i;\n      break found;\n    }\n  }\n  r = -1;\n}\nreturn r;");
    runs(search);
  });
  it("an int32 counter keeps its wrap-around where the test does not bound it", () => {
    const loop = (test: string): string => body(`loop again (%i: i32 = 0) {\n%c = ${test}\nif %c {\n%j = i32.add %i, 1\nbr again, %j\n}\nyield\n}\nreturn %a`, ints, "i32");
    expect(loop("i32.lt_s %i, %b")).toContain("for (let i = 0; i < b; i++)");
    expect(loop("i32.le_s %i, %b")).toContain("for (let i = 0; i <= b; i = (i + 1) | 0)");
  });
});

describe("memory", () => {
  const copy = (from: string, to: string, load: string, store: string, shift: number): string => `${nothing}
space "x" input f64
space "y" input f64 written
${typed("x", 0, from, 0)}
${typed("y", 1, to, 1)}
func @copy(%x: i32, %x_length: i32, %y: i32, %y_length: i32) {
  loop again (%i = 0) {
    %c = i32.lt_s %i, %x_length
    if %c {
      %v = ${load} [%x + %i << ${shift}] space 0
      ${store} [%y + %i << ${shift}] space 1, %v
      %j = i32.add %i, 1
      br again, %j
    }
    yield
  }
  return
}`;
  const bytes = [0, 1, 127, 128, 255, 200];
  it("arrays of every kind are read and written as they are", () => {
    const cases: [string, string, string, string, number, Argument[]][] = [
      ["Int8Array", "Uint8Array", "i32.load8_s", "i32.store8", 0, [Int8Array.from(bytes), new Uint8Array(6)]],
      ["Uint8Array", "Int8Array", "i32.load8_s", "i32.store8", 0, [Uint8Array.from(bytes), new Int8Array(6)]],
      ["Int8Array", "Uint8ClampedArray", "i32.load8_u", "i32.store8", 0, [Int8Array.from(bytes), new Uint8ClampedArray(6)]],
      ["Int8Array", "Uint8ClampedArray", "i32.load8_s", "i32.store8", 0, [Int8Array.from(bytes), new Uint8ClampedArray(6)]],
      ["Int16Array", "Uint16Array", "i32.load16_u", "i32.store16", 1, [Int16Array.of(-1, 5, 32767), new Uint16Array(3)]],
      ["Uint16Array", "Int16Array", "i32.load16_s", "i32.store16", 1, [Uint16Array.of(65535, 5, 32767), new Int16Array(3)]],
      ["Uint32Array", "Int32Array", "i32.load", "i32.store", 2, [Uint32Array.of(4294967295, 5), new Int32Array(2)]],
      ["Int32Array", "Uint32Array", "i32.load", "i32.store", 2, [Int32Array.of(-1, 5), new Uint32Array(2)]],
      ["Float32Array", "Float32Array", "f32.load", "f32.store", 2, [Float32Array.of(0.1, -0, NaN), new Float32Array(3)]],
      ["Float64Array", "Float64Array", "f64.load", "f64.store", 3, [Float64Array.of(0.1, -0, NaN), new Float64Array(3)]],
    ];
    for (const [from, to, load, store, shift, args] of cases) {
      const text = copy(from, to, load, store, shift);
      expect(printed(program(text))).toMatch(/y\[i\] = .*x\[i\]/);
      agrees(text, args);
    }
  });
  it("a Uint32Array's element is a number at once", () => {
    expect(printed(program(`${ret}\nspace "x" input u32\n${typed("x", 0, "Uint32Array", 0)}\nfunc @f(%x: i32, %n: i32) -> f64 {\n%v = i32.load [%x + 2 << 2 + 4] space 0\n%d = f64.convert_i32_u %v\nreturn %d\n}`)))
      .toContain("return x[3];");
  });
  it("a read happens before the write that follows it", () => {
    const text = `${ret}\nspace "x" input f64 written\n${typed("x", 0, "Float64Array", 0)}\nfunc @f(%x: i32, %n: i32) -> f64 {
      %v = f64.load [%x + 0 << 3] space 0
      f64.store [%x + 0 << 3] space 0, 7.0
      %w = f64.load [%x + 0 << 3] space 0
      %r = f64.sub %v, %w
      return %r\n}`;
    agrees(text, [Float64Array.of(1)]);
    expect(printed(program(text))).toContain("return v - x[0];");
  });
  it("an array whose address is looked at stays in memory, and so does one that may overlap it", () => {
    const text = (overlap: string): string => `${ret}\nspace "x" input f64 ${overlap}\nspace "y" input f64 written\n${typed("x", 0, "Float64Array", 0)}\n${typed("y", 1, "Float64Array", 1)}
      func @f(%x: i32, %n: i32, %y: i32, %m: i32) -> f64 {
      %v = f64.load [%x + 1 << 3] space 0
      %at = i32.add %y, 8
      f64.store [%at + 0 << 3] space 1, %v
      %w = f64.load [%y + 0 << 3 + 8] space 1
      return %w\n}`;
    for (const overlap of ["", "overlaps [1]"]) agrees(text(overlap), [Float64Array.of(1, 2), new Float64Array(3)]);
    expect(printed(program(text("")))).toContain("x[1]");
    expect(printed(program(text("overlaps [1]")))).not.toContain("x[1]");
  });
  it("an access wider than the elements need not be aligned", () => {
    agrees(`${ret}\nspace "x" input u8 written\n${typed("x", 0, "Uint8Array", 0)}\n${number(1, "i32")}\nfunc @f(%x: i32, %n: i32, %k: i32) -> f64 {
      %v = i32.load [%x + %k << 0 + 1] space 0
      i32.store16 [%x + %k << 0] space 0, %v
      %d = f64.convert_i32_s %v
      return %d\n}`, [Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 255), 2]);
  });
  it("a local array of its own is a typed array; two in one space are not told apart", () => {
    const text = (second: number): string => `${ret}\nframe 48\nspace "history" frame f64 written\nspace "other" frame f64 written\n${number(0, "i32")}\nfunc @f(%k: i32) -> f64 {
      %h = frame.addr 0
      memory.fill %h, 0, 24, space 0
      %o = frame.addr 24
      f64.store [%o + 0 << 3] space ${second}, 5.0
      f64.store [%h + %k << 3] space 0, 2.0
      %v = f64.load [%h + 1 << 3] space 0
      %w = f64.load [%o + 0 << 3] space ${second}
      %r = f64.sub %v, %w
      return %r\n}`;
    expect(printed(program(text(1)))).toContain("const history = new Float64Array(3);");
    expect(printed(program(text(0)))).toContain("$F64");
    for (const second of [0, 1]) agrees(text(second), [0], [1], [2]);
  });
  it("a table whose address is chosen stays in memory", () => agrees(`${ret}\nspace "t" data f64\ndata "t" f64 [1, 2]\ndata "u" f64 [3, 4]\n${number(0, "i32")}\nfunc @f(%k: i32) -> f64 {
      %t = data.addr 0
      %u = data.addr 1
      %a = i32.select %k, %t, %u
      %v = f64.load [%a + 1 << 3] space 0
      return %v\n}`, [0], [1]));
  it("bytes are copied and filled", () => agrees(`${nothing}\nspace "x" input u8 written\n${typed("x", 0, "Uint8Array", 0)}\nfunc @f(%x: i32, %n: i32) {
      %at = i32.add %x, 2
      memory.copy %at, %x, 3, space 0
      memory.fill %x, 300, 2, space 0
      return\n}`, [Uint8Array.of(1, 2, 3, 4, 5, 6)]));
});

describe("outcomes", () => {
  it("one of several exits is told by the status word, and slots hold the rest", () => agrees(`${ret}\n${ret}\n${bail}\n${number(0)}\nfunc @f(%a: f64) -> f64 {
      %c = f64.lt %a, 0.0
      if %c {
        slot.set 2, %a
        return exit 1, 3.0
      } else {
        yield
      }
      %d = f64.gt %a, 10.0
      if %d {
        trap exit 2
      } else {
        yield
      }
      return exit 0, %a\n}`, [-1], [5], [11], [NaN]));
  it("other functions of the program are called", () => {
    const text = `${ret}\n${number(0)}\nfunc @f(%a: f64) -> f64 {
      %s: f64, %t: i32 = call @both, %a, 2.0
      %u = f64.convert_i32_s %t
      %v = f64.add %s, %u
      return %v\n}\nfunc @both(%x: f64, %y: f64) -> f64, i32 {
      %s = f64.mul %x, %y
      %c = f64.lt %x, %y
      return %s, %c\n}`;
    agrees(text, ...edges.map((e) => [e]));
    expect(printed(program(text))).toContain("const [s, t] = both(a, 2);");
  });
  it("a vectorised program is refused as our gap", () => {
    expect(() => printed(program(`${nothing}\n${number(0)}\nfunc @f(%a: f64) {\n%v = f64x2.splat %a\nreturn\n}`))).toThrow(/Todo.*before vectorization/);
  });
});

describe("comments", () => {
  it("name the source line where it changes", () => {
    expect(emitJs(program(`${ret}\n${number(0)}\nfunc @f(%a: f64) -> f64 {\n%x = f64.add %a, 1.0 @3:5-9\nreturn %x @4:1:10-19\n}`.replace("@3:5-9", "@3:5:5-9"))).source).toContain("return a + 1; // line 4");
  });
});

describe("new Function", () => {
  it("is allowed here", () => expect(canCompile()).toBe(true));
});
