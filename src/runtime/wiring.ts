// The real compiler and the real capture, as the kernel sees them.

import { describe } from "../capture/kinds.ts";
import { Snapshot } from "../capture/snapshot.ts";
import { annotationsOf, residualize } from "../compile.ts";
import { ready } from "../wasm/binaryen.ts";
import { sourceOf } from "../capture/source.ts";
import type { Pipeline } from "./pipeline.ts";

export const pipeline: Pipeline = {
  codeOf: (fn) => sourceOf(fn),
  annotatedSlow: (code) => annotationsOf(code).slow,
  snapshot: (env, kernel) => new Snapshot({ env, kernel }),
  describe: (self, args, slow, snapshot) => describe(self, args, slow, snapshot as Snapshot),
  residualize,
  ready,
};
