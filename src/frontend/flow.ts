// Structured SSA while it is being written: what value each local variable has now, and how the values of several paths meet.
//
// A variable has a slot; `read` and `assign` see and change its current value. A journal remembers every assignment, so that a path can be
// undone before its neighbour is written, and so that the variables which a path changed are known without looking at the others. Hence
//   branch   yields what either arm changed,   block   what any exit from it changed,
//   loop     carries what the caller says may change (known beforehand from scopes.ts).
// A slot without a value at the start of a construct belongs to a variable declared inside it and is not passed on.
// Guarantees: regions end with one terminator; what cannot be reached is not written (callbacks answer null where control does not get).

import { Builder } from "../ir/build.ts";
import type { Br, JsTry, Label, LoopNotes, Region, Value } from "../ir/types.ts";

/** Writes a path; answers the values that it gives beside the variables, or null if its end is never reached. */
export type Path<P extends unknown[] = []> = (...params: P) => readonly Value[] | null;

type Changes = ReadonlyMap<number, Value>;
const noChanges: Changes = new Map();
interface Exit { readonly args: Value[]; readonly extra: readonly Value[]; readonly changes: Changes }

/** A block that jumps may leave: `exit` goes to its end. */
export interface Target { readonly label: Label; readonly mark: number; readonly exits: Exit[] }
/** A loop that jumps may continue: `again` starts its next iteration. */
export interface Head { readonly label: Label; readonly slots: readonly number[] }

export class Flow {
  readonly build = new Builder();
  private readonly values: (Value | undefined)[] = [];
  private readonly journalSlots: number[] = [];
  private readonly journalValues: (Value | undefined)[] = [];
  private readonly names: readonly string[];

  /** `names[slot]` are the variables' names. */
  constructor(names: readonly string[]) { this.names = names; }

  read(slot: number): Value | undefined { return this.values[slot]; }

  assign(slot: number, value: Value): void {
    this.journalSlots.push(slot);
    this.journalValues.push(this.values[slot]);
    this.values[slot] = value;
  }

  /** Writes an `if`. Answers the arms' extra values merged, or null if neither arm gets to its end. */
  branch(cond: Value, then: Path, otherwise: Path): Value[] | null {
    const place = this.build.place;
    const regions: readonly [Region, Region] = [emptyRegion(), emptyRegion()];
    const exits = [this.path(regions[0], then), this.path(regions[1], otherwise)];
    const merged = this.merge(exits);
    this.build.append({ op: "if", args: [cond], results: merged.results, regions, place });
    return this.settle(merged);
  }

  /** Writes a block; `write` gets the target by which it may be left. Where nothing jumps there the block is left out. */
  block(name: string, write: Path<[Target]>): readonly Value[] | null {
    const place = this.build.place;
    const outer = this.build.region;
    const target: Target = { label: this.build.label(name), mark: this.journalSlots.length, exits: [] };
    const region = (this.build.region = emptyRegion());
    const extra = write(target);
    this.build.region = outer;
    if (target.exits.length === 0) {
      for (const instr of region.body) outer.body.push(instr);
      return extra;
    }
    const end = extra && this.end(region, extra, target.mark);
    this.undo(target.mark);
    const merged = this.merge([...target.exits, end]);
    this.build.append({ op: "block", label: target.label, args: [], results: merged.results, regions: [region], place });
    return this.settle(merged);
  }

  exit(target: Target, extra: readonly Value[] = []): null {
    const args: Value[] = [];
    target.exits.push({ args, extra, changes: this.changesSince(target.mark) });
    this.build.append({ op: "br", label: target.label, args, results: [], place: this.build.place });
    return null;
  }

  /**
   * Writes a loop that carries `first` and then the variables `slots`. `write` writes the body up to the point where the loop ends by
   * itself (null: it never does); inside, `again` continues. Answers null if control does not get behind the loop.
   */
  loop(
    name: string, first: readonly Value[], slots: readonly number[], notes: LoopNotes, write: (head: Head, first: readonly Value[]) => readonly [] | null,
  ): readonly [] | null {
    const place = this.build.place;
    const inits = [...first, ...slots.map((slot) => this.values[slot]!)];
    const params = [...first.map((v) => this.build.value("js", v.name)), ...slots.map((slot) => this.build.value("js", this.names[slot]))];
    const head: Head = { label: this.build.label(name), slots };
    const mark = this.journalSlots.length;
    const outer = this.build.region;
    const region: Region = (this.build.region = { params, body: [] });
    slots.forEach((slot, i) => this.assign(slot, params[first.length + i]!));
    const ends = write(head, params.slice(0, first.length)) !== null;
    if (ends) this.build.yield(slots.map((slot) => this.values[slot]!));
    this.build.region = outer;
    this.undo(mark);
    const results = ends ? slots.map((slot) => this.build.value("js", this.names[slot])) : [];
    this.build.append({ op: "loop", label: head.label, args: inits, results, regions: [region], notes, place });
    if (!ends) { this.unreachable(); return null; }
    slots.forEach((slot, i) => this.assign(slot, results[i]!));
    return [];
  }

