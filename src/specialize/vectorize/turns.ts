// One turn of a loop that ends when its data say so, as straight code: where it goes on, with what, and where it ends, with what.
//
//   loop l (%z = …) { if %n < 100 {} else {yield %n}; %w = f64.mul %z %z; if %w > 4.0 {yield %n}; br l %w }
//     →  steps: %w = …;   goes on where %n < 100 and not %w > 4.0, with %w;   ends where not %n < 100, or where %n < 100 and %w > 4.0
//
// Requires: a loop, or a block that holds one and is left from inside it. Guarantees of a `Turn`: nothing in it traps, loads or stores, so that
// it may be computed in vain; one way on; the ways out exclude each other, and one of them is taken where the turn does not go on.

import { isMachineOp, ops } from "../../ir/ops.ts";
import type { Block, Br, If, Instr, Loop, Machine, Region, Value } from "../../ir/types.ts";
import { hasEffect } from "../dce.ts";
import type { Choice, Flat, Mask, Operation } from "./flat.ts";

/** A way out: where it is taken, and what the construct's results are then. */
export interface Leave { readonly where: Mask | null; readonly values: readonly Value[] }

export interface Turn {
  readonly loop: Loop;
  /** what the source sees of it: the loop itself, or the block around it */
  readonly whole: Loop | Block;
  readonly flat: Flat;
  readonly goesOn: Mask;
  /** by parameter of the loop */
  readonly next: readonly Value[];
  readonly leaves: readonly Leave[];
}

/** The turn of the loop that `whole` is or holds; else why there is none. */
export function turnOf(whole: Loop | Block): Turn | string {
  const loop = whole.op === "loop" ? whole : whole.regions[0].body[0]!;
  if (loop.op !== "loop") return "something stands before a loop in its block";
  const [, ...behind] = whole.op === "block" ? whole.regions[0].body : [];
  if (behind.length > 1) return "something follows a loop in its block";
  return new Turner(loop, whole, behind[0]).turn();
}

class Turner {
  private readonly steps: (Operation | Choice)[] = [];
  private readonly by = new Map<Value, Operation | Choice>();
  private readonly leaves: Leave[] = [];
  private goesOn: { readonly where: Mask | null; readonly next: readonly Value[] } | null = null;
  private readonly loop: Loop;
  private readonly whole: Loop | Block;
  /** what the loop's own end leads to */
  private readonly behind: Instr | undefined;

  constructor(loop: Loop, whole: Loop | Block, behind: Instr | undefined) { this.loop = loop; this.whole = whole; this.behind = behind; }

  turn(): Turn | string {
    const { loop, whole, steps, by, leaves } = this;
    const why = this.region(loop.regions[0], null, (where, args) => this.end(where, args));
    if (why) return why;
    if (!this.goesOn?.where || leaves.length === 0) return "a loop does not end by a test";
    return { loop, whole, flat: { steps, by }, goesOn: this.goesOn.where, next: this.goesOn.next, leaves };
  }

  /** The loop's own yield. */
  private end(where: Mask | null, values: readonly Value[]): string | null {
    const { loop, whole, behind, leaves } = this;
    if (whole === loop) { leaves.push({ where, values }); return null; }
    if (behind?.op !== "yield" && !(behind?.op === "br" && behind.label === (whole as Block).label)) return "something follows a loop in its block";
    leaves.push({ where, values: behind.args.map((v) => { const i = loop.results.indexOf(v); return i < 0 ? v : values[i]!; }) });
    return null;
  }

  /** Takes a region's instructions; its yield, if it comes there, is handed to `end`. A string says why it can't be. */
  private region(region: Region, where: Mask | null, end: (where: Mask | null, args: readonly Value[]) => string | null): string | null {
    for (const instr of region.body) {
      switch (instr.op) {
        case "yield": return end(where, instr.args);
        case "br": return this.jump(instr, where);
        case "trap": return instr.exit === -1 ? null : "it may stop for good";
        case "if": {
          const outcome = this.branch(instr, where);
          if (typeof outcome === "string") return outcome;
          where = outcome;
          break;
        }
        default: {
          if (!isMachineOp(instr.op) || hasEffect(instr) || ops[instr.op].result === null) return `${instr.op} inside a loop that ends by its data`;
          this.give({ kind: "operation", often: 1, instr: instr as Machine, result: instr.results[0]! });
        }
      }
    }
    return null;
  }
  private give(step: Operation | Choice): void { this.steps.push(step); this.by.set(step.result, step); }

  private jump(instr: Br, where: Mask | null): string | null {
    if (instr.label === this.loop.label) {
      if (this.goesOn) return "a loop goes on from several places";
      this.goesOn = { where, next: instr.args };
      return null;
    }
    if (this.whole === this.loop || instr.label !== (this.whole as Block).label) return "a loop is left for somewhere else";
    this.leaves.push({ where, values: instr.args });
    return null;
  }

  /** Both arms of an `if`; gives where what follows it takes place. */
  private branch(instr: If, outer: Mask | null): Mask | null | string {
    const cond = instr.args[0]!;
    const arms = instr.regions.map((arm, i) => {
      let values: readonly Value[] | null = null;
      const mask: Mask = { cond, truth: i === 0, outer };
      let after: Mask | null = mask;
      const why = this.region(arm, mask, (where, args) => { values = args; after = where; return null; });
      return { why, values: values as readonly Value[] | null, after };
    }) as [Arm, Arm];
    const [then, otherwise] = arms;
    if (then.why ?? otherwise.why) return (then.why ?? otherwise.why)!;
    if (then.values && otherwise.values) {
      // an arm that some lanes leave for good and others do not would leave its choices undone in these
      if (then.after?.outer !== outer || otherwise.after?.outer !== outer) return "only part of a branch leaves a loop";
      instr.results.forEach((result, i) => this.give({ kind: "choice", often: 1, result, cond, then: then.values![i]!, otherwise: otherwise.values![i]! }));
      return outer;
    }
    const stays = then.values ? then : otherwise;
    if (!stays.values) return outer; // what follows is never reached
    instr.results.forEach((result, i) => {
      const value = stays.values![i]!;
      this.give({ kind: "choice", often: 1, result, cond, then: value, otherwise: value });
    });
    return stays.after;
  }
}
interface Arm { readonly why: string | null; readonly values: readonly Value[] | null; readonly after: Mask | null }
