// The passes over machine form, in order, and the one loop that runs them: it times each, checks what it made, remembers it for whoever
// wants to look (text is made only when asked for), stops after a pass or skips one. Dumps, bisection and the playground come from it.
//
// Requires: a Program in machine form, as partial evaluation leaves it. Guarantees: the same outcome for every input, bit for bit.

import { check } from "../ir/check.ts";
import { printProgram } from "../ir/print.ts";
import type { Func, Program, Space } from "../ir/types.ts";
import { contentsOf } from "./analyses.ts";
import { loadBefore } from "./busy.ts";
import { removeChecks } from "./checks.ts";
import { removeDeadCode } from "./dce.ts";
import { leaveEarly } from "./early.ts";
import { makeRoom } from "./room.ts";
import { expectLengths } from "./expected.ts";
import { cutFirsts } from "./firsts.ts";
import { hoist } from "./hoist.ts";
import { closeInductions } from "./inductions.ts";
import { isolateCounters } from "./isolate.ts";
import { divideMultiples } from "./multiples.ts";
import { endLoops } from "./ends.ts";
import { joinLatches } from "./latch.ts";
import { narrow } from "./narrow.ts";
import { askOffsets } from "./offsets.ts";
import { notes, type Note, type Noted } from "./notes.ts";
import type { Segments } from "./segments.ts";
import { writePeriods } from "./periods.ts";
import { sink } from "./sink.ts";
import { countFromZero } from "./rebase.ts";
import { countShifted } from "./shifted.ts";
import { splitLengths } from "./lengths.ts";
import { followStreams, streamed, streamedSpace } from "./streams.ts";
import { splitLoops } from "./split.ts";
import { simplify } from "./simplify.ts";
import { unroll } from "./unroll.ts";
import { wrapPlaces } from "./wrapped.ts";

export interface Pass {
  readonly name: string;
  /** why it stands where it stands */
  readonly why: string;
  readonly run: (func: Func, program: Program, note: Note) => Func;
  /** constant tables that running it on the functions has added, numbered after the program's own */
  readonly tables?: Segments;
  /** the space that they are in, after the program's own, where it is not one of these */
  readonly space?: Space;
  /** what running it on the functions has added to the entry's stack frame, and the spaces in it, after the program's own */
  readonly room?: (before: Program) => { readonly bytes: number; readonly spaces: readonly Space[] } | null;
  /** run only where the pass of that name has changed something */
  readonly onlyAfter?: string;
}

/** The first ones, which pay at once: what they leave out need not be emitted. What they make may serve until the others have run. */
export const quickPasses: readonly Pass[] = [
  { name: "simplify", why: "first: partial evaluation writes naive code, and every later pass reads less of it", run: simplify },
  { name: "dead code", why: "before narrow: a use that nobody needs must not keep a value a double", run: removeDeadCode },
];

/** From so many operations on behind them, the other passes take so long that even a first version serves without them at first. */
export const large = 3000;

export const passes: readonly Pass[] = [
  ...quickPasses,
  { name: "isolate", why: "before narrow: how far a counter goes tells its range", run: isolateCounters },
  { name: "streams", why: "before inductions, which closes what counts then; after isolate: a limit is a constant", run: followStreams, tables: streamed, space: streamedSpace },
  { name: "inductions", why: "before rebase and narrow, which see rows and columns then, within int32; after isolate: limits are constants", run: closeInductions },
  { name: "rebase", why: "before narrow, which takes the counter for an int32 then; after isolate, which makes limits sums", run: countFromZero },
  { name: "narrow", why: "before checks: relations between indices and lengths are followed through int32 only", run: narrow },
  { name: "multiples", why: "after narrow: what is a multiple is told by int32 arithmetic; before what looks for checks of whole numbers", run: divideMultiples },
  { name: "narrow multiples", why: "after multiples: what is made of its quotients is int32", run: narrow, onlyAfter: "multiples" },
  { name: "dead code 2", why: "after narrow: the doubles that are no longer wanted", run: removeDeadCode },
  { name: "simplify 2", why: "after narrow: indices are int32 now, so equal checks have become equal conditions", run: simplify },
  { name: "sink", why: "before checks: work that only one arm needs sees that arm's condition", run: sink },
  { name: "early", why: "before checks: behind a way out it is known what is there; after simplify 2, which spells equal comparisons alike", run: leaveEarly },
  { name: "room", why: "after simplify 2, narrow: lengths are int32, and compared with each index once; before checks, which prove what is in arrays that are known to be filled", run: makeRoom },
  { name: "checks", why: "after simplify 2: a check must be one comparison with the length", run: removeChecks },
  { name: "simplify 3", why: "after checks: what stood behind them is straight code now", run: simplify },
  { name: "hoist", why: "after checks: a proved load stands alone, an invariant one can move", run: hoist },
  { name: "unroll", why: "after checks and hoist: copies have neither checks that could be proved nor work that could be done before", run: unroll },
  { name: "dead code 3", why: "last: what the others left without a use", run: removeDeadCode },
];

