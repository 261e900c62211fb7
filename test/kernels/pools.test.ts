// Captured arrays of objects that a kernel takes from and gives back to: what it finds is what the calls before left there.

import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Vector { x: number; y: number }
class Spot implements Vector {
  x: number; y: number;
  constructor(x = 0, y = 0) { this.x = x; this.y = y; }
  copy(o: Vector): this { this.x = o.x; this.y = o.y; return this; }
  sub(o: Vector): this { this.x -= o.x; this.y -= o.y; return this; }
  get squared(): number { return this.x * this.x + this.y * this.y; }
}
type Made = readonly [pool: unknown[], kernel: (k: number) => unknown];
const plain = (n: number): Vector[] => Array.from({ length: n }, (_, i) => ({ x: i, y: 2 * i }));

const cases: readonly (readonly [string, () => Made])[] = [
  ["of plain objects", () => { const pool = plain(4); return [pool, (k) => { const t = pool.pop()!; t.x = k - t.y; t.y = k; const r = Math.hypot(t.x, t.y); pool.push(t); return r; }]; }],
  ["of instances, whose methods chain", () => { const pool = Array.from({ length: 4 }, () => new Spot()); return [pool, (k) => { const d = pool.pop()!.copy({ x: k, y: 1 }).sub({ x: 2, y: k }), r = d.squared; pool.push(d); return r; }]; }],
  ["two at a time, on paths of their own", () => { const pool = plain(4); return [pool, (k) => { const a = pool.pop()!, b = pool.pop()!; a.x = k; b.y = a.x + 1; if (k > 1) { pool.push(a); pool.push(b); return a.y; } pool.push(b); pool.push(a); return b.x; }]; }],
  ["of objects with more than numbers", () => { const pool = plain(3).map((p, i) => ({ ...p, next: null, name: `n${i}` })); return [pool, (k) => { const t = pool.pop()!; t.x += k; pool.push(t); return t.x; }]; }],
  ["of objects that are in use or not", () => { const pool = plain(3).map((p) => ({ ...p, used: false })); return [pool, (k) => { const t = pool.pop()!; t.used = k > 1; t.x += k; pool.push(t); return t.used ? t.x : -k; }]; }],
  ["of instances that say so", () => { class Used extends Spot { used = false; take(): this { this.used = true; return this; } } const pool = [new Used(1), new Used(2)]; return [pool, (k) => { const t = pool.pop()!.take(); t.x += k; pool.push(t); const was = t.used; t.used = k < 0; return was ? t.x : 0; }]; }],
  ["of objects that hold booleans alone", () => { const pool = plain(3).map((p) => ({ on: p.x > 1 })); return [pool, (k) => { let s = k; for (const p of pool) { p.on = !p.on; s += p.on ? 1 : 0; } const t = pool.pop()!; pool.unshift(t); return s; }]; }],
  ["of objects that hold null until they are used", () => { const pool = plain(3).map((p) => ({ ...p, at: null as number | null })); return [pool, (k) => { const t = pool.pop()!, before = t.at; t.at = k; pool.push(t); return before === null ? -1 : before + t.y; }]; }],
  ["that grows and is cut", () => { const pool = plain(2); return [pool, (k) => { pool.push({ x: k, y: 0 }); pool.sort((p, q) => p.x - q.x); let s = 0; for (const p of pool) s = s * 2 + p.x; pool.length = 2; return s; }]; }],
  ["beside a pool of rows", () => { const pool = plain(3), rows = [[1, 2], [3, 4]]; return [[pool, rows], (k) => { const t = pool.pop()!, r = rows.pop()!; t.x = r[0]! + k; r[1] = t.x; pool.push(t); rows.push(r); return r[1] + t.y; }]; }],
];

it.each(cases)("a pool %s", async (_, make) => {
  await ready();
  const [mine, kernel] = make(), [theirs, original] = make(), fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const k of [0, 1, 2.5, -3, 7]) {
    expect(fast(k)).toBe(original(k));
    expect(mine).toEqual(theirs);
  }
  expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 5 });
});

it("one of its objects that the kernel reads elsewhere is the original's", async () => {
  await ready();
  const make = (): ((k: number) => number) => { const pool = plain(3), last = pool[2]!; return (k) => { const t = pool.pop()!; t.x = k; const r = last.x + t.y; pool.push(t); return r; }; };
  const original = make(), fast = specialize(make(), { tier: "wasm", compile: "sync" });
  for (const k of [0, 1, 5]) expect(fast(k)).toBe(original(k));
});

it("an array that changes its length and is a row of another is the original's", async () => {
  await ready();
  const kernel = (list: Vector[], rows: number[][]): number => { list.push({ x: 1, y: 1 }); let s = 0; for (const row of rows) s += row.length; return s; };
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  expect(fast([{ x: 1, y: 2 }], [[1], [2, 3]])).toBe(3);
  const list: Vector[] = [];
  expect(fast(list, [[1], list as never])).toBe(2);
});

it("a closure is stored in the caller's object", async () => {
  await ready();
  interface Curve { scale: number; at: ((t: number) => number) | null }
  const fast = specialize((o: Curve, a: number) => { o.scale = a * 2; o.at = (t) => t * a; return o.scale; }, { tier: "wasm", compile: "sync" }), o: Curve = { scale: 0, at: null };
  expect([fast(o, 3), o.scale, o.at!(5), fast.stats().calls.wasm]).toEqual([6, 6, 15, 1]);
});
