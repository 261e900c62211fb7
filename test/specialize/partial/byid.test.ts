// Copies that share what they have in common are told from copies of everything by nothing but what they cost.

import { describe, expect, it } from "vitest";
import { ById } from "../../../src/specialize/partial/byid.ts";
import { Random } from "../../../src/verify/prng.ts";

describe("a map from small numbers", () => {
  it("has what was put into it, and into no copy", () => {
    const prng = new Random(7);
    let maps = [{ map: new ById<object>(), model: new Map<number, object>() }];
    for (let step = 0; step < 4000; step++) {
      const at = prng.below(maps.length), { map, model } = maps[at]!;
      const id = prng.below([8, 40, 1100, 40_000][prng.below(4)]!);
      switch (prng.below(5)) {
        case 0: maps = [...maps.slice(-7), { map: map.clone(), model: new Map(model) }]; break;
        case 1: map.delete(id); model.delete(id); break;
        default: { const value = { step }; map.set(id, value); model.set(id, value); }
      }
      const seen = maps[prng.below(maps.length)]!;
      expect(seen.map.get(id)).toBe(seen.model.get(id));
      expect(seen.map.has(id)).toBe(seen.model.has(id));
    }
    const sorted = (model: Map<number, object>): [number, object][] => [...model].sort(([a], [b]) => a - b);
    for (const { map, model } of maps) expect([...map]).toEqual(sorted(model));
    for (const a of maps) {
      for (const b of maps) {
        const differing: number[] = [];
        a.map.differing(b.map, (id, mine, theirs) => {
          expect(mine).toBe(a.model.get(id));
          expect(theirs).toBe(b.model.get(id));
          differing.push(id);
        });
        expect(differing).toEqual([...new Set([...a.model.keys(), ...b.model.keys()])].filter((id) => a.model.get(id) !== b.model.get(id)).sort((x, y) => x - y));
      }
    }
  });

  it("looks at what differs only", () => {
    const map = new ById<object>();
    for (let id = 0; id < 100_000; id++) map.set(id, {});
    const copy = map.clone();
    const changed = {};
    copy.set(77_777, changed);
    const told: number[] = [];
    copy.differing(map, (id, mine) => { if (mine === changed) told.push(id); });
    expect(told).toEqual([77_777]);
    expect(map.get(77_777)).not.toBe(changed);
  });

  it("may be changed while it is gone through: what is still to come is seen as it is then", () => {
    const map = new ById<{ n: number }>();
    for (let id = 0; id < 40; id++) map.set(id, { n: id });
    const seen: number[] = [];
    for (const [id, { n }] of map) {
      seen.push(n);
      if (id % 2 === 0) map.set(id + 1, { n: -1 });
    }
    expect(seen.filter((n) => n === -1)).toHaveLength(20);
  });
});
