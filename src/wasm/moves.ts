// Assigning several locals at once by single assignments: `a, b = b, a + b`.
//
// `reads[k]` lists the targets that expression k reads. A target may be assigned once every other expression that reads its old value has
// been evaluated. Around a cycle there is no such target: one expression is evaluated into a temporary, which frees the targets it read.
// (As in parallel-copy sequentialization: Boissinot et al., "Revisiting Out-of-SSA Translation", 2009, with expressions for copies.)

/** The order: k assigns target k (from its temporary if it has one), ~k saves expression k in a temporary. Linear in moves plus reads. */
export function orderMoves(reads: readonly (readonly number[])[]): number[] {
  const count = reads.length;
  const readers = new Int32Array(count); // expressions yet to be evaluated that read the target, itself not counted
  for (let k = 0; k < count; k++) for (const target of reads[k]!) if (target !== k) readers[target]!++;
  const order: number[] = [];
  const free: number[] = [];
  const evaluated = new Uint8Array(count);
  const assigned = new Uint8Array(count);
  for (let k = count - 1; k >= 0; k--) if (readers[k] === 0) free.push(k);
  const evaluate = (k: number): void => {
    evaluated[k] = 1;
    for (const target of reads[k]!) if (target !== k && --readers[target]! === 0 && !assigned[target]) free.push(target);
  };
  for (let next = 0; ;) {
    while (free.length > 0) {
      const k = free.pop()!;
      assigned[k] = 1;
      order.push(k);
      if (!evaluated[k]) evaluate(k);
    }
    while (next < count && evaluated[next]) next++;
    if (next === count) return order;
    order.push(~next);
    evaluate(next);
  }
}
