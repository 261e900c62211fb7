// Kernels over captured objects that others have rearranged since the last call: fields that hold another object, an equal one, the same one twice, none,
// one of another class, frozen or with an accessor; lists that are longer, reversed or hold one object twice; typed arrays of another kind, length or of one
// buffer; other functions of the same text; variables that are assigned. What is compiled in, assumed and guarded of captured values has to hold in each call.
//
// The kernel's own property `arranged` puts everything into the order of a number before the call, `left` tells what the call left there (`surrounded`).

import { copyTogether } from "./copy.ts";
import { edgeNumbers } from "./inputs.ts";
import { answers } from "./leavings.ts";
import { Random } from "./prng.ts";
import type { KernelParam, RandomKernel } from "./random.ts";

const world = `
  class Kind { constructor(v, w, list) { this.v = v; this.w = w; this.list = list; } twice() { return this.v * 2; } }
  class Other { constructor(v, w, list) { this.v = v; this.w = w; this.list = list; } twice() { return this.v * -2; } }
  const w0 = { n: 1 }, w1 = { n: 1 }, l0 = [1, 2, 3], l1 = [1, 2, 3], r0 = [1, 2], r1 = [3, 4], r2 = [5];
  const a0 = new Kind(1, w0, l0), a1 = new Kind(1, w1, l1), a2 = new Kind(2, w0, l1), b0 = new Other(1, w0, l0), plain = { v: 1, w: w0, list: l0, twice() { return 7; } }, free = { v: 1, w: w0, list: l0 };
  const fixed = Object.freeze(new Kind(1, w0, l0)), asks = new Kind(1, w0, l0);
  Object.defineProperty(asks, "v", { get: () => 3, set(to) { w1.n = to; }, enumerable: true, configurable: true });
  const t0 = new Float64Array(4), t1 = new Float64Array(4), t2 = t0.subarray(1), t3 = new Int32Array(3), t4 = new Float64Array(0);
  const adds = (by) => (v) => v + by, f0 = adds(1), f1 = adds(2), f2 = (v) => v * v;
  const own = { o: a0, p: a1, q: null, t: t0, u: t1, f: f0, k: 2 }, all = [], rows = [], table = new Map();
  let cur = a0, at = 1;
  const reset = () => {
    for (const a of [a0, a1, a2, b0, plain, free]) a.v = 1;
    for (const a of [a0, a2, b0, plain, free]) a.w = w0;
    delete own.z; a1.w = w1; a0.list = b0.list = plain.list = free.list = l0; a1.list = a2.list = l1; a2.v = 2; w0.n = 1; w1.n = 1;
    for (const l of [l0, l1]) { l.length = 3; l[0] = 1; l[1] = 2; l[2] = 3; }
    r0.length = r1.length = 2; r2.length = 1; r0[0] = 1; r0[1] = 2; r1[0] = 3; r1[1] = 4; r2[0] = 5;
    for (const t of [t0, t1, t3]) for (let i = 0; i < t.length; i++) t[i] = i;
    own.o = a0; own.p = a1; own.q = null; own.t = t0; own.u = t1; own.f = f0; own.k = 2;
    all.length = 0; all.push(a0, a1, a2); rows.length = 0; rows.push(r0, r1); table.clear(); table.set(1, a0); table.set(2, a1); cur = a0; at = 1;
  };`;

/** What others do between two calls: with objects that are there, so that all who are called find the same ones. */
const changes = [
  "own.p = a0;", "own.o = a1;", "own.o = a2;", "own.q = a0;", "own.q = a1;", "own.o = own.p = a1;", "own.o = b0;", "own.o = plain;", "own.o = fixed;", "own.p = asks;", "own.o = null;", "own.p = undefined;", "own.p = 4;",
  "a0.w = w1;", "a1.w = w0;", "a1.list = l0;", "a0.list = l1;", "a0.v = 2.5;", "a0.v = null;", "a1.v = '7';", "a0.v = undefined;", "a1.v = -0;", "a0.v = NaN;", "w0.n = 0.5;", "l0.push(4);", "l0.length = 1;", "l1.length = 0;", "l1[1] = 0.5;", "l0[1] = 'x';", "delete l0[1];",
  "all[1] = a0;", "all.reverse();", "all.length = 1;", "all.push(a1);", "all.push(b0);", "all[0] = null;", "all.length = 0;", "rows[1] = r0;", "rows[0] = r2;", "rows.push(r2);", "rows[0] = rows[1] = r2;", "r0.push(9);", "rows[1] = null;",
  "own.t = t1;", "own.t = t2;", "own.t = t3;", "own.u = t0;", "own.u = t2;", "own.u = t4;", "own.f = f1;", "own.f = f2;", "own.f = Math.abs;", "own.f = null;", "own.k = 3;", "own.k = 0.5;", "own.k = '2';",
  "cur = a1;", "cur = a2;", "cur = b0;", "cur = null;", "at = 2;", "at = 0.5;", "table.set(1, a1);", "table.delete(2);", "table.set(3, a2);", "table.set(2, a0);", "own.z = 1;", "own.o = free;",
] as const;

