// A kernel's generic versions: the slow values are fast in them, so that they serve any values of their kinds. Values that are new are served by one
// in the middle of the call that brings them; a version of their own is made when they have stayed for a few calls (decision 0018).
//
//   call with new values → a generic version is there → it serves, nothing is captured, compared or compiled
//   the fourth call with them → they are what they were → their own version is made
//
// Requires: `compile: "sync"`, one tier, slow values compared by their contents, and calls with few elements: loops over slow values are kept, as in quick
// programs that keep them (rolled.ts). Guarantees: a generic version is a version like others, of a kernel without slow parameters: its entry tests all
// that it rests on. When one is made, and when it serves, depends on counts alone, never on the clock.

import { Refusal } from "../diagnostic.ts";
import { orderFor, makeTier, versionOf, type Subject, type VersionOrder } from "./build.ts";
import { moveIn, moveOut, used, type Resident } from "./census.ts";
import { valueAt } from "./churn.ts";
import { settings } from "./configure.ts";
import type { Kernel } from "./kernel.ts";
import { sharedMemory } from "./memory.ts";
import { fewElements, isShort } from "./rolled.ts";
import { SharedEntries } from "./shared.ts";
import { canRunJs, canRunWasm } from "./tiers.ts";
import { trackerOf } from "./tracked.ts";
import { MISS } from "./values.ts";
import type { ServingTier, Version } from "./version.ts";

/** About bytes of slow values from which on reading and comparing them takes longer than all else, so that a template saves little. */
const large = 4096;
/** generic versions kept: as many combinations of kinds */
const most = 4;
/** so many are made beyond those that paid, which are those that served so many calls */
const patience = 3, paid = 8;
/** what a walk may do: more than that, and the kernel is no good without its slow values */
const work = 5000;
/** calls with the same objects until they have stayed */
const stays = 4;
/** of values that are other objects in every call so many are looked at, one of so many; some number that is no multiple of how many sets take turns */
const looked = 8, unlooked = 7;

/** The values are to have a version of their own, for good. */
export const STAYS: unique symbol = Symbol("wasmorph.stays");

interface Kept { readonly version: Version; readonly tier: ServingTier }

export class Generic {
  /** how many were made, and how many calls they served */
  readonly counts = { made: 0, served: 0 };
  private readonly kernel: Kernel;
  /** most recently used first */
  private readonly kept: Kept[] = [];
  private off = false;
  /** of the last version */
  private of: { readonly bytes: number; readonly kinds: string; readonly fingerprint: string } | null = null;
  /** how often the values of a new version were of another shape than those of the one before, or large */
  private changed = 0;
  /** the slow values of the last call, objects weakly; and how many calls there were with them */
  private last: readonly unknown[] = [];
  private calls = 0;
  /** the key of the last call's values, where it was taken */
  private key: string | null = null;
  /** of calls with other objects than the one before: how many, and the keys of some of them */
  private others = 0;
  private readonly keys: string[] = [];
  private readonly entries = new SharedEntries();
  /** `this` and the arguments of the last call that was served, objects weakly */
  private call: readonly unknown[] = [];

  constructor(kernel: Kernel) { this.kernel = kernel; }

  /** Told of each version's order. */
  met({ slowBytes: bytes, described: { key: kinds }, fingerprint }: VersionOrder): void {
    const { of } = this;
    if (of !== null && of.kinds === kinds && of.fingerprint !== fingerprint && (of.bytes !== bytes || bytes >= large)) this.changed++;
    this.of = { bytes, kinds, fingerprint };
  }

  /** Serves a call that no version fits. MISS: it did not, and may have said in `exchange` why. */
  serve(self: unknown, args: readonly unknown[]): unknown {
    const { generic } = this.kernel.pipeline;
    if (this.off || generic === undefined || this.changed < generic.after || !this.isWanted(args)) return MISS;
    const { kernel } = this, values = kernel.slow.map((path) => valueAt(path, self, args));
    if (values.some((value) => trackerOf(value) !== undefined)) return MISS;
    if (this.stay(values, self, args)) return STAYS;
    for (const [i, one] of this.kept.entries()) {
      if (one.version.argc !== args.length) continue;
      const result = this.enter(one, self, args);
      if (result === MISS) {
        if (kernel.exchange.why === "") continue;
        this.failed();
        return MISS;
      }
      this.kept.splice(i, 1);
      this.kept.unshift(one);
      return result;
    }
    const made = this.make(self, args);
    if (made === null) return MISS;
    this.kept.unshift(made);
    if (this.kept.length > most) this.drop(most);
    const result = this.enter(made, self, args);
    if (result === MISS && kernel.exchange.why !== "") this.failed();
    return result;
  }

  /** `this` and the arguments of the last call that a generic version served, asked for once: who looks at the kernel's versions wants to see these values' own. */
  lastServed(): { readonly self: unknown; readonly args: readonly unknown[] } | null {
    const held = this.call, [self, ...args] = held.map((one) => (one instanceof WeakRef ? one.deref() : one));
    const isGone = held.some((one) => one instanceof WeakRef && one.deref() === undefined);
    this.call = [];
    return held.length > 0 && !isGone ? { self, args } : null;
  }

