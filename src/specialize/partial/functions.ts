// Recursion that dynamic values drive: the function becomes one of the residual's own, specialised by its static arguments and memoised.
//
//   fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }   →   func @fib(%n) { … call @fib … }
//
// Its heap is the caller's as it is at the call; values of outer functions that it uses become further parameters (closure conversion,
// done when everything is written, by fixpoint over the calls). Its result's form is assumed, and the walk repeated until it holds: one word, beside which
// others may lie in memory (a tag, a string's length). Where all of a function's calls of itself are what it returns, it is a loop instead (tailcalls.ts).
// Arrays and objects that calls make, hand on, give back or change lie in memory (boxes.ts): each is an address. Captured variables that
// they change do too (variables.ts). Of those that existed before the first call, the walk learns which they are, and begins again.
// Slow objects that run time chooses for each call are numbers (descents.ts). Of the caller's objects, the fields that they change do (residents.ts). Refused: a body that adds fields to these, or changes a Map that existed before.

import { constantOf, instructions } from "../../ir/build.ts";
import { nameOfKey, type Func, type Instr, type JsFunction, type Region, type Type, type Value } from "../../ir/types.ts";
import { box, isOwn, isTyped, reference } from "./boxes.ts";
import { placeNew, unifyBoxes } from "./aligned.ts";
import { BudgetReached } from "./budget.ts";
import { classAt, classOf, contentOf, isSameClass, type Class } from "./contents.ts";
import { closeRegion, walkRegion, leave } from "./control.ts";
import { descended, learnDescent } from "./descents.ts";
import type { Evaluator } from "./evaluator.ts";
import type { ById } from "./byid.ts";
import { loadLength } from "./headers.ts";
import { partsOf, type HeapObject, type Source, type State } from "./heap.ts";
import { covers, sample } from "./heads.ts";
import { asOneStr, isLaid } from "./joined.ts";
import { learnResidents, resultCells } from "./residents.ts";
import { coerce, rebuild, templateFor, typesOf, type Template } from "./merge.ts";
import { ownPrototypes } from "./prototypes.ts";
import { formOf } from "./tailcalls.ts";
import { require } from "./vectors.ts";
import { isNumeric, num, same, sameAlt, undefinedValue, type Abs, type Alt, type Bool, type Mem, type Memory, type Num, type Obj, type Prim, type Str, type Sum } from "./values.ts";
import { PathEnds, Restart, type Activation, type Target } from "./walk.ts";

export interface Variant {
  readonly source: Source;
  readonly func: JsFunction;
  readonly cells: readonly Abs[];
  readonly self: Abs;
  readonly args: readonly Abs[];
  readonly heap: ById<HeapObject>;
  /** what it looked at of the caller's objects and captured variables, and what it calls did; `everything` where that is not known yet */
  readonly seen: Set<number>;
  readonly name: string;
  /** null: nothing is known of it yet. What follows a call is left out then: only the paths that end the recursion tell */
  result: Template | null;
  wrote: boolean;
  done: boolean;
  residual: Func | null;
  /** the function that is being written while the recursion was met */
  assumed: boolean;
}

/** From how many calls inside each other on, all under dynamic tests, numbers and new objects no longer count as what ends the recursion. */
const mostUnfolded = 4;

/** No object: stands for all of them. */
const everything = -1;

/** How many specialised functions a program may have; where functions that do not call themselves are called too, four times as many. */
const mostVariants = 64;

/** Whether a call is of that function: closures of one text share it, each with captured values of its own. Our own texts have none. */
export const isOf = (call: { readonly source: Source; readonly func: JsFunction }, source: Source, func: JsFunction): boolean =>
  call.func === func && (source.hidden === true || call.source.closure.node === source.closure.node);

/**
 * Whether a call has to become a call of the residual: the function is being walked already, and no static argument has changed; or numbers
 * and new objects alone have, again and again, while dynamic tests decide whether it goes on. A method of another slow object is another
 * call, as is one of another class that the same text made (a mixin applied twice), and so are a constructor that was called without `new`
 * (`if (!(this instanceof V)) return new V(x)`), a call that leaves arguments out, and
 * one with more of them where the function asks how many there are.
 */
