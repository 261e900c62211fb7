// The function that the user calls: it enters whatever serves now, and asks the kernel where that does not fit. Swapping is an assignment
// between two calls. Generated for the kernel's own parameters where the host allows it, so that nothing is allocated on the way;
// prebuilt otherwise, and for kernels that can see how many arguments they got.
//
// A place in the code that has called two functions is slow for good: the engine gives up on knowing what it calls. So there are several
// places to call from (sites). The first entries get one of their own; measurements, comparisons and what else stands before an entry
// for a time share one; the original has its own, and so has each of several entries that are tried in turn.

import { asNumeric, constantsOf, type Numeric } from "./closures.ts";
import { signal, wasMiss, type Enter, type Exchange, type Quick } from "./entry.ts";
import { Rebound } from "./rebound.ts";
import { nextText, type Serving, type Text } from "./texts.ts";
import { canRunJs } from "./tiers.ts";
import { relayOf, type Relay } from "./trampoline.ts";
import { MISS } from "./values.ts";

export interface Dispatcher {
  readonly callable: (...args: unknown[]) => unknown;
  /** From the next call on the entry serves calls of `argc` arguments; null: nothing does. */
  swap(entry: Quick | null, argc: number): void;
  /** From the next call on these entries, at most four, serve such calls: the first that a call fits. */
  take(turns: readonly Quick[], argc: number): void;
  /** The same for what is called for a time only: measurements, comparisons, users' guards. */
  standBefore(enter: Enter, argc: number): void;
  /** From the next call on the original serves, for `calls` calls of `argc` arguments; then the kernel is asked. */
  standBack(calls: number, argc: number): void;
}

/** What the dispatcher does not do itself: a call that what serves does not fit, and `new`. */
export interface Behind {
  readonly original: (...args: never[]) => unknown;
  /** Asked now and then of a call that the original would serve: is it of a size that the original was measured with? */
  fits(...args: unknown[]): boolean;
  /** counts the calls that the original serves */
  readonly counters: { original: number };
  /** says of an entry's miss that it was no matter of the guard: then no other entry is tried */
  readonly exchange: Exchange;
  /** arguments one by one: a list of numbers that is written down would hold them as doubles, and the engine would compare them as such from then on */
  serve(self: unknown, ...args: unknown[]): unknown;
  construct(args: unknown[], target: unknown): unknown;
}

/** calls of the original of which one is looked at */
const unlooked = 64;

/** places for entries of their own; what comes later shares one */
const mostOwn = 2;

/** Gives entries their places: 0 is the shared one. */
class Sites {
  private readonly known: Quick[] = [];
  siteOf(entry: Quick): number {
    let at = this.known.indexOf(entry);
    if (at < 0 && this.known.length < mostOwn) at = this.known.push(entry) - 1;
    return at + 1;
  }
}

let serial = 0;

/** `parameters`: how many there are; null where the kernel can see the number of arguments. */
export function dispatcher(parameters: number | null, behind: Behind): Dispatcher {
  if (parameters === null) return prebuilt(behind);
  if (!canRunJs()) return prebuiltFor(parameters, behind);
  const names = Array.from({ length: parameters }, (_, i) => `a${i}`);
  const list = `[${names.join(", ")}]`;
  const by = (entry: string): string => `${entry}(${["this", ...names].join(", ")})`;
  // Small, since the engine inlines small functions only: what is rare is elsewhere. What comes from there is a number in the engine's
  // eyes too, as long as it always was one: else all results would be boxed where this function is inlined, the entries' too. And `var`, since
  // the engine asks at each use of the others whether they have a value yet.
  const source = `"use strict"; // dispatcher ${++serial}: its own text, so that the engine keeps its own feedback
var entry1 = null, entry2 = null, shared = null, before = null, left = 0, unseen = ${unlooked}, first = null, second = null, third = null, fourth = null;
const { original, counters, exchange } = behind;
const other = (value) => value;
function callable(${names.join(", ")}) {
  if (new.target !== undefined) return behind.construct(${list}, new.target);
  let result;
  if (entry1 !== null) { result = ${by("entry1")}; if (result === result) return result; }
  else if (entry2 !== null) { result = ${by("entry2")}; if (result === result) return result; }
  else if (shared !== null) { result = ${by("shared")}; if (result === result) return result; }
  result = ${by("elsewhere")};
  return typeof result === "number" ? +result : other(result);
}
function elsewhere(${["self", ...names].join(", ")}) {
  if (first !== null) {
    const result = inTurn(${["self", ...names].join(", ")});
    if (result === result || !signal.missed) return result;
  }
  if (!signal.missed) {
    if (left > 0 && (--unseen > 0 || looked(${names.join(", ")}))) {
      left--;
      counters.original++;
      return call.call(${["original", "self", ...names].join(", ")});
    }
    if (before === null && (entry1 !== null || entry2 !== null || shared !== null)) return NaN;
    const result = before === null ? MISS : before(${["self", ...names].join(", ")});
    if (result !== MISS) return result;
  }
  signal.missed = false;
  return behind.serve(${["self", ...names].join(", ")});
}
function looked(${names.join(", ")}) {
  unseen = ${unlooked};
  return behind.fits(${names.join(", ")});
}
function inTurn(${["self", ...names].join(", ")}) {
  let result = ${by("first").replace("this", "self")};
  ${["second", "third", "fourth"].map((entry) => `if (result === result || !signal.missed || ${entry} === null || exchange.why !== "") return result;
  signal.missed = false;
  result = ${by(entry).replace("this", "self")};`).join("\n  ")}
  return result;
}
function set(serving, ahead, calls, turns) {
  const site = serving === null ? -1 : sites.siteOf(serving);
  entry1 = site === 1 ? serving : null;
  entry2 = site === 2 ? serving : null;
  shared = site === 0 ? serving : null;
  before = ahead;
  left = calls;
  [first = null, second = null, third = null, fourth = null] = turns;
}
return {
  callable,
  swap(entry) { set(entry, null, 0, []); },
  take(turns) { set(null, null, 0, turns); },
  standBefore(enter) { set(null, enter, 0, []); },
  standBack(calls) { set(null, null, calls, []); },
};`;
  return (new Function("MISS", "behind", "call", "sites", "signal", source) as (...given: unknown[]) => Dispatcher)(MISS, behind, Function.prototype.call, new Sites(), signal);
}

