// Of what size calls are: a choice between original and versions holds for sizes about those that it was measured with.
//
// While calls are measured every size is taken; from `settle` on, only what is within the sizes of then, or up to eight times less or more.

/** how many times smaller or larger a call may be, and a size below which none is small */
const factor = 8, small = 32;

export class Sizes {
  private least = Infinity;
  private most = 0;
  private settled = false;

  /** Told of a call with so many elements: is it of a size that the choice was made with, or near to it? */
  fits(elements: number): boolean {
    const size = elements > small ? elements : small;
    if (this.settled) return size * factor >= this.least && size <= this.most * factor;
    if (size < this.least) this.least = size;
    if (size > this.most) this.most = size;
    return true;
  }

  /** The choice is made. */
  settle(): void { this.settled = this.most > 0; }

  /** A choice is about to be made; the sizes of the last one count still: calls of both may alternate. */
  measure(): void { this.settled = false; }
}

/** The elements of all arrays and texts among the arguments. */
export function elementsOf(args: readonly unknown[]): number {
  let sum = 0;
  for (const value of args) if (typeof value === "string" || Array.isArray(value) || ArrayBuffer.isView(value)) sum += (value as { readonly length?: number }).length ?? 0;
  return sum;
}
