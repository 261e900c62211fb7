// Seeded random numbers: the same seed gives the same values on every machine.

/** mulberry32 (Tommy Ettinger, public domain), two draws a double so that all 53 bits vary. */
export class Random {
  private state: number;
  constructor(seed: number) { this.state = seed >>> 0; }

  /** 32 random bits, unsigned */
  bits(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** in [0, 1) */
  next(): number { return ((this.bits() >>> 5) * 0x4000000 + (this.bits() >>> 6)) / 0x20000000000000; }

  /** in [low, high) */
  between(low: number, high: number): number { return low + this.next() * (high - low); }

  pick<T>(values: readonly T[]): T { return values[Math.floor(this.next() * values.length)]!; }
}
