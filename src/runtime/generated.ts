// An entry as generated code: one function without loops or allocation where a call has only scalars and arrays of the arena.
//
//   function enter(self, a0, a1) {
//     if (!(typeof a1 === "number")) { signal.missed = true; return NaN; }     the plan's steps
//     if (a0 === c0) { p0 = q0; n0 = m0; } else { … }             arrays: the same ones as last time are in their places
//     counts[0] += counts[2];                                 one more call
//     try { r = run(p0, n0, a1); } catch (e) { return caught(…); }
//     return r;
//   }
//
// Values never become text: whatever the code needs of them it gets by name, in an array.

import { unreachable } from "../diagnostic.ts";
import { isUtc } from "../ir/dates.ts";
import type { Shape } from "../ir/interface.ts";
import { caught, place, signal, takenExit, type EntryParts, type Quick } from "./entry.ts";
import type { Outside } from "./outcome.ts";
import type { Plan, Root, Step } from "./plan.ts";
import { makeCounts, type Counts } from "./tally.ts";
import { testCode, type Name } from "./tests.ts";
import { encodedPlace } from "./text.ts";
import { untracked } from "./tracked.ts";
import { isAbsent, isDeletable, isSettable, isUnextended, isUnindexed, isUnlisted, typedName } from "./values.ts";

let serial = 0;

/** The text of an entry, and the values that it names; the program is the first of them. `reset` forgets what the entry knows of earlier calls. */
export interface EntrySource { readonly source: string; readonly state: string; readonly reset: string; readonly title: string; readonly names: readonly string[]; readonly values: readonly unknown[] }

export function entrySource(parts: EntryParts, outside: Outside): EntrySource {
  const { plan, argc } = parts;
  const names: string[] = ["run", "counts", "parts"];
  const values: unknown[] = [parts.run, parts.tally.counts, parts];
  const known = new Map<unknown, string>();
  const name: Name = (value) => {
    // primitives are not looked up: the text must not depend on two of them being equal
    const object = (typeof value === "object" && value !== null) || typeof value === "function";
    const old = object ? known.get(value) : undefined;
    if (old !== undefined) return old;
    const made = `e${names.length}`;
    names.push(made);
    values.push(small(value));
    if (object) known.set(value, made);
    return made;
  };

  const lines: string[] = [];
  const filled = new Set(plan.steps.flatMap((step) => (step.do === "read" || step.do === "part" || step.do === "gather" ? [step.to] : [])));
  plan.roots.forEach((root, i) => { if (!filled.has(i)) lines.push(`const v${i} = ${rootCode(root, name)};`); });
  lines.push(...stepsCode(plan.steps, name));

  const allValues = `[${Array.from({ length: plan.slots }, (_, i) => `v${i}`).join(", ")}]`;
  const arrays = arrayCode(parts, name);
  lines.push(...arrays.lines);
  if (parts.meets !== null) lines.push(`if (${name(parts.meets)}(${allValues})) { ${plan.arrays.length > 0 ? "if (P !== null) P.finish(false); " : ""}${miss} }`);

  lines.push("counts[0] += counts[2];", "let r;");
  lines.push(`try { r = run(${paramCode(plan)}); } catch (error) { return caught(parts, error, ${plan.arrays.length > 0 ? "P" : "null"}); }`);
  if (plan.arrays.length > 0) lines.push("if (P !== null) counts[1] += P.bytes + P.finish(true);");
  lines.push(...exitCode(parts, outside, name, allValues));

  const parameters = ["self", ...Array.from({ length: argc }, (_, i) => `a${i}`)].join(", ");
  return { source: `function enter(${parameters}) {\n  ${lines.join("\n  ")}\n}`, state: arrays.state, reset: arrays.reset, title: parts.title ?? "", names, values };
}

/** A whole number as the engine keeps those of arguments: it compares the two forms it has of them slowly. */
export const small = (value: unknown): unknown => (typeof value === "number" && (value | 0) === value && !Object.is(value, -0) ? value | 0 : value);

