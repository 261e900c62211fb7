// Small arrays of the kernel's own that each iteration fills anew are values: the window of a median, sorted by insertion, above all.
//
//   before  f64.store [%win + 0] %a; %k = if %c {f64.store [%win + 1] (f64.load [%win + 0]); yield 0} else {yield 1}; f64.store [%win + %k] %b; f64.load [%win + 0]
//   after   select %c %b %a
//
// What stands in an element is told by the conditions under which it was stored, those that a place among constants was chosen by included. So both arms of an
// `if` that moves elements are done, without branches; and since nothing is left in memory that one iteration hands to the next, lanes take the loop.
//
// Requires: machine form, simplified, proved checks gone. Guarantees: machine form, same bits: all loads of the array are of what their own iteration has stored
// whatever was decided, so no store is left. Done where a loop goes in lanes then that did not before: elsewhere branches cost less.
//
// Where a place is looked up that conditions or a small range leave open (the pivot's row of a small system, a count by class), each place that it may be asks whether it is the one:
//
//   before  f64.store [%m + 6·%p] %a; f64.load [%m + 6·%q]        after   select (%p = 1) %a %m1, …; select (%q = 1) %m1 (select (%q = 2) %m2 …)

import { constantOf, instructions, regionsOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops, type MemoryOp } from "../ir/ops.ts";
import type { Bulk, Func, If, Instr, Loop, Memory, Program, Region, Type, Value } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { costly, Rewriter } from "./rewrite.ts";
import { inLanes } from "./vectorize/index.ts";

/** elements of one array, and accesses: what is chosen from grows with the square of them */
const most = { elements: 48, accesses: 1200 };
/** as many places that a range leaves open */
const mostOpen = 8;

export function windows(given: Func, program: Program, note: Note = () => {}): Func {
  let func = given;
  // arrays are known by the parameters of the function that stands in the program
  const lanes = (made: Func): number => inLanes(made, { ...program, functions: program.functions.map((f) => (f === given ? made : f)) }).filter(Boolean).length;
  for (const [space, loops] of windowsOf(func, program)) {
    const made = [false, true].reduce<Func | null>((found, numbered) => found ?? withoutMemory(func, program, space, numbered), null);
    if (made === null || lanes(made) <= lanes(func)) continue;
    for (const loop of loops) note(loop.place, `${program.spaces[space]!.name} in memory`, "values", "each iteration fills it anew");
    func = made;
  }
  return func;
}

function withoutMemory(func: Func, program: Program, space: number, numbered: boolean): Func | null {
  try { return new Windows(func, program, space, numbered).run(); } catch (e) { if (e instanceof Refused) return null; throw e; }
}

class Refused extends Error {}

// ───────────────────────────────── which arrays ─────────────────────────────────

/** The stack's arrays that nothing but loads and stores of one width touches, all loads in loops that hold no other accesses further in; with these loops. */
function windowsOf(func: Func, program: Program): Map<number, ReadonlySet<Loop>> {
  const found = new Map<number, Set<Loop>>();
  if (!program.spaces.some((s) => s.origin === "frame" && s.written) || contentsOf(func).loops.length === 0) return found;
  const refused = new Set<number>(), bytes = new Map<number, number>(), count = new Map<number, number>(), starts = new Map<number, Set<number>>();
  const stray = new Set<number>(); // offsets of frame addresses that are more than the base of an access
  const visit = (region: Region, around: readonly Loop[], blocked: boolean): void => {
    for (const instr of region.body) {
      if (isMemoryOp(instr.op)) {
        const { space, args: [base] } = instr as Memory, { bytes: width, store } = memoryOps[instr.op];
        const at = base!.def?.op === "frame.addr" ? base!.def.offset : null;
        count.set(space, (count.get(space) ?? 0) + 1);
        if (at === null || blocked || (bytes.get(space) ?? width) !== width || (around.length === 0 && !store)) refused.add(space);
        else starts.set(space, (starts.get(space) ?? new Set()).add(at));
        bytes.set(space, width);
        if (around.length > 0) found.set(space, (found.get(space) ?? new Set()).add(around.at(-1)!));
        for (const loop of around.slice(0, -1)) if (found.get(space)?.has(loop)) refused.add(space);
      } else if ("space" in instr && !isFilledBefore(instr, around)) refused.add(instr.space);
      for (const arg of isMemoryOp(instr.op) || isFilledBefore(instr, around) ? instr.args.slice(1) : instr.args) if (arg.def?.op === "frame.addr") stray.add(arg.def.offset);
      for (const inner of regionsOf(instr)) visit(inner, instr.op === "loop" ? [...around, instr] : around, instr.op === "loop" ? false : blocked || instr.op === "block");
    }
  };
  visit(func.body, [], false);
  for (const [space, loops] of found) {
    const { origin, written, mayOverlap } = program.spaces[space]!;
    const shared = mayOverlap.length > 0 || program.spaces.some((s) => s.mayOverlap.includes(space)) || [...starts.get(space) ?? []].some((at) => stray.has(at));
    const inner = contentsOf(func).loops.some((loop) => loops.has(loop) && [...instructions(loop.regions[0])].some((i) => i.op === "loop" && loops.has(i)));
    if (origin !== "frame" || !written || shared || inner || refused.has(space) || count.get(space)! > most.accesses) found.delete(space);
  }
  return found;
}

