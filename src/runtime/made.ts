// The objects made so far in one outcome, by whole numbers: by their ids, and those out of memory by the negative of their address.
//
// Why no Map: most outcomes make one object or two, and lists of objects make hundreds, each of which is asked for once. The first few are looked through;
// of more there is a table of places by hash, at most half full.
//
// Guarantees: what is there under a key is never undefined, so `get` tells that too.

/** so many are looked through */
const few = 8;
const spread = 0x9e3779b1;

export class Made {
  private readonly keys: number[] = [];
  private readonly objects: unknown[] = [];
  /** by hash: one more than where it stands; 0 where nothing is */
  private table: number[] | null = null;
  private mask = 0;

  has(key: number): boolean { return this.placeOf(key) >= 0; }
  get(key: number): unknown {
    const at = this.placeOf(key);
    return at < 0 ? undefined : this.objects[at];
  }
  set(key: number, object: unknown): void {
    const at = this.placeOf(key);
    if (at >= 0) this.objects[at] = object; else this.add(key, object);
  }
  /** The same, of a key that is not there. */
  add(key: number, object: unknown): void {
    this.keys.push(key);
    const count = this.objects.push(object);
    if (count <= few) return;
    if (2 * count > this.mask) this.grow(); else this.enter(this.table!, key, count);
  }

  private placeOf(key: number): number {
    const { keys, table } = this;
    if (table === null) return keys.lastIndexOf(key);
    for (let h = this.hashOf(key); ; h = (h + 1) & this.mask) {
      const at = table[h]! - 1;
      if (at < 0 || keys[at] === key) return at;
    }
  }
  private hashOf(key: number): number {
    const h = Math.imul(key, spread);
    return (h ^ (h >>> 15)) & this.mask;
  }
  private enter(table: number[], key: number, count: number): void {
    let h = this.hashOf(key);
    while (table[h] !== 0) h = (h + 1) & this.mask;
    table[h] = count;
  }
  private grow(): void {
    const size = Math.max(32, 4 * (this.mask + 1));
    this.mask = size - 1;
    const table = this.table = new Array<number>(size).fill(0);
    for (let i = 0; i < this.keys.length; i++) this.enter(table, this.keys[i]!, i + 1);
  }
}
