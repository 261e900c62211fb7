// Loops that do the same with other numbers, one behind the other, become one loop that does them side by side, in lanes: what an unrolled loop around
// a sum leaves (the neurons of a layer, the rows of a slow matrix, the machines of a committee).
//
//   before  %s = loop (%i = 0, %a = 1.0) { if %i < %n { … f64.add %a (f64.mul (load [%row0 + %i]) (load [%x + %i])) …
//           %t = loop (%i = 0, %a = 2.0) { if %i < %n { … f64.add %a (f64.mul (load [%row1 + %i]) (load [%x + %i])) …
//   after   %v = loop (%i = 0, %a = (1.0, 2.0)) { if %i < %n { … f64x2.add %a (f64x2.mul (load [%rows + 2·%i]) (splat (load [%x + %i]))) …
//           %s = lane 0 of %v;  %t = lane 1
//
// In each lane operations keep their order, so sums of doubles keep their roundings. Slow tables, of which every loop has its own, go into one whose
// rows are the iterations. What stands between the loops may store where they do not load; what a later loop needs beforehand is computed before them all.
//
// Requires: machine form, invariants hoisted, checks gone. Guarantees: machine form, same bits.
// Source: fusion of loops side by side (Kennedy, McKinley 1993), then superwords across them (Larsen, Amarasinghe 2000).

import { constantOf } from "../../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops, type MemoryOp } from "../../ir/ops.ts";
import type { Data, DataAddress, Func, Instr, Loop, Machine, Memory, Program, Region, Value } from "../../ir/types.ts";
import { contentsOf } from "../analyses.ts";
import { Made } from "../made.ts";
import { mayLeave, visit } from "../flow.ts";
import { extractLane, joinLanes, LaneTools } from "../lanes.ts";
import { mayTouch, Rewriter, writesOf, yields } from "../rewrite.ts";
import { Segments } from "../segments.ts";
import { countedLoop, type Counted, type Counter } from "../counted.ts";
import { remember, type LoopNote } from "./notes.ts";
import { laneForms } from "./table.ts";
import { readers } from "../tables.ts";

/** accumulators side by side, which registers have to hold; instructions of an iteration, and how far loops are apart; rows and bytes of a table */
const most = { accumulators: 16, size: 40, apart: 512, rows: 4096, bytes: 1 << 18 };
const lanes = 2;

export const abreastTables = new Segments();

export function joinAbreast(func: Func, program: Program): Func {
  if (contentsOf(func).loops.length < 2) return func;
  const planner = new Planner(func, program);
  planner.region(func.body);
  if (planner.groups.size === 0) return func;
  const joiner = new Joiner(func, program, planner.groups), made = joiner.run();
  remember(made, joiner.notes);
  return made;
}

/** A loop that may go beside others: it only loads and computes, and carries a counter, sums of doubles and what these were an iteration before. */
interface Runner extends Counted { readonly counter: Counter; readonly limit: Value; readonly work: readonly Instr[] }

/** What an instruction of the first loop becomes. `by`: what is added to the index, in each loop. */
type Way =
  | { readonly way: "uniform" } | { readonly way: "lanes" }
  | { readonly way: "index"; readonly by: readonly number[] }
  | { readonly way: "table"; readonly segment: number; readonly space: number; readonly row: number }
  | { readonly way: "rows"; readonly rows: readonly Rows[] }
  | { readonly way: "neighbours" };
/** Of one loop: the element of its table in each iteration. */
interface Rows { readonly data: Data; readonly load: MemoryOp; readonly from: number; readonly convert: ((x: never) => number | bigint) | null }
interface Group { readonly runners: readonly Runner[]; readonly ways: ReadonlyMap<Instr, Way>; readonly moved: readonly Instr[] }

// ───────────────────────────────── which loops ─────────────────────────────────

class Planner {
  /** by their first loop */
  readonly groups = new Map<Loop, Group>();
  private readonly taken = new Set<Loop>();
  private readonly known = new Map<Loop, Runner | null>();
  private readonly program: Program;
  private readonly made: Made;
  constructor(func: Func, program: Program) { this.program = program; this.made = new Made(func, program); }

  private runnerOf(loop: Loop): Runner | null {
    let runner = this.known.get(loop);
    if (runner === undefined) this.known.set(loop, runner = runnerOf(loop));
    return this.taken.has(loop) ? null : runner;
  }

