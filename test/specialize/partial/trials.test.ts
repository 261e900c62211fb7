// Loops that fast values end are walked once; what was written in one counts wherever its ways out lead.

import { describe, expect, it } from "vitest";
import { describe as describeCall } from "../../../src/capture/kinds.ts";
import { Snapshot } from "../../../src/capture/snapshot.ts";
import { residualize } from "../../../src/compile.ts";
import { NodeRef, type SnapshotView } from "../../../src/ir/snapshot.ts";
import { Lifting } from "../../../src/specialize/partial/lifting.ts";
import { facts } from "./facts.ts";

/** How often the walk reads the slow array's fourth element, a number. */
function readings(kernel: (...args: never[]) => unknown, args: readonly unknown[]): number {
  const snapshot = new Snapshot({ kernel }), call = describeCall(undefined, [...args], new Map([[2, true]]), snapshot);
  let count = 0;
  const counting = new Proxy(snapshot, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...given: unknown[]): unknown => {
        if (name === "property" && given[1] === "3") count++;
        return Reflect.apply(value, target, given) as unknown;
      };
    },
  });
  residualize({ kernel: snapshot.value(kernel) as { readonly node: number }, snapshot: counting, self: call.self, args: call.args, overlap: call.overlap, options: {} });
  return count;
}

const x = Float64Array.of(1, 2, 3, 4, 5), y = new Float64Array(5), c = [0.5, 2, 3, 4, 5];

describe("how often an iteration is walked", () => {
  it.each<[string, number, (x: Float64Array, y: Float64Array, c: number[]) => unknown]>([
    ["a loop over fast arrays", 1, (x, y, c) => { for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < c.length; k++) acc = acc * x[i]! + c[k]!; y[i] = acc; } }],
    ["one that counts by itself", 1, (x, y, c) => { let n = 0, i = 0; while (i < x.length) { for (let k = 0; k < c.length; k++) n += c[k]! * x[i]!; i += 2; } y[0] = n; }],
    ["one that calls Math", 1, (x, y, c) => { for (let i = 0; i < y.length; i++) { let s = 0; for (let k = 0; k < c.length; k++) s += Math.sqrt(c[k]! * x[i]!); y[i] = s; } }],
    ["one that may throw before it writes", 3, (x, y, c) => { for (let i = 0; i < y.length; i++) { if (x[i]! < 0) throw new RangeError("less"); for (let k = 0; k < c.length; k++) y[i]! += c[k]!; } }],
    ["one whose counter is an index of slow numbers", 2, (x, y, c) => { for (let i = 0; i < y.length; i++) { y[i] = c[i & 3]!; for (let k = 0; k < c.length; k++) y[i]! += c[k]! * x[i]!; } }],
  ])("%s: %i times", (_what, times, kernel) => { expect(readings(kernel, [x, y, c])).toBe(times); });
});

describe("a way out of a loop that wrote", () => {
  it.each<[string, (x: Float64Array, y: Float64Array, c: number[]) => unknown]>([
    ["its end", (x, y, c) => { for (let i = 0; i < y.length; i++) y[i]! += c[0]!; if (x[0]! < 0) throw new RangeError("less"); return y[0]; }],
    ["a break before the write", (x, y, c) => { for (let i = 0; i < y.length; i++) { if (x[i]! < 0) break; y[i]! += c[0]!; } if (x[2]! < 0) throw new RangeError("less"); return y[0]; }],
    ["the end of a loop around it", (x, y, c) => { for (let j = 0; j < x.length; j++) { for (let i = 0; i < y.length; i++) y[i]! += c[0]!; if (x[j]! < 0) throw new RangeError("less"); } return y[0]; }],
    ["a label", (x, y, c) => { out: for (let j = 0; j < x.length; j++) { for (let i = 0; i < y.length; i++) { if (x[i]! < -1) break out; y[i]! += c[0]!; } } if (x[2]! < 0) throw new RangeError("less"); return y[0]; }],
  ])("%s: a throw behind it leaves the original what there was", (_what, kernel) => {
    for (const values of [[1, 2, 3], [-1, 2, 3], [1, 2, -1], [1, 2, -2]]) {
      facts(kernel, ["c"], [[Float64Array.from(values), Float64Array.of(1, 2, 3), [0.5]]], { original: "allowed" });
    }
  });
});

it("what a list holds is named once for a template, not at each turn of the loop over it", () => {
  let looks = 0;
  const items = new Proxy(Array.from({ length: 100 }, (_, i) => new NodeRef(i + 1)), { get: (list, key) => { looks++; return Reflect.get(list, key) as unknown; } });
  const lifting = new Lifting(new Set(), {} as SnapshotView), list = new NodeRef(0);
  lifting.callItems(list, items);
  const first = looks;
  lifting.callItems(list, items);
  expect(first).toBeGreaterThan(99);
  expect(looks).toBe(first);
});
