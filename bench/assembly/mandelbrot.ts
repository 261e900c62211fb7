export function run(re: usize, reLength: i32, im: usize, imLength: i32, counts: usize, points: i32, limit: i32): void {
  for (let i = 0; i < points; i++) {
    const cr = load<f64>(re + (<usize>i << 3));
    const ci = load<f64>(im + (<usize>i << 3));
    let zr: f64 = 0;
    let zi: f64 = 0;
    let n = 0;
    while (n < limit && zr * zr + zi * zi <= 4) {
      const next = zr * zr - zi * zi + cr;
      zi = 2 * zr * zi + ci;
      zr = next;
      n++;
    }
    store<i32>(counts + (<usize>i << 2), n);
  }
}
