// The kernels that are measured (bench/) are served by WebAssembly, bit for bit, in lanes where they were when they were last measured.

import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { ready, specialize } from "../src/index.ts";
import { compare } from "../src/verify/compare.ts";
import { copyTogether } from "../src/verify/copy.ts";

type Make = Record<string, (n: number) => unknown>;
interface Kernel { readonly kernel: (...args: never[]) => unknown; readonly slow: readonly (string | number)[]; readonly args: (...given: unknown[]) => unknown[] }

const url = (path: string): string => new URL(`../bench/${path}`, import.meta.url).href;
const load = async (path: string): Promise<Record<string, unknown>> => (await import(url(path))) as Record<string, unknown>;
const arrays = { float64: Float64Array, float32: Float32Array, int32: Int32Array, uint32: Uint32Array, int16: Int16Array, uint8: Uint8Array, uint8Clamped: Uint8ClampedArray };
const make: Make = Object.fromEntries(Object.entries(arrays).map(([name, Kind]) => [name, (n: number) => new Kind(n)]));

/** Two calls, compared with the original's; the lanes of the loops that are vectorized, and whether anything is. */
function lanesOf({ kernel, slow }: Pick<Kernel, "kernel" | "slow">, args: readonly unknown[]): { readonly lanes: readonly number[]; readonly vectors: boolean } {
  const fast = specialize(kernel, { slow: [...slow], tier: "wasm", compile: "sync" });
  for (let call = 0; call < 2; call++) {
    const ours = copyTogether(args), theirs = copyTogether(args);
    expect(compare([kernel(...(theirs as never[])), ...theirs], [fast(...(ours as never[])), ...ours])).toEqual([]);
  }
  expect(fast.stats().calls, fast.diagnostics().map(({ message }) => message).join("; ")).toEqual({ original: 0, js: 0, wasm: 2 });
  const lanes = (fast.versions().at(-1)?.vectorized ?? []).map((loop) => loop.lanes);
  const vectors = /\bv128\./.test(fast.inspect().wat ?? "");
  fast.dispose();
  return { lanes, vectors };
}

beforeAll(() => ready());

describe("the fifteen", () => {
  /** the most lanes of a loop of each; 1 where none is vectorized: straight code is, and stages of a cascade */
  const most: Record<string, number> = { biquads: 1, colour: 4, convolve3: 16, convolve5: 16, fir32: 4, fir64: 4, forest: 1, mandelbrot: 4, matmul16: 8, matmul4: 1, mlp: 8, nbody: 1, polynomial: 8, predicate: 16, stackvm: 8 };
  it("are all there", () => expect(readdirSync(new URL("../bench/kernels/", import.meta.url)).toSorted()).toEqual(Object.keys(most).map((name) => `${name}.js`)));
  it.each(Object.keys(most))("%s", async (name) => {
    const one = (await load(`kernels/${name}.js`))["default"] as Kernel;
    const { seededRandom } = (await load("random.js")) as { seededRandom: (seed: number) => unknown };
    const { lanes, vectors } = lanesOf(one, one.args(seededRandom(20261120), make));
    expect([Math.max(1, ...lanes), vectors]).toEqual([most[name], name !== "forest"]);
  });
});

describe("the classes", async () => {
  const { classes } = (await load("classes/kernels.js")) as { classes: Record<string, Record<string, Kernel>> };
  for (const [group, kernels] of Object.entries(classes)) describe(group, () => { it.each(Object.entries(kernels))("%s", (_, one) => void lanesOf(one, one.args(make))); });
});
