// The package as it is published, built once for tests that need files on disk: worker threads and other processes can't run TypeScript.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const newest = (folder: string): number => Math.max(...readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));

/** The folder of the built package. */
export function built(): string {
  const home = join(root, "node_modules", ".cache", "wasmorph-built");
  const stamp = join(home, "stamp");
  const changed = newest(join(root, "src"));
  if (existsSync(stamp) && statSync(stamp).mtimeMs > changed) return join(home, "dist");
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  try {
    execFileSync(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", join(root, "tsconfig.build.json"), "--outDir", join(home, "dist")], { stdio: "pipe" });
  } catch (error) {
    if (!existsSync(join(home, "dist", "index.js"))) throw error; // complaints about types are another check's
  }
  writeFileSync(stamp, "");
  return join(home, "dist");
}
