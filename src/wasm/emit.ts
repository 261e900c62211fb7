// A residual program → the bytes of a WebAssembly module.
//
//   imports   ("env", "memory"), the addresses of segments that vary (Layout), and the host's functions that it uses, each directly: ("Math", "sin")
//   exports   "run", the entry: functions[0]
// Requires: Binaryen is loaded (`ready()`); the program is checked and in machine form; the layout is that of the memory it will run on.
// Guarantees: the module means what the evaluator says the program means, at every optimize level. Synchronous; near-linear in the program.
//
// Level 0, the default, runs none of Binaryen's passes: they gain nothing on straight-line code under TurboFan and would stand between a
// change and the first fast call. Tuning asks for others.

import type { SourceText } from "../diagnostic.ts";
import { Builder } from "../ir/build.ts";
import type { Layout } from "../ir/layout.ts";
import type { Place, Program, Type } from "../ir/types.ts";
import { varyingName } from "./address.ts";
import { binaryen, ready, type ModuleWriter, type Node, type TypeNumber } from "./binaryen.ts";
import { emitFunction, type ModuleContext } from "./function.ts";
import { laneWriter } from "./lanes.ts";
import { link, type LibraryFunction } from "./link.ts";
import { replacement } from "./probe.ts";
import { withModuleName, withSourceMap } from "./sections.ts";

export interface EmitOptions {
  readonly level?: 0 | 1 | 2 | 3 | 4;
  readonly shrink?: 0 | 1 | 2;
  /** Binaryen's passes by name, run instead of the level's own */
  readonly passes?: readonly string[];
  /** write the name section: functions, and locals by the user's names */
  readonly names?: boolean;
  /** what the entry is called there, and so in stack traces and profiles; the program's own name for it otherwise */
  readonly name?: string;
  /** what the module is called where the engine shows it (stack traces, profiles): the kernel's file and line. With names only */
  readonly place?: string;
  /** write a source map; the text that the program's places count in */
  readonly sourceMap?: SourceText;
  /** the library's functions of Math, whether or not their bits are the host's */
  readonly ownMath?: boolean;
  /** put the source map into the module */
  readonly embedMap?: boolean;
  /** have Binaryen validate the module before it is optimized; the engine validates it in any case */
  readonly validate?: boolean;
}

export interface Emitted {
  readonly bytes: Uint8Array;
  /** false where Binaryen's passes were asked for but left out: see `deepestOptimized` */
  readonly optimized: boolean;
  /** the module's text, with names; made when asked for */
  wat(): string;
  readonly imports: readonly { readonly module: string; readonly name: string }[];
  readonly sourceMap?: string;
}

/**
 * Binaryen's passes nest every chain of operations into one expression, take time with the square of its depth, and run out of stack between
 * 2,500 and 5,000 operations. Longer chains than this (a fully unrolled sum) are left as they are: V8 optimizes them anyway.
 */
const deepestOptimized = 2000;

/** The name by which the source map is found from the module. */
const sourceMapUrl = "module.wasm.map";

export function emit(program: Program, layout: Layout, options: EmitOptions = {}): Emitted {
  const { level = 0, shrink = 0, passes, names = false } = options;
  const b = binaryen();
  const writer = b.module();
  try {
    const { imports, longestChain } = writeModule(writer, program, layout, options);
    if (options.validate) {
      const complaint = writer.validate();
      if (complaint) throw new Error(`Binaryen finds the module invalid:\n${complaint}`);
    }
    const asked = level > 0 || shrink > 0 || passes !== undefined;
    const optimized = asked && longestChain <= deepestOptimized;
    if (optimized) writer.optimize({ level, shrink, passes, names });
    const { bytes: written, sourceMap } = writer.write(names, { level, shrink }, options.sourceMap && sourceMapUrl);
    const bytes = names && options.place !== undefined ? withModuleName(written, options.place) : written;
    const emitted: Emitted = {
      bytes: options.embedMap && options.sourceMap && sourceMap !== undefined ? withSourceMap(bytes, sourceMap, options.sourceMap) : bytes,
      imports,
      optimized: optimized || !asked,
      wat: () => b.disassemble(names ? bytes : emit(program, layout, { ...options, names: true }).bytes),
    };
    return sourceMap === undefined ? emitted : { ...emitted, sourceMap };
  } finally { writer.dispose(); }
}