/** Ends an entry: the call does not fit. */
const miss = "signal.missed = true; return NaN;";
/** What every entry may use. `nothing` is no argument: an object, since the engine compares objects with objects at no cost. */
const common = { signal, nothing: Object.freeze({}), place, caught };
/** the number keeps the engine from sharing type feedback between entries of equal text */
const head = (): string => `"use strict"; // entry ${++serial}\n`;
const tail = (title: string): string => (title === "" ? "" : `\n//# sourceURL=wasmorph:///entry/${encodedPlace(title)}`);
const make = (names: readonly string[], text: string): ((...values: unknown[]) => unknown) => new Function(...Object.keys(common), ...names, text) as never;

export function generatedEntry(parts: EntryParts, outside: Outside): Quick {
  return generatedFrom(entrySource(parts, outside));
}

/** The entry with its values for good: the engine takes them for constants. */
export function generatedFrom({ source, state, title, names, values }: EntrySource): Quick {
  return make(names, `${head()}${state}\nreturn ${source};${tail(title)}`)(...Object.values(common), ...values) as Quick;
}

export interface SharedForm { readonly enter: Quick; readonly counts: Counts; bind(values: readonly unknown[]): void }

/**
 * The entry with its values still to be set, and set again for another version. What it counts in is its own, and so is `run`, where all
 * versions are called through one function: the engine takes both for constants.
 */
export function sharedForm({ source, state, reset, title, names }: EntrySource, run: EntryParts["run"] | null): SharedForm {
  const counts = makeCounts(), own: Readonly<Record<string, unknown>> = { counts, ...(run === null ? {} : { run }) };
  const set = names.flatMap((name, i) => (name in own ? [] : [{ name, code: `${name} = values[${i}];` }]));
  const text = `${head()}var ${set.map(({ name }) => name).join(", ")};\n${state}\nreturn { counts, enter: ${source}, bind(values) { ${set.map(({ code }) => code).join(" ")} ${reset} } };${tail(title)}`;
  return make(Object.keys(own), text)(...Object.values(common), ...Object.values(own)) as SharedForm;
}

function rootCode(root: Root, name: Name): string {
  switch (root.from) {
    case "self": return "self";
    case "argument": return `a${root.index}`;
    case "tracked": return `${name(untracked)}(${root.index === "this" ? "self" : `a${root.index}`})`;
    case "constant": return name(root.value);
    case "variable": return `${name(root.variable.get)}()`;
    default: return unreachable(root);
  }
}

/** Neighbouring conditions are one: the engine inlines small functions only. */
function stepsCode(steps: readonly Step[], name: Name): string[] {
  const lines: string[] = [];
  let conditions: string[] = [];
  const flush = (): void => {
    if (conditions.length > 0) lines.push(`if (!(${conditions.join(" && ")})) { ${miss} }`);
    conditions = [];
  };
  for (const step of steps) {
    if (step.do !== "read" && step.do !== "part" && step.do !== "gather") { conditions.push(conditionCode(step, name)); continue; }
    flush();
    lines.push(`const v${step.to} = ${step.do === "gather" ? `[${step.from.map((at) => `v${at}`).join(", ")}]` : step.do === "part" ? `${name(step.get)}(v${step.from})` : `v${step.from}${fieldCode(step.key, name)}`};`);
  }
  flush();
  return lines;
}

function conditionCode(step: Exclude<Step, { do: "read" | "part" | "gather" }>, name: Name): string {
  switch (step.do) {
    case "record": return `${name(step.records)}.has(v${step.at})`;
    case "test": return testCode(step.test, `v${step.at}`, name);
    case "pair": return `v${step.a} ${step.same ? "===" : "!=="} v${step.b}`;
    case "absent": return step.plain ? `!(${typeof step.key === "string" ? JSON.stringify(step.key) : name(step.key)} in v${step.at})` : `${name(isAbsent)}(v${step.at}, ${name(step.key)})`;
    case "deletable": return `${name(isDeletable)}(v${step.at}, ${name(step.key)})`;
    case "own": return `${name(Object.hasOwn)}(v${step.at}, ${name(step.key)})`;
    case "notOwn": return `!${name(Object.hasOwn)}(v${step.at}, ${name(step.key)})`;
    // the engine knows of a key that is nowhere on a constant object's prototypes that it is not there
    case "settable": { const key = JSON.stringify(step.key), holder = name(step.prototype); return `(!(${key} in ${holder}) || ${name(isSettable)}(${holder}, ${key}))`; }
    case "unindexed": return `(${name(Array.prototype)}.length === 0 || ${name(isUnindexed)}())`;
    case "missing": return `!(${JSON.stringify(step.key)} in ${name(step.of)})`;
    case "unlisted": return `${name(isUnlisted)}()`;
    case "unextended": return `${name(isUnextended)}()`;
    case "utc": return `${name(isUtc)}()`;
    case "builtin": return `${name(step.holder)}[${name(step.key)}] === ${name(step.original)}`;
    case "ask": return `${name(step.holds)}()`;
    default: return unreachable(step);
  }
}

