// Built-in functions: static arguments are computed by the engine itself, numeric ones become operations, and what loops over arrays is
// JavaScript of our own (prelude.ts), walked like the user's.

import { constantOf } from "../../ir/build.ts";
import { typedArrayNames, type TypedArrayName } from "../../ir/interface.ts";
import type { ScalarOp } from "../../ir/ops.ts";
import type { Primitive, Value } from "../../ir/types.ts";
import { bigToNumber, isBig, toBig, wrap } from "./bigints.ts";
import { isArrayBox } from "./boxes.ts";
import { withKeys } from "./choices.ts";
import { callFunction, inline, type Call } from "./calls.ts";
import { isEngines, expectUnshared, sliceBuffer } from "./buffers.ts";
import { dataViewRules } from "./dataview.ts";
import { subtracts } from "./differences.ts";
import { dateRules, dateTime, isDateOfArray } from "./dates.ts";
import { encoderRules, escapeRules } from "./encodings.ts";
import { becomeEntered } from "./entered.ts";
import type { Evaluator } from "./evaluator.ts";
import { fillNew, madeWithLength } from "./filled.ts";
import { arrayClassOf, isArguments } from "./heap.ts";
import { entryAt, iteratorOf, listOf, putEntry } from "./collections.ts";
import { formatted, numberOfFixed, numberOfWritten } from "./formats.ts";
import { isTypedList, iteratorRules, methodAsked, refuseUniterable } from "./iterators.ts";
import { compile } from "./compiled.ts";
import { constructBuiltin, errorClasses } from "./constructed.ts";
import { asOneStr } from "./joined.ts";
import { expectOpen } from "./integrity.ts";
import { keysOf, mayHaveHoles, refuseOpaque } from "./keys.ts";
import { classOfKeyed } from "./classes.ts";
import { becomeAlike, becomeKeyed, callOfKeyed, keyedOf, keyedRecord, listKeys, listPairs, listValues } from "./keyed.ts";
import { applyTo } from "./longcalls.ts";
import { expectInherited, getProperty, split } from "./objects.ts";
import { copyKeys, listSome } from "./listing.ts";
import { isMoved, look, lookAll } from "./passed.ts";
import { isIn, isOwn } from "./presence.ts";
import { primitiveOf } from "./primitives.ts";
import { builtinValue, concat, nullish, numberOfText, partOf, sumOfPrims, testAlts, truth, unary } from "./operators.ts";
import { reflectionRules } from "./reflection.ts";
import { expectSpecies, madeBySpecies } from "./species.ts";
import { callOfText, mayBeStr, parseText, refuseText, textOfCodes } from "./strings.ts";
import { textRules } from "./texts.ts";
import { concatenate, holdsBigints, isLong, isNumerals, keysLaid, keysOfLong, layNumerals, listLong, setElements, slice, subarray, takenApart, typedConstructor, typedFilter, typedFrom, typedMap } from "./sequences.ts";
import { engineThrows } from "./tries.ts";
import { growing, popElement, pushElement, require } from "./vectors.ts";
import { isPlain } from "./lists.ts";
import { falseValue, hidden, isBoolean, isNumeric, prim, trueValue, undefinedValue, type Abs, type Mem, type Sum } from "./values.ts";
import { weakRules } from "./weak.ts";
import { mayBeNumber, setProperty } from "./writes.ts";

type Rule = (ev: Evaluator, args: readonly Abs[], self: Abs, call: Call | undefined) => Abs;

const f64 = (op: ScalarOp): Rule => (ev, args) => ev.fromF64(ev.b.op(op, ...Array.from({ length: opArity[op] ?? 1 }, (_, i) => ev.toF64(args[i] ?? undefinedValue))));
const opArity: Partial<Record<ScalarOp, number>> = { "math.atan2": 2, "math.pow": 2 };

/** Math.max and Math.min, folded over their arguments. */
const extreme = (op: "f64.max" | "f64.min", empty: number): Rule => (ev, args) => {
  if (args.length === 0) return prim(empty);
  return ev.fromF64(args.map((a) => ev.toF64(a)).reduce((a, b) => ev.b.op(op, a, b)));
};

const isTrue = (ev: Evaluator, test: boolean | Value): Abs => (typeof test === "boolean" ? (test ? trueValue : falseValue) : ev.fromBool(test));

