// Places in rings and phases that begin anywhere: an argument, a field, a number out of an array. Whether they begin within their ring is asked once,
// before a loop in which they then stay there: delay lines, combs, echoes, oscillators with a table.
//
//   before  loop l (%p = %begin, %i) { … if %p is whole and <u %n {load [%line + %p]} …; br l (f64.rem (%p + 1.0) %n), %i + 1 }       %n = %line's length
//   after   if %begin is whole and in [0, %n − 1] {
//             loop l (%p: i32, %i) main { … load [%line + %p] …; br l (i32.select (%p + 1 < %n) (%p + 1) (%p + 1 − %n)), %i + 1 }
//           }
//           loop l … rest { …as before… }           from where the first one ended
//
// What is supposed holds in every iteration if it holds in the first one and follows for the next: places.ts tells what follows. Places are int32 in
// the main loop; a remainder is one subtraction, and so is a turn taken by a loop (`while (p >= n) p -= n`).
//
// A position that only advances (`x[Math.floor(p)] … p += ratio`: resampling) is no ring's, but where it begins at 0 or above, and never goes back, the
// number of iterations tells how far it comes: the main loop ends before it could come to the array's end. What is rounded on the way is a part of
// 2^-53 in each iteration, of which there are fewer than 2^31: together less than the part of 2^-20 that is left free.
//
// Requires: machine form, checks that can be proved are gone, invariants hoisted. Guarantees: machine form, same bits. A loop is taken only where checks
// or remainders go; its code is there once more.

import { constantOf } from "../../ir/build.ts";
import type { Func, If, Instr, Label, Loop, Machine, Program, Value } from "../../ir/types.ts";
import { contentsOf } from "../analyses.ts";
import { definedIn, visit } from "../flow.ts";
import type { Note } from "../notes.ts";
import { plain, yields } from "../rewrite.ts";
import { countedLoop, type Counted } from "../counted.ts";
import { isIn, mostPlaces, phaseBelow, placeIn, Places, turnOf, type Demand, type Place, type Ring } from "./places.ts";
import { LoopPlanner } from "../planned.ts";

/** instructions of a loop, how deep a ring is looked for in what a carried value becomes, and how far behind a position elements are read */
const most = { size: 600, depth: 8, behind: 4 };
/** of the way to an array's end, what is left free for roundings */
const free = 2 ** -20;

export function enterRings(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const entering = new Rings(func, program, note);
  return entering.plansAny ? entering.run() : func;
}

/** A position that is given `step` more in each iteration, and stays below an array's length, less so many. */
interface Advance { readonly param: Value; readonly index: number; readonly step: Value; readonly length: Value; readonly less: number }
interface Plan { readonly counted: Counted; readonly places: Places; readonly advances: readonly Advance[]; readonly size: number }

