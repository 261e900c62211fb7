// What main.c hands to a kernel: the kernel's `flat` arguments, each a number or an array.
#pragma once
#include <math.h>
#include <stdint.h>

typedef struct {
  double number;
  int length;
  void *data;
} Arg;

void run(const Arg *args);
