// Captured values that the kernel writes: a program that reads them in every call has no guard that looks into them. Several programs are made of one snapshot (a template
// that is tried, one that serves until all passes have run, the full one): what one of them reads in every call another took for known, and nothing told it otherwise.

import { expect, it } from "vitest";
import { fuzz } from "../../src/cli/fuzzing.ts";
import { ready, specialize } from "../../src/index.ts";
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

it.each([["wasm", [0, 1, 0, 1]], ["js", [0, 1, 0, 1]], ["wasm", [1, 0, 1]], ["wasm", [0, 0, 1, 0, 1]]] as const)("a captured object that some calls give a field that holds it already: %s, %j", async (tier, turns) => {
  await ready();
  const a = { v: 1 }, b = { v: 1 }, own: { o: { v: number }; q: object | null; p: { v: number } } = { o: a, q: null, p: b };
  const kernel = specialize((x: number) => {
    const s = own.p.v;
    if (own.q) own.o = { v: x };
    return s;
  }, { tier, compile: "sync" });
  const left = turns.map((turn) => {
    own.o = a;
    own.q = turn === 1 ? b : null;
    kernel(6);
    return own.o.v;
  });
  expect(left).toEqual(turns.map((turn) => (turn === 1 ? 6 : 1)));
});
