// Arrays and objects in texts that are messages.

import { expect, it } from "vitest";
import { specialize } from "../../../src/index.ts";
import { f64, facts } from "./facts.ts";

function assert(ok: boolean, message: string): void { if (!ok) throw new RangeError(message); }
const points = [[[1, 2]], [[3.5, -0]], [[NaN, 7]]];

it("a message with an array in it is made on the way", () => { facts(function k(p: number[]) { assert(p.length > 1, `no point: ${p}`); return p[0]! - p[1]!; }, [], points); });
it("with a typed array, an object, rows, and what is joined by +", () => {
  facts(function k(p: Float64Array, o: { x: number }, rows: number[][]) {
    assert(p.length > 1, `no point: ${p} ${o}`); // eslint-disable-line
    assert(rows.length > 0, "no rows: " + rows); // eslint-disable-line
    assert(o.x > 0, "no x: " + String(o) + " of " + [o.x, [p[0]]]); // eslint-disable-line
    return p[0]! - p[1]! + o.x + rows[0]![0]!;
  }, [], [[f64(1, 2), { x: 3 }, [[1, 2], [3]]], [f64(5, 7), { x: 1 }, [[4]]]]);
});
it("what is thrown is the original's", () => {
  const { original } = facts(function k(p: number[]) { assert(p.length > 1, `no point: ${p}`); return p[0]!; }, [], [...points, [[4]], [[]]], { original: "allowed" });
  expect(original).toBe(2);
});
it("a text that is chosen by a dynamic test", () => { facts(function k(p: number[], a: number) { const message = a > 1 ? `small ${p}` : `small ${p}`; assert(a < 5, message); return p[0]! * a; }, [], [[[1, 2], 1], [[1, 2], 3]]); });
it("one that is handed out, asked for its truth or compared, is the original's", () => {
  const cases: ((p: number[]) => unknown)[] = [(p) => `at ${p}`, (p) => (`${p}` ? 1 : 2), (p) => `${p}` === "1,2", (p) => `${p}`.length, (p) => +`${p}`];
  for (const k of cases) expect(facts(k, [], [[[1, 2]], [[]]], { original: "allowed" }).original).toBe(2);
});
it("a toString of the user's is called, each time", () => {
  const log: number[] = [];
  class Loud { x = 1; override = 0; toString(): string { log.push(this.x); return "!"; } }
  const fast = specialize((a: number) => { const o = new Loud(); o.x = a; assert(a > 0, `no: ${o}`); return o.x; }, { tier: "js", compile: "sync" });
  expect([fast(1), fast(2), fast.stats().calls.original, log]).toEqual([1, 2, 0, [1, 2]]);
});
