// The body of a counted loop as straight code: every `if` becomes choices between values, and masks on what is stored.
//
//   %v = if %c {%a = f64.neg %x; yield %a} else {f64.store …, %x; yield %x}
//     →  %a = f64.neg %x;   store under not %c;   %v = choice %c %a %x
//
// Requires: a Counted loop, so arms only compute, load, store and yield. Order is kept; `needed` tells which values matter at all.

import { instructions } from "../../ir/build.ts";
import { ops, isMachineOp } from "../../ir/ops.ts";
import type { Machine, Memory, Region, Value } from "../../ir/types.ts";
import { hasEffect } from "../dce.ts";
import type { Counted } from "../counted.ts";
import { weightOf } from "./costs.ts";

/** Where a step takes place: in iterations where `cond` is (not) 0, and so is every outer one. */
export interface Mask { readonly cond: Value; readonly truth: boolean; readonly outer: Mask | null }

/** What has to hold, or not, for a step to take place. */
export const conditions = (mask: Mask | null): readonly Value[] => (mask ? [mask.cond, ...conditions(mask.outer)] : []);

/** `often`: in how many of the iterations. */
export interface Operation { readonly kind: "operation"; readonly instr: Machine; readonly result: Value; readonly often: number }
export interface Choice { readonly kind: "choice"; readonly result: Value; readonly often: number; readonly cond: Value; readonly then: Value; readonly otherwise: Value }
export interface Load { readonly kind: "load"; readonly instr: Memory; readonly result: Value; readonly mask: Mask | null; readonly often: number }
export interface Store { readonly kind: "store"; readonly instr: Memory; readonly value: Value; readonly mask: Mask | null; readonly often: number }
export type Step = Operation | Choice | Load | Store;

export interface Flat {
  readonly steps: readonly Step[];
  /** the step that gives a value */
  readonly by: ReadonlyMap<Value, Operation | Choice | Load>;
}

/** What a step is made of. */
export const operandsOf = (step: Step): readonly Value[] =>
  step.kind === "operation" ? step.instr.args : step.kind === "choice" ? [step.cond, step.then, step.otherwise] : step.instr.args;

/** The loop's body, and what stands before its test, as steps; a string says why that can't be. */
export function flatten(counted: Counted): Flat | string {
  const steps: Step[] = [];
  const by = new Map<Value, Operation | Choice | Load>();
  const give = (step: Operation | Choice | Load): void => { steps.push(step); by.set(step.result, step); };
  let refused: string | null = null;
  const visit = (region: Region, mask: Mask | null, often: number): readonly Value[] => {
    for (const instr of region.body) {
      switch (instr.op) {
        case "yield": return instr.args;
        case "br": return [];
        case "if": {
          const cond = instr.args[0]!;
          const share = shareOfFirst(instr.regions);
          const then = visit(instr.regions[0], { cond, truth: true, outer: mask }, often * share);
          const otherwise = visit(instr.regions[1], { cond, truth: false, outer: mask }, often * (1 - share));
          instr.results.forEach((result, i) => { give({ kind: "choice", often, result, cond, then: then[i]!, otherwise: otherwise[i]! }); });
          break;
        }
        default:
          if (isMachineOp(instr.op)) {
            if (hasEffect(instr) || ops[instr.op].result === null) refused = `${instr.op} may trap`;
            else give({ kind: "operation", often, instr: instr as Machine, result: instr.results[0]! });
          } else if (instr.results.length > 0) give({ kind: "load", often, instr: instr as Memory, result: instr.results[0]!, mask });
          else steps.push({ kind: "store", often, instr: instr as Memory, value: instr.args[2]!, mask });
      }
    }
    return [];
  };
  visit({ params: [], body: [...counted.pre] }, null, 1);
  visit(counted.body, null, 1);
  return refused ?? { steps, by };
}

