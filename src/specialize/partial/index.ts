// Partial evaluation: a kernel in js.* form, its slow and captured values (a snapshot) and the kinds of its fast ones become a residual
// program in machine form, in which nothing that depends only on static values is left.
//
// Requires: the kernel's Unit from the frontend, kinds that describe the call. Guarantees: the program does what the kernel does for every
// call that its inputs and expectations fit; it bails where it can't. Throws Refusal where the kernel can't be taken.

import type { Exit, Expect, Path } from "../../ir/interface.ts";
import { formOfEntries } from "../../ir/keyed.ts";
import type { Func, JsFunction, Program, Region, Space, Type } from "../../ir/types.ts";
import { instructions } from "../../ir/build.ts";
import { memoryOps, isMemoryOp } from "../../ir/ops.ts";
import { Refusal, type Diagnostic } from "../../diagnostic.ts";
import { visit } from "../flow.ts";
import { altogether, budgetOf, budgetReached, checkBudget, firstBudget, lastLevel, noteBudget, refuseBudget, spent, withCalls, workOf, writesTheSame } from "./budget.ts";
import { sourceOf } from "./calls.ts";
import { noTexts } from "./closures.ts";
import { closeRegion, walkRegion, leave } from "./control.ts";
import { enterTables, forgetEntered } from "./entered.ts";
import { Evaluator, pathKey } from "./evaluator.ts";
import type { EvaluationRequest } from "./request.ts";
import { continued } from "./attempts.ts";
import { convertClosures } from "./functions.ts";
import { laidOut, laidRoots, spacesOfLinked, spacesOfList, writeReturns } from "./exits.ts";
import { inputValue, snapValue } from "./inputs.ts";
import type { Lifting } from "./lifting.ts";
import { promoteLengths } from "./lengths.ts";
import { nothingLinked } from "./linked.ts";
import { elementsOf } from "./lists.ts";
import { keepOrdersApart } from "./orders.ts";
import { kindsAtEntry, wordsAtEntry } from "./items.ts";
import { isCompared } from "./passed.ts";
import { notesOf } from "./refused.ts";
import { reserveResidents } from "./residents.ts";
import { promoteAll, promoteNames, promoteRows } from "./strings.ts";
import type { Event } from "./trace.ts";
import { flatten, renameAll } from "./structure.ts";
import { formOf } from "./tailcalls.ts";
import { undefinedValue } from "./values.ts";
import { callsAlone, learnHanded, learnOutlined } from "./outlining.ts";
import { newContext, Restart, type Activation, type Lessons, type Target } from "./walk.ts";

export { tell, type Change, type FunctionFacts, type LineFacts, type Told } from "./trace.ts";
export type { EvaluationRequest, Given, PureCalls } from "./request.ts";
export { NoTemplate } from "./walk.ts";
export { staticAt, type Lifting, type Pinned } from "./lifting.ts";

export interface Evaluated {
  readonly program: Program;
  readonly expects: readonly Expect[];
  readonly diagnostics: readonly Diagnostic[];
  /** at how many levels of the budget the walks gave up */
  readonly gaveUp: number;
  /** what its walks did (budget.ts) */
  readonly work: number;
  /** where the request asked for it */
  readonly trace: readonly Event[] | null;
  /** what a template is filled by, where one was asked for */
  readonly lifting: Lifting | null;
}

/** Within one level of the budget: how long walks take, which is the machine's load as well, decides nothing then. */
const mostRestarts = 64;
/** … where the strings of objects that lead to others of their own form are known ones */
const mostOfKnownTexts = 16;

/** The level at which a walk begins once more whose calls hand over arrays and objects: small loops unroll. */
const levelOfCalls = 1;

