// What the public interface promises and the runtime does not do yet. Asking for it throws NotYet at once, so that nobody believes that
// it happens silently. The list shrinks to nothing; test/runtime/notyet.test.ts prints it.

export const unfinished = {
  "relax.fma": "fused multiply-adds; products and sums are rounded apart",
  "relax.math": "approximate mathematical functions; they are exact",
} as const;
export type Unfinished = keyof typeof unfinished;

export class NotYet extends Error {
  readonly feature: Unfinished;
  constructor(feature: Unfinished) {
    super(`wasmorph: not there yet: ${unfinished[feature]}`);
    this.name = "NotYet";
    this.feature = feature;
  }
}

export const notYet = (feature: Unfinished): NotYet => new NotYet(feature);
