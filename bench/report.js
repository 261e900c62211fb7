// The benchmark's numbers as text.

import { cpus, loadavg } from "node:os";
import { figure, geomean, median, ratios, sorted } from "./numbers.js";

const times = (cell) => (cell.note ? cell.note.split(":")[0] : figure(median(cell.ns)));

export function summary({ name, unit, cells }, subjects) {
  return `${name}, ns a ${unit}: ${Object.entries(cells).map(([subject, cell]) => `${subjects[subject].title} ${times(cell)}`).join(", ")}`;
}

function table(header, rows) {
  const widths = header.map((title, i) => Math.max(title.length, 3, ...rows.map((row) => row[i].length)));
  const line = (row) => `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(header), rule, ...rows.map(line)].join("\n");
}

const bases = ["original", "assemblyscript", "gcc"];
const mine = ["wasm", "copied", "js", "auto"];

export function resultsPage(results, chosen, subjects, { repeats, command }) {
  const title = (subject) => subjects[subject].title;
  const parts = [
    "# Results",
    `Written by \`${command}\` on ${new Date().toISOString().slice(0, 10)}: ${cpus()[0].model.trim()}, ${cpus().length} cores, ${process.platform} ${process.arch}, ` +
      `Node ${process.version} (V8 ${process.versions.v8}), load average at the end ${loadavg()[1].toFixed(1)} (an idle machine would end at 1). Every subject ran in ${repeats} processes of its own, in turns; bits were compared with the ` +
      "original's before timing (`WRONG` where they differed). See README.md beside this page for what is measured and how.",
    "## Nanoseconds a unit",
    "Median over processes of each process's median.",
    table(
      ["kernel", "unit", ...chosen.map(title)],
      results.map(({ name, unit, cells }) => [name, unit, ...chosen.map((subject) => times(cells[subject]))]),
    ),
  ];
  for (const base of bases.filter((name) => chosen.includes(name))) {
    const columns = mine.filter((name) => chosen.includes(name));
    if (columns.length === 0) continue;
    const cell = (row, subject) => {
      const list = sorted(ratios(row.cells[base], row.cells[subject]));
      return list.length === 0 ? "–" : `${figure(median(list))} (${figure(list[0])}–${figure(list.at(-1))})`;
    };
    const means = columns.map((subject) => {
      const list = results.map((row) => ratios(row.cells[base], row.cells[subject])).filter((list) => list.length > 0).map(median);
      return list.length === 0 ? "–" : `**${figure(geomean(list))}**${list.length < results.length ? ` of ${list.length}` : ""}`;
    });
    parts.push(
      `## Times faster than ${title(base)}`,
      "Median of the ratios paired by repeat (least–greatest).",
      table(["kernel", ...columns.map(title)], [...results.map((row) => [row.name, ...columns.map((subject) => cell(row, subject))]), ["**geometric mean**", ...means]]),
    );
  }
  const losers = results.flatMap(({ name, cells }) =>
    bases.filter((base) => chosen.includes(base) && chosen.includes("wasm")).flatMap((base) => {
      const list = ratios(cells[base], cells.wasm);
      return list.length > 0 && median(list) < 1 ? [`- ${name}: our Wasm takes ${figure(1 / median(list))} times as long as ${title(base)}`] : [];
    }),
  );
  const notes = results.flatMap(({ name, cells }) => Object.entries(cells).flatMap(([subject, { note }]) => (note ? [`- ${name}, ${title(subject)}: ${note}`] : [])));
  parts.push("## Losers", losers.join("\n") || "None.");
  if (notes.length > 0) parts.push("## What did not run, or ran wrong", notes.join("\n"));
  const made = results.flatMap(({ name, cells }) => {
    const { bytes, compileMs, operations, vectorized } = cells.wasm?.facts ?? {};
    return bytes === undefined ? [] : [[name, String(operations), String(bytes), compileMs.toFixed(1), vectorized ? "yes" : "no"]];
  });
  if (made.length > 0) parts.push("## What was made", "In a cold process, so compile times are upper bounds.", table(["kernel", "operations", "bytes", "compile ms", "SIMD"], made));
  return `${parts.join("\n\n")}\n`;
}
