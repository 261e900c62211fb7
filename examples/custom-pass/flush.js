// A pass of one's own with an annotation of its own: in loops marked `// @flush`, what the loop carries on as a double is set to 0 when
// it is smaller than any normal number. Feedback that dies away then costs what other numbers cost (denormals cost several times as much).
//
//   loop (z = …) { …; br loop v }   →   loop (z = …) { …; t = select(|v| < 2^-1022, 0, v); br loop t }
//
// It changes results on purpose: that is why it has to be asked for, loop by loop.

import { Rewriter, instructions } from "wasmorph/passes";

const smallestNormal = 2 ** -1022;

class Flusher extends Rewriter {
  constructor(func, program, note) {
    super(func, program);
    /** the carried doubles of marked loops, as the old function names them */
    this.carried = new Set();
    for (const instr of instructions(func.body)) {
      if (instr.op !== "loop" || instr.notes?.own?.flush === undefined) continue;
      for (const param of instr.regions[0].params) {
        if (param.type !== "f64") continue;
        this.carried.add(param);
        note(instr.place, `the carried value ${param.name ?? "of the loop"}`, "0 where it is denormal", "@flush");
      }
    }
  }

  /** Called for every value that is given to a parameter of a region. */
  passed(to, old) {
    const value = this.value(old);
    if (!this.carried.has(to)) return value;
    const { e } = this;
    return e.op("f64.select", e.op("f64.lt", e.op("f64.abs", value), e.f64(smallestNormal)), e.f64(0), value);
  }
}

export const flush = {
  name: "flush",
  annotations: ["flush"],
  run: (func, program, note) => new Flusher(func, program, note).run(),
};
