// Random programs in machine form, for the emitter against the evaluator: control flow, values that cross it, memory, calls.
// Every program ends: loops count to a small bound, and each way back to a loop's head counts.

import { Builder } from "../../src/ir/build.ts";
import type { MachineOp } from "../../src/ir/ops.ts";
import type { Func, Label, Program, Type, Value } from "../../src/ir/types.ts";
import { bail, program } from "./support.ts";

/** mulberry32 */
export function random(seed: number): (below: number) => number {
  let a = seed;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const types = ["i32", "f64", "i64"] as const;
const operations: readonly { op: MachineOp; args: readonly Type[]; result: Type }[] = [
  ...(["add", "sub", "mul", "and", "xor", "shl", "lt_s", "eq"] as const).map((n) => ({ op: `i32.${n}` as MachineOp, args: ["i32", "i32"] as const, result: "i32" as const })),
  ...(["add", "sub", "mul", "div", "min", "max"] as const).map((n) => ({ op: `f64.${n}` as MachineOp, args: ["f64", "f64"] as const, result: "f64" as const })),
  ...(["add", "sub", "mul", "xor"] as const).map((n) => ({ op: `i64.${n}` as MachineOp, args: ["i64", "i64"] as const, result: "i64" as const })),
  { op: "f64.lt", args: ["f64", "f64"], result: "i32" }, { op: "f64.convert_i32_s", args: ["i32"], result: "f64" }, { op: "i32.wrap_i64", args: ["i64"], result: "i32" },
  { op: "i64.extend_i32_s", args: ["i32"], result: "i64" }, { op: "f64.neg", args: ["f64"], result: "f64" }, { op: "f64.select", args: ["i32", "f64", "f64"], result: "f64" },
  { op: "i32.from_f64", args: ["f64"], result: "i32" }, { op: "math.round", args: ["f64"], result: "f64" }, { op: "math.sign", args: ["f64"], result: "f64" },
  { op: "f64.rem", args: ["f64", "f64"], result: "f64" }, { op: "math.sin", args: ["f64"], result: "f64" },
];

interface Target { readonly label: Label; readonly types: readonly Type[]; readonly counter: Value | null }

/** The entry takes (address i32, i32, i32, f64, f64, i64) and gives an f64. */
export function randomProgram(seed: number): Program {
  const pick = random(seed);
  const oneOf = <T>(items: readonly T[]): T => items[pick(items.length)]!;
  const helperTypes: readonly Type[] = Array.from({ length: pick(4) }, () => oneOf(types));
  const hasHelper = pick(2) === 0;

  const write = (b: Builder, params: readonly Value[], address: Value, results: readonly Type[], isEntry: boolean): void => {
    let budget = 40 + pick(120);
    let scope: Value[] = [...params];
    const branched = new Set<Label>();
    const value = (type: Type): Value => {
      const known = scope.filter((v) => v.type === type);
      // recent values more often: chains, and values of a loop's last round
      if (known.length > 0 && pick(8) !== 0) return pick(2) ? known[known.length - 1 - pick(Math.min(3, known.length))]! : oneOf(known);
      return type === "i64" ? b.const("i64", BigInt(pick(9) - 4)) : type === "f64" ? b.f64(oneOf([0, -0, 1, 0.5, -3, 1e10, 7.25])) : b.i32(pick(9) - 4);
    };
    const values = (list: readonly Type[]): Value[] => list.map(value);
    const inScope = <T>(run: () => T): T => { const outer = scope; scope = [...scope]; try { return run(); } finally { scope = outer; } };
    const someTypes = (): Type[] => Array.from({ length: pick(5) }, () => oneOf(types));

    const operation = (): void => {
      const { op, args } = oneOf(operations);
      scope.push(b.op(op, ...values(args)));
    };
    const access = (): void => {
      const index = pick(3) === 0 ? b.i32(pick(8)) : b.op("i32.and", value("i32"), b.i32(7));
      const offset = oneOf([0, 8, 16, -8, -16, 64]);
      switch (pick(4)) {
        case 0: b.store("f64.store", address, index, value("f64"), 3, offset, 0); break;
        case 1: b.store("i32.store", address, index, value("i32"), 3, offset, 0); break;
        case 2: scope.push(b.load("i32.load", address, index, 3, offset, 0)); break;
        default: scope.push(b.load(oneOf(["f64.load", "i32.load8_u", "i64.load"] as const), address, index, 3, offset, 0));
      }
    };

    /** instructions; true if control does not come out of them */
    const body = (targets: readonly Target[], nesting: number): boolean => {
      for (let n = 1 + pick(7); n > 0; n--) {
        if (--budget < 0) return false;
        switch (pick(nesting < 4 ? 14 : 9)) {
          case 0: case 1: case 2: case 3: case 4: operation(); break;
          case 5: case 6: access(); break;
          case 7:
            if (pick(3) === 0) b.append({ op: "slot.set", slot: pick(3), args: [value("f64")], results: [] });
            break;
          case 8: {
            if (nesting === 0 || pick(3) > 0) break;
            switch (pick(6)) {
              case 0: if (isEntry) { b.append({ op: "trap", exit: 1 + pick(2), args: [], results: [] }); return true; } break;
              case 1: b.return(values(results), isEntry ? oneOf([0, 3]) : 0); return true;
              default: {
                if (targets.length === 0) break;
                const target = oneOf(targets);
                const args = values(target.types);
                if (target.counter) args[0] = b.op("i32.add", target.counter, b.i32(1));
                b.br(target.label, args);
                branched.add(target.label);
                return true;
              }
            }
            break;
          }
          case 9: case 10: {
            const list = someTypes();
            const arm = () => () => inScope(() => (body(targets, nesting + 1) ? null : values(list)));
            const cond = value("i32");
            const made = b.if(cond, list, arm(), arm());
            const last = b.region.body.at(-1)!;
            if (last.op === "if" && last.regions.every((r) => r.body.at(-1)!.op !== "yield")) { b.append({ op: "trap", exit: -1, args: [], results: [] }); return true; }
            scope.push(...made);
            break;
          }
          case 11: {
            const list = someTypes(), label = b.label("b");
            let left = false;
            const made = b.block(label, list, () => inScope(() => { left = body([...targets, { label, types: list, counter: null }], nesting + 1); return left ? null : values(list); }));
            if (left && !branched.has(label)) {
              b.append({ op: "trap", exit: -1, args: [], results: [] });
              return true;
            }
            scope.push(...made);
            break;
          }
          case 12: {
            if (!hasHelper || !isEntry) break;
            const made = helperTypes.map((t) => b.value(t));
            b.append({ op: "call", callee: "helper", args: [address, value("i32"), value("f64"), value("i64")], results: made });
            scope.push(...made);
            break;
          }
          default: {
            const carried: Type[] = ["i32", ...someTypes()], list = someTypes(), label = b.label("l");
            const bound = b.i32(1 + pick(5));
            scope.push(...b.loop(label, [b.i32(0), ...values(carried.slice(1))], list, (p) => inScope(() => {
              scope.push(...p);
              const inner = [...targets, { label, types: carried, counter: p[0]! }];
              const again = (): null => { const args = values(carried); args[0] = b.op("i32.add", p[0]!, b.i32(1)); b.br(label, args); return null; };
              b.if(b.op("i32.lt_s", p[0]!, bound), [], () => inScope(() => (body(inner, nesting + 1) ? null : again())), () => []);
              return values(list);
            })));
          }
        }
      }
      // what was computed is to be seen
      for (const [k, v] of scope.slice(-3).entries()) b.store(`${v.type as (typeof types)[number]}.store`, address, b.i32(10 + k), v, 3, 8 * nesting, 0);
      return false;
    };
    if (!body([], 0)) b.return(values(results), 0);
  };

  const make = (name: string, params: readonly Type[], results: readonly Type[], isEntry: boolean): Func => {
    const b = new Builder();
    const values = params.map((t, i) => b.value(t, `p${i}`));
    return b.func(name, values, results, b.inRegion(() => write(b, values.slice(1), values[0]!, results, isEntry)));
  };
  const entry = make("entry", ["i32", "i32", "i32", "f64", "f64", "i64"], ["f64"], true);
  const helper = make("helper", ["i32", "i32", "f64", "i64"], helperTypes, false);
  const space = { name: "x", origin: "input" as const, element: "f64" as const, mayOverlap: [], written: true };
  const exit = { kind: "return" as const, value: { make: "result" as const, as: "number" as const }, writes: [] };
  return program(hasHelper ? [entry, helper] : [entry], { spaces: [space], exits: [exit, bail, bail, exit] });
}
