// Interpreters against the programs that they run: each interpreter specialised over a program, and the same program written by hand in
// JavaScript and specialised too, both as handles (no guards), in turns, a process each. Writes bench/interpreters.md.
//   node bench/interpreters.mjs [--repeats 5] [--no-write]

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const size = 4096;
const numbers = () => Float64Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) * 4);

// ── a stack VM with a switch: x = x * 0.5 + 1 until it is small, then a polynomial ──

function stackVM(code, x, y) {
  for (let i = 0; i < x.length; i++) {
    const stack = [];
    let pc = 0, acc = x[i], running = true;
    while (running) {
      switch (code[pc++]) {
        case 0: stack.push(code[pc++]); break;
        case 1: stack.push(acc); break;
        case 2: acc = stack.pop(); break;
        case 3: { const b = stack.pop(), a = stack.pop(); stack.push(a + b); break; }
        case 4: { const b = stack.pop(), a = stack.pop(); stack.push(a * b); break; }
        case 5: { const target = code[pc++]; if (stack.pop() > code[pc++]) pc = target; break; }
        case 6: running = false; break;
        default: throw new Error("unknown operation");
      }
    }
    y[i] = acc;
  }
}
const stackProgram = [/* 0 */ 1, 0, 0.5, 4, 0, 0.25, 3, 2, /* 8 */ 1, 5, 0, 1, /* 12 */ 1, 1, 4, 0, 3, 4, 1, 3, 0, -1, 3, 2, 6];
function stackByHand(x, y) {
  for (let i = 0; i < x.length; i++) {
    let acc = x[i];
    do acc = acc * 0.5 + 0.25; while (acc > 1);
    y[i] = acc * acc * 3 + acc + -1;
  }
}

// ── a register VM with a table of handlers: prefix sums of squares ──

const handlers = {
  add: (s, i) => { s.r[i.d] = s.r[i.a] + s.r[i.b]; s.pc++; },
  mul: (s, i) => { s.r[i.d] = s.r[i.a] * s.r[i.b]; s.pc++; },
  load: (s, i) => { s.r[i.d] = i.v; s.pc++; },
  peek: (s, i) => { s.r[i.d] = s.x[s.r[i.a]]; s.pc++; },
  poke: (s, i) => { s.y[s.r[i.a]] = s.r[i.b]; s.pc++; },
  less: (s, i) => { s.pc = s.r[i.a] < s.r[i.b] ? i.t : s.pc + 1; },
  halt: (s) => { s.done = true; },
};
function registerVM(code, x, y) {
  const s = { pc: 0, done: false, r: [0, 0, 0, 0, x.length], x, y };
  while (!s.done) { const instruction = code[s.pc]; handlers[instruction.op](s, instruction); }
}
const registerProgram = [
  { op: "load", d: 0, v: 0 }, { op: "load", d: 1, v: 0 }, { op: "load", d: 2, v: 1 },
  { op: "peek", d: 3, a: 1 }, { op: "mul", d: 3, a: 3, b: 3 }, { op: "add", d: 0, a: 0, b: 3 }, { op: "poke", a: 1, b: 0 }, { op: "add", d: 1, a: 1, b: 2 },
  { op: "less", a: 1, b: 4, t: 3 }, { op: "halt" },
];
function registerByHand(x, y) {
  const n = x.length;
  let sum = 0, i = 0;
  do {
    const v = x[i];
    sum += v * v;
    y[i] = sum;
    i++;
  } while (i < n);
}

// ── an AST walker ──

function evaluate(n, env) {
  switch (n.t) {
    case "num": return n.v;
    case "var": return env[n.i];
    case "bin": {
      const a = evaluate(n.l, env), b = evaluate(n.r, env);
      switch (n.op) { case "+": return a + b; case "*": return a * b; case "-": return a - b; case "<": return a < b ? 1 : 0; }
      return NaN;
    }
    case "set": return (env[n.i] = evaluate(n.e, env));
    case "seq": { let v = 0; for (const s of n.body) v = evaluate(s, env); return v; }
    case "while": { while (evaluate(n.c, env)) evaluate(n.b, env); return 0; }
    case "if": return evaluate(n.c, env) ? evaluate(n.a, env) : evaluate(n.b, env);
  }
}
function walker(tree, x, y) {
  for (let i = 0; i < x.length; i++) {
    const env = [x[i], 0, 0];
    evaluate(tree, env);
    y[i] = env[1];
  }
}
const V = (i) => ({ t: "var", i }), N = (v) => ({ t: "num", v }), B = (op, l, r) => ({ t: "bin", op, l, r }), S = (i, e) => ({ t: "set", i, e });
const tree = { t: "seq", body: [
  S(1, N(1)), S(2, N(0)),
  { t: "while", c: B("<", V(2), N(6)), b: { t: "seq", body: [
    { t: "if", c: B("<", V(1), V(0)), a: S(1, B("+", B("*", V(1), N(1.5)), V(2))), b: S(1, B("-", B("*", V(1), V(0)), N(0.25))) },
    S(2, B("+", V(2), N(1))),
  ] } },
] };
function treeByHand(x, y) {
  for (let i = 0; i < x.length; i++) {
    const v = x[i];
    let a = 1;
    for (let k = 0; k < 6; k++) a = a < v ? a * 1.5 + k : a * v - 0.25;
    y[i] = a;
  }
}

// ── a DFA over bytes: words that end in "ab" are counted ──

