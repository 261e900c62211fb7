// Loops that go back from several places and count alike in each.

import { beforeAll, describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { instructions } from "../../src/ir/build.ts";
import { joinLatches } from "../../src/specialize/latch.ts";
import { transform } from "./harness.ts";

beforeAll(() => ready());

const loop = (first: string, second: string): string => `func @f(%n: i32) -> i32 { %m = i32.and %n, 63
  %r: i32 = loop l (%i: i32 = 0, %s: i32 = 0) { %c = i32.lt_s %i, %m  if %c {
    %odd = i32.and %i, 1  %j = i32.add %i, ${first}
    if %odd { %t = i32.add %s, 7  br l, %j, %t }
    %u = i32.mul %i, %s  %k = i32.add %i, ${second}  %v = i32.xor %u, 3  br l, %k, %v }  yield %s }
  return %r }`;
const ways = (text: string): number => [...instructions(transform(joinLatches, text).body)].filter((i) => i.op === "br").length;
test("counted alike: one way back", () => { expect(ways(loop("2", "2"))).toBe(1); });
test("counted by other steps: as it was", () => { expect(ways(loop("2", "1"))).toBe(2); });

describe("in lanes", () => {
  const lanes = (kernel: (...args: never[]) => unknown, args: readonly unknown[]): number[] => {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), [mine, theirs] = [structuredClone(args), structuredClone(args)];
    expect(fast(...(mine as never[]))).toEqual(kernel(...(theirs as never[])));
    expect(mine).toEqual(theirs);
    return fast.versions()[0]!.vectorized.map((one) => one.lanes).filter((n) => n > 1);
  };
  const pixels = Uint8ClampedArray.from({ length: 403 }, (_, i) => (i % 4 === 3 && i % 3 === 0 ? 255 : (i * 37) & 255));
  test("pixels that are left alone", () => {
    const over = (px: Uint8ClampedArray): void => {
      let i = 0;
      while (i < px.length) {
        const t = px[i + 3]! / 255;
        if (t === 1) { i += 4; continue; }
        px[i] = px[i]! * t + 255 * (1 - t);
        px[i + 1] = px[i + 1]! * t;
        i += 4;
      }
    };
    expect(lanes(over, [pixels])).not.toEqual([]);
  });
  test("several that are passed over, from the end on", () => {
    const down = (x: Float64Array, y: Float64Array): void => {
      let i = x.length - 1;
      while (i >= 0) {
        const v = x[i]!;
        if (v < 0) { i--; continue; }
        if (v > 90) { i--; continue; }
        y[i] = v * v;
        i--;
      }
    };
    expect(lanes(down, [Float64Array.from({ length: 101 }, (_, i) => ((i * 7) % 120) - 10), new Float64Array(101)])).not.toEqual([]);
  });
});
