// The generator of random kernels: what it promises.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { surrounded } from "../../src/verify/arranged.ts";
import { copyTogether } from "../../src/verify/copy.ts";
import { anyKernel, families, familyOf } from "../../src/verify/families.ts";
import { compileKernel, randomKernel } from "../../src/verify/random.ts";
import { runAll } from "../../src/verify/run.ts";

const seeds = Array.from({ length: 400 }, (_, k) => k + 1);

describe("random kernels", () => {
  it("parse, run, end, and do the same twice", () => {
    for (const seed of seeds) {
      const kernel = randomKernel(seed);
      const call = compileKernel(kernel.source);
      for (const input of kernel.inputs) {
        try { expect(runAll([{ name: "a", call }, { name: "b", call }], undefined, input)[0]!.mismatches, `seed ${seed}\n${kernel.source}`).toEqual([]); } catch (e) { throw new Error(`seed ${seed}\n${kernel.source}`, { cause: e }); }
      }
    }
  });
  it("the same seed gives the same kernel", () => expect(randomKernel(7)).toEqual(randomKernel(7)));
  it("most have a loop that writes memory and a branch on a slow value", () => {
    expect(seeds.filter((s) => randomKernel(s).guaranteed).length / seeds.length).toBeGreaterThan(0.6);
    for (const seed of seeds) {
      const { source, guaranteed } = randomKernel(seed);
      if (guaranteed) expect(source).toMatch(/for \(let i\d+ = 0; i\d+ < y\.length; i\d+\+\+\) \{[^]*if \([^]*y\[i\d+\] [-+*]?=/);
    }
  });
  it("throw hardly ever", () => {
    let calls = 0;
    let threw = 0;
    for (const seed of seeds) {
      const { source, inputs } = randomKernel(seed);
      for (const input of inputs) {
        calls++;
        try { compileKernel(source)(...copyTogether(input)); } catch { threw++; }
      }
    }
    expect(threw / calls).toBeLessThan(0.05);
  });
  it("every construct is written, and an excluded one never", () => {
    const written = new Set(seeds.flatMap((s) => [...randomKernel(s).coverage.keys()]));
    for (const construct of [
      "for", "for down", "for step", "for slow", "for of", "while", "do", "labelled", "break", "continue", "early return", "if", "else", "slow branch", "switch", "slow switch",
      "fallthrough", "default", "array write", "array compound", "object write", "local array", "local typed array", "destructuring", "swap", "local closure", "closure",
      "helper function", "call", "assignment expression", "logical value", "odd index", "to int32", "to uint32", "power", "remainder", "return object", "return array",
      "fast numbers", "fast object", "fast Uint8ClampedArray", "slow object", "slow numbers", "Math.hypot", "Math.clz32", "Math.expm1",
      "throw", "growing array", "typed array of dynamic length", "closure with state", "default and rest parameters", "arguments", "destructuring with defaults",
      "optional chaining", "string switch", "for in", "callbacks", "reduce", "map", "forEach", "every and some", "indexOf and includes", "Array.from", "spread call",
      "local object", "recursion", "number tests", "chained assignment", "bits of a float", "array of objects", "nested arrays", "slow function", "copied array", "static string",
    ]) expect(written, construct).toContain(construct);
    for (const seed of seeds) expect(randomKernel(seed, { exclude: ["switch", "power"] }).source).not.toMatch(/switch \([^k]|\*\* /);
  });
});

describe("families of kernels", () => {
  for (const [name, generate] of Object.entries(families)) {
    it(`${name}: parse, run, end, and leave their inputs alone`, () => {
      for (let seed = 1; seed <= 60; seed++) {
        const { source, inputs, slow, params } = generate(seed);
        expect(slow.every((n) => params.some((p) => p.slow && p.name === n))).toBe(true);
        const original = compileKernel(source), call = surrounded(original, original);
        for (const input of inputs) expect(runAll([{ name: "a", call }, { name: "b", call }], undefined, input)[0]!.mismatches, source).toEqual([]);
      }
    });
  }
  it("test/FUZZING.md says what each is", () => {
    const rows = Array.from(readFileSync(new URL("../FUZZING.md", import.meta.url), "utf8").matchAll(/^\| (\w+) \|/gm), ([, name]) => name!);
    expect(Object.keys(families).filter((name) => !rows.includes(name))).toEqual([]);
  });
  it("every seed has its own, and nearly half of all kernels have a loop that writes memory and a branch on a slow value", () => {
    expect(new Set(seeds.map(familyOf))).toEqual(new Set(Object.keys(families)));
    expect(seeds.filter((s) => anyKernel(s).guaranteed).length / seeds.length).toBeGreaterThan(0.45);
  });
  it("of each family some kernels stand in strict code, others in sloppy code", () => {
    const sloppy = (seed: number): boolean => Object.hasOwn(compileKernel(anyKernel(seed).source), "caller"); // what V8 gives functions of sloppy code alone
    for (const name of Object.keys(families)) {
      const mine = Array.from({ length: 1500 }, (_, seed) => seed).filter((seed) => familyOf(seed) === name), share = mine.filter(sloppy).length / mine.length;
      expect(share, name).toBeGreaterThan(0.1);
      expect(share, name).toBeLessThan(0.75);
    }
  });
});

it("loops that go on early have counted before: kernels end", () => {
  const early = Array.from({ length: 3000 }, (_, seed) => families.loops(seed).source.split("\n")).filter((lines) => lines.some((line) => line.includes("while (i < "))).flat();
  expect(early.some((line) => line.includes("i += 1; continue;"))).toBe(true);
  expect(early.filter((line) => /^ +if \(.*\) continue;$/.test(line))).toEqual([]);
});
