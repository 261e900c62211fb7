// The public arena: typed arrays that lie in the shared memory, so that calls with them copy nothing.
//
// The arrays are ordinary views on one large buffer. Whoever posts one to a worker or clones it would send the whole buffer:
// `arena.copy(view)` gives an array of its own for that.

import { sharedMemory, type SharedMemory } from "./memory.ts";

type Constructors = typeof constructors;
const constructors = {
  float64: Float64Array, float32: Float32Array, int32: Int32Array, uint32: Uint32Array, int16: Int16Array, uint16: Uint16Array,
  int8: Int8Array, uint8: Uint8Array, uint8Clamped: Uint8ClampedArray,
} as const;
type View = InstanceType<Constructors[keyof Constructors]>;

/** arrays handed out and not yet freed */
const live = new WeakSet<View>();
/** the scopes that are open, innermost last: what they allocated */
const scopes: View[][] = [];

function memoryOrThrow(): SharedMemory {
  const memory = sharedMemory();
  if (memory === null) throw new RangeError("wasmorph: this host grants no memory for the arena; ordinary typed arrays work everywhere");
  return memory;
}

function allocate<K extends keyof Constructors>(kind: K, length: number): InstanceType<Constructors[K]> {
  const Array = constructors[kind];
  if (!Number.isInteger(length) || length < 0) throw new RangeError(`wasmorph: arena.${kind}(${String(length)}): the length must be a whole number, 0 or more`);
  const memory = memoryOrThrow();
  const bytes = length * Array.BYTES_PER_ELEMENT;
  const address = bytes < memory.buffer.byteLength ? memory.allocator.allocate(bytes) : undefined;
  if (address === undefined || address + bytes > memory.stack) {
    if (address !== undefined) memory.allocator.free(address);
    throw new RangeError(
      `wasmorph: the arena is full: ${bytes} bytes asked for, ${memory.allocator.used} of ${memory.buffer.byteLength} in use. `
      + "Give arrays back with arena.free(view) or arena.scope(fn), or ask for a larger memory before the first use: "
      + `configure({ memory: ${2 ** Math.ceil(Math.log2(memory.buffer.byteLength + bytes))} })`,
    );
  }
  const view = new Array(memory.buffer, address, length) as InstanceType<Constructors[K]>;
  view.fill(0);
  live.add(view);
  scopes.at(-1)?.push(view);
  return view;
}

export const arena = {
  float64: (length: number): Float64Array => allocate("float64", length),
  float32: (length: number): Float32Array => allocate("float32", length),
  int32: (length: number): Int32Array => allocate("int32", length),
  uint32: (length: number): Uint32Array => allocate("uint32", length),
  int16: (length: number): Int16Array => allocate("int16", length),
  uint16: (length: number): Uint16Array => allocate("uint16", length),
  int8: (length: number): Int8Array => allocate("int8", length),
  uint8: (length: number): Uint8Array => allocate("uint8", length),
  uint8Clamped: (length: number): Uint8ClampedArray => allocate("uint8Clamped", length),

  /** Gives an array's memory back. The array must not be used any more. */
  free(view: ArrayBufferView): void {
    if (!live.delete(view as View)) throw new TypeError("wasmorph: arena.free: this is no array of the arena, or it was freed before");
    memoryOrThrow().allocator.free(view.byteOffset);
  },

  /** Runs `fn` and frees every array that was allocated meanwhile and not freed yet. */
  scope<T>(fn: () => T): T {
    const opened: View[] = [];
    scopes.push(opened);
    try {
      const result = fn();
      if (typeof (result as { then?: unknown } | null | undefined)?.then === "function") {
        throw new TypeError("wasmorph: arena.scope takes a function that is done when it returns, not an async one");
      }
      return result;
    } finally {
      scopes.splice(scopes.indexOf(opened), 1);
      for (const view of opened) if (live.has(view)) arena.free(view);
    }
  },

  /** An ordinary array with the same contents and a buffer of its own, for postMessage and structuredClone. */
  copy<T extends ArrayBufferView>(view: T): T {
    const buffer = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
    return new (view.constructor as new (buffer: ArrayBufferLike) => T)(buffer);
  },
};
