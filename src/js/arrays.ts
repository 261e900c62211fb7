// Which memory of a program can be JavaScript arrays, so that `f64.load(x, i)` may print as `x[i]`.
//
//   inputs   a typed array or array of numbers whose address is only ever the base of loads and stores of its own element: the
//            residual takes the array itself ("direct")
//   data     likewise: a constant typed array of the residual
//   frame    likewise, where one local array is all there is in its space: a typed array of the residual's own
//
// Everything else stays in linear memory and is reached through views. Inputs that may share bytes are direct together or not at all:
// a copy in linear memory would not see what is written to the caller's array.
// Requires: machine form without v128. Guarantees: unknown uses (arithmetic on an address, a call, a loop variable) mean "in memory".

import { freeMemory } from "../ir/layout.ts";
import { instructions } from "../ir/build.ts";
import { memoryOps, type MemoryOp } from "../ir/ops.ts";
import type { Input, TypedArrayName } from "../ir/interface.ts";
import type { Bulk, Data, ElementKind, Func, Memory, Program, Value } from "../ir/types.ts";

export interface Element { readonly array: string; readonly shift: number; readonly access: string }

/** Of each element kind: the constructor, log2 of its bytes, and how its loads and stores are called (`i32.load8_s` and `_u` alike). */
export const elements: Readonly<Record<ElementKind, Element>> = {
  i8: { array: "Int8Array", shift: 0, access: "i32:1" }, u8: { array: "Uint8Array", shift: 0, access: "i32:1" }, u8c: { array: "Uint8ClampedArray", shift: 0, access: "i32:1" },
  i16: { array: "Int16Array", shift: 1, access: "i32:2" }, u16: { array: "Uint16Array", shift: 1, access: "i32:2" },
  i32: { array: "Int32Array", shift: 2, access: "i32:4" }, u32: { array: "Uint32Array", shift: 2, access: "i32:4" },
  f32: { array: "Float32Array", shift: 2, access: "f32:4" }, f64: { array: "Float64Array", shift: 3, access: "f64:8" },
  i64: { array: "BigInt64Array", shift: 3, access: "i64:8" }, u64: { array: "BigUint64Array", shift: 3, access: "i64:8" },
};

const elementOf: Readonly<Record<TypedArrayName, ElementKind>> = {
  Int8Array: "i8", Uint8Array: "u8", Uint8ClampedArray: "u8c", Int16Array: "i16", Uint16Array: "u16", Int32Array: "i32", Uint32Array: "u32",
  Float32Array: "f32", Float64Array: "f64",
};

const accessOf = (op: MemoryOp): string => `${memoryOps[op].type}:${memoryOps[op].bytes}`;

export interface FrameArray { readonly offset: number; readonly length: number; readonly element: ElementKind }

export interface Arrays {
  /** by input: its array is handed over as it is */
  readonly direct: readonly boolean[];
  /** the element of every value that is the base address of an array */
  readonly element: ReadonlyMap<Value, ElementKind>;
  /** by data segment: a constant array */
  readonly tables: readonly boolean[];
  /** local arrays, by offset in the frame */
  readonly frame: ReadonlyMap<number, FrameArray>;
}

/** How one base address is used. */
interface Uses { accesses: Memory[]; fills: Bulk[]; other: boolean }

export function findArrays(program: Program): Arrays {
  // 1. every use of every value that may be a base
  const uses = new Map<Value, Uses>();
  const usesOf = (value: Value): Uses => {
    let found = uses.get(value);
    if (!found) uses.set(value, found = { accesses: [], fills: [], other: false });
    return found;
  };
  const addresses: Value[] = [];
  const owner = new Map<Value, Func>();
  for (const func of program.functions) {
    for (const instr of instructions(func.body)) {
      if (instr.op === "data.addr" || instr.op === "frame.addr") { addresses.push(instr.results[0]!); owner.set(instr.results[0]!, func); }
      const access = "scale" in instr;
      for (let k = 0; k < instr.args.length; k++) {
        const arg = instr.args[k]!;
        if (arg.type !== "i32" || arg.def?.op === "const") continue;
        if (access && k === 0) usesOf(arg).accesses.push(instr);
        else if (instr.op === "memory.fill" && k === 0) usesOf(arg).fills.push(instr);
        else usesOf(arg).other = true;
      }
    }
  }

  // 2. inputs
  const element = new Map<Value, ElementKind>();
  const entry = program.functions[0]!;
  const bases = inputBases(program.inputs, entry);
  const direct = program.inputs.map((input, k) => {
    if (input.as !== "typed" && input.as !== "numbers") return false;
    const found = uses.get(bases[k]!);
    return !found || !found.other && found.fills.length === 0 && fits(found.accesses, elementOfInput(input));
  });
  separate(program, direct);
  program.inputs.forEach((input, k) => { if (direct[k]) element.set(bases[k]!, elementOfInput(input)); });

  // 3. constant tables
  const tables = program.data.map((d) => d.name !== freeMemory);
  for (const value of addresses) {
    if (value.def!.op !== "data.addr") continue;
    const { segment } = value.def as { segment: number };
    const found = uses.get(value);
    if (found && (found.other || found.fills.length > 0 || !fits(found.accesses, program.data[segment]!.element))) tables[segment] = false;
  }
  for (const value of addresses) {
    if (value.def!.op !== "data.addr") continue;
    const { segment } = value.def as { segment: number };
    if (tables[segment]) element.set(value, program.data[segment]!.element);
  }

  // 4. the frame: an array stands alone in its space
  const frame = findFrameArrays(program, addresses, owner, uses);
  for (const value of addresses) {
    if (value.def!.op !== "frame.addr") continue;
    const array = frame.get((value.def as { offset: number }).offset);
    if (array) element.set(value, array.element);
  }
  return { direct, element, tables, frame };
}

