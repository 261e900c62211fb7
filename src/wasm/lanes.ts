// Functions of Math on vectors:
//
//   f64x2.exp x  →  p = x;  r = (the library's expLanes of p);  any lane of r ≠ r ? $Math.exp.lanes(p) : r        $Math.exp.lanes(p) = (Math.exp(p₀), Math.exp(p₁))
//
// The library's functions leave NaN in a lane that they do not do: such a pair is the host's. Where the library's bits are not the host's
// (probe.ts), all are. The library's code stands where it is used: twice as fast as a call of it, since engines then keep its constants in
// front of the loop and do several at a time.

import { mathName, type LaneMath } from "../ir/ops.ts";
import { binaryen, type ModuleWriter, type Node, type TypeNumber } from "./binaryen.ts";
import { inlined } from "./link.ts";
import { laneReplacement } from "./probe.ts";

/** The expression of a function on vectors; `own` gives the function that it stands in another local. */
export type LaneWriter = (name: LaneMath, args: readonly Node[], own: (type: TypeNumber) => number) => Node;

/** What writes them into one module; `math` calls the host's function; `unasked`: the library's bits need not be the host's. */
export function laneWriter(writer: ModuleWriter, math: (name: string, args: readonly Node[]) => Node, unasked = false): LaneWriter {
  const v128 = binaryen().typeNumber("v128");
  const apart = new Map<LaneMath, string>();
  /** the function that does lane after lane */
  const laneByLane = (name: LaneMath, arity: number): string => {
    let internal = apart.get(name);
    if (internal !== undefined) return internal;
    apart.set(name, (internal = `Math.${name}.lanes`));
    const params = Array.from({ length: arity }, (_, i) => i);
    const lane = (which: number): Node => math(mathName(name), params.map((i) => writer.lane("f64x2.extract_lane", [which], [writer.get(i, v128)])));
    const body = writer.lane("f64x2.replace_lane", [1], [writer.op("f64x2.splat", lane(0)), lane(1)]);
    writer.function(internal, writer.together(params.map(() => v128)), v128, [], body);
    return internal;
  };
  return (name, args, own) => {
    const host = laneByLane(name, args.length);
    const ours = laneReplacement(name, args.length, unasked);
    if (!ours) return writer.call(host, args, v128);
    const kept = args.map(() => own(v128)), result = own(v128);
    const get = (local: number): Node => writer.get(local, v128);
    const made = writer.tee(result, inlined(writer, ours, kept.map(get), own), v128);
    const missing = writer.op("v128.any_true", writer.op("f64x2.ne", made, get(result)));
    return writer.block(null, [...args.map((arg, i) => writer.set(kept[i]!, arg)), writer.if(missing, writer.call(host, kept.map(get), v128), get(result))]);
  };
}
