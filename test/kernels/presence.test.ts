// Whether a field is there, where that depends on the call: of the objects of an array, and of what got the field on some paths.

import { describe, it } from "vitest";
import { served } from "./served.ts";

interface Node { x: number; z?: number | null | undefined; cost?: number }
class Place { x: number; z?: number; constructor(x: number) { this.x = x; } get w(): number { return 4; } }

const nodes = (): Node[] => [{ x: 1, z: 2 }, { x: 2 }, { x: 4, z: undefined }, { x: 5, z: null, cost: 1 }];
const places = (): Place[] => { const all = [new Place(1), new Place(2), new Place(3)]; all[1]!.z = 6; return all; };

describe("of the objects of an array", () => {
  it("`in`", async () => { await served((a: Node[], n: number) => { let s = 0; for (const p of a) s += "z" in p ? n : p.x; return s; }, [[nodes(), 3], [nodes().reverse(), 4.5]]); });
  it("Object.hasOwn, hasOwnProperty and Reflect.has", async () => {
    await served((a: Node[], n: number) => { let s = 0; for (const p of a) s = s * 8 + (Object.hasOwn(p, "z") ? 1 : 0) + (Object.prototype.hasOwnProperty.call(p, "cost") ? 2 : 0) + (Reflect.has(p, "z") ? n : 0); return s; }, [[nodes(), 3], [nodes().reverse(), 4.5]]);
  });
  it("a field that is added where it is not there", async () => {
    await served((a: Node[], n: number) => { for (const p of a) if (!("cost" in p)) p.cost = n; else p.cost!++; return a.map((p) => ("cost" in p ? 1 : 0)); }, [[nodes(), 3], [nodes().reverse(), 4.5]]);
  });
  it("one that none of them has at first", async () => {
    await served((a: { x: number; w?: number }[], n: number) => { let s = 0; for (const p of a) { if (p.x > n) p.w = n; s += "w" in p ? 1 : p.x; } return s; }, [[[{ x: 1 }, { x: 4 }], 3], [[{ x: 5 }, { x: 4 }], 4.5]]);
  });
  it("what their class has is inherited", async () => {
    await served((a: Place[], n: number) => { let s = n; for (const p of a) { if ("z" in p) s += p.z!; if ("w" in p) s += n; if (Object.hasOwn(p, "w")) s += 100; } return s; }, [[places(), 3], [places().reverse(), 4.5]]);
  });
});

describe("of an object that gets it on some paths", () => {
  it("one of the kernel's own", async () => {
    await served((x: number, n: number) => { const o: { z?: number } = {}; if (n > 3) o.z = x; return ("z" in o ? 1 : 0) + (Object.hasOwn(o, "z") ? 2 : 0) + (Object.hasOwn(o, "x") ? 7 : 8); }, [[1, 3], [2, 4.5]]);
  });
  it("one of the caller's", async () => {
    await served((o: Node, n: number) => { if (n > 3) o.z = 1; if ("z" in o) o.x++; return [o, Object.hasOwn(o, "z")]; }, [[{ x: 1 }, 3], [{ x: 2 }, 4.5]]);
  });
});