  region({ body }: Region): void {
    body.forEach((instr, at) => {
      if (!("regions" in instr)) return;
      const first = instr.op === "loop" ? this.runnerOf(instr) : null;
      if (first) this.from(first, body, at);
      else instr.regions.forEach((inner) => { this.region(inner); });
    });
  }

  private from(first: Runner, body: readonly Instr[], at: number): void {
    const runners = [first], moved = new Set<Instr>(), between = new Set<Value>(first.loop.results), stores: Region = { params: [], body: [] };
    let leaves = false;
    for (let i = at + 1; i < Math.min(body.length, at + most.apart) && (runners.length + 1) * (first.loop.regions[0].params.length - 1) <= most.accumulators; i++) {
      const instr = body[i]!, runner = instr.op === "loop" ? this.runnerOf(instr) : null;
      if (runner && isAlike(first, runner)) {
        const early = this.early(runner, between, stores, moved, leaves);
        if (early) { runners.push(runner); early.forEach((e) => moved.add(e)); }
      }
      if (instr.op === "call") break;
      stores.body.push(instr);
      leaves ||= mayLeave(instr);
      instr.results.forEach((r) => between.add(r));
    }
    if (runners.length < 2) return;
    const ways = new Ways(this.program, runners, leaves).found;
    if (!ways) return;
    this.groups.set(first.loop, { runners, ways, moved: [...moved] });
    runners.forEach(({ loop }) => this.taken.add(loop));
  }

  /** What has to be computed before the first loop for this one to go beside it; null where that can't be. */
  private early(runner: Runner, between: ReadonlySet<Value>, stores: Region, moved: ReadonlySet<Instr>, leaves: boolean): readonly Instr[] | null {
    const writes = writesOf(stores), found = new Set<Instr>();
    const loads = (instr: Instr): boolean => isMemoryOp(instr.op) && !memoryOps[instr.op].store && (!mayTouch(this.program, writes, (instr as Memory).space) || this.isElsewhere(instr as Memory, stores));
    const reach = (v: Value): boolean => {
      if (!between.has(v) || moved.has(v.def!) || found.has(v.def!)) return true;
      const def = v.def!, pure = isMachineOp(def.op) && ops[def.op].effect === "none" || def.op === "data.addr" || !leaves && loads(def);
      if (!pure || !def.args.every(reach)) return false;
      found.add(def);
      return true;
    };
    const needed = [...runner.loop.args, ...[runner.cond.def!, ...runner.work].flatMap((instr) => instr.args.filter((v) => !runner.inside(v)))];
    return runner.work.every((instr) => !isMemoryOp(instr.op) || loads(instr)) && needed.every(reach) ? [...found] : null;
  }
  /** Whether all that is stored there goes to other arrays than the one that is loaded from. */
  private isElsewhere(load: Memory, stores: Region): boolean {
    let elsewhere = true;
    visit(stores, (instr) => {
      if (elsewhere && "space" in instr && !(isMemoryOp(instr.op) && !memoryOps[instr.op].store) && mayTouch(this.program, new Set([instr.space]), load.space)) elsewhere = isMemoryOp(instr.op) && this.made.apart(instr.args[0]!, load.args[0]!);
      elsewhere &&= instr.op !== "call";
    });
    return elsewhere;
  }
}

function runnerOf(loop: Loop): Runner | null {
  const counted = countedLoop(loop), { params } = loop.regions[0];
  if (typeof counted === "string" || counted.exits.some((v) => !params.includes(v)) || !params.every((p) => p.type === "i32" || p.type === "f64")) return null;
  const { cond, pre, br, body, inside } = counted, def = cond.def, counter = counted.counters.find((c) => c.param === def?.args[0]);
  const work = body.body.slice(0, -1);
  if (def?.op !== "i32.lt_s" || pre.some((instr) => instr !== def) || !counter || counter.step !== 1 || inside(def.args[1]!) || work.length > most.size) return null;
  const first = constantOf(counter.first);
  if (typeof first !== "number" || first < 0 || params.filter((p) => p.type === "i32").length !== 1) return null;
  const adds = params.every((p, i) => p.type === "i32" || params.includes(br.args[i]!) || /^f64\.(?:add|sub|mul|div)$/.test(br.args[i]!.def?.op ?? "")); // the least and greatest have lanes of their own
  return adds && work.every((instr) => !("regions" in instr)) ? { ...counted, counter, limit: def.args[1]!, work } : null;
}

