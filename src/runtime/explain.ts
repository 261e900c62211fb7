// Why things are as they are, in prose: who serves, what became of each line of the source, what was counted before and after, which tables
// were made and by which rule, and the reason of every refusal. Made when somebody asks: partial evaluation is then done once more, recorded.

import type { FunctionFacts, LineFacts, Residual, Told } from "../compile.ts";
import type { Kernel } from "./kernel.ts";
import { relaxedSimd } from "../wasm/instantiate.ts";
import { signatureOf, type Version } from "./version.ts";

export interface Calls { readonly original: number; readonly js: number; readonly wasm: number }

export function explain(kernel: Kernel, version: Version | null, calls: Calls): string {
  const slow = kernel.slow.map(({ root, keys }) => [root === "this" ? "this" : kernel.parameters.names?.[root] || `argument ${root}`, ...keys].join("."));
  const where = kernel.code.file === null ? "" : ` (${kernel.code.file}:${kernel.code.line})`;
  const lines = [
    `${kernel.name}${where}: ${slow.length === 0 ? "no parameter is slow; captured values are compiled in" : `slow: ${slow.join(", ")}`}.`,
    `Calls so far: ${calls.original} by the original, ${calls.js} by residual JavaScript, ${calls.wasm} by WebAssembly.`,
  ];
  if (version === null) lines.push(noVersionText(kernel));
  else lines.push(...versionText(kernel, version));
  for (const { kind, message, hint, line, column, frame } of kernel.teller.shown()) {
    lines.push(`${kind} ${line}:${column}: ${message}${hint ? `. ${hint}` : ""}`, ...(frame === "" || kind === "Note" ? [] : [frame]));
  }
  return lines.join("\n");
}

function noVersionText({ making, options }: Kernel): string {
  if (!making.isBusy) return "There is no version: the original serves.";
  return `A version is being made: until it is there the original serves.${options.compile === "sync" ? " It would have been made within the call after `await ready()`, which loads the compiler." : ""}`;
}

function versionText(kernel: Kernel, version: Version): string[] {
  const { residual } = version;
  const switches = Object.entries(kernel.options.relax).filter(([, on]) => on).map(([name]) => name);
  const lines = [
    `The version for ${signatureOf(version)} has ${residual.operations} operations and was made in ${version.compileMs.toFixed(1)} ms. ${servingText(version)}`,
    switches.length === 0 ? "Results are bit-exact." : `Results may differ in the last bits: relax ${switches.join(", ")}.`,
    ...(kernel.options.relax.fma && !relaxedSimd() ? ["This host has no relaxed SIMD: with relax.fma, too, products and sums are rounded apart."] : []),
  ];
  const told = toldOf(residual);
  if (told === null) return lines;
  lines.push("", ...countsText(told, residual), "", ...told.functions.flatMap((f, i) => functionText(f, i === 0 ? loopTexts(residual) : new Map())));
  lines.push(`Every change is in inspect().log: ${residual.log.length} lines of \`file:line:column  pass  before → after  reason\`.`, "");
  return lines;
}

/** Null: what was recorded can't be had again, an object of the snapshot being gone. */
function toldOf(residual: Residual): Told | null {
  try { return residual.told(); } catch { return null; }
}

/** Operations before and after. */
function countsText(told: Told, residual: Residual): string[] {
  const after = (pass: string): number | undefined => residual.stages.find((stage) => stage.pass === pass)?.operations;
  const checks = residual.stages.flatMap((stage) => stage.changes ?? []).filter(({ pass }) => pass.startsWith("checks")).reduce((n, { times }) => n + times, 0);
  const gone = told.functions.reduce((n, { lines }) => n + [...lines.values()].reduce((m, l) => m + l.static, 0), 0);
  return [
    `Specialization walked ${told.walked} operations of the source (an unrolled one counts each time); ${gone} of them depend on slow values only and are gone.`,
    `It wrote ${after("evaluate")} operations, of which ${residual.operations} are left after the passes${checks > 0 ? `; ${checks === 1 ? "one condition was" : `${checks} conditions, bounds checks above all, were`} proved and removed` : ""}.`,
  ];
}

function loopTexts({ loops }: Residual): ReadonlyMap<number, string> {
  return new Map(loops.map(({ line, lanes, why }) => [line, lanes > 1 ? `vectorized ×${lanes}` : `not vectorized${why ? `: ${why}` : ""}`]));
}

const columns = 14;
/** The source of a function, each line with what became of it. */
function functionText({ code, name, lines }: FunctionFacts, loops: ReadonlyMap<number, string>): string[] {
  const text = code.text.split("\n");
  const width = String(code.line + text.length - 1).length;
  const margin = indentOf(text);
  const out = [`${name || "the function"}${code.file === null ? "" : `, ${code.file}:${code.line}`}`];
  text.forEach((source, i) => {
    const facts = lines.get(i + 1), number = code.line + i;
    const shown = i === 0 ? source : source.slice(margin);
    out.push(`${bindingTime(facts, source).padEnd(columns)} ${String(number).padStart(width)} | ${shown}`.trimEnd());
    const indent = `${" ".repeat(columns)} ${" ".repeat(width)} |   ${/^\s*/.exec(shown)![0]}`;
    const loop = loops.get(number);
    for (const remark of [...(facts?.remarks ?? []), ...(loop === undefined ? [] : [loop])]) out.push(`${indent}^ ${remark}`);
  });
  out.push("");
  return out;
}

/** What all lines but the first are indented by. */
const indentOf = (text: readonly string[]): number => Math.min(...text.slice(1).filter((line) => line.trim() !== "").map((line) => /^\s*/.exec(line)![0].length), 80);

/** a line with more than a comment, braces and `else` */
const says = (source: string): boolean => /\w/.test(source.replace(/\/\/.*|\/\*.*?\*\/|\belse\b/g, ""));

function bindingTime(facts: LineFacts | undefined, source: string): string {
  if (facts?.walked === 0 && facts.dropped && says(source)) return "dropped";
  if (!facts || (facts.walked === 0 && facts.instructions === 0)) return "";
  if (facts.walked === 0) return "dropped";
  const times = facts.instructions > 0 ? Math.round(facts.walked / facts.instructions) : 1;
  const often = times > 1 ? ` ×${times}` : "";
  if (facts.static === facts.walked) return `static${often}`;
  return `${facts.static === 0 ? "dynamic" : "partly"}${often}`;
}

function servingText(version: Version): string {
  switch (version.serving) {
    case "original": return "It was measured to be no faster than the original, which serves.";
    case "measuring": return "Which tier is fastest is being measured.";
    case "js": return "Residual JavaScript serves.";
    case "wasm": return "WebAssembly serves.";
  }
}
