// Whether a property exists: `key in object`, hasOwnProperty, also where that depends on the call.
//
//   "z" in node          of an array's objects, some of which have it: the code of its column (items.ts)
//   Object.hasOwn(o, k)  of what some paths gave the field: what tells them apart (optional.ts)
//   "id" in queue.pop()  of what lies in memory: its class, and the cell of a field that only some of its objects have (boxes.ts)

import { hasFieldOf } from "./boxes.ts";
import { textIn } from "./closures.ts";
import { bareKey } from "./classes.ts";
import { choose } from "./control.ts";
import { becomeEntered } from "./entered.ts";
import type { Evaluator } from "./evaluator.ts";
import type { HeapObject } from "./heap.ts";
import { becomeIndexed, elementsAsked } from "./indexed.ts";
import { hasFieldNow } from "./items.ts";
import { inheritsProperty } from "./prototypes.ts";
import { hasAmong, hasKeyed, isInKeyed, keyedRecord } from "./keyed.ts";
import { hasElement, hasItem, hasProperty, isIndex, isInherited, isStaticKey, propertyName, staticKey } from "./keys.ts";
import { hasText, keyedByText } from "./lookups.ts";
import { becomeNamedObject, isName, isNamedRecord } from "./named.ts";
import { split } from "./objects.ts";
import { presenceOf } from "./optional.ts";
import { look } from "./passed.ts";
import { mayBeStr } from "./strings.ts";
import { indexOfKey } from "./textkeys.ts";
import { engineThrows } from "./tries.ts";
import { falseValue, trueValue, undefinedValue, type Abs, type Mem } from "./values.ts";
import { require } from "./vectors.ts";

/** `key in object`; `counted`: a loop around it counts in the key */
export function isIn(ev: Evaluator, base: Abs, key: Abs, counted = false): Abs {
  if (base.k === "sum") return split(ev, base, (one) => isIn(ev, one, key, counted));
  becomeNamedObject(ev, base, key);
  if (isName(key) && isNamedRecord(ev, base)) return hasKeyed(ev, base, key);
  if (key.k === "bool") return choose(ev, key, () => isIn(ev, base, trueValue, counted), () => isIn(ev, base, falseValue, counted));
  look(ev, key);
  const several = mayBeStr(key);
  if (several) return split(ev, several, (one) => isIn(ev, base, one, counted));
  if (base.k === "prim") return ev.bail("`in` asks what is no object");
  const index = key.k === "str" && indexOfKey(ev, base, key);
  if (index) return isIn(ev, base, index, counted);
  const table = keyedRecord(ev, base);
  if (table) return isInKeyed(ev, table, key);
  const list = elementsAsked(ev, base, key, staticKey(ev, key));
  if (list) return isIn(ev, list, key, counted);
  const among = isStaticKey(ev, key) ? undefined : hasAmong(ev, base, key);
  if (among) return among;
  const text = keyedByText(ev, base, key), named = text && hasText(ev, base, text, false);
  if (named) return named;
  const property = isStaticKey(ev, key) ? hasStatic(ev, base, propertyName(ev, key), false) : undefined;
  if (property) return property;
  const there = (counted ? allElements(ev, base, key) : hasElement(ev, base, key)) ?? hasItem(ev, base, key);
  if (!there) becomeEntered(ev, base, key);
  if (!there && base.k === "obj" && !isStaticKey(ev, key)) becomeIndexed(ev, ev.object(base.id));
  if (!there) throw ev.refuse("Unsupported", "`in` with a key or object that is not static", "compare with undefined");
  return there === true ? trueValue : ev.fromBool(there);
}

/** Such loops stay within the array, as polyfills write them (`if (i in list) …`): where one does not, the original runs. */
function allElements(ev: Evaluator, base: Abs, key: Abs): true | undefined {
  const has = hasElement(ev, base, key);
  if (has !== undefined) require(ev, has, "an index is outside of the array that it is asked of");
  return has === undefined ? undefined : true;
}

