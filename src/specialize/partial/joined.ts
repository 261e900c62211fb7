// Strings that are made of others in memory: what grows in a loop, what is asked for its characters after it was joined.
//
//   for (…) out += alphabet[bits & 63]                 out: an address and a length, behind which there is room
//   String(n).length, (hi + lo) === "ff"               the digits of a whole number, two strings as one
//
// As long as nobody looks into it, a joined string is a text (values.ts): its parts, which nobody copies. Where paths meet with strings of other
// parts, or something asks for characters, the parts are copied to one place. Nobody writes to a string, so one may be made longer where it lies
// if no other was made longer there: two words say where the last one made ends, and how far it may grow. It grows by doubling.
//
// Requires: parts that are strings, numbers that are written without an exponent, in other bases whole ones within 2^53, or what toFixed writes of numbers within
// as many steps of the last digit (others are the original's business).

import { constantOf } from "../../ir/build.ts";
import type { Format } from "../../ir/formats.ts";
import type { Value } from "../../ir/types.ts";
import { callBuiltin, callPrelude } from "./builtins.ts";
import { branch } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { memory, newSpace } from "./inputs.ts";
import { isFixed, mostDigits } from "./formats.ts";
import { isChosenText } from "./operators.ts";
import { asStr, textSpace, unitsOf } from "./strings.ts";
import { num, prim, type Abs, type Alt, type Mem, type Num, type Prim, type Str, type Sum, type Text } from "./values.ts";
import { allocateBlock, require } from "./vectors.ts";
import { PathEnds } from "./walk.ts";

const largestWhole = 2 ** 53 - 1;
/** the characters that a number without an exponent has at most */
const longest = 32;
/** wider fillings would be long tables */
const widest = 256;

/** Whether a text can lie in memory. */
export const canLie = ({ parts, format }: Text): boolean => (format === undefined || lies(format)) && parts.every((part) => typeof part === "string" || (typeof part === "object" && canBePart(part)));
const canBePart = (part: Exclude<Text["parts"][number], string | symbol>): boolean =>
  part.k === "num" || part.k === "str" || part.k === "bool" || (part.k === "text" ? canLie(part) : part.alts.every((alt) => alt.k === "num" || alt.k === "str" || isWord(alt)));
const isWord = (alt: Alt): alt is Prim => alt.k === "prim" && typeof alt.value !== "symbol";
const lies = ({ method, args: [width = 0], told }: Format): boolean => !told && (/pad/.test(method) ? Number(width) <= widest : method === "Number.prototype.toString" || (isFixed({ method }) && Number(width) <= mostDigits) || /^String\.prototype\.(?:slice|substring|substr|charAt|toUpperCase|toLowerCase|trim|trimStart|trimEnd)$/.test(method));

/** The text in one place; it can lie there. */
export const lay = (ev: Evaluator, text: Text): Str => join(ev, piecesOf(ev, text));
/** The strings that the text is made of, one behind the other: what is filled up is not joined by itself, so that what it is added to can grow. */
function piecesOf(ev: Evaluator, { parts, format }: Text): readonly Str[] {
  if (format && isFixed(format)) return [fixedOf(ev, parts[0] as Num, Number(format.args[0] ?? 0))];
  if (format?.method === "Number.prototype.toString") return [digitsOf(ev, parts[0] as Num, Number(format.args[0]))];
  const pieces = parts.flatMap((part) => layPart(ev, part as Exclude<typeof part, symbol>));
  return format ? reformat(ev, join(ev, pieces), format) : pieces;
}
function layPart(ev: Evaluator, part: Exclude<Text["parts"][number], symbol>): Str | readonly Str[] {
  if (typeof part === "string") return asStr(ev, prim(part))!;
  switch (part.k) {
    case "num": return numberText(ev, part);
    case "text": return piecesOf(ev, part);
    case "bool": return choose(ev, [asStr(ev, prim("true"))!, asStr(ev, prim("false"))!], () => part.v);
    case "str": return part;
    case "sum": return eitherText(ev, part);
  }
}
/** A number is written where it is one. */
function eitherText(ev: Evaluator, sum: Sum): Str {
  const { alts } = sum, number = alts.findIndex((alt) => alt.k === "num"), others = alts.flatMap((alt, i) => (i === number ? [] : [i]));
  const other = (): Str => choose(ev, others.map((i) => { const alt = alts[i]!; return alt.k === "prim" ? asStr(ev, prim(String(alt.value)))! : alt as Str; }), (i) => ev.tagIs(sum, others[i]!));
  if (number < 0) return other();
  const written = branch(ev, ev.tagIs(sum, number), ev.activation!, [() => ({ c: "yield", values: [numberText(ev, num(sum.payload!))] }), () => ({ c: "yield", values: [other()] })]);
  if (!written) throw new PathEnds();
  return written[0] as Str;
}
/** Of several strings the one that it is. */
function choose(ev: Evaluator, all: readonly Str[], is: (i: number) => Value): Str {
  const pick = (of: (text: Str) => Value): Value => all.map(of).reduceRight((rest, value, i) => (i === all.length - 1 ? value : ev.b.op("i32.select", is(i), value, rest)));
  return { k: "str", ptr: pick((text) => text.ptr), len: pick((text) => text.len) };
}

