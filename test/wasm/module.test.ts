import { beforeAll, describe, expect, test } from "vitest";
import { binaryen } from "../../src/wasm/binaryen.ts";
import { emit, warm } from "../../src/wasm/emit.ts";
import { loaded, ready, writer } from "../../src/wasm/ready.ts";
import { available, instantiate, simd } from "../../src/wasm/instantiate.ts";
import { expression, func, layout, memory, program } from "./support.ts";

test("Binaryen is not there before it was asked for", () => {
  expect(loaded()).toBe(false);
  expect(() => binaryen()).toThrow("await ready()");
  expect(() => writer()).toThrow("before ready()");
});

describe("the module", () => {
  beforeAll(ready);
  const sum = () => expression(["f64", "f64"], "f64", (b, [x, y]) => {
    const s = b.op("f64.add", x!, y!);
    s.name = "sum";
    return b.op("f64.mul", s, s);
  });

  test("exports run, imports the memory, and nothing else", () => {
    const { bytes, imports } = emit(sum(), layout);
    const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
    expect(WebAssembly.Module.imports(module)).toEqual([{ module: "env", name: "memory", kind: "memory" }]);
    expect(WebAssembly.Module.exports(module)).toEqual([{ name: "run", kind: "function" }]);
    expect(imports).toEqual([{ module: "env", name: "memory" }]);
    expect(instantiate(module, memory).run(1, 2)).toBe(9);
  });
  test("host functions are imported by their own names, once each", () => {
    const p = expression(["f64"], "f64", (b, [x]) => {
      const h = b.op("math.hypot", b.op("math.sin", x!), b.op("math.sin", b.op("math.pow", x!, x!)));
      return b.op("math.atan2", b.op("math.hypot3", h, x!, x!), b.op("math.atan2", h, x!));
    });
    const { bytes, imports } = emit(p, layout, { validate: true });
    expect(imports.map(({ module, name }) => `${module}.${name}`)).toEqual(["env.memory", "Math.sin", "Math.pow", "Math.atan2"]);
    const x = 0.7;
    const h = Math.hypot(Math.sin(x), Math.sin(x ** x));
    expect(instantiate(bytes, memory).run(x)).toBe(Math.atan2(Math.hypot(h, x, x), Math.atan2(h, x)));
  });
  test("a segment that varies has its address imported: instances of one module read their own", () => {
    const p = expression(["i32"], "f64", (b, [i]) => {
      const base = b.value("i32");
      b.append({ op: "data.addr", segment: 0, args: [], results: [base] });
      return b.op("f64.add", b.load("f64.load", base, i!, 3, 0, 0), b.load("f64.load", base, b.i32(1), 3, 8, 0));
    });
    const slots = { ...p, data: [{ name: "slots", element: "f64", bytes: new Uint8Array(24), varies: true }], spaces: [{ name: "slots", origin: "data", element: "f64", mayOverlap: [], written: false }] } as const;
    const { bytes, imports } = emit(slots, { ...layout, varying: new Set([0]) }, { validate: true });
    expect(imports.map(({ name }) => name)).toEqual(["memory", "data0"]);
    const doubles = new Float64Array(memory.buffer), module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>);
    doubles.set([1, 2, 4], 20480);
    doubles.set([10, 20, 40], 24576);
    const [a, b] = [20480, 24576].map((at) => instantiate(module, memory, new Map([[0, at * 8]])));
    expect([a!.run(0), b!.run(1), a!.run(2)]).toEqual([5, 60, 8]);
  });
  test("library functions are copied in, once each", () => {
    const p = expression(["f64", "f64"], "f64", (b, [x, y]) => b.op("f64.rem", b.op("f64.rem", x!, y!), b.f64(3)));
    const { bytes, imports, wat } = emit(p, layout, { validate: true });
    expect(imports).toHaveLength(1);
    expect(wat().match(/\(func \$library\.rem/g)).toHaveLength(1);
    expect(instantiate(bytes, memory).run(23.5, 9)).toBe((23.5 % 9) % 3);
  });
  test("text has the user's names, bytes only if asked", () => {
    const without = emit(sum(), layout), named = emit(sum(), layout, { names: true });
    expect(without.wat()).toContain("$p1.sum");
    expect(named.wat()).toContain("$p1.sum");
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(without.bytes as Uint8Array<ArrayBuffer>), "name")).toHaveLength(0);
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(named.bytes as Uint8Array<ArrayBuffer>), "name")).toHaveLength(1);
  });
  test("a source map leads from instructions to the user's lines", () => {
    const p = program([func("f", ["f64"], ["f64"], (b, [x]) => {
      b.place = { line: 1, column: 10, start: 9, end: 12 };
      const s = b.op("f64.sqrt", x!);
      b.place = { line: 3, column: 5, start: 40, end: 44 };
      const t = b.op("f64.add", s, x!);
      b.return([t]);
    })]);
    const { sourceMap, bytes } = emit(p, layout, { sourceMap: { text: "", file: "kernel.js", line: 100, column: 7 } });
    const map = JSON.parse(sourceMap!) as { sources: string[]; mappings: string };
    expect(map.sources).toEqual(["kernel.js"]);
    const places = decode(map.mappings);
    expect(places).toContainEqual([100, 7 + 10 - 1 - 1]); // lines from 1, columns from 0
    expect(places).toContainEqual([102, 4]);
    expect(WebAssembly.Module.customSections(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), "sourceMappingURL")).toHaveLength(1);
  });
  test("single passes by name; an unknown one is an Error with its name", () => {
    const p = expression(["f64"], "f64", (b, [x]) => b.op("f64.mul", b.op("f64.add", x!, b.f64(1)), b.f64(1)));
    expect(instantiate(emit(p, layout, { passes: ["vacuum", "coalesce-locals"] }).bytes, memory).run(2)).toBe(3);
    expect(() => emit(p, layout, { passes: ["no-such-pass"] })).toThrow(/no-such-pass/);
    expect(instantiate(emit(p, layout).bytes, memory).run(2), "and Binaryen goes on").toBe(3);
  });
  test("what is no module is said to be invalid", () => {
    const p = expression(["f64"], "f64", (b, [x]) => { const v = b.value("f64"); b.append({ op: "i32.add", args: [x!, x!], results: [v] }); return v; });
    expect(() => emit(p, layout, { validate: true })).toThrow(/invalid.*\n.*i32/s);
  });
  test("the same program gives the same bytes", () => expect(emit(sum(), layout).bytes).toEqual(emit(sum(), layout).bytes));
  test("warm() can be called at any time", () => warm());
});

describe("the host", () => {
  test("has WebAssembly and vectors here", () => expect([available(), simd()]).toEqual([true, true]));
});

/** [line, column] of each segment of a source map: base 64 numbers of five bits, the lowest first, the sign last. */
function decode(mappings: string): [number, number][] {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  let line = 0, column = 0;
  return mappings.split(",").filter(Boolean).map((segment) => {
    const numbers: number[] = [];
    let value = 0, shift = 0;
    for (const c of segment) {
      const digit = digits.indexOf(c);
      value |= (digit & 31) << shift;
      if (digit & 32) shift += 5;
      else { numbers.push(value & 1 ? -(value >> 1) : value >> 1); value = shift = 0; }
    }
    line += numbers[2] ?? 0;
    column += numbers[3] ?? 0;
    return [line + 1, column];
  });
}
