// Two equal subjects, one specialised: each call of both has to give the same, and to leave the same behind.

import { inspect } from "node:util";
import { expect } from "vitest";
import { specialize, type Options } from "../../src/index.ts";

export interface Subject { readonly f: (...args: never[]) => unknown; readonly self?: unknown; readonly state: unknown }
export type Calls = readonly (readonly unknown[])[];

/** All that can be seen of it: kinds, prototypes, the order of keys, −0. */
export const portrait = (value: unknown): string => inspect(value, { depth: 9, maxArrayLength: 100_000, showHidden: true });

/** Each call of the specialised function against one of an equal one that is not; gives how many calls the tier served. */
export function served(tier: "js" | "wasm", make: () => Subject, calls: Calls, options: Options = {}): number {
  const plain = make(), other = make();
  const fast = specialize(other.f as (...args: unknown[]) => unknown, { tier, compile: "sync", ...options });
  for (const args of calls) {
    const [mine, yours] = [args, args].map((list, i) => list.map((arg) => (arg === STATE ? [plain, other][i]!.state : Array.isArray(arg) ? [...(arg as unknown[])] : arg)));
    const result = (plain.f as (...all: unknown[]) => unknown).apply(plain.self, mine!);
    expect(portrait([fast.apply(other.self, yours!), other.state])).toBe(portrait([result, plain.state]));
  }
  return fast.stats().calls[tier];
}
/** stands for the state as an argument */
export const STATE = Symbol("state");
