// The function that the user calls: it enters whatever serves now, and asks the kernel where that does not fit. Swapping is an assignment
// between two calls. Generated for the kernel's own parameters where the host allows it, so that nothing is allocated on the way;
// prebuilt otherwise, and for kernels that can see how many arguments they got.
//
// A place in the code that has called two functions is slow for good: the engine gives up on knowing what it calls. So there are several
// places to call from (sites). An entry that will be called often (`lasting`) gets one of its own while there are any; measurements,
// comparisons and what else stands before an entry for a time share one; the original has its own.

import type { Enter } from "./entry.ts";
import { canRunJs } from "./tiers.ts";
import { MISS } from "./values.ts";

export interface Dispatcher {
  readonly callable: (...args: unknown[]) => unknown;
  /** From the next call on `enter` serves calls of `argc` arguments; null: nothing does. */
  swap(enter: Enter | null, argc: number, lasting: boolean): void;
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

const sites = { none: 0, first: 1, own: 3, any: 4 } as const;

/** Gives lasting entries their sites. */
class Sites {
  private readonly known: Enter[] = [];
  siteOf(enter: Enter | null, lasting: boolean): number {
    if (enter === null) return sites.none;
    if (!lasting) return sites.any;
    let at = this.known.indexOf(enter);
    if (at < 0 && this.known.length < sites.own) at = this.known.push(enter) - 1;
    return at < 0 ? sites.any : sites.first + at;
  }
}

let serial = 0;

/** `parameters`: how many there are; null where the kernel can see the number of arguments. */
export function dispatcher(parameters: number | null, behind: Behind): Dispatcher {
  if (parameters === null) return prebuilt(behind);
  if (!canRunJs()) return prebuiltFor(parameters, behind);
  const names = Array.from({ length: parameters }, (_, i) => `a${i}`);
  const by = (enter: string): string => `${enter}(${["this", ...names].join(", ")})`;
  const source = `"use strict"; // dispatcher ${++serial}: its own text, so that the engine keeps its own feedback
let enter1 = null, enter2 = null, enter3 = null, any = null, left = 0;
const { original, counters } = behind;
function callable(${names.join(", ")}) {
  if (new.target !== undefined) return behind.construct([${names.join(", ")}], new.target);
  let result = MISS;
  if (enter1 !== null) result = ${by("enter1")};
  else if (enter2 !== null) result = ${by("enter2")};
  else if (enter3 !== null) result = ${by("enter3")};
  else if (any !== null) result = ${by("any")};
  else if (--left >= 0) {
    counters.original++;
    return call.call(${["original", "this", ...names].join(", ")});
  }
  if (result !== MISS) return result;
  return behind.serve(this, [${names.join(", ")}]);
}
function swap(enter, argc, lasting) {
  enter1 = enter2 = enter3 = any = null;
  left = 0;
  switch (sites.siteOf(enter, lasting)) {
    case 1: enter1 = enter; break;
    case 2: enter2 = enter; break;
    case 3: enter3 = enter; break;
    case 4: any = enter; break;
  }
}
return { callable, swap, standBack(calls) { swap(null); left = calls; } };`;
  return (new Function("MISS", "behind", "call", "sites", source) as (miss: typeof MISS, behind: Behind, call: unknown, sites: Sites) => Dispatcher)(
    MISS, behind, Function.prototype.call, new Sites(),
  );
}

/** For any number of arguments, as many as there are. */
function prebuilt(behind: Behind): Dispatcher {
  const state = stateFor(behind);
  const callable = function (this: unknown, ...args: unknown[]): unknown {
    if (new.target !== undefined) return behind.construct(args, new.target);
    if (args.length === state.argc && state.enter !== null) {
      const result = state.enter(this, ...args);
      if (result !== MISS) return result;
    }
    return behind.serve(this, args);
  };
  return { callable, ...state.setters };
}

interface State { enter: Enter | null; argc: number; readonly setters: Pick<Dispatcher, "swap" | "standBack"> }

function stateFor(behind: Behind): State {
  const state: State = {
    enter: null, argc: -1,
    setters: {
      swap(enter, argc) { state.enter = enter; state.argc = argc; },
      standBack(calls, argc) {
        state.argc = argc;
        state.enter = (self, ...args) => {
          if (--calls < 0) return MISS;
          behind.counters.original++;
          return Reflect.apply(behind.original, self, args as never[]);
        };
      },
    },
  };
  return state;
}

/** For kernels that can't see how many arguments they got: up to six parameters without a list. */
function prebuiltFor(parameters: number, behind: Behind): Dispatcher {
  const state = stateFor(behind);
  const { construct, serve } = behind;
  const fixed: readonly Dispatcher["callable"][] = [
    function (this: unknown) {
      if (new.target !== undefined) return construct.call(behind, [], new.target);
      const result = state.enter === null ? MISS : state.enter(this);
      return result === MISS ? serve.call(behind, this, []) : result;
    },
    function (this: unknown, a?: unknown) {
      if (new.target !== undefined) return construct.call(behind, [a], new.target);
      const result = state.enter === null ? MISS : state.enter(this, a);
      return result === MISS ? serve.call(behind, this, [a]) : result;
    },
    function (this: unknown, a?: unknown, b?: unknown) {
      if (new.target !== undefined) return construct.call(behind, [a, b], new.target);
      const result = state.enter === null ? MISS : state.enter(this, a, b);
      return result === MISS ? serve.call(behind, this, [a, b]) : result;
    },
    function (this: unknown, a?: unknown, b?: unknown, c?: unknown) {
      if (new.target !== undefined) return construct.call(behind, [a, b, c], new.target);
      const result = state.enter === null ? MISS : state.enter(this, a, b, c);
      return result === MISS ? serve.call(behind, this, [a, b, c]) : result;
    },
    function (this: unknown, a?: unknown, b?: unknown, c?: unknown, d?: unknown) {
      if (new.target !== undefined) return construct.call(behind, [a, b, c, d], new.target);
      const result = state.enter === null ? MISS : state.enter(this, a, b, c, d);
      return result === MISS ? serve.call(behind, this, [a, b, c, d]) : result;
    },
    function (this: unknown, a?: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown) {
      if (new.target !== undefined) return construct.call(behind, [a, b, c, d, e], new.target);
      const result = state.enter === null ? MISS : state.enter(this, a, b, c, d, e);
      return result === MISS ? serve.call(behind, this, [a, b, c, d, e]) : result;
    },
    function (this: unknown, a?: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown, f?: unknown) {
      if (new.target !== undefined) return construct.call(behind, [a, b, c, d, e, f], new.target);
      const result = state.enter === null ? MISS : state.enter(this, a, b, c, d, e, f);
      return result === MISS ? serve.call(behind, this, [a, b, c, d, e, f]) : result;
    },
  ];
  const list = function (this: unknown, ...args: unknown[]): unknown {
    args.length = parameters; // what is beyond can't be seen by the kernel
    if (new.target !== undefined) return behind.construct(args, new.target);
    const result = state.enter === null ? MISS : state.enter(this, ...args);
    return result === MISS ? behind.serve(this, args) : result;
  };
  return { callable: fixed[parameters] ?? list, ...state.setters };
}
