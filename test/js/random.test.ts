// Random structured programs: the residual JavaScript gives the outcome that the evaluator gives. Every failure names its seed.

import { describe, expect, it } from "vitest";
import { Builder } from "../../src/ir/build.ts";
import { checkProgram } from "../../src/ir/check.ts";
import { ops, type MachineOp, type MemoryOp } from "../../src/ir/ops.ts";
import { printProgram } from "../../src/ir/print.ts";
import type { Label, Program, Region, Type, Value } from "../../src/ir/types.ts";
import { emitJs } from "../../src/js/print.ts";
import { runEvaluator, runJs, type Argument } from "./programs.ts";

const scalar = (Object.keys(ops) as MachineOp[]).filter((op) => {
  const row = ops[op];
  return row.effect === "none" && row.result && [...row.args, row.result].every((t) => t !== "v128" && t !== "js");
});
const byResult = new Map<Type, MachineOp[]>();
for (const op of scalar) byResult.set(ops[op].result!, [...(byResult.get(ops[op].result!) ?? []), op]);

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const edgeI32 = [0, 1, -1, 2, 31, 255, 2147483647, -2147483648];
const edgeF64 = [0, -0, 1, -1, 0.5, NaN, Infinity, -Infinity, 2147483648, 1e300, 5e-324, 3.7];

/** A program of two arrays and two numbers: stores, loops with small counts, blocks left early, carried values that change places. */
class RandomProgram extends Builder {
  private readonly random: () => number;
  private scope: Value[] = [];
  private budget = 60;
  private readonly targets: { label: Label; types: Type[] }[] = [];
  constructor(seed: number) { super(); this.random = generator(seed); }

  private below(n: number): number { return Math.floor(this.random() * n); }
  private pick<T>(items: readonly T[]): T { return items[this.below(items.length)]!; }

  private constant(type: Type): Value {
    if (type === "i32") return this.i32(this.random() < 0.5 ? this.pick(edgeI32) : this.below(10));
    if (type === "i64") return this.const("i64", BigInt(this.pick(edgeI32)));
    return this.const(type, type === "f32" ? Math.fround(this.pick(edgeF64)) : this.pick(edgeF64));
  }
  private any(type: Type): Value {
    const known = this.scope.filter((v) => v.type === type);
    return known.length > 0 && this.random() < 0.85 ? (this.random() < 0.5 ? known.at(-1)! : this.pick(known)) : this.constant(type);
  }
  private compute(type: Type): Value {
    const op = this.pick(byResult.get(type)!);
    const value = this.op(op, ...ops[op].args.map((t) => this.any(t)));
    this.scope.push(value);
    return value;
  }
  private chain(): void { for (let n = 1 + this.below(6); n > 0; n--) this.compute(this.pick<Type>(["i32", "f64", "f64", "i32", "f32", "i64", "i32"])); }
  private inner(write: () => readonly Value[] | null): Region {
    const outer = this.scope.slice();
    const region = this.inRegion(() => { const v = write(); if (v) this.yield(v); });
    this.scope = outer;
    return region;
  }
  private access(): { base: Value; index: Value; wide: boolean } {
    const wide = this.random() < 0.6;
    const index = this.op("i32.and", this.any("i32"), this.i32(7));
    return { base: wide ? this.x : this.y, index, wide };
  }
  private x!: Value;
  private y!: Value;

  private types(): Type[] { return Array.from({ length: this.below(3) }, () => this.pick<Type>(["i32", "f64"])); }

  private statement(depth: number): boolean {
    if (this.budget-- <= 0) return true;
    const choice = this.random();
    if (choice < 0.4 || depth > 4) { this.chain(); return true; }
    if (choice < 0.5) {
      const { base, index, wide } = this.access();
      const ops: readonly MemoryOp[] = wide ? ["f64.load"] : ["i32.load8_u", "i32.load8_s"];
      this.scope.push(this.load(this.pick(ops), base, index, wide ? 3 : 0, 0, wide ? 0 : 1));
      return true;
    }
    if (choice < 0.62) {
      const { base, index, wide } = this.access();
      if (wide) this.store("f64.store", base, index, this.any("f64"), 3, 0, 0);
      else this.store("i32.store8", base, index, this.any("i32"), 0, 0, 1);
      return true;
    }
    if (choice < 0.8) {
      const types = this.types();
      const cond = this.any("i32");
      let alive = 0;
      const arm = (): Region => this.inner(() => {
        const lives = this.statements(depth + 1);
        if (lives) alive++;
        return lives ? types.map((t) => this.any(t)) : null;
      });
      const regions = [arm(), arm()] as const;
      const results = types.map((t) => this.value(t));
      this.append({ op: "if", args: [cond], results, regions });
      if (alive === 0) { this.append({ op: "trap", args: [], results: [], exit: -1 }); return false; }
      this.scope.push(...results);
      return true;
    }
    if (choice < 0.9) {
      const types = this.types();
      const label = this.label("out");
      this.targets.push({ label, types });
      const region = this.inner(() => {
        this.statements(depth + 1, true);
        return types.map((t) => this.any(t));
      });
      this.targets.pop();
      const results = types.map((t) => this.value(t));
      this.append({ op: "block", label, args: [], results, regions: [region] });
      this.scope.push(...results);
      return true;
    }
    this.counted(depth);
    return true;
  }

