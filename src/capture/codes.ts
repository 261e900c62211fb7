// The code that compares slow values, kept for each kernel: its versions compare values of the same layouts, so their code is the same, and what it
// compares with is given to it. A swap then brings data alone: nothing is compiled on the way, and what the engine has optimized serves on.
//
// Guarantees: no two kernels share code, so that what the engine has seen of one's values is nothing to another. As many texts are kept as a
// kernel's values have layouts, up to a bound; those used last stay.

export class Codes {
  readonly #made = new Map<string, (...given: unknown[]) => unknown>();

  /** A function of those names with that body. Throws where a content-security policy forbids it. */
  get(names: readonly string[], body: string): (...given: unknown[]) => unknown {
    const key = `${names.join()} ${body}`, made = this.#made.get(key) ?? compiled(names, body);
    this.#made.delete(key);
    this.#made.set(key, made);
    if (this.#made.size > most) this.#made.delete(this.#made.keys().next().value!);
    return made;
  }

  /** texts that are kept */
  get size(): number { return this.#made.size; }
}

const most = 64;
let serial = 0;
/** the number keeps the engine from sharing what it has seen between equal texts */
const compiled = (names: readonly string[], body: string) => new Function(...names, `"use strict"; // comparison ${++serial}\n${body}`) as (...given: unknown[]) => unknown;

const byKernel = new WeakMap<Function, Codes>();

/** The kernel's; of none: a new one. */
export function codesOf(kernel: Function | null): Codes {
  if (kernel === null) return new Codes();
  let codes = byKernel.get(kernel);
  if (codes === undefined) byKernel.set(kernel, (codes = new Codes()));
  return codes;
}
