// The signature of a call as a text: kinds and shapes of its values. Calls that the same version may serve have the same one; what
// static parts hold is not in it, but collected beside it in order.

import type { Kind, Named } from "../ir/interface.ts";
import type { SnapValue } from "../ir/snapshot.ts";
import { unreachable } from "../diagnostic.ts";

/** `statics` gets the values of static parts. */
export function keyOf(kind: Kind, statics: SnapValue[]): string {
  switch (kind.kind) {
    case "f64":
    case "i32":
    case "boolean":
    case "undefined":
    case "null":
    case "string":
      return kind.kind;
    case "bigint": return kind.range;
    case "typed": return `${kind.bigints ? kind.bigints : kind.dataView ? "DataView" : kind.buffer ? "ArrayBuffer" : kind.prototype === undefined ? kind.array : `${kind.array}:${kind.prototype}`}${kind.sized === undefined ? "" : `#${kind.sized}`}${keyOfNamed(kind.named, statics)}`;
    case "array": return `${kind.element.kind !== "f64" && kind.element.kind !== "i32" ? `${kind.element.kind === "mixed" ? `(${keyOf(kind.element, statics)})` : keyOf(kind.element, statics)}[]${kind.gaps ? "?" : ""}` : `number[]${kind.prototype === undefined ? "" : `:${kind.prototype}`}`}${kind.sized ? `#${kind.length}` : ""}${keyOfNamed(kind.named, statics)}`;
    case "object": {
      const fields: string[] = [];
      for (const [name, field] of kind.fields) fields.push(`${JSON.stringify(name)}:${keyOf(field, statics)}`);
      return `{${fields.join(",")}}${kind.prototype === null ? "!" : kind.prototype < 0 ? "" : "*"}${kind.others && kind.others.length > 0 ? `+${JSON.stringify(kind.others)}` : ""}${kind.indexed ? `[${kind.indexed.join("|")}]` : ""}${kind.linked === undefined ? "" : "~"}`;
    }
    case "mixed": return kind.of.join("|");
    case "linked": return "[]~";
    case "same": return `=${kind.path.root}${kind.path.keys.map((key) => `.${String(key)}`).join("")}${kind.linked === undefined ? "" : "~"}`;
    case "static":
      statics.push(kind.value);
      return kind.bound ? "bound" : "static";
    default: return unreachable(kind);
  }
}

const keyOfNamed = (named: Named | undefined, statics: SnapValue[]): string => (named ? `{${[...named].map(([name, kind]) => `${JSON.stringify(name)}:${kind ? keyOf(kind, statics) : "absent"}`).join(",")}}` : "");
