// Other slow values of the same shape: numbers are replaced, all else stays. What is compiled for one set of them has to be right for the others
// where it says that it fits.
//
// Guarantees: kernels still end. Integers in ordinary arrays stay, and all integers of a program that is interpreted; others move by one.

import { copyTogether } from "./copy.ts";
import { number, numbers } from "./inputs.ts";
import type { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

/** Argument lists that come back to earlier slow values now and then: first the kernel's own, then others in the places of its slow ones. */
export function variedInputs({ params, slow, inputs }: RandomKernel, random: Random, rounds: number): unknown[][] {
  const places = params.flatMap(({ name }, i) => (slow.includes(name) ? [i] : []));
  const vary = new Variation(random, params.some(({ slow, kind }) => slow && kind === "program"));
  const sets = [places.map((i) => inputs[0]![i])], calls: unknown[][] = [[...inputs[0]!]];
  for (let round = 0; round < rounds; round++) {
    if (round === 0 || random.chance(0.7)) sets.push(copyTogether(random.pick(sets)).map((value) => vary.value(value)));
    const values = random.chance(0.7) ? sets.at(-1)! : random.pick(sets);
    const input = random.pick(inputs);
    for (let times = random.between(1, 6); times > 0; times--) {
      const args = [...input];
      places.forEach((place, k) => { args[place] = values[k]; });
      calls.push(args);
    }
  }
  return calls;
}

const isWhole = (value: number): boolean => Number.isInteger(value) && !Object.is(value, -0) && Math.abs(value) < 2 ** 31;

class Variation {
  private readonly random: Random;
  /** no integer changes */
  private readonly program: boolean;
  private readonly seen = new Set<object>();

  constructor(random: Random, program: boolean) {
    this.random = random;
    this.program = program;
  }

  /** The value with other numbers: objects and arrays, which are nobody else's, in place. */
  value(value: unknown): unknown {
    const { random, program, seen } = this;
    if (typeof value === "number") return random.chance(0.3) || (program && isWhole(value)) ? value : isWhole(value) ? value + random.between(-1, 1) : number(random);
    if (typeof value !== "object" || value === null || seen.has(value)) return value;
    seen.add(value);
    if (ArrayBuffer.isView(value)) {
      if (program || !("set" in value)) return value; // a DataView
      const array = value as Float64Array;
      array.set(numbers(random, array.length).map((x, i) => (random.chance(0.3) ? array[i]! : x)));
    } else if (Array.isArray(value)) {
      const items = value as unknown[];
      items.forEach((item, i) => { if (!(typeof item === "number" && isWhole(item))) items[i] = this.value(item); });
    } else if (value instanceof Date) value.setTime(value.getTime() + random.pick([0, 1, -864e5, 1e10]));
    else if (!Object.isFrozen(value)) {
      for (const [key, field] of Object.entries(value)) if (typeof field === "number" || typeof field === "object") (value as Record<string, unknown>)[key] = this.value(field);
    }
    return value;
  }
}
