// Functions that return before the declaration of a variable that an inner function captures: where such a call met one that went on, the walk ended, since
// the variable was there on one path alone. Nobody reads it behind the call.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "./agrees.ts";

const kernels: readonly (readonly [string, (x: number, y: number) => number])[] = [
  ["a closure changes it", (x, y) => {
    const f = (u: number): { v: number } => { if (u < 0) return { v: 1 }; let kept = 0; const add = (t: number): void => { kept += t; }; add(u); add(y); return { v: kept }; };
    return f(x).v + f(y).v;
  }],
  ["a chain of cases", (x, y) => {
    class Match {
      readonly input: number;
      readonly state: { matched: boolean; value: number | undefined };
      constructor(input: number, state: { matched: boolean; value: number | undefined }) { this.input = input; this.state = state; }
      with(pattern: number, handler: (v: number, given: number) => number): Match {
        if (this.state.matched) return this;
        let found = false;
        const given: Record<string, number> = {}, select = (key: string, v: number): void => { found = true; given[key] = v; };
        if (Object.is(pattern, this.input)) select("v", this.input);
        return new Match(this.input, found ? { matched: true, value: handler(given["v"]!, this.input) } : { matched: false, value: undefined });
      }
      otherwise(value: number): number { return this.state.matched ? this.state.value! : value; }
    }
    return new Match(x, { matched: false, value: undefined }).with(1, (v) => v * y).with(-0, (v) => v - y).with(8, (v, given) => v + given).otherwise(y);
  }],
];
const inputs = [[1, 2], [-1, 2], [0, 3], [-0, 3], [8, -1], [NaN, 0.5]];

describe.each(kernels)("a variable behind a return: %s", (_, kernel) => {
  it("is right", () => agrees({ source: kernel.toString(), slow: [], inputs }));
  it("is done by the module", async () => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
    for (const [x, y] of inputs) expect(fast(x!, y!)).toBe(kernel(x!, y!));
    expect(fast.stats().calls.original).toBe(0);
  });
});
