// Calls served and bytes copied, of one tier of one version.
//
// The entry's code counts in an array of doubles: where that is a constant of the code, to count is one addition in memory. An entry that versions
// share has an array of its own, and lends it to the version that it is bound to.

/**
 * What an entry counts in: [calls, bytes copied, 1]. It lies in a buffer, since the engine knows the address of such arrays only; many share one, since
 * a buffer costs more to make and to collect than all else of a version's entry. The one stands there since a double that is loaded costs less than
 * one that is made.
 */
export type Counts = Float64Array;
const size = 3, aBuffer = 64;
let buffer = new ArrayBuffer(0), next = aBuffer;
export function makeCounts(): Counts {
  if (next === aBuffer) {
    buffer = new ArrayBuffer(size * 8 * aBuffer);
    next = 0;
  }
  const counts = new Float64Array(buffer, size * 8 * next++, size);
  counts[2] = 1;
  return counts;
}

export class Tally {
  readonly counts: Counts = makeCounts();
  #borrowed: Counts | null = null;

  /** What is counted in `counts` from now on is this version's. */
  borrow(counts: Counts): void {
    this.#borrowed = counts;
    counts[0] = 0;
    counts[1] = 0;
  }

  /** Takes what was counted there, and leaves the array to others. */
  giveBack(): void {
    const borrowed = this.#borrowed;
    this.#borrowed = null;
    if (borrowed === null) return;
    this.counts[0]! += borrowed[0]!;
    this.counts[1]! += borrowed[1]!;
  }

  get calls(): number { return this.counts[0]! + (this.#borrowed?.[0] ?? 0); }
  get copied(): number { return this.counts[1]! + (this.#borrowed?.[1] ?? 0); }

  /** What another one counted is this one's too. */
  add({ calls, copied }: Tally): void {
    this.counts[0]! += calls;
    this.counts[1]! += copied;
  }

  /** Forgets what was counted since: the answer to `mark`. */
  mark(): () => void {
    const { calls, copied } = this;
    return () => {
      this.counts[0]! -= this.calls - calls;
      this.counts[1]! -= this.copied - copied;
    };
  }
}
