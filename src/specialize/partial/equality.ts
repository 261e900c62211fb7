// When two values are equal: ===, ==, and the identity of objects. What can't be told apart when a version is made is compared by run time, or entry tests it.

import type { Path } from "../../ir/interface.ts";
import { hole, NodeRef } from "../../ir/snapshot.ts";
import type { Value } from "../../ir/types.ts";
import { loadElement } from "./arrays.ts";
import { constantTable } from "./constants.ts";
import { equalBigs, isBig } from "./bigints.ts";
import { isArrayBox, reference } from "./boxes.ts";
import { elementsMemory, slotOf, type Class, type Content } from "./contents.ts";
import { callPrelude } from "./builtins.ts";
import { asAbs, binary, isString, isText, nullish, partOf, testAlts, truth } from "./operators.ts";
import { areSameRow, numberOf } from "./chosen.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { isRowOfItems, refuseRow } from "./items.ts";
import { asOneStr } from "./joined.ts";
import { lookAtLength } from "./lengths.ts";
import { getProperty, split } from "./objects.ts";
import { areSame, areTexts, isPassed, lookAll, tellWord } from "./passed.ts";
import { primitiveOf } from "./primitives.ts";
import { refuseReplaced } from "./replaced.ts";
import { equalTexts } from "./strings.ts";
import { isBoolean, isNumeric, num, prim, type Abs, type Alt, type Mem, type Obj } from "./values.ts";

/** Both are the same int32 as a double, as an array's length read twice: it is never NaN. */
function isOneWhole({ def: a }: Value, { def: b }: Value): boolean {
  return a !== null && b !== null && (a.op === "f64.convert_i32_s" || a.op === "f64.convert_i32_u") && a.op === b.op && a.args[0] === b.args[0];
}

