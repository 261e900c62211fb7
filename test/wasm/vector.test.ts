import { beforeAll, describe, expect, test } from "vitest";
import type { Builder } from "../../src/ir/build.ts";
import { laneOps, ops, type LaneOp, type MachineOp, type MemoryOp, type Row } from "../../src/ir/ops.ts";
import type { Program, Type, Value } from "../../src/ir/types.ts";
import { laneMeaning, vectorMeaning, type Operand, type Vector } from "../../src/ir/vector.ts";
import { ready } from "../../src/wasm/binaryen.ts";
import { emit } from "../../src/wasm/emit.ts";
import { instantiate, relaxedSimd } from "../../src/wasm/instantiate.ts";
import { array, compile, func, layout, memory, program, view } from "./support.ts";

beforeAll(ready);

const bytes = new Uint8Array(memory.buffer);
const vector = (...from: (Float64Array | Float32Array | Int16Array | Uint8Array)[]): Vector[] => from.map((v) => new Uint8Array(v.buffer));
const vectors = vector(
  Float64Array.of(1.5, -2.25), Float64Array.of(-0, 1e300), Float32Array.of(1.5, -0, 3e10, -7.25), Float32Array.of(2.5, 0.5, -1, 100),
  Int16Array.of(1, -1, 32767, -32768, 255, 256, -300, 7), Int16Array.of(-5, 3, 2, -1, 128, 127, 300, 9),
  Uint8Array.of(0, 1, 2, 127, 128, 129, 254, 255, 16, 15, 31, 64, 200, 100, 50, 3), Uint8Array.of(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
);
const inputs: Record<Type, readonly Operand[]> = {
  v128: vectors, i32: [0, 1, 9, 200, -1], i64: [0n, -1n, 0x123456789abcdef0n], f32: [1.5, -0], f64: [0.1, -0], js: [],
};
const space = { name: "x", origin: "input" as const, element: "u8" as const, mayOverlap: [], written: true };

/** vectors come from memory at `array`, 16 bytes each, and go to `array` + 64; scalars are parameters */
function vectorProgram(args: readonly Type[], result: Type, write: (b: Builder, args: Value[]) => Value): Program {
  return program([func("f", ["i32", ...args.filter((t) => t !== "v128")], result === "v128" ? [] : [result], (b, [base, ...scalars]) => {
    const zero = b.i32(0);
    let k = 0;
    const values = args.map((t) => (t === "v128" ? b.load("v128.load", base!, zero, 0, 16 * k++, 0) : scalars.shift()!));
    const made = write(b, values);
    if (result !== "v128") return b.return([made]);
    b.store("v128.store", base!, zero, made, 0, 64, 0);
    b.return([]);
  })], { spaces: [space] });
}

function agrees(name: string, args: readonly Type[], result: Type, write: (b: Builder, args: Value[]) => Value, meaning: (...args: Operand[]) => Operand): void {
  const numbers = name.startsWith("f64") ? Float64Array : name.startsWith("f32") ? Float32Array : Uint8Array;
  const read = (v: Vector): number[] => [...new numbers(v.slice().buffer)];
  for (const { run, level } of compile(vectorProgram(args, result, write))) {
    const combine = (rest: readonly Type[], values: Operand[]): void => {
      if (rest.length > 0) { for (const v of inputs[rest[0]!]) combine(rest.slice(1), [...values, v]); return; }
      let k = 0;
      for (const v of values) if (v instanceof Uint8Array) bytes.set(v, array + 16 * k++);
      const actual = run(array, ...values.filter((v) => !(v instanceof Uint8Array)) as number[]);
      const expected = meaning(...values);
      const what = `${level} ${name} ${values.map(String).join(" | ")}`;
      if (expected instanceof Uint8Array) expect(read(bytes.slice(array + 64, array + 80)), what).toStrictEqual(read(expected));
      else expect(actual, what).toBe(expected);
    };
    combine(args.length > 2 ? args.slice(0, 3) : args, []);
  }
}

describe("every vector operation means what the evaluator says", () => {
  const rows = Object.entries<Row>(ops).filter(([, row]) => row.result === "v128" || row.args.includes("v128"));
  test.each(rows.filter(([, row]) => !row.relaxed))("%s", (name, row) => {
    const op = name as MachineOp;
    agrees(name, row.args, row.result!, (b, args) => b.op(op, ...args), vectorMeaning(op));
  });
  test.each(Object.entries(laneOps))("%s", (name, row) => {
    for (const lanes of row.immediates === 16 ? [[0, 17, 2, 19, 4, 21, 6, 23, 31, 30, 29, 28, 3, 2, 1, 0]] : [[0], [row.below - 1]]) {
      const write = (b: Builder, args: Value[]): Value => b.append({ op: "lane", name, lanes, args, results: [b.value(row.result)] }).results[0]!;
      agrees(name, row.args, row.result, write, laneMeaning(name as LaneOp, lanes));
    }
  });
});

describe("what the host may lack", () => {
  test.each(Object.keys(ops).filter((op) => ops[op as MachineOp].relaxed) as MachineOp[])("%s is written, and means a product and a sum", (op) => {
    const p = program([func("f", ["i32"], [], (b, [at]) => {
      const operand = (k: number): Value => b.load("v128.load", at!, b.i32(0), 0, 16 * k, 0);
      b.store("v128.store", at!, b.i32(0), b.op(op, operand(0), operand(1), operand(2)), 0, 48, 0);
      b.return([]);
    })], { spaces: [space] });
    const emitted = emit(p, layout, { validate: true });
    expect(emitted.wat()).toContain(op);
    const single = op.startsWith("f32"), lanes = (...numbers: number[]): Uint8Array => new Uint8Array((single ? Float32Array.from([...numbers, ...numbers]) : Float64Array.from(numbers)).buffer);
    const expected = op.endsWith("nmadd") ? lanes(-5, -14) : lanes(7, 2);
    expect(vectorMeaning(op)(lanes(2, 4), lanes(3, 2), lanes(1, -6))).toStrictEqual(expected);
    if (!relaxedSimd()) return;
    [lanes(2, 4), lanes(3, 2), lanes(1, -6)].forEach((v, k) => { bytes.set(v, array + 16 * k); });
    instantiate(emitted.bytes, memory).run(array);
    expect(bytes.slice(array + 48, array + 64)).toStrictEqual(expected);
  });
});

describe("loads and stores", () => {
  test.each<[MemoryOp, unknown]>([
    ["i32.load8_s", -1], ["i32.load8_u", 255], ["i32.load16_s", -2305], ["i32.load16_u", 63231], ["i32.load", 0x0180f6ff], ["i64.load", 0],
  ])("%s", (op, expected) => {
    const p = program([func("f", ["i32"], [op.startsWith("i64") ? "i64" : "i32"], (b, [x]) => b.return([b.load(op, x!, b.i32(0), 0, 0, 0)]))], { spaces: [space] });
    for (const { run } of compile(p)) {
      bytes.set([0xff, 0xf6, 0x80, 0x01, 0x02, 0x03, 0x04, 0x7f], array);
      expect(run(array)).toBe(op === "i64.load" ? view.getBigInt64(array, true) : expected);
    }
  });
  test.each<[MemoryOp, Type, number]>([["i32.store8", "i32", 1], ["i32.store16", "i32", 2], ["i32.store", "i32", 4], ["i64.store", "i64", 8]])("%s writes its bytes only", (op, type, count) => {
    const p = program([func("f", ["i32", type], [], (b, [x, v]) => { b.store(op, x!, b.i32(0), v!, 0, 0, 0); b.return([]); })], { spaces: [space] });
    for (const { run } of compile(p)) {
      bytes.fill(0xee, array, array + 8);
      run(array, type === "i64" ? 0x0807060504030201n : 0x04030201);
      expect([...bytes.slice(array, array + 8)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((v, i) => (i < count ? v : 0xee)));
    }
  });
  test.each<[MemoryOp, number]>([["v128.load64_zero", 8], ["v128.load32_zero", 4]])("%s clears the rest", (op, count) => {
    const p = program([func("f", ["i32"], [], (b, [x]) => {
      b.store("v128.store", x!, b.i32(0), b.load(op, x!, b.i32(0), 0, 0, 0), 0, 16, 0);
      b.return([]);
    })], { spaces: [space] });
    for (const { run } of compile(p)) {
      bytes.fill(7, array, array + 32);
      run(array);
      expect([...bytes.slice(array + 16, array + 32)]).toEqual(Array.from({ length: 16 }, (_, i) => (i < count ? 7 : 0)));
    }
  });
  test("f32 and f64, and a constant vector", () => {
    const p = program([func("f", ["i32"], ["f64"], (b, [x]) => {
      const zero = b.i32(0);
      b.store("f32.store", x!, zero, b.op("f32.demote_f64", b.load("f64.load", x!, zero, 0, 0, 0)), 0, 8, 0);
      b.store("v128.store", x!, zero, b.const("v128", Uint8Array.from({ length: 16 }, (_, i) => i)), 0, 16, 0);
      b.return([b.op("f64.promote_f32", b.load("f32.load", x!, zero, 0, 8, 0))]);
    })], { spaces: [space] });
    for (const { run } of compile(p)) {
      view.setFloat64(array, 0.1, true);
      expect(run(array)).toBe(Math.fround(0.1));
      expect([...bytes.slice(array + 16, array + 32)]).toEqual(Array.from({ length: 16 }, (_, i) => i));
    }
  });
});

describe("a number that is loaded only to be put into a register", () => {
  /** to `array` + 16: what is made of numbers from `array` on */
  const made = (write: (b: Builder, at: Value) => Value): Program => program([func("f", ["i32"], [], (b, [x]) => { b.store("v128.store", x!, b.i32(0), write(b, x!), 0, 16, 0); b.return([]); })], { spaces: [space] });
  const given = [0xff, 0xf6, 0x80, 0x01, 0x02, 0x03, 0x04, 0x7f], filled = (bytesOf: number): number[] => Array.from({ length: 16 }, (_, i) => given[i % bytesOf]!);
  test.each<[MachineOp, MemoryOp, number]>([
    ["f64x2.splat", "f64.load", 8], ["i64x2.splat", "i64.load", 8], ["f32x4.splat", "f32.load", 4], ["i32x4.splat", "i32.load", 4],
    ["i16x8.splat", "i32.load16_s", 2], ["i16x8.splat", "i32.load16_u", 2], ["i8x16.splat", "i32.load8_s", 1], ["i8x16.splat", "i32.load8_u", 1],
  ])("in every lane: %s of %s", (op, load, size) => {
    const p = made((b, x) => b.op(op, b.load(load, x, b.i32(0), 0, 0, 0)));
    expect(emit(p, layout, {}).wat()).toContain(`v128.load${8 * size}_splat`);
    for (const { run } of compile(p)) {
      bytes.set(given, array);
      run(array);
      expect([...bytes.slice(array + 16, array + 32)]).toEqual(filled(size));
    }
  });
  test.each<[LaneOp, MemoryOp, number]>([["f64x2.replace_lane", "f64.load", 8], ["i64x2.replace_lane", "i64.load", 8], ["f32x4.replace_lane", "f32.load", 4], ["i32x4.replace_lane", "i32.load", 4]])("in one: %s of %s", (name, load, size) => {
    const p = made((b, x) => b.append({ op: "lane", name, lanes: [1], args: [b.load("v128.load", x, b.i32(0), 0, 32, 0), b.load(load, x, b.i32(0), 0, 0, 0)], results: [b.value("v128")] }).results[0]!);
    expect(emit(p, layout, {}).wat()).toContain(`v128.load${8 * size}_lane`);
    for (const { run } of compile(p)) {
      bytes.set(given, array);
      bytes.set(Array.from({ length: 16 }, (_, i) => 100 + i), array + 32);
      run(array);
      expect([...bytes.slice(array + 16, array + 32)]).toEqual(Array.from({ length: 16 }, (_, i) => (i >= size && i < 2 * size ? given[i - size] : 100 + i)));
    }
  });
  test("not past a write, nor where somebody else wants it, too", () => {
    const p = made((b, x) => {
      const one = b.load("f64.load", x, b.i32(0), 0, 0, 0), two = b.load("f64.load", x, b.i32(0), 0, 8, 0);
      b.store("f64.store", x, b.i32(0), b.f64(2), 0, 0, 0);
      b.store("f64.store", x, b.i32(0), b.op("f64.add", two, b.f64(1)), 0, 32, 0);
      return b.op("f64x2.add", b.op("f64x2.splat", one), b.op("f64x2.splat", two));
    });
    expect(emit(p, layout, {}).wat()).not.toContain("_splat (");
    for (const { run } of compile(p)) {
      view.setFloat64(array, 0.5, true);
      view.setFloat64(array + 8, 4, true);
      run(array);
      expect([16, 24, 32].map((at) => view.getFloat64(array + at, true))).toEqual([4.5, 4.5, 5]);
    }
  });
});
