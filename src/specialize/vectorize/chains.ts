// Straight code that does the same with other constants is done side by side, in lanes: the neurons of a layer whose loops are unrolled, the rows of a
// constant matrix, polynomials of one variable.
//
//   before  %s = f64.add (f64.add 0.5 (f64.mul %x 1.5)) (f64.mul %y 2.5)
//           %t = f64.add (f64.add 0.1 (f64.mul %x 1.1)) (f64.mul %y 2.1)
//   after   %v = f64x2.add (f64x2.add (0.5, 0.1) (f64x2.mul (splat %x) (1.5, 1.1))) (f64x2.mul (splat %y) (2.5, 2.1))
//           %s = lane 0 of %v;  %t = lane 1
//
// Two values are alike if they are the same operations on constants and on the very same other values. So all that one of them needs, the other needs too:
// where the first one stands everything is there, and neither depends on the other. In each lane operations keep their order. Constants are
// loaded from a table, in the order of their use.
//
// Requires: machine form; loops have been vectorized and stores paired (what is in vectors is left alone). Guarantees: machine form, same bits;
// scalar code that is still used elsewhere stays.
// Source: superwords (Larsen, Amarasinghe 2000), from values that are numbered alike (Cocke 1970) but for their constants.

import type { Func, Instr, Machine, Program, Region, Space, Value } from "../../ir/types.ts";
import { isMachineOp, ops } from "../../ir/ops.ts";
import { contentsOf } from "../analyses.ts";
import { usesOf, visit } from "../flow.ts";
import { extractLane, LaneTools } from "../lanes.ts";
import type { Note } from "../notes.ts";
import { Rewriter } from "../rewrite.ts";
import { Segments } from "../segments.ts";
import { laneForms } from "./table.ts";

const lanes = 2;
/** values side by side, which registers have to hold; the longest chain that is looked at */
const most = { values: 16, depth: 2000 };
/** the shortest chain that is; operations below which nothing is looked for */
const least = { depth: 6, operations: 24 };

export const chainTables = new Segments();
export const chainSpace: Space = { name: "chains", origin: "data", element: "f64", mayOverlap: [], written: false };

export function joinChains(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).operations < least.operations) return func;
  const groups = new Map<Instr, readonly Value[]>();
  const uses = usesOf(func);
  findIn(func.body, uses, groups);
  visit(func.body, (instr) => { if ("regions" in instr) for (const region of instr.regions) findIn(region, uses, groups); });
  return groups.size === 0 ? func : new Joiner(func, program, groups, note).run();
}

const takesLanes = (instr: Instr): instr is Machine =>
  instr.op.startsWith("f64.") && isMachineOp(instr.op) && laneForms[instr.op] !== undefined && ops[instr.op].result === "f64" && ops[instr.op].args.every((type) => type === "f64");
const isConstant = (v: Value): boolean => v.def?.op === "const";

// ───────────────────────────────── which values ─────────────────────────────────

/** Of a value that lanes can compute: the number of its kind, how long its longest chain is, and what it is computed of. */
interface Kind { readonly number: number; readonly depth: number; readonly instr: Machine }

function findIn({ body }: Region, uses: Uint32Array, groups: Map<Instr, readonly Value[]>): void {
  if (body.length < least.operations) return;
  const kinds = new Map<Value, Kind>(), numbers = new Map<string, number>(), alike = new Map<number, Value[]>();
  for (const instr of body) {
    if (!takesLanes(instr)) continue;
    const parts = instr.args.map((v) => kinds.get(v)), [result] = instr.results as [Value];
    const key = `${instr.op} ${instr.args.map((v, i) => (isConstant(v) ? "c" : parts[i]?.number ?? `%${v.id}`)).join(" ")}`;
    let number = numbers.get(key);
    if (number === undefined) { numbers.set(key, number = numbers.size); alike.set(number, []); }
    kinds.set(result, { number, depth: 1 + Math.max(0, ...parts.map((p) => p?.depth ?? 0)), instr });
    alike.get(number)!.push(result);
  }
  const taken = new Set<Value>();
  const longest = [...alike.values()].filter((values) => values.length > 1).map((values) => ({ values, depth: kinds.get(values[0]!)!.depth })).filter(({ depth }) => depth >= least.depth && depth <= most.depth);
  for (const { values } of longest.sort((a, b) => b.depth - a.depth)) {
    const left = values.filter((v) => !taken.has(v));
    for (let at = 0; at + 1 < left.length; at += most.values) {
      const group = left.slice(at, at + most.values);
      if (gains(group, kinds, uses, taken)) groups.set(group[0]!.def!, group);
    }
  }
}

