// A function that ends with calls of itself is a loop: what such a call passes are the carried values of the next iteration.
//
//   f(n, x) { return n.leaf ? n.value : f(x < n.at ? n.left : n.right, x) }
//     →   loop (n) { if (n.leaf) return n.value; next = x < n.at ? n.left : n.right; if (f === this very function) continue with next; return f(next, x) }
//
// So what is known of loops holds for it: tables of the objects that it descends through in place of a function for each, unrolling, checks that
// leave. Before: a walk has met such a call that dynamic values drive. After: it begins again, and walks the loop. That what is called is the function itself is a
// test, since its name may lead elsewhere; to the walk it is static. A function that calls itself elsewhere, too, is left to functions.ts.
// Requires: no `arguments`, rest parameter, `new.target`, `super` or private names, which tell one call from the next; nor functions made in
// it, where it passes on another `this`. Guarantees: operations and their order, but for the test, which has no effect. How deep calls nest
// is not observed (decision 1 of the design), but that they end is: an iteration too many is the engine's RangeError (`LoopNotes.calls`).
// Source: Steele, "Debunking the 'Expensive Procedure Call' Myth" (1977).

import { instructions } from "../../ir/build.ts";
import type { Br, If, Instr, JsFunction, Label, Loop, Region, Value } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import { isOf } from "./functions.ts";
import type { Call } from "./calls.ts";
import type { Source } from "./heap.ts";
import { Restart } from "./walk.ts";

interface Form { readonly params: readonly Value[]; readonly body: Region }

/** What is walked for the function. */
export const formOf = (ev: Evaluator, func: JsFunction): Form => (ev.lessons.looped?.has(func) ? (loopOf(func) ?? func) : func);

/** Whether it asks if a call is the next iteration: nothing that the source asks. */
export function isOwnTest({ args: [test] }: If): boolean {
  const def = test!.def;
  return def?.op === "js.seq" && def.args[1]!.def?.op === "js.callee";
}

/** Learns that the call is the next iteration of the function that makes it. */
export function learnTail(ev: Evaluator, source: Source, func: JsFunction, call: Call | undefined): void {
  const { looped } = ev.lessons;
  if (looped === null || looped.has(func) || !call || call.long || !isOf(call.activation, source, func) || !tailsOf(func).has(call.instr)) return;
  looped.add(func);
  throw new Restart();
}

const found = new WeakMap<JsFunction, ReadonlySet<Instr>>();
/** The calls whose value is what the function returns. None where it tells one call of itself from the next. */
function tailsOf(func: JsFunction): ReadonlySet<Instr> {
  let tails = found.get(func);
  if (tails === undefined) {
    tails = tellsCallsApart(func) ? new Set<Instr>() : tailsIn(func.body, false, new Set(), new Set());
    const names = new Set([...tails].map(calleeName));
    // a plain call of a sloppy function gives it the global object
    const isGlobal = !func.strict && func.kind !== "arrow" && [...instructions(func.body)].some(({ op }) => op === "js.this") && [...tails].some(({ args }) => args[1]!.def?.op === "js.const");
    if (isGlobal || [...instructions(func.body)].some((instr) => instr.op === "js.call" && !tails!.has(instr) && names.has(calleeName(instr)))) tails = new Set();
    found.set(func, tails);
  }
  return tails;
}
/** How the source names what is called: f, or o.f whatever o is. */
function calleeName({ args: [callee] }: Instr): string | null {
  const def = callee!.def;
  switch (def?.op) {
    case "js.free": return def.name;
    case "js.cell.get": return calleeName(def);
    case "js.captured": return `captured ${def.index}`;
    case "js.get": { const key = def.args[1]!.def; return key?.op === "js.const" ? `.${String(key.value)}` : null; }
    default: return null;
  }
}
const telling: ReadonlySet<string> = new Set(["js.arguments", "js.rest", "js.newtarget", "js.yield", "js.yield.all"]);
function tellsCallsApart(func: JsFunction): boolean {
  if (func.kind === "generator" || func.kind === "constructor" || func.kind === "derived") return true;
  const all = [...instructions(func.body)];
  return all.some(({ op }) => telling.has(op) || op.startsWith("js.super") || op.startsWith("js.private")) || (all.some(({ op }) => op === "js.this") && all.some(({ op }) => op === "js.func"));
}

/** `isTail`: what the region yields is returned; so is what leaves for one of the labels. */
function tailsIn(region: Region, isTail: boolean, labels: Set<Label>, tails: Set<Instr>): Set<Instr> {
  const end = region.body.at(-1), last = region.body.at(-2);
  const leaves = end?.op === "return" || (end?.op === "yield" && isTail) || (end?.op === "br" && labels.has(end.label));
  const value = leaves && end.args.length === 1 ? end.args[0] : undefined;
  if (last?.op === "js.call" && last.results[0] === value) tails.add(last);
  for (const instr of region.body) {
    if (instr.op !== "if" && instr.op !== "block" && instr.op !== "loop") continue; // behind a call within `try` something may follow
    const isLast = instr === last && instr.op !== "loop" && instr.results.length === 1 && instr.results[0] === value;
    if (isLast && instr.op === "block") labels.add(instr.label);
    for (const inner of instr.regions) tailsIn(inner, isLast, labels, tails);
  }
  return tails;
}

