// A kernel that once came out wrong: run by the original, the evaluator, as residual JavaScript and as Wasm at every level that the fuzzer
// knows, the program checked after every pass.

import { expect } from "vitest";
import { fuzz } from "../../src/cli/fuzzing.ts";
import { ready } from "../../src/index.ts";
import type { RandomKernel } from "../../src/verify/random.ts";
import type { Subject } from "../../src/verify/show.ts";

/** `params` and `slowValues`: of one that came out wrong with other slow values only; `seed`: in another of the ways in which versions are made, by turns. */
export async function agrees(subject: Subject & Partial<Pick<RandomKernel, "params" | "slowValues" | "seed">>): Promise<void> {
  await ready();
  const kernel = { params: [], slowValues: {}, seed: 0, ...subject, coverage: new Map<string, number>(), guaranteed: false };
  const { findings } = await fuzz(0, ({ kernels }) => kernels < 1, { generate: () => kernel });
  expect(findings.map(({ subject: name, input, mismatches, crash }) => ({ name, input, crash, mismatches }))).toEqual([]);
}
