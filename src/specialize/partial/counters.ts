// Loops in which nothing static changes but a counter, which their own test and step alone ask for: each iteration is the same program.
//
//   for (let k = 0; k < 50; k++) { …a step of Newton's over all payments… }     unrolled, fifty times one text; kept, that text
//
// Unrolled such a loop gains no more than its test, and that another pass may look across iterations: worth it while they are few or short.
// Where they are not, it is kept, as if fast values decided how often it runs. So is one whose iterations store under conditions, to places in the call's arrays that
// its counter tells (`if (through < d[i * n + j]) d[i * n + j] = through`), where there are many: lanes choose, straight code branches. Which values an iteration needs to be static it has itself;
// where the loop refuses what its iterations did not, it is unrolled after all.

import { constantOf, instructions, regionsOf } from "../../ir/build.ts";
import type { Instr, Loop, Region, Value } from "../../ir/types.ts";
import { holdsOne } from "../flow.ts";
import type { Evaluator } from "./evaluator.ts";
import { partsOf, sameForm, type HeapObject, type State } from "./heap.ts";
import { same, type Abs } from "./values.ts";
import type { Activation } from "./walk.ts";

/** iterations that are written in any case; instructions that they may be together */
const few = 4, short = 600;
/** iterations that store under conditions: lanes take no fewer */
const many = 16;

/** What is known at the beginning of an iteration, or behind it. */
interface Known { readonly carried: readonly Abs[]; readonly state: State }

/**
 * Whether the loop is to be kept, when so many of its iterations have been `written`: nothing static has changed in the last one but what counts.
 * `begun`: where that one's instructions begin.
 */
export function merelyCounts(ev: Evaluator, loop: Loop, trips: number, written: number, begun: number, before: Known, after: Known, activation: Activation): boolean {
  if (trips <= few) return false;
  const body = (): Instr[] => ev.b.region.body.slice(begun), chooses = trips === many && storesByChoice(loop, activation) && !body().some(loops);
  const counters = countersOf(loop, chooses ? (array) => activation.env[array.id]?.k === "mem" : null);
  if (counters.size === 0 || (written <= short && !chooses && !body().some(loops))) return false;
  const changes = new Changes(ev, before.state, after.state);
  return before.carried.every((abs, i) => counters.has(i) || !changes.of(abs, after.carried[i]!, 0)) && !changes.ofObjects();
}

/** Whether all objects that were there have the fields, elements and entries that they had; where they lie is another matter. */
export function keptTheirForms(before: State, after: State): boolean {
  let kept = true;
  after.objects.differing(before.objects, (_, now, old) => { kept &&= !now || !old || now.t !== old.t || sameForm(old, now); });
  return kept;
}

const loops = (instr: Instr): boolean => instr.op === "loop" || regionsOf(instr).some((region: Region) => region.body.some(loops));

/** Whether it stores under a condition that fast values decided in the last iteration. */
function storesByChoice(loop: Loop, { env }: Activation): boolean {
  const test = loop.regions[0].body.find((instr) => instr.op === "if");
  return holdsOne(loop.regions[0], (instr) => {
    const abs = instr.op === "if" && instr !== test ? env[instr.args[0]!.id] : undefined;
    return abs?.k === "bool" && constantOf(abs.v) === undefined && regionsOf(instr).some((region) => holdsOne(region, ({ op }) => op === "js.set"));
  });
}

const known = new WeakMap<Loop, ReadonlySet<number>>();
const tests: ReadonlySet<Instr["op"]> = new Set(["js.lt", "js.le", "js.gt", "js.ge", "js.eq", "js.ne", "js.seq", "js.sne"] as const satisfies readonly Instr["op"][]);
const steps: ReadonlySet<Instr["op"]> = new Set(["js.inc", "js.dec", "js.tonumeric", "js.add", "js.sub"] as const satisfies readonly Instr["op"][]);
const placed: ReadonlySet<Instr["op"]> = new Set(["js.add", "js.sub", "js.mul"] as const satisfies readonly Instr["op"][]);
/** The carried values, by their places, that the loop's test and their own steps alone ask for; places in such arrays too. */
function countersOf(loop: Loop, isPlaced: ((array: Value) => boolean) | null): ReadonlySet<number> {
  let places = isPlaced ? undefined : known.get(loop);
  if (places) return places;
  const { params, body } = loop.regions[0], test = body.find((instr) => instr.op === "if"), users = new Map<Value, Instr[]>();
  for (const instr of instructions(loop.regions[0])) for (const arg of new Set(instr.args)) users.set(arg, [...(users.get(arg) ?? []), instr]);
  const counts = (v: Value, place: number): boolean => (users.get(v) ?? []).every((user) =>
    user.op === "br" ? user.label === loop.label && user.args.every((arg, i) => arg !== v || i === place)
    : tests.has(user.op) ? (users.get(user.results[0]!) ?? []).every((one) => one === test)
    : steps.has(user.op) && user.args.every((arg) => arg === v || arg.def?.op === "js.const") && counts(user.results[0]!, place)
    || isPlaced !== null && (tells(user, v) || placed.has(user.op) && isPlace(user.results[0]!)));
  const tells = ({ op, args }: Instr, v: Value): boolean => (op === "js.get" || op === "js.set") && args[1] === v && args[0] !== v && args[2] !== v && isPlaced!(args[0]!);
  const isPlace = (v: Value): boolean => (users.get(v) ?? []).every((user) => tells(user, v) || placed.has(user.op) && isPlace(user.results[0]!));
  places = new Set(params.flatMap((param, place) => (counts(param, place) ? [place] : [])));
  if (!isPlaced) known.set(loop, places);
  return places;
}

/** What is static before an iteration, or behind it, and not the same. */
class Changes {
  private readonly ev: Evaluator;
  private readonly before: State;
  private readonly after: State;
  constructor(ev: Evaluator, before: State, after: State) { this.ev = ev; this.before = before; this.after = after; }

  of(a: Abs, b: Abs, depth: number): boolean {
    if (same(a, b)) return false;
    if (a.k !== b.k || depth > 4) return true;
    switch (a.k) {
      case "prim": case "text": return true;
      case "num": case "bool": case "big": return constantOf(a.v) !== undefined || constantOf((b as typeof a).v) !== undefined;
      case "mem": return a.of !== (b as typeof a).of;
      case "str": return false;
      case "sum": return a.alts.length !== (b as typeof a).alts.length || a.alts.some((alt, i) => alt.k !== (b as typeof a).alts[i]!.k || alt.k === "obj");
      case "obj": {
        if (this.ev.isStaticObject(a.id) || this.ev.isStaticObject((b as typeof a).id)) return true;
        const [old, now] = [this.before.objects.get(a.id), this.after.objects.get((b as typeof a).id)];
        return !old || !now || this.inParts(old, now, depth + 1);
      }
    }
  }
  ofObjects(): boolean {
    let changed = false;
    this.after.objects.differing(this.before.objects, (_, now, old) => { if (now && old && !changed) changed = this.inParts(old, now, 1); });
    return changed;
  }
  private inParts(old: HeapObject, now: HeapObject, depth: number): boolean {
    if (old === now) return false;
    if (!sameForm(old, now)) return true;
    const parts = partsOf(now);
    return partsOf(old).some((part, i) => { const other = parts[i]; return part && other ? this.of(part, other, depth) : part !== other; });
  }
}
