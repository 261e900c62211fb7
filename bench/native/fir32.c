#include "bench.h"

static void fir(const float *x, float *restrict y, int samples, const float *taps, int count) {
  for (int i = 0; i < samples; i++) {
    double acc = 0;
    for (int k = 0; k < count; k++) acc += (double)taps[k] * (double)x[i + k];
    y[i] = acc;
  }
}

void run(const Arg *a) { fir(a[0].data, a[1].data, a[1].length, a[2].data, a[2].length); }
