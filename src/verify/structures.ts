// Kernels with data structures of their own: linked lists, trees, heaps and lists of objects of classes, of constructor functions, or made by Object.create, declared in
// the kernel or outside. Their methods walk, count and insert; prototypes get methods later on, classes extend one another, or are made in a loop. The same seed gives the same kernel.
// Guarantees: a walk ends within a hundred steps; no object leaves whose class the call made, since two calls of the original would differ.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

/** Members under a name, as parameters and body; those of classes may be getters and setters. */
const members: readonly (readonly [string, string, string])[] = [
  ["m", "x", "return this.v * x + 1;"], ["sum", "d", "return this.v + (this.n && d > 0 ? this.n.sum(d - 1) * 0.5 : 0);"], ["last", "", "let o = this; for (let k = 0; o.n && k < 40; k++) o = o.n; return o;"],
  ["put", "x", "let o = this; for (let k = 0; k < 60; k++) { const to = x < o.v ? \"l\" : \"r\"; if (to === \"l\") { if (!o.l) { o.l = make(x, null); return k; } o = o.l; } else { if (!o.r) { o.r = make(x, null); return -k; } o = o.r; } } return 0;"],
  ["deep", "d", "return d === 0 ? 0 : 1 + Math.max(this.l ? this.l.deep(d - 1) : 0, this.r ? this.r.deep(d - 1) : 0);"], ["less", "o", "return this.v < o.v;"], ["add", "o", "this.v += o.v; return this;"],
  ["into", "out, d", "if (d === 0) return out; if (this.l) this.l.into(out, d - 1); out.push(this.v); if (this.r) this.r.into(out, d - 1); return out;"], ["valueOf", "", "return this.v;"], ["twin", "", "return make(this.v, this.n);"],
];
const accessors = ["get w() { return this.v * 2; }", "get w() { return this.v + 1; } set w(x) { this.v = x - 1; }"] as const;

const steps = [
  "head = make(v, head);", "list.push(make(v, null));", "list.push(make(a, head));", "if (!root) root = make(v, null); else s += root.put(v);", "if (head) s = s * 0.5 + head.sum(9);", "for (let o = head, k = 0; o && k < 50; o = o.n, k++) s += o.v * k;",
  "if (list.length > 1) { const o = list[0]; list[0] = list[i % list.length]; list[i % list.length] = o; }", "for (const o of list) s = s * 0.5 + o.m(a);", "list.sort((p, q) => p.v - q.v);", "list.sort((p, q) => (p.less(q) ? -1 : q.less(p) ? 1 : 0));", "if (head) head.last().n = make(v, null);",
  "{ list.push(make(v, null)); let k = list.length - 1; while (k > 0 && list[k].less(list[(k - 1) >> 1])) { const t = list[k]; list[k] = list[(k - 1) >> 1]; list[(k - 1) >> 1] = t; k = (k - 1) >> 1; } }",
  "if (list.length > 0) { const o = list.pop(); s += o.v; }", "s += list.map((o) => o.m(v)).length + list.reduce((p, o) => p + o.v, 0);", "if (root) s += root.deep(8);", "if (head) { head.v = s; head = head.n; }", "s += list.filter((o) => o.v > a).length;",
  "if (head && list.length) s += head.add(list[0]).v;", "if (list.length) list[list.length - 1].n = head;", "if (!table.has(i & 3)) table.set(i & 3, make(v, null)); table.get(i & 3).v += a;", "for (const o of table.values()) s = s * 0.5 + o.m(1);", "if (list.length) s += list[0].twin().v;",
] as const;
const rare = [
  "if (list.length) s += +list[0];", "if (list.length) list[0].w = s;", "for (const o of list) s += o.w;", "if (list.length && v > a) list[0].extra = v; for (const o of list) s += o.extra ?? 0.25;", "s += list.length ? Object.keys(list[0]).length : 0;",
  "if (list.length) for (const k in list[0]) s += k.length;", "if (v > a) N.prototype.m = function (x) { return this.v - x; };", "s += list.length && list[0] instanceof N ? 1 : 0.5;", "for (const x of list) s += Object.getPrototypeOf(x) === N.prototype ? 1 : Object.getPrototypeOf(x) === Object.prototype ? 3 : 0.25;", "if (list.length) s += list[0].constructor === N ? 3 : 0;", "class L { constructor() { this.v = v; } m() { return v + i; } } list.push(new L());",
  "list.push(new M(v, null));", "for (const o of list) if (o instanceof M) s += o.z;", "N.prototype.extra = 2;", "{ const o = { __proto__: N.prototype, m(x) { return super.m(x) * 2; }, v, n: null }; s += o.m(a); }", "{ const o = Object.setPrototypeOf({ v, m(x) { const f = () => super.m(x); return f() - 1; } }, N.prototype); s += o.m(a); }", "if (list.length && list[0] < list[list.length - 1]) s++;",
] as const;

