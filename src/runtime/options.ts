// The options of specialize(): what there is, checked once, at the call of specialize().
// Guarantees: an option that does not exist, a value that none may have, or a slow name that is no parameter is a TypeError that lists
// the real ones and offers the nearest. What comes out has every default filled in.

import { nearest } from "./nearest.ts";
import type { Parameters } from "./parameters.ts";

export type Tier = "auto" | "wasm" | "js" | "original";
export type SlowPath = { readonly root: number | "this"; readonly keys: readonly string[] };

/** How a slow value is compared with the one that was compiled in. */
export type Watch =
  /** by content, at every call */
  | "value"
  /** by identity: edits in place are not noticed */
  | "identity"
  /** not at all: `refresh()` or `reset()` after a change */
  | "manual"
  /** by what `hash` answers for it */
  | { readonly hash: (value: never) => unknown }
  /** as `same(now, before)` says */
  | { readonly same: (now: never, before: never) => boolean };

export interface Limits {
  /** operations that a static loop may unroll to */
  readonly unroll: number;
  /** operations of a residual */
  readonly operations: number;
  /** operations of residual JavaScript that is still run: V8 never optimizes larger functions */
  readonly jsOperations: number;
  /** versions kept for each kernel */
  readonly versions: number;
  /** milliseconds for one version's partial evaluation and passes, on a quiet machine: the evaluation's are counted in work, so that a busy one refuses no more (decision 0015) */
  readonly compileMs: number;
  readonly moduleBytes: number;
  readonly snapshotBytes: number;
}

export interface Optimize { readonly level?: 0 | 1 | 2 | 3 | 4; readonly shrink?: 0 | 1 | 2; readonly passes?: readonly string[] }
export interface Relax { readonly reassociate?: boolean; readonly f32?: boolean; readonly fma?: boolean; readonly math?: boolean }
/** "hit": the version fits as far as this guard goes. "miss": not in this call. "never": it is to be dropped. */
export type GuardAnswer = "hit" | "miss" | "never";
/** Asked at every call of a version, before its own tests: the arguments, and the slow values that were compiled in, by name. */
export type Guard = (args: readonly unknown[], slow: Readonly<Record<string, unknown>>) => GuardAnswer;
export type Verify = "off" | "first" | { readonly every: number };

export interface KernelEvent {
  readonly type: "specialised" | "swapped" | "polymorphic" | "fell back" | "withdrawn" | "evicted" | "slower" | "churn" | "demoted" | "mismatch" | "invariant" | "memory full" | "no memory" | "worker lost";
  readonly kernel: string;
  /** a sentence */
  readonly message: string;
  readonly detail?: unknown;
}

export interface Options {
  readonly slow?: readonly (string | number)[] | string | number;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly signature?: Readonly<Record<string, string>>;
  readonly tier?: Tier;
  readonly compile?: "background" | "sync";
  readonly watch?: Watch | Readonly<Record<string, Watch>>;
  readonly relax?: Relax;
  readonly verify?: Verify;
  readonly limits?: Partial<Limits>;
  readonly optimize?: Optimize;
  readonly pure?: readonly ((...args: never[]) => unknown)[];
  readonly guards?: readonly Guard[];
  readonly strict?: boolean;
  readonly onEvent?: (event: KernelEvent) => void;
}

export interface Settled {
  /** null: as the annotations say */
  readonly slow: readonly SlowPath[] | null;
  readonly env: Readonly<Record<string, unknown>>;
  readonly signature: Readonly<Record<string, string>> | null;
  readonly tier: Tier;
  readonly compile: "background" | "sync";
  watch(path: SlowPath): Watch;
  readonly relax: Required<Relax>;
  readonly verify: Verify;
  readonly limits: Limits;
  readonly optimize: Optimize;
  readonly pure: readonly ((...args: never[]) => unknown)[];
  readonly guards: readonly Guard[];
  readonly strict: boolean;
  readonly onEvent: ((event: KernelEvent) => void) | null;
}

export const defaultLimits: Limits = {
  unroll: 3000, operations: 50_000, jsOperations: 2_000, versions: 16, compileMs: 10_000, moduleBytes: 4 << 20, snapshotBytes: 256 << 20,
};

const names = [
  "slow", "env", "signature", "tier", "compile", "watch", "relax", "verify", "limits", "optimize", "pure", "guards", "strict", "onEvent",
] as const satisfies readonly (keyof Options)[];
const relaxNames = ["reassociate", "f32", "fma", "math"] as const;
const optimizeNames = ["level", "shrink", "passes"] as const;
const signatureKinds = [
  "f64", "i32", "boolean", "Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array",
  "Float32Array", "Float64Array",
] as const;

