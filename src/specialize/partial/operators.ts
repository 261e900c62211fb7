// JavaScript's operators on what is known of values: static operands are computed, dynamic ones become the machine's operations.
// Each rule is ECMAScript's, for the kinds that it names; what has no rule is refused. When two are equal: equality.ts.

import { constantOf } from "../../ir/build.ts";
import { Math } from "../../ir/maths.ts";
import type { JsOp, ScalarOp } from "../../ir/ops.ts";
import type { Primitive, Value } from "../../ir/types.ts";
import { textIn } from "./closures.ts";
import { asBigForComparing, bigBinary, bigUnary, equalBigs, isBig, isNotZero } from "./bigints.ts";
import { callPrelude } from "./builtins.ts";
import { isDateOfArray, numberOfDate } from "./dates.ts";
import { asTexts, looselyEqual, strictlyEqual } from "./equality.ts";
import type { Evaluator } from "./evaluator.ts";
import { isStaticKey } from "./keys.ts";
import { isNeverEmpty } from "./formats.ts";
import { refuseUntold, textOfObject } from "./messages.ts";
import { split } from "./objects.ts";
import { areTexts, isPassed, look, tellWords } from "./passed.ts";
import { primitiveOf } from "./primitives.ts";
import { mayBeStr, orderOfTexts } from "./strings.ts";
import { bool, falseValue, isNumeric, num, prim, trueValue, undefinedValue, untold, type Abs, type Alt, type Num, type Prim, type Str, type Sum, type Text } from "./values.ts";
import { require } from "./vectors.ts";

/** ToBoolean: known now, or an i32. */
export function truth(ev: Evaluator, abs: Abs): boolean | Value {
  const passed = abs.k === "sum" ? abs.alts.find(isPassed) : isPassed(abs) ? abs : undefined;
  if (passed) tellWords(ev, passed, [""]);
  switch (abs.k) {
    case "prim": return Boolean(abs.value);
    case "bool": return abs.v;
    case "big": { const test = isNotZero(ev, abs); return settle(ev, test); }
    case "num":
      if (abs.v.def?.op === "f64.convert_i32_s" || abs.v.def?.op === "f64.convert_i32_u") return ev.b.op("i32.ne", abs.v.def.args[0]!, ev.b.i32(0));
      return ev.b.op("f64.gt", ev.b.op("f64.abs", abs.v), ev.b.f64(0)); // false for ±0 and NaN
    case "obj": case "mem": return true;
    case "text": return isNeverEmpty(abs) || truthOfParts(ev, abs);
    case "str": { const known = constantOf(abs.len); return known === undefined ? ev.b.op("i32.ne", abs.len, ev.b.i32(0)) : known !== 0; }
    case "sum": return settle(ev, testAlts(ev, abs, (alt) => (alt.k === "prim" ? Boolean(alt.value) : alt.k === "num" || alt.k === "bool" || alt.k === "str" ? truth(ev, partOf(abs, alt, ev)) : true)));
  }
}
/** Of several strings joined: whether one of them is not empty. */
function truthOfParts(ev: Evaluator, { parts, format }: Text): boolean | Value {
  if (format) throw ev.refuse("Unsupported", "a string built at run time is tested", "test the number in it");
  const tests = parts.map((part) => { if (part === untold) throw refuseUntold(ev); return typeof part === "string" ? ev.b.i32(1) : isTrue(ev, truth(ev, part)); });
  return settle(ev, tests.reduce((a, b) => ev.b.op("i32.or", a, b)));
}
const isTrue = (ev: Evaluator, test: boolean | Value): Value => (typeof test === "boolean" ? ev.b.i32(test ? 1 : 0) : test);
const settle = (ev: Evaluator, test: boolean | Value): boolean | Value => {
  if (typeof test === "boolean") return test;
  const known = ev.fromBool(test);
  return known.k === "prim" ? Boolean(known.value) : test;
};

/** The value of one alternative of a sum. */
export function partOf(sum: Sum, alt: Alt, ev: Evaluator): Abs {
  if (alt.k === "num") return num(sum.payload!);
  if (alt.k === "bool") return bool(ev.b.op("f64.ne", sum.payload!, ev.b.f64(0)));
  return alt;
}

