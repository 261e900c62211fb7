// The operations that WebAssembly lacks: rows of the operation table whose `wasm` is null. Each is a short sequence of instructions, a
// function of the library (linked into the module), or the host's own function, imported as it is: V8 knows `Math.sin` when it meets it as
// an import and calls its code directly, but not a closure around it.

import { laneMathNames, type LaneMath, type MachineOp } from "../ir/ops.ts";
import type { Node } from "./binaryen.ts";
import type { LibraryFunction } from "./link.ts";

/** What an expansion may use: instructions, a local of its own (written and read within the expansion), and functions. */
export interface Tools {
  op(name: string, a: Node, b?: Node, c?: Node): Node;
  f64(value: number): Node;
  /** writes scratch local 0 or 1 and gives the value */
  keep(scratch: 0 | 1, value: Node): Node;
  kept(scratch: 0 | 1): Node;
  library(name: LibraryFunction, args: readonly Node[]): Node;
  math(name: string, args: readonly Node[]): Node;
  /** a function of Math on vectors */
  laneMath(name: LaneMath, args: readonly Node[]): Node;
}

type Expansion = (t: Tools, args: readonly Node[]) => Node;

const host = (name: string): Expansion => (t, args) => t.math(name, args);

const expansions: { readonly [op in MachineOp]?: Expansion } = {
  // ToInt32: r = x - trunc(x / 2^32) * 2^32 is exact, has x's low 32 bits and sign, and fits 64 bits; of an infinity or NaN it is NaN, so 0.
  // Cheaper than a branch to a function for the rare large magnitudes: a call anywhere in a loop makes V8 keep the loop's values in memory.
  "i32.from_f64": (t, [x]) => {
    const all = t.keep(0, x!);
    const high = t.op("f64.mul", t.op("f64.trunc", t.op("f64.mul", t.kept(0), t.f64(2 ** -32))), t.f64(2 ** 32));
    return t.op("i32.wrap_i64", t.op("i64.trunc_sat_f64_s", t.op("f64.sub", all, high)));
  },
  "f64.rem": (t, args) => t.library("rem", args),
  // up = ceil(x);  up - 0.5 <= x ? up : up - 1.  Not floor(x + 0.5): that addition rounds, at 0.49999999999999994 and above 2^52.
  // `select` evaluates its condition last: what the condition reads is kept by the operands before it.
  "math.round": (t, [x]) => {
    const up = t.keep(1, t.op("f64.ceil", t.keep(0, x!)));
    const below = t.op("f64.sub", t.kept(1), t.f64(1));
    return t.op("select", t.op("f64.le", t.op("f64.sub", t.kept(1), t.f64(0.5)), t.kept(0)), up, below);
  },
  // ±1 with the sign of x where |x| > 0; else x itself: ±0, NaN
  "math.sign": (t, [x]) => {
    const one = t.op("f64.copysign", t.f64(1), t.keep(0, x!));
    return t.op("select", t.op("f64.gt", t.op("f64.abs", t.kept(0)), t.f64(0)), one, t.kept(0));
  },
  "math.hypot3": host("hypot"),
  ...Object.fromEntries(laneMathNames.map((name): [string, Expansion] => [`f64x2.${name}`, (t, args) => t.laneMath(name, args)])),
};

/** Expands the operation of that name. */
export function expand(op: MachineOp, tools: Tools, args: readonly Node[]): Node {
  const expansion = expansions[op];
  if (expansion) return expansion(tools, args);
  if (op.startsWith("math.")) return tools.math(op.slice(5), args);
  throw new Error(`no expansion of ${op}`);
}
