// A row predicate of six comparisons, as a query's WHERE clause is: each names a column, an operator and a value.

export function select(columns, hits, conditions, rows) {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let keep = true;
    for (const { column, operator, value } of conditions) {
      const cell = columns[column * rows + row];
      switch (operator) {
        case "<": keep = cell < value; break;
        case "<=": keep = cell <= value; break;
        case ">": keep = cell > value; break;
        case ">=": keep = cell >= value; break;
        case "=": keep = cell === value; break;
        case "!=": keep = cell !== value; break;
      }
      if (!keep) break;
    }
    hits[row] = keep ? 1 : 0;
    if (keep) count++;
  }
  return count;
}

const rows = 65536; // enough that no branch predictor knows them by heart
const operators = ["<", "<=", ">", ">=", "=", "!="];

export default {
  name: "row predicate, 6 comparisons",
  unit: "row",
  units: rows,
  kernel: select,
  slow: ["conditions"],
  args: (random, arrays) => [
    random.fill(arrays.float64(rows * 6), 0, 100),
    arrays.uint8(rows),
    [
      { column: 0, operator: "<", value: 80 },
      { column: 1, operator: ">=", value: 20 },
      { column: 2, operator: "<=", value: 75 },
      { column: 3, operator: ">", value: 30 },
      { column: 4, operator: "!=", value: 50 },
      { column: 5, operator: "<", value: 60 },
    ],
    rows,
  ],
  flat: (columns, hits, conditions, n) => [
    columns,
    hits,
    Int32Array.from(conditions.flatMap(({ column, operator }) => [column, operators.indexOf(operator)])),
    Float64Array.from(conditions, ({ value }) => value),
    n,
  ],
};
