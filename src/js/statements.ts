// Statements of the residual JavaScript, as a tree that is laid out once at the end: one statement a line, two spaces a level, the line
// of the user's source behind the first statement that comes from it.

import type { Place } from "../ir/types.ts";

export interface Simple { readonly kind: "simple"; readonly text: string; readonly place: Place | undefined; /** what follows is never reached */ readonly leaves: boolean }
/** `head { body }`: loops and labelled blocks */
export interface Braced { readonly kind: "braced"; readonly head: string; readonly body: readonly Statement[]; readonly place: Place | undefined }
export interface Choice { readonly kind: "if"; readonly test: string; readonly yes: readonly Statement[]; readonly no: readonly Statement[]; readonly place: Place | undefined }
export type Statement = Simple | Braced | Choice;

/** Control never falls out of the end of these statements, and they say so themselves. */
export function leaves(statements: readonly Statement[]): boolean {
  const last = statements.at(-1);
  if (!last) return false;
  return last.kind === "simple" ? last.leaves : last.kind === "if" ? leaves(last.yes) && leaves(last.no) : false;
}

export class Layout {
  private readonly lines: string[] = [];
  /** where in the user's source each line comes from */
  private readonly from: (Place | undefined)[] = [];
  private lastLine: number | undefined;
  private readonly comments: boolean;

  private readonly firstLine: number;

  /** `comments`: name the source lines, the function's first one being `firstLine` */
  constructor(comments: boolean, firstLine = 1) { this.comments = comments; this.firstLine = firstLine; }

  add(statements: readonly Statement[], depth: number): this {
    for (const statement of statements) {
      switch (statement.kind) {
        case "simple": this.line(depth, statement.text, statement.place); break;
        case "braced":
          this.line(depth, `${statement.head} {`, statement.place);
          this.add(statement.body, depth + 1).line(depth, "}");
          break;
        case "if": this.choice(statement, depth); break;
      }
    }
    return this;
  }

  private choice(first: Choice, depth: number): void {
    let head = `if (${first.test}) {`;
    for (let choice = first; ;) {
      this.line(depth, head, choice.place);
      this.add(choice.yes, depth + 1);
      const { no } = choice;
      if (no.length === 0) break;
      const only = no.length === 1 ? no[0]! : null;
      if (only?.kind === "if") {
        head = `} else if (${only.test}) {`;
        choice = only;
        continue;
      }
      this.line(depth, "} else {").add(no, depth + 1);
      break;
    }
    this.line(depth, "}");
  }

  line(depth: number, text: string, place?: Place): this {
    const line = place?.line;
    const comment = this.comments && line !== undefined && line !== this.lastLine ? ` // line ${this.firstLine + line - 1}` : "";
    if (line !== undefined) this.lastLine = line;
    this.lines.push("  ".repeat(depth) + text + comment);
    this.from.push(place);
    return this;
  }

  /** For each line of the text. */
  places(): readonly (Place | undefined)[] {
    return this.lines.flatMap((text, i) => (text.includes("\n") ? text.split("\n").map(() => this.from[i]) : [this.from[i]]));
  }

  text(): string { return `${this.lines.join("\n")}\n`; }
}
