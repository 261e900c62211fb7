// What fuzzing found, made small. The title says what was wrong.

import { describe, it } from "vitest";
import { agrees } from "./agrees.ts";

describe("found by fuzzing", () => {
  it("a carried value that only ToInt32 asks of, given by a branch that was no int32 (seed 1009422)", () => agrees({
    source: `function kernel(y, a, x, taps) {
  for (let i3 = 0; x.length; i3++) {
    a >>= (0);
    if (i3) {
      a = ((a * 4));
    } else {
      for (const e5 of taps) {
        y[0] -= ((a));
      }
    }
  }
}`,
    slow: ["taps"],
    inputs: [[new Int32Array(0), -0, new Int16Array(0), [0]]],
  }));
  it("a local array without elements has a place in the frame too (seed 4000636)", () => agrees({
    source: `function kernel(x) {
  let k1 = ((x.length));
  const t3 = new Int8Array(0);
  t3[k1] = (0);
}`,
    slow: [],
    inputs: [[[]]],
  }));
  it("an int32 made of a double that is the same in all lanes fills four lanes, not two (seed 4006664)", () => agrees({
    source: `function kernel(y, x, z, a) {
  for (let i = 0; i < x.length; i++) {
    if (z[0]) y[i] = Math.round((-a));
  }
}`,
    slow: [],
    inputs: [[new Uint8ClampedArray(16), new Uint8ClampedArray(16), Float64Array.of(1), -2.25]],
  }));
  it("a local that is about to be assigned is no place to keep another's value (seed 2590)", () => agrees({
    source: `function kernel(y, x, n) {
  for (let i = 0; i < y.length; i++) {
    let u = x[i] * x[i], k = 0;
    while (k < n && u <= k) { u = -k; k++; }
    y[i] = k;
  }
}`,
    slow: [],
    inputs: [0, 4, 13].map((n) => [new Uint8ClampedArray(n), Float64Array.from({ length: n }, (_, i) => (i * 5) % 3 - 0.5), 67]),
  }));
  it("the way out of a loop is not its test: what it needs is needed before it goes on (seed 7234)", () => agrees({
    source: `function kernel(y, x, n) {
  for (let i = 0; i < y.length; i++) {
    let u = 0, k = 0;
    for (;;) {
      u = -x[i];
      if (++k > n) break;
    }
    y[i] = u;
  }
}`,
    slow: [],
    inputs: [[new Float64Array(9), new Float64Array(9).fill(2.5), 3], [new Float64Array(9), new Float64Array(9).fill(2.5), 0]],
  }));
});

describe("loads and stores of one array in lanes", () => {
  it("seed 10006767: singles that are summed up as doubles are read before the loop's store, not after it", () => agrees({
    source: "function kernel(y, x) { let s = 1; for (let i = 1; i < x.length; i++) { s = Math.max(s, x[i]); y[i] = 0; } return s; }",
    slow: [],
    inputs: [9, 40].map((n) => { const shared = Float32Array.from({ length: n }, (_, i) => i / 4); return [shared, shared]; }),
  }));
});

describe("loops that are walked several times", () => {
  it("seed 501366: an object from before the loop is where this walk put it, not where an earlier one did", () => agrees({
    source: "function kernel(x) { const list = []; let last = {}; for (let i = 0; i < x.length; i++) { if (0) last = 0; if (i) list.push(last); } return list.length; }",
    slow: [],
    inputs: [0, 1, 3].map((n) => [new Float64Array(n)]),
  }));
});

describe("two counters", () => {
  it("one that goes by a part of what the tested one goes by", () => agrees({
    source: "function kernel(x, y) { for (let i = 0, j = 0; i < x.length; i += 4, j = j + 1 | 0) y[j] = x[i] * 77 + x[i + 1] * 150 + x[i + 2] * 29 >> 8; }",
    slow: [],
    inputs: [4, 60, 400].map((n) => [Uint8Array.from({ length: n }, (_, i) => 7 * i), new Uint8Array(n)]),
  }));
});

describe("pixels", () => {
  it("seed 20017384: a clamped byte beside one that wraps is clamped", () => agrees({
    source: "function kernel(y, x) { for (let i = 0; i < x.length; i++) { y[4 * i] = i; y[4 * i + 1] = Math.min(Math.max(x[i] >>> 1, 0), 255); } }",
    slow: [],
    inputs: [5, 64].map((n) => [new Int8Array(4 * n), Int8Array.from({ length: n }, (_, i) => i - 32)]),
  }));
});

