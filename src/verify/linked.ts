// Kernels over trees, linked lists and rings of the caller's: walked, searched, counted by recursion, changed, turned over, put together, copied; nodes are made, taken out and put in lists of the
// kernel's own. In some calls nodes are shared, lead back, have other fields, are frozen, or are arguments themselves. The same seed gives the same kernel.
// Guarantees: a walk ends within a hundred steps.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

interface Node { v: number; a: Node | null; b: Node | null; on: boolean; [more: string]: unknown }

const walks = ["for (let n = o.h, k = 0; n && k < 99; n = n.a, k++) { ", "for (let n = o.h, k = 0; n && k < 99; n = n.v < x ? n.a : n.b, k++) { ", "for (let n = q, k = 0; n !== null && k < 50; n = n.b, k++) { ", "{ const st = [o.h]; for (let k = 0; st.length > 0 && k < 60; k++) { const n = st.pop(); if (!n) continue; st.push(n.a); st.push(n.b); "] as const;
const steps = ["s += n.v;", "s = s * 0.5 + n.v;", "n.v += x;", "n.on = !n.on;", "if (n.on) s++;", "if (n.a) n.a.b = n;", "if (n.b === o.h) s += 3;", "n.v = n.a ? n.a.v : -1;", "kept.push(n);", "kept.push(n.v);", "if (n.v > x) break;", "n.v = k;", "if (n === q) s += 5;", "if (!n.a && k > 2) n.a = { v: s, a: null, b: null, on: true };"] as const;
const changes = [
  "{ const f = []; for (let n = o.h, k = 0; n && k < 9; n = n.a, k++) f.push({ w: n.v, k }); while (f.length > 1) { const l = f.shift(), r = f.pop(); f.push({ w: l.w + r.w, l, r }); } if (f.length > 0) s += lean(f[0], 0); }",
  "o.h = { v: x, a: o.h, b: null, on: false };", "{ let p = null, n = o.h; for (let k = 0; n && k < 99; k++) { const t = n.a; n.a = p; p = n; n = t; } o.h = p; }", "if (o.h && o.h.a) { const t = o.h.a; o.h.a = t.a; t.a = o.h; o.h = t; }", "if (o.t) o.t.b = q;", "o.t = q;", "q.a = o.h;", "q = o.h || q;",
  "q.b = { v: s, a: q, b: q.b, on: q.on };", "if (q.b) { q.v += q.b.v; q.b = q.b.b; }", "o.h = copy(o.h, 9);", "s += sum(o.h, 9);", "s += sum(q, 9);", "put(o.h || q, x, 40);", "put(q, s, 40);", "kept.push(o.h);", "s += deep(o.h, 9);", "if (kept.length) o.h = kept[0];",
] as const;
const odd = ["q.w = x;", "for (let k = 0; k < 4 && s > x; k++) { q.w = s; q.u = k; if (q.v < k) q.y = k; s--; } kept.push(q.u || 0);", "delete q.v;", "s += Object.keys(q).length;", "q.v = null;", "q.a = q;", "kept.push({ ...q });", "q.a = { v: 1, a: null, on: true, b: null };", "o.h = null;", "o.h = undefined;", "s += q.w || 0;", "q.l = [s];"] as const;
/** … of what has names */
const named = ["if (o.h && o.h.n === q.n) s += 7;", "kept.push(q.n);", "s += q.n.length;", 'q.n = s > x ? "k" : "long one";', "if (o.h) { q.n = o.h.n; }", "for (let n = o.h, k = 0; n && k < 99; n = n.a, k++) { if (n.n === \"n1\") s += k; else kept.push(n.n); }", "s += q.n.charCodeAt(0);", 'kept.push(q.n + "!");', "q.n += s;", 'q.a = { v: s, a: null, b: null, on: true, n: "made" };', "{ const c = {}; c[q.n] = s; kept.push(c); }", "if (o.h && q.n < o.h.n) s -= 4;", "for (const c of q.n) if (c === \"1\") s++;"] as const;

