// Objects by whole numbers, and lists of objects that are returned: some stand in several places.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { Made } from "../../src/runtime/made.ts";
import { served } from "./subjects.ts";

beforeAll(() => ready());

it("is what a Map is", () => {
  for (const step of [1, 8, 4096, 65_536]) {
    const made = new Made(), map = new Map<number, unknown>();
    for (let i = 0; i < 500; i++) {
      const key = (i % 3 === 0 ? 1 : -step) * (i % 7 === 0 ? 5 : i), object = { i };
      made.set(key, object);
      map.set(key, object);
      if (i % 50 === 0) for (let k = -500; k < 500; k++) for (const one of [k, k * step]) { expect(made.get(one)).toBe(map.get(one)); expect(made.has(one)).toBe(map.has(one)); }
    }
  }
});

describe("lists of objects of numbers", () => {
  const kernels: Readonly<Record<string, (n: number, a: number) => unknown>> = {
    "each its own": (n, a) => { const out = []; for (let i = 0; i < n; i++) out.push({ x: i, y: i * a, z: -0 }); return out; },
    "some twice, in two lists": (n, a) => { const out = [], odd = []; for (let i = 0; i < n; i++) { const p = { x: i, y: i / a }; out.push(p); if (i & 1) { odd.push(p); out.push(p); } } return { out, odd, last: odd }; },
    "with odd keys": (n, a) => { const out = []; for (let i = 0; i < n; i++) out.push({ "a b": i, "\"": a, b: NaN * i, "0": i, at: i + a, f64: 1 }); return out; },
    "with keys that objects have": (n, a) => { const out = []; for (let i = 0; i < n; i++) out.push({ valueOf: i, x: a }); return out; },
    "with what is no number": (n, a) => { const out = []; for (let i = 0; i < n; i++) out.push({ x: i * a, odd: i % 2 === 1, name: i % 3 ? "a" : "b" }); return out; },
    "that hold others": (n, a) => { const out = [], shared = { x: a }; for (let i = 0; i < n; i++) out.push({ own: { x: i }, shared }); return out; },
  };
  for (const [title, kernel] of Object.entries(kernels)) {
    for (const tier of ["wasm", "js"] as const) it(`${title} (${tier})`, () => expect(served(tier, () => ({ f: kernel, state: null }), [0, 1, 9, 40].map((n) => [n, 1.5]))).toBe(4));
  }
});
it("__proto__ is a key as others where no object inherits it", () => {
  const then = Object.getOwnPropertyDescriptor(Object.prototype, "__proto__")!;
  Reflect.deleteProperty(Object.prototype, "__proto__");
  try {
    const run = (n: number, a: number): unknown[] => { const out = []; for (let i = 0; i < n; i++) out.push({ ["__proto__"]: i * a, x: i }); return out; };
    const fast = specialize(run, { tier: "wasm", compile: "sync" });
    expect(fast(3, 2).map((one) => Object.getOwnPropertyNames(one))).toEqual([["__proto__", "x"], ["__proto__", "x"], ["__proto__", "x"]]);
    expect(fast.stats().calls.wasm).toBe(1);
  } finally { Object.defineProperty(Object.prototype, "__proto__", then); } // eslint-disable-line no-extend-native
});
