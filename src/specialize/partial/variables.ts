// Captured variables that something reassigns.
//
// A variable is a cell of the heap. Its value at entry is an input, read once; whoever captured the variable, the kernel or a helper, reads
// and writes the one cell; what it holds at a return goes back (exits.ts). Before a bail nothing goes back: the original starts from what
// the variable held at entry.
//
//   let state = 1                          param %state             read at entry
//   () => state = state * 3 | 0     →      … return                 state := result
//
// Numbers and booleans are inputs of their kind; so are typed arrays and arrays of numbers that the kernel writes, or in whose place it puts
// others. All else is static, its value or (of objects) its identity tested at entry: where such a variable is to hold another object the
// original takes over.

import type { Kind, Path } from "../../ir/interface.ts";
import { NodeRef, type Captured, type SnapValue } from "../../ir/snapshot.ts";
import { Restart, type Evaluator } from "./evaluator.ts";
import { inputValue, snapValue } from "./inputs.ts";
import { isNumeric, same, type Abs } from "./values.ts";

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
  const cell = ev.object(variableOf(ev, closure, name, captured).id);
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
    if (!repointed.has(cell)) { repointed.add(cell); throw new Restart(); }
    const fits = (abs: Abs): boolean => isPrimitive(abs) || isArray(ev, abs);
    if (!fits(initial) || !fits(value)) throw ev.refuse("Unsupported", `the captured variable ${name}, which holds an object, is written`, "keep the object, and write its fields");
  }
  ev.update(id, { t: "cell", value, name });
}

/** An array that the variable may hold from call to call, whichever it is. */
function isArray(ev: Evaluator, value: Abs): boolean {
  if (value.k === "mem") return !value.of.row && !value.of.box;
  if (value.k !== "obj") return false;
  const object = ev.object(value.id);
  return object.t === "typed" || object.t === "spilled" || object.t === "vector" || (object.t === "array" && object.items.length > 0 && object.items.every((item) => item !== undefined && isNumeric(item)));
}

function isPrimitive(value: Abs): boolean {
  switch (value.k) {
    case "prim": case "num": case "bool": case "text": return true;
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
  if (now instanceof NodeRef) {
    const node = ev.snapshot.node(now);
    const changes = ev.lessons.repointed.has(cell) || ev.isWritten(now);
    if (changes && node.kind === "typed") return inputValue(ev, path, { kind: "typed", array: node.array });
    if (changes && node.kind === "array" && node.items.every((item) => typeof item === "number")) return inputValue(ev, path, { kind: "array", element: { kind: "f64" }, length: node.items.length });
    ev.expect({ expect: "same", path, other: { root: { node: now.node }, keys: [] } });
    ev.expect({ expect: "unchanged", node: now.node });
    return snapValue(ev, now);
  }
  const kind: Kind = typeof now === "number" ? { kind: "f64" } : typeof now === "boolean" ? { kind: "boolean" } : { kind: "static", value: now };
  return inputValue(ev, path, kind);
}

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
