// Automata with random states: a loop over bytes, or what passes for them, in which a carried value decides what happens next. States are
// objects linked to each other, names, rows of a table or rows of a flat one; specialised, each becomes a place in the code. Chains of objects
// that a table leads to are walked the same way, and so are decision trees whose next node is computed.

import { number, typedArrays, type TypedName } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

interface Linked { out: number; edges: { lo: number; hi: number; to: Linked }[]; rest: Linked | null }
type Named = Record<string, { on: Record<number, string>; rest: string | undefined; out: number }>;

const linked = (random: Random): Linked => {
  const states = Array.from({ length: random.between(1, 5) }, (_, i): Linked => ({ out: i * 1.5, edges: [], rest: null }));
  for (const state of states) {
    for (let k = random.below(4); k > 0; k--) { const lo = random.below(6); state.edges.push({ lo, hi: lo + random.below(3), to: random.pick(states) }); }
    state.rest = random.chance(0.2) ? null : random.pick(states);
  }
  return states[0]!;
};
const named = (random: Random): Named => {
  const names = Array.from({ length: random.between(1, 4) }, (_, i) => `q${i}`);
  return Object.fromEntries(names.map((name) => [name, {
    on: Object.fromEntries(Array.from({ length: random.below(5) }, () => [random.below(8), random.pick(names)])),
    rest: random.chance(0.8) ? random.pick(names) : undefined, out: number(random),
  }]));
};
/** next states in stretches, as tables of real automata have them */
const row = (random: Random, width: number, states: number): number[] => {
  let to = random.below(states + 1) - 1;
  return Array.from({ length: width }, () => { if (random.chance(0.3)) to = random.below(states + 1) - 1; return to; });
};

interface Chained { w: number; next: Chained | undefined }
/** short chains that share their ends, in a table with repeats and gaps */
const chains = (random: Random): (Chained | undefined)[] => {
  const links: Chained[] = [];
  for (let i = random.between(1, 12); i > 0; i--) links.push({ w: number(random), next: random.chance(0.6) ? links[random.below(links.length + 1)] : undefined });
  return Array.from({ length: random.between(1, 30) }, () => (random.chance(0.3) ? undefined : random.pick(links)));
};

interface Heap { f: number[]; t: number[]; v: number[] }
/** decision trees as heaps, most of one depth; a feature may lie beyond the sample */
const heaps = (random: Random): Heap[] => {
  const depth = random.between(1, 4);
  return Array.from({ length: random.between(1, 30) }, () => {
    const inner = 2 ** (random.chance(0.9) ? depth : random.between(0, depth)) - 1;
    return { f: Array.from({ length: inner }, () => random.below(4)), t: Array.from({ length: inner }, () => random.below(9) - 0.5), v: Array.from({ length: inner + 1 }, () => number(random)) };
  });
};
const child = ["at = x[i * 3 + tree.f[at]] < tree.t[at] ? 2 * at + 1 : 2 * at + 2", "if (x[i * 3 + tree.f[at]] >= tree.t[at]) at = 2 * (at + 1); else at = 2 * at + 1"];
const walked = (step: string): string[] => [
  "let n = 0;", "for (let i = 0; i < y.length; i++) {", "  for (let k = 0; k < slow.length; k++) {", "    const tree = slow[k];", "    let at = 0;", `    while (at < tree.f.length) { ${step}; }`,
  "    n += tree.v[at - tree.f.length] * a;", "  }", "  y[i] = n;", "}", "return n;",
];

/** what has come out so far */
const written = "  if (k < y.length) y[k++] = n;";

const forms = {
  linked: {
    make: linked,
    body: ["let at = slow, n = 0, k = 0;", "for (const c of x) {", "  let to = at.rest;", "  for (const e of at.edges) if (c >= e.lo && c <= e.hi) { to = e.to; break; }", "  if (to === null) return -1 - n;", "  if (to === slow) n += a;", "  at = to;", written, "}", "return at.out + n * 100;"],
  },
  named: {
    make: named,
    body: ["let state = \"q0\", n = 0, k = 0;", "for (let i = 0; i < x.length; i++) {", "  const next = slow[state].on[x[i]] ?? slow[state].rest;", "  if (next === undefined) break;", "  if (next !== state) n += i * a;", "  state = next;", written, "}", "return slow[state].out + n * 16;"],
  },
  rows: {
    make: (random: Random) => { const states = random.between(1, 4), width = random.between(1, 9); return Array.from({ length: states }, () => row(random, width, states)); },
    body: ["let q = 0, n = 0, k = 0;", "for (let i = 0; i < x.length; i++) {", "  q = slow[q][x[i]];", "  if (q < 0) { n = i * a; q = 0; }", "  if (!(q >= 0)) return NaN;", "  n += q;", written, "}", "return q * 1000 + n;"],
  },
  flat: {
    make: (random: Random) => { const states = random.between(1, 4); return Int8Array.from(Array.from({ length: states }, () => row(random, 8, states)).flat()); },
    body: ["let q = 0, n = 0, k = 0;", "for (let i = 0; i < x.length; i++) {", "  q = slow[q * 8 + (x[i] & 7)];", "  if (q < 0) { n -= i * a; q = 0; }", "  n += q;", written, "}", "return n * 8 + q;"],
  },
  heaps: { make: heaps, body: walked(child[0]!) },
  "heaps by arms": { make: heaps, body: walked(child[1]!) },
  chains: {
    make: chains,
    body: ["let n = 0, k = 0;", "for (let i = 0; i < x.length; i++) {", "  for (let c = slow[x[i] & 31]; c !== undefined; c = c.next) n = n * a + c.w;", written, "}", "return n;"],
  },
} as const;

export function randomAutomaton(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 5);
  const form = random.pick(["linked", "named", "rows", "flat", "chains", "heaps", "heaps by arms"] as const);
  const slow: unknown = forms[form].make(random);
  const kind = random.weighted({ Uint8Array: 5, Int32Array: 1, Float64Array: 1 }) as TypedName;
  const odd = [0, 1, 2, 3.5, -0, NaN, -1, 1e10, 5];
  const inputs = Array.from({ length: 5 }, () => [slow, typedArrays[kind].from(Array.from({ length: random.between(0, 24) }, () => (random.chance(0.1) ? random.pick(odd) : random.below(9)))), new Float64Array(random.below(20)), number(random)]);
  return {
    seed, source: ["function kernel(slow, x, y, a) {", ...forms[form].body.map((line) => `  ${line}`), "}"].join("\n"), slow: ["slow"], slowValues: { slow }, inputs, guaranteed: true,
    coverage: new Map([[`automaton of ${form} states`, 1]]),
    params: [{ name: "slow", slow: true, kind: "program" }, { name: "x", slow: false, kind }, { name: "y", slow: false, kind: "Float64Array" }, { name: "a", slow: false, kind: "number" }],
  };
}
