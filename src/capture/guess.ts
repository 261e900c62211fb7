// Files in which a function may well stand: the modules on the call stack, what they import by relative paths, CommonJS modules loaded
// last. Whoever reads them verifies that it does: a guess costs a few file reads and spares the engine's list of scripts (2–80 ms, by the
// size of the heap) and the debugger (20–100 ms).

import { nodeModule } from "./host.ts";

const maxFiles = 24;

/** What stands beside this module is most often the library's own, large, and on every stack: it is tried after the others. */
const own = /^file:\/\/(.*\/)/.exec(String(import.meta.url))?.[1];
const isOwn = (file: string): boolean => own !== undefined && file.replace(/^file:\/\//, "").startsWith(own);

/** Addresses (file:) and absolute paths, the likeliest first. */
export function* candidateFiles(): Generator<string> {
  const seen = new Set<string>();
  const stack = stackFiles();
  for (const files of [stack.filter((file) => !isOwn(file)), stack.filter(isOwn)]) {
    yield* unseen(files, seen);
    for (const file of files) {
      yield* unseen(importsOf(file), seen);
      if (seen.size > maxFiles) return;
    }
  }
  for (const file of commonJsFiles()) {
    yield* unseen([file], seen);
    if (seen.size > maxFiles) return;
  }
}

function* unseen(files: readonly string[], seen: Set<string>): Generator<string> {
  for (const file of files) {
    if (seen.has(file)) continue;
    seen.add(file);
    yield file;
  }
}

function stackFiles(): readonly string[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 64;
  const { stack } = new Error();
  Error.stackTraceLimit = limit;
  const files = typeof stack === "string" ? [...stack.matchAll(/(file:\/\/\S+?|(?<=[\s(])\/[^\s:()]+):\d+:\d+/g)].map((match) => match[1]!) : [];
  return [...new Set(files)];
}

/** The relative imports of a module, by their text: what is no import after all is merely a wrong guess. */
function importsOf(file: string): string[] {
  const fs = nodeModule<typeof import("node:fs")>("node:fs");
  if (!fs) return [];
  try {
    const base = file.startsWith("file:") ? file : new URL(`file://${file}`).href;
    const text = fs.readFileSync(new URL(base), "utf8");
    return [...text.matchAll(/(?:from|import|import\(|require\()\s*["'](\.[^"']+)["']/g)].map((match) => new URL(match[1]!, base).href);
  } catch {
    return [];
  }
}

/** CommonJS modules by path, those loaded last first. */
function commonJsFiles(): string[] {
  const module = nodeModule<{ _cache?: Record<string, unknown> }>("node:module");
  return Object.keys(module?._cache ?? {}).reverse();
}