  again(head: Head, first: readonly Value[] = []): null {
    const args = [...first, ...head.slots.map((slot) => this.values[slot]!)];
    this.build.append({ op: "br", label: head.label, args, results: [], place: this.build.place } satisfies Br);
    return null;
  }

  /**
   * Writes a `js.try`. Variables that the body (for "finally": either region) assigns must be cells, since a throw may leave it anywhere.
   * Control gets behind a "catch" from either region, behind a "finally" only through both.
   */
  try(kind: JsTry["kind"], body: Path, other: Path<[Value | undefined]>): readonly Value[] | null {
    const place = this.build.place;
    const param = kind === "catch" ? this.build.value("js", "exception") : undefined;
    const regions: readonly [Region, Region] = [emptyRegion(), { params: param ? [param] : [], body: [] }];
    const exits = [this.path(regions[0], body), this.path(regions[1], () => other(param))];
    const merged = this.merge(exits);
    this.build.append({ op: "js.try", kind, args: [], results: merged.results, regions, place });
    return this.settle(kind === "finally" ? { ...merged, reached: !exits.includes(null) } : merged);
  }

  /** Nothing follows an instruction whose regions are all left by jumps. */
  unreachable(): void { this.build.append({ op: "trap", exit: -1, args: [], results: [], place: this.build.place }); }

  private path(region: Region, write: Path): Exit | null {
    const outer = this.build.region;
    const mark = this.journalSlots.length;
    this.build.region = region;
    const extra = write();
    const end = extra && this.end(region, extra, mark);
    this.build.region = outer;
    this.undo(mark);
    return end;
  }

  /** Ends a region with a yield whose values are filled in when all paths are known. */
  private end(region: Region, extra: readonly Value[], mark: number): Exit {
    const args: Value[] = [];
    region.body.push({ op: "yield", args, results: [] });
    return { args, extra, changes: this.changesSince(mark) };
  }

  /** Fills in what each path gives. Requires the state before the construct: an unchanged variable has its old value on that path. */
  private merge(paths: readonly (Exit | null)[]): { results: Value[]; slots: readonly number[]; extra: number; reached: boolean } {
    const exits = paths.filter((p) => p !== null);
    const changed = new Set<number>();
    for (const { changes } of exits) for (const slot of changes.keys()) changed.add(slot);
    const slots = [...changed].sort((a, b) => a - b);
    for (const { args, extra, changes } of exits) {
      args.push(...extra);
      for (const slot of slots) args.push(changes.get(slot) ?? this.values[slot]!);
    }
    const extra = exits[0]?.extra.length ?? 0;
    const results = exits.length === 0 ? [] : Array.from({ length: extra }, () => this.build.value("js"));
    for (const slot of slots) results.push(this.build.value("js", this.names[slot]));
    return { results, slots, extra, reached: exits.length > 0 };
  }

  private settle({ results, slots, extra, reached }: ReturnType<Flow["merge"]>): Value[] | null {
    if (!reached) { this.unreachable(); return null; }
    slots.forEach((slot, i) => this.assign(slot, results[extra + i]!));
    return results.slice(0, extra);
  }

  /** What was assigned since then, other than variables without a value before. */
  private changesSince(mark: number): Changes {
    if (this.journalSlots.length === mark) return noChanges;
    const changes = new Map<number, Value>();
    // backwards, so that the value before is in the end the one at the mark
    for (let i = this.journalSlots.length - 1; i >= mark; i--) {
      const slot = this.journalSlots[i]!;
      const before = this.journalValues[i], now = this.values[slot];
      if (before !== undefined && now !== undefined && before !== now) changes.set(slot, now);
      else changes.delete(slot);
    }
    return changes;
  }

  private undo(mark: number): void {
    while (this.journalSlots.length > mark) this.values[this.journalSlots.pop()!] = this.journalValues.pop();
  }
}

const emptyRegion = (): Region => ({ params: [], body: [] });
