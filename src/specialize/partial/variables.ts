// Captured variables that something reassigns.
//
// A variable is a cell of the heap. Its value at entry is an input, read once; whoever captured the variable, the kernel or a helper, reads
// and writes the one cell; what it holds at a return goes back (exits.ts). Before a bail nothing goes back: the original starts from what
// the variable held at entry.
//
//   let state = 1                          param %state             read at entry
//   () => state = state * 3 | 0     →      … return                 state := result
//
// Numbers and booleans are inputs of their kind; so are typed arrays, arrays of numbers and plain objects that the kernel writes, or in whose
// place it puts others. All else is static, its value or (of objects) its identity tested at entry.
//
//   let last = null                        guard last === null, or last is { x: number } and param %last_x: a version for each
//   p => { …; last = { x: p } }       →    last := { x: %p }
//
// What no outcome can spell, a closure of the kernel's own above all, is for the original to put into a variable.

import type { Kind, Path } from "../../ir/interface.ts";
import { privateKeysOf } from "../../ir/privates.ts";
import { NodeRef, type Captured, type SnapValue } from "../../ir/snapshot.ts";
import type { Primitive } from "../../ir/types.ts";
import { readField, writeField } from "./boxes.ts";
import { isWritten } from "./captured.ts";
import { heldField } from "./contents.ts";
import { enteredAt } from "./entered.ts";
import type { Evaluator } from "./evaluator.ts";
import { partsOf, type HeapObject } from "./heap.ts";
import { inputValue, snapValue } from "./inputs.ts";
import { asText } from "./leaving.ts";
import { isPlain } from "./lists.ts";
import { readResident, writeResident } from "./residents.ts";
import { saidOfObject } from "./said.ts";
import { same, type Abs, type Alt, type Mem } from "./values.ts";

export interface Variable {
  readonly now: SnapValue;
  written: boolean;
  /** the cell's object in the heap */
  readonly id: number;
  readonly name: string;
  readonly path: Path;
  readonly initial: Abs;
}

type CapturedVariable = Captured & { readonly kind: "variable" };

/** What the variable holds now; `closure` is the function whose free variable it is. */
export function readVariable(ev: Evaluator, closure: NodeRef, name: string, captured: CapturedVariable): Abs {
  const { id, path, initial } = variableOf(ev, closure, name, captured), resident = readResident(ev, path, () => initial);
  if (resident) return resident;
  const cell = ev.object(id);
  if (cell.t !== "cell" || cell.value === null) throw ev.invariant("a captured variable is no cell");
  return cell.value;
}

export function writeVariable(ev: Evaluator, closure: NodeRef, name: string, captured: Captured, value: Abs): void {
  if (captured.kind !== "variable" || captured.accessors?.writable !== true) throw ev.refuse("Unsupported", `the captured variable ${name} is written`, `hand it over as env: { ${name}: { get, set } }`);
  const variable = variableOf(ev, closure, name, captured), { id, initial } = variable;
  variable.written = true;
  refuseStale(ev);
  if (!isPrimitive(value) || !isPrimitive(initial)) {
    const { cell } = captured.accessors, { repointed } = ev.lessons;
    if (!repointed.has(cell)) { repointed.add(cell); ev.learned(); } // others may be behind it
    else if (!ev.begunInVain) refuseUnspeakable(ev, value, name);
  }
  if (!writeResident(ev, variable.path, () => initial, value)) ev.update(id, { t: "cell", value, name });
}

/** What can't be made of an outcome is refused where it is assigned: on that path alone. */
function refuseUnspeakable(ev: Evaluator, value: Abs, name: string): void {
  const seen = new Set<number>();
  const visit = (abs: Abs | Alt | null | undefined): void => {
    if (abs?.k === "sum") { abs.alts.forEach(visit); return; }
    if (abs?.k !== "obj" || seen.has(abs.id) || ev.isStaticObject(abs.id)) return;
    seen.add(abs.id);
    const object = ev.object(abs.id);
    switch (object.t) {
      case "closure": asText(ev, object); partsOf(object).forEach(visit); break;
      case "bound": case "regexp": case "map": case "set": case "iterator": case "opaque": case "buffer":
        // compilers' helpers replace themselves with a bound function of the engine's: `_extends = Object.assign.bind()`
        if (object.t === "bound" && boundBuiltin(ev, object)) return;
        throw ev.refuse("Unsupported", `${saidOfObject(object)} is put into the captured variable ${name}`, "put numbers, arrays or plain objects there");
      default: partsOf(object).forEach(visit);
    }
  };
  visit(value);
}

/** The node of the engine's own function that `f.bind()` calls, without arguments of its own. */
export function boundBuiltin(ev: Evaluator, { target, self, args }: HeapObject & { t: "bound" }): NodeRef | undefined {
  const object = target.k === "obj" ? ev.object(target.id) : undefined;
  return object?.t === "builtin" && !object.name.startsWith("%") && self.k === "prim" && self.value === undefined && args.length === 0 ? (object.node ?? ev.snapshot.builtin(object.name)) : undefined;
}

function isPrimitive(value: Abs): boolean {
  switch (value.k) {
    case "prim": case "num": case "bool": case "big": case "text": case "str": return true;
    case "obj": case "mem": return false;
    case "sum": return value.alts.every((alt) => alt.k !== "obj" && alt.k !== "mem");
  }
}

