// Residual JavaScript's text → a function that can be called. Needs `new Function`, which a content-security policy may forbid.

import type { Layout } from "../ir/layout.ts";
import { Math } from "../ir/maths.ts";

/** What residual JavaScript is bound to. */
export interface JsEnv {
  /** where non-direct arrays, tables and frame lie; needed where EmittedJs.memory says so */
  readonly memory: ArrayBufferLike | null;
  readonly layout: Layout | null;
  /** one int32: the exit's index plus one. The caller sets it to 0 before a call */
  readonly status: Int32Array;
  /** the output slots */
  readonly out: Float64Array;
  /** thrown to leave the whole program; never seen by users */
  readonly trap: object;
}

/** The entry: numbers, and typed arrays where direct. */
export type Residual = (...args: (number | bigint | ArrayLike<number>)[]) => number | bigint | undefined;

/** What `trap` throws when nobody chooses another. */
export const trapSentinel: object = Object.freeze({ trap: "wasmorph" });

/** Views of status word and slots as the layout says, so that both back ends leave their outcome in one place. */
export function jsEnv(memory: ArrayBufferLike, layout: Layout, slots: number): JsEnv {
  return { memory, layout, status: new Int32Array(memory, layout.status, 1), out: new Float64Array(memory, layout.slots, slots), trap: trapSentinel };
}

/**
 * The entry of `source` (EmittedJs.source), bound to `env` and to the engine's own functions of Math: what somebody puts in their place, before or after, is no
 * part of what the program means. V8 knows them as it knows the global's: no difference can be measured.
 */
export function instantiateJs(source: string, env: JsEnv): Residual {
  return (new Function("$env", "Math", source) as (env: JsEnv, math: Math) => Residual)(env, Math);
}

/** lines that the engine counts before the source's first */
export const linesBefore = 2;

let allowed: boolean | undefined;

/** Whether the host lets text become code. */
export function canCompile(): boolean {
  if (allowed === undefined) {
    try { allowed = new Function("return 1")() === 1; } catch { allowed = false; }
  }
  return allowed;
}
