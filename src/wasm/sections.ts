// Custom sections of a finished module: its own name, and its source map, as a data: address in its section "sourceMappingURL": debuggers then
// need no other file.
//
// Before: a module whose section names a file that does not exist. After: the same with the map in it; sources are addresses that can be opened, or
// come along as text where the kernel has no file. Binary format: WebAssembly core specification, 5.5.

import type { SourceText } from "../diagnostic.ts";
import { mapAddress } from "../ir/sourcemap.ts";

const sectionName = "sourceMappingURL";

export const withSourceMap = (bytes: Uint8Array, map: string, text: SourceText): Uint8Array => withSection(bytes, mapAddress(map, text));

/** The name of the module, into the section of names that it has: subsection 0, before all others. */
export function withModuleName(bytes: Uint8Array, name: string): Uint8Array {
  const own = nameOf(name), subsection = [0, ...leb(own.length), ...own];
  return rewritten(bytes, (section, content) => (section === "name" ? [[...nameOf("name"), ...subsection], content] : undefined));
}

function withSection(bytes: Uint8Array, url: string): Uint8Array {
  const kept = rewritten(bytes, (section) => (section === sectionName ? [] : undefined));
  const content = [...nameOf(sectionName), ...nameOf(url)];
  return joined([kept, [0, ...leb(content.length), ...content]]);
}

type Bytes = ArrayLike<number>;

/** The module with some of its custom sections replaced: by their new parts, their names included; by nothing where there are none. Undefined keeps one. */
function rewritten(bytes: Uint8Array, replace: (section: string, content: Uint8Array) => readonly Bytes[] | undefined): Uint8Array {
  const kept: Bytes[] = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length;) {
    const [size, start] = readLeb(bytes, at + 1);
    const end = start + size;
    const parts = bytes[at] === 0 ? replace(nameAt(bytes, start), bytes.subarray(endOfName(bytes, start), end)) : undefined;
    if (parts === undefined) kept.push(bytes.subarray(at, end));
    else if (parts.length > 0) kept.push([0, ...leb(parts.reduce((sum, { length }) => sum + length, 0))], ...parts);
    at = end;
  }
  return joined(kept);
}

function joined(parts: readonly Bytes[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
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
function endOfName(bytes: Uint8Array, at: number): number {
  const [size, start] = readLeb(bytes, at);
  return start + size;
}
function nameAt(bytes: Uint8Array, at: number): string {
  const [size, start] = readLeb(bytes, at);
  return new TextDecoder().decode(bytes.subarray(start, start + size));
}
