// The error for what must never happen: our bug. Loud in tests; in production the kernel falls back to its original, with an event.

import { Refusal } from "../diagnostic.ts";
import { printInstr } from "./print.ts";
import type { Instr } from "./types.ts";

export class Invariant extends Refusal {
  /** the guilty instruction, if one is */
  readonly instr: Instr | null;
  constructor(message: string, instr: Instr | null, func: string, name = "Invariant") {
    const frame = instr ? printInstr(instr) : "";
    super({
      kind: "Invariant", message: `${message}${frame && `: ${frame}`} (in @${func})`,
      hint: "This is a fault of wasmorph's own. Please report it with the kernel's source.",
      file: null, line: instr?.place?.line ?? 1, column: instr?.place?.column ?? 1, frame,
    });
    this.name = name;
    this.instr = instr;
  }
}
