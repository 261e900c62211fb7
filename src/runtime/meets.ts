// Does what a version writes meet a slow or captured value? Then the constants compiled in would be wrong from the first write on.
// Asked at entry, of the values of this call: a slow value is accepted by its contents, so another array of the same contents may well be
// the one that is written.
//
// Only the parts of slow values that the program depends on count (the nodes that partial evaluation touched), and of those the kinds
// that can meet: typed arrays where typed arrays are written, ordinary arrays and objects where such are written. An object that stands in an array whose
// objects have columns in memory (columns.ts) is met by the slow objects of its prototype, and by each object of the call's that has a field of the columns'.

import { Codes } from "../capture/codes.ts";
import { isProxy } from "../capture/host.ts";
import { NodeRef } from "../ir/snapshot.ts";
import { askAll, type Asked, type Question } from "./branches.ts";
import { elementsOf } from "./indexed.ts";
import { laidFor } from "./laid.ts";
import { visitParts, type Keys, type Part } from "./parts.ts";
import type { LiveSnapshot } from "./pipeline.ts";
import type { Plan } from "./plan.ts";
import { placedOf } from "./viewed.ts";
import { heldIn, hiddenField } from "./hidden.ts";
import { constructors, isRowOf, isSolidArray, itemsIn, overlap, rowsAt, typedName, type TypedArray } from "./values.ts";

/** `prototype`: of an object, none is a column's where it is null */
interface Spot { readonly at: number; readonly part: Part; readonly keys: Keys; readonly typed: boolean; /** an ordinary array */ readonly array: boolean; readonly prototype: object | null }

export type Meets = (values: readonly unknown[]) => boolean;

/** Null: nothing that is written can meet anything slow. `touched`: the nodes that the program depends on. */
export function meetsOf(plan: Plan, snapshot: LiveSnapshot, touched: ReadonlySet<number>): Meets | null {
  const writtenTyped = plan.arrays.filter(({ spec }) => spec.written && spec.as === "typed");
  const writtenLists = plan.arrays.filter(({ spec }) => spec.written && (spec.as === "numbers" || spec.as === "list")).map(({ at }) => at);
  const writtenRows = plan.arrays.filter(({ spec }) => spec.written && spec.as === "rows");
  const writtenObjects = [...plan.writtenObjects, ...writtenLists];
  const writtenTypedRows = plan.arrays.filter(({ spec }) => spec.written && spec.as === "rows" && spec.array !== null);
  const standing = standingIn(plan), writtenColumns = standing.arrays.filter(({ written }) => written.size > 0);
  const objects = writtenObjects.length > 0 || writtenRows.length > 0 || writtenColumns.length > 0, bytes = writtenTyped.length > 0 || writtenTypedRows.length > 0;
  const orders = [ordersBesideRows(plan), laidMeet(plan, snapshot, touched), prototypesMeet(plan, writtenColumns, behindStatics(plan, snapshot, touched)), comparedMeet(plan, snapshot, touched)].reduce(bothOf);
  if (!bytes && !objects && standing.pairs.length === 0) return orders;

  const spots: Spot[] = [];
  // a captured object that the program takes as an input is read anew in every call: it may well be written
  for (const { at, ref } of plan.statics) {
    visitParts(snapshot, touched, ref, new Set(plan.inputNodes), (node, kind, part, keys) => {
      if (kind === "typed" || kind === "array") spots.push({ at, part, keys, typed: kind === "typed", array: kind === "array", prototype: null });
      else if (kind === "object") spots.push({ at, part, keys, typed: false, array: false, prototype: Object.getPrototypeOf(snapshot.live(new NodeRef(node))) as object | null });
    });
  }
  const relevant = spots.filter((spot) => (spot.typed ? bytes : objects));
  const stands = columnsMeet(standing, relevant);
  if (relevant.length === 0) return stands && orders ? (values) => stands(values) || orders(values) : (stands ?? orders);

  const shares = bytes ? bytesMeet(relevant.filter((spot) => spot.typed)) : null;
  const parts = objects ? partsMeet(relevant.filter((spot) => !spot.typed), writtenObjects, writtenRows) : null;
  return (values) => {
    if (stands?.(values) || orders?.(values) || parts?.(values)) return true;
    if (shares === null) return false;
    for (const { at: written, spec } of writtenTyped) {
      const view = placedOf(values[written], spec);
      if (view !== null && shares(values, view as TypedArray)) return true;
    }
    for (const { at: rows, spec } of writtenTypedRows) if (rowsAt(values[rows] as unknown[], spec.levels ?? 1, isSolidArray).some((row) => typedName(row) !== undefined && shares(values, row as TypedArray))) return true;
    return false;
  };
}

