// The objects made so far in one outcome, by whole numbers: by their ids, and those out of memory by the negative of their address.
//
// Why no Map: most outcomes make one object or two, and lists of objects or rows make hundreds, each of which is asked for once, and lies behind all those before
// it: that is known without a look. The first few are looked through; of more there is a table of places by hash, at most half full, from when one has to be looked up.
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
  /** how many of them stand in the table */
  private entered = 0;
  /** no object's address is higher */
  private highest = 0;

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
    if (-key > this.highest) this.highest = -key;
    this.keys.push(key);
    this.objects.push(object);
  }

  private placeOf(key: number): number {
    if (-key > this.highest) return -1;
    const { keys } = this;
    if (keys.length <= few) return keys.lastIndexOf(key);
    const table = this.tableOfAll();
    for (let h = this.hashOf(key); ; h = (h + 1) & this.mask) {
      const at = table[h]! - 1;
      if (at < 0 || keys[at] === key) return at;
    }
  }
  private tableOfAll(): readonly number[] {
    const { keys } = this;
    if (this.table === null || 2 * keys.length > this.mask) {
      let size = 32;
      while (size <= 2 * keys.length) size *= 4;
      this.mask = size - 1;
      this.table = new Array<number>(size).fill(0);
      this.entered = 0;
    }
    for (; this.entered < keys.length; this.entered++) this.enter(this.table, keys[this.entered]!, this.entered + 1);
    return this.table;
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
}