/** What String(x) gives. */
function numberText(ev: Evaluator, x: Num): Str {
  if (isInt32(x.v)) return digitsOf(ev, x, 10);
  const room = { k: "str" as const, ptr: allocateBlock(ev, ev.b.i32(2 * longest)), len: ev.b.i32(longest) };
  const at = ev.toI32(callPrelude(ev, ev.request.prelude("internal.textOfNumber")!, unitsOf(ev, room), [x]));
  require(ev, ev.b.op("i32.ge_s", at, ev.b.i32(0)), "a number is written with an exponent");
  return { k: "str", ptr: ev.b.op("i32.add", room.ptr, ev.b.op("i32.shl", at, ev.b.i32(1))), len: ev.b.op("i32.sub", room.len, at) };
}
const isInt32 = ({ def }: Value): boolean => def?.op === "f64.convert_i32_s" || def?.op === "f64.convert_i32_u";

/** The digits of a whole number. */
function digitsOf(ev: Evaluator, { v }: Num, radix: number): Str {
  const whole = ev.b.op("i32.and", ev.b.op("f64.eq", ev.b.op("f64.floor", v), v), ev.b.op("f64.le", ev.b.op("f64.abs", v), ev.b.f64(largestWhole)));
  require(ev, whole, "a number that is not whole is written");
  const most = Math.ceil(53 / Math.log2(radix)) + 1;
  const room = { k: "str" as const, ptr: allocateBlock(ev, ev.b.i32((2 * most + 15) & -16)), len: ev.b.i32(most) };
  const at = ev.toI32(callPrelude(ev, ev.request.prelude("internal.textDigits")!, unitsOf(ev, room), [num(v), prim(radix)]));
  return { k: "str", ptr: ev.b.op("i32.add", room.ptr, ev.b.op("i32.shl", at, ev.b.i32(1))), len: ev.b.op("i32.sub", room.len, at) };
}

/** What `x.toFixed(digits)` writes. */
function fixedOf(ev: Evaluator, { v }: Num, digits: number): Str {
  const room = { k: "str" as const, ptr: allocateBlock(ev, ev.b.i32(64 + 2 * mostDigits & -16)), len: ev.b.i32(20 + mostDigits) };
  const at = ev.toI32(callPrelude(ev, ev.request.prelude("internal.textFixed")!, unitsOf(ev, room), [num(v), prim(10 ** digits), prim(digits)]));
  require(ev, ev.b.op("i32.ge_s", at, ev.b.i32(0)), "a number with more than 2^53 steps of its last digit is written");
  return { k: "str", ptr: ev.b.op("i32.add", room.ptr, ev.b.op("i32.shl", at, ev.b.i32(1))), len: ev.b.op("i32.sub", room.len, at) };
}

function reformat(ev: Evaluator, text: Str, { method, args }: Format): readonly Str[] {
  const [width, fill = " "] = args, side = /pad(Start|End)$/.exec(method)?.[1];
  if (side === undefined) return [laid(ev, callBuiltin(ev, method, text, args.map((arg) => prim(arg))))];
  const most = Math.max(Number(width ?? 0), 0), filling = String(fill);
  if (filling === "" || most === 0) return [text];
  const missing = ev.b.op("i32.sub", ev.b.i32(most), text.len), zero = ev.b.i32(0);
  const padding: Str = { ...asStr(ev, prim(filling.repeat(Math.ceil(most / filling.length))))!, len: ev.b.op("i32.select", ev.b.op("i32.gt_s", missing, zero), missing, zero) };
  return side === "Start" ? [padding, text] : [text, padding];
}
function laid(ev: Evaluator, a: Abs): Str {
  const text = a.k === "text" ? lay(ev, a) : asStr(ev, a);
  if (!text) throw ev.invariant("a string's method gives no string");
  return text;
}

