// Arrays of the kernel's own that get an element in each iteration of a counted loop get room for all of them in front of it.
//
//   before  loop (%j = first, %base = %a, %length = %n) { if %j < %end { …%room = if %length < capacity {yield %base} else {…a larger block}; …; br (%j + 1) %room (%length + 1) } … }
//   after   %most = %n + (%end − first); %room = if %most <= capacity {yield %a} else {…a block for %most}; loop (%j = first) { …no block is asked for, %base is %room… }
//
// 1. A length that goes with the counter is the counter, one that never changes is what it was (assumed.ts): then `row[j] = x` is an element behind the end in each
// iteration. 2. Room for as many elements as the loop may add; how long the array is behind the loop is said by the loop's bounds. 3. With that, once more
// the first: an array that is filled by then does not grow.
//
// Only loops that end by their test: others may stop long before. Room is twice what there was at least, so that an inner loop of many copies no more often than before. A bail where
// there is not so much memory comes earlier; the loop would have come to it.
//
// Requires: machine form, narrowed; before checks.ts, hoist.ts and split.ts. Guarantees: machine form, same bits.

import { freeMemorySegment, heads } from "../ir/layout.ts";
import type { Br, Func, If, Instr, Loop, Memory, Program, Region, Value } from "../ir/types.ts";
import { regionsOf } from "../ir/build.ts";
import { MemoryNode, none, TrapNode } from "../ir/nodes.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import { knowLengths, withFunction } from "./assumed.ts";
import { growthOf, steps, within, type Growth } from "./growth.ts";
import { freeSpaceOf } from "./made.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter, yields } from "./rewrite.ts";
import { simplify } from "./simplify.ts";

/** elements that are reserved at once: as many as fit into the memory */
const longest = 2 ** 26;
/** … that an iteration adds; by which an array is longer than the value that goes with it */
const mostAdded = 8, mostBefore = 64;
/** bytes before the first element (partial/headers.ts) */
const header = 16;

export function makeRoom(func: Func, program: Program, note: Note = () => {}): Func {
  if (!program.spaces.some(({ name }) => name === heads.capacities) || !contentsOf(func).loops.some((loop) => growthsIn(loop.regions[0], program).length > 0)) return func;
  const known = knowLengths(func, program);
  const maker = new RoomMaker(known, withFunction(program, func, known), note);
  if (maker.rooms === 0) return known;
  const made = simplify(maker.run(), program);
  return knowLengths(made, withFunction(program, func, made));
}

/** A loop that ends by its test alone: the counter, and what it is when the loop ends. */
interface Counting { readonly loop: Loop; readonly br: Br; readonly at: number; readonly counter: Value; readonly end: Value; readonly inclusive: boolean }
/** An array that grows in it. */
interface Room {
  readonly base: number;
  /** the carried value that its length goes with, what an iteration adds to that, and how many elements more there are */
  readonly length: number;
  readonly most: number;
  readonly more: number;
  readonly like: Growth;
}

