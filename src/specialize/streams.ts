// Pointers that stream through slow tables, which say themselves how far it is to the next record, are told by how many records there were before:
// filters of a resizing, runs, rows of a sparse matrix.
//
//   before  loop l (%p = 0, %x = 0) { if %x < 90 { %n = [%table + %p]; %q = loop m (%q = %p + 1, %k = %n) { if %k > 0 { … [%table + %q] …; br m %q + 1, %k − 1 } yield %q } br l %q, %x + 1 } … }
//   after   loop l (%x = 0) { if %x < 90 { %n = [%counts + %x]; %q₀ = [%places + %x]; loop m (%j = 0) { if %j < %n { … [%table + %q₀ + %j] …; br m %j + 1 } … } br l %x + 1 } … }
//
// Inner loops count then, as often as a number says that is there before them, each record may be done without the one before it, and what was asked
// of places in the tables is known: the loop's control has been carried out ahead of time (foreseen.ts).
//
// Requires: machine form, simplified, counters in doubles still. Guarantees: machine form, same bits: what takes the place of a carried value is the
// number that it was, exactly. Loops are taken whose control hangs on elements of constant tables, of a few thousand iterations at most.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps } from "../ir/ops.ts";
import type { Func, If, Instr, Loop, Machine, Memory, Program, Region, Space, Value } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { definedIn, visit } from "./flow.ts";
import { foresee, testedLoop, waysRound, type Foreseen, type Row } from "./foreseen.ts";
import type { Note } from "./notes.ts";
import { Rewriter } from "./rewrite.ts";
import { Segments } from "./segments.ts";
import { Tables, type Scalar, type Table } from "./tables.ts";

/** The tables, and where they are. */
export const streamed = new Segments();
export const streamedSpace: Space = { name: "streamed", origin: "data", element: "u8", mayOverlap: [], written: false };

/** tables of a function */
const most = { tables: 32 };

export function followStreams(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0 || !program.data.some(({ varies }) => !varies)) return func;
  const follower = new Follower(func, { ...program, spaces: [...program.spaces, streamedSpace] }, new Tables(program, streamed, program.spaces.length), note);
  for (const loop of contentsOf(func).loops.toReversed()) follower.plan(loop, program); // inner ones first
  return follower.streams.size === 0 ? func : follower.run();
}

/** `counter`: the carried value that counts the iterations from 0, or takes over to do so; `own`: it does already. `leaves`: the loop is left where the test holds. */
interface Counting { readonly test: If; readonly leaves: boolean; readonly counter: Value; readonly own: boolean }
interface Stream extends Counting {
  readonly foreseen: Foreseen;
  /** the number of the first iteration that is left where it is asked */
  readonly trips: number;
  /** carried values that the iteration's number tells */
  readonly told: ReadonlySet<Value>;
}
/** A loop inside one: what its carried values begin with and step by. */
interface Run extends Counting { readonly stream: Stream; readonly trips: readonly number[]; readonly told: ReadonlyMap<Value, { readonly first: Row; readonly step: number }> }

const isInt32 = (x: Scalar): x is number => typeof x === "number" && (x | 0) === x && !Object.is(x, -0);
const places = (row: Row): boolean => row.every(isInt32);
/** Whether the numbers go by one step from the first on. */
function stepOf(row: Row): number | null {
  const numbers = row as readonly number[], first = numbers[0], second = numbers[1];
  if (first === undefined || second === undefined) return null;
  const step = second - first;
  for (let i = 0; i < numbers.length; i++) if (numbers[i] !== first + i * step) return null;
  return step;
}

class Follower extends Rewriter {
  readonly streams = new Map<Loop, Stream>();
  private readonly runs = new Map<Loop, Run>();
  /** loops that hold one which is taken */
  private readonly around = new Set<Loop>();
  private readonly same = new Map<Value, Scalar>();
  /** by a test, the loop's number and how often it holds */
  private readonly tests = new Map<Instr, { readonly counting: Counting; readonly trips: Value }>();
  /** elements of the old tables that the iteration's number tells */
  private readonly loads = new Map<Instr, { readonly stream: Stream; readonly row: Row }>();
  private readonly tables: Tables;
  private readonly made = new Map<string, Table>();
  private readonly note: Note;

  constructor(func: Func, program: Program, tables: Tables, note: Note) {
    super(func, program);
    this.tables = tables;
    this.note = note;
  }

  // ───────────────────────────────── which ─────────────────────────────────

