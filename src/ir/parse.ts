// The IR's text form, read: the inverse of print.ts, and how tests write IR by hand. A name (`%x`, `%acc.3`) may be chosen freely, must be
// new where it is defined and known where it is used. Gives well-formed *text* only: check.ts judges types, scopes and terminators, so that
// its tests can be written as text too. Throws a ParseError with line and column.
// Literals of one type and value are one constant of the function.

import { instructions } from "./build.ts";
import { bytesOfElements, elementArrays, expectedType } from "./print.ts";
import { ParseError, tokens, type Token, type TokenKind } from "./lex.ts";
import { isJsOp, isLaneOp, isMachineOp, isMemoryOp } from "./ops.ts";
import type { Exit, Input } from "./interface.ts";
import type {
  Const, Data, ElementKind, Func, If, Instr, JsConst, JsFunction, Label, Loop, LoopNotes, Place, Primitive, Program, Region, Space, Type,
  Unit, Value,
} from "./types.ts";

export { ParseError } from "./lex.ts";

/** A single function. */
export function parse(text: string): Func {
  const parser = new Parser(text);
  const { func } = parser.func();
  parser.end();
  return func;
}

/** A residual program: `program`, its lines in any order, then its functions. */
export function parseProgram(text: string): Program {
  const p = new Parser(text);
  const functions: Func[] = [], data: Data[] = [], spaces: Space[] = [], inputs: Input[] = [], exits: Exit[] = [];
  let frameBytes = 0;
  p.expect("program");
  while (!p.at("end of text")) {
    if (p.at("func")) functions.push(p.func().func);
    else if (p.accept("frame")) frameBytes = p.integer();
    else if (p.accept("space")) spaces.push(p.space());
    else if (p.accept("data")) data.push(p.data());
    else if (p.accept("input")) inputs.push(p.plain() as Input);
    else if (p.accept("exit")) exits.push(p.plain() as Exit);
    else p.fail("expected func, frame, space, data, input or exit");
  }
  const draws = functions.some(({ body }) => [...instructions(body)].some(({ op }) => op === "random"));
  return { functions, data, spaces, inputs, exits, frameBytes, ...(draws ? { draws } : {}) };
}

/** What a piece of source lowers to: `unit`, its text, its free variables, then its functions with the facts that print.ts writes. */
export function parseUnit(text: string): Unit {
  const p = new Parser(text);
  const functions: JsFunction[] = [];
  let source = "";
  let free: string[] = [];
  p.expect("unit");
  while (!p.at("end of text")) {
    if (p.accept("source")) source = p.string();
    else if (p.accept("free")) free = p.plain() as string[];
    else if (p.at("func")) {
      const { func, facts } = p.func();
      if (facts === undefined) p.fail("a function of a unit needs `with {…}`");
      functions.push({ ...func, ...(facts as Omit<JsFunction, keyof Func>) });
    } else p.fail("expected source, free or func");
  }
  return { functions, free, source };
}

const types: ReadonlySet<string> = new Set<Type>(["i32", "i64", "f32", "f64", "v128", "js"]);
const isType = (text: string): text is Type => types.has(text);
const isElement = (text: string): text is ElementKind => Object.hasOwn(elementArrays, text);

/** A result as it is written, before its operation is known. */
interface Named { readonly token: Token; readonly type: Type | null }

class Parser {
  private readonly tokens: readonly Token[];
  private next = 0;
  private values = new Map<string, Value>();
  private constants = new Map<string, Value>();
  private labels: Label[] = [];
  private nextId = 0;

  constructor(text: string) { this.tokens = tokens(text); }

  // ───────────────────────────────── tokens ─────────────────────────────────

