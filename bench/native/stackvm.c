#include "bench.h"

static double js_max(double a, double b) {
  if (a != a || b != b) return NAN;
  if (a == b) return signbit(a) ? b : a;
  return a > b ? a : b;
}

static void interpret(const double *x, double *restrict y, int count, const double *code, int length, double *restrict stack) {
  for (int i = 0; i < count; i++) {
    int sp = 0;
    for (int pc = 0; pc < length; pc++) {
      switch ((int)code[pc]) {
        case 0: stack[sp++] = code[++pc]; break;
        case 1: stack[sp++] = x[i]; break;
        case 2: sp--; stack[sp - 1] += stack[sp]; break;
        case 3: sp--; stack[sp - 1] -= stack[sp]; break;
        case 4: sp--; stack[sp - 1] *= stack[sp]; break;
        case 5: stack[sp] = stack[sp - 1]; sp++; break;
        case 6: {
          double top = stack[sp - 1];
          stack[sp - 1] = stack[sp - 2];
          stack[sp - 2] = top;
          break;
        }
        case 7: sp--; stack[sp - 1] = js_max(stack[sp - 1], stack[sp]); break;
      }
    }
    y[i] = stack[0];
  }
}

void run(const Arg *a) { interpret(a[0].data, a[1].data, a[0].length, a[2].data, a[2].length, a[3].data); }
