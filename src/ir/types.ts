// The intermediate representation: a small structured IR in SSA.
//
// A function is a tree of regions. A region is a list of instructions whose last one is a terminator
// (`yield`, `br`, `return`, `trap`, `js.throw`). Control is structured, as in WebAssembly and in JavaScript:
//
//   if    cond            → results    regions [then, else]; an arm ends in `yield` (giving the results) or leaves by a terminator
//   block label           → results    region [body]; `br label v…` leaves it with its results, so does its own `yield v…`
//   loop  label(init…)    → results    region [body]; the body's parameters are the carried values; `br label v…` starts the
//                                      next iteration with new carried values, `yield v…` ends the loop with its results
//
// Two families of operations share the IR. `js.*` works on values of type "js" (any JavaScript value) with JavaScript's own
// meaning: the frontend writes it, partial evaluation dissolves it. Everything else is the machine's: typed as WebAssembly types it,
// with the few exact JavaScript operations that WebAssembly lacks (`i32.from_f64`, `f64.rem`, `math.sin` …).
// What each operation means, takes and gives is one row of the table in ops.ts.

import type { MachineOp, JsOp, MemoryOp } from "./ops.ts";

export type Type = "i32" | "i64" | "f32" | "f64" | "v128" | "js";

/** A place in the user's source. `line` counts from 1, `column` from 1, `start`/`end` are offsets into the function's text. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/** One SSA value. Defined once: by the instruction `def`, or, where `def` is null, as a parameter of a function or region. */
export interface Value {
  readonly id: number;
  readonly type: Type;
  def: Instr | null;
  /** a name from the user's source, for reading only */
  name?: string | undefined;
}

/** What a `br` names. Blocks and loops own one each; identity is the object, `name` is for reading and printing. */
export interface Label {
  readonly name: string;
}

export interface Region {
  readonly params: Value[]; // carried values of a loop body; empty elsewhere
  readonly body: Instr[];
}

interface Base {
  readonly args: Value[];
  readonly results: Value[];
  readonly place?: Place | undefined;
}

/** A machine operation without immediates: arguments, result and meaning are its row of the table. */
export interface Machine extends Base { readonly op: MachineOp }

/**
 * A constant. It stands in no region's body: operands refer to it directly, so it is in scope everywhere (js.const likewise).
 * i32 is signed; i64 a bigint; v128 sixteen bytes, little endian. A NaN is the canonical one.
 */
export interface Const extends Base { readonly op: "const"; readonly value: number | bigint | Uint8Array }

/** A load or store at  args[0] + (args[1] << scale) + offset : base address, index, (value). `space` says what memory it may touch. */
export interface Memory extends Base {
  readonly op: MemoryOp;
  readonly offset: number; // bytes
  readonly scale: number; // log2 of the bytes that one step of the index moves
  readonly space: number; // index into Program.spaces
}

/** A lane operation with an immediate: `f64x2.extract_lane` and kin (lane), `i8x16.shuffle` (sixteen lanes). */
export interface Lane extends Base { readonly op: "lane"; readonly name: string; readonly lanes: readonly number[] }

/** The address (i32) of a constant table, Program.data[segment]. */
export interface DataAddress extends Base { readonly op: "data.addr"; readonly segment: number }

/** The address (i32) of a slot of the entry's stack frame, `offset` bytes from its start: local arrays that need memory. */
export interface FrameAddress extends Base { readonly op: "frame.addr"; readonly offset: number }

/** Writes args[0] (f64) to output slot `slot`, where the caller finds what does not fit the function's one result. */
export interface SlotSet extends Base { readonly op: "slot.set"; readonly slot: number }

/** memory.fill(dest, byte, bytes) and memory.copy(dest, source, bytes): all i32. */
export interface Bulk extends Base { readonly op: "memory.fill" | "memory.copy"; readonly space: number; readonly from?: number }

/** A number of Math.random's (f64), another one each time it is executed: never shared, moved out of a loop or done in lanes. */
export interface Draw extends Base { readonly op: "random" }