export function recurs(ev: Evaluator, caller: Activation | null, source: Source, func: JsFunction, self: Abs, args: readonly Abs[], newTarget: Abs, callee: Abs | null): boolean {
  const isSlow = (a: Abs): a is Obj => a.k === "obj" && ev.isStaticObject(a.id);
  let frames = 0, ends = 0;
  for (let a = caller; a; a = a.caller) {
    if (!isOf(a, source, func) || (goesUp(func) && callee?.k === "obj" && a.callee?.k === "obj" && callee.id !== a.callee.id)) continue;
    if (a.returns.arrivals.length > 0) ends++; // a dynamic test decided that it ends there
    const before = a.args;
    if (args.length < before.length || (takesList(func) && args.length > before.length) || newTarget.k !== a.newTarget.k || (isSlow(self) && isSlow(a.self) && self.id !== a.self.id)) continue;
    const changed = args.filter((arg, i) => isStatic(arg) && isStatic(before[i] ?? undefinedValue) && !same(arg, before[i] ?? undefinedValue));
    if (changed.length === 0) return true;
    if (++frames >= mostUnfolded && (ev.tests >= mostUnfolded || ends >= mostUnfolded)) return true;
    if (changed.some((arg) => arg.k === "obj" ? ev.isStaticObject(arg.id) : !isNumeric(arg))) return false;
  }
  return false;
}
const upwards = new WeakMap<JsFunction, boolean>();
/** Whether it calls what its class inherits: of classes that one text makes (mixins), the one above has another function of that text. */
function goesUp(func: JsFunction): boolean {
  let known = upwards.get(func);
  if (known === undefined) upwards.set(func, (known = [...instructions(func.body)].some((instr) => instr.op === "js.super" || instr.op === "js.super.get")));
  return known;
}
const isStatic = (a: Abs): boolean => a.k === "prim" || a.k === "obj";
const isWord = (a: Abs): boolean => a.k === "prim" && typeof a.value === "string";

const lists = new WeakMap<JsFunction, boolean>();
/** Whether the function sees all that it is called with, `arguments` or `...rest`, and not its parameters alone. */
function takesList(func: JsFunction): boolean {
  let known = lists.get(func);
  if (known === undefined) lists.set(func, (known = [...instructions(func.body)].some((instr) => instr.op === "js.arguments" || instr.op === "js.rest")));
  return known;
}

const indexed = new WeakMap<JsFunction, ReadonlyMap<number, ReadonlySet<number>>>();
/** Which parameters index which others, as the text has it: p[i], p[i + 1]. */
function indexedBy(func: JsFunction): ReadonlyMap<number, ReadonlySet<number>> {
  let known = indexed.get(func);
  if (known) return known;
  const found = new Map<number, Set<number>>();
  const from = (v: Value, depth: number): number => {
    const at = func.params.indexOf(v);
    if (at >= 0 || !v.def || depth > 3 || !["js.add", "js.sub", "js.inc", "js.dec"].includes(v.def.op)) return at;
    return Math.max(...v.def.args.map((a) => from(a, depth + 1)));
  };
  for (const instr of instructions(func.body)) {
    if (instr.op !== "js.get") continue;
    const base = func.params.indexOf(instr.args[0]!), index = from(instr.args[1]!, 0);
    if (base < 0 || index < 0) continue;
    if (!found.has(index)) found.set(index, new Set());
    found.get(index)!.add(base);
  }
  indexed.set(func, (known = found));
  return known;
}

/**
 * The arguments as a function that is called over and over takes them: numbers that differ from an earlier call's are dynamic. A place in
 * a static list is not: there are only so many, and each gets a function of its own (a matcher and its pattern).
 */