/** texts that are kept, as for all kernels whose slow values lie alike */
const codes = new Codes();

/** Those that plain keys lead to are asked together, the others one by one. */
function allOf<Given>(spots: readonly Spot[], question: Question<Given>): Asked<Given> | null {
  const ways = spots.flatMap(({ at, keys }) => (keys === null ? [] : [{ at, keys }])), others = spots.filter(({ keys }) => keys === null);
  const asked = askAll(ways, question, codes);
  if (others.length === 0) return asked;
  return (values, given) => asked?.(values, given) === true || others.some(({ at, part }) => question.asks(part(values[at]), given));
}

/** Does the view share bytes with one of them? By code where there can be: the engine then reads each by its place, and asks no array which kind it is of. */
const bytesMeet = (spots: readonly Spot[]): Asked<TypedArray> | null => allOf<TypedArray>(spots, {
  names: ["buffer", "from", "to"],
  text: (part) => `${part}?.buffer === buffer && ${part}.byteOffset < to && from < ${part}.byteOffset + ${part}.byteLength`,
  asks: (part, view) => part !== undefined && overlap(part as TypedArray, view),
  list: (view) => [view.buffer, view.byteOffset, view.byteOffset + view.byteLength],
});

/** Is what is written one of them? An array is no object of another kind: where only arrays are written, the slow arrays alone are asked. */
function partsMeet(spots: readonly Spot[], written: readonly number[], rows: Plan["arrays"]): Meets | null {
  const arrays = spots.filter(({ array }) => array), others = spots.filter(({ array }) => !array);
  const one: Question<unknown> = { names: ["written"], text: (part) => `${part} === written`, asks: (part, given) => part === given, list: (given) => [given] };
  const oneArray = written.length > 0 ? allOf(arrays, one) : null, oneObject = written.length > 0 ? allOf(others, one) : null;
  const anyRow = rows.length > 0 ? allOf(arrays, rowsAsked) : null;
  if (oneArray === null && oneObject === null && anyRow === null) return null;
  return (values) => {
    for (const at of written) {
      const value = values[at];
      if (value !== undefined && (Array.isArray(value) ? oneArray?.(values, value) : oneObject?.(values, value))) return true;
    }
    if (anyRow !== null) for (const { at, spec } of rows) if (anyRow(values, { array: values[at] as unknown[], levels: spec.levels ?? 1 })) return true;
    return false;
  };
}
interface Rows { readonly array: readonly unknown[]; readonly levels: number }
const rowsAsked: Question<Rows> = {
  names: ["array", "levels", "isRowOf"], text: (part) => `${part} !== undefined && isRowOf(array, levels, ${part})`,
  asks: (part, { array, levels }) => part !== undefined && isRowOf(array, levels, part), list: ({ array, levels }) => [array, levels, isRowOf],
};

/** Does a written object, one of an array, or one that lies in memory stand behind another one of the call's, or behind a slow or captured one, as its prototype? */
function prototypesMeet(plan: Plan, written: readonly Standing[], behind: readonly object[]): Meets | null {
  const prototypes = [...plan.prototypes, ...behind], given = behind.length > 0 ? givenIn(plan, behind.some((one) => Array.isArray(one) || ArrayBuffer.isView(one))) : [];
  const columns = written.map((standing) => ({ standing, may: prototypes.filter((one) => Object.getPrototypeOf(one) === standing.prototype) })).filter(({ may }) => may.length > 0);
  const tables = plan.arrays.filter(({ spec }) => spec.classes !== undefined && spec.written).map(({ at, spec }) => ({ at, may: prototypes.filter((one) => spec.classes!.some(({ prototype }) => Object.getPrototypeOf(one) === prototype)) })).filter(({ may }) => may.length > 0);
  if (columns.length === 0 && tables.length === 0 && given.length === 0) return null;
  return (values) => given.some((at) => behind.includes(values[at] as object)) || columns.some(({ standing, may }) => { const objects = standingObjects(standing, values); return may.some((one) => objects.includes(one)); })
    || tables.some(({ at, may }) => { const laid = laidFor(values[at])?.places; return laid !== undefined && may.some((one) => laid.has(one)); });
}

