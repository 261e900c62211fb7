// Programs for these tests: written with the builder, run as emitted Wasm at several optimize levels.

import { Builder } from "../../src/ir/build.ts";
import type { Exit } from "../../src/ir/interface.ts";
import type { Layout } from "../../src/ir/layout.ts";
import type { Data, Func, Program, Type, Value } from "../../src/ir/types.ts";
import { emit, type EmitOptions, type Emitted } from "../../src/wasm/emit.ts";
import { instantiate, type Run } from "../../src/wasm/instantiate.ts";

export const layout: Layout = { data: [70000], frame: 72000, slots: 74000, status: 76000 };
export const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
export const view = new DataView(memory.buffer);
/** where arrays of the tests begin */
export const array = 80000;

export const levels: readonly EmitOptions[] = [{}, { level: 1 }, { level: 3, shrink: 1 }];

/** functions[0] of the given types; `write` appends to the builder's region and ends it */
export function func(name: string, params: readonly Type[], results: readonly Type[], write: (b: Builder, params: Value[]) => void): Func {
  const b = new Builder();
  const values = params.map((t, i) => b.value(t, `p${i}`));
  const body = b.inRegion(() => write(b, values));
  return b.func(name, values, results, body);
}

const plain: Exit = { kind: "return", value: { make: "result", as: "number" }, writes: [] };
export const bail: Exit = { kind: "bail", reason: "test", clean: true };

export function program(functions: readonly Func[], more: Partial<Program> = {}): Program {
  return { functions, data: [] as Data[], spaces: [], inputs: [], exits: [plain], frameBytes: 0, ...more };
}

/** The emitted entry at each level. */
export function compile(p: Program, options: EmitOptions = {}): { run: Run; emitted: Emitted; level: string }[] {
  return levels.map((level) => {
    const emitted = emit(p, layout, { ...level, ...options, validate: true });
    return { run: instantiate(emitted.bytes, memory).run, emitted, level: JSON.stringify(level) };
  });
}

/** The entry made of one expression. */
export const expression = (params: readonly Type[], result: Type, write: (b: Builder, params: Value[]) => Value): Program =>
  program([func("f", params, [result], (b, values) => b.return([write(b, values)]))]);
