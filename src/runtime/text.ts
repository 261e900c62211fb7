// Residual JavaScript's text with the names and places that debuggers show.

import type { SourceText } from "../diagnostic.ts";
import { mapAddress, sourceMapOf } from "../ir/sourcemap.ts";
import type { Program } from "../ir/types.ts";
import { linesBefore } from "../js/instantiate.ts";
import { emitJs } from "../js/print.ts";

/** Residual JavaScript's text; `direct` and `memory` as in EmittedJs. */
export interface ResidualText {
  readonly source: string;
  readonly direct: readonly boolean[];
  readonly memory: boolean;
  /** from its lines to the user's; made when it is asked for */
  sourceMap(): string;
}

/** What its places count in, whether it carries its source map, and what it is called by: the kernel's file and line, where they are known. */
export interface Mapping { readonly text: () => SourceText; readonly embed: boolean; readonly place?: string | undefined }

/** Residual JavaScript that stack traces and profiles call by the kernel's place and name. */
export function textFor(program: Program, name: string, { text, embed, place }: Mapping): ResidualText {
  const { source, direct, memory, places } = emitJs(program, name === "" ? {} : { name });
  const sourceMap = (): string => sourceMapOf(places, text(), linesBefore);
  const carried = embed ? `\n//# sourceMappingURL=${mapAddress(sourceMap(), text())}` : "";
  return { source: `${source}\n//# sourceURL=wasmorph:///residual/${place === undefined ? "" : `${encodedPlace(place)}/`}${encodeURIComponent(name || "kernel")}.js${carried}`, direct, memory, sourceMap };
}

/** As a part of an address. */
export const encodedPlace = (place: string): string => encodeURI(place).replaceAll("%3A", ":").replaceAll("#", "%23").replaceAll("?", "%3F");
