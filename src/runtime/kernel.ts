// One kernel's life: which version serves a call, when a new one is made, when one goes.
//
//   call → the entry that serves now → (MISS) another version that fits → (none) build one; the original serves meanwhile
//
// Guarantees: never throws what the original would not (except `strict`), never runs a call twice where that could be seen, counts every
// call once. All that can fail falls back to the original with an event or a diagnostic.

import { Refusal } from "../diagnostic.ts";
import type { TypedArrayName } from "../ir/interface.ts";
import type { Code } from "../ir/snapshot.ts";
import { available } from "../wasm/instantiate.ts";
import { buildVersion, keyOf, orderFor, makeTier, slowName, writtenSlow, type Built } from "./build.ts";
import { moveIn, moveOut, used, type Resident } from "./census.ts";
import { Churn } from "./churn.ts";
import { log, onModeChange, settings } from "./configure.ts";
import { dispatcher, type Dispatcher } from "./dispatch.ts";
import type { Exchange } from "./entry.ts";
import { sharedMemory } from "./memory.ts";
import { SharedEntries } from "./shared.ts";
import { serveBy, startTrial } from "./serving.ts";
import { residualText } from "./inspect.ts";
import { buildRemotely } from "./remote.ts";
import type { MismatchReport } from "./report.ts";
import type { KernelEvent, Settled, SlowPath, Tier } from "./options.ts";
import { withoutFast } from "./slow.ts";
import { writtenBy, type Outside } from "./outside.ts";
import type { Parameters } from "./parameters.ts";
import type { Pipeline } from "./pipeline.ts";
import { Refused } from "./refused.ts";
import { Teller } from "./telling.ts";
import { nextTask } from "./turn.ts";
import { canRunJs, canRunWasm, type TierName } from "./tiers.ts";
import { constructors, MISS } from "./values.ts";
import { signatureOf, type ServingTier, type Version } from "./version.ts";
import { Lost, type Workshop } from "./workshop.ts";

export type Original = (...args: unknown[]) => unknown;

export interface Counters { original: number; js: number; wasm: number; misses: number; swaps: number; copied: number; builds: number; /** modules that came from the cache */ cached: number }

/** Other kinds of arguments, other slow values; or the same of both: a captured value changed, or the version had been evicted, reset or withdrawn. */
export type Reason = "first" | "kinds" | "slow values" | "captured or dropped";

/** After so many calls served by an original that was measured to be faster, it is measured again: soon at first, when the engine may not have optimized the version. */
const callsOfOriginal = [500, 5_000, 50_000];

export class Kernel {
  readonly original: Original;
  readonly name: string;
  readonly code: Code;
  readonly parameters: Parameters;
  readonly options: Settled;
  readonly pipeline: Pipeline;
  /** most recently used first */
  readonly versions: Version[] = [];
  readonly slow: SlowPath[];
  /** paths inside of those that `// @fast` takes out of them */
  readonly fast: readonly SlowPath[];
  /** of versions that are gone, and of the original */
  readonly counters: Counters = { original: 0, js: 0, wasm: 0, misses: 0, swaps: 0, copied: 0, builds: 0, cached: 0 };
  readonly ms = { capture: 0, parse: 0, evaluate: 0, passes: 0, emit: 0, optimize: 0, instantiate: 0 };
  readonly teller: Teller;
  readonly callable: Original;
  readonly entries = new SharedEntries();
  readonly exchange: Exchange = { why: "", detail: undefined };
  private readonly dispatch: Dispatcher;
  private readonly refused = new Refused();
  private readonly churn: Churn;
  private current: Version | null = null;
  /** versions take too long to make for making them in passing */
  private tooDear = false;
  private pending: Promise<void> | null = null;
  private disposed = false;
  /** it runs as the original for good, and why */
  private gaveUp: string | null = null;
  private failure: Refusal | null = null;
  /** the original serves without a look at the arguments, for a number of calls */
  private resting = false;
  /** the last ones that were withdrawn */
  private readonly gone: Version[] = [];
  /** how often a version was made for what reason */
  readonly reasons: Partial<Record<Reason, number>> = {};
  private lastMade: { readonly kinds: string; readonly fingerprint: string } | null = null;
  /** calls in which a version differed from the original, the last ones */
  readonly reports: MismatchReport[] = [];
  /** its modules did not come to an end when they were warmed */
  hangs = false;
  /** milliseconds: the longest time that making the last version in the background kept this thread */
  longestStep = 0;

