// DataViews: the bytes of one are an array of bytes in memory; numbers are put together of them, and taken apart, in the order that the call
// asks for. (A wide load from bytes would be unknown to what reasons about elements.)

import { writesBuffer } from "./captured.ts";
import type { Abs, Mem } from "./values.ts";
import { num, undefinedValue } from "./values.ts";
import { constantOf } from "../../ir/build.ts";
import type { Value } from "../../ir/types.ts";
import { loadElement, storeElement } from "./arrays.ts";
import { asBig, fromWords, isBig, wordsOf } from "./bigints.ts";
import { bufferOfDataView } from "./buffers.ts";
import type { Evaluator } from "./evaluator.ts";
import { inputValue } from "./inputs.ts";
import { truth } from "./operators.ts";
import { require } from "./vectors.ts";

type Kind = "Int8" | "Uint8" | "Int16" | "Uint16" | "Int32" | "Uint32" | "Float32" | "Float64";
const sizes: Record<Kind, number> = { Int8: 1, Uint8: 1, Int16: 2, Uint16: 2, Int32: 4, Uint32: 4, Float32: 4, Float64: 8 };

type Rule = (ev: Evaluator, args: readonly Abs[], self: Abs) => Abs;
export const dataViewRules: Record<string, Rule> = {};
for (const kind of Object.keys(sizes) as Kind[]) {
  dataViewRules[`DataView.prototype.get${kind}`] = (ev, [offset, little], self) => read(ev, kind, viewOf(ev, self), offset ?? undefinedValue, little);
  dataViewRules[`DataView.prototype.set${kind}`] = (ev, [offset, value, little], self) => { write(ev, kind, viewOf(ev, self, true), offset ?? undefinedValue, value ?? undefinedValue, little); return undefinedValue; };
}

// a BigInt is two words
for (const kind of ["BigInt64", "BigUint64"] as const) {
  const halves = (ev: Evaluator, little: Abs | undefined): readonly [Value, Value] => { const bytes = order(ev, 2, little); return [ev.b.op("i32.shl", bytes[0]!, ev.b.i32(2)), ev.b.op("i32.shl", bytes[1]!, ev.b.i32(2))]; };
  const at = (ev: Evaluator, mem: Mem, offset: Abs): Value => indexOf(ev, mem, offset, 8);
  dataViewRules[`DataView.prototype.get${kind}`] = (ev, [offset, little], self) => {
    const mem = viewOf(ev, self), places = halves(ev, little), start = at(ev, mem, offset ?? undefinedValue);
    const word = (by: Value): Value => ev.toI32(read(ev, "Uint32", mem, ev.fromI32(shifted(ev, start, by)), little));
    return fromWords(ev, word(places[0]), word(places[1]), kind === "BigInt64");
  };
  dataViewRules[`DataView.prototype.set${kind}`] = (ev, [offset, value, little], self) => {
    if (!value || !isBig(value)) return ev.bail("what is no BigInt is stored as one");
    const mem = viewOf(ev, self, true), places = halves(ev, little), start = at(ev, mem, offset ?? undefinedValue);
    wordsOf(ev, asBig(ev, value)).forEach((word, i) => { write(ev, "Uint32", mem, ev.fromI32(shifted(ev, start, places[i]!)), ev.fromU32(word), little); });
    return undefinedValue;
  };
}

/** The bytes behind a DataView: an argument's, or a captured one's as they are at entry. */
function viewOf(ev: Evaluator, self: Abs, written = false): Mem {
  if (self.k === "mem" && self.of.dataView) return self;
  const object = self.k === "obj" ? ev.object(self.id) : null;
  if (object?.t === "snap") {
    const node = ev.snapshot.node(object.node);
    if (node.kind === "object" && node.className === "DataView") {
      if (ev.staticPaths.has(object.node.node)) throw ev.refuse("Todo", "a slow DataView is read", "make it fast, or pass a typed array");
      // other views of the same bytes may be captured too: they are no constants any more
      if (written) writesBuffer(ev, object.node);
      return inputValue(ev, { root: { node: object.node.node }, keys: [] }, { kind: "typed", array: "Uint8Array", dataView: true }) as Mem;
    }
  }
  return ev.bail("a DataView's method is called on something else");
}

