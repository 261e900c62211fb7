// Residual JavaScript's text with the names that debuggers show.

import { emitJs, type EmittedJs } from "../js/print.ts";
import type { Program } from "../ir/types.ts";

/** Residual JavaScript that stack traces and profiles call by the kernel's name. */
export function textFor(program: Program, name = ""): EmittedJs {
  const emitted = emitJs(program, name === "" ? {} : { name });
  return { ...emitted, source: `${emitted.source}\n//# sourceURL=wasmorph:///residual/${encodeURIComponent(name || "kernel")}.js` };
}
