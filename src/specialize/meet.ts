// Stores at the ends of both arms of an `if`, to one place, become one behind it.
//
//   before  if %c { f64.store [%y + %i << 3], %a } else { f64.store [%y + %i << 3], f64.neg %a }
//   after   %v = if %c { yield %a } else { yield f64.neg %a }; f64.store [%y + %i << 3], %v
//
// Where an iteration has written the place before the `if`, and one arm alone writes it again, the other writes what stands there:
//
//   before  f64.store %p, %a;  if %c { f64.store %p, f64.neg %a } else {}
//   after   f64.store %p, %a;  %v = if %c { yield f64.neg %a } else { yield %a };  f64.store %p, %v         (stores.ts takes the first one away)
//
// Then the arms only compute: little work becomes a choice without a branch, and iterations that write one place each can be done in lanes.
// From the inside out, so that a chain of `else if`s ends with one store. The address is the same where it is the same value, or made
// alike in both arms. A store moves to the end of its arm only past what can't touch the same memory: other arrays, neighbours of its place.
//
// Requires: machine form; checks that can be proved are gone (a store behind a check of its own is not at the end). Guarantees: machine form, the
// same bits in memory at the end of the `if`, in no more instructions.

import { regionsOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops } from "../ir/ops.ts";
import type { Func, If, Instr, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { holdsAny } from "./analyses.ts";
import type { Note } from "./notes.ts";
import { mayTouch, Rewriter, writesOf } from "./rewrite.ts";
import { placeOf } from "./stores.ts";

export function joinStores(func: Func, program: Program, note: Note = () => {}): Func {
  return holdsAny(func, stores) && mayJoin(func.body, new Set()) ? new Joiner(func, program, note).run() : func;
}
/** Whether there is an `if` with stores in both arms, or with one in either to a place that is written before; `written` becomes these. */
function mayJoin(region: Region, written: Set<string>): boolean {
  return region.body.some((instr) => {
    if (isStore(instr)) { written.add(nameOf(instr)); return false; }
    return instr.op === "if" && (instr.regions.every(hasStore) || written.size > 0 && instr.regions.some((arm) => writesAgain(arm, written))) || regionsOf(instr).some((inner) => mayJoin(inner, written));
  });
}
const writesAgain = (region: Region, written: ReadonlySet<string>): boolean =>
  region.body.some((instr) => isStore(instr) && written.has(nameOf(instr)) || regionsOf(instr).some((inner) => writesAgain(inner, written)));
const stores = (Object.keys(memoryOps) as (keyof typeof memoryOps)[]).filter((op) => memoryOps[op].store);
const isStore = (instr: Instr): instr is Memory => isMemoryOp(instr.op) && memoryOps[instr.op].store;
const hasStore = (region: Region): boolean => region.body.some((instr) => isStore(instr) || instr.op === "if" && instr.regions.every(hasStore));

/** stores that one `if` has in both arms, and loads and stores that one moves past */
const most = 16, mostPassed = 64;

class Joiner extends Rewriter {
  private readonly note: Note;

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
  }

  /** of each `if` that is being written: the memory before it, and how many places had been written */
  private readonly befores: { readonly memory: readonly number[]; readonly stored: number }[] = [];
  protected override choose(cond: Value, like: Pick<If, "place">, then: () => Value[] | null, otherwise: () => Value[] | null): Value[] | null {
    this.befores.push({ memory: this.e.memory(), stored: this.stored.size });
    const values = super.choose(cond, like, then, otherwise);
    this.befores.pop();
    return values;
  }
  /** places that are written, by name: as how many-th */
  private readonly stored = new Map<string, number>();
  protected override memory(instr: Memory): void {
    super.memory(instr);
    if (!isStore(instr)) return;
    const name = nameOf(this.e.region.body.at(-1) as Memory);
    if (!this.stored.has(name)) this.stored.set(name, this.stored.size);
  }

  /** What the other arm ends with as well, where it leaves alone what was written before the `if`. */
  private complete(region: Region, other: Region): void {
    const { e } = this;
    const before = this.befores.at(-1)!, now = e.memory();
    e.setMemory(before.memory);
    const others = this.lastStores(other, new Set());
    const missing = this.lastStores(region, new Set()).reverse().filter((store) => (this.stored.get(nameOf(store)) ?? Infinity) < before.stored
      && !others.some((o) => isSame(store, o)) && !mayTouch(this.program, writesOf(other), store.space));
    for (const store of missing) {
      const standing = e.standing(store);
      if (!standing || missing.some((m) => m !== store && isSame(m, store))) continue;
      other.body.push({ ...store, args: [store.args[0]!, store.args[1]!, standing], results: [] });
    }
    e.setMemory(now);
  }

  protected override join(cond: Value, like: Pick<If, "place">, thenRegion: Region, elseRegion: Region, a: Value[], b: Value[]): Value[] {
    if (!thenRegion.body.some(isStore) && !elseRegion.body.some(isStore)) return super.join(cond, like, thenRegion, elseRegion, a, b);
    this.complete(thenRegion, elseRegion);
    this.complete(elseRegion, thenRegion);
    const pairs = this.pairs(thenRegion, elseRegion);
    if (pairs.length === 0) return super.join(cond, like, thenRegion, elseRegion, a, b);
    this.note(like.place, `${pairs.length} store${pairs.length > 1 ? "s" : ""} in both arms`, "behind them", "they are to the same place");
    const { e } = this;
    for (const { then, otherwise } of pairs) {
      thenRegion.body.splice(thenRegion.body.indexOf(then), 1);
      elseRegion.body.splice(elseRegion.body.indexOf(otherwise), 1);
    }
    const inner = new Set([thenRegion, elseRegion].flatMap((region) => region.body.flatMap((instr) => instr.results)));
    const values = super.join(cond, like, thenRegion, elseRegion, [...a, ...pairs.map((p) => p.then.args[2]!)], [...b, ...pairs.map((p) => p.otherwise.args[2]!)]);
    const outside = (v: Value): Value => (inner.has(v) ? e.operation((v.def as Machine).op, v.def!.args.map(outside)) : v);
    pairs.forEach(({ then }, i) => {
      e.place = then.place;
      e.store({ ...then, args: [], results: [] }, [outside(then.args[0]!), outside(then.args[1]!), values[a.length + i]!]);
    });
    return values.slice(0, a.length);
  }

  /** The stores that both arms end with, in the order in which they are to be done. */
  private pairs(thenRegion: Region, elseRegion: Region): { then: Memory; otherwise: Memory }[] {
    const found: { then: Memory; otherwise: Memory }[] = [];
    const moved = new Set<Instr>();
    while (found.length < most) {
      const others = this.lastStores(elseRegion, moved);
      const pair = this.lastStores(thenRegion, moved).flatMap((then) => others.flatMap((otherwise) => (isSame(then, otherwise) ? [{ then, otherwise }] : [])))[0];
      if (!pair) break;
      found.unshift(pair);
      moved.add(pair.then);
      moved.add(pair.otherwise);
    }
    return found;
  }

  /** The region's stores that may be its last ones, those that have moved left out; the last one first. */
  private lastStores(region: Region, moved: ReadonlySet<Instr>): Memory[] {
    const found: Memory[] = [], passed: Memory[] = [], reads = new Set<number>();
    let writes: ReadonlySet<number | "all"> = new Set();
    const passes = (store: Memory): boolean => passed.every((other) => !mayTouch(this.program, new Set([other.space]), store.space) || isApart(other, store));
    for (let i = region.body.length - 1; i >= 0 && passed.length < mostPassed; i--) {
      const instr = region.body[i]!;
      if (moved.has(instr)) continue;
      if (isStore(instr) && !mayTouch(this.program, writes, instr.space) && !mayTouch(this.program, reads, instr.space) && passes(instr)) found.push(instr);
      if (isMemoryOp(instr.op) && instr.args.length > 1) { passed.push(instr as Memory); continue; }
      const more = readsOf(instr);
      if (more === null) break;
      for (const space of more) reads.add(space);
      writes = new Set([...writes, ...writesOf({ params: [], body: [instr] })]);
    }
    return found;
  }
}

