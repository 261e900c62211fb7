// Snapshots: live values as nodes, their contents as of the first look.

import vm from "node:vm";
import { describe, expect, test } from "vitest";
import { lookThrough } from "../../src/capture/host.ts";
import { Snapshot } from "../../src/capture/snapshot.ts";
import { hole, type NodeRef, type Property, type SnapNode } from "../../src/ir/snapshot.ts";
import { load, shown } from "./look.ts";

const counter = await load("counter.mjs");

const nodeOf = <K extends SnapNode["kind"]>(live: unknown, kind: K): Extract<SnapNode, { kind: K }> => {
  const snapshot = new Snapshot();
  const node = snapshot.node(snapshot.value(live) as NodeRef);
  expect(node.kind).toBe(kind);
  return node as Extract<SnapNode, { kind: K }>;
};

describe("nodes", () => {
  test.each<[string, unknown, string]>([
    ["a plain object", {}, "object"], ["an array", [], "array"], ["a typed array", new Float32Array(2), "typed"], ["a Map", new Map(), "map"], ["a Set", new Set(), "set"],
    ["a function", () => 1, "function"], ["a class", class {}, "function"], ["Math", Math, "builtin"], ["Math.sin", Math.sin, "builtin"],
    ["a bound function", (() => 1).bind(null), "function"], ["a function of the engine that is bound to nothing", Object.assign.bind(undefined), "builtin"], ["a Proxy", new Proxy({}, {}), "opaque"], ["a Proxy of an array", new Proxy([], {}), "opaque"],
    ["a symbol", Symbol("s"), "opaque"], ["BigInt64Array", new BigInt64Array(1), "object"], ["a date", new Date(), "object"], ["an ArrayBuffer", new ArrayBuffer(1), "object"],
    ["a Map of another realm", vm.runInNewContext("new Map()"), "map"], ["a typed array of another realm", vm.runInNewContext("new Int8Array(1)"), "typed"],
  ])("%s", (_, live, kind) => void nodeOf(live, kind as SnapNode["kind"]));

  test("class and prototype", () => expect(nodeOf(new counter["Filter"](1), "object").className).toBe("Filter"));
  test("an array's holes and undefineds", () => expect(nodeOf([1, , undefined], "array").items).toEqual([1, hole, undefined])); // eslint-disable-line no-sparse-arrays
  test("frozen arrays say so", () => expect(nodeOf(Object.freeze([1]), "array").frozen).toBe(true));
  test("a class's code", () => expect(nodeOf(counter["Filter"], "function").code.isClass).toBe(true));
  test("a Map's entries", () => expect(nodeOf(new Map([["a", 1]]), "map").entries).toEqual([["a", 1]]));
  test("a function's place", () => {
    const { code } = nodeOf(counter["makeParameter"], "function");
    expect(code.file).toMatch(/modules\/counter\.mjs$/);
    expect([code.line, code.column]).toEqual([36, 8]); // after `export `
  });
  test("a method's place", () => {
    const { code } = nodeOf(Object.getOwnPropertyDescriptor(counter["Filter"].prototype, "twice")!.get, "function");
    expect([code.text, code.line, code.column]).toEqual(["get twice() { return this.a * 2; }", 44, 3]);
  });
  test("views of one buffer share its node", () => {
    const buffer = new ArrayBuffer(16);
    const snapshot = new Snapshot();
    const [a, b, c] = [new Float64Array(buffer), new Uint32Array(buffer, 8), new Float64Array(2)].map((view) => snapshot.node(snapshot.value(view) as NodeRef) as Extract<SnapNode, { kind: "typed" }>);
    expect([a!.buffer === b!.buffer, a!.buffer === c!.buffer, b!.byteOffset]).toEqual([true, false, 8]);
  });
});