export function settle(options: Options, kernel: string, parameters: Parameters): Settled {
  const where = `specialize(${kernel})`;
  onlyThese(Object.keys(options), names, `${where} has no option`, "options");
  oneOf(options.tier, ["auto", "wasm", "js", "original"], `${where}: tier`);
  oneOf(options.compile, ["background", "sync"], `${where}: compile`);
  onlyThese(Object.keys(options.relax ?? {}), relaxNames, `${where}: relax has no`, "switches");
  onlyThese(Object.keys(options.limits ?? {}), Object.keys(defaultLimits), `${where}: limits has no`, "limits");
  onlyThese(Object.keys(options.optimize ?? {}), optimizeNames, `${where}: optimize has no`, "settings");
  oneOf(options.optimize?.level, [0, 1, 2, 3, 4], `${where}: optimize.level`);
  oneOf(options.optimize?.shrink, [0, 1, 2], `${where}: optimize.shrink`);
  for (const [name, limit] of Object.entries(options.limits ?? {})) {
    if (typeof limit !== "number" || !(limit >= 0)) throw new TypeError(`wasmorph: ${where}: limits.${name} must be a number, 0 or more, not ${String(limit)}`);
  }
  for (const name of ["pure", "guards"] as const) {
    const list: unknown = options[name];
    if (list !== undefined && !(Array.isArray(list) && list.every((fn) => typeof fn === "function"))) throw new TypeError(`wasmorph: ${where}: ${name} must be an array of functions`);
  }
  if (options.onEvent !== undefined && typeof options.onEvent !== "function") throw new TypeError(`wasmorph: ${where}: onEvent must be a function`);
  const { verify = "off" } = options;
  if (typeof verify === "object" ? !(Number.isInteger(verify.every) && verify.every > 0) : verify !== "off" && verify !== "first") {
    throw new TypeError(`wasmorph: ${where}: verify must be "off", "first" or { every: n }`);
  }
  for (const [name, kind] of Object.entries(options.signature ?? {})) {
    if (parameters.names !== null && !parameters.names.includes(name)) throw unknownParameter(where, "signature", name, parameters);
    oneOf(kind, signatureKinds, `${where}: signature.${name}`);
  }
  const relax = options.relax ?? {};
  return {
    slow: options.slow === undefined ? null : slowPaths(options.slow, where, parameters),
    env: options.env ?? {},
    signature: options.signature ?? null,
    tier: options.tier ?? "auto",
    compile: options.compile ?? "background",
    watch: watchOf(options.watch ?? "value", where, parameters),
    relax: { reassociate: relax.reassociate ?? false, f32: relax.f32 ?? false, fma: relax.fma ?? false, math: relax.math ?? false },
    verify,
    limits: { ...defaultLimits, ...options.limits },
    optimize: options.optimize ?? {},
    pure: options.pure ?? [],
    guards: options.guards ?? [],
    strict: options.strict ?? false,
    onEvent: options.onEvent ?? null,
  };
}

/** `"cfg.filters"`, `"this"`, 2 → paths. A path that lies inside another one says nothing new. */
export function slowPaths(slow: readonly (string | number)[] | string | number, where: string, parameters: Parameters): SlowPath[] {
  const spelled = Array.isArray(slow) ? slow as readonly (string | number)[] : [slow as string | number];
  const paths = spelled.map((name) => slowPath(name, where, parameters));
  const inside = (a: SlowPath, b: SlowPath): boolean => a !== b && a.root === b.root && b.keys.length <= a.keys.length && b.keys.every((key, i) => key === a.keys[i]);
  return paths.filter((path, i) => !paths.some((other, j) => inside(path, other) && (other.keys.length < path.keys.length || j < i)));
}

function slowPath(name: string | number, where: string, parameters: Parameters): SlowPath {
  if (typeof name === "number") {
    // what a compiler made of a default value is found in `arguments`, where no parameter is in sight
    if (!Number.isInteger(name) || name < 0 || (parameters.names !== null && !parameters.countsArguments && name >= parameters.names.length)) {
      throw new TypeError(`wasmorph: ${where}: slow position ${name} is no parameter; there are ${parameters.names?.length ?? 0}, counted from 0`);
    }
    return { root: name, keys: [] };
  }
  if (typeof name !== "string") throw new TypeError(`wasmorph: ${where}: slow takes names, dotted paths and positions, not ${String(name)}`);
  const [root, ...keys] = name.split(".");
  if (root === "this") return { root: "this", keys };
  const path = parameters.find(root!);
  if (path === null) throw unknownParameter(where, "slow", root!, parameters);
  return { root: path.root, keys: [...path.keys, ...keys] };
}

function unknownParameter(where: string, option: string, name: string, parameters: Parameters): TypeError {
  const known = parameters.all;
  const list = known.length === 0 ? "it has no parameters" : `its parameters: ${known.join(", ")}`;
  return new TypeError(`wasmorph: ${where}: ${option} names "${name}", which is no parameter${nearest(name, known)} (${list})`);
}

const isWatch = (watch: unknown): watch is Watch =>
  watch === "value" || watch === "identity" || watch === "manual"
  || (typeof watch === "object" && watch !== null
    && (typeof (watch as { hash?: unknown }).hash === "function" || typeof (watch as { same?: unknown }).same === "function"));

function watchOf(watch: Watch | Readonly<Record<string, Watch>>, where: string, parameters: Parameters): (path: SlowPath) => Watch {
  const wrong = (what: unknown): TypeError => new TypeError(`wasmorph: ${where}: watch must be "value", "identity", "manual", { hash } or { same }, for all or for each slow path, not ${JSON.stringify(what)}`);
  if (isWatch(watch)) return () => watch;
  if (typeof watch !== "object" || watch === null) throw wrong(watch);
  const table = Object.entries(watch).map(([name, one]) => {
    if (!isWatch(one)) throw wrong(one);
    return { path: slowPath(name, where, parameters), one };
  });
  return ({ root, keys }) => table.find(({ path }) => path.root === root && path.keys.join() === keys.join())?.one ?? "value";
}

function onlyThese(given: readonly string[], known: readonly string[], complaint: string, what: string): void {
  for (const name of given) {
    if (!known.includes(name)) throw new TypeError(`wasmorph: ${complaint} "${name}"${nearest(name, known)} (the ${what}: ${known.join(", ")})`);
  }
}

function oneOf(value: unknown, known: readonly (string | number)[], what: string): void {
  if (value === undefined || known.includes(value as string)) return;
  const near = typeof value === "string" ? nearest(value, known.map(String)) : "";
  throw new TypeError(`wasmorph: ${what} can't be ${JSON.stringify(value)}${near} (one of ${known.map((one) => JSON.stringify(one)).join(", ")})`);
}