  /** A loop of at most four turns, sometimes with the test first, whose carried values may change places. */
  private counted(depth: number): void {
    const types: Type[] = ["i32", ...Array.from({ length: this.below(3) }, () => "f64" as const)];
    const label = this.label("again");
    const params = types.map((t) => this.value(t, t === "i32" ? "i" : "v"));
    const outer = this.scope.slice();
    const body = this.inRegion(() => {
      this.scope.push(...params);
      if (this.random() < 0.4) this.statements(depth + 1, true);
      const more = this.op("i32.lt_s", params[0]!, this.i32(1 + this.below(4)));
      const next = (): Value[] => [this.op("i32.add", params[0]!, this.i32(1)), ...types.slice(1).map(() => (this.random() < 0.5 ? this.pick(params.slice(1)) : this.any("f64")))];
      const stays = this.inner(() => {
        if (this.random() < 0.4) { // a second back edge
          const cond = this.any("i32");
          const skip = this.inner(() => { this.br(label, next()); return null; });
          this.append({ op: "if", args: [cond], results: [], regions: [skip, this.inner(() => [])] });
        }
        this.statements(depth + 1, true);
        this.br(label, next());
        return null;
      });
      const leaves = this.inner(() => { if (this.random() < 0.3) this.statements(depth + 1, true); return [this.any("f64")]; });
      const left = this.value("f64");
      this.append({ op: "if", args: [more], results: [left], regions: [stays, leaves] });
      this.yield([left, this.pick(params.filter((p) => p.type === "f64").concat(left))]);
    }, params);
    this.scope = outer;
    const results = [this.value("f64"), this.value("f64")];
    this.append({ op: "loop", label, args: types.map((t) => (t === "i32" ? this.i32(0) : this.any(t))), results, regions: [body] });
    this.scope.push(...results);
  }

  /** False if they end by leaving. `stays`: they must not. */
  private statements(depth: number, stays = false): boolean {
    for (let n = 1 + this.below(5); n > 0; n--) {
      const before = this.region;
      if (stays) {
        const mark = this.budget;
        if (mark <= 0) return true;
      }
      if (!this.statementOr(depth, stays)) { this.region = before; return false; }
    }
    if (!stays && this.targets.length > 0 && this.random() < 0.3) {
      const target = this.pick(this.targets);
      this.br(target.label, target.types.map((t) => this.any(t)));
      return false;
    }
    return true;
  }
  /** A statement; where control must go on, one that leaves stands in an arm. */
  private statementOr(depth: number, stays: boolean): boolean {
    if (!stays) return this.statement(depth);
    if (this.random() < 0.5) { this.chain(); return true; }
    const cond = this.any("i32");
    let lives = true;
    const arm = this.inner(() => { lives = this.statement(depth); return lives ? [] : null; });
    this.append({ op: "if", args: [cond], results: [], regions: [arm, this.inner(() => [])] });
    return true;
  }

  make(): Program {
    const params = [this.value("i32", "x"), this.value("i32", "x_length"), this.value("i32", "y"), this.value("i32", "y_length"), this.value("f64", "a"), this.value("i32", "n")];
    [this.x, , this.y] = params as [Value, Value, Value];
    this.scope = [params[4]!, params[5]!];
    const body = this.inRegion(() => {
      for (let n = 3 + this.below(6); n > 0; n--) this.statementOr(0, true);
      this.append({ op: "slot.set", args: [this.any("f64")], results: [], slot: 1 });
      this.append({ op: "slot.set", args: [this.op("f64.convert_i32_s", this.any("i32"))], results: [], slot: 2 });
      this.return([this.any("f64")]);
    });
    return {
      functions: [this.func("random", params, ["f64"], body)], data: [], frameBytes: 0,
      spaces: [{ name: "x", origin: "input", element: "f64", mayOverlap: [], written: true }, { name: "y", origin: "input", element: "u8", mayOverlap: [], written: true }],
      inputs: [
        { as: "typed", path: { root: 0, keys: [] }, array: "Float64Array", space: 0, read: true, written: true },
        { as: "typed", path: { root: 1, keys: [] }, array: "Uint8Array", space: 1, read: true, written: true },
        { as: "f64", path: { root: 2, keys: [] } }, { as: "i32", path: { root: 3, keys: [] } },
      ],
      exits: [{ kind: "return", value: { make: "result", as: "number" }, writes: [] }],
    };
  }
}

describe("random programs", () => {
  it("give the evaluator's outcome, directly and in memory", () => {
    for (let seed = 1; seed <= Number(process.env["WASMORPH_JS_SEEDS"] ?? 120); seed++) {
      const made = new RandomProgram(seed).make();
      checkProgram(made);
      // in memory: the same arrays, one of them with its address looked at
      const spaces = made.spaces.map((s, k) => ({ ...s, mayOverlap: [1 - k] }));
      const random = generator(~seed);
      const x = Float64Array.from({ length: 8 }, () => edgeF64[Math.floor(random() * edgeF64.length)]!);
      const y = Uint8Array.from({ length: 8 }, () => random() * 256);
      const args: Argument[] = [x, y, edgeF64[seed % edgeF64.length]!, edgeI32[seed % edgeI32.length]!];
      const expected = runEvaluator(made, args);
      for (const variant of [made, { ...made, inputs: made.inputs.map((i) => (i.as === "typed" && i.array === "Uint8Array" ? { ...i, array: "Uint16Array" as const } : i)), spaces }]) {
        let actual;
        try { actual = runJs(variant, args); } catch (e) { throw new Error(`seed ${seed}\n${printProgram(made)}\n${emitJs(variant).source}`, { cause: e }); }
        expect(actual, `seed ${seed}\n${printProgram(made)}\n${emitJs(variant).source}`).toEqual(expected);
      }
    }
  });
});
