// Tables whose keys are texts of numbers: `${x},${y}`, x + ":" + y, "n" + id.
//
//   seen[x + "," + y] = true            for (const k of cells.keys()) { const [x, y] = k.split(",").map(Number); … }
//
// All keys of one table have the same static pieces, so that a key says what its numbers are and no text is made: such a table is one of numbers (keyed.ts). Up to
// five whole numbers lie side by side in one (ir/composite.ts). Where a call comes with others, larger ones or fractions (RareCase "wide"), the kernel's
// next version gives each number a place in a table beside it, and the places lie side by side. A key is a text of its numbers again where it is listed or
// leaves. What else such a table is asked for is refused.
//
// Requires: behind each number comes what can't belong to it, and some piece is no digit, so that no key is an array's index.

import { biasOf, bitsOf, cutAtNumbers, isReadable, isTellable, mostNumbers, numbersOfComposite, type Pieces } from "../../ir/composite.ts";
import type { Value } from "../../ir/types.ts";
import { callBuiltin, callPrelude } from "./builtins.ts";
import { bareKey } from "./classes.ts";
import { listOf } from "./collections.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { partsAt, type KeyedObject } from "./keyed.ts";
import { split } from "./objects.ts";
import { binary } from "./operators.ts";
import { isHidden, num, prim, type Abs, type Num, type Prim, type Str, type Sum, type Text } from "./values.ts";
import { require } from "./vectors.ts";
import { Restart } from "./walk.ts";

interface Composite { readonly pieces: Pieces; readonly numbers: readonly (Num | Sum | Prim)[] }

/** What a text is as such a key, static numbers in it among the others where that can be; undefined of any other. */
function compositeOf(key: Abs): Composite | undefined {
  const raw: Composite = { pieces: [""], numbers: [] }, pieces = raw.pieces as string[], numbers = raw.numbers as (Num | Sum)[];
  const add = ({ parts, format }: Text): boolean => format === undefined && parts.every((part) => {
    if (typeof part === "string") { pieces.push(pieces.pop()! + part); return true; }
    if (typeof part === "symbol") return false;
    if (part.k === "text") return add(part);
    if (part.k !== "num" && !isNumberOrNone(part)) return false;
    numbers.push(part);
    pieces.push("");
    return true;
  });
  if (key.k !== "text" || !add(key) || numbers.length === 0) return undefined;
  const cut = pieces.map((piece, i) => cutAtNumbers(piece, i > 0));
  const all = { pieces: cut.flatMap((c) => c.pieces), numbers: cut.flatMap((c, i) => [...c.numbers.map((n) => prim(n) as Prim), ...(i < numbers.length ? [numbers[i]!] : [])]) };
  return [all, raw].find((of) => of.numbers.length <= mostNumbers && isReadable(of.pieces));
}
/** A read past the end, for one, which is nothing in an array that is a key: the original writes what is no number. */
const isNumberOrNone = (a: Abs): a is Sum => a.k === "sum" && a.payload !== null && a.alts.length === 2 && a.alts.some((alt) => alt.k === "num") && a.alts.some((alt) => alt.k === "prim" && (alt.value === undefined || alt.value === ""));
const samePieces = (a: Pieces, b: Pieces): boolean => a.length === b.length && a.every((piece, i) => piece === b[i]);

/** The same of what has static strings for keys so far: of the form that all of these have. */
export function becomeCompositeAs(ev: Evaluator, object: HeapObject): void {
  const [first, ...more] = knownKeys(object) ?? [], pieces = piecesOf(first);
  if (pieces.length > 1 && pieces.length <= mostNumbers + 1 && isReadable(pieces) && more.every((key) => samePieces(piecesOf(key), pieces))) learn(ev, object, pieces);
}
const piecesOf = (key: unknown): Pieces => (typeof key === "string" ? cutAtNumbers(key, false).pieces : []);

