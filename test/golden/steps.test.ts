// What kernels found that step through iterators of their own. The title says what was wrong.

import { describe, it } from "vitest";
import { agrees } from "./agrees.ts";

const inputs = [[0], [1], [5], [-2.5]];
const counter = "const counter = (n, o = { asked: 0 }) => { let i = 0; return { next() { return { done: i >= 3, value: n + i++ }; }, [Symbol.iterator]() { o.asked++; return this; } }; };";
const kernel = (body: string): { source: string; slow: string[]; inputs: number[][] } => ({ source: `function kernel(n) { ${counter} ${body} }`, slow: [], inputs });

describe("an iterator whose end is known is asked for each item once: for-of had left out every other one", () => {
  it("for-of", () => agrees(kernel("let s = 0; for (const v of counter(n)) s = 2 * s + v; return s;")));
  it("… over an object that counts in a field", () => agrees(kernel("let s = 0; for (const v of { i: 0, next() { return { done: this.i > 3, value: n * this.i++ }; }, [Symbol.iterator]() { return this; } }) s = 3 * s + v; return s;")));
  it("… with what happens meanwhile", () => agrees(kernel("let c = 0, s = 0; const it = { next() { c++; return c > 3 ? { done: true } : { done: false, value: n }; } }; for (const v of { [Symbol.iterator]: () => it }) s += v * c; return [s, c];")));
  it("… that ends where the call says", () => agrees(kernel("let c = 0, s = 0; const it = { next() { c++; return { done: c > n, value: c }; } }; for (const v of { [Symbol.iterator]: () => it }) s = s * 2 + v; return [s, c];")));
  it("Array.from", () => agrees(kernel("return Array.from(counter(n));")));
});

describe("an iterator is not asked for its own: what is spread, or taken apart by a built-in, had been asked again", () => {
  for (const what of ["[...it].length", "[, ...it].length", "new Set(it).size", "Float64Array.from(it).length", "Array.from(it).length", "Math.max(...it)", "(([a, ...rest]) => rest.length)(it)", "[...(function* () { yield* it; })()].length"] as const) {
    it(what, () => agrees(kernel(`const o = { asked: 0 }, it = counter(n, o); return [${what}, o.asked];`)));
  }
  const odd = "const it = { [Symbol.iterator]() { let i = 0; return { next() { return { done: i >= 3, value: n + i++ }; }, [Symbol.iterator]() { return [9][Symbol.iterator](); } }; } };";
  for (const what of ["[...it]", "[, ...it]", "new Set(it).size", "Float64Array.from(it)", "Math.max(...it)", "(([a, ...rest]) => rest)(it)"]) it(`… which has another one: ${what}`, () => agrees(kernel(`${odd} return ${what};`)));
  it("one over a list of any length is spread", () => agrees(kernel("const x = []; for (let i = 0; i < n; i++) x.push(i * n); const it = { [Symbol.iterator]() { return x[Symbol.iterator](); } }; return [...it, n];")));
});
