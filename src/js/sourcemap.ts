// Where the lines of residual JavaScript come from, as a source map.
//
// One segment for each line that has a place: from its first column to the place in the user's file. Lines are those that the engine counts in
// what instantiateJs makes. The format: ECMA-426.

import type { SourceText } from "../diagnostic.ts";
import type { Place } from "../ir/types.ts";
import { linesBefore } from "./instantiate.ts";

/** `text`: what the places count in. */
export function sourceMapOf(places: readonly (Place | undefined)[], text: SourceText): string {
  let line = 0, column = 0, source = 0;
  const lines = places.map((place) => {
    if (place === undefined) return "";
    const toLine = text.line + place.line - 2, toColumn = (place.line === 1 ? text.column - 1 : 0) + place.column - 1;
    const segment = [0, source, toLine - line, toColumn - column].map(digitsOf).join("");
    [line, column, source] = [toLine, toColumn, 0];
    return segment;
  });
  return JSON.stringify({ version: 3, sources: [text.file ?? "kernel.js"], names: [], mappings: `${";".repeat(linesBefore)}${lines.join(";")}` });
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Five bits each, the lowest first; the lowest of all is the sign. */
function digitsOf(number: number): string {
  let rest = number < 0 ? -number * 2 + 1 : number * 2, text = "";
  do {
    text += digits[(rest & 31) + (rest > 31 ? 32 : 0)]!;
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return text;
}
