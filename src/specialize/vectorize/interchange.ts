// Columns of a picture, done side by side: a loop over columns around loops down a column, whose values wait for one another, takes a strip of
// columns at once. What a column carries down, and what its parts hand on, is kept in a local array; the innermost loop is then one over
// neighbours, of which vectorization makes lanes.
//
//   for x { s = src[x]; for y { dst[y·W + x] = s; s += src[(y + 1)·W + x] } last[x] = s }
//     →  for each strip of x { for x {S[x] = src[x]}  for y { for x { s = S[x]; dst[y·W + x] = s; S[x] = s + src[(y + 1)·W + x] } }  for x {last[x] = S[x]} }
//
// A loop without loops inside, whose writes have places of run time, is done in such strips as well: first what lanes can be made of (distribute.ts).
//
// Requires: machine form, split. The outer loop counts in int32 by 1 and carries nothing else; those inside count alike in all columns.
// Guarantees: machine form, same bits: each column does what it did in its order, and no column touches what another writes: all places in
// memory that is written are x + M·something from one base, and a strip has at most M columns. Room in the entry's frame is added (`room`).
// (Allen, Kennedy, "Automatic loop interchange", 1984; scalar expansion, distribution and strip mining as they are told there.)

import { constantOf, instructions, regionsOf } from "../../ir/build.ts";
import { gcd } from "../../ir/exact.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../../ir/ops.ts";
import type { Func, Instr, Loop, Memory, Program, Space, Value } from "../../ir/types.ts";
import { contentsOf } from "../analyses.ts";
import { hasLoops, usesOf, visit } from "../flow.ts";
import type { Note } from "../notes.ts";
import { plain, yields } from "../rewrite.ts";
import { mayTouch } from "./accesses.ts";
import { countedLoop, type Counted, type Counter } from "../counted.ts";
import { distributed } from "./distribute.ts";
import { flatten } from "./flat.ts";
import { hasLanes } from "./operations.ts";
import { LoopPlanner } from "../planned.ts";

/** columns of a strip, numbers that a column keeps, and nesting of what is computed again in place of being kept */
const most = { columns: 64, kept: 8, depth: 6 };
const kinds = [
  { type: "f64", load: "f64.load", store: "f64.store", scale: 3 },
  { type: "i32", load: "i32.load", store: "i32.store", scale: 2 },
] as const;
const spaces: readonly Space[] = kinds.map(({ type }) => ({ name: `columns of ${type}`, origin: "frame", element: type, mayOverlap: [], written: true }));
const bytes = most.columns * 8;

/** by program: what of the frame the pass has used */
const used = new WeakMap<Program, number>();
/** What of the frame the pass has added to the program, and the spaces in it. */
export const room = (program: Program): { readonly bytes: number; readonly spaces: readonly Space[] } | null => {
  const kept = used.get(program);
  return kept === undefined ? null : { bytes: (-program.frameBytes & 15) + kept * bytes, spaces };
};

export function interchange(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const made = new Interchanger(func, { ...program, spaces: [...program.spaces, ...spaces] }, note);
  if (!made.plansAny) return func;
  const result = made.run();
  used.set(program, Math.max(used.get(program) ?? 1, made.kept)); // where nothing is kept, the place's address is there all the same until dead code goes
  return result;
}

/** Where a column's number is kept: which of the arrays of its kind. */
type Slot = number;
/** What is done for each column before, between and behind the loops: `ends`, what is kept of it. */
interface Straight { readonly inner: null; readonly list: readonly Instr[]; readonly ends: [Value, Slot][] }
interface Down { readonly inner: Counted; readonly list: readonly Instr[]; readonly ends: [Value, Slot][] }
type Part = Straight | Down;
interface Plan {
  readonly counted: Counted;
  readonly counter: Counter;
  readonly limit: Value;
  readonly columns: number;
  readonly parts: readonly Part[];
  readonly slots: ReadonlyMap<Value, Slot>;
  /** computed again where it is used */
  readonly again: (v: Value) => boolean;
}

