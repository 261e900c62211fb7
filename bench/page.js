// The benchmark's numbers as one HTML page: bars on a log scale, spread as whiskers, losers marked. Self-contained: no script, no other file.

import { cpus } from "node:os";
import { figure, geomean, median, ratios, sorted } from "./numbers.js";

/** colours by subject, for light and dark grounds; ours are hues, the others grey and ochre */
const colours = {
  wasm: ["#1d5fd1", "#6ea3ff"],
  copied: ["#8fb4ee", "#3d68b0"],
  auto: ["#0b8a7d", "#3fc7b8"],
  js: ["#8a5cc7", "#b793ea"],
  assemblyscript: ["#b88a2a", "#d9b25c"],
  gcc: ["#70757d", "#a3a8b0"],
};
const ours = ["wasm", "copied", "auto", "js"];

const size = { width: 1080, left: 250, right: 150, bar: 9, gap: 2, row: 18, top: 46 };

const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** Where a ratio stands, and the lines of the scale. */
function scale(values) {
  const low = Math.min(0.5, ...values), high = Math.max(2, ...values);
  const [from, to] = [Math.log(low * 0.9), Math.log(high * 1.1)];
  const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200].filter((tick) => tick >= low * 0.9 && tick <= high * 1.1);
  return { at: (value) => size.left + ((Math.log(value) - from) / (to - from)) * (size.width - size.left - size.right), ticks };
}

/** What our Wasm and `auto` lose to in this kernel. */
function losses({ cells }, chosen, title) {
  const slower = (subject, base) => {
    if (!chosen.includes(subject) || !chosen.includes(base)) return [];
    const list = ratios(cells[base], cells[subject]);
    return list.length > 0 && median(list) < 0.97 ? [`${title(subject)} loses to ${title(base)}`] : [];
  };
  return [...["original", "assemblyscript", "gcc"].flatMap((base) => slower("wasm", base)), ...slower("auto", "original")];
}

function chart(results, shown, chosen, title) {
  const series = results.map((row) => shown.map((subject) => ({ subject, list: sorted(ratios(row.cells.original, row.cells[subject])), note: row.cells[subject].note })));
  const { at, ticks } = scale(series.flat().flatMap(({ list }) => list));
  const height = shown.length * (size.bar + size.gap) + size.row;
  const total = size.top + results.length * height;
  const grid = ticks.map((tick) => `<line class="${tick === 1 ? "one" : "grid"}" x1="${at(tick)}" x2="${at(tick)}" y1="${size.top - 8}" y2="${total}"/><text class="tick" x="${at(tick)}" y="${size.top - 16}" text-anchor="middle">${tick}×</text>`);
  const rows = results.map((row, i) => {
    const top = size.top + i * height, lost = losses(row, chosen, title);
    const bars = series[i].map(({ subject, list, note }, k) => {
      const y = top + k * (size.bar + size.gap);
      if (list.length === 0) return `<text class="value" x="${at(1) + 6}" y="${y + size.bar - 1}">${escape(title(subject))}: ${escape(note || "not measured")}</text>`;
      const middle = median(list), from = Math.min(at(1), at(middle)), width = Math.max(1, Math.abs(at(middle) - at(1)));
      const losing = ours.includes(subject) && middle < 0.97;
      return `<g><title>${escape(`${row.name}, ${title(subject)}: ${figure(middle)} times as fast as the original (${figure(list[0])}–${figure(list.at(-1))})`)}</title>`
        + `<rect class="bar ${losing ? "losing" : ""}" fill="var(--${subject})" x="${from.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${size.bar}" rx="1.5"/>`
        + `<line class="spread" x1="${at(list[0]).toFixed(1)}" x2="${at(list.at(-1)).toFixed(1)}" y1="${y + size.bar / 2}" y2="${y + size.bar / 2}"/>`
        + `<text class="value" x="${(Math.max(at(middle), at(1), at(list.at(-1))) + 5).toFixed(1)}" y="${y + size.bar - 1}">${figure(middle)}</text></g>`;
    });
    const name = `<text class="name" x="${size.left - 150}" y="${top + 9}" text-anchor="start"><tspan x="12">${escape(row.name)}</tspan>${lost.map((text, k) => `<tspan class="loss" x="12" dy="${k === 0 ? 15 : 13}">▼ ${escape(text)}</tspan>`).join("")}</text>`;
    return `<line class="rule" x1="12" x2="${size.width - 12}" y1="${top - 7}" y2="${top - 7}"/>${name}${bars.join("")}`;
  });
  return `<svg viewBox="0 0 ${size.width} ${total + 8}" role="img" aria-label="Times faster than the original JavaScript, by kernel and subject, on a log scale">${grid.join("")}${rows.join("")}</svg>`;
}

