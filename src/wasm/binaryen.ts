// Binaryen, typed: the only file that calls it. Everything that is peculiar about the library is dealt with here.
//
//   ready()      loads it, once (half a second, so never before it is needed)
//   binaryen()   the loaded library; throws before
//   ModuleWriter one module under construction. Whoever makes one disposes it: a module that is not disposed is never freed
//
// Peculiarities: the convenient JavaScript interface makes hundreds of closures for each module and copies every argument list, so the C
// functions beneath it are called; what C++ throws is no Error; validation text goes to the console as it was at import; the optimizer's
// options belong to the process, so all of them are set before every run; an expression may stand in one place only.
// The numbers of Binaryen's operations are taken from Binaryen itself: it parses each instruction of the operation table once and says what
// it made of it. So WebAssembly's own names are the only ones that this project spells.

import { laneOps, memoryOps, ops, type LaneOp } from "../ir/ops.ts";
import type { Type } from "../ir/types.ts";
import { laneLoads, splatLoads } from "./loaded.ts";

declare const nodeBrand: unique symbol;
/** An expression of the module under construction. It may be used once. */
export type Node = number & { readonly [nodeBrand]: true };
/** Binaryen's number of a type */
export type TypeNumber = number;

type Raw = Record<(typeof rawNames)[number], (...args: (number | bigint)[]) => number>;
const rawNames = [
  "__i32_store", "__i32_store8", "__i32_load", "__i32_load8_u", "_malloc", "_free",
  "_BinaryenModuleCreate", "_BinaryenModuleDispose", "_BinaryenModuleSetFeatures", "_BinaryenModuleValidate", "_BinaryenModuleOptimize", "_BinaryenModuleRunPasses",
  "_BinaryenModuleAllocateAndWrite", "_BinaryenModuleAddDebugInfoFileName", "_BinaryenFunctionSetDebugLocation", "_BinaryenFunctionSetLocalName",
  "_BinaryenSetMemory", "_BinaryenAddMemoryImport", "_BinaryenAddGlobalImport", "_BinaryenGlobalGet", "_BinaryenAddFunctionImport", "_BinaryenAddFunction", "_BinaryenAddFunctionExport",
  "_BinaryenLiteralInt32", "_BinaryenLiteralInt64", "_BinaryenLiteralFloat32", "_BinaryenLiteralFloat64", "_BinaryenLiteralVec128", "_BinaryenConst",
  "_BinaryenLocalGet", "_BinaryenLocalSet", "_BinaryenLocalTee", "_BinaryenUnary", "_BinaryenBinary", "_BinaryenSelect", "_BinaryenSIMDTernary",
  "_BinaryenSIMDShift", "_BinaryenSIMDExtract", "_BinaryenSIMDReplace", "_BinaryenSIMDShuffle", "_BinaryenSIMDLoad", "_BinaryenSIMDLoadStoreLane",
  "_BinaryenLoad", "_BinaryenStore", "_BinaryenMemoryFill", "_BinaryenMemoryCopy",
  "_BinaryenBlock", "_BinaryenIf", "_BinaryenLoop", "_BinaryenBreak", "_BinaryenReturn", "_BinaryenUnreachable", "_BinaryenDrop", "_BinaryenCall",
  "_BinaryenTypeCreate", "_BinaryenTupleMake", "_BinaryenTupleExtract", "_BinaryenExpressionCopy", "_BinaryenExpressionGetId",
  "_BinaryenUnaryGetOp", "_BinaryenBinaryGetOp", "_BinaryenSIMDTernaryGetOp", "_BinaryenSIMDShiftGetOp", "_BinaryenSIMDExtractGetOp", "_BinaryenSIMDReplaceGetOp",
  "_BinaryenSIMDLoadGetOp", "_BinaryenSIMDLoadStoreLaneGetOp", "_BinaryenGetFunction", "_BinaryenFunctionGetBody", "_BinaryenFunctionGetParams", "_BinaryenFunctionGetResults",
  "_BinaryenFunctionGetNumVars", "_BinaryenFunctionGetVar",
  "_BinaryenLocalGetGetIndex", "_BinaryenLocalGetSetIndex", "_BinaryenLocalSetGetIndex", "_BinaryenLocalSetSetIndex", "_BinaryenLocalSetGetValue",
  "_BinaryenBlockGetNumChildren", "_BinaryenBlockGetChildAt", "_BinaryenIfGetCondition", "_BinaryenIfGetIfTrue", "_BinaryenIfGetIfFalse", "_BinaryenUnaryGetValue", "_BinaryenBinaryGetLeft", "_BinaryenBinaryGetRight",
  "_BinaryenSIMDTernaryGetA", "_BinaryenSIMDTernaryGetB", "_BinaryenSIMDTernaryGetC", "_BinaryenSIMDShiftGetVec", "_BinaryenSIMDShiftGetShift",
  "_BinaryenSizeofLiteral",
] as const;

