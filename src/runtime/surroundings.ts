// How a version's entry finds and tests the values of a call: which argument a root is, how a slow value is watched, what a built-in was.

import type { Path } from "../ir/interface.ts";
import { isNodeRef, NodeRef } from "../ir/snapshot.ts";
import { keyBehind } from "../capture/symbols.ts";
import { copyOf } from "../verify/copy.ts";
import type { SlowPath, Watch } from "./options.ts";
import type { LiveSnapshot } from "./pipeline.ts";
import { visitParts } from "./parts.ts";
import type { Plan, Root, Static, Surroundings, Variable, Step } from "./plan.ts";
import { iterationMember, type Member } from "./iteration.ts";
import { trackerOf } from "./tracked.ts";

/** A handle's own values: roots that are pinned as a whole, and where the others stand among its parameters. */
export interface Pinned {
  readonly values: ReadonlyMap<number | "this", unknown>;
  readonly positions: ReadonlyMap<number, number>;
  /** slow paths are what they were: nothing of them is tested */
  readonly trusted: true;
}

export interface Around {
  readonly snapshot: LiveSnapshot;
  /** the call that the version is made for; tracked values as they were given */
  readonly self: unknown;
  readonly args: readonly unknown[];
  /** null: compared by its contents whatever else is said (slow.ts) */
  watch(path: SlowPath): Watch | null;
  readonly pinned: Pinned | null;
}

export function surroundingsOf(around: Around): Omit<Surroundings, "direct"> {
  const { snapshot, args, self, pinned } = around;
  const valueOf = (root: number | "this"): unknown => (root === "this" ? self : args[root]);
  return {
    root: (root) => rootOf(root, around),
    live: (node) => snapshot.live(new NodeRef(node)) as object,
    accepts(path, ref) {
      const { root } = path;
      const live = snapshot.live(ref);
      if (typeof root === "object") return watching("value", ref, live, trackerOf(live), snapshot);
      const watch = around.watch({ root, keys: path.keys.map(String) });
      if (pinned !== null && watch !== null) return null;
      return watching(watch ?? "value", ref, live, trackerOf(valueOf(root)) ?? trackerOf(live), snapshot);
    },
    parts({ root, keys }) {
      if (typeof root === "object") return "equal";
      const asked = around.watch({ root, keys: keys.map(String) }), watch = asked === null ? "value" : pinned === null ? asked : "identity";
      return watch === "value" ? "equal" : typeof watch === "object" ? "trusted" : "unknown";
    },
    unchanged: (node) => unchanged(snapshot, node),
    identify: (nodes, statics) => identify(snapshot, nodes, statics),
    member: (node, key) => memberOf(snapshot, node, key),
    behind(node) {
      const live = snapshot.live(new NodeRef(node)) as object, prototype = Object.getPrototypeOf(live) as unknown;
      return () => Object.getPrototypeOf(live) === prototype;
    },
    builtin,
  };
}

function unchanged(snapshot: LiveSnapshot, node: number): () => boolean {
  const ref = new NodeRef(node), live = snapshot.live(ref), same = watching("value", ref, live, trackerOf(live), snapshot);
  return () => same(live);
}

/**
 * What captured values hold is to be the snapshot's own objects: others put in their place, though equal, may be shared otherwise. What slow values hold may be new in
 * each call; several of them, each of which is compared by itself, then have to share what they shared.
 */
function identify(snapshot: LiveSnapshot, nodes: ReadonlySet<number>, statics: readonly Omit<Static, "given">[]): ReturnType<Surroundings["identify"]> {
  const touched = snapshot.touchedNodes();
  const held = (ref: NodeRef): number[] => { const met: number[] = []; visitParts(snapshot, touched, ref, new Set(), (node) => { if (nodes.has(node)) met.push(node); }); return met; };
  for (const node of nodes) snapshot.identify(node, false);
  for (const { ref, captured } of statics) if (captured) for (const node of held(ref)) snapshot.identify(node, true);
  const slow = statics.filter(({ ref, captured, parts }) => !captured && parts === "equal" && held(ref).length > 0), refs = slow.map(({ ref }) => ref);
  return slow.length < 2 ? null : { at: slow.map(({ at }) => at), share: (lives) => snapshot.matchesAll(refs, lives as unknown[]) };
}

const { __lookupGetter__: lookupGetter, __lookupSetter__: lookupSetter } = Object.prototype as unknown as Record<string, (this: object, key: PropertyKey) => unknown>;
/** What is found there on the object or behind it, so that what comes before it counts too. */
function memberOf(snapshot: LiveSnapshot, node: number, name: string): Step {
  const ref = new NodeRef(node), holder = snapshot.live(ref) as Record<PropertyKey, unknown>, property = snapshot.property(ref, name), key = keyBehind(name);
  if (property.kind === "absent") return typeof key === "string" ? { do: "missing", of: holder, key } : { do: "ask", holds: () => !(key in holder) };
  if (property.kind === "data" && property.value instanceof NodeRef) {
    const original = snapshot.live(property.value);
    if (holder[key] === original) {
      if (typeof original !== "function" || Object.keys(original).length === 0) return { do: "builtin", holder, key, original };
      const same = unchanged(snapshot, property.value.node); // it has properties of its own
      return { do: "ask", holds: () => holder[key] === original && same() };
    }
  }
  if (property.kind === "data" && !isNodeRef(property.value)) {
    const { value } = property;
    return { do: "ask", holds: () => Object.is(holder[key], value) };
  }
  if (property.kind === "getter" || property.kind === "setter") {
    const get = lookupGetter!.call(holder, key), set = lookupSetter!.call(holder, key);
    return { do: "ask", holds: set === undefined ? () => lookupGetter!.call(holder, key) === get : () => lookupSetter!.call(holder, key) === set && lookupGetter!.call(holder, key) === get };
  }
  return { do: "ask", holds: unchanged(snapshot, node) };
}

