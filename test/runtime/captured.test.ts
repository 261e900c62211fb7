// Kernels with state of their own: captured variables that they, or others, assign, and captured objects that they write. Each story runs
// with both tiers; every call is served by the tier, and the state afterwards is the original's.

import { beforeAll, describe, expect, it } from "vitest";
import { load } from "../capture/look.ts";
import { ready, specialize, type KernelEvent, type Options } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

/** module state that two functions share */
let total = 0;
const bump = (by: number): number => { total += by; return total; };
const spend = (by: number): number => { bump(-by); total = total < 0 ? 0 : total; return total; };

let scale = 2;
const scaled = (x: number): number => x * scale;

function lcg(seed: number): { next: () => number; state: () => number } {
  let state = seed | 0;
  return { next: () => (state = 0x19660d * state + 0x3c6ef35f | 0, 2.3283064365386963e-10 * (state >>> 0)), state: () => state };
}

/** Marsaglia's polar method: every other call gives the number that is left of the call before */
function normal(random: () => number): () => number {
  let spare: number | null = null;
  return () => {
    let y: number, x: number, r: number;
    if (spare !== null) { y = spare; spare = null; return y; }
    do {
      x = random() * 2 - 1;
      y = random() * 2 - 1;
      r = x * x + y * y;
    } while (!r || r > 1);
    const f = Math.sqrt(-2 * Math.log(r) / r);
    spare = x * f;
    return y * f;
  };
}

