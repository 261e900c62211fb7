// The fast values, as the entry's parameters: made when the walk first asks for them, so that what the kernel never looks at costs nothing.

import { fieldOfEach } from "../../ir/fields.ts";
import type { Kind, Named, Over, Path, TypedArrayName } from "../../ir/interface.ts";
import { NodeRef, type SnapValue } from "../../ir/snapshot.ts";
import type { ElementKind, Type, Value } from "../../ir/types.ts";
import { boundKey, linkedPaths, namedKey } from "../../ir/within.ts";
import { bigOf } from "./bigints.ts";
import { writtenNode } from "./captured.ts";
import { enteredAt } from "./entered.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { heldFromTheStart } from "./held.ts";
import { anyColumn, gridOf, recordsOf } from "./items.ts";
import { lengthAt } from "./lengths.ts";
import { linkedAt } from "./linked.ts";
import { listAt } from "./lists.ts";
import { expectInherited, getProperty } from "./objects.ts";
import { orderAt } from "./orders.ts";
import { inputText, textSpace } from "./strings.ts";
import { bool, nullValue, num, prim, undefinedValue, type Abs, type Mem, type Memory } from "./values.ts";

export const elementOf: Record<TypedArrayName, ElementKind> = {
  Int8Array: "i8", Uint8Array: "u8", Uint8ClampedArray: "u8c", Int16Array: "i16", Uint16Array: "u16", Int32Array: "i32", Uint32Array: "u32", Float32Array: "f32", Float64Array: "f64",
};
export const bytesOf: Record<ElementKind, number> = { i8: 1, u8: 1, u8c: 1, i16: 2, u16: 2, i32: 4, u32: 4, f32: 4, f64: 8, i64: 8, u64: 8 };

/** Where a path leads, in words. */
export const pathName = (path: Path): string => [typeof path.root === "number" ? `argument ${path.root}` : path.root === "this" ? "this" : (path.root.variable ?? "a captured object"), ...path.keys].join(".");

/** The value at `path`, of which the caller's kind is known. */
export function inputValue(ev: Evaluator, path: Path, kind: Kind): Abs {
  const key = pathKey(path);
  const known = ev.inputAbs.get(key);
  if (known) return known;
  const value = enteredAt(ev, path) ?? makeInput(ev, path, kind);
  ev.inputAbs.set(key, value);
  return value;
}

/** The caller's typed array whose elements alone are in that space: its path, and its address. */
export function typedOwner(ev: Evaluator, space: number): { readonly path: Path; readonly address: Value } | undefined {
  const owner = ev.inputs.find(({ input }) => input.as === "typed" && input.space === space);
  if (owner?.input.as !== "typed" || typeof owner.input.path.root === "object" || owner.input.over || owner.input.buffer || owner.input.dataView || owner.input.bigints) return undefined;
  return { path: owner.input.path, address: owner.params[0]! };
}
/** The memory of the caller's typed array at the path. */
export const typedInput = (ev: Evaluator, path: Path): Memory => (inputValue(ev, path, findKind(ev, path)!) as Mem).of;

