// Paths kept apart: in a loop that is walked as a graph of states (graph.ts), paths that know different next states do not meet. What
// follows is walked once for each of them, so that nothing of the state has to be carried there and asked for again.
//
//   if c { yield "a" } else { yield "b" }; rest    →    block b { block a { if c { br a } else { br b } }; rest with "a" }; rest with "b"
//   state = row[x]; rest                           →    the same, behind comparisons of x with the places where the row's numbers change
//
// Only for values that become what chooses the next state (`feedingOf`), and within the budget of copies: beyond it the paths meet with a
// choice of known values, as everywhere in such a loop.

import { constantOf, instructions } from "../../ir/build.ts";
import { hole, NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import type { Instr, Loop, Region, Value } from "../../ir/types.ts";
import { numbersIn } from "./constants.ts";
import { repeating } from "./budget.ts";
import { closeRegion, leave, walkRegion, type Completion } from "./control.ts";
import type { Evaluator } from "./evaluator.ts";
import type { State } from "./heap.ts";
import { snapValue } from "./inputs.ts";
import { merge, type Arrival } from "./merge.ts";
import { hold } from "./structure.ts";
import { same, undefinedValue, type Abs, type Obj, type Prim } from "./values.ts";
import type { Activation } from "./walk.ts";

const mostGroups = 8;
/** Places where a row's numbers may change, for it to become comparisons. */
const mostStretches = 16;

/** What follows an instruction: the rest of its region, and what its results are bound to. */
export interface Rest { readonly region: Region; readonly from: number; readonly results: readonly Value[]; readonly activation: Activation }

/** The values of the source that end up, unchanged or as a place in a static list, in the loop's carried values of these positions. */
export function feedingOf(loop: Loop, slots: ReadonlySet<number>): ReadonlySet<Value> {
  const found = new Set<Value>(), work: Value[] = [];
  const given = new Map<Value, Value[]>(); // what each result and parameter inside the loop is given
  const give = (to: readonly Value[], from: readonly Value[]) => to.forEach((t, i) => { const list = given.get(t); if (list) list.push(from[i]!); else given.set(t, [from[i]!]); });
  const ends = new Map<string | object, readonly Value[]>([[loop.label, loop.regions[0].params]]);
  const all = [...instructions(loop.regions[0])];
  for (const instr of all) {
    if (instr.op === "block") ends.set(instr.label, instr.results);
    if (instr.op === "loop") { ends.set(instr.label, instr.regions[0].params); give(instr.regions[0].params, instr.args); }
  }
  for (const instr of all) {
    if (instr.op === "br" && ends.has(instr.label)) give(ends.get(instr.label)!, instr.args);
    if (instr.op === "if" || instr.op === "block" || instr.op === "loop") for (const region of instr.regions) { const end = region.body.at(-1); if (end?.op === "yield") give(instr.results, end.args); }
  }
  const add = (v: Value) => { if (!found.has(v)) { found.add(v); work.push(v); } };
  loop.regions[0].params.forEach((p, i) => { if (slots.has(i)) for (const v of given.get(p) ?? []) add(v); });
  for (let v = work.pop(); v; v = work.pop()) {
    for (const from of given.get(v) ?? []) add(from);
    if (v.def?.op === "js.get") v.def.args.forEach(add);
  }
  return found;
}

/** The paths in groups that know different values of what feeds a state (or of the values at `positions`); undefined where all may meet. */
export function groupsOf(ev: Evaluator, arrivals: readonly Arrival[], { results }: Rest, positions = results.flatMap((r, i) => (ev.feeding.has(r) ? [i] : []))): Arrival[][] | undefined {
  if (positions.length === 0) return undefined;
  const name = (abs: Abs): string => (abs.k === "prim" ? `${typeof abs.value}:${Object.is(abs.value, -0) ? "-0" : String(abs.value)}` : abs.k === "obj" && ev.isStaticObject(abs.id) ? `#${abs.id}` : "");
  const groups = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const key = positions.map((i) => name(arrival.values[i]!)).join();
    const group = groups.get(key);
    if (group) group.push(arrival); else groups.set(key, [arrival]);
  }
  return groups.size > 1 && groups.size <= mostGroups && ev.copies + groups.size - 1 <= ev.budget.copies ? [...groups.values()] : undefined;
}

