// Loads and stores as JavaScript: `x[i]` where the base is an array, `$F64[(p >> 3) + i]` through a view of linear memory, a DataView's
// get and set where an access is wider than the elements it moves (it may lie anywhere).

import { unreachable } from "../diagnostic.ts";
import { memoryOps } from "../ir/ops.ts";
import type { ElementKind, Memory, Space } from "../ir/types.ts";
import { constantIndex, elements } from "./arrays.ts";
import { binary, call, element, Expr, int32, literal, uint32 } from "./expression.ts";
import { refusal } from "./refuse.ts";

export interface Access {
  readonly instr: Memory;
  readonly base: Expr;
  readonly index: Expr;
  /** the elements of the array that the base is, if it is one */
  readonly array: ElementKind | undefined;
  readonly space: Space | undefined;
}

export interface MemoryPlace {
  readonly text: string;
  /** the index or address in it */
  readonly index: Expr;
  readonly element: ElementKind;
  /** what the DataView's methods are called after `get` and `set` */
  readonly bytes: string | null;
  /** the view of memory that it uses */
  readonly view: string | null;
}

/** Where a load or store goes. */
export function placeOf({ instr, base, index: at, array, space }: Access): MemoryPlace {
  if (array) {
    const { shift } = elements[array];
    const constant = constantIndex(instr, shift);
    const index = constant !== null ? literal(constant) : plus(indexOf(at), instr.offset >> shift);
    return { text: `${base.text}[${index.text}]`, index, element: array, bytes: null, view: null };
  }
  const [view, own] = viewOf(instr.op);
  const { shift } = elements[own];
  const anywhere = space !== undefined && elements[space.element].shift < shift;
  if (!anywhere && instr.scale === shift && instr.offset % (1 << shift) === 0) {
    const first = shift === 0 ? base : binary(">>", base, literal(shift));
    const index = plus(binary("+", first, indexOf(at)), instr.offset >> shift);
    return { text: `${view}[${index.text}]`, index, element: own, bytes: null, view };
  }
  const address = plus(binary("+", base, instr.scale === 0 ? at : binary("<<", at, literal(instr.scale))), instr.offset);
  if (anywhere) return { text: address.text, index: address, element: own, bytes: elements[own].array.replace(/Array$/, ""), view: "$bytes" };
  const index = binary(">>>", address, literal(shift));
  return { text: `${view}[${index.text}]`, index, element: own, bytes: null, view };
}

/** A load's value: i32 as a signed number, whatever the array gives. Constant tables are not `reads`: nothing writes them. */
export function loaded({ text, index, element: kind, bytes }: MemoryPlace, { instr, array }: Access): Expr {
  if (bytes) {
    const read = call(`$bytes.get${bytes}`, [index, littleEndian], true);
    return memoryOps[instr.op].type === "i32" ? int32(read) : read;
  }
  const constant = array !== undefined && instr.args[0]!.def?.op === "data.addr";
  const raw = element(text, index, !constant);
  const signed = kind === "i8" || kind === "i16";
  switch (instr.op) {
    case "i32.load8_s": return signed ? int32(raw) : extended(raw, 24);
    case "i32.load16_s": return signed ? int32(raw) : extended(raw, 16);
    case "i32.load8_u": return signed ? binary("&", int32(raw), literal(255)) : int32(raw);
    case "i32.load16_u": return signed ? binary("&", int32(raw), literal(65535)) : int32(raw);
    case "i32.load": return kind === "u32" ? binary("|", uint32(raw), literal(0)) : int32(raw);
    case "i64.load": return kind === "u64" ? call("BigInt.asIntN", [literal(64), raw]) : raw;
    default: return raw;
  }
}

/** The low bits, with their sign. */
const extended = (e: Expr, shift: number): Expr => binary(">>", binary("<<", int32(e), literal(shift)), literal(shift));

/** The value as it is stored: arrays of integers keep the low bits by themselves (a clamping one must be shown them alone), arrays of f32 round. */
export function storedIn(kind: ElementKind, value: Expr): Expr {
  switch (kind) {
    case "u8c": return binary("&", value.bits ?? value, literal(255));
    case "f32": return value.rounded ?? value;
    case "f64": case "i64": case "u64": return value;
    case "i8": case "u8": case "i16": case "u16": case "i32": case "u32": return value.bits?.integer ? value.bits : value;
  }
}

const littleEndian = new Expr("true", 20, false, []);

function plus(e: Expr, constant: number): Expr {
  if (constant === 0) return e;
  if (e.text === "0") return literal(constant);
  return constant < 0 ? binary("-", e, literal(-constant)) : binary("+", e, literal(constant));
}

/** An index without its `| 0`: (i + 3) | 0 wraps only to where no array reaches. A sum of two variables might wrap to 0. */
function indexOf(e: Expr): Expr {
  const sum = e.bits;
  return sum && (sum.operator === "+" || sum.operator === "-") && sum.left!.int32 && /^\d{1,4}$/.test(sum.right!.text) ? sum : e;
}

/** The view that an access goes through, and its element. */
function viewOf(op: Memory["op"]): readonly [string, ElementKind] {
  switch (op) {
    case "i32.load8_s": case "i32.store8": return ["$I8", "i8"];
    case "i32.load8_u": return ["$U8", "u8"];
    case "i32.load16_s": case "i32.store16": return ["$I16", "i16"];
    case "i32.load16_u": return ["$U16", "u16"];
    case "i32.load": case "i32.store": return ["$I32", "i32"];
    case "i64.load": case "i64.store": return ["$I64", "i64"];
    case "f32.load": case "f32.store": return ["$F32", "f32"];
    case "f64.load": case "f64.store": return ["$F64", "f64"];
    case "v128.load": case "v128.store": case "v128.load64_zero": case "v128.load32_zero": throw refusal("Todo", "JavaScript has no vectors", undefined);
    default: return unreachable(op);
  }
}
