// Accessors of captured variables: they reach the real variable, stay live, and making them runs nothing of the function.

import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { Snapshot } from "../../src/capture/snapshot.ts";
import type { NodeRef } from "../../src/ir/snapshot.ts";
import { accessorsOf, reachSame } from "../../src/capture/accessors.ts";
import { inspectFunction } from "../../src/capture/inspector.ts";

const reach = (fn: Function, name: string) => accessorsOf(fn, name, inspectFunction(fn)!.scopes);

declare const unheardOf: number;

describe("accessors of a captured variable", () => {
  it("read and write the variable itself, for good", () => {
    let state = 1;
    const next = () => (state = state * 3 | 0);
    const accessors = reach(next, "state")!;
    expect(state).toBe(1);
    state = 7;
    expect(accessors.get()).toBe(7);
    accessors.set!(10);
    expect([state, next(), accessors.get()]).toEqual([10, 30, 30]);
  });

  it("are made once for a function", () => {
    let state = 0;
    const next = () => ++state;
    expect(reach(next, "state")).toBe(reach(next, "state"));
  });

  it("come without running the function, whatever it begins with", () => {
    let state = 1;
    const hit = () => { state = -1; };
    const kernels: Record<string, Function> = {
      expression: () => ++state,
      sequence: () => (hit(), ++state),
      return: function () { return state++; },
      strict: function () { "use strict"; state++; },
      rest: function (_a: number, ..._rest: number[]) { return ++state; },
      defaults: (_a = 1, _b = -2) => ++state,
      pattern: ({ x = 1, y = 2 }) => [x, y, ++state],
      items: ([x = 1, y = 2]) => [x, y, ++state],
      declaration: () => { const q = ++state; return q; },
      vars: () => { var q; var i; for (i = 0; i < 3; i++) state++; q = i; return q; },
      for: () => { for (let i = state++; i < 5; i++) hit(); },
      while: () => { while (state++ < 10); },
      doWhile: () => { do { state++; } while (state < 10); },
      forever: () => { for (;;) if (++state > 20) break; },
      switch: () => { switch (state++) { case 1: return 2; default: return 3; } },
      try: () => { try { state++; } finally { hit(); } },
      blocks: () => { { { state++; } } },
      inner: () => { function g() { state++; } g(); },
      throw: () => { throw state++; },
      if: () => { if (state++) hit(); },
      label: () => { out: { state++; break out; } },
      destructuring: () => { const { a = hit() } = {} as { a?: void }; return [a, state]; },
      items2: () => { const [a = hit()] = [] as void[]; return [a, state]; },
      forOf: () => { for (const a of [hit(), state]) void a; },
      forIn: () => { for (const a in (hit(), { b: state })) void a; },
      optional: () => (hit as ((a: number) => void) | undefined)?.(state),
      delete: () => { delete (hit(), { a: state } as { a?: number }).a; },
      logical: () => { state ||= 1; state &&= 3; },
      letAlone: () => { let q; q = hit(); return [q, state]; },
      template: () => `${state++}`,
      object: () => ({ a: state++ }),
      method: { m(a: number) { return state += a; } }.m,
    };
    for (const [name, kernel] of Object.entries(kernels)) {
      expect([name, typeof reach(kernel, "state")?.set]).toEqual([name, "function"]);
      expect([name, state]).toEqual([name, 1]);
    }
  });

  it("are refused where it is not sure that nothing would run", () => {
    let state = 1;
    const hit = () => ++state;
    Object.defineProperty(globalThis, "unheardOf", { get: hit, configurable: true });
    const kernels: Function[] = [
      (_a = hit()) => ++state,
      ({ a = hit() }) => a + state,
      () => { class A { static x = state++; } return A; },
      ({ a: { b } = hit() as never }) => [b, ++state],
      ({ a: { b } }: { a: { b: number } }) => [b, ++state],
      (_a = unheardOf) => ++state,
      function* () { yield state++; },
      async () => state++,
      class { m() { return ++state; } },
      class extends Object { id: number; constructor() { super(); this.id = ++state; } },
      class { x = hit(); id: number; constructor() { this.id = ++state; } },
      class { id: number; constructor(a = hit()) { this.id = a + state; } },
    ];
    for (const kernel of kernels) expect(reach(kernel, "state")).toBeNull();
    Reflect.deleteProperty(globalThis, "unheardOf");
    expect(state).toBe(1);
  });

  it("come of a class whose constructor counts, without making one of it", () => {
    let made = 1;
    const classes: Record<string, Function> = {
      plain: class { id: number; constructor() { this.id = ++made; } },
      fields: class { x = 1; list = []; #seen = false; static y = 2; id: number; constructor(a: number, b = 2) { this.id = made++ + a + b; this.#seen = true; } get seen() { return this.#seen; } },
      call: class { id: number; constructor() { this.id = (() => ++made)(); } },
    };
    for (const [name, one] of Object.entries(classes)) {
      const accessors = reach(one, "made");
      accessors?.set?.(7);
      expect([name, made]).toEqual([name, 7]);
      made = 1;
    }
  });

  it("leave out what a class's constructor declares itself", () => {
    let made: number | undefined, other: number | undefined;
    const one = class { id: unknown; constructor(made?: number) { for (let other = 0; other < 1; other++) this.id = [made, other]; } next() { made = (made ?? 0) + 1; other = made; return other; } };
    expect([reach(one, "made"), reach(one, "other"), typeof reach(one.prototype.next, "made")?.set]).toEqual([null, null, "function"]);
  });

  it("leave no global behind", () => {
    let state = 1;
    const before = Reflect.ownKeys(globalThis).length;
    reach(() => ++state, "state");
    expect(Reflect.ownKeys(globalThis).length).toBe(before);
  });

  it("know what can't be assigned", () => {
    const fixed = 1;
    expect(reach(() => fixed, "fixed")).toEqual({ get: expect.any(Function) });
  });

  it("leave out what is not initialised yet", () => {
    const use = () => late;
    const early = reach(use, "late");
    let late = 1;
    expect(early).toBeNull();
    expect(use()).toBe(late++);
    expect(reach(use, "late")!.get()).toBe(2);
  });

  it("serve functions that are nested in calls, and arrows that capture `this`", () => {
    class Counter {
      step = 2;
      make() { let count = 0; return { next: () => { count += this.step; return count; }, now: () => count }; }
    }
    const { next, now } = new Counter().make();
    const [accessors] = [next].map((fn) => reach(fn, "count"));
    next();
    expect([accessors!.get(), now()]).toEqual([2, 2]);
    accessors!.set!(40);
    expect(now()).toBe(40);
  });

  it("serve functions of other realms", () => {
    const context = createContext({});
    const [next, now] = runInContext("let s = 3; [() => s++, () => s]", context) as [Function, Function];
    const accessors = reach(next, "s")!;
    expect([accessors.get(), now()]).toEqual([3, 3]);
    accessors.set!(9);
    expect(now()).toBe(9);
    expect(runInContext("Object.getOwnPropertyNames(globalThis).filter((k) => k.startsWith('wasmorph'))", context)).toEqual([]);
  });

  it("reach global variables without a visit", () => {
    (globalThis as Record<string, unknown>).wasmorphTestGlobal = 5;
    try {
      const use = new Function("return wasmorphTestGlobal++") as () => number;
      const accessors = reach(use, "wasmorphTestGlobal")!;
      accessors.set!(8);
      expect([use(), accessors.get()]).toEqual([8, 9]);
    } finally {
      delete (globalThis as Record<string, unknown>).wasmorphTestGlobal;
    }
  });
});

describe("which variables are the same", () => {
  it("is seen through the accessors, and leaves the values alone", () => {
    const pair = () => { let x = 1; let y = 1; return { incX: () => ++x, decX: () => --x, incY: () => ++y, both: () => [x, y] }; };
    const a = pair();
    const b = pair();
    const x = reach(a.incX, "x")!;
    expect(reachSame(x, reach(a.decX, "x")!)).toBe(true);
    expect(reachSame(x, reach(a.incY, "y")!)).toBe(false);
    expect(reachSame(x, reach(b.incX, "x")!)).toBe(false);
    expect([a.both(), b.both()]).toEqual([[1, 1], [1, 1]]);
  });

  it("compares accessors of the user's with found ones", () => {
    let x = 1;
    const inc = () => ++x;
    const found = reach(inc, "x")!;
    expect(reachSame({ get: () => x, set: (v) => { x = v as number; } }, found)).toBe(true);
    expect(reachSame({ get: () => 1 }, found)).toBe(false);
    expect(reachSame({ get: () => Number(x) }, { get: () => Number(x) })).toBe(false); // neither writes
    const set = (v: unknown): void => { x = v as number; };
    expect(reachSame({ get: () => x, set }, { get: () => x, set })).toBe(true);
    expect(reachSame({ get: () => x, set }, { get: () => 1, set })).toBe(false);
    expect(reachSame({ get: () => x, set: () => { throw new Error("no"); } }, { get: () => x })).toBe(false);
    expect(x).toBe(1);
  });

  it("gives the snapshot's variables their numbers", () => {
    let shared = 0;
    let other = 0;
    const inc = () => ++shared;
    const dec = () => { other++; return --shared; };
    const snapshot = new Snapshot();
    const cell = (fn: Function, name: string) => {
      const captured = snapshot.captured(snapshot.value(fn) as NodeRef, name);
      return captured.kind === "variable" ? captured.accessors : captured.kind;
    };
    expect(cell(inc, "shared")).toEqual({ cell: 0, writable: true });
    expect(cell(dec, "shared")).toEqual({ cell: 0, writable: true });
    expect(cell(dec, "other")).toEqual({ cell: 1, writable: true });
    expect([shared, other]).toEqual([0, 0]);
  });

  it("tells closures of one text apart by their variables", () => {
    const make = () => { let n = 0; return () => ++n; };
    const [a, b] = [make(), make()];
    const snapshot = new Snapshot();
    const ref = snapshot.value(a) as NodeRef;
    snapshot.captured(ref, "n");
    expect([snapshot.matches(ref, a), snapshot.matches(ref, b)]).toEqual([true, false]);
  });
});
