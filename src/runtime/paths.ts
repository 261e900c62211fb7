// Slots for the paths that a version's entry asks for, and the steps that fill and test them (plan.ts).
//
// Values live in numbered slots: the roots first, then every field on the way, parents before children. A key that no source can spell leads to an array that is made of
// its holder (within.ts); a private field, the time of a Date are read by ways of their own.

import { fieldOfEach } from "../ir/fields.ts";
import { timeKey, timeOf } from "../ir/dates.ts";
import type { Path } from "../ir/interface.ts";
import { elementsKey } from "../ir/within.ts";
import { privateField } from "../capture/privates.ts";
import type { Root, Step, Surroundings, Test, Variable } from "./plan.ts";
import { asTracked } from "./tracked.ts";
import { Records } from "./values.ts";
import { arrayReader, eachGiven } from "./within.ts";

/** Slots for paths, and the steps that fill and test them. */
export class Paths {
  readonly roots: Root[] = [];
  readonly steps: Step[] = [];
  count = 0;
  /** the slow and captured values, and parts of them, that an outcome may hold: nodes */
  readonly leaving = new Set<number>();
  /** where captured objects are found in others, by node */
  readonly elsewhere = new Map<number, Path>();
  private readonly known = new Map<string, number>();
  private readonly records = new Map<number, { keys: (string | number)[]; written: (string | number)[] }>();
  private readonly done = new Set<string>();
  private readonly around: Surroundings;

  constructor(around: Surroundings) { this.around = around; }

  /** A captured variable, read at entry too. */
  variable(root: Path["root"]): Variable {
    const source = this.roots[this.slot({ root, keys: [] })]!;
    if (source.from !== "variable") throw new Error("only captured variables are written whole");
    return source.variable;
  }

  slot(path: Path): number {
    const name = nameOf(path);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    let slot: number;
    if (path.keys.length === 0) {
      slot = this.count++;
      this.roots[slot] = this.around.root(path.root);
    } else {
      const from = this.slot({ root: path.root, keys: path.keys.slice(0, -1) });
      this.solid(from);
      const key = path.keys.at(-1)!;
      slot = this.count++;
      this.roots[slot] = { from: "constant", value: undefined }; // filled by the step
      const field = privateField(String(key)), array = arrayReader(key);
      if (array) this.steps.push({ do: "part", from, to: slot, get: array });
      else if (key === timeKey) {
        this.test(from, { is: "date" });
        this.steps.push({ do: "part", from, to: slot, get: timeOf });
      } else if (field) {
        this.once(`has ${String(key)} ${from}`, { do: "test", at: from, test: { is: "accepted", accepts: field.has as (live: unknown) => boolean } });
        this.steps.push({ do: "part", from, to: slot, get: field.get });
      } else {
        this.recordAt(from).keys.push(key);
        this.steps.push({ do: "read", from, key, to: slot });
      }
    }
    this.known.set(name, slot);
    return slot;
  }

  /** The slot of what the caller's own code finds there: of a tracked value the Proxies. */
  given(path: Path): number {
    const root = this.roots[this.slot({ root: path.root, keys: [] })]!, raw = this.slot(path);
    const from = givenRoot(root);
    if (from === root) return raw;
    const name = `given ${nameOf(path)}`, known = this.known.get(name);
    if (known !== undefined) return known;
    let slot: number;
    if (path.keys.length === 0) {
      slot = this.count++;
      this.roots[slot] = from;
    } else {
      const holder = this.given({ root: path.root, keys: path.keys.slice(0, -1) });
      slot = this.count++;
      this.roots[slot] = { from: "constant", value: undefined };
      const key = path.keys.at(-1)!, field = privateField(String(key)), each = fieldOfEach(key);
      const get = each === undefined ? (field?.get ?? arrayReader(key)) : eachGiven(each);
      this.steps.push(get ? { do: "part", from: holder, to: slot, get } : { do: "read", from: holder, key, to: slot });
    }
    this.known.set(name, slot);
    return slot;
  }

