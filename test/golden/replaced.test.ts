// A variable holds what was made before a loop until an iteration puts its own there. Which of the two it holds behind the loop is not known: that it is
// not the first one was taken for known, and where a path without the loop met one with it, the original served.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

type Kernel = (n: number, t: number) => unknown;
const clip = (a: number): [number, number] => [Math.max(0, a), a * 2];
const served: readonly (readonly [string, Kernel])[] = [
  ["left in front of the loop", (n, t) => { const find = (): [number, number] => { let best = clip(n); if (best[1] < t) return best; for (let i = 0; i < n; i++) best = clip(i); return best; }; return find()[0]; }],
  ["left in it too, with iterations that keep it", (n, t) => {
    const find = (): [number, number] => { let best = clip(n), i = 0; if (best[1] < t) return best; while (i < n) { i++; if (i > t) { t += 0.5; continue; } best = clip(i); if (best[1] > 7) break; } return best; };
    let found = clip(t);
    if (found[0] > 1) found = find();
    return { r: found[0], g: found[1] };
  }],
  ["of objects that hold arrays", (n, t) => { let best = { x: n, y: [t] }; if (best.x > t) for (let i = 0; i < n; i++) best = { x: i, y: [t - i] }; best.x += 0.5; return best; }],
  ["compared in the loop", (n, t) => { const start = [n, 1]; let best = start, c = 0; for (let i = 0; i < n; i++) { if (best === start) c++; best = [i, t]; } return [c, best[0]]; }],
];
const refused: readonly (readonly [string, Kernel])[] = [
  ["compared behind it", (n, t) => { const start = [n, 1]; let best = start; for (let i = 0; i < n; i++) best = [i, t]; return best === start; }],
  ["sought in a list", (n, t) => { const start = [n, 1], all = [start, [1, 2]]; let best = start; for (let i = 0; i < n; i++) best = [i, t]; return all.indexOf(best); }],
  ["a key", (n, t) => { const start = [n, 1], all = new Map([[start, 4]]); let best = start; for (let i = 0; i < n; i++) best = [i, t]; return all.get(best) ?? 1; }],
  ["written by another name", (n, t) => { const start = clip(n), find = (): [number, number] => { let best = start; if (best[1] < t) return best; for (let i = 0; i < n; i++) best = clip(i); return best; }, found = find(); found[0] += 1; return [start[0], found[0]]; }],
];
const inputs = [[5, 2], [0, 9], [3, 0.5], [1, 9]] as const;

describe("an object that an iteration's own takes the place of", () => {
  it.each([...served.map((k) => [...k, true] as const), ...refused.map((k) => [...k, false] as const)])("%s", async (_, kernel, byModule) => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const [n, t] of inputs) expect(fast(n, t)).toStrictEqual(kernel(n, t));
    expect(fast.stats().calls.original === 0).toBe(byModule);
  });
});
