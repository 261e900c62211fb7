// Under which names the private fields of objects that no kernel made are kept, in snapshots, kinds and paths: names that no source can spell.
// Two classes' fields of one name have two; the classes are counted as they are met (capture/privates.ts).

import type { NodeRef, SnapshotView } from "./snapshot.ts";

const prefix = "\u0000private ";
/** A class has under this name what ends the names of its fields: a text; undefined where it has none that can be reached. */
export const privateClass = `${prefix}class`;
/** An object has under this name those of its private fields, separated by bars. */
export const privateList = `${prefix}list`;
/** The name of a field, written with its # in the source. */
export const privateKey = (name: string, ending: string): string => `${prefix}${name}${ending}`;
/** The name of the field that objects with private methods have. */
export const brand = "#";
export const privateEnding = (count: number): string => `@${count}`;
export const isPrivateKey = (key: string): boolean => key.startsWith(prefix);

/** The names of the private fields that an object of the snapshot has. */
export function privateKeysOf(snapshot: SnapshotView, ref: NodeRef): readonly string[] {
  const prototype = snapshot.prototype(ref);
  const list = prototype && snapshot.node(prototype).kind !== "builtin" ? snapshot.property(ref, privateList) : undefined;
  return list?.kind === "data" ? String(list.value).split("|") : [];
}
