import { expect, test } from "vitest";
import { orderMoves } from "../../src/wasm/moves.ts";

/** Carries out the order on registers: expression k is "k(reads)", which must see the old values. */
function run(reads: readonly (readonly number[])[]): { values: string[]; saved: number } {
  const now = reads.map((_, k) => `old${k}`);
  const saved = new Map<number, string>();
  const evaluate = (k: number): string => `${k}(${reads[k]!.map((r) => now[r]).join()})`;
  for (const step of orderMoves(reads)) {
    if (step < 0) saved.set(~step, evaluate(~step));
    else now[step] = saved.get(step) ?? evaluate(step);
  }
  return { values: now, saved: saved.size };
}
const expected = (reads: readonly (readonly number[])[]): string[] => reads.map((r, k) => `${k}(${r.map((x) => `old${x}`).join()})`);
const moves = (reads: number[][], saved: number): void => expect(run(reads)).toStrictEqual({ values: expected(reads), saved });

test("independent assignments need no temporary", () => moves([[], [1], []], 0));
test("a chain is assigned from its end", () => moves([[1], [2], []], 0));
test("a swap takes one temporary", () => moves([[1], [0]], 1));
test("so does a longer cycle", () => moves([[1], [2], [3], [0]], 1));
test("two cycles take one each", () => moves([[1], [0], [3], [2]], 2));
test("an expression that reads several targets", () => moves([[0, 1], [0, 1]], 1));
test("a tail that hangs on a cycle", () => moves([[1], [0], [0], [2]], 1));
test("every set of reads of three targets comes out right", () => {
  for (let bits = 0; bits < 512; bits++) {
    const reads = [0, 1, 2].map((k) => [0, 1, 2].filter((r) => bits & (1 << (3 * k + r))));
    expect(run(reads).values).toStrictEqual(expected(reads));
  }
});