function variableOf(ev: Evaluator, closure: NodeRef, name: string, captured: CapturedVariable): Variable {
  if (captured.accessors === null) throw ev.refuse("Unsupported", `the captured variable ${name} is reassigned somewhere`, "hand it over in env, as { get, set } if it varies, or declare it const");
  const known = ev.variables.get(captured.accessors.cell);
  if (known) return known;
  const path: Path = { root: { node: closure.node, variable: name }, keys: [] };
  const variable: Variable = { id: ev.newId(), name, path, now: captured.value, written: false, initial: valueAtEntry(ev, path, captured.value, captured.accessors.cell) };
  ev.statics.set(variable.id, { t: "cell", value: variable.initial, name });
  ev.variables.set(captured.accessors.cell, variable);
  return variable;
}

function valueAtEntry(ev: Evaluator, path: Path, now: SnapValue, cell: number): Abs {
  const table = enteredAt(ev, path);
  if (table) return table;
  if (now instanceof NodeRef) {
    const kind = ev.lessons.repointed.has(cell) || isWritten(ev, now) ? kindOfHeld(ev, now, 0, new Set()) : undefined;
    if (kind) return inputValue(ev, path, kind);
    ev.expect({ expect: "same", path, other: { root: { node: now.node }, keys: [] } });
    ev.expectUnchanged(now);
    return snapValue(ev, now);
  }
  return inputValue(ev, path, kindOfPrimitive(now));
}
const kindOfPrimitive = (value: Primitive): Kind => (typeof value === "number" ? { kind: "f64" } : typeof value === "boolean" ? { kind: "boolean" } : { kind: "static", value });

/**
 * The kind of what a variable holds that may hold another such value in the next call; undefined where its identity, or its contents, are all
 * that can be told: of what is no plain data, of what stands in two places, of what is too deep or too wide.
 */
function kindOfHeld(ev: Evaluator, ref: NodeRef, depth: number, seen: Set<number>): Kind | undefined {
  const node = ev.snapshot.node(ref);
  switch (node.kind) {
    // two that are one, or share bytes, are seen to do so in memory
    case "typed": return { kind: "typed", array: node.array };
    case "array": return node.items.every((item) => typeof item === "number") ? { kind: "array", element: { kind: "f64" }, length: node.items.length } : undefined;
    case "object": {
      if (seen.has(ref.node) || depth > mostDepth) return undefined;
      seen.add(ref.node);
      const fields = new Map<string, Kind>(), keys = [...ev.snapshot.keys(ref), ...privateKeysOf(ev.snapshot, ref)];
      if (!isPlain(ev, ref) || keys.length > mostFields) return undefined;
      for (const key of keys) {
        const property = ev.snapshot.property(ref, key);
        if (property.kind !== "data") return undefined;
        const { value } = property;
        fields.set(key, (value instanceof NodeRef ? kindOfHeld(ev, value, depth + 1, seen) : kindOfPrimitive(value)) ?? { kind: "static", value });
      }
      return { kind: "object", prototype: node.prototype?.node === ev.snapshot.builtin("Object.prototype").node ? -1 : (node.prototype?.node ?? null), fields };
    }
    default: return undefined;
  }
}
const mostDepth = 5;
const mostFields = 64;

/**
 * A module's exported variable can also be read as a field of the module (`import * as m`), where the snapshot answers: not after it was
 * written. Which variable a field is can't be told; one of the same value may be the one.
 */
export function readExport(ev: Evaluator, value: SnapValue): void {
  ev.exportsRead.push(value);
  refuseStale(ev);
}
function refuseStale(ev: Evaluator): void {
  if (ev.exportsRead.length === 0) return;
  for (const { written, now, name } of ev.variables.values()) {
    if (written && ev.exportsRead.some((value) => sameSnap(value, now))) throw ev.refuse("Todo", `the variable ${name} is written, and may be read as a field of its module`, "import the variable by its name");
  }
}
const sameSnap = (a: SnapValue, b: SnapValue): boolean => (a instanceof NodeRef && b instanceof NodeRef ? a.node === b.node : Object.is(a, b));

/** The variables that hold something else than at entry, with what they hold. */
export function changedVariables(ev: Evaluator): { readonly path: Path; readonly value: Abs }[] {
  return [...ev.variables.values()].flatMap(({ id, path, initial }) => {
    const cell = ev.state.objects.get(id);
    return cell?.t === "cell" && cell.value !== null && !same(cell.value, initial) ? [{ path, value: cell.value }] : [];
  });
}

// ── captured variables of the kernel's own functions ──
//
//   let best = Infinity; const visit = (lo, hi) => { …; if (d < best) best = d; visit(lo, m); visit(m, hi); }
//
// A cell's value is known where it was assigned. One that calls of a recursive function change (functions.ts) lies in memory from before the first call on,
// as an object with one field does (boxes.ts); closures hold its address where paths have met.

export function readHeld(ev: Evaluator, cell: Abs): Abs {
  const mem = inMemory(ev, cell);
  if (mem) return readField(ev, mem, heldField)!;
  const object = cell.k === "obj" ? ev.object(cell.id) : undefined;
  if (object?.t !== "cell") throw ev.invariant("not a cell");
  return object.value ?? ev.bail("a variable is read before its declaration");
}

export function writeHeld(ev: Evaluator, cell: Abs, value: Abs): void {
  const mem = inMemory(ev, cell);
  if (mem) { writeField(ev, mem, heldField, value); return; }
  const object = cell.k === "obj" ? ev.object(cell.id) : undefined;
  if (cell.k !== "obj" || object?.t !== "cell") throw ev.invariant("not a cell");
  ev.update(cell.id, { ...object, value });
}

function inMemory(ev: Evaluator, cell: Abs): Mem | undefined {
  if (cell.k === "mem") return cell;
  const object = cell.k === "obj" ? ev.object(cell.id) : undefined;
  return object?.t === "boxed" ? object.mem : undefined;
}
