// Hosts that lack something: no WebAssembly, no vectors, no generated code, no worker, a worker that can't start. Each in a process of its own,
// with the package as it is published. Every result is the original's; what is missing is told once.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { built } from "../built.ts";

interface Told { readonly equal: boolean; readonly calls: { original: number; js: number; wasm: number }; readonly events: string[]; readonly wat: string }

let home: string;
beforeAll(() => { home = built(); });

/** Runs a kernel in a new process: prepared, called, its slow value changed. */
function run(before: string, options: string, flags: readonly string[] = [], after = ""): Told {
  const folder = mkdtempSync(join(tmpdir(), "wasmorph-host-"));
  const file = join(folder, "main.mjs");
  writeFileSync(file, `${before}
const { specialize, configure, ready, arena } = await import(${JSON.stringify(pathToFileURL(join(home, "index.js")).href)});
function fir(x, y, taps) { for (let i = 0; i < y.length; i++) { let acc = 0; for (let k = 0; k < taps.length; k++) acc += taps[k] * x[i + k]; y[i] = acc; } }
const events = [];
const fast = specialize(fir, { slow: ["taps"], onEvent: ({ type }) => events.push(type), ${options} });
let equal = true;
const x = Float64Array.from({ length: 40 }, (_, i) => Math.sin(i));
const check = (taps) => { const y = new Float64Array(32), want = new Float64Array(32); fast(x, y, taps); fir(x, want, taps); equal &&= y.every((v, i) => Object.is(v, want[i])); };
for (const taps of [[1, 0.5], [2, -0]]) { await fast.prepare(x, new Float64Array(32), taps); for (let i = 0; i < 3; i++) check(taps); }
${after}
console.log(JSON.stringify({ equal, calls: fast.stats().calls, events, wat: fast.inspect().wat.slice(0, 20) }));`);
  try {
    return JSON.parse(execFileSync(process.execPath, [...flags, file], { encoding: "utf8", timeout: 200_000 })) as Told;
  } finally { rmSync(folder, { recursive: true, force: true }); }
}

describe("a host", () => {
  it("with everything: WebAssembly from the worker, its text too, and the process ends by itself", () => {
    const { equal, calls, wat } = run("", 'tier: "wasm"');
    expect({ equal, calls }).toEqual({ equal: true, calls: { original: 0, js: 0, wasm: 6 } });
    expect(wat).toContain("(module");
  });
  it.skipIf(process.platform !== "linux")("with threads that have priorities: the worker gives way to the main thread", () => {
    const nice = 'const { readdirSync, readFileSync } = await import("node:fs"); const nice = (task) => Number(readFileSync(`/proc/self/task/${task}/stat`, "utf8").split(") ")[1].split(" ")[16]);';
    const { events } = run(nice, 'tier: "wasm"', [], "events.length = 0; const own = nice(process.pid); events.push(...readdirSync('/proc/self/task').map((task) => nice(task) - own).filter((more) => more !== 0).map(String));");
    expect(events).toEqual(["10"]);
  });
  it("without worker threads", () => {
    expect(run("", 'tier: "wasm"', ["--import", `data:text/javascript,${encodeURIComponent('const g = process.getBuiltinModule; process.getBuiltinModule = (id) => id === "node:worker_threads" ? undefined : g.call(process, id);')}`]))
      .toMatchObject({ equal: true, calls: { wasm: 6 } });
  });
  it("without WebAssembly: residual JavaScript, where that is not forced", () => {
    const { equal, calls } = run("delete globalThis.WebAssembly;", 'tier: "js"');
    expect({ equal, calls }).toEqual({ equal: true, calls: { original: 0, js: 6, wasm: 0 } });
    const forced = run("delete globalThis.WebAssembly;", 'tier: "wasm"');
    expect(forced.equal).toBe(true);
    expect(forced.calls.wasm).toBe(0);
  });
  it("without vectors", () => {
    const { equal, calls } = run("WebAssembly.validate = () => false;", 'tier: "wasm"');
    expect({ equal, calls }).toEqual({ equal: true, calls: { original: 0, js: 0, wasm: 6 } });
  });
  it("that forbids generated code (--disallow-code-generation-from-strings): prebuilt guards", () => {
    const { equal, calls } = run("", 'tier: "wasm"', ["--disallow-code-generation-from-strings"]);
    expect({ equal, calls }).toEqual({ equal: true, calls: { original: 0, js: 0, wasm: 6 } });
  });
  it("that forbids generated code: kernels of numbers, each call counted, none wrong, whatever numbers they are", () => {
    const after = `await ready(); configure({ worker: false });
const values = [1, 3, 0.5, 0, -0, NaN, 2 ** 31, -Infinity, "3", undefined], bases = [1, 3, 0.5];
const kernels = [[() => 7, []], [(x) => x * 2, []], [(x, k) => x * k + 1, ["k"]], [(k, x) => x * k + 1, ["k"]], [(x, y, k) => x * k - y, ["k"]], [(x, a, b, c, d, e) => x * a + b * c - d + e, ["a", "b", "c", "d", "e"]],
  [(x, y, z, w, k) => x + y * z - w * k, ["k"]], [(x, y, z, k) => x + y * z - k, ["k"]], [(x, k) => (x | 0) + k, ["k"]]];
for (const [at, [kernel, slow]] of kernels.entries()) {
  const own = specialize(kernel, { slow, tier: "wasm", compile: "sync", limits: { versions: 20 } });
  for (let i = 0; i < 500; i++) {
    const args = Array.from({ length: kernel.length }, (_, j) => (i % 5 < 3 ? bases[(i + j) % 3] : values[(i * 7 + j * 3 + at) % values.length]));
    equal &&= Object.is(own(...args), kernel(...args));
  }
  const { original, wasm } = own.stats().calls;
  equal &&= original + wasm === 500 && wasm >= 300;
}
const handle = await specialize((x, k) => x * k, { slow: ["k"], tier: "wasm" }).pin(1.5, 3);
equal &&= [2, -0, NaN, "2"].every((x) => Object.is(handle(x), x * 3));`;
    expect(run("", 'tier: "wasm"', ["--disallow-code-generation-from-strings"], after).equal).toBe(true);
  });
  it("that forbids both: the original, with one event", () => {
    const { equal, calls, events } = run("delete globalThis.WebAssembly;", 'tier: "auto"', ["--disallow-code-generation-from-strings"]);
    expect({ equal, calls }).toEqual({ equal: true, calls: { original: 6, js: 0, wasm: 0 } });
    expect(events).toHaveLength(1);
  });
  it("that grants no memory: the original, with one event", () => {
    const { equal, calls, events } = run('const Memory = WebAssembly.Memory; WebAssembly.Memory = function () { throw new RangeError("no"); }; const B = ArrayBuffer; globalThis.ArrayBuffer = new Proxy(B, { construct(t, [n, ...r], nt) { if (n > 2 ** 24) throw new RangeError("no"); return Reflect.construct(t, [n, ...r], nt); } });', 'tier: "auto"');
    expect({ equal, calls }).toEqual({ equal: true, calls: { original: 6, js: 0, wasm: 0 } });
    expect(events).toEqual(["no memory"]);
  });
});

