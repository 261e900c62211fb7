// Versions on disk: found by the next process without Binaryen, never by mistake, whatever happened to the files.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configure, specialize } from "../../src/index.ts";
import { useWorkshop } from "../../src/runtime/workshop.ts";
import { built } from "../built.ts";
import { testWorkshop } from "./thread.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "wasmorph-cache-"));
  configure({ cache: directory });
});
afterEach(() => {
  useWorkshop(null);
  configure({ cache: false });
  rmSync(directory, { recursive: true, force: true });
});

/** A table in constant memory, an object, a helper: all that a version may depend on. */
const helper = (x: number): number => Math.abs(x) + 0.25;
const make = (shift: number) => (x: number, c: { k: number; table: Float64Array }): number => helper(x) * c.k + c.table[(x & 3) >>> 0]! + shift;

/** Runs one kernel as a new process would: with a worker that knows nothing. Answers how many modules came from the cache. */
async function once(c = { k: 3, table: Float64Array.of(1, 2, -0, 4) }, shift = 1): Promise<number> {
  useWorkshop(testWorkshop().shop);
  const kernel = make(shift);
  const fast = specialize(kernel, { slow: ["c"], tier: "wasm" });
  await fast.prepare(2.5, c);
  for (const x of [0, 1.5, 2, 3, -7]) expect(fast(x, c)).toBe(kernel(x, c));
  const { cached, calls } = fast.stats();
  expect(calls.wasm).toBe(5);
  fast.dispose(); // the next one is not to share its module
  return cached;
}
const files = (): string[] => readdirSync(directory).filter((file) => file.endsWith(".version"));

describe("the cache", () => {
  it("has what was made before, for equal values only", async () => {
    expect(await once()).toBe(0);
    expect(await once()).toBe(1);
    expect(await once({ k: 3, table: Float64Array.of(1, 2, -0, 4) })).toBe(1);
    expect(await once({ k: 4, table: Float64Array.of(1, 2, -0, 4) })).toBe(0);
    expect(await once({ k: 3, table: Float64Array.of(1, 2, 0, 4) })).toBe(0); // 0 is not −0
    expect(await once({ k: 3, table: Float64Array.of(1, 2, -0, 4) }, 2)).toBe(0); // a captured value
    expect(await once({ k: 3, table: Float64Array.of(1, 2, -0, 4) }, 2)).toBe(1);
    expect(await once()).toBe(1);
  });

  it("tells kinds of arguments that look alike in memory", async () => {
    const kernel = (words: Uint32Array | BigInt64Array, k: number): number => Number(words[1]) * k;
    const run = async (words: Uint32Array | BigInt64Array): Promise<void> => {
      useWorkshop(testWorkshop().shop);
      const fast = specialize(kernel, { slow: ["k"], tier: "wasm" });
      await fast.prepare(words, 3);
      expect(fast(words, 3)).toBe(21);
      expect(fast.stats().calls.original, fast.explain()).toBe(0);
      fast.dispose();
    };
    await run(Uint32Array.of(5, 7));
    await run(BigInt64Array.of(5n, 7n));
  });

  it("tells arrays by what they have beside their elements", async () => {
    const kernel = (a: number[] & { w?: number | boolean }, k: number): number => (a.w === undefined ? a[1]! : Number(a.w)) * k;
    const run = async (extra: object): Promise<void> => {
      useWorkshop(testWorkshop().shop);
      const fast = specialize(kernel, { slow: ["k"], tier: "wasm" });
      for (let s = 0; s < 2; s++) {
        const a = Object.assign([5, 6 + s], extra);
        await fast.prepare(a, 3);
        expect(fast(a, 3)).toBe(kernel(a, 3));
      }
      expect(fast.stats().calls.original, fast.explain()).toBe(0);
      fast.dispose();
    };
    for (const extra of [{ w: 7 }, {}, { w: 7.5 }, { w: true }, { w: 8 }]) await run(extra);
  });

  it("guards what came from it as any other version: an edit in place is seen", async () => {
    await once();
    useWorkshop(testWorkshop().shop);
    const kernel = make(1);
    const fast = specialize(kernel, { slow: ["c"], tier: "wasm" });
    const c = { k: 3, table: Float64Array.of(1, 2, -0, 4) };
    await fast.prepare(2.5, c);
    expect(fast.stats().cached).toBe(1);
    c.table[1] = 9;
    expect(fast(1, c)).toBe(kernel(1, c));
    expect(fast.stats().calls).toMatchObject({ original: 1, wasm: 0 });
    fast.dispose();
  });

  const damages: readonly [name: string, damage: (file: string) => void][] = [
    ["truncated", (file) => truncateSync(file, Math.floor(statSync(file).size / 2))],
    ["empty", (file) => writeFileSync(file, "")],
    ["with one bit changed", (file) => { const bytes = readFileSync(file); bytes[bytes.length >> 1]! ^= 4; writeFileSync(file, bytes); }],
    ["something else", (file) => writeFileSync(file, "hello")],
  ];
  for (const [name, damage] of damages) {
    for (const kind of [".version", ".reads"]) {
      it(`makes a file anew that is ${name} (${kind})`, async () => {
        await once();
        for (const file of readdirSync(directory)) if (file.endsWith(kind)) damage(join(directory, file));
        expect(await once()).toBe(kind === ".version" ? 0 : 1); // without its reads a version is found when it has been evaluated
        expect(readdirSync(directory).filter((file) => file.endsWith(kind))).toHaveLength(1);
        expect(await once()).toBe(1);
      });
    }
  }

  it("takes no file under another's name", async () => {
    await once();
    const [mine] = files();
    const bytes = readFileSync(join(directory, mine!));
    await once({ k: 4, table: Float64Array.of(1, 2, -0, 4) });
    for (const file of files()) if (file !== mine) writeFileSync(join(directory, file), bytes);
    expect(await once({ k: 4, table: Float64Array.of(1, 2, -0, 4) })).toBe(0);
  });

  it("stays within its bound", async () => {
    await once();
    const { size } = statSync(join(directory, files()[0]!));
    configure({ cache: { directory, bytes: size * 3 } });
    for (let k = 10; k < 18; k++) await once({ k, table: Float64Array.of(1, 2, 3, 4) });
    const bytes = readdirSync(directory).reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
    expect(bytes).toBeLessThanOrEqual(size * 3);
    expect(await once({ k: 17, table: Float64Array.of(1, 2, 3, 4) })).toBe(1); // the newest is there
  });

  it("does without where nothing can be written", async () => {
    configure({ cache: join(directory, "file", "below") });
    writeFileSync(join(directory, "file"), "");
    expect(await once()).toBe(0);
  });

  it("is told what it is: a directory", () => {
    expect(() => configure({ cache: "" })).toThrow(TypeError);
    expect(() => configure({ cache: { directory, bytes: -1 } })).toThrow(TypeError);
  });
});

