// How `npm test` runs: every test/**/*.test.ts, in Node, on two workers, which fit the smallest machine that continuous integration gives;
// Binaryen alone takes 80 MB in each. Files share a worker's process: what one has warmed up, the next ones use, and all take half the time.
// Those that ask what a process has loaded, measure, or change what is the whole process's, have one of their own.

import { defineConfig } from "vitest/config";

const shared = ["test/{capture,frontend,golden,ir,js,kernels,runtime,specialize,verify,wasm}/**/*.test.ts"];
const own = [
  "test/wasm/module.test.ts", // is Binaryen loaded before anybody asks?
  "test/capture/{accessors,missed,reassigned}.test.ts", // the inspector looks through all that a process holds; or looks nowhere any more
  "test/runtime/{cache,census,choose,debugging,faults,hosts,interleavings,memory,sizes,stats,stories,turns,worker}.test.ts",
  "test/{browser,cli,tune}/**/*.test.ts", "test/*.test.ts",
];

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 240_000, // for machines that are busy with other work: no test measures time
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "shared", include: shared, exclude: own, isolate: false } },
      { extends: true, test: { name: "own", include: own } },
    ],
  },
});
