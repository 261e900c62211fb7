// Arrays of the call's that are gone through beside a slow table are most likely as long as it: where they are, such short loops are written out.
//
//   loop l (%s = %bias, %k = 0) { if %k < %n { … if %k <u 4 {f64.load [%weights + %k]} else {nan} … f64.load [%x + %k] …; br l } yield %s }
//     →  if %n == 4 { %w0 · x[0] + …, straight code without checks; and all that follows }
//        else       { the loop, and all that follows, as it was }
//
// `%n` is a parameter (how long an array is), or was loaded (how long a row is); what follows is there twice, so that it is asked once for all such
// loops. What a table's constants meet in straight code is done side by side, where each of many short loops waited for its own sum.
//
// Requires: machine form, after hoist.ts (how long a row is stands before the loops). Guarantees: machine form, the same bits: iterations in their order.

import { constantOf, regionsOf } from "../ir/build.ts";
import { memoryOps } from "../ir/ops.ts";
import { RegionNode, ValueNode } from "../ir/nodes.ts";
import type { Func, If, Instr, Loop, Machine, Memory, Program, Region, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { visit } from "./flow.ts";
import { IterationWriter, type Tested } from "./iterations.ts";
import type { Note } from "./notes.ts";
import type { Scalar } from "./tables.ts";
import { readers } from "./tables.ts";

/** iterations that are written out, and instructions of one loop's; of what is there twice; and of all that is written more */
const limits = { turns: 24, written: 600, copied: 1500, growth: 6000 };

export function expectLengths(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const expecter = new Expecter(func, program, note);
  return expecter.expects ? expecter.run() : func;
}

/** What a value is expected to be, for how many instructions more. */
interface Expected { readonly value: Value; readonly length: number }
/** What is asked behind an instruction of a region, or (−1) at its beginning. */
interface Question { readonly at: number; readonly asked: readonly Expected[] }

class Expecter extends IterationWriter {
  private readonly loops = new Map<Loop, Tested>();
  private readonly questions = new Map<Region, Question>();
  /** the arms of what is asked: what holds there */
  private readonly known = new Map<Region, readonly (readonly [Value, Value])[]>();
  private readonly note: Note;
  private nextOld: number;

  constructor(func: Func, program: Program, note: Note) {
    super(func, program);
    this.note = note;
    this.nextOld = func.nextId;
    this.ask();
  }
  get expects(): boolean { return this.questions.size > 0; }

  // ───────────────────────────────── what is expected ─────────────────────────────────

  private ask(): void {
    const lengths = new Map<Value, { length: number; growth: number }>();
    for (const loop of contentsOf(this.old).loops) {
      const found = this.lengthFor(loop);
      if (!found) continue;
      const { tested, length } = found, known = lengths.get(tested.limit), growth = tested.size * length;
      if (known && known.length !== length) { if (known.length < length) continue; known.length = length; known.growth = 0; }
      this.loops.set(loop, tested);
      if (known) known.growth += growth; else lengths.set(tested.limit, { length, growth });
    }
    if (lengths.size === 0) return;
    let left = limits.growth;
    const take = (region: Region, at: number, values: readonly Value[]): void => {
      const asked = values.flatMap((value) => { const found = lengths.get(value); return found ? [{ value, ...found }] : []; });
      if (asked.length === 0) return;
      let copied = 0;
      for (const instr of region.body.slice(at + 1)) visit({ params: [], body: [instr] }, () => { copied++; });
      const growth = asked.reduce((sum, one) => sum + one.growth, copied);
      if (copied > limits.copied || growth > left) return;
      left -= growth;
      this.questions.set(region, { at, asked });
    };
    take(this.old.body, -1, this.old.params);
    const look = (region: Region): void => {
      // of several rows' lengths the last: where that is known all are
      const at = region.body.findLastIndex((instr) => instr.op === "i32.load" && lengths.has(instr.results[0]!));
      if (at >= 0 && !this.questions.has(region)) take(region, at, region.body.slice(0, at + 1).flatMap((instr) => (instr.op === "i32.load" ? instr.results : [])));
      for (const instr of region.body) if ("regions" in instr) for (const inner of instr.regions as readonly Region[]) look(inner);
    };
    look(this.old.body);
  }

  /** A loop from 0 in ones up to what is no constant, which looks at places of a short table: how long that is. */
  private lengthFor(loop: Loop): { readonly tested: Tested; readonly length: number } | null {
    if (loop.notes?.unroll !== undefined || loop.notes?.role !== undefined) return null;
    const tested = this.testedBy(loop);
    if (!tested || constantOf(tested.limit) !== undefined) return null;
    const { limit, counter, nexts, size } = tested;
    if (constantOf(loop.args[loop.regions[0].params.indexOf(counter)]!) !== 0 || !nexts.every((next) => next.def?.op === "i32.add" && next.def.args[0] === counter && constantOf(next.def.args[1]!) === 1)) return null;
    if (limit.def !== null ? limit.def.op !== "i32.load" : !this.old.params.includes(limit)) return null;
    let length = 0;
    visit(loop.regions[0], (instr) => {
      if (instr.op !== "i32.lt_u" || instr.args[0] !== counter) return;
      const by = constantOf(instr.args[1]!);
      if (typeof by === "number") length = Math.max(length, by);
    });
    return length >= 1 && length <= limits.turns && length * size <= limits.written ? { tested, length } : null;
  }

  // ───────────────────────────────── the rewriting ─────────────────────────────────

  protected override walk(old: Region, way: Parameters<IterationWriter["walk"]>[1], from = 0): Value[] | null {
    const question = this.questions.get(old);
    if (!question || from > question.at + 1) return super.walk(old, way, from);
    return super.walk(this.asking(old, question), way, from);
  }

  /** The region with what follows the question in both arms of an `if`. */
  private readonly made = new Map<Region, Region>();
  private asking(old: Region, { at, asked }: Question): Region {
    const known = this.made.get(old);
    if (known) return known;
    const rest = old.body.slice(at + 1), end = rest.at(-1)!;
    const arm = (holds: (one: Expected) => Value): Region => {
      const region = new RegionNode([]);
      region.body.push(...rest);
      this.known.set(region, asked.map((one) => [one.value, holds(one)] as const));
      return region;
    };
    const results = end.op === "yield" ? end.args.map((a) => new ValueNode(this.nextOld++, a.type, a.name)) : [];
    const conds: Value[] = [], prefix: Instr[] = old.body.slice(0, at + 1);
    const add = (op: "i32.eq" | "i32.and", args: Value[]): Value => {
      const result = new ValueNode(this.nextOld++, "i32", undefined), instr: Machine = { op, args, results: [result] };
      result.def = instr;
      prefix.push(instr);
      return result;
    };
    for (const { value, length } of asked) conds.push(add("i32.eq", [value, this.e.i32(length)]));
    const cond = conds.reduce((a, b) => add("i32.and", [a, b]));
    const question: If = { op: "if", args: [cond], results, regions: [arm(({ length }) => this.e.i32(length)), arm(({ value }) => value)] };
    const made = new RegionNode(old.params);
    made.body.push(...prefix, question);
    made.body.push(end.op === "yield" ? { ...end, args: results } : end); // the arms have it too, and never come to it
    this.made.set(old, made);
    return made;
  }

  /** what the values were before the question: of a known answer one arm alone is written, either one */
  private readonly before = new Map<Value, Value>();
  protected override condition(instr: If): Value {
    for (const [value] of this.known.get(instr.regions[0]) ?? []) this.before.set(value, this.value(value));
    return super.condition(instr);
  }
  protected override enter(old: Region): void {
    for (const [value, now] of this.known.get(old) ?? []) this.bind(value, now === value ? this.before.get(value)! : now);
  }

  /** loops that are being written out */
  private writing = 0;
  /** Elements of tables at constant places are constants: what is made of them alone is, too. */
  protected override memory(instr: Memory): void {
    const number = this.writing > 0 ? this.elementOf(instr) : undefined;
    if (number === undefined) super.memory(instr); else this.bind(instr.results[0]!, this.e.const(memoryOps[instr.op].type, number));
  }
  private elementOf({ op, args: [base, place], offset, scale, results: [result] }: Memory): Scalar | undefined {
    const read = readers[op], segment = base!.def?.op === "data.addr" ? this.program.data[base!.def.segment]! : undefined;
    if (!read || !result || !segment || segment.varies) return undefined;
    const index = constantOf(this.value(place!));
    if (typeof index !== "number") return undefined;
    const at = index * 2 ** scale + offset, { bytes } = segment;
    return at >= 0 && at + memoryOps[op].bytes <= bytes.length ? read(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at) : undefined;
  }

  private forget({ params, body }: Region): void {
    for (const v of [...params, ...body.flatMap(({ results }) => results)]) this.map[v.id] = undefined;
    for (const instr of body) regionsOf(instr).forEach((region) => { this.forget(region); });
  }
  protected override loop(instr: Loop): boolean {
    const tested = this.loops.get(instr), turns = tested && constantOf(this.value(tested.limit));
    if (!tested || typeof turns !== "number") {
      this.forget(instr.regions[0]); // an arm before has them as what they are there: what a loop carries would be thought never to change
      return super.loop(instr);
    }
    this.note(instr.place, "a loop", `${turns} iterations written out`, "where the array is as long as the table that is looked at");
    const { params, body } = instr.regions[0];
    this.bindAll(params, this.inits(instr));
    this.writing++;
    for (let k = 0; k < turns; k++) {
      const next = this.iteration(instr, tested);
      if (next === null) { this.writing--; return false; }
      this.bindAll(params, next);
    }
    this.writing--;
    for (const inner of body.slice(0, tested.at)) this.instruction(inner);
    const values = this.walk(instr.regions[0], { to: instr.results, tail: null, rest: null, trivial: true }, tested.at + 1);
    if (values) this.bindAll(instr.results, values);
    return values !== null;
  }
}