function generalised(ev: Evaluator, caller: Activation | null, source: Source, func: JsFunction, args: readonly Abs[]): readonly Abs[] {
  const earlier: (readonly Abs[])[] = ev.variants.filter((v) => isOf(v, source, func)).map((v) => v.args);
  for (let a = caller; a; a = a.caller) if (isOf(a, source, func)) earlier.push(a.args);
  const isPlace = (i: number): boolean => [...(indexedBy(func).get(i) ?? [])].some((base) => { const list = args[base]; return list?.k === "obj" ? ev.isStaticObject(list.id) : list?.k === "prim" && typeof list.value === "string"; });
  /** a few static strings are names (the pegs of a tower) */
  const textsAt = (i: number): Set<unknown> => new Set(earlier.flatMap((e) => { const other = e[i]; return other?.k === "prim" && typeof other.value === "string" ? [other.value] : []; }));
  return args.map((given, i) => {
    const now = descended(ev, func, i, reference(given, ev.state)), arg = ev.lessons.outlined.get(func) === true ? now : numberAlone(ev, now);
    const differs = (test: (other: Abs) => boolean): boolean => earlier.some((e) => { const other = e[i] ?? undefinedValue; return test(other) && !same(other, arg); });
    if (arg.k === "prim" && typeof arg.value === "number" && !isPlace(i) && differs(isNumeric)) return num(ev.b.f64(arg.value));
    // another string in each call lies in memory, wherever it came from
    if (isLaid(arg) && (differs((other) => isLaid(other) && (arg.k !== "prim" || other.k !== "prim")) || textsAt(i).size >= mostUnfolded)) { const { ptr, len } = asOneStr(ev, arg)!; return { k: "str", ptr, len }; }
    // other arrays and objects in each call: addresses
    if (arg.k === "obj" && isNew(ev, arg.id) && differs((other) => (other.k === "mem" && isOwn(other)) || (other.k === "obj" && isNew(ev, other.id)))) return box(ev, arg.id);
    return arg;
  });
}
/** A number, where it may be undefined as well (`let best; for (…) best = i`): a call of itself that hands on undefined is the original's business. */
function numberAlone(ev: Evaluator, arg: Abs): Abs {
  if (arg.k !== "sum" || arg.alts.length !== 2 || !arg.payload || !arg.alts.some((alt) => alt.k === "prim" && alt.value === undefined)) return arg;
  const at = arg.alts.findIndex((alt) => alt.k === "num");
  if (at < 0) return arg;
  require(ev, ev.tagIs(arg, at), "a recursive function is handed undefined");
  return num(arg.payload);
}
/** Whether it is an array or object of the kernel's own that can lie in memory; of functions each that is handed on is known. */
export function isNew(ev: Evaluator, id: number): boolean {
  const object = ev.state.objects.get(id);
  return object !== undefined && object.t !== "closure" && contentOf(ev, { k: "obj", id }) !== undefined && !ev.isStaticObject(id);
}
/** A value that each call has its own of: a parameter. */
export const isParameter = (a: Abs): a is Num | Bool | Mem | Sum | Str => a.k === "num" || a.k === "bool" || isOther(a) || (a.k === "mem" && (isOwn(a) || a.of.row)) || (a.k === "sum" && (ownOrNothing(a.alts) !== undefined || isMixed(a)));
/** A string that is none of the caller's as it came: each call has its own. */
const isOther = (a: Abs): a is Str => a.k === "str" && !a.whole;
/** One of the objects of a table or of an array of the call's: a number. */
const isItem = ({ of }: Pick<Mem, "of">): boolean => of.row && of.records !== null;
/** One of several classes of the kernel's own, strings, numbers and primitives: the nodes of a tree, of which leaves have other fields; a character, or undefined past the end. */
const isMixed = (a: Abs): boolean => a.k === "sum" && ownOrNothing(a.alts) === undefined && a.alts.every((alt) => isWordOrAddress(alt) || (alt.k === "mem" && alt.of.row && alt.part === undefined));
const isWordOrAddress = (alt: Alt): boolean => alt.k === "mem" ? (isOwn(alt) || isItem(alt)) && alt.part === undefined : alt.k !== "obj";
const mixedTemplate = (a: Abs): Template => templateFor([a], () => true)!;
const isSameAmong = (alt: Alt, alts: readonly Alt[]): boolean => alts.some((other) => (alt.k === "mem" ? other.k === "mem" && other.of === alt.of : alt.k === "str" ? other.k === "str" : sameAlt(alt, other)));
const sameMixed = (a: Abs, b: Abs): boolean => a.k === "sum" && b.k === "sum" && isMixed(a) && isMixed(b) && a.alts.every((alt) => isSameAmong(alt, b.alts)) && b.alts.every((alt) => isSameAmong(alt, a.alts));
/** What a parameter is handed; `taken`: what its function was written for. */
function valuesOf(ev: Evaluator, a: Num | Bool | Mem | Sum | Str, taken: Abs): Value[] {
  if (isMixed(taken)) return coerce(ev, a, mixedTemplate(taken));
  if (a.k === "str") return [a.ptr, a.len];
  if (a.k === "sum") return [addressOf(ev, a)];
  return a.k === "mem" ? (hasLength(a) ? [a.ptr, a.len] : [a.ptr]) : [a.v];
}
function parameter(ev: Evaluator, a: Num | Bool | Mem | Sum | Str, name: string | undefined, params: Value[]): Abs {
  const make = (type: Type, suffix = ""): Value => { const p = ev.b.value(type, name && name + suffix); params.push(p); return p; };
  if (a.k === "num" || a.k === "bool") return { k: a.k, v: make(a.k === "num" ? "f64" : "i32") };
  if (a.k === "str") return { k: "str", ptr: make("i32"), len: make("i32", "_length") };
  if (isMixed(a)) {
    const template = mixedTemplate(a), types = typesOf(template);
    let at = 0;
    return rebuild(ev, template, () => make(types[at]!, at++ === 0 ? "" : `_${at}`))!;
  }
  if (a.k === "sum") return atAddress(ev, ownOrNothing(a.alts)!, make("i32"));
  const ptr = make("i32");
  return { ...a, ptr, len: hasLength(a) ? make("i32", "_length") : ev.b.i32(0), part: undefined };
}
const hasLength = (a: Mem): boolean => !a.of.box && !isItem(a);