describe("integers at 2^53", () => {
  it("seed 20012092: a sum that may be beyond 2^53 is not computed modulo 2^32", () => agrees({
    source: "function kernel(y, p, mode) { const v = p & mode; y[0] = 9007199254740991 + v >>> 0; y[1] = -9007199254740991 - v | 0; y[2] = (v + 9007199254740990) * 1 | 0; }",
    slow: ["mode"],
    inputs: [0, 1, 2, 3].map((p) => [new Float64Array(3), p, 3]),
  }));
});

describe("arrays that lie in memory on one path only", () => {
  it("seed 10004296: a typed array that takes turns with one of dynamic length is the same one afterwards", () => agrees({
    source: "function kernel(a) { const e = new Float64Array(1); e[0] = a; let t = new Float64Array(a); if (a) t = e; t[0] = 0; return e; }",
    slow: [],
    inputs: [[1], [0], [3]],
  }));
  it("seed 10004296, as found", () => agrees({
    source: `function kernel(a) {
  let s = 0;
  const list = [new Float64Array(a)];
  const e = new Float64Array(1);
  list.push(e);
  const t = list[1]; t[0] = 1; s += list[0][0];
  if (1) { let u = new Float64Array(s); if (a) u = list[1]; u[0] = 0; }
  return list;
}`,
    slow: [],
    inputs: [[1]],
  }));
  it("a chain out of a table that holds some chains twice: what comes next is not what the table holds", () => {
    const heads = Array.from({ length: 6 }, (_, i) => ({ w: i, next: { w: i + 0.5, next: { w: 2, next: undefined } } }));
    const slow = Array.from({ length: 44 }, (_, i) => (i % 3 === 0 ? heads[(i / 3) % 6] : undefined));
    return agrees({
      source: `function kernel(slow, x, a, b) {
  let n = 0;
  for (let c = slow[x + b | 0]; c !== undefined; c = c.next) {
    const d = a + c.w;
    if (d > 0) n += d * c.w;
  }
  return n;
}`,
      slow: ["slow"],
      inputs: [0, 1, 3, 4, 18, 21, 50].map((x) => [slow, x, 10, 0]),
    });
  });
});

describe("a loop over linked objects", () => {
  // found with a table of gradients: which alternatives a variable has was compared by their number, and holes had been counted several times
  const chain = (...values: number[]): object | undefined => values.reduceRight<object | undefined>((next, v) => (next ? { v, next } : { v }), undefined);
  const lists = [chain(1, 2), undefined, chain(3, 4, 5), undefined, undefined, chain(6, 7)];
  it("begins with one of a list with holes", () => agrees({
    source: "function kernel(which, t, lists) { let s = 0; for (let c = lists[which]; c !== undefined; c = c.next) s += t * c.v; return s; }",
    slow: ["lists"],
    inputs: [0, 1, 2, 5, 6, -1, 0.5].map((which) => [which, 1.5, lists]),
  }));
  it("begins with one that stands in several places", () => agrees({
    source: "function kernel(which, t, lists) { let s = 0; for (let c = lists[which]; c !== undefined; c = c.next) s += t * c.v; return s; }",
    slow: ["lists"],
    inputs: [0, 1, 2, 3].map((which) => [which, 1.5, [lists[0], lists[0], lists[2], lists[0]]]),
  }));
});

it("the lesser of a number and a comparison's 1 or 0, in lanes (seed 20297909 of the generator of e319425)", () => agrees({
  source: "function kernel(x, y, a) { for (let i = 0; i < y.length; i++) y[i] = Math.min(a, a - x[i] < x[i] ? 1 : 0); }",
  slow: [],
  inputs: [5, -1, 0].map((a) => [Float64Array.from({ length: 20 }, (_, i) => i * 0.7 - 3), new Float64Array(20), a]),
}));
it("a comparison's 1 or 0, clamped to a byte", () => agrees({
  source: "function kernel(x, y, a) { for (let i = 0; i < y.length; i++) y[i] = Math.max(0, Math.min(255, x[i] < a ? 1 : 0)); }",
  slow: [],
  inputs: [5, -1, 0].map((a) => [Int16Array.from({ length: 40 }, (_, i) => i - 20), new Uint8Array(40), a]),
}));

