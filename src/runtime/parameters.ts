// The parameters of a kernel as its source spells them: to check slow names, and to know how it may be called.

import type { Pattern } from "acorn";
import { Refusal } from "../diagnostic.ts";
import { parse } from "../frontend/parse.ts";
import type { Code } from "../ir/snapshot.ts";

export interface Parameters {
  /** a name for each position ("" for a pattern); null: the source can't be read (native, bound, async…) */
  readonly names: readonly string[] | null;
  /** every name that a path can start with, those inside patterns included */
  readonly all: readonly string[];
  readonly rest: boolean;
  /** it can see how many arguments it was given: a rest parameter, or `arguments` */
  readonly countsArguments: boolean;
  /** it can see what it is called on */
  readonly usesThis: boolean;
  /** where a name is: its position, and the way into a destructured one */
  find(name: string): { readonly root: number; readonly keys: readonly string[] } | null;
}

export function parametersOf(code: Code): Parameters {
  let patterns: readonly Pattern[];
  try {
    patterns = parse(code).root?.params ?? [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { names: null, all: [], rest: true, countsArguments: true, usesThis: true, find: () => null };
  }
  const found = new Map<string, { root: number; keys: readonly string[] }>();
  const names = patterns.map((pattern, root) => {
    const plain = withoutDefault(pattern);
    enter(plain, root, [], found);
    return plain.type === "Identifier" ? plain.name : "";
  });
  for (const [, name, position] of code.text.matchAll(loweredDefault)) if (!found.has(name!)) found.set(name!, { root: Number(position), keys: [] });
  const rest = patterns.at(-1)?.type === "RestElement";
  return {
    names, all: [...found.keys()], rest, countsArguments: rest || /\barguments\b/.test(code.text),
    usesThis: /\b(?:this|super|eval)\b/.test(code.text),
    find: (name) => found.get(name) ?? null,
  };
}

/** What compilers for older engines make of a parameter with a default value: `var n = arguments.length > 1 && arguments[1] !== undefined ? arguments[1] : 8`. */
const loweredDefault = /\b([\w$]+)\s*=\s*arguments\.length\s*>\s*(\d+)\s*&&/g;

const withoutDefault = (pattern: Pattern): Pattern => (pattern.type === "AssignmentPattern" ? pattern.left : pattern);

function enter(pattern: Pattern, root: number, keys: readonly string[], found: Map<string, { root: number; keys: readonly string[] }>): void {
  if (pattern.type === "Identifier") { found.set(pattern.name, { root, keys }); return; }
  if (pattern.type !== "ObjectPattern") return;
  for (const property of pattern.properties) {
    if (property.type !== "Property" || property.computed || property.key.type !== "Identifier") continue;
    enter(withoutDefault(property.value), root, [...keys, property.key.name], found);
  }
}
