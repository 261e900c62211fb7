// The walk over control: regions, branches, blocks. Loops are in loops.ts.
//
// A branch whose condition is static is walked on one side only. A dynamic one is walked on both, each in a region of its own, and the
// paths are merged (merge.ts).
//
// After Jones, Gomard, Sestoft, "Partial Evaluation and Automatic Program Generation" (1993), chapter 7 (online, polyvariant in calls and unrolled iterations).

import type { Refusal } from "../../diagnostic.ts";
import { isTerminator, regionsOf } from "../../ir/build.ts";
import type { If, Instr, Label, Region, Value } from "../../ir/types.ts";
import type { Found } from "./attempts.ts";
import { groupsOf, rowAt, walkGroups, walkRow, type Rest } from "./apart.ts";
import { checkBudget } from "./budget.ts";
import { iterate } from "./collections.ts";
import { choiceAt, numberAt, walkAlternatives, walkNumbers } from "./duplicate.ts";
import type { Evaluator } from "./evaluator.ts";
import type { State } from "./heap.ts";
import { evaluateInstruction, valueIn, valuesIn } from "./instructions.ts";
import { endIterator, step } from "./iterators.ts";
import { walkLoop } from "./loops.ts";
import { merge, type Arrival } from "./merge.ts";
import { partOf, truth } from "./operators.ts";
import { EndsDynamically } from "./trials.ts";
import { walkTry } from "./tries.ts";
import { armStart, bailInstead, canBail } from "./refused.ts";
import { isOwnTest } from "./tailcalls.ts";
import { falseValue, same, trueValue, undefinedValue, type Abs, type Sum } from "./values.ts";
import { PathEnds, PathThrows, Restart, type Activation, type Target } from "./walk.ts";

/** How the walk of a region ended. */
export type Completion =
  | { readonly c: "yield"; readonly values: readonly Abs[] }
  | { readonly c: "br"; readonly label: Label; readonly values: readonly Abs[] }
  | { readonly c: "return"; readonly value: Abs }
  | { readonly c: "throw"; readonly value: Abs }
  /** every path left already */
  | { readonly c: "dead" };
export const dead: Completion = { c: "dead" };

/** Walks a region of the source, writing into the current region of the residual. */
export function walkRegion(ev: Evaluator, region: Region, activation: Activation, from = 0): Completion {
  const { body } = region, narrowed = activation.narrowed.length;
  try {
    for (let i = from; i < body.length; i++) {
      const instr = body[i]!;
      const choice = choiceAt(ev, instr, activation);
      if (choice) return walkAlternatives(ev, region, i, activation, choice);
      const number = ev.polyvariant > 0 ? numberAt(ev, instr, activation) : undefined;
      if (number) return "k" in number ? walkAlternatives(ev, region, i, activation, number) : walkNumbers(ev, region, i, activation, number);
      if (!("regions" in instr) && instr.op !== "js.next" && ev.feeding.size === 0) { // the most: nothing of it goes on through the rest
        const completion = walkInstruction(ev, instr, activation, null);
        if (completion) return completion;
        continue;
      }
      const rest: Rest = { region, from: i + 1, results: instr.results, activation };
      const row = ev.feeding.size > 0 ? rowAt(ev, instr, activation) : undefined;
      if (row) return walkRow(ev, row, rest);
      const left = ev.journal.length;
      const completion = instr.op === "js.next" && asksFor(instr.results[0]!, body[i + 1]!) ? walkNext(ev, rest, instr, activation) : walkInstruction(ev, instr, activation, rest);
      if (completion) return completion;
      if (instr.op === "if" && ev.journal.length > left && someWentOn(ev, region, left, activation)) return walkOther(ev, region, i + 1, activation);
    }
  } catch (e) {
    return endOf(e);
  } finally {
    while (activation.narrowed.length > narrowed) { const { id, abs } = activation.narrowed.pop()!; activation.env[id] = abs; }
  }
  throw ev.invariant("a region of the source has no terminator");
}

/** Whether one of the arrivals since then is a way on for the function without the rest of the region (of which no loop's next turn is part). */
function someWentOn(ev: Evaluator, region: Region, since: number, activation: Activation): boolean {
  const targets = ev.journal.slice(since);
  if (isNextIteration(region, activation)) return targets.some((t) => t.kind === "loop" && t === activation.targets.get(activation.loops.at(-1)!.instr.label));
  return targets.includes(activation.returns) || [...activation.targets.values()].some((t) => targets.includes(t));
}

