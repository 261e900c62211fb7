// The look at the text that spares parsing: true only where no occurrence can be a write. Each true is checked against the parsed bindings.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Bindings } from "../../src/capture/bindings.ts";
import { plainlyConstant } from "../../src/capture/plain.ts";

describe("certain", () => test.each([
  "const x = 1; f(x); a[x] = x + 1;",
  "let x = 1; return x;",
  "function x() {} export { x, y };",
  "o.x = 1; o?.x++;",
  "`${x}`; [a[x], b] = c;",
  "f(a, x, b); g(x);",
  "const y = (x) => x; if (x) {}",
  "xs = 1; axe++; $x = 2;",
  "// the x, that is\nx.y = 1;",
  "if (a === x) {} [a = x] = b;",
])("%s", (text) => expect(plainlyConstant(text, "x")).toBe(true)));

describe("not certain", () => test.each([
  "x = 1", "x  += 1", "x >>>= 1", "x ??= 1", "x\n= 1", "x /* why */ = 1", "x++", "++ x", "-- /* why */ x", "++ // why\nx", "(x) = 1", "(x)++", "++(x)",
  "[x] = a", "[a, x] = a", "[...x] = a", "[(x)] = a", "[[x]] = a", "({ x } = a)", "({ a: x } = b)", "({ a: (x) } = b)", "({ ...x } = a)", "({ x = 1 } = a)", "[a, // =\n x] = b",
  "if (a) [b, x] = c", "break\n[b, x] = c", 'f(")", [a, x] = b)', "for (x of a) {}", "for (x in a) {}", "for ((x) of a) {}", "for (a of b) [x] = a",
  "// my number.\nx *= 2", "// twice.\nx++", "import { x } from 'a'", "import x from 'a'", "import * as x from 'a'", "import { y as x } from 'a'", "var x = 1", "eval('y')",
  "function x() {} { function x() {} }",
])("%s", (text) => expect(plainlyConstant(text, "x")).toBe(false)));

test("it agrees with the parser on real code", () => {
  for (const file of ["../../node_modules/acorn/dist/acorn.mjs", "../../node_modules/commander/lib/command.js"]) {
    const text = readFileSync(new URL(file, import.meta.url), "utf8");
    let certain = 0;
    for (const { name, writes } of Bindings.of(text)!.root.names.values()) {
      if (!plainlyConstant(text, name)) continue;
      certain++;
      expect([name, writes.length]).toEqual([name, 0]);
    }
    if (file.includes("acorn")) expect(certain).toBeGreaterThan(20);
  }
});
