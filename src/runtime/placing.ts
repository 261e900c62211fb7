// The arrays of a call in their places by code of the version's own: what `Placer` (place.ts) does for any call, written out for these arrays.
//
//   (Float64Array, number[] that is written)   →   v0 of this kind? a copy of it; v1 solid? its numbers, each written back as it is; …
//
// Nothing is asked that the engine answers slowly and that stays as it is: that an array is no Proxy, which buffer a typed array lies in, which rows a table has
// (two of them, or other arrays, may be one and the same) is remembered (weakly) from when it came first. Numbers go in and out eight a turn.
// Guarantees: as place.ts. A written list has no element that can't be written, which is found by writing each as it is; nothing else that the caller can see is written
// before `finish(true)`. What it can't do is `shared`: arrays over one buffer, one array in two places, columns that were not looked at yet.
// Requires: `canPlace`. Calls that come before a version has served a few have no code of their own.

import type { Codes } from "../capture/codes.ts";
import { isResizable, lengthOfTyped } from "../capture/host.ts";
import type { TypedArrayName } from "../ir/interface.ts";
import { rowHeader } from "./heap.ts";
import { push, type SharedMemory } from "./memory.ts";
import type { ArraySpec, Misfit } from "./place.ts";
import type { Placement } from "./placement.ts";
import { hasTypedRows, rowsShare } from "./shares.ts";
import { bytesPerElement, constructors, hasTwice, isSolidArray, overlap, typedName, type TypedArray } from "./values.ts";

/** A call of the engine's own to copy elements takes as long as so many of them. */
const few = 40;
/** after so many arrays that came for the first time, those that come are likely new ones every time: no use to remember them */
const mostRemembered = 4096;

/** Null where the arrays have their places; the placement holds until the next call. */
export type Placing = (values: readonly unknown[]) => Misfit | "shared" | null;
export interface OwnPlacing { readonly place: Placing; readonly placement: Placement }

/** What it leaves to the placer. */
export interface Delegates {
  /** two for each array */
  readonly params: Placement["params"];
  /** gives the address of a string's units */
  text(text: string, i: number): number | Misfit;
  /** writes the parameters of the columns of an array */
  columns(array: unknown): Misfit | "unseen" | null;
  /** writes back the objects that were just copied, and forgets them */
  columnsOut(commit: boolean): void;
  columnsBytes(): number;
}

/** Rows of arrays of arrays that stay in their places. */
const areStaying = ({ as, levels = 1, gaps, replaced, direct }: ArraySpec): boolean => as === "rows" && levels === 1 && !gaps && !replaced && !direct;
/** … and are ordinary arrays of numbers. */
export const isPlainRows = (spec: ArraySpec): boolean => spec.array === null && areStaying(spec);

/** What code is written for; `groups`: of columns. */
export const canPlace = (specs: readonly ArraySpec[], groups: number): boolean =>
  groups < 2 && specs.every((spec) => spec.view === undefined && spec.over === undefined && (spec.as === "typed" || spec.as === "numbers" || spec.as === "text" || spec.as === "column" || areStaying(spec)));

