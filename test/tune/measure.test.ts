// The timer's arithmetic and fairness; never how long something takes.

import { expect, it } from "vitest";
import { measure } from "../../src/tune/measure.ts";
import { allSettings } from "../../src/tune/knobs.ts";
import { duration, table } from "../../src/tune/report.ts";

it("every subject is timed, reset before each round, in the order given", () => {
  const resets = [0, 0];
  const calls = [0, 0];
  const subject = (index: number) => ({ name: `s${index}`, run: () => { calls[index]!++; }, reset: () => { resets[index]!++; } });
  const timings = measure([subject(0), subject(1)], { rounds: 3, warmMs: 1, turnMs: 0.05 });
  expect(timings.map(({ name }) => name)).toEqual(["s0", "s1"]);
  expect(resets).toEqual([4, 4]); // three rounds, and the end of the warm-up
  expect(Math.min(...calls)).toBeGreaterThan(200);
  for (const { least, lower, median, upper } of timings) expect([least, lower, median, upper].every((ns, i, all) => i === 0 || ns >= all[i - 1]!)).toBe(true);
});
it("all levels, and no shrinking of what is not optimized", () => expect(allSettings()).toHaveLength(13));
it("durations", () => expect([3.14159, 3141.59, 3141590].map(duration)).toEqual(["3.1 ns", "3.14 µs", "3.14 ms"]));
it("tables line up", () => expect(table(["a", "bb"], [["long", "1"]])).toBe("a     bb\n────────\nlong   1"));
