// A first-fit allocator over a range of addresses. Free ranges are kept sorted by address and joined with their neighbours, so that
// memory that was given back in any order becomes one range again.
//
// Guarantees: addresses are multiples of 16; ranges that are handed out never overlap. Requires: `free` gets what `allocate` or `allocateAt` gave.

const align = (bytes: number): number => (bytes + 15) & ~15;

export class Allocator {
  readonly end: number;
  private readonly start: number;
  /** sorted by address, never adjacent */
  private readonly ranges: { address: number; size: number }[];
  private readonly sizes = new Map<number, number>();

  constructor(start: number, end: number) {
    this.start = start;
    this.end = end;
    this.ranges = [{ address: start, size: end - start }];
  }

  /** The lowest range that is large enough, or undefined where there is none. */
  allocate(bytes: number): number | undefined {
    const size = Math.max(16, align(bytes));
    for (let i = 0; i < this.ranges.length; i++) {
      const range = this.ranges[i]!;
      if (range.size < size) continue;
      const { address } = range;
      range.address += size;
      range.size -= size;
      if (range.size === 0) this.ranges.splice(i, 1);
      this.sizes.set(address, size);
      return address;
    }
    return undefined;
  }

  /** The range at this very address. False: it is not free. */
  allocateAt(address: number, bytes: number): boolean {
    const size = Math.max(16, align(bytes));
    const at = this.ranges.findIndex((range) => range.address <= address && address + size <= range.address + range.size);
    if (at < 0 || address % 16 !== 0) return false;
    const { address: start, size: whole } = this.ranges[at]!;
    const parts = [{ address: start, size: address - start }, { address: address + size, size: start + whole - address - size }];
    this.ranges.splice(at, 1, ...parts.filter((part) => part.size > 0));
    this.sizes.set(address, size);
    return true;
  }

  /** Gives a range back. False: `address` is none that was handed out (or was given back before). */
  free(address: number): boolean {
    const size = this.sizes.get(address);
    if (size === undefined) return false;
    this.sizes.delete(address);
    const at = this.firstAfter(address);
    const before = this.ranges[at - 1];
    const after = this.ranges[at];
    const joinsBefore = before !== undefined && before.address + before.size === address;
    const joinsAfter = after !== undefined && address + size === after.address;
    if (joinsBefore && joinsAfter) {
      before.size += size + after.size;
      this.ranges.splice(at, 1);
    } else if (joinsBefore) before.size += size;
    else if (joinsAfter) { after.address = address; after.size += size; }
    else this.ranges.splice(at, 0, { address, size });
    return true;
  }

  /** The address after the last range in use: everything from here to `end` is free. */
  get top(): number {
    const last = this.ranges.at(-1);
    return last !== undefined && last.address + last.size === this.end ? last.address : this.end;
  }

  get used(): number { return this.end - this.start - this.ranges.reduce((sum, range) => sum + range.size, 0); }
  get count(): number { return this.sizes.size; }

  private firstAfter(address: number): number {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ranges[middle]!.address < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
