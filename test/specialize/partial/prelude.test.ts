// What our own JavaScript leaves to the original says why.

import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ready, specialize } from "../../../src/index.ts";
import { leftToOriginal } from "../../../src/specialize/partial/prelude.ts";

it("each of its reasons is told, and each that is told is one", () => {
  const folder = new URL("../../../src/specialize/partial/", import.meta.url);
  const texts = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), "utf8").replaceAll(/^ *(?:\/\/|\*).*$/gm, ""));
  expect([...new Set(texts.flatMap((text) => [...text.matchAll(/\bnull\.(\w+);/g)].map(([, name]) => name)))].sort()).toEqual(Object.keys(leftToOriginal).sort());
});

it.each([
  [(n: number) => "ab".repeat(n).length, [-1], "repeated"],
  [(s: string, by: string) => s.replace(/x/g, by), ["axb", "$&"], "with a $"],
] as const)("%s", async (kernel, args, reason) => {
  await ready();
  const fast = specialize(kernel as (...args: unknown[]) => unknown, { tier: "wasm", compile: "sync" });
  try { fast(...args); } catch { /* as the original */ }
  expect(fast.diagnostics().map(({ message }) => message).join()).toContain(reason);
});