function paramCode(plan: Plan): string {
  return plan.params.map((param) => {
    switch (param.from) {
      case "number": return `v${param.at}`;
      case "boolean": return `+v${param.at}`;
      case "bigint": return `BigInt.asIntN(64, v${param.at})`;
      case "array": return `p${param.array}, n${param.array}`;
      default: return unreachable(param);
    }
  }).join(", ");
}

/**
 * The arrays' places p0, n0 … and the placement P (null: nothing to finish). Three ways, from fast to slow: the same arrays of the arena
 * as in the last call; arrays that residual JavaScript takes as they are, none written that shares a buffer; the placer.
 */
function arrayCode({ plan, sizes }: EntryParts, name: Name): { state: string; reset: string; lines: string[] } {
  const { arrays } = plan;
  if (arrays.length === 0) return { state: "", reset: "", lines: [] };
  const each = (make: (i: number, at: number) => string): string => arrays.map(({ at }, i) => make(i, at)).join(" ");
  const list = `[${arrays.map(({ at }) => `v${at}`).join(", ")}]`;
  const typed = arrays.every(({ spec }) => spec.as === "typed");
  const last = arrays.map(({ at }, i) => `v${at} === c${i}`).join(" && ");
  const asTheyAre = typed && !plan.protect && arrays.every(({ spec }) => spec.direct && spec.over === undefined);
  const apart = arrays.flatMap(({ at, spec }, i) => arrays.slice(0, i).flatMap((other) => (
    spec.written || other.spec.written ? [`v${at}.buffer !== v${other.at}.buffer`] : []
  )));
  const kinds = arrays.map(({ at, spec }) => `${name(typedName)}(v${at}) === ${name(spec.array)}`);

  const lines = [`let P = null, ${arrays.map((_, i) => `p${i}, n${i}`).join(", ")};`];
  if (typed) lines.push(`if (${last}) { ${each((i) => `p${i} = q${i}; n${i} = m${i};`)} } else`);
  const fits = `${name(sizes)}.fits(${arrays.map(({ at }) => `v${at}.length`).join(" + ")})`;
  if (asTheyAre) lines.push(`if (${[...kinds, ...apart, fits].join(" && ")}) { ${each((i, at) => `p${i} = v${at}; n${i} = v${at}.length;`)} } else`);
  lines.push("{", `  P = place(parts, ${list}); if (P === null) { ${miss} }`, `  ${each((i) => `p${i} = P.params[${2 * i}]; n${i} = P.params[${2 * i + 1}];`)}`);
  if (typed) lines.push(`  if (P.stable) { P = null; ${each((i, at) => `c${i} = v${at}; q${i} = p${i}; m${i} = n${i};`)} }`);
  lines.push("}");
  return {
    state: typed ? `var ${arrays.map((_, i) => `c${i} = nothing, q${i} = 0, m${i} = 0`).join(", ")};` : "",
    reset: typed ? arrays.map((_, i) => `c${i} = nothing;`).join(" ") : "",
    lines,
  };
}

function exitCode(parts: EntryParts, outside: Outside, name: Name, allValues: string): string[] {
  const { plan } = parts;
  if (plan.returns > 1) return severalCode(parts, outside, name, allValues);
  const only = plan.exits.findIndex((exit) => exit.kind === "return");
  const exit = plan.exits[only];
  if (exit === undefined || exit.kind !== "return") return [miss]; // a program that only bails
  const simple = shapeCode(exit.value, outside, name);
  const writes = exit.writes.map((write) => ("touched" in write || "present" in write || "rank" in write || "removed" in write || "contents" in write ? null : shapeCode(write.value, outside, name)));
  if (simple === null || writes.includes(null)) return [`return ${name(parts.conclude[only])}(r, ${allValues});`];
  if (writes.length === 0) return [`return ${simple};`];
  return [
    `const answer = ${simple}, ${writes.map((code, i) => `w${i} = ${code!}`).join(", ")};`,
    ...exit.writes.map((write, i) => ("variable" in write ? `${name(write.variable.set)}(w${i});` : "set" in write ? `${name(write.set)}(v${write.at}, w${i});` : "entries" in write || "contents" in write || "touched" in write ? "" : `v${write.at}${fieldCode(write.key, name)} = w${i};`)),
    "return answer;",
  ];
}