  /** A step of background work on this thread. */
  step<T>(work: () => T): T {
    const started = performance.now();
    try { return work(); } finally { this.longestStep = Math.max(this.longestStep, performance.now() - started); }
  }

  constructor(original: Original, code: Code, parameters: Parameters, options: Settled, slow: readonly SlowPath[], fast: readonly SlowPath[], pipeline: Pipeline) {
    this.original = original;
    this.name = original.name || "anonymous";
    this.code = code;
    this.parameters = parameters;
    this.options = options;
    this.slow = withoutFast(slow, fast);
    this.fast = fast;
    this.pipeline = pipeline;
    this.teller = new Teller(this.name, code, options.onEvent);
    this.churn = new Churn(this.slow);
    const counted = parameters.names === null || parameters.countsArguments ? null : parameters.names.length;
    this.dispatch = dispatcher(counted, {
      original,
      counters: this.counters,
      serve: (self, ...args) => this.serve(self, args),
      construct: (args, target) => Reflect.construct(original, args, target === this.callable ? original : target as Original),
    });
    this.callable = this.dispatch.callable;
    onModeChange(this);
    this.reconsider();
  }

  /** The tier that is asked for now: the environment and configure() go over the option. */
  get tier(): Tier {
    const { mode } = settings;
    if (mode === "off" || this.disposed || this.gaveUp !== null) return "original";
    if (mode === "js" || mode === "wasm") return mode;
    return mode === "diff" && this.options.tier === "auto" ? "wasm" : this.options.tier; // what is compared is not timed
  }

  /** Something outside changed: look again at what serves. */
  reconsider(): void {
    this.current = null;
    if (this.tier === "original") this.dispatch.standBack(Infinity, this.parameters.names?.length ?? 0);
    else this.dispatch.swap(null, -1);
    const lacking = (version: Version): boolean =>
      (this.tier === "js" && version.tiers.js === undefined && canRunJs()) || (this.tier === "wasm" && version.tiers.wasm === undefined && (canRunWasm(sharedMemory()) || (this.workshop !== null && available())));
    for (let i = this.versions.length - 1; i >= 0; i--) {
      if (lacking(this.versions[i]!)) this.drop(i); // it is made again when it is needed, with the tier that is wanted now
      else this.chooseTier(this.versions[i]!);
    }
  }

  // ───────────────────────────────── a call that what serves does not fit ─────────────────────────────────

  private serve(self: unknown, args: unknown[]): unknown {
    if (this.tier === "original") return this.callOriginal(self, args);
    const { exchange } = this;
    if (exchange.why !== "") return this.afterMiss(self, args);
    if (this.resting) this.wakeUp();
    for (const version of this.versions) {
      // the one that serves has answered already, unless its entry was bound to another version
      if ((version === this.current && isOwn(version)) || version.enter === null || version.argc !== args.length) continue;
      const result = version.enter(self, ...args);
      if (result !== MISS) { this.swapTo(version); return result; }
      if (exchange.why !== "") return this.afterMiss(self, args);
    }
    this.counters.misses++;
    this.throwFailure();
    if (!this.tooDear && this.refused.mayTry(args)) {
      const version = this.options.compile === "sync" && this.pending === null ? this.buildNow(self, args) : this.buildSoon(self, args);
      if (version !== null && version.enter !== null) {
        const { enter } = version;
        this.swapTo(version);
        const result = version.enter === null ? MISS : enter(self, ...args); // null: a listener was told of the swap, and ended it
        if (result !== MISS) return result;
        if (exchange.why !== "") return this.afterMiss(self, args);
        this.refused.refuse(args); // made for this very call, and it does not fit: trying again would not help
        this.teller.note("Note", "a version was made for this call, but its guard does not accept it", "a slow value may change while it is read, or lie behind a Proxy");
      }
    }
    return this.callOriginal(self, args);
  }