/** Walks what follows once for each group. `inner` holds all of the paths and never comes to its own end. */
export function walkGroups(ev: Evaluator, inner: Region, groups: readonly Arrival[][], startId: number, base: State, { region, from, results, activation }: Rest): Completion {
  ev.copies += groups.length - 1;
  const outer = ev.b.region, place = ev.b.place, env = activation.env.slice();
  const ends: Arrival[] = [];
  let body = inner;
  for (const arrivals of groups) {
    const label = ev.b.label("case");
    const merged = merge(ev, arrivals, startId, base);
    arrivals.forEach((arrival, i) => ev.in(arrival.region, () => ev.b.br(label, merged.ends[i]!)));
    const values = merged.types.map((t) => ev.b.value(t));
    const around: Region = { params: [], body: [] };
    ev.b.region = around;
    ev.b.append({ op: "block", label, args: [], results: values, regions: [body], place });
    const finished = merged.finish(values);
    ev.state = finished.state;
    env.forEach((abs, id) => { activation.env[id] = abs; });
    results.forEach((r, i) => { activation.env[r.id] = finished.values[i]!; });
    const completion = repeating(ev, () => walkRegion(ev, region, activation, from));
    ev.activation = activation;
    if (completion.c === "yield") ends.push({ region: ev.b.region, state: ev.state, values: completion.values });
    else leave(ev, completion, activation);
    body = around;
  }
  ev.b.region = outer;
  ev.b.place = place;
  if (ends.length === 0) { hold(ev.b, body); return { c: "dead" }; }
  const label = ev.b.label("cases");
  const merged = merge(ev, ends, startId, base);
  ends.forEach((arrival, i) => ev.in(arrival.region, () => ev.b.br(label, merged.ends[i]!)));
  const values = merged.types.map((t) => ev.b.value(t));
  ev.b.append({ op: "block", label, args: [], results: values, regions: [body], place });
  const finished = merged.finish(values);
  ev.state = finished.state;
  return { c: "yield", values: finished.values };
}

// ── rows ──

/** From an index on, up to the next stretch, a list holds one value. */
interface Stretch { readonly from: number; readonly value: Prim | Obj }
interface Row {
  /** the index, an i32; where `outside` is true there is none, and nothing is read */
  readonly at: Value; readonly outside: Value | null;
  readonly stretches: readonly Stretch[];
}

/** The largest number that an i32 can be, read as unsigned, seen from its definition. */
function mostOf(v: Value): number {
  const def = v.def;
  if (def?.op === "i32.load8_u") return 255;
  if (def?.op === "i32.load16_u") return 65535;
  if (def?.op === "i32.and") return Math.min(...def.args.map((a) => { const c = constantOf(a); return typeof c === "number" && c >= 0 ? c : mostOf(a); }));
  return 0xffffffff;
}

/** A number as an i32 that is it, and the most that can be: converted, or the same behind a check of bounds (`check`: NaN where that fails). */
function wholeOf(ev: Evaluator, v: Value): { most: number; at: () => Value; check: boolean } | undefined {
  const { def } = v;
  if (def?.op === "f64.convert_i32_s" || def?.op === "f64.convert_i32_u") { const at = def.args[0]!; return { most: mostOf(at), at: () => at, check: false }; }
  if (def?.op !== "if") return undefined;
  const index = def.results.indexOf(v), [then, otherwise] = def.regions.map((r) => (r.body.at(-1)?.op === "yield" ? r.body.at(-1)!.args[index] : undefined));
  const whole = then && otherwise && Number.isNaN(constantOf(otherwise)) ? wholeOf(ev, then) : undefined;
  return whole && { most: whole.most, at: () => ev.b.op("i32.trunc_sat_f64_s", v), check: true };
}

/** What a slow list, or object with numbers for keys, holds at each place: undefined where that is not known. */
function placesOf(ev: Evaluator, ref: NodeRef): { length: number; at: (i: number) => SnapValue } | undefined {
  const node = ev.snapshot.node(ref);
  if (node.kind === "typed") return { length: node.values.length, at: (i) => node.values[i] };
  if (node.kind === "array") return { length: node.items.length, at: (i) => { const item = node.items[i]; return item === hole ? undefined : item; } };
  const keys = numbersIn(ev, ref);
  if (!keys || keys.some((k) => !Number.isInteger(k) || k < 0 || k > 65535)) return undefined;
  const values = new Map(keys.map((k) => { const p = ev.snapshot.property(ref, String(k)); return [k, p.kind === "data" ? p.value : undefined]; }));
  return { length: Math.max(-1, ...keys) + 1, at: (i) => values.get(i) };
}

