import { beforeAll, describe, expect, test } from "vitest";
import type { Builder } from "../../src/ir/build.ts";
import { checkProgram } from "../../src/ir/check.ts";
import type { Program, Type, Value } from "../../src/ir/types.ts";
import { ready } from "../../src/wasm/binaryen.ts";
import { array, bail, compile, func, layout, program, view } from "./support.ts";

beforeAll(ready);

/** the entry gives this, at every level */
function gives(p: Program, args: readonly (number | bigint)[], expected: unknown): void {
  checkProgram(p);
  for (const { run, level } of compile(p)) expect(run(...args), level).toBe(expected);
}
const entry = (params: readonly Type[], results: readonly Type[], write: (b: Builder, p: Value[]) => void): Program => program([func("f", params, results, write)]);
const space = { name: "x", origin: "input" as const, element: "f64" as const, mayOverlap: [], written: true };
const doubles = (values: readonly number[]): void => values.forEach((v, i) => view.setFloat64(array + 8 * i, v, true));
const readDoubles = (count: number): number[] => Array.from({ length: count }, (_, i) => view.getFloat64(array + 8 * i, true));

/** a loop that counts i from 0 to n, with carried values, giving them all at its end */
function count(b: Builder, n: Value, inits: Value[], step: (i: Value, carried: Value[]) => Value[]): Value[] {
  const label = b.label();
  return b.loop(label, [b.i32(0), ...inits], inits.map((v) => v.type), ([i, ...carried]) => {
    b.if(b.op("i32.lt_s", i!, n), [], () => { b.br(label, [b.op("i32.add", i!, b.i32(1)), ...step(i!, carried)]); return null; }, () => []);
    return carried;
  });
}

describe("loops carry values", () => {
  test("that swap at every turn", () => {
    const p = entry(["i32", "f64", "f64"], ["f64"], (b, [n, x, y]) => {
      const [a] = count(b, n!, [x!, y!], (_, [u, v]) => [v!, u!]);
      b.return([a!]);
    });
    gives(p, [0, 1.5, 2.5], 1.5);
    gives(p, [1, 1.5, 2.5], 2.5);
    gives(p, [4, 1.5, 2.5], 1.5);
  });
  test("fibonacci: each new value reads the other's old one", () => {
    const p = entry(["i32"], ["i32"], (b, [n]) => {
      const [a] = count(b, n!, [b.i32(0), b.i32(1)], (_, [u, v]) => [v!, b.op("i32.add", u!, v!)]);
      b.return([a!]);
    });
    gives(p, [30], 832040);
  });
  test("a rotation of three with sums", () => {
    const p = entry(["i32", "f64", "f64", "f64"], ["f64"], (b, [n, x, y, z]) => {
      const [a, c, d] = count(b, n!, [x!, y!, z!], (_, [u, v, w]) => [b.op("f64.add", v!, w!), w!, u!]);
      b.return([b.op("f64.sub", a!, b.op("f64.mul", c!, d!))]);
    });
    const expected = (n: number, x: number, y: number, z: number): number => {
      for (let i = 0; i < n; i++) [x, y, z] = [y + z, z, x];
      return x - y * z;
    };
    gives(p, [7, 1.5, -2, 0.25], expected(7, 1.5, -2, 0.25));
  });
  test("a value that nobody reads in the end", () => {
    const p = entry(["i32", "f64"], ["f64"], (b, [n, x]) => {
      const [, kept] = count(b, n!, [x!, x!, b.f64(0)], (i, [dead, live]) => [b.op("f64.mul", dead!, dead!), b.op("f64.add", live!, b.f64(1)), b.op("f64.convert_i32_s", i)]);
      b.return([kept!]);
    });
    gives(p, [5, 2], 7);
  });
  test("a loop inside a loop, continued and left from within", () => {
    // counts the pairs i < n, j < m with i * j even; stops altogether at 20
    const p = entry(["i32", "i32"], ["i32"], (b, [n, m]) => {
      const out = b.label("out"), outer = b.label("outer"), inner = b.label("inner");
      const one = b.i32(1);
      const [result] = b.block(out, ["i32"], () => {
        const [total] = b.loop(outer, [b.i32(0), b.i32(0)], ["i32"], ([i, found]) => {
          b.if(b.op("i32.lt_s", i!, n!), [], () => {
            const [here] = b.loop(inner, [b.i32(0), found!], ["i32"], ([j, sum]) => {
              b.if(b.op("i32.ge_s", sum!, b.i32(20)), [], () => { b.br(out, [b.i32(-1)]); return null; }, () => []);
              b.if(b.op("i32.lt_s", j!, m!), [], () => {
                const next = b.op("i32.add", j!, one);
                b.if(b.op("i32.and", b.op("i32.mul", i!, j!), one), [], () => { b.br(inner, [next, sum!]); return null; }, () => []);
                b.br(inner, [next, b.op("i32.add", sum!, one)]);
                return null;
              }, () => []);
              return [sum!];
            });
            b.br(outer, [b.op("i32.add", i!, one), here!]);
            return null;
          }, () => []);
          return [found!];
        });
        return [total!];
      });
      b.return([result!]);
    });
    gives(p, [4, 5], 16);
    gives(p, [0, 5], 0);
    gives(p, [9, 9], -1);
  });
});