/** What is used of Binaryen's JavaScript interface. */
interface Library {
  readonly none: number; readonly i32: number; readonly i64: number; readonly f32: number; readonly f64: number; readonly v128: number; readonly auto: number;
  readonly UnaryId: number; readonly BinaryId: number; readonly SelectId: number; readonly SIMDTernaryId: number; readonly SIMDShiftId: number;
  readonly SIMDExtractId: number; readonly SIMDReplaceId: number; readonly SIMDShuffleId: number; readonly SIMDLoadId: number; readonly SIMDLoadStoreLaneId: number; readonly LoadId: number; readonly StoreId: number;
  readonly LocalGetId: number; readonly LocalSetId: number; readonly BlockId: number; readonly IfId: number; readonly ConstId: number;
  readonly Features: Record<"MutableGlobals" | "NontrappingFPToInt" | "SIMD128" | "BulkMemory" | "BulkMemoryOpt" | "SignExt" | "Multivalue" | "RelaxedSIMD", number>;
  getExceptionMessage(thrown: unknown): readonly string[];
  parseText(text: string, features: number): LibraryModule;
  readBinary(bytes: Uint8Array, features: number): LibraryModule;
  setOptimizeLevel(level: number): void; setShrinkLevel(level: number): void; setDebugInfo(on: boolean): void;
  setTrapsNeverHappen(on: boolean): void; setClosedWorld(on: boolean): void; setLowMemoryUnused(on: boolean): void; setZeroFilledMemory(on: boolean): void;
  setFastMath(on: boolean): void; setGenerateStackIR(on: boolean): void; setOptimizeStackIR(on: boolean): void;
  setAlwaysInlineMaxSize(size: number): void; setFlexibleInlineMaxSize(size: number): void; setOneCallerInlineMaxSize(size: number): void;
  setAllowInliningFunctionsWithLoops(on: boolean): void; clearPassArguments(): void; clearPassesToSkip(): void;
}
interface LibraryModule {
  readonly ptr: number;
  getFunctionByIndex(index: number): number;
  emitText(): string;
  dispose(): void;
}

export type Form = "unary" | "binary" | "select" | "ternary" | "shift" | "extract" | "replace" | "shuffle" | "vectorLoad" | "laneLoad" | "load" | "store";
export interface Opcode { readonly form: Form; readonly code: number }

export interface OptimizeOptions {
  readonly level: number;
  readonly shrink: number;
  /** passes by Binaryen's names; run instead of the level's own when given */
  readonly passes?: readonly string[] | undefined;
  readonly names: boolean;
}

let library: Library | null = null;
let raw: Raw;
let opcodes: ReadonlyMap<string, Opcode>;
let types: Record<Type, TypeNumber>;
let features = 0;
let loading: Promise<void> | null = null;
/** lines that Binaryen printed while someone listens; else null and they go to the console */
let listener: string[] | null = null;

/** Loads Binaryen. Cheap when it is there already. */
export function ready(): Promise<void> {
  return (loading ??= load().catch((error: unknown) => { loading = null; throw error; }));
}

