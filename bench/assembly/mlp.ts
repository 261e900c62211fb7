// `layers`: (inputs, outputs, relu) each; `numbers`: each layer's weights row by row, then its bias.
export function run(
  inputs: usize, inputCount: i32, outputs: usize, outputCount: i32, layers: usize, layerNumbers: i32, numbers: usize, numberCount: i32, buffers: usize, bufferLength: i32,
): void {
  const layerCount = layerNumbers / 3;
  const wide = load<i32>(layers);
  const narrow = load<i32>(layers + (<usize>(3 * layerCount - 2) << 2));
  const count = inputCount / wide;
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < wide; i++) store<f32>(buffers + (<usize>i << 2), load<f32>(inputs + (<usize>(n * wide + i) << 2)));
    let weights = numbers;
    let from = 0;
    for (let l = 0; l < layerCount; l++) {
      const layer = layers + <usize>(12 * l);
      const wideIn = load<i32>(layer);
      const wideOut = load<i32>(layer, 4);
      const relu = load<i32>(layer, 8) != 0;
      const bias = weights + (<usize>(wideIn * wideOut) << 2);
      const to = 32 - from;
      for (let o = 0; o < wideOut; o++) {
        let sum = <f64>load<f32>(bias + (<usize>o << 2));
        for (let i = 0; i < wideIn; i++) sum += <f64>load<f32>(weights + (<usize>(o * wideIn + i) << 2)) * <f64>load<f32>(buffers + (<usize>(from + i) << 2));
        store<f32>(buffers + (<usize>(to + o) << 2), relu && sum < 0 ? 0 : <f32>sum);
      }
      from = to;
      weights = bias + (<usize>wideOut << 2);
    }
    for (let o = 0; o < narrow; o++) store<f32>(outputs + (<usize>(n * narrow + o) << 2), load<f32>(buffers + (<usize>(from + o) << 2)));
  }
}
