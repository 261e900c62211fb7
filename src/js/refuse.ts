// What the JavaScript back end says when it can't print a program.

import { Refusal } from "../diagnostic.ts";
import type { Place } from "../ir/types.ts";

export function refusal(kind: "Todo" | "Invariant", message: string, place: Place | undefined): Refusal {
  const hint = kind === "Todo" ? "nothing: the WebAssembly back end serves it" : "report it: this is a fault of wasmorph";
  return new Refusal({ kind, message, hint, file: null, line: place?.line ?? 0, column: place?.column ?? 0, frame: "" });
}