/** In how many of its turns an `if` does the first arm: half of them, but for an arm that keeps what is costly from numbers that it is not for (a division by 0, an arc of more than 1). */
function shareOfFirst([then, otherwise]: readonly [Region, Region]): number {
  const [a, b] = [workOf(then), workOf(otherwise)];
  return keeps(b, a) ? 1 - rarely : keeps(a, b) ? rarely : 0.5;
}
const rarely = 0.1, times = 4;
interface Work { readonly all: number; readonly costly: boolean }
const keeps = (guard: Work, guarded: Work): boolean => guarded.costly && !guard.costly && guarded.all >= times * guard.all;
function workOf(region: Region): Work {
  let all = 0, costly = false;
  for (const { op } of instructions(region)) { const weight = isMachineOp(op) ? weightOf(op) : 1; all += weight; costly ||= weight > 1; }
  return { all, costly };
}

/**
 * The values that stores and the given roots need in lanes. Indices of loads and stores are left out, but for look-ups (by result) of what is
 * computed; what is looked up by something loaded takes that from memory, lane by lane, and of what walks (null: walks.ts) no index is in lanes.
 */
export function neededValues(flat: Flat, roots: readonly Value[], lookups: ReadonlyMap<Value, Value | null>): ReadonlySet<Value> {
  const needed = new Set<Value>();
  const work: Value[] = [];
  const need = (v: Value): void => { if (!needed.has(v)) { needed.add(v); work.push(v); } };
  const needMask = (mask: Mask | null): void => { for (let m = mask; m; m = m.outer) need(m.cond); };
  roots.forEach(need);
  for (const step of flat.steps) if (step.kind === "store") { need(step.value); needMask(step.mask); }
  for (let v = work.pop(); v; v = work.pop()) {
    const step = flat.by.get(v);
    if (step?.kind === "operation") step.instr.args.forEach(need);
    else if (step?.kind === "load") {
      let index = lookups.get(v);
      while (index && flat.by.get(index)?.kind === "load") index = lookups.get(index); // by what was looked up itself, and so on
      if (index) need(index);
    } else if (step?.kind === "choice") { need(step.cond); need(step.then); need(step.otherwise); }
  }
  return needed;
}

/**
 * The same steps in the order in which stores, then `roots`, want their operands: a load stands just before its first use, so that few values
 * are alive at a time, whatever the source's order. A load that a store may touch (`touches`) stays before it. What nobody needs is left out.
 */
export function scheduled(flat: Flat, roots: readonly Value[], lookups: ReadonlyMap<Value, Value | null>, touches: (load: Load, store: Store) => boolean): Flat {
  const steps: Step[] = [];
  const done = new Set<Value>();
  const operands = (step: Operation | Choice | Load): readonly Value[] => {
    if (step.kind === "load") { const index = lookups.get(step.result); return index ? [index] : []; }
    return step.kind === "operation" ? step.instr.args : [step.cond, step.then, step.otherwise];
  };
  const want = (root: Value): void => {
    const stack = [root];
    while (stack.length > 0) {
      const v = stack.at(-1)!;
      const step = done.has(v) ? undefined : flat.by.get(v);
      if (!step) { stack.pop(); continue; }
      const before = stack.length;
      const list = operands(step);
      for (let i = list.length - 1; i >= 0; i--) if (!done.has(list[i]!) && flat.by.has(list[i]!)) stack.push(list[i]!);
      if (stack.length > before) continue;
      stack.pop();
      done.add(v);
      steps.push(step);
    }
  };
  const wanted = neededValues(flat, roots, lookups);
  const indices = new Set(lookups.values());
  let waiting: Load[] = [];
  for (const step of flat.steps) {
    if (step.kind === "load" && (wanted.has(step.result) || indices.has(step.result))) waiting.push(step);
    if (step.kind !== "store") continue;
    for (let m = step.mask; m; m = m.outer) want(m.cond);
    want(step.value);
    for (const load of waiting) if (touches(load, step)) want(load.result); // those that only later steps use
    waiting = waiting.filter((load) => !done.has(load.result));
    steps.push(step);
  }
  roots.forEach(want);
  return { steps, by: flat.by };
}

/** What depends on the carried value within an iteration. */
export function dependents(param: Value, flat: Flat): ReadonlySet<Value> {
  const found = new Set([param]);
  for (const step of flat.steps) if (step.kind !== "store" && operandsOf(step).some((v) => found.has(v))) found.add(step.result);
  return found;
}
