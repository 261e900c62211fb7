// Arrays of objects, whose fields are copied as columns: what is there, what changed since the call before, and what is no such array.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize, type Options } from "../../src/index.ts";

beforeAll(async () => { await ready(); });

interface Body { x: number; v: number }
const kernel = (bodies: Body[], dt: number): number => {
  let sum = 0;
  for (const b of bodies) { b.v -= b.x * dt; b.x += b.v * dt; sum += b.x; }
  return sum;
};
const make = (): Body[] => Array.from({ length: 5 }, (_, i) => ({ x: i + 0.5, v: -i }));

for (const tier of ["js", "wasm"] as const) {
  const sync = (): Options => ({ tier, compile: "sync", slow: ["dt"] });
  describe(`arrays of objects, served by ${tier}`, () => {
    const pair = (): { step: () => void; got: Body[]; want: Body[]; fast: ReturnType<typeof specialize<typeof kernel>> } => {
      const fast = specialize(kernel, sync()), got = make(), want = make();
      const step = (): void => {
        const one = (list: Body[], run: typeof kernel): unknown => { try { return run(list, 0.25); } catch (error) { return (error as Error).constructor.name; } };
        expect([one(got, fast), got]).toEqual([one(want, kernel), want]);
      };
      for (let i = 0; i < 4; i++) step();
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 4 });
      return { step, got, want, fast };
    };
    const edits: readonly (readonly [string, (list: Body[]) => void, served: boolean])[] = [
      ["an object is replaced", (list) => { list[2] = { x: 9, v: 8 }; }, true],
      ["objects change places", (list) => { list.reverse(); }, true],
      ["one is added", (list) => { list.push({ x: 1, v: 2 }); }, true],
      ["one is removed", (list) => { list.pop(); }, true],
      ["a field is −0", (list) => { list[1]!.v = -0; list[1]!.x = -0; }, true],
      ["a field is NaN", (list) => { list[1]!.v = NaN; }, true],
      ["one is frozen", (list) => { Object.freeze(list[3]); }, false],
      ["a field is no number", (list) => { (list[3] as { v: unknown }).v = "1"; }, false],
      ["a field is gone", (list) => { delete (list[3] as Partial<Body>).v; }, false],
      ["one has another prototype", (list) => { Object.setPrototypeOf(list[0], { other: 1 }); }, false],
      ["one is there twice", (list) => { list[4] = list[0]!; }, false],
      ["one is a Proxy", (list) => { list[1] = new Proxy(list[1]!, {}); }, false],
    ];
    it.each(edits.map((row) => [...row] as const))("%s", (_, edit, served) => {
      const { step, got, want, fast } = pair();
      edit(got);
      edit(want);
      const before = fast.stats().calls[tier];
      for (let i = 0; i < 3; i++) step();
      if (served) expect(fast.stats().calls[tier] - before).toBe(3);
    });
    it("a field that the prototype has too is written to the object", () => {
      const { step, got, want } = pair();
      try {
        Reflect.defineProperty(Object.prototype, "v", { value: 7, writable: true, configurable: true });
        delete (got[3] as Partial<Body>).v;
        delete (want[3] as Partial<Body>).v;
        for (let i = 0; i < 3; i++) step();
        expect(Object.hasOwn(got[3]!, "v")).toBe(true);
      } finally { delete (Object.prototype as { v?: number }).v; }
    });
    it("two arrays, with an object that is in both", () => {
      const both = (a: Body[], b: Body[], dt: number): number => { let s = 0; for (const p of a) for (const q of b) { p.v += (q.x - p.x) * dt; s += p.v; } return s; };
      const fast = specialize(both, sync()), [a, b, c, d] = [make(), make(), make(), make()] as const;
      for (let i = 0; i < 4; i++) expect([fast(a, b, 0.5), a, b]).toEqual([both(c, d, 0.5), c, d]);
      b[1] = a[2]!;
      d[1] = c[2]!;
      for (let i = 0; i < 4; i++) expect([fast(a, b, 0.5), a, b]).toEqual([both(c, d, 0.5), c, d]);
    });
    it("arrays that were looked at with others, and share an object with one another", () => {
      const both = (a: Body[], b: Body[], dt: number): number => { let s = 0; for (const p of a) for (const q of b) { p.v += (q.x - p.x) * dt; q.v += dt; s += p.v; } return s; };
      const fast = specialize(both, sync()), lists = (): Body[][] => { const [a, b, c] = [make(), make(), make()] as const; c[2] = b[1]!; return [a, b, c]; };
      const got = lists(), want = lists();
      for (const [i, k] of [[0, 1], [0, 1], [0, 2], [0, 2], [2, 0], [2, 1], [0, 1], [1, 2]] as const) expect([fast(got[i]!, got[k]!, 0.5), got]).toEqual([both(want[i]!, want[k]!, 0.5), want]);
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 8 });
    });
    it("objects in arrays that the objects of an array hold", () => {
      interface Shape { id: number; corners: { x: number }[] }
      const move = (shapes: Shape[], dt: number): number => { let s = 0; for (const { id, corners } of shapes) for (const c of corners) { c.x += dt * id; s += c.x; } return s; };
      const shapes = (): Shape[] => Array.from({ length: 3 }, (_, id) => ({ id, corners: Array.from({ length: 2 + id }, (_none, i) => ({ x: i })) }));
      const fast = specialize(move, sync()), got = shapes(), want = shapes();
      const step = (): void => { for (let i = 0; i < 3; i++) expect([fast(got, 0.25), got]).toEqual([move(want, 0.25), want]); };
      step();
      for (const edit of [
        (list: Shape[]): void => { list[1]!.corners[0] = { x: 7 }; },
        (list: Shape[]): void => { list[2]!.corners = [{ x: 1 }]; },
        (list: Shape[]): void => { [list[0]!.corners, list[1]!.corners] = [list[1]!.corners, list[0]!.corners]; },
        (list: Shape[]): void => { list.pop(); },
      ]) { edit(got); edit(want); step(); }
      expect(fast.stats().calls).toMatchObject({ original: 0, [tier]: 15 });
      for (const list of [got, want]) list[0]!.corners[0] = list[1]!.corners[0]!;
      step();
    });
  });
}
