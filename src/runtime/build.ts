// Makes a version for the values of a call: snapshot, kinds, residual; and a version's tiers.

import type { Refusal } from "../diagnostic.ts";
import { NodeRef } from "../ir/snapshot.ts";
import type { Kernel } from "./kernel.ts";
import { sharedMemory } from "./memory.ts";
import type { SlowPath } from "./options.ts";
import type { Described, SlowPaths } from "../capture/kinds.ts";
import { surroundingsOf, type Pinned } from "./surroundings.ts";
import { buildJs, buildWasm, type TierName } from "./tiers.ts";
import { serve, Version, type ServingTier } from "./version.ts";

export interface Built { readonly version: Version; readonly captureMs: number }

/** Throws Refusal. Null: `enough` says of the key that no new version is wanted. Runs none of the user's code but what `pure` allows. */
export function buildVersion(kernel: Kernel, self: unknown, args: readonly unknown[], enough: (key: string) => boolean = () => false): Built | null {
  const { pipeline, options } = kernel;
  const started = performance.now();
  const snapshot = pipeline.snapshot(options.env, kernel.original);
  const described = pipeline.describe(self, args, slowPathsOf(kernel.slow), snapshot);
  const fingerprint = snapshot.fingerprint(described.statics);
  const key = keyFrom(args, described, fingerprint);
  if (enough(key)) return null;
  const captureMs = performance.now() - started;
  const ref = snapshot.value(kernel.original);
  const { limits, relax, pure } = options;
  const residual = pipeline.residualize({
    kernel: ref as NodeRef, snapshot, self: described.self, args: described.args, overlap: described.overlap, options: { limits, relax, pure },
  });
  return { version: new Version(key, args.length, described, fingerprint, residual, snapshot), captureMs };
}

/** The key that a version for these values has. */
export function keyOf(kernel: Kernel, self: unknown, args: readonly unknown[]): string {
  const snapshot = kernel.pipeline.snapshot(kernel.options.env, kernel.original);
  const described = kernel.pipeline.describe(self, args, slowPathsOf(kernel.slow), snapshot);
  return keyFrom(args, described, snapshot.fingerprint(described.statics));
}

const keyFrom = (args: readonly unknown[], { key, overlap }: Described, fingerprint: string): string => `${args.length}|${key}|${overlap}|${fingerprint}`;

function slowPathsOf(slow: readonly SlowPath[]): SlowPaths {
  const paths = new Map<number | "this", (readonly string[])[] | true>();
  for (const { root, keys } of slow) {
    const known = paths.get(root);
    if (keys.length === 0) paths.set(root, true);
    else if (known === undefined) paths.set(root, [keys]);
    else if (known !== true) known.push(keys);
  }
  return paths;
}

/** A tier of the version, entered with the values of calls like this one. Null: the memory is full. */
export function makeTier(kernel: Kernel, version: Version, name: TierName, self: unknown, args: readonly unknown[], pinned: Pinned | null = null): ServingTier | null {
  const memory = sharedMemory()!;
  const { residual, snapshot } = version;
  const program = name === "js" ? residual.program : residual.optimized;
  const { level, shrink, passes } = kernel.options.optimize;
  const built = name === "js" ? buildJs(program, memory) : buildWasm(program, memory, {
    ...(level === undefined ? {} : { level }), ...(shrink === undefined ? {} : { shrink }), ...(passes === undefined ? {} : { passes }),
  });
  if (built === null) return null;
  try {
    return serve(built, {
      program, residual, snapshot, memory, exchange: kernel.exchange,
      argc: pinned === null ? args.length : pinned.positions.size,
      surroundings: surroundingsOf({ snapshot, self, args, watch: kernel.options.watch, pinned }),
    });
  } catch (error) {
    built.release();
    throw error;
  }
}

/** The slow paths that a refusal says the kernel writes: those inside what is written, and those that it is inside of. */
export function writtenSlow(refusal: Refusal, slow: readonly SlowPath[]): SlowPath[] {
  const { demote } = refusal;
  if (demote === undefined) return [];
  return slow.filter(({ root, keys }) => root === demote.root && keys.every((key, i) => i >= demote.keys.length || String(demote.keys[i]) === key));
}
