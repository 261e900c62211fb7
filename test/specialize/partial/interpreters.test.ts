// Interpreters become compilers: four that differ in style, with programs by hand and at random. The residual is the interpreted program:
// no program array, no program counter, no dispatch.

import { describe, expect, it } from "vitest";
import { specialize } from "../../../src/index.ts";
import { compareOutcomes, runCopy } from "../../../src/verify/run.ts";
import { edges, facts, type Facts } from "./facts.ts";

/** Small numbers in a fixed order, from a seed. */
function random(seed: number): (below: number) => number {
  let state = seed * 2654435761 + 1;
  return (below) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor((state / 2 ** 32) * below); };
}

/** What is left of a program must not be more than the program. */
function expectCompiled({ tables, text }: Facts): void {
  expect(tables, text).toBe(0);
  expect(text).not.toContain("data.addr");
}

// ── a stack VM with a switch ──

const Op = { push: 0, x: 1, add: 2, mul: 3, sub: 4, get: 5, set: 6, jumpIfPositive: 7, jump: 8, end: 9, dup: 10, call: 11, ret: 12 } as const;

function stackVM(code: number[], x: number): number {
  const stack: number[] = [], returns: number[] = [], vars = [0, 0, 0, 0];
  let pc = 0, steps = 0;
  while (true) {
    if (++steps > 100000) return -1;
    switch (code[pc++]) {
      case 0: stack.push(code[pc++]!); break;
      case 1: stack.push(x); break;
      case 2: { const b = stack.pop()!, a = stack.pop()!; stack.push(a + b); break; }
      case 3: { const b = stack.pop()!, a = stack.pop()!; stack.push(a * b); break; }
      case 4: { const b = stack.pop()!, a = stack.pop()!; stack.push(a - b); break; }
      case 5: stack.push(vars[code[pc++]!]!); break;
      case 6: vars[code[pc++]!] = stack.pop()!; break;
      case 7: { const target = code[pc++]!; if (stack.pop()! > 0) pc = target; break; }
      case 8: pc = code[pc]!; break;
      case 9: return vars[0]!;
      case 10: { const a = stack.pop()!; stack.push(a); stack.push(a); break; }
      case 11: returns.push(pc + 1); pc = code[pc]!; break;
      case 12: pc = returns.pop()!; break;
      default: throw new Error("unknown operation");
    }
  }
}

/** The same without a limit of steps: nothing but the program may be left. */
function pureStackVM(code: number[], x: number): number {
  const stack: number[] = [];
  let pc = 0, acc = 0, i = 0;
  while (true) {
    switch (code[pc++]) {
      case 0: stack.push(code[pc++]!); break;
      case 1: stack.push(x); break;
      case 2: { const b = stack.pop()!, a = stack.pop()!; stack.push(a + b); break; }
      case 3: { const b = stack.pop()!, a = stack.pop()!; stack.push(a * b); break; }
      case 4: stack.push(acc); break;
      case 5: acc = stack.pop()!; break;
      case 6: { const target = code[pc++]!; if (++i < 10) pc = target; break; }
      case 7: return acc;
    }
  }
}

/** A random program whose stack is balanced at every jump: statements, loops that count down, subroutines. */
function program(seed: number): number[] {
  const next = random(seed), code: number[] = [];
  const expression = (depth: number): void => {
    const kind = depth > 2 ? next(3) : next(6);
    if (kind === 0) code.push(Op.push, next(7) - 3);
    else if (kind === 1) code.push(Op.x);
    else if (kind === 2) code.push(Op.get, next(3));
    else if (kind === 3) { expression(depth + 1); code.push(Op.dup, Op.mul); }
    else { expression(depth + 1); expression(depth + 1); code.push([Op.add, Op.mul, Op.sub][next(3)]!); }
  };
  const assign = (): void => { expression(0); code.push(Op.set, next(3)); };
  const subroutine = (): number => { const skip = code.length + 1; code.push(Op.jump, 0); const at = code.length; assign(); code.push(Op.ret); code[skip] = code.length; return at; };
  const routines = [subroutine(), subroutine()];
  for (let s = 0; s < 4 + next(4); s++) {
    const kind = next(4);
    if (kind === 0) assign();
    else if (kind === 1) { // if
      expression(0);
      code.push(Op.jumpIfPositive, 0);
      const hole = code.length - 1;
      assign();
      code[hole] = code.length;
    } else if (kind === 2) { // a loop that counts in variable 3
      code.push(Op.push, 2 + next(4), Op.set, 3);
      const head = code.length;
      assign();
      code.push(Op.get, 3, Op.push, 1, Op.sub, Op.set, 3, Op.get, 3, Op.jumpIfPositive, head);
    } else code.push(Op.call, routines[next(2)]!);
  }
  code.push(Op.end);
  return code;
}

