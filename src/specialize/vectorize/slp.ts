// Straight code in pairs: two neighbouring stores whose values are computed alike become one vector store, and all the way down to the loads.
//
//   f64.store [%y], f64.add (f64.mul %a %x0) %b0;  f64.store [%y + 8], f64.add (f64.mul %a %x1) %b1        %x0, %x1 neighbours in memory
//     →  v128.store [%y], f64x2.add (f64x2.mul (splat %a) (v128.load …)) (%b0, %b1)
//
// Doubles in pairs, and singles in the low half of a vector. The vector code stands where the second store stood: what it needs is there by
// then; a load moves down to it only past stores that cannot touch it. Scalar code that is still used elsewhere stays.
// Requires: machine form, simplified; loops have been vectorized (what is in vectors is left alone). Guarantees: machine form, same bits.
// Source: superword level parallelism (Larsen, Amarasinghe 2000), from stores upwards, with a count of what is saved.

import { constantOf, regionsOf } from "../../ir/build.ts";
import { isMemoryOp, memoryOps, ops, type MachineOp } from "../../ir/ops.ts";
import type { Func, Instr, Memory, Program, Region, Value } from "../../ir/types.ts";
import { holdsAny } from "../analyses.ts";
import { usesOf } from "../flow.ts";
import { extractLane, LaneTools, replaceLane } from "../lanes.ts";
import { Rewriter } from "../rewrite.ts";
import { placeOf, type Place } from "../stores.ts";
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
interface Seed { readonly first: Memory; readonly pair: Pair }

/** Seeds by their second store. */
class Planner {
  readonly seeds = new Map<Memory, Seed>();
  readonly firsts = new Set<Memory>();
  saves = 0;
  private readonly overlaps: readonly (readonly boolean[])[];
  private readonly uses: Uint32Array;
  /** of the region at hand: where values are defined, and its loads and stores */
  private position = new Map<Instr, number>();
  private memory: { readonly at: number; readonly place: Place; readonly store: boolean }[] = [];
  private pairs = new Map<string, Pair>();

  constructor(func: Func, program: Program) {
    this.overlaps = program.spaces.map((a, i) => program.spaces.map((b, j) => i === j || a.mayOverlap.includes(j) || b.mayOverlap.includes(i)));
    this.uses = usesOf(func);
  }

