// A map from small dense numbers of which a copy costs next to nothing: what two maps have in common they share, and to find what differs only looks
// at the rest. The heap of partial evaluation is one: every branch and every iteration begins with a copy, and most change little.
//
// A tree of lists of 32 (Bagwell, "Ideal Hash Trees", 2001, without the hashing). A map changes a list in place where it is the only one that
// has it, which its number says; a copy gives both maps new numbers.

const bits = 5, width = 32, mask = width - 1;

class List {
  readonly owner: number;
  /** of what is below: lists, or at the bottom what the map holds */
  readonly items: unknown[];
  constructor(owner: number, items: unknown[]) { this.owner = owner; this.items = items; }
}

let owners = 0;
const empty: readonly unknown[] = new Array<unknown>(width).fill(undefined);

export class ById<T extends object> {
  #owner = ++owners;
  #root: List | null = null;
  /** how far an id is shifted to find its place in the root */
  #shift = 0;

  clone(): ById<T> {
    const copy = new ById<T>();
    copy.#root = this.#root;
    copy.#shift = this.#shift;
    this.#owner = ++owners;
    return copy;
  }

  get(id: number): T | undefined {
    if (this.#root === null || id >>> this.#shift >= width) return undefined;
    let items = this.#root.items;
    for (let shift = this.#shift; shift > 0; shift -= bits) {
      const below = items[(id >>> shift) & mask] as List | undefined;
      if (below === undefined) return undefined;
      items = below.items;
    }
    return items[id & mask] as T | undefined;
  }
  has(id: number): boolean { return this.get(id) !== undefined; }

  set(id: number, value: T): void { this.#put(id, value); }
  delete(id: number): void { if (this.has(id)) this.#put(id, undefined); }

  #put(id: number, value: T | undefined): void {
    this.#root = this.#own(this.#root);
    while (id >>> this.#shift >= width) {
      const above = this.#own(null);
      above.items[0] = this.#root;
      this.#root = above;
      this.#shift += bits;
    }
    let { items } = this.#root;
    for (let shift = this.#shift; shift > 0; shift -= bits) {
      const at = (id >>> shift) & mask;
      const below = this.#own(items[at] as List | undefined);
      items[at] = below;
      items = below.items;
    }
    items[id & mask] = value;
  }
  #own(list: List | null | undefined): List {
    if (list?.owner === this.#owner) return list;
    return new List(this.#owner, (list?.items ?? empty).slice());
  }

  /** The ids in ascending order. */
  keys(): number[] {
    const ids: number[] = [];
    this.differing(nothing as ById<T>, (id) => ids.push(id));
    return ids;
  }

  /** In ascending order of the ids that there are now; what each holds is looked up when its turn comes. */
  *[Symbol.iterator](): Generator<readonly [number, T]> {
    for (const id of this.keys()) {
      const value = this.get(id);
      if (value !== undefined) yield [id, value];
    }
  }

  /** Tells of each id, in ascending order, of which this map holds something else than the other one: something, another thing, or nothing more. */
  differing(other: ById<T>, tell: (id: number, mine: T | undefined, theirs: T | undefined) => void): void {
    const visit = (mine: List | undefined, theirs: List | undefined, shift: number, from: number): void => {
      if (mine === theirs) return;
      for (let i = 0; i < width; i++) {
        const a = mine?.items[i], b = theirs?.items[i];
        if (a === b) continue;
        if (shift === 0) tell(from + i, a as T | undefined, b as T | undefined);
        else visit(a as List | undefined, b as List | undefined, shift - bits, from + i * 2 ** shift);
      }
    };
    const shift = Math.max(this.#shift, other.#shift);
    visit(this.#lifted(shift), other.#lifted(shift), shift, 0);
  }
  /** The root as a map of that size would have it. */
  #lifted(to: number): List | undefined {
    let root = this.#root ?? undefined;
    for (let shift = this.#shift; shift < to; shift += bits) {
      const items = empty.slice();
      items[0] = root;
      root = new List(0, items);
    }
    return root;
  }
}

const nothing = new ById<object>();
