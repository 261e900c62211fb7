// Which loops run side by side, and that they compute the same.

import { describe, expect, test } from "vitest";
import { instructions } from "../../src/ir/build.ts";
import type { Loop } from "../../src/ir/types.ts";
import { runAlongside } from "../../src/specialize/alongside.ts";
import { ready, specialize } from "../../src/index.ts";
import { transform } from "./harness.ts";

/** A filter over places, whose state its own loop carries: element `from(i)` of space 0 to `to(i)` of another one. */
const filter = (k: string, { from = "i32.shl %i, 1", to = "", plus = "0", limit = "%n", first = "0", step = 1, space = 1, init = "0.5" } = {}): string => `
  %s${k}: f64 = loop l${k} (%i: i32 = ${first}, %z: f64 = ${init}) { %c = i32.lt_s %i, ${limit}  if %c {
    %p0 = ${from}  %p = i32.add %p0, ${plus}  %v = f64.load [65536 + %p << 3] space 0  %d = f64.sub %v, %z  %e = f64.mul %d, 0.25  %g = f64.add %z, %e  %h = f64.div %g, 1.5
    %q0 = ${to || from}  %q = i32.add %q0, ${plus}  f64.store [66560 + %q << 3] space ${space}, %h  %j = i32.add %i, ${step}  br l${k}, %j, %h }  yield %z }`.replace(/%([cpqvdeghijz]0?)\b/g, `%$1${k}`);
const func = (body: string, result = "%sa"): string => `func @f(%x: i32, %y: i32) -> f64 { %n = i32.and %x, 31  %m = i32.and %y, 15  ${body}  return ${result} }`;
const inputs = [[0, 0], [1, 1], [5, 3], [3, 5], [31, 15], [16, 0]];
/** the loops' roles, in order */
const roles = (text: string, runs = inputs): string => [...instructions(transform(runAlongside, text, runs).body)].filter((i): i is Loop => i.op === "loop").map((l) => l.notes?.role ?? "-").join(" ");
const together = "main rest rest", apart = "- -";

describe("side by side", () => {
  test("channels of two", () => { expect(roles(func(`${filter("a")} ${filter("b", { plus: "1" })}`))).toBe(together); });
  test("as far as both go, and each from there on", () => { expect(roles(func(`${filter("a")} ${filter("b", { plus: "1", limit: "%m" })}`, "%sb"))).toBe(together); });
  test("counters that begin apart and go up by as much", () => {
    const mixed = { from: "i32.add %i, 0", step: 2 };
    expect(roles(func(`${filter("a", mixed)} ${filter("b", { ...mixed, first: "1" })}`))).toBe(together);
    expect(roles(func(`${filter("a", mixed)} ${filter("b", { ...mixed, first: "2" })}`))).toBe(apart);
  });
  test("not as far as a counter may wrap, which takes as many iterations as no test has", () => {
    const limits = (far: string): number => [...instructions(transform(runAlongside, `func @f(%x: i32) -> f64 { %n = ${far}  ${filter("a")} ${filter("b", { plus: "1" })}  return %sa }`, [[0], [9]]).body)].filter(({ op }) => op === "i32.select").length;
    expect(limits("i32.and %x, 2147483647")).toBe(1);
    expect(limits("i32.and %x, 31")).toBe(0);
  });
  test("of three, where nothing wraps", () => {
    const thirds = { from: "i32.mul %i, 3", limit: "%m" };
    expect(roles(func(`${filter("a", thirds)} ${filter("b", { ...thirds, plus: "1" })} ${filter("c", { ...thirds, plus: "2" })}`))).toBe("main rest rest rest");
    expect(roles(func(`${filter("a", { ...thirds, limit: "%far" })} ${filter("b", { ...thirds, plus: "1", limit: "%far" })}`).replace("%m =", "%far = i32.xor %n, 1073741824  %m ="), [])).toBe(apart);
  });
  test("what the second begins with is computed before the first, where it stores nothing to it", () => {
    const second = (space: number): string => func(`${filter("a")} %o = f64.load [66560 + 1 << 3] space ${space}  %w = f64.mul %o, 2.0 ${filter("b", { plus: "1", init: "%w" })}`);
    expect(roles(second(0))).toBe(together);
    expect(roles(second(1))).toBe(apart);
  });
  test("what stands between stores elsewhere", () => {
    const between = (index: number): string => func(`${filter("a")} f64.store [66560 + ${index} << 3] space 1, %sa ${filter("b", { plus: "1" })}`);
    expect(roles(between(4))).toBe(together);
    expect(roles(between(3))).toBe(apart);
  });
});

test("each loop is in one group: what the second can't go with, the third does", () => {
  const third = (plus: string): string => filter("c", { plus });
  expect(roles(func(`${filter("a")} ${filter("b")} ${third("1")}`))).toBe("main rest - rest");
});

