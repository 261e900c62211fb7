// Reads arguments from a file, runs the kernel once, writes the arrays to FILE.out, then times: prints nanoseconds a call as a JSON list.
// The kernel stands in another file, so that the compiler can't specialise it on what it sees here.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "bench.h"

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
  int32_t count;
  if (!file || fread(&count, 4, 1, file) != 1) return 1;
  Arg *args = calloc(count, sizeof(Arg));
  size_t *bytes = calloc(count, sizeof(size_t));
  for (int i = 0; i < count; i++) {
    double head[3]; // is it an array, its length or the number, its bytes
    if (fread(head, 8, 3, file) != 3) return 1;
    if (head[0] == 0) {
      args[i].number = head[1];
      continue;
    }
    args[i].length = (int)head[1];
    bytes[i] = (size_t)head[2];
    args[i].data = aligned_alloc(64, (bytes[i] + 127) & ~(size_t)63);
    if (fread(args[i].data, 1, bytes[i], file) != bytes[i]) return 1;
  }
  fclose(file);

  run(args);
  char name[4096];
  snprintf(name, sizeof name, "%s.out", argv[1]);
  FILE *out = fopen(name, "wb");
  for (int i = 0; i < count; i++)
    if (args[i].data && fwrite(args[i].data, 1, bytes[i], out) != bytes[i]) return 1;
  fclose(out);

  const double warm = 250, turn = 4;
  double end = now() + warm;
  long calls = 0;
  while (now() < end) {
    run(args);
    calls++;
  }
  long each = (long)(calls * turn / warm) + 1;
  for (int round = 0; round < 15; round++) {
    double start = now();
    for (long i = 0; i < each; i++) run(args);
    printf("%s%.4f", round ? "," : "[", (now() - start) * 1e6 / each);
  }
  printf("]\n");
  return 0;
}
