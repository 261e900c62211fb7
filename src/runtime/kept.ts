// One job's way into the cache: what it is found by, what is found, what is kept of it.

import { Numbering, renumberData, renumberRead, textOfRead, valueText } from "../capture/canonical.ts";
import { Missing, type Read, type SerialSnapshot } from "../capture/serial.ts";
import { unreachable } from "../diagnostic.ts";
import type { Kind, Named } from "../ir/interface.ts";
import type { Layout } from "../ir/layout.ts";
import { simd } from "../wasm/instantiate.ts";
import { Cache, compilerIdentity, hashOf, type CacheSetting } from "./cache.ts";
import type { BuildOrder, Evaluated } from "./protocol.ts";

export interface StoredModule {
  readonly layout: Layout;
  readonly bytes: Uint8Array;
  readonly imports: readonly { readonly module: string; readonly name: string }[];
  readonly sourceMap: string | null;
}
interface Stored { readonly layout: Layout; readonly answer: Evaluated; readonly module: StoredModule }

export class Kept {
  private readonly cache: Cache;
  private readonly order: BuildOrder;
  private readonly snapshot: SerialSnapshot;
  private start: string | null = null;

  constructor(order: BuildOrder, setting: CacheSetting, snapshot: SerialSnapshot) {
    this.cache = new Cache(setting);
    this.order = order;
    this.snapshot = snapshot;
  }

  /** The answer to an equal order, in this snapshot's numbers; its reads are the snapshot's trace. Throws Missing. */
  find(): { readonly key: string; readonly answer: Evaluated } | null {
    const { snapshot, cache } = this;
    const start = this.startOf();
    for (const trace of cache.traces<readonly Read[]>(start)) {
      snapshot.forget();
      const numbers = this.numbersOfKinds();
      const text: string[] = [];
      let whole = true;
      for (const stored of trace) {
        const read = renumberRead(stored, (id) => numbers.order[id]);
        if (read === undefined) { whole = false; break; } // what was there then is not there now
        try { text.push(textOfRead(read, snapshot, numbers)); } catch (error) {
          if (error instanceof Missing) throw error;
          whole = false;
          break;
        }
      }
      if (!whole) continue;
      const key = hashOf(`${start}\n${text.join("\n")}`);
      const layouts = cache.layouts(key);
      const [first] = layouts;
      const entry = first === undefined ? null : (cache.read(first.file) as Stored | null);
      if (entry === null) continue;
      const { facts, js, wasm } = entry.answer;
      try {
        const own = renumberData({ expects: facts.expects, js: js?.head ?? null, wasm: wasm?.head ?? null }, (id) => numbers.order[id]);
        return {
          key,
          answer: {
            ...entry.answer, facts: { ...facts, expects: own.expects, ms: { parse: 0, evaluate: 0, passes: 0 }, passMs: {} },
            js: js && { ...js, head: own.js! }, wasm: wasm && { ...wasm, head: own.wasm! }, layouts: layouts.map(({ layout }) => layout),
          },
        };
      } catch (error) { if (!(error instanceof RangeError)) throw error; }
    }
    snapshot.forget();
    return null;
  }

  /** The key of what was just read. */
  keyOfReads(trace: readonly Read[]): string | null {
    const reads = [...trace]; // reading them again adds nothing, since all were read
    const numbers = this.numbersOfKinds();
    const text = reads.map((read) => textOfRead(read, this.snapshot, numbers));
    return hashOf(`${this.startOf()}\n${text.join("\n")}`);
  }

  module(key: string, layout: Layout): StoredModule | null {
    const file = fileOf(key, layout);
    return (this.cache.read(file) as Stored | null)?.module ?? null;
  }

  /** Others of this start are to look for what this one read. Answers the numbers in the order of reading. */
  keepTrace({ trace }: Evaluated): Numbering {
    const numbers = this.numbersOfKinds();
    this.cache.addTrace(this.startOf(), trace.map((read) => {
      textOfRead(read, this.snapshot, numbers);
      return renumberRead(read, (id) => numbers.find(id));
    }));
    return numbers;
  }

