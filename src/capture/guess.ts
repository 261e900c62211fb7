// Files in which a function may well stand: the modules on the call stack, what they import by relative paths, CommonJS modules loaded
// last. Whoever reads them verifies that it does: a guess costs a few file reads and spares the engine's list of scripts (2–80 ms, by the
// size of the heap) and the debugger (20–100 ms).

import { nodeModule } from "./host.ts";

const maxFiles = 24;

/** Addresses (file:) and absolute paths, the likeliest first. */
export function* candidateFiles(): Generator<string> {
  const seen = new Set<string>();
  const stack = stackFiles();
  for (const file of stack) {
    if (seen.has(file)) continue;
    seen.add(file);
    yield file;
  }
  for (const file of stack) {
    for (const neighbour of importsOf(file)) {
      if (seen.has(neighbour)) continue;
      seen.add(neighbour);
      yield neighbour;
    }
    if (seen.size > maxFiles) return;
  }
  for (const file of commonJsFiles()) {
    if (seen.has(file)) continue;
    seen.add(file);
    yield file;
    if (seen.size > maxFiles) return;
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
