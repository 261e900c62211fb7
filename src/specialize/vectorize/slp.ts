// Straight code in pairs: two neighbouring stores whose values are computed alike become one vector store, and all the way down to the loads.
//
//   f64.store [%y], f64.add (f64.mul %a %x0) %b0;  f64.store [%y + 8], f64.add (f64.mul %a %x1) %b1        %x0, %x1 neighbours in memory
//     →  v128.store [%y], f64x2.add (f64x2.mul (splat %a) (v128.load …)) (%b0, %b1)
//
// Doubles in pairs, and singles in the low half of a vector. A vector's operation stands where the second of its scalars stood: what it needs
// is there by then; a load moves down to the other only past stores that cannot touch it. Who else wants the scalars takes them out of the
// vector, who wants them before that has the scalar code, which stays. Which stores of a row are pairs (x and y of points, but not z and the
// next x) is tried in few patterns: what saves most is taken.
// Requires: machine form, simplified; loops have been vectorized (what is in vectors is left alone). Guarantees: machine form, same bits.
// Source: superword level parallelism (Larsen, Amarasinghe 2000), from stores upwards, with a count of what is saved.

import { constantOf, regionsOf } from "../../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops, type MachineOp } from "../../ir/ops.ts";
import type { Func, Instr, Memory, Program, Region, Value } from "../../ir/types.ts";
import { holdsAny } from "../analyses.ts";
import { visit } from "../flow.ts";
import { extractLane, joinLanes, LaneTools } from "../lanes.ts";
import { Rewriter } from "../rewrite.ts";
import { placeOf, type Place } from "../stores.ts";
import { dividing } from "../twins.ts";
import { weightOf } from "./costs.ts";
import { laneForms } from "./table.ts";

export function pairStores(func: Func, program: Program): Func {
  if (!holdsAny(func, ["f64.store", "f32.store"])) return func;
  const planner = new Planner(func, program);
  planner.region(func.body);
  return planner.seeds.size === 0 ? func : new PairWriter(func, program, planner).run();
}

/** Operations that pairs would save in a region. */
export function savedByPairs(func: Func, program: Program, region: Region): number {
  const planner = new Planner(func, program);
  planner.region(region);
  return planner.saves;
}

/** Two values side by side, and how that is made. */
interface Pair {
  readonly a: Value;
  readonly b: Value;
  readonly how: "splat" | "constants" | "gather" | "load" | "operation";
  readonly parts: readonly Pair[];
}
interface Seed { readonly first: Memory; readonly second: Memory; readonly pair: Pair }
interface Store { readonly instr: Memory; readonly place: Place; readonly at: number }

/** Seeds by their second store. */
class Planner {
  readonly seeds = new Map<Memory, Seed>();
  readonly firsts = new Set<Memory>();
  /** what is written behind an instruction: pairs whose second scalar it makes, operands first */
  readonly due = new Map<Instr, Pair[]>();
  /** scalars that are taken out of a pair from there on */
  readonly taken = new Map<Value, Pair>();
  saves = 0;
  private readonly overlaps: readonly (readonly boolean[])[];
  /** of the region at hand: where values are defined, its loads and stores, pairs, and where values are used */
  private position = new Map<Instr, number>();
  private memory: { readonly at: number; readonly place: Place; readonly store: boolean }[] = [];
  private pairs = new Map<string, Pair>();
  private users: Positions = new Map();

  constructor(func: Func, program: Program) {
    this.overlaps = program.spaces.map((a, i) => program.spaces.map((b, j) => i === j || a.mayOverlap.includes(j) || b.mayOverlap.includes(i)));
  }

  region(region: Region): void {
    for (const instr of region.body) for (const inner of regionsOf(instr)) this.region(inner);
    const stores = new Map<string, Store[]>();
    this.position = new Map();
    this.memory = [];
    this.pairs = new Map();
    for (const [at, instr] of region.body.entries()) {
      this.position.set(instr, at);
      if (!isMemoryOp(instr.op)) {
        if ("regions" in instr || instr.op === "call" || instr.op.startsWith("memory.")) this.memory.push({ at, place: anywhere, store: true });
        continue;
      }
      const place = placeOf(instr as Memory);
      const store = memoryOps[instr.op].store;
      this.memory.push({ at, place, store });
      if (instr.op !== "f64.store" && instr.op !== "f32.store") continue;
      const list = stores.get(place.key);
      const entry = { instr: instr as Memory, place, at };
      if (list) list.push(entry); else stores.set(place.key, [entry]);
    }
    const lists = [...stores.values()].filter((list) => list.length > 1).map((list) => list.sort((x, y) => x.place.low - y.place.low));
    const rows = lists.map((list) => this.candidates(list)).filter((row) => row.some((seed) => seed !== null));
    if (rows.length === 0) return;
    this.users = new Map();
    region.body.forEach((instr, at) => {
      const look = (one: Instr): void => { for (const v of one.args) if (v.def !== null && this.position.has(v.def)) usedAt(this.users, v, at); };
      look(instr);
      for (const inner of regionsOf(instr)) visit(inner, look);
    });
    const plan = this.choose(region, rows);
    if (plan.gain <= 0) return;
    this.saves += plan.gain;
    for (const seed of plan.seeds) { this.seeds.set(seed.second, seed); this.firsts.add(seed.first); }
    for (const pair of plan.pairs) {
      const instr = region.body[this.at(pair)]!, list = this.due.get(instr);
      if (list) list.push(pair); else this.due.set(instr, [pair]);
    }
    for (const [v, pair] of plan.taken) this.taken.set(v, pair);
  }

