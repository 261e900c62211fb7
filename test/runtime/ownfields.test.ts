// Fields that are written, of objects that have them and of objects that lack them: undefined, or what the prototype has, is read of both.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

type Fields = Record<string | number, unknown>;
await ready();
class Marked { declare a: unknown; t = 1; }
Marked.prototype.a = 1;

for (const tier of ["wasm", "js"] as const) describe(tier, () => {
  /** Objects in turn, each as the original leaves it. */
  function leaves(kernel: (object: Fields, x: number) => unknown, ...made: (() => object)[]): void {
    const fast = specialize(kernel, { tier, compile: "sync" });
    for (const make of [...made, ...made]) for (const x of [1, -1]) {
      const mine = make() as Fields, other = make() as Fields;
      expect([fast(mine, x), Object.entries(mine)]).toEqual([kernel(other, x), Object.entries(other)]);
    }
  }
  const undefinedOnes = [() => ({ t: 7, a: undefined }), () => ({ t: 7 }), () => ({ a: undefined, t: 7 })];

  it("is given undefined", () => { leaves((o) => { o.a = undefined; return 1; }, ...undefinedOnes); });
  it("… on some paths", () => { leaves((o, x) => { if (x > 0) o.a = undefined; return x; }, ...undefinedOnes); });
  it("is given a number on some paths", () => { leaves((o, x) => { if (x > 0) o.a = x; return x; }, ...undefinedOnes); });
  it("an index key", () => { leaves((o) => { o[0] = undefined; o[1] = undefined; return 1; }, () => ({ t: 7, 0: undefined, 2: 2 }), () => ({ t: 7, 2: 2 })); });
  it("the prototype has it too", () => { leaves((o, x) => { if (x > 0) o.a = x; return x; }, () => Object.assign(new Marked(), { a: 2 }), () => new Marked()); });
  it("it is given what it has, which the prototype has too", () => { leaves((o) => { const { a } = o; o.a = a; return 1; }, () => Object.assign(new Marked(), { a: 2 }), () => new Marked()); });
  it("objects of an array, whose prototype has it too", () => {
    const kernel = (list: Fields[], x: number): number => { for (const o of list) if (x > 0) o.a = x; return x; }, fast = specialize(kernel, { tier, compile: "sync" });
    const own = (): Fields => Object.assign(new Marked(), { a: 2 }) as unknown as Fields, bare = (): Fields => new Marked() as unknown as Fields;
    for (const make of [() => [own()], () => [bare()], () => [bare(), own()], () => [own(), bare()]]) for (const x of [1, -1]) {
      const mine = make(), other = make();
      expect([fast(mine, x), mine.map((o) => Object.entries(o))]).toEqual([kernel(other, x), other.map((o) => Object.entries(o))]);
    }
  });
  it("a captured object's", () => {
    const own: Fields = { t: 1, a: undefined }, fast = specialize(() => { own.a = undefined; (own.t as number)++; return own.t; }, { tier, compile: "sync" });
    for (let s = 0; s < 4; s++) { if (s % 2) delete own.a; expect([fast(), Object.keys(own)]).toEqual([s + 2, ["t", "a"]]); }
  });
});
