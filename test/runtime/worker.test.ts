// Versions made in the background, by a worker: what serves meanwhile, what comes back, and what a worker that crashes or hangs costs.

import { afterEach, describe, expect, it, vi } from "vitest";
import { Codes } from "../../src/capture/codes.ts";
import { specialize as plain, tracked, type KernelEvent } from "../../src/index.ts";
import { configure } from "../../src/runtime/configure.ts";
import { useWorkshop } from "../../src/runtime/workshop.ts";
import { testWorkshop, type Faults } from "./thread.ts";

function fir(x: Float64Array, y: Float64Array, taps: ArrayLike<number>): void {
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < taps.length; k++) acc += taps[k]! * x[i + k]!;
    y[i] = acc;
  }
}
const numbers = (n: number, seed = 1): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i * 12.9898 + seed) * 43.7);
const until = async (holds: () => boolean): Promise<void> => { for (let i = 0; i < 400 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 5)); };

function using(faults: Faults = {}): ReturnType<typeof testWorkshop> {
  const made = testWorkshop(faults);
  useWorkshop(made.shop);
  return made;
}
const kernels: { dispose(): void }[] = [];
/** Disposed after the test, so that its builds are not the next one's. */
const specialize: typeof plain = (fn, options) => {
  const made = plain(fn, options);
  kernels.push(made);
  return made;
};
afterEach(() => { for (const kernel of kernels.splice(0)) kernel.dispose(); useWorkshop(null); configure({ worker: true }); });

function check(fast: typeof fir, taps: ArrayLike<number>, n = 32): void {
  const x = numbers(n + 8), y = new Float64Array(n), want = new Float64Array(n);
  fast(x, y, taps);
  fir(x, want, taps);
  expect(y).toEqual(want);
}

