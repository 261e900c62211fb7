// Types are erased as TypeScript itself compiles them: held against its compiler on examples and on modules of src/.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import { beforeAll, describe, expect, it } from "vitest";
import { Refusal } from "../../src/diagnostic.ts";
import { typescript } from "../../src/frontend/language.ts";
import { eraseTypes } from "../../src/frontend/typescript.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const home = join(root, "node_modules", ".cache", "wasmorph-typescript");
const erase = (text: string, file: string | null = null): string => eraseTypes({ text, file, line: 1, column: 1 });
const source = (file: string): string => readFileSync(join(root, "src", file), "utf8");

const examples: readonly string[] = [
  ...typescript.filter(({ status }) => status === "taken").map(({ example }) => example),
  // statements end where they did
  "const a = [1] as number[]\n;[2].forEach(() => {})\nexport const result = a",
  "let x = 1\ntype T = number\n;(function () { x++ })()\nexport const result = x",
  "const f = (x: any) => x\nconst y = f as (x: any) => number\n(() => {})()\nexport const result = y(1)",
  "class C { x = 1\n public ['y'] = 2\n private *z() {} }\nexport const result = Object.keys(new C())",
  "const f = (x: number): {\n  y: number\n} => ({ y: x })\nexport const result = f(3).y",
  "function f() { return <number>\n 7 }\nexport const result = f()",
  "const f = () => <any>{ x: 1 }\nexport const result = f().x",
  // marks and parentheses
  "const o: { x?: number } = {}; const f = (a?: number, b = a ? a : 2, { c }: { c?: number } = {}) => (a! ?? b) + (c ?? 1);\nexport const result = f() + ((o)!.x! ?? 0) + (o as any)?.x! ;",
  "let x: any = 1; (x as any) = 5; (<any>x)++; [x as any] = [x + 1];\nexport const result = x;",
  "const a: any = null;\nlet r: unknown; try { r = (a?.b as any).c; } catch { r = 'threw'; }\nexport const result = r;",
  "const t = (a ?: number) => a === undefined ? 'none' : a! > 1 ? 'many' : 'one';\nexport const result = t() + t(1) + t(2);",
  "function g(this: { k: number }, n: number) { return this.k * n; }\nfunction h(this: void) { return arguments.length; }\nexport const result = g.call({ k: 2 }, 3) + h();",
  // enums
  "enum A { X = 1.5, Y, Z = -3, W = Y * 2, 'a-b' = 9, c }\nexport const result = JSON.stringify(A);",
  "enum A { X } enum A { Y = 5, Z = X }\nexport const result = JSON.stringify(A);",
  "enum S { A = 'a', B = `b`, C = A + 'c', D = 'abc'.length, E = D + 1 }\nexport const result = JSON.stringify(S);",
  "function f() { enum L { A = 1 } { enum L { A = 2, B } return [L.B, inner()]; } function inner() { return L.A; } }\nfunction g() { enum L { Q } return L.Q; }\nexport const result = [f(), g()].join();",
  "export enum A { X }\nexport enum A { Y = 2 }\nexport const result = JSON.stringify(A);",
  "enum A { X = 1, Y = (X as number) | 4, Z = A.Y << 1 }\nexport const result = JSON.stringify(A);",
  // classes
  "class B { constructor(public p: number) {} }\nclass D extends B { q = 1; constructor(readonly r: string, p: number) { super(p); this.q += p; } }\nexport const result = JSON.stringify(new D('r', 2));",
  "abstract class A<T> { protected abstract get x(): T; static readonly s?: string = 's'; m?(): void; n(): this { return this; } }\nclass B extends A<number> { override get x() { return 4; } }\nexport const result = [new B().n().x, A.s, 'm' in new B()].join();",
  "const C = class<T> implements Iterable<T> { readonly\n x: number = 3; *[Symbol.iterator](): any {} };\nexport const result = new C<string>().x;",
  // names
  "interface Both { x: number }\nconst Both = { x: 1 };\nexport { Both };\nexport const result = Both.x;",
  "type Only = number;\nconst value: Only = 1;\nexport { value, type Only };\nexport { Only as Other };\nexport const result = value;",
  "import path, { type ParsedPath, sep as separator } from 'node:path';\nimport * as fs from 'node:fs';\nimport type * as os from 'node:os';\nexport const result = (p?: ParsedPath, f?: typeof fs, o?: typeof os) => separator;\nexport const joined = path.join('a');",
];

