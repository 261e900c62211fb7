// The partial evaluator's machine: what all of its parts share. The walk over control is in control.ts, JavaScript's operators in
// operators.ts, property access in objects.ts and writes.ts, memory in arrays.ts, calls in calls.ts and builtins.ts; what it is asked for, in request.ts.

import { constantOf, Builder } from "../../ir/build.ts";
import type { Exit, Expect, Input, Path, RareCase } from "../../ir/interface.ts";
import { NodeRef, type Code, type SnapshotView, type SnapValue } from "../../ir/snapshot.ts";
import type { Data, Instr, JsFunction, Loop, Place, Region, Space, Value } from "../../ir/types.ts";
import { diagnose, Refusal, type Diagnostic, type DiagnosticKind } from "../../diagnostic.ts";
import { State, type HeapObject, type Source } from "./heap.ts";
import type { Class } from "./contents.ts";
import type { Found } from "./attempts.ts";
import type { Variant } from "./functions.ts";
import type { Arrival } from "./merge.ts";
import type { NumberLists, RowTable } from "./constants.ts";
import { numberOfWritten } from "./formats.ts";
import { isDateOfArray, numberOfDate } from "./dates.ts";
import type { EnteredTables } from "./entered.ts";
import type { Budget } from "./budget.ts";
import { require } from "./vectors.ts";
import { withElements, type IndexedInputs } from "./indexed.ts";
import { allocateKeyed } from "./keyed.ts";
import { Lifting } from "./lifting.ts";
import type { LinkedList } from "./linked.ts";
import type { List } from "./lists.ts";
import { asOneStr } from "./joined.ts";
import { split } from "./objects.ts";
import { numberOfText } from "./operators.ts";
import type { Walked } from "./outlining.ts";
import { look } from "./passed.ts";
import type { MadeAt } from "./prototypes.ts";
import { Reads } from "./reads.ts";
import type { EvaluationRequest } from "./request.ts";
import type { Resident } from "./residents.ts";
import type { Variable } from "./variables.ts";
import { numberOfStr, type Looks } from "./strings.ts";
import type { Event } from "./trace.ts";
import type { Abs, Family, Mem, Memory, Records, SlowRows, Sum } from "./values.ts";
import { type Activation, type Target, PathEnds, type Lessons, type Context, newLasting, newContext } from "./walk.ts";

export class Evaluator {
  readonly b = new Builder();
  state = new State();
  activation: Activation | null = null;
  /** objects that never change: the snapshot's */
  readonly statics = new Map<number, HeapObject>();
  readonly objectOfNode = new Map<number, number>();
  /** captured variables that something reassigns, by the snapshot's number */
  readonly variables = new Map<number, Variable>();
  /** what was read as fields of modules */
  readonly exportsRead: SnapValue[] = [];
  private ids = 0;
  steps = 0;
  /** how many parts of states were compared, of loops that are walked as graphs */
  compared = 0;
  /** what copying long lists cost, of which one element was written */
  copied = 0;
  /** the step at which the walk begins again at the latest, once it has learned what code before would have had to know */
  lastStep = Infinity;
  /** how often it counted that nothing the caller can see was written yet */
  cleanBefore = 0;
  /** how often what follows a choice of objects was written once more */
  copies = 0;
  /** how many operations were written again, where something was unrolled, unfolded or copied: a lower level of the budget writes them once (budget.ts) */
  repeated = 0;
  /** functions whose calls were walked in place, and might be calls of the residual */
  readonly walked = new Map<JsFunction, Walked>();
  /** … to which arrays and objects of the kernel's own were handed */
  readonly walkedWithObjects = new Map<JsFunction, Walked>();
  /** how many dynamic tests around decide whether what is walked runs */
  tests = 0;
  /** how many functions of the residual are being written: what they make does not fit a stack frame, of which there is one */
  variantsOpen = 0;
  /** what each of them has looked at of the caller's objects and captured variables */
  /** how often an object was asked for that two paths, or two iterations, had lost: also on paths taken back since, which are the original's */
  lost = 0;
  readonly looking: Set<number>[] = [];
  /** how many loops around are walked as graphs of states: paths that meet keep known numbers apart */
  polyvariant = 0;
  /** values of the source that such a loop carries on as what chooses its next state: paths that know different ones are kept apart */
  feeding: ReadonlySet<Value> = new Set();
  /** parameters of states, and the values that stand for them */
  readonly renamed = new Map<number, Value>();

