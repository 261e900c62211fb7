// Random kernels from a seed, each run by the original, the IR's evaluator, as residual JavaScript, as Wasm at several of Binaryen's
// levels and as the quick program that serves before all passes have run, on equal copies of the same inputs; every bit is compared. One more runs
// other slow values, which templates serve, or with every other kernel quick programs that keep their loops. What differs is made small, and the first bad pass is found.
//
// A kernel counts as served only if every subject really ran it; what fell back is counted by reason.

import { makeRolled, makeTemplate, residualize, type Residual } from "../compile.ts";
import { sizedKey } from "../ir/within.ts";
import { buildEvaluated } from "../runtime/evaluated.ts";
import type { Options } from "../runtime/options.ts";
import type { LiveSnapshot, Pipeline } from "../runtime/pipeline.ts";
import { specializeWith, type Specialized } from "../runtime/specialize.ts";
import type { TierName } from "../runtime/tiers.ts";
import { pipeline } from "../runtime/wiring.ts";
import { passes as allPasses, splitPasses, type Pass, type PassOptions } from "../specialize/passes.ts";
import { vectorPasses } from "../specialize/vectorize/passes.ts";
import { surrounded } from "../verify/arranged.ts";
import { firstBadPass } from "../verify/bisect.ts";
import type { Mismatch } from "../verify/compare.ts";
import { anyKernel } from "../verify/families.ts";
import { Random } from "../verify/prng.ts";
import { compileKernel, compileKernels, type RandomKernel } from "../verify/random.ts";
import { compareOutcomes, runCopy, type Outcome } from "../verify/run.ts";
import type { Subject as Kernel } from "../verify/show.ts";
import { shrink } from "../verify/shrink.ts";
import { variedInputs } from "../verify/vary.ts";

type Original = (...args: unknown[]) => unknown;

const ways = ["template", "rolled", "generic", "sized"] as const;
type Way = (typeof ways)[number];

interface Subject {
  readonly name: string;
  readonly tier: "js" | "wasm"; readonly options: Options; readonly build?: Pipeline["build"];
  readonly quick?: boolean;
  /** it is called with other slow values too, one after the other, and makes its versions as the runtime alone does */
  readonly varies?: boolean;
  /** … but for these, of which each kernel's seed chooses one: by templates; each with its loops; by a program for any of them; or each length of an array by a version of its own */
  readonly by?: Way;
}

const wasm = (level: 0 | 1 | 3): Subject => ({ name: `wasm ${level}`, tier: "wasm", options: { tier: "wasm", optimize: { level } } });

const evaluated = (by: TierName, name: string): Subject => ({ name, tier: by, options: { tier: by }, build: (program, memory, tier) => buildEvaluated(program, memory, { tier }) });

const subjects: readonly Subject[] = [
  evaluated("js", "evaluator"), evaluated("wasm", "evaluator, program for wasm"),
  { name: "js", tier: "js", options: { tier: "js" } },
  wasm(0), wasm(1), wasm(3), { ...wasm(0), name: "quick", quick: true }, ...ways.map((by) => ({ ...wasm(0), name: by, varies: true, by })),
];
const subjectsOf = ({ seed }: RandomKernel): Subject[] => subjects.filter(({ by }) => by === undefined || by === ways[seed % ways.length]);

/** A subject that differed from the original, with what is needed to see it again. */
export interface Finding {
  readonly kernel: RandomKernel;
  readonly subject: string;
  /** of the kernel's inputs */
  readonly input: number;
  readonly mismatches: readonly Mismatch[];
  /** what the subject threw of its own, or the invariant that it broke */
  readonly crash: string | null;
}

/** How often something was seen, and the seed of a kernel that shows it. */
export interface Seen { count: number; readonly seed: number }

