// The walk over loops. A loop is walked iteration by iteration as long as static tests decide on its end (it unrolls); when a dynamic test
// decides, or a budget is reached, what was written of the iteration is taken back, the carried values are generalised until they hold
// for every iteration, and a residual loop is written. Where that would lose what chooses the next step of a static program, the loop is
// walked as a graph of states instead (graph.ts).

import type { Label, Loop, Region, Value } from "../../ir/types.ts";
import { groupsOf, walkGroups, type Rest } from "./apart.ts";
import { repeating } from "./budget.ts";
import { keptTheirForms, merelyCounts } from "./counters.ts";
import { armStart, canBail, takeBack } from "./refused.ts";
import { bindTo, checkpoint, collect, dead, rollback, walkRegion, type Checkpoint, type Completion } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { walkConsumer } from "./generators.ts";
import { GraphFails, walkGraph, type GraphLimits, type Keys } from "./graph.ts";
import type { State } from "./heap.ts";
import { merge } from "./merge.ts";
import { giveUp, mostStages, Stages, writtenOut } from "./stages.ts";
import { hold } from "./structure.ts";
import { endOfTrial, EndsDynamically } from "./trials.ts";
import { same, type Abs } from "./values.ts";
import { forget, newCritical, NoTemplate, type Activation, type LoopWalk, type Target } from "./walk.ts";
import { walkDynamicLoop } from "./keptloops.ts";

