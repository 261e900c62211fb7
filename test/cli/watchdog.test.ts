import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const home = mkdtempSync(join(tmpdir(), "wasmorph-watchdog-")), file = join(home, "watchdog.mjs");
beforeAll(async () => {
  const bundle = await rolldown({ input: fileURLToPath(new URL("../../src/cli/watchdog.ts", import.meta.url)), platform: "node" });
  await bundle.write({ file });
  await bundle.close();
});
afterAll(() => { rmSync(home, { recursive: true, force: true }); });

const run = (body: string): { status: number | null; signal: string | null; stdout: string; stderr: string } => spawnSync(process.execPath, ["--input-type=module", "-e",
  `import { watchdog } from ${JSON.stringify(pathToFileURL(file).href)};\nconst watched = await watchdog(2, "job #");\n${body}`], { encoding: "utf8", timeout: 200_000 });

describe("the watchdog", () => {
  test("names what never ends, and ends the process", () => {
    const { signal, stderr } = run("watched.begin(7); for (;;);");
    expect(stderr).toBe("job 7 did not end within 2 seconds\n");
    expect(signal).toBe("SIGKILL");
  });

  test("lets go on what begins something new in time", () => {
    const { status, stdout } = run("for (let k = 0; k < 8; k++) { watched.begin(k); await new Promise((r) => setTimeout(r, 500)); }\nawait watched.end(); console.log('ended');");
    expect(stdout).toBe("ended\n");
    expect(status).toBe(0);
  });

  test("does not keep a process that has nothing else to do", () => {
    expect(run("watched.begin(1);").status).toBe(0);
  });
});