export function evaluatePartially(request: EvaluationRequest): Evaluated {
  const lessons: Lessons = { writtenBuffers: new Set(), writtenNodes: new Set(), repointed: new Set(), root: newContext(), found: [], lasting: new Map(), shared: new Set(), residents: new Map(), descents: new Map(), resultWords: 0, outlined: new Map(), handsObjects: false, looped: new Set(), lists: new Map(), held: new Set(), entering: new Map(), indexed: new Set(), linked: nothingLinked(), heldTexts: false, noTexts: false, expandos: new Map(), besides: new Set(), lengths: new Map(), late: new Set(), differences: new Set(), fields: new Map(), lookedAt: new Set(), prototypes: -2, closures: noTexts(), restarts: 0 };
  const notes: Diagnostic[] = [];
  let budget = firstBudget(request.limits, performance.now()), work = 0, total = 0;
  for (;;) {
    const ev = new Evaluator(request, lessons, budget, work);
    try {
      const evaluated = evaluateOnce(ev);
      return { ...evaluated, diagnostics: [...notes, ...evaluated.diagnostics], gaveUp: budget.level, work: total + workOf(ev) };
    } catch (e) {
      work += workOf(ev);
      total += workOf(ev);
      lessons.found = continued(ev.found, lessons.found);
      const again = e instanceof Restart || ev.begunInVain; // what went wrong after something was learned may have gone wrong because of it
      // what was written after something was learned, and how much that was, tells nothing: the work counts
      const reached = again ? spent(budget, work) ?? writesTheSame(budget, { all: work, last: workOf(ev) }, { repeated: ev.repeated, written: ev.b.written }) : budgetReached(e);
      if (again && !reached) {
        if (++lessons.restarts > mostRestarts) throw ev.refuse("Todo", "what arrays and objects hold does not settle", "give each array one kind of elements");
        if (lessons.noTexts && lessons.linked !== null && lessons.restarts > mostOfKnownTexts) { lessons.linked = null; lessons.restarts = 0; forgetLoops(lessons); } // strings that get longer have no end
        continue;
      }
      if (request.limits.rolled !== undefined) throw reached ? refuseBudget(ev, reached) : e;
      if (reached && learnOutlined(ev)) {
        ev.note(`specializing took ${reached.why}: begun again, functions that are called from many places are called by the program, too`, "no need to do anything");
        notes.push(ev.diagnostics.at(-1)!);
        budget = withCalls(budgetOf(budget.level, request.limits, performance.now()), work);
        lessons.restarts = 0;
        work = 0;
        continue;
      }
      if (reached && budget.level < lastLevel && !callsAlone(ev, reached)) {
        noteBudget(ev, reached, budget.level + 1);
        notes.push(ev.diagnostics.at(-1)!);
        budget = budgetOf(budget.level + 1, request.limits, performance.now(), lessons.handsObjects);
        lessons.restarts = 0;
        work = 0;
        forgetLoops(lessons); // what arrays and objects hold need not be learned again
        continue;
      }
      if (reached && learnHanded(ev)) {
        ev.note(`specializing took ${reached.why}: begun again, functions that are handed arrays and objects are called by the program, too`, "no need to do anything");
        notes.push(ev.diagnostics.at(-1)!);
        budget = budgetOf(levelOfCalls, request.limits, performance.now(), true);
        lessons.restarts = 0;
        work = 0;
        forgetLoops(lessons);
        continue;
      }
      const thrown = reached ? refuseBudget(ev, reached) : e;
      if (!(thrown instanceof Refusal)) throw thrown;
      if (waysOut.some((takes) => takes(lessons, ev))) {
        forgetLoops(lessons);
        lessons.restarts = 0;
        continue;
      }
      promoteAll(ev, thrown);
      if (reached) promoteLengths(ev, thrown);
      thrown.gaveUp = reached ? altogether : budget.level;
      thrown.notes.push(...notes, ...ev.diagnostics, ...notesOf(ev));
      throw thrown;
    }
  }
}

/** What a walk that was refused may go without, in the order in which it is tried; false: it went without already, or there was none. */
const waysOut: readonly ((lessons: Lessons, ev: Evaluator) => boolean)[] = [
  (lessons) => { // what can't be a loop may be a function
    const had = lessons.looped !== null && lessons.looped.size > 0;
    if (had) lessons.looped = null;
    return had;
  },
  (lessons) => lessons.usesCaught === true && !lessons.noCaught && (lessons.noCaught = true), // the handler may be what is refused
  (lessons) => lessons.usesNumerals === true && !lessons.laidNumerals && (lessons.laidNumerals = true), // they leave, or meet what is no such list
  (lessons) => lessons.usesNames === true && !lessons.noNames && (lessons.noNames = true),
  (lessons) => lessons.usesComputed === true && !lessons.noComputed && (lessons.noComputed = true), // which of the strings have to be known is told where they are refused
  (lessons) => {
    if (!lessons.heldTexts || lessons.noTexts) return false;
    lessons.noTexts = true;
    forgetEntered(lessons);
    if (lessons.linked !== null) lessons.linked = nothingLinked();
    return true;
  },
  (lessons, ev) => { // what is known of each object's fields may do
    if (ev.linked === null) return false;
    lessons.linked = null;
    return true;
  },
];