/** Whether a test holds of a sum: the test of each alternative where its tag is the one. */
export function testAlts(ev: Evaluator, sum: Sum, test: (alt: Alt) => boolean | Value): boolean | Value {
  const tests = sum.alts.map(test);
  if (tests.every((t) => t === true)) return true;
  if (tests.every((t) => t === false)) return false;
  let result: Value | undefined;
  const yes = tests.filter((t) => t === true).length;
  if (tests.every((t) => typeof t === "boolean") && yes > tests.length / 2) {
    tests.forEach((t, i) => { if (t === false) { const is = ev.tagIs(sum, i); result = result ? ev.b.op("i32.or", result, is) : is; } });
    return ev.b.op("i32.eqz", result!);
  }
  tests.forEach((t, i) => {
    if (t === false) return;
    const is = ev.tagIs(sum, i);
    const holds = t === true ? is : ev.b.op("i32.and", is, t);
    result = result ? ev.b.op("i32.or", result, holds) : holds;
  });
  return result!;
}
export const asAbs = (ev: Evaluator, test: boolean | Value): Abs => (typeof test === "boolean" ? (test ? trueValue : falseValue) : ev.fromBool(test));

const arithmetic: Partial<Record<JsOp, ScalarOp>> = {
  "js.sub": "f64.sub", "js.mul": "f64.mul", "js.div": "f64.div", "js.rem": "f64.rem", "js.pow": "math.pow",
};
const bitwise: Partial<Record<JsOp, ScalarOp>> = { "js.and": "i32.and", "js.or": "i32.or", "js.xor": "i32.xor", "js.shl": "i32.shl", "js.shr": "i32.shr_s", "js.ushr": "i32.shr_u" };
const relational: Partial<Record<JsOp, ScalarOp>> = { "js.lt": "f64.lt", "js.le": "f64.le", "js.gt": "f64.gt", "js.ge": "f64.ge" };

/** Static operators, computed by the engine itself. */
const compute: Partial<Record<JsOp, (a: never, b: never) => Primitive>> = {
  "js.add": (a: number, b: number) => a + b, "js.sub": (a: number, b: number) => a - b, "js.mul": (a: number, b: number) => a * b,
  "js.div": (a: number, b: number) => a / b, "js.rem": (a: number, b: number) => a % b, "js.pow": (a: number, b: number) => a ** b,
  "js.and": (a: number, b: number) => a & b, "js.or": (a: number, b: number) => a | b, "js.xor": (a: number, b: number) => a ^ b,
  "js.shl": (a: number, b: number) => a << b, "js.shr": (a: number, b: number) => a >> b, "js.ushr": (a: number, b: number) => a >>> b,
  "js.lt": (a: number, b: number) => a < b, "js.le": (a: number, b: number) => a <= b, "js.gt": (a: number, b: number) => a > b, "js.ge": (a: number, b: number) => a >= b,
  "js.eq": (a: number, b: number) => a == b, "js.ne": (a: number, b: number) => a != b, "js.seq": (a: number, b: number) => a === b, "js.sne": (a: number, b: number) => a !== b,
};

