// Objects of the kernel's own that lie in memory, and get fields there, or came with fields that they have on some paths only.

import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

type Node = { x: number; h?: number | boolean | null; g?: number | boolean | null; next?: Node | undefined; y?: number; z?: number; w?: number | null };
const list = (n: number): Node[] => { const all: Node[] = []; for (let i = 0; i < n; i++) all.push({ x: i }); return all; };

it.each<[string, (n: number, a: number) => unknown]>([
  ["one field", (n) => { const l = list(n); let s = 0; for (const p of l) p.y = p.x * 2; for (const p of l) s += p.y!; return [s, l]; }],
  ["several, in another order in each", (n) => { const l = list(n); for (const p of l) { if (p.x % 2) { p.h = p.x * 2; p.g = null; } else { p.g = true; p.h = 1; } } return l; }],
  ["one that holds another of them", (n) => { const l = list(n); for (const p of l) if (p.x % 3) p.next = l[p.x - 1]; let d = 0, q: Node | undefined = l[n - 1]; while (q) { d += q.x; q = q.next; } return [d, l]; }],
  ["one that is asked for before it is there", (n) => { const l = list(n); let s = 0; for (const p of l) { s += p.y === undefined ? 1 : p.y; p.y = (p.y || 0) + s; } for (const p of l) s += p.y!; return s; }],
  ["after the object was put into a second list", (n) => { const l: Node[] = [], m: Node[] = []; for (let i = 0; i < n; i++) { const o: Node = { x: i }; l.push(o); m.push(o); o.h = i > 2; } return { l, m }; }],
  ["on some paths before it is put into the list", (n, a) => { const l: Node[] = []; for (let i = 0; i < n; i++) { const o: Node = { x: i }; if (i % 2) o.y = a; o.z = i * 2; l.push(o); } return l; }],
  ["on some paths, and more of them in the list", (n, a) => { const l: Node[] = []; for (let i = 0; i < n; i++) { const o: Node = { x: i }; if (a > 1) o.y = a; else o.w = null; l.push(o); } for (const o of l) if (o.w === null) { o.w = 4; o.z = 1; } return l; }],
])("%s", async (_, kernel) => {
  await ready();
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const [n, a] of [[4, 0.5], [0, 1], [9, 2], [1, -0]] as const) expect(JSON.stringify(fast(n, a))).toBe(JSON.stringify(kernel(n, a)));
  expect(fast.stats().calls).toMatchObject({ original: 0, wasm: 4 });
});

it.each<[string, (list: readonly number[], k: number) => unknown]>([
  ["hasOwnProperty with an index of run time", (xs, k) => (Object.prototype.hasOwnProperty.call(xs, k) ? xs[k] : -1)],
  ["Object.hasOwn with one", (xs, k) => Object.hasOwn(xs, k)],
])("%s", async (_, kernel) => {
  await ready();
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const k of [0, 2, 3, -1, 0.5, NaN, -0]) expect(fast([1, 2, 3], k)).toBe(kernel([1, 2, 3], k));
  expect(fast.stats().calls).toMatchObject({ original: 0 });
});