/** What follows an `if` of which one side left is its other side: like one, it can end in a bail. */
function walkOther(ev: Evaluator, region: Region, from: number, activation: Activation): Completion {
  const start = armStart(ev, checkpoint(ev), activation), { tests } = ev;
  try { return walkRegion(ev, region, activation, from); } catch (e) {
    if (!canBail(e)) throw e;
    ev.tests = tests;
    bailInstead(ev, e, start, activation);
    return dead;
  }
}

/** What a walk that was left by an exception comes to. */
function endOf(e: unknown): Completion {
  if (e instanceof PathEnds) return dead;
  if (e instanceof PathThrows) return { c: "throw", value: e.value };
  throw e;
}

function beginInstruction(ev: Evaluator, instr: Instr, activation: Activation): void {
  ev.activation = activation;
  if (instr.place) ev.at(instr.place, activation.source);
  if ((++ev.steps & 255) === 0) checkBudget(ev);
  if (ev.steps > ev.lastStep) throw new Restart();
}
/** `next`: what follows, of an instruction that holds others. */
function walkInstruction(ev: Evaluator, instr: Instr, activation: Activation, next: Rest | null): Completion | undefined {
  beginInstruction(ev, instr, activation);
  const rest = ev.feeding.size > 0 ? next : null, { env } = activation;
  switch (instr.op) {
    case "yield": return { c: "yield", values: valuesIn(env, instr.args) };
    case "br": return { c: "br", label: instr.label, values: valuesIn(env, instr.args) };
    case "return": return { c: "return", value: instr.args.length ? valueIn(env, instr.args[0]!) : { k: "prim", value: undefined } };
    case "js.throw": return { c: "throw", value: valueIn(env, instr.args[0]!) };
    case "if": return walkIf(ev, instr, activation, valueIn(env, instr.args[0]!), rest);
    case "block": return walkBlock(ev, instr.label, instr.regions[0], instr.results, activation, rest);
    case "loop": return walkLoop(ev, instr, valuesIn(env, instr.args), activation, next!);
    case "js.try": return walkTry(ev, instr, activation);
    default: {
      const written = ev.b.written;
      ev.instr = instr;
      evaluateInstruction(ev, instr, activation);
      if (ev.trace) ev.trace.push({ e: "op", instr, source: activation.source, written: ev.b.written - written, value: instr.results[0] && activation.env[instr.results[0].id] });
      return undefined;
    }
  }
}

const asksFor = (value: Value, instr: Instr): boolean => instr.op === "if" && instr.args[0] === value;
/** A step of an iterator whose end only run time tells: what follows is walked for both cases, so that the item is read where there is one. */
function walkNext(ev: Evaluator, rest: Rest, instr: Instr, activation: Activation): Completion | undefined {
  beginInstruction(ev, instr, activation);
  ev.instr = instr;
  const begin = ev.b.written, iterator = activation.env[instr.args[0]!.id]!, begun = iterate(ev, iterator), { goesOn, item } = begun;
  const test = truth(ev, goesOn);
  if (typeof test === "boolean") { // the step is made: the user's own iterator is not asked twice
    const { done, value } = step(ev, iterator, begun);
    bindTo(activation, instr.results, [done, value]);
    ev.trace?.push({ e: "op", instr, source: activation.source, written: ev.b.written - begin, value: done });
    return undefined;
  }
  const env = activation.env.slice(), written = ev.b.written;
  const values = branch(ev, test, activation, [true, false].map((there) => () => {
    env.forEach((abs, id) => { activation.env[id] = abs; });
    if (!there) endIterator(ev, iterator);
    bindTo(activation, instr.results, there ? [falseValue, item(true)] : [trueValue, undefinedValue]);
    ev.trace?.push({ e: "op", instr, source: activation.source, written: ev.b.written - written, value: activation.env[instr.results[1]!.id] });
    return walkRegion(ev, rest.region, activation, rest.from);
  }) as [() => Completion, () => Completion], (arm) => arm === 0);
  return values ? { c: "yield", values } : dead;
}

