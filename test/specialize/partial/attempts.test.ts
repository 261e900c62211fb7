// Loops in loops: what one inside had to generalise it begins with when the loop around it is walked again. Counted in work, which `limits.compileMs` is.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../../src/index.ts";
import { facts } from "./facts.ts";

await ready();

function nest(x: Float64Array, y: Float64Array): number {
  const seen = { count: 0, sum: 0, last: -1, most: 0 }, row: number[] = [], n = x.length;
  for (let a = 0; a < n; a++) for (let b = a; b < n; b++) for (let c = b; c < n; c++) for (let d = c; d < n; d++) for (let e = d; e < n; e++) {
    for (let f = e; f < n; f++) for (let g = f; g < n; g++) for (let h = g; h < n; h++) for (let k = h; k < n; k++) {
      if (x[a]! + x[b]! > x[c]! - x[d]! + x[e]!) { seen.count++; seen.sum += x[f]!; row.push(x[k]! - x[a]!); }
      else { seen.last = e; if (x[h]! > seen.most) seen.most = x[g]!; }
    }
  }
  for (let i = 0; i < row.length && i < y.length; i++) y[i] = row[i]!;
  return seen.count * 3 + seen.sum * seen.last + seen.most;
}
const input = (length: number): Float64Array => Float64Array.from({ length }, (_, i) => Math.sin(i * 7));

describe("a walk learns all that it can before it begins again", () => {
  it("seventy captured arrays are written: sixty-four walks are the most", () => {
    const lists = Array.from({ length: 70 }, (_, i) => Float64Array.of(i, -i));
    const kernel = (x: number): number => {
      for (let i = 0; i < lists.length; i++) lists[i]![0] = x * i;
      return lists[69]![0]! - lists[3]![0]!;
    };
    expect(facts(kernel, {}, [[0.5]]).said).toEqual([]);
  });

  it("so are seventy captured objects", () => {
    const cells = Array.from({ length: 70 }, (_, i) => ({ at: i, half: i / 2 }));
    const kernel = (x: number): number => {
      for (let i = 0; i < cells.length; i++) cells[i]!.at = x * i;
      return cells[69]!.at - cells[3]!.at + cells[5]!.half;
    };
    expect(facts(kernel, {}, [[0.5]]).said).toEqual([]);
  });
});

describe("what an iteration itself changes is no program", () => {
  it("a heap that fast values fill: no states are tried", () => {
    function kernel(x: Float64Array): number {
      const heap: { at: number; key: number }[] = [], queue = { length: 0 };
      for (let i = 0; i < x.length; i++) for (let turn = 0; turn < x[i]!; turn++) {
        heap.push({ at: i, key: x[i]! * turn });
        let pos = queue.length++;
        const item = heap[pos]!;
        while (pos > 0) {
          const parent = (pos - 1) >> 1, above = heap[parent]!;
          if (item.key >= above.key) break;
          heap[pos] = above;
          pos = parent;
        }
        heap[pos] = item;
      }
      let total = 0;
      for (let i = 0; i < queue.length; i++) total = total * 3 + heap[i]!.at - heap[i]!.key;
      return total;
    }
    const { said, loops } = facts(kernel, {}, [[Float64Array.of(3, 1, 4, 1, 5)], [Float64Array.of(0)], [Float64Array.of(2, 7)]]);
    expect(said).toEqual([]);
    expect(loops).toBe(4);
  });
});

describe("loops in loops", () => {
  it("nine of them are specialised within a small budget, and none of it begins again", () => {
    const calls = [4, 2, 0].map((n) => [input(n), new Float64Array(2 * n + 1)]);
    const { said, loops } = facts(nest, { limits: { compileMs: 2000 } }, calls);
    expect(said).toEqual([]);
    expect(loops).toBe(10);
  });

  it("a loop inside that changes other objects in each attempt at the one around it begins anew where they do not look the same", () => {
    function kernel(x: Float64Array): number {
      let list: number[] = [], total = 0;
      for (let i = 0; i < x.length; i++) {
        const own = { sum: 0, n: 0 };
        for (let j = 0; j <= i; j++) { own.sum += x[j]!; own.n++; if (x[j]! > 0) list.push(own.sum); }
        if (list.length > 3) list = [own.n];
        const pair = [own.sum, own.n];
        for (let j = i; j < x.length; j++) { pair[j & 1]! += x[j]!; total += list.length; }
        total += pair[0]! * pair[1]!;
      }
      return total + list.length;
    }
    expect(facts(kernel, {}, [[input(6)], [input(1)], [input(0)]]).original).toBe(0);
  });

  it("a walk that begins again begins them with what the one before found", () => {
    let walks = 0;
    const half = (v: number): number => { walks++; return v / 2; };
    function kernel(x: Float64Array): number {
      const seen = { sum: 0, last: -1 }, pool: { at: number | undefined }[] = [], n = x.length;
      for (let a = 0; a < n; a++) for (let b = a; b < n; b++) for (let c = b; c < n; c++) for (let d = c; d < n; d++) {
        if (x[a]! > x[b]! - x[c]!) { seen.sum += half(3); pool.push({ at: x[d]! }); }
        else seen.last = d;
      }
      for (const p of pool) if (p.at! < 0) p.at = undefined; // they lie in memory as numbers alone by then
      return seen.sum * seen.last + pool.length;
    }
    const fast = specialize(kernel, { tier: "wasm", compile: "sync", pure: [half] });
    fast(input(0));
    expect(fast.stats().calls.wasm).toBe(1);
    expect(walks).toBe(14); // 22 where each walk finds it anew
    fast.dispose();
  });
});
