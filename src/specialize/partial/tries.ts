// try: a `throw` of the code that is walked is a jump to the handler around it, however many inlined calls lie between. So is what JavaScript
// itself throws at properties of null and calls of what is no function, once a call came there (RareCase "caught"), where the handler looks at no message; the
// rest of that (a bad length) is a bail as everywhere: the original then runs the call, its handlers too.
//
//   try { body } catch (e) { handler }     →   block after { block catch → e { body; br after }  handler }
//   try { body } finally { end }           →   each way out of the body (its end, a throw that somebody catches, return, break, continue)
//                                              stops at a block of its own, behind which `end` is walked and the way goes on
//
// Requires: variables that a throw may leave half-way changed are cells (frontend/scopes.ts), so the heap of each arrival has their values.

import { constantOf, instructions } from "../../ir/build.ts";
import type { JsTry, Label, Region, Value } from "../../ir/types.ts";
import { bindTo, branch, collect, handlerOf, leave, walkRegion, type Completion } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { untold } from "./values.ts";
import { PathEnds, PathThrows, type Activation, type Target } from "./walk.ts";

export function walkTry(ev: Evaluator, instr: JsTry, activation: Activation): Completion | undefined {
  const completion = instr.kind === "catch" ? walkCatch(ev, instr, activation) : walkFinally(ev, instr, activation);
  if (completion.c !== "yield") return completion;
  bindTo(activation, instr.results, completion.values);
  return undefined;
}

/** The engine throws there. Our own JavaScript says so of what the original is to run. */
export function engineThrows(ev: Evaluator, name: "TypeError" | "SyntaxError", reason: string): never {
  const { activation, lessons } = ev;
  if (!activation || activation.source.hidden || lessons.noCaught || !handlerOf(activation)) return ev.bail(reason);
  if (!ev.knows("caught")) return ev.bail(reason, "caught");
  lessons.usesCaught = true;
  throw new PathThrows(ev.allocate({ t: "error", class: name, message: { k: "text", parts: [untold] } }));
}

/** … where that is not so: a TypeError. */
export function throwUnless(ev: Evaluator, ok: Value, reason: string): void {
  const known = constantOf(ok);
  if (known === 0) engineThrows(ev, "TypeError", reason);
  if (known !== undefined) return;
  if (!branch(ev, ok, ev.activation!, [() => ({ c: "yield", values: [] }), () => engineThrows(ev, "TypeError", reason)])) throw new PathEnds();
}

const block = (ev: Evaluator, name: string, kind: Target["kind"] = "block"): Target => ({ kind, label: ev.b.label(name), arrivals: [] });

function walkCatch(ev: Evaluator, instr: JsTry, activation: Activation): Completion {
  const [body, handler] = instr.regions as [Region, Region];
  const after = block(ev, "tried"), caught = block(ev, "catch", "catch");
  activation.targets.set(after.label, after);
  const outcome = collect(ev, after, activation, () => {
    const depth = activation.handlers.push(caught) - 1;
    const thrown = collect(ev, caught, activation, () => {
      const completion = walkRegion(ev, body, activation);
      activation.handlers.length = depth;
      if (completion.c === "yield") return { c: "br", label: after.label, values: completion.values };
      return completion.c === "throw" ? { c: "br", label: caught.label, values: [completion.value] } : completion;
    }, caught.label);
    if (thrown.completion) return thrown.completion;
    bindTo(activation, handler.params, thrown.values!);
    return walkRegion(ev, handler, activation);
  }, after.label);
  return outcome.completion ?? { c: "yield", values: outcome.values! };
}

/** A way out of the body: `target` stands for where it leads while the body is walked; behind the finalizer, `on` says how to go on. */
interface Way { readonly target: Target; readonly on: (values: Extract<Completion, { c: "yield" }>["values"]) => Completion }

function walkFinally(ev: Evaluator, instr: JsTry, activation: Activation): Completion {
  const [body, finalizer] = instr.regions as [Region, Region];
  const end: Way = { target: block(ev, "end"), on: (values) => ({ c: "yield", values }) };
  const returns: Way = { target: block(ev, "returning", "return"), on: ([value]) => ({ c: "return", value: value! }) };
  const inside: Activation = { ...activation, targets: new Map(activation.targets), handlers: [...activation.handlers], returns: returns.target };
  const ways: Way[] = [end, returns];
  for (const label of leftBy(body)) {
    const target = block(ev, label.name);
    inside.targets.set(label, target);
    ways.push({ target, on: (values) => ({ c: "br", label, values }) });
  }
  if (handlerOf(activation)) {
    const target = block(ev, "throwing", "catch");
    inside.handlers.push(target);
    ways.push({ target, on: ([value]) => ({ c: "throw", value: value! }) });
  }
  // a completion of the construct as a whole passes the blocks inside of which it comes about by a label of its own
  const outcomes = new Map<Label, Completion>();
  const outcome = (completion: Completion): Completion => {
    if (completion.c === "dead") return completion;
    if (completion.c === "throw" && !handlerOf(activation)) { leave(ev, completion, activation); return { c: "dead" }; }
    const label = ev.b.label("left");
    outcomes.set(label, completion);
    const target = completion.c === "br" ? activation.targets.get(completion.label) : completion.c === "return" ? activation.returns : completion.c === "throw" ? handlerOf(activation) : undefined;
    if (target) inside.targets.set(label, target);
    const values = completion.c === "br" || completion.c === "yield" ? completion.values : [completion.value];
    return { c: "br", label, values };
  };
  const walk = (at: number): Completion => {
    const way = ways[at];
    if (!way) return bodyWay(walkRegion(ev, body, inside), inside, end);
    inside.targets.set(way.target.label, way.target);
    const there = collect(ev, way.target, inside, () => walk(at + 1), way.target.label);
    if (there.completion) return there.completion;
    const completion = walkRegion(ev, finalizer, activation);
    return outcome(completion.c === "yield" ? way.on(there.values!) : completion);
  };
  const completion = walk(0);
  ev.activation = activation;
  return (completion.c === "br" && outcomes.get(completion.label)) || completion;
}

/** How the body's walk ended, as a jump to the block that stands for it. */
function bodyWay(completion: Completion, inside: Activation, end: Way): Completion {
  switch (completion.c) {
    case "yield": return { c: "br", label: end.target.label, values: completion.values };
    case "return": return { c: "br", label: inside.returns.label, values: [completion.value] };
    case "br": return { c: "br", label: inside.targets.get(completion.label)!.label, values: completion.values };
    case "throw": {
      const handler = handlerOf(inside);
      return handler ? { c: "br", label: handler.label, values: [completion.value] } : completion;
    }
    case "dead": return completion;
  }
}

/** The labels outside of a region to which it jumps. */
function leftBy(region: Region): ReadonlySet<Label> {
  const labels = new Set<Label>(), own = new Set<Label>();
  for (const instr of instructions(region)) {
    if (instr.op === "br") labels.add(instr.label);
    else if (instr.op === "block" || instr.op === "loop") own.add(instr.label);
  }
  for (const label of own) labels.delete(label);
  return labels;
}
