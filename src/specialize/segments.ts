// The constant tables that a pass adds to a program. A pass is given one function after the other, and the program as it was before the first:
// what it adds is kept here, and joined to the program's data when it has seen all functions (passes.ts).

import type { Data, Program } from "../ir/types.ts";

export class Segments {
  private readonly added = new WeakMap<Program, Data[]>();

  /** Those that the pass has added to the program so far. */
  of(program: Program): readonly Data[] { return this.added.get(program) ?? []; }

  /** The segment that the next one will be. */
  next(program: Program): number { return program.data.length + this.of(program).length; }

  /** Adds one; its segment. */
  add(program: Program, data: Data): number {
    const segment = this.next(program), list = this.added.get(program);
    if (list) list.push(data); else this.added.set(program, [data]);
    return segment;
  }
}
