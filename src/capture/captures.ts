// The values of a function's free variables.
//
// Before: a function and a name that its text leaves free. After: what the variable holds, whether it can still change, or why it can't be had.
// Looked up in this order: `env` of the kernel; what `attachCaptures` (the public `captures`) gave the function; the engine's scopes around
// it; the global object; `env` once more, for helpers whose captures the host does not show.
// Constants are remembered for good, variables are read anew by every Scopes, which belongs to one snapshot.

import { accessorsOf, type Accessors } from "./accessors.ts";
import { addRealm, builtinName } from "./builtins.ts";
import { canInspect, inspectFunction, type FunctionFacts } from "./inspector.ts";
import { isOwnName, judge } from "./reassigned.ts";
import { rememberPlace } from "./scripts.ts";
import { nodeModule, textOf } from "./host.ts";

/** Values by name; `{get, set}` gives accessors of a variable that is reassigned. */
export type Environment = Readonly<Record<string, unknown>>;
export type { Accessors };

export type LiveCapture =
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "variable"; readonly value: unknown; readonly accessors: Accessors | null }
  | { readonly kind: "missing"; readonly why: string };

const attached = new WeakMap<Function, Environment>();

/** Gives a function the values of its free variables, for hosts that do not show them. Later calls add to earlier ones. */
export function attachCaptures<F extends Function>(fn: F, values: Environment): F {
  attached.set(fn, { ...attached.get(fn), ...values });
  return fn;
}

/** Whether an entry of an environment is {get} or {get, set} rather than a value. */
function givenAccessors(value: unknown): Accessors | null {
  if (typeof value !== "object" || value === null) return null;
  const keys = Object.keys(value);
  const candidate = value as Partial<Accessors>;
  const fits = keys.includes("get") && keys.every((key) => key === "get" || key === "set")
    && typeof candidate.get === "function" && (candidate.set === undefined || typeof candidate.set === "function");
  return fits ? (candidate as Accessors) : null;
}

function given(environment: Environment | undefined, name: string): LiveCapture | null {
  if (!environment || !Object.hasOwn(environment, name)) return null;
  const value = environment[name];
  const accessors = givenAccessors(value);
  return accessors ? { kind: "variable", value: accessors.get(), accessors } : { kind: "constant", value };
}

/** Constants that the engine's scopes gave and nothing can reassign. */
const constants = new WeakMap<Function, Map<string, LiveCapture>>();
/**
 * Built-ins that no enclosing scope of a function hides, and the global object that has them: the text decides that, so the engine, which
 * takes half a millisecond, is asked once a function.
 */
const plainBuiltins = new WeakMap<Function, Map<string, { readonly global: object; readonly value: unknown }>>();
const fixed: Readonly<Record<string, LiveCapture>> = Object.assign(Object.create(null) as object, {
  undefined: { kind: "constant", value: undefined },
  NaN: { kind: "constant", value: NaN },
  Infinity: { kind: "constant", value: Infinity },
} as const);

/** What Node's own modules have of what its global object has behind getters. */
const behindGetters: Readonly<Record<string, () => unknown>> = Object.assign(Object.create(null) as object, {
  Buffer: () => nodeModule<typeof import("node:buffer")>("node:buffer")?.Buffer,
  process: () => nodeModule("node:process") ?? undefined,
  TextEncoder: () => nodeModule<typeof import("node:util")>("node:util")?.TextEncoder,
});

/** A built-in that was found before, and is still there. */
function builtinOf(fn: Function, name: string): LiveCapture | null {
  const known = plainBuiltins.get(fn)?.get(name);
  return known !== undefined && Object.getOwnPropertyDescriptor(known.global, name)?.value === known.value ? { kind: "constant", value: known.value } : null;
}

export class Scopes {
  readonly #kernel: Function | null;
  readonly #env: Environment | undefined;
  readonly #facts = new Map<Function, FunctionFacts | null>();

  /** `env` is the kernel's; without a kernel it is everybody's. */
  constructor(kernel: Function | null, env: Environment | undefined) {
    this.#kernel = kernel;
    this.#env = env;
  }

  resolve(fn: Function, name: string): LiveCapture {
    const known = fixed[name];
    if (known) return known;
    const ownEnv = this.#kernel === null || this.#kernel === fn ? given(this.#env, name) : null;
    return ownEnv ?? given(attached.get(fn), name) ?? builtinOf(fn, name) ?? this.#inScopes(fn, name) ?? this.#elsewhere(fn, name);
  }

  /** Live accessors of a variable that `resolve` found, where the engine helps to make them. */
  reach(fn: Function, name: string): Accessors | null {
    const facts = this.#factsOf(fn);
    return facts && accessorsOf(fn, name, facts.scopes);
  }