/** What only WebAssembly gets: code that is there twice is not for reading, and JavaScript engines check bounds themselves anyway. */
export const splitPasses: readonly Pass[] = [
  { name: "ends", why: "before all that looks for loops that end with a test of their own; for WebAssembly: in JavaScript a return is a return", run: endLoops },
  { name: "latches", why: "before all that looks for counted loops, which go back from one place; for WebAssembly: in JavaScript a continue is a continue", run: joinLatches },
  { name: "firsts", why: "after latches, which leaves loops that go back from one place; before split and hoist 6: what the first iteration alone does keeps nothing else under a condition", run: cutFirsts },
  { name: "simplify 10", why: "after firsts: what was asked is known", run: simplify, onlyAfter: "firsts" },
  { name: "checks 6", why: "after simplify 10: what is on the left and above is there", run: removeChecks, onlyAfter: "firsts" },
  { name: "hoist 6", why: "after checks 6: where rows lie stands alone, and how long they are", run: hoist, onlyAfter: "firsts" },
  { name: "busy", why: "after firsts, which leaves of an iteration's questions those that both answer alike; before hoist 7 and split", run: loadBefore },
  { name: "hoist 7", why: "after busy: what both arms load stands alone", run: hoist, onlyAfter: "busy" },
  { name: "wrapped", why: "before offsets and split, which take int32; for WebAssembly: a place that wraps around is no property of JavaScript's arrays", run: wrapPlaces },
  { name: "offsets", why: "after hoist: what a loop computes places of stands before it; before split, which takes int32", run: askOffsets },
  { name: "narrow offsets", why: "after offsets: what is computed of integers is int32", run: narrow, onlyAfter: "offsets" },
  { name: "dead code 12", why: "after narrow offsets: the doubles that are no longer wanted", run: removeDeadCode, onlyAfter: "offsets" },
  { name: "simplify 8", why: "after narrow offsets: indices are int32 now", run: simplify, onlyAfter: "offsets" },
  { name: "checks 4", why: "after simplify 8: a check must be one comparison with the length", run: removeChecks, onlyAfter: "offsets" },
  { name: "hoist 5", why: "after checks 4: the conversions of what was asked, and what lies below the length", run: hoist, onlyAfter: "offsets" },
  { name: "expected", why: "before lengths and split, which have less to ask of straight code; after hoist: how long a row is stands before the loops over it", run: expectLengths },
  { name: "checks 5", why: "after expected: lengths are constants in its arms, with which loops compare their counters", run: removeChecks, onlyAfter: "expected" },
  { name: "simplify 9", why: "after checks 5: what stood behind them is straight code now", run: simplify, onlyAfter: "expected" },
  { name: "lengths", why: "before split: what stands outside loops need not be looked at again in each of its copies", run: splitLengths },
  { name: "shifted", why: "before split, which tells places by counters; after hoist: what stands still is not in the loop", run: countShifted },
  { name: "periods", why: "before split, which tells places by counters, not by remainders; after hoist: limits come from outside the loop", run: writePeriods },
  { name: "split", why: "after hoist: lengths and bases come from outside the loop by now", run: splitLoops },
  { name: "hoist 2", why: "after split: limits of an inner loop may be the same for all of the outer one", run: hoist },
  { name: "simplify 4", why: "after split: the carried values of its copies that never change", run: simplify },
  { name: "dead code 4", why: "last: what the others left without a use", run: removeDeadCode },
];

