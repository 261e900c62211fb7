// Arrays of the kernel's own that grow in loops: which get room for all in front of them, what is left of the checks, and where they grow an element at a time.

import { describe, expect, test } from "vitest";
import { facts, type Facts } from "./partial/facts.ts";

/** Copies of an array into a larger block, and reads that may be behind an end: places in the program. */
const asked = ({ text }: Facts): { copies: number; missing: number } => ({ copies: text.match(/memory\.copy/g)?.length ?? 0, missing: text.match(/yield nan/g)?.length ?? 0 });
/** Whether a loop without loops in it copies. */
function growsInside({ text }: Facts): boolean {
  const lines = text.split("\n"), indents = lines.map((line) => line.search(/\S/)), isLoop = (line: string): boolean => /\bloop \w+ /.test(line);
  return lines.some((line, at) => {
    if (!isLoop(line)) return false;
    const body = lines.slice(at + 1, indents.findIndex((indent, k) => k > at && indent <= indents[at]!));
    return !body.some(isLoop) && body.some((one) => one.includes("memory.copy"));
  });
}

const words = (...lengths: (readonly [number, number])[]): string[][] => lengths.map((pair) => pair.map((n, k) => Array.from({ length: n }, (_, i) => "abca"[(i * (k + 1) + k) % 4]).join("")));

describe("room for all in front of the loop", () => {
  test("pushes: sums of neighbours", () => {
    const sums = (x: Float64Array): number[] => { const out = []; for (let i = 0; i < x.length; i++) out.push(x[i]! * 2); for (let i = 1; i < x.length; i++) out[i] = out[i]! + out[i - 1]!; return out; };
    const f = facts(sums, [], [0, 1, 8, 9, 40].map((n) => [Float64Array.from({ length: n }, (_, i) => i)]));
    expect([asked(f), growsInside(f)]).toEqual([{ copies: 1, missing: 0 }, false]);
  });
  test("elements behind the end, by the counter: one row that is written over", () => {
    const one = (a: string, b: string): number | undefined => {
      const row: number[] = [];
      for (let j = 0; j <= b.length; j++) row[j] = j;
      for (let i = 1; i <= a.length; i++) {
        let prev = i;
        for (let j = 1; j <= b.length; j++) {
          const val = a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? row[j - 1]! : Math.min(row[j - 1]! + 1, prev + 1, row[j]! + 1);
          row[j - 1] = prev;
          prev = val;
        }
        row[b.length] = prev;
      }
      return row[b.length];
    };
    const f = facts(one, [], words([0, 0], [3, 0], [0, 12], [5, 20]));
    expect([asked(f), growsInside(f)]).toEqual([{ copies: 1, missing: 0 }, false]);
  });
  test("a row for each row", () => {
    const rows = (a: string, b: string): number | undefined => {
      let p: number[] = [];
      for (let j = 0; j <= b.length; j++) p.push(j);
      for (let i = 1; i <= a.length; i++) { const c = [i]; for (let j = 1; j <= b.length; j++) c.push(Math.min(p[j]! + 1, c[j - 1]! + 1, p[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))); p = c; }
      return p[b.length];
    };
    const f = facts(rows, [], words([0, 0], [2, 9], [5, 20]));
    expect([asked(f).copies, growsInside(f)]).toEqual([2, false]);
  });
  test("two in an iteration, in arms too; from another length than the counter's", () => {
    const pairs = (x: Float64Array, n: number): number[] => { const out = [1, 2, 3]; for (let i = 0; i < (n | 0); i++) { out.push(i); if (x[i]! > 1) out.push(x[i]!); else out.push(-1); } return out; };
    const f = facts(pairs, [], [-5, 0, 3, 6, 50].map((n) => [Float64Array.of(0, 1, 2, 3, 4), n]));
    expect([asked(f).copies, growsInside(f)]).toEqual([1, false]);
  });
  test("an inner loop's pushes copy no more often than before", () => {
    const grid = (n: number): number[] => { const out: number[] = []; for (let i = 0; i < (n | 0); i++) for (let j = 0; j < 3; j++) out.push(i * j); return out; };
    const { executed: [few, many] } = facts(grid, [], [[32], [64]]);
    expect(many! / few!).toBeLessThan(2.3);
  });
});

describe("an element at a time", () => {
  test("where the loop may stop long before its bound", () => {
    const upTo = (x: Float64Array, n: number): number => { const out: number[] = []; for (let i = 0; i < (n | 0); i++) { if (!(x[i]! > 0)) break; out.push(x[i]!); } return out.length; };
    expect(growsInside(facts(upTo, [], [[Float64Array.of(1, 2, 0, 4), 2 ** 30], [new Float64Array(30).fill(1), 20]]))).toBe(true);
  });
  test("where some iterations add nothing", () => {
    const some = (x: Float64Array): number[] => { const out: number[] = []; for (let i = 0; i < x.length; i++) if (x[i]! > 0) out.push(i); return out; };
    expect(growsInside(facts(some, [], [0, 3, 40].map((n) => [Float64Array.from({ length: n }, (_, i) => i % 3 - 1)])))).toBe(true);
  });
  test("where an index runs ahead of the length only in some iterations", () => {
    const both = (x: Float64Array): number[] => { const out: number[] = [0]; let k = 0; for (let i = 0; i < x.length; i++) { out[k] = x[i]!; if (x[i]! > 0) k++; } return out; };
    expect(growsInside(facts(both, [], [0, 3, 40].map((n) => [Float64Array.from({ length: n }, (_, i) => i % 3 - 1)])))).toBe(true);
  });
});

