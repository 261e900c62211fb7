// What a walk over the source keeps while it goes on and when it begins again: the calls on the way, where their paths can go, what is known of loops,
// what was learned; and what is thrown where a path or a whole walk ends early.

import type { Pieces } from "../../ir/composite.ts";
import type { Path } from "../../ir/interface.ts";
import type { If, Instr, JsFunction, Label, Loop } from "../../ir/types.ts";
import type { Found } from "./attempts.ts";
import type { Texts } from "./closures.ts";
import type { Class } from "./contents.ts";
import type { Descents } from "./descents.ts";
import type { Entering } from "./entered.ts";
import type { Source } from "./heap.ts";
import type { IndexedSites } from "./indexed.ts";
import type { KeyedSites } from "./keyed.ts";
import type { ObjectSites } from "./objectkeys.ts";
import type { Linked } from "./linked.ts";
import type { LongArguments } from "./longcalls.ts";
import type { Arrival, Template } from "./merge.ts";
import type { Residents } from "./residents.ts";
import type { Abs } from "./values.ts";

/** One call of a function of the source that is being walked. */
export interface Activation {
  readonly source: Source;
  readonly func: JsFunction;
  readonly env: Abs[]; // by value id
  readonly self: Abs;
  readonly args: readonly Abs[];
  /** all of the arguments, where `args` are those alone that parameters stand for */
  readonly long: LongArguments | null;
  readonly cells: readonly Abs[];
  readonly newTarget: Abs;
  readonly targets: Map<Label, Target>;
  readonly returns: Target;
  readonly caller: Activation | null;
  /** the instruction of the caller's that calls */
  readonly site: Instr | null;
  readonly context: Context;
  readonly depth: number;
  /** what is being caught: the targets of throws, innermost last */
  readonly handlers: Target[];
  /** the loops being walked, innermost last */
  readonly loops: LoopWalk[];
  /** what was known of values before something narrowed them, to the end of the region that is walked */
  readonly narrowed: { readonly id: number; readonly abs: Abs }[];
  /** the function value itself, for its own name */
  readonly callee: Abs | null;
  /** of a generator: who takes what it yields */
  readonly yields?: ((value: Abs) => void) | undefined;
}

/** Where paths can go: the end of a block, the next iteration of a loop, a function's return. */
export interface Target {
  readonly kind: "block" | "loop" | "return" | "catch";
  readonly label: Label;
  arrivals: Arrival[];
}

/** What is known of a loop while one of its iterations is walked. */
export interface LoopWalk {
  readonly instr: Loop;
  /** tests with static outcome that could have left the iteration otherwise: they justify unrolling */
  staticTests: number;
  /** what indexed static arrays: carried values by position, fields by name, captured variables by cell */
  readonly critical: Critical;
  /** the test at which the trial of an iteration ends, where fast values decide it (trials.ts) */
  readonly ending: If | null;
  /** it is a loop of the residual's, of any number of iterations */
  readonly kept?: true;
}
export interface Critical {
  readonly slots: Set<number>; readonly names: Set<string>; readonly cells: Set<number>; readonly traced: Set<Instr>;
  /** carried values that are a part of an index that is not known otherwise */
  readonly parts: Set<number>;
  /** the lists that were indexed: the kernel's own by what they are called, −1 for all others */
  readonly lists: Set<number>;
}
/** For the next iteration: sets are made for a loop, not for each of its turns. */
export function forget(critical: Critical): void {
  for (const set of [critical.slots, critical.names, critical.cells, critical.traced, critical.parts, critical.lists]) if (set.size > 0) set.clear();
}
export const newCritical = (): Critical => ({ slots: new Set(), names: new Set(), cells: new Set(), traced: new Set(), parts: new Set(), lists: new Set() });

/** Thrown when the path certainly leaves (a bail was written): the region ends here. */
export class PathEnds { readonly ends = true }
/** Thrown by an inlined call that certainly ends in a JavaScript throw which somebody around catches. */
export class PathThrows { readonly value: Abs; constructor(value: Abs) { this.value = value; } }
/** Thrown to begin again with more known: a captured array is written. What may wait for what else the walk learns is said by `learned`. */
export class Restart { readonly restart = true }
/** Thrown where a template would be left to the original more often than a version. */
export class NoTemplate { readonly none = true }