  plan(loop: Loop, program: Program): void {
    const steered = this.around.has(loop) || loop.notes?.calls !== undefined ? null : steeredBy(loop), foreseen = steered && foresee(loop, program.data, steered);
    if (!foreseen || foreseen.trips < 2) return;
    const brs = waysRound(loop), tested = testedLoop(loop), test = tested?.test ?? leavingTest(loop, foreseen);
    if (!test) return;
    const { params } = loop.regions[0], { rows } = foreseen;
    const steps = (p: Value, i: number): boolean => brs.every(({ args }) => isStep(args[i]!, p));
    const isOwn = (p: Value): boolean => { const row = rows.get(p); return row?.[0] === 0 && places(row) && stepOf(row) === 1 && steps(p, params.indexOf(p)); };
    const told = params.filter((p, i) => p.type === "f64" && places(rows.get(p) ?? [-0]) && !steps(p, i));
    const counter = params.find((p) => p.type === "f64" && isOwn(p)) ?? told[0];
    if (!counter) return;
    const trips = foreseen.trips + (tested && foreseen.jumps ? 1 : 0); // the test holds once more where it is not what ends the loop
    const stream: Stream = { test, leaves: tested === null, foreseen, trips, counter, own: isOwn(counter), told: new Set(told) };
    const inner: [Loop, Run][] = [];
    for (const [l, { trips, firsts, steps }] of foreseen.inner) {
      const own = testedLoop(l), all = l.regions[0].params;
      if (!own) continue;
      const known = new Map<Value, { first: Row; step: number }>();
      all.forEach((p, i) => {
        const first = firsts[i], step = steps[i];
        if (p.type === "f64" && first && step && places(first) && Number.isInteger(step) && trips.every((n, t) => isInt32((first[t] as number) + n * step))) known.set(p, { first, step });
      });
      const counts = all.find((p) => known.get(p)?.step === 1 && known.get(p)!.first.every((x) => x === 0)) ?? [...known.keys()][0];
      const varies = (v: Value): boolean => constantOf(l.args[all.indexOf(v)]!) === undefined;
      if (counts && (stepOf(trips) !== 0 || [...known.keys()].some(varies))) inner.push([l, { test: own.test, leaves: false, stream, counter: counts, own: false, trips, told: known }]);
    }
    const questions: Value[] = [];
    visit(loop.regions[0], (instr) => { if (instr.op === "if" && foreseen.same.has(instr.args[0]!)) questions.push(instr.args[0]!); });
    if (told.length === 0 && inner.length === 0 && questions.length === 0) return;

    this.streams.set(loop, stream);
    for (const [l, run] of inner) this.runs.set(l, run);
    for (const [v, x] of foreseen.same) this.same.set(v, x);
    visit(loop.regions[0], (instr) => {
      const row = isMemoryOp(instr.op) && !memoryOps[instr.op].store ? rows.get(instr.results[0]!) : undefined, at = row && rows.get(instr.args[1]!);
      if (row && at && stepOf(at) === null) this.loads.set(instr, { stream, row });
    });
    visit(this.old.body, (outer) => { if (outer.op === "loop" && definedIn(outer).inside.has(params[0]!)) this.around.add(outer); });
  }

  // ───────────────────────────────── what it becomes ─────────────────────────────────

  /** A number for each iteration: by a step, or from a table. */
  private at(row: Row, type: Value["type"], stream: Stream, name: string | undefined): Value {
    const { e } = this, whole = type !== "f32" && places(row), step = whole ? stepOf(row) : null, number = this.numbers.get(stream)!;
    const place = (v: Value): Value => (type === "i32" ? e.op("i32.trunc_sat_f64_s", v) : v);
    if (step !== null) return place(step === 0 ? e.f64(row[0] as number) : e.op("f64.add", e.f64(row[0] as number), e.op("f64.mul", number, e.f64(step))));
    const kind = whole ? "i32" : type;
    let last = row.find((x) => x !== undefined)!; // where an iteration does not define it, nobody asks
    const values = Array.from({ length: Math.max(row.length, stream.foreseen.trips) }, (_, i) => (last = row[i] ?? last));
    const key = `${kind} ${values.map((x) => (Object.is(x, -0) ? "-0" : x)).join()}`;
    let table = this.made.get(key);
    if (!table) this.made.set(key, table = this.tables.add(name ?? "streamed", values, kind));
    const element = table.constant !== null ? e.const(kind, table.constant) : this.tables.load(e, table, e.op("i32.trunc_sat_f64_s", number), 0);
    return kind === type ? element : e.op("f64.convert_i32_s", element);
  }
  private isFull(): boolean { return this.made.size >= most.tables; }

  protected override operation(instr: Machine): Value {
    const same = this.same.get(instr.results[0]!);
    return same === undefined ? super.operation(instr) : this.e.const(instr.results[0]!.type, same);
  }
  protected override memory(instr: Memory): void {
    const known = this.loads.get(instr), result = instr.results[0];
    const same = result && this.same.get(result);
    if (same !== undefined) this.bind(result!, this.e.const(result!.type, same));
    else if (known && !this.isFull()) this.bind(result!, this.at(known.row, result!.type, known.stream, result!.name));
    else super.memory(instr);
  }
  protected override condition(instr: If): Value {
    const own = this.tests.get(instr);
    return own ? this.e.op(own.counting.leaves ? "f64.ge" : "f64.lt", this.numbers.get(own.counting)!, own.trips) : super.condition(instr);
  }

