// What a reader of a snapshot has read, as a text: equal texts, equal reads. And the numbers of nodes, which follow the order in which objects
// were met, renumbered by the order in which they were read, so that they mean the same in another process.
//
// Before: a SerialSnapshot and a trace. After: the text; the numbers in the order of their first appearance.

import { isNodeRef, type Captured, type Property, type SnapNode, type SnapValue } from "../ir/snapshot.ts";
import { hole } from "../ir/snapshot.ts";
import { unreachable } from "../diagnostic.ts";
import type { Read, SerialSnapshot } from "./serial.ts";

export class Numbering {
  readonly order: number[] = [];
  readonly #known = new Map<number, number>();

  of(id: number): number {
    let number = this.#known.get(id);
    if (number === undefined) {
      this.#known.set(id, (number = this.order.length));
      this.order.push(id);
    }
    return number;
  }

  find(id: number): number | undefined { return this.#known.get(id); }
}

/** A read in the numbers of another numbering. Undefined: it has none for it. */
export function renumberRead(read: Read, number: (id: number) => number | undefined): Read | undefined {
  if (read[0] === "builtin") return read;
  const id = number(read[1]);
  return id === undefined ? undefined : ([read[0], id, ...read.slice(2)] as unknown as Read);
}

/**
 * Plain data in which fields named `node` and `prototype` are numbers of nodes (−1: none), with other numbers in their place. Throws RangeError
 * where there is none.
 */
export function renumberData<T>(data: T, number: (id: number) => number | undefined): T {
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === "number" && (key === "node" || key === "prototype") && value >= 0) {
      const other = number(value);
      if (other === undefined) throw new RangeError("a node that was not read");
      return other;
    }
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
    if (Array.isArray(value)) return value.map((item) => walk(item, ""));
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, walk(field, name)]));
  };
  return walk(data, "") as T;
}

/** One read, and what it gave. Throws Missing. */
export function textOfRead(read: Read, snapshot: SerialSnapshot, numbers: Numbering): string {
  if (read[0] === "builtin") return `builtin ${read[1]} ${numbers.of(snapshot.builtin(read[1]).node)}`;
  const ref = snapshot.ref(read[1]);
  const value = (v: SnapValue): string => valueText(v, numbers);
  const head = `${read[0]} ${numbers.of(read[1])}`;
  switch (read[0]) {
    case "node": return `${head} ${nodeText(snapshot.node(ref), numbers)}`;
    case "items": return `${head} ${itemsText(snapshot.node(ref), value)}`;
    case "buffer": {
      const node = snapshot.node(ref);
      return node.kind === "typed" ? `${head} ${numbers.of(node.buffer)} ${node.byteOffset}` : head;
    }
    case "keys": return `${head} ${JSON.stringify(snapshot.keys(ref))}`;
    case "property": return `${head} ${JSON.stringify(read[2])} ${propertyText(snapshot.property(ref, read[2]), numbers)}`;
    case "captured": return `${head} ${JSON.stringify(read[2])} ${capturedText(snapshot.captured(ref, read[2]), numbers)}`;
    default: return unreachable(read[0]);
  }
}

export function valueText(value: SnapValue, numbers: Numbering): string {
  switch (typeof value) {
    case "number": return Object.is(value, -0) ? "-0" : String(value);
    case "string": return JSON.stringify(value);
    case "bigint": return `${value}n`;
    case "boolean": case "undefined": return String(value);
    case "object": return isNodeRef(value) ? `#${numbers.of(value.node)}` : "null";
  }
}

function nodeText(node: SnapNode, numbers: Numbering): string {
  switch (node.kind) {
    case "object": return `object ${JSON.stringify(node.className)} ${node.prototype === null ? "null" : numbers.of(node.prototype.node)}`;
    case "array": return `array ${node.frozen}`;
    case "typed": return node.array;
    case "map": case "set": return node.kind;
    case "function": {
      const { text, file, line, column, isClass } = node.code;
      return `function ${JSON.stringify([node.name, node.length, text, file, line, column, isClass])}`;
    }
    case "builtin": return `builtin ${node.name}`;
    case "opaque": return `opaque ${JSON.stringify(node.why)}`;
    default: return unreachable(node);
  }
}

function itemsText(node: SnapNode, value: (v: SnapValue) => string): string {
  switch (node.kind) {
    case "array": return node.items.map((item) => (item === hole ? "hole" : value(item as SnapValue))).join();
    case "typed": return Array.from(node.values, (v) => value(v)).join();
    case "map": return node.entries.map(([key, item]) => `${value(key)}:${value(item)}`).join();
    case "set": return node.items.map(value).join();
    case "object": case "function": case "builtin": case "opaque": return "";
    default: return unreachable(node);
  }
}

function propertyText(property: Property, numbers: Numbering): string {
  switch (property.kind) {
    case "data": return `data ${property.writable} ${valueText(property.value, numbers)}`;
    case "getter": return `getter ${numbers.of(property.get.node)}${property.set ? ` ${numbers.of(property.set.node)}` : ""}`;
    case "setter": return `setter ${numbers.of(property.set.node)}`;
    case "absent": return "absent";
    case "opaque": return `opaque ${JSON.stringify(property.why)}`;
    default: return unreachable(property);
  }
}

function capturedText(captured: Captured, numbers: Numbering): string {
  switch (captured.kind) {
    case "constant": return `constant ${valueText(captured.value, numbers)}`;
    case "variable": return `variable ${JSON.stringify(captured.accessors)} ${valueText(captured.value, numbers)}`;
    case "missing": return `missing ${JSON.stringify(captured.why)}`;
    default: return unreachable(captured);
  }
}
