// Fields of the caller's objects, and captured variables, that calls of a recursive function change: they reside in the entry's stack frame.
//
//   visit(node) { this.count++; … this.visit(…) }   →   f64.store [frame], %this_count;  call @visit;  …  this.count := f64.load [frame]
//
// What such a field holds is known from the heap otherwise (heap.ts), of which each function of the residual has a copy of its own. The walk that finds one
// changed there (functions.ts) begins again. From then on what it held at entry is put into the frame first, whoever reads or writes it does so
// there, and what it holds at a return goes back (exits.ts): the heap's entry of its object stays as it is. Two names of one object are one entry, and
// so one place. Before a bail nothing goes back.
//
// Requires: the caller's object has the field (the entry tests that it is a plain one that can be written); what it holds can lie in memory (contents.ts).

import type { Path } from "../../ir/interface.ts";
import type { Value } from "../../ir/types.ts";
import { readField, writeField } from "./boxes.ts";
import { boxMemory, Class, contentsOf, heldField } from "./contents.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { inputValue, memory, newSpace } from "./inputs.ts";
import { fieldNames, presenceOf } from "./optional.ts";
import { same, type Abs, type Mem } from "./values.ts";
import { Restart } from "./walk.ts";

export interface Resident {
  readonly path: Path;
  readonly mem: Mem;
  /** something writes it: it goes back */
  written: boolean;
}
/** Which fields and variables they are, by path: each with the class of a record of one field. */
export type Residents = Map<string, Class>;

const bytesOfEach = 16;
/** Room in the frame for all of them, and for what a function's result has beside one word (functions.ts): no loop's attempt takes it back. */
export function reserveResidents(ev: Evaluator): void { ev.frameBytes = offsetOfResult(ev) + (4 * ev.lessons.resultWords + bytesOfEach - 1 & -bytesOfEach); }
const offsetOfResult = (ev: Evaluator): number => bytesOfEach * ev.lessons.residents.size;

/** What the field or variable holds now; undefined where it does not reside in memory. */
export function readResident(ev: Evaluator, path: Path, initial: () => Abs): Abs | undefined {
  const resident = residentAt(ev, path, initial);
  return resident && readField(ev, resident.mem, heldField);
}
/** Whether it does, and was written. */
export function writeResident(ev: Evaluator, path: Path, initial: () => Abs, value: Abs): boolean {
  const resident = residentAt(ev, path, initial);
  if (!resident) return false;
  resident.written = true;
  writeField(ev, resident.mem, heldField, value);
  return true;
}

function residentAt(ev: Evaluator, path: Path, initial: () => Abs): Resident | undefined {
  const { residents } = ev.lessons;
  if (residents.size === 0) return undefined;
  const key = pathKey(path), cls = residents.get(key), known = ev.residents.get(key);
  if (!cls || known) return known;
  const first = initial(), of = boxMemory(ev, cls), offset = bytesOfEach * [...residents.keys()].indexOf(key);
  const at = (ptr: Value): Mem => ({ k: "mem", of, ptr, len: ev.b.i32(0) });
  const ptr = frameAddress(ev, "resident", offset, (v) => { writeField(ev, at(v), heldField, first); });
  const resident: Resident = { path, mem: at(ptr), written: false };
  ev.residents.set(key, resident);
  return resident;
}
function frameAddress(ev: Evaluator, name: string, offset: number, fill?: (v: Value) => void): Value {
  return ev.inPrologue(() => {
    const v = ev.b.value("i32", name);
    ev.b.append({ op: "frame.addr", offset, args: [], results: [v] });
    fill?.(v);
    return v;
  });
}

/** Where a function of the residual leaves the words of its result that it can't give back. */
export function resultCells(ev: Evaluator, words: number): Mem {
  if (ev.lessons.resultWords < words) { ev.lessons.resultWords = words; throw new Restart(); }
  const key = "words of results", known = ev.tables.get(key);
  if (known) return known as Mem;
  const of = memory({ array: "Int32Array", space: newSpace(ev, "result", "frame", "i32"), name: "result", path: null, local: true });
  const mem: Mem = { k: "mem", of, ptr: frameAddress(ev, "result", offsetOfResult(ev)), len: ev.b.i32(ev.lessons.resultWords) };
  ev.tables.set(key, mem);
  return mem;
}

/** One of the caller's objects, or a captured variable, that a recursive function has changed: what of it resides in memory from now on. Whether there is any more. */
export function learnResidents(ev: Evaluator, id: number, before: HeapObject, after: HeapObject): boolean {
  if (after.t === "cell") {
    const variable = [...ev.variables.values()].find((v) => v.id === id);
    return variable !== undefined && learn(ev, variable.path, variable.initial);
  }
  if (before.t !== "object" || after.t !== "object" || after.origin.from !== "input") return false;
  const { path: { root, keys }, kind } = after.origin;
  const written = fieldNames(after).filter((name) => kind.fields.has(name) && !presenceOf(after, name));
  const changed = written.filter((name) => { const was = before.fields.get(name); return !was || !same(was, after.fields.get(name)!); });
  // none: a call inside of another wrote again what was there
  return (changed.length > 0 ? changed : written).map((name) => {
    const path: Path = { root, keys: [...keys, name] };
    return learn(ev, path, inputValue(ev, path, kind.fields.get(name)!));
  }).includes(true);
}
function learn(ev: Evaluator, path: Path, initial: Abs): boolean {
  const { residents } = ev.lessons, key = pathKey(path), contents = contentsOf(ev, initial);
  // a string's place is made as it is written, which may bail: not in front of everything
  if (residents.has(key) || !contents || contents.some(({ is }) => is === "text")) return false;
  residents.set(key, new Class({ form: "record", prototype: -1, names: [heldField] }));
  return true;
}