/** A test of a number's class, false for what is no number (Number.isX) or after ToNumber (isX). */
const classify = (test: (ev: Evaluator, v: Value) => Value, converts: boolean): Rule => (ev, args) => {
  const a = args[0] ?? undefinedValue;
  if (converts || isNumeric(a)) return isTrue(ev, settle(test(ev, ev.toF64(a))));
  if (a.k === "sum") return isTrue(ev, testAlts(ev, a, (alt) => (alt.k === "num" ? test(ev, a.payload!) : false)));
  return falseValue;
};
const settle = (v: Value): boolean | Value => { const k = constantOf(v); return k === undefined ? v : k !== 0; };
const isNaNTest = (ev: Evaluator, v: Value) => ev.b.op("f64.ne", v, v);
const isFiniteTest = (ev: Evaluator, v: Value) => ev.b.op("f64.lt", ev.b.op("f64.abs", v), ev.b.f64(Infinity));
const isIntegerTest = (ev: Evaluator, v: Value) => ev.b.op("i32.and", isFiniteTest(ev, v), ev.b.op("f64.eq", ev.b.op("f64.trunc", v), v));

const math: Record<string, Rule> = {
  abs: (ev, [a]) => ev.fromF64(ev.b.op("f64.abs", ev.toF64(a ?? undefinedValue))),
  sqrt: f64("f64.sqrt"), floor: f64("f64.floor"), ceil: f64("f64.ceil"), trunc: f64("f64.trunc"),
  max: extreme("f64.max", -Infinity), min: extreme("f64.min", Infinity),
  pow: f64("math.pow"), atan2: f64("math.atan2"), round: f64("math.round"), sign: f64("math.sign"),
  imul: (ev, [a, b]) => ev.fromI32(ev.b.op("i32.mul", ev.toI32(a ?? undefinedValue), ev.toI32(b ?? undefinedValue))),
  clz32: (ev, [a]) => ev.fromI32(ev.b.op("i32.clz", ev.toI32(a ?? undefinedValue))),
  fround: (ev, [a]) => ev.fromF64(ev.b.op("f64.promote_f32", ev.b.op("f32.demote_f64", ev.toF64(a ?? undefinedValue)))),
  hypot: (ev, args, _, call) => {
    const v = args.map((a) => ev.toF64(a));
    if (v.length === 0) return prim(0);
    if (v.length === 1) return ev.fromF64(ev.b.op("f64.abs", v[0]!));
    if (v.length === 2) return ev.fromF64(ev.b.op("math.hypot", v[0]!, v[1]!));
    if (v.length === 3) return ev.fromF64(ev.b.op("math.hypot3", v[0]!, v[1]!, v[2]!));
    return callPrelude(ev, ev.request.prelude("internal.hypot")!, undefinedValue, [ev.allocate({ t: "array", items: args })], call);
  },
  random: (ev) => ev.fromF64(ev.b.draw()),
};
for (const name of ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "exp", "expm1", "log", "log1p", "log2", "log10", "cbrt"] as const) math[name] = f64(`math.${name}`);

/** What has keys; of undefined and null there are none to list. */
function listed(ev: Evaluator, value: Abs = undefinedValue): Abs {
  const a = withKeys(ev, value);
  becomeAlike(ev, a);
  if (a.k === "prim" && (a.value === undefined || a.value === null)) engineThrows(ev, "TypeError", "the keys of undefined or null are listed");
  return a;
}

