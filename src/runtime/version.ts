// One version: a residual for one signature and one snapshot, with the tiers that were made of it and the entry of the one that serves.

import type { Described } from "../capture/kinds.ts";
import type { Residual } from "../compile.ts";
import type { Kind } from "../ir/interface.ts";
import { isNodeRef, NodeRef } from "../ir/snapshot.ts";
import type { ProgramHead } from "../ir/types.ts";
import { Resident } from "./census.ts";
import { closureEntry } from "./closures.ts";
import { enterOf, type Enter, type EntryParts, type Exchange, type Quick } from "./entry.ts";
import { generatedEntry } from "./generated.ts";
import { meetsOf } from "./meets.ts";
import type { SharedMemory } from "./memory.ts";
import { concludeOf, type InCall, type Outside } from "./outcome.ts";
import { carefully, visitParts } from "./parts.ts";
import type { LiveSnapshot } from "./pipeline.ts";
import { Placer } from "./place.ts";
import { makePlan, type Plan, type Surroundings } from "./plan.ts";
import { canShare, type SharedEntries, type Way } from "./shared.ts";
import { Sizes } from "./sizes.ts";
import { Tally } from "./tally.ts";
import { canRunJs, type BuiltTier, type TierName } from "./tiers.ts";

export type VersionState = "building" | "ready" | "withdrawn";

export interface ServingTier extends Way {
  readonly built: BuiltTier;
  readonly plan: Plan;
  /** enters this version, whatever an entry that it shares was bound to */
  readonly enter: Enter;
  readonly tally: Tally;
  readonly sizes: Sizes;
  /** made with the first few passes: the full one takes its place */
  readonly quick: boolean;
}

/** What captured variables held when the version was made, as far as a version has to be another for it; and what they hold now. */
export interface Held { readonly text: string; now(): string }

function heldBy(snapshot: LiveSnapshot): Held {
  const reads = snapshot.capturesRead().flatMap(({ captured, accessors }) => (captured.kind === "variable" && accessors !== null ? [{ value: isNodeRef(captured.value) ? snapshot.live(captured.value) : captured.value, accessors }] : []));
  return {
    text: reads.map(({ value }) => held(value)).join(),
    now: () => { try { return reads.map(({ accessors }) => held(accessors.get())).join(); } catch { return ""; } }, // a getter of the user's
  };
}

function held(value: unknown): string {
  switch (typeof value) {
    case "number": case "boolean": case "undefined": return typeof value;
    case "string": return JSON.stringify(value);
    case "bigint": return String(value);
    case "object": return value === null ? "null" : "object";
    case "function": return `function ${numberOf(value)}`; // what is called is compiled in: each has a version of its own
    case "symbol": return "object";
  }
}
const functionNumbers = new WeakMap<object, number>();
let functions = 0;
function numberOf(value: object): number {
  const known = functionNumbers.get(value) ?? ++functions;
  functionNumbers.set(value, known);
  return known;
}

let made = 0;

export class Version {
  readonly key: string;
  readonly argc: number;
  readonly described: Described;
  readonly fingerprint: string;
  readonly residual: Residual;
  readonly snapshot: LiveSnapshot;
  readonly tiers: { js?: ServingTier; wasm?: ServingTier } = {};
  state: VersionState = "building";
  /** what serves: a tier's entry, a measurement of several, a verification; null until there is one */
  enter: Enter | null = null;
  /** the tier that serves; "original": it was measured to be faster */
  serving: TierName | "original" | "measuring" = "measuring";
  /** verified against the original as often as its options ask */
  verified = false;
  compileMs = 0;
  /** how often it was measured to be slower than the original */
  rests = 0;
  /** ran often enough to be optimized by the engine */
  warm = false;
  /** milliseconds a call, by who served, where that was measured */
  medians: Readonly<Record<"original" | TierName, number>> | null = null;
  readonly serial = ++made;
  /** calls that ended in a bail */
  bails = 0;
  /** a program that asks for other things than the full one stands for it until then: of a template, how it is made, null: its loops are kept; and the slow values */
  standIn: { readonly template: ((memory: SharedMemory) => BuiltTier | null) | null; readonly self: unknown; readonly args: readonly unknown[] } | null = null;
  /** calls of a quick program that have not come back */
  inside = 0;

  readonly held: Held;

