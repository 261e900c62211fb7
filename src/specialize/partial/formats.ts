// Strings that built-in methods make of numbers and of strings with numbers in them, written when the program has ended (ir/formats.ts).
//
//   "#" + (r << 16 | g << 8 | b).toString(16).padStart(6, "0")        a text of texts: each says how it is written
//   Number(x.toFixed(2))                                             the number that such a text is read as, without the text
//   x.toFixed(digits)                                                a text of two numbers
//   n < 16 ? "0" + s : s                                            where paths meet, static pieces that differ are a choice
//
// Requires: arguments that are static, or one number of a number's method, and none that throw. The characters of such a text are nobody's business: what asks for them is refused.

import { formatOf, isOfNumbers, sameFormat, toldFormatOf, type Format } from "../../ir/formats.ts";
import type { Value } from "../../ir/types.ts";
import { loadElement } from "./arrays.ts";
import { constantTable } from "./constants.ts";
import { callPrelude } from "./builtins.ts";
import type { Evaluator } from "./evaluator.ts";
import { numberOfText } from "./operators.ts";
import { require } from "./vectors.ts";
import { num, prim, untold, type Abs, type Alt, type Num, type Prim, type Sum, type Text } from "./values.ts";

/** A method of a number or of a text with numbers in it, as a text; undefined where it is none that can wait. */
export function formatted(ev: Evaluator, name: string, given: Abs, args: readonly Abs[]): Text | undefined {
  const self = onlyNumber(given), [first] = args;
  if (first?.k === "num" && (self.k === "num" || (self.k === "prim" && typeof self.value === "number"))) return toldFormat(ev, name, num(ev.toF64(self)), first);
  // as they are, and numbers still: the rules of builtins.ts
  if (numberOfText(self) ? name.includes("trim") : name === "Number.prototype.toString" && isDecimal(args[0])) return undefined;
  if ((self.k !== "num" && self.k !== "text") || !args.every((a) => a.k === "prim")) return undefined;
  const how = formatOf(name, args.map((a) => (a as { value: unknown }).value));
  if (!how || isOfNumbers(how) !== (self.k === "num")) return undefined;
  return { k: "text", parts: self.k === "text" && !self.format ? self.parts : [self], format: how };
}

/** A method of a number with an argument that is a number: the part of it before the point counts. */
function toldFormat(ev: Evaluator, name: string, self: Num, digits: Num): Text | undefined {
  const told = toldFormatOf(name);
  if (!told || ev.lifting) return undefined; // how many digits there are may be a slow number: templates are of one
  const whole = ev.b.op("f64.select", ev.b.op("f64.eq", digits.v, digits.v), ev.b.op("f64.trunc", digits.v), ev.b.f64(0)), [least, most] = told.range;
  require(ev, ev.b.op("i32.and", ev.b.op("f64.ge", whole, ev.b.f64(least)), ev.b.op("f64.le", whole, ev.b.f64(most))), "a number is written with more digits than there may be");
  return { k: "text", parts: [self, num(whole)], format: told.how };
}

/** A number's method was found, so what else could be undefined is none. */
function onlyNumber(a: Abs): Abs {
  if (a.k !== "sum" || !a.payload || !a.alts.every((alt) => alt.k === "num" || (alt.k === "prim" && (alt.value === undefined || alt.value === null)))) return a;
  return num(a.payload);
}
const isDecimal = (radix: Abs | undefined): boolean => radix === undefined || (radix.k === "prim" && (radix.value === undefined || radix.value === 10));

/** Whether a text can't be empty: some number in it is written whole. */
export function isNeverEmpty({ parts, format: how }: Text): boolean {
  if (how && !isOfNumbers(how) && !/pad|Case/.test(how.method)) return false;
  return parts.some((part) => (typeof part === "string" ? part !== "" : part !== untold && (part.k === "num" || part.k === "bool" || (part.k === "text" && isNeverEmpty(part)))));
}

/** The pieces of a text between separators that stand in no number; undefined where they may. */
export function splitText({ parts, format: how }: Text, by: Abs): readonly Abs[] | undefined {
  if (how || by.k !== "prim" || typeof by.value !== "string" || !/^[^\d.e+\-NaInfty]+$/.test(by.value) || !parts.every((part) => typeof part === "string" || (typeof part === "object" && part.k === "num"))) return undefined;
  const pieces: (string | Num)[][] = [[]];
  for (const part of parts as readonly (string | Num)[]) {
    const [first, ...more] = typeof part === "string" ? part.split(by.value) : [part];
    pieces.at(-1)!.push(first!);
    for (const piece of more) pieces.push([piece]);
  }
  return pieces.map((piece) => { const there = piece.filter((part) => part !== ""); return there.every((part) => typeof part === "string") ? prim(there.join("")) : { k: "text", parts: there }; });
}

