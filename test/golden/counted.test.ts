// Functions that ask how many arguments they have, and call themselves with another number of them. A hand-written geometry library found
// that such calls were taken for one another.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Point { x: number; y: number }
class Place implements Point {
  x = 0;
  y = 0;
  constructor(...given: readonly (number | Point)[]) { Place.make.apply(this, given as never); }
  static make(this: Point): void {
    // eslint-disable-next-line prefer-rest-params -- what is tested
    const given = arguments;
    if (given.length === 0) Place.make.call(this, ...([0, 0] as unknown as []));
    else if (given.length === 1) Place.make.call(this, ...([(given[0] as Point).x, (given[0] as Point).y] as unknown as []));
    else { this.x = given[0] as number; this.y = given[1] as number; }
  }
}
function counted(...list: readonly number[]): number {
  const [n = 0] = list;
  return n > 0 ? list.length + counted(n - 1, n, n) : list.length;
}
function divisor(a: number, b: number, ...others: readonly number[]): number {
  if (others.length > 0) return divisor(divisor(a, b), others[0]!);
  return b === 0 ? a : divisor(b, a % b);
}

type Case = readonly [string, (...args: never[]) => unknown, unknown[][]];
const cases: readonly Case[] = [
  ["a constructor that hands on the parts of what it is given", (p: Point) => { const q = new Place(p); return q.x - 2 * q.y; }, [[{ x: 3, y: 4 }], [{ x: 5.5, y: -6 }]]],
  ["fewer at first than in the calls of itself", (n: number) => counted(n), [[5], [2], [0]]],
  ["more at first than in the calls of itself", (a: number, b: number, c: number) => divisor(a, b, c), [[12, 18, 27], [48, 36, 20]]],
];

describe("calls of one function with different numbers of arguments are different calls", () => {
  it.each<Case>(cases)("%s", async (_, kernel, calls) => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const args of calls) expect(fast(...(args as never[]))).toBe(kernel(...(args as never[])));
    expect(fast.stats().calls).toMatchObject({ wasm: calls.length, original: 0 });
  });
});
