// Values as JavaScript source that makes them again, and a failing kernel as a test that can be pasted.
// Kept: −0, NaN, holes, what is one object in several places, views that share a buffer.

import { isObject, tagOf } from "./compare.ts";

/** A kernel with what it is called with: what is shrunk, and what a golden test holds. */
export interface Subject {
  /** the function's text */
  readonly source: string;
  /** names of the slow parameters */
  readonly slow: readonly string[];
  /** whole argument lists */
  readonly inputs: readonly (readonly unknown[])[];
}

export interface Shown { /** declarations that the text needs */ readonly before: readonly string[]; readonly text: string }

/** The values as one array's text. */
export function show(values: readonly unknown[]): Shown {
  const uses = new Map<object, number>();
  const buffers = new Map<ArrayBufferLike, number>();
  const count = (value: unknown): void => {
    if (!isObject(value) || typeof value === "function") return;
    const seen = uses.get(value) ?? 0;
    uses.set(value, seen + 1);
    if (seen > 0) return;
    if (ArrayBuffer.isView(value)) { buffers.set(value.buffer, (buffers.get(value.buffer) ?? 0) + 1); return; }
    for (const inner of Object.values(value)) count(inner);
  };
  values.forEach(count);

  const before: string[] = [];
  const names = new Map<object, string>();
  const named = (object: object, stem: string, text: () => string): string => {
    let name = names.get(object);
    if (name === undefined) {
      const made = text();
      name = `${stem}${names.size}`;
      names.set(object, name);
      before.push(`const ${name} = ${made};`);
    }
    return name;
  };
  const write = (value: unknown): string => {
    if (!isObject(value)) return primitive(value);
    return uses.get(value)! > 1 && typeof value !== "function" ? named(value, "shared", () => contents(value)) : contents(value);
  };
  const contents = (value: object): string => {
    if (typeof value === "function") return String(value);
    const tag = tagOf(value);
    if (ArrayBuffer.isView(value)) {
      const view = value as unknown as { length: number; byteOffset: number } & ArrayLike<number | bigint>;
      if (buffers.get(value.buffer) === 1) return view.length === 0 ? `new ${tag}(0)` : `${tag}.of(${Array.from(view, primitive).join(", ")})`;
      const buffer = named(value.buffer, "buffer", () => `Uint8Array.of(${Array.from(new Uint8Array(value.buffer), primitive).join(", ")}).buffer`);
      return `new ${tag}(${buffer}, ${view.byteOffset}, ${view.length})`;
    }
    if (Array.isArray(value)) return `[${Array.from(value, (v, k) => (k in value ? write(v) : "")).join(", ")}${value.length > 0 && !(value.length - 1 in value) ? "," : ""}]`;
    if (tag === "Map") return `new Map([${[...(value as Map<unknown, unknown>)].map(([k, v]) => `[${write(k)}, ${write(v)}]`).join(", ")}])`;
    if (tag === "Date") return `new Date(${Number(value)})`;
    if (tag === "Set") return `new Set([${[...(value as Set<unknown>)].map(write).join(", ")}])`;
    return `{ ${Object.getPrototypeOf(value) === null ? "__proto__: null, " : ""}${Object.entries(value).map(([k, v]) => `${/^[A-Za-z_$][\w$]*$/.test(k) ? k : JSON.stringify(k)}: ${write(v)}`).join(", ")} }`;
  };
  const text = `[${values.map(write).join(", ")}]`;
  return { before, text };
}

function primitive(value: unknown): string {
  switch (typeof value) {
    case "string": return JSON.stringify(value);
    case "bigint": return `${value}n`;
    case "number": return Object.is(value, -0) ? "-0" : String(value);
    default: return String(value);
  }
}

/** A test to paste: `check` is the name of a function that takes a Subject. */
export function golden(subject: Subject, title: string, check = "agrees"): string {
  const { before, text } = show(subject.inputs);
  const source = subject.source.replace(/[\\`]|\$\{/g, "\\$&");
  return [
    `it(${JSON.stringify(title)}, () => {`,
    ...before.map((line) => `  ${line}`),
    `  ${check}({`,
    `    source: \`${source}\`,`,
    `    slow: ${JSON.stringify(subject.slow)},`,
    `    inputs: ${text},`,
    "  });",
    "});",
  ].join("\n");
}