/** What is made there is such a table from now on, where the key is one. Comes back where it is none, or that can't be. */
export function becomeComposite(ev: Evaluator, object: HeapObject | undefined, key: Abs): void {
  const composite = compositeOf(key);
  if (object && composite) learn(ev, object, composite.pieces);
}
function learn(ev: Evaluator, object: HeapObject, pieces: Pieces): void {
  const known = knownKeys(object), site = "site" in object ? object.site : undefined;
  if (!known || !site || site.context.lasting.composite.has(site.instr)) return;
  if (object.t === "object" && pieces.every((piece) => !/\D/.test(piece))) return;
  if (!known.every((k) => typeof k === "string" && numbersOfComposite(pieces, k))) return;
  const { lasting } = site.context;
  lasting.composite.set(site.instr, pieces);
  lasting.keyed.set(site.instr, partsAt(site));
  throw new Restart();
}
function knownKeys(object: HeapObject): readonly unknown[] | undefined {
  const valueOf = (a: Abs): unknown => (a.k === "prim" ? a.value : undefined);
  switch (object.t) {
    case "map": return object.entries.map(([key]) => valueOf(key));
    case "set": return object.items.map(valueOf);
    case "object": {
      const names = [...object.fields.keys()];
      return object.origin.from === "local" && object.prototype === null && names.every((name) => !isHidden(name) || name === bareKey) ? names.filter((name) => !isHidden(name)) : undefined;
    }
    case "keyed": return []; // of numbers so far: none that is static
    default: return undefined;
  }
}

/** A table of numbers of any kind, by their places in it. */
export interface Places { readonly find: (number: Value) => Value; readonly put: (number: Value) => Value; readonly at: (place: Value) => Value }
/** Whether such a table's numbers have places of their own, since some call came with others than whole ones. */
export const hasPlaces = (ev: Evaluator, pieces: Pieces): boolean => pieces.length > 2 && isTellable(pieces) && ev.knows("wide");