  #inScopes(fn: Function, name: string): LiveCapture | null {
    const remembered = constants.get(fn)?.get(name);
    if (remembered) return remembered;
    const scope = this.#factsOf(fn)?.scopes.find((s) => s.type !== "global" && Object.hasOwn(s.object, name));
    if (!scope) return ownNameOf(textOf(fn)) === name ? { kind: "constant", value: fn } : null;
    const value = scope.object[name];
    if (value !== fn && ownNameOf(textOf(fn)) === name && isOwnName(fn, name, "full")) return { kind: "constant", value: fn };
    const { verdict, kind, uninitialised } = judge(fn, name, value, scope.type, "full");
    if (uninitialised && this.reach(fn, name) === null) return { kind: "missing", why: `${name} is undefined: perhaps it is not initialised yet. Call later, or give it in env` };
    if (verdict === "unknown") return { kind: "variable", value, accessors: null };
    // The variables of classic scripts are everybody's: any other script may assign them.
    if (verdict === "variable" || (scope.type === "script" && kind !== "const")) return { kind: "variable", value, accessors: null };
    const constant: LiveCapture = { kind: "constant", value };
    let ofFunction = constants.get(fn);
    if (!ofFunction) constants.set(fn, (ofFunction = new Map()));
    ofFunction.set(name, constant);
    return constant;
  }

  #elsewhere(fn: Function, name: string): LiveCapture {
    const scopes = this.#facts.get(fn)?.scopes;
    const inspected = scopes !== undefined && scopes.length > 0;
    const global: object = scopes?.find((s) => s.type === "global")?.object ?? globalThis;
    addRealm(global);
    for (let owner: object | null = global; owner; owner = Object.getPrototypeOf(owner) as object | null) {
      const descriptor = Object.getOwnPropertyDescriptor(owner, name);
      if (!descriptor) continue;
      const ofNode = descriptor.get && inspected && given(this.#env, name) === null ? this.#ofNode(name, descriptor.get) : null;
      if (ofNode) return ofNode;
      if (!("value" in descriptor)) return given(this.#env, name) ?? { kind: "missing", why: `${name} is behind a getter of the global object; give its value in env` };
      const value: unknown = descriptor.value;
      const builtin = ((typeof value === "object" && value !== null) || typeof value === "function") && builtinName(value) !== null;
      if (builtin && inspected && owner === global) {
        let ofFunction = plainBuiltins.get(fn);
        if (!ofFunction) plainBuiltins.set(fn, (ofFunction = new Map()));
        ofFunction.set(name, { global, value });
      }
      if (builtin || (!descriptor.writable && !descriptor.configurable)) return { kind: "constant", value };
      // without an inspector a module's own variable of that name would be seen by nobody: what the user says goes first
      return (inspected ? null : given(this.#env, name)) ?? { kind: "variable", value, accessors: null };
    }
    const last = given(this.#env, name);
    if (last) return last;
    const why = inspected ? `${name} is not defined` : canInspect() ? `the engine shows no scopes of ${fn.name || "this function"}` : "this host does not show a function's captured values";
    return { kind: "missing", why: `${why}; give ${name} in env, or attach it to its function with captures(fn, {${name}})` };
  }

  /** `Buffer`, `process` and `TextEncoder` stand behind getters of Node's own, which answer with a variable: what they hold unless somebody put something else there. */
  #ofNode(name: string, get: Function): LiveCapture | null {
    const theirs = behindGetters[name]?.();
    const variable = theirs === undefined ? undefined : /^get\(\)\s*\{\s*return (\w+);\s*\}$/.exec(textOf(get))?.[1] ?? "lazyLoadedValue";
    if (variable === undefined) return null;
    const scope = this.#factsOf(get)?.scopes.find((s) => s.type !== "global" && Object.hasOwn(s.object, variable));
    const now = scope?.object[variable];
    return scope && (now === theirs || (now === undefined && scope.object.key === name)) ? { kind: "constant", value: theirs } : null;
  }

  #factsOf(fn: Function): FunctionFacts | null {
    let facts = this.#facts.get(fn);
    if (facts === undefined) {
      facts = inspectFunction(fn);
      this.#facts.set(fn, facts);
      if (facts) rememberPlace(fn, facts.place);
    }
    return facts;
  }

  /** The variables of enclosing functions that the function's text may mention: what makes two closures of one text differ. */
  closureNames(fn: Function): readonly string[] {
    const known = closures.get(fn);
    if (known) return known;
    const names = new Set(Object.keys(attached.get(fn) ?? {}));
    const words = new Set(textOf(fn).match(/[\p{L}\p{N}$_\u200c\u200d]+/gu));
    for (const scope of this.#factsOf(fn)?.scopes ?? []) {
      if (scope.type === "closure") for (const name of Object.keys(scope.object)) if (words.has(name)) names.add(name);
    }
    const list = [...names];
    closures.set(fn, list);
    return list;
  }
}

const closures = new WeakMap<Function, readonly string[]>();

/** The name that a function's or class's own text gives it. */
const ownNameOf = (text: string): string | null => /^(?:async\s+)?(?:function\s*\*?|class)\s+([\p{L}\p{N}$_]+)/u.exec(text)?.[1] ?? null;
