// Maps, Sets and plain objects of the caller's with keys of run time, as an entry sees them: the list of their keys, and that of what stands there.
// A path leads to these through a key that no source can spell.

/** `bare`: an object without a prototype. */
export type KeyedForm = "map" | "set" | "record" | "bare";

const prefix = "\u0000entries ";
export const entriesKey = (form: KeyedForm): string => prefix + form;
/** The form that such a key tells; undefined of any other. */
export const formOfEntries = (key: string | number): KeyedForm | undefined => (typeof key === "string" && key.startsWith(prefix) ? (key.slice(prefix.length) as KeyedForm) : undefined);

/** What a table of the kernel's own has where it lies in memory, as fields that no source can spell: of a Set all but the values. */
export const tableFields: readonly string[] = ["keys", "next", "heads", "count", "values"].map((part) => `\u0000${part}`);

export interface Entries { readonly keys: readonly number[]; readonly values: readonly unknown[] }
