// Slow values' parts are asked all together whether something written is one of them: each answer is that of asking them one by one.

import { beforeAll, describe, expect, it } from "vitest";
import { Codes } from "../../src/capture/codes.ts";
import { ready, specialize } from "../../src/index.ts";
import { askAll, type Question, type Way } from "../../src/runtime/branches.ts";

beforeAll(async () => { await ready(); });

const same: Question<unknown> = { names: ["given"], text: (part) => `${part} === given`, asks: (part, given) => part === given, list: (given) => [given] };
const value = { rows: [[1], [2], [3], [4], [5]], o: { l: [6] }, deep: Array.from({ length: 4 }, () => ({ w: [[7], [8]], b: [9] })) };
const ways: readonly Way[] = [
  ...[0, 1, 2, 3, 4].map((i) => ({ at: 1, keys: ["rows", i] })), { at: 1, keys: ["o", "l"] },
  ...[0, 1, 2, 3].flatMap((i) => [{ at: 1, keys: ["deep", i, "w", 1] }, { at: 1, keys: ["deep", i, "b"] }]),
];

describe.each([["by code", 1], ["walked, where the code would be too long", 300]] as const)("parts asked %s", (_, times) => {
  const far = Array.from({ length: times - 1 }, (_, i) => ({ at: 1, keys: [`absent ${i}`, "part"] }));
  const asked = askAll([...ways, ...far], same, new Codes())!;
  it.each([["rows", value.rows[4], true], ["rows' own", value.rows, false], ["o.l", value.o.l, true], ["o", value.o, false], ["w[0]", value.deep[3]!.w[0], false], ["w[1]", value.deep[3]!.w[1], true], ["b", value.deep[0]!.b, true], ["another", [1], false]] as const)(
    "%s", (_name, given, is) => { expect(asked([null, value], given)).toBe(is); });
  it("ways that lead nowhere", () => { expect(asked([null, { rows: null }], value.o)).toBe(false); });
});

/** serves, unless what it writes is a part of the slow value */
const kernels: readonly (readonly [string, (cfg: { rows: number[][]; at: { x: number } }, out: never) => void, () => unknown, (cfg: { rows: number[][]; at: { x: number } }) => unknown])[] = [
  ["a list", (cfg, out: number[]) => { for (let i = 0; i < 2; i++) out[i] = cfg.rows[1]![i]! + cfg.at.x; }, () => [0, 0], (cfg) => cfg.rows[1]],
  ["a row", (cfg, out: number[][]) => { for (const row of out) row[0] = cfg.rows[2]![0]! + cfg.rows[0]![1]!; }, () => [[0, 1], [2, 3]], (cfg) => [[0, 1], cfg.rows[2]]],
  ["an object", (cfg, out: { x: number }) => { out.x = cfg.rows[0]![0]! + 2 * cfg.at.x; }, () => ({ x: 1 }), (cfg) => cfg.at],
];
it.each(kernels)("%s that is written and slow is the original's", (_, kernel, apart, part) => {
  const make = () => ({ rows: [[1, 2], [3, 4], [5, 6]], at: { x: 7 } });
  const fast = specialize(kernel, { slow: ["cfg"], tier: "wasm", compile: "sync" });
  const cfg = make();
  fast(cfg, apart() as never);
  fast(cfg, apart() as never);
  expect(fast.stats().calls).toMatchObject({ wasm: 2, original: 0 });
  const mine = make(), theirs = make();
  fast(mine, part(mine) as never);
  kernel(theirs, part(theirs) as never);
  expect(mine).toEqual(theirs);
  expect(fast.stats().calls).toMatchObject({ original: 1 });
});
