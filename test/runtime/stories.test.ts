// What happens to a kernel in use, told call by call: each story runs with both tiers, and every result is the original's, bit for bit.

import { beforeAll, describe, expect, it } from "vitest";
import { arena, ready, specialize, tracked, type KernelEvent, type Options } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

function fir(x: Float64Array, y: Float64Array, taps: ArrayLike<number>): void {
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < taps.length; k++) acc += taps[k]! * x[i + k]!;
    y[i] = acc;
  }
}

const numbers = (n: number, seed = 1): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898 + seed) * 43.7);

for (const tier of ["js", "wasm"] as const) {
  describe(`a kernel served by ${tier}`, () => {
    const sync = (options: Options = {}): Options => ({ tier, compile: "sync", ...options });

    it("is called, swapped when a slow value changes, and swapped back", () => {
      const fast = specialize(fir, sync({ slow: ["taps"] }));
      const x = numbers(40);
      const check = (taps: readonly number[]): void => {
        const y = new Float64Array(32), want = new Float64Array(32);
        fast(x, y, taps);
        fir(x, want, taps);
        expect(y).toEqual(want);
      };
      const a = [1, 0.5, 0.25], b = [-1, 3];
      check(a); check(a);
      expect(fast.versions()).toMatchObject([{ tier, state: "ready", calls: 2 }]);
      check(b);
      expect(fast.versions()).toHaveLength(2);
      check([1, 0.5, 0.25]); // equal contents hit, whatever the identity
      expect(fast.versions()).toHaveLength(2);
      expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 0, [tier]: 4 });
      expect(fast.stats()).toMatchObject({ hits: 4, misses: 2 });
    });

    it("sees an array edited in place", () => {
      const fast = specialize(fir, sync({ slow: ["taps"] }));
      const x = numbers(40), taps = numbers(4, 2), y = new Float64Array(32), want = new Float64Array(32);
      for (const edit of [1, -0, 0, NaN, 7]) {
        taps[2] = edit;
        fast(x, y, taps);
        fir(x, want, taps);
        expect(y).toEqual(want);
      }
      expect(fast.stats().calls[tier]).toBe(5);
      expect(fast.versions()).toHaveLength(5); // −0 is not 0
    });

    it("keeps aliasing: overlapping views, the same array twice", () => {
      const fast = specialize(fir, sync({ slow: ["taps"] }));
      const taps = [0.5, 0.25];
      const run = (call: (x: Float64Array, y: Float64Array, taps: number[]) => void): Float64Array => {
        const all = numbers(64);
        call(all.subarray(0, 40), all.subarray(8, 40), taps);
        call(all, all, taps);
        call(all.subarray(20), all.subarray(0, 30), taps);
        return all;
      };
      expect(run(fast)).toEqual(run(fir));
      expect(fast.stats().calls.original).toBe(0);
    });

    it("writes an array that is slow in this call: does not fit, and the original serves", () => {
      const fast = specialize(fir, sync({ slow: ["taps"] }));
      const run = (call: (x: Float64Array, y: Float64Array, taps: Float64Array) => void): Float64Array => {
        const taps = numbers(4);
        call(numbers(40), new Float64Array(8), taps); // a version for these contents
        call(numbers(40), taps, taps);
        return taps;
      };
      expect(run(fast)).toEqual(run(fir));
    });

    it("copies nothing for arrays of the arena", () => {
      arena.scope(() => {
        const fast = specialize(fir, sync({ slow: ["taps"] }));
        const x = arena.float64(40), y = arena.float64(32), want = new Float64Array(32);
        x.set(numbers(40));
        for (let i = 0; i < 3; i++) fast(x, y, [1, 2, 3]);
        fir(x, want, [1, 2, 3]);
        expect(Array.from(y)).toEqual(Array.from(want));
        expect(fast.stats().copiedBytes).toBe(0);
        fast(x.subarray(3), y, [1, 2, 3]);
        fir(x.subarray(3), want, [1, 2, 3]);
        expect(Array.from(y)).toEqual(Array.from(want));
        fast.dispose();
      });
    });

    it("takes other kinds of arrays with versions of their own", () => {
      const fast = specialize(fir, sync({ slow: ["taps"] }));
      for (const Kind of [Float64Array, Float32Array, Uint8ClampedArray, Int16Array]) {
        const x = Kind.from(numbers(40)), y = new Kind(32), want = new Kind(32);
        fast(x as never, y as never, [1, 2.5]);
        fir(x as never, want as never, [1, 2.5]);
        expect(y).toEqual(want);
      }
      expect(fast.versions().map(({ signature }) => signature.split(",")[0])).toEqual(["(Float64Array", "(Float32Array", "(Uint8ClampedArray", "(Int16Array"]);
      expect(fast.stats().calls.original).toBe(0);
    });

    it("passes scalars exactly: −0, NaN, ±∞, int32 limits", () => {
      const kernel = (a: number, b: number): number => a * 2 + b / a;
      const fast = specialize(kernel, sync());
      const edges = [0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 2147483647, 2147483648, -2147483648, 5e-324];
      for (const a of edges) for (const b of edges) expect(Object.is(fast(a, b), kernel(a, b)), `${a}, ${b}`).toBe(true);
      expect(fast.stats().calls.original).toBe(0);
      expect(fast.versions().length).toBeLessThanOrEqual(4);
    });

    it("throws what the original throws", () => {
      const kernel = (n: number, limit: number): number => {
        if (n > limit) throw new RangeError(`more than ${limit}`);
        return n * n;
      };
      const fast = specialize(kernel, sync({ slow: ["limit"] }));
      expect(fast(3, 10)).toBe(9);
      expect(() => fast(11, 10)).toThrow(new RangeError("more than 10"));
      expect(fast(4, 10)).toBe(16);
      const { calls } = fast.stats();
      expect(calls.original + calls[tier]).toBe(3); // every call once
    });

    it("reads and writes the fields of objects, and refuses getters", () => {
      const scale = (v: { x: number; y: number }, k: number): { x: number; y: number } => {
        v.x *= k;
        v.y += v.x;
        return v;
      };
      const fast = specialize(scale, sync());
      const v = { x: 1.5, y: 2 }, want = { x: 1.5, y: 2 };
      expect(fast(v, 3)).toBe(v);
      scale(want, 3);
      expect(v).toEqual(want);
      let reads = 0;
      const strange = { get x() { reads++; return 2; }, set x(_) { /* ignored */ }, y: 1 };
      fast(strange, 3);
      expect(reads).toBe(2); // as often as the original
      const frozen = Object.freeze({ x: 1, y: 1 });
      expect(() => fast(frozen, 3)).toThrow(TypeError);
    });

    it("tells the same object twice from two objects", () => {
      const add = (out: { x: number }, a: { x: number }): number => { out.x = 1; return a.x + out.x; };
      const fast = specialize(add, sync());
      expect(fast({ x: 5 }, { x: 6 })).toBe(7);
      const both = { x: 5 };
      expect(fast(both, both)).toBe(2);
      expect(fast({ x: 5 }, { x: 6 })).toBe(7);
    });

    it("evicts the least recently used version", () => {
      const events: KernelEvent[] = [];
      const kernel = (x: number, k: number): number => x * k + 1;
      const fast = specialize(kernel, sync({ slow: ["k"], limits: { versions: 2 }, onEvent: (event) => events.push(event) }));
      for (const k of [1, 2, 1, 3]) fast(2.5, k); // 2 goes
      expect(events.filter(({ type }) => type === "evicted")).toHaveLength(1);
      expect(fast.versions()).toHaveLength(2);
      const before = fast.stats().misses;
      expect(fast(2.5, 1)).toBe(3.5);
      expect(fast.stats().misses).toBe(before);
      expect(fast(2.5, 2)).toBe(6);
      expect(fast.stats().misses).toBe(before + 1);
      expect(fast.stats().calls[tier]).toBe(6); // also those of the versions that are gone
    });

    it("gives up on a value that changes all the time: it is fast from then on", () => {
      const events: string[] = [];
      const kernel = (x: number, k: number): number => x * k + 1;
      const fast = specialize(kernel, sync({ slow: ["k"], onEvent: ({ type }) => events.push(type) }));
      for (let k = 0; k < 60; k++) expect(fast(2.5, k + 0.5)).toBe(kernel(2.5, k + 0.5));
      expect(events.filter((type) => type === "churn")).toHaveLength(1);
      expect(fast.versions()).toHaveLength(1);
      expect(fast.diagnostics().some(({ message }) => message.includes('"k"'))).toBe(true);
    });

    it("is verified once, on copies", () => {
      const fast = specialize(fir, sync({ slow: ["taps"], verify: "first" }));
      const x = numbers(40), y = new Float64Array(32), want = new Float64Array(32);
      for (let i = 0; i < 3; i++) fast(x, y, [1, 2]);
      fir(x, want, [1, 2]);
      expect(y).toEqual(want);
      expect(fast.stats().calls).toMatchObject({ original: 1, [tier]: 2 });
    });

    it("calls itself", () => {
      const fast: (n: number) => number = specialize((n: number): number => n * 2, sync());
      const outer = specialize((n: number): number => (n > 0.5 ? fast(n) + outer(n - 1) : 0), sync()) as (n: number) => number;
      expect(outer(4)).toBe(20);
      expect(outer(4)).toBe(20);
    });

    it("takes a method, with versions for each instance's values", () => {
      class Filter {
        readonly gain: number;
        readonly taps: number[];
        constructor(gain: number, taps: number[]) { this.gain = gain; this.taps = taps; }
        run(x: Float64Array, y: Float64Array): void {
          for (let i = 0; i < y.length; i++) {
            let acc = 0;
            for (let k = 0; k < this.taps.length; k++) acc += this.taps[k]! * x[i + k]!;
            y[i] = acc * this.gain;
          }
        }
      }
      const fast = specialize(Filter.prototype.run, sync({ slow: ["this.taps"] }));
      const x = numbers(20);
      for (const filter of [new Filter(2, [1, 2]), new Filter(3, [1, 2]), new Filter(2, [4])]) {
        const y = new Float64Array(16), want = new Float64Array(16);
        fast.call(filter, x, y);
        filter.run(x, want);
        expect(y).toEqual(want);
      }
      expect(fast.stats().calls.original).toBe(0);
    });

    it("is pinned: no slow parameter, a snapshot of it", async () => {
      const fast = specialize(fir, sync({ slow: ["taps"] }));
      const x = numbers(40), y = new Float64Array(32), want = new Float64Array(32), taps = [1, 2];
      const pinned = await fast.pin(x, y, taps);
      expect(pinned.length).toBe(2);
      expect(y).toEqual(new Float64Array(32)); // untouched
      taps[0] = 100;
      pinned(x, y);
      fir(x, want, [1, 2]);
      expect(y).toEqual(want);
      const counted = fast.stats().calls;
      expect(counted.original + counted.js + counted.wasm).toBe(0);
      const short = new Float32Array(4), shortWant = new Float32Array(4);
      pinned(x, short); // another kind: the original, with the pinned values
      fir(x, shortWant as never, [1, 2]);
      expect(short).toEqual(shortWant);
    });

    it("is prepared, compared and inspected without a trace", async () => {
      const fast = specialize(fir, sync({ slow: ["taps"] }));
      const x = numbers(40), y = new Float64Array(32);
      await fast.prepare(x, y, [1, 2]);
      expect(fast.versions()).toMatchObject([{ tier, state: "ready", calls: 0 }]);
      expect(await fast.diff(x, y, [1, 2])).toEqual({ equal: true, mismatches: [], tier });
      const seen = fast.inspect(x, y, [1, 2]);
      expect(seen.executed).toBeGreaterThan(32);
      expect(seen.source).toBe(String(fir));
      expect(seen.residual).toContain("return");
      expect(seen.imports).toEqual(tier === "wasm" ? [{ module: "env", name: "memory" }] : []);
      expect(seen.guards.length).toBeGreaterThan(0);
      expect(fast.explain()).toContain("taps");
      expect(y).toEqual(new Float64Array(32));
      expect(fast.stats()).toMatchObject({ calls: { original: 0, js: 0, wasm: 0 }, copiedBytes: 0 });
    });

    it("is reset, refreshed and disposed of", async () => {
      const fast = specialize(fir, sync({ slow: ["taps"] }));
      const x = numbers(40), y = new Float64Array(32);
      fast(x, y, [1, 2]);
      fast.reset();
      expect(fast.versions()).toEqual([]);
      fast(x, y, [1, 2]);
      await fast.refresh(x, y, [1, 2]);
      expect(fast.versions()).toHaveLength(1);
      fast.dispose();
      fast(x, y, [1, 2]);
      expect(fast.versions()).toEqual([]);
      expect(fast.stats().calls).toMatchObject({ original: 1, [tier]: 2 });
    });

    it("watches as it is told: by identity, not at all, by a hash, by a comparison", () => {
      const kernel = (x: number, c: number[]): number => x * c[0]!;
      const c = [2];
      const identity = specialize(kernel, sync({ slow: ["c"], watch: "identity" }));
      expect(identity(3, c)).toBe(6);
      c[0] = 4;
      expect(identity(3, c)).toBe(6); // as asked: edits in place are not seen
      expect(identity(3, [5])).toBe(15);
      const manual = specialize(kernel, sync({ slow: ["c"], watch: { c: "manual" } }));
      expect(manual(3, [2])).toBe(6);
      expect(manual(3, [5])).toBe(6);
      manual.reset();
      expect(manual(3, [5])).toBe(15);
      const hashed = specialize(kernel, sync({ slow: ["c"], watch: { hash: (v: number[]) => v[0] } }));
      expect([hashed(3, [2]), hashed(3, [5]), hashed(3, [2])]).toEqual([6, 15, 6]);
      const same = specialize(kernel, sync({ slow: ["c"], watch: { same: (now: number[], before: number[]) => now[0] === before[0] } }));
      expect([same(3, [2]), same(3, [5]), same(3, [2])]).toEqual([6, 15, 6]);
      expect(same.versions()).toHaveLength(2);
    });

    it("notices writes to a tracked value, and touches of one that has no Proxy", () => {
      const kernel = (x: number, cfg: { gains: number[] }): number => x * cfg.gains[0]!;
      const fast = specialize(kernel, sync({ slow: ["cfg"] }));
      const cfg = tracked({ gains: [2, 1] });
      expect(fast(3, cfg)).toBe(6);
      expect(fast(3, cfg)).toBe(6);
      cfg.gains[0] = 5;
      expect(fast(3, cfg)).toBe(15);
      expect(fast.stats().calls.original).toBe(0);

      const byArray = specialize((x: number, t: Float64Array): number => x * t[0]!, sync({ slow: ["t"] }));
      const t = tracked(Float64Array.of(2));
      expect(byArray(3, t)).toBe(6);
      t[0] = 5;
      tracked.touch(t);
      expect(byArray(3, t)).toBe(15);
    });
  });
}

