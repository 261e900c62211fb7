// The other way through a module's source map: from a line of the source to the first byte that was made of it.

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
function numbersOf(segment: string): number[] {
  const numbers: number[] = [];
  let value = 0, shift = 0;
  for (const digit of segment) {
    const bits = digits.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = shift = 0;
  }
  return numbers;
}

/** Counts lines from 1. */
export function byteOfLine(mappings: string, line: number): number {
  let byte = 0, at = 0;
  for (const segment of mappings.split(",")) {
    const [bytes, , lines] = numbersOf(segment);
    byte += bytes!;
    at += lines ?? 0;
    if (lines !== undefined && at + 1 === line) return byte;
  }
  throw new Error(`nothing was made of line ${line}`);
}
