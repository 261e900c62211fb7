// One kernel's life: which version serves a call, when a new one is made, when one goes.
//
//   call → the entry that serves now → (MISS) another version that fits → (none) build one; the original serves meanwhile
//
// Guarantees: never throws what the original would not (except `strict`), never runs a call twice where that could be seen, counts every
// call once. All that can fail falls back to the original with an event or a diagnostic.

import { Refusal } from "../diagnostic.ts";
import type { RareCase } from "../ir/interface.ts";
import type { Code } from "../ir/snapshot.ts";
import { available } from "../wasm/instantiate.ts";
import { laidKey, linkedPaths, nameOfNamed, sizedKey } from "../ir/within.ts";
import { isSamePath, keyOf, partsOfFast, slowName, writtenSlow } from "./build.ts";
import { moveOut, used, type Resident } from "./census.ts";
import { callsOfOriginal } from "./choose.ts";
import { Churn } from "./churn.ts";
import { onModeChange, settings } from "./configure.ts";
import { dispatcher, type Dispatcher } from "./dispatch.ts";
import type { Exchange } from "./entry.ts";
import { Making } from "./making.ts";
import { sharedMemory } from "./memory.ts";
import { SharedEntries } from "./shared.ts";
import { serveBy, startTrial } from "./serving.ts";
import type { MismatchReport } from "./report.ts";
import type { KernelEvent, Settled, SlowPath, Tier } from "./options.ts";
import { withoutFast } from "./slow.ts";
import { writtenBy, type Outside } from "./outside.ts";
import type { Parameters } from "./parameters.ts";
import type { Pipeline } from "./pipeline.ts";
import { Refused } from "./refused.ts";
import { inUsersPlace, Teller } from "./telling.ts";
import { elementsOf, Sizes } from "./sizes.ts";
import { Templates } from "./templates.ts";
import { Generic, STAYS } from "./generic.ts";
import { Rolled } from "./rolled.ts";
import { canRunJs, canRunWasm } from "./tiers.ts";
import { placeOfTrap } from "./traps.ts";
import { Turns } from "./turns.ts";
import { MISS } from "./values.ts";
import { signatureOf, type Version } from "./version.ts";

export type Original = (...args: unknown[]) => unknown;

export interface Counters { original: number; js: number; wasm: number; misses: number; swaps: number; copied: number; builds: number; /** modules that came from the cache */ cached: number }