describe("a stack VM with a switch", () => {
  it("a loop of the program becomes a loop, and nothing else is left", () => {
    // acc = 1; do { acc = acc * x + 3 } while (++i < 10)
    const code = [0, 1, 5, /* 3 */ 4, 1, 3, 0, 3, 2, 5, 6, 3, 7];
    const f = facts(pureStackVM, ["code"], edges.map((x) => [code, x]));
    expectCompiled(f);
    expect(Math.max(...f.executed)).toBeLessThanOrEqual(10 * 4 + 4);
  });

  for (let seed = 1; seed <= 12; seed++) {
    it(`random program ${seed}`, () => { facts(stackVM, ["code"], edges.filter((_, i) => i % 3 === seed % 3).map((x) => [program(seed), x])); });
  }
});

// ── a register VM with a table of handlers ──

interface Instruction { op: string; d?: number; a?: number; b?: number; v?: number; t?: number }
interface Machine { pc: number; done: boolean; r: number[]; mem: Float64Array }
const handlers: Record<string, (s: Machine, i: Instruction) => void> = {
  add: (s, i) => { s.r[i.d!] = s.r[i.a!]! + s.r[i.b!]!; s.pc++; },
  mul: (s, i) => { s.r[i.d!] = s.r[i.a!]! * s.r[i.b!]!; s.pc++; },
  load: (s, i) => { s.r[i.d!] = i.v!; s.pc++; },
  peek: (s, i) => { s.r[i.d!] = s.mem[s.r[i.a!]!]!; s.pc++; },
  poke: (s, i) => { s.mem[s.r[i.a!]!] = s.r[i.b!]!; s.pc++; },
  less: (s, i) => { s.pc = s.r[i.a!]! < s.r[i.b!]! ? i.t! : s.pc + 1; },
  halt: (s) => { s.done = true; },
};
function registerVM(code: Instruction[], mem: Float64Array, n: number): number {
  const s: Machine = { pc: 0, done: false, r: [0, 0, 0, 0, 0, 0, 0, n], mem };
  while (!s.done) { const instruction = code[s.pc]!; handlers[instruction.op]!(s, instruction); }
  return s.r[0]!;
}

describe("a register VM with a table of handlers", () => {
  it("a sum of squares over memory, with prefix sums written", () => {
    const code: Instruction[] = [
      { op: "load", d: 0, v: 0 }, { op: "load", d: 1, v: 0 }, { op: "load", d: 2, v: 1 },
      { op: "peek", d: 3, a: 1 }, { op: "mul", d: 3, a: 3, b: 3 }, { op: "add", d: 0, a: 0, b: 3 }, { op: "poke", a: 1, b: 0 }, { op: "add", d: 1, a: 1, b: 2 },
      { op: "less", a: 1, b: 7, t: 3 }, { op: "halt" },
    ];
    const memory = Float64Array.from({ length: 20 }, (_, i) => i * 1.5 - 3);
    const f = facts(registerVM, ["code"], [0, 5, 20, 25, NaN].map((n) => [code, memory, n]));
    expectCompiled(f);
    expect(f.executed[2]).toBeLessThanOrEqual(20 * 9 + 12);
  });

  it("straight code is straight", () => {
    const code: Instruction[] = [{ op: "mul", d: 1, a: 7, b: 7 }, { op: "load", d: 2, v: 3 }, { op: "add", d: 0, a: 1, b: 2 }, { op: "halt" }];
    const f = facts(registerVM, ["code"], [2.5, -0.5].map((n) => [code, new Float64Array(2), n]));
    expectCompiled(f);
    expect(f).toMatchObject({ loops: 0, ifs: 0, executed: [2, 2] });
  });
});

// ── an AST walker ──

type Tree =
  | { t: "num"; v: number } | { t: "var"; i: number } | { t: "set"; i: number; e: Tree } | { t: "seq"; body: Tree[] }
  | { t: "bin"; op: string; l: Tree; r: Tree } | { t: "while"; c: Tree; b: Tree } | { t: "if"; c: Tree; a: Tree; b?: Tree };
function run(n: Tree, env: number[]): number {
  switch (n.t) {
    case "num": return n.v;
    case "var": return env[n.i]!;
    case "bin": {
      const a = run(n.l, env), b = run(n.r, env);
      switch (n.op) { case "+": return a + b; case "*": return a * b; case "<": return a < b ? 1 : 0; case "-": return a - b; }
      return NaN;
    }
    case "set": return (env[n.i] = run(n.e, env));
    case "seq": { let v = 0; for (const s of n.body) v = run(s, env); return v; }
    case "while": { let k = 0; while (run(n.c, env)) { run(n.b, env); k++; } return k; }
    case "if": return run(n.c, env) ? run(n.a, env) : n.b ? run(n.b, env) : 0;
  }
}
function runTree(tree: Tree, x: number): number { const env = [x, 0, 0, 0]; run(tree, env); return env[1]!; }

