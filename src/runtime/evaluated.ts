// A program run by the IR's evaluator in place of a back end: to count what a call executes, and to hold the back ends against.

import { evaluate } from "../ir/evaluate.ts";
import type { Program } from "../ir/types.ts";
import { bind, type SharedMemory } from "./memory.ts";
import { withFreeMemory, type BuiltTier, type TierName } from "./tiers.ts";

interface Evaluated {
  /** whose place it takes */
  readonly tier?: TierName;
  /** told of each run how many operations it executed */
  readonly onExecuted?: (operations: number) => void;
}

/** Null: the memory is full. What strays from the arrays that it is given ends in an Invariant. */
export function buildEvaluated(program: Program, memory: SharedMemory, { tier = "js", onExecuted }: Evaluated = {}): BuiltTier | null {
  const bound = bind(program, memory);
  if (bound === null) return null;
  const returns = program.exits.filter(({ kind }) => kind === "return").length;
  return {
    tier, direct: () => false, bytes: 0, code: null, imports: [], wat: () => "", sourceMap: null, type: null, ms: { emit: 0, instantiate: 0 },
    release: () => bound.release(),
    run: withFreeMemory(program, bound.layout, memory, (...params) => {
      const outcome = evaluate(program, params as number[], memory.buffer, bound.layout, { within: true });
      onExecuted?.(outcome.executed);
      const returned = program.exits[outcome.exit]!.kind === "return";
      if (!returned || returns > 1) memory.status[0] = outcome.exit + 1;
      if (!returned) throw new Error("the program ended by a trap");
      return outcome.result as number | undefined;
    }),
  };
}