  readonly inputs: { input: Input; params: Value[] }[] = [];
  /** the caller's arrays that are lists */
  readonly lists: List[] = [];
  /** his objects, Maps and Sets that are tables, and captured ones, by path */
  readonly entered: EnteredTables = new Map();
  readonly indexed: IndexedInputs = new Map();
  /** those that lead to others of their own form */
  linked: LinkedList | null = null;
  /** what stands beside functions of the snapshot, some of whose properties are written (expandos.ts), by node */
  readonly expandos = new Map<number, number>();
  /** … and beside the caller's arrays that are given names, by path (besides.ts) */
  readonly besides = new Map<string, number>();
  /** where captured regular expressions begin to search at entry, by object */
  readonly positions = new Map<number, number>();
  /** arrays of the caller's objects or rows that are lists (orders.ts), as the caller has them, by path */
  readonly ordered = new Map<string, Mem>();
  readonly inputValues = new Set<Value>();
  readonly inputAbs = new Map<string, Abs>();
  readonly expects = new Map<string, Expect>();
  private expectsUnindexed = false;
  readonly exits: Exit[] = [];
  private readonly exitAt = new Map<string, number>();
  readonly spaces: Space[] = [];
  readonly prologue: Region = { params: [], body: [] };
  /** a part of a string leaves: the runtime reads it out of memory */
  textLeaves = false;
  /** the caller's strings that were met, by path */
  readonly texts = new Map<string, Looks>();
  readonly data: Data[] = [];
  /** the numbers in each constant space */
  readonly constants = new Map<number, ArrayLike<number>>();
  /** elements that were read */
  readonly reads = new Reads();
  readonly tables = new Map<string, Abs>();
  /** slow objects that became tables, and the shapes of those that were looked at (null: no plain object) */
  readonly families = new Map<number, Family>();
  familiesMade = 0;
  /** loops that merely count, and can't be kept (counters.ts) */
  readonly unrolled = new Set<Loop>();
  /** instructions that unrolling the next loop may write; how often those that unrolled went round (stages.ts) */
  unroll: number;
  readonly turns: number[] = [];
  /** forgets which loops were kept since stages were written out */
  keptInside: (() => void)[] | null = null;
  readonly shapes = new Map<number, string | null>();
  readonly rowMemories = new Map<Memory, Memory>();
  /** the slow arrays that the rows of a table are, by what stands for one (chosen.ts) */
  readonly slowRows = new Map<Memory, SlowRows>();
  /** tables of rows by what they are of, and whether the snapshot's arrays hold arrays of numbers alone: asked for at every read */
  readonly rowTables = new Map<string, RowTable>();
  readonly numberLists = new Map<readonly unknown[], NumberLists | null>();
  /** lowered sources by function node */
  readonly sources = new Map<number, Source>();
  frameBytes = 0;
  /** stack slots of spilled arrays, by object and length */
  readonly frameSlots = new Map<string, Mem>();
  /** what of the caller's lies there, by path */
  readonly residents = new Map<string, Resident>();
  /** the memories of views of other elements (buffers.ts), what of the arguments' byte offsets is known, and the local arrays that have views */
  readonly views = new Map<string, Memory>();
  readonly byteOffsets = new Map<Memory, Abs>();
  readonly viewed = new Set<number>();
  /** spaces that share bytes, by the first of them; inputs that may share bytes with any other */
  private readonly sharing = new Map<number, number>();
  readonly wide = new Set<number>();
  private firstOf(space: number): number { const to = this.sharing.get(space); return to === undefined ? space : this.firstOf(to); }
  share(a: number, b: number): void { const [x, y] = [this.firstOf(a), this.firstOf(b)]; if (x !== y) this.sharing.set(y, x); }
  shares(a: number, b: number): boolean { return this.firstOf(a) === this.firstOf(b); }
  /** the memories of arrays whose length is not static, by kind */
  readonly heapMemories = new Map<string, Memory>();
  /** objects that a call makes once, by id, and which of them have a number as prototypes (prototypes.ts) */
  readonly madeOnce = new Map<number, MadeAt>();
  readonly prototypes = new Map<number, number[]>();
  /** the classes of objects in memory that code was written for (contents.ts) */
  readonly fixed = new Set<Class>();
  /** the caller's arrays, by path, of which rows or objects are compared by identity: each has to be there once */
  readonly comparedRows = new Set<string>();
  /** spaces of arrays and objects that are compared with what lies in no such space */
  readonly comparedSpaces = new Set<number>();
  /** the objects of the caller's arrays, by the arrays' paths (items.ts) */
  readonly itemRoots = new Map<string, Records>();
  /** those of whose objects more was asked than columns hold */
  readonly refusedItems = new Map<string, Records>();
  /** the lengths of the caller's arrays, and where these are (lengths.ts) */
  readonly lengths = new Map<Value, Path>();
  /** … and those in which rows change their places */
  readonly replacedRows = new Set<string>();
  /** fields of an array's objects that get something else than what they hold and hand on (passed.ts) */
  readonly rewritten = new Set<string>();
  /** … those of which two are compared */
  readonly interned = new Set<string>();
  /** … and strings of the call's and words that are compared with them: their numbers */
  readonly internedTexts = new Map<string, Value>();
  /** for-in comes to keys that only the run tells: none of an object's own may be deleted */
  keepsKeys = false;
  /** the instruction of the source that is walked */
  instr: Instr | null = null;
  /** functions of the residual */
  readonly variants: Variant[] = [];
  readonly diagnostics: Diagnostic[] = [];
  /** what the walk does, where somebody asked to be told */
  readonly trace: Event[] | null;
  /** what residual loops had to generalise, in order; and what the attempt before this one found at the loop around them, or the walk before this one */
  found: Found[] = [];
  foundBefore: readonly Found[];
  /** every arrival registered, in order: a rollback takes the later ones back */
  readonly journal: Target[] = [];

