// Records of three or four elements of four bytes (points, pixels of floats) and their parts: registers of the one out of registers of the other.
//
//   xyzx yzxy zxyz          three registers of records     ⇄     xxxx yyyy zzzz          five shuffles, back six
//   xyzw xyzw xyzw xyzw     four                           ⇄     xxxx yyyy zzzz wwww     eight
//
// Each shuffle takes two elements of one register and then two of the other, or of their halves in turns: machines have an instruction for these, of anything
// else engines write three.

import type { LaneTools } from "../lanes.ts";
import type { Value } from "../../ir/types.ts";

/** Two elements of `a`, then two of `b`. */
interface Halves { readonly a: string; readonly b: string; readonly of: readonly [number, number, number, number] }
type Network = Readonly<Record<string, Halves>>;

/** by what they hold: `xy` is x2 y2 x3 y3, `yz` y0 z0 y1 z1 */
const apartByThree: Network = {
  xy: { a: "1", b: "2", of: [2, 3, 1, 2] }, yz: { a: "0", b: "1", of: [1, 2, 0, 1] },
  x: { a: "0", b: "xy", of: [0, 3, 0, 2] }, y: { a: "yz", b: "xy", of: [0, 2, 1, 3] }, z: { a: "yz", b: "2", of: [1, 3, 0, 3] },
};
/** `xy` is x0 x2 y0 y2, `yz` y1 y3 z1 z3, `zx` z0 z2 x1 x3 */
const togetherByThree: Network = {
  xy: { a: "0", b: "1", of: [0, 2, 0, 2] }, yz: { a: "1", b: "2", of: [1, 3, 1, 3] }, zx: { a: "2", b: "0", of: [0, 2, 1, 3] },
  first: { a: "xy", b: "zx", of: [0, 2, 0, 2] }, second: { a: "yz", b: "xy", of: [0, 2, 1, 3] }, third: { a: "zx", b: "yz", of: [1, 3, 1, 3] },
};
const parts = ["x", "y", "z"], registers = ["first", "second", "third"];

export class Points {
  private readonly t: LaneTools;
  /** what several parts share, by what it is made of */
  private readonly made = new Map<string, Value>();
  constructor(tools: LaneTools) { this.t = tools; }

  /** Whether records of so many elements of so many bytes are taken apart here. */
  static serve(count: number, bytes: number): boolean { return bytes === 4 && (count === 3 || count === 4); }

  /** One of four records' three or four parts, out of the registers that hold them. */
  part(records: readonly Value[], which: number): Value {
    return records.length === 3 ? this.through("apart", apartByThree, records, parts[which]!) : this.across(records, which);
  }
  /** One of the registers that hold four records, out of their parts. */
  together(given: readonly Value[], which: number): Value {
    return given.length === 3 ? this.through("together", togetherByThree, given, registers[which]!) : this.across(given, which);
  }

  private once(key: string, from: readonly Value[], write: () => Value): Value {
    const at = `${key} ${from.map((v) => v.id).join(" ")}`;
    let known = this.made.get(at);
    if (!known) this.made.set(at, known = write());
    return known;
  }
  private through(name: string, network: Network, given: readonly Value[], wanted: string): Value {
    const step = network[wanted];
    if (!step) return given[Number(wanted)]!;
    return this.once(`${name} ${wanted}`, given, () => {
      const [a, b] = [this.through(name, network, given, step.a), this.through(name, network, given, step.b)];
      return this.t.shuffle(a, b, Array.from({ length: 16 }, (_, i) => 4 * step.of[i >> 2]! + (i & 3) + (i < 8 ? 0 : 16)));
    });
  }
  /** A row of a matrix of four by four, out of its columns. */
  private across(given: readonly Value[], which: number): Value {
    const half = which < 2 ? "low" : "high";
    const [a, b] = [given.slice(0, 2), given.slice(2)].map((two) => this.once(half, two, () => this.t.zip(two[0]!, two[1]!, 4, half))) as [Value, Value];
    return this.t.zip(a, b, 8, which % 2 === 0 ? "low" : "high");
  }
}
