// A snapshot as plain data: the compiler makes the same of it as of the live values, and the same is guarded afterwards.

import { beforeAll, describe, expect, it } from "vitest";
import { describe as describeCall } from "../../src/capture/kinds.ts";
import { Missing, SerialSnapshot } from "../../src/capture/serial.ts";
import { Snapshot } from "../../src/capture/snapshot.ts";
import { loadWasmPasses, residualize, type Request } from "../../src/compile.ts";
import { printProgram } from "../../src/ir/print.ts";
import { NodeRef, type SnapshotView } from "../../src/ir/snapshot.ts";

beforeAll(() => loadWasmPasses());

type Call = (...args: never[]) => unknown;

function requestOf(fn: Call, args: readonly unknown[], slow: readonly number[]): { live: Snapshot; request: (snapshot: SnapshotView) => Request; statics: Parameters<Snapshot["fingerprint"]>[0] } {
  const live = new Snapshot({ kernel: fn, env: {} });
  const described = describeCall(undefined, args, new Map(slow.map((i) => [i, true as const])), live);
  live.fingerprint(described.statics);
  const kernel = live.value(fn) as NodeRef;
  return { live, statics: described.statics, request: (snapshot) => ({ kernel, snapshot, self: described.self, args: described.args, overlap: described.overlap, options: {} }) };
}

/** What a guard would compare. */
const readOf = (snapshot: Snapshot): unknown => [[...snapshot.touchedNodes()].length, snapshot.capturesRead().map(({ name }) => name).toSorted()];

function remotely(fn: Call, args: readonly unknown[], slow: readonly number[]): { program: string; rounds: number; live: Snapshot } {
  const { live, request, statics } = requestOf(fn, args, slow);
  const exporter = live.exporter(live.value(fn) as NodeRef);
  const serial = new SerialSnapshot();
  serial.add(structuredClone(exporter.first((live.value(fn) as NodeRef).node, statics)));
  for (let rounds = 1; ; rounds++) {
    try {
      const residual = residualize({ ...request(serial) });
      live.replay(structuredClone(serial.trace));
      return { program: printProgram(residual.optimized), rounds, live };
    } catch (error) {
      if (!(error instanceof Missing) || rounds > 50) throw error;
      serial.add(structuredClone(exporter.more(structuredClone(error.needs))));
    }
  }
}

const gain = 3;
const offsets = [1, -0, NaN, 2.5];
const helper = (x: number): number => Math.abs(x) * gain + offsets[3]!;
class Stage { readonly k: number; constructor(k: number) { this.k = k; } run(x: number): number { return x * this.k + gain; } }

const kernels: readonly [name: string, fn: Call, args: readonly unknown[], slow: readonly number[]][] = [
  ["captured constants and helpers", (x: number) => helper(x) + offsets.length, [1.5], []],
  ["slow arrays, holes, maps, sets", (x: number, c: { a: number[]; m: Map<string, number>; s: Set<number> }) => {
    let sum = 0;
    c.a.forEach((v) => { sum += v * x; });
    for (const [, v] of c.m) sum += v;
    return c.s.has(2) ? sum : -sum;
  // oxlint-disable-next-line no-sparse-arrays
  }, [2, { a: [1, , 3, -0], m: new Map([["q", 4]]), s: new Set([2]) }], [1]],
  ["methods of a class", (x: number, stages: Stage[]) => { let y = x; for (const s of stages) y = s.run(y); return y; }, [1, [new Stage(2), new Stage(5)]], [1]],
  ["typed arrays", (x: Float64Array, y: Float64Array, taps: Float32Array) => {
    for (let i = 0; i < y.length; i++) { let a = 0; for (let k = 0; k < taps.length; k++) a += taps[k]! * x[i + k]!; y[i] = a; }
  }, [new Float64Array(20), new Float64Array(16), Float32Array.of(1, 0.5, 0.25)], [2]],
  ["a cycle", (x: number, o: { v: number; self?: unknown }) => x + o.v + (o.self === o ? 1 : 0), [1, (() => { const o: { v: number; self?: unknown } = { v: 7 }; o.self = o; return o; })()], [1]],
];

describe("a snapshot as plain data", () => {
  for (const [name, fn, args, slow] of kernels) {
    it(`gives the same program and the same reads: ${name}`, () => {
      const { live, request } = requestOf(fn, args, slow);
      const program = printProgram(residualize(request(live)).optimized);
      const first = remotely(fn, args, slow);
      expect(normal(first.program)).toBe(normal(program));
      expect(readOf(first.live)).toEqual(readOf(live));
      const again = remotely(fn, args, slow);
      expect(normal(again.program)).toBe(normal(program));
      expect(again.rounds).toBe(1); // what was asked for before comes unasked
    });
  }
});

/** Node numbers follow the order in which objects were met, which differs. */
const normal = (text: string): string => text.split("\n").filter((line) => !line.startsWith("exit ") && !line.startsWith("input ")).join("\n");
