// Makes a version in the worker. The main thread takes the snapshot, gives addresses, makes the instance and the entry; each in a task of its
// own, so that none of them is long.
//
// Guarantees: what the version's guard compares is what the worker read of the snapshot. Nothing serves before it is whole.

import { readsIn, unpackReads } from "../capture/trace.ts";
import { loadWasmPasses, type Residual } from "../compile.ts";
import { Refusal } from "../diagnostic.ts";
import type { Expect, Input, Path } from "../ir/interface.ts";
import { isNodeRef, NodeRef } from "../ir/snapshot.ts";
import { available, simd } from "../wasm/instantiate.ts";
import { emitOptions, titleOf, tooLarge, versionOf, type VersionOrder } from "./build.ts";
import { valueAt } from "./churn.ts";
import { settings } from "./configure.ts";
import type { Kernel } from "./kernel.ts";
import { bind, bindAt, sharedMemory, type Bound, type SharedMemory } from "./memory.ts";
import type { LiveSnapshot } from "./pipeline.ts";
import { makePlan } from "./plan.ts";
import { produce, productOf, tierOf } from "./products.ts";
import type { Answer, BuildOrder, ResidualAnswer, Sample } from "./protocol.ts";
import { watchesOf } from "./slow.ts";
import { questionsOf, surroundingsOf, type Pinned } from "./surroundings.ts";
import { canRunJs, instantiateText, type BuiltTier, type TierName } from "./tiers.ts";
import type { ResidualText } from "./text.ts";
import { nextTask } from "./turn.ts";
import { typedName } from "./values.ts";
import { serveBy, type Binding, type ServingTier, type Version } from "./version.ts";
import type { Session } from "./workshop.ts";

/** Residual JavaScript beside WebAssembly is for small kernels, which the engine inlines: the main thread has to parse it. */
const jsOperationsBeside = 150;
/** milliseconds that a module has to get warm; then it serves as it is */
const warmPatience = 500;
/** reads of the worker's that are repeated in one task */
const readsATask = 1_000;
/** elements of an array that go along to warm a module with */
const sampleLength = 1024;

export interface Asked {
  readonly self: unknown;
  readonly args: readonly unknown[];
  readonly order: VersionOrder;
  readonly pinned: Pinned | null;
  /** which tiers; null: those that the kernel's tier asks for */
  readonly only: TierName | null;
}

/** What is told on the way. Both may say that nobody wants the rest. */
export interface Steps {
  /** the version is there, without tiers */
  version(version: Version): boolean;
  tier(version: Version, name: TierName, tier: ServingTier): void;
  full(): void;
}

/** Throws Refusal, and Lost where the worker is. */
export async function buildRemotely(kernel: Kernel, session: Session, asked: Asked, steps: Steps): Promise<void> {
  if (kernel.tier !== "js") await loadWasmPasses(); // for explain() and inspect(), which do the work once more
  const { order, only } = asked;
  const memory = sharedMemory()!;
  const wasm = only === null ? kernel.tier !== "js" && memory.wasm !== null && available() : only === "wasm";
  const answer = await residualOf(kernel, session, order, wasm, jsOperations(kernel, only));
  for (let from = 0; from < readsIn(answer.trace); from += readsATask) {
    kernel.step(() => order.snapshot.replay(unpackReads(answer.trace, from, from + readsATask)));
    await nextTask();
  }
  const version = versionOf(kernel, order, residualFrom(kernel, order, answer));
  if (!kernel.step(() => steps.version(version))) { session.post({ type: "drop", job: session.job }); return; }

  await nextTask();
  if (answer.wasm === null) session.post({ type: "drop", job: session.job });
  const coming = answer.wasm === null ? null : wasmTier(kernel, session, asked, version, answer, memory);
  coming?.catch(() => {}); // awaited below, whatever comes between
  if (answer.js !== null && only !== "wasm") {
    const { js } = answer;
    const built = kernel.step(() => instantiateText(residualTextOf(js), js.head, memory, 0));
    if (built === null) steps.full();
    else {
      await nextTask();
      if (version.state === "withdrawn") built.release();
      else {
        const tier = await served(kernel, version, built, asked, js.head);
        await nextTask();
        kernel.step(() => steps.tier(version, "js", tier));
      }
    }
  }
  if (coming === null) return;
  const built = await coming;
  await nextTask();
  if (built === "full") steps.full();
  else if (version.state === "withdrawn") built?.release();
  else if (built !== null) {
    const tier = await served(kernel, version, built, asked, answer.wasm!.head);
    await nextTask();
    kernel.step(() => steps.tier(version, "wasm", tier));
  }
}