/** The first byte's index; one outside is a RangeError, which the original throws. */
function indexOf(ev: Evaluator, mem: Mem, offset: Abs, size: number): Value {
  const at = ev.b.op("i32.trunc_sat_f64_s", ev.toF64(offset));
  require(ev, ev.b.op("i32.and", ev.b.op("i32.ge_s", at, ev.b.i32(0)), ev.b.op("i32.le_s", at, ev.b.op("i32.sub", mem.len, ev.b.i32(size)))), "an offset is outside of the DataView");
  return at;
}

/** By significance, where byte i lies: at the end first, unless the call says little endian. */
function order(ev: Evaluator, size: number, little: Abs | undefined): Value[] {
  const test = size === 1 ? true : truth(ev, little ?? undefinedValue), place = (i: number): Value => ev.b.i32(i);
  return Array.from({ length: size }, (_, i) => (typeof test === "boolean" ? place(test ? i : size - 1 - i) : ev.b.op("i32.select", test, place(i), place(size - 1 - i))));
}
const shifted = (ev: Evaluator, at: Value, by: Value): Value => (constantOf(by) === 0 ? at : ev.b.op("i32.add", at, by));

function read(ev: Evaluator, kind: Kind, mem: Mem, offset: Abs, little: Abs | undefined): Abs {
  const size = sizes[kind], places = order(ev, size, little), at = indexOf(ev, mem, offset, size);
  const byte = (i: number): Value => ev.b.op("i32.trunc_sat_f64_s", loadElement(ev, mem, shifted(ev, at, places[i]!)));
  const word = (from: number, bytes: number): Value => {
    let value = byte(from);
    for (let i = 1; i < bytes; i++) value = ev.b.op("i32.or", value, ev.b.op("i32.shl", byte(from + i), ev.b.i32(8 * i)));
    return value;
  };
  switch (kind) {
    case "Uint8": case "Uint16": case "Int32": return ev.fromI32(word(0, size));
    case "Uint32": return ev.fromU32(word(0, 4));
    case "Int8": return ev.fromI32(ev.b.op("i32.extend8_s", word(0, 1)));
    case "Int16": return ev.fromI32(ev.b.op("i32.extend16_s", word(0, 2)));
    case "Float32": return num(ev.b.op("f64.promote_f32", ev.b.op("f32.reinterpret_i32", word(0, 4))));
    case "Float64": {
      const low = ev.b.op("i64.extend_i32_u", word(0, 4)), high = ev.b.op("i64.extend_i32_u", word(4, 4));
      return num(ev.b.op("f64.reinterpret_i64", ev.b.op("i64.or", low, ev.b.op("i64.shl", high, ev.b.const("i64", 32n)))));
    }
  }
}

function write(ev: Evaluator, kind: Kind, mem: Mem, offset: Abs, value: Abs, little: Abs | undefined): void {
  const size = sizes[kind], places = order(ev, size, little);
  const store = (word: Value, from: number, bytes: number): void => {
    for (let i = 0; i < bytes; i++) storeElement(ev, mem, shifted(ev, at, places[from + i]!), i === 0 ? word : ev.b.op("i32.shr_u", word, ev.b.i32(8 * i)));
  };
  const at = indexOf(ev, mem, offset, size);
  switch (kind) {
    case "Float32": store(ev.b.op("i32.reinterpret_f32", ev.b.op("f32.demote_f64", ev.toF64(value))), 0, 4); return;
    case "Float64": {
      const bits = ev.b.op("i64.reinterpret_f64", ev.toF64(value));
      store(ev.b.op("i32.wrap_i64", bits), 0, 4);
      store(ev.b.op("i32.wrap_i64", ev.b.op("i64.shr_u", bits, ev.b.const("i64", 32n))), 4, 4);
      return;
    }
    default: store(ev.toI32(value), 0, size);
  }
}

/** A property of a DataView that is no field of its own. */
export function getOfDataView(ev: Evaluator, mem: Mem, name: string | undefined, method: (name: string) => Abs): Abs {
  if (name === "byteLength") return ev.fromI32(mem.len);
  const own = name === "buffer" || name === "byteOffset" ? bufferOfDataView(ev, mem, name) : undefined;
  if (own) return own;
  if (name === undefined || name === "buffer" || name === "byteOffset") throw ev.refuse("Unsupported", "the buffer of a DataView is asked for", "pass the views that you need");
  return method(name);
}
