// Divisions and square roots that wait for nothing of each other are done two at a time: the unit that does them is what such code waits for. So are
// functions of Math, of which two cost little more than one.
//
//   before  %r = f64.sqrt %a  …  %s = f64.div 1.0, %r     …     %t = f64.sqrt %b  …  %u = f64.div 1.0, %t
//   after   %v = f64x2.sqrt (%a, %b);  %w = f64x2.div (1.0, 1.0), %v;  %s = lane 0 of %w  …  %u = lane 1 of %w
//
// In a stretch of straight code without stores, the depth of such an operation is how many of its kind stand on the longest way to it. Two
// of the same depth can't wait for each other, and neither can what is paired at one depth: neighbours there become twins. What lies between
// twins and is the same for both is done in lanes too, and is dead as scalars if nobody else wants it. So is what leads to them, where fewer
// instructions do it: the squares of distances whose differences are in lanes already.
//
// What the next iteration waits for is left alone where there is little of it: the unit is idle meanwhile (a filter of Kalman's).
//
// Requires: machine form. Guarantees: machine form, same bits: a lane rounds as a scalar does. Loads keep their place among stores.
// (Larsen and Amarasinghe, "Exploiting Superword Level Parallelism", 2000, of which this packs one kind of seed.)

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, laneMathNames, memoryOps, ops, type LaneMath, type MachineOp } from "../ir/ops.ts";
import type { Func, Instr, Loop, Machine, Program, Region, Value } from "../ir/types.ts";
import { contentsOf, holdsAny } from "./analyses.ts";
import { usesOf, visit } from "./flow.ts";
import { extractLane, joinLanes, laneOf } from "./lanes.ts";
import type { Note } from "./notes.ts";
import { Rewriter } from "./rewrite.ts";

export function pairDivisions(func: Func, program: Program, note: Note = () => {}): Func {
  if (!holdsAny(func, twice)) return func;
  let count = 0;
  visit(func.body, (instr) => { if (twice.has(instr.op)) count++; });
  return count < 2 ? func : new Pairer(func, program, note).run();
}

/** what units are busy with */
export const dividing: ReadonlySet<string> = new Set(["f64.div", "f64.sqrt"]);
/** functions of Math that engines do one by one in less than half of what the library takes for two, or nearly */
const single: ReadonlySet<string> = new Set(["sin", "cos", "asin", "acos", "atan", "atan2"] satisfies LaneMath[]);
/** what is worth doing two at a time: divisions, and functions of Math, which the library does two at once */
const twice: ReadonlySet<string> = new Set([...dividing, ...laneMathNames.filter((name) => !single.has(name)).map((name) => `math.${name}`)]);
const laneOpOf = (op: string): MachineOp => `f64x2.${op.slice(op.indexOf(".") + 1)}` as MachineOp;
/** what may be done in lanes between twins */
const plain: ReadonlySet<string> = new Set(["f64.add", "f64.sub", "f64.mul", "f64.neg", "f64.abs"]);
/** instructions of a stretch that is looked at, and of a chain that leads to twins */
const longest = 3000, deepest = 16;
/** divisions of a loop whose unit is idle most of the time, where an iteration waits for the one before it */
const fewDivisions = 4;
/** instructions that put two scalars into a vector */
const gathering = 2;