/** Which exit it was is asked; what has a text of its own is made here, the rest by outcome.ts. */
function severalCode({ plan, conclude }: EntryParts, outside: Outside, name: Name, allValues: string): string[] {
  const returns = plan.exits.flatMap((exit, at) => (exit.kind === "return" ? [{ exit, at }] : []));
  const codes = returns.map(({ exit }) => (returns.length > mostReturns || exit.writes.length > 0 ? null : shapeCode(exit.value, outside, name)));
  const own = codes.flatMap((code, i) => (code === null ? [] : [`if (exit === ${returns[i]!.at}) return ${code};`]));
  const last = codes.includes(null) ? `return ${name(conclude)}[exit](r, ${allValues});` : `return ${codes.at(-1)!};`;
  return [`const exit = ${name(takenExit)}(parts);`, ...(codes.includes(null) ? own : own.slice(0, -1)), last];
}

/** a choice of more is made by outcome.ts, which looks it up */
const mostChoices = 4;
/** … and so are values of more returns: the engine inlines small functions only */
const mostReturns = 4;
const isName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key) && key !== "__proto__";
const fieldCode = (key: string | number, name: Name): string => (typeof key === "string" && isName(key) ? `.${key}` : `[${name(key)}]`);

/** The shape as an expression, or null where only outcome.ts can make it. */
function shapeCode(shape: Shape, outside: Outside, name: Name): string | null {
  switch (shape.make) {
    case "const": return shape.value === undefined ? "undefined" : name(shape.value);
    case "result": return shape.as === "boolean" ? "r !== 0" : "r";
    case "slot": {
      const slot = `${name(outside.memory.slots)}[${shape.slot}]`;
      return shape.as === "boolean" ? `${slot} !== 0` : slot;
    }
    case "bigint": {
      const slots = name(outside.memory.slots), value = `BigInt(${slots}[${shape.high}]) << 32n | BigInt(${slots}[${shape.low}] >>> 0)`;
      return shape.unsigned ? `BigInt.asUintN(64, ${value})` : `(${value})`;
    }
    case "input": return `v${outside.slotOf(shape.path)}`;
    case "node": {
      if (shape.bound) return null;
      const found = outside.node(shape.node);
      if (!("slot" in found)) return name(found.value);
      return found.part === null ? `v${found.slot}` : `${name(found.part)}(v${found.slot})`;
    }
    case "object": {
      if (shape.bare || shape.prototype !== -1 || shape.closed || shape.elements || shape.attributes) return null;
      const fields = shape.fields.map(([key, value, present]) => (isName(key) && present === undefined ? [key, shapeCode(value, outside, name)] : null));
      return fields.some((field) => field === null || field[1] === null) ? null : `({ ${fields.map((field) => field!.join(": ")).join(", ")} })`;
    }
    case "array": {
      if (shape.closed || shape.named || shape.prototype !== undefined) return null;
      const items = shape.items.map((item) => item && shapeCode(item, outside, name));
      return items.includes(null) ? null : `[${items.join(", ")}]`;
    }
    case "choice": {
      if (shape.of.length > mostChoices) return null;
      const choices = shape.of.map((one) => shapeCode(one, outside, name));
      if (choices.includes(null)) return null;
      const chosen = `${name(outside.memory.slots)}[${shape.slot}]`;
      return `(${choices.slice(0, -1).map((code, i) => `${chosen} === ${i} ? ${code!} : `).join("")}${choices.at(-1)!})`;
    }
    case "text": case "element": case "row": case "view": case "part": case "buffer": case "date": case "dataView": case "typed": case "memory": case "heap": case "keyed": case "again": case "string": case "function": case "error": return null;
    default: return unreachable(shape);
  }
}
