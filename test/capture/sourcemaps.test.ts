// Diagnostics about compiled modules name the user's own files.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostic.ts";
import { ready, specialize } from "../../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "wasmorph-maps-"));
const source = `interface Gain { readonly value: number }

/** A comment that the compiler drops, so that lines differ. */
type Samples = Float64Array;

export function amplify(x: Samples, gain: Gain): void {
  for (let i: number = 0; i < x.length; i++) {
    x[i] = (x[i] as number) * eval("gain.value");
  }
}
`;
const tsc = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");

function compiled(name: string, ...options: string[]): string {
  writeFileSync(join(folder, `${name}.mts`), source);
  execFileSync(process.execPath, [tsc, join(folder, `${name}.mts`), "--target", "es2022", "--module", "nodenext", "--removeComments", "--ignoreConfig", ...options], { stdio: "pipe" });
  return join(folder, `${name}.mjs`);
}
async function refusal(file: string): Promise<Diagnostic> {
  const { amplify } = await import(/* @vite-ignore */ pathToFileURL(file).href) as { amplify: (x: Float64Array, gain: { value: number }) => void };
  const fast = specialize(amplify, { slow: ["gain"], tier: "wasm", compile: "sync" });
  fast(new Float64Array(4), { value: 2 });
  return fast.diagnostics().find(({ kind }) => kind === "Unsupported")!;
}

beforeAll(() => ready());
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

test("with a map in a file beside the module", async () => {
  const { file, line, frame } = await refusal(compiled("beside", "--sourceMap"));
  expect(file).toBe(join(folder, "beside.mts"));
  expect(line).toBe(8);
  expect(frame).toContain("(x[i] as number) * eval");
});

test("with a map in the module's text, which holds the sources", async () => {
  const module = compiled("inline", "--inlineSourceMap", "--inlineSources");
  rmSync(join(folder, "inline.mts"));
  const { file, line, frame } = await refusal(module);
  expect(file).toBe(join(folder, "inline.mts"));
  expect(line).toBe(8);
  expect(frame).toContain("(x[i] as number) * eval");
});

test("strict tells the same place", async () => {
  const { amplify } = await import(/* @vite-ignore */ pathToFileURL(compiled("strict", "--sourceMap")).href) as { amplify: (x: Float64Array, gain: { value: number }) => void };
  const fast = specialize(amplify, { slow: ["gain"], tier: "wasm", compile: "sync", strict: true });
  expect(() => { fast(new Float64Array(4), { value: 2 }); }).toThrow(/strict\.mts:8:/);
});

test("without a map, or with one that is none, the place in the module", async () => {
  const module = compiled("plain");
  const { file, line } = await refusal(module);
  expect(file).toBe(module);
  expect(line).toBe(3);
  const broken = join(folder, "broken.mjs");
  writeFileSync(broken, `${readFileSync(module, "utf8")}//# sourceMappingURL=nowhere.map\n`);
  expect((await refusal(broken)).file).toBe(broken);
});