/** Other kinds of arguments, other slow values; or the same of both: a captured value changed, or the version had been evicted, reset or withdrawn. */
export type Reason = "first" | "kinds" | "slow values" | "captured or dropped";

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
  /** paths inside of those that `// @fast` takes out of them, or that the kernel was found to write */
  readonly fast: SlowPath[];
  /** fast strings of which each value has a version of its own: code can't be written for any string there */
  readonly knownTexts: SlowPath[] = [];
  /** fast numbers that a version took as doubles: later ones do too, so that numbers that are whole now and then do not make a version for each combination */
  readonly fractions = new Set<string>();
  /** of versions that are gone, and of the original */
  readonly counters: Counters = { original: 0, js: 0, wasm: 0, misses: 0, swaps: 0, copied: 0, builds: 0, cached: 0 };
  readonly ms = { capture: 0, parse: 0, evaluate: 0, passes: 0, emit: 0, optimize: 0, instantiate: 0 };
  readonly teller: Teller;
  readonly callable: Original;
  readonly making = new Making(this);
  readonly templates = new Templates(this);
  readonly rolled = new Rolled(this);
  readonly generic = new Generic(this);
  readonly entries = new SharedEntries();
  readonly exchange: Exchange = { why: "", detail: undefined };
  private readonly dispatch: Dispatcher;
  readonly refused = new Refused();
  /** what calls have done that programs are at first made without */
  readonly rare: RareCase[] = [];
  /** those with which no version could be made */
  private readonly unmade = new Set<RareCase>();
  private readonly churn: Churn;
  private current: Version | null = null;
  /** versions that serve in turn, in the place of the current one */
  private readonly turns = new Turns();
  private disposed = false;
  /** it runs as the original for good, and why */
  private gaveUp: string | null = null;
  private failure: Refusal | null = null;
  /** of the calls with which the original was measured */
  readonly sizes = new Sizes();
  /** the original serves without a look at the arguments, for a number of calls */
  private resting = false;
  /** the last ones that were withdrawn */
  private readonly gone: Version[] = [];
  /** how often a version was made for what reason */
  readonly reasons: Partial<Record<Reason, number>> = {};
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
    this.fast = [...fast];
    this.pipeline = pipeline;
    this.teller = new Teller(this.name, code, options.onEvent);
    this.churn = new Churn(this.slow);
    const counted = parameters.names === null || parameters.countsArguments ? null : parameters.names.length;
    this.dispatch = dispatcher(counted, {
      original,
      counters: this.counters,
      exchange: this.exchange,
      fits: (...args) => !this.resting || this.sizes.fits(elementsOf(args)),
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
    this.serveNothing();
    if (this.tier === "original") this.dispatch.standBack(Infinity, this.parameters.names?.length ?? 0);
    const lacking = (version: Version): boolean =>
      (this.tier === "js" && version.tiers.js === undefined && canRunJs()) || (this.tier === "wasm" && version.tiers.wasm === undefined && (canRunWasm(sharedMemory()) || (this.making.workshop !== null && available())));
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
      // who serves has answered already, unless its entry was bound to another version
      if ((version === this.current && isOwn(version)) || this.turns.has(version) || version.enter === null || version.argc !== args.length) continue;
      const result = version.enter(self, ...args);
      if (result !== MISS) {
        if (!this.turns.active || this.turns.strayed()) this.swapTo(version);
        return result;
      }
      if (exchange.why !== "") return this.afterMiss(self, args);
    }
    this.counters.misses++;
    this.throwFailure();
    if (!this.making.tooDear && this.refused.mayTry(args)) {
      const now = this.options.compile === "sync" && !this.making.isBusy, served = now ? this.generic.serve(self, args) : MISS;
      if (exchange.why !== "") return this.afterMiss(self, args);
      if (served !== MISS && served !== STAYS) return served;
      const version = now ? this.making.buildNow(self, args, served === STAYS) : this.making.buildSoon(self, args);
      if (version !== null && version.enter !== null) {
        const { enter } = version;
        this.swapTo(version);
        const result = version.enter === null ? MISS : enter(self, ...args); // null: a listener was told of the swap, and ended it
        if (result !== MISS) return result;
        if (exchange.why !== "") return this.afterMiss(self, args);
        if (this.fix(version, self, args)) return this.serve(self, args);
        this.refused.refuse(args); // made for this very call, and it does not fit: trying again would not help
        this.teller.note("Note", "a version was made for this call, but its guard does not accept it", "a slow value may change while it is read or lie behind a Proxy, or what it is watched by throws");
      }
    } else this.standAside(args);
    return this.callOriginal(self, args);
  }

  /** Nothing is there, and nothing may be tried for a while: the original serves these calls at no cost. */
  private standAside(args: readonly unknown[]): void {
    if (this.versions.length > 0 || this.options.strict || this.making.isBusy) return;
    const calls = this.refused.pass(args);
    if (calls > 0) this.dispatch.standBack(calls, args.length);
  }

  /** The entry answered MISS for another reason than its guard: the original runs. */
  private afterMiss(self: unknown, args: unknown[]): unknown {
    const { why, detail, by, rare } = this.exchange;
    const version = this.versions.find(({ tiers }) => tiers.js?.tally === by || tiers.wasm?.tally === by) ?? null;
    this.exchange.why = "";
    this.exchange.detail = undefined;
    this.exchange.rare = undefined;
    switch (why) {
      case "bail":
        if (version?.isRolled) return this.afterRareCase(version, null, self, args); // another program may do what one with its loops can't
        if (version !== null && rare !== undefined && !this.unmade.has(rare)) return this.afterRareCase(version, rare, self, args);
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
        this.teller.note("Invariant", `a version ended in a way it should not: ${trapText(detail)}`, "please report this, with the kernel");
        this.teller.emit("invariant", "a version failed; it is withdrawn and the original serves", detail);
        if (version !== null) this.withdraw(version);
        this.refused.refuse(args);
        break;
      case "resized":
        if (version === null) break;
        startTrial(this, version, true);
        if (version.enter !== null) {
          const result = version.enter(self, ...args);
          if (result !== MISS) return result;
        }
        break;
      case "": break;
    }
    return this.callOriginal(self, args);
  }

  /** The version was made without what the call did: from now on they are made with it. */
  private afterRareCase(version: Version, rare: RareCase | null, self: unknown, args: unknown[]): unknown {
    if (rare === null) this.rolled.stop();
    else if (!this.rare.includes(rare)) this.rare.push(rare);
    const at = this.versions.indexOf(version);
    if (at >= 0) this.drop(at);
    this.refused.forget();
    return this.serve(self, args);
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
    const before = this.current;
    this.turns.end();
    this.current = version;
    this.enterBy(version);
    if (before === null || before === version) return;
    this.counters.swaps++;
    const turns = this.turns.swapped(before, version, this.versions);
    if (turns.length > 0) this.takeTurns(turns);
    // last: a listener may do anything, dispose of the kernel too
    this.teller.emit("swapped", `another version serves now, for ${signatureOf(version)}`);
    if (turns.length > 0) this.teller.emit("polymorphic", `calls alternate: ${turns.length} versions are tried in turn from now on, without swaps`);
  }

  private takeTurns(versions: readonly Version[]): void {
    this.current = null;
    for (const { resident } of versions) used(resident);
    this.dispatch.take(versions.map(({ enter, tiers }) => Object.values(tiers).find((tier) => tier.enter === enter)!.alone()), versions[0]!.argc);
  }

  private serveNothing(): void {
    this.current = null;
    this.turns.end();
    this.dispatch.swap(null, -1);
  }

  /** The dispatcher calls the version: a tier's own entry, or what stands before it for a time. */
  private enterBy(version: Version): void {
    const { enter, tiers } = version;
    const tier = Object.values(tiers).find((one) => one.enter === enter);
    if (tier === undefined) this.dispatch.standBefore(enter!, version.argc);
    else this.dispatch.swap(tier.activate(), version.argc);
  }

  // ───────────────────────────────── which tier serves ─────────────────────────────────

  get canBuild(): boolean { return !this.disposed && this.gaveUp === null && settings.mode !== "off" && this.options.tier !== "original"; }

  /** Sets what a version is entered by: one tier, or a trial of all of them. */
  chooseTier(version: Version): void {
    if (version.state !== "ready") return;
    const { js, wasm } = version.tiers;
    for (const { sizes } of Object.values(version.tiers)) sizes.measure();
    const { tier } = this;
    const forced = tier === "js" ? js : tier === "wasm" ? (wasm ?? js) : undefined;
    if (forced !== undefined) serveBy(this, version, forced);
    else if (tier === "auto") startTrial(this, version);
    else version.enter = null;
  }

  /** The version has another entry: if it serves, that one serves now. */
  entered(version: Version): void {
    if (this.turns.has(version)) this.serveNothing();
    if (this.current === version && version.enter !== null) this.enterBy(version);
  }

  /** The version was slower than the original: it rests, until the original has had its calls. */
  rest(version: Version): void {
    version.enter = null;
    version.rests++;
    if (this.current === version || this.current === null) this.standBack(version.argc);
  }

  standBack(argc: number): void {
    this.serveNothing();
    this.resting = true;
    const rests = Math.max(1, ...this.versions.map((version) => version.rests));
    const ms = this.versions.find((version) => version.rests === rests)?.medians?.original;
    this.dispatch.standBack(callsOfOriginal(rests, ms), argc);
  }

  private wakeUp(): void {
    this.resting = false;
    for (const version of this.versions) if (version.serving === "original") startTrial(this, version);
  }

  /** Is there a version of this key that was slower than the original? */
  restsOn(key: string): boolean { return this.tier === "auto" && this.versions.some((version) => version.key === key && version.serving === "original"); }

  /** The captured objects and variables that the kernel writes: copies of the arguments do not cover them. */
  writtenOutside(version: Version): Outside { return writtenBy(Object.values(version.tiers).map(({ plan }) => plan)); }

  /** Runs without counting the calls that are made: they are nobody's. */
  uncounted<T>(run: () => T): T {
    const before = { ...this.counters };
    const marks = this.versions.flatMap(({ tiers }) => Object.values(tiers).map(({ tally }) => tally.mark()));
    try { return run(); } finally {
      Object.assign(this.counters, before);
      for (const forget of marks) forget();
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
    return version.quick === undefined && (this.tier === "js" || version.tiers.wasm !== undefined || sharedMemory()?.wasm == null);
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

  drop(at: number): void {
    const [version] = this.versions.splice(at, 1);
    moveOut(version!.resident, this);
    for (const name of ["js", "wasm"] as const) {
      const tally = version!.tiers[name]?.tally;
      if (tally === undefined) continue;
      this.counters[name] += tally.calls;
      this.counters.copied += tally.copied;
    }
    if (this.current === version || this.turns.has(version!)) this.serveNothing();
    else if (this.current?.enter != null) this.enterBy(this.current); // a shared entry may have been bound to the one that goes
    version!.withdraw();
  }

  /** There are too many versions in all kernels: this one goes, unless it serves. */
  evict(resident: Resident): void {
    const at = this.versions.findIndex((version) => version.resident === resident);
    const version = this.versions[at];
    if (version === undefined || version === this.current || this.turns.has(version) || version.state === "building") return;
    this.drop(at);
    this.teller.emit("evicted", "the least recently used version was dropped (configure({ versions }))");
  }

  reset(): void {
    while (this.versions.length > 0) this.drop(this.versions.length - 1);
    this.templates.forget();
    this.generic.forget();
    this.refused.forget();
    this.failure = null;
    this.serveNothing(); // nor does the original without a look
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

  noticeChurn(version: Version, self: unknown, args: readonly unknown[]): void {
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
      this.tellFast(path, why, "leave it out of `slow`", event);
    }
  }
  private tellFast(path: SlowPath, why: string, hint: string, event: KernelEvent["type"]): void {
    const name = slowName(path, this);
    this.teller.note("Note", `"${name}" is treated as fast: ${why}`, hint);
    this.teller.emit(event, `"${name}" is treated as fast: ${why}`);
  }

  /** Told of what could not be made. True: something else is asked for from now on (slow values that the kernel writes are fast, or rare cases are the original's again), and it is worth to try again at once. */
  refuse(error: unknown, args: readonly unknown[]): boolean {
    this.refused.refuse(args);
    if (!(error instanceof Refusal)) { this.broken(error); return false; }
    const written = writtenSlow(error, this.slow, this.fast);
    if (written.slow.length > 0 || written.parts.length > 0) {
      this.demote(written.slow, error.diagnostic.message, "demoted");
      for (const path of written.parts) {
        this.fast.push(path);
        this.tellFast(path, error.diagnostic.message, "the rest of the slow value stays slow; // @fast says so in the source", "demoted");
      }
      this.refused.forget();
      return this.canBuild;
    }
    if (this.promote(error)) { this.refused.forget(); return this.canBuild; }
    const last = this.rare.pop();
    if (last !== undefined) { // versions without it can be made: such calls are the original's
      this.unmade.add(last);
      this.refused.forget();
      return this.canBuild;
    }
    this.failure = error;
    this.teller.add(error.diagnostic);
    for (const note of error.notes) this.teller.add(note);
    this.teller.once(`refused ${error.diagnostic.message}`, () => {
      const { message, diagnostic } = this.teller.listens ? inUsersPlace(error) : error;
      this.teller.emit("fell back", message, diagnostic);
    });
    this.throwFailure();
    return false;
  }

  /** Whether the refusal says of strings that were taken for dynamic that each needs a version of its own: they have one from now on. */
  promote({ promote, diagnostic: { message, hint } }: Refusal): boolean { return this.know(promote, message, hint); }
  private know(paths: Refusal["promote"], why: string, hint: string): boolean {
    const more = paths.map(({ root, keys }): SlowPath => ({ root, keys: keys.map(String) })).filter((path) => !this.knownTexts.some((known) => isSamePath(known, path)));
    this.knownTexts.push(...more);
    for (const { root, keys } of more) {
      if (nameOfNamed(keys.at(-1)) !== undefined) continue;
      const last = keys.at(-1), name = slowName({ root, keys: last === laidKey || last === sizedKey ? keys.slice(0, -1) : keys }, this);
      this.teller.note("Note", `${last === laidKey ? `what can't lie in memory of "${name}"` : last === sizedKey ? `each length of "${name}"` : `each value of "${name}"`} has a version of its own: ${why}`, hint);
    }
    return more.length > 0;
  }

  /**
   * Why the version may not fit its own call: fast and slow or captured values have parts in common. Such slow values are fast from now on; where these are captured ones, arrays that
   * lay in memory have a version for each value. False: neither.
   */
  private fix({ described }: Version, self: unknown, args: readonly unknown[]): boolean {
    const parts = this.counters.js + this.counters.wasm > 0 || this.versions.some(({ calls }) => calls > 0) ? [] : partsOfFast(this.slow, self, args); // what serves other calls is worth more than this one
    this.demote(parts, "a part of it is a fast value's, too", "demoted");
    return parts.length > 0 || this.know(linkedPaths(described.self, described.args), "it holds a part of a value that the kernel captured", "hand that over, too");
  }

  private throwFailure(): void { if (this.options.strict && this.failure !== null) throw inUsersPlace(this.failure); }
  get refusal(): Refusal | null { return this.failure; }

  /** Our own fault: told, never thrown. */
  broken(error: unknown): void {
    if (this.options.strict && error instanceof Refusal) return; // the next call throws it
    this.teller.note("Invariant", `specialization failed: ${messageOf(error)}`, "please report this, with the kernel");
    this.teller.emit("invariant", `specialization failed: ${messageOf(error)}`, error);
  }
}

/** Does its entry serve no other version? */
const isOwn = ({ enter, tiers }: Version): boolean => !Object.values(tiers).some((tier) => tier.enter === enter && tier.shared);

function trapText(detail: unknown): string {
  const place = placeOfTrap(detail);
  return place === null ? String(detail) : `${String(detail)}, at ${place.file}:${place.line}:${place.column}`;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
