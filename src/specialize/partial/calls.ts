// Calls: functions whose source is known are walked in place, specialised by what is known of their arguments. Recursion that dynamic
// values drive becomes a function of the residual (functions.ts).

import type { Instr, JsFunction, Unit } from "../../ir/types.ts";
import { loadElement, readElement } from "./arrays.ts";
import { callBuiltin, constructBuiltin } from "./builtins.ts";
import { collect, leave, walkRegion, type Completion } from "./control.ts";
import { callResidual, recurs } from "./functions.ts";
import { newContext, PathEnds, type Activation, type Evaluator, type Target } from "./evaluator.ts";
import type { NodeRef } from "../../ir/snapshot.ts";
import type { Source } from "./heap.ts";
import { listOf } from "./instructions.ts";
import { binary } from "./operators.ts";
import { getProperty, split } from "./objects.ts";
import { falseValue, num, prim, trueValue, undefinedValue, type Abs, type Mem, type Obj } from "./values.ts";

/** Where a call stands. */
export interface Call { readonly instr: Instr; readonly activation: Activation }

const deepest = 200;

export function callFunction(ev: Evaluator, callee: Abs, self: Abs, args: readonly Abs[], call?: Call): Abs {
  if (callee.k === "sum") return split(ev, callee, (f) => callFunction(ev, f, self, args, call));
  if (callee.k !== "obj") return ev.bail("something that is no function is called");
  const object = ev.object(callee.id);
  switch (object.t) {
    case "closure": return inline(ev, object.source, object.func, object.cells, object.func.kind === "arrow" ? object.self! : self, args, callee, undefinedValue, call);
    case "function": {
      const source = sourceOf(ev, object.node);
      const func = source.unit.functions[0]!;
      return inline(ev, source, func, [], self, args, callee, undefinedValue, call);
    }
    case "builtin": return callBuiltin(ev, object.name, self, args, call);
    case "bound": return callFunction(ev, object.target, object.self, [...object.args, ...args], call);
    case "class": return ev.bail("a class is called without new");
    case "opaque": throw ev.refuse("Unsupported", `a function is called whose source is not known: ${object.why}`, "call a plain function, or hand it over in env");
    default: return ev.bail("something that is no function is called");
  }
}

/** The lowered source of a function of the snapshot. */
export function sourceOf(ev: Evaluator, node: NodeRef): Source {
  const known = ev.sources.get(node.node);
  if (known) return known;
  const function_ = ev.snapshot.node(node);
  if (function_.kind !== "function") throw ev.invariant("not a function of the snapshot");
  const unit: Unit = ev.request.resolve(function_.code);
  const source: Source = { unit, code: function_.code, closure: node };
  ev.sources.set(node.node, source);
  return source;
}

/** Walks a function's body in place of the call. */
export function inline(ev: Evaluator, source: Source, func: JsFunction, cells: readonly Abs[], self: Abs, args: readonly Abs[], callee: Abs | null, newTarget: Abs, call?: Call): Abs {
  const caller = call?.activation ?? ev.activation;
  const depth = (caller?.depth ?? 0) + 1;
  if (recurs(caller, func, args)) return callResidual(ev, source, func, cells, self, args, callee);
  if (depth > deepest) throw ev.refuse("Todo", `calls nest deeper than ${deepest} while the function is specialised`, "recursion that slow values do not end can't be unfolded");
  const place = ev.b.place;
  const context = caller && call ? childContext(caller, call.instr) : newContext();
  const returns: Target = { kind: "return", label: ev.b.label("return"), arrivals: [] };
  const activation: Activation = {
    source, func, env: [], self: !func.strict && func.kind !== "arrow" && self.k === "prim" && (self.value === undefined || self.value === null) ? undefinedValue : self,
    args, cells, newTarget, targets: new Map(), returns, caller, site: call?.instr ?? null, context, depth, handlers: [], loops: [], callee,
  };
  func.params.forEach((p, i) => { activation.env[p.id] = args[i] ?? undefinedValue; });
  const outcome = collect(ev, returns, activation, () => walkRegion(ev, func.body, activation), null);
  ev.activation = caller;
  ev.b.place = place;
  if (outcome.values) return outcome.values[0]!;
  return finish(ev, outcome.completion!, activation, caller);
}
function finish(ev: Evaluator, completion: Completion, activation: Activation, caller: Activation | null): never {
  if (completion.c !== "dead") { ev.activation = activation; leave(ev, completion, activation); ev.activation = caller; }
  throw new PathEnds();
}
function childContext(caller: Activation, instr: Instr) {
  let context = caller.context.children.get(instr);
  if (!context) caller.context.children.set(instr, (context = newContext()));
  return context;
}

