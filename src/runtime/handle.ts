// What is done ahead of calls: prepare() makes, warms and chooses; pin() gives a handle without guards; and counting what a call executes.

import { Refusal } from "../diagnostic.ts";
import { copyTogether } from "./copies.ts";
import { available } from "../wasm/instantiate.ts";
import { buildVersion, makeTier, orderFor } from "./build.ts";
import { warmCalls, warmMs } from "./choose.ts";
import { dispatcher } from "./dispatch.ts";
import { buildEvaluated } from "./evaluated.ts";
import type { Enter } from "./entry.ts";
import type { Kernel } from "./kernel.ts";
import { sharedMemory } from "./memory.ts";
import { buildRemotely } from "./remote.ts";
import { candidatesOf, trialOf } from "./serving.ts";
import { rememberAll } from "./outside.ts";
import type { Pinned } from "./surroundings.ts";
import { watchesOf } from "./slow.ts";
import { surroundingsOf } from "./surroundings.ts";
import { canRunWasm, type TierName } from "./tiers.ts";
import { MISS } from "./values.ts";
import { serve, type ServingTier, type Version } from "./version.ts";

/** milliseconds of measured calls that prepare() makes at most, and between two pauses */
const trialMs = 150;
const slice = 8;

/** The version for these arguments: made, warm, its tier chosen, swapped in. The arguments are as they were. */
export async function prepare(kernel: Kernel, self: unknown, args: readonly unknown[]): Promise<Version | null> {
  const all = kernel.complete(args);
  const version = await kernel.making.alone(async () => {
    const known = kernel.fitting(self, all);
    return known === null || known.enter === null || !kernel.isComplete(known) ? kernel.making.buildFully(self, all) : known;
  });
  if (kernel.options.strict && kernel.refusal !== null) throw kernel.refusal;
  if (version === null) return null;
  await warm(kernel, version, self, all);
  kernel.swapTo(version);
  return version;
}

/** Runs the version on the arguments, restored after each run, until the engine has optimized it and its tier is chosen. */
async function warm(kernel: Kernel, version: Version, self: unknown, args: readonly unknown[]): Promise<void> {
  const choose = kernel.tier === "auto";
  if (choose ? version.serving !== "measuring" && version.serving !== "original" : version.warm) return;
  version.warm = true;
  const rehearsal = new Rehearsal(kernel, version, self, args);
  const candidates = choose ? candidatesOf(kernel, version) : [version.best!];
  for (const { enter } of candidates) await rehearsal.run(enter, warmCalls, warmMs, () => false);
  // The engine compiles the optimized code of a module meanwhile. Where the original seems faster, it may just not be there yet.
  for (const pause of choose ? [15, 80] : []) {
    await sleep(pause);
    const trial = trialOf(kernel, version, true);
    await rehearsal.run(trial.enter, Infinity, trialMs, () => trial.over);
    if (version.state !== "ready") return;
    trial.decide();
    if (version.serving !== "original") return;
  }
}

/** Calls on the arguments that leave no trace in them and are not counted. */
class Rehearsal {
  private readonly kernel: Kernel;
  private readonly version: Version;
  private readonly self: unknown;
  private readonly args: readonly unknown[];

  constructor(kernel: Kernel, version: Version, self: unknown, args: readonly unknown[]) {
    this.kernel = kernel;
    this.version = version;
    this.self = self;
    this.args = args;
  }

