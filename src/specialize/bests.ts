// Finds what the rows of a table hand on to one another: the best number so far, and what was noted with it.
//
//   loop rows (%i, %best, %at) { …; %b, %a = loop row (%j, %m = %best, %p = %at) { …; %c = i32.gt_s %x %m; br row (%j + 1) (i32.select %c %x %m) (i32.select %c %j %p) } …; br rows (%i + 1) %b %a }
//
// Each of several rows may then begin with what the first of them begins with, and do so at once: of what they end with the best is taken, the first one of equals. A row that finds
// nothing better ends with what it began with, which is not better than what another one has found. So the number is replaced by what is greater (or less) only, never by an equal one where
// something is noted with it, and nobody in the row asks for either. Changes nothing. Requires: machine form, counted loops.

import type { Instr, Loop, Machine, Type, Value } from "../ir/types.ts";
import type { MachineOp } from "../ir/ops.ts";
import type { Counted } from "./counted.ts";
import type { Emitter } from "./emitter.ts";
import { visit } from "./flow.ts";

/** What the outer loop carries, what that is in a row, and what the row gives of it. */
export interface Part { readonly outer: Value; readonly inner: Value; readonly exit: Value }
/** The number first, then what is noted with it. */
export interface Best { readonly parts: readonly Part[]; readonly sense: Sense; /** by the operation that gives the greatest or least, not by comparing */ readonly extreme: boolean }
type Sense = "max" | "min";

/** How a number is replaced: by what, under which condition; null where that is no condition of a comparison that others could hang on. */
interface Replaced { readonly sense: Sense; readonly cond: Value | null; readonly strict: boolean; readonly extreme: boolean }

export function bestsOf(outer: Counted, inner: Counted, rests: readonly Loop[]): readonly Best[] {
  const parts = outer.loop.regions[0].params.flatMap((q, i) => partOf(q, outer.br.args[i]!, inner, rests) ?? []);
  if (parts.length === 0) return [];
  const users = usersIn(outer.loop);
  const only = (v: Value, allowed: readonly (Instr | null)[]): boolean => (users.get(v) ?? []).every((user) => allowed.includes(user));
  const next = (p: Value): Value => inner.br.args[inner.loop.regions[0].params.indexOf(p)]!;
  const ends = [outer.loop.regions[0].body.at(-1)!, inner.loop.regions[0].body.at(-1)!];
  /** nobody but the loops themselves, and how they replace it, looks at the value */
  const unseen = ({ outer: q, inner: p, exit }: Part, by: readonly (Instr | null)[]): boolean => {
    const first = inner.loop.args[inner.loop.regions[0].params.indexOf(p)]!;
    return only(q, [first.def, inner.loop, ...ends]) && (first === q || only(first, [inner.loop])) && only(p, [exit.def, ...ends, ...by]) && (exit === p || only(exit, ends)) && only(next(p), [inner.br]);
  };
  return parts.flatMap((part): Best[] => {
    const by = replaced(part.inner, next(part.inner)), cond = by?.cond ?? null;
    if (!by || !unseen(part, [next(part.inner).def, cond?.def ?? null])) return [];
    const noted = cond === null || !by.strict ? [] : parts.filter(({ inner: p }) => p !== part.inner && isChoice(next(p)) && next(p).def!.args[0] === cond && next(p).def!.args[2] === p);
    if (cond !== null && !only(cond, [part, ...noted].map(({ inner: p }) => next(p).def)) || !noted.every((one) => unseen(one, [next(one.inner).def]))) return [];
    return [{ parts: [part, ...noted], sense: by.sense, extreme: by.extreme }];
  });
}

/** The better of what rows before have found and what one more row has. */
export function better(e: Emitter, { sense, extreme }: Best, soFar: readonly Value[], found: readonly Value[]): Value[] {
  const [x, y] = [found[0]!, soFar[0]!], { type } = x;
  if (extreme) return [e.op(`${type}.${sense}` as MachineOp, y, x)];
  const cond = e.op(`${type}.${sense === "max" ? "gt" : "lt"}${signed(type)}` as MachineOp, x, y);
  return found.map((v, i) => e.op(`${v.type}.select` as MachineOp, cond, v, soFar[i]!));
}
const signed = (type: Type): string => (type.startsWith("i") ? "_s" : "");

const conversions: ReadonlySet<string> = new Set<MachineOp>(["f64.convert_i64_s", "f64.convert_i32_s", "i64.trunc_sat_f64_s", "i64.extend_i32_s", "i32.wrap_i64"]);
const converted = (v: Value): Value => (v.def !== null && conversions.has(v.def.op) ? v.def.args[0]! : v);
const isChoice = ({ def }: Value): boolean => def !== null && /^[fi]\d+\.select$/.test(def.op);

/** Loops behind the row hand on what they were given, as far as they do nothing. */
function partOf(q: Value, next: Value, inner: Counted, rests: readonly Loop[]): Part | null {
  let given = next;
  for (const rest of rests.toReversed()) {
    const at = rest.results.indexOf(given), [{ params, body }] = rest.regions, param = at < 0 ? undefined : body.at(-1)!.args[at]!;
    if (param) given = rest.args[params.indexOf(param)] ?? given;
  }
  const at = inner.loop.results.indexOf(given), exit = inner.exits[at];
  if (!exit) return null;
  const p = converted(exit), first = inner.loop.args[inner.loop.regions[0].params.indexOf(p)];
  return first && converted(first) === q ? { outer: q, inner: p, exit } : null;
}

function replaced(p: Value, next: Value): Replaced | null {
  const { def } = next, extreme = /^f\d+\.(max|min)$/.exec(def?.op ?? "")?.[1];
  if (extreme && def!.args.filter((arg) => arg === p).length === 1) return { sense: extreme as Sense, cond: null, strict: false, extreme: true };
  if (!isChoice(next)) return null;
  const [cond, then, otherwise] = def!.args as [Value, Value, Value], test = cond.def as Machine | null, x = then === p ? otherwise : then;
  const relation = /^(?:i\d+\.([lg][te])_s|f\d+\.([lg][te]))$/.exec(test?.op ?? ""), which = relation?.[1] ?? relation?.[2];
  if (!which || x === p || !test!.args.includes(x) || !test!.args.includes(p) || then !== p && otherwise !== p) return null;
  const strict = then === x && which.endsWith("t");
  if (!strict && p.type.startsWith("f")) return null; // of two zeros, or beside a NaN, it counts which one is taken
  return { sense: which.startsWith("g") === (test!.args[0] === then) ? "max" : "min", cond, strict, extreme: false };
}

function usersIn(loop: Loop): ReadonlyMap<Value, readonly Instr[]> {
  const users = new Map<Value, Instr[]>();
  for (const region of loop.regions) visit(region, (instr) => { for (const arg of instr.args) { const those = users.get(arg); if (those) those.push(instr); else users.set(arg, [instr]); } });
  return users;
}
