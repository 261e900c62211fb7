// Interpreters of many styles, as their users would write them, without an annotation: each is specialised over a program, compared with
// the original, and its executed operations with those of the same program written by hand. Nothing of the program may be left: no list of
// instructions, no place in it, no switch.

import { describe, expect, it } from "vitest";
import { specialize } from "../../../src/index.ts";
import { facts } from "./facts.ts";

type Args = readonly unknown[];
const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** How many operations more than by hand, over all calls. */
function expectAsByHand(fn: (...args: never[]) => unknown, slow: Record<string, unknown>, hand: (...args: never[]) => unknown, calls: readonly Args[], most = 1.1): void {
  const statics = Object.values(slow);
  const f = facts(fn, Object.keys(slow), calls.map((args) => [...statics, ...args]));
  const byHand = specialize(hand, { tier: "js", compile: "sync" });
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const want = calls.map((args) => { byHand(...(args as never[])); return (byHand.inspect as unknown as (...a: Args) => { executed: number })(...args).executed; });
  expect(sum(want)).toBeGreaterThan(0);
  expect(sum(f.executed) / sum(want), `${f.executed.join()} operations, by hand ${want.join()}`).toBeLessThanOrEqual(most);
  expect(f.tables).toBe(0);
  expect(f.said).toEqual([]);
}