class Interchanger extends LoopPlanner<Plan> {
  /** arrays of a strip that are needed at most */
  kept = 0;
  private readonly note: Note;
  private readonly uses: Uint32Array;
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.note = note; this.uses = usesOf(func); }

  // ───────────────────────────────── what is possible ─────────────────────────────────

  protected override plan(loop: Loop): Plan | null {
    const counted = countedLoop(loop, { loops: true });
    if (typeof counted === "string") return null;
    const [counter] = counted.counters;
    const test = counted.cond.def;
    if (!counter || counter.step !== 1 || counter.param.type !== "i32" || loop.regions[0].params.length !== 1 || test?.op !== "i32.lt_s" || test.args[0] !== counter.param) return null;
    if (counted.inside(test.args[1]!) || counted.pre.some((instr) => instr !== test) || !counted.exits.every((v) => v === counter.param || !counted.inside(v))) return null;
    const range = this.ranges.of(counter.param);
    if (this.ranges.of(counter.first).lo < 0 || range.hi - range.lo < 15) return null;
    if (!hasLoops(counted.body)) return this.distribution(counted, counter, test.args[1]!);
    const columns = this.apart(counted, counter);
    if (columns < 16) return null;

    // 1. loops, and what stands around them
    const same = new Set<Value>(); // in all columns: counters of the loops inside, and where they end
    const slots = new Map<Value, Slot>();
    const parts: Part[] = [];
    const uniform = (v: Value, depth: number = most.depth): boolean => !counted.inside(v) || same.has(v) || depth > 0 && isPure(v) && v.def!.args.every((a) => uniform(a, depth - 1));
    const again = (v: Value, depth: number = most.depth): boolean => v === counter.param || uniform(v) || depth > 0 && v.type === "i32" && isPure(v) && v.def!.args.every((a) => again(a, depth - 1));
    let list: Instr[] = [], kept = 0, stores = false;
    for (const instr of counted.body.body.slice(0, -1)) {
      if (instr.op !== "loop") {
        if (instr.op === "block" || regionsOf(instr).some(hasLoops)) return null;
        list.push(instr);
        continue;
      }
      const inner = countedLoop(instr);
      if (typeof inner === "string") return null;
      const own = instr.regions[0].params;
      const counters = inner.counters.filter((c) => c.param.type === "i32");
      for (const c of counters) { if (!uniform(c.first)) return null; same.add(c.param); }
      const condition = inner.cond.def;
      if (!condition || !/^i32\.(lt|le|gt|ge)_s$/.test(condition.op) || !condition.args.every((v) => uniform(v)) || !this.hasForms(inner, counter.param)) return null;
      const before: Straight = { inner: null, list, ends: [] };
      const down: Down = { inner, list: [...inner.pre.filter((i) => i !== condition), ...inner.body.body.slice(0, -1)], ends: [] };
      own.forEach((p, i) => {
        if (same.has(p)) return;
        const init = instr.args[i]!;
        const handed = slots.get(init); // what a loop before this one ended with, if nobody else wants it
        const slot = handed !== undefined && this.uses[init.id] === 1 ? handed : kept++;
        if (slot !== handed) before.ends.push([init, slot]);
        slots.set(p, slot);
        down.ends.push([inner.br.args[i]!, slot]);
      });
      for (const [i, v] of inner.exits.entries()) {
        const result = instr.results[i]!;
        const slot = slots.get(v);
        if (slot !== undefined) slots.set(result, slot);
        else if (same.has(v)) same.add(result);
        else return null;
      }
      stores ||= down.list.some(hasStore);
      parts.push(before, down);
      list = [];
    }
    parts.push({ inner: null, list, ends: [] });
    if (!stores) return null; // jam.ts keeps all in registers

    // 2. what parts hand on
    const by = new Map<Value, Part>();
    for (const part of parts) for (const instr of part.list) for (const r of instr.results) by.set(r, part);
    for (const part of parts) for (const v of wanted(part)) {
      const from = by.get(v);
      if (!from || from === part || again(v) || slots.has(v)) continue;
      if (from.inner) return null;
      slots.set(v, kept);
      from.ends.push([v, kept++]);
    }
    if (kept > most.kept || [...slots.keys()].some((v) => v.type !== "f64" && v.type !== "i32")) return null;
    this.kept = Math.max(this.kept, kept);
    return { counted, counter, limit: test.args[1]!, columns, parts, slots, again };
  }

  /** No loops inside: of a loop whose writes have places of run time, what lanes can be made of first (distribute.ts). */
  private distribution(counted: Counted, counter: Counter, limit: Value): Plan | null {
    const done = distributed(counted, counter.param, (a, b) => mayTouch(this.program, a.space, b.space));
    if (!done || done.handed.length > most.kept || done.handed.some((v) => v.type !== "f64" && v.type !== "i32")) return null;
    const ends = done.handed.map((v, i): [Value, Slot] => [v, i]);
    this.kept = Math.max(this.kept, ends.length);
    return { counted, counter, limit, columns: most.columns, parts: [{ inner: null, list: done.early, ends }, { inner: null, list: done.late, ends: [] }], slots: new Map(ends), again: () => false };
  }

  /** How many neighbouring columns touch nothing that one of them writes; 0 if that is not known. */
  private apart(counted: Counted, counter: Counter): number {
    const accesses: Memory[] = [];
    visit(counted.body, (instr) => { if (isMemoryOp(instr.op)) accesses.push(instr as Memory); });
    const stores = accesses.filter((a) => memoryOps[a.op].store);
    const seen: { readonly access: Memory; readonly at: number }[] = [];
    let modulus = 0;
    for (const access of accesses) {
      if (!stores.some((s) => mayTouch(this.program, s.space, access.space))) continue;
      const form = this.form(access.args[1]!, counter.param, most.depth);
      const element = 2 ** access.scale;
      if (counted.inside(access.args[0]!) || form.x !== 1 || memoryOps[access.op].bytes !== element || access.offset % element !== 0) return 0;
      if (!isPowerOfTwo(form.modulus) && (form.lo < -(2 ** 31) || form.hi >= 2 ** 31)) return 0; // else multiples of it stay such when they wrap
      const at = form.plus + access.offset / element;
      const other = seen.find((s) => mayTouch(this.program, s.access.space, access.space));
      if (other && (other.access.args[0] !== access.args[0] || other.access.scale !== access.scale)) return 0;
      modulus = gcd(modulus, gcd(form.modulus, other ? Math.abs(at - other.at) : 0));
      seen.push({ access, at });
    }
    return modulus === 0 ? most.columns : Math.min(most.columns, modulus);
  }

  /** The index as x·(times) + plus + modulus·something, which lies in [lo, hi]. */
  private form(v: Value, x: Value, depth: number): Form {
    const c = constantOf(v);
    if (typeof c === "number") return { x: 0, plus: c, modulus: 0, lo: c, hi: c };
    const { lo, hi } = this.ranges.of(v);
    if (v === x) return { x: 1, plus: 0, modulus: 0, lo, hi };
    const leaf: Form = { x: 0, plus: 0, modulus: 1, lo, hi };
    const def = v.def;
    if (!def || depth === 0 || !isMachineOp(def.op)) return leaf;
    const [a, b] = def.args as [Value, Value];
    switch (def.op) {
      case "i32.add": return sum(this.form(a, x, depth - 1), this.form(b, x, depth - 1));
      case "i32.sub": return sum(this.form(a, x, depth - 1), times(this.form(b, x, depth - 1), -1));
      case "i32.mul": case "i32.shl": {
        const k = constantOf(b);
        return typeof k === "number" ? times(this.form(a, x, depth - 1), def.op === "i32.mul" ? k : 2 ** (k & 31)) : leaf;
      }
      default: return leaf;
    }
  }

  /** Whether lanes can be made of the loop's body: its operations have forms there, and what is loaded stands side by side. */
  private hasForms(inner: Counted, x: Value): boolean {
    const flat = flatten(inner);
    if (typeof flat === "string") return false;
    return flat.steps.every((step) => {
      if (step.kind === "load" || step.kind === "store") return [0, 1].includes(this.form(step.instr.args[1]!, x, most.depth).x);
      return hasLanes(step, (v) => !inner.inside(v));
    });
  }

  // ───────────────────────────────── writing it ─────────────────────────────────

  private strip!: { readonly kept: Value; readonly from: Value; readonly count: Value; at: Value };

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    const { e } = this;
    const { counted, counter } = plan;
    const old = instr.regions[0];
    const inits = this.inits(instr), limit = this.value(plan.limit);
    const from = this.fresh(counter.param);
    const label = { name: `${instr.label.name}strips` };
    if (plan.parts.some(({ inner }) => inner)) this.note(instr.place, "a loop over columns", `strips of ${plan.columns}`, "neighbours do not wait for one another");
    else this.note(instr.place, "a loop", `strips of ${plan.columns}, two loops each`, "what its writes at places of run time do not wait for is done before them, in lanes");
    this.forgetWrites(old);
    const body = e.inRegion([from], () => {
      const then = e.inRegion([], () => {
        const left = e.op("i32.sub", limit, from), whole = e.i32(plan.columns);
        const count = e.op("i32.select", e.op("i32.lt_u", left, whole), left, whole);
        const kept = e.address({ op: "frame.addr", offset: (this.program.frameBytes + 15) & ~15, args: [], results: [] });
        this.strip = { kept, from, count, at: from };
        for (const part of plan.parts) if (part.inner) this.down(plan, part); else if (part.ends.length > 0 || part.list.some(hasStore)) this.across(plan, part, instr);
        e.append({ op: "br", label, args: [e.op("i32.add", from, count)], results: [] });
      });
      e.append({ op: "if", args: [e.op("i32.lt_s", from, limit)], results: [], regions: [then, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: counted.exits.map((v) => (v === counter.param ? from : this.value(v))), results: [] });
    });
    this.forgetWrites(old);
    const results = instr.results.map((r) => this.bind(r, this.fresh(r)));
    e.append({ op: "loop", label, args: inits, results, regions: [body], notes: instr.notes, place: instr.place });
    return true;
  }

  /** A loop inside: its turns, each for all columns of the strip. */
  private down(plan: Plan, part: Down): void {
    const { e } = this;
    const { inner } = part;
    const counters = inner.counters.filter((c) => c.param.type === "i32");
    const firsts = counters.map((c) => this.once(plan, c.first));
    const nows = counters.map((c) => this.fresh(c.param));
    const label = { name: `${inner.loop.label.name}down` };
    e.allWritten();
    const body = e.inRegion(nows, () => {
      counters.forEach((c, i) => this.bind(c.param, nows[i]!));
      const condition = inner.cond.def!;
      const test = e.op(condition.op as "i32.lt_s", ...condition.args.map((v) => this.once(plan, v)));
      const then = e.inRegion([], () => {
        this.across(plan, part, inner.loop);
        e.append({ op: "br", label, args: counters.map((c, i) => e.op("i32.add", nows[i]!, e.i32(c.step))), results: [], place: inner.br.place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, yields([])], place: inner.test.place });
      e.append({ op: "yield", args: nows, results: [] });
    });
    const ends = counters.map((c) => this.fresh(c.param));
    e.append({ op: "loop", label, args: firsts, results: ends, regions: [body], place: inner.loop.place });
    inner.exits.forEach((v, i) => { const at = counters.findIndex((c) => c.param === v); if (at >= 0) this.bind(inner.loop.results[i]!, ends[at]!); });
    e.allWritten();
  }

  /** A part, for one column of the strip after the other. */
  private across(plan: Plan, part: Part, like: Loop): void {
    const { e } = this;
    const { from, count } = this.strip;
    const at = e.value("i32", "column");
    const label = { name: `${like.label.name}across` };
    e.allWritten();
    const body = e.inRegion([at], () => {
      const then = e.inRegion([], () => {
        this.strip.at = at;
        this.bind(plan.counter.param, e.op("i32.add", from, at));
        for (const v of wanted(part)) {
          const slot = plan.slots.get(v);
          if (slot !== undefined) this.bind(v, e.load(this.place(v, slot, "load"), this.address()));
          else if (plan.counted.inside(v)) this.once(plan, v);
        }
        this.walk({ params: [], body: [...part.list, ...yields([]).body] }, plain([]));
        const ends = part.ends.map(([v]) => this.value(v));
        part.ends.forEach(([v, slot], i) => { e.store(this.place(v, slot, "store"), [...this.address(), ends[i]!]); });
        e.append({ op: "br", label, args: [e.op("i32.add", at, e.i32(1))], results: [] });
      });
      e.append({ op: "if", args: [e.op("i32.lt_s", at, count)], results: [], regions: [then, yields([])], place: like.place });
      e.append({ op: "yield", args: [], results: [] });
    });
    e.append({ op: "loop", label, args: [e.i32(0)], results: [], regions: [body], place: like.place, ...(like.notes?.place ? { notes: { place: like.notes.place } } : {}) });
    e.allWritten();
  }
  private address(): Value[] { return [this.strip.kept, this.strip.at]; }
  private place(v: Value, slot: Slot, what: "load" | "store"): Memory {
    const kind = kinds.findIndex(({ type }) => type === v.type);
    return { op: kinds[kind]![what], args: [], results: [], offset: slot * bytes, scale: kinds[kind]!.scale, space: this.program.spaces.length - kinds.length + kind };
  }
  /** What is the same in all columns, or easily computed of the column's number, written here. */
  private once(plan: Plan, v: Value): Value {
    const { def } = v;
    if (plan.counted.inside(v) && def && isMachineOp(def.op)) {
      for (const a of def.args) this.once(plan, a);
      this.instruction(def);
    }
    return this.value(v);
  }
}

