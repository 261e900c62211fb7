// Where a Program's memory is: the addresses that its residual code takes for constants. Decided when a program is bound to a memory.
// All four are byte addresses. The runtime's allocator gives them; both back ends and the evaluator take them as given.

export interface Layout {
  /** the address of each of Program.data's segments, whose bytes the one who binds the program writes there */
  readonly data: readonly number[];
  /** the entry's stack frame, Program.frameBytes long, 16-byte aligned */
  readonly frame: number;
  /** the output slots, one f64 each: `slot.set` writes at slots + 8 * slot */
  readonly slots: number;
  /** the status word, an i32: the exit's index plus one, 0 for none written (see "Outcome" in docs/ir.md) */
  readonly status: number;
}