describe("what is 1 or 0 by a comparison, gathered in lanes", () => {
  const inputs = [5, 0.5, -1].map((a) => [Int16Array.from({ length: 70 }, (_, i) => i - 30), a]);
  it.each(["n |= x[i] < a ? 1 : 0", "n ^= x[i] < a ? 1 : 0", "n &= x[i] < a ? 1 : 0", "n += x[i] < a ? 1 : 0", "n = Math.max(n, x[i] < a ? 1 : 0)"])("%s", (step) => agrees({
    source: `function kernel(x, a) { let n = 6; for (let i = 0; i < x.length; i++) ${step}; return n; }`, slow: [], inputs,
  }));
});
it("an address in the frame goes with the attempt that wanted it (seed 91300)", () => agrees({
  source: "function kernel(y) { for (let i = 0; y.length; i++) { const t = new Uint8Array((i)); new Uint16Array(t.buffer, 0, 0); } }",
  slow: [],
  inputs: [[[]]],
}));

describe("a variable that is a number or an object from before the loop, which the loop puts into memory (seed 5551566)", () => {
  const inputs = [0, 1, 2, 3, 6].map((n) => [n]);
  it("a number from the second iteration on", () => agrees({
    source: "function kernel(n) { const list = []; let last = []; for (let i = 0; i < n; i++) { if (i) last = 0; list.push(last); } return list; }", slow: [], inputs,
  }));
  it("or one of two objects", () => agrees({
    source: `function kernel(n) {
  const list = [], a = [1], b = [2, 3];
  let last = a, s = 0;
  for (let i = 0; i < n; i++) {
    if (i % 3 === 1) last = i; else if (i % 3 === 2) last = b;
    list.push(last);
    if (typeof last !== "number") { last.push(i); s = s * 10 + last.length; }
    if (last === a) s += 100;
  }
  return [s, a.length, b.length, list.length, last === b];
}`,
    slow: [],
    inputs,
  }));
  it("held by another object", () => agrees({
    source: "function kernel(n) { const list = [], p = { x: 7 }, o = { last: p }; for (let i = 0; i < n; i++) { list.push(o.last); if (i === 2) o.last = null; else if (o.last) o.last.x += i; } return [list.length, p.x, o.last === p]; }",
    slow: [],
    inputs,
  }));
});

describe("an object that a loop changes, puts into memory and replaces on some paths", () => {
  const inputs = [0, 1, 2, 3, 6].map((n) => [n, 0.5]);
  it.each([
    "p.v += a; if (i % 2) p = { v: i }; list.push(p);",
    "if (i % 2) p = { v: i }; list.push(p); p.v += a;",
    "list.push(p); if (i % 2) p = { v: i }; p.v += a;",
    "list.push(p); p.v += a; p = i % 2 ? { v: i } : p;",
    "list.push(p); p.v += a; p = { v: i };",
    "if (i % 2) list.push(p); p.v += a; if (i % 3) p = { v: p.v };",
  ])("%s", (step) => agrees({
    source: `function kernel(n, a) { let p = { v: 1 }; const first = p, list = [p]; for (let i = 0; i < n; i++) { ${step} } p.v -= 7; return [list, p, first === p, first.v]; }`,
    slow: [],
    inputs,
  }));
});

describe("an object that a list gets on some paths only is still one object where they meet", () => {
  it.each([
    "for (let i = 0; i < 7; i++) { last[0] = i; if (n > i) list.push(last); } return [list, last];",
    "for (let i = 0; i < 3; i++) { if (n > i) list.push(last); last[0] = i; } if (list.length > 0) list[0][0] = 5; return [last[0], list.length];",
    "for (let i = 0; i < 7; i++) { last[0] = i; if (n > i) list.push(last); } if (list.length > 0) list[0][0] = 5; return list;",
  ])("%s", (body) => agrees({ source: `function kernel(n) { const list = [], last = [0, 1]; ${body} }`, slow: [], inputs: [[0], [1], [3], [9]] }));
});

it("a way out of a loop over a generator that is certainly taken (seed 61001205)", () => agrees({
  source: "function kernel(y, s) { function* g() { for (let k = 0; k < 3; k++) { if (k & 1) yield 8 + s; } yield 1; } let v = 0; for (const e of g()) { if (v > 9) break; v = e; } for (let i = 0; i < y.length; i++) y[i] = v; return v; }",
  slow: ["s"],
  inputs: [0, 3].map((s) => [new Float64Array(3), s]),
}));

