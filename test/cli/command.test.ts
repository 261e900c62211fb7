// The command as a person uses it: what it prints, and its exit code.

import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { command } from "../../src/cli/command.ts";

const file = fileURLToPath(new URL("kernels.mjs", import.meta.url));
const fir = [`${file}#fir`, "--slow", "taps=[1,2]", "--input", "x=random:9:Float64Array", "--input", "y=zeros:8:Float64Array"];

let out: string[];
let err: string[];
beforeEach(() => {
  out = [];
  err = [];
  vi.spyOn(console, "log").mockImplementation((text: string) => { out.push(text); });
  vi.spyOn(console, "error").mockImplementation((text: string) => { err.push(text); });
  vi.spyOn(process.stdout, "write").mockImplementation((text) => { out.push(String(text)); return true; });
  vi.spyOn(process.stderr, "write").mockImplementation((text) => { err.push(String(text)); return true; });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

/** Exit code and what was printed. */
async function prints(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const code = await command(argv);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("run", () => {
  it("shows result, changed arguments and who served", async () => {
    const { code, out } = await prints("run", ...fir);
    expect(out).toMatch(/^fir → undefined\n {2}y = Float64Array\(8\) \[.*… 2 more\]\nserved by wasm: \d+ operations, \d+ bytes/);
    expect(code).toBe(0);
  });
  it("tells why the original served, with the place", async () => {
    const { code, out, err } = await prints("run", `${file}#textual`, "--input", "x=1");
    expect(out).toContain("served by original");
    expect(err).toMatch(/^(Unsupported|Todo): .*\n {2}at .*kernels\.mjs:\d+:\d+\n/);
    expect(code).toBe(1);
  });
});

describe("diff", () => {
  it("compares both tiers over random inputs", async () => {
    const { code, out } = await prints("diff", ...fir, "--runs", "6");
    expect(out).toBe("js: 6 of 6 runs equal to the original, bit for bit\nwasm: 6 of 6 runs equal to the original, bit for bit");
    expect(code).toBe(0);
  });
  it("fails where nothing could be compared", async () => expect((await prints("diff", `${file}#textual`, "--input", "x=1", "--runs", "1")).code).toBe(1));
});

describe("tune", () => {
  it("checks and times every level, and names the best", async () => {
    const { code, out } = await prints("tune", ...fir, "--rounds", "1");
    const rows = out.split("\n").filter((line) => /^(original|residual|optimize)/.test(line));
    expect(rows).toHaveLength(15);
    expect(rows.every((row) => row.includes(" equal "))).toBe(true);
    expect(out).toMatch(/\nbest: optimize \d, shrink \d$/);
    expect(code).toBe(0);
  });
});

describe("inspect", () => {
  it("residual by default", async () => expect((await prints("inspect", ...fir)).out).toContain("function run("));
  it("--stage wat", async () => expect((await prints("inspect", ...fir, "--stage", "wat")).out).toMatch(/^\(module/));
  it("--stage ir", async () => expect((await prints("inspect", ...fir, "--stage", "ir")).out).toContain("func @"));
  it("--stage explain", async () => expect((await prints("inspect", ...fir, "--stage", "explain")).out).toContain("fir"));
  it("an unknown pass lists the known", async () => {
    const { code, err } = await prints("inspect", ...fir, "--stage", "ir", "--pass", "simplifi");
    expect(err).toMatch(/^wasmorph: there is no pass "simplifi", did you mean "simplify"\? \(there are: .*\)$/);
    expect(code).toBe(2);
  });
});

describe("mistakes are one clear line and exit code 2", () => {
  const fails = (title: string, argv: string[], message: RegExp): void => {
    it(title, async () => {
      const { code, err } = await prints(...argv);
      expect(err).toMatch(message);
      expect(code).toBe(2);
    });
  };
  fails("an unknown function", ["run", `${file}#fri`], /^wasmorph: .* exports no "fri", did you mean "fir"\? .*$/);
  fails("an unknown slow path", ["run", `${file}#gain`, "--slow", "cgf.factor", "--input", "x=1"], /^wasmorph: gain has no parameter "cgf", did you mean "cfg"\?.*$/);
  fails("an unknown stage", ["inspect", ...fir, "--stage", "wasm"], /Allowed choices are ir, residual, wat, explain/);
  fails("an unknown command", ["rnu"], /unknown command 'rnu'/);
  fails("runs that are no number", ["diff", ...fir, "--runs", "many"], /"many" is no whole number/);
});

it("--help has an example for each subcommand", async () => {
  for (const name of ["run", "diff", "tune", "inspect"]) {
    out.length = 0;
    expect((await prints(name, "--help")).out).toContain(`Example:\n  $ wasmorph ${name} fir.js#fir --slow`);
  }
});
