// `// @unroll n` of loops whose end only run time knows: several iterations behind one test, the rest as before.

import { describe, expect, it } from "vitest";
import { facts, f64, type Facts } from "./partial/facts.ts";

/** Functions whose comments must survive. */
const fn = (text: string): ((...args: never[]) => unknown) => (0, eval)(`(${text})`) as (...args: never[]) => unknown;
const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31];
const ramp = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(i * 7.3) * 4);
/** loops as the residual JavaScript has them: WebAssembly's may be split once more */
const run = (body: string, note = "@unroll 4", before = ""): Facts => {
  const f = facts(fn(`function kernel(x, y) { let s = 0; ${before} // ${note}\n ${body} return s; }`), [], lengths.map((n) => [ramp(n), new Float64Array(n)]));
  return { ...f, loops: f.residual.match(/\b(for|while) \(|\bdo \{/g)?.length ?? 0 };
};

describe("@unroll n", () => {
  it("of a sum: a loop of four additions, and one of one", () => {
    const [kept, unrolled] = ["@keep", "@unroll 4"].map((note) => run("for (let i = 0; i < x.length; i++) s += x[i];", note));
    expect(kept!.loops).toBe(1);
    expect(unrolled!.loops).toBe(2);
    expect(unrolled!.executed.at(-1)).toBeLessThan(kept!.executed.at(-1)!);
    expect(unrolled!.log.join("\n")).toContain("a loop → 4 iterations at once  @unroll 4");
  });

  it("the sum keeps its order, and carried values go from copy to copy", () => { expect(run("for (let i = 0; i < x.length; i++) { z = z * 0.9 + x[i]; y[i] = z; s += z; }", "@unroll 4", "let z = 0.5;").loops).toBe(2); });
  it("continue goes to the next copy", () => { expect(run("for (let i = 0; i < x.length; i++) { if (x[i] < 0) continue; s += x[i]; y[i] = s; }").loops).toBe(2); });
  it("break leaves all copies", () => { expect(run("for (let i = 0; i < x.length; i++) { if (x[i] > 3.5) break; s += x[i]; }").loops).toBe(2); });
  it("return leaves the function", () => { expect(run("for (let i = 0; i < x.length; i++) { if (x[i] > 3.5) return -s; s += x[i]; }").loops).toBe(2); });
  it("steps of more than one", () => { expect(run("for (let i = 0; i < x.length; i += 3) { s += x[i]; y[i] = s; }").loops).toBe(2); });
  it("what a copy writes the next one reads", () => { expect(run("for (let i = 1; i < x.length; i++) { x[i] = x[i - 1] * 0.5 + x[i]; s += x[i]; }").loops).toBe(2); });
  it("loops inside are copied with it", () => { expect(run("for (let i = 0; i < x.length; i++) { for (let k = 0; k < 3; k++) s += x[i] * k; for (let k = 0; k < x[i]; k++) s -= k; }").loops).toBe(7); });

  it("a limit near the least int32 does not wrap", () => {
    const kernel = fn("function kernel(x, n, y) { let s = 0; // @unroll 7\n for (let i = -2147483648; i < n; i++) { s += x; y[0] = i; } return s; }");
    facts(kernel, [], [-2147483648, -2147483647, -2147483645, -2147483640].map((n) => [1.5, n, f64(0)]));
  });

  it("a loop without such a counter stays, and that is told", () => {
    const f = run("for (let k = x.length; k > 0; k -= 1) s = s * 0.5 + x[k - 1];");
    expect(f.loops).toBe(1);
    expect(f.log.join("\n")).toContain("@unroll 4 needs");
  });
});
