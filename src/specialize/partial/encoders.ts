// TextEncoders: the bytes of strings in UTF-8.
//
//   new TextEncoder().encode(text)        →   an array of bytes of the kernel's own, counted first, then written (prelude.ts)
//
// An encoder has nothing in it: one that the kernel makes is an object under the engine's prototype, with a hidden mark, so that none leaves; a
// captured one is known by its prototype, as all instances are. What is no string is the original's.

import type { Call } from "./calls.ts";
import type { Evaluator } from "./evaluator.ts";
import { snapValue } from "./inputs.ts";
import { asOneStr } from "./joined.ts";
import { bytesOfText } from "./strings.ts";
import { hidden, prim, trueValue, undefinedValue, type Abs, type Obj } from "./values.ts";

export const constructEncoder = (ev: Evaluator): Abs =>
  ev.allocate({ t: "object", origin: { from: "local" }, prototype: snapValue(ev, ev.snapshot.builtin("TextEncoder.prototype")) as Obj, fields: new Map([[hidden("encoder"), trueValue]]) });

export const encoderRules: Record<string, (ev: Evaluator, args: readonly Abs[], self: Abs, call?: Call) => Abs> = {
  "TextEncoder.prototype.encode": (ev, [given = undefinedValue], self, call) => {
    if (self.k !== "obj") return ev.bail("a TextEncoder's method is called on something else");
    const text = asOneStr(ev, given.k === "prim" && given.value === undefined ? prim("") : given);
    if (!text) throw ev.refuse("Todo", "what is no string is encoded", "make it a string first");
    return bytesOfText(ev, text, call);
  },
};