/** The number that stands for a key; undefined of a static one that the table can't have. `puts`: it is put in where it is not there. */
export function numberOfComposite(ev: Evaluator, table: KeyedObject, key: Abs, places: Places | undefined, puts: boolean): Num | undefined {
  if (key.k === "sum") return num(ev.toF64(split(ev, key, (one) => (isText(one) && numberOfComposite(ev, table, one, places, puts)) || ev.bail("what is no such text is a key of a table of texts"))));
  const { composite, form, bare } = table, pieces = composite!, numbers = numbersOf(ev, pieces, key), [only] = numbers ?? [];
  if (!numbers) return undefined;
  if (form === "record" && !bare) ev.expect({ expect: "unextended" });
  const withoutSign = (v: Value): Value => ev.b.op("f64.add", v, ev.b.f64(0));
  if (numbers.length === 1) {
    if (!isTellable(pieces)) require(ev, ev.b.op("i32.and", ev.b.op("f64.eq", ev.b.op("f64.floor", only!), only!), ev.b.op("f64.le", ev.b.op("f64.abs", only!), ev.b.f64(largestWhole))), notWhole);
    return num(withoutSign(only!));
  }
  const size = ev.b.f64(2 ** bitsOf(pieces));
  const parts = numbers.map((v) => (places ? (puts ? places.put : places.find)(withoutSign(v)) : side(ev, pieces, v)));
  if (places && puts) for (const part of parts) require(ev, ev.b.op("f64.lt", part, size), "a table has too many numbers in its keys");
  const all = parts.reduce((left, part) => ev.b.op("f64.add", ev.b.op("f64.mul", left, size), part));
  if (!places || puts) return num(all);
  const there = parts.map((part) => ev.b.op("f64.ge", part, ev.b.f64(0))).reduce((a, b) => ev.b.op("i32.and", a, b));
  return num(ev.b.op("f64.select", there, all, ev.b.f64(-1)));
}
const isText = (a: Abs): boolean => a.k === "str" || (a.k === "prim" && typeof a.value === "string");
const largestWhole = 2 ** 53 - 1, notWhole = "a number that is not whole, or is large, is part of a key";
function numbersOf(ev: Evaluator, pieces: Pieces, key: Abs): readonly Value[] | undefined {
  if (key.k === "prim") return typeof key.value === "symbol" ? undefined : numbersOfComposite(pieces, key.value)?.map((n) => ev.b.f64(n));
  if (key.k === "str") return numbersWritten(ev, pieces, key);
  const composite = compositeOf(key);
  if (!composite || !samePieces(composite.pieces, pieces)) throw ev.refuse("Todo", "keys of one table are texts of different forms", "use a table for each form");
  return composite.numbers.map((a) => {
    if (a.k === "sum") require(ev, ev.tagIs(a, a.alts.findIndex((alt) => alt.k === "num")), "what is no number is part of a key");
    return ev.toF64(a.k === "sum" ? num(a.payload!) : a);
  });
}
/** The numbers in a string. */
function numbersWritten(ev: Evaluator, pieces: Pieces, text: Str): readonly Value[] {
  const asked = (ok: Abs): void => require(ev, ok.k === "bool" ? ok.v : ev.b.i32(ok.k === "prim" && ok.value === true ? 1 : 0), "a key is written otherwise than the others of its table");
  const skip = (at: Abs, piece: string): Abs => {
    asked(callBuiltin(ev, "String.prototype.startsWith", text, [prim(piece), at]));
    return binary(ev, "js.add", at, prim(piece.length));
  };
  let at = skip(prim(0), pieces[0]!);
  const numbers = pieces.slice(1).map((piece) => {
    const [number, end] = listOf(ev, callPrelude(ev, ev.request.prelude("internal.keyedWhole")!, text, [at])) as [Abs, Abs], v = ev.toF64(number);
    require(ev, ev.b.op("f64.eq", v, v), "a key is written otherwise than the others of its table");
    at = skip(end, piece);
    return v;
  });
  asked(binary(ev, "js.seq", at, ev.fromI32(text.len)));
  return numbers;
}
/** A whole number without a sign, as one of several in a double. */
function side(ev: Evaluator, pieces: Pieces, v: Value): Value {
  const int = v.def?.op === "f64.convert_i32_s" ? v.def.args[0]! : ev.b.op("i32.trunc_sat_f64_s", v);
  const above = ev.b.op("i32.add", int, ev.b.i32(biasOf(pieces))), fits = ev.b.op("i32.lt_u", above, ev.b.i32(2 ** bitsOf(pieces)));
  const whole = v.def?.op === "f64.convert_i32_s" ? fits : ev.b.op("i32.and", fits, ev.b.op("f64.eq", ev.b.op("f64.convert_i32_s", int), v));
  require(ev, whole, notWhole, isTellable(pieces) ? "wide" : undefined);
  return ev.b.op("f64.convert_i32_u", above);
}

/** The key that such a number stands for. */
export function textOfNumber(ev: Evaluator, pieces: Pieces, kept: Value, places: Places | undefined): Text {
  const size = 2 ** bitsOf(pieces), numbers: Value[] = [];
  let rest = kept;
  for (let i = pieces.length - 2; i > 0; i--) {
    const above = ev.b.op("f64.floor", ev.b.op("f64.mul", rest, ev.b.f64(1 / size)));
    numbers.unshift(ev.b.op("f64.sub", rest, ev.b.op("f64.mul", above, ev.b.f64(size))));
    rest = above;
  }
  numbers.unshift(rest);
  const told = numbers.map((v) => (pieces.length === 2 ? v : places ? places.at(v) : ev.b.op("f64.sub", v, ev.b.f64(biasOf(pieces)))));
  return { k: "text", parts: pieces.flatMap((piece, i) => [...(piece === "" ? [] : [piece]), ...(i < told.length ? [num(told[i]!)] : [])]) };
}
