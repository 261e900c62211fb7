// Choosing the fastest on real calls, with a clock of our own: nothing here depends on the machine.

import { afterEach, describe, expect, it, vi } from "vitest";
import { callsOfOriginal, fastest, Trial } from "../../src/runtime/choose.ts";
import { MISS } from "../../src/runtime/values.ts";

afterEach(() => { vi.restoreAllMocks(); });

/** Candidates that take so many milliseconds a call; the answer, and who served each call. */
function trial(times: Record<string, (call: number) => number>, calls: number, warm = false): { choice: string | null; served: string[] } {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const served: string[] = [];
  let choice: string | null = null;
  const counts = new Map<string, number>();
  const subject = new Trial(Object.keys(times).map((name) => ({
    name,
    enter: () => {
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      now += times[name]!(count);
      served.push(name);
      return name;
    },
  })), ({ name }) => { choice = name; }, warm);
  for (let i = 0; i < calls && !subject.over; i++) subject.enter(undefined);
  return { choice, served };
}

describe("a trial", () => {
  it("gives every call to exactly one candidate, in turns", () => {
    expect(trial({ a: () => 1, b: () => 1 }, 6).served).toEqual(["a", "b", "a", "b", "a", "b"]);
  });
  it("finds the fastest, whatever one slow call says", () => {
    expect(trial({ original: () => 1, wasm: (call) => (call === 20 ? 500 : 0.5) }, 5000).choice).toBe("wasm");
  });
  it("does not count the calls before the engine has optimized", () => {
    expect(trial({ original: () => 1, wasm: (call) => (call < 10 ? 10 : 0.5) }, 5000).choice).toBe("wasm");
  });
  it("takes samples anew of a candidate that the engine optimized meanwhile", () => {
    expect(trial({ original: () => 4, wasm: (call) => (call < 14 ? 10 : 1) }, 5000).choice).toBe("wasm"); // most of its first samples were slower
    expect(trial({ original: () => 4, wasm: (call) => 40 / call + 5 }, 5000).choice).toBe("original"); // never fast, and not measured for ever
  });
  it("stays with the original in doubt", () => {
    expect(trial({ original: () => 1, wasm: () => 0.99 }, 5000).choice).toBe("original");
    expect(trial({ original: () => 1, js: () => 1.5, wasm: () => 2 }, 5000).choice).toBe("original");
  });
  it("compares the calls of one round: calls that get longer and longer say nothing", () => {
    // the first is warm long before the second, and its samples begin with shorter calls
    expect(trial({ original: (call) => call * 0.1, wasm: (call) => (call < 30 ? 0.001 : call * 0.08) }, 5000).choice).toBe("wasm");
    expect(trial({ original: (call) => 100 / call, wasm: (call) => (call < 4 ? 4 : 102 / call) }, 5000).choice).toBe("original");
  });
  it("needs fewer calls of candidates that are warm", () => {
    expect(trial({ original: () => 1, wasm: () => 0.5 }, 40, true).choice).toBe("wasm");
    expect(trial({ original: () => 1, wasm: () => 0.5 }, 20).choice).toBe(null);
  });
  it("takes no sample from a call in which the clock went back", () => {
    for (const at of [2, 15]) expect(trial({ original: () => 2, wasm: (call) => (call === at ? -1e5 : 3) }, 100).choice).toBe("original");
    expect(trial({ original: (call) => (call === 2 ? -1e5 : 3), wasm: () => 2 }, 100).choice).toBe("wasm");
  });
  it("takes no sample from a call that does not fit, and hands the answer on", () => {
    const subject = new Trial([{ name: "a", enter: () => MISS }], () => { throw new Error("decided"); }, true);
    for (let i = 0; i < 100; i++) expect(subject.enter(undefined)).toBe(MISS);
  });
  it("lets exceptions through", () => {
    const subject = new Trial([{ name: "a", enter: () => { throw new RangeError("no"); } }], () => {});
    expect(() => subject.enter(undefined)).toThrow(RangeError);
  });
});

describe("an original that was faster", () => {
  it("serves fewer calls until the next trial where they take long, more from trial to trial", () => {
    expect([1, 2, 3, 9].map((times) => callsOfOriginal(times, undefined))).toEqual([500, 5_000, 50_000, 50_000]);
    expect([1, 2, 3].map((times) => callsOfOriginal(times, 1.25))).toEqual([48, 800, 16_000]);
    expect(callsOfOriginal(1, 100)).toBe(20);
    expect(callsOfOriginal(1, 0.001)).toBe(500);
  });
});

describe("the fastest", () => {
  it("needs a clearer lead where calls take as long as the clock", () => {
    expect(fastest(["original", "wasm"], { original: 1, wasm: 0.96 })).toBe("wasm");
    expect(fastest(["original", "wasm"], { original: 1e-4, wasm: 0.96e-4 })).toBe("original");
    expect(fastest(["original", "wasm"], { original: 1e-4, wasm: 0.8e-4 })).toBe("wasm");
  });
});