// ── an array or object of the kernel's own, or nothing: an address, 0 for undefined or null ──

interface Own { readonly of: Memory; readonly otherwise: Prim | null }
function ownOrNothing(alts: readonly Alt[]): Own | undefined {
  const mem = alts.find((a): a is Mem => a.k === "mem" && isOwn(a)), otherwise = alts.find((a): a is Prim => a.k === "prim" && (a.value === undefined || a.value === null));
  return alts.length === 2 && mem && otherwise ? { of: mem.of, otherwise } : undefined;
}
function addressOf(ev: Evaluator, value: Abs): Value {
  const a = reference(value, ev.state);
  if (a.k === "mem") return a.ptr;
  const at = a.k === "sum" ? a.alts.findIndex((alt) => alt.k === "mem") : -1;
  return a.k !== "sum" || at < 0 ? ev.b.i32(0) : ev.b.op("i32.select", ev.tagIs(a, at), (a.alts[at] as Mem).ptr, ev.b.i32(0));
}
function atAddress(ev: Evaluator, { of, otherwise }: Own, ptr: Value): Mem | Sum {
  const length = (): Value[] => [loadLength(ev, ptr)];
  const len = of.box ? ev.b.i32(0) : otherwise ? ev.b.if(ev.b.op("i32.ne", ptr, ev.b.i32(0)), ["i32"], length, () => [ev.b.i32(0)])[0]! : length()[0]!;
  const mem: Mem = { k: "mem", of, ptr, len };
  return otherwise ? { k: "sum", tag: ev.b.op("i32.eqz", ptr), payload: null, alts: [mem, otherwise] } : mem;
}

/** Of several of one class, the one that it is. */
function oneOf(ev: Evaluator, a: Abs): Abs {
  const of = a.k === "sum" && !a.payload && a.alts[0]?.k === "mem" && isOwn(a.alts[0]) ? a.alts[0].of : undefined;
  if (a.k !== "sum" || of === undefined || !a.alts.every((alt) => alt.k === "mem" && alt.of === of)) return a;
  const alts = a.alts as readonly Mem[], pick = (part: "ptr" | "len"): Value => alts.slice(0, -1).reduceRight((rest: Value, alt, i) => ev.b.op("i32.select", ev.tagIs(a, i), alt[part], rest), alts.at(-1)![part]);
  return { k: "mem", of, ptr: pick("ptr"), len: of.box ? ev.b.i32(0) : pick("len") };
}

/** Whether the function is being walked already. */
export function isActive(caller: Activation | null, source: Source, func: JsFunction): boolean {
  for (let a = caller; a; a = a.caller) if (isOf(a, source, func)) return true;
  return false;
}

export function callResidual(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[], callee: Abs | null): Abs {
  for (const [id, object] of ev.state.objects) {
    const cls = ev.lessons.shared.size > 0 && object.t !== "boxed" ? sharedClass(ev, object) : undefined;
    if (cls && ev.lessons.shared.has(cls)) box(ev, id);
  }
  const given = generalised(ev, ev.activation, source, func, takesList(func) ? args : func.params.map((_, i) => args[i] ?? undefinedValue)), of = descended(ev, func, -1, reference(self, ev.state));
  const variant = findVariant(ev, source, func, cells, of, given) ?? unifiedVariant(ev, source, func, cells, of, given) ?? writeVariant(ev, source, func, cells, of, given, callee);
  // functions that end before it does can't know what it will look at
  ev.looking.slice(ev.looking.indexOf(variant.seen) + 1).forEach((seen) => {
    if (!variant.done) seen.add(everything);
    else for (const id of variant.seen) seen.add(id);
  });
  if (variant.result === null) {
    variant.assumed = true;
    closeRegion(ev.b.region);
    throw new PathEnds();
  }
  const results = resultTypes(ev, variant.result).map((t) => ev.b.value(t));
  const passed = [of, ...given].flatMap((a, i) => {
    const taken = i === 0 ? variant.self : variant.args[i - 1]!;
    return isParameter(taken) ? valuesOf(ev, a as typeof taken, taken) : [];
  });
  ev.b.append({ op: "call", callee: variant.name, args: passed, results, place: ev.b.place });
  if (!variant.done) variant.assumed = true;
  if (variant.wrote || !variant.done) ev.state.wrote = true;
  const value = readResult(ev, variant.result, results);
  return value.k === "num" ? ev.fromF64((value as Num).v) : value;
}

