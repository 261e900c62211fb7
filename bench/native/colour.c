#include "bench.h"

// To bytes as Uint8ClampedArray does: NaN is 0, halves go to the even neighbour.
static uint8_t clamped(double value) { return value > 0 ? (value < 255 ? (uint8_t)nearbyint(value) : 255) : 0; }

static void grade(const uint8_t *from, uint8_t *restrict to, int length, const uint8_t *curve, const double *matrix) {
  for (int i = 0; i < length; i += 4) {
    double r = curve[from[i]], g = curve[from[i + 1]], b = curve[from[i + 2]];
    for (int row = 0; row < 3; row++) {
      const double *m = matrix + 4 * row;
      to[i + row] = clamped(m[0] * r + m[1] * g + m[2] * b + m[3]);
    }
    to[i + 3] = from[i + 3];
  }
}

void run(const Arg *a) { grade(a[0].data, a[1].data, a[0].length, a[2].data, a[3].data); }
