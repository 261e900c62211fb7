// Calls that are compared by versions that take none but the call's own objects: these run on them, and leave no trace.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, type KernelEvent, type Options } from "../../src/index.ts";
import type { Residual } from "../../src/compile.ts";
import { instructions } from "../../src/ir/build.ts";
import type { Pipeline } from "../../src/runtime/pipeline.ts";
import { specialize, specializeWith } from "../../src/runtime/specialize.ts";
import { pipeline } from "../../src/runtime/wiring.ts";

beforeAll(async () => { await ready(); });

interface Body { x: number }
const push = (bodies: Body[], by: number): number => {
  let sum = 0;
  for (const body of bodies) { body.x += by; sum += body.x * 2; }
  return sum;
};
/** Three bodies, of which the first and the last are one. */
const crowd = (): Body[] => { const one = { x: 1.5 }; return [one, { x: 0.5 }, one]; };
/** Every constant 2 is a 3. */
const lying: Pipeline = {
  ...pipeline,
  residualize(request): Residual {
    const residual = pipeline.residualize(request);
    for (const func of [...residual.optimized.functions, ...residual.program.functions]) {
      for (const { args } of instructions(func.body)) for (const arg of args) if (arg.def?.op === "const" && arg.def.value === 2) (arg.def as { value: number }).value = 3;
    }
    return residual;
  },
};

describe("an array in which one object stands twice, written", () => {
  for (const tier of ["js", "wasm"] as const) {
    for (const [verify, served] of [["first", tier === "js" ? 4 : 5 /* the quick program and the full one are each compared */], [{ every: 2 }, 3], [{ every: 1 }, 0]] as const) {
      it(`is served by its version (${tier}, verify: ${JSON.stringify(verify)})`, () => {
        const fast = specialize(push, { tier, compile: "sync", verify }), bodies = crowd(), twins = crowd();
        for (let i = 0; i < 6; i++) expect(fast(bodies, 0.25 + i)).toBe(push(twins, 0.25 + i));
        expect(bodies).toEqual(twins);
        expect([fast.stats().calls[tier], fast.versions().length, fast.reports()]).toEqual([served, 1, []]);
      });
    }
    it(`is the original's where the version is wrong (${tier})`, () => {
      const events: KernelEvent["type"][] = [], options: Options = { tier, compile: "sync", verify: "first", onEvent: ({ type }) => { events.push(type); } };
      const fast = specializeWith(lying, push, options), bodies = crowd(), twins = crowd();
      expect(fast(bodies, 0.25)).toBe(push(twins, 0.25));
      expect(bodies).toEqual(twins);
      expect(events).toContain("mismatch");
      expect(fast.reports()[0]!.mismatches[0]).toMatchObject({ path: "result", expected: 9, actual: 13.5 });
    });
    it(`is compared by diff(), and stays as it was (${tier})`, async () => {
      const fast = specialize(push, { tier, compile: "sync" }), bodies = crowd();
      fast(bodies, 1);
      expect(await fast.diff(bodies, 1)).toEqual({ equal: true, mismatches: [], tier });
      expect(bodies).toEqual([{ x: 3.5 }, { x: 1.5 }, { x: 3.5 }]);
    });
  }
  for (const verify of ["first", { every: 1 }, { every: 3 }] as const) {
    it(`is measured while it is compared, and nothing differs (verify: ${JSON.stringify(verify)})`, () => {
      const fast = specialize(push, { tier: "auto", compile: "sync", verify }), bodies = crowd(), twins = crowd();
      for (let i = 0; i < 80; i++) expect(fast(bodies, 0.25)).toBe(push(twins, 0.25));
      expect([bodies, fast.reports()]).toEqual([twins, []]);
    });
  }
  it("is another array where another object stands in it twice", () => {
    const fast = specialize(push, { tier: "wasm", compile: "sync", verify: { every: 1 } });
    for (const make of [crowd, (): Body[] => { const one = { x: 4 }; return [{ x: 1 }, one, one]; }, crowd]) {
      const bodies = make(), twins = make();
      expect(fast(bodies, 1)).toBe(push(twins, 1));
      expect(bodies).toEqual(twins);
    }
    expect(fast.reports()).toEqual([]);
  });
});

it("a slow value that is watched by identity is compared too", () => {
  const fast = specialize((x: number, c: { k: number }) => x * c.k, { slow: ["c"], tier: "wasm", compile: "sync", watch: "identity", verify: "first" }), c = { k: 3 };
  expect([1, 2, 3].map((x) => fast(x, c))).toEqual([3, 6, 9]);
  expect(fast.stats().calls).toMatchObject({ original: 1, wasm: 2 });
});
it("nothing is run in the place of a call that does not fit", () => {
  const fast = specialize((x: number, c: { k: number }) => x * c.k, { slow: ["c"], tier: "wasm", compile: "sync", verify: { every: 1 } });
  expect([1, 2, 3].map((k) => fast(2, { k }))).toEqual([2, 4, 6]);
  expect(fast.versions()).toHaveLength(3);
});
