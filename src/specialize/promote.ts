// Places of an array that a loop uses as variables become carried values: loaded before it, stored after it.
//
//   before  loop l (%i = 0) { if %i < %n { %a = f64.load [%s + 0]; %b = f64.add (f64.mul %a 0.5) %x; f64.store [%s + 0], %b; br l (%i + 1) } yield }
//   after   if 0 < %n { %f = f64.load [%s + 0];
//                       %g = loop l (%i = 0, %a = %f) { if %i < %n { %b = f64.add (f64.mul %a 0.5) %x; br l (%i + 1) %b } yield %a };
//                       f64.store [%s + 0], %g; yield }
//
// The states of filters above all: a value then needs no trip through memory from one iteration to the next, and passes that look at recurrences see one.
// A place is carried if its address is the same in every iteration, every iteration reads and writes it, in full width, and nothing else in the loop may touch it.
//
// Requires: machine form; counted loops (counted.ts), which nobody leaves early. Guarantees: machine form, same bits in memory when the loop
// has ended; a loop of no iterations touches nothing. (Scalar replacement: Carr, Kennedy, "Scalar Replacement in the Presence of Conditional Control Flow", 1994,
// for the straight case.)

import { regionsOf } from "../ir/build.ts";
import { isMemoryOp, memoryOps, type MemoryOp } from "../ir/ops.ts";
import type { Func, Instr, Loop, Memory, Program, Region, Value } from "../ir/types.ts";
import { BrNode, YieldNode } from "../ir/nodes.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import { planCascade } from "./cascade.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { plain, Rewriter, yields } from "./rewrite.ts";
import { placeOf, type Place } from "./stores.ts";
import { countedLoop, type Counted } from "./counted.ts";

/** places that one loop carries: more are spilled anyway, but cascades (cascade.ts) put several into one register */
const most = { places: 8, cascaded: 64 };

export function promote(func: Func, program: Program, note: Note = () => {}): Func {
  if (!contentsOf(func).loops.some((loop) => planLoop(loop, program))) return func;
  const first = new Promoter(func, program, new Set());
  let made = first.run();
  let ranges: Ranges | undefined;
  const tooMany = first.made.filter(({ now, places }) => places > most.places && !planCascade(now, program, () => (ranges ??= rangesOf(made, program))));
  if (tooMany.length > 0) made = new Promoter(func, program, new Set(tooMany.map(({ loop }) => loop))).run();
  for (const { loop, places } of first.made) {
    if (!tooMany.some((t) => t.loop === loop)) note(loop.place, `${places} places in memory`, "carried values", "every iteration uses them, and nothing else touches them");
  }
  return first.made.length === tooMany.length ? func : made;
}

/** A place that is carried, told by one of its loads and one of its stores. */
interface Carried { readonly load: Memory; readonly store: Memory }
interface Plan { readonly counted: Counted; readonly carried: readonly Carried[]; readonly which: ReadonlyMap<Instr, number> }

const whole: ReadonlySet<MemoryOp> = new Set(["i32.load", "i32.store", "i64.load", "i64.store", "f32.load", "f32.store", "f64.load", "f64.store"]);

class Promoter extends Rewriter {
  /** the loops that carry, as they were and as they are */
  readonly made: { readonly loop: Loop; readonly now: Loop; readonly places: number }[] = [];
  private readonly except: ReadonlySet<Loop>;
  /** of the loops that are being written: which carried place an access is of, and what the place holds now */
  private readonly which = new Map<Instr, { readonly held: Value[]; readonly at: number }>();

  constructor(func: Func, program: Program, except: ReadonlySet<Loop>) {
    super(func, program);
    this.except = except;
  }

  protected override memory(instr: Memory): void {
    const place = this.which.get(instr);
    if (!place) super.memory(instr);
    else if (memoryOps[instr.op].store) place.held[place.at] = this.value(instr.args[2]!);
    else this.bind(instr.results[0]!, place.held[place.at]!);
  }

  protected override loop(instr: Loop): boolean {
    const plan = this.except.has(instr) ? null : planLoop(instr, this.program);
    if (!plan) return super.loop(instr);
    const { counted } = plan;
    const { e } = this, old = instr.regions[0];
    const inits = this.inits(instr);
    this.bindAll(old.params, inits);
    for (const before of counted.pre) this.instruction(before);
    const asIs = this.values(counted.exits);
    const values = this.choose(this.condition(counted.test), counted.test, () => this.writeLoop(plan, instr, inits), () => asIs);
    this.bindAll(instr.results, values!);
    this.forgetWrites(old);
    e.place = instr.place;
    return true;
  }