export function strictlyEqual(ev: Evaluator, a: Abs, b: Abs): boolean | Value {
  a = reference(a, ev.state);
  b = reference(b, ev.state);
  if (a.k === "prim" && b.k === "prim") return a.value === b.value;
  if (b.k === "sum" && a.k !== "sum") return strictlyEqual(ev, b, a);
  if (a.k === "sum") {
    if (b.k === "sum" && a.tag === b.tag && a.payload === b.payload && a.alts === b.alts && !a.alts.some((x) => x.k === "num")) return true;
    return testAlts(ev, a, (alt) => strictlyEqual(ev, partOf(a, alt, ev), b));
  }
  if (isPassed(a) || isPassed(b)) return equalsPassed(ev, a, b);
  if (isBig(a) && isBig(b)) return fold(ev, equalBigs(ev, a, b));
  if (a.k === "num" && b.k === "num" && isOneWhole(a.v, b.v)) return true;
  if (isNumeric(a) && isNumeric(b)) {
    if (a.k === "num" && b.k === "prim") lookAtLength(ev, a.v);
    else if (a.k === "prim" && b.k === "num") lookAtLength(ev, b.v);
    return fold(ev, ev.b.op("f64.eq", ev.toF64(a), ev.toF64(b)));
  }
  if (isBoolean(a) && isBoolean(b)) {
    if (b.k === "prim") return b.value ? (a as { v: Value }).v : ev.b.op("i32.eqz", (a as { v: Value }).v);
    if (a.k === "prim") return strictlyEqual(ev, b, a);
    return ev.b.op("i32.eq", (a as { v: Value }).v, (b as { v: Value }).v);
  }
  if (isReference(a) && isReference(b)) ev.identify(a, b);
  if (a.k === "obj" && b.k === "obj" && (a.id === b.id || sameBuiltin(ev, a.id, b.id))) return true;
  if ([a, b].every((x) => x.k === "obj" && ev.object(x.id).t === "buffer")) throw ev.refuse("Todo", "ArrayBuffers are compared", "compare the arrays");
  if (a.k === "mem" && b.k === "mem") {
    if (a.of === b.of && a.of.records && a.of.row) { if (!a.of.records.nodes) ev.comparedRows.add(pathKey(a.of.records.path)); return fold(ev, ev.b.op("i32.eq", a.ptr, b.ptr)); }
    if (isItem(a) && isItem(b) && !a.of.records!.nodes && !b.of.records!.nodes) { for (const { of } of [a, b]) ev.comparedRows.add(pathKey(of.records!.path)); return false; } // which is tested
    if (a.of === b.of && (a.ptr === b.ptr || isWholeInput(a) && isWholeInput(b)) && !a.of.row) return true;
    for (const one of [a, b]) if (isRowOfItems(one)) throw refuseRow(ev, one, "is compared");
    if (a.of.box || b.of.box) {
      if (a.of === b.of) return fold(ev, ev.b.op("i32.eq", a.ptr, b.ptr));
      compareBoxes(ev, a, b);
      return false;
    }
    if (a.of === b.of && a.of.local && !a.of.row && a.of.array !== "Array") return fold(ev, ev.b.op("i32.eq", a.ptr, b.ptr));
    if (a.of === b.of && a.of.rowOf) { ev.comparedRows.add(pathKey(a.of.rowOf.path)); return fold(ev, ev.b.op("i32.eq", a.ptr, b.ptr)); }
    if (a.part?.head && b.part?.head) return fold(ev, ev.b.op("i32.eq", a.part.head, b.part.head));
    const alike = areSameRow(ev, a, b);
    if (alike !== undefined) return fold(ev, alike);
    if (!a.of.records && !b.of.records && (a.of.row || b.of.row)) throw ev.refuse("Todo", "rows of an array are compared by identity", "compare their indices");
  }
  if ((a.k === "obj" || a.k === "mem") && (b.k === "obj" || b.k === "mem")) {
    refuseReplaced(ev, a, b);
    compareBoxes(ev, a, b);
    const chosen = isChosenNode(ev, a, b) ?? isChosenNode(ev, b, a) ?? areOneNode(ev, a, b);
    if (chosen !== undefined) return chosen;
    keepDifferent(ev, a, b);
  }
  if (isString(a) && isString(b)) { const test = equalTexts(ev, a, b); return typeof test === "boolean" ? test : fold(ev, test); }
  const texts = asTexts(ev, a, b);
  if (texts) return strictlyEqual(ev, ...texts);
  if ((a.k === "text" && isText(b)) || (b.k === "text" && isText(a))) throw ev.refuse("Unsupported", "a string built at run time is compared", "compare the numbers in it");
  return false;
}
/** One of the caller's arrays, not a part of it: there is one such value, wherever a loop carries it. */
const isWholeInput = ({ of, part }: Mem): boolean => of.path !== null && !of.local && !part;
/** What lies in a space whose elements are compared is no other value of the call's: entry tests it, as where they are written. */
function compareBoxes(ev: Evaluator, a: Obj | Mem, b: Obj | Mem): void { for (const one of [a, b]) if (one.k === "mem" && one.of.box) ev.comparedSpaces.add(one.of.space); }
/** One is handed on alone: no number, boolean, null or undefined, and none of the words that it is told from. */
function equalsPassed(ev: Evaluator, a: Abs, b: Abs): boolean | Value {
  if (a.k === "mem" && b.k === "mem" && isPassed(a) && isPassed(b)) return fold(ev, areSame(ev, a, b));
  const [passed, other] = isPassed(a) ? [a, b] : [b, a];
  if (passed.k === "mem" && other.k === "str" && other.whole) return fold(ev, areSame(ev, passed, other.whole));
  if (other.k === "prim" && typeof other.value === "string") tellWord(ev, passed, other.value);
  else if (!isNumeric(other) && !isBoolean(other) && !(other.k === "prim" && (other.value === null || other.value === undefined))) lookAll(ev, [a, b]);
  return false;
}
/** Two strings of which one is a text, as they lie in memory. */
export function asTexts(ev: Evaluator, a: Abs, b: Abs): [Abs, Abs] | undefined {
  if ((a.k !== "text" && b.k !== "text") || !isText(a) || !isText(b)) return undefined;
  const laid = (x: Abs): Abs | undefined => (x.k === "text" ? asOneStr(ev, x) : x);
  const left = laid(a), right = left && laid(b);
  return left && right && [left, right];
}
/** Whether one of several slow objects or rows, chosen at run time, is the known one; undefined where that is not the question. */
function isChosenNode(ev: Evaluator, chosen: Obj | Mem, known: Obj | Mem): boolean | Value | undefined {
  const object = known.k === "obj" ? ev.object(known.id) : undefined;
  if (chosen.k !== "mem" || !chosen.of.row || object?.t !== "snap") return undefined;
  const nodes = chosen.of.records?.nodes;
  if (!nodes && chosen.of.constant && ["array", "typed"].includes(ev.snapshot.node(object.node).kind)) {
    const rows = ev.slowRows.get(chosen.of);
    if (!rows) throw ev.refuse("Todo", "a row of a slow array of arrays is compared by identity", "compare indices");
    const number = numberOf(ev, chosen), places = rows.nodes.flatMap(({ node }, at) => (node === object.node.node ? [at] : []));
    return places.length === 0 ? false : fold(ev, places.map((at) => ev.b.op("i32.eq", number, ev.b.i32(at))).reduce((x, y) => ev.b.op("i32.or", x, y)));
  }
  if (!nodes) return undefined;
  const at = nodes.index.get(object.node.node);
  return at === undefined ? false : fold(ev, ev.b.op("i32.eq", (chosen as Mem).ptr, ev.b.i32(at)));
}
/** Whether two slow objects are one that tables of different families have: an object may be in several. Undefined where that is not the question. */
function areOneNode(ev: Evaluator, a: Obj | Mem, b: Obj | Mem): boolean | Value | undefined {
  const [one, other] = [a, b].map((x) => (x.k === "mem" && x.of.row ? x.of.records?.nodes : undefined));
  if (!one || !other) return undefined;
  const places = one.list.map(({ node }) => other.index.get(node) ?? -1);
  if (places.every((place) => place < 0)) return false;
  // the number of an object of another table may stand in a choice's place: nobody looks at what is loaded then
  const { ptr } = a as Mem, inside = ev.b.op("i32.lt_u", ptr, ev.b.i32(places.length));
  const place = loadElement(ev, constantTable(ev, `${one.name} among ${other.name}`, "place", places, "Array"), ev.b.op("i32.select", inside, ptr, ev.b.i32(0)));
  return fold(ev, ev.b.op("i32.eq", ev.toI32(num(place)), (b as Mem).ptr));
}