// ── results: one value ──

const ownResult = (template: Template): Own | undefined =>
  template.t === "mem" && isOwn({ of: template.of }) ? { of: template.of, otherwise: null } : template.t === "sum" ? ownOrNothing(template.alts) : undefined;
/** A number, or undefined where nobody expects it: the original's business. */
const isNumberResult = (ev: Evaluator, template: Template): boolean => !ev.knows("undefined") && template.t === "sum" && template.alts.length === 2 && template.alts.some((a) => a.k === "num") && template.alts.some((a) => a.k === "prim" && a.value === undefined);
/** A string, or one of several things that are no objects known by themselves: what its last word leaves open lies in the stack frame, from right before the return to right behind the call. */
const isWide = (ev: Evaluator, template: Template): boolean =>
  typesOf(template).length > 1 && !ownResult(template) && !isNumberResult(ev, template) && (template.t === "str" || (template.t === "mem" && isItem(template)) || (template.t === "sum" && template.alts.every(isWordOrAddress)));
const resultTypes = (ev: Evaluator, template: Template): Type[] => {
  if (ownResult(template)) return ["i32"];
  if (isNumberResult(ev, template)) return ["f64"];
  return isWide(ev, template) ? [typesOf(template)[returned(template)]!] : typesOf(template);
};
/** Which word the function gives back where there are several: the number, the only one that is no i32. */
const returned = (template: Template): number => Math.max(typesOf(template).indexOf("f64"), 0);
function writeResult(ev: Evaluator, template: Template, value: Abs): Value[] {
  if (ownResult(template)) return [addressOf(ev, value)];
  if (isWide(ev, template)) {
    const words = coerce(ev, value, template), [result] = words.splice(returned(template), 1), cells = resultCells(ev, words.length);
    words.forEach((word, i) => { ev.b.store("i32.store", cells.ptr, ev.b.i32(0), word, 0, 4 * i, cells.of.space); });
    return [result!];
  }
  if (!isNumberResult(ev, template)) return coerce(ev, value, template);
  if (value.k === "sum") require(ev, value.alts.map((alt, i) => (alt.k === "num" ? ev.tagIs(value, i) : ev.b.i32(0))).reduce((a, b) => ev.b.op("i32.or", a, b)), "a recursive function gives nothing back", "undefined");
  else if (!isNumeric(value)) ev.bail("a recursive function gives nothing back", "undefined");
  return [ev.toF64(value)];
}
function readResult(ev: Evaluator, template: Template, results: readonly Value[]): Abs {
  const own = ownResult(template);
  if (own) return atAddress(ev, own, results[0]!);
  if (isNumberResult(ev, template)) return num(results[0]!);
  const values = [...results];
  if (isWide(ev, template)) {
    const words = typesOf(template).length - 1, cells = resultCells(ev, words), there = Array.from({ length: words }, (_, i) => ev.b.load("i32.load", cells.ptr, ev.b.i32(0), 0, 4 * i, cells.of.space));
    values.unshift(...there.slice(0, returned(template)));
    values.push(...there.slice(returned(template)));
  }
  let at = 0;
  return rebuild(ev, template, () => values[at++]!)!;
}

const sameArgument = (a: Abs, b: Abs): boolean => (a.k === "mem" && b.k === "mem" && isParameter(a) && a.of === b.of) || (a.k === "sum" && b.k === "sum" && sameOwn(ownOrNothing(a.alts), ownOrNothing(b.alts))) || sameMixed(a, b) ||
  (a.k === "num" && b.k === "num") || (a.k === "bool" && b.k === "bool") || (isOther(a) && isOther(b)) || same(a, b);

/** What was of two classes that are one by now: what is written from there on is written in vain. */
const areOneClass = (a: Abs, b: Abs): boolean => a.k === "mem" && b.k === "mem" && a.of.box !== null && b.of.box !== null && isSameClass(a.of.box, b.of.box);

