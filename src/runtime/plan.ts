// The one description of a version's entry, from which both of its forms are made (generated.ts, closures.ts): what is read of a call's
// values, what is tested, what the machine's parameters are, how each outcome becomes a JavaScript value.
//
// Values live in numbered slots (paths.ts): the roots (`this`, arguments, captured objects) first, then every field on the way to a path that
// anything asks for, parents before children. Reading a field never runs the user's code: its holder is solid (an object, no Proxy) and
// the field is plain data, else the call does not fit. What leaves the kernel is read as the caller's own code would read it: a part of a
// tracked value through its Proxy, so that whoever edits it is noticed; what is written goes through it too.

import { unreachable } from "../diagnostic.ts";
import { timeKey } from "../ir/dates.ts";
import { codeOf } from "../ir/fields.ts";
import type { BigIntRange, Exit, Expect, HeapClass, Input, Path, RareCase, Shape } from "../ir/interface.ts";
import { keyBehind } from "../capture/symbols.ts";
import { formOfEntries, type KeyedForm } from "../ir/keyed.ts";
import { linkedKey } from "../ir/within.ts";
import { isNodeRef, NodeRef } from "../ir/snapshot.ts";
import type { Primitive, ProgramHead } from "../ir/types.ts";
import { isProxy } from "../capture/host.ts";
import { privateField } from "../capture/privates.ts";
import type { Column } from "./columns.ts";
import { keepsNames } from "./indexed.ts";
import { nameOf, Paths } from "./paths.ts";
import type { ArraySpec } from "./place.ts";
import { Records } from "./values.ts";
import { arrayReader } from "./within.ts";

export type Test =
  | { readonly is: "number" | "int32" | "boolean" | "string" | BigIntRange | "solid" | "date" }
  | { readonly is: "value"; readonly value: Primitive }
  | { readonly is: "prototype"; readonly prototype: object | null }
  | { readonly is: "length"; readonly length: number }
  | { readonly is: "keys"; readonly keys: readonly string[]; readonly each: boolean }
  /** what it (`each`, if not 0: every array that many levels down in it) has under the key is its prototype's: that one, or where it is null the engine's own */
  | { readonly is: "inherited"; readonly key: string | symbol; readonly prototype: object | null; readonly each: number }
  /** its length and elements may be changed */
  | { readonly is: "resizable" }
  /** it (`each`, if not 0: every array that many levels down in it) has nothing that for-in comes to beside its elements */
  | { readonly is: "unnamed"; readonly each: number }
  /** a typed array, over an ArrayBuffer */
  | { readonly is: "unshared" }
  /** an array whose objects have no such field of their own */
  | { readonly is: "lacking"; readonly within: readonly string[]; readonly field: string }
  /** a slow value, compared as `watch` says */
  | { readonly is: "accepted"; readonly accepts: (live: unknown) => boolean };

export type Step =
  /** an object whose fields are plain data, to be read and written */
  | { readonly do: "record"; readonly at: number; readonly keys: readonly (string | number)[]; readonly written: readonly (string | number)[]; readonly records: Records }
  | { readonly do: "read"; readonly from: number; readonly key: string | number; readonly to: number }
  /** what is no property of it: the time of a Date, a private field, the entries of a table */
  | { readonly do: "part"; readonly from: number; readonly to: number; readonly get: (holder: object) => unknown }
  /** a list of values */
  | { readonly do: "gather"; readonly from: readonly number[]; readonly to: number }
  | { readonly do: "test"; readonly at: number; readonly test: Test }
  | { readonly do: "pair"; readonly a: number; readonly b: number; readonly same: boolean }
  /** `plain`: its prototype is Object.prototype, or there is none, as was tested before, so that `in` runs no trap of a Proxy */
  | { readonly do: "absent"; readonly at: number; readonly key: PropertyKey; readonly plain: boolean }
  | { readonly do: "notOwn" | "own" | "deletable"; readonly at: number; readonly key: PropertyKey }
  | { readonly do: "settable"; readonly prototype: object; readonly key: string }
  | { readonly do: "missing"; readonly of: object; readonly key: string }
  | { readonly do: "unindexed" | "unextended" | "unlisted" }
  /** local time is UTC */
  | { readonly do: "utc" }
  /** the built-in `holder[key]` is still the engine's */
  | { readonly do: "builtin"; readonly holder: object; readonly key: PropertyKey; readonly original: unknown }
  | { readonly do: "ask"; readonly holds: () => boolean };

