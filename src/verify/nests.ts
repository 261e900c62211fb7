// Kernels over slow or captured nests: rows, objects that hold rows and objects, trees whose nodes hold their children in lists, search trees. Run time chooses
// one of them; it is read, compared, put into lists and returned, and some kernels write one. Beside them what encoders and searches are made of: buffers
// that grow, calls of themselves as the last thing that functions do, with several parameters, and arrays with named fields.

import { edgeNumbers, fastValues, type InputKind } from "./inputs.ts";
import { Random } from "./prng.ts";
import { show } from "./show.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

/** What a form of nests is asked, and how one is written; `one` is a value that was chosen. */
interface Form {
  readonly name: string;
  readonly make: (random: Random) => unknown;
  readonly choose: readonly string[];
  readonly read: readonly string[];
  readonly write: readonly string[];
}

const number = (random: Random): number => (random.chance(0.15) ? random.pick(edgeNumbers) : random.between(-6, 20) / 2);
const list = <T>(length: number, of: (i: number) => T): T[] => Array.from({ length }, (_, i) => of(i));
/** so many stand in one: fewer than make a table, and more */
const count = (random: Random): number => random.pick([1, 2, 5, 9, 12, 17]);
/** one object or row may stand in several places */
function shared<T>(items: T[], random: Random): T[] {
  if (random.chance(0.25)) items[random.below(items.length)] = random.pick(items);
  return items;
}

interface Node { at: number; v: number; kids: Node[] | null | undefined; on?: boolean }
function tree(random: Random, depth: number): Node {
  const kids = depth > 0 ? list(random.between(1, 4), () => tree(random, depth - 1)) : random.pick([[], [], null, undefined]);
  const node: Node = random.chance(0.8) ? { at: random.between(-2, 9), v: number(random), kids } : { v: number(random), at: 3, kids };
  return random.chance(0.2) ? { ...node, on: random.chance(0.5) } : node;
}

interface Fork { v: number; w: number; l: Fork | null; r: Fork | null }
/** A tree for searches, of two forms or one: few forks are told apart, many are tables. */
function fork(random: Random, from: number, to: number, leaves: boolean): Fork | null {
  if (from >= to) return null;
  const at = (from + to) >> 1;
  if (leaves && to - from === 1) return { w: number(random), v: at, l: null, r: null };
  return { v: random.chance(0.1) ? number(random) : at, w: number(random), l: fork(random, from, at, leaves), r: fork(random, at + 1, to, leaves) };
}

