// Kernels over captured variables that they and their helpers change: numbers, arrays, lists that grow, objects, tables that are made at their
// first use. So that a call says the same whenever it is made, all of it is set anew either at the start, of what the call was given, or at the
// end, to what it was in the beginning: the first shows what is written back, the second what is found at entry.

import { fastValues, type InputKind } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

interface State {
  readonly name: string;
  readonly declare: string;
  /** sets it to a number, or to what was declared */
  readonly reset: (to: string | null) => string;
  /** a number that it gives, statements that change it */
  readonly read: readonly string[];
  readonly change: readonly ((v: string) => string)[];
}

const states: readonly State[] = [
  {
    name: "a number", declare: "let acc = 0.5; const step = (v) => { acc = acc * 0.5 + v; return acc; };",
    reset: (to) => `acc = ${to ?? "0.5"};`, read: ["acc", "step(1)", "-acc"], change: [(v) => `acc = ${v};`, (v) => `acc += step(${v});`, (v) => `if (acc < ${v}) acc++;`],
  },
  {
    name: "a counter", declare: "let count = 7; function tick() { count = (count * 75 + 74) % 65537 | 0; return count; }",
    reset: (to) => `count = ${to === null ? "7" : `${to} | 0`};`, read: ["count", "tick()", "(tick() & 15)"], change: [() => "count++;", () => "tick();", (v) => `count = count ^ ${v};`],
  },
  {
    name: "an array", declare: "const ring = [1, 2, 3, 4]; let at = 0; const put = (v) => { ring[at] = v; at = (at + 1) & 3; };",
    reset: (to) => (to === null ? "ring[0] = 1; ring[1] = 2; ring[2] = 3; ring[3] = 4; at = 0;" : `ring.fill(${to}); at = 1;`),
    read: ["ring[at]", "ring[i & 3]", "ring.reduce((p, q) => p + q, 0)"], change: [(v) => `put(${v});`, (v) => `ring[i & 3] -= ${v};`],
  },
  {
    name: "a typed array", declare: "const lane = new Float32Array(4); const clear = () => { for (let k = 0; k < lane.length; k++) lane[k] = 0; };",
    reset: (to) => (to === null ? "clear();" : `lane.fill(${to});`), read: ["lane[i & 3]", "lane[0]", "lane.length"], change: [(v) => `lane[i & 3] = ${v};`, (v) => `lane[1] += ${v};`, () => "clear();"],
  },
  {
    name: "an object", declare: "const body = { x: 1, v: -2, hits: 0 }; const move = (dt) => { body.x += body.v * dt; if (body.x < 0) { body.v = -body.v; body.hits++; } };",
    reset: (to) => (to === null ? "body.x = 1; body.v = -2; body.hits = 0;" : `body.x = ${to}; body.v = 1; body.hits = 0;`), read: ["body.x", "body.hits", "body.v * 2"], change: [(v) => `move(${v});`, (v) => `body.v = ${v};`, () => "body.hits += 2;"],
  },
  {
    name: "private fields", declare: "class Cell { #v = 1; #n = 0; #w = [1, 2]; #half() { return this.#v / 2; } put(x) { this.#v = this.#half() + x; this.#n++; this.#w[this.#n & 1] = x; } get v() { return this.#v; } get n() { return this.#n; } w(k) { return this.#w[k & 1]; } clear(x) { this.#v = x; this.#n = 0; this.#w[0] = x; this.#w[1] = 2; } } const cell = new Cell();",
    reset: (to) => `cell.clear(${to ?? "1"});`, read: ["cell.v", "cell.n", "cell.w(i)"], change: [(v) => `cell.put(${v});`, (v) => `if (cell.n < 3) cell.put(${v});`],
  },
  {
    name: "a bound function", declare: "const dial = { k: 0.5 }; const turn = function (p, ...rest) { this.k = this.k * p + rest.length; return this.k * (rest.length > 0 ? rest[0] : 2); }.bind(dial, 0.25);",
    reset: (to) => `dial.k = ${to ?? "0.5"};`, read: ["dial.k", "turn(i)", "turn()"], change: [(v) => `turn(${v});`, (v) => `dial.k = turn(${v}, a);`],
  },
  {
    name: "closures of one factory", declare: "const knob = { k: 1 }; const after = (f, k) => (v) => f(v * k) - knob.k * k; const chain = after(after(after((v) => v + knob.k, 2), 3), 0.5);",
    reset: (to) => `knob.k = ${to ?? "1"};`, read: ["chain(i)", "chain(chain(a))", "knob.k"], change: [(v) => `knob.k = chain(${v});`],
  },
  {
    name: "a list", declare: "const found = [];", reset: () => "found.length = 0;",
    read: ["found.length", "(found.length > 0 ? found[found.length - 1] : 0)"], change: [(v) => `found.push(${v});`, () => "if (found.length > 1) found.pop();", (v) => `if (found.length < 9) found.push(${v}, s);`],
  },
  {
    name: "a pool of objects", declare: "class Spot { constructor(x, y) { this.x = x; this.y = y; this.on = false; this.last = null; } add(v) { this.x += v; return this; } } const pool = [new Spot(1, 2), new Spot(3, -4), new Spot(0, 0.5)]; const take = () => pool.pop(); const give = (t) => { pool.push(t); };",
    reset: (to) => `while (pool.length > 3) pool.pop(); while (pool.length < 3) pool.push(new Spot(0, 0)); pool[0].x = ${to ?? "1"}; pool[0].y = 2; pool[1].x = 3; pool[1].y = -4; pool[2].x = 0; pool[2].y = 0.5; for (const t of pool) { t.on = false; t.last = null; }`,
    read: ["pool.length", "pool[0].x", "pool[pool.length - 1].y", "pool[i % pool.length | 0].x", "(pool[0].on ? 2 : 0.5)", "(pool[pool.length - 1].last === null ? 3 : pool[pool.length - 1].last)"],
    change: [(v) => `{ const t = take(); t.x = ${v}; s += t.add(1).x * t.y; give(t); }`, (v) => `{ const t = take(), u = take(); t.y = ${v}; u.x -= t.y; give(t); give(u); }`, (v) => `if (pool.length < 6) pool.push(new Spot(${v}, s));`, (v) => `pool[1].y = ${v};`, (v) => `{ const t = take(); t.on = t.x > ${v}; give(t); }`, (v) => `pool[0].last = ${v};`],
  },
  {
    name: "a memo object", declare: "const memo = {}; const cached = (k) => memo[k] || (memo[k] = k * 0.5 + 1);",
    reset: (to) => `for (const k in memo) delete memo[k];${to === null ? "" : ` memo[${to}] = 3;`}`, read: ["cached(i)", "cached(a)", "(memo[i] === undefined ? -1 : memo[i])", "(i in memo ? 2 : 0.5)", "Object.keys(memo).length"],
    change: [(v) => `memo[${v}] = ${v};`, () => "delete memo[i];", (v) => `cached(${v});`, () => "for (const k in memo) s += memo[k] * 0.25;"],
  },
  {
    name: "expandos", declare: "class Ids { static last = 2; static next(by) { Ids.last += by; return Ids.last * 0.5; } } const tally = (v) => { tally.sum += v; return tally.sum; }; tally.sum = 0;",
    reset: (to) => `Ids.last = ${to ?? "2"}; tally.sum = ${to ?? "0"};`, read: ["Ids.last", "tally.sum", "Ids.next(i)"], change: [(v) => `Ids.next(${v});`, (v) => `tally(${v});`, (v) => `Ids.last = tally(${v});`],
  },
  {
    name: "a table of objects", declare: "const bins = {}; const bin = (k) => bins[k] || (bins[k] = { n: 0, last: null, list: [] });",
    reset: (to) => `for (const k in bins) delete bins[k];${to === null ? "" : ` bins[${to}] = { n: 1, last: null, list: [2] };`}`,
    read: ["bin(i).n", "bin(i & 1).list.length", "(bins[i] ? bins[i].n : -1)", "(bin(a).last === null ? 1 : bin(a).last)"],
    change: [(v) => `bin(i).n += ${v};`, (v) => `bin(i & 1).list.push(${v});`, (v) => `{ const b = bin(i & 3); b.last = ${v}; }`, () => "delete bins[i];", () => "for (const k in bins) s += bins[k].n * 0.25;"],
  },
  {
    name: "tables of tables", declare: "const nests = {}, near = new Map(); const nest = (k, j) => { if (!nests[k]) nests[k] = {}; return nests[k][j] ??= k - j * 0.5; }; const mark = (k, j) => { let set = near.get(k); if (!set) near.set(k, (set = new Set())); set.add(j); return set.size; };",
    reset: (to) => `for (const k in nests) delete nests[k]; near.clear();${to === null ? "" : ` nests[1] = { 2: ${to} }; near.set(0, new Set([${to}]));`}`,
    read: ["nest(i, n)", "nest(i & 1, a)", "(nests[i] ? Object.keys(nests[i]).length : -1)", "mark(i & 1, a)", "(near.has(i) ? near.get(i).size : 0.5)", "(nests[1] && 2 in nests[1] ? nests[1][2] : 3)"],
    change: [(v) => `nest(i, ${v});`, (v) => `nests[i & 3] = { 1: ${v} };`, () => "if (nests[i]) delete nests[i][n];", () => "delete nests[i & 1];", (v) => `mark(i, ${v});`, () => "for (const k in nests) for (const j in nests[k]) s += nests[k][j] * 0.25;", () => "for (const [k, set] of near) for (const j of set) s += k - j;", () => "near.delete(i);"],
  },
  {
    name: "a Map of linked objects", declare: "const heads = new Map(); const link = (k, v) => { const b = heads.get(k); if (!b) { heads.set(k, { v, next: null }); return 0.5; } b.next = { v, next: b.next }; return b.next.v; };",
    reset: (to) => `heads.clear();${to === null ? "" : ` heads.set(${to}, { v: 1, next: null });`}`, read: ["link(i & 1, a)", "(heads.has(n) ? heads.get(n).v : 3)"], change: [(v) => `link(${v}, s);`, (v) => `link(i & 1, ${v});`],
  },
  {
    name: "a Map of counts", declare: "const counts = new Map(); const countOf = (k) => { const c = (counts.get(k) || 0) + 1; counts.set(k, c); return c; };",
    reset: (to) => `counts.clear();${to === null ? "" : ` counts.set(${to}, 2);`}`, read: ["countOf(i)", "(counts.get(i) ?? -1)", "(counts.has(a) ? 2 : 0.5)", "counts.size"],
    change: [(v) => `countOf(${v});`, () => "counts.delete(i);", () => "for (const [k, c] of counts) s += k * 0.25 + c;", (v) => `if (counts.size > 2) counts.delete(counts.keys().next().value); counts.set(${v}, s);`],
  },
  {
    name: "tables that are only asked", declare: "const places = new Map([[1, 4], [2, null], [-0, 1], [0.5, 2]]), ways = new Set([0, 3, NaN]), words = { 0: 'zero', 1: 'one', 3: '', 4: null }, far = { 5000: 2, 1: 7, '-3': 0.25 };",
    reset: () => "", read: ["(places.get(i) ?? -1)", "(places.has(a) ? 2 : 0.5)", "(ways.has(i - 1) ? 3 : 1)", "(words[i] === undefined ? 9 : words[i] === null ? 8 : words[i].length)", "(words[a] || 'none').length", "(far[i] === undefined ? -2 : far[i])", "places.size"],
    change: [() => "s += ways.has(s) ? 1 : 0.5;", () => "for (const k of ways) s += (k || 0) * 0.25;", () => "s += (far[n] || 0) - (words[n & 3] || '').length;"],
  },
  {
    name: "a Set of what was seen", declare: "const seen = new Set();",
    reset: (to) => `seen.clear();${to === null ? "" : ` seen.add(${to});`}`, read: ["(seen.has(i) ? 3 : 0.5)", "seen.size"], change: [(v) => `seen.add(${v});`, (v) => `if (seen.has(${v})) s += 1; else seen.add(${v});`, () => "seen.delete(i);", () => "seen.forEach((k) => { s += k * 0.5; });"],
  },
  {
    name: "rows in rows", declare: "const rings = [[[1, 2], [3, 4], [5, 6]], [[7, 8]]]; const wind = (r) => r[0][0] > 2 ? r.reverse() : r;",
    reset: (to) => `while (rings[0].length > 3) rings[0].pop(); rings[0][0] = [${to ?? "1"}, 2]; rings[0][1] = [3, 4]; rings[0][2] = [5, 6];`,
    read: ["rings[0][0][0]", "rings[0][i & 1][1]", "rings[0].length", "rings[1][0][0]"],
    change: [() => "rings[0].reverse();", () => "rings[0] = wind(rings[0]);", (v) => `rings[0][1] = [${v}, 1];`, (v) => `rings[0][i & 1][0] = ${v};`, (v) => `if (rings[0].length < 6) rings[0].push([${v}, s]);`],
  },
  {
    name: "what recursion changes", declare: "const tree = { visits: 0, best: -1, last: null }; let ends = 0; const visit = (v, d) => { tree.visits++; if (v > tree.best) { tree.best = v; tree.last = { v, d }; } if (d <= 0) { ends += 0.5; return; } visit(v - 1, d - 1); if (v > 2) visit(v * 0.5, d - 2); };",
    reset: (to) => `tree.visits = ${to ?? "0"}; tree.best = -1; tree.last = null; ends = 0;`, read: ["tree.visits", "tree.best", "ends", "(tree.last === null ? ends : tree.last.v)"],
    change: [(v) => `visit(${v}, i & 3);`, (v) => `visit(${v}, n & 1);`, (v) => `tree.best = ${v};`, () => "ends++;"],
  },
  {
    name: "a table made at its first use", declare: "let table = null; const entry = (k) => { if (table === null) { table = new Float64Array(16); for (let q = 0; q < 16; q++) table[q] = Math.sqrt(q) * 3; } return table[k & 15]; };",
    reset: () => "", read: ["entry(i)", "entry(n)"], change: [() => "entry(0);"], // nobody can tell whether it is there already
  },
];

