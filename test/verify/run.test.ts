// Differential runs and the first bad pass.

import { describe, expect, it } from "vitest";
import { firstBadPass } from "../../src/verify/bisect.ts";
import { runAll } from "../../src/verify/run.ts";

const scale = (x: Float64Array, k: number): number => { for (let i = 0; i < x.length; i++) x[i]! *= k; return x.length; };

describe("runAll", () => {
  it("finds nothing in equals, and leaves the caller's values alone", () => {
    const x = Float64Array.of(1, 2);
    expect(runAll([{ name: "original", call: scale }, { name: "same", call: scale }], undefined, [x, 2])).toEqual([{ name: "same", mismatches: [], count: 0 }]);
    expect([...x]).toEqual([1, 2]);
  });
  it("compares the arguments as they are left", () => {
    const wrong = (x: Float64Array, k: number): number => { scale(x, k); x[1]! += 1; return 2; };
    expect(runAll([{ name: "original", call: scale }, { name: "wrong", call: wrong }], undefined, [Float64Array.of(1, 2), 2])[0]!.mismatches)
      .toMatchObject([{ path: "argument 0", index: 1, expected: 4, actual: 5 }]);
  });
  it("compares errors, and returning with throwing", () => {
    const throws = (message: string) => (): never => { throw new RangeError(message); };
    const of = (a: () => unknown, b: () => unknown) => runAll([{ name: "a", call: a }, { name: "b", call: b }], undefined, [])[0]!.mismatches;
    expect(of(throws("x"), throws("x"))).toEqual([]);
    expect(of(throws("x"), throws("y"))).toMatchObject([{ path: "error.message" }]);
    expect(of(() => 1, throws("y"))).toMatchObject([{ path: "ended", expected: "returned", actual: "threw" }]);
  });
  it("does not compare how deep recursion went", () => {
    const deep = (): number => deep() + 1;
    expect(runAll([{ name: "a", call: deep }, { name: "b", call: () => 1 }], undefined, [])[0]!.count).toBe(0);
  });
  it("a result that is an argument must be that argument", () => {
    const x = [1];
    const give = (a: number[]): number[] => a;
    expect(runAll([{ name: "a", call: give }, { name: "b", call: (a: number[]) => [...a] }], undefined, [x])[0]!.mismatches).toMatchObject([{ path: "result" }]);
    expect(runAll([{ name: "a", call: give }, { name: "b", call: give }], undefined, [x])[0]!.count).toBe(0);
  });
  it("passes `this`", () => {
    const bump = function (this: { n: number }): void { this.n++; };
    expect(runAll([{ name: "a", call: bump as never }, { name: "b", call: () => undefined }], { n: 1 }, [])[0]!.mismatches).toMatchObject([{ path: "this.n", expected: 2, actual: 1 }]);
  });
});

describe("firstBadPass", () => {
  const right = (a: number): number => a + 1;
  const wrong = (a: number): number => a + 2;
  const stages = (...calls: (typeof right)[]) => calls.map((call, k) => ({ pass: `pass${k}`, callable: () => call }));
  const judge = { name: "original", call: right };
  it("names the pass and the one before it", () => {
    expect(firstBadPass(judge, stages(right, right, right, wrong, wrong), undefined, [1])).toMatchObject({ pass: "pass3", index: 3, before: "pass2" });
    expect(firstBadPass(judge, stages(wrong, wrong), undefined, [1])).toMatchObject({ pass: "pass0", before: null });
  });
  it("finds a fault that a later pass hid", () => expect(firstBadPass(judge, stages(right, wrong, right), undefined, [1])).toMatchObject({ pass: "pass1" }));
  it("answers null where all agree", () => expect(firstBadPass(judge, stages(right, right), undefined, [1])).toBeNull());
  it("makes no stage that it does not need", () => {
    let made = 0;
    firstBadPass(judge, Array.from({ length: 64 }, (_, k) => ({ pass: `${k}`, callable: () => { made++; return k < 40 ? right : wrong; } })), undefined, [1]);
    expect(made).toBeLessThan(9);
  });
});