const isSame = (x: Value, y: Value): boolean => x === y || x.def?.op === "const" && y.def?.op === "const" && x.type === y.type && Object.is(x.def.value, y.def.value)
  || x.def?.op === "data.addr" && y.def?.op === "data.addr" && x.def.segment === y.def.segment;

/** Whether the loops do the same operations, equally often. */
function isAlike(a: Runner, b: Runner): boolean {
  const [p, q] = [a.loop.regions[0].params, b.loop.regions[0].params];
  if (p.length !== q.length || a.counter.index !== b.counter.index || a.work.length !== b.work.length || !isSame(a.limit, b.limit) || !isSame(a.counter.first, b.counter.first)) return false;
  const twin = new Map(p.map((v, i) => [v, q[i]!]));
  const agree = (x: Value, y: Value): boolean => x.type === y.type && (a.inside(x) ? twin.get(x) === y : !b.inside(y));
  return p.every((v, i) => v.type === q[i]!.type) && a.work.every((instr, i) => {
    const other = b.work[i]!;
    if (instr.op !== other.op || instr.args.length !== other.args.length || !instr.args.every((v, k) => agree(v, other.args[k]!))) return false;
    if (isMemoryOp(instr.op) && (instr as Memory).scale !== (other as Memory).scale) return false;
    if (instr.results[0]) twin.set(instr.results[0], other.results[0]!);
    return true;
  }) && a.br.args.every((v, i) => agree(v, b.br.args[i]!));
}

// ───────────────────────────────── what becomes of their instructions ─────────────────────────────────

class Ways {
  readonly found: ReadonlyMap<Instr, Way> | null;
  private readonly ways = new Map<Instr, Way>();
  private readonly program: Program;
  private readonly first: Runner;
  private readonly tables: Data[] = [];
  private readonly leaves: boolean;

  constructor(program: Program, runners: readonly Runner[], leaves: boolean) {
    this.program = program;
    this.leaves = leaves;
    this.first = runners[0]!;
    const all = this.first.work.every((instr, i) => {
      const way = this.wayOf(instr, runners.map(({ work }) => work[i]!));
      if (way) this.ways.set(instr, way);
      return way !== null;
    });
    this.found = all && this.first.br.args.every((v, i) => (i === this.first.counter.index ? this.isUniform(v) : ["lanes", "carried"].includes(this.wayOfValue(v)))) ? this.ways : null;
    if (!this.found) return;
    for (const table of this.tables) abreastTables.add(program, table);
  }

  private wayOfValue(v: Value): Way["way"] | "outside" | "carried" {
    if (!this.first.inside(v)) return "outside";
    return v.def ? this.ways.get(v.def)!.way : "carried";
  }
  /** Whether a value that the first loop defines is the same in all. */
  private isUniform(v: Value): boolean { return v === this.first.counter.param || v.def !== null && this.ways.get(v.def)?.way === "uniform"; }

  private wayOf(instr: Instr, all: readonly Instr[]): Way | null {
    const alike = instr.args.every((v, k) => (this.first.inside(v) ? this.isUniform(v) : all.every((other) => isSame(other.args[k]!, v))));
    if (isMemoryOp(instr.op)) {
      if (memoryOps[instr.op].store) return null;
      return alike && all.every((other) => (other as Memory).offset === (instr as Memory).offset) ? { way: "uniform" } : this.load(all as readonly Memory[]);
    }
    if (!isMachineOp(instr.op)) return null;
    const row = ops[instr.op], [x, y] = instr.args;
    if (alike) return row.effect === "none" ? { way: "uniform" } : null;
    if (instr.op === "i32.add" && x === this.first.counter.param) {
      const by = all.map((other) => constantOf(other.args[1]!));
      return by.every((c): c is number => typeof c === "number") ? { way: "index", by } : null;
    }
    const from = x?.def && this.first.inside(x) ? this.ways.get(x.def) : undefined;
    if (from?.way === "rows" && y === undefined && row.result === "f64" && row.fold) return this.table(from.rows.map((r) => ({ ...r, convert: row.fold! })), all);
    const isDouble = instr.op.startsWith("f64.") && row.result === "f64" && row.args.every((type) => type === "f64") && laneForms[instr.op] !== undefined;
    return isDouble && instr.args.every((v) => this.wayOfValue(v) !== "index" && this.wayOfValue(v) !== "rows") ? { way: "lanes" } : null;
  }

