// Values for people.

/** A value on one line, long arrays cut. */
export function show(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "number" || value === undefined || value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (Array.isArray(value)) return list("Array", value);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return list(value.constructor.name, Array.from(value as unknown as ArrayLike<number>));
  if (typeof value === "object") return `{${Object.entries(value).map(([key, item]) => `${key}: ${show(item)}`).join(", ")}}`;
  return `a ${typeof value}`;
}

const shown = 6;

function list(name: string, items: readonly unknown[]): string {
  const rest = items.length > shown ? `, … ${items.length - shown} more` : "";
  return `${name}(${items.length}) [${items.slice(0, shown).map(show).join(", ")}${rest}]`;
}