const rules: Record<string, Rule> = {
  ...Object.fromEntries(Object.entries(math).map(([name, rule]) => [`Math.${name}`, rule])),
  isNaN: classify(isNaNTest, true), isFinite: classify(isFiniteTest, true),
  "Number.isNaN": classify(isNaNTest, false), "Number.isFinite": classify(isFiniteTest, false), "Number.isInteger": classify(isIntegerTest, false),
  "Number.isSafeInteger": classify((ev, v) => ev.b.op("i32.and", isIntegerTest(ev, v), ev.b.op("f64.le", ev.b.op("f64.abs", v), ev.b.f64(Number.MAX_SAFE_INTEGER))), false),
  Number: (ev, [given]) => { const a = given && primitiveOf(ev, given, "number"); return a === undefined ? prim(0) : isBig(a) ? bigToNumber(ev, a) : ev.fromF64(ev.toF64(a)); },
  Function: (ev, texts) => compile(ev, texts),
  Boolean: (ev, [a]) => isTrue(ev, truth(ev, a ?? undefinedValue)),
  "Array.isArray": (ev, [a]) => {
    if (a?.k === "mem") return prim(isOrdinaryMemory(a));
    if (a?.k === "obj") { const o = ev.object(a.id); if (o.t === "opaque") return refuseOpaque(ev, o.why); return prim(!isArguments(o) && (o.t === "array" || o.t === "numerals" || ((o.t === "spilled" || o.t === "vector" || o.t === "boxed") && isOrdinaryMemory(o.mem)) || (o.t === "snap" && ev.snapshot.node(o.node).kind === "array"))); }
    if (a?.k === "sum") return isTrue(ev, testAlts(ev, a, (alt) => (alt.k === "mem" ? isOrdinaryMemory(alt) : alt.k === "obj" ? truth(ev, rules["Array.isArray"]!(ev, [alt], undefinedValue, undefined)) : false)));
    return falseValue;
  },
  "ArrayBuffer.isView": (ev, [a]) => {
    if (a?.k === "sum") return split(ev, a, (alt) => rules["ArrayBuffer.isView"]!(ev, [alt], undefinedValue, undefined));
    if (a?.k === "mem") return prim(a.of.array !== "Array");
    if (a?.k !== "obj") return falseValue;
    const o = ev.object(a.id), node = o.t === "snap" ? ev.snapshot.node(o.node) : undefined;
    if (o.t === "opaque") return refuseOpaque(ev, o.why);
    return prim(isTypedLocal(ev, a.id) || node?.kind === "typed" || (node?.kind === "object" && ["DataView", "BigInt64Array", "BigUint64Array"].includes(node.className)));
  },
  "Object.keys": (ev, [value], _, call) => {
    const a = listed(ev, value);
    const table = keyedRecord(ev, a);
    return keysLaid(ev, table ? listKeys(ev, table, call) : keysOfLong(ev, a, call) ?? listSome(ev, a, "keys", call) ?? ev.allocate({ t: "array", items: keysOf(ev, a).map((k) => prim(k)) }), call);
  },
  "Object.values": (ev, [value], _, call) => {
    const a = listed(ev, value);
    const table = keyedRecord(ev, a);
    return table ? listValues(ev, table, call) : listLong(ev, a, "values", call) ?? listSome(ev, a, "values", call) ?? ev.allocate({ t: "array", items: keysOf(ev, a).map((k) => getProperty(ev, a, prim(k))) });
  },
  "Object.entries": (ev, [value], _, call) => {
    const a = listed(ev, value);
    const table = keyedRecord(ev, a);
    if (table) return listPairs(ev, table, call);
    return listLong(ev, a, "entries", call) ?? listSome(ev, a, "entries", call) ?? ev.allocate({ t: "array", items: keysOf(ev, a).map((k) => ev.allocate({ t: "array", items: [prim(k), getProperty(ev, a, prim(k))] })) });
  },
  "Object.assign": (ev, [target, ...sources], _, call) => {
    for (const given of sources) if (truth(ev, given) !== false) copyKeys(ev, target!, given, call);
    return target!;
  },
  "Object.fromEntries": (ev, [given], _, call) => {
    const list = given && takenApart(ev, given, call), made = ev.allocate({ t: "object", origin: { from: "local" }, prototype: null, fields: new Map() });
    if (list) refuseUniterable(ev, list);
    const table = list && keyedOf(ev, list);
    if (table && table.form !== "map") return ev.bail("an object is made of what is no list or Map of entries");
    if (list && (table || isLong(ev, list))) { callPrelude(ev, ev.request.prelude(table ? "internal.fromMap" : "internal.fromEntries")!, made, [list], call); return made; }
    for (const pair of listOf(ev, list ?? undefinedValue)) {
      const key = getProperty(ev, pair, prim(0));
      if (pair.k === "prim" || pair.k === "num" || pair.k === "bool" || (key.k === "prim" && key.value === "__proto__")) ev.bail("an entry is none, or sets no prototype");
      setProperty(ev, made, key, getProperty(ev, pair, prim(1)));
    }
    return made;
  },
  "JSON.parse": (ev, [text]) => {
    if (text?.k !== "prim") throw ev.refuse("Unsupported", "a text that is not static is parsed", "parse it outside, and hand over what it says");
    try { return valueOf(ev, JSON.parse(String(text.value))); } catch (e) { if (e instanceof SyntaxError) return engineThrows(ev, "SyntaxError", "JSON.parse throws"); throw e; }
  },
  "Object.is": (ev, [a, b]) => {
    const x = a ?? undefinedValue, y = b ?? undefinedValue;
    if (x.k === "prim" && y.k === "prim") return prim(Object.is(x.value, y.value));
    if (!isNumeric(x) || !isNumeric(y)) throw ev.refuse("Todo", "Object.is of values of unknown kind", "compare with ===");
    const [p, q] = [ev.toF64(x), ev.toF64(y)];
    const bits = ev.b.op("i64.eq", ev.b.op("i64.reinterpret_f64", p), ev.b.op("i64.reinterpret_f64", q));
    return ev.fromBool(ev.b.op("i32.or", bits, ev.b.op("i32.and", ev.b.op("f64.ne", p, p), ev.b.op("f64.ne", q, q))));
  },
  "Object.prototype.toString": (ev, _, self) => (self.k === "sum" ? sumOfPrims(ev, self, self.alts.map((alt) => prim(`[object ${tagOf(ev, alt.k === "num" || alt.k === "bool" ? partOf(self, alt, ev) : alt)}]`))) : prim(`[object ${tagOf(ev, self)}]`)),
  "Object.prototype.hasOwnProperty": (ev, [key], self) => isOwn(ev, self, key),
  "Object.hasOwn": (ev, [a, key]) => isOwn(ev, a ?? undefinedValue, key),
  "Reflect.has": (ev, [a, key]) => isIn(ev, a ?? undefinedValue, key ?? undefinedValue),
  "Function.prototype.call": (ev, [self, ...args], f, call) => callFunction(ev, f, self ?? undefinedValue, args, call),
  "Function.prototype.apply": (ev, [self, list], f, call) => applyTo(ev, f, self ?? undefinedValue, list && nullish(ev, list) !== true ? list : ev.allocate({ t: "array", items: [] }), call),
  "Function.prototype.bind": (ev, [self, ...args], f) => ev.allocate({ t: "bound", target: f, self: self ?? undefinedValue, args }),
  "Map.prototype.get": (ev, [key], self) => entryAt(ev, self, key ?? undefinedValue, undefinedValue),
  "Map.prototype.has": (ev, [key], self) => entryAt(ev, self, key ?? undefinedValue, falseValue, trueValue),
  "Set.prototype.has": (ev, [key], self) => entryAt(ev, self, key ?? undefinedValue, falseValue, trueValue),
  "Map.prototype.set": (ev, [key, value], self) => putEntry(ev, self, key ?? undefinedValue, value ?? undefinedValue),
  "Set.prototype.add": (ev, [key], self) => putEntry(ev, self, key ?? undefinedValue, undefinedValue),
  ...Object.fromEntries(["Map.prototype.delete", "Set.prototype.delete", "Map.prototype.clear", "Set.prototype.clear"].map((name): [string, Rule] => [name, (ev, [key], self) => {
    const object = self.k === "obj" ? ev.object(self.id) : undefined;
    look(ev, key);
    becomeEntered(ev, self, key ?? prim(0));
    return object?.t === "map" || object?.t === "set" ? becomeKeyed(ev, object, key?.k === "str" || key?.k === "sum" ? key : undefined) : ev.bail(`${name} is called on something else`);
  }])),
  "Array.of": (ev, args) => ev.allocate({ t: "array", items: args }),
  "Array.prototype.push": (ev, args, self) => {
    const array = self.k === "obj" ? ev.object(self.id) : undefined;
    if (self.k === "mem" && self.of.rowOf && !args.every(mayBeNumber) && !ev.knows("undefined")) return ev.bail("something that is no number is put into a row of numbers", "undefined"); // seldom
    const long = array?.t === "array" ? undefined : growing(ev, self);
    if (long) {
      let length: Abs = ev.fromI32(long.now().len); // push() gives it too
      for (const arg of args) length = pushElement(ev, long, arg);
      return length;
    }
    if (self.k === "mem") return ev.bail("an array of the caller's grows");
    if (array) expectOpen(ev, array, "change");
    if (array?.t !== "array") throw ev.refuse("Todo", "an array of unknown length grows", "write into a typed array with a counter");
    ev.update((self as { id: number }).id, { ...array, items: [...array.items, ...args] });
    return prim(array.items.length + args.length);
  },
  "Array.prototype.pop": (ev, _, self) => {
    const array = self.k === "obj" ? ev.object(self.id) : undefined;
    const long = array?.t === "array" ? undefined : growing(ev, self);
    if (long) return popElement(ev, long);
    if (self.k === "mem") return ev.bail("an array of the caller's shrinks");
    if (array) expectOpen(ev, array, "change");
    if (array?.t !== "array") throw ev.refuse("Todo", "an array of unknown length shrinks", "use a typed array with a counter");
    if (array.items.length === 0) return undefinedValue;
    ev.update((self as { id: number }).id, { ...array, items: array.items.slice(0, -1) });
    return array.items.at(-1) ?? undefinedValue;
  },
  "Array.prototype.concat": (ev, args, self, call) => concatenate(ev, self, args, call),
  "ArrayBuffer.prototype.slice": (ev, args, self) => {
    const buffer = self.k === "obj" ? ev.object(self.id) : null;
    return buffer?.t === "buffer" ? sliceBuffer(ev, args, buffer) : ev.bail("an ArrayBuffer's method is called on something else");
  },
  "%TypedArray%.prototype.subarray": (ev, args, self, call) => subarray(ev, args, self, call),
  "%TypedArray%.prototype.slice": (ev, args, self, call) => slice(ev, args, self, call),
  "%TypedArray%.prototype.set": (ev, args, self, call) => setElements(ev, args, self, call),
  "%TypedArray%.of": (ev, args, self, call) => constructBuiltin(ev, typedConstructor(ev, self), [ev.allocate({ t: "array", items: args })], call),
  "%TypedArray%.prototype.map": (ev, args, self, call) => typedMap(ev, args, self, call),
  "%TypedArray%.prototype.filter": (ev, args, self, call) => typedFilter(ev, args, self, call),
  "%TypedArray%.from": (ev, args, self, call) => typedFrom(ev, args, self, call),
  "String.fromCharCode": (ev, codes) => textOfCodes(ev, codes),
  String: (ev, [a]) => (a === undefined ? prim("") : unary(ev, "js.tostring", a)),
  // of a string that is not static, strings.ts
  "String.prototype.concat": (ev, parts, self) => {
    if (self.k !== "text" && !(self.k === "prim" && typeof self.value === "string")) throw ev.refuse("Todo", "String.prototype.concat is called on what is no string", "add to a string");
    return parts.reduce((all: Abs, part) => concat(ev, all, part), self);
  },
  // the text of a number has no blanks around it
  ...Object.fromEntries(["trim", "trimStart", "trimEnd", "toString", "valueOf"].map((name): [string, Rule] => [`String.prototype.${name}`, (ev, _, self) => {
    if (numberOfText(self)) return self;
    throw ev.refuse("Todo", `the built-in String.prototype.${name} of a text that is built at run time is not taken yet`, "keep numbers as numbers");
  }])),
  ...Object.fromEntries(([["Number", isNumeric], ["Boolean", isBoolean], ["BigInt", isBig]] as const).map(([type, isOne]): [string, Rule] => {
    const name = `${type}.prototype.valueOf`;
    const value: Rule = (ev, args, self, call) => {
      if (self.k === "sum") return split(ev, self, (one) => value(ev, args, one, call));
      return isOne(self) ? self : ev.bail(`${name} is called on something else`);
    };
    return [name, value];
  })),
  "Number.prototype.toString": (ev, [radix], self) => {
    if (radix !== undefined && !(radix.k === "prim" && (radix.value === undefined || radix.value === 10))) throw ev.refuse("Unsupported", "a number that is not static is written in another base", "return the number");
    return unary(ev, "js.tostring", self);
  },
  parseFloat: (ev, [a], _, call) => {
    const several = severalTexts(a);
    if (several) return split(ev, several, (one) => callBuiltin(ev, "parseFloat", undefinedValue, [one], call));
    const fixed = a?.k === "text" ? numberOfWritten(ev, a) : undefined;
    if (fixed) return ev.fromF64(fixed);
    const there = a?.k === "str" ? a : a?.k === "text" && !numberOfText(a) ? asOneStr(ev, a) : undefined;
    return there ? parseText(ev, "ParseFloat", there, [], call) : ev.fromF64(ev.b.op("f64.add", numberText(ev, a), ev.b.f64(0)));
  },
  // of the text of a number only the digits before the point or the exponent count
  parseInt: (ev, [a, radix], _, call) => {
    const several = severalTexts(a);
    if (several) return split(ev, several, (one) => callBuiltin(ev, "parseInt", undefinedValue, [one, radix ?? undefinedValue], call));
    const another = radix !== undefined && !(radix.k === "prim" && (radix.value === undefined || radix.value === 10 || radix.value === 0));
    // in another base the digits count, not the number that they are of
    const text = another && a ? asOneStr(ev, a.k === "num" ? unary(ev, "js.tostring", a) : a) : a?.k === "str" ? a : undefined;
    if (text) return parseText(ev, "ParseInt", text, [radix ?? undefinedValue], call);
    if (another) throw ev.refuse("Unsupported", "a number that is not static is read in another base", "use Math.trunc");
    const fixed = a?.k === "text" ? numberOfFixed(ev, a) : undefined;
    if (fixed) {
      require(ev, ev.b.op("f64.lt", ev.b.op("f64.abs", fixed), ev.b.f64(1e21)), "a number with an exponent is read as an integer");
      return ev.fromF64(ev.b.op("f64.trunc", fixed));
    }
    const there = a?.k === "text" && !numberOfText(a) ? asOneStr(ev, a) : undefined;
    if (there) return parseText(ev, "ParseInt", there, [radix ?? undefinedValue], call);
    const v = numberText(ev, a), size = ev.b.op("f64.abs", v);
    const plain = ev.b.op("i32.or", ev.b.op("f64.eq", v, ev.b.f64(0)), ev.b.op("i32.and", ev.b.op("f64.ge", size, ev.b.f64(1e-6)), ev.b.op("f64.lt", size, ev.b.f64(1e21))));
    require(ev, ev.b.op("i32.or", plain, ev.b.op("f64.ne", v, v)), "a number with an exponent is read as an integer");
    return ev.fromF64(ev.b.op("f64.select", ev.b.op("f64.eq", v, ev.b.f64(0)), ev.b.f64(0), ev.b.op("f64.trunc", v)));
  },
};

