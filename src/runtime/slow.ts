// Which values of a call are slow: the paths that were asked for, without what `// @fast` takes out of them.
//
//   slow: ["cfg"] and `// @fast cfg.state`   →   cfg.filters, cfg.gain … whatever cfg has beside state in this call
//
// Guarantees: nothing is changed, no getter runs. A field behind a getter, of a Proxy or of an array is not told apart: all of it is slow then.

import { isProxy } from "../capture/host.ts";
import type { SlowPaths } from "../capture/kinds.ts";
import { privateKeys } from "../capture/privates.ts";
import { untracked } from "./tracked.ts";
import { valueAt } from "./churn.ts";
import type { SlowPath, Watch } from "./options.ts";

/** Whether `a` is `b`, or in it. */
export const isBelow = (a: SlowPath, b: SlowPath): boolean => a.root === b.root && a.keys.length >= b.keys.length && b.keys.every((key, i) => key === a.keys[i]);

/** What stays slow whatever the values are: paths that are wholly fast are none. */
export const withoutFast = (slow: readonly SlowPath[], fast: readonly SlowPath[]): SlowPath[] => slow.filter((path) => !fast.some((f) => isBelow(path, f)));

/**
 * How slow values are watched, by their paths. Null: nobody asked for it to be slow. It is compiled in since no version could be made otherwise (the
 * same object stands in it twice), and is compared by its contents: the user promised nothing about it.
 */
export const watchesOf = ({ slow, fast, options }: { readonly slow: readonly SlowPath[]; readonly fast: readonly SlowPath[]; readonly options: { watch(path: SlowPath): Watch } }) =>
  (path: SlowPath): Watch | null => (slow.some((asked) => isBelow(path, asked)) && !fast.some((taken) => isBelow(path, taken)) ? options.watch(path) : null);

export function slowPathsOf(slow: readonly SlowPath[], fast: readonly SlowPath[], self: unknown, args: readonly unknown[]): SlowPaths {
  const paths = new Map<number | "this", (readonly string[])[] | true>();
  for (const { root, keys } of slow.flatMap((path) => partsOf(path, fast.filter((f) => isBelow(f, path)), self, args))) {
    const known = paths.get(root);
    if (keys.length === 0) paths.set(root, true);
    else if (known === undefined) paths.set(root, [keys]);
    else if (known !== true) known.push(keys);
  }
  return paths;
}

/** A slow path as those of its fields that are slow. */
function partsOf(path: SlowPath, fast: readonly SlowPath[], self: unknown, args: readonly unknown[]): SlowPath[] {
  if (fast.length === 0) return [path];
  if (fast.some((f) => f.keys.length === path.keys.length)) return [];
  const value = untracked(valueAt(path, self, args));
  if (typeof value !== "object" || value === null || isProxy(value) || Array.isArray(value) || ArrayBuffer.isView(value)) return [path];
  return [...Object.getOwnPropertyNames(value), ...privateKeys(value)].flatMap((key) => {
    const field: SlowPath = { root: path.root, keys: [...path.keys, key] };
    return partsOf(field, fast.filter((f) => isBelow(f, field)), self, args);
  });
}