  private load(all: readonly Memory[]): Way | null {
    const [first] = all as [Memory], { bytes, type } = memoryOps[first.op], [base, index] = first.args as [Value, Value];
    const way = index.def && this.first.inside(index) ? this.ways.get(index.def) : undefined;
    if (index !== this.first.counter.param && way?.way !== "index") return null;
    const offsets = all.map(({ offset, scale }, k) => offset + (way?.way === "index" ? way.by[k]! : 0) * 2 ** scale);
    if (!this.leaves && all.every((other) => isSame(other.args[0]!, base)) && first.op === "f64.load" && offsets.every((at, k) => at === offsets[0]! + 8 * k)) return { way: "neighbours" };
    const read = readers[first.op];
    const rows = all.map(({ op, args: [at] }, k): Rows | null => {
      const def = at!.def, by = def?.op === "i32.add" ? constantOf(def.args[1]!) : 0, begin = def?.op === "i32.add" ? def.args[0]!.def : def;
      const data = begin?.op === "data.addr" && typeof by === "number" ? this.program.data[begin.segment]! : null, from = offsets[k]! + Number(by);
      return data && !data.varies && read && 2 ** first.scale === bytes && from >= 0 && from % bytes === 0 ? { data, load: op, from, convert: null } : null;
    });
    if (!rows.every((r) => r !== null)) return null;
    return type === "f64" ? this.table(rows, all) : { way: "rows", rows };
  }

  /** One table of all, a row an iteration. */
  private table(rows: readonly Rows[], all: readonly Instr[]): Way | null {
    const count = Math.min(...rows.map(({ data, from, load }) => Math.floor((data.bytes.length - from) / memoryOps[load].bytes)));
    const row = rows.length + rows.length % lanes;
    if (count <= 0 || count > most.rows || count * row * 8 > most.bytes) return null;
    const numbers = new Float64Array(count * row);
    rows.forEach(({ data, load, from, convert }, k) => {
      const view = new DataView(data.bytes.buffer, data.bytes.byteOffset, data.bytes.byteLength), read = readers[load]!;
      for (let i = 0; i < count; i++) { const x = read(view, from + i * memoryOps[load].bytes); numbers[i * row + k] = convert ? Number(convert(x as never)) : x; }
    });
    const bytes = new Uint8Array(numbers.buffer), list = [...abreastTables.of(this.program), ...this.tables];
    let at = list.findIndex((other) => other.bytes.length === bytes.length && other.bytes.every((b, i) => b === bytes[i]));
    if (at < 0) { at = list.length; this.tables.push({ name: "abreast", element: "f64", bytes }); }
    return { way: "table", segment: this.program.data.length + at, row, space: spaceOf(all[0]!) };
  }
}

/** That of the load which an instruction is, or converts. */
const spaceOf = (instr: Instr): number => ("space" in instr ? instr.space : spaceOf(instr.args[0]!.def!));

// ───────────────────────────────── the one loop ─────────────────────────────────

class Joiner extends Rewriter {
  readonly notes: LoopNote[] = [];
  private readonly groups: ReadonlyMap<Loop, Group>;
  constructor(func: Func, program: Program, groups: ReadonlyMap<Loop, Group>) { super(func, program); this.groups = groups; }

  protected override loop(instr: Loop): boolean {
    const group = this.groups.get(instr);
    if (!group) return super.loop(instr);
    for (const early of group.moved) { this.instruction(early); this.done.add(early); }
    for (const { loop } of group.runners) this.done.add(loop);
    this.notes.push({ line: instr.notes?.place?.line ?? instr.place?.line ?? 0, lanes, why: null });
    this.write(group);
    return true;
  }

