// All versions of all kernels, least recently used first: how many there may be at once, and what becomes of those of kernels that nobody
// holds any more.
//
// Guarantees: kernels are held weakly. When one is collected, the memory of its versions is given back.

import { settings } from "./configure.ts";

/** What a version owns outside the heap. Leads to nothing else: neither to the version nor to its kernel. */
export class Resident {
  readonly owned: { release(): void }[] = [];
  release(): void { for (const one of this.owned.splice(0)) one.release(); }
  /** Gives one thing back. */
  giveBack(one: { release(): void }): void {
    const at = this.owned.indexOf(one);
    if (at >= 0) this.owned.splice(at, 1)[0]!.release();
  }
}
/** What the census needs of a kernel. */
export interface Home { evict(resident: Resident): void }

const residents = new Map<Resident, WeakRef<Home>>();
/** for kernels that are collected */
const abandoned = typeof FinalizationRegistry === "undefined" ? null : new FinalizationRegistry((mine: Set<Resident>) => {
  for (const resident of mine) { residents.delete(resident); resident.release(); }
});
const homes = new WeakMap<Home, Set<Resident>>();

export function moveIn(resident: Resident, home: Home): void {
  let mine = homes.get(home);
  if (mine === undefined) {
    homes.set(home, (mine = new Set()));
    abandoned?.register(home, mine);
  }
  mine.add(resident);
  residents.set(resident, new WeakRef(home));
  makeRoom();
}

export function used(resident: Resident): void {
  const home = residents.get(resident);
  if (home === undefined) return;
  residents.delete(resident);
  residents.set(resident, home);
}

export function moveOut(resident: Resident, home: Home): void {
  residents.delete(resident);
  homes.get(home)?.delete(resident);
}

export const population = (): number => residents.size;

/** The ones used longest ago go, unless their kernels say that they are in use. */
function makeRoom(): void {
  if (residents.size <= settings.versions) return;
  for (const [resident, home] of residents) {
    if (residents.size <= settings.versions) return;
    const kernel = home.deref();
    if (kernel === undefined) { residents.delete(resident); resident.release(); }
    else kernel.evict(resident);
  }
}
