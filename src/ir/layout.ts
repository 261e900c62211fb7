// Where a Program's memory is: the addresses that its residual code takes for constants. Decided when a program is bound to a memory.
// All four are byte addresses. The runtime's allocator gives them; both back ends and the evaluator take them as given.

import { instructions } from "./build.ts";
import type { Program, Space } from "./types.ts";

export interface Layout {
  /** the address of each of Program.data's segments, whose bytes the one who binds the program writes there */
  readonly data: readonly number[];
  /** segments that lie elsewhere for each instance of the module: it imports their addresses, ("env", "data" and the segment's number) */
  readonly varying?: ReadonlySet<number>;
  /** the entry's stack frame, Program.frameBytes long, 16-byte aligned */
  readonly frame: number;
  /** the output slots, one f64 each: `slot.set` writes at slots + 8 * slot */
  readonly slots: number;
  /** the status word, an i32: the exit's index plus one, 0 for none written (see "Outcome" in docs/ir.md) */
  readonly status: number;
}

/**
 * The upper half (i32) of an element that can be several things, where it is the first of them; the next one's is by one larger. They are
 * signalling NaNs, which no arithmetic makes, and not the one that V8's Math functions give (0x7ff40000).
 */
export const boxTag = 0x7ff4_0010;

/**
 * The name of the segment of two words (i32) that a program with arrays of computed lengths has: where free memory for a call begins and
 * where it ends. Who calls the program sets them before each call; the program moves the first one up.
 */
export const freeMemory = "free memory";
/** The names of the spaces that hold nothing but addresses, lengths and capacities of the program's own arrays: no number there is negative. */
export const heads = { lengths: "heap_lengths", capacities: "heap_capacities", boxes: "heap_boxes" } as const;
/** Whether the space is one of these; boxes of objects hold their fields. */
export const holdsHeads = ({ name, origin, element }: Space): boolean => origin === "frame" && element === "i32" && Object.values<string>(heads).includes(name);
/** The position of that segment in Program.data; −1 where the program needs none. */
export const freeMemorySegment = (program: Pick<Program, "data">): number => program.data.findIndex((d) => d.name === freeMemory);

const align = (address: number): number => (address + 15) & ~15;

/** How many output slots a program writes. */
export function slotCount(program: Program): number {
  let count = 0;
  for (const func of program.functions) {
    for (const instr of instructions(func.body)) if (instr.op === "slot.set") count = Math.max(count, instr.slot + 1);
  }
  return count;
}

/** A layout from `start` on, everything 16-byte aligned, and where it ends. For the evaluator and for tests: the runtime has an allocator. */
export function layOut(program: Program, start: number): { readonly layout: Layout; readonly end: number } {
  let end = align(start);
  const take = (bytes: number): number => { const at = end; end = align(end + bytes); return at; };
  const [status, slots, frame] = [take(4), take(8 * slotCount(program)), take(program.frameBytes)];
  const layout = { status, slots, frame, data: program.data.map((d) => take(d.bytes.length)) };
  return { layout, end };
}

/** Writes the program's constant tables where the layout has them. */
export function writeData(program: Program, memory: ArrayBuffer, layout: Layout): void {
  program.data.forEach((d, i) => new Uint8Array(memory).set(d.bytes, layout.data[i]!));
  const free = freeMemorySegment(program);
  // for tests and the evaluator: the upper half of the memory is free
  if (free >= 0) new Int32Array(memory, layout.data[free]!, 2).set([(memory.byteLength >> 1) & ~15, memory.byteLength]);
}
