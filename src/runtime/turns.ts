// Several versions that are tried in turn: a kernel whose calls alternate between kinds of arguments, or between slow values, does not swap at each of
// them. Each version has an entry of its own then, bound to it for good, and the dispatcher asks one after the other.
//
//   swap, swap, swap … after a few calls each   →   up to four versions in turn   →   (most calls fit none of them) swaps again
//
// What fits a version beyond the four is served without a swap, as long as that is not the rule. More kinds than versions are kept for
// (limits.versions) make a new version at each call: that is for churn.ts to notice.

import type { Version } from "./version.ts";

/** so many versions are tried, by places of their own in the dispatcher */
export const mostInTurn = 4;
/** after so few calls a swap was hardly worth it; so many of those in a row are a habit */
const hardly = 16, habit = 8;
/** so many calls that fit a version beyond those in turn are looked at together */
const strayWindow = 16;

export class Turns {
  members: readonly Version[] = [];
  private inARow = 0;
  /** calls that the version which serves had served when it was swapped in */
  private since = 0;
  private strays = 0;
  private hits = 0;

  get active(): boolean { return this.members.length > 0; }
  has(version: Version): boolean { return this.members.includes(version); }

  /** Told of each swap. Answers the versions that shall serve in turn from now on; none: it is too early, or there are no two that can. */
  swapped(from: Version, to: Version, versions: readonly Version[]): readonly Version[] {
    this.inARow = from.calls - this.since <= hardly ? this.inARow + 1 : 0;
    this.since = to.calls;
    if (this.inARow < habit) return [];
    const able = versions.filter((version) => version.argc === to.argc && servesAlone(version)).slice(0, mostInTurn);
    if (able.length < 2) return [];
    this.members = able.toSorted((a, b) => a.serial - b.serial); // the same ones in the same places, where they come back
    this.inARow = 0;
    this.strays = 0;
    this.hits = this.served();
    return this.members;
  }

  /** A call fitted a version that is not among them. Is that the rule by now? */
  strayed(): boolean {
    if (++this.strays < strayWindow) return false;
    const hits = this.served() - this.hits;
    const rule = hits < this.strays;
    this.strays = 0;
    this.hits += hits;
    return rule;
  }

  end(): void { this.members = []; }

  private served(): number { return this.members.reduce((sum, { calls }) => sum + calls, 0); }
}

/** Is it entered by a tier itself, with nothing before it: no measurement, no comparison, no guard of the user's? */
const servesAlone = ({ state, enter, tiers }: Version): boolean => state === "ready" && Object.values(tiers).some((tier) => tier.enter === enter);
