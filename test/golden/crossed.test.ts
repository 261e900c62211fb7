// What tables of operations crossed with kinds of values, arguments and places found, made small. The title says what was wrong.

import { it } from "vitest";
import { agrees } from "./agrees.ts";

it.each(["x.slice()", "x.map((v) => v)", "x"])("push and unshift of nothing give the length: %s", (made) =>
  agrees({ source: `function kernel(x) { const a = ${made}; return [a.push(), a.unshift(), a.length]; }`, slow: [], inputs: [[[]], [[1, 2]]] }));
