// try: throws that are caught in the kernel, finalizers on every way out, and what is left to the original.

import { describe, test } from "vitest";
import { served } from "./served.ts";

const numbers = [[1, 2], [-0, 3], [NaN, 1], [2.5, -7], [7, 7]];

describe("catch", () => {
  test("a throw under a condition is a jump to the handler, which sees what was thrown and done", () => served((a: number, b: number) => {
    let s = 0;
    try { s += a; if (a > b) throw a - b; s += b; } catch (e) { s = s * 100 + (e as number); }
    return s;
  }, numbers));
  test("from inlined calls, out of loops", () => served((x: Float64Array, limit: number) => {
    const check = (v: number, i: number): number => { if (!(v < limit)) throw new RangeError(`element ${i}`); return v; };
    let s = 0;
    try { for (let i = 0; i < x.length; i++) s += check(x[i]!, i); } catch (e) { s = -s - (e instanceof RangeError ? 1 : 2); }
    return s;
  }, [[Float64Array.of(1, 2, 3), 10], [Float64Array.of(1, 2, 3), 3], [Float64Array.of(NaN), 1], [new Float64Array(), 0]]));
  test("in a loop, with and without a parameter, the rest going on", () => served((x: Float64Array) => {
    let bad = 0, s = 0;
    for (let i = 0; i < x.length; i++) { try { if (x[i]! < 0) throw 1; s += x[i]!; } catch { bad++; continue; } s *= 2; }
    return [s, bad];
  }, [[Float64Array.of(1, -2, 3)], [Float64Array.of(-1)], [new Float64Array()]]));
  test("thrown again, and caught outside", () => served((a: number, b: number) => {
    let s = 0;
    try { try { if (a > 0) throw a; s = 1; } catch (e) { s += 10; if ((e as number) > b) throw (e as number) + 1; s += 100; } } catch (e) { s += 1000 * (e as number); }
    return s;
  }, numbers));
  test("the message and the class", () => served((a: number) => { try { if (a < 0) throw new TypeError("below"); return a; } catch (e) { return (e as Error).message.length + (e as Error).name.length; } }, [[1], [-1]]));
  test("what nobody catches is thrown by the original", () => served((a: number) => { try { if (a < 0) throw new TypeError("below"); } catch (e) { throw new RangeError((e as Error).message); } return a; }, [[1], [-1]], { original: 1 }));
  test("what JavaScript itself throws is caught by the original", () => served((o: { p: { x: number } | null }, a: number) => { try { return o.p!.x + a; } catch { return a; } }, [[{ p: { x: 1 } }, 2], [{ p: null }, 2]], { original: 1 }));
});

describe("finally", () => {
  test("after the end, a return, a break, a continue", () => served((x: Float64Array, k: number) => {
    let log = 0, s = 0;
    const f = (v: number): number => { try { if (v > k) return v; s += 1; } finally { log = log * 3 + 1; } return -v; };
    for (let i = 0; i < x.length; i++) {
      try { if (x[i]! < 0) continue; if (x[i]! > 100) break; s += f(x[i]!); } finally { log += 1; }
      s *= 2;
    }
    return [s, log];
  }, [[Float64Array.of(1, -2, 3, 101, 4), 2], [Float64Array.of(5), 9], [new Float64Array(), 1]]));
  test("on a throw, that is caught, or left to the original", async () => {
    const f = (a: number, b: number): number => {
      let s = 0;
      try { try { if (a > b) throw a; s = b; } finally { s += 100; } s += 1; } catch (e) { s = -s - (e as number); } finally { s *= 2; }
      return s;
    };
    await served(f, numbers);
    await served((a: number, x: Float64Array) => { try { if (a < 0) throw new Error("below"); return a; } finally { x[0] = a; } }, [[1, new Float64Array(1)], [-1, new Float64Array(1)]], { original: 1 });
  });
  test("its own return overrules", () => served((a: number, b: number) => {
    // eslint-disable-next-line no-unsafe-finally -- what is tested
    const f = (): number => { try { if (a > b) throw a; return 1; } finally { if (b > 2) return 2; } };
    try { return f(); } catch (e) { return (e as number) + 10; }
  }, numbers));
  test("nested, each in its turn", () => served((a: number) => {
    let t = 0;
    const f = (): number => { try { try { if (a > 1) return 1; if (a < 0) throw 2; t = t * 10 + 1; } catch { t = t * 10 + 2; return 3; } finally { t = t * 10 + 3; } return 4; } finally { t = t * 10 + 4; } };
    return [f(), t];
  }, [[0], [2], [-1], [NaN]]));
});