function means(results, subject, base) {
  const list = results.map((row) => ratios(row.cells[base], row.cells[subject])).filter((one) => one.length > 0).map(median);
  return list.length === 0 ? null : figure(geomean(list));
}

export function htmlPage(results, chosen, subjects, { repeats, command }) {
  const title = (subject) => subjects[subject].title;
  const shown = Object.keys(colours).filter((subject) => chosen.includes(subject));
  const stats = ["original", "assemblyscript", "gcc"].filter((base) => chosen.includes(base) && chosen.includes("wasm"))
    .flatMap((base) => { const mean = means(results, "wasm", base); return mean === null ? [] : [`<div class="stat"><b>${mean}×</b><span>${escape(title(base))}</span></div>`]; });
  const table = `<table><thead><tr><th>kernel</th><th>unit</th>${chosen.map((subject) => `<th>${escape(title(subject))}</th>`).join("")}</tr></thead><tbody>${results.map(({ name, unit, cells }) => `<tr><th>${escape(name)}</th><td>${escape(unit)}</td>${chosen.map((subject) => `<td>${cells[subject].note ? escape(cells[subject].note.split(":")[0]) : figure(median(cells[subject].ns))}</td>`).join("")}</tr>`).join("")}</tbody></table>`;
  const vars = (k) => Object.entries(colours).map(([subject, pair]) => `--${subject}: ${pair[k]};`).join(" ");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>wasmorph: benchmark</title>
<style>
:root { color-scheme: light dark; --ground: #fff; --ink: #1c1f24; --soft: #666c75; --rule: #e6e8eb; --loss: #b3261e; ${vars(0)} }
@media (prefers-color-scheme: dark) { :root { --ground: #15171b; --ink: #e7e9ec; --soft: #9aa1ab; --rule: #2a2e35; --loss: #ff8a80; ${vars(1)} } }
body { margin: 0 auto; padding: 28px 20px 60px; max-width: ${size.width}px; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 34px 0 6px; } p { color: var(--soft); margin: 4px 0; max-width: 78ch; }
.stats { display: flex; flex-wrap: wrap; gap: 34px; margin: 20px 0 4px; } .stat b { display: block; font-size: 30px; line-height: 1.2; } .stat span { color: var(--soft); font-size: 13px; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 12px 0 2px; font-size: 13px; } .legend i { display: inline-block; width: 12px; height: 12px; border-radius: 2px; margin-right: 6px; vertical-align: -1px; }
svg { width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--ink); } svg .tick, svg .value { fill: var(--soft); font-size: 10px; } svg .name { font-size: 12.5px; font-weight: 600; }
svg .loss { fill: var(--loss); font-weight: 400; font-size: 10.5px; } .grid, .rule { stroke: var(--rule); } .one { stroke: var(--soft); } .spread { stroke: var(--ink); stroke-width: 1; opacity: .75; } .losing { stroke: var(--loss); stroke-width: 1.2; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 12.5px; font-variant-numeric: tabular-nums; } th, td { padding: 4px 10px; text-align: right; border-bottom: 1px solid var(--rule); font-weight: 400; } th:first-child { text-align: left; } thead th { color: var(--soft); vertical-align: bottom; }
</style>
<h1>Fifteen kernels, and what they were measured against</h1>
<p>Written by <code>${escape(command)}</code> on ${new Date().toISOString().slice(0, 10)}: ${escape(cpus()[0].model.trim())}, ${cpus().length} cores, Node ${process.version}. ${repeats} processes a subject, in turns; outputs were compared bit for bit before timing.</p>
<div class="stats">${stats.join("")}</div>
<p>How many times faster our Wasm is, geometric mean over ${results.length} kernels.</p>
<h2>Times faster than the original JavaScript</h2>
<p>Median of ratios paired by repeat, log scale; the line through a bar goes from the least to the greatest. Left of 1× is slower than the original; a red edge and ▼ mark what loses.</p>
<div class="legend">${shown.map((subject) => `<span><i style="background: var(--${subject})"></i>${escape(title(subject))}</span>`).join("")}</div>
${chart(results, shown, chosen, title)}
<h2>Nanoseconds a unit</h2>
<div class="wide">${table}</div>
</html>
`.replace("Fifteen kernels", results.length === 15 ? "Fifteen kernels" : `${results.length} kernels`);
}