const mayBeObject = (a: Abs): boolean => a.k === "obj" || a.k === "mem" || a.k === "sum";
export function binary(ev: Evaluator, op: JsOp, a: Abs, b: Abs): Abs {
  if (a.k === "prim" && b.k === "prim" && compute[op]) {
    try { return prim((compute[op] as (a: unknown, b: unknown) => Primitive)(a.value, b.value)); } catch { ev.bail("an operator throws"); }
  }
  if (isNumeric(a) && isNumeric(b)) {
    const done = binaryOfNumbers(ev, op, a, b);
    if (done) return done;
  }
  if (op !== "js.seq" && op !== "js.sne" && op !== "js.eq" && op !== "js.ne" && (mayBeObject(a) || mayBeObject(b))) {
    const hint = op === "js.add" ? "default" : "number", x = primitiveOf(ev, a, hint), y = primitiveOf(ev, b, hint);
    if (x !== a || y !== b) return binary(ev, op, x, y);
  }
  if (compute[op]) {
    if (isKnownChoice(a) && b.k === "prim") return sumOfPrims(ev, a, a.alts.map((x) => prim((compute[op] as (a: unknown, b: unknown) => Primitive)((x as Prim).value, b.value))));
    if (isKnownChoice(b) && a.k === "prim") return sumOfPrims(ev, b, b.alts.map((x) => prim((compute[op] as (a: unknown, b: unknown) => Primitive)(a.value, (x as Prim).value))));
  }
  if ((isBig(a) || isBig(b)) && op !== "js.seq" && op !== "js.sne") {
    const done = binaryOfBigs(ev, op, a, b);
    if (done) return done;
  }
  switch (op) {
    case "js.seq": return asAbs(ev, strictlyEqual(ev, a, b));
    case "js.sne": return not(ev, asAbs(ev, strictlyEqual(ev, a, b)));
    case "js.eq": return asAbs(ev, looselyEqual(ev, a, b));
    case "js.ne": return not(ev, asAbs(ev, looselyEqual(ev, a, b)));
    case "js.add": return add(ev, a, b);
  }
  const texts = relational[op] && mayBeString(a) && mayBeString(b); // ordered as texts, unless one of them is a number
  const several = relational[op] ? mayBeStr(a) ?? mayBeStr(b) ?? [a, b].find((one) => texts && one.k === "sum") as Sum | undefined : undefined;
  if (several) return split(ev, several, (one) => binary(ev, op, several === a ? one : a, several === b ? one : b));
  if (bitwise[op]) {
    const result = ev.b.op(bitwise[op], ev.toI32(a), ev.toI32(b));
    return op === "js.ushr" ? ev.fromU32(result) : ev.fromI32(result);
  }
  if (relational[op]) {
    if (isString(a) && isString(b)) return ev.fromBool(ev.b.op(relational[op], ev.toF64(orderOfTexts(ev, a, b)), ev.b.f64(0)));
    const choice = textOfChoice(a) ?? textOfChoice(b);
    if (choice) return split(ev, choice, (one) => { const text = concat(ev, prim(""), one); return binary(ev, op, choice === textOfChoice(a) ? text : a, choice === textOfChoice(a) ? b : text); });
    const x = numeral(a), y = numeral(b);
    if (x && y) return ev.fromBool(ev.b.op(relational[op], ev.toF64(callPrelude(ev, ev.request.prelude("internal.orderOfNumerals")!, undefinedValue, [x, y])), ev.b.f64(0)));
    const laid = asTexts(ev, a, b);
    if (laid) return binary(ev, op, ...laid);
    if (readsAsText(ev, a) && readsAsText(ev, b)) {
      const chosen = [a, b].find((one) => one.k === "sum") as Sum | undefined; // only where both are texts in the end
      if (chosen) return split(ev, chosen, (one) => binary(ev, op, chosen === a ? one : a, chosen === b ? one : b));
      throw ev.refuse("Unsupported", isText(a) && isText(b) ? "strings built at run time are compared" : "texts that objects read as are compared", "compare numbers");
    }
    return ev.fromBool(ev.b.op(relational[op], ev.toF64(a), ev.toF64(b)));
  }
  const machine = arithmetic[op];
  if (!machine) throw ev.invariant(`no rule for ${op}`);
  return ev.fromF64(ev.b.op(machine, ev.toF64(a), ev.toF64(b)));
}
/** The most frequent case, of which nothing else need be asked; undefined for equality. */
function binaryOfNumbers(ev: Evaluator, op: JsOp, a: Abs, b: Abs): Abs | undefined {
  if (op === "js.add") return sumOfNumbers(ev, a, b);
  const machine = arithmetic[op];
  if (machine) return ev.fromF64(ev.b.op(machine, ev.toF64(a), ev.toF64(b)));
  if (bitwise[op]) {
    const result = ev.b.op(bitwise[op], ev.toI32(a), ev.toI32(b));
    return op === "js.ushr" ? ev.fromU32(result) : ev.fromI32(result);
  }
  return relational[op] && ev.fromBool(ev.b.op(relational[op], ev.toF64(a), ev.toF64(b)));
}
const comparing: ReadonlySet<JsOp> = new Set(["js.lt", "js.le", "js.gt", "js.ge", "js.eq", "js.ne"]);
/** An operator of which one operand at least is a BigInt; undefined where the general rule does. */
function binaryOfBigs(ev: Evaluator, op: JsOp, a: Abs, b: Abs): Abs | undefined {
  const [x, y] = comparing.has(op) ? [asBigForComparing(a), asBigForComparing(b)] : isBig(a) && isBig(b) ? [a, b] : [];
  if (x && y) return op === "js.eq" || op === "js.ne" ? (op === "js.eq" ? ev.fromBool(equalBigs(ev, x, y)) : not(ev, ev.fromBool(equalBigs(ev, x, y)))) : bigBinary(ev, op, x, y);
  if (op === "js.eq" || op === "js.ne" || (op === "js.add" && (isText(a) || isText(b)))) return undefined;
  if (isNumeric(a) || isNumeric(b)) {
    if (comparing.has(op)) throw ev.refuse("Unsupported", "a BigInt is compared with a number that is not static", "make both BigInts, or both numbers");
    return ev.bail("a BigInt meets a number");
  }
  throw ev.refuse("Unsupported", "a BigInt meets what is none", "make both BigInts");
}
/** One of a few known numbers. */
const isKnownChoice = (a: Abs): a is Sum => a.k === "sum" && a.alts.every((x) => x.k === "prim" && typeof x.value === "number");
export const isString = (a: Abs | Alt): a is Str | Prim => a.k === "str" || (a.k === "prim" && typeof a.value === "string");
export const isText = (a: Abs): boolean => a.k === "text" || isString(a);
/** Whether it may be a text to operators that order, to which a Date is a number: a function is, and is no number only beside one. */
const readsAsText = (ev: Evaluator, a: Abs | Alt): boolean =>
  (a.k === "obj" && !numberOfDate(ev, a)) || (a.k === "mem" && !isDateOfArray(a)) || a.k === "text" || isString(a) || (a.k === "sum" && a.alts.some((alt) => readsAsText(ev, alt)));
