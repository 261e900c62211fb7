// Annotations: comments that consist of an @word and its operands.
//
//   // @slow taps cfg.filters     // @fast n             first in the kernel's body, or above it where the text has that
//   // @unroll   // @unroll 8     // @keep   // @key pc   before a loop
//   // @drop     // @dropIf expr  // @assume expr         before a statement
//   // @start name … // @end name                         the lines directly under @start hold for everything up to @end; the innermost wins
//
// A line comment in such a position whose @word is nearly one of ours is an error that offers that one. All other words are those of other
// tools, documentation and packages (`// @ts-ignore`, `// @scope/name`): they are left alone, as is everything in /* */ that is not ours.

import type { Comment, Expression, Identifier } from "acorn";
import type { Code } from "../ir/snapshot.ts";
import { parse, parseExpression, type Node, type Parsed, type Source } from "./parse.ts";

/** One row a word: where it may stand and what follows it. */
const words = {
  slow: { at: "body", operand: "names" },
  fast: { at: "body", operand: "names" },
  unroll: { at: "loop", operand: "count" },
  keep: { at: "loop", operand: "none" },
  key: { at: "loop", operand: "names" },
  drop: { at: "statement", operand: "none" },
  dropIf: { at: "statement", operand: "expression" },
  assume: { at: "statement", operand: "expression" },
  start: { at: "section", operand: "names" },
  end: { at: "section", operand: "names" },
} as const satisfies Record<string, { at: "body" | "loop" | "statement" | "section"; operand: "names" | "count" | "none" | "expression" }>;
type Word = keyof typeof words;

/** Words of the user's own passes: kept in the notes of loops, and as marks of statements, with the rest of their line. */
let ownWords: ReadonlySet<string> = new Set();
export function declareAnnotations(names: readonly string[]): void {
  for (const name of names) {
    if (!/^\w[\w-]*$/.test(name) || Object.hasOwn(words, name)) throw new TypeError(`wasmorph: "${name}" can't be an annotation of your own: it is ${Object.hasOwn(words, name) ? "one of wasmorph's" : "no word"}`);
  }
  ownWords = new Set(names);
}

/** Words of other tools and of documentation that are nearly one of ours. */
const foreign = new Set(["flow", "endif", "enum", "group", "kind", "lends", "prop", "test"]);

/** What the annotations before one statement say. */
export interface Note {
  readonly unroll: boolean | number | undefined;
  readonly key: readonly Identifier[] | null;
  readonly drop: boolean;
  readonly dropIf: readonly Expression[];
  readonly assume: readonly Expression[];
  /** words of the user's own passes, with what follows them */
  readonly own: Readonly<Record<string, string>> | null;
  /** all expressions in it, whose names have to be resolved */
  readonly expressions: readonly Expression[];
}

interface Annotation { readonly word: Word | "own"; readonly own?: string; readonly text: string; readonly start: number; readonly end: number; readonly comment: Comment }
interface Candidate { readonly comment: Comment; readonly annotation: Annotation | null; readonly word: string }
interface Section { readonly name: string; readonly start: number; end: number; readonly rows: Annotation[] }

const placeOf = ({ word }: Annotation): "body" | "loop" | "statement" | "section" => (word === "own" ? "statement" : words[word].at);

export class Annotations {
  readonly slow: string[] = [];
  readonly fast: string[] = [];
  private readonly source: Source;
  /** comments that look like annotations, in order; `word` null where it is none of ours */
  private readonly candidates: readonly Candidate[];
  private readonly sections: Section[] = [];
  private readonly notes = new Map<Node, Note | null>();
  private readonly inherited = new Map<Node, Node>();

