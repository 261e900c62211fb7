// How many iterations a step of a vector loop does at once, and how many lanes of them are written at a time.
//
// As many as fill a register of the narrowest values, bytes mostly; of wide ones several registers, to hide latencies, as long as all that is alive
// finds room in the machine's sixteen. But what is looked up lane by lane, and doubles made of bytes, take instructions for each lane: sixteen lanes of
// a long body do not fit in an instruction cache any more (32 KiB; a step of 53 KiB took three times as long as one of 14). Then there are fewer
// lanes, and parts of registers go to memory and back (memory.ts).

import { memoryOps } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import { isComparison } from "../rules.ts";
import { expanded } from "./costs.ts";
import { operandsOf, type Flat, type Mask } from "./flat.ts";
import { hasLanes } from "./operations.ts";
import type { Reduction } from "./reductions.ts";
import type { Width, Widths } from "./widths.ts";

/** Registers of one value that are written together, at most: enough to hide an operation's latency. */
const together = 4;
/** Registers that values alive at the same time may take: the machine has sixteen. */
const machineRegisters = 16;
/** instructions of a step, at most; one is about 18 bytes of machine code */
const mostInstructions = 600;
/** lanes of parts of registers: four bytes are loaded and stored together */
const fewest = 4;

export interface Laned {
  readonly flat: Flat;
  readonly widths: Widths;
  readonly needed: ReadonlySet<Value>;
  /** what is looked up, and by what that is computed in lanes */
  readonly lookups: ReadonlyMap<Value, Value | null>;
  readonly reductions: readonly Reduction[];
  readonly invariant: (v: Value) => boolean;
  /** registers must be full: all their lanes are asked for something */
  readonly whole: boolean;
}

/** For a loop of at most `count` iterations. */
export function laneCount(laned: Laned, count: number): { lanes: number; group: number } {
  const { flat, widths, needed, reductions, invariant } = laned;
  let narrowest: Width = 8;
  let widest: Width = 1;
  const see = (w: Width): void => {
    if (w < narrowest) narrowest = w;
    if (w > widest) widest = w;
  };
  const seeMask = (mask: Mask | null): void => { for (let m = mask; m; m = m.outer) if (!invariant(m.cond)) see(widths.of(m.cond)); };
  for (const step of flat.steps) {
    if (step.kind === "store") { see(memoryOps[step.instr.op].bytes as Width); seeMask(step.mask); }
    else if (needed.has(step.result) && !invariant(step.result)) see(widths.of(step.result));
  }
  for (const r of reductions) see(r.width);
  const fitting = 2 ** Math.floor(Math.log2(machineRegisters / mostAlive(laned)));
  const registers = Math.max(1, Math.min(together, fitting));
  const group = (registers * 16) / widest;
  const wanted = Math.min(16, Math.max(16 / narrowest, group));
  const least = laned.whole || reductions.some((r) => r.width < 16 / fewest) ? 16 / narrowest : Math.min(fewest, 16 / narrowest);
  let lanes = count >= wanted ? wanted : Math.max(least, 2 ** Math.floor(Math.log2(Math.max(count, 1))));
  while (lanes > least && instructionsOf(laned, lanes) > mostInstructions) lanes /= 2;
  if (lanes > group) for (let fewer = lanes / 2; fewer >= least; fewer /= 2) if (costOf(laned, fewer) < costOf(laned, lanes)) lanes = fewer;
  return { lanes, group: Math.min(lanes, Math.max(group, 2)) };
}

/** taking lanes out, and putting one in */
const apart = 3;

/** About how many instructions a step of so many lanes takes. */
function instructionsOf({ flat, widths, needed, lookups, invariant }: Laned, lanes: number): number {
  const registers = (width: number): number => Math.max(1, width * lanes / 16);
  let all = 0;
  for (const step of flat.steps) {
    if (step.kind === "store" || step.kind === "load" && !lookups.has(step.result)) { all += registers(memoryOps[step.instr.op].bytes); continue; }
    if (!needed.has(step.result) || invariant(step.result)) continue;
    if (step.kind === "load" || step.kind === "operation" && !hasLanes(step, invariant)) { all += apart * lanes; continue; }
    all += registers(widths.of(step.result)) * (step.kind === "operation" ? expanded[step.instr.op] ?? 1 : 1);
  }
  return all;
}

/**
 * What a lane of such a step costs. An engine does not keep the order in which groups were written: what all of them have alive at once is alive at
 * once, and what finds no register goes to memory and comes back; but comparisons, which are joined to one another as they are made.
 */
function costOf(laned: Laned, lanes: number): number {
  const { flat, widths } = laned;
  const isMask = (v: Value): boolean => { const step = flat.by.get(v); return step?.kind === "operation" && isComparison(step.instr.op); };
  const alive = mostAlive(laned, (v) => (isMask(v) ? 0 : Math.max(1, widths.of(v) * lanes / 16)));
  return instructionsOf(laned, lanes) * (1 + moves * Math.max(0, 1 - machineRegisters / alive)) / lanes;
}
/** to memory and back, of each instruction whose result finds no register */
const moves = 1;

/** How many values that vary are alive at once, at most; or how many registers those take. */
function mostAlive({ flat, needed, invariant }: Laned, size: (v: Value) => number = () => 1): number {
  const seen = new Set<Value>();
  let alive = 0;
  let most = 1;
  for (let i = flat.steps.length - 1; i >= 0; i--) {
    const step = flat.steps[i]!;
    if (step.kind !== "store") {
      if (!needed.has(step.result) || invariant(step.result)) continue;
      if (seen.has(step.result)) alive -= size(step.result);
    }
    const uses = step.kind === "load" ? [] : step.kind === "store" ? [step.value] : operandsOf(step);
    for (const v of uses) if (!seen.has(v) && flat.by.has(v) && !invariant(v)) { seen.add(v); alive += size(v); }
    most = Math.max(most, alive);
  }
  return most;
}
