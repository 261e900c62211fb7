// Residual JavaScript, read and run: each program's text, and the same outcome as the evaluator's.

import { describe, expect, it } from "vitest";
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
            const at = (i + k) | 0;
            acc += taps[k] * (at >>> 0 < x_length >>> 0 ? x[at] : NaN);
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