async function load(): Promise<void> {
  // Binaryen keeps the console's functions of the moment it is imported: give it ones that can listen.
  const { log, error } = console;
  const forward = (original: typeof log): typeof log => (...args) => { if (listener) listener.push(args.join(" ")); else original.apply(console, args); };
  const shims = { log: forward(log), error: forward(error) };
  Object.assign(console, shims);
  let imported: Library & Raw;
  try {
    imported = ((await import("binaryen")) as { default: unknown }).default as Library & Raw;
  } finally {
    if (console.log === shims.log) console.log = log;
    if (console.error === shims.error) console.error = error;
  }
  const functions: Partial<Raw> = {};
  for (const name of rawNames) {
    if (typeof imported[name] !== "function") throw new Error(`Binaryen has no ${name}`);
    functions[name] = imported[name];
  }
  raw = functions as Raw;
  const { MutableGlobals, NontrappingFPToInt, SIMD128, BulkMemory, BulkMemoryOpt, SignExt, Multivalue, RelaxedSIMD } = imported.Features;
  features = MutableGlobals | NontrappingFPToInt | SIMD128 | BulkMemory | BulkMemoryOpt | SignExt | Multivalue | RelaxedSIMD;
  // "js" is no type of WebAssembly's: a value of it in a machine program fails Binaryen's validation
  types = { i32: imported.i32, i64: imported.i64, f32: imported.f32, f64: imported.f64, v128: imported.v128, js: imported.none };
  opcodes = learnOpcodes(imported);
  library = imported;
}

/** Parses every instruction of the operation table and asks what Binaryen calls it. */
function learnOpcodes(b: Library): ReadonlyMap<string, Opcode> {
  const wanted: { name: string; text: string }[] = [];
  const add = (name: string, args: readonly Type[], result: Type | null, immediates = "") => wanted.push({
    name,
    text: `(func ${args.length ? `(param ${args.join(" ")})` : ""} ${result ? `(result ${result})` : ""} (${name} ${immediates} ${args.map((_, i) => `(local.get ${i})`).join(" ")}))`,
  });
  for (const row of Object.values(ops)) if (row.wasm !== null && row.wasm !== "select") add(row.wasm, row.args, row.result);
  for (const [name, row] of Object.entries(laneOps)) add(name, row.args, row.result, "0 ".repeat(row.immediates));
  for (const [name, row] of Object.entries(memoryOps)) add(name, row.store ? ["i32", row.type] : ["i32"], row.store ? null : row.type);
  for (const name of splatLoads) add(name, ["i32"], "v128");
  for (const name of laneLoads) add(name, ["i32", "v128"], "v128", "0 ");
  const module = b.parseText(`(module (memory 1) ${wanted.map(({ text }) => text).join("\n")})`, features);
  try {
    const found = new Map<string, Opcode>([["select", { form: "select", code: 0 }]]);
    wanted.forEach(({ name }, i) => {
      const node = raw._BinaryenFunctionGetBody(module.getFunctionByIndex(i));
      const id = raw._BinaryenExpressionGetId(node);
      const opcode: Opcode | null =
        id === b.UnaryId ? { form: "unary", code: raw._BinaryenUnaryGetOp(node) }
        : id === b.BinaryId ? { form: "binary", code: raw._BinaryenBinaryGetOp(node) }
        : id === b.SIMDTernaryId ? { form: "ternary", code: raw._BinaryenSIMDTernaryGetOp(node) }
        : id === b.SIMDShiftId ? { form: "shift", code: raw._BinaryenSIMDShiftGetOp(node) }
        : id === b.SIMDExtractId ? { form: "extract", code: raw._BinaryenSIMDExtractGetOp(node) }
        : id === b.SIMDReplaceId ? { form: "replace", code: raw._BinaryenSIMDReplaceGetOp(node) }
        : id === b.SIMDShuffleId ? { form: "shuffle", code: 0 }
        : id === b.SIMDLoadId ? { form: "vectorLoad", code: raw._BinaryenSIMDLoadGetOp(node) }
        : id === b.SIMDLoadStoreLaneId ? { form: "laneLoad", code: raw._BinaryenSIMDLoadStoreLaneGetOp(node) }
        : id === b.LoadId ? { form: "load", code: 0 }
        : id === b.StoreId ? { form: "store", code: 0 }
        : null;
      if (opcode === null) throw new Error(`Binaryen made expression ${id} of ${name}`);
      found.set(name, opcode);
    });
    return found;
  } finally { module.dispose(); }
}

function the(): Library {
  if (library === null) throw new Error("Binaryen is not loaded: await ready() first");
  return library;
}

/** Runs `act`; what Binaryen throws becomes an Error with its words. */
function translated<T>(act: () => T): T {
  try { return act(); } catch (thrown) {
    if (thrown instanceof Error) throw thrown;
    let text: string;
    try { text = the().getExceptionMessage(thrown).filter(Boolean).join(": "); } catch { text = String(thrown); }
    throw new Error(`Binaryen: ${text}`, { cause: thrown });
  }
}