/** Calls a function of the program by name. */
export interface Call extends Base { readonly op: "call"; readonly callee: string }

export interface If extends Base { readonly op: "if"; readonly regions: readonly [Region, Region] }
export interface Block extends Base { readonly op: "block"; readonly label: Label; readonly regions: readonly [Region] }
export interface Loop extends Base { readonly op: "loop"; readonly label: Label; readonly regions: readonly [Region]; readonly notes?: LoopNotes | undefined }

export interface Yield extends Base { readonly op: "yield" }
export interface Br extends Base { readonly op: "br"; readonly label: Label }
/** Leaves the function. Of the entry function `exit` names the plan, Program.exits[exit], by which the caller decodes the outcome. */
export interface Return extends Base { readonly op: "return"; readonly exit: number }
/** Leaves the whole program at once, from any depth: a JavaScript throw, or a bail (the original must run instead). */
export interface Trap extends Base { readonly op: "trap"; readonly exit: number }

/** A JavaScript operation without immediates. */
export interface Js extends Base { readonly op: JsOp }
export type Primitive = number | string | boolean | bigint | undefined | null;
/** a primitive constant of type js */
export interface JsConst extends Base { readonly op: "js.const"; readonly value: Primitive }
/** a free variable of the source, read or written (args[0]) */
export interface JsFree extends Base { readonly op: "js.free" | "js.free.set" | "js.free.typeof"; readonly name: string }
/** a closure over cells args[i], which the body of `unit.functions[func]` reads by `js.captured i` */
export interface JsFunc extends Base { readonly op: "js.func"; readonly func: number }
/** parameter number `index` and later as an array (rest), or cell number `index` of the closure (captured) */
export interface JsIndexed extends Base { readonly op: "js.rest" | "js.captured"; readonly index: number }
/** An object literal. Entry i is `keys[i]: args[i]`; a null key spreads args[i] (`...o`); computed keys are done by js.set afterwards. */
export interface JsObject extends Base { readonly op: "js.object"; readonly keys: readonly (string | null)[] }
/** An array literal, or the argument list of a call with spreads. `shape[i]`: "item" takes an argument, "spread" an iterable argument, "hole" none. */
export interface JsArray extends Base { readonly op: "js.array"; readonly shape: readonly ("item" | "spread" | "hole")[] }
/** A template or regular expression literal, kept for diagnostics: nothing numeric comes of the latter. */
export interface JsRegExp extends Base { readonly op: "js.regexp"; readonly source: string; readonly flags: string }
/** try: regions [body, handler, finalizer?]. The handler's one region parameter is the exception. Each region yields the construct's results. */
export interface JsTry extends Base { readonly op: "js.try"; readonly regions: readonly Region[]; readonly kind: "catch" | "finally" }
/** A statement that an annotation governs: dropped, dropped if the condition in the annotation holds, assumed. */
export interface JsNote extends Base { readonly op: "js.assume" }

export type Instr =
  | Machine | Const | Memory | Lane | DataAddress | FrameAddress | SlotSet | Bulk | Draw | Call
  | If | Block | Loop | Yield | Br | Return | Trap
  | Js | JsConst | JsFree | JsFunc | JsIndexed | JsObject | JsArray | JsRegExp | JsTry | JsNote;


/** How deep calls are taken to nest at most: a hundred times as deep as V8's stack allows by default. */
export const mostCalls = 2 ** 20;

/** What the source says of a loop. */
export interface LoopNotes {
  /** `@unroll` (true), `@unroll n`, `@keep` (false) */
  readonly unroll?: boolean | number;
  /** `@key pc`: the carried values (positions) that choose what happens next */
  readonly key?: readonly number[];
  /** Its iterations were calls of the function by itself: after `mostCalls` of them it ends as such calls do, with the engine's RangeError. */
  readonly calls?: true | undefined;
  /** the loop's place, to speak of it */
  readonly place?: Place | undefined;
  /** annotations of the user's own passes: word → what follows it */
  readonly own?: Readonly<Record<string, string>> | undefined;
  /** of a loop that was split in two: the fast part, which may stop at any iteration, or the exact one that goes on from there */
  readonly role?: "main" | "rest" | undefined;
}

