// What a loop computes of one small integer alone becomes a look-up: of a byte (brightness, gamma, linear light), of a few of its bits.
//
//   %v = i32.load8_u [%pixels + %i]; %d = f64.convert_i32_s %v; … %w = math.pow %d 2.2 … ; i32.store8 [%out + %i], %w
//     →  %v = i32.load8_u [%pixels + %i]; %w = i32.load8_u [%table + %v]; i32.store8 [%out + %i], %w
//
// Before vectorizing, since the question is what lanes would do: calls of Math are worth a table of their own anywhere; lighter arithmetic where all
// the loop's arithmetic in doubles and singles goes into tables and what they give is only stored. Whole numbers alone are left to lanes.
//
// Requires: machine form, narrowed, simplified. Guarantees: machine form, same bits: each element is what the operations' own meaning (`fold`)
// gives for that integer. What the tables replace is left without a use.

import { constantOf } from "../ir/build.ts";
import { isMachineOp, isMemoryOp, memoryOps, ops, type MachineOp } from "../ir/ops.ts";
import type { Func, If, Instr, Loop, Machine, Program, Region, Space, Value } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";
import { Segments } from "./segments.ts";
import { Tables, type Scalar, type Table } from "./tables.ts";

/** elements of a table, where each stands for calls of Math and where not; tables of a function */
const most = { heavy: 1024, light: 256, tables: 32 };
/** operations that a look-up must be in place of, and those of doubles or singles among them */
const least = { weight: 8, floats: 4 };

const weights: Readonly<Partial<Record<MachineOp, number>>> = {
  "f64.div": 5, "f32.div": 4, "f64.sqrt": 6, "f32.sqrt": 5, "f64.rem": 20, "math.round": 5, "math.sign": 4, "i32.from_f64": 4, "i32.div_s": 8, "i32.div_u": 8, "i32.rem_s": 8, "i32.rem_u": 8,
};
/** the weight from which something is worth a table whatever else the loop does: a call */
const heavy = 15;
const weightOf = (op: MachineOp): number => weights[op] ?? (op.startsWith("math.") ? heavy : 1);

/** The tables, and where they are. */
export const tabulated = new Segments();
export const tabulatedSpace: Space = { name: "tabulated", origin: "data", element: "u8", mayOverlap: [], written: false };

export function tabulate(func: Func, program: Program, note: Note = () => {}): Func {
  if (contentsOf(func).loops.length === 0) return func;
  const found = new Functions(rangesOf(func, program));
  found.look(func.body, null);
  if (found.chosen.size === 0) return func;
  return new Tabulator(func, { ...program, spaces: [...program.spaces, tabulatedSpace] }, new Tables(program, tabulated, program.spaces.length), found, note).run();
}

/** A value that is computed of one integer, its leaf, which lies between `lo` and `lo + count − 1`. */
interface Root { readonly leaf: Value; readonly lo: number; readonly count: number }

/** What stands in one loop, outside those in it. */
interface Scope { readonly floats: Value[]; readonly roots: Map<Value, { stored: boolean }> }

/** Which values are functions of one small integer, and which of them are worth a table. */
class Functions {
  private readonly ranges: Ranges;
  private readonly leaves = new Map<Value, Value>();
  private readonly inLoop = new Set<Value>();
  readonly chosen = new Map<Value, Root>();

  constructor(ranges: Ranges) { this.ranges = ranges; }

  look(region: Region, scope: Scope | null): void {
    for (const instr of region.body) {
      if (instr.op === "loop") this.loop(instr, scope);
      else if (instr.op === "if") this.if(instr, scope);
      else if ("regions" in instr) for (const inner of instr.regions) this.look(inner, scope);
      else if (isMachineOp(instr.op)) this.operation(instr as Machine, scope);
      if (instr.op !== "if" && !isMachineOp(instr.op) && instr.op !== "yield") this.used(instr.args, null, scope, isStore(instr) ? instr.args[2] : undefined);
      if (scope) for (const r of instr.results) this.inLoop.add(r);
    }
  }

  private loop(instr: Loop, outer: Scope | null): void {
    const scope: Scope = { floats: [], roots: new Map() };
    for (const p of instr.regions[0].params) this.inLoop.add(p);
    this.look(instr.regions[0], scope);
    this.used(instr.regions[0].body.at(-1)!.args, null, scope);
    this.choose(scope);
    if (outer) outer.floats.push(...scope.floats); // an outer loop with arithmetic inside is none of tables alone
  }

  private operation(instr: Machine, scope: Scope | null): void {
    const result = instr.results[0]!;
    const leaf = ops[instr.op].effect === "none" && result.type !== "v128" ? this.common(instr.args) : null;
    if (leaf) this.leaves.set(result, leaf);
    this.used(instr.args, leaf, scope);
    if (isFloat(result)) scope?.floats.push(result);
  }

  private if(instr: If, scope: Scope | null): void {
    for (const arm of instr.regions) this.look(arm, scope);
    const ends = instr.regions.map((arm) => arm.body.at(-1)!);
    const plainly = instr.regions.every(isPlain);
    const leaves = instr.results.map((r, i) => {
      const leaf = plainly ? this.common([instr.args[0]!, ...ends.map((end) => end.args[i]!)]) : null;
      if (leaf) this.leaves.set(r, leaf);
      return leaf;
    });
    const whole = leaves.length > 0 && leaves.every((leaf) => leaf !== null && leaf === leaves[0]);
    this.used(instr.args, whole ? leaves[0]! : null, scope);
    for (const end of ends) if (end.op === "yield") end.args.forEach((v, i) => { this.used([v], leaves[i] ?? null, scope); });
  }