describe("what a breakage survived that random kernels did not notice", () => {
  it("lanes of an and begin with all bits", () => agrees({
    source: "function kernel(x) { let s = -1; for (let i = 0; i < x.length; i++) s &= x[i]; return s; }",
    slow: [],
    inputs: [0, 1, 7, 37, 64].map((n) => [new Int32Array(n).fill(0x5ff).fill(0x4ff, 3, 4)]),
  }));
  it("what a loop wrote is not known from before it", () => agrees({
    source: "function kernel(x) { const t = new Float64Array(4); t[0] = 1; for (let i = 0; i < x.length; i++) t[i & 3] += x[i]; return t[0]; }",
    slow: [],
    inputs: [0, 1, 7, 40].map((n) => [new Float64Array(n).fill(1.5)]),
  }));
  it("an inlined call that certainly throws ends the path where it stands", () => agrees({
    source: "function kernel(a) { let v = a; try { ((u) => { if (u <= 0) throw u; })(0); } catch (e) { v += 1; } return v; }",
    slow: [],
    inputs: [[1], [NaN]],
  }));
  it("0 and −0 stay two values where paths meet", () => agrees({
    source: "function kernel(y, a) { let z; if (a > 0) z = 0; else z = -0; y[0] = z; const o = { x: 0 }; if (a < 0) o.x = -0; y[1] = o.x; }",
    slow: [],
    inputs: [2, -1, 0, NaN].map((a) => [new Float64Array(3), a]),
  }));
});

it("a second counter that wraps around in the middle of a block of jammed iterations", () => agrees({
  source: `function kernel(x, w, y, n) {
    for (let i = 0, j = 2147483647 - 5500; i < n; i++, j = (j + 1024) | 0) {
      let s = 0;
      const turns = (2147483647 - j) / 4096 | 0;
      for (let q = 0; q < turns; q++) s += x[i] * w[q];
      y[i] = s;
    }
  }`,
  slow: [],
  inputs: [[new Float64Array(8).fill(1.5), new Float64Array(8).fill(0.75), new Float64Array(8), 8]],
}));

it.each([
  "a.forEach((v) => { s += 1 + v; });",
  "for (const v of a.map((v) => v + 1).reverse()) s = s * 3 + (v === undefined ? 1 : v);",
  "s = a.filter((v) => v !== 1).length;",
  "s = a.reduce((t, v) => t + v) + a.reduceRight((t, v) => t * 2 + v, 1);",
  "s = a.indexOf(undefined) + 10 * a.lastIndexOf(undefined) + 100 * (a.includes(undefined) ? 1 : 0) + (a.some((v) => v === undefined) ? 7 : a.every((v) => v > 0) ? 5 : 3);",
  "const b = a.slice(1, 5).concat([x], a); for (let i = 0; i < b.length; i++) s = s * 2 + (i in b ? b[i] : 0.5);",
  "a.shift(); a.unshift(x, 2); const c = a.splice(1, 2); for (let i = 0; i < a.length; i++) s = s * 2 + (i in a ? a[i] : 0.5); s += c.flat().length;",
  "a.reverse().copyWithin(0, 2); for (let i = 0; i < a.length; i++) s = s * 2 + (i in a ? a[i] : 0.5);",
  "s = [a.toSorted === undefined ? 0 : 1, ...a].length + Array.from(a, (v) => v === undefined ? 1 : v)[0];",
])("methods of arrays skip holes, and keep them: %s", (body) => agrees({
  source: `function kernel(n, x) { const a = []; a[2] = x; a[5] = n; let s = 0; ${body} return s; }`,
  slow: [],
  inputs: [[1, 7], [0.5, -3], [NaN, 1]],
}));
it("… also where how long the array is, or the array itself, is known at run time or slow", () => agrees({
  source: "function kernel(n, x, t) { const a = new Array(n); if (n > 2) a[2] = x; let s = 0; a.forEach((v) => { s += 1 + v; }); for (const v of a.map((v) => v + 1)) s += v === undefined ? 0.25 : v; t.forEach((v) => { s += v * x; }); return s; }",
  slow: ["t"],
  // eslint-disable-next-line no-sparse-arrays
  inputs: [[0, 7, [1, , 3]], [3, -3, [1, , 3]], [6, 1, [1, , 3]]],
}));
it.each(["new Array(32)", "[, ,]"])("whether an array with holes has an element is asked where a loop makes it: %s", (list) => agrees({
  source: `function kernel(y, x) { const c = ${list}; let s = x; for (let i = 0; i < y.length; i++) { if (!(0 in c)) { c[0] = i; s++; } s += 1 in c ? 10 : 100; } return s; }`,
  slow: ["x"],
  inputs: [[new Float64Array(3), 18], [new Float64Array(0), 18], [new Float64Array(1), -0.5]],
}));
describe("places in arrays that are no whole numbers, or none", () => {
  const places = [0, -0, -0.5, -1.5, 0.5, 2.9, NaN, Infinity, -Infinity, 9, -9];
  const inputs = places.flatMap((i) => places.map((j) => [Float64Array.of(1, 2, 1, 2, 3), i, j]));
  for (const call of ["slice(i, j)", "slice(i)", "subarray(i, j)"]) it(call, () => agrees({ source: `function kernel(x, i, j) { let h = 0; for (const v of x.${call}) h = h * 5 + v; return h; }`, slow: [], inputs }));
  for (const call of ["fill(7, i, j)", "copyWithin(i, j)", "copyWithin(1, i, j)"]) it(call, () => agrees({ source: `function kernel(x, i, j) { x.${call}; }`, slow: [], inputs }));
  for (const call of ["indexOf(2, i)", "lastIndexOf(1, i)", "lastIndexOf(3)", "lastIndexOf(1, undefined)", "includes(2, i)"]) it(call, () => agrees({ source: `function kernel(x, i, j) { return x.${call}; }`, slow: [], inputs }));
});
it("a hole is stored as the NaN that undefined becomes", () => agrees({
  source: "function kernel(y, w, n) { const a = []; a[3] = n; if (n > 1) a[1] = n; for (let i = 0; i < y.length; i++) y[i] = a[i]; }",
  slow: [],
  inputs: [2, 0].map((n) => { const y = new Float64Array(3); return [y, new Uint8Array(y.buffer), n]; }),
}));
it("seed 112500914: the rest of a loop begins where its vectors end, not where the loop in one piece would have", () => agrees({
  source: `function kernel(y, gain, x) {
  for (let i4 = 0; i4 < y.length; i4 += 1) {
    x[i4] = ((i4) || 1);
    y[1] **= gain;
    let c6 = 0;
    do { c6++; y[c6] = 0; } while (c6 < 6);
  }
  x[1] = 1;
}`,
  slow: ["gain"],
  inputs: [[Int32Array.of(0, 0, 0, 0, 0, 0, 0), 2, Float32Array.of(0, 0)]],
}));