const byIndex = ["g[i % g.length]", "g[i]", "g[a]", "g[n % 3]", "g[g.length - 1 - i]", "g[0]"];
const nearest = ["near(g, a, (p) => KEY)", "g.find((p) => KEY > a)", "g.reduce((p, q) => (q.KEY2 > p.KEY2 ? q : p))"];
const choices = (key: string, key2: string): string[] => [...byIndex, ...nearest.map((text) => text.replaceAll("KEY2", key2).replaceAll("KEY", key))];
const forms: readonly Form[] = [
  {
    name: "rows", make: (random) => { const width = random.between(1, 4), even = random.chance(0.6); return shared(list(count(random), () => list(even ? width : random.between(0, 4), () => number(random))), random); },
    choose: [...byIndex, "near(g, a, (p) => p[0])", "g.find((p) => p.length > 1)"], read: ["one[0]", "one[i]", "one.length", "one[one.length - 1]", "one.indexOf(a)", "(one === g[0] ? 1 : 2)", "one.reduce((p, q) => p + q, 0)", "g.length"],
    write: ["g[0][0] = V;", "g[0].push(V);", "g[g.length - 1][1] += V;", "for (const row of g) row[0] = V;", "for (let k = 0; k < g.length; k++) g[k][0] += a;", "one[0] = V;", "g[0].length = 1;", "g[0] = [V, a];"],
  },
  {
    name: "typed rows", make: (random) => { const Kind = random.pick([Float64Array, Float32Array, Int16Array]); return list(count(random), () => Kind.from(list(random.between(1, 3), () => number(random)))); },
    choose: byIndex, read: ["one[0]", "one[i]", "one.length", "one[1]", "(one[3] === undefined ? 1 : 2)"], write: ["g[0][0] = V;", "g[g.length - 1].fill(V);", "for (const row of g) row[0] += a;", "one[0] = V;"],
  },
  {
    name: "rows in rows", make: (random) => { const [m, n] = [random.between(1, 4), random.between(1, 3)], even = random.chance(0.6), some = (most: number): number => (even ? most : random.between(0, 4)); return shared(list(count(random), () => shared(list(Math.max(1, some(m)), () => list(some(n), () => number(random))), random)), random); },
    choose: byIndex, read: ["one[0][0]", "one[i][a]", "one[i % one.length][1]", "one.length", "one[0].length", "(one === g[0] ? 1 : 2)", "(one[0] === g[i][0] ? 1 : one[i] === one[0] ? 2 : 3)", "one[one.length - 1].indexOf(a)", "one.reduce((p, q) => p + q.length, 0)", "one.map((q) => q[0])[i]", "(() => { let all = 0; for (const row of one) for (const x of row) all += x; return all; })()"],
    write: ["g[0][0][0] = V;", "one[0][0] = V;", "one[i % one.length] = [V, a];", "g[i % g.length][0] = g[0][0];", "one.push([V]);", "g[0] = [[V, a]];", "for (const list of g) list[0][0] += a;", "one[0].push(V);"],
  },
  {
    name: "objects in rows", make: (random) => { const width = random.between(1, 4), even = random.chance(0.6); return list(count(random), () => shared(list(even ? width : random.between(1, 4), (i) => ({ k: i, v: number(random), w: [number(random), i] })), random)); },
    choose: byIndex, read: ["one[0].v", "one[i % one.length].v", "one[i]?.k", "one[i % one.length].w[a]", "one.length", "(one === g[0] ? 1 : 2)", "(one[0] === g[i % g.length][0] ? 1 : 2)", "one.reduce((p, q) => p + q.v, 0)"],
    write: ["g[0][0].v = V;", "one[0].v += V;", "one[i % one.length] = { k: a, v: V, w: [V, a] };", "one[0].w[0] = V;", "one.push({ k: 1, v: V, w: [a] });"],
  },
  {
    name: "objects that hold rows and objects", make: (random) => shared(list(count(random), (i) => ({ k: random.between(-2, 9), v: number(random), w: list(random.between(1, 3), () => number(random)), p: { u: i }, f: random.pick([null, true, false, 2]), ...(random.chance(0.1) ? { more: i } : {}) })), random),
    choose: choices("p.k", "v"), read: ["one.k", "one.v", "one.w[0]", "one.w[i]", "one.w.length", "one.p.u", "(one.f === null ? 1 : one.f ? 2 : 3)", "(one === g[0] ? 1 : 2)", "(one.p === g[0].p ? 1 : 2)", "g.indexOf(one)", "(one.more ?? 4)", "g.length"],
    write: ["g[0].v = V;", "g[0].p.u += V;", "g[0].w[0] = V;", "g[0].w.push(V);", "for (const q of g) q.v += a;", "for (const q of g) q.p.u = V;", "one.v = V;", "one.p.u = V;", "g[0].p = { u: V };", "for (const q of g) q.w[0] += a;"],
  },
  {
    name: "objects of numbers and lists of numbers", make: (random) => { const even = random.chance(0.6), rows = list(count(random), () => list(even ? 3 : random.between(0, 4), () => number(random))); return shared(list(random.chance(0.7) ? random.between(3, 9) : count(random), (i) => ({ k: i, v: number(random), w: rows[i % rows.length]! })), random); },
    choose: choices("p.k", "v"), read: ["one.k", "one.v", "one.w[0]", "one.w[i]", "one.w.length", "(one === g[0] ? 1 : 2)", "(one.w === g[i % g.length].w ? 1 : 2)", "g.indexOf(one)", "one.w.reduce((p, q) => p + q, 0)", "g[(one.k + 1) % g.length].v"],
    write: ["g[0].v = V;", "g[0].w[0] = V;", "one.v += a;", "g[0].w = [V, a];", "for (const q of g) q.v += a;", "one.w[0] = V;"],
  },
  {
    name: "objects that hold lists of lists", make: (random) => {
      const even = random.chance(0.5), votes = list(count(random), () => shared(list(even ? 2 : random.between(1, 4), () => list(even ? 3 : random.between(0, 3), () => number(random))), random));
      return shared(list(count(random), (i) => ({ v: number(random), w: votes[i % votes.length]! })), random);
    },
    choose: choices("p.v", "v"), read: ["one.v", "one.w[0][0]", "one.w[i % one.w.length][a]", "one.w[i]?.length", "one.w.length", "(one.w === g[i % g.length].w ? 1 : 2)", "(one.w[0] === g[0].w[0] ? 1 : 2)", "one.w.reduce((p, q) => p + q.length, 0)", "g.indexOf(one)"],
    write: ["g[0].v = V;", "g[0].w[0][0] = V;", "one.w[0] = [V, a];", "g[0].w = [[V]];", "for (const q of g) q.w[0][0] += a;", "one.w.push([V]);"],
  },
  {
    name: "a tree", make: (random) => [tree(random, random.between(1, 3))],
    choose: ["leaf(g[0], a)", "leaf(g[0], i)", "g[0].kids[i % g[0].kids.length]", "g[0].kids.find((k) => k.at > a)", "first(g[0], a, 0)", "g[0]"],
    read: ["one.v", "one.at", "(one.kids ? one.kids.length : -1)", "sum(one, a)", "size(one)", "first(one, a, i).v", "(one.on ? 1 : 2)", "(one === g[0].kids[0] ? 1 : 2)", "sum(g[0], i)"],
    write: ["g[0].v = V;", "g[0].kids[0].v += V;", "one.v = V;", "g[0].kids.push({ at: a, v: V, kids: null });", "for (const k of g[0].kids) k.v += a;"],
  },
  {
    name: "a search tree", make: (random) => [fork(random, 0, random.pick([3, 7, 12, 20, 60]), random.chance(0.4))],
    choose: ["seek(g[0], a)", "closest(g[0], a, null)", "closest(g[0], s, g[0].l)", "g[0]"],
    read: ["one.v", "one.w", "within(g[0], a, n)", "within(one, s, 1)", "visit(g[0], a, (q) => { s += q.w; })", "(one === g[0].l ? 1 : 2)", "(one.l === null ? 1 : one.l.v)", "nearer(g[0], a)", "nearer(one, s)"],
    write: ["g[0].w = V;", "g[0].l.w += V;", "one.w = V;", "g[0].l = { v: a, w: V, l: null, r: null };"],
  },
];

