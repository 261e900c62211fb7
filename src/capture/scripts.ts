// The scripts and modules that functions come from: address, text, and where in the text a function stands.
//
// Before: a function. After: its script's text and the offset of its own text in it, so that its surroundings can be read.
// Cheap sources first: files that are likely (guess.ts), then the address by the engine's list of scripts and the text from disk or from a
// data: address; each accepted only if the function's own text stands in it where the engine says. What was transformed on its way (vitest,
// tsx, Jest) or never was a file (`new Function`, vm) is asked of the debugger.

import { Bindings } from "./bindings.ts";
import { candidateFiles } from "./guess.ts";
import { nodeModule, textOf } from "./host.ts";
import { inspectFunction, scriptSources, scriptUrls, type ScriptPlace } from "./inspector.ts";

export interface Script {
  readonly id: string;
  url: string | null;
  text: string | null;
  /** how many of the sources of texts have been tried */
  tried: number;
  lines?: readonly number[];
  bindings?: Bindings | null;
}

/** Where a function's text starts in its script. */
export interface Position {
  readonly script: Script;
  readonly start: number;
}

/** "cheap" never uses the debugger. */
export type Effort = "cheap" | "full";

const scripts = new Map<string, Script>();
const byUrl = new Map<string, Script>();
const places = new WeakMap<Function, ScriptPlace | null>();
const positions = new WeakMap<Function, Position>();

/** Remembers a function's place: whoever has asked the engine about the function already spares the second question. */
export const rememberPlace = (fn: Function, place: ScriptPlace | null): void => void places.set(fn, place);

export function placeOf(fn: Function): ScriptPlace | null {
  let place = places.get(fn);
  if (place === undefined) places.set(fn, (place = inspectFunction(fn)?.place ?? null));
  return place;
}

export function positionOf(fn: Function, effort: Effort): Position | null {
  const known = positions.get(fn);
  if (known) return known;
  const place = placeOf(fn);
  if (place === null) return null;
  const script = scriptOf(place.scriptId);
  const start = startIn(script, textOf(fn), place, effort);
  if (start < 0) return null;
  const position = { script, start };
  positions.set(fn, position);
  return position;
}

/** The address of the function's script as far as it is known. */
export function scriptUrlOf(fn: Function, effort: Effort): string | null {
  const place = placeOf(fn);
  if (place === null) return null;
  const script = scriptOf(place.scriptId);
  if (script.url === null && effort === "full" && script.tried < sources.length) askDebugger(script);
  return script.url;
}

/** Whether the function is of one of Node's own modules. */
export function isNodes(fn: Function): boolean {
  const place = placeOf(fn);
  if (place === null) return false;
  const script = scriptOf(place.scriptId);
  if (script.url === null && !lookedUp.has(script.id)) {
    lookedUp.add(script.id);
    learn(scriptUrls());
    script.url = urls.get(script.id) ?? null;
  }
  return script.url?.startsWith("node:") === true;
}
const lookedUp = new Set<string>();

function scriptOf(id: string): Script {
  let script = scripts.get(id);
  if (!script) {
    script = { id, url: urls.get(id) ?? null, text: null, tried: 0 };
    scripts.set(id, script);
  }
  return script;
}

/** The addresses of scripts, as far as the engine has told them. */
let urls: ReadonlyMap<string, string> = new Map<string, string>();
const learn = (more: ReadonlyMap<string, string>): void => { urls = new Map([...urls, ...[...more].filter(([, url]) => url !== "")]); };

/** Where a script's text may come from, the cheapest first. The debugger is the last. */
const sources: readonly ((script: Script, text: string, place: ScriptPlace) => void)[] = [
  (script, text, place) => {
    if (script.url !== null) return;
    for (const file of candidateFiles()) {
      const source = readUrl(file);
      if (source === null || !stands(source, text, place)) continue;
      script.url = file;
      setText(script, source);
      return;
    }
  },
  (script) => {
    if (script.text !== null) return; // a guess that fitted another function of the script, and not this one
    if (script.url === null) {
      learn(scriptUrls());
      script.url = urls.get(script.id) ?? null;
    }
    if (script.url !== null) setText(script, readUrl(script.url));
  },
  askDebugger,
];

