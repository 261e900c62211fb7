// What wasmorph says when it does not do something: whose gap it is, where in the user's source, and what would help.

/** Unsupported: the user can rewrite it. Todo: our gap. Invariant: our bug. Note: something worth knowing that changes nothing. */
export type DiagnosticKind = "Unsupported" | "Todo" | "Invariant" | "Note";

export interface Diagnostic {
  readonly kind: DiagnosticKind;
  readonly message: string;
  /** what to change */
  readonly hint: string;
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
  /** the source lines around the place, with a caret */
  readonly frame: string;
}

/** Where a function's text stands: `line` and `column` (from 1) of its first character in `file`. */
export interface SourceText { readonly text: string; readonly file: string | null; readonly line: number; readonly column: number }

/** Ends specialization of a kernel: it can't be done (yet), or must not be. The original runs. */
export class Refusal extends Error {
  readonly diagnostic: Diagnostic;
  /** what was noted on the way to it */
  readonly notes: Diagnostic[] = [];
  /** a slow path (root and keys) that the kernel writes: it has to be taken for fast */
  readonly demote: { readonly root: number | "this"; readonly keys: readonly (string | number)[] } | undefined;
  /** fast strings (root and keys) of which nothing can be taken unless they are known: each value is to have a version of its own */
  promote: readonly NonNullable<Refusal["demote"]>[] = [];
  /** at how many levels of its budget partial evaluation gave up */
  gaveUp = 0;
  constructor(diagnostic: Diagnostic, demote?: Refusal["demote"]) {
    super(`${diagnostic.kind}: ${diagnostic.message} (${diagnostic.file ?? "<anonymous>"}:${diagnostic.line}:${diagnostic.column})`);
    this.name = "Refusal";
    this.diagnostic = diagnostic;
    this.demote = demote;
  }
}

/** The diagnostic for the piece [start, end) of a source text. */
export function diagnose(kind: DiagnosticKind, message: string, hint: string, source: SourceText, start: number, end = start + 1): Diagnostic {
  const before = source.text.slice(0, start);
  const lineIndex = before.split("\n").length - 1;
  const columnInLine = start - (before.lastIndexOf("\n") + 1);
  const line = source.line + lineIndex;
  const column = (lineIndex === 0 ? source.column : 1) + columnInLine;
  return { kind, message, hint, file: source.file, line, column, frame: codeFrame(source, start, end) };
}

/** The line of `start` and its neighbours, numbered as in the file, a caret under [start, end). */
export function codeFrame(source: SourceText, start: number, end: number): string {
  const lines = source.text.split("\n");
  const before = source.text.slice(0, start);
  const at = before.split("\n").length - 1;
  const column = start - (before.lastIndexOf("\n") + 1);
  const width = String(source.line + Math.min(at + 1, lines.length - 1)).length;
  const out: string[] = [];
  for (let i = Math.max(0, at - 1); i <= Math.min(lines.length - 1, at + 1); i++) {
    out.push(`${i === at ? ">" : " "} ${String(source.line + i).padStart(width)} | ${lines[i]}`);
    if (i === at) {
      const length = Math.max(1, Math.min(end - start, lines[i]!.length - column));
      out.push(`  ${" ".repeat(width)} | ${" ".repeat(column)}${"^".repeat(length)}`);
    }
  }
  return out.join("\n");
}

/** For the default of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${String((value as { op?: unknown; kind?: unknown })?.op ?? (value as { kind?: unknown })?.kind ?? value)}`);
}
