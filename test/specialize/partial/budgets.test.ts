// Budgets that degrade: whatever a kernel asks of partial evaluation, it ends, says why, and the result is right.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../../src/index.ts";
import { altogether, budgetOf, lastLevel, spent, withCalls, writesTheSame } from "../../../src/specialize/partial/budget.ts";
import { facts } from "./facts.ts";

await ready();

const quick = { compileMs: 400 };
const said = (messages: readonly string[]): string => messages.join("; ");

describe("budgets", () => {
  it("a slow array of millions is treated as fast", () => {
    function kernel(x: number, a: ArrayLike<number>): number { let t = 0; for (let i = 0; i < a.length; i++) t += a[i]! * x; return t; }
    const { said: messages } = facts(kernel, ["a"], [[2.5, new Float64Array(2_000_000).map((_, i) => i % 7)]], { original: "allowed" });
    expect(said(messages)).toContain("too large to become part of the code");
  });

  it("a slow array of thousands becomes a table, and the loop is kept", () => {
    function kernel(x: number, a: number[]): number { let t = 0; for (const v of a) t += v * x; return t; }
    const { loops, tables, said: messages } = facts(kernel, ["a"], [[2.5, Array.from({ length: 5000 }, (_, i) => i / 2)]]);
    expect({ loops, tables }).toEqual({ loops: 1, tables: 1 });
    expect(said(messages)).toContain("the loop is kept");
  });

  it("a long list that is filled, where a short one would be a table", () => {
    function kernel(x: number, n: number): number { const list = new Float64Array(n); for (let i = 0; i < n; i++) list[i] = i * i; list[x & 255] = x; return list[(x * 7) & 1023]!; }
    const long = facts(kernel, ["n"], [[2.5, 16384]]), short = facts(kernel, ["n"], [[2.5, 1024]]);
    expect(long.loops).toBeGreaterThan(0);
    expect(short.loops).toBe(0);
    expect(said(long.said)).toContain("a long list is filled");
  });

  it("a static loop that never ends, behind a dynamic test", () => {
    function kernel(x: number, n: number): number {
      if (x > 1e9) { let i = 0; while (i >= 0) i = (i + 1) % n; return i; }
      return x;
    }
    const { loops, said: messages } = facts(kernel, { slow: ["n"], limits: quick }, [[2.5, 10]]);
    expect(loops).toBe(0); // an endless loop has no effect that could be told
    expect(said(messages)).toContain("begun again");
  });

  it("recursion over static data that would write exponentially much is shared", () => {
    function kernel(n: number, x: number): number { return n === 0 ? x : kernel(n - 1, x) + kernel(n - 1, x * 2); }
    expect(facts(kernel, { slow: ["n"], limits: quick }, [[5, 2.5]]).said).toEqual([]);
    const { operations, said: messages } = facts(kernel, { slow: ["n"], limits: quick }, [[16, 2.5]]);
    expect(operations).toBeLessThan(200);
    expect(said(messages)).toContain("begun again");
  });

  it("what gave up once is found out sooner, and small values are unfolded all the same", () => {
    function kernel(n: number, x: number): number { return n === 0 ? x : kernel(n - 1, x) + kernel(n - 1, x * 2); }
    const make = () => specialize(kernel, { slow: ["n"], tier: "wasm", compile: "sync", limits: { compileMs: 1000 } }), fast = make(), fresh = make();
    const operations = (of: typeof fast, n: number): number => { expect(of(n, 2.5)).toBe(kernel(n, 2.5)); return of.versions().at(-1)!.operations; };
    const shared = operations(fast, 13);
    expect(operations(fresh, 9)).toBeGreaterThan(2 * shared);
    expect(operations(fast, 9)).toBe(shared); // a tenth of the work that was there the first time
    expect(operations(fast, 4)).toBe(operations(fresh, 4));
    fast.dispose();
    fresh.dispose();
  });

  it("calls that hand over arrays have twice the work, unless a version was refused that had them", () => {
    const work = (gaveUp: number, level: number, handsObjects: boolean): number => budgetOf(level, { unroll: 10, operations: 100, ms: 1000, gaveUp }, 0, handsObjects).work;
    for (const level of [1, lastLevel]) {
      expect(work(lastLevel, level, true)).toBe(2 * work(0, level, false));
      expect(work(altogether, level, true)).toBe(work(0, level, false) / 5);
    }
    expect(work(altogether, lastLevel, false)).toBe(work(0, lastLevel, false)); // where every loop is kept smaller values may do
  });

  it("functions that are handed the kernel's own arrays are called where all else writes too much", () => {
    function add(a: readonly number[], b: readonly number[]): number[] {
      const sum = [];
      let carry = 0;
      for (let i = 0; i < a.length || i < b.length || carry > 0; i++) { const s = (a[i] ?? 0) + (b[i] ?? 0) + carry; sum.push(s % 10); carry = s >= 10 ? 1 : 0; }
      return sum;
    }
    function twice(a: number[]): number[] { // in place
      let carry = 0;
      for (let i = 0; i < a.length; i++) { const s = 2 * a[i]! + carry; a[i] = s % 10; carry = s >= 10 ? 1 : 0; }
      if (carry > 0) a.push(1);
      return a;
    }
    function kernel(x: number[], y: number[]): number[][] {
      const a = add(x, y), b = twice(add(a, x)), c = add(a, b), d = twice(add(c, b)), e = add(d, d), f = twice(add(e, c)), g = add(f, twice(d)), h = add(g, a);
      return [d, add(add(h, f), add(g, e)), add(twice(h), add(f, f))];
    }
    const fast = specialize(kernel, { tier: "wasm", compile: "sync", limits: { operations: 1000 } });
    for (const [x, y] of [[[1, 2, 3, 9], [9, 9]], [[], [7]], [[9, 9, 9], [1]]] as const) expect(fast([...x], [...y])).toEqual(kernel([...x], [...y]));
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 3 });
    const messages = said(fast.diagnostics().map(({ message }) => message));
    expect(messages).toContain("functions that are handed arrays and objects are called");
    expect(messages).not.toContain("only small loops"); // nothing is unrolled: the lower levels would write as much
    expect(fast.versions()[0]!.operations).toBeLessThan(500); // 743 where each call is walked in place
    fast.dispose();
  });

  const subtract = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x - b[i]!);
  const add = (a: readonly number[], b: readonly number[]): number[] => a.map((x, i) => x + b[i]!);
  const times = (a: readonly number[], k: number): number[] => a.map((x) => x * k);
  const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const points = (n: number): number[][] => Array.from({ length: n }, (_, i) => [i * 1.5, (i * i) % 7]);
  const handedOver = (kernel: (points: number[][]) => unknown): string => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync", limits: { operations: 600 } });
    for (const n of [5, 3, 0]) expect(fast(points(n))).toEqual(kernel(points(n)));
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 3 });
    const messages = said(fast.diagnostics().map(({ message }) => message));
    fast.dispose();
    return messages;
  };
  const calls = "functions that are handed arrays and objects are called";
  it("… rows of the caller's are handed over, too, and what may be missing", () => {
    expect(handedOver((list) => {
      const out: unknown[] = [];
      for (const p of list) for (const q of list) out.push(subtract(p, q), subtract(q, p), [dot(p, q), dot(p, p), dot(q, q)], subtract(p, p), subtract(q, q), subtract(subtract(p, q), p), subtract(subtract(q, p), subtract(p, q)));
      return out;
    })).toContain(calls);
  });
  it("… of functions with captured variables that they change", () => {
    expect(handedOver((list) => {
      let total = 0;
      const grown = (v: number[]): number[] => { total += dot(v, v); return times(v, total); };
      const out: number[][] = [];
      for (const p of list) { const q = grown(subtract(p, list[0]!)), r = grown(add(q, p)); out.push(add(grown(r), grown(subtract(r, q)))); }
      return [out, total];
    })).toContain(calls);
  });

  it("… but not where a lower level writes less, since it does not unroll or unfold what calls them", () => {
    function add(a: readonly number[], b: readonly number[]): number[] {
      const sum = [];
      for (let i = 0; i < a.length || i < b.length; i++) sum.push((a[i] ?? 0) + (b[i] ?? 0));
      return sum;
    }
    function unrolled(x: number[], n: number): number[] { let a = add(x, x); for (let i = 0; i < n; i++) { a = add(a, x); a.push(i); } return a; }
    function unfolded(x: number[], n: number): number[] { return n === 0 ? add(x, x) : add(unfolded(x, n - 1), unfolded(x, n - 1)); }
    for (const [kernel, n] of [[unrolled, 40], [unfolded, 5]] as const) {
      const fast = specialize(kernel, { slow: ["n"], tier: "wasm", compile: "sync", limits: { operations: 700 } });
      expect(fast([1, 2.5, 3], n)).toEqual(kernel([1, 2.5, 3], n));
      expect(fast.stats().calls.wasm).toBe(1);
      const messages = said(fast.diagnostics().map(({ message }) => message));
      expect(messages).toContain("only small loops are unrolled and recursion is shared");
      expect(messages).not.toContain("handed arrays and objects");
      fast.dispose();
    }
  });

  it("deep recursion over static data: the original, with a reason", () => {
    type List = { v: number; next: List } | null;
    function kernel(list: List, x: number): number { return list === null ? x : list.v * x + kernel(list.next, x + 1); }
    let list: List = null;
    for (let i = 0; i < 600; i++) list = { v: i, next: list };
    expect(facts(kernel, ["list"], [[list, 2.5]], { original: "allowed" }).said.length).toBeGreaterThan(0);
  });

  it("deep recursion that dynamic values drive", () => {
    function kernel(n: number, x: number): number { return n <= 0 ? x : kernel(n - 1, x + 1) + 1; }
    expect(facts(kernel, [], [[1000, 2.5], [0, 2.5]]).said).toEqual([]);
  });

  it("a product of static loops: inner ones unroll, outer ones are kept", () => {
    function kernel(n: number, x: number): number { let t = 0; for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) t += x * i * j * k; return t; }
    const { loops, operations, said: messages } = facts(kernel, ["n"], [[10, 2.5], [50, 2.5]]);
    expect(loops).toBeGreaterThan(0);
    expect(operations).toBeLessThan(3000);
    expect(said(messages)).toContain("the loop is kept");
  });

  it("a static computation that takes long is left to run time", () => {
    function kernel(n: number, x: number): number { let t = 0; for (let i = 0; i < n; i++) t += (i * i) % 7; return t * x; }
    expect(facts(kernel, ["n"], [[1000, 2.5]]).loops).toBe(0);
    expect(facts(kernel, { slow: ["n"], limits: quick }, [[1_000_000, 2.5]]).loops).toBe(1);
  });

  it("more than a million elements: sorted, mapped, searched", () => {
    const a = new Array<number>(1_100_000).fill(3);
    for (const kernel of [
      (a: number[], x: number): number => a.map((v) => v * 2).reduce((p, q) => p + q, 0) * x,
      (a: number[], x: number): number => a.slice().sort((p, q) => p - q)[0]! * x,
      (a: number[], x: number): number => a.indexOf(-5) * x,
    ]) {
      const fast = specialize(kernel, { slow: ["a"], tier: "js", compile: "sync", limits: quick });
      expect(fast(a, 0.5)).toBe(kernel(a, 0.5));
      expect(said(fast.diagnostics().map(({ message }) => message))).toContain("too large to become part of the code");
    }
  });

  it("one step that would write more than all may", () => {
    function kernel(a: number[], x: number): number { const b = [...a].sort((p, q) => p - q); let t = 0; for (const v of b) t = t * 0.5 + v * x; return t; }
    const list = Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 70_001);
    expect(said(facts(kernel, { slow: ["a"], limits: quick }, [[list, 0.5]], { original: "allowed" }).said)).toMatch(/operations|milliseconds/);
  });

  it("a long text, character by character", () => {
    function kernel(s: string, x: number): number { let t = 0; for (let i = 0; i < s.length; i++) if (s[i] === "b") t += x; return t; }
    expect(facts(kernel, ["s"], [["abc".repeat(50), 0.5]]).loops).toBe(0);
    expect(facts(kernel, { slow: ["s"], limits: quick }, [["abc".repeat(300_000), 0.5]]).loops).toBe(1); // one of its characters after the other
    function pick(s: string, x: Uint8Array): number { let t = 0; for (let i = 0; i < x.length; i++) if (s[x[i]!] === "b") t += i; return t; }
    facts(pick, ["s"], [["abcabcabcabcabcabcabcabc", Uint8Array.of(0, 1, 4, 7, 30, 23)]]);
  });

  it("an exponential structure of branches over objects: copies up to a budget, then one test an access", () => {
    function kernel(x: number, config: { k: { v: number }; n: number; list: { v: number }[] }): number {
      let a = config.k, b = config.k, c = config.k;
      for (let i = 0; i < config.n; i++) {
        if (x > i) a = config.list[i % 3]!; else b = config.list[(i + 1) % 3]!;
        c = a.v > b.v ? a : b;
      }
      return c.v + a.v;
    }
    const config = { n: 20, k: { v: 0 }, list: [{ v: 1 }, { v: 2 }, { v: 3 }] };
    const { operations, said: messages } = facts(kernel, ["config"], [2.5, 12.5, -1, 100, NaN].map((x) => [x, config]));
    expect(operations).toBeLessThan(3000);
    expect(said(messages)).toContain("at every access");
  });

  it("numbers that branches choose are lifted: no copies at all", () => {
    function kernel(x: number, config: { n: number }): number {
      let a = 0;
      for (let i = 0; i < config.n; i++) { if (x > i) a += 1; else a -= 2; if (a > 3) a = 0; }
      return a;
    }
    expect(facts(kernel, ["config"], [2.5, 12.5, -1, 100, NaN].map((x) => [x, { n: 30 }])).operations).toBeLessThan(30 * 8);
  });
});