/** What stands in an array before the loops, nobody sees: all loads are of what their own iteration has stored. */
const isFilledBefore = (instr: Instr, around: readonly Loop[]): instr is Bulk => instr.op === "memory.fill" && around.length === 0 && instr.args[0]!.def?.op === "frame.addr";

// ───────────────────────────────── what stands in them ─────────────────────────────────

/** Something that conditions choose: a place in the array, or what stands there. */
interface Choice<T> { readonly cond: Value; readonly then: Chosen<T>; readonly otherwise: Chosen<T> }
type Chosen<T> = T | Choice<T>;
/** What stands in an element; null: what an iteration before has left there. */
type Held = Value | null;

const isChoice = <T extends number | Held>(chosen: Chosen<T>): chosen is Choice<T> => chosen !== null && typeof chosen === "object" && "cond" in chosen;
const choice = <T extends number | Held>(cond: Value, then: Chosen<T>, otherwise: Chosen<T>): Chosen<T> => (then === otherwise ? then : { cond, then, otherwise });
/** What is left of it where the condition holds, or does not. */
const where = <T extends number | Held>(chosen: Chosen<T>, cond: Value, holds: boolean): Chosen<T> => (isChoice(chosen) && chosen.cond === cond ? (holds ? chosen.then : chosen.otherwise) : chosen);
const placesOf = (place: Chosen<number>): number[] => (isChoice(place) ? [...placesOf(place.then), ...placesOf(place.otherwise)] : [place]);
/** What stands at `at` when `value` has been stored at `place`. */
const stored = (before: Chosen<Held>, at: number, place: Chosen<number>, value: Value): Chosen<Held> => (isChoice(place)
  ? choice(place.cond, stored(where(before, place.cond, true), at, place.then, value), stored(where(before, place.cond, false), at, place.otherwise, value))
  : place === at ? value : before);

class Windows extends Rewriter {
  private readonly space: number;
  private readonly ranges: Ranges;
  /** by offset, what the iteration has stored; null outside the loops */
  private held: Map<number, Chosen<Held>> | null = null;
  /** old values that are some of few constants */
  private readonly among = new Map<Value, Chosen<number>>();

  /** whether places that are left open ask for their numbers, instead of the conditions that chose */
  private readonly numbered: boolean;

  constructor(func: Func, program: Program, space: number, numbered: boolean) {
    super(func, program);
    this.space = space;
    this.numbered = numbered;
    this.ranges = rangesOf(func, program);
  }

  protected override loop(instr: Loop): boolean {
    const before = this.held;
    this.held = new Map();
    const ends = super.loop(instr);
    this.held = before;
    return ends;
  }

  protected override instruction(instr: Instr): void {
    if (instr.op !== "memory.fill" || instr.space !== this.space) super.instruction(instr);
  }
  protected override memory(instr: Memory): void {
    if (instr.space !== this.space) { super.memory(instr); return; }
    const { store } = memoryOps[instr.op];
    if (!this.held) return; // a store outside: nobody sees it
    if (this.numbered && constantOf(instr.args[1]!) === undefined) { this.open(instr, store); return; }
    const place = this.placeOf(instr);
    if (store) {
      const value = this.asLoaded(instr);
      for (const at of new Set(placesOf(place))) this.held.set(at, stored(this.held.get(at) ?? null, at, place, value));
      if (this.held.size > most.elements) throw new Refused();
    } else {
      if (isChoice(place)) throw new Refused();
      this.bind(instr.results[0]!, this.standing(this.held.get(place) ?? null, instr.results[0]!.type));
    }
  }

