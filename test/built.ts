// The package as it is published, bundled once for tests that need files on disk: worker threads, other processes and browsers can't run TypeScript.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const newest = (folder: string): number => Math.max(...readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));

/** The folder of the package's bundle. Looks at all sources: ask once. */
export function built(): string {
  const home = join(root, "node_modules", ".cache", "wasmorph-built"), stamp = join(home, "stamp");
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newest(join(root, "src"))) return home;
  rmSync(stamp, { force: true });
  execFileSync(process.execPath, [join(root, "scripts", "bundle.mjs"), home], { stdio: "pipe" });
  writeFileSync(stamp, "");
  return home;
}