/** The prototypes of slow and captured values and of their parts, but the engine's: a guard compares which they are. */
function behindStatics({ statics }: Plan, snapshot: LiveSnapshot, touched: ReadonlySet<number>): readonly object[] {
  const found = new Set<object>();
  for (const { ref } of statics) {
    visitParts(snapshot, touched, ref, new Set(), (node, kind) => {
      if (kind === "builtin" || kind === "opaque") return;
      let at = Object.getPrototypeOf(snapshot.live(new NodeRef(node))) as object | null;
      for (; at !== null && !isProxy(at) && !engines.has(at); at = Object.getPrototypeOf(at) as object | null) found.add(at);
    });
  }
  return [...found];
}
const engines = new Set<unknown>([Object, Array, Function, Map, Set, RegExp, Date, ...Object.values(constructors)].map(({ prototype }) => prototype as unknown));
/** The slots of what is written of the call's own values (of arrays, where one of those may be an array), not of captured ones: what stands behind another one of these the program knows. */
function givenIn({ roots, steps, writtenObjects, arrays }: Plan, anyArray: boolean): readonly number[] {
  const captured = new Set(roots.flatMap((root, at) => (root.from === "constant" && root.value !== undefined ? [at] : [])));
  for (const step of steps) if ((step.do === "read" || step.do === "part") && captured.has(step.from)) captured.add(step.to);
  return [...new Set([...writtenObjects, ...arrays.flatMap(({ at, spec }) => (anyArray && spec.written && spec.as !== "column" ? [at] : []))])].filter((at) => !captured.has(at));
}

const bothOf = (a: Meets | null, b: Meets | null): Meets | null => (a && b ? (values) => a(values) || b(values) : (a ?? b));

/** What stands in a table, with all that it leads to (laid.ts), is found there alone. */
function laidMeet(plan: Plan, snapshot: LiveSnapshot, touched: ReadonlySet<number>): Meets | null {
  const tables = plan.arrays.filter(({ spec }) => spec.classes !== undefined).map(({ at }) => at);
  if (tables.length === 0) return null;
  const arrays = plan.arrays.filter(({ at, spec }) => !tables.includes(at) && (spec.as === "rows" || spec.as === "grid" || spec.as === "column" || spec.as === "list"));
  const parts: { readonly at: number; readonly part: Part }[] = [];
  for (const { at, ref } of plan.statics) visitParts(snapshot, touched, ref, new Set(plan.inputNodes), (_, kind, part) => { if (kind === "array" || kind === "object") parts.push({ at, part }); });
  // what stands in a list that was made for the call is looked into there alone, unless something else reads or writes it
  const gathered = plan.steps.flatMap((step) => (step.do === "gather" ? step.from : []));
  const used = new Set([...plan.writtenObjects, ...plan.arrays.map(({ at }) => at), ...plan.steps.flatMap((step) => (step.do === "read" || step.do === "part" ? [step.from] : step.do === "record" ? [step.at] : []))]);
  const apart = Array.from({ length: plan.slots }, (_, at) => at).filter((at) => used.has(at) || !gathered.includes(at));
  return (values) => {
    let laid: { has(value: unknown): boolean } | undefined = tables.length === 1 ? laidFor(values[tables[0]!])?.places : undefined;
    if (tables.length > 1) {
      const all = new Set<unknown>();
      for (const at of tables) for (const object of laidFor(values[at])?.places.keys() ?? []) { if (all.has(object)) return true; all.add(object); }
      laid = all.size > 0 ? all : undefined;
    }
    if (laid === undefined) return false;
    const stands = (value: unknown): boolean => laid.has(value) || (Array.isArray(value) && value.some((item) => laid.has(item) || (Array.isArray(item) && item.some((inner) => laid.has(inner)))));
    return apart.some((at) => laid.has(values[at])) || parts.some(({ at, part }) => laid.has(part(values[at])))
      || arrays.some(({ at, spec }) => stands(values[at]) || (spec.column !== undefined && heldIn(itemsIn(values[at] as unknown[]), spec.column.within.map(({ field }) => field)).some((held) => laid.has(held))));
  };
}

/** Is an object of an array what it was compared with, a part of a slow or captured value? */
function comparedMeet({ apart, statics }: Plan, snapshot: LiveSnapshot, touched: ReadonlySet<number>): Meets | null {
  if (apart.length === 0) return null;
  const parts: { readonly node: number; readonly at: number; readonly part: Part }[] = [];
  for (const { at, ref } of statics) visitParts(snapshot, touched, ref, new Set(), (node, _kind, part) => { parts.push({ node, at, part }); });
  const asked = apart.map(({ at, within, nodes }) => {
    const near = parts.filter(({ node }) => nodes.has(node)), elsewhere = [...nodes].filter((node) => !near.some((part) => part.node === node));
    return { at, within, near, own: elsewhere.map((node) => snapshot.live(new NodeRef(node))) };
  });
  return (values) => asked.some(({ at, within, near, own }) => {
    const objects = new Set(heldIn(itemsIn(values[at] as readonly unknown[]), within));
    return own.some((object) => objects.has(object)) || near.some((one) => objects.has(one.part(values[one.at])));
  });
}

