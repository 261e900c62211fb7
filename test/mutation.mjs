// Deliberate breakage: each row spoils one line of the built compiler, and the fuzzer has to notice.
//
//   npm run build && node test/mutation.mjs [kernels a family and mutant (60); five times as many of the likeliest] [only rows whose file or name contains one of these …]
//
// A mutant runs in a process of its own, which ends with the first finding; one that does not end in time has been noticed too (the
// original ended). Survivors are listed at the end; test/FUZZING.md says what became of them.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** file in dist, what is spoilt, the text there (its first occurrence), what it becomes, the family that is likeliest to notice where the file does not tell */
const mutants = [
  // the operation table: folding, and what the evaluator computes
  ["ir/ops.js", "shifts right without the sign", "i32bin(\"$0 >> $1\", (a, b) => a >> b)", "i32bin(\"$0 >>> $1 | 0\", (a, b) => (a >>> b) | 0)"],
  ["ir/ops.js", "unsigned comparison of signed values", "\"$0 >>> 0 < $1 >>> 0\", (a, b) => a >>> 0 < b >>> 0", "\"$0 < $1\", (a, b) => a < b"],
  ["ir/ops.js", "ToInt32 saturates", "\"$0 | 0\", (a) => a | 0", "\"$truncSat($0)\", (a) => exact.truncSatS(a)"],
  ["ir/ops.js", "adds doubles the other way", "f64bin(\"$0 - $1\", (a, b) => a - b)", "f64bin(\"$0 - $1\", (a, b) => b - a)"],
  // identity of slow and captured values
  ["capture/match.js", "equal objects stand for one another", "if (!own && contents.identity !== null && (", "if (false && (", "arranged"],
  ["capture/snapshot.js", "what one program reads anew is asked of no other", "contents?.renew(keys.get(id) ?? [])", "keys.has(id) && contents?.renew(keys.get(id))", "arranged"],
  ["runtime/surroundings.js", "slow values are compared each by itself", "return slow.length < 2 ? null", "return true ? null", "arranged"],
  // algebra
  ["specialize/rules.js", "x + 0 is x, also for −0", "(is(b, 0) && isNeverMinusZero(a) ? a : null)", "(is(b, 0) ? a : null)"],
  ["specialize/rules.js", "x < 2.5 is x < 2", "relation === \"lt\" || relation === \"ge\" ? Math.ceil(c) : Math.floor(c)", "Math.floor(c)"],
  ["specialize/rules.js", "NaN compared with itself is equal", "isNumber(a) || ofEqual[relation] === 0 && relation !== \"ne\"", "true"],
  ["specialize/rules.js", "two shifts add up beyond 31", "return sum < 32 ?", "return sum < 64 ?"],
  ["specialize/rules.js", "exact sums up to 2^60", "bound < 2 ** 53 ?", "bound <= 2 ** 60 ?"],
  ["specialize/rules.js", "a sum is never −0 if its terms may be", "isNeverMinusZero(def.args[0], depth - 1) || isNeverMinusZero(def.args[1], depth - 1)", "true"],
  // ranges
  ["specialize/intervals.js", "a wrap makes an interval smaller", "(lo >= least && hi <= most ? ints(lo, hi) : all)", "ints(Math.max(lo, least), Math.min(hi, most))"],
  ["specialize/intervals.js", "a product is never −0", "zero && negative)", "false)"],
  ["specialize/intervals.js", "a remainder is never NaN", "a.nan || b.nan || hasInfinity(a) || hasZero(b)", "a.nan || b.nan"],
  ["specialize/intervals.js", "loops do not grow a bound", "const hi = next.hi > old.hi ? next.hi <= turn ? turn : steps.find((s) => s >= next.hi) : old.hi;", "const hi = old.hi;"],
  ["specialize/intervals.js", "an and of anything is not negative", "return ints(-mask(Math.max(-a.lo, -b.lo) - 1) - 1, Math.max(a.hi, b.hi));", "return ints(0, Math.max(a.hi, b.hi, 0));"],
  ["specialize/intervals.js", "ceil is never −0", "ceil: (a) => range(Math.ceil(a.lo), Math.ceil(a.hi), true, a.nan, a.negzero || (a.lo < 0 && a.hi > -1))", "ceil: (a) => range(Math.ceil(a.lo), Math.ceil(a.hi), true, a.nan, a.negzero)"],
  // narrowing
  ["specialize/narrow.js", "−0 is an integer like others", " && !(r.negzero && observed[v.id] === 1)", ""],
  ["specialize/narrow.js", "values up to 2^32 are int32", "r.hi <= 2147483647 && r.lo <= r.hi", "r.hi <= 4294967295 && r.lo <= r.hi"],
  ["specialize/narrow.js", "floor divides as trunc does", "(q.shift !== null || q.positive))) ? [q.dividend]", "true)) ? [q.dividend]"],
  // checks
  ["specialize/checks.js", "min of what may be NaN", "case \"f64.min\": return a.nan || b.nan ? null :", "case \"f64.min\": return"],
  ["specialize/checks.js", "ToInt32 beyond int32 saturates", "a.lo > -2147483649 && a.hi < 2147483648 ? this.e.op(\"i32.trunc_sat_f64_s\"", "true ? this.e.op(\"i32.trunc_sat_f64_s\""],
  ["specialize/checks.js", "bytes need no sign extension", "a.lo >= -128 && a.hi <= 127", "a.lo >= -256 && a.hi <= 255"],
  // motion
  ["specialize/hoist.js", "loads move over stores", "mayTouch(this.program, this.writesOf(levels[target].loop.regions[0]), load.space)", "false"],
  ["specialize/dce.js", "stores may go", "return memoryOps[op].store;", "return memoryOps[op].store && op !== \"i32.store8\";"],
  ["specialize/stores.js", "a store does not spoil what overlaps it", "(other.high <= place.low || other.low >= place.high)", "true"],
  ["specialize/stores.js", "loops write nothing", "written === \"all\" || this.overlaps[written][space]", "false"],
  // loops
  ["specialize/split.js", "the main loop runs one iteration too many", "this.sum(g, null)), e.f64(g.hi)), g.m))", "this.sum(g, null)), e.f64(g.hi - 1)), g.m))"],
  ["specialize/split.js", "the main loop begins too soon", "e.op(\"f64.sub\", e.f64(-g.lo), this.sum(g, null))", "e.op(\"f64.sub\", e.f64(-g.lo - 1), this.sum(g, null))"],
  ["specialize/vectorize/limits.js", "vectors read past the end", "count = e.op(\"f64.min\", count, e.op(\"f64.add\", steps, e.f64(1)));", "count = e.op(\"f64.min\", count, e.op(\"f64.add\", steps, e.f64(2)));"],
  ["specialize/vectorize/accesses.js", "iterations never depend on each other", "const trouble = dependence(store, other, lanes);", "const trouble = null;"],
  ["specialize/vectorize/accesses.js", "arrays never overlap", "if (other === store || !mayTouch(program, store.stream.space, other.stream.space))", "if (other === store || other.stream !== store.stream)"],
  ["specialize/vectorize/reductions.js", "an and starts with nothing", "identity: -1", "identity: 0"],
  ["specialize/vectorize/reductions.js", "sums of doubles in any order", "const whole = step.instr.op === \"f64.add\" && exactStart(first, ranges) && smallWhole(ranges.of(value), mostTerm);", "const whole = step.instr.op === \"f64.add\";"],
  // partial evaluation
  ["specialize/partial/values.js", "0 and −0 are one value where paths meet", "case \"prim\": return Object.is(a.value, b.value);", "case \"prim\": return a.value === b.value;"],
  ["specialize/partial/records.js", "objects of a list have the same numbers in every family", " in ${memories[0].records.nodes.name}", "", "nests"],
  ["specialize/partial/arrays.js", "what lies outside of an array is 0", "() => [ev.b.f64(NaN)]", "() => [ev.b.f64(0)]"],
  ["specialize/partial/operators.js", "NaN is true", "ev.b.op(\"f64.gt\", ev.b.op(\"f64.abs\", abs.v), ev.b.f64(0))", "ev.b.op(\"f64.ne\", abs.v, ev.b.f64(0))"],
  ["specialize/partial/operators.js", "-- adds", "ev.b.op(\"f64.sub\", ev.toF64(a), ev.b.f64(1))", "ev.b.op(\"f64.add\", ev.toF64(a), ev.b.f64(1))"],
  ["specialize/partial/integrity.js", "what is frozen may be written", "if (!isThere || (level !== \"extensible\" && level !== \"sealed\"))", "if (!isThere)", "natures"],
  ["specialize/partial/species.js", "methods never ask for the class", "if (asking.test(name))", "if (false)", "natures"],
  ["specialize/partial/prelude.js", "callbacks never shorten their list", "at: \"if (n === this.length || i < this.length)\"", "at: \"\"", "natures"],
  ["specialize/partial/prelude.js", "what is deleted from a table stays in its list", "    next[i] = -2;\n", "", "tables"],
  ["specialize/partial/lifting.js", "a template's fields are not filled", "slots.f64[made.at] = there.value;", "", "general"],
  ["specialize/meet.js", "stores of other fields are one where paths meet", " && a.offset === b.offset", "", "heaps"],
  ["specialize/tabulate.js", "a table begins with the code 0", "lo === 0 ? index : this.e.op(\"i32.sub\", index, this.e.i32(lo))", "index", "loops"],
  ["specialize/vectorize/monotone.js", "less than a number is less by two", "(strict ? Math.ceil(from) - 1 : Math.floor(from))", "Math.ceil(from) - 2", "loops"],
  ["specialize/leap.js", "a byte's look-up is of one step too many", "steps(combine(ofByte, v), together - 1 - byte)", "steps(combine(ofByte, v), together - byte)", "loops"],
  ["specialize/leap.js", "states' inversions are forgotten", "inverted ^= steps(column(one), k);", "", "loops"],
  ["specialize/parity.js", "a shift with the sign fills with zeros", "shifted(c & 31, a[31])", "shifted(c & 31, 0n)", "loops"],
  ["specialize/late.js", "sums of doubles are in any order", "\"f64.min\", \"f64.max\"]", "\"f64.min\", \"f64.max\", \"f64.add\"]", "loops"],
  ["specialize/walktables.js", "a row has the values of the one before", "this.values.clear();", "", "loops"],
  ["specialize/tables.js", "what is not a byte is kept in one", "Number(v) <= 255", "Number(v) <= 65535", "automata"],
  ["specialize/zeros.js", "nobody sees a divisor's zero", "contains(ranges.of(instr.args[1]), 0) ? [instr.args[1]] : []", "[]", "straight"],
  ["specialize/loaded.js", "tables have no −0", "negzero = true;", "negzero = false;", "general"],
  ["specialize/loaded.js", "halfwords have 15 bits", "ints(0, 2 ** (8 * bytes) - 1)", "ints(0, bytes === 2 ? 32767 : 2 ** (8 * bytes) - 1)", "loops"],
  ["specialize/blended.js", "weights may be more than the whole", "|| t.hi > all", "", "loops"],
  ["specialize/edges.js", "an edge is one iteration early", "(below ? 0 : 1)", "0", "loops"],
  ["specialize/clamps.js", "clamps give NaN as any number", "outer.truly || inner.truly ?", "true ?", "straight"],
  ["specialize/clamps.js", "the wrong side of a constant is right", "inner.above ? inner.by <= outer.by : inner.by >= outer.by", "false", "straight"],
  ["specialize/words.js", "stores between a word's bytes do nothing", "if (mayTouch(this.program, writesOf({ params: [], body: body.slice(from, to) }), space))", "if (false)", "loops"],
  ["specialize/words.js", "the first byte is the highest as the last is", "turned: step < 0", "turned: false", "loops"],
  ["specialize/isolate.js", "limits are rounded down", "lt: \"f64.ceil\"", "lt: \"f64.floor\"", "loops"],
  ["specialize/rounded.js", "quotients may be one too great", "excess * most < 2 ** shift", "excess * most < 2 ** (shift + 3)", "loops"],
  ["specialize/rounded.js", "ties go up", "divisor % 2 === 1 ? (divisor - 1) / 2 : null", "Math.floor(divisor / 2)", "loops"],
  ["specialize/lengths.js", "one length is enough for all places", "Math.max(length.most, check.above)", "Math.min(length.most, check.above)", "general"],
  ["specialize/trips.js", "a loop goes round less often", "Math.floor((next[i].hi - inits[i].lo) / g.lo)", "Math.floor((next[i].hi - inits[i].lo) / g.lo / 2)", "loops"],
  ["specialize/sink.js", "loads sink past stores", "loads.some((load) => mayTouch(this.program, writes, load.space))", "false", "general"],
  ["specialize/promote.js", "nothing disturbs a carried place", "if (disturbed)", "if (false)", "loops"],
  ["specialize/twins.js", "both twins are the first", "extractLane(e, lanes, 1, \"f64\")", "extractLane(e, lanes, 0, \"f64\")", "points"],
  ["specialize/carry.js", "bytes are read back as they were stored", "[\"i32.and\", 255]", "[]", "loops"],
  ["specialize/carry.js", "nothing writes between a store and its load", "if (clear)", "if (true)", "loops"],
  ["specialize/interleave.js", "loads wait for no store", "free.some((instr) => loadsOf(instr).some((load) => mayTouch(program, writes, load.space)))", "false", "loops"],
  ["specialize/wavefront.js", "all lanes work while the wave rises", "phase === \"rise\" ? \"i32x4.le_s\"", "phase === \"rise\" ? \"i32x4.lt_s\"", "cascades"],
  ["specialize/wavefront.js", "a lane takes its own stage's number", "(lanes - 1) * bytes + (b % bytes)", "(b % bytes)", "cascades"],
  ["specialize/descend.js", "a walk begins at the first of a list", "at(lo + i)", "at(i)", "loops"],
  ["specialize/pool.js", "all constants are the first", "offset: 8 * at,", "offset: 0,", "straight"],
  ["specialize/unchanged.js", "any exit is as good", "return a.exit === b.exit;", "return true;", "general"],
  ["specialize/rotate.js", "a loop whose test fails at once runs once", "const values = this.choose(test,", "const values = this.choose(e.i32(1),", "loops"],
  ["specialize/unroll.js", "the last copy is one too many", "e.f64(step * (times - 1))", "e.f64(step * (times - 2))", "loops"],
  ["specialize/relations.js", "below a number is below it by one more", "through(b, y, -1)", "through(b, y, -2)", "loops"],
  ["specialize/relations.js", "the greater of two is at most the smaller", "least ? Math.min(viaB, viaC) : Math.max(viaB, viaC)", "Math.min(viaB, viaC)", "loops"],
  ["specialize/vectorize/turns.js", "every lane leaves where one does", "this.leaves.push({ where, values: instr.args });", "this.leaves.push({ where: null, values: instr.args });", "loops"],
  ["specialize/vectorize/columns.js", "columns begin an element late", "const first = at + lo * stream.stride;", "const first = at + (lo + 1) * stream.stride;", "loops"],
  ["specialize/vectorize/concave.js", "the greatest of two is least at an end", "level(b) ? this.holds(a, depth - 1) : level(a) && this.holds(b, depth - 1)", "both(a, b)", "loops"],
  ["specialize/vectorize/extremes.js", "the wrong zero is as good", "least ? !y.negzero || !mayBeZero(x) : !x.negzero || !mayBeZero(y)", "true", "loops"],
  ["specialize/vectorize/extremes.js", "NaN is less than a number", "mayBeNaN(low) || mayBeNaN(high) ? null :", "", "loops"],
  ["specialize/vectorize/flat.js", "loads stay behind stores that touch them", "if (touches(load, step))", "if (false)", "loops"],
  ["specialize/vectorize/flat.js", "both arms are done where the condition holds", "{ cond, truth: false, outer: mask }", "{ cond, truth: true, outer: mask }", "loops"],
  ["specialize/vectorize/widths.js", "numbers up to 2^17 fit halfwords", "lo >= 0 && hi <= 65535 ? \"unsigned\"", "lo >= 0 && hi <= 131071 ? \"unsigned\"", "loops"],
  ["specialize/vectorize/widths.js", "products have bytes for low bits", "few === 1 && !bytewise.has(op) ? 2 : few", "few", "loops"],
  ["specialize/vectorize/slp.js", "no access stands between two stores", "if (!this.still(early.place, early.at, late.at, true))", "if (false)", "points"],
  ["specialize/vectorize/inturn.js", "a term left out counts as 1", "e.f64(rules[op].neutral)", "e.f64(1)", "loops"],
  ["specialize/vectorize/pixels.js", "channels three and four change places", "which % 2 === 0 ? \"low\" : \"high\"", "which % 2 === 0 || which === 3 ? \"low\" : \"high\"", "loops"],
  ["specialize/counted.js", "i − 1 goes up", "return def.op.endsWith(\"add\") ? by : -by;", "return by;", "loops"],
  ["specialize/vectorize/linear.js", "differences of indices are sums", "return this.sum(a, b, -1)", "return this.sum(a, b, 1)", "loops"],
  ["specialize/vectorize/jam.js", "inner loops go round as often as the longest", "e.op(\"i32.lt_s\", its, least), its, least", "e.op(\"i32.lt_s\", its, least), least, its", "loops"],
  ["specialize/vectorize/jam.js", "rows lie where they like", "for (const [v, by] of plan.steps)", "for (const [v, by] of [])", "loops"],
  ["specialize/vectorize/refill.js", "stores never touch what the turns load", "if (other === store || !mayTouch(this.program, store.space, other.space))", "if (true)", "loops"],
  ["specialize/remainders.js", "quotients may have ten bits more", "2 ** (52 - bits)", "2 ** (62 - bits)", "loops"],
  ["specialize/vectorize/interchange.js", "columns touch what others write", "if (columns < 16)", "if (false)", "loops"],
  ["specialize/vectorize/affine.js", "lanes gather by the next power", "(accumulators.length - r) * per - 1 - l", "(accumulators.length - r) * per - l", "loops"],
  ["specialize/vectorize/paced.js", "turns are counted by two", "e.op(\"i32.add\", turn, e.i32(1))", "e.op(\"i32.add\", turn, e.i32(2))", "loops"],
  ["specialize/vectorize/chosen.js", "the sign of the best zero is no matter", "...(mayBeMinus ? {", "...(false ? {", "loops"],
  ["specialize/partial/tailcalls.js", "the next iteration takes the first argument for all", "args[i + 2] ?? this.#undefined()", "args[2] ?? this.#undefined()", "general"],
  ["specialize/vectorize/places.js", "a place may be the ring's length", "high.a === 1 && high.c < 0", "high.a === 1 && high.c <= 0", "loops"],
  ["specialize/vectorize/abreast.js", "rows are written over one another", "numbers[i * row + k] =", "numbers[i * row + (k & 0)] =", "layers"],
  ["specialize/vectorize/abreast.js", "a sum is the one beside it", "results[at][Math.floor(k / lanes)], k % lanes", "results[at][Math.floor(k / lanes)], 0", "layers"],
  ["specialize/vectorize/chains.js", "every chain has the last one's constants", "const { def } = values[r * lanes + l] ?? values.at(-1);", "const { def } = values.at(-1);", "layers"],
  ["specialize/rows.js", "rows reach into one another", "spread < by &&", "spread <= by &&", "loops"],
  ["specialize/vectorize/slp.js", "both scalars are the first", "extractLane(this.e, lanes, lane, v.type)", "extractLane(this.e, lanes, 0, v.type)", "points"],
  ["specialize/vectorize/slp.js", "a load moves past stores", "this.still(i < j ? p : q, Math.min(i, j), Math.max(i, j), false)", "true", "points"],
  ["specialize/lanes.js", "lanes of two registers are those of one", "8 + 8 * b.lane + i", "8 * b.lane + i - 8", "points"],
  ["specialize/diagonals.js", "rows may lie closer than they are long", "e.op(\"i32.ge_s\", delta, length)", "e.op(\"i32.ge_s\", delta, e.i32(1))", "tableaux"],
  ["specialize/diagonals.js", "any number may come in", "plan.bounded && heads.length > 0", "false", "tableaux"],
  ["specialize/diagonals.js", "a lane takes what was made a step ago", "[age - 1]", "[0]", "tableaux"],
  ["specialize/partial/arrays.js", "a row that is missing is there", "gaps ? row.ptr : ok", "ok", "gaps"],
  ["runtime/place.js", "what is undefined is a hole", "i in rows ? 1 : 0", "0", "gaps"],
  ["runtime/place.js", "arrays that were looked at alone may share objects", "this.checks.get(objects[k]) === check &&", "true &&", "items"],
  ["specialize/partial/reads.js", "stores leave what was read", "known.stores === b.stores &&", "true &&", "general"],
  ["runtime/keyed.js", "what was taken out of a table stays", "if (next[i] === -2)\n            write.remove", "if (false)\n            write.remove", "captured"],
  ["specialize/covered.js", "a load that left its loop asks for no bound", "? [] : [{ op: \"i32.lt_u\", args: [index, length] }]", "? [] : []", "heaps"],
  ["specialize/hoist.js", "a check stands wherever it likes", "&& this.isFirst(instr, region, levels) ?", "?", "heaps"],
  ["specialize/room.js", "room for no more than is there", "const ends = e.op(\"i32.add\", inits[length], e.op(\"i32.mul\", trips, e.i32(most)));", "const ends = inits[length];", "heaps"],
  ["specialize/room.js", "what lay there before stays behind", "this.choose(e.op(\"i32.le_s\", needed, capacity)", "this.choose(e.op(\"i32.ge_s\", needed, capacity)", "heaps"],
  ["specialize/assumed.js", "what is assumed holds", "if (failed.size === 0)", "if (true)", "heaps"],
  ["specialize/truncations.js", "what is beyond int64 has no low bits", "this.choose(e.op(\"f64.lt\", e.op(\"f64.abs\", x), e.f64(limit))", "this.choose(e.op(\"f64.le\", e.op(\"f64.abs\", x), e.f64(Infinity))", "loops"],
  ["specialize/truncations.js", "what is between int32 and int64 saturates", "const truncated = (v) => e.op(\"i32.wrap_i64\", e.op(\"i64.trunc_sat_f64_s\", v));", "const truncated = (v) => e.op(\"i32.trunc_sat_f64_s\", v);", "loops"],
  ["specialize/partial/loops.js", "values of an attempt are there in the next one", "isPlaceholder(v) || (v.id >= startId && v.def?.op !== \"const\");", "isPlaceholder(v);", "heaps"],
  ["specialize/partial/subarrays.js", "parts made in several places are one", "const one = parts.every(({ id }) => id === first.id)", "const one = true", "leavings"],
];

