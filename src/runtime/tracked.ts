// tracked(v): a value that tells when it was changed, so that a guard needs to look at a number only.
//
// A plain object or array comes back as a Proxy that counts every write, to itself and to the plain objects and arrays inside it. What a
// Proxy would break (typed arrays, Maps, Sets, class instances) comes back as it is, and edits are announced by tracked.touch(v).

import { isProxy, lookThrough } from "../capture/host.ts";

/** One for each tracked value; what is inside it shares it. */
export interface Tracker { version: number; readonly target: object }

const trackers = new WeakMap<object, Tracker>(); // by Proxy and by value
/** what tracked() gave for a plain object: who asks again gets the same, and edits through it are noticed by all */
const given = new WeakMap<object, object>();
const proxies = new WeakMap<object, WeakMap<Tracker, object>>();

const isPlain = (value: unknown): value is object => {
  if (typeof value !== "object" || value === null || isProxy(value)) return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
};

/** The tracker of a tracked value (of its Proxy, or of itself where it has none). */
export const trackerOf = (value: unknown): Tracker | undefined =>
  (typeof value === "object" || typeof value === "function") && value !== null ? trackers.get(value) : undefined;
/** The Proxy of what was tracked; any other value is itself. */
export const asTracked = (value: unknown): unknown => (typeof value === "object" && value !== null ? (given.get(value) ?? value) : value);
/** What a tracked value stands for; any other value is itself. */
export const untracked = (value: unknown): unknown => trackerOf(value)?.target ?? value;

function proxyOf(target: object, tracker: Tracker): object {
  let known = proxies.get(target);
  if (known === undefined) proxies.set(target, known = new WeakMap());
  let proxy = known.get(tracker);
  if (proxy !== undefined) return proxy;
  const own = (value: unknown): unknown => (trackerOf(value)?.target ?? value);
  proxy = new Proxy(target, {
    get(object, key, receiver) {
      const value: unknown = Reflect.get(object, key, receiver);
      if (!isPlain(value)) return value;
      const fixed = Object.getOwnPropertyDescriptor(object, key);
      return fixed !== undefined && !fixed.configurable && !fixed.writable ? value : proxyOf(value, tracker); // a frozen field must be given as it is
    },
    set(object, key, value) { tracker.version++; return Reflect.set(object, key, own(value)); },
    defineProperty(object, key, descriptor) { tracker.version++; return Reflect.defineProperty(object, key, descriptor); },
    deleteProperty(object, key) { tracker.version++; return Reflect.deleteProperty(object, key); },
    setPrototypeOf(object, prototype) { tracker.version++; return Reflect.setPrototypeOf(object, prototype); },
  });
  known.set(tracker, proxy);
  lookThrough(proxy, target);
  trackers.set(proxy, target === tracker.target ? tracker : { get version() { return tracker.version; }, set version(n) { tracker.version = n; }, target });
  return proxy;
}

export function tracked<T extends object>(value: T): T {
  if (typeof value !== "object" || value === null) throw new TypeError("wasmorph: tracked(v) takes an object or an array; other values need no tracking");
  if (trackers.has(value)) return value;
  const known = given.get(value);
  if (known !== undefined) return known as T;
  const tracker: Tracker = { version: 0, target: value };
  if (isPlain(value)) {
    const proxy = proxyOf(value, tracker);
    given.set(value, proxy);
    return proxy as T;
  }
  trackers.set(value, tracker);
  return value;
}

/** What was written without a Proxy counts too. */
export function touchIfTracked(value: unknown): void {
  const tracker = trackerOf(value);
  if (tracker !== undefined) tracker.version++;
}

/** Announces that a tracked value was changed. */
tracked.touch = (value: object): void => {
  const tracker = trackers.get(value);
  if (tracker === undefined) throw new TypeError("wasmorph: tracked.touch(v): v was never given to tracked()");
  tracker.version++;
};