const loops = new WeakMap<JsFunction, Form | null>();
function loopOf(func: JsFunction): Form | null {
  let form = loops.get(func);
  if (form === undefined) loops.set(func, (form = tailsOf(func).size === 0 ? null : new Copy(func, tailsOf(func)).form()));
  return form;
}

/** The function's body once more, in a loop. */
class Copy {
  readonly #func: JsFunction;
  readonly #tails: ReadonlySet<Instr>;
  readonly #label: Label = { name: "again" };
  readonly #copies = new Map<Value, Value>();
  /** which of the parameters calls pass anew, and whether they pass another `this` */
  readonly #passed: readonly number[];
  readonly #self: Value | null;
  #nextId = 0;

  constructor(func: JsFunction, tails: ReadonlySet<Instr>) {
    this.#func = func;
    this.#tails = tails;
    const calls = [...tails], readsThis = func.kind !== "arrow" && [...instructions(func.body)].some(({ op }) => op === "js.this"); // an arrow's is no call's
    this.#passed = [...func.params.keys()].filter((i) => calls.some((call) => call.args[i + 2] !== func.params[i]));
    this.#self = readsThis && calls.some((call) => call.args[1]!.def?.op !== "js.this") ? this.#value("this") : null;
  }

  form(): Form {
    const { params, place } = this.#func;
    const given = params.map((p) => this.#copy(p)), carried = [...(this.#self ? [this.#self] : []), ...this.#passed.map((i) => this.#value(params[i]!.name))];
    const first: Instr | null = this.#self && this.#define({ op: "js.this", args: [], results: [this.#value()], place });
    const entering = [...(first ? first.results : []), ...this.#passed.map((i) => given[i]!)];
    this.#passed.forEach((i, k) => this.#copies.set(params[i]!, carried[k + carried.length - this.#passed.length]!));
    const loop: Loop = { op: "loop", label: this.#label, args: entering, results: [], regions: [{ params: carried, body: this.#region(this.#func.body).body }], notes: { calls: true, place: [...this.#tails][0]!.place }, place };
    return { params: given, body: { params: [], body: [...(first ? [first] : []), loop, { op: "return", exit: 0, args: [this.#undefined()], results: [], place }] } };
  }

  #region(region: Region): Region {
    const params = region.params.map((p) => this.#copy(p)), body: Instr[] = [];
    for (const instr of region.body) {
      if (instr.op === "js.this" && this.#self) this.#copies.set(instr.results[0]!, this.#self);
      else if (this.#tails.has(instr)) body.push(...this.#again(instr));
      else body.push(this.#instr(instr));
    }
    return { params, body };
  }
  #instr(instr: Instr): Instr {
    const args = instr.args.map((a) => this.#use(a)), regions = "regions" in instr ? instr.regions.map((r) => this.#region(r)) : null;
    return this.#define({ ...instr, args, results: instr.results.map((r) => this.#copy(r)), ...(regions && { regions }) } as Instr);
  }
  /** The next iteration, if what is called is this function. */
  #again(call: Instr): Instr[] {
    const { place } = call, args = call.args.map((a) => this.#use(a));
    const callee = this.#define({ op: "js.callee", args: [], results: [this.#value()], place }), isIt = this.#define({ op: "js.seq", args: [args[0]!, callee.results[0]!], results: [this.#value()], place });
    const next: Br = { op: "br", label: this.#label, args: [...(this.#self ? [args[1]!] : []), ...this.#passed.map((i) => args[i + 2] ?? this.#undefined())], results: [], place };
    const other = this.#define({ ...call, args, results: [this.#value()] } as Instr);
    return [callee, isIt, this.#define({
      op: "if", args: [isIt.results[0]!], results: [this.#copy(call.results[0]!)], place,
      regions: [{ params: [], body: [next] }, { params: [], body: [other, { op: "yield", args: other.results, results: [], place }] }],
    })];
  }

  #value(name?: string): Value { return { id: this.#nextId++, type: "js", def: null, name }; }
  #copy(value: Value): Value {
    const copy: Value = { id: this.#nextId++, type: value.type, def: null, name: value.name };
    this.#copies.set(value, copy);
    return copy;
  }
  /** Constants stand in no region: both bodies name them. */
  #use(value: Value): Value { return this.#copies.get(value) ?? this.#constant(value); }
  #constant(value: Value): Value {
    const { def } = value;
    if (def?.op !== "js.const" && def?.op !== "const") throw new Error(`%${value.id} is used before it is there`);
    const copy = this.#copy(value);
    this.#define({ ...def, results: [copy] } as Instr);
    return copy;
  }
  #undefined(): Value { const result = this.#value(); this.#define({ op: "js.const", value: undefined, args: [], results: [result] }); return result; }
  #define<I extends Instr>(instr: I): I { for (const result of instr.results) result.def = instr; return instr; }
}
