// src/ → dist/bundle/: the package as it is published, in a few files instead of 250 (docs/decisions/0013-a-bundle-of-few-files.md). Types stay with
// the modules that `tsc` writes to dist/. All entries are bundled together, so that they share one instance of everything: a kernel's file that
// imports the package meets the command's own.
//
//   node scripts/bundle.mjs [folder, default dist/bundle]

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { compiledAtOnce, ranFirst } from "./first.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
/** The worker and the loader stand beside the modules that start them, as in src/: all files lie in one folder. */
const input = { index: "src/index.ts", cached: "src/cached.ts", passes: "src/passes.ts", main: "src/cli/main.ts", worker: "src/runtime/worker.ts", loader: "src/cli/loader.ts" };

const home = process.argv[2] ?? `${root}dist/bundle`;

/** What the bundle is made of: versions kept on disk belong to it (src/runtime/cache.ts). */
const hash = createHash("sha256");
for (const file of readdirSync(join(root, "src"), { recursive: true }).filter((name) => name.endsWith(".ts")).sort()) hash.update(`${file}\n`).update(readFileSync(join(root, "src", file)));
const sources = hash.digest("hex").slice(0, 32);

async function write(input, platform, options) {
  const bundle = await rolldown({
    cwd: root, input, platform,
    external: /^node:|^[^./]/, // Node's own modules and the dependencies
    transform: { define: { wasmorphSources: JSON.stringify(sources) } },
    checks: { pluginTimings: false },
    onLog(level, log) { throw new Error(`bundling: ${level}: ${log.message}`); },
  });
  // names and lines stay readable in stack traces; the engine reads every byte before the first call
  await bundle.write({ cleanDir: true, comments: false, minify: false, ...options });
  await bundle.close();
}

const modules = { dir: home, format: "esm", sourcemap: true, entryFileNames: "[name].js", chunkFileNames: "part-[hash].js" };
await write(input, "neutral", modules);
await write(input, "neutral", { ...modules, plugins: [compiledAtOnce(await ranFirst(home))] });
// The main entry once more, as scripts, which src/cached.ts loads. One letter beyond ASCII (they stand in texts alone) would have the engine keep two bytes for each of all.
// Scripts are handed what imports modules: Node warns of those that import by themselves.
const asScript = { name: "as script", renderChunk: (code) => code.replace(/\bimport\((?=")/g, "importModule(").replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`) };
await write({ index: input.index }, "node", { dir: `${home}/scripts`, format: "cjs", entryFileNames: "[name].cjs", chunkFileNames: "part-[hash].cjs", plugins: [asScript] });
