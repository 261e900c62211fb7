// Built-in methods that write a number, or make a string of a string: `x.toFixed(2)`, `("0" + n.toString(16)).slice(-2)`. What they give is made
// when the program has ended, by the engine's own functions as they were when this file was read.

type Argument = number | string;
/** A method, and its arguments; `told`: its argument is the second part of what it is of, a number. */
export interface Format { readonly method: FormatName; readonly args: readonly Argument[]; readonly told?: true }

const ofNumbers = { toFixed: Number.prototype.toFixed, toPrecision: Number.prototype.toPrecision, toExponential: Number.prototype.toExponential, toString: Number.prototype.toString };
const { slice, substring, substr, charAt, padStart, padEnd, repeat, toUpperCase, toLowerCase, trim, trimStart, trimEnd } = String.prototype;
const ofStrings = { slice, substring, substr, charAt, padStart, padEnd, repeat, toUpperCase, toLowerCase, trim, trimStart, trimEnd };
type NumberFormat = keyof typeof ofNumbers;
type StringFormat = keyof typeof ofStrings;
export type FormatName = `Number.prototype.${NumberFormat}` | `String.prototype.${StringFormat}`;

/** The least and the largest that each method takes as its first argument without throwing; beyond a million a string may be too long. */
const limits: Partial<Record<FormatName, readonly [number, number]>> = {
  "Number.prototype.toFixed": [0, 100], "Number.prototype.toPrecision": [1, 100], "Number.prototype.toExponential": [0, 100], "Number.prototype.toString": [2, 36],
  "String.prototype.repeat": [0, 1e6], "String.prototype.padStart": [-1e6, 1e6], "String.prototype.padEnd": [-1e6, 1e6],
};

const functions = new Map<string, (...args: Argument[]) => string>(Object.entries({
  ...Object.fromEntries(Object.entries(ofNumbers).map(([name, f]) => [`Number.prototype.${name}`, f])),
  ...Object.fromEntries(Object.entries(ofStrings).map(([name, f]) => [`String.prototype.${name}`, f])),
}) as [string, (...args: Argument[]) => string][]);

export const isOfNumbers = ({ method }: Format): boolean => method.startsWith("Number.");

/** The call of a method as a format; undefined where it is none, or could throw. */
export function formatOf(method: string, args: readonly unknown[]): Format | undefined {
  if (!functions.has(method)) return undefined;
  const given = args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1);
  if (!given.every((arg): arg is Argument => typeof arg === "string" || (Number.isInteger(arg) && !Object.is(arg, -0)))) return undefined;
  const name = method as FormatName, range = limits[name], [first] = given;
  if (range && (first === undefined ? name === "String.prototype.repeat" : typeof first === "string" || first < range[0] || first > range[1])) return undefined;
  return { method: name, args: given };
}

/** The call of a number's method with an argument that the call tells, and between which whole numbers that one has to be; undefined where it is none. */
export const toldFormatOf = (method: string): { readonly how: Format; readonly range: readonly [number, number] } | undefined =>
  method.startsWith("Number.prototype.") && functions.has(method) ? { how: { method: method as FormatName, args: [], told: true }, range: limits[method as FormatName]! } : undefined;

/** What the method gives: of a number, or of a string. */
export const format = ({ method, args }: Format, value: unknown, told: readonly unknown[] = args): string => Reflect.apply(functions.get(method)!, value, told as Argument[]);

export const sameFormat = (a: Format | undefined, b: Format | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.method === b.method && a.told === b.told && a.args.length === b.args.length && a.args.every((arg, i) => arg === b.args[i]));
