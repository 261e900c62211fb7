// Values on the command line: what `--slow taps=…` and `--input x=…` say, and how to make it, anew for each run.
//
//   random:4096:Float64Array        4,096 numbers in [-1, 1); for whole-number types over the type's range
//   random:4096:Uint8Array:0:16     in [0, 16); `Array` gives an ordinary array
//   random:number:-10:10            one number
//   zeros:4096:Float64Array         for outputs
//   Float32Array:[1, 2, 3]          a typed array of these
//   file:config.json                what the file holds, as JSON
//   json:[1, 2, 3]                  JSON; `json:` may be left out
//   NaN, -0, Infinity, -Infinity, undefined

import { readFileSync } from "node:fs";
import { typedArrayNames, type TypedArrayName } from "../ir/interface.ts";
import { nearest } from "../runtime/nearest.ts";
import type { Random } from "../tune/random.ts";
import { Failure } from "./failure.ts";

/** Makes the value. `edges`: mix in the numbers that arithmetic is most often wrong on. */
export type Draw = (random: Random, edges: boolean) => unknown;

interface NumberArrayClass { readonly BYTES_PER_ELEMENT: number; new (length: number): NumberArray; from(values: Iterable<number>): NumberArray }
type NumberArray = { [index: number]: number; readonly length: number };

const classes: Readonly<Record<TypedArrayName, NumberArrayClass>> = {
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
};
const isTypedArrayName = (name: string): name is TypedArrayName => Object.hasOwn(classes, name);
const arrayTypes = [...typedArrayNames, "Array"];

/** numbers that are not JSON */
const words: ReadonlyMap<string, number | undefined> = new Map([
  ["NaN", NaN], ["-0", -0], ["Infinity", Infinity], ["-Infinity", -Infinity], ["undefined", undefined],
]);

const edgeNumbers = [NaN, -0, 0, Infinity, -Infinity, 5e-324, -5e-324, 1.7976931348623157e308, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, 0.5, -0.5, 1e-310];

/** What `name=text` says. `where` is how it was typed, for the failure. */
export function parseValue(text: string, where: string): Draw {
  if (words.has(text)) return () => words.get(text);
  const colon = text.indexOf(":");
  const head = colon < 0 ? "" : text.slice(0, colon);
  const rest = text.slice(colon + 1);
  if (head === "random") return parseRandom(rest, where);
  if (head === "zeros") {
    const [count, type] = rest.split(":");
    const length = parseLength(count, where);
    const make = arrayMaker(type ?? "Float64Array", where);
    return () => make(new Array<number>(length).fill(0));
  }
  if (head === "file") return parseJson(readText(rest, where), `${where} (in ${rest})`);
  if (head === "json") return parseJson(rest, where);
  if (isTypedArrayName(head)) {
    const numbers = parseJson(rest, where);
    const make = arrayMaker(head, where);
    return (random, edges) => make(listOfNumbers(numbers(random, edges), where));
  }
  return parseJson(text, where);
}

function parseRandom(text: string, where: string): Draw {
  const [count = "", type = "Float64Array", ...bounds] = text.split(":");
  const scalar = count === "number";
  const [low, high] = parseBounds(scalar ? text.split(":").slice(1) : bounds, scalar ? "Float64Array" : type, where);
  const whole = !scalar && isTypedArrayName(type) && !type.startsWith("Float");
  const one = (random: Random, edges: boolean): number => {
    if (edges && random.next() < 1 / 8) return random.pick(edgeNumbers);
    const value = random.between(low, high);
    return whole ? Math.floor(value) : value;
  };
  if (scalar) return one;
  const length = parseLength(count, where);
  const make = arrayMaker(type, where);
  return (random, edges) => make(Array.from({ length }, () => one(random, edges)));
}

function parseBounds(bounds: readonly string[], type: string, where: string): readonly [number, number] {
  if (bounds.length === 0) return rangeOf(type);
  const [low, high] = bounds.map(Number);
  if (bounds.length !== 2 || !(low! < high!)) throw new Failure(`${where}: bounds are two numbers, the lower first, as in random:100:Float64Array:-1:1`);
  return [low!, high!];
}

/** What a type's random values range over where nothing else is said: all of a whole-number type, [-1, 1) otherwise. */
function rangeOf(type: string): readonly [number, number] {
  if (!isTypedArrayName(type) || type.startsWith("Float")) return [-1, 1];
  const values = 2 ** (8 * classes[type].BYTES_PER_ELEMENT);
  return type.startsWith("Uint") ? [0, values] : [-values / 2, values / 2];
}

function parseLength(text: string | undefined, where: string): number {
  const length = Number(text);
  if (text === undefined || text === "" || !Number.isInteger(length) || length < 0) throw new Failure(`${where}: "${text ?? ""}" is no length`);
  return length;
}

function arrayMaker(type: string, where: string): (values: number[]) => unknown {
  if (type === "Array") return (values) => values;
  if (!isTypedArrayName(type)) throw new Failure(`${where}: there is no array type "${type}"${nearest(type, arrayTypes)} (${arrayTypes.join(", ")})`);
  return (values) => classes[type].from(values);
}

/** Parsed once to fail early, and again for each run, so that runs share nothing. */
function parseJson(text: string, where: string): Draw {
  try {
    JSON.parse(text);
  } catch {
    throw new Failure(`${where}: "${text.length > 40 ? `${text.slice(0, 40)}…` : text}" is neither JSON nor random:…, zeros:…, file:…, ${typedArrayNames.at(-1)}:[…]`);
  }
  return () => JSON.parse(text) as unknown;
}

function listOfNumbers(value: unknown, where: string): number[] {
  if (!Array.isArray(value) || !value.every((item): item is number => typeof item === "number")) throw new Failure(`${where}: a typed array is made of a list of numbers`);
  return value;
}

function readText(file: string, where: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new Failure(`${where}: there is no file ${file}`);
  }
}
