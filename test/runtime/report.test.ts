// Verification in production: what is kept of a version that differed.

import { beforeAll, describe, expect, it } from "vitest";
import { ready, type KernelEvent } from "../../src/index.ts";
import type { MismatchReport } from "../../src/runtime/report.ts";
import { instructions } from "../../src/ir/build.ts";
import type { Program } from "../../src/ir/types.ts";
import { specializeWith } from "../../src/runtime/specialize.ts";
import { pipeline } from "../../src/runtime/wiring.ts";

beforeAll(async () => { await ready(); });

const gain = 2;
const scale = (x: Float64Array, k: number): number => {
  let sum = 0;
  for (let i = 0; i < x.length; i++) { x[i] = x[i]! * k; sum += x[i]! * gain; }
  return sum;
};
/** Every constant 2 becomes a 3. */
function lie(program: Program): void {
  for (const func of program.functions) for (const instr of instructions(func.body)) for (const arg of instr.args) if (arg.def?.op === "const" && arg.def.value === 2) (arg.def as { value: number }).value = 3;
}

function run(from: string | null, verify: "first" | { every: number }): { reports: MismatchReport[]; events: KernelEvent[] } {
  const events: KernelEvent[] = [];
  const fast = specializeWith({
    ...pipeline,
    residualize(request) {
      const residual = pipeline.residualize(request);
      const programs = residual.stages.flatMap(({ pass, program }) => (program === null ? [] : [{ pass, program }]));
      const at = from === null ? programs.length : programs.findIndex(({ pass }) => pass === from);
      const copy = (program: Program): Program => structuredClone(program);
      const bad = programs.map(({ program }, i) => { if (i < at) return program; const own = copy(program); lie(own); return own; });
      let next = 0;
      const optimized = copy(residual.optimized), program = copy(residual.program);
      lie(optimized);
      lie(program);
      return { ...residual, optimized, program, stages: residual.stages.map((stage) => (stage.program === null ? stage : { ...stage, program: bad[next++]! })) };
    },
  }, scale as never, { slow: ["k"], tier: "wasm", compile: "sync", verify, onEvent: (event) => events.push(event) }) as typeof scale & { reports(): MismatchReport[] };
  const x = Float64Array.of(1, 2.5, -3), want = x.slice();
  expect(fast(x, 7)).toBe(scale(want, 7));
  expect(x).toEqual(want); // the caller sees the original's work, once
  return { reports: fast.reports(), events };
}

describe("a mismatch", () => {
  it("keeps source, values, arguments as they were, and the first output that differs", () => {
    const { reports, events } = run(null, "first");
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({
      kernel: "scale", source: String(scale), slow: ["k"], captured: { gain: 2 }, args: [Float64Array.of(1, 2.5, -3), 7], mismatches: [{ path: "result", expected: 7, actual: 10.5 }],
    });
    expect(events.find(({ type }) => type === "mismatch")!.detail).toBe(reports[0]);
    expect(reports[0]!.reproduction).toContain("Float64Array");
    expect(reports[0]!.reproduction).toContain("const gain = 2;");
    expect(() => JSON.stringify(reports[0])).not.toThrow();
  });
  it("names the first bad pass", () => {
    const { reports } = run("simplify 2", { every: 1 });
    expect(reports[0]!.firstBadPass).toBe("simplify 2");
  });
  it("says that it is the back end where every pass was right", () => {
    expect(run(null, "first").reports[0]!.firstBadPass).toBe("back end");
  });
});