function makeInput(ev: Evaluator, path: Path, kind: Kind): Abs {
  const name = nameOf(ev, path);
  const param = (type: Type, suffix = ""): Value => {
    const value = ev.b.value(type, name + suffix);
    ev.inputValues.add(value);
    return value;
  };
  switch (kind.kind) {
    case "f64": { const p = param("f64"); ev.inputs.push({ input: { as: "f64", path }, params: [p] }); return num(p); }
    case "i32": {
      const p = param("i32");
      ev.inputs.push({ input: { as: "i32", path }, params: [p] });
      return num(ev.inPrologue(() => ev.b.op("f64.convert_i32_s", p)));
    }
    case "bigint": { const p = param("i64"); ev.inputs.push({ input: { as: "bigint", range: kind.range, path }, params: [p] }); return bigOf(p, kind.range); }
    case "boolean": { const p = param("i32"); ev.inputs.push({ input: { as: "boolean", path }, params: [p] }); return bool(p); }
    case "string": {
      const ptr = param("i32"), len = param("i32", "_length");
      ev.inputs.push({ input: { as: "text", path, space: textSpace(ev), read: true, written: false }, params: [ptr, len] });
      return inputText(ev, path, ptr, len);
    }
    case "undefined": ev.expect({ expect: "undefined", path }); return undefinedValue;
    case "null": ev.expect({ expect: "null", path }); return nullValue;
    case "typed": {
      const ptr = param("i32"), given = param("i32", "_length"), len = lengthAt(ev, path, kind.sized, given);
      const space = newSpace(ev, name, "input", elementOf[kind.array]);
      ev.inputs.push({ input: { as: "typed", path, array: kind.array, space, read: true, written: true, ...(kind.dataView ? { dataView: true as const } : {}), ...(kind.buffer ? { buffer: true as const } : {}), ...(kind.bigints ? { bigints: kind.bigints } : {}) }, params: [ptr, given] });
      if (kind.bigints) return { k: "mem", of: memory({ array: kind.array, space, name, path, kind, bigints: kind.bigints }), ptr, len: ev.inPrologue(() => ev.b.op("i32.shr_u", len, ev.b.i32(1))) };
      const mem: Mem = { k: "mem", of: memory({ array: kind.array, space, name, path, kind, prototype: kind.prototype, dataView: kind.dataView }), ptr, len };
      if (!kind.buffer) return mem;
      ev.wide.add(space); // other arguments may lie there
      const id = ev.newId();
      ev.statics.set(id, { t: "buffer", base: mem, shared: null });
      return { k: "obj", id };
    }
    case "array": return makeArray(ev, path, kind, name, param);
    case "object": {
      const linked = linkedAt(ev, path, kind.linked);
      if (linked) return linked;
      ev.expect({ expect: "object", path, prototype: kind.prototype });
      const id = ev.newId();
      ev.statics.set(id, { t: "object", origin: { from: "input", path, kind }, prototype: null, fields: new Map() });
      return { k: "obj", id };
    }
    case "linked": {
      const linked = linkedAt(ev, path, kind.value);
      if (linked) return linked;
      const refusal = ev.refuse("Todo", `${pathName(path)} holds what stands in two places, and more is done with it than can be with arrays and objects in memory`, "give each array objects of its own");
      refusal.promote = linkedPaths(ev.request.self, ev.request.args);
      throw refusal;
    }
    case "mixed": throw ev.invariant("a field of one object is mixed");
    case "same": {
      const linked = linkedAt(ev, path, kind.linked);
      if (linked) return linked;
      ev.expect({ expect: "same", path, other: kind.path });
      return ev.in(ev.prologue, () => valueAt(ev, kind.path)); // what an array held from the start, whatever it holds where this is first asked for
    }
    case "static": {
      if (kind.bound) return boundInput(ev, path, kind.value);
      if (kind.getter) throw ev.refuse("Unsupported", `${pathName(path)} is behind a getter`, "hand over plain data");
      if (kind.value instanceof NodeRef && typeof path.root === "object") {
        // of a captured object: that very one, which may be written
        ev.expect({ expect: "same", path, other: { root: { node: kind.value.node }, keys: [] } });
        ev.expectUnchanged(kind.value);
        return snapValue(ev, kind.value);
      }
      const list = kind.value instanceof NodeRef && listAt(ev, path, (suffix) => param("i32", suffix));
      if (list) return list;
      ev.expect({ expect: "static", path, value: kind.value });
      if (kind.value instanceof NodeRef) {
        const before = ev.staticPaths.get(kind.value.node); // each of two slow values is compared by itself: that they are one object is asked
        if (before) ev.expect({ expect: "same", path: before, other: path }); else ev.staticPaths.set(kind.value.node, path);
        ev.lifting?.call(kind.value, pathKey(path));
      }
      return ev.lifting?.input(ev, path, kind.value) ?? snapValue(ev, kind.value);
    }
  }
}

