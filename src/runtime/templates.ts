// A kernel's templates: modules that read the slow numbers which decide nothing from memory. A version of new values that fit one needs no compiler:
// its numbers are written to slots of its own, and the module is instantiated with their addresses (decision 0014).
//
// Requires: `compile: "sync"`, tier wasm, a kernel that has had a version of these kinds. Guarantees: slots never change while their version lives;
// the module's memory is given back with the template, or with the last of its versions if that is later.

import type { Template, TemplateFilling } from "../compile.ts";
import type { SourceText } from "../diagnostic.ts";
import type { Data, Program } from "../ir/types.ts";
import type { Emitted } from "../wasm/emit.ts";
import { writer } from "../wasm/ready.ts";
import { instantiate } from "../wasm/instantiate.ts";
import { placeInPassing, type VersionOrder } from "./build.ts";
import type { Kernel } from "./kernel.ts";
import { bind, type Bound, type SharedMemory } from "./memory.ts";
import { withFreeMemory, type BuiltTier } from "./tiers.ts";

/** templates kept for each kernel: as many combinations of what decides */
const most = 4;
/** A template that is made serves its first version no sooner than a quick program would: so many may be made beyond those that paid. */
const patience = 3;

interface Kept { readonly template: Template; module: Module | null; uses: number; retired: boolean }
interface Module { readonly emitted: Emitted; readonly module: WebAssembly.Module; readonly bound: Bound; readonly emitMs: number; sourceMap(): string | null }

/** What a version is made of: the residual, and its WebAssembly program. */
export interface Templated {
  readonly residual: TemplateFilling["residual"];
  /** Null: the memory is full. */
  build(memory: SharedMemory): BuiltTier | null;
}

export class Templates {
  /** how many were made, and how many versions needed none to be made */
  readonly counts = { made: 0, served: 0 };
  private readonly kernel: Kernel;
  /** most recently used first */
  private readonly kept: Kept[] = [];
  private readonly pinned = new Set<string>();
  private off = false;

  constructor(kernel: Kernel) { this.kernel = kernel; }

  /** Null: a version of these values is to be made without one. `make`: one that is not there is made. */
  of({ request }: VersionOrder, make: boolean): Templated | null {
    const { pipeline, options } = this.kernel;
    if (this.off || pipeline.template === undefined || options.pure.length > 0) return null;
    for (const [i, kept] of this.kept.entries()) {
      const filling = kept.template.fill(request);
      if (filling === null) continue;
      this.kept.splice(i, 1);
      this.kept.unshift(kept);
      this.counts.served++;
      return this.templated(kept, filling);
    }
    if (!make) return null;
    if (this.counts.made >= patience + 2 * this.counts.served) { this.stop(); return null; }
    const template = pipeline.template(request, this.pinned), filling = template?.fill(request, template.spent) ?? null;
    if (template === null || filling === null) { this.stop(); return null; }
    this.counts.made++;
    const kept: Kept = { template, module: null, uses: 0, retired: false };
    this.kept.unshift(kept);
    if (this.kept.length > most) this.retire(this.kept.pop()!);
    return this.templated(kept, filling);
  }

  /** No more of them: what they are good for does not occur. */
  stop(): void {
    this.off = true;
    this.forget();
  }

  /** The kernel's versions go, and with them all that was made for others. */
  forget(): void { for (const kept of this.kept.splice(0)) this.retire(kept); }

  private retire(kept: Kept): void {
    kept.retired = true;
    if (kept.uses === 0) kept.module?.bound.release();
  }

  private templated(kept: Kept, { slots, residual }: TemplateFilling): Templated {
    return { residual, build: (memory) => this.build(kept, slots, memory) };
  }

  private build(kept: Kept, slots: TemplateFilling["slots"], memory: SharedMemory): BuiltTier | null {
    const { template: { program } } = kept, isNew = kept.module === null, module = (kept.module ??= this.emit(program, memory));
    if (module === null) return null;
    const started = performance.now(), { emitted, bound } = module, addresses = new Map<number, number>();
    const giveBack = (): void => {
      for (const address of addresses.values()) memory.allocator.free(address);
      if (--kept.uses === 0 && kept.retired) bound.release();
    };
    kept.uses++;
    for (const [segment, bytes] of slots) {
      const address = memory.allocator.allocate(bytes.length);
      if (address === undefined) { giveBack(); return null; }
      addresses.set(segment, address);
      memory.u8.set(bytes, address);
    }
    const { run } = instantiate(module.module, memory.wasm!, addresses), callable = withFreeMemory(program, bound.layout, memory, run as BuiltTier["run"]);
    let released = false;
    return {
      tier: "wasm", run: callable, direct: () => false, bytes: emitted.bytes.length, code: emitted.bytes, imports: emitted.imports, wat: () => emitted.wat(),
      get sourceMap() { return module.sourceMap(); },
      type: callable === run ? { params: program.functions[0]!.params.map(({ type }) => type), results: program.functions[0]!.results } : null,
      ms: { emit: isNew ? module.emitMs : 0, instantiate: performance.now() - started },
      release() { if (!released) { released = true; giveBack(); } },
    };
  }

  private emit(program: Program, memory: SharedMemory): Module | null {
    const started = performance.now();
    const bound = bind({ ...program, data: program.data.map((data): Data => (data.varies ? { ...data, bytes: new Uint8Array(0) } : data)) }, memory);
    if (bound === null) return null;
    try {
      const varying = new Set(program.data.flatMap(({ varies }, i) => (varies ? [i] : [])));
      const { name, code } = this.kernel;
      const emit = (sourceMap?: SourceText): Emitted => writer().emit(program, { ...bound.layout, varying }, { names: true, name, ...placeInPassing(this.kernel), ...(sourceMap === undefined ? {} : { sourceMap }) });
      const emitted = emit();
      return { emitted, module: new WebAssembly.Module(emitted.bytes as Uint8Array<ArrayBuffer>), bound, emitMs: performance.now() - started, sourceMap: () => emit(code).sourceMap ?? null };
    } catch (error) {
      bound.release();
      throw error;
    }
  }
}