rules["BigInt"] = (ev, [a]) => toBig(ev, a ?? undefinedValue);
rules["BigInt.asUintN"] = (ev, [bits, a]) => wrap(ev, bits ?? undefinedValue, a ?? undefinedValue, false);
rules["BigInt.asIntN"] = (ev, [bits, a]) => wrap(ev, bits ?? undefinedValue, a ?? undefinedValue, true);
Object.assign(rules, dataViewRules, dateRules, encoderRules, escapeRules, iteratorRules, reflectionRules, textRules, weakRules);
for (const name of ["length", "byteLength", "byteOffset", "buffer"]) {
  rules[`get %TypedArray%.prototype.${name}`] = (ev, _, self) => {
    if (!isTypedList(ev, self)) throw ev.refuse("Todo", `the ${name} of a typed array is asked of what may be none`, "read it as a property");
    return getProperty(ev, self, prim(name));
  };
}
rules["get %TypedArray%.prototype.@@toStringTag"] = (ev, _, self) => {
  const object = self.k === "obj" ? ev.object(self.id) : undefined, of = self.k === "mem" ? self.of : object && "mem" in object ? object.mem.of : undefined;
  const array = object?.t === "typed" ? object.array : of && !of.bigints && isTypedList(ev, self) ? of.array : undefined;
  if (array === undefined) throw ev.refuse("Todo", "the class of a typed array is asked of what may be none", "test it with instanceof");
  return prim(array);
};
rules["%TypedArray%.prototype.@@iterator"] = (ev, _, self) => iteratorOf(ev, self, "values");
rules["String.prototype.@@iterator"] = (ev, _, self) => iteratorOf(ev, self);
for (const list of ["Array", "Map", "Set", "%TypedArray%"]) {
  for (const what of ["keys", "values", "entries"] as const) rules[`${list}.prototype.${what}`] = (ev, _, self) => iteratorOf(ev, self, what);
}

