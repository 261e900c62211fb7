// Range analysis: for every value an interval (and, for doubles, whether it may be a fraction, NaN or −0), for every `if` whether its
// condition is known. Nouns only: narrow.ts and checks.ts act on it.
//
//   loop l (%i = 0.0) { %c = f64.lt %i, %n; if %c { …%i…; br l (%i + 1.0) } … }      %n = f64.convert_i32_s %length
//     %i is an integer in [0, 2^27], never −0; inside the `if` in [0, 2^27 − 1], and (as an i32) below %length
//
// Requires: machine form. Sound for wrap-around and NaN; a value that is not listed may be anything of its type.
// Algorithm: abstract interpretation of the region tree. A condition narrows what is known inside the arm that it leads to, and behind
// the `if` when the other arm leaves; all of that is undone at the region's end. A loop is run until its parameters hold (widening by
// steps), then once more with what came out (narrowing). What conditions tell: conditions.ts; bounds of one value by another: relations.ts.

import { elementBytes } from "../ir/extents.ts";
import { holdsHeads } from "../ir/layout.ts";
import { isMachineOp, isMemoryOp } from "../ir/ops.ts";
import type { Block, Data, Func, If, Instr, Label, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { unreachable } from "../diagnostic.ts";
import { blended } from "./blended.ts";
import { Conditions, ofConstant } from "./conditions.ts";
import {
  anyFloat, boolean, converts, floats, int32, ints, isNothing, join, meet, nothing, ofNumber, range, sameRange, widen, within, type Range,
} from "./intervals.ts";
import { anyOf, ofLoad, ofTable } from "./loaded.ts";
import { boundedByRounds } from "./trips.ts";
import { turnOf } from "./turning.ts";

/** No array has more bytes: the shared memory is no larger. */
const mostBytes = 2 ** 30;

/** operations that choose one of two values */
export const selects: ReadonlySet<string> = new Set(["i32.select", "i64.select", "f32.select", "f64.select"]);

/** whose results their second operand bounds */
const remainders: ReadonlySet<string> = new Set(["f64.rem", "i32.rem_s", "i32.rem_u", "i32.and"]);

/** The ranges of a loop's results, and whether it is left, as the last run found them. */
interface LoopEnds { into: (Range | null)[]; reached: boolean }

/** Asked by passes; found when the first question is asked, for many passes have none. */
export class Ranges {
  private found: Analysis | undefined;
  private readonly find: () => Analysis;

  constructor(func: Func, program: Program) { this.find = () => new Analysis(func, program); }

  /** Where the value lies, wherever it is used. */
  of(v: Value): Range { return ofConstant(v) ?? (this.found ??= this.find()).of(v); }
  /** Whether the condition is known where the `if` or select stands. */
  taken(instr: If | Machine): boolean | undefined { return (this.found ??= this.find()).taken(instr); }
  /** What is known of an operand of i32.add, i32.sub, i32.mul and i32.shl where the operation stands: conditions around it count. */
  operand(instr: Machine, i: 0 | 1): Range { return (this.found ??= this.find()).operand(instr, i); }
  /** Whether the integer operation gives the number that arithmetic without wrap-around gives. */
  isExact(v: Value): boolean { return (this.found ??= this.find()).isExact(v); }
}

class Analysis extends Conditions {
  private readonly decided = new Map<If | Machine, boolean>();
  private readonly gathered = new Map<Label, (Range | null)[]>();
  private readonly loopState = new Map<Loop, Range[]>();
  /** of whose carried values one went another way than it looked like */
  private readonly turning = new Set<Loop>();
  private readonly tables: ReadonlySet<number>;
  private readonly data: readonly Data[];
  /** operands of index arithmetic, as they are known where it stands */
  private readonly operands: (readonly [Range, Range] | undefined)[] = [];

  constructor(func: Func, program: Program) {
    super(func.nextId);
    this.tables = new Set([...program.inputs.flatMap((input) => (input.as === "rows" ? [input.table] : [])), ...program.spaces.flatMap((space, i) => (holdsHeads(space) ? [i] : []))]);
    this.data = program.data;
    if (func === program.functions[0]) this.parameters(func, program);
    this.region(func.body, []);
  }

  taken(instr: If | Machine): boolean | undefined { return this.decided.get(instr); }
  operand(instr: Machine, i: 0 | 1): Range { return this.operands[instr.results[0]!.id]?.[i] ?? this.of(instr.args[i]!); }

  // ───────────────────────────────── parameters ─────────────────────────────────

  private parameters(func: Func, program: Program): void {
    let at = 0;
    const next = (r: Range | null): void => { const p = func.params[at++]; if (p && r) this.known[p.id] = r; };
    for (const input of program.inputs) {
      switch (input.as) {
        case "f64": case "i32": case "bigint": next(null); break;
        case "boolean": next(boolean); break;
        case "typed": case "text": case "numbers": case "list": case "rows": case "grid": case "column":
          next(ints(0, 2147483647));
          next(ints(0, mostBytes / elementBytes(input)));
          break;
        default: unreachable(input);
      }
    }
  }

  // ───────────────────────────────── regions ─────────────────────────────────

  /** Runs a region; whether its yield is reached, whose ranges are joined into `into`. */
  private region(region: Region, into: (Range | null)[]): boolean {
    const mark = this.trail.length;
    const reached = this.instructions(region, into);
    this.undo(mark);
    return reached;
  }
  private instructions(region: Region, into: (Range | null)[]): boolean {
    for (const instr of region.body) {
      switch (instr.op) {
        case "yield": this.gather(into, instr.args); return true;
        case "br": this.gather(this.gathered.get(instr.label)!, instr.args); return false;
        case "return": case "trap": return false;
        case "if": if (!this.if(instr)) return false; break;
        case "block": if (!this.block(instr)) return false; break;
        case "loop": if (!this.loop(instr)) return false; break;
        default: this.simple(instr);
      }
    }
    return false;
  }
  private gather(into: (Range | null)[], args: readonly Value[]): void {
    for (let i = 0; i < args.length; i++) {
      const r = this.here(args[i]!), before = into[i];
      into[i] = before ? join(before, r) : r;
    }
  }
  /** What conditions tell of an int32, they tell of the double that was made of it before as well. */
  private converted(v: Value): Range {
    const r = this.of(v);
    return v.def?.op === "f64.convert_i32_s" ? meet(r, this.of(v.def.args[0]!)) : r;
  }
  /** Where the value lies at this place: a step that was computed before a condition is known better behind it. */
  private here(v: Value): Range {
    const { def } = v, r = this.of(v);
    if (def?.op !== "f64.add" && def?.op !== "f64.sub" && def?.op !== "i32.add" || def.args[1]!.def?.op !== "const") return r;
    const [a, b] = [this.of(def.args[0]!), this.of(def.args[1]!)];
    if (isNothing(a)) return r;
    return meet(r, def.op === "i32.add" ? int32.add(a, b) : def.op === "f64.add" ? floats.add(a, b) : floats.sub(a, b));
  }
  private results(values: readonly Value[], ranges: readonly (Range | null)[]): void {
    values.forEach((v, i) => { this.known[v.id] = ranges[i] ?? anyOf(v.type); });
  }

  private if(instr: If): boolean {
    const cond = instr.args[0]!;
    const into: (Range | null)[] = instr.results.map(() => null);
    const arm = (truth: boolean): "dead" | "leaves" | "comes back" => {
      const mark = this.trail.length;
      const outcome = !this.assume(cond, truth) ? "dead" : this.region(instr.regions[truth ? 0 : 1], into) ? "comes back" : "leaves";
      this.undo(mark);
      return outcome;
    };
    const [then, otherwise] = [arm(true), arm(false)];
    if (then === "dead") this.decided.set(instr, false);
    else if (otherwise === "dead") this.decided.set(instr, true);
    else this.decided.delete(instr);
    if (then !== "comes back" && otherwise !== "comes back") return false;
    if (then !== "comes back") this.assume(cond, false); // the rest is only for one case
    else if (otherwise !== "comes back") this.assume(cond, true);
    this.results(instr.results, into);
    return true;
  }

  private block(instr: Block): boolean {
    const into: (Range | null)[] = instr.results.map(() => null);
    this.gathered.set(instr.label, into);
    const reached = this.region(instr.regions[0], into);
    this.results(instr.results, into);
    return reached || instr.results.length === 0 || into.some((r) => r !== null);
  }

  /**
   * Which way the carried values go is assumed first: that holds by induction if it does for a step under the assumption. Few loops need another run for it.
   */
  private loop(instr: Loop): boolean {
    const { params } = instr.regions[0], inits = instr.args.map((arg) => this.of(arg)), mark = this.trail.length;
    const ends: LoopEnds = { into: [], reached: false };
    const run = (state: readonly Range[]): Range[] => {
      const brs: (Range | null)[] = params.map(() => null);
      this.gathered.set(instr.label, brs);
      ends.into = instr.results.map(() => null);
      params.forEach((p, i) => { this.known[p.id] = state[i]!; });
      ends.reached = this.region(instr.regions[0], ends.into);
      return inits.map((r, i) => (brs[i] ? join(r, brs[i]!) : r));
    };
    let assumed = this.turning.has(instr) ? [] : this.directions(instr, false);
    for (const [a, b] of assumed) this.fact(a, b, 0);
    let { state, next } = this.fixpoint(instr, inits, run), proved = this.directions(instr, true);
    if (!assumed.every(([a, b]) => proved.some(([c, d]) => a === c && b === d))) {
      this.turning.add(instr);
      this.undo(mark);
      assumed = [];
      ({ state, next } = this.fixpoint(instr, inits, run));
      proved = this.directions(instr, true);
    }
    this.loopState.set(instr, state);
    const bounded = boundedByRounds(instr, state, { of: (v) => this.of(v), isExact: (v) => this.isExact(v), steps: this.stepsOf(instr), inits, next });
    if (bounded || proved.length > assumed.length) { // once more, with what that tells
      this.undo(mark);
      for (const [a, b] of proved) this.fact(a, b, 0);
      run(bounded ?? state);
    }
    this.undo(mark);
    const { into, reached } = ends;
    this.results(instr.results, instr.notes?.role === "main" ? this.cutShort(instr, inits, into) : into);
    return reached;
  }

  /** Runs the body until its parameters hold: their ranges, and those that the last run ended with. */
  private fixpoint(instr: Loop, inits: readonly Range[], run: (state: readonly Range[]) => Range[]): { readonly state: Range[]; readonly next: Range[] } {
    const { params } = instr.regions[0], known = this.loopState.get(instr);
    let state = inits.map((r, i) => (known ? join(known[i]!, r) : this.guess(instr, i, r)));
    let next = run(state);
    for (let first = true; !next.every((r, i) => within(r, state[i]!)); first = false) {
      // what a step looks up or chooses may be all that there is: only what goes on growing is widened
      state = state.map((r, i) => (within(next[i]!, r) ? r : first && this.settles(instr, i) ? join(r, next[i]!) : first && hasWrapped(r, next[i]!) ? { ...r, hi: mostBytes } : widen(r, next[i]!, turnOf(params[i]!, this.stepsOf(instr).map((args) => args[i]!)))));
      next = run(state);
    }
    // narrowing: what comes out of a state that holds is such a state too, unless an operation is less sharp on less
    if (!next.every((r, i) => sameRange(r, state[i]!))) {
      const wide = state;
      state = next.map((r, i) => meet(r, wide[i]!));
      next = run(state);
      if (!next.every((r, i) => within(r, state[i]!))) { state = wide; next = run(state); }
    }
    return { state, next };
  }

  /** A main loop may be left to its rest, from any iteration on or as a whole (vectorize): that it ended by itself says nothing of where the rest begins. */
  private cutShort({ regions: [{ params, body }] }: Loop, inits: readonly Range[], into: readonly (Range | null)[]): (Range | null)[] {
    const ends = body.at(-1)!;
    return into.map((r, i) => { const at = params.indexOf(ends.args[i]!); return r && at >= 0 ? join(r, inits[at]!) : null; });
  }

  /**
   * Where a carried value may end up, by the look of its first step: a counter goes up or down, a sum anywhere. Too wide a guess is
   * narrowed by the loop's conditions; a right one saves a run of the body.
   */
  private guess(instr: Loop, i: number, init: Range): Range {
    const p = instr.regions[0].params[i]!;
    const step = this.stepsOf(instr)[0]?.[i]?.def;
    if (step?.op === "f64.mul" || step?.op === "f64.div") return anyFloat;
    if ((step?.op !== "i32.add" && step?.op !== "f64.add" && step?.op !== "f64.sub") || (step.args[0] !== p && step.args[1] !== p)) return init;
    const amount = step.args[0] === p ? step.args[1]! : step.args[0]!;
    const by = amount.def?.op === "const" || amount.id < p.id ? this.of(amount) : null; // from before the loop, most likely
    if (!by) return p.type === "f64" && !amount.def?.op.startsWith("f64.convert_i32") ? anyFloat : init;
    if (by.nan || !by.int || !init.int || by.lo < 0 && by.hi > 0) return p.type === "f64" && !(by.int && init.int) ? anyFloat : init;
    const up = (by.lo >= 0) === (step.op !== "f64.sub");
    const far = p.type === "i32" ? 2147483647 : 2 ** 53;
    return up ? range(init.lo, Math.max(init.hi, far), true, init.nan, init.negzero) : range(Math.min(init.lo, -far), init.hi, true, init.nan, init.negzero);
  }

  /** Whether a carried value is given what loads, choices, conversions and remainders make: no sum of itself. */
  private settles(instr: Loop, i: number): boolean {
    return this.stepsOf(instr).every((args) => { const { def } = args[i]!; return def !== null && (def.op === "if" || def.op.startsWith("f64.convert") || def.op.endsWith("select") || isMemoryOp(def.op) || remainders.has(def.op)); });
  }

  /**
   * a ≤ b: parameters that only grow are at least what they began with, those that only shrink at most. `proved`: by steps that don't wrap; otherwise, of those
   * that would go one way if they did not.
   */
  private directions(instr: Loop, proved: boolean): readonly (readonly [a: Value, b: Value])[] {
    const steps = this.stepsOf(instr);
    return instr.regions[0].params.flatMap((p, i) => {
      const init = instr.args[i]!;
      if (p.type !== "i32" || init.def?.op === "const") return []; // a constant start is in the interval already
      const amounts = steps.map((args) => {
        const next = args[i]!, { def } = next;
        if (next === p) return ints(0, 0);
        return def?.op === "i32.add" && (this.exact[next.id] || !proved) && def.args[0] === p ? this.of(def.args[1]!) : null;
      });
      const shrinks = amounts.every((r) => r !== null && r.hi <= 0), grows = amounts.every((r) => r !== null && r.lo >= 0);
      return [...(shrinks ? [[p, init] as const] : []), ...(grows ? [[init, p] as const] : [])];
    });
  }
  private readonly stepCache = new Map<Loop, readonly (readonly Value[])[]>();
  private stepsOf(loop: Loop): readonly (readonly Value[])[] {
    let found = this.stepCache.get(loop);
    if (!found) {
      const list: (readonly Value[])[] = [];
      const visit = (region: Region): void => {
        for (const instr of region.body) {
          if (instr.op === "br" && instr.label === loop.label) list.push(instr.args);
          else if ("regions" in instr) instr.regions.forEach(visit);
        }
      };
      visit(loop.regions[0]);
      this.stepCache.set(loop, found = list);
    }
    return found;
  }

  // ───────────────────────────────── operations ─────────────────────────────────

  private simple(instr: Instr): void {
    const result = instr.results[0];
    if (result === undefined) return;
    if (isMachineOp(instr.op)) this.known[result.id] = this.machine(instr as Machine, result);
    else if (isMemoryOp(instr.op)) this.known[result.id] = this.loaded(instr as Memory);
    else if (instr.op === "random") this.known[result.id] = range(0, 1 - 2 ** -53, false, false, false);
    else if (instr.op === "data.addr" || instr.op === "frame.addr") this.known[result.id] = ints(0, 2147483647);
    else instr.results.forEach((r) => { this.known[r.id] = anyOf(r.type); });
  }

  private loaded(instr: Memory): Range {
    if (this.tables.has(instr.space) && instr.op === "i32.load") return ints(0, 2147483647);
    const base = instr.args[0]!.def;
    return (base?.op === "data.addr" ? ofTable(this.data[base.segment]!, instr) : null) ?? ofLoad(instr.op);
  }

  /** Whether what is known where a select stands says which value it takes. */
  private decide(instr: Machine): void {
    const possible = (truth: boolean): boolean => { const mark = this.trail.length, possible = this.assume(instr.args[0]!, truth); this.undo(mark); return possible; };
    const [yes, no] = [possible(true), possible(false)];
    if (yes !== no) this.decided.set(instr, yes); else this.decided.delete(instr);
  }

  /** Whether the operation wraps: where its number lies without. */
  private fits(result: Value, lo: number, hi: number): void { this.exact[result.id] = lo >= -2147483648 && hi <= 2147483647 ? 1 : 0; }

  private machine(instr: Machine, result: Value): Range {
    const { op, args } = instr;
    const a = args[0] ? this.converted(args[0]) : nothing;
    const b = args[1] ? this.converted(args[1]) : nothing;
    if (isNothing(a) || (args[1] && isNothing(b))) return anyOf(result.type); // not reached
    if (op === "i32.add" || op === "i32.sub" || op === "i32.mul" || op === "i32.shl" || op === "i32.lt_u" || op === "i32.gt_u" || op === "i32.ge_u" || op === "i32.le_u") this.operands[result.id] = [a, b];
    if (selects.has(op)) this.decide(instr);
    const plain = arithmetic[op];
    if (plain) return plain(a, b);
    switch (op) {
      case "i32.add": this.fits(result, a.lo + b.lo, a.hi + b.hi); return blended(instr, (v) => this.of(v)) ?? int32.add(a, b);
      case "i32.sub": this.fits(result, a.lo - b.hi, a.hi - b.lo); return int32.sub(a, b);
      case "i32.eqz": return a.lo > 0 || a.hi < 0 ? ints(0, 0) : a.lo === 0 && a.hi === 0 ? ints(1, 1) : boolean;
      case "i32.eq": return this.equality(args[0]!, args[1]!, true);
      case "i32.ne": return this.equality(args[0]!, args[1]!, false);
      case "i32.lt_s": return this.relation(args[0]!, args[1]!, 1, false);
      case "i32.le_s": return this.relation(args[0]!, args[1]!, 0, false);
      case "i32.gt_s": return this.relation(args[1]!, args[0]!, 1, false);
      case "i32.ge_s": return this.relation(args[1]!, args[0]!, 0, false);
      case "i32.lt_u": return this.relation(args[0]!, args[1]!, 1, true);
      case "i32.le_u": return this.relation(args[0]!, args[1]!, 0, true);
      case "i32.gt_u": return this.relation(args[1]!, args[0]!, 1, true);
      case "i32.ge_u": return this.relation(args[1]!, args[0]!, 0, true);
      case "f64.eq": case "f64.ne": {
        const same = a.lo === a.hi && b.lo === b.hi && a.lo === b.lo && !a.nan && !b.nan || args[0] === args[1] && !a.nan || this.isOwnTruncation(args[0]!, args[1]!) || this.isOwnTruncation(args[1]!, args[0]!);
        const equal = a.hi < b.lo || b.hi < a.lo ? 0 : same ? 1 : null;
        return equal === null ? boolean : op === "f64.eq" ? ints(equal, equal) : ints(1 - equal, 1 - equal);
      }
      case "f64.lt": return order(a, b, true);
      case "f64.le": return order(a, b, false);
      case "f64.gt": return order(b, a, true);
      case "f64.ge": return order(b, a, false);
      case "f64.add": return args[0] === args[1] ? floats.mul(a, ofNumber(2)) : floats.add(a, b);
      case "math.sign": return range(-1, 1, true, a.nan, a.negzero);
      case "i32.select": case "f64.select": return this.choice(args[0]!, args[1]!, args[2]!);
      default: return anyOf(result.type);
    }
  }

  /** y is x, converted to int32 and back: of whole numbers within int32 the same. */
  private isOwnTruncation(x: Value, y: Value): boolean {
    const index = y.def?.op === "f64.convert_i32_s" ? y.def.args[0]! : null;
    const r = index?.def?.op === "i32.trunc_sat_f64_s" && index.def.args[0] === x ? this.of(x) : null;
    return r !== null && r.int && !r.nan && r.lo >= -2147483648 && r.hi <= 2147483647;
  }

  /** Each side counts only as far as the condition lets it. */
  /** A side that is a choice itself (a clamp: `x < 0 ? 0 : x > 88 ? 88 : x`) is asked again, under the condition that leads there. */
  private choice(cond: Value, a: Value, b: Value, again = 1): Range {
    const side = (truth: boolean, v: Value): Range | null => {
      const mark = this.trail.length;
      let r = this.assume(cond, truth) ? this.here(v) : null;
      if (r && again > 0 && (v.def?.op === "f64.select" || v.def?.op === "i32.select")) r = meet(r, this.choice(...(v.def.args as [Value, Value, Value]), again - 1));
      this.undo(mark);
      return r;
    };
    const [x, y] = [side(true, a), side(false, b)];
    return x && y ? join(x, y) : x ?? y ?? anyOf(a.type);
  }

  private equality(a: Value, b: Value, yes: boolean): Range {
    const [x, y] = [this.of(a), this.of(b)];
    const answer = (equal: boolean): Range => (equal === yes ? ints(1, 1) : ints(0, 0));
    if (x.lo === x.hi && y.lo === y.hi && x.lo === y.lo) return answer(true);
    return x.hi < y.lo || y.hi < x.lo || this.relations.bound(a, b) < 0 || this.relations.bound(b, a) < 0 ? answer(false) : boolean;
  }
  /** a + gap ≤ b? */
  private relation(a: Value, b: Value, gap: number, unsigned: boolean): Range {
    const [x, y] = [this.of(a), this.of(b)];
    if (unsigned && (x.lo < 0 || y.lo < 0)) { // numbers from 2^31 on are above all others
      if (x.lo >= 0 && y.hi < 0) return ints(1, 1);
      if (x.hi < 0 && y.lo >= 0) return ints(0, 0);
      if (x.hi >= 0 || y.hi >= 0) return boolean;
    }
    if (x.hi + gap <= y.lo) return ints(1, 1);
    if (y.hi < x.lo + gap) return ints(0, 0);
    if (this.relations.bound(a, b) <= -gap) return ints(1, 1);
    return this.relations.bound(b, a) < gap ? ints(0, 0) : boolean;
  }
}

/** Whether a counter that was guessed to go up as far as int32 does has gone around: it may be left before that by a comparison of a sum, which wraps too then. */
const hasWrapped = (guessed: Range, next: Range): boolean => guessed.hi === 2147483647 && guessed.lo >= 0 && guessed.lo <= mostBytes && next.lo === -2147483648;

/** The operations whose result's range follows from the operands' ranges alone. */
const arithmetic: Partial<Record<string, (a: Range, b: Range) => Range>> = {
  "i32.mul": int32.mul, "i32.and": int32.and, "i32.or": int32.or, "i32.xor": int32.xor, "i32.shl": int32.shl, "i32.shr_s": int32.shr_s, "i32.shr_u": int32.shr_u,
  "i32.div_s": int32.div_s, "i32.rem_s": int32.rem_s, "i32.div_u": int32.div_u, "i32.rem_u": int32.rem_u,
  "i32.clz": () => ints(0, 32), "i32.ctz": () => ints(0, 32), "i32.extend8_s": int32.extend(8), "i32.extend16_s": int32.extend(16),
  "f64.sub": floats.sub, "f64.mul": floats.mul, "f64.div": floats.div, "f64.min": floats.min, "f64.max": floats.max, "f64.rem": floats.rem,
  "f64.neg": floats.neg, "f64.abs": floats.abs, "f64.sqrt": floats.sqrt, "f64.floor": floats.floor, "f64.ceil": floats.ceil, "f64.trunc": floats.trunc,
  "f64.nearest": floats.round, "math.round": floats.round,
  "f64.convert_i32_s": (a) => a, "f64.convert_i32_u": converts.unsigned, "i32.from_f64": converts.toInt32,
  "i32.trunc_sat_f64_s": converts.saturated, "i32.trunc_sat_f64_u": converts.saturatedUnsigned, "v128.any_true": () => boolean, "i8x16.bitmask": () => ints(0, 0xffff),
};

function order(a: Range, b: Range, strict: boolean): Range {
  if (strict ? a.lo >= b.hi : a.lo > b.hi) return ints(0, 0);
  return (strict ? a.hi < b.lo : a.hi <= b.lo) && !a.nan && !b.nan ? ints(1, 1) : boolean;
}