  /** The entry answered MISS for another reason than its guard: the original runs. */
  private afterMiss(self: unknown, args: unknown[]): unknown {
    const { why, detail, by } = this.exchange;
    const version = this.versions.find(({ tiers }) => tiers.js?.tally === by || tiers.wasm?.tally === by) ?? null;
    this.exchange.why = "";
    this.exchange.detail = undefined;
    switch (why) {
      case "bail":
        this.teller.once(`bail ${String(detail)}`, () => this.teller.note("Note", `the original runs a call in which ${String(detail)}`, "the result is the original's; avoid the case where speed matters"));
        if (version !== null && ++version.bails >= 64 && version.bails > version.calls) {
          this.teller.emit("fell back", `the version's rare case is the rule (${String(detail)}): the original serves`);
          this.withdraw(version);
          this.refused.refuse(args);
        }
        break;
      case "full":
        this.teller.once("full", () => this.teller.emit("memory full", "the shared memory has no room for copies of the arguments: the original serves. configure({ memory }) makes it larger, arena arrays need no copies"));
        break;
      case "frozen":
        this.teller.once("frozen", () => this.teller.note("Note", "the original runs a call with a frozen array or object that the function writes", "hand over what can be written"));
        break;
      case "invariant":
        this.teller.note("Invariant", `a version ended in a way it should not: ${String(detail)}`, "please report this, with the kernel");
        this.teller.emit("invariant", "a version failed; it is withdrawn and the original serves", detail);
        if (version !== null) this.withdraw(version);
        this.refused.refuse(args);
        break;
      case "": break;
    }
    return this.callOriginal(self, args);
  }

  callOriginal(self: unknown, args: readonly unknown[]): unknown {
    this.counters.original++;
    return Reflect.apply(this.original, self, args);
  }

  swapTo(version: Version): void {
    if (version.enter === null) return;
    const at = this.versions.indexOf(version);
    if (at > 0) { this.versions.splice(at, 1); this.versions.unshift(version); }
    used(version.resident);
    const swapped = this.current !== null && this.current !== version;
    this.current = version;
    this.enterBy(version);
    if (!swapped) return;
    this.counters.swaps++;
    this.teller.emit("swapped", `another version serves now, for ${signatureOf(version)}`); // last: a listener may do anything, dispose of the kernel too
  }

  /** The dispatcher calls the version: a tier's own entry, or what stands before it for a time. */
  private enterBy(version: Version): void {
    const { enter, tiers } = version;
    const tier = Object.values(tiers).find((one) => one.enter === enter);
    if (tier === undefined) this.dispatch.standBefore(enter!, version.argc);
    else this.dispatch.swap(tier.activate(), version.argc);
  }

  // ───────────────────────────────── making versions ─────────────────────────────────

  private get canBuild(): boolean { return !this.disposed && this.gaveUp === null && settings.mode !== "off" && this.options.tier !== "original"; }

  /** Makes a version for the call's values now, with all tiers that can be made now. Null: the original has to serve. */
  buildNow(self: unknown, args: readonly unknown[]): Version | null {
    if (!this.canBuild) return null;
    const memory = sharedMemory();
    if (memory === null) {
      this.giveUp("the host grants no memory", "no memory");
      return null;
    }
    if (this.tier === "wasm" && !canRunWasm(memory)) return this.buildSoon(self, args);
    const version = this.residual(self, args);
    if (version === null) return null;
    this.makeTiers(version, self, args, true);
    if (this.tier === "auto" && version.tiers.wasm === undefined && memory.wasm !== null) this.later(async () => { await this.pipeline.ready(); this.makeTiers(version, self, args, true); });
    return version.enter === null ? null : version;
  }

  /** Makes a version between two calls. Answers null, at once. */
  private buildSoon(self: unknown, args: readonly unknown[]): null {
    if (this.canBuild) this.later(() => this.buildFully(self, args).then(() => undefined));
    return null;
  }

  private later(work: () => Promise<void>): void {
    if (this.pending !== null) return;
    const run = async (): Promise<void> => {
      await nextTask();
      try { await work(); } catch (error) { this.broken(error); } finally { this.pending = null; }
    };
    this.pending = run();
  }

  /** Does what makes versions after all builds that are under way. The process stays alive for it. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      while (this.pending !== null) await this.pending;
      const running = work();
      this.pending = running.then(() => {}, () => {}).finally(() => { this.pending = null; });
      return running;
    };
    const { workshop } = this;
    return workshop === null ? run() : workshop.hold(run());
  }

  /** Where versions are made in the background; null: here. Functions can't be sent there. */
  get workshop(): Workshop | null { return this.options.pure.length === 0 && settings.passes.length === 0 ? this.pipeline.workshop() : null; }