function startIn(script: Script, text: string, place: ScriptPlace, effort: Effort): number {
  for (;;) {
    const start = script.text === null ? -1 : find(script, text, place);
    if (start >= 0 || script.tried === (effort === "cheap" ? sources.length - 1 : sources.length)) return start;
    sources[script.tried++]!(script, text, place);
  }
}

/** Texts that came with another script's, by id. */
const told = new Map<string, string>();
let asked = 0;

/**
 * Whoever needs a second script needs many, as a rule: what is reached from one of Node's own objects (a stream, a Buffer) leads through a hundred of its
 * modules. These come all at once then: each question alone took 24 ms.
 */
function askDebugger(script: Script): void {
  let text = told.get(script.id) ?? null;
  if (text === null) {
    const more = asked++ > 0;
    const { texts, urls: all } = scriptSources(script.id, (url) => more && url.startsWith("node:"));
    learn(all);
    for (const [id, one] of texts) told.set(id, one);
    text = texts.get(script.id) ?? null;
  }
  told.delete(script.id);
  script.url = urls.get(script.id) ?? script.url;
  setText(script, text);
  script.tried = sources.length;
}

/** Whether the text stands in a source exactly where the engine tells (the place is that of the parameters, or of a class's constructor). */
function stands(source: string, text: string, place: ScriptPlace): boolean {
  let lineStart = 0;
  for (let line = 0; line < place.line; line++) if ((lineStart = source.indexOf("\n", lineStart) + 1) === 0) return false;
  const at = lineStart + place.column;
  const start = source.lastIndexOf(text, at);
  return start >= 0 && start + text.length > at;
}

function setText(script: Script, text: string | null): void {
  script.text = text;
  delete script.lines;
  delete script.bindings;
}

/** Where the function's text stands: around the place that the engine tells, else at its only occurrence. */
function find(script: Script, text: string, place: ScriptPlace): number {
  const source = script.text!;
  const lineStart = (script.lines ??= lineStarts(source))[place.line];
  if (lineStart !== undefined) {
    const at = lineStart + place.column;
    const start = source.lastIndexOf(text, at);
    if (start >= 0 && start + text.length > at) return start;
  }
  // a wrapper that was put before the first line shifts it
  const first = source.indexOf(text);
  return first >= 0 && source.indexOf(text, first + 1) < 0 ? first : -1;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
  return starts;
}

/** Line and column, from 1, of an offset into the script's text. */
export function lineAndColumn(script: Script, offset: number): { line: number; column: number } {
  const starts = (script.lines ??= lineStarts(script.text!));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

/** The script's declarations and assignments; null if its text is unknown or does not parse. */
export const bindingsOf = (script: Script): Bindings | null =>
  (script.bindings !== undefined ? script.bindings : (script.bindings = script.text === null ? null : Bindings.of(script.text)));

/** A module by its address, for following imports; read from disk or from the address itself. */
export function scriptAt(url: string): Script | null {
  let script = byUrl.get(url);
  if (!script) {
    const text = readUrl(url);
    if (text === null) return null;
    script = { id: url, url, text, tried: sources.length };
    byUrl.set(url, script);
  }
  return script;
}

/** The text behind a file: or data: address, or an absolute path. */
export function readUrl(url: string): string | null {
  try {
    if (url.startsWith("data:")) {
      const comma = url.indexOf(",");
      const body = url.slice(comma + 1);
      if (!url.slice(0, comma).endsWith(";base64")) return decodeURIComponent(body);
      const bytes = Uint8Array.from(atob(body), (c) => c.charCodeAt(0));
      return new TextDecoder().decode(bytes);
    }
    const path = filePath(url);
    const fs = nodeModule<typeof import("node:fs")>("node:fs");
    return path !== null && fs !== null ? fs.readFileSync(path, "utf8").replace(/^\uFEFF/, "") : null;
  } catch {
    return null;
  }
}

/** The path of a file: address or of an absolute path (queries dropped); null for what is no file. */
export function filePath(url: string): string | null {
  if (url.startsWith("file://")) {
    const { pathname } = new URL(url);
    const path = decodeURIComponent(pathname);
    return /^\/[A-Za-z]:\//.test(path) ? path.slice(1) : path;
  }
  return /^(\/|[A-Za-z]:[\\/])/.test(url) ? url.replace(/\?.*$/, "") : null;
}