const mayBeString = (a: Abs): boolean => isText(a) || (a.k === "sum" && a.alts.some((x) => x.k === "str" || (x.k === "prim" && typeof x.value === "string")));

function add(ev: Evaluator, a: Abs, b: Abs): Abs {
  if (isText(a) || isText(b)) return concat(ev, a, b);
  const several = mayBeStr(a) ?? mayBeStr(b);
  if (several) return split(ev, several, (one) => add(ev, several === a ? one : a, several === b ? one : b));
  if ((isChosenText(a) && !isStaticChoice(b)) || (isChosenText(b) && !isStaticChoice(a))) return concat(ev, a, b);
  if (mayBeString(a) || mayBeString(b)) return addWhatMayBeText(ev, a, b);
  const chosen = [a, b].find((x): x is Sum => x.k === "sum" && x.alts.some((alt) => alt.k === "obj" || alt.k === "mem")); // a Date is a text here
  const mostly = chosen?.alts.some(({ k }) => k === "num"); // where it is an object now and then, what the sums meet in would be a number or a text
  if (chosen) {
    return split(ev, chosen, (one) => {
      if (mostly && (one.k === "obj" || one.k === "mem")) throw ev.refuse("Unsupported", "an object is added", "add one of its fields");
      return binary(ev, "js.add", chosen === a ? one : a, chosen === b ? one : b);
    });
  }
  if (a.k === "obj" || b.k === "obj" || a.k === "mem" || b.k === "mem") return concat(ev, a, b); // a text, of which nobody may ask
  return sumOfNumbers(ev, a, b);
}
function sumOfNumbers(ev: Evaluator, a: Abs, b: Abs): Abs {
  const x = ev.toF64(a), y = ev.toF64(b);
  return ev.fromF64(constantOf(x) === undefined && constantOf(y) === undefined ? ev.b.op("f64.add", x, y) : ev.b.once("f64.add", x, y)); // often an index
}
/**
 * `hex[b >> 4] + hex[b & 15]`, of which each is a string unless it was read past the end: one string where one of them is. That neither is one,
 * which makes a number, is left to the original.
 */
