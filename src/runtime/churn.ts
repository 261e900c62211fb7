// Notices that versions are made faster than they pay: of the last 32, nearly none was ever hit. Then some "slow" value changes all the time.

import { privateField } from "../capture/privates.ts";
import type { SlowPath } from "./options.ts";
import type { Version } from "./version.ts";

const window = 32;
/** a version with so few calls did not pay */
const hardly = 2;
/** so many of the window may have paid */
const tolerated = 4;

export class Churn {
  private recent: Version[] = [];
  /** by slow path: the last fingerprint, and how often it changed */
  private readonly paths: { readonly path: SlowPath; last: string | null; changes: number }[];

  constructor(slow: readonly SlowPath[]) { this.paths = slow.map((path) => ({ path, last: null, changes: 0 })); }

  /**
   * Told of each version made. Null: all is well. Otherwise the slow paths whose values keep changing; none: it is something else that
   * changes (kinds, captured values).
   */
  built(version: Version, self: unknown, args: readonly unknown[]): readonly SlowPath[] | null {
    for (const entry of this.paths) {
      const print = this.paths.length === 1 ? version.fingerprint : version.snapshot.fingerprint([version.snapshot.value(valueAt(entry.path, self, args))]);
      if (entry.last !== null && entry.last !== print) entry.changes++;
      entry.last = print;
    }
    this.recent.push(version);
    if (this.recent.length < window) return null;
    const paid = this.recent.slice(0, -1).filter(({ calls }) => calls > hardly).length;
    this.recent = this.recent.slice(-window + 1);
    if (paid > tolerated) return null;
    this.recent = [];
    const guilty = this.paths.filter(({ changes }) => changes >= window / 2).map(({ path }) => path);
    for (const entry of this.paths) entry.changes = 0;
    return guilty;
  }
}

export function valueAt(path: SlowPath, self: unknown, args: readonly unknown[]): unknown {
  let value = path.root === "this" ? self : args[path.root];
  for (const key of path.keys) {
    if (typeof value !== "object" || value === null) return undefined;
    const own = privateField(key);
    if (own) { value = own.has(value) ? own.get(value) : undefined; continue; }
    const field = Object.getOwnPropertyDescriptor(value, key);
    value = field !== undefined && "value" in field ? (field.value as unknown) : undefined;
  }
  return value;
}
