// The text form cut into tokens, and errors that say where. Used by parse.ts alone.

/** What went wrong in a text, and where: line and column count from 1. */
export class ParseError extends Error {
  readonly line: number;
  readonly column: number;
  constructor(message: string, line: number, column: number) {
    super(`${line}:${column}: ${message}`);
    this.name = "ParseError";
    this.line = line;
    this.column = column;
  }
}

export type TokenKind = "value" | "func" | "place" | "v128" | "number" | "string" | "word" | "mark" | "end";
export interface Token { readonly kind: TokenKind; readonly text: string; readonly line: number; readonly column: number }

/** In order: the first that matches wins (`@1:2:3-4` before `@name`, `nan` and `-inf` before words). */
const rules: readonly (readonly [TokenKind | "skip", RegExp])[] = [
  ["skip", /[ \t\r]+|\/\/[^\n]*/],
  ["value", /%[\p{ID_Continue}$.]+/u],
  ["place", /@\d+:\d+:\d+-\d+/],
  ["func", /@[A-Za-z_$][\w$.]*|@"(?:[^"\\\n]|\\.)*"/],
  ["v128", /v128:[0-9a-f]{32}/],
  ["number", /-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf|nan)[nf]?(?![\w$])/],
  ["string", /"(?:[^"\\\n]|\\.)*"/],
  ["word", /-?[A-Za-z_$][\w$.]*/],
  ["mark", /->|<<|\.\.\.|[{}()[\],:=+]/],
];
const anyToken = new RegExp(rules.map(([, rule]) => `(${rule.source})`).join("|"), "uy");

export function tokens(text: string): Token[] {
  const out: Token[] = [];
  let line = 1;
  let lineStart = 0;
  for (let at = 0; at < text.length;) {
    if (text[at] === "\n") { line++; lineStart = ++at; continue; }
    anyToken.lastIndex = at;
    const found = anyToken.exec(text);
    if (!found) throw new ParseError(`unexpected ${JSON.stringify(text[at])}`, line, at - lineStart + 1);
    const kind = rules[found.indexOf(found[0], 1) - 1]![0];
    if (kind !== "skip") out.push({ kind, text: found[0], line, column: at - lineStart + 1 });
    at += found[0].length;
  }
  out.push({ kind: "end", text: "end of text", line, column: text.length - lineStart + 1 });
  return out;
}