describe("machines", () => {
  it("a Forth with a return stack", () => {
    type Word = number | string;
    function forth(prog: Word[], x: number): number {
      const ds: number[] = [x], rs: number[] = [];
      let ip = 0;
      for (;;) {
        const w = prog[ip++];
        if (typeof w === "number") { ds.push(w); continue; }
        switch (w) {
          case "dup": ds.push(ds[ds.length - 1]!); break;
          case "swap": { const a = ds.pop()!, b = ds.pop()!; ds.push(a, b); break; }
          case "drop": ds.pop(); break;
          case "+": { const b = ds.pop()!; ds.push(ds.pop()! + b); break; }
          case "-": { const b = ds.pop()!; ds.push(ds.pop()! - b); break; }
          case "*": { const b = ds.pop()!; ds.push(ds.pop()! * b); break; }
          case "<": { const b = ds.pop()!; ds.push(ds.pop()! < b ? -1 : 0); break; }
          case ">r": rs.push(ds.pop()!); break;
          case "r>": ds.push(rs.pop()!); break;
          case "call": { const to = ds.pop()!; rs.push(ip); ip = to; break; }
          case "exit": if (rs.length === 0) return ds.pop()!; ip = rs.pop()!; break;
          case "0branch": { const to = prog[ip++] as number; if (ds.pop() === 0) ip = to; break; }
          case "branch": ip = prog[ip] as number; break;
        }
      }
    }
    const prog: Word[] = [0, "swap", /* 2 */ "dup", 0.5, "<", "0branch", 9, "drop", "exit", /* 9 */ "dup", 21, "call", "swap", 1, "-", ">r", "+", "r>", "branch", 2, "exit", /* 21 */ "dup", "*", "exit"];
    expectAsByHand(forth, { prog }, (x: number) => { let s = 0; while (!(x < 0.5)) { s = s + x * x; x = x - 1; } return s; }, [[0.25], [1.5], [5.5], [20.5]]);
  });

  it("a register machine with a table of closures", () => {
    interface M { ip: number; regs: Float64Array }
    const ops: ((m: M, a: number, b: number, c: number) => void)[] = [
      (m, a, b, c) => { m.regs[a] = m.regs[b]! + m.regs[c]!; },
      (m, a, b, c) => { m.regs[a] = m.regs[b]! * m.regs[c]!; },
      (m, a, b) => { m.regs[a] = b; },
      (m, a, b, c) => { if (m.regs[a]! < m.regs[b]!) m.ip = c; },
      (m) => { m.ip = -1; },
    ];
    function machine(code: number[][], n: number, x: number): number {
      const m = { ip: 0, regs: new Float64Array(8) };
      m.regs[0] = x; m.regs[1] = n;
      while (m.ip >= 0) {
        const [op, a, b, c] = code[m.ip]!;
        m.ip++;
        ops[op!]!(m, a!, b!, c!);
      }
      return m.regs[2]!;
    }
    const code = [[2, 2, 1, 0], [2, 3, 0, 0], [2, 4, 1, 0], [1, 2, 2, 0], [0, 3, 3, 4], [3, 3, 1, 3], [4, 0, 0, 0]];
    expectAsByHand(machine, { code }, (n: number, x: number) => { let p = 1, i = 0; do { p = p * x; i = i + 1; } while (i < n); return p; }, [[0.5, 1.25], [3.5, 1.25], [20.5, 1.25]]);
  });

  it("a walker over lists, with environments as arrays", () => {
    type Form = number | [string, ...(number | Form)[]];
    function walk(e: Form, env: number[][]): number {
      if (typeof e === "number") return e;
      switch (e[0]) {
        case "ref": return env[e[1] as number]![e[2] as number]!;
        case "let": return walk(e[2] as Form, [[walk(e[1] as Form, env)], ...env]);
        case "+": return walk(e[1] as Form, env) + walk(e[2] as Form, env);
        case "*": return walk(e[1] as Form, env) * walk(e[2] as Form, env);
        case "<": return Number(walk(e[1] as Form, env) < walk(e[2] as Form, env));
        case "if": return walk(e[1] as Form, env) ? walk(e[2] as Form, env) : walk(e[3] as Form, env);
        case "set": { const v = walk(e[3] as Form, env); env[e[1] as number]![e[2] as number] = v; return v; }
        case "begin": { let v = 0; for (const s of e.slice(1)) v = walk(s as Form, env); return v; }
        case "while": { while (walk(e[1] as Form, env)) walk(e[2] as Form, env); return 0; }
      }
      throw new Error("unknown form");
    }
    function run(ast: Form, x: number, n: number): number { return walk(ast, [[x, n]]); }
    const ast: Form = ["let", 0, ["let", 1, ["begin",
      ["while", ["<", ["ref", 1, 0], ["ref", 2, 1]], ["begin",
        ["set", 0, 0, ["if", ["<", ["ref", 0, 0], 100], ["*", ["ref", 0, 0], ["ref", 2, 0]], ["+", ["ref", 0, 0], -50]]],
        ["set", 1, 0, ["+", ["ref", 1, 0], 1]]]],
      ["+", ["ref", 0, 0], ["ref", 1, 0]]]]];
    expectAsByHand(run, { ast }, (x: number, n: number) => { let i = 0, v = 1; while (i < n) { if (v < 100) v = v * x; else v = v + -50; i = i + 1; } return v + i; }, [[2.5, 0.5], [2.5, 5.5], [-1.5, 10.5]]);
  });

  it("a language of eight characters, its jumps found beforehand", () => {
    function bf(prog: string, input: Uint8Array, out: Uint8Array): number {
      const jump: number[] = [], open: number[] = [];
      for (let i = 0; i < prog.length; i++) {
        if (prog[i] === "[") open.push(i);
        else if (prog[i] === "]") { const o = open.pop()!; jump[o] = i; jump[i] = o; }
      }
      const tape = new Uint8Array(16);
      let p = 0, ii = 0, oi = 0;
      for (let pc = 0; pc < prog.length; pc++) {
        switch (prog[pc]) {
          case ">": p++; break;
          case "<": p--; break;
          case "+": tape[p]!++; break;
          case "-": tape[p]!--; break;
          case ".": out[oi++] = tape[p]!; break;
          case ",": tape[p] = ii < input.length ? input[ii++]! : 0; break;
          case "[": if (tape[p] === 0) pc = jump[pc]!; break;
          case "]": if (tape[p] !== 0) pc = jump[pc]!; break;
        }
      }
      return oi;
    }
    expectAsByHand(bf, { prog: ",[->++<]>." }, (input: Uint8Array, out: Uint8Array) => {
      const t = new Uint8Array(2);
      t[0] = 0 < input.length ? input[0]! : 0;
      while (t[0] !== 0) { t[0]!--; t[1]!++; t[1]!++; }
      out[0] = t[1]!;
      return 1;
    }, [[Uint8Array.of(7, 3), new Uint8Array(2)], [new Uint8Array(0), new Uint8Array(2)], [Uint8Array.of(200), new Uint8Array(2)]]);
    expectAsByHand(bf, { prog: ",[.,]" }, (input: Uint8Array, out: Uint8Array) => {
      let oi = 0, ii = 0, c = ii < input.length ? input[ii++]! : 0;
      while (c !== 0) { out[oi++] = c; c = ii < input.length ? input[ii++]! : 0; }
      return oi;
    }, [[Uint8Array.of(7, 3), new Uint8Array(4)], [Uint8Array.of(5, 1, 1, 1, 0, 2), new Uint8Array(2)]]);
  });

  it("threaded code: a list of functions", () => {
    interface S { i: number; st: number[]; x: number }
    type Op = (s: S) => void;
    const push = (k: number): Op => (s) => { s.st.push(k); s.i++; };
    const add: Op = (s) => { const b = s.st.pop()!, a = s.st.pop()!; s.st.push(a + b); s.i++; };
    const mul: Op = (s) => { const b = s.st.pop()!, a = s.st.pop()!; s.st.push(a * b); s.i++; };
    const below = (k: number, to: number): Op => (s) => { if (s.st[s.st.length - 1]! < k) s.i = to; else s.i++; };
    function threaded(code: Op[], x: number): number {
      const s: S = { i: 0, st: [], x };
      while (s.i !== -1) code[s.i]!(s);
      return s.st.pop()!;
    }
    const code = [((s) => { s.st.push(s.x); s.i++; }) as Op, push(2), mul, push(1), add, below(1000, 1), ((s) => { s.i = -1; }) as Op];
    expectAsByHand(threaded, { code }, (x: number) => { let v = x; do { v = v * 2 + 1; } while (v < 1000); return v; }, [[0.5], [5.5], [2000.5], [NaN]]);
  });

  it("instructions taken apart by masks, with subroutines", () => {
    function chip(rom: Uint8Array, x: number, y: number): number {
      const V = new Uint8Array(16); V[0] = x; V[1] = y;
      let pc = 0, sp = 0;
      const stack = new Array<number>(8);
      for (;;) {
        const op = (rom[pc]! << 8) | rom[pc + 1]!;
        pc += 2;
        const X = (op >> 8) & 15, Y = (op >> 4) & 15, NN = op & 255, NNN = op & 4095;
        switch (op & 0xf000) {
          case 0x0000: if (op === 0x00ee) { pc = stack[--sp]!; break; } return V[0]! | (V[2]! << 8);
          case 0x1000: pc = NNN; break;
          case 0x2000: stack[sp++] = pc; pc = NNN; break;
          case 0x3000: if (V[X] === NN) pc += 2; break;
          case 0x6000: V[X] = NN; break;
          case 0x7000: V[X]! += NN; break;
          case 0x8000: { const t = V[X]! + V[Y]!; V[X] = t; V[15] = t > 255 ? 1 : 0; break; }
        }
      }
    }
    const rom = Uint8Array.from([0x62, 0x00, /* 2 */ 0x31, 0x00, 0x10, 0x08, 0x00, 0x00, /* 8 */ 0x20, 0x0e, 0x71, 0xff, 0x10, 0x02, /* 14 */ 0x82, 0x04, 0x00, 0xee]);
    // the loop's test stands at its end, where it is one operation more than `while (v1)`
    expectAsByHand(chip, { rom }, (x: number, y: number) => { let v1 = y & 255, v2 = 0; const v0 = x & 255; while (v1 !== 0) { v2 = (v2 + v0) & 255; v1 = (v1 + 255) & 255; } return v0 | (v2 << 8); },
      [[3, 0], [3, 5], [200, 200]], 1.25);
  });

  it("bytes with immediates of many lengths, read by a closure", () => {
    function varint(code: Uint8Array, x: number): number {
      let pc = 0, a = x, b = 0;
      function imm(): number { let v = 0, s = 0, c; do { c = code[pc++]!; v |= (c & 127) << s; s += 7; } while (c & 128); return v; }
      while (pc < code.length) {
        switch (code[pc++]) {
          case 1: a += imm(); break;
          case 2: a *= imm(); break;
          case 3: b = a; break;
          case 5: { const t = imm(); if (a < imm()) pc = t; break; }
          case 6: return a;
        }
      }
      return b;
    }
    expectAsByHand(varint, { code: Uint8Array.of(1, 0xac, 0x02, 2, 3, 5, 0, 0xa0, 0x8d, 0x06, 3, 1, 7, 6) },
      (x: number) => { let a = x; do { a += 300; a *= 3; } while (a < 100000); return a + 7; }, [[1.5], [1e6 + 0.5], [NaN], [-20.5]]);
  });

  it("a stack whose pointer is a field of the machine", () => {
    class SM {
      stack = new Float64Array(32); sp = 0; pc = 0; code: number[]; x: number;
      constructor(code: number[], x: number) { this.code = code; this.x = x; }
      push(v: number): void { this.stack[this.sp++] = v; }
      pop(): number { return this.stack[--this.sp]!; }
      run(): number {
        for (;;) {
          switch (this.code[this.pc++]) {
            case 0: this.push(this.code[this.pc++]!); break;
            case 1: this.push(this.pop() + this.pop()); break;
            case 2: this.push(this.pop() * this.pop()); break;
            case 3: this.push(this.x); break;
            case 4: { const v = this.pop(); this.push(v); this.push(v); break; }
            case 5: { const t = this.code[this.pc++]!; if (this.pop() > 0) this.pc = t; break; }
            case 6: return this.pop();
          }
        }
      }
    }
    const machine = (code: number[], x: number): number => new SM(code, x).run();
    expectAsByHand(machine, { code: [3, 0, -3, 1, 4, 5, 1, 0, 2, 2, 6] }, (x: number) => { do x = x + -3; while (x > 0); return x * 2; }, [[1.5], [100.5], [NaN]]);
    expectAsByHand(machine, { code: [3, 3, 2, 0, 2, 2, 3, 1, 6] }, (x: number) => x * x * 2 + x, [[1.5], [-0], [NaN]]);
  });

  it("a class with a step, called in a while", () => {
    type Ins = { op: string; value?: number; target?: number };
    class CPU {
      acc = 0; cnt = 0; pc = 0; running = true; limit = 0; prog: Ins[];
      constructor(prog: Ins[]) { this.prog = prog; }
      step(): void {
        const ins = this.prog[this.pc]!;
        this.pc += 1;
        switch (ins.op) {
          case "LDA": this.acc = ins.value!; break;
          case "ADD": this.acc += ins.value!; break;
          case "MUL": this.acc *= ins.value!; break;
          case "INC": this.cnt++; break;
          case "JLT": if (this.cnt < this.limit) this.pc = ins.target!; break;
          case "HLT": this.running = false; break;
        }
      }
    }
    function cpu(prog: Ins[], n: number): number { const c = new CPU(prog); c.limit = n; while (c.running) c.step(); return c.acc; }
    const prog: Ins[] = [{ op: "LDA", value: 1 }, { op: "MUL", value: 1.5 }, { op: "ADD", value: 2 }, { op: "INC" }, { op: "JLT", target: 1 }, { op: "HLT" }];
    expectAsByHand(cpu, { prog }, (n: number) => { let a = 1, c = 0; do { a = a * 1.5 + 2; c++; } while (c < n); return a; }, [[0.5], [3.5], [10.5]]);
  });

  it("postfix expressions", () => {
    function rpn(tokens: (string | number)[], vars: Float64Array): number {
      const st: number[] = [];
      for (const t of tokens) {
        if (typeof t === "number") st.push(t);
        else if (t.length > 1 && t[0] === "$") st.push(vars[Number(t.slice(1))]!);
        else { const b = st.pop()!, a = st.pop()!; st.push(t === "+" ? a + b : t === "-" ? a - b : t === "*" ? a * b : a / b); }
      }
      return st[0]!;
    }
    expectAsByHand(rpn, { tokens: ["$0", "$1", "+", 2, "*", "$2", "$0", "-", "/"] }, (v: Float64Array) => ((v[0]! + v[1]!) * 2) / (v[2]! - v[0]!), [[Float64Array.of(1, 2, 3)], [Float64Array.of(-0, 5)]]);
  });
});