/** Where a root's value comes from. */
export type Root =
  | { readonly from: "self" }
  | { readonly from: "argument"; readonly index: number }
  /** a tracked argument: what its Proxy stands for */
  | { readonly from: "tracked"; readonly index: number | "this" }
  | { readonly from: "constant"; readonly value: unknown }
  /** a captured variable */
  | { readonly from: "variable"; readonly variable: Variable };

/** How a captured variable is read and written. Reading never throws: what it gives then is a value that no test takes. */
export interface Variable { readonly get: () => unknown; readonly set: (value: unknown) => void }

export type Param =
  | { readonly from: "number"; readonly at: number }
  | { readonly from: "boolean"; readonly at: number }
  | { readonly from: "bigint"; readonly at: number }
  /** arrays give two parameters: place and length */
  | { readonly from: "array"; readonly array: number };

/** Into a field of the object in slot `at`, or into a captured variable. */
export type WritePlan =
  /** the contents of the list in slot \`at\` */
  | { readonly at: number; readonly value: Shape; readonly contents: true; /** nothing in memory that it leads to is written */ readonly unchanged?: true; /** of what stands there at entry, where that lies in memory too */ readonly classes: readonly HeapClass[]; /** the slot of the object whose elements the list was made of */ readonly into?: { readonly at: number } }
  /** the entries of the table in slot `holder`, which had those in slot `at` */
  | { readonly at: number; readonly value: Shape & { readonly make: "keyed" }; readonly entries: KeyedForm; readonly holder: number; /** of what stands there at entry */ readonly classes: readonly HeapClass[] }
  | { readonly at: number; readonly key: string | number; readonly value: Shape; readonly present?: number; readonly rank?: number; readonly removed?: true }
  /** a private field */
  | { readonly at: number; readonly set: (holder: object, value: unknown) => void; readonly value: Shape }
  | { readonly variable: Variable; readonly value: Shape }
  /** nothing: arrays inside of the tracked value there were written in place */
  | { readonly touched: number; readonly value: Shape };
export type ExitPlan =
  | { readonly kind: "return"; readonly value: Shape; readonly writes: readonly WritePlan[] }
  | { readonly kind: "bail"; readonly reason: string; readonly rare?: RareCase };

/** Which parts a value has: those of the snapshot's, to which it was just found equal; the same as far as a function of the user's is right; not known. */
export type Parts = "equal" | "trusted" | "unknown";
export interface Static { readonly at: number; /** found by itself, not in a call's values */ readonly captured: boolean; readonly ref: NodeRef; /** the slot of what leaves the kernel for it */ readonly given: number; readonly parts: Parts }

/** A slow value whose slot is known. */
interface Found extends Omit<Static, "given"> { readonly path: Path }

export interface Plan {
  readonly roots: readonly Root[];
  readonly steps: readonly Step[];
  readonly slots: number;
  readonly params: readonly Param[];
  readonly arrays: readonly { readonly at: number; readonly spec: ArraySpec }[];
  /** slow and captured values in force: their slots and the nodes that they equal. No written array or object may be part of one */
  readonly statics: readonly Static[];
  /** captured objects that are inputs: what of them is compiled in is not their contents */
  readonly inputNodes: readonly number[];
  /** slots of the objects that an exit writes */
  readonly writtenObjects: readonly number[];
  /** what stands behind the call's objects as their prototypes, as far as the program may have taken something from there */
  readonly prototypes: readonly object[];
  /** objects that an array holds, or that those hold in these fields, and nodes of slow and captured values that none of them is */
  readonly apart: readonly { readonly at: number; readonly within: readonly string[]; readonly nodes: ReadonlySet<number> }[];
  /** the captured variables that an exit writes */
  readonly writtenVariables: readonly Variable[];
  readonly exits: readonly ExitPlan[];
  /** exits 0… of kind return: with more than one, the status word says which was taken */
  readonly returns: number;
  /** the program may bail after it has written: written arrays are copies until it returns */
  readonly protect: boolean;
  /** the program draws random numbers: its runs can't be compared */
  readonly draws: boolean;
  slotOf(path: Path): number;
}

