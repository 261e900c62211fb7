// Residuals and modules on disk, for the next start of the process. Used by the worker only; Node only.
//
//   <directory>/<start>.reads    what kernels like this one read of their snapshots, as far as that is known: a list of traces
//   <directory>/<key>-<layout>.version   a version: all that the worker answers, for one layout of memory
//
// `start` is a hash of everything that is known before anything is read: source, kinds, options, versions of this package, Binaryen and the engine.
// A trace, read again on a new snapshot, gives a text of all that the compiler saw; its hash is the key. So a key depends on exactly what the
// compiler depended on, in whatever process. Node numbers in files are those of canonical.ts.
//
// Guarantees: a file is written whole or not at all (rename), by any number of processes; what is corrupt, truncated or another file's is not
// used and removed. The directory stays under its bound, the files used longest ago go. It is trusted as the program's own files are: checksums
// find accidents, not enemies.

import { nodeModule } from "../capture/host.ts";
import type { Layout } from "../ir/layout.ts";

const fs = nodeModule<typeof import("node:fs")>("node:fs");
const path = nodeModule<typeof import("node:path")>("node:path");
const crypto = nodeModule<typeof import("node:crypto")>("node:crypto");
const v8 = nodeModule<typeof import("node:v8")>("node:v8");
const url = nodeModule<typeof import("node:url")>("node:url");

const magic = "wasmorph cache 1\n";
const mostTraces = 8;
/** temporary files of processes that died are removed after so many ms */
const staleMs = 3_600_000;

export const hashOf = (text: string | Uint8Array): string => crypto!.createHash("sha256").update(text).digest("hex");
export const canCache = fs !== null && path !== null && crypto !== null && v8 !== null && url !== null;

export interface CacheSetting { readonly directory: string; readonly bytes: number }

/** in a bundle: the hash of the sources that it was made of (scripts/bundle.mjs). Files around it may be anybody's: other bundlers put it into theirs */
declare const wasmorphSources: string | undefined;

let compiler: string | undefined;
/** What makes the same orders give other answers: this package's sources, Binaryen, the engine. */
export function compilerIdentity(): string {
  if (compiler !== undefined) return compiler;
  let own: string | null = null;
  try { own = path!.dirname(path!.dirname(url!.fileURLToPath(import.meta.url))); } catch { /* a bundler took the address away */ }
  const sources = typeof wasmorphSources === "string" ? wasmorphSources : own === null ? String(Math.random()) : filesIn(own); // can't be told: nothing is found again
  return (compiler = hashOf(`${sources} ${own === null ? "unknown" : binaryenVersion(own)} ${process.version} ${process.versions.v8} ${process.arch}`));
}

/** The modules in a folder and below, with their sizes and times. */
function filesIn(own: string): string {
  const files: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of fs!.readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const full = path!.join(folder, entry.name);
      if (entry.isDirectory()) walk(full);
      else if (/\.[jt]s$/.test(entry.name)) { const { size, mtimeMs } = fs!.statSync(full); files.push(`${path!.relative(own, full)} ${size} ${mtimeMs}`); }
    }
  };
  try { walk(own); } catch { files.push(String(Math.random())); }
  return files.join("\n");
}

function binaryenVersion(from: string): string {
  for (let folder = from; ; folder = path!.dirname(folder)) {
    try { return (JSON.parse(fs!.readFileSync(path!.join(folder, "node_modules", "binaryen", "package.json"), "utf8")) as { version: string }).version; } catch { /* further up */ }
    if (path!.dirname(folder) === folder) return "unknown";
  }
}

export class Cache {
  private readonly setting: CacheSetting;
  constructor(setting: CacheSetting) {
    this.setting = setting;
    try { fs!.mkdirSync(setting.directory, { recursive: true }); } catch { /* nothing will be found, and nothing kept */ }
  }

  traces<T>(start: string): readonly T[] { return (this.read(`${start}.reads`) as readonly T[] | null) ?? []; }

  addTrace(start: string, trace: unknown): void {
    const known = this.traces(start);
    const text = JSON.stringify(trace);
    if (known.some((other) => JSON.stringify(other) === text)) return;
    this.write(`${start}.reads`, [trace, ...known].slice(0, mostTraces));
  }

  /** The layouts that there are versions of a key for. */
  layouts(key: string): { readonly file: string; readonly layout: Layout }[] {
    return this.files().filter((file) => file.startsWith(`${key}-`) && file.endsWith(".version")).flatMap((file) => {
      const entry = this.read(file) as { readonly layout: Layout } | null;
      return entry === null ? [] : [{ file, layout: entry.layout }];
    });
  }

  /** An entry, or null: it is not there, or not what it should be. */
  read(file: string): unknown {
    const full = path!.join(this.setting.directory, file);
    let bytes: Buffer;
    try { bytes = fs!.readFileSync(full); } catch { return null; }
    const head = magic.length + 65;
    const payload = bytes.subarray(head);
    const sound = bytes.length > head && bytes.toString("latin1", 0, magic.length) === magic
      && bytes.toString("latin1", magic.length, head - 1) === hashOf(Buffer.concat([Buffer.from(file), payload]));
    if (sound) {
      try {
        const value: unknown = v8!.deserialize(payload);
        const now = new Date();
        fs!.utimes(full, now, now, () => {});
        return value;
      } catch { /* written by another engine */ }
    }
    try { fs!.rmSync(full, { force: true }); } catch { /* it stays, and is found out again */ } // at once: the next writer's file is not to be hit
    return null;
  }

  write(file: string, value: unknown): void {
    const payload = v8!.serialize(value);
    const full = path!.join(this.setting.directory, file);
    const temporary = `${full}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
    try {
      // the name is part of what is hashed: a file under another's name is found out
      fs!.writeFileSync(temporary, Buffer.concat([Buffer.from(`${magic}${hashOf(Buffer.concat([Buffer.from(file), payload]))}\n`), payload]));
      fs!.renameSync(temporary, full);
    } catch {
      fs!.rm(temporary, { force: true }, () => {}); // a full or read-only disk: there is no cache then
      return;
    }
    this.prune();
  }

  private files(): string[] { try { return fs!.readdirSync(this.setting.directory); } catch { return []; } }

  private prune(): void {
    const files = this.files().flatMap((file) => {
      if (!/\.(reads|version|tmp)$/.test(file)) return [];
      const full = path!.join(this.setting.directory, file);
      try { const { size, mtimeMs } = fs!.statSync(full); return [{ file, full, size, mtimeMs }]; } catch { return []; } // another process was faster
    });
    const drop = (full: string): void => { try { fs!.rmSync(full, { force: true }); } catch { /* likewise */ } };
    const now = Date.now();
    for (const { file, full, mtimeMs } of files) if (file.endsWith(".tmp") && now - mtimeMs > staleMs) drop(full);
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { full, size } of files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (bytes <= this.setting.bytes) return;
      drop(full);
      bytes -= size;
    }
  }
}
