// Which iterations do anything is asked in lanes first, where a condition that the loop's writes do not change decides it; those that do are then done
// one after the other, without a branch that goes now one way, now the other.
//
//   for i { if (day[i] >= from && day[i] < to) { g = key[i]; sum[g] += x[i]; n++ } }
//     →  for each 256 of i { for k {S[k] = day[i + k] >= from && day[i + k] < to}  for each 32 of S {
//          bits = those of S;  while bits { k = ctz(bits); g = key[i + k]; sum[g] += x[i + k]; n++; bits &= bits − 1 } } }        and then the loop as it was
//
// Where all 32 do something they are done as they were, without asking again.
//
// Requires: machine form, vectorized: loops that lanes did not take. A Counted loop without loops, that counts in int32 by 1; where the condition does not hold
// nothing is stored, and what is carried stays as it is. Guarantees: machine form, same bits: the writes keep their order, what is asked first loads nothing that they
// touch. Left to vectorization, which is asked whether it takes them: the loops over S. Room in the entry's frame is added (`asked`).
// (Selection vectors and bitmaps: Boncz, Zukowski, Nes, "MonetDB/X100", 2005.)

import { regionsOf } from "../../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../../ir/ops.ts";
import type { Func, If, Instr, Loop, Memory, Program, Region, Space, Value } from "../../ir/types.ts";
import { contentsOf } from "../analyses.ts";
import { countedLoop, type Counted, type Counter } from "../counted.ts";
import { holdsOne, visit } from "../flow.ts";
import type { Note } from "../notes.ts";
import { LoopPlanner } from "../planned.ts";
import { plain, yields } from "../rewrite.ts";
import { planTableau } from "../tableau.ts";
import { mayTouch } from "./accesses.ts";
import { loopsAround } from "./forwarded.ts";
import { inLanes } from "./index.ts";

/** iterations whose bits are an int32, and so many that are asked before the first of them is done: a processor that has guessed a word's last one wrong has the next word at hand */
const word = 32, block = 256;
/** iterations, or the loop stays as it is */
const fewest = 64;
const flags: Space = { name: "flags", origin: "frame", element: "u8", mayOverlap: [], written: true };
const lane = 16;

const used = new WeakSet<Program>();
/** What of the frame the pass has added to the program, and the space in it. */
export const asked = (program: Program): { readonly bytes: number; readonly spaces: readonly Space[] } | null => (
  used.has(program) ? { bytes: (-program.frameBytes & 15) + block, spaces: [flags] } : null);

export function sieve(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const wider = { ...program, spaces: [...program.spaces, flags] }, refused = new Set<Loop>();
  for (;;) {
    const made = new Siever(func, wider, note, refused);
    if (!made.plansAny) return func;
    const result = made.run();
    const lanes = inLanes(result, { ...wider, functions: program.functions.map((f) => (f === func ? result : f)) }), loops = contentsOf(result).loops, before = refused.size;
    for (const [loop, label] of made.asking) if (!lanes[loops.findIndex((l) => l.label === label)]) refused.add(loop);
    if (refused.size > before) continue;
    used.add(program);
    return result;
  }
}

/** An `if` that the rest of an iteration is in, what is computed before it, and which arm that is. */
interface Gate { readonly before: readonly Instr[]; readonly gate: If; readonly arm: 0 | 1 }
interface Plan { readonly counted: Counted; readonly counter: Counter; readonly limit: Value; readonly gates: readonly Gate[] }

class Siever extends LoopPlanner<Plan> {
  /** by a loop of the function's, the label of the one that asks for it */
  readonly asking = new Map<Loop, Loop["label"]>();
  private readonly note: Note;
  private readonly refused: ReadonlySet<Loop>;
  private readonly around: ReadonlyMap<Loop, Loop>;
  constructor(func: Func, program: Program, note: Note, refused: ReadonlySet<Loop>) { super(func, program); this.note = note; this.refused = refused; this.around = loopsAround(func); }

  // ───────────────────────────────── what is possible ─────────────────────────────────