for (const tier of ["js", "wasm"] as const) {
  describe(`a kernel with state served by ${tier}`, () => {
    const sync = (options: Options = {}): Options => ({ tier, compile: "sync", ...options });

    it("counts", () => {
      let n = 10;
      const count = (): number => ++n;
      const fast = specialize(count, sync());
      expect([fast(), fast(), fast(), n]).toEqual([11, 12, 13, 13]);
      expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 0, [tier]: 3 });
    });

    it("draws the same random numbers", () => {
      const plain = lcg(42), other = lcg(42);
      const fast = specialize(other.next, sync());
      for (let i = 0; i < 100; i++) expect(fast()).toBe(plain.next());
      expect(other.state()).toBe(plain.state());
      expect(fast.stats().calls[tier]).toBe(100);
    });

    it("serves closures of one text each with its own variables", () => {
      const a = lcg(1), b = lcg(1);
      const fastA = specialize(a.next, sync()), fastB = specialize(b.next, sync());
      const first = [fastA(), fastA(), fastA()];
      expect(a.state()).not.toBe(b.state());
      expect([fastB(), fastB(), fastB()]).toEqual(first);
    });

    it("shares a module's variable with a helper that writes it", () => {
      total = 5;
      const fast = specialize(spend, sync());
      expect([fast(1), total]).toEqual([4, 4]);
      expect([bump(10), fast(1), total]).toEqual([14, 13, 13]);
      expect([fast(100), total]).toEqual([0, 0]);
      expect(fast.stats().calls[tier]).toBe(3);
    });

    it("shares a variable with a helper closure", () => {
      const make = () => {
        let seed = 7;
        const draw = (): number => (seed = seed * 16807 % 2147483647);
        return { sum: (n: number): number => { let s = 0; for (let i = 0; i < n; i++) { s += draw(); seed += 1; } return s; }, seed: () => seed };
      };
      const plain = make(), other = make();
      const fast = specialize(other.sum, sync());
      for (const n of [3, 0, 10, 1]) expect([fast(n), other.seed()]).toEqual([plain.sum(n), plain.seed()]);
      expect(fast.stats().calls[tier]).toBe(4);
    });

    it("reads what others assigned between two calls", () => {
      const fast = specialize(scaled, sync());
      for (const now of [2, 3, -0, NaN, 4]) { scale = now; expect(fast(5)).toBe(5 * now); }
      expect(fast.stats()).toMatchObject({ calls: { original: 0, [tier]: 5 }, misses: 1 });
    });

    it("makes another version when the variable holds another kind of value, and keeps the first", () => {
      const fast = specialize(scaled, sync());
      const untyped = (value: unknown): number => { scale = value as number; return fast(5); };
      expect([untyped(2), untyped(undefined), untyped(null), untyped(true), untyped("3"), untyped(2), untyped(undefined)]).toEqual([10, NaN, 0, 5, 15, 10, NaN]);
      expect(fast.versions()).toHaveLength(5);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 7 });
      scale = 2;
    });

    it("toggles between a number and null", () => {
      const a = lcg(3), b = lcg(3);
      const plain = normal(a.next);
      const fast = specialize(normal(b.next), sync());
      for (let i = 0; i < 60; i++) expect(fast()).toBe(plain());
      expect(a.state()).toBe(b.state());
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 60 });
    });

    it("asks what a value is even where nothing else of it is used", () => {
      let held: unknown = 0.5;
      const isNull = (): number => (held === null ? 1 : 2);
      const fast = specialize(isNull, sync());
      const of = (value: unknown): number => { held = value; return fast(); };
      expect([of(0.5), of(null), of(true), of(undefined), of(2)]).toEqual([2, 1, 2, 2, 2]);
      const ofArgument = specialize((x: unknown, _unused?: unknown): number => (x === null ? 1 : typeof x === "boolean" ? 3 : 2), sync());
      expect([ofArgument(0.5), ofArgument(null), ofArgument(true), ofArgument(0.5, 1), ofArgument(0.5, "a")]).toEqual([2, 1, 3, 2, 2]);
      const ofField = specialize((o: { k: unknown }): number => (o.k === null ? 1 : 2), sync());
      expect([ofField({ k: 0.5 }), ofField({ k: null }), ofField({ k: 1 })]).toEqual([2, 1, 2]);
      expect(fast.stats().calls.original).toBe(0);
    });

    it("writes nothing back where the original has to serve", () => {
      let n = 0;
      const kernel = (x: number): number => {
        n++;
        if (x < 0) throw new RangeError("negative");
        return n + x;
      };
      const fast = specialize(kernel, sync());
      expect([fast(1), n]).toEqual([2, 1]);
      expect(() => fast(-1)).toThrow("negative");
      expect(n).toBe(2);
      expect([fast(1), n]).toEqual([4, 3]);
      expect(fast.stats().calls).toMatchObject({ original: 1, [tier]: 2 });
    });

    it("writes booleans, and only what some path assigned", () => {
      let on = false;
      let n = 1;
      const kernel = (x: number): boolean => { if (x > n) { on = !on; n = x; } return on; };
      const fast = specialize(kernel, sync());
      expect([fast(0), on, n]).toEqual([false, false, 1]);
      expect([fast(5), on, n]).toEqual([true, true, 5]);
      expect([fast(5), on, n]).toEqual([true, true, 5]);
      expect([fast(6), on, n]).toEqual([false, false, 6]);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 4 });
    });

    it("uses the accessors of env, reading once a call", () => {
      const held = { state: 1 };
      const log: string[] = [];
      const kernel = new Function("return function next() { state = state * 3 + 1; return state + state; }")() as () => number;
      const fast = specialize(kernel, sync({
        env: { state: { get: () => { log.push("get"); return held.state; }, set: (v: number) => { log.push(`set ${v}`); held.state = v; } } },
      }));
      expect([fast(), held.state]).toEqual([8, 4]);
      log.length = 0;
      expect([fast(), held.state]).toEqual([26, 13]);
      expect(log).toEqual(["get", "set 13"]);
    });

    it("lets the original serve where env's accessors can't write, or throw", () => {
      const kernel = new Function("return function next() { state = 1; return 2; }")() as () => number;
      const fast = specialize(kernel, sync({ env: { state: { get: () => 1 } } }));
      try { fast(); } finally { delete (globalThis as Record<string, unknown>).state; }
      expect(fast.diagnostics()[0]!.message).toContain("state is written");
    });

    it("sees a module's variable by each of its names", async () => {
      const { byField, byName, reads, inc } = await load("namespace.mjs") as Record<string, (x: number) => number>;
      const start = inc!(0);
      const fast = specialize(byName!, sync()), field = specialize(byField!, sync()), read = specialize(reads!, sync());
      expect([fast(1), fast(1), read(0), read(1)]).toEqual([start + 2, start + 3, start + 2, start + 3]);
      expect([fast.stats().calls[tier], read.stats().calls[tier]]).toEqual([2, 2]);
      expect([field(1), field(2)]).toEqual([(start + 3) * 100 + 4, (start + 4) * 100 + 5]); // the original serves: the field is the variable
      expect([field.stats().calls.original, inc!(0)]).toEqual([2, start + 5]);
    });

    it("reads a captured array that is replaced", () => {
      let table = [1, 2, 3];
      const sum = (): number => { let s = 0; for (const x of table) s += x; return s; };
      const fast = specialize(sum, sync());
      expect(fast()).toBe(6);
      table = [4, 5];
      expect(fast()).toBe(9);
      table[0] = 1;
      expect(fast()).toBe(6);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 3 });
    });

    it("exchanges two buffers, and takes one for both as it comes", () => {
      const make = () => {
        let a = new Float64Array([1, 2, 3]), b = new Float64Array(3);
        return {
          step: (by: number): number => {
            const from = a, to = b;
            for (let i = 0; i < to.length; i++) to[i] = from[i]! * 2 + by + (i > 0 ? to[i - 1]! : 0);
            a = to;
            b = from;
            return a[0]!;
          },
          join: () => { b = a; },
          both: () => [[...a], [...b], a === b],
        };
      };
      const plain = make(), other = make();
      const fast = specialize(other.step, sync());
      for (const by of [1, 2, 3]) expect([fast(by), other.both()]).toEqual([plain.step(by), plain.both()]);
      plain.join();
      other.join();
      for (const by of [4, 5]) expect([fast(by), other.both()]).toEqual([plain.step(by), plain.both()]);
      expect(fast.stats()).toMatchObject({ calls: { original: 0, [tier]: 5 }, misses: 1 });
    });

    it("makes a larger buffer when it needs one", () => {
      const make = () => {
        let buffer = new Float64Array(4);
        return {
          run: (n: number): number => {
            if (buffer.length < n) buffer = new Float64Array(2 * n);
            let s = 0;
            for (let i = 0; i < n; i++) { buffer[i]! += i; s += buffer[i]!; }
            return s;
          },
          buffer: () => buffer,
        };
      };
      const plain = make(), other = make();
      const fast = specialize(other.run, sync());
      for (const n of [2, 4, 3, 9, 5, 40, 1]) {
        const before = other.buffer();
        expect([fast(n), other.buffer()]).toEqual([plain.run(n), plain.buffer()]);
        expect(other.buffer() === before).toBe(before.length >= n);
      }
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 7 });
    });

    it("fills a table at the first call", () => {
      let table: Float64Array | undefined;
      const build = (): Float64Array => { const t = new Float64Array(8); for (let i = 0; i < 8; i++) t[i] = i * i; return t; };
      const square = (i: number): number => { table ??= build(); return table[i & 7]!; };
      const fast = specialize(square, sync());
      expect([fast(3), fast(4), fast(5), [...table!]]).toEqual([9, 16, 25, [0, 1, 4, 9, 16, 25, 36, 49]]);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 3 });
    });

    it("tells its arguments and what it captured apart by identity", () => {
      const held = { x: 1 }, list = [1, 2];
      const isHeld = specialize((p: { x: number }): number => (p === held ? p.x : -p.x), sync());
      expect([isHeld({ x: 5 }), isHeld(held), isHeld({ x: 6 })]).toEqual([-5, 1, -6]);
      const isList = specialize((p: number[]): number => (p === list ? 1 : 2), sync());
      expect([isList([1, 2]), isList(list)]).toEqual([2, 1]);
      const isSame = specialize((p: { x: number }, q: { x: number }): number => (p === q ? 1 : 2), sync());
      expect([isSame({ x: 1 }, { x: 1 }), isSame(held, held), isSame({ x: 1 }, held)]).toEqual([2, 1, 2]);
      const isSlow = specialize((p: number[], q: number[]): number => (p === q ? 1 : 2), sync({ slow: ["q"] }));
      expect([isSlow([1, 2], list), isSlow(list, list)]).toEqual([2, 1]);
      const isItem = specialize((items: { x: number }[], q: { x: number }): number => { for (let i = 0; i < items.length; i++) if (items[i] === q) return i; return -1; }, sync());
      expect([isItem([{ x: 1 }, { x: 2 }], held), isItem([{ x: 1 }, held], held)]).toEqual([-1, 1]);
    });

    it("puts other objects into a variable", () => {
      let last = { x: 0, sum: 0 };
      const kernel = (x: number): number => { if (x !== last.x) last = { x, sum: last.sum + x }; return last.sum; };
      const fast = specialize(kernel, sync());
      expect([fast(0), fast(1), fast(1), fast(2), fast(2), last]).toEqual([0, 1, 1, 3, 3, { x: 2, sum: 3 }]);
      expect(fast.stats()).toMatchObject({ calls: { original: 0, [tier]: 5 }, misses: 1 });
      let now: { p: { x: number }, old: { x: number } | null } | null = null;
      const chain = (p: { x: number }): number => { const before = now === null ? -1 : now.p.x; now = { p, old: now && now.p }; return before; };
      const chained = specialize(chain, sync()), points = [{ x: 1 }, { x: 2 }, { x: 3 }] as const;
      expect(points.map((p) => chained(p))).toEqual([-1, 1, 2]);
      expect(now!.p).toBe(points[2]);
      expect(now!.old).toBe(points[1]);
      expect(chained(points[2])).toBe(3); // the argument is what the variable holds
      expect(now).toEqual({ p: points[2], old: points[2] });
      expect(chained.stats().calls.original).toBe(0);
    });

    it("takes nodes out of a pool, and puts them back", () => {
      const make = () => {
        interface Node { v: Float64Array; next: Node | null }
        let head: Node | null = null, made = 0;
        const get = (): Node => { if (head === null) { made++; return { v: new Float64Array(2), next: null }; } const node = head; head = node.next; return node; };
        const put = (node: Node): void => { node.next = head; head = node; };
        return {
          run: (x: number): number => { const a = get(), b = get(); a.v[0] = x; b.v[0]! += x; const s = a.v[0] * 10 + b.v[0]!; put(a); put(b); return s; },
          state: () => [head, made],
        };
      };
      const plain = make(), other = make();
      const fast = specialize(other.run, sync());
      for (const x of [1, 2, 3, 4, 5]) expect([fast(x), other.state()]).toEqual([plain.run(x), plain.state()]);
      expect(fast.stats()).toMatchObject({ calls: { original: 0, [tier]: 5 }, misses: 2 });
    });

    it("keeps a version for each function that a variable holds", () => {
      const twice = (x: number): number => 2 * x, square = (x: number): number => x * x;
      let f = twice;
      const kernel = (x: number): number => { const y = f(x); f = x > 2 ? square : twice; return y; };
      const fast = specialize(kernel, sync());
      expect([1, 3, 4, 1, 5, 6].map((x) => fast(x))).toEqual([2, 6, 16, 1, 10, 36]);
      expect(f).toBe(square);
      expect(fast.stats()).toMatchObject({ calls: { original: 0, [tier]: 6 }, misses: 2 });
    });

    it("puts closures into a variable", () => {
      let f: ((x: number) => number) | null = null;
      const kernel = (k: number, x: number): number => { f ??= (y) => k * y; return f(x); };
      const fast = specialize(kernel, sync());
      expect([fast(2, 3), fast(5, 4), fast(6, 5)]).toEqual([6, 8, 10]);
      expect(f!(7)).toBe(14);
      expect(fast.stats()).toMatchObject({ calls: { original: 0, [tier]: 3 }, misses: 2 });
    });

    it("writes captured arrays and objects in place", () => {
      const seen = new Int32Array(4), list = [0, 0], at = { i: 0, sum: 0 };
      const kernel = (x: number): number => { seen[at.i]! += x; list[1]! -= x; at.sum += x; at.i = (at.i + 1) & 3; return seen[0]!; };
      const fast = specialize(kernel, sync());
      for (let i = 1; i <= 6; i++) fast(i);
      expect([[...seen], list, at]).toEqual([[6, 8, 3, 4], [0, -21], { i: 2, sum: 21 }]);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 6 });
    });

    it("writes an array inside a captured object that it reads too", () => {
      const config = { gain: 2, state: { z: new Float64Array(2) } };
      const kernel = (x: number): number => { const { z } = config.state; const y = config.gain * x + z[0]!; z[0] = z[1]!; z[1] = y / 2; return y; };
      const fast = specialize(kernel, sync());
      expect([fast(1), fast(1), fast(1), fast(1)]).toEqual([2, 2, 3, 3]);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 4 });
      config.gain = 3;
      expect(fast(0)).toBe(1.5);
      config.state.z = new Float64Array([7, 8]);
      expect(fast(0)).toBe(7);
    });

    it("puts state back after diff, prepare and inspect", async () => {
      let n = 10;
      const hits = new Float64Array(1), first = new Float64Array([5, 6]);
      let moved = first;
      const kernel = (x: number): number => { hits[0]!++; moved[0] = -1; moved = new Float64Array([x, x]); n += x; return n; };
      const fast = specialize(kernel, { tier });
      await fast.prepare(1);
      expect([n, hits[0]]).toEqual([10, 0]);
      expect(await fast.diff(1)).toEqual({ equal: true, mismatches: [], tier });
      expect([n, hits[0], moved, [...moved]]).toEqual([10, 0, first, [5, 6]]);
      expect(fast.inspect(1).executed).toBeGreaterThan(0);
      expect([n, hits[0]]).toEqual([10, 0]);
      expect([fast(1), n, hits[0], [...moved], [...first]]).toEqual([11, 11, 1, [1, 1], [-1, 6]]);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 1 });
    });

    it("is verified against the original, once for each call", () => {
      const events: KernelEvent[] = [];
      let n = 0;
      const kernel = (x: number): number => { n += x; return n * 2; };
      const fast = specialize(kernel, sync({ verify: { every: 1 }, onEvent: (event) => events.push(event) }));
      expect([fast(1), fast(2), fast(3), n]).toEqual([2, 6, 12, 6]);
      expect(events.filter(({ type }) => type === "mismatch" || type === "withdrawn")).toEqual([]);
    });

    it("writes an array, a number and a value that comes and goes", () => {
      const make = () => {
        let s = 7, last: number | null = null;
        const sums = new Float64Array(4);
        return {
          run: (n: number): number => {
            for (let i = 0; i < n; i++) { s = Math.imul(s, 31) + i | 0; sums[i & 3]! += s; }
            last = last === null ? s : null;
            return s;
          },
          all: () => [s, last, ...sums],
        };
      };
      const plain = make(), other = make();
      const fast = specialize(other.run, sync());
      for (let n = 0; n < 60; n += 7) expect([fast(n), other.all()]).toEqual([plain.run(n), plain.all()]);
      expect(fast.stats().calls.original).toBe(0);
    });

    it("serves a handle", async () => {
      let n = 0;
      const kernel = (taps: number[], x: number): number => { n += taps[0]! * x; return n; };
      const fast = specialize(kernel, { tier, slow: ["taps"] });
      const handle = await fast.pin([3], 1);
      expect([handle(1), handle(2), n]).toEqual([3, 9, 9]);
    });

    it("refuses recursion that writes what it captured, rather than lose it", () => {
      let calls = 0;
      const fib = (n: number): number => { calls++; return n < 2 ? n : fib(n - 1) + fib(n - 2); };
      const fast = specialize(fib, sync());
      expect([fast(10), calls]).toEqual([55, 177]);
      expect([fast(5), calls]).toEqual([5, 192]);
    });

    it("lets the original take over while the variable is not readable", () => {
      const make = () => {
        const use = (): number => late + 1;
        const fast = specialize(use, sync());
        let early: unknown = null;
        try { fast(); } catch (error) { early = error; }
        let late = 1;
        const set = (v: number): void => { late = v; };
        return { fast, early, set };
      };
      const { fast, early, set } = make();
      expect(early).toBeInstanceOf(ReferenceError);
      expect(fast()).toBe(2);
      set(5);
      expect(fast()).toBe(6);
    });
  });
}
