// Deliberate breakage: each row spoils one line of the built compiler, and the fuzzer has to notice.
//
//   npm run build && node test/mutation.mjs [kernels a family and mutant (60); five times as many of the likeliest] [only rows whose file or name contains this]
//
// A mutant runs in a process of its own, which ends with the first finding; one that does not end in time has been noticed too (the
// original ended). Survivors are listed at the end; test/FUZZING.md says what became of them.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** file in dist, what is spoilt, the text there (its first occurrence), what it becomes */
const mutants = [
  // the operation table: folding, and what the evaluator computes
  ["ir/ops.js", "shifts right without the sign", "i32bin(\"$0 >> $1\", (a, b) => a >> b)", "i32bin(\"$0 >>> $1 | 0\", (a, b) => (a >>> b) | 0)"],
  ["ir/ops.js", "unsigned comparison of signed values", "\"$0 >>> 0 < $1 >>> 0\", (a, b) => a >>> 0 < b >>> 0", "\"$0 < $1\", (a, b) => a < b"],
  ["ir/ops.js", "ToInt32 saturates", "\"$0 | 0\", (a) => a | 0", "\"$truncSat($0)\", (a) => exact.truncSatS(a)"],
  ["ir/ops.js", "adds doubles the other way", "f64bin(\"$0 - $1\", (a, b) => a - b)", "f64bin(\"$0 - $1\", (a, b) => b - a)"],
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
  ["specialize/intervals.js", "loops do not grow a bound", "const hi = next.hi > old.hi ? steps.find((s) => s >= next.hi) : old.hi;", "const hi = old.hi;"],
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
  ["specialize/split.js", "the main loop runs one iteration too many", "const end = growing.map((g) => this.iteration(e.op(\"f64.sub\", e.op(\"f64.sub\", this.double(g.length), this.sum(g, null)), e.f64(g.hi)), g.m))", "const end = growing.map((g) => this.iteration(e.op(\"f64.sub\", e.op(\"f64.sub\", this.double(g.length), this.sum(g, null)), e.f64(g.hi - 1)), g.m))"],
  ["specialize/split.js", "the main loop begins too soon", "e.op(\"f64.sub\", e.f64(-g.lo), this.sum(g, null))", "e.op(\"f64.sub\", e.f64(-g.lo - 1), this.sum(g, null))"],
  ["specialize/vectorize/limits.js", "vectors read past the end", "count = e.op(\"f64.min\", count, e.op(\"f64.add\", steps, e.f64(1)));", "count = e.op(\"f64.min\", count, e.op(\"f64.add\", steps, e.f64(2)));"],
  ["specialize/vectorize/accesses.js", "iterations never depend on each other", "const trouble = dependence(store, other, lanes);", "const trouble = null;"],
  ["specialize/vectorize/accesses.js", "arrays never overlap", "if (other === store || !mayTouch(program, store.stream.space, other.stream.space))", "if (other === store || other.stream !== store.stream)"],
  ["specialize/vectorize/reductions.js", "an and starts with nothing", "identity: -1", "identity: 0"],
  ["specialize/vectorize/reductions.js", "sums of doubles in any order", "const whole = step.instr.op === \"f64.add\" && exactStart(first, ranges) && smallWhole(ranges.of(value), mostTerm);", "const whole = step.instr.op === \"f64.add\";"],
  // partial evaluation
  ["specialize/partial/values.js", "0 and −0 are one value where paths meet", "case \"prim\": return Object.is(a.value, b.value);", "case \"prim\": return a.value === b.value;"],
  ["specialize/partial/arrays.js", "what lies outside of an array is 0", "() => [ev.b.f64(NaN)]", "() => [ev.b.f64(0)]"],
  ["specialize/partial/operators.js", "NaN is true", "ev.b.op(\"f64.gt\", ev.b.op(\"f64.abs\", abs.v), ev.b.f64(0))", "ev.b.op(\"f64.ne\", abs.v, ev.b.f64(0))"],
  ["specialize/partial/operators.js", "-- adds", "ev.b.op(\"f64.sub\", ev.toF64(a), ev.b.f64(1))", "ev.b.op(\"f64.add\", ev.toF64(a), ev.b.f64(1))"],
];

const [count = "60", only = ""] = process.argv.slice(2);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "out", "mutant");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
cpSync(join(root, "dist"), join(folder, "dist"), { recursive: true });
writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');

const module = (file) => JSON.stringify(pathToFileURL(join(folder, "dist", file)).href);
const loopFiles = /vectorize|split|hoist|stores/;
/** Each family in turn, the one first that is likeliest to notice. */
const runner = (file) => `
const [{ fuzz }, { families }, { ready }] = await Promise.all([import(${module("cli/fuzzing.js")}), import(${module("verify/families.js")}), import(${module("index.js")})]);
await ready();
let all = 0, noticed = false, most = ${5 * Number(count)};
for (const family of ${JSON.stringify(loopFiles.test(file) ? ["loops", "general", "straight", "interpreters"] : ["straight", "general", "loops", "interpreters"])}) {
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
const run = (file) => new Promise((done) => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", runner(file)], { stdio: ["ignore", "pipe", "pipe"] });
  let out = "", errors = "";
  child.stdout.on("data", (text) => { out += text; });
  child.stderr.on("data", (text) => { errors += text; });
  const timer = setTimeout(() => { child.kill("SIGKILL"); out += "noticed: it does not end"; }, patience);
  child.on("close", (code) => { clearTimeout(timer); done(out.trim().split("\n").at(-1) || `noticed: ends with ${code}: ${errors.trim().split("\n").at(-1)}`); });
});

const survivors = [];
const whole = await run("");
if (!whole.startsWith("SURVIVED")) throw new Error(`the compiler as it is has to pass: ${whole}`);
for (const [file, name, from, to] of mutants) {
  if (only !== "" && !file.includes(only) && !name.includes(only)) continue;
  const path = join(folder, "dist", file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) { console.log(`${file}  ${name}: THE LINE IS GONE, the table has to follow`); survivors.push(name); continue; }
  writeFileSync(path, text.replace(from, () => to));
  const result = await run(file);
  writeFileSync(path, text);
  console.log(`${file}  ${name}: ${result}`);
  if (result.startsWith("SURVIVED")) survivors.push(name);
}
console.log(survivors.length === 0 ? "all were noticed" : `${survivors.length} survived: ${survivors.join("; ")}`);
rmSync(folder, { recursive: true, force: true });