const V = (i: number): Tree => ({ t: "var", i }), N = (v: number): Tree => ({ t: "num", v }), B = (op: string, l: Tree, r: Tree): Tree => ({ t: "bin", op, l, r });
const S = (i: number, e: Tree): Tree => ({ t: "set", i, e });

function randomTree(seed: number): Tree {
  const next = random(seed);
  const expression = (depth: number): Tree => (depth > 2 || next(3) === 0 ? (next(2) ? V(next(3)) : N(next(9) / 2 - 2)) : B(["+", "*", "-", "<"][next(4)]!, expression(depth + 1), expression(depth + 1)));
  const statement = (depth: number): Tree => {
    const kind = depth > 2 ? 0 : next(4);
    if (kind <= 1) return S(next(3), expression(0));
    if (kind === 2) return { t: "if", c: expression(1), a: statement(depth + 1), ...(next(2) ? { b: statement(depth + 1) } : {}) };
    return { t: "seq", body: [S(3, N(0)), { t: "while", c: B("<", V(3), N(2 + next(3))), b: { t: "seq", body: [statement(3), S(3, B("+", V(3), N(1)))] } }] };
  };
  return { t: "seq", body: Array.from({ length: 3 + next(3) }, () => statement(0)) };
}

describe("an AST walker", () => {
  it("a while loop over variables becomes a loop over locals", () => {
    const body: Tree = { t: "seq", body: [{ t: "if", c: B("<", V(1), N(20)), a: S(1, B("+", V(1), B("*", V(2), V(2)))), b: S(1, B("-", V(1), N(7))) }, S(2, B("+", V(2), N(1)))] };
    const tree: Tree = { t: "seq", body: [S(1, N(0)), S(2, N(0)), { t: "while", c: B("<", V(2), V(0)), b: body }] };
    const f = facts(runTree, ["tree"], [10, -1, 25.5, NaN].map((x) => [tree, x]));
    expectCompiled(f);
    expect(f.loads).toBe(0);
    expect(f.executed[0]).toBeLessThanOrEqual(10 * 9 + 6);
  });

  for (let seed = 1; seed <= 12; seed++) {
    it(`random tree ${seed}`, () => { expectCompiled(facts(runTree, ["tree"], edges.filter((_, i) => i % 3 === seed % 3).map((x) => [randomTree(seed), x]))); });
  }
});

// ── automata over bytes ──

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
function row(otherwise: number, next: Record<string, number>): number[] {
  const out = Array<number>(128).fill(otherwise);
  for (const [c, state] of Object.entries(next)) out[c.charCodeAt(0)] = state;
  return out;
}
const dfa = (0, eval)(`(function dfa(table, accept, s) {
  let state = 0;
  // @key state
  for (let i = 0; i < s.length; i++) {
    state = table[state][s[i]];
    if (state < 0) return -1;
  }
  return accept[state];
})`) as (table: number[][], accept: number[], s: Uint8Array) => number;

type Piece = { star?: boolean; lo: number; hi: number };
function matcher(pattern: Piece[], s: Uint8Array, from: number): number {
  let i = from;
  for (const piece of pattern) {
    if (piece.star) while (i < s.length && s[i]! >= piece.lo && s[i]! <= piece.hi) i++;
    else { if (!(i < s.length && s[i]! >= piece.lo && s[i]! <= piece.hi)) return -1; i++; }
  }
  return i;
}

describe("automata over bytes", () => {
  it("a DFA: the state is a place in the code", () => {
    const table = [row(-1, { a: 1, b: 0 }), row(0, { a: 1, c: 2 }), row(2, { a: 0 })];
    const texts = ["", "a", "abbacaab", "abacc", "zz", "bbbbbbbbbbbbac"].map((text) => [table, [0, 0.5, 1], bytes(text)]);
    const { loops } = facts(dfa, ["table", "accept"], texts);
    expect(loops).toBeGreaterThan(0);
  });

  it("random automata", () => {
    for (let seed = 1; seed <= 4; seed++) {
      const next = random(seed), states = 2 + next(4);
      const table = Array.from({ length: states }, () => Array.from({ length: 128 }, () => next(states + 1) - (next(4) === 0 ? 1 : 0)).map((s) => Math.min(s, states - 1)));
      const accept = table.map((_, i) => i * 1.5);
      facts(dfa, ["table", "accept"], [0, 1, 5, 40].map((n) => [table, accept, Uint8Array.from({ length: n }, () => next(128))]));
    }
  });

  it("a regular expression of classes and stars", () => {
    const pattern: Piece[] = [{ lo: 97, hi: 122 }, { star: true, lo: 48, hi: 57 }, { lo: 33, hi: 33 }];
    const f = facts(matcher, ["pattern"], ["a123!", "a!", "!", "", "a123?", "a12345678901234567890!"].map((text) => [pattern, bytes(text), 0]));
    expectCompiled(f);
    expect(f.loops).toBe(1);
  });
});

