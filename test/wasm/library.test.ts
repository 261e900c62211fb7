import { execFileSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { ready } from "../../src/wasm/binaryen.ts";
import { emit } from "../../src/wasm/emit.ts";
import type { Run } from "../../src/wasm/instantiate.ts";
import type { Builder } from "../../src/ir/build.ts";
import type { LaneMath, LaneOp } from "../../src/ir/ops.ts";
import type { Value } from "../../src/ir/types.ts";
import { laneReplacement, replacement } from "../../src/wasm/probe.ts";
import { random } from "./random.ts";
import { compile, expression, layout, memory } from "./support.ts";

test("src/wasm/library.ts is what asc makes of src/wasm/assembly", () => {
  execFileSync(process.execPath, ["scripts/build-library.mjs", "--check"], { stdio: "pipe" });
});

const view = new DataView(new ArrayBuffer(8));
/** doubles of every kind: any bits at all, integers, near powers of two, subnormal numbers, neighbours */
function someDouble(pick: (below: number) => number): number {
  switch (pick(8)) {
    case 0: return (pick(2) ? 1 : -1) * pick(1000);
    case 1: return (pick(2) ? 1 : -1) * (pick(2 ** 31) + pick(2 ** 21) * 2 ** 31);
    case 2: return (pick(2000) - 1000) / 8;
    case 3: return (2 ** (pick(2098) - 1074)) * (pick(2) ? 1 : -1);
    case 4: return (2 ** (pick(140) - 10)) * (1 + (pick(3) - 1) * 2 ** -52) + (pick(3) - 1) * 0.5;
    case 5: view.setUint32(0, pick(2 ** 21) & 0x800fffff); view.setUint32(4, pick(2 ** 32)); return view.getFloat64(0);
    default: view.setUint32(0, pick(2 ** 32)); view.setUint32(4, pick(2 ** 32)); return view.getFloat64(0);
  }
}
const edges = [0, -0, 5e-324, 1e-310, 2.2250738585072014e-308, 1e-5, 0.1, 0.5, 1, 1 + 2 ** -52, 1.5, 2, 3, Math.PI, 360, 2 ** 31, 2 ** 32, 2 ** 52, 2 ** 53 - 1, 2 ** 53, 2 ** 63, 2 ** 64, 2 ** 84, 1e300, Number.MAX_VALUE, Infinity, NaN]
  .flatMap((v) => [v, -v]);

describe("bit for bit as the host, on 30,000 doubles of every kind and on the edges", () => {
  beforeAll(ready);
  const first = (p: Parameters<typeof compile>[0]): Run => compile(p)[0]!.run;
  const check = (actual: unknown, expected: number, what: () => string): void => {
    if (!Object.is(actual, expected)) expect.fail(`${what()} is ${String(actual)}, not ${expected}`);
  };
  const pick = random(7);

  test("x % y", () => {
    const run = first(expression(["f64", "f64"], "f64", (b, [x, y]) => b.op("f64.rem", x!, y!)));
    const one = (x: number, y: number): void => check(run(x, y), x % y, () => `${x} % ${y}`);
    for (const x of edges) for (const y of edges) one(x, y);
    for (let i = 0; i < 30_000; i++) one(someDouble(pick), someDouble(pick));
  });
  test("x | 0", () => {
    const run = first(expression(["f64"], "i32", (b, [x]) => b.op("i32.from_f64", x!)));
    for (const x of edges) check(run(x), x | 0, () => `${x} | 0`);
    for (let i = 0; i < 30_000; i++) { const x = someDouble(pick); check(run(x), x | 0, () => `${x} | 0`); }
  });
  /** what functions of Math are asked: mostly ordinary numbers, where formulas change over, and near 1 */
  const argument = (): number => {
    switch (pick(6)) {
      case 0: return someDouble(pick);
      case 1: return (pick(2 ** 30) / 2 ** 30 - 0.5) * 4;
      case 2: return (pick(2 ** 30) / 2 ** 30 - 0.5) * 100;
      case 3: return (pick(2 ** 30) / 2 ** 30 - 0.5) * 1600;
      case 4: return (pick(2 ** 30) / 2 ** 30 - 0.5) * 2 ** (pick(80) - 60);
      default: return 1 + (pick(2 ** 30) / 2 ** 30 - 0.5) * 2 ** -pick(50);
    }
  };
  const unary = ["cbrt", "expm1", "log1p", "log2", "log10", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"] as const;
  test.each(unary)("Math.%s: the library's, where the host's bits are the same, as they are in Node", (name) => {
    const p = expression(["f64"], "f64", (b, [x]) => b.op(`math.${name}`, x!));
    expect(replacement(name, 1)).toBe(name);
    expect(compile(p)[0]!.emitted.imports).toHaveLength(1);
    const run = first(p);
    for (const x of edges) check(run(x), Math[name](x), () => `${name} ${x}`);
    for (let i = 0; i < 30_000; i++) { const x = argument(); check(run(x), Math[name](x), () => `${name} ${x}`); }
  });
  test("Math.hypot of two", () => {
    const p = expression(["f64", "f64"], "f64", (b, [x, y]) => b.op("math.hypot", x!, y!));
    expect(compile(p)[0]!.emitted.imports).toHaveLength(1);
    const run = first(p);
    const one = (x: number, y: number): void => check(run(x, y), Math.hypot(x, y), () => `hypot ${x} ${y}`);
    for (const x of edges) for (const y of edges) one(x, y);
    for (let i = 0; i < 30_000; i++) one(argument(), argument());
  });
  test("Math.hypot of three", () => {
    expect(replacement("hypot", 3)).toBe("hypot3");
    expect(laneReplacement("hypot3", 3)).toBe("hypot3Lanes");
    const alone = expression(["f64", "f64", "f64"], "f64", (b, [x, y, z]) => b.op("math.hypot3", x!, y!, z!));
    expect(compile(alone)[0]!.emitted.imports).toHaveLength(1);
    const run = first(alone), two = first(expression(["f64", "f64", "f64"], "f64", (b, args) => inLane(b, "f64x2.hypot3", args)));
    const one = (x: number, y: number, z: number): void => { for (const f of [run, two]) check(f(x, y, z), Math.hypot(x, y, z), () => `hypot ${x} ${y} ${z}`); };
    for (const x of edges) for (const y of edges) { one(x, y, 3); one(7e-160, x, y); one(y, 1e155, x); }
    for (let i = 0; i < 30_000; i++) { one(argument(), argument(), argument()); one(pick(999) / 64, pick(999) / 64, pick(999) / 64); }
  });
  test("hypot of four is the host's", () => expect(replacement("hypot", 4)).toBeNull());
  test("Math.sin stays the host's", () => expect(replacement("sin", 1)).toBeNull());

  /** the function in the second lane, of the argument there; the first lane has another */
  const inLane = (b: Builder, name: `f64x2.${LaneMath}`, args: readonly Value[]): Value => {
    const lane = (name: LaneOp, which: number, of: Value[], result: Value): Value => { b.append({ op: "lane", name, lanes: [which], args: of, results: [result] }); return result; };
    const vectors = args.map((x, i) => lane("f64x2.replace_lane", 0, [b.op("f64x2.splat", x), b.f64(0.6 + i)], b.value("v128")));
    return lane("f64x2.extract_lane", 1, [b.op(name, ...vectors)], b.value("f64"));
  };
  const single = ["exp", "expm1", "tanh", "log", "log2", "log10", "sin", "cos", "asin", "acos", "atan", "cbrt"] as const;
  test.each(single)("Math.%s of two at once", (name) => {
    expect(laneReplacement(name, 1)).toBe(`${name}Lanes`);
    const run = first(expression(["f64"], "f64", (b, args) => inLane(b, `f64x2.${name}`, args)));
    for (const x of edges) check(run(x), Math[name](x), () => `${name} ${x}`);
    for (let i = 0; i < 60_000; i++) { const x = argument(); check(run(x), Math[name](x), () => `${name} ${x}`); }
  });
  test.each(["pow", "hypot", "atan2"] as const)("Math.%s of two pairs at once", (name) => {
    expect(laneReplacement(name, 2)).toBe(`${name}Lanes`);
    const run = first(expression(["f64", "f64"], "f64", (b, args) => inLane(b, `f64x2.${name}`, args)));
    const one = (x: number, y: number): void => check(run(x, y), Math[name](x, y), () => `${name} ${x} ${y}`);
    for (const x of edges) for (const y of edges) one(x, y);
    for (let i = 0; i < 60_000; i++) { one(argument(), argument()); one(Math.abs(argument()), (pick(2 ** 30) / 2 ** 30 - 0.5) * 2 ** pick(12)); }
  });
  test.each([...single, "pow", "hypot", "atan2"] as const)("the host is not asked for Math.%s of ordinary numbers", (name) => {
    let asked = 0;
    const arity = Math[name].length === 2 ? 2 : 1;
    const p = expression(["f64", "f64"], "f64", (b, args) => inLane(b, `f64x2.${name}`, args.slice(0, arity)));
    const { bytes } = emit(p, layout);
    const module = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), { env: { memory }, Math: { [name]: () => { asked++; return 0; } } });
    const run = module.exports["run"] as (x: number, y: number) => number;
    const [low, high] = name === "asin" || name === "acos" ? [-0.99, 0.99] : ["log", "log2", "log10", "pow"].includes(name) ? [0.01, 40] : [-30, 30];
    for (let x = low; x <= high; x += (high - low) / 97) {
      const ours = run(x, 3.3), host = Math[name](x, 3.3);
      expect(Math.abs(ours - host)).toBeLessThanOrEqual(Math.abs(host) * 1e-14);
    }
    expect(asked).toBe(0);
  });
  test("Math.round and Math.sign", () => {
    const round = first(expression(["f64"], "f64", (b, [x]) => b.op("math.round", x!)));
    const sign = first(expression(["f64"], "f64", (b, [x]) => b.op("math.sign", x!)));
    const one = (x: number): void => { check(round(x), Math.round(x), () => `round ${x}`); check(sign(x), Math.sign(x), () => `sign ${x}`); };
    edges.forEach(one);
    for (let i = 0; i < 30_000; i++) one(someDouble(pick));
  });
});
