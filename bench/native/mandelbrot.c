#include "bench.h"

static void escape(const double *re, const double *im, int32_t *restrict counts, int points, int limit) {
  for (int i = 0; i < points; i++) {
    double cr = re[i], ci = im[i], zr = 0, zi = 0;
    int n = 0;
    while (n < limit && zr * zr + zi * zi <= 4) {
      double next = zr * zr - zi * zi + cr;
      zi = 2 * zr * zi + ci;
      zr = next;
      n++;
    }
    counts[i] = n;
  }
}

void run(const Arg *a) { escape(a[0].data, a[1].data, a[2].data, a[2].length, a[3].number); }