/** What the plan asks of the one who makes it. */
export interface Surroundings {
  root(root: Path["root"]): Root;
  /** the live object behind a node */
  live(node: number): object;
  /** a slow value's test, or null where it is not to be tested (handles) */
  accepts(path: Path, value: NodeRef): ((live: unknown) => boolean) | null;
  /** what that test says of the value's parts */
  parts(path: Path): Parts;
  /** does the captured object still have the contents that were compiled in? null: not tested */
  unchanged(node: number): (() => boolean) | null;
  /** Keeps these nodes' identities, beside their contents. What is to be asked of several slow values together, in these slots: null where each answers for itself. */
  identify(nodes: ReadonlySet<number>, statics: readonly Omit<Static, "given">[]): { readonly at: readonly number[]; readonly share: (lives: unknown) => boolean } | null;
  builtin(name: string): { readonly holder: object; readonly key: PropertyKey; readonly original: unknown } | null;
  /** asks whether an object behind a node has under a key what it had */
  member(node: number, key: string): Step;
  /** whether the object behind a node has the prototype that it had */
  behind(node: number): () => boolean;
  /** is residual JavaScript given input i's array itself? */
  direct(input: number): boolean;
}

export function makePlan(program: ProgramHead, expects: readonly Expect[], around: Surroundings): Plan {
  const paths = new Paths(around);
  const params: Param[] = [];
  const arrays: { at: number; spec: ArraySpec }[] = [];
  const statics: Found[] = [];
  const late: Step[] = []; // dear tests come after the cheap ones

  program.inputs.forEach((input, i) => params.push(paramOf(input, around.direct(i), paths, around, arrays)));
  // a captured array that is an input is copied in anew for every call: its contents are not what was compiled in
  const readAnew = new Set(program.inputs.flatMap(({ as, path }) => (typeof path.root === "object" && path.root.variable === undefined && (path.keys.length === 0 || arrayReader(path.keys[0]!) !== undefined) && (as === "typed" || as === "numbers" || as === "list") ? [path.root.node] : [])));
  for (const expect of expects) {
    if (expect.expect !== "unchanged" || !readAnew.has(expect.node)) expectation(expect, paths, around, statics, late);
  }

  const touches = writtenTracked(program, paths);
  const writtenObjects: number[] = [];
  const exits = program.exits.map((exit): ExitPlan => {
    if (exit.kind === "bail") return exit;
    askForShape(exit.value, paths);
    const writes = exit.writes.map(({ path, value, contents, entries, present, rank, removed, unchanged }): WritePlan => {
      askForShape(value, paths);
      if (entries) {
        const { root, keys } = path, table = { root, keys: keys.slice(0, -1) }, holder = paths.slot(table);
        if (!writtenObjects.includes(holder)) writtenObjects.push(holder);
        return { at: paths.slot(path), value: value as Shape & { make: "keyed" }, entries: formOfEntries(keys.at(-1)!)!, holder: paths.given(table), classes: classesOf(program, path) };
      }
      if (contents) {
        const at = paths.slot(path), into = paths.holderOf(path, writtenObjects);
        if (into) return { at, value, contents, classes: [], into };
        if (!(unchanged && path.keys.at(-1) !== linkedKey) && !writtenObjects.includes(at)) writtenObjects.push(at);
        const classes = classesIn(program, path), given = path.keys.at(-1) === linkedKey ? at : paths.given(path);
        if (classes.length > 0 && given !== at) paths.test(at, { is: "accepted", accepts: () => false }); // what became of parts of a tracked value would not be noticed
        return { at: given, value, contents, classes, ...(unchanged ? { unchanged } : {}) };
      }
      const key = path.keys.at(-1);
      if (key === undefined) return { variable: paths.variable(path.root), value };
      const holder = { root: path.root, keys: path.keys.slice(0, -1) }, at = paths.slot(holder);
      const field = privateField(String(key));
      if (field) paths.slot(path); // it is there
      else paths.write(at, key);
      if (!writtenObjects.includes(at)) writtenObjects.push(at);
      return field ? { at: paths.given(holder), set: field.set, value } : { at: paths.given(holder), key, value, ...(present === undefined ? {} : { present }), ...(rank === undefined ? {} : { rank }), ...(removed ? { removed } : {}) };
    });
    return { kind: "return", value: exit.value, writes: [...writes, ...touches] };
  });

  const given = statics.map(({ path, ...one }): Static => {
    const place = one.captured ? (paths.elsewhere.get(one.ref.node) ?? path) : path;
    return { ...one, given: paths.leaving.size > 0 ? paths.given(place) : one.at };
  });
  const identities = new Set([...paths.leaving, ...expects.flatMap((expect) => (expect.expect === "identity" ? [expect.node] : []))]), joint = identities.size > 0 ? around.identify(identities, statics) : null;
  if (joint) {
    const gather = paths.list(joint.at);
    late.push(gather, { do: "test", at: gather.to, test: { is: "accepted", accepts: joint.share } });
  }
  paths.keepApart(writtenObjects);
  const apart = keptApart(expects, paths);
  const prototypes = keepFromPrototypes(expects, arrays, paths, around, writtenObjects);
  const writtenVariables = new Set(exits.flatMap((exit) => (exit.kind === "return" ? exit.writes.flatMap((write) => ("variable" in write ? [write.variable] : [])) : [])));

  return {
    roots: paths.roots, steps: [...paths.withRecords(), ...late], slots: paths.count, params, arrays, statics: given, writtenObjects, prototypes, apart, writtenVariables: [...writtenVariables],
    inputNodes: [...program.inputs.map(({ path }) => path), ...program.exits.flatMap((exit) => (exit.kind === "return" ? exit.writes.map(({ path }) => path) : []))]
      .flatMap(({ root }) => (typeof root === "object" && root.variable === undefined ? [root.node] : [])), exits,
    returns: exits.filter((exit) => exit.kind === "return").length,
    protect: program.exits.some((exit: Exit) => exit.kind === "bail" && !exit.clean),
    draws: program.draws === true,
    slotOf: (path) => paths.given(path),
  };
}

