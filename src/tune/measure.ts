// Times several ways of doing the same thing, in turns, so that a change of the machine's mood hits all of them alike.
//
// Requires: subjects do equal work. Guarantees: nobody is timed before it has run for `warmMs` and 200 calls (V8 replaces Liftoff's code
// function by function, without on-stack replacement, so short warm-ups time the wrong code); the order rotates from round to round; what
// is reported is the median over rounds of the time of one call, and the spread from the lower to the upper quartile.

export interface Subject {
  readonly name: string;
  /** one call */
  run(): void;
  /** before each round, not timed: puts the data back that calls change */
  reset?(): void;
}

export interface Timing {
  readonly name: string;
  /** nanoseconds a call: the median, the quartiles, the least */
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  readonly least: number;
}

export interface MeasureOptions {
  readonly rounds?: number;
  readonly warmMs?: number;
  /** a subject's turn lasts about this long */
  readonly turnMs?: number;
}

const warmCalls = 200;

export function measure(subjects: readonly Subject[], { rounds = 15, warmMs = 60, turnMs = 4 }: MeasureOptions = {}): Timing[] {
  const repeats = subjects.map((subject) => warm(subject, warmMs, turnMs));
  const samples: number[][] = subjects.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < subjects.length; turn++) {
      const index = (turn + round) % subjects.length;
      const subject = subjects[index]!;
      subject.reset?.();
      samples[index]!.push(timeOnce(subject, repeats[index]!));
    }
  }
  return subjects.map(({ name }, index) => {
    const sorted = samples[index]!.toSorted((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
    return { name, median: at(0.5), lower: at(0.25), upper: at(0.75), least: sorted[0]! };
  });
}

/** Nanoseconds a call, over `calls` calls. */
function timeOnce(subject: Subject, calls: number): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) subject.run();
  return ((performance.now() - start) * 1e6) / calls;
}

/** Runs a subject until it is warm; tells how many calls make a turn. */
function warm(subject: Subject, warmMs: number, turnMs: number): number {
  const end = performance.now() + warmMs;
  const hardEnd = end + 20 * warmMs;
  for (let calls = 0; performance.now() < end || (calls < warmCalls && performance.now() < hardEnd); calls++) subject.run();
  subject.reset?.();
  const once = timeOnce(subject, 1);
  return Math.max(1, Math.ceil((turnMs * 1e6) / Math.max(once, 20)));
}
