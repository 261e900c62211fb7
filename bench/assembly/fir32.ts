export function run(x: usize, xLength: i32, y: usize, samples: i32, taps: usize, count: i32): void {
  for (let i = 0; i < samples; i++) {
    let acc: f64 = 0;
    for (let k = 0; k < count; k++) acc += <f64>load<f32>(taps + (<usize>(k) << 2)) * <f64>load<f32>(x + (<usize>(i + k) << 2));
    store<f32>(y + (<usize>i << 2), <f32>acc);
  }
}