/** ten to so many is a double, and what is divided by it is rounded once */
export const mostDigits = 22;
export const isFixed = ({ method }: Pick<Format, "method">): boolean => method === "Number.prototype.toFixed";
/** Whether such a number is in the text, which is better written when the program has ended: it may be any. */
export const hasFixed = ({ parts, format: how }: Text): boolean => (how !== undefined && isFixed(how)) || parts.some((part) => typeof part === "object" && part.k === "text" && hasFixed(part));
/** The number that `x.toFixed(digits)` reads as. */
export function numberOfFixed(ev: Evaluator, { parts, format: how }: Text): Value | undefined {
  if (!how || !isFixed(how)) return undefined;
  const digits = Number(how.args[0] ?? 0);
  if (digits > mostDigits) return undefined;
  return ev.toF64(callPrelude(ev, ev.request.prelude("internal.numberOfFixed")!, prim(undefined), [num((parts[0] as Num).v), how.told ? scaleOf(ev, parts[1] as Num) : prim(10 ** digits)]));
}
/** digits that a double keeps, whatever number they are of */
const mostKept = 15;
/** The number that a text reads as which a method of numbers wrote in base ten; undefined of another text. */
export function numberOfWritten(ev: Evaluator, text: Text): Value | undefined {
  const { parts, format: how } = text, more = how?.method === "Number.prototype.toExponential" ? 1 : 0;
  if (!how || (more === 0 && how.method !== "Number.prototype.toPrecision")) return numberOfFixed(ev, text);
  const [x, told] = parts as [Num, Num], [digits] = how.args;
  if (!how.told && digits === undefined) return ev.b.op("f64.add", x.v, ev.b.f64(0)); // all of its digits
  if (!how.told && Number(digits) + more > mostKept) return undefined;
  const most = how.told ? scaleOf(ev, num(ev.b.op("f64.add", told.v, ev.b.f64(more))), mostKept) : prim(10 ** (Number(digits) + more));
  return ev.toF64(callPrelude(ev, ev.request.prelude("internal.numberOfPrecision")!, prim(undefined), [num(x.v), most]));
}
/** Ten to so many digits as the call tells. */
function scaleOf(ev: Evaluator, { v }: Num, most = mostDigits): Num {
  require(ev, ev.b.op("f64.le", v, ev.b.f64(most)), "a number is read that was written with many digits");
  return num(loadElement(ev, constantTable(ev, "powers of ten", "scale", Array.from({ length: mostDigits + 1 }, (_, n) => 10 ** n), "Array"), ev.toI32(num(v))));
}

/**
 * A text's parts, with a static piece, if it is empty, or a choice of static ones in front of, between and behind all others; one of another format is
 * the only part of a text.
 */
export function inTurns(text: Text, format: Text["format"]): readonly (Abs | typeof untold)[] {
  const turns: (Abs | typeof untold)[] = [prim("")];
  for (const part of sameFormat(text.format, format) ? text.parts : [text]) {
    const last = turns.at(-1)! as Prim | Sum, piece = typeof part === "string" ? prim(part) : part;
    const joined = piece === untold ? undefined : piece.k === "prim" || isPiece(piece) ? joinPieces(last, piece) : undefined;
    if (joined) turns[turns.length - 1] = joined;
    else turns.push(piece, prim(""));
  }
  return turns;
}
const isPiece = (a: Abs): a is Sum => a.k === "sum" && a.alts.every((alt) => alt.k === "prim" && typeof alt.value === "string");
/** One static piece behind another; undefined where both are choices. */
function joinPieces(a: Prim | Sum, b: Prim | Sum): Prim | Sum | undefined {
  const text = (x: Alt): string => String((x as Prim).value);
  if (a.k === "prim" && b.k === "prim") return prim(text(a) + text(b));
  if (a.k === "prim") return { ...(b as Sum), alts: (b as Sum).alts.map((alt) => prim(text(a) + text(alt))) };
  return b.k === "prim" ? { ...a, alts: a.alts.map((alt) => prim(text(alt) + text(b))) } : undefined;
}