  /** The best of the patterns for all rows; then of each row's, the others as they are. */
  private choose(region: Region, rows: readonly (readonly (Seed | null)[])[]): Outlook {
    const plans = (rows.length * region.body.length > mostWork ? patterns.slice(0, 1) : patterns).map((pattern) => {
      const chosen = rows.map((row) => chooseSeeds(row, pattern));
      return { chosen, outlook: this.outlook(region, chosen.flat()) };
    });
    let { chosen, outlook } = plans.reduce((a, b) => (b.outlook.gain > a.outlook.gain ? b : a));
    if (plans.length === 1 || rows.length === 1) return outlook;
    for (let i = 0; i < rows.length; i++) {
      for (const plan of plans) {
        const other = chosen.with(i, plan.chosen[i]!), then = this.outlook(region, other.flat());
        if (then.gain > outlook.gain) { outlook = then; chosen = other; }
      }
    }
    return outlook;
  }

  /** By store: what it and the one behind it could be. */
  private candidates(list: readonly Store[]): (Seed | null)[] {
    return list.map((x, i) => {
      const y = list[i + 1];
      if (!y || x.place.high !== y.place.low || x.instr.op !== y.instr.op) return null;
      const [early, late] = x.at < y.at ? [x, y] : [y, x];
      if (!this.still(early.place, early.at, late.at, true)) return null;
      const pair = this.pair(x.instr.args[2]!, y.instr.args[2]!, 0);
      return pair.how === "gather" ? null : { first: early.instr, second: late.instr, pair };
    });
  }

  /** Where a pair's second scalar is made. */
  private at(pair: Pair): number { return Math.max(this.position.get(pair.a.def!)!, this.position.get(pair.b.def!)!); }

  /** What the region saves by these seeds, and what becomes of scalars. */
  private outlook(region: Region, seeds: readonly Seed[]): Outlook {
    const pairs: Pair[] = [], known = new Set<Pair>();
    const packed: Positions = new Map(); // of pairs that gather scalars
    let gain = seeds.length;
    const look = (pair: Pair, from: number): void => {
      const scalars = pair.how === "gather" ? [pair.a, pair.b] : pair.how === "splat" && constantOf(pair.a) === undefined ? [pair.a] : [];
      for (const v of scalars) usedAt(packed, v, from);
      if (known.has(pair)) return;
      known.add(pair);
      gain -= scalars.length;
      if (pair.how !== "operation" && pair.how !== "load") return;
      const at = this.at(pair);
      for (const part of pair.parts) look(part, at);
      pairs.push(pair);
      gain -= weightOf(pair.a.def!.op);
    };
    for (const seed of seeds) look(seed.pair, this.position.get(seed.second)!);
    /** the first pair that has a value; what is loaded stays a load for who else wants it */
    const first = new Map<Value, Pair>(), loaded = new Set<Value>();
    for (const pair of pairs) {
      for (const v of [pair.a, pair.b]) if (pair.how === "load") loaded.add(v); else if (!first.has(v) || this.at(pair) < this.at(first.get(v)!)) first.set(v, pair);
    }
    // from the last to the first: what nobody wants as a scalar goes, and what all take out of a vector
    const seeded = new Set<Instr>(seeds.flatMap((s) => [s.first, s.second]));
    const goes = new Uint8Array(region.body.length);
    const taken = new Map<Value, Pair>();
    for (let at = region.body.length - 1; at >= 0; at--) {
      const instr = region.body[at]!, [v] = instr.results;
      if (seeded.has(instr)) goes[at] = 1;
      if (v === undefined || instr.results.length > 1 || !isWork(instr)) continue;
      const pair = first.get(v), from = pair ? this.at(pair) : Infinity, all = this.users.get(v) ?? [];
      const wanted = [...all.filter((u) => !goes[u]), ...(packed.get(v) ?? [])];
      if (wanted.some((u) => u <= from) || (all.length === 0 && wanted.length === 0)) continue;
      goes[at] = 1;
      gain += dividing.has(instr.op) ? weightOf(instr.op) / 2 : weightOf(instr.op); // which would be done two at a time later (twins.ts)
      if (pair && wanted.length > 0) { taken.set(v, pair); if (v === pair.b) gain -= 1; }
    }
    return { gain, seeds, pairs, taken };
  }

