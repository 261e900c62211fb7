// A small neural network, 16-32-32-4 with ReLU, single-precision weights and activations.

export function infer(inputs, outputs, layers, buffers) {
  const wide = layers[0].inputs;
  const narrow = layers[layers.length - 1].outputs;
  const count = inputs.length / wide;
  for (let n = 0; n < count; n++) {
    for (let i = 0; i < wide; i++) buffers[i] = inputs[n * wide + i];
    let from = 0;
    for (let l = 0; l < layers.length; l++) {
      const layer = layers[l];
      const to = 32 - from;
      for (let o = 0; o < layer.outputs; o++) {
        let sum = layer.bias[o];
        for (let i = 0; i < layer.inputs; i++) sum += layer.weights[o * layer.inputs + i] * buffers[from + i];
        buffers[to + o] = layer.relu && sum < 0 ? 0 : sum;
      }
      from = to;
    }
    for (let o = 0; o < narrow; o++) outputs[n * narrow + o] = buffers[from + o];
  }
}

const count = 64;
const sizes = [16, 32, 32, 4];

export default {
  name: "MLP 16-32-32-4 f32",
  unit: "inference",
  units: count,
  kernel: infer,
  slow: ["layers"],
  args: (random, arrays) => [
    random.fill(arrays.float32(count * 16), -1, 1),
    arrays.float32(count * 4),
    [0, 1, 2].map((l) => ({
      inputs: sizes[l],
      outputs: sizes[l + 1],
      relu: l < 2,
      weights: random.fill(new Float32Array(sizes[l] * sizes[l + 1]), -0.5, 0.5),
      bias: random.fill(new Float32Array(sizes[l + 1]), -0.1, 0.1),
    })),
    arrays.float32(64),
  ],
  flat: (inputs, outputs, layers, buffers) => [
    inputs,
    outputs,
    Int32Array.from(layers.flatMap((layer) => [layer.inputs, layer.outputs, layer.relu ? 1 : 0])),
    Float32Array.from(layers.flatMap((layer) => [...layer.weights, ...layer.bias])),
    buffers,
  ],
};