describe("what a budget is of", () => {
  const limits = { unroll: 3000, operations: 50_000, ms: 1000 };
  it("work, not the clock, as long as that is not many times what the work takes", () => {
    const budget = budgetOf(0, limits, performance.now() - limits.ms);
    expect(spent(budget, budget.work)).toBeUndefined();
    expect(spent(budget, budget.work + 1)?.option).toBe("limits.compileMs");
    expect(spent(budgetOf(0, limits, performance.now() - 10 * limits.ms), 0)?.option).toBe("limits.compileMs");
  });

  it("all levels together have what the option says", () => {
    const parts = Array.from({ length: lastLevel + 1 }, (_, level) => budgetOf(level, limits, 0).work);
    expect(parts.reduce((a, b) => a + b)).toBe(budgetOf(0, { ...limits, ms: 2 * limits.ms }, 0).work);
  });
});

describe("beginning again", () => {
  it("not at the first level where long walks have written nearly nothing but copies and iterations", () => {
    const limits = { unroll: 10, operations: 100, ms: 1000 }, first = budgetOf(0, limits, 0), { work } = first, copies = { repeated: 95, written: 100 };
    const reached = (budget: typeof first, all: number, last: number, written = copies): boolean => writesTheSame(budget, { all, last }, written) !== undefined;
    expect(reached(first, work / 2, work / 4)).toBe(true);
    expect(reached(first, work / 5, work / 5)).toBe(false); // there is time to learn
    expect(reached(first, work / 2, work / 50)).toBe(false); // many short walks
    expect(reached(first, work / 2, work / 4, { repeated: 80, written: 100 })).toBe(false);
    expect(reached(budgetOf(1, limits, 0), work / 2, work / 4)).toBe(false);
    expect(reached(withCalls(first, work / 4), work / 5, work / 5)).toBe(false);
  });
  it("… but at the next one, which serves the kernel", () => {
    // each list that is learned of has the walk begin again, and each walk writes twice as many iterations as the one before
    const iterations = "for (let k = 0; k < n; k++) t = t * 0.5 + x; ";
    const list = (i: number): string => `const a${i} = []; for (let j = 0; j < m; j++) a${i}.push(x); for (let j = 0; j < m; j++) a${i}.push(j > 1 ? x > 0 : x); t += Number(a${i}[m]); `;
    const kernel = new Function("n", "m", "x", `let t = 0; ${Array.from({ length: 5 }, (_, i) => iterations.repeat(2 ** i) + list(i)).join("")} return t;`) as (n: number, m: number, x: number) => number;
    const fast = specialize(kernel, { slow: ["n"], tier: "js", compile: "sync", limits: { compileMs: 4500 } });
    expect(fast(300, 3, 2.5)).toBe(kernel(300, 3, 2.5));
    expect(fast.stats().calls).toEqual({ original: 0, js: 1, wasm: 0 });
    expect(said(fast.diagnostics().map(({ message }) => message))).toContain("only small loops are unrolled"); // not all 9300 iterations, in four times the work
    expect(fast.versions()[0]!.operations).toBeLessThan(1000);
    fast.dispose();
  });
  it("where a slow value is written, what was given up with it is found out sooner without it", () => {
    function kernel(o: { k: number; m: number }, x: number): number {
      const sum = (n: number, y: number): number => (n === 0 ? y : sum(n - 1, y) + sum(n - 1, y * 2));
      const t = sum(o.m, x) + sum(o.k, x);
      o.m++;
      return t;
    }
    const fast = specialize(kernel, { slow: ["o"], tier: "js", compile: "sync", limits: { compileMs: 1000 } });
    expect(fast({ m: 14, k: 9 }, 2.5)).toBe(kernel({ m: 14, k: 9 }, 2.5));
    const messages = said(fast.diagnostics().map(({ message }) => message));
    expect(messages).toContain('"o.m" is treated as fast');
    expect(messages).toContain("begun again"); // the second time with a tenth of the work; with all of it sum(9, x) would be unfolded
    fast.dispose();
  });
  it("a walk learns what all arrays hold that it meets, not what one of them does", () => {
    const many = Array.from({ length: 70 }, (_, i) => i); // as many walks would not be taken
    const arrays = many.map((i) => `const a${i} = []; for (let i = 0; i < n; i++) a${i}.push(x); for (let i = 0; i < n; i++) a${i}.push(i > 1 ? x > 0 : x);`);
    const kernel = new Function("n", "x", `${arrays.join(" ")} return ${many.map((i) => `Number(a${i}[n])`).join(" + ")};`) as (n: number, x: number) => number;
    const fast = specialize(kernel, { tier: "js", compile: "sync" });
    expect(fast(3, 2.5)).toBe(kernel(3, 2.5));
    expect(fast.diagnostics().map((d) => d.message)).toEqual([]);
    expect(fast.stats().calls.original).toBe(0);
  });
});
