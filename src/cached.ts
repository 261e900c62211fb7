// The package with the engine's own code: `import { specialize, keepCode } from "wasmorph/cached"`, in Node (docs/decisions/0013).
//
//   before   a new process reads 1.5 MB of JavaScript, and compiles each function when it is first called: two thirds of import and first result
//   after    what an earlier process compiled is read from one file beside the package
//
// Modules can't be handed code that was compiled before, scripts can: the bundle is there a second time, as scripts (dist/bundle/scripts), and this
// loads them. Requires: Node. Guarantees: the file is used only if every script's text is, byte by byte, what it was made of; another version of the
// engine, or one with other flags, refuses it. Then the scripts are compiled as usual. It is written by `keepCode()` alone, whole or not at all.

import { isAscii } from "node:buffer";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import type * as Package from "./index.ts";

export type { KernelEvent, Options, Inspection, Stats, VersionInfo, Configuration, Specialized, MismatchReport, Difference } from "./index.ts";

type Require = (id: string) => unknown;
type Scope = (exports: object, require: Require, module: { exports: object }, filename: string, dirname: string, importModule: (id: string) => Promise<unknown>) => void;
interface Loaded { readonly file: string; readonly text: Buffer; readonly script: Script; readonly taken: boolean }
/** What is kept of a script: the text and the engine's code of it. */
interface Kept { readonly text: Buffer; readonly code: Buffer }

const folder = dirname(fileURLToPath(import.meta.url));
const outer = createRequire(import.meta.url);
const keptIn = join(folder, `code-${process.versions.v8}-${process.platform}-${process.arch}.bin`);

const loaded: Loaded[] = [], modules = new Map<string, { exports: object }>();
const kept = readKept();

/** Where the pieces are comes first, as a line of JSON: of each script its file, and how long text and code are. */
function readKept(): ReadonlyMap<string, Kept> {
  const found = new Map<string, Kept>();
  try {
    const all = readFileSync(keptIn), end = all.indexOf("\n");
    let at = end + 1;
    for (const [name, text, code] of JSON.parse(all.toString("utf8", 0, end)) as [string, number, number][]) {
      found.set(name, { text: all.subarray(at, at + text), code: all.subarray(at + text, at + text + code) });
      at += text + code;
    }
    return at === all.length ? found : new Map();
  } catch { return new Map(); } // none yet, or none of ours
}

function load(file: string): object {
  const known = modules.get(file);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  modules.set(file, module);
  const text = readFileSync(file), before = kept.get(file);
  const cachedData = before?.text.equals(text) === true ? before.code : undefined;
  const source = `(function (exports, require, module, __filename, __dirname, importModule) { ${text.toString(isAscii(text) ? "latin1" : "utf8")}\n})`;
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  loaded.push({ file, text, script, taken: script.cachedDataRejected === false });
  // scripts take themselves for the modules beside this one: there is the worker
  (script.runInThisContext() as Scope)(module.exports, requireFrom(dirname(file)), module, join(folder, "index.js"), folder, (id) => import(id));
  return module.exports;
}

const requireFrom = (home: string): Require => (id) => {
  if (id.startsWith(".")) return load(join(home, id));
  const file = outer.resolve(id);
  return file === id ? outer(id) : load(file); // a module of Node's, else a dependency
};

export const { arena, captures, configure, ready, specialize, tracked } = load(join(folder, "scripts", "index.cjs")) as typeof Package;

/** Whether the engine took the code that was kept, when this was imported. */
export const codeIsKept = loaded.every(({ taken }) => taken);

/**
 * Keeps the engine's code of all functions of the package that have run so far in this process: to be called once, when a new version of the package or of
 * Node is installed, by a program that does what later processes begin with. False: the file could not be written.
 */
export function keepCode(): boolean {
  const pieces = loaded.map(({ file, text, script }) => ({ file, text, code: script.createCachedData() }));
  const head = JSON.stringify(pieces.map(({ file, text, code }) => [file, text.length, code.length]));
  const temporary = `${keptIn}.${process.pid}`;
  try {
    writeFileSync(temporary, Buffer.concat([Buffer.from(`${head}\n`), ...pieces.flatMap(({ text, code }) => [text, code])]));
    renameSync(temporary, keptIn);
    return true;
  } catch {
    rmSync(temporary, { force: true });
    return false;
  }
}
