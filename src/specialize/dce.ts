// Removes what nobody needs: unused pure instructions, loads, carried values and results of structured instructions, code after a
// way out that is always taken.
//
//   before  loop l(%i = 0, %n = 5) { … br l %i2 %n2 }, %n used for %n2 alone
//   after   loop l(%i = 0) { … br l %i2 }
//
// Requires: machine form. Guarantees: every value that remains is used by something with an effect, directly or not. Stores stay.
// Algorithm: mark from the effects backwards, optimistically (a loop's parameter needs its arguments only once it is needed itself),
// then copy what is marked. Whether an operation has effects is asked of the operation table; what it does not know has. A loop that has
// no effect and whose results nobody needs is removed, even one that would never end.

import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import { regionsOf } from "../ir/build.ts";
import { BlockNode, BrNode, IfNode, list, LoopNode, MachineNode, MemoryNode, none, RegionNode, ReturnNode, YieldNode } from "../ir/nodes.ts";
import type { Func, Instr, Label, Memory, Program, Region, Value } from "../ir/types.ts";
import { Emitter } from "./emitter.ts";

/** What this pass made: once more it would be the same. */
const settled = new WeakSet<Func>();

export function removeDeadCode(func: Func, program: Program): Func {
  if (settled.has(func)) return func;
  const made = withoutDeadCode(func, program);
  settled.add(made);
  return made;
}

function withoutDeadCode(func: Func, program: Program): Func {
  const { live, effects } = mark(func);
  if (isAllLive(func.body, live, effects)) return func;
  const e = new Emitter(program, 0);
  const map = new Array<Value | undefined>(func.nextId);
  const labels = new Map<Label, { label: Label; kept: readonly boolean[] }>();

  const value = (old: Value): Value => (old.def?.op === "const" ? e.const(old.type, old.def.value) : map[old.id]!);
  const fresh = (old: Value): Value => (map[old.id] = e.value(old.type, old.name));
  const keptOf = (values: readonly Value[]): boolean[] => values.map((v) => live[v.id] === 1);
  const pick = (values: readonly Value[], kept: readonly boolean[]): Value[] => values.filter((_, i) => kept[i]).map(value);

  const copyRegion = (old: Region, kept: readonly boolean[]): Region => {
    const region = new RegionNode(old.params.length === 0 ? none : old.params.filter((p) => live[p.id] === 1).map(fresh));
    for (const instr of old.body) {
      const now = copy(instr, kept);
      if (!now) continue;
      for (const r of now.results) r.def = now;
      region.body.push(now);
    }
    return region;
  };
  const copy = (instr: Instr, kept: readonly boolean[]): Instr | null => {
    switch (instr.op) {
      case "yield": return new YieldNode(pick(instr.args, kept));
      case "br": { const to = labels.get(instr.label)!; return new BrNode(to.label, pick(instr.args, to.kept), instr.place); }
      case "return": return new ReturnNode(instr.args.map(value), instr.exit, instr.place);
      case "if": case "block": case "loop": {
        if (!effects.has(instr) && !instr.results.some((r) => live[r.id])) return null;
        const results = keptOf(instr.results);
        if (instr.op === "if") {
          const cond = value(instr.args[0]!), then = copyRegion(instr.regions[0], results), otherwise = copyRegion(instr.regions[1], results);
          return new IfNode(cond, pickResults(instr, results), then, otherwise, instr.place);
        }
        const label: Label = { name: instr.label.name };
        const carried = instr.op === "loop" ? keptOf(instr.regions[0].params) : results;
        const inits = instr.op === "loop" ? pick(instr.args, carried) : none;
        labels.set(instr.label, { label, kept: carried });
        const body = copyRegion(instr.regions[0], results);
        return instr.op === "loop" ? new LoopNode(label, inits, pickResults(instr, results), body, instr.notes, instr.place)
          : new BlockNode(label, pickResults(instr, results), body, instr.place);
      }
      default:
        if (!hasEffect(instr) && !instr.results.some((r) => live[r.id])) return null;
        if (isMachineOp(instr.op)) return new MachineNode(instr.op, instr.args.map(value), list(fresh(instr.results[0]!)), instr.place);
        if (isMemoryOp(instr.op)) {
          const args = instr.args.map(value);
          return new MemoryNode(instr.op, args, instr.results.length === 0 ? none : list(fresh(instr.results[0]!)), instr.place, instr as Memory);
        }
        return { ...instr, args: instr.args.map(value), results: instr.results.map(fresh) } as Instr;
    }
  };
  const pickResults = (instr: Instr, kept: readonly boolean[]): Value[] => instr.results.filter((_, i) => kept[i]).map(fresh);
  const params = func.params.map(fresh);
  const body = copyRegion(func.body, []);
  return { name: func.name, params, results: func.results, body, nextId: e.nextId };
}