class Pairer extends Rewriter {
  private readonly note: Note;
  /** a region's instructions in an order in which twins stand together */
  private readonly ordered = new Map<Region, Region>();
  private readonly twins = new Map<Instr, Machine>();
  /** pairs of old values that are in lanes already, in the stretch that is being written */
  private packed = new Map<Value, { readonly other: Value; readonly lanes: Value }>();
  private readonly uses: Uint32Array;
  /** what leads to twins only, or is one */
  private readonly leading = new Set<Instr>();
  /** what two values cost as a vector, in the region that is being written */
  private costs = new Map<string, number>();

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.uses = usesOf(func);
    this.note = note;
    for (const loop of contentsOf(func).loops) for (const instr of this.waitedFor(loop)) this.waited.add(instr);
  }

  /** divisions that the next iteration waits for: a vector takes longer to be put together than the unit is busy with another one */
  private readonly waited = new Set<Instr>();
  private waitedFor(loop: Loop): readonly Instr[] {
    const region = loop.regions[0], carried = new Set(region.params.filter((p) => p.type === "f64")), divisions: Instr[] = [];
    visit(region, (instr) => {
      if (instr.args.some((a) => carried.has(a))) for (const r of instr.results) carried.add(r);
      if (dividing.has(instr.op)) divisions.push(instr);
    });
    if (carried.size === 0 || divisions.length > fewDivisions) return [];
    const wanted = new Set<Value>(), want = (v: Value): void => {
      if (wanted.has(v) || !carried.has(v)) return;
      wanted.add(v);
      v.def?.args.forEach(want);
    };
    for (const br of this.brs.get(loop.label) ?? []) br.args.forEach(want);
    return divisions.filter(({ results: [r] }) => wanted.has(r!));
  }

  protected override walk(old: Region, way: Parameters<Rewriter["walk"]>[1], from = 0): Value[] | null {
    if (from > 0) return super.walk(old, way, from);
    this.packed = new Map();
    this.costs = new Map();
    let region = this.ordered.get(old);
    if (!region) {
      region = { params: old.params, body: this.order(old.body) };
      this.ordered.set(old, region);
    }
    return super.walk(region, way);
  }

  protected override instruction(instr: Instr): void {
    const second = this.twins.get(instr);
    if (!second) { super.instruction(instr); return; }
    const first = instr as Machine, { e } = this;
    this.note(instr.place, `two ${instr.op}`, "one in lanes", "neither waits for the other");
    const lanes = e.op(laneOpOf(first.op), ...first.args.map((a, i) => this.inLanes(a, second.args[i]!)));
    const [a, b] = [first.results[0]!, second.results[0]!];
    this.packed.set(a, { other: b, lanes });
    this.bind(a, extractLane(e, lanes, 0, "f64"));
    this.bind(b, extractLane(e, lanes, 1, "f64"));
    this.done.add(second);
  }

  /** Two old values as one vector. */
  private inLanes(a: Value, b: Value): Value {
    const { e } = this;
    const known = this.packed.get(a);
    if (known?.other === b) return known.lanes;
    const [x, y] = [constantOf(a), constantOf(b)];
    if (typeof x === "number" && typeof y === "number") return e.const("v128", new Uint8Array(Float64Array.of(x, y).buffer));
    const lanes = this.alike(a, b)
      ? e.op(laneOpOf(a.def!.op), ...a.def!.args.map((arg, i) => this.inLanes(arg, b.def!.args[i]!)))
      : joinLanes(e, [this.value(a), this.value(b)]);
    if (a !== b) this.packed.set(a, { other: b, lanes });
    return lanes;
  }
  /** Made in the same way, of something that is in lanes already or costs less there. */
  private alike(a: Value, b: Value): boolean {
    const [p, q] = [a.def, b.def];
    return p !== null && q !== null && p !== q && p.op === q.op && plain.has(p.op)
      && (p.args.some((arg, i) => this.packed.get(arg)?.other === q.args[i]) || this.inLanesCosts(a, b) < gathering);
  }

  /** Instructions that two old values cost as one vector, less those that only lead to them. */
  private costOf(a: Value, b: Value, depth: number): number {
    if (this.packed.get(a)?.other === b || (constantOf(a) !== undefined && constantOf(b) !== undefined)) return 0;
    if (a === b) return 1;
    const key = `${a.id},${b.id}`, known = this.costs.get(key);
    if (known !== undefined) return known;
    const cost = laneOf(a) && laneOf(b) ? 1 : Math.min(gathering, this.inLanesCosts(a, b, depth));
    this.costs.set(key, cost);
    return cost;
  }
  private inLanesCosts(a: Value, b: Value, depth = 0): number {
    const [p, q] = [a.def, b.def];
    if (!p || !q || p === q || p.op !== q.op || !plain.has(p.op) || depth > deepest || !this.leading.has(p) || !this.leading.has(q)) return Infinity;
    const [x, y] = p.args, [v, w] = q.args; // one instruction comes, two go
    return -1 + this.costOf(x!, v!, depth + 1) + (y && !(x === y && v === w) ? this.costOf(y, w!, depth + 1) : 0);
  }

  // ───────────────────────────────── the order ─────────────────────────────────

  private order(body: readonly Instr[]): Instr[] {
    const out: Instr[] = [];
    let stretch: Instr[] = [];
    const flush = (): void => { for (const instr of this.orderStretch(stretch)) out.push(instr); stretch = []; };
    for (const instr of body) {
      if (isQuiet(instr)) { stretch.push(instr); continue; }
      flush();
      out.push(instr);
    }
    flush();
    return out;
  }

  private orderStretch(stretch: readonly Instr[]): readonly Instr[] {
    if (stretch.length > longest || stretch.filter((instr) => twice.has(instr.op)).length < 2) return stretch;
    // 1. depths, and twins: neighbours of one kind and depth
    const depth = new Map<Value, number>();
    const waiting = new Map<string, Machine>();
    const partner = new Map<Instr, Machine>();
    for (const instr of stretch) {
      const d = Math.max(0, ...instr.args.map((a) => depth.get(a) ?? 0)) + (twice.has(instr.op) ? 1 : 0);
      for (const r of instr.results) depth.set(r, d);
      if (!twice.has(instr.op) || this.waited.has(instr)) continue;
      const key = `${instr.op} ${d}`, first = waiting.get(key);
      if (!first) { waiting.set(key, instr as Machine); continue; }
      waiting.delete(key);
      partner.set(first, instr as Machine).set(instr, first);
      this.twins.set(first, instr as Machine);
    }
    // 2. what leads to them only
    const seen = new Map<Value, number>();
    for (const instr of stretch.toReversed()) {
      const leads = partner.has(instr) || (plain.has(instr.op) && instr.results.every((r) => seen.get(r) === this.uses[r.id]));
      if (!leads) continue;
      this.leading.add(instr);
      for (const a of instr.args) seen.set(a, (seen.get(a) ?? 0) + 1);
    }
    // 3. everything in its order, operands first, twins together
    const inside = new Set<Instr>(stretch), placed = new Set<Instr>();
    const out: Instr[] = [];
    const operands = (instr: Instr): void => { for (const a of instr.args) if (a.def !== null && inside.has(a.def)) place(a.def); };
    const place = (instr: Instr): void => {
      if (placed.has(instr)) return;
      const other = partner.get(instr);
      operands(instr);
      if (other) operands(other);
      const [first, second] = other && this.twins.get(other) === instr ? [other, instr] : [instr, other];
      for (const one of second ? [first, second] : [first]) { placed.add(one); out.push(one); }
    };
    for (const instr of stretch) place(instr);
    return out;
  }
}

/** Pure work, and loads. */
const isQuiet = (instr: Instr): boolean => instr.op === "lane" || (isMachineOp(instr.op) && ops[instr.op].effect === "none") || (isMemoryOp(instr.op) && !memoryOps[instr.op].store);