  /** The version for these values with all its tiers; it serves as soon as it has one. */
  async buildFully(self: unknown, args: readonly unknown[]): Promise<Version | null> {
    const memory = sharedMemory();
    if (!this.canBuild) return null;
    if (memory === null) { this.giveUp("the host grants no memory", "no memory"); return null; }
    const there = this.thereMeanwhile(self, args);
    if (there !== null) { this.refused.refuse(args); return there; }
    const { workshop } = this;
    if (workshop !== null) {
      const made = await this.buildInWorker(workshop, self, args);
      if (made !== "lost") return made;
      if (!this.canBuild) return null;
    }
    const version = this.residual(self, args);
    if (version === null) return null;
    this.makeTiers(version, self, args, false);
    if (version.enter !== null) this.swapTo(version);
    if (this.tier !== "js" && memory.wasm !== null) {
      await this.pipeline.ready();
      await nextTask();
      if (version.state === "withdrawn" || !this.canBuild) return null;
      this.makeTiers(version, self, args, true);
      if (version.enter !== null) this.swapTo(version);
    }
    return version.enter === null ? null : version;
  }

  /** Captured variables may have changed since the call that asked for a version: the one for what they hold now may be there already. */
  private thereMeanwhile(self: unknown, args: readonly unknown[]): Version | null {
    if (!this.versions.some(({ held }) => held.text !== "")) return null;
    const version = this.fitting(self, args);
    return version !== null && version.enter !== null && this.isComplete(version) ? version : null;
  }

  /** "lost": there is no worker to make it. */
  private async buildInWorker(workshop: Workshop, self: unknown, args: readonly unknown[]): Promise<Version | null | "lost"> {
    let made: Version | null = null;
    try {
      await workshop.run(async (session) => {
        this.longestStep = 0;
        const order = this.step(() => orderFor(this, self, args, (key) => this.restsOn(key)));
        if (order === null) { this.standBack(args.length); return; }
        await buildRemotely(this, session, { self, args, order, pinned: null, only: null }, {
          version: (version) => {
            made = this.canBuild && this.adopt(version, order.captureMs, self, args) ? version : null;
            return made !== null;
          },
          tier: (version, name, tier) => {
            this.addTier(version, name, tier);
            this.tiersMade(version);
            this.swapTo(version);
          },
          full: () => this.tellFull(),
        });
      });
    } catch (error) {
      if (error instanceof Lost) {
        this.teller.emit("worker lost", `${error.message}: ${error.hung ? "the original serves" : "the version is made on the main thread"}`);
        if (!error.hung) return "lost";
        this.refused.refuse(args);
      } else if (made === null) this.refuse(error, args);
      else this.tierFailed("wasm", error);
    }
    const version = made as Version | null; // assigned in a callback
    if (version === null || version.state === "withdrawn") return null;
    this.endWithout(version, args);
    return version.enter === null ? null : version;
  }

  /** Partial evaluation and passes: a version without tiers, in the list. Null: refused. */
  private residual(self: unknown, args: readonly unknown[]): Version | null {
    let built: Built | null;
    try {
      built = buildVersion(this, self, args, (key) => this.restsOn(key));
    } catch (error) {
      this.refuse(error, args);
      return null;
    }
    if (built === null) { this.standBack(args.length); return null; }
    return this.adopt(built.version, built.captureMs, self, args) ? built.version : null;
  }

