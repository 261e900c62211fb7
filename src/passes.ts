// What a pass of one's own is written with (docs/passes.md): the walk that every pass of wasmorph shares, the IR's types, its operations,
// its text form and its checker. The IR may change between minor versions; the checker says where.

export { Rewriter } from "./specialize/rewrite.ts";
export type { CustomPass } from "./specialize/custom.ts";
export type { Note } from "./specialize/notes.ts";
export { constantOf, instructions, regionsOf } from "./ir/build.ts";
export { check } from "./ir/check.ts";
export { wordsAt } from "./ir/marks.ts";
export { memoryOps, ops } from "./ir/ops.ts";
export { parse } from "./ir/parse.ts";
export { print, printProgram } from "./ir/print.ts";
export type { Br, Func, If, Instr, Loop, Machine, Memory, Program, Region, Type, Value } from "./ir/types.ts";