/** Loads Binaryen and emits a first small module, so that the first real one does not pay for what the engine compiles on first use (20–50 ms). */
export async function warm(): Promise<void> {
  await ready();
  const b = new Builder();
  const x = b.value("f64");
  const body = b.inRegion(() => b.return([b.op("f64.add", x, b.op("f64.rem", x, b.f64(2)))]));
  const exit = { kind: "return", value: { make: "result", as: "number" }, writes: [] } as const;
  emit({ functions: [b.func("warm", [x], ["f64"], body)], data: [], spaces: [], inputs: [], exits: [exit], frameBytes: 0 }, { data: [], frame: 0, slots: 0, status: 0 });
}

/** Writes all functions, and what they import. */
function writeModule(writer: ModuleWriter, program: Program, layout: Layout, options: EmitOptions): { imports: Emitted["imports"]; longestChain: number } {
  const { typeNumber } = binaryen();
  const imports = [{ module: "env", name: "memory" }];
  writer.importMemory("env", "memory");

  for (const segment of layout.varying ?? []) {
    writer.importGlobal("env", varyingName(segment));
    imports.push({ module: "env", name: varyingName(segment) });
  }

  const f64 = typeNumber("f64");
  const linked = new Map<LibraryFunction, { internal: string; result: TypeNumber }>();
  const library = (name: LibraryFunction, args: readonly Node[]): Node => {
    let found = linked.get(name);
    if (found === undefined) linked.set(name, (found = link(writer, name)));
    return writer.call(found.internal, args, found.result);
  };
  const mathImports = new Map<string, string>();
  const math = (name: string, args: readonly Node[]): Node => {
    const ours = replacement(name, args.length, options.ownMath);
    if (ours) return library(ours, args);
    const key = `Math.${name}/${args.length}`; // Math.hypot has more than one type
    let internal = mathImports.get(key);
    if (internal === undefined) {
      internal = [...mathImports.values()].includes(`Math.${name}`) ? key : `Math.${name}`;
      mathImports.set(key, internal);
      writer.importFunction(internal, "Math", name, writer.together(args.map(() => f64)), f64);
      if (!imports.some((i) => i.name === name)) imports.push({ module: "Math", name });
    }
    return writer.call(internal, args, f64);
  };

  const byName = new Map(program.functions.map((func, i) => [func.name, { func, internal: `${(i === 0 && options.name) || func.name || "function"}${i === 0 ? "" : `.${i}`}` }]));
  const located: { readonly node: Node; readonly place: Place }[] = [];
  const none = writer.together([]);
  let endless: string | undefined;
  const context: ModuleContext = {
    writer, program, layout, math, library, laneMath: laneWriter(writer, math, options.ownMath),
    names: options.names ?? false,
    locate: options.sourceMap ? (node, place) => { located.push({ node, place }); } : null,
    manyReturns: program.exits.filter((exit) => exit.kind === "return").length > 1,
    deeper: () => {
      endless ??= (writer.function("deeper", none, none, [], writer.call("deeper", [], none)), "deeper");
      return writer.call(endless, [], none);
    },
    internalName: (name) => byName.get(name)!.internal,
    resultsOf: (name): readonly Type[] => byName.get(name)!.func.results,
  };
  let longestChain = 0;
  program.functions.forEach((func, i) => {
    const { body, locals, localNames, longestChain: chain } = emitFunction(func, i === 0, context);
    longestChain = Math.max(longestChain, chain);
    const paramCount = func.params.length;
    const added = writer.function(
      context.internalName(func.name), writer.together(func.params.map((p) => typeNumber(p.type))), writer.together(func.results.map(typeNumber)),
      locals.types.slice(paramCount), body,
    );
    const taken = new Set<string>();
    for (const [local, names] of localNames) {
      const name = names.join(".");
      const unique = taken.has(name) ? `${name}.${local}` : name;
      taken.add(unique);
      writer.nameLocal(added, local, unique);
    }
    for (const { node, place } of located) locate(writer, added, node, place, options.sourceMap!);
    located.length = 0;
  });
  writer.export(context.internalName(program.functions[0]!.name), "run");
  return { imports, longestChain };
}

/** Places count from the start of the function's text; source maps from the start of the file. */
function locate(writer: ModuleWriter, func: number, node: Node, place: Place, text: SourceText): void {
  const column = place.line === 1 ? text.column + place.column - 1 : place.column;
  writer.locate(func, node, text.file ?? "kernel.js", text.line + place.line - 1, column);
}
