// Which functions of the bundle a first result needs: they are compiled together with the file they stand in. The engine only skims functions otherwise
// and reads them again when they are called, unless they stand in parentheses (docs/decisions/0013-a-bundle-of-few-files.md).

import { Session } from "node:inspector/promises";
import { pathToFileURL } from "node:url";
import { parse } from "acorn";
import MagicString from "magic-string";

/** Kernels of three kinds: coefficients in a loop, rules over an array's elements, a helper with an object and a local array. */
const kernels = [
  [(x, out, taps) => { for (let i = 0; i < out.length; i++) { let s = 0; for (let k = 0; k < taps.length; k++) s += taps[k] * x[i + k]; out[i] = s; } }, 2,
    () => [new Float64Array(12).fill(0.5), new Float64Array(8), [0.25, 0.5, 0.25]]],
  [(x, rules) => { let n = 0; for (const { min, max, weight } of rules) if (x >= min && x < max) n += weight; return n; }, 1,
    () => [3, [{ min: 0, max: 4, weight: 2 }, { min: 2, max: 9, weight: 3 }]]],
  [(v, m) => { const at = (r, c) => m.rows[r][c]; const w = [0, 0]; for (let r = 0; r < 2; r++) for (let c = 0; c < 2; c++) w[r] += at(r, c) * v[c]; return Math.hypot(w[0], w[1]); }, 1,
    () => [new Float64Array([3, 4]), { rows: [[1, 2], [3, 4]] }]],
];

/** The texts of all functions of the bundle in `home` that ran from its import to the first results of residual JavaScript. */
export async function ranFirst(home) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await session.post("Debugger.enable");
  const { specialize } = await import(`${pathToFileURL(home)}/index.js`);
  for (const [kernel, slow, args] of kernels) {
    const fast = specialize(kernel, { slow: [slow], tier: "js", compile: "sync" });
    fast(...args());
    if (fast.stats().calls.js !== 1) throw new Error(`no version served:\n${fast.explain()}`);
  }
  const { result } = await session.post("Profiler.takePreciseCoverage");
  const ran = new Set();
  for (const { scriptId, functions } of result.filter((script) => script.url.startsWith(`${pathToFileURL(home)}/`))) {
    const { scriptSource } = await session.post("Debugger.getScriptSource", { scriptId });
    for (const { ranges: [{ startOffset, endOffset, count }] } of functions) if (count > 0) ran.add(scriptSource.slice(startOffset, endOffset));
  }
  session.disconnect();
  return ran;
}

/** A plugin: functions of a file's top level that are among `ran` become constants at its head, in parentheses. */
export const compiledAtOnce = (ran) => ({
  name: "compiled at once",
  renderChunk(code) {
    const { body } = parse(code, { ecmaVersion: "latest", sourceType: "module" });
    const head = body.findLast((node) => node.type === "ImportDeclaration")?.end ?? 0;
    const text = new MagicString(code);
    for (const { type, id, start, end } of body) {
      if (type !== "FunctionDeclaration" || !ran.has(code.slice(start, end))) continue;
      text.appendRight(start, `\nconst ${id.name} = (`).appendLeft(end, ");").move(start, end, head);
    }
    return { code: text.toString(), map: text.generateMap({ hires: "boundary" }) };
  },
});