/**
 * Whether it is a quarter less work. What the values are computed of is taken from then on, so that it is looked at once; but where one of that is
 * used elsewhere as well, it is to be the end of a chain itself: its scalar code would stay.
 */
function gains(group: readonly Value[], kinds: ReadonlyMap<Value, Kind>, uses: Uint32Array, taken: Set<Value>): boolean {
  const registers = Math.ceil(group.length / lanes), splats = new Set<Value>(), seen = new Set<string>(), found: Value[] = [];
  let operations = 0;
  const look = (values: readonly Value[]): boolean => {
    const [first] = values as [Value], key = nameOf(values);
    if (seen.has(key) || isConstant(first)) return true;
    seen.add(key);
    if (isOne(values)) { splats.add(first); return true; }
    if (values !== group && values.some((v) => uses[v.id]! > 1)) return false;
    operations++;
    found.push(...values);
    return kinds.get(first)!.instr.args.every((_, k) => look(values.map((v) => kinds.get(v)!.instr.args[k]!)));
  };
  if (!look(group)) return false;
  for (const v of found) taken.add(v);
  const scalar = operations * group.length;
  return operations >= least.depth && scalar - registers * operations - splats.size - group.length >= scalar / 4;
}

const isOne = (values: readonly Value[]): boolean => values.every((v) => v === values[0]);
const nameOf = (values: readonly Value[]): string => values.map((v) => v.id).join();

// ───────────────────────────────── in lanes ─────────────────────────────────

class Joiner extends Rewriter {
  private readonly before: Program;
  private readonly groups: ReadonlyMap<Instr, readonly Value[]>;
  private readonly note: Note;
  private readonly joined = new Set<Instr>();
  private readonly numbers: number[] = [];
  private readonly segment: number;
  private readonly tools: LaneTools;

  constructor(func: Func, program: Program, groups: ReadonlyMap<Instr, readonly Value[]>, note: Note) {
    super(func, { ...program, spaces: [...program.spaces, chainSpace] });
    this.before = program;
    this.groups = groups;
    this.note = note;
    this.segment = chainTables.next(program);
    this.tools = new LaneTools(this.e);
  }

  override run(): Func {
    const made = super.run();
    if (this.numbers.length > 0) chainTables.add(this.before, { name: "chains", element: "f64", bytes: new Uint8Array(Float64Array.from(this.numbers).buffer) });
    return made;
  }

  protected override instruction(instr: Instr): void {
    const group = this.groups.get(instr);
    if (group) this.sideBySide(group);
    else if (!this.joined.has(instr)) super.instruction(instr);
  }

  private sideBySide(group: readonly Value[]): void {
    const { e } = this, registers = Math.ceil(group.length / lanes), known = new Map<string, readonly Value[]>();
    const all = (values: readonly Value[]): readonly Value[] => {
      const key = nameOf(values);
      let there = known.get(key);
      if (!there) known.set(key, there = this.register(values, registers, all));
      return there;
    };
    const made = all(group);
    this.note(group[0]!.def!.place, `${group.length} chains of operations`, "one in lanes", "they differ in constants only");
    group.forEach((v, k) => {
      this.bind(v, extractLane(e, made[Math.floor(k / lanes)]!, k % lanes, "f64"));
      this.joined.add(v.def!);
    });
  }

  /** The registers that hold the values, one behind the other. */
  private register(values: readonly Value[], registers: number, all: (values: readonly Value[]) => readonly Value[]): readonly Value[] {
    const { e } = this, [first] = values as [Value];
    const each = (make: (r: number) => Value): Value[] => Array.from({ length: registers }, (_, r) => make(r));
    if (isOne(values)) { const one = e.op("f64x2.splat", this.value(first)); return each(() => one); }
    if (isConstant(first)) {
      const base = e.address({ op: "data.addr", segment: this.segment, args: [], results: [] });
      return each((r) => {
        const offset = 8 * this.numbers.length;
        for (let l = 0; l < lanes; l++) { const { def } = values[r * lanes + l] ?? values.at(-1)!; this.numbers.push(def!.op === "const" ? def.value as number : NaN); }
        return e.load({ op: "v128.load", args: [], results: [], offset, scale: 0, space: this.before.spaces.length }, [base, e.i32(0)]);
      });
    }
    const { op, args } = first.def as Machine, parts = args.map((_, k) => all(values.map((v) => (v.def as Machine).args[k]!)));
    return each((r) => laneForms[op]!(this.tools, parts.map((p) => p[r]!)));
  }
}
