// What debuggers, profilers and stack traces show of a version: the user's function.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { createRequire, SourceMap } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { built } from "../built.ts";
import { codeOf, placeIsKnown } from "../../src/capture/source.ts";
import { configure, ready, specialize } from "../../src/index.ts";
import type { Code } from "../../src/ir/snapshot.ts";
import { inUsersLines, placeOfTrap } from "../../src/runtime/traps.ts";

beforeAll(async () => { await ready(); });

function weighted(x: Float64Array, k: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.sqrt(x[i]! * k);
  if (sum === -1) throw new RangeError("negative");
  return sum;
}
const x = Float64Array.from({ length: 4096 }, (_, i) => i);
const made = (tier: "js" | "wasm") => {
  const fast = specialize(weighted, { slow: ["k"], tier, compile: "sync" });
  fast(x, 2);
  return fast;
};

describe("places", () => {
  it("are not looked up for the first result of a kernel that captures nothing", () => {
    const fast = specialize(weighted, { slow: ["k"], tier: "js", compile: "sync" });
    fast(x, 2);
    expect(fast.stats().calls.js).toBe(1);
    expect(placeIsKnown(codeOf(weighted) as Code)).toBe(false);
    expect(fast.explain()).toMatch(/^weighted \(.+:\d+\)/);
    expect(placeIsKnown(codeOf(weighted) as Code)).toBe(true);
  });
});

describe("names", () => {
  it("stand in the module: a trap's stack has the user's function", () => {
    const { bytes } = made("wasm").inspect(x, 2);
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes! as Uint8Array<ArrayBuffer>), { env: { memory }, Math: Math as unknown as WebAssembly.ModuleImports });
    let stack = "";
    try { (exports["run"] as (...all: number[]) => unknown)(1 << 30, 1000); } catch (error) { stack = (error as Error).stack!; }
    expect(stack).toMatch(/at \S*debugging\.test\.ts:\d+\.weighted \(wasm:/);
  });

  for (const tier of ["js", "wasm"] as const) {
    it(`stand in a profile (${tier}), in WebAssembly with file and line`, () => {
      const fast = made(tier);
      const session = new Session();
      session.connect();
      let mine: { functionName: string; url: string }[] = [];
      session.post("Profiler.enable");
      session.post("Profiler.setSamplingInterval", { interval: 100 });
      for (let turn = 0; turn < 20 && mine.length === 0; turn++) { // on a busy machine no sample may fall into it
        session.post("Profiler.start");
        const end = performance.now() + 150;
        while (performance.now() < end) fast(x, 2);
        session.post("Profiler.stop", (_error, { profile }) => { mine = profile.nodes.map(({ callFrame }) => callFrame).filter(({ functionName }) => functionName === "weighted"); });
      }
      session.disconnect();
      expect(mine.length).toBeGreaterThan(0);
      expect(mine.some(({ url }) => (tier === "js" ? /^wasmorph:\/\/\/residual\/.*weighted\.js$/.test(url) : /^wasm:\/\/.*debugging\.test\.ts:\d+-/.test(url))), JSON.stringify(mine)).toBe(true);
    });
  }

  for (const tier of ["js", "wasm"] as const) for (const compile of ["sync", "background"] as const) {
    it(`stand with file and line in what node --cpu-prof writes (${tier}, ${compile})`, () => {
      const folder = mkdtempSync(join(tmpdir(), "wasmorph-profile-")), home = pathToFileURL(join(built(), "index.js")).href;
      try {
        writeFileSync(join(folder, "signal.mjs"), `
export function smooth(x, y, k) { let s = 0; for (let i = 0; i < y.length; i++) { s = Math.sqrt(s * s + x[i] * k); y[i] = s; } return s; }`);
        writeFileSync(join(folder, "main.mjs"), `import { ready, specialize } from ${JSON.stringify(home)};
import { smooth } from "./signal.mjs";
await ready();
const fast = specialize(smooth, { slow: ["k"], tier: "${tier}", compile: "${compile}" }), x = new Float64Array(4096).fill(2), y = new Float64Array(4096);
${compile === "sync" ? "fast(x, y, 3);" : "await fast.prepare(x, y, 3);"}
for (let i = 0; i < 3000; i++) fast(x, y, 3);
if (fast.stats().calls.original > 0) throw new Error("the original served");
process.exit(0);`);
        execFileSync(process.execPath, ["--cpu-prof", "--cpu-prof-interval", "200", "--cpu-prof-dir", folder, "--cpu-prof-name", "main.cpuprofile", "main.mjs"], { cwd: folder, timeout: 200_000 });
        const { nodes } = JSON.parse(readFileSync(join(folder, "main.cpuprofile"), "utf8")) as { nodes: { callFrame: { functionName: string; url: string } }[] };
        const urls = nodes.flatMap(({ callFrame: { functionName, url } }) => (functionName === "smooth" ? [url] : []));
        expect(urls.some((url) => (tier === "js" ? /^wasmorph:\/\/\/residual\/.*\/signal\.mjs:2\/smooth\.js$/ : /^wasm:\/\/.*\/signal\.mjs:2-/).test(url)), urls.join()).toBe(true);
      } finally { rmSync(folder, { recursive: true, force: true }); }
    });
  }

  it("and its place, in the map from the module to the source", () => {
    const { sourceMap } = made("wasm").inspect(x, 2);
    const map = JSON.parse(sourceMap!) as { sources: string[]; mappings: string };
    expect(map.sources[0]).toMatch(/debugging\.test\.ts|kernel\.js/);
    expect(map.mappings.length).toBeGreaterThan(10);
  });
});

