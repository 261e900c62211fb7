// Properties of functions and classes that the kernel writes: counters, seeds and caches that live beside the code.
//
//   static next() { Random.seed = Random.seed * 16807 % 2147483647; … }      function id() { return id.last++; }
//
// A function of the snapshot is static. The first write to a property of its own is remembered and the walk begins again: such properties are the
// fields of an object of the caller's (inputs.ts) that stands beside the function, read at entry and written at a return. All else of the
// function is what it was; of those properties no guard compares what they hold.

import type { Kind } from "../../ir/interface.ts";
import type { NodeRef } from "../../ir/snapshot.ts";
import type { Evaluator } from "./evaluator.ts";
import { kindOf } from "./captured.ts";
import { obj, type Obj } from "./values.ts";
import { Restart } from "./walk.ts";

/** What stands beside the function, where the property is one that is written. */
export function expandosOf(ev: Evaluator, ref: NodeRef, name: string): Obj | undefined {
  const names = ev.lessons.expandos.get(ref.node);
  if (!names?.has(name)) return undefined;
  const known = ev.expandos.get(ref.node), path = ev.staticPaths.get(ref.node);
  // the function that is given is the very one whose properties are read
  if (path) ev.expect({ expect: "same", path, other: { root: { node: ref.node }, keys: [] } });
  if (known !== undefined) return obj(known);
  const fields = new Map<string, Kind>();
  for (const key of names) {
    const property = ev.snapshot.property(ref, key);
    ev.expect({ expect: "anew", node: ref.node, key });
    if (property.kind === "data") fields.set(key, kindOf(property.value));
  }
  const id = ev.newId();
  ev.expandos.set(ref.node, id);
  ev.statics.set(id, { t: "object", origin: { from: "input", path: { root: { node: ref.node }, keys: [] }, kind: { kind: "object", prototype: ev.snapshot.prototype(ref)?.node ?? null, fields } }, prototype: null, fields: new Map() });
  return obj(id);
}

/** The property is written from now on. Begins again, but where it is none of the function's own that can be written so. */
export function becomeExpando(ev: Evaluator, ref: NodeRef, name: string): never {
  const property = ev.snapshot.property(ref, name), parent = ev.snapshot.prototype(ref), { expandos } = ev.lessons;
  const own = property.kind === "data" && property.writable && !(parent && ev.snapshot.property(parent, name) === property);
  if (!own && property.kind !== "absent") throw ev.refuse("Unsupported", `the property ${name} of a function is written, which is no plain one of its own`, "use a plain object");
  const names = expandos.get(ref.node) ?? new Set();
  expandos.set(ref.node, names.add(name));
  throw new Restart();
}
