// Straight code over arrays of the caller's (a matrix, a few bodies, an unrolled transform) asks once, at its beginning, whether all that it names is there.
//
//   %a = if %n >u 0 {f64.load [%x + 0]} else {nan}; %b = if %n >u 1 {f64.load [%x + 1]} else {nan}; …
//     →  if %n >u 15 {%a = f64.load [%x + 0]; %b = f64.load [%x + 1]; …; return}
//        and then the function as it was, for shorter arrays
//
// Loops have their own split (split.ts), which takes checks in them; here only those outside loops count. Requires: machine form, after checks.ts.
// Guarantees: machine form, the same bits; the code is there twice, so `limits` says how much of it.

import { constantOf } from "../ir/build.ts";
import { arraysOf } from "../ir/extents.ts";
import type { Func, If, Instr, Machine, Program, Region, Value } from "../ir/types.ts";
import { visit } from "./flow.ts";
import type { Note } from "./notes.ts";
import { plain, Rewriter, yields } from "./rewrite.ts";

/** checks that pay for asking, and instructions that may be copied */
const limits = { checks: 4, size: 3000 };

/** The checks of one array's length against constants: those that hold if it is above `most`. */
interface Checked { most: number; readonly checks: Set<Instr> }

export function splitLengths(func: Func, program: Program, note: Note = () => {}): Func {
  if (func !== program.functions[0]) return func;
  let size = 0;
  visit(func.body, () => { size++; });
  if (size > limits.size) return func;
  const lengths = checksOf(func, program);
  const count = [...lengths.values()].reduce((sum, { checks }) => sum + checks.size, 0);
  return count < limits.checks ? func : new LengthSplitter(func, program, lengths, note).run();
}

function checksOf(func: Func, program: Program): ReadonlyMap<Value, Checked> {
  const found = new Map<Value, Checked>();
  for (const { length } of arraysOf(func, program)) found.set(length, { most: 0, checks: new Set() });
  const look = (region: Region): void => {
    for (const instr of region.body) {
      const check = checkOf(instr);
      const length = check && found.get(check.length);
      if (length) {
        length.most = Math.max(length.most, check.above);
        length.checks.add(instr);
      }
      if (instr.op === "if" || instr.op === "block") for (const inner of instr.regions) look(inner);
    }
  };
  look(func.body);
  for (const [length, { checks }] of found) if (checks.size === 0) found.delete(length);
  return found;
}

/** `length >u above`, or the length itself as a condition */
function checkOf(instr: Instr): { readonly length: Value; readonly above: number } | null {
  if (instr.op === "if") return { length: instr.args[0]!, above: 0 };
  const [length, above] = instr.op === "i32.gt_u" ? instr.args : instr.op === "i32.lt_u" ? [instr.args[1]!, instr.args[0]!] : [];
  const by = above && constantOf(above);
  return length && typeof by === "number" && by >= 0 ? { length, above: by } : null;
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
  private holds(instr: Instr): boolean { return this.proved && [...this.lengths.values()].some(({ checks }) => checks.has(instr)); }

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
