// From what was typed to a kernel and its arguments; mistakes are one clear line.

import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readJob, type Job } from "../../src/cli/job.ts";

const file = fileURLToPath(new URL("kernels.mjs", import.meta.url));
const job = (name: string, slow: string[] = [], input: string[] = []): Promise<Job> => readJob(`${file}#${name}`, { slow, input, seed: 1 });

describe("jobs", () => {
  it("slow values and inputs become arguments in the kernel's order", async () => {
    const { args, slow } = await job("fir", ["taps=[1,2]"], ["y=zeros:2:Float64Array", "x=Float64Array:[1,2,3]"]);
    expect(slow).toEqual(["taps"]);
    expect(args()).toEqual([Float64Array.of(1, 2, 3), new Float64Array(2), [1, 2]]);
  });
  it("each call of args() makes new values", async () => {
    const { args } = await job("fir", ["taps=[1,2]"], ["x=random:3:Float64Array", "y=zeros:2:Float64Array"]);
    expect(args()[0]).not.toBe(args()[0]);
    expect(args()).toEqual(args());
    expect(args(0)[0]).not.toEqual(args(1)[0]);
    expect(args(0)[2]).toEqual(args(1)[2]);
  });
  it("a slow path takes its value from the whole parameter", async () => {
    const { args, slow } = await job("gain", ["cfg.factor"], ["x=2", 'cfg={"factor":3}']);
    expect([slow, args()]).toEqual([["cfg.factor"], [2, { factor: 3 }]]);
  });
  it("what has a default may be left out", async () => expect((await job("scaled", [], ["x=2"])).args()).toEqual([2]));
  it("functions are found inside exported objects", async () => expect((await job("tools.half", [], ["x=4"])).target.name).toBe("tools.half"));

  const fails = (title: string, run: () => Promise<Job>, message: string): void => {
    it(title, () => expect(run()).rejects.toThrow(message));
  };
  fails("no file", () => readJob("nowhere.js#f", { slow: [], input: [], seed: 1 }), "there is no file nowhere.js");
  fails("no such export", () => job("fri"), 'exports no "fri", did you mean "fir"?');
  fails("no function", () => job("tools"), "#tools is no function but object");
  fails("no such parameter", () => job("fir", ["tap=[1]"]), 'fir has no parameter "tap", did you mean "taps"? (it has: x, y, taps)');
  fails("a value missing", () => job("fir", ["taps=[1]"], ["x=random:3:Float64Array"]), "fir needs --input y=…");
  fails("two values", () => job("fir", ["taps=[1]"], ["taps=[1]"]), '"taps" has two values');
  fails("which function", () => readJob(file, { slow: [], input: [], seed: 1 }), "which of");
});