/** Objects of arrays that were compared with slow and captured ones. */
function keptApart(expects: readonly Expect[], paths: Paths): Plan["apart"] {
  const found = new Map<string, { readonly at: number; readonly within: readonly string[]; readonly nodes: Set<number> }>();
  for (const expect of expects) {
    if (expect.expect !== "apart") continue;
    const at = paths.slot(expect.path), { within, node } = expect, key = JSON.stringify([at, ...within]), known = found.get(key);
    if (known) known.nodes.add(node); else found.set(key, { at, within, nodes: new Set([node]) });
  }
  return [...found.values()];
}

/**
 * No object of the call's that is written is a prototype of another one, of which the program may have taken something. Gives these prototypes: what is written beside
 * (meets.ts) must be none of them either.
 */
function keepFromPrototypes(expects: readonly Expect[], arrays: Plan["arrays"], paths: Paths, around: Surroundings, written: readonly number[]): readonly object[] {
  const prototypes = new Set<object>(), own = new Map<number, object | null>();
  const add = (first: object | null): void => { for (let at = first; at !== null && at !== Object.prototype && !isProxy(at); at = Object.getPrototypeOf(at) as object | null) prototypes.add(at); };
  for (const expect of expects) {
    if (expect.expect !== "object") continue;
    const first = expect.prototype === null ? null : expect.prototype < 0 ? Object.prototype : around.live(expect.prototype);
    own.set(paths.slot(expect.path), first);
    add(first);
  }
  for (const { spec: { column, classes } } of arrays) {
    if (column) { add(column.prototype); for (const { prototype } of column.within) add(prototype); }
    for (const { cls, prototype } of classes ?? []) if (cls.form === "record") add(prototype);
  }
  for (const at of written) {
    const prototype = own.get(at), may = [...prototypes].filter((one) => (prototype === undefined ? Array.isArray(one) || ArrayBuffer.isView(one) : Object.getPrototypeOf(one) === prototype)); // what has another one is not it
    if (may.length > 0) paths.test(at, { is: "accepted", accepts: (live) => !may.includes(live as object) });
  }
  return [...prototypes];
}

