import { beforeAll, describe, expect, test } from "vitest";
import { divisionTraps, isMachineOp, ops, type MachineOp, type Row } from "../../src/ir/ops.ts";
import { ready } from "../../src/wasm/binaryen.ts";
import { compile, expression } from "./support.ts";

beforeAll(ready);

const doubles = [
  0, -0, 1, -1, 0.5, -0.5, 0.49999999999999994, -0.49999999999999994, 1.5, -1.5, 2.5, -2.5, 5.3, -5.3, 3, 7, 10, 255, 256, 0.1, 1e-7, Math.PI, 100.7,
  2 ** 31 - 1, 2 ** 31, 2 ** 31 + 0.5, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1.5, 2 ** 52, 2 ** 52 + 1, 2 ** 52 - 0.5, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2,
  2 ** 62, 2 ** 63 - 1024, 2 ** 63, 2 ** 63 + 2048, -(2 ** 63), -(2 ** 63) - 2048, 2 ** 64, 2 ** 64 + 4096, 3 * 2 ** 70 + 2 ** 20, 12345678901234567000000, -98765432109876543000000,
  2 ** 83, 2 ** 84, 2 ** 85, 1.5 * 2 ** 83, 1e300, -1e300, 1.7976931348623157e308, 5e-324, -5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1e-310, NaN, Infinity, -Infinity,
];
const singles = doubles.map(Math.fround);
const ints = [0, 1, -1, 2, -2, 3, 7, 31, 32, 33, 63, 255, -128, 65535, 0x12345678, 2147483647, -2147483648, -2147483647];
const longs = [0n, 1n, -1n, 2n, 31n, 32n, 63n, 64n, 0x123456789abcdef0n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 62n), 2n ** 53n + 1n];
const inputs = { i32: ints, i64: longs, f32: singles, f64: doubles, v128: [], js: [] } as const;

describe("every scalar operation means what its row folds to", () => {
  const scalar = Object.entries<Row>(ops).filter(([, row]) => row.fold && row.result !== "v128");
  test.each(scalar)("%s", (name, row) => {
    if (!isMachineOp(name)) throw new Error(name);
    const p = expression(row.args, row.result!, (b, params) => {
      const result = b.value(row.result!);
      b.append({ op: name as MachineOp, args: params, results: [result] });
      return result;
    });
    for (const { run, level } of compile(p)) {
      const combine = (rest: readonly (typeof row.args)[number][], args: (number | bigint)[]): void => {
        const [type, ...more] = rest;
        if (type !== undefined) {
          const values: readonly (number | bigint)[] = rest.length === 3 && row.args.length === 3 && type === "i32" ? [0, 1, -1] : inputs[type];
          for (const v of row.args.length === 3 && type === "f64" ? values.slice(0, 16) : values) combine(more, [...args, v]);
          return;
        }
        if (row.effect === "trap" && divisionTraps(name, args[0], args[1])) return;
        const expected = (row.fold as (...v: unknown[]) => unknown)(...args);
        const actual = run(...args);
        if (!Object.is(actual, expected)) expect.fail(`${level}: ${name} ${args.map(String).join(" ")} is ${String(actual)}, not ${String(expected)}`);
      };
      combine(row.args, []);
    }
  });
});
