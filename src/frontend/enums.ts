// An enum of TypeScript's → the object that TypeScript makes of it, which knows its numbers by name and its names by number.
//
//   enum E { A, B = 4, C, D = "d" }   →   (function (E) { E[E["A"] = 0] = "A"; … E["D"] = "d"; return E; })({})
//
// TypeScript assigns in the argument, E || (E = {}): then the variable is no constant to whoever reads the module. Here the caller writes what is done
// with the object. Members that are strings have no way back. A member without a value is one more than the member before.

import type { TsNode } from "./typescript.ts";

export interface EnumDeclaration extends TsNode {
  readonly id: TsNode;
  readonly members: readonly (TsNode & { readonly id: TsNode; readonly initializer?: TsNode })[];
}

/** `base`: the object that members are added to. `known`: the members of this enum that there are already, and whether each is a string; more are added. `written`: a part's text, its types erased. */
export function writeEnum({ id, members }: EnumDeclaration, base: string, known: Map<string, boolean>, written: (part: TsNode) => string): string {
  const name = String(id["name"]);
  let before: string | null = null;
  const lines = members.map((member) => {
    const key = String(member.id["name"] ?? member.id["value"]), place = `${name}[${JSON.stringify(key)}]`;
    const isString = member.initializer !== undefined && isText(member.initializer, known);
    const value = member.initializer ? valueOf(member.initializer, name, known, written) : before === null ? "0" : `${before} + 1`;
    known.set(key, isString);
    before = place;
    return isString ? `${place} = ${value};` : `${name}[${place} = ${value}] = ${JSON.stringify(key)};`;
  });
  return `(function (${name}) { ${lines.join(" ")} return ${name}; })(${base})`;
}

function isText(node: TsNode, known: ReadonlyMap<string, boolean>): boolean {
  switch (node.type) {
    case "Literal": return typeof node["value"] === "string";
    case "TemplateLiteral": return true;
    case "BinaryExpression": return node["operator"] === "+" && (isText(node["left"] as TsNode, known) || isText(node["right"] as TsNode, known));
    case "Identifier": return known.get(String(node["name"])) === true;
    case "MemberExpression": return known.get(String((node["property"] as TsNode)[node["computed"] === true ? "value" : "name"])) === true;
    default: return false;
  }
}

/** The expression's text, members of the enum called by their whole name. */
function valueOf(node: TsNode, name: string, known: ReadonlyMap<string, boolean>, written: (part: TsNode) => string): string {
  const found: TsNode[] = [];
  const look = (one: TsNode): void => {
    if (one.type === "Identifier" && known.has(String(one["name"]))) { found.push(one); return; }
    for (const [key, part] of Object.entries(one)) {
      if (one.type === "MemberExpression" && key === "property" && one["computed"] !== true) continue;
      for (const inner of Array.isArray(part) ? part : [part]) if (typeof (inner as TsNode | null)?.type === "string") look(inner as TsNode);
    }
  };
  look(node);
  let text = "", at = node.start;
  for (const one of found.toSorted((a, b) => a.start - b.start)) {
    text += `${written({ ...node, start: at, end: one.start })}${name}.${String(one["name"])}`;
    at = one.end;
  }
  return (text + written({ ...node, start: at, end: node.end })).replaceAll(/\s*\n\s*/g, " ");
}