const [count = "60", ...only] = process.argv.slice(2);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "out", "mutant");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');

const module = (file) => JSON.stringify(pathToFileURL(join(folder, "dist", file)).href);
const loopFiles = /vectorize|split|hoist|stores/;
/** Each family in turn, the one first that is likeliest to notice. */
const runner = (file, likeliest) => `
const [{ fuzz }, { families }, { ready }] = await Promise.all([import(${module("cli/fuzzing.js")}), import(${module("verify/families.js")}), import(${module("index.js")})]);
await ready();
let all = 0, noticed = false, most = ${5 * Number(count)};
for (const family of ${JSON.stringify(likeliest ? [likeliest] : loopFiles.test(file) ? ["loops", "general", "straight", "interpreters"] : ["straight", "general", "loops", "interpreters"])}) {
  const report = await fuzz(1, ({ kernels, findings }) => findings.length === 0 && kernels < most, { generate: families[family] });
  all += report.kernels;
  most = ${Number(count)};
  const [found] = report.findings;
  if (!found) continue;
  noticed = true;
  console.log("noticed after " + report.kernels + " kernels (" + family + "), by " + found.subject + (found.crash ? ": " + found.crash.slice(0, 80) : ""));
  break;
}
if (!noticed) console.log("SURVIVED " + all + " kernels");
`;

