// A bound function is what calls another one, with a `this` and first arguments of its own: a closure with three captured values.
//
// Before: what `f.bind(self, a)` made, native code without a source. After: capture takes it for `(...rest) => apply(f, self, [...args, ...rest])`,
// which has a source and captured values like any other function. Where the engine does not tell the parts, it stays without a source.
// `new` is another matter: it constructs what is bound, and an arrow function is no constructor, so those calls are the original's.
//
// `console.assert`, which is native code too, has an effect only where what it is given doesn't hold: `(ok, …) => { if (!ok) fail(); }`, of which the
// call, of the host's, is left to the original.

import { builtinName } from "./builtins.ts";
import { attachCaptures } from "./captures.ts";
import { isNativeText, isProxy, kernelBehind, standFor, textOf } from "./host.ts";
import { boundParts, type BoundParts } from "./inspector.ts";

/** The function that has the source of `live`: itself, a kernel for what specialize() made of it, a closure for a bound one. */
export function sourceOf(live: Function): Function {
  const fn = kernelBehind(live) as Function;
  if (fn.name === "assert" && isNativeText(textOf(fn))) return assertOf(fn, live) ?? fn;
  const parts = fn.name.startsWith("bound ") && isNativeText(textOf(fn)) ? boundParts(fn) : undefined;
  if (parts === undefined) return fn;
  // compilers' helpers make names of the engine's own functions that way: `_extends = Object.assign.bind()`
  if (parts.self === undefined && parts.args.length === 0 && builtinName(parts.target) !== null) return parts.target;
  return standing(closureOf(parts), fn, live);
}
function standing(closure: Function, ...functions: readonly Function[]): Function {
  for (const of of new Set(functions)) standFor(of, closure);
  return closure;
}

/** What stands for the console's own `assert`: in Node, the engine's and Node's bound into one. */
function assertOf(fn: Function, live: Function): Function | undefined {
  const { target: fail, args: [engines] } = boundParts(fn) ?? { target: fn, args: [] };
  if (fail.name !== "consoleCall" || typeof engines !== "function" || !/^function assert\(.*native code/.test(textOf(engines))) return undefined;
  return standing(attachCaptures((ok: unknown): void => { if (!ok) fail(); }, { fail }), fn, live);
}

const { apply } = Reflect;

function closureOf({ target, self, args: given }: BoundParts): Function {
  const args = Object.freeze([...given]);
  return attachCaptures((...rest: unknown[]): unknown => apply(target, self, [...args, ...rest]), { apply, target, self, args });
}

const known = new WeakMap<Function, BoundParts | null>();
/** What was bound to the object that has it in the field, `this.f = this.f.bind(this)`, where nothing else was given and nobody put anything on it; undefined of anything else. */
export function boundToHolder(holder: object, value: unknown): Function | undefined {
  if (typeof value !== "function" || isProxy(value) || !isNativeText(textOf(value)) || Object.getPrototypeOf(value) !== Function.prototype || Reflect.ownKeys(value).length !== 2) return undefined;
  let parts = known.get(value);
  if (parts === undefined) known.set(value, (parts = boundParts(value) ?? null));
  return parts !== null && parts.self === holder && parts.args.length === 0 && !isNativeText(textOf(parts.target)) ? parts.target : undefined;
}
