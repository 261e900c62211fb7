// Which arrays of the kernel's own are others: one that is made later lies where nobody's was.
//
//   %free = i32.load [%memory]; i32.store [%memory] (i32.add %free 224);  %new = i32.add %free 16
//   %old, which there was before %free was loaded: the address of another array
//
// Both are in scope where this is asked, so that what comes first in the text came first in time. What is given back is not looked at any more: of two arrays
// that both are, the later one lies behind the other.

import { constantOf } from "../ir/build.ts";
import type { Func, Instr, Memory, Program, Region, Value } from "../ir/types.ts";

/** the space of the word that tells where free memory begins */
export const freeSpaceOf = (program: Program): number => program.spaces.findIndex(({ name }) => name === "free_memory");

/** how far choices are followed */
const deepest = 8;

export class Made {
  private readonly free: number;
  /** by what was loaded as the beginning of free memory: how many bytes were taken there */
  private readonly taken = new Map<Value, number>();
  private readonly order = new Map<Value, number>();

  constructor(func: Func, program: Program) {
    this.free = freeSpaceOf(program);
    if (this.free >= 0) this.look(func.body);
  }

  /** Whether those are certainly the addresses of different arrays. */
  apart(a: Value, b: Value): boolean { return this.isOlder(a, b) || this.isOlder(b, a); }

  private isOlder(a: Value, b: Value): boolean {
    const [free, by] = b.def?.op === "i32.add" ? b.def.args as [Value, Value] : [], bytes = free && this.taken.get(free), at = by && constantOf(by);
    return bytes !== undefined && typeof at === "number" && at >= 0 && at < bytes && this.isMade(a, deepest) && this.order.get(a)! < this.order.get(free!)!;
  }
  /** An address behind what was the beginning of free memory, or one of several. */
  private isMade(v: Value, depth: number): boolean {
    const { def } = v;
    if (!def || depth === 0) return false;
    if (def.op === "i32.add") return typeof constantOf(def.args[1]!) === "number" && this.isFree(def.args[0]!.def);
    if (def.op === "i32.select") return def.args.slice(1).every((x) => this.isMade(x, depth - 1));
    if (def.op !== "if") return false;
    const at = def.results.indexOf(v);
    return def.regions.every(({ body }) => { const end = body.at(-1); return end?.op !== "yield" || this.isMade(end.args[at]!, depth - 1); });
  }
  private isFree(def: Instr | null): boolean { return def?.op === "i32.load" && (def as Memory).space === this.free && (def as Memory).offset === 0; }

  private look({ params, body }: Region): void {
    for (const p of params) this.order.set(p, this.order.size);
    let last: Value | null = null;
    for (const instr of body) {
      if (this.isFree(instr)) last = instr.results[0]!;
      else if ("space" in instr && instr.space === this.free && (instr as Memory).offset === 0 && instr.op === "i32.store") {
        const sum = instr.args[2]!.def, bytes = last && sum?.op === "i32.add" && sum.args[0] === last ? constantOf(sum.args[1]!) : undefined;
        if (typeof bytes === "number" && bytes > 0) this.taken.set(last!, bytes);
        last = null;
      } else if (instr.op === "call") last = null;
      else if ("regions" in instr) { for (const inner of instr.regions) this.look(inner); if (this.storesFree(instr)) last = null; }
      for (const r of instr.results) this.order.set(r, this.order.size);
    }
  }
  private storesFree(instr: Instr): boolean {
    if ("regions" in instr) return instr.regions.some(({ body }) => body.some((inner) => this.storesFree(inner)));
    return instr.op === "call" || instr.op === "i32.store" && (instr as Memory).space === this.free;
  }
}
