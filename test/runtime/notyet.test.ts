// What the interface promises and the runtime does not do yet. The list is here so that it can't grow unseen; it ends empty.

import { expect, it } from "vitest";
import { NotYet, specialize } from "../../src/index.ts";
import { unfinished } from "../../src/runtime/notyet.ts";

it("is this list", () => {
  expect(Object.keys(unfinished)).toEqual(["relax.fma", "relax.math"]);
});

it("is said at once", () => {
  expect(() => specialize((x: number) => x, { relax: { fma: true } })).toThrow(NotYet);
});
