// A module in TypeScript, for the command: types of every kind, another module's, and a captured enum.

import type { Taps } from "./types.js";
import { Kind, type Limits, scaled } from "./types.js";

/** @internal */
export function fir<T extends Float64Array>(x: T, y: T, taps: Taps, kind: Kind = Kind.Plain): void {
  const limits: Limits = { low: -1, high: 1 };
  for (let i = 0; i < y.length; i++) {
    let acc = 0 as number;
    for (let k = 0; k < taps.length; k++) acc += taps[k]! * x[i + k]!;
    y[i] = kind === Kind.Plain ? scaled(acc) : Math.min(limits.high, Math.max(limits.low, <number>acc));
  }
}

export function evaluated(x: unknown): number {
  const text = `${String(x)} + 1` as string;
  return eval(text) as number;
}
