// A small seeded generator of random numbers: the same seed gives the same kernel on every machine.

/** mulberry32 (Tommy Ettinger). Good enough to choose with, and one word of state. */
export class Random {
  private state: number;
  constructor(seed: number) { this.state = seed | 0; }

  /** in [0, 1) */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  /** an integer in [0, n) */
  below(n: number): number { return Math.floor(this.next() * n); }
  /** an integer in [low, high] */
  between(low: number, high: number): number { return low + this.below(high - low + 1); }
  chance(p: number): boolean { return this.next() < p; }
  pick<T>(items: readonly T[]): T { return items[this.below(items.length)]!; }
  /** one of the keys, each as likely as its weight says */
  weighted<K extends string>(weights: Readonly<Partial<Record<K, number>>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let at = this.next() * entries.reduce((sum, [, w]) => sum + w, 0);
    for (const [key, weight] of entries) if ((at -= weight) < 0) return key;
    return entries.at(-1)![0];
  }
}
