// Settings that act on all kernels at once: configure({…}) and the environment (WASMORPH, WASMORPH_LOG). configure wins over the environment.

import type { CacheSetting } from "./cache.ts";
import { declareAnnotations, type CustomPass } from "../compile.ts";
import { nearest } from "./nearest.ts";

/** What all kernels do, whatever their options say: `diff` compares every call with the original. */
export type Mode = "on" | "off" | "diff" | "js" | "wasm";
export const logTopics = ["passes", "residual", "wat", "events"] as const;
export type LogTopic = (typeof logTopics)[number];

export interface Settings {
  mode: Mode;
  /** bytes of the shared memory */
  memory: number;
  log: ReadonlySet<LogTopic>;
  /** the user's own passes */
  passes: readonly CustomPass[];
  /** where versions are kept for the next process; null: nowhere */
  cache: CacheSetting | null;
  /** versions kept in all kernels together */
  versions: number;
  /** compile in a worker, where there can be one */
  worker: boolean;
  /** modules carry their source maps, for debuggers */
  sourceMaps: boolean;
  /** the memory was made, so that its size can't be chosen any more */
  memoryInUse: boolean;
  /** where the log goes */
  write: (text: string) => void;
}

export interface Configuration {
  /** false: all kernels run their originals */
  readonly enabled?: boolean;
  /** bytes of the one memory, fixed once it is in use */
  readonly memory?: number;
  /** what to print: any of "passes", "residual", "wat", "events"; true for all, false for nothing */
  readonly log?: boolean | string | readonly string[];
  /** a directory (Node only) where versions are kept for the next start of the process, up to `bytes`, 256 MiB by default; false: none */
  readonly cache?: string | false | { readonly directory: string; readonly bytes?: number };
  /** how many versions all kernels together keep, 1000 by default; the least recently used go */
  readonly versions?: number;
  /** false: compile on the main thread, between two calls */
  readonly worker?: boolean;
  /** true: modules made from now on carry their source maps: debuggers step through your code, profiles in DevTools name its lines; modules are larger */
  readonly sourceMaps?: boolean;
  /** passes of your own over the IR, for versions made from now on (docs/passes.md); they are made on this thread */
  readonly passes?: readonly CustomPass[];
}

const modes: readonly Mode[] = ["on", "off", "diff", "js", "wasm"];
const environment = (name: string): string | undefined => (typeof process === "object" ? process.env?.[name] : undefined);

function modeOfEnvironment(): Mode {
  const mode = environment("WASMORPH");
  return modes.find((known) => known === mode) ?? "on";
}

export const settings: Settings = {
  mode: modeOfEnvironment(),
  memory: 64 * 1024 * 1024,
  memoryInUse: false,
  cache: null,
  versions: 1000,
  worker: true,
  sourceMaps: environment("WASMORPH_SOURCE_MAPS") === "1",
  passes: [],
  log: new Set(logTopics.filter((topic) => (environment("WASMORPH_LOG") ?? "").split(",").includes(topic))),
  write: (text) => console.error(text),
};

/** run when `mode` changes, so that kernels can drop what serves them */
const listeners = new Set<WeakRef<{ reconsider(): void }>>();
export function onModeChange(kernel: { reconsider(): void }): void {
  if (listeners.size >= sweepAt) {
    for (const listener of listeners) if (listener.deref() === undefined) listeners.delete(listener);
    sweepAt = Math.max(1000, listeners.size * 2);
  }
  listeners.add(new WeakRef(kernel));
}
/** so many listeners, and those of kernels that are gone are swept out */
let sweepAt = 1000;

/** bytes; range analysis relies on it: every address and every sum of two lengths is an int32 */
const mostMemory = 2 ** 30;
const known = ["enabled", "memory", "log", "versions", "cache", "worker", "sourceMaps", "passes"] as const;

export function configure(configuration: Configuration): void {
  for (const name of Object.keys(configuration)) {
    if (!(known as readonly string[]).includes(name)) {
      throw new TypeError(`wasmorph: configure has no setting "${name}"${nearest(name, known)}. It has: ${known.join(", ")}`);
    }
  }
  const { enabled, memory, log, versions, cache, worker, sourceMaps, passes } = configuration;
  if (sourceMaps !== undefined) settings.sourceMaps = sourceMaps;
  if (memory !== undefined) {
    if (!Number.isInteger(memory) || memory < 131072 || memory > mostMemory) {
      throw new RangeError(`wasmorph: configure({memory: ${String(memory)}}): a number of bytes from 131072 to ${mostMemory}`);
    }
    if (settings.memoryInUse && memory !== settings.memory) {
      throw new RangeError("wasmorph: configure({memory}) comes too late: the memory is in use, and is never grown so that views stay valid. Call it before the first kernel or arena array");
    }
    settings.memory = memory;
  }
  if (versions !== undefined) {
    if (!Number.isInteger(versions) || versions < 1) throw new RangeError(`wasmorph: configure({versions: ${String(versions)}}): a whole number, 1 or more`);
    settings.versions = versions;
  }
  if (cache !== undefined) settings.cache = cacheSetting(cache);
  if (worker !== undefined) settings.worker = worker;
  if (passes !== undefined) setPasses(passes);
  if (log !== undefined) settings.log = topics(log);
  if (enabled !== undefined) setMode(enabled ? (modeOfEnvironment() === "off" ? "on" : modeOfEnvironment()) : "off");
}

function setPasses(passes: readonly CustomPass[]): void {
  for (const pass of passes) {
    if (typeof pass?.name !== "string" || typeof pass.run !== "function") throw new TypeError("wasmorph: configure({passes}) takes passes, each with a name and run(func, program, note)");
  }
  declareAnnotations(passes.flatMap(({ annotations }) => annotations ?? []));
  settings.passes = [...passes];
}

function cacheSetting(cache: NonNullable<Configuration["cache"]>): CacheSetting | null {
  if (cache === false) return null;
  const { directory, bytes = 256 << 20 } = typeof cache === "string" ? { directory: cache } : cache;
  if (typeof directory !== "string" || directory === "" || !(bytes > 0)) throw new TypeError("wasmorph: configure({cache}) takes a directory, { directory, bytes }, or false");
  return { directory, bytes };
}

export function setMode(mode: Mode): void {
  if (settings.mode === mode) return;
  settings.mode = mode;
  for (const listener of listeners) {
    const kernel = listener.deref();
    if (kernel === undefined) listeners.delete(listener);
    else kernel.reconsider();
  }
}

function topics(log: boolean | string | readonly string[]): ReadonlySet<LogTopic> {
  if (typeof log === "boolean") return new Set(log ? logTopics : []);
  const names = (typeof log === "string" ? log.split(",") : [...log]).map((name) => name.trim());
  return new Set(names.map((name) => {
    const topic = logTopics.find((t) => t === name);
    if (topic === undefined) throw new TypeError(`wasmorph: configure({log}) knows no "${name}"${nearest(name, logTopics)}. It has: ${logTopics.join(", ")}`);
    return topic;
  }));
}

/** Prints one piece of the log, if that topic was asked for. `text` is not made otherwise. */
export function log(topic: LogTopic, title: string, text: () => string): void {
  if (settings.log.has(topic)) settings.write(`── wasmorph ${topic}: ${title}\n${text()}`);
}
