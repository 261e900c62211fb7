// An object of the call's that stands in an array too: it is what the array held from the start, wherever the kernel first asks for it.

import { describe, it } from "vitest";
import { agrees } from "./agrees.ts";

const objects = [[1, 2, 3, 4, 5], [2, 1], [0, 5], [3, 3]].map((x) => { const a = { v: 1 }, b = { v: 2.5 }; return [Float64Array.from(x), { list: [a, b] }, { o: b }]; });
const rows = [[1, 2, 3, 4, 5], [2, 1]].map((x) => { const a = [1, 2], b = [2.5, 3]; return [Float64Array.from(x), { list: [a, b] }, { o: b }]; });
const typed = [[1, 2, 3, 4, 5], [2, 1]].map((x) => { const a = Float64Array.of(1, 2), b = Float64Array.of(2.5, 3); return [Float64Array.from(x), { list: [a, b] }, { o: b }]; });

describe("objects", () => {
  it.each([
    "p.list[1] = p.list[0]; return q.o.v;", "p.list.fill(p.list[0]); return q.o.v;", "p.list.sort((a, b) => b.v - a.v); return q.o.v + p.list[0].v * 10;", "p.list.length = 0; return q.o.v;", "p.list.pop(); return q.o.v;",
    "p.list.reverse(); q.o.v += x[0]; return p.list[0].v * 10 + (p.list[1] === q.o ? 1 : 0);", "if (x[0] > 1) p.list[1] = { v: 5 }; return q.o.v;", "const f = (n) => (n <= 0 ? q.o.v : f(n - 1) + 1); p.list[1] = p.list[0]; return f(x.length);",
    "const t = p.list[1]; p.list[1] = p.list[0]; p.list[0] = t; let s = q.o.v; for (let i = 0; i < 2; i++) if (x[i] > 1) s += p.list[i] === q.o ? 1 : 2; return s;",
    "let s = 0, t = 0; for (let i = 0; i < x.length; i++) { s = s * 0.5 + (p.list[i & 1] === q.o ? 20 : 21); if (i > 2) t = undefined; } return t === undefined ? s : s + t;",
  ])("%s", (body) => agrees({ source: `function kernel(x, p, q) { ${body} }`, slow: [], inputs: objects }));
});
describe("rows", () => {
  const bodies = ["p.list[1] = p.list[0]; return q.o[0] * x[0];", "p.list.reverse(); q.o[0] = x[0]; return p.list[0][0] + (p.list[0] === q.o ? 100 : 0);"];
  it.each(bodies)("%s", (body) => agrees({ source: `function kernel(x, p, q) { ${body} }`, slow: [], inputs: rows }));
  it.each(bodies)("typed: %s", (body) => agrees({ source: `function kernel(x, p, q) { ${body} }`, slow: [], inputs: typed }));
});
