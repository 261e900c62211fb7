// The shrinker, against compilers that are wrong on purpose.

import { describe, expect, it } from "vitest";
import { editsOf, paramNames, withoutParam, withSteps } from "../../src/verify/edits.ts";
import { compileKernel, randomKernel } from "../../src/verify/random.ts";
import { runAll } from "../../src/verify/run.ts";
import { shrink } from "../../src/verify/shrink.ts";
import { golden, show, type Subject } from "../../src/verify/show.ts";

/** Fails where the kernel and what a "compiler" (a change of its text) makes of it differ. */
const failsUnder = (compiler: (source: string) => string) => ({ source, inputs }: Subject): boolean => {
  const compiled = compiler(source);
  if (compiled === source) return false;
  return inputs.some((args) => runAll([{ name: "original", call: compileKernel(source) }, { name: "compiled", call: compileKernel(compiled) }], undefined, args)[0]!.count > 0);
};

const firstFailing = (fails: (s: Subject) => boolean): Subject => {
  for (let seed = 1; seed < 500; seed++) {
    const kernel = randomKernel(seed);
    if (fails(kernel)) return kernel;
  }
  throw new Error("no kernel fails");
};

describe("shrink", () => {
  const bugs: [string, (source: string) => string, RegExp, number][] = [
    [">>> taken for >>", (s) => s.replace(/>>>/g, ">>"), />>>/, 120],
    ["the last trip of a loop left out", (s) => s.replace(/< y\.length/g, "< y.length - 1"), /y\.length/, 130],
    ["-0 lost by a negation", (s) => s.replace(/\(-\(/g, "(0-("), /-\(/, 120],
    ["fround forgotten", (s) => s.replace(/Math\.fround/g, ""), /fround/, 120],
  ];
  for (const [name, compiler, sign, length] of bugs) {
    it(`finds a minimal kernel: ${name}`, async () => {
      const fails = failsUnder(compiler);
      const start = firstFailing(fails);
      const small = await shrink(start, fails);
      expect(fails(small)).toBe(true);
      expect(small.source).toMatch(sign);
      expect(small.source.length, small.source).toBeLessThan(length);
      expect(small.inputs).toHaveLength(1);
      expect(show(small.inputs).text.length).toBeLessThan(60);
    });
  }
  it("keeps aliasing where the fault needs it", async () => {
    // "compiled" takes its arguments for different arrays: it reads before it writes
    const source = "function kernel(x, y) { for (let i = 0; i < 3; i++) { y[i] = x[i] + 1; } return x[2] + x[1] * 0; }";
    const shared = Float64Array.of(1.5, 2.5, 3.5, 4.5);
    const fails = ({ source: s, inputs }: Subject): boolean => inputs.some((args) => {
      const parted = (...own: unknown[]): unknown => compileKernel(s)(...own.map((v, k) => (k > 0 && v === own[0] ? (v as Float64Array).slice() : v)));
      return runAll([{ name: "original", call: compileKernel(s) }, { name: "parted", call: parted }], undefined, args)[0]!.count > 0;
    });
    const small = await shrink({ source, slow: [], inputs: [[shared, shared]] }, fails);
    expect(small.inputs[0]![0]).toBe(small.inputs[0]![1]);
    expect((small.inputs[0]![0] as Float64Array).length).toBe(1);
    expect(small.source).not.toContain("return");
  });
  it("stops candidates that loop for ever", async () => {
    const source = "function kernel(n) { let i = 0; while (i < 5) { i++; } return i + n; }";
    const small = await shrink({ source, slow: ["n"], inputs: [[1]] }, ({ source: s }) => s.includes("while"));
    expect(small.source).toContain("while");
    expect(small.inputs).toEqual([[]]);
    expect(small.slow).toEqual([]);
  });
});

describe("edits", () => {
  it("drop parameters with their places", () => {
    const source = "function kernel(a, b, c) { return a; }";
    expect(paramNames(source)).toEqual(["a", "b", "c"]);
    expect([0, 1, 2].map((k) => withoutParam(source, k).slice(0, 22))).toEqual(["function kernel(b, c) {", "function kernel(a, c) {", "function kernel(a, b) {"].map((s) => s.slice(0, 22)));
  });
  it("count steps in loops with and without braces", () => {
    expect(withSteps("function f(n) { for (;;) n++; while (n) { n--; } }")).toBe("function f(n) { $step(); for (;;) { $step(); n++; } while (n) { $step(); n--; } }");
  });
  it("never touch names", () => {
    for (const { start, end } of editsOf("function kernel(a) { const b = a; return { b }; }")) expect([start, end]).not.toEqual([27, 28]);
  });
});

describe("golden", () => {
  it("is a test that can be pasted: evaluates to the same subject", () => {
    const buffer = Float64Array.of(1, -0, NaN).buffer;
    const list = [1, , -0];
    const subject: Subject = { source: "function kernel(x) {\n  return `${x}`;\n}", slow: ["x"], inputs: [[new Float64Array(buffer, 8, 2), new Uint8Array(buffer, 0, 4), list, list, { a: "b", "c d": [true, undefined] }, new Int8Array(0)]] };
    let found: Subject | null = null;
    new Function("it", "agrees", golden(subject, "a \"title\""))((_: string, run: () => void) => run(), (s: Subject) => { found = s; });
    expect(found).toEqual(subject);
    const [args] = found!.inputs;
    expect((args![0] as Float64Array).buffer).toBe((args![1] as Uint8Array).buffer);
    expect(args![2]).toBe(args![3]);
    expect(1 in (args![2] as unknown[])).toBe(false);
  });
});
