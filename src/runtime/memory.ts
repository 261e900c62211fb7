// The one memory that all versions share, and who has which part of it:
//
//   0        64 KiB                                                              the end
//   | status, slots | arena arrays, constant tables, frames →     free     ← copies |
//
// The low 64 KiB hold the status word and the output slots: a run reads neither before it writes them, and the caller reads them before
// any other code runs, so all versions share them. Frames are shared too (a run never starts inside another run: residuals call nothing
// but Math), one for each size. Copies of a call's arrays stand on a stack at the upper end, which is empty again when the call is over.
//
// Residual JavaScript that takes the caller's arrays themselves needs nothing of it but where its outcome lies (outcomeMemory).
//
// The memory has a fixed size and is never grown, so that views of it are never detached. A host that grants no memory has null.

import { typedArrayNames, type TypedArrayName } from "../ir/interface.ts";
import type { ProgramHead } from "../ir/types.ts";
import type { Layout } from "../ir/layout.ts";
import { Allocator } from "./allocator.ts";
import { settings } from "./configure.ts";
import { bytesPerElement, constructors, type TypedArray } from "./values.ts";

const reserved = 64 * 1024;
const statusAddress = 1024;
const slotsAddress = 2048;
/** how many f64 output slots there are */
export const slotCount = (reserved - slotsAddress) / 8;
const page = 64 * 1024;

export interface SharedMemory {
  /** null where the host has no WebAssembly: residual JavaScript works on an ordinary buffer */
  readonly wasm: WebAssembly.Memory | null;
  readonly buffer: ArrayBuffer;
  readonly allocator: Allocator;
  readonly status: Int32Array; // one element
  readonly slots: Float64Array;
  readonly u8: Uint8Array;
  /** the whole memory, as each kind of array */
  readonly views: Readonly<Record<TypedArrayName, TypedArray>>;
  readonly f64: Float64Array;
  readonly i32: Int32Array;
  /** where the stack of copies ends now: it grows down from the end of the memory */
  stack: number;
}

let shared: SharedMemory | null | undefined;

/** The memory, made at first use; null: the host grants none. */
export function sharedMemory(): SharedMemory | null {
  if (shared === undefined) {
    shared = create(settings.memory);
    settings.memoryInUse = true;
  }
  return shared;
}

function create(bytes: number): SharedMemory | null {
  const pages = Math.max(2, Math.ceil(bytes / page));
  const wasm = grant(() => new WebAssembly.Memory({ initial: pages, maximum: pages }));
  const buffer = wasm?.buffer ?? grant(() => new ArrayBuffer(pages * page));
  return buffer === null ? null : layOut(buffer, wasm);
}

let outcomes: SharedMemory | null = null;

/**
 * Where a program leaves its outcome that uses nothing else of the memory: as long as there is none, its low 64 KiB alone. A memory has the engine, which
 * counts its bytes, collect garbage at once: a quarter of the time until the first result of a new process. Guarantees: nothing is allocated or pushed in it.
 */
export function outcomeMemory(): SharedMemory {
  return shared ?? (outcomes ??= layOut(new ArrayBuffer(reserved), null));
}

function layOut(buffer: ArrayBuffer, wasm: WebAssembly.Memory | null): SharedMemory {
  const views = Object.fromEntries(typedArrayNames.map((name) => [name, new constructors[name](buffer, 0, buffer.byteLength / bytesPerElement[name])])) as Record<TypedArrayName, TypedArray>;
  return {
    views, wasm, buffer, allocator: new Allocator(reserved, buffer.byteLength),
    status: new Int32Array(buffer, statusAddress, 1), slots: new Float64Array(buffer, slotsAddress, slotCount),
    u8: new Uint8Array(buffer), f64: new Float64Array(buffer), i32: new Int32Array(buffer),
    // the last 16 bytes are nobody's: the address of an empty array can be read from
    stack: buffer.byteLength - 16,
  };
}

function grant<T>(make: () => T): T | null {
  try { return make(); } catch { return null; }
}

// ───────────────────────────────── programs ─────────────────────────────────

const frames = new Map<number, { readonly address: number; users: number }>();

/** A program's place in memory, its constant tables written there. */
export interface Bound { readonly layout: Layout; release(): void }

/** Gives a program its addresses. Null: the memory is full. Guarantees: `release` gives all of it back, once. */
export function bind(program: ProgramHead, memory: SharedMemory): Bound | null { return bindAt(program, memory, null); }

/** The same at given addresses; null, too, where one of them is taken. */
export function bindAt(program: ProgramHead, memory: SharedMemory, wanted: Layout | null): Bound | null {
  const { allocator } = memory;
  if (wanted !== null && (wanted.slots !== slotsAddress || wanted.status !== statusAddress || wanted.data.length !== program.data.length)) return null;
  const taken: number[] = [];
  const giveBack = (): void => { for (const address of taken.splice(0)) allocator.free(address); };
  for (const [i, segment] of program.data.entries()) {
    const at = wanted?.data[i];
    const address = at === undefined ? allocator.allocate(segment.bytes.length) : allocator.allocateAt(at, segment.bytes.length) ? at : undefined;
    if (address === undefined) { giveBack(); return null; }
    taken.push(address);
    memory.u8.set(segment.bytes, address);
  }
  const data = [...taken];
  const frame = takeFrame(program.frameBytes, memory, wanted?.frame);
  if (frame === undefined) { giveBack(); return null; }
  let released = false;
  return {
    layout: { data, frame: frame.address, slots: slotsAddress, status: statusAddress },
    release() {
      if (released) return;
      released = true;
      giveBack();
      frame.release();
    },
  };
}

function takeFrame(bytes: number, memory: SharedMemory, wanted?: number): { address: number; release(): void } | undefined {
  if (bytes === 0) return { address: 0, release() {} };
  const size = 2 ** Math.ceil(Math.log2(Math.max(bytes, 1024)));
  let frame = frames.get(size);
  if (frame === undefined) {
    const address = wanted === undefined ? memory.allocator.allocate(size) : memory.allocator.allocateAt(wanted, size) ? wanted : undefined;
    if (address === undefined) return undefined;
    frame = { address, users: 0 };
    frames.set(size, frame);
  }
  if (wanted !== undefined && frame.address !== wanted) return undefined;
  const taken = frame;
  taken.users++;
  return {
    address: taken.address,
    release() {
      if (--taken.users > 0) return;
      frames.delete(size);
      memory.allocator.free(taken.address);
    },
  };
}

/** Room for `bytes` on the stack of copies, 16-byte aligned; 0 where it does not fit. The caller restores `memory.stack` afterwards. */
export function push(memory: SharedMemory, bytes: number): number {
  const address = (memory.stack - bytes) & ~15;
  if (bytes > memory.stack || address < memory.allocator.top) return 0;
  memory.stack = address;
  return address;
}
