// What a loop's body costs in scalar code and in lanes, counted in operations: whether vectorizing it can pay.
//
// Scalar code does one arm of each `if`, and pays for the branch; lanes do both. What has no vector form is done lane by lane, and each value
// taken out of a vector and put into one costs extra. The numbers are coarse: they keep out what surely loses.

import { constantOf } from "../../ir/build.ts";
import type { Memory, Value } from "../../ir/types.ts";
import { memoryOps, type MachineOp } from "../../ir/ops.ts";
import { interleaved, isScattered, type Accesses } from "./accesses.ts";
import type { Flat } from "./flat.ts";
import type { InTurn } from "./reductions.ts";
import type { Walks } from "./walks.ts";
import type { Widths } from "./widths.ts";
import { hasLanes } from "./operations.ts";

/** of a branch that goes now one way, now the other */
const branch = 3;
/** calls and what is expanded into many instructions */
const heavy = 12;
const heavyOps = /^math\.|\.rem|^i32\.from_f64/;
/** what a divider is busy with, of a vector's lanes one after the other */
const slow = 5;
const slowOps = /^f(?:64|32)\.(?:div|sqrt)$/;
/** the engine's own takes six times as long as its exp does */
const power = 6 * heavy;
/** What an operation costs, in additions. */
export const weightOf = (op: string): number => (op === "math.pow" ? power : heavyOps.test(op) ? heavy : slowOps.test(op) ? slow : 1);
/** instructions that are written for a register of results, where they are more than one or two */
export const expanded: Readonly<Partial<Record<MachineOp, number>>> = { "math.round": 6, "math.sign": 6, "i32.from_f64": 16 };
/** those that it takes, in functions that are called too */
const inLanes: Readonly<Partial<Record<MachineOp, number>>> = {
  ...expanded,
  "math.exp": 12, "math.expm1": 16, "math.tanh": 18, "math.log": 12, "math.log2": 12, "math.log10": 14, "math.pow": 18, "math.hypot": 8, "math.hypot3": 12,
  "math.sin": 18, "math.cos": 18, "math.asin": 16, "math.acos": 16, "math.atan": 16, "math.atan2": 20, "math.cbrt": 12,
};
/** taking a lane out, putting one in */
const move = 2;

/** Why vectorizing costs more than it saves, if it does, and what it saves in an iteration. `inTurn`: what is taken lane after lane; `rival`: what pairs of neighbours would save. */
export function costs(
  flat: Flat, widths: Widths, needed: ReadonlySet<Value>, accesses: Accesses, lanes: number, group: number, invariant: (v: Value) => boolean,
  doubled: ReadonlyMap<Memory, number>, walks: Walks, inTurn: readonly InTurn[], rival: () => number,
): { readonly loss: string | null; readonly saved: number } {
  let scalar = 1; // counting and testing
  let vector = 1 / lanes;
  const counted = new Set<Value>(); // among the steps taken in turn, in scalar code
  for (const { steps, chosen, moves, made } of inTurn) {
    scalar += steps + branch * chosen;
    vector += steps + move * moves + chosen;
    for (const v of made ?? []) counted.add(v);
  }
  let apart = 0, scattered = false;
  const constants = new Set<unknown>();
  for (const step of flat.steps) {
    if (step.kind !== "store" && (!needed.has(step.result) || invariant(step.result))) {
      if (step.kind === "load" && !invariant(step.result)) { // by which something is looked up, lane by lane too
        scalar += step.often;
        vector += 1;
      }
      continue;
    }
    const own = step.kind === "store" || !counted.has(step.result);
    if (step.kind === "choice") { if (own) scalar += branch * step.often; vector += widths.of(step.result) / 16; continue; }
    if (step.kind === "operation") {
      const { op } = step.instr;
      const weight = weightOf(op);
      for (const arg of step.instr.args) if (arg.type === "f64") constants.add(constantOf(arg));
      if (own) scalar += weight * step.often;
      if (hasLanes(step, invariant)) vector += widths.of(step.result) / 16 * (inLanes[op] ?? (slowOps.test(op) ? slow : 1));
      else { vector += weight + move * (step.instr.args.length + 1); apart++; }
      continue;
    }
    scalar += step.often;
    if (step.kind === "store" && step.mask) scalar += branch * step.often;
    if (walks.has(step.instr)) { // an addition and a load for each lane, all but one put in
      scalar += step.often;
      vector += 3 - memoryOps[step.instr.op].bytes / 16;
      continue;
    }
    if (accesses.gathers.has(step.instr)) { vector += doubled.has(step.instr) ? 1.5 : 1 + move; apart++; continue; }
    const access = accesses.of.get(step.instr)!;
    const bytes = memoryOps[step.instr.op].bytes;
    if (isScattered(access)) { // a load or store for each lane, and all but one put in or taken out
      vector += 2 - bytes / 16;
      scattered = true;
      continue;
    }
    const several = access.stream.stride === access.bytes ? null : interleaved(access);
    vector += bytes / 16 * (several ? gathered(several.count, bytes) * (step.kind === "store" && step.mask ? 2 : 1) : step.kind === "store" && step.mask ? 3 : 1);
  }
  const saved = scalar - vector;
  // a constant for both lanes is loaded from memory, one for two places of an iteration as well: there are half as many of these
  const rivalled = vector < worthwhile * scalar && scattered && rival() >= saved - Math.max(0, constants.size - fewConstants) / 2;
  const loss = rivalled ? "pairs of neighbours within an iteration save more" : vector < worthwhile * scalar ? null
    : apart > 0 ? "most of its work is done lane by lane" : `both arms of its branches cost more than one does alone, ${group} lanes at a time`;
  return { loss, saved };
}
/** loads, or stores, and shuffles for each register of one part of records of so many: see points.ts; of doubles a register is two of a part */
const gathered = (count: number, bytes: number): number => (bytes === 8 ? 2 : bytes === 4 && count > 2 ? (count + (count === 3 ? 5 : 8)) / count : count);
/** constants that stay in registers */
const fewConstants = 8;
/** the part of scalar cost that vectors must stay below */
const worthwhile = 0.9;
