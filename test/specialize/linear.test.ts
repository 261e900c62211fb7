// What a pass costs grows with the function: of ten times the operations it looks at no more than twelve times as much. Counted in looks at
// instructions, through proxies; time says nothing on a busy machine.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import { parse } from "../../src/ir/parse.ts";
import { print } from "../../src/ir/print.ts";
import type { Func, Instr, Program, Region } from "../../src/ir/types.ts";
import { passes, splitPasses } from "../../src/specialize/passes.ts";
import { vectorPasses } from "../../src/specialize/vectorize/passes.ts";
import { compileKernel, type Kernel } from "./vectorize.harness.ts";

/** A copy of the function that counts how often its instructions are looked at. */
function watched(func: Func): { func: Func; looks: () => number } {
  let looks = 0;
  const copy = parse(print(func));
  const watch = (region: Region): void => {
    region.body.forEach((instr, i) => {
      if ("regions" in instr) instr.regions.forEach(watch);
      const seen = new Proxy(instr, { get: (target, key) => { looks++; return Reflect.get(target, key) as unknown; } }) as Instr;
      region.body[i] = seen;
      for (const result of instr.results) result.def = seen;
    });
  };
  watch(copy.body);
  return { func: copy, looks: () => looks };
}

/** The cost of the one is bounded by the states that it may visit, not by the function; the other looks at loops in loops, which the large program alone has left. */
const explores: ReadonlySet<string> = new Set(["descend", "interchange"]);

/** Looks by pass, each pass getting what the one before it made. */
function looksOf(program: Program): Map<string, number> {
  const counts = new Map<string, number>();
  for (const pass of [...passes, ...splitPasses, ...vectorPasses]) {
    const functions = program.functions.map((func) => {
      const now = watched(func);
      const made = pass.run(now.func, program, () => {});
      counts.set(pass.name, (counts.get(pass.name) ?? 0) + now.looks());
      return made === now.func ? func : made;
    });
    const tables = pass.tables?.of(program) ?? [];
    program = { ...program, functions, data: [...program.data, ...tables] };
  }
  return counts;
}

const numbers = (count: number): Float64Array => Float64Array.from({ length: count }, (_, i) => 1 + ((i * 7919) % 1000) / 1000);
interface Family { readonly name: string; readonly kernel: Kernel; slow(n: number): unknown }
const families: readonly Family[] = [
  {
    name: "a chain",
    kernel: (x: Float64Array, y: Float64Array, c: Float64Array) => {
      for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < c.length; k++) acc = acc * x[i]! + c[k]!; y[i] = acc; }
    },
    slow: (n) => numbers(n),
  },
  {
    name: "loads",
    kernel: (x: Float64Array, y: Float64Array, c: Float64Array) => {
      for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < c.length; k++) acc += c[k]! * x[i + k]!; y[i] = acc; }
    },
    slow: (n) => numbers(n),
  },
  {
    name: "branches",
    kernel: (x: Float64Array, y: Float64Array, rules: { at: number; least: number; weight: number }[]) => {
      for (let i = 0; i < y.length; i++) {
        let score = 0;
        for (const { at, least, weight } of rules) if (x[i + at]! > least) score += weight; else if (score > 64) score *= 0.5;
        y[i] = score;
      }
    },
    slow: (n) => Array.from({ length: n }, (_, i) => ({ at: (i * 5) % 8, least: i / n - 0.5, weight: 1 + i / n })),
  },
  {
    name: "integers",
    kernel: (x: Float64Array, y: Float64Array, c: Int32Array) => {
      for (let i = 0; i < y.length; i++) { let h = i | 0; for (let k = 0; k < c.length; k++) h = Math.imul(h ^ (h >>> 15), c[k]!) + x[i]!; y[i] = h; }
    },
    slow: (n) => Int32Array.from({ length: n }, (_, i) => (i * 2654435761) | 1),
  },
];

describe.each(families)("$name", ({ kernel, slow }) => {
  const residual = (n: number): Program =>
    compileKernel(kernel, [new Float64Array(16), new Float64Array(16), slow(n)], [2]).residual.stages.find(({ pass }) => pass === "evaluate")!.program!;
  const [small, large] = [looksOf(residual(30)), looksOf(residual(300))];

  test.each([...large.keys()].filter((pass) => !explores.has(pass)))("%s", (pass) => {
    expect(large.get(pass)!).toBeLessThanOrEqual(12 * Math.max(small.get(pass)!, 30)); // a small program may give a pass nothing to look at
  });
});

// What each turn of an unrolled loop adds to what partial evaluation hands on, loads and what they stand in not counted: the test of an index that turns
// share is written once.
test.each([["a chain", 2], ["loads", 9], ["branches", 4], ["integers", 8]] as const)("%s: at most %i operations a turn", (name, most) => {
  const { kernel, slow } = families.find((family) => family.name === name)!;
  const operations = (n: number): number => {
    const { program } = compileKernel(kernel, [new Float64Array(16), new Float64Array(16), slow(n)], [2]).residual.stages.find(({ pass }) => pass === "evaluate")!;
    return [...instructions(program!.functions[0]!.body)].filter(({ op }) => !/load|^(?:if|yield)$/.test(op)).length;
  };
  expect(operations(120) - operations(20)).toBeLessThanOrEqual(100 * most);
});

describe("loops in loops", () => {
  /** A picture's columns, of which each carries a sum down, with so many terms in a turn. */
  const columns = (terms: number): Program => compileKernel((x: Float64Array, y: Float64Array, c: Float64Array) => {
    for (let i = 0; i < 64; i++) {
      let s = x[i]!;
      for (let k = 0; k < 500; k++) { s = s * 0.5 + x[k * 64 + i]!; let t = s; for (const w of c) t = t * w + s; y[k * 64 + i] = t; }
    }
  }, [new Float64Array(32000), new Float64Array(32000), numbers(terms)], [2]).residual.stages.find(({ pass }) => pass === "evaluate")!.program!;

  test("interchange", () => {
    const [few, many] = [6, 60].map((n) => looksOf(columns(n)).get("interchange")!) as [number, number];
    expect(few).toBeGreaterThan(1000); // it is planned, and not left at first sight
    expect(many).toBeLessThanOrEqual(12 * few);
  });
});