describe("a matcher that backtracks, by recursion", () => {
  function match(p: number[], pi: number, s: Uint8Array, si: number): boolean {
    if (pi === p.length) return si === s.length;
    const ok = si < s.length && (p[pi] === 46 || p[pi] === s[si]);
    if (p[pi + 1] === 42) return match(p, pi + 2, s, si) || (ok && match(p, pi, s, si + 1));
    return ok && match(p, pi + 1, s, si + 1);
  }
  for (const pattern of ["a.*b", "a*a*b", ".*", "abc", ""]) {
    it(`/^${pattern}$/: a function for each place in the pattern that it comes back to`, () => {
      const p = Array.from(bytes(pattern));
      expectCompiled(facts(match, ["p", "pi"], ["", "a", "axxbxb", "axxbx", "aaaa", "aaab", "abc"].map((text) => [p, 0, bytes(text), 0])));
    });
  }
});

// ── one written with classes, and one over text ──

class VM {
  pc = 0;
  halted = false;
  readonly stack: number[] = [];
  readonly code: (string | number)[];
  readonly x: number;
  constructor(code: (string | number)[], x: number) { this.code = code; this.x = x; }
  push(v: number): void { this.stack.push(v); }
  pop(): number { return this.stack.pop()!; }
  step(): void {
    const op = this.code[this.pc++];
    switch (op) {
      case "push": this.push(this.code[this.pc++] as number); break;
      case "x": this.push(this.x); break;
      case "add": this.push(this.pop() + this.pop()); break;
      case "mul": this.push(this.pop() * this.pop()); break;
      case "dup": { const v = this.pop(); this.push(v); this.push(v); break; }
      case "positive": { const target = this.code[this.pc++] as number; if (this.pop() > 0) this.pc = target; break; }
      case "halt": this.halted = true; break;
      default: throw new Error(`unknown operation ${op}`);
    }
  }
  run(): number { while (!this.halted) this.step(); return this.pop(); }
}
function classVM(code: (string | number)[], x: number): number { return new VM(code, x).run(); }

function brainfuck(text: string, input: Uint8Array, out: Uint8Array): number {
  const tape = new Uint8Array(32);
  let p = 0, ip = 0, ii = 0, oo = 0;
  while (ip < text.length) {
    switch (text[ip]) {
      case ">": p++; break;
      case "<": p--; break;
      case "+": tape[p]!++; break;
      case "-": tape[p]!--; break;
      case ".": out[oo++] = tape[p]!; break;
      case ",": tape[p] = ii < input.length ? input[ii++]! : 0; break;
      case "[": if (tape[p] === 0) { let depth = 1; while (depth > 0) { ip++; if (text[ip] === "[") depth++; else if (text[ip] === "]") depth--; } } break;
      case "]": if (tape[p] !== 0) { let depth = 1; while (depth > 0) { ip--; if (text[ip] === "]") depth++; else if (text[ip] === "[") depth--; } } break;
    }
    ip++;
  }
  return oo;
}

describe("others", () => {
  it("a VM of classes, methods and string opcodes", () => {
    const straight = facts(classVM, ["code"], [2.5, -0, NaN].map((x) => [["x", "push", 2, "mul", "push", 1, "add", "halt"], x]));
    expectCompiled(straight);
    expect(straight.executed[0]).toBeLessThanOrEqual(3);
    expectCompiled(facts(classVM, ["code"], [2.5, 100.5, -1].map((x) => [["x", "push", -1, "add", "dup", "positive", 1, "halt"], x])));
  });

  it("a language whose program is text", () => {
    for (const text of [",[->++<]>.", "++++++++[>++++++++<-]>+.", ",[.,]"]) {
      const f = facts(brainfuck, ["text"], [[text, Uint8Array.of(7, 8, 9), new Uint8Array(8)], [text, new Uint8Array(0), new Uint8Array(1)]]);
      expectCompiled(f);
    }
  });

  it("a program that never was seen makes a version of its own; both serve", () => {
    const fast = specialize(pureStackVM, { slow: ["code"], tier: "js", compile: "sync" });
    const programs = [[0, 1, 5, 7], [1, 5, 4, 1, 3, 5, 6, 2, 7]];
    for (let k = 0; k < 3; k++) for (const code of programs) {
      const { mismatches } = compareOutcomes(runCopy({ name: "o", call: pureStackVM }, undefined, [code, 1.25]), runCopy({ name: "f", call: fast }, undefined, [code, 1.25]));
      expect(mismatches).toEqual([]);
    }
    expect(fast.versions()).toHaveLength(2);
    expect(fast.stats().calls.original).toBe(0);
  });
});