  /** No access that could touch the place stands between: no store, and of a store that moves no load either. */
  private still(place: Place, from: number, to: number, moves: boolean): boolean {
    let low = 0;
    for (let high = this.memory.length; low < high;) { const middle = (low + high) >> 1; if (this.memory[middle]!.at > from) high = middle; else low = middle + 1; }
    for (let i = low, n = 0; i < this.memory.length && this.memory[i]!.at < to; i++) {
      const other = this.memory[i]!;
      if (!other.store && !moves) continue;
      if (++n > mostLooked) return false;
      if (other.place === anywhere) return false;
      if (!this.overlaps[place.space]![other.place.space]) continue;
      if (other.place.key !== place.key || (other.place.low < place.high && place.low < other.place.high)) return false;
    }
    return true;
  }

  private pair(a: Value, b: Value, depth: number): Pair {
    const key = `${a.id},${b.id}`;
    const known = this.pairs.get(key);
    if (known) return known;
    const made = this.find(a, b, depth);
    this.pairs.set(key, made);
    return made;
  }
  private find(a: Value, b: Value, depth: number): Pair {
    const gather: Pair = { a, b, how: "gather", parts: [] };
    const [x, y] = [a.def, b.def];
    const [c, d] = [constantOf(a), constantOf(b)];
    if (c !== undefined && d !== undefined) return { a, b, how: Object.is(c, d) ? "splat" : "constants", parts: [] };
    if (a === b) return { a, b, how: "splat", parts: [] };
    if (!x || !y || x.op !== y.op || depth > deepest || !this.position.has(x) || !this.position.has(y)) return gather;
    if (x.op === "f64.load" || x.op === "f32.load") {
      const [p, q] = [placeOf(x), placeOf(y as Memory)];
      if (p.key !== q.key || p.high !== q.low) return gather;
      const [i, j] = [this.position.get(x)!, this.position.get(y)!];
      return this.still(i < j ? p : q, Math.min(i, j), Math.max(i, j), false) ? { a, b, how: "load", parts: [] } : gather;
    }
    if (!packable(x.op)) return gather;
    if (x.op.endsWith(".select")) { // conditions are one mask
      const [s, t] = [x.args[0]!.def, y.args[0]!.def];
      if (!s || !t || s.op !== t.op || !/^f64\.(eq|ne|lt|gt|le|ge)$/.test(s.op) || x.op !== "f64.select") return gather;
      const parts = [[s.args[0]!, t.args[0]!], [s.args[1]!, t.args[1]!], [x.args[1]!, y.args[1]!], [x.args[2]!, y.args[2]!]].map(([v, w]) => this.pair(v!, w!, depth + 1));
      return { a, b, how: "operation", parts };
    }
    let [left, right] = [y.args[0]!, y.args[1]];
    const others = x.args.slice(2).map((v, i) => [v, y.args[2 + i]!] as const);
    if (right && ops[x.op as MachineOp].commutes && alike(x.args[0]!, right) + alike(x.args[1]!, left) > alike(x.args[0]!, left) + alike(x.args[1]!, right)) [left, right] = [right, left];
    const parts = [this.pair(x.args[0]!, left, depth + 1)];
    if (right) parts.push(this.pair(x.args[1]!, right, depth + 1));
    return { a, b, how: "operation", parts: [...parts, ...others.map(([v, w]) => this.pair(v, w, depth + 1))] };
  }
}

const anywhere: Place = { key: "", low: 0, high: 0, space: 0 };
const mostLooked = 200;
/** rows of stores times instructions of a region: where there are more, the first pattern is taken */
const mostWork = 100_000;
const deepest = 400;

const packable = (op: string): boolean =>
  op === "f64.select" || op === "f64.promote_f32" || op === "f32.demote_f64"
  || (laneForms[op] !== undefined && !/\.(eq|ne|lt|gt|le|ge)$/.test(op));

