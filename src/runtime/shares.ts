// Do typed rows of an array of arrays share bytes with each other, or with another array? They are copied row by row: what one wrote the other would not see.
//
// Guarantees: typed arrays that are no rows may share, since they are copied together; an empty one shares nothing.

import type { ArraySpec } from "./place.ts";
import { isSolidArray, overlap, rowsAt, typedName, type TypedArray } from "./values.ts";

/** so many rows are compared with each other without a look-up */
const few = 16;

export const hasTypedRows = (specs: readonly ArraySpec[]): boolean => specs.some(isOfRows);
const isOfRows = ({ as, array }: ArraySpec): boolean => as === "rows" && array !== null;

export function rowsShare(specs: readonly ArraySpec[], values: readonly unknown[]): boolean {
  const rows: TypedArray[] = [], others: TypedArray[] = [];
  for (let i = 0; i < specs.length; i++) {
    const spec = specs[i]!;
    if (spec.as === "typed") take(values[i], others);
    else if (isOfRows(spec)) for (const row of spec.levels === undefined || spec.levels === 1 ? values[i] as unknown[] : rowsAt(values[i] as unknown[], spec.levels, isSolidArray)) take(row, rows);
  }
  if (rows.length > few) return manyShare(rows, others);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (let k = 0; k < i; k++) if (overlap(row, rows[k]!)) return true;
    for (const other of others) if (overlap(row, other)) return true;
  }
  return false;
}

function take(value: unknown, into: TypedArray[]): void {
  if (typedName(value) !== undefined && (value as TypedArray).byteLength > 0) into.push(value as TypedArray);
}

/** In the order in which they lie in their buffers: each begins where those before it have ended. */
function manyShare(rows: readonly TypedArray[], others: readonly TypedArray[]): boolean {
  const byBuffer = new Map<ArrayBufferLike, { view: TypedArray; row: boolean }[]>();
  const add = (view: TypedArray, row: boolean): void => { const list = byBuffer.get(view.buffer); if (list) list.push({ view, row }); else byBuffer.set(view.buffer, [{ view, row }]); };
  for (const view of rows) add(view, true);
  for (const view of others) add(view, false);
  for (const list of byBuffer.values()) {
    let end = 0, endOfRows = 0;
    for (const { view, row } of list.sort((a, b) => a.view.byteOffset - b.view.byteOffset)) {
      if (view.byteOffset < (row ? end : endOfRows)) return true;
      end = Math.max(end, view.byteOffset + view.byteLength);
      if (row) endOfRows = end;
    }
  }
  return false;
}
