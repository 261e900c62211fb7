// Generators: what consumes one is walked at each of its yields.
//
//   for (const x of range(1, n)) s += x     →     the body of `range`, with `s += x` in the place of each `yield x`
//
// Calling a generator function makes an object that has run nothing. A for-of over it walks the generator's body in the loop's place; what the loop
// carries lies in cells meanwhile, so that the generator's own loops carry it. A way out of the consumer (break, return, throw) leaves the generator
// too. Where all is consumed at once (spread, Array.from) what is yielded becomes a list.
//
// Requires: each generator is consumed once, from its beginning, and no `try` of its own stands around a yield (leaving early would run its end).
// A pattern (`const [x, y] = g()`) takes a list of so many items as it has places, unless it does something between two of them; `next` called by hand is refused.

import { instructions } from "../../ir/build.ts";
import type { JsFunction, Loop, Region } from "../../ir/types.ts";
import { onlyIterable } from "./choices.ts";
import { callFunction, inline, type Call } from "./calls.ts";
import { iteratorOf } from "./collections.ts";
import { bindTo, collect, leave, walkRegion, type Completion } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { ownIterator, stepOfOwn } from "./iterators.ts";
import { getProperty } from "./objects.ts";
import { truth } from "./operators.ts";
import { internal } from "./sequences.ts";
import { hold } from "./structure.ts";
import { falseValue, prim, trueValue, undefinedValue, type Abs, type Obj } from "./values.ts";
import { PathEnds, type Activation, type Target } from "./walk.ts";

export type Generator = HeapObject & { readonly t: "generator" };

export function generatorOf(ev: Evaluator, a: Abs | undefined): Generator | undefined {
  const object = a?.k === "obj" ? ev.state.objects.get(a.id) : undefined;
  return object?.t === "generator" ? object : undefined;
}

const tries = new WeakMap<JsFunction, boolean>();
function yieldsInTry(func: JsFunction): boolean {
  let known = tries.get(func);
  if (known === undefined) tries.set(func, (known = [...instructions(func.body)].some((instr) => instr.op === "js.try" && instr.regions.some((r) => [...instructions(r)].some((i) => i.op === "js.yield" || i.op === "js.yield.all")))));
  return known;
}

/** Runs a generator from its beginning, and gives what it returns; `given` is what each value that it yields goes through. */
function run(ev: Evaluator, ref: Obj, given: (value: Abs) => void, call?: Call): Abs {
  const { source, func, cells, self, args, callee, started } = ev.object(ref.id) as Generator;
  if (started) throw ev.refuse("Unsupported", "a generator is consumed twice", "call the generator function again");
  if (yieldsInTry(func)) throw ev.refuse("Todo", "a generator yields inside of try", "yield outside of it");
  ev.update(ref.id, { ...(ev.object(ref.id) as Generator), started: true });
  return inline(ev, source, func, cells, self, args, callee, undefinedValue, call, given);
}

/** All that a generator yields, as a list. */
export function drained(ev: Evaluator, ref: Obj, call?: Call): Abs {
  const out = ev.allocate({ t: "array", items: [] });
  run(ev, ref, (value) => { callFunction(ev, getProperty(ev, out, prim("push")), out, [value], call); }, call);
  return out;
}

/** The iterator of what a pattern takes apart that acts in none of its steps: a generator goes as far as it takes at once. */
export const takenByPattern = (ev: Evaluator, iterator: Abs, most: Abs, call: Call): Abs =>
  generatorOf(ev, iterator) ? iteratorOf(ev, internal(ev, "taken", iterator, [most], call)) : iterator;
export const refuseByHand = (ev: Evaluator): never => { throw ev.refuse("Unsupported", "a generator is advanced by hand, or taken apart by a pattern that does more than set its variables", "loop over it, or spread it into an array first"); };

/** `yield value` in a generator that is being walked. */
export function yieldValue(ev: Evaluator, activation: Activation, value: Abs): Abs {
  if (!activation.yields) throw ev.invariant("a generator is walked by nobody");
  activation.yields(value);
  ev.activation = activation;
  return undefinedValue;
}
/** `yield* list`: each item when its turn comes, since who takes it may change the list. Gives what the iterator ends with. */
export function yieldAll(ev: Evaluator, activation: Activation, list: Abs, call: Call): Abs {
  const over = onlyIterable(ev, list), own = ownIterator(ev, over), iterator = own ?? over;
  const given = (value: Abs): void => { yieldValue(ev, activation, value); };
  const end = generatorOf(ev, iterator) ? run(ev, iterator as Obj, given, call) : own ? stepAll(ev, own, given)
    : run(ev, internal(ev, "each", over, [], call) as Obj, given, call);
  ev.activation = activation;
  return end;
}
/** All steps of the user's own iterator, as far as they are known. */
function stepAll(ev: Evaluator, iterator: Abs, given: (value: Abs) => void): Abs {
  for (;;) {
    const { goesOn, item } = stepOfOwn(ev, iterator), there = truth(ev, goesOn);
    if (typeof there !== "boolean") throw ev.refuse("Todo", "`yield*` of an iterator whose end is not static", "loop over it, and yield each item");
    if (!there) return item(false);
    given(item(true));
  }
}

/** A for-of loop over a generator; undefined where it is none. */
export function walkConsumer(ev: Evaluator, loop: Loop, inits: readonly Abs[], activation: Activation): { readonly completion: Completion | undefined } | undefined {
  const [region] = loop.regions, next = region.body[0];
  if (next?.op !== "js.next") return undefined;
  const ref = activation.env[next.args[0]!.id];
  if (!generatorOf(ev, ref)) return undefined;
  const cells = inits.map((value, i) => ev.allocate({ t: "cell", value, name: region.params[i]!.name ?? "" }));
  /** one turn of the loop's body */
  const turn = (done: boolean, value: Abs): Completion => {
    ev.activation = activation;
    bindTo(activation, region.params, cells.map(({ id }) => (ev.object(id) as HeapObject & { t: "cell" }).value!));
    bindTo(activation, next.results, done ? [trueValue, undefinedValue] : [falseValue, value]);
    return walkRegion(ev, region, activation, 1);
  };
  run(ev, ref as Obj, (value) => {
    const target: Target = { kind: "loop", label: ev.b.label(loop.label.name), arrivals: [] };
    activation.targets.set(loop.label, target);
    const outcome = collect(ev, target, activation, () => turn(false, value), loop.label);
    if (outcome.values) {
      outcome.values.forEach((carried, i) => { ev.update(cells[i]!.id, { t: "cell", value: carried, name: region.params[i]!.name ?? "" }); });
      return;
    }
    // a way out of a region of its own: the one around may still become the inside of a block
    const away: Region = { params: [], body: [] }, around = ev.b.region;
    ev.b.region = away;
    leave(ev, outcome.completion!, activation);
    ev.b.region = around;
    hold(ev.b, away);
    throw new PathEnds();
  }, { instr: loop, activation });
  const completion = turn(true, undefinedValue);
  if (completion.c !== "yield") return { completion };
  bindTo(activation, loop.results, completion.values);
  return { completion: undefined };
}