/** The loaded library's tools. Throws before ready() has resolved. */
export function binaryen() {
  const b = the();
  return {
    typeNumber: (type: Type): TypeNumber => types[type],
    opcode,
    /** a new module that imports the memory ("env", "memory") */
    module: (): ModuleWriter => new ModuleWriter(),
    /** a module read from bytes, for copying functions out of; stays until disposed */
    read: (bytes: Uint8Array): { readonly ptr: number; dispose(): void } => translated(() => b.readBinary(bytes, features)),
    /** the module's text */
    disassemble(bytes: Uint8Array): string {
      const module = translated(() => b.readBinary(bytes, features));
      try { return module.emitText(); } finally { module.dispose(); }
    },
  };
}

// C wants lists and names in its own memory. One buffer serves all lists (a list is read before the next is written), labels are kept for good.
let listBuffer = 0;
let listCapacity = 0;
function list(items: readonly number[]): number {
  if (items.length > listCapacity) {
    if (listBuffer) raw._free(listBuffer);
    listCapacity = Math.max(256, items.length * 2);
    listBuffer = raw._malloc(listCapacity * 4);
  }
  const store = raw.__i32_store;
  for (let i = 0; i < items.length; i++) store(listBuffer + 4 * i, items[i]!);
  return listBuffer;
}
let literalBuffer = 0;
const literal = (): number => (literalBuffer ||= raw._malloc(Math.max(16, raw._BinaryenSizeofLiteral())));
let answerBuffer = 0;
let bytesBuffer = 0;
function sixteen(bytes: ArrayLike<number>): number {
  bytesBuffer ||= raw._malloc(16);
  for (let i = 0; i < 16; i++) raw.__i32_store8(bytesBuffer + i, bytes[i]!);
  return bytesBuffer;
}
const encoder = new TextEncoder();
function newString(text: string): number {
  const bytes = encoder.encode(text);
  const pointer = raw._malloc(bytes.length + 1);
  for (let i = 0; i < bytes.length; i++) raw.__i32_store8(pointer + i, bytes[i]!);
  raw.__i32_store8(pointer + bytes.length, 0);
  return pointer;
}
const labels: number[] = [];
/** the name of a function's nth label: names are unique in a function, the same ones serve all functions */
const labelName = (label: number): number => (labels[label] ??= newString(`l${label}`));

/** Gives the locals that a tree of vector instructions reads and writes other places. */
function renumber(node: number, places: readonly number[]): void {
  const b = the(), id = raw._BinaryenExpressionGetId(node);
  const parts =
    id === b.ConstId ? []
    : id === b.LocalGetId ? []
    : id === b.LocalSetId ? [raw._BinaryenLocalSetGetValue(node)]
    : id === b.BlockId ? Array.from({ length: raw._BinaryenBlockGetNumChildren(node) }, (_, i) => raw._BinaryenBlockGetChildAt(node, i))
    : id === b.UnaryId ? [raw._BinaryenUnaryGetValue(node)]
    : id === b.BinaryId ? [raw._BinaryenBinaryGetLeft(node), raw._BinaryenBinaryGetRight(node)]
    : id === b.SIMDTernaryId ? [raw._BinaryenSIMDTernaryGetA(node), raw._BinaryenSIMDTernaryGetB(node), raw._BinaryenSIMDTernaryGetC(node)]
    : id === b.SIMDShiftId ? [raw._BinaryenSIMDShiftGetVec(node), raw._BinaryenSIMDShiftGetShift(node)]
    : id === b.IfId ? [raw._BinaryenIfGetCondition(node), raw._BinaryenIfGetIfTrue(node), raw._BinaryenIfGetIfFalse(node)].filter((part) => part !== 0)
    : null;
  if (parts === null) throw new Error(`expression ${id} of the library can't be inlined`);
  if (id === b.LocalGetId) raw._BinaryenLocalGetSetIndex(node, places[raw._BinaryenLocalGetGetIndex(node)]!);
  if (id === b.LocalSetId) raw._BinaryenLocalSetSetIndex(node, places[raw._BinaryenLocalSetGetIndex(node)]!);
  for (const part of parts) renumber(part, places);
}