  constructor({ source, root, classNode, comments }: Pick<Parsed, "source" | "root" | "classNode" | "comments">) {
    this.source = source;
    this.candidates = comments.flatMap((comment): Candidate[] => {
      const match = /^[\s*]*@([\w-]+)(.*?)[\s*]*$/s.exec(comment.value);
      if (!match || match[2]!.includes("\n")) return [];
      const [, word, text] = match as unknown as [string, string, string];
      if (ownWords.has(word)) return [{ comment, word, annotation: { word: "own", own: word, text: text.trim(), start: comment.start, end: comment.end, comment } }];
      if (!Object.hasOwn(words, word)) return comment.type === "Line" && meant(word) !== undefined ? [{ comment, annotation: null, word }] : [];
      const start = comment.start + 2 + comment.value.indexOf("@" + word) + 1 + word.length;
      return [{ comment, word, annotation: { word: word as Word, text: text.trim(), start, end: start + text.length, comment } }];
    });
    if (this.candidates.length === 0) return;
    this.findSections();
    this.readBody((root ?? classNode) as Node);
  }

  /** What is said of a statement. */
  at(statement: Node): Note | null {
    if (this.candidates.length === 0) return null;
    const from = this.inherited.get(statement) ?? statement;
    if (statement.type === "LabeledStatement") this.inherited.set(statement.body, from);
    const known = this.notes.get(statement);
    if (known !== undefined) return known;
    const rows = this.before(from.start).filter((a) => ["loop", "statement"].includes(placeOf(a)));
    // sections are in order of their starts: a later one that still contains the statement is further in
    const around = this.sections.filter((s) => s.start < from.start && from.start < s.end).reverse();
    const note = rows.length === 0 && around.length === 0 ? null : this.read([rows, ...around.map((s) => s.rows)], statement);
    this.notes.set(statement, note);
    return note;
  }

  /** Levels come innermost first; of each kind of annotation the first level that has it decides. */
  private read(levels: readonly (readonly Annotation[])[], statement: Node): Note | null {
    const isLoop = /^(For|While|DoWhile)/.test(statement.type);
    if (!isLoop && statement.type !== "LabeledStatement") {
      const [wrong] = levels[0]!.filter((a) => placeOf(a) === "loop");
      if (wrong) this.refuse(`@${wrong.word} stands before a statement that is no loop`, "put it directly before the loop", wrong.comment);
    }
    const level = (...names: (Word | "own")[]): readonly Annotation[] => {
      for (const rows of levels) {
        const found = rows.filter((a) => names.includes(a.word));
        if (found.length > 0) return found;
      }
      return [];
    };
    const expressions = (word: Word): Expression[] => level(word).map((a) => parseExpression(this.source, a.start, a.end));
    const [unroll] = isLoop ? level("unroll", "keep") : [];
    const keys = isLoop ? level("key") : [];
    const own = level("own");
    const dropIf = statement.type === "LabeledStatement" || !this.inherited.has(statement) ? expressions("dropIf") : [];
    const assume = levels[0]!.filter((a) => a.word === "assume").map((a) => parseExpression(this.source, a.start, a.end));
    const note: Note = {
      unroll: unroll && (unroll.word === "keep" ? false : this.count(unroll)),
      key: keys.length > 0 ? keys.flatMap((a) => this.identifiers(a)) : null,
      drop: level("drop").length > 0,
      dropIf, assume, expressions: [...dropIf, ...assume],
      own: own.length > 0 ? Object.fromEntries(own.map((a) => [a.own!, a.text])) : null,
    };
    return note.unroll === undefined && !note.key && !note.drop && !note.own && note.expressions.length === 0 ? null : note;
  }

  private count(a: Annotation): boolean | number {
    if (a.text === "") return true;
    const n = Number(a.text);
    if (!Number.isInteger(n) || n < 1) this.refuse("@unroll takes a positive whole number or nothing", "write `@unroll` or `@unroll 8`", a.comment);
    return n;
  }

  private identifiers(a: Annotation): Identifier[] {
    const found: Identifier[] = [];
    for (const match of this.source.wrapped.slice(a.start, a.end).matchAll(/[\w$]+/g)) {
      const start = a.start + match.index;
      found.push({ type: "Identifier", name: match[0], start, end: start + match[0].length });
    }
    if (found.length === 0) this.refuse("@key names no variable", "write `@key pc`", a.comment);
    return found;
  }