describe("if and block give values", () => {
  test("an if with one result is an expression", () => {
    const p = entry(["i32", "f64"], ["f64"], (b, [c, x]) => {
      const [r] = b.if(c!, ["f64"], () => [b.op("f64.add", x!, b.f64(1))], () => [b.f64(-0)]);
      b.return([r!]);
    });
    gives(p, [5, 2], 3);
    gives(p, [0, 2], -0);
    expect(compile(p, { names: true })[0]!.emitted.wat()).toContain("(if (result f64)");
  });
  test("an if with several, one of them unused", () => {
    const p = entry(["i32", "f64", "f64"], ["f64"], (b, [c, x, y]) => {
      const [q, , r] = b.if(c!, ["f64", "i32", "f64"], () => [y!, b.i32(1), x!], () => [x!, c!, y!]);
      b.return([b.op("f64.sub", q!, r!)]);
    });
    gives(p, [1, 10, 3], -7);
    gives(p, [0, 10, 3], 7);
  });
  test("an if whose then-arm is empty", () => {
    const p = entry(["i32", "f64"], ["f64"], (b, [c, x]) => {
      b.if(c!, [], () => [], () => { b.return([b.f64(9)]); return null; });
      b.return([x!]);
    });
    gives(p, [1, 2], 2);
    gives(p, [0, 2], 9);
  });
  test("both arms leave", () => {
    const p = entry(["i32"], ["i32"], (b, [c]) => {
      b.if(c!, [], () => { b.return([b.i32(1)]); return null; }, () => { b.return([b.i32(2)]); return null; });
      b.append({ op: "trap", exit: -1, args: [], results: [] });
    });
    gives(p, [7], 1);
    gives(p, [0], 2);
  });
  test("a block left at three places", () => {
    const p = entry(["i32"], ["i32"], (b, [x]) => {
      const out = b.label("out"), mid = b.label("mid");
      const [a, c] = b.block(out, ["i32", "i32"], () => {
        const [m] = b.block(mid, ["i32"], () => {
          b.if(b.op("i32.eq", x!, b.i32(1)), [], () => { b.br(mid, [b.i32(10)]); return null; }, () => []);
          b.if(b.op("i32.eq", x!, b.i32(2)), [], () => { b.br(out, [b.i32(20), x!]); return null; }, () => []);
          return [b.i32(30)];
        });
        return [m!, b.i32(5)];
      });
      b.return([b.op("i32.add", a!, c!)]);
    });
    gives(p, [1], 15);
    gives(p, [2], 22);
    gives(p, [3], 35);
  });
});

