// The passes that only WebAssembly profits from, after those of ../passes.ts: loops that count in doubles are split, their main loops narrowed,
// then vectorized; straight code is paired. A program in which nothing was found to do is left as it is.

import { regionsOf } from "../../ir/build.ts";
import type { Program, Region } from "../../ir/types.ts";
import { chooseAmong } from "../among.ts";
import { computeBehind } from "../behind.ts";
import { carry } from "../carry.ts";
import { removeChecks } from "../checks.ts";
import { clampInTurn } from "../clamps.ts";
import { removeDeadCode } from "../dce.ts";
import { descend, walkTables } from "../descend.ts";
import { fillDiagonals } from "../diagonals.ts";
import { hoist } from "../hoist.ts";
import { narrowIndices } from "../indices.ts";
import { interleave } from "../interleave.ts";
import { checksumTables, leapStraight } from "../checksums.ts";
import { leap, leapTables } from "../leap.ts";
import { joinLate } from "../late.ts";
import { joinStores } from "../meet.ts";
import { endNaNs } from "../nans.ts";
import { sumModulo } from "../modular.ts";
import { narrow } from "../narrow.ts";
import { poolConstants, pooled, pooledSpace } from "../pool.ts";
import { pointToRows } from "../pointers.ts";
import { promote } from "../promote.ts";
import { rotate } from "../rotate.ts";
import { multiplyQuotients } from "../quotients.ts";
import { shortenRemainders, takeRemainders } from "../remainders.ts";
import { roundFirst } from "../rounded.ts";
import { runPasses, type Pass, type PassOptions, type Stage } from "../passes.ts";
import { simplify } from "../simplify.ts";
import { countShifted } from "../shifted.ts";
import { splitLoops as splitIndices } from "../split.ts";
import { roundApart } from "../roundings.ts";
import { jamRows } from "../rows.ts";
import { removeStores } from "../stores.ts";
import { tabulate, tabulated, tabulatedSpace } from "../tabulate.ts";
import { askOrdered } from "../unordered.ts";
import { runAlongside } from "../alongside.ts";
import { promoteApart } from "../promotions.ts";
import { shortenTruncations } from "../truncations.ts";
import { pairDivisions } from "../twins.ts";
import { skew } from "../wavefront.ts";
import { widen } from "../wide.ts";
import { windows } from "../windows.ts";
import { loadWords } from "../words.ts";
import { abreastTables, joinAbreast } from "./abreast.ts";
import { chainSpace, chainTables, joinChains } from "./chains.ts";
import { columnTables } from "./columns.ts";
import { cutHeads } from "./heads.ts";
import { vectorize, vectorizeReassociating } from "./index.ts";
import { interchange, room } from "./interchange.ts";
import { jam } from "./jam.ts";
import { turnedTables } from "./turned.ts";
import { loopNotes, noteBest, type LoopNote } from "./notes.ts";
import { refillLanes } from "./refill.ts";
import { fuseProducts } from "./fuse.ts";
import { asked, sieve } from "./sieve.ts";
import { loadRecords } from "./records.ts";
import { joinRows } from "./flatrows.ts";
import { useSingles } from "./singles.ts";
import { compareSums } from "./sums.ts";
import { countTurns } from "./paced.ts";
import { enterRings } from "./rings.ts";
import { pairStores } from "./slp.ts";
import { splitLoops } from "./split.ts";