/**
 * Two values of the caller's, or one and a slow or captured value, are taken for different objects: tested at entry. (Where a call's values
 * are the same object from the start, their kinds say so. Of two slow or captured ones their identities are kept.)
 */
function keepDifferent(ev: Evaluator, a: Obj | Mem, b: Obj | Mem): void {
  const isBound = (value: Obj | Mem): boolean => value.k === "obj" && ev.statics.has(value.id) && ev.object(value.id).t === "bound";
  if ((isBound(a) || isBound(b)) && a !== b) throw ev.refuse("Todo", "a bound function of the caller's is compared", "compare the objects that they are bound to");
  const pathOf = (value: Obj | Mem): Path | undefined => {
    if (value.k === "mem") return value.of.path ?? undefined;
    const object = ev.object(value.id);
    if (object.t === "object") return object.origin.from === "input" ? object.origin.path : undefined;
    if (object.t === "keyed") return object.input;
    return object.t === "snap" || object.t === "function" || object.t === "class" ? pathOfNode(ev, object.node) : undefined;
  };
  const isSnapshots = (value: Obj | Mem): boolean => value.k === "obj" && ev.object(value.id).t !== "object";
  for (const [item, known] of [[a, nodesOf(ev, b)], [b, nodesOf(ev, a)]] as const) {
    if (!isItem(item) || known === undefined || item.of.records!.nodes) continue;
    const { path, within } = item.of.records!;
    for (const { node } of known) ev.expect({ expect: "apart", path, within: within.map(({ field }) => field), node });
    return;
  }
  // what a slow or captured value holds is another object in each call: where it is in this one is not known
  const isPart = (value: Obj | Mem): boolean => { const object = value.k === "obj" ? ev.object(value.id) : null; return object?.t === "snap" && pathOfNode(ev, object.node) === undefined; };
  const one = pathOf(a), other = pathOf(b);
  if ((isPart(a) && other && !isSnapshots(b)) || (isPart(b) && one && !isSnapshots(a))) throw ev.refuse("Todo", "an object that a slow or captured value holds is compared with one of the call's", "compare what they hold");
  const isArray = (value: Obj | Mem): boolean => { const object = value.k === "obj" ? ev.object(value.id) : null; return object?.t === "snap" && ["array", "typed"].includes(ev.snapshot.node(object.node).kind); };
  if ((isRow(a) && isArray(b)) || (isRow(b) && isArray(a))) throw ev.refuse("Todo", "a row of an array is compared with a slow or captured array", "compare what they hold");
  if ((isItem(a) && other) || (isItem(b) && one)) throw ev.refuse("Todo", "an object of an array is compared with an object that may be one of them", "compare their indices");
  if (one && other && pathKey(one) === pathKey(other)) throw ev.refuse("Todo", "a part of an array is compared with the array, or with another part", "compare where they begin");
  if (one && other && !(isSnapshots(a) && isSnapshots(b))) ev.expect({ expect: "different", path: one, other });
}
/** Where a slow or captured value, or what one holds, is found in each call. */
const pathOfNode = (ev: Evaluator, { node }: NodeRef): Path | undefined => ev.staticPaths.get(node) ?? ev.capturedPaths.get(node);
/** A slow or captured object, or those that something dynamic chooses one from. */
function nodesOf(ev: Evaluator, value: Obj | Mem): readonly NodeRef[] | undefined {
  if (value.k === "mem") return value.of.row ? value.of.records?.nodes?.list : undefined;
  const object = ev.object(value.id);
  return object.t === "snap" ? [object.node] : undefined;
}
/** One of the objects of an array. */
const isItem = (value: Obj | Mem): value is Mem => value.k === "mem" && value.of.row && value.of.records !== null;
/** One of the rows of the call's arrays. */
const isRow = (value: Obj | Mem): boolean => value.k === "mem" && value.of.row && value.of.records === null && !value.of.constant && !value.of.box;
const fold = (ev: Evaluator, v: Value): boolean | Value => { const known = ev.fromBool(v); return known.k === "prim" ? Boolean(known.value) : v; };
function sameBuiltin(ev: Evaluator, a: number, b: number): boolean {
  const x = ev.object(a), y = ev.object(b);
  return x.t === "builtin" && y.t === "builtin" && x.name === y.name;
}

