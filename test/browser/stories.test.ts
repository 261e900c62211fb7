// The runtime in a browser: stories in headless Chromium, with the package as it is published.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CDPSession } from "playwright-core";
import { executable, Site } from "./site.ts";
import { byteOfLine } from "../sourcemap.ts";

if (executable === null) console.log("skipped: the stories in a browser need Chromium (Debian's package chromium, or its path in CHROMIUM)");

describe.skipIf(executable === null)("in Chromium", () => {
  let site: Site;
  beforeAll(async () => { site = await Site.open(); }, 120_000);
  afterAll(async () => { await site?.close(); });

  it("captured values come from `env`, where the host shows no closure", async () => {
    expect(await site.visit(async ({ specialize }) => {
      const table = [1, 2, 4, -0], scale = 0.5;
      const kernel = (x: number, at: number): number => x * table[at]! + scale;
      const without = specialize(kernel, { slow: ["at"], tier: "wasm" });
      await without.prepare(3, 2);
      const fast = specialize(kernel, { slow: ["at"], tier: "wasm", env: { table, scale } });
      await fast.prepare(3, 2);
      return { results: [without(3, 2), fast(3, 2)], calls: [without.stats().calls, fast.stats().calls], why: without.diagnostics().map(({ kind }) => kind) };
    })).toEqual({ results: [12.5, 12.5], calls: [{ original: 1, js: 0, wasm: 0 }, { original: 0, js: 0, wasm: 1 }], why: ["Unsupported"] });
  });

  it("a version is made in a module worker, which holds Binaryen; the original serves meanwhile", async () => {
    const { first, wrong, last, loaded } = await site.visit(async ({ specialize }) => {
      const kernel = (x: number, k: number): number => Math.fround(x * k) + k;
      const fast = specialize(kernel, { slow: ["k"], tier: "wasm" });
      let wrong = 0;
      const call = (x: number): void => { if (!Object.is(fast(x, 3), kernel(x, 3))) wrong++; };
      call(0.1);
      const first = { ...fast.stats().calls };
      for (let i = 0; fast.stats().calls.wasm < 5 && i < 5000; i++) { call(i / 7); await new Promise((done) => { setTimeout(done, 2); }); }
      return { first, wrong, last: fast.stats().calls.wasm, loaded: performance.getEntriesByType("resource").map(({ name }) => name).filter((name) => name.includes("/packages/binaryen")) };
    });
    expect({ first, wrong, last, loaded }).toEqual({ first: { original: 1, js: 0, wasm: 0 }, wrong: 0, last: 5, loaded: [] });
  });

  it("versions are swapped between two calls, and back", async () => {
    expect(await site.visit(async ({ specialize }) => {
      const kernel = (x: number, taps: number[]): number => { let y = 0; for (const tap of taps) y = y * x + tap; return y; };
      const fast = specialize(kernel, { slow: ["taps"], tier: "wasm" });
      const sets = [[1, 2, 3], [0.5, -0], [4]];
      for (const taps of sets) await fast.prepare(2, taps);
      let wrong = 0;
      const call = (i: number, taps: number[]): void => { if (!Object.is(fast(i, taps), kernel(i, taps))) wrong++; };
      for (let i = 0; i < 6000; i++) call(i, sets[Math.floor(i / 20) % 3]!);
      const { swaps } = fast.stats();
      for (let i = 0; i < 300; i++) call(i, sets[i % 3]!); // these are tried in turn
      const { calls, swaps: all } = fast.stats();
      return { wrong, calls, enough: swaps >= 299, few: all - swaps < 20, versions: fast.versions().length };
    })).toEqual({ wrong: 0, calls: { original: 0, js: 0, wasm: 6300 }, enough: true, few: true, versions: 3 });
  });

  it("relax.fma rounds a product and a sum once, where the browser can", async () => {
    const { bits, said } = await site.visit(async ({ specialize }) => {
      const sum = (a: Float64Array, b: Float64Array, c: Float64Array, y: Float64Array): void => { for (let i = 0; i < y.length; i++) y[i] = a[i]! * b[i]! + c[i]!; };
      const fast = specialize(sum, { tier: "wasm", relax: { fma: true } });
      const of = (x: number): Float64Array => new Float64Array(32).fill(x), y = of(0), args = [of(1 + 2 ** -30), of(1 - 2 ** -30), of(-1), y] as const;
      await fast.prepare(...args);
      fast(...args);
      return { bits: [...new Set(y)], said: fast.explain().includes("no relaxed SIMD") };
    });
    expect({ bits, said }).toEqual(said ? { bits: [0], said } : { bits: [-(2 ** -60)], said });
  });

  it("an edit of coefficients in place is seen by the next call", async () => {
    expect(await site.visit(async ({ specialize }) => {
      const kernel = (x: number, c: { taps: Float64Array; gain: number }): number => { let y = 0; for (let i = 0; i < c.taps.length; i++) y += c.taps[i]! * x; return y * c.gain; };
      const fast = specialize(kernel, { slow: ["c"], tier: "wasm" });
      const c = { taps: Float64Array.of(1, 2, 3), gain: 2 };
      await fast.prepare(1, c);
      const results = [fast(1, c)];
      c.taps[1] = 10;
      results.push(fast(1, c));
      c.gain = 0.5;
      results.push(fast(1, c));
      c.taps[1] = 2; c.gain = 2;
      results.push(fast(1, c));
      return { results, wasm: fast.stats().calls.wasm };
    })).toEqual({ results: [12, 28, 7, 12], wasm: 2 });
  });

  it("arrays of the arena are not copied; others are", async () => {
    expect(await site.visit(async ({ specialize, arena }) => {
      const kernel = (x: Float64Array, y: Float64Array, k: number): void => { for (let i = 0; i < y.length; i++) y[i] = x[i]! * k; };
      const fast = specialize(kernel, { slow: ["k"], tier: "wasm" });
      const x = arena.float64(1000).map((_, i) => i), own = arena.float64(1000), y = arena.float64(1000);
      own.set(x);
      await fast.prepare(own, y, 3);
      const before = fast.stats().copiedBytes;
      fast(own, y, 3);
      const between = fast.stats().copiedBytes, result = y[999];
      fast(new Float64Array(1000).fill(2), y, 3);
      return { result, then: y[0], free: between - before, copied: fast.stats().copiedBytes - between > 0, original: fast.stats().calls.original };
    })).toEqual({ result: 2997, then: 6, free: 0, copied: true, original: 0 });
  });

  it("a refusal is a diagnostic with a place and a hint; the original serves", async () => {
    const { result, calls, diagnostic, events } = await site.visit(async ({ specialize }) => {
      const events: string[] = [];
      const kernel = async (x: number): Promise<number> => x + 1;
      const fast = specialize(kernel, { tier: "wasm", onEvent: ({ type }) => events.push(type) });
      await fast.prepare(1);
      return { result: await fast(1), calls: fast.stats().calls, diagnostic: fast.diagnostics()[0]!, events };
    });
    expect({ result, calls, events }).toEqual({ result: 2, calls: { original: 1, js: 0, wasm: 0 }, events: ["fell back"] });
    expect(diagnostic).toMatchObject({ kind: "Unsupported", line: 1, hint: "move the numeric work into an ordinary function and call it" });
    expect(diagnostic.message).toContain("async");
  });

  it("a policy without `wasm-unsafe-eval` leaves the original, with one event", async () => {
    expect(await site.visit(async ({ specialize }) => {
      const events: string[] = [];
      const kernel = (x: number, k: number): number => x * k;
      const fast = specialize(kernel, { slow: ["k"], onEvent: ({ type }) => events.push(type) });
      await fast.prepare(2, 3);
      return { results: [fast(2, 3), fast(2, 4)], calls: fast.stats().calls, events };
    }, { policy: "script-src 'self'" })).toEqual({ results: [6, 8], calls: { original: 2, js: 0, wasm: 0 }, events: ["fell back"] });
  });

  it("a policy without `unsafe-eval` leaves WebAssembly behind prebuilt guards", async () => {
    expect(await site.visit(async ({ specialize }) => {
      let forbidden = false;
      try { new Function("return 1")(); } catch { forbidden = true; }
      const kernel = (x: number, k: number): number => x * k;
      const fast = specialize(kernel, { slow: ["k"], tier: "wasm" });
      await fast.prepare(2, 3);
      await fast.prepare(2, -0);
      return { forbidden, results: [fast(2, 3), Object.is(fast(2, -0), -0), Object.is(fast(2, 0), 0)], calls: fast.stats().calls };
    }, { policy: "script-src 'self' 'wasm-unsafe-eval'" })).toEqual({ forbidden: true, results: [6, true, true], calls: { original: 1, js: 0, wasm: 2 } });
  });

  it("a worker that crashes is replaced, and nothing is lost", async () => {
    expect(await site.visit(async ({ specialize }) => {
      const events: string[] = [], { workers } = globalThis as unknown as { workers: Worker[] };
      const kernel = (x: number, k: number): number => x * k;
      const fast = specialize(kernel, { slow: ["k"], tier: "wasm", onEvent: ({ type }) => events.push(type) });
      await fast.prepare(2, 3); // the first worker could not even start
      const started = workers.length;
      workers.at(-1)!.terminate();
      workers.at(-1)!.dispatchEvent(new ErrorEvent("error", { message: "out of memory" }));
      await fast.prepare(2, 4);
      return { results: [fast(2, 3), fast(2, 4)], calls: fast.stats().calls, started, all: workers.length, lost: events.includes("worker lost") };
    }, { first: `globalThis.workers = [];
      const Own = Worker;
      globalThis.Worker = class extends Own { constructor(url, options) { super(workers.length === 0 ? "/dist/none.js" : url, options); workers.push(this); } };` }))
      .toEqual({ results: [6, 8], calls: { original: 0, js: 0, wasm: 2 }, started: 2, all: 3, lost: false });
  });

  it("a host without vectors gets scalar code, one without WebAssembly residual JavaScript", async () => {
    const story = async ({ specialize }: typeof import("../../src/index.ts")): Promise<unknown> => {
      const kernel = (x: Float32Array, y: Float32Array, k: number): void => { for (let i = 0; i < y.length; i++) y[i] = Math.fround(x[i]! * k); };
      const x = new Float32Array(64).fill(3), y = new Float32Array(64), calls = [];
      for (const tier of ["wasm", "js"] as const) {
        const fast = specialize(kernel, { slow: ["k"], tier });
        await fast.prepare(x, y, 0.5);
        fast(x, y, 0.5);
        calls.push(fast.stats().calls, fast.versions().some(({ vectorized }) => vectorized.length > 0));
      }
      return { result: y[63], calls };
    };
    expect(await site.visit(story))
      .toEqual({ result: 1.5, calls: [{ original: 0, js: 0, wasm: 1 }, true, { original: 0, js: 1, wasm: 0 }, true] });
    expect(await site.visit(story, { first: "const own = WebAssembly.validate; WebAssembly.validate = () => false;" }))
      .toEqual({ result: 1.5, calls: [{ original: 0, js: 0, wasm: 1 }, false, { original: 0, js: 1, wasm: 0 }, false] });
    expect(await site.visit(story, { first: "delete globalThis.WebAssembly;" }))
      .toEqual({ result: 1.5, calls: [{ original: 0, js: 1, wasm: 0 }, false, { original: 0, js: 1, wasm: 0 }, false] });
  });

  it("results are compared where that is asked, and all is given back in the end", async () => {
    expect(await site.visit(async ({ specialize }) => {
      const kernel = (x: Float64Array, k: number): number => { for (let i = 0; i < x.length; i++) x[i] = x[i]! * k; return x.length; };
      const fast = specialize(kernel, { slow: ["k"], tier: "wasm", verify: { every: 2 } });
      const x = Float64Array.of(1, 2, -0.5);
      const { equal, tier } = await fast.diff(x, 3);
      const before = [...x];
      for (let i = 0; i < 4; i++) fast(x, 3);
      const { calls } = fast.stats();
      fast.dispose();
      const after = fast(x, 3);
      return { equal, tier, before, now: [...x], calls, after, then: fast.stats().calls.original - calls.original, versions: fast.versions().length, reports: fast.reports().length };
    })).toEqual({ equal: true, tier: "wasm", before: [1, 2, -0.5], now: [243, 486, -121.5], calls: { original: 2, js: 0, wasm: 2 }, after: 3, then: 1, versions: 0, reports: 0 });
  });

  it("breakpoints: DevTools' in a module, by its source map, and in the original where versions are turned off", async () => {
    const urls = new Map<string, string>(), paused: { name: string; url: string; line: number }[] = [];
    let modules = 0;
    const debug = async (session: CDPSession): Promise<void> => {
      session.on("Debugger.scriptParsed", (script) => {
        urls.set(script.scriptId, script.url);
        if (script.scriptLanguage !== "WebAssembly" || !script.sourceMapURL?.startsWith("data:application/json")) return;
        modules++;
        const { sources, mappings } = JSON.parse(atob(script.sourceMapURL.split(",")[1]!)) as { sources: string[]; mappings: string };
        const columnNumber = byteOfLine(mappings, 4);
        void session.send("Debugger.setBreakpoint", { location: { scriptId: script.scriptId, lineNumber: 0, columnNumber } })
          .then(() => session.send("Runtime.evaluate", { expression: `globalThis.armed = ${JSON.stringify(sources)}` }));
      });
      session.on("Debugger.paused", ({ callFrames: [top] }) => {
        paused.push({ name: top!.functionName, url: urls.get(top!.location.scriptId)!, line: top!.location.lineNumber });
        void session.send("Debugger.resume");
      });
      await session.send("Debugger.enable");
      await session.send("Debugger.setBreakpointByUrl", { url: "http://virtual/kernel.js", lineNumber: 3 });
    };
    const answer = await site.visit(async ({ specialize, configure }) => {
      configure({ sourceMaps: true });
      const text = "(function weighted(x, k) {\n  let sum = 0;\n  for (let i = 0; i < x.length; i++)\n    sum += x[i] * k;\n  return sum;\n})\n//# sourceURL=http://virtual/kernel.js";
      const kernel = (0, eval)(text) as (x: Float64Array, k: number) => number, x = Float64Array.of(1, 2, 3);
      const fast = specialize(kernel, { slow: ["k"], tier: "wasm" });
      await fast.prepare(x, 2);
      const armed = globalThis as { armed?: string[] };
      for (let i = 0; armed.armed === undefined && i < 500; i++) await new Promise((done) => { setTimeout(done, 10); });
      const first = fast(x, 2);
      configure({ enabled: false });
      return { sources: armed.armed, results: [first, fast(x, 2)], calls: fast.stats().calls };
    }, { debug });
    expect(answer).toMatchObject({ results: [12, 12], calls: { original: 1, wasm: 1 } });
    expect(modules).toBe(1);
    expect(paused.find(({ url }) => url.startsWith("wasm:"))!.name).toMatch(/weighted$/);
    expect(paused.find(({ url }) => url === "http://virtual/kernel.js")).toMatchObject({ name: "weighted", line: 3 });
  });
});
