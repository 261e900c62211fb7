// Slow values that the kernel writes: the path that is written is fast, all else stays slow.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, type Options } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

class Filter {
  gain = 2;
  feedback = 0.5;
  z = 1.5;
  state = { last: 0.5, ring: [0, 0, 0] };
  at = 0;
  run(x: number): number {
    const y = this.gain * x + this.z;
    this.z = this.feedback * y;
    this.state.last = y;
    this.state.ring[this.at] = y;
    this.at = (this.at + 1) % this.state.ring.length;
    return y + this.state.ring[0]!;
  }
}

for (const tier of ["js", "wasm"] as const) {
  const sync = (options: Options): Options => ({ tier, compile: "sync", ...options });
  describe(`a slow value that the kernel writes, served by ${tier}`, () => {
    it("stays slow but for what is written, from the first call on", () => {
      const plain = new Filter(), other = new Filter();
      const fast = specialize(Filter.prototype.run, sync({ slow: ["this"] }));
      for (const x of [1, 2.25, -3, 0.5, 7]) expect([fast.call(other, x), other]).toEqual([plain.run(x), plain]);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 5 });
      expect(fast.diagnostics().map(({ message }) => /^"(.*)" is/.exec(message)?.[1])).toEqual(["this.z", "this.state.last", "this.state.ring", "this.at"]);
      const { guards } = fast.inspect();
      expect(guards.length).toBeGreaterThan(0);
      const before = fast.versions().length;
      other.gain = plain.gain = 3; // slow still: another version
      expect(fast.call(other, 1)).toBe(plain.run(1));
      expect(fast.versions()).toHaveLength(before + 1);
    });

    it("has its objects in arrays written where they are, each array by a version of its own", () => {
      const make = () => [{ b: 1, a: 2, z: 0 }, { b: 3, a: 0.5, z: 0 }];
      const kernel = (sections: ReturnType<typeof make>, x: number): number => { let v = x; for (const s of sections) { const y = s.b * v + s.z; s.z = s.a * y; v = y; } return v; };
      const want = make(), got = make(), other = make();
      const fast = specialize(kernel, sync({ slow: ["sections"] }));
      for (const x of [1.5, 2.5, 3]) expect([fast(got, x), got]).toEqual([kernel(want, x), want]);
      expect([fast(other, 1.5), other]).toEqual([4.5, [{ b: 1, a: 2, z: 3 }, { b: 3, a: 0.5, z: 2.25 }]]);
      expect(got).toEqual(want);
      expect(fast.stats().calls.original).toBe(0);
    });

    it("keeps the parameter in a handle's list, since the handle writes it", async () => {
      const config = { k: 3, n: 0 };
      const fast = specialize((c: typeof config, x: number): number => { c.n++; return c.k * x + c.n; }, sync({ slow: ["c"] }));
      const handle = await fast.pin(config, 1) as unknown as (c: typeof config, x: number) => number;
      expect([handle(config, 2), handle(config, 2), config]).toEqual([7, 8, { k: 3, n: 2 }]);
    });

    it("is not what a fast object holds that is no number: that is written as all else", () => {
      const make = () => ({ x: 1, order: "xyz", old: null as string | null });
      const kernel = (o: ReturnType<typeof make>, order: string, x: number): number => { o.old = o.order; o.order = order; o.x = x; return order === "zyx" ? x : -x; };
      const want = make(), got = make();
      const fast = specialize(kernel, sync({ slow: ["order"] }));
      for (const order of ["zyx", "xyz", "zyx"]) expect([fast(got, order, 2.5), got]).toEqual([kernel(want, order, 2.5), want]);
      expect(fast.stats().calls.original).toBe(0);
    });

    it("is not an array in a captured object: the very array is written", () => {
      const make = () => {
        const me = { w: 1, i: 0, X: [1, 2, 3, 4] };
        return { next: (): number => { const { X } = me; me.w = (me.w + 7) | 0; const v = X[me.i] = X[me.i]! * 3 + me.w; me.i = (me.i + 1) & 3; return v; }, me };
      };
      const want = make(), got = make();
      const fast = specialize(got.next, sync({}));
      for (let k = 0; k < 6; k++) expect([fast(), got.me]).toEqual([want.next(), want.me]);
      expect(fast.stats()).toMatchObject({ calls: { original: 0, [tier]: 6 }, misses: 1 });
      got.me.X = [5, 6, 7, 8];
      want.me.X = [5, 6, 7, 8];
      expect([fast(), got.me]).toEqual([want.next(), want.me]);
    });

    it("shares bytes with an array that is written: the original serves that call, and no other", () => {
      type Net = { w: Float64Array; b: number[] }[];
      const kernel = (y: Float64Array, net: Net): number => {
        let s = 0;
        for (const { w, b } of net) for (let i = 0; i < w.length; i++) { y[i] = s; s += w[i]! * b[0]!; }
        return s;
      };
      const make = (): Net => [{ w: Float64Array.of(1, 2, 3), b: [2] }, { w: Float64Array.of(4, 5, 6), b: [3] }];
      const fast = specialize(kernel, sync({ slow: ["net"] }));
      const call = (pick: (net: Net) => Float64Array): number => {
        const want = make(), got = make(), [y, z] = [pick(want), pick(got)], { original } = fast.stats().calls;
        expect([fast(z, got), z, got]).toEqual([kernel(y, want), y, want]);
        return fast.stats().calls.original - original;
      };
      const apart = (): Float64Array => new Float64Array(3);
      expect([call(apart), call((net) => net[0]!.w), call((net) => net[1]!.w), call((net) => new Float64Array(net[1]!.w.buffer, 8, 2)), call(apart)]).toEqual([0, 1, 1, 1, 0]);
    });

    it("of a slow path, makes that path fast", () => {
      const config = { taps: [1, 2], gain: 2 };
      const kernel = (c: typeof config, x: number): number => { c.taps[0] = x; return c.taps[0] * c.gain + c.taps[1]!; };
      const fast = specialize(kernel, sync({ slow: ["c.taps", "c.gain"] }));
      expect([fast(config, 5), fast(config, 6), config.taps]).toEqual([12, 14, [6, 2]]);
      expect(fast.stats().calls.original).toBe(0);
      expect(fast.diagnostics()[0]!.message).toContain('"c.taps" is treated as fast');
    });
  });
}
