#include "bench.h"

static void convolve(const uint8_t *from, uint8_t *restrict to, int width, int height, int size, const int32_t *weights, int shift) {
  int half = size >> 1;
  for (int y = half; y < height - half; y++) {
    for (int x = half; x < width - half; x++) {
      int32_t sum = 0;
      for (int j = 0; j < size; j++) {
        const uint8_t *row = from + (y + j - half) * width + x - half;
        for (int i = 0; i < size; i++) sum += weights[j * size + i] * row[i];
      }
      sum >>= shift;
      to[y * width + x] = sum < 0 ? 0 : sum > 255 ? 255 : sum;
    }
  }
}

void run(const Arg *a) { convolve(a[0].data, a[1].data, a[2].number, a[3].number, a[4].number, a[5].data, a[6].number); }