const reads = [
  "own.o.v", "own.p.v", "own.o.w.n", "own.p.w.n", "own.o.list[i]", "own.p.list.length", "own.o.twice()", "cur.v", "cur.w.n", "cur.twice()", "own.f(a)", "own.f(own.k)", "own.k", "at", "own.t[i]", "own.u[at]", "own.t.length", "all.length", "rows.length", "rows[0][1]",
  "rows[1].length", "(own.q ? own.q.v : -1)", "all[i % 3].v", "all[0].w.n", "(table.has(2) ? 2 : 0.5)", "table.size", "(table.get(1) ?? a0).v", "all.reduce((t, o) => t + o.v, 0)", "Object.keys(own).length",
  "(own.o === own.p ? 2 : 3)", "(own.o.w === own.p.w ? 4 : 5)", "(own.o.list === own.p.list ? 6 : 7)", "(cur === own.o ? 8 : 9)", "(all[0] === all[1] ? 10 : 11)", "(all.indexOf(own.p))", "(all.includes(cur) ? 12 : 13)", "(rows[0] === rows[1] ? 14 : 15)", "(own.t === own.u ? 16 : 17)",
  "(own.t.buffer === own.u.buffer ? 18 : 19)", "(own.f === f0 ? 20 : 21)", "(own.o instanceof Kind ? 22 : 23)", "(table.get(2) === own.p ? 24 : 25)", "(own.q === cur ? 26 : 27)", "(last === own.o ? 28 : 29)", "(Object.isFrozen(own.o) ? 30 : 31)", "('z' in own ? 32 : 33)", "a0.v", "l0[i]", "w0.n", "t0[1]",
] as const;
const writes = [
  "own.o.v = s;", "own.p.v += a;", "own.o.w.n = a;", "own.p.w.n += 1;", "own.o.list[0] = s;", "own.p.list.push(a);", "cur.v = own.o.v + 1;", "own.t[i] = a;", "own.u[0] += s;", "own.t[at] = own.u[1] + 1;", "all[i % 3].v += 1;", "for (const o of all) { o.v = o.v * 0.5 + a; s += o.w.n; }",
  "rows[0][0] = s;", "rows[1][1] += rows[0][0];", "for (const r of rows) for (let j = 0; j < r.length; j++) { r[j] += a; s += r[j]; }", "own.k = a;", "own.q = own.o;", "own.o = own.p;", "own.p = cur;", "cur = own.p;", "cur = all[i % 3];", "last = own.o;", "last = own.p;", "all[1] = own.o;", "all.push(own.p);",
  "if (all.length > 1) s += all.pop().v;", "own.o.w = own.p.w;", "own.p.list = l0;", "table.set(2, own.o);", "table.delete(1);", "for (const [k, o] of table) s += k * o.v;", "own.t = own.u;", "own.f = f1;", "a0.v = s;", "a1.v -= 1;", "w0.n += 1;", "l0[1] = s;", "t0[2] = s;", "r0[0] = a;", "at += 1;", "own.o = { v: a, w: w1, list: l1 };", "own.o = new Kind(a, w1, l1);",
] as const;

/** The same of two slow values, new ones in each call: what they share is another matter each time. */
const sharedReads = [
  "p.o.v", "q.o.w.n", "p.list.length", "(p.o === q.o ? 2 : 3)", "(p.o.w === q.o.w ? 4 : 5)", "(p.list[0] === q.o ? 6 : 7)", "p.list.indexOf(q.o)", "(q.list.includes(p.o) ? 8 : 9)", "(p.list === q.list ? 10 : 11)", "(q.set.has(p.o) ? 12 : 13)", "(q.set.has(p.list[1]) ? 14 : 15)", "(p === q ? 16 : 17)", "(p.o === own.o ? 18 : 19)",
  "p.list.reduce((t, o) => t + o.v, 0)", "(p.list[i & 1] === q.o ? 20 : 21)", "(q.list[0] === q.list[1] ? 22 : 23)", "(p.o.w === w0 ? 24 : 25)",
] as const;
interface Part { v: number; w: { n: number } }
function sharing(random: Random): unknown[] {
  const a: Part = { v: 1, w: { n: 1 } }, b: Part = { v: 1, w: random.chance(0.4) ? a.w : { n: 1 } }, c: Part = { v: 2, w: a.w }, one = (): Part => random.pick([a, a, b, random.chance(0.3) ? c : b]);
  const holder = (list: Part[]): object => ({ o: one(), list, set: new Set([one(), one()]) }), list = [one(), one()], p = holder(list);
  return [p, random.chance(0.15) ? p : holder(random.chance(0.3) ? list : [one(), one()])];
}

