#include "bench.h"

static void multiply(const double *constant, const double *matrices, double *restrict products, int length, int size) {
  for (int start = 0; start < length; start += size * size) {
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        double sum = 0;
        for (int k = 0; k < size; k++) sum += constant[row * size + k] * matrices[start + k * size + column];
        products[start + row * size + column] = sum;
      }
    }
  }
}

void run(const Arg *a) { multiply(a[0].data, a[1].data, a[2].data, a[1].length, a[3].number); }
