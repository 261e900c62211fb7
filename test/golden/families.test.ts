// Slow objects that a dynamic choice is made of are numbered, together with those that their fields lead to. Where more of them are chosen from later they are numbered once more:
// a list that was looked up in by the first numbers was looked up in by these for good, so that another object was taken.

import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Node { at: number; v: number; kids: Node[] | null | undefined }
const tree = (d: number): Node[] => [{
  at: 2, v: d, kids: [
    { at: 1 + d, v: 2, kids: [{ at: -2, v: 6, kids: [{ v: d, at: 3, kids: null }, { at: 8, v: 8, kids: [] }] }, { at: 8, v: 4, kids: [{ at: d, v: 7, kids: [] }, { at: 7, v: 7, kids: undefined }, { at: 9, v: 8, kids: [] }] }] },
    { v: 5, at: 3 + d, kids: [{ v: 1, at: 3, kids: [{ at: 5 - d, v: 5, kids: null }, { at: 3, v: 5, kids: [] }, { at: 4, v: 3, kids: [] }, { at: 9, v: 2, kids: [] }] }] },
  ],
}];
const nearest = (node: Node, x: number): Node => {
  for (let turns = 0; node.kids && node.kids.length > 0 && turns < 9; turns++) {
    let best = node.kids[0]!;
    for (const k of node.kids) if (Math.abs(k.at - x) < Math.abs(best.at - x)) best = k;
    node = best;
  }
  return node;
};
const size = (node: Node): number => {
  const todo = [node];
  let all = 0;
  while (todo.length > 0) { const one = todo.pop()!; all++; if (one.kids) for (const k of one.kids) todo.push(k); }
  return all;
};
const kernel = (x: number, g: readonly Node[]): number => {
  const near = nearest(g[0]!, x), one = g[0]!.kids!.find((k) => k.at > x);
  return one ? near.v + 100 * size(one) : near.v;
};

// with other slow values the loops are kept, and few objects are enough for a table
it.each(["wasm", "js"] as const)("the children of a root that were chosen from before all nodes were (%s)", async (tier) => {
  await ready();
  const fast = specialize(kernel, { slow: ["g"], tier, compile: "sync", limits: { compileMs: 600_000 } });
  for (const [d, x] of [[0, 1.75], [1, -1]] as const) expect(fast(x, tree(d))).toBe(kernel(x, tree(d)));
  expect(fast.stats().calls[tier]).toBe(1);
});
