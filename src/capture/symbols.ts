// The language's own symbols, and those of Symbol.for, as names: "Symbol.iterator" is a built-in like others, and what an object has under it is a
// property whose name no source can spell, so that no string's property is taken for it.

const names = ["iterator", "asyncIterator", "toPrimitive", "hasInstance", "isConcatSpreadable", "toStringTag", "species"] as const;
const prefix = "\u0000@@";

const nameOf = new Map<symbol, string>(names.map((name) => [Symbol[name], name]));
const symbolOf = new Map<string, symbol>(names.map((name) => [prefix + name, Symbol[name]]));

/** what follows is the key that Symbol.for was given */
const shared = "for ";

/** The path of one of the language's symbols ("Symbol.iterator"), or what stands for a shared one ("Symbol.for key"); null for others. */
export function symbolName(symbol: symbol): string | null {
  const key = Symbol.keyFor(symbol), name = key === undefined ? nameOf.get(symbol) : shared + key;
  return name === undefined ? null : `Symbol.${name}`;
}

/** The key behind a property's name in a snapshot. */
export const keyBehind = (name: string): string | symbol => (name.charCodeAt(0) !== 0 ? name : name.startsWith(prefix + shared) ? Symbol.for(name.slice(prefix.length + shared.length)) : (symbolOf.get(name) ?? name));

/** The names, in a snapshot, of what an object has under symbols that have names. */
export const symbolNames = (live: object): readonly string[] =>
  Object.getOwnPropertySymbols(live).flatMap((symbol) => { const name = symbolName(symbol); return name === null ? [] : [prefix + name.slice("Symbol.".length)]; });
