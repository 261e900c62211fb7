// Program → readable residual JavaScript.
//
// The text is the body of a function of `$env` (instantiate.ts) and ends by returning the entry, whose parameters are the program's
// inputs: a number (booleans as 0 and 1) for each, an array and its length for a direct typed array or array of numbers, an address in
// `$env.memory` and a length for one that is not. Outcome as docs/ir.md says: one result, output slots `$out`, the status word `$status`.
//
// Requires: a checked program in machine form, without v128 (take the one before vectorization; else Refusal Todo).
// Guarantees: same bits as the evaluator's. Constants are typed literals, names from the source are made identifiers; no text is spliced.
//
// arrays.ts says what is a JavaScript array, function.ts prints one function, expression.ts spells operations.

import { instructions } from "../ir/build.ts";
import { helpers, type Helper } from "../ir/spell.ts";
import type { ElementKind, Place, Program } from "../ir/types.ts";
import { elements, findArrays, inputBases, valuesOf } from "./arrays.ts";
import { ownBounds } from "./bounds.ts";
import { literal } from "./expression.ts";
import { FunctionPrinter } from "./function.ts";
import { Names } from "./names.ts";
import { refusal } from "./refuse.ts";
import { Layout } from "./statements.ts";
import type { Surroundings } from "./values.ts";

export interface EmitJsOptions {
  /** what the entry is called; the program's own name for it otherwise */
  readonly name?: string;
  /** name the source line behind the statements (default: yes) */
  readonly comments?: boolean;
  /** the line in its file of the source's first line */
  readonly firstLine?: number;
}

export interface EmittedJs {
  /** the whole text, a function body over `$env`; see instantiateJs */
  readonly source: string;
  /** by input: the array itself is passed in place of its address (a Float64Array copy for an array of numbers) */
  readonly direct: readonly boolean[];
  /** it reads or writes linear memory: `$env.memory` and its layout are needed */
  readonly memory: boolean;
  /** where in the kernel's text each line of `source` comes from */
  readonly places: readonly (Place | undefined)[];
}

const viewNames: Readonly<Record<string, string>> = {
  $I8: "Int8Array", $U8: "Uint8Array", $I16: "Int16Array", $U16: "Uint16Array", $I32: "Int32Array", $F32: "Float32Array", $F64: "Float64Array", $I64: "BigInt64Array",
  $bytes: "DataView",
};

export function emitJs(program: Program, options: EmitJsOptions = {}): EmittedJs {
  refuseVectors(program);
  const arrays = findArrays(program);
  const entry = program.functions[0]!;

  // 1. names of the module: functions and arrays
  const names = new Names();
  const functions = new Map(program.functions.map((f, k) => [f.name, names.unique((k === 0 && options.name) || f.name)]));
  const tables = program.data.map((d) => names.unique(d.name || "table"));
  const frame = new Map([...arrays.frame.keys()].map((offset) => [offset, names.unique(spaceName(program, offset, arrays.frame.size))]));
  const surroundings: Surroundings = {
    program, arrays, bounds: ownBounds(program, arrays), functions, tables, frame, names, helpers: new Set<Helper>(), views: new Set<string>(), usedTables: new Set<number>(), frameAddress: false,
    returnExits: program.exits.filter((e) => e.kind === "return").length,
  };

  // 2. the functions, callees first; what they use of the module is known afterwards
  const bases = new Map(inputBases(program.inputs, entry).map((value, k) => [value, program.inputs[k]!]));
  const printed = program.functions.map((f, k) => new FunctionPrinter(f, surroundings, k === 0 ? bases : null).print());

  // 3. the text
  const layout = new Layout(options.comments ?? true, options.firstLine);
  layout.line(0, '"use strict";');
  for (const view of surroundings.views) {
    if (view === "$status" || view === "$out" || view === "$trap") layout.line(0, `const ${view} = $env.${view.slice(1)};`);
    else layout.line(0, `const ${view} = new ${viewNames[view]}($env.memory);`);
  }
  for (const helper of surroundings.helpers) layout.line(0, helpers[helper]);
  program.data.forEach((data, segment) => {
    if (!surroundings.usedTables.has(segment)) return;
    if (!arrays.tables[segment]) layout.line(0, `const ${tables[segment]} = $env.layout.data[${segment}];`);
    else declareTable(layout, tables[segment]!, data.element, Array.from(valuesOf(data), (v) => literal(v).text));
  });
  for (const [offset, array] of arrays.frame) layout.line(0, `const ${frame.get(offset)} = new ${elements[array.element].array}(${array.length});`);
  if (surroundings.frameAddress) layout.line(0, "const $frame = $env.layout.frame;");
  for (let k = printed.length - 1; k >= 0; k--) {
    const { params, body } = printed[k]!;
    layout.line(0, `function ${functions.get(program.functions[k]!.name)}(${params.join(", ")}) {`).add(body, 1).line(0, "}");
  }
  layout.line(0, `return ${functions.get(entry.name)};`);

  const addressed = [...surroundings.usedTables].some((segment) => !arrays.tables[segment]);
  const inMemory = addressed || [...surroundings.views].some((v) => v in viewNames) || surroundings.frameAddress;
  return { source: layout.text(), direct: arrays.direct, memory: inMemory, places: layout.places() };
}

/** A local array's name: its space's. */
function spaceName(program: Program, offset: number, count: number): string {
  for (const func of program.functions) {
    for (const instr of instructions(func.body)) {
      if (!("space" in instr)) continue;
      const base = instr.args[0]!;
      if (base.def?.op === "frame.addr" && base.def.offset === offset) return program.spaces[instr.space]?.name || base.name || "local";
    }
  }
  return count === 1 ? "local" : `local${offset}`;
}

const perLine = 12;

function declareTable(layout: Layout, name: string, element: ElementKind, values: readonly string[]): void {
  const head = `const ${name} = new ${elements[element].array}([`;
  if (values.length <= perLine) { layout.line(0, `${head}${values.join(", ")}]);`); return; }
  layout.line(0, head);
  for (let k = 0; k < values.length; k += perLine) layout.line(1, `${values.slice(k, k + perLine).join(", ")},`);
  layout.line(0, "]);");
}

function refuseVectors(program: Program): void {
  for (const func of program.functions) {
    for (const instr of instructions(func.body)) {
      if (instr.op === "lane" || instr.args.some((a) => a.type === "v128") || instr.results.some((r) => r.type === "v128")) {
        throw refusal("Todo", "JavaScript has no vectors: residual JavaScript is made of the program before vectorization", instr.place);
      }
    }
  }
}