/** For any number of arguments, as many as there are. */
function prebuilt(behind: Behind): Dispatcher {
  const state = stateFor(behind, null);
  const callable = function (this: unknown, ...args: unknown[]): unknown {
    if (new.target !== undefined) return behind.construct(args, new.target);
    if (args.length === state.argc && state.enter !== null) {
      const result = state.enter(this, ...args);
      if (result !== MISS && !wasMiss(result)) return result;
    }
    return behind.serve(this, ...args);
  };
  return { callable, ...state.setters };
}

/** `enter` tells a miss in either way. */
interface State extends Serving {
  enter: Enter | Quick | null;
  argc: number;
  readonly setters: Omit<Dispatcher, "callable">;
}

const nobody = (): number => NaN;

/** Of a callable that carries out entries that are data itself, their programs called through relays; `own` makes the first one an entry of its own. */
interface Carrying { readonly places: Places; readonly own: Text["own"] | null; readonly elsewhere: Serving["elsewhere"] }

function stateFor(behind: Behind, carrying: Carrying | null): State {
  let first: Quick | null = null, own: Quick | null = null;
  let later: Rebound | null | undefined;
  const stand = (enter: State["enter"], argc: number): void => {
    state.enter = enter;
    state.argc = argc;
    state.numeric = null;
    state.own = null;
    state.rebound = null;
  };
  const state: State = {
    enter: null, argc: -1, numeric: null, place: -1, call: nobody, own: null, rebound: null, elsewhere: carrying?.elsewhere ?? nobody,
    setters: {
      swap(entry, argc) {
        stand(entry, argc);
        const numeric = carrying === null || entry === null ? null : asNumeric(entry);
        if (numeric?.relay == null) return;
        if (first === null) {
          const constants = constantsOf(numeric);
          first = entry;
          own = constants && (carrying!.own?.(constants) ?? null);
        }
        if (entry !== first && later === undefined) later = own && Rebound.of(numeric);
        state.own = later === undefined ? own : null;
        state.rebound = later?.bind(numeric) ?? null;
        state.place = carrying!.places.take(numeric, numeric.relay);
        state.call = numeric.relay.run;
        state.numeric = numeric;
      },
      take(turns, argc) {
        stand((self, ...args) => {
          for (const entry of turns) {
            const result = entry(self, ...args);
            if (!wasMiss(result)) return result;
            if (behind.exchange.why !== "") break;
          }
          return MISS;
        }, argc);
      },
      standBefore: stand,
      standBack(calls, argc) {
        let unseen = unlooked;
        stand((self, ...args) => {
          if (--calls < 0 || (--unseen <= 0 && !behind.fits(...args))) return MISS;
          if (unseen <= 0) unseen = unlooked;
          behind.counters.original++;
          return Reflect.apply(behind.original, self, args as never[]);
        }, argc);
      },
    },
  };
  return state;
}

/** A callable's places in relays, one in each. */
class Places {
  private readonly places: number[] = [];

  take({ params, parts }: Numeric, relay: Relay): number {
    const place = (this.places[params] ??= relay.take());
    relay.put(place, parts!.run as Parameters<typeof relay.put>[1]);
    return place;
  }

  /** Gives them back when the callable is collected. */
  free(): void { this.places.forEach((place, params) => relayOf(params).free(place)); }
}
const abandoned = typeof FinalizationRegistry === "undefined" ? null : new FinalizationRegistry((places: Places) => places.free());

/** arguments that are taken without a list */
const mostListed = 6;

/**
 * For kernels that can't see how many arguments they got: up to six numbers without a list. The functions that are called are small, since the
 * engine inlines small functions only: what is rare is elsewhere.
 */
function prebuiltFor(parameters: number, behind: Behind): Dispatcher {
  const elsewhere = (target: unknown, self: unknown, ...args: unknown[]): unknown => {
    args.length = parameters; // what is beyond can't be seen by the kernel
    if (target !== undefined) return behind.construct(args, target);
    if (!signal.missed && state.enter !== null) {
      const result = state.enter(self, ...args);
      if (result !== MISS && !wasMiss(result)) return result;
    }
    signal.missed = false;
    return behind.serve(self, ...args);
  };
  const text = parameters <= mostListed ? nextText() : null, places = new Places();
  const state = stateFor(behind, text && { places, own: text.own, elsewhere });
  const callable = text?.callable(state) ?? function (this: unknown, ...args: unknown[]): unknown { return elsewhere(new.target, this, ...args); };
  abandoned?.register(callable, places);
  return { callable, ...state.setters };
}