export interface Func {
  readonly name: string;
  readonly params: Value[];
  readonly results: readonly Type[];
  readonly body: Region;
  /** one more than the greatest id of any value in it */
  nextId: number;
}

// ───────────────────────────────── a function as the frontend gives it ─────────────────────────────────

/** A function of the source, in js.* operations. Its parameters are JavaScript's, one Value each, `undefined` where the caller gave none. */
export interface JsFunction extends Func {
  readonly place: Place;
  /** how many cells a closure of it carries */
  readonly captured: readonly string[];
  readonly kind: "function" | "generator" | "arrow" | "method" | "getter" | "setter" | "constructor" | "derived";
  /** `length` as JavaScript has it */
  readonly length: number;
  readonly strict: boolean;
  /** not all of its parameters are mere names: there are defaults, patterns or a rest */
  readonly patterned?: true;
}

/** Stands for the name of a function that has it from a computed key. */
export const nameOfKey = "\u0000key";

/** Everything that one piece of source text lowers to. functions[0] is the function that the text is; the others are nested in it. */
export interface Arm { readonly of: Place | null; readonly when: boolean; readonly place: Place }
export interface Unit {
  readonly functions: readonly JsFunction[];
  /** the free variables, in order of appearance */
  readonly free: readonly string[];
  readonly source: string;
  /** of a class: the private methods that are its own, not its objects' */
  readonly statics?: readonly string[];
  /** what stands in the arms of `if` statements, to tell what was dropped; one without a place was dropped by an annotation */
  readonly arms?: readonly Arm[];
  /** annotations of the user's own passes, where there are any */
  readonly marks?: readonly import("./marks.ts").Mark[];
}

// ───────────────────────────────── a residual program ─────────────────────────────────

export type ElementKind = "i8" | "u8" | "u8c" | "i16" | "u16" | "i32" | "u32" | "f32" | "f64" | "i64" | "u64";

/** Constant memory: a table that the residual reads. `bytes` is its contents, little endian. */
export interface Data {
  readonly name: string;
  readonly element: ElementKind;
  readonly bytes: Uint8Array;
  /** what it holds differs from one instance of the program to the next: nothing is known of its numbers */
  readonly varies?: true;
}

/**
 * What a load or store may touch. Two different spaces never overlap, unless both are `input`s of which the caller's views may, or both
 * are views of one local array's bytes (then `mayOverlap` of one lists the other). Unknown means unsafe: memory that no rule tells apart shares a space.
 */
export interface Space {
  readonly name: string;
  readonly origin: "input" | "data" | "frame";
  readonly element: ElementKind;
  /** indices of spaces that may share bytes with this one */
  readonly mayOverlap: readonly number[];
  readonly written: boolean;
}

/** A program without its code: all that calling it takes. */
export type ProgramHead = Omit<Program, "functions">;

/** One residual, whole: what the back ends emit, the evaluator runs and the runtime calls. functions[0] is the entry. */
export interface Program {
  readonly functions: readonly Func[];
  readonly data: readonly Data[];
  readonly spaces: readonly Space[];
  /** where each parameter of the entry comes from, in order; an input gives one parameter or several, as its kind says */
  readonly inputs: readonly import("./interface.ts").Input[];
  readonly exits: readonly import("./interface.ts").Exit[];
  /** bytes of stack frame that the entry needs */
  readonly frameBytes: number;
  /** it draws random numbers: two runs can't be compared */
  readonly draws?: true | undefined;
  /** annotations of the user's own passes in the kernel's text (marks.ts) */
  readonly marks?: readonly import("./marks.ts").Mark[] | undefined;
}
