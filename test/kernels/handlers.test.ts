// Functions that the kernel makes, in lists and objects that lie in memory.

import { describe, test } from "vitest";
import { served } from "./served.ts";

type F = (v: number) => number;
const Callable = Function;

test.each<[string, (...args: never[]) => unknown, unknown[][], number?]>([
  ["of one text", (xs: number[], n: number) => { const fs: F[] = []; for (let i = 0; i < n; i++) fs.push((x) => x * i + 1); let s = 0; for (const x of xs) for (const f of fs) s += f(x); return s; }, [[[1, 2, 3], 3], [[], 0], [[4], 1]]],
  ["of two", (xs: number[], n: number) => { const fs: F[] = []; for (const x of xs) if (x > 2) fs.push((y) => y + x); else fs.push((y) => y * n - x); let s = 1; for (let i = 0; i < fs.length; i++) s = fs[i]!(s); return s; }, [[[1, 2, 3], 3], [[], 0], [[4, 1], 1]]],
  ["two that share a variable of the iteration", (n: number) => { const fs: (() => number)[] = []; for (let i = 0; i < n; i++) { let c = i; fs.push(() => ++c); fs.push(() => c * 2); } let s = 0; for (let k = 0; k < 3; k++) for (const f of fs) s = s * 3 + f(); return s; }, [[3], [0], [1]]],
  ["that change a variable of the kernel", (n: number) => { let total = 0; const fs: ((x: number) => void)[] = []; for (let i = 0; i < n; i++) fs.push((x) => { total += x * i; }); for (let i = 0; i < fs.length; i++) fs[i]!(i + 1); total++; return total; }, [[3], [0]]],
  ["as rules", (xs: number[]) => { const rules: { when: (v: number) => boolean; then: F }[] = []; for (const x of xs) rules.push({ when: (v) => v > x, then: (v) => v - x }); let v = 20; for (let k = 0; k < 5; k++) for (const r of rules) if (r.when(v)) { v = r.then(v); break; } return v; }, [[[3, 5, 1]], [[]]]],
  ["that map makes and reduce composes", (xs: number[]) => xs.map((x) => (y: number) => x + y * 2).reduce<F>((f, g) => (y) => g(f(y)), (y) => y)(1), [[[3, 5, 1]], [[]], [[2]]]],
  ["of a class that listens", (ops: number[]) => { class Bus { fs: ((v: number) => void)[] = []; sum = 0; k: number; constructor(k: number) { this.k = k; } add(o: number): void { this.fs.push((v) => { this.sum += v * o * this.k; }); } emit(v: number): number { for (const f of this.fs) f(v); return this.sum; } } const b = new Bus(2); for (const o of ops) b.add(o); return b.emit(2) + b.emit(3); }, [[[1, 2]], [[]]]],
  ["on a stack, that put others there", (n: number) => { const stack = [() => n]; let s = 0, g = 0; while (stack.length > 0 && g++ < 50) { const v = stack.pop()!(); s += v; if (v > 0) { stack.push(() => v - 1); if (v % 2) stack.push(() => v - 2); } } return s; }, [[5], [0]]],
  ["that call themselves", (n: number) => { const fs: F[] = []; for (let i = 0; i < n; i++) { const f: F = (k) => (k < 1 ? i : f(k - 1) + 1); fs.push(f); } let s = 0; for (const f of fs) s += f(3); return s; }, [[3], [0]]],
  ["one after the other", (xs: number[]) => { let k: F = (v) => v; for (const x of xs) { const j = k; k = (v) => j(v * 2 + x); } return k(1); }, [[[1, 2, 3]], [[]]]],
  ["in a linked list", (xs: number[]) => { interface L { f: F; next: L | null } let head: L | null = null; for (const x of xs) { const next: L | null = head; head = { f: (v) => v * x, next }; } let v = 1; for (let p: L | null = head; p; p = p.next) v = p.f(v) + 1; return v; }, [[[1, 2, 3]], [[]]]],
  ["in a Map", (xs: number[]) => { const m = new Map<number, F>(); for (const x of xs) m.set(x, (v) => v + x); let t = 0; for (const x of xs) t = m.get(x)!(t); return t; }, [[[3, 4]], [[]]]],
  ["and whose they are", (n: number) => { const fs: (() => number)[] = []; let last: (() => number) | null = null; for (let i = 0; i < n; i++) { const f = (): number => i; fs.push(f); if (i === 1) last = f; } return [fs.indexOf(last!), fs.includes(last!), fs.length > 1 ? fs[0] === fs[1] : 0]; }, [[3], [0], [1]]],
  ["beside numbers and null", (n: number) => { const l: ((() => number) | number | null)[] = []; for (let i = 0; i < n; i++) l.push(i % 3 === 0 ? null : i % 3 === 1 ? () => i : i); let s = 0; for (const f of l) s = s * 3 + (typeof f === "function" ? f() : f === null ? 7 : 1); return s; }, [[5], [0]]],
  ["with this, and without", (n: number) => { "use strict"; const l: { k: number; f: F }[] = [], g: (() => unknown)[] = []; for (let i = 0; i < n; i++) { l.push({ k: i, f: function (x) { return this.k * x; } }); g.push(function (this: unknown) { return this; }); } let s = 0; for (const o of l) s += o.f(3); return [s, g.map((f) => f() === undefined)]; }, [[3], [0]]],
  ["that make others", (n: number) => { const l: ((a: number) => F)[] = []; for (let i = 0; i < n; i++) l.push((a) => (b) => a * i + b); let s = 0; for (const f of l) s += f(2)(3); return s; }, [[3], [0]]],
  ["by call and apply", (n: number) => { const l: ((a: number, b: number) => number)[] = []; for (let i = 0; i < n; i++) l.push((a, b) => a * i + b); let s = 0; for (const f of l) s += f.call(null, 1, 2) + f.apply(null, [3, n]); return s; }, [[3], [0]]],
  ["and that they are functions", (n: number) => { const l: (() => number)[] = []; for (let i = 0; i < n; i++) l.push(() => i); return l.map((f) => [f instanceof Callable, Array.isArray(f), Object.keys(f).length]); }, [[3], [0]]],
  ["as valueOf", (n: number) => { const l: { valueOf: () => number }[] = []; for (let i = 0; i < n; i++) l.push({ valueOf: () => i * 2 }); let s = 0; for (const o of l) s += +o; return s; }, [[3], [0]]],
  ["as what an iterator gives", (n: number) => { const l: { next: () => { done: boolean; value: number } }[] = []; for (let i = 0; i < n; i++) { let k = 0; l.push({ next: () => ({ done: k++ > i, value: k }) }); } let s = 0; for (const it of l) for (let r = it.next(); !r.done; r = it.next()) s = s * 2 + r.value; return s; }, [[3], [0]]],
  ["what is none is a TypeError", (n: number) => { const l: ((() => number) | number)[] = []; for (let i = 0; i < n; i++) l.push(i % 2 ? 5 : () => i); let s = 0; try { for (const f of l) s += (f as () => number)(); } catch (e) { s += e instanceof TypeError ? 1000 : 1; } return s; }, [[3], [0], [1]]],
])("served: %s", (_, kernel, calls) => served(kernel, calls));

describe("what else is asked of one is the original's", () => {
  const fs = (n: number): (() => number)[] => { const l: (() => number)[] = []; for (let i = 0; i < n; i++) l.push(() => i); return l; };
  test.each<[string, (n: number) => unknown]>([
    ["its length", (n) => { let s = 0; for (const f of fs(n)) s += f.length; return s; }],
    ["its class of the kernel's", (n) => { class A {} let s = 0; for (const f of fs(n)) s += (f as object) instanceof A ? 1 : 0; return s; }],
    ["its text", (n) => { let s = ""; for (const f of fs(n)) s += f; return s.length; }],
    ["a field", (n) => { let s = 0; for (const f of fs(n)) { (f as { k?: number }).k = 3; s += (f as { k?: number }).k!; } return s; }],
    ["its prototype", (n) => { let s = 0; for (const f of fs(n)) s += Object.getPrototypeOf(f) === Function.prototype ? 1 : 2; return s; }],
  ])("%s", (_, kernel) => served(kernel, [[3], [4]], { original: 2 }));
  test("whether it has a name", () => served((n: number) => { let s = 0; for (const f of fs(n)) s += Object.hasOwn(f, "name") ? 1 : 2; return s; }, [[3], [4]], { original: 2 }));
});
