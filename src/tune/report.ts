// A tuning report as text.

import { settingName } from "./knobs.ts";
import type { TuneReport, TuneRow } from "./tune.ts";

/** Nanoseconds as a person reads them. */
export function duration(ns: number): string {
  if (ns < 1e3) return `${ns.toFixed(1)} ns`;
  return ns < 1e6 ? `${(ns / 1e3).toFixed(2)} µs` : `${(ns / 1e6).toFixed(2)} ms`;
}

/** Rows of text as columns; the first is set left, the others right, under a rule. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ").trimEnd();
  return [line(header), widths.map((width) => "─".repeat(width)).join("──"), ...rows.map(line)].join("\n");
}

export function tuneText({ rows, best }: TuneReport): string {
  const original = rows.find(({ name }) => name === "original")?.timing ?? null;
  const cells = ({ name, check, bytes, compileMs, timing }: TuneRow): string[] => [
    name,
    check,
    bytes === null ? "" : String(bytes),
    compileMs === null ? "" : compileMs.toFixed(1),
    timing === null ? "" : duration(timing.median),
    timing === null ? "" : `${duration(timing.lower)} – ${duration(timing.upper)}`,
    timing === null || original === null ? "" : `${(original.median / timing.median).toFixed(2)} ×`,
  ];
  const text = table(["setting", "check", "bytes", "compile ms", "a call", "quartiles", "to original"], rows.map(cells));
  return `${text}\n\n${best === null ? "no setting gave a right module" : `best: ${settingName(best)}`}`;
}
