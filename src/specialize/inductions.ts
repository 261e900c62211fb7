// What loops inside loops count on through is told by their own counters: a place in the output that each pixel of each row advances.
//
//   before  loop l (%o = 0.0, %y = 0.0) { if f64.lt %y, %h { %p, %x = loop m (%q = %o, %x = 0.0) { if f64.lt %x, 128.0 { … out[%q] …; br m (%q + 1) (%x + 1) } … } br l %p (%y + 1) } … }
//   after   loop l (%y = 0.0) { if f64.lt %y, %h { %o = f64.mul %y, 128.0; loop m (%x = 0.0) { if f64.lt %x, 128.0 { %q = f64.add %o, %x; … out[%q] …; br m (%x + 1) } … } br l (%y + 1) } … }
//
// Places are then rows and columns, whichever way they were written: they stay within int32, a row's are checked at once, rows do not meet.
//
// Requires: machine form, simplified, counters in doubles still. Guarantees: machine form, same bits: what is counted begins whole and not as −0, goes by whole
// steps, inner loops go round a known number of times, and all products are so small that they are exact.
// Source: Bachmann, Wang, Zima, "Chains of recurrences" (1994); van Engelen, "Efficient symbolic analysis for optimizing compilers" (2001).

import { constantOf } from "../ir/build.ts";
import type { Func, Instr, Loop, Program, Region, Value } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import { countedLoop } from "./counted.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

/** what counters and first places may be, and how much is gained in one iteration: their products and sums are exact; how deep a next value is followed */
const most = { place: 2 ** 31, gain: 2 ** 20, depth: 12 };

export function closeInductions(func: Func, program: Program, note: Note = () => {}): Func {
  if (!contentsOf(func).nests) return func;
  const closer = new Closer(func, program, note);
  return closer.forms.size === 0 ? func : closer.run();
}

/** first + times · (counter − from), the parameter's value in every iteration */
interface Form { readonly loop: Loop; readonly index: number; readonly counter: Value; readonly times: number; readonly from: number }

