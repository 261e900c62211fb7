// The IR's text form, written. parse.ts reads it back: parse(print(f)) equals f up to value ids and the names of labels (equal.ts).
//
// Values are numbered in the order in which the text meets them, `%3`, or `%acc.3` where the source has a name. Constants stand inline as
// typed literals: 3 (i32), 3n (i64), 3.0 (f64), 3.0f (f32), v128:00…0f (bytes in memory order), js("a"). A value without a type is what
// its operation's row gives, and of type js where no row says. An `if` without `else` has an else arm that only yields.
// The grammar, with an example of each line, is in docs/ir.md.

import { isJsOp, isLaneOp, isMachineOp, isMemoryOp, laneOps, memoryOps, ops } from "./ops.ts";
import { unreachable } from "../diagnostic.ts";
import type {
  Const, Data, ElementKind, Func, Instr, JsConst, JsFunction, Label, Place, Primitive, Program, Region, Type, Unit, Value,
} from "./types.ts";

export interface PrintOptions {
  /** append each instruction's place in the source: `@line:column:start-end` */
  readonly places?: boolean;
  /** name values by their ids instead of numbering them anew: the same value has one name before and after a pass */
  readonly ids?: boolean;
  /** of longer tables show only so many elements: for people, it does not parse back */
  readonly elements?: number;
}

export function print(func: Func, options: PrintOptions = {}): string {
  const printer = new Printer(options);
  printer.func(func, "");
  return printer.lines.join("\n") + "\n";
}

export function printProgram(program: Program, options: PrintOptions = {}): string {
  const lines = ["program", `frame ${program.frameBytes}`];
  for (const s of program.spaces) {
    const overlaps = s.mayOverlap.length ? ` overlaps ${plain(s.mayOverlap)}` : "";
    lines.push(`space ${quote(s.name)} ${s.origin} ${s.element}${s.written ? " written" : ""}${overlaps}`);
  }
  for (const d of program.data) lines.push(`data ${quote(d.name)} ${d.element}${d.varies ? " varies" : ""} ${shown(d, options.elements)}`);
  for (const i of program.inputs) lines.push(`input ${plain(i)}`);
  for (const e of program.exits) lines.push(`exit ${plain(e)}`);
  return [lines.join("\n") + "\n", ...program.functions.map((f) => print(f, options))].join("\n");
}

export function printUnit(unit: Unit, options: PrintOptions = {}): string {
  const head = `unit\nsource ${quote(unit.source)}\nfree ${plain(unit.free)}\n`;
  return [head, ...unit.functions.map((f) => {
    const printer = new Printer(options);
    printer.func(f, ` with ${plain(factsOf(f))}`);
    return printer.lines.join("\n") + "\n";
  })].join("\n");
}

const factsOf = ({ kind, length, strict, patterned, captured, place }: JsFunction) => ({ kind, length, strict, ...(patterned ? { patterned } : {}), captured, place });

/** One instruction on one line, values by their ids, inner regions as `{…}`: for messages. */
export function printInstr(instr: Instr): string {
  const printer = new Printer({ ids: true }, true);
  printer.instr(instr, "");
  return printer.lines[0]!;
}

// ───────────────────────────────── literals ─────────────────────────────────

const quote = (text: string): string => JSON.stringify(text);
const word = /^[A-Za-z_$][\w$.]*$/;
export const printName = (name: string): string => (word.test(name) ? `@${name}` : `@${quote(name)}`);

export function printConst(type: Type, value: Const["value"]): string {
  if (value instanceof Uint8Array) return `v128:${hex(value)}`;
  if (typeof value === "bigint") return `${value}n`;
  return type === "i32" ? printPrimitive(value) : printFloat(value) + (type === "f32" ? "f" : "");
}