/** Of what stands in a table at entry. */
const classesOf = (program: ProgramHead, { root, keys }: Path): readonly HeapClass[] => classesIn(program, { root, keys: [...keys, "values"] });
function classesIn({ inputs }: ProgramHead, path: Path): readonly HeapClass[] {
  const name = nameOf(path);
  return inputs.flatMap((input) => (input.as === "list" && nameOf(input.path) === name ? (input.classes ?? []) : []));
}

/** Ordinary arrays of tracked values that are written in place, without their Proxies. */
function writtenTracked(program: ProgramHead, paths: Paths): WritePlan[] {
  const roots = program.inputs.flatMap((input) => ((input.as === "numbers" || input.as === "rows" || input.as === "column") && (input.written || (input.as === "rows" && input.replaced === true)) ? [{ root: input.path.root, keys: [] }] : []));
  const touched = new Set(roots.filter((root) => paths.given(root) !== paths.slot(root)).map((root) => paths.given(root)));
  return [...touched].map((at) => ({ touched: at, value: { make: "const", value: undefined } }));
}

function paramOf(input: Input, direct: boolean, paths: Paths, around: Surroundings, arrays: { at: number; spec: ArraySpec }[]): Param {
  const at = input.as === "list" && input.roots ? paths.gathered(input.path, input.roots.map(({ path }) => path)) : paths.slot(input.path);
  switch (input.as) {
    case "f64": paths.test(at, { is: "number" }); return { from: "number", at };
    case "i32": paths.test(at, { is: "int32" }); return { from: "number", at };
    case "bigint": paths.test(at, { is: input.range }); return { from: "bigint", at };
    case "boolean": paths.test(at, { is: "boolean" }); return { from: "boolean", at };
    case "text":
      if (input.word === undefined) paths.test(at, { is: "string" });
      arrays.push({ at, spec: { as: "text", array: null, space: input.space, read: input.read, written: false, direct, ...(input.interned ? { interned: true } : {}), ...(input.word === undefined ? {} : { word: input.word }) } });
      return { from: "array", array: arrays.length - 1 };
    case "typed": case "numbers": case "rows":
      arrays.push({
        at,
        spec: { as: input.as, array: input.as === "numbers" ? null : (input.array ?? null), space: input.space, read: input.read, written: input.written || (input.as === "rows" && input.replaced === true), direct,
          ...(input.as === "rows" && input.replaced ? { replaced: true } : {}), ...(input.as === "rows" && input.distinct ? { distinct: true } : {}), ...(input.as === "rows" && input.levels ? { levels: input.levels } : {}), ...(input.as === "rows" && input.gaps ? { gaps: true } : {}), ...(input.as === "typed" && input.dataView ? { view: "DataView" as const } : {}), ...(input.as === "typed" && input.buffer ? { view: "ArrayBuffer" as const } : {}), ...(input.as === "typed" && input.bigints ? { view: input.bigints } : {}), ...(input.as === "typed" && input.over ? { over: input.over } : {}) },
      });
      return { from: "array", array: arrays.length - 1 };
    case "list":
      for (const content of input.elements) if (content.is === "input" || content.is === "item" || content.is === "row") paths.given(content.path);
      arrays.push({ at, spec: { as: "list", array: null, elements: input.elements, ...(input.roots ? { each: input.roots.map(({ elements }) => elements) } : {}), ...(input.classes ? { classes: input.classes.map((cls) => ({ cls, prototype: cls.form === "array" ? Array.prototype : cls.prototype === -1 ? Object.prototype : around.live(cls.prototype) })) } : {}), space: input.space, read: true, written: input.written, direct } });
      return { from: "array", array: arrays.length - 1 };
    case "grid":
      arrays.push({ at, spec: { as: "grid", array: null, space: input.space, read: true, written: false, direct } });
      return { from: "array", array: arrays.length - 1 };
    case "column":
      arrays.push({
        at,
        spec: { as: "column", array: null, column: columnOf(input, at, around), space: input.space, read: input.read, written: input.written, direct, ...(input.distinct ? { distinct: true } : {}) },
      });
      return { from: "array", array: arrays.length - 1 };
    default: return unreachable(input);
  }
}

