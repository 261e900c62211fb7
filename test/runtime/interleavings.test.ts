// Calls, versions and ends of kernels in odd orders: tasks that take turns, a kernel that is called or disposed of while its own version is made,
// several threads and several processes with the same kernel. Every result is the original's.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { built } from "../built.ts";
import { ready, specialize } from "../../src/index.ts";
import { configure } from "../../src/runtime/configure.ts";
import { useWorkshop } from "../../src/runtime/workshop.ts";
import { testWorkshop } from "./thread.ts";

beforeAll(async () => { await ready(); });
afterEach(() => { useWorkshop(null); configure({ worker: true }); });

const weigh = (x: Float64Array, k: number): number => { let sum = 0; for (let i = 0; i < x.length; i++) sum += x[i]! * k + i; return sum; };
const x = Float64Array.from({ length: 33 }, (_, i) => Math.sin(i));

describe("tasks that take turns", () => {
  for (const worker of [true, false]) {
    it(`calls, prepare, refresh, reset and handles of one kernel (${worker ? "with" : "without"} a worker)`, async () => {
      configure({ worker });
      useWorkshop(worker ? testWorkshop({}).shop : null);
      const fast = specialize(weigh, { slow: ["k"], tier: "wasm", limits: { versions: 3 } });
      let calls = 0;
      const task = async (seed: number): Promise<void> => {
        for (let i = 0; i < 12; i++) {
          const k = (seed * 7 + i * 3) % 5;
          switch ((seed + i) % 4) {
            case 0: await fast.prepare(x, k); break;
            case 1: await fast.refresh(x, k); break;
            case 2: if (i === 6) fast.reset(); await new Promise((resolve) => setTimeout(resolve, seed)); break;
            default: expect((await fast.pin(x, k))(x)).toBe(weigh(x, k));
          }
          expect(fast(x, k)).toBe(weigh(x, k));
          calls++;
        }
      };
      await Promise.all([1, 2, 3, 4].map(task));
      const { original, js, wasm } = fast.stats().calls;
      expect(original + js + wasm).toBe(calls);
      expect(fast.diagnostics().filter(({ kind }) => kind === "Invariant")).toEqual([]);
      fast.dispose();
    });
  }
});

describe("while its own version is made, by a function declared pure, a kernel", () => {
  const during = (act: (fast: (x: number, k: number) => number) => void): void => {
    let fast: ((x: number, k: number) => number) & { dispose(): void } | null = null;
    let acting = false;
    const twice = (k: number): number => {
      if (fast !== null && !acting) { acting = true; act(fast); acting = false; }
      return 2 * k;
    };
    const kernel = (v: number, k: number): number => v * twice(k) + 1;
    fast = specialize(kernel, { slow: ["k"], tier: "wasm", compile: "sync", pure: [twice], env: { twice } });
    for (const k of [1, 2, 1, 3]) for (let v = 0; v < 5; v++) expect(fast(v, k)).toBe(v * 2 * k + 1);
  };
  it("is called with the same values, and with others", () => {
    during((fast) => { expect([fast(3, 1), fast(3, 9)]).toEqual([7, 55]); });
  });
  it("is reset", () => { during((fast) => { (fast as unknown as { reset(): void }).reset(); }); });
  it("is disposed of", () => { during((fast) => { (fast as unknown as { dispose(): void }).dispose(); }); });
});

/** Runs a program beside others, with the package as it is published. */
function run(folder: string, name: string, text: string): Promise<string> {
  const file = join(folder, name);
  writeFileSync(file, text);
  return new Promise((resolve, reject) => { execFile(process.execPath, [file], { timeout: 200_000 }, (error, stdout) => { if (error) reject(error); else resolve(stdout.trim()); }); });
}
const inFolder = async (use: (folder: string, home: string) => Promise<void>): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "wasmorph-threads-"));
  try { await use(folder, pathToFileURL(join(built(), "index.js")).href); } finally { rmSync(folder, { recursive: true, force: true }); }
};
const shared = (home: string): string => `import { configure, specialize } from ${JSON.stringify(home)};
export { configure };
export function weigh(x, k) { let sum = 0; for (let i = 0; i < x.length; i++) sum += x[i] * k + i; return sum; }
export const fast = specialize(weigh, { slow: ["k"], tier: "wasm" });
export async function right(from) {
  const x = Float64Array.from({ length: 33 }, (_, i) => Math.sin(i));
  for (let k = from; k < from + 3; k++) { await fast.prepare(x, k); if (!Object.is(fast(x, k), weigh(x, k))) return "wrong"; }
  return "wasm " + fast.stats().calls.wasm;
}`;

describe("one kernel module", () => {
  it("in several threads at once: each has versions of its own", () => inFolder(async (folder, home) => {
    writeFileSync(join(folder, "kernel.mjs"), shared(home));
    const out = await run(folder, "main.mjs", `import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { right } from "./kernel.mjs";
if (isMainThread) {
  const threads = [0, 1, 2].map(() => new Worker(new URL(import.meta.url)));
  const answers = threads.map((thread, i) => new Promise((resolve) => { thread.once("message", resolve); thread.postMessage(i); }));
  console.log(JSON.stringify(await Promise.all([right(5), ...answers])));
  process.exit(0);
} else parentPort.once("message", async (from) => { parentPort.postMessage(await right(from)); });`);
    expect(JSON.parse(out)).toEqual(["wasm 3", "wasm 3", "wasm 3", "wasm 3"]);
  }));

  it("in several processes at once, with one cache on disk: none is wrong, and the next one finds what they kept", () => inFolder(async (folder, home) => {
    writeFileSync(join(folder, "kernel.mjs"), shared(home));
    const text = `import { configure, fast, right } from "./kernel.mjs";
configure({ cache: ${JSON.stringify(join(folder, "cache"))} });
const answer = await right(1);
console.log(answer + " " + fast.stats().cached);
process.exit(0);`;
    const first = await Promise.all([1, 2, 3].map((i) => run(folder, `first${i}.mjs`, text)));
    expect(first.every((answer) => answer.startsWith("wasm 3"))).toBe(true);
    expect(await run(folder, "next.mjs", text)).toBe("wasm 3 3");
  }));
});
