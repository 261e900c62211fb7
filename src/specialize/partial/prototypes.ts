// Prototypes of the kernel's own objects in memory, by number: what an object's form (contents.ts) says of where its methods are.
//
//   −1: Object.prototype     n ≥ 0: node n of the snapshot     n ≤ −2: an object that the kernel makes, once in each call
//
//   class Node { … }; for (…) head = new Node(x, head)        the form of the nodes: {prototype: −2, names: v, next}; where −2 is found in the heap
//
// Such an object is the prototype of a class that the kernel declares, or of a function that it makes objects with, or a literal that others inherit from.
// Its number belongs to its place in the source, within its chain of calls, so that it is the same when the walk begins again. Where that place can be
// come to twice in a call (in a loop, in a function of the residual), no number is given, and objects that inherit from there do not lie in memory: they would be told
// apart by nothing. Once it has one, what it holds is looked up in the heap as it is where code asks, so it may get members later on. Nor may an object leave that
// has such a prototype: the caller's would be another one (exits.ts).

import { NodeRef } from "../../ir/snapshot.ts";
import type { Instr, JsFunction, Region, Unit } from "../../ir/types.ts";
import { callSetter, callSnapshotSetter, fixedKey } from "./classes.ts";
import { textOf } from "./closures.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { isThere } from "./inheritance.ts";
import { snapValue } from "./inputs.ts";
import { closedOf } from "./integrity.ts";
import { keptFor } from "./items.ts";
import { hasProperty } from "./keys.ts";
import { found, getOfObject } from "./objects.ts";
import { presenceOf } from "./optional.ts";
import { formOf } from "./tailcalls.ts";
import { hidden, obj, prim, type Abs, type Obj } from "./values.ts";
import type { Activation, Lasting } from "./walk.ts";

type Plain = HeapObject & { readonly t: "object" };

/** A new object that others may inherit from. */
export function allocatePrototype(ev: Evaluator, object: Plain): Obj {
  const made = ev.allocate(object);
  if (ev.activation && ev.instr && isWalkedOnce(ev, ev.activation, ev.instr)) ev.madeOnce.set(made.id, { lasting: ev.activation.context.lasting, instr: ev.instr });
  return made;
}
/** Where it was made. */
export interface MadeAt { readonly lasting: Lasting; readonly instr: Instr }

/** Whether a call of the kernel comes there no more than once. */
const isWalkedOnce = (ev: Evaluator, activation: Activation, instr: Instr): boolean => ev.variantsOpen === 0 && outsideLoops(ev, activation.func).has(instr) && isCalledOnce(ev, activation);
function isCalledOnce(ev: Evaluator, { caller, site, context }: Activation): boolean {
  if (caller === null) return context === ev.lessons.root;
  return site !== null && outsideLoops(ev, caller.func).has(site) && isCalledOnce(ev, caller);
}

const outside = new WeakMap<Region, ReadonlySet<Instr>>();
/** The instructions of a function that no loop is around. */
function outsideLoops(ev: Evaluator, func: JsFunction): ReadonlySet<Instr> {
  const { body } = formOf(ev, func);
  let known = outside.get(body);
  if (known) return known;
  const found = new Set<Instr>();
  const visit = (region: Region): void => {
    for (const instr of region.body) {
      found.add(instr);
      if (instr.op !== "loop" && "regions" in instr) instr.regions.forEach(visit);
    }
  };
  visit(body);
  outside.set(body, (known = found));
  return known;
}

/** The prototype's number; undefined where it has none. */
export function numberOfPrototype(ev: Evaluator, prototype: Obj | null): number | undefined {
  if (prototype === null) return -1;
  const object = ev.object(prototype.id);
  if (object.t === "snap") return object.node.node;
  const made = ev.madeOnce.get(prototype.id);
  if (object.t !== "object" || !made) return undefined;
  const { prototypes } = made.lasting;
  let number = prototypes.get(made.instr);
  if (number === undefined) prototypes.set(made.instr, (number = ev.lessons.prototypes--));
  const others = ev.prototypes.get(number);
  if (!others) ev.prototypes.set(number, [prototype.id]);
  else if (!others.includes(prototype.id)) {
    if (others.some((id) => ev.state.objects.has(id))) return undefined; // both can be seen here
    others.push(prototype.id);
  }
  return number;
}

