// Fields of the caller's objects that are deleted.

import { expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

interface Body { x?: number | undefined; y?: number; s?: number; t?: number; name?: string; p?: { x?: number; a?: number } }
const bodies = (): [Body][] => [[{ x: 1, y: 2 }], [{ x: 3, y: 4 }], [{ x: -0, y: 0.5 }]];

test("after it was read", () => served((o: Body) => { o.s = o.x! + o.y!; delete o.x; return [o, o.x, "x" in o, Object.hasOwn(o, "x"), o.x === undefined]; }, bodies()));
test("on one path", () => served((o: Body) => { if (o.x! > 2) delete o.x; return [o, "x" in o, o.x === undefined ? o.y : o.x]; }, bodies()));
test("after it was written", () => served((o: Body) => { o.x = 7; if (o.y! > 1) delete o.x; else o.y = 3; return o; }, bodies()));
test("in a loop", () => served((o: Body, n: number) => { for (let i = 0; i < n; i++) if (o.x! > i) delete o.x; return o; }, [[{ x: 1, y: 2 }, 3], [{ x: 0, y: 2 }, 3], [{ x: 5, y: 2 }, 0]]));
test("of one that it holds, and itself", () => served((o: Body) => { o.p!.a = 1; delete o.p!.x; delete o.name; return o; }, [[{ p: { x: 1 }, name: "a" }], [{ p: { x: 1.5 }, name: "b" }]]));
test("by a name of several", () => served((o: Body) => { for (const key of ["x", "y"] as const) delete o[key]; return Reflect.deleteProperty(o, "s"); }, [[{ x: 1, y: 2, s: 3 }], [{ x: 3, y: 4, s: 0 }]], { original: 2 }));
test("that it does not have, or was given before", () => served((o: Body) => { delete o.t; o.s = 1; delete o.s; o.t = 4; return o; }, bodies()));
test("of one that stands in two places", () => { const o = (): Body => ({ x: 1, y: 2 }); return served((a: Body, b: Body) => { delete a.x; return b.x === undefined ? 1 : b.x; }, [[o(), o()], ((one) => [one, one])(o())]); });
test("what another object has is asked, which may be the same one", async () => {
  await ready();
  const kernels: readonly ((o: Body, p: Body) => unknown)[] = [
    (o, p) => { o.t = 1; return Object.keys(p).length; }, (o, p) => { delete o.x; return Object.keys(p).length; }, (o, p) => { o.t = 1; return "t" in p; }, (o, p) => { o.t = 1; return p.t === undefined ? 1 : 2; },
    (o, p) => { delete o.x; return "x" in p; }, (o, p) => { o.t = 1; return { ...p }; }, (o, p) => { let s = 0; for (let i = 0; i < 5; i++) { s += Object.keys(p).length; delete o.x; } return s; },
  ];
  for (const kernel of kernels) {
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), both = (f: typeof kernel, one: boolean): unknown => { const o: Body = { x: 1, y: 2 }; return [f(o, one ? o : { x: 1, y: 2 }), o]; };
    for (const one of [false, true, false]) expect(both(fast, one), kernel.toString()).toEqual(both(kernel, one));
  }
});
test("while for-in walks over it", async () => {
  const three = (): Record<string, number> => ({ a: 1, b: 2, c: 3 });
  await served((o: Record<string, number>, n: number) => { let s = ""; for (const k in o) { s += k; if (n > 1) delete o.b; } return s; }, [[three(), 2], [three(), 0]]);
  await served((o: Record<string, number>, p: Record<string, number>) => { let s = ""; for (const k in o) { s += k; delete p.b; } return s; }, [[three(), three()], ((one) => [one, one])(three())]);
});
test("written again behind it is the original's, since it comes last then", () => served((o: Body) => { delete o.x; o.x = 7; return o; }, bodies(), { original: 3 }));
test("that can't be deleted, or is inherited", async () => {
  await ready();
  const drop = (o: Body): unknown => { delete o.x; return [o.x, Object.keys(o)]; };
  for (const make of [() => Object.seal({ x: 1, y: 2 }), () => Object.defineProperty({ y: 2 }, "x", { value: 3, writable: true, enumerable: true }), () => Object.assign(Object.create({ x: 9 }) as Body, { x: 1 }), () => Object.freeze({ x: 1, y: 2 })]) {
    const fast = specialize(drop, { tier: "wasm", compile: "sync" }), outcome = (f: typeof drop, o: Body): unknown => { try { return [f(o), o]; } catch (error) { return (error as Error).name; } };
    for (const o of [() => ({ x: 1, y: 2 }), make]) expect(outcome(fast, o())).toEqual(outcome(drop, o()));
    expect(outcome(specialize((o: Body) => drop(o), { tier: "wasm", compile: "sync" }), make())).toEqual(outcome(drop, make()));
  }
});
