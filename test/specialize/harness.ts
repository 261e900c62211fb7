// What the tests of passes share: IR written as text, run before and after a pass on edge inputs, claims about what is left.

import { expect } from "vitest";
import { check } from "../../src/ir/check.ts";
import { instructions } from "../../src/ir/build.ts";
import { evaluate } from "../../src/ir/evaluate.ts";
import { parse } from "../../src/ir/parse.ts";
import { print } from "../../src/ir/print.ts";
import type { Func, Program, Space, Type } from "../../src/ir/types.ts";

export type Pass = (func: Func, program: Program) => Func;

/** Three arrays' worth of memory: space 0 is read only, space 1 is written, space 2 is a table; 1 and 3 may overlap. */
const spaces: readonly Space[] = [
  { name: "x", origin: "input", element: "f64", mayOverlap: [], written: false },
  { name: "y", origin: "input", element: "f64", mayOverlap: [3], written: true },
  { name: "t", origin: "data", element: "f64", mayOverlap: [], written: false },
  { name: "z", origin: "input", element: "f64", mayOverlap: [1], written: true },
];
export const programOf = (func: Func): Program => ({
  functions: [func], data: [{ name: "t", element: "f64", bytes: new Uint8Array(new Float64Array([1, 2, 3, 4]).buffer) }], spaces, inputs: [], frameBytes: 0,
  exits: [{ kind: "return", value: { make: "result", as: "number" }, writes: [] }],
});

export const f64Edges = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2, 3, 7, -7, 255, 1e9, 2147483647, 2147483648, -2147483648, -2147483649, 4294967295, 4294967296, 9007199254740992, 1e300, 5e-324, Infinity, -Infinity, NaN];
export const i32Edges = [0, 1, 2, 3, 5, 7, 8, -1, -2, -7, 31, 32, 255, 256, 65535, 2147483647, -2147483648, -2147483647, 123456789];

/** Where the test's arrays lie. */
export const base = 65536;
const layout = { data: [1024], frame: 2048, slots: 512, status: 256 };

/** What a run leaves behind: the result and the memory, or the exit by which it left. */
export function observe(program: Program, args: readonly number[]): string {
  const memory = new ArrayBuffer(base + 8192);
  new Float64Array(memory, base, 512).forEach((_, i, all) => { all[i] = (i * 7919) % 23 - 4; });
  new Uint8Array(memory).set(program.data[0]!.bytes, layout.data[0]);
  const { result, exit } = evaluate(program, args, memory, layout, { maxSteps: 1e6 });
  const doubles = new Float64Array(memory, base, 1024);
  doubles.forEach((x, i) => { if (x !== x) doubles[i] = NaN; }); // all NaNs are equal
  let digest = 0;
  for (const bits of new Int32Array(memory, base, 2048)) digest = (Math.imul(digest, 31) + bits) | 0;
  return `${Object.is(result, -0) ? "-0" : String(result)} exit ${exit} memory ${digest}`;
}

/** How often a call loads. */
export function loadsOf(func: Func, args: readonly number[]): number {
  const { counts } = evaluate(programOf(func), args, new ArrayBuffer(base + 8192), layout, { maxSteps: 1e6 });
  return [...counts].reduce((sum, [op, times]) => (op.includes(".load") ? sum + times : sum), 0);
}

/** Edge inputs for the parameters: all combinations for up to two, a mixture of as many for more. */
export function inputsFor(types: readonly Type[]): number[][] {
  const of = (t: Type): readonly number[] => (t === "i32" ? i32Edges : t === "f32" ? f64Edges.map(Math.fround) : f64Edges);
  if (types.length === 0) return [[]];
  if (types.length === 1) return of(types[0]!).map((v) => [v]);
  const out: number[][] = [];
  const [a, b] = [of(types[0]!), of(types[1]!)];
  for (let i = 0; i < a.length; i++) for (let j = 0; j < b.length; j++) {
    out.push([a[i]!, b[j]!, ...types.slice(2).map((t, k) => of(t)[(i * 5 + j * 3 + k * 7) % of(t).length]!)]);
  }
  return out;
}

/** IR text, of which several instructions may stand on a line, two spaces apart. */
export const ir = (text: string): Func => parse(text.replace(/\n| {2,}/g, "\n").replace(/\{ /g, "{\n").replace(/ \}/g, "\n}"));

/** Runs a pass over IR text, requires that nothing observable changes, and gives what it made. */
export function transform(pass: Pass, text: string, inputs?: readonly (readonly number[])[]): Func {
  const before = ir(text);
  const program = programOf(before);
  check(before, program);
  const printed = print(before);
  const after = pass(before, program);
  expect(print(before), "the pass changed its input").toBe(printed);
  check(after, programOf(after));
  for (const args of inputs ?? inputsFor(before.params.map((p) => p.type))) {
    expect(observe(programOf(after), args), `${print(before)}\nbecame\n${print(after)}\nfor ${args.map((v) => (Object.is(v, -0) ? "-0" : v)).join(", ")}`)
      .toBe(observe(program, args));
  }
  return after;
}

export interface Counts { loops: number; ifs: number; blocks: number; loads: number; stores: number; ops: number }
/** How much of each kind is in a function; `ops` are those that compute. */
export function count(func: Func): Counts {
  const counts = { loops: 0, ifs: 0, blocks: 0, loads: 0, stores: 0, ops: 0 };
  for (const { op } of instructions(func.body)) {
    if (op === "loop") counts.loops++;
    else if (op === "if") counts.ifs++;
    else if (op === "block") counts.blocks++;
    else if (op.includes(".load")) counts.loads++;
    else if (op.includes(".store")) counts.stores++;
    else if (!["yield", "br", "return", "trap"].includes(op)) counts.ops++;
  }
  return counts;
}

/** The body of a function as one line a piece: for claims that read. */
export const body = (func: Func): string => print(func).split("\n").slice(1, -2).map((l) => l.trim()).join("; ");