class Rings extends LoopPlanner<Plan> {
  /** what the loop behind begins with */
  private readonly goesOn = new Map<Label, Value[]>();
  /** while the main loop is written: its places, and the int32 that carried ones are */
  private main: { readonly places: Places; readonly numbers: Map<Value, Value> } | null = null;
  private readonly note: Note;

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
  }

  // ───────────────────────────────── the plan ─────────────────────────────────

  protected override plan(loop: Loop): Plan | null {
    const counted = countedLoop(loop, { loops: true, bails: true }), { size, inside } = definedIn(loop);
    if (typeof counted === "string" || size > most.size || loop.regions[0].params.every((p) => p.type !== "f64" && p.type !== "i32")) return null;
    let simple = true, gainful = false;
    visit(loop.regions[0], (instr) => {
      if (instr.op === "loop" ? turnOf(instr) === null : instr.op === "block") simple = false;
      gainful ||= instr.op === "loop" || instr.op === "f64.rem" || isCheck(instr);
    });
    if (!simple || !gainful) return null;
    const { params } = loop.regions[0], places = new Places((v) => inside.has(v), this.ranges);
    params.forEach((param, i) => {
      if (counted.counters.some((c) => c.param === param)) return;
      for (const ring of this.ringsOf(counted.br.args[i]!, places)) for (const whole of [true, false]) {
        if (whole && typeof ring === "number" && !Number.isInteger(ring) || !whole && param.type === "i32") continue;
        places.supposed.set(param, placeIn(ring, whole));
        places.forget();
        if (this.follows(counted, places, param, i)) return;
        places.supposed.delete(param);
      }
    });
    for (let again = true; again;) { // one may have followed of another
      again = false;
      places.forget();
      params.forEach((param, i) => { if (places.supposed.has(param) && !this.follows(counted, places, param, i)) { places.supposed.delete(param); again = true; } });
    }
    const advances = this.advancesOf(counted, places);
    if (places.supposed.size === 0 || !this.couldBegin(counted, places)) return null;
    places.forget(); // what is demanded by now was for other suppositions too
    if (!params.every((param, i) => !places.supposed.has(param) || advances.some((a) => a.param === param) || this.follows(counted, places, param, i))) return null;
    const plan = { counted, places, advances, size };
    return this.gains(plan) ? plan : null;
  }

  /** Supposes of positions that advance that they stay below the length that most of what they read is checked against. */
  private advancesOf({ loop, cond, counters, br, inside }: Counted, places: Places): readonly Advance[] {
    const { params } = loop.regions[0], counter = counters.find((c) => c.param === cond.def?.args[0]);
    if (cond.def?.op !== "i32.lt_s" || !counter || counter.step < 1 || inside(cond.def.args[1]!)) return [];
    const checks: Machine[] = [], lengths = new Set<Value>();
    visit(loop.regions[0], (instr) => { if (instr.op === "i32.lt_u" && places.ringOf(instr.args[1]!)?.plus === 0) { checks.push(instr); lengths.add(instr.args[1]!); } });
    return params.flatMap((param, index): Advance[] => {
      const { def } = br.args[index]!, step = def?.op === "f64.add" && def.args[0] === param ? def.args[1]! : null;
      if (!step || inside(step) || places.supposed.has(param) || counters.some((c) => c.param === param)) return [];
      let best: Advance | null = null, known = 0;
      for (const length of lengths) for (let less = 0; less <= most.behind; less++) {
        places.supposed.set(param, phaseBelow(length, less));
        places.forget();
        const now = checks.filter((check) => this.outcome(check, places) !== null).length;
        if (now > known) { known = now; best = { param, index, step, length, less }; }
      }
      if (best) places.supposed.set(param, phaseBelow(best.length, best.less)); else places.supposed.delete(param);
      places.forget();
      return best ? [best] : [];
    });
  }

  private follows({ br }: Counted, places: Places, param: Value, i: number): boolean {
    const { ring, whole } = places.supposed.get(param)!, next = places.of(br.args[i]!);
    return next !== null && isIn(next, ring!) && (next.whole || !whole);
  }
  /** Whether no carried value begins outside for certain. */
  private couldBegin({ loop }: Counted, places: Places): boolean {
    return loop.regions[0].params.every((param, i) => {
      const place = places.supposed.get(param), c = place && constantOf(loop.args[i]!);
      if (typeof c !== "number") return true;
      return !Object.is(c, -0) && c >= 0 && (!place!.whole || Number.isInteger(c) && c < mostPlaces) && (typeof place!.ring !== "number" || c < place!.ring);
    });
  }

  /** The rings that a carried value's next one speaks of: what it is compared with, divided by or masked with; then all else that comes from outside. */
  private ringsOf(next: Value, places: Places): readonly Ring[] {
    const rings = new Set<Ring>(), last = new Set<Ring>();
    const take = (v: Value, one: boolean): void => {
      const c = constantOf(v), found = places.ringOf(v);
      if (typeof c === "number") { if (c > 0 && c <= mostPlaces) rings.add(c); if (one && Number.isInteger(c) && c >= 0 && c < mostPlaces) rings.add(c + 1); }
      else if (found && Math.abs(found.plus) <= 1) rings.add(found.ring);
    };
    const look = (v: Value, depth: number): void => {
      const { def } = v, outside = places.ringOf(v);
      if (outside) { if (Math.abs(outside.plus) <= 1) last.add(outside.ring); return; }
      if (def === null || depth === 0 || def.op === "const") return;
      if (/\.(?:rem|rem_s|rem_u)$/.test(def.op) || /^(?:f64|i32)\.(?:[lg][te]|eq|ne)(?:_s)?$/.test(def.op)) { take(def.args[1]!, /\.(?:[lg]t|eq|ne)/.test(def.op)); take(def.args[0]!, false); }
      if (def.op === "i32.and") def.args.forEach((a) => { const c = constantOf(a); if (typeof c !== "number") take(a, true); else if (c > 0 && c < mostPlaces) rings.add(c + 1); });
      if (def.op === "loop") { const turn = turnOf(def); if (turn) { take(turn.by, false); look(turn.from, depth - 1); } return; }
      if (def.op === "if") { const at = def.results.indexOf(v); for (const { body } of def.regions) if (body.at(-1)!.op === "yield") look(body.at(-1)!.args[at]!, depth - 1); }
      for (const a of def.args) look(a, depth - 1);
    };
    look(next, most.depth);
    return [...new Set([...rings, ...last])];
  }

  /** Whether checks, remainders or turns go. What all that needs is demanded from then on, and nothing else. */
  private gains({ counted, places }: Plan): boolean {
    let found = false, left = false; // a loop that stays inside keeps all that is around it in scalar code
    visit(counted.loop.regions[0], (instr) => {
      const place = instr.op === "loop" || instr.op === "f64.rem" ? places.of(instr.results[0]!) : null;
      if (place || isCheck(instr) && this.outcome(instr as Machine, places) !== null) found = true;
      if (instr.op === "loop" && !place) left = true;
    });
    places.close();
    return found && !left;
  }

  /** What a check or a comparison of something with itself is. */
  private outcome({ op, args }: Machine, places: Places): 0 | 1 | null {
    const [x, y] = args as [Value, Value];
    if (op === "f64.eq" || op === "f64.ne") return x === y && places.of(x) ? (op === "f64.eq" ? 1 : 0) : null;
    if (!/^i32\.(?:lt|gt|ge|le)_u$/.test(op)) return null;
    const [index, length] = op === "i32.lt_u" || op === "i32.ge_u" ? [x, y] : [y, x], place = places.of(index);
    return place && place.whole && place.ring !== null && isIn(place, place.ring) && places.holds(length, place.ring) ? (op === "i32.lt_u" || op === "i32.gt_u" ? 1 : 0) : null;
  }

  // ───────────────────────────────── the loops ─────────────────────────────────

  protected override inits(instr: Loop): Value[] { return this.goesOn.get(instr.label) ?? super.inits(instr); }

  protected override loop(instr: Loop): boolean {
    const { main } = this, turn = main && turnOf(instr), x = turn && main.places.of(instr.results[0]!);
    if (x) { this.bind(instr.results[0]!, this.turned(instr.results[0]!, turn, x, main)); return true; }
    const plan = this.planOf(instr);
    if (!plan) return super.loop(instr);
    const { loop, exits } = plan.counted, { params } = loop.regions[0];
    const ends = this.writeMain(plan);
    if (instr.notes?.role === "main" && exits.every((v) => params.includes(v))) { // an exact loop follows already
      instr.results.forEach((r, i) => { this.bind(r, ends[params.indexOf(exits[i]!)]!); });
      return true;
    }
    this.goesOn.set(instr.label, ends);
    return super.loop({ ...instr, notes: { ...instr.notes, role: "rest" } });
  }

  /** Writes the main loop, under what is supposed; gives what its carried values are at its end. */
  private writeMain({ counted, places, advances, size }: Plan): Value[] {
    const { e } = this, { loop, test, cond } = counted, old = loop.regions[0];
    const begins = this.inits(loop);
    this.note(loop.place, "a loop", "one more, for places that begin within their rings", `${[...places.supposed.keys()].map((p) => p.name ?? "a carried value").join(", ")}: ${size} instructions`);
    const values = this.choose(this.guard(counted, places, advances, begins), loop, () => {
      const ends = advances.map((advance) => this.ends(counted, advance, begins));
      const numbers = new Map<Value, Value>();
      const now = old.params.map((p) => {
        if (p.type !== "f64" || !places.supposed.get(p)?.whole) return this.bind(p, this.fresh(p));
        const number = e.value("i32", p.name);
        numbers.set(p, number);
        return number;
      });
      const first = begins.map((v, i) => (numbers.has(old.params[i]!) ? this.whole(v) : v));
      this.targets.set(loop.label, { label: { name: loop.label.name }, brs: 0, to: old.params, dropped: old.params.map(() => false) });
      const target = this.targets.get(loop.label)!;
      const limit = ends.length === 0 ? null : ends.reduce((a, b) => e.op("i32.select", e.op("i32.lt_s", a, b), a, b), this.value(cond.def!.args[1]!));
      this.forgetWrites(old);
      const body = e.inRegion(now, () => {
        const around = this.main;
        this.main = { places, numbers };
        for (const [p, number] of numbers) this.bind(p, e.op("f64.convert_i32_s", number));
        for (const before of counted.pre) this.instruction(before);
        const counter = cond.def?.args[0];
        const goesOn = ends.length === 0 ? this.condition(test) : e.op("i32.lt_s", this.value(counter!), limit!);
        const then = e.inRegion([], () => { this.walk(counted.body, plain([])); });
        e.append({ op: "if", args: [goesOn], results: [], regions: [then, yields([])], place: test.place });
        e.append({ op: "yield", args: now, results: [] });
        this.main = around;
      });
      this.forgetWrites(old);
      for (const v of definedIn(loop).inside) this.map[v.id] = undefined; // the loop behind has its own
      const results = now.map((v) => e.value(v.type, v.name));
      e.append({ op: "loop", label: target.label, args: first, results, regions: [body], notes: { ...loop.notes, role: "main" }, place: loop.place });
      return results.map((r, i) => (numbers.has(old.params[i]!) ? e.op("f64.convert_i32_s", r) : r));
    }, () => [...begins]);
    return values!;
  }

  /** A value from outside that is whole, as an int32. */
  private whole(now: Value): Value {
    const c = constantOf(now);
    if (typeof c === "number") return this.e.i32(c);
    return now.type === "i32" ? now : now.def?.op === "f64.convert_i32_s" ? now.def.args[0]! : this.e.op("i32.trunc_sat_f64_s", now);
  }

  /** The counter's value up to which an advancing position is below its end. */
  private ends({ loop, cond, counters }: Counted, { index, step, length, less }: Advance, begins: readonly Value[]): Value {
    const { e } = this, { index: at } = counters.find((c) => c.param === cond.def!.args[0])!;
    const way = e.op("f64.sub", e.op("f64.mul", e.op("f64.sub", e.op("f64.convert_i32_s", this.value(length)), e.f64(less)), e.f64(1 - free)), begins[index]!);
    const rounds = e.op("f64.sub", e.op("f64.div", way, this.value(step)), e.f64(2));
    const first = loop.regions[0].params[at]!.type === "i32" ? e.op("f64.convert_i32_s", begins[at]!) : begins[at]!;
    return e.op("i32.trunc_sat_f64_s", e.op("f64.add", first, rounds)); // of NaN, where nothing is added at the very end, 0 iterations
  }

  private guard({ loop }: Counted, places: Places, advances: readonly Advance[], begins: readonly Value[]): Value {
    const { e } = this, conditions: Value[] = [];
    const places32 = (ring: Ring): Value => (typeof ring === "number" ? e.i32(ring) : this.value(ring));
    const doubles = (ring: Ring): Value => (typeof ring === "number" ? e.f64(ring) : e.op("f64.convert_i32_s", this.value(ring)));
    const rings = new Set<Ring>();
    loop.regions[0].params.forEach((param, i) => {
      const place = places.supposed.get(param), begin = begins[i]!;
      if (!place) return;
      rings.add(place.ring!);
      if (place.whole) {
        const number = this.whole(begin);
        conditions.push(e.op("i32.lt_u", number, places32(place.ring!)));
        if (number === begin || number.def?.op !== "i32.trunc_sat_f64_s") return; // an int32 already
        conditions.push(e.op("f64.eq", e.op("f64.convert_i32_s", number), begin));
      } else conditions.push(e.op("f64.lt", begin, doubles(place.ring!)));
      conditions.push(e.op("f64.gt", e.op("f64.div", e.f64(1), begin), e.f64(0))); // neither below 0 nor −0
    });
    for (const { step } of advances) conditions.push(e.op("f64.ge", this.value(step), e.f64(0)));
    for (const demand of places.demands.values()) { rings.add(demand.ring); conditions.push(...this.demanded(demand, places32, doubles)); }
    for (const ring of rings) if (typeof ring !== "number") conditions.push(e.op("i32.lt_u", e.op("i32.add", this.value(ring), e.i32(-1)), e.i32(mostPlaces)));
    return conditions.reduce((a, b) => e.op("i32.and", a, b));
  }
  private demanded(demand: Demand, places32: (ring: Ring) => Value, doubles: (ring: Ring) => Value): readonly Value[] {
    const { e } = this;
    if (demand.kind === "places") return [e.op("i32.le_u", e.i32(demand.least), places32(demand.ring))];
    const value = this.value(demand.value);
    if (demand.kind === "summand") return [e.op("i32.le_u", this.whole(value), places32(demand.ring))];
    return [e.op("f64.ge", value, e.f64(0)), e.op("f64.le", value, e.op("f64.mul", doubles(demand.ring), e.f64(0.5)))];
  }

  // ───────────────────────────────── the main loop's values ─────────────────────────────────

  protected override passed(to: Value, old: Value): Value { return this.main?.numbers.has(to) ? this.number(old) : super.passed(to, old); }

  protected override operation(instr: Machine): Value {
    const { main, e } = this, result = instr.results[0]!;
    if (!main) return super.operation(instr);
    const known = isCheck(instr) ? this.outcome(instr, main.places) : null;
    if (known !== null) return e.i32(known);
    const compared = this.compared(instr, main.places);
    if (compared) return compared;
    const place = main.places.of(result);
    if (!place || place.ring === null) return super.operation(instr);
    if (result.type === "f64" && place.whole) return e.op("f64.convert_i32_s", this.number(result));
    switch (instr.op) {
      case "i32.rem_s": case "i32.rem_u": case "f64.rem": return this.turned(result, { from: instr.args[0]!, by: instr.args[1]! }, place, main);
      case "i32.trunc_sat_f64_s": case "i32.from_f64": return this.truncated(instr.args[0]!);
      default: return super.operation(instr);
    }
  }

  /** A comparison of places, as one of int32. */
  private compared({ op, args }: Machine, places: Places): Value | null {
    const relation = /^f64\.(lt|le|gt|ge|eq|ne)$/.exec(op)?.[1], [x, y] = args as [Value, Value];
    if (relation === undefined) return null;
    const [a, b] = [places.of(x), places.of(y)];
    const fits = (one: Place | null, other: Value): boolean => one !== null && one.whole && one.ring !== null && (places.isComparable(other, one.ring) || places.of(other)?.whole === true);
    if (!fits(a, y) && !fits(b, x)) return null;
    return this.e.op(`i32.${relation}${relation === "eq" || relation === "ne" ? "" : "_s"}` as Machine["op"], this.number(x), this.number(y));
  }

  private truncated(x: Value): Value { return this.main!.places.of(x)?.whole ? this.number(x) : this.e.op("i32.trunc_sat_f64_s", this.value(x)); }

  /** x mod n of what is below 2·n. */
  private turned(_result: Value, { from, by }: { readonly from: Value; readonly by: Value }, { whole }: Place, { places }: { readonly places: Places }): Value {
    const { e } = this, double = from.type === "f64";
    if (!whole) { const [x, n] = [this.value(from), this.value(by)]; return e.op("f64.select", e.op("f64.ge", x, n), e.op("f64.sub", x, n), x); }
    const x = this.number(from), n = this.number(by), place = places.of(from)!;
    const now = isIn(place, place.ring!) ? x : e.op("i32.select", e.op("i32.ge_s", x, n), e.op("i32.sub", x, n), x);
    return double ? e.op("f64.convert_i32_s", now) : now;
  }

  /** A whole number that is a place, or near one, as an int32. */
  private number(v: Value): Value {
    const { e } = this, { numbers, places } = this.main!;
    const carried = numbers.get(v), c = constantOf(v);
    if (carried) return carried;
    if (typeof c === "number") return e.i32(c);
    if (v.type === "i32") return this.value(v);
    const { def } = v;
    if (def === null || this.map[v.id] !== undefined && (!isMachine(def) || places.of(v) === null)) return this.whole(this.value(v));
    const [a, b] = def.args as [Value, Value];
    switch (def.op) {
      case "f64.convert_i32_s": return this.value(a);
      case "f64.add": return e.op("i32.add", this.number(a), this.number(b));
      case "f64.sub": return e.op("i32.sub", this.number(a), this.number(b));
      case "f64.floor": case "f64.trunc": return this.truncated(a);
      case "f64.rem": return this.whole(this.turned(v, { from: a, by: b }, places.of(v)!, this.main!));
      case "f64.select": return e.op("i32.select", this.value(a), this.number(b), this.number(def.args[2]!));
      default: return this.whole(this.value(v));
    }
  }
}

const isMachine = (instr: Instr): instr is Machine => !("regions" in instr);
const isCheck = (instr: Instr | If): boolean => /^(?:i32\.(?:lt|gt|ge|le)_u|f64\.(?:eq|ne))$/.test(instr.op);