describe("the order of effects", () => {
  test("a read stays before the write that follows it", () => {
    const p = program([func("f", ["i32"], ["f64"], (b, [x]) => {
      const zero = b.i32(0);
      const before = b.load("f64.load", x!, zero, 3, 0, 0);
      b.store("f64.store", x!, zero, b.f64(99), 3, 0, 0);
      b.return([before]);
    })], { spaces: [space] });
    for (const { run } of compile(p)) {
      doubles([4]);
      expect(run(array)).toBe(4);
      expect(readDoubles(1)).toEqual([99]);
    }
  });
  test("reads that one write consumes and others wait: two elements swapped", () => {
    const p = program([func("f", ["i32"], [], (b, [x]) => {
      const u = b.load("f64.load", x!, b.i32(0), 3, 0, 0), v = b.load("f64.load", x!, b.i32(1), 3, 0, 0);
      b.store("f64.store", x!, b.i32(0), v, 3, 0, 0);
      b.store("f64.store", x!, b.i32(1), u, 3, 0, 0);
      b.return([]);
    })], { spaces: [space] });
    for (const { run } of compile(p)) {
      doubles([1, 2]);
      run(array);
      expect(readDoubles(2)).toEqual([2, 1]);
    }
  });
  test("a read before a loop that writes", () => {
    const p = program([func("f", ["i32", "i32"], ["f64"], (b, [x, n]) => {
      const first = b.load("f64.load", x!, b.i32(0), 3, 0, 0);
      count(b, n!, [], (i) => { b.store("f64.store", x!, i, b.f64(7), 3, 0, 0); return []; });
      b.return([first]);
    })], { spaces: [space] });
    for (const { run } of compile(p)) {
      doubles([1, 2, 3]);
      expect(run(array, 3)).toBe(1);
      expect(readDoubles(3)).toEqual([7, 7, 7]);
    }
  });
});

describe("memory", () => {
  test("addresses: negative offsets and indices, tables, the frame", () => {
    const p = program([func("f", ["i32", "i32"], ["f64"], (b, [x, i]) => {
      const table = b.append({ op: "data.addr", segment: 0, args: [], results: [b.value("i32")] }).results[0]!;
      const frame = b.append({ op: "frame.addr", offset: 8, args: [], results: [b.value("i32")] }).results[0]!;
      b.store("f64.store", frame, b.i32(0), b.load("f64.load", x!, i!, 3, -8, 0), 3, 0, 2);
      const sum = b.op("f64.add", b.load("f64.load", x!, i!, 3, 8, 0), b.load("f64.load", table, i!, 3, 8, 1));
      b.return([b.op("f64.add", sum, b.load("f64.load", frame, b.i32(0), 3, 0, 2))]);
    })], {
      data: [{ name: "t", element: "f64", bytes: new Uint8Array(16) }], frameBytes: 16,
      spaces: [space, { ...space, name: "t", origin: "data", written: false }, { ...space, name: "frame", origin: "frame" }],
    });
    for (const { run } of compile(p)) {
      doubles([1, 2, 4, 8]);
      view.setFloat64(layout.data[0]!, 100, true);
      expect(run(array + 8, -1 + 1)).toBe(1 + 4 + view.getFloat64(layout.data[0]! + 8, true));
      expect(run(array + 16, -1), "a negative index, offset past it").toBe(1 + 4 + 100);
    }
  });
  test("fill and copy", () => {
    const p = program([func("f", ["i32"], [], (b, [x]) => {
      b.append({ op: "memory.fill", space: 0, args: [x!, b.i32(0x11), b.i32(16)], results: [] });
      b.append({ op: "memory.copy", space: 0, from: 0, args: [b.op("i32.add", x!, b.i32(8)), x!, b.i32(20)], results: [] });
      b.return([]);
    })], { spaces: [space] });
    for (const { run } of compile(p)) {
      for (let i = 0; i < 40; i++) view.setUint8(array + i, i);
      run(array);
      expect(Array.from({ length: 40 }, (_, i) => view.getUint8(array + i))).toEqual(Array.from({ length: 40 }, (_, i) => (i < 24 ? 0x11 : i < 28 ? i - 8 : i)));
    }
  });
});