function rootOf(root: Path["root"], { pinned, snapshot, args, self }: Around): Root {
  if (typeof root === "object" && root.variable !== undefined) return { from: "variable", variable: variableOf(snapshot, new NodeRef(root.node), root.variable) };
  if (typeof root === "object") return { from: "constant", value: snapshot.live(new NodeRef(root.node)) };
  if (pinned?.values.has(root)) return { from: "constant", value: pinned.values.get(root) };
  if (root === "this") return isProxyTracked(self) ? { from: "tracked", index: "this" } : { from: "self" };
  const index = pinned === null ? root : pinned.positions.get(root);
  if (index === undefined || root >= args.length) return { from: "constant", value: undefined };
  return isProxyTracked(args[root]) ? { from: "tracked", index } : { from: "argument", index };
}

/** What no test takes: neither a number, nor the same as anything. */
const unreadable = Symbol("unreadable");

function variableOf(snapshot: LiveSnapshot, fn: NodeRef, name: string): Variable {
  const { get, set } = snapshot.accessors(fn, name)!;
  return {
    get: () => { try { return get(); } catch { return unreadable; } },
    set: set ?? ((): void => { throw new TypeError(`${name} can't be assigned`); }),
  };
}

const isProxyTracked = (value: unknown): boolean => { const tracker = trackerOf(value); return tracker !== undefined && tracker.target !== value; };

const asking = new WeakSet<(live: unknown) => boolean>();
/** Does a test run code of the user's? */
export const runsUserCode = (test: ((live: unknown) => boolean) | (() => boolean)): boolean => asking.has(test);
function asks(test: (live: unknown) => boolean): (live: unknown) => boolean {
  asking.add(test);
  return test;
}

/** Who calls the kernel does not call the user's `hash` or `same`: what throws (of a copy without its private fields, too) says that nothing fits. */
const unlessItThrows = (test: (live: unknown) => boolean) => (live: unknown): boolean => {
  try { return test(live); } catch { return false; }
};

/**
 * Does a live value still count as the one that was compiled in? Asked some tasks after that was copied: what was edited since is not what the
 * user's hash or comparison is to stand for.
 */
function watching(
  watch: Watch, ref: NodeRef, first: unknown, tracker: { version: number; target: object } | undefined, snapshot: LiveSnapshot,
): (live: unknown) => boolean {
  if (watch === "manual") return () => true;
  if (typeof watch === "object" && !snapshot.matches(ref, first)) return () => false;
  if (typeof watch === "object" && "hash" in watch) {
    const hash = watch.hash as (value: unknown) => unknown;
    let expected: unknown;
    try { expected = hash(first); } catch { return () => false; }
    return asks(unlessItThrows((live) => Object.is(hash(live), expected)));
  }
  if (typeof watch === "object") {
    const same = watch.same as (now: unknown, before: unknown) => boolean;
    const before = copyOf(first); // what it was, whatever is done to it in place
    return asks(unlessItThrows((live) => same(live, before)));
  }
  if (typeof first === "symbol") return (live) => live === first;
  const target = new WeakRef(first as object);
  if (watch === "identity") return (live) => live === target.deref();
  if (tracker !== undefined) {
    let armed = -1; // no version yet: the first call compares
    return (live) => {
      const mine = live === target.deref();
      if (mine && tracker.version === armed) return true;
      const { version } = tracker;
      if (!snapshot.matches(ref, live)) return false;
      if (mine) armed = version; // written to, and the same again
      return true;
    };
  }
  if (snapshot.isDeepFrozen(ref)) return (live) => live === target.deref() || snapshot.matches(ref, live);
  return (live) => snapshot.matches(ref, live);
}

/**
 * What calls are going to ask, asked of what the version was made of: what the answers are found by the next time (capture/identity.ts) is then made
 * before the first call, and not in the middle of it. Runs none of the user's code.
 */
export function questionsOf({ steps, statics }: Plan, snapshot: LiveSnapshot): (() => boolean)[] {
  return steps.flatMap((step) => {
    if (step.do === "ask") return runsUserCode(step.holds) ? [] : [step.holds];
    if (step.do !== "test" || step.test.is !== "accepted" || runsUserCode(step.test.accepts)) return [];
    const { accepts } = step.test, made = statics.find(({ at }) => at === step.at);
    return made === undefined ? [] : [() => accepts(snapshot.live(made.ref))];
  });
}

/** Where a built-in is found by its path ("Math.sin"), its own or inherited, and what it was when first asked. Null: it is no plain field of an object. */
function builtin(name: string): Member | null {
  const known = iterationMember(name);
  if (known !== undefined) return known;
  const keys = name.split(".");
  let holder: unknown = globalThis;
  for (const key of keys.slice(0, -1)) {
    const field = Object.getOwnPropertyDescriptor(holder as object, key);
    if (field === undefined || !("value" in field) || (typeof field.value !== "object" && typeof field.value !== "function") || field.value === null) return null;
    holder = field.value;
  }
  const key = keys.at(-1)!;
  let field: PropertyDescriptor | undefined;
  for (let at = holder as object | null; at !== null && field === undefined; at = Object.getPrototypeOf(at) as object | null) field = Object.getOwnPropertyDescriptor(at, key);
  return field !== undefined && "value" in field ? { holder: holder as object, key, original: field.value } : null;
}