  private peek(): Token { return this.tokens[this.next]!; }
  private take(): Token { return this.tokens[this.next++]!; }
  at(text: string): boolean { return this.peek().text === text; }
  accept(text: string): boolean { const found = this.at(text); if (found) this.next++; return found; }
  expect(text: string): void { if (!this.accept(text)) this.fail(`expected \`${text}\``); }
  end(): void { if (this.peek().kind !== "end") this.fail("expected the end of the text"); }
  fail(message: string, token = this.peek()): never {
    throw new ParseError(`${message}, found ${token.kind === "end" ? "the end of the text" : `\`${token.text}\``}`, token.line, token.column);
  }
  /** the next token is on the line of the last one: operands end with their line */
  private onSameLine(): boolean {
    const token = this.peek();
    return token.kind !== "end" && this.next > 0 && token.line === this.tokens[this.next - 1]!.line;
  }
  private kind(kind: TokenKind, what: string): Token {
    const token = this.peek();
    return token.kind === kind ? this.take() : this.fail(`expected ${what}`);
  }
  integer(): number {
    const token = this.kind("number", "an integer");
    const value = Number(token.text);
    return Number.isInteger(value) ? value : this.fail("expected an integer", token);
  }
  string(): string { return JSON.parse(this.kind("string", "a string").text) as string; }
  private word(what: string): string { return this.kind("word", what).text; }
  private list<T>(close: string, item: () => T): T[] {
    const out: T[] = [];
    while (!this.accept(close)) {
      if (out.length > 0) this.expect(",");
      out.push(item());
    }
    return out;
  }

  // ───────────────────────────────── plain data ─────────────────────────────────

  private primitive(): Primitive {
    const token = this.take();
    switch (token.kind) {
      case "string": return JSON.parse(token.text) as string;
      case "number":
        if (/^-?\d+n$/.test(token.text)) return BigInt(token.text.slice(0, -1));
        if (/[^f]$/.test(token.text)) return Number(token.text);
        break;
      case "word": {
        const words: Record<string, Primitive> = { undefined, null: null, true: true, false: false, NaN, Infinity, "-Infinity": -Infinity };
        if (Object.hasOwn(words, token.text)) return words[token.text];
        break;
      }
      default:
    }
    return this.fail("expected a primitive value", token);
  }

  plain(): unknown {
    if (this.accept("[")) return this.list("]", () => this.plain());
    if (!this.accept("{")) return this.primitive();
    return Object.fromEntries(this.list("}", () => {
      const key = this.peek().kind === "string" ? this.string() : this.word("a key");
      this.expect(":");
      return [key, this.plain()];
    }));
  }

  private element(): ElementKind {
    const token = this.kind("word", "an element kind");
    return isElement(token.text) ? token.text : this.fail("expected an element kind", token);
  }

  space(): Space {
    const name = this.string();
    const origin = this.take();
    if (origin.text !== "input" && origin.text !== "data" && origin.text !== "frame") this.fail("expected input, data or frame", origin);
    const element = this.element();
    const written = this.accept("written");
    const mayOverlap = this.accept("overlaps") ? (this.plain() as number[]) : [];
    return { name, origin: origin.text as Space["origin"], element, mayOverlap, written };
  }

  data(): Data {
    const name = this.string();
    const element = this.element(), varies = this.accept("varies") ? { varies: true as const } : {};
    if (this.accept("hex")) return { name, element, bytes: Uint8Array.from(this.string().match(/../g) ?? [], (b) => parseInt(b, 16)), ...varies };
    const start = this.peek();
    const items = this.plain();
    try { return { name, element, bytes: bytesOfElements(element, items as number[]), ...varies }; } catch { /* told below */ }
    return this.fail(`expected a list of ${element}`, start);
  }

  // ───────────────────────────────── functions ─────────────────────────────────

  func(): { func: Func; facts: unknown } {
    this.values = new Map();
    this.constants = new Map();
    this.labels = [];
    this.nextId = 0;
    this.expect("func");
    const name = this.funcName();
    this.expect("(");
    const params = this.list(")", () => this.param());
    const results: Type[] = [];
    if (this.accept("->")) do results.push(this.type()); while (this.accept(","));
    const facts = this.accept("with") ? this.plain() : undefined;
    const body = this.region([]);
    return { func: { name, params, results, body, nextId: this.nextId }, facts };
  }

  private funcName(): string {
    const text = this.kind("func", "a function's name (@name)").text.slice(1);
    return text.startsWith('"') ? (JSON.parse(text) as string) : text;
  }

  private type(): Type {
    const token = this.take();
    return isType(token.text) ? token.text : this.fail("expected a type", token);
  }

  private named(): Named {
    const token = this.kind("value", "a value's name (%name)");
    return { token, type: this.accept(":") ? this.type() : null };
  }
  private param(): Value { return this.define(this.named(), "js", null); }

  private define({ token, type }: Named, expected: Type, def: Instr | null): Value {
    if (this.values.has(token.text)) this.fail("this name is defined twice", token);
    const value: Value = { id: this.nextId++, type: type ?? expected, def };
    const name = token.text.slice(1).replace(/\.?\d+$/, (tail, at: number) => (tail.startsWith(".") || at === 0 ? "" : tail));
    if (name !== "") value.name = name;
    this.values.set(token.text, value);
    return value;
  }

  private constant(type: Type, value: Const["value"] | Primitive, js: boolean, text: string): Value {
    const key = `${type} ${text}`;
    const known = this.constants.get(key);
    if (known) return known;
    const result: Value = { id: this.nextId++, type, def: null };
    result.def = js
      ? { op: "js.const", value: value as Primitive, args: [], results: [result] } satisfies JsConst
      : { op: "const", value: value as Const["value"], args: [], results: [result] } satisfies Const;
    this.constants.set(key, result);
    return result;
  }

  private operand(): Value {
    const token = this.take();
    switch (token.kind) {
      case "value": return this.values.get(token.text) ?? this.fail("this value is not defined above", token);
      case "v128": return this.constant("v128", Uint8Array.from(token.text.slice(5).match(/../g)!, (b) => parseInt(b, 16)), false, token.text);
      case "number": return this.number(token);
      case "word":
        if (token.text === "js" && this.accept("(")) {
          const start = this.peek();
          const value = this.primitive();
          this.expect(")");
          return this.constant("js", value, true, start.text);
        }
        break;
      default:
    }
    return this.fail("expected a value", token);
  }

  private number(token: Token): Value {
    const { text } = token;
    const suffix = /(?<!^-?in|^-?na)[nf]$/.exec(text)?.[0] ?? ""; // the n of `nan` and the f of `inf` are no suffixes
    const digits = suffix ? text.slice(0, -1) : text;
    if (suffix === "n") return /^-?\d+$/.test(digits) ? this.constant("i64", BigInt(digits), false, digits) : this.fail("expected an i64", token);
    const value = digits === "nan" ? NaN : digits.endsWith("inf") ? (digits[0] === "-" ? -Infinity : Infinity) : Number(digits);
    if (suffix === "f") return this.constant("f32", value, false, digits);
    const isFloat = /[.ei]|nan/.test(digits);
    if (!isFloat && value !== (value | 0)) this.fail("an i32 is a signed number of 32 bits (write an f64 with a point)", token);
    return isFloat ? this.constant("f64", value, false, digits) : this.constant("i32", value | 0, false, digits);
  }

  /** operands up to the end of the line or a brace */
  private operands(): Value[] {
    const out: Value[] = [];
    if (!this.onSameLine() || this.peek().kind === "place" || this.at("{") || this.at("}")) return out;
    do out.push(this.operand()); while (this.accept(","));
    return out;
  }
  /** operands after an immediate: each with a comma before it */
  private moreOperands(): Value[] {
    const out: Value[] = [];
    while (this.accept(",")) out.push(this.operand());
    return out;
  }

  private region(params: Value[]): Region {
    const region: Region = { params, body: [] };
    this.expect("{");
    while (!this.accept("}")) region.body.push(this.instr());
    return region;
  }

  private label(): Label {
    const token = this.take();
    return this.labels.findLast((l) => l.name === token.text) ?? this.fail("no block or loop around has this label", token);
  }
  private newLabel(): Label {
    const token = this.take();
    if (token.kind !== "word" && token.kind !== "number") this.fail("expected a label", token);
    return { name: token.text };
  }
  private labelled(label: Label, params: Value[]): Region {
    this.labels.push(label);
    const region = this.region(params);
    this.labels.pop();
    return region;
  }

  private placeIfAny(): Place | undefined {
    if (this.peek().kind !== "place") return undefined;
    const [line, column, start, end] = this.take().text.slice(1).split(/[:-]/).map(Number) as [number, number, number, number];
    return { line, column, start, end };
  }

  private instr(): Instr {
    const named: Named[] = [];
    if (this.peek().kind === "value") {
      do named.push(this.named()); while (this.accept(","));
      this.expect("=");
    }
    const token = this.kind("word", "an operation");
    const instr = this.rest(token);
    const place = this.placeIfAny();
    const placed: Instr = place && !instr.place ? { ...instr, place } : instr;
    named.forEach((n, i) => placed.results.push(this.define(n, expectedType(token.text, i) ?? "js", placed)));
    return placed;
  }

  /** everything after the operation's name */
  private rest(token: Token): Instr {
    const op = token.text;
    const results: Value[] = [];
    if (isMemoryOp(op)) {
      this.expect("[");
      const base = this.operand();
      this.expect("+");
      const index = this.operand();
      const scale = this.accept("<<") ? this.integer() : 0;
      const offset = this.accept("+") ? this.integer() : 0;
      this.expect("]");
      this.expect("space");
      const space = this.integer();
      return { op, args: [base, index, ...this.moreOperands()], results, scale, offset, space };
    }
    if (isLaneOp(op)) {
      this.expect("[");
      const lanes: number[] = [];
      while (!this.accept("]")) lanes.push(this.integer());
      return { op: "lane", name: op, lanes, args: this.operands(), results };
    }
    switch (op) {
      case "if": return this.ifRest();
      case "loop": return this.loopRest();
      case "block": {
        const label = this.newLabel();
        const place = this.placeIfAny();
        return { op, label, args: [], results, place, regions: [this.labelled(label, [])] };
      }
      case "js.try": {
        const kind = this.accept("finally") ? "finally" : (this.expect("catch"), "catch");
        const place = this.placeIfAny();
        const regions = [this.region([])];
        while (this.accept("then")) { this.expect("("); regions.push(this.region(this.list(")", () => this.param()))); }
        return { op, kind, args: [], results, place, regions };
      }
      case "data.addr": return { op, segment: this.integer(), args: this.moreOperands(), results };
      case "frame.addr": return { op, offset: this.integer(), args: this.moreOperands(), results };
      case "slot.set": return { op, slot: this.integer(), args: this.moreOperands(), results };
      case "memory.fill": case "memory.copy": {
        const args = [this.operand(), (this.expect(","), this.operand()), (this.expect(","), this.operand())];
        this.expect(",");
        this.expect("space");
        const space = this.integer();
        return this.accept("from") ? { op, args, results, space, from: this.integer() } : { op, args, results, space };
      }
      case "call": return { op, callee: this.funcName(), args: this.moreOperands(), results };
      case "yield": case "js.assume": case "random": return { op, args: this.operands(), results };
      case "br": return { op, label: this.label(), args: this.moreOperands(), results };
      case "return": {
        if (!this.accept("exit")) return { op, exit: 0, args: this.operands(), results };
        return { op, exit: this.integer(), args: this.moreOperands(), results };
      }
      case "trap": { this.expect("exit"); return { op, exit: this.integer(), args: this.moreOperands(), results }; }
      case "const": {
        const def = this.operand().def;
        return def?.op === "const" ? { op, value: def.value, args: [], results } : this.fail("expected a literal after", token);
      }
      case "js.const": return { op, value: this.primitive(), args: [], results };
      case "js.free": case "js.free.set": case "js.free.typeof": return { op, name: this.string(), args: this.moreOperands(), results };
      case "js.func": return { op, func: this.integer(), args: this.moreOperands(), results };
      case "js.rest": case "js.captured": return { op, index: this.integer(), args: this.moreOperands(), results };
      case "js.regexp": return { op, source: this.string(), flags: this.string(), args: [], results };
      case "js.object": {
        const keys: (string | null)[] = [];
        this.expect("{");
        const args = this.list("}", () => {
          if (this.accept("...")) keys.push(null); else { keys.push(this.string()); this.expect(":"); }
          return this.operand();
        });
        return { op, keys, args, results };
      }
      case "js.array": {
        const shape: ("item" | "spread" | "hole")[] = [];
        const args: Value[] = [];
        this.expect("[");
        this.list("]", () => {
          if (this.accept("hole")) { shape.push("hole"); return; }
          shape.push(this.accept("...") ? "spread" : "item");
          args.push(this.operand());
        });
        return { op, shape, args, results };
      }
      default:
        if (isMachineOp(op)) return { op, args: this.operands(), results };
        if (isJsOp(op)) return { op, args: this.operands(), results };
        return this.fail("there is no such operation", token);
    }
  }

  private ifRest(): If {
    const args = this.operands();
    const place = this.placeIfAny();
    const then = this.region([]);
    const otherwise: Region = this.accept("else") ? this.region([]) : { params: [], body: [{ op: "yield", args: [], results: [] }] };
    return { op: "if", args, results: [], place, regions: [then, otherwise] };
  }

  private loopRest(): Loop {
    const label = this.newLabel();
    const args: Value[] = [];
    this.expect("(");
    // the first values are in scope outside, the carried ones inside: all operands are read before any name is defined
    const named = this.list(")", () => {
      const name = this.named();
      this.expect("=");
      args.push(this.operand());
      return name;
    });
    const params = named.map((n) => this.define(n, "js", null));
    let notes: LoopNotes | undefined;
    if (this.accept("unroll")) notes = { unroll: this.plain() as boolean | number };
    if (this.accept("key")) notes = { ...notes, key: this.plain() as number[] };
    for (const role of ["main", "rest"] as const) if (this.accept(role)) notes = { ...notes, role };
    if (this.accept("calls")) notes = { ...notes, calls: true };
    if (this.accept("own")) notes = { ...notes, own: this.plain() as Record<string, string> };
    if (this.accept("loop")) notes = { ...notes, place: this.placeIfAny() };
    const place = this.placeIfAny();
    return { op: "loop", label, args, results: [], place, notes, regions: [this.labelled(label, params)] };
  }
}