  /** Until `over`, or so many calls, or so many milliseconds of them; at least four calls. Pauses, so that others have their turn. */
  async run(enter: Enter, calls: number, ms: number, over: () => boolean): Promise<void> {
    const { kernel, version, self, args } = this;
    const save = (): (() => void) => rememberAll([self, ...args], kernel.writtenOutside(version));
    let putBack = save();
    const since = (started: number): number => Math.max(0, performance.now() - started); // the clock may go back
    let spent = 0, inSlice = 0;
    for (let count = 0; count < calls && (count < 4 || spent < ms) && !over(); count++) {
      const started = performance.now();
      const fits = kernel.uncounted(() => {
        try { return enter(self, ...args) !== MISS; } catch { return true; } // what the original throws is no matter here
      });
      spent += since(started);
      putBack();
      kernel.exchange.why = "";
      if (!fits) return;
      inSlice += since(started);
      if (inSlice < slice) continue;
      await sleep(0);
      if (version.state !== "ready") return;
      putBack = save(); // others may have written to the arguments meanwhile
      inSlice = 0;
    }
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A version of its own without guards of slow values. It keeps copies of them: later edits do not reach it. */
export async function pin(kernel: Kernel, self: unknown, given: readonly unknown[]): Promise<(...args: unknown[]) => unknown> {
  const args = kernel.complete(given);
  const [ownSelf, ...copies] = copyTogether([self, ...args]);
  const chosen = (await prepare(kernel, self, args))?.serving; // finds out what of the slow values is written
  const partly = new Set(kernel.fast.map(({ root }) => root));
  const whole = new Set(kernel.slow.flatMap(({ root, keys }) => (typeof root === "number" && keys.length === 0 && !partly.has(root) ? [root] : [])));
  const stays = args.map((_, i) => i).filter((i) => !whole.has(i));
  const pinned: Pinned = {
    values: new Map([...whole].map((i) => [i, copies[i]])),
    positions: new Map(stays.map((index, position) => [index, position])),
    trusted: true,
  };
  const tier = chosen === undefined ? null : await pinnedTier(kernel, ownSelf, copies, pinned, chosen === "js" ? "js" : "wasm");
  const behind = {
    original: kernel.original,
    counters: { original: 0 },
    exchange: kernel.exchange,
    serve(own: unknown, ...fast: unknown[]): unknown {
      kernel.exchange.why = "";
      const all = [...copies];
      fast.forEach((value, position) => { all[stays[position]!] = value; });
      return Reflect.apply(kernel.original, own, all);
    },
    fits: () => true, // a handle measures nothing
    construct: (): never => { throw new TypeError("a handle is no constructor"); },
  };
  const { callable, swap } = dispatcher(stays.length, behind);
  if (tier !== null) swap(tier.activate(), stays.length);
  return callable;
}

/** The tier of a handle; residual JavaScript where WebAssembly is not to be had. */
async function pinnedTier(kernel: Kernel, self: unknown, args: readonly unknown[], pinned: Pinned, wanted: TierName): Promise<ServingTier | null> {
  const { workshop } = kernel.making;
  const memory = sharedMemory();
  if (workshop === null || memory?.wasm == null || !available()) {
    const { version } = withKnownTexts(kernel, () => buildVersion(kernel, self, args)!);
    return makeTier(kernel, version, wanted === "wasm" && canRunWasm(memory) ? "wasm" : "js", self, args, pinned);
  }
  let made: ServingTier | null = null;
  const make = (): Promise<void> => workshop.hold(workshop.run(kernel.options.limits.compileMs, (session) => buildRemotely(
    kernel, session, { self, args, order: orderFor(kernel, self, args)!, pinned, only: wanted },
    { version: () => true, tier: (_version, _name, tier) => { made = tier; }, full() {} },
  )));
  try { await make(); } catch (error) {
    if (!(error instanceof Refusal && kernel.promote(error))) throw error;
    await make();
  }
  return made;
}

/** Once more, where strings turn out to need a version for each value. */
function withKnownTexts<T>(kernel: Kernel, make: () => T): T {
  try { return make(); } catch (error) {
    if (error instanceof Refusal && kernel.promote(error)) return make();
    throw error;
  }
}

/** How many machine operations the program executes for these arguments, by the evaluator. Null: they do not fit. */
export function executedFor(kernel: Kernel, version: Version, self: unknown, args: readonly unknown[]): number | null {
  const memory = sharedMemory();
  if (memory === null) return null;
  const program = version.residual.optimized;
  let executed: number | null = null;
  const built = buildEvaluated(program, memory, { onExecuted: (operations) => { executed = operations; } });
  if (built === null) return null;
  const all = kernel.complete(args);
  const putBack = rememberAll([self, ...all], kernel.writtenOutside(version));
  try {
    const { enter } = serve(built, {
      program, residual: version, snapshot: version.snapshot, memory, exchange: kernel.exchange, argc: all.length,
      surroundings: surroundingsOf({ snapshot: version.snapshot, self, args: all, watch: watchesOf(kernel), pinned: null }),
    });
    enter(self, ...all);
  } finally {
    putBack();
    kernel.exchange.why = "";
    built.release();
  }
  return executed;
}
