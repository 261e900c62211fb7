// The private fields of objects that no kernel made: which there are, what they hold, how they are written.
//
// Before: an object of a class with private fields. After: for each of them a key, a name that no source can spell, under which the snapshot,
// the kinds of a call's values and the paths of a program have it as they have others; and behind the key functions that read, write and
// look for it. These are closures made inside one of the class's methods, which the engine stops before its first statement (accessors.ts): 15-20 ms,
// once a class. Two classes' fields of one name have two keys. What has private methods and accessors alone has a brand instead, as the language does: a field
// that holds undefined and is never written, under a key without a name.
// Guarantees: no code of the user's runs; a class none of whose methods can be visited has no such keys. Private methods and accessors are read
// from the class's text, and static fields are the class's own.

import { parse, type Class } from "acorn";
import { privateClass, privateEnding, privateKey, privateList } from "../ir/privates.ts";
import { entranceOf, evaluateInside } from "./accessors.ts";
import { isProxy, textOf } from "./host.ts";
import { inspectFunction } from "./inspector.ts";

export interface PrivateField {
  readonly key: string;
  readonly get: (holder: object) => unknown;
  readonly set: (holder: object, value: unknown) => void;
  readonly has: (holder: object) => boolean;
}

/** Those of a class by their names, and what their keys end with. */
interface ClassFields { readonly ending: string | undefined; readonly fields: readonly PrivateField[] }

const none: ClassFields = { ending: undefined, fields: [] };
const known = new WeakMap<Function, ClassFields>();
/** by key; they live as long as their class */
const byKey = new Map<string, WeakRef<PrivateField>>();
let classes = 0;

export const privateField = (key: string): PrivateField | undefined => byKey.get(key)?.deref();

/** What an object or a class has under one of these names; undefined: it has no such thing. */
export function privateProperty(live: object, key: string): { readonly value: unknown } | undefined {
  if (key === privateList) { const keys = privateKeys(live); return keys.length === 0 ? undefined : { value: keys.join("|") }; }
  if (key === privateClass) return { value: typeof live === "function" ? fieldsOf(live).ending : undefined };
  const field = privateField(key);
  return field?.has(live) ? { value: field.get(live) } : undefined;
}

/** The keys of the private fields that an object has. Of a function only static ones are asked for, by name. */
export const privateKeys = (live: object): readonly string[] => fieldsOfClasses(live).filter((field) => field.has(live)).map(({ key }) => key);

/** Has an object all private fields of its classes? Then it has them for good: none can be taken away. */
export const hasAllPrivate = (live: object): boolean => fieldsOfClasses(live).every((field) => field.has(live));

function fieldsOfClasses(live: object): readonly PrivateField[] {
  if (typeof live !== "object" || isProxy(live)) return [];
  const fields: PrivateField[] = [];
  for (let at = Object.getPrototypeOf(live) as object | null; at !== null && !isProxy(at); at = Object.getPrototypeOf(at) as object | null) {
    const constructor: unknown = Object.getOwnPropertyDescriptor(at, "constructor")?.value;
    if (typeof constructor === "function" && !isProxy(constructor)) fields.push(...fieldsOf(constructor).fields);
  }
  return fields;
}

function fieldsOf(constructor: Function): ClassFields {
  let fields = known.get(constructor);
  if (fields === undefined) known.set(constructor, (fields = find(constructor)));
  return fields;
}

function find(constructor: Function): ClassFields {
  const text = textOf(constructor);
  if (!text.startsWith("class") || !text.includes("#")) return none;
  const { names, brand } = namesIn(text);
  if (names.length === 0 && brand === undefined) return none;
  const keyed = brand === undefined ? names : [...names, ""];
  const expressions = keyed.map((name) => (name === "" ? `$o => undefined, () => {}, $o => ${brand} in $o` : `$o => $o.${name}, ($o, $v) => { $o.${name} = $v }, $o => ${name} in $o`)).join(", ");
  for (const method of methodsOf(constructor)) {
    const entrance = entranceOf(method, inspectFunction(method)?.scopes ?? []);
    const values = entrance && evaluateInside(entrance, expressions);
    if (values === null) continue;
    const ending = privateEnding(classes++);
    const fields = keyed.map((name, i) => ({ key: privateKey(name, ending), get: values[3 * i], set: values[3 * i + 1], has: values[3 * i + 2] }) as PrivateField);
    for (const field of fields) byKey.set(field.key, new WeakRef(field));
    return { ending, fields };
  }
  return none;
}

/** The names of the fields in a class's text, with their #; where its objects have none, that of a private method or accessor of theirs. */
function namesIn(text: string): { readonly names: readonly string[]; readonly brand?: string } {
  try {
    const [statement] = parse(`(${text})`, { ecmaVersion: "latest", sourceType: "script" }).body;
    const { body } = (statement as unknown as { readonly expression: Class }).expression;
    const members = body.body.flatMap((member) => ((member.type === "PropertyDefinition" || member.type === "MethodDefinition") && member.key.type === "PrivateIdentifier" ? [{ name: `#${member.key.name}`, field: member.type === "PropertyDefinition", own: !member.static }] : []));
    const brand = members.some(({ field, own }) => field && own) ? undefined : members.find(({ own }) => own)?.name;
    return { names: members.filter(({ field }) => field).map(({ name }) => name), ...(brand !== undefined && { brand }) };
  } catch {
    return { names: [] };
  }
}

/** The methods and accessors of a class, static ones too. */
function methodsOf(constructor: Function): Function[] {
  const prototype: unknown = Object.getOwnPropertyDescriptor(constructor, "prototype")?.value;
  return [prototype, constructor].flatMap((holder) => (typeof holder !== "object" && typeof holder !== "function") || holder === null ? [] : Object.entries(Object.getOwnPropertyDescriptors(holder)).flatMap(([name, { value, get, set }]) =>
    (name === "constructor" || name === "prototype" ? [] : [value, get, set].filter((f): f is Function => typeof f === "function" && !isProxy(f) && !textOf(f).startsWith("class")))));
}
