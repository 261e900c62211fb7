#include "bench.h"

// `layers`: (inputs, outputs, relu) each; `numbers`: each layer's weights row by row, then its bias.
static void infer(const float *inputs, int inputCount, float *restrict outputs, const int32_t *layers, int layerCount, const float *numbers, float *restrict buffers) {
  int wide = layers[0];
  int narrow = layers[3 * layerCount - 2];
  int count = inputCount / wide;
  for (int n = 0; n < count; n++) {
    for (int i = 0; i < wide; i++) buffers[i] = inputs[n * wide + i];
    const float *weights = numbers;
    int from = 0;
    for (int l = 0; l < layerCount; l++) {
      int in = layers[3 * l], out = layers[3 * l + 1], relu = layers[3 * l + 2];
      const float *bias = weights + in * out;
      int to = 32 - from;
      for (int o = 0; o < out; o++) {
        double sum = bias[o];
        for (int i = 0; i < in; i++) sum += (double)weights[o * in + i] * (double)buffers[from + i];
        buffers[to + o] = relu && sum < 0 ? 0 : sum;
      }
      from = to;
      weights = bias + out;
    }
    for (int o = 0; o < narrow; o++) outputs[n * narrow + o] = buffers[from + o];
  }
}

void run(const Arg *a) { infer(a[0].data, a[0].length, a[1].data, a[2].data, a[2].length / 3, a[3].data, a[4].data); }
