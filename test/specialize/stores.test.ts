import { describe, expect, test } from "vitest";
import { removeStores } from "../../src/specialize/stores.ts";
import { count, transform, base } from "./harness.ts";

const at = String(base);
const inputs = [[0], [1], [2], [3], [7]];
const of = (body: string): ReturnType<typeof count> => count(transform(removeStores, `func @f(%i: i32, %v: f64) -> f64 {  ${body}  }`, inputs.map(([i]) => [i!, 1.5])));

describe("loads of what was stored", () => {
  test("the same place, with stores to other places of the array between", () => {
    expect(of(`f64.store [${at} + %i << 3] space 1, %v  f64.store [${at} + %i << 3 + 8] space 1, 2.0  %a = f64.load [${at} + %i << 3] space 1  return %a`)).toMatchObject({ loads: 0, stores: 2 });
  });
  test("an index and the index plus a constant are apart", () => {
    expect(of(`%j = i32.add %i, 1  f64.store [${at} + %i << 3] space 1, %v  f64.store [${at} + %j << 3] space 1, 2.0  %a = f64.load [${at} + %i << 3] space 1  return %a`)).toMatchObject({ loads: 0 });
  });
  test("not past a store that may be to the same place", () => {
    expect(of(`%j = i32.and %i, 1  f64.store [${at} + %i << 3] space 1, %v  f64.store [${at} + %j << 3] space 1, 2.0  %a = f64.load [${at} + %i << 3] space 1  return %a`)).toMatchObject({ loads: 1 });
  });
  test("not past a store to an array that may overlap", () => {
    expect(of(`f64.store [${at} + %i << 3] space 1, %v  f64.store [${at} + 0 << 3] space 3, 2.0  %a = f64.load [${at} + %i << 3] space 1  return %a`)).toMatchObject({ loads: 1 });
  });
  test("not at another width", () => {
    expect(of(`f64.store [${at} + 0 << 3] space 1, %v  %a = f32.load [${at} + 0 << 3] space 1  %b = f64.promote_f32 %a  return %b`)).toMatchObject({ loads: 1 });
  });
});

describe("stores that are written over", () => {
  test("go", () => {
    expect(of(`f64.store [${at} + %i << 3] space 1, %v  f64.store [${at} + %i << 3] space 1, 2.0  return %v`)).toMatchObject({ stores: 1 });
  });
  test("stay if a load may see them", () => {
    expect(of(`f64.store [${at} + %i << 3] space 1, %v  %a = f64.load [${at} + 0 << 3] space 1  f64.store [${at} + %i << 3] space 1, 2.0  return %a`)).toMatchObject({ stores: 2 });
  });
  test("stay if the second is under a condition, or the code may leave between", () => {
    expect(of(`f64.store [${at} + %i << 3] space 1, %v  if %i { f64.store [${at} + %i << 3] space 1, 2.0  yield }  return %v`)).toMatchObject({ stores: 2 });
    expect(of(`f64.store [${at} + %i << 3] space 1, %v  if %i { return 0.5 }  f64.store [${at} + %i << 3] space 1, 2.0  return %v`)).toMatchObject({ stores: 2 });
  });
  test("stay if the second is narrower", () => {
    expect(of(`f64.store [${at} + %i << 3] space 1, %v  f32.store [${at} + %i << 3] space 1, 2.0f  return %v`)).toMatchObject({ stores: 2 });
  });
});
