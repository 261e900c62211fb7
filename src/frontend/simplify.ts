// Drops what the lowering passed along without need: carried values and results that never change or that nobody reads.
//
//   loop (x = a) { …; br x }          → a is used for x
//   if c { yield v } else { yield v } → v is used for the result
//   a result or carried value without a use that counts goes, with the values that are given for it
//
// Requires: ids in order of writing (a value with a smaller id than anything defined inside a construct is defined outside it).
// Guarantees: operations, their order and their operands' values stay. `@key` variables stay carried. Linear.
// Source: trivial φ-functions as in Braun et al., "Simple and Efficient Construction of SSA Form" (2013); liveness by marking.

import type { Instr, JsFunction, Label, Loop, Region, Value } from "../ir/types.ts";

/** A construct with results, or a loop with carried values: which lists of operands flow where. */
interface Join {
  readonly instr: Instr;
  /** operands of each way out, matching the results */
  readonly exits: Value[][];
  /** operands of each `br` to a loop, and its initial ones, matching the carried values */
  readonly entries: Value[][];
  readonly params: Value[];
}

export function simplify(func: JsFunction): void {
  const replaced = new Array<Value | undefined>(func.nextId).fill(undefined);
  const joins: Join[] = [];
  const labels = new Map<Label, Join>();
  findJoins(func.body, null, joins, labels, replaced);
  if (joins.length === 0) return;
  const live = findLive(func.body, joins, replaced);
  for (const join of joins) prune(join, live, replaced);
  rewrite(func.body, replaced);
}

const resolve = (value: Value, replaced: (Value | undefined)[]): Value => {
  for (let next = replaced[value.id]; next; next = replaced[value.id]) value = next;
  return value;
};

/** Collects the joins, inner ones first, and notes what stands for what. Answers the smallest id defined in the region. */
function findJoins(region: Region, owner: Join | null, joins: Join[], labels: Map<Label, Join>, replaced: (Value | undefined)[]): number {
  let smallest = Infinity;
  for (const param of region.params) smallest = Math.min(smallest, param.id);
  for (const instr of region.body) {
    for (const result of instr.results) smallest = Math.min(smallest, result.id);
    if (instr.op === "yield") owner?.exits.push(instr.args);
    else if (instr.op === "br") {
      const target = labels.get(instr.label)!;
      (target.instr.op === "loop" ? target.entries : target.exits).push(instr.args);
    }
    if (!("regions" in instr)) continue;
    const { regions } = instr;
    const isLoop = instr.op === "loop";
    const join: Join = { instr, exits: [], entries: isLoop ? [instr.args] : [], params: isLoop ? regions[0]!.params : [] };
    if (instr.op === "loop" || instr.op === "block") labels.set(instr.label, join);
    let inside = Infinity;
    for (const inner of regions) inside = Math.min(inside, findJoins(inner, join, joins, labels, replaced));
    smallest = Math.min(smallest, inside);
    joins.push(join);
    replaceUniform(join.params, join.entries, inside, replaced, instr.op === "loop" ? instr.notes?.key : undefined);
    replaceUniform(join.instr.results, join.exits, inside, replaced, undefined);
  }
  return smallest;
}

/** Where all ways give the same value, and it is defined outside, that value stands for the parameter or result. */
function replaceUniform(
  targets: readonly Value[], ways: readonly Value[][], inside: number, replaced: (Value | undefined)[], kept: readonly number[] | undefined,
): void {
  targets.forEach((target, i) => {
    if (kept?.includes(i)) return;
    let only: Value | null = null;
    for (const way of ways) {
      const value = resolve(way[i]!, replaced);
      if (value === target || value === only) continue;
      if (only !== null) return;
      only = value;
    }
    if (only && (only.id < inside || only.def?.op === "js.const")) replaced[target.id] = only;
  });
}

/** Marks what counts: operands of operations, and through joins what flows into a marked result or carried value. */
function findLive(body: Region, joins: readonly Join[], replaced: (Value | undefined)[]): Uint8Array {
  const origin = new Map<Value, { ways: readonly Value[][]; index: number }>();
  for (const { instr, exits, entries, params } of joins) {
    instr.results.forEach((result, index) => origin.set(result, { ways: exits, index }));
    params.forEach((param, index) => origin.set(param, { ways: entries, index }));
  }
  let size = 0;
  for (const value of origin.keys()) size = Math.max(size, value.id + 1);
  const live = new Uint8Array(size);
  const work: Value[] = [];
  const mark = (value: Value): void => {
    const v = resolve(value, replaced);
    if (!origin.has(v) || live[v.id]) return;
    live[v.id] = 1;
    work.push(v);
  };
  const visit = (region: Region): void => {
    for (const instr of region.body) {
      if (instr.op === "loop") for (const index of instr.notes?.key ?? []) mark(instr.regions[0].params[index]!);
      else if (instr.op !== "yield" && instr.op !== "br") for (const arg of instr.args) mark(arg);
      if ("regions" in instr) for (const inner of instr.regions) visit(inner);
    }
  };
  visit(body);
  for (let value = work.pop(); value; value = work.pop()) {
    const { ways, index } = origin.get(value)!;
    for (const way of ways) mark(way[index]!);
  }
  return live;
}

function prune({ instr, exits, entries, params }: Join, live: Uint8Array, replaced: (Value | undefined)[]): void {
  const keeps = (value: Value): boolean => live[value.id] === 1 && !replaced[value.id];
  const filter = (targets: Value[], ways: readonly Value[][]): void => {
    if (targets.every(keeps)) return;
    const kept = targets.map(keeps);
    for (const way of ways) keep(way, kept);
    keep(targets, kept);
  };
  if (instr.op === "loop" && instr.notes?.key) renumber(instr, instr.notes.key.map((index) => params[index]!), () => filter(params, entries));
  else filter(params, entries);
  filter(instr.results, exits);
}

/** The positions that `@key` notes follow their values. */
function renumber(loop: Loop, keys: readonly Value[], change: () => void): void {
  change();
  const positions = loop.notes!.key as number[];
  keys.forEach((value, i) => { positions[i] = loop.regions[0].params.indexOf(value); });
}

function keep(list: Value[], kept: readonly boolean[]): void {
  let to = 0;
  for (let i = 0; i < kept.length; i++) if (kept[i]) list[to++] = list[i]!;
  list.length = to;
}

function rewrite(region: Region, replaced: (Value | undefined)[]): void {
  for (const instr of region.body) {
    const { args } = instr;
    for (let i = 0; i < args.length; i++) if (replaced[args[i]!.id]) args[i] = resolve(args[i]!, replaced);
    if ("regions" in instr) for (const inner of instr.regions) rewrite(inner, replaced);
  }
}
