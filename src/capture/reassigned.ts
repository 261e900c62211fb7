// Is a captured variable ever assigned again?
//
// Before: a function, the name of one of its free variables, the value that the variable has now. After: "constant" (nothing can assign it
// any more), "variable" (something may), or "unknown" (the script's text can't be had).
//
// A variable without any write is constant; so is one all of whose writes lie behind us, which is known when
//   (a) the write happens only while the variable is empty, and it is not: `x || (x = …)`, `if (!x) x = …`, what compilers make of enums;
//   (b) it started as undefined, is no longer, and its one write can happen only once;
//   (c) all writes stand before the place where the closure is made, in the same function, outside loops that reach the closure.
// Anything else is taken for a variable. Imports are followed to the exporting module where its address is relative.
// Known limit: a binding imported from a package by name is taken for constant (`export let` in packages, seen through `import {x}`).

import type { Binding, Bindings, ScopeNode, Write } from "./bindings.ts";
import type { ScopeType } from "./inspector.ts";
import { plainlyConstant } from "./plain.ts";
import { bindingsOf, positionOf, scriptAt, type Effort, type Script } from "./scripts.ts";
import { textOf } from "./host.ts";

export interface Verdict {
  readonly verdict: "constant" | "variable" | "unknown";
  readonly kind: Binding["kind"] | null;
  /** not initialised yet, perhaps: its declaration gives it a value, and it has none */
  readonly uninitialised: boolean;
}

const verdict = (of: Verdict["verdict"], kind: Verdict["kind"] = null, uninitialised = false): Verdict => ({ verdict: of, kind, uninitialised });

/** Texts longer than this are looked through (plain.ts) before they are parsed. */
const worthLooking = 8_000;

export function judge(fn: Function, name: string, value: unknown, scopeType: ScopeType, effort: Effort): Verdict {
  const position = positionOf(fn, effort);
  if (!position) return verdict("unknown");
  const { text, bindings: parsed } = position.script;
  if (parsed === undefined && value !== undefined && text!.length > worthLooking && scopeType !== "script"
    && !(scopeType === "closure" && /\barguments\b/.test(text!)) && plainlyConstant(text!, name)) return verdict("constant");
  const bindings = bindingsOf(position.script);
  if (!bindings) return verdict("unknown");
  const start = position.start;
  const end = start + textOf(fn).length;
  const scope = bindings.around(start, end);
  // A name that the text does not declare is a parameter of a wrapper around it (CommonJS' exports, require …) that nothing assigns.
  const binding = bindings.lookup(scope, name);
  if (!binding) return verdict("constant");
  const uninitialised = value === undefined && binding.initialised && ["const", "let", "class", "import"].includes(binding.kind);
  if (binding.kind === "import") return verdict(importedIsReassigned(position.script, binding.from!, 0) ? "variable" : "constant", "import", uninitialised);
  return verdict(stillWritable(bindings, binding, value, start, end) ? "variable" : "constant", binding.kind, uninitialised);
}

/** Whether the function is a function expression whose own name is `name`. */
export function isOwnName(fn: Function, name: string, effort: Effort): boolean {
  const position = positionOf(fn, effort);
  const bindings = position && bindingsOf(position.script);
  return bindings ? bindings.named.get(position.start) === name : false;
}

function stillWritable(bindings: Bindings, binding: Binding, value: unknown, start: number, end: number): boolean {
  if (binding.kind === "const" || binding.kind === "self") return false;
  if (binding.scope.evaluates) return true;
  const open = binding.writes.filter((write) => !guardedByValue(write, value) && !(write.update && !(write.update.start <= start && start < write.update.end)));
  if (open.length === 0) return false;
  if (open.length === 1 && !binding.initialised && value !== undefined && !open[0]!.nested && !open[0]!.looped) return false;
  const made = madeAt(bindings, binding.scope, start, end);
  return made === null || open.some((write) => write.nested || write.settled > made);
}

function guardedByValue(write: Write, value: unknown): boolean {
  if (write.guard === null || write.guard.writes !== 1) return false;
  return write.guard.when === "falsy" ? Boolean(value) : value !== undefined && value !== null;
}

/**
 * The offset at which the closure [start, end), or the function around it that stands directly in the binding's own function, comes into
 * being; null for function declarations, which exist from the beginning.
 */
function madeAt(bindings: Bindings, scope: ScopeNode, start: number, end: number): number | null {
  let outermost: ScopeNode | null = null;
  for (let s: ScopeNode | null = bindings.around(start, end); s && s.fn !== scope.fn; s = s.parent) if (s.fn === s) outermost = s;
  outermost ??= ownScope(bindings.around(start, end), start, end);
  if (outermost === null) return start;
  return outermost.hoisted ? null : Math.min(outermost.start, start);
}

function ownScope(around: ScopeNode, start: number, end: number): ScopeNode | null {
  for (let scope: ScopeNode | undefined = around.children.find((c) => c.start >= start && c.end <= end); scope; scope = scope.children[0]) if (scope.fn === scope) return scope;
  return null;
}

/** Whether the module that an import names may assign the exported variable. */
function importedIsReassigned(importer: Script, from: { readonly source: string; readonly name: string }, depth: number): boolean {
  if (from.name === "*" || depth > 8 || importer.url === null || !/^(\.|file:|data:)/.test(from.source)) return false;
  let exporter: Script | null = null;
  try {
    exporter = scriptAt(new URL(from.source, importer.url).href);
  } catch {
    // an address relative to one that is no base, such as a data: module's
  }
  const bindings = exporter && bindingsOf(exporter);
  if (!bindings) return false;
  const exported = bindings.exports.get(from.name);
  if (!exported) return bindings.stars.some((source) => importedIsReassigned(exporter!, { source, name: from.name }, depth + 1));
  if (exported.source !== null) return importedIsReassigned(exporter!, { source: exported.source, name: exported.name }, depth + 1);
  const binding = exported.local === null ? null : bindings.lookup(bindings.root, exported.local);
  if (!binding) return false;
  if (binding.kind === "import") return importedIsReassigned(exporter!, binding.from!, depth + 1);
  return binding.kind !== "const" && binding.writes.some((write) => write.nested || write.looped || binding.initialised);
}