beforeAll(() => {
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "package.json"), '{"type":"module"}');
  examples.forEach((text, i) => writeFileSync(join(home, `example${i}.ts`), text));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const compile = (folder: string, ...args: string[]): unknown => {
    try { return execFileSync(process.execPath, [tsc, ...args, "--noCheck", "--outDir", join(home, folder)], { cwd: home, stdio: "pipe" }); } catch { return null; } // without the check it still complains of some
  };
  compile("out", ...examples.map((_, i) => `example${i}.ts`), "--target", "es2023", "--module", "esnext", "--moduleResolution", "bundler", "--ignoreConfig");
  compile("src", "-p", join(root, "tsconfig.build.json"), "--declaration", "false", "--sourceMap", "false", "--rewriteRelativeImportExtensions", "false", "--noEmit", "false", "--verbatimModuleSyntax", "false");
});

let serial = 0;
/** What a module's text exports, functions by what they give. */
async function run(text: string): Promise<unknown> {
  const file = join(home, `run${serial++}.mjs`);
  writeFileSync(file, text);
  const exported = (await import(/* @vite-ignore */ file)) as Record<string, unknown>;
  return Object.entries(exported).map(([name, value]) => [name, typeof value === "function" ? (value as () => unknown)() : value]);
}

describe("examples give what TypeScript's compiler makes of them", () => {
  examples.forEach((text, i) => {
    it(text.replaceAll("\n", " ⏎ "), async () => {
      const erased = erase(text);
      expect(erased.split("\n").length).toBe(text.split("\n").length);
      expect(await run(erased)).toEqual(await run(readFileSync(join(home, "out", `example${i}.js`), "utf8")));
    });
  });
});

describe("what is no erasure is refused, with the place", () => {
  for (const row of typescript) {
    if (row.status === "taken") continue;
    it(row.construct, () => {
      let refusal: unknown;
      try { erase(row.example, "kernel.ts"); } catch (error) { refusal = error; }
      expect(refusal).toBeInstanceOf(Refusal);
      const { kind, hint, frame, file } = (refusal as Refusal).diagnostic;
      expect([kind, file]).toEqual(["Unsupported", "kernel.ts"]);
      expect(hint).not.toBe("");
      expect(frame).toContain("^");
    });
  }
  it("JSX, in a .tsx file", () => expect(() => erase("export const x = <a />;", "view.tsx")).toThrow(/JSX/));
  it("what does not parse", () => expect(() => erase("let x: = 1;")).toThrow(/does not parse/));
});

describe("the modules of this package", () => {
  const files = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true }).filter((entry) => entry.name.endsWith(".ts") && !entry.parentPath.includes("assembly"))
    .map((entry) => relative(join(root, "src"), join(entry.parentPath, entry.name))).sort().filter((_, i) => i % 4 === 0); // a hundred tell what all would, in a quarter of the time

  const tree = (text: string): unknown => parse(text, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
  /** A module of types alone exports nothing, by saying so or not. */
  const says = (one: unknown): boolean => {
    const { type, declaration, specifiers } = (one ?? {}) as { type?: string; declaration?: unknown; specifiers?: unknown[] };
    return type !== "EmptyStatement" && !(type === "ExportNamedDeclaration" && !declaration && specifiers!.length === 0);
  };
  /** The compiler leaves parentheses out of (a?.b)?.c; whether they are kept in (a?.b).c an example above asks. */
  const plain = (one: unknown): unknown => ((one as { type?: string } | null)?.type === "ChainExpression" ? (one as { expression: unknown }).expression : one);
  /** Are two trees the same but for places? */
  function same(one: unknown, other: unknown): boolean {
    const a = plain(one), b = plain(other);
    if (Array.isArray(a) && Array.isArray(b)) {
      const [left, right] = [a.filter(says), b.filter(says)];
      return left.length === right.length && left.every((one, i) => same(one, right[i]));
    }
    if (typeof a !== "object" || a === null || typeof b !== "object" || b === null || a instanceof RegExp) return Object.is(a, b) || a instanceof RegExp;
    return Object.keys(a).every((key) => ["start", "end", "raw"].includes(key) || same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
  }

  it("are the ones that its compiler makes", () => {
    const other: string[] = [];
    for (const file of files) if (!same(tree(erase(source(file), file)), tree(readFileSync(join(home, "src", file.replace(/ts$/, "js")), "utf8")))) other.push(file);
    expect(files.length).toBeGreaterThan(90);
    expect(other).toEqual([]);
  });

  it("keep every line and column of what is left", () => {
    const [text, erased] = [source("runtime/kernel.ts"), erase(source("runtime/kernel.ts"))].map((all) => all.slice(all.indexOf("export class"))) as [string, string];
    expect(erased.length).toBe(text.length);
    expect([...erased].every((c, i) => c === text[i] || c === " " || c === ";")).toBe(true);
  });
});