export function randomStructure(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 83), outside = random.chance(0.3), made = random.pick(["class", "class", "function", "function", "literal"] as const), mode = random.between(0, 2);
  const own = members.filter(([name]) => name !== "valueOf" || random.chance(0.5)), more = random.chance(0.5) ? random.pick(accessors) : "", fields = random.pick(["this.v = v; this.n = n; this.l = null; this.r = null;", "this.n = n; this.v = v; this.l = this.r = null; N.made = (N.made || 0) + 1;"]);
  const counts = fields.includes("made") && random.chance(0.8) ? "\n  N.made = 0;" : "", hidden = made === "class" && random.chance(0.3) ? " #c = 1; tick() { return ++this.#c; }" : "";
  const declared = made === "class" ? `class N {${hidden} constructor(v, n) { ${fields} } ${own.map(([name, params, body]) => `${name}(${params}) { ${body} }`).join(" ")} ${more} }`
    : made === "function" ? `function N(v, n) { ${fields} }\n${own.map(([name, params, body]) => `  N.prototype.${name} = function (${params}) { ${body} };`).join("\n")}`
    : `function N() {}\n  N.prototype = { ${own.map(([name, params, body]) => `${name}(${params}) { ${body} }`).join(", ")}${more === "" ? "" : `, ${more.replace("} set", "}, set")}`} };`;
  const derived = made === "function" ? "function M(v, n) { N.call(this, v, n); this.z = 1; }\n  M.prototype = Object.create(N.prototype);\n  M.prototype.m = function (x) { return N.prototype.m.call(this, x) + this.z; };" : made === "class" ? "class M extends N { constructor(v, n) { super(v, n); this.z = 1; } m(x) { return super.m(x) + this.z; } }" : "class M extends N { z = 1; }";
  const asks = random.chance(0.4), usesM = asks || random.chance(0.3);
  const maker = made === "literal" ? "const make = (v, n) => { const o = Object.create(N.prototype); o.v = v; o.n = n; o.l = null; o.r = null; return o; };" : `const make = (v, n) => ${usesM && random.chance(0.5) ? "(v > 3 ? new M(v, n) : new N(v, n))" : "new N(v, n)"};`;
  const classes = `${declared}${counts}\n  ${usesM ? `${derived}\n  ` : ""}${maker}`;
  const sorts = random.chance(0.15), usual = steps.filter((text) => sorts || !text.includes(".sort(")); // programs that sort take long to make
  const line = (): string => { const step = asks && random.chance(0.25) ? random.pick(rare.filter((text) => (usesM || !text.includes("M")) && !(outside && text.includes("class L")))) : random.pick(usual); return random.chance(0.25) ? `if (${random.pick(["v > a", "i & 1", "mode === 1", "head"])}) { ${step} }` : `{ ${step} }`; };
  const results = ["s", "[s, list.length]", "list.map((o) => o.v)", "root ? root.into([], 9) : s", "[s, N.made]", "{ s, first: list.length ? list[0].v : null }", ...(outside ? ["list", "[s, head]"] : [])];
  const kernel = `function kernel(x, a, mode) {\n  ${outside ? "N.made = 0;" : classes}\n  let s = 0, head = null, root = null;\n  const list = [], table = new Map();\n  for (let i = 0; i < x.length; i++) {\n    const v = x[i];\n    ${Array.from({ length: random.between(2, 5) }, line).join("\n    ")}\n  }\n  return ${random.pick(results)};\n}`;
  const inputs = Array.from({ length: 4 }, () => [Array.from({ length: random.between(0, 7) }, () => (random.chance(0.1) ? random.pick(edgeNumbers) : random.between(-3, 9))), random.pick([0, 1, 2.5, -3]), mode]);
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, coverage: new Map([[`structures of objects: ${made}${outside ? ", outside" : ""}`, 1]]), guaranteed: false,
    params: [{ name: "x", slow: false, kind: "numbers" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: outside ? `(() => {\n  ${classes}\n  return ${kernel};\n})()` : kernel,
  };
}
