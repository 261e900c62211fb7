// The real compiler and the real capture, as the kernel sees them.

import { sourceOf } from "../capture/bound.ts";
import { attachCaptures } from "../capture/captures.ts";
import { describe } from "../capture/kinds.ts";
import { Snapshot } from "../capture/snapshot.ts";
import { codeOf } from "../capture/source.ts";
import { annotationsOf, makeRolled, makeTemplate, readyForWasm, residualize } from "../compile.ts";
import type { Pipeline } from "./pipeline.ts";
import { workshop } from "./workshop.ts";

export const pipeline: Pipeline = {
  codeOf: (fn) => {
    const code = codeOf(sourceOf(fn));
    return typeof code === "string" ? { text: Function.prototype.toString.call(fn), file: null, line: 1, column: 1, isClass: false } : code;
  },
  annotations: annotationsOf,
  snapshot: (env, kernel) => new Snapshot({ env, kernel }),
  describe: (self, args, slow, snapshot, known, fractions) => describe(self, args, slow, snapshot as Snapshot, known, fractions),
  residualize,
  template: makeTemplate,
  rolled: makeRolled,
  generic: { after: 2, make: makeRolled },
  ready: readyForWasm,
  workshop,
};

/** Attaches the values of its free variables to a helper function, for hosts that do not show them. */
export const captures = attachCaptures;
export const ready = readyForWasm;