const helpers: Readonly<Record<string, string>> = {
  near: "const near = (all, x, key) => { let best = all[0], least = Infinity; for (const p of all) { const d = Math.abs(key(p) - x); if (d < least) { least = d; best = p; } } return best; };",
  leaf: "const leaf = (node, x) => { for (let turns = 0; node.kids && node.kids.length > 0 && turns < 9; turns++) { let best = node.kids[0]; for (const k of node.kids) if (Math.abs(k.at - x) < Math.abs(best.at - x)) best = k; node = best; } return node; };",
  first: "const first = (node, x, depth) => (!node.kids || node.kids.length === 0 || depth > 4 ? node : first(node.at < x ? node.kids[0] : node.kids[node.kids.length - 1], x - 1, depth + 1));",
  sum: "const sum = (node, x) => { let all = node.v * x; if (node.kids) for (const k of node.kids) if (k.at > x) all += sum(k, x); return all; };",
  size: "const size = (node) => { const todo = [node]; let all = 0; while (todo.length > 0) { const one = todo.pop(); all++; if (one.kids) for (const k of one.kids) todo.push(k); } return all; };",
  seek: "const seek = (q, x) => { if (q === null) return null; if (Math.abs(q.v - x) < 0.6) return q; return seek(x < q.v ? q.l : q.r, x); };",
  closest: "const closest = (q, x, best) => { if (!q) return best; if (!best || Math.abs(q.v - x) < Math.abs(best.v - x)) best = q; best = closest(x < q.v ? q.l : q.r, x, best); if (Math.abs(q.v - x) < Math.abs(best.v - x)) best = closest(x < q.v ? q.r : q.l, x, best); return best; };",
  within: "const within = (q, x, d) => { if (!q) return 0; let all = Math.abs(q.v - x) <= d ? q.w : 0; if (x - d < q.v) all += within(q.l, x, d); if (x + d > q.v) all += within(q.r, x, d); return all; };",
  visit: "const visit = (q, x, f) => { if (!q) return 0; f(q); const next = x < q.v ? q.l : q.r; return visit(next, x, f) + (next === q.l ? 1 : 2); };",
  nearer: "const nearer = (root, x) => { let least = Infinity, id = -1; const go = (q) => { if (q === null) return; const d = Math.abs(q.v - x); if (d < least) { least = d; id = q.w; } const near = x < q.v ? q.l : q.r; go(near); if (d < least + 1) go(near === q.l ? q.r : q.l); }; go(root); return id + least; };",
  turn: "const turn = (n, p, q, up) => (n <= 0 ? p * 4 + q : turn(n - 1, q, up ? p + n : p - n, !up));",
  scan: "const scan = (list, at, best, where) => (at >= list.length ? (where === null ? -1 : where + best) : list[at] > best ? scan(list, at + 1, list[at], at) : scan(list, at + 1, best, where));",
  divide: "function divide(p, q, steps = 0) { return q === 0 || !(q === q) || steps > 40 ? p + steps : divide(q, p % q, steps + 1); }",
};

