// Whether a pass that has written a function anew has written the same one: instruction for instruction, with the operands that the old ones have
// become. Then the old function goes on in its place, and with it what is known of it (analyses.ts) and that passes found nothing in it.
//
// Names and places in the source do not count. Linear, and ends at the first difference.

import type { Instr, Label, Memory, Region, Value } from "../ir/types.ts";

/** `now`: what old values have become, by id. */
export function isUnchanged(old: Region, made: Region, now: readonly (Value | undefined)[]): boolean {
  const labels = new Map<Label, Label>();
  const same = (a: Value, b: Value): boolean => {
    const def = a.def;
    return def?.op === "const" ? b.def?.op === "const" && a.type === b.type && Object.is(def.value, b.def.value) : now[a.id] === b;
  };
  const all = (a: readonly Value[], b: readonly Value[]): boolean => {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!same(a[i]!, b[i]!)) return false;
    return true;
  };
  const region = (a: Region, b: Region): boolean => {
    if (a.body.length !== b.body.length || !all(a.params, b.params)) return false;
    for (let i = 0; i < a.body.length; i++) if (!instr(a.body[i]!, b.body[i]!)) return false;
    return true;
  };
  const instr = (a: Instr, b: Instr): boolean => {
    if (a.op !== b.op || !all(a.args, b.args) || !all(a.results, b.results)) return false;
    switch (a.op) {
      case "if": { const { regions } = b as typeof a; return region(a.regions[0], regions[0]) && region(a.regions[1], regions[1]); }
      case "block": case "loop": {
        const other = b as typeof a;
        labels.set(a.label, other.label);
        return (a.op !== "loop" || a.notes === (other as typeof a).notes) && region(a.regions[0], other.regions[0]);
      }
      case "br": return labels.get(a.label) === (b as typeof a).label;
      case "yield": return true;
      case "return": case "trap": return a.exit === (b as typeof a).exit;
      case "lane": { const { name, lanes } = b as typeof a; return a.name === name && a.lanes.length === lanes.length && a.lanes.every((lane, i) => lane === lanes[i]); }
      case "data.addr": return a.segment === (b as typeof a).segment;
      case "frame.addr": return a.offset === (b as typeof a).offset;
      case "slot.set": return a.slot === (b as typeof a).slot;
      case "memory.fill": case "memory.copy": { const other = b as typeof a; return a.space === other.space && a.from === other.from; }
      case "call": return a.callee === (b as typeof a).callee;
      default: {
        if (!("space" in a)) return true; // an operation without immediates
        const { offset, scale, space } = b as Memory;
        return a.offset === offset && a.scale === scale && a.space === space;
      }
    }
  };
  return region(old, made);
}
