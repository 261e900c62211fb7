// How many versions there are in all kernels, and what becomes of those of kernels that are gone.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { configure, ready, specialize } from "../../src/index.ts";
import { population } from "../../src/runtime/census.ts";
import { sharedMemory } from "../../src/runtime/memory.ts";
import { useWorkshop } from "../../src/runtime/workshop.ts";
import { testWorkshop } from "./thread.ts";

beforeAll(async () => { await ready(); });
afterEach(() => { configure({ versions: 1000 }); });

const make = () => specialize((x: number, k: number) => x * k + 0.5, { slow: ["k"], tier: "wasm", compile: "sync" });

describe("versions of all kernels", () => {
  it("are bounded: the least recently used go, never one that serves", () => {
    configure({ versions: 6 });
    const kernels = [make(), make(), make()];
    for (let round = 0; round < 3; round++) {
      for (const [i, fast] of kernels.entries()) for (let k = 1; k <= 4; k++) expect(fast(2, k + 10 * i)).toBe(2 * (k + 10 * i) + 0.5);
      expect(population()).toBeLessThanOrEqual(6);
    }
    for (const [i, fast] of kernels.entries()) {
      expect(fast.versions().length).toBeGreaterThan(0);
      const before = fast.stats().misses;
      expect(fast(3, 4 + 10 * i)).toBe(3 * (4 + 10 * i) + 0.5); // what served still serves
      expect(fast.stats().misses).toBe(before);
      fast.dispose();
    }
    expect(population()).toBe(0);
  });

  it("go with their kernels when these are collected", async () => {
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const table = Float64Array.from({ length: 512 }, (_, i) => i / 3);
    const before = sharedMemory()!.allocator.used;
    for (let i = 0; i < 20; i++) {
      const fast = specialize((x: number, t: Float64Array) => t[x & 511]! + i, { slow: ["t"], tier: "wasm", compile: "sync" });
      expect(fast(5, table)).toBe(table[5]! + i);
    }
    expect(sharedMemory()!.allocator.used).toBeGreaterThan(before + 19 * 4096);
    for (let i = 0; i < 50 && sharedMemory()!.allocator.used > before + 2 * 4096 + 1024; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(sharedMemory()!.allocator.used).toBeLessThanOrEqual(before + 2 * 4096 + 1024);
  });

  for (const tier of ["js", "wasm", "auto"] as const) {
    it(`go with kernels that were made by the worker (${tier})`, async () => {
      setFlagsFromString("--expose-gc");
      const gc = runInNewContext("gc") as () => void, before = population();
      useWorkshop(testWorkshop().shop);
      for (let i = 0; i < 8; i++) {
        const fast = specialize((x: number, k: number) => x * k + i, { slow: ["k"], tier });
        await fast.prepare(2, 3.5);
        expect(fast(2, 3.5)).toBe(7 + i);
        expect(fast.versions()).toHaveLength(1);
      }
      useWorkshop(null);
      expect(population()).toBeGreaterThan(before);
      for (let i = 0; i < 50 && population() > before + 1; i++) {
        gc();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      expect(population()).toBeLessThanOrEqual(before + 1); // the engine may hold the last one on its stack
    });
  }
});
