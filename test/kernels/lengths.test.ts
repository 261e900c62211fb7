// Lengths of the call's arrays that say which of several large programs runs: where programs for all are too large, each length has one of its own.

import { describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { served } from "./served.ts";

/** A long expression of `x`, without loops and calls. */
const long = (x: string, terms: number): string => Array.from({ length: terms }, (_, i) => `(${x} * ${i}.25 + ${i % 7}) / (1 + ${x} * ${x} * ${i + 2})`).join(" + ");
type Kernel = (...args: never[]) => unknown;
const kernel = (params: string, body: string): Kernel => new Function(params, body) as Kernel;
/** What each length does is not too much, what they do together is. */
const terms = 40, few = { operations: 700 };
const chosen = (a: string, by = `${a}.length`): string => `let x; switch (${by}) { case 1: x = ${a}[0]; return ${long("x", terms)}; case 2: x = ${a}[1]; return ${long("x", terms)}; case 3: x = ${a}[2] - ${a}[0]; return ${long("x", terms)}; default: return ${a}.length * 0.5; }`;
const list = (n: number): number[] => Array.from({ length: n }, (_, i) => i * 0.7 - 1.3);
const rows = (n: number): number[][] => Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Math.sin(7 * i + 3 * j + n)));
const items = (n: number): { x: number }[] => list(n).map((x) => ({ x }));

describe("each length has a version of its own", () => {
  test("of an array that a switch asks", () => served(kernel("a", chosen("a")), [[list(1)], [list(3)], [list(2)], [list(3)], [list(7)]], few));
  test("of a typed array", () => served(kernel("a", chosen("a")), [[new Float32Array(list(1))], [new Float32Array(list(3))], [new Float32Array(list(9))], [new Float64Array(2)]], few));
  test("of rows", () => served(kernel("m", chosen("m").replaceAll("]", "][0]")), [[rows(2)], [rows(3)], [rows(1)]], few));
  test("of objects", () => served(kernel("p", chosen("p").replaceAll("]", "].x")), [[items(1)], [items(2)], [items(3)]], few));
  test("of a field of the caller's", () => served(kernel("o", chosen("o.a")), [[{ a: list(2), k: 3 }], [{ a: list(3), k: 2 }]], few));
  test("of two arrays", () => served(kernel("a, b", `if (b.length === 2) { ${chosen("a")} } { ${chosen("a").replaceAll("1 +", "2 +")} }`), [[list(1), list(2)], [list(1), list(3)], [list(2), list(2)], [list(1), list(2)]], few));
  test("that a number is computed of", () => served(kernel("a", chosen("a", "2 * (a.length + 1) / 2 - 1")), [[list(1)], [list(2)], [list(3)]], few));
  test("of an array of the kernel's own that is as long", () => served(kernel("a", `const b = new Array(a.length + 1); for (let i = 0; i < a.length; i++) b[i] = a[i]; b[a.length] = 1; ${chosen("b")}`), [[list(1)], [list(2)], [list(1)]], few));
  test("that chooses a function of a table", () => {
    const solvers = [1, 2, 3].map((n) => kernel("a", `const x = a[${n - 1}]; return ${long("x", terms)};`) as (a: number[]) => number);
    return served((a: number[]) => solvers[a.length - 1]!(a), [[list(1)], [list(2)], [list(3)], [list(1)]], few);
  });
  test("of one that is written, and handed back", () => served(kernel("a", `const y = (() => { ${chosen("a")} })(); a[0] = y; a[a.length - 1] += 1; return a;`), [[list(1)], [list(2)], [list(3)]], few));
  test("of one that grows", () => served(kernel("a", `const y = (() => { ${chosen("a")} })(); a.push(y); return a.length === 3 ? a[2] : a.length;`), [[list(2)], [list(2)]], { ...few, original: 2 }));
  test("and is told", async () => {
    await ready();
    const original = kernel("a", chosen("a")) as (a: number[]) => number, fast = specialize(original, { tier: "wasm", compile: "sync", limits: few });
    for (const n of [1, 2, 3, 1]) expect(fast(list(n))).toBe(original(list(n)));
    expect(fast.diagnostics().map(({ message }) => message).join()).toContain("each length of \"a\" has a version of its own");
    expect(fast.stats().calls).toEqual({ original: 0, js: 0, wasm: 4 });
    expect(fast.stats().made).toEqual({ first: 1, kinds: 2 });
  });
  test("but where one program serves all", () => served(kernel("a", chosen("a")), [[list(1)], [list(2)], [list(5)]], { varies: true }));
  test("and one whose program is too large is the original's", () => served(kernel("a", `if (a.length === 4) { const x = a[0]; return ${long("x", 6 * terms)}; } ${chosen("a")}`), [[list(1)], [list(4)], [list(3)], [list(3)]], { ...few, original: 2 }));
});
