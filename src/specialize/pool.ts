// Floating-point constants that would not stay in registers are loaded from a table. An engine makes such a constant anew at each use, by two
// instructions, one of them with eight bytes of immediate; a load is one.
//
//   before  %b = f64.mul %a, 0.1173…        … dozens of others
//   after   %c = f64.load [constants + 24]; %b = f64.mul %a, %c
//
// A stretch is what stands in one loop, outside loops in it, or outside all loops. Where it uses more constants than there are registers to keep them in,
// all of them are loaded. Constants of lanes stay: engines keep the order of loads but not that of arithmetic, and lanes' chains, which they
// do side by side, would wait for one another's constants in more registers than there are.
//
// Requires: machine form, when no pass looks for constants any more. Guarantees: machine form, same bits.

import { constantOf } from "../ir/build.ts";
import { isMachineOp } from "../ir/ops.ts";
import type { Func, Loop, Machine, Program, Region, Space, Value } from "../ir/types.ts";
import type { Note } from "./notes.ts";
import { Rewriter } from "./rewrite.ts";
import { Segments } from "./segments.ts";

/** registers for floating-point numbers */
const registers = 16;

export const pooled = new Segments();
export const pooledSpace: Space = { name: "constants", origin: "data", element: "f64", mayOverlap: [], written: false };

export function poolConstants(func: Func, program: Program, note: Note = () => {}): Func {
  const stretches = new Map<Loop | null, Set<Value>>();
  gather(func.body, null, stretches);
  for (const [loop, constants] of stretches) if (constants.size <= registers) stretches.delete(loop);
  return stretches.size === 0 ? func : new Pooler(func, program, new Set(stretches.keys()), note).run();
}

function gather(region: Region, loop: Loop | null, stretches: Map<Loop | null, Set<Value>>): void {
  for (const instr of region.body) {
    if (isMachineOp(instr.op)) for (const v of instr.args) if (isCostly(v)) {
      const stretch = stretches.get(loop);
      if (stretch) stretch.add(v); else stretches.set(loop, new Set([v]));
    }
    if ("regions" in instr) for (const inner of instr.regions) gather(inner, instr.op === "loop" ? instr : loop, stretches);
  }
}

/** Zero is made without an immediate. */
const isCostly = (v: Value): boolean => v.type === "f64" && v.def?.op === "const" && !Object.is(v.def.value, 0);

class Pooler extends Rewriter {
  private readonly note: Note;
  private readonly before: Program;
  private readonly stretches: ReadonlySet<Loop | null>;
  private readonly loops: (Loop | null)[] = [null];
  private readonly places = new Map<Value, number>();
  private readonly segment: number;

  constructor(func: Func, program: Program, stretches: ReadonlySet<Loop | null>, note: Note) {
    super(func, { ...program, spaces: [...program.spaces, pooledSpace] });
    this.before = program;
    this.stretches = stretches;
    this.note = note;
    this.segment = pooled.next(program);
  }

  override run(): Func {
    const made = super.run();
    const numbers = Float64Array.from(this.places.keys(), (v) => constantOf(v) as number);
    pooled.add(this.before, { name: "constants", element: "f64", bytes: new Uint8Array(numbers.buffer) });
    return made;
  }

  protected override loop(instr: Loop): boolean {
    this.loops.push(instr);
    const back = super.loop(instr);
    this.loops.pop();
    return back;
  }

  protected override operation(instr: Machine): Value {
    if (!this.stretches.has(this.loops.at(-1)!)) return super.operation(instr);
    return this.e.operation(instr.op, instr.args.map((v) => (isCostly(v) ? this.loaded(v, instr) : this.value(v))));
  }
  private loaded(v: Value, { place }: Machine): Value {
    let at = this.places.get(v);
    if (at === undefined) {
      this.places.set(v, (at = this.places.size));
      this.note(place, "a constant", "a load", "there are more than registers for them");
    }
    const base = this.e.address({ op: "data.addr", segment: this.segment, args: [], results: [] });
    return this.e.load({ op: "f64.load", args: [], results: [], offset: 8 * at, scale: 3, space: this.before.spaces.length }, [base, this.e.i32(0)]);
  }
}
