// A line a fact: a function is specialised with slow values, its version runs beside the original on every list of arguments, and what
// is left of the function is counted. The version is the residual JavaScript's; operations executed are the evaluator's.

import { expect } from "vitest";
import { specialize, type Options } from "../../../src/index.ts";
import { passes } from "../../../src/specialize/passes.ts";
import { compareOutcomes, runCopy } from "../../../src/verify/run.ts";

export interface Facts {
  /** operations executed for each list of arguments */
  readonly executed: readonly number[];
  /** static counts in the newest version */
  readonly loops: number;
  /** constant tables */
  readonly tables: number;
  /** choices by a dynamic test */
  readonly ifs: number;
  readonly loads: number;
  readonly operations: number;
  readonly versions: number;
  readonly explain: string;
  readonly log: readonly string[];
  /** the newest version as IR and as JavaScript */
  readonly text: string;
  readonly residual: string;
  /** messages of diagnostics */
  readonly said: readonly string[];
  /** calls that the original served */
  readonly original: number;
}

/** Behind them come those of WebAssembly alone, where something has loaded them. */
const ofResidual: ReadonlySet<string> = new Set(["lower", "evaluate", ...passes.map(({ name }) => name)]);

export interface Run { readonly self?: object; readonly original?: "allowed" }
type Fn = (...args: never[]) => unknown;

/** Runs, compares and counts. Every call must be served by a version, unless `original` is allowed. */
export function facts(fn: Fn, options: Options | string[], calls: readonly (readonly unknown[])[], { self, original }: Run = {}): Facts {
  const fast = specialize(fn, { tier: "js", compile: "sync", ...(Array.isArray(options) ? { slow: options } : options) });
  const executed: number[] = [];
  for (const args of calls) {
    const want = runCopy({ name: "original", call: fn }, self, args), got = runCopy({ name: "version", call: fast as unknown as Fn }, self, args);
    const { mismatches } = compareOutcomes(want, got);
    expect(mismatches, `${fn.name}(${args.map(String).join(", ")})`).toEqual([]);
    executed.push((fast.inspect as unknown as (...a: unknown[]) => { executed: number | null }).apply(self, [...args]).executed ?? NaN);
  }
  const { ir, residual, explain, log } = fast.inspect();
  const said = fast.diagnostics().map(({ message }) => message);
  const served = fast.stats().calls.original;
  if (original !== "allowed") expect(served, `${fn.name} ran as the original: ${said.join("; ")}`).toBe(0);
  const text = ir.findLast(({ pass }) => ofResidual.has(pass))?.text ?? "";
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const result: Facts = {
    executed, said, original: served, text, residual, explain, log, versions: fast.versions().length, operations: fast.versions().at(-1)?.operations ?? NaN,
    loops: count(/\bloop\b/g), tables: count(/\bdata\.addr\b/g), ifs: count(/\bif\b/g), loads: count(/\.load/g),
  };
  fast.dispose();
  return result;
}

/** Numbers at the edges, as a fast scalar meets them. */
export const edges: readonly number[] = [0, -0, 1, -1, 0.5, 2.5, -3, 255, 2147483647, -2147483648, 4294967296, 1e300, 5e-324, Infinity, -Infinity, NaN];
export const f64 = (...values: number[]): Float64Array => Float64Array.from(values);
