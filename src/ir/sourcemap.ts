// Source maps: from the lines of a text to where they come from, and how what was made carries its map. The format: ECMA-426.

import type { SourceText } from "../diagnostic.ts";
import type { Place } from "./types.ts";

/** One segment for each line that has a place, `before` lines without one first. `text`: what the places count in. */
export function sourceMapOf(places: readonly (Place | undefined)[], text: SourceText, before: number): string {
  let line = 0, column = 0;
  const lines = places.map((place) => {
    if (place === undefined) return "";
    const toLine = text.line + place.line - 2, toColumn = (place.line === 1 ? text.column - 1 : 0) + place.column - 1;
    const segment = [0, 0, toLine - line, toColumn - column].map(digitsOf).join("");
    [line, column] = [toLine, toColumn];
    return segment;
  });
  return JSON.stringify({ version: 3, sources: [text.file ?? "kernel.js"], names: [], mappings: `${";".repeat(before)}${lines.join(";")}` });
}

const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/** Five bits each, the lowest first; the lowest of all is the sign. */
function digitsOf(number: number): string {
  let rest = number < 0 ? -number * 2 + 1 : number * 2, text = "";
  do {
    text += digits[(rest & 31) + (rest > 31 ? 32 : 0)]!;
    rest = Math.floor(rest / 32);
  } while (rest > 0);
  return text;
}

/** The map as the `data:` address that stands for it. */
export function mapAddress(map: string, { file, text }: SourceText): string {
  const { sources, ...rest } = JSON.parse(map) as { sources: string[] };
  const embedded = { ...rest, sources: file === null ? sources : sources.map(addressOf), ...(file === null ? { sourcesContent: sources.map(() => text) } : {}) };
  return `data:application/json;base64,${base64(JSON.stringify(embedded))}`;
}

/** Paths as addresses; what is one stays. */
const addressOf = (path: string): string =>
  (/^[a-z][a-z\d+.-]+:/i.test(path) ? path : `file://${path.startsWith("/") ? "" : "/"}${encodeURI(path.replaceAll("\\", "/"))}`);

function base64(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}