/** The object of that number; null: Object.prototype. */
export function prototypeOfNumber(ev: Evaluator, number: number): Obj | null {
  if (number === -1) return null;
  if (number >= 0) return snapValue(ev, new NodeRef(number)) as Obj;
  if (textOf(ev, number)) throw ev.refuse("Todo", "more is asked of a function in an array or object in memory than to be called", "keep what is asked beside it");
  const [one, ...more] = ev.prototypes.get(number)?.filter((id) => ev.state.objects.has(id)) ?? [];
  if (one === undefined || more.length > 0) throw ev.refuse("Todo", "an object in memory inherits from what two paths made differently", "declare the class before the paths part");
  return obj(one);
}
/** All that code in memory may inherit from, of the kernel's own. */
export const ownPrototypes = (ev: Evaluator): Obj[] => [...ev.prototypes.values()].flat().filter((id) => ev.state.objects.has(id)).map(obj);

/** What `self` inherits. */
export function getInherited(ev: Evaluator, number: number, name: string, self: Abs): Abs {
  if (number >= 0) return found(ev, keptFor(ev, new NodeRef(number), name), name, self);
  if ((name === "call" || name === "apply") && textOf(ev, number)) return found(ev, ev.snapshot.builtin("Function.prototype"), name, self);
  const prototype = prototypeOfNumber(ev, number);
  return prototype === null ? found(ev, ev.snapshot.builtin("Object.prototype"), name, self) : getOfObject(ev, prototype.id, prim(name), name, self);
}
/** Whether objects inherit something of that name; undefined where that is not known. */
export function inheritsProperty(ev: Evaluator, number: number, name: string): boolean | undefined {
  if (number >= 0) return isThere(ev, keptFor(ev, new NodeRef(number), name), name);
  const prototype = prototypeOfNumber(ev, number);
  return prototype === null ? isThere(ev, ev.snapshot.builtin("Object.prototype"), name) : hasProperty(ev, prototype, name, false);
}

/**
 * Whether what gets a field of that name has it as its own: nothing is inherited of that name, or a plain value that can be shadowed (a class's default); the guard
 * sees to what no call makes.
 */
export function canShadow(ev: Evaluator, prototype: Obj | null, name: string): boolean {
  let end = -1;
  for (let at = prototype; at;) {
    const object: HeapObject = ev.object(at.id);
    if (object.t === "snap") { end = object.node.node; break; }
    if (object.t !== "object" || object.origin.from !== "local" || closedOf(object) !== undefined || presenceOf(object, name)) return false;
    if ([hidden(`get ${name}`), hidden(`set ${name}`), fixedKey(name)].some((key) => object.fields.has(key))) return false;
    if (object.fields.has(name)) return true;
    at = object.prototype;
  }
  const property = ev.snapshot.property(end === -1 ? ev.snapshot.builtin("Object.prototype") : new NodeRef(end), name);
  if (property.kind !== "absent" && !(property.kind === "data" && property.writable)) return false;
  ev.expect({ expect: "settable", prototype: end, key: name });
  return true;
}
/** Calls the setter that an object in memory inherits; false where there is none. */
export function callInheritedSetter(ev: Evaluator, number: number, self: Abs, name: string, value: Abs): boolean {
  if (number === -1) return false;
  if (number < 0) return callSetter(ev, prototypeOfNumber(ev, number)!.id, name, value, self);
  return ev.snapshot.accessor(new NodeRef(number), name) !== null && callSnapshotSetter(ev, keptFor(ev, new NodeRef(number), name), self, name, value);
}

/** Whether the class of a function's text may get objects: then its prototype is made with it, not where it is first asked for, maybe in a loop. */
export function makesObjects(unit: Unit, func: JsFunction): boolean {
  let known = constructors.get(func);
  if (known === undefined) constructors.set(func, (known = func.kind === "function" && /^[\w$]+$/.test(func.name) && new RegExp(`(?<![\\w$.])(?:new\\s+${escaped(func.name)}(?![\\w$])|${escaped(func.name)}\\s*\\.\\s*prototype\\b)`).test(unit.source)));
  return known;
}
const escaped = (name: string): string => name.replaceAll("$", "\\$");
const constructors = new WeakMap<JsFunction, boolean>();
