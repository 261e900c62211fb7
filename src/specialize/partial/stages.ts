// Loops over a few stages that differ: the layers of a network, whose sizes are known and whose buffers take turns.
//
//   for (const { weights, units } of layers) { for (let u = 0; u < units; u++) { … weights[i * units + u] * from[i] … } [from, to] = [to, from]; }
//   for (let size = 2; size <= n; size *= 2) for (let start = 0; start < n; start += size) for (let k = 0; k < size / 2; k++) { … cos[k * (n / size)] … }
//
// Written out whole they are too large; kept, an iteration has to ask which stage it is, which of two arrays is meant, how often its loops run. So
// the stages are written out, and the loops inside that are not short are kept: each stage has constant bounds, arrays and tables of its own.
// Few are eight; where a number is doubled or halved from one to the next, strides and places are no multiples of a counter that a kept loop could take
// lanes by: as many as there are bits are few.

import { instructions } from "../../ir/build.ts";
import type { Instr, Loop, Value } from "../../ir/types.ts";
import type { Evaluator } from "./evaluator.ts";
import { same, type Abs } from "./values.ts";

const few = 8, bits = 32;
export const mostStages = (loop: Loop): number => (doubles(loop) ? bits : few);
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

const scales: ReadonlySet<Instr["op"]> = new Set(["js.mul", "js.div", "js.shl", "js.shr", "js.ushr"] as const satisfies readonly Instr["op"][]);
const powers: ReadonlySet<Instr["op"]> = new Set(["js.shl", "js.shr", "js.ushr", "js.pow"] as const satisfies readonly Instr["op"][]);
const known = new WeakMap<Loop, boolean>();
/** Whether a number that it carries is multiplied or divided from one iteration to the next, or says by how much another is shifted. */
function doubles(loop: Loop): boolean {
  let found = known.get(loop);
  if (found !== undefined) return found;
  const { params } = loop.regions[0];
  const scaled = ({ def }: Value, param: Value): boolean =>
    def !== null && def.args.includes(param) && (scales.has(def.op) ? def.args.some((arg) => arg.def?.op === "js.const") : def.op === "js.add" && def.args.every((arg) => arg === param));
  found = [...instructions(loop.regions[0])].some((instr) =>
    instr.op === "br" ? instr.label === loop.label && instr.args.some((arg, i) => scaled(arg, params[i]!)) : powers.has(instr.op) && params.includes(instr.args[1]!));
  known.set(loop, found);
  return found;
}