/** A function that is bound to the object which has it: the same whenever it is read. */
function boundInput(ev: Evaluator, { root, keys }: Path, value: SnapValue): Abs {
  const holder: Path = { root, keys: keys.slice(0, -1) };
  const target = inputValue(ev, { root, keys: [...holder.keys, boundKey(String(keys.at(-1)))] }, { kind: "static", value }), id = ev.newId();
  ev.statics.set(id, { t: "bound", target, self: valueAt(ev, holder), args: [], path: { root, keys } });
  return { k: "obj", id };
}

/** The bytes of an ArrayBuffer of the caller's. */
export const isBuffer = ({ kind }: Memory): boolean => kind?.kind === "typed" && kind.buffer === true;

/** A view of other elements on the bytes behind a typed array of the caller's, or in an ArrayBuffer. */
export function viewOfInput(ev: Evaluator, { of }: Mem, array: TypedArrayName, part: Over["part"]): Mem {
  const path = of.path!, key = `${pathKey(path)} ${array} ${part}`;
  const known = ev.inputAbs.get(key);
  if (known) return known as Mem;
  const name = `${of.name}_${part}_${elementOf[array]}`;
  const ptr = ev.b.value("i32", name), len = ev.b.value("i32", `${name}_length`);
  ev.inputValues.add(ptr);
  ev.inputValues.add(len);
  const space = newSpace(ev, name, "input", elementOf[array]);
  ev.inputs.push({ input: { as: "typed", path, array, over: { array: isBuffer(of) ? "ArrayBuffer" : of.dataView ? "DataView" : of.array as TypedArrayName, part }, space, read: true, written: true }, params: [ptr, len] });
  ev.share(of.space, space);
  if (part !== "own") ev.wide.add(space); // other arguments may lie there
  const mem: Mem = { k: "mem", of: memory({ array, space, name, path: null, row: true }), ptr, len };
  ev.inputAbs.set(key, mem);
  return mem;
}

function makeArray(ev: Evaluator, path: Path, kind: Kind & { kind: "array" }, name: string, param: (type: Type, suffix?: string) => Value): Abs {
  if (heldFromTheStart(ev, path, kind)) {
    ev.expect({ expect: "unindexed" });
    return listAt(ev, path, (suffix) => param("i32", suffix))!;
  }
  const element = kind.element.kind, sized = kind.sized ? kind.length : undefined;
  if (element === "f64" || element === "i32") {
    const list = listAt(ev, path, (suffix) => param("i32", suffix));
    if (list && kind.prototype !== undefined) throw ev.refuse("Todo", "an array of a class of the user's changes its length", "use an ordinary array");
    if (list) return list;
    const ptr = param("i32"), given = param("i32", "_length"), len = lengthAt(ev, path, sized, given);
    const space = newSpace(ev, name, "input", "f64");
    ev.inputs.push({ input: { as: "numbers", path, space, read: true, written: true }, params: [ptr, given] });
    const mem: Mem = { k: "mem", of: memory({ array: "Array", space, name, path, kind, prototype: kind.prototype }), ptr, len };
    if (kind.prototype !== undefined) expectInherited(ev, mem, "constructor"); // what an element that is not there would be asked of
    return mem;
  }
  const { levels, rowArray, gaps } = rowsOf(kind);
  if (levels > 0) {
    const ptr = param("i32"), given = param("i32", "_length"), len = lengthAt(ev, path, sized, given);
    const table = newSpace(ev, name, "input", "i32"), rows = newSpace(ev, `${name}_rows`, "input", rowArray ? elementOf[rowArray] : "f64");
    ev.inputs.push({ input: { as: "rows", path, ...(rowArray ? { array: rowArray } : {}), ...(levels > 1 ? { levels } : {}), ...(gaps ? { gaps: true } : {}), table, space: rows, read: true, written: true }, params: [ptr, given] });
    let of = memory({ array: rowArray ?? "Array", space: rows, name: `${name}_row`, path: null, row: true, rowOf: { path, kind, level: levels } });
    for (let level = levels - 1; level > 0; level--) of = memory({ array: "Array", space: table, name: `${name}_row`, path: null, row: true, rowOf: { path, kind, level }, rows: of, gaps });
    return orderAt(ev, path, { k: "mem", of: memory({ array: "Array", space: table, name, path, kind, rows: of, gaps }), ptr, len });
  }
  if (kind.element.kind === "object") {
    const records = recordsOf(path, kind.element, [], false, name);
    // the length comes with a column: there is one as soon as a field is used
    const len = lengthAt(ev, path, sized, anyColumn(ev, records).len);
    return orderAt(ev, path, { k: "mem", of: memory({ array: "Array", space: -1, name, path, records }), ptr: ev.b.i32(0), len });
  }
  if (kind.element.kind === "array" && kind.element.element.kind === "object") return gridOf(ev, path, kind.element.element, name, param("i32"), param("i32", "_length"));
  throw ev.refuse("Todo", `${pathName(path)} is an array of ${element === "array" ? "nested arrays" : `${element}s`}`, "use typed arrays or arrays of numbers, or make it slow");
}

