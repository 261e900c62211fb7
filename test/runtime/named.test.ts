// Arrays with other fields than elements: a point with a distance, a ring with an area, what a regular expression found.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

type Named = number[] & Record<string, unknown>;

describe("arrays with fields", () => {
  const stories: Record<string, (x: number, y: number) => unknown> = {
    "one that is returned": (x, y) => { const p = [x, y] as Named; p["distance"] = Math.sqrt(x * x + y * y); return p; },
    "fields that are read, changed and kept beside elements": (x, y) => { const p = [x] as Named; p["sum"] = x; p.push(y); for (const v of p) p["sum"] = (p["sum"] as number) + v; p[0]! += 1; return [p["sum"], p.length, p["none"], p]; },
    "on one path or the other": (x, y) => { const p = [x, y] as Named; if (x > y) p["kind"] = 1; else p["kind"] = y; return p; },
    "in a loop": (x, y) => { const p = [x, y] as Named; p["n"] = 0; for (let i = 0; i < x; i++) p["n"] = (p["n"] as number) + i * y; return p; },
    "made by a function": (x, y) => { const make = (v: number): Named => { const p = [v] as Named; p["twice"] = 2 * v; return p; }; const a = make(x), b = make(y); return { a, b, s: (a["twice"] as number) - (b["twice"] as number) }; },
    "listed, and asked for": (x, y) => { const p = [x, y] as Named; p["b"] = x; p["a"] = y; let s = ""; for (const k in p) s += k; return [s, Object.keys(p), "a" in p, Object.hasOwn(p, "b"), "c" in p, { ...p }]; },
    "a copy has elements alone": (x, y) => { const p = [x, y] as Named; p["b"] = x; return [p.slice(), [...p], p.map((v) => v + 1), p.concat([1])]; },
    "what it holds leaves too": (x, y) => { const p = [x] as Named; p["of"] = { y, list: [y, x] }; p["self"] = p; return p; },
  };
  for (const [title, kernel] of Object.entries(stories)) {
    it(title, () => {
      const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
      for (let k = 1; k < 6; k++) expect(fast(k, 7 - 2 * k)).toStrictEqual(kernel(k, 7 - 2 * k));
      expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 5 });
      fast.dispose();
    });
  }
  it("of a field that all arrays have, or on some paths only, the original decides", () => {
    const over = (x: number): unknown => { const p = [x] as unknown as Record<string, unknown>; p["map"] = x; return p["map"]; };
    const perhaps = (x: number): unknown => { const p = [x] as Named; if (x > 2) p["big"] = 1; return p; };
    for (const kernel of [over, perhaps]) { const fast = specialize(kernel, { tier: "wasm", compile: "sync" }); for (let k = 1; k < 5; k++) expect(fast(k)).toStrictEqual(kernel(k)); fast.dispose(); }
  });
});
