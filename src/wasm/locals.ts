// The locals of one function: given out and taken back by type, the latest free one first.
//
// A module with fewer locals is smaller and compiles faster: V8 copies the environment of all locals at every fork of control.
// What is taken back is free only after `settle()`: until then trees that read it have been built, but stand nowhere yet.

import type { TypeNumber } from "./binaryen.ts";

export class Locals {
  /** the type of each local, parameters first */
  readonly types: TypeNumber[] = [];
  private readonly free = new Map<TypeNumber, number[]>();
  private readonly released: number[] = [];

  /** A local that nothing shares. */
  own(type: TypeNumber): number { return this.types.push(type) - 1; }

  take(type: TypeNumber): number { return this.free.get(type)?.pop() ?? this.own(type); }

  /** One that is not among those. */
  takeBut(type: TypeNumber, those: readonly number[]): number {
    const taken: number[] = [];
    let local = this.take(type);
    while (those.includes(local)) { taken.push(local); local = this.take(type); }
    taken.forEach((other) => { this.release(other); });
    return local;
  }

  release(local: number): void { this.released.push(local); }

  /** Everything built so far has been appended: what was released may be given out again. */
  settle(): void {
    if (this.released.length === 0) return;
    for (const local of this.released) {
      const type = this.types[local]!;
      const pool = this.free.get(type);
      if (pool) pool.push(local);
      else this.free.set(type, [local]);
    }
    this.released.length = 0;
  }
}
