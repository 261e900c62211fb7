import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { exceptions, language, typescript, type Row } from "../../src/frontend/language.ts";
import { refusal, same } from "./same.ts";

const rows: readonly Row[] = [...Object.values(language), ...Object.values(exceptions)];
const body = (example: string): string => `function kernel(a, b, o, list) { ${example} }`;

describe("each row of the language table", () => {
  for (const row of rows) {
    if (row.example === "") continue;
    if (row.status === "taken") it(`takes ${row.construct}: ${row.example}`, () => same(row.example));
    else {
      it(`refuses ${row.construct}: ${row.example}`, () => {
        const diagnostic = refusal(body(row.example));
        expect(diagnostic.kind).toBe(row.status);
        expect(diagnostic.hint).not.toBe("");
        expect(diagnostic.frame).toContain("^");
      });
    }
  }
});

describe("what a refusal says", () => {
  const refuses = (text: string, kind: string, place: string, message: RegExp): void => it(text, () => {
    const d = refusal(text);
    expect([d.kind, `${d.line}:${d.column}`]).toEqual([kind, place]);
    expect(d.message).toMatch(message);
  });
  refuses("function f(o) {\n  with (o) { return x; }\n}", "Unsupported", "2:3", /^with$/);
  refuses("async function f() {}", "Unsupported", "1:1", /async/);
  refuses("async () => 1", "Unsupported", "1:1", /async/);
  refuses("function push() { [native code] }", "Unsupported", "1:1", /native/);
  refuses("function f() {\n  return 1 +;\n}", "Unsupported", "2:13", /does not parse/);
  refuses("function f() { return eval('1'); }", "Unsupported", "1:23", /eval/);
  refuses("function f() {\n  const t = 1;\n  t++;\n}", "Unsupported", "3:3", /constant/);
  refuses("function f(a) { const g = () => { a = 1; }; g(); return arguments[0]; }", "Todo", "1:35", /arguments/);
  refuses("function f(a) { arguments[0] = 1; return a; }", "Todo", "1:17", /arguments/);
  refuses("function f() { { function g() {} } return g(); }", "Todo", "1:43", /block/);
  it("a very deep expression", () => expect(refusal(`function f(a) { return ${"-(".repeat(20000)}a${")".repeat(20000)}; }`).message).toMatch(/deep|stack/));
  refuses("function f() { l: function g() {} return g; }", "Todo", "1:19", /block/);
  refuses("1 + 2", "Unsupported", "1:1", /not one function/);
});

it("docs/language.md is written from the table (UPDATE_DOCS=1 writes it)", () => {
  const file = new URL("../../docs/language.md", import.meta.url);
  const page = languagePage();
  if (process.env.UPDATE_DOCS) writeFileSync(file, page);
  expect(existsSync(file) && readFileSync(file, "utf8")).toBe(page);
});

function languagePage(): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const seen = new Set<string>();
  const typed = (r: Row): string => `| ${cell(r.construct)} | \`${cell(r.example.replaceAll("\n", " "))}\` | ${cell(r.status === "taken" ? (r.note ?? "") : "")} |`;
  const table = (status: Row["status"]): string => rows.filter((r) => r.status === status && r.example !== "" && !seen.has(r.construct) && seen.add(r.construct))
    .map((r) => `| ${cell(r.construct)} | \`${cell(r.example)}\` | ${cell(r.status === "taken" ? (r.note ?? "") : r.hint)} |`).join("\n");
  return `# The language

<!-- Written by test/frontend/language.test.ts from src/frontend/language.ts: UPDATE_DOCS=1 npx vitest run test/frontend/language.test.ts -->

What a kernel, and every function that it calls, may be written in. Taken means: lowered exactly; what becomes of it depends on the values
(closures have to be known when a version is made, or leave the kernel without being called in it; in lists and objects of run time they are called, and no more is asked of them). Anything else is refused with a diagnostic
that names the place, and the original function runs. Each row's example is a test.

## Taken

| construct | example | note |
|---|---|---|
${table("taken")}

## Unsupported: write it otherwise

| construct | example | what to do |
|---|---|---|
${table("Unsupported")}

## Not yet

| construct | example | until then |
|---|---|---|
${table("Todo")}

## TypeScript

The command takes kernels in \`.ts\`, \`.mts\` and \`.tsx\` files, with the modules that they import. Blanks stand in the place of types, so that every place is the one that was
written; what TypeScript makes code of is written as it does. Under Node's own type stripping, and behind any compiler, functions have no types anyway.

| construct | example | note |
|---|---|---|
${typescript.filter((r) => r.status === "taken").map(typed).join("\n")}

Refused, with the place: ${typescript.filter((r) => r.status !== "taken").map((r) => `${r.construct}`).join("; ")}.
`;
}
