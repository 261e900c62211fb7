// Mathematical functions that the library has and the host has too: may the library's take the place of the host's here?
// ECMAScript leaves their last bits to the engine, and the original runs on this engine, so the answer is found by asking it: once, when a
// kernel first uses the function, on inputs that do not change from run to run. One differing bit, and the host's is imported as ever.

import { libraryBytes, type LibraryFunction } from "./link.ts";

/** Measured faster than the import of the host's (tan, atan, atan2, asin and acos are not). */
const candidates = { cbrt: Math.cbrt } as const satisfies { readonly [name in LibraryFunction]?: (x: number) => number };
type Candidate = keyof typeof candidates;

const verdicts = new Map<Candidate, boolean>();

/** The library's function to be called for Math[name], or null: import the host's. */
export function replacement(name: string): LibraryFunction | null {
  if (!isCandidate(name)) return null;
  let same = verdicts.get(name);
  if (same === undefined) verdicts.set(name, (same = agrees(name)));
  return same ? name : null;
}

const isCandidate = (name: string): name is Candidate => Object.hasOwn(candidates, name);

function agrees(name: Candidate): boolean {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(libraryBytes() as Uint8Array<ArrayBuffer>), { env: { memory } });
  const ours = exports[name] as (x: number) => number, host = candidates[name];
  return inputs().every((x) => Object.is(ours(x), host(x)));
}

/** Edges, then doubles of all magnitudes, most of them ordinary. */
function inputs(): number[] {
  const found = [0, 5e-324, 2.2250738585072014e-308, 0.5, 1, 2, 8, 27, 2 ** 53, Number.MAX_VALUE, Infinity, NaN].flatMap((x) => [x, -x]);
  let state = 1;
  const next = (): number => { state = (Math.imul(state, 1664525) + 1013904223) | 0; return (state >>> 0) / 2 ** 32; };
  for (let i = 0; i < 2000; i++) found.push((next() - 0.5) * 2 ** (i % 4 === 0 ? Math.floor(next() * 1000) - 500 : i % 12));
  return found;
}
