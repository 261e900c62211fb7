// How `npm test` runs: every test/**/*.test.ts, in Node, each file in a process of its own. Two workers fit the smallest machine that
// continuous integration gives; Binaryen alone takes 80 MB in each.

import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 240_000, // for machines that are busy with other work: no test measures time
    hookTimeout: 120_000,
  },
});