/** An array that gets other contents, or another order, is no row of an array of arrays. */
function ordersBesideRows({ exits, arrays }: Plan): Meets | null {
  const lists = [...new Set(exits.flatMap((exit) => (exit.kind === "return" ? exit.writes.flatMap((write) => ("contents" in write ? [write.at] : [])) : [])))];
  const pairs = lists.flatMap((list) => arrays.flatMap(({ at, spec }) => ((spec.as === "rows" || spec.as === "grid") && at !== list ? [{ list, rows: at, levels: spec.levels ?? 1 }] : [])));
  return pairs.length === 0 ? null : (values) => pairs.some(({ list, rows, levels }) => isRowOf(values[rows] as unknown[], levels, values[list]));
}

/** Objects that have columns, those of an array or what each of them holds in these fields: which of their fields, and which of them are written. */
interface Standing { readonly at: number; readonly within: readonly string[]; readonly prototype: object; readonly fields: Set<string | number>; readonly written: Set<string | number> }
interface AllStanding { readonly arrays: readonly Standing[]; /** an object's slot, and the objects that it must not be one of */ readonly pairs: readonly { readonly at: number; readonly standing: Standing }[] }

const standingObjects = ({ at, within }: Standing, values: readonly unknown[]): readonly unknown[] => heldIn(itemsIn(values[at] as readonly unknown[]), within);

function standingIn({ arrays, steps, exits }: Plan): AllStanding {
  const found = new Map<string, Standing>();
  for (const { at, spec } of arrays) {
    if (spec.as !== "column" || !spec.column) continue;
    const { field, prototype } = spec.column, within = spec.column.within.map((holder) => holder.field), key = JSON.stringify([at, ...within]);
    let standing = found.get(key);
    if (standing === undefined) found.set(key, (standing = { at, within, prototype: spec.column.within.at(-1)?.prototype ?? prototype, fields: new Set(), written: new Set() }));
    standing.fields.add(field);
    if (spec.written) standing.written.add(field);
  }
  const all = [...found.values()];
  // an object whose elements are read, or written, has all fields that are indices
  const elements = steps.flatMap((step) => (step.do === "part" && step.get === elementsOf ? all.flatMap((standing) => ([...standing.fields].some((field) => String(Number(field)) === String(field)) ? [{ at: step.from, standing }] : [])) : []));
  const pairs = steps.flatMap((step) => (step.do !== "record" ? [] : all.flatMap((standing) =>
    (standing.at !== step.at && (step.keys.some((key) => standing.written.has(key)) || step.written.some((key) => standing.fields.has(key))) ? [{ at: step.at, standing }] : []))));
  // private fields are read, and written, by functions of their own
  const setters = new Set(exits.flatMap((exit) => (exit.kind === "return" ? exit.writes.flatMap((write) => ("set" in write ? [write.set] : [])) : [])));
  const hidden = steps.flatMap((step) => (step.do !== "part" ? [] : all.flatMap((standing) => ([...standing.fields].some((key) => {
    const field = hiddenField(key);
    return field !== undefined && field.get === step.get && (standing.written.has(key) || setters.has(field.set));
  }) ? [{ at: step.from, standing }] : []))));
  return { arrays: all, pairs: [...pairs, ...elements, ...hidden] };
}

/** so many objects are looked for one by one */
const fewObjects = 32;

/** Null: no object of an array can be one of the others. */
function columnsMeet({ arrays, pairs }: AllStanding, spots: readonly Spot[]): Meets | null {
  const written = arrays.filter((standing) => standing.written.size > 0).map((standing) => ({ standing, spots: spots.filter((spot) => spot.prototype === standing.prototype) })).filter((one) => one.spots.length > 0);
  if (pairs.length === 0 && written.length === 0) return null;
  return (values) => {
    if (pairs.some(({ at, standing }) => standingObjects(standing, values).includes(values[at]))) return true;
    return written.some(({ standing, spots: near }) => {
      const objects = standingObjects(standing, values), held = near.length > fewObjects ? new Set(objects) : null;
      return near.some((spot) => { const slow = spot.part(values[spot.at]); return held ? held.has(slow) : objects.includes(slow); });
    });
  };
}
