// What a pass says of a change that a user may want to know: where in the source, what became what, and why.

import type { Place } from "../ir/types.ts";

export type Note = (place: Place | undefined, before: string, after: string, reason: string) => void;

/** A collector, and the lines that it has: `line:column  pass  before → after  reason`. Equal lines (unrolled copies) are one, counted. */
export function notes(pass: string): { note: Note; lines(): string[] } {
  const seen = new Map<string, number>();
  return {
    note(place, before, after, reason) {
      const line = `${place ? `${place.line}:${place.column}` : "–"}  ${pass}  ${before} → ${after}  ${reason}`;
      seen.set(line, (seen.get(line) ?? 0) + 1);
    },
    lines: () => [...seen].map(([line, times]) => (times === 1 ? line : `${line}  (×${times})`)),
  };
}