describe("a version from the worker", () => {
  it("has compared the slow value once when it comes: the first call makes no code for that", async () => {
    using();
    const made = vi.spyOn(Codes.prototype, "get"), taps = numbers(32);
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm", onEvent: ({ type }) => { if (type === "specialised") made.mockClear(); } });
    check(fast, taps);
    await until(() => fast.versions().length > 0 && fast.versions()[0]!.state === "ready");
    check(fast, taps);
    expect([fast.stats().calls.wasm, made.mock.calls]).toEqual([1, []]);
    made.mockRestore();
  });
  it("asks nothing of a user's comparison on the way", async () => {
    using();
    let asked = 0, then = -1;
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm", watch: { same: () => (asked++, true) }, onEvent: ({ type }) => { if (type === "specialised") then = asked; } });
    check(fast, numbers(32));
    await until(() => then >= 0);
    expect(then).toBe(0);
  });
  it("serves from one call to the next, the original meanwhile", async () => {
    using();
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
    check(fast, [1, 2, 3]);
    expect(fast.stats().calls).toMatchObject({ original: 1, wasm: 0 });
    await until(() => fast.versions()[0]?.tier === "wasm");
    check(fast, [1, 2, 3]);
    expect(fast.stats().calls.wasm).toBe(1);
    check(fast, [1, 2, 4]);
    check(fast, [1, 2, 3]);
    expect(fast.stats().calls.wasm).toBe(2); // the old version is right for its values all the while
    await fast.prepare(numbers(40), new Float64Array(32), [1, 2, 4]);
    check(fast, [1, 2, 4]);
    expect(fast.versions()).toHaveLength(2);
    expect(fast.diagnostics()).toEqual([]);
  });

  it("can be read like any other: residual, passes, guards, map", async () => {
    using();
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
    await fast.prepare(numbers(40), new Float64Array(32), [1, 2, 3]);
    const { residual, ir, bytes, sourceMap, guards, executed } = fast.inspect(numbers(40), new Float64Array(32), [1, 2, 3]);
    expect(residual).toContain("y[i]");
    expect(ir.map(({ pass }) => pass)).toContain("evaluate");
    expect(WebAssembly.validate(bytes! as Uint8Array<ArrayBuffer>)).toBe(true);
    expect(JSON.parse(sourceMap!)).toMatchObject({ version: 3 });
    expect(guards.length).toBeGreaterThan(0);
    expect(executed).toBeGreaterThan(30);
  });

  it("is compared with what the worker read: an edit in place is seen", async () => {
    using();
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
    const taps = [1, 2, 3];
    await fast.prepare(numbers(40), new Float64Array(32), taps);
    check(fast, taps);
    expect(fast.stats().calls.wasm).toBe(1);
    for (const edit of [7, -0, 0, NaN]) { taps[1] = edit; check(fast, taps); }
    expect(fast.stats().calls.wasm).toBe(1);
  });

  for (const [name, watch, wrap] of [
    ["compared with what the worker read", undefined, undefined], ["tracked", undefined, tracked],
    ["hashed", { hash: (v: unknown) => JSON.stringify(v) }, undefined], ["compared by the user", { same: (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b) }, undefined],
  ] as const) {
    it(`is not taken for values that were edited while it was made (${name})`, async () => {
      using();
      const kernel = (v: number, c: { k: number; list: number[] }): number => { let s = 0; for (let i = 0; i < c.list.length; i++) s += c.list[i]! * v + c.k; return s; };
      const fast = specialize(kernel, { slow: ["c"], tier: "wasm", ...(watch ? { watch } : {}) });
      const plain = { k: 1, list: [1, 2, 3, 4] }, c = wrap ? wrap(plain) : plain;
      for (let i = 0; fast.stats().calls.wasm < 3 && i < 2000; i++) {
        if (i < 60) { c.k++; c.list[2] = i; }
        expect(fast(0.5, c)).toBe(kernel(0.5, { k: plain.k, list: [...plain.list] }));
        await new Promise((done) => { setTimeout(done, i % 3); });
      }
      expect(fast.stats().calls.wasm).toBe(3);
    });
  }

  it("is shared by kernels of equal code: one module, one instance", async () => {
    const { orders } = using();
    const make = (k: number) => specialize((x: number) => Math.sqrt(x) * k, { tier: "wasm" });
    const a = make(3), b = make(3), c = make(4);
    for (const fast of [a, b, c]) { await fast.prepare(2); expect(fast(2)).toBe(Math.sqrt(2) * (fast === c ? 4 : 3)); }
    expect(orders.filter((type) => type === "emit")).toHaveLength(2);
    a.dispose();
    expect(b(9)).toBe(9); // the other one still uses it
    expect(b.stats().calls.wasm).toBe(2);
  });

  it("gives handles", async () => {
    using();
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
    const x = numbers(40), y = new Float64Array(32), want = new Float64Array(32);
    const handle = await fast.pin(x, y, [1, 2, 3]);
    handle(x, y);
    fir(x, want, [1, 2, 3]);
    expect(y).toEqual(want);
  });

  it("comes as residual JavaScript alone where that is asked for", async () => {
    const { orders } = using();
    const fast = specialize(fir, { slow: ["taps"], tier: "js" });
    await fast.prepare(numbers(40), new Float64Array(32), [1, 2, 3]);
    check(fast, [1, 2, 3]);
    expect(fast.stats().calls.js).toBe(1);
    expect(orders).not.toContain("emit");
  });

  it("is refused there with the same diagnostic as here", async () => {
    const kernel = (x: number, s: unknown): number => { throw new Proxy({ x, s }, {}); };
    const of = async (worker: boolean): Promise<unknown> => {
      if (worker) using(); else useWorkshop(null);
      const fast = specialize(kernel, {});
      await fast.prepare(1, 2);
      return fast.diagnostics();
    };
    const there = await of(true);
    expect(there).not.toEqual([]);
    expect(there).toEqual(await of(false));
  });

  it("is made on the main thread where the worker is turned off", async () => {
    const { orders } = using();
    configure({ worker: false });
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
    await fast.prepare(numbers(40), new Float64Array(32), [1, 2, 3]);
    check(fast, [1, 2, 3]);
    expect(fast.stats().calls.wasm).toBe(1);
    expect(orders).toEqual([]);
  });
});

