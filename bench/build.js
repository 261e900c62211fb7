// Compiles the generic sources of the other subjects into out/bench/: AssemblyScript by asc, C by gcc. What can't be built is left out.

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { built } from "./subjects.js";

const here = new URL("./", import.meta.url).pathname;
// bits are compared: no fused multiply-add, which gcc would otherwise make of a product and a sum
const gccFlags = ["-O3", "-march=native", "-ffp-contract=off"];
const ascFlags = ["-O3", "--enable", "simd", "--runtime", "stub", "--noAssert", "--initialMemory", "128"];

/** Names of the subjects that could be built for these kernels. */
export function buildOthers(kernels) {
  mkdirSync(built, { recursive: true });
  const tools = {
    assemblyscript: (name) =>
      execFileSync(process.execPath, [`${here}../node_modules/assemblyscript/bin/asc.js`, `${name}.ts`, ...ascFlags, "--outFile", `${built.pathname}${name}.wasm`], {
        cwd: `${here}assembly`, // not where the project's own asconfig.json would apply
        stdio: "pipe",
      }),
    gcc: (name) => execFileSync("gcc", [...gccFlags, "-o", `${built.pathname}${name}`, `${here}native/main.c`, `${here}native/${name}.c`, "-lm"], { stdio: "pipe" }),
  };
  return Object.entries(tools).flatMap(([tool, build]) => {
    try {
      for (const name of kernels) build(name);
      return [tool];
    } catch (error) {
      console.error(`${tool} is left out: ${error.stderr?.toString().trim() || error.message}`);
      return [];
    }
  });
}
