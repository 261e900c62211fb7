// What captured variables hold, and which of them are constants, in every kind of module.

import { Session } from "node:inspector";
import vm from "node:vm";
import { describe, expect, test } from "vitest";
import { attachCaptures } from "../../src/capture/captures.ts";
import { canInspect } from "../../src/capture/inspector.ts";
import { common, load, look, type Loaded } from "./look.ts";

const counter = await load("counter.mjs");
counter["prepare"]();
const transformed = (await import("./modules/counter.mjs" as string)) as Loaded; // by vitest: imports are __vite_ssr_import_0__.gain

/** one line a fact: the function, the name, what is found */
const facts = (title: string, rows: readonly (readonly [Function, string, string])[]): void => {
  describe(title, () => {
    for (const [fn, name, wanted] of rows) test(`${name}: ${wanted}`, () => expect(look(fn, name)).toBe(wanted));
  });
};

test("the host can look into functions", () => expect(canInspect()).toBe(true));

const moduleFacts = (module: Loaded): (readonly [Function, string, string])[] => [
  [module["kernel"], "taps", "constant array"],
  [module["kernel"], "reassigned", "variable 1"],
  [module["kernel"], "once", "constant typed"], // assigned once, at the top
  [module["kernel"], "Mode", "constant object"], // an enum as compilers write it
  [module["kernel"], "lazy", "constant array"], // assigned only while it is empty
  [module["kernel"], "shadowed", "constant 1"], // only a parameter of that name is assigned
  [module["kernel"], "helper", "constant function"],
  [module["kernel"], "Math", "constant builtin"],
  [module["kernel"], "undefined", "constant undefined"],
  [module["kernel"], "NaN", "constant NaN"],
  [module["arrow"], "taps", "constant array"],
  [module["Filter"].prototype.run, "taps", "constant array"],
  [module["Filter"].prototype.run, "Filter", "constant function"],
  [module["Filter"].make, "Filter", "constant function"],
  [module["fact"], "f", "constant function"],
  [module["makeSettled"](2)[1], "sum", "constant 3"], // all writes lie before the closure
  [module["makeSettled"](2)[1], "i", "constant 1"], // each iteration has its own
  [module["makeSettled"](2)[1], "scale", "constant 2"],
  [module["makeParameter"](5), "k", "constant 5"],
  [module["makeChangedParameter"](5), "k", "variable 3"],
];
facts("an ES module", [
  ...moduleFacts(counter),
  [counter["kernel"], "gain", "constant 2"],
  [counter["kernel"], "tune", "variable 1"], // `export let`, assigned by its module
  [counter["kernel"], "everything", "constant object"],
]);
facts("a module that vitest transformed", moduleFacts(transformed).filter(([, name]) => name !== "lazy"));

test("a closure's counter is a variable, its step a constant", () => {
  const { next } = counter["makeCounter"]() as { next: () => number };
  next();
  expect(look(next, "count")).toBe("variable 2");
  expect(look(next, "step")).toBe("constant 2");
  next();
  expect(look(next, "count")).toBe("variable 4");
});

facts("CommonJS", [
  [common["kernel"], "exports", "constant object"],
  [common["kernel"], "limit", "constant 10"],
  [common["kernel"], "moving", "variable 0"],
]);

const url = `data:text/javascript;base64,${Buffer.from("const k = 4; let m = 1; export const f = () => k + m; export const g = () => m++;").toString("base64")}`;
facts("a data: module", [[(await load(url))["f"], "k", "constant 4"], [(await load(url))["f"], "m", "variable 1"]]);

const made = new Function("a", "let b = 2; let c = 3; return { f: () => a + b + c, g: () => { c++; } };\n//# sourceURL=made-here")(1) as { f: () => number };
facts("new Function", [[made.f, "a", "constant 1"], [made.f, "b", "constant 2"], [made.f, "c", "variable 3"]]);