describe("a module with its source map", () => {
  it("tells a debugger (Debugger.scriptParsed) where it came from", () => {
    configure({ sourceMaps: true });
    const session = new Session();
    session.connect();
    const urls: string[] = [];
    session.on("Debugger.scriptParsed", ({ params }) => { if (params.url.startsWith("wasm://")) urls.push(params.sourceMapURL ?? ""); });
    session.post("Debugger.enable");
    urls.length = 0; // modules that were there before
    try { specialize(weighted, { slow: ["k"], tier: "wasm", compile: "sync" })(x, 3.5); } finally {
      session.disconnect();
      configure({ sourceMaps: false });
    }
    const [url] = urls.filter((one) => one.startsWith("data:application/json;base64,"));
    const map = JSON.parse(atob(url!.split(",")[1]!)) as { sources: string[]; mappings: string };
    expect(map.sources[0]).toMatch(/^file:\/\/\/.*debugging\.test\.ts$/);
    expect(map.mappings.length).toBeGreaterThan(10);
  });

  it("so does residual JavaScript", () => {
    configure({ sourceMaps: true });
    const session = new Session();
    session.connect();
    let address = "";
    session.on("Debugger.scriptParsed", ({ params }) => { if (/^wasmorph:\/\/\/residual\/.*debugging\.test\.ts:\d+\/weighted\.js$/.test(params.url)) address = params.sourceMapURL ?? ""; });
    session.post("Debugger.enable");
    address = "";
    try { specialize(weighted, { slow: ["k"], tier: "js", compile: "sync" })(x, 7.5); } finally {
      session.disconnect();
      configure({ sourceMaps: false });
    }
    const map = JSON.parse(atob(address.split("base64,")[1]!)) as { sources: string[]; mappings: string };
    expect(map.sources[0]).toMatch(/^file:\/\/\/.*debugging\.test\.ts$/);
    const { originalLine } = new SourceMap(map as never).findEntry(1000, 0) as { originalLine: number }; // of the last line that has a place
    expect(originalLine + 1 - (codeOf(weighted) as Code).line).toBeGreaterThan(1);
    expect(originalLine + 1 - (codeOf(weighted) as Code).line).toBeLessThan(6);
  });

  it("runs as the one without", () => {
    configure({ sourceMaps: true });
    const fast = specialize(weighted, { slow: ["k"], tier: "wasm", compile: "sync" });
    const result = fast(x, 4.5);
    configure({ sourceMaps: false });
    expect(result).toBe(weighted(x, 4.5));
    expect(fast.stats().calls.wasm).toBe(1);
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(fast.inspect().bytes! as Uint8Array<ArrayBuffer>), "sourceMappingURL")).toHaveLength(1);
  });
});

describe("a breakpoint in the original", () => {
  it("works where versions are turned off, by one switch", () => {
    const kernel = (0, eval)("(function stopped(v, k) {\n  const product = v * k;\n  return product + 1;\n})\n//# sourceURL=file:///virtual/stopped.js") as (v: number, k: number) => number;
    const fast = specialize(kernel, { slow: ["k"], tier: "wasm", compile: "sync" });
    expect(fast(2, 3)).toBe(7);
    const session = new Session();
    session.connect();
    const stops: { name: string; line: number }[] = [];
    session.on("Debugger.paused", ({ params: { callFrames: [top] } }) => { stops.push({ name: top!.functionName, line: top!.location.lineNumber }); });
    try {
      session.post("Debugger.enable");
      session.post("Debugger.setBreakpointByUrl", { url: "file:///virtual/stopped.js", lineNumber: 2 });
      expect([fast(2, 3), stops]).toEqual([7, []]);
      configure({ enabled: false });
      expect([fast(2, 3), stops]).toEqual([7, [{ name: "stopped", line: 2 }]]);
    } finally {
      session.disconnect();
      configure({ enabled: true });
    }
    expect(fast(2, 3)).toBe(7);
    expect(fast.stats().calls).toMatchObject({ original: 1, wasm: 3 });
  });
});

