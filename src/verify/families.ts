// Which kind of random kernel a seed stands for: kernels of every construct, loops that are vectorized, interpreters with programs, expressions,
// arrays of arrays and objects, automata.

import { randomAutomaton } from "./automata.ts";
import { randomHeap } from "./heaps.ts";
import { randomInterpreter } from "./interpreters.ts";
import { randomLoop } from "./loops.ts";
import { randomStraight } from "./straight.ts";
import { randomKernel, type RandomKernel } from "./random.ts";

export const families = { general: (seed: number) => randomKernel(seed), loops: randomLoop, interpreters: randomInterpreter, straight: randomStraight, heaps: randomHeap, automata: randomAutomaton } as const;
export type Family = keyof typeof families;

/** of twenty seeds in a row */
const nine: readonly Family[] = ["general", "loops", "straight", "general", "loops", "general", "heaps", "loops", "general"];
const turns: readonly Family[] = [...nine, "interpreters", ...nine, "automata"];

export const familyOf = (seed: number): Family => turns[seed % turns.length]!;
export const anyKernel = (seed: number): RandomKernel => families[familyOf(seed)](seed);
