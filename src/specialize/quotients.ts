// Quotients of small whole numbers and a constant, without a division: a machine divides two doubles in the time of five products.
//
//   %q = f64.div %x, 255.0          %x a whole number in [−65535, 65535]
//     →  f64.add (f64.mul %x, 0.0039215686274509665) (f64.mul %x, 1.39…e−17)
//
// The first factor is the reciprocal without as many bits as %x has, so that its product is exact; the second is what is missing. Their sum, rounded once,
// is the quotient: that is asked of every %x that there may be, when the version is made.
//
// Requires: machine form, after what looks for divisions (narrow.ts, rounded.ts, tabulate.ts). Guarantees: machine form, same bits.
// (The two factors: Dekker, "A floating-point technique for extending the available precision", 1971.)

import { constantOf } from "../ir/build.ts";
import type { Func, Machine, Program, Value } from "../ir/types.ts";
import { holdsAny, rangesOf } from "./analyses.ts";
import { holdsOne } from "./flow.ts";
import type { Note } from "./notes.ts";
import type { Ranges } from "./ranges.ts";
import { Rewriter } from "./rewrite.ts";

export const multiplyQuotients = (func: Func, program: Program, note: Note = () => {}): Func => (
  holdsAny(func, ["f64.div"]) && holdsOne(func.body, (instr) => instr.op === "f64.div" && isByConstant(instr as Machine)) ? new Quotients(func, program, note).run() : func);

const isByConstant = ({ args: [x, c] }: Machine): boolean => typeof constantOf(c!) === "number" && x!.def?.op !== "const";

/** the greatest dividend: so many are tried */
const most = 65535;

class Quotients extends Rewriter {
  private readonly ranges: Ranges;
  private readonly note: Note;
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.ranges = rangesOf(func, program); this.note = note; }

  protected override operation(instr: Machine): Value {
    const factors = instr.op === "f64.div" ? this.factorsOf(instr) : null;
    if (!factors) return super.operation(instr);
    this.note(instr.place, "a quotient of doubles", "two products", "the divisor is constant, and few whole numbers are divided");
    const { e } = this, x = this.value(instr.args[0]!);
    return e.op("f64.add", e.op("f64.mul", x, e.f64(factors[0])), e.op("f64.mul", x, e.f64(factors[1])));
  }

  private factorsOf({ args: [x, c] }: Machine): Factors | null {
    const divisor = constantOf(c!), r = this.ranges.of(x!);
    if (typeof divisor !== "number" || x!.def?.op === "const" || !r.int || r.nan || r.negzero || r.lo < -most || r.hi > most) return null;
    return factors(divisor, Math.max(-r.lo, r.hi, 1));
  }
}

type Factors = readonly [number, number];
const known = new Map<string, Factors | null>();

/** By what whole numbers from −upTo to upTo are multiplied, where that gives all their quotients. */
function factors(divisor: number, upTo: number): Factors | null {
  const bits = Math.ceil(Math.log2(upTo + 1)), key = `${divisor}/${bits}`;
  let found = known.get(key);
  if (found === undefined) known.set(key, found = find(divisor, bits));
  return found;
}
function find(divisor: number, bits: number): Factors | null {
  if (!(Math.abs(divisor) > 2 ** -200 && Math.abs(divisor) < 2 ** 200)) return null;
  const reciprocal = 1 / divisor, apart = reciprocal * (2 ** bits + 1), first = apart - (apart - reciprocal), second = (1 - first * divisor) / divisor;
  for (let x = 2 ** bits - 1; x >= 0; x--) if (!Object.is(x * first + x * second, x / divisor)) return null; // −x gives the opposite
  return [first, second];
}
