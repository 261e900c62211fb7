// WeakMaps and WeakSets that the kernel makes: what is known of an object, without being in it.
//
//   const seen = new WeakSet();  …  if (seen.has(node)) continue; seen.add(node);
//
// One is an object under the engine's prototype that holds a Map or Set under a hidden name: so it has that prototype's methods, no size, is not iterated, and neither
// leaves nor lies in memory. What these methods do is what the Map's or Set's do (collections.ts, objectkeys.ts), but that only objects are put in.

import { callFunction } from "./calls.ts";
import { constructBuiltin } from "./constructed.ts";
import { listOf } from "./collections.ts";
import type { Evaluator } from "./evaluator.ts";
import { snapValue } from "./inputs.ts";
import { isStaticKey } from "./keys.ts";
import { getProperty, split } from "./objects.ts";
import { engineThrows } from "./tries.ts";
import { falseValue, hidden, obj, prim, undefinedValue, type Abs, type Obj } from "./values.ts";

type Rule = (ev: Evaluator, args: readonly Abs[], self: Abs) => Abs;
const keyOf = (name: string): string => hidden(`in ${name}`);

export function constructWeak(ev: Evaluator, name: "WeakMap" | "WeakSet", entries: Abs): Abs {
  const table = constructBuiltin(ev, name === "WeakMap" ? "Map" : "Set", []), made = obj(ev.newOwnId());
  ev.state.objects.set(made.id, { t: "object", origin: { from: "local" }, prototype: snapValue(ev, ev.snapshot.builtin(`${name}.prototype`)) as Obj, fields: new Map([[keyOf(name), table]]) });
  if (entries.k === "prim" && (entries.value === undefined || entries.value === null)) return made;
  for (const entry of listOf(ev, entries)) {
    if (name === "WeakSet") ask(ev, table, name, "add", entry, undefinedValue);
    else ask(ev, table, name, "set", getProperty(ev, entry, prim(0)), getProperty(ev, entry, prim(1)));
  }
  return made;
}

/** The Map or Set that it holds. */
function tableOf(ev: Evaluator, self: Abs, name: string): Abs {
  const object = self.k === "obj" ? ev.object(self.id) : undefined, table = object?.t === "object" ? object.fields.get(keyOf(name)) : undefined;
  if (!table) throw ev.refuse("Unsupported", `a ${name} is asked that the kernel did not make`, "make it in the kernel");
  return table;
}

const rule = (name: "WeakMap" | "WeakSet", method: string): Rule => (ev, args, self) => {
  const table = tableOf(ev, self, name), result = ask(ev, table, name, method, args[0] ?? undefinedValue, args[1] ?? undefinedValue);
  return method === "set" || method === "add" ? self : result;
};
function ask(ev: Evaluator, table: Abs, name: "WeakMap" | "WeakSet", method: string, key: Abs, value: Abs): Abs {
  if (key.k === "sum") return split(ev, key, (one) => ask(ev, table, name, method, one, value));
  if (key.k === "obj" && (isStaticKey(ev, key) || ev.object(key.id).t === "opaque")) throw ev.refuse("Todo", "a symbol may be a key of a WeakMap or WeakSet", "use an object");
  if (key.k !== "obj" && key.k !== "mem") return method === "set" || method === "add" ? engineThrows(ev, "TypeError", `what is no object is put into a ${name}`) : method === "get" ? undefinedValue : falseValue;
  return callFunction(ev, getProperty(ev, table, prim(method)), table, [key, value]);
}

export const weakRules: Record<string, Rule> = Object.fromEntries(([["WeakMap", ["get", "set", "has", "delete"]], ["WeakSet", ["add", "has", "delete"]]] as const)
  .flatMap(([name, methods]) => methods.map((method) => [`${name}.prototype.${method}`, rule(name, method)])));