const sameOwn = (a: Own | undefined, b: Own | undefined): boolean => a !== undefined && b !== undefined && a.of === b.of && a.otherwise?.value === b.otherwise?.value;

/** Functions that are called from many places take arrays and objects that were made in many: of one class from here on. */
function unifiedVariant(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[]): Variant | undefined {
  if (ev.lessons.outlined.get(func) !== true) return undefined;
  const others = ev.variants.filter((v) => isOf(v, source, func));
  if (others.length === 0) return undefined;
  args.forEach((arg, i) => { unifyBoxes(ev, [arg, ...others.map((v) => v.args[i])]); });
  return ev.begunInVain ? others.find((v) => v.args.length === args.length && v.args.every((a, i) => sameArgument(a, args[i]!) || areOneClass(a, args[i]!))) : undefined;
}
function findVariant(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[]): Variant | undefined {
  return ev.variants.find((v) => isOf(v, source, func) && sameArgument(v.self, self) && v.cells.length === cells.length && v.cells.every((c, i) => same(c, cells[i]!)) &&
    v.args.length === args.length && v.args.every((a, i) => sameArgument(a, args[i]!)) && unchanged(ev, v.heap, ev.state, [self, ...cells, ...args], v.done && !v.seen.has(everything) ? v.seen : undefined));
}
/** Whether all that can be reached from the roots, and all that was there before the walk, is as it was; of the latter, if need be what was `looked` at. */
const unchanged = (ev: Evaluator, heap: ById<HeapObject>, state: State, roots: readonly Abs[], looked?: ReadonlySet<number>): boolean => {
  const seen = new Set<number>();
  const reach = (abs: Abs | null | undefined): boolean => {
    if (abs?.k === "sum") return abs.alts.every((alt) => reach(alt as Abs));
    if (abs?.k !== "obj" || seen.has(abs.id)) return true;
    seen.add(abs.id);
    const object = state.objects.get(abs.id);
    return heap.get(abs.id) === object && (object === undefined || partsOf(object).every(reach));
  };
  // the caller's objects and captured variables join a heap when they are first written
  let joined = false;
  heap.differing(state.objects, (id) => { joined ||= ev.isStaticObject(id) && (looked?.has(id) ?? true); });
  return !joined && roots.every(reach) && ownPrototypes(ev).every(reach);
};