  /** Puts a new version into the list. False: it is not wanted any more. */
  private adopt(version: Version, captureMs: number, self: unknown, args: readonly unknown[]): boolean {
    this.counters.builds++;
    const reason = this.reasonFor(version);
    this.reasons[reason] = (this.reasons[reason] ?? 0) + 1;
    for (const diagnostic of version.residual.diagnostics) this.teller.add(diagnostic);
    const old = this.versions.findIndex(({ key, held }) => key === version.key && held.text === version.held.text);
    if (old >= 0) this.drop(old);
    this.versions.unshift(version);
    moveIn(version.resident, this);
    while (this.versions.length > Math.max(1, this.options.limits.versions)) {
      this.drop(this.versions.length - 1);
      this.teller.emit("evicted", "the least recently used version was dropped (limits.versions)");
    }
    const { residual } = version;
    this.ms.capture += captureMs;
    for (const phase of ["parse", "evaluate", "passes"] as const) this.ms[phase] += residual.ms[phase];
    version.compileMs = captureMs + residual.ms.parse + residual.ms.evaluate + residual.ms.passes;
    if (settings.log.has("passes")) for (const stage of residual.stages) log("passes", `${this.name} after ${stage.pass}`, () => stage.text());
    log("residual", this.name, () => residualText(version, this.code.line));
    if (version.compileMs > this.options.limits.compileMs && !this.tooDear) {
      this.tooDear = true;
      this.teller.emit("fell back", `a version took ${version.compileMs.toFixed(0)} ms to make (limits.compileMs): no more are made, except by prepare()`);
    }
    this.noticeChurn(version, self, args);
    return version.state !== "withdrawn"; // churn ended it at once, or a listener
  }

  /** Makes the tiers that are wanted and possible and not there yet, and lets the right one serve. */
  private makeTiers(version: Version, self: unknown, args: readonly unknown[], withWasm: boolean): void {
    const memory = sharedMemory()!;
    const { tier } = this;
    const wanted: TierName[] = [];
    const jsFits = version.residual.operations <= this.options.limits.jsOperations;
    if (tier === "js" ? canRunJs() : canRunJs() && jsFits && (tier === "auto" || !withWasm)) wanted.push("js");
    if (tier !== "js" && withWasm && canRunWasm(memory)) wanted.push("wasm");
    for (const name of wanted) {
      if (version.tiers[name] !== undefined) continue;
      try {
        const made = makeTier(this, version, name, self, args);
        if (made === null) this.tellFull();
        else this.addTier(version, name, made);
      } catch (error) { this.tierFailed(name, error); }
    }
    this.tiersMade(version);
    if (withWasm) this.endWithout(version, args);
  }

  /** Why a version was made, judged by the one before it. */
  private reasonFor({ described, fingerprint }: Version): Reason {
    const before = this.lastMade;
    this.lastMade = { kinds: described.key, fingerprint };
    if (before === null) return "first";
    if (before.kinds !== described.key) return "kinds";
    return before.fingerprint === fingerprint ? "captured or dropped" : "slow values";
  }

  private addTier(version: Version, name: TierName, made: ServingTier): void {
    if (version.state === "withdrawn") { made.built.release(); return; } // meanwhile
    version.tiers[name] = made;
    version.resident.owned.push(made.built);
    this.ms.emit += made.built.ms.emit;
    this.ms.instantiate += made.built.ms.instantiate;
    version.compileMs += made.built.ms.emit + made.built.ms.instantiate;
    if (name === "wasm") log("wat", this.name, () => made.built.wat());
  }

  private tierFailed(name: TierName, error: unknown): void {
    if (error instanceof Refusal) { this.teller.add(error.diagnostic); return; }
    this.teller.note("Invariant", `the ${name} back end failed: ${messageOf(error)}`, "please report this, with the kernel");
    this.teller.emit("invariant", `the ${name} back end failed`, error);
  }

  private tellFull(): void {
    this.teller.once("full", () => this.teller.emit("memory full", "the shared memory has no room for a version's tables"));
  }

  /** The version has what tiers there are for now. */
  private tiersMade(version: Version): void {
    const first = version.state === "building" && Object.keys(version.tiers).length > 0;
    if (first) version.state = "ready";
    this.chooseTier(version);
    if (first) this.teller.emit("specialised", `a version of ${version.residual.operations} operations, made in ${version.compileMs.toFixed(1)} ms`);
  }

  /** A version that no tier could be made of goes. */
  private endWithout(version: Version, args: readonly unknown[]): void {
    if (Object.keys(version.tiers).length > 0) return;
    const { tier } = this;
    const possible = tier === "js" ? canRunJs() : tier === "wasm" ? available() : canRunJs() || available();
    if (!possible) this.giveUp(`this host runs no generated ${tier === "js" ? "JavaScript" : "code"}`, "fell back");
    else { this.withdraw(version); this.refused.refuse(args); }
  }

