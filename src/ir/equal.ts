// Structural equality: the same instructions in the same order with the same operands, whatever the values' ids and the labels' names.
// Names of values and places in the source are for reading; they count only where asked. Constants are equal by type and bits (all NaNs equal).

import { printConst, printPrimitive } from "./print.ts";
import type { Const, Func, Instr, JsConst, Label, LoopNotes, Place, Program, Region, Unit, Value } from "./types.ts";

export interface EqualOptions { readonly places?: boolean; readonly names?: boolean }

export function equalFunc(a: Func, b: Func, options: EqualOptions = {}): boolean {
  const values = new Map<Value, Value>();
  const labels = new Map<Label, Label>();

  const define = (x: Value, y: Value): boolean => {
    values.set(x, y);
    return x.type === y.type && (!options.names || x.name === y.name);
  };
  const use = (x: Value, y: Value): boolean => {
    const [cx, cy] = [constOf(x), constOf(y)];
    return cx && cy ? x.type === y.type && sameConst(x, cx, cy) : values.get(x) === y;
  };
  const label = (x: Label, y: Label): boolean => labels.get(x) === y;
  const region = (x: Region, y: Region): boolean => each(x.params, y.params, define) && each(x.body, y.body, instr);
  const instr = (x: Instr, y: Instr): boolean => {
    if (x.op !== y.op || !each(x.args, y.args, use)) return false;
    if (options.places && !samePlace(x.place, y.place)) return false;
    if ("label" in x && "label" in y) {
      if (x.op === "br") { if (!label(x.label, y.label)) return false; } else labels.set(x.label, y.label);
    }
    if (x.op === "loop" && y.op === "loop" && !sameNotes(x.notes, y.notes, options)) return false;
    if (!sameData(immediates(x), immediates(y))) return false;
    if ("regions" in x && "regions" in y && !each<Region>(x.regions, y.regions, region)) return false;
    return each(x.results, y.results, define);
  };
  return a.name === b.name && sameData(a.results, b.results) && each(a.params, b.params, define) && region(a.body, b.body);
}

export function equalProgram(a: Program, b: Program, options: EqualOptions = {}): boolean {
  return sameData({ ...a, functions: [] }, { ...b, functions: [] }) && each(a.functions, b.functions, (x, y) => equalFunc(x, y, options));
}

export function equalUnit(a: Unit, b: Unit, options: EqualOptions = {}): boolean {
  return a.source === b.source && sameData(a.free, b.free) && each(a.functions, b.functions, (x, y) =>
    x.kind === y.kind && x.length === y.length && x.strict === y.strict && x.patterned === y.patterned && sameData(x.captured, y.captured) && samePlace(x.place, y.place)
    && equalFunc(x, y, options));
}

const structural: ReadonlySet<string> = new Set(["args", "results", "place", "regions", "label", "notes"]);
/** what an instruction has beside operands, results and regions: offset, lanes, name … */
const immediates = (instr: Instr): Record<string, unknown> => Object.fromEntries(Object.entries(instr).filter(([k]) => !structural.has(k)));

const constOf = (v: Value): Const | JsConst | null => (v.def?.op === "const" || v.def?.op === "js.const" ? v.def : null);
const sameConst = (v: Value, a: Const | JsConst, b: Const | JsConst): boolean => {
  if (a.op === "const") return b.op === "const" && printConst(v.type, a.value) === printConst(v.type, b.value);
  return b.op === "js.const" && printPrimitive(a.value) === printPrimitive(b.value);
};

const each = <T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean => a.length === b.length && a.every((x, i) => same(x, b[i]!));
const samePlace = (a: Place | undefined, b: Place | undefined): boolean => sameData(a, b);
const sameNotes = (a: LoopNotes = {}, b: LoopNotes = {}, options: EqualOptions): boolean =>
  sameData(a.unroll, b.unroll) && sameData(a.key, b.key) && a.role === b.role && (!options.places || samePlace(a.place, b.place));

/** Plain data, deeply. A property that is undefined equals one that is absent. */
function sameData(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const k of keys) if (!sameData((a as Record<string, unknown>)[k], (b as Record<string, unknown>)[k])) return false;
  return true;
}
