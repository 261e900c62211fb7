// What is kept of a call in which a version differed from the original: enough to reproduce it anywhere.
//
// The arguments are copies from before the call. `reproduction` is a program that makes them again; `firstBadPass` is found by running
// the program as it was after each pass on them, by the evaluator, when somebody asks.

import { firstBadPass } from "../verify/bisect.ts";
import type { Mismatch } from "../verify/compare.ts";
import { show } from "../verify/show.ts";
import { isNodeRef } from "../ir/snapshot.ts";
import { buildEvaluated } from "./evaluated.ts";
import type { Kernel } from "./kernel.ts";
import { sharedMemory } from "./memory.ts";
import { rememberAll } from "./outside.ts";
import { watchesOf } from "./slow.ts";
import { surroundingsOf } from "./surroundings.ts";
import type { TierName } from "./tiers.ts";
import { MISS } from "./values.ts";
import { serve, type Version } from "./version.ts";

export interface MismatchReport {
  readonly kernel: string;
  readonly source: string;
  readonly file: string | null;
  readonly line: number;
  /** names of the slow parameters and paths */
  readonly slow: readonly string[];
  /** captured values that were compiled in, where they are primitives */
  readonly captured: Readonly<Record<string, unknown>>;
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly tier: TierName | "unknown";
  readonly key: string;
  /** the first output that differs, and further ones */
  readonly mismatches: readonly Mismatch[];
  /** JavaScript that makes the arguments and calls both */
  readonly reproduction: string;
  /** the pass after which the program gives another result; "back end": the program is right after all of them. Found when it is read */
  readonly firstBadPass: string;
}

export function reportOf(
  kernel: Kernel, version: Version, self: unknown, args: readonly unknown[], mismatches: readonly Mismatch[], slow: readonly string[],
): MismatchReport {
  const captured: Record<string, unknown> = {};
  for (const { name, captured: found } of version.snapshot.capturesRead()) {
    if (found.kind !== "missing" && !isNodeRef(found.value)) captured[name] = found.value;
  }
  const { tiers } = version;
  let bad: string | null = null;
  return {
    kernel: kernel.name, source: kernel.code.text, file: kernel.code.file, line: kernel.code.line, slow, captured, self, args, key: version.key, mismatches,
    tier: tiers.wasm !== undefined ? "wasm" : tiers.js !== undefined ? "js" : "unknown",
    get reproduction() { return reproduction(kernel.code.text, slow, captured, args); },
    get firstBadPass() { return (bad ??= findBad(kernel, version, self, args)); },
  };
}

function reproduction(source: string, slow: readonly string[], captured: Readonly<Record<string, unknown>>, args: readonly unknown[]): string {
  const { before, text } = show(args);
  return [
    'import { ready, specialize } from "wasmorph";', "await ready();",
    ...Object.entries(captured).map(([name, value]) => `const ${name} = ${show([value]).text.slice(1, -1)};`),
    `const kernel = ${source};`, ...before, `const args = ${text};`,
    `const fast = specialize(kernel, { slow: ${JSON.stringify(slow)} });`, "console.log(await fast.diff(...args));",
  ].join("\n");
}

function findBad(kernel: Kernel, version: Version, self: unknown, args: readonly unknown[]): string {
  const memory = sharedMemory();
  if (memory === null) return "unknown: no memory";
  const outside = kernel.writtenOutside(version);
  const quietly = (run: (...all: unknown[]) => unknown) => (...all: unknown[]): unknown => {
    const putBack = rememberAll([], outside);
    try { return kernel.uncounted(() => run(...all)); } finally { putBack(); }
  };
  const stages = version.residual.stages.flatMap(({ pass, program }) => (program === null ? [] : [{
    pass,
    callable: () => {
      const built = buildEvaluated(program, memory);
      if (built === null) throw new Error("the memory is full");
      const { enter } = serve(built, {
        program, residual: version, snapshot: version.snapshot, memory, exchange: { why: "", detail: undefined }, argc: args.length,
        surroundings: surroundingsOf({ snapshot: version.snapshot, self, args, watch: watchesOf(kernel), pinned: null }),
      });
      return function (this: unknown, ...all: unknown[]): unknown {
        const result = quietly((...own) => enter(this, ...own))(...all);
        built.release();
        return result === MISS ? Reflect.apply(kernel.original, this, all) : result;
      };
    },
  }]));
  try {
    const original = kernel.original;
    return firstBadPass({ name: "original", call: function (this: unknown, ...all: unknown[]) { return quietly((...own) => Reflect.apply(original, this, own))(...all); } as never }, stages as never, self, args)?.pass ?? "back end";
  } catch (error) {
    return `unknown: ${error instanceof Error ? error.message : String(error)}`;
  }
}
