// What captured variables hold, and which of them are constants, in every kind of module.

import { createRequire } from "node:module";
import vm from "node:vm";
import { expect, test } from "vitest";
import { attachCaptures } from "../../src/capture/captures.ts";
import { Snapshot } from "../../src/capture/snapshot.ts";
import type { NodeRef } from "../../src/ir/snapshot.ts";

const native = (url: string): Promise<Record<string, any>> => import(/* @vite-ignore */ url) as Promise<Record<string, any>>;
// vitest transforms what it imports; Node's own loader does not
const load = new Function("url", "return import(url)") as typeof native;
const modules = new URL("./modules/", import.meta.url).href;

/** "constant 1", "variable [object]" … */
function look(fn: Function, name: string, options: ConstructorParameters<typeof Snapshot>[0] = {}): string {
  const snapshot = new Snapshot(options);
  const captured = snapshot.captured(snapshot.value(fn) as NodeRef, name);
  if (captured.kind === "missing") return `missing: ${captured.why}`;
  const { value } = captured;
  const shown = typeof value === "object" && value !== null ? snapshot.node(value).kind : String(value);
  return `${captured.kind} ${shown}${captured.kind === "variable" && captured.accessors ? " with accessors" : ""}`;
}

let counter: Record<string, any>;
test("modules load in Node's own loader", async () => {
  counter = await import("./modules/counter.mjs" as string) as Record<string, any>;
  counter.prepare();
  expect(typeof counter.kernel).toBe("function");
});

for (const [name, wanted] of [
  ["taps", "constant array"],
  ["reassigned", "variable 1"],
  ["once", "constant typed"],
  ["Mode", "constant object"],
  ["lazy", "constant array"],
  ["shadowed", "constant 1"],
  ["helper", "constant function"],
  ["Math", "constant builtin"],
  ["undefined", "constant undefined"],
  ["NaN", "constant NaN"],
] as const) {
  test(`in a module ${name} is ${wanted}`, () => expect(look(counter.kernel as Function, name)).toBe(wanted));
}