export function randomArranged(seed: number): RandomKernel {
  const random = new Random(seed * 3432918353 + 29), coverage = new Map<string, number>([["captured values that others rearrange between calls", 1]]), mode = random.between(0, 2);
  // most kernels look at a part of the world only, and most changes are to that part: else all that is seen is that everything changes
  const topic = random.chance(0.75) ? random.pick(["own.o", "own.p", "own.", "cur", "all", "rows", "own.t", "own.u", "table", "own.f", "own.q", ".w", "list", "a0", "at"]) : "";
  const shares = random.chance(0.4), all = shares ? [...sharedReads, ...reads.slice(0, 8)] : reads;
  if (shares) coverage.set("slow values that share objects", 1);
  const among = <T extends string>(list: readonly T[]): T => { const near = list.filter((text) => text.includes(topic)); return random.pick(near.length > 0 && random.chance(0.7) ? near : list); };
  const step = (): string => (random.chance(0.6) ? `s = s * 0.5 + ${among(all)};` : among(writes));
  const statement = (): string => (random.chance(0.2) ? `if (${random.pick(["i % 2", "s < a", "own.q", "own.o === own.p", "cur !== null", "mode === 1"])}) { ${step()} }` : step());
  const lines = (most: number): string => Array.from({ length: random.between(0, most) }, statement).join("\n    ");
  const turns = random.between(2, 4), orders = Array.from({ length: turns }, (_, k) => `case ${k + 1}: ${Array.from({ length: random.between(1, 3) }, () => among(changes)).join(" ")} break;`);
  const inputs = Array.from({ length: 9 }, (_, k) => [Float64Array.from({ length: random.between(0, 4) }, () => random.between(-3, 9) / 2), random.chance(0.15) ? random.pick(edgeNumbers) : random.between(-3, 9), mode, ...(shares ? sharing(random) : []), k === 0 ? random.below(2) : random.below(turns + 1)]);
  return {
    seed, slow: shares ? ["mode", "p", "q"] : ["mode"], slowValues: { mode }, inputs, coverage, guaranteed: false,
    params: [{ name: "x", slow: false, kind: "Float64Array" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }, ...(shares ? (["p", "q"] as const).map((name): KernelParam => ({ name, slow: true, kind: "nest" })) : []), { name: "turn", slow: false, kind: "count" }],
    source: `(() => {${world}
  function kernel(x, a, mode, ${shares ? "p, q, " : ""}turn) {
    let s = 0, last = null, i = 0;
    ${lines(2)}
    for (i = 0; i < x.length; i++) {
    s += x[i];
    ${lines(4)}
    }
    ${lines(2)}
    return ${random.pick(["s", "s", "[s, own.o]", "{ s, last, cur }", "own.p", "all", ...(shares ? ["p.o", "[q.o, s]", "p.list"] : [])])};
  }
  kernel.arranged = (turn) => { reset(); switch (turn) { ${orders.join(" ")} } };
  kernel.left = () => ({ own, all, rows, table, cur, at, a0, a1, a2, b0, l0, l1, w0, w1, t0, t1, t3, r0, r1, r2 });
  return kernel;
})()`,
  };
}

type Callable = (this: unknown, ...args: unknown[]) => unknown;
interface Surroundings { readonly arranged?: (turn: unknown) => void; readonly left?: () => unknown }

/** The kernel or what stands for it, called as its callers do: the order of the world is its last argument's. What it leaves there is part of its result, copied before the next call. */
export function surrounded(original: Callable & Surroundings, kernel: Callable): Callable {
  const call = answers(kernel), { arranged, left } = original;
  if (!arranged || !left) return call;
  return function (...args) {
    arranged(args.at(-1));
    let result: unknown;
    try { result = { returned: call.apply(this, args) }; } catch (error) { result = { thrown: error }; }
    return copyTogether([result, left(), args]);
  };
}
