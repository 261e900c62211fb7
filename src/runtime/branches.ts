// The ways to some parts of slow values as a tree, so that a question about all of these parts reads each object on the way once: by code, where there
// can be, in which rows that are asked alike are one loop, so that it stays short however many there are.
//
// Before: cfg.layers[0].w, cfg.layers[1].w. After: const b = cfg?.["layers"]; for (let i = 0; i < 2; i++) { const c = b?.[i]?.["w"]; test(c) }.
//
// Requires: ways of plain keys. Guarantees: each part is asked, unless one before it gave the answer; what is not there is asked as undefined.

import type { Codes } from "../capture/codes.ts";
import { canRunJs } from "./tiers.ts";

export interface Way { /** slot of the value that it begins at */ readonly at: number; readonly keys: readonly (string | number)[] }
interface Branch { wanted: boolean; readonly below: Map<string | number, Branch> }
type Roots = ReadonlyMap<number, Branch>;

/** How a part is asked: as text, of a variable, and as a function, both with what was given for the call. */
export interface Question<Given> { readonly names: readonly string[]; readonly text: (part: string) => string; readonly asks: (part: unknown, given: Given) => boolean; readonly list: (given: Given) => readonly unknown[] }
export type Asked<Given> = (values: readonly unknown[], given: Given) => boolean;

/** characters of code; what takes more is walked */
const longest = 6000;
/** so many rows alike, and more, are a loop */
const fewRows = 3;

/** Null where there is nothing to ask. */
export function askAll<Given>(ways: readonly Way[], question: Question<Given>, codes: Codes): Asked<Given> | null {
  if (ways.length === 0) return null;
  const roots = rootsOf(ways);
  if (canRunJs()) {
    const text = [...roots].map(([at, branch]) => `{ const v0 = values[${at}];\n${written(branch, 0, question.text)} }`).join("\n");
    if (text.length <= longest) {
      const code = codes.get([], `return (values, ${question.names.join(", ")}) => {\n${text}\nreturn false;\n};`)() as (values: readonly unknown[], ...list: unknown[]) => boolean;
      const { list } = question;
      return (values, given) => code(values, ...list(given));
    }
  }
  const flat = [...roots];
  return (values, given) => flat.some(([at, branch]) => walked(branch, values[at], given, question));
}

function rootsOf(ways: readonly Way[]): Roots {
  const roots = new Map<number, Branch>();
  for (const { at, keys } of ways) {
    let branch = below(roots, at);
    for (const key of keys) branch = below(branch.below, key);
    branch.wanted = true;
  }
  return roots;
}
function below<Key>(map: Map<Key, Branch>, key: Key): Branch {
  let found = map.get(key);
  if (found === undefined) map.set(key, (found = { wanted: false, below: new Map() }));
  return found;
}

/** Statements about the value in the variable of that depth: equal ones for branches that are alike. */
function written(branch: Branch, depth: number, test: (part: string) => string): string {
  const here = `v${depth}`, next = `v${depth + 1}`, index = `i${depth}`;
  const lines = branch.wanted ? [`if (${test(here)}) return true;`] : [];
  const children = [...branch.below].map(([key, child]) => ({ key, body: written(child, depth + 1, test) }));
  for (let k = 0; k < children.length;) {
    const { key, body } = children[k]!;
    let end = k + 1;
    if (typeof key === "number") while (end < children.length && children[end]!.key === key + end - k && children[end]!.body === body) end++;
    if (end - k > fewRows) lines.push(`for (let ${index} = ${key}; ${index} < ${(key as number) + end - k}; ${index}++) { const ${next} = ${here}?.[${index}];\n${body} }`);
    else for (const child of children.slice(k, end)) lines.push(`{ const ${next} = ${here}?.[${JSON.stringify(child.key)}];\n${child.body} }`);
    k = end;
  }
  return lines.join("\n");
}

function walked<Given>(branch: Branch, live: unknown, given: Given, question: Question<Given>): boolean {
  if (branch.wanted && question.asks(live, given)) return true;
  for (const [key, child] of branch.below) if (walked(child, (live as Record<string | number, unknown> | null | undefined)?.[key], given, question)) return true;
  return false;
}