/** Whether an instruction without regions must stay although nobody uses its results. Unknown means it must. */
export function hasEffect(instr: Instr): boolean {
  const { op } = instr;
  if (isMachineOp(op)) return ops[op].effect !== "none" && !divides(instr);
  if (isMemoryOp(op)) return memoryOps[op].store; // a load that nobody reads is not missed, nor is a random number
  return !(op === "const" || op === "random" || op === "lane" || op === "data.addr" || op === "frame.addr");
}
/** a division that cannot trap: by a constant other than 0 and −1 */
function divides(instr: Instr): boolean {
  const divisor = instr.args[1]?.def;
  return divisor?.op === "const" && divisor.value !== 0 && divisor.value !== -1;
}

/** Whether nothing would be left out. */
function isAllLive(region: Region, live: Uint8Array, effects: ReadonlySet<Instr>): boolean {
  for (const instr of region.body) {
    if (instr.op === "yield" || instr.op === "br") continue;
    for (const r of instr.results) if (live[r.id] === 0) return false;
    if (instr.op === "if" || instr.op === "block" || instr.op === "loop") {
      if (instr.results.length === 0 && !effects.has(instr)) return false;
      for (const inner of instr.regions) {
        for (const p of inner.params) if (live[p.id] === 0) return false;
        if (!isAllLive(inner, live, effects)) return false;
      }
    } else if (instr.results.length === 0 && !hasEffect(instr)) return false;
  }
  return true;
}

interface Marks { readonly live: Uint8Array; readonly effects: ReadonlySet<Instr> }

function mark(func: Func): Marks {
  const live = new Uint8Array(func.nextId);
  /** what a parameter or a result is given, by each yield and br that gives it */
  const sources = new Array<Value[] | undefined>(func.nextId);
  /** the structured instruction that a result or parameter belongs to */
  const owner = new Array<Instr | undefined>(func.nextId);
  /** structured instructions that do more than give results: effects inside, a way out past themselves */
  const effects = new Set<Instr>();

  // 1. who gives what to whom; what has an effect. `out` is the depth of the outermost label that a br inside leads to.
  const labels = new Map<Label, { depth: number; to: readonly Value[] }>();
  const give = (to: readonly Value[], from: readonly Value[]): void => to.forEach((t, i) => { (sources[t.id] ??= []).push(from[i]!); });
  const scan = (region: Region, results: readonly Value[], depth: number): { effect: boolean; out: number } => {
    const sum = { effect: false, out: Infinity };
    for (const instr of region.body) {
      if (instr.op === "yield") give(results, instr.args);
      else if (instr.op === "br") {
        const label = labels.get(instr.label)!;
        give(label.to, instr.args);
        sum.out = Math.min(sum.out, label.depth);
      } else if (instr.op === "if" || instr.op === "block" || instr.op === "loop") {
        if (instr.op === "loop") give(instr.regions[0].params, instr.args);
        if (instr.op !== "if") labels.set(instr.label, { depth, to: instr.op === "loop" ? instr.regions[0].params : instr.results });
        for (const r of instr.results) owner[r.id] = instr;
        let [effect, out] = [false, Infinity];
        for (const inner of instr.regions) {
          for (const p of inner.params) owner[p.id] = instr;
          const found = scan(inner, instr.results, depth + 1);
          effect ||= found.effect;
          out = Math.min(out, found.out);
        }
        if (instr.op !== "if" && out >= depth) out = Infinity; // led to its own label
        if (effect || out < Infinity) effects.add(instr);
        sum.effect ||= effect;
        sum.out = Math.min(sum.out, out);
      } else if (hasEffect(instr)) sum.effect = true;
    }
    return sum;
  };
  scan(func.body, [], 0);

  // 2. backwards from the effects that are reached
  const work: Value[] = [];
  const entered = new Set<Instr>();
  const need = (v: Value): void => { if (live[v.id] === 0) { live[v.id] = 1; work.push(v); } };
  const enterRegion = (region: Region): void => {
    for (const instr of region.body) {
      if (instr.op === "if" || instr.op === "block" || instr.op === "loop") { if (effects.has(instr)) enter(instr); }
      else if (instr.op !== "yield" && instr.op !== "br" && hasEffect(instr)) for (const arg of instr.args) need(arg);
    }
  };
  const enter = (instr: Instr): void => {
    if (entered.has(instr)) return;
    entered.add(instr);
    if (instr.op === "if") need(instr.args[0]!);
    for (const region of regionsOf(instr)) enterRegion(region);
  };
  enterRegion(func.body);
  for (let v = work.pop(); v !== undefined; v = work.pop()) {
    for (const source of sources[v.id] ?? []) need(source);
    const of = owner[v.id];
    if (of) enter(of);
    else if (v.def) for (const arg of v.def.args) need(arg);
  }
  return { live, effects };
}
