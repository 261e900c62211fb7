// Kernels over objects with index keys beside names (`big[i]`, `big.t`): the caller's, made in the kernel, one of several, in lists; read, written, asked for, measured by a field of their own,
// returned. In some calls they have holes, other keys of numbers, accessors, are frozen, or are one object. The same seed gives the same kernel.

// Guarantees: a kernel ends, also where writes to its objects are ignored.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

type Indexed = Record<string, unknown>;

const reads = ["o[i]", "o[0]", "o[o.t - 1]", "r[i]", "r[k]", "p[i]", "o.t", "r.t", "(o[i] || 0)", "(r[k] === undefined ? 2 : 3)", "(i in r ? 1 : 2)", "(Object.hasOwn(o, k) ? 4 : 5)", "(o === p ? 6 : 7)", "c[i]", "c[2]"];
const writes = ["r[i] = s;", "r[r.t++] = a;", "o[i] = s * 0.5;", "o[k] = a;", "o[o.t++] = i;", "r[k] = i & 1;", "r[0] = a;", "o[1] = s;", "for (let j = 0; j < 9 && r.t > 0 && r[r.t - 1] > 1; j++) --r.t;", "for (let j = 0; j < o.t; j++) r[j] = o[j];", "for (let j = o.t; --j >= 0;) r[j + 1] = p[j];", "p[i] = o[i];", "r[i] += a;", "o.t = 2;"];
const odd = ["r[i - 1] = a;", "r[a] = 1;", "s += o[a];", "r[i] = null;", "r[i] = s > 0;", "o['1.5'] = 3;", "delete o[i];", "for (const key in o) s += o[key];", "r.list = [i];", "r = o;", "r = i & 1 ? p : r;", "kept.push({ ...o });", "r[i] = [a];", "r[i] = undefined;"];

export function randomIndexed(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 3), mode = random.between(0, 2), asks = random.chance(0.4);
  const number = (): number => (random.chance(0.1) ? random.pick(edgeNumbers) : random.between(-3, 9) / 2);
  const step = (): string => {
    switch (random.weighted({ read: 4, write: 5, keep: 0.6, odd: asks ? 1.2 : 0 })) {
      case "read": return `s = s * 0.5 + ${random.pick(reads)};`;
      case "write": return random.pick(writes);
      case "odd": return random.pick(odd);
      default: return random.pick(["kept.push(r);", "kept.push(o);", "kept.push(make());", "{ const q = make(); q[i] = s; kept.push(q); }"]);
    }
  };
  const made = random.pick(["class R { constructor() { this.t = 0; this.s = a; } }\n  const make = () => new R();", "const make = () => ({ t: 0 });", "const make = () => ({ t: 2, 0: a, 1: 3 });", "const make = () => ({});"]);
  const body = Array.from({ length: random.between(1, 5) }, () => (random.chance(0.25) ? `    if (${random.pick(["i % 2", "s > a", "mode === 1", "o.t > 2"])}) { ${step()} }` : `    ${step()}`));
  const objectOf = (length: number): Indexed => { const o: Indexed = random.chance(0.1) ? Object.create(null) as Indexed : {}; o["t"] = length; for (let i = 0; i < length; i++) o[i] = number(); return o; };
  const strange: readonly ((o: Indexed) => void)[] = [
    (o) => { delete o[0]; }, (o) => { o["-1"] = 3; }, (o) => { o["1.5"] = 3; }, (o) => { o["01"] = 3; }, (o) => { o[1] = "a"; }, (o) => { o[0] = null; }, (o) => { o[1] = true; }, (o) => { Object.freeze(o); }, (o) => { Object.seal(o); },
    (o) => { Object.defineProperty(o, 0, { get: () => 5, configurable: true, enumerable: true }); }, (o) => { o[70000] = 1; }, (o) => { Object.setPrototypeOf(o, { 1: 4 }); }, (o) => { o[1] = { x: 1 }; }, (o) => { o["undefined"] = 1; },
  ];
  const captured = Array.from({ length: random.between(0, 5) }, number);
  const inputs = Array.from({ length: 5 }, () => {
    const o = objectOf(random.chance(0.1) ? 24 : random.between(0, 5)), p = random.chance(0.1) ? o : objectOf(random.between(0, 4));
    if (random.chance(0.2)) random.pick(strange)(o);
    return [o, p, number(), mode];
  });
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs, coverage: new Map([["objects with index keys", 1]]), guaranteed: false,
    params: [{ name: "o", slow: false, kind: "object" }, { name: "p", slow: false, kind: "object" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(o, p, a, mode) {\n  let s = 0;\n  const kept = [], c = { n: 1${captured.map((v, i) => `, ${i}: ${Object.is(v, -0) ? "-0" : v}`).join("")} };\n  ${made}\n  let r = ${random.pick(["make()", "make()", "make()", "p", "a > 1 ? make() : p", "mode ? make() : o"])};\n  for (let i = 0; i < 4 + mode; i++) {\n    const k = (i * 3 + 1) % 5;\n${body.join("\n")}\n  }\n  return ${made.startsWith("class") ? "[s, r.t, r[1], o]" : random.pick(["s", "r", "[s, r]", "[r, kept]", "o", "[r.t, r[0], r[3]]", "kept"])};\n}`,
  };
}