export const vectorPasses: readonly Pass[] = [
  { name: "stores", why: "before the splits' copies are looked at: places of an array that serve as variables are values", run: removeStores },
  { name: "rings", why: "before heads and split doubles, which split the loops further; when what can be proved without a question is", run: enterRings },
  { name: "heads", why: "before split doubles, whose main loops begin where their loops do: what holds later only would hold in none of them", run: cutHeads },
  { name: "split doubles", why: "before all that looks at ranges: in their main loops the counters are int32, and no value is NaN for want of an element", run: splitLoops },
  { name: "simplify 5", why: "after split doubles: checks are constants now", run: simplify },
  { name: "nans", why: "after simplify 5, which leaves of checks those that may fail; before narrow 2: sums that can't be NaN may be integers", run: endNaNs },
  { name: "dead code 5", why: "before narrow 2: a use that nobody needs must not keep a value a double", run: removeDeadCode },
  { name: "narrow 2", why: "after the splits: sums of bytes that can't be NaN are int32", run: narrow },
  { name: "dead code 6", why: "after narrow 2: the doubles that are no longer wanted", run: removeDeadCode },
  { name: "simplify 6", why: "after narrow 2: checks of narrowed indices are comparisons with a length", run: simplify },
  { name: "checks 2", why: "after simplify 6: what narrowed ranges prove, tables above all", run: removeChecks },
  { name: "simplify 7", why: "after checks 2: what stood behind them is straight code now", run: simplify },
  { name: "tabulate", why: "before hoist 3, which takes the tables' addresses out of loops; when all that is narrow, small ranges above all, is known", run: tabulate, tables: tabulated, space: tabulatedSpace },
  { name: "clamps", why: "before round first and vectorize, which know least and greatest", run: clampInTurn },
  { name: "round first", why: "after tabulate, which counts what is done with doubles; before vectorize: integers take fewer registers", run: roundFirst },
  { name: "modular", why: "before remainders, which leaves a product of each; before carry: what is carried is int32 then", run: sumModulo },
  { name: "remainders", why: "after tabulate, which counts them; before hoist 3 and vectorize: what is left of them has lanes", run: takeRemainders },
  { name: "quotients", why: "after narrow, tabulate and round first, which look for divisions", run: multiplyQuotients },
  { name: "hoist 3", why: "before vectorize: what does not change in a loop must stand before it", run: hoist },
  { name: "dead code 7", why: "before vectorize: it looks at every instruction", run: removeDeadCode },
  { name: "descend", why: "before vectorize: walks over tables are straight code, in which loops around them can be split and unrolled", run: descend, tables: walkTables },
  { name: "narrow 3", why: "after descend, whose tables hold whole numbers: places computed of these are int32", run: narrow, onlyAfter: "descend" },
  { name: "split 2", why: "after descend: its steps have the checks of what they read", run: splitIndices, onlyAfter: "descend" },
  { name: "hoist 4", why: "after split 2: addresses of the new tables, and what a walk reads of its row only", run: hoist, onlyAfter: "descend" },
  { name: "windows", why: "before meet and behind, which put `if`s together that it does without; when all that may be split is, and places are constants", run: windows },
  { name: "among", why: "before vectorize, which would look up lane by lane; after descend, which looks for look-ups, and all that makes places int32", run: chooseAmong },
  { name: "meet", why: "before vectorize, which does both arms of an `if`: what they store to one place is chosen; when proved checks are gone", run: joinStores },
  { name: "behind", why: "before vectorize, which does both arms of an `if`: what takes long is done once", run: computeBehind },
  { name: "stores 2", why: "after meet: what is written over behind an `if` need not be written before it", run: removeStores, onlyAfter: "meet" },
  { name: "promote", why: "before carry, which carries numbers from one iteration's store to the next one's load: of these places no store is left", run: promote },
  { name: "carry", why: "before vectorize: of places that are carried only the numbers are left, which lanes can gather", run: carry },
  { name: "checks 3", why: "after carry: a place that the loop has loaded from needs no check", run: removeChecks, onlyAfter: "carry" },
  { name: "dead code 9", why: "before vectorize: it looks at every instruction", run: removeDeadCode, onlyAfter: "carry" },
  { name: "flat rows", why: "before vectorize, which looks up in arrays that stay; when checks, which know rows by where they begin, are gone", run: joinRows },
  { name: "checksums", why: "before vectorize, whose lanes would wait for one look-up after the other; when checks are gone and loads stand alone", run: leapStraight, tables: checksumTables },
  { name: "refill", why: "before vectorize, which takes the loops that are left; when all that does not change stands before its loop", run: refillLanes },
  { name: "interchange", why: "before jam, which takes what stores nothing on the way, and vectorize, which makes lanes of the strips", run: interchange, room },
  { name: "jam", why: "before vectorize: loops around one whose order counts; after refill, which takes those whose inner loops end apart", run: jam, tables: turnedTables },
  { name: "abreast", why: "after jam, which keeps one loop where a row is one; before vectorize, which leaves sums of doubles to it", run: joinAbreast, tables: abreastTables },
  { name: "indices", why: "before vectorize, which loads neighbours together; after all that splits loops and asks about places of doubles", run: narrowIndices },
  { name: "shifted 2", why: "before turns: of loops that counted in doubles before", run: countShifted },
  { name: "turns", why: "before vectorize, which tells counters as multiples of one", run: countTurns },
  { name: "records", why: "just before vectorize, which takes words of records, but no bytes; after turns: counters are told as multiples of one", run: loadRecords },
  { name: "sums", why: "just before vectorize: loops that lanes do not take keep their doubles, for wide and diagonals", run: compareSums },
  { name: "vectorize", why: "when all is narrow and straight", run: vectorize, tables: columnTables },
  { name: "sieve", why: "after vectorize, which does better where it can; before interleave and what else takes scalar loops", run: sieve, room: asked },
  { name: "vectorize 2", why: "after sieve: what it asks first", run: vectorize, tables: columnTables, onlyAfter: "sieve" },
  { name: "wavefront", why: "after vectorize, which does better where it can; after promote: states of filters are carried values", run: skew },
  { name: "pairs", why: "after vectorize: straight code that no loop's lanes took", run: pairStores },
  { name: "dead code 10", why: "before chains, which asks how often a value is used: scalar code that lanes replaced uses none", run: removeDeadCode },
  { name: "chains", why: "after pairs, which takes whole stores: sums of constants' products that no loop holds any more", run: joinChains, tables: chainTables, space: chainSpace },
  { name: "dead code 11", why: "after chains, before interleave, which counts what an iteration does", run: removeDeadCode, onlyAfter: "chains" },
  { name: "alongside", why: "after vectorize, wavefront and chains: recurrences that no lanes took; before twins, which pairs divisions of several loops then", run: runAlongside },
  { name: "twins", why: "after pairs, which takes whole stores: divisions that are left", run: pairDivisions },
  { name: "leap", why: "after vectorize, which takes what is no chain: checksums, several bytes at a time", run: leap, tables: leapTables },
  { name: "words", why: "after vectorize and leap, which look for single bytes", run: loadWords },
  { name: "rows", why: "after vectorize, interchange and jam, which do better where they can; before interleave: what a row waits for, the next one fills", run: jamRows },
  { name: "pointers", why: "after vectorize and rows, which tell arrays by what they begin at; before interleave, whose copies share the pointers", run: pointToRows, onlyAfter: "descend" },
  { name: "interleave", why: "after vectorize and pairs: chains that no lanes took", run: interleave },
  { name: "late", why: "after vectorize, whose reductions are such chains; before wide, which makes choices of least and greatest", run: joinLate },
  { name: "wide", why: "after vectorize, whose lanes have no int64: what is left of sums that may leave int32", run: widen },
  { name: "diagonals", why: "after wide, which tells what is an integer; after vectorize, which does better where it can", run: fillDiagonals },
  { name: "truncations", why: "when no pass looks for conversions any more; before remainders 2, after which no pass asks what values may be", run: shortenTruncations },
  { name: "remainders 2", why: "when no pass asks what values may be any more: of a remainder they knew it", run: shortenRemainders },
  { name: "promotions", why: "when no pass looks at what is loaded any more: singles are the first of registers", run: promoteApart },
  { name: "roundings", why: "after truncations and remainders 2, which round; when no pass asks what values may be any more", run: roundApart },
  { name: "unordered", why: "when no pass looks for tests of NaN any more: none knows them in this form", run: askOrdered },
  { name: "rotate", why: "when no pass looks for a loop's test any more", run: rotate },
  { name: "pool", why: "after all that looks at constants", run: poolConstants, tables: pooled, space: pooledSpace },
  { name: "dead code 8", why: "last: scalar code that vectors replaced", run: removeDeadCode },
];

