// Tries every setting of the knobs on one kernel with one set of arguments: builds it, checks it against the original, then times all that
// are right, in turns, beside the original and the residual JavaScript.
//
// Guarantees: nothing is timed whose bits differ from the original's; the caller's arguments are never touched (`args` makes new ones).

import { ready, specialize, type Specialized } from "../index.ts";
import { measure, type MeasureOptions, type Subject, type Timing } from "./measure.ts";
import { allSettings, settingName, type Setting } from "./knobs.ts";

type Kernel = (...args: unknown[]) => unknown;

export interface TuneRequest {
  readonly kernel: Kernel;
  readonly slow: readonly (string | number)[];
  /** equal arguments, new ones for each call */
  readonly args: () => unknown[];
  readonly settings?: readonly Setting[];
  readonly measure?: MeasureOptions;
}

export interface TuneRow {
  readonly name: string;
  /** null for the original and the residual JavaScript */
  readonly setting: Setting | null;
  /** how it compares with the original: "equal", "WRONG", or why it was not built */
  readonly check: string;
  readonly bytes: number | null;
  readonly compileMs: number | null;
  readonly timing: Timing | null;
}

export interface TuneReport {
  readonly rows: readonly TuneRow[];
  /** the fastest setting that is right; null where no setting is */
  readonly best: Setting | null;
}

export async function tune(request: TuneRequest): Promise<TuneReport> {
  await ready();
  const candidates = [
    { name: "original", setting: null, tier: "original" as const },
    { name: "residual JavaScript", setting: null, tier: "js" as const },
    ...(request.settings ?? allSettings()).map((setting) => ({ name: settingName(setting), setting, tier: "wasm" as const })),
  ];
  const rows: { row: Omit<TuneRow, "timing">; subject: Subject | null; dispose(): void }[] = [];
  for (const { name, setting, tier } of candidates) {
    const fast = specialize(request.kernel, {
      slow: request.slow,
      tier,
      compile: "sync",
      ...(setting ? { optimize: { level: setting.level, shrink: setting.shrink } } : {}),
    });
    const check = tier === "original" ? "equal" : await checkAgainstOriginal(fast, tier, request.args);
    const version = fast.versions().findLast(({ state }) => state === "ready");
    rows.push({
      row: { name, setting, check, bytes: tier === "wasm" ? (version?.bytes ?? null) : null, compileMs: version?.compileMs ?? null },
      subject: check === "equal" || check === "not compared" ? subjectOf(name, tier === "original" ? request.kernel : fast, request.args) : null,
      dispose: () => fast.dispose(),
    });
  }
  const timings = new Map(measure(rows.flatMap(({ subject }) => subject ?? []), request.measure).map((timing) => [timing.name, timing]));
  for (const { dispose } of rows) dispose();
  const report = rows.map(({ row }) => ({ ...row, timing: timings.get(row.name) ?? null }));
  const best = report
    .filter(({ setting, timing }) => setting !== null && timing !== null)
    .toSorted((a, b) => a.timing!.median - b.timing!.median)[0];
  return { rows: report, best: best?.setting ?? null };
}

async function checkAgainstOriginal(fast: Specialized<Kernel>, tier: string, args: () => unknown[]): Promise<string> {
  await fast.prepare(...args());
  const { equal, skipped, tier: served } = await fast.diff(...args());
  if (served !== tier) return `not built: ${fast.diagnostics()[0]?.message ?? `${served} served`}`;
  return skipped ? "not compared" : equal ? "equal" : "WRONG";
}

/** Calls with arguments of its own; what calls write is put back before each round. */
function subjectOf(name: string, call: Kernel, args: () => unknown[]): Subject {
  const own = args();
  return {
    name,
    run: () => { call(...own); },
    reset: () => {
      args().forEach((fresh, index) => {
        const mine = own[index];
        if (ArrayBuffer.isView(fresh) && ArrayBuffer.isView(mine)) bytesOf(mine).set(bytesOf(fresh));
      });
    },
  };
}

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
