// Functions that hand out closures: what they are given back is made anew of their text, over what their variables hold.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { built } from "../built.ts";

type Kernel = (...args: never[]) => unknown;
/** The kernel's outcome in Wasm and its own, each as `look` sees it; nothing may be left to the original. */
async function both(kernel: Kernel, args: unknown[], look: (made: never) => unknown): Promise<void> {
  await ready();
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  for (let k = 0; k < 3; k++) expect(look(fast(...(args as never[])) as never)).toEqual(look(kernel(...(args as never[])) as never));
  expect(fast.diagnostics().map(({ message }) => message)).toEqual([]);
  expect(fast.stats().calls).toMatchObject({ wasm: 3, original: 0 });
}
type F = (t: number) => number;
const all = (f: F): unknown => [f.name, f.length, String(f), ...[0, -1, 2.5, NaN].map((t) => f(t)), { ...f }];

it("an arrow function over numbers", () => both((a: number, b: number) => { const d = b - a; return (t: number) => a + d * t; }, [2, 5], all));
it("a function expression, by its own name", () => both((a: number) => function named(t: number): number { return t <= 5 ? named(t + 2) : a; }, [2], all));
it("a declared function that calls itself", () => both((a: number) => { function deep(t: number): number { return t <= 5 ? deep(t + 2) : a; } return deep; }, [2], all));
it("one that was named by its variable", () => both((a: number) => { const line = (t: number): number => t * a; return { line }; }, [2], ({ line }: { line: F }) => all(line)));
it("over an array that the call made", () => both((a: number) => { const list = [a, a * 2, 3]; list.push(7); return (t: number) => list.reduce((s, v) => s * t + v, 0); }, [2], all));
it("over a typed array of dynamic length", () => both((x: number[]) => { const y = Float64Array.from(x, (v) => v * 2); return (t: number) => y[t & 3]! + y.length; }, [[1, 2, 3]], all));
it("over helpers of the call", () => both((a: number) => { const twice = (v: number): number => v * a, plus = (v: number): number => twice(v) + 1; return (t: number) => plus(t) * twice(2); }, [2], all));
it("what the call assigns later is what it sees", () => both((a: number) => { let k = 1; const f = (t: number): number => t * k; for (let i = 0; i < a; i++) k += i; return f; }, [5], all));
it("fields of the function, itself among them", () => both((a: number) => { const f = Object.assign((t: number): number => t * a, {}) as F & { a?: number; me?: unknown }; f.a = a; f.me = f; return f; }, [5], (f: F & { me: unknown }) => [f.me === f, f(2), Object.keys(f)]));
it("a field of an object, in the order of the literal", () => both((a: number) => ({ a, at: (t: number) => t * a, b: 2 }), [5], (o: { at: F }) => [Object.keys(o), all(o.at)]));
it("a method", () => both((a: number) => ({ at(t: number) { return t * a; } }), [5], (o: { at: F }) => [Object.keys(o), all(o.at)]));
it("`this` of a method is the object", () => both((a: number) => ({ a, at(this: { a: number }, t: number) { return this.a * t; } }), [5], (o: { at: F }) => o.at(3)));
it("what is assigned when the call is over counts on", () => both((a: number) => () => a++, [5], (f: () => number) => [f(), f(), f()]));
it("each call's are its own", () => both((a: number) => () => a++, [5], (f: () => number) => f()));
it("of a choice", () => both((a: number) => (a > 0 ? (t: number) => t + a : (t: number) => t - a), [5], all));
it("or nothing", () => both((a: number) => (a > 9 ? (t: number) => t + a : null), [5], (f: F | null) => f === null));
it("the caller's array is the caller's", async () => {
  await ready();
  const kernel = (x: number[]) => { let s = 0; for (const v of x) s += v; return { s, last: () => x[x.length - 1] }; };
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" }), x = [1, 2], made = fast(x);
  x.push(9);
  expect([made.s, made.last(), fast.stats().calls.wasm]).toEqual([3, 9, 1]);
});
it("a captured constant, a captured function, the engine's own", () => {
  const scale = 3, helper = (v: number): number => v / scale;
  return both((a: number) => (t: number) => helper(t) * scale + Math.sqrt(a), [5], all);
});
it("a closure is put into a captured variable, and called there in the next call", async () => {
  await ready();
  const make = (): ((a: number, t: number) => number) => { let made: F | null = null; return (a, t) => (made ??= (v) => v * a + 1)(t); };
  const plain = make(), fast = specialize(make(), { tier: "wasm", compile: "sync" });
  for (let k = 1; k < 6; k++) expect(fast(k, k + 1)).toBe(plain(k, k + 1));
  expect(fast.stats().calls).toMatchObject({ wasm: 5, original: 0 });
});

it.each<[string, Kernel, string]>([
  ["two that share a variable that one assigns", (a: number) => ({ next: () => a++, peek: () => a }), "share the variable a"],
  ["one that is a class", (a: number) => class { k = a; }, "leaves the function"],
  ["one that looks into a variable that something reassigns", (() => { let k = 1; const set = (v: number): void => { k = v; }; set(2); return (a: number) => () => a + k; })(), "the captured variable k"],
  ["one that has accessors", (a: number) => ({ get k() { return a; } }), "leaves the function"],
  ["an iterator", (a: number) => [a, 2][Symbol.iterator](), "an iterator leaves the function"],
  ["a BigInt or an array", (a: number) => (a > 2 ? BigInt(a) : [a]), "(a BigInt and an array)"],
  ["a function with other fields on each path", (a: number) => { const f = (() => a) as F & { x?: number; y?: number }; if (a > 2) f.x = 1; else f.y = 2; return f.x; }, "paths meet that have made a function differently"],
])("left to the original: %s", async (_, kernel, message) => {
  await ready();
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  fast(...([2] as never[]));
  expect(fast.stats().calls).toMatchObject({ wasm: 0, original: 1 });
  expect(fast.diagnostics().map((d) => d.message).join()).toContain(message);
});

it("where the host makes no functions of text, the original serves", () => {
  const index = pathToFileURL(join(built(), "index.js")).href;
  const script = `import { ready, specialize } from ${JSON.stringify(index)}; await ready();
    const fast = specialize((a) => ({ f: (t) => t * a }), { tier: "wasm", compile: "sync" });
    console.log(fast(3).f(4), fast.stats().calls.original, fast.diagnostics()[0].kind);`;
  expect(execFileSync(process.execPath, ["--disallow-code-generation-from-strings", "--input-type=module", "-e", script], { encoding: "utf8" })).toBe("12 1 Unsupported\n");
});