function forgetLoops(lessons: Lessons): void {
  lessons.root = newContext(lessons.root.lasting);
  lessons.found = [];
}

function evaluateOnce(ev: Evaluator): Omit<Evaluated, "gaveUp" | "work"> {
  const { request, lessons } = ev;
  const source = sourceOf(ev, request.kernel);
  ev.kernelCode = source.code;
  const func = source.unit.functions[0]!;
  if (func.kind === "generator") throw ev.refuse("Unsupported", "the kernel is a generator function", "give an array, or call the generator from an ordinary function");
  ev.parameterNames = func.params.map((p, i) => p.name ?? `p${i}`);
  const returns: Target = { kind: "return", label: ev.b.label("entry"), arrivals: [] };
  const body: Region = { params: [], body: [] };
  ev.b.region = body;
  reserveResidents(ev);
  // 1. the walk; what the kernel's parameters are is asked for when they are met
  const activation: Activation = {
    source, func, env: [], self: undefinedValue, args: [], long: null, cells: [], newTarget: undefinedValue, targets: new Map(), returns, caller: null, site: null,
    context: lessons.root, depth: 0, handlers: [], loops: [], narrowed: [], callee: null,
  };
  ev.activation = activation;
  enterTables(ev);
  const args = request.args.map((kind, i) => inputValue(ev, { root: i, keys: [] }, kind));
  const self = ev.snapshot.node(request.kernel).kind === "builtin" ? snapValue(ev, request.kernel) : inputValue(ev, { root: "this", keys: [] }, request.self);
  const started: Activation = { ...activation, self, args, callee: snapValue(ev, request.kernel) };
  const form = formOf(ev, func);
  form.params.forEach((p, i) => { started.env[p.id] = args[i] ?? undefinedValue; });
  const completion = walkRegion(ev, form.body, started);
  if (completion.c !== "dead") leave(ev, completion, started);
  else closeRegion(body);
  if (ev.begunInVain) throw new Restart();
  checkBudget(ev); // one step may write much: an array put into memory, item by item
  if (returns.arrivals.length === 0 && ev.refusals.length > 0) throw ev.refusals[0]!;
  if (returns.arrivals.length === 0) promoteRows(ev);
  promoteNames(ev);
  // 2. outcomes
  const results: Type[] = writeReturns(ev, returns.arrivals);
  for (const region of [body, ...ev.variants.flatMap((v) => (v.residual ? [v.residual.body] : []))]) { flatten(region); renameAll(region, ev.renamed); }
  // a place in the frame that a walk taken back had asked for is nobody's
  body.body.unshift(...ev.prologue.body.filter((instr) => instr.op !== "frame.addr" || instr.offset < ev.frameBytes));
  const functions = convertClosures(ev, body);
  keepOrdersApart(ev);
  if (ev.begunInVain) throw new Restart(); // what was asked for last may be of a class that code was written for
  // 3. what of the inputs is used, and how
  return finish(ev, body, results, functions);
}

