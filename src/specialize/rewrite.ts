// The walk that all machine-form passes share: copies a function through an Emitter, region by region, and simplifies control on the way.
// A pass overrides what it changes (`operation`, `control` …) and inherits the rest.
//
//   if 1 {A} else {B}                              →  A
//   r = if c {yield x} else {yield y}              →  r = select c x y          (arms of little, pure work as well)
//   r = if c {…leaves} else {B; yield v}           →  if c {…leaves}; B         r is v: an arm that never comes back holds nothing up
//   block l {A; if c {B; br l v} else {C}; D; yield w}  →  r = if c {B; yield v} else {C; D; yield w}      where no other br to l is left
//   loop l (p = x) {… br l p …}                    →  p is x: carried values that never change are no carried values
//   loop l {… no br l …}                           →  its body
//
// Requires: machine form. Guarantees: machine form, the old function untouched; after an `if` that has a leaving arm, that arm is the
// first one, so a `while` loop reads  loop l {test; if c {body; br l} else {yield}; yield}.

import { memoryOps, ops, isMachineOp, isMemoryOp } from "../ir/ops.ts";
import type { Block, Br, Func, If, Instr, Label, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { regionsOf } from "../ir/build.ts";
import { BlockNode, BrNode, IfNode, list, LoopNode, none, RegionNode, ReturnNode, TrapNode, YieldNode } from "../ir/nodes.ts";
import { Emitter } from "./emitter.ts";
import { by, condition } from "./rules.ts";
import { isUnchanged } from "./unchanged.ts";

/** Nesting that `br` out of a block may be turned into: deeper chains keep their block, for the sake of everybody's recursion. */
const deepest = 120;
/** Operations that may be done in vain when an `if` becomes a choice. */
const cheap = 3;

export interface Target {
  /** the label now */
  readonly label: Label;
  /** how many br to it are written */
  brs: number;
  /** what its brs give values to, in the old function: a loop's parameters, a block's results */
  readonly to: readonly Value[];
  /** carried values that are none any more */
  readonly dropped: readonly boolean[];
}

/** Where a region leads. */
export interface Way {
  /** what its yield gives values to, in the old function */
  readonly to: readonly Value[];
  /** the block whose end the region's end is: a br to it is a plain end too */
  readonly tail: Label | null;
  /** what is to be done after the yield, before that end is reached; null if nothing */
  readonly rest: ((values: Value[]) => Value[] | null) | null;
  /** `rest` writes no instruction, so it may be done in several arms */
  readonly trivial: boolean;
}
export const plain = (to: readonly Value[]): Way => ({ to, tail: null, rest: null, trivial: true });

export class Rewriter {
  readonly e: Emitter;
  protected readonly map: (Value | undefined)[];
  protected readonly targets = new Map<Label, Target>();
  private foundBrs: ReadonlyMap<Label, readonly Br[]> | undefined;
  private depth = 0;
  /** instructions that are written elsewhere already */
  protected readonly done = new Set<Instr>();
  protected readonly program: Program;
  protected readonly old: Func;

  constructor(old: Func, program: Program) {
    this.old = old;
    this.program = program;
    this.e = new Emitter(program, old.nextId);
    this.map = new Array<Value | undefined>(old.nextId).fill(undefined);
  }

  /** the `br`s of the old function, by label */
  protected get brs(): ReadonlyMap<Label, readonly Br[]> { return this.foundBrs ??= brsOf(this.old.body); }

  /** The function as it is now: the old one itself where nothing has changed. */
  run(): Func {
    const params = this.old.params.map((p) => this.bind(p, this.e.value(p.type, p.name)));
    const body = this.e.inRegion([], () => { if (this.walk(this.old.body, plain([]))) throw new Error("a function's body ended in a yield"); });
    if (isUnchanged(this.old.body, body, this.map)) return this.old;
    return { name: this.old.name, params, results: this.old.results, body, nextId: this.e.nextId };
  }

  // ───────────────────────────────── values ─────────────────────────────────

  /** What an old value is now. */
  value(old: Value): Value {
    const def = old.def;
    if (def !== null && def.op === "const") return this.e.const(old.type, def.value);
    const now = this.map[old.id];
    if (!now) throw new Error(`value %${old.id} is used before its definition`);
    return now;
  }
  values(old: readonly Value[]): Value[] {
    switch (old.length) { // nearly all have one or two, and `map` takes longer than what it does to them
      case 1: return list(this.value(old[0]!));
      case 2: return list(this.value(old[0]!), this.value(old[1]!));
      default: return old.map((v) => this.value(v));
    }
  }
  /** What an old value is where it is given to an old parameter or result. */
  protected passed(_to: Value, old: Value): Value { return this.value(old); }
  protected passedAll(to: readonly Value[], old: readonly Value[]): Value[] { return to.map((t, i) => this.passed(t, old[i]!)); }
  /** The new value for an old parameter or result. */
  protected fresh(old: Value): Value { return this.e.value(old.type, old.name); }
  protected bind(old: Value, now: Value): Value {
    this.map[old.id] = now;
    if (old.name !== undefined && now.name === undefined && now.def?.op !== "const") now.name = old.name;
    return now;
  }
  protected bindAll(old: readonly Value[], now: readonly Value[]): void { for (let i = 0; i < old.length; i++) this.bind(old[i]!, now[i]!); }

  // ───────────────────────────────── regions ─────────────────────────────────

  /**
   * Writes an old region's instructions, from `from` on, into the current region. Gives what its end gives (writing the yield is left to
   * the caller), or null if it never gets there.
   */
  protected walk(old: Region, way: Way, from = 0): Value[] | null {
    if (from === 0) this.enter(old);
    for (let i = from; i < old.body.length; i++) {
      const instr = old.body[i]!;
      this.e.place = instr.place;
      if (this.done.has(instr)) continue;
      switch (instr.op) {
        case "yield": {
          const values = this.passedAll(way.to, instr.args);
          return way.rest ? way.rest(values) : values;
        }
        case "br": {
          const target = this.targets.get(instr.label)!;
          const args = this.passedAll(target.to, instr.args).filter((_, at) => !target.dropped[at]);
          if (instr.label === way.tail) return args;
          target.brs++;
          this.e.append(new BrNode(target.label, args, instr.place));
          return null;
        }
        case "return": this.e.append(new ReturnNode(this.values(instr.args), instr.exit, instr.place)); return null;
        case "trap": this.e.append(new TrapNode(instr.exit, instr.place)); return null;
        case "if": {
          const trivial = this.restIsTrivial(old.body[i + 1]!, way);
          if (this.takesRest(instr, way, trivial)) return this.ifWithRest(instr, old, i + 1, way, trivial);
          if (!this.if(instr)) return null;
          break;
        }
        case "block": if (!this.block(instr)) return null; break;
        case "loop": if (!this.loop(instr)) return null; break;
        default: this.instruction(instr);
      }
    }
    throw new Error("a region without a terminator");
  }

  /** Called where a region begins. */
  protected enter(_old: Region): void {}

  /** Instructions without regions that are no terminators. */
  protected instruction(instr: Instr): void {
    if (isMachineOp(instr.op)) { this.bind(instr.results[0]!, this.operation(instr as Machine)); return; }
    if (isMemoryOp(instr.op)) { this.memory(instr as Memory); return; }
    const args = this.values(instr.args);
    switch (instr.op) {
      case "lane": this.bind(instr.results[0]!, this.e.lane(instr, args, instr.results[0]!.type)); return;
      case "data.addr": case "frame.addr": this.bind(instr.results[0]!, this.e.address(instr)); return;
      case "slot.set": this.e.append({ ...instr, args, results: [] }); return;
      case "memory.fill": case "memory.copy": this.e.append({ ...instr, args, results: [] }); this.e.written(instr.space); return;
      case "random": this.copy(instr, args); return;
      case "call": this.copy(instr, args); this.e.allWritten(); return;
      default: throw new Error(`not a machine-form instruction: ${instr.op}`);
    }
  }
  private copy(instr: Instr, args: Value[]): void {
    const results = instr.results.map((r) => this.bind(r, this.e.value(r.type, r.name)));
    this.e.append({ ...instr, args, results } as Instr);
  }
  protected operation(instr: Machine): Value { return this.e.operation(instr.op, this.values(instr.args)); }
  protected memory(instr: Memory): void {
    const args = this.values(instr.args);
    if (memoryOps[instr.op].store) this.e.store(instr, args);
    else this.bind(instr.results[0]!, this.e.load(instr, args));
  }

  // ───────────────────────────────── if ─────────────────────────────────

  /** The condition of an `if` as it is now. */
  protected condition(instr: If): Value { return condition(this.value(instr.args[0]!)); }

  /** Writes an `if`; false if neither arm comes back. */
  protected if(instr: If): boolean {
    const values = this.arms(instr, (arm) => this.walk(arm, plain(instr.results)));
    if (values) this.bindAll(instr.results, values);
    return values !== null;
  }

  private arms(instr: If, walk: (arm: Region) => Value[] | null): Value[] | null {
    const cond = this.condition(instr);
    const [then, otherwise] = instr.regions;
    return cond.def?.op === "const" ? walk(cond.def.value !== 0 ? then : otherwise) : this.choose(cond, instr, () => walk(then), () => walk(otherwise));
  }

  private restIsTrivial(next: Instr, way: Way): boolean {
    return (next.op === "yield" && way.trivial) || (next.op === "br" && next.label === way.tail);
  }
  /**
   * Whether what follows the `if` goes into its arms, where that makes their br to the tail label plain ends. Work is never doubled: if
   * more than the end follows, one arm must leave for good, so that only the other has it.
   */
  private takesRest(instr: If, { tail }: Way, trivial: boolean): boolean {
    if (tail === null || this.depth >= deepest) return false;
    return trivial ? instr.regions.some((arm) => mayEndIn(arm, tail)) : instr.regions.some((arm) => endsIn(arm, tail));
  }
  private ifWithRest(instr: If, region: Region, next: number, way: Way, trivial: boolean): Value[] | null {
    const rest = (values: Value[]): Value[] | null => { this.bindAll(instr.results, values); return this.walk(region, way, next); };
    this.depth++;
    const values = this.arms(instr, (arm) => this.walk(arm, { to: instr.results, tail: way.tail, rest, trivial }));
    this.depth--;
    return values;
  }

  /** Writes  if cond then() else otherwise()  as simply as can be, and gives its results; null if neither arm comes back. */
  protected choose(cond: Value, like: Pick<If, "place">, then: () => Value[] | null, otherwise: () => Value[] | null): Value[] | null {
    const e = this.e;
    const place = like.place;
    let a: Value[] | null = null;
    let b: Value[] | null = null;
    const before = e.memory();
    const thenRegion = e.inRegion([], () => { a = then(); });
    if (!a) { // the first arm leaves: the second goes on in the region around
      e.setMemory(before);
      e.append(new IfNode(cond, list(), thenRegion, yields(list()), place));
      return otherwise();
    }
    const afterThen = e.memory();
    e.setMemory(before);
    const elseRegion = e.inRegion([], () => { b = otherwise(); });
    if (!b) {
      const inverse = e.op("i32.eqz", cond);
      e.append(new IfNode(inverse, list(), elseRegion, yields(list()), place));
      for (const instr of thenRegion.body) e.region.body.push(instr);
      e.setMemory(afterThen);
      return a;
    }
    e.joinMemory(before, afterThen, e.memory());
    return this.join(cond, like, thenRegion, elseRegion, a, b);
  }

  /** Both arms come back, with a or b. */
  protected join(cond: Value, like: Pick<If, "place">, thenRegion: Region, elseRegion: Region, a: Value[], b: Value[]): Value[] {
    const e = this.e;
    const differs = a.map((v, i) => v !== b[i]);
    const selectable = a.every((v, i) => !differs[i] || v.type !== "v128");
    const work = thenRegion.body.length + elseRegion.body.length;
    if (selectable && (work === 0 || work <= cheap && speculable(thenRegion) && speculable(elseRegion) && differs.filter(Boolean).length <= 2)) {
      for (const region of [thenRegion, elseRegion]) for (const instr of region.body) e.region.body.push(instr);
      return a.map((v, i) => (differs[i] ? e.op(`${v.type as "i32"}.select`, cond, v, b[i]!) : v));
    }
    const kept = a.flatMap((v, i) => (differs[i] ? [i] : []));
    const results = kept.map((i) => e.value(a[i]!.type));
    const end = (region: Region, values: Value[]) => { region.body.push(new YieldNode(kept.map((i) => values[i]!))); };
    end(thenRegion, a);
    end(elseRegion, b);
    const inverted = by(cond, "i32.eqz"); // one test less
    e.append(inverted ? new IfNode(inverted.args[0]!, results, elseRegion, thenRegion, like.place) : new IfNode(cond, results, thenRegion, elseRegion, like.place));
    return a.map((v, i) => (differs[i] ? results[kept.indexOf(i)]! : v));
  }

  // ───────────────────────────────── block and loop ─────────────────────────────────

  /** Writes a block; false if nothing comes out of it. */
  protected block(instr: Block): boolean {
    const e = this.e;
    const old = instr.regions[0];
    const target: Target = { label: { name: instr.label.name }, brs: 0, to: instr.results, dropped: [] };
    this.targets.set(instr.label, target);
    const before = e.memory();
    let values: Value[] | null = null;
    const body = e.inRegion([], () => { values = this.walk(old, { to: instr.results, tail: instr.label, rest: null, trivial: true }); });
    values = values as Value[] | null;
    if (target.brs === 0) { // nobody leaves early (any more)
      for (const inner of body.body) e.region.body.push(inner);
      if (values) this.bindAll(instr.results, values);
      return values !== null;
    }
    if (values) body.body.push(new YieldNode(values));
    const results = instr.results.map((r) => this.bind(r, this.fresh(r)));
    e.append(new BlockNode(target.label, results, body, instr.place));
    e.setMemory(before);
    this.forgetWrites(old); // written on some way out
    return true;
  }

  /** What the loop's carried values begin with. */
  protected inits(instr: Loop): Value[] { return this.passedAll(instr.regions[0].params, instr.args); }

  /** Writes a loop; false if it is never left by its own yield. */
  protected loop(instr: Loop): boolean {
    const e = this.e;
    const old = instr.regions[0];
    const brs = this.brs.get(instr.label) ?? [];
    const inits = this.inits(instr);
    const dropped = this.unchanging(instr, inits, brs);
    if (brs.length === 0) {
      this.bindAll(old.params, inits);
      const values = this.walk(old, plain(instr.results));
      if (values) this.bindAll(instr.results, values);
      return values !== null;
    }
    const first = e.nextId;
    const params = old.params.flatMap((p, i) => (dropped[i] ? (this.bind(p, inits[i]!), []) : [this.bind(p, this.fresh(p))]));
    const target: Target = { label: { name: instr.label.name }, brs: 0, to: old.params, dropped };
    this.targets.set(instr.label, target);
    this.forgetWrites(old); // an earlier iteration may have written
    let values: Value[] | null = null;
    const body = e.inRegion(params, () => { values = this.walk(old, plain(instr.results)); });
    values = values as Value[] | null;
    this.forgetWrites(old);
    const results: Value[] = [];
    if (values) { // what comes from before the loop is no result of it
      const inner = values.map((v) => v.id >= first && v.def?.op !== "const");
      body.body.push(new YieldNode(values.filter((_, i) => inner[i])));
      instr.results.forEach((r, i) => { if (inner[i]) results.push(this.bind(r, this.fresh(r))); else this.bind(r, values![i]!); });
    }
    e.append(new LoopNode(target.label, inits.filter((_, i) => !dropped[i]), results, body, instr.notes, instr.place));
    if (!values) e.append(new TrapNode(-1, undefined));
    return values !== null;
  }

  /** Which carried values are the same in every iteration: each br gives the parameter itself, or the constant it began with, or a choice of these. */
  private unchanging(instr: Loop, inits: readonly Value[], brs: readonly Br[]): boolean[] {
    return instr.regions[0].params.map((p, i) => {
      const stays = (next: Value, depth: number): boolean => {
        if (next === p) return true;
        const { def } = next;
        if (def?.op === "const" || this.map[next.id] !== undefined) return this.passed(p, next) === inits[i];
        if (def === null || depth === deepestChoice) return false;
        if (def.op === "if") {
          const at = def.results.indexOf(next);
          return def.regions.every(({ body }) => { const end = body.at(-1)!; return end.op === "yield" && stays(end.args[at]!, depth + 1); });
        }
        return def.op.endsWith(".select") && stays(def.args[1]!, depth + 1) && stays(def.args[2]!, depth + 1);
      };
      return brs.every((br) => stays(br.args[i]!, 0));
    });
  }

  private readonly writes = new Map<Region, ReadonlySet<number | "all">>();
  protected writesOf(region: Region): ReadonlySet<number | "all"> { return writesOf(region, this.writes); }
  protected forgetWrites(old: Region): void {
    for (const space of this.writesOf(old)) {
      if (space === "all") this.e.allWritten();
      else this.e.written(space);
    }
  }
}

// ───────────────────────────────── facts about old regions ─────────────────────────────────

export function yields(args: Value[]): Region {
  const region = new RegionNode(none);
  region.body.push(new YieldNode(args));
  return region;
}

function brsOf(region: Region, into = new Map<Label, Br[]>()): Map<Label, Br[]> {
  for (const instr of region.body) {
    if (instr.op === "br") {
      const list = into.get(instr.label);
      if (list) list.push(instr);
      else into.set(instr.label, [instr]);
    } else if ("regions" in instr) for (const inner of regionsOf(instr)) brsOf(inner, into);
  }
  return into;
}

/** the region's own end is a br to the label */
export function endsIn(region: Region, label: Label): boolean {
  const last = region.body.at(-1)!;
  return last.op === "br" && last.label === label;
}
/** a br to the label is the end of the region, or of an arm of an `if` that ends it */
function mayEndIn(region: Region, label: Label): boolean {
  if (endsIn(region, label)) return true;
  const previous = region.body.at(-2);
  return previous?.op === "if" && previous.regions.some((arm) => mayEndIn(arm, label));
}

/** The spaces that a region may write ("all": it calls out). `known` remembers, since nested loops ask again and again. */
export function writesOf(region: Region, known = new Map<Region, ReadonlySet<number | "all">>()): ReadonlySet<number | "all"> {
  const found = known.get(region);
  if (found) return found;
  const spaces = new Set<number | "all">();
  for (const instr of region.body) {
    if ("regions" in instr) { for (const inner of regionsOf(instr)) if (inner.body.length > 1) for (const space of writesOf(inner, known)) spaces.add(space); }
    else if ("space" in instr) { if (!isMemoryOp(instr.op) || memoryOps[instr.op].store) spaces.add(instr.space); }
    else if (instr.op === "call") spaces.add("all");
  }
  known.set(region, spaces);
  return spaces;
}

/** Whether a store among those may touch the space. */
export function mayTouch(program: Program, writes: ReadonlySet<number | "all">, space: number): boolean {
  if (writes.has("all")) return program.spaces[space]!.written;
  for (const other of writes) {
    if (other === space || program.spaces[space]!.mayOverlap.includes(other as number) || program.spaces[other as number]!.mayOverlap.includes(space)) return true;
  }
  return false;
}

/** how far choices are followed */
const deepestChoice = 4;

/** Nothing but pure work, which may be done in vain. */
function speculable(region: Region): boolean {
  return region.body.every((instr) => isMachineOp(instr.op) && ops[instr.op].effect === "none" && !costly.test(instr.op));
}
/** Calls in disguise, and divisions: not to be done in vain. */
export const costly = /^math\.|\.rem|\.div|\.sqrt/;
