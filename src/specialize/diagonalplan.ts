// The plan of a table that is filled by diagonals: tableau.ts finds it, diagonals.ts and diagonallanes.ts carry it out.

import type { MemoryOp } from "../ir/ops.ts";
import type { Instr, Machine, Memory, Type, Value } from "../ir/types.ts";
import type { Best } from "./bests.ts";
import type { Counted, Counter } from "./counted.ts";

/** rows that are filled together: lanes of int32, of two registers of doubles */
export const rows = 4;
/** How many registers hold a value of the type for all rows. */
export const registersOf = (type: Type): number => (type === "f64" ? 2 : 1);
export const isFloat = (type: Type): boolean => type === "f64" || type === "f32";
/** Numbers of the table are looked at where they come in, and are below `number`; what is added to them is below `growth`, what is no number of the table below `constant`. */
export const small = { number: 2 ** 29, constant: 2 ** 20, growth: 2 ** 24 };

/** Row and column: j + Σ terms + plus, the terms being the same in a row. */
export interface Index { readonly terms: readonly Value[]; readonly plus: number; readonly key: string }
/** An arm that is taken. */
export interface Guard { readonly cond: Value; readonly truth: boolean }
/** A space that is written. */
export interface Group {
  readonly space: number;
  readonly base: Value;
  /** where the row above begins: another place where two rows change places, or each is an array of its own */
  readonly before: Value;
  /** each row is an array of its own, found in a list: where it begins is known before the inner loop */
  readonly apart: boolean;
  readonly store: Memory;
  /** the operation that loads its numbers: all of these are one */
  readonly load: MemoryOp;
  readonly index: Index;
  /** its terms and where it begins are the same in all rows: each row is written over the one before */
  readonly inPlace: boolean;
  /** loads of the numbers that the row above has made, how many steps ago, and what holds where they are loaded */
  readonly above: ReadonlyMap<Memory, { readonly index: Index; readonly age: number; readonly guards: readonly Guard[] }>;
  /** loads of the numbers that the row itself has made, how many steps ago */
  readonly left: ReadonlyMap<Memory, number>;
  /** indices of what stands before the inner loop, and how many elements further */
  readonly ahead: readonly { readonly base: Value; readonly at: Value; readonly plus: number }[];
}

/**
 * How a value gets into lanes. Loads: `along` a row, the same in all rows; `across`, the same on a diagonal (`z[i + j]`); of each row's `own` numbers; one for a whole `row`.
 */
export type How = "constant" | "outside" | "counter" | "carried" | "above" | "left" | "along" | "across" | "own" | "row" | "each" | "operation" | "choice";
/** A load that stands in an arm, and is done whether or not that is taken: its index has to be below the length, in each column or, where no column is in it, in each row. */
export interface Ventured { readonly load: Memory; readonly index: Index | null; readonly rows: number; readonly length: Value | number }

export interface Tableau {
  readonly outer: Counted;
  readonly counter: Counter;
  /** what else the outer loop carries, and what that is in the next row: what two of them hold changes places */
  readonly swapped: ReadonlyMap<Value, Value>;
  /** what the outer loop's test asks of the counter, and what else */
  readonly bound: { readonly test: Machine; readonly others: readonly Value[] };
  /** the best of the numbers so far, which rows hand on */
  readonly bests: readonly Best[];
  /** before the inner loop: what can be done ahead for all rows, and what is done row by row */
  readonly early: readonly Instr[];
  readonly late: readonly Instr[];
  /** where one of these holds the program is left */
  readonly traps: readonly Value[];
  readonly inner: Counted;
  readonly column: Counter;
  /** the last column, or the one behind it */
  readonly limit: { readonly at: Value; readonly last: boolean };
  /** how many columns later the next row begins */
  readonly slope: number;
  readonly rests: readonly Counted[];
  readonly groups: readonly Group[];
  readonly how: ReadonlyMap<Value, How>;
  /** instructions of an iteration that each row does for itself */
  readonly each: readonly Instr[];
  /** sums that were int64 are int32 in lanes: numbers have to be looked at; by how much they grow in a step */
  readonly bounded: boolean;
  readonly growth: number;
  readonly checked: readonly Value[];
  readonly ventured: readonly Ventured[];
  /** doubles that are no NaN as long as no number of the table that comes in is one, which is looked at where there are any */
  readonly numbers: ReadonlySet<Value>;
}

export const comparisons = /^(i(32|64)\.(eq|ne|[lg][te]_[su]|eqz)|f(32|64)\.(eq|ne|[lg][te]))$/;
