// The function that the user calls: it enters whatever serves now, and asks the kernel where that does not fit. Swapping is one assignment
// between two calls. Generated for the kernel's own parameters where the host allows it, so that nothing is allocated on the way;
// prebuilt otherwise, and for kernels that can see how many arguments they got.

import type { Enter } from "./entry.ts";
import { canRunJs } from "./tiers.ts";
import { MISS } from "./values.ts";

export interface Dispatcher {
  readonly callable: (...args: unknown[]) => unknown;
  /** From the next call on `enter` serves calls of `argc` arguments. */
  swap(enter: Enter, argc: number): void;
  /** From the next call on the original serves, for `calls` calls of `argc` arguments; then the kernel is asked. */
  standBack(calls: number, argc: number): void;
}

/** What the dispatcher does not do itself: a call that what serves does not fit, and `new`. */
export interface Behind {
  readonly original: (...args: never[]) => unknown;
  /** counts the calls that the original serves */
  readonly counters: { original: number };
  serve(self: unknown, args: unknown[]): unknown;
  construct(args: unknown[], target: unknown): unknown;
}

let serial = 0;

/** `parameters`: how many there are; null where the kernel can see the number of arguments. */
export function dispatcher(parameters: number | null, behind: Behind): Dispatcher {
  if (parameters === null || !canRunJs()) return prebuilt(parameters, behind);
  const names = Array.from({ length: parameters }, (_, i) => `a${i}`);
  const source = `"use strict"; // dispatcher ${++serial}: its own text, so that the engine keeps its own feedback
let enter = () => MISS;
function callable(${names.join(", ")}) {
  if (new.target !== undefined) return behind.construct([${names.join(", ")}], new.target);
  const result = enter(${["this", ...names].join(", ")});
  if (result !== MISS) return result;
  return behind.serve(this, [${names.join(", ")}]);
}
const { original, counters } = behind;
return {
  callable,
  swap(next) { enter = next; },
  standBack(calls) {
    enter = function original_(${["self", ...names].join(", ")}) {
      if (--calls < 0) return MISS;
      counters.original++;
      return call.call(${["original", "self", ...names].join(", ")});
    };
  },
};`;
  return (new Function("MISS", "behind", "call", source) as (miss: typeof MISS, behind: Behind, call: unknown) => Dispatcher)(MISS, behind, Function.prototype.call);
}

function prebuilt(parameters: number | null, behind: Behind): Dispatcher {
  let enter: Enter = () => MISS;
  let argc = -1;
  const callable = function (this: unknown, ...args: unknown[]): unknown {
    if (parameters !== null) args.length = parameters; // what is beyond can't be seen by the kernel
    if (new.target !== undefined) return behind.construct(args, new.target);
    if (args.length === argc) {
      const result = enter(this, ...args);
      if (result !== MISS) return result;
    }
    return behind.serve(this, args);
  };
  return {
    callable,
    swap(next, count) { enter = next; argc = count; },
    standBack(calls, count) {
      argc = count;
      enter = (self, ...args) => {
        if (--calls < 0) return MISS;
        behind.counters.original++;
        return Reflect.apply(behind.original, self, args as never[]);
      };
    },
  };
}
