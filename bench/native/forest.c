#include "bench.h"

// Node i: links[3i] its feature, -1 for a leaf; links[3i+1], links[3i+2] its children; values[i] its threshold or the leaf's number. Roots first.
static double leaf_of(int node, const double *cells, const int32_t *links, const double *values) {
  while (links[3 * node] >= 0) node = cells[links[3 * node]] < values[node] ? links[3 * node + 1] : links[3 * node + 2];
  return values[node];
}

static void forest(const double *rows, double *restrict out, int count, const int32_t *links, const double *values, int features, int trees) {
  for (int row = 0; row < count; row++) {
    double sum = 0;
    for (int t = 0; t < trees; t++) sum += leaf_of(t, rows + row * features, links, values);
    out[row] = sum / trees;
  }
}

void run(const Arg *a) { forest(a[0].data, a[1].data, a[1].length, a[2].data, a[3].data, a[4].number, a[5].number); }