/** A read of such a list at a dynamic index, where what it gives feeds a state and changes at few places. */
export function rowAt(ev: Evaluator, instr: Instr, activation: Activation): Row | undefined {
  if (instr.op !== "js.get" || !ev.feeding.has(instr.results[0]!)) return undefined;
  const base = activation.env[instr.args[0]!.id], key = activation.env[instr.args[1]!.id];
  const object = base?.k === "obj" ? ev.statics.get(base.id) : undefined;
  const numeric = key?.k === "num" ? key.v : key?.k === "sum" && key.payload && key.alts.length === 2 && key.alts[0]!.k === "num" && key.alts[1]!.k === "prim" && key.alts[1]!.value === undefined ? key.payload : undefined;
  const places = numeric && object?.t === "snap" ? placesOf(ev, object.node) : undefined;
  if (!places || !key) return undefined;
  // the index: an int32, or one and a known number
  const sum = numeric!.def?.op === "f64.add" ? numeric!.def.args : undefined;
  const offset = sum ? sum.map(constantOf).find((c) => typeof c === "number") : 0;
  const whole = (sum ?? [numeric!]).map((v) => wholeOf(ev, v)).find((w) => w !== undefined);
  if (whole && Number.isNaN(offset)) return { at: ev.b.i32(0), outside: null, stretches: [{ from: 0, value: undefinedValue }] };
  if (!whole || typeof offset !== "number" || !Number.isInteger(offset) || offset < 0) return undefined;
  if (offset > 0 && whole.most === 0xffffffff) return undefined; // a negative number may reach an earlier row
  const found: { from: number; value: SnapValue }[] = [];
  for (let i = 0; i <= Math.min(whole.most, places.length - offset) && found.length <= mostStretches; i++) {
    const value = i + offset < places.length ? places.at(i + offset) : undefined;
    if (i === 0 || !sameSnap(value, found.at(-1)!.value)) found.push({ from: i, value });
  }
  const kinds = new Set(found.map((s) => (s.value instanceof NodeRef ? `#${s.value.node}` : s.value))).size;
  if (found.length > mostStretches || kinds > mostGroups || ev.copies + kinds - 1 > ev.budget.copies) return undefined;
  const stretches = found.map(({ from, value }): Stretch => ({ from, value: snapValue(ev, value) as Prim | Obj }));
  if (stretches.some(({ value }) => value.k !== "prim" && value.k !== "obj")) return undefined; // an object that the kernel writes
  return { at: whole.at(), outside: key.k === "sum" ? key.tag : whole.check ? ev.b.op("f64.ne", numeric!, numeric!) : null, stretches };
}
const sameSnap = (a: SnapValue, b: SnapValue): boolean => (a instanceof NodeRef && b instanceof NodeRef ? a.node === b.node : Object.is(a, b));

/** Walks what follows a read of such a row once for each value in it. */
export function walkRow(ev: Evaluator, { at, outside, stretches }: Row, rest: Rest): Completion {
  const base = ev.state.clone(), startId = ev.b.nextId;
  const inner: Region = { params: [], body: [] };
  const groups: { readonly value: Abs; readonly arrivals: Arrival[] }[] = [];
  const arrive = (region: Region, value: Abs) => {
    const arrival: Arrival = { region, state: base.clone(), values: [value] };
    const group = groups.find((g) => same(g.value, value));
    if (group) group.arrivals.push(arrival); else groups.push({ value, arrivals: [arrival] });
  };
  const test = (region: Region, cond: () => Value): [Region, Region] => {
    const yes: Region = { params: [], body: [] }, no: Region = { params: [], body: [] };
    ev.in(region, () => { ev.b.append({ op: "if", args: [cond()], results: [], regions: [yes, no], place: ev.b.place }); closeRegion(region); });
    return [yes, no];
  };
  const bisect = (region: Region, list: readonly Stretch[]): void => {
    if (list.length === 1) { arrive(region, list[0]!.value); return; }
    const middle = list.length >> 1;
    const [low, high] = test(region, () => ev.b.op("i32.lt_u", at, ev.b.i32(list[middle]!.from)));
    bisect(low, list.slice(0, middle));
    bisect(high, list.slice(middle));
  };
  let region = inner;
  if (outside) {
    const [yes, no] = test(region, () => outside);
    arrive(yes, undefinedValue);
    region = no;
  }
  // single places among others that are all the same are asked for one by one, as a person would
  const isSingle = (i: number): boolean => stretches[i + 1]?.from === stretches[i]!.from + 1;
  const others = stretches.filter((_, i) => !isSingle(i)), tail = others.at(-1)!; // the last stretch has no end
  const middle = others.slice(0, -1);
  const [common = tail] = middle;
  let left = stretches;
  if (stretches.length - others.length <= 3 && middle.every((s) => same(s.value, common.value))) {
    for (const single of stretches.filter((_, i) => isSingle(i))) {
      const [yes, no] = test(region, () => ev.b.op("i32.eq", at, ev.b.i32(single.from)));
      arrive(yes, single.value);
      region = no;
    }
    left = same(common.value, tail.value) ? [tail] : [common, tail];
  }
  bisect(region, left);
  ev.trace?.push({ e: "table", place: ev.b.place, source: rest.activation.source, what: "a row of the table", how: "comparisons", why: `what it holds chooses what happens next, and changes at ${stretches.length - 1} places only` });
  return walkGroups(ev, inner, groups.map((g) => g.arrivals), startId, base, rest);
}