/** Made outside of whatever knows the kernel: what gives the text's memory back, once the kernel is collected, holds this. */
const residualTextOf = (js: NonNullable<ResidualAnswer["js"]>): ResidualText => ({ ...js, sourceMap: () => js.sourceMap });

function jsOperations(kernel: Kernel, only: TierName | null): number {
  if (!canRunJs() || only === "wasm") return -1;
  return kernel.tier === "js" || only === "js" ? Infinity : Math.min(kernel.options.limits.jsOperations, jsOperationsBeside);
}

async function residualOf(kernel: Kernel, session: Session, order: VersionOrder, wasm: boolean, most: number): Promise<ResidualAnswer> {
  const { snapshot, described, request } = order;
  const exporter = snapshot.exporter(request.kernel);
  const { limits, relax, rare, gaveUp } = request.options;
  const parcel = kernel.step(() => exporter.first(request.kernel.node, described.statics)); // asks the engine for the kernel's scopes
  await nextTask();
  kernel.step(() => session.post({
    type: "build", job: session.job, kernel: request.kernel.node, self: described.self, args: described.args, overlap: described.overlap,
    options: { limits, relax, simd: simd(), rare, gaveUp } as BuildOrder["options"], parcel, jsOperations: most, wasm,
    cache: settings.cache, emit: emitOptions(kernel), name: kernel.name,
  }));
  for (;;) {
    const answer = await session.next();
    if (answer.type === "residual") return answer;
    if (answer.type !== "needs") throw ended(answer);
    session.post({ type: "more", job: session.job, parcel: kernel.step(() => exporter.more(answer.needs)) });
  }
}

/** The exception that an answer stands for. */
function ended(answer: Answer): Error {
  if (answer.type !== "refused") return new Error(answer.type === "failed" ? answer.message : `the worker answers out of turn: ${answer.type}`);
  const refusal = new Refusal(answer.diagnostic, answer.demote);
  refusal.notes.push(...answer.notes);
  refusal.promote = answer.promote;
  refusal.gaveUp = answer.gaveUp;
  return refusal;
}

/** The residual's facts came along; its programs and texts are made here, from the same snapshot, when somebody wants to read them. */
function residualFrom({ pipeline }: Kernel, { request }: VersionOrder, { facts }: ResidualAnswer): Residual {
  let whole: Residual | null = null;
  const made = (): Residual => (whole ??= pipeline.residualize(request));
  return {
    ...facts,
    expects: facts.expects.map(reviveExpect),
    quick: null,
    get program() { return made().program; },
    get optimized() { return made().optimized; },
    get stages() { return made().stages; },
    get log() { return made().log; },
    get loops() { return made().loops; },
    told: () => made().told(),
  };
}

const reviveExpect = (expect: Expect): Expect =>
  expect.expect === "static" && isNodeRef(expect.value) ? { ...expect, value: new NodeRef(expect.value.node) } : expect;

/** Null: nobody wants it any more. */
async function wasmTier(
  kernel: Kernel, session: Session, { self, args, order }: Asked, version: Version, { wasm, key, layouts }: ResidualAnswer, memory: SharedMemory,
): Promise<BuiltTier | "full" | null> {
  const { head } = wasm!;
  const shared = productOf(key);
  if (shared !== undefined) {
    session.post({ type: "drop", job: session.job });
    return tierOf(shared, wasm!);
  }
  let bound: Bound | null = null;
  for (const layout of layouts) bound ??= bindAt(head, memory, layout);
  bound ??= bind(head, memory);
  if (bound === null) { session.post({ type: "drop", job: session.job }); return "full"; }
  try {
    session.post({
      type: "emit", job: session.job, layout: bound.layout, memory: memory.buffer.byteLength,
      samples: kernel.hangs ? null : samplesOf(head.inputs, self, args, order.snapshot),
    });
    const answer = await session.next();
    if (answer.type !== "module") throw ended(answer);
    if (answer.cached) kernel.counters.cached++;
    await warmed(kernel, session);
    if (answer.bytes.length > kernel.options.limits.moduleBytes) throw tooLarge(kernel, answer.bytes.length);
    if (version.state === "withdrawn") { bound.release(); return null; }
    const room = bound;
    return kernel.step(() => tierOf(produce(key, head, room, answer, memory), wasm!));
  } catch (error) {
    bound.release();
    throw error;
  }
}