const isReference = (a: Abs | Alt): a is Obj | Mem => a.k === "obj" || a.k === "mem";
/** `object == primitive`: what its class makes of the object, or what its text is as a number. */
function equalsPrimitive(ev: Evaluator, a: Obj | Mem, b: Abs, kind: string): boolean | Value {
  const value = primitiveOf(ev, a, "default");
  if (value !== a) return truth(ev, binary(ev, "js.eq", value, b));
  const method = (name: string): string => { const m = getProperty(ev, a, prim(name)), o = m.k === "obj" ? ev.object(m.id) : undefined; return o?.t === "builtin" ? o.name : ""; };
  if ((kind === "number" || kind === "boolean") && method("valueOf") === "Object.prototype.valueOf") {
    const toString = method("toString");
    if (toString === "Object.prototype.toString" || toString === "Function.prototype.toString") return false; // no such text is a number
    if (toString === "Array.prototype.toString") return truth(ev, callPrelude(ev, ev.request.prelude("internal.arrayEquals")!, a, [b]));
  }
  if (b.k === "prim" && typeof b.value === "string" && method("valueOf") === "Object.prototype.valueOf") {
    const toString = method("toString");
    if (toString === "Object.prototype.toString" && !b.value.startsWith("[object ")) return false;
    if (toString === "Array.prototype.toString" && method("join") === "Array.prototype.join" && holdsNumbers(ev, a) && !/^[-+.,\deNaInfity]*$/.test(b.value)) return false;
  }
  throw ev.refuse("Unsupported", "an object is compared with == to a primitive", "compare with ===");
}
/** Whether an array holds numbers alone, or rows of them: joined, these are numerals and commas. */
function holdsNumbers(ev: Evaluator, a: Obj | Mem): boolean {
  if (a.k === "mem") {
    const { slot, box, records, lists, array } = isArrayBox(a) ? elementsMemory(ev, a.of.box!) : a.of;
    return array === "Array" && !box && !records && !lists && joinNumerals(ev, slot ?? []);
  }
  const object = ev.object(a.id);
  return object.t === "snap" ? areNumbers(ev, object.node) : object.t === "array" && object.items.every((item) => item === undefined || isNumeric(item) || (item.k === "prim" && (item.value === null || item.value === undefined)));
}
/** The same of what elements can be; arrays that lead to themselves are nothing there. */
const joinNumerals = (ev: Evaluator, slot: readonly Content[], seen: ReadonlySet<Class> = new Set()): boolean => slot.every((content) => {
  switch (content.is) {
    case "number": case "hole": case "row": return true;
    case "const": return content.value === null || content.value === undefined;
    case "class": return seen.has(content.of) || (content.of.form.form === "array" && joinNumerals(ev, slotOf(ev, content.of, 0), new Set([...seen, content.of])));
    default: return false;
  }
});
function areNumbers(ev: Evaluator, ref: NodeRef): boolean {
  const node = ev.snapshot.node(ref);
  return node.kind === "array" && node.items.every((item) => typeof item === "number" || item === hole || (item instanceof NodeRef && areNumbers(ev, item)));
}

