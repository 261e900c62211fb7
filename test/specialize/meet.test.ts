// Stores in both arms that become one behind them, and those that must stay.

import { describe, expect, test } from "vitest";
import type { Func, Program } from "../../src/ir/types.ts";
import { removeDeadCode } from "../../src/specialize/dce.ts";
import { joinStores } from "../../src/specialize/meet.ts";
import { removeStores } from "../../src/specialize/stores.ts";
import { count, transform } from "./harness.ts";
import { compileKernel, expectSame, lanesOf, runProgram } from "./vectorize.harness.ts";

const pass = (func: Func, program: Program): Func => removeDeadCode(removeStores(joinStores(func, program), program), program);
const left = (inside: string): { ifs: number; stores: number } => {
  const { ifs, stores } = count(transform(pass, `func @f(%i: i32, %x: f64) -> f64 { %c = f64.lt %x, 7.0  ${inside}  %r = f64.load [65536 + 3 << 3] space 1  return %r }`));
  return { ifs, stores };
};
const store = (index: string, value: string, space = 1): string => `f64.store [65536 + ${index} << 3] space ${space}, ${value}`;

describe("one store behind the arms", () => {
  test("a choice without a branch", () => { expect(left(`if %c { ${store("3", "%x")}  yield } else { ${store("3", "1.0")}  yield }`)).toEqual({ ifs: 0, stores: 1 }); });
  test("several, in their order", () => {
    expect(left(`if %c { ${store("3", "%x")}  ${store("4", "2.0")}  yield } else { ${store("3", "1.0")}  ${store("4", "%x")}  yield }`)).toEqual({ ifs: 0, stores: 2 });
  });
  test("several, in another order each, since they are to neighbours", () => {
    expect(left(`%j = i32.and %i, 7  %k = i32.add %j, 1  if %c { ${store("%k", "%x")}  ${store("%j", "2.0")}  yield } else { ${store("%j", "1.0")}  ${store("%k", "%x")}  yield }`)).toEqual({ ifs: 0, stores: 2 });
  });
  test("past the load of a neighbour", () => {
    expect(left(`%j = i32.and %i, 7  %k = i32.add %j, 1  if %c { ${store("%j", "%x")}  %l = f64.load [65536 + %k << 3] space 1  ${store("%k", "%l")}  yield } else { ${store("%j", "1.0")}  yield }`).stores).toBe(2);
  });
  test("from the inside out", () => {
    expect(left(`if %c { ${store("3", "%x")}  yield } else { %d = f64.lt %x, 100.0  if %d { ${store("3", "1.0")}  yield } else { ${store("3", "2.0")}  yield }  yield }`)).toEqual({ ifs: 0, stores: 1 });
  });
  test("where each arm makes the same address", () => {
    const arm = (value: string): string => `%j${value.length} = i32.and %i, 7  ${store(`%j${value.length}`, value)}  yield`;
    expect(left(`if %c { ${arm("%x")} } else { ${arm("1.0")} }`)).toEqual({ ifs: 0, stores: 1 });
  });
  test("of what costs too much for a choice the arms stay, and compute", () => {
    expect(left(`if %c { %s = math.sin %x  ${store("3", "%s")}  yield } else { %t = math.exp %x  ${store("3", "%t")}  yield }`)).toEqual({ ifs: 1, stores: 1 });
  });
  test("a store that one arm alone has stays before it", () => {
    expect(left(`if %c { ${store("5", "9.0")}  ${store("3", "%x")}  yield } else { ${store("3", "1.0")}  yield }`)).toEqual({ ifs: 1, stores: 2 });
  });
});

describe("one arm alone, behind a store to the same place", () => {
  test("the other writes what stands there", () => {
    expect(left(`${store("3", "1.0")}  if %c { ${store("3", "%x")}  yield } else { yield }`)).toEqual({ ifs: 0, stores: 1 });
  });
  test("from the inside out", () => {
    expect(left(`${store("3", "1.0")}  if %c { ${store("3", "%x")}  yield } else { %d = f64.lt %x, 100.0  if %d { ${store("3", "2.0")}  yield } else { yield }  yield }`)).toEqual({ ifs: 0, stores: 1 });
  });
  test("not where it has not been written", () => { expect(left(`%l = f64.load [65536 + 3 << 3] space 1  if %c { ${store("3", "%x")}  yield } else { yield }`)).toEqual({ ifs: 1, stores: 1 }); });
  test("not where it may have been written since", () => {
    expect(left(`%j = i32.and %i, 7  ${store("3", "1.0")}  ${store("%j", "5.0", 3)}  if %c { ${store("3", "%x")}  yield } else { yield }`)).toEqual({ ifs: 1, stores: 3 });
  });
  test("not where the other arm may write it", () => {
    expect(left(`%j = i32.and %i, 7  ${store("3", "1.0")}  if %c { ${store("3", "%x")}  yield } else { ${store("%j", "5.0", 3)}  yield }`)).toEqual({ ifs: 1, stores: 3 });
  });
});

