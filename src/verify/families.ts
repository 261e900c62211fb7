// Which kind of random kernel a seed stands for: kernels of every construct, loops that are vectorized, interpreters with programs, expressions,
// arrays of arrays and objects, automata, filters, BigInts.

import { randomAutomaton } from "./automata.ts";
import { randomBigInt } from "./bigints.ts";
import { randomCascade } from "./cascades.ts";
import { randomHeap } from "./heaps.ts";
import { randomInterpreter } from "./interpreters.ts";
import { randomLoop } from "./loops.ts";
import { randomOrder } from "./orders.ts";
import { randomStraight } from "./straight.ts";
import { randomKernel, type RandomKernel } from "./random.ts";

export const families = { general: (seed: number) => randomKernel(seed), loops: randomLoop, interpreters: randomInterpreter, straight: randomStraight, heaps: randomHeap, automata: randomAutomaton, cascades: randomCascade, orders: randomOrder, bigints: randomBigInt } as const;
export type Family = keyof typeof families;

/** of so many seeds in a row */
const nine: readonly Family[] = ["general", "loops", "straight", "general", "loops", "general", "heaps", "loops", "general"];
const turns: readonly Family[] = [...nine, "interpreters", ...nine, "automata", ...nine, "interpreters", ...nine, "cascades", ...nine, "orders", "bigints", "bigints"];

export const familyOf = (seed: number): Family => turns[seed % turns.length]!;
export const anyKernel = (seed: number): RandomKernel => families[familyOf(seed)](seed);
