// Finds cascades in loops: chains of stages that are made alike, each of its own state and of what the stage before makes in the same iteration.
//
//   %y0 = %x·c0 + %a0;  %b0 = %y0·d0        %y1 = %y0·c1 + %a1;  %b1 = %y1·d1        next %a0 is %b0, next %a1 is %b1
//     →  rows  y = (%y0, %y1), an operation;  a = (%a0, %a1), a state whose next is b;  (%x, %y0), the chain: %x and then lanes of y
//
// 1. Strongly connected parts of "is made of", carried values being made of what the `br` gives them. 2. Parts one behind the other, each depending
// on the one before. 3. Their carried values side by side are rows, and so are, downwards, the operands of what is alike in all of a row.
// The analysis of wavefront.ts, which says where the algorithm comes from. Changes nothing.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Instr, Loop, Memory, Program, Value } from "../ir/types.ts";
import type { Ranges } from "./ranges.ts";
import { placeOf } from "./stores.ts";
import { countedLoop, type Counted, type Counter } from "./counted.ts";
import { laneForms } from "./vectorize/table.ts";

/** The same value of all stages, by stage. */
export interface Row {
  readonly of: readonly Value[];
  readonly how: "outside" | "state" | "chain" | "operation";
  /** the operands' rows */
  parts: readonly Row[];
  /** of a state: what its next iteration begins with. Of a chain: the row whose lanes, a step later and one on, follow lane 0 */
  from: Row | null;
}

export interface Cascade {
  readonly counted: Counted;
  readonly counter: Counter;
  readonly limit: Value;
  readonly stages: number;
  /** lanes of a vector: two, or four where all is singles */
  readonly lanes: number;
  readonly rows: readonly Row[];
  /** row and stage of what the stages compute or carry */
  readonly rowOf: ReadonlyMap<Value, { readonly row: Row; readonly stage: number }>;
  /** what is done before the first stage and after the last, in order */
  readonly before: readonly Instr[];
  readonly after: readonly Instr[];
  /** carried values of either part, by their place among the loop's parameters */
  readonly carriedBefore: readonly number[];
  readonly carriedAfter: readonly number[];
}

const least = { stages: 2, operations: 3 };
const most = { stages: 32, operations: 800 };
/** the part of a stage's scalar operations that a row's share of vector operations must stay below */
const worthwhile = 0.8;

export function planCascade(loop: Loop, program: Program, ranges: () => Ranges): Cascade | null {
  const counted = countedLoop(loop);
  if (typeof counted === "string" || loop.notes?.role === "rest") return null;
  const { params } = loop.regions[0];
  const test = counted.cond.def;
  const counter = counted.counters.find((c) => test?.op === "i32.lt_s" && test.args[0] === c.param && c.step > 0);
  const body = counted.body.body.slice(0, -1);
  if (!counter || counted.pre.some((instr) => instr !== test) || body.length > most.operations || !body.every(isPlain)) return null;
  const limit = test!.args[1]!;
  const counts = new Set(counted.counters.filter((c) => c.param.type === "i32").map((c) => c.param));
  if (counted.inside(limit) || params.length - counts.size < least.stages || !counted.exits.every((v) => params.includes(v) || !counted.inside(v))) return null;
  if (!(ranges().of(counter.first).hi <= 2 ** 30) || !ranges().isExact(counter.next)) return null;

  const graph = new Graph(counted, counts, body);
  for (const chain of graph.chains().flatMap(shorter)) {
    const found = new Matcher(counted, graph, chain).match();
    const plan = found && parts(counted, counts, body, graph, found);
    if (!plan || !ordered(plan, counted, counts, program)) continue;
    const { rows, rowOf } = found;
    const lanes = rows.some((r) => r.of[0]!.type === "f64") ? 2 : 4;
    const operations = rows.filter((r) => r.how === "operation").length;
    const share = Math.ceil(chain.length / lanes) * (operations + new Set(rows.flatMap((r) => (r.how === "chain" ? [r.from] : []))).size) + 1;
    if (operations < least.operations || share > worthwhile * operations * chain.length) continue;
    return { counted, counter, limit, stages: chain.length, lanes, rows, rowOf, ...plan };
  }
  return null;
}

/** A chain, and what is left of it where its ends are made otherwise. */
const shorter = <T>(chain: readonly T[]): readonly (readonly T[])[] =>
  [chain, chain.slice(1), chain.slice(0, -1), chain.slice(1, -1)].filter((c) => c.length >= least.stages);

/** Pure scalar work, loads and stores. */
const isPlain = (instr: Instr): boolean =>
  (isMachineOp(instr.op) && ops[instr.op].effect === "none" || isMemoryOp(instr.op)) && [...instr.args, ...instr.results].every((v) => v.type !== "v128");