  /** A load or store at a place that is left open. */
  private open(instr: Memory, store: boolean): void {
    const held = this.held!, [base, index] = instr.args as [Value, Value], start = base.def?.op === "frame.addr" ? base.def.offset : 0;
    const among = this.numbersOf(index).map((number) => ({ at: start + number * 2 ** instr.scale + instr.offset, isIt: () => this.e.op("i32.eq", this.value(index), this.e.i32(number)) }));
    if (store) {
      const value = this.asLoaded(instr);
      for (const { at, isIt } of among) held.set(at, choice(isIt(), value, held.get(at) ?? null));
      if (held.size > most.elements) throw new Refused();
      return;
    }
    const [first, ...others] = among.map(({ at, isIt }) => ({ isIt, value: this.standing(held.get(at) ?? null, instr.results[0]!.type) }));
    this.bind(instr.results[0]!, others.reduce((value, other) => this.e.op(`${value.type as "i32"}.select`, other.isIt(), other.value, value), first!.value));
  }
  private numbersOf(index: Value): number[] {
    const chosen = this.constantsOf(index), { lo, hi } = this.ranges.of(index);
    if (chosen !== null) return [...new Set(placesOf(chosen))];
    if (!(hi - lo < mostOpen)) throw new Refused();
    return Array.from({ length: hi - lo + 1 }, (_, i) => lo + i);
  }

  /** The offset in the frame. */
  private placeOf(instr: Memory): Chosen<number> {
    const [base, index] = instr.args as [Value, Value], start = base.def?.op === "frame.addr" ? base.def.offset : 0;
    const at = (i: Chosen<number>): Chosen<number> => (isChoice(i) ? { ...i, then: at(i.then), otherwise: at(i.otherwise) } : start + i * 2 ** instr.scale + instr.offset);
    return at(this.constantsAmong(index));
  }
  /** Which constants an old value may be. */
  private constantsAmong(v: Value): Chosen<number> {
    const constant = constantOf(v), known = this.among.get(v), { def } = v;
    if (constant !== undefined) return Number(constant);
    if (known !== undefined) return known;
    if (def?.op === "i32.select") return choice(this.truth(def.args[0]!), this.constantsAmong(def.args[1]!), this.constantsAmong(def.args[2]!));
    if (def?.op === "i32.eqz") return choice(this.truth(def.args[0]!), 0, 1);
    const computed = def && computedBy.get(def.op), by = Number((computed && constantOf(def.args[1]!)) ?? NaN);
    if (computed && !Number.isNaN(by)) {
      const each = (i: Chosen<number>): Chosen<number> => (isChoice(i) ? { ...i, then: each(i.then), otherwise: each(i.otherwise) } : computed(i, by));
      return each(this.constantsAmong(def.args[0]!));
    }
    const { lo, hi } = this.ranges.of(v);
    if (v.type === "i32" && lo === 0 && hi === 1) return choice(this.truth(v), 1, 0);
    throw new Refused();
  }

  /** What a load of the element would give after the store. */
  private asLoaded(instr: Memory): Value {
    const old = instr.args[2]!, value = this.value(old), { lo, hi } = this.ranges.of(old);
    const kind = widths[instr.op];
    if (!kind) return value;
    const loads = this.loads;
    if (loads.size > 1) throw new Refused();
    const signed = loads.has(`i32.load${kind}_s` as MemoryOp), half = 2 ** (kind - 1);
    if (signed ? lo >= -half && hi < half : lo >= 0 && hi < 2 * half) return value;
    return signed ? this.e.op("i32.shr_s", this.e.op("i32.shl", value, this.e.i32(32 - kind)), this.e.i32(32 - kind)) : this.e.op("i32.and", value, this.e.i32(2 * half - 1));
  }
  private foundLoads: ReadonlySet<MemoryOp> | undefined;
  private get loads(): ReadonlySet<MemoryOp> {
    return this.foundLoads ??= new Set([...instructions(this.old.body)].flatMap((i) => (isMemoryOp(i.op) && (i as Memory).space === this.space && !memoryOps[i.op].store ? [i.op] : [])));
  }