describe("another process", () => {
  const program = `
    import { specialize, configure } from "./dist/index.js";
    configure({ cache: process.argv[2] });
    const scale = 2;
    function fir(x, y, taps) { for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < taps.length; k++) acc += taps[k] * x[i + k]; y[i] = acc * scale; } }
    const fast = specialize(fir, { slow: ["taps"], tier: "wasm" });
    const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i)), y = new Float64Array(32), want = new Float64Array(32), taps = [1, 0.5, 0.25];
    await fast.prepare(x, y, taps);
    fast(x, y, taps); fir(x, want, taps);
    console.log(JSON.stringify({ equal: y.every((v, i) => Object.is(v, want[i])), calls: fast.stats().calls, cached: fast.stats().cached, diagnostics: fast.diagnostics().length }));`;

  it("reaches WebAssembly without importing Binaryen, and ends by itself", () => {
    const dist = built();
    const home = join(directory, "package"), modules = join(home, "node_modules"), cache = join(directory, "cache");
    mkdirSync(join(modules, "binaryen"), { recursive: true });
    cpSync(dist, join(home, "dist"), { recursive: true, preserveTimestamps: true });
    writeFileSync(join(home, "package.json"), '{ "type": "module" }');
    writeFileSync(join(home, "main.js"), program);
    symlinkSync(join(root, "node_modules", "acorn"), join(modules, "acorn"));
    const { version } = JSON.parse(readFileSync(join(root, "node_modules", "binaryen", "package.json"), "utf8")) as { version: string };
    const entry = (text: string): void => {
      writeFileSync(join(modules, "binaryen", "package.json"), JSON.stringify({ name: "binaryen", version, type: "module", exports: "./index.js" }));
      writeFileSync(join(modules, "binaryen", "index.js"), text);
    };
    const run = (): unknown => JSON.parse(execFileSync(process.execPath, ["main.js", cache], { cwd: home, encoding: "utf8", timeout: 200_000 }));
    entry(`export { default } from ${JSON.stringify(join(root, "node_modules", "binaryen", "index.js"))};`);
    expect(run()).toMatchObject({ equal: true, calls: { wasm: 1 }, cached: 0, diagnostics: 0 });
    entry('throw new Error("Binaryen was imported");');
    expect(run()).toMatchObject({ equal: true, calls: { wasm: 1 }, cached: 1, diagnostics: 0 });
  });
});
