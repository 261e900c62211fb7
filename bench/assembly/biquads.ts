export function run(x: usize, samples: i32, y: usize, yLength: i32, state: usize, stateLength: i32, sections: usize, numbers: i32): void {
  const count = numbers / 5;
  for (let i = 0; i < samples; i++) {
    let value = load<f64>(x + (<usize>i << 3));
    for (let s = 0; s < count; s++) {
      const c = sections + <usize>s * 40;
      const z = state + (<usize>s << 4);
      const out = load<f64>(c) * value + load<f64>(z);
      store<f64>(z, load<f64>(c, 8) * value - load<f64>(c, 24) * out + load<f64>(z, 8));
      store<f64>(z, load<f64>(c, 16) * value - load<f64>(c, 32) * out, 8);
      value = out;
    }
    store<f64>(y + (<usize>i << 3), value);
  }
}
