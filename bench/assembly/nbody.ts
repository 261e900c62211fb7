export function run(place: usize, placeLength: i32, velocity: usize, velocityLength: i32, masses: usize, count: i32, dt: f64, steps: i32): void {
  for (let step = 0; step < steps; step++) {
    for (let i = 0; i < count; i++) {
      for (let j = i + 1; j < count; j++) {
        const pi = place + <usize>(24 * i);
        const pj = place + <usize>(24 * j);
        const vi = velocity + <usize>(24 * i);
        const vj = velocity + <usize>(24 * j);
        const mi = load<f64>(masses + (<usize>i << 3));
        const mj = load<f64>(masses + (<usize>j << 3));
        const dx = load<f64>(pi) - load<f64>(pj);
        const dy = load<f64>(pi, 8) - load<f64>(pj, 8);
        const dz = load<f64>(pi, 16) - load<f64>(pj, 16);
        const squared = dx * dx + dy * dy + dz * dz;
        const magnitude = dt / (squared * sqrt<f64>(squared));
        store<f64>(vi, load<f64>(vi) - dx * mj * magnitude);
        store<f64>(vi, load<f64>(vi, 8) - dy * mj * magnitude, 8);
        store<f64>(vi, load<f64>(vi, 16) - dz * mj * magnitude, 16);
        store<f64>(vj, load<f64>(vj) + dx * mi * magnitude);
        store<f64>(vj, load<f64>(vj, 8) + dy * mi * magnitude, 8);
        store<f64>(vj, load<f64>(vj, 16) + dz * mi * magnitude, 16);
      }
    }
    for (let i = 0; i < 3 * count; i++) {
      const at = place + (<usize>i << 3);
      store<f64>(at, load<f64>(at) + dt * load<f64>(velocity + (<usize>i << 3)));
    }
  }
}