/** How many arrays of arrays lead to rows of numbers or to typed arrays, of which kind these are, and whether some are missing: 1 of number[][]; 0 where none do. */
function rowsOf({ element, gaps }: Kind & { kind: "array" }): { readonly levels: number; readonly gaps: true | undefined; readonly rowArray?: TypedArrayName } {
  if (element.kind === "typed") return element.prototype === undefined && !element.dataView && !element.buffer && !element.bigints ? { levels: 1, gaps, rowArray: element.array } : { levels: 0, gaps };
  if (element.kind !== "array") return { levels: 0, gaps };
  if (element.element.kind === "f64" || element.element.kind === "i32") return { levels: 1, gaps };
  const below = rowsOf(element);
  return { ...below, levels: below.levels > 0 ? below.levels + 1 : 0, gaps: gaps ?? below.gaps };
}

export const memory = (m: { array: Memory["array"]; space: number; name: string; path: Path | null; local?: boolean; row?: boolean; constant?: boolean; slot?: Memory["slot"]; box?: Memory["box"]; rows?: Memory | null; gaps?: boolean | undefined; records?: Memory["records"]; prototype?: number | undefined; dataView?: true | undefined; whole?: Memory | undefined; behind?: Memory["behind"]; bigints?: Memory["bigints"]; lists?: Memory["lists"]; rowOf?: Memory["rowOf"]; kind?: Memory["kind"] }): Memory =>
  ({ local: false, row: false, constant: false, slot: null, box: null, records: null, rows: null, ...m });

export function newSpace(ev: Evaluator, name: string, origin: "input" | "data" | "frame", element: ElementKind): number {
  return ev.spaces.push({ name, origin, element, mayOverlap: [], written: false }) - 1;
}

/** The value at a path that another is the same as: it may be an element of an array. */
function valueAt(ev: Evaluator, path: Path): Abs {
  const known = ev.inputAbs.get(pathKey(path));
  if (known) return known;
  const owner: Path = { root: path.root, keys: path.keys.slice(0, -1) }, key = path.keys.at(-1);
  if (isInArray(ev, owner)) return getProperty(ev, valueAt(ev, owner), prim(key));
  return inputValue(ev, path, kindAt(ev, path));
}

/** Whether what lies below is found in an array. */
const isInArray = (ev: Evaluator, { root, keys }: Path): boolean => [...keys, ""].some((_, i) => kindAt(ev, { root, keys: keys.slice(0, i) }).kind === "array");