export interface FuzzReport {
  kernels: number;
  calls: number;
  /** calls whose result a subject gave, not the original in its place */
  servedCalls: number;
  /** kernels that every subject ran; of these and the next every kernel ought to be one */
  served: number;
  /** kernels that do nothing but throw, on all inputs: they are compared, but the original may well serve such calls */
  throwing: number;
  /** kernels with a loop that writes memory and a slow value that decides a branch */
  guaranteed: number;
  /** kernels of which WebAssembly ran vectors */
  vectorized: number;
  /** versions that came of a template that was there */
  templated: number;
  /** versions whose quick program kept its loops */
  rolled: number;
  /** calls that were served by programs for any slow values */
  generic: number;
  readonly reasons: Map<string, Seen>;
  readonly coverage: Map<string, number>;
  readonly findings: Finding[];
}

export interface FuzzOptions {
  /** in place of the compiler's own lists: to see whether a broken pass is noticed */
  readonly passes?: readonly Pass[];
  /** makes the kernels (default: `anyKernel`) */
  readonly generate?: (seed: number) => RandomKernel;
  /** told of each kernel before it is run, also of those that are tried to make a finding small */
  readonly onKernel?: (seed: number) => void;
}

const add = (counts: Map<string, number>, key: string, by = 1): void => { counts.set(key, (counts.get(key) ?? 0) + by); };

/** kernels that are compiled as one script: the engine is asked once for all where they stand, which takes longer than to compile one */
const together = 20;

/** of so many kernels one has its program checked after every pass: that takes as long as the passes */
const checkedOneIn = 4;

/**
 * Runs kernels `seed`, `seed + 1` … while `goOn` says so. Requires ready().
 * Between two kernels the event loop turns: what is held weakly is freed then, and not before.
 */
export async function fuzz(seed: number, goOn: (report: FuzzReport) => boolean, options: FuzzOptions = {}): Promise<FuzzReport> {
  const { generate = anyKernel } = options;
  const report: FuzzReport = { kernels: 0, calls: 0, servedCalls: 0, served: 0, throwing: 0, guaranteed: 0, templated: 0, rolled: 0, generic: 0, vectorized: 0, reasons: new Map(), coverage: new Map(), findings: [] };
  for (;;) {
    const kernels = Array.from({ length: together }, (_, k) => generate(seed + report.kernels + k));
    const originals = compileKernels(kernels.map(({ source }) => source));
    for (const [k, kernel] of kernels.entries()) {
      if (!goOn(report)) return report;
      options.onKernel?.(kernel.seed);
      runKernel(kernel, originals[k]!, report, options);
      await new Promise((turned) => { setImmediate(turned); });
    }
  }
}

function runKernel(kernel: RandomKernel, original: Original, report: FuzzReport, options: FuzzOptions): void {
  const expected = kernel.inputs.map((input) => runCopy({ name: "original", call: surrounded(original, original) }, undefined, input));
  const compiler = new Compiler(options, undefined, kernel.seed % checkedOneIn === 0);
  const throws = expected.every(({ ended }) => ended === "threw");
  const mine = subjectsOf(kernel), served = mine.filter((subject) => runSubject(subject, kernel, original, expected, report, compiler));
  report.kernels++;
  report.rolled += compiler.rolled;
  if (served.length === mine.length) report.served++;
  else if (throws) report.throwing++;
  if (kernel.guaranteed) report.guaranteed++;
  if (compiler.vectorized) report.vectorized++;
  for (const [construct, count] of kernel.coverage) add(report.coverage, construct, count);
}

/** What a subject that varies is called with: the same for the same kernel. */
const variedFor = (kernel: RandomKernel): unknown[][] => variedInputs(kernel, new Random(kernel.seed * 69069 + 5), 6);

