// Interpreters with random programs: a loop whose program counter decides what happens next, over a slow program. Specialised, the program's
// own branches and loops must come out, exactly. Programs end: their loops count down from small numbers.

import { number, numbers, typedArrays, type TypedName } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

const operations = ["end", "const", "input", "param", "add", "sub", "mul", "less", "jumpIfZero", "jump", "load", "store", "min", "neg", "int", "swap"] as const;
type Operation = (typeof operations)[number];
interface Instruction { readonly op: Operation; arg: number }

const bodies: Readonly<Record<Operation, string>> = {
  end: "", const: "stack[sp++] = ARG;", input: "stack[sp++] = x[i];", param: "stack[sp++] = a;",
  add: "sp--; stack[sp - 1] += stack[sp];", sub: "sp--; stack[sp - 1] -= stack[sp];", mul: "sp--; stack[sp - 1] = stack[sp - 1] * stack[sp];",
  less: "sp--; stack[sp - 1] = stack[sp - 1] < stack[sp] ? 1 : 0;", jumpIfZero: "{ const to = ARG; if (stack[--sp] === 0) pc = to; }", jump: "pc = ARG;",
  load: "stack[sp++] = regs[ARG];", store: "regs[ARG] = stack[--sp];", min: "sp--; stack[sp - 1] = Math.min(stack[sp - 1], stack[sp]);",
  neg: "stack[sp - 1] = -stack[sp - 1];", int: "stack[sp - 1] = stack[sp - 1] | 0;", swap: "{ const t = stack[sp - 1]; stack[sp - 1] = stack[sp - 2]; stack[sp - 2] = t; }",
};

class ProgramWriter {
  readonly code: Instruction[] = [];
  private readonly random: Random;
  private counters = 0;
  constructor(random: Random) { this.random = random; }

  private add(op: Operation, arg = 0): Instruction { const made = { op, arg }; this.code.push(made); return made; }

  /** leaves one number on the stack */
  expression(depth: number): void {
    const { random } = this;
    if (depth <= 0) {
      switch (random.pick(["const", "input", "input", "param", "load"] as const)) {
        case "const": this.add("const", number(random)); return;
        case "input": this.add("input"); return;
        case "param": this.add("param"); return;
        case "load": this.add("load", random.below(2)); return;
      }
    }
    if (random.chance(0.2)) { this.expression(depth - 1); this.add(random.pick(["neg", "int"])); return; }
    this.expression(depth - 1);
    this.expression(depth - 1);
    if (random.chance(0.15)) this.add("swap");
    this.add(random.pick(["add", "sub", "mul", "less", "min"]));
  }

  statement(depth: number): void {
    const { random } = this;
    switch (random.weighted({ set: 5, if: depth > 0 ? 2 : 0, loop: depth > 0 && this.counters < 2 ? 1.5 : 0 })) {
      case "set": this.expression(2); this.add("store", random.below(2)); return;
      case "if": {
        this.expression(1);
        const skip = this.add("jumpIfZero");
        this.statement(depth - 1);
        if (random.chance(0.4)) {
          const over = this.add("jump");
          skip.arg = this.code.length;
          this.statement(depth - 1);
          over.arg = this.code.length;
        } else skip.arg = this.code.length;
        return;
      }
      case "loop": {
        const counter = 2 + this.counters++;
        this.add("const", random.between(1, 6));
        this.add("store", counter);
        const start = this.code.length;
        for (let k = random.between(1, 2); k > 0; k--) this.statement(depth - 1);
        this.add("load", counter);
        this.add("const", 1);
        this.add("sub");
        this.add("store", counter);
        if (random.chance(0.3)) { this.expression(1); const out = this.add("jumpIfZero"); this.again(counter, start); out.arg = this.code.length; } else this.again(counter, start);
        this.counters--;
        return;
      }
    }
  }

  private again(counter: number, start: number): void {
    this.add("load", counter);
    const out = this.add("jumpIfZero");
    this.add("jump", start);
    out.arg = this.code.length;
  }
}

export function randomInterpreter(seed: number): RandomKernel {
  const random = new Random(seed * 3266489917 + 11);
  const writer = new ProgramWriter(random);
  for (let k = random.between(1, 4); k > 0; k--) writer.statement(2);
  writer.expression(1);
  writer.code.push({ op: "end", arg: 0 });

  const records = random.chance(0.4);
  const numbering = operations.map((_, k) => k);
  for (let k = numbering.length - 1; k > 0; k--) { const other = random.below(k + 1); [numbering[k], numbering[other]] = [numbering[other]!, numbering[k]!]; }
  // flat code: an operation and its argument are two elements, so every address doubles
  const jumps = (op: Operation): boolean => op === "jump" || op === "jumpIfZero";
  const flat = writer.code.flatMap(({ op, arg }) => [numbering[operations.indexOf(op)]!, jumps(op) ? arg * 2 : arg]);
  const program = records ? writer.code : random.chance(0.3) && flat.every((v) => Object.is(v | 0, v)) ? Int32Array.from(flat) : flat;
  const kind = random.chance(0.6) ? "Float64Array" : random.pick(["Float32Array", "Int32Array", "Uint8Array"] as const satisfies readonly TypedName[]);

  const argument = records ? "now.arg" : "program[pc + 1]";
  const cases = operations.filter((op) => op !== "end").map((op) => {
    const body = bodies[op].replace("ARG", records || !jumps(op) ? (records ? argument : "arg") : "arg");
    return `      case ${records ? `"${op}"` : numbering[operations.indexOf(op)]}: ${body} break;`;
  });
  const fetch = records ? ["const now = program[pc++];", 'if (now.op === "end") break;', "switch (now.op) {"]
    : ["const op = program[pc], arg = program[pc + 1];", "pc += 2;", `if (op === ${numbering[0]}) break;`, "switch (op) {"];
  const source = [
    "function kernel(program, x, y, a) {",
    "  for (let i = 0; i < y.length; i++) {",
    "    const stack = [0, 0, 0, 0, 0, 0, 0, 0], regs = [0, 0, 0, 0, 0];",
    "    let sp = 0, pc = 0;",
    `    ${random.pick(["for (;;) {", "while (true) {", "while (pc < program.length) {"])}`,
    ...fetch.map((line) => `      ${line}`),
    ...cases,
    "      }",
    "    }",
    "    y[i] = stack[0];",
    "  }",
    "}",
  ].join("\n");
  const inputs = Array.from({ length: 3 }, () => {
    const length = random.between(0, 9);
    return [program, typedArrays[random.chance(0.7) ? "Float64Array" : kind].from(numbers(random, length + random.between(0, 1))), typedArrays[kind].from(numbers(random, length)), number(random)];
  });
  return {
    seed, source, slow: ["program"], slowValues: { program }, inputs, guaranteed: true,
    coverage: new Map([[`interpreter of ${records ? "records" : "a flat program"}`, 1], ...writer.code.map(({ op }): [string, number] => [`bytecode ${op}`, 1])]),
    params: [{ name: "program", slow: true, kind: "program" }, { name: "x", slow: false, kind: "Float64Array" }, { name: "y", slow: false, kind }, { name: "a", slow: false, kind: "number" }],
  };
}
