// A kernel that once came out wrong: run by the original, the evaluator, as residual JavaScript and as Wasm at every level that the fuzzer
// knows, the program checked after every pass.

import { expect } from "vitest";
import { fuzz } from "../../src/cli/fuzzing.ts";
import { ready } from "../../src/index.ts";
import type { Subject } from "../../src/verify/show.ts";

export async function agrees(subject: Subject): Promise<void> {
  await ready();
  const kernel = { ...subject, seed: 0, params: [], slowValues: {}, coverage: new Map<string, number>(), guaranteed: false };
  const { findings } = await fuzz(0, ({ kernels }) => kernels < 1, { generate: () => kernel });
  expect(findings.map(({ subject: name, input, mismatches, crash }) => ({ name, input, crash, mismatches }))).toEqual([]);
}
