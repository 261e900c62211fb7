// Shared by the tests of capture: modules loaded by Node itself, and captured variables as short texts.

import { createRequire } from "node:module";
import { Snapshot, type SnapshotOptions } from "../../src/capture/snapshot.ts";
import type { Captured, NodeRef, SnapValue } from "../../src/ir/snapshot.ts";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- modules written in plain JavaScript
export type Loaded = Record<string, any>;

export const common = createRequire(import.meta.url)("./modules/common.cjs") as Loaded;
/** A module through Node's own loader: vitest rewrites what it loads itself. */
export const load = (name: string): Promise<Loaded> =>
  (common["load"] as (url: string) => Promise<Loaded>)(name.includes(":") ? name : new URL(`./modules/${name}`, import.meta.url).href);

export function capture(fn: Function, name: string, options: SnapshotOptions = {}): { captured: Captured; snapshot: Snapshot } {
  const snapshot = new Snapshot(options);
  return { captured: snapshot.captured(snapshot.value(fn) as NodeRef, name), snapshot };
}

export const shown = (snapshot: Snapshot, value: SnapValue): string => (typeof value === "object" && value !== null ? snapshot.node(value).kind : Object.is(value, -0) ? "-0" : String(value));

/** "constant 1", "variable array", "missing: why" */
export function look(fn: Function, name: string, options: SnapshotOptions = {}): string {
  const { captured, snapshot } = capture(fn, name, options);
  if (captured.kind === "missing") return `missing: ${captured.why}`;
  return `${captured.kind} ${shown(snapshot, captured.value)}${captured.kind === "variable" && !captured.accessors ? " without accessors" : ""}`;
}
