// What explain() and inspect() teach: binding times line by line, counts, reasons, a log of every change.

import { describe, expect, it } from "vitest";
import { specialize } from "../../../src/index.ts";

const kernel = (0, eval)(`(function kernel(x, y, config) {
  const { taps } = config;
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < taps.length; k++) acc += taps[k] * x[i + k];
    if (config.debug) throw new Error("debug");
    y[i] = helper(acc);
  }
})`.replace("helper(acc)", "Math.abs(acc)")) as (x: Float64Array, y: Float64Array, config: unknown) => void;

function told(config: unknown) {
  const fast = specialize(kernel, { slow: ["config"], tier: "js", compile: "sync" });
  fast(new Float64Array(20), new Float64Array(8), config);
  return { ...fast.inspect(), lines: fast.explain().split("\n") };
}

describe("explain", () => {
  const { lines, explain, log, residual, ir } = told({ taps: [1, 2, 3], debug: false });
  const lineOf = (source: string): string => lines.find((line) => line.includes(source))!;

  it("annotates each line of the source with its binding time", () => {
    expect(lineOf("const { taps }")).toMatch(/^static/);
    expect(lineOf("let i = 0")).toMatch(/^dynamic/);
    expect(lineOf("acc += taps[k]")).toMatch(/^partly ×\d/);
    expect(explain).toContain("unrolled ×3");
    expect(explain).toContain("the loop is kept: fast values decide how often it runs");
  });

  it("marks what was dropped, operations or none", () => {
    const kernel = (0, eval)(`(function kernel(x, cfg) {
  let v = x;
  if (cfg.debug) {
    // never
    v = 0;
  } else if (cfg.mode === "a") {
    v = 1.5;
  } else v = 2.5;
  if (!cfg.debug) {
    v += 0.25;
  } else {
    v = 3;
  }
  // @drop
  v = 7;
  return v + x;
})`) as (x: number, cfg: unknown) => number;
    const fast = specialize(kernel, { slow: ["cfg"], tier: "js", compile: "sync" });
    expect(fast(2.25, { debug: false, mode: "b" })).toBe(5);
    const marked = fast.explain().split("\n").filter((line) => line.startsWith("dropped")).map((line) => line.split(" | ")[1]!.trim());
    expect(marked).toEqual(["v = 0;", "v = 1.5;", "v = 3;", "v = 7;"]);
  });

  it("tells of each table what it became, in loops that are kept too", () => {
    const kernel = (q: { a: number[]; b: number[] }, x: Uint8Array, y: Float64Array): void => { for (let i = 0; i < x.length; i++) y[i] = q.a[x[i]! & 3]! + q.b[x[i]! & 7]!; };
    const fast = specialize(kernel, { slow: ["q"], tier: "js", compile: "sync" });
    fast({ a: [1, 2, 5, 9], b: [0, 0, 0, 0, 1, 1, 1, 1] }, new Uint8Array(4), new Float64Array(4));
    expect(fast.explain()).toContain("the table of 4 numbers becomes a data segment: selects would cost 6 or more, a load 4");
    expect(fast.explain()).toContain("the table of 8 numbers becomes 1 select: selects would cost 2, a load 4");
  });

  it("counts before and after", () => {
    expect(explain).toMatch(/walked \d+ operations of the source/);
    expect(explain).toMatch(/It wrote \d+ operations, of which \d+ are left/);
  });

  it("logs every change as file:line:column  pass  before → after  reason", () => {
    for (const line of log) expect(line).toMatch(/^\S+:(\d+:\d+|–) {2}.+ {2}.+ → .+ {2}.+$/);
    expect(log.join("\n")).toContain("config.debug → false");
    expect(log.some((line) => line.includes("taps[k] → 1, 2, 3"))).toBe(true);
    expect(log.some((line) => line.includes("  narrow  "))).toBe(true);
  });

  it("shows the residual with the source's lines, and the IR after every pass", () => {
    expect(residual).toMatch(/\/\/ line \d+/);
    expect(ir.map(({ pass }) => pass).slice(0, 2)).toEqual(["lower", "evaluate"]);
  });

  it("gives reasons for every refusal, with the place", () => {
    const refused = specialize((x: number) => x * Date.now(), { tier: "js", compile: "sync" });
    refused(1);
    expect(refused.explain()).toMatch(/Unsupported \d+:\d+: the clock is read\. hand the time over/);
    expect(refused.explain()).toContain("^");
  });

  it("tells what a helper became too", () => {
    const clip = (v: number, lo: number): number => { return v < lo ? lo : v; };
    const fast = specialize((x: number, lo: number) => clip(x, lo) + clip(x + 1, lo), { slow: ["lo"], tier: "js", compile: "sync" });
    fast(2.5, 1);
    expect(fast.explain()).toContain("v < lo");
  });
});
