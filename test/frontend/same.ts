// Helpers of the frontend's tests: does a snippet, lowered and interpreted, do what the engine does?

import { inspect } from "node:util";
import { expect } from "vitest";
import { Refusal, type Diagnostic } from "../../src/diagnostic.ts";
import { checkUnit } from "../../src/ir/check.ts";
import type { Code } from "../../src/ir/snapshot.ts";
import type { Unit } from "../../src/ir/types.ts";
import { lower } from "../../src/frontend/lower.ts";
import { functionOf } from "./interpret.ts";

export const code = (text: string, isClass = false): Code => ({ text, file: "kernel.js", line: 1, column: 1, isClass });

/** Lowers and checks. */
export function lowered(text: string): Unit {
  const unit = lower(code(text, text.startsWith("class")));
  checkUnit(unit);
  return unit;
}

/** What a call did: its result or exception, and its arguments and `this` afterwards. Functions are equal whatever their names. */
function outcome(fn: (...args: unknown[]) => unknown, self: unknown, args: unknown[]): string {
  let outcome: unknown;
  try {
    outcome = { result: fn.apply(self, args), self, args };
  } catch (error) {
    outcome = { thrown: error instanceof Error ? error.constructor.name : error, self, args };
  }
  return inspect(outcome, { depth: 9 }).replace(/\[Function[^\]]*\]/g, "[Function]");
}

/** The arguments that a snippet is tried with: a and b numbers, o an object, list an array. */
const inputs = (): unknown[][] => [
  [2, 5, { x: 1, y: 2 }, [4, 7, 9]], [5, 2, { x: -0, y: NaN }, []], [0, -0, { x: 3, y: [6] }, [1]], [NaN, 1.5, { x: 0, y: 0, k: 7 }, [1, 2, 3, 4, 5, 6]], [1, 1, { x: 2, y: 4 }, [undefined, null, 3]],
];

/** The body of a function of a, b, o and list does the same as the original for all inputs. */
export function same(body: string, free: Record<string, unknown> = {}): void {
  sameFunction(`function kernel(a, b, o, list) { ${body} }`, free);
}

export function sameFunction(text: string, free: Record<string, unknown> = {}, calls: () => unknown[][] = inputs, self: () => unknown = () => ({ x: 10, f: (t: number) => t * 2 })): void {
  const unit = lowered(text);
  const names = Object.keys(free);
  const wrapped = /^(function|\(|[\w$]+\s*=>|class)/.test(text) ? `(${text}\n)` : `((o) => ((d) => d.get ?? d.set ?? d.value)(Object.getOwnPropertyDescriptor(o, Reflect.ownKeys(o)[0])))({${text}\n})`;
  for (const [index, args] of calls().entries()) {
    const values = new Map(Object.entries(free));
    const original = new Function(...names, `return ${wrapped}`)(...names.map((n) => free[n])) as (...args: unknown[]) => unknown;
    const own = unit.functions[0]!.name;
    const mine = functionOf(unit, values);
    if (!values.has(own)) values.set(own, mine);
    const copy = calls()[index]!;
    expect(outcome(mine, self(), args), `${text} of ${JSON.stringify(copy)}`).toBe(outcome(original, self(), copy));
  }
}

/** The diagnostic of a refused text. */
export function refusal(text: string): Diagnostic {
  try {
    lower(code(text));
  } catch (error) {
    if (error instanceof Refusal) return error.diagnostic;
    throw error;
  }
  throw new Error(`not refused: ${text}`);
}