/** One module under construction. Nodes are made bottom-up; each may be used once. */
export class ModuleWriter {
  private readonly module: number;
  private readonly strings = new Map<string, number>();
  private readonly files = new Map<string, number>();

  constructor() {
    this.module = raw._BinaryenModuleCreate();
    raw._BinaryenModuleSetFeatures(this.module, features);
  }

  dispose(): void {
    raw._BinaryenModuleDispose(this.module);
    for (const pointer of this.strings.values()) raw._free(pointer);
    this.strings.clear();
  }

  private string(text: string): number {
    let pointer = this.strings.get(text);
    if (pointer === undefined) this.strings.set(text, (pointer = newString(text)));
    return pointer;
  }

  // ── nodes ──

  constant(type: Type, value: number | bigint | Uint8Array): Node {
    const at = literal();
    switch (type) {
      case "i32": raw._BinaryenLiteralInt32(at, value as number); break;
      case "i64": raw._BinaryenLiteralInt64(at, value as bigint); break;
      case "f32": raw._BinaryenLiteralFloat32(at, value as number); break;
      case "f64": raw._BinaryenLiteralFloat64(at, value as number); break;
      case "v128": raw._BinaryenLiteralVec128(at, sixteen(value as Uint8Array)); break;
      case "js": throw new Error("a constant of type js has no place in a module");
    }
    return raw._BinaryenConst(this.module, at) as Node;
  }
  i32(value: number): Node { return this.constant("i32", value); }

  global(name: string): Node { return raw._BinaryenGlobalGet(this.module, this.string(name), types.i32) as Node; }
  get(local: number, type: TypeNumber): Node { return raw._BinaryenLocalGet(this.module, local, type) as Node; }
  set(local: number, value: Node): Node { return raw._BinaryenLocalSet(this.module, local, value) as Node; }
  tee(local: number, value: Node, type: TypeNumber): Node { return raw._BinaryenLocalTee(this.module, local, value, type) as Node; }

  /** A WebAssembly instruction without immediates. `select` takes the condition first, as the operation table does. */
  op(name: string, a: Node, b?: Node, c?: Node): Node { return this.instruction(opcode(name), a, b, c); }
  /** The same, looked up before (`binaryen().opcode`). */
  instruction({ form, code }: Opcode, a: Node, b?: Node, c?: Node): Node {
    switch (form) {
      case "unary": return raw._BinaryenUnary(this.module, code, a) as Node;
      case "binary": return raw._BinaryenBinary(this.module, code, a, b!) as Node;
      case "select": return raw._BinaryenSelect(this.module, a, b!, c!) as Node;
      case "ternary": return raw._BinaryenSIMDTernary(this.module, code, a, b!, c!) as Node;
      case "shift": return raw._BinaryenSIMDShift(this.module, code, a, b!) as Node;
      default: throw new Error(`an instruction with immediates (${form}) is made by its own method`);
    }
  }

  /** An instruction with lane numbers for immediates. */
  lane(name: LaneOp, lanes: readonly number[], args: readonly Node[]): Node {
    const { form, code } = opcode(name);
    switch (form) {
      case "extract": return raw._BinaryenSIMDExtract(this.module, code, args[0]!, lanes[0]!) as Node;
      case "replace": return raw._BinaryenSIMDReplace(this.module, code, args[0]!, lanes[0]!, args[1]!) as Node;
      case "shuffle": return raw._BinaryenSIMDShuffle(this.module, args[0]!, args[1]!, sixteen(lanes)) as Node;
      default: throw new Error(`${name} has no lanes`);
    }
  }

  /** A load. Alignment is a mere hint: the natural one is told. */
  load(name: string, bytes: number, type: Type, offset: number, address: Node): Node {
    const { form, code } = opcode(name);
    if (form === "vectorLoad") return raw._BinaryenSIMDLoad(this.module, code, offset, bytes, address, 0) as Node;
    return raw._BinaryenLoad(this.module, bytes, name.endsWith("_s") ? 1 : 0, offset, 0, types[type], address, 0) as Node;
  }
  /** A load into one lane of a register. */
  loadLane(name: string, bytes: number, lane: number, offset: number, address: Node, register: Node): Node {
    return raw._BinaryenSIMDLoadStoreLane(this.module, opcode(name).code, offset, bytes, lane, address, register, 0) as Node;
  }
  store(bytes: number, type: Type, offset: number, address: Node, value: Node): Node {
    return raw._BinaryenStore(this.module, bytes, offset, 0, address, value, types[type], 0) as Node;
  }
  fill(to: Node, byte: Node, bytes: Node): Node { return raw._BinaryenMemoryFill(this.module, to, byte, bytes, 0) as Node; }
  copy(to: Node, from: Node, bytes: Node): Node { return raw._BinaryenMemoryCopy(this.module, to, from, bytes, 0, 0) as Node; }