describe("residual JavaScript made in the call", () => {
  /** The results of calls as `calls` makes them in a new process, by whom they were served, and how many memories were made. */
  function served(kernel: string, calls: string, before = ""): unknown {
    const program = `
      let memories = 0;
      WebAssembly.Memory = new Proxy(WebAssembly.Memory, { construct(...all) { memories++; return Reflect.construct(...all); } });
      ${before}
      const { specialize, arena } = await import(${JSON.stringify(pathToFileURL(join(home, "index.js")).href)});
      const kernel = ${kernel}, events = [];
      const fast = specialize(kernel, { slow: ["k"], tier: "js", compile: "sync", onEvent: ({ type }) => events.push(type) });
      const both = (args) => { const [a, b] = [args(), args()]; return JSON.stringify([fast(...a), ...a]) === JSON.stringify([kernel(...b), ...b]); };
      const equal = ${calls};
      console.log(JSON.stringify({ equal, calls: fast.stats().calls, memories, events }));`;
    return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8", timeout: 200_000 }));
  }
  const scale = "(x, y, k) => { let sum = 0; for (let i = 0; i < y.length; i++) { y[i] = x[i] * k; sum += y[i]; } return sum; }";
  const typed = "() => [Float64Array.of(1, 2, 3), new Float64Array(3), 2]";
  const js = { original: 0, js: 1, wasm: 0 }, specialised = ["specialised"];

  it("takes typed arrays themselves: no memory", () => expect(served(scale, `both(${typed})`)).toEqual({ equal: true, calls: js, memories: 0, events: specialised }));
  it("gives several numbers: no memory", () => expect(served("(x, k) => ({ a: x * k, b: x + k, c: x > k })", "both(() => [5, 2])")).toEqual({ equal: true, calls: js, memories: 0, events: specialised }));
  it("copies ordinary arrays: a memory", () => expect(served(scale, "both(() => [[1, 2, 3], [0, 0, 0], 2])")).toEqual({ equal: true, calls: js, memories: 1, events: specialised }));
  it("makes arrays of unknown length: a memory", () => {
    expect(served("(x, k) => { const list = []; for (let i = 0; i < x; i++) list.push(i * k); return list; }", "both(() => [9, 2])")).toMatchObject({ equal: true, calls: js, memories: 1 });
  });
  it("uses the memory that is there", () => expect(served(scale, `(arena.float64(8), both(${typed}))`)).toEqual({ equal: true, calls: js, memories: 1, events: specialised }));
  it("goes on with arrays of a memory that is there later, and with arrays that share bytes", () => {
    const shared = "() => { const all = Float64Array.of(1, 2, 3, 4); return [all.subarray(0, 3), all.subarray(1), 2]; }";
    const inArena = "() => { const x = arena.float64(3); x.set([1, 2, 3]); return [x, arena.float64(3).fill(0), 2]; }";
    expect(served(scale, `both(${typed}) && both(${inArena}) && both(${typed}) && both(${shared})`)).toMatchObject({ equal: true, memories: 1, calls: { js: 4 } });
  });
  it("without a memory: what needs none; else the original, with one event", () => {
    const none = 'WebAssembly.Memory = function () { throw new RangeError("no"); }; const B = ArrayBuffer; globalThis.ArrayBuffer = new Proxy(B, { construct(t, [n, ...r], nt) { if (n > 2 ** 24) throw new RangeError("no"); return Reflect.construct(t, [n, ...r], nt); } });';
    expect(served(scale, `both(${typed})`, none)).toEqual({ equal: true, calls: js, memories: 0, events: specialised });
    expect(served(scale, "both(() => [[1, 2, 3], [0, 0, 0], 2])", none)).toEqual({ equal: true, calls: { original: 1, js: 0, wasm: 0 }, memories: 0, events: ["no memory"] });
  });
});