class RoomMaker extends Rewriter {
  private readonly plans = new Map<Loop, { readonly counting: Counting; readonly rooms: readonly Room[] }>();
  private readonly fits = new Set<Instr>();
  private readonly lasting = new Map<Loop, { readonly counter: Value; readonly lengths: ReadonlyMap<number, Value> }>();
  private readonly begun = new Map<Loop, Value[]>();
  private readonly ranges: Ranges;
  private readonly note: Note;
  get rooms(): number { return this.fits.size; }

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    this.ranges = rangesOf(func, program);
    for (const loop of contentsOf(func).loops) this.plan(loop);
  }

  private plan(loop: Loop): void {
    const counting = this.countingOf(loop), growths = counting ? growthsIn(loop.regions[0], this.program) : [];
    if (!counting || growths.length === 0) return;
    const { params } = loop.regions[0], grown = new Map<Instr, Growth>(growths.map((g) => [g.at, g])), rooms: Room[] = [];
    for (const [base, p] of params.entries()) {
      const own = growths.filter((g) => within(g.base, p, grown));
      if (own.length === 0 || !within(counting.br.args[base]!, p, grown)) continue;
      const length = params.findIndex((q, k) => q.type === "i32" && steps(counting.br.args[k]!, q) !== null && own.every((g) => steps(g.length, q) !== null));
      if (length < 0) continue;
      const by = steps(counting.br.args[length]!, params[length]!)!;
      // in each iteration the array is no longer than it would be if all had added as much
      const more = Math.max(0, ...own.map((g) => steps(g.length, params[length]!)!.hi + 1 - by.hi));
      if (by.hi <= 0 || by.hi > mostAdded || by.lo !== by.hi || more > mostBefore) continue;
      rooms.push({ base, length, most: by.hi, more, like: own[0]! });
      for (const g of own) this.fits.add(g.at);
    }
    if (rooms.length > 0) this.plans.set(loop, { counting, rooms });
  }

  /** Behind it nothing goes out of the loop but what the test decides, and what leaves the program for the original. */
  private countingOf(loop: Loop): Counting | null {
    const { body, params } = loop.regions[0], test = body.at(-2), last = body.at(-1)!;
    if (test?.op !== "if" || test.results.length > 0 || last.op !== "yield" || test.regions[1].body[0]!.op !== "yield") return null;
    const br = test.regions[0].body.at(-1)!, cond = test.args[0]!.def;
    if (br.op !== "br" || br.label !== loop.label || (cond?.op !== "i32.lt_s" && cond?.op !== "i32.le_s")) return null;
    const [counter, end] = cond.args as [Value, Value], at = params.indexOf(counter);
    if (at < 0 || this.inside(loop, end) || !staysWithin(loop, br)) return null;
    const by = steps(br.args[at]!, counter), inclusive = cond.op === "i32.le_s", first = this.ranges.of(loop.args[at]!);
    return by?.lo === 1 && by.hi === 1 && first.lo >= 0 && (!inclusive || this.ranges.of(end).hi < 2 ** 31 - 1) ? { loop, br, at, counter, end, inclusive } : null;
  }
  private inside(loop: Loop, v: Value): boolean {
    const defines = (region: Region): boolean => region.params.includes(v) || region.body.some((instr) => instr.results.includes(v) || regionsOf(instr).some(defines));
    return defines(loop.regions[0]);
  }

  protected override condition(instr: If): Value { return this.fits.has(instr) ? this.e.i32(1) : super.condition(instr); }

  protected override inits(instr: Loop): Value[] { return this.begun.get(instr) ?? super.inits(instr); }

  protected override loop(instr: Loop): boolean {
    const plan = this.plans.get(instr);
    if (!plan) return super.loop(instr);
    const { e } = this, { counting: { at, end, inclusive }, rooms } = plan;
    const inits = [...super.inits(instr)], first = inits[at]!, { lo } = this.ranges.of(end), { hi } = this.ranges.of(instr.args[at]!);
    const stop = inclusive ? e.op("i32.add", this.value(end), e.i32(1)) : this.value(end);
    const last = lo + (inclusive ? 1 : 0) >= hi ? stop : e.op("i32.select", e.op("i32.gt_s", stop, first), stop, first);
    const trips = e.op("i32.sub", last, first), lengths = new Map<number, Value>();
    for (const { base, length, most, more, like } of rooms) {
      const ends = e.op("i32.add", inits[length]!, e.op("i32.mul", trips, e.i32(most)));
      inits[base] = this.room(like, inits[base]!, trips, e.op("i32.add", ends, e.i32(more)));
      lengths.set(length, ends);
      this.note(like.at.place, "room for an element more", "room for all that the loop adds", "the loop's bounds tell how many these are");
    }
    this.begun.set(instr, inits);
    const ends = super.loop(instr);
    if (ends) this.resultsOf(instr, at, last, lengths);
    return ends;
  }

  /** What the counter and the lengths are behind the loop. */
  private resultsOf({ regions: [{ body, params }], results }: Loop, at: number, last: Value, lengths: ReadonlyMap<number, Value>): void {
    body.at(-1)!.args.forEach((v, k) => {
      const p = params.indexOf(v), known = p === at ? last : lengths.get(p);
      if (p >= 0 && known) this.bind(results[k]!, known);
    });
  }

  /** Where the elements lie, with room for so many. */
  private room({ capacities, space, full }: Growth, base: Value, trips: Value, needed: Value): Value {
    const { e } = this, zero = e.i32(0), place = e.place;
    const leave = (when: Value): void => { e.append({ op: "if", args: [when], results: [], regions: [e.inRegion([], () => { e.append(new TrapNode(full, place)); }), yields([])], place }); };
    leave(e.op("i32.gt_u", trips, e.i32(longest)));
    const at = (of: number, offset: number): Memory => new MemoryNode("i32.load", none, none, place, { offset, scale: 0, space: of });
    const capacity = e.load(at(capacities, -header), [base, zero]);
    const values = this.choose(e.op("i32.le_s", needed, capacity), { place }, () => [base], () => {
      leave(e.op("i32.gt_u", needed, e.i32(longest)));
      const twice = e.op("i32.shl", capacity, e.i32(1)), room = e.op("i32.select", e.op("i32.gt_s", twice, needed), twice, needed);
      const bytes = e.op("i32.and", e.op("i32.add", e.op("i32.shl", room, e.i32(3)), e.i32(31 + header)), e.i32(-16));
      const segment = freeMemorySegment(this.program), words = e.address({ op: "data.addr", segment, args: [], results: [] }), free = freeSpaceOf(this.program);
      const block = e.load(at(free, 0), [words, zero]), behind = e.op("i32.add", block, bytes);
      leave(e.op("i32.gt_u", behind, e.load(at(free, 4), [words, zero])));
      const store = (of: number, where: Value, value: Value): void => { e.store(new MemoryNode("i32.store", none, none, place, { offset: 0, scale: 0, space: of }), [where, zero, value]); };
      store(free, words, behind);
      store(capacities, block, room);
      const larger = e.op("i32.add", block, e.i32(header));
      // as much as there was room for: what an iteration takes off before it adds is there too
      e.append({ op: "memory.copy", space, from: space, args: [larger, base, e.op("i32.shl", capacity, e.i32(3))], results: [], place });
      e.written(space);
      return [larger];
    });
    return values![0]!;
  }
}

/** No way out of the loop but by its test; out of the program to where the original runs. */
function staysWithin(loop: Loop, end: Br): boolean {
  const labels = new Set<unknown>();
  const fits = (region: Region): boolean => region.body.every((instr) => {
    if (instr.op === "loop" || instr.op === "block") labels.add(instr.label);
    return (instr.op !== "br" || instr === end || labels.has(instr.label)) && instr.op !== "return" && regionsOf(instr).every(fits);
  });
  return fits(loop.regions[0]);
}

/** Places where arrays get room in an iteration, other than in loops of it. */
function growthsIn(region: Region, program: Program): Growth[] {
  return region.body.flatMap((instr) => {
    if (instr.op === "loop") return [];
    const growth = growthOf(instr, program);
    return growth ? [growth] : regionsOf(instr).flatMap((inner) => growthsIn(inner, program));
  });
}