  readonly request: EvaluationRequest;
  readonly lessons: Lessons;
  readonly budget: Budget;
  readonly snapshot: SnapshotView;
  /** where a template is written */
  readonly lifting: Lifting | null;
  /** what the level's walks before this one did (budget.ts) */
  readonly workBefore: number;
  constructor(request: EvaluationRequest, lessons: Lessons, budget: Budget, workBefore: number) {
    this.workBefore = workBefore;
    this.request = request;
    this.lessons = lessons;
    this.foundBefore = lessons.found;
    this.budget = budget;
    this.unroll = budget.unroll;
    this.trace = request.traced ? [] : null;
    this.lifting = request.pinned === undefined ? null : new Lifting(request.pinned, request.snapshot);
    this.snapshot = this.lifting?.readings ?? request.snapshot;
  }

  /** the kernel's parameters by name, for reading */
  parameterNames: readonly string[] = [];
  parameterName(index: number): string { return this.parameterNames[index] ?? `p${index}`; }
  /**
   * Code was written that took less than what is known now: the walk begins again, but goes on before for as long as it has so far. What it
   * learns on the way need not be learned one walk at a time, and what it writes is thrown away.
   */
  learned(): void { if (this.lastStep === Infinity) this.lastStep = 2 * this.steps + fewSteps; }
  /** Whether nothing that is written any more counts. */
  get begunInVain(): boolean { return this.lastStep !== Infinity; }

  newId(): number { this.places.push(-1); return this.ids++; }
  /** … of an object of the kernel's own */
  newOwnId(): number {
    const id = this.newId();
    this.places[id] = this.made;
    this.idsAt[this.made++] = id;
    return id;
  }
  /** how many objects of the kernel's own were made on the way here */
  made = 0;
  private readonly places: number[] = []; // by id
  private readonly idsAt: number[] = [];
  /** What an object is called from one attempt at a loop to the next (attempts.ts). */
  placeOf(id: number): number { const place = this.places[id]!; return place < 0 ? ~id : place; }
  idAt(place: number): number | undefined { return place < 0 ? ~place : place < this.made ? this.idsAt[place] : undefined; }
  /** A new object of the kernel. */
  allocate(object: HeapObject): Abs & { k: "obj" } {
    const id = this.newOwnId(), site = this.activation && this.instr && { context: this.activation.context, instr: this.instr };
    const keyed = site && allocateKeyed(this, object, site);
    if (keyed) return keyed;
    const sited = site && (object.t === "array" || object.t === "typed" || object.t === "object" || object.t === "map" || object.t === "set" || object.t === "cell" || object.t === "closure") && !object.site ? { ...object, site } : object;
    this.state.objects.set(id, withElements(this, sited, site));
    return { k: "obj", id };
  }
  /** A context for a walk of the function that is not told apart by who calls. */
  contextOf(func: JsFunction): Context {
    let lasting = this.lessons.lasting.get(func);
    if (!lasting) this.lessons.lasting.set(func, (lasting = newLasting()));
    return newContext(lasting);
  }
  object(id: number): HeapObject {
    const object = this.state.objects.get(id) ?? this.statics.get(id);
    if (!object) this.lost++;
    if (!object) throw this.refuse("Todo", "an object is used after two paths that made it differently met", "make the object after the paths meet");
    if (this.looking.length > 0 && this.statics.has(id)) for (const seen of this.looking) seen.add(id);
    return object;
  }
  update(id: number, object: HeapObject): void {
    if (object.t === "array" || object.t === "typed") this.copied += object.items.length >> 7;
    this.state.objects.set(id, object);
  }
  isStaticObject(id: number): boolean { return this.statics.has(id); }
  isInput(v: Value): boolean { return this.inputValues.has(v); }

