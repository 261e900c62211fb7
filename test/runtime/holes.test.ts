// `index in list` of a local array with holes.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

beforeAll(() => ready());

const list = (k: number): Float64Array => Float64Array.from({ length: 40 }, (_, i) => (i * (k + 3)) % 17);

describe("a cache of what was computed before", () => {
  const kernels = {
    "of static length": (x: Float64Array) => { const c = new Array<number>(4096); let n = 0; for (let i = 0; i < x.length; i++) { const k = x[i]! & 4095; if (k in c) n += c[k]!; else c[k] = x[i]! * 2; } return n; },
    "of a length of run time": (x: Float64Array, m: number) => { const c = new Array<number>(m); let n = 0; for (let i = 0; i < x.length; i++) { const k = x[i]! & 31; n += k in c ? c[k]! : (c[k] = i); } return n; },
    "of objects": (x: Float64Array) => {
      const c = new Array<{ n: number; s: number }>(64);
      for (let i = 0; i < x.length; i++) { const k = x[i]! & 63, b = k in c ? c[k]! : (c[k] = { n: 0, s: 0 }); b.n++; b.s += x[i]!; }
      let r = 0;
      for (let i = 0; i < c.length; i++) if (i in c) r = r * 3 + c[i]!.s / c[i]!.n;
      return r;
    },
    "with what is no index": (x: Float64Array) => { const c = new Array<number>(40); let n = 0; for (let i = 0; i < 45; i++) { const k = x[i]! / (i % 5 ? 1 : 2) - 3; if (k in c) n += 1; if (k >= 0 && k < 40 && (k | 0) === k) c[k] = i; } return n; },
    "beyond its end": (_: Float64Array, m: number) => { const c = new Array<number>(m); c[1] = 5; let r = 0; for (let i = 0; i < m + 2; i++) if (i in c) r += c[i]!; else r += 100; return r; },
  };
  for (const [title, kernel] of Object.entries(kernels)) {
    for (const tier of ["wasm", "js"] as const) {
      it(`${title} (${tier})`, () => {
        const fast = specialize(kernel, { tier, compile: "sync" });
        for (let k = 0; k < 4; k++) expect(fast(list(k), 32 + k)).toBe(kernel(list(k), 32 + k));
        expect(fast.stats().calls[tier]).toBe(4);
        fast.dispose();
      });
    }
  }
});