function addWhatMayBeText(ev: Evaluator, a: Abs, b: Abs): Abs {
  if (a.k === "prim" || b.k === "prim" || ![a, b].every(isPlain)) return perAlternative(ev, a, (x) => perAlternative(ev, b, (y) => add(ev, x, y)));
  const [one, other] = [a, b].map((x) => x.k === "sum" && testAlts(ev, x, isString));
  if (one !== true && other !== true) {
    const tests = [one, other].filter((test) => test !== undefined && test !== false) as Value[];
    require(ev, tests.reduce((x, y) => ev.b.op("i32.or", x, y)), "what may be strings is added, and is none");
  }
  return concat(ev, a, b);
}
const isPlain = (a: Abs): boolean => a.k === "num" || a.k === "bool" || (a.k === "sum" && a.alts.every((alt) => alt.k === "num" || alt.k === "bool" || (alt.k === "prim" && typeof alt.value !== "symbol" && typeof alt.value !== "bigint")));
/** One of several strings, whichever it is. */
export const isChosenText = (a: Abs): a is Sum => a.k === "sum" && a.alts.every(isString);
const isStaticChoice = (a: Abs): boolean => a.k === "prim" || (a.k === "sum" && a.alts.every((alt) => alt.k === "prim"));
/** Strings joined; numbers in them stay symbolic. */
export function concat(ev: Evaluator, a: Abs, b: Abs): Abs {
  const parts = (x: Abs): readonly (string | typeof untold | Abs)[] => {
    if (x.k === "prim") return [typeof x.value === "symbol" ? "" : String(x.value)];
    if (x.k === "text") return x.format ? [x] : x.parts;
    if (x.k === "num" || x.k === "bool" || x.k === "sum" || x.k === "str") return [x];
    if (x.k === "big") throw ev.refuse("Todo", "a BigInt that is not static becomes part of a string", "return the BigInt");
    look(ev, x);
    return textOfObject(ev, x);
  };
  const joined: (string | typeof untold | Abs)[] = [];
  for (const part of [...parts(a), ...parts(b)]) {
    const last = joined.at(-1);
    if (typeof part === "string" && typeof last === "string") joined[joined.length - 1] = last + part;
    else if (part !== "") joined.push(part);
  }
  if (joined.length === 0) return prim("");
  if (joined.length === 1 && typeof joined[0] === "object" && (joined[0].k === "str" || joined[0].k === "text")) return joined[0];
  if (joined.length === 1 && typeof joined[0] === "string") return prim(joined[0]);
  return { k: "text", parts: joined as never };
}

/** The number whose text this is, with nothing around it. */
export const numberOfText = (a: Abs): Num | undefined => {
  const [part, ...more] = a.k === "text" && !a.format ? a.parts : [];
  return part !== undefined && more.length === 0 && typeof part === "object" && part.k === "num" ? part : undefined;
};

/** What this is the text of, with nothing around it: one of several things. */
const textOfChoice = (a: Abs): Sum | undefined => {
  const [part, ...more] = a.k === "text" ? a.parts : [];
  return part !== undefined && more.length === 0 && typeof part === "object" && part.k === "sum" ? part : undefined;
};
/** A number whose text this is; of static texts too. */
const numeral = (a: Abs): Num | Prim | undefined =>
  numberOfText(a) ?? (a.k === "prim" && typeof a.value === "string" && String(Number(a.value)) === a.value ? (prim(Number(a.value)) as Prim) : undefined);

/** Applies `f` to a value that may be a string or a number: on each alternative, the results becoming a sum of the same tag. */
export function perAlternative(ev: Evaluator, a: Abs, f: (x: Abs) => Abs): Abs {
  if (a.k !== "sum") return f(a);
  const results = a.alts.map((alt) => f(partOf(a, alt, ev)));
  if (results.every((r) => r.k === "prim")) return sumOfPrims(ev, a, results as Prim[]);
  throw ev.refuse("Todo", "a value that may be a string or a number is used in an operator", "test its type first");
}
/** A sum whose every alternative is a known primitive; booleans become one. */
export function sumOfPrims(ev: Evaluator, of: Sum, results: readonly Prim[]): Abs {
  const first = results[0]!;
  if (results.every((r) => Object.is(r.value, first.value))) return first;
  if (results.every((r) => typeof r.value === "boolean")) return asAbs(ev, testAlts(ev, of, (alt) => Boolean(results[of.alts.indexOf(alt)]!.value)));
  return { k: "sum", tag: of.tag, payload: null, alts: results };
}

const textOf = (ev: Evaluator, a: Abs): Abs => (a.k === "prim" ? prim(String(a.value)) : concat(ev, prim(""), a));

