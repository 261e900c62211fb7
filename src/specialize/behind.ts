// What both arms of an `if` compute last, of different operands, is computed once, behind it, where that takes long.
//
//   before  %h = if %c { yield f64.add (f64.div %a %d) 2.0 } else { yield f64.add (f64.div %b %d) 4.0 }
//   after   %n, %k = if %c { yield %a 2.0 } else { yield %b 4.0 };  %h = f64.add (f64.div %n %d) %k
//
// From the inside out, so that a chain of `else if`s ends with one division. Lanes do both arms, and would divide in each; scalar code does as much as before.
//
// Requires: machine form; before vectorization, after what looks for operations in arms (meet.ts). Guarantees: machine form, same bits.

import { isMachineOp, ops } from "../ir/ops.ts";
import type { Func, If, Machine, Program, Region, Value } from "../ir/types.ts";
import { regionsOf } from "../ir/build.ts";
import { contentsOf } from "./analyses.ts";
import type { Note } from "./notes.ts";
import { costly, Rewriter } from "./rewrite.ts";

export function computeBehind(func: Func, program: Program, note: Note = () => {}): Func {
  const { ops: all } = contentsOf(func);
  return all.has("if") && [...all].some((op) => costly.test(op)) ? new Behind(func, program, note).run() : func;
}

/** results more that an `if` may have for each costly operation less */
const worth = 3;
const deepest = 6;

/** An operation that both arms end with: of operands that they share, or that each has its own of. */
interface Last { readonly op: Machine["op"]; readonly args: readonly (Last | Pair)[] }
interface Pair { readonly then: Value; readonly otherwise: Value }

class Behind extends Rewriter {
  private readonly note: Note;
  constructor(func: Func, program: Program, note: Note) { super(func, program); this.note = note; }

  protected override join(cond: Value, like: Pick<If, "place">, thenRegion: Region, elseRegion: Region, a: Value[], b: Value[]): Value[] {
    let known: ReadonlySet<Value> | undefined; // few ask: an `if` around others would look through all of them once more
    const own = (): ReadonlySet<Value> => (known ??= ownIn(thenRegion, elseRegion, [...a, ...b]));
    const lasts = a.map((v, i) => {
      const found = last(v, b[i]!, deepest, (x) => own().has(x));
      return found && pairsOf(found).length - 1 <= worth * countCostly(found) ? found : null;
    });
    if (lasts.every((l) => l === null)) return super.join(cond, like, thenRegion, elseRegion, a, b);
    const pairs = lasts.map((l, i) => (l ? pairsOf(l) : [{ then: a[i]!, otherwise: b[i]! }]));
    lasts.forEach((l, i) => {
      if (!l) return;
      this.note(like.place, "what both arms compute last", "behind them", `${countCostly(l)} ${l.op} less`);
      remove(l, a[i]!, thenRegion);
      remove(l, b[i]!, elseRegion);
    });
    const values = super.join(cond, like, thenRegion, elseRegion, pairs.flatMap((list) => list.map((p) => p.then)), pairs.flatMap((list) => list.map((p) => p.otherwise)));
    let at = 0;
    const made = (l: Last | Pair): Value => ("op" in l ? this.e.operation(l.op, l.args.map(made)) : values[at++]!);
    return lasts.map((l) => (l ? made(l) : values[at++]!));
  }
}

/** What both values are made by last, down to the last costly operation; null where there is none. */
function last(x: Value, y: Value, depth: number, goes: (v: Value) => boolean): Last | null {
  const [p, q] = [x.def, y.def];
  if (x === y || depth === 0 || p === null || q === null || p.op !== q.op || !isMachineOp(p.op) || ops[p.op].effect !== "none" || !goes(x) || !goes(y)) return null;
  const args = p.args.map((arg, i) => last(arg, q.args[i]!, depth - 1, goes) ?? { then: arg, otherwise: q.args[i]! });
  return costly.test(p.op) || args.some((arg) => "op" in arg) ? { op: p.op, args } : null;
}
const pairsOf = (l: Last): Pair[] => l.args.flatMap((arg) => ("op" in arg ? pairsOf(arg) : [arg]));
const countCostly = (l: Last): number => l.args.reduce((n, arg) => n + ("op" in arg ? countCostly(arg) : 0), Number(costly.test(l.op)));

/** Takes the operations out of the arm. */
function remove(l: Last, v: Value, arm: Region): void {
  const def = v.def!;
  arm.body.splice(arm.body.indexOf(def), 1);
  l.args.forEach((arg, i) => { if ("op" in arg) remove(arg, def.args[i]!, arm); });
}

/** What the arms themselves compute and is used once. */
function ownIn(then: Region, otherwise: Region, given: readonly Value[]): ReadonlySet<Value> {
  const uses = usesIn([then, otherwise], given);
  return new Set([...then.body, ...otherwise.body].flatMap(({ results }) => results.filter((r) => uses.get(r) === 1)));
}
function usesIn(regions: readonly Region[], given: readonly Value[]): ReadonlyMap<Value, number> {
  const uses = new Map<Value, number>();
  const use = (v: Value): void => { uses.set(v, (uses.get(v) ?? 0) + 1); };
  const look = (region: Region): void => { for (const instr of region.body) { instr.args.forEach(use); regionsOf(instr).forEach(look); } };
  regions.forEach(look);
  given.forEach(use);
  return uses;
}
