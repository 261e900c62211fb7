// What a key that no source can spell stands for (ir/fields.ts, ir/keyed.ts, ir/within.ts): how it is read of the object that has it, as an array of its own.

import { fieldOfEach } from "../ir/fields.ts";
import { formOfEntries } from "../ir/keyed.ts";
import { boundToHolder } from "../capture/bound.ts";
import { elementsKey, fieldOfBound } from "../ir/within.ts";
import { eachReader } from "./each.ts";
import { elementsOf } from "./indexed.ts";
import { entriesReader } from "./keyed.ts";

/** Made for one program; undefined for keys of properties. */
export function arrayReader(key: string | number): ((holder: object) => unknown) | undefined {
  if (key === elementsKey) return elementsOf;
  const bound = fieldOfBound(key);
  if (bound !== undefined) return (holder) => boundToHolder(holder, Object.getOwnPropertyDescriptor(holder, bound)?.value);
  const form = formOfEntries(key), each = fieldOfEach(key);
  return form ? entriesReader(form) : each === undefined ? undefined : eachReader(each);
}