  keep(key: string, answer: Evaluated, module: StoredModule): void {
    const numbers = this.keepTrace(answer);
    try {
      const { facts, js, wasm } = answer;
      const own = renumberData({ expects: facts.expects, js: js?.head ?? null, wasm: wasm?.head ?? null }, (id) => numbers.find(id));
      const stored: Stored = {
        layout: module.layout, module,
        answer: { ...answer, trace: [], facts: { ...facts, expects: own.expects }, js: js && { ...js, head: own.js! }, wasm: wasm && { ...wasm, head: own.wasm! }, layouts: [] },
      };
      this.cache.write(fileOf(key, module.layout), stored);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // it speaks of a node that it never read: not to be kept
    }
  }

  /** All that is known before anything is read. */
  private startOf(): string {
    const { order, snapshot } = this;
    if (this.start !== null) return this.start;
    const numbers = new Numbering();
    const kernel = textOfRead(["node", order.kernel], snapshot, numbers);
    const kinds = [order.self, ...order.args].map((kind) => kindText(kind, numbers));
    const { limits, simd: lanes, passes, rare, gaveUp } = order.options;
    const options = JSON.stringify([order.overlap, limits, lanes, passes, rare, gaveUp, (order.options as { relax?: unknown }).relax, order.jsOperations, order.wasm, { ...order.emit, sourceMap: undefined }, simd()]);
    return (this.start = hashOf([compilerIdentity(), kernel, ...kinds, options].join("\n")));
  }

  private numbersOfKinds(): Numbering {
    const numbers = new Numbering();
    numbers.of(this.order.kernel);
    for (const kind of [this.order.self, ...this.order.args]) kindText(kind, numbers);
    return numbers;
  }
}

const fileOf = (key: string, layout: Layout): string => `${key}-${hashOf(JSON.stringify(layout)).slice(0, 16)}.version`;

const namedText = ({ named }: { readonly named?: Named }, numbers: Numbering): string => (named ? ` named ${JSON.stringify([...named].map(([name, kind]) => [name, kind && kindText(kind, numbers)]))}` : "");

function kindText(kind: Kind, numbers: Numbering): string {
  switch (kind.kind) {
    case "f64": case "i32": case "boolean": case "undefined": case "null": case "string": return kind.kind;
    case "bigint": return kind.range;
    case "typed": return `${kind.dataView ? "DataView" : (kind.bigints ?? kind.array)} ${kind.sized === undefined ? "" : `sized ${kind.sized} `}${kind.prototype === undefined ? "" : numbers.of(kind.prototype)}${namedText(kind, numbers)}`;
    case "array": return `array ${kindText(kind.element, numbers)} ${kind.length} ${kind.gaps ? "gaps " : ""}${kind.sized ? "sized " : ""}${kind.prototype === undefined ? "" : numbers.of(kind.prototype)}${namedText(kind, numbers)}`;
    case "object": return `object ${JSON.stringify([...kind.fields].map(([name, field]) => [name, kindText(field, numbers)]))} ${kind.prototype === null ? "bare" : kind.prototype < 0 ? "" : numbers.of(kind.prototype)} ${JSON.stringify(kind.others ?? [])} ${JSON.stringify(kind.indexed ?? [])} ${valueText(kind.linked, numbers)}`;
    case "mixed": return `mixed ${kind.of.join()}`;
    case "same": return `same ${JSON.stringify(kind.path)} ${valueText(kind.linked, numbers)}`;
    case "linked": return `linked ${valueText(kind.value, numbers)}`;
    case "static": return `static ${kind.slow ? "slow " : ""}${kind.getter ? "getter " : ""}${kind.bound ? "bound " : ""}${valueText(kind.value, numbers)}`;
    default: return unreachable(kind);
  }
}