  /** Sets what a version is entered by: one tier, or a trial of all of them. */
  chooseTier(version: Version): void {
    if (version.state !== "ready") return;
    const { js, wasm } = version.tiers;
    const { tier } = this;
    const forced = tier === "js" ? js : tier === "wasm" ? (wasm ?? js) : undefined;
    if (forced !== undefined) serveBy(this, version, forced);
    else if (tier === "auto") startTrial(this, version);
    else version.enter = null;
  }

  /** The version has another entry: if it serves, that one serves now. */
  entered(version: Version): void {
    if (this.current === version && version.enter !== null) this.enterBy(version);
  }

  /** The version was slower than the original: it rests, until the original has had its calls. */
  rest(version: Version): void {
    version.enter = null;
    version.rests++;
    if (this.current === version || this.current === null) this.standBack(version.argc);
  }

  private standBack(argc: number): void {
    this.current = null;
    this.resting = true;
    const rests = Math.max(...this.versions.map((version) => version.rests));
    this.dispatch.standBack(callsOfOriginal[Math.min(rests, callsOfOriginal.length) - 1]!, argc);
  }

  private wakeUp(): void {
    this.resting = false;
    for (const version of this.versions) if (version.serving === "original") startTrial(this, version);
  }

  /** Is there a version of this key that was slower than the original? */
  private restsOn(key: string): boolean { return this.tier === "auto" && this.versions.some((version) => version.key === key && version.serving === "original"); }

  /** The captured objects and variables that the kernel writes: copies of the arguments do not cover them. */
  writtenOutside(version: Version): Outside { return writtenBy(Object.values(version.tiers).map(({ plan }) => plan)); }

  /** Runs without counting the calls that are made: they are nobody's. */
  uncounted<T>(run: () => T): T {
    const before = { ...this.counters };
    const tallies = this.versions.flatMap(({ tiers }) => Object.values(tiers).map(({ tally }) => ({ tally, was: { ...tally } })));
    try { return run(); } finally {
      Object.assign(this.counters, before);
      for (const { tally, was } of tallies) Object.assign(tally, was);
    }
  }

  /** As many arguments as a call has that goes through the dispatcher. */
  complete(args: readonly unknown[]): unknown[] {
    const { names, countsArguments } = this.parameters;
    return names === null || countsArguments ? [...args] : names.map((_, i) => args[i]);
  }

  /** The version made for values like these, whatever serves. Looks, and runs nothing. */
  fitting(self: unknown, args: readonly unknown[]): Version | null {
    if (this.versions.length === 0) return null;
    const key = keyOf(this, self, this.complete(args));
    return this.versions.find((version) => version.key === key && version.state !== "withdrawn" && version.held.now() === version.held.text) ?? null;
  }

  /** Has it all the tiers that are wanted and possible? */
  isComplete(version: Version): boolean {
    return this.tier === "js" || version.tiers.wasm !== undefined || sharedMemory()?.wasm == null;
  }

  forget(self: unknown, args: readonly unknown[]): void {
    const version = this.fitting(self, args);
    if (version !== null) this.drop(this.versions.indexOf(version));
    this.refused.forget();
  }

  /** Versions in the order of their making, those withdrawn lately first. */
  history(): Version[] { return [...this.gone, ...this.versions.toSorted((a, b) => a.serial - b.serial)]; }

  breakEvenCalls(): number | null {
    const version = this.versions.find(({ medians }) => medians !== null);
    if (version === undefined) return null;
    const { original, ...tiers } = version.medians!;
    const gain = original - Math.min(...Object.values(tiers));
    return gain > 0 ? Math.ceil(version.compileMs / gain) : null;
  }

  /** A version before the first call, where all kinds are told and nothing is slow. */
  buildForSignature(signature: Readonly<Record<string, string>>): void {
    const names = this.parameters.names ?? [];
    if (this.slow.length > 0 || names.some((name) => signature[name] === undefined)) {
      this.teller.note("Note", "`signature` is not enough to compile before the first call: slow values and kinds of all parameters are needed", "call prepare() with real arguments");
      return;
    }
    const samples = names.map((name) => sampleOf(signature[name]!));
    if (this.options.compile === "sync") this.buildNow(undefined, samples);
    else this.buildSoon(undefined, samples);
  }

  // ───────────────────────────────── letting go ─────────────────────────────────

