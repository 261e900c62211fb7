// The shared memory: its allocator and the public arena.

import { describe, expect, it } from "vitest";
import { arena } from "../../src/index.ts";
import { Allocator } from "../../src/runtime/allocator.ts";

describe("the allocator", () => {
  it("joins what was given back, in any order", () => {
    const allocator = new Allocator(64, 64 + 160);
    const all = Array.from({ length: 10 }, () => allocator.allocate(16)!);
    expect(allocator.allocate(1)).toBeUndefined();
    for (const i of [3, 1, 2, 9, 7, 8, 0, 5, 6, 4]) expect(allocator.free(all[i]!)).toBe(true);
    expect(allocator.used).toBe(0);
    expect(allocator.allocate(160)).toBe(64);
  });
  it("frees only what it gave, once", () => {
    const allocator = new Allocator(64, 256);
    const a = allocator.allocate(10)!;
    expect([allocator.free(a + 16), allocator.free(a), allocator.free(a)]).toEqual([false, true, false]);
  });
  it("never gives a byte twice", () => {
    const allocator = new Allocator(0, 1 << 16);
    const taken = new Map<number, number>();
    let seed = 7;
    const random = (n: number): number => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
    for (let i = 0; i < 2000; i++) {
      const [first] = [...taken.keys()].slice(random(Math.max(1, taken.size)));
      if (random(3) === 0 && first !== undefined) { taken.delete(first); allocator.free(first); continue; }
      const size = 1 + random(600);
      const address = allocator.allocate(size);
      if (address === undefined) continue;
      expect(address % 16).toBe(0);
      for (const [other, bytes] of taken) expect(address >= other + bytes || address + size <= other).toBe(true);
      taken.set(address, size);
    }
  });
});

describe("the arena", () => {
  it("gives zeroed arrays of each kind, all in one buffer", () => {
    const views = [arena.float64(3), arena.float32(3), arena.int32(3), arena.uint32(3), arena.int16(3), arena.uint16(3), arena.int8(3), arena.uint8(3), arena.uint8Clamped(3)];
    expect(new Set(views.map(({ buffer }) => buffer)).size).toBe(1);
    expect(views.map((view) => view.constructor.name)).toEqual(
      ["Float64Array", "Float32Array", "Int32Array", "Uint32Array", "Int16Array", "Uint16Array", "Int8Array", "Uint8Array", "Uint8ClampedArray"]);
    for (const view of views) { expect(Array.from(view)).toEqual([0, 0, 0]); view.fill(1); arena.free(view); }
    expect(Array.from(arena.scope(() => arena.float64(3)))).toEqual([0, 0, 0]);
  });
  it("says what helps when it is full", () => {
    expect(() => arena.float64(1 << 24)).toThrow(/arena is full.*arena\.free.*configure\(\{ memory/s);
    expect(() => arena.float64(-1)).toThrow(RangeError);
    expect(() => arena.float64(1.5)).toThrow(RangeError);
  });
  it("frees a scope's arrays, those freed before excepted", () => {
    const outer = arena.float64(1);
    const address = arena.scope(() => { const a = arena.float64(100); arena.free(a); return arena.float64(100).byteOffset; });
    const again = arena.float64(100);
    expect(again.byteOffset).toBe(address);
    arena.free(again);
    arena.free(outer);
    expect(() => arena.free(outer)).toThrow(TypeError);
    expect(() => arena.free(new Float64Array(3))).toThrow(TypeError);
    expect(() => arena.scope(async () => {})).toThrow(TypeError);
  });
  it("copies to an array with a buffer of its own", () => {
    const view = arena.int16(4);
    view.set([1, 2, 3, 4]);
    const copy = arena.copy(view.subarray(1, 3));
    expect(copy).toEqual(Int16Array.of(2, 3));
    expect(copy.buffer.byteLength).toBe(4);
    arena.free(view);
  });
});
