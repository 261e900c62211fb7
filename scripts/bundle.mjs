// src/ → dist/bundle/: the package as it is published, in a few files instead of 250 (docs/decisions/0013-a-bundle-of-few-files.md). Types stay with
// the modules that `tsc` writes to dist/. All entries are bundled together, so that they share one instance of everything: a kernel's file that
// imports the package meets the command's own.
//
//   node scripts/bundle.mjs [folder, default dist/bundle]

import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
/** The worker and the loader stand beside the modules that start them, as in src/: all files lie in one folder. */
const input = { index: "src/index.ts", passes: "src/passes.ts", main: "src/cli/main.ts", worker: "src/runtime/worker.ts", loader: "src/cli/loader.ts" };

const bundle = await rolldown({
  cwd: root, input, platform: "neutral",
  external: /^node:|^[^./]/, // Node's own modules and the dependencies
  onLog(level, log) { throw new Error(`bundling: ${level}: ${log.message}`); },
});
await bundle.write({
  dir: process.argv[2] ?? `${root}dist/bundle`, cleanDir: true, format: "esm", sourcemap: true,
  entryFileNames: "[name].js", chunkFileNames: "part-[hash].js",
  comments: false, minify: false, // names and lines stay readable in stack traces; the engine reads every byte before the first call
});
await bundle.close();
