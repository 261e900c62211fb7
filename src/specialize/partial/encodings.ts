// Strings in other characters or in bytes: TextEncoders; encodeURIComponent, encodeURI, escape and what reads them back.
//
//   new TextEncoder().encode(text)        →   an array of bytes of the kernel's own, counted first, then written (prelude.ts)
//   unescape(encodeURIComponent(text))    →   a string of the text's bytes, in the same way
//   decodeURIComponent(escape(bytes))     →   the text of such a string
//
// An encoder has nothing in it: one that the kernel makes is an object under the engine's prototype, with a hidden mark, so that none leaves; a
// captured one is known by its prototype, as all instances are. What is no string is the original's.
// Which characters stand for themselves in a URI is a table of those of ASCII, a string of zeros and ones. What is malformed throws, as the engine's own do: where the
// kernel catches nothing, it is the original that throws.

import { listOf } from "./collections.ts";
import { callPrelude } from "./builtins.ts";
import type { Call } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { snapValue } from "./inputs.ts";
import { asOneStr } from "./joined.ts";
import { unary } from "./operators.ts";
import { bytesOfText, lookAt, textOfUnits } from "./strings.ts";
import { hidden, prim, trueValue, undefinedValue, type Abs, type Obj } from "./values.ts";

type Rule = (ev: Evaluator, args: readonly Abs[], self: Abs, call?: Call) => Abs;

export const constructEncoder = (ev: Evaluator): Abs =>
  ev.allocate({ t: "object", origin: { from: "local" }, prototype: snapValue(ev, ev.snapshot.builtin("TextEncoder.prototype")) as Obj, fields: new Map([[hidden("encoder"), trueValue]]) });

export const encoderRules: Record<string, Rule> = {
  "TextEncoder.prototype.encode": (ev, [given = undefinedValue], self, call) => {
    if (self.k !== "obj") return ev.bail("a TextEncoder's method is called on something else");
    const text = asOneStr(ev, given.k === "prim" && given.value === undefined ? prim("") : given);
    if (!text) throw ev.refuse("Todo", "what is no string is encoded", "make it a string first");
    return bytesOfText(ev, text, call);
  },
};

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", reserved = ";/?:@&=+$,#", marks = "-_.!~*'()";
const tableOf = (characters: string): string => Array.from({ length: 128 }, (_, code) => (characters.includes(String.fromCharCode(code)) ? "1" : "0")).join("");

/** The engine's own, what is done in their place, and the characters of ASCII that stay as they are. */
const functions: Record<string, { readonly own: (text: string) => string; readonly code: string; readonly kept: string }> = {
  encodeURIComponent: { own: encodeURIComponent, code: "EncodeUri", kept: tableOf(alphanumeric + marks) },
  encodeURI: { own: encodeURI, code: "EncodeUri", kept: tableOf(alphanumeric + marks + reserved) },
  decodeURIComponent: { own: decodeURIComponent, code: "DecodeUri", kept: tableOf("") },
  decodeURI: { own: decodeURI, code: "DecodeUri", kept: tableOf(reserved) },
  escape: { own: escape, code: "Escape", kept: tableOf(`${alphanumeric}@*_+-./`) },
  unescape: { own: unescape, code: "Unescape", kept: "" },
};

export const escapeRules: Record<string, Rule> = Object.fromEntries(Object.entries(functions).map(([name, { own, code, kept }]) => [name, (ev, [given = undefinedValue], _, call) => {
  if (given.k === "prim") try { return prim(own(given.value as string)); } catch { if (typeof given.value !== "string") return ev.bail(`${name} throws`); }
  const text = asOneStr(ev, unary(ev, "js.tostring", given));
  if (!text) throw ev.refuse("Todo", `what is no string is given to ${name}`, "make it a string first");
  lookAt(ev, text, "into");
  const [units, count] = listOf(ev, callPrelude(ev, ev.request.prelude(`internal.text${code}`)!, text, [prim(kept)], call)) as [Abs, Abs];
  return textOfUnits(ev, units, ev.toI32(count));
}]));