function writeVariant(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[], callee: Abs | null): Variant {
  // those of other words are other functions, of which there are only so many (the pegs of a tower)
  const begun = ev.variants.filter((v) => isOf(v, source, func) && !v.done && v.args.every((a, i) => !isWord(a) || same(a, args[i] ?? undefinedValue))).slice(-4);
  const other = (a: Abs, b: Abs): boolean => a.k === "obj" && ev.isStaticObject(a.id) && !same(a, b);
  if (begun.length === 4 && !begun.some((v) => v.args.some((a, i) => other(a, args[i] ?? undefinedValue)))) {
    // what each call finds changed by the one before it
    if (learnShared(ev, func, begun[0]!.heap, ev.state.objects) || learnDescent(ev, func, [...begun, { self, args }])) throw new Restart();
    throw ev.refuse("Todo", "a recursive function meets other objects in each call of itself", "make the objects once, outside");
  }
  if (ev.variants.length > mostVariants * (ev.lessons.outlined.size > 0 ? 4 : 1)) {
    if (learnDescent(ev, func, [...ev.variants.filter((v) => isOf(v, source, func)), { self, args }])) throw new Restart();
    throw new BudgetReached("too many specialised functions", "no option");
  }
  const variant: Variant = {
    source, func, cells, self, args, heap: ev.state.objects.clone(), seen: new Set(), name: `${func.name === "" || func.name === nameOfKey ? "f" : func.name}$${ev.variants.length}`,
    result: null, wrote: false, done: false, residual: null, assumed: false,
  };
  ev.variants.push(variant);
  const outer = { region: ev.b.region, state: ev.state, activation: ev.activation, place: ev.b.place, open: ev.variantsOpen };
  ev.looking.push(variant.seen);
  for (let attempt = 0; ; attempt++) {
    if (attempt > 8) throw ev.refuse("Todo", "the result of a recursive function has no settled kind", "return numbers on every path");
    const startId = ev.b.nextId, later = ev.variants.length;
    variant.assumed = false;
    const params: Value[] = [];
    const body: Region = { params: [], body: [] };
    ev.b.region = body;
    const ownSelf = isParameter(self) ? parameter(ev, self, "self", params) : self;
    const own = args.map((a, i): Abs => (isParameter(a) ? parameter(ev, a, func.params[i]?.name, params) : a));
    ev.state = outer.state.clone();
    ev.state.wrote = true; // what callers wrote before is not known here
    const returns: Target = { kind: "return", label: ev.b.label("return"), arrivals: [] };
    const activation: Activation = {
      source, func, env: [], self: ownSelf, args: own, long: null, cells, newTarget: undefinedValue, targets: new Map(), returns,
      caller: null, site: null, context: ev.contextOf(func), depth: 0, handlers: [], loops: [], narrowed: [], callee,
    };
    const form = formOf(ev, func);
    form.params.forEach((p, i) => { activation.env[p.id] = own[i] ?? undefinedValue; });
    // while its own body is walked, a call of it is recursion
    const inner: Activation = { ...activation, caller: { ...activation } };
    ev.variantsOpen++;
    const completion = walkRegion(ev, form.body, inner);
    if (completion.c !== "dead") leave(ev, completion, inner);
    else closeRegion(body);
    ev.variantsOpen = outer.open;
    const arrivals = returns.arrivals.map((arrival) => ({ ...arrival, values: arrival.values.map((v) => placeNew(ev, reference(v, arrival.state), outer.state, arrival)) }));
    unifyBoxes(ev, arrivals.map((arrival) => arrival.values[0]));
    arrivals.forEach((arrival, i) => { arrivals[i] = { ...arrival, values: arrival.values.map((v) => ev.onPath(arrival, () => oneOf(ev, v))) }; });
    for (const { state } of arrivals) {
      if (learnShared(ev, func, outer.state.objects, state.objects)) ev.learned(); // what is wrong behind it is walked in vain
      if (!ev.begunInVain && !unchanged(ev, outer.state.objects, state, [self, ...cells, ...args])) throw ev.refuse("Todo", "a recursive function changes an object or captured variable that existed before it was called", "return the values instead");
    }
    const formOfResult = (): Template | undefined => arrivals.length === 0 ? { t: "keep", abs: undefinedValue } : templateFor(arrivals.map((a) => a.values[0]!), (v) => v.id >= startId && constantOf(v) === undefined);
    let template = formOfResult();
    // texts of which no word says all are strings; so are those that each attempt makes longer
    const growing = attempt > 1 && arrivals.every(({ values }) => isLaid(values[0]!));
    if (growing || (template?.t === "text" && resultTypes(ev, template).length > 1)) {
      arrivals.forEach((arrival, i) => { arrivals[i] = { ...arrival, values: arrival.values.map((v) => ((growing || v.k === "text") && isLaid(v) ? ev.onPath(arrival, () => asOneStr(ev, v)!) : v)) }; });
      template = formOfResult();
    }
    if (!template || template.t === "merged" || (template.t === "keep" && template.abs?.k === "obj" && !ev.isStaticObject(template.abs.id) && !outer.state.objects.has(template.abs.id))) throw ev.refuse("Todo", "a recursive function returns an object", "return numbers");
    if (resultTypes(ev, template).length > 1 && learnGivenBack(ev, outer.state, template)) throw new Restart();
    if (resultTypes(ev, template).length > 1) throw ev.refuse("Todo", "a recursive function returns what is neither a number, a boolean, a string nor an array or object of one form", "return numbers on every path");
    if (variant.assumed && (variant.result === null || !fits(variant.result, template))) {
      variant.result = variant.result === null ? template : widen(variant.result, template);
      ev.variants.length = later;
      continue;
    }
    const result = variant.assumed && variant.result !== null ? variant.result : (variant.result = template);
    for (const arrival of arrivals) {
      try { ev.in(arrival.region, () => { ev.state = arrival.state; ev.activation = inner; ev.b.return(writeResult(ev, result, arrival.values[0]!), -1); }); } catch (e) { if (!(e instanceof PathEnds)) throw e; }
    }
    variant.wrote = arrivals.some((a) => a.state.wrote);
    variant.residual = { name: variant.name, params, results: resultTypes(ev, result), body, nextId: 0 };
    break;
  }
  ev.looking.pop();
  variant.done = true;
  ev.b.region = outer.region;
  ev.state = outer.state;
  ev.activation = outer.activation;
  ev.b.place = outer.place;
  return variant;
}
const fits = (assumed: Template, actual: Template): boolean =>
  assumed.t === actual.t && (assumed.t !== "keep" || (actual.t === "keep" && same(assumed.abs!, actual.abs!))) &&
  ((assumed.t !== "str" && assumed.t !== "text") || covers(assumed, actual)) &&
  (assumed.t !== "sum" || actual.t !== "sum" || actual.alts.every((alt) => alt.k === "obj" || isSameAmong(alt, assumed.alts) || assumed.alts.some((a) => takes(a, alt))));
