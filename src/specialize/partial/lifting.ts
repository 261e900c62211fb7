// Templates: the slow numbers that decide nothing are read from memory, so that one program serves all values that differ in these alone.
//
//   acc += taps[k] * x[i + k]     taps: 0.25, 0.5 …     f64.load slots + 8 k, in the place of the constant
//
// A number that is looked at to decide something (a condition, an index, a length) is pinned: its name is remembered, the walk begins again, and
// it is a constant then. A name is where the number stands, places in arrays left out: `layers.*.weights`. What is pinned is remembered for the
// kernel, so that the next template's walk begins with it.
// Guarantees: the program is right whatever the slots hold, as far as they hold numbers of their kind; all else that the walk asked of the
// slow values is a question that other values have to answer alike (readings.ts).

import type { Kind, Path } from "../../ir/interface.ts";
import { isMachineOp, isMemoryOp } from "../../ir/ops.ts";
import { NodeRef, type SnapNode, type SnapshotView, type SnapValue } from "../../ir/snapshot.ts";
import type { Memory as MemoryInstr, Value } from "../../ir/types.ts";
import { loadElement } from "./arrays.ts";
import { pathKey, type Evaluator } from "./evaluator.ts";
import { memory, newSpace } from "./inputs.ts";
import { Readings, sameValue } from "./readings.ts";
import { num, type Abs, type Mem } from "./values.ts";
import { Restart } from "./walk.ts";

/** Names of what decides, learned by one walk for the next. */
export type Pinned = Set<string>;

/** Values that a template is to be filled with: their snapshot, the kernel in it, and the call's kinds. */
export interface Filling { readonly snapshot: SnapshotView; readonly kernel: NodeRef; readonly self: Kind; readonly args: readonly Kind[] }
/** What a question is put to: it writes what it reads of numbers into the slots. */
interface Asked extends Filling { readonly slots: Slots }
interface Slots { readonly f64: Float64Array; readonly i32: Int32Array }
type Element = keyof Slots;

/** A stretch of the slots of one kind. */
interface Stretch { readonly of: Element; readonly at: number; readonly count: number }
interface Area { readonly mem: Mem; readonly segment: number; count: number }
interface Origin { readonly names: ReadonlySet<string>; /** nothing else that varies is in the value */ readonly alone: boolean }

const nothing: Origin = { names: new Set(), alone: true }, unknown: Origin = { names: new Set(), alone: false };
/** A chain of operations is followed so far. */
const deepest = 200;

export class Lifting {
  readonly readings: Readings<Asked>;
  private readonly pinned: Pinned;
  private readonly names = new Map<number, string>();
  private readonly listed = new Set<number>();
  private readonly areas = new Map<Element, Area>();
  private readonly stretches = new Map<number, Stretch | null>();
  private readonly fields = new Map<number, Map<string, Stretch>>();
  private readonly inputs = new Map<string, Stretch>();
  private readonly tables = new Map<number, Mem>();
  /** by the value that was loaded, or by the address of a stretch */
  private readonly nameOf = new Map<Value, string>();
  private readonly origins = new Map<Value, Origin>();

  constructor(pinned: Pinned, snapshot: SnapshotView) {
    this.pinned = pinned;
    this.readings = new Readings(snapshot);
  }

  get any(): boolean { return this.areas.size > 0; }

  // ── what is lifted ──

  /** An object or array was found there. */
  call(ref: NodeRef, name: string): void { if (!this.names.has(ref.node)) this.names.set(ref.node, name); }
  /** The same of what an array holds; asked once for each item, it looks once. */
  callItems(ref: NodeRef, items: readonly unknown[]): void {
    if (this.listed.has(ref.node)) return;
    this.listed.add(ref.node);
    const name = `${this.name(ref)}.*`;
    for (const item of items) if (item instanceof NodeRef) this.call(item, name);
  }
  private name(ref: NodeRef): string { return this.names.get(ref.node) ?? "captured"; }
  private below(ref: NodeRef, key: string): string { return `${this.name(ref)}.${isIndex(key) ? "*" : key}`; }

  /** A property of a slow object or array: where it is a number that may vary, a load. */
  property(ev: Evaluator, ref: NodeRef, key: string): Abs | undefined {
    const node = this.readings.node(ref);
    if (node.kind === "typed" || node.kind === "array") {
      const stretch = isIndex(key) ? this.stretchOf(ev, ref) : null;
      if (stretch) return Number(key) < stretch.count ? this.load(ev, stretch, Number(key), this.name(ref)) : undefined;
    }
    if (node.kind !== "object" && !(node.kind === "array" && isIndex(key))) return undefined;
    const { property, name } = { property: this.readings.peek(ref, key), name: this.below(ref, key) };
    if (property.kind === "data" && property.value instanceof NodeRef) this.call(property.value, name);
    if (property.kind !== "data" || typeof property.value !== "number" || this.pinned.has(name)) return undefined;
    let known = this.fields.get(ref.node);
    if (known === undefined) this.fields.set(ref.node, (known = new Map()));
    let stretch = known.get(key);
    if (stretch === undefined) {
      const made = (stretch = this.take(ev, "f64", 1)), { writable } = property;
      known.set(key, stretch);
      this.readings.questions.push(({ snapshot, slots }) => {
        const there = snapshot.property(ref, key);
        if (there.kind !== "data" || typeof there.value !== "number" || there.writable !== writable) return false;
        slots.f64[made.at] = there.value;
        return true;
      });
    }
    return this.load(ev, stretch, 0, name);
  }