/** `Object.hasOwn(object, key)` */
export function isOwn(ev: Evaluator, object: Abs, key: Abs | undefined): Abs {
  if (object.k === "sum") return split(ev, object, (a) => isOwn(ev, a, key));
  if (object.k === "prim" && (object.value === undefined || object.value === null)) return engineThrows(ev, "TypeError", "a property of undefined or null is asked for");
  if (key) becomeNamedObject(ev, object, key);
  if (key && isName(key) && isNamedRecord(ev, object)) return hasKeyed(ev, object, key);
  if (key?.k === "bool") return choose(ev, key, () => isOwn(ev, object, trueValue), () => isOwn(ev, object, falseValue));
  look(ev, key);
  const several = mayBeStr(key);
  if (several) return split(ev, several, (one) => isOwn(ev, object, one));
  const table = keyedRecord(ev, object);
  if (table) return hasKeyed(ev, table, key ?? undefinedValue);
  const list = key && elementsAsked(ev, object, key, staticKey(ev, key));
  if (list) return isOwn(ev, list, key);
  const among = key && key.k !== "prim" ? hasAmong(ev, object, key) : undefined;
  if (among) return among;
  const index = key?.k === "str" && indexOfKey(ev, object, key);
  if (index) return isOwn(ev, object, index);
  const text = key && keyedByText(ev, object, key), named = text && hasText(ev, object, text, true);
  if (named) return named;
  const element = key && !isStaticKey(ev, key) ? hasAt(ev, object, key) : undefined;
  if (element) return element;
  if (key && !isStaticKey(ev, key) && object.k === "obj") { becomeEntered(ev, object, key); becomeIndexed(ev, ev.object(object.id)); }
  const known = key && (hasStatic(ev, object, propertyName(ev, key), true) ?? hasAt(ev, object, key));
  if (!known && key) becomeEntered(ev, object, key);
  if (!known) throw ev.refuse("Unsupported", "whether a property exists is not known", "compare it with undefined");
  return known;
}

/** Whether an array has an element at an index; undefined where that is not known. */
export function hasAt(ev: Evaluator, list: Abs, key: Abs): Abs | undefined {
  const there = hasElement(ev, list, key) ?? hasItem(ev, list, key);
  return there && ev.fromBool(there);
}
/** Whether what is not an object's own is nowhere: of the caller's, that is tested where some paths add it. */
const inheritsNone = (ev: Evaluator, { origin, prototype, fields }: HeapObject & { t: "object" }, key: string): boolean =>
  origin.from === "input" || (prototype === null && (fields.has(bareKey) || !isInherited(ev, "Object.prototype", key)));
/** The same of a key that is static: some of the objects of an array may have it, and the kernel's own on some paths. */
function hasStatic(ev: Evaluator, a: Abs, key: string, ownOnly: boolean): Abs | undefined {
  const known = hasProperty(ev, a, key, ownOnly);
  if (known !== undefined) return known ? trueValue : falseValue;
  const object = a.k === "obj" ? ev.object(a.id) : undefined;
  if (object?.t === "boxed") return hasStatic(ev, object.mem, key, ownOnly);
  const present = object?.t === "object" ? presenceOf(object, key) : undefined;
  if (present?.k === "bool" && (ownOnly || inheritsNone(ev, object as HeapObject & { t: "object" }, key))) return present;
  const behind = present?.k === "bool" && object?.t === "object" && object.prototype ? hasProperty(ev, object.prototype, key, false) : undefined;
  if (present && behind !== undefined) return behind ? trueValue : present;
  const now = a.k === "mem" && a.of.records && a.of.row ? hasFieldNow(ev, a, a.of.records, key) : undefined;
  return now ? ev.fromBool(now) : a.k === "mem" ? hasBoxed(ev, a, key, ownOnly) : undefined;
}
/** Of one of the kernel's own objects that lies in memory: those of one place have the fields that they were made with, and others on some paths. */
function hasBoxed(ev: Evaluator, mem: Mem, key: string, ownOnly: boolean): Abs | undefined {
  const form = mem.of.box?.form;
  if (form === undefined || isIndex(key) || textIn(ev, mem)) return undefined;
  const own = hasFieldOf(ev, mem, key), inherits = !ownOnly && form.form === "record" ? inheritsProperty(ev, form.prototype, key) : false;
  if (inherits === undefined) return undefined;
  return own === true || inherits ? trueValue : own === false ? falseValue : ev.fromBool(own);
}
