// Random loops that write at places of run time: hashes of keys say where registers, counters and bits stand, or which sum grows; arrays may be one another,
// too short, or of any kind. The same seed gives the same kernel.

import { edgeNumbers, typedArrays, type TypedName } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

export function randomPlaces(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 41);
  const keys: TypedName = random.weighted({ Int32Array: 5, Uint32Array: 1, Uint8Array: 1, Float64Array: 1, Int16Array: 1 } as Partial<Record<TypedName, number>>);
  const table: TypedName = random.weighted({ Int32Array: 3, Uint8Array: 2, Float64Array: 2, Float32Array: 1, Uint32Array: 1 } as Partial<Record<TypedName, number>>);
  const multipliers = [0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f, 5, 31], size = 2 ** random.between(3, 6), shift = (): number => random.between(5, 19);
  const mix = (v: string): string => random.pick([
    `${v} = Math.imul(${v}, ${random.pick(multipliers)});`, `${v} ^= ${v} >>> ${shift()};`, `${v} = Math.imul(${v} ^ (${v} >>> ${shift()}), ${random.pick(multipliers)});`, `${v} = (${v} << 13) | (${v} >>> 19);`, `${v} = (Math.imul(${v}, 5) + seed) | 0;`, `${v} ^= y[i];`,
  ]);
  const mixed = (v: string): string => Array.from({ length: random.between(2, 7) }, () => mix(v)).join(" ");
  const place = (): string => random.pick([`h & ${size - 1}`, `h >>> ${32 - Math.log2(size)}`, `(h >>> 7) & ${size - 1}`, `(h + Math.imul(3, g)) & ${size - 1}`, `(h >>> 0) % ${size}`, "h & 127"]);
  const write = (): string => {
    const at = place();
    return random.pick([
      `t[${at}]++;`, `{ const r = Math.clz32(h << 6) + 1; if (r > t[${at}]) t[${at}] = r; }`, `t[${at}] += g & 15;`, `t[${at}] |= 1 << (h & 31);`, `t[${at}] = Math.imul(t[${at}], 31) + i | 0;`, `t[${at}] = i;`, `t[${at}] += x[i] * 0.25;`, `if (g & 1) t[${at}] = g;`,
    ]);
  };
  const source = [
    "function kernel(x, y, t, seed) {", `  for (let i = 0; i < x.length; i++) {`, `    let h = x[i] ^ seed, g = ${random.pick(["y[i] | 0", "x[i] ^ 77", "i"])};`, `    ${mixed("h")}`, `    ${mixed("g")}`,
    ...Array.from({ length: random.between(1, 3) }, () => `    ${write()}`), "  }", "}",
  ].join("\n");
  const number = (): number => (random.chance(0.05) ? random.pick(edgeNumbers) : random.between(-2147483648, 2147483647));
  const inputs = Array.from({ length: 6 }, () => {
    const n = random.pick([0, 1, 15, 63, 64, 65, 130, 200]), x = typedArrays[keys].from(Array.from({ length: n }, number) as never) as Float64Array;
    const other = typedArrays[keys].from(Array.from({ length: random.chance(0.8) ? n : random.between(0, n) }, number) as never) as Float64Array, y = random.chance(0.1) ? x : other;
    const t = new typedArrays[table](random.chance(0.85) ? size : random.between(0, 200)) as Float64Array;
    return [x, y, random.chance(0.1) && keys === table ? random.pick([x, x.subarray(n >> 1)]) : t, number() | 0];
  });
  return {
    seed, source, slow: ["seed"], slowValues: { seed: inputs[0]![3] }, inputs: inputs.map((one) => [...one.slice(0, 3), inputs[0]![3]]), guaranteed: true, coverage: new Map([["writes at places that are hashed", 1]]),
    params: [{ name: "x", slow: false, kind: keys }, { name: "y", slow: false, kind: keys }, { name: "t", slow: false, kind: table }, { name: "seed", slow: true, kind: "number" }],
  };
}
