// What programs are made without until a call does it: that very call is served by a version that has it.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

const waves = (k: number): number[] => Array.from({ length: 12 }, (_, i) => Math.sin(i * k) - 0.3);

interface Story { readonly kernel: (...args: never[]) => unknown; readonly args: (k: number) => unknown[] }
const story = <A extends unknown[]>(kernel: (...args: A) => unknown, args: (k: number) => [...A]): Story => ({ kernel: kernel as Story["kernel"], args });

const stories: Record<string, Story> = {
  "an array filled from behind": story((n: number) => { const e: number[] = []; let i = n; while (i--) e[i] = i * 2; return e; }, (k) => [k + 2]),
  "rows filled from behind": story((n: number, m: number) => { const e: number[][] = []; let i = n; while (i--) { let j = m; e[i] = []; while (j--) e[i]![j] = i * 10 + j; } return e; }, (k) => [k + 2, k + 1]),
  "objects with gaps between them": story((n: number) => { const a: { x: number }[] = []; for (let i = n; i > 0; i -= 2) a[i] = { x: i }; return a; }, (k) => [k + 3]),
  "a stack that is empty now and then": story((xs: number[]) => { const st: number[] = []; let s = 0; for (const x of xs) { if (x > 0) st.push(x); else { const p = st.pop(); s += p === undefined ? 100 : p; } } return [s, st]; }, (k) => [waves(k)]),
  "a length that is set to more": story((n: number) => { const a: number[] = []; for (let i = 0; i < n; i++) a.push(i); a.length = n + 2; return a; }, (k) => [k]),
  "an argument that gets elements by index": story((h: number[], i: number, v: number) => { h[i] = v; return h.length; }, (k) => [[1, 2, 3], k, 0.5 * k]),
  "undefined, read past the end, kept": story((xs: number[], n: number) => { const o: (number | undefined)[] = []; for (let i = 0; i < n; i++) o.push(xs[i]); return o; }, (k) => [[1, 2, 3], k + 1]),
  "undefined put into an argument": story((xs: (number | undefined)[], n: number) => { for (let i = 0; i < n; i++) xs[i] = xs[i + 1]; return xs; }, (k) => [[1, 2, 3], Math.min(3, k)]),
};

describe("arrays and objects whose form changes in a loop", () => {
  it("an array of holes that each iteration fills", () => {
    const kernel = (n: number): unknown => {
      const grid = new Array<number>(3), out: number[][] = [];
      for (let k = 0; k < n; k++) {
        let mask = 0;
        for (let i = 0; i < 3; i++) { grid[i] = i * k - 2; mask |= grid[i]! > 0 ? 1 << i : 0; }
        if (mask === 0) continue;
        const found: number[] = [];
        for (let i = 0; i < 3; i++) if (mask & (1 << i)) found.push(grid[i]!);
        out.push(found);
      }
      return out;
    };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (let k = 0; k < 5; k++) expect(fast(2 * k)).toEqual(kernel(2 * k));
    expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 5 });
    fast.dispose();
  });

  it("an object of a hundred numbers, some of them written, that is slow", () => {
    const kernel = (s: Record<string, number>, t: number): number => { s.f3 = t; s.f90 = s.f3! * 2 + s.f7!; return s.f90 + s.f99!; };
    const fast = specialize(kernel, { slow: ["s"], tier: "wasm", compile: "sync" });
    const make = (): Record<string, number> => Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, i / 3]));
    const mine = make(), theirs = make();
    for (let t = 0; t < 5; t++) expect(fast(mine, t)).toBe(kernel(theirs, t));
    expect(mine).toEqual(theirs);
    expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 5 });
    fast.dispose();
  });
});

describe("a rare case", () => {
  for (const [title, { kernel, args }] of Object.entries(stories)) {
    for (const tier of ["wasm", "js"] as const) {
      it(`${title} (${tier})`, () => {
        const fast = specialize(kernel, { tier, compile: "sync" });
        for (let k = 1; k < 6; k++) {
          const [mine, theirs] = [args(k), args(k)] as [never[], never[]];
          expect(fast(...mine)).toEqual(kernel(...theirs));
          expect(mine).toEqual(theirs);
        }
        expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 5 });
        fast.dispose();
      });
    }
  }

  it("is the original's in a call that does more than any version can; all other calls are served as before", () => {
    const kernel = (n: number, far: boolean): unknown => {
      const list: number[] = [];
      for (let i = 0; i < n; i++) list.push(i);
      if (far) list[n + 2] = 1;
      if (list[n] === undefined && far) return (0, eval)("1");
      return list.length;
    };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (let k = 1; k < 5; k++) for (const far of [false, true]) expect(fast(k, far)).toBe(kernel(k, far));
    expect(fast.stats().calls).toMatchObject({ original: 4, wasm: 4 });
    fast.dispose();
  });

  it("with which no version can be made leaves those that could be, as they are", () => {
    const kernel = (xs: number[], far: boolean): unknown => {
      const stack: number[] = [], list = [0, 0];
      let s = 0;
      for (const x of xs) { if (x > 0) stack.push(x); else { const p = stack.pop(); s += p === undefined ? 100 : p; } list.push(s); }
      if (far) list[xs.length + 5] = 1;
      if (list[xs.length + 2] === undefined && far) return (0, eval)("1");
      return s;
    };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (let k = 1; k < 5; k++) for (const far of [false, true]) expect(fast(waves(k), far)).toBe(kernel(waves(k), far));
    expect(fast.stats().calls).toMatchObject({ original: 4, wasm: 4 });
    fast.dispose();
  });
});
