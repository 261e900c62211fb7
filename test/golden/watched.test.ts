// Guards that once let calls through which their versions were not made for. The title says what was wrong.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

interface Body { x: number; v: number }
const step = (bodies: Body[], dt: number): number => { let sum = 0; for (const b of bodies) { b.x += b.v * dt; sum += b.x; } return sum; };
const twice = (): Body[] => { const one = { x: 1, v: 2 }; return [one, one]; };
const fresh = (): Body[] => [{ x: 1, v: 2 }, { x: 3, v: 4 }];

describe("what is compiled in without anybody having asked for it is compared by its contents", () => {
  it.each(["identity", "manual", { hash: () => 1 }, { same: () => true }] as const)("… whatever slow values are watched by: %j", async (watch) => {
    await ready();
    const fast = specialize(step, { slow: ["dt"], watch, tier: "wasm", compile: "sync" }), mine = twice(), theirs = twice();
    expect(fast(mine, 0.5)).toBe(step(theirs, 0.5));
    mine.pop();
    theirs.pop();
    expect(fast(mine, 0.5)).toBe(step(theirs, 0.5));
    expect(mine).toEqual(theirs);
  });
  it("… in a handle too: of what it was not pinned with it knows nothing", async () => {
    await ready();
    const handle = await specialize(step, { slow: ["dt"], tier: "wasm" }).pin(twice(), 0.5) as (bodies: Body[]) => number;
    expect(handle(twice())).toBe(step(twice(), 0.5));
    expect(handle(fresh())).toBe(step(fresh(), 0.5));
  });
});

class Gain {
  #by: number;
  constructor(by: number) { this.#by = by; }
  get by(): number { return this.#by; }
  of(x: number): number { return x * this.#by; }
}
const amplify = (x: number, gain: Gain): number => gain.of(x);

it.each([
  ["`same` is given a copy, which has no private fields", { same: (now: unknown, before: unknown) => (now as Gain).by === (before as Gain).by }],
  ["`hash` throws", { hash: () => { throw new Error("no hash"); } }],
] as const)("a call never throws what a watching function threw: %s", async (_, watch) => {
  await ready();
  const fast = specialize(amplify, { slow: ["gain"], watch, tier: "wasm", compile: "sync" }), gain = new Gain(3);
  for (let i = 0; i < 5; i++) expect(fast(i, gain)).toBe(3 * i);
});

describe("what stands behind a slow or captured value as its prototype is written as another argument, and seen", () => {
  type Any = Record<string | number, number> & { push(v: number): void };
  const first = { q: 1 }, last = Object.create(first) as Any;
  it.each<readonly [string, (p: Any, o: Any) => unknown, () => object, string[]]>([
    ["a field that was not there", (p, o) => { p.q = 3; return o.q; }, () => ({ x: 1 }), ["o"]],
    ["one that was", (p, o) => { p.q = 3; return o.q; }, () => ({ q: 1 }), ["o"]],
    ["an element", (p, o) => { p[1] = 3; return o[1]; }, () => [1, 2], []],
    ["a new one", (p, o) => { p.push(3); return o[2]; }, () => [1, 2], []],
    ["of a captured object", (p) => { p.q = 3; const now = last.q; p.q = 1; return now; }, () => first, []],
  ])("%s", async (_, kernel, make, slow) => {
    await ready();
    const fast = specialize(kernel, { tier: "wasm", compile: "sync", slow });
    for (let k = 0; k < 3; k++) { const p = make() as Any; expect(fast(p, Object.create(p) as Any)).toBe(3); }
    for (const p of [make(), make()] as Any[]) expect(fast(p, Object.create({ q: 5, 1: 6, 2: 7 }) as Any)).toBe(kernel(make() as Any, Object.create({ q: 5, 1: 6, 2: 7 }) as Any));
  });
});
