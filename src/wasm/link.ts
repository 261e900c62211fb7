// The AssemblyScript library, function by function: what a program calls of it is copied into the program's own module, where V8 can
// inline it, instead of being called in another instance. (Why that is safe: src/wasm/assembly/index.ts.)

import { binaryen, type ModuleWriter, type Node, type TypeNumber } from "./binaryen.ts";
import { libraryFunctions, libraryModule } from "./library.ts";

export type LibraryFunction = keyof typeof libraryFunctions;

/** the library, read once for the life of the process */
let source: { readonly ptr: number } | null = null;

/** Copies a function of the library into a module, under the name and with the result type given back. */
export function link(writer: ModuleWriter, name: LibraryFunction): { readonly internal: string; readonly result: TypeNumber } {
  source ??= binaryen().read(libraryBytes());
  const internal = `library.${name}`;
  return { internal, result: writer.copyFunction(source, libraryFunctions[name], internal) };
}

/** A function of the library on vectors as an expression, with locals of the caller's. */
export function inlined(writer: ModuleWriter, name: LibraryFunction, args: readonly Node[], own: (type: TypeNumber) => number): Node {
  source ??= binaryen().read(libraryBytes());
  return writer.inlined(source, libraryFunctions[name], args, binaryen().typeNumber("v128"), own);
}

export const libraryBytes = (): Uint8Array => Uint8Array.from(atob(libraryModule), (c) => c.charCodeAt(0));
