// Makes a kernel's versions: now, between two calls, or in the worker; one at a time.
//
//   buildNow     in the middle of a call (`compile: "sync"`)
//   buildSoon    in a later task; whoever calls meanwhile is served by what there is
//   buildFully   with all tiers, awaited: in the worker where there is one, else here, in tasks of their own
//
// Requires: the kernel's lists are the kernel's: what serves is decided there (swapTo, chooseTier, drop). Guarantees: nothing is thrown but what
// `strict` asks for; what can't be made is refused for a while and told.

import { Refusal } from "../diagnostic.ts";
import { fractionsIn } from "../capture/kinds.ts";
import type { TypedArrayName } from "../ir/interface.ts";
import { available } from "../wasm/instantiate.ts";
import { buildVersion, makeFullTier, makeTier, orderInSteps, type Built } from "./build.ts";
import { moveIn } from "./census.ts";
import { log, settings } from "./configure.ts";
import { residualText } from "./inspect.ts";
import type { Kernel, Reason } from "./kernel.ts";
import { sharedMemory } from "./memory.ts";
import { buildRemotely } from "./remote.ts";
import { elementsOf } from "./sizes.ts";
import { canRunJs, canRunWasm, type TierName } from "./tiers.ts";
import { nextTask } from "./turn.ts";
import { constructors } from "./values.ts";
import type { ServingTier, Version } from "./version.ts";
import { Lost, type Workshop } from "./workshop.ts";

/** Elements of arrays from which on four calls of a quick program of residual JavaScript may lose more than it saves. */
const long = 1 << 16;
/** How many times `limits.compileMs` a version may take by the clock, which counts what else the machine does, before no more are made. */
const patience = 4;

export class Making {
  private readonly kernel: Kernel;
  /** versions take too long to make for making them in passing */
  tooDear = false;
  /** at how many levels of the budget of partial evaluation a version gave up: the next ones find out sooner */
  gaveUp = 0;
  private pending: Promise<void> | null = null;
  private lastMade: { readonly kinds: string; readonly fingerprint: string; /** how many rare cases were known */ readonly rare: number } | null = null;

  constructor(kernel: Kernel) { this.kernel = kernel; }

  /** Is a version being made? */
  get isBusy(): boolean { return this.pending !== null; }

  /** Makes a version for the call's values now, with all tiers that can be made now. Null: the original has to serve. `stays`: the values have been called with before. */
  buildNow(self: unknown, args: readonly unknown[], stays = false): Version | null {
    if (!this.kernel.canBuild) return null;
    const memory = this.kernel.tier === "js" ? null : sharedMemory(); // residual JavaScript may need none
    if (this.kernel.tier !== "js" && memory === null) {
      this.kernel.giveUp("the host grants no memory", "no memory");
      return null;
    }
    if (this.kernel.tier === "wasm" && !canRunWasm(memory)) return this.buildSoon(self, args);
    const version = this.residual(self, args, (kinds) => (stays ? "large" : this.mayBeQuick(kinds, args)));
    if (version === null) return null;
    this.makeTiers(version, self, args, true);
    if (this.kernel.tier === "auto" && version.tiers.wasm === undefined && memory!.wasm !== null) this.later(async () => { await this.kernel.pipeline.ready(); this.makeTiers(version, self, args, true); });
    return version.enter === null ? null : version;
  }

  /** Makes a version between two calls. Answers null, at once. */
  buildSoon(self: unknown, args: readonly unknown[]): null {
    if (this.kernel.canBuild) this.later(() => this.buildFully(self, args).then(() => undefined));
    return null;
  }

