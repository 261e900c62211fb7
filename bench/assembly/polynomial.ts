export function run(x: usize, count: i32, y: usize, yLength: i32, coefficients: usize, terms: i32): void {
  for (let i = 0; i < count; i++) {
    const at = load<f64>(x + (<usize>i << 3));
    let value: f64 = 0;
    for (let k = terms - 1; k >= 0; k--) value = value * at + load<f64>(coefficients + (<usize>k << 3));
    store<f64>(y + (<usize>i << 3), value);
  }
}