  /** the iteration's number */
  private readonly numbers = new Map<Counting, Value>();

  /** what begins another way, or goes on so, since its number tells it */
  private readonly counting = new Map<Value, Counting>();
  private readonly dropped = new Set<Value>();
  protected override passed(to: Value, old: Value): Value {
    const counting = this.counting.get(to), number = counting && this.numbers.get(counting);
    if (counting) return number ? this.e.op("f64.add", number, this.e.f64(1)) : this.e.f64(0);
    return this.dropped.has(to) ? this.e.f64(0) : super.passed(to, old);
  }

  private readonly entered = new Map<Region, () => void>();
  protected override enter(old: Region): void { this.entered.get(old)?.(); }

  protected override loop(instr: Loop): boolean {
    const stream = this.streams.get(instr), run = this.runs.get(instr), counting = stream ?? run;
    if (!counting) return super.loop(instr);
    const region = instr.regions[0], { e } = this;
    this.note(instr.place, "a loop that a slow table steers", "one that counts", "what is in the table is known: how often it goes round, and where it is then");
    if (!counting.own) this.counting.set(counting.counter, counting);
    for (const p of counting.told.keys()) if (p !== counting.counter) this.dropped.add(p);
    // what an inner loop begins with is computed before it
    const firsts = run ? [...run.told].map(([p, { first, step }]) => ({ p, step, first: this.at(first, "f64", run.stream, p.name) })) : [];
    const cond = counting.test.args[0]!.def, isTold = counting.own && cond?.op === "f64.lt" && cond.args[0] === counting.counter;
    if (!isTold) this.tests.set(counting.test, { counting, trips: run ? this.at(run.trips, "f64", run.stream, "trips") : e.f64(stream!.trips) });
    this.entered.set(region, () => {
      const number = this.value(counting.counter);
      this.numbers.set(counting, number);
      if (stream) for (const p of stream.told) this.bind(p, this.at(stream.foreseen.rows.get(p)!, "f64", stream, p.name));
      else for (const { p, step, first } of firsts) this.bind(p, e.op("f64.add", first, e.op("f64.mul", number, e.f64(step))));
    });
    const reached = super.loop(instr);
    this.numbers.delete(counting);
    return reached;
  }
}

/** Whether it is what it was and a constant. */
const isStep = (next: Value, param: Value): boolean => next === param || next.def?.op === "f64.add" && next.def.args[0] === param && constantOf(next.def.args[1]!) !== undefined;

/** Of a loop that goes round at its end, the `if` that leaves it: its condition holds behind the last iteration, and never before. */
function leavingTest({ label, regions: [{ body }] }: Loop, { trips, rows }: Foreseen): If | null {
  const end = body.at(-1)!;
  if (end.op !== "br" || end.label !== label) return null;
  return body.find((instr): instr is If => {
    const row = instr.op === "if" && instr.regions[0].body.at(-1)!.op === "br" ? rows.get(instr.args[0]!) : undefined;
    return row?.length === trips + 1 && row.every((x, t) => (t < trips ? x === 0 : x !== 0));
  }) ?? null;
}

/** What is computed of elements of constant tables in the loop; null where no test is. Again only where what is carried turns out to be. */
function steeredBy(loop: Loop): ReadonlySet<Value> | null {
  if (!loop.args.some((v) => constantOf(v) !== undefined)) return null;
  const from = new Set<Value>(), loops: Loop[] = [];
  const given = (to: readonly Value[], args: readonly Value[]): void => { args.forEach((v, i) => { if (from.has(v)) from.add(to[i]!); }); };
  const look = (instr: Instr): void => {
    if (isMemoryOp(instr.op)) { if (!memoryOps[instr.op].store && instr.args[0]!.def?.op === "data.addr") from.add(instr.results[0]!); }
    else if (isMachineOp(instr.op)) { if (instr.args.some((v) => from.has(v))) from.add(instr.results[0]!); }
    else if (instr.op === "if" || instr.op === "loop" || instr.op === "block") {
      if (instr.op === "loop") given(instr.regions[0].params, instr.args);
      for (const { body } of instr.regions) { body.forEach(look); const end = body.at(-1)!; if (end.op === "yield") given(instr.results, end.args); }
    }
  };
  look(loop);
  visit({ params: [], body: [loop] }, (instr) => { if (instr.op === "loop") loops.push(instr); });
  for (let before = -1; before < from.size;) {
    before = from.size;
    for (const l of loops) for (const br of waysRound(l)) given(l.regions[0].params, br.args);
    if (from.size > before) look(loop);
  }
  return loops.some((l) => { const tested = testedLoop(l); return tested !== null && from.has(tested.test.args[0]!); }) ? from : null;
}