/** How well two values would go together. */
function alike(a: Value, b: Value): number {
  if (a === b) return 3;
  if (a.def === null || b.def === null || a.def.op !== b.def.op) return 0;
  if (!isMemoryOp(a.def.op)) return a.def.op === "const" ? 2 : 1;
  const [p, q] = [placeOf(a.def as Memory), placeOf(b.def as Memory)];
  return p.key === q.key && p.high === q.low ? 3 : 0;
}

/** What a plan saves: operations, `pairs` with operands first, which scalars are taken out of which of these. */
interface Outlook { readonly gain: number; readonly seeds: readonly Seed[]; readonly pairs: readonly Pair[]; readonly taken: ReadonlyMap<Value, Pair> }

/** By value, where in the region. */
type Positions = Map<Value, number[]>;
function usedAt(positions: Positions, v: Value, at: number): void {
  const list = positions.get(v);
  if (list) list.push(at); else positions.set(v, [at]);
}

/** Which of a row's stores may be the first of a pair: all that are free; all but the very first; the first or second of each three, as points have; none. */
const patterns: readonly ((i: number) => boolean)[] = [() => true, (i) => i > 0, (i) => i % 3 === 0, (i) => i % 3 === 1, () => false];
function chooseSeeds(row: readonly (Seed | null)[], pattern: (i: number) => boolean): Seed[] {
  const out: Seed[] = [];
  for (let i = 0; i < row.length; i++) if (row[i] && pattern(i)) { out.push(row[i]!); i++; }
  return out;
}

/** What goes when nobody wants its value. */
const isWork = (instr: Instr): boolean => (isMemoryOp(instr.op) ? !memoryOps[instr.op].store : isMachineOp(instr.op) && ops[instr.op].effect === "none");

// ───────────────────────────────── writing ─────────────────────────────────

class PairWriter extends Rewriter {
  private readonly plan: Planner;
  private readonly made = new Map<Pair, Value>();

  constructor(func: Func, program: Program, plan: Planner) { super(func, program); this.plan = plan; }

  protected override instruction(instr: Instr): void {
    super.instruction(instr);
    for (const pair of this.plan.due.get(instr) ?? []) {
      const lanes = this.write(pair);
      for (const [lane, v] of [pair.a, pair.b].entries()) if (this.plan.taken.get(v) === pair) this.bind(v, extractLane(this.e, lanes, lane, v.type));
    }
  }

  protected override memory(instr: Memory): void {
    if (this.plan.firsts.has(instr)) return;
    const seed = this.plan.seeds.get(instr);
    if (!seed) { super.memory(instr); return; }
    const { e } = this;
    const pair = this.write(seed.pair);
    const low = placeOf(instr).low < placeOf(seed.first).low ? instr : seed.first;
    const like = { ...low, results: [] };
    const address = [this.value(low.args[0]!), this.value(low.args[1]!)];
    if (low.op === "f64.store") e.store({ ...like, op: "v128.store" }, [...address, pair]);
    else e.store({ ...like, op: "f64.store" }, [...address, extractLane(e, pair, 0, "f64")]);
  }

  private write(pair: Pair): Value {
    let known = this.made.get(pair);
    if (!known) this.made.set(pair, known = this.make(pair));
    return known;
  }

  private make(pair: Pair): Value {
    const { e } = this;
    const { a, b, parts } = pair;
    const double = a.type === "f64";
    const op = (name: MachineOp, ...args: Value[]): Value => e.op(name, ...args);
    switch (pair.how) {
      case "splat": return op(double ? "f64x2.splat" : "f32x4.splat", this.value(a));
      case "constants": return e.const("v128", new Uint8Array((double ? Float64Array.of(Number(constantOf(a)), Number(constantOf(b))) : Float32Array.of(Number(constantOf(a)), Number(constantOf(b)), 0, 0)).buffer));
      case "gather": return joinLanes(e, [this.value(a), this.value(b)]);
      case "load": {
        const load = a.def as Memory;
        return e.load({ ...load, op: double ? "v128.load" : "v128.load64_zero" }, [this.value(load.args[0]!), this.value(load.args[1]!)]);
      }
      case "operation": {
        const args = parts.map((p) => this.write(p));
        const name = a.def!.op;
        const tools = new LaneTools(e);
        if (name === "f64.promote_f32") return op("f64x2.promote_low_f32x4", args[0]!);
        if (name === "f32.demote_f64") return op("f32x4.demote_f64x2_zero", args[0]!);
        if (name === "f64.select") return op("v128.bitselect", args[2]!, args[3]!, laneForms[a.def!.args[0]!.def!.op]!(tools, args.slice(0, 2)));
        return laneForms[name]!(tools, args);
      }
    }
  }
}
