// What values are called in messages: the user's words, not those of the walk.

import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import type { Abs } from "./values.ts";

const objects: { readonly [T in HeapObject["t"]]: string | ((object: HeapObject & { t: T }) => string) } = {
  object: "an object", snap: "an object", array: "an array", typed: ({ array }) => `a ${array}`, spilled: "an array", vector: "an array", boxed: "an array or object",
  cell: "a variable", closure: "a function", function: "a function", class: "a class", builtin: ({ name }) => `the built-in ${name}`, bound: "a bound function",
  map: "a Map", set: "a Set", keyed: ({ form }) => ({ map: "a Map", set: "a Set", record: "an object whose keys vary" })[form], numerals: "a list of keys",
  iterator: "an iterator", error: "an error", regexp: "a regular expression", buffer: "an ArrayBuffer", generator: "a generator", opaque: "an object of which nothing is known",
};
export const saidOfObject = <T extends HeapObject["t"]>(object: HeapObject & { t: T }): string => { const said = objects[object.t as T]; return typeof said === "string" ? said : said(object); };

export function saidOf(ev: Evaluator, abs: Abs | null | undefined): string {
  switch (abs?.k) {
    case undefined: return "nothing";
    case "num": return "a number";
    case "bool": return "a boolean";
    case "big": return "a BigInt";
    case "str": case "text": return "a string";
    case "mem": return abs.of.box?.form.form === "record" || (abs.of.row && abs.of.records) ? "an object" : "an array";
    case "obj": { const object = ev.state.objects.get(abs.id) ?? ev.statics.get(abs.id); return object ? saidOfObject(object) : "an object"; }
    case "sum": return "one of several values";
    case "prim": return abs.value === undefined || abs.value === null ? String(abs.value) : typeof abs.value === "bigint" ? "a BigInt" : `a ${typeof abs.value}`;
  }
}