/** a number of a line of the kernel */
const parts = {
  calls: ["turn(i, a, s, i > 2)", "turn(n & 7, 1, i, false)", "scan(y, 0, -Infinity, null)", "scan(y, i, a, null)", "divide(a, i)", "divide(i * 6, 4)"],
  buffer: ["put(s);", "put(a + i);", "if (used > 1) s += out[used - 1];", "if (i === 2) { put(i); put(-0); }"],
  named: ["hit.at = i;", "hit.by = s;", "hit[0] += a;", "if (hit.by > 2) hit.at = null;", "s += hit.at === undefined ? 1 : 2;"],
} as const;

export function randomNest(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 41), coverage = new Map<string, number>(), form = random.pick(forms);
  const captured = random.chance(0.4), grows = random.chance(0.3), names = random.chance(0.25), calls = random.chance(0.35);
  const writes = !captured && random.chance(0.6); // a call says the same whenever it is made
  coverage.set(`nest: ${form.name}`, 1);
  if (grows) coverage.set("a buffer that grows", 1);
  if (names) coverage.set("named fields of an array", 1);
  if (calls) coverage.set("calls at the end with several parameters", 1);
  if (writes) coverage.set("a nest is written", 1);
  const value = (): string => random.pick(["a", "s", "i", "n", "y[i]", "1", ...(calls ? parts.calls : [])]);
  const chosen = (text: string): string => `{ const one = ${random.pick(form.choose)}; if (one) { ${text} } }`;
  const line = (): string => {
    switch (random.weighted({ read: 5, walk: 1, keep: 2, write: writes ? 3 : 0, value: 1, grow: grows ? 3 : 0, name: names ? 3 : 0, list: 1 })) {
      case "read": return chosen(`s = s * 0.5 + ${random.pick(form.read)};`);
      case "walk": { // another variable begins with it, goes on, and the chosen one is asked again
        const text = random.pick(form.read).replaceAll("one", "q");
        return chosen(`let t = 0; for (let q = one; q && t < 3; q = ${random.pick(["g[t]", "t < n ? g[i] : null", "q.kids && q.kids[0]"])}) { s += ${text}; t++; } s += one === g[0] ? 1 : ${random.pick(form.read)};`);
      }
      case "keep": return chosen(random.pick(["last = one;", "kept.push(one);", "if (last === one) s += 3; last = one;"]));
      case "write": { const text = random.pick(form.write).replaceAll("V", value()); return /\bone\b/.test(text) ? chosen(text) : `if (i < 3) { ${text} }`; }
      case "value": return `s = s * 0.5 + ${value()};`;
      case "grow": return random.pick(parts.buffer);
      case "name": return random.pick(parts.named);
      case "list": return random.pick(["if (last) s += 1;", "y[i] = s;", "if (s > a) s -= kept.length;"]);
    }
  };
  const body = list(random.between(1, 4), line);
  const results = ["s", "s", "last", "kept", "[s, last]", "{ s, kept }", ...(grows ? ["out", "out.subarray(0, used)", "{ s, part: out.subarray(0, used) }", "[out.subarray(used >> 1), s > a ? out : out.subarray(0, used), out]", "[s, used, out.length]"] : []), ...(names ? ["hit", "[hit, s]"] : [])];
  const declared = `    let s = 0, last = null;\n    const kept = [];${grows ? `\n    let out = new ${random.pick(["Float64Array", "Uint8Array", "Float32Array"])}(${random.pick([1, 2, 4])}), used = 0;\n    const put = (v) => { if (used === out.length) { const longer = new out.constructor(2 * out.length); longer.set(out); out = longer; } out[used++] = v; };` : ""}${names ? "\n    const hit = [a, n];" : ""}`;
  const source = `${declared}
    for (let i = 0; i < y.length; i++) {
${body.map((text) => `      ${text}`).join("\n")}
    }
    return ${random.pick(results)};`;
  const used = Object.entries(helpers).filter(([name]) => new RegExp(`\\b${name}\\(`).test(source)).map(([, text]) => `  ${text}`);
  const g = form.make(random), { before, text } = show([g]), kinds: InputKind[] = ["Float64Array", "number", "count"];
  const params: KernelParam[] = [{ name: "y", slow: false, kind: "Float64Array" }, { name: "a", slow: false, kind: "number" }, { name: "n", slow: false, kind: "count" }, { name: captured ? "mode" : "g", slow: true, kind: "nest" }];
  const slow = captured ? 1 : g;
  return {
    seed, params, slow: [captured ? "mode" : "g"], slowValues: { [captured ? "mode" : "g"]: slow }, coverage, guaranteed: false, inputs: list(4, () => [...fastValues(kinds, random), slow]),
    source: `(() => {\n${[...used, ...(captured ? [...before, `  const g = ${text}[0];`] : [])].join("\n")}\n  return function kernel(y, a, n, ${captured ? "mode" : "g"}) {\n${source}\n  };\n})()`,
  };
}