/** of so many a kernel has some: programs over all of them are large */
const fewStates = 4;

export function randomCaptured(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 23), coverage = new Map<string, number>();
  const chosen = states.filter(() => random.chance(fewStates / states.length));
  if (chosen.length === 0) chosen.push(random.pick(states));
  for (const { name } of chosen) coverage.set(`captured: ${name}`, 1);
  const atStart = random.chance(0.5);
  const value = (): string => random.pick([...chosen.flatMap(({ read }) => read), "a", "s", "y[i]", "i"]);
  const sum = (): string => `${value()} ${random.pick(["+", "-", "*"])} ${value()}`;
  const statement = (): string => {
    const text = random.chance(0.3) ? `y[i] = ${sum()};` : random.chance(0.3) ? `s = s / 2 + ${value()};` : random.pick(random.pick(chosen).change)(random.pick([value(), sum()]));
    return `      ${random.chance(0.3) ? `if (${random.pick(["a > 0", "mode === 1", "i % 2 === 0", `${value()} > 1`])}) { ${text} }` : text}`;
  };
  const reset = chosen.map((state) => state.reset(atStart ? random.pick(["a", "n", "0"]) : null)).join(" ");
  const body = Array.from({ length: random.between(2, 4) }, statement).join("\n");
  const params: KernelParam[] = [{ name: "y", slow: false, kind: "Float64Array" }, { name: "a", slow: false, kind: "number" }, { name: "n", slow: false, kind: "count" }, { name: "mode", slow: true, kind: "count" }];
  const mode = random.between(0, 2), kinds: InputKind[] = ["Float64Array", "number", "count"];
  return {
    seed, params, inputs: Array.from({ length: 4 }, () => [...fastValues(kinds, random), mode]), slow: ["mode"], slowValues: { mode }, coverage, guaranteed: false,
    source: `(() => {
  ${chosen.map(({ declare }) => declare).join("\n  ")}
  return function kernel(y, a, n, mode) {
    ${atStart ? reset : ""}
    let s = 0;
    for (let i = 0; i < y.length; i++) {
${body}
    }
    for (let i = 0; i < 2; i++) s += ${sum()};
    ${atStart ? "" : reset}
    return s;
  };
})()`,
  };
}