  /** Of a list that was made of an object's elements: where that is, and that it is written. */
  holderOf({ root, keys }: Path, written: number[]): { readonly at: number } | undefined {
    if (keys.at(-1) !== elementsKey) return undefined;
    const path = { root, keys: keys.slice(0, -1) }, at = this.slot(path);
    if (!written.includes(at)) written.push(at);
    return { at: this.given(path) };
  }

  /** A list of what is at these paths; of a tracked value nothing fits: what is written of it would not be noticed. */
  gathered(path: Path, roots: readonly Path[]): number {
    const from = roots.map((root) => this.slot(root)), gather = this.list(from), { to } = gather;
    this.known.set(nameOf(path), to);
    this.steps.push(gather);
    if (roots.some((root, i) => this.given(root) !== from[i])) this.test(to, { is: "accepted", accepts: () => false });
    return to;
  }

  /** A step that makes a list of what is in these slots. */
  list(from: readonly number[]): Step & { do: "gather" } {
    const to = this.count++;
    this.roots[to] = { from: "constant", value: undefined };
    return { do: "gather", from, to };
  }

  write(at: number, key: string | number): void {
    this.solid(at);
    const { written } = this.recordAt(at);
    if (!written.includes(key)) written.push(key);
  }

  private recordAt(at: number): { keys: (string | number)[]; written: (string | number)[] } {
    let record = this.records.get(at);
    if (record === undefined) this.records.set(at, record = { keys: [], written: [] });
    return record;
  }

  /** The steps, each solid object of which fields are used tested for them at once. */
  withRecords(): Step[] {
    return this.steps.map((step) => {
      const record = step.do === "test" && step.test.is === "solid" ? this.records.get(step.at) : undefined;
      return record === undefined ? step : { do: "record", at: (step as { at: number }).at, ...record, records: new Records(record.keys, record.written, this.isFunction((step as { at: number }).at)) };
    });
  }

  test(at: number, test: Test): void { this.steps.push({ do: "test", at, test }); }
  /** Is its prototype, by a test before, the one that nothing can be put behind? */
  isPlain(at: number): boolean { return this.steps.some((step) => step.do === "test" && step.at === at && step.test.is === "prototype" && (step.test.prototype === null || step.test.prototype === Object.prototype)); }
  /** A captured function, whose properties are read and written. */
  private isFunction(at: number): boolean { const root = this.roots[at]; return root?.from === "constant" && typeof root.value === "function"; }
  solid(at: number): void {
    if (this.isFunction(at)) this.recordAt(at);
    this.once(`solid ${at}`, { do: "test", at, test: { is: "solid" } });
  }
  /** An object that is written is no other object that is read: the program read all fields at entry. Where two are the same, it says so. */
  keepApart(written: readonly number[]): void {
    const read = new Set([...this.steps.flatMap(readBy), ...written]);
    const same = new Set(this.steps.flatMap((step) => (step.do === "pair" && step.same ? [`${step.a} ${step.b}`, `${step.b} ${step.a}`] : [])));
    for (const a of written) {
      for (const b of read) {
        if (a === b || same.has(`${a} ${b}`) || (written.includes(b) && b < a)) continue;
        this.once(`apart ${a} ${b}`, { do: "pair", a, b, same: false });
      }
    }
  }
  once(name: string, step: Step): void {
    if (this.done.has(name)) return;
    this.done.add(name);
    this.steps.push(step);
  }
}

/** The object of which a step reads something that a write to its fields may change: what stands there, whether it is there, which there are. */
function readBy(step: Step): readonly number[] {
  switch (step.do) {
    case "read": case "part": return [step.from];
    case "absent": case "notOwn": case "own": return [step.at];
    case "test": return step.test.is === "keys" ? [step.at] : [];
    default: return [];
  }
}

/** What the caller's own code has in a root's place. */
function givenRoot(root: Root): Root {
  if (root.from === "tracked") return root.index === "this" ? { from: "self" } : { from: "argument", index: root.index };
  const value = root.from === "constant" ? asTracked(root.value) : undefined;
  return root.from === "constant" && value !== root.value ? { from: "constant", value } : root;
}

export const nameOf = (path: Path): string => JSON.stringify([typeof path.root === "object" ? { node: path.root.node, variable: path.root.variable } : path.root, path.keys]);
