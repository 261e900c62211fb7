// Annotations of the user's own, as passes find them: `// @word text` before a statement or a function of the kernel's text holds for
// everything that was written for it. Of nested ones the innermost says what a word means.

import type { Instr, Program } from "./types.ts";

/** What stands before one statement, with its range in the kernel's text. */
export interface Mark { readonly own: Readonly<Record<string, string>>; readonly start: number; readonly end: number }

/** The words that hold where an instruction comes from, each with what follows it. */
export function wordsAt(program: Program, { place }: Pick<Instr, "place">): Readonly<Record<string, string>> {
  if (!place || !program.marks) return {};
  const around = program.marks.filter(({ start, end }) => start <= place.start && place.start < end);
  return Object.assign({}, ...around.sort((a, b) => b.end - b.start - (a.end - a.start)).map(({ own }) => own)) as Record<string, string>;
}