describe("falling back", () => {
  it("runs the original, tells why and where, and throws nothing", () => {
    const events: string[] = [];
    const kernel = (n: number): string => { try { return n.toLocaleString("en"); } finally { events.length += 0; } };
    const fast = specialize(kernel, { compile: "sync", onEvent: ({ type }) => events.push(type) });
    expect(fast(1234.5)).toBe(kernel(1234.5));
    expect(fast.stats().calls).toEqual({ original: 1, js: 0, wasm: 0 });
    expect(fast.diagnostics().length).toBeGreaterThan(0);
    expect(fast.diagnostics()[0]).toMatchObject({ frame: expect.stringContaining("^") as string });
  });

  it("throws the refusal where that is asked for", () => {
    const fast = specialize((o: object): Map<object, number> => new Map([[o, Date.now()]]), { compile: "sync", strict: true });
    expect(() => fast({})).toThrow(/:\d+:\d+/);
  });

  it("demotes a slow value that the kernel writes", () => {
    const kernel = (x: number, state: { last: number }): number => { const y = x + state.last; state.last = y; return y; };
    const fast = specialize(kernel, { slow: ["state"], compile: "sync", tier: "js" });
    const state = { last: 1 }, want = { last: 1 };
    for (let i = 0; i < 5; i++) expect(fast(2.5, state)).toBe(kernel(2.5, want));
    expect(state).toEqual(want);
    expect(fast.diagnostics().some(({ message }) => message.includes('"state.last"') && message.includes("writes"))).toBe(true);
    expect(fast.stats().calls.js).toBeGreaterThan(0);
  });

  it("gives every result while a version is made in the background", async () => {
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
    const x = numbers(40), y = new Float64Array(32), want = new Float64Array(32);
    fir(x, want, [1, 2]);
    for (let i = 0; i < 200 && fast.stats().calls.wasm === 0; i++) {
      fast(x, y, [1, 2]);
      expect(y).toEqual(want);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(fast.stats().calls.wasm).toBe(1);
    expect(fast.stats().calls.original).toBeGreaterThan(0);
  });

  it("measures, and never serves slower than the original for long", async () => {
    const fast = specialize((a: number, b: number): number => a + b);
    await fast.prepare(1.5, 2.5);
    expect(fast(1.5, 2.5)).toBe(4);
    const { calls } = fast.stats();
    expect(calls.original + calls.js + calls.wasm).toBe(1);
  });
});
