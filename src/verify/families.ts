// Which kind of random kernel a seed stands for: kernels of every construct, loops that are vectorized, interpreters with programs, expressions,
// arrays of arrays and objects.

import { randomHeap } from "./heaps.ts";
import { randomInterpreter } from "./interpreters.ts";
import { randomLoop } from "./loops.ts";
import { randomStraight } from "./straight.ts";
import { randomKernel, type RandomKernel } from "./random.ts";

export const families = { general: (seed: number) => randomKernel(seed), loops: randomLoop, interpreters: randomInterpreter, straight: randomStraight, heaps: randomHeap } as const;
export type Family = keyof typeof families;

/** of ten seeds in a row */
const turns: readonly Family[] = ["general", "loops", "straight", "general", "loops", "general", "heaps", "loops", "general", "interpreters"];

export const familyOf = (seed: number): Family => turns[seed % turns.length]!;
export const anyKernel = (seed: number): RandomKernel => families[familyOf(seed)](seed);