export function bindTo(activation: Activation, results: readonly Value[], values: readonly Abs[]): void {
  results.forEach((r, i) => { activation.env[r.id] = values[i]!; });
}

/** Ends the current region's path by what `completion` says: an arrival at its target, or an exit. */
export function leave(ev: Evaluator, completion: Completion, activation: Activation): void {
  switch (completion.c) {
    case "dead": return closeRegion(ev.b.region);
    case "yield": throw ev.invariant("a yield does not leave");
    case "br": return arrive(ev, activation.targets.get(completion.label)!, completion.values);
    case "return": return arrive(ev, activation.returns, [completion.value]);
    case "throw": {
      const handler = handlerOf(activation);
      if (handler) return arrive(ev, handler, [completion.value]);
      try { ev.bail("the function throws"); } catch (e) { if (!(e instanceof PathEnds)) throw e; }
    }
  }
}
/** Where a throw goes: the innermost handler, of the calls around too. */
export const handlerOf = (activation: Activation | null): Target | undefined => {
  for (let a = activation; a; a = a.caller) if (a.handlers.length > 0) return a.handlers.at(-1);
  return undefined;
};
function arrive(ev: Evaluator, target: Target, values: readonly Abs[]): void {
  target.arrivals.push({ region: ev.b.region, state: ev.state, values });
  ev.journal.push(target);
}
/** The region of a path that left inside needs a terminator of its own. */
export function closeRegion(region: Region): void {
  const last = region.body.at(-1);
  if (!last || !isTerminator(last)) region.body.push({ op: "trap", exit: -1, args: [], results: [] });
}

// ── branches ──

/**
 * Writes `if cond { then } else { otherwise }` and merges; gives the merged values, or undefined where both sides left. With `rest`, paths
 * that have to be kept apart go on through it, and how that ended is given.
 */
export function branch(ev: Evaluator, cond: Value, activation: Activation, arms: readonly [() => Completion, () => Completion], needed?: (arm: number) => boolean): readonly Abs[] | undefined;
export function branch(ev: Evaluator, cond: Value, activation: Activation, arms: readonly [() => Completion, () => Completion], needed: (arm: number) => boolean, rest: Rest | null): readonly Abs[] | Completion | undefined;
export function branch(ev: Evaluator, cond: Value, activation: Activation, arms: readonly [() => Completion, () => Completion], needed?: (arm: number) => boolean, rest: Rest | null = null): readonly Abs[] | Completion | undefined {
  ev.lifting?.pin(cond, true);
  const base = ev.state, outer = ev.b.region, place = ev.b.place, startId = ev.b.nextId;
  const arrivals: (Arrival | null)[] = [];
  let refused: Refusal | undefined;
  const regions = arms.map((walk, arm) => {
    const region: Region = { params: [], body: [] };
    ev.b.region = region;
    ev.state = base.clone();
    ev.b.place = place;
    ev.activation = activation;
    const start = armStart(ev, checkpoint(ev), activation), { tests } = ev;
    ev.tests++;
    let completion: Completion;
    try { completion = walk(); } catch (e) {
      if (canBail(e) && !needed?.(arm)) {
        if (refused) throw refused; // neither side can be taken
        bailInstead(ev, (refused = e), start, activation);
        completion = dead;
      } else completion = endOf(e);
    }
    ev.tests = tests;
    ev.activation = activation;
    if (completion.c === "yield") arrivals.push({ region: ev.b.region, state: ev.state, values: completion.values });
    else { leave(ev, completion, activation); arrivals.push(null); }
    return region;
  });
  ev.b.region = outer;
  ev.b.place = place;
  const there = arrivals.filter((a) => a !== null);
  const emit = (results: Value[]) => ev.b.append({ op: "if", args: [cond], results, regions: [regions[0]!, regions[1]!], place });
  if (there.length === 0) { emit([]); return undefined; }
  const groups = rest && groupsOf(ev, there, rest);
  if (groups) {
    const inner: Region = { params: [], body: [{ op: "if", args: [cond], results: [], regions: [regions[0]!, regions[1]!], place }] };
    closeRegion(inner);
    return walkGroups(ev, inner, groups, startId, base, rest);
  }
  const merged = merge(ev, there, startId, base);
  there.forEach((arrival, i) => ev.in(arrival.region, () => ev.b.yield(merged.ends[i]!)));
  const results = merged.types.map((t) => ev.b.value(t));
  emit(results);
  const { values, state } = merged.finish(results);
  ev.state = state;
  return values;
}

