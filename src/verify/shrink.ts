// Shrinking: from a kernel that fails to a small one that still does.
//
// 1. one input of the failing ones; 2. edits of the source (edits.ts), greatest saving first, until none is kept; 3. parameters that
// nobody reads; 4. simpler values; again from 2 while anything was kept. (Zeller and Hildebrandt's delta debugging, over a syntax tree.)
//
// Requires: `fails` answers for any subject, says false for what does not fail in the same way, and leaves the inputs alone (copy them).
// Guarantees: the result fails; the original kernel itself ends on it within `steps` turns of its loops.

import { isObject } from "./compare.ts";
import { copyTogether } from "./copy.ts";
import { applyEdit, editsOf, paramNames, parseKernel, saving, withoutParam, withSteps } from "./edits.ts";
import type { Subject } from "./show.ts";

export interface ShrinkOptions {
  /** candidates tried at most (default 4,000) */
  readonly attempts?: number;
  /** turns of loops that a candidate may take (default 100,000) */
  readonly steps?: number;
}

export async function shrink(subject: Subject, fails: (candidate: Subject) => boolean | Promise<boolean>, options: ShrinkOptions = {}): Promise<Subject> {
  return new Shrinker(subject, fails, options).run();
}

class Shrinker {
  private best: Subject;
  private left: number;
  private readonly steps: number;
  private readonly fails: (candidate: Subject) => boolean | Promise<boolean>;
  private readonly tried = new Set<string>();

  constructor(subject: Subject, fails: (candidate: Subject) => boolean | Promise<boolean>, options: ShrinkOptions) {
    this.best = subject;
    this.fails = fails;
    this.left = options.attempts ?? 4000;
    this.steps = options.steps ?? 100_000;
  }

  async run(): Promise<Subject> {
    for (const input of this.best.inputs) if (this.best.inputs.length > 1 && await this.keep({ ...this.best, inputs: [input] })) break;
    for (let changed = true; changed;) {
      changed = await this.source();
      changed = await this.params() || changed;
      changed = await this.values() || changed;
    }
    await this.keep({ ...this.best, source: tidy(this.best.source) });
    return this.best;
  }

  /** Takes a candidate for the best so far if it still fails. */
  private async keep(candidate: Subject): Promise<boolean> {
    if (this.left <= 0) return false;
    this.left--;
    if (!ends(candidate, this.steps) || !await this.fails(candidate)) return false;
    this.best = candidate;
    return true;
  }

  private async source(): Promise<boolean> {
    let changed = false;
    let most = Infinity; // greater savings were tried just now
    for (let again = true; again;) {
      again = false;
      for (const edit of editsOf(this.best.source)) {
        if (saving(edit) > most) continue;
        const source = applyEdit(this.best.source, edit);
        if (this.tried.has(source) || !parses(source)) continue;
        this.tried.add(source);
        if (!await this.keep({ ...this.best, source })) continue;
        this.tried.clear();
        most = saving(edit);
        changed = again = true;
        break;
      }
      if (!again && most < Infinity) { most = Infinity; again = true; } // once more from the top, until that finds nothing
    }
    return changed;
  }

  private async params(): Promise<boolean> {
    let changed = false;
    for (let k = paramNames(this.best.source).length - 1; k >= 0; k--) {
      const { source, slow, inputs } = this.best;
      const name = paramNames(source)[k];
      const without = { source: withoutParam(source, k), slow: slow.filter((s) => s !== name), inputs: inputs.map((args) => args.filter((_, n) => n !== k)) };
      if (parses(without.source) && await this.keep(without)) changed = true;
    }
    return changed;
  }

  private async values(): Promise<boolean> {
    let changed = false;
    for (let again = true; again;) {
      again = false;
      for (const inputs of simplerInputs(this.best.inputs)) {
        if (!await this.keep({ ...this.best, inputs })) continue;
        changed = again = true;
        break;
      }
    }
    return changed;
  }
}

const compileText = (source: string): unknown => new Function(`return (${source});`);

function parses(source: string): boolean {
  try { parseKernel(source); return typeof compileText(source) === "function"; } catch { return false; }
}

class TooLong extends Error {}