describe("many at once", () => {
  it("prepare() of the same and of other values, calls in between", async () => {
    using();
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
    const all = [1, 2, 3, 2, 1].map((k) => fast.prepare(numbers(40), new Float64Array(32), [k, 0.5]));
    check(fast, [1, 0.5]);
    await Promise.all(all);
    for (const k of [1, 2, 3]) check(fast, [k, 0.5]);
    expect(fast.versions()).toHaveLength(3);
    expect(fast.stats().calls.wasm).toBe(3);
  });

  it("dispose and reset in mid-flight break nothing", async () => {
    using();
    for (const end of ["dispose", "reset"] as const) {
      const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
      const pending = fast.prepare(numbers(40), new Float64Array(32), [1, 2]);
      await new Promise((resolve) => setTimeout(resolve, 3));
      fast[end]();
      check(fast, [1, 2]);
      await pending;
      check(fast, [1, 2]);
    }
  });
});

describe("a worker that is lost", () => {
  const crashes: readonly [name: string, faults: Faults][] = [
    ["at the order", { order: ({ type }, worker) => (worker === 1 && type === "build" ? "crash" : "pass") }],
    ["while the snapshot is completed", { order: ({ type }, worker) => (worker === 1 && type === "more" ? "crash" : "pass") }],
    ["after the residual", { order: ({ type }, worker) => (worker === 1 && type === "emit" ? "crash" : "pass") }],
    ["with the module made", { answer: ({ type }, worker) => (worker === 1 && type === "module" ? "crash" : "pass") }],
  ];
  for (const [name, faults] of crashes) {
    it(`is replaced, and the version is made again: ${name}`, async () => {
      const { started } = using(faults);
      const events: KernelEvent["type"][] = [];
      const unlike = Number(name.length); // a source of its own, so that the snapshot has to be completed
      const fast = specialize(new Function("x", "y", "taps", `${"/* */".repeat(unlike)} for (let i = 0; i < y.length; i++) y[i] = Math.abs(x[i]) * taps[0] + ${unlike};`) as typeof fir, { slow: ["taps"], tier: "wasm", onEvent: ({ type }) => events.push(type) });
      const y = new Float64Array(4);
      await fast.prepare(numbers(4), y, [2]);
      fast(numbers(4), y, [2]);
      expect(y).toEqual(numbers(4).map((v) => Math.abs(v) * 2 + unlike));
      expect(started()).toBe(2);
      expect(fast.stats().calls.wasm).toBe(1);
      expect(events).not.toContain("worker lost");
    });
  }

  it("twice: the main thread makes the version", async () => {
    const { started } = using({ order: ({ type }) => (type === "build" ? "crash" : "pass") });
    const events: KernelEvent["type"][] = [];
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm", onEvent: ({ type }) => events.push(type) });
    await fast.prepare(numbers(40), new Float64Array(32), [1, 2]);
    check(fast, [1, 2]);
    expect(fast.stats().calls.wasm).toBe(1);
    expect(started()).toBe(2);
    expect(events).toContain("worker lost");
  });

  it("because it hangs: replaced; twice, and the original serves", async () => {
    const { shop, started } = using({ order: ({ type }) => (type === "build" ? "swallow" : "pass") });
    shop.patience = 0.01;
    const events: KernelEvent["type"][] = [];
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm", onEvent: ({ type }) => events.push(type) });
    await fast.prepare(numbers(40), new Float64Array(32), [1, 2]);
    check(fast, [1, 2]);
    expect(fast.stats().calls.original).toBe(1);
    expect(started()).toBe(2);
    expect(events).toContain("worker lost");
  });

  it("in the middle of warming: the module serves all the same, and is not warmed again", async () => {
    const { shop } = using({ answer: ({ type }) => (type === "warm" ? "swallow" : "pass") });
    shop.patience = 0.01;
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
    await fast.prepare(numbers(40), new Float64Array(32), [1, 2]);
    check(fast, [1, 2]);
    expect(fast.stats().calls.wasm).toBe(1);
    await fast.prepare(numbers(40), new Float64Array(32), [1, 3]);
    check(fast, [1, 3]);
    expect(fast.stats().calls.wasm).toBe(2);
  });

  it("that never starts is given up", async () => {
    const { shop } = using({ order: () => "crash" });
    for (let k = 0; k < 3; k++) {
      const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
      await fast.prepare(numbers(40), new Float64Array(32), [k]);
      check(fast, [k]);
      expect(fast.stats().calls.wasm).toBe(1);
    }
    expect(shop.usable).toBe(false);
  });
});
