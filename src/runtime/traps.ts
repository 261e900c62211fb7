// Where in the user's code a version trapped. The engine's stack has the offset in the module only; the module's source map has the rest.

export interface TrapPlace { readonly file: string; readonly line: number; readonly column: number }

/** Null: the error is no trap, or the map knows nothing of the place. Counts from 1. */
export function placeOfTrap(error: unknown, sourceMap: string | null): TrapPlace | null {
  const offset = error instanceof Error ? /wasm-function\[\d+\]:0x([\da-f]+)/.exec(error.stack ?? "")?.[1] : undefined;
  if (offset === undefined || sourceMap === null) return null;
  const { sources, mappings } = JSON.parse(sourceMap) as { sources: string[]; mappings: string };
  return placeIn(mappings, sources, parseInt(offset, 16));
}

/** A module is one line of bytes. Segments hold differences: byte, source, line, column (ECMA-426). */
function placeIn(mappings: string, sources: readonly string[], offset: number): TrapPlace | null {
  let byte = 0, source = 0, line = 0, column = 0;
  let found: TrapPlace | null = null;
  for (const segment of mappings.split(",")) {
    const [bytes, ...place] = decode(segment);
    byte += bytes!;
    if (byte > offset) break;
    source += place[0] ?? 0;
    line += place[1] ?? 0;
    column += place[2] ?? 0;
    found = place.length === 0 ? null : { file: sources[source]!, line: line + 1, column: column + 1 };
  }
  return found;
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Base 64 digits, five bits each, the lowest first; the lowest bit of a number is its sign. */
function decode(segment: string): number[] {
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