// ───────────────────────────────── what depends on what ─────────────────────────────────

class Graph {
  readonly params: readonly Value[];
  /** what each value is made of; a carried value, of its next */
  private readonly made = new Map<Value, readonly Value[]>();
  /** by value: the number of its part; parts are numbered operands first */
  private readonly part = new Map<Value, number>();
  private readonly cyclic: Value[][] = [];
  private readonly cyclicOf = new Map<Value, number>();

  constructor(counted: Counted, counts: ReadonlySet<Value>, body: readonly Instr[]) {
    const { params } = counted.loop.regions[0];
    const nodes = new Set<Value>(params.filter((p) => !counts.has(p)));
    for (const instr of body) for (const r of instr.results) nodes.add(r);
    const inner = (values: readonly Value[]): Value[] => values.filter((v) => nodes.has(v));
    for (const instr of body) for (const r of instr.results) this.made.set(r, inner(instr.args));
    this.params = params.filter((p) => !counts.has(p));
    params.forEach((p, i) => { if (!counts.has(p)) this.made.set(p, inner([counted.br.args[i]!])); });
    this.connect();
  }

  /** Tarjan's algorithm, with a stack of its own: bodies may be long. */
  private connect(): void {
    const index = new Map<Value, number>(), low = new Map<Value, number>(), onStack = new Set<Value>(), stack: Value[] = [];
    let parts = 0;
    for (const start of this.made.keys()) {
      if (index.has(start)) continue;
      const calls: { readonly v: Value; at: number }[] = [];
      const enter = (v: Value): void => {
        index.set(v, index.size);
        low.set(v, index.get(v)!);
        stack.push(v);
        onStack.add(v);
        calls.push({ v, at: 0 });
      };
      enter(start);
      while (calls.length > 0) {
        const call = calls.at(-1)!, { v } = call;
        const next = this.made.get(v)![call.at++];
        if (next !== undefined) {
          if (!index.has(next)) enter(next);
          else if (onStack.has(next)) low.set(v, Math.min(low.get(v)!, index.get(next)!));
          continue;
        }
        calls.pop();
        const caller = calls.at(-1);
        if (caller) low.set(caller.v, Math.min(low.get(caller.v)!, low.get(v)!));
        if (low.get(v) !== index.get(v)) continue;
        const members: Value[] = [];
        for (let m: Value | undefined; m !== v;) { m = stack.pop()!; onStack.delete(m); this.part.set(m, parts); members.push(m); }
        parts++;
        if (members.length > 1) {
          for (const m of members) this.cyclicOf.set(m, this.cyclic.length);
          this.cyclic.push(members);
        }
      }
    }
  }

  /** Runs of cyclic parts, each of which depends on the one before, none other between; the longest first. */
  chains(): readonly (readonly (ReadonlySet<Value>)[])[] {
    // how many cyclic parts lie on the longest way to a value, and the last of them
    const depth = new Map<Value, number>();
    const byPart = [...this.part].sort((a, b) => a[1] - b[1]);
    for (let i = 0; i < byPart.length;) {
      const number = byPart[i]![1];
      const members: Value[] = [];
      for (; i < byPart.length && byPart[i]![1] === number; i++) members.push(byPart[i]![0]);
      let most = 0;
      for (const m of members) for (const v of this.made.get(m)!) if (this.part.get(v) !== number) most = Math.max(most, depth.get(v)!);
      for (const m of members) depth.set(m, most + (members.length > 1 ? 1 : 0));
    }
    const levels: number[][] = [];
    this.cyclic.forEach((members, i) => { (levels[depth.get(members[0]!)!] ??= []).push(i); });
    const carries = (i: number): number => this.cyclic[i]!.filter((v) => v.def === null).length;
    const runs: number[][] = [];
    for (const level of levels) {
      if (!level || level.length !== 1) continue; // nothing has depth 0; of several, none is a link
      const run = runs.at(-1), last = run?.at(-1);
      if (last !== undefined && depth.get(this.cyclic[last]![0]!)! + 1 === depth.get(this.cyclic[level[0]!]![0]!) && carries(last) === carries(level[0]!)) run!.push(level[0]!);
      else runs.push([level[0]!]);
    }
    return runs.filter((r) => r.length >= least.stages && r.length <= most.stages).sort((a, b) => b.length - a.length).map((r) => r.map((i) => new Set(this.cyclic[i])));
  }

  /** All that is made of any of these, in whatever iteration. */
  madeOf(roots: Iterable<Value>): ReadonlySet<Value> {
    const users = new Map<Value, Value[]>();
    for (const [v, operands] of this.made) for (const o of operands) { const list = users.get(o); if (list) list.push(v); else users.set(o, [v]); }
    const found = new Set<Value>(roots);
    for (const v of found) for (const u of users.get(v) ?? []) found.add(u);
    return found;
  }
}