  private later(work: () => Promise<void>): void {
    if (this.pending !== null) return;
    const run = async (): Promise<void> => {
      await nextTask();
      try { await work(); } catch (error) { this.kernel.broken(error); } finally { this.pending = null; }
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
  get workshop(): Workshop | null { return this.kernel.options.pure.length === 0 && settings.passes.length === 0 ? this.kernel.pipeline.workshop() : null; }

  /** The version for these values with all its tiers; it serves as soon as it has one. */
  async buildFully(self: unknown, args: readonly unknown[]): Promise<Version | null> {
    const memory = sharedMemory();
    if (!this.kernel.canBuild) return null;
    if (memory === null) { this.kernel.giveUp("the host grants no memory", "no memory"); return null; }
    const there = this.thereMeanwhile(self, args);
    if (there !== null) { this.kernel.refused.refuse(args); return there; }
    const { workshop } = this;
    if (workshop !== null) {
      const made = await this.buildInWorker(workshop, self, args);
      if (made !== "lost") return made;
      if (!this.kernel.canBuild) return null;
    }
    const version = this.residual(self, args);
    if (version === null) return null;
    this.makeTiers(version, self, args, false);
    if (version.enter !== null) this.kernel.swapTo(version);
    if (this.kernel.tier !== "js" && memory.wasm !== null) {
      await this.kernel.pipeline.ready();
      await nextTask();
      if (version.state === "withdrawn" || !this.kernel.canBuild) return null;
      this.makeTiers(version, self, args, true);
      if (version.enter !== null) this.kernel.swapTo(version);
    }
    return version.enter === null ? null : version;
  }

  /** Captured variables may have changed since the call that asked for a version: the one for what they hold now may be there already. */
  private thereMeanwhile(self: unknown, args: readonly unknown[]): Version | null {
    if (!this.kernel.versions.some(({ held }) => held.text !== "")) return null;
    const version = this.kernel.fitting(self, args);
    return version !== null && version.enter !== null && this.kernel.isComplete(version) ? version : null;
  }

  /** "lost": there is no worker to make it. */
  private async buildInWorker(workshop: Workshop, self: unknown, args: readonly unknown[]): Promise<Version | null | "lost"> {
    let made: Version | null = null;
    try {
      await workshop.run(this.kernel.options.limits.compileMs, async (session) => {
        this.kernel.longestStep = 0;
        const order = await orderInSteps(this.kernel, self, args, (key) => this.kernel.restsOn(key));
        if (order === null) { this.kernel.standBack(args.length); return; }
        await nextTask();
        await buildRemotely(this.kernel, session, { self, args, order, pinned: null, only: null }, {
          version: (version) => {
            made = this.kernel.canBuild && this.adopt(version, order.captureMs, self, args) ? version : null;
            return made !== null;
          },
          tier: (version, name, tier) => {
            this.addTier(version, name, tier);
            this.tiersMade(version);
            this.kernel.swapTo(version);
          },
          full: () => this.tellFull(),
        });
      });
    } catch (error) {
      if (error instanceof Lost) {
        this.kernel.teller.emit("worker lost", `${error.message}: ${error.hung ? "the original serves" : "the version is made on the main thread"}`);
        if (!error.hung) return "lost";
        this.kernel.refused.refuse(args);
      } else if (made === null) {
        if (this.isTriedAgain(error, args)) return this.buildInWorker(workshop, self, args);
      } else this.tierFailed("wasm", error);
    }
    const version = made as Version | null; // assigned in a callback
    if (version === null || version.state === "withdrawn") return null;
    this.endWithout(version, args);
    return version.enter === null ? null : version;
  }

  /** Partial evaluation and passes: a version without tiers, in the list. Null: refused. */
  private residual(self: unknown, args: readonly unknown[], quick?: (kinds: string) => boolean | "large"): Version | null {
    let built: Built | null;
    try {
      built = buildVersion(this.kernel, self, args, (key) => this.kernel.restsOn(key), quick);
    } catch (error) {
      return this.isTriedAgain(error, args) ? this.residual(self, args, quick) : null;
    }
    if (built === null) { this.kernel.standBack(args.length); return null; }
    return this.adopt(built.version, built.captureMs, self, args) ? built.version : null;
  }

  /** Whether a version can be made otherwise. Of one in which less is slow, all that was given up is too much again. */
  private isTriedAgain(error: unknown, args: readonly unknown[]): boolean {
    const again = this.kernel.refuse(error, args);
    if (error instanceof Refusal && (!again || error.demote !== undefined)) this.gaveUp = Math.max(this.gaveUp, error.gaveUp);
    return again;
  }

  /** Puts a new version into the list. False: it is not wanted any more. */
  private adopt(version: Version, captureMs: number, self: unknown, args: readonly unknown[]): boolean {
    this.kernel.counters.builds++;
    this.gaveUp = Math.max(this.gaveUp, version.residual.gaveUp);
    const reason = this.reasonFor(version);
    this.kernel.reasons[reason] = (this.kernel.reasons[reason] ?? 0) + 1;
    for (const diagnostic of version.residual.diagnostics) this.kernel.teller.add(diagnostic);
    const old = this.kernel.versions.findIndex(({ key, held }) => key === version.key && held.text === version.held.text);
    if (old >= 0) this.kernel.drop(old);
    this.kernel.versions.unshift(version);
    moveIn(version.resident, this.kernel);
    while (this.kernel.versions.length > Math.max(1, this.kernel.options.limits.versions)) {
      this.kernel.drop(this.kernel.versions.length - 1);
      this.kernel.teller.emit("evicted", "the least recently used version was dropped (limits.versions)");
    }
    const { residual } = version, { fractions } = this.kernel;
    for (const place of fractionsIn(version.described)) fractions.add(place);
    this.kernel.ms.capture += captureMs;
    for (const phase of ["parse", "evaluate", "passes"] as const) this.kernel.ms[phase] += residual.ms[phase];
    version.compileMs = captureMs + residual.ms.parse + residual.ms.evaluate + residual.ms.passes;
    if (settings.log.has("passes")) for (const stage of residual.stages) log("passes", `${this.kernel.name} after ${stage.pass}`, () => stage.text());
    log("residual", this.kernel.name, () => residualText(version, this.kernel.code.line));
    this.noticeDear(version);
    this.kernel.noticeChurn(version, self, args);
    return version.state !== "withdrawn"; // churn ended it at once, or a listener
  }

  private noticeDear(version: Version): void {
    if (this.tooDear || version.compileMs <= patience * this.kernel.options.limits.compileMs) return;
    this.tooDear = true;
    this.kernel.teller.emit("fell back", `a version took ${version.compileMs.toFixed(0)} ms to make (${patience} times limits.compileMs is the most): no more are made, except by prepare()`);
  }

  // ───────────────────────────────── quick programs ─────────────────────────────────

  /**
   * A version for other slow values, in the middle of a call: the first few passes are enough until it has been called a few times (serving.ts). Of the
   * first version of its kinds only if its program is large. Of residual JavaScript the very first one too, unless its arrays are long: in a new process the
   * other passes take a third of the time until the first result. Not where somebody reads what the passes make, nor where tiers are measured against each other.
   */
  private mayBeQuick(kinds: string, args: readonly unknown[]): boolean | "large" {
    if (this.kernel.tier === "auto" || settings.passes.length > 0 || settings.log.size > 0) return false;
    const { lastMade, kernel: { tier, rare } } = this, again = lastMade?.kinds === kinds && lastMade.rare === rare.length;
    return (tier === "wasm" ? again : (again || lastMade === null) && elementsOf(args) < long) || "large";
  }

  /** Runs the passes that a quick program left out; what they make serves. Does nothing while the program runs. */
  finish(version: Version): void {
    const { quick } = version;
    if (quick === undefined || version.inside > 0 || version.state === "withdrawn") return;
    const name = quick.built.tier;
    let full: ServingTier | null = null;
    try { full = makeFullTier(this.kernel, version, quick); } catch (error) { this.tierFailed(name, error); }
    if (full === null && version.standIn !== null && version.residual.quick !== null) { // with constants it can't be evaluated, so it could not be looked into either
      if (version.isRolled) this.kernel.rolled.stop();
      else this.kernel.templates.stop();
      this.kernel.withdraw(version);
      return;
    }
    if (full === null) { version.tiers[name] = { ...quick, quick: false }; this.kernel.chooseTier(version); return; } // it goes on serving
    full.tally.add(quick.tally);
    this.addTier(version, name, full);
    version.resident.giveBack(quick.built);
    version.verified = false;
    this.noticeDear(version);
    this.kernel.chooseTier(version);
  }

  /** For those who look at the version of these values: where a generic one has served it is made now. */
  looked(self: unknown, args: readonly unknown[]): Version | null {
    const { kernel } = this, there = kernel.fitting(self, args);
    return there === null && kernel.generic.counts.served > 0 && kernel.options.compile === "sync" && !this.isBusy ? this.buildNow(self, kernel.complete(args), true) : there;
  }

  /** For those who look at versions: a program is shown as it will be. */
  finishAll(): void {
    const last = this.kernel.generic.lastServed();
    if (last !== null) this.looked(last.self, last.args);
    for (const version of this.kernel.versions.slice()) this.finish(version);
  }

  /** Makes the tiers that are wanted and possible and not there yet, and lets the right one serve. */
  private makeTiers(version: Version, self: unknown, args: readonly unknown[], withWasm: boolean): void {
    const { tier } = this.kernel;
    const wanted: TierName[] = [];
    const jsFits = version.residual.operations <= this.kernel.options.limits.jsOperations;
    if (tier === "js" ? canRunJs() : canRunJs() && jsFits && (tier === "auto" || !withWasm)) wanted.push("js");
    if (tier !== "js" && withWasm && canRunWasm(sharedMemory())) wanted.push("wasm");
    for (const name of wanted) {
      if (version.tiers[name] !== undefined) continue;
      try {
        const made = makeTier(this.kernel, version, name, self, args);
        if (made === null && sharedMemory() === null) this.kernel.giveUp("the host grants no memory", "no memory");
        else if (made === null) this.tellFull();
        else this.addTier(version, name, made);
      } catch (error) { this.tierFailed(name, error); }
    }
    this.tiersMade(version);
    if (withWasm) this.endWithout(version, args);
  }

  /** Why a version was made, judged by the one before it. */
  private reasonFor({ described, fingerprint }: Version): Reason {
    const before = this.lastMade;
    this.lastMade = { kinds: described.key, fingerprint, rare: this.kernel.rare.length };
    if (before === null) return "first";
    if (before.kinds !== described.key) return "kinds";
    return before.fingerprint === fingerprint ? "captured or dropped" : "slow values";
  }

  private addTier(version: Version, name: TierName, made: ServingTier): void {
    if (version.state === "withdrawn") { made.built.release(); return; } // meanwhile
    version.tiers[name] = made;
    version.resident.owned.push(made.built);
    this.kernel.ms.emit += made.built.ms.emit;
    this.kernel.ms.instantiate += made.built.ms.instantiate;
    version.compileMs += made.built.ms.emit + made.built.ms.instantiate;
    if (name === "wasm") log("wat", this.kernel.name, () => made.built.wat());
  }

  private tierFailed(name: TierName, error: unknown): void {
    if (error instanceof Refusal) { this.kernel.teller.add(error.diagnostic); return; }
    this.kernel.teller.note("Invariant", `the ${name} back end failed: ${messageOf(error)}`, "please report this, with the kernel");
    this.kernel.teller.emit("invariant", `the ${name} back end failed`, error);
  }

  private tellFull(): void {
    this.kernel.teller.once("full", () => this.kernel.teller.emit("memory full", "the shared memory has no room for a version's tables"));
  }

  /** The version has what tiers there are for now. */
  private tiersMade(version: Version): void {
    const first = version.state === "building" && Object.keys(version.tiers).length > 0;
    if (first) version.state = "ready";
    this.kernel.chooseTier(version);
    if (first) this.kernel.teller.emit("specialised", `a version of ${version.residual.operations} operations, made in ${version.compileMs.toFixed(1)} ms`);
  }

  /** A version that no tier could be made of goes. */
  private endWithout(version: Version, args: readonly unknown[]): void {
    if (Object.keys(version.tiers).length > 0 || version.state === "withdrawn") return;
    const { tier } = this.kernel;
    const possible = tier === "js" ? canRunJs() : tier === "wasm" ? available() : canRunJs() || available();
    if (!possible) this.kernel.giveUp(`this host runs no generated ${tier === "js" ? "JavaScript" : "code"}`, "fell back");
    else { this.kernel.withdraw(version); this.kernel.refused.refuse(args); }
  }

  /** A version before the first call, where all kinds are told and nothing is slow. */
  buildForSignature(signature: Readonly<Record<string, string>>): void {
    const names = this.kernel.parameters.names ?? [];
    if (this.kernel.slow.length > 0 || names.some((name) => signature[name] === undefined)) {
      this.kernel.teller.note("Note", "`signature` is not enough to compile before the first call: slow values and kinds of all parameters are needed", "call prepare() with real arguments");
      return;
    }
    const samples = names.map((name) => sampleOf(signature[name]!));
    if (this.kernel.options.compile === "sync") this.buildNow(undefined, samples);
    else this.buildSoon(undefined, samples);
  }
}

function sampleOf(kind: string): unknown {
  switch (kind) {
    case "f64": return 0.5;
    case "i32": return 0;
    case "boolean": return false;
    default: return new constructors[kind as TypedArrayName](new ArrayBuffer(0), 0, 0);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
