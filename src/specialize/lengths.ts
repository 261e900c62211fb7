// Straight code over arrays of the caller's (a matrix, a few bodies, an unrolled transform) asks once, at its beginning, whether all that it names is there.
//
//   %a = if %n >u 0 {f64.load [%x + 0]} else {nan}; %b = if %n >u 1 {f64.load [%x + 1]} else {nan}; …
//     →  if %n >u 15 {%a = f64.load [%x + 0]; %b = f64.load [%x + 1]; …; return}
//        and then the function as it was, for shorter arrays
//
// So do small nests of loops over small arrays (a decomposition, a product of matrices whose sizes are known): the greatest place that an index can be at is
// what is asked for. Loops have their own split (split.ts) as well, an outer iteration at a time, which takes longer there than what it splits: so few rounds
// an inner loop has. And what a loop begins with (`let most = x[0]` of integers) is an integer in the loop too where it is there.
//
// Requires: machine form, after checks.ts. Guarantees: machine form, the same bits; the code is there twice, so `limits` says how much of it.

import { constantOf } from "../ir/build.ts";
import { arraysOf } from "../ir/extents.ts";
import { isMachineOp } from "../ir/ops.ts";
import type { Func, If, Instr, Machine, Program, Region, Value } from "../ir/types.ts";
import { contentsOf, rangesOf } from "./analyses.ts";
import { visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { plain, Rewriter, yields } from "./rewrite.ts";

/** checks that pay for asking, and instructions that may be copied; in nests of loops checks, instructions and places */
const limits = { checks: 4, size: 3000, nested: { checks: 2, size: 500, places: 1024 } };

/** The checks of one array's length against constants: those that hold if it is above `most`. */
interface Checked { most: number; readonly checks: Set<Instr>; /** those in loops */ readonly nested: Set<Instr> }

export function splitLengths(func: Func, program: Program, note: Note = () => {}): Func {
  if (func !== program.functions[0]) return func;
  let size = 0;
  visit(func.body, () => { size++; });
  if (size > limits.size) return func;
  const { nests, loops } = contentsOf(func), small = size <= limits.nested.size;
  const lengths = checksOf(func, program, small && nests ? rangesOf(func, program) : null);
  const count = (of: "checks" | "nested"): number => [...lengths.values()].reduce((sum, { [of]: checks }) => sum + checks.size, 0);
  const pays = count("checks") >= limits.checks || count("nested") >= limits.nested.checks || small && loops.length > 0 && makesInteger(func.body);
  return pays && lengths.size > 0 ? new LengthSplitter(func, program, lengths, note).run() : func;
}

/** Whether what a loop begins with would be an integer, were its array long enough: a double in the loop because of that alone. */
function makesInteger(region: Region): boolean {
  const begins = new Set<Value>();
  for (const instr of region.body) {
    if (instr.op === "loop" && instr.args.some((arg) => begins.has(arg))) return true;
    if (instr.op === "if" && instr.results.some(({ type }) => type === "f64") && checkOf(instr.args[0]!.def ?? instr) && instr.regions[0].body.some(({ op }) => op === "f64.convert_i32_s" || op === "f64.convert_i32_u")) for (const r of instr.results) begins.add(r);
    else if (isMachineOp(instr.op) && instr.results[0]!.type === "f64" && instr.args.some((arg) => begins.has(arg))) begins.add(instr.results[0]!);
  }
  return false;
}

/** `ranges`: where those in nests of loops count. */
function checksOf(func: Func, program: Program, ranges: Ranges | null): ReadonlyMap<Value, Checked> {
  const found = new Map<Value, Checked>();
  for (const { length } of arraysOf(func, program)) found.set(length, { most: 0, checks: new Set(), nested: new Set() });
  const look = (region: Region, depth: number): void => {
    for (const instr of region.body) {
      const check = depth === 0 ? checkOf(instr) : placeOf(instr, ranges!);
      const length = check && found.get(check.length);
      if (length) {
        length.most = Math.max(length.most, check.above);
        (depth === 0 ? length.checks : length.nested).add(instr);
      }
      if (instr.op === "if" || instr.op === "block") for (const inner of instr.regions) look(inner, depth);
      else if (instr.op === "loop" && ranges !== null) look(instr.regions[0], depth + 1);
    }
  };
  look(func.body, 0);
  for (const [length, { checks, nested }] of found) if (checks.size === 0 && nested.size === 0) found.delete(length);
  return found;
}

/** `length >u above`, or the length itself as a condition */
function checkOf(instr: Instr): { readonly length: Value; readonly above: number } | null {
  if (instr.op === "if") return { length: instr.args[0]!, above: 0 };
  const [length, above] = instr.op === "i32.gt_u" ? instr.args : instr.op === "i32.lt_u" ? [instr.args[1]!, instr.args[0]!] : [];
  const by = above && constantOf(above);
  return length && typeof by === "number" && by >= 0 ? { length, above: by } : null;
}

/** `place <u length`, of which the greatest place is known */
function placeOf(instr: Instr, ranges: Ranges): { readonly length: Value; readonly above: number } | null {
  if (instr.op !== "i32.gt_u" && instr.op !== "i32.lt_u") return null;
  const at = instr.op === "i32.gt_u" ? 1 : 0;
  const { lo, hi } = ranges.operand(instr as Machine, at);
  return lo >= 0 && hi < limits.nested.places ? { length: instr.args[1 - at]!, above: hi } : null;
}

class LengthSplitter extends Rewriter {
  private readonly lengths: ReadonlyMap<Value, Checked>;
  private readonly note: Note;
  /** in the copy that is written, all checks hold */
  private proved = false;

  constructor(func: Func, program: Program, lengths: ReadonlyMap<Value, Checked>, note: Note) {
    super(func, program);
    this.lengths = lengths;
    this.note = note;
  }

  protected override operation(instr: Machine): Value { return this.holds(instr) ? this.e.i32(1) : super.operation(instr); }
  protected override condition(instr: If): Value { return this.holds(instr) ? this.e.i32(1) : super.condition(instr); }
  private holds(instr: Instr): boolean { return this.proved && [...this.lengths.values()].some(({ checks, nested }) => checks.has(instr) || nested.has(instr)); }

  override run(): Func {
    const { e, old } = this;
    const params = old.params.map((p) => this.bind(p, e.value(p.type, p.name)));
    const body = e.inRegion([], () => {
      const all = [...this.lengths].map(([length, { most }]) => e.op("i32.gt_u", this.value(length), e.i32(most))).reduce((a, b) => e.op("i32.and", a, b));
      const memory = e.memory();
      this.proved = true;
      const whole = e.inRegion([], () => { this.walk(old.body, plain([])); });
      this.proved = false;
      e.setMemory(memory);
      e.append({ op: "if", args: [all], results: [], regions: [whole, yields([])] });
      this.map.fill(undefined);
      old.params.forEach((p, i) => { this.map[p.id] = params[i]; });
      this.walk(old.body, plain([]));
    });
    this.note(undefined, "checks of constant places", "one check of each length", "without them where all are there, as before where not");
    return { name: old.name, params, results: old.results, body, nextId: e.nextId };
  }
}
