// Maps, Sets and plain objects of the caller's with keys of run time, as an entry sees them: the list of their keys, and that of what stands there.
// A path leads to these through a key that no source can spell.

/** `bare`: an object without a prototype. */
export type KeyedForm = "map" | "set" | "record" | "bare";

/** … that lie in memory. */
export type TableForm = Exclude<KeyedForm, "bare">;

const prefix = "\u0000entries ";
export const entriesKey = (form: KeyedForm): string => prefix + form;
/** The form that such a key tells; undefined of any other. */
export const formOfEntries = (key: string | number): KeyedForm | undefined => (typeof key === "string" && key.startsWith(prefix) ? (key.slice(prefix.length) as KeyedForm) : undefined);

/** What a table of the kernel's own has where it lies in memory, as fields that no source can spell: of a Set all but the values. */
export const tableFields: readonly string[] = ["keys", "next", "heads", "count", "values"].map((part) => `\u0000${part}`);

/** Where a number's chain begins among so many, a power of 2: as the program's own code has it (`placeOfKey` in prelude.ts). */
export function placeOfKey(key: number, chains: number): number {
  let h = key | 0;
  if (h !== key) {
    const whole = Math.floor(key), above = Math.floor(whole / 67108864);
    h = Math.imul(above, -1640531535) ^ Math.imul((key - whole) * 2147483648, 31) ^ (whole - above * 67108864);
  }
  return (Math.imul(h, -1640531527) >>> 8) & (chains - 1);
}

export interface Entries { readonly keys: readonly number[]; readonly values: readonly unknown[] }