  /** A slow array of numbers as memory, for reading it at any index. */
  items(ev: Evaluator, ref: NodeRef): Mem | undefined {
    const known = this.tables.get(ref.node), stretch = this.stretchOf(ev, ref);
    if (known || !stretch) return known;
    const { mem } = this.areas.get(stretch.of)!, size = stretch.of === "f64" ? 8 : 4;
    const ptr = ev.inPrologue(() => ev.b.op("i32.add", mem.ptr, ev.b.i32(stretch.at * size)));
    this.nameOf.set(ptr, this.name(ref));
    const table: Mem = { ...mem, ptr, len: ev.inPrologue(() => ev.b.i32(stretch.count)) };
    this.tables.set(ref.node, table);
    return table;
  }

  /** One of these items. */
  item(ev: Evaluator, ref: NodeRef, index: number): Abs | undefined {
    const stretch = this.stretchOf(ev, ref);
    return stretch ? this.load(ev, stretch, index, this.name(ref)) : undefined;
  }

  /** An argument that is a slow number itself. */
  input(ev: Evaluator, path: Path, value: SnapValue): Abs | undefined {
    const key = pathKey(path);
    if (typeof value !== "number" || this.pinned.has(key)) return undefined;
    let stretch = this.inputs.get(key);
    if (stretch === undefined) {
      const made = (stretch = this.take(ev, "f64", 1));
      this.inputs.set(key, stretch);
      this.readings.questions.push((asked) => {
        const there = staticAt(asked, path);
        if (typeof there !== "number") return false;
        asked.slots.f64[made.at] = there;
        return true;
      });
    }
    const of = stretch;
    return num(ev.inPrologue(() => this.loaded(ev, of, 0, key))); // what an argument's field is found to be on one path is known on all
  }

  /** Where the numbers of an array lie; null where it holds others, or they are pinned. */
  private stretchOf(ev: Evaluator, ref: NodeRef): Stretch | null {
    let stretch = this.stretches.get(ref.node);
    if (stretch === undefined) this.stretches.set(ref.node, (stretch = this.pinned.has(this.name(ref)) ? null : this.liftItems(ev, ref)));
    return stretch;
  }

  private liftItems(ev: Evaluator, ref: NodeRef): Stretch | null {
    this.readings.node(ref); // its kind is a question
    const numbers = numbersOf(this.readings.peekNode(ref));
    if (numbers === null || numbers.values.length === 0) return null;
    const stretch = this.take(ev, numbers.as, numbers.values.length);
    this.readings.questions.push(({ snapshot, slots }) => {
      const there = numbersOf(snapshot.node(ref));
      if (there === null || there.as !== stretch.of || there.values.length !== stretch.count) return false;
      slots[stretch.of].set(there.values, stretch.at);
      return true;
    });
    return stretch;
  }

  private take(ev: Evaluator, of: Element, count: number): Stretch {
    let area = this.areas.get(of);
    if (area === undefined) {
      const segment = ev.data.push({ name: "slots", element: of, bytes: new Uint8Array(0), varies: true }) - 1;
      const space = newSpace(ev, "slots", "data", of);
      const ptr = ev.inPrologue(() => { const v = ev.b.value("i32", "slots"); ev.b.append({ op: "data.addr", segment, args: [], results: [v] }); return v; });
      this.areas.set(of, (area = { mem: { k: "mem", of: memory({ array: of === "i32" ? "Int32Array" : "Float64Array", space, name: "slots", path: null, constant: true }), ptr, len: ev.b.i32(0) }, segment, count: 0 }));
    }
    const at = area.count;
    area.count += count;
    return { of, at, count };
  }

  private load(ev: Evaluator, stretch: Stretch, index: number, name: string): Abs { return num(this.loaded(ev, stretch, index, name)); }
  private loaded(ev: Evaluator, { of, at }: Stretch, index: number, name: string): Value {
    const value = loadElement(ev, this.areas.get(of)!.mem, ev.b.i32(at + index));
    this.nameOf.set(of === "i32" ? value.def!.args[0]! : value, name);
    return value;
  }

  // ── what is pinned ──

  /** The value decides something: what is in it of lifted numbers is pinned. `alone`: only if nothing else varies in it. */
  pin(value: Value, alone: boolean): void {
    if (!this.any) return;
    const origin = this.originOf(value, 0);
    if (origin.names.size === 0 || (alone && !origin.alone)) return;
    for (const name of origin.names) this.pinned.add(name);
    throw new Restart();
  }

