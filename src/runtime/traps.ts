// Where in the user's code a version trapped, or ran out of stack. The engine's stack has the offset in the module only, or the line of the
// residual JavaScript; the program's source map has the rest.

import { placeInUsersFile } from "../capture/sourcemaps.ts";

export interface TrapPlace { readonly file: string; readonly line: number; readonly column: number }

const places = new WeakMap<Error, TrapPlace>();

/** Null: the error is none of a version's (inUsersLines has not seen it), or the map knows nothing of the place. Counts from 1. */
export const placeOfTrap = (error: unknown): TrapPlace | null => (error instanceof Error ? (places.get(error) ?? null) : null);

interface Frame { readonly at: string; readonly name: string; /** in the program's code: a module is one line of bytes; from 0 */ readonly line: number; readonly column: number }

/** `at place.name (wasm://wasm/place-hash:wasm-function[1]:0x5c)`: the module is called by the kernel's place */
const wasmFrame = /^(\s+at )(?:(.*) \()?wasm:\/\/wasm\/(?:(.*)-)?[\da-f]+:wasm-function\[\d+\]:0x([\da-f]+)\)?$/;
/** `at name$0 (wasmorph:///residual/place/kernel.js:5:3)` */
const jsFrame = /^(\s+at )(?:(.*) \()?wasmorph:\/\/\/residual\/.*:(\d+):(\d+)\)?$/;

/** Null: the line is no frame of a program's. */
function frameIn(text: string): Frame | null {
  const wasm = wasmFrame.exec(text);
  if (wasm !== null) return { at: wasm[1]!, name: nameIn(wasm[2], wasm[3]), line: 0, column: parseInt(wasm[4]!, 16) };
  const js = jsFrame.exec(text);
  return js && { at: js[1]!, name: nameIn(js[2]), line: Number(js[3]) - 1, column: Number(js[4]) - 1 };
}
/** In a module, its name stands before a function's; a number behind it where the program has several that are called so. */
const nameIn = (name = "<anonymous>", module = ""): string => (name.startsWith(`${module}.`) ? name.slice(module.length + 1) : name).replace(/(\$\d+)?\.\d+$|\$\d+(_\d+)?$/, "");

/** The error's own stack names the user's function, file and line where it named the program's: the frames above that of the entry. */
export function inUsersLines(error: Error, sourceMap: () => string | null): void {
  try {
    const lines = error.stack?.split("\n") ?? [];
    const from = lines.findIndex((line) => frameIn(line) !== null), map = from < 0 ? null : sourceMap();
    if (map === null) return;
    const { sources, mappings } = JSON.parse(map) as { sources: string[]; mappings: string };
    for (let i = from; i < lines.length; i++) {
      const frame = frameIn(lines[i]!);
      if (frame === null) break;
      // who finds no room on the stack is at a function's beginning, before its first instruction
      const place = placeIn(mappings, sources, frame, i === from && error instanceof RangeError);
      if (place === null) continue;
      if (i === from) places.set(error, place);
      const { file, line, column } = withSourceMaps() ? placeInUsersFile(place) : place;
      lines[i] = `${frame.at}${frame.name} (${file}:${line}:${column})`;
    }
    error.stack = lines.join("\n");
  } catch { /* no stack to speak of, or none left for this */ }
}
/** Does the host tell places in what the user wrote, not in what a compiler made of it (--enable-source-maps)? */
const withSourceMaps = (): boolean => (globalThis as { process?: { sourceMapsEnabled?: boolean } }).process?.sourceMapsEnabled === true;

/** The place of the code at a frame; `next`: of what comes next, that has one. Segments hold differences: column, which begins anew in each line, source, line, column (ECMA-426). */
function placeIn(mappings: string, sources: readonly string[], frame: Frame, next: boolean): TrapPlace | null {
  let source = 0, line = 0, column = 0;
  let found: TrapPlace | null = null;
  for (const [at, segments] of mappings.split(";").entries()) {
    let from = 0;
    for (const segment of segments === "" ? [] : segments.split(",")) {
      const [columns, ...place] = numbersOf(segment);
      from += columns!;
      const before = at < frame.line || (at === frame.line && from <= frame.column);
      if (!before && !next) return found;
      source += place[0] ?? 0;
      line += place[1] ?? 0;
      column += place[2] ?? 0;
      if (next && before) continue;
      found = place.length === 0 ? null : { file: sources[source]!, line: line + 1, column: column + 1 };
      if (next && found !== null) return found;
    }
  }
  return found;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Base 64 digits, five bits each, the lowest first; the lowest bit of a number is its sign. */
export function numbersOf(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0, shift = 0;
  for (const digit of segment) {
    const bits = digits.indexOf(digit);
    value += (bits & 31) * 2 ** shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value % 2 === 1 ? -(value - 1) / 2 : value / 2);
    value = shift = 0;
  }
  return numbers;
}