  private writeLoop({ counted, carried, which }: Plan, loop: Loop, inits: readonly Value[]): Value[] {
    const { e } = this, old = loop.regions[0];
    const firsts = carried.map(({ load }) => e.load({ ...load, results: [] }, this.values(load.args)));
    this.forgetWrites(old);
    const own = old.params.map((p) => this.fresh(p));
    const places = firsts.map((v) => e.value(v.type, v.name));
    const label = { name: loop.label.name };
    const body = e.inRegion([...own, ...places], () => {
      this.bindAll(old.params, own);
      for (const before of counted.pre) this.instruction(before);
      const test = this.condition(counted.test);
      const exits = this.values(counted.exits);
      const again = e.inRegion([], () => {
        const held = [...places];
        for (const [access, at] of which) this.which.set(access, { held, at });
        const straight: Region = { params: [], body: [...counted.body.body.slice(0, -1), new YieldNode(counted.br.args)] };
        const next = this.walk(straight, plain(old.params))!;
        e.append(new BrNode(label, [...next, ...held], counted.br.place));
      });
      e.append({ op: "if", args: [test], results: [], regions: [again, yields([])], place: counted.test.place });
      e.append({ op: "yield", args: [...exits, ...places], results: [] });
    });
    this.forgetWrites(old);
    const results = [...counted.exits, ...places].map((v) => e.value(v.type, v.name));
    const now: Loop = { op: "loop", label, args: [...inits, ...firsts], results, regions: [body], notes: loop.notes, place: loop.place };
    this.made.push({ loop, now: e.append(now), places: places.length });
    carried.forEach(({ load, store }, i) => {
      e.store({ ...load, op: store.op, results: [] }, [...this.values(load.args), results[counted.exits.length + i]!]);
    });
    return results.slice(0, counted.exits.length);
  }
}

function planLoop(loop: Loop, program: Program): Plan | null {
  const counted = countedLoop(loop);
  if (typeof counted === "string" || loop.notes?.role === "rest") return null;
  const overlap = (a: number, b: number): boolean => a === b || program.spaces[a]!.mayOverlap.includes(b) || program.spaces[b]!.mayOverlap.includes(a);

  // 1. all accesses; those of each place that every iteration reaches
  const all: { readonly instr: Memory; readonly place: Place; readonly fits: boolean }[] = [];
  const collect = (region: Region, always: boolean): void => {
    for (const instr of region.body) {
      if (isMemoryOp(instr.op)) {
        const memory = instr as Memory;
        all.push({ instr: memory, place: placeOf(memory), fits: always && whole.has(instr.op as MemoryOp) && !counted.inside(memory.args[0]!) && !counted.inside(memory.args[1]!) });
      } else for (const inner of regionsOf(instr)) collect(inner, always && region === loop.regions[0] && inner === counted.body);
    }
  };
  collect({ params: [], body: [...counted.pre] }, false);
  collect(counted.body, true);
  const written = new Set(all.filter(({ instr }) => memoryOps[instr.op].store).map(({ place }) => place.space));
  if (written.size === 0) return null;
  const places = new Map<string, typeof all>();
  for (const access of all) {
    if (!access.fits || ![...written].some((space) => overlap(space, access.place.space))) continue;
    const key = `${access.place.key};${access.place.low}`;
    const list = places.get(key);
    if (list) list.push(access); else places.set(key, [access]);
  }

  // 2. what nothing else may touch
  const carried: Carried[] = [];
  const which = new Map<Instr, number>();
  for (const list of places.values()) {
    const { place, instr } = list[0]!;
    const store = list.find((a) => memoryOps[a.instr.op].store)?.instr;
    const load = list.find((a) => !memoryOps[a.instr.op].store)?.instr;
    const kind = memoryOps[instr.op].type;
    if (!store || !load || list.some((a) => memoryOps[a.instr.op].type !== kind || a.place.high !== place.high)) continue;
    const mine = new Set(list);
    const disturbed = all.some((other) => !mine.has(other) && overlap(place.space, other.place.space)
      && !(other.place.key === place.key && (other.place.high <= place.low || other.place.low >= place.high)));
    if (disturbed) continue;
    for (const a of list) which.set(a.instr, carried.length);
    carried.push({ load, store });
  }
  return carried.length === 0 || carried.length > most.cascaded ? null : { counted, carried, which };
}