// ───────────────────────────────── rows ─────────────────────────────────

interface Found { readonly rows: readonly Row[]; readonly rowOf: Map<Value, { row: Row; stage: number }>; readonly dependent: ReadonlyMap<Value, number> }

class Matcher {
  private readonly counted: Counted;
  private readonly graph: Graph;
  private readonly chain: readonly ReadonlySet<Value>[];
  /** what depends on stages: on which last */
  private readonly zone = new Map<Value, number>();
  private readonly rows = new Map<string, Row>();
  private readonly rowOf = new Map<Value, { row: Row; stage: number }>();
  private readonly states: Row[] = [];
  private looks = 0;

  constructor(counted: Counted, graph: Graph, chain: readonly ReadonlySet<Value>[]) {
    this.counted = counted;
    this.graph = graph;
    this.chain = chain;
    chain.forEach((part, s) => { for (const v of graph.madeOf(part)) this.zone.set(v, s); });
  }

  match(): Found | null {
    const { params } = this.counted.loop.regions[0];
    const own = this.chain.map((part) => params.filter((p) => part.has(p)));
    if (own.some((list) => list.length !== own[0]!.length)) return null;
    for (let k = 0; k < own[0]!.length; k++) if (!this.row(own.map((list) => list[k]!), 0)) return null;
    for (const state of this.states) { // grows meanwhile
      const next = this.row(state.of.map((p) => this.counted.br.args[params.indexOf(p)]!), 0);
      if (!next) return null;
      state.from = next;
    }
    const rows = [...this.rows.values()];
    for (const row of rows) {
      if (row.how !== "chain" || row.from) continue;
      const source = this.rowOf.get(row.of[1]!);
      if (source?.stage !== 0 || row.of.some((v, s) => s > 0 && source.row.of[s - 1] !== v)) return null;
      row.from = source.row;
    }
    return { rows, rowOf: this.rowOf, dependent: this.zone };
  }

  private row(of: readonly Value[], depth: number): Row | null {
    const key = of.map((v) => v.id).join();
    const known = this.rows.get(key);
    if (known) return known;
    if (this.looks++ > mostLooks || depth > deepest || of.some((v) => v.type !== of[0]!.type) || (of[0]!.type !== "f64" && of[0]!.type !== "f32")) return null;
    const { inside } = this.counted;
    if (of.every((v) => !inside(v))) return this.add(key, { of, how: "outside", parts: [], from: null });
    const early = !this.zone.has(of[0]!);
    if (early && of.every((v, s) => s === 0 || this.chain[s - 1]!.has(v))) return this.add(key, { of, how: "chain", parts: [], from: null });
    if (early && of.every((v) => v === of[0])) { // a stage takes it when it comes to that iteration
      const row: Row = { of, how: "chain", parts: [], from: null };
      row.from = row;
      return this.add(key, row);
    }
    if (of.some((v) => this.rowOf.has(v))) return null; // in one row already, at another place
    if (of.every((v) => this.graph.params.includes(v))) {
      const state = this.add(key, { of, how: "state", parts: [], from: null });
      this.states.push(state);
      return state;
    }
    const operation = this.attempt(() => this.operation(key, of, depth));
    if (operation || !early || !of.every((v, s) => s === 0 || this.zone.get(v) === s - 1)) return operation;
    // what stages hand on, made in each after its own part; what the last one makes of it is looked for
    const row = this.add(key, { of, how: "chain", parts: [], from: null });
    for (const [last, zone] of this.zone) {
      if (zone !== of.length - 1 || this.chain[zone]!.has(last) || last.def?.op !== of.at(-1)!.def?.op) continue;
      const source = this.attempt(() => this.row([...of.slice(1), last], depth + 1));
      if (source?.how === "operation") { row.from = source; return row; }
    }
    this.rows.delete(key);
    return null;
  }

  private operation(key: string, of: readonly Value[], depth: number): Row | null {
    const operands = this.operands(of);
    if (!operands) return null;
    const row = this.add(key, { of, how: "operation", parts: [], from: null });
    const parts: Row[] = [];
    for (let k = 0; k < operands[0]!.length; k++) {
      const part = this.row(operands.map((list) => list[k]!), depth + 1);
      if (!part) return null;
      parts.push(part);
    }
    row.parts = parts;
    return row;
  }

  /** What is found in vain is forgotten. */
  private attempt(find: () => Row | null): Row | null {
    const before = { rows: this.rows.size, known: this.rowOf.size, states: this.states.length };
    const found = find();
    if (!found) {
      for (const key of [...this.rows.keys()].slice(before.rows)) this.rows.delete(key);
      for (const v of [...this.rowOf.keys()].slice(before.known)) this.rowOf.delete(v);
      this.states.length = before.states;
    }
    return found;
  }