it("what holes and undefined are read from is put into a list as undefined", () => agrees({
  source: "function kernel(k) { const holes = new Array(6), list = []; holes[k & 3] = undefined; if (k !== 3) list.push(holes[k]); return list.length; }",
  slow: [],
  inputs: [[1], [3], [9]],
}));
it("closures of one text that call one another are no recursion: each has captured values of its own", () => agrees({
  source: `(() => {
  const with1 = (f, k) => (...rest) => f(k, ...rest), scale = (f, k) => (v) => f(v * k) + k;
  const four = with1(with1(with1((a, b, c, d) => a + 10 * b + 100 * c + 1000 * d, 1), 2), 3), nested = scale(scale(scale((v) => v * v, 2), 3), 0.5);
  return function kernel(a) { return four(a) - nested(a); };
})()`,
  slow: [],
  inputs: [[3], [-0.5]],
}));
it("what a loop begins with is unknown again behind it: its first iteration knew which of several objects that was", () => agrees({
  source: "function kernel(kids, w) { let first = null, s = 0; for (const kid of kids) if (kid.flex > w) first = first ?? kid; for (let k = first; k !== null; k = null) s += k.flex; return first === null ? -s : s; }",
  slow: ["kids"],
  inputs: [1, 3].map((w) => [[{ flex: 2 }, { flex: 3 }], w]),
}));
it.each([
  ["a check that leaves the program", `function kernel(y, n, a) {
  let t = 0;
  for (let i = 1; i < n; i += 3) { const list = []; for (let k = 0; k < a; k++) list.push(y[3]); t += list.length; }
  return t;
}`, [[new Float64Array(21), 9, 0.951], [new Float64Array(0), 9, 1]]],
  ["the condition around it that was its check", `function kernel(y, m, at, flag) {
  let s = 0;
  for (let j = 0; j < m; j++) if (j % 3 === 1 && at < y.length && at >= 0) for (let k = 0; k < m; k++) { const v = flag ? y[at] : 1; s += v * k; }
  return s;
}`, [[Float64Array.of(2, 2, 3), 5, 2, true], [Float64Array.of(2, 2), 5, 100000000, true]]],
])("a load under a condition that went out of a loop went past %s (seed 1940000064)", (_, source, inputs) => agrees({ source, slow: [], inputs }));
it("what a loop learned from an iteration that comes back no more had numbers of that attempt for its places (seed 1960000140)", () => agrees({
  source: `(() => {
  const leaf = (node, x) => { for (let turns = 0; node.kids && node.kids.length > 0 && turns < 9; turns++) { let best = node.kids[0]; for (const k of node.kids) if (Math.abs(k.at - x) < Math.abs(best.at - x)) best = k; node = best; } return node; };
  const g = [[{ at: 6, v: -3, kids: [{ at: 9, v: 8, kids: [{ at: 7, v: 7.5, kids: [{ at: -2, v: 7.5, kids: null }, { at: -2, v: 5.5, kids: undefined }, { at: 1, v: -0.5, kids: [] }] }, { at: 3, v: 0.5, kids: [{ at: 9, v: 7.5, kids: [] }, { at: 9, v: -3, kids: undefined }, { v: 8.5, at: 3, kids: [] }] }, { v: 65535, at: 3, kids: [{ at: -2, v: 7.5, kids: [] }, { at: 1, v: -3, kids: [] }, { at: 0, v: -0.5, kids: [] }, { at: 3, v: 7.5, kids: [] }] }] }] }]][0];
  return function kernel(y, a, n, mode) {
    let s = 0, last = null;
    for (let i = 0; i < y.length; i++) { const one = leaf(g[0], a); if (one) { if (last === one) s += 3; last = one; } }
  };
})()`,
  slow: ["mode"],
  params: [{ name: "y", slow: false, kind: "Float64Array" }, { name: "a", slow: false, kind: "number" }, { name: "n", slow: false, kind: "count" }, { name: "mode", slow: true, kind: "nest" }],
  slowValues: { mode: 1 },
  inputs: [15, 2, 7, 0].map((a) => [Float64Array.of(1, -0), a, 6, 1]),
}));
it("a load that would leave its loop was to be asked of by an index that its own arm computes (seed 1980003104)", () => agrees({
  source: `function kernel(z, x, y) {
  function h0(u0) { if (u0) return 0; return x[u0 & 1]; }
  for (let i = 0; i < y.length; i++) { y[0] = h0(h0(z[0])); }
}`,
  slow: [],
  inputs: [[new Float64Array(0), new Uint8ClampedArray(0), new Uint8ClampedArray(0)], [Float64Array.of(0), Uint8ClampedArray.of(0, 3), Uint8ClampedArray.of(7)]],
}));
it("a character that is not there was looked at where an empty string lies (seed 1980003286)", () => agrees({
  source: `function kernel(s, t) { return t[0] === s.at(0) ? 1 : 0; }`,
  slow: [],
  inputs: [["", ""], ["", "a"], ["a", ""], ["ab", "a"], ["ab", "b"]],
}));
it("objects that an inner loop finds one after the other have no place before it: they were to lie in one in each lane (seed 1992001042)", () => {
  const one = { x: 4, y: -0.97 }; // an argument of its own too, so that all lie in memory
  return agrees({
    source: `function kernel(y, p, points) {
  for (let i = 0; i < y.length; i++) {
    let v = 0;
    for (let k = 0; k < points.length; k++) { const q = points[k]; v = q.y; }
    y[0] = v;
  }
}`,
    slow: [],
    inputs: [[Array.from({ length: 17 }, () => 1), one, [{ x: -7, y: 19 }, one, { x: -1.852, y: -0 }]]],
  });
});
it("counts of shifts in lanes were loaded one by one after what the same iteration stores there (seed 1992002122)", () => agrees({
  source: `function kernel(y, z) {
  let s = 0;
  for (let i = 0; i < y.length; i++) { s ^= ((i & 127) % 127) << z[i]; y[i] = i << 1; }
  return s;
}`,
  slow: [],
  inputs: [0, 1, 8, 15, 16].flatMap((shift) => [false, true].map((behind) => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i % 5), first = bytes.subarray(0, 32), second = bytes.subarray(shift, shift + 32);
    return behind ? [first, second] : [second, first];
  })),
}));
it("seed 9965033: a row that is written over is asked for what the same iteration has just stored there", () => agrees({
  source: "function kernel(h, g, n) { for (let i = 1; i < 9; i++) for (let j = 1; j < n; j++) { h[j] = 0; g[j] = Math.max(g[j], h[j] - 1); } }",
  slow: [],
  inputs: [[new Uint8Array(40).fill(9), Uint8Array.from({ length: 40 }, (_, i) => i * 37), 40]],
}));