  /** A block; `label` is null for one that nothing leaves by `br`. Its type is its last node's. */
  block(label: number | null, nodes: readonly Node[]): Node {
    return raw._BinaryenBlock(this.module, label === null ? 0 : labelName(label), list(nodes), nodes.length, the().auto) as Node;
  }
  if(condition: Node, then: Node, otherwise: Node | null): Node { return raw._BinaryenIf(this.module, condition, then, otherwise ?? 0) as Node; }
  loop(label: number, body: Node): Node { return raw._BinaryenLoop(this.module, labelName(label), body) as Node; }
  br(label: number): Node { return raw._BinaryenBreak(this.module, labelName(label), 0, 0) as Node; }
  return(value: Node | null): Node { return raw._BinaryenReturn(this.module, value ?? 0) as Node; }
  unreachable(): Node { return raw._BinaryenUnreachable(this.module) as Node; }
  drop(value: Node): Node { return raw._BinaryenDrop(this.module, value) as Node; }
  call(name: string, args: readonly Node[], result: TypeNumber): Node { return raw._BinaryenCall(this.module, this.string(name), list(args), args.length, result) as Node; }
  tuple(values: readonly Node[]): Node { return raw._BinaryenTupleMake(this.module, list(values), values.length) as Node; }
  extract(tuple: Node, index: number): Node { return raw._BinaryenTupleExtract(this.module, tuple, index) as Node; }

  /** The type of several values together. */
  together(parts: readonly TypeNumber[]): TypeNumber {
    return parts.length === 0 ? the().none : parts.length === 1 ? parts[0]! : raw._BinaryenTypeCreate(list(parts), parts.length);
  }

  // ── the module ──