  keepReport(report: MismatchReport): void {
    this.reports.push(report);
    if (this.reports.length > 8) this.reports.shift();
  }

  withdraw(version: Version): void {
    const at = this.versions.indexOf(version);
    if (at >= 0) this.drop(at);
    this.gone.push(version);
    if (this.gone.length > 8) this.gone.shift();
    this.teller.emit("withdrawn", "a version was withdrawn");
  }

  private drop(at: number): void {
    const [version] = this.versions.splice(at, 1);
    moveOut(version!.resident, this);
    for (const name of ["js", "wasm"] as const) {
      const tally = version!.tiers[name]?.tally;
      if (tally === undefined) continue;
      this.counters[name] += tally.calls;
      this.counters.copied += tally.copied;
    }
    if (this.current === version) { this.current = null; this.dispatch.swap(null, -1); }
    else if (this.current?.enter != null) this.enterBy(this.current); // a shared entry may have been bound to the one that goes
    version!.withdraw();
  }

  /** There are too many versions in all kernels: this one goes, unless it serves. */
  evict(resident: Resident): void {
    const at = this.versions.findIndex((version) => version.resident === resident);
    if (at < 0 || this.versions[at] === this.current || this.versions[at]!.state === "building") return;
    this.drop(at);
    this.teller.emit("evicted", "the least recently used version was dropped (configure({ versions }))");
  }

  reset(): void {
    while (this.versions.length > 0) this.drop(this.versions.length - 1);
    this.refused.forget();
    this.failure = null;
  }

  dispose(): void {
    this.reset();
    this.disposed = true;
    this.reconsider();
  }

  giveUp(why: string, event: KernelEvent["type"]): void {
    if (this.gaveUp !== null) return;
    this.gaveUp = why;
    this.teller.note("Note", `${why}: the original serves`, "");
    this.teller.emit(event, `${why}: the original serves`);
    this.reset();
    this.reconsider();
  }

  private noticeChurn(version: Version, self: unknown, args: readonly unknown[]): void {
    const found = this.churn.built(version, self, args);
    if (found === null) return;
    if (found.length === 0) { this.giveUp("every few calls have values that need a new version", "churn"); return; }
    this.demote(found, "its value changes all the time", "churn");
    this.reset();
  }

  /** These paths are slow no more. */
  private demote(paths: readonly SlowPath[], why: string, event: KernelEvent["type"]): void {
    for (const path of paths) {
      const at = this.slow.indexOf(path);
      if (at < 0) continue;
      this.slow.splice(at, 1);
      const name = slowName(path, this);
      this.teller.note("Note", `"${name}" is treated as fast: ${why}`, "leave it out of `slow`");
      this.teller.emit(event, `"${name}" is treated as fast: ${why}`);
    }
  }

  private refuse(error: unknown, args: readonly unknown[]): void {
    this.refused.refuse(args);
    if (!(error instanceof Refusal)) { this.broken(error); return; }
    const written = writtenSlow(error, this.slow);
    if (written.length > 0) {
      this.demote(written, error.diagnostic.message, "demoted");
      this.refused.forget();
      return;
    }
    this.failure = error;
    this.teller.add(error.diagnostic);
    for (const note of error.notes) this.teller.add(note);
    this.teller.once(`refused ${error.diagnostic.message}`, () => this.teller.emit("fell back", error.message, error.diagnostic));
    this.throwFailure();
  }

  private throwFailure(): void { if (this.options.strict && this.failure !== null) throw this.failure; }
  get refusal(): Refusal | null { return this.failure; }

  /** Our own fault: told, never thrown. */
  private broken(error: unknown): void {
    if (this.options.strict && error instanceof Refusal) return; // the next call throws it
    this.teller.note("Invariant", `specialization failed: ${messageOf(error)}`, "please report this, with the kernel");
    this.teller.emit("invariant", `specialization failed: ${messageOf(error)}`, error);
  }
}

/** Does its entry serve no other version? */
const isOwn = ({ enter, tiers }: Version): boolean => !Object.values(tiers).some((tier) => tier.enter === enter && tier.shared);

function sampleOf(kind: string): unknown {
  switch (kind) {
    case "f64": return 0.5;
    case "i32": return 0;
    case "boolean": return false;
    default: return new constructors[kind as TypedArrayName](new ArrayBuffer(0), 0, 0);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
