// Whether a quick program keeps its loops (decision 0017). Its size does not grow with what the slow values hold, nor does the time that it takes to make.
//
// Requires: `compile: "sync"`, one tier, a quick program wanted, no template for the values. Guarantees: nothing but which program
// serves the first few calls depends on it, and that on counts alone, never on the clock.

import type { Residual } from "../compile.ts";
import type { Kind } from "../ir/interface.ts";
import type { VersionOrder } from "./build.ts";
import type { Kernel } from "./kernel.ts";
import { elementsOf } from "./sizes.ts";

/** Walks with less work than this (see budget.ts) unroll: keeping the loops would save nothing. */
const fewest = 1000;
/** the part of an unrolling walk's work in which one that keeps the loops has to be done */
const part = 0.5;
/** Elements of the fast arrays from which on a few calls of a program with its loops may lose more than making it saves; a whole number may say how many there are. */
const long = 1024;

export class Rolled {
  private readonly kernel: Kernel;
  /** what the last walk that unrolled did */
  private work = 0;
  /** about how much the slow values of the last version held */
  private bytes = -1;
  private off = false;

  constructor(kernel: Kernel) { this.kernel = kernel; }

  /** Told of each residual that was made as the options ask. */
  measure({ work }: Residual): void { if (work !== undefined) this.work = work; }

  /** Told of each order, when its version's quick program is chosen. */
  met({ slowBytes }: VersionOrder): void { this.bytes = slowBytes; }

  /** May the values be of the last version's shape? A template of their own pays for those alone of which more come. */
  isAlike({ slowBytes }: VersionOrder): boolean { return this.bytes < 0 || this.bytes === slowBytes; }

  /** Null: the loops of this version are to be unrolled as the options ask. */
  of({ request, described }: VersionOrder, args: readonly unknown[]): Residual | null {
    const { pipeline, options } = this.kernel;
    if (this.off || pipeline.rolled === undefined || options.pure.length > 0 || this.work < fewest) return null;
    if (!isShort({ described }, args)) return null;
    const residual = pipeline.rolled(request, part * this.work);
    if (residual === null) this.stop();
    return residual;
  }

  /** No more of them: this kernel can't be made so, or hardly faster, or the original had to run where one served. */
  stop(): void { this.off = true; }
}

/** Are the fast arguments so few elements that loops may stay loops for a few calls? */
export function isShort({ described }: Pick<VersionOrder, "described">, args: readonly unknown[]): boolean {
  return isFlat(described.self) && described.args.every(isFlat) && fewElements(args.filter((_, i) => described.args[i]?.kind !== "static"));
}
export const fewElements = (fast: readonly unknown[]): boolean => elementsOf(fast) < long && !fast.some((arg) => Number.isInteger(arg) && Math.abs(arg as number) >= long);

/** No arrays in arrays or objects, whose elements nobody has counted. */
function isFlat(kind: Kind): boolean {
  if (kind.kind === "array") return kind.element.kind === "f64";
  return kind.kind !== "linked" && (kind.kind !== "object" || (kind.linked === undefined && [...kind.fields.values()].every((field) => field.kind !== "array" && field.kind !== "typed" && isFlat(field))));
}
