// Random loops over the columns or rows of a picture, with loops down a column or along a row whose values wait for one another: sums, filters, what is carried on from one
// loop to the next; in place or not, with neighbours' places now and then. Rows also by where they begin and end, as hashes of blocks are, and by what is counted through all of them.

import type { Random } from "./prng.ts";

export function columnLoop(random: Random, number: () => number): string[] {
  if (random.chance(0.15)) return rowsByPlace(random, number);
  if (random.chance(0.18)) return rowsByCount(random, number);
  const width = random.pick([16, 17, 20, 24, 32, 40]), height = random.between(3, 9);
  const along = random.chance(0.4), stride = random.pick([height, height, height + 1, 16]);
  const of = (k: string, i = "i"): string => along ? `(${i}) * ${stride} + ${k}` : `${random.chance(0.8) ? `${k} * ${width}` : `${k} * ${width / (width % 2 === 0 ? 2 : 1)} * ${width % 2 === 0 ? 2 : 1}`} + ${i}`;
  const row = (): string => along && random.chance(0.8) ? "k" : random.pick(["k", "k", "k", "(k + 1)", "(k - 1)", `Math.min(k + 2, ${height - 1})`, "(k > 1 ? k - 2 : 0)"]);
  const states = random.chance(0.4) ? ["t", "u"] : ["t"];
  const term = (): string => random.pick([
    () => `x[${of(row())}]`, () => `x[${of("k")}]`, () => `y[${of("k")}]`, () => (random.chance(0.3) ? `y[${of(row(), random.pick(["i", "i", "i + 1", "i - 1"]))}]` : "a"), () => "t", () => states.at(-1)!, () => `${number()}`, () => "a", () => (random.chance(0.5) ? "i" : "k"),
  ])();
  const value = (): string => random.pick([
    () => `${term()} + ${term()} * ${number()}`, () => `${term()} - ${term()}`, () => `(${term()} + ${term()}) / ${random.pick([2, 9, 16])}`, () => `${term()} > ${term()} ? ${term()} : ${term()}`, () => `(${term()} ^ ${term()}) | 0`,
    () => `Math.max(${term()}, ${term()})`, () => `(${term()} + ${term()}) | 0`, () => `Math.sqrt(Math.abs(${term()}))`,
  ])();
  const update = (s: string): string => random.pick([() => `${s} += ${value()};`, () => `${s} = ${s} * ${number()} + ${term()};`, () => `${s} = ${value()};`, () => `${s} = (${s} + (${term()} | 0)) | 0;`, () => `${s} += ${number()} * (${term()} - ${s});`])();
  const store = (): string => `${random.chance(0.15) ? `if (${term()} > ${term()}) ` : ""}y[${of("k")}] = ${random.chance(0.6) ? random.pick(states) : value()};`;
  const down = (): string[] => {
    const first = random.pick([0, 0, 0, 1]), last = random.pick([`${height}`, `${height}`, `${height - 1}`, "n"]);
    const head = random.chance(0.7) ? `for (let k = ${first}; k < ${last}; k++) {` : `for (let k = ${height - 1}; k >= ${first}; k--) {`;
    const lines = [...states.map(update), store()];
    return [`  // @keep`, `  ${head}`, ...(random.chance(0.5) ? lines : lines.toReversed()).map((line) => `    ${line}`), "  }"];
  };
  const init = (): string => random.pick(["0", "a", "x[i]", `x[i] * ${number()}`, "i", `x[i] + x[${of("1")}]`]);
  const end = random.chance(0.3) ? [`  y[${of(`${height}`)}] = ${random.pick(states)};`] : [];
  return [`// @keep`, `for (let i = ${random.pick([0, 0, 1])}; i < ${random.pick([`${width}`, `${width}`, `${width - 1}`, "n"])}; i++) {`, ...states.map((s) => `  let ${s} = ${init()};`), ...down(), ...(random.chance(0.4) ? down() : []), ...end, "}"];
}

