// How far the arrays reach that a program is given: the caller's, which come as an address and a length beside it, and constant tables; how far its own in the stack frame do.

import type { Input, TypedArrayName } from "./interface.ts";
import { elementArrays } from "./print.ts";
import { instructions } from "./build.ts";
import type { Func, Memory, Program, Value } from "./types.ts";

/** What lies at an address: so many elements (i32 if the call tells) of so many bytes each. */
export interface Extent { readonly length: Value | number; readonly bytes: number }

type ArrayInput = Extract<Input, { readonly space: number }>;
const isArray = (input: Input): input is ArrayInput => "space" in input;

const typedBytes = {
  Int8Array: 1, Uint8Array: 1, Uint8ClampedArray: 1, Int16Array: 2, Uint16Array: 2, Int32Array: 4, Uint32Array: 4, Float32Array: 4, Float64Array: 8,
} as const satisfies Record<TypedArrayName, number>;

/** The bytes of what its length counts: an element, a code unit, a pair of i32. */
export const elementBytes = (input: ArrayInput): number => (input.as === "typed" ? typedBytes[input.array] : input.as === "text" ? 2 : 8);

/** The arrays that the entry is given, by their two parameters. */
export function arraysOf(func: Func, program: Program): { readonly input: ArrayInput; readonly address: Value; readonly length: Value }[] {
  if (func !== program.functions[0]) return [];
  let at = 0;
  return program.inputs.flatMap((input) => {
    const [address, length] = [func.params[at]!, func.params[at + 1]!];
    at += isArray(input) ? 2 : 1;
    return isArray(input) ? [{ input, address, length }] : [];
  });
}

/** Null where the address is another's: of a list, which has room for more than its length, of a row, of the program's own memory. */
export function extentOf(base: Value, func: Func, program: Program): Extent | null {
  if (base.def?.op === "data.addr") {
    const { bytes, element } = program.data[base.def.segment]!, size = elementArrays[element].BYTES_PER_ELEMENT;
    return { length: bytes.length / size, bytes: size };
  }
  const array = base.def === null ? arraysOf(func, program).find(({ address }) => address === base) : undefined;
  return array && array.input.as !== "list" ? { length: array.length, bytes: elementBytes(array.input) } : null;
}

/** Of what a load or store touches, so many steps of its index from the base on: one of the frame's arrays ends where the next one begins, at the latest. */
export function reachOf({ args: [base], scale }: Memory, func: Func, program: Program): Value | number | null {
  const { def } = base!;
  if (def?.op !== "frame.addr") return extentOf(base!, func, program)?.length ?? null;
  const end = slotsOf(program).find((offset) => offset > def.offset) ?? program.frameBytes;
  return Math.floor((end - def.offset) / 2 ** scale);
}
const slots = new WeakMap<Program, readonly number[]>();
/** where the frame's arrays begin, in order */
function slotsOf(program: Program): readonly number[] {
  let found = slots.get(program);
  if (!found) slots.set(program, found = program.functions.flatMap((f) => [...instructions(f.body)].flatMap((i) => (i.op === "frame.addr" ? [i.offset] : []))).toSorted((a, b) => a - b));
  return found;
}