/** Values that were found to be what is asked, weakly, and what was found with them. */
class Remembered<T> {
  readonly #known = new WeakMap<object, T>();
  #count = 0;
  get(value: unknown): T | undefined { return this.#known.get(value as object); }
  add(value: object, found: T): T {
    if (this.#known.has(value) || this.#count++ < mostRemembered) this.#known.set(value, found);
    return found;
  }
}

/** A list that was looked at together with the others of a call, which have the same token; of a table, its rows. */
interface Met { readonly token: object; readonly rows: readonly unknown[] }

/** Which buffer the array lies in; null where it is not of that kind. */
const buffersOf = (array: TypedArrayName): { readonly known: Remembered<ArrayBufferLike>; meet(value: unknown): ArrayBufferLike | null } => {
  const known = new Remembered<ArrayBufferLike>();
  return { known, meet: (value) => (typedName(value) === array ? known.add(value as object, (value as TypedArray).buffer) : null) };
};

export function ownPlacing(specs: readonly ArraySpec[], memory: SharedMemory, protect: boolean, delegates: Delegates, codes: Codes): OwnPlacing | null {
  const { text, given } = codeOf(specs, memory, protect, delegates);
  try { return codes.get(Object.keys(given), text)(...Object.values(given)) as OwnPlacing; } catch { return null; } // a content-security policy, or a tool's variables in what is given
}

// ───────────────────────────────── the code ─────────────────────────────────

/** Elements that a turn of a loop copies. */
const turn = 8;

/** Elements from 0 on, eight a turn: `one` for each of them. That an index is an int32 is said, or the engine would test it. */
function turns(length: string, start: string, one: (k: string, at: string, x: string) => string): string {
  const place = (of: string, i: number): string => (i === 0 ? of : `(${of} + ${i} | 0)`);
  return `let k = 0, there = ${start};
    for (const last = ${length} - ${turn - 1}; k < last; k = k + ${turn} | 0, there = there + ${turn} | 0) {
      ${Array.from({ length: turn }, (_, i) => one(place("k", i), place("there", i), `x${i}`)).join("\n      ")}
    }
    for (; k < ${length}; k = k + 1 | 0, there = there + 1 | 0) { ${one("k", "there", "x")} }`;
}

/** Numbers of `list` to where they start. */
function numbersIn(list: string, length: string, start: string, written: boolean): string {
  const loop = turns(length, start, (k, at, x) => `const ${x} = ${list}[${k}]; if (typeof ${x} !== "number") return "kind"; ${written ? `${list}[${k}] = ${x}; ` : ""}to[${at}] = ${x};`);
  return written ? `try { ${loop} } catch { return "frozen"; }` : loop;
}
const numbersOut = (list: string, length: string, start: string): string => turns(length, start, (k, at) => `${list}[${k}] = f64[${at}];`);

interface Part { readonly state: string; readonly place: string; readonly out: string; readonly forget: string }

function codeOf(specs: readonly ArraySpec[], memory: SharedMemory, protect: boolean, delegates: Delegates): { text: string; given: Record<string, unknown> } {
  const anyWritten = specs.some(({ written }) => written);
  const sharing = anyWritten && hasTypedRows(specs);
  const lists = specs.flatMap((spec, i) => (spec.as === "numbers" || spec.as === "rows" || (spec.as === "typed" && sharing) ? [i] : []));
  const together = specs.some(({ as }) => as === "rows");
  const solid = new Remembered<true>(), met = new Remembered<Met>();
  const given: Record<string, unknown> = {
    memory, push, buffer: memory.buffer, f64: memory.f64, i32: memory.i32, Float64Array, lengthOf: lengthOfTyped, overlap, delegates, params: delegates.params,
    isSolid: (value: unknown) => solid.get(value) === true || (isSolidArray(value) && solid.add(value, true)),
    met, meet: meeting(specs, lists, met, sharing), getPrototypeOf: Object.getPrototypeOf,
  };
  for (const { array } of specs) {
    if (array === null) continue;
    given[`${array}s`] = memory.views[array];
    given[array] = constructors[array];
    given[`${array}Prototype`] = constructors[array].prototype;
  }
  const parts = specs.map((spec, i): Part => {
    switch (spec.as) {
      case "typed": {
        const name = spec.array!;
        given[`buffers${i}`] = buffersOf(name);
        return typedPart(spec, i, specs, protect && spec.written, anyWritten, sharing);
      }
      case "numbers": return numbersPart(spec, i, specs, together);
      case "rows": return spec.array === null ? rowsPart(spec, i) : typedRowsPart(spec, i);
      case "text": return {
        state: "", out: "", forget: "",
        place: `{ const at = delegates.text(values[${i}], ${i}); if (typeof at === "string") return at; params[${2 * i}] = at; params[${2 * i + 1}] = values[${i}].length; bytes += 2 * values[${i}].length; }`,
      };
      default: return columnPart(specs, i);
    }
  });
  const stable = specs.every(({ as, written }) => as === "typed" && !(protect && written)) ? specs.map((_, i) => `b${i} === buffer`).join(" && ") : "false";
  return { given, text: `const placement = { params, stable: false, bytes: 0, finish };
let stackBefore = 0;
${parts.map(({ state }) => state).join("\n")}
${together ? sameRows : ""}
function place(values) {
  stackBefore = memory.stack;
  const misfit = placeEach(values);
  if (misfit !== null) finish(false);
  return misfit;
}
function placeEach(values) {
  const to = f64;
  let bytes = 0;
  ${together ? metCode(lists, specs) : ""}
  ${parts.map(({ place }) => place).join("\n  ")}
  placement.bytes = bytes;
  placement.stable = ${stable};
  return null;
}
function finish(commit) {
  let bytes = 0;
  if (commit) {
    ${parts.map(({ out }) => out).join("\n    ")}
  }
  ${parts.map(({ forget }) => forget).join(" ")}
  memory.stack = stackBefore;
  return bytes;
}
return { place, placement };` };
}

function typedPart({ array, read, written, direct }: ArraySpec, i: number, specs: readonly ArraySpec[], kept: boolean, anyWritten: boolean, met: boolean): Part {
  const name = array!, size = bytesPerElement[name];
  const meets = specs.flatMap(({ as }, j) => (anyWritten && as === "typed" && j < i ? [`if (b${j} === b${i} && (b${i} !== buffer || overlap(v${j}, v${i}))) return "shared";`] : []));
  const look = `${met ? "" : `const v${i} = values[${i}];`}
  let b${i} = buffers${i}.known.get(v${i});
  if (b${i} === undefined) { b${i} = buffers${i}.meet(v${i}); if (b${i} === null) return "kind"; }
  const n${i} = lengthOf.call(v${i});
  if (n${i} !== v${i}.length) return "kind";
  ${meets.join("\n  ")}
  params[${2 * i + 1}] = n${i};`;
  const asItIs = `params[${2 * i}] = v${i}${direct ? "" : ".byteOffset"};`;
  if ((!read && !written) || (direct && !kept)) return { state: "", place: `${look} ${asItIs}`, out: "", forget: direct ? `params[${2 * i}] = 0;` : "" };
  const copy = `const at = push(memory, n${i} * ${size});
    if (at === 0) return "full";
    ${elementsIn(name, `v${i}`, `n${i}`, `at / ${size}`)}
    ${written ? `a${i} = v${i}; at${i} = at;` : ""}
    params[${2 * i}] = ${direct ? `new ${name}(buffer, at, n${i})` : "at"};
    bytes += n${i} * ${size};`;
  return {
    state: written ? `let a${i} = null, at${i} = 0, view${i} = null, viewAt${i} = 0;` : "",
    place: `${look}
  ${kept ? "" : `if (b${i} === buffer) { ${asItIs} } else `}{
    ${copy}
  }`,
    out: written ? `if (a${i} !== null) {
      const a = a${i}, n = params[${2 * i + 1}];
      if (n <= ${few}) { const start = at${i} / ${size}; ${changedOut(name)} }
      else {
        if (view${i} === null || viewAt${i} !== at${i} || view${i}.length !== n) { viewAt${i} = at${i}; view${i} = new ${name}(buffer, at${i}, n); }
        a.set(view${i});
      }
      bytes += n * ${size};
    }` : "",
    forget: `${written ? `a${i} = null; ` : ""}${direct ? `params[${2 * i}] = 0;` : ""}`,
  };
}

/** Elements of a typed array to where they start. */
const elementsIn = (name: TypedArrayName, array: string, length: string, place: string): string => `if (${length} > ${few}) ${name}s.set(${array}, ${place});
    else { const from = ${array}, n = ${length}, start = ${place}; ${turns("n", "start", (k, at) => `${name}s[${at}] = from[${k}];`)} }`;
/** Elements from `start` on to the `n` of `a`. What was not written keeps its bits: of a NaN, a store may change them. */
function changedOut(name: TypedArrayName): string {
  const one = (k: string, at: string, x: string): string => `const ${x} = ${name}s[${at}], o${x} = a[${k}]; if (${x} !== o${x} ? ${x} === ${x} || o${x} === o${x} : ${x} === 0) a[${k}] = ${x};`;
  return turns("n", "start", name.startsWith("Float") ? one : (k, at) => `a[${k}] = ${name}s[${at}];`);
}

function numbersPart({ written, direct }: ArraySpec, i: number, specs: readonly ArraySpec[], together: boolean): Part {
  const others = specs.flatMap((spec, j) => (!together && spec.as === "numbers" && j < i && (written || spec.written) ? [`v${i} === v${j}`] : []));
  return {
    state: written ? `let a${i} = null, at${i} = 0;` : "",
    place: `${together ? "" : `const v${i} = values[${i}];
  if (!isSolid(v${i})) return "kind";
  ${others.length > 0 ? `if (${others.join(" || ")}) return "shared";` : ""}`}
  {
    const n = v${i}.length, place = push(memory, 8 * n);
    if (place === 0) return "full";
    ${numbersIn(`v${i}`, "n", "place >> 3", written)}
    ${written ? `a${i} = v${i}; at${i} = place;` : ""}
    params[${2 * i}] = ${direct ? "new Float64Array(buffer, place, n)" : "place"};
    params[${2 * i + 1}] = n;
    bytes += 8 * n;
  }`,
    out: written ? `if (a${i} !== null) { const a = a${i}, n = a.length; ${numbersOut("a", "n", `at${i} >> 3`)} bytes += 8 * n; }` : "",
    forget: `${written ? `a${i} = null; ` : ""}${direct ? `params[${2 * i}] = 0;` : ""}`,
  };
}

/** A table of the rows' places and lengths; before each row stand its place in the table and its length. */
function rowsPart({ written }: ArraySpec, i: number): Part {
  return {
    state: written ? `let rows${i} = null, table${i} = 0;` : "",
    place: tableOf(i, written, 8, `const row = rows[r], length = row.length, block = push(memory, 8 * length + 16);
      if (block === 0) return "full";
      ${numbersIn("row", "length", "(block >> 3) + 2", written)}`),
    out: written ? `if (rows${i} !== null) {
      const rows = rows${i};
      for (let r = 0; r < rows.length; r++) { const row = rows[r], n = row.length; ${numbersOut("row", "n", `i32[(table${i} >> 2) + 2 * r] >> 3`)} bytes += 8 * n; }
      bytes += 8 * rows.length;
    }` : "",
    forget: written ? `rows${i} = null;` : "",
  };
}
/** Places rows, whose number and length stand before each, and the table of where they are; `row` places one: `block` and `length` tell where, and how many elements. */
const tableOf = (i: number, written: boolean, size: number, row: string): string => `{
    const rows = m${i}.rows, count = rows.length, table = push(memory, 8 * count);
    if (table === 0) return "full";
    for (let r = 0; r < count; r++) {
      ${row}
      i32[(block >> 2) + ${4 - rowHeader}] = r;
      i32[(block >> 2) + 3] = length;
      i32[(table >> 2) + 2 * r] = block + 16;
      i32[(table >> 2) + 2 * r + 1] = length;
      bytes += ${size} * length;
    }
    ${written ? `rows${i} = rows; table${i} = table;` : ""}
    params[${2 * i}] = table;
    params[${2 * i + 1}] = count;
    bytes += 8 * count;
  }`;

/** The same of typed rows: copied even out of the shared memory, since a row's place stands before it. */
function typedRowsPart({ array, written }: ArraySpec, i: number): Part {
  const name = array!, size = bytesPerElement[name];
  return {
    state: written ? `let rows${i} = null, table${i} = 0; const views${i} = [];` : "",
    place: tableOf(i, written, size, `const row = rows[r], length = lengthOf.call(row);
      if (getPrototypeOf(row) !== ${name}Prototype || row.length !== length) return "kind";
      const block = push(memory, ${size} * length + 16);
      if (block === 0) return "full";
      ${elementsIn(name, "row", "length", `(block + 16) / ${size}`)}`),
    out: written ? `if (rows${i} !== null) {
      const rows = rows${i}, table = table${i} >> 2;
      for (let r = 0; r < rows.length; r++) {
        const a = rows[r], at = i32[table + 2 * r], n = i32[table + 2 * r + 1];
        if (n <= ${few}) { const start = at / ${size}; ${changedOut(name)} }
        else {
          let view = views${i}[r];
          if (view === undefined || view.byteOffset !== at || view.length !== n) view = views${i}[r] = new ${name}(buffer, at, n);
          a.set(view);
        }
        bytes += ${size} * n;
      }
    }` : "",
    forget: written ? `rows${i} = null;` : "",
  };
}

/** The columns of one array are placed with the first of them. */
function columnPart(specs: readonly ArraySpec[], i: number): Part {
  if (specs.findIndex(({ as }) => as === "column") !== i) return { state: "", place: "", out: "", forget: "" };
  const written = specs.some((spec) => spec.as === "column" && spec.written);
  return {
    state: "", out: written ? "bytes += delegates.columnsBytes();" : "", forget: `delegates.columnsOut(${written ? "commit" : "false"});`,
    place: `{ const misfit = delegates.columns(values[${i}]); if (misfit !== null) return misfit === "unseen" ? "shared" : misfit; bytes += delegates.columnsBytes(); }`,
  };
}

const sameRows = `function same(rows, table) {
  const { length } = table;
  if (rows.length !== length) return false;
  for (let r = 0; r < length; r++) if (rows[r] !== table[r]) return false;
  return true;
}`;
/** Lists that were looked at together, and tables of the rows that they had then. */
function metCode(lists: readonly number[], specs: readonly ArraySpec[]): string {
  const [first] = lists, unchanged = lists.flatMap((i) => [`m${i} !== undefined`, ...(i === first ? [] : [`m${i}.token === m${first!}.token`]), ...(specs[i]!.as === "rows" ? [`same(m${i}.rows, v${i})`] : [])]);
  return `const ${lists.map((i) => `v${i} = values[${i}]`).join(", ")};
  let ${lists.map((i) => `m${i} = met.get(v${i})`).join(", ")};
  if (!(${unchanged.join(" && ")})) {
    const found = meet(values);
    if (typeof found === "string") return found;
    ${lists.map((i, k) => `m${i} = found[${k}];`).join(" ")}
  }`;
}

/** Looks at all lists of a call: what they are, and whether one of them, or a row, is another; `sharing`: typed rows may lie over other arrays, where none may. */
function meeting(specs: readonly ArraySpec[], lists: readonly number[], met: Remembered<Met>, sharing: boolean): (values: readonly unknown[]) => Misfit | "shared" | Met[] {
  const anyWritten = lists.some((i) => specs[i]!.written);
  return (values) => {
    const token = {}, all: unknown[] = [], found: Met[] = [];
    for (const i of lists) {
      const list = values[i], { as, array, written, distinct } = specs[i]!;
      if (as === "typed") {
        if (typedName(list) !== array) return "kind";
        found.push({ token, rows: [] });
        continue;
      }
      if (!isSolidArray(list)) return "kind";
      if (as === "numbers") {
        all.push(list);
        found.push({ token, rows: [] });
        continue;
      }
      if (written && !Object.isExtensible(list)) return "frozen";
      const rows: unknown[] = [];
      for (let r = 0; r < list.length; r++) {
        const row = list[r];
        if (array === null ? !isSolidArray(row) : typedName(row) !== array || isResizable((row as TypedArray).buffer)) return "kind";
        rows.push(row);
        if (array === null) all.push(row);
      }
      if (distinct && hasTwice(rows)) return "shared";
      found.push({ token, rows });
    }
    if ((anyWritten && hasTwice(all)) || (sharing && rowsShare(specs, values))) return "shared";
    lists.forEach((i, k) => met.add(values[i] as object, found[k]!));
    return found;
  };
}
