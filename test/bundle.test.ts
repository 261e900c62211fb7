// The package as it is published: what its import loads, and that the entries work together.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const home = join(root, "node_modules", ".cache", "wasmorph-bundle");
const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: home, encoding: "utf8", timeout: 200_000 });

beforeAll(() => { execFileSync(process.execPath, [join(root, "scripts", "bundle.mjs"), home], { stdio: "pipe" }); });

/** The file and all that it imports without being asked, and what those import of others. */
function loadedBy(entry: string): { readonly files: string[]; readonly packages: string[]; readonly modules: string[] } {
  const files = new Set([entry]), packages = new Set<string>();
  for (const file of files) { // grows while it is walked
    for (const [, name] of readFileSync(join(home, file), "utf8").matchAll(/^(?:import|export)\b[^"\n]*\bfrom "([^"]+)";$|^import "([^"]+)";$/gm)) {
      if (name!.startsWith("./")) files.add(name!.slice(2)); else packages.add(name!);
    }
  }
  const modules = [...files].flatMap((file) => sourcesOf(file));
  return { files: [...files], packages: [...packages], modules };
}

/** The modules of src/ that a file was made of. */
function sourcesOf(file: string): string[] {
  try { return (JSON.parse(readFileSync(join(home, `${file}.map`), "utf8")) as { sources: string[] }).sources.map((source) => source.replace(/^.*\/src\//, "")); } catch { return []; } // re-exports alone
}

describe("the import of the package", () => {
  it("loads a few files", () => expect(loadedBy("index.js").files.length).toBeLessThanOrEqual(10));
  it("loads acorn, and neither Binaryen nor a module of Node's", () => expect(loadedBy("index.js").packages).toEqual(["acorn"]));
  // a cold start reads them: what isn't needed at once is to be loaded later
  it("loads two million characters, and some", () => expect(loadedBy("index.js").files.reduce((sum, file) => sum + readFileSync(join(home, file), "utf8").length, 0)).toBeLessThan(2_200_000));
  // addresses are counted before: templates of programs choose by them
  it("loads nothing that only WebAssembly needs", () => {
    const { modules } = loadedBy("index.js");
    expect(modules.length).toBeGreaterThan(200);
    expect(modules.filter((module) => /^wasm\/(?!instantiate|ready|address)|vectorize\//.test(module))).toEqual([]);
  });
  it("loads nothing of the command", () => expect(loadedBy("index.js").modules.filter((module) => /^(?:cli|tune)\//.test(module))).toEqual([]));
  it("has no comments to read but those that say where a module begins", () => {
    const lines = loadedBy("index.js").files.flatMap((file) => readFileSync(join(home, file), "utf8").split("\n"));
    expect(lines.filter((line) => /^\t*\/\/(?! src\/|# source)/.test(line))).toEqual([]);
  });
});

describe("functions that a first result calls", () => {
  const atHead = (): { file: string; line: number; name: string }[] => loadedBy("index.js").files.flatMap((file) => readFileSync(join(home, file), "utf8").split("\n")
    .flatMap((text, line) => { const name = /^const (\S+) = \((?:async )?function/.exec(text)?.[1]; return name === undefined ? [] : [{ file, line, name }]; }));
  it("are compiled with the file, each as a constant at its head", () => {
    const names = atHead().map(({ name }) => name);
    expect(names.length).toBeGreaterThan(200);
    expect(names).toEqual(expect.arrayContaining(["specialize", "runPasses"]));
  });
  it("lead to their places in the sources", () => {
    const { file, line } = atHead().find(({ name }) => name === "runPasses")!;
    const entry = new SourceMap(JSON.parse(readFileSync(join(home, `${file}.map`), "utf8")) as never).findEntry(line, "const runPasses = (function ".length);
    expect(entry).toMatchObject({ originalSource: expect.stringMatching(/src\/specialize\/passes\.ts$/), originalLine: expect.any(Number) });
    const { originalSource, originalLine } = entry as { originalSource: string; originalLine: number };
    expect(readFileSync(resolve(home, originalSource), "utf8").split("\n")[originalLine]).toMatch(/function runPasses\(/);
  });
});

describe("the bundle", () => {
  it("holds each module once", () => {
    const all = readdirSync(home).filter((file) => file.endsWith(".js")).flatMap((file) => sourcesOf(file));
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter((module, i) => all.indexOf(module) !== i)).toEqual([]);
  });
  it("specializes, in the call and in the worker", () => {
    const program = `
      import { specialize } from ${JSON.stringify(pathToFileURL(join(home, "index.js")).href)};
      const kernel = (x, c) => { let s = 0; for (const k of c) s = s * x + k; return s; };
      const js = specialize(kernel, { slow: ["c"], tier: "js", compile: "sync" }), wasm = specialize(kernel, { slow: ["c"], tier: "wasm" });
      await wasm.prepare(2, [1, 2, 3]);
      console.log(JSON.stringify([js(2, [1, 2, 3]), js.stats().calls.js, wasm(2, [1, 2, 3]), wasm.stats().calls.wasm]));`;
    expect(JSON.parse(node("--input-type=module", "-e", program))).toEqual([11, 1, 11, 1]);
  });
  it("has the command, and what passes are written with", () => {
    expect(node(join(home, "main.js"), "--help")).toContain("inspect");
    const program = `import { Rewriter, ops } from ${JSON.stringify(pathToFileURL(join(home, "passes.js")).href)}; console.log(typeof Rewriter, "f64.add" in ops);`;
    expect(node("--input-type=module", "-e", program)).toBe("function true\n");
  });
});

describe("the package with the engine's own code", () => {
  const kept = (): string[] => readdirSync(home).filter((file) => file.endsWith(".bin"));
  /** What a process prints that specializes a kernel: whether there was code for it, the result, calls by tier, and whether its code is kept for others. */
  function run(then: "" | "keepCode()", flags: readonly string[] = []): unknown {
    const program = `
      import { specialize, codeIsKept, keepCode } from ${JSON.stringify(pathToFileURL(join(home, "cached.js")).href)};
      const kernel = (x, c) => { let s = 0; for (const k of c) s = s * x + k; return s; };
      const js = specialize(kernel, { slow: ["c"], tier: "js", compile: "sync" });
      console.log(JSON.stringify([codeIsKept, js(2, [1, 2, 3]), js.stats().calls, ${then || "null"}]));`;
    return JSON.parse(node(...flags, "--input-type=module", "-e", program));
  }
  const served = { original: 0, js: 1, wasm: 0 };
  beforeEach(() => { for (const file of kept()) rmSync(join(home, file)); });

  it("has what the package has", () => {
    const names = (file: string): string[] => JSON.parse(node("--input-type=module", "-e", `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(pathToFileURL(join(home, file)).href)}))))`)) as string[];
    expect(names("cached.js").filter((name) => name !== "keepCode" && name !== "codeIsKept")).toEqual(names("index.js"));
  });
  it("keeps nothing by itself", () => { expect(run("")).toEqual([false, 11, served, null]); expect(kept()).toEqual([]); });
  it("is used by the next process", () => { expect(run("keepCode()")).toEqual([false, 11, served, true]); expect(run("")).toEqual([true, 11, served, null]); });
  it("is not used with other flags of the engine", () => { run("keepCode()"); expect(run("", ["--no-opt"])).toEqual([false, 11, served, null]); });
  it("is not used where it is damaged", () => {
    run("keepCode()");
    const file = join(home, kept()[0]!), bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, bytes.length - 100));
    expect(run("")).toEqual([false, 11, served, null]);
  });
  it("is not used for another text of the same length", () => {
    run("keepCode()");
    const file = join(home, "scripts", "index.cjs"), text = readFileSync(file, "utf8");
    const changed = text.replace('"use strict";', '"Use strict";').replace("function nodeModule(id)", "function nodeModule(ID)").replace("getBuiltinModule?.(id)", "getBuiltinModule?.(ID)");
    expect(changed).not.toBe(text);
    expect(changed).toHaveLength(text.length);
    writeFileSync(file, changed);
    try { expect(run("")).toEqual([false, 11, served, null]); } finally { writeFileSync(file, text); }
  });
  it("makes WebAssembly here and in the worker, without a warning", () => {
    const program = `
      process.on("warning", (warning) => console.log(String(warning)));
      import { specialize, ready } from ${JSON.stringify(pathToFileURL(join(home, "cached.js")).href)};
      const kernel = (x, c) => { let s = 0; for (const k of c) s = s * x + k; return s; };
      const there = specialize(kernel, { slow: ["c"], tier: "wasm" });
      await there.prepare(2, [1, 2, 3]);
      await ready();
      const here = specialize(kernel, { slow: ["c"], tier: "wasm", compile: "sync" });
      console.log(JSON.stringify([there(2, [1, 2, 3]), there.stats().calls.wasm, here(3, [1, 2, 3]), here.stats().calls.wasm]));`;
    expect(JSON.parse(node("--input-type=module", "-e", program))).toEqual([11, 1, 18, 1]);
  });
  it("is there in letters of one byte", () => {
    const scripts = readdirSync(join(home, "scripts"));
    expect(scripts.length).toBeGreaterThan(1);
    expect(scripts.filter((file) => /[\u0080-\uffff]/.test(readFileSync(join(home, "scripts", file), "utf8")))).toEqual([]);
  });
});
