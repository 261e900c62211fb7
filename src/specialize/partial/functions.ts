// Recursion that dynamic values drive: the function becomes one of the residual's own, specialised by its static arguments and memoised.
//
//   fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) }   →   func @fib(%n) { … call @fib … }
//
// Its heap is the caller's as it is at the call; values of outer functions that it uses become further parameters (closure conversion,
// done when everything is written, by fixpoint over the calls). Its result's form is assumed, and the walk repeated until it holds.
// Refused: a body that changes an object which existed before the call, or needs stack memory of its own.

import { constantOf, instructions } from "../../ir/build.ts";
import type { Func, Instr, JsFunction, Region, Value } from "../../ir/types.ts";
import { BudgetReached } from "./budget.ts";
import { closeRegion, walkRegion, leave } from "./control.ts";
import { PathEnds, type Activation, type Evaluator, type Target } from "./evaluator.ts";
import type { HeapObject, Source, State } from "./heap.ts";
import { coerce, rebuild, templateFor, typesOf, type Template } from "./merge.ts";
import { isNumeric, num, same, undefinedValue, type Abs, type Num } from "./values.ts";

export interface Variant {
  readonly func: JsFunction;
  readonly cells: readonly Abs[];
  readonly self: Abs;
  readonly args: readonly Abs[];
  readonly heap: ReadonlyMap<number, HeapObject>;
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

/**
 * Whether a call has to become a call of the residual: the function is being walked already, and no static argument has changed; or numbers
 * and new objects alone have, again and again, while dynamic tests decide whether it goes on.
 */
export function recurs(ev: Evaluator, caller: Activation | null, func: JsFunction, args: readonly Abs[]): boolean {
  let frames = 0;
  for (let a = caller; a; a = a.caller) {
    if (a.func !== func) continue;
    const before = a.args;
    const changed = args.filter((arg, i) => isStatic(arg) && isStatic(before[i] ?? undefinedValue) && !same(arg, before[i] ?? undefinedValue));
    if (changed.length === 0) return true;
    if (++frames >= mostUnfolded && ev.tests >= mostUnfolded) return true;
    if (changed.some((arg) => arg.k === "obj" ? ev.isStaticObject(arg.id) : !isNumeric(arg))) return false;
  }
  return false;
}
const isStatic = (a: Abs): boolean => a.k === "prim" || a.k === "obj";

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
function generalised(ev: Evaluator, caller: Activation | null, func: JsFunction, args: readonly Abs[]): readonly Abs[] {
  const earlier: (readonly Abs[])[] = ev.variants.filter((v) => v.func === func).map((v) => v.args);
  for (let a = caller; a; a = a.caller) if (a.func === func) earlier.push(a.args);
  const isPlace = (i: number): boolean => [...(indexedBy(func).get(i) ?? [])].some((base) => { const list = args[base]; return list?.k === "obj" ? ev.isStaticObject(list.id) : list?.k === "prim" && typeof list.value === "string"; });
  return args.map((arg, i) => (arg.k === "prim" && typeof arg.value === "number" && !isPlace(i) && earlier.some((e) => { const other = e[i] ?? undefinedValue; return isNumeric(other) && !same(other, arg); }) ? num(ev.b.f64(arg.value)) : arg));
}

/** Whether the function is being walked already. */
export function isActive(caller: Activation | null, func: JsFunction): boolean {
  for (let a = caller; a; a = a.caller) if (a.func === func) return true;
  return false;
}

export function callResidual(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[], callee: Abs | null): Abs {
  const given = generalised(ev, ev.activation, func, func.params.map((_, i) => args[i] ?? undefinedValue));
  const variant = findVariant(ev, func, cells, self, given) ?? writeVariant(ev, source, func, cells, self, given, callee);
  if (variant.result === null) {
    variant.assumed = true;
    closeRegion(ev.b.region);
    throw new PathEnds();
  }
  const types = typesOf(variant.result);
  const results = types.map((t) => ev.b.value(t));
  const passed = given.flatMap((a) => (a.k === "num" ? [a.v] : a.k === "bool" ? [a.v] : []));
  ev.b.append({ op: "call", callee: variant.name, args: passed, results, place: ev.b.place });
  if (!variant.done) variant.assumed = true;
  if (variant.wrote || !variant.done) ev.state.wrote = true;
  let at = 0;
  const value = rebuild(ev, variant.result, () => results[at++]!)!;
  return value.k === "num" ? ev.fromF64((value as Num).v) : value;
}

const sameArgument = (a: Abs, b: Abs): boolean => (a.k === "num" && b.k === "num") || (a.k === "bool" && b.k === "bool") || same(a, b);

function findVariant(ev: Evaluator, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[]): Variant | undefined {
  return ev.variants.find((v) => v.func === func && same(v.self, self) && v.cells.length === cells.length && v.cells.every((c, i) => same(c, cells[i]!)) &&
    v.args.every((a, i) => sameArgument(a, args[i]!)) && unchanged(ev, v.heap, ev.state));
}
const unchanged = (ev: Evaluator, heap: ReadonlyMap<number, HeapObject>, state: State): boolean => {
  for (const [id, object] of heap) if (state.objects.get(id) !== object) return false;
  // what was there before the walk, the caller's objects and captured variables, joins a heap when it is first written
  for (const [id, object] of state.objects) if (ev.isStaticObject(id) && heap.get(id) !== object) return false;
  return true;
};

function writeVariant(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[], callee: Abs | null): Variant {
  const begun = ev.variants.filter((v) => v.func === func && !v.done).slice(-4);
  const other = (a: Abs, b: Abs): boolean => a.k === "obj" && ev.isStaticObject(a.id) && !same(a, b);
  if (begun.length === 4 && !begun.some((v) => v.args.some((a, i) => other(a, args[i]!)))) throw ev.refuse("Todo", "a recursive function meets other objects in each call of itself", "make the objects once, outside");
  if (ev.variants.length > 64) throw new BudgetReached("too many specialised functions", "no option");
  const variant: Variant = {
    func, cells, self, args, heap: new Map(ev.state.objects), name: `${func.name || "f"}$${ev.variants.length}`,
    result: null, wrote: false, done: false, residual: null, assumed: false,
  };
  ev.variants.push(variant);
  const outer = { region: ev.b.region, state: ev.state, activation: ev.activation, place: ev.b.place, frame: ev.frameBytes };
  for (let attempt = 0; ; attempt++) {
    if (attempt > 8) throw ev.refuse("Todo", "the result of a recursive function has no settled kind", "return numbers on every path");
    const startId = ev.b.nextId, later = ev.variants.length;
    variant.assumed = false;
    const params: Value[] = [];
    const own = args.map((a, i): Abs => {
      if (a.k !== "num" && a.k !== "bool") return a;
      const p = ev.b.value(a.k === "num" ? "f64" : "i32", func.params[i]!.name);
      params.push(p);
      return { k: a.k, v: p };
    });
    const body: Region = { params: [], body: [] };
    ev.b.region = body;
    ev.state = outer.state.clone();
    ev.state.wrote = true; // what callers wrote before is not known here
    const returns: Target = { kind: "return", label: ev.b.label("return"), arrivals: [] };
    const activation: Activation = {
      source, func, env: [], self, args: own, cells, newTarget: undefinedValue, targets: new Map(), returns,
      caller: null, site: null, context: ev.contextOf(func), depth: 0, handlers: [], loops: [], narrowed: [], callee,
    };
    func.params.forEach((p, i) => { activation.env[p.id] = own[i]!; });
    // while its own body is walked, a call of it is recursion
    const inner: Activation = { ...activation, caller: { ...activation } };
    const completion = walkRegion(ev, func.body, inner);
    if (completion.c !== "dead") leave(ev, completion, inner);
    else closeRegion(body);
    if (ev.frameBytes !== outer.frame) throw ev.refuse("Todo", "a recursive function makes an array of its own", "pass the array in");
    const arrivals = returns.arrivals;
    for (const { state } of arrivals) {
      if (!unchanged(ev, outer.state.objects, state)) throw ev.refuse("Todo", "a recursive function changes an object or captured variable that existed before it was called", "return the values instead");
    }
    const template = arrivals.length === 0 ? { t: "keep" as const, abs: undefinedValue } : templateFor(arrivals.map((a) => a.values[0]!), (v) => v.id >= startId && constantOf(v) === undefined);
    if (!template || template.t === "merged" || (template.t === "keep" && template.abs && template.abs.k === "obj")) throw ev.refuse("Todo", "a recursive function returns an object", "return numbers");
    if (typesOf(template).length > 1) throw ev.refuse("Todo", "a recursive function returns a number or nothing", "return a number on every path");
    if (variant.assumed && (variant.result === null || !fits(variant.result, template))) {
      variant.result = variant.result === null ? template : widen(variant.result, template);
      ev.variants.length = later;
      continue;
    }
    const result = variant.assumed && variant.result !== null ? variant.result : (variant.result = template);
    for (const arrival of arrivals) ev.in(arrival.region, () => ev.b.return(coerce(ev, arrival.values[0], result), -1));
    variant.wrote = arrivals.some((a) => a.state.wrote);
    variant.residual = { name: variant.name, params, results: typesOf(result), body, nextId: 0 };
    break;
  }
  variant.done = true;
  ev.b.region = outer.region;
  ev.state = outer.state;
  ev.activation = outer.activation;
  ev.b.place = outer.place;
  return variant;
}
const fits = (assumed: Template, actual: Template): boolean =>
  assumed.t === actual.t && (assumed.t !== "keep" || (actual.t === "keep" && same(assumed.abs!, actual.abs!)));
function widen(assumed: Template, actual: Template): Template {
  if (assumed.t === "keep" && actual.t === "keep" && actual.abs?.k === "prim" && typeof actual.abs.value === "number") return { t: "num" };
  return actual;
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
