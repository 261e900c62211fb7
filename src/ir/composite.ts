// Composite keys: texts of one to five numbers with the same static pieces around them, `${x},${y}`. A table keeps of each one number, in which the whole
// numbers lie side by side, or the places of numbers of any kind in a list.

/** How many bits each of so many numbers has in a double. */
const bitsFor = [0, 53, 26, 17, 13, 10] as const;
export const mostNumbers = bitsFor.length - 1;
/** A key's static pieces: before, between and behind its numbers. */
export type Pieces = readonly string[];
export const bitsOf = (pieces: Pieces): number => bitsFor[pieces.length - 1]!;
/** What is added to whole numbers, which have no sign then. */
export const biasOf = (pieces: Pieces): number => 2 ** (bitsOf(pieces) - 1);

/** Of one number kept, the key that it stands for; `numbers`: the list of those whose places it has. */
export function textOfComposite(pieces: Pieces, kept: number, numbers: readonly number[] | null): string {
  const size = 2 ** bitsOf(pieces), bias = biasOf(pieces);
  let rest = kept, text = pieces.at(-1)!;
  for (let i = pieces.length - 2; i >= 0; i--) {
    const above = i === 0 ? 0 : Math.floor(rest / size), part = rest - above * size;
    text = pieces[i]! + String(pieces.length === 2 ? kept : numbers === null ? part - bias : numbers[part]!) + text;
    rest = above;
  }
  return text;
}

const esc = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
/** A static piece of a key, cut where whole numbers stand in it; `behind` a number a minus is no sign. */
export function cutAtNumbers(piece: string, behind: boolean): { readonly pieces: Pieces; readonly numbers: readonly number[] } {
  const given = behind ? `a${piece}` : piece, whole = /(?<![\dA-Za-z])-?(?:0|[1-9]\d*)(?!\d)|(?<!\d)(?:0|[1-9]\d*)(?!\d)/g;
  const numbers = (given.match(whole) ?? []).map(Number), pieces = given.split(whole);
  return numbers.every((n) => Number.isSafeInteger(n) && !Object.is(n, -0)) ? { pieces: behind ? [pieces[0]!.slice(1), ...pieces.slice(1)] : pieces, numbers } : { pieces: [piece], numbers: [] };
}
/** The numbers of a key that is static; undefined where its text is no such key. */
export function numbersOfComposite(pieces: Pieces, key: unknown): readonly number[] | undefined {
  const number = isTellable(pieces) ? "(NaN|-?Infinity|-?\\d[\\d.e+-]*)" : "(-?\\d+)";
  const found = new RegExp(`^${pieces.map(esc).join(number)}$`, "u").exec(String(key))?.slice(1);
  return found?.every((part) => String(Number(part)) === part) ? found.map(Number) : undefined;
}
/** Whether each key has one reading where its numbers are whole: behind each of them comes no digit. */
export const isReadable = (pieces: Pieces): boolean => pieces.slice(1).every((piece, i) => (piece === "" ? i === pieces.length - 2 : !/^\d/.test(piece)));
/** … and whatever its numbers are: behind each of them comes what is in no number's text. */
export const isTellable = (pieces: Pieces): boolean => pieces.slice(1).every((piece, i) => (piece === "" ? i === pieces.length - 2 : !/^[\d.e+\-NaInfty]/.test(piece)));