describe("a trap", () => {
  it("is told with its place in the user's code", () => {
    const kernel = (0, eval)("(function kernel(x, k) {\n  let sum = 0;\n  for (let i = 0; i < x.length; i++)\n    sum += x[i] * k;\n  return sum;\n})\n//# sourceURL=file:///virtual/kernel.js") as typeof weighted;
    const fast = specialize(kernel, { slow: ["k"], tier: "wasm", compile: "sync" });
    expect(fast(x, 2)).toBe(kernel(x, 2));
    const { bytes, sourceMap } = fast.inspect();
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes! as Uint8Array<ArrayBuffer>), { env: { memory: new WebAssembly.Memory({ initial: 1 }) } });
    let trap: unknown;
    try { (exports["run"] as (...all: number[]) => unknown)(1 << 30, 1000); } catch (error) { trap = error; }
    inUsersLines(trap as Error, () => null);
    expect(placeOfTrap(trap)).toBeNull();
    inUsersLines(trap as Error, () => sourceMap);
    expect(placeOfTrap(trap)).toMatchObject({ file: expect.stringMatching(/virtual.kernel\.js$/) as string, line: 4 }); // where x[i] is read
    expect((trap as Error).stack).toMatch(/\n +at kernel \(\S*virtual.kernel\.js:4:\d+\)\n/);
    expect((trap as Error).stack).not.toContain("wasm-function");
    const other = new Error("no trap"), { stack } = other;
    inUsersLines(other, () => sourceMap);
    expect([placeOfTrap(other), other.stack]).toEqual([null, stack]);
  });

  it("is told in what the user wrote, where the host tells places so", () => {
    const folder = mkdtempSync(join(tmpdir(), "wasmorph-map-")), file = join(folder, "kernel.cjs");
    const map = { version: 3, sources: ["kernel.ts"], names: [], mappings: "AAUA;AACA;AACA;AACA" }; // line 1 is line 11 there
    writeFileSync(file, `module.exports = function kernel(x, k) {\n  let sum = 0;\n  for (let i = 0; i < x.length; i++)\n    sum += x[i] * k;\n  return sum;\n};\n//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(map))}\n`);
    const { sourceMapsEnabled } = process as { sourceMapsEnabled?: boolean };
    process.setSourceMapsEnabled(true);
    try {
      const fast = specialize(createRequire(file)(file) as typeof weighted, { slow: ["k"], tier: "wasm", compile: "sync" });
      fast(x, 2);
      const { bytes, sourceMap } = fast.inspect();
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes! as Uint8Array<ArrayBuffer>), { env: { memory: new WebAssembly.Memory({ initial: 1 }) } });
      let trap: unknown;
      try { (exports["run"] as (...all: number[]) => unknown)(1 << 30, 1000); } catch (error) { trap = error; }
      inUsersLines(trap as Error, () => JSON.stringify({ ...JSON.parse(sourceMap!) as object, sources: [file] })); // what a program that was placed says
      expect((trap as Error).stack).toMatch(/\n +at kernel \(\S*kernel\.ts:1[1-4]:\d+\)\n/);
    } finally {
      process.setSourceMapsEnabled(sourceMapsEnabled === true);
      rmSync(folder, { recursive: true });
    }
  });
});

describe("a recursion without an end that writes what the caller gave it", () => {
  const source = "(function deep(n, c, seen) {\n  if (n <= 0) return c.end;\n  seen[0] = n; return c.step +\n    deep(n - 1, c, seen);\n})\n//# sourceURL=file:///virtual/deep.js";
  type Deep = (n: number, c: object, seen: Float64Array) => number;
  it.each(["wasm", "js"] as const)("ends as the original does, with its stack and what it had written (%s)", (tier) => {
    const deep = (0, eval)(source) as Deep, fast = specialize(deep, { slow: ["c"], tier, compile: "sync" }), seen = new Float64Array(1);
    for (const [i, c] of [{ end: 2, step: 1 }, { end: 3, step: 4 }, { end: 5, step: 6 }].entries()) { // the later ones are programs made quickly, or templates
      expect(fast(10, c, seen)).toBe(10 * c.step + c.end);
      let error: unknown;
      try { fast(1e9, c, seen); } catch (thrown) { error = thrown; }
      expect(error).toBeInstanceOf(RangeError);
      expect((error as Error).stack).toMatch(/\n +at deep \(\S*virtual.deep\.js:[1-5]:\d+\)\n/);
      expect(seen[0]).toBeGreaterThan(1e9 - 1e6); // the engine's stack ended it, and nobody wrote after that
      expect(seen[0]).toBeLessThan(1e9);
      expect(fast.stats().calls).toMatchObject({ original: i + 1, [tier]: i + 1 });
    }
  });
});

describe("what the original throws", () => {
  it("is thrown with its own stack", () => {
    const thrower = (v: number, limit: number): number => { if (v > limit) throw new RangeError(`over ${limit}`); return v * 2; };
    const fast = specialize(thrower, { slow: ["limit"], tier: "wasm", compile: "sync" });
    expect(fast(1, 3)).toBe(2);
    let error: Error | undefined;
    try { fast(4, 3); } catch (thrown) { error = thrown as Error; }
    expect(error).toBeInstanceOf(RangeError);
    expect(error!.message).toBe("over 3");
    expect(error!.stack).toContain("debugging.test.ts");
  });
});
