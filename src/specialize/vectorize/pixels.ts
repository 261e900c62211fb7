// Pixels of four bytes and their channels: registers of the one out of registers of the other, by shuffles that are one instruction each.
//
//   rgba rgba rgba rgba   four registers of pixels     ⇄     rrrr…  gggg…  bbbb…  aaaa…   sixteen bytes of each channel
//
// Which bytes of two registers are wanted is for machines a matter of the pattern: of neighbours in turns (`zip`), and of one register alone, they have an
// instruction; of anything else engines write five.

import type { Emitter } from "../emitter.ts";
import type { LaneTools } from "../lanes.ts";
import type { Value } from "../../ir/types.ts";

export class Pixels {
  private readonly t: LaneTools;
  /** what several channels share, by its operands */
  private readonly made = new Map<string, Value>();
  constructor(tools: LaneTools) { this.t = tools; }

  private once(key: string, write: () => Value): Value {
    let known = this.made.get(key);
    if (!known) this.made.set(key, known = write());
    return known;
  }

  /** Sixteen bytes of a channel, out of four registers of pixels. */
  channel(pixels: readonly Value[], which: number): Value {
    const { t } = this;
    const half = which < 2 ? "low" : "high";
    const sorted = (p: Value): Value => this.once(`${p.id}`, () => t.shuffle(p, p, Array.from({ length: 16 }, (_, i) => (i % 4) * 4 + (i >> 2))));
    const two = (a: Value, b: Value): Value => this.once(`${a.id} ${b.id} ${half}`, () => t.zip(sorted(a), sorted(b), 4, half));
    return t.zip(two(pixels[0]!, pixels[1]!), two(pixels[2]!, pixels[3]!), 8, which % 2 === 0 ? "low" : "high");
  }

  /** Four registers of pixels out of their channels; of a channel that is not given the bytes mean nothing. */
  joined(channels: readonly (Value | undefined)[]): Value[] {
    const { t } = this;
    const some = channels.find((c) => c !== undefined)!;
    const [r, g, b, a] = channels.map((c) => c ?? some) as [Value, Value, Value, Value];
    return (["low", "high"] as const).flatMap((half) => {
      const [rg, ba] = [t.zip(r, g, 1, half), t.zip(b, a, 1, half)];
      return [t.zip(rg, ba, 2, "low"), t.zip(rg, ba, 2, "high")];
    });
  }
}

/** Ones in the bytes of a register of records whose part is given, of that many bytes each, the record's `from`th byte first. */
export const written = (e: Emitter, parts: readonly unknown[], bytes = 1, from = 0): Value => (
  e.const("v128", Uint8Array.from({ length: 16 }, (_, b) => (parts[Math.floor((from + b) / bytes) % parts.length] ? 255 : 0))));