function columnOf({ field, flat, within, part, of, words, interned, boolean, prototype }: Input & { as: "column" }, at: number, around: Surroundings): Column {
  const live = (node: number): object => (node === -1 ? Object.prototype : around.live(node));
  return {
    of: at, field, flat: flat === true, within: within.map((holder) => ({ field: holder.field, prototype: live(holder.prototype) })), prototype: live(prototype),
    holds: part ?? (boolean ? "boolean" : "number"), mask: (of ?? []).reduce((mask, kind) => mask | (1 << codeOf(kind)), 0), words: words ?? [], interned: interned === true,
  };
}

function expectation(expect: Expect, paths: Paths, around: Surroundings, statics: Found[], late: Step[]): void {
  switch (expect.expect) {
    case "undefined": paths.test(paths.slot(expect.path), { is: "value", value: undefined }); return;
    case "null": paths.test(paths.slot(expect.path), { is: "value", value: null }); return;
    case "object": {
      const at = paths.slot(expect.path);
      paths.solid(at);
      paths.test(at, { is: "prototype", prototype: expect.prototype === null ? null : expect.prototype === -1 ? Object.prototype : around.live(expect.prototype) });
      return;
    }
    case "absent": case "notOwn": case "present": case "deletable": {
      const { root, keys } = expect.path;
      if (expect.expect === "present" && privateField(String(keys.at(-1)))) { paths.slot(expect.path); return; } // the slot asks for it
      const at = paths.slot({ root, keys: keys.slice(0, -1) }), last = keys.at(-1)!, key = typeof last === "string" ? keyBehind(last) : last;
      paths.solid(at);
      paths.once(`${expect.expect} ${at} ${String(last)}`, expect.expect === "absent" ? { do: "absent", at, key, plain: paths.isPlain(at) } : { do: expect.expect === "present" ? "own" : expect.expect, at, key });
      return;
    }
    case "inherited":
      paths.test(paths.slot(expect.path), { is: "inherited", key: keyBehind(expect.key), prototype: expect.prototype === undefined ? null : around.live(expect.prototype), each: expect.each ?? 0 });
      return;
    case "settable": {
      const prototype = expect.prototype === -1 ? Object.prototype : around.live(expect.prototype);
      late.push({ do: "settable", prototype, key: expect.key });
      return;
    }
    case "missing": {
      const of = around.builtin(expect.of)?.original;
      const key = keyBehind(expect.key);
      if ((typeof of === "object" && of !== null) || typeof of === "function") late.push(typeof key === "string" ? { do: "missing", of, key } : { do: "ask", holds: () => !(key in of) });
      return;
    }
    case "unindexed": case "unlisted": late.push({ do: expect.expect }); return;
    case "unextended": late.push(expect.prototype === undefined ? { do: expect.expect } : { do: "ask", holds: keepsNames(around.live(expect.prototype)) }); return;
    case "utc": late.push({ do: "utc" }); return;
    case "resizable": case "unshared": paths.test(paths.slot(expect.path), { is: expect.expect }); return;
    case "unnamed": paths.test(paths.slot(expect.path), { is: "unnamed", each: expect.each ?? 0 }); return;
    case "lacking": paths.test(paths.slot(expect.path), { is: "lacking", within: expect.within, field: expect.field }); return;
    case "same": case "different":
      if (expect.expect === "same" && typeof expect.other.root === "object" && expect.other.keys.length === 0) paths.elsewhere.set(expect.other.root.node, expect.path);
      paths.steps.push({ do: "pair", a: paths.slot(expect.path), b: paths.slot(expect.other), same: expect.expect === "same" });
      return;
    case "length": {
      const at = paths.slot(expect.path);
      paths.solid(at);
      paths.test(at, { is: "length", length: expect.length });
      return;
    }
    case "keys": {
      const at = paths.slot(expect.path);
      paths.solid(at);
      paths.test(at, { is: "keys", keys: expect.keys, each: expect.each === true });
      return;
    }
    case "static": {
      const { value, path } = expect;
      if (!isNodeRef(value)) { paths.test(paths.slot(path), { is: "value", value }); return; }
      const accepts = around.accepts(path, value);
      const at = paths.slot(path);
      if (accepts !== null) late.push({ do: "test", at, test: { is: "accepted", accepts } });
      statics.push({ at, path, captured: false, ref: value, parts: around.parts(path) });
      return;
    }
    case "unchanged": {
      const holds = around.unchanged(expect.node);
      if (holds !== null) late.push({ do: "ask", holds });
      const path: Path = { root: { node: expect.node }, keys: [] };
      statics.push({ at: paths.slot(path), path, captured: true, ref: new NodeRef(expect.node), parts: holds === null ? "unknown" : "equal" });
      return;
    }
    case "builtin": {
      const found = around.builtin(expect.name);
      if (found !== null) late.push({ do: "builtin", ...found });
      return;
    }
    case "member": late.push(around.member(expect.node, expect.key)); return;
    case "identity": case "apart": return; // of all of them together
    case "anew": return; // the snapshot knows by now (Version.expect)
    case "writable": {
      const { root, keys } = expect.path, key = keys.at(-1)!;
      if (key !== timeKey && !privateField(String(key))) paths.write(paths.slot({ root, keys: keys.slice(0, -1) }), key);
      return;
    }
    case "behind": late.push({ do: "ask", holds: around.behind(expect.node) }); return;
    default: unreachable(expect);
  }
}