/** Waits until the module is warm. A kernel that does not come to an end on the sample is not warmed again. */
async function warmed(kernel: Kernel, session: Session): Promise<void> {
  let clock: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => { clock = setTimeout(() => resolve(null), warmPatience); });
  const warm = session.next().then((answer) => { if (answer.type === "failed") throw ended(answer); return answer; });
  warm.catch(() => {}); // a worker that is lost now has done what it was asked for
  try {
    if (await Promise.race([warm.catch(() => null), late]) === null) kernel.hangs = true;
  } finally { clearTimeout(clock); }
}

/** The plan of the entry, the entry, and what its first call and its first swap would make: each in a task of its own. */
async function served(kernel: Kernel, version: Version, built: BuiltTier, { self, args, pinned }: Asked, head: Binding["program"]): Promise<ServingTier> {
  try {
    const { snapshot, expects } = version;
    const plan = kernel.step(() => makePlan(head, expects, { ...surroundingsOf({ snapshot, self, args, watch: watchesOf(kernel), pinned }), direct: (input) => built.direct(input) }));
    await nextTask();
    for (const ask of questionsOf(plan, snapshot)) {
      kernel.step(ask);
      await nextTask();
    }
    const tier = kernel.step(() => serveBy(built, plan, {
      program: head, snapshot, memory: sharedMemory()!, exchange: kernel.exchange, title: titleOf(kernel),
      argc: pinned === null ? args.length : pinned.positions.size,
      ...(pinned === null ? { entries: kernel.entries } : {}),
    }));
    await nextTask();
    kernel.step(() => tier.prepare());
    return tier;
  } catch (error) {
    built.release();
    throw error;
  }
}

// ───────────────────────────────── samples ─────────────────────────────────

/** What this call has for the program's parameters, to warm the module with. Null: it can't be warmed with that. */
function samplesOf(inputs: readonly Input[], self: unknown, args: readonly unknown[], snapshot: LiveSnapshot): Sample[] | null {
  const samples: Sample[] = [];
  for (const input of inputs) {
    const sample = sampleOf(input, valueOf(input.path, self, args, snapshot));
    if (sample === null) return null;
    samples.push(sample);
  }
  return samples;
}

function valueOf({ root, keys }: Path, self: unknown, args: readonly unknown[], snapshot: LiveSnapshot): unknown {
  if (typeof root !== "object") return valueAt({ root, keys: keys.map(String) }, self, args);
  return root.variable === undefined ? valueAt({ root: 0, keys: keys.map(String) }, undefined, [snapshot.live(new NodeRef(root.node))]) : undefined;
}

function sampleOf(input: Input, value: unknown): Sample | null {
  switch (input.as) {
    case "f64": case "i32": return typeof value === "number" ? { as: "number", value } : null;
    case "boolean": return typeof value === "boolean" ? { as: "number", value: value ? 1 : 0 } : null;
    case "text": {
      if (typeof value !== "string") return null;
      return { as: "array", array: "Uint16Array", length: value.length, values: value.length <= sampleLength ? Uint16Array.from(value, (_, i) => value.charCodeAt(i)).slice(0, value.length) : null };
    }
    case "typed": {
      if (typedName(value) !== input.array) return null;
      const array = value as Float64Array;
      return { as: "array", array: input.array, length: array.length, values: array.length <= sampleLength ? array.slice() : null };
    }
    case "numbers": {
      if (!Array.isArray(value)) return null;
      return { as: "array", array: "Float64Array", length: value.length, values: value.length <= sampleLength ? Float64Array.from(value as number[]) : null };
    }
    default: return null; // tables of addresses
  }
}