export function looselyEqual(ev: Evaluator, a: Abs, b: Abs): boolean | Value {
  const isNullish = (x: Abs) => x.k === "prim" && (x.value === null || x.value === undefined);
  if (isNullish(a)) return nullish(ev, b);
  if (isNullish(b)) return nullish(ev, a);
  if (a.k !== "sum" && b.k !== "sum" && (isPassed(a) || isPassed(b))) {
    if (![a, b].every((x) => (isPassed(x) ? areTexts(x) : x.k === "str" || (x.k === "prim" && typeof x.value === "string")))) lookAll(ev, [a, b]); // objects are made primitive
    return strictlyEqual(ev, a, b);
  }
  if (b.k === "sum" && a.k !== "sum") return looselyEqual(ev, b, a);
  if (a.k === "sum" && a.alts.some(isReference)) return truth(ev, split(ev, a, (alt) => asAbs(ev, looselyEqual(ev, alt, b))));
  if (a.k === "sum") return testAlts(ev, a, (alt) => looselyEqual(ev, partOf(a, alt, ev), b));
  const kind = (x: Abs) => (isNumeric(x) ? "number" : isBoolean(x) ? "boolean" : isText(x) ? "string" : x.k === "prim" ? "other" : "object");
  if (kind(a) === kind(b)) return strictlyEqual(ev, a, b);
  if (isReference(b)) return looselyEqual(ev, b, a);
  if (isReference(a)) return equalsPrimitive(ev, a, b, kind(b));
  return fold(ev, ev.b.op("f64.eq", ev.toF64(a), ev.toF64(b)));
}