/** The same for one value: static conditions walk one side. */
export function choose(ev: Evaluator, cond: Abs, then: () => Abs, otherwise: () => Abs): Abs {
  const test = truth(ev, cond);
  if (typeof test === "boolean") return test ? then() : otherwise();
  const values = branch(ev, test, ev.activation!, [() => ({ c: "yield", values: [then()] }), () => ({ c: "yield", values: [otherwise()] })]);
  if (!values) throw new PathEnds();
  return values[0]!;
}

function walkIf(ev: Evaluator, instr: If, activation: Activation, cond: Abs, rest: Rest | null): Completion | undefined {
  const test = truth(ev, cond);
  const own = isOwnTest(instr);
  if (!own) ev.trace?.push({ e: "if", instr, source: activation.source, taken: typeof test === "boolean" ? test : null });
  if (typeof test === "boolean") {
    const walk = own ? undefined : activation.loops.at(-1);
    if (walk && instr.args[0]!.def?.op !== "js.const" && leavesSomewhere(instr)) walk.staticTests++;
    const completion = walkRegion(ev, instr.regions[test ? 0 : 1], activation);
    if (completion.c !== "yield") return completion;
    bindTo(activation, instr.results, completion.values);
    return undefined;
  }
  if (activation.loops.at(-1)?.ending === instr) {
    ev.lifting?.pin(test, true); // with the loop's first values it decides
    throw new EndsDynamically(instr);
  }
  const values = branch(ev, test, activation, [() => walkRegion(ev, instr.regions[0], activation), () => walkKnown(ev, instr, activation)], (arm) => isNextIteration(instr.regions[arm]!, activation), rest);
  if (!values) return dead;
  if ("c" in values) return values;
  bindTo(activation, instr.results, values);
  return undefined;
}

/** The second side, where a value that was asked whether it is undefined or null is neither. */
function walkKnown(ev: Evaluator, instr: If, activation: Activation): Completion {
  const asked = instr.args[0]!.def, abs = asked?.op === "js.nullish" ? activation.env[asked.args[0]!.id] : undefined;
  const known = abs?.k === "sum" ? withoutNothing(ev, abs) : undefined;
  if (!known) return walkRegion(ev, instr.regions[1], activation);
  const before = activation.env.flatMap((other, id) => (other.k === "sum" && same(other, abs!) ? [{ id, other }] : []));
  for (const { id } of before) activation.env[id] = known;
  try { return walkRegion(ev, instr.regions[1], activation); } finally { for (const { id, other } of before) activation.env[id] = other; }
}
/** What a value is that is neither undefined nor null; undefined where that says little. */
function withoutNothing(ev: Evaluator, sum: Sum): Abs | undefined {
  const there = sum.alts.filter((alt) => alt.k !== "prim" || (alt.value !== undefined && alt.value !== null)), [one, ...more] = there;
  if (one === undefined || there.length === sum.alts.length) return undefined;
  if (more.length === 0) return partOf(sum, one, ev);
  if (sum.payload !== null || !there.every((alt) => alt.k === "str" || (alt.k === "prim" && typeof alt.value === "string"))) return undefined;
  const places = there.map((alt) => sum.alts.indexOf(alt));
  return { k: "sum", tag: places.slice(0, -1).reduceRight((rest, at, i) => ev.b.op("i32.select", ev.tagIs(sum, at), ev.b.i32(i), rest), ev.b.i32(more.length)), payload: null, alts: there };
}

/** A loop without its next iteration is not worth running. */
function isNextIteration(region: Region, activation: Activation): boolean {
  const last = region.body.at(-1), walk = activation.loops.at(-1);
  return last?.op === "br" && last.label === walk?.instr.label;
}

const leaving = new WeakMap<Instr, boolean>();
/** Whether one of an instruction's regions has a path that does not yield. */
function leavesSomewhere(instr: Instr): boolean {
  let known = leaving.get(instr);
  if (known === undefined) {
    known = regionsOf(instr).some((r) => r.body.some((i) => i.op === "br" || i.op === "return" || i.op === "js.throw" || leavesSomewhere(i)));
    leaving.set(instr, known);
  }
  return known;
}

