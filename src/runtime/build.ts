// Makes a version for the values of a call: snapshot, kinds, residual; and a version's tiers.

import { byteLengthOfTyped, isDataView, isProxy } from "../capture/host.ts";
import { placeIsKnown } from "../capture/source.ts";
import type { Given, PureCalls, Residual } from "../compile.ts";
import { diagnose, Refusal, type SourceText } from "../diagnostic.ts";
import { NodeRef } from "../ir/snapshot.ts";
import { copyOf } from "./copies.ts";
import type { EmitOptions } from "../wasm/emit.ts";
import { relaxedSimd, simd } from "../wasm/instantiate.ts";
import { reachOf } from "../capture/linked.ts";
import { valueAt } from "./churn.ts";
import type { Kernel } from "./kernel.ts";
import { settings } from "./configure.ts";
import { sharedMemory } from "./memory.ts";
import type { SlowPath } from "./options.ts";
import type { Described } from "../capture/kinds.ts";
import type { LiveSnapshot, Request } from "./pipeline.ts";
import { isBelow, slowPathsOf, watchesOf } from "./slow.ts";
import { trackerOf, untracked } from "./tracked.ts";
import { nextTask } from "./turn.ts";
import { surroundingsOf, type Pinned } from "./surroundings.ts";
import type { Program } from "../ir/types.ts";
import type { Templated } from "./templates.ts";
import { buildJs, buildWasm, type BuiltTier, type TierName } from "./tiers.ts";
import { serve, serveBy, Version, type ServingTier } from "./version.ts";

/** What of a kernel an order and a tier are made for: of a kernel itself, or as if nothing of it were slow (generic.ts). */
export type Subject = Pick<Kernel, "original" | "name" | "code" | "parameters" | "options" | "pipeline" | "knownTexts" | "fractions" | "rare" | "exchange" | "entries" | "ms" | "slow" | "fast"> & { readonly making: { readonly gaveUp: number } };

export interface Built { readonly version: Version; readonly captureMs: number }

/** What a version is to be made of: the snapshot, what was found of the call's values, and the request to the compiler. */
export interface VersionOrder {
  readonly snapshot: LiveSnapshot;
  readonly described: Described;
  readonly fingerprint: string;
  readonly key: string;
  readonly argc: number;
  readonly request: Request;
  readonly slowValues: Readonly<Record<string, unknown>>;
  /** about how much the slow values hold: of another shape it is another number, as a rule */
  readonly slowBytes: number;
  readonly captureMs: number;
}

/** Throws Refusal. Null: `enough` says of the key that no new version is wanted. Runs none of the user's code. */
export function orderFor(kernel: Subject, self: unknown, args: readonly unknown[], enough?: (key: string) => boolean): VersionOrder | null {
  return orderOf(kernel, self, args, seen(kernel, self, args), enough);
}

/** The same in two tasks. What is edited in between makes a version that no call fits: guards compare with what was copied. */
export async function orderInSteps(kernel: Kernel, self: unknown, args: readonly unknown[], enough?: (key: string) => boolean): Promise<VersionOrder | null> {
  const first = kernel.step(() => seen(kernel, self, args));
  await nextTask();
  return kernel.step(() => orderOf(kernel, self, args, first, enough));
}

interface Seen extends ReturnType<typeof look> { readonly ms: number; readonly slowBytes: number }
function seen(kernel: Subject, self: unknown, args: readonly unknown[]): Seen {
  const started = performance.now();
  const slowBytes = refuseLarge(kernel, self, args);
  return { ...look(kernel, self, args), slowBytes, ms: performance.now() - started };
}

/** The contents are copied for the fingerprint, and are what the version is made of. */
function orderOf(kernel: Subject, self: unknown, args: readonly unknown[], { snapshot, described, slowBytes, ms }: Seen, enough: (key: string) => boolean = () => false): VersionOrder | null {
  const { options } = kernel;
  const started = performance.now() - ms;
  const fingerprint = snapshot.fingerprint(described.statics);
  const key = keyFrom(args, described, fingerprint);
  if (enough(key)) return null;
  const ref = snapshot.value(kernel.original) as NodeRef;
  const { limits, relax, pure } = options;
  const slowValues = options.guards.length === 0 ? {} : copyOf(Object.fromEntries(kernel.slow.map((path) => [slowName(path, kernel), untracked(valueAt(path, self, args))])));
  return {
    snapshot, described, fingerprint, key, argc: args.length, slowValues, slowBytes, captureMs: performance.now() - started,
    request: { kernel: ref, snapshot, self: described.self, args: described.args, overlap: described.overlap, options: { limits, relax: { ...relax, fma: relax.fma && relaxedSimd() }, pure, custom: settings.passes, simd: simd(), rare: [...kernel.rare], gaveUp: kernel.making.gaveUp }, callPure: pureCalls(snapshot, pure) },
  };
}