/** Plain data as objects of the kernel's own. */
function valueOf(ev: Evaluator, value: unknown): Abs {
  if (Array.isArray(value)) return ev.allocate({ t: "array", items: value.map((item) => valueOf(ev, item)) });
  if (typeof value !== "object" || value === null) return prim(value as Primitive);
  return ev.allocate({ t: "object", origin: { from: "local" }, prototype: null, fields: new Map(Object.entries(value).map(([key, field]) => [key, valueOf(ev, field)])) });
}

/** An array in memory that is no typed one, no object. */
const isOrdinaryMemory = (a: Mem): boolean => a.of.array === "Array" && !(a.of.records && a.of.row) && (!a.of.box || isArrayBox(a));

/** What Object.prototype.toString calls a value. */
function tagOf(ev: Evaluator, a: Abs): string {
  const unknown = (): never => { throw ev.refuse("Unsupported", "Object.prototype.toString of a captured instance of a class", "test its class with instanceof"); };
  const ordinary = (otherwise = "Object"): string => {
    const tag = getProperty(ev, a, prim(hidden("@@toStringTag")));
    return tag.k !== "prim" ? unknown() : typeof tag.value === "string" ? tag.value : otherwise;
  };
  switch (a.k) {
    case "num": return "Number";
    case "bool": return "Boolean";
    case "big": return "BigInt";
    case "text": case "str": return "String";
    case "sum": throw ev.invariant("each alternative is asked by itself");
    case "prim": return Object.prototype.toString.call(a.value).slice(8, -1);
    case "mem": {
      const { of } = a;
      if (of.dataView) return "DataView";
      if (of.bigints) return of.bigints;
      const table = keyedOf(ev, a);
      if (table) return classOfKeyed[table.form];
      if (of.box?.form.form === "record") return ordinary();
      if (of.array === "Array" && !(of.records && of.row)) { if (of.prototype !== undefined) return ordinary("Array"); expectInherited(ev, a, hidden("@@toStringTag")); }
      if (of.array !== "Array" && of.prototype !== undefined && !isEngines(ev, a, hidden("@@toStringTag"))) return ordinary();
      return of.records && of.row ? (isDateOfArray(a) ? "Date" : ordinary()) : of.array;
    }
    case "obj": {
      const o = ev.object(a.id);
      if (isArguments(o)) return "Arguments";
      switch (o.t) {
        case "boxed": case "spilled": case "vector": return tagOf(ev, o.mem);
        case "array": return o.named || arrayClassOf(o) !== undefined ? ordinary("Array") : "Array";
        case "typed": return o.array;
        case "map": return "Map";
        case "keyed": return classOfKeyed[o.form];
        case "numerals": return "Array";
        case "set": return "Set";
        case "buffer": expectUnshared(ev, o); return "ArrayBuffer";
        case "error": return "Error";
        case "closure": case "function": case "class": case "bound": return "Function";
        case "object": return dateTime(ev, a) ? "Date" : ordinary(); // instances of the engine's own classes are no such objects
        case "snap": {
          const node = ev.snapshot.node(o.node);
          if (node.kind === "array") return ordinary("Array");
          if (node.kind === "typed") return node.array;
          if (node.kind === "map") return "Map";
          if (node.kind === "set") return "Set";
          if (dateTime(ev, a)) return "Date";
          return node.kind === "object" && node.prototype !== null && node.className !== "Arguments" && isPlain(ev, o.node) ? ordinary() : unknown();
        }
        default: return unknown();
      }
    }
  }
}

