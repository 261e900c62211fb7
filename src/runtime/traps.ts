// Where in the user's code a version trapped, or ran out of stack. The engine's stack has the offset in the module only; the module's source
// map has the rest.

export interface TrapPlace { readonly file: string; readonly line: number; readonly column: number }

const places = new WeakMap<Error, TrapPlace>();

/** Null: the error is none of a version's (inUsersLines has not seen it), or the map knows nothing of the place. Counts from 1. */
export const placeOfTrap = (error: unknown): TrapPlace | null => (error instanceof Error ? (places.get(error) ?? null) : null);

/** `at place.name (wasm://wasm/place-hash:wasm-function[1]:0x5c)`: the module is called by the kernel's place */
const frame = /^(\s+at )(?:(.*) \()?wasm:\/\/wasm\/(?:(.*)-)?[\da-f]+:wasm-function\[\d+\]:0x([\da-f]+)\)?$/;

/** The error's own stack names the user's function, file and line where it named the module's: the frames above that of the entry. */
export function inUsersLines(error: Error, sourceMap: () => string | null): void {
  try {
    const lines = error.stack?.split("\n") ?? [];
    const from = lines.findIndex((line) => frame.test(line)), map = from < 0 ? null : sourceMap();
    if (map === null) return;
    const { sources, mappings } = JSON.parse(map) as { sources: string[]; mappings: string };
    for (let i = from; i < lines.length; i++) {
      const found = frame.exec(lines[i]!);
      if (found === null) break;
      const [, at, name, module, offset] = found;
      // who finds no room on the stack is at a function's beginning, before its first instruction
      const place = placeIn(mappings, sources, parseInt(offset!, 16), i === from && error instanceof RangeError);
      if (place === null) continue;
      if (i === from) places.set(error, place);
      lines[i] = `${at}${nameIn(name, module)} (${place.file}:${place.line}:${place.column})`;
    }
    error.stack = lines.join("\n");
  } catch { /* no stack to speak of, or none left for this */ }
}
/** The module's name stands before a function's, numbers behind it. */
const nameIn = (name = "<anonymous>", module = ""): string => (name.startsWith(`${module}.`) ? name.slice(module.length + 1) : name).replace(/(\$\d+)?\.\d+$/, "");

/** The place of the instruction at the offset, or of the next one that has a place. A module is one line of bytes. Segments hold differences: byte, source, line, column (ECMA-426). */
function placeIn(mappings: string, sources: readonly string[], offset: number, next: boolean): TrapPlace | null {
  let byte = 0, source = 0, line = 0, column = 0;
  let found: TrapPlace | null = null;
  for (const segment of mappings.split(",")) {
    const [bytes, ...place] = numbersOf(segment);
    byte += bytes!;
    if (byte > offset && !next) break;
    source += place[0] ?? 0;
    line += place[1] ?? 0;
    column += place[2] ?? 0;
    if (next && byte <= offset) continue;
    found = place.length === 0 ? null : { file: sources[source]!, line: line + 1, column: column + 1 };
    if (next && found !== null) break;
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
