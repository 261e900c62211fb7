import { describe, expect, it } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import type { Loop } from "../../src/ir/types.ts";
import { annotationsOf } from "../../src/frontend/lower.ts";
import { code, lowered, refusal, sameFunction } from "./same.ts";

const loops = (text: string): Loop[] => lowered(text).functions.flatMap((f) => [...instructions(f.body)]).filter((i): i is Loop => i.op === "loop");
const unrolls = (text: string): unknown[] => loops(text).map((l) => l.notes?.unroll);
const says = (text: string, place: string, message: RegExp, hint: RegExp): void => {
  const d = refusal(text);
  expect([d.kind, `${d.line}:${d.column}`]).toEqual(["Unsupported", place]);
  expect(d.message).toMatch(message);
  expect(d.hint).toMatch(hint);
};

describe("@slow and @fast", () => {
  const of = (text: string): unknown => annotationsOf(code(text));
  it("stand first in the body", () => expect(of("function f(a, b) {\n  // @slow a b.c\n  // @fast n\n  return a;\n}")).toEqual({ slow: ["a", "b.c"], fast: ["n"] }));
  it("stand above the function", () => expect(of("// @slow taps, cfg\nfunction f(taps) {}")).toEqual({ slow: ["taps", "cfg"], fast: [] }));
  it("stand in a block comment", () => expect(of("(a) => /* @slow a */ a * 2")).toEqual({ slow: ["a"], fast: [] }));
  it("absent", () => expect(of("function f(a) { return a; }")).toEqual({ slow: [], fast: [] }));
  it("documentation is not ours", () => expect(of("/**\n * @param {number} a\n * @slow a\n */\nfunction f(a) { /** @type {number} */ let b = a; return b; }")).toEqual({ slow: [], fast: [] }));
  it("not in the middle", () => says("function f(a) {\n  a++;\n  // @slow a\n  return a;\n}", "3:3", /middle/, /first/));
  it("with names", () => says("function f(a) {\n  // @slow\n  return a;\n}", "2:3", /no parameter/, /@slow name/));
});

describe("before a loop", () => {
  it("@unroll", () => expect(unrolls("function f(n) {\n  // @unroll\n  for (let i = 0; i < n; i++);\n}")).toEqual([true]));
  it("@unroll 8", () => expect(unrolls("function f(n) {\n  // @unroll 8\n  while (n--);\n}")).toEqual([8]));
  it("@keep", () => expect(unrolls("function f(n) {\n  // @keep\n  do n--; while (n);\n}")).toEqual([false]));
  it("a label between", () => expect(unrolls("function f(n) {\n  // @unroll 2\n  l: for (;;) if (n--) break l;\n}")).toEqual([2]));
  it("only that loop", () => expect(unrolls("function f(n) {\n  // @unroll 2\n  for (let i = 0; i < n; i++) { for (let j = 0; j < n; j++); }\n for (const t of n);}")).toEqual([2, undefined, undefined]));
  it("@key gives positions among the carried values", () => {
    const [loop] = loops("function f(code) {\n  let acc = 0, pc = 0;\n  // @key pc\n  while (code[pc]) { acc += code[pc]; pc++; }\n  return acc;\n}");
    expect(loop!.notes!.key!.map((k) => loop!.regions[0].params[k]!.name)).toEqual(["pc"]);
  });
  it("@key carries a variable that nothing changes", () => {
    const [loop] = loops("function f(code, pc) {\n  // @key pc\n  while (code()) { }\n}");
    expect(loop!.regions[0].params.map((p) => p.name)).toEqual(["pc"]);
  });
  it("@key of the loop's own head", () => {
    const [loop] = loops("function f(code) {\n  let acc = 0;\n  // @key pc\n  for (let pc = 0; ;) { if (code[pc++]) return acc; acc++; }\n}");
    expect(loop!.notes!.key!.map((k) => loop!.regions[0].params[k]!.name)).toEqual(["pc"]);
  });
  it("@key of nothing", () => says("function f(n) {\n  // @key pc\n  while (n--);\n}", "2:11", /pc/, /carries/));
  it("a wrong count", () => says("function f(n) {\n  // @unroll many\n  while (n--);\n}", "2:3", /whole number/, /@unroll 8/));
  it("no loop", () => says("function f(n) {\n  // @unroll\n  return n;\n}", "2:3", /no loop/, /before the loop/));
});

describe("before a statement", () => {
  const calls = (): unknown[][] => [[1, 2], [5, 0]];
  /** The annotated text does what the other text does. */
  const means = (annotated: string, plain: string): void => {
    const strip = (text: string): unknown[] => lowered(text).functions.flatMap((f) => [...instructions(f.body)]).map((i) => [i.op, i.args.length, i.results.length]);
    expect(strip(annotated)).toEqual(strip(plain));
    sameFunction(plain, {}, calls);
  };
  it("@drop", () => means("function f(a, b) {\n  // @drop\n  a = log(a);\n  return a;\n}", "function f(a, b) { return a; }"));
  it("@dropIf", () => means("function f(a, b) {\n  // @dropIf a > b\n  a++;\n  return a;\n}", "function f(a, b) { if (!(a > b)) a++; return a; }"));
  it("two @dropIf", () => means("function f(a, b) {\n  // @dropIf a > b\n  // @dropIf !b\n  a++;\n  return a;\n}", "function f(a, b) { if (a > b); else if (b) a++; return a; }"));
  it("@assume", () => {
    const ops = [...instructions(lowered("function f(n) {\n  // @assume n % 4 === 0\n  return n;\n}").functions[0]!.body)].map((i) => i.op);
    expect(ops).toEqual(["js.rem", "js.seq", "js.assume", "return"]);
  });
  it("an expression that is none", () => says("function f(n) {\n  // @assume n %\n  return n;\n}", "2:13", /does not parse/, /one line/));
});

describe("sections", () => {
  it("hold for what is inside, the innermost wins", () => expect(unrolls(`function f(n) {
    // @start outer
    // @unroll 4
    for (let a = 0; a < n; a++);
    // @start inner
    // @keep
    for (let b = 0; b < n; b++);
    // @unroll 2
    for (let c = 0; c < n; c++);
    // @end inner
    for (let d = 0; d < n; d++);
    // @end outer
    for (let e = 0; e < n; e++);
  }`)).toEqual([4, false, 2, 4, undefined]));
  it("have to end", () => says("function f(n) {\n  // @start s\n  return n;\n}", "2:13", /no @end/, /@end s/));
  it("end in order", () => says("function f(n) {\n  // @start s\n  n++;\n  // @end t\n  return n;\n}", "4:3", /ends no section/, /nest/));
});

describe("an unknown word", () => {
  it("offers the nearest", () => says("function f(n) {\n  // @unrol 4\n  while (n--);\n}", "2:3", /@unrol/, /mean @unroll\?/));
  it("first in the body", () => says("function f(n) {\n  // @slwo n\n  return n;\n}", "2:3", /@slwo/, /mean @slow\?/));
  for (const comment of ["// @ts-ignore", "// @TODO: later", "// @ifdef RADIUS", "// @memberof Vector", "// @enum {number}", "// @endif", "// @scope/name", "// @library.solve(domain, range)", "/* @unrol 4 */", "// see @unrol", "/** @param n */"]) {
    it(`${comment} is not ours`, () => void lowered(`function f(n) {\n  ${comment}\n  while (n--);\n}`));
  }
});
