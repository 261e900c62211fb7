import { beforeAll, describe, expect, test } from "vitest";
import { ready, specialize } from "../../src/index.ts";
import { agrees } from "../golden/agrees.ts";

beforeAll(() => ready());

/** The type of the loop's parameter `j` after narrowing. */
function typeOfJ(source: string, ...args: unknown[]): string | undefined {
  const kernel = new Function(`return ${source}`)() as (...args: unknown[]) => unknown;
  const fast = specialize(kernel, { tier: "wasm", compile: "sync" });
  fast(...args);
  const text = fast.inspect(...args).ir.find(({ pass }) => pass === "narrow")?.text ?? "";
  fast.dispose();
  return /%j\.\d+: (f64|i32)/.exec(text)?.[1];
}
const x = (): Float64Array => Float64Array.from({ length: 12 }, (_, i) => i - 3);
const y = (): Float64Array => new Float64Array(40);

describe("what changes by so much a round lies within so many rounds", () => {
  test("a second counter", () => { expect(typeOfJ("function f(x, y) { for (let i = 0, j = 0; i < x.length; i += 4, j++) y[j] = x[i]; }", x(), y())).toBe("i32"); });
  test("one that counts on some paths only", () => { expect(typeOfJ("function f(x, y) { let j = 0; for (let i = 0; i < x.length; i++) if (x[i] > 0) { y[j] = x[i]; j++; } return j; }", x(), y())).toBe("i32"); });
  test("one that goes down", () => { expect(typeOfJ("function f(x, y) { let j = 30; for (let i = 0; i < x.length; i++) { y[j] = x[i]; j -= 2; } }", x(), y())).toBe("i32"); });
  test("not one that may leave int32", () => { expect(typeOfJ("function f(x, y) { let j = 0; for (let i = 0; i < x.length; i++) { y[j] = x[i]; j += 100; } }", x(), y())).toBe("f64"); });
  test("not where nothing bounds the rounds", () => { expect(typeOfJ("function f(x, y, n) { let j = 0; for (let i = 0; i < n; i++) { y[j] = i; j++; } }", x(), y(), 5)).toBe("f64"); });
});

describe("counters beside the tested one, from the ends of int32 too", () => {
  const updates = (by: number): string[] => [`j += ${by}`, `j -= ${by}`, `j = j + ${by} | 0`, `if (x[i] > 0) j += ${by}`, `if (x[i] > 0) j += ${by}; else j--`, `j = x[i] > 0 ? j - ${by} : j`];
  ["0", "7", "2147483646", "-2147483647", "4294967295", "9007199254740990"].forEach((start, s) => {
    ([[1, 1], [4, 1], [1, 2], [3, 5]] as const).forEach(([step, by], k) => {
      test(`from ${start}, by ${by} while the other goes by ${step}`, async () => {
        const all = updates(by);
        for (const update of [all[(s + k) % all.length]!, all[(s + k + 3) % all.length]!]) { // each with all starts and steps in turn
          await agrees({
            source: `function kernel(x, y) { let j = ${start}; for (let i = 0; i < x.length; i += ${step}) { y[j - (${start})] = x[i]; y[i] += j; ${update}; } return j; }`,
            slow: [],
            inputs: [[new Float64Array(0), new Float64Array(3)], [Float64Array.from({ length: 23 }, (_, i) => (i * 7) % 5 - 2), new Float64Array(50)]],
          });
        }
      });
    });
  });
});

describe("doubles that one more leaves where they are bound no rounds", () => {
  test.each(["1e300", "-1e300", "9007199254740992", "9007199254740990", "-9007199254740993", "Infinity"])("from %s", (start) => agrees({
    source: `function kernel(y, n) { let o = ${start}, s = 0; for (let i = 0; i < n; i++) { for (let j = 0; j < 4; j++) { y[o] = i; s += o; o++; } s *= 2; } return [o, s]; }`, slow: [], inputs: [[new Float64Array(9), 3], [new Float64Array(9), 0]],
  }));
  test("nor what is lost on the way to the next one", () => agrees({
    source: "function kernel(x) { let j = 0, k = 0; for (let i = 0; i < x.length; i++) { j = j + 1152921504606846976 - 1152921504606846976 + 1; if (j >= 40) break; k += 3; if (k > 150) x[i] = j; } return [j, k]; }", slow: [], inputs: [[new Float64Array(70)], [new Float64Array(3)]],
  }));
});
