// @ts-ignore: decorator
@inline
function holds(cell: f64, operator: i32, value: f64): bool {
  switch (operator) {
    case 0: return cell < value;
    case 1: return cell <= value;
    case 2: return cell > value;
    case 3: return cell >= value;
    case 4: return cell == value;
    default: return cell != value;
  }
}

export function run(columns: usize, cells: i32, hits: usize, hitsLength: i32, conditions: usize, conditionsLength: i32, values: usize, conditionCount: i32, rows: i32): i32 {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    let keep = true;
    for (let c = 0; c < conditionCount && keep; c++) {
      const at = conditions + (<usize>c << 3);
      keep = holds(load<f64>(columns + (<usize>(load<i32>(at) * rows + row) << 3)), load<i32>(at, 4), load<f64>(values + (<usize>c << 3)));
    }
    store<u8>(hits + <usize>row, <u8>keep);
    count += <i32>keep;
  }
  return count;
}