/** What one pass made. */
export interface Stage {
  readonly pass: string;
  readonly program: Program;
  readonly changed: boolean;
  /** instructions that compute, load or store */
  readonly operations: number;
  readonly ms: number;
  /** the changes worth telling, a line each */
  readonly log: readonly string[];
  readonly changes: readonly Noted[];
  text(): string;
}

export interface PassOptions {
  readonly passes?: readonly Pass[];
  /** names of passes to leave out */
  readonly skip?: ReadonlySet<string>;
  /** how many passes to run at most: the first bad one is found by bisecting it */
  readonly limit?: number;
  /** check the IR after every pass: in tests always */
  readonly check?: boolean;
  /** Stages keep no programs. What is kept until the last pass has run is moved by each collection meanwhile. */
  readonly forget?: boolean;
  /** told of what each pass made */
  readonly made?: (pass: Pass, program: Program) => void;
}

export function runPasses(program: Program, options: PassOptions = {}): { program: Program; stages: Stage[] } {
  const stages: Stage[] = [];
  let count = countOperations(program);
  const list = (options.passes ?? passes).slice(0, options.limit);
  for (const pass of list) {
    if (options.skip?.has(pass.name) || (pass.onlyAfter !== undefined && !stages.some((s) => s.pass === pass.onlyAfter && s.changed))) continue;
    const told = notes(pass.name);
    const start = performance.now();
    const before = program;
    program = { ...before, functions: before.functions.map((f) => runOn(pass, f, before, told.note)) };
    const tables = pass.tables?.of(before) ?? [];
    if (tables.length > 0) program = { ...program, data: [...before.data, ...tables], spaces: pass.space ? [...before.spaces, pass.space] : before.spaces };
    const room = pass.room?.(before);
    if (room) program = { ...program, frameBytes: before.frameBytes + room.bytes, spaces: [...before.spaces, ...room.spaces] };
    const ms = performance.now() - start;
    if (options.check) for (const f of program.functions) check(f, program);
    options.made?.(pass, program);
    const operations = countOperations(program);
    const facts = { pass: pass.name, changed: operations !== count || told.changes().length > 0, operations, ms, log: told.lines(), changes: told.changes() };
    stages.push(stageOf(facts, options.forget ? null : program));
    count = operations;
  }
  return { program, stages };
}

/** Tables and spaces of the program when a pass gave a function back as it was: while there are no others it would do so again. */
type Found = Pick<Program, "data" | "spaces">;
const idle = new WeakMap<Func, Map<Pass["run"], Found>>();

function runOn({ run }: Pass, func: Func, program: Program, note: Note): Func {
  const found = idle.get(func), { data, spaces } = program;
  const then = found?.get(run);
  if (then !== undefined && then.data === data && then.spaces === spaces) return func;
  const made = run(func, program, note);
  if (made === func) {
    if (found) found.set(run, { data, spaces });
    else idle.set(func, new Map([[run, { data, spaces }]]));
  }
  return made;
}

function stageOf(facts: Omit<Stage, "program" | "text">, kept: Program | null): Stage {
  let text: string | undefined;
  const program = (): Program => {
    if (kept === null) throw new Error(`what ${facts.pass} made was not kept`);
    return kept;
  };
  return { ...facts, get program() { return program(); }, text: () => (text ??= printProgram(program(), { elements: 1024 })) };
}

/** Instructions that compute, load, store or call. */
export const countOperations = (program: Program): number => program.functions.reduce((sum, func) => sum + contentsOf(func).operations, 0);