export function walkLoop(ev: Evaluator, loop: Loop, inits: readonly Abs[], activation: Activation, rest: Rest, most = ev.unroll): Completion | undefined {
  const consumed = walkConsumer(ev, loop, inits, activation);
  if (consumed) return consumed.completion;
  const wanted = loop.notes?.unroll;
  if (wanted === false || ev.budget.unroll === 0) return walkDynamicLoop(ev, loop, inits, activation, wanted === false ? "as annotated" : "a budget was reached");
  const begin = checkpoint(ev), stepsBefore = ev.steps, copiedBefore = ev.copied, familiesBefore = ev.familiesMade;
  /** takes back what was tried, and writes a residual loop */
  const keep = (to: Checkpoint, inits: readonly Abs[], why: string): Completion | undefined => {
    const tried = ev.found.slice(begin.found[2]);
    rollback(ev, to);
    if (most > ev.unroll) giveUp(ev, most);
    ev.repeated = begin.repeated + to.written - begin.written; // what stays unrolled in front of it is written in it as well
    return walkDynamicLoop(ev, loop, inits, activation, why, tried);
  };
  let carried = inits;
  const loopTemplates = activation.context.heads.get(loop);
  if (loop.notes?.key) {
    if (ev.lifting) throw new NoTemplate(); // its keys are to be constants
    const done = walkKeyed(ev, loop, inits, activation, { slots: new Set(loop.notes.key), names: new Set(), cells: new Set() }, { states: 4000, ...large }, rest);
    return done ? done.completion : walkDynamicLoop(ev, loop, inits, activation, "its key is not static");
  }
  if (loopTemplates && !wanted) return walkDynamicLoop(ev, loop, inits, activation, dynamicEnd);
  const critical = newCritical(), stages = new Stages(ev);
  for (let trip = 0; ; trip++) {
    const before = checkpoint(ev), objectsBefore = before.state;
    const ending = trip === 0 && !wanted ? endOfTrial(ev, loop, inits, activation) : null;
    forget(critical);
    const walk: LoopWalk = { instr: loop, staticTests: 0, critical, ending };
    const target: Target = { kind: "loop", label: ev.b.label(loop.label.name), arrivals: [] };
    activation.targets.set(loop.label, target);
    activation.targets.set(endOfLoop, { kind: "block", label: endOfLoop, arrivals: [] });
    activation.loops.push(walk);
    const exitsBefore = ev.journal.length;
    bindTo(activation, loop.regions[0].params, carried);
    let dynamicTest = false;
    const walked = (): Completion => {
      const completion = walkRegion(ev, loop.regions[0], activation);
      // a dynamic test decided whether the loop goes on
      dynamicTest = target.arrivals.length > 0 && completion.c === "yield";
      return completion.c === "yield" ? { c: "br", label: endOfLoop, values: completion.values } : completion.c === "br" && completion.label === loop.label ? { c: "yield", values: completion.values } : completion;
    };
    let outcome: ReturnType<typeof collect>;
    try { outcome = collect(ev, target, activation, walked, null); } catch (e) {
      if (!(e instanceof EndsDynamically) || e.test !== ending) throw e;
      activation.loops.pop();
      return keep(before, inits, dynamicEnd);
    } finally { if (trip > 0) ev.repeated = before.repeated + ev.b.written - before.written; }
    activation.loops.pop();
    const goesOn = outcome.values !== undefined;
    const exitsDynamically = ev.journal.length > exitsBefore;
    const unjustified = walk.staticTests === 0 && exitsDynamically;
    const noProgress = goesOn && outcome.values!.every((v, i) => same(v, carried[i]!)) && sameHeap(ev.state, objectsBefore);
    // known values that choose what happens next, about to be lost: one state for each
    const graph = hasProgram(walk, objectsBefore, ev.state) && (goesOn ? lostKeys(walk, carried, outcome.values!, objectsBefore, ev.state) : dynamicTest && hasKeys(walk, carried) && !testsItsKeys(loop, walk));
    const kept = dynamicTest || (!wanted && (noProgress || (goesOn && unjustified)));
    const chosen = goesOn && kept && !graph ? chosenKeys(ev, walk, carried, outcome.values!) : null;
    if ((graph || chosen) && !wanted) {
      const limits: GraphLimits = chosen ? { states: 64, written: ev.budget.unroll, tabled: 2 } : { states: goesOn ? 2000 : 96, ...large };
      rollback(ev, begin);
      const done = walkKeyed(ev, loop, inits, activation, chosen ?? walk.critical, limits, rest);
      if (done) return done.completion;
      return walkDynamicLoop(ev, loop, inits, activation, chosen ? (dynamicTest ? dynamicEnd : "a value that it carries is chosen at run time") : "what chooses its next step is not static");
    }
    if (kept) {
      // a few iterations that static values decided stay unrolled in front of the loop, many do not
      const peel = trip <= 4 && ev.b.written - begin.written < 200;
      return keep(peel ? before : begin, peel ? carried : inits, dynamicTest ? dynamicEnd : noProgress ? "no static value changes in it" : "no static value decides how often it runs");
    }
    if (goesOn) stages.ended(carried, outcome.values!);
    const tooMany = most > ev.unroll && trip >= mostStages(loop);
    if ((ev.b.written - begin.written > most || tooMany) && goesOn && !(wanted && ev.budget.level === 0)) {
      if (most === ev.unroll && trip < mostStages(loop) && stages.differ) {
        rollback(ev, begin);
        return writtenOut(ev, () => walkLoop(ev, loop, inits, activation, rest, most));
      }
      ev.note(`the loop is kept: unrolled it would be over ${most} operations (${trip + 1} iterations written)`, "// @unroll before the loop unrolls it all the same");
      return keep(begin, inits, "unrolled it would be too large");
    }
    if (goesOn && !wanted && !ev.unrolled.has(loop) && merelyCounts(ev, loop, trip + 1, ev.b.written - begin.written, before.length, { carried, state: before.state }, { carried: outcome.values!, state: ev.state }, activation)) {
      const start = armStart(ev, begin, activation), refusals = ev.refusals.length, told = ev.diagnostics.length;
      try {
        const asBefore = keptTheirForms(begin.state, ev.state); // what the first iterations make of objects is not to be told of all
        const done = keep(asBefore ? begin : before, asBefore ? inits : carried, "nothing static changes in it but what counts its iterations");
        if (ev.refusals.length === refusals) return done;
      } catch (e) { if (!canBail(e)) throw e; }
      ev.unrolled.add(loop); // what one iteration after the other has no need of is refused in a loop
      ev.diagnostics.length = told;
      takeBack(ev, start, activation);
      return walkLoop(ev, loop, inits, activation, rest, most);
    }
    if (goesOn && !wanted && trip + 1 >= ev.budget.tabled && ev.familiesMade - familiesBefore > trip) {
      return keep(begin, inits, "each iteration chooses among objects of its own: one table serves all of them");
    }
    if (ev.steps - stepsBefore > ev.budget.loopSteps && goesOn && (ev.budget.level > 0 || ev.b.written > begin.written)) {
      ev.note(`the loop is kept: ${trip + 1} iterations took ${ev.steps - stepsBefore} steps`, "compute what it computes once, outside the function");
      return keep(begin, inits, "its iterations take too many steps");
    }
    if (ev.copied - copiedBefore > mostCopied && goesOn) {
      ev.note(`the loop is kept: a long list is filled, ${trip + 1} elements so far`, "fill it once, outside the function");
      return keep(begin, inits, "it fills a long list");
    }
    if (goesOn) { carried = outcome.values!; continue; }
    const completion = outcome.completion!;
    if (completion.c === "br" && completion.label === endOfLoop) {
      ev.trace?.push({ e: "loop", instr: loop, source: activation.source, how: "unrolled", times: trip, why: "slow values decide how often it runs" });
      bindTo(activation, loop.results, completion.values);
      ev.turns.push(trip);
      return undefined;
    }
    return completion;
  }
}
/** As work (evaluator.ts): lists of 4096 elements are filled one by one, longer ones are not known that way. */
const mostCopied = 1 << 18;