/** Did the subject itself serve any input? What it got wrong, or why it did not serve, goes into the report. */
function runSubject(subject: Subject, kernel: RandomKernel, original: Original, expected: readonly Outcome[], report: FuzzReport, compiler: Compiler): boolean {
  const { name, tier, varies = false } = subject;
  const fast = compiler.make(subject, kernel, original), inputs = varies ? variedFor(kernel) : kernel.inputs;
  const found = (input: number, mismatches: readonly Mismatch[], crash: string | null): void => { report.findings.push({ kernel, subject: name, input, mismatches, crash }); };
  inputs.forEach((input, index) => {
    report.calls++;
    compiler.call = index;
    try {
      const { mismatches } = compareOutcomes(varies ? runCopy({ name: "original", call: surrounded(original, original) }, undefined, input) : expected[index]!, runCopy({ name, call: surrounded(original, fast) }, undefined, input));
      if (mismatches.length > 0) found(index, mismatches, null);
    } catch (error) {
      found(index, [], String(error));
    }
  });
  const invariant = fast.diagnostics().find(({ kind }) => kind === "Invariant");
  if (invariant) found(0, [], invariant.message);
  const { [tier]: served } = fast.stats().calls;
  report.servedCalls += served;
  const { templates, generic } = fast.stats();
  report.templated += templates.served;
  report.generic += generic.served;
  if (served === 0) {
    const refusal = fast.diagnostics().findLast(({ kind }) => kind !== "Note");
    const reason = refusal ? `${refusal.kind}: ${refusal.message.replace(/\d+(\.\d+)?/g, "#")}` : "every input took a rare case that the original serves";
    const seen = report.reasons.get(reason);
    if (seen) seen.count++; else report.reasons.set(reason, { count: 1, seed: kernel.seed });
  }
  fast.dispose();
  return served > 0;
}

/**
 * The compiler as one kernel's subjects see it. What is theirs together is made once: the nth look at a call's values, and the residual made
 * of them. (That is what happens to any version whose slow values come back in other objects.)
 */
class Compiler {
  /** which of the kernel's inputs is being run */
  call = 0;
  vectorized = false;
  /** how many versions were made with their loops */
  rolled = 0;
  private readonly options: FuzzOptions;
  private readonly limit: number | undefined;
  private readonly check: boolean;
  private readonly snapshots = new Map<string, LiveSnapshot>();
  private readonly descriptions = new WeakMap<LiveSnapshot, ReturnType<Pipeline["describe"]>>();
  private readonly residuals = new WeakMap<LiveSnapshot, Residual>();
  private readonly quickOnes = new WeakMap<LiveSnapshot, Residual>();
  /** values that a snapshot holds weakly */
  private readonly kept: unknown[] = [];

  constructor(options: FuzzOptions, limit?: number, check = false) {
    this.options = options;
    this.limit = limit;
    this.check = check;
  }

  make({ options, build, quick = false, varies = false, by }: Subject, { slow }: Kernel, original: Original): Specialized<Original> {
    if (varies) return specializeWith(by === "rolled" ? this.rolling() : by === "generic" ? this.general() : by === "sized" ? this.sized() : this.plain(), original, { ...options, slow, compile: "sync", limits: { compileMs: 600_000 } });
    const looks = new Map<number, number>();
    const compiler: Pipeline = {
      ...pipeline,
      ...(build ? { build } : {}),
      snapshot: (env, kernel) => {
        const look = looks.get(this.call) ?? 0;
        looks.set(this.call, look + 1);
        return this.remembered(this.snapshots, `${this.call} ${look}`, () => pipeline.snapshot(env, kernel));
      },
      describe: (self, args, paths, snapshot, known, fractions) => this.remembered(this.descriptions, snapshot, () => {
        this.kept.push(self, ...args);
        return pipeline.describe(self, args, paths, snapshot, known, fractions);
      }),
      residualize: (request) => this.remembered(quick ? this.quickOnes : this.residuals, request.snapshot, () => {
        const residual = residualize({ ...request, quick, options: { ...request.options, passes: this.passes() } });
        if (!quick && residual.vectorized.length > 0) this.vectorized = true;
        return residual;
      }),
    };
    // how long the compiler takes depends on what else the machine does: it must not decide who serves
    return specializeWith(compiler, original, { ...options, slow, compile: "sync", limits: { compileMs: 600_000 } });
  }

  private passes(): PassOptions {
    return { check: this.check, ...(this.options.passes ? { passes: this.options.passes } : {}), ...(this.limit === undefined ? {} : { limit: this.limit }) };
  }

  /** Nothing is remembered: each look is at other values. */
  private plain(): Pipeline {
    const passes = this.passes(), { generic: _none, ...others } = pipeline;
    return {
      ...others,
      rolled: (request, work) => makeRolled({ ...request, options: { ...request.options, passes } }, work),
      residualize: (request) => residualize({ ...request, options: { ...request.options, passes } }),
      template: (request, pinned) => makeTemplate({ ...request, options: { ...request.options, passes } }, pinned),
    };
  }

