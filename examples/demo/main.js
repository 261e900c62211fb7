// `npm run demo`: a photograph and twenty years of daily births go through a small pipeline, frame by frame, while its configuration
// changes under way: first as another section of pipeline.json, then by an edit in place. Every frame is computed twice, by the original
// and by the specialised kernels, and compared bit for bit; at the end of each configuration both are timed, in turns.

import { mkdirSync, readFileSync } from "node:fs";
import { arena, configure, ready, specialize } from "wasmorph";
import { convolve, filter, grade } from "./kernels.js";
import { readPhotograph, readSeries, writeChart, writePicture } from "./pictures.js";
import { settingsOf } from "./settings.js";
import { printTable, timePair } from "./report.js";

const framesEach = 12;
const pipeline = JSON.parse(readFileSync(new URL("pipeline.json", import.meta.url), "utf8"));
const out = new URL("../../out/", import.meta.url);
mkdirSync(out, { recursive: true });
configure({ memory: 128 * 1024 * 1024 });

const photograph = readPhotograph();
const births = readSeries();
const { width, height } = photograph;
const bytes = width * height * 4;
console.log(`a photograph of ${width} × ${height}, a series of ${births.length} days; configurations from examples/demo/pipeline.json`);
console.log("who served each frame: o the original, j residual JavaScript, w WebAssembly; tier auto tries each in turn, then keeps the fastest\n");

/** Where one side (original or specialised) works: its own copies of everything that the pipeline writes. */
function workspace() {
  const space = {
    photograph: arena.uint8Clamped(bytes),
    convolved: arena.uint8Clamped(bytes),
    graded: arena.uint8Clamped(bytes),
    series: arena.float64(births.length),
    filtered: arena.float64(births.length),
    state: arena.float64(16),
  };
  space.photograph.set(photograph.data);
  space.convolved.set(photograph.data);
  space.series.set(births);
  return space;
}

/** The three stages: which kernel, what is slow, its arguments in a workspace, and what it wrote. */
const stages = [
  {
    name: "convolve",
    kernel: convolve,
    fast: specialize(convolve, { slow: ["kernel"] }),
    args: (space, { kernel }) => [space.photograph, space.convolved, width, height, kernel],
    output: (space) => space.convolved,
  },
  {
    name: "grade",
    kernel: grade,
    fast: specialize(grade, { slow: ["curve", "matrix"] }),
    args: (space, { curve, matrix }) => [space.convolved, space.graded, curve, matrix],
    output: (space) => space.graded,
  },
  {
    name: "filter",
    kernel: filter,
    fast: specialize(filter, { slow: ["sections"] }),
    args: (space, { sections }) => [space.series, space.filtered, space.state.fill(0), sections],
    output: (space) => space.filtered,
  },
];

const mine = workspace();
const judge = workspace();

/** How many elements differ in any bit. */
function mismatches(actual, expected) {
  const [a, b] = [actual, expected].map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  let count = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) count++;
  return count;
}

/** Runs one stage's specialised kernel; tells which tier served. */
function runFast(stage, settings) {
  const before = { ...stage.fast.stats().calls };
  stage.fast(...stage.args(mine, settings));
  const after = stage.fast.stats().calls;
  return Object.keys(after).find((tier) => after[tier] > before[tier]);
}

const rows = [];
let frame = 0;

/** Frames with one configuration, a letter for each frame and stage: who served; then the timing. */
async function play(settings, label) {
  console.log(`frame ${String(frame).padStart(3)}  ← ${label}: ${settings.title}`);
  const wrong = new Map(stages.map((stage) => [stage, 0]));
  const served = new Map(stages.map((stage) => [stage, ""]));
  const oneFrame = () => {
    for (const stage of stages) {
      stage.kernel(...stage.args(judge, settings));
      served.set(stage, served.get(stage) + runFast(stage, settings)[0]);
      wrong.set(stage, wrong.get(stage) + mismatches(stage.output(mine), stage.output(judge)));
    }
    frame++;
  };
  for (let i = 0; i < framesEach; i++) {
    oneFrame();
    await new Promise((resolve) => setTimeout(resolve, 5)); // a page or a server has other things to do between two frames
  }
  for (const stage of stages) await stage.fast.prepare(...stage.args(mine, settings));
  for (const stage of stages) served.set(stage, `${served.get(stage)} `);
  for (let i = 0; i < 4; i++) oneFrame();
  for (const stage of stages) console.log(`           ${stage.name.padEnd(9)} ${served.get(stage)}`);

  for (const stage of stages) {
    const { original, specialised } = timePair(
      () => stage.kernel(...stage.args(judge, settings)),
      () => stage.fast(...stage.args(mine, settings)),
    );
    const tier = runFast(stage, settings);
    const compile = stage.fast.versions().filter((version) => version.state === "ready").at(-1)?.compileMs ?? 0;
    rows.push({ label, stage: stage.name, original, specialised, compile, tier, mismatches: wrong.get(stage) });
  }
  console.log();
}

await ready();
const first = settingsOf(pipeline.first);
await play(first, "first");
writePicture(new URL("photograph.png", out), photograph.data, width, height);
writePicture(new URL("first.png", out), mine.graded, width, height);
const firstFiltered = mine.filtered.slice();

const second = settingsOf(pipeline.second);
await play(second, "second");
writePicture(new URL("second.png", out), mine.graded, width, height);
const secondFiltered = mine.filtered.slice();

// The same objects as before, edited in place: nothing announces it.
second.title = "as before, darker, the edge kernel's centre weaker";
second.kernel.weights[4] = 19;
second.matrix[0][3] -= 20;
second.sections[0].b0 *= 0.5;
await play(second, "edited in place");
writePicture(new URL("edited.png", out), mine.graded, width, height);

const days = 730;
const skip = 100; // the filters need some time to settle
writeChart(new URL("births.png", out), [
  { values: births.subarray(skip, skip + days), color: [90, 90, 90] },
  { values: firstFiltered.subarray(skip, skip + days), color: [30, 90, 200] },
  { values: secondFiltered.subarray(skip, skip + days), color: [200, 60, 30] },
]);

printTable(rows);
for (const { name, fast } of stages) for (const { message, line } of fast.diagnostics()) console.log(`${name}: line ${line}: ${message}`);
console.log("\nwritten: out/photograph.png, out/first.png, out/second.png, out/edited.png, out/births.png");
for (const { fast } of stages) fast.dispose();
process.exitCode = rows.some((row) => row.mismatches > 0) ? 1 : 0;