function automaton(table, counts, s) {
  let state = 0, n = 0;
  // @key state
  for (let i = 0; i < s.length; i++) {
    state = table[state][s[i]];
    n += counts[state];
  }
  return n;
}
const row = (next) => Array.from({ length: 256 }, (_, c) => next[String.fromCharCode(c)] ?? (c === 32 ? 0 : 3));
const table = [row({ a: 1, " ": 0 }), row({ a: 1, b: 2, " ": 0 }), row({ a: 1, " ": 0 }), row({ a: 1, " ": 0 })];
const counts = [0, 0, 1, 0];
function automatonByHand(s) {
  let state = 0, n = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s[i];
    if (c === 97) state = 1;
    else if (c === 98 && state === 1) { state = 2; n++; } else state = 0;
  }
  return n;
}
const text = () => Uint8Array.from({ length: size }, (_, i) => "ab acbab"[(i * 7 + (i >> 3)) % 8].charCodeAt(0));

const pairs = {
  "stack VM, switch": { interpreter: stackVM, program: [stackProgram], slow: ["code"], byHand: stackByHand, args: () => [numbers(), new Float64Array(size)], unit: "element" },
  "register VM, table of handlers": { interpreter: registerVM, program: [registerProgram], slow: ["code"], byHand: registerByHand, args: () => [numbers(), new Float64Array(size)], unit: "element" },
  "AST walker": { interpreter: walker, program: [tree], slow: ["tree"], byHand: treeByHand, args: () => [numbers(), new Float64Array(size)], unit: "element" },
  "DFA over bytes": { interpreter: automaton, program: [table, counts], slow: ["table", "counts"], byHand: automatonByHand, args: () => [text()], unit: "byte" },
};
const subjects = ["interpreter", "residual", "by hand, specialised", "by hand"];

/** Nanoseconds a unit, the median of several turns. */
function time(run) {
  for (const end = performance.now() + 300; performance.now() < end;) run();
  const turns = Array.from({ length: 21 }, () => {
    const start = performance.now();
    for (let i = 0; i < 20; i++) run();
    return ((performance.now() - start) * 1e6) / 20 / size;
  });
  return turns.sort((a, b) => a - b)[10];
}

async function measure(name, subject) {
  const { arena, ready, specialize } = await import("../dist/index.js");
  const pair = pairs[name];
  const wanted = pair.args(), result = pair.interpreter(...pair.program, ...wanted);
  await ready();
  const args = pair.args().map((a) => { const view = a instanceof Uint8Array ? arena.uint8(size) : arena.float64(size); view.set(a); return view; });
  const kernel = subject === "residual" ? pair.interpreter : pair.byHand;
  const all = subject === "residual" ? [...pair.program, ...args] : args;
  let run, executed = null;
  if (subject === "interpreter") run = () => pair.interpreter(...pair.program, ...args);
  else if (subject === "by hand") run = () => pair.byHand(...args);
  else {
    const fast = specialize(kernel, { slow: subject === "residual" ? pair.slow : [], tier: "wasm", strict: true });
    const handle = await fast.pin(...all);
    await fast.prepare(...all);
    executed = fast.inspect(...all).executed;
    run = () => handle(...args);
  }
  const own = run();
  const equal = Object.is(own, result) && args.every((a, k) => a.every((v, i) => Object.is(v, wanted[k][i])));
  return { ns: time(run), equal, executed };
}

const here = fileURLToPath(import.meta.url);
const { values, positionals } = parseArgs({ allowPositionals: true, options: { repeats: { type: "string", default: "5" }, "no-write": { type: "boolean", default: false } } });
if (positionals.length === 2) {
  console.log(JSON.stringify(await measure(positionals[0], positionals[1])));
} else {
  const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];
  const rows = [];
  for (const name of Object.keys(pairs)) {
    const cells = Object.fromEntries(subjects.map((s) => [s, { ns: [], executed: null }]));
    for (let repeat = 0; repeat < Number(values.repeats); repeat++) {
      for (let turn = 0; turn < subjects.length; turn++) {
        const subject = subjects[(turn + repeat) % subjects.length];
        const { stdout } = await promisify(execFile)(process.execPath, [here, name, subject]);
        const { ns, equal, executed } = JSON.parse(stdout);
        if (!equal) throw new Error(`${name}, ${subject}: wrong result`);
        cells[subject].ns.push(ns);
        cells[subject].executed = executed;
      }
    }
    const of = (subject) => median(cells[subject].ns);
    const residual = cells.residual.executed, hand = cells["by hand, specialised"].executed;
    rows.push(`| ${name} | ${of("interpreter").toFixed(1)} | ${of("by hand").toFixed(2)} | ${of("by hand, specialised").toFixed(2)} | ${of("residual").toFixed(2)} | ${(of("residual") / of("by hand, specialised")).toFixed(2)} | ${hand} | ${residual} |`);
    console.log(rows.at(-1));
  }
  const page = `# Interpreters\n\n\`node bench/interpreters.mjs\`, Node ${process.versions.node}, medians of ${values.repeats} processes each, in turns; nanoseconds a unit (element or byte), results equal bit for bit.\nExecuted: machine operations for one call on ${size} units, counted by the evaluator.\n\n`
    + "| interpreter | interpreted | program by hand | by hand, specialised | residual of the interpreter | residual / by hand | executed, by hand | executed, residual |\n|---|--:|--:|--:|--:|--:|--:|--:|\n"
    + `${rows.join("\n")}\n`;
  if (!values["no-write"]) writeFileSync(new URL("./interpreters.md", import.meta.url), page);
}
