// Who may import whom in src/. The table is ARCHITECTURE.md's diagram; an import that is not in it, upward or sideways, fails here.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const src = resolve(dirname(fileURLToPath(import.meta.url)), "../src");

/** What each part of src/ may import, besides itself and diagnostic.ts. */
const below: Readonly<Record<string, readonly string[]>> = {
  ir: [],
  frontend: ["ir"],
  specialize: ["ir"],
  wasm: ["ir"],
  js: ["ir"],
  capture: ["ir"],
  "compile.ts": ["frontend", "specialize", "wasm", "js", "ir"],
  verify: ["compile.ts", "frontend", "specialize", "wasm", "js", "ir"],
  runtime: ["verify", "compile.ts", "frontend", "specialize", "wasm", "js", "ir", "capture"],
  plugin: ["capture", "frontend", "ir"],
  rewrite: ["capture", "frontend", "ir"],
  tune: ["index.ts", "runtime", "verify", "compile.ts", "frontend", "specialize", "wasm", "js", "ir", "capture"],
  cli: ["index.ts", "tune", "runtime", "verify", "compile.ts", "frontend", "specialize", "wasm", "js", "ir", "capture", "plugin", "rewrite"],
  "index.ts": ["runtime"],
  "cached.ts": ["index.ts"],
  "passes.ts": ["specialize", "ir"],
  "diagnostic.ts": [],
};

/** The part of src/ that a file belongs to: its folder, or the file itself where it stands alone. */
const partOf = (file: string): string => relative(src, file).split(sep)[0]!;

/** Relative modules that a source text imports, in every spelling: from, import(), bare import, import types. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const found = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)"(\.[^"]+)"/g);
  return Array.from(found, (match) => match[1]!);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "assembly" ? [] : sources(path); // AssemblyScript is a world of its own
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

describe("arrows", () => {
  it("sees every spelling of an import", () => {
    expect(importsOf('import { a } from "./a.ts";\nexport * from "./b.ts";\nimport "./c.ts";\ntype D = import("./d.ts").D;')).toEqual([
      "./a.ts", "./b.ts", "./c.ts", "./d.ts",
    ]);
    expect(importsOf('// import { a } from "./a.ts"\nimport x from "acorn";')).toEqual([]);
  });

  for (const file of sources(src)) {
    const part = partOf(file);
    it(`${relative(src, file)} imports downward only`, () => {
      const allowed = below[part];
      expect(allowed, `src/${part} has no row in the table of this test: add one, and one to ARCHITECTURE.md`).toBeDefined();
      const wrong = importsOf(readFileSync(file, "utf8"))
        .map((spelled) => relative(src, resolve(dirname(file), spelled)))
        .filter((target) => {
          const other = target.split(sep)[0]!;
          return other !== part && other !== "diagnostic.ts" && !allowed!.includes(other);
        });
      expect(wrong).toEqual([]);
    });
  }
});
