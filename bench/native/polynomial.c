#include "bench.h"

static void polynomial(const double *x, double *restrict y, int count, const double *coefficients, int terms) {
  for (int i = 0; i < count; i++) {
    double value = 0;
    for (int k = terms - 1; k >= 0; k--) value = value * x[i] + coefficients[k];
    y[i] = value;
  }
}

void run(const Arg *a) { polynomial(a[0].data, a[1].data, a[0].length, a[2].data, a[2].length); }