class Closer extends Rewriter {
  /** by parameter */
  readonly forms = new Map<Value, Form>();
  private readonly note: Note;
  private found: Ranges | undefined;
  private get ranges(): Ranges { return this.found ??= rangesOf(this.old, this.program); }

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    for (const loop of contentsOf(func).loops) loop.regions[0].params.forEach((param, index) => { if (!this.forms.has(param)) this.plan(loop, param, index); });
  }

  // ───────────────────────────────── which ─────────────────────────────────

  private plan(loop: Loop, param: Value, index: number): void {
    if (param.type !== "f64" || !this.isPlace(loop.args[index]!)) return;
    const inner: Form[] = [], gain = this.gainIn(loop, param, index, inner);
    if (gain === null || inner.length === 0) return;
    const own = this.form(loop, param, index, gain);
    if (own) for (const form of [own, ...inner]) this.forms.set(form.loop.regions[0].params[form.index]!, form);
  }
  private isPlace(v: Value): boolean {
    const { lo, hi, int, nan, negzero } = this.ranges.of(v);
    return int && !nan && !negzero && lo >= -most.place && hi <= most.place;
  }

  /** The parameter in terms of another that steps by a constant. */
  private form(loop: Loop, param: Value, index: number, gain: number): Form | null {
    for (const [at, counter] of loop.regions[0].params.entries()) {
      const from = constantOf(loop.args[at]!), step = counter === param || counter.type !== "f64" ? null : this.gainIn(loop, counter, at, null);
      if (step === null || step === 0 || gain % step !== 0 || typeof from !== "number" || !Number.isInteger(from) || !this.isPlace(counter)) continue;
      return { loop, index, counter, times: gain / step, from };
    }
    return null;
  }

  /** What the parameter gains in each iteration, whichever way it goes round. `inner`: where the forms of loops that take part are put; null where none may. */
  private gainIn(loop: Loop, param: Value, index: number, inner: Form[] | null): number | null {
    const brs = this.brs.get(loop.label) ?? [];
    const gains = brs.map(({ args }) => this.gain(args[index]!, param, inner, most.depth)), [gain] = gains;
    return gain === undefined || gain === null || Math.abs(gain) > most.gain || gains.some((g) => g !== gain) ? null : gain;
  }
  private gain(v: Value, param: Value, inner: Form[] | null, depth: number): number | null {
    if (v === param) return 0;
    const { def } = v;
    if (!def || depth === 0) return null;
    const of = (x: Value): number | null => this.gain(x, param, inner, depth - 1);
    const both = (x: number | null, y: unknown, sign: number): number | null => (x === null || typeof y !== "number" || !Number.isInteger(y) ? null : x + sign * y);
    switch (def.op) {
      case "f64.add": return both(of(def.args[0]!), constantOf(def.args[1]!), 1);
      case "f64.sub": return both(of(def.args[0]!), constantOf(def.args[1]!), -1);
      case "if": {
        const at = def.results.indexOf(v), ends = def.regions.flatMap(({ body }: Region) => { const end = body.at(-1)!; return end.op === "yield" ? [of(end.args[at]!)] : []; });
        return ends.length > 0 && ends.every((end) => end === ends[0]) ? ends[0]! : null;
      }
      case "loop": return inner && this.through(def, v, inner, of);
      default: return null;
    }
  }
  /** What a loop adds on the way through it. */
  private through(loop: Loop, result: Value, inner: Form[], of: (v: Value) => number | null): number | null {
    const end = loop.regions[0].body.at(-1)!, { params } = loop.regions[0];
    const index = end.op === "yield" ? params.indexOf(end.args[loop.results.indexOf(result)]!) : -1, trips = index < 0 ? null : tripsOf(loop);
    const before = trips === null ? null : of(loop.args[index]!), gain = before === null ? null : this.gainIn(loop, params[index]!, index, inner);
    const form = gain === null ? null : this.form(loop, params[index]!, index, gain);
    if (!form) return null;
    if (!inner.some((other) => other.loop === loop && other.index === index)) inner.push(form);
    return before! + gain! * trips!;
  }

  // ───────────────────────────────── what it becomes ─────────────────────────────────

  /** what a loop's parameters are added to, by parameter */
  private readonly bases = new Map<Value, Value>();

  /** The parameter itself is none any more. */
  protected override passed(to: Value, old: Value): Value { return this.forms.has(to) ? this.e.f64(0) : super.passed(to, old); }

  protected override loop(instr: Loop): boolean {
    for (const [index, param] of instr.regions[0].params.entries()) {
      const form = this.forms.get(param);
      if (!form) continue;
      this.note(instr.place, "a place that is counted", "a row and a column", "the loops' own counters tell it");
      const back = form.from * form.times;
      this.bases.set(param, back === 0 ? this.value(instr.args[index]!) : this.e.op("f64.sub", this.value(instr.args[index]!), this.e.f64(back)));
    }
    return super.loop(instr);
  }
  protected override enter(old: Region): void {
    for (const param of old.params) {
      const form = this.forms.get(param);
      if (form) this.bind(param, this.e.op("f64.add", this.bases.get(param)!, this.e.op("f64.mul", this.value(form.counter), this.e.f64(form.times))));
    }
  }
}

/** How often the loop goes round, where its test is the only way out and compares its counter with a constant; else null. */
function tripsOf(loop: Loop): number | null {
  const counted = countedLoop(loop, { loops: true, bails: true });
  if (typeof counted === "string") return null;
  const def: Instr | null = counted.cond.def, relation = def && /^f64\.(l|g)(t|e)$/.exec(def.op), limit = relation ? constantOf(def.args[1]!) : undefined;
  const counter = counted.counters.find(({ param }) => param === def?.args[0]), first = counter && constantOf(counter.first);
  if (!relation || typeof limit !== "number" || typeof first !== "number" || !Number.isInteger(first) || Math.abs(limit) > most.place || (counter!.step > 0) !== (relation[1] === "l")) return null;
  const way = (limit - first) / counter!.step;
  return Math.max(0, relation[2] === "t" ? Math.ceil(way) : Math.floor(way) + 1);
}