/** Whether an alternative stands for that static value. */
const takes = (a: Alt, { k, value }: { readonly k: string; readonly value?: unknown }): boolean => k === "prim" && a.k === (typeof value === "number" ? "num" : typeof value === "boolean" ? "bool" : "");
function widen(assumed: Template, actual: Template): Template {
  if (actual.t === "str" && isLaid(sample(assumed))) return actual;
  if (assumed.t === "keep" && actual.t === "keep" && actual.abs?.k === "prim" && typeof actual.abs.value === "number") return { t: "num" };
  return templateFor([sample(assumed), sample(actual)], () => true) ?? actual;
}

/** Arrays and objects from before the call that it changes: from now on they are in memory by then. Whether there are any more. */
function learnShared(ev: Evaluator, func: JsFunction, before: ById<HeapObject>, after: ById<HeapObject>): boolean {
  let learned = false;
  before.differing(after, (id, object, now) => {
    const callers = ev.statics.get(id);
    // one that need not be a function of the residual is put back in place (outlining.ts)
    if (callers) { if (now && ev.lessons.outlined.get(func) !== true && learnResidents(ev, id, object ?? callers, now)) learned = true; return; }
    if (!object || object.t === "boxed") return;
    const cls = ev.viewed.has(id) ? undefined : sharedClass(ev, object);
    if (cls && !ev.lessons.shared.has(cls)) { ev.lessons.shared.add(cls); learned = true; }
  });
  return learned;
}
/** A typed array has none: that of the ordinary arrays which its place in the source would make stands for it. */
const sharedClass = (ev: Evaluator, object: HeapObject): Class | undefined => classOf(ev, object) ?? (isTyped(object) && "site" in object && object.site ? classAt(object.site, { form: "array" }) : undefined);

/** An array or object that it was given is one of several that it gives back: it is in memory by then, as the others are. Whether there is any more. */
function learnGivenBack(ev: Evaluator, before: State, template: Template): boolean {
  let learned = false;
  for (const alt of template.t === "sum" ? template.alts : []) {
    const object = alt.k === "obj" ? before.objects.get(alt.id) : undefined, cls = object && object.t !== "boxed" && classOf(ev, object);
    if (cls && !ev.lessons.shared.has(cls)) { ev.lessons.shared.add(cls); learned = true; }
  }
  return learned;
}

/** Gives every residual function the outer values that it uses as parameters, and every call the arguments for them. */
export function convertClosures(ev: Evaluator, entry: Region): Func[] {
  const functions = ev.variants.flatMap((v) => (v.residual ? [v.residual] : []));
  if (functions.length === 0) return [];
  const bodies = functions.map((f) => ({ f, list: [...instructions(f.body)], own: new Set(f.params.map((p) => p.id)), free: new Map<number, Value>() }));
  const byName = new Map(bodies.map((b) => [b.f.name, b]));
  // 1. what each uses of others, through its calls too
  for (const { list, own, free } of bodies) {
    for (const instr of list) {
      for (const r of instr.results) own.add(r.id);
      if (instr.op === "loop") for (const p of instr.regions[0].params) own.add(p.id);
    }
    for (const instr of list) for (const a of instr.args) if (a.def?.op !== "const" && !own.has(a.id)) free.set(a.id, a);
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const { list, own, free } of bodies) {
      for (const instr of list) {
        if (instr.op !== "call") continue;
        for (const [id, v] of byName.get(instr.callee)!.free) if (!own.has(id) && !free.has(id)) { free.set(id, v); changed = true; }
      }
    }
  }
  // 2. calls pass them, functions take them
  const pass = (list: readonly Instr[]) => { for (const instr of list) if (instr.op === "call") instr.args.push(...byName.get(instr.callee)!.free.values()); };
  pass([...instructions(entry)]);
  for (const { f, list, free } of bodies) {
    pass(list);
    const renamed = new Map([...free.values()].map((v) => [v.id, ev.b.value(v.type, v.name)]));
    f.params.push(...renamed.values());
    for (const instr of list) instr.args.forEach((a, i) => { const p = renamed.get(a.id); if (p) instr.args[i] = p; });
  }
  return functions.map((f) => ({ ...f, nextId: ev.b.nextId }));
}