describe("identity", () => {
  test("one object, one node; cycles too", () => {
    const live: Record<string, unknown> = { list: [1] };
    live["self"] = live;
    live["again"] = live["list"];
    const snapshot = new Snapshot();
    const ref = snapshot.value(live) as NodeRef;
    const read = (key: string): NodeRef => (snapshot.property(ref, key) as { value: NodeRef }).value;
    expect(read("self")).toBe(ref);
    expect(read("again")).toBe(read("list"));
    expect(snapshot.live(ref)).toBe(live);
  });
  test("a Proxy that may be looked through is the object behind it", () => {
    const target = { a: 1 };
    const proxy = new Proxy(target, {});
    lookThrough(proxy, target);
    const snapshot = new Snapshot();
    expect(snapshot.value(proxy)).toBe(snapshot.value(target));
    snapshot.property(snapshot.value(proxy) as NodeRef, "a");
    expect(snapshot.matches(snapshot.value(target), proxy)).toBe(true);
  });
});

describe("contents are those of the first look", () => {
  test("objects as a whole", () => {
    const live = { a: 1, b: 2 };
    const snapshot = new Snapshot();
    const ref = snapshot.value(live) as NodeRef;
    snapshot.property(ref, "a");
    live.b = 3;
    expect(snapshot.property(ref, "b")).toMatchObject({ value: 2 });
  });
  test("typed arrays, bit for bit", () => {
    const live = new Uint32Array([0x7fc00001, 2]);
    const floats = new Float32Array(live.buffer);
    const { values } = nodeOf(floats, "typed");
    live[1] = 3;
    expect([...new Uint32Array((values as Float32Array).buffer)]).toEqual([0x7fc00001, 2]);
  });
});

describe("properties", () => {
  const cfg = { gain: 2, get half() { return 1; }, set only(_: number) {} };
  class Base { inherited(): number { return 1; } get g(): number { return 2; } static shared = 3; }
  class Derived extends Base { own = -0; }
  const assign = Object.assign(() => 1, { tag: 7 });
  const show = (snapshot: Snapshot, p: Property): string => (p.kind === "data" ? `data ${shown(snapshot, p.value)}${p.writable ? "" : " fixed"}` : p.kind === "getter" ? `getter ${snapshot.node(p.get).kind}` : p.kind);
  test.each(([
    [cfg, "gain", "data 2"],
    [cfg, "half", "getter function"],
    [cfg, "only", "setter"],
    [cfg, "absent", "absent"],
    [cfg, "toString", "data builtin"],
    [Object.freeze({ a: 1 }), "a", "data 1 fixed"],
    [new Derived(), "own", "data -0"],
    [new Derived(), "inherited", "data function"],
    [new Derived(), "g", "getter function"],
    [Derived, "shared", "data 3"],
    [assign, "tag", "data 7"],
    [assign, "length", "data 0 fixed"],
    [[5, 6], "1", "data 6"],
    [[5, 6], "2", "absent"],
    [[5, 6], "length", "data 2"],
    [[5], "map", "data builtin"],
    [new Float64Array([1.5]), "0", "data 1.5"],
    [new Float64Array(3), "length", "data 3 fixed"],
    [new Float64Array(3), "-0", "absent"],
    [new Float64Array(3), "fill", "data builtin"],
    [new Map([[1, 2]]), "size", "data 1 fixed"],
    [new Set([1]), "has", "data builtin"],
    [Math, "PI", `data ${Math.PI} fixed`],
    [Math, "sin", "data builtin"],
    [new Proxy({}, {}), "a", "opaque"],
    [counter, "Filter", "data function"],
  ] as [unknown, string, string][]).map(([live, key, wanted]) => [key, wanted, live] as [string, string, unknown]))("%s: %s", (key, wanted, live) => {
    const snapshot = new Snapshot();
    expect(show(snapshot, snapshot.property(snapshot.value(live) as NodeRef, key))).toBe(wanted);
  });
  test("own enumerable keys, in order", () => {
    const snapshot = new Snapshot();
    expect(snapshot.keys(snapshot.value({ b: 1, a: 2, 1: 3 }) as NodeRef)).toEqual(["1", "b", "a"]);
  });
  test("getters do not run", () => {
    const snapshot = new Snapshot();
    const live = { get trap(): number { throw new Error("run"); }, a: 1 };
    const ref = snapshot.value(live) as NodeRef;
    snapshot.property(ref, "trap");
    snapshot.fingerprint([ref]);
    expect(snapshot.matches(ref, live)).toBe(true);
  });
  test("an export that is not initialised is opaque", async () => {
    const kinds: string[] = [];
    const kindOf = (module: object): void => {
      const snapshot = new Snapshot();
      kinds.push(snapshot.property(snapshot.value(module) as NodeRef, "late").kind);
    };
    (globalThis as Record<string, unknown>)["lookAtModule"] = kindOf;
    kindOf(await load("early.mjs"));
    delete (globalThis as Record<string, unknown>)["lookAtModule"];
    expect(kinds).toEqual(["opaque", "data"]);
  });
});

