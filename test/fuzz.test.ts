// Fifty random kernels through every back end, and a compiler that is broken on purpose, which the fuzzer has to notice.
// .ci/run goes on where they end. For more: npm run fuzz -- --seconds 600

import { beforeAll, describe, expect, it } from "vitest";
import { passes as agree, fuzzText } from "../src/cli/fuzz.ts";
import { fuzz, investigate } from "../src/cli/fuzzing.ts";
import { instructions } from "../src/ir/build.ts";
import type { Func, Instr } from "../src/ir/types.ts";
import { passes, type Pass } from "../src/specialize/passes.ts";
import { ready } from "../src/index.ts";

beforeAll(() => ready());

describe("random kernels", () => {
  const count = 50;
  const each = 25;
  const all = { kernels: 0, guaranteed: 0 };
  for (let first = 1; first <= count; first += each) {
    it(`seeds ${first} to ${first + each - 1}: evaluator, residual JavaScript and Wasm at levels 0, 1 and 3 equal the original`, { timeout: 240_000 }, async () => {
      const report = await fuzz(first, ({ kernels }) => kernels < each);
      const wrong = report.findings.map(({ kernel, subject, mismatches, crash }) => ({ seed: kernel.seed, subject, crash, first: mismatches[0] }));
      expect(wrong).toEqual([]);
      expect(report.served / report.kernels, fuzzText(report)).toBeGreaterThanOrEqual(0.9); // of 25; of many it is over 0.95
      all.kernels += report.kernels;
      all.guaranteed += report.guaranteed;
      expect(report.rolled).toBeGreaterThan(5);
      expect(report.generic).toBeGreaterThan(20);
      expect(report.vectorized / report.kernels).toBeGreaterThanOrEqual(0.15); // of many it is 0.4
      expect(agree({ ...report, served: report.kernels })).toBe(true);
    });
  }
  it("half of them have a loop that writes memory and a branch on a slow value", () => {
    expect(all.kernels).toBe(count);
    expect(all.guaranteed / all.kernels).toBeGreaterThanOrEqual(0.5);
  });
});

describe("a broken pass is noticed, and named", () => {
  /** A pass that spoils the first instruction that `spoil` changes. */
  const broken = (name: string, spoil: (instr: Instr) => boolean): Pass => ({
    name,
    why: "broken on purpose",
    run: (func: Func) => {
      for (const instr of instructions(func.body)) if (spoil(instr)) break;
      return func;
    },
  });
  // none of these touches a loop's counter or its test: a loop that never ends would be noticed by nobody
  const cases: Readonly<Record<string, (instr: Instr) => boolean>> = {
    "adds where it should multiply": (instr) => instr.op === "f64.mul" && Boolean(Object.assign(instr, { op: "f64.add" })),
    "divides the wrong way round": (instr) => instr.op === "f64.div" && Boolean(instr.args.reverse()),
    "stores one element too far": (instr) => instr.op === "f64.store" && Boolean(Object.assign(instr, { offset: instr.offset + 8 })),
  };
  for (const [name, spoil] of Object.entries(cases)) {
    it(name, { timeout: 240_000 }, async () => {
      const list = [...passes.slice(0, 2), broken(name, spoil), ...passes.slice(2)];
      const report = await fuzz(1, ({ kernels, findings }) => findings.length === 0 && kernels < 40, { passes: list });
      expect(report.findings.length).toBeGreaterThan(0);
      const { kernel, firstBad } = await investigate(report.findings[0]!, { passes: list });
      expect(firstBad).toBe(name);
      expect(kernel.source.length).toBeLessThan(report.findings[0]!.kernel.source.length / 2);
    });
  }
});
