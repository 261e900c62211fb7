// A function's text, and where it stands.
//
// Before: a function. After: its Code, or why there is none (native, bound, a Proxy). Class, method, arrow and generator are told apart
// by the frontend, from the text. Line and column are exact where the script's text is known; `file` is null where the host does not tell
// without its debugger (see locate).

import type { Code } from "../ir/snapshot.ts";
import { isNativeText, isProxy, textOf } from "./host.ts";
import { filePath, lineAndColumn, placeOf, positionOf, scriptUrlOf, type Effort } from "./scripts.ts";

export interface Location { readonly file: string | null; readonly line: number; readonly column: number }

/** Where a function's text starts; "full" asks the debugger if need be (20 ms), for diagnostics that deserve a file name. */
export function locate(fn: Function, effort: Effort): Location {
  const position = positionOf(fn, effort);
  const url = position?.script.url ?? scriptUrlOf(fn, effort);
  const file = url === null ? null : (filePath(url) ?? (url.startsWith("data:") ? null : url));
  if (position) return { file, ...lineAndColumn(position.script, position.start) };
  const place = placeOf(fn);
  if (place === null) return { file, line: 1, column: 1 };
  // The engine tells where the parameters start. Their line is right for the text's start in all but the oddest layouts.
  const parenthesis = /^(?:async\s+)?function/.test(textOf(fn)) ? textOf(fn).indexOf("(") : 0;
  return { file, line: place.line + 1, column: Math.max(1, place.column + 1 - parenthesis) };
}

class FunctionCode implements Code {
  readonly text: string;
  readonly isClass: boolean;
  readonly #fn: WeakRef<Function>;
  #place: Location | null = null;

  constructor(fn: Function, text: string) {
    this.#fn = new WeakRef(fn);
    this.text = text;
    this.isClass = /^class\b/.test(text);
  }

  // The place costs a question to the engine, so it is looked up when somebody asks.
  get #location(): Location {
    const fn = this.#fn.deref();
    return (this.#place ??= fn ? locate(fn, "cheap") : { file: null, line: 1, column: 1 });
  }
  get placeIsKnown(): boolean { return this.#place !== null; }
  get file(): string | null { return this.#location.file; }
  get line(): number { return this.#location.line; }
  get column(): number { return this.#location.column; }
}

/** Whether the place of a code is told without a question to the engine. */
export const placeIsKnown = (code: Code): boolean => !(code instanceof FunctionCode) || code.placeIsKnown;

const codes = new WeakMap<Function, Code>();

/** The function's code; a string says why it has none. */
export function codeOf(fn: Function): Code | string {
  const known = codes.get(fn);
  if (known) return known;
  if (isProxy(fn)) return "a Proxy of a function";
  const text = textOf(fn);
  if (isNativeText(text)) return fn.name.startsWith("bound ") ? "a bound function, of which this host does not tell the parts: hand over the function itself" : "a native function";
  const code = new FunctionCode(fn, text);
  codes.set(fn, code);
  return code;
}