/** The spaces that an instruction loads from; null of one that calls out or may go elsewhere. */
function readsOf(instr: Instr): readonly number[] | null {
  if (isMemoryOp(instr.op)) return memoryOps[instr.op].store ? [] : [(instr as Memory).space];
  if (isMachineOp(instr.op)) return ops[instr.op].effect === "none" ? [] : null;
  if (instr.op === "data.addr" || instr.op === "frame.addr" || instr.op === "lane" || instr.op === "yield") return [];
  if (instr.op !== "if") return null;
  const inner = instr.regions.flatMap((region) => region.body.map(readsOf));
  return inner.every((spaces) => spaces !== null) ? inner.flat() : null;
}

const nameOf = ({ op, space, scale, offset, args }: Memory): string => `${op} ${space} ${scale} ${offset} ${args[0]!.id} ${args[1]!.id}`;

/** Whether two accesses of one arm are to different elements, which constants tell. */
function isApart(a: Memory, b: Memory): boolean {
  const [x, y] = [placeOf(a), placeOf(b)];
  return x.key === y.key && (x.high <= y.low || y.high <= x.low);
}

/** Whether two stores of different arms write the same place, in the same way. */
const isSame = (a: Memory, b: Memory): boolean =>
  a.op === b.op && a.space === b.space && a.scale === b.scale && a.offset === b.offset && isAlike(a.args[0]!, b.args[0]!, 4) && isAlike(a.args[1]!, b.args[1]!, 4);

/** Whether both are one value, or made alike of such by pure work. */
function isAlike(a: Value, b: Value, depth: number): boolean {
  if (a === b) return true;
  const [x, y] = [a.def, b.def];
  if (depth === 0 || x === null || y === null || x.op !== y.op || !isMachineOp(x.op) || ops[x.op].effect !== "none") return false;
  return x.args.every((arg, i) => isAlike(arg, y.args[i]!, depth - 1));
}