describe("stores that stay", () => {
  test("to different places", () => { expect(left(`if %c { ${store("3", "%x")}  yield } else { ${store("4", "1.0")}  yield }`)).toEqual({ ifs: 1, stores: 2 }); });
  test("to different fields", () => { expect(left(`if %c { ${store("3", "%x")}  yield } else { ${store("3", "1.0").replace("]", " + 8]")}  yield }`)).toEqual({ ifs: 1, stores: 2 }); });
  test("to different spaces", () => { expect(left(`if %c { ${store("3", "%x")}  yield } else { ${store("3", "1.0", 3)}  yield }`)).toEqual({ ifs: 1, stores: 2 }); });
  test("before a store that may touch the same memory", () => {
    expect(left(`%j = i32.and %i, 7  if %c { ${store("3", "%x")}  ${store("%j", "5.0", 3)}  yield } else { ${store("3", "1.0")}  yield }`)).toEqual({ ifs: 1, stores: 3 });
  });
  test("before one to a place that may be the same, however the other arm orders them", () => {
    const two = "%j = i32.and %i, 7  %g = i32.and %i, 3";
    expect(left(`${two}  if %c { ${store("%g", "%x")}  ${store("%j", "2.0")}  yield } else { ${store("%j", "1.0")}  ${store("%g", "%x")}  yield }`).stores).toBeGreaterThan(2);
  });
  test("before a load that may read it", () => {
    expect(left(`if %c { ${store("3", "%x")}  %j = i32.and %i, 7  %l = f64.load [65536 + %j << 3] space 3  %s = math.sin %l  slot.set 0, %s  yield } else { ${store("3", "1.0")}  yield }`)).toEqual({ ifs: 1, stores: 2 });
  });
});

test("a threshold that counts is done in lanes", () => {
  const kernel = (x: Uint8Array, y: Uint8Array): number => {
    let n = 0;
    for (let i = 0; i < y.length; i++) { if (x[i]! >= 60 && x[i]! < 180) { y[i] = 255; n++; } else y[i] = 0; }
    return n;
  };
  const args = (): [Uint8Array, Uint8Array] => [Uint8Array.from({ length: 40 }, (_, i) => i * 37), new Uint8Array(40)];
  const compiled = compileKernel(kernel as never, args());
  expect(lanesOf(compiled)).toBe(16);
  const [x, y] = args(), n = kernel(x, y);
  const run = runProgram(compiled.residual.optimized, args());
  expect(run.result).toBe(n);
  expect([...run.arrays[1]!]).toEqual([...y]);
});

test("pixels whose channels are cleared in another order than they are written are done in lanes", () => {
  const kernel = (x: Uint8Array, y: Uint8ClampedArray, gain: number): void => {
    for (let i = 0; i < x.length; i += 4) {
      const e = x[i + 3]!;
      if (e === 0) y[i] = y[i + 1] = y[i + 2] = 0;
      else { const s = gain / e; y[i] = x[i]! * s; y[i + 1] = x[i + 1]! * s; y[i + 2] = x[i + 2]! * s; }
      y[i + 3] = 255;
    }
  };
  const args = (): unknown[] => [Uint8Array.from({ length: 80 }, (_, i) => (i % 12 === 3 ? 0 : i * 37)), new Uint8ClampedArray(80), 90];
  const compiled = compileKernel(kernel as never, args(), [2]);
  expect(lanesOf(compiled)).toBeGreaterThan(1);
  expectSame(kernel as never, compiled, [args()]);
});

test("particles that bounce are done in lanes", () => {
  const kernel = (x: Float64Array, v: Float64Array): void => {
    for (let i = 0; i < x.length; i++) {
      v[i] = v[i]! * 0.99 - 0.1;
      x[i]! += v[i]!;
      if (x[i]! < 0) { x[i] = -x[i]!; v[i] = -v[i]! * 0.8; } else if (x[i]! > 10) { x[i] = 20 - x[i]!; v[i] = -v[i]! * 0.8; }
    }
  };
  const args = (): [Float64Array, Float64Array] => [Float64Array.from({ length: 37 }, (_, i) => i / 3), Float64Array.from({ length: 37 }, (_, i) => 2 - i / 5)];
  const compiled = compileKernel(kernel as never, args());
  expect(lanesOf(compiled)).toBeGreaterThan(1);
  expectSame(kernel as never, compiled, [args()]);
});