/** Makes slots for the caller's values that an outcome names, so that they are read at entry. */
function askForShape(shape: Shape, paths: Paths): void {
  switch (shape.make) {
    case "input": case "element": case "row": case "view": paths.given(shape.path); return;
    case "buffer": case "part": askForShape(shape.of, paths); return;
    case "date": askForShape(shape.time, paths); return;
    case "choice": for (const one of shape.of) askForShape(one, paths); return;
    case "object":
      for (const [, value] of shape.fields) askForShape(value, paths);
      if (shape.elements) askForShape(shape.elements, paths);
      return;
    case "array": case "typed":
      for (const item of shape.items) if (item !== null) askForShape(item, paths);
      if (shape.make === "array") for (const [, value] of shape.named ?? []) askForShape(value, paths);
      return;
    case "string": for (const part of shape.parts) askForShape(part, paths); return;
    case "keyed": for (const part of [shape.keys, shape.values, shape.next]) if (part !== null) askForShape(part, paths); return;
    case "function":
      for (const [, value] of [...shape.variables, ...shape.fields]) askForShape(value, paths);
      if (shape.self !== null) askForShape(shape.self, paths);
      return;
    case "error": if (shape.message !== null) askForShape(shape.message, paths); return;
    case "memory": case "heap":
      for (const content of [...(shape.make === "memory" ? (shape.elements ?? []) : []), ...(shape.classes ?? []).flatMap((c) => [...(c.form === "array" ? c.elements : []), ...[...(c.form === "array" ? [] : c.fields), ...c.added].flatMap(([, slot]) => slot)])]) {
        if (content.is === "input" || content.is === "item" || content.is === "row") paths.given(content.path);
        else if (content.is === "part") { if (content.path !== null) paths.given(content.path); }
        else if (content.is === "node") paths.leaving.add(content.node);
        else if (content.is === "chosen") for (const { node } of content.of) paths.leaving.add(node);
      }
      return;
    case "again": if (shape.otherwise) askForShape(shape.otherwise, paths); return;
    case "node": paths.leaving.add(shape.node); return;
    case "const": case "result": case "slot": case "bigint": case "text": case "dataView": return;
    default: unreachable(shape);
  }
}
