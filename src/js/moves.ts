// Assignments that must seem to happen all at once, put in an order in which one after the other does the same.
//
//   x, y = y, x + 1  →  const next_x = y;  y = x + 1;  x = next_x

import { type Expr, variable } from "./expression.ts";

export interface Move { readonly to: string; readonly expr: Expr }
/** `fresh`: `to` is a new const */
export interface Step extends Move { readonly fresh: boolean }

/** Each move before any that changes what it reads; a ring is cut by keeping one new value in a const. */
export function inOrder(moves: readonly Move[], unique: (wish: string) => string): Step[] {
  const steps: Step[] = [];
  const waiting = new Map(moves.map((m) => [m.to, m]));
  /** the variables still to be assigned that a move reads, its own apart */
  const reads = (m: Move): Set<string> => new Set(m.expr.variables.filter((v) => v !== m.to && waiting.has(v)));
  const readers = new Map<string, number>();
  for (const move of moves) for (const v of reads(move)) readers.set(v, (readers.get(v) ?? 0) + 1);
  const free = moves.filter((m) => !readers.get(m.to));
  const release = (read: ReadonlySet<string>): void => {
    for (const v of read) {
      const left = readers.get(v)! - 1;
      readers.set(v, left);
      if (left === 0) free.push(waiting.get(v)!);
    }
  };
  while (waiting.size > 0) {
    const move = free.shift();
    if (move) {
      const read = reads(move);
      waiting.delete(move.to);
      steps.push({ ...move, fresh: false });
      release(read);
      continue;
    }
    for (const cut of waiting.values()) {
      const read = reads(cut);
      if (read.size === 0) continue;
      const name = unique(`next_${cut.to}`);
      steps.push({ to: name, expr: cut.expr, fresh: true });
      waiting.set(cut.to, { to: cut.to, expr: variable(name, "other") });
      release(read);
      break;
    }
  }
  return steps;
}
