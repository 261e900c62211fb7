// Loops over a few stages that differ: the layers of a network, whose sizes are known and whose buffers take turns.
//
//   for (const { weights, units } of layers) { for (let u = 0; u < units; u++) { … weights[i * units + u] * from[i] … } [from, to] = [to, from]; }
//
// Written out whole they are too large; kept, an iteration has to ask which stage it is, which of two arrays is meant, how often its loops run. So
// the stages are written out, and the loops inside that are not short are kept: each stage has constant bounds, arrays and tables of its own.

import type { Evaluator } from "./evaluator.ts";
import { same, type Abs } from "./values.ts";

export const mostStages = 8;
/** instructions that unrolling a loop inside of one may write */
const short = 300;

/** What the iterations of a loop do, as far as tells one from another. */
export class Stages {
  private before: string | null = null;
  /** whether they have other numbers of turns inside, or arrays take turns */
  differ = false;
  private readonly ev: Evaluator;
  private readonly begin: number;
  constructor(ev: Evaluator) { this.ev = ev; this.begin = ev.turns.length; }

  /** Behind each iteration: what it began with, and the next one does. */
  ended(carried: readonly Abs[], next: readonly Abs[]): void {
    const turns = this.ev.turns.splice(this.begin).join();
    const takeTurns = turns !== "" && carried.some((abs, i) => isPlace(abs) && !inOne(abs, next[i]!));
    this.differ ||= takeTurns || (this.before !== null && turns !== this.before);
    this.before = turns;
  }
}

const isPlace = (abs: Abs): boolean => abs.k === "mem" || abs.k === "obj";
/** Whether a kept loop could carry both as places of one array. */
const inOne = (a: Abs, b: Abs): boolean => same(a, b) || (a.k === "mem" && b.k === "mem" && a.of === b.of);

/** Walks with loops that are not short kept; the loop that `walk` begins with may write what it might before. */
export function writtenOut<T>(ev: Evaluator, walk: () => T): T {
  const { unroll } = ev;
  ev.unroll = Math.min(short, unroll);
  ev.keptInside = [];
  try { return walk(); } catch (e) { giveUp(ev, unroll); throw e; } finally { ev.unroll = unroll; ev.keptInside = null; }
}
/** They are no stages after all: loops inside are unrolled as ever. */
export function giveUp(ev: Evaluator, unroll: number): void {
  ev.unroll = unroll;
  for (const forget of ev.keptInside?.splice(0) ?? []) forget();
}
