// Look-ups that lie side by side in each iteration: the bytes of a pixel, the two elements that are interpolated between.
//
//   %a = f32.load [%t + %k << 2]; %b = f32.load [%t + (%k + 1) << 2]     one load of 64 bits in each lane
//   i32.load8_u [%p + %k], [%p + %k + 1] …                               one of 16 bits, or of 32 where the first and the last of four are looked up
//
// All that is loaded is looked up by one of them or between two, so it is there. Requires: nothing in the loop writes what is looked up, and each look-up's
// index is in the array in all lanes, whether or not its condition holds (`kept` tells those of which it is not).

import { constantOf } from "../../ir/build.ts";
import type { Memory, Value } from "../../ir/types.ts";
import type { Ranges } from "../ranges.ts";
import type { Flat, Load } from "./flat.ts";

export interface LookUps {
  readonly flat: Flat;
  readonly ranges: Ranges;
  readonly gathers: ReadonlySet<Memory>;
  readonly kept: ReadonlyMap<Memory, number>;
}
/** An index as one that is shared with others, never negative, and a constant above it. */
export interface Apart { readonly from: Value; readonly plus: number }
/** Elements that are loaded together: from `start` above the shared index on. */
export interface Together { readonly from: Value; readonly start: number; readonly count: number; readonly which: number }

/** elements that a look-up may lie behind the index that it shares with others */
const mostApart = 1024;

export class Neighbours {
  private readonly p: LookUps;
  /** by what they share, what is looked up of it */
  private found: Map<string, Set<number>> | undefined;

  constructor(parts: LookUps) { this.p = parts; }

  apart(load: Memory): Apart {
    const { flat, kept, ranges } = this.p;
    const index = load.args[1]!;
    const step = flat.by.get(index);
    const [from, by] = step?.kind === "operation" && step.instr.op === "i32.add" ? step.instr.args : [];
    const plus = by && constantOf(by);
    if (!from || typeof plus !== "number" || plus < 0 || plus > Math.min(mostApart, kept.get(load) ?? mostApart) || ranges.of(from).lo < 0 || flat.by.get(from)?.kind === "load") return { from: this.first(index), plus: 0 };
    return { from: this.first(from), plus };
  }
  private readonly firsts = new Map<string, Value>();
  private readonly firstOf = new Map<Value, Value>();
  /** The first of those int32 that are the same operation on the same values: arms may each have made their own. */
  private first(v: Value): Value {
    const known = this.firstOf.get(v), step = this.p.flat.by.get(v);
    if (known || step?.kind !== "operation" || !step.instr.op.startsWith("i32.")) return known ?? v;
    const key = `${step.instr.op} ${step.instr.args.map((a) => constantOf(a) ?? `%${this.first(a).id}`).join()}`;
    let one = this.firsts.get(key);
    if (!one) this.firsts.set(key, one = v);
    this.firstOf.set(v, one);
    return one;
  }

  /** With which others a look-up is loaded, two or `most` of them; null where it has none beside it. */
  together({ instr }: Load, most = sizes[instr.op]): Together | null {
    if (sizes[instr.op] === undefined || 2 ** instr.scale !== elements[instr.op] || this.p.kept.has(instr)) return null;
    const { from, plus } = this.apart(instr), all = this.all().get(keyOf(instr, from))!;
    for (let start = plus, past = plus - (most === 4 ? 4 : 0); start > past; start--) if (all.has(start) && all.has(start + 3)) return { from, start, count: 4, which: plus - start };
    let first = plus;
    while (all.has(first - 1)) first--; // of those that follow one another: two at a time
    const start = plus - (plus - first) % 2;
    return all.has(start + 1) ? { from, start, count: 2, which: plus - start } : null;
  }

  private all(): ReadonlyMap<string, ReadonlySet<number>> {
    if (this.found) return this.found;
    this.found = new Map();
    for (const step of this.p.flat.by.values()) {
      if (step.kind !== "load" || !this.p.gathers.has(step.instr) || this.p.kept.has(step.instr)) continue;
      const { from, plus } = this.apart(step.instr), key = keyOf(step.instr, from);
      let those = this.found.get(key);
      if (!those) this.found.set(key, those = new Set());
      those.add(plus);
    }
    return this.found;
  }
}

const keyOf = (load: Memory, from: Value): string => `${load.op} ${load.args[0]!.id} ${load.scale} ${load.offset} ${from.id}`;
/** how many are loaded together at most, and how long one is */
const sizes: Readonly<Record<string, number>> = { "i32.load8_u": 4, "i32.load": 2, "f32.load": 2, "f64.load": 2 };
const elements: Readonly<Record<string, number>> = { "i32.load8_u": 1, "i32.load": 4, "f32.load": 4, "f64.load": 8 };