  /** Its entry answered MISS for another reason than its tests: what it can't do, a version of the values may do. */
  private failed(): void {
    const { exchange } = this.kernel;
    if (exchange.why === "bail" || exchange.why === "invariant") this.stop();
    if (exchange.why !== "bail") return; // the kernel tells of it, and the original serves
    exchange.why = "";
    exchange.detail = undefined;
    exchange.rare = undefined;
  }

  private enter({ version, tier: { enter, tally, built } }: Kept, self: unknown, args: readonly unknown[]): unknown {
    const { counters } = this.kernel, before = tally.copied, result = enter(self, ...args);
    if (result === MISS) return MISS;
    used(version.resident);
    this.counts.served++;
    this.call = [self, ...args].map(hold);
    counters[built.tier]++;
    counters.copied += tally.copied - before;
    return result;
  }

  private isWanted(args: readonly unknown[]): boolean {
    const { kernel: { options, slow, tier } } = this;
    if (!(tier === "wasm" ? canRunWasm(sharedMemory()) : tier === "js" && canRunJs()) || slow.length === 0 || settings.mode === "diff" || settings.passes.length > 0 || settings.log.size > 0) return false;
    if (options.verify !== "off" || options.guards.length > 0 || options.pure.length > 0 || slow.some((path) => options.watch(path) !== "value")) return false;
    return fewElements(args.filter((_, i) => !slow.some(({ root, keys }) => root === i && keys.length === 0)));
  }

  /** Have the values of the call been those of the calls before? */
  private stay(values: readonly unknown[], self: unknown, args: readonly unknown[]): boolean {
    const same = values.length === this.last.length && values.every((value, i) => isHeld(this.last[i], value));
    if (same) {
      if (++this.calls < stays - 1) return false;
      const before = this.key; // they may have been edited in between
      this.key = this.keyOf(self, args);
      if (this.calls < stays) return false;
      const stayed = before !== null && before === this.key;
      this.forgetLast();
      return stayed;
    }
    this.last = values.map(hold);
    this.calls = 1;
    this.key = null;
    if (++this.others % unlooked !== 0) return false;
    const key = this.keyOf(self, args);
    if (key === null) return false;
    if (this.keys.includes(key)) {
      this.forgetLast();
      return true;
    }
    this.keys.unshift(key);
    this.keys.length = Math.min(this.keys.length, looked);
    return false;
  }

  private keyOf(self: unknown, args: readonly unknown[]): string | null {
    try { return orderFor(this.kernel, self, args)?.key ?? null; } catch { return null; }
  }

  private forgetLast(): void {
    this.call = [];
    this.last = [];
    this.calls = 0;
    this.key = null;
  }

  /** Null: there is none, or none that is worth it. */
  private make(self: unknown, args: readonly unknown[]): Kept | null {
    if (this.counts.made >= patience + Math.floor(this.counts.served / paid)) { this.stop(); return null; }
    const { kernel } = this, { tier: name } = kernel;
    if (name !== "wasm" && name !== "js") return null;
    const subject: Subject = {
      original: kernel.original, name: kernel.name, code: kernel.code, parameters: kernel.parameters, options: kernel.options, pipeline: kernel.pipeline, knownTexts: kernel.knownTexts,
      fractions: new Set(), rare: kernel.rare, making: { gaveUp: 0 }, exchange: kernel.exchange, entries: this.entries, ms: kernel.ms, slow: [], fast: [],
    };
    try {
      const own = orderFor(kernel, self, args), order = orderFor(subject, self, args);
      const residual = own !== null && order !== null && isShort(own, args) ? kernel.pipeline.generic!.make(order.request, work) : null;
      if (residual === null) { this.stop(); return null; }
      const version = versionOf(subject, order!, residual), tier = makeTier(subject, version, name, self, args);
      if (tier === null) { this.stop(); return null; }
      this.counts.made++;
      version.resident.owned.push(tier.built);
      moveIn(version.resident, this);
      kernel.ms.capture += own!.captureMs + order!.captureMs;
      for (const phase of ["parse", "evaluate", "passes"] as const) kernel.ms[phase] += residual.ms[phase];
      kernel.ms.emit += tier.built.ms.emit;
      kernel.ms.instantiate += tier.built.ms.instantiate;
      return { version, tier };
    } catch (error) {
      this.stop();
      if (!(error instanceof Refusal)) kernel.broken(error);
      return null;
    }
  }

  /** No more of them: the kernel is no good without its slow values. */
  stop(): void {
    this.off = true;
    this.forget();
  }

  /** The kernel's versions go. */
  forget(): void {
    this.forgetLast();
    while (this.kept.length > 0) this.drop(this.kept.length - 1);
  }

  /** There are too many versions in all kernels. */
  evict(resident: Resident): void {
    const at = this.kept.findIndex(({ version }) => version.resident === resident);
    if (at >= 0) this.drop(at);
  }

  private drop(at: number): void {
    const [one] = this.kept.splice(at, 1);
    moveOut(one!.version.resident, this);
    one!.version.withdraw();
  }
}

const isObject = (value: unknown): value is object => (typeof value === "object" && value !== null) || typeof value === "function";
const hold = (value: unknown): unknown => (isObject(value) ? new WeakRef(value) : value);
const isHeld = (held: unknown, value: unknown): boolean => (held instanceof WeakRef ? isObject(value) && held.deref() === value : Object.is(held, value));