describe("outcomes", () => {
  test("a trap writes its exit, from a called function too, and leaves at once", () => {
    const p = program([
      func("f", ["i32"], ["i32"], (b, [x]) => {
        const r = b.value("i32");
        b.append({ op: "call", callee: "g", args: [x!], results: [r] });
        b.append({ op: "slot.set", slot: 2, args: [b.op("f64.convert_i32_s", r)], results: [] });
        b.return([r]);
      }),
      func("g", ["i32"], ["i32"], (b, [x]) => {
        b.if(b.op("i32.lt_s", x!, b.i32(0)), [], () => { b.append({ op: "trap", exit: 1, args: [], results: [] }); return null; }, () => []);
        b.return([b.op("i32.add", x!, b.i32(1))]);
      }),
    ], { exits: [...program([]).exits, bail] });
    for (const { run } of compile(p)) {
      view.setInt32(layout.status, 0, true);
      view.setFloat64(layout.slots + 16, -5, true);
      expect(() => run(-3)).toThrow(WebAssembly.RuntimeError);
      expect(view.getInt32(layout.status, true)).toBe(2);
      expect(view.getFloat64(layout.slots + 16, true)).toBe(-5);
      view.setInt32(layout.status, 0, true);
      expect(run(3)).toBe(4);
      expect(view.getInt32(layout.status, true), "one return exit: nothing is written").toBe(0);
      expect(view.getFloat64(layout.slots + 16, true)).toBe(4);
    }
  });
  test("of several returns the status tells which", () => {
    const [exit] = program([]).exits;
    const p = program([func("f", ["i32"], ["i32"], (b, [x]) => {
      b.if(x!, [], () => { b.return([b.i32(7)], 2); return null; }, () => []);
      b.return([b.i32(8)], 0);
    })], { exits: [exit!, bail, exit!] });
    for (const { run } of compile(p)) {
      expect(run(1)).toBe(7);
      expect(view.getInt32(layout.status, true)).toBe(3);
      expect(run(0)).toBe(8);
      expect(view.getInt32(layout.status, true)).toBe(1);
    }
  });
});

describe("calls", () => {
  test("functions give none, one or several results, and call themselves", () => {
    const p = program([
      func("f", ["i32"], ["f64"], (b, [x]) => {
        const results = [b.value("i32"), b.value("f64"), b.value("i64")], one = b.value("i32");
        b.append({ op: "call", callee: "three", args: [x!], results });
        b.append({ op: "call", callee: "none", args: [x!], results: [] });
        b.append({ op: "call", callee: "fact", args: [results[0]!], results: [one] });
        const sum = b.op("f64.add", results[1]!, b.op("f64.convert_i64_s", results[2]!));
        b.return([b.op("f64.add", sum, b.op("f64.convert_i32_s", one))]);
      }),
      func("three", ["i32"], ["i32", "f64", "i64"], (b, [x]) => b.return([b.op("i32.add", x!, b.i32(1)), b.f64(0.5), b.op("i64.extend_i32_s", x!)])),
      func("none", ["i32"], [], (b, [x]) => {
        b.append({ op: "slot.set", slot: 0, args: [b.op("f64.convert_i32_s", x!)], results: [] });
        b.return([]);
      }),
      func("fact", ["i32"], ["i32"], (b, [n]) => {
        b.if(b.op("i32.le_s", n!, b.i32(1)), [], () => { b.return([b.i32(1)]); return null; }, () => []);
        const r = b.value("i32");
        b.append({ op: "call", callee: "fact", args: [b.op("i32.sub", n!, b.i32(1))], results: [r] });
        b.return([b.op("i32.mul", n!, r)]);
      }),
    ]);
    for (const { run } of compile(p)) {
      expect(run(4)).toBe(0.5 + 4 + 120);
      expect(view.getFloat64(layout.slots, true)).toBe(4);
    }
  });
});

test("a chain of 20,000 operations nests no deeper than the stack bears; Binaryen's passes, which would nest it, are left out", () => {
  const p = entry(["f64"], ["f64"], (b, [x]) => {
    let v = x!;
    for (let i = 0; i < 20000; i++) v = b.op("f64.add", v, b.f64(1));
    b.return([v]);
  });
  for (const { run, emitted, level } of compile(p)) {
    expect(run(0.5)).toBe(20000.5);
    expect(emitted.optimized, level).toBe(level === "{}");
  }
});
