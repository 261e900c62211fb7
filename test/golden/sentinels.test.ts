// Loops that a slow table steers, and that end where it says so, in the middle of an iteration: what that iteration does before counts.

import { describe, it } from "vitest";
import { agrees } from "./agrees.ts";

const table = [2, 5, 6, 0, 1, 7, 3, 1, 2, 3, 0, -1, 4, 1, 1, 1, 1], inputs = [[[1, 2, 4, 8, 16, 32, 64, 128], table, 3], [[0.5, -0, NaN], table, 1], [[], table, 0]];
const begin = "function kernel(x, table, m) { let s = 0, p = 0, q = 0;";
const round = "const n = table[p++]; q++; s = s * 0.5 + n;", rest = "for (let k = 0; k < n; k++) s += x[k] * table[p++];", end = "return [s, p, q]; }";
describe.each<[string, string]>([
  ["a break", `${begin} while (p < table.length) { ${round} if (n < 0) break; ${rest} } ${end}`],
  ["a return", `${begin} while (p < table.length) { ${round} if (n < 0) return -s; ${rest} } ${end}`],
  ["a break of the loop around", `${begin} out: for (let r = 0; r < m; r++) { p = r & 0; while (p < table.length) { ${round} if (n < 0) break out; ${rest} } s *= 3; } ${end}`],
  ["the next iteration of the loop around", `${begin} next: for (let r = 0; r < m; r++) { p = r & 0; while (p < table.length) { ${round} if (n < 0) continue next; ${rest} } s *= 3; } ${end}`],
])("a loop is left by %s", (_, source) => {
  it("in the middle", () => agrees({ source: source.replaceAll("while", "// @keep\nwhile"), slow: ["table"], inputs }));
});