describe("built-ins", () => {
  test.each(([
    [Math.sin, "Math.sin"], [Array.prototype.map, "Array.prototype.map"], [Float64Array, "Float64Array"], [Object.prototype, "Object.prototype"], [Function.prototype, "Function.prototype"],
    [Function.prototype.call, "Function.prototype.call"], [Object.getPrototypeOf(Int8Array.prototype).fill, "%TypedArray%.prototype.fill"], [Number.parseFloat, "parseFloat"], [TypeError, "TypeError"],
    [String.prototype.charCodeAt, "String.prototype.charCodeAt"], [globalThis, "globalThis"], [Number.isInteger, "Number.isInteger"], [Object.getOwnPropertyDescriptor(Map.prototype, "size")!.get, "get Map.prototype.size"],
  ] as [unknown, string][]).map(([live, name]) => [name, live] as [string, unknown]))("%s", (name, live) => {
    expect(nodeOf(live, "builtin").name).toBe(name);
    const snapshot = new Snapshot();
    expect(snapshot.live(snapshot.builtin(name))).toBe(live);
  });
  test("a replaced one is the user's", () => {
    const sin = Math.sin;
    Math.sin = (x) => x;
    try {
      const snapshot = new Snapshot();
      const found = snapshot.property(snapshot.builtin("Math"), "sin") as { value: NodeRef };
      expect(snapshot.node(found.value).kind).toBe("function");
    } finally {
      Math.sin = sin;
    }
  });
});

test("deep-frozen means plain data all the way down", () => {
  const frozen = (live: object): boolean => {
    const snapshot = new Snapshot();
    return snapshot.isDeepFrozen(snapshot.value(live) as NodeRef);
  };
  expect(frozen(Object.freeze({ a: 1, b: Object.freeze([1, 2]) }))).toBe(true);
  expect(frozen(Object.freeze({ a: [1] }))).toBe(false);
  expect(frozen({ a: 1 })).toBe(false);
  expect(frozen(Object.freeze({ a: () => 1 }))).toBe(false);
  expect(frozen(Object.freeze({ get a() { return 1; } }))).toBe(false);
  expect(frozen(Object.freeze(new Map()))).toBe(false);
  let deep: object = Object.freeze({});
  for (let i = 0; i < 30_000; i++) deep = Object.freeze([deep]);
  expect(frozen(deep)).toBe(true);
});

test("what leads back to an object that is not frozen is not deep-frozen, whichever is asked first", () => {
  const upper: { lower?: object; open?: object } = {};
  const lower = Object.freeze({ upper });
  upper.lower = lower;
  upper.open = [];
  Object.freeze(upper);
  const snapshot = new Snapshot();
  expect([upper, lower].map((live) => snapshot.isDeepFrozen(snapshot.value(live) as NodeRef))).toEqual([false, false]);
});