describe("automata", () => {
  const texts = (...list: string[]): Args[] => list.map((t) => [bytes(t)]);

  it("rows of next states, without an annotation and without the rows", () => {
    const row = (otherwise: number, next: Record<string, number>): number[] => { const out = Array<number>(128).fill(otherwise); for (const [c, s] of Object.entries(next)) out[c.charCodeAt(0)] = s; return out; };
    const table = [row(-1, { a: 1, b: 0 }), row(0, { a: 1, c: 2 }), row(2, { a: 0 })];
    function dfa(table: number[][], accept: number[], s: Uint8Array): number {
      let state = 0;
      for (let i = 0; i < s.length; i++) {
        state = table[state]![s[i]!]!;
        if (state < 0) return -1;
      }
      return accept[state]!;
    }
    expectAsByHand(dfa, { table, accept: [0, 0.5, 1] }, (s: Uint8Array) => {
      const n = s.length; let i = 0;
      for (;;) {
        for (;;) { if (i >= n) return 0; const c = s[i++]; if (c === 97) break; if (c !== 98) return -1; }
        let back = false;
        for (;;) { if (i >= n) return 0.5; const c = s[i++]; if (c === 97) continue; if (c === 99) break; back = true; break; }
        if (back) continue;
        for (;;) { if (i >= n) return 1; const c = s[i++]; if (c === 97) break; }
      }
    }, texts("", "a", "abbacaab", "abacc", "zz", "bbbbbbbbbbbbac"));
  });

  it("classes of bytes, then rows", () => {
    const cls = new Uint8Array(128).fill(1, 48, 58); cls[46] = 2; cls[45] = 3;
    const trans = [[-1, 1, -1, 3], [-1, 1, 2, -1], [-1, 2, -1, -1], [-1, 1, -1, -1]];
    function lexer(cls: Uint8Array, trans: number[][], s: Uint8Array): number {
      let q = 0, best = -1;
      for (let i = 0; i < s.length; i++) { q = trans[q]![cls[s[i]!]!]!; if (q < 0) break; if (q === 1 || q === 2) best = i; }
      return best;
    }
    expectAsByHand(lexer, { cls, trans }, (s: Uint8Array) => {
      let best = -1, i = 0; const n = s.length;
      if (i >= n) return best;
      let c = s[i++]!;
      if (!(c >= 48 && c < 58)) { if (c !== 45) return best; if (i >= n) return best; c = s[i++]!; if (!(c >= 48 && c < 58)) return best; }
      best = i - 1;
      for (;;) { if (i >= n) return best; c = s[i]!; if (c >= 48 && c < 58) { best = i; i++; continue; } if (c === 46) break; return best; }
      best = i; i++;
      for (;;) { if (i >= n) return best; c = s[i]!; if (c >= 48 && c < 58) { best = i; i++; continue; } return best; }
    }, texts("", "-12.5x", "123456", "1.2.3", "--"));
  });

  it("a flat table, its rows found by a product", () => {
    const t = new Int8Array(3 * 128).fill(-1);
    t[97] = 1; t[98] = 0; t.fill(0, 128, 256); t[128 + 97] = 1; t[128 + 99] = 2; t.fill(2, 256); t[256 + 97] = 0;
    function count(t: Int8Array, s: Uint8Array): number { let q = 0, n = 0; for (let i = 0; i < s.length; i++) { q = t[q * 128 + (s[i]! & 127)]!; if (q < 0) q = 0; if (q === 2) n++; } return n; }
    expectAsByHand(count, { t }, (s: Uint8Array) => {
      let n = 0, i = 0; const len = s.length;
      for (;;) {
        for (;;) { if (i >= len) return n; if ((s[i++]! & 127) === 97) break; }
        let to = 1;
        for (;;) { if (i >= len) return n; const c = s[i++]! & 127; if (c === 97) continue; if (c === 99) { to = 2; break; } to = 0; break; }
        if (to === 0) continue;
        n++;
        for (;;) { if (i >= len) return n; if ((s[i++]! & 127) === 97) break; n++; }
      }
    }, texts("", "a", "abbacaab", "abacc", "zz", "bbbbbbbbbbbbac", "acccca"));
  });

  it("states that are strings, rules that are ranges", () => {
    type Rule = { lo: number; hi: number; to: string };
    interface Machine { start: string; reject: string; accept: string[]; states: Record<string, Rule[]> }
    function scan(machine: Machine, s: Uint8Array): number {
      let state = machine.start;
      for (let i = 0; i < s.length; i++) {
        const c = s[i]!;
        let next = machine.reject;
        for (const { lo, hi, to } of machine.states[state]!) if (c >= lo && c <= hi) { next = to; break; }
        state = next;
        if (state === "fail") return -1;
      }
      return machine.accept.includes(state) ? 1 : 0;
    }
    const digit = { lo: 48, hi: 57 };
    const machine: Machine = { start: "sign", reject: "fail", accept: ["int", "frac"], states: {
      sign: [{ lo: 43, hi: 43, to: "first" }, { lo: 45, hi: 45, to: "first" }, { ...digit, to: "int" }], first: [{ ...digit, to: "int" }],
      int: [{ ...digit, to: "int" }, { lo: 46, hi: 46, to: "dot" }], dot: [{ ...digit, to: "frac" }], frac: [{ ...digit, to: "frac" }], fail: [] } };
    expectAsByHand(scan, { machine }, (s: Uint8Array) => {
      let i = 0; const n = s.length;
      if (i >= n) return 0;
      let c = s[i++]!;
      if (c === 43 || c === 45) { if (i >= n) return 0; c = s[i++]!; }
      if (!(c >= 48 && c <= 57)) return -1;
      for (;; i++) { if (i >= n) return 1; c = s[i]!; if (c >= 48 && c <= 57) continue; if (c === 46) break; return -1; }
      i++;
      if (i >= n) return 0;
      c = s[i++]!; if (!(c >= 48 && c <= 57)) return -1;
      for (; i < n; i++) { c = s[i]!; if (!(c >= 48 && c <= 57)) return -1; }
      return 1;
    }, texts("", "1", "-12.5", "+", "12.", "3.1415926", "99999999999999999999", "abc", "1x"), 1.12);
  });

  it("nested objects with numbers for keys", () => {
    type M = Record<string, { on: Record<number, string>; else: string; out: number }>;
    const m: M = { a: { on: { 97: "a", 98: "b" }, else: "a", out: 0 }, b: { on: { 97: "a", 99: "c" }, else: "a", out: 0.5 }, c: { on: { 97: "a" }, else: "c", out: 1 } };
    function automaton(m: M, start: string, s: Uint8Array): number {
      let state = m[start]!;
      for (let i = 0; i < s.length; i++) state = m[state.on[s[i]!] ?? state.else]!;
      return state.out;
    }
    expectAsByHand(automaton, { m, start: "a" }, (s: Uint8Array) => {
      const n = s.length; let i = 0;
      for (;;) {
        for (;;) { if (i >= n) return 0; const c = s[i++]; if (c === 97) continue; if (c === 98) break; }
        if (i >= n) return 0.5;
        const c = s[i++];
        if (c === 97) continue;
        if (c !== 99) continue;
        for (;;) { if (i >= n) return 1; if (s[i++] === 97) break; }
      }
    }, texts("", "a", "ab", "abc", "babcab", "zzzzbczza"));
  });

  it("objects linked to each other, in a for…of", () => {
    interface State { out: number; edges: { ch: number; to: State }[]; dflt: State }
    const a = { out: 0 } as State, b = { out: 0.5 } as State, c = { out: 1 } as State;
    Object.assign(a, { edges: [{ ch: 97, to: a }, { ch: 98, to: b }], dflt: a });
    Object.assign(b, { edges: [{ ch: 99, to: c }], dflt: a });
    Object.assign(c, { edges: [{ ch: 97, to: a }], dflt: c });
    function graph(start: State, s: Uint8Array): number {
      let node = start;
      for (const ch of s) {
        let to = node.dflt;
        for (const e of node.edges) if (e.ch === ch) { to = e.to; break; }
        node = to;
      }
      return node.out;
    }
    expectAsByHand(graph, { start: a }, (s: Uint8Array) => {
      const n = s.length; let i = 0;
      for (;;) {
        for (;;) { if (i >= n) return 0; const ch = s[i++]; if (ch === 97) continue; if (ch === 98) break; }
        if (i >= n) return 0.5;
        if (s[i++] !== 99) continue;
        for (;;) { if (i >= n) return 1; if (s[i++] === 97) break; }
      }
    }, texts("", "a", "bc", "abc", "babcab", "zzzzbczza"));
  });

  it("states as bits of a set", () => {
    interface Nfa { start: number; accept: number; states: { lo: number; hi: number; to: number }[][] }
    const re: Nfa = { start: 1, accept: 4, states: [[{ lo: 97, hi: 98, to: 3 }, { lo: 99, hi: 101, to: 4 }], [{ lo: 98, hi: 99, to: 1 }], []] };
    function nfa(re: Nfa, s: Uint8Array): boolean {
      let set = re.start;
      for (let i = 0; i < s.length; i++) {
        let next = 0;
        for (let q = 0; q < re.states.length; q++) if (set & (1 << q)) for (const e of re.states[q]!) if (s[i]! >= e.lo && s[i]! <= e.hi) next |= e.to;
        set = next;
        if (set === 0) return false;
      }
      return (set & re.accept) !== 0;
    }
    expectAsByHand(nfa, { re }, (s: Uint8Array) => {
      let set = 1;
      for (let i = 0; i < s.length; i++) {
        const c = s[i]!; let next = 0;
        if (set & 1) { if (c >= 97 && c <= 98) next |= 3; if (c >= 99 && c <= 101) next |= 4; }
        if (set & 2 && c >= 98 && c <= 99) next |= 1;
        set = next;
        if (set === 0) return false;
      }
      return (set & 4) !== 0;
    }, texts("", "c", "ac", "abac", "abb", "aaaaabababc"));
  });

  it("a row read outside, at −0, at fractions and at NaN", () => {
    function walk(table: number[][], s: Float64Array): number { let q = 0, t = 0; for (let i = 0; i < s.length; i++) { const next = table[q]![s[i]!]; if (next === undefined) { t += i; continue; } q = next; } return q * 100 + t; }
    const table = [[0, 0, 1], [1, 0, 0]];
    facts(walk, ["table"], [[2, 1, 0], [-0, -1, 2, 0.5, 1, NaN, 2, Infinity, 1e10], []].map((list) => [table, Float64Array.from(list)]));
  });

  it("many states of objects: chosen at run time, in one loop", () => {
    interface S { w: number; next: S[] }
    const list: S[] = Array.from({ length: 40 }, (_, i) => ({ w: i, next: [] }));
    list.forEach((s, i) => { s.next.push(list[(i * 7 + 1) % 40]!, list[(i * 11 + 5) % 40]!); });
    function walk(start: S, s: Uint8Array): number { let at = start, t = 0; for (let i = 0; i < s.length; i++) { at = s[i]! & 1 ? at.next[0]! : at.next[1]!; t += at.w; } return t; }
    expect(facts(walk, ["start"], [[list[0], bytes("abcdefghijk")]]).loops).toBe(1);
  });
});