  importMemory(module: string, name: string): void {
    // without setMemory the import would say that no page is needed
    raw._BinaryenSetMemory(this.module, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    raw._BinaryenAddMemoryImport(this.module, this.string("0"), this.string(module), this.string(name), 0);
  }
  /** A constant i32 of the instance's. */
  importGlobal(module: string, name: string): void { raw._BinaryenAddGlobalImport(this.module, this.string(name), this.string(module), this.string(name), types.i32, 0); }
  importFunction(internal: string, module: string, name: string, params: TypeNumber, result: TypeNumber): void {
    raw._BinaryenAddFunctionImport(this.module, this.string(internal), this.string(module), this.string(name), params, result);
  }
  function(name: string, params: TypeNumber, result: TypeNumber, locals: readonly TypeNumber[], body: Node): number {
    return raw._BinaryenAddFunction(this.module, this.string(name), params, result, list(locals), locals.length, body);
  }
  /** Copies a function that calls no other out of another module, and gives its result type. */
  copyFunction(from: { readonly ptr: number }, name: string, as: string): TypeNumber {
    const source = raw._BinaryenGetFunction(from.ptr, this.string(name));
    if (source === 0) throw new Error(`the library has no function ${name}`);
    const locals = Array.from({ length: raw._BinaryenFunctionGetNumVars(source) }, (_, i) => raw._BinaryenFunctionGetVar(source, i));
    const body = raw._BinaryenExpressionCopy(raw._BinaryenFunctionGetBody(source), this.module) as Node;
    const result = raw._BinaryenFunctionGetResults(source);
    this.function(as, raw._BinaryenFunctionGetParams(source), result, locals, body);
    return result;
  }
  /**
   * A function's body as an expression, for one without control but blocks and `if`: its parameters and other locals are those that `own` gives for them.
   */
  inlined(from: { readonly ptr: number }, name: string, args: readonly Node[], type: TypeNumber, own: (type: TypeNumber) => number): Node {
    const source = raw._BinaryenGetFunction(from.ptr, this.string(name));
    if (source === 0) throw new Error(`the library has no function ${name}`);
    const places = [...args.map(() => own(type)), ...Array.from({ length: raw._BinaryenFunctionGetNumVars(source) }, (_, i) => own(raw._BinaryenFunctionGetVar(source, i)))];
    const body = raw._BinaryenExpressionCopy(raw._BinaryenFunctionGetBody(source), this.module) as Node;
    renumber(body, places);
    return this.block(null, [...args.map((arg, i) => this.set(places[i]!, arg)), body]);
  }
  export(internal: string, name: string): void { raw._BinaryenAddFunctionExport(this.module, this.string(internal), this.string(name)); }
  nameLocal(func: number, local: number, name: string): void { raw._BinaryenFunctionSetLocalName(func, local, this.string(name)); }
  /** Says where in a file the node comes from: both from 1. */
  locate(func: number, node: Node, file: string, line: number, column: number): void {
    let index = this.files.get(file);
    if (index === undefined) this.files.set(file, (index = raw._BinaryenModuleAddDebugInfoFileName(this.module, this.string(file))));
    raw._BinaryenFunctionSetDebugLocation(func, node, index, line, column - 1);
  }

  /** What Binaryen's validator has to say; empty when all is well. */
  validate(): string {
    const outer = listener;
    listener = [];
    try {
      const valid = translated(() => raw._BinaryenModuleValidate(this.module));
      return valid ? "" : listener.join("\n") || "invalid module";
    } finally { listener = outer; }
  }

  optimize(options: OptimizeOptions): void {
    const b = the();
    b.setOptimizeLevel(options.level);
    b.setShrinkLevel(options.shrink);
    b.setDebugInfo(options.names);
    b.setLowMemoryUnused(true); // nothing of a program lies in the lowest 64 KiB
    b.setTrapsNeverHappen(false); // `trap` is how a program bails
    b.setZeroFilledMemory(false);
    b.setClosedWorld(false);
    b.setFastMath(false);
    b.setGenerateStackIR(options.level >= 2 || options.shrink >= 1);
    b.setOptimizeStackIR(options.level >= 2 || options.shrink >= 1);
    b.setAlwaysInlineMaxSize(2);
    b.setFlexibleInlineMaxSize(20);
    b.setOneCallerInlineMaxSize(-1);
    b.setAllowInliningFunctionsWithLoops(false);
    b.clearPassArguments();
    b.clearPassesToSkip();
    if (options.passes) translated(() => raw._BinaryenModuleRunPasses(this.module, list(options.passes!.map((p) => this.string(p))), options.passes!.length));
    else translated(() => raw._BinaryenModuleOptimize(this.module));
  }

  /** The module's bytes, with a source map if a name for it is given. */
  write(names: boolean, level: { readonly level: number; readonly shrink: number }, sourceMapUrl?: string): { bytes: Uint8Array; sourceMap?: string } {
    const b = the();
    b.setDebugInfo(names);
    const stackIR = level.level >= 2 || level.shrink >= 1;
    b.setGenerateStackIR(stackIR);
    b.setOptimizeStackIR(stackIR);
    const answer = (answerBuffer ||= raw._malloc(12)); // where the bytes are, how many, where the source map is
    translated(() => raw._BinaryenModuleAllocateAndWrite(answer, this.module, sourceMapUrl === undefined ? 0 : this.string(sourceMapUrl)));
    const [at, count, map] = [0, 4, 8].map((offset) => raw.__i32_load(answer + offset)) as [number, number, number];
    const bytes = readBytes(at, count);
    raw._free(at);
    if (map === 0) return { bytes };
    let end = map;
    while (raw.__i32_load8_u(end) !== 0) end++;
    const sourceMap = new TextDecoder().decode(readBytes(map, end - map));
    raw._free(map);
    return { bytes, sourceMap };
  }
}

/** Bytes of Binaryen's memory, which only its own loads can reach: four at a time (malloc rounds up, so the last word may be read whole). */
function readBytes(at: number, count: number): Uint8Array {
  const words = new Int32Array((count + 3) >> 2);
  const load = raw.__i32_load;
  for (let i = 0; i < words.length; i++) words[i] = load(at + 4 * i);
  return new Uint8Array(words.buffer).slice(0, count);
}

function opcode(name: string): Opcode {
  const found = opcodes.get(name);
  if (found === undefined) throw new Error(`no WebAssembly instruction ${name}`);
  return found;
}
