// Carried values that each iteration makes of the one before it (phases of oscillators, running sums, positions of sweeps), and that others are made of:
// they are made one after the other, and the rest of the body in lanes.
//
//   before  loop l (%p, %i) { f64.store [%y + %i << 3], f64.sqrt %p; %q = f64.add %p %step; br l (f64.select (f64.ge %q 1.0) (f64.sub %q 1.0) %q) (%i + 1) }
//   after   loop m (%p, %i) { %p1 = …of %p; v128.store [%y + %i << 3], f64x2.sqrt {%p, %p1}; br m …of %p1, (%i + 2) }
//
// Several that wait for one another go together. What they are made of beside each other is made in lanes, and taken out of them; what is made of them
// within the iteration, their next numbers too, is made in lanes once more where others need it: the same operations, so the same bits.
//
// Requires: a Counted loop, flat. Nothing is looked up by them on the way from one to the next, which takes at most `most` operations.

import type { MachineOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import { extractLane, joinLanes } from "../lanes.ts";
import type { Counted } from "../counted.ts";
import { dependents, operandsOf, type Flat } from "./flat.ts";
import type { Reduction } from "./reductions.ts";
import { lanesOf, naturalWidth, registerOf } from "./widths.ts";
import type { VectorWriter } from "./writer.ts";

/** operations from one iteration to the next */
const most = 24;
/** what one costs, since the next waits for it, where others overlap */
const wait = 3;

/** What goes together: the carried values, what each is in the next iteration, and how that is made. */
export interface Following { readonly next: ReadonlyMap<Value, Value>; readonly flat: Flat; readonly carried: ReadonlySet<Value>; /** what keeps the loop in scalar code if this does not pay */ readonly why: string }

/** These carried values as ones that follow one another, or null. Of the `others` some are gathered: their lanes are nothing that one could be made of. */
export function following(params: readonly { readonly param: Value; readonly index: number; readonly next: Value }[], others: readonly Reduction[], counted: Counted, flat: Flat, why: string): readonly Reduction[] | null {
  const gathered = new Set(others.flatMap(({ param, each }) => (each ? [] : [param, ...dependents(param, flat)])));
  const next = new Map(params.map((p) => [p.param, p.next]));
  const carried = new Set(params.flatMap(({ param }) => [...dependents(param, flat)]));
  const operands = new Set<Value>(), seen = new Set<Value>();
  const visit = (v: Value): boolean => {
    if (seen.has(v) || next.has(v) || !counted.inside(v)) return true;
    seen.add(v);
    if (v.type === "i64" || v.type === "v128" || gathered.has(v)) return false;
    if (!carried.has(v)) { operands.add(v); return flat.by.has(v) || counted.counters.some((c) => c.param === v && v.type === "i32"); }
    const step = flat.by.get(v);
    return step !== undefined && step.kind !== "load" && operandsOf(step).every(visit);
  };
  if (params.some(({ param }) => param.type === "i64" || param.type === "v128") || !params.every((p) => visit(p.next))) return null;
  const made = new Set([...seen].filter((v) => !operands.has(v))), steps = made.size;
  if (steps > most) return null;
  const together: Following = { next, flat, carried, why };
  return params.map(({ param, index }, i): Reduction => ({
    param, index, width: naturalWidth(param), following: together, values: i === 0 ? [...operands] : [],
    // put into lanes each, and what they are made of taken out, once for all
    inTurn: { steps: i === 0 ? wait * steps : 0, chosen: 0, moves: 1 + (i === 0 ? operands.size : 0), made },
    start: (_, first) => first,
    step: () => { throw new Error("they follow one another"); },
    finish: (_, [last]) => last!,
  }));
}

/** One step's line of them, as long as was asked for. */
export class Line {
  private readonly all: Following;
  private readonly e: Emitter;
  private readonly writer: VectorWriter;
  private readonly uniform: (v: Value) => Value | null;
  /** of each iteration, what its carried values are, and what was made of them */
  private readonly line: Map<Value, Value>[];
  private readonly registers = new Map<string, Value>();

  /** `first`: what a carried value begins with in this step */
  constructor(all: Following, e: Emitter, writer: VectorWriter, uniform: (v: Value) => Value | null, first: (param: Value) => Value) {
    this.all = all;
    this.e = e;
    this.writer = writer;
    this.uniform = uniform;
    this.line = [new Map([...all.next.keys()].map((param) => [param, first(param)]))];
  }

  /** A register of a carried value's lanes; null of other values. */
  register(v: Value, r: number): Value | null {
    if (!this.all.next.has(v)) return null;
    const key = `${v.id} ${r}`;
    let found = this.registers.get(key);
    if (!found) this.registers.set(key, found = joinLanes(this.e, lanesOf(v, r).map((lane) => this.at(v, lane))));
    return found;
  }

  /** What a carried value is so many iterations later. */
  at(param: Value, lane: number): Value {
    for (let k = this.line.length; k <= lane; k++) this.line.push(new Map([...this.all.next].map(([p, next]) => [p, this.made(next, k - 1)])));
    return this.line[lane]!.get(param)!;
  }

  private made(v: Value, lane: number): Value {
    const here = this.line[lane]!, { all, e } = this;
    let found = here.get(v) ?? this.uniform(v);
    if (found) return found;
    if (!all.carried.has(v)) {
      const w = naturalWidth(v), per = 16 / w;
      found = extractLane(e, this.writer.number(v, w, registerOf(lane, w)), lane % per, v.type);
    } else {
      const step = all.flat.by.get(v)!;
      const args = operandsOf(step).map((a) => this.made(a, lane));
      found = e.operation(step.kind === "operation" ? step.instr.op : `${v.type}.select` as MachineOp, args);
    }
    here.set(v, found);
    return found;
  }
}