/** The kind at a path, through the kinds of the arguments. */
export function findKind(ev: Evaluator, path: Path): Kind | undefined {
  let kind: Kind | undefined = path.root === "this" ? ev.request.self : ev.request.args[path.root as number];
  for (const key of path.keys) kind = kind?.kind === "object" ? kind.fields.get(String(key)) : namedOf(kind)?.get(String(key)) ?? (kind?.kind === "array" ? below(kind, key) : undefined);
  return kind;
}
/** What the kernel asked an array for beside its elements. */
const namedOf = (kind: Kind | undefined): Named | undefined => (kind?.kind === "array" || kind?.kind === "typed" ? kind.named : undefined);
/** Whether an array of the caller's has a property of its own that is no element: its value, null where it has none. What was never asked is looked for from now on. */
export function namedInput(ev: Evaluator, path: Path, name: string): Abs | null {
  const kind = namedOf(findKind(ev, path))?.get(name);
  if (kind) return inputValue(ev, { root: path.root, keys: [...path.keys, name] }, kind);
  if (kind === null || typeof path.root === "object" || findKind(ev, path) === undefined) return null;
  const refusal = ev.refuse("Unsupported", `the property ${name} of an array is read`, "use an object");
  refusal.promote = [{ root: path.root, keys: [...path.keys, namedKey(name)] }];
  throw refusal;
}
/** The kind of an array's elements, or of what its objects hold in a field as an array. */
function below({ element, length }: Kind & { kind: "array" }, key: string | number): Kind | undefined {
  const field = fieldOfEach(key), items = element.kind === "array" ? element.element : element;
  if (field === undefined) return element;
  const held = items.kind === "object" ? items.fields.get(field) : undefined;
  return held && { kind: "array", element: held, length };
}
function kindAt(ev: Evaluator, path: Path): Kind {
  const kind = findKind(ev, path);
  if (!kind) throw ev.invariant(`no kind at ${pathName(path)}`);
  return kind;
}

function nameOf(ev: Evaluator, path: Path): string {
  const root = typeof path.root === "number" ? ev.parameterName(path.root) : path.root === "this" ? "self" : (path.root.variable ?? "captured");
  return [root, ...path.keys.map(String)].join("_").replace(/[^A-Za-z0-9_$]/g, "_");
}

/** A captured regular expression as it says; undefined for all else. */
export function patternAt(ev: Evaluator, ref: NodeRef): { readonly source: string; readonly flags: string } | undefined {
  const node = ev.snapshot.node(ref);
  if (node.kind !== "object" || node.className !== "RegExp") return undefined;
  const source = ev.snapshot.property(ref, "source"), flags = ev.snapshot.property(ref, "flags");
  return source.kind === "data" && typeof source.value === "string" && flags.kind === "data" && typeof flags.value === "string" ? { source: source.value, flags: flags.value } : undefined;
}
/** One that searches from a position on, which the kernel may change. */
function positioned(ev: Evaluator, ref: NodeRef, id: number): HeapObject | undefined {
  const pattern = patternAt(ev, ref), at = pattern && /[gy]/.test(pattern.flags) ? ev.snapshot.property(ref, "lastIndex") : undefined;
  if (!pattern || at?.kind !== "data" || !at.writable || typeof at.value !== "number") return undefined;
  ev.positions.set(id, at.value);
  return { t: "regexp", ...pattern, lastIndex: prim(at.value), node: ref };
}

/** A value of the snapshot. */
export function snapValue(ev: Evaluator, value: SnapValue): Abs {
  if (!(value instanceof NodeRef)) return prim(value);
  const known = ev.objectOfNode.get(value.node);
  if (known !== undefined) return { k: "obj", id: known };
  const written = writtenNode(ev, value);
  if (written) return written;
  const node = ev.snapshot.node(value);
  const id = ev.newId();
  ev.objectOfNode.set(value.node, id);
  switch (node.kind) {
    case "function": ev.statics.set(id, node.code.isClass ? { t: "class", node: value } : { t: "function", node: value }); break;
    case "builtin": ev.statics.set(id, { t: "builtin", name: node.name, node: value }); break;
    case "opaque": ev.statics.set(id, { t: "opaque", why: node.why }); break;
    default: ev.statics.set(id, positioned(ev, value, id) ?? { t: "snap", node: value });
  }
  return { k: "obj", id };
}