describe("a vm context", () => {
  const context = vm.createContext({ given: 5 });
  const f = vm.runInContext(`
    var v = 1; let l = 2; const c = 3;
    (function () { const inner = [4]; return function kernel() { return v + l + c + given + inner[0] + Math.abs(1); }; })()`, context) as Function;
  test.each([
    ["inner", "constant array"],
    ["c", "constant 3"],
    ["l", "variable 2"], // other scripts may assign it
    ["v", "variable 1"],
    ["given", "variable 5"],
    ["Math", "constant builtin"],
  ])("%s: %s", (name, wanted) => expect(look(f, name)).toBe(wanted));
});

describe("where a value comes from, first to last", () => {
  const helper = (): number => (globalThis as Loaded)["absent"] as number;
  const uses = new Function("return () => absent + taps")() as () => number;
  test("env", () => expect(look(counter["kernel"], "taps", { kernel: counter["kernel"], env: { taps: 3 } })).toBe("constant 3"));
  test("env holds for the kernel, not for its helpers", () => expect(look(counter["arrow"], "taps", { kernel: counter["kernel"], env: { taps: 3 } })).toBe("constant array"));
  test("env gives a variable by accessors", () => expect(look(uses, "absent", { env: { absent: { get: () => 7, set: () => {} } } })).toBe("variable 7"));
  test("what was attached to the function", () => expect(look(attachCaptures(() => helper(), { absent: 9 }), "absent")).toBe("constant 9"));
  test("nothing: the reason names the remedy", () => expect(look(uses, "absent")).toMatch(/^missing: absent is not defined; give absent in env/));
  test("a helper without a value takes env's at last", () => expect(look(uses, "absent", { kernel: helper, env: { absent: 1 } })).toBe("constant 1"));
  test("a getter of the global object is never run", () => expect(look(new Function("return performance") as Function, "performance")).toMatch(/behind a getter/));
});

test("a constant that is not initialised yet is missing", async () => {
  const source = "export function f() { return late; }\nglobalThis.earlyLook(f);\nconst late = 1;";
  let seen = "";
  (globalThis as Loaded)["earlyLook"] = (f: Function) => { seen = look(f, "late"); };
  const { f } = await load(`data:text/javascript,${encodeURIComponent(source)}`);
  delete (globalThis as Loaded)["earlyLook"];
  expect(seen).toMatch(/^missing: late is undefined: perhaps it is not initialised/);
  expect(look(f, "late")).toBe("constant 1");
});

test("nothing is left behind on the global object", () => {
  const before = Reflect.ownKeys(globalThis).length;
  look(counter["kernel"], "taps");
  expect(Reflect.ownKeys(globalThis).length).toBe(before);
});

test("another session's coverage goes on counting", () => {
  const session = new Session();
  session.connect();
  const post = (method: string, params: object = {}): { result: { url: string; functions: { functionName: string; ranges: { count: number }[] }[] }[] } => {
    let answer: unknown;
    session.post(method, params, (_, result) => { answer = result; });
    return answer as ReturnType<typeof post>;
  };
  post("Profiler.enable");
  post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  const f = (new Function("const z = 1; return function counted() { return z; };\n//# sourceURL=counted-here") as () => () => number)();
  f();
  expect(look(f, "z")).toBe("constant 1");
  f();
  const { result } = post("Profiler.takePreciseCoverage");
  session.disconnect();
  expect(result.find((script) => script.url === "counted-here")!.functions.find((g) => g.functionName === "counted")!.ranges[0]!.count).toBe(2);
});

test("a built-in is found once a function, and again where the global object has another one", () => {
  const fn = (x: number): number => Math.sin(x);
  const { Math: own } = globalThis;
  expect([look(fn, "Math"), look(fn, "Math")]).toEqual(["constant builtin", "constant builtin"]);
  try {
    globalThis.Math = { sin: () => 1 } as unknown as Math;
    expect(look(fn, "Math")).toBe("variable object");
  } finally { globalThis.Math = own; }
  expect(look(fn, "Math")).toBe("constant builtin");
});