export interface Vectorized { readonly program: Program; readonly stages: readonly Stage[]; readonly loops: readonly LoopNote[] }

/** How many passes there are up to split doubles, which may make conversions. */
const splits = 1 + vectorPasses.findIndex((p) => p.name === "split doubles");
/** Narrowing again is for values that are converted between doubles and int32: where a loop has none of these, it is left out. */
const again: ReadonlySet<string> = new Set(vectorPasses.slice(splits, vectorPasses.findIndex((p) => p.run === descend)).filter((p) => p.run !== sumModulo).map((p) => p.name));
const converting: ReadonlySet<string> = new Set(["f64.convert_i32_s", "f64.convert_i32_u", "i32.from_f64", "i32.trunc_sat_f64_s", "i32.trunc_sat_f64_u"]);

/** All but the passes that only tidy up after others. */
const gaining = /^(?!simplify|dead code|hoist|split \d|stores 2|checks 3|shifted|turns)/;

/** What may change bits. */
export interface Relaxed { readonly reassociate?: boolean; readonly f32?: boolean; readonly fma?: boolean }
const singles: Pass = { name: "singles", why: "before all that looks at widths; where relax.f32 allows it", run: useSingles };
const fuse: Pass = { name: "fuse", why: "when all that goes into lanes is there; where relax.fma allows it and the host has it", run: fuseProducts };