  protected override plan(loop: Loop): Plan | null {
    const counted = this.refused.has(loop) ? "refused" : countedLoop(loop);
    if (typeof counted === "string") return null;
    const { params } = loop.regions[0], [counter] = counted.counters, test = counted.cond.def, limit = test?.args[1];
    if (!counter || counter.step !== 1 || counter.param.type !== "i32" || test?.op !== "i32.lt_s" || test.args[0] !== counter.param || !limit || counted.inside(limit)) return null;
    if (counted.pre.some((instr) => instr !== test) || !counted.exits.every((v) => params.includes(v) || !counted.inside(v))) return null;
    const range = this.ranges.of(counter.param);
    if (this.ranges.of(counter.first).lo < 0 || range.hi - range.lo < fewest) return null;
    const gates = this.gates(counted, counter);
    if (gates.length === 0 || !gates.some((g) => asksForData(g, counted))) return null;
    const around = this.around.get(loop);
    return around && planTableau(around, this.old, this.program, () => this.ranges) ? null : { counted, counter, limit, gates };
  }

  /** The conditions under which alone the iteration does anything, from the outside to the inside, up to the first one that does not stand for itself. */
  private gates(counted: Counted, counter: Counter): Gate[] {
    const { params } = counted.loop.regions[0];
    const stores: Memory[] = [];
    visit(counted.body, (instr) => { if (isMemoryOp(instr.op) && memoryOps[instr.op].store) stores.push(instr as Memory); });
    const known = new Set<Value>([counter.param]);
    /** what may be asked first: it is made of the counter, and of what no iteration writes */
    const early = (instr: Instr): boolean => {
      if (!instr.args.every((v) => !counted.inside(v) || known.has(v))) return false;
      const fine = instr.op === "yield" || (isMachineOp(instr.op) ? ops[instr.op].effect === "none"
        : isMemoryOp(instr.op) ? !memoryOps[instr.op].store && !stores.some((s) => mayTouch(this.program, s.space, (instr as Memory).space)) : instr.op === "if");
      const trusted = fine && regionsOf(instr).every((region) => region.body.every(early));
      if (trusted) for (const r of instr.results) known.add(r);
      return trusted;
    };
    const gates: Gate[] = [];
    let list: readonly Instr[] = counted.body.body;
    /** what is carried, and what the iteration makes of it */
    let carried = params.flatMap((keeps, i) => (i === counter.index ? [] : [{ keeps, gives: counted.br.args[i]! }]));
    for (;;) {
      const at = list.findIndex((instr) => !early(instr)), gate = list[at];
      if (gate?.op !== "if" || counted.inside(gate.args[0]!) && !known.has(gate.args[0]!)) return gates;
      if (list.slice(at + 1, -1).some((instr) => instr !== counter.next.def)) return gates;
      const arm = isIdle(gate.regions[1]) ? 0 : isIdle(gate.regions[0]) ? 1 : null;
      if (arm === null || keepsInside(gate, arm)) return gates;
      const [own, idle] = [gate.regions[arm], gate.regions[1 - arm]!].map(({ body }) => body.at(-1)!.args) as [Value[], Value[]];
      carried = carried.filter(({ keeps, gives }) => gives !== keeps);
      const places = carried.map(({ gives }) => gate.results.indexOf(gives));
      if (!carried.every(({ keeps }, i) => places[i]! >= 0 && idle[places[i]!] === keeps)) return gates;
      carried = carried.map(({ keeps }, i) => ({ keeps, gives: own[places[i]!]! }));
      gates.push({ before: list.slice(0, at), gate, arm });
      list = gate.regions[arm].body;
    }
  }

  // ───────────────────────────────── writing it ─────────────────────────────────