  /** Writes at the program's very beginning: the value is in scope everywhere. */
  inPrologue(write: () => Value): Value {
    const place = this.b.place;
    this.b.place = undefined;
    const value = this.in(this.prologue, write);
    this.b.place = place;
    this.inputValues.add(value);
    return value;
  }

  /** Writes in another region, and comes back. */
  in<T>(region: Region, write: () => T): T {
    const outer = this.b.region;
    this.b.region = region;
    try { return write(); } finally { this.b.region = outer; }
  }

  /** Writes at the end of a path that arrives. Its heap is what it is afterwards, also where what is written has paths of its own. */
  onPath<T>({ region, state }: Arrival, write: () => T): T {
    const outer = this.state;
    this.state = state;
    try { return this.in(region, write); } finally {
      if (this.state !== state) state.become(this.state);
      this.state = outer;
    }
  }

  expect(expect: Expect): void {
    if (expect.expect === "unindexed") { // asked at every access
      if (this.expectsUnindexed) return;
      this.expectsUnindexed = true;
    }
    // the most frequent ones: of each field of the caller's objects that is not there, and of each method of the engine's
    const key = expect.expect === "identity" ? `identity ${expect.node}` : expect.expect === "anew" ? `anew ${expect.node} ${expect.key ?? ""}` : expect.expect === "absent" || expect.expect === "notOwn" || expect.expect === "present" || expect.expect === "deletable" ? `${expect.expect} ${pathKey(expect.path)}` : expect.expect === "builtin" ? `builtin ${expect.name}` : JSON.stringify(expect, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : Object.is(v, -0) ? "-0" : typeof v === "number" && !Number.isFinite(v) ? String(v) : v === undefined ? "undefined" : v));
    if (!this.expects.has(key)) this.expects.set(key, expect);
  }

  /** Which objects of the snapshot these are is asked: they stay the ones that they are, or different ones. */
  identify(...compared: readonly Abs[]): void {
    for (const a of compared) {
      const object = a.k === "obj" ? this.object(a.id) : undefined, nodes = a.k === "mem" ? (a.of.records?.nodes ?? this.slowRows.get(a.of)?.nodes ?? []) : object && "node" in object && object.t !== "builtin" ? [object.node] : [];
      for (const { node } of "list" in nodes ? nodes.list : nodes) this.expect({ expect: "identity", node });
    }
  }

  /** A captured value: it holds what it held, and is this very object. */
  expectUnchanged({ node }: NodeRef): void {
    this.expect({ expect: "unchanged", node });
    this.capturedPaths.set(node, { root: { node }, keys: [] });
  }

  // ── places ──

  /** the kernel's own text: what is written carries places in it, that of the call where a helper's code is inlined */
  kernelCode: Code | null = null;
  /** where the walk is in a helper's text */
  private elsewhere: Place | undefined;
  at(place: Place, source: Source): void {
    if (source.code === this.kernelCode) this.b.place = place;
    else if (!source.hidden) this.elsewhere = place;
  }

  // ── refusals ──

  here(): { code: Code; start: number; end: number } {
    let { activation } = this;
    while (activation?.source.hidden && activation.caller) activation = activation.caller; // the user's call of a built-in, not its body
    const code = activation?.source.code ?? { text: "", file: null, line: 1, column: 1, isClass: false };
    const place = (activation?.source.code === this.kernelCode ? this.b.place : this.elsewhere) ?? activation?.func.place;
    return { code, start: place?.start ?? 0, end: place?.end ?? 1 };
  }
  diagnose(kind: DiagnosticKind, message: string, hint: string): Diagnostic {
    const { code, start, end } = this.here();
    return diagnose(kind, message, hint, code, start, end);
  }
  /** the refusals that bails of the program stand for: the first one is the answer where nothing else is left of the function */
  readonly refusals: Refusal[] = [];
  refuse(kind: DiagnosticKind, message: string, hint: string): Refusal { return new Refusal(this.diagnose(kind, message, hint)); }
  /** A slow value is written, or can't be static for another reason: it has to be fast. */
  demote(path: Path, key?: string, why = "the function writes a slow value"): Refusal {
    const keys = key === undefined ? path.keys : [...path.keys, key];
    const diagnostic = this.diagnose("Unsupported", why, "make it a fast parameter");
    return new Refusal(diagnostic, typeof path.root === "object" ? undefined : { root: path.root, keys });
  }
  /** where the slow values stand that are objects, by node */
  readonly staticPaths = new Map<number, Path>();
  /** the same of captured ones, and of what they hold */
  readonly capturedPaths = new Map<number, Path>();
  invariant(message: string): Refusal { return this.refuse("Invariant", message, "this is a bug of wasmorph: please report it with the function"); }
  private readonly said = new Set<string>();
  /** Tells something once in a walk. */
  once(what: string, tell: () => void): void { if (!this.said.has(what)) { this.said.add(what); tell(); } }
  note(message: string, hint: string): void { this.diagnostics.push(this.diagnose("Note", message, hint)); }
  // ── leaving ──

  /** The original must run: ends the path. */
  bail(reason: string, rare?: RareCase): never {
    if (!this.state.wrote) this.cleanBefore++;
    const exit = this.bailIndex(reason, rare && !this.knows(rare) ? rare : undefined);
    this.b.append({ op: "trap", exit, args: [], results: [], place: this.b.place });
    throw new PathEnds();
  }
  /** Has a call of the kernel come there before? */
  knows(rare: RareCase): boolean { return this.request.rare?.includes(rare) === true; }
  private readonly bails = new Map<string, number>();
  private bailIndex(reason: string, rare: RareCase | undefined): number {
    const clean = !this.state.wrote, key = `${clean} ${rare ?? ""} ${reason}`;
    let known = this.bails.get(key);
    if (known === undefined) this.bails.set(key, (known = this.exitIndex({ kind: "bail", reason, clean, ...(rare ? { rare } : {}) })));
    return known;
  }
  exitIndex(exit: Exit): number {
    const key = exitKey(exit);
    let known = this.exitAt.get(key);
    if (known === undefined) this.exitAt.set(key, (known = this.exits.push(exit) - 1));
    return known;
  }

  // ── numbers ──

  /** A value as f64: ToNumber of it, where that runs no code of the user's. */
  toF64(abs: Abs): Value {
    switch (abs.k) {
      case "num": return abs.v;
      case "bool": return this.b.op("f64.convert_i32_u", abs.v);
      case "big": return this.bail("a BigInt meets a number");
      case "prim":
        if (typeof abs.value === "bigint") this.bail("a BigInt meets a number");
        return this.b.f64(Number(abs.value));
      case "sum": return this.sumPayload(abs);
      case "text": {
        const number = numberOfText(abs);
        if (number) return this.b.op("f64.add", number.v, this.b.f64(0)); // the text of −0 is that of 0
        const fixed = numberOfWritten(this, abs);
        if (fixed) return fixed;
        const there = asOneStr(this, abs);
        if (there) return numberOfStr(this, there);
        throw this.refuse("Unsupported", "a number is parsed out of a string built at run time", "keep numbers as numbers");
      }
      case "str": return numberOfStr(this, abs);
      case "mem": {
        look(this, abs);
        const time = numberOfDate(this, abs);
        if (time) return this.toF64(time);
        throw this.refuse("Unsupported", "an array is used as a number", "take an element of it");
      }
      case "obj": {
        const object = this.object(abs.id);
        if (object.t === "array" && object.items.length === 0) return this.b.f64(0);
        if (object.t === "array" && object.items.length === 1 && object.items[0]?.k === "prim") return this.b.f64(Number([object.items[0].value]));
        if (object.t === "closure" || object.t === "function" || object.t === "class" || object.t === "builtin") return this.b.f64(NaN);
        const time = numberOfDate(this, abs);
        if (time) return this.toF64(time);
        throw this.refuse("Unsupported", "an object is used as a number", "take a field of it");
      }
    }
  }

  /** ToNumber of a sum. */
  sumPayload(sum: Sum): Value {
    look(this, sum);
    const isObject = sum.alts.map((a) => a.k === "obj" || a.k === "mem");
    if (sum.alts.some((a) => isDateOfArray(a) || (a.k === "obj" && numberOfDate(this, a)))) return this.toF64(split(this, sum, (a) => this.fromF64(this.toF64(a))));
    if (isObject.includes(true)) {
      // the object's own conversion may run anything
      const object = isObject.flatMap((is, i) => (is ? [this.tagIs(sum, i)] : [])).reduce((a, b) => this.b.op("i32.or", a, b));
      require(this, this.b.op("i32.eqz", object), "an object is used as a number");
    }
    return this.payloadOf(sum);
  }
  /** The same where nobody looks at it if the value is an object. */
  payloadOf(sum: Sum): Value {
    if (sum.alts.some((a) => a.k === "str")) return this.toF64(split(this, sum, (a) => (a.k === "obj" || a.k === "mem" ? { k: "prim", value: NaN } : this.fromF64(this.toF64(a)))));
    if (sum.alts.some((a) => a.k === "prim" && typeof a.value === "string") && sum.payload) {
      // a number or a string: the payload holds numbers only
      return this.selectByTag(sum, (alt) => (alt.k === "prim" ? this.b.f64(Number(alt.value)) : sum.payload!));
    }
    return sum.payload ?? this.selectByTag(sum, (alt) => this.b.f64(alt.k === "prim" ? Number(alt.value) : NaN));
  }
  selectByTag(sum: Sum, of: (alt: Sum["alts"][number]) => Value): Value {
    const values = sum.alts.map(of);
    return values.reduceRight((rest, v, i) => (i === values.length - 1 ? v : this.b.op(v.type === "f64" ? "f64.select" : "i32.select", this.tagIs(sum, i), v, rest)), values.at(-1)!);
  }
  tagIs(sum: Sum, i: number): Value {
    return sum.alts.length === 1 ? this.b.i32(1) : sum.alts.length === 2 && i === 1 ? sum.tag : sum.alts.length === 2 ? this.b.op("i32.eqz", sum.tag) : this.b.op("i32.eq", sum.tag, this.b.i32(i));
  }

  /** ToInt32. */
  toI32(abs: Abs): Value {
    if (abs.k === "bool") return abs.v;
    const v = this.toF64(abs);
    const known = constantOf(v);
    if (typeof known === "number") return this.b.i32(known | 0);
    if (v.def?.op === "f64.convert_i32_s" || v.def?.op === "f64.convert_i32_u") return v.def.args[0]!;
    return this.b.once("i32.from_f64", v);
  }
  fromI32(v: Value): Abs {
    const known = constantOf(v);
    return typeof known === "number" ? { k: "prim", value: known } : { k: "num", v: this.b.op("f64.convert_i32_s", v) };
  }
  fromU32(v: Value): Abs {
    const known = constantOf(v);
    return typeof known === "number" ? { k: "prim", value: known >>> 0 } : { k: "num", v: this.b.op("f64.convert_i32_u", v) };
  }
  /** An f64 as a value: static where it is a constant. */
  fromF64(v: Value): Abs {
    const known = constantOf(v);
    return typeof known === "number" ? { k: "prim", value: known } : { k: "num", v };
  }
  /** An i32 0 or 1 as a boolean. */
  fromBool(v: Value): Abs {
    const known = constantOf(v);
    return known !== undefined ? { k: "prim", value: known !== 0 } : { k: "bool", v };
  }

}

/** what a walk that has learned something goes on for at least: most are done by then */
const fewSteps = 1000;

const exitKey = (exit: Exit): string => JSON.stringify(exit, (_, v: unknown) => (Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : v === undefined ? "undefined" : typeof v === "number" && !Number.isFinite(v) ? String(v) : v));

export const pathKey = (path: Path): string => JSON.stringify([path.root, ...path.keys]);
