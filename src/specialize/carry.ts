// Carries a loaded number from one iteration to the next where the next one would load it again.
//
//   loop l (%j = 1) { … %a = i32.load [%row + (%j − 1)]; …; i32.store [%row + %j], %v; br l %j + 1 }      what was just stored is read again:
//     →  loop l (%j = 1, %a = i32.load [%row + 0]) { …; i32.store [%row + %j], %v; br l (%j + 1) %v }     no wait for memory
//
//   loop l (%best = 0, %i = 1) { %x = f64.load [%x + %i]; %y = f64.load [%x + %best]; …; br l (i32.select %c %i %best) (%i + 1) }
//     →  loop l (%best = 0, %i = 1, %y = f64.load [%x + 0]) { %x = …; br l (i32.select %c %i %best) (%i + 1) (f64.select %c %x %y) }
//
// Requires: machine form, checks gone where they can be proved, a counted loop (counted.ts). Guarantees: machine form, same bits. What is
// loaded before the loop stands behind the loop's own test; nothing is loaded that the loop would not.
// (Callahan, Carr, Kennedy, "Improving register allocation for subscripted variables", 1990, of which this is the distance of one iteration.)

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops, type MachineOp } from "../ir/ops.ts";
import type { Func, If, Instr, Loop, Machine, Memory, Program, Type, Value } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import { visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { mayTouch, plain, Rewriter, writesOf, type Target } from "./rewrite.ts";
import { countedLoop, type Counted } from "./counted.ts";
import { LinearForms, shapeKey, stride, type Linear } from "./vectorize/linear.ts";

export function carry(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const plans = new Planner(func, program).plans();
  return plans.size === 0 ? func : new Carrier(func, program, plans, note).run();
}

/** A load of which the next iteration's value is known: the number that `store` writes, or, of the carried place `chosen`, what lies at the next one. */
type Kept =
  | { readonly load: Memory; readonly store: Memory; readonly chosen: null }
  | { readonly load: Memory | If; readonly store: null; readonly chosen: { readonly param: Value; readonly cond: Value; readonly next: Value; readonly whenTrue: boolean } };
interface Plan { readonly counted: Counted; readonly kept: readonly Kept[] }

/** loads that one loop carries, at most: each takes a register */
const mostKept = 4;
const mostSlice = 12;

/** The number that memory gives back of what a store wrote, where that takes one operation at most. */
const readBack: Partial<Record<string, readonly [MachineOp, number] | []>> = {
  "i32.store i32.load": [], "f32.store f32.load": [], "f64.store f64.load": [],
  "i32.store8 i32.load8_u": ["i32.and", 255], "i32.store16 i32.load16_u": ["i32.and", 65535], "i32.store8 i32.load8_s": ["i32.extend8_s", 0], "i32.store16 i32.load16_s": ["i32.extend16_s", 0],
};

class Planner {
  private readonly func: Func;
  private readonly program: Program;
  private ranges: Ranges | undefined;
  constructor(func: Func, program: Program) { this.func = func; this.program = program; }

  plans(): ReadonlyMap<Loop, Plan> {
    const found = new Map<Loop, Plan>();
    visit(this.func.body, (instr) => {
      if (instr.op !== "loop" || !worthALook(instr)) return;
      const counted = countedLoop(instr, { loops: true });
      if (typeof counted === "string") return;
      const kept = [...this.stored(counted), ...this.chosen(counted)].slice(0, mostKept);
      if (kept.length > 0) found.set(instr, { counted, kept });
    });
    return found;
  }

  /** Loads of places that the iteration before has written last. */
  private stored(counted: Counted): Kept[] {
    const instrs = [...counted.pre, ...counted.body.body];
    const stores = counted.body.body.filter((instr): instr is Memory => isMemoryOp(instr.op) && memoryOps[instr.op].store);
    if (stores.length === 0) return [];
    const forms = new LinearForms(counted, (this.ranges ??= rangesOf(this.func, this.program)));
    const found: Kept[] = [];
    const stays: boolean[] = [];
    for (const load of instrs) {
      if (!isMemoryOp(load.op) || memoryOps[load.op].store) continue;
      const from = placeIn(load as Memory, forms);
      if (!from) continue;
      const store = stores.findLast((s) => {
        const to = placeIn(s, forms);
        return to !== null && to.key === from.key && to.low === from.low + from.step && readBack[`${s.op} ${load.op}`] !== undefined;
      });
      if (!store) continue;
      // nothing else writes there on the way: behind the store, then from the next iteration's beginning to the load
      const to = placeIn(store, forms)!;
      const clear = instrs.slice(instrs.indexOf(store) + 1).every((instr) => this.misses(instr, to, forms))
        && instrs.slice(0, instrs.indexOf(load)).every((instr) => this.misses(instr, from, forms));
      if (clear) { found.push({ load: load as Memory, store, chosen: null }); stays.push(from.step === 0); }
    }
    // of places that stay where they are, all or none: what is carried of some is in no register beside the others any more
    return found.length > mostKept ? found.filter((_, i) => !stays[i]) : found;
  }
  private misses(instr: Instr, place: Place, forms: LinearForms): boolean {
    if ("regions" in instr) return instr.regions.every((region) => region.body.every((inner) => this.misses(inner, place, forms)));
    if (!isMemoryOp(instr.op)) return !("space" in instr) || !this.touch(instr.space, place.space);
    if (!memoryOps[instr.op].store || !this.touch((instr as Memory).space, place.space)) return true;
    const other = placeIn(instr as Memory, forms);
    return other !== null && other.key === place.key && (other.high <= place.low || place.high <= other.low);
  }
  private touch(a: number, b: number): boolean { return mayTouch(this.program, new Set([a]), b); }

  /** Loads of memory that the loop does not write, from a place that is carried: the same as before, or that of another load. */
  private chosen(counted: Counted): Kept[] {
    const { params } = counted.loop.regions[0];
    const choices = params.flatMap((param, i) => {
      const { def } = counted.br.args[i]!;
      if (param.type !== "i32" || def?.op !== "i32.select") return [];
      const [cond, a, b] = def.args as [Value, Value, Value];
      return a === param ? [{ param, cond, next: b, whenTrue: false }] : b === param ? [{ param, cond, next: a, whenTrue: true }] : [];
    });
    if (choices.length === 0) return [];
    const writes = writesOf(counted.loop.regions[0]);
    const found: Kept[] = [];
    const instrs = [...counted.pre, ...counted.body.body];
    for (const load of instrs) {
      if (isMemoryOp(load.op)) {
        const memory = load as Memory;
        const chosen = choices.find(({ param }) => memory.args[1] === param);
        if (!chosen || memoryOps[memory.op].store || counted.inside(memory.args[0]!) || mayTouch(this.program, writes, memory.space)) continue;
        const there = instrs.some((other) => other.op === load.op && other.args[0] === memory.args[0] && other.args[1] === chosen.next
          && (other as Memory).offset === memory.offset && (other as Memory).scale === memory.scale && (other as Memory).space === memory.space);
        if (there) found.push({ load: memory, store: null, chosen });
      } else if (load.op === "if" && load.results.length === 1 && this.looksUp(load, writes)) {
        const slice = sliceOf(outsideOf(load), counted);
        const chosen = slice?.size === 1 ? choices.find(({ param }) => slice.has(param)) : undefined;
        if (chosen) found.push({ load, store: null, chosen });
      }
    }
    return found;
  }
  /** An `if` that only computes and loads what the loop does not write. */
  private looksUp(instr: If, writes: ReadonlySet<number | "all">): boolean {
    return instr.regions.every(({ body }) => body.every((inner) => inner.op === "yield" || isPure(inner)
      || isMemoryOp(inner.op) && !memoryOps[inner.op].store && !mayTouch(this.program, writes, (inner as Memory).space)));
  }
}

const isPure = (instr: Instr): boolean => isMachineOp(instr.op) && ops[instr.op].effect === "none" && !instr.op.startsWith("math.");

/** The loop's own `if`s, loads and stores tell whether analysing it can lead to anything. */
function worthALook(loop: Loop): boolean {
  let stores = false, loads = false, choice = false;
  visit(loop.regions[0], (instr) => {
    if (isMemoryOp(instr.op)) { if (memoryOps[instr.op].store) stores = true; else loads = true; }
    choice ||= instr.op === "i32.select";
  });
  return loads && (stores || choice);
}

interface Place { readonly key: string; readonly low: number; readonly high: number; readonly step: number; readonly space: number }
/** Where an access of the loop goes, in bytes from a place that depends on the key alone; `step`: how far it moves in an iteration. */
function placeIn(instr: Memory, forms: LinearForms): Place | null {
  const [base, index] = instr.args as [Value, Value];
  if (!forms.invariant(base)) return null;
  const c = constantOf(index);
  const form: Linear | null = c === undefined ? forms.of(index) : { counters: [], terms: [], plus: c as number, within: [] };
  if (!form || form.within.length > 0) return null;
  const low = form.plus * 2 ** instr.scale + instr.offset;
  return { key: `${base.id};${instr.space};${instr.scale};${shapeKey(form)}`, low, high: low + memoryOps[instr.op].bytes, step: stride(form) * 2 ** instr.scale, space: instr.space };
}

/** What an `if` uses that it does not define. */
function outsideOf(instr: If): Value[] {
  const inside = new Set<Value>(), used: Value[] = [...instr.args];
  for (const { body } of instr.regions) for (const inner of body) {
    for (const arg of inner.args) if (!inside.has(arg)) used.push(arg);
    for (const r of inner.results) inside.add(r);
  }
  return used;
}
/** The loop's parameters that values are computed of, by little pure work alone; null if there is more to them. */
function sliceOf(values: readonly Value[], counted: Counted): ReadonlySet<Value> | null {
  const params = new Set<Value>(), seen = new Set<Value>();
  const work = [...values];
  for (let v = work.pop(); v; v = work.pop()) {
    if (!counted.inside(v) || seen.has(v)) continue;
    seen.add(v);
    if (counted.loop.regions[0].params.includes(v)) params.add(v);
    else if (v.def && isPure(v.def) && seen.size <= mostSlice) work.push(...v.def.args);
    else return null;
  }
  return params;
}

class Carrier extends Rewriter {
  private readonly plans: ReadonlyMap<Loop, Plan>;
  private readonly note: Note;
  /** by a loop's parameters, while its body is written: what else the next iteration is given */
  private readonly further = new Map<readonly Value[], () => Value[]>();
  /** what stores have written, as memory gives it back */
  private readonly written = new Map<Memory, Value>();

  constructor(func: Func, program: Program, plans: ReadonlyMap<Loop, Plan>, note: Note) {
    super(func, program);
    this.plans = plans;
    this.note = note;
  }

  protected override passedAll(to: readonly Value[], old: readonly Value[]): Value[] {
    const own = super.passedAll(to, old);
    const further = this.further.get(to);
    return further ? [...own, ...further()] : own;
  }

  protected override memory(instr: Memory): void {
    super.memory(instr);
    for (const { kept } of this.plans.values()) for (const { store, load } of kept) if (store === instr) {
      const back = readBack[`${instr.op} ${load.op}`]!;
      const value = this.value(instr.args[2]!);
      const [op, by] = back;
      this.written.set(load as Memory, op === undefined ? value : op === "i32.and" ? this.e.op(op, value, this.e.i32(by!)) : this.e.op(op, value));
    }
  }

  protected override loop(instr: Loop): boolean {
    const plan = this.plans.get(instr);
    if (!plan) return super.loop(instr);
    const { e } = this;
    const old = instr.regions[0];
    const { kept } = plan;
    const inits = this.inits(instr);
    for (const { load, store } of kept) this.note(load.place, "a load in each iteration", "one before the loop", store ? "the iteration before has written it" : "the iteration before has loaded it");
    const firsts = this.firsts(plan, inits);

    const params = old.params.map((p) => this.bind(p, this.fresh(p)));
    const numbers = kept.map(({ load }) => this.bind(load.results[0]!, this.fresh(load.results[0]!)));
    for (const { load } of kept) this.done.add(load);
    const target: Target = { label: { name: instr.label.name }, brs: 0, to: old.params, dropped: [] };
    this.targets.set(instr.label, target);
    this.further.set(old.params, () => kept.map((one, i) => this.next(one, numbers[i]!, plan)));
    this.forgetWrites(old);
    let values: Value[] | null = null;
    const body = e.inRegion([...params, ...numbers], () => { values = this.walk(old, plain(instr.results)); });
    this.further.delete(old.params);
    this.forgetWrites(old);
    body.body.push({ op: "yield", args: values!, results: [] });
    const results = instr.results.map((r) => this.bind(r, this.fresh(r)));
    e.append({ op: "loop", label: target.label, args: [...inits, ...firsts], results, regions: [body], notes: instr.notes, place: instr.place });
    return true;
  }

  /** What the loads give in the first iteration; where there is none, nobody asks. */
  private firsts({ counted, kept }: Plan, inits: readonly Value[]): Value[] {
    const { params } = counted.loop.regions[0];
    params.forEach((p, i) => { this.map[p.id] = inits[i]!; });
    const cond = this.condition({ ...counted.test, args: [this.computed(counted.cond, counted)] });
    const loads = (): Value[] => kept.map(({ load }) => this.loaded(load, counted));
    const none = (): Value[] => kept.map(({ load }) => zero(this, load.results[0]!.type));
    if (cond.def?.op === "const") return cond.def.value !== 0 ? loads() : none();
    return this.choose(cond, counted.test, loads, none)!;
  }
  /** An old value, made known by computing it anew of the loop's parameters as they are bound. */
  private computed(v: Value, counted: Counted): Value {
    if (counted.inside(v) && v.def && !counted.loop.regions[0].params.includes(v)) {
      if (isMachineOp(v.def.op)) for (const arg of v.def.args) this.computed(arg, counted);
      this.map[v.id] = isMachineOp(v.def.op) ? this.operation(v.def as Machine) : this.loaded(v.def as Memory, counted);
    }
    return v;
  }
  private loaded(load: Memory | If, counted: Counted): Value {
    for (const v of load.op === "if" ? outsideOf(load) : load.args) this.computed(v, counted);
    if (load.op === "if") this.if(load); else super.memory(load);
    return this.map[load.results[0]!.id]!;
  }

  /** What the load gives in the next iteration. */
  private next({ load, store, chosen }: Kept, number: Value, { counted }: Plan): Value {
    if (store) return this.written.get(load)!;
    const [cond, there] = [this.value(chosen.cond), this.value(chosen.next)];
    const here = this.map[chosen.param.id]!;
    this.map[chosen.param.id] = there;
    const other = this.loaded(load, counted);
    this.map[chosen.param.id] = here;
    this.map[load.results[0]!.id] = number;
    const [a, b] = chosen.whenTrue ? [other, number] : [number, other];
    return this.e.op(`${number.type as "f64"}.select`, cond, a, b);
  }
}

const zero = ({ e }: Rewriter, type: Type): Value => (type === "i64" ? e.const("i64", 0n) : e.const(type, 0));
