// Keys that no source can spell, through which a path leads on to what is no property of the object there: an entry reads it as an array of its own (runtime/within.ts).

import type { Kind, Path } from "./interface.ts";

/**
 * What an object has under index keys, as an array with holes: `this[i]` beside `this.t`. The path is the object's, then this key.
 */
export const elementsKey = "\u0000elements";
/** A list of objects that lead to others of their own form, among them the one that the path leads to (specialize/partial/linked.ts): an input says which. */
export const linkedKey = "\u0000linked";
/** At the end of a path of an array that columns could not serve: it lies in memory with all that it leads to, if it can, before each value has a version of its own. */
export const laidKey = "\u0000laid";
/** At the end of a path of an array: programs for all lengths would be too large, so that each length has a version of its own. */
export const sizedKey = "\u0000sized";

/** Where arrays lie that do, of values of these kinds. */
export function linkedPaths(self: Kind, args: readonly Kind[]): { readonly root: number | "this"; readonly keys: Path["keys"] }[] {
  const found: ReturnType<typeof linkedPaths> = [];
  const look = (kind: Kind, root: number | "this", keys: Path["keys"]): void => {
    if (kind.kind === "linked") found.push({ root, keys });
    else if (kind.kind === "object") for (const [key, field] of kind.fields) look(field, root, [...keys, key]);
  };
  look(self, "this", []);
  args.forEach((kind, root) => { look(kind, root, []); });
  return found;
}

const namedPrefix = "\u0000named ";
/** At the end of a path of an array: it is looked at for a property of that name, which is no element. */
export const namedKey = (name: string): string => `${namedPrefix}${name}`;
export const nameOfNamed = (key: string | number | undefined): string | undefined => (typeof key === "string" && key.startsWith(namedPrefix) ? key.slice(namedPrefix.length) : undefined);

const boundPrefix = "\u0000bound ";
/** Under this name an object has the function that `bind` made its field's function of, with the object itself as `this` and nothing more. */
export const boundKey = (field: string): string => `${boundPrefix}${field}`;
export const fieldOfBound = (key: string | number): string | undefined => (typeof key === "string" && key.startsWith(boundPrefix) ? key.slice(boundPrefix.length) : undefined);
