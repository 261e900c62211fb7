// Which kind of random kernel a seed stands for: kernels of every construct, loops that are vectorized, writes at places that are hashed, interpreters with programs, expressions,
// arrays of arrays and objects, automata, filters, BigInts, strings, tables of keys of run time, captured variables, dates, objects that are frozen,
// closures that leave, or lie in lists, iterators of the kernel's own, objects of arrays whose fields are more than numbers, nests of slow rows, objects and trees,
// layers of neurons, objects that hold arrays, tables of dynamic programming and what is looked up by numbers of ordinary arrays, straight code over points, objects with index keys, trees and linked lists, structures of objects of their own classes, arrays some of whose rows are missing or whose elements are no numbers alone, classes with private methods, classes over Array, fields that are deleted, or added in several orders, `arguments` as an object, texts of numbers as keys.

import { randomArranged } from "./arranged.ts";
import { randomAutomaton } from "./automata.ts";
import { randomBigInt } from "./bigints.ts";
import { randomCallee } from "./callees.ts";
import { randomCaptured } from "./captured.ts";
import { randomCascade } from "./cascades.ts";
import { randomCells } from "./cells.ts";
import { randomClass } from "./classes.ts";
import { randomDate } from "./dates.ts";
import { randomDeletion } from "./deletions.ts";
import { randomDictionary } from "./dictionaries.ts";
import { randomGaps } from "./gaps.ts";
import { randomHandlers } from "./handlers.ts";
import { randomHeap } from "./heaps.ts";
import { randomHolder } from "./holders.ts";
import { randomIndexed } from "./indexed.ts";
import { randomInterpreter } from "./interpreters.ts";
import { randomIterable } from "./iterables.ts";
import { randomItems } from "./items.ts";
import { randomKeyText } from "./keytexts.ts";
import { randomLayers } from "./layers.ts";
import { randomLeaving } from "./leavings.ts";
import { randomLinked } from "./linked.ts";
import { randomLoop } from "./loops.ts";
import { randomNature } from "./natures.ts";
import { randomNest } from "./nests.ts";
import { randomObjectKeys } from "./objectkeys.ts";
import { randomOffset } from "./offsets.ts";
import { randomOrder } from "./orders.ts";
import { randomParts } from "./parts.ts";
import { randomPivots } from "./pivots.ts";
import { randomPlaces } from "./places.ts";
import { randomPoints } from "./points.ts";
import { randomStraight } from "./straight.ts";
import { randomString } from "./strings.ts";
import { randomStructure } from "./structures.ts";
import { randomTableau } from "./tableaux.ts";
import { randomTable } from "./tables.ts";
import { randomVector } from "./vectors.ts";
import { randomKernel, type RandomKernel } from "./random.ts";

export const families = {
  general: (seed: number) => randomKernel(seed),
  loops: (seed: number) => (seed % 16 === 13 ? randomPivots : seed % 8 === 5 ? randomPlaces : randomLoop)(seed),
  interpreters: randomInterpreter,
  straight: randomStraight,
  heaps: randomHeap,
  automata: randomAutomaton,
  cascades: randomCascade,
  orders: (seed: number) => (seed % 4 < 2 ? randomIterable : randomOrder)(seed),
  bigints: randomBigInt,
  strings: (seed: number) => (seed % 4 === 1 ? randomKeyText : randomString)(seed),
  tables: (seed: number) => [randomDictionary, randomTable, randomTable, randomObjectKeys, randomTable, randomDictionary][seed % 6]!(seed),
  captured: randomCaptured,
  dates: randomDate,
  natures: (seed: number) => (seed % 4 === 1 ? randomCallee : randomNature)(seed),
  leavings: (seed: number) => (seed % 3 === 0 ? randomHandlers : randomLeaving)(seed),
  items: randomItems,
  nests: randomNest,
  layers: randomLayers,
  holders: (seed: number) => (seed % 3 === 0 ? randomParts : randomHolder)(seed),
  tableaux: (seed: number) => (seed % 3 === 0 ? randomOffset : randomTableau)(seed),
  points: randomPoints,
  indexed: randomIndexed,
  gaps: (seed: number) => (seed % 3 === 0 ? randomCells : randomGaps)(seed),
  linked: (seed: number) => [randomDeletion, randomStructure, randomLinked][seed % 3]!(seed),
  classes: (seed: number) => (seed % 3 === 0 ? randomVector : randomClass)(seed),
  arranged: randomArranged,
} as const;
export type Family = keyof typeof families;

/** of so many seeds in a row: over half of all kernels have a loop that writes memory and a branch on a slow value, as nearly all general ones do */
const nine = (first: Family): readonly Family[] => [first, "loops", "general", "loops", "general", "general", "heaps", "loops", "general"];
const turns: readonly Family[] = [
  ...nine("straight"), "interpreters", ...nine("general"), "automata", ...nine("leavings"), "interpreters", ...nine("general"), "cascades", ...nine("general"),
  "orders", "bigints", "layers", "strings", "tables", "nests", "captured", "dates", "natures", "items", "holders", "tableaux", "points", "indexed", "gaps", "linked", "classes", "arranged", "loops", "general",
];

export const familyOf = (seed: number): Family => turns[seed % turns.length]!;

/** Half of all kernels, whatever their family, stand in strict code, as those of modules do: what can't be written throws there, `this` may be undefined, `arguments` follows no parameter. */
const isStrict = (seed: number): boolean => Math.imul(seed, 0x9e3779b1) < 0;

const around = "(() => {\n";
/** The same kernel in strict code; its own text says nothing of it. */
export function strictly(kernel: RandomKernel): RandomKernel {
  const { source } = kernel, body = source.startsWith(around) ? source.slice(around.length) : `  return ${source};\n})()`;
  return { ...kernel, source: `${around}  "use strict";\n${body}` };
}

export function anyKernel(seed: number): RandomKernel {
  const kernel = families[familyOf(seed)](seed);
  return isStrict(seed) ? strictly(kernel) : kernel;
}
