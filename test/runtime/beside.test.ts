// Arrays of the kernel's own with fields beside their elements, which lie in memory: bins with their centre, rows with their bounds, contours.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

type Row = number[] & Record<string, unknown>;
type Rows = Row[] & Record<string, unknown>;
await ready();
const row = (...items: number[]): Row => items as Row;
const many = Float64Array.from({ length: 40 }, (_, i) => (i * 37) % 11 - 4);

for (const tier of ["wasm", "js"] as const) describe(tier, () => {
  /** As the original, names and their order included, and never by it but for so many calls. */
  function same(kernel: (...args: never[]) => unknown, calls: readonly (() => readonly unknown[])[] = [() => [many], () => [Float64Array.of(3, -2, 5)], () => [new Float64Array()]], originals = 0): void {
    const fast = specialize(kernel as (...args: unknown[]) => unknown, { tier, compile: "sync" });
    for (const make of [...calls, ...calls]) {
      const ours = make(), theirs = make(), got = fast(...ours), want = (kernel as (...args: unknown[]) => unknown)(...theirs);
      expect(partsOf([got, ours])).toEqual(partsOf([want, theirs]));
    }
    expect(fast.stats().calls.original).toBe(originals);
  }
  /** Keys and values, of what was met before its number. */
  const partsOf = (value: unknown, seen = new Map<unknown, number>()): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return { met: seen.get(value) };
    seen.set(value, seen.size);
    return [Array.isArray(value) ? value.length : "object", Object.keys(value), Object.values(value as object).map((part) => partsOf(part, seen))];
  };

  it("a list of them, made in a loop", () => { same((x: Float64Array) => { const out: Row[] = []; for (const v of x) { const b = row(v); b.x = v * 2; b.y = -v; out.push(b); } return out; }); });
  it("given when they lie there", () => { same((x: Float64Array) => { const out: Row[] = []; for (const v of x) { const b = row(v); out.push(b); b.x = v * 2; b.push(v + 1); b.y = b.length; } return out; }); });
  it("read again", () => { same((x: Float64Array) => { const out: Row[] = []; for (const v of x) { const b = row(v); b.x = v * 2; out.push(b); } let s = 0; for (const b of out) s += (b.x as number) * b[0]!; return s; }); });
  it("on some paths, in other orders", () => { same((x: Float64Array) => { const out: Row[] = []; for (const v of x) { const b = row(v); if (v > 0) b.p = 1; b.q = v; if (v < -1) b.p = 2; out.push(b); } return out; }); });
  it("bounds of a row that grows", () => {
    same((x: Float64Array) => {
      const r = row(); r.min = Infinity; r.max = -Infinity;
      for (const v of x) { r.push(v); if (v < (r.min as number)) r.min = v; if (v > (r.max as number)) r.max = v; }
      return r;
    });
  });
  it("bins by their keys", () => {
    same((x: Float64Array) => {
      const byId: Record<string, Row> = {}, bins: Row[] = [];
      for (const v of x) { const id = Math.abs(v) % 3; let b = byId[id]; if (b) b.push(v); else { bins.push(b = byId[id] = row(v)); b.x = id; b.y = v / 2; } }
      return bins;
    });
  });
  it("an index of run time", () => { same((i: number, v: number) => { const r = row(1, 2, 3, 4, 5, 6); r.w = v; r[i] = v; return [r[i + 1], r.w, r]; }, [() => [1, 5], () => [4, -0.5], () => [9, 2]]); });
  it("of a row that was written there", () => { same((i: number, v: number) => { const r = row(1, 2, 3, 4, 5, 6); r[i] = v; r.w = v; return [r[i + 1], r]; }, [() => [1, 5], () => [4, -0.5]]); });
  it("objects, arrays, texts and nothing in them", () => {
    same((x: Float64Array) => {
      const out: Rows = [] as unknown as Rows;
      for (const v of x) { const b = row(v); b.place = { v }; b.of = [v, v]; b.name = v > 0 ? "up" : null; b.gone = undefined; b.on = v > 1; b.all = out; out.push(b); }
      out.n = x.length;
      return out;
    });
  });
  it("one of two, with and without", () => { same((c: number, x: Float64Array) => { let a = row(1); a.w = 5; const b = row(2, 3); if (c > 0) a = b; for (const v of x) a.push(v); return [a, b, a.w === undefined ? 1 : a.w]; }, [() => [1, many], () => [-1, many]]); });
  it("some lengthened on one path", () => { same((c: number) => { const a = row(1); a.w = c; if (c > 0) { a.push(7); a.v = 1; } return a; }, [() => [1], () => [-1]]); });
  it("whether they have one", () => {
    same((x: Float64Array) => {
      const out: Row[] = []; let s = 0;
      for (const v of x) { const b = row(v); if (v > 0) b.p = 1; out.push(b); }
      for (const b of out) s = s * 3 + ("p" in b ? 1 : 0) + (Object.hasOwn(b, "p") ? 1 : 0) + ("q" in b ? 5 : 0) + ("push" in b ? 1 : 0) + (b.p === undefined ? 1 : 0);
      return s;
    });
  });
  it("whether one from before a loop has one that it gets there", () => { same((x: Float64Array) => { const b = row(1), out: Row[] = []; for (const v of x) if (v > 2) { b.late = v; out.push(b); } return ["late" in b, Object.hasOwn(b, "late"), out]; }); });
  it("handed to a function, held by an object", () => {
    same((x: Float64Array) => {
      const add = (b: Row, v: number): Row => { b.sum = ((b.sum as number | undefined) ?? 0) + v; b.push(v); return b; };
      const held = { rows: [row(), row()] };
      for (let i = 0; i < x.length; i++) add(held.rows[i % 2]!, x[i]!);
      return held;
    });
  });
  it("copies have none", () => { same((x: Float64Array) => { const r = row(); r.w = 1; for (const v of x) r.push(v); return [r.slice(), [...r], r.map((v) => v), r.concat([1]), r.filter((v) => v > 0), r]; }); });
  it("chains", () => {
    same((x: Float64Array) => {
      let last: Row | null = null;
      for (const v of x) { const b: Row = row(v); b.before = last; last = b; }
      let s = 0;
      for (let b = last; b !== null; b = b.before as Row | null) s = s * 0.5 + b[0]!;
      return [s, last];
    });
  });
  it("taken from a list", () => { same((x: Float64Array) => { const out: Row[] = []; for (const v of x) { const b = row(v); b.w = v; out.push(b); } const t = out.pop(); if (t) { t.w = 99; out.unshift(t); } return out; }); });
  it("put into a list of the caller's", () => { same((x: Float64Array, out: Row[]) => { for (const v of x) { const b = row(v); b.w = v; out.push(b); } return out.length; }, [() => [many, []], () => [Float64Array.of(1, 2), []]]); });
  it("rows of the caller's grid that could have them", () => {
    const grid = (): Row[] => [row(1), row(), row(2, 3)];
    same((rows: Row[], k: number, v: number) => { rows[k]!.push(v); rows[k]!.w = v; return rows[k]!.length; }, [() => [grid(), 1, 4], () => [grid(), 0, -4]]);
    const named = (): Row[] => grid().map((r) => Object.assign(r, { w: 1 }));
    same((rows: Row[], k: number, v: number) => { rows[k]!.push(v); rows[k]!.w = v; return rows[k]!.length; }, [() => [grid(), 1, 4], () => [named(), 0, -4]]);
  });
  it("a list of the caller's that is handed in again", () => {
    const kernel = (rows: Row[], v: number): number => {
      const r = row(v); r.w = v; rows.push(r);
      let s = 0;
      for (const q of rows) { s = s * 2 + ((q.w as number | undefined) ?? 1) * q.length; q.push(v); if (q.length > 3) q.end = s; }
      return s;
    };
    const fast = specialize(kernel, { tier, compile: "sync" }), ours = [row(1, 2)], theirs = [row(1, 2)];
    for (let v = 0; v < 5; v++) expect(partsOf([fast(ours, v), ours])).toEqual(partsOf([kernel(theirs, v), theirs]));
    expect(fast.stats().calls.original).toBe(0);
    const odd = (): Row[] => [Object.defineProperty(row(1), "w", { get: () => 5 }), Object.assign(row(2), { q: 1 })];
    for (const v of [1, 2]) { const a = odd(), b = odd(); expect(partsOf([fast(a, v), a])).toEqual(partsOf([kernel(b, v), b])); }
    expect(fast.stats().calls.original).toBe(2);
  });
  it("what a table keeps", () => {
    const make = (): ((k: number) => number) => { const memo = new Map<number, Row>(); return (k) => { let r = memo.get(k); if (!r) { memo.set(k, r = row()); r.n = 0; } r.push(k); (r.n as number)++; return (r.n as number) * 10 + r.length; }; };
    const kernel = make(), fast = specialize(make(), { tier, compile: "sync" });
    for (const k of [1, 2, 1, 1, 2, 3]) expect(fast(k)).toBe(kernel(k));
    expect(fast.stats().calls.original).toBe(0);
  });
  it("the caller's that lie there, some of which have them", () => {
    same((rows: Row[], v: number) => { rows.push(row(v, v)); let s = 0; for (const r of rows) { r.push(s); if (r.length > 2) r.w = v; s = s * 2 + (r.w === undefined ? 1 : (r.w as number)); } return s; }, [() => [[row(1), row(2, 3)], 4], () => [[row()], -4]]);
  });
  it("keys are listed", () => { same((x: Float64Array) => { const r = row(); for (const v of x) r.push(v); r.w = 1; let s = ""; for (const k in r) s += k; return [s, Object.keys(r).length]; }, [() => [Float64Array.of(1, 2)]], 2); });
  it("a frozen one is the original's", () => { same((x: Float64Array) => { const out: Row[] = []; for (const v of x) { const b = row(v); b.w = v; Object.freeze(b); out.push(b); } return out; }, [() => [Float64Array.of(1, 2)]], 2); });
});