  /** The annotations that end directly before an offset: nothing but white space and comments between. */
  private before(offset: number): Annotation[] {
    const found: Annotation[] = [];
    let low = 0, high = this.candidates.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.candidates[middle]!.comment.end <= offset) low = middle + 1; else high = middle;
    }
    for (let i = low - 1; i >= 0; i--) {
      const { comment, annotation, word } = this.candidates[i]!;
      if (!isBlank(this.source.wrapped.slice(comment.end, offset))) break;
      if (annotation) found.unshift(annotation);
      else this.unknown(word, comment);
    }
    return found;
  }

  private findSections(): void {
    const open: Section[] = [];
    this.candidates.forEach(({ annotation, comment }, i) => {
      if (annotation?.word === "start") {
        const rows: Annotation[] = [];
        for (let j = i + 1, from = comment.end; j < this.candidates.length; from = this.candidates[j]!.comment.end, j++) {
          const next = this.candidates[j]!;
          if (!next.annotation || placeOf(next.annotation) === "section" || !isBlank(this.source.wrapped.slice(from, next.comment.start))) break;
          rows.push(next.annotation);
        }
        const section: Section = { name: annotation.text, start: comment.end, end: Infinity, rows };
        open.push(section);
        this.sections.push(section);
      } else if (annotation?.word === "end") {
        const section = open.pop();
        if (section?.name !== annotation.text) {
          const open = section ? `: \`${section.name}\` is open` : "";
          this.refuse(`@end ${annotation.text} ends no section${open}`, "sections nest: end the one that was started last", comment);
        }
        section.end = comment.start;
      }
    });
    const [left] = open;
    if (left) this.refuse(`the section \`${left.name}\` has no @end`, `write \`// @end ${left.name}\``, { start: left.start - 1, end: left.start });
  }

  /** @slow and @fast: anywhere before the first statement. */
  private readBody(root: Node): void {
    const body = "body" in root && root.body && "type" in root.body ? root.body : root;
    const first = body.type === "BlockStatement" ? (body.body[0]?.start ?? body.end) : body.start;
    for (const { annotation, comment, word } of this.candidates) {
      if (!annotation) { if (comment.end <= first) this.unknown(word, comment); continue; }
      if (annotation.word !== "slow" && annotation.word !== "fast") continue;
      if (comment.end > first) this.refuse(`@${word} stands in the middle of the function`, "put it first in the function's body", comment);
      const names = annotation.text.split(/[\s,]+/).filter((n) => n !== "");
      if (names.length === 0) this.refuse(`@${word} names no parameter`, `write \`// @${word} name\``, comment);
      (annotation.word === "slow" ? this.slow : this.fast).push(...names);
    }
  }

  private unknown(word: string, comment: Comment): never {
    const known = knownWords();
    return this.refuse(`unknown annotation @${word}`, `did you mean @${meant(word)}? Known are ${known.map((w) => "@" + w).join(", ")}`, comment);
  }

  private refuse(message: string, hint: string, at: { start: number; end: number }): never {
    return this.source.refuse("Unsupported", message, hint, at);
  }
}

/** The annotations of a kernel that concern its parameters. */
export function annotationsOf(code: Code): { readonly slow: readonly string[]; readonly fast: readonly string[] } {
  if (!code.text.includes("@")) return { slow: [], fast: [] };
  const { slow, fast } = new Annotations(parse(code));
  return { slow, fast };
}

const isBlank = (text: string): boolean => text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, "").trim() === "";

const knownWords = (): readonly string[] => [...Object.keys(words), ...ownWords];
/** The annotation that a word is nearly: two letters are wrong, missing or too many, and no more than half of them. */
function meant(word: string): string | undefined {
  if (foreign.has(word)) return undefined;
  const nearest = knownWords().reduce((best, w) => (distance(word, w) < distance(word, best) ? w : best));
  return distance(word, nearest) <= Math.min(2, word.length / 2) ? nearest : undefined;
}
/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