/** Calls the functions declared pure, on live values; what they give becomes part of the snapshot. */
function pureCalls(snapshot: LiveSnapshot, pure: readonly ((...args: never[]) => unknown)[]): PureCalls | undefined {
  if (pure.length === 0) return undefined;
  const kept: unknown[] = []; // the snapshot alone would not keep them alive
  const live = (given: Given): unknown =>
    given instanceof NodeRef ? snapshot.live(given) : typeof given !== "object" || given === null ? given
    : "list" in given ? given.list.map(live) : Object.fromEntries(given.record.map(([key, value]) => [key, live(value)]));
  return {
    declared: (fn) => pure.includes(snapshot.live(fn) as never),
    call(fn, self, args) {
      try {
        const result: unknown = Reflect.apply(snapshot.live(fn) as () => unknown, live(self), args.map(live));
        kept.push(result);
        return { threw: false, value: snapshot.value(result) };
      } catch { return { threw: true }; }
    },
  };
}

/** A version, without tiers yet. What a kernel that never says `this` is called on is not tested. */
export function versionOf(kernel: Subject, order: VersionOrder, residual: Residual): Version {
  const { key, argc, described, fingerprint, snapshot } = order;
  const version = new Version(key, argc, described, fingerprint, residual, snapshot);
  version.expect(expectsOf(kernel, residual));
  version.slowValues = order.slowValues;
  return version;
}

const expectsOf = ({ parameters }: Subject, { expects }: Residual): Residual["expects"] =>
  (parameters.usesThis ? expects : expects.filter((expect) => !("path" in expect && expect.path.root === "this")));

/**
 * Throws Refusal. Null: `enough` says of the key that no new version is wanted. Runs none of the user's code but what `pure` allows. `quick` says
 * of the kinds whether a quick program is enough for now.
 */
export function buildVersion(kernel: Kernel, self: unknown, args: readonly unknown[], enough?: (key: string) => boolean, quick: (kinds: string) => boolean | "large" = () => false): Built | null {
  const order = orderFor(kernel, self, args, enough);
  if (order === null) return null;
  const isQuick = quick(order.described.key), standIn = isQuick === true ? standInFor(kernel, order, args) : null;
  kernel.rolled.met(order);
  kernel.generic.met(order);
  const version = versionOf(kernel, order, standIn?.residual ?? unrolled(kernel, { ...order.request, quick: isQuick }));
  if (standIn !== null) version.standIn = { template: standIn.build, ...slowAlone(kernel, self, args) };
  return { version, captureMs: order.captureMs };
}

/** A quick program that takes less time than the options' own: a template's, or one that keeps its loops; a template of values that more may come of before that. */
function standInFor(kernel: Kernel, order: VersionOrder, args: readonly unknown[]): Pick<Templated, "residual"> & { readonly build: Templated["build"] | null } | null {
  const templated = (make: boolean): Templated | null => (kernel.tier === "wasm" ? kernel.templates.of(order, make) : null);
  const isAlike = kernel.rolled.isAlike(order), known = templated(isAlike);
  if (known !== null) return known;
  const residual = kernel.rolled.of(order, args);
  if (residual !== null) return { residual, build: null };
  return isAlike ? null : templated(true);
}

/** As the options ask. */
function unrolled(kernel: Kernel, request: Request): Residual {
  const residual = kernel.pipeline.residualize(request);
  kernel.rolled.measure(residual);
  return residual;
}

/** The call's values as far as they are slow: an entry that is planned later finds them. */
function slowAlone({ slow }: Kernel, self: unknown, args: readonly unknown[]): { readonly self: unknown; readonly args: readonly unknown[] } {
  const isSlow = (root: number | "this"): boolean => slow.some((path) => path.root === root);
  return { self: isSlow("this") ? self : undefined, args: args.map((arg, i) => (isSlow(i) || trackerOf(arg) !== undefined ? arg : undefined)) };
}

/** The key that a version for these values has. */
export function keyOf(kernel: Kernel, self: unknown, args: readonly unknown[]): string {
  const { snapshot, described } = look(kernel, self, args);
  return keyFrom(args, described, snapshot.fingerprint(described.statics));
}

function look(kernel: Subject, self: unknown, args: readonly unknown[]): { snapshot: LiveSnapshot; described: Described } {
  const snapshot = kernel.pipeline.snapshot(kernel.options.env, kernel.original);
  // what a kernel that never says `this` is called on is no matter of kinds
  return { snapshot, described: kernel.pipeline.describe(kernel.parameters.usesThis ? self : undefined, args, slowPathsOf(kernel.slow, kernel.fast, self, args), snapshot, kernel.knownTexts, kernel.fractions) };
}