/** The entry's parameter that holds each input's (first) value. */
export function inputBases(inputs: readonly Input[], entry: Func): Value[] {
  let next = 0;
  return inputs.map((input) => {
    const base = entry.params[next]!;
    next += "space" in input ? 2 : 1;
    return base;
  });
}

const elementOfInput = (input: Input): ElementKind => (input.as === "typed" ? elementOf[input.array] : "f64");

/** All accesses move whole elements of this kind. */
function fits(accesses: readonly Memory[], kind: ElementKind): boolean {
  const { shift, access } = elements[kind];
  return accesses.every((m) => accessOf(m.op) === access && m.offset % (1 << shift) === 0 && (m.scale === shift || constantIndex(m, shift) !== null));
}

/** The whole index, in elements, of an access with a constant one; null if it is none or falls between elements. */
export function constantIndex(access: Memory, shift: number): number | null {
  const index = access.args[1]!.def;
  if (index?.op !== "const") return null;
  const bytes = (Number(index.value) << access.scale) + access.offset;
  return bytes % (1 << shift) === 0 ? bytes >> shift : null;
}

const spacesOf = (input: Input): readonly number[] => (input.as === "rows" ? [input.table, input.space] : "space" in input ? [input.space] : []);

/** Takes out of `direct` every input that may share memory with one that is not direct. */
function separate(program: Program, direct: boolean[]): void {
  const meets = (a: Input, b: Input): boolean => spacesOf(a).some((s) => spacesOf(b).some((t) =>
    s === t || program.spaces[s]!.mayOverlap.includes(t) || program.spaces[t]!.mayOverlap.includes(s)));
  for (let changed = true; changed;) {
    changed = false;
    program.inputs.forEach((a, i) => {
      if (direct[i] && program.inputs.some((b, k) => k !== i && !direct[k] && meets(a, b))) { direct[i] = false; changed = true; }
    });
  }
}

function findFrameArrays(program: Program, addresses: readonly Value[], owner: ReadonlyMap<Value, Func>, uses: ReadonlyMap<Value, Uses>): Map<number, FrameArray> {
  const offsets = [...new Set(addresses.flatMap((v) => (v.def!.op === "frame.addr" ? [v.def.offset] : [])))].toSorted((a, b) => a - b);
  const frameBases = new Set(addresses.filter((v) => v.def!.op === "frame.addr"));
  // which slot each space belongs to; −1: not to one alone
  const slotOfSpace = new Map<number, number>();
  const claim = (space: number, slot: number): void => { slotOfSpace.set(space, slotOfSpace.has(space) && slotOfSpace.get(space) !== slot ? -1 : slot); };
  const refused = new Set<number>();
  const accessesOf = new Map<number, Memory[]>(offsets.map((o) => [o, []]));
  for (const func of program.functions) {
    for (const instr of instructions(func.body)) {
      if (!("space" in instr)) continue;
      const base = instr.args[0]!;
      claim(instr.space, frameBases.has(base) ? (base.def as { offset: number }).offset : -1);
      if (instr.op === "memory.copy") { claim(instr.space, -1); if (instr.from !== undefined) claim(instr.from, -1); }
    }
  }
  for (const value of frameBases) {
    const { offset } = value.def as { offset: number };
    const found = uses.get(value);
    if (owner.get(value) !== program.functions[0] || found?.other) refused.add(offset);
    for (const fill of found?.fills ?? []) {
      const bytes = fill.args[2]!.def;
      if (slotOfSpace.get(fill.space) !== offset || bytes?.op !== "const" || fill.args[1]!.def?.op !== "const" || fill.args[1]!.def.value !== 0) refused.add(offset);
    }
    for (const access of found?.accesses ?? []) {
      accessesOf.get(offset)!.push(access);
      if (slotOfSpace.get(access.space) !== offset) refused.add(offset);
    }
  }
  const arrays = new Map<number, FrameArray>();
  offsets.forEach((offset, k) => {
    const accesses = accessesOf.get(offset)!;
    if (refused.has(offset) || accesses.length === 0) return;
    const kind = elementOfAccesses(accesses, program);
    const end = offsets[k + 1] ?? program.frameBytes;
    if (kind && fits(accesses, kind)) arrays.set(offset, { offset, element: kind, length: (end - offset) >> elements[kind].shift });
  });
  return arrays;
}

/** The element that a local array is declared with, by its space. */
function elementOfAccesses(accesses: readonly Memory[], program: Program): ElementKind | null {
  const kinds = new Set(accesses.map((a) => program.spaces[a.space]?.element));
  return kinds.size === 1 ? [...kinds][0] ?? null : null;
}

/** The numbers of a data segment. */
export function valuesOf(data: Data): ArrayLike<number | bigint> {
  const bytes = data.bytes.slice().buffer;
  switch (data.element) {
    case "i8": return new Int8Array(bytes);
    case "u8": case "u8c": return new Uint8Array(bytes);
    case "i16": return new Int16Array(bytes);
    case "u16": return new Uint16Array(bytes);
    case "i32": return new Int32Array(bytes);
    case "u32": return new Uint32Array(bytes);
    case "f32": return new Float32Array(bytes);
    case "f64": return new Float64Array(bytes);
    case "i64": return new BigInt64Array(bytes);
    case "u64": return new BigUint64Array(bytes);
  }
}
