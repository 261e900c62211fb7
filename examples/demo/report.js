// Timing two things in turns, and printing what came out.

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Milliseconds of one call of each: medians over rounds in which both take their turn. Quick calls are repeated within a round. */
export function timePair(original, specialised, budgetMs = 900) {
  const timed = (run, times) => {
    const start = performance.now();
    for (let i = 0; i < times; i++) run();
    return (performance.now() - start) / times;
  };
  const once = timed(original, 1);
  const times = Math.max(1, Math.ceil(5 / once));
  const rounds = Math.min(25, Math.max(5, Math.floor(budgetMs / (2 * once * times))));
  const samples = { original: [], specialised: [] };
  timed(specialised, times);
  for (let i = 0; i < rounds; i++) {
    samples.original.push(timed(original, times));
    samples.specialised.push(timed(specialised, times));
  }
  return { original: median(samples.original), specialised: median(samples.specialised) };
}

/** Calls after which compiling has paid for itself. */
function breakEven({ original, specialised, compile }) {
  return original > specialised ? String(Math.ceil(compile / (original - specialised))) : "never";
}

export function printTable(rows) {
  const columns = [
    ["configuration", (row) => row.label],
    ["stage", (row) => row.stage],
    ["original ms", (row) => row.original.toFixed(3)],
    ["specialised ms", (row) => row.specialised.toFixed(3)],
    ["ratio", (row) => `${(row.original / row.specialised).toFixed(2)} ×`],
    ["compile ms", (row) => row.compile.toFixed(1)],
    ["break-even calls", breakEven],
    ["tier", (row) => row.tier],
    ["mismatches", (row) => String(row.mismatches)],
  ];
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row)));
  const widths = columns.map(([title], i) => Math.max(title.length, ...cells.map((row) => row[i].length)));
  const isText = (i) => i < 2 || columns[i][0] === "tier";
  const line = (row) => row.map((cell, i) => (isText(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  console.log(line(columns.map(([title]) => title)));
  console.log(widths.map((width) => "─".repeat(width)).join("──"));
  for (const row of cells) console.log(line(row));
}