function printFloat(x: number): string {
  if (x !== x) return "nan";
  if (x === Infinity || x === -Infinity) return x > 0 ? "inf" : "-inf";
  const text = Object.is(x, -0) ? "-0" : String(x);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

export function printPrimitive(value: Primitive): string {
  switch (typeof value) {
    case "string": return quote(value);
    case "bigint": return `${value}n`;
    case "number": return Object.is(value, -0) ? "-0" : String(value);
    default: return String(value);
  }
}

/** Plain data (objects, arrays, primitives) on one line, JSON but for what JSON cannot say: undefined, NaN, -0, 3n. */
function plain(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plain).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value).map(([k, v]) => `${word.test(k) ? k : quote(k)}: ${plain(v)}`).join(", ")}}`;
  }
  return printPrimitive(value as Primitive);
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

type Elements = ArrayLike<number | bigint> & { readonly buffer: ArrayBufferLike; readonly BYTES_PER_ELEMENT: number };
type ElementsClass = { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): Elements; from(items: never): Elements };
/** how the elements of a data segment are read; data is little endian, as are all hosts of WebAssembly's JavaScript API in practice */
export const elementArrays = {
  i8: Int8Array, u8: Uint8Array, u8c: Uint8ClampedArray, i16: Int16Array, u16: Uint16Array, i32: Int32Array, u32: Uint32Array,
  f32: Float32Array, f64: Float64Array, i64: BigInt64Array, u64: BigUint64Array,
} as const satisfies Record<ElementKind, unknown>;
/** The bytes of a list of elements; a list that does not fit the kind throws. */
export const bytesOfElements = (kind: ElementKind, items: readonly (number | bigint)[]): Uint8Array =>
  new Uint8Array((elementArrays[kind] as unknown as ElementsClass).from(items as never).buffer);

function shown(data: Data, most: number | undefined): string {
  const size = (elementArrays[data.element] as unknown as ElementsClass).BYTES_PER_ELEMENT, count = data.bytes.length / size;
  if (most === undefined || count <= most) return printBytes(data);
  return `${printBytes({ ...data, bytes: data.bytes.slice(0, most * size) })} … ${count - most} more`;
}

/** Element by element where that reads back to the same bytes, else (a NaN with a payload, a partial element) in hexadecimal. */
function printBytes(data: Data): string {
  const Elements = elementArrays[data.element] as unknown as ElementsClass;
  if (data.bytes.length % Elements.BYTES_PER_ELEMENT === 0) {
    const items = Array.from(new Elements(data.bytes.slice().buffer));
    const back = bytesOfElements(data.element, items);
    if (back.every((b, i) => b === data.bytes[i])) return plain(items);
  }
  return `hex ${quote(hex(data.bytes))}`;
}

// ───────────────────────────────── functions ─────────────────────────────────

/** The type of an instruction's result `i` where the tables know it; values of other types are annotated. "js" where none says. */
export function expectedType(op: string, i: number): Type | null {
  if (isMachineOp(op)) return i === 0 ? ops[op].result : null;
  if (isMemoryOp(op)) return i === 0 && !memoryOps[op].store ? memoryOps[op].type : null;
  if (isLaneOp(op)) return i === 0 ? laneOps[op].result : null;
  if (op === "data.addr" || op === "frame.addr") return "i32";
  if (op === "random") return "f64";
  return "js";
}

class Printer {
  readonly lines: string[] = [];
  private readonly options: PrintOptions;
  private readonly brief: boolean;
  private readonly names = new Map<Value, string>();
  private readonly labels = new Map<Label, string>();
  private readonly labelNames = new Set<string>();

  constructor(options: PrintOptions, brief = false) { this.options = options; this.brief = brief; }

  func(func: Func, after: string): void {
    const params = func.params.map((p) => this.typed(p)).join(", ");
    const results = func.results.length ? ` -> ${func.results.join(", ")}` : "";
    this.lines.push(`func ${printName(func.name)}(${params})${results}${after} {`);
    this.body(func.body, "  ");
    this.lines.push("}");
  }

  private body(region: Region, indent: string): void {
    for (const instr of region.body) this.instr(instr, indent);
  }

  instr(instr: Instr, indent: string): void {
    const op = instr.op === "lane" ? instr.name : instr.op;
    const results = instr.results.map((r, i) => this.typed(r, expectedType(op, i) ?? undefined)).join(", ");
    const place = this.options.places && instr.place ? ` ${printPlace(instr.place)}` : "";
    const head = `${indent}${results}${results && " = "}`;
    const regions = "regions" in instr ? instr.regions : [];
    if (regions.length === 0) { this.lines.push(`${head}${this.simple(instr)}${place}`); return; }
    const opening = this.opening(instr);
    if (this.brief) { this.lines.push(`${head}${opening} {…}`); return; }
    this.lines.push(`${head}${opening}${place} {`);
    regions.forEach((region, i) => {
      if (i > 0) {
        if (instr.op === "if" && onlyYields(region)) return;
        this.lines.push(`${indent}} ${instr.op === "if" ? "else" : `then (${region.params.map((p) => this.typed(p)).join(", ")})`} {`);
      }
      this.body(region, indent + "  ");
    });
    this.lines.push(`${indent}}`);
  }

  /** an instruction without regions */
  private simple(instr: Instr): string {
    const args = this.list(instr.args);
    const withArgs = (head: string, separator = " "): string => (args ? `${head}${separator}${args}` : head);
    switch (instr.op) {
      case "lane": return withArgs(`${instr.name}[${instr.lanes.join(" ")}]`);
      case "data.addr": return withArgs(`data.addr ${instr.segment}`, ", ");
      case "frame.addr": return withArgs(`frame.addr ${instr.offset}`, ", ");
      case "slot.set": return withArgs(`slot.set ${instr.slot}`, ", ");
      case "memory.fill": return `${withArgs(instr.op)}, space ${instr.space}`;
      case "memory.copy": return `${withArgs(instr.op)}, space ${instr.space}${instr.from === undefined ? "" : ` from ${instr.from}`}`;
      case "call": return withArgs(`call ${printName(instr.callee)}`, ", ");
      case "br": return withArgs(`br ${this.label(instr.label)}`, ", ");
      case "return": return withArgs(instr.exit === 0 ? "return" : `return exit ${instr.exit}`, instr.exit === 0 ? " " : ", ");
      case "trap": return withArgs(`trap exit ${instr.exit}`, ", ");
      case "const": return `const ${printConst(instr.results[0]?.type ?? "i32", instr.value)}`;
      case "js.const": return `js.const ${printPrimitive(instr.value)}`;
      case "js.free": case "js.free.set": case "js.free.typeof": return withArgs(`${instr.op} ${quote(instr.name)}`, ", ");
      case "js.func": return withArgs(`js.func ${instr.func}`, ", ");
      case "js.rest": case "js.captured": return withArgs(`${instr.op} ${instr.index}`, ", ");
      case "js.object": {
        const entry = (key: string | null, i: number): string => (key === null ? "..." : `${quote(key)}: `) + this.operand(instr.args[i]);
        return `js.object {${instr.keys.map(entry).join(", ")}}`;
      }
      case "js.array": return `js.array [${this.items(instr.shape, instr.args)}]`;
      case "js.regexp": return `js.regexp ${quote(instr.source)} ${quote(instr.flags)}`;
      case "js.assume": case "yield": case "random": return withArgs(instr.op);
      case "if": case "block": case "loop": case "js.try": return this.opening(instr);
      default:
        if (isMemoryOp(instr.op) && "scale" in instr) {
          const [base, index, ...value] = instr.args;
          const offset = instr.offset === 0 ? "" : ` + ${instr.offset}`;
          const address = `[${this.operand(base)} + ${this.operand(index)} << ${instr.scale}${offset}]`;
          return `${instr.op} ${address} space ${instr.space}${value.length ? `, ${this.list(value)}` : ""}`;
        }
        if (isMachineOp(instr.op) || isJsOp(instr.op)) return withArgs(instr.op);
        return unreachable(instr.op as never);
    }
  }

  /** what stands before the first region's brace */
  private opening(instr: Instr): string {
    switch (instr.op) {
      case "if": return `if ${this.list(instr.args)}`;
      case "block": return `block ${this.label(instr.label)}`;
      case "js.try": return `js.try ${instr.kind}`;
      case "loop": {
        const carried = instr.regions[0].params.map((p, i) => `${this.typed(p)} = ${this.operand(instr.args[i])}`);
        const { unroll, key, role, calls, own } = instr.notes ?? {};
        const notes = `${unroll === undefined ? "" : ` unroll ${unroll}`}${key === undefined ? "" : ` key ${plain(key)}`}${role ? ` ${role}` : ""}${calls ? " calls" : ""}${own ? ` own ${plain(own)}` : ""}`;
        const place = this.options.places && instr.notes?.place ? ` loop ${printPlace(instr.notes.place)}` : "";
        return `loop ${this.label(instr.label)} (${carried.join(", ")})${notes}${place}`;
      }
      default: return instr.op;
    }
  }

  private items(shape: readonly ("item" | "spread" | "hole")[], args: readonly Value[]): string {
    let next = 0;
    return shape.map((s) => (s === "hole" ? "hole" : `${s === "spread" ? "..." : ""}${this.operand(args[next++])}`)).join(", ");
  }

  private list(values: readonly Value[]): string { return values.map((v) => this.operand(v)).join(", "); }

  private operand(value: Value | undefined): string {
    if (value === undefined) return "<missing>";
    const def: Const | JsConst | null = value.def?.op === "const" || value.def?.op === "js.const" ? value.def : null;
    if (def?.op === "const") return printConst(value.type, def.value);
    return def ? `js(${printPrimitive(def.value)})` : this.name(value);
  }

  private typed(value: Value, expected: Type = "js"): string {
    return value.type === expected ? this.name(value) : `${this.name(value)}: ${value.type}`;
  }

  private name(value: Value): string {
    let name = this.names.get(value);
    if (name === undefined) {
      const number = this.options.ids ? value.id : this.names.size;
      name = value.name ? `%${value.name.replace(/[^\p{ID_Continue}$]/gu, "_")}.${number}` : `%${number}`;
      this.names.set(value, name);
    }
    return name;
  }

  private label(label: Label): string {
    let name = this.labels.get(label);
    if (name === undefined) {
      const wished = label.name.replace(/[^\w$]|^(?=\d)/g, "_") || "l";
      name = wished;
      for (let i = 2; this.labelNames.has(name); i++) name = `${wished}_${i}`;
      this.labels.set(label, name);
      this.labelNames.add(name);
    }
    return name;
  }
}

const printPlace = (p: Place): string => `@${p.line}:${p.column}:${p.start}-${p.end}`;
const onlyYields = (region: Region): boolean => {
  const first = region.body[0];
  return region.body.length === 1 && first?.op === "yield" && first.args.length === 0 && region.params.length === 0;
};
