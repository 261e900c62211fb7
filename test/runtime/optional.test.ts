// Objects of the kernel's own that get fields late, lose them, or got them in different orders, and lists of the fields that they have.

import { describe, expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";

await ready();
const lists = [[1, -2, 3, 0.5], [-1, 2, -3], [], [2, 1], [3, 2, 1, 0], [NaN, 1, 2], [2, -3, 3, 3, 1], [-5, -6, 7, 1.5, 0]];

for (const tier of ["wasm", "js"] as const) describe(tier, () => {
  /** As the original in twice as many calls, the order of fields included, and never by it. */
  function same(code: string): void {
    const kernel = new Function(`return function kernel(a) { ${code} };`)() as (a: number[]) => unknown, fast = specialize(kernel, { tier, compile: "sync" });
    for (const list of [...lists, ...lists]) expect(partsOf(fast([...list]))).toEqual(partsOf(kernel([...list])));
    expect(fast.stats().calls.original).toBe(0);
  }
  const partsOf = (value: unknown, seen = new Map<unknown, number>()): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (seen.has(value)) return { met: seen.get(value) };
    seen.set(value, seen.size);
    return [Array.isArray(value) ? value.length : "object", Object.keys(value), Object.values(value as object).map((part) => partsOf(part, seen))];
  };
  const counted = "const o = {}; for (const v of a) { if (v > 2) o.c = v; else if (v > 0) o.a = (o.a ?? 0) + 1; else o.b = v; }";
  const rows = "const out = []; for (let i = 0; i < a.length; i++) out.push({ v: a[i], w: i, x: 3 });";

  describe("fields are deleted in memory", () => {
    it.each([
      ["of a list's objects", "for (const c of out) { if (c.v > 0) delete c.w; else if (c.v < -1) { delete c.v; c.v = 7; } } return out;"],
      ["and written again", "for (let r = 0; r < 3; r++) for (const c of out) { if (c.w !== undefined && c.v > r) delete c.w; else if (c.v < 1) { c.w = r; delete c.x; } else c.x = r; } return out;"],
      ["before it is asked whether they are there", "for (const c of out) if (c.v > 0) delete c.w; let n = 0; for (const c of out) n = n * 4 + ('w' in c ? 1 : 0) + (Object.hasOwn(c, 'w') ? 2 : 0); return n;"],
      ["in a loop over the keys", "let n = 0; for (const c of out) for (const k in c) { n = n * 7 + (k === 'v' ? 1 : k === 'w' ? 2 : 3); if (c.v > 0) delete c.x; } return [n, out];"],
      ["by one of two names", "for (const c of out) delete c[c.v > 0 ? 'w' : 'x']; return out;"],
      ["that are not there", "let n = 0; for (const c of out) { if (delete c.none) n++; if (delete c.v) n += 2; if (c.v === undefined) n += 5; } return [n, out];"],
    ])("%s", (_, code) => { same(rows + code); });
    it("of one of two objects", () => { same("const p = { x: a.length, y: 2 }, q = { x: 3, y: 4 }, c = a.length > 2 ? p : q; delete c.x; return [p.x, q.x, p, q];"); });
    it("beside the elements of arrays", () => { same("const out = []; for (let i = 0; i < a.length; i++) { const c = [a[i]]; c.min = i; c.max = a[i]; out.push(c); } for (const c of out) { if (c[0] > 0) delete c.min; if (c[0] < 0) { delete c.min; c.min = 3; } } return out;"); });
    it("that link objects", () => { same("const nodes = a.map((v) => ({ v, next: null })); for (let i = 1; i < nodes.length; i++) nodes[i - 1].next = nodes[i]; let n = nodes[0], s = 0; while (n) { s = s * 3 + n.v; const m = n.next; delete n.next; n = m; } return [s, nodes];"); });
  });

  describe("fields come in different orders", () => {
    it("to one that a loop counts in", () => { same(`${counted} return o;`); });
    it("to several such", () => { same(`const all = []; for (let i = 0; i < 3; i++) { ${counted} all.push(o); } return all;`); });
    it("before it lies in memory", () => { same("const out = []; for (let i = 0; i < a.length; i++) { const o = {}; if (a[i] > 0) { o.l = a[i]; o.r = 1; } else if (a[i] < 0) { o.r = i; o.l = 2; } out.push({ o, i }); } return out;"); });
    it("and it lies there on one path", () => { same("const out = []; let last = null; for (let i = 0; i < a.length; i++) { const o = { p: i }; if (a[i] > 0) { o.late = a[i]; out.push(o); } last = o; } return [out, last];"); });
    it("of a cell's edges, which a trace takes away", () => {
      same(`const cell = (v) => { if (isNaN(v)) return; const c = { v, e: {} };
          switch (v | 0) { case 1: c.e.l = { path: [[0, v], [1, 0]], to: "t" }; break; case 2: c.e.r = { path: [[v, 0], [0, 1]], to: "b" }; break;
            case 3: c.e.r = { path: [[v, 2], [0, 1]], to: "t" }; c.e.l = { path: [[v, 0], [0, 1]], to: "b" }; break; case -2: c.e.l = { path: [[v, 0], [0, 1]], to: "b" }; c.e.r = { path: [[v, 0], [5, 1]], to: "t" }; }
          return c; };
        const cells = [], names = ["l", "r"]; let s = 0;
        for (let i = 0; i < a.length; i++) cells[i] = cell(a[i]);
        cells.forEach((c, i) => { if (c) for (let k = 0; k < 2; k++) { const name = names[k]; if (typeof c.e[name] !== "object") continue; const edge = c.e[name]; delete c.e[name]; const p = edge.path[1]; p[0] += i; s = s * 2 + p[0] + (edge.to === "t" ? 1 : 5); } });
        return [s, cells];`);
    });
  });

  describe("what an object has is listed", () => {
    it.each(["Object.keys(o)", "Object.values(o)", "Object.entries(o)", "Object.keys(o).length", "{ ...o, q: 1 }", "{ c: 5, ...o, b: 2 }", "Object.assign({ b: 9, c: 8 }, o)",
      "(() => { let n = 0; for (const k in o) { n = n * 2 + o[k]; if (k === 'a') delete o.c; if (k === 'c') o.b = 5; } return [n, o]; })()",
      "(() => { let best = null, n = -1; for (const [k, v] of Object.entries(o)) if (v > n) { n = v; best = k; } return [best, n]; })()"])("in the order in which it got them: %s", (code) => { same(`${counted} return ${code};`); });
    it("of one that has fields on some paths only", () => { same("const o = { z: 1 }; if (a[0] > 0) o.a = a[0]; if (a[1] > 0) o.b = 2; let n = 0; for (const k of Object.keys(o)) n = n * 3 + o[k]; return [n, Object.values(o), Object.entries(o), { ...o, a: 3 }];"); });
    it("of objects in a list", () => { same("const out = []; for (let i = 0; i < a.length; i++) { const o = { v: i, w: 1 }; if (a[i] > 0) { delete o.v; if (a[i] > 1) o.v = 9; } out.push(o); } for (const o of out) if (o.w + (o.v ?? 0) > 1) delete o.w; return out.map((o) => Object.keys(o));"); });
  });
});

describe("what is not ours", () => {
  it("loses its fields in the original", () => {
    const kernel = (rows: { v?: number }[]): number => { let s = 0; for (const row of [...rows, { v: 3 }]) { if (row.v! > 0) delete row.v; s += row.v ?? 3; } return s; };
    const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), make = () => [{ v: 1 }, { v: -1 }];
    const ours = make(), theirs = make();
    expect(fast(ours)).toBe(kernel(theirs));
    expect(ours).toEqual(theirs);
  });
});
