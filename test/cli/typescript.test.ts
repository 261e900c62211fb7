// The command on files in TypeScript: built, since another process loads them.

import { execFileSync, type ExecFileSyncOptions } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { built } from "../built.ts";

const typed = fileURLToPath(new URL("typed/", import.meta.url));
const options: ExecFileSyncOptions & { encoding: "utf8" } = { encoding: "utf8", timeout: 200_000, stdio: "pipe" };
const fir = [`${typed}kernels.ts#fir`, "--slow", "taps=[1,2]", "--slow", "kind=4", "--input", "x=random:9:Float64Array", "--input", "y=zeros:8:Float64Array"];
let main: string;
beforeAll(() => { main = join(built(), "main.js"); });

/** Exit code and all that was printed. */
function prints(...args: string[]): { code: number; text: string } {
  try {
    return { code: 0, text: execFileSync(process.execPath, [main, ...args], options) };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, text: stdout + stderr };
  }
}

describe("a kernel in TypeScript", () => {
  it("runs as WebAssembly, another module's enum and function compiled in", () => {
    const { code, text } = prints("run", ...fir);
    expect(text).toMatch(/^fir → undefined\n {2}y = Float64Array\(8\) .*\nserved by wasm/);
    expect(code).toBe(0);
  });
  it("agrees with itself in all tiers", () => expect(prints("diff", ...fir, "--runs", "4").code).toBe(0));
  it("is shown with its places in the file that was written", () => {
    const { text } = prints("run", `${typed}kernels.ts#evaluated`, "--input", "x=1");
    expect(text).toMatch(/at .*kernels\.ts:18:10/);
  });
  it("that is more than types is refused in one line, with the place and a frame", () => {
    const { code, text } = prints("run", `${typed}refused.ts#twice`, "--input", "x=1");
    expect(text).toMatch(/^wasmorph: .*refused\.ts can't be loaded: .*namespace with values .*refused\.ts:1:8\)/);
    expect(text).toContain("^^^");
    expect(code).toBe(2);
  });
});
