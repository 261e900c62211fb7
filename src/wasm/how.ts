// How the expression of an operation is made, looked up by the operation's name once for the life of the process: emitting asks this for
// every instruction, and the operation table is too large an object to be asked quickly.
// Requires: Binaryen is loaded.

import { isMachineOp, isMemoryOp, memoryOps, ops, type MachineOp } from "../ir/ops.ts";
import type { Type } from "../ir/types.ts";
import { binaryen, type Opcode } from "./binaryen.ts";

/** `read`: it reads memory or may trap, and must stay before the writes and forks of control that come after it. */
export type How =
  | { readonly how: "instruction"; readonly read: boolean; readonly opcode: Opcode }
  | { readonly how: "load"; readonly read: boolean; readonly bytes: number; readonly type: Type }
  | { readonly how: "expansion"; readonly read: boolean; readonly op: MachineOp }
  | { readonly how: "lane"; readonly read: boolean };

const hows = new Map<string, How>();

export function howTo(op: string): How {
  let how = hows.get(op);
  if (how === undefined) hows.set(op, (how = learn(op)));
  return how;
}

function learn(op: string): How {
  if (op === "lane") return { how: "lane", read: false };
  if (isMemoryOp(op)) return { how: "load", read: true, ...memoryOps[op] };
  if (!isMachineOp(op)) throw new Error(`${op} is no operation of the machine`);
  const { wasm, effect } = ops[op], read = effect !== "none";
  return wasm === null ? { how: "expansion", read, op } : { how: "instruction", read, opcode: binaryen().opcode(wasm) };
}