interface Form { readonly x: number; readonly plus: number; readonly modulus: number; readonly lo: number; readonly hi: number }
const sum = (a: Form, b: Form): Form => ({ x: a.x + b.x, plus: a.plus + b.plus, modulus: gcd(a.modulus, b.modulus), lo: a.lo + b.lo, hi: a.hi + b.hi });
const times = (a: Form, by: number): Form => (
  { x: a.x * by, plus: a.plus * by, modulus: a.modulus * Math.abs(by), lo: Math.min(a.lo * by, a.hi * by), hi: Math.max(a.lo * by, a.hi * by) });
const isPowerOfTwo = (n: number): boolean => n !== 0 && Number.isInteger(Math.log2(n));

const isPure = ({ def }: Value): boolean => def !== null && isMachineOp(def.op) && ops[def.op].effect === "none";
const hasStore = (instr: Instr): boolean => isMemoryOp(instr.op) && memoryOps[instr.op].store || regionsOf(instr).some((region) => region.body.some(hasStore));

/** What a part uses that is not its own: values of the columns' loop, and of those around it. */
function wanted({ list, ends }: Part): ReadonlySet<Value> {
  const own = new Set<Value>(), all = new Set<Value>(ends.map(([v]) => v));
  for (const instr of instructions({ params: [], body: [...list] })) {
    for (const r of instr.results) own.add(r);
    for (const a of instr.args) all.add(a);
  }
  for (const v of own) all.delete(v);
  return all;
}
