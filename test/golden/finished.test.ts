// Captured arrays that the kernel changes: an earlier program of a version had them as inputs, so that no guard looked into them. The one that was made at the end of a
// later call, when that call had emptied them, took them for empty, and nothing told it that they were not.

import { expect, it } from "vitest";
import { fuzz } from "../../src/cli/fuzzing.ts";
import { ready } from "../../src/index.ts";
import type { RandomKernel } from "../../src/verify/random.ts";

const source = `(() => {
  const make = (v, w) => ({ v, w }), w0 = { n: 1 }, w1 = { n: 1 }, a0 = make(1, w0), a1 = make(1, w1), a2 = make(2, w0), own = { o: a0, p: a1 }, all = [], table = new Map();
  function kernel(x, mode, turn) {
    let s = 0;
    own.o.w = own.p.w;
    for (let i = 0; i < x.length; i++) { s = table.has(0); if (all.length) s += all.pop().v; }
  }
  kernel.arranged = (turn) => { a0.w = w0; all.length = 0; all.push(a0, a1, a2); table.clear(); table.set(1, a0); table.set(3, a2); if (turn === 1) table.set(2, a0); };
  kernel.left = () => ({ own, all, table });
  return kernel;
})()`;
const inputs = [[[1, 2.5], 1], [[4, 1, -1], 3], [[], 2], [[], 3], [[3, 3], 1], [[0.5, -1, -1, 1.5], 3], [[1], 1], [[2, -1.5, 3, 2], 1], [[1.5, 4, 4.5], 3]].map(([x, turn]) => [Float64Array.from(x as number[]), 0, turn]);

// seeds tell how slow values vary, and so which version is finished when
it.each([6, 0, 3, 9])("versions for other slow values, made by templates: seed %d", async (seed) => {
  await ready();
  const params = [{ name: "x", slow: false, kind: "Float64Array" }, { name: "mode", slow: true, kind: "count" }, { name: "turn", slow: false, kind: "count" }] as const;
  const kernel: RandomKernel = { seed, source, params, slow: ["mode"], slowValues: { mode: 0 }, inputs, coverage: new Map(), guaranteed: false };
  const { findings } = await fuzz(seed, ({ kernels }) => kernels < 1, { generate: () => kernel });
  expect(findings.map(({ subject, input, mismatches, crash }) => ({ subject, input, mismatches, crash }))).toEqual([]);
});