/** limits.snapshotBytes, before anything is copied. Gives about how many they are. */
function refuseLarge(kernel: Subject, self: unknown, args: readonly unknown[]): number {
  const most = kernel.options.limits.snapshotBytes;
  const bytes = bytesOf(kernel.slow.map((path) => valueAt(path, self, args)), most);
  if (bytes <= most) return bytes;
  throw new Refusal(diagnose("Unsupported", `the slow values take more than ${most} bytes`, "raise limits.snapshotBytes, or make the large arrays fast", kernel.code, 0));
}

/** About the bytes of what can be reached through plain fields; stops counting beyond `most`. */
function bytesOf(values: readonly unknown[], most: number): number {
  const seen = new Set<object>();
  let bytes = 0;
  const visit = (value: unknown): void => { if (typeof value === "object" && value !== null && !isProxy(value)) seen.add(value); };
  values.map(untracked).forEach(visit);
  for (const object of seen) { // grows while it is walked
    if (bytes > most) break;
    if (ArrayBuffer.isView(object)) { bytes += isDataView(object) ? 0 : byteLengthOfTyped.call(object); continue; }
    if (Array.isArray(object)) {
      bytes += object.length * 8;
      if (typeof object[0] !== "number") for (let i = 0; i < object.length; i++) visit(object[i]); // its prototype may lack forEach
      continue;
    }
    for (const [, field] of Object.entries(Object.getOwnPropertyDescriptors(object))) { bytes += 16; if ("value" in field) visit(field.value); }
  }
  return bytes;
}

const keyFrom = (args: readonly unknown[], { key, overlap }: Described, fingerprint: string): string => `${args.length}|${key}|${overlap}|${fingerprint}`;

/** A tier of the version, entered with the values of calls like this one. Null: the memory is full. */
export function makeTier(kernel: Subject, version: Version, name: TierName, self: unknown, args: readonly unknown[], pinned: Pinned | null = null): ServingTier | null {
  const { residual, snapshot } = version;
  const { quick } = residual; // there where one was asked for, and all passes have not run since
  const program = quick ?? passed(kernel, version, name);
  const built = quick !== null && version.standIn?.template ? version.standIn.template(sharedMemory()!)
    : builtBy(kernel, name, program, quick === null ? emitOptions : () => ({ names: true, name: kernel.name, ...placeInPassing(kernel) }));
  if (built === null) return null;
  refuseLargeModule(kernel, built);
  try {
    return serve(built, {
      program, residual: version, snapshot, memory: built.memory ?? sharedMemory()!, exchange: kernel.exchange, title: titleInPassing(kernel), quick: quick !== null,
      argc: pinned === null ? args.length : pinned.positions.size,
      ...(pinned === null && !(quick !== null && name === "js") ? { entries: kernel.entries } : {}), // the full one is the first of its text: its values are constants
      surroundings: surroundingsOf({ snapshot, self, args, watch: watchesOf(kernel), pinned }),
    });
  } catch (error) {
    built.release();
    throw error;
  }
}

function builtBy(kernel: Subject, name: TierName, program: Program, emitted: (kernel: Subject) => EmitOptions): BuiltTier | null {
  const text = textOf(kernel);
  if (kernel.pipeline.build) return kernel.pipeline.build(program, sharedMemory()!, name);
  // residual JavaScript may need no memory
  return name === "js" ? buildJs(program, kernel.name, { text, embed: settings.sourceMaps, ...placeInPassing(kernel) }) : buildWasm(program, sharedMemory()!, emitted(kernel), text);
}

/** The full tier of a version that a quick one serves: the same tests at entry, another program. Null: the memory is full. */
export function makeFullTier(kernel: Kernel, version: Version, { plan, built: { tier } }: ServingTier): ServingTier | null {
  const { standIn, snapshot } = version;
  const program = passed(kernel, version, tier);
  const built = builtBy(kernel, tier, program, emitOptions);
  if (built === null) return null;
  refuseLargeModule(kernel, built);
  const binding = { program, snapshot, memory: built.memory ?? sharedMemory()!, exchange: kernel.exchange, title: titleInPassing(kernel), argc: version.argc, entries: kernel.entries };
  if (standIn === null) return serveBy(built, plan, binding);
  version.expect(expectsOf(kernel, version.residual)); // another program asks for other things
  for (const diagnostic of version.residual.diagnostics) kernel.teller.add(diagnostic);
  version.standIn = null;
  return serve(built, { ...binding, residual: version, surroundings: surroundingsOf({ snapshot, self: standIn.self, args: standIn.args, watch: watchesOf(kernel), pinned: null }) });
}

/** What the passes made of the version's program; they, and for a template's version all before them, may have run just now. */
function passed(kernel: Subject, version: Version, name: TierName): Program {
  const { residual } = version, before = { ...residual.ms };
  const program = name === "js" ? residual.program : residual.optimized;
  for (const phase of ["parse", "evaluate", "passes"] as const) {
    const spent = residual.ms[phase] - before[phase];
    kernel.ms[phase] += spent;
    version.compileMs += spent;
  }
  return program;
}

