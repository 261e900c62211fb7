// What an array has beside its elements is listed, too, where its length is compiled in.

import { describe, it } from "vitest";
import { agrees } from "./agrees.ts";

const inputs = [[[1, 2.5, -3]], [[]], [Object.assign([4, 5], { w: 2 })], [Object.assign([4, 5], { v: 2 })], [[1, , 3]]];

describe("keys", () => {
  it.each([
    "let s = 0; x.w = -0; for (let i = 0; i < x.length; i++) s += x[i] * Object.keys(x).length; return s;",
    "let s = 0; for (const k in x) s = s * 3 + x[k]; return s;", "return Object.values(x).length * 10 + Object.entries(x).length;",
  ])("%s", (body) => agrees({ source: `function kernel(x) { ${body} }`, slow: [], inputs, seed: 3 }));
});