/** Walks the loop as a graph of states, its ends merged where they don't know different states; undefined where that fails. */
function walkKeyed(ev: Evaluator, loop: Loop, inits: readonly Abs[], activation: Activation, keys: Keys, limits: GraphLimits, rest: Rest): { readonly completion: Completion | undefined } | undefined {
  const begin = checkpoint(ev), base = ev.state.clone(), startId = ev.b.nextId, outer = ev.b.region;
  const body: Region = { params: [], body: [] };
  ev.b.region = body;
  try {
    const exits = repeating(ev, () => walkGraph(ev, loop, inits, activation, keys, { ...limits, states: Math.min(limits.states, ev.budget.states) }));
    ev.activation = activation;
    ev.b.region = outer;
    ev.trace?.push({ e: "loop", instr: loop, source: activation.source, how: "states", times: 1, why: "a carried value chooses the next step of a static program" });
    if (exits.length === 0) { hold(ev.b, body); return { completion: dead }; }
    const [end] = loop.regions[0].body.slice(-1);
    const keyed = loop.results.flatMap((_, i) => (keys.slots.has(loop.regions[0].params.indexOf(end!.args[i]!)) ? [i] : []));
    const groups = keyed.length > 0 ? groupsOf(ev, exits, rest, keyed) : undefined;
    if (groups) return { completion: walkGroups(ev, body, groups, startId, base, rest) };
    const label = ev.b.label("end");
    const merged = merge(ev, exits, startId, base);
    exits.forEach((arrival, i) => ev.in(arrival.region, () => ev.b.br(label, merged.ends[i]!)));
    const values = merged.types.map((t) => ev.b.value(t));
    ev.b.append({ op: "block", label, args: [], results: values, regions: [body], place: loop.place });
    const finished = merged.finish(values);
    ev.state = finished.state;
    bindTo(activation, loop.results, finished.values);
    return { completion: undefined };
  } catch (e) {
    if (!(e instanceof GraphFails)) throw e;
    rollback(ev, begin);
    ev.activation = activation;
    if (limits.tabled === large.tabled) ev.note(`the loop is not unfolded over what chooses its next step: ${e.message}`, "make what chooses the next step slow");
    return undefined;
  }
}
/** Whether something that indexed static arrays was known before the iteration and is not after it. */
function lostKeys(walk: LoopWalk, before: readonly Abs[], after: readonly Abs[], objectsBefore: State, objectsAfter: State): boolean {
  for (const i of walk.critical.slots) if (before[i]!.k === "prim" && after[i]!.k !== "prim") return true;
  if (walk.critical.names.size === 0 && walk.critical.cells.size === 0) return false;
  let lost = false;
  objectsAfter.objects.differing(objectsBefore.objects, (id, object, old) => {
    if (!old || !object) return;
    if (object.t === "cell" && old.t === "cell" && walk.critical.cells.has(id) && old.value?.k === "prim" && object.value?.k !== "prim") lost = true;
    if (object.t === "object" && old.t === "object") for (const name of walk.critical.names) if (old.fields.get(name)?.k === "prim" && object.fields.has(name) && object.fields.get(name)!.k !== "prim") lost = true;
  });
  return lost;
}
const large = { written: 200_000, tabled: 64 };
/**
 * Carried values that are one of few known ones from iteration to iteration: objects, strings, numbers that are part of an index (the states
 * of an automaton). A state for each is worth it where all of them together stay small.
 */
