// Of a number that is clamped from both sides at once, one side is clamped after the other: each is then the least or greatest of two numbers.
//
//   select (%x < 0) 0 (select (%x > 255) 255 %x)      →  %y = select (%x > 255) 255 %x;  select (%y < 0) 0 %y
//
// In lanes that is two instructions, or none where what follows saturates. Constants must differ, so that what is clamped to the one is on
// the right side of the other; where NaN comes out of neither comparison it stays what it was.
//
// Requires: machine form. Guarantees: machine form, same bits.

import { constantOf } from "../ir/build.ts";
import type { Func, Machine, Program, Value } from "../ir/types.ts";
import { holdsAny } from "./analyses.ts";
import { holdsOne } from "./flow.ts";
import type { Note } from "./notes.ts";
import { Rewriter } from "./rewrite.ts";

export function clampInTurn(func: Func, program: Program, note: Note = () => {}): Func {
  const found = holdsAny(func, selects) && holdsOne(func.body, (instr) => selects.has(instr.op) && clampOfClamped(instr as Machine) !== null);
  return found ? new Clamper(func, program, note).run() : func;
}

const selects: ReadonlySet<string> = new Set(["i32.select", "f32.select", "f64.select"]);

class Clamper extends Rewriter {
  private readonly note: Note;
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.note = note; }

  protected override operation(instr: Machine): Value {
    const clamp = selects.has(instr.op) ? clampOfClamped(instr) : null;
    if (!clamp) return super.operation(instr);
    this.note(instr.place, "a number clamped from both sides", "from one, then from the other", "each is a least or greatest");
    const inner = this.value(clamp.inner);
    const cond = clamp.test.args.map((v) => (v === clamp.free ? inner : this.value(v)));
    return this.e.op(instr.op, this.e.op(clamp.test.op, ...cond), ...instr.args.slice(1).map((v) => this.value(v)));
  }
}

/** One side of a clamp: `free` where it is on the right side of `by`. */
interface Side { readonly test: Machine; readonly free: Value; readonly by: number; readonly above: boolean; /** the comparison's being true gives the constant */ readonly truly: boolean; readonly other: Value }

function sideOf({ op, args }: Machine): Side | null {
  const [cond, then, otherwise] = args as [Value, Value, Value];
  const test = cond.def;
  const relation = selects.has(op) && test ? /^(?:i32\.(lt|le|gt|ge)_s|f(?:32|64)\.(lt|le|gt|ge))$/.exec(test.op) : null;
  if (!relation) return null;
  const [a, b] = test!.args as [Value, Value];
  const [free, limit] = constantOf(b) !== undefined ? [a, b] : [b, a];
  const by = constantOf(limit);
  if (typeof by !== "number" || constantOf(free) !== undefined) return null;
  const isLimit = (v: Value): boolean => Object.is(constantOf(v), by);
  const truly = isLimit(then);
  if (!truly && !isLimit(otherwise)) return null;
  const greater = (relation[1] ?? relation[2])!.startsWith("g") === (free === a);
  return { test: test as Machine, free, by, above: greater === truly, truly, other: truly ? otherwise : then };
}

function clampOfClamped(instr: Machine): { readonly test: Machine; readonly free: Value; readonly inner: Value } | null {
  const outer = sideOf(instr);
  const def = outer?.other.def;
  if (!outer || !def || outer.other === outer.free) return null;
  const inner = selects.has(def.op) ? sideOf(def as Machine) : null;
  if (!inner || inner.free !== outer.free || inner.other !== inner.free || inner.above === outer.above) return null;
  if (inner.above ? inner.by <= outer.by : inner.by >= outer.by) return null;
  // NaN: where the inner one makes it the constant, the outer comparison must be as false of that as of NaN
  return outer.truly || inner.truly ? { test: outer.test, free: outer.free, inner: outer.other } : null;
}