/** What is parsed where it is no number alone, but may be a string or an object: each says for itself. */
const severalTexts = (a: Abs | undefined): Sum | undefined => mayBeStr(a) ?? (a?.k === "sum" && a.alts.some((alt) => alt.k === "obj" || alt.k === "mem") ? a : undefined);
/** The number whose text is parsed; undefined and null have none. */
function numberText(ev: Evaluator, a: Abs = undefinedValue): Value {
  if (a.k === "num") return a.v;
  const number = numberOfText(a);
  if (number) return number.v;
  if (a.k === "sum" && a.payload && a.alts.every((x) => x.k === "num" || (x.k === "prim" && (x.value === undefined || typeof x.value === "number")))) return ev.toF64(a);
  throw ev.refuse("Unsupported", "a text that is not static is parsed", "keep numbers as numbers");
}
function isTypedLocal(ev: Evaluator, id: number): boolean {
  const o = ev.object(id);
  return o.t === "typed" || (o.t === "spilled" && o.mem.of.array !== "Array");
}
/** methods of arrays that write what they are called on */
const inPlace = /^Array\.prototype\.(?:copyWithin|fill|pop|push|reverse|shift|sort|splice|unshift)$/;
export function callBuiltin(ev: Evaluator, name: string, self: Abs, args: readonly Abs[], call?: Call): Abs {
  look(ev, self);
  if (inPlace.test(name) && isNumerals(ev, self)) layNumerals(ev, self, call);
  const isOurs = name.startsWith("Array.prototype.") && !Object.hasOwn(rules, name); // JavaScript of our own looks where it does
  if (!isOurs && !isMoved(name)) lookAll(ev, args);
  const statics = args.every((a) => a.k === "prim") && self.k === "prim" || (name.includes(".prototype.") ? false : args.every((a) => a.k === "prim") && pureNamespaces.test(name));
  if (statics && computable(name)) {
    const receiver = self.k === "prim" && name.includes(".prototype.") ? self.value : undefined;
    try {
      const result = (builtinValue(name) as (...a: unknown[]) => unknown).apply(receiver, args.map((a) => (a as { value: Primitive }).value));
      if (Array.isArray(result) && result.every((x) => typeof x !== "object")) return ev.allocate({ t: "array", items: result.map((x) => prim(x as Primitive)) });
      if (result === null || (typeof result !== "object" && typeof result !== "function" && typeof result !== "symbol")) return prim(result as Primitive);
    } catch { return ev.bail(`${name} throws`); }
  }
  // a method of one of a few known texts: each says for itself
  if (self.k === "sum" && computable(name) && self.alts.every((a) => a.k === "prim") && args.every((a) => a.k === "prim")) return split(ev, self, (a) => callBuiltin(ev, name, a, args, call));
  const one = madeBySpecies(ev, name, self, args, call);
  if (one) return one;
  expectSpecies(ev, name, self);
  const own = callOfText(ev, name, self, args, call) ?? formatted(ev, name, self, args) ?? callOfKeyed(ev, name, self, args);
  if (own) return own;
  const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
  if (ev.lifting && placed.test(name)) pinAll(ev, args);
  if (rule) return rule(ev, args, self, call);
  const generic = name.replace(/^(?:[A-Z][a-z0-9]+(?:Clamped)?)Array\.prototype\./, "TypedArray.prototype.").replace(/^%TypedArray%/, "TypedArray");
  if (generic === "TypedArray.prototype.fill" && holdsBigints(ev, self) !== isBig(args[0] ?? undefinedValue)) return ev.bail("what is no BigInt is stored as one, or a BigInt as a number"); // even where nothing is stored
  const filled = name === "Array.prototype.fill" && args.length === 1 ? fillNew(ev, self, args[0]!) : undefined;
  if (filled) return filled;
  const keyed = generic.endsWith("Array.prototype.sort") && subtracts(ev, args[0]) ? "ByKeys" : "";
  if (name === "Array.from" && methodAsked(ev, args[0] ?? undefinedValue)) return callPrelude(ev, ev.request.prelude("internal.fromIterator")!, args[0]!, args.slice(1), call);
  const code = codeOfArrays(ev, `${name}${keyed}`, self) ?? ev.request.prelude(`${generic}${keyed}`);
  if (code) {
    const made = callPrelude(ev, code, self, args, call);
    if (name === "Array.from") madeWithLength(ev, made);
    return made;
  }
  if (typedArrayNames.includes(name as TypedArrayName) || errorClasses.has(name)) return constructBuiltin(ev, name, args, call);
  if (name === "Array") return constructBuiltin(ev, name, args, call);
  if (args.some((a) => a.k === "str")) throw refuseText(ev, `the built-in ${name} is called with a string that is not static`, "use its character codes");
  throw ev.refuse("Todo", `the built-in ${name} is not taken yet`, "write a loop, or compute it outside");
}
/** The JavaScript of our own for a built-in, of arrays that may have holes another one. */
export const codeOfArrays = (ev: Evaluator, name: string, self: Abs): ReturnType<Evaluator["request"]["prelude"]> =>
  (mayHaveHoles(ev, self) ? ev.request.prelude(`sparse.${name}`) : undefined) ?? ev.request.prelude(name);
const pureNamespaces = /^(Math\.(?!random)|Number\.|Number$|String\.|String$|parseInt$|parseFloat$|isNaN$|isFinite$|Boolean$|BigInt\.|BigInt$)/;
/** Built-ins without effects on static primitives. */
const computable = (name: string): boolean => pureNamespaces.test(name) || /^(String|Number|Boolean|BigInt)\.prototype\./.test(name);

export function callPrelude(ev: Evaluator, code: NonNullable<ReturnType<Evaluator["request"]["prelude"]>>, self: Abs, args: readonly Abs[], call?: Call): Abs {
  const unit = ev.request.resolve(code);
  const closure = ev.activation!.source.closure;
  return inline(ev, { unit, code, closure, hidden: true }, unit.functions[0]!, [], self, args, null, undefinedValue, call);
}

/** Built-in functions whose numbers are places, lengths or numbers of digits. */
const placed = /^Array$|\.(?:at|charAt|charCodeAt|codePointAt|copyWithin|padEnd|padStart|repeat|slice|splice|subarray|substr|substring|toFixed|toPrecision|toString)$/;
export function pinAll(ev: Evaluator, args: readonly Abs[]): void { for (const arg of args) if (arg.k === "num") ev.lifting!.pin(arg.v, true); }
