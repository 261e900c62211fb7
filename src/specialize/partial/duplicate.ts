// The continuation duplicated: where a value is one of several known objects, what follows is specialised for each.
//
//   side = x > 0 ? config.a : config.b        →   if x > 0 { what follows with config.a } else { what follows with config.b }
//   for (const w of side.weights) …
//
// Done at the first instruction that looks into such a value, or holds one that does (a loop: the test then stands in front of it), up to
// the end of the region. Numbers and strings that differ need none of it: they are lifted, or compared by their tags.
// Within a budget: beyond it every access chooses for itself (objects.ts, split), which is exact as well.

import { regionsOf } from "../../ir/build.ts";
import type { Instr, Region, Value } from "../../ir/types.ts";
import { repeating } from "./budget.ts";
import { branch, walkRegion, type Completion } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import { valuesOf } from "./graph.ts";
import { partsOf, withParts } from "./heap.ts";
import { partOf } from "./operators.ts";
import { same, type Abs, type Num, type Sum } from "./values.ts";
import type { Activation } from "./walk.ts";

/** For how many alternatives at once. */
const mostAlternatives = 8;

const lookers: Partial<Record<Instr["op"], readonly number[]>> = {
  "js.get": [0], "js.set": [0], "js.call": [0, 1], "js.apply": [0, 1], "js.new": [0], "js.construct": [0], "js.iterator": [0], "js.keys": [0], "js.restof": [0], "js.in": [1], "js.instanceof": [0],
};
const looked = new WeakMap<Instr, readonly Value[]>();
const none: readonly Value[] = [];

/** The values from outside that an instruction, or one inside of it, looks into. */
function lookedInto(instr: Instr): readonly Value[] {
  const positions = lookers[instr.op];
  if (positions) return positions.length === 1 ? [instr.args[positions[0]!]!] : positions.map((i) => instr.args[i]!);
  const regions = regionsOf(instr);
  if (regions.length === 0) return none;
  let known = looked.get(instr);
  if (!known) {
    const all = new Set<Value>(), own = new Set<Value>();
    for (const region of regions) {
      for (const p of region.params) own.add(p);
      for (const inner of region.body) {
        for (const r of inner.results) own.add(r);
        for (const v of lookedInto(inner)) all.add(v);
      }
    }
    looked.set(instr, (known = [...all].filter((v) => !own.has(v))));
  }
  return known;
}

/** The choice of objects that the instruction looks into, where it is worth it to duplicate what follows. */
export function choiceAt(ev: Evaluator, instr: Instr, activation: Activation): Sum | undefined {
  let chosen: Sum | null | undefined;
  const positions = lookers[instr.op];
  if (positions) {
    for (const i of positions) if ((chosen = choiceOf(ev, activation.env[instr.args[i]!.id])) !== undefined) break;
  } else if ("regions" in instr) {
    for (const v of lookedInto(instr)) if ((chosen = choiceOf(ev, activation.env[v.id])) !== undefined) break;
  }
  return chosen ?? undefined;
}
/** The value as a choice of objects; null where it is one that is not worth it, undefined where it is none. */
function choiceOf(ev: Evaluator, abs: Abs | undefined): Sum | null | undefined {
  if (abs?.k !== "sum" || abs.alts.length > mostAlternatives) return undefined;
  if (abs.alts.filter((a) => a.k === "obj" || a.k === "mem").length < 2 || abs.alts.some((a) => a.k === "num" || a.k === "bool")) return undefined;
  if (ev.copies + abs.alts.length - 1 > ev.budget.copies || ev.b.written > ev.budget.operations / 4) {
    ev.once("copies", () => ev.note(`which of ${abs.alts.length} objects is meant is asked at every access from here on: what follows was copied ${ev.copies} times already`, "choose the object once, or fewer at the same time"));
    return null;
  }
  return abs;
}

/**
 * A number out of a constant table that indexes a static array, where the loop around is walked as a graph of states: it is what chooses
 * the next state, and known in each of them.
 */
export function numberAt(ev: Evaluator, instr: Instr, activation: Activation): { key: Num; values: readonly number[] } | Sum | undefined {
  if (ev.polyvariant === 0 || instr.op !== "js.get") return undefined;
  const base = activation.env[instr.args[0]!.id], key = activation.env[instr.args[1]!.id];
  if (base?.k !== "obj" || (key?.k !== "num" && key?.k !== "sum") || ev.statics.get(base.id)?.t !== "snap") return undefined;
  const number = key.k === "num" ? key.v : key.alts.some((a) => a.k === "num") && key.alts.every((a) => a.k === "num" || a.k === "prim") ? key.payload : null;
  const values = number && valuesOf(ev, number);
  if (!values || values.length < 2 || values.length > mostAlternatives || ev.copies + values.length > ev.budget.copies) return undefined;
  return key.k === "num" ? { key, values } : key; // a number or undefined: which of them comes first
}

/** Walks the rest of a region once for each number that the key can be, found by bisection. */
export function walkNumbers(ev: Evaluator, region: Region, from: number, activation: Activation, { key, values }: { key: Num; values: readonly number[] }): Completion {
  ev.copies += values.length - 1;
  return withKnown(ev, region, from, activation, key, (walk) => {
    const among = (list: readonly number[]): Completion => {
      if (list.length === 1) return walk({ k: "prim", value: list[0]! });
      const middle = list.length >> 1;
      const merged = branch(ev, ev.b.op("f64.lt", key.v, ev.b.f64(list[middle]!)), activation, [() => among(list.slice(0, middle)), () => among(list.slice(middle))]);
      return merged ? { c: "yield", values: merged } : { c: "dead" };
    };
    return among(values);
  });
}

/** Walks the rest of a region once for each alternative. */
export function walkAlternatives(ev: Evaluator, region: Region, from: number, activation: Activation, choice: Sum): Completion {
  ev.copies += choice.alts.length - 1;
  return withKnown(ev, region, from, activation, choice, (walkKnown) => {
    const walk = (i: number): Completion => walkKnown(partOf(choice, choice.alts[i]!, ev));
    const choose = (i: number): Completion => {
      if (i === choice.alts.length - 1) return walk(i);
      const values = branch(ev, ev.tagIs(choice, i), activation, [() => walk(i), () => choose(i + 1)]);
      return values ? { c: "yield", values } : { c: "dead" };
    };
    return choose(0);
  });
}

/**
 * Walks the rest of a region, as often as `all` asks for it, with a known value wherever the unknown one was. A variable of the regions around
 * may hold the same value (a loop's first iteration has what it begins with): behind this region it is unknown again.
 */
function withKnown(ev: Evaluator, region: Region, from: number, activation: Activation, unknown: Sum | Num, all: (walk: (known: Abs) => Completion) => Completion): Completion {
  const env = activation.env.slice(); // holes stay holes
  try {
    return all((known) => {
      const replace = (abs: Abs): Abs => (abs.k === unknown.k && same(abs, unknown) ? known : abs);
      env.forEach((abs, id) => { activation.env[id] = replace(abs); });
      for (const [id, object] of ev.state.objects) {
        const parts = partsOf(object);
        if (parts.some((p) => p && replace(p) !== p)) ev.state.objects.set(id, withParts(object, parts.map((p) => (p ? replace(p) : p))));
      }
      return repeating(ev, () => walkRegion(ev, region, activation, from));
    });
  } finally {
    env.forEach((abs, id) => { activation.env[id] = abs; });
  }
}
