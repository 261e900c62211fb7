// `file.js#name` → the function, and the names of its parameters.

import { existsSync } from "node:fs";
import { register } from "node:module";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Refusal } from "../diagnostic.ts";
import { parse } from "../frontend/parse.ts";
import { nearest } from "../runtime/nearest.ts";
import { Failure } from "./failure.ts";

export type Kernel = (...args: unknown[]) => unknown;

export interface Parameter {
  /** as in the source; a destructured one is called by its position, "#0" */
  readonly name: string;
  /** it has a default, or takes the rest */
  readonly optional: boolean;
}

export interface Target {
  readonly kernel: Kernel;
  readonly name: string;
  readonly file: string;
  readonly parameters: readonly Parameter[];
}

const loadable = [".js", ".mjs", ".cjs"], typed = [".ts", ".mts", ".tsx"];
const isFunction = (value: unknown): value is Kernel => typeof value === "function";

export async function loadTarget(spelled: string): Promise<Target> {
  const hash = spelled.lastIndexOf("#");
  const file = hash < 0 ? spelled : spelled.slice(0, hash);
  if (!existsSync(file)) throw new Failure(`there is no file ${file}`);
  if (typed.includes(extname(file))) register(new URL("./loader.js", import.meta.url));
  else if (!loadable.includes(extname(file))) throw new Failure(`${file}: what can be loaded is ${[...loadable, ...typed].join(", ")}`);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = (await import(pathToFileURL(resolve(file)).href)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new Failure(`${file} can't be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { name, kernel } = hash < 0 ? onlyFunction(exported, file) : named(exported, spelled.slice(hash + 1), file);
  return { kernel, name, file, parameters: parametersOf(kernel, name) };
}

function onlyFunction(exported: Readonly<Record<string, unknown>>, file: string): { name: string; kernel: Kernel } {
  const functions = Object.entries(exported).filter((entry): entry is [string, Kernel] => isFunction(entry[1]));
  const chosen = functions.find(([name]) => name === "default") ?? (functions.length === 1 ? functions[0] : undefined);
  if (chosen === undefined) {
    throw new Failure(functions.length === 0 ? `${file} exports no function` : `which of ${file}'s functions? ${functions.map(([name]) => `${basename(file)}#${name}`).join(", ")}`);
  }
  return { name: chosen[0] === "default" ? chosen[1].name || "default" : chosen[0], kernel: chosen[1] };
}

/** `a.b.c` goes into objects; CommonJS exports are also found under `default`. */
function named(exported: Readonly<Record<string, unknown>>, path: string, file: string): { name: string; kernel: Kernel } {
  let value: unknown = exported;
  for (const key of path.split(".")) {
    const holder = Object(value) as Readonly<Record<string, unknown>>;
    const inner = Object(holder["default"]) as Readonly<Record<string, unknown>>;
    value = key in holder ? holder[key] : inner[key];
    if (value === undefined) {
      const known = Object.keys(holder);
      throw new Failure(`${file} exports no "${path}"${nearest(key, known)} (it has: ${known.join(", ") || "nothing"})`);
    }
  }
  if (!isFunction(value)) throw new Failure(`${file}#${path} is no function but ${value === null ? "null" : typeof value}`);
  return { name: path, kernel: value };
}

function parametersOf(kernel: Kernel, name: string): Parameter[] {
  const text = Function.prototype.toString.call(kernel);
  try {
    const { root } = parse({ text, file: null, line: 1, column: 1, isClass: /^class\b/.test(text) });
    return (root?.params ?? []).map((pattern, index) => {
      const target = pattern.type === "AssignmentPattern" ? pattern.left : pattern.type === "RestElement" ? pattern.argument : pattern;
      return { name: target.type === "Identifier" ? target.name : `#${index}`, optional: target !== pattern };
    });
  } catch (error) {
    if (error instanceof Refusal) throw new Failure(`${name}: ${error.diagnostic.message}`);
    throw error;
  }
}
