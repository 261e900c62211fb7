// What flows where: for every parameter of a loop and every result of a structured instruction, the values that yields and brs give it.

import type { Func, Instr, Label, Region, Value } from "../ir/types.ts";

/** Every instruction of a region, inner ones after the one that holds them. (ir/build.ts has a generator; this one costs nothing.) */
export function visit(region: Region, look: (instr: Instr) => void): void {
  for (const instr of region.body) {
    look(instr);
    if ("regions" in instr) for (const inner of instr.regions) visit(inner, look);
  }
}

export const hasLoops = (region: Region): boolean =>
  region.body.some((instr) => "regions" in instr && (instr.op === "loop" || instr.regions.some(hasLoops)));

/** By value id; undefined for values that an operation defines, and for the function's parameters. */
export function sourcesOf(func: Func): readonly (readonly Value[] | undefined)[] {
  const sources = new Array<Value[] | undefined>(func.nextId).fill(undefined);
  const labels = new Map<Label, readonly Value[]>();
  const give = (to: readonly Value[], from: readonly Value[]): void => {
    for (let i = 0; i < to.length; i++) (sources[to[i]!.id] ??= []).push(from[i]!);
  };
  const scan = (region: Region, results: readonly Value[]): void => {
    for (const instr of region.body) {
      if (instr.op === "yield") give(results, instr.args);
      else if (instr.op === "br") give(labels.get(instr.label)!, instr.args);
      else if (instr.op === "if" || instr.op === "block" || instr.op === "loop") {
        if (instr.op === "loop") { labels.set(instr.label, instr.regions[0].params); give(instr.regions[0].params, instr.args); }
        if (instr.op === "block") labels.set(instr.label, instr.results);
        for (const inner of instr.regions) scan(inner, instr.results);
      }
    }
  };
  scan(func.body, []);
  return sources;
}
