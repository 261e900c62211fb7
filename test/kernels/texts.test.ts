// Text that is known when a version is made.

import { describe, test } from "vitest";
import { served } from "./served.ts";

describe("characters of static text at an index that is not static", () => {
  const digits = "0123456789abcdefghijklmnopqrstuvwxyz";
  test("charCodeAt", () => served((n: number, x: number) => { let s = 0; for (let i = 0; i < n; i++) s += digits.charCodeAt(i & 15); return s + digits.charCodeAt(x); }, [[5, 3], [40, 1.9], [0, NaN], [1, -0.5], [2, 35.99]]));
  test("… outside gives NaN", () => served((x: number) => digits.charCodeAt(x), [[36], [-1], [Infinity], [1e10]]));
  test("charAt", () => served((x: number) => (digits.charAt(x) === "b" ? 1 : digits.charAt(x) === "" ? 2 : 3), [[11], [40], [-1], [NaN], [11.5]]));
});

test("methods of what is a string or a number", () => served((xs: number[], k: number) => { const list: (number | string)[] = [0, 1]; for (const x of xs) list.push(String.fromCharCode(x, x + 1)); const e = list[k]; return e ? (e as string).charAt(0) + (e as string).slice(1) : "none"; }, [[[65, 66], 2], [[70], 0], [[70], 2]]));
