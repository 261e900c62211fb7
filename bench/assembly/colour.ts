// To bytes as Uint8ClampedArray does: halves go to the even neighbour.
// @ts-ignore: decorator
@inline
function clamped(value: f64): u8 {
  return <u8>nearest<f64>(max<f64>(0, min<f64>(255, value)));
}

export function run(from: usize, length: i32, to: usize, toLength: i32, curve: usize, curveLength: i32, matrix: usize, matrixLength: i32): void {
  for (let i = 0; i < length; i += 4) {
    const at = from + <usize>i;
    const r = <f64>load<u8>(curve + <usize>load<u8>(at));
    const g = <f64>load<u8>(curve + <usize>load<u8>(at, 1));
    const b = <f64>load<u8>(curve + <usize>load<u8>(at, 2));
    for (let row = 0; row < 3; row++) {
      const m = matrix + (<usize>row << 5);
      store<u8>(to + <usize>(i + row), clamped(load<f64>(m) * r + load<f64>(m, 8) * g + load<f64>(m, 16) * b + load<f64>(m, 24)));
    }
    store<u8>(to + <usize>i, load<u8>(at, 3), 3);
  }
}
