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
  test("what JavaScript itself throws is caught by the original", () => served((o: { p: { x: number } | null }, a: number) => { try { return o.p!.x + a; } catch { return a; } }, [[{ p: { x: 1 } }, 2], [{ p: null }, 2]]));
});

describe("what the engine throws", () => {
  interface Holder { p: { x: number } | null; q?: number; log?: number }
  const held: readonly (readonly unknown[])[] = [[{ p: { x: 1 } }, 2], [{ p: null }, 2], [{ p: { x: 3 } }, -2], [{ p: null }, -1]];
  test("is a jump to the handler, which sees what was done", () => served((o: Holder, a: number) => { let s = 1; try { s = 2; const v = o.p!.x; s = 3 + v; } catch { return -s; } return s + a; }, held));
  test("at a read, a write, a call, a list of keys; what comes before it is done", () => served((o: Holder, a: number) => {
    let log = "";
    const f = (): number => { log += "f"; o.log = a; return 1; };
    try { o.p!.x = f(); } catch { log += "a"; }
    try { log += (o.p as never)[f()]; } catch { log += "b"; }
    try { (o.p as unknown as { m: (n: number) => void }).m(f()); } catch { log += "c"; }
    try { (a as unknown as (n: number) => void)(f()); } catch { log += "d"; }
    try { log += Object.keys(o.p!).length; } catch { log += "e"; }
    try { const { x } = o.p!; log += x; } catch { log += "g"; }
    return log.length;
  }, held));
  test("is told by its class, beside others", () => served((o: Holder, a: number) => {
    try { if (a === -1) throw new RangeError("-1"); return o.p!.x; } catch (e) { return e instanceof TypeError ? (e as Error).name.length : e instanceof RangeError ? -1 : -2; }
  }, held));
  test("in calls, loops and finalizers", () => served((rows: number[][], n: number) => {
    const first = (row: number[]): number => { try { return row[0]!; } finally { log++; } };
    let s = 0, bad = 0, log = 0;
    for (let i = 0; i < n; i++) { try { s += first(rows[i]!); } catch { bad++; continue; } s *= 2; }
    return [s, bad, log];
  }, [[[[1, 2], [3, 4]], 2], [[[1, 2], [3, 4]], 4]]));
  test("of what was not found", () => served((list: { id: number; w: number }[], id: number) => { try { return list.find((e) => e.id === id)!.w; } catch { return -1; } }, [[[{ id: 1, w: 2 }, { id: 2, w: 5 }], 2], [[{ id: 1, w: 2 }], 9]]));
  test("where a list of nodes ends", () => {
    interface Node { v: number; next: Node | null }
    return served((o: Node) => { let n = 0; try { let q = o; for (;;) { n += q.v; q = q.next!; } } catch { return n; } }, [[{ v: 1, next: { v: 2, next: null } }], [{ v: 1, next: { v: 2, next: { v: 5, next: null } } }]]);
  });
  test("beside a string", () => served((s: string, i: number) => { try { return s[i]!.charCodeAt(0); } catch { return -1; } }, [["abc", 1], ["abc", 5]]));
  test("keeps its message to itself: who asks gets it of the original", () => served((o: Holder) => { try { return o.p!.x; } catch (e) { return (e as Error).message.length; } }, held, { original: 2 }));
  test("… and is given back, thrown again, or put into another one's message by the original", async () => {
    await served((o: Holder) => { try { return o.p!.x; } catch (e) { return e; } }, held, { original: 2 });
    await served((o: Holder) => { let n = 0; try { return o.p!.x; } catch (e) { n++; throw e; } finally { o.q = n; } }, held, { original: 2 });
    await served((o: Holder) => { try { return o.p!.x; } catch (e) { throw new Error(`no p: ${(e as Error).message}`, { cause: e }); } }, held, { original: 2 });
  });
  test("in a handler that does what no version can", () => served((o: Holder, a: number) => { try { return o.p!.x; } catch (e) { if (a > 100) console.log(e); return null; } }, held));
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
