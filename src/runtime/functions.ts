// Functions that a call hands out: closures of the kernel's, made anew of their text (Shape "function").
//
// Their variables are those of a function around them, filled once all is decoded that the closure's value leads to: it may lead to the closure.
// Where the host forbids `new Function`, a program that hands out functions is refused.

import { diagnose, Refusal } from "../diagnostic.ts";
import type { Shape } from "../ir/interface.ts";
import { canRunJs } from "./tiers.ts";

type FunctionShape = Shape & { readonly make: "function" };
/** Makes the function, and what gives its variables their values, in the order of the shape's list. */
export type Maker = (self: unknown) => { readonly made: Function; readonly fill: (...values: unknown[]) => void };

export function makerOf({ text, name, method, strict, variables }: FunctionShape): Maker {
  if (!canRunJs()) {
    const code = { text, file: null, line: 1, column: 1, isClass: false };
    throw new Refusal(diagnose("Unsupported", "a closure leaves the function, and the host forbids to make functions", "return the numbers that it is made of", code, 0, text.length));
  }
  const names = variables.map(([variable]) => variable), key = JSON.stringify(name);
  // a name that is no function's own text comes from the field that it stands in, as in the kernel; none is in the scope of the text but the variables
  const expression = method ? `({ ${text} })[${key}]` : name === "" ? `(0, ${text})` : `({ [${key}]: ${text} })[${key}]`;
  const lines = [
    ...(strict ? ['"use strict";'] : []),
    "return function () {",
    ...(names.length > 0 ? [`let ${names.join(", ")};`] : []),
    `return { made: ${expression}, fill: function () { ${names.map((variable, i) => `${variable} = arguments[${i}];`).join(" ")} } };`,
    "};",
  ];
  const around = new Function(lines.join("\n"))() as (this: unknown) => ReturnType<Maker>;
  return (self) => around.call(self);
}
