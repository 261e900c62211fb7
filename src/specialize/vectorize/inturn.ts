// Sums of doubles and the like, whose order counts: what is summed up is made in lanes, and then taken lane after lane.
//
//   before  loop l (%s, %i) { …; %v = f64.sqrt %x; br l (f64.add %s %v) (%i + 1) }
//   after   loop m (%s, %i) { …; %v = f64x2.sqrt %x; br m (f64.add (f64.add %s (lane 0 %v)) (lane 1 %v)) (%i + 2) }
//
// Several terms of one iteration are taken in their order, lane by lane; one that is taken under a condition is, where that does not hold, a
// number that changes nothing: −0 to be added, 0 to be taken away, 1 to be multiplied by.
//
// Requires: a Counted loop, flat. The carried value, and what lies between it and the next one, is used by the chain alone.

import type { MachineOp } from "../../ir/ops.ts";
import type { Value } from "../../ir/types.ts";
import type { Emitter } from "../emitter.ts";
import { dependents, operandsOf, type Flat, type Step } from "./flat.ts";
import type { Reduction } from "./reductions.ts";
import type { VectorWriter } from "./writer.ts";
import type { Width } from "./widths.ts";

/** By operation: what as its second operand gives the first, and whether the chain may come in second. */
const rules: Readonly<Partial<Record<string, { readonly neutral: number; readonly commutes: boolean }>>> = {
  "f64.add": { neutral: -0, commutes: true }, "f64.sub": { neutral: 0, commutes: false },
  "f64.mul": { neutral: 1, commutes: true }, "f64.div": { neutral: 1, commutes: false },
};

/** bytes of a lane */
const width: Width = 8;

/** One link of the chain: before ∘ value, where `cond`, if there is one, is `truth`. */
interface Link { readonly before: Value; readonly op: MachineOp; readonly value: Value; readonly cond: Value | null; readonly truth: boolean }

/** The carried value as a chain of such links from `param` to `next`, or null. */
export function inTurn(param: Value, index: number, next: Value, flat: Flat, uses: ReadonlyMap<Value, number>): Reduction | null {
  if (param.type !== "f64") return null;
  const carried = dependents(param, flat);
  const links: Link[] = [];
  let at = next, expected = 0; // what comes after a link uses its result so often
  for (;;) {
    if ((uses.get(at) ?? 0) !== expected) return null;
    if (at === param) break;
    const step = flat.by.get(at), link = step && (plainLink(step, carried) ?? chosenLink(step, carried, flat, uses));
    if (!link) return null;
    links.unshift(link);
    at = link.before;
    expected = link.cond ? 2 : 1;
  }
  return {
    param, index, width, inTurn: { steps: links.length, chosen: links.filter(({ cond }) => cond !== null).length, moves: links.length }, values: links.flatMap(({ value, cond }) => (cond ? [value, cond] : [value])),
    start: (_, first) => first,
    step: (e, sum, writer, register) => {
      const vectors = links.map((link) => termsOf(link, e, writer, register));
      for (let lane = 0; lane < 16 / width; lane++) {
        links.forEach(({ op }, k) => {
          const term = e.lane({ op: "lane", name: "f64x2.extract_lane", lanes: [lane], args: [], results: [] }, [vectors[k]!], "f64");
          sum = e.op(op, sum, term);
        });
      }
      return sum;
    },
    finish: (_, [sum]) => sum!,
  };
}

function termsOf({ value, cond, truth, op }: Link, e: Emitter, writer: VectorWriter, register: number): Value {
  const terms = writer.number(value, width, register);
  if (!cond) return terms;
  const neutral = e.op("f64x2.splat", e.f64(rules[op]!.neutral)), mask = writer.mask(cond, width, register);
  return truth ? e.op("v128.bitselect", terms, neutral, mask) : e.op("v128.bitselect", neutral, terms, mask);
}

function plainLink(step: Step, carried: ReadonlySet<Value>): Link | null {
  const rule = step.kind === "operation" ? rules[step.instr.op] : undefined;
  if (!rule || step.kind !== "operation") return null;
  const [a, b] = step.instr.args as [Value, Value];
  if (carried.has(a) === carried.has(b) || carried.has(b) && !rule.commutes) return null;
  return { before: carried.has(a) ? a : b, op: step.instr.op, value: carried.has(a) ? b : a, cond: null, truth: true };
}

/** cond ? before ∘ value : before, or the other way round */
function chosenLink(step: Step, carried: ReadonlySet<Value>, flat: Flat, uses: ReadonlyMap<Value, number>): Link | null {
  if (step.kind === "load" || step.kind === "store" || step.kind === "operation" && !step.instr.op.endsWith(".select")) return null;
  const [cond, then, otherwise] = operandsOf(step) as [Value, Value, Value];
  if (carried.has(cond)) return null;
  for (const [arm, before, truth] of [[then, otherwise, true], [otherwise, then, false]] as const) {
    const inner = flat.by.get(arm), link = inner && uses.get(arm) === 1 ? plainLink(inner, carried) : null;
    if (link?.before === before) return { ...link, cond, truth };
  }
  return null;
}
