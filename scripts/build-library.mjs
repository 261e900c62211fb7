// Builds the AssemblyScript library (src/wasm/assembly, asconfig.json) and embeds it in src/wasm/library.ts.
//   node scripts/build-library.mjs           writes the file
//   node scripts/build-library.mjs --check   exits 1 if the file is not what the sources give
// The same sources give the same bytes: test/wasm/library.test.ts runs the check.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = new URL("../src/wasm/library.ts", import.meta.url);
const written = new Map();
const { error, stderr } = await asc.main(["--config", "asconfig.json", "--target", "release", "--baseDir", root], {
  writeFile: (name, contents) => { written.set(name.split("/").at(-1), contents); },
});
if (error) {
  console.error(stderr.toString());
  process.exit(1);
}
const bytes = written.get("library.wasm");
const text = written.get("library.wat");

// What the emitter relies on when it copies single functions.
for (const [what, pattern] of [["a call", /^\s*\(?call\b/m], ["a global", /\(global\b/], ["a data segment", /\(data\b/]]) {
  if (pattern.test(text)) {
    console.error(`the library has ${what}: its functions can't be copied one by one`);
    process.exit(1);
  }
}
const functions = [...text.matchAll(/\(export "(\w+)" \(func \$([^)]+)\)\)/g)].map(([, name, internal]) => ({ name, internal }));

const source = `// Generated from src/wasm/assembly by scripts/build-library.mjs. Not to be edited.

/** The library's functions, and their names inside the module. */
export const libraryFunctions = {
${functions.map(({ name, internal }) => `  ${name}: ${JSON.stringify(internal)},`).join("\n")}
} as const;

/** The module, base64. */
export const libraryModule =
${Buffer.from(bytes).toString("base64").match(/.{1,120}/g).map((line) => `  "${line}"`).join(" +\n")};
`;

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== source) {
    console.error("src/wasm/library.ts is not what src/wasm/assembly gives: run node scripts/build-library.mjs");
    process.exit(1);
  }
} else writeFileSync(target, source);