// ── blocks ──

function walkBlock(ev: Evaluator, label: Label, region: Region, results: readonly Value[], activation: Activation, rest: Rest | null): Completion | undefined {
  const target: Target = { kind: "block", label: ev.b.label(label.name), arrivals: [] };
  activation.targets.set(label, target);
  const outcome = collect(ev, target, activation, () => walkRegion(ev, region, activation), label, rest);
  if (outcome.completion) return outcome.completion;
  bindTo(activation, results, outcome.values!);
  return undefined;
}

/**
 * Walks what ends at `target`: what was written becomes the body of a residual block if a path arrives from inside a branch; else it
 * stays where it is. A completion that goes elsewhere is handed on; with `rest`, that of paths that were kept apart to its end.
 */
export function collect(ev: Evaluator, target: Target, activation: Activation, walk: () => Completion, label: Label | null, rest: Rest | null = null): { values?: readonly Abs[]; completion?: Completion } {
  const region = ev.b.region, from = region.body.length, startId = ev.b.nextId, base = ev.state.clone();
  let completion = walk();
  ev.activation = activation;
  if ((completion.c === "br" && completion.label === label) || (completion.c === "return" && target === activation.returns)) {
    completion = { c: "yield", values: completion.c === "br" ? completion.values : [completion.value] };
  }
  if (target.arrivals.length === 0) return completion.c === "yield" ? { values: completion.values } : { completion };
  const body: Region = { params: [], body: region.body.splice(from) };
  ev.b.region = body;
  const arrivals = [...target.arrivals];
  if (completion.c === "yield") arrivals.push({ region: body, state: ev.state, values: completion.values });
  else leave(ev, completion, activation);
  const groups = rest && groupsOf(ev, arrivals, rest);
  if (groups) {
    ev.b.region = region;
    return { completion: walkGroups(ev, body, groups, startId, base, rest) };
  }
  const merged = merge(ev, arrivals, startId, base);
  arrivals.forEach((arrival, i) => ev.in(arrival.region, () => (arrival.region === body && completion.c === "yield" ? ev.b.yield(merged.ends[i]!) : ev.b.br(target.label, merged.ends[i]!))));
  ev.b.region = region;
  const values = merged.types.map((t) => ev.b.value(t));
  ev.b.append({ op: "block", label: target.label, args: [], results: values, regions: [body], place: ev.b.place });
  const finished = merged.finish(values);
  ev.state = finished.state;
  return { values: finished.values };
}

// ── taking back ──

export interface Checkpoint { readonly region: Region; readonly length: number; readonly state: State; readonly journal: number; readonly written: number; readonly frameBytes: number; readonly frameSlots: number; readonly copies: number; readonly repeated: number; readonly trace: number; readonly made: number; readonly lost: number; readonly refusals: number; readonly found: readonly [now: Found[], before: readonly Found[], count: number] }
export const checkpoint = (ev: Evaluator): Checkpoint => ({ region: ev.b.region, length: ev.b.region.body.length, state: ev.state.clone(), journal: ev.journal.length, written: ev.b.written, frameBytes: ev.frameBytes, frameSlots: ev.frameSlots.size, copies: ev.copies, repeated: ev.repeated, trace: ev.trace?.length ?? 0, made: ev.made, lost: ev.lost, refusals: ev.refusals.length, found: [ev.found, ev.foundBefore, ev.found.length] });
/** Takes back everything since the checkpoint: instructions, arrivals, the heap. */
export function rollback(ev: Evaluator, to: Checkpoint): void {
  ev.b.region = to.region;
  to.region.body.length = to.length;
  while (ev.journal.length > to.journal) ev.journal.pop()!.arrivals.pop();
  ev.state = to.state.clone();
  ev.b.written = to.written;
  ev.frameBytes = to.frameBytes;
  ev.copies = to.copies;
  ev.repeated = to.repeated;
  ev.made = to.made;
  ev.refusals.length = to.refusals;
  [ev.found, ev.foundBefore] = to.found;
  ev.found.length = to.found[2];
  if (ev.trace) ev.trace.length = to.trace;
  for (const key of [...ev.frameSlots.keys()].slice(to.frameSlots)) ev.frameSlots.delete(key);
}
