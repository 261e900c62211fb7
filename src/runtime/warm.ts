// Runs a new module on scratch data until the engine has had a chance to optimize it, so that the thread that will use it never runs the
// baseline code. The engine keeps the code of a module in one place for all threads (bench/stall.mjs measures that it carries over).
//
// Requires: to run where waiting does not matter. A kernel that never ends on the sample hangs this thread: whoever waits for it has a clock.

import { freeMemorySegment } from "../ir/layout.ts";
import { typedArrayNames, type TypedArrayName } from "../ir/interface.ts";
import type { Program } from "../ir/types.ts";
import { instantiate } from "../wasm/instantiate.ts";
import type { EmitOrder } from "./protocol.ts";

/** Milliseconds and calls: what the engine sees before it optimizes, with some to spare; and a pause in which it does so. */
const warmMs = 25, warmCalls = 3_000;
const leastCalls = 4;

let scratch: WebAssembly.Memory | null = null;

/** As large as the memory that it stands for. Pages that nobody touches cost nothing. */
function scratchMemory(bytes: number): WebAssembly.Memory | null {
  if (scratch !== null && scratch.buffer.byteLength >= bytes) return scratch;
  const pages = bytes >>> 16;
  try { return (scratch = new WebAssembly.Memory({ initial: pages, maximum: pages })); } catch { return null; }
}

/** Answers the number of calls made. */
export function warmUp(module: WebAssembly.Module, program: Program, { layout, memory: bytes, samples }: EmitOrder): number {
  const memory = scratchMemory(bytes);
  if (memory === null || samples === null) return 0;
  const { buffer } = memory;
  const constructors = Object.fromEntries(typedArrayNames.map((name) => [name, globalThis[name]])) as unknown as
    Readonly<Record<TypedArrayName, { readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer, at: number, length: number): { set(values: ArrayLike<number>): void; fill(value: number): void } }>>;
  program.data.forEach((data, i) => new Uint8Array(buffer).set(data.bytes, layout.data[i]!));
  const lowest = Math.max(layout.frame + program.frameBytes, ...program.data.map((data, i) => layout.data[i]! + data.bytes.length), 1 << 16);
  let top = buffer.byteLength - 16;
  const params: number[] = [];
  for (const sample of samples) {
    if (sample.as === "number") { params.push(sample.value); continue; }
    const make = constructors[sample.array];
    const at = (top - sample.length * make.BYTES_PER_ELEMENT) & ~15;
    if (at < lowest) return 0; // no room: it is not warmed
    top = at;
    const view = new make(buffer, at, sample.length);
    if (sample.values === null) view.fill(1);
    else view.set(sample.values);
    params.push(at, sample.length);
  }
  const free = freeMemorySegment(program);
  const { run } = instantiate(module, memory);
  const started = performance.now();
  let calls = 0;
  while (calls < leastCalls || (calls < warmCalls && performance.now() - started < warmMs)) {
    if (free >= 0) new Int32Array(buffer, layout.data[free]!, 2).set([(lowest + 15) & ~15, top]);
    calls++;
    try { run(...params); } catch { /* a rare case of the kernel's: it is warmed as far as it goes */ }
  }
  return calls;
}
