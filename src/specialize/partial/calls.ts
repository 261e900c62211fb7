// Calls: functions whose source is known are walked in place, specialised by what is known of their arguments. Recursion that dynamic
// values drive becomes a function of the residual (functions.ts).

import { instructions } from "../../ir/build.ts";
import type { Instr, JsFunction, Unit } from "../../ir/types.ts";
import { BudgetReached, repeating } from "./budget.ts";
import { callBuiltin } from "./builtins.ts";
import { constructBuiltin } from "./constructed.ts";
import { reference } from "./boxes.ts";
import { readCaptured, textIn } from "./closures.ts";
import { collect, handlerOf, leave, walkRegion, type Completion } from "./control.ts";
import { watchCall } from "./differences.ts";
import { callResidual, isActive, recurs } from "./functions.ts";
import type { Evaluator } from "./evaluator.ts";
import type { NodeRef } from "../../ir/snapshot.ts";
import type { Source } from "./heap.ts";
import { arrayPrototype, giveClass, givenTyped } from "./species.ts";
import { refuseLong, type LongArguments } from "./longcalls.ts";
import { getProperty, split } from "./objects.ts";
import { isFunction } from "./operators.ts";
import { callOutlined, handedTo, isOutlined, noteWalked } from "./outlining.ts";
import { look } from "./passed.ts";
import { callPure } from "./pure.ts";
import { formOf, learnTail } from "./tailcalls.ts";
import { engineThrows } from "./tries.ts";
import { prim, undefinedValue, type Abs, type Obj } from "./values.ts";
import { newContext, newLasting, PathEnds, PathThrows, type Activation, type Target } from "./walk.ts";

/** Where a call stands; `long`: its arguments go on beyond those that are given one by one. */
export interface Call { readonly instr: Instr; readonly activation: Activation; readonly long?: LongArguments }

const deepest = 200;

export function callFunction(ev: Evaluator, callee: Abs, self: Abs, args: readonly Abs[], call?: Call): Abs {
  if (callee.k === "sum") return split(ev, callee, (f) => callFunction(ev, f, self, args, call));
  look(ev, callee);
  const place = reference(callee, ev.state), text = place.k === "mem" ? textIn(ev, place) : undefined;
  if (text && place.k === "mem") {
    const captured = readCaptured(ev, place, text);
    return inline(ev, text.source, text.func, captured.cells, text.func.kind === "arrow" ? captured.self ?? undefinedValue : self, args, place, undefinedValue, call);
  }
  if (callee.k !== "obj") return engineThrows(ev, "TypeError", "something that is no function is called");
  const object = ev.object(callee.id);
  if (ev.request.callPure && !call?.long) {
    const result = callPure(ev, callee.id, self, args);
    if (result) return result;
  }
  switch (object.t) {
    case "closure": if (object.func.kind === "constructor" || object.func.kind === "derived") return engineThrows(ev, "TypeError", "a class is called without new"); return inline(ev, object.source, object.func, object.cells, object.func.kind === "arrow" ? object.self! : self, args, callee, undefinedValue, call);
    case "function": {
      const source = sourceOf(ev, object.node);
      const func = source.unit.functions[0]!;
      return inline(ev, source, func, [], self, args, callee, undefinedValue, call);
    }
    case "builtin": return callBuiltin(ev, object.name, self, args, call);
    case "bound": return callFunction(ev, object.target, object.self, [...object.args, ...args], call);
    case "class": return engineThrows(ev, "TypeError", "a class is called without new");
    case "opaque": throw ev.refuse("Unsupported", `a function is called whose source is not known: ${object.why}`, "call a plain function, or hand it over in env");
    default: return engineThrows(ev, "TypeError", "something that is no function is called");
  }
}

/** The lowered source of a function of the snapshot; a built-in that is itself the kernel is `this` of one that calls it. */
export function sourceOf(ev: Evaluator, node: NodeRef): Source {
  const known = ev.sources.get(node.node);
  if (known) return known;
  const function_ = ev.snapshot.node(node);
  if (function_.kind === "builtin" && function_.name.includes(".prototype.")) throw ev.refuse("Unsupported", `${function_.name} is the engine's own: there is no source to specialise`, "call it as it is");
  if (function_.kind !== "function" && function_.kind !== "builtin") throw ev.invariant("not a function of the snapshot");
  const code = function_.kind === "builtin" ? ev.request.prelude("internal.forward")! : function_.code;
  const unit: Unit = ev.request.resolve(code);
  const source: Source = { unit, code, closure: node };
  ev.sources.set(node.node, source);
  return source;
}

const withThis = new WeakMap<JsFunction, boolean>();
function usesThis(func: JsFunction, unit: Unit): boolean {
  let known = withThis.get(func);
  if (known === undefined) {
    known = false;
    for (const instr of instructions(func.body)) if (instr.op === "js.this") { known = true; break; }
    // homes, and with them private names, are found by what the method was called on
    known ||= unit.functions.some((f) => [...instructions(f.body)].some((instr) => instr.op.startsWith("js.private.") || instr.op === "js.super.get"));
    withThis.set(func, known);
  }
  return known;
}

/** One of our own texts that calls what it is handed: `map` within a callback of `map` is no recursion. Of a function that reaches itself by it, the function itself is found to be walked already. */
const callsBack = (ev: Evaluator, source: Source, args: readonly Abs[]): boolean => source.hidden === true && args.some((a) => isFunction(ev, a));