  /** The value that was chosen; a choice that leaves things as they are beside another one is one with it. */
  private standing(held: Chosen<Held>, type: Type, made = new Map<Choice<Held>, Value>()): Value {
    if (held === null) throw new Refused();
    if (!isChoice(held)) { if (held.type !== type) throw new Refused(); return held; }
    let value = made.get(held);
    if (value) return value;
    let { cond, then } = held;
    while (isChoice(then) && then.otherwise === held.otherwise) { cond = this.e.op("i32.and", cond, then.cond); then = then.then; }
    value = this.e.op(`${type as "i32"}.select`, cond, this.standing(then, type, made), this.standing(held.otherwise, type, made));
    made.set(held, value);
    return value;
  }

  /** 0 or 1 */
  private truth(old: Value): Value {
    const { lo, hi } = this.ranges.of(old), value = this.value(old);
    return lo >= 0 && hi <= 1 ? value : this.e.op("i32.ne", value, this.e.i32(0));
  }

  protected override if(instr: If): boolean {
    if (!this.held || !this.touches(instr, false)) return super.if(instr);
    if (this.isPlain(instr)) { this.both(instr); return true; }
    if (!this.touches(instr, true)) return super.if(instr);
    if (this.held.size > 0 || instr.regions.every((arm) => arm.body.some((inner) => this.touches(inner, false)))) throw new Refused();
    const comes = super.if(instr);
    this.held = new Map(); // what one arm has stored may not be there behind it
    return comes;
  }
  /** Whether it stores into the array, or loads from it as well. */
  private touches(instr: Instr, stores: boolean): boolean {
    return (isMemoryOp(instr.op) && (instr as Memory).space === this.space && (!stores || memoryOps[instr.op].store))
      || regionsOf(instr).some((region) => region.body.some((inner) => this.touches(inner, stores)));
  }
  /** Nothing but the array's elements and pure work, which may be done in vain. */
  private isPlain(instr: If): boolean {
    return instr.results.every((r) => r.type !== "v128" && r.type !== "js") && instr.regions.every((arm) => arm.body.every((inner) => inner.op === "yield" || inner.op === "frame.addr" || (inner.op === "if" && this.isPlain(inner))
      || (isMachineOp(inner.op) && ops[inner.op].effect === "none" && !costly.test(inner.op)) || (isMemoryOp(inner.op) && (inner as Memory).space === this.space)));
  }
  private both(instr: If): void {
    const cond = this.truth(instr.args[0]!), before = this.held!;
    const ends = instr.regions.map((arm, which) => {
      this.held = new Map([...before].map(([at, h]) => [at, where(h, cond, which === 0)]));
      for (const inner of arm.body) if (inner.op === "if") this.both(inner); else if (inner.op !== "yield") this.instruction(inner);
      const given = arm.body.at(-1)!.args;
      return { held: this.held, values: this.values(given), places: given.map((v) => this.constantsOf(v)) };
    });
    const [then, otherwise] = ends as [(typeof ends)[0], (typeof ends)[0]];
    this.held = new Map(before);
    for (const at of new Set([...then.held.keys(), ...otherwise.held.keys()])) {
      const h = before.get(at) ?? null, a = then.held.get(at) ?? null, b = otherwise.held.get(at) ?? null;
      if (a !== where(h, cond, true) || b !== where(h, cond, false)) this.held.set(at, choice(cond, a, b));
    }
    instr.results.forEach((r, i) => {
      const [a, b] = [then.values[i]!, otherwise.values[i]!], [p, q] = [then.places[i]!, otherwise.places[i]!];
      if (p !== null && q !== null) this.among.set(r, choice(cond, p, q));
      this.bind(r, a === b ? a : this.e.op(`${r.type as "i32"}.select`, cond, a, b));
    });
  }
  private constantsOf(v: Value): Chosen<number> | null {
    try { return v.type === "i32" ? this.constantsAmong(v) : null; } catch (e) { if (e instanceof Refused) return null; throw e; }
  }
}

/** What is computed of a place and a constant. */
const computedBy: ReadonlyMap<string, (place: number, by: number) => number> = new Map([["i32.add", (a, b) => a + b | 0], ["i32.mul", Math.imul], ["i32.shl", (a, b) => a << b]]);
/** bits of what is stored in part */
const widths: Partial<Record<MemoryOp, 8 | 16>> = { "i32.store8": 8, "i32.store16": 16 };