  /** The one integer that all of these are functions of. */
  private common(args: readonly Value[]): Value | null {
    let leaf: Value | null = null;
    for (const v of args) {
      if (v.def?.op === "const") continue;
      const own = this.leaves.get(v) ?? (this.isLeaf(v) ? v : null);
      if (!own || (leaf && own !== leaf)) return null;
      leaf = own;
    }
    return leaf;
  }
  private isLeaf(v: Value): boolean {
    if (v.type !== "i32" || !this.inLoop.has(v)) return false;
    const { lo, hi } = this.ranges.of(v);
    return hi - lo < most.heavy;
  }

  /** Values that something needs which is no function of the same integer. */
  private used(args: readonly Value[], leaf: Value | null, scope: Scope | null, stored?: Value): void {
    if (scope) for (const v of args) {
      const own = this.leaves.get(v);
      if (!own || own === leaf) continue;
      const root = scope.roots.get(v);
      if (root) root.stored &&= v === stored;
      else scope.roots.set(v, { stored: v === stored });
    }
  }

  private choose({ floats, roots }: Scope): void {
    const light: { v: Value; root: Root; parts: ReadonlySet<Value> }[] = [];
    const covered = new Set<Value>();
    const take = (v: Value, root: Root, parts: ReadonlySet<Value>): void => {
      if (this.chosen.size >= most.tables) return;
      this.chosen.set(v, root);
      for (const p of parts) covered.add(p);
    };
    for (const [v, { stored }] of roots) {
      const leaf = this.leaves.get(v)!;
      const { lo, hi } = this.ranges.of(leaf);
      const root = { leaf, lo, count: hi - lo + 1 };
      const parts = partsOf(v, leaf);
      const weight = [...parts].reduce((sum, p) => sum + (p.def && isMachineOp(p.def.op) ? weightOf(p.def.op) : 3), 0);
      if ([...parts].some((p) => p.def && isMachineOp(p.def.op) && weightOf(p.def.op) >= heavy)) take(v, root, parts);
      else if (stored && weight >= least.weight && [...parts].filter(isFloat).length >= least.floats && root.count <= most.light) light.push({ v, root, parts });
    }
    const all = new Set([...covered, ...light.flatMap(({ parts }) => [...parts])]);
    if (floats.every((v) => all.has(v))) for (const { v, root, parts } of light) take(v, root, parts);
  }
}

const isFloat = (v: Value): boolean => v.type === "f64" || v.type === "f32";
const isStore = (instr: Instr): boolean => isMemoryOp(instr.op) && memoryOps[instr.op].store;

/** Pure, and always reaching its yield. */
const isPlain = (region: Region): boolean =>
  region.body.every((instr) => instr.op === "yield" || (instr.op === "if" && instr.regions.every(isPlain)) || (isMachineOp(instr.op) && ops[instr.op].effect === "none"));

/** What the values of a result come from: the operands of an operation; of an `if`, its condition and what its arms give. */
function sources(v: Value): readonly Value[] {
  const def = v.def!;
  if (def.op !== "if") return def.args;
  const at = def.results.indexOf(v);
  return [def.args[0]!, ...def.regions.map((arm) => arm.body.at(-1)!.args[at]!)];
}

/** All that the value is computed of, down to the leaf. */
function partsOf(root: Value, leaf: Value): ReadonlySet<Value> {
  const parts = new Set<Value>();
  const add = (v: Value): void => {
    if (v === leaf || v.def?.op === "const" || parts.has(v)) return;
    parts.add(v);
    sources(v).forEach(add);
  };
  add(root);
  return parts;
}

/** The value for one integer. */
function valueFor(root: Value, leaf: Value, at: number): Scalar {
  const known = new Map<Value, Scalar>([[leaf, at]]);
  const value = (v: Value): Scalar => {
    let x = known.get(v);
    if (x !== undefined) return x;
    const constant = constantOf(v);
    if (constant !== undefined) return constant as Scalar;
    if (v.def!.op === "if") {
      const [cond, then, otherwise] = sources(v) as [Value, Value, Value];
      x = value(cond) !== 0 ? value(then) : value(otherwise);
    } else x = (ops[v.def!.op as MachineOp].fold as (...args: Scalar[]) => Scalar)(...v.def!.args.map(value));
    known.set(v, x);
    return x;
  };
  return value(root);
}

class Tabulator extends Rewriter {
  private readonly found: Functions;
  private readonly tables: Tables;
  private readonly note: Note;
  private readonly made = new Map<string, Table>();

  constructor(func: Func, program: Program, tables: Tables, found: Functions, note: Note) {
    super(func, program);
    this.tables = tables;
    this.found = found;
    this.note = note;
  }

  protected override operation(instr: Machine): Value { return this.lookUp(instr.results[0]!, instr) ?? super.operation(instr); }
  protected override if(instr: If): boolean {
    const ends = super.if(instr);
    for (const r of instr.results) {
      const element = this.lookUp(r, instr);
      if (element) this.bind(r, element);
    }
    return ends;
  }

  private lookUp(v: Value, instr: Instr): Value | null {
    const root = this.found.chosen.get(v);
    if (!root) return null;
    const { leaf, lo, count } = root;
    const values = Array.from({ length: count }, (_, i) => valueFor(v, leaf, lo + i));
    const key = `${v.type} ${values.map((x) => (Object.is(x, -0) ? "-0" : x)).join()}`;
    let table = this.made.get(key);
    if (!table) {
      this.made.set(key, (table = this.tables.add(v.name ?? "tabulated", values, v.type)));
      this.note(instr.place, "arithmetic on one small integer", `a table of ${count}`, "a look-up costs less");
    }
    const index = this.value(leaf);
    return this.tables.load(this.e, table, lo === 0 ? index : this.e.op("i32.sub", index, this.e.i32(lo)), 0);
  }
}
