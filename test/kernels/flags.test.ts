// Fields of an array's objects that are booleans in all of them.

import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Node { w: number; visited: boolean; a: number; b: number }
interface Particle { x: number; v: number; alive: boolean }
const nodes = (k: number): Node[] => Array.from({ length: 12 }, (_, i) => ({ w: i + k, visited: i === 3 && k > 1, a: (i + 1) % 12, b: (i * 5) % 12 }));
const particles = (k: number): Particle[] => Array.from({ length: 9 }, (_, i) => ({ x: i / 2, v: i - 5, alive: i % 4 !== k }));

it.each<[string, (list: never[]) => unknown, (k: number) => unknown[]]>([
  ["a graph is visited", (list: Node[]) => { const stack = [0]; let s = 0; while (stack.length > 0) { const n = list[stack.pop()!]!; if (n.visited) continue; n.visited = true; s += n.w; stack.push(n.a, n.b); } return s; }, nodes],
  ["particles die", (list: Particle[]) => { let n = 0; for (const p of list) { if (!p.alive) continue; p.x += p.v * 0.25; p.alive = p.x > 0 && p.x < 4; if (p.alive) n++; } return n; }, particles],
  ["a boolean it stays: compared, added, asked for its kind", (list: Particle[]) => list.map((p) => [p.alive, p.alive === true, p.alive !== false, typeof p.alive, +p.alive + 1]), particles],
  ["copies have it", (list: Particle[]) => list.map((p) => ({ ...p, x: p.v * 2 })), particles],
  ["sorted by it", (list: Particle[]) => { list.sort((p, q) => Number(p.alive) - Number(q.alive) || p.v - q.v); return list[0]!.v; }, particles],
])("%s", async (_, kernel, make) => {
  await ready();
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const k of [0, 1, 2, 3]) {
    const mine = make(k), theirs = make(k);
    expect([fast(mine as never[]), mine]).toEqual([kernel(theirs as never[]), theirs]);
  }
  expect(fast.stats().calls).toMatchObject({ wasm: 4, original: 0 });
});

it("where one is no boolean, the call is another's", async () => {
  await ready();
  const kernel = (list: Particle[]): number => { let n = 0; for (const p of list) if (p.alive) { n += p.x; p.alive = false; } return n; };
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (const odd of [true, 1, "yes", undefined, true]) {
    const make = (): Particle[] => { const list = particles(1); list[2]!.alive = odd as boolean; return list; }, mine = make(), theirs = make();
    expect([fast(mine), mine]).toEqual([kernel(theirs), theirs]);
  }
  expect(fast.stats().calls.wasm).toBeGreaterThan(1);
});