/** The kernel comes to an end on all inputs, by a return or a throw of its own. */
function ends({ source, inputs }: Subject, steps: number): boolean {
  let taken = 0;
  const step = (): void => { if (++taken > steps) throw new TooLong(); };
  try {
    const call = new Function("$step", `return (${withSteps(source)});`)(step) as (...args: unknown[]) => unknown;
    for (const input of inputs) {
      try { call(...copyTogether(input)); } catch (error) { if (error instanceof TooLong) return false; }
    }
    return true;
  } catch { return false; }
}

// ───────────────────────────────── simpler values ─────────────────────────────────

/** Inputs with one value made simpler, in all places where it is the same object first, then in each alone. */
function* simplerInputs(inputs: readonly (readonly unknown[])[]): Generator<unknown[][]> {
  for (const [n, input] of inputs.entries()) {
    for (const [k, value] of input.entries()) {
      for (const simple of simpler(value)) {
        const replaced = (test: (v: unknown, at: number) => boolean): unknown[][] => inputs.map((args, m) => (m === n ? args.map((v, at) => (test(v, at) ? simple : v)) : [...args]));
        if (isObject(value) && input.filter((v) => v === value).length > 1) yield replaced((v) => v === value);
        yield replaced((_, at) => at === k);
      }
    }
  }
}

/** Simpler values of the same kind, the simplest first. Every one is simpler than its original by a measure that can't go on for ever. */
function* simpler(value: unknown): Generator<unknown> {
  if (typeof value === "number") { yield* simplerNumbers(value); return; }
  if (value === true) { yield false; return; }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const array = value as Float64Array;
    if (array.buffer.byteLength !== array.byteLength) yield array.slice(); // a buffer of its own
    for (const [from, to] of shorter(array.length)) yield join(array.slice(0, from), array.slice(to));
    for (let k = 0; k < Math.min(array.length, 40); k++) {
      for (const simple of simplerNumbers(array[k]!)) { const copy = array.slice(); copy[k] = simple; if (Object.is(copy[k], simple)) yield copy; }
    }
    return;
  }
  if (Array.isArray(value)) {
    for (const [from, to] of shorter(value.length)) yield [...value.slice(0, from), ...value.slice(to)];
    for (let k = 0; k < Math.min(value.length, 40); k++) for (const simple of simpler(value[k])) yield value.map((v: unknown, n) => (n === k ? simple : v));
    return;
  }
  if (isObject(value) && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [key, field] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([k]) => k !== key));
      for (const simple of simpler(field)) yield { ...value, [key]: simple };
    }
  }
}

function* simplerNumbers(value: number): Generator<number> {
  for (const simple of [0, 1, 2, -1, Math.trunc(value), Math.round(value * 8) / 8]) {
    if (cost(simple) < cost(value)) yield simple;
  }
}
/** how much there is to read in a number; 0 is the simplest */
const cost = (x: number): number => (Object.is(x, 0) ? 0 : x === 1 ? 1 : x === 2 ? 2 : 2 + (Object.is(x, -0) ? 2 : String(x).length));

/** Ranges of elements to drop: all, halves, each. */
function* shorter(length: number): Generator<readonly [number, number]> {
  if (length === 0) return;
  yield [0, length];
  if (length > 2) { const half = length >> 1; yield [half, length]; yield [0, half]; }
  if (length > 1) for (let k = Math.min(length, 40) - 1; k >= 0; k--) yield [k, k + 1];
}

function join(a: Float64Array, b: Float64Array): Float64Array {
  const made = new (a.constructor as Float64ArrayConstructor)(a.length + b.length);
  made.set(a);
  made.set(b, a.length);
  return made;
}

/** Without the blank lines and empty statements that edits leave behind, indented anew by its braces. */
function tidy(source: string): string {
  let depth = 0;
  const lines: string[] = [];
  for (const line of source.split("\n").map((l) => l.trim().replace(/\{ +\}/g, "{}"))) {
    if (line === "" || line === ";") continue;
    if (line.startsWith("}")) depth--;
    lines.push("  ".repeat(Math.max(depth, 0)) + line);
    depth += (line.match(/\{/g) ?? []).length - (line.match(/\}/g) ?? []).length + (line.startsWith("}") ? 1 : 0);
  }
  return lines.join("\n");
}
