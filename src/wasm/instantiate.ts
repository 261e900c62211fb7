// Bytes → a function that can be called. Synchronous: modules are small (under a millisecond), and a hot swap must not wait.

import { Math } from "../ir/maths.ts";
import { varyingName } from "./address.ts";

/** The entry as the engine gives it: i32 and f64 are numbers, i64 BigInts. */
export type Run = (...args: (number | bigint)[]) => number | bigint | undefined;

export interface Instance {
  readonly run: Run;
  readonly instance: WebAssembly.Instance;
  readonly module: WebAssembly.Module;
}

/** An instance of an emitted module on the memory, with the addresses of the segments that vary. Host functions are handed over as they are: V8 knows them by identity. */
export function instantiate(code: Uint8Array | WebAssembly.Module, memory: WebAssembly.Memory, addresses?: ReadonlyMap<number, number>): Instance {
  const module = code instanceof WebAssembly.Module ? code : new WebAssembly.Module(code as Uint8Array<ArrayBuffer>);
  const instance = new WebAssembly.Instance(module, { env: addresses === undefined ? { memory } : { memory, ...Object.fromEntries([...addresses].map(([segment, address]) => [varyingName(segment), address])) }, Math: Math as unknown as WebAssembly.ModuleImports });
  return { run: instance.exports["run"] as unknown as Run, instance, module };
}

/** magic number and version: the smallest module */
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
/** type () → (); one function of it; its body: v128.const 0 (0xfd 0x0c and sixteen bytes), drop, end */
const simdModule = [...header, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 10, 23, 1, 21, 0, 0xfd, 0x0c, ...Array<number>(16).fill(0), 0x1a, 0x0b];

/** type (v128, v128, v128) → v128; its body: f64x2.relaxed_madd (0xfd 0x87 0x02) of the three */
const relaxedModule = [...header, 1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b, 3, 2, 1, 0, 10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x87, 0x02, 0x0b];

const answers = new Map<"wasm" | "simd" | "relaxed", boolean>();
/** Asks once; an answer that is an exception is no. */
function once(what: "wasm" | "simd" | "relaxed", ask: () => boolean): boolean {
  let answer = answers.get(what);
  if (answer === undefined) {
    try { answer = ask(); } catch { answer = false; }
    answers.set(what, answer);
  }
  return answer;
}

/** Whether the host compiles WebAssembly at all: it may lack it, or a content-security policy may forbid it. */
export const available = (): boolean => once("wasm", () => typeof WebAssembly === "object" && new WebAssembly.Module(new Uint8Array(header)) instanceof WebAssembly.Module);

/** Whether 128-bit vectors can be used. */
export const simd = (): boolean => available() && once("simd", () => WebAssembly.validate(new Uint8Array(simdModule)));

/** Whether products and sums in lanes can be rounded together (relaxed SIMD). */
export const relaxedSimd = (): boolean => simd() && once("relaxed", () => WebAssembly.validate(new Uint8Array(relaxedModule)));
