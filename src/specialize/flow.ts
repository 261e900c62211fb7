// What flows where: for every parameter of a loop and every result of a structured instruction, the values that yields and brs give it.

import type { Func, If, Instr, Label, Loop, Region, Value } from "../ir/types.ts";

/** Every instruction of a region, inner ones after the one that holds them. (ir/build.ts has a generator; this one costs nothing.) */
export function visit(region: Region, look: (instr: Instr) => void): void {
  for (const instr of region.body) {
    look(instr);
    if ("regions" in instr) for (const inner of instr.regions) visit(inner, look);
  }
}

/** Whether there is an instruction of which that is true; the first one answers. */
export const holdsOne = (region: Region, test: (instr: Instr) => boolean): boolean =>
  region.body.some((instr) => test(instr) || ("regions" in instr && instr.regions.some((inner) => holdsOne(inner, test))));

export const hasLoops = (region: Region): boolean => holdsOne(region, ({ op }) => op === "loop");

/** Whether what stands behind may not be reached: an element may be there only if it is. */
export function mayLeave(instr: Instr): boolean {
  if (!("regions" in instr)) return false;
  const labels = new Set<Label>(), targets: Label[] = [];
  let leaves = false;
  const look = (inner: Instr): void => {
    if (inner.op === "loop" || inner.op === "block") labels.add(inner.label);
    if (inner.op === "br") targets.push(inner.label);
    leaves ||= inner.op === "return" || inner.op === "trap";
  };
  look(instr);
  for (const region of instr.regions) visit(region, look);
  return leaves || targets.some((label) => !labels.has(label));
}

/** How often each value is used, by id. */
export function usesOf(func: Func): Uint32Array {
  const uses = new Uint32Array(func.nextId);
  visit(func.body, (instr) => { for (const arg of instr.args) uses[arg.id]!++; });
  return uses;
}

/** The values that regions use and do not define, each once; constants left out. Found for a region and those in it together. */
export class FreeValues {
  private readonly found = new Map<Region, readonly Value[]>();
  /** by value id: the last region that it was met in, or defined in */
  private readonly met: Int32Array;
  private round = 0;

  constructor(func: Func) { this.met = new Int32Array(func.nextId); }

  of(region: Region): readonly Value[] {
    let free = this.found.get(region);
    if (free === undefined) this.found.set(region, (free = this.find(region)));
    return free;
  }
  private find({ params, body }: Region): readonly Value[] {
    for (const instr of body) if ("regions" in instr) for (const inner of instr.regions) this.of(inner); // before this one's round begins
    const free: Value[] = [], round = ++this.round;
    const meet = (v: Value): boolean => {
      if (this.met[v.id] === round) return false;
      this.met[v.id] = round;
      return true;
    };
    const use = (v: Value): void => { if (v.def?.op !== "const" && meet(v)) free.push(v); };
    params.forEach(meet);
    for (const instr of body) {
      for (const arg of instr.args) use(arg);
      if ("regions" in instr) for (const inner of instr.regions) for (const v of this.of(inner)) use(v);
      for (const r of instr.results) meet(r);
    }
    return free;
  }
}

/** The values that the loop defines, inner ones and parameters included, and how many instructions it has. */
export function definedIn(loop: Loop): { readonly inside: ReadonlySet<Value>; readonly size: number } {
  const inside = new Set<Value>(loop.regions[0].params);
  let size = 0;
  visit(loop.regions[0], (instr) => {
    size++;
    for (const r of instr.results) inside.add(r);
    if (instr.op === "loop") for (const p of instr.regions[0].params) inside.add(p);
  });
  return { inside, size };
}

/** By value id; undefined for values that an operation defines, and for the function's parameters. What an arm gives that is never taken is left out. */
export function sourcesOf(func: Func, taken: (instr: If) => boolean | undefined = () => undefined): readonly (readonly Value[] | undefined)[] {
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
        const way = instr.op === "if" ? taken(instr) : undefined;
        if (way === undefined) for (const inner of instr.regions) scan(inner, instr.results); else scan(instr.regions[way ? 0 : 1]!, instr.results);
      }
    }
  };
  scan(func.body, []);
  return sources;
}
