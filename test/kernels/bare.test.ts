// Objects without a prototype among the caller's values and the captured ones, and captured objects that are prototypes of others.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

interface Point { x: number; y?: number; w?: number }
const bare = <T extends object>(fields: T): T => Object.assign(Object.create(null) as object, fields) as T;

const kernels: readonly (readonly [string, (o: Point, n: number) => unknown])[] = [
  ["is read", (o, n) => o.x * n + o.y!],
  ["is written, and gets a field", (o, n) => { o.x += n; o.w = n * 2; return o; }],
  ["lacks what Object.prototype has", (o, n) => ("toString" in o ? n : -n) + ((o as { valueOf?: unknown }).valueOf === undefined ? 1 : 0)],
  ["is no instance of Object", (o, n) => [o instanceof Object, Object.getPrototypeOf(o) === null, n]],
  ["has its keys", (o, n) => { let s = n; for (const key in o) s = s * 3 + o[key as "x"]; return s; }],
];

describe("an object without a prototype", () => {
  it.each(kernels)("%s", async (_, kernel) => { await served(kernel, [[bare({ x: 3, y: 4 }), 2], [bare({ x: -0, y: 0.5 }), 7]]); });
  it.each(kernels)("as the field of another: %s", async (_, kernel) => {
    await served((o: { at: Point }, n: number) => kernel(o.at, n), [[{ at: bare({ x: 3, y: 4 }) }, 2], [{ at: bare({ x: 1, y: NaN }) }, 7]]);
  });
  it("is told from one with it, call for call", async () => {
    await served((o: Point, n: number) => ((o as unknown) instanceof Object ? o.x : o.x * n), [[bare({ x: 3 }), 2], [{ x: 3 }, 2], [bare({ x: 5 }), 3], [{ x: 5 }, 3]]);
  });
  it("can't be a number", async () => {
    await served((o: Point, n: number) => Number(o) + n, [[bare({ x: 3 }), 2]], { original: 1 });
    await served((n: number) => { const o = Object.create(null) as Point; o.x = n; return n > 3 ? +o : o.x; }, [[1], [5]], { original: 1 });
  });
  it("of the kernel's own, or a slow one, is no instance of Object", async () => {
    await served((n: number) => { const o = Object.create(null) as Point; o.x = n; return [o instanceof Object, Object.create(o) instanceof Object, o.x]; }, [[1], [5]]);
    await served((o: Point, n: number) => ((o as unknown) instanceof Object ? n : o.x + n), [[bare({ x: 3 }), 2], [bare({ x: 3 }), 4]], { slow: [0] });
  });
  it("with a tag of its own, which is asked, is not looked into", async () => {
    let asked = 0;
    const kernel = specialize((o: Point, n: number) => o.x * n, { tier: "wasm", compile: "sync" }), make = (): Point => Object.defineProperty(bare({ x: 2 }), Symbol.toStringTag, { get: () => { asked++; return "Point"; } });
    await ready();
    expect([kernel(make(), 3), kernel(make(), 4), asked]).toEqual([6, 8, 0]);
  });
});

/** State, the kernel that writes it, and what a call may find. */
const states: readonly (readonly [string, () => readonly [unknown, (n: number) => unknown]])[] = [
  ["without a prototype", () => { const state = bare({ n: 0 }); return [state, (n) => { state.n += n; return state.n; }]; }],
  ["which holds one without a prototype", () => { const state = { t: bare({ n: 0, on: false }) }; return [state, (n) => { state.t.n += n; state.t.on = n > 3; return state.t.on ? state.t.n : n; }]; }],
  ["that another inherits from", () => { const state = { n: 0 }, below = Object.create(state) as typeof state; return [state, (n) => { state.n = n; return below.n + 1; }]; }],
  ["that another inherits from, which has the field itself", () => { const state = { n: 2 }, below = Object.create(state, { n: { value: 2 } }) as typeof state; return [state, (n) => { state.n = n; return below.n + 1; }]; }],
  ["that gets a field which another inherits", () => { const state: { m: number; n?: number } = { m: 2 }, below = Object.create(state) as typeof state; return [state, (n) => { state.n = n; return below.n! + 1; }]; }],
];
it.each(states)("a captured object that is written, %s", async (_, make) => {
  await ready();
  const [mine, kernel] = make(), [theirs, original] = make(), fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const n of [1, 2.5, -0, 7]) expect([fast(n), mine]).toEqual([original(n), theirs]);
  expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 4 });
});
