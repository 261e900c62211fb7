export function run(x: usize, xLength: i32, y: usize, samples: i32, taps: usize, count: i32): void {
  for (let i = 0; i < samples; i++) {
    let acc: f64 = 0;
    for (let k = 0; k < count; k++) acc += load<f64>(taps + (<usize>(k) << 3)) * load<f64>(x + (<usize>(i + k) << 3));
    store<f64>(y + (<usize>i << 3), acc);
  }
}
