// Random values for random kernels, weighted to the edges where back ends go wrong: NaN, −0, infinities, int32 limits, denormals.

import type { Random } from "./prng.ts";

export const typedArrays = {
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array,
} as const;
export type TypedName = keyof typeof typedArrays;
export const typedNames = Object.keys(typedArrays) as TypedName[];

export const edgeNumbers: readonly number[] = [
  0, -0, 1, -1, 2, 0.5, -0.5, 1.5, -1.5, 2.5, NaN, Infinity, -Infinity, 2147483647, -2147483648, 2147483648, -2147483649, 4294967295, 4294967296,
  9007199254740991, -9007199254740992, 1e21, 1e300, -1e300, 1.7976931348623157e308, 5e-324, -5e-324, 2.2250738585072014e-308, 0.1, 1 / 3, 255, 256, 65535, 1e-7,
];

export function number(random: Random): number {
  switch (random.weighted({ edge: 3, small: 4, unit: 3, wide: 1 })) {
    case "edge": return random.pick(edgeNumbers);
    case "small": return random.between(-9, 20);
    case "unit": return Math.round((random.next() * 4 - 2) * 1000) / 1000;
    case "wide": return (random.next() - 0.5) * 2 ** random.between(-40, 60);
  }
}

/** mostly a small count */
export const count = (random: Random): number => (random.chance(0.85) ? random.between(0, 12) : random.pick([0, -1, 1, 2147483647, -2147483648, 255, 31, 32]));

export function numbers(random: Random, length: number): number[] {
  const tame = random.chance(0.5); // half of all arrays without edges, so that results are not all NaN
  return Array.from({ length }, () => (tame ? Math.round((random.next() * 4 - 2) * 1000) / 1000 : number(random)));
}

const lengthOf = (random: Random): number => random.pick([0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 20]);

/** A class over Array, as libraries of vectors have them. */
export class Taps extends Array<number> {
  get first(): number { return this[0]!; }
  set first(v: number) { this[0] = v; }
  total(): number { let s = 0; for (let i = 0; i < this.length; i++) s += this[i]!; return s; }
  twice(): number { return this.total() * 2; }
}

export type InputKind = "number" | "count" | "boolean" | "numbers" | "taps" | "object" | "points" | "flags" | "rows" | "rings" | "bits" | "buffer" | TypedName;

/** A value of the kind. */
export function valueOf(kind: InputKind, random: Random): unknown {
  switch (kind) {
    case "number": return number(random);
    case "count": return count(random);
    case "boolean": return random.chance(0.5);
    case "numbers": return numbers(random, lengthOf(random));
    case "taps": return Taps.from([number(random), ...numbers(random, lengthOf(random))]);
    case "object": return Object.assign(Object.create(random.chance(0.15) ? null : Object.prototype) as object, { x: number(random), y: number(random) });
    case "points": return Array.from({ length: random.between(0, 6) }, () => ({ x: number(random), y: number(random) }));
    case "flags": return Array.from({ length: random.between(0, 6) }, () => ({ x: number(random), on: random.chance(0.5) }));
    case "bits": {
      const f = new (random.chance(0.6) ? Float32Array : Float64Array)(random.between(1, 3));
      return { f, i: new (random.pick([Int32Array, Uint32Array, Uint8Array]))(f.buffer) };
    }
    case "buffer": return Uint8Array.from({ length: random.pick([8, 16, 24, 64]) }, () => random.below(256)).buffer;
    case "rows": return Array.from({ length: random.between(0, 4) }, () => numbers(random, random.between(0, 5)));
    case "rings": return Array.from({ length: random.between(0, 3) }, () => Array.from({ length: random.between(0, 3) }, () => numbers(random, random.between(0, 3))));
    default: return typedArrays[kind].from(numbers(random, lengthOf(random)));
  }
}

/** What an array of objects or of rows holds may be another argument too. */
function standInside(kinds: readonly InputKind[], values: readonly unknown[], random: Random): void {
  for (const [outer, inner] of [["points", "object"], ["rows", "numbers"]] as const) {
    const list = values[kinds.indexOf(outer)] as unknown[] | undefined, one = values[kinds.indexOf(inner)];
    if (list !== undefined && list.length > 0 && one !== undefined && random.chance(0.25)) list[random.below(list.length)] = one;
  }
}

const isFloat = (kind: InputKind): boolean => kind === "Float64Array" || kind === "Float32Array";

/**
 * The values of a call's fast parameters. Some calls pass the same array twice, some views that overlap in one buffer, some an object that an array of theirs holds. Doubles never
 * lie under integers: which NaN an engine writes is its own business, and must not show.
 */
export function fastValues(kinds: readonly InputKind[], random: Random): unknown[] {
  const values = kinds.map((kind) => valueOf(kind, random));
  standInside(kinds, values, random);
  const arrays = kinds.flatMap((kind, k) => (kind in typedArrays ? [k] : []));
  if (arrays.length < 2 || random.chance(0.7)) return values;
  const [a, b] = [random.pick(arrays), random.pick(arrays)];
  const [kindA, kindB] = [kinds[a]!, kinds[b]!];
  if (a === b || kindA !== kindB && (isFloat(kindA) || isFloat(kindB))) return values;
  if (kindA === kindB && random.chance(0.4)) { values[b] = values[a]; return values; }
  const bytes = 96;
  const first = typedArrays[kindA as TypedName];
  const { buffer } = first.from(numbers(random, bytes / first.BYTES_PER_ELEMENT));
  const view = (kind: InputKind): unknown => {
    const Kind = typedArrays[kind as TypedName];
    const size = Kind.BYTES_PER_ELEMENT;
    const length = random.between(0, 10);
    return new Kind(buffer as ArrayBuffer, random.below(Math.floor(bytes / size) - length + 1) * size, length);
  };
  values[a] = view(kindA);
  values[b] = view(kindB);
  return values;
}
