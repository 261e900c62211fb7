// Places in what a compiler or bundler wrote, told as places in what the user wrote, where there is a source map: in the module's text, or
// in the file that its last line names.
//
// Before: a diagnostic about dist/bundle.js:1:20481. After: the same about src/filter.ts:12:5, with lines of that file as its frame.
// Node alone. Node's reader is used; what it knows itself (--enable-source-maps, loaders that transform on their way) comes first. Where
// nothing is known of the place the diagnostic stays as it is. Maps are read when somebody looks, never while a kernel is called.
// The format: ECMA-426.

import { codeFrame, type Diagnostic } from "../diagnostic.ts";
import { nodeModule } from "./host.ts";
import { filePath, readUrl } from "./scripts.ts";

type NodeMap = InstanceType<typeof import("node:module").SourceMap>;
/** A module's map; `base`: the address that the sources' addresses are relative to. */
interface Known { readonly map: NodeMap; readonly base: string }

const maps = new Map<string, Known | null>();
const shown = new WeakMap<Diagnostic, Diagnostic>();

/** The diagnostic as one about the user's own file. */
export function inUsersFile(diagnostic: Diagnostic): Diagnostic {
  let result = shown.get(diagnostic);
  if (!result) shown.set(diagnostic, (result = translate(diagnostic)));
  return result;
}

function translate(diagnostic: Diagnostic): Diagnostic {
  if (diagnostic.file === null) return diagnostic;
  const found = lookUp({ ...diagnostic, file: diagnostic.file });
  if (found === null) return diagnostic;
  const { known, source, url, line, column } = found;
  const text = contentOf(source, url, known);
  const file = filePath(url) ?? url;
  if (text === null) return { ...diagnostic, file, line, column, frame: "" };
  const start = text.split("\n", line - 1).reduce((sum, { length }) => sum + length + 1, 0) + column - 1;
  return { ...diagnostic, file, line, column, frame: codeFrame({ text, file, line: 1, column: 1 }, start, start + 1) };
}

interface Spot { readonly file: string; readonly line: number; readonly column: number }

/** A place as one in the user's own file. */
export function placeInUsersFile(place: Spot): Spot {
  const found = lookUp(place);
  return found === null ? place : { file: filePath(found.url) ?? found.url, line: found.line, column: found.column };
}

/** Null: nothing is known of it. */
function lookUp({ file, line, column }: Spot): { readonly known: Known; readonly source: string; readonly url: string; readonly line: number; readonly column: number } | null {
  const known = mapOf(file);
  const entry = known?.map.findEntry(line - 1, column - 1);
  if (!known || !entry || !("originalSource" in entry) || !entry.originalSource) return null;
  return { known, source: entry.originalSource, url: absolute(entry.originalSource, known), line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

function mapOf(file: string): Known | null {
  let known = maps.get(file);
  if (known === undefined) maps.set(file, (known = readMap(file)));
  return known;
}

function readMap(file: string): Known | null {
  const node = nodeModule<typeof import("node:module")>("node:module");
  const urls = nodeModule<typeof import("node:url")>("node:url");
  if (!node || !urls) return null;
  const module = /^[a-z][a-z+.-]+:/.test(file) ? file : urls.pathToFileURL(file).href;
  const loaded = node.findSourceMap(file);
  if (loaded) return { map: loaded, base: module };
  const named = [...(readUrl(module) ?? "").matchAll(/^\s*\/\/[#@]\s*sourceMappingURL=(\S+)\s*$/gm)].at(-1)?.[1];
  if (named === undefined) return null;
  try {
    const url = new URL(named, module).href;
    const payload = JSON.parse(readUrl(url) ?? "null") as ConstructorParameters<typeof node.SourceMap>[0] | null;
    return payload && { map: new node.SourceMap(payload), base: url.startsWith("data:") ? module : url };
  } catch {
    return null; // a map that is none says nothing
  }
}

function absolute(source: string, { map, base }: Known): string {
  const root = map.payload.sourceRoot;
  try { return new URL(root && !source.startsWith(root) ? `${root.replace(/\/?$/, "/")}${source}` : source, base).href; } catch { return source; }
}

/** The text of a source: in the map, else from its own file. */
function contentOf(source: string, url: string, { map, base }: Known): string | null {
  const { sources, sourcesContent } = map.payload;
  const at = sources.findIndex((s) => s === source || absolute(s, { map, base }) === url);
  return sourcesContent?.[at] ?? readUrl(url);
}