  region(region: Region): void {
    for (const instr of region.body) for (const inner of regionsOf(instr)) this.region(inner);
    const stores = new Map<string, { instr: Memory; place: Place; at: number }[]>();
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
    const found: { seed: Seed; second: Memory }[] = [];
    for (const list of stores.values()) {
      list.sort((x, y) => x.place.low - y.place.low);
      for (let i = 0; i + 1 < list.length; i++) {
        const [x, y] = [list[i]!, list[i + 1]!];
        if (x.place.high !== y.place.low || x.instr.op !== y.instr.op) continue;
        const [early, late] = x.at < y.at ? [x, y] : [y, x];
        if (!this.still(early.place, early.at, late.at, true)) continue;
        const pair = this.pair(x.instr.args[2]!, y.instr.args[2]!, late.at, 0);
        if (pair.how === "gather") continue;
        found.push({ seed: { first: early.instr, pair }, second: late.instr });
        i++;
      }
    }
    const gain = found.length === 0 ? 0 : saved(found.map((f) => f.seed.pair), this.uses) + found.length;
    if (gain <= 0) return;
    this.saves += gain;
    for (const { seed, second } of found) { this.seeds.set(second, seed); this.firsts.add(seed.first); }
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

  private pair(a: Value, b: Value, at: number, depth: number): Pair {
    const key = `${a.id},${b.id}`;
    const known = this.pairs.get(key);
    if (known) return known;
    const made = this.find(a, b, at, depth);
    this.pairs.set(key, made);
    return made;
  }
  private find(a: Value, b: Value, at: number, depth: number): Pair {
    const gather: Pair = { a, b, how: "gather", parts: [] };
    const [x, y] = [a.def, b.def];
    const [c, d] = [constantOf(a), constantOf(b)];
    if (c !== undefined && d !== undefined) return { a, b, how: Object.is(c, d) ? "splat" : "constants", parts: [] };
    if (a === b) return { a, b, how: "splat", parts: [] };
    if (!x || !y || x.op !== y.op || depth > deepest || !this.position.has(x) || !this.position.has(y)) return gather;
    if (x.op === "f64.load" || x.op === "f32.load") {
      const [p, q] = [placeOf(x), placeOf(y as Memory)];
      const neighbours = p.key === q.key && p.high === q.low;
      return neighbours && this.still(p, this.position.get(x)!, at, false) && this.still(q, this.position.get(y)!, at, false) ? { a, b, how: "load", parts: [] } : gather;
    }
    if (!packable(x.op)) return gather;
    if (x.op.endsWith(".select")) { // conditions are one mask
      const [s, t] = [x.args[0]!.def, y.args[0]!.def];
      if (!s || !t || s.op !== t.op || !/^f64\.(eq|ne|lt|gt|le|ge)$/.test(s.op) || x.op !== "f64.select") return gather;
      const parts = [[s.args[0]!, t.args[0]!], [s.args[1]!, t.args[1]!], [x.args[1]!, y.args[1]!], [x.args[2]!, y.args[2]!]].map(([v, w]) => this.pair(v!, w!, at, depth + 1));
      return { a, b, how: "operation", parts };
    }
    let [left, right] = [y.args[0]!, y.args[1]];
    if (right && ops[x.op as MachineOp].commutes && alike(x.args[0]!, right) + alike(x.args[1]!, left) > alike(x.args[0]!, left) + alike(x.args[1]!, right)) [left, right] = [right, left];
    const parts = [this.pair(x.args[0]!, left, at, depth + 1)];
    if (right) parts.push(this.pair(x.args[1]!, right, at, depth + 1));
    return { a, b, how: "operation", parts };
  }
}

const anywhere: Place = { key: "", low: 0, high: 0, space: 0 };
const mostLooked = 200;
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

/** Scalar instructions that go, less vector instructions that come beyond one for each two. */
function saved(roots: readonly Pair[], uses: Uint32Array): number {
  const all = new Set<Pair>();
  const inner = new Map<Value, number>(); // uses by values that go
  const visit = (p: Pair): void => {
    if (all.has(p)) return;
    all.add(p);
    if (p.how === "operation") p.parts.forEach(visit);
  };
  roots.forEach(visit);
  const use = (v: Value): void => { inner.set(v, (inner.get(v) ?? 0) + 1); };
  for (const root of roots) { use(root.a); use(root.b); }
  const seen = new Set<Value>();
  for (const p of all) if (p.how === "operation") for (const v of [p.a, p.b]) if (!seen.has(v)) { seen.add(v); for (const arg of v.def!.args) { use(arg); if (arg.type === "i32") arg.def?.args.forEach(use); } }
  const goes = (v: Value): boolean => (inner.get(v) ?? 0) >= uses[v.id]!;
  let sum = 0;
  for (const p of all) {
    if (p.how === "operation" || p.how === "load") sum += Number(goes(p.a)) + Number(goes(p.b)) - 1;
    else if (p.how === "gather") sum -= 2;
    else if (p.how === "splat" && constantOf(p.a) === undefined) sum -= 1;
  }
  return sum;
}

// ───────────────────────────────── writing ─────────────────────────────────

class PairWriter extends Rewriter {
  private readonly plan: Planner;
  private readonly made = new Map<Pair, Value>();

  constructor(func: Func, program: Program, plan: Planner) { super(func, program); this.plan = plan; }

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
      case "gather": {
        const first = op(double ? "f64x2.splat" : "f32x4.splat", this.value(a));
        return replaceLane(e, first, 1, this.value(b));
      }
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
