// The benchmark's subjects: each prepares one kernel in its own way, in a process of its own, and gives {run, outputs}, or says why not.
// `run` makes one call; `outputs` are the arrays as that subject has them, in the order of the kernel's `flat` arguments.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { seededRandom } from "./random.js";

const seed = 20261120;
export const built = new URL("../out/bench/", import.meta.url);

const plain = {
  float64: (n) => new Float64Array(n),
  float32: (n) => new Float32Array(n),
  int32: (n) => new Int32Array(n),
  uint8: (n) => new Uint8Array(n),
  uint8Clamped: (n) => new Uint8ClampedArray(n),
};

const argsOf = (kernel, arrays = plain) => kernel.args(seededRandom(seed), arrays);
const arraysOf = (flat) => flat.filter((item) => ArrayBuffer.isView(item));

/** What the original makes of the inputs: the judge. */
export function expected(kernel) {
  const args = argsOf(kernel);
  kernel.kernel(...args);
  return arraysOf(kernel.flat(...args));
}

function original(kernel) {
  const args = argsOf(kernel);
  const { kernel: call } = kernel;
  return { run: () => call(...args), outputs: () => arraysOf(kernel.flat(...args)) };
}

/** Ours, in one tier; arrays in the arena (no copies) or ordinary ones. */
function ours(tier, inArena) {
  return async (kernel) => {
    const { arena, ready, specialize } = await import("../dist/index.js");
    await ready();
    const fast = specialize(kernel.kernel, { slow: kernel.slow, tier, compile: "sync" });
    const args = argsOf(kernel, inArena ? arena : plain);
    await fast.prepare(...args);
    fast(...args);
    const { calls } = fast.stats();
    if (tier !== "auto" && calls[tier] === 0) return { refused: fast.diagnostics()[0]?.message ?? "the original served" };
    const again = argsOf(kernel, plain);
    args.forEach((arg, i) => ArrayBuffer.isView(arg) && arg.set(again[i]));
    const version = fast.versions().findLast(({ state }) => state === "ready");
    return {
      run: () => fast(...args),
      outputs: () => arraysOf(kernel.flat(...args)),
      facts: () => ({ bytes: version?.bytes, compileMs: version?.compileMs, operations: version?.operations, vectorized: version?.vectorized?.length > 0 }),
    };
  };
}

/** The generic source in AssemblyScript, compiled by build.js; flat arguments copied into its memory once. */
async function assemblyscript(kernel, name) {
  const { instance } = await WebAssembly.instantiate(readFileSync(new URL(`${name}.wasm`, built)), { env: { abort: () => { throw new Error("abort"); } } });
  const { memory, run } = instance.exports;
  const flat = kernel.flat(...argsOf(kernel));
  let top = 1 << 16;
  const views = [];
  const params = flat.flatMap((item) => {
    if (typeof item === "number") return [item];
    const view = new item.constructor(memory.buffer, top, item.length);
    view.set(item);
    views.push(view);
    const at = top;
    top = (top + item.byteLength + 63) & ~63;
    return [at, item.length];
  });
  // a caller of exactly that arity: spreading arguments would cost more than some kernels
  const names = params.map((_, i) => `p${i}`).join(", ");
  const bind = new Function("run", "params", `const [${names}] = params; return () => run(${names});`);
  return { run: bind(run, params), outputs: () => views };
}

/** The generic source in C: a program that reads the arguments, runs once, writes them back, then times itself. */
function native(kernel, name) {
  const file = new URL(`${name}.${process.pid}.args`, built);
  const flat = kernel.flat(...argsOf(kernel));
  const pieces = [Buffer.from(Int32Array.of(flat.length).buffer)];
  for (const item of flat) {
    const isArray = ArrayBuffer.isView(item);
    pieces.push(Buffer.from(Float64Array.of(isArray ? 1 : 0, isArray ? item.length : item, isArray ? item.byteLength : 0).buffer));
    if (isArray) pieces.push(Buffer.from(item.buffer, item.byteOffset, item.byteLength));
  }
  writeFileSync(file, Buffer.concat(pieces));
  const samples = JSON.parse(execFileSync(new URL(name, built).pathname, [file.pathname], { encoding: "utf8" }));
  const bytes = readFileSync(`${file.pathname}.out`);
  let at = 0;
  const views = arraysOf(flat).map((item) => new item.constructor(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + (at += item.byteLength))));
  return { samples, outputs: () => views };
}

/** In the order of the report's columns. `title` is the column's. */
export const subjects = {
  original: { title: "original JS", prepare: original },
  js: { title: "residual JS", prepare: ours("js", false) },
  wasm: { title: "our Wasm", prepare: ours("wasm", true) },
  copied: { title: "our Wasm, arrays copied", prepare: ours("wasm", false) },
  auto: { title: "tier auto", prepare: ours("auto", true) },
  assemblyscript: { title: "AssemblyScript -O3", prepare: assemblyscript },
  gcc: { title: "gcc -O3 -march=native", prepare: native },
};
