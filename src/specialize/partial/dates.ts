// Dates: objects with one hidden field, the time (ir/dates.ts), and Date.prototype as their prototype. All else that they tell is arithmetic (calendar.ts).
//
//   new Date(t).getUTCFullYear()   →   the year of t, from its days since 1970
//   d - J2000, +d, d < e           →   their times
//
// Local time is taken where it is UTC, which is tested at entry. The clock is the original's business, and so are the texts of dates. A date of the
// caller's, or a slow one, is read, never set.

import { isUtc, timeKey } from "../../ir/dates.ts";
import type { Primitive } from "../../ir/types.ts";
import { callPrelude } from "./builtins.ts";
import type { Call } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { snapValue } from "./inputs.ts";
import { getOfItem } from "./items.ts";
import { found, getOfObject, getProperty, split } from "./objects.ts";
import { primitiveOf } from "./primitives.ts";
import { prim, undefinedValue, type Abs, type Alt, type Mem, type Obj } from "./values.ts";

type Rule = (ev: Evaluator, args: readonly Abs[], self: Abs, call: Call | undefined) => Abs;

/** One of the dates in an array, or in its objects: its time is loaded where it is asked for. */
export const isDateOfArray = (a: Abs | Alt): a is Mem => a.k === "mem" && a.of.row && a.of.records?.kind.fields.has(timeKey) === true;

/** The time that a Date holds; undefined for what is none. */
export function dateTime(ev: Evaluator, a: Abs): Abs | undefined {
  if (isDateOfArray(a)) return getOfItem(ev, a, a.of.records!, timeKey);
  if (a.k !== "obj") return undefined;
  const object = ev.object(a.id);
  if (object.t === "object" && (object.fields.has(timeKey) || (object.origin.from === "input" && object.origin.kind.fields.has(timeKey)))) return getOfObject(ev, a.id, prim(timeKey), timeKey);
  if (object.t !== "snap") return undefined;
  const node = ev.snapshot.node(object.node);
  if (node.kind !== "object" || node.className !== "Date") return undefined;
  const time = found(ev, object.node, timeKey, null);
  return time.k === "prim" && time.value === undefined ? undefined : time;
}

/** ToNumber of a Date, if nobody gave it, or all of them, a conversion of their own. */
export function numberOfDate(ev: Evaluator, a: Obj | Mem): Abs | undefined {
  const time = dateTime(ev, a);
  const isEngines = (name: string): boolean => { const method = getProperty(ev, a, prim(name)), object = method.k === "obj" ? ev.object(method.id) : undefined; return object?.t === "builtin"; };
  return time && isEngines("valueOf") && isEngines("\u0000@@toPrimitive") ? time : undefined;
}

const calendarOf = (ev: Evaluator, name: string, args: readonly Abs[], call: Call | undefined): Abs => callPrelude(ev, ev.request.prelude(`internal.date.${name}`)!, undefinedValue, args, call);
const numbers = (ev: Evaluator, args: readonly Abs[]): Abs[] => args.map((a) => ev.fromF64(ev.toF64(primitiveOf(ev, a, "number"))));

const makeDate = (ev: Evaluator, time: Abs): Abs =>
  ev.allocate({ t: "object", origin: { from: "local" }, prototype: snapValue(ev, ev.snapshot.builtin("Date.prototype")) as Obj, fields: new Map([[timeKey, time]]) });

/** What follows takes local time for UTC. */
function expectUtc(ev: Evaluator): void {
  if (!isUtc()) throw ev.refuse("Unsupported", "a date is read or made in local time, which is not UTC", "use the methods with UTC in their names, and Date.UTC");
  ev.expect({ expect: "utc" });
}

/** The time of a text that is known when the version is made; without a zone of its own it is one of local time. */
function parse(ev: Evaluator, text: Primitive): Abs {
  const time = Date.parse(String(text));
  if (time === time && !/^[+-]?\d+(-\d\d){0,2}$|(Z|GMT|UTC|[+-]\d\d:?\d\d)$/.test(String(text))) expectUtc(ev);
  return prim(time);
}

