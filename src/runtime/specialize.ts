// specialize(): the callable and what it can be asked.

import { standFor } from "../capture/host.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { compareOnCopies, type Difference } from "./checked.ts";
import { prepare, pin, executedFor } from "./handle.ts";
import { explain, inspect, statsOf, versionsOf, type Inspection, type Stats, type VersionInfo } from "./inspect.ts";
import { Kernel, type Original } from "./kernel.ts";
import { settle, slowPaths, type Options } from "./options.ts";
import { parametersOf } from "./parameters.ts";
import type { Pipeline } from "./pipeline.ts";
import type { MismatchReport } from "./report.ts";
import { pipeline as wired } from "./wiring.ts";

type AnyFunction = (this: never, ...args: never[]) => unknown;

/** The kernel's own signature, and questions to it. */
export type Specialized<F extends AnyFunction> = F & Members<F>;

export interface Members<F extends AnyFunction> {
  readonly original: F;
  /** The version for these arguments is made, warm and swapped in. The arguments are not changed. */
  prepare(...args: Parameters<F>): Promise<void>;
  /** A version without guards. Parameters that are slow as a whole leave its list. */
  pin(...args: Parameters<F>): Promise<(...args: unknown[]) => ReturnType<F>>;
  /** Runs the original and the version on copies of the arguments, and compares. */
  diff(...args: Parameters<F>): Promise<Difference>;
  explain(): string;
  inspect(...args: Parameters<F> | []): Inspection;
  versions(): VersionInfo[];
  diagnostics(): Diagnostic[];
  stats(): Stats;
  /** Calls in which `verify` found a version that differs, the last eight. */
  reports(): MismatchReport[];
  /** Makes the version for these arguments anew; without arguments all are made anew when they are needed. */
  refresh(...args: Parameters<F> | []): Promise<void>;
  /** Forgets all versions. */
  reset(): void;
  /** Frees all versions; calls run the original from then on. */
  dispose(): void;
}

export function specialize<F extends AnyFunction>(fn: F, options: Options = {}): Specialized<F> {
  return specializeWith(wired, fn, options);
}

export function specializeWith<F extends AnyFunction>(pipeline: Pipeline, fn: F, options: Options): Specialized<F> {
  if (typeof fn !== "function") throw new TypeError(`wasmorph: specialize takes a function, not ${fn === null ? "null" : typeof fn}`);
  const code = pipeline.codeOf(fn as never);
  const parameters = parametersOf(code);
  const name = fn.name || "anonymous";
  const settled = settle(options, name, parameters);
  const said = annotated(pipeline, code);
  const slow = settled.slow ?? slowPaths(said.slow, `@slow in ${name}`, parameters);
  const fast = slowPaths(said.fast, `@fast in ${name}`, parameters);
  const kernel = new Kernel(fn as unknown as Original, code, parameters, settled, slow, fast, pipeline);
  if (settled.signature !== null) kernel.making.buildForSignature(settled.signature);

  const { callable } = kernel;
  standFor(callable, fn);
  /** `fast.prepare(…)` has the callable for `this`, `fast.prepare.call(object, …)` a method's object */
  const selfOf = (self: unknown): unknown => (self === callable ? undefined : self);
  const members: Members<AnyFunction> = {
    original: fn as AnyFunction,
    async prepare(this: unknown, ...args) { await prepare(kernel, selfOf(this), args); },
    pin(this: unknown, ...args) { return pin(kernel, selfOf(this), args); },
    async diff(this: unknown, ...args) { await prepare(kernel, selfOf(this), args); return compareOnCopies(kernel, selfOf(this), args); },
    explain() { kernel.making.finishAll(); return explain(kernel); },
    inspect(this: unknown, ...args) {
      const self = selfOf(this);
      kernel.making.finishAll();
      const version = args.length === 0 ? (kernel.versions[0] ?? null) : kernel.making.looked(self, args);
      return inspect(kernel, version, version === null || args.length === 0 ? null : executedFor(kernel, version, self, args));
    },
    versions() { kernel.making.finishAll(); return versionsOf(kernel); },
    diagnostics: () => kernel.teller.shown(),
    stats: () => statsOf(kernel),
    reports: () => [...kernel.reports],
    async refresh(this: unknown, ...args) {
      if (args.length === 0) { kernel.reset(); return; }
      kernel.forget(selfOf(this), args);
      await prepare(kernel, selfOf(this), args);
    },
    reset: () => kernel.reset(),
    dispose: () => kernel.dispose(),
  };
  Reflect.defineProperty(callable, "name", { value: fn.name, configurable: true });
  Reflect.defineProperty(callable, "length", { value: fn.length, configurable: true });
  for (const [key, value] of Object.entries(members)) Reflect.defineProperty(callable, key, { value, writable: true, configurable: true });
  return callable as unknown as Specialized<F>;
}

function annotated(pipeline: Pipeline, code: Parameters<Pipeline["annotations"]>[0]): ReturnType<Pipeline["annotations"]> {
  try { return pipeline.annotations(code); } catch { return { slow: [], fast: [] }; } // an annotation that is wrong is told when a version is made
}
