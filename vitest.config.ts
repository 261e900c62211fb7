// How `npm test` runs: every test/**/*.test.ts, in Node, on two workers, which fit the smallest machine that continuous integration gives;
// Binaryen alone takes 80 MB in each. Files about the compiler share a worker's process: what one has warmed up, the next ones use, and all take
// half the time. Those that ask what a process has loaded, or change what is the whole process's, have one of their own.

import { defineConfig } from "vitest/config";

const compiler = ["test/{frontend,golden,ir,js,kernels,specialize,verify,wasm}/**/*.test.ts"];
/** Is Binaryen loaded before anybody asks? */
const cold = ["test/wasm/module.test.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 240_000, // for machines that are busy with other work: no test measures time
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "compiler", include: compiler, exclude: cold, isolate: false } },
      { extends: true, test: { name: "process", include: ["test/**/*.test.ts"], exclude: compiler } },
      { extends: true, test: { name: "cold", include: cold } },
    ],
  },
});
