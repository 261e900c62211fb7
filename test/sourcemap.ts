// The other way through a module's source map: from a line of the source to the first byte that was made of it.

import { numbersOf } from "../src/runtime/traps.ts";

/** Counts lines from 1. */
export function byteOfLine(mappings: string, line: number): number {
  let byte = 0, at = 0;
  for (const segment of mappings.split(",")) {
    const [bytes, , lines] = numbersOf(segment);
    byte += bytes!;
    at += lines ?? 0;
    if (lines !== undefined && at + 1 === line) return byte;
  }
  throw new Error(`nothing was made of line ${line}`);
}