/** Loops from where a row begins to where it ends. */
function rowsByPlace(random: Random, number: () => number): string[] {
  const width = random.pick([1, 4, 8, 15, 16]), by = random.chance(0.9) ? width : random.pick([-2, width + 3]), first = random.chance(0.6) ? "o" : `i * ${by}`;
  const end = random.pick([`${first} + ${width}`, `${first} + ${width}`, `${width} + ${first}`, `(i + 1) * ${by}`, `(i + 2) * ${by}`, `${first} + ${random.pick(["n", "i"])}`]);
  const term = (): string => random.pick(["x[j]", "x[j]", `x[j + ${random.between(1, 3)}]`, "x[i]", "y[j]", "t", "j", `(j - ${first})`, "1 / j", "a", `${number()}`]);
  const update = random.pick([
    () => `t += ${term()};`, () => `t = Math.imul(t ^ ${term()}, ${random.pick([31, 16777619])});`, () => `t = (t << 5) - t + ${term()} | 0;`, () => `t = t * ${number()} + ${term()};`,
    () => `if (${term()} > t) t = ${term()};`, () => `t = (t << 13 | t >>> 19) ^ ${term()};`, () => `y[j] = t = ${term()} + ${term()};`,
  ]);
  // what is gathered over the rows, each in its turn
  const over = random.chance(0.4) ? random.pick(["q += t;", "q += t * x[i];", "if (t > q) q = t;", "q = Math.sqrt(Math.abs(t)) - q * 0.5;", "q = Math.imul(q, 31) + t | 0;", "if (t > a) q++;"]) : "";
  return [...(over ? [`let q = ${random.pick(["0", "a", "-Infinity"])};`] : []), "// @keep", `for (let i = 0; i < ${random.pick(["20", "33", "n"])}; i++) {`, `  let t = ${random.pick(["0", "a", "-1", "x[i]"])};`, ...(first === "o" ? [`  const o = i * ${by};`] : []),
    ...(random.chance(0.7) ? ["  // @keep"] : []), `  for (let j = ${first}; j < ${end}; j += ${random.pick([1, 1, 1, 2, 4])}) {`, ...Array.from({ length: random.between(1, 3) }, () => `    ${update()}`), "  }", "  y[i] = t;", ...(over ? [`  ${over}`] : []), "}", ...(over ? ["y[1] = q;"] : [])];
}

/** Places that all iterations of nested loops advance: what is written behind what was written before, rows with something between them. */
function rowsByCount(random: Random, number: () => number): string[] {
  const width = random.pick([1, 4, 8, 15, 16, 17]), step = random.pick([1, 1, 1, 2, 3]), inner = random.pick([1, 1, 1, 2, -1]), first = random.pick([0, 0, 0, 1, 2]);
  const limit = random.chance(0.85) ? `${width}` : random.pick(["n", "i", `${width} - 0.5`]), down = inner < 0;
  const head = down ? `for (let k = ${limit}; k ${random.pick([">", ">="])} ${first}; k--) {` : `for (let k = ${first}; k ${random.pick(["<", "<", "<="])} ${limit}; k${inner === 1 ? "++" : " += 2"}) {`;
  const places = random.chance(0.4) ? ["o", "p"] : ["o"], last = places.at(-1)!;
  const term = (): string => random.pick([`x[${last}]`, `x[${last}]`, `x[i * ${width} + k]`, "x[o + 1]", "y[o]", "a", "k", "i", last, `${number()}`]);
  const value = (): string => random.pick([() => `${term()} + ${term()}`, () => `${term()} * ${number()} - ${term()}`, () => `Math.sqrt(Math.abs(${term()}))`, () => `${term()} > ${term()} ? ${term()} : ${term()}`])();
  const advance = (o: string): string => random.pick([`${o} += ${step};`, `${o} += ${step};`, `${o}++;`, `${o}--;`, `if (x[i] > a) ${o}++; else ${o} += 1;`, `if (k > 3) ${o}++;`]);
  const between = random.chance(0.3) ? [`  ${random.pick(["o += 2;", "o -= 1;", "if (i > 2) o++;", "y[i] = o;", "o = i * 7;"])}`] : [];
  const row = ["  // @keep", `  ${head}`, `    y[o${random.pick(["", "", " + 1"])}] = ${value()};`, ...places.map((o) => `    ${advance(o)}`), ...(random.chance(0.15) ? ["    if (x[k] > 6) break;"] : []), "  }"];
  return [...places.map((o) => `let ${o} = ${random.pick(["0", "0", "0", "3", "-2", "n", "a", "9007199254740990"])};`), "// @keep", `for (let i = ${random.pick([0, 0, 1])}; i < ${random.pick(["5", "9", "n"])}; i${random.chance(0.8) ? "++" : " += 2"}) {`, ...row, ...between, ...(random.chance(0.2) ? row : []), "}",
    ...(random.chance(0.3) ? [`y[0] = ${last};`] : [])];
}
