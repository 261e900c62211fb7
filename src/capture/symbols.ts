// The language's own symbols as names: "Symbol.iterator" is a built-in like others, and what an object has under it is a property whose name no
// source can spell, so that no string's property is taken for it.

const names = ["iterator", "asyncIterator", "toPrimitive", "hasInstance", "toStringTag"] as const;
const prefix = "\u0000@@";

const nameOf = new Map<symbol, string>(names.map((name) => [Symbol[name], name]));
const symbolOf = new Map<string, symbol>(names.map((name) => [prefix + name, Symbol[name]]));

/** The path of one of the language's symbols ("Symbol.iterator"); null for others. */
export function symbolName(symbol: symbol): string | null {
  const name = nameOf.get(symbol);
  return name === undefined ? null : `Symbol.${name}`;
}

/** The key behind a property's name in a snapshot. */
export const keyBehind = (name: string): string | symbol => (name.charCodeAt(0) === 0 ? (symbolOf.get(name) ?? name) : name);

/** The names, in a snapshot, of what an object has under the language's symbols. */
export const symbolNames = (live: object): readonly string[] => [...symbolOf].flatMap(([name, symbol]) => (Object.hasOwn(live, symbol) ? [name] : []));
