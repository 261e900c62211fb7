// The callables of the first kernels of a process, each in a text of its own, for hosts that forbid `new Function`.
//
// The engine keeps one record of what it learnt for all closures of one text: with many kernels in one, it knows neither what is called nor which
// values are compared. Where a text has one closure only, that is compiled with the values that it holds as constants, like generated code: four guards cost
// a nanosecond in place of eight (decision 0010). Text can't be made here, so it stands here as often as it is needed. Each kernel takes
// the next row; later ones share the last. From the first swap on an entry of another text serves (rebound.ts).
// Requires: all rows are the first one's text, letter by letter. Edit the first; this writes the others, and without the variable tests that they are equal:
//   UPDATE_TEXTS=1 npx vitest run test/runtime/texts.test.ts

import { enterNumeric, is, more, pick, type Constants, type Numeric } from "./closures.ts";
import { caught, missed, signal, type Quick } from "./entry.ts";
import type { Relay } from "./trampoline.ts";

/** What a callable knows of what serves. */
export interface Serving {
  /** the entry as data, and how its program is called: through a relay. Null: something else serves */
  numeric: Numeric | null;
  place: number;
  call: Relay["run"];
  /** the same entry in the text of the callable's own, until another one serves */
  own: Quick | null;
  /** from then on the entry, in a text whose values are set anew with each swap */
  rebound: Quick | null;
  /** serves a call that comes to nothing here */
  readonly elsewhere: (target: unknown, self: unknown, ...args: unknown[]) => unknown;
}

type Argument = unknown;
export interface Text {
  /** For up to six arguments. A number is given as one in the engine's eyes, where it always was one: else results would be boxed. */
  readonly callable: (serving: Serving) => (this: unknown, a?: Argument, b?: Argument, c?: Argument, d?: Argument, e?: Argument, f?: Argument) => unknown;
  /** an entry for one callable, made once */
  readonly own: (constants: Constants) => Quick;
}

const other = (value: unknown): unknown => value;

let used = 0;
/** The next row; `own` is null in the one that is shared. */
export function nextText(): { readonly callable: Text["callable"]; readonly own: Text["own"] | null } {
  const { callable, own } = texts[Math.min(used, texts.length - 1)]!;
  return { callable, own: used++ < texts.length - 1 ? own : null };
}

const texts: readonly Text[] = [
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
  { callable: (s) => function (a, b, c, d, e, f) {
    if (s.numeric !== null && new.target === undefined) { const r = s.own !== null ? +(s.own(this, a, b, c, d, e) as number) : s.rebound !== null ? +(s.rebound(this, a, b, c, d, e) as number) : enterNumeric(s.numeric, s.call, s.place, a, b, c, d, e, f); if (r === r || !signal.missed) return r; }
    const r = s.elsewhere(new.target, this, a, b, c, d, e, f); return typeof r === "number" ? +r : other(r);
  }, own: ({ k0, k1, k2, k3, k4, n0, n1, n2, n3, n4, params, p, q, r, s, counts, parts, run }) => (_self, a, b, c, d, e) => {
    if (!(is(k0, n0, a) && is(k1, n1, b) && is(k2, n2, c) && is(k3, n3, d) && is(k4, n4, e))) return missed(); counts[0]! += counts[2]!;
    try { return params === 1 ? run(pick(p, a, b, c, d, e, e)) : more(run, params, p, q, r, s, a, b, c, d, e); } catch (error) { return caught(parts, error, null); }
  } },
];
