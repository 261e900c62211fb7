#include "bench.h"

static int holds(double cell, int operator, double value) {
  switch (operator) {
    case 0: return cell < value;
    case 1: return cell <= value;
    case 2: return cell > value;
    case 3: return cell >= value;
    case 4: return cell == value;
    default: return cell != value;
  }
}

static int select_rows(const double *columns, uint8_t *restrict hits, const int32_t *conditions, const double *values, int conditionCount, int rows) {
  int count = 0;
  for (int row = 0; row < rows; row++) {
    int keep = 1;
    for (int c = 0; c < conditionCount && keep; c++) keep = holds(columns[conditions[2 * c] * rows + row], conditions[2 * c + 1], values[c]);
    hits[row] = keep;
    count += keep;
  }
  return count;
}

volatile int selected;
void run(const Arg *a) { selected = select_rows(a[0].data, a[1].data, a[2].data, a[3].data, a[3].length, a[4].number); }
