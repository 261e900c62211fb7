// The documents' own facts: links lead somewhere, files that are named exist, commands that are shown are scripts or subcommands.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const documents = [".", "docs", "docs/decisions", "bench"].flatMap((folder) =>
  readdirSync(join(root, folder)).filter((file) => file.endsWith(".md")).map((file) => join(folder, file)),
);
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Record<string, string> };

describe.each(documents)("%s", (file) => {
  const text = readFileSync(join(root, file), "utf8");
  it("links lead somewhere", () => {
    const targets = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g), ([, target]) => target!);
    expect(targets.filter((target) => !existsSync(join(root, dirname(file), target)))).toEqual([]);
  });
  it("files in src/ that are named exist", () => {
    const named = Array.from(text.matchAll(/`((?:src|examples|scripts)\/[\w/.-]+)`/g), ([, path]) => path!);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
  it("npm scripts that are named exist", () => {
    const named = Array.from(text.matchAll(/npm run ([\w:]+)/g), ([, name]) => name!);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
