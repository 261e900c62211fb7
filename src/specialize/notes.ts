// What a pass says of a change that a user may want to know: where in the source, what became what, and why.

import type { Place } from "../ir/types.ts";

/** One change, as data. */
export interface Noted { readonly place: Place | undefined; readonly pass: string; readonly before: string; readonly after: string; readonly reason: string; readonly times: number }

export type Note = (place: Place | undefined, before: string, after: string, reason: string) => void;

/** A collector, and the lines that it has: `line:column  pass  before → after  reason`. Equal lines (unrolled copies) are one, counted. */
export function notes(pass: string): { note: Note; lines(): string[]; changes(): Noted[] } {
  const noted = new Map<string, { place: Place | undefined; pass: string; before: string; after: string; reason: string; times: number }>();
  return {
    note(place, before, after, reason) {
      const line = `${place ? `${place.line}:${place.column}` : "–"}  ${pass}  ${before} → ${after}  ${reason}`;
      const known = noted.get(line);
      if (known) known.times++; else noted.set(line, { place, pass, before, after, reason, times: 1 });
    },
    changes: () => [...noted.values()],
    lines: () => [...noted].map(([line, { times }]) => (times === 1 ? line : `${line}  (×${times})`)),
  };
}
