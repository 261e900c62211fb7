// Which class the methods make arrays of: map, filter, slice and their kin ask `constructor`, then its `Symbol.species`.
//
// Before: an array, and the name of a built-in method. After: nothing, where what comes is an ordinary array or a typed array of the engine's own; entry
// tests it of the caller's. A refusal for all others: instances of classes that extend them, arrays that have another constructor. Here, too: what such classes make, of either kind.

import { hiddenNumbers, NodeRef } from "../../ir/snapshot.ts";
import { typedArrayNames, type TypedArrayName } from "../../ir/interface.ts";
import { box } from "./boxes.ts";
import { callPrelude, codeOfArrays } from "./builtins.ts";
import { isOfArrays } from "./buffers.ts";
import type { Call } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { arrayClassOf } from "./heap.ts";
import { expectInherited, found, getProperty } from "./objects.ts";
import { snapValue } from "./inputs.ts";
import { keptFor } from "./items.ts";
import { partOf } from "./operators.ts";
import { toPrimitiveKey } from "./primitives.ts";
import { hidden, prim, undefinedValue, type Abs, type Obj } from "./values.ts";

const asking = /^(?:Array\.prototype\.(?:concat|filter|flat|flatMap|map|slice|splice)|%TypedArray%\.prototype\.(?:filter|map|slice|subarray))$/;
const making = /^(?:Array\.(?:from|of))$/;

/** Before a built-in is called. */
export function expectSpecies(ev: Evaluator, name: string, self: Abs): void {
  if (asking.test(name)) expectOwnConstructor(ev, self);
  else if (making.test(name) && self.k === "obj" && !isConstructor(ev, self, false)) refuse(ev);
}

/** What a method makes of an instance of a class over Array: one more, by its constructor, where its species is the class itself; an array where it says so; undefined for others. */
export function madeBySpecies(ev: Evaluator, name: string, self: Abs, args: readonly Abs[], call?: Call): Abs | undefined {
  const method = /^Array\.prototype\.(map|filter|slice)$/.exec(name)?.[1], prototype = self.k === "obj" ? arrayClassOf(ev.object(self.id)) : self.k === "mem" && self.of.array === "Array" ? self.of.prototype : undefined;
  if (method === undefined || prototype === undefined) return undefined;
  const constructor = getProperty(ev, self, prim("constructor")), object = constructor.k === "obj" ? ev.object(constructor.id) : undefined;
  if (object?.t !== "class" && object?.t !== "function") return undefined;
  const species = ev.snapshot.property(object.node, speciesKey), getter = species.kind === "getter" ? ev.snapshot.node(species.get) : undefined;
  ev.expect({ expect: "member", node: object.node.node, key: speciesKey });
  if (getter?.kind === "function") {
    const said = getProperty(ev, constructor, prim(speciesKey)), builtin = said.k === "obj" ? ev.object(said.id) : undefined;
    return builtin?.t === "builtin" && builtin.name === "Array" ? callPrelude(ev, codeOfArrays(ev, name, self)!, self, args, call) : undefined;
  }
  if (getter?.kind !== "builtin" || getter.name !== "get Array.@@species") return undefined;
  return callPrelude(ev, ev.request.prelude(`internal.${method}Of`)!, self, [constructor, ...args], call);
}
const speciesKey = hidden("@@species");

