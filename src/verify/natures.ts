// Random kernels over what objects and arrays are beside their contents: frozen, sealed or closed, with holes, with keys in an order, changed while they are
// iterated; among the caller's arrays instances of a class, such that are behind no Array.prototype and such with elements that can't be written, or with properties beside their elements. The same seed gives the same kernel.

import { edgeNumbers } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

class List extends Array<number> {}

const closings = ["freeze", "seal", "preventExtensions"] as const;

export function randomNature(seed: number): RandomKernel {
  const random = new Random(seed * 2654435761 + 41), coverage = new Map<string, number>(), lines: string[] = [];
  const made: { readonly name: string; readonly array: boolean }[] = [];
  const count = (what: string, code: string): void => { coverage.set(`nature: ${what}`, (coverage.get(`nature: ${what}`) ?? 0) + 1); lines.push(`  ${code}`); };
  const value = (): string => random.pick(["a", "s", "x[0]", "x.length", "1", "-0", "a * 2", "(x[1] ?? 7)"]);
  /** mostly of run time, so that most calls come past it */
  const rarely = (code: string): string => `if (${random.pick(["a > 40", "s === 7", "x.length > 9", "mode === 9"])}) ${code}`;
  const statements: Readonly<Record<string, () => void>> = {
    closed() {
      const array = random.chance(0.5), name = `o${made.length}`, close = `Object.${random.pick(closings)}`, fields = array ? `[${value()}, ${value()}, 3]` : `{ p: ${value()}, q: ${value()} }`;
      const wrapped = random.chance(0.6);
      count(close, wrapped ? `const ${name} = ${close}(${fields});` : `const ${name} = ${fields};`);
      if (!wrapped) lines.push(`  ${random.chance(0.5) ? `${name}${array ? "[1]" : ".q"} = ${value()}; ${close}(${name});` : `if (${random.pick(["a > 0", "mode === 1"])}) ${close}(${name});`}`);
      made.push({ name, array });
      if (random.chance(0.5)) count("write what is closed", rarely(random.pick(array ? [`${name}[0] = 1;`, `${name}.push(1);`, `${name}.pop();`, `${name}.length = 1;`, `${name}[x.length] = 2;`] : [`${name}.p = 1;`, `${name}.z = 2;`, `delete ${name}.p;`])));
      lines.push(`  s += ${random.pick(array ? [`${name}[1]`, `${name}[x.length & 1]`, `${name}.map((v) => v * 2)[0]`, `${name}.length`, `[...${name}, 1].length`] : [`${name}.p`, `{ ...${name}, r: 1 }.q`, `Object.keys(${name}).length`])};`);
      if (random.chance(0.4)) count("ask what is closed", `s += Object.${random.pick(["isFrozen", "isSealed", "isExtensible"])}(${name}) ? 1 : 0.5;`);
    },
    holes() {
      const name = `o${made.length}`, items = random.pick(["[1, , a]", "[, x.length]", "[a, , ]", "[[1], , [2]]", "[1, 2]"]);
      count("join holes", `${random.chance(0.5) ? "let" : "var"} ${name} = ${items}.concat(${random.pick(["[1, , 2]", "x", "[a]", "5", "[x], [, a]", "x[1]", "x[a], 2"])});`);
      made.push({ name, array: true });
      lines.push(`  s += ${name}.length + (1 in ${name} ? 1 : 0) + ${name}.filter(() => true).length;`);
    },
    order() {
      const name = `o${made.length}`;
      count("keys in order", `const ${name} = { b: a, ${random.pick(["2: 1, 1: 2", "10: 3, 9: a", "'-1': 1, 0: 2"])}, a: 1 };`);
      made.push({ name, array: false });
      lines.push(`  { let k = 1; for (const key in ${name}) { k++; ${random.pick([`if (k === 2) delete ${name}.a;`, `delete ${name}.b;`, "", `${name}.w = 1;`])} s = s * 3 + ${random.pick([`${name}[key]`, "key.length", "k"])}; } }`);
    },
    late() {
      const name = `late${lines.length}`, writes = ["p", "q", "r"].map((key) => random.pick([`if (${random.pick(["a > 0", "x.length > 2", "mode === 1"])}) ${name}.${key} = ${value()};`, `for (let i = 0; i < x.length; i++) { ${name}.${key} = x[i]; s += ${name}.${key} + (${name}.${random.pick(["p", "q", "r"])} ?? 0.5); }`, `delete ${name}.${key};`]));
      count("fields of some paths written again", `const ${name} = { b: a }; ${writes.join(" ")} ${random.pick([`${name}.p = 3;`, `${name}.q ??= 2;`, ""])}`);
      lines.push(`  s += ${random.pick([`(${name}.p ?? 1) - (${name}.q ?? 2)`, `("p" in ${name} ? 1 : 2)`, `Object.assign({ q: 4 }, ${name}).q`, `("q" in Object.assign({}, ${name}) ? 3 : 5)`])};`);
    },
    table() {
      count("keys deleted in for-in", `{ const t = {}; for (let i = 0; i < x.length; i++) t[x[i]] = i; for (const k in t) { s = s * 2 + t[k]; delete t[${random.pick(["a", "x[0]", "x[x.length - 1]", "3"])}]; } }`);
    },
    words() {
      const rest = random.pick(["b", "a"]), step = (rec: string): string => random.pick([`out.push(\`\${p}\${q}\`);`, "text += p + r;", "out.push(p + n);", `text += n + ${rec};`, "cells[(n * 2 + out.length) & 3] += n;"]);
      count("recursion over words, whose result nobody reads", `{ const out = [], cells = new Float64Array(4); let text = ""; const go = (n, p, q, r) => { if (n > 0) { go(n - 1, p, r, q); ${step("q")} ${random.pick(["go(n - 1, r, q, p);", "go(n - 2, q, p, r);", ""])} } return ${random.pick(["out", "cells", "n"])}; }; go(${random.pick(["x.length & 3", "3"])}, "a", "${rest}", "c"); s += text.length + out.length + cells[1]; ${random.chance(0.3) ? "last = out;" : ""} }`);
    },
    chosen() { count("one of several words, or none", `{ const names = { 1: "ab", 2: "c\u{1f600}d", 3: "" }; for (const k of ${random.pick(["x", "[1, a, 3]"])}) { const t = names[${random.pick(["k", "k & 3"])}] ?? ${random.pick(['""', '"zz"'])}; ${random.pick(["for (const c of t) s = s * 3 + c.length;", "for (let j = 0; j < t.length; j++) s = s * 3 + t.charCodeAt(j);", "s += t.charAt(s & 1).length;"])} } }`); },
    callback() {
      const change = random.pick(["all.pop()", "all.length = 1", "all.push(i)", "all[0] = v", "i"]), list = random.pick(["[1, a, 3, 4]", "[...x]", "x.map((v) => v + 1)"]);
      const method = random.pick([`forEach((v, i, all) => { s += v; if (i < 2) ${change}; })`, `map((v, i, all) => { if (i === 0) ${change}; return v; }).length`, `reduce((p, v, i, all) => { if (i === 1) ${change}; return p + v; }, 0)`, `filter((v, i, all) => { if (i === 0) ${change}; return v > 1; }).length`, `some((v, i, all) => { ${change}; return v > a; }) ? 1 : 0`]);
      count("callbacks that change the list", method.startsWith("forEach") ? `${list}.${method};` : `s += ${list}.${method};`);
    },
    species() { count("a method that asks for the class", `{ const r = x.${random.pick(["map((v) => v * 2)", "filter((v) => v > 1)", "slice(1)", "concat([a])"])}; s += r.length; ${random.chance(0.5) ? "last = r;" : ""} }`); },
    json() { count("JSON of what varies", `${random.pick(["last = ", "s += (", "s += ("])}JSON.stringify(${random.pick(["x", "[a, s, null]", "{ p: a, q: [s, x.length], 'r-': \"t\" }", "x.map((v) => v * 2)", "{ a, b: a > 0, c: undefined }", "[[a], { s }]", "[, x.length]"])})`.replace(/^s.*$/, (text) => `${text}.length > 9 ? 1 : 2);`).replace(/[^;]$/, "$&;")); },
    element() { count("an element that may be read-only", random.pick(["if (x.length > 1) x[1] = s;", "x.reverse();", "x.sort((p, q) => p - q);", "for (let i = 0; i < x.length; i++) x[i] += a;", "x.fill(a);", "if (x.length > 0) x.shift();"])); },
    beside() {
      const of = random.pick(["x.w", "(x.w ?? 2)", "(x.box?.lo ?? 1)", "(x.w === undefined ? 3 : 4)", "(typeof x.w)", "(x.slice().w ?? 7)", "(x.row?.[1] ?? 5)", "(x.row === x ? 1 : 0)", '("w" in x ? 1 : 2)', "Object.keys(x).length"]);
      count("what an array has beside its elements", random.pick([`s += ${of};`, `if (a > 0) s += ${of};`, `for (let i = 0; i < x.length; i++) s += x[i] * ${of};`, `last = ${of};`, `x.${random.pick(["w", "h"])} = ${value()};`]));
    },
    given() {
      const name = (): string => random.pick(["w", "w", "h", "z"]), now = (): string => random.pick(["x.w", "(x.h ?? 2)", "(x.z === undefined ? 3 : 4)", '("w" in x ? 1 : 2)', "(x.self === x ? 1 : 0)", "(x.slice().w ?? 7)"]);
      const write = (): string => random.pick([`x.${name()} = ${value()};`, `x.${name()} = ${value()};`, `x.${name()} = !x.w;`, `x.${name()} = (x.w ?? 0) + 1;`, `delete x.${name()};`, "x.self = x;", "x.push(a); x.h = x.length;", "x.row = [a, s];", "x.h = `n${x.length}`;"]);
      count("what an array is given beside its elements", random.pick([write(), `if (a > 0) { ${write()} }`, `if (x.length > 2) { ${write()} } else { ${write()} }`, `for (let i = 0; i < x.length; i++) { ${write()} s += x[i] + ${now()}; if (i > 9) break; }`, `${write()} ${write()} s += ${now()};`, `s += ${now()}; ${write()}`]));
    },
    rows() {
      const write = (row: string): string => random.pick([`${row}.w = ${value()};`, `${row}.w = ${row}[0];`, `${row}.h = (${row}.w ?? 1) + 1;`, `${row}.kept ??= []; ${row}.kept.push(${value()});`, `${row}.push(${value()}); ${row}.h = ${row}.length;`]);
      const read = (row: string): string => `s += ${random.pick([`(${row}.w ?? 0.5)`, `${row}.length`, `(${row}.kept === undefined ? 2 : ${row}.kept.length)`, `(${row}.h ? 1 : 2)`])};`;
      count("what rows are given beside their elements", random.pick([`for (let i = 0; i < rows.length; i++) { ${write("rows[i]")} ${random.chance(0.5) ? read("rows[i]") : ""} }`, `if (rows.length > 1) { const p = rows[0], q = rows[${random.pick(["1", "a > 0 ? 0 : 1"])}]; ${write("q")} ${read("p")} ${random.chance(0.3) ? "last = q;" : ""} }`, `for (const row of rows) { ${read("row")} if (row.length > 2) { ${write("row")} } }`, `rows.w = ${value()}; for (const row of rows) { ${write("row")} }`]));
    },
    word() { count("a key that is no number", `s += ${random.pick(["x[a > 1]", "x[a > 40 ? null : 0]", "x[a < -40 ? undefined : 1]", "({ true: 2, 1: 5 })[a > 1]"])} ?? 0.25;`); },
  };
  const names = Object.keys(statements);
  for (let n = random.between(2, 5); n > 0; n--) statements[random.pick(names)]!();
  const asksRows = coverage.has("nature: what rows are given beside their elements");
  const besides = ["has", "is given"].some((what) => coverage.has(`nature: what an array ${what} beside its elements`));
  const inputs = Array.from({ length: 4 }, (_, i) => {
    const numbers = Array.from({ length: random.between(0, 6) }, () => (random.chance(0.3) ? random.pick(edgeNumbers) : random.between(-3, 9)));
    const list = besides && random.chance(0.7) ? Object.assign(numbers, random.pick<object>([{ w: 3 }, { w: 2.5 }, { w: true }, { w: null }, { w: undefined }, { w: "4" }, { box: { lo: 2 } }, { row: [1, 2] }, { h: 1, w: -0 }, { row: numbers, w: 1 }])) : numbers;
    if (asksRows) {
      const rows: unknown[] = Array.from({ length: random.between(0, 4) }, () => { const row = Array.from({ length: random.between(1, 4) }, () => random.between(-3, 9)); return random.chance(0.3) ? Object.assign(row, random.pick<object>([{ w: 2 }, { w: "4" }, { h: 1, w: -0 }, { kept: [1] }])) : row; });
      if (i === 2 && rows.length > 0) rows[0] = random.pick([numbers, rows.at(-1)]); // one array in two places
      return [list, random.pick([0, 1, 2.5, -3, -0]), 1, random.chance(0.2) ? Object.assign(rows, { w: 5 }) : rows];
    }
    if (i === 2 && random.chance(0.3)) return [List.from(list), 3, 1];
    if (i === 3 && random.chance(0.15)) return [Object.setPrototypeOf([...list], random.pick([null, {}])), 1, 1];
    if (i === 2 && random.chance(0.4) && list.length > 1) return [Object.defineProperty(list, random.between(0, list.length - 1), random.chance(0.5) ? { writable: false } : { configurable: false }), 2, 1];
    return [list, random.chance(0.2) ? 50 : random.pick([0, 1, 2.5, -3, -0]), 1];
  });
  return {
    seed, slow: ["mode"], slowValues: { mode: 1 }, inputs, coverage, guaranteed: false,
    params: [{ name: "x", slow: false, kind: "numbers" }, { name: "a", slow: false, kind: "number" }, { name: "mode", slow: true, kind: "count" }, ...(asksRows ? [{ name: "rows", slow: false, kind: "rows" } as const] : [])],
    source: `function kernel(x, a, mode${asksRows ? ", rows" : ""}) {\n${random.chance(0.4) ? '  "use strict";\n' : ""}  let s = 0.5, last = null;\n${lines.join("\n")}\n  return [s, last${random.chance(0.7) ? made.map(({ name }) => `, ${name}`).join("") : ""}];\n}`,
  };
}
