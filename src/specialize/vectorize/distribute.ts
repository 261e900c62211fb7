// Which part of an iteration comes first where what it writes has a place that run time knows: what no such write is asked for, and lanes can be made of.
//
//   for i { h = hash(x[i]); r[h >>> 22] = max(r[h >>> 22], rank(h)) }
//     →  for each strip of i { for i {S[i] = hash(x[i])}  for i { h = S[i]; r[h >>> 22] = max(r[h >>> 22], rank(h)) } }
//
// Requires: a Counted loop without loops, that carries its counter alone. The writes keep their order. (Written by interchange.ts, whose strips they are.)

import { constantOf } from "../../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps } from "../../ir/ops.ts";
import type { Instr, Memory, Value } from "../../ir/types.ts";
import type { Counted } from "../counted.ts";
import { visit } from "../flow.ts";
import { weightOf } from "./costs.ts";
import { flatten } from "./flat.ts";
import { hasLanes } from "./operations.ts";

/** operations that lanes have to take over, and more for each number that is handed on; a double has half as many lanes */
const enough = 8, perNumber = 2, ofDouble = 0.5;
/** elements that one iteration's place is from the next one's, where lanes are loaded together; operations that a place is computed of */
const near = 4, deepest = 6;

export interface Distributed { readonly early: readonly Instr[]; readonly late: readonly Instr[]; readonly handed: readonly Value[] }

export function distributed(counted: Counted, counter: Value, touches: (a: Memory, b: Memory) => boolean): Distributed | null {
  const flat = flatten(counted);
  if (typeof flat === "string") return null;
  const stores = flat.steps.flatMap((step) => (step.kind === "store" ? [step.instr] : []));
  const moves = (index: Value | undefined): number | null => (index ? movesOf(index, counted, counter, deepest) : 0); // a place may be its base alone
  if (!stores.some(({ args }) => moves(args[1]) === null)) return null;

  // 1. what can come first
  const list = counted.body.body.slice(0, -1), first = new Set<Instr>(), known = new Set<Value>([counter]);
  const ready = (v: Value): boolean => !counted.inside(v) || known.has(v);
  for (const instr of list) {
    if (!instr.args.every(ready) || instr.results.length !== 1) continue;
    const [result] = instr.results as [Value], step = flat.by.get(result);
    const takes = isMachineOp(instr.op) ? step?.kind === "operation" && hasLanes(step, (v) => !counted.inside(v))
      : isMemoryOp(instr.op) && !memoryOps[instr.op].store && isNear(moves(instr.args[1])) && !stores.some((store) => touches(store, instr as Memory));
    if (!takes) continue;
    first.add(instr);
    known.add(result);
  }

  // 2. what of it is handed on: not what is one operation on what is, nor two that are each one operation on the same
  const handed = new Set<Value>(), again = new Set<Instr>();
  visit({ params: [], body: list.filter((instr) => !first.has(instr)) }, (instr) => { for (const v of instr.args) if (v.def && first.has(v.def)) handed.add(v); });
  /** what it is made of besides what is handed on: null if there is nothing, undefined if it is loaded, or more than one */
  const madeOf = ({ def }: Value): Value | null | undefined => {
    const others = new Set(def!.args.filter((arg) => counted.inside(arg) && arg !== counter && !handed.has(arg)));
    return !isMachineOp(def!.op) || others.size > 1 ? undefined : others.values().next().value ?? null;
  };
  for (let spared: readonly Value[] | null = []; spared;) {
    spared = null;
    const beside = new Map<Value, Value>();
    for (const v of handed) {
      const of = madeOf(v), other = of ? beside.get(of) : undefined;
      if (of === undefined || of && !other) { if (of) beside.set(of, v); continue; }
      spared = other ? [v, other] : [v];
      for (const one of spared) { handed.delete(one); again.add(one.def!); }
      if (of) handed.add(of);
      break;
    }
  }

  // 3. whether it is worth that
  const work = ({ op }: Instr): number => (isMachineOp(op) ? weightOf(op) * (op.startsWith("f64") ? ofDouble : 1) : 0);
  const needed = neededFor(handed, first);
  const gain = [...needed].reduce((sum, instr) => sum + (again.has(instr) ? 0 : work(instr)), 0);
  if (handed.size === 0 || gain < enough + perNumber * handed.size) return null;
  return { early: list.filter((instr) => needed.has(instr)), late: list.filter((instr) => !first.has(instr) || again.has(instr)), handed: [...handed] };
}

/** What of the first part the numbers that are handed on are made of. */
function neededFor(handed: ReadonlySet<Value>, first: ReadonlySet<Instr>): ReadonlySet<Instr> {
  const needed = new Set<Instr>(), work = [...handed];
  for (let v = work.pop(); v; v = work.pop()) {
    if (!v.def || !first.has(v.def) || needed.has(v.def)) continue;
    needed.add(v.def);
    work.push(...v.def.args);
  }
  return needed;
}

const isNear = (elements: number | null): boolean => elements !== null && elements > 0 && elements <= near;
/** By how much a place moves from one iteration to the next; null where that differs, for all that is known. */
function movesOf(v: Value, counted: Counted, counter: Value, depth: number): number | null {
  if (v === counter) return 1;
  if (!counted.inside(v)) return 0;
  if (!v.def || depth === 0) return null;
  const { op, args: [a, b] } = v.def, of = (arg: Value): number | null => movesOf(arg, counted, counter, depth - 1);
  if (op !== "i32.add" && op !== "i32.sub" && op !== "i32.mul" && op !== "i32.shl") return null;
  const x = of(a!), y = of(b!), k = constantOf(b!);
  if (x === null || y === null) return null;
  if (op === "i32.add") return x + y;
  if (op === "i32.sub") return x - y;
  return x === 0 && y === 0 ? 0 : typeof k !== "number" ? null : op === "i32.mul" ? x * k : x * 2 ** (k & 31);
}