function chosenKeys(ev: Evaluator, walk: LoopWalk, before: readonly Abs[], after: readonly Abs[]): Keys | null {
  const isKnown = (a: Abs): boolean => (a.k === "obj" ? ev.isStaticObject(a.id) : a.k === "prim" && typeof a.value === "string");
  const slots = before.flatMap((old, i) => {
    const next = after[i]!;
    const few = next.k === "sum" && next.alts.every((alt) => alt.k === "prim" || (alt.k === "obj" && ev.isStaticObject(alt.id)));
    if (isKnown(old)) return few ? [i] : [];
    return old.k === "prim" && typeof old.value === "number" && walk.critical.parts.has(i) && next.k !== "prim" ? [i] : [];
  });
  return slots.length > 0 ? { slots: new Set(slots), names: new Set(), cells: new Set() } : null;
}
/** Whether something that was indexed may be a program: what an iteration changes (a stack, a queue) holds its data, and has new states without end. */
function hasProgram({ critical: { lists } }: LoopWalk, before: State, after: State): boolean {
  for (const id of lists) {
    const object = before.objects.get(id);
    if (!object || object === after.objects.get(id)) return true;
  }
  return false;
}
const hasKeys = (walk: LoopWalk, carried: readonly Abs[]): boolean =>
  [...walk.critical.slots].some((i) => carried[i]!.k === "prim") || walk.critical.names.size > 0 || walk.critical.cells.size > 0;
/** Whether the loop's own dynamic test is about what would be its keys: then it merely counts. */
function testsItsKeys(loop: Loop, walk: LoopWalk): boolean {
  const test = loop.regions[0].body.find((i) => i.op === "if");
  const seen = new Set<Value>();
  const reaches = (v: Value, depth: number): boolean => {
    const at = loop.regions[0].params.indexOf(v);
    if (at >= 0) return walk.critical.slots.has(at);
    if (!v.def || depth > 8 || seen.has(v)) return false;
    seen.add(v);
    return v.def.args.some((a) => reaches(a, depth + 1));
  };
  return test !== undefined && reaches(test.args[0]!, 0);
}
/** stands for "the loop ended by itself" among the completions of one iteration */
const endOfLoop: Label = { name: "end" };
const sameHeap = (a: State, b: State): boolean => {
  let equal = true;
  a.objects.differing(b.objects, (_, now, before) => { if (now && before) equal = false; });
  return equal;
};

const dynamicEnd = "fast values decide how often it runs";
