// A kernel as a user would hand it over: called with the values, compared with the original bit for bit, and served by the version.

import { expect } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { compare } from "../../src/verify/compare.ts";
import { copyTogether } from "../../src/verify/copy.ts";

type Fn = (...args: never[]) => unknown;

export interface Served {
  readonly slow?: readonly (string | number)[];
  /** how many of the calls the original has to take: those that throw, or leave what a version can do */
  readonly original?: number;
  /** how many operations the program may have: beyond it, what follows a choice is no longer walked for each outcome */
  readonly operations?: number;
  /** whether no value of a fast parameter may have a version of its own */
  readonly varies?: boolean;
}

/** Runs every call in WebAssembly and in residual JavaScript. */
export async function served(fn: Fn, calls: readonly (readonly unknown[])[], { slow = [], original = 0, operations, varies = false }: Served = {}): Promise<void> {
  await ready();
  const outcome = (f: Fn, args: readonly unknown[]): unknown => { try { return f(...(args as never[])); } catch (error) { return `throws ${String(error)}`; } };
  for (const tier of ["wasm", "js"] as const) {
    const version = specialize(fn, { slow: [...slow], tier, compile: "sync", ...(operations === undefined ? {} : { limits: { operations } }) });
    for (const args of calls) {
      const ours = copyTogether(args), theirs = copyTogether(args);
      const actual = [outcome(version, ours), ...ours], expected = [outcome(fn, theirs), ...theirs];
      expect(compare(expected, actual), tier).toEqual([]);
    }
    const why = version.diagnostics().map((d) => `${d.kind}: ${d.message}`).join("; ");
    expect(version.stats().calls, `${tier}: ${why}`).toEqual({ original: 0, js: 0, wasm: 0, [tier]: calls.length - original, ...(original > 0 ? { original } : {}) });
    if (varies) expect(why, tier).not.toContain("has a version of its own");
    version.dispose();
  }
}
