// Options are checked at specialize(), and the message names what there is and what was probably meant.

import { describe, expect, it } from "vitest";
import { configure, specialize, type Options } from "../../src/index.ts";

const kernel = (x: Float64Array, taps: number[], { gain, mode }: { gain: number; mode: number } = { gain: 1, mode: 0 }): number => x[0]! * taps[0]! * gain + mode;

/** The message with which options are refused. */
function refuses(options: object, ...parts: string[]): void {
  it(`refuses ${JSON.stringify(options)}`, () => {
    let message = "";
    try { specialize(kernel, options as Options); } catch (error) {
      expect(error).toBeInstanceOf(TypeError);
      message = (error as Error).message;
    }
    for (const part of parts) expect(message).toContain(part);
  });
}
const takes = (options: Options): void => { it(`takes ${JSON.stringify(options)}`, () => { expect(typeof specialize(kernel, options)).toBe("function"); }); };

describe("options", () => {
  refuses({ solw: ["taps"] }, '"solw"', 'did you mean "slow"', "slow, env, signature, tier");
  refuses({ slow: ["tap"] }, '"tap"', 'did you mean "taps"', "x, taps, gain, mode");
  refuses({ slow: ["zzzzzz.a"] }, '"zzzzzz"', "x, taps");
  refuses({ slow: [3] }, "position 3", "3");
  refuses({ slow: [{}] }, "names, dotted paths and positions");
  refuses({ tier: "wams" }, '"wams"', 'did you mean "wasm"', '"auto"');
  refuses({ compile: "async" }, '"background"');
  refuses({ verify: "always" }, '"first"');
  refuses({ verify: { every: 0 } }, "every");
  refuses({ limits: { version: 3 } }, '"version"', 'did you mean "versions"');
  refuses({ limits: { versions: -1 } }, "limits.versions");
  refuses({ relax: { reasociate: true } }, 'did you mean "reassociate"');
  refuses({ optimize: { level: 5 } }, "optimize.level");
  refuses({ watch: "values" }, '"value"');
  refuses({ watch: { tpas: "value" } }, 'did you mean "taps"');
  refuses({ signature: { x: "Float64" } }, "signature.x");
  refuses({ signature: { y: "f64" } }, '"y"', "x, taps");
  refuses({ pure: 3 }, "pure");
  refuses({ onEvent: 3 }, "onEvent");

  takes({});
  takes({ slow: ["taps", "gain", "this", "this.a.b", 0] });
  takes({ slow: "taps" });
  takes({ watch: { taps: "identity" }, slow: ["taps"] });
  takes({ verify: { every: 10 }, limits: { versions: 1 }, optimize: { level: 2, shrink: 1 } });

  it("refuses what is no function", () => { expect(() => specialize(3 as never)).toThrow(TypeError); });

  it("keeps name, length and the original", () => {
    const fast = specialize(kernel);
    expect([fast.name, fast.length, fast.original]).toEqual([kernel.name, kernel.length, kernel]);
  });
});

describe("configure", () => {
  it("knows its settings", () => {
    expect(() => configure({ enable: false } as never)).toThrow(/"enable", did you mean "enabled"/);
    expect(() => configure({ log: "residul" })).toThrow(/did you mean "residual"/);
    expect(() => configure({ memory: 12 })).toThrow(RangeError);
  });

  it("turns all kernels off and on", () => {
    const fast = specialize((a: number) => a * 3, { tier: "js", compile: "sync" });
    expect(fast(2.5)).toBe(7.5);
    configure({ enabled: false });
    expect(fast(2.5)).toBe(7.5);
    expect(fast.stats().calls).toMatchObject({ original: 1, js: 1 });
    configure({ enabled: true });
    expect(fast(2.5)).toBe(7.5);
    expect(fast.stats().calls).toMatchObject({ original: 1, js: 2 });
    expect(fast.versions()).toHaveLength(1);
  });
});

describe("limits.compileMs", () => {
  const twice = (x: number, k: number): number => x * k;
  const made = (compileMs: number): { readonly original: number; readonly versions: number } => {
    const fast = specialize(twice, { slow: ["k"], tier: "js", compile: "sync", limits: { compileMs } });
    for (const k of [2, 3]) expect(fast(5, k)).toBe(5 * k);
    return { original: fast.stats().calls.original, versions: fast.versions().length };
  };
  it("of next to nothing allows a first version and no other", () => { expect(made(1e-9)).toEqual({ original: 1, versions: 1 }); });
  it("of a minute allows both", () => { expect(made(60_000)).toEqual({ original: 0, versions: 2 }); });
});