/** Holds not the kernel: what gives its memory back, once it is collected, holds this. */
const textOf = ({ code }: Pick<Kernel, "code">) => (): SourceText => code;

function refuseLargeModule(kernel: Subject, built: BuiltTier): void {
  if (built.bytes <= kernel.options.limits.moduleBytes) return;
  built.release();
  throw tooLarge(kernel, built.bytes);
}

const placeOf = ({ file, line }: Kernel["code"]): { readonly place?: string } => (file === null ? {} : { place: `${file}:${line}` });

/** The same in the middle of a call: only where the engine need not be asked for it (15 ms in a new process), unless somebody profiles. */
export const placeInPassing = ({ code }: Subject): { readonly place?: string } => (placeIsKnown(code) || isProfiled() ? placeOf(code) : {});

let profiled: boolean | null = null;
/** Was the process started with a profiler or a debugger, which shows places? */
function isProfiled(): boolean {
  const { process } = globalThis as { process?: { readonly execArgv?: readonly string[]; readonly env?: Readonly<Record<string, string | undefined>> } };
  return (profiled ??= [...(process?.execArgv ?? []), ...(process?.env?.["NODE_OPTIONS"] ?? "").split(" ")].some((flag) => /^--(cpu-prof|prof|inspect)/.test(flag)));
}

/** How a kernel's modules are emitted, wherever that is: with names, so that traps, profiles and stack traces speak of the user's function. */
export function emitOptions({ name, code, options }: Subject): EmitOptions & { readonly sourceMap: SourceText } {
  const { text, file, line, column } = code; // its place is looked up when asked for: a clone would not have it
  const given = Object.fromEntries(Object.entries(options.optimize).filter(([, value]) => value !== undefined));
  return { names: true, name, ...placeOf(code), sourceMap: { text, file, line, column }, ...(settings.sourceMaps ? { embedMap: true } : {}), ...(options.relax.math ? { ownMath: true } : {}), ...given };
}

/** What entries are called in stack traces: the kernel and its place. */
export const titleOf = ({ name, code }: Subject): string => `${name} ${code.file ?? ""}:${code.line}`;
/** The same in the middle of a call. */
const titleInPassing = (kernel: Subject): string => (placeInPassing(kernel).place === undefined ? kernel.name : titleOf(kernel));

export const tooLarge = (kernel: Subject, bytes: number): Refusal =>
  new Refusal(diagnose("Unsupported", `the module has ${bytes} bytes`, "raise limits.moduleBytes, or lower limits.unroll", kernel.code, 0));

/** The slow values of which a part is one of a fast argument's, too. */
export function partsOfFast(slow: readonly SlowPath[], self: unknown, args: readonly unknown[]): SlowPath[] {
  const reach = (value: unknown): ReadonlySet<object> => (typeof value === "object" && value !== null && reachOf(value)) || new Set();
  const roots: readonly (number | "this")[] = ["this", ...args.keys()], fast = roots.filter((root) => !slow.some((path) => path.root === root)).map((root) => reach(root === "this" ? self : args[root]));
  return slow.filter((path) => [...reach(valueAt(path, self, args))].some((one) => fast.some((all) => all.has(one))));
}

/** A slow path as the user would spell it. */
export function slowName({ root, keys }: SlowPath, kernel: Pick<Kernel, "parameters">): string {
  return [root === "this" ? "this" : (kernel.parameters.names?.[root] || String(root)), ...keys].join(".");
}

/**
 * What a refusal says the kernel writes, to be fast from now on: slow paths as a whole (`slow`), and parts of them (`parts`). What is written
 * in a part that was fast already, and is slow all the same, stands in something that has no parts: the next larger part is taken.
 */
export function writtenSlow(refusal: Refusal, slow: readonly SlowPath[], fast: readonly SlowPath[]): { readonly slow: readonly SlowPath[]; readonly parts: readonly SlowPath[] } {
  const { demote } = refusal;
  if (demote === undefined) return { slow: [], parts: [] };
  let keys = demote.keys.map(String);
  while (fast.some((path) => isSamePath(path, { root: demote.root, keys }))) keys = keys.slice(0, -1);
  const written: SlowPath = { root: demote.root, keys };
  const around = slow.filter((path) => isBelow(written, path) && path.keys.length < keys.length);
  return around.length > 0 ? { slow: [], parts: [written] } : { slow: slow.filter((path) => isBelow(path, written) || isBelow(written, path)), parts: [] };
}
export const isSamePath = (a: SlowPath, b: SlowPath): boolean => a.keys.length === b.keys.length && isBelow(a, b);