  protected override loop(instr: Loop): boolean {
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    const { e } = this, { counted, counter } = plan, old = instr.regions[0];
    const inits = this.inits(instr), limit = this.value(plan.limit);
    this.note(instr.place, "a loop", `${block} iterations at once`, "which of them do anything is asked in lanes");
    const label = { name: `${instr.label.name}sieve` }, params = old.params.map((p) => this.fresh(p)), from = params[counter.index]!;
    this.forgetWrites(old);
    const body = e.inRegion(params, () => {
      const left = e.op("i32.sub", limit, from), most = e.i32(block);
      const whole = e.op("i32.and", e.op("i32.lt_s", from, limit), e.op("i32.ge_u", left, e.i32(word)));
      const then = e.inRegion([], () => {
        const count = e.op("i32.and", e.op("i32.select", e.op("i32.lt_u", left, most), left, most), e.i32(-word));
        const kept = this.ask(plan, from, count, instr);
        const ends = this.words(plan, { kept, from, count }, params, instr);
        e.append({ op: "br", label, args: ends.with(counter.index, e.op("i32.add", from, count)), results: [], place: counted.br.place });
      });
      e.append({ op: "if", args: [whole], results: [], regions: [then, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    this.forgetWrites(old);
    const results = old.params.map((p) => this.fresh(p));
    e.append({ op: "loop", label, args: inits, results, regions: [body], place: instr.place });
    this.left.set(instr.label, results);
    return super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
  }
  /** by its label, what the loop as it was begins with */
  private readonly left = new Map<Loop["label"], Value[]>();
  protected override inits(instr: Loop): Value[] { return this.left.get(instr.label) ?? super.inits(instr); }

  /** Writes the loop that asks, one flag for each iteration; gives where they are. */
  private ask(plan: Plan, from: Value, count: Value, like: Loop): Value {
    const { e } = this;
    const at = e.value("i32", "asked"), label = { name: `${like.label.name}asked` };
    const kept = e.address({ op: "frame.addr", offset: (this.program.frameBytes + 15) & ~15, args: [], results: [] });
    this.asking.set(like, label);
    e.written(this.space);
    const body = e.inRegion([at], () => {
      const then = e.inRegion([], () => {
        this.bind(plan.counter.param, e.op("i32.add", from, at));
        const holds = (i: number): Value => {
          const { before, gate, arm } = plan.gates[i]!;
          this.straight(before);
          const cond = this.condition(gate), is = arm === 0 ? e.op("i32.ne", cond, e.i32(0)) : e.op("i32.eqz", cond);
          return i === plan.gates.length - 1 ? is : this.choose(is, gate, () => [holds(i + 1)], () => [e.i32(0)])![0]!;
        };
        e.store({ op: "i32.store8", args: [], results: [], offset: 0, scale: 0, space: this.space }, [kept, at, holds(0)]);
        e.append({ op: "br", label, args: [e.op("i32.add", at, e.i32(1))], results: [] });
      });
      e.append({ op: "if", args: [e.op("i32.lt_s", at, count)], results: [], regions: [then, yields([])], place: like.place });
      e.append({ op: "yield", args: [], results: [] });
    });
    e.append({ op: "loop", label, args: [e.i32(0)], results: [], regions: [body], place: like.place, ...(like.notes?.place ? { notes: { place: like.notes.place } } : {}) });
    e.written(this.space);
    return kept;
  }
  private get space(): number { return this.program.spaces.length - 1; }
  private straight(list: readonly Instr[]): void { this.walk({ params: [], body: [...list, ...yields([]).body] }, plain([])); }

  /** Writes the loop over words of flags; gives what is carried. */
  private words(plan: Plan, { kept, from, count }: { readonly kept: Value; readonly from: Value; readonly count: Value }, inits: readonly Value[], like: Loop): Value[] {
    const { e } = this, { index } = plan.counter;
    const bitsOf = (at: Value, offset: number): Value => e.op("i8x16.bitmask", e.op("i8x16.neg", e.load({ op: "v128.load", args: [], results: [], offset, scale: 0, space: this.space }, [kept, at])));
    // the counter's place holds how far the words are done
    return this.looped(`${like.label.name}words`, like, inits.with(index, e.i32(0)), (now) => e.op("i32.lt_s", now[index]!, count), (now) => {
      const at = now[index]!, first = e.op("i32.add", from, at);
      const bits = e.op("i32.or", bitsOf(at, 0), e.op("i32.shl", bitsOf(at, lane), e.i32(lane)));
      const rows = (name: string, start: Value, goesOn: (left: Value) => Value, which: (left: Value) => Value, next: (left: Value) => Value): Value[] => (
        this.looped(`${like.label.name}${name}`, like, now.with(index, start), (own) => goesOn(own[index]!), (own) => {
          const ends = this.iteration(plan, own.with(index, e.op("i32.add", first, which(own[index]!))));
          return ends.with(index, next(own[index]!));
        }));
      const all = (): Value[] => rows("all", e.i32(0), (k) => e.op("i32.lt_s", k, e.i32(word)), (k) => k, (k) => e.op("i32.add", k, e.i32(1)));
      const picked = (): Value[] => rows("picked", bits, (left) => e.op("i32.ne", left, e.i32(0)), (left) => e.op("i32.ctz", left), (left) => e.op("i32.and", left, e.op("i32.add", left, e.i32(-1))));
      const ends = this.choose(e.op("i32.eq", bits, e.i32(-1)), like, all, picked)!;
      return ends.with(index, e.op("i32.add", at, e.i32(word)));
    });
  }

  /** Writes a loop; gives what it carries at its end. */
  private looped(name: string, like: Loop, inits: readonly Value[], test: (now: readonly Value[]) => Value, write: (now: Value[]) => Value[]): Value[] {
    const { e } = this, label = { name }, params = inits.map((v, i) => e.value(v.type, like.regions[0].params[i]!.name));
    this.forgetWrites(like.regions[0]);
    const body = e.inRegion(params, () => {
      const then = e.inRegion([], () => { e.append({ op: "br", label, args: write(params), results: [], place: like.place }); });
      e.append({ op: "if", args: [test(params)], results: [], regions: [then, yields([])], place: like.place });
      e.append({ op: "yield", args: params, results: [] });
    });
    this.forgetWrites(like.regions[0]);
    const ends = inits.map((v) => e.value(v.type));
    e.append({ op: "loop", label, args: [...inits], results: ends, regions: [body], place: like.place });
    return ends;
  }

  /** Writes an iteration that does something; gives what it carries on. */
  private iteration({ counted, gates }: Plan, params: readonly Value[]): Value[] {
    this.bindAll(counted.loop.regions[0].params, params);
    const enter = (i: number): void => {
      const { before, gate, arm } = gates[i]!, own = gate.regions[arm].body;
      this.straight(before);
      if (i + 1 < gates.length) enter(i + 1);
      else this.straight(own.slice(0, -1));
      this.bindAll(gate.results, this.values(own.at(-1)!.args));
    };
    enter(0);
    return counted.br.args.map((v, i) => (counted.counters.some((c) => c.index === i) ? params[i]! : this.value(v)));
  }
}

const isIdle = ({ body }: Region): boolean => body.length === 1 && body[0]!.op === "yield";

/** Whether it is asked what the data are, not where the counter is alone. */
function asksForData({ before, gate }: Gate, { inside }: Counted): boolean {
  const seen = new Set<Value>(), region: Region = { params: [], body: [...before] };
  const loaded = (v: Value): boolean => {
    if (seen.has(v) || !inside(v) || !v.def) return false;
    seen.add(v);
    return isMemoryOp(v.def.op) || v.def.args.some(loaded) || regionsOf(v.def).some((r) => holdsOne(r, ({ op }) => isMemoryOp(op)));
  };
  return region.body.length > 0 && loaded(gate.args[0]!);
}

/** Whether the `if` keeps its arm's places inside arrays: such a condition nearly always holds. */
function keepsInside({ args: [cond], regions }: If, arm: 0 | 1): boolean {
  const compared = new Set<Value>();
  const collect = ({ def }: Value, depth: number): void => {
    if (depth === 0 || !def) return;
    if (/^(i32|f64)\.(lt|le|gt|ge)(_[su])?$/.test(def.op)) for (const v of def.args) { compared.add(v); if (v.def?.op.startsWith("f64.convert")) compared.add(v.def.args[0]!); }
    else if (/^i32\.(and|or|eqz|select)$/.test(def.op)) for (const v of def.args) collect(v, depth - 1);
  };
  collect(cond!, 3);
  return holdsOne(regions[arm]!, (instr) => isMemoryOp(instr.op) && instr.args.slice(0, 2).some((v) => v.def?.op !== "const" && compared.has(v)));
}