/** Where the string ends that was made last (−1: none was), and how far it may grow: two words, for one call. */
function lastMade(ev: Evaluator): Mem {
  const known = ev.tables.get("joined");
  if (known) return known as Mem;
  const segment = ev.data.push({ name: "joined", element: "i32", bytes: new Uint8Array(8) }) - 1;
  const space = newSpace(ev, "joined", "frame", "i32");
  const ptr = ev.inPrologue(() => {
    const v = ev.b.value("i32", "joined");
    ev.b.append({ op: "data.addr", segment, args: [], results: [v] });
    ev.b.store("i32.store", v, ev.b.i32(0), ev.b.i32(-1), 0, 0, space);
    return v;
  });
  const mem: Mem = { k: "mem", of: memory({ array: "Int32Array", space, name: "joined", path: null, local: true }), ptr, len: ev.b.i32(2) };
  ev.tables.set("joined", mem);
  return mem;
}

/** The strings as one: the first one made longer where it lies, or in a new place. */
function join(ev: Evaluator, all: readonly Str[]): Str {
  const there = all.filter((text) => constantOf(text.len) !== 0);
  const [first, ...rest] = there;
  if (!first) return asStr(ev, prim(""))!;
  if (rest.length === 0) return first;
  const words = lastMade(ev), zero = ev.b.i32(0), one = ev.b.i32(1);
  const bytes = (units: Value): Value => ev.b.op("i32.shl", units, one);
  const more = rest.map((text) => text.len).reduce((a, b) => ev.b.op("i32.add", a, b)), total = ev.b.op("i32.add", first.len, more);
  const end = ev.b.op("i32.add", first.ptr, bytes(first.len)), wanted = ev.b.op("i32.add", end, bytes(more));
  const fits = ev.b.op("i32.and",
    ev.b.op("i32.eq", end, ev.b.load("i32.load", words.ptr, zero, 0, 0, words.of.space)),
    ev.b.op("i32.le_u", wanted, ev.b.load("i32.load", words.ptr, zero, 0, 4, words.of.space)));
  const make = (): Str => {
    const size = ev.b.op("i32.and", ev.b.op("i32.add", ev.b.op("i32.shl", total, ev.b.i32(2)), ev.b.i32(31)), ev.b.i32(-16));
    const place = allocateBlock(ev, size);
    ev.b.store("i32.store", words.ptr, zero, ev.b.op("i32.add", place, size), 0, 4, words.of.space);
    copyUnits(ev, place, first);
    return { ...first, ptr: place };
  };
  const placed = branch(ev, fits, ev.activation!, [() => ({ c: "yield", values: [{ k: "str", ptr: first.ptr, len: first.len }] }), () => ({ c: "yield", values: [make()] })]);
  if (!placed) throw new PathEnds();
  const { ptr } = placed[0] as Str;
  let at = ev.b.op("i32.add", ptr, bytes(first.len));
  for (const text of rest) { copyUnits(ev, at, text); at = ev.b.op("i32.add", at, bytes(text.len)); }
  ev.b.store("i32.store", words.ptr, zero, at, 0, 0, words.of.space);
  return { k: "str", ptr, len: total };
}
function copyUnits(ev: Evaluator, to: Value, { ptr, len }: Str): void {
  const space = textSpace(ev), zero = ev.b.i32(0);
  if (constantOf(len) === 1) ev.b.store("i32.store16", to, zero, ev.b.load("i32.load16_u", ptr, zero, 1, 0, space), 1, 0, space);
  else ev.b.append({ op: "memory.copy", space, from: space, args: [to, ptr, ev.b.op("i32.shl", len, ev.b.i32(1))], results: [], place: ev.b.place });
}

/** A string, or a text that can lie in memory, as one there; undefined for all else. */
export function asOneStr(ev: Evaluator, a: Abs): Str | undefined {
  if (a.k === "text") return canLie(a) ? lay(ev, a) : undefined;
  return isChosenText(a) ? lay(ev, { k: "text", parts: [a] }) : asStr(ev, a);
}
/** Whether a value is a string that lies in memory, or can. */
export const isLaid = (a: Abs): a is Str | Prim | Sum | Text => isOne(a) || isChosenText(a) || (a.k === "text" && canLie(a));
const isOne = (a: Abs): boolean => a.k === "str" || (a.k === "prim" && typeof a.value === "string");
