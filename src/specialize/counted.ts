// A loop that counts: the one shape that loop splitting and vectorization work on.
//
//   loop l (%i = first, …) { pre…; if cond { body…; br l (%i + step) … } else {yield}; …; yield exits }
//
// Guarantees of a `Counted`: no loop, call or block inside, other than what is `Allowed`; one `br` to the label, which ends the `if` that the
// test governs; that `if` and the yield behind it are the only ways out; what stands before the test (`pre`) only computes. `counters` are the
// parameters that step by a constant. `inside` tells the values that the loop defines.

import { constantOf, regionsOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, ops } from "../ir/ops.ts";
import type { Br, If, Instr, Loop, Region, Value } from "../ir/types.ts";

export interface Counter {
  readonly param: Value;
  /** its place among the loop's parameters */
  readonly index: number;
  readonly first: Value;
  /** an integer, not 0 */
  readonly step: number;
  /** what the br gives it */
  readonly next: Value;
}

export interface Counted {
  readonly loop: Loop;
  readonly pre: readonly Instr[];
  /** the `if` that the test governs, and the test */
  readonly test: If;
  readonly cond: Value;
  /** the arm that ends in the br */
  readonly body: Region;
  readonly br: Br;
  readonly exits: readonly Value[];
  readonly counters: readonly Counter[];
  inside(v: Value): boolean;
}

/** What a counted loop may hold beside plain code. */
export interface Allowed {
  /** loops and blocks, and jumps within these */
  readonly loops?: boolean;
  /** ways out of the program to where the original has to run */
  readonly bails?: boolean;
  /** registers taken apart and put together */
  readonly lanes?: boolean;
  /** what it ends with may be computed behind the test, of what it carries */
  readonly ends?: boolean;
}

/** The loop as a counted one, or why it is none. */
export function countedLoop(loop: Loop, { loops = false, bails = false, lanes = false, ends = false }: Allowed = {}): Counted | string {
  const region = loop.regions[0];
  const at = region.body.findIndex((instr) => "regions" in instr && endsInBr(instr, loop));
  const test = region.body[at];
  const last = region.body.at(-1)!;
  if (!test || test.op !== "if") return "its test is not where it begins";
  const behind = region.body.slice(at + 1, -1);
  if (last.op !== "yield" || behind.length > 0 && !(ends && behind.every((instr) => isMachineOp(instr.op) && ops[instr.op].effect === "none")) || test.results.length > 0) return "something follows its body";
  const [body, other] = test.regions;
  if (other.body[0]!.op !== "yield") return "its test has two arms";
  const br = body.body.at(-1) as Br;
  const pre = region.body.slice(0, at);
  if (!pre.every(computes)) return "its test has effects";

  const ids = new Set<number>();
  const collect = (r: Region): boolean => {
    for (const p of r.params) ids.add(p.id);
    return r.body.every((instr) => {
      for (const result of instr.results) ids.add(result.id);
      const isControl = instr === br || instr.op === "yield" || instr.op === "if"
        || bails && instr.op === "trap" || loops && (instr.op === "loop" || instr.op === "block" || instr.op === "br" && instr.label !== loop.label || instr.op === "trap" && instr.exit === -1);
      return (isControl || lanes && instr.op === "lane" || !("regions" in instr) && isMemoryOrMachine(instr)) && regionsOf(instr).every(collect);
    });
  };
  if (!collect(region)) return "it holds a loop, a call or a second way out";

  const counters = region.params.flatMap((param, index): Counter[] => {
    const next = br.args[index]!;
    const step = stepOf(param, next);
    return step === null ? [] : [{ param, index, first: loop.args[index]!, step, next }];
  });
  return { loop, pre, test, cond: test.args[0]!, body, br, exits: last.args, counters, inside: (v) => ids.has(v.id) && v.def?.op !== "const" };
}

const endsInBr = (instr: Instr, loop: Loop): boolean => {
  const last = instr.op === "if" ? instr.regions[0].body.at(-1) : undefined;
  return last?.op === "br" && last.label === loop.label;
};
const computes = (instr: Instr): boolean => (isMachineOp(instr.op) || isMemoryOp(instr.op) && instr.results.length > 0);
const isMemoryOrMachine = (instr: Instr): boolean => isMachineOp(instr.op) || isMemoryOp(instr.op);

/** k, if next is param + k */
function stepOf(param: Value, next: Value): number | null {
  const def = next.def;
  if (def === null || (def.op !== "i32.add" && def.op !== "f64.add" && def.op !== "i32.sub" && def.op !== "f64.sub") || def.args[0] !== param) return null;
  const by = constantOf(def.args[1]!);
  if (typeof by !== "number" || !Number.isInteger(by) || by === 0 || Math.abs(by) > mostStep) return null;
  return def.op.endsWith("add") ? by : -by;
}
/** Steps and coefficients are small, so that sums of them are exact in doubles. */
export const mostStep = 1024;
