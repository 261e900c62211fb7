// Instances of modules that came from the worker, shared by all versions whose code and tables are equal: of two kernels of one source and equal
// captured values, of one kernel made twice, of a handle and its kernel.
//
// Guarantees: an instance's memory is given back when the last version that uses it is gone.

import { freeMemorySegment } from "../ir/layout.ts";
import type { ProgramHead } from "../ir/types.ts";
import { instantiate } from "../wasm/instantiate.ts";
import { loaded, writer } from "../wasm/ready.ts";
import type { Bound, SharedMemory } from "./memory.ts";
import type { Emission, ModuleAnswer } from "./protocol.ts";
import { withFreeMemory, type BuiltTier } from "./tiers.ts";
import { textOf } from "./workshop.ts";

export interface Product {
  readonly key: string | null;
  readonly answer: Omit<ModuleAnswer, "type" | "job">;
  readonly run: BuiltTier["run"];
  readonly bound: Bound;
  uses: number;
  readonly ms: number;
}

const products = new Map<string, Product>();

/** An instance of equal code and tables that is in use. */
export const productOf = (key: string | null): Product | undefined => (key === null ? undefined : products.get(key));

export function produce(key: string | null, head: ProgramHead, bound: Bound, answer: ModuleAnswer, memory: SharedMemory): Product {
  const started = performance.now();
  const { run } = instantiate(answer.module, memory.wasm!);
  const product: Product = {
    key, answer, bound, uses: 0, run: withFreeMemory(head, bound.layout, memory, run as BuiltTier["run"]), ms: performance.now() - started,
  };
  if (key !== null && !products.has(key)) products.set(key, product);
  return product;
}

/** One use of a product. */
export function tierOf(product: Product, emission: Emission): BuiltTier {
  const { answer, run } = product;
  product.uses++;
  let released = false;
  let text: string | null = null;
  return {
    tier: "wasm", run, direct: () => false, bytes: answer.bytes.length, code: answer.bytes, imports: answer.imports,
    wat: () => (text ??= loaded() ? writer().binaryen().disassemble(answer.bytes) : textOf(answer.bytes)),
    sourceMap: answer.sourceMap, ms: { emit: answer.ms.emit + answer.ms.compile, instantiate: product.ms },
    type: freeMemorySegment(emission.head) < 0 ? { params: emission.params, results: emission.results } : null,
    release() {
      if (released) return;
      released = true;
      if (--product.uses > 0) return;
      if (product.key !== null && products.get(product.key) === product) products.delete(product.key);
      product.bound.release();
    },
  };
}