/** What outlives a restart. */
export interface Lessons {
  /** buffers (of typed arrays) and nodes (of objects) of the snapshot that the kernel writes */
  readonly writtenBuffers: Set<number>;
  readonly writtenNodes: Set<number>;
  /** captured variables, by the snapshot's number, that hold an object and are given another */
  readonly repointed: Set<number>;
  /** the caller's ordinary arrays, by path, that change their length or hold more than numbers: their classes */
  readonly lists: Map<string, Class>;
  /** those of them that lie in memory with all that they lead to (held.ts) */
  readonly held: Set<string>;
  /** the caller's objects, Maps and Sets, by path, that have keys of run time (entered.ts) */
  readonly entering: Map<string, Entering>;
  /** the caller's objects, by path, of which index keys are asked that are not static (indexed.ts) */
  readonly indexed: Set<string>;
  /** those that lead to others of their own form (linked.ts); null: without that */
  linked: Linked | null;
  /** what of the caller's lies in memory with all that it leads to has strings there of which nothing is known (entered.ts); it may have none, since the kernel asks more of them */
  heldTexts: boolean;
  noTexts: boolean;
  /** functions of the snapshot, by node, and which of their properties are written (expandos.ts) */
  readonly expandos: Map<number, Set<string>>;
  /** names beside elements that the caller's arrays are given (besides.ts) */
  readonly besides: Set<string>;
  /** arrays of the caller's of which it was asked how long they are (lengths.ts) */
  readonly lengths: Map<string, Path>;
  /** fields of the objects of the caller's arrays that are more than numbers: their classes (items.ts) */
  readonly fields: Map<string, Class>;
  /** … of which more is asked than to be handed on (passed.ts) */
  readonly lookedAt: Set<string>;
  /** slow lists of lists are written (nested.ts) */
  toldApart?: boolean;
  /** arrays or objects in memory hold parts of typed arrays (subarrays.ts) */
  holdsParts?: boolean;
  /** objects without fields that stand in tables are tables (entered.ts) */
  emptyTables?: boolean;
  /** tables of names won't do (named.ts) */
  noNames?: boolean;
  /** … fields of literals under strings of run time are refused: that they made tables of these was in vain */
  noComputed?: boolean;
  /** a walk made some */
  usesComputed?: boolean;
  /** … or are used */
  usesNames?: boolean;
  /** what the engine throws is the original's (tries.ts) */
  noCaught?: boolean;
  /** … or is caught */
  usesCaught?: boolean;
  /** lists of texts of numbers that Object.keys gives are arrays of strings (sequences.ts) */
  laidNumerals?: boolean;
  /** … or a walk made some that are none */
  usesNumerals?: boolean;
  /** names of fields that objects in memory get late, or lose (contents.ts) */
  readonly late: Set<string>;
  /** orders that subtract, and what they call; null: some call what does more than read (differences.ts) */
  differences: Set<JsFunction> | null;
  /** properties are deleted while a loop that is kept visits keys */
  losesKeys?: boolean;
  /** fields of the caller's objects, and captured variables, that a recursive function changes (residents.ts) */
  readonly residents: Residents;
  /** whether the order of a new object's fields was lost where one was written, and is needed later on (optional.ts) */
  order?: "lost" | "kept";
  /** parameters of recursive functions that are handed other slow objects in each call (descents.ts) */
  readonly descents: Descents;
  /** how many words beside the first the results of recursive functions have (functions.ts) */
  resultWords: number;
  root: Context;
  /** what the walk before this one found of loops (attempts.ts) */
  found: readonly Found[];
  /** of functions whose chain of calls has no end, or is not known */
  readonly lasting: Map<JsFunction, Lasting>;
  /** classes of arrays and objects that a recursive function changes: they are in memory when it is called */
  readonly shared: Set<Class>;
  /** functions that are called by the residual (outlining.ts); false: this one can't be */
  readonly outlined: Map<JsFunction, boolean>;
  /** … arrays and objects of the kernel's own among their arguments */
  handsObjects: boolean;
  /** functions that are walked as loops, since they end with calls of themselves (tailcalls.ts); null: without that */
  looped: Set<JsFunction> | null;
  /** the number that the next prototype of the kernel's own gets (prototypes.ts) */
  prototypes: number;
  /** … of functions that lie in memory (closures.ts) */
  readonly closures: Texts;
  restarts: number;
}

/** A chain of calls, as places in the source: what was learned of a loop holds for its chain only. */
export interface Context {
  readonly children: Map<Instr, Context>;
  /** the carried values that loops found dynamic had to generalise: where to begin next time */
  readonly heads: Map<Loop, (Template | null)[]>;
  readonly lasting: Lasting;
}
/** What is learned of a chain of calls even where all else of it is forgotten: the classes of the objects that it makes, by place and form (contents.ts). */
export interface Lasting { readonly classes: Map<Instr, Map<string, Class>>; /** where Maps, Sets and objects get keys of run time */ readonly keyed: KeyedSites; /** … where these are strings of the caller's objects (named.ts) */ readonly named: Set<Instr>; /** … texts of numbers (composite.ts) */ readonly composite: Map<Instr, Pieces>; /** … strings of run time (words.ts) */ readonly words: Set<Instr>; /** … objects (objectkeys.ts) */ readonly objects: ObjectSites; /** where objects get index keys */ readonly indexed: IndexedSites; /** the numbers of prototypes that are made there (prototypes.ts) */ readonly prototypes: Map<Instr, number>; readonly children: Map<Instr, Lasting> }
export const newLasting = (): Lasting => ({ classes: new Map(), keyed: new Map(), named: new Set(), composite: new Map(), words: new Set(), objects: new Map(), indexed: new Map(), prototypes: new Map(), children: new Map() });
export const newContext = (lasting: Lasting = newLasting()): Context => ({ children: new Map(), heads: new Map(), lasting });