describe("one behind the other", () => {
  test("places that meet", () => {
    expect(roles(func(`${filter("a")} ${filter("b")}`))).toBe(apart);
    expect(roles(func(`${filter("a")} ${filter("b", { from: "i32.shl %i, 1", to: "i32.mul %i, 3", plus: "1" })}`))).toBe(apart);
    expect(roles(func(`${filter("a", { space: 3 })} ${filter("b", { plus: "1", from: "i32.shl %i, 1" }).replaceAll("66560", "66568")}`))).toBe(apart); // two views, maybe of one array
  });
  test("what the first ends with is what the second begins with", () => { expect(roles(func(`${filter("a")} ${filter("b", { plus: "1", init: "%sa" })}`))).toBe(apart); });
  test("a way out between them", () => {
    expect(roles(func(`${filter("a")} %big = f64.gt %sa, 3.0  if %big { trap exit 0 } else { yield } ${filter("b", { plus: "1" })}`))).toBe(apart);
  });
  test("an outer counter that one place is a sum of at once, the other four sums further", () => {
    const deep = `%g1 = i32.and %x, 3  %g2 = i32.add %g1, %g1  %g3 = i32.add %g2, %g1  %g4 = i32.add %g3, %g1
      %w: f64 = loop lo (%o: i32 = 5, %t: f64 = 0.0) { %r = i32.lt_s %o, 30  if %r {
        %u = i32.add %o, %g4  %k1 = i32.add %o, %g1  %k2 = i32.add %k1, %g1  %k3 = i32.add %k2, %g1  %k4 = i32.add %k3, %g1
        ${filter("a", { from: "i32.shl %i, 0", to: "i32.add %u, 0" })} ${filter("b", { from: "i32.shl %i, 0", to: "i32.add %k4, 0", limit: "%m" })}
        %l = f64.load [66560 + %u << 3] space 1  %t2 = f64.add %t, %l  %o2 = i32.add %o, 8  br lo, %o2, %t2 } yield %t }`;
    expect(roles(func(deep, "%w"))).toBe("- - -");
  });
  test("a counter that goes faster", () => { expect(roles(func(`${filter("a")} ${filter("b", { plus: "1", step: 2 })}`))).toBe(apart); });
  test("sums, which wait for one addition", () => {
    const sum = (k: string, plus: string): string => filter(k, { plus }).replace(/%d. = .*%h. = f64.div %g., 1.5/, "%d = f64.mul %v, 2.0  %e = f64.add %d, 1.0  %g = f64.abs %e  %u = f64.sqrt %g  %t = f64.neg %u  %h = f64.add %z, %t".replaceAll(/%(\w)/g, `%$1${k}`));
    expect(roles(func(`${sum("a", "0")} ${sum("b", "1")}`))).toBe(apart);
  });
});

test("channels of interleaved samples, each with a filter of its own, in place and not, of any length", async () => {
  await ready();
  const filtered = (x: Float64Array, y: Float64Array, sections: { b: number; a: number }[]): number => {
    const n = sections.length;
    let sum = 0;
    for (let c = 0; c < n; c++) {
      const { b, a } = sections[c]!;
      let u = 0, v = 0;
      for (let i = c; i < x.length; i += n) { const o = b * x[i]! + u; u = v - a * o; v = b * o - a * u; y[i] = o; }
      sum += u;
    }
    return sum;
  };
  const sections = [{ b: 0.5, a: 0.25 }, { b: 0.75, a: -0.5 }, { b: 0.3, a: 0.125 }], fast = specialize(filtered, { slow: ["sections"], tier: "wasm", compile: "sync" });
  const made = (n: number, by: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i * by));
  for (const [n, m] of [[0, 0], [1, 1], [2, 5], [30, 30], [31, 20], [32, 40]] as const) {
    const [x, y] = [made(n, 3), made(m, 2)], [p, q] = [made(n, 3), made(m, 2)];
    expect(fast(x, y, sections)).toBe(filtered(p, q, sections));
    expect([x, y]).toEqual([p, q]);
    if (n === 30) expect(fast.inspect(x, y, sections).log.join("\n")).toContain("3 loops → one, as far as all of them go");
    expect(fast(x, x, sections)).toBe(filtered(p, p, sections));
    expect(x).toEqual(p);
  }
  expect(fast.stats().calls.original).toBe(0);
});

test("channels of words, whose filters wait for more than they do, are left to run side by side", async () => {
  await ready();
  const filtered = (x: Int16Array, y: Int16Array, amount: number): void => {
    for (let c = 0; c < 3; c++) { let hold = 0; for (let i = 0; i < x.length / 3; i++) { hold += (x[3 * i + c]! - hold) * amount; y[3 * i + c] = hold; } }
  };
  const alone = (x: Int16Array, y: Int16Array, amount: number): void => { let hold = 0; for (let i = 0; i < x.length / 3; i++) { hold += (x[3 * i]! - hold) * amount; y[3 * i] = hold; } };
  const heavy = (x: Int16Array, y: Int16Array, amount: number): void => {
    for (let c = 0; c < 3; c++) { let hold = 0; for (let i = 0; i < x.length / 3; i++) { hold += (Math.exp(x[3 * i + c]! / 9999) - hold) * amount; y[3 * i + c] = hold; } }
  };
  const made = (n: number): Int16Array => Int16Array.from({ length: n }, (_, i) => Math.imul(i, 0x9e3779b1));
  for (const [kernel, lanes] of [[filtered, 1], [alone, 8], [heavy, 4]] as const) {
    const fast = specialize(kernel, { slow: ["amount"], tier: "wasm", compile: "sync" });
    for (const [n, m] of [[0, 0], [1, 1], [30, 30], [31, 20], [98, 99]] as const) for (const amount of [0.3, -1e18]) {
      const [x, y, p, q] = [made(n), made(m), made(n), made(m)];
      fast(x, y, amount); kernel(p, q, amount);
      expect([x, y]).toEqual([p, q]);
      fast(x, x, amount); kernel(p, p, amount);
      expect(x).toEqual(p);
    }
    const most = Math.max(1, ...fast.versions()[0]!.vectorized.map((l) => l.lanes));
    if (lanes === 1) expect(most).toBe(1); else expect(most).toBeGreaterThanOrEqual(lanes);
    expect(fast.stats().calls.original).toBe(0);
  }
});
