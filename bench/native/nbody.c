#include "bench.h"

static void advance(double *restrict place, double *restrict velocity, const double *masses, int count, double dt, int steps) {
  for (int step = 0; step < steps; step++) {
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        double dx = place[3 * i] - place[3 * j];
        double dy = place[3 * i + 1] - place[3 * j + 1];
        double dz = place[3 * i + 2] - place[3 * j + 2];
        double squared = dx * dx + dy * dy + dz * dz;
        double magnitude = dt / (squared * sqrt(squared));
        velocity[3 * i] -= dx * masses[j] * magnitude;
        velocity[3 * i + 1] -= dy * masses[j] * magnitude;
        velocity[3 * i + 2] -= dz * masses[j] * magnitude;
        velocity[3 * j] += dx * masses[i] * magnitude;
        velocity[3 * j + 1] += dy * masses[i] * magnitude;
        velocity[3 * j + 2] += dz * masses[i] * magnitude;
      }
    }
    for (int i = 0; i < 3 * count; i++) place[i] += dt * velocity[i];
  }
}

void run(const Arg *a) { advance(a[0].data, a[1].data, a[2].data, a[2].length, a[3].number, a[4].number); }
