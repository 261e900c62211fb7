export function run(constant: usize, constantLength: i32, matrices: usize, length: i32, products: usize, productsLength: i32, size: i32): void {
  for (let start = 0; start < length; start += size * size) {
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        let sum: f64 = 0;
        for (let k = 0; k < size; k++) {
          sum += load<f64>(constant + (<usize>(row * size + k) << 3)) * load<f64>(matrices + (<usize>(start + k * size + column) << 3));
        }
        store<f64>(products + (<usize>(start + row * size + column) << 3), sum);
      }
    }
  }
}