/** Milliseconds; a mutant that makes a loop endless has been noticed. */
const patience = 600_000;
const run = (file, likeliest) => new Promise((done) => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", runner(file, likeliest)], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "", errors = "";
  child.stdout.on("data", (text) => { out += text; });
  child.stderr.on("data", (text) => { errors += text; });
  const timer = setTimeout(() => { child.kill("SIGKILL"); out += "noticed: it does not end"; }, patience);
  child.on("close", (code) => { clearTimeout(timer); done(out.trim().split("\n").at(-1) || `noticed: ends with ${code}: ${errors.trim().split("\n").at(-1)}`); });
});

const survivors = [];
const whole = await run("");
if (!whole.startsWith("SURVIVED")) throw new Error(`the compiler as it is has to pass: ${whole}`);
for (const [file, name, from, to, likeliest] of mutants) {
  if (only.length > 0 && !only.some((part) => file.includes(part) || name.includes(part))) continue;
  const path = join(folder, "dist", file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) { console.log(`${file}  ${name}: THE LINE IS GONE, the table has to follow`); survivors.push(name); continue; }
  writeFileSync(path, text.replace(from, () => to));
  const result = await run(file, likeliest);
  writeFileSync(path, text);
  console.log(`${file}  ${name}: ${result}`);
  if (result.startsWith("SURVIVED")) survivors.push(name);
}
console.log(survivors.length === 0 ? "all were noticed" : `${survivors.length} survived: ${survivors.join("; ")}`);
rmSync(folder, { recursive: true, force: true });
