// Mathematical functions that the library has and the host has too: may the library's take the place of the host's here?
// ECMAScript leaves their last bits to the engine, and the original runs on this engine, so the answer is found by asking it: once, when a
// kernel first uses the function, on inputs that do not change from run to run. One differing bit, and the host's is imported as ever.

import { Math } from "../ir/maths.ts";
import { mathName, type LaneMath } from "../ir/ops.ts";
import { binaryen } from "./binaryen.ts";
import { libraryBytes, link, type LibraryFunction } from "./link.ts";

type Host = (...args: number[]) => number;

/**
 * Measured faster than the import of the host's: those that V8 reaches from WebAssembly only through a call of JavaScript. (It calls exp, log, pow,
 * sin and cos directly; the library's tan, atan, atan2, asin and acos are no faster than its own.)
 */
const candidates = {
  cbrt: Math.cbrt, expm1: Math.expm1, log1p: Math.log1p, log2: Math.log2, log10: Math.log10, hypot: Math.hypot, hypot3: Math.hypot,
  sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, asinh: Math.asinh, acosh: Math.acosh, atanh: Math.atanh,
} as const satisfies { readonly [name in LibraryFunction]?: Host };

const verdicts = new Map<LibraryFunction, boolean>();
function known(name: LibraryFunction, find: () => boolean): LibraryFunction | null {
  let same = verdicts.get(name);
  if (same === undefined) verdicts.set(name, (same = find()));
  return same ? name : null;
}

/** The library's function to be called for Math[name] of so many arguments, or null: import the host's. `unasked`: whatever the host's bits are. */
export function replacement(of: string, arity: number, unasked = false): LibraryFunction | null {
  const name = of === "hypot" && arity === 3 ? "hypot3" : of;
  if (!isCandidate(name) || arity !== arityOf(name)) return null;
  return unasked ? name : known(name, () => agrees(instantiate(libraryBytes())[name] as Host, candidates[name], arity));
}
const isCandidate = (name: string): name is keyof typeof candidates => Object.hasOwn(candidates, name);
const arityOf = (name: keyof typeof candidates): number => (name === "hypot3" ? 3 : name === "hypot" ? 2 : 1);

/** The same of a function on vectors: it may leave NaN where the host does not. */
export function laneReplacement(name: LaneMath, arity: number, unasked = false): LibraryFunction | null {
  return unasked ? `${name}Lanes` : known(`${name}Lanes`, () => {
    const ours = oneLane(`${name}Lanes`, arity);
    const host = Math[mathName(name)] as Host;
    return agrees((...args) => { const mine = ours(...args); return Number.isNaN(mine) ? host(...args) : mine; }, host, arity);
  });
}

/** A function on vectors as one on numbers: a module that gives it each in both lanes. JavaScript has no vectors to call it with. */
function oneLane(name: LibraryFunction, arity: number): Host {
  const { module, typeNumber } = binaryen();
  const writer = module();
  try {
    writer.importMemory("env", "memory");
    const f64 = typeNumber("f64");
    const { internal, result } = link(writer, name);
    const args = Array.from({ length: arity }, (_, i) => writer.op("f64x2.splat", writer.get(i, f64)));
    writer.function("one", writer.together(args.map(() => f64)), f64, [], writer.lane("f64x2.extract_lane", [1], [writer.call(internal, args, result)]));
    writer.export("one", "run");
    return instantiate(writer.write(false, { level: 0, shrink: 0 }, undefined).bytes)["run"] as Host;
  } finally { writer.dispose(); }
}

function instantiate(bytes: Uint8Array): WebAssembly.Exports {
  const memory = new WebAssembly.Memory({ initial: 1 });
  return new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), { env: { memory } }).exports;
}

function agrees(ours: Host, host: Host, arity: number): boolean {
  const all = inputs();
  if (arity === 1) return all.every((x) => Object.is(ours(x), host(x)));
  const same = (...args: number[]): boolean => { const given = args.slice(0, arity); return Object.is(ours(...given), host(...given)); };
  return all.slice(0, edges).every((x, i) => all.slice(0, edges).every((y, k) => same(x, y, all[(i * 5 + k * 3) % edges]!))) && all.every((x, i) => {
    const y = all[(i * 7 + 3) % all.length]!, z = all[(i * 11 + 5) % all.length]!;
    return same(x, y, z) && same(Math.abs(x % 20), y % 8, z % 8);
  });
}

/** how many of the inputs are taken in all pairs */
const edges = 92;
/** Edges, then doubles of all magnitudes, most of them ordinary, and neighbours of 1. */
function inputs(): number[] {
  const points = [0, 5e-324, 2.2250738585072014e-308, 2 ** -54, 2 ** -28, Math.LN2 / 2, 0.5, Math.LN2, 1, Math.SQRT2, 2, 8, 10, 22, 27, 37.5, 709.5, 745, 2 ** 28, 2 ** 53, Number.MAX_VALUE, Infinity, NaN];
  const found = points.flatMap((x) => [x, -x, x * (1 + 2 ** -52), x * (1 - 2 ** -20)]);
  let state = 1;
  const next = (): number => { state = (Math.imul(state, 1664525) + 1013904223) | 0; return (state >>> 0) / 2 ** 32; };
  for (let i = 0; i < 8000; i++) {
    const x = next() - 0.5;
    const scale = i % 8 === 1 ? Math.floor(next() * 1000) - 500 : i % 8 === 2 ? -Math.floor(next() * 60) : i % 12;
    found.push(i % 8 === 0 ? 1 + x * 2 ** -Math.floor(next() * 40) : x * 2 ** scale);
  }
  return found;
}