function finish(ev: Evaluator, body: Region, results: readonly Type[], others: readonly Func[]): Omit<Evaluated, "gaveUp" | "work"> {
  let draws = false;
  const used = new Uint8Array(ev.b.nextId), read = new Set<number>(), written = new Set<number>();
  const entry: Func = { name: "run", params: [], results, body, nextId: ev.b.nextId };
  const functions = [entry, ...others];
  for (const f of functions) {
    visit(f.body, (instr) => {
      for (const a of instr.args) used[a.id] = 1;
      if (isMemoryOp(instr.op)) (memoryOps[instr.op].store ? written : read).add((instr as { space: number }).space);
      else if (instr.op === "random") draws = true;
      else if (instr.op === "memory.fill" || instr.op === "memory.copy") { written.add(instr.space); if (instr.from !== undefined) read.add(instr.from); }
    });
  }
  ev.lifting?.close(ev);
  const looked = lookedAt(sourceOf(ev, ev.request.kernel).unit.functions[0]!);
  const inputs = ev.inputs.filter(({ input, params }) => params.some((p) => used[p.id] === 1) || "space" in input || looked(input.path));
  for (const { params } of inputs) entry.params.push(...params);
  const isQuiet = (spaces: Iterable<number>): boolean => [...spaces].every((space) => !written.has(space) && !ev.comparedSpaces.has(space));
  const quiet = new Set([...(ev.linked !== null && isQuiet(spacesOfLinked(ev)) ? [ev.linked.path] : []), ...ev.lists.flatMap(({ path }) => (ev.lessons.held.has(pathKey(path)) && isQuiet(spacesOfList(ev, path)) ? [path] : []))].map(pathKey));
  const ends = quiet.size === 0 ? ev.exits : ev.exits.map((exit): Exit => (exit.kind === "bail" ? exit : { ...exit, writes: exit.writes.map((write) => (write.contents && quiet.has(pathKey(write.path)) ? { ...write, unchanged: true } : write)) }));
  // the engine ends calls that nest too deep wherever they are: the original's may go on, so nothing is written in place before all have come back
  const exits: readonly Exit[] = isRecursive(others) ? [...ends, { kind: "bail", reason: "calls nest too deep", clean: false }] : ends;
  const captured = new Set(inputs.flatMap(({ input }) => ("space" in input && typeof input.path.root === "object" ? [input.space] : [])));
  const spaces: Space[] = ev.spaces.map((space, i) => ({
    ...space, written: written.has(i),
    mayOverlap: ev.spaces.flatMap((other, j) => (j !== i && (ev.shares(i, j)
      || (space.origin === "input" && other.origin === "input" && (ev.request.overlap || (captured.has(i) && captured.has(j)) || ev.wide.has(i) || ev.wide.has(j)))) ? [j] : [])),
  }));
  const program: Program = {
    functions, data: ev.data, spaces, exits, frameBytes: ev.frameBytes, marks: sourceOf(ev, ev.request.kernel).unit.marks, ...(draws ? { draws } : {}),
    inputs: inputs.map(({ input }) => {
      if (!("space" in input)) return input;
      if (input.as === "list") return { ...input, written: !quiet.has(pathKey(input.path)) || input.roots !== undefined, ...(input.roots ? laidRoots(ev) : input.path.keys.some((key) => formOfEntries(key)) || ev.lessons.held.has(pathKey(input.path)) ? laidOut(ev, input.path) : { elements: elementsOf(ev, input.path) }) };
      if (input.as === "text") return { ...input, read: !input.interned && (ev.textLeaves || read.has(input.space)) };
      const { table } = input as { table?: number }, used = { ...input, read: read.has(input.space) || (table !== undefined && read.has(table)), written: written.has(input.space) };
      const distinct = ev.comparedRows.has(pathKey(input.path)) ? { distinct: true as const } : {};
      return table === undefined ? (input.as === "column" ? { ...used, ...distinct, ...(input.part === "value" || input.part === "code" ? { of: kindsAtEntry(ev, input), words: wordsAtEntry(ev, input), ...(input.part === "value" && isCompared(ev, input) ? { interned: true as const } : {}) } : {}) } : used) : { ...used, ...(written.has(table) ? { replaced: true as const } : {}), ...distinct };
    }),
  };
  return { program, expects: [...ev.expects.values()], diagnostics: [...ev.diagnostics, ...notesOf(ev)], trace: ev.trace, lifting: ev.lifting };
}

/** Whether one of the functions may be called while it runs. */
function isRecursive(functions: readonly Func[]): boolean {
  const called = new Map(functions.map(({ name, body }) => [name, [...instructions(body)].flatMap((instr) => (instr.op === "call" ? [instr.callee] : []))]));
  return functions.some(({ name }) => {
    const reached = new Set(called.get(name));
    for (const callee of reached) for (const next of called.get(callee) ?? []) reached.add(next); // grows while it is walked
    return reached.has(name);
  });
}

/**
 * Which inputs the walk may have looked at. Their kind decided what was written (`x === null` of a number is false), so it is tested at entry
 * even where nothing is left that uses the value. Fields and captured variables are inputs only once they have been asked for.
 */
function lookedAt(func: JsFunction): (path: Path) => boolean {
  const mentioned = new Set<number>();
  let all = false;
  for (const instr of instructions(func.body)) {
    if (instr.op === "js.arguments" || instr.op === "js.rest") all = true;
    for (const arg of instr.args) if (arg.def === null) mentioned.add(arg.id);
  }
  return ({ root, keys }) => keys.length > 0 || typeof root === "object" || (typeof root === "number" && (all || mentioned.has(func.params[root]?.id ?? -1)));
}