/** What may be the prototype of an array: Array's own, without a node, or that of a class over it. */
export interface ArrayPrototype { readonly node: number | undefined }
export function arrayPrototype(ev: Evaluator, prototype: Abs): ArrayPrototype | undefined {
  const at = prototype.k === "obj" ? ev.object(prototype.id) : undefined;
  if (at?.t === "builtin" && at.name === "Array.prototype") return { node: undefined };
  return at?.t === "snap" && isPlainClass(ev, at.node, "Array") ? { node: at.node.node } : undefined;
}
/** An array whose items are known one by one gets a prototype, as `super(…)` and Object.setPrototypeOf give it; one in memory was made with it. */
export function giveClass(ev: Evaluator, a: Abs, { node }: ArrayPrototype): void {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (object?.t !== "array") return;
  const { prototype: _before, ...plain } = object;
  ev.update((a as Obj).id, node === undefined ? plain : { ...plain, prototype: node });
}
/** Nothing that is asked of arrays by itself is of the class's own, but for its iterator: no elements, and nothing that `concat` and operators ask for. */
function isPlainClass(ev: Evaluator, prototype: NodeRef, over: TypedArrayName | "Array"): boolean {
  for (let at: NodeRef | null = prototype; at; at = ev.snapshot.prototype(at)) {
    const node = ev.snapshot.node(at);
    if (node.kind === "builtin") return node.name === `${over}.prototype` && asked.every((key) => found(ev, keptFor(ev, prototype, key), key, null) === undefinedValue);
    if (node.kind !== "object" || ev.snapshot.property(at, hiddenNumbers).kind !== "absent" || ev.snapshot.keys(at).some((key) => String(Number(key)) === key)) return false;
    ev.expect({ expect: "unextended", prototype: at.node });
    ev.expect({ expect: "behind", node: at.node });
  }
  return false;
}
/**
 * What `super(…)` makes in a class over a typed array (Node's Buffer is one): the array in memory, with that prototype. Undefined where the class is none that is known, or has what
 * arrays have by themselves.
 */
export function givenTyped(ev: Evaluator, name: string, prototype: Abs, make: () => Abs): Abs | undefined {
  const at = prototype.k === "obj" ? ev.object(prototype.id) : undefined, array = typedArrayNames.find((one) => one === name);
  if (array === undefined || at?.t !== "snap" || !isPlainClass(ev, at.node, array)) return undefined;
  if (!ofArrays.every((key) => isOfArrays(ev, at.node, array, key))) return undefined;
  const made = make(), mem = made.k === "obj" ? box(ev, made.id) : made;
  if (mem.k !== "mem" || mem.of.path !== null) throw ev.refuse("Todo", `a class that extends ${name} is constructed of what it shares`, "keep the array in a field");
  const key = `${mem.of.space} ${array} ${mem.of.row} of ${at.node.node}`;
  let of = ev.heapMemories.get(key);
  if (!of) ev.heapMemories.set(key, (of = { ...mem.of, prototype: at.node.node }));
  return { ...mem, of };
}
const ofArrays = ["length", "buffer", "byteLength", "byteOffset", "BYTES_PER_ELEMENT"];

const asked = [toPrimitiveKey, hidden("@@isConcatSpreadable")];

function expectOwnConstructor(ev: Evaluator, self: Abs): void {
  if (self.k === "sum") { for (const alt of self.alts) expectOwnConstructor(ev, partOf(self, alt, ev)); return; }
  if (self.k === "mem") {
    expectInherited(ev, self, "constructor");
    const { prototype } = self.of;
    if (prototype !== undefined && !isConstructor(ev, getProperty(ev, snapValue(ev, new NodeRef(prototype)), prim("constructor")), true)) refuse(ev);
    return;
  }
  const object = self.k === "obj" ? ev.object(self.id) : undefined;
  if (object && arrayClassOf(object) !== undefined && !isConstructor(ev, getProperty(ev, self, prim("constructor")), true)) refuse(ev);
  if (object?.t === "snap" && !isConstructor(ev, getProperty(ev, self, prim("constructor")), true)) refuse(ev);
}

/** Array or a typed array's constructor. Where it is called, not asked, anything that is no class counts too. */
function isConstructor(ev: Evaluator, a: Abs, asked: boolean): boolean {
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (object?.t === "builtin") return object.name === "Array" || typedArrayNames.includes(object.name as TypedArrayName) || !asked;
  return !asked && object?.t !== "class" && object?.t !== "function" && object?.t !== "closure";
}
const refuse = (ev: Evaluator): never => { throw ev.refuse("Todo", "a method makes an array of another class than Array or the typed array's own", "copy the array with a loop"); };