/** `new callee(…args)`. */
export function construct(ev: Evaluator, callee: Abs, args: readonly Abs[], call?: Call): Abs {
  if (callee.k === "sum") return split(ev, callee, (f) => construct(ev, f, args, call));
  if (callee.k !== "obj") return ev.bail("something that is no class is constructed");
  const object = ev.object(callee.id);
  if (object.t === "builtin") return constructBuiltin(ev, object.name, args, call);
  if (object.t !== "class" && object.t !== "function" && object.t !== "closure") return ev.bail("something that is no class is constructed");
  const source = object.t === "closure" ? object.source : sourceOf(ev, object.node);
  const func = object.t === "closure" ? object.func : source.unit.functions[0]!;
  const prototype = getProperty(ev, callee, prim("prototype"));
  const self = ev.allocate({ t: "object", origin: { from: "local" }, prototype: prototype.k === "obj" ? (prototype as Obj) : null, fields: new Map() });
  const result = inline(ev, source, func, object.t === "closure" ? object.cells : [], self, args, callee, callee, call);
  return result.k === "obj" || result.k === "mem" ? result : self;
}

/** The element at an index below the length; where the iterator is done, something that nobody looks at. */
function nextElement(ev: Evaluator, mem: Mem, index: Abs, done: Abs): Abs {
  if (mem.of.rows || mem.of.records || mem.of.holes || done.k !== "bool") return readElement(ev, mem, index);
  const at = ev.b.op("i32.trunc_sat_f64_s", ev.toF64(index));
  return num(loadElement(ev, mem, ev.b.op("i32.select", done.v, ev.b.i32(0), at)));
}

/** One step of an iterator: [done, value]. */
export function iterate(ev: Evaluator, ref: Abs): [Abs, Abs] {
  if (ref.k !== "obj") throw ev.refuse("Todo", "an iterator of unknown kind is advanced", "use a counting loop");
  const iterator = ev.object(ref.id);
  if (iterator.t !== "iterator") throw ev.refuse("Todo", "an iterator of unknown kind is advanced", "use a counting loop");
  const { over, index, what } = iterator;
  const advance = () => ev.update(ref.id, { ...iterator, index: binary(ev, "js.add", index, prim(1)) });
  if (over.k === "prim" && (over.value === null || over.value === undefined)) return ev.bail("a value that is not iterable is iterated");
  if (over.k === "mem") {
    const done = binary(ev, "js.ge", index, ev.fromI32(over.len));
    const value = what === "keys" ? index : nextElement(ev, over, index, done);
    advance();
    return [done, what === "entries" ? ev.allocate({ t: "array", items: [index, value] }) : value];
  }
  if (index.k !== "prim") throw ev.refuse("Todo", "a static list is iterated in a loop that is kept", "// @unroll before the loop, or index the list");
  const items = over.k === "obj" && ev.object(over.id).t === "iterator" ? null : listOf(ev, over);
  if (items === null) return iterate(ev, over);
  const at = Number(index.value);
  if (at >= items.length) return [trueValue, undefinedValue];
  advance();
  const item = what === "keys" ? prim(at) : what === "entries" ? ev.allocate({ t: "array", items: [prim(at), items[at]!] }) : items[at]!;
  return [falseValue, item];
}