const helpers = `  const sum = (n, d) => (n && d > 0 ? n.v + sum(n.a, d - 1) * 0.5 + sum(n.b, d - 1) : 0);
  const deep = (n, d) => (n === null || d === 0 ? 0 : 1 + Math.max(deep(n.a, d - 1), deep(n.b, d - 1)));
  const copy = (n, d) => (n && d > 0 ? { v: n.v, a: copy(n.a, d - 1), b: copy(n.b, d - 1), on: n.on } : null);
  const put = (n, v, d) => { while (d-- > 0) { const k = v < n.v ? "a" : "b"; if (!n[k]) { n[k] = { v, a: null, b: null, on: v > 1 }; return; } n = n[k]; } };
  const lean = (n, d) => (n.l === undefined ? d * n.w : lean(n.l, d + 1) - lean(n.r, d + 1) * 0.5);
`;

export function randomLinked(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 29), mode = random.between(0, 2), asks = random.chance(0.25), names = random.chance(0.3) ? random.pick([1, 2, 30]) : 0;
  const number = (): number => (random.chance(0.1) ? random.pick(edgeNumbers) : random.between(-3, 9) / 2);
  const line = (): string => {
    if (asks && random.chance(0.2)) return random.pick(odd);
    if (names > 0 && random.chance(0.4)) return random.pick(named);
    if (random.chance(0.5)) return random.pick(changes);
    const walk = random.pick(walks);
    return `${walk}${Array.from({ length: random.between(1, 3) }, () => random.pick(steps)).join(" ")} }${walk.startsWith("{") ? " }" : ""}`;
  };
  const body = Array.from({ length: random.between(1, 4) }, () => (random.chance(0.25) ? `  if (${random.pick(["s > x", "q.v < 2", "mode === 1", "o.h", "o.h === q"])}) { ${line()} }` : `  ${line()}`));
  const node = (): Node => ({ v: number(), a: null, b: null, on: random.chance(0.5), ...(names > 0 ? { n: random.pick(["n", "n", "é😀", ""]) + String(random.between(0, names)) } : {}) });
  const graph = (): Node[] => {
    const nodes = Array.from({ length: random.between(1, 7) }, node), sort = random.pick(["list", "tree", "ring", "any"]);
    nodes.forEach((n, i) => {
      if (sort === "list") { n.a = nodes[i + 1] ?? null; n.b = nodes[i - 1] ?? null; }
      if (sort === "tree") { n.a = nodes[2 * i + 1] ?? null; n.b = nodes[2 * i + 2] ?? null; }
      if (sort === "ring") { n.a = nodes[(i + 1) % nodes.length]!; n.b = random.chance(0.3) ? n : null; }
      if (sort === "any") { n.a = random.chance(0.7) ? random.pick(nodes) : null; n.b = random.chance(0.5) ? random.pick(nodes) : null; }
    });
    return nodes;
  };
  const strange: readonly ((n: Node) => void)[] = [(n) => { Object.freeze(n); }, (n) => { n["w"] = 1; }, (n) => { delete (n as Partial<Node>).on; }, (n) => { (n as unknown as Record<string, unknown>)["v"] = "s"; }, (n) => { (n as unknown as Record<string, unknown>)["v"] = null; }, (n) => { n["f"] = (x: number) => x; }, (n) => { Object.defineProperty(n, "v", { get: () => 5, configurable: true, enumerable: true }); }, (n) => { Object.setPrototypeOf(n, null); }];
  const inputs = Array.from({ length: 5 }, () => {
    const nodes = graph(), others = random.chance(0.5) ? nodes : graph();
    if (random.chance(0.15)) random.pick(strange)(random.pick(nodes));
    return [{ h: random.chance(0.1) ? null : nodes[0], t: random.chance(0.7) ? nodes.at(-1) : null }, random.pick(others), number(), mode];
  });
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, coverage: new Map([["objects that lead to others of their form", 1]]), guaranteed: false,
    params: [{ name: "o", slow: false, kind: "object" }, { name: "q", slow: false, kind: "object" }, { name: "x", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(o, q, x, mode) {\n  let s = 0;\n  const kept = [];\n${helpers}${body.join("\n")}\n  return ${random.pick(["s", "[s, q]", "[s, kept]", "o.h", "o", "kept.length", "q", "s"])};\n}`,
  };
}
