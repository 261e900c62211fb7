// Puts a source map into a module itself, as a data: address in its section "sourceMappingURL": debuggers then need no other file.
//
// Before: a module whose section names a file that does not exist. After: the same with the map in it; sources are addresses that can be opened, or
// come along as text where the kernel has no file. Binary format: WebAssembly core specification, 5.5.

import type { SourceText } from "../diagnostic.ts";

const sectionName = "sourceMappingURL";

export function withSourceMap(bytes: Uint8Array, map: string, { file, text }: SourceText): Uint8Array {
  const { sources, ...rest } = JSON.parse(map) as { sources: string[] };
  const embedded = { ...rest, sources: file === null ? sources : sources.map(addressOf), ...(file === null ? { sourcesContent: sources.map(() => text) } : {}) };
  return withSection(bytes, `data:application/json;base64,${base64(JSON.stringify(embedded))}`);
}

/** Paths as addresses; what is one stays. */
const addressOf = (path: string): string =>
  (/^[a-z][a-z\d+.-]+:/i.test(path) ? path : `file://${path.startsWith("/") ? "" : "/"}${encodeURI(path.replaceAll("\\", "/"))}`);

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

function withSection(bytes: Uint8Array, url: string): Uint8Array {
  const kept: Uint8Array[] = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const [size, start] = readLeb(bytes, at + 1);
    const end = start + size;
    if (bytes[at] !== 0 || nameAt(bytes, start) !== sectionName) kept.push(bytes.subarray(at, end));
    at = end;
  }
  const content = [...nameOf(sectionName), ...nameOf(url)];
  kept.push(Uint8Array.from([0, ...leb(content.length), ...content]));
  const joined = new Uint8Array(kept.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of kept) { joined.set(part, at); at += part.length; }
  return joined;
}

function readLeb(bytes: Uint8Array, from: number): readonly [value: number, end: number] {
  let value = 0, at = from;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]!;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return [value, at];
  }
}
const leb = (n: number): number[] => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...leb(n >>> 7)]);
const nameOf = (text: string): number[] => { const bytes = new TextEncoder().encode(text); return [...leb(bytes.length), ...bytes]; };
function nameAt(bytes: Uint8Array, at: number): string {
  const [size, start] = readLeb(bytes, at);
  return new TextDecoder().decode(bytes.subarray(start, start + size));
}
