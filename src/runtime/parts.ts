// Where the parts of slow values are in a call's own: a slow value is accepted by its contents, so its parts may be other objects than the snapshot's.
//
// Guarantees: visits only what the program depends on (the nodes that partial evaluation touched; all else is compared by identity), each node
// once, by the first way that leads to it; makes no guard compare more than it did.

import { isNodeRef, NodeRef, type SnapNode, type SnapValue } from "../ir/snapshot.ts";
import type { LiveSnapshot } from "./pipeline.ts";

/** Reads one part out of a live slow value. Safe where the value's contents were just found equal to the snapshot's. */
export type Part = (live: unknown) => unknown;
/** The same where only the user says that the contents are equal: what they lack is `otherwise`. */
export const carefully = (part: Part, otherwise: unknown): Part => (live) => {
  try { return part(live) ?? otherwise; } catch { return otherwise; }
};
/** The keys that lead to a part from the value; null where it is an entry of a Map or Set, or behind one. */
export type Keys = readonly (string | number)[] | null;
type Visit = (node: number, kind: SnapNode["kind"], part: Part, keys: Keys) => void;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** `seen`: nodes that are passed over, with all that is reached through them alone. */
export function visitParts(snapshot: LiveSnapshot, touched: ReadonlySet<number>, value: SnapValue, seen: Set<number>, visit: Visit, part: Part = (live) => live, keys: Keys = []): void {
  if (!isNodeRef(value) || seen.has(value.node) || !touched.has(value.node)) return;
  seen.add(value.node);
  const ref = new NodeRef(value.node);
  const into = (child: SnapValue, key: string | number | null, read: (live: never) => unknown): void => {
    visitParts(snapshot, touched, child, seen, visit, (root) => { const holder = part(root); return isObject(holder) ? read(holder as never) : undefined; }, keys && key !== null ? [...keys, key] : null);
  };
  const { kind } = snapshot.node(ref);
  visit(value.node, kind, part, keys);
  switch (kind) {
    // what stood there when the program was made, and was read: the live object may hold equal ones in their place by now, or anything where nobody looked
    case "array": case "object": for (const [key, held] of snapshot.parts(ref)) into(held, key, (now: Record<string | number, unknown>) => now[key]); return;
    case "map": for (const [i, held] of snapshot.parts(ref)) into(held, null, (now: Map<unknown, unknown>) => [...now.values()][i as number]); return;
    case "set": for (const [i, held] of snapshot.parts(ref)) into(held, null, (now: Set<unknown>) => [...now][i as number]); return;
    case "typed": case "function": case "builtin": case "opaque": return;
  }
}
