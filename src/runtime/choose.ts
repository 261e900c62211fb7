// Which of several candidates is fastest, found on real calls: they take turns until each is warm, then until there are enough samples.
//
// Guarantees: a call is served by exactly one candidate, and never twice. A candidate whose call does not fit gives no sample, nor does a call in which the
// clock went back.

import type { Enter } from "./entry.ts";
import { MISS } from "./values.ts";

export interface Candidate<N extends string> { readonly name: N; readonly enter: Enter }
export interface Choice<N extends string> { readonly name: N; readonly medians: Readonly<Record<N, number>> }

/** a candidate is warm after so many calls, or so many milliseconds of them: about what V8 needs to see before it optimizes */
export const warmCalls = 500;
export const warmMs = 12;
const warmLeast = 4;
const samplesEach = 15;
/** A candidate whose last samples take less than this part of its first was optimized meanwhile: they are taken anew, so often at most. */
const settled = 0.75;
const mostAnew = 3;

/** An original that was measured to be faster serves so many calls, or so many milliseconds of them, until it is measured again: soon at first, when the engine may not have optimized the version. */
const rests = [{ calls: 500, ms: 60 }, { calls: 5_000, ms: 1_000 }, { calls: 50_000, ms: 20_000 }] as const;
const leastRest = 20;

/** Calls until a version is measured again that has been slower so many times, of an original that takes so long. */
export function callsOfOriginal(times: number, ms: number | undefined): number {
  const rest = rests[Math.min(Math.max(times, 1), rests.length) - 1]!;
  return ms ? Math.min(rest.calls, Math.max(leastRest, Math.ceil(rest.ms / ms))) : rest.calls;
}

interface Subject<N extends string> extends Candidate<N> { warm: { calls: number; ms: number; least: number }; /** by round */ readonly samples: Map<number, number> }

export class Trial<N extends string> {
  private readonly subjects: Subject<N>[];
  private readonly done: (choice: Choice<N>) => void;
  private turn = 0;
  private round = 0;
  private finished = false;
  private anew = 0;

  /** `warm`: the candidates are warm already */
  constructor(candidates: readonly Candidate<N>[], done: (choice: Choice<N>) => void, warm = false) {
    this.subjects = candidates.map((candidate) => ({ ...candidate, warm: { calls: warm ? warmCalls : 0, ms: 0, least: Infinity }, samples: new Map<number, number>() }));
    this.done = done;
  }

  /** Serves a call by whoever's turn it is. */
  readonly enter: Enter = (self, ...args) => {
    const subject = this.subjects[this.turn]!;
    const { round } = this;
    this.turn = (this.turn + 1) % this.subjects.length;
    if (this.turn === 0) this.round++;
    const started = performance.now();
    const result = subject.enter(self, ...args);
    const ms = performance.now() - started;
    if (result === MISS || ms < 0) return result;
    const { warm } = subject;
    if (warm.calls < warmLeast || (warm.calls < warmCalls && warm.ms < warmMs)) { warm.calls++; warm.ms += ms; warm.least = Math.min(warm.least, ms); }
    else subject.samples.set(round, ms);
    if (this.subjects.every(({ samples }) => samples.size >= samplesEach) && !this.startsAnew()) this.decide();
    return result;
  };

  /** Forgets the samples of candidates that were optimized while they were taken. */
  private startsAnew(): boolean {
    const first = this.subjects[0]!.samples;
    const changing = this.anew < mostAnew ? this.subjects.slice(1).filter(({ samples }) => {
      const ratios = [...samples].flatMap(([round, ms]) => (first.get(round) ? [ms / first.get(round)!] : []));
      const third = Math.floor(ratios.length / 3);
      return third >= 3 && median(ratios.slice(-third)) < settled * median(ratios.slice(0, third));
    }) : [];
    if (changing.length === 0) return false;
    this.anew++;
    for (const { samples } of changing) samples.clear();
    return true;
  }

  /**
   * What a call takes. Against the first candidate in pairs, turn by turn: what slowed the machine down, or made the calls larger, for a while
   * did so to both. The first calls of a new version are compiled and interpreted ones: of those only the quickest says anything.
   */
  private typical({ samples, warm }: Subject<N>): number {
    const first = this.subjects[0]!.samples;
    const ratios = [...samples].flatMap(([round, ms]) => (first.get(round) ? [ms / first.get(round)!] : []));
    if (ratios.length > 0) return median([...first.values()]) * median(ratios);
    return samples.size > 0 ? median([...samples.values()]) : warm.least;
  }

  get over(): boolean { return this.finished; }

  /** Decides now, on what there is. */
  decide(): void {
    if (this.finished) return;
    this.finished = true;
    const medians = Object.fromEntries(this.subjects.map((subject) => [subject.name, this.typical(subject)])) as Record<N, number>;
    this.done({ name: fastest(this.subjects.map(({ name }) => name), medians), medians });
  }
}

/** the time under which a difference may as well be the clock's (ms) */
const tiny = 2e-4;

/** The fastest, in doubt the earlier one: a candidate takes over only if it is clearly faster. */
export function fastest<N extends string>(names: readonly N[], medians: Readonly<Record<N, number>>): N {
  let best = names[0]!;
  for (const name of names.slice(1)) {
    const needed = medians[best] < tiny ? 0.9 : 0.97;
    if (medians[name] < medians[best] * needed) best = name;
  }
  return best;
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1]!;
}