/** Walks a function's body in place of the call. */
export function inline(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[], callee: Abs | null, newTarget: Abs, call?: Call, yields?: (value: Abs) => void): Abs {
  if (func.kind === "generator" && !yields) {
    if (call?.long) throw refuseLong(ev);
    return ev.allocate({ t: "generator", source, func, cells, self, args, callee, started: false });
  }
  const caller = call?.activation ?? ev.activation;
  const long = call?.long ?? null;
  if (caller) watchCall(ev, caller.func, func, source.hidden === true);
  if (!usesThis(func, source.unit)) self = undefinedValue; // so that calls that differ in it alone are the same
  const depth = (caller?.depth ?? 0) + 1;
  if (yields) {
    if (depth > deepest) throw new BudgetReached(`calls that nest deeper than ${deepest}`, "no option");
  } else if (recurs(ev, caller, source, func, self, args, newTarget, callee) || (ev.budget.share && isActive(caller, source, func) && !callsBack(ev, source, args))) {
    if (long) throw refuseLong(ev);
    if (newTarget === undefinedValue) learnTail(ev, source, func, call);
    return callResidual(ev, source, func, cells, self, args, callee);
  }
  const handed = !yields && !long && newTarget === undefinedValue ? handedTo(ev, caller, func, cells, self, args) : undefined;
  if (handed && isOutlined(ev, func, handed)) return callOutlined(ev, source, func, cells, self, args, callee);
  const before = ev.b.written;
  if (depth > deepest) throw new BudgetReached(`calls that nest deeper than ${deepest}`, "no option");
  const place = ev.b.place;
  const context = caller && call ? childContext(caller, call.instr) : ev.contextOf(func);
  const returns: Target = { kind: "return", label: ev.b.label("return"), arrivals: [] };
  const activation: Activation = {
    source, func, env: [], self, args, long, cells, newTarget, targets: new Map(), returns, caller, site: call?.instr ?? null, context, depth, handlers: [], loops: [], narrowed: [], callee, yields,
  };
  const form = formOf(ev, func);
  form.params.forEach((p, i) => { activation.env[p.id] = args[i] ?? undefinedValue; });
  const walk = (): ReturnType<typeof collect> => collect(ev, returns, activation, () => walkRegion(ev, form.body, activation), null);
  const outcome = !ev.budget.share && isActive(caller, source, func) ? repeating(ev, walk) : walk();
  if (handed) noteWalked(ev, func, handed, ev.b.written - before);
  ev.activation = caller;
  ev.b.place = place;
  if (caller && call?.instr.place) ev.at(call.instr.place, caller.source);
  if (outcome.values) return outcome.values[0]!;
  return finish(ev, outcome.completion!, activation, caller);
}
function finish(ev: Evaluator, completion: Completion, activation: Activation, caller: Activation | null): never {
  if (completion.c === "throw" && handlerOf(caller)) throw new PathThrows(completion.value);
  if (completion.c !== "dead") { ev.activation = activation; leave(ev, completion, activation); ev.activation = caller; }
  throw new PathEnds();
}
function childContext(caller: Activation, instr: Instr) {
  let context = caller.context.children.get(instr);
  if (!context) {
    let lasting = caller.context.lasting.children.get(instr);
    if (!lasting) caller.context.lasting.children.set(instr, (lasting = newLasting()));
    caller.context.children.set(instr, (context = newContext(lasting)));
  }
  return context;
}

/** `new callee(…args)`; `newTarget` is another class where super() calls. */
export function construct(ev: Evaluator, callee: Abs, args: readonly Abs[], call?: Call, newTarget: Abs = callee): Abs {
  if (callee.k === "sum") return split(ev, callee, (f) => construct(ev, f, args, call));
  look(ev, callee);
  if (callee.k !== "obj") return ev.bail("something that is no class is constructed");
  const object = ev.object(callee.id);
  if (object.t === "builtin") {
    if (newTarget === callee) return constructBuiltin(ev, object.name, args, call);
    const typed = givenTyped(ev, object.name, getProperty(ev, newTarget, prim("prototype")), () => constructBuiltin(ev, object.name, args, call));
    if (typed) return typed;
    const prototype = object.name === "Array" ? arrayPrototype(ev, getProperty(ev, newTarget, prim("prototype"))) : undefined;
    if (!prototype) throw ev.refuse("Todo", `a class that extends ${object.name} is constructed`, "keep the array or Map in a field");
    const made = constructBuiltin(ev, "Array", args, call, prototype.node);
    giveClass(ev, made, prototype);
    return made;
  }
  if (object.t !== "class" && object.t !== "function" && object.t !== "closure") return ev.bail("something that is no class is constructed");
  const source = object.t === "closure" ? object.source : sourceOf(ev, object.node);
  const func = object.t === "closure" ? object.func : source.unit.functions[0]!;
  if (func.kind === "generator" || func.kind === "arrow" || func.kind === "method" || func.kind === "getter" || func.kind === "setter") return ev.bail("something that is no class is constructed");
  if (func.kind === "derived") {
    const made = inline(ev, source, func, object.t === "closure" ? object.cells : [], undefinedValue, args, callee, newTarget, call);
    return made.k === "obj" || made.k === "mem" ? made : ev.bail("a constructor returns what is no object");
  }
  const prototype = getProperty(ev, newTarget, prim("prototype"));
  const self = ev.allocate({ t: "object", origin: { from: "local" }, prototype: prototype.k === "obj" ? (prototype as Obj) : null, fields: new Map() });
  const result = inline(ev, source, func, object.t === "closure" ? object.cells : [], self, args, callee, newTarget, call);
  return result.k === "obj" || result.k === "mem" ? result : self;
}
