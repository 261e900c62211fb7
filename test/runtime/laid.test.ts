// Objects and arrays that stand in tables that outlive the call.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { portrait, served, STATE, type Calls, type Subject } from "./subjects.ts";

beforeAll(async () => { await ready(); });

for (const tier of ["js", "wasm"] as const) {
  const all = (make: () => Subject, calls: Calls): void => { expect(served(tier, make, calls)).toBe(calls.length); };

  describe(`objects that stand in tables that outlive the call, served by ${tier}`, () => {
    interface Bin { w: number; n: number; list?: number[]; next?: Bin | null }

    it("are made once and changed later", () => {
      all(() => {
        const bins: Record<number, Bin> = { 7: { w: 1, n: 0 } };
        return { f: (id: number, w: number) => { const bin = bins[id]; if (bin) { bin.w += w; bin.n++; return bin.w; } bins[id] = { w, n: 0 }; return -w; }, state: bins };
      }, [[1, 5], [2, 5], [1, 6], [7, 1], [7, -0], [1, 0.5]]);
    });

    it("arrays grow", () => {
      all(() => {
        const edges: Record<number, number[]> = {};
        return { f: (a: number, b: number) => { (edges[a] ??= []).push(b); (edges[b] ??= []).push(a); if (edges[a]!.length > 3) edges[a]!.length = 1; return edges[a]!.length; }, state: edges };
      }, [[1, 2], [1, 3], [2, 3], [1, 1], [1, 9]]);
    });

    it("get fields later, in each one's own order", () => {
      all(() => {
        const known = new Map<number, { v: number; p?: number; q?: number }>();
        return { f: (k: number, n: number) => { let at = known.get(k); if (at === undefined) known.set(k, (at = { v: n })); else if (n > 0) { at.p = n; at.q ??= 1; } else { at.q = n; at.p ??= 2; } return (at.p ?? 0) + (at.q ?? 0); }, state: known };
      }, [[1, 1], [2, 1], [1, 5], [2, -5], [1, -3], [2, 4], [3, 1]]);
    });

    it("lead to others, and back; instances of a class", () => {
      class Node { v: number; next: Node | null = null; up: Node | null = null; constructor(v: number) { this.v = v; } total(): number { return this.v + (this.next ? this.next.total() : 0); } }
      all(() => {
        const heads = new Map<number, Node>();
        return { f: (k: number, v: number) => { const head = heads.get(k), made = new Node(v); if (head) { made.next = head.next; head.next = made; made.up = head; } else heads.set(k, made); return heads.get(k)!.total(); }, state: heads };
      }, [[1, 1], [1, 2], [2, 5], [1, 3], [2, 6]]);
    });

    it("stay the very same objects", () => {
      const bins: Record<number, Bin> = { 5: { w: 0, n: 0 } }, there = bins[5]!;
      const fast = specialize((id: number): Bin => { const bin = bins[id] ??= { w: id, n: 0 }; bin.n++; return bin; }, { tier, compile: "sync" });
      const made = fast(1);
      expect([fast(1) === made, bins[1] === made, fast(5) === there, bins[5] === there]).toEqual([true, true, true, true]);
      expect([made, there]).toEqual([{ w: 1, n: 2 }, { w: 0, n: 1 }]);
      made.w = 100;
      expect(fast(1)).toEqual({ w: 100, n: 3 });
      expect(fast.stats().calls[tier]).toBe(4);
    });

    it("calls that are compared leave them as one call does", () => {
      const make = (): Subject => { const bins: Record<number, Bin> = {}; return { f: (id: number) => { const bin = bins[id] ??= { w: id, n: 0, list: [] }; bin.list!.push(bin.n++); return bin.list!.length; }, state: bins }; };
      const plain = make(), other = make(), fast = specialize(other.f as (n: number) => number, { tier, compile: "sync", verify: { every: 1 } });
      for (const n of [1, 2, 1, 1]) expect([fast(n), other.state]).toEqual([(plain.f as (n: number) => number)(n), plain.state]);
      expect(fast.reports()).toEqual([]);
    });

    it("what is found elsewhere too is the original's", () => {
      const run = (f: (table: Record<number, Bin>, other: Bin, id: number) => number): unknown => {
        const table: Record<number, Bin> = { 1: { w: 1, n: 0 }, 2: { w: 2, n: 0 } }, other: Bin = { w: 9, n: 0 };
        return [f(table, other, 1), f(table, table[1]!, 1), f(table, table[2]!, 1), f(table, other, 2), table, other];
      };
      const f = (table: Record<number, Bin>, other: Bin, id: number): number => { const bin = table[id]!; bin.w += 1; other.w *= 2; return bin.w + other.w; };
      expect(run(specialize(f, { tier, compile: "sync" }))).toEqual(run(f));

      const make = (): Subject => {
        const none: Bin = { w: 1, n: 0 }, table: Record<number, Bin> = { 3: none }, mirror = new Map([[4, none]]);
        return { f: (id: number) => { const bin = table[id] ?? none, same = mirror.get(id + 1); bin.w += id; return none.w + (same ? same.w : 0.5); }, state: [none, table, mirror] };
      };
      served(tier, make, [[3], [4], [3]]);
      served(tier, () => {
        const none: Bin = { w: 1, n: 0 }, table: Record<number, Bin> = { 3: none };
        return { f: (id: number) => { const bin = table[id]; if (bin) bin.w += id; else table[id] = { w: 0, n: 0 }; return none.w; }, state: [none, table] };
      }, [[3], [4], [3], [4]]);
    });

    it("what is closed, has accessors or another prototype", () => {
      const add = (table: Record<number, Bin>, id: number): number => { const bin = table[id]; if (bin) { bin.w++; return bin.w; } table[id] = { w: 0, n: 0 }; return -1; };
      for (const strange of [() => Object.preventExtensions({ w: 1, n: 0 }), () => ({ get w() { return 5; }, set w(v: number) { this.n = v; }, n: 0 }), () => Object.create({ w: 7 }) as Bin, () => ({ n: 0, w: 1 }), () => Object.assign([], { w: 1, n: 2 }) as unknown as Bin]) {
        served(tier, () => ({ f: add, state: { 1: { w: 3, n: 0 }, 2: strange() } }), [[STATE, 1], [STATE, 2], [STATE, 3], [STATE, 2]]);
        const state: Record<number, Bin> = {}, plain: Record<number, Bin> = {}, fast = specialize(add, { tier, compile: "sync" });
        for (const table of [state, plain]) { const f = table === state ? fast : add; f(table, 1); f(table, 1); table[2] = strange(); f(table, 1); f(table, 2); f(table, 3); }
        expect(portrait(state)).toBe(portrait(plain));
      }
    });
  });
}
