// Node's module hooks for files in TypeScript: the text without its types, in the same lines. They run in a thread of Node's own.
//
// A file may be imported as Node does it (`./a.ts`) or by the name of what a compiler would make of it (`./a.js`, `./a`).

import { readFile } from "node:fs/promises";
import type { LoadHook, ResolveHook } from "node:module";
import { fileURLToPath } from "node:url";
import { Refusal } from "../diagnostic.ts";
import { eraseTypes } from "../frontend/typescript.ts";

const isTypeScript = /^file:.*\.m?tsx?$/;

/** What a specifier may stand for that leads to no file. */
const spellings = (specifier: string): string[] =>
  /\.m?js$/.test(specifier) ? [specifier.replace(/js$/, "ts"), specifier.replace(/js$/, "tsx")] : [`${specifier}.ts`, `${specifier}.tsx`, `${specifier}/index.ts`];

export const resolve: ResolveHook = async (specifier, context, next) => {
  try {
    return await next(specifier, context);
  } catch (error) {
    const missing = ["ERR_MODULE_NOT_FOUND", "ERR_UNSUPPORTED_DIR_IMPORT"].includes((error as { code?: string }).code ?? "");
    if (!missing || !specifier.startsWith(".") || !isTypeScript.test(context.parentURL ?? "")) throw error;
    for (const other of spellings(specifier)) try { return await next(other, context); } catch { /* nor this one */ }
    throw error;
  }
};

export const load: LoadHook = async (url, context, next) => {
  if (!isTypeScript.test(url)) return next(url, context);
  const file = fileURLToPath(url);
  try {
    return { format: "module", shortCircuit: true, source: eraseTypes({ text: await readFile(file, "utf8"), file, line: 1, column: 1 }) };
  } catch (error) {
    // an error of a class of one's own would lose its text on the way out of this thread
    throw error instanceof Refusal ? new SyntaxError(`${error.message}\n${error.diagnostic.frame}\n${error.diagnostic.hint}`) : error;
  }
};
