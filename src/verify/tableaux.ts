// Random tables of dynamic programming: rows that are made of the one above and of themselves, in place, in two rows that change places or each in a row of its own, upwards or downwards, from a column that is the same or
// goes along with the row; least and greatest, choices and which one was taken, flags with look-ups that only those that are set need, sums that wrap, scores out of a matrix; doubles, fractions, infinities and NaN among them; intervals, each made of its parts; numbers that grow beyond int32 now
// and then, rows that overlap. The same seed gives the same kernel.

import { typedArrays, type TypedName } from "./inputs.ts";
import { Random } from "./prng.ts";
import type { RandomKernel } from "./random.ts";

export function randomTableau(seed: number): RandomKernel {
  const random = new Random(seed * 1103515245 + 31);
  const table: TypedName = random.weighted({ Int32Array: 8, Uint8Array: 0.7, Int8Array: 0.5, Uint8ClampedArray: 0.2, Uint16Array: 1, Int16Array: 1, Uint32Array: 0.3, Float32Array: 2, Float64Array: 4 } as Partial<Record<TypedName, number>>);
  const flat = random.chance(0.5), swaps = !flat && random.chance(0.5), down = random.chance(0.2), asked = !down && random.chance(0.25), from = asked ? "0" : random.pick(["1", "1", "1", "2", "0", "i"]);
  /** rows of the kernel's own, in a list */
  const listed = !flat && !swaps && random.chance(asked ? 0.7 : 0.4), inPlace = !flat && !swaps && !listed;
  const pitch = random.pick(["b.length + 1", "b.length + 1", "b.length", "w", "24", "17"]);
  const row = swaps ? "v" : listed ? "r[i]" : "h", rowAbove = swaps ? "u" : `r[i ${down ? "+" : "-"} 1]`;
  const [above, here] = flat ? [`(i ${down ? "+" : "-"} 1) * q + j`, "i * q + j"] : ["j", "j"];
  const up = flat ? `h[${above}]` : inPlace ? "t" : `${rowAbove}[j]`, diagonal = flat ? `h[${above} - 1]` : inPlace ? "p" : `${rowAbove}[j - ${random.weighted({ 1: 9, 2: 1 })}]`, left = `${row}[${here} - 1]`;
  const term = (): string => random.pick(["1", "-2", "gain", "a[i]", "b[j - 1]", "c[j]", "(a[i] === b[j - 1] ? 2 : -1)", "(a[i] < b[j] ? gain : 0)", "costs[b[j] & 3]", "w", "i", "j"]);
  const extreme = random.pick(["min", "max"]);
  const one = (of: string): string => random.pick([of, `${of} + ${term()}`, `${of} - ${term()}`]);
  const neighbours = random.pick([[up, left, diagonal], [up, left, diagonal], [left, up], [diagonal, left], [left, diagonal, up, "0"]]).map(one);
  /** whether a neighbour is set and what else is looked up then fits */
  const flags = (): string => {
    const set = (of: string): string => `${of} ${random.pick(["=== 1", "!== 0", "> 0"])}`, fits = (): string => `${random.pick(["a[i]", "b[j - 1]", "c[j]"])} ${random.pick(["===", "!==", "<"])} ${random.pick(["b[j]", "c[i + j]", "c[i + j - 1]", "c[2 * i + j]", "a[i - 1]"])}`;
    const both = (): string => `${set(random.pick([up, left, diagonal]))} && ${fits()}`;
    return random.pick([`${both()} || ${both()} ? 1 : 0`, `${set(diagonal)} ? ${random.pick(["a[i]", "c[i + j]", "c[j]"])} : 0`, `(${both()}) || (${fits()} && (${set(up)} || ${set(left)})) ? 1 : 0`]);
  };
  const value = random.pick([
    () => `Math.${extreme}(${neighbours.join(", ")})`, () => `Math.${extreme}(${neighbours.join(", ")})`, () => `a[i] === b[j - 1] ? ${one(diagonal)} : Math.${extreme}(${one(up)}, ${one(left)})`,
    () => `(${up} + ${left} ${random.chance(0.5) ? `^ ${term()}` : `+ ${term()}`}) | 0`, () => `${one(up)} ${random.pick(["<", ">", "<="])} ${one(left)} ? ${one(up)} : ${one(left)}`, flags,
  ])();
  const traced = random.chance(0.2), matched = random.chance(0.5) ? "costs[a[i] & 3]" : random.pick(["matrix[a[i]][b[j - 1]]", "matrix[b[j]][a[i]]"]);
  const lines = traced ? [
    ...(flat ? [`const at = ${here};`] : inPlace ? ["const t = h[j];"] : []), `let x = ${diagonal} + ${matched}, from = 0;`, `const u = ${one(up)}, l = ${one(left)};`,
    `if (u ${random.pick([">", "<"])} x) { x = u; from = 1; }`, "if (l > x) { x = l; from = 2; }", `${row}[${flat ? "at" : here}] = x;`, `g[${flat && random.chance(0.5) ? "at" : "j"}] = from;`, ...(inPlace ? ["p = t;"] : []),
  ] : [
    ...(inPlace ? ["const t = h[j];"] : []), ...(random.chance(0.1) ? [`if (${term()} > 3) ${row}[${here}] = ${value};`] : random.chance(0.2) ? [`let x = ${value};`, `if (${random.pick(["x < 0", `x > ${random.between(3, 90)}`])}) x = ${term()};`, `${row}[${here}] = x;`] : [`${row}[${here}] = ${value};`]),
    ...(random.chance(0.1) ? [`g[j] = Math.max(g[j], ${row}[${here}] - 1);`] : []), ...(inPlace ? ["p = t;"] : []),
  ];
  const cell = `${row}[${here}]`, best = random.chance(0.3) ? random.pick([
    `if (${cell} ${random.pick([">", "<", ">", ">="])} best) { best = ${cell}; bi = ${random.pick(["i", "i - 1", "a[i]"])}; bj = ${random.pick(["j", "j + i", "b[j]", "bi"])}; }`, `if (${cell} > best) best = ${cell};`, `best = Math.${random.pick(["max", "min"])}(best, ${cell});`,
    `best = best ${random.pick([">", "<", ">=", "<="])} ${cell} ? best : ${cell};`, `if (${cell} > best) { best = ${cell}; bi = i; } else bj = best;`, `if (best < ${cell}) { bj = bi; bi = i; best = ${cell}; }`,
  ]) : null;
  if (best) lines.push(best);
  const first = `${row}[${here}] = ${random.pick(["0", "i", "j", "i * -4", "j * gain", "i + j"])};`, beside = random.pick([first, `${row}[${here}] = ${inPlace ? "p" : random.pick([listed ? left : up, left])} + 1;`, first]);
  const cells = !asked ? lines : random.pick([
    [`if (${random.pick(["i === 0 || j === 0", "j === 0 || i < 1", "!i || !j"])}) ${first}`, "else {", ...lines, "}"], [`if (i === 0) ${first}`, `else if (${random.pick(["j === 0", "j < 1", "!j"])}) ${beside}`, "else {", ...lines, "}"],
    [`if (${random.pick(["i > 0 && j > 0", "i && j", "i >= 1 && j !== 0"])}) {`, ...lines, `} else ${first}`], [`if (i === 0 && j === 0) ${first}`, `else if (i === 0) ${beside}`, `else if (j === 0) ${first}`, "else {", ...lines, "}"], [`if (${listed ? "i * j" : "j"} === 0) { ${first} continue; }`, ...lines],
  ]);
  const place = random.weighted({ 0: 8, 1: 1, 2: 0.5, "b.length - 1": 0.5 } as Record<string, number>);
  const before = swaps ? (random.chance(0.7) ? [`v[${place}] = ${random.pick(["i", "i * -4", `u[${place}] + 1`, "u[0] - gain", "0"])};`] : []) : [...(inPlace ? [`let p = ${random.pick(["h[0]", "0", "i", "h[1]"])};`] : []), ...(random.chance(0.5) ? [`${row}[${flat ? "i * q" : "0"}] = ${random.pick(["i", "i * -4", "0", flat ? `h[(i ${down ? "+" : "-"} 1) * q] + 1` : inPlace ? "p + 1" : "i + 1"])};`] : [])];
  const sums = random.pick(["h[i * q + k] + h[(k + 1) * q + j]", "h[i * q + k] + h[(k + 1) * q + j] + costs[a[i] & 3]", "h[k * q + j] - h[i * q + k + 1]", "h[(k - i) * q + j] + gain"]);
  const intervals = [
    `  for (let s = ${random.pick(["1", "2", "4"])}; s < ${random.pick(["b.length", "a.length", "w"])}; s++) for (let i = 0; i + s < ${random.pick(["b.length", "a.length", "w"])}; i++) {`, "    const j = i + s;",
    `    let x = ${random.pick(["h[(i + 1) * q + j]", "0", "1e9", "matrix[a[i]][b[j]]"])};`,
    `    for (let k = ${random.pick(["i", "i + 1", "0"])}; k < j; k++) ${random.pick([`x = Math.${extreme}(x, ${sums})`, `{ const y = ${sums}; if (y < x) x = y; }`])}`, "    h[i * q + j] = x;", "  }",
  ];
  const source = flat && random.chance(0.15) ? ["function kernel(h, g, a, b, c, w, costs, gain, matrix) {", `  const q = ${pitch};`, ...intervals, "  return h[w];", "}"].join("\n") : [
    "function kernel(h, g, a, b, c, w, costs, gain, matrix) {", ...(best ? [`  let best = ${random.pick(["0", "0", "-Infinity", "-1e9", "h[0]", "7"])}, bi = 0, bj = ${random.pick(["0", "-1"])};`] : []), ...(flat ? [`  const q = ${pitch};`] : swaps ? [`  let u = h, v = ${random.pick(["g", `new ${table}(b.length + 1)`, `new ${table}(w)`])};`] : []),
    ...(listed ? [`  const r = Array.from({ length: ${random.pick(["a.length", "a.length", "a.length + 1"])} }, () => new ${random.chance(0.4) ? "Array" : table}(${random.pick(["b.length", "b.length", "b.length + 1", "w"])})${random.chance(0.6) ? `.fill(${random.pick(["0", "0", "1", "-3", "Infinity"])})` : ""});`] : []),
    down ? "  for (let i = a.length - 2; i >= 0; i--) {" : `  for (let i = ${asked ? "0" : random.pick(["1", "1", listed ? "1" : "0"])}; i < a.length; i++) {`, ...before.map((line) => `    ${line}`),
    `    for (let j = ${from}; j < ${random.pick(["b.length", "b.length", "b.length", "w"])}; j++) {`, ...cells.map((line) => `      ${line}`), "    }", ...(swaps ? ["    const s = u;", "    u = v;", "    v = s;"] : []), "  }", ...(listed ? ["  for (let i = 0; i < r.length; i++) for (let j = 0; j < r[i].length; j++) h[i * 7 + j] += r[i][j];"] : []), `  return ${best ? "best + bi * 1e-3 + bj * 1e-6 + " : ""}${swaps ? random.pick(["u", "v"]) : "h"}[${random.pick(["0", "b.length", "w"])}];`, "}",
  ].join("\n");
  const letters: TypedName = random.weighted({ Uint8Array: 4, Int32Array: 1, Int16Array: 1 } as Partial<Record<TypedName, number>>);
  const make = (kind: TypedName, length: number, number: () => number): Float64Array => { const made = new typedArrays[kind](length) as Float64Array; for (let i = 0; i < length; i++) made[i] = number(); return made; };
  const floating = table.startsWith("Float"), odd = floating ? random.pick([0, 0, 0.02, 0.002]) : 0, part = floating && random.chance(0.7) ? random.pick([0.5, 0.1, 1 / 3]) : 1;
  const number = (lo: number, hi: number): number => random.between(lo, hi) * part;
  const costs = Array.from({ length: 4 }, () => number(-9, 9)), gain = random.pick([1, -1, 7, -4, 1e6, 0.5, part]);
  const matrix = Array.from({ length: random.pick([4, 4, 5]) }, () => Array.from({ length: random.pick([4, 5, 5]) }, () => number(-4, 9)));
  const inputs = Array.from({ length: 5 }, () => {
    const n = random.between(0, 14), m = random.chance(0.3) ? random.between(0, 20) : random.between(17, 45), most = random.pick([3, 100, 2 ** 20, 2 ** 29, 2 ** 31]);
    const h = make(table, flat ? Math.max(0, (n + 1) * (m + 1) - (random.chance(0.2) ? random.between(0, 60) : 0)) : m + random.between(0, 2), () => (random.chance(odd) ? random.pick([NaN, Infinity, -Infinity, -0, 1e308]) : Math.floor((random.next() * 2 - 1) * most) * part));
    const g = random.chance(0.9) || floating ? make(table, m + 1, () => random.between(-9, 9)) : h.subarray(random.between(0, h.length));
    return [h, g, make(letters, n, () => random.between(0, 3)), make(letters, m, () => random.between(0, 4)), make(table, m, () => random.between(-5, 5)), random.weighted({ [m]: 3, [m + 1]: 3, [m + 7]: 1, 3: 1, 0: 1 }), costs, gain, matrix].map((v, k) => (k === 5 ? Number(v) : v));
  });
  return {
    seed, source, slow: ["costs", "gain", "matrix"], slowValues: { costs, gain, matrix }, inputs, guaranteed: false, coverage: new Map([[`tables of dynamic programming, ${flat ? "flat" : swaps ? "two rows" : listed ? "rows" : "in place"}${asked ? ", edges asked for" : ""}`, 1]]),
    params: [{ name: "h", slow: false, kind: table }, { name: "g", slow: false, kind: table }, { name: "a", slow: false, kind: letters }, { name: "b", slow: false, kind: letters }, { name: "c", slow: false, kind: table }, { name: "w", slow: false, kind: "count" },
      { name: "costs", slow: true, kind: "numbers" }, { name: "gain", slow: true, kind: "number" }, { name: "matrix", slow: true, kind: "rows" }],
  };
}