  /** what it owns: the tiers' memory */
  readonly resident = new Resident();
  /** what its entry checks */
  get expects(): Residual["expects"] { return this.#expects; }
  #expects: Residual["expects"] = [];
  /** … from now on: another program asks for other things, and reads others anew. */
  expect(expects: Residual["expects"]): void {
    this.#expects = expects;
    this.snapshot.readAnew(expects.filter((expect) => expect.expect === "anew"));
  }

  /** copies of the slow values, by name: for the user's guards */
  slowValues: Readonly<Record<string, unknown>> = {};

  constructor(key: string, argc: number, described: Described, fingerprint: string, residual: Residual, snapshot: LiveSnapshot) {
    this.key = key;
    this.argc = argc;
    this.described = described;
    this.fingerprint = fingerprint;
    this.residual = residual;
    this.snapshot = snapshot;
    this.held = heldBy(snapshot);
  }

  get calls(): number { return (this.tiers.js?.tally.calls ?? 0) + (this.tiers.wasm?.tally.calls ?? 0); }
  /** Is its program one that keeps the loops? */
  get isRolled(): boolean { return this.standIn !== null && this.standIn.template === null; }
  /** The tier whose program was made with the first few passes, if there is one. */
  get quick(): ServingTier | undefined { return Object.values(this.tiers).find(({ quick }) => quick); }
  get best(): ServingTier | undefined {
    return this.serving === "js" || this.serving === "wasm" ? this.tiers[this.serving] : (this.tiers.wasm ?? this.tiers.js);
  }

  /** Gives its memory back. Guarantees: it is not entered any more. */
  withdraw(): void {
    this.state = "withdrawn";
    this.enter = null;
    this.resident.release();
  }
}

/** The kinds of the arguments, as text. */
export const signatureOf = (version: Version): string => `(${version.described.args.map(kindText).join(", ")})`;

function kindText(kind: Kind): string {
  switch (kind.kind) {
    case "typed": return kind.array;
    case "array": return `${kindText(kind.element)}[]`;
    case "object": return `{${[...kind.fields].map(([key, field]) => `${key}: ${kindText(field)}`).join(", ")}}`;
    case "same": return "same";
    case "linked": return "[]";
    case "static": return "slow";
    default: return kind.kind;
  }
}

/** What a tier is entered with: how values of a call are found and tested. */
export interface Binding {
  readonly program: ProgramHead;
  readonly residual: Pick<Residual, "expects">;
  readonly snapshot: LiveSnapshot;
  readonly surroundings: Omit<Surroundings, "direct">;
  readonly memory: SharedMemory;
  readonly exchange: Exchange;
  readonly argc: number;
  /** what the entry is called in stack traces */
  readonly title?: string;
  /** which of the entry's two forms; by default generated code, where the host allows it */
  readonly form?: "generated" | "closures";
  /** the kernel's entries, where versions may share one */
  readonly entries?: SharedEntries;
  readonly quick?: boolean;
}

export function serve(built: BuiltTier, binding: Binding): ServingTier {
  const { program, residual, surroundings } = binding;
  return serveBy(built, makePlan(program, residual.expects, { ...surroundings, direct: (input) => built.direct(input) }), binding);
}

/** The same where the plan is there already, of a program of the same inputs. */
export function serveBy(built: BuiltTier, made: Plan, binding: Omit<Binding, "residual" | "surroundings">): ServingTier {
  const plan = handingOver(made, built);
  const { program, snapshot, memory, exchange, argc } = binding;
  const touched = new Set(snapshot.touchedNodes());
  const tally = new Tally(), sizes = new Sizes();
  const placer = new Placer(plan.arrays.map(({ spec }) => spec), program.spaces, memory, plan.protect, binding.entries?.codes);
  const inCall = slowNodesOf(plan, snapshot, touched);
  const outside: Outside = {
    memory,
    interned: placer.interned,
    slotOf: (path) => plan.slotOf(path),
    node: (node) => {
      return inCall().get(node) ?? { value: snapshot.live(new NodeRef(node)) };
    },
    prototype: (node) => (node === -1 ? Object.prototype : snapshot.live(new NodeRef(node)) as object),
  };
  const parts: EntryParts = {
    ...(binding.title === undefined ? {} : { title: binding.title }),
    plan, placer, run: built.run, memory, exchange, tally, sizes, argc, sourceMap: () => built.sourceMap,
    conclude: plan.exits.map((exit) => concludeOf(exit, outside)),
    meets: meetsOf(plan, snapshot, touched),
  };
  const form = binding.form ?? (canRunJs() ? "generated" : "closures");
  const shares = form === "generated" && binding.entries !== undefined && canShare(plan);
  const way = shares ? binding.entries.way(parts, outside, built.type ?? null) : ownWay(form === "closures" ? closureEntry(parts, built.type ?? null) : generatedEntry(parts, outside));
  return { built, plan, tally, sizes, quick: binding.quick === true, ...way, enter: enterOf((self, ...args) => way.activate()(self, ...args)) };
}

/** The plan with arrays handed over as this tier takes them. */
function handingOver(plan: Plan, built: BuiltTier): Plan {
  const directs = plan.params.flatMap((param, i) => (param.from === "array" ? [built.direct(i)] : []));
  if (plan.arrays.every(({ spec }, k) => spec.direct === directs[k])) return plan;
  return { ...plan, arrays: plan.arrays.map((array, k) => ({ ...array, spec: { ...array.spec, direct: directs[k]! } })) };
}

const ownWay = (quick: Quick): Way => ({ prepare() {}, activate: () => quick, alone: () => quick, shared: false });

/**
 * Slow values, and parts of them, that an outcome may give back: where this call's own object of the same contents is. (A slow argument is
 * accepted by its contents, or by what a function of the user's says of them, so the snapshot's object may be another one, and edited since.)
 */
function slowNodesOf(plan: Plan, snapshot: LiveSnapshot, touched: ReadonlySet<number>): () => ReadonlyMap<number, InCall> {
  let found: Map<number, InCall> | null = null;
  return () => {
    if (found !== null) return found;
    found = new Map();
    const seen = new Set(plan.inputNodes); // what those hold is not compared
    for (const { given: slot, ref, parts } of plan.statics) {
      if (parts !== "unknown") visitParts(snapshot, touched, ref, seen, (node, _kind, part) => { found!.set(node, { slot, part: parts === "equal" ? part : carefully(part, snapshot.live(new NodeRef(node))) }); });
    }
    // a captured object that is found in another one is the one that is there now
    for (const { given: slot, ref, captured } of plan.statics) if (!captured || !found.has(ref.node)) found.set(ref.node, { slot, part: null });
    return found;
  };
}
