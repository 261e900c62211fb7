// An element that is read again, in the same region and with nothing written since, is the value that was read before:
//
//   for (k …) acc = acc * x[i] + c[k]      unrolled: x[i] is read, and its index compared with the length, once
//
// The passes find that too, but each copy would have to be written, and looked at by every pass before (as with Builder.once).
// Requires: code is written in the order in which it runs; what is written to memory counts in Builder.stores.

import type { Builder } from "../../ir/build.ts";
import type { Instr, Region, Value } from "../../ir/types.ts";
import type { Mem, Memory, Sum } from "./values.ts";

interface Read { readonly ok: Value; readonly of: Memory; readonly ptr: Value; readonly found: Sum; readonly instr: Instr; readonly home: Region; readonly at: number; readonly stores: number; readonly cost: number }

export class Reads {
  /** by what asks whether the index is one of the array */
  private readonly byCheck = new Map<number, Read>();

  /** What `read` gives, or gave before. The first instruction that it writes is the one that reads. */
  of(b: Builder, mem: Mem, ok: Value, read: () => Sum): Sum {
    const { region } = b, known = this.byCheck.get(ok.id);
    // what was taken back stands in no region, what was moved in another one
    if (known !== undefined && known.ok === ok && known.of === mem.of && known.ptr === mem.ptr && known.stores === b.stores && known.home === region && region.body[known.at] === known.instr) {
      b.written += known.cost; // how much is unrolled does not depend on what is shared
      return known.found;
    }
    const before = b.written, at = region.body.length, found = read();
    this.byCheck.set(ok.id, { ok, of: mem.of, ptr: mem.ptr, found, instr: region.body[at]!, home: region, at, stores: b.stores, cost: b.written - before });
    return found;
  }
}
