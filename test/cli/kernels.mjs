// Kernels for the tests of the command.

export function fir(x, y, taps) {
  for (let i = 0; i < y.length; i++) {
    let acc = 0;
    for (let k = 0; k < taps.length; k++) acc += taps[k] * x[i + k];
    y[i] = acc;
  }
}

export const gain = (x, cfg) => x * cfg.factor;

export function scaled(x, by = 2) {
  return x * by;
}

export const tools = { half: (x) => x / 2 };

/** Refused: what comes out depends on more than numbers. */
export function textual(x) {
  for (const key in x) return key;
  return eval("x");
}