  /** By stage, what the row's values are made of in one way; null if they are not. */
  private operands(of: readonly Value[]): readonly (readonly Value[])[] | null {
    const defs = of.map((v) => v.def);
    const op = defs[0]?.op;
    if (!op || !packable(op) || defs.some((d) => d === null || d.op !== op || !this.counted.inside(d.results[0]!))) return null;
    if (op !== "f64.select") return defs.map((d) => d!.args);
    const tests = defs.map((d) => d!.args[0]!.def);
    if (tests.some((t) => !t || t.op !== tests[0]!.op || !/^f64\.(eq|ne|lt|gt|le|ge)$/.test(t.op))) return null;
    return defs.map((d, s) => [...tests[s]!.args, d!.args[1]!, d!.args[2]!]);
  }

  private add(key: string, row: Row): Row {
    this.rows.set(key, row);
    if (row.how === "state" || row.how === "operation") row.of.forEach((v, stage) => this.rowOf.set(v, { row, stage }));
    return row;
  }
}
const deepest = 200;
const mostLooks = 5000;
const packable = (op: string): boolean =>
  op === "f64.select" || op === "f64.promote_f32" || op === "f32.demote_f64" || (laneForms[op] !== undefined && !/\.(eq|ne|lt|gt|le|ge)$/.test(op));

// ───────────────────────────────── what is left ─────────────────────────────────

type Parts = Pick<Cascade, "before" | "after" | "carriedBefore" | "carriedAfter">;

/** The work that is none of the stages', told apart; null where a part would need what it can't have. */
function parts(counted: Counted, counts: ReadonlySet<Value>, body: readonly Instr[], { params }: Graph, { rows, rowOf, dependent }: Found): Parts | null {
  const all = counted.loop.regions[0].params;
  const last = rows[0]!.of.length - 1;
  const others = params.filter((p) => !rowOf.has(p));
  const early = new Set(others.filter((p) => !dependent.has(p))), late = new Set(others.filter((p) => dependent.has(p)));
  const nextOf = (p: Value): Value => counted.br.args[all.indexOf(p)]!;

  const closure = (roots: readonly Value[], allowed: (v: Value) => boolean, stop: (v: Value) => boolean): Set<Value> | null => {
    const found = new Set<Value>();
    const pending = [...roots];
    for (let v = pending.pop(); v; v = pending.pop()) {
      if (found.has(v) || !counted.inside(v) || counts.has(v)) continue;
      if (stop(v)) { if (allowed(v)) continue; return null; }
      found.add(v);
      pending.push(...v.def!.args);
    }
    return found;
  };
  const firsts = rows.flatMap((r) => (r.how === "chain" ? [r.of[0]!] : []));
  const before = closure([...firsts, ...[...early].map(nextOf)], (v) => early.has(v), (v) => params.includes(v) || rowOf.has(v));
  const stores = body.filter((instr) => instr.results.length === 0);
  const after = closure([...stores.flatMap((s) => s.args), ...[...late].map(nextOf)], (v) => late.has(v) || rowOf.get(v)?.stage === last, (v) => params.includes(v) || rowOf.has(v));
  if (!before || !after) return null;
  const isIn = (set: ReadonlySet<Value>) => (instr: Instr): boolean => instr.results.some((r) => set.has(r));
  return {
    before: body.filter(isIn(before)), after: body.filter((instr) => instr.results.length === 0 || isIn(after)(instr)),
    carriedBefore: [...early].map((p) => all.indexOf(p)), carriedAfter: [...late].map((p) => all.indexOf(p)),
  };
}

/** No load that is done before the first stage reads what the stores of earlier iterations, which come later now, write. */
function ordered({ before, after }: Parts, counted: Counted, counts: ReadonlySet<Value>, program: Program): boolean {
  const overlap = (a: number, b: number): boolean => a === b || program.spaces[a]!.mayOverlap.includes(b) || program.spaces[b]!.mayOverlap.includes(a);
  const upwards = (index: Value): boolean => counted.counters.some((c) => counts.has(c.param) && c.step > 0 && (index === c.param || (index.def?.op === "i32.add" && index.def.args[0] === c.param && constantOf(index.def.args[1]!) !== undefined)));
  return before.every((load) => !isMemoryOp(load.op) || after.every((store) => {
    if (!isMemoryOp(store.op) || !memoryOps[store.op].store || !overlap((load as Memory).space, (store as Memory).space)) return true;
    const [a, b] = [placeOf(load as Memory), placeOf(store as Memory)];
    // what earlier iterations store lies below
    return a.key === b.key && a.low >= b.low && upwards(load.args[1]!);
  }));
}