  private originOf(value: Value, depth: number): Origin {
    const known = this.origins.get(value);
    if (known) return known;
    if (depth > deepest) return unknown;
    const origin = this.findOrigin(value, depth);
    this.origins.set(value, origin);
    return origin;
  }

  private findOrigin(value: Value, depth: number): Origin {
    const name = this.nameOf.get(value), { def } = value;
    if (name !== undefined) return { names: new Set([name]), alone: true };
    if (def === null) return unknown;
    if (def.op === "const") return nothing;
    if (isMemoryOp(def.op)) {
      const table = this.nameOf.get((def as MemoryInstr).args[0]!);
      return table === undefined ? unknown : { names: new Set([table]), alone: this.originOf(def.args[1]!, depth + 1).alone };
    }
    if (!isMachineOp(def.op)) return unknown;
    const parts = def.args.map((arg) => this.originOf(arg, depth + 1)).filter((part) => part !== nothing);
    if (parts.length < 2) return parts[0] ?? nothing;
    return { names: new Set(parts.flatMap(({ names }) => [...names])), alone: parts.every((part) => part.alone) };
  }

  // ── the end ──

  /** How large the areas have become is known now. */
  close(ev: Evaluator): void {
    for (const [element, { segment, count }] of this.areas) ev.data[segment] = { ...ev.data[segment]!, bytes: new Uint8Array(count * (element === "f64" ? 8 : 4)) };
  }

  /** The bytes of the slots, by segment, for other values; null where they need another program. */
  fill(made: Omit<Filling, "snapshot">, values: Filling): ReadonlyMap<number, Uint8Array> | null {
    const slots = { f64: new Float64Array(this.areas.get("f64")?.count ?? 0), i32: new Int32Array(this.areas.get("i32")?.count ?? 0) };
    // what a walk begins with has the same numbers in both snapshots, so that questions are asked of nodes that an answer named before
    if (!sameValue(made.kernel, values.kernel)) return null;
    const alike = (a: Kind, b: Kind, root: number | "this"): boolean => sameKind(a, b, { root, keys: [] }, (path) => this.inputs.has(pathKey(path)));
    if (made.args.length !== values.args.length || !alike(made.self, values.self, "this") || !made.args.every((kind, i) => alike(kind, values.args[i]!, i))) return null;
    const { snapshot, kernel, self, args } = values, asked: Asked = { snapshot, kernel, self, args, slots };
    for (const question of this.readings.questions) if (!question(asked)) return null;
    return new Map([...this.areas].map(([element, { segment }]) => [segment, new Uint8Array(slots[element].buffer)]));
  }
}

const isIndex = (key: string): boolean => /^(?:0|[1-9]\d{0,9})$/.test(key);

/** The numbers of an array, and what they are kept as; null where it holds others. */
function numbersOf(node: SnapNode): { readonly values: ArrayLike<number>; readonly as: Element } | null {
  switch (node.kind) {
    case "typed": return { values: node.values, as: node.array === "Float64Array" || node.array === "Float32Array" || node.array === "Uint32Array" ? "f64" : "i32" };
    case "array": return node.items.every((item) => typeof item === "number") ? { values: node.items as readonly number[], as: "f64" } : null;
    default: return null;
  }
}

/** What stands at a path of the call's values that is static. */
export function staticAt({ self, args }: Pick<Filling, "self" | "args">, { root, keys }: Path): SnapValue | undefined {
  let kind = root === "this" ? self : typeof root === "number" ? args[root] : undefined;
  for (const key of keys) kind = kind?.kind === "object" ? kind.fields.get(String(key)) : undefined;
  return kind?.kind === "static" ? kind.value : undefined;
}

/** Whether a walk sees no difference between two kinds; numbers at paths that are `free` may differ. */
function sameKind(a: Kind, b: Kind, path: Path, free: (path: Path) => boolean): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case "static": {
      const other = b as typeof a;
      return a.slow === other.slow && ((typeof a.value === "number" && typeof other.value === "number" && free(path)) || sameValue(a.value, other.value));
    }
    case "object": {
      const other = b as typeof a, keys = [...other.fields.keys()];
      return a.prototype === other.prototype && a.others?.join() === other.others?.join() && a.fields.size === keys.length
        && [...a.fields].every(([key, field], i) => key === keys[i] && sameKind(field, other.fields.get(key)!, { ...path, keys: [...path.keys, key] }, free));
    }
    case "array": { const other = b as typeof a; return (a.length === 0) === (other.length === 0) && sameKind(a.element, other.element, path, () => false); }
    case "typed": { const other = b as typeof a; return a.array === other.array && a.prototype === other.prototype && a.dataView === other.dataView && a.buffer === other.buffer && a.bigints === other.bigints; }
    case "bigint": return a.range === (b as typeof a).range;
    case "mixed": return a.of.join() === (b as typeof a).of.join();
    case "same": return pathKey(a.path) === pathKey((b as typeof a).path);
    case "f64": case "i32": case "boolean": case "undefined": case "null": case "string": return true;
    case "linked": return false;
  }
}
