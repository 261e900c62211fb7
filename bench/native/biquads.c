#include "bench.h"

static void biquads(const double *x, double *restrict y, int samples, double *restrict state, const double *sections, int count) {
  for (int i = 0; i < samples; i++) {
    double value = x[i];
    for (int s = 0; s < count; s++) {
      const double *c = sections + 5 * s;
      double out = c[0] * value + state[2 * s];
      state[2 * s] = c[1] * value - c[3] * out + state[2 * s + 1];
      state[2 * s + 1] = c[2] * value - c[4] * out;
      value = out;
    }
    y[i] = value;
  }
}

void run(const Arg *a) { biquads(a[0].data, a[1].data, a[0].length, a[2].data, a[3].data, a[3].length / 5); }