/** `new Date(…)` */
export function constructDate(ev: Evaluator, args: readonly Abs[], call: Call | undefined): Abs {
  const [first] = args;
  if (!first) throw ev.refuse("Unsupported", "the clock is read", "hand the time over");
  if (args.length > 1) { expectUtc(ev); return makeDate(ev, calendarOf(ev, "make", numbers(ev, args.slice(0, 7)), call)); }
  if (first.k === "sum" && first.alts.some((a) => a.k === "obj" || isDateOfArray(a))) return split(ev, first, (one) => constructDate(ev, [one], call));
  const time = dateTime(ev, first);
  if (time) return makeDate(ev, time);
  const value = primitiveOf(ev, first, "default");
  if (value.k === "prim" && typeof value.value === "string") return makeDate(ev, parse(ev, value.value));
  if (value.k === "str" || value.k === "text" || (value.k === "sum" && value.alts.some((a) => a.k === "str" || (a.k === "prim" && typeof a.value === "string")))) throw ev.refuse("Unsupported", "a date is made of a text that is not static", "make it of a number");
  return makeDate(ev, calendarOf(ev, "clip", numbers(ev, [value]), call));
}

function timeFor(ev: Evaluator, self: Abs): Abs {
  return dateTime(ev, self) ?? ev.bail("a method of dates is called on what is none");
}

function setTime(ev: Evaluator, self: Abs, time: Abs): Abs {
  const object = self.k === "obj" ? ev.object(self.id) : undefined;
  if (object?.t !== "object" || object.origin.from !== "local") throw ev.refuse("Unsupported", "a date that the function did not make is set", "set a copy: new Date(date)");
  ev.update((self as Obj).id, { ...object, fields: new Map(object.fields).set(timeKey, time) });
  return time;
}

/** A Date that leaves the function: its time; undefined for what is none. What else somebody put on it is refused. */
export function leavingTime(ev: Evaluator, { fields }: HeapObject & { readonly t: "object" }): Abs | undefined {
  const time = fields.get(timeKey);
  if (time && fields.size > 1) throw ev.refuse("Todo", "a Date with fields of its own leaves the function", "put it into an object");
  return time;
}

const missing: Rule = (ev) => { throw ev.refuse("Unsupported", "a date becomes a text", "return the time, or its parts"); };

export const dateRules: Record<string, Rule> = {
  "Date.UTC": (ev, args, _, call) => calendarOf(ev, "make", args.length === 0 ? [prim(NaN)] : numbers(ev, args.slice(0, 7)), call),
  "Date.now": (ev) => { throw ev.refuse("Unsupported", "the clock is read", "hand the time over"); },
  "Date.parse": (ev, [text]) => {
    if (text?.k !== "prim") throw ev.refuse("Unsupported", "a date is made of a text that is not static", "make it of a number");
    return parse(ev, text.value);
  },
  Date: (ev) => { throw ev.refuse("Unsupported", "the clock is read", "hand the time over"); },
  "Date.prototype.getTime": (ev, _, self) => timeFor(ev, self),
  "Date.prototype.valueOf": (ev, _, self) => timeFor(ev, self),
  "Date.prototype.setTime": (ev, [time], self, call) => { timeFor(ev, self); return setTime(ev, self, calendarOf(ev, "clip", numbers(ev, [time ?? undefinedValue]), call)); },
};
for (const part of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds", "Year", "TimezoneOffset"]) {
  const most = { FullYear: 3, Month: 2, Date: 1, Hours: 4, Minutes: 3, Seconds: 2, Milliseconds: 1 }[part];
  for (const zone of part === "Year" || part === "TimezoneOffset" ? [""] : ["", "UTC"]) {
    dateRules[`Date.prototype.get${zone}${part}`] = (ev, _, self, call) => {
      const time = timeFor(ev, self);
      if (zone === "") expectUtc(ev);
      return calendarOf(ev, `get${part}`, [time], call);
    };
    if (most === undefined) continue;
    dateRules[`Date.prototype.set${zone}${part}`] = (ev, args, self, call) => {
      const time = timeFor(ev, self);
      if (zone === "") expectUtc(ev);
      return setTime(ev, self, calendarOf(ev, `set${part}`, [time, ...numbers(ev, args.length === 0 ? [undefinedValue] : args.slice(0, most))], call));
    };
  }
}
for (const text of ["toString", "toISOString", "toJSON", "toUTCString", "toDateString", "toTimeString", "toLocaleString", "toLocaleDateString", "toLocaleTimeString"]) dateRules[`Date.prototype.${text}`] = missing;
