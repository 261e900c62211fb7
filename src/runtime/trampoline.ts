// A WebAssembly function that calls whatever stands in its table: `run(p…) = table[0](p…)`.
//
// A call site that has called several WebAssembly functions is slow for good (the engine gives up on knowing its target). One that always calls
// the same trampoline is not: the target changes inside WebAssembly, by `table.set`. Costs one to two nanoseconds a call (bench/dispatch.mjs).
// A relay is the same for many callers: `run(place, p…) = table[place](p…)`.

import type { Type } from "../ir/types.ts";

export interface FunctionType { readonly params: readonly Type[]; readonly results: readonly Type[] }
type Run = (...params: (number | bigint | object)[]) => number | undefined;

export interface Trampoline { readonly run: Run; target(run: Run): void }

/** Types that JavaScript passes as numbers. */
const codes: Partial<Readonly<Record<Type, number>>> = { i32: 0x7f, f64: 0x7c };

/** Modules by type: one is compiled for each, and instances of it cost microseconds. */
const modules = new Map<string, WebAssembly.Module>();

/** Null: there are none for that type. */
export function trampoline({ params, results }: FunctionType): Trampoline | null {
  if ([...params, ...results].some((type) => codes[type] === undefined) || params.length > 100 || results.length > 1) return null;
  const key = `${params.join()}:${results.join()}`;
  let module = modules.get(key);
  if (module === undefined) modules.set(key, (module = new WebAssembly.Module(bytesOf(params, results, false))));
  const { run, table } = through(module);
  return { run, target: (target) => table.set(0, target) };
}

function through(module: WebAssembly.Module): { readonly run: Run; readonly table: WebAssembly.Table } {
  const table = new WebAssembly.Table({ element: "anyfunc", initial: 1 });
  const { exports } = new WebAssembly.Instance(module, { t: { t: table } });
  return { run: exports["run"] as Run, table };
}

export interface Relay {
  readonly run: (place: number, ...params: number[]) => number;
  /** a place of one's own */
  take(): number;
  /** who stands there; null: nobody */
  put(place: number, run: Run | null): void;
  free(place: number): void;
}

/** doubles that a relay's functions take, at most; they give one */
export const mostRelayed = 4;
const relays: Relay[] = [];

/** The relay of functions that take so many doubles and give one. */
export function relayOf(doubles: number): Relay {
  return (relays[doubles] ??= makeRelay(doubles));
}

function makeRelay(doubles: number): Relay {
  const { run, table } = through(new WebAssembly.Module(bytesOf(Array<Type>(doubles).fill("f64"), ["f64"], true)));
  const free: number[] = [];
  let used = 0;
  return {
    run: run as Relay["run"],
    take() {
      const place = free.pop() ?? used++;
      if (place >= table.length) table.grow(table.length);
      return place;
    },
    put: (place, target) => table.set(place, target),
    free(place) { table.set(place, null); free.push(place); },
  };
}

const section = (id: number, bytes: readonly number[]): number[] => [id, ...leb(bytes.length), ...bytes];
const leb = (n: number): number[] => (n < 0x80 ? [n] : [(n & 0x7f) | 0x80, ...leb(n >> 7)]);
const name = (text: string): number[] => [text.length, ...Array.from(text, (c) => c.charCodeAt(0))];

/** `placed`: the first parameter says which of the table's functions is called; else it is the first. */
function bytesOf(params: readonly Type[], results: readonly Type[], placed: boolean): Uint8Array<ArrayBuffer> {
  const code = (type: Type): number => codes[type]!;
  const own = placed ? [code("i32")] : [];
  // local.get each, which one (local.get 0 or i32.const 0), call_indirect, end
  const body = [0, ...params.flatMap((_, i) => [0x20, ...leb(i + own.length)]), placed ? 0x20 : 0x41, 0, 0x11, 0, 0, 0x0b];
  const type = (first: readonly number[]): number[] => [0x60, ...leb(first.length + params.length), ...first, ...params.map(code), results.length, ...results.map(code)];
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [2, ...type([]), ...type(own)]),
    ...section(2, [1, ...name("t"), ...name("t"), 1, 0x70, 0, 1]),
    ...section(3, [1, 1]),
    ...section(7, [1, ...name("run"), 0, 0]),
    ...section(10, [1, ...leb(body.length), ...body]),
  ]);
}
