// Kernels that keep functions of their own in lists, objects, linked lists and Maps: made in loops and on some paths, with variables of the iteration, the kernel and `this` captured,
// read and changed by several of them; called, compared, chosen, composed, replaced while they are called. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

export function randomHandlers(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 71), some = random.chance(0.3);
  const value = (): string => random.pick(["x", "i", "a", "total", "own", "v", "v * 0.5", "-0", "n", "list.length"]);
  const text = (): string => random.pick([
    () => `(v) => v + ${value()}`, () => `(v) => { own += v; return own - ${value()}; }`, () => `(v) => { total = total * 0.5 + ${value()}; return v; }`, () => `() => own * 2`,
    () => `function (v) { return (this === undefined ? 1 : 2) + ${value()}; }`, () => `(v, f = (w) => w + own) => f(v) - x`, () => `(v) => (v > 3 ? ${value()} : ((w) => w * x)(v))`, () => `(v) => list[i % list.length](1) * 0.25`, () => `older`,
  ].filter((_, k) => k !== 7 || random.chance(0.3)))();
  const put = (): string => random.pick([() => `list.push(${text()});`, () => `list.push(${text()});`, () => `if (${random.pick(["x > 2", "i % 2", "mode"])}) list.push(${text()}); else list.push(${text()});`, () => `rules.push({ when: (v) => v > ${value()}, then: ${text()}, k: i });`,
    () => `head = { f: ${text()}, next: head };`, () => `older = ${text()};`, () => `if (i < 3) { const before = chain; chain = (v) => before(v * 0.5 + ${value()}); }`, () => `m.set(i, ${text()});`, ...(some ? [() => `list.push(${random.pick(["null", "x"])});`] : [])])();
  const called = (f: string, v: string): string => (some ? `(typeof ${f} === "function" ? ${f}(${v}) : 0.5)` : `${f}(${v})`);
  const use = (): string => random.pick([
    `for (const f of list) total = total * 0.5 + ${called("f", "total")};`, `for (let j = 0; j < list.length; j++) total += ${called("list[j]", "j")};`, `if (list.length > 1) total += (list[0] === list[1] ? 1 : 0.5) + list.indexOf(list[1]);`,
    "for (const r of rules) if (r.when(total)) { total = r.then(total); break; }", "for (let p = head; p; p = p.next) total = p.f(total) + 1;", "total += chain(total);", "total += older(a);", `for (const [k, f] of m) total = total * 0.25 + f(k);`,
    "total += rules.reduce((s, r) => s + r.then(r.k), 0);", `if (list.length) { const f = list.pop(); total += ${called("f", "2")}; }`, "if (list.length > 1) [list[0], list[1]] = [list[1], list[0]];", `total += typeof older === "function" ? 1 : 2;`, "older = list[0] ?? older;",
  ].filter((line) => !some || (!line.startsWith("older = list") && !line.startsWith("total += older"))));
  const lines = (of: () => string, least: number, most: number): string => Array.from({ length: random.between(least, most) }, of).join(" ");
  const number = (): number => (random.chance(0.1) ? random.pick(edgeNumbers) : random.between(-4, 9) / 2), mode = random.between(0, 1);
  return {
    seed, slow: ["mode"], slowValues: { mode }, inputs: Array.from({ length: 4 }, () => [Array.from({ length: random.between(0, 5) }, number), number(), mode]), coverage: new Map([["functions of the kernel's own in memory", 1]]), guaranteed: false,
    params: [{ name: "xs", slow: false, kind: "numbers" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(xs, a, mode) {\n  'use strict';\n  const list = [], rules = [], m = new Map(), n = xs.length;\n  let total = 0, head = null, i = 0, older = (v) => v - 1, chain = (v) => v;\n`
      + `  for (const x of xs) { let own = x; ${lines(put, 1, 3)} ${random.chance(0.3) ? use() : ""} i++; }\n  ${lines(use, 1, 4)}\n  return ${random.pick(["total", "[total, list.length]", "[total, i]"])};\n}`,
  };
}