export function vectorizeProgram(given: Program, options: PassOptions = {}, relax: Relaxed = {}): Vectorized {
  const early = relax.f32 ? runPasses(given, { ...options, passes: [singles] }) : { program: given, stages: [] };
  const made = vectorizeLoops(early.program, { ...options, ...(options.limit === undefined ? {} : { limit: Math.max(0, options.limit - early.stages.length) }) }, relax);
  return { ...made, stages: [...early.stages, ...made.stages] };
}
function vectorizeLoops(program: Program, options: PassOptions, relax: Relaxed): Vectorized {
  const seen = { loops: false, conversions: false };
  for (const func of program.functions) look(func.body, false, seen);
  if (!seen.loops && !hasStores(program)) return { program, stages: [], loops: [] };
  const limit = options.limit ?? Infinity;
  const loops: LoopNote[] = [];
  const made = (pass: Pass, { functions }: Program): void => {
    if (["refill", "jam", "abreast", "vectorize", "vectorize 2"].includes(pass.name)) for (const f of functions) for (const note of loopNotes(f)) noteBest(loops, note);
  };
  const first = runPasses(program, { ...options, passes: vectorPasses.slice(0, splits), limit: Math.min(splits, limit) });
  const split = first.stages.some((s) => s.pass === "split doubles" && s.changed);
  const skip = seen.conversions || split ? options.skip : new Set([...(options.skip ?? []), ...again]);
  const further = vectorPasses.slice(splits).flatMap((p) => (
    relax.reassociate && p.run === vectorize ? [{ ...p, run: vectorizeReassociating }] : relax.fma && p.name === "rotate" ? [fuse, p] : [p]));
  const rest = runPasses(first.program, { ...options, made, ...(skip ? { skip } : {}), passes: further, limit: Math.max(0, limit - splits) });
  const stages = [...first.stages, ...rest.stages];
  const worthwhile = loops.some((l) => l.lanes > 1) || stages.some((s) => s.changed && gaining.test(s.pass));
  return { program: worthwhile ? rest.program : program, stages, loops };
}

function look(region: Region, inLoop: boolean, seen: { loops: boolean; conversions: boolean }): void {
  for (const instr of region.body) {
    if (instr.op === "loop") seen.loops = true;
    else if (inLoop && converting.has(instr.op)) seen.conversions = true;
    for (const inner of regionsOf(instr)) look(inner, inLoop || instr.op === "loop", seen);
  }
}
/** Straight code has pairs only where it stores. */
const hasStores = (program: Program): boolean => program.spaces.some((s) => s.written);
