// A loop up to an array's length, written out where that is the length of a slow table, and as it was elsewhere.

import { it } from "vitest";
import { agrees } from "./agrees.ts";

it("what it carries elsewhere is not what it was at the end of the iterations that were written out (seed 1980003528)", async () => {
  await agrees({
    source: `function kernel(y, taps) {
  let v2 = 0;
  for (let i = 0; i < y.length; i++) taps[i] ? 0 : (v2 = 1);
  y[1] -= v2;
}`,
    slow: ["taps"],
    inputs: [[Int16Array.of(0, 0), [1]], [Int16Array.of(5), [1]]],
  });
});
it("a state of a walk of which one outcome can not be has the other (seed 1980003528)", async () => {
  await agrees({
    source: `function kernel(y, taps) {
  let v2 = 0;
  v2 ^= 1;
  for (let i = 0; i < y.length; i++) taps[i] ? 0 : (v2 += 1);
  y[1] -= v2;
}`,
    slow: ["taps"],
    inputs: [0, 1, 2, 3, 4, 5, 9].map((n) => [new Int16Array(n), [0, 1, 0, 1]]),
  });
});