  /** … and of all but the first the loops are kept, however little work it would be to unroll them. */
  private rolling(): Pipeline {
    const { residualize, template: _none, ...others } = this.plain();
    return {
      ...others,
      residualize: (request) => Object.create(residualize(request), { work: { value: Infinity } }) as Residual,
      rolled: (request, work) => {
        const made = makeRolled({ ...request, options: { ...request.options, passes: this.passes() } }, work);
        if (made) this.rolled++;
        return made;
      },
    };
  }

  /** … and all are served by programs of which no value is slow. */
  private general(): Pipeline {
    const passes = this.passes();
    return { ...this.plain(), generic: { after: 0, make: (request, work) => makeRolled({ ...request, options: { ...request.options, passes } }, work) } };
  }

  /** … each made for the lengths of the arrays that it is called with. */
  private sized(): Pipeline {
    return { ...this.plain(), describe: (self, args, paths, snapshot, known, fractions) => pipeline.describe(self, args, paths, snapshot, [...known ?? [], ...args.map((_, root) => ({ root, keys: [sizedKey] }))], fractions) };
  }

  private remembered<K, V>(known: { get(key: K): V | undefined; set(key: K, value: V): unknown }, key: K, make: () => V): V {
    let value = known.get(key);
    if (value === undefined) known.set(key, (value = make()));
    return value;
  }
}

export interface Investigation {
  /** the smallest kernel found that still differs in the same subject */
  readonly kernel: Kernel;
  /** the pass after which it differs; null where it does whatever the passes */
  readonly firstBad: string | null;
}

/** Makes a finding small, and says which pass is the first after which it is wrong. */
export async function investigate(finding: Finding, options: FuzzOptions = {}): Promise<Investigation> {
  const subject = subjects.find(({ name }) => name === finding.subject)!;
  const inputs = subject.varies ? variedFor(finding.kernel).slice(0, finding.input + 1) : [finding.kernel.inputs[finding.input]!];
  const whole: Kernel = { source: finding.kernel.source, slow: finding.kernel.slow, inputs };
  const kernel = await shrink(whole, (candidate) => {
    options.onKernel?.(finding.kernel.seed);
    return differs(subject, candidate, options);
  }, { attempts: 1500 });
  const original = compileKernel(kernel.source);
  const names = ["evaluate", ...(options.passes ?? [...allPasses, ...splitPasses, ...vectorPasses]).map(({ name }) => name)];
  const stages = names.map((pass, limit) => ({ pass, callable: () => surrounded(original, loud(new Compiler(options, limit, true).make(subject, kernel, original))) }));
  try {
    return { kernel, firstBad: firstBadPass({ name: "original", call: surrounded(original, original) }, stages, undefined, kernel.inputs[0]!)?.pass ?? null };
  } catch (error) {
    return { kernel, firstBad: `unknown: ${String(error)}` }; // a stage that crashes has no outcome to compare
  }
}

/** In production an invariant that is broken is an event and the original serves; here it is an exception. */
const loud = (fast: Specialized<Original>): Original => (...args) => {
  const result = fast(...args);
  const invariant = fast.diagnostics().find(({ kind }) => kind === "Invariant");
  if (invariant) throw new Error(invariant.message);
  return result;
};

function differs(subject: Subject, kernel: Kernel, options: FuzzOptions): boolean {
  const original = compileKernel(kernel.source);
  const fast = new Compiler(options, undefined, true).make(subject, kernel, original);
  try {
    return kernel.inputs.some((input) => {
      const expected = runCopy({ name: "original", call: surrounded(original, original) }, undefined, input);
      return compareOutcomes(expected, runCopy({ name: subject.name, call: surrounded(original, fast) }, undefined, input)).count > 0;
    }) || fast.diagnostics().some(({ kind }) => kind === "Invariant");
  } catch {
    return true;
  } finally {
    fast.dispose();
  }
}