export function unary(ev: Evaluator, op: JsOp, a: Abs): Abs {
  if (op !== "js.nullish" && op !== "js.not" && op !== "js.typeof") look(ev, a);
  if (isKnownChoice(a)) return sumOfPrims(ev, a, a.alts.map((x) => unary(ev, op, x as Prim) as Prim));
  switch (op) {
    case "js.not": return not(ev, a);
    case "js.typeof": return typeOf(ev, a);
    case "js.nullish": return asAbs(ev, nullish(ev, a));
    case "js.tostring": return a.k === "prim" ? prim(String(a.value)) : textOf(ev, primitiveOf(ev, a, "string"));
  }
  if (a.k === "prim" && typeof a.value === "bigint" && op !== "js.plus") {
    return prim(op === "js.neg" ? -a.value : op === "js.bitnot" ? ~a.value : op === "js.inc" ? a.value + 1n : op === "js.dec" ? a.value - 1n : a.value);
  }
  if (a.k === "big") {
    const done = bigUnary(ev, op, a);
    if (done) return done;
  }
  a = primitiveOf(ev, a, "number");
  switch (op) {
    case "js.neg": return ev.fromF64(ev.b.op("f64.neg", ev.toF64(a)));
    case "js.plus": case "js.tonumeric": return ev.fromF64(ev.toF64(a));
    case "js.bitnot": return ev.fromI32(ev.b.op("i32.xor", ev.toI32(a), ev.b.i32(-1)));
    case "js.inc": return ev.fromF64(ev.b.op("f64.add", ev.toF64(a), ev.b.f64(1)));
    case "js.dec": return ev.fromF64(ev.b.op("f64.sub", ev.toF64(a), ev.b.f64(1)));
  }
  throw ev.invariant(`no rule for ${op}`);
}

export function not(ev: Evaluator, a: Abs): Abs {
  const test = truth(ev, a);
  return typeof test === "boolean" ? prim(!test) : ev.fromBool(ev.b.op("i32.eqz", test));
}

export function nullish(ev: Evaluator, a: Abs): boolean | Value {
  if (a.k === "prim") return a.value === null || a.value === undefined;
  if (a.k === "sum") return testAlts(ev, a, (alt) => alt.k === "prim" && (alt.value === null || alt.value === undefined));
  return false;
}

export function typeOf(ev: Evaluator, a: Abs): Abs {
  if (isPassed(a) && areTexts(a)) return prim("string");
  if (isPassed(a)) look(ev, a);
  switch (a.k) {
    case "prim": return prim(a.value === null ? "object" : typeof a.value);
    case "num": return prim("number");
    case "bool": return prim("boolean");
    case "big": return prim("bigint");
    case "text": case "str": return prim("string");
    case "mem": return prim(textIn(ev, a) ? "function" : "object");
    case "obj": {
      const object = ev.object(a.id);
      if (object.t === "opaque" && object.why === "a native function") return prim("function");
      if (object.t === "opaque" && !/^a (?!Proxy)/.test(object.why)) throw ev.refuse("Unsupported", `the type of a value is asked that can't be looked into: ${object.why}`, "hand over plain data");
      return prim(isCallable(ev, a.id) ? "function" : isStaticKey(ev, a) || (object.t === "opaque" && object.why === "a symbol") ? "symbol" : "object");
    }
    case "sum": return sumOfPrims(ev, a, a.alts.map((alt) => typeOf(ev, alt.k === "num" || alt.k === "bool" ? partOf(a, alt, ev) : alt) as Prim));
  }
}
export function isCallable(ev: Evaluator, id: number): boolean {
  const object = ev.object(id);
  if (object.t === "builtin" && object.name.startsWith("%Iterator%")) return true;
  if (object.t === "builtin") return typeof builtinValue(object.name) === "function";
  return object.t === "closure" || (object.t === "boxed" && textIn(ev, object.mem) !== undefined) || object.t === "function" || object.t === "class" || object.t === "bound";
}
/** The same of a value, which may lie in memory. */
export const isFunction = (ev: Evaluator, a: Abs): boolean => (a.k === "obj" ? isCallable(ev, a.id) : a.k === "mem" && textIn(ev, a) !== undefined);
/** The engine's own object of a path such as "Array.prototype.map" or "%TypedArray%.prototype.@@iterator". */
export function builtinValue(path: string): unknown {
  let value: unknown = path.startsWith("Math.") ? { Math } : path.startsWith("%TypedArray%") ? { "%TypedArray%": Object.getPrototypeOf(Int8Array) } : globalThis;
  for (const key of path.split(".")) value = (value as Record<PropertyKey, unknown> | undefined)?.[key.startsWith("@@") ? (Symbol as unknown as Record<string, symbol>)[key.slice(2)]! : key];
  return value;
}
