// Random kernels over the caller's own objects, two of which may be one, whose fields are deleted: read before and after, on some paths, in loops, beside
// fields that are added, in orders that differ from path to path. Some can't be deleted. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

export function randomDeletion(seed: number): RandomKernel {
  const random = new Random(seed * 2246822519 + 53), coverage = new Map<string, number>([["fields of the caller's objects that are deleted", 1]]);
  const of = (): string => random.pick(["o", "o", "p", "o.in"]), key = (): string => random.pick(["x", "y", "x", "w", "n"]), field = (): string => `${of()}.${key()}`;
  const value = (): string => random.pick(["a", "s", "i", "-0", `(${field()} ?? 2)`, `(typeof ${field()} === "number" ? ${field()} : 3)`]);
  let steps: readonly (() => string)[] = [
    () => `delete ${field()};`, () => `delete ${field()};`, () => `{ const t = of(${of()}); delete t.${key()}; }`, () => `if (${random.pick(["a > 1", "s < 4", "i % 2 === 0", "mode === 1"])}) delete ${field()};`,
    () => `s += ${value()};`, () => `s += "${key()}" in ${of()} ? 1 : 0.5;`, () => `s += Object.hasOwn(${of()}, "${key()}") ? 2 : 0.25;`, () => `s += ${field()} === undefined ? 1 : 3;`,
    () => `${of()}.${random.pick(["x", "y", "z", "z"])} = ${value()};`, () => `if (${random.pick(["a > 1", "i > 0"])}) ${of()}.z = ${value()};`, () => `if (a > 40) s += Object.keys(${of()}).length;`, () => `s += (${field()} || 1) * 0.5;`,
  ];
  if (random.chance(0.4)) {
    const added = (): string => { const names = random.pick([["u", "v"], ["v", "u"], ["u", "z", "v"], ["v", "w", "u"]]), target = of(); return names.map((name) => `${target}.${name} = ${value()};`).join(" "); };
    const ordered: readonly (() => string)[] = [
      () => `if (${random.pick(["a > 1", "i > 0", "s < 4"])}) { ${added()} } else { ${added()} }`, () => `if (${random.pick(["a > 1", "i > 0"])}) { ${added()} }`, added,
      () => `delete ${of()}.${random.pick(["u", "v"])};`, () => `s += "u" in ${of()} ? 1 : 0.5;`,
    ];
    steps = [...steps, ...ordered, ...ordered];
    coverage.set("fields that the caller's objects get in different orders", 1);
  }
  const line = (): string => random.pick(steps)();
  const lines = (least: number, most: number): string => Array.from({ length: random.between(least, most) }, line).join(" ");
  const number = (): number => (random.chance(0.2) ? random.pick(edgeNumbers) : random.between(-3, 9));
  const object = (): object => {
    const made = { x: number(), y: number(), n: random.pick(["a", null, 2]), in: { x: number(), w: 1 } };
    if (random.chance(0.1)) Object.defineProperty(made, "x", { configurable: false });
    return random.chance(0.05) ? Object.seal(made) : made;
  };
  const inputs = Array.from({ length: 4 }, () => { const o = object(); return [o, random.chance(0.2) ? o : object(), random.pick([0, 1, 2.5, 50, -0]), 1]; });
  const body = random.chance(0.5) ? lines(2, 6) : `${lines(0, 2)} for (let i = 0; i < ${random.pick(["2", "a", "mode"])}; i++) { ${lines(1, 3)} } ${lines(0, 2)}`;
  return {
    seed, slow: ["mode"], slowValues: { mode: 1 }, inputs, coverage, guaranteed: false,
    params: [{ name: "o", slow: false, kind: "object" }, { name: "p", slow: false, kind: "object" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }],
    source: `function kernel(o, p, a, mode) {\n  let s = 0, i = 0;\n  const of = (t) => (t === p ? o : t);\n  ${body}\n  return ${random.pick(["s", "[s, o]", "o", "{ s, x: o.x }"])};\n}`,
  };
}