  private write({ runners, ways }: Group): void {
    const { e } = this, [first] = runners as [Runner], { loop, counter, limit, cond, work, br } = first;
    const registers = Math.ceil(runners.length / lanes), tools = new LaneTools(e);
    /** Of one value in each loop: its registers. What there is in one loop more is left alone. */
    const register = (values: readonly Value[]): Value[] => Array.from({ length: registers }, (_, r) => {
      const these = Array.from({ length: lanes }, (_, l) => values[r * lanes + l] ?? values.at(-1)!), numbers = these.map(constantOf);
      return numbers.every((c) => typeof c === "number") ? e.const("v128", new Uint8Array(Float64Array.from(numbers).buffer)) : joinLanes(e, these);
    });
    // 1. before it: what comes from outside, by the operation and its operand's number
    const outside = new Map<Instr, readonly (Value[] | null)[]>();
    work.forEach((instr, i) => {
      if (ways.get(instr)!.way === "lanes") outside.set(instr, instr.args.map((v, k) => (first.inside(v) ? null : register(runners.map(({ work }) => this.value(work[i]!.args[k]!))))));
    });
    const inLanes = new Map<Value, Value[]>();
    const { params } = loop.regions[0];
    const inits = params.flatMap((_, i) => (i === counter.index ? [this.value(loop.args[i]!)] : register(runners.map((runner) => this.value(runner.loop.args[i]!)))));
    const tables = new Map(work.flatMap((instr) => { const way = ways.get(instr)!; return way.way === "table" ? [[instr, e.address({ op: "data.addr", segment: way.segment, args: [], results: [] } as DataAddress)] as const] : []; }));
    const end = this.value(limit);
    // 2. the loop
    const label = { name: loop.label.name };
    const now = params.map((p, i) => (i === counter.index ? [this.bind(p, this.fresh(p))] : Array.from({ length: registers }, () => e.value("v128", p.name))));
    params.forEach((p, i) => { if (i !== counter.index) inLanes.set(p, now[i]!); });
    const lanesOf = (v: Value): Value[] => {
      let known = inLanes.get(v);
      if (!known) { const one = e.op("f64x2.splat", this.value(v)); inLanes.set(v, known = Array.from({ length: registers }, () => one)); }
      return known;
    };
    const loads = (instr: Memory | Machine, like: Pick<Memory, "offset" | "scale" | "space">, args: Value[], step: number): Value[] =>
      Array.from({ length: registers }, (_, r) => e.load({ op: "v128.load", ...like, offset: like.offset + r * step, args: [], results: [], place: instr.place }, args));
    const body = e.inRegion(now.flat(), () => {
      const test = e.op("i32.lt_s", this.value(cond.def!.args[0]!), end);
      const then = e.inRegion([], () => {
        for (const instr of work) {
          const way = ways.get(instr)!, [result] = instr.results;
          e.place = instr.place;
          switch (way.way) {
            case "uniform": this.instruction(instr); break;
            case "index": case "rows": break;
            case "neighbours": {
              const { offset, args: [base, index], space, scale } = instr as Memory, at = ways.get(index!.def!);
              const by = at?.way === "index" ? at.by[0]! * 2 ** scale : 0;
              inLanes.set(result!, loads(instr as Memory, { offset: offset + by, scale, space }, [this.value(base!), this.value(counter.param)], 8 * lanes));
              break;
            }
            case "table": inLanes.set(result!, loads(instr as Memory, { offset: 0, scale: 3, space: way.space }, [tables.get(instr)!, e.op("i32.mul", this.value(counter.param), e.i32(way.row))], 8 * lanes)); break;
            case "lanes": {
              const args = instr.args.map((v, k) => outside.get(instr)![k] ?? lanesOf(v));
              inLanes.set(result!, Array.from({ length: registers }, (_, r) => laneForms[instr.op]!(tools, args.map((a) => a[r]!))));
              break;
            }
          }
        }
        e.append({ op: "br", label, args: params.flatMap((_, i) => (i === counter.index ? [this.value(br.args[i]!)] : lanesOf(br.args[i]!))), results: [], place: br.place });
      });
      e.append({ op: "if", args: [test], results: [], regions: [then, yields([])], place: first.test.place });
      e.append({ op: "yield", args: now.flat(), results: [] });
    });
    const results = now.map((values) => values.map((v) => e.value(v.type, v.name)));
    e.append({ op: "loop", label, args: inits, results: results.flat(), regions: [body], notes: loop.notes, place: loop.place });
    // 3. behind it: each loop's own results
    runners.forEach(({ loop: own, exits }, k) => {
      own.results.forEach((result, i) => {
        const at = own.regions[0].params.indexOf(exits[i]!);
        this.bind(result, at === counter.index ? results[at]![0]! : extractLane(e, results[at]![Math.floor(k / lanes)]!, k % lanes, "f64"));
      });
    });
  }
}
