export function run(from: usize, fromLength: i32, to: usize, toLength: i32, width: i32, height: i32, size: i32, weights: usize, count: i32, shift: i32): void {
  const half = size >> 1;
  for (let y = half; y < height - half; y++) {
    for (let x = half; x < width - half; x++) {
      let sum = 0;
      for (let j = 0; j < size; j++) {
        const row = from + <usize>((y + j - half) * width + x - half);
        const line = weights + (<usize>(j * size) << 2);
        for (let i = 0; i < size; i++) sum += load<i32>(line + (<usize>i << 2)) * <i32>load<u8>(row + <usize>i);
      }
      sum >>= shift;
      store<u8>(to + <usize>(y * width + x), <u8>max(0, min(255, sum)));
    }
  }
}
