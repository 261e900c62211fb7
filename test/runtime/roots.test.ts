// Slow and captured values that are, or hold, one object in some calls and equal ones in others: each is compared by itself, which object it is, between them.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Point { x: number }
await ready();

for (const tier of ["wasm", "js"] as const) describe(tier, () => {
  it("a slow value and what a captured one holds", () => {
    const own = { o: { x: 1 } }, kernel = (a: Point, k: number): number => (a === own.o ? k : a.x), fast = specialize(kernel, { slow: ["a"], tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { const a = s % 3 ? own.o : { x: 1 }; if (s % 5 === 4) own.o = { x: 1 }; expect(fast(a, 7)).toBe(kernel(a, 7)); }
  });
  it("a slow value and a captured one", () => {
    const own = { x: 1 }, kernel = (a: Point, k: number): number => (a === own ? k : a.x), fast = specialize(kernel, { slow: ["a"], tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { const a = s % 3 ? own : { x: 1 }; expect(fast(a, 7)).toBe(kernel(a, 7)); }
  });
  it("two slow values", () => {
    const kernel = (a: Point, b: Point, k: number): number => (a === b ? k : a.x), fast = specialize(kernel, { slow: ["a", "b"], tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { const a = { x: 1 }, b = s % 3 ? a : { x: 1 }; expect(fast(a, b, 7)).toBe(kernel(a, b, 7)); }
  });
  it("what two slow values hold", () => {
    const kernel = (a: { p: Point }, b: { p: Point }, k: number): number => (a.p === b.p ? k : a.p.x), fast = specialize(kernel, { slow: ["a", "b"], tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { const p = { x: 1 }, b = { p: s % 3 ? p : { x: 1 } }; expect(fast({ p }, b, 7)).toBe(kernel({ p }, b, 7)); }
  });
  it("an object of the call's and one that a captured list holds, another equal one meanwhile, where versions are tried in turn", () => {
    const own = [{ x: 1 }, { x: 2 }], kernel = (a: Point[]): number => { let n = 0; for (const p of a) { n += p.x; if (p === own[0]) n += 100; } return n; }, fast = specialize(kernel, { tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { const p = { x: s }; if (s & 2) own[0] = { x: 1 }; const a = [p, s & 1 ? own[0]! : { x: 4 }, p]; expect(fast(a)).toBe(kernel(a)); }
  });
  it("elements of a captured list and what another captured object holds", () => {
    const a = { x: 1 }, b = { x: 1 }, own = { o: a }, all = [a, b], kernel = (k: number): number => all.indexOf(own.o) * k + (all.includes(own.o) ? own.o.x : 9) + (all[1] === own.o ? 100 : 0), fast = specialize(kernel, { tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { own.o = s % 3 ? a : s % 2 ? b : { x: 1 }; expect(fast(7)).toBe(kernel(7)); }
  });
  it("keys of captured tables", () => {
    const a = { x: 1 }, b = { x: 1 }, own = { o: a }, table = new Map([[a, 3], [b, 4]]), some = new Set([b]), kernel = (k: number): number => (table.get(own.o) ?? 5) * k + (some.has(own.o) ? 100 : 0), fast = specialize(kernel, { tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { own.o = s % 3 ? a : s % 2 ? b : { x: 1 }; expect(fast(7)).toBe(kernel(7)); }
  });
  it("entries of a captured table", () => {
    const a = { x: 1 }, b = { x: 1 }, own = { o: a }, table = new Map([[1, a], [2, b]]), kernel = (k: number): number => (table.get(2) === own.o ? k : 0) + own.o.x, fast = specialize(kernel, { tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { own.o = s % 3 ? a : b; table.set(2, s & 1 ? b : a); expect(fast(7)).toBe(kernel(7)); }
  });
  it("a captured object is given back, which stood elsewhere too", () => {
    const a = { x: 1 }, b = { x: 1 }, own = { o: a, k: 1 };
    let now = a;
    const kernel = (k: number): { now: Point; s: number } => ({ now, s: now.x + own.k * k }), fast = specialize(kernel, { tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { own.o = s % 3 ? a : b; now = s & 4 ? b : a; expect(fast(7).now).toBe(now); }
  });
  it("a captured object is given back that another one holds, an equal one meanwhile", () => {
    const a = { x: 1 }, b = { x: 1 }, own = { o: a, p: b }, kernel = (k: number): { o: Point; s: number } => ({ o: own.o, s: own.p.x + own.o.x * k }), fast = specialize(kernel, { tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { own.o = s % 3 ? a : b; own.p = s & 1 ? a : b; expect(fast(7).o).toBe(own.o); }
  });
  it("a captured object is given back that a table held, of which only the size is asked", () => {
    const a = { x: 1 }, b = { x: 1 }, own = { o: a }, table = new Map([[1, a]]), some = new Set([a]), kernel = (k: number): { o: Point; s: number } => ({ o: own.o, s: k + table.size + some.size }), fast = specialize(kernel, { tier, compile: "sync" });
    for (let s = 0; s < 4; s++) { table.set(1, s % 2 ? b : a); some.clear(); some.add(s % 2 ? b : a); expect(fast(7).o).toBe(a); }
  });
  it("elements of the lists of two slow values", () => {
    const kernel = (a: Point[], b: Point[], k: number): number => (a[0] === b[1] ? k : 0) + a.indexOf(b[0]!) + a[0]!.x, fast = specialize(kernel, { slow: ["a", "b"], tier, compile: "sync" });
    for (let s = 0; s < 12; s++) { const p = { x: 1 }, q = { x: 1 }, a = [p, q], b = [s & 1 ? p : { x: 1 }, s & 2 ? p : q]; expect(fast(a, b, 7)).toBe(kernel(a, b, 7)); }
  });
});
