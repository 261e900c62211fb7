import { beforeAll, expect, test } from "vitest";
import { checkProgram } from "../../src/ir/check.ts";
import { evaluate } from "../../src/ir/evaluate.ts";
import { printProgram } from "../../src/ir/print.ts";
import { ready } from "../../src/wasm/binaryen.ts";
import { randomProgram } from "./random.ts";
import { array, compile, layout, memory, view } from "./support.ts";

beforeAll(ready);

/** WASM_RANDOM=3000 WASM_SEED=1000 for a longer run on other programs */
const count = Number(process.env["WASM_RANDOM"] ?? 30);
const first = Number(process.env["WASM_SEED"] ?? 1);
const bytes = new Uint8Array(memory.buffer);

/** memory as every run finds it */
function clear(): void {
  bytes.fill(0);
  for (let i = -4; i < 24; i++) view.setFloat64(array + 8 * i, i * 1.25 - 3, true);
}

interface Outcome { readonly result: unknown; readonly status: number; readonly numbers: number[] }

function observe(run: () => unknown): Outcome {
  clear();
  let result: unknown;
  try { result = run(); } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    result = "trap";
  }
  // NaN bits are nobody's business: memory is compared as numbers
  const numbers = Array.from({ length: 28 }, (_, i) => view.getFloat64(array + 8 * (i - 4), true));
  numbers.push(...[0, 1, 2].map((i) => view.getFloat64(layout.slots + 8 * i, true)));
  return { result, status: view.getInt32(layout.status, true), numbers };
}

test(`${count} random programs: emitted Wasm does what the evaluator does`, () => {
  const argLists = [[3, -7, 0.75, -0, 5n], [0, 1, 1e12, NaN, -1n], [-1, 2147483647, -2.5, 1 / 3, 2n ** 40n]] as const;
  for (let seed = first; seed < first + count; seed++) {
    const p = randomProgram(seed);
    checkProgram(p);
    for (const { run, level } of compile(p)) {
      for (const args of argLists) {
        const expected = observe(() => {
          const { result, exit } = evaluate(p, [array, ...args], memory.buffer, layout);
          return p.exits[exit]!.kind === "return" ? result : "trap";
        });
        const actual = observe(() => run(array, ...args));
        try { expect(actual).toStrictEqual(expected); } catch (error) {
          throw new Error(`seed ${seed}, ${level}, ${args.join(" ")}: ${(error as Error).message}\n${printProgram(p)}`, { cause: error });
        }
      }
    }
  }
});
